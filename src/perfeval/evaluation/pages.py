"""Results as pages: the same blocks for a terminal, Markdown, a notebook and a report.

>>> import perfeval as pe
>>> from perfeval.pages import text
>>> rules = pe.rule_set("CN", fiscal_year=2022)
>>> print(text(pe.evaluate(pe.Project("排水改造", fiscal_year=2022), rules).page("en")).splitlines()[0])
排水改造 (fiscal year 2022): self-evaluation scores
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from perfeval.amounts import CONTEXT, plain, to_unit
from perfeval.evaluation.explanation import Explanation, Row, grade_word, notices_of, or_dash, rules_text
from perfeval.evaluation.lines import CommonIndicator, Execution
from perfeval.i18n import catalog
from perfeval.model import Indicator, Project
from perfeval.model.pages import (
    adjustment_texts,
    amount_text,
    deviation_text,
    form_blocks,
    grouped,
    items,
    rate_text,
    report_blocks,
    stated_items,
)
from perfeval.pages import (
    Block,
    Cell,
    Column,
    ColumnKind,
    FoldOut,
    Heading,
    Items,
    Notice,
    Page,
    Paragraph,
    Role,
    Table,
)
from perfeval.ratios import ONE, ratio

if TYPE_CHECKING:
    from perfeval.evaluation.departments import DepartmentEvaluation, Gap, Money

__all__ = ["department_page_of", "department_sentences", "gap_text", "page_of", "points_cell", "projects_table"]

_KEYS = ("level1", "level2", "level3", "target", "actual", "weight", "score", "stated_score", "formula")
_ZERO = Decimal(0)
_FIGURES = ("weight", "score", "stated_score")


def page_of(explanation: Explanation) -> Page:
    """Return the page of a scored result: the form, its scores, and what they rest on."""
    locale, subject = explanation.locale, explanation.subject
    words = catalog(locale)
    blocks: list[Block] = [Heading(explanation.head), Paragraph((explanation.rules,))]
    blocks += map(Notice, explanation.notices)
    if isinstance(subject, Project):
        blocks += form_blocks(subject, locale, words["form.title"].format(year=subject.fiscal_year))
    blocks += [_lines(explanation, words), Paragraph((explanation.total,), Role.HEAD)]
    deviations = [(row.name, deviation_text(row, locale)) for row in _indicators(explanation)]
    blocks += items(words["form.deviation"], [(name, text) for name, text in deviations if text], words)
    if explanation.assumptions:
        blocks.append(Items(explanation.assumptions, words["explain.assumptions"]))
    blocks += _grounds(explanation.rows, words)
    return Page(tuple(blocks), locale)


def _lines(explanation: Explanation, words: Mapping[str, str]) -> Table:
    """The lines, what changes the total afterwards, and the total: their sum."""
    kinds = (ColumnKind.FIGURE if key in _FIGURES else ColumnKind.TEXT for key in _KEYS)
    columns = tuple(Column(words[f"form.{key}"], kind) for key, kind in zip(_KEYS, kinds, strict=True))
    starts = (start for start, _ in grouped(_indicators(explanation), words))
    rows: list[tuple[Cell, ...]] = []
    for row in explanation.rows:
        item = row.line.item
        if isinstance(item, Execution):
            rows.append((Cell(row.kind, columns=2), Cell(row.name), *_results(row)))
        elif isinstance(item, CommonIndicator):
            group = item.indicator.group.of(explanation.locale)
            rows.append((Cell(row.kind), Cell(group), Cell(row.name), *_results(row)))
        else:
            rows.append((*next(starts), Cell(row.name), *_results(row)))
    for _, points, source, told in explanation.adjustments:
        role = Role.LOST if points.startswith("-") else Role.FIGURE
        what = (Cell(words["form.adjustment"], columns=2), Cell(told, columns=4))
        rows.append((*what, Cell(points, role), Cell(""), Cell(source, Role.CITATION)))
    subject = explanation.subject
    printed = subject.stated.total if isinstance(subject, Project) else None
    total = (Cell(or_dash(figure), Role.FIGURE) for figure in (explanation.points, printed))
    rows.append((Cell(words["column.total"], Role.HEAD, columns=6), *total, Cell("")))
    return Table(columns, tuple(rows))


def _indicators(explanation: Explanation) -> list[Indicator]:
    return [item for row in explanation.rows if isinstance(item := row.line.item, Indicator)]


def points_cell(text: str, score: Decimal | None, weight: Decimal | None) -> Cell:
    """Return points as *text*, set apart where some of the weight was lost, by how much.

    >>> from decimal import Decimal
    >>> points_cell("9", Decimal(9), Decimal(12)).degree
    25
    """
    if score is None or weight is None or score >= weight:
        return Cell(text, Role.FIGURE)
    lost = ratio(CONTEXT.subtract(weight, max(score, _ZERO)), weight) if weight > 0 else ONE
    return Cell(text, Role.LOST, degree=max(1, min(100, 100 * lost.numerator // lost.denominator)))


def _results(row: Row) -> tuple[Cell, ...]:
    line = row.line
    return (
        Cell(row.target),
        Cell(row.actual),
        Cell(or_dash(line.weight), Role.FIGURE),
        points_cell(row.score, line.score, line.weight),
        Cell(or_dash(row.stated), Role.FIGURE),
        Cell(row.calculation, Role.NOTE if line.score is None else Role.TEXT),
    )


def _grounds(rows: Iterable[Row], words: Mapping[str, str]) -> list[FoldOut]:
    """The articles behind the lines, those together that rest on the same."""
    by_cites: dict[str, list[str]] = {}
    for row in rows:
        if row.cites:
            name = row.kind if isinstance(row.line.item, Execution) else row.name
            by_cites.setdefault(row.cites, []).append(name)
    rests = [(words["list"].join(names), cites) for cites, names in by_cites.items()]
    return [FoldOut(words["explain.grounds"], items("", rests, words))] if rests else []


def projects_table(result: DepartmentEvaluation, locale: str) -> Table:
    """Return a department's projects with money, total and grade, or why there is none."""
    words, unit = catalog(locale), result.department.amount_unit
    listed = any(one.project.stated.amount is not None for one in result.projects)
    keys = ("name", *["stated_amount"] * listed, "budget", "actual_expenditure", "rate", "total", "grade")
    words_only = ("name", "grade")
    columns = (
        Column(words[f"column.{key}"], ColumnKind.TEXT if key in words_only else ColumnKind.FIGURE) for key in keys
    )
    rows = []
    for one in result.projects:
        amounts = [*[one.project.stated.amount] * listed, one.execution.budget, one.execution.actual_expenditure]
        if one.grade is None:
            grade = Cell(words[f"reason.{one.grade_reason}"], Role.NOTE)
        else:
            grade = Cell(grade_word(one.grade, result.rules, locale))
        figures = [
            *("—" if amount is None else plain(to_unit(amount, unit)) for amount in amounts),
            "—" if one.execution_rate is None else rate_text(one.execution_rate, locale),
            "—" if one.total is None else plain(one.total),
        ]
        rows.append((Cell(one.project.name), *(Cell(figure, Role.FIGURE) for figure in figures), grade))
    caption = words["department.amounts_in"].format(unit=words[f"unit.{unit.name.lower()}"])
    return Table(tuple(columns), tuple(rows), caption)


