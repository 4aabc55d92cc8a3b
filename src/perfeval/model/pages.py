"""A form and a report as pages: what they print, and nothing that is computed.

>>> from perfeval.model import Indicator, Project
>>> from perfeval.pages import text
>>> project = Project("排水改造", fiscal_year=2022, indicators=[
...     Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="48公里", weight=50)])
>>> print(text(project_page(project, "zh_CN")))
项目支出绩效自评表（2022年度）
项目名称  排水改造
<BLANKLINE>
一级指标  二级指标  三级指标      年度指标值  实际完成值  分值  得分
────────  ────────  ────────────  ──────────  ──────────  ────  ────
产出指标  数量指标  改造管网长度  ≥50公里     48公里        50
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

import attrs

from perfeval.amounts import AmountUnit, plain, to_unit
from perfeval.i18n import catalog, day_text
from perfeval.model.adjustments import Adjustment
from perfeval.model.departments import Department
from perfeval.model.projects import MONEY_COLUMNS, FundingLine, FundingTotal, Indicator, Project
from perfeval.model.values import IndicatorKind
from perfeval.model.year import MonitoredFunding, MonitoredIndicator, Monitoring, Review, ReviewedIndicator
from perfeval.pages import Block, Cell, Column, ColumnKind, FoldOut, Heading, Items, Page, Paragraph, Role, Table
from perfeval.ratios import Ratio
from perfeval.rounding import exact_percent, percent, signed
from perfeval.targets import Actual, Judgement, Target

__all__ = [
    "adjustment_texts",
    "amount_text",
    "department_page",
    "deviation_text",
    "figures_without_target",
    "form_blocks",
    "grouped",
    "items",
    "project_page",
    "rate_text",
    "report_blocks",
    "stated_items",
]

_PARTICULARS = (
    "name",
    "code",
    "supervising_department",
    "implementing_unit",
    "description",
    "objective_expected",
    "objective_actual",
    "execution_deviation_reason",
)
_PASSAGES = ("organisation", "overall_objective", "target_quality", "rectification", "use_of_results")


def project_page(project: Project, locale: str) -> Page:
    """Return a form as a page: what it prints."""
    words = catalog(locale)
    title = words["form.title"].format(year=project.fiscal_year)
    blocks: list[Block] = [Heading(title), *form_blocks(project, locale)]
    if project.indicators or project.stated.total is not None:
        blocks.append(_indicators(project, words))
    deviations = [(row.name, text) for row in project.indicators if (text := deviation_text(row, locale))]
    blocks += items(words["form.deviation"], deviations, words)
    blocks += _adjustments(project.adjustments, locale)
    blocks += [_monitoring(state, project, locale) for state in project.monitoring]
    blocks += [] if project.review is None else [_review(project.review, project, locale)]
    return Page(tuple(blocks), locale)


def items(lead: str, pairs: Sequence[tuple[str, str]], words: Mapping[str, str]) -> tuple[Items, ...]:
    """Return a list of names, each with what belongs to it; nothing if there are none."""
    texts = tuple(words["department.item"].format(name=name, value=value) for name, value in pairs)
    return (Items(texts, lead),) if texts else ()


def form_blocks(project: Project, locale: str, caption: str = "") -> tuple[Block, ...]:
    """Return what a form prints above its indicators: the particulars, below *caption*, and the money."""
    words = catalog(locale)
    told = [(words[f"form.{key}"], getattr(project, key)) for key in _PARTICULARS]
    if project.execution_judgement is not None:
        told.append((words["form.execution_judgement"], _judgement_text(project.execution_judgement, words)))
    rows = tuple((Cell(label, Role.HEAD), Cell(text)) for label, text in told if text is not None)
    money = _money(project, words)
    return (Table((Column(), Column()), rows, caption), *([] if money is None else [money]))


def _money(project: Project, words: Mapping[str, str]) -> Table | None:
    """The money block with the columns that it has, `None` where it has none."""
    unit, total = project.amount_unit, project.stated.funding_total
    columns = [key for key in MONEY_COLUMNS if any(getattr(row, key) is not None for row in (total, *project.funding))]
    if not columns:
        return None

    def cells(label: str, row: FundingLine | FundingTotal) -> tuple[Cell, ...]:
        amounts = (getattr(row, key) for key in columns)
        figures = ("" if amount is None else plain(to_unit(amount, unit)) for amount in amounts)
        return (Cell(label), *(Cell(figure, Role.FIGURE) for figure in figures))

    rows = [] if total == FundingTotal() else [cells(words["form.total_row"], total)]
    for row in project.funding:
        label = row.label or words[f"source.{row.source.value}"]
        rows.append(cells(f"{row.part_of} / {label}" if row.part_of else label, row))
    head = words["form.funding"].format(unit=words[f"unit.{unit.name.lower()}"])
    heads = (Column(words[f"form.{key}"], ColumnKind.FIGURE) for key in columns)
    return Table((Column(head), *heads), tuple(rows))


def _indicators(project: Project, words: Mapping[str, str]) -> Table:
    keys = ("level1", "level2", "level3", "target", "actual", "weight", "score")
    figures = ("weight", "score")
    columns = (Column(words[f"form.{key}"], ColumnKind.FIGURE if key in figures else ColumnKind.TEXT) for key in keys)
    rows: list[tuple[Cell, ...]] = []
    for start, row in grouped(project.indicators, words):
        cells = (
            Cell("" if row.target is None else str(row.target)),
            Cell(_reached_text(row, words)),
            Cell("" if row.weight is None else plain(row.weight), Role.FIGURE),
            Cell("" if row.stated.score is None else plain(row.stated.score), Role.FIGURE),
        )
        rows.append((*start, Cell(row.name), *cells))
    if project.stated.total is not None:
        rows.append((Cell(words["column.total"], Role.HEAD, columns=6), Cell(plain(project.stated.total), Role.FIGURE)))
    return Table(tuple(columns), tuple(rows))


def grouped(indicators: Sequence[Indicator], words: Mapping[str, str]) -> Iterator[tuple[tuple[Cell, ...], Indicator]]:
    """Return each indicator with the cells of its first two levels; neighbours of one level share its cell."""

    def level1(row: Indicator) -> IndicatorKind | None:
        return None if row.kind is None else row.kind.level1

    for level, group in groupby(indicators, key=level1):
        rows = list(group)
        first = Cell("" if level is None else words[f"kind.{level.value}"], rows=len(rows))
        for position, row in enumerate(rows):
            below = "" if row.kind is None or row.kind is level else words[f"level2.{row.kind.value}"]
            yield ((Cell(below),) if position else (first, Cell(below))), row


def deviation_text(row: Indicator, locale: str) -> str:
    """Return the reason for a deviation and what is done about it, as the form prints them."""
    notes = [note for note in (row.deviation_reason, row.corrective_action) if note]
    # Whoever ended the reason with a full stop needs no other mark.
    ended = any(note.rstrip().endswith(tuple("。；;.!！?？")) for note in notes[:-1])
    return (" " if ended else catalog(locale)["enumeration"]).join(notes)


def _reached_text(row: Indicator | ReviewedIndicator, words: Mapping[str, str]) -> str:
    actual = "" if row.actual is None else _actual_text(row.actual, words)
    if row.judgement is None:
        return actual
    return words["judged"].format(actual=actual, judgement=_judgement_text(row.judgement, words))


def _judgement_text(judgement: Judgement, words: Mapping[str, str]) -> str:
    text = _actual_text(attrs.evolve(judgement, words=None), words)
    return words["judged.words"].format(judgement=text, words=judgement.words) if judgement.words else text


def _actual_text(actual: Actual | Target, words: Mapping[str, str]) -> str:
    if not isinstance(actual, Judgement) or actual.words is not None:
        return str(actual)
    tier = "" if actual.tier is None else words[f"tier.{actual.tier.value}"]
    return tier if actual.share is None else f"{tier} {exact_percent(actual.share)}".strip()


# The year around the score.


def _monitoring(state: Monitoring, project: Project, locale: str) -> FoldOut:
    """A state at mid-year, as it was reported."""
    words = catalog(locale)
    blocks: list[Block] = []
    told = [words["record.light"].format(light=words[f"light.{state.light.value}"])] if state.light else []
    told += [words["record.reported"].format(day=day_text(state.reported, locale))] if state.reported else []
    if told:
        blocks.append(Paragraph((words["enumeration"].join(told),)))
    unit = project.amount_unit
    printed = (words["form.total_row"], state.spent_to_date, state.expected_expenditure)
    amounts = [printed, *((_label(row, words), row.spent_to_date, row.expected_expenditure) for row in state.funding)]
    rows = [row for row in amounts if row is not printed or row[1:] != (None, None)]
    if rows:
        heads = [words["form.funding"].format(unit=words[f"unit.{unit.name.lower()}"])]
        heads += [words["record.spent"], words["monitor.expected_amount"]]
        cells = [[label, *("" if one is None else plain(to_unit(one, unit)) for one in told)] for label, *told in rows]
        blocks.append(_told_table(heads, cells, figures=(1, 2)))
    keys = ["form.level3", "record.done", "monitor.expected", "monitor.likelihood", "monitor.light"]
    keys += ["monitor.cause_columns", "record.measure", "record.note"]
    rows_of = [
        [
            _named(row, words),
            "" if row.done is None else _actual_text(row.done, words),
            "" if row.expected is None else _actual_text(row.expected, words),
            "" if row.likelihood is None else words[f"likelihood.{row.likelihood.value}"],
            "" if row.light is None else words[f"light.{row.light.value}"],
            words["enumeration"].join(
                [*(words[f"cause.{one.value}"] for one in row.causes), *filter(None, [row.explanation])]
            ),
            row.measure or "",
            row.note or "",
        ]
        for row in state.indicators
    ]
    if rows_of:
        blocks.append(_told_table([words[key] for key in keys], rows_of))
    return FoldOut(words["record.monitoring"].format(day=day_text(state.through, locale)), tuple(blocks))


def _review(review: Review, project: Project, locale: str) -> FoldOut:
    """What a reviewer found, beside the unit's own form."""
    words = catalog(locale)
    told = [text for text in (review.reviewer, review.date and day_text(review.date, locale)) if text]
    blocks: list[Block] = []
    if told:
        blocks.append(Paragraph((words["recheck.by"].format(reviewer=words["list"].join(told)),)))
    rows: list[list[str]] = []
    if review.actual_expenditure is not None or review.reason is not None or review.codes:
        spent = review.actual_expenditure
        amount = "" if spent is None else amount_text(spent, project.amount_unit, locale)
        codes = words["list"].join(review.codes)
        rows.append([words["form.actual_expenditure"], amount, "", review.reason or "", "", codes])
    for row in review.indicators:
        score = "" if row.score is None else plain(row.score)
        codes = words["list"].join(row.codes)
        rows.append([_named(row, words), _reached_text(row, words), score, row.reason or "", row.evidence or "", codes])
    keys = ("form.level3", "record.found", "recheck.after_score", "record.reason", "record.evidence", "record.codes")
    if rows:
        blocks.append(_told_table([words[key] for key in keys], rows, figures=(2,)))
    return FoldOut(words["record.review"], tuple(blocks))


