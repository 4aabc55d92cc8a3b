"""Comparisons as pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from perfeval.amounts import plain
from perfeval.cited import cites_text
from perfeval.comparison.differences import Comparison, DepartmentComparison, LineDifference
from perfeval.comparison.matching import Match, likeness_grounds
from perfeval.comparison.needing import Needed, NeededLine
from perfeval.comparison.trends import DepartmentTrend, Trend
from perfeval.evaluation import Evaluation, Execution, Line
from perfeval.evaluation.explanation import Row, grade_word, or_dash, tier_word
from perfeval.evaluation.scored import Scored
from perfeval.i18n import catalog
from perfeval.model import Indicator
from perfeval.model.pages import amount_text, rate_text
from perfeval.pages import Block, Cell, Column, ColumnKind, Heading, Items, Notice, Page, Paragraph, Role, Table
from perfeval.rounding import exact_percent, percent, signed
from perfeval.targets import Judgement

__all__ = ["comparison_page", "department_comparison_page", "department_trend_page", "needed_page", "trend_page"]

Catalog = Mapping[str, str]


_SIDES = ("compare.before", "compare.before_score", "compare.after", "compare.after_score")


def comparison_page(comparison: Comparison, locale: str, *, sides: tuple[str, ...] = _SIDES) -> Page:
    """Return where the points of two results differ as a page; *sides* are the keys of the columns of the two."""
    words = catalog(locale)
    before, after = comparison.before, comparison.after
    head = words["compare.head"].format(before=_subject(before, words), after=_subject(after, words))
    blocks: list[Block] = [Heading(head), Paragraph((_sides(comparison, locale),))]
    blocks += _notices(comparison, locale)
    blocks += [_table(comparison, locale, sides), Paragraph((_total(comparison, locale),), Role.HEAD)]
    blocks += _likely(comparison.lines, words, locale)
    return Page(tuple(blocks), locale)


def _subject(result: Scored, words: Catalog) -> str:
    return words["compare.subject"].format(name=result.subject.name, year=result.subject.fiscal_year)


def _sides(comparison: Comparison, locale: str) -> str:
    words = catalog(locale)
    before, after = (rules.rules.title.of(locale) for rules in (comparison.before, comparison.after))
    if comparison.before.rules == comparison.after.rules:
        return words["compare.same_rules"].format(rules=after)
    return words["compare.two_rules"].format(before=before, after=after)


def _notices(comparison: Comparison, locale: str) -> list[Notice]:
    words, sides = catalog(locale), (("before", comparison.before), ("after", comparison.after))
    return [
        Notice(words[f"compare.notice_{side}"].format(text=text))
        for side, result in sides
        for text in result.explanation(locale).notices
    ]


def _table(comparison: Comparison, locale: str, sides: tuple[str, ...]) -> Table:
    words = catalog(locale)
    keys = ("compare.line", *sides, "compare.difference", "compare.parts")
    kinds = (ColumnKind.TEXT, *[ColumnKind.TEXT, ColumnKind.FIGURE] * 2, ColumnKind.FIGURE, ColumnKind.TEXT)
    columns = (Column(words[key], kind) for key, kind in zip(keys, kinds, strict=True))
    told = [_rows_of(result, locale) for result in (comparison.before, comparison.after)]
    rows = []
    for row in comparison.lines:
        if all(line is None or line.blank for line in (row.before, row.after)):
            continue
        cells = [Cell(_name(row, locale))]
        for line, texts in zip((row.before, row.after), told, strict=True):
            cells += [Cell(_told(line, texts, words)), Cell(_score(line), Role.FIGURE)]
        rows.append((*cells, _signed(row.difference), Cell(_parts(row, words))))
    for change in comparison.adjustments:
        _, source = change.adjustment.texts(locale)
        points = (Cell(""), Cell(plain(change.before), Role.FIGURE), Cell(""), Cell(plain(change.after), Role.FIGURE))
        rows.append(
            (Cell(change.adjustment.told(locale)), *points, _signed(change.difference), Cell(source, Role.CITATION))
        )
    totals = [Cell(words["column.total"], Role.HEAD)]
    for result in (comparison.before, comparison.after):
        totals += [Cell(""), Cell(or_dash(result.total), Role.FIGURE)]
    rows.append((*totals, _signed(comparison.difference), Cell("")))
    return Table(tuple(columns), tuple(rows))


def _name(row: LineDifference, locale: str) -> str:
    name = row.line.label(locale)
    before = row.before
    if before is not None and row.after is not None and before.label(locale) != name:
        return catalog(locale)["compare.renamed"].format(name=name, before=before.label(locale))
    return name


def _rows_of(result: Scored, locale: str) -> dict[int, Row]:
    """The lines of a result in words, by the line."""
    return {id(row.line): row for row in result.explanation(locale).rows}


def _told(line: Line | None, texts: Mapping[int, Row], words: Catalog) -> str:
    """Target and actual of an indicator, the rate of another line."""
    if line is None or line.blank:
        return words["compare.no_line"]
    row, weight = texts[id(line)], or_dash(line.weight)
    if isinstance(line.item, Indicator):
        return words["compare.told"].format(target=row.target, actual=row.actual, weight=weight)
    return words["compare.rate"].format(rate=row.actual, weight=weight)


def _score(line: Line | None) -> str:
    return "—" if line is None else or_dash(line.score)


def _signed(points: Decimal | None) -> Cell:
    if points is None:
        return Cell("—", Role.FIGURE)
    return Cell(signed(points) if points else plain(points), Role.LOST if points < 0 else Role.FIGURE)


def _parts(row: LineDifference, words: Catalog) -> str:
    if row.difference is None:
        lines = [line for line in (row.before, row.after) if line is not None]
        reasons = [words[f"reason.{line.reason.value}"] for line in lines if line.score is None and line.reason]
        return words["enumeration"].join(dict.fromkeys(reasons))
    if row.difference and not row.parts:
        return words["compare.not_told_apart"]
    told = (
        words["compare.part"].format(cause=words[f"compare.cause.{c.value}"], points=signed(p)) for c, p in row.parts
    )
    return words["enumeration"].join(told)


def _total(comparison: Comparison, locale: str) -> str:
    words = catalog(locale)
    if comparison.difference is None:
        return words["compare.no_difference"]
    before, after = comparison.before, comparison.after
    grades = [
        words["department.ungraded"] if one.grade is None else grade_word(one.grade, one.rules, locale)
        for one in (before, after)
    ]
    return words["compare.total"].format(
        before=or_dash(before.total),
        after=or_dash(after.total),
        difference=signed(comparison.difference),
        before_grade=grades[0],
        after_grade=grades[1],
    )


def _likely(rows: Iterable[LineDifference], words: Catalog, locale: str) -> list[Items]:
    """Which lines were matched by likeness, how alike they are, and what that rests on."""
    texts = [
        words["compare.alike"].format(
            before=row.before.label(locale), after=row.line.label(locale), likeness=percent(row.likeness)
        )
        for row in rows
        if row.match is Match.LIKENESS and row.before is not None and row.likeness is not None
    ]
    return _assumed(texts, words, locale)


def _assumed(texts: list[str], words: Catalog, locale: str) -> list[Items]:
    if not texts:
        return []
    assumption = likeness_grounds().assumption
    found = [Items(tuple(texts), words["compare.matched"])]
    if assumption is not None:
        found.append(Items((assumption.of(locale),), words["explain.assumptions"]))
    return found


def department_comparison_page(comparison: DepartmentComparison, locale: str) -> Page:
    """Return two departments beside each other as a page, then each project's difference."""
    words = catalog(locale)
    before, after = comparison.before, comparison.after
    names = [
        words["compare.subject"].format(name=one.department.name, year=one.department.fiscal_year)
        for one in (before, after)
    ]
    keys = ("project", "before_score", "after_score", "difference", "before_grade", "after_grade")
    figures = ("before_score", "after_score", "difference")
    columns = tuple(
        Column(words[f"compare.{key}"], ColumnKind.FIGURE if key in figures else ColumnKind.TEXT) for key in keys
    )
    rows = []
    for row in comparison.projects:
        difference = None if row.comparison is None else row.comparison.difference
        sides = (row.before, row.after)
        scores = (Cell("—" if one is None else or_dash(one.total), Role.FIGURE) for one in sides)
        grades = (Cell(_grade(one, words, locale)) for one in sides)
        rows.append((Cell(row.project.name), *scores, _signed(difference), *grades))
    means = (Cell(or_dash(one.mean_score), Role.FIGURE) for one in (before, after))
    rows.append(
        (Cell(words["department.mean"], Role.HEAD), *means, _signed(comparison.mean_difference), Cell(""), Cell(""))
    )
    for change in comparison.adjustments:
        points = (Cell(plain(one), Role.FIGURE) for one in (change.before, change.after))
        source = Cell(change.adjustment.texts(locale)[1], Role.CITATION)
        rows.append((Cell(change.adjustment.told(locale)), *points, _signed(change.difference), source, Cell("")))
    if comparison.adjustments:
        adjusted = (Cell(or_dash(one.adjusted_mean_score), Role.FIGURE) for one in (before, after))
        last = (*adjusted, _signed(comparison.adjusted_difference), Cell(""), Cell(""))
        rows.append((Cell(words["department.adjusted_mean"], Role.HEAD), *last))
    blocks: list[Block] = [
        Heading(words["compare.head"].format(before=names[0], after=names[1])),
        Table(columns, tuple(rows)),
    ]
    alike = [
        words["compare.alike"].format(
            before=row.before.project.name, after=row.project.name, likeness=percent(row.likeness)
        )
        for row in comparison.projects
        if row.likeness is not None and row.before is not None
    ]
    blocks += _assumed(alike, words, locale)
    for row in comparison.projects:
        if row.comparison is not None and row.comparison:
            page = comparison_page(row.comparison, locale)
            blocks += [Heading(row.project.name, 2), *page.blocks[1:]]
    return Page(tuple(blocks), locale)