def department_page_of(result: DepartmentEvaluation, locale: str) -> Page:
    """Return the page of a department: stated, computed, its projects, not known."""
    table = (
        (Paragraph((catalog(locale)["department.projects"],)), projects_table(result, locale))
        if result.projects
        else ()
    )
    return _department(result, locale, table)


def department_sentences(result: DepartmentEvaluation, locale: str) -> Page:
    """Return the page of a department with its projects in sentences."""
    words, unit = catalog(locale), result.department.amount_unit
    texts = []
    for one in result.projects:
        text = words["department.item"].format(name=one.project.name, value=one.summary(locale))
        if one.project.stated.amount is not None:
            amount = amount_text(one.project.stated.amount, unit, locale)
            text += words["department.stated_amount"].format(amount=amount)
        texts.append(text)
    return _department(result, locale, (Items(tuple(texts), words["department.projects"]),))


def _department(result: DepartmentEvaluation, locale: str, projects: tuple[Block, ...]) -> Page:
    words, rules, department = catalog(locale), result.rules, result.department
    stated = stated_items(department, locale)
    if result.stated_execution_rate is not None and department.stated.execution_rate is None:
        rate = rate_text(result.stated_execution_rate, locale)
        stated += (words["department.item"].format(name=words["department.rate_of_stated"], value=rate),)
    parts = {"stated": stated, "computed": _computed(result, locale)}
    gaps = tuple(gap_text(gap, result, locale) for gap in result.gaps)
    assumptions = result.assumptions(locale)
    blocks: tuple[Block, ...] = (
        Heading(words["department.head"].format(name=department.name, year=department.fiscal_year)),
        Paragraph((rules_text(rules, locale),)),
        *map(Notice, notices_of(rules, locale)),
        *(Items(texts, words[f"department.{key}"]) for key, texts in parts.items() if texts),
        *projects,
        *report_blocks(department, locale),
        *([Items(gaps, words["department.not_known"])] if gaps else []),
        *([Items(assumptions, words["explain.assumptions"])] if assumptions else []),
    )
    return Page(blocks, locale)


