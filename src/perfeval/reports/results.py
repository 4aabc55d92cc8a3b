"""Parts of a report about results: projects, scores, indicators, what was missed and exceeded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import takewhile
from typing import NamedTuple

from perfeval.amounts import plain, sum_of
from perfeval.errors import ModelError
from perfeval.evaluation.explanation import Row
from perfeval.evaluation.lines import Execution, Line
from perfeval.evaluation.pages import points_cell
from perfeval.evaluation.pages import projects_table as page_of_projects
from perfeval.evaluation.projects import Evaluation
from perfeval.model import Indicator, IndicatorKind
from perfeval.model.pages import adjustment_texts
from perfeval.monitoring import MonitoringResult, monitor
from perfeval.pages import Block, Cell, Column, ColumnKind, FoldOut, Heading, Items, Paragraph, Role, Table
from perfeval.practice import measure_of, missed
from perfeval.ratios import ONE, Ratio
from perfeval.reports.material import Material
from perfeval.reports.money import project_money
from perfeval.reports.sections import Section
from perfeval.reports.telling import objectives
from perfeval.rounding import exact_percent, percent, signed

__all__ = [
    "compared",
    "exceeded_targets",
    "forms",
    "indicators",
    "level1_scores",
    "missed_targets",
    "monitoring",
    "projects",
    "projects_table",
    "scores",
]


# Each project in words.


def projects(material: Material, _: Section) -> Iterable[Block]:
    """Each project below a heading of its own: its money, work and scores."""
    for one in material.projects:
        if material.department is not None:
            yield Heading(one.project.name)
        yield from _project(material, one)


def _project(material: Material, one: Evaluation) -> Iterator[Block]:
    project, words = one.project, material.words
    sentences = [*_scored(material, one)]
    if project.description is not None:
        yield from material.paragraph([material.say("passage", text=project.description)])
    if material.department is not None:
        # What others wrote may end without a full stop.
        yield from (block for text in objectives(material, project) for block in material.paragraph([text]))
        sentences = [*project_money(material, one), *sentences]
    reported = [row for row in project.indicators if row.target is None and row.actual is not None]
    without_weight = [row for row in reported if row.weight is None]
    yield from material.paragraph(sentences or ([] if reported else [material.say("project.nothing")]))
    if without_weight:
        # As the form shows it, with what a person makes of it.
        reached = {id(row.line.item): row.actual for row in material.rows(one)}
        texts = tuple(material.item(row.name, reached.get(id(row), str(row.actual))) for row in without_weight)
        yield Items(texts, words["report.project.work"])


def _scored(material: Material, one: Evaluation) -> Iterator[str]:
    """Yield the total, and how many indicators earned all of their points."""
    if one.total is not None and one.grade is not None:
        yield material.say("project.graded", total=plain(one.total), grade=material.grade(one.grade))
    elif one.total is not None:
        reason = material.words[f"reason.{one.grade_reason}"]
        yield material.say("project.ungraded", total=plain(one.total), reason=reason)
    elif any(line.score is not None for line in one.lines):
        reason, partial = material.words[f"reason.{one.total_reason}"], plain(one.partial_score)
        yield material.say("project.no_total", reason=reason, partial=partial)
    lines = [line for line in one.lines if isinstance(line.item, Indicator) and line.weight is not None]
    if lines:
        full = sum(line.share is not None and line.share >= ONE for line in lines)
        unscored = sum(line.score is None for line in lines)
        counts = {"full": full, "less": len(lines) - full - unscored, "unscored": unscored}
        told = [key for key, number in counts.items() if number]
        if len(told) == 1:
            yield material.count(f"project.all_{told[0]}", len(lines))
        else:
            shares = material.words["list"].join(
                material.say(f"project.share.{key}", number=counts[key]) for key in told
            )
            yield material.say("project.indicators", number=len(lines), shares=shares)


def projects_table(material: Material, _: Section) -> Iterable[Block]:
    """The projects with money, total and grade."""
    return (page_of_projects(material.result, material.locale),) if material.projects else ()


# Scores.


def scores(material: Material, section: Section) -> Iterable[Block]:
    """The mean and the grades in words, and the points of each project by first level."""
    yield from material.paragraph(_scores(material))
    result = material.result
    if material.department is not None and result.adjustments:
        yield Items(adjustment_texts(result.adjustments, material.locale, "department.adjustment"))
        if result.adjusted_mean_score is not None:
            mean = plain(result.adjusted_mean_score)
            yield from material.paragraph([material.say("scores.adjusted_mean", mean=mean)])
    yield from level1_scores(material, section)


def _scores(material: Material) -> Iterator[str]:
    result, stated = material.result, material.result.department.stated
    if material.department is not None:
        if result.mean_score is not None:
            yield material.say("scores.mean", mean=plain(result.mean_score))
            if result.weighted_mean_score is not None and len(result.projects) > 1:
                yield material.say("scores.weighted", mean=plain(result.weighted_mean_score))
        elif result.partial_mean_score is not None:
            yield material.say("scores.partial_mean", mean=plain(result.partial_mean_score))
        if stated.mean_score is not None:
            yield material.say("scores.stated_mean", mean=plain(stated.mean_score))
    grades = [material.count("accounts.grade", n, grade=material.grade(grade)) for grade, n in result.grades if n]
    if grades and material.department is not None:
        if result.ungraded:
            grades.append(material.count("scores.ungraded", result.ungraded))
        yield material.say("scores.grades", grades=material.words["list"].join(grades))


class _Points(NamedTuple):
    """The points of some lines of a project: earned, `None` if a line has none, and to earn."""

    score: Decimal | None
    weight: Decimal | None

    def cell(self) -> Cell:
        """Both as "48.00 / 50"."""
        if self.weight is None:
            return Cell("—", Role.FIGURE)
        earned = "—" if self.score is None else plain(self.score)
        return points_cell(f"{earned} / {plain(self.weight)}", self.score, self.weight)


def level1_scores(material: Material, _: Section) -> Iterable[Block]:
    """The points of each project by first level, earned of what could be earned."""
    words = material.words
    scored = [one for one in material.projects if any(line.score is not None for line in one.lines)]
    if not scored:
        return
    present = {_level(line) for one in scored for line in one.lines if line.weight is not None}
    kinds = [level for level in IndicatorKind if level in present]
    others = any(
        isinstance(line.item, Indicator) and line.item.kind is None and line.weight is not None
        for one in scored
        for line in one.lines
    )
    adjusted = any(one.adjustments for one in scored)
    titles = [words["execution_rate"], *(words[f"kind.{kind.value}"] for kind in kinds)]
    titles += (
        [words["report.column.no_kind"]] * others + [words["form.adjustment"]] * adjusted + [words["column.total"]]
    )
    columns = (Column(words["column.name"]), *(Column(title, ColumnKind.FIGURE) for title in titles))
    rows = []
    for one in scored:
        cells = [_points([one.lines[0]]).cell()]
        cells += [_points([line for line in one.lines if _level(line) is kind]).cell() for kind in kinds]
        if others:
            loose = [line for line in one.lines if isinstance(line.item, Indicator) and line.item.kind is None]
            cells.append(_points(loose).cell())
        if adjusted:
            points = sum_of([adjustment.points for adjustment in one.adjustments])
            text = signed(points) if one.adjustments else "—"
            cells.append(Cell(text, Role.LOST if points < 0 else Role.FIGURE))
        cells.append(Cell("—" if one.total is None else plain(one.total), Role.FIGURE))
        rows.append((Cell(one.project.name), *cells, _grade(material, one)))
    yield Table((*columns, Column(words["column.grade"])), tuple(rows), words["report.caption.level1"])
    if adjusted:
        told = [
            (one.project.name, text) for one in scored for text in adjustment_texts(one.adjustments, material.locale)
        ]
        yield Items(tuple(material.item(name, text) for name, text in told))


def _level(line: Line) -> IndicatorKind | None:
    item = line.item
    return item.kind.level1 if isinstance(item, Indicator) and item.kind is not None else None


def _points(lines: list[Line]) -> _Points:
    weighed = [line for line in lines if line.weight is not None and line.applicable]
    if not weighed:
        return _Points(None, None)
    points = [line.score for line in weighed if line.score is not None]
    earned = sum_of(points) if len(points) == len(weighed) else None
    return _Points(earned, sum_of([line.weight for line in weighed if line.weight is not None]))


def _grade(material: Material, one: Evaluation) -> Cell:
    if one.grade is None:
        return Cell(material.words[f"reason.{one.grade_reason}"], Role.NOTE)
    return Cell(material.grade(one.grade))


# Indicators.


class _Found(NamedTuple):
    """A line in words, and the project that it belongs to."""

    project: Evaluation
    row: Row


def _rows(material: Material, kinds: tuple[IndicatorKind, ...]) -> Iterator[tuple[Evaluation, list[Row]]]:
    """Each project with its indicators in words, of the kinds asked for."""
    for one in material.projects:
        rows = material.rows(one)
        yield one, [row for row in rows if not isinstance(row.line.item, Execution) and _covered(row.line, kinds)]


def _covered(line: Line, kinds: tuple[IndicatorKind, ...]) -> bool:
    kind = line.item.kind if isinstance(line.item, Indicator) else None
    return not kinds or (kind is not None and (kind in kinds or kind.level1 in kinds))


def indicators(material: Material, section: Section) -> Iterable[Block]:
    """The indicators of each project: target, actual, how the score came about."""
    words = material.words
    keys = ("level", "level3", "target", "actual", "weight", "score", "formula")
    figures = ("weight", "score")
    columns = tuple(
        Column(words[f"form.{key}"], ColumnKind.FIGURE if key in figures else ColumnKind.TEXT) for key in keys
    )
    for one, rows in _rows(material, section.kinds):
        weighed = [row for row in rows if row.line.weight is not None or row.line.target is not None]
        if weighed:
            cells = tuple((Cell(row.kind), Cell(row.name), *_results(row)) for row in weighed)
            caption = one.project.name if material.department is not None else ""
            yield Table(columns, cells, caption)


def _results(row: Row) -> tuple[Cell, ...]:
    line = row.line
    return (
        Cell(row.target),
        Cell(row.actual),
        Cell("—" if line.weight is None else plain(line.weight), Role.FIGURE),
        points_cell(row.score, line.score, line.weight),
        Cell(row.calculation, Role.NOTE if line.score is None else Role.TEXT),
    )


def missed_targets(material: Material, section: Section) -> Iterable[Block]:
    """The indicators that missed their targets, each with its cause and what is done about it."""
    found, undecided, judged = [], 0, 0
    for one, rows in _rows(material, section.kinds):
        for row in rows:
            item, line = row.line.item, row.line
            if not isinstance(item, Indicator) or item.target is None:
                continue
            judged += 1
            if missed(item, line):
                found.append(_Found(one, row))
            elif line.score is None and not isinstance(measure_of(item, material.rules), Ratio):
                undecided += 1
    if not judged:
        return
    sentences = [material.count("missed", len(found))] if found else [material.count("missed.none", judged - undecided)]
    if undecided:
        sentences.append(material.count("missed.undecided", undecided))
    yield from material.paragraph(sentences if found or judged > undecided else sentences[1:])
    if found:
        yield _deviations(material, found, rates=False)


def exceeded_targets(material: Material, section: Section) -> Iterable[Block]:
    """The indicators that went beyond their targets, each with its cause."""
    found = []
    limit = material.rules.exceeded
    least = ONE if limit is None else Ratio.of(limit.value)
    for one, rows in _rows(material, section.kinds):
        for row in rows:
            item = row.line.item
            measure = measure_of(item, material.rules) if isinstance(item, Indicator) else None
            if isinstance(measure, Ratio) and measure > ONE and measure >= least:
                found.append(_Found(one, row))
    if not found:
        return
    if limit is None:
        sentence = material.count("exceeded", len(found))
    else:
        sentence = material.count("exceeded.limit", len(found), limit=exact_percent(limit.value))
    yield from material.paragraph([sentence])
    yield _deviations(material, found, rates=True)


def _deviations(material: Material, found: list[_Found], *, rates: bool) -> Table:
    words, untold = material.words, material.words["report.untold"]
    named = material.department is not None
    titles = [words["column.name"]] * named + [words[f"form.{key}"] for key in ("level3", "target", "actual")]
    heads = [Column(title) for title in titles]
    if rates:
        heads.append(Column(words["report.column.achievement"], ColumnKind.FIGURE))
    heads += [Column(words[f"report.column.{key}"]) for key in ("cause", "measure")]
    cells = []
    for one, row in found:
        item = row.line.item
        if isinstance(item, Indicator):
            texts = [one.project.name] * named + [row.name, row.target, row.actual]
            start = [Cell(text) for text in texts]
            measure = measure_of(item, material.rules) if rates else None
            if isinstance(measure, Ratio):
                start.append(Cell(percent(measure), Role.FIGURE))
            notes = (item.deviation_reason or untold, item.corrective_action or untold)
            cells.append((*start, *map(Cell, notes)))
    return Table(tuple(heads), tuple(cells))


# Stated beside computed, and how each score came about.


def compared(material: Material, _: Section) -> Iterable[Block]:
    """What the forms print beside what is computed."""
    words = material.words
    rows = []
    for one in material.projects:
        stated = one.project.stated
        if stated.execution_rate is None and stated.total is None and stated.grade is None:
            continue
        printed = "—" if stated.execution_rate is None else exact_percent(stated.execution_rate)
        computed = "—" if one.execution_rate is None else material.rate(one.execution_rate)
        totals = ("—" if total is None else plain(total) for total in (stated.total, one.total))
        grades = (stated.grade or "—", "—" if one.grade is None else material.grade(one.grade))
        figures = [Cell(text, Role.FIGURE) for text in (printed, computed, *totals)]
        rows.append((Cell(one.project.name), *figures, *map(Cell, grades)))
    if not rows:
        return
    keys = [f"{side}_{what}" for what in ("rate", "total") for side in ("stated", "computed")]
    columns = [Column(words[f"report.column.{key}"], ColumnKind.FIGURE) for key in keys]
    last = [Column(words[f"report.column.{side}_grade"]) for side in ("stated", "computed")]
    yield from material.paragraph([words["report.compared"]])
    yield Table((Column(words["column.name"]), *columns, *last), tuple(rows))


def monitoring(material: Material, _: Section) -> Iterable[Block]:
    """The lights of the latest mid-year state, and how each came about."""
    subject = material.department or material.projects[0].project
    try:
        found = monitor(subject, material.rules)
    except ModelError:
        # No mid-year state, or one that no rules speak of.
        return
    head, *rest = found.page(material.locale).blocks
    if isinstance(found, MonitoringResult):
        yield FoldOut(_title_of(head), tuple(rest))
        return
    yield Paragraph((_title_of(head),))
    # What the page tells of the department stands above the first project's heading.
    yield from takewhile(lambda block: not isinstance(block, Heading), rest)
    for one in found.projects:
        head, *rest = one.page(material.locale).blocks
        yield FoldOut(_title_of(head), tuple(rest))


def _title_of(head: Block) -> str:
    return head.words if isinstance(head, Heading) else ""


def forms(material: Material, _: Section) -> Iterable[Block]:
    """How the scores of each project came about: its form with formulas, articles and assumptions."""
    for one in material.projects:
        if any(line.score is not None for line in one.lines):
            head, *rest = one.page(material.locale).blocks
            yield FoldOut(_title_of(head), tuple(rest))
