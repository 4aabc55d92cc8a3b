"""The form for monitoring at mid-year (项目支出绩效目标执行监控表), written and read.

One more layout beside the self-evaluation form: the money by source, and for
each indicator its target, what was reached so far, what is expected, the cause
of a deviation under five headings and how likely the target is. What the form
cannot show stands in rows below it, as for the self-evaluation form.

Source: the annexes of Henan's measures for monitoring; 财预〔2019〕136号.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import attrs

from perfeval.amounts import AmountUnit, plain, to_amount_unit, to_unit
from perfeval.errors import Fault, FormError, PerfevalError
from perfeval.forms.blocks import distinct, kind_of_levels
from perfeval.forms.figures import actual_of, amount_of, is_blank, target_of, unit_in, year_in
from perfeval.forms.grid import Cell, Grid, Row
from perfeval.forms.package import contents_of, kind_of
from perfeval.forms.reading import grids_of
from perfeval.forms.sheet import Role, Sheet, Slot
from perfeval.forms.supplement import Entry, entries, read_entry
from perfeval.forms.writing import CARRIERS, carried, extra_rows, words_of_levels
from perfeval.i18n import message
from perfeval.labels import first_label, name_of
from perfeval.model import (
    DeviationCause,
    FundingLine,
    FundingSource,
    FundingTotal,
    Indicator,
    Light,
    Likelihood,
    MonitoredFunding,
    MonitoredIndicator,
    Monitoring,
    Project,
    Stated,
)
from perfeval.rates import execution_rate
from perfeval.ratios import Ratio
from perfeval.rounding import percent
from perfeval.rulesets import RuleSet
from perfeval.targets import Actual, Judgement
from perfeval.writing import replace_file

__all__ = ["read_monitoring", "write_monitoring"]

_MARK = "√"
_CAUSES = tuple(DeviationCause)
_LIKELIHOODS = tuple(Likelihood)
_FIRST = ("target", "done", "expected")
_LAST = ("measure", "light", "note")
_WIDTH = 3 + len(_FIRST) + len(_CAUSES) + 1 + len(_LIKELIHOODS) + len(_LAST)
_MONEY = ("original_budget", "spent_to_date", "rate", "expected_expenditure")
_DAY = re.compile(r"截至(\d{4})-(\d\d)-(\d\d)")
_MONTHS = re.compile(r"1[-—~至](\d{1,2})月")


def write_monitoring(
    project: Project, path: str | os.PathLike[str], *, rules: RuleSet, through: dt.date | None = None
) -> None:
    """Write a project's mid-year state as the monitoring form, an Excel workbook or a Word document.

    A failed write leaves the old file. Reading the file gives the same
    project again, with that state alone.

    Args:
        project: The project.
        path: The file; its suffix tells the carrier (xlsx, docx).
        rules: The rule set, for its words of the tiers.
        through: The day of the state; by default that of the latest one.

    Raises:
        FormError: If the project has no such state, or cannot be written.
        ValueError: If the suffix is unknown.
        MissingExtraError: If a library is missing; the message names it.
        OSError: If the file cannot be written.
    """
    carrier = Path(path).suffix.lower().lstrip(".")
    if carrier not in CARRIERS:
        raise ValueError(f"expected a file named .xlsx or .docx, got {os.fspath(path)!r}")
    states = {state.through: state for state in project.monitoring}
    day = max(states, default=None) if through is None else through
    if day is None or day not in states:
        told = ", ".join(sorted(one.isoformat() for one in states)) or "none"
        raise FormError(os.fspath(path), [Fault("monitoring", f"expected a state of {day or 'mid-year'}, got {told}")])
    meant = attrs.evolve(project, monitoring=[states[day]])
    sheet = Sheet(_word("sheet"), _rows(meant, states[day], rules), (8, 10, 16, *[12] * (_WIDTH - 3)), landscape=True)
    missing = entries(_read_back(sheet, carrier), meant)
    if missing:
        sheet = attrs.evolve(sheet, extras=extra_rows(missing, _WIDTH))
        left = entries(_read_back(sheet, carrier), meant)
        if left:
            places = ", ".join(entry.path for entry in left[:5])
            raise FormError(project.name, [Fault(places, "it cannot be written so that it reads back the same")])
    replace_file(path, carried([sheet], carrier))


def _read_back(sheet: Sheet, carrier: str) -> Project:
    [project] = read_monitoring(carried([sheet], carrier))
    return project


def _word(key: str) -> str:
    return message(f"monitor.{key}", "zh_CN")


def _label(text: str, columns: int = 1, rows: int = 1) -> Slot:
    return Slot(text, columns, rows, Role.LABEL)


def _rows(project: Project, state: Monitoring, rules: RuleSet) -> tuple[tuple[Slot, ...], ...]:
    day, unit = state.through, project.amount_unit
    half = _WIDTH // 2
    head = [
        (Slot(_word("title"), _WIDTH, role=Role.TITLE),),
        (Slot(_word("day").format(year=project.fiscal_year, day=day.isoformat()), _WIDTH, role=Role.SUBTITLE),),
        (_label(first_label("head", "name"), 2), Slot(project.name, _WIDTH - 2)),
        (
            _label(first_label("head", "supervising_department"), 2),
            Slot(project.supervising_department or "", half - 2),
            _label(first_label("head", "implementing_unit"), 2),
            Slot(project.implementing_unit or "", _WIDTH - half - 2),
        ),
    ]
    return (*head, *_money_rows(project, state, unit, day.month), *_indicator_rows(project, state, rules, day.month))


def _money_rows(project: Project, state: Monitoring, unit: AmountUnit, month: int) -> list[tuple[Slot, ...]]:
    spent_heads = (_word(name).format(months=month) for name in ("spent", "rate", "expected_amount"))
    heads = (first_label("monitoring_money", "original_budget"), *spent_heads)
    rest = _WIDTH - 3 - 3 * len(heads)

    def row(
        label: str, budget: FundingLine | FundingTotal, spent: MonitoredFunding | Monitoring | None
    ) -> tuple[Slot, ...]:
        done = None if spent is None else spent.spent_to_date
        rate = None
        if done is not None and budget.original_budget is not None and budget.original_budget > 0 <= done:
            rate = execution_rate(done, budget.original_budget)
        amounts = (budget.original_budget, done, None, None if spent is None else spent.expected_expenditure)
        texts = ["" if amount is None else plain(to_unit(amount, unit)) for amount in amounts]
        texts[2] = "" if rate is None else percent(Ratio.of(rate))
        return (_label(label, 3), *(Slot(text, 3, role=Role.FIGURE) for text in texts), Slot("", rest))

    title = f"{first_label('money_block', 'money_block')}（{unit}）"
    rows = [(_label(title, 3), *(_label(head, 3) for head in heads), Slot("", rest))]
    rows.append(row(first_label("money_total", "money_total"), project.stated.funding_total, state))
    waiting = list(state.funding)
    for line in project.funding:
        same = next((one for one in waiting if (one.source, one.label) == (line.source, line.label)), None)
        if same is not None:
            waiting.remove(same)
        rows.append(row(line.label or message(f"source.{line.source.value}", "zh_CN"), line, same))
    return rows


def _indicator_rows(project: Project, state: Monitoring, rules: RuleSet, month: int) -> list[tuple[Slot, ...]]:
    names = [first_label("indicator_columns", name) for name in ("level1", "level2", "level3")]
    names += [first_label("monitoring_columns", "target")]
    names += [_word(name).format(months=month) for name in ("done", "expected")]
    first = (
        *(_label(name, rows=2) for name in names),
        _label(_word("cause_columns"), len(_CAUSES) + 1),
        _label(_word("likelihood"), len(_LIKELIHOODS)),
        *(_label(first_label("monitoring_columns", name), rows=2) for name in _LAST),
    )
    below = [*(cause.value for cause in _CAUSES), "explanation", *(one.value for one in _LIKELIHOODS)]
    rows: list[tuple[Slot, ...]] = [first, tuple(_label(first_label("monitoring_columns", name)) for name in below)]
    waiting = list(state.indicators)
    for indicator in project.indicators:
        same = next((one for one in waiting if one.indicator == indicator.name), None)
        if same is not None:
            waiting.remove(same)
        rows.append(_indicator_row(indicator, same or MonitoredIndicator(indicator.name), rules))
    return rows


def _indicator_row(indicator: Indicator, row: MonitoredIndicator, rules: RuleSet) -> tuple[Slot, ...]:
    one, two = words_of_levels(indicator.kind)
    target = "" if indicator.target is None else str(indicator.target)
    texts = [one, two, indicator.name, target, _words(row.done, rules), _words(row.expected, rules)]
    texts += [_MARK if cause in row.causes else "" for cause in _CAUSES]
    texts += [row.explanation or "", *(_MARK if likelihood is row.likelihood else "" for likelihood in _LIKELIHOODS)]
    light = "" if row.light is None else message(f"light.{row.light.value}", "zh_CN")
    return tuple(map(Slot, (*texts, row.measure or "", light, row.note or "")))


def _words(actual: Actual | None, rules: RuleSet) -> str:
    if actual is None:
        return ""
    if isinstance(actual, Judgement) and actual.words is None and actual.tier is not None:
        name = rules.tier_name(actual.tier)
        return message(f"tier.{actual.tier.value}", "zh_CN") if name is None else name.zh_CN
    return str(actual)


# Reading.


def read_monitoring(
    source: str | os.PathLike[str] | bytes, *, unit: AmountUnit | str | None = None
) -> tuple[Project, ...]:
    """Read the monitoring forms in an Excel workbook or a Word document.

    Args:
        source: The file, or its bytes.
        unit: The unit of money of forms that print none.

    Returns:
        A project for each form, with one mid-year state; what the form does
        not show, a weight or an actual, is absent.

    Raises:
        FormError: If the file holds no such form, or the form tells neither
            its day nor its unit.
        MissingExtraError: If a library is missing; the message names it.
        OSError: If the file cannot be read.
    """
    data, name = contents_of(source)
    where = name or "form"
    asked = None if unit is None else to_amount_unit(unit)
    found = []
    for grid in grids_of(data, kind_of(data, name), where):
        start = next((i for i, row in enumerate(grid.rows) if _is_head(row)), None)
        if start is not None:
            try:
                found.append(_project(grid, start, asked, where))
            except FormError:
                raise
            except (PerfevalError, ValueError) as error:
                raise FormError(where, [Fault(grid.name, str(error))]) from None
    if not found:
        heads = ", ".join(first_label("monitoring_columns", one) for one in _FIRST)
        raise FormError(where, [Fault("", f"expected a form for monitoring, with the headings {heads}")])
    return tuple(found)


def _columns(row: Row, part: str) -> dict[str, int]:
    """Where each heading of a row begins."""
    found: dict[str, int] = {}
    for cell in distinct(row):
        name = name_of(part, cell.text)
        if name is not None:
            found.setdefault(name, cell.column)
    return found


def _is_head(row: Row) -> bool:
    return set(_FIRST) <= _columns(row, "monitoring_columns").keys()


def _text(row: Row, column: int | None) -> str | None:
    cell = None if column is None or column >= len(row) else row[column]
    return None if cell is None or is_blank(cell) else cell.text.strip()


def _project(grid: Grid, start: int, unit: AmountUnit | None, where: str) -> Project:
    above = [cell for row in grid.rows[:start] for cell in distinct(row)]
    day = _through(above, where)
    printed = next((found for cell in above if (found := unit_in(cell.text)) is not None), None)
    unit = unit if printed is None else to_amount_unit(printed)
    if unit is None:
        raise FormError(where, [Fault(grid.name, "expected a unit of money, the form prints none")])
    names = _beside(grid.rows[:start])
    if "name" not in names:
        raise FormError(where, [Fault(grid.name, "expected the name of the project, the form prints none")])
    total, lines, state = _read_money(grid.rows[:start], unit)
    indicators, states, end = _read_indicators(grid.rows, start, day.year)
    project = Project(
        names["name"],
        fiscal_year=day.year,
        amount_unit=unit,
        supervising_department=names.get("supervising_department"),
        implementing_unit=names.get("implementing_unit"),
        funding=lines,
        indicators=indicators,
        stated=Stated(funding_total=total),
        monitoring=[attrs.evolve(state, through=day, indicators=states)],
    )
    return _with_entries(project, grid.rows[end:])


def _through(cells: Sequence[Cell], where: str) -> dt.date:
    """The day that the form names, else the end of the month that a heading names."""
    for cell in cells:
        found = _DAY.search(cell.text)
        if found is not None:
            return dt.date(*map(int, found.groups()))
    year = next((year for cell in cells if (year := year_in(cell.text)) is not None), None)
    month = next((int(found[1]) for cell in cells if (found := _MONTHS.search(cell.text))), None)
    if year is None or month is None or not 1 <= month <= 12:
        raise FormError(
            where, [Fault("", "expected the day that the form tells of: 截至2022-07-31, or its year and 1—7月")]
        )
    return dt.date(year, month, monthrange(year, month)[1])


def _beside(rows: Sequence[Row]) -> dict[str, str]:
    """What stands to the right of the labels of the head."""
    found: dict[str, str] = {}
    for row in rows:
        cells = distinct(row)
        for label, value in pairwise(cells):
            name = name_of("head", label.text)
            if name is not None and not is_blank(value) and name_of("head", value.text) is None:
                found.setdefault(name, value.text.strip())
    return found


def _read_money(rows: Sequence[Row], unit: AmountUnit) -> tuple[FundingTotal, list[FundingLine], Monitoring]:
    start = next((i for i, row in enumerate(rows) if "spent_to_date" in _columns(row, "monitoring_money")), None)
    total = FundingTotal()
    lines: list[FundingLine] = []
    spent: list[MonitoredFunding] = []
    state = Monitoring(dt.date.min)
    if start is None:
        return total, lines, state
    columns = _columns(rows[start], "monitoring_money")
    for row in rows[start + 1 :]:
        cells = distinct(row)
        label = cells[0].text.strip() if cells and cells[0].column < min(columns.values()) else ""
        if not label:
            break
        amounts = {
            name: None if (cell := row[columns[name]]) is None else amount_of(cell, unit)
            for name in ("original_budget", "spent_to_date", "expected_expenditure")
            if name in columns
        }
        budget, done = amounts.get("original_budget"), amounts.get("spent_to_date")
        expected = amounts.get("expected_expenditure")
        if name_of("money_total", label) is not None:
            total = FundingTotal(original_budget=budget)
            state = attrs.evolve(state, spent_to_date=done, expected_expenditure=expected)
            continue
        source = FundingSource(name_of("money_sources", label) or FundingSource.UNSPECIFIED)
        own = None if label == message(f"source.{source.value}", "zh_CN") else label
        lines.append(FundingLine(source, label=own, original_budget=budget))
        if done is not None or expected is not None:
            spent.append(MonitoredFunding(source, label=own, spent_to_date=done, expected_expenditure=expected))
    return total, lines, attrs.evolve(state, funding=spent)


def _read_indicators(
    rows: Sequence[Row], start: int, year: int
) -> tuple[list[Indicator], list[MonitoredIndicator], int]:
    below = _columns(rows[start + 1], "monitoring_columns") if start + 1 < len(rows) else {}
    columns = _columns(rows[start], "monitoring_columns") | below
    levels = _columns(rows[start], "indicator_columns")
    first = start + 2 if {cause.value for cause in _CAUSES} & below.keys() else start + 1
    indicators, states = [], []
    end = first
    for end in range(first, len(rows) + 1):
        row = rows[end] if end < len(rows) else ()
        name = _text(row, levels.get("level3"))
        if name is None or any(name_of("extras", cell.text) for cell in distinct(row)[:1]):
            break
        target = _text(row, columns.get("target"))
        kind = kind_of_levels(*(row[levels[level]] if level in levels else None for level in ("level1", "level2")))
        indicators.append(
            Indicator(name, kind=kind, target=None if target is None else target_of(target, None, None, year))
        )
        state = _state(row, name, columns, year)
        if state != MonitoredIndicator(name):
            states.append(state)
    return indicators, states, end


def _state(row: Row, name: str, columns: Mapping[str, int], year: int) -> MonitoredIndicator:
    def actual(column: str) -> Actual | None:
        text = _text(row, columns.get(column))
        return None if text is None else actual_of(text, year)

    lights = {message(f"light.{light.value}", "zh_CN"): light for light in Light}
    return MonitoredIndicator(
        name,
        done=actual("done"),
        expected=actual("expected"),
        causes=[cause for cause in _CAUSES if _text(row, columns.get(cause.value)) is not None],
        explanation=_text(row, columns.get("explanation")),
        likelihood=next((one for one in _LIKELIHOODS if _text(row, columns.get(one.value)) is not None), None),
        measure=_text(row, columns.get("measure")),
        light=lights.get(_text(row, columns.get("light")) or ""),
        note=_text(row, columns.get("note")),
    )


def _with_entries(project: Project, rows: Sequence[Row]) -> Project:
    """The project with what the rows below the form add, as far as the form still says the same."""
    counting = False
    for row in rows:
        cells = distinct(row)
        if cells and name_of("extras", cells[0].text) == "extras":
            counting = True
        elif counting and len(cells) == 3:
            project = read_entry(project, Entry(*(cell.text for cell in cells))) or project
    return project