def _computed(result: DepartmentEvaluation, locale: str) -> tuple[str, ...]:
    words, unit, coverage = catalog(locale), result.department.amount_unit, result.coverage
    unknown = words["unknown"]

    def item(key: str, value: object) -> str:
        return words["department.item"].format(
            name=words[f"department.{key}"], value=unknown if value is None else value
        )

    def money(row: Money) -> str:
        return words["department.money"].format(
            budget=amount_text(row.budget, unit, locale),
            spent=amount_text(row.actual_expenditure, unit, locale),
            rate=rate_text(row.rate, locale),
        )

    texts = [item("listed", coverage.projects)]
    if result.listed_amount is not None:
        texts.append(item("listed_amount", amount_text(result.listed_amount, unit, locale)))
    covered = None
    if coverage.evaluated is not None:
        covered = words["department.covered"].format(
            part=coverage.evaluated, whole=coverage.projects, rate=rate_text(coverage.rate, locale)
        )
    texts += [
        item("coverage", covered),
        item("coverage_by_budget", rate_text(coverage.budget_rate, locale)),
        item("total_money", money(result.money)),
    ]
    for row in result.sources:
        texts.append(words["department.item"].format(name=words[f"source.{row.source}"], value=money(row)))
    texts += [item("mean", result.mean_score), item("weighted_mean", result.weighted_mean_score)]
    if result.mean_score is None and result.partial_mean_score is not None:
        texts.append(item("partial_mean", result.partial_mean_score))
    if result.adjustments:
        texts += adjustment_texts(result.adjustments, locale, "department.adjustment")
        texts.append(item("adjusted_mean", result.adjusted_mean_score))
    counts = [(grade_word(grade, result.rules, locale), count) for grade, count in result.grades if count]
    counts += [(words["department.ungraded"], result.ungraded)] if result.ungraded else []
    told = [words["department.count"].format(what=what, count=count) for what, count in counts]
    return (*texts, item("grades", words["enumeration"].join(told) or None))


def gap_text(gap: Gap, result: DepartmentEvaluation, locale: str) -> str:
    """Return what is not known, and which projects do not tell it."""
    words = catalog(locale)
    if gap.what in ("excerpt", "adjustments"):
        return words[f"gap.{gap.what}"]
    if len(gap.projects) == len(result.projects):
        return words["department.gap_of_all"].format(what=words[f"gap.{gap.what}"])
    names = words["enumeration"].join(gap.projects)
    return words["department.gap"].format(what=words[f"gap.{gap.what}"], count=len(gap.projects), names=names)