def _grade(result: Evaluation | None, words: Catalog, locale: str) -> str:
    if result is None:
        return words["compare.no_line"]
    return words["department.ungraded"] if result.grade is None else grade_word(result.grade, result.rules, locale)


def needed_page(result: Needed, locale: str) -> Page:
    """Return what a grade would need as a page."""
    words, evaluation = catalog(locale), result.evaluation
    grade = grade_word(result.grade, evaluation.rules, locale)
    head = words["needed.head"].format(name=evaluation.project.name, year=evaluation.project.fiscal_year, grade=grade)
    blocks: list[Block] = [Heading(head), Paragraph((evaluation.summary(locale),))]
    if result.reason is not None:
        return Page((*blocks, Notice(words["needed.hopeless"].format(reason=words[f"reason.{result.reason}"]))), locale)
    if result.reached:
        return Page((*blocks, Paragraph((words["needed.reached"].format(grade=grade),))), locale)
    limit = or_dash(result.at_least)
    cites = evaluation.rules.grades_cited(locale)
    key = "needed.no_total" if result.missing is None else "needed.missing"
    missing = "" if result.missing is None else plain(result.missing)
    blocks.append(Paragraph((words[key].format(grade=grade, limit=limit, missing=missing, cites=cites),)))
    keys = ("line", "target", "actual", "score", "actual_needed", "score_then", "total_then")
    figures = ("score", "score_then", "total_then")
    columns = tuple(
        Column(words[f"needed.{key}"], ColumnKind.FIGURE if key in figures else ColumnKind.TEXT) for key in keys
    )
    texts = _rows_of(evaluation, locale)
    rows = tuple(_needed_row(row, result, texts[id(row.line)], locale) for row in result.rows)
    blocks.append(Table(columns, rows))
    cited = cites_text((part for row in result.rows if row.open is None for part in row.line.grounds), locale)
    if cited:
        blocks.append(Paragraph((words["needed.grounds"].format(cites=cited),)))
    assumptions = result.evaluation.assumptions(locale)
    if assumptions:
        blocks.append(Items(assumptions, words["explain.assumptions"]))
    return Page(tuple(blocks), locale)