def _label(row: MonitoredFunding, words: Mapping[str, str]) -> str:
    return row.label or words[f"source.{row.source.value}"]


def _named(row: MonitoredIndicator | ReviewedIndicator, words: Mapping[str, str]) -> str:
    """The indicator's name, with its kind where the record tells it."""
    if row.kind is None:
        return row.indicator
    return words["record.of_kind"].format(name=row.indicator, kind=words[f"kind.{row.kind.value}"])


def _told_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, figures: Sequence[int] = ()) -> Table:
    """A table without the columns that no row tells."""
    kept = [place for place in range(len(heads)) if place == 0 or any(row[place] for row in rows)]
    columns = [Column(heads[place], ColumnKind.FIGURE if place in figures else ColumnKind.TEXT) for place in kept]
    cells = [tuple(Cell(row[place], Role.FIGURE if place in figures else Role.TEXT) for place in kept) for row in rows]
    return Table(tuple(columns), tuple(cells))


# Reports.


def department_page(department: Department, locale: str) -> Page:
    """Return a department's report as a page: what it states, and its projects."""
    words = catalog(locale)
    head = Heading(words["department.head"].format(name=department.name, year=department.fiscal_year))
    keys = ("name", "stated_amount", "total", "grade")
    kinds = (ColumnKind.TEXT, ColumnKind.FIGURE, ColumnKind.FIGURE, ColumnKind.TEXT)
    columns = tuple(Column(words[f"column.{key}"], kind) for key, kind in zip(keys, kinds, strict=True))
    rows = []
    for project in department.projects:
        stated, unit = project.stated, department.amount_unit
        amount = "" if stated.amount is None else plain(to_unit(stated.amount, unit))
        total = "" if stated.total is None else plain(stated.total)
        rows.append((Cell(project.name), Cell(amount, Role.FIGURE), Cell(total, Role.FIGURE), Cell(stated.grade or "")))
    projects = (Table(columns, tuple(rows)),) if rows else ()
    figures = stated_items(department, locale)
    lead = (Items(figures, words["department.stated"]),) if figures else ()
    adjustments = _adjustments(department.adjustments, locale, "department.adjustment")
    return Page((head, *lead, *projects, *adjustments, *report_blocks(department, locale)), locale)