def _needed_row(row: NeededLine, result: Needed, told: Row, locale: str) -> tuple[Cell, ...]:
    words, line, unit = catalog(locale), row.line, result.evaluation.execution.unit
    item, target, actual = line.item, told.target, told.actual
    if isinstance(item, Execution):
        target, actual = (amount_text(amount, unit, locale) for amount in (item.budget, item.actual_expenditure))
    if row.open is not None:
        wanted = words[f"needed.open.{row.open.value}"]
    elif isinstance(row.actual, Decimal):
        wanted = amount_text(row.actual, unit, locale)
    elif isinstance(row.actual, Judgement) and row.actual.share is not None:
        tier = "" if row.actual.tier is None else tier_word(row.actual.tier, line.rules, locale)
        wanted = f"{tier} {exact_percent(row.actual.share)}".strip()
    else:
        wanted = str(row.actual)
    return (
        Cell(line.label(locale)),
        Cell(target),
        Cell(actual),
        Cell(or_dash(line.score), Role.FIGURE),
        Cell(wanted, Role.NOTE if row.open else Role.TEXT),
        Cell(or_dash(row.score), Role.FIGURE),
        Cell(or_dash(row.total), Role.FIGURE),
    )


def trend_page(result: Trend, locale: str) -> Page:
    """Return several years beside each other as a page."""
    words, last = catalog(locale), result.results[-1]
    years = [str(one.project.fiscal_year) for one in result.results]
    head = words["trend.head"].format(name=last.project.name, first=years[0], last=years[-1])
    columns = (Column(words["compare.line"]), *(Column(year, ColumnKind.FIGURE) for year in years))
    rows = []
    for series in result.series:
        cells = (Cell("—" if line is None else or_dash(line.score), Role.FIGURE) for line in series.lines)
        rows.append((Cell(series.last.label(locale)), *cells))
    totals = (Cell(or_dash(one.total), Role.FIGURE) for one in result.results)
    rows.append((Cell(words["column.total"], Role.HEAD), *totals))
    grades = (Cell(_grade(one, words, locale)) for one in result.results)
    rows.append((Cell(words["trend.grade"], Role.HEAD), *grades))
    rates = (Cell(rate_text(one.execution_rate, locale), Role.FIGURE) for one in result.results)
    rows.append((Cell(words["trend.rate"], Role.HEAD), *rates))
    ids = words["list"].join(dict.fromkeys(one.rules.title.of(locale) for one in result.results))
    return Page(
        (Heading(head), Paragraph((words["trend.rules"].format(rules=ids),)), Table(columns, tuple(rows))), locale
    )