def _adjustments(adjustments: Sequence[Adjustment], locale: str, key: str = "explain.adjustment") -> tuple[Items, ...]:
    return (Items(adjustment_texts(adjustments, locale, key)),) if adjustments else ()


def adjustment_texts(
    adjustments: Sequence[Adjustment], locale: str, key: str = "explain.adjustment"
) -> tuple[str, ...]:
    """Return what changes a total, or by another *key* a mean, each with its points and what it rests on."""
    words, texts = catalog(locale), []
    for one in adjustments:
        source = one.texts(locale)[1] or words["page.assumed"]
        texts.append(words[key].format(told=one.told(locale), points=signed(one.points), source=source))
    return tuple(texts)


def stated_items(department: Department, locale: str) -> tuple[str, ...]:
    """Return what a report states, each figure with its name."""
    words, stated, unit = catalog(locale), department.stated, department.amount_unit
    texts = []
    for field in attrs.fields(type(stated)):
        value = getattr(stated, field.name)
        if value is not None:
            if field.name in ("budget", "actual_expenditure"):
                value = amount_text(value, unit, locale)
            elif field.name.endswith("_rate"):
                value = rate_text(value, locale)
            texts.append(words["department.item"].format(name=words[f"stated.{field.name}"], value=value))
    return tuple(texts)


def report_blocks(department: Department, locale: str) -> tuple[Block, ...]:
    """Return what a report tells besides its figures: work without targets, claims and sections."""
    words = catalog(locale)

    claims = [(claim.indicator, claim.words) for claim in department.claims]
    passages = [(key, getattr(department, key)) for key in _PASSAGES]
    told = [(words[f"department.{key}"], passage.text) for key, passage in passages if passage is not None]
    reported = figures_without_target(department, locale)
    parts = {"reported": reported, "claims": claims, "told": told}
    return tuple(block for key, pairs in parts.items() for block in items(words[f"department.{key}"], pairs, words))


def figures_without_target(department: Department, locale: str) -> list[tuple[str, str]]:
    """Return the figures that are reported without a target, by project."""
    words = catalog(locale)
    found = []
    for project in department.projects:
        rows = [row for row in project.indicators if row.target is None and row.actual is not None]
        if rows:
            found.append((project.name, words["enumeration"].join(f"{row.name} {row.actual}" for row in rows)))
    return found


def amount_text(amount: Decimal | None, unit: AmountUnit, locale: str) -> str:
    """Return an amount with its unit: 40万元 in Chinese, and 400,000 yuan in English, which has no word for 万."""
    words = catalog(locale)
    if amount is None:
        return words["unknown"]
    if locale == "zh_CN":
        return words[f"amount.{unit.name.lower()}"].format(amount=plain(to_unit(amount, unit)))
    whole, point, rest = plain(amount).partition(".")
    grouped_whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole)
    return words["amount.yuan"].format(amount=grouped_whole + point + rest)


def rate_text(rate: Decimal | None, locale: str) -> str:
    """Return a rate in per cent, to two decimals."""
    return catalog(locale)["unknown"] if rate is None else percent(Ratio.of(rate))