def department_trend_page(result: DepartmentTrend, locale: str) -> Page:
    """Return several years of a department beside each other as a page."""
    words, last = catalog(locale), result.results[-1]
    years = [str(one.department.fiscal_year) for one in result.results]
    head = words["trend.head"].format(name=last.department.name, first=years[0], last=years[-1])
    columns = (Column(words["compare.project"]), *(Column(year, ColumnKind.FIGURE) for year in years))
    rows = []
    for series in result.series:
        cells = (Cell("—" if one is None else or_dash(one.total), Role.FIGURE) for one in series.results)
        rows.append((Cell(series.last.project.name), *cells))
    means = (Cell(or_dash(one.mean_score), Role.FIGURE) for one in result.results)
    rows.append((Cell(words["department.mean"], Role.HEAD), *means))
    if any(one.adjustments for one in result.results):
        adjusted = (Cell(or_dash(one.adjusted_mean_score), Role.FIGURE) for one in result.results)
        rows.append((Cell(words["department.adjusted_mean"], Role.HEAD), *adjusted))
    rates = (Cell(rate_text(one.money.rate, locale), Role.FIGURE) for one in result.results)
    rows.append((Cell(words["trend.rate"], Role.HEAD), *rates))
    titles = words["list"].join(dict.fromkeys(one.rules.title.of(locale) for one in result.results))
    rules = Paragraph((words["trend.rules"].format(rules=titles),))
    return Page((Heading(head), rules, Table(columns, tuple(rows))), locale)
