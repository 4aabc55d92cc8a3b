"""From a project to the official form: a sheet that Excel or Word is written from.

The form is laid out like the ministry's annex. It says what the project
states; what is computed stands there only if an evaluation is given: in the
form's own columns where nothing is stated, else in a column beside them.

Source: 财预〔2020〕10号 annex 1.
"""

from __future__ import annotations

import os
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from perfeval.amounts import CONTEXT, exponent_of, plain, sum_of, to_unit
from perfeval.errors import Fault, FormError
from perfeval.evaluation import Evaluation, Line
from perfeval.forms.composing import ACTION_MARK
from perfeval.forms.grid import letters
from perfeval.forms.reading import read
from perfeval.forms.sheet import Role, Sheet, Slot, placed
from perfeval.forms.supplement import Entry, entries
from perfeval.i18n import message
from perfeval.labels import first_label
from perfeval.model import FundingLine, FundingTotal, Indicator, IndicatorKind, Project
from perfeval.model.departments import Department
from perfeval.ratios import Ratio
from perfeval.rulesets import RuleSet
from perfeval.targets import Actual, Comparator, Judgement, Quantity, Target, Threshold
from perfeval.writing import replace_file

if TYPE_CHECKING:
    from perfeval.evaluation.departments import DepartmentEvaluation

__all__ = ["CARRIERS", "carried", "extra_rows", "words_of_levels", "write"]

LAYOUTS = ("national",)
CARRIERS = ("xlsx", "docx")
_MONEY = ("original_budget", "budget_adjustment", "adjusted_budget", "funds_received", "actual_expenditure")
_PRINTED_MONEY = frozenset({"original_budget", "adjusted_budget", "actual_expenditure"})
_DASH = "—"
_BEFORE = 4
"""The columns before the first column of money: the heading of the block and the row's label."""


def write(
    document: Project | Department,
    path: str | os.PathLike[str],
    *,
    rules: RuleSet,
    layout: str = "national",
    evaluation: Evaluation | DepartmentEvaluation | None = None,
) -> None:
    """Write the official form as an Excel workbook (xlsx) or a Word document (docx).

    A failed write leaves the old file. Reading the file gives the same
    project again: what the form cannot show stands in rows below it.

    Args:
        document: A project, or a department: a form of each of its projects.
        path: The file; its suffix tells the carrier.
        rules: The rule set, for the title and the full score.
        layout: "national", the ministry's annex.
        evaluation: The result of `perfeval.evaluate`, to print the computed
            figures: in the form's own columns where the project states none,
            else beside what is stated.

    Raises:
        FormError: If the project cannot be written, such as text that is
            longer than a cell holds.
        ValueError: If the layout or the suffix is unknown.
        MissingExtraError: If a library is missing; the message names it.
        OSError: If the file cannot be written.

    Source: 财预〔2020〕10号 annex 1.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"expected a layout ({', '.join(LAYOUTS)}), got {layout!r}")
    carrier = Path(path).suffix.lower().lstrip(".")
    if carrier not in CARRIERS:
        raise ValueError(f"expected a file named .xlsx or .docx, got {os.fspath(path)!r}")
    evaluations = _evaluations(evaluation)
    projects = document.projects if isinstance(document, Department) else (document,)
    if not projects:
        raise FormError(os.fspath(path), [Fault("projects", "expected at least one project, got none")])
    names = _sheet_names(projects)
    sheets = [
        _verified(project, rules, evaluations.get(i), name, carrier)
        for i, (project, name) in enumerate(zip(projects, names, strict=True))
    ]
    replace_file(path, carried(sheets, carrier))


def _evaluations(evaluation: Evaluation | DepartmentEvaluation | None) -> dict[int, Evaluation]:
    if evaluation is None:
        return {}
    if isinstance(evaluation, Evaluation):
        return {0: evaluation}
    return dict(enumerate(evaluation.projects))


def carried(sheets: list[Sheet], carrier: str) -> bytes:
    """Return the file that a carrier makes of sheets."""
    if carrier == "xlsx":
        from perfeval.forms.to_xlsx import workbook_of

        return workbook_of(sheets)
    from perfeval.forms.to_docx import document_of

    return document_of(sheets)


def _verified(project: Project, rules: RuleSet, evaluation: Evaluation | None, name: str, carrier: str) -> Sheet:
    """The sheet of a project, with what would read back as something else in rows below it."""
    sheet = _sheet_of(project, rules, evaluation, name)
    found = _read_back(sheet, carrier)
    # Without an evaluation the form says what the project states, and nothing else.
    meant = project if evaluation is None else _with_printed(project, found)
    missing = entries(found, meant)
    if not missing:
        return sheet
    sheet = attrs.evolve(sheet, extras=extra_rows(missing, len(sheet.widths)))
    again = _read_back(sheet, carrier)
    if again != meant:
        places = ", ".join(entry.path for entry in entries(again, meant)[:5])
        raise FormError(project.name, [Fault(places, "it cannot be written so that it reads back the same")])
    return sheet


def _read_back(sheet: Sheet, carrier: str) -> Project:
    forms = read(carried([sheet], carrier))
    document = forms[0].document
    if len(forms) != 1 or not isinstance(document, Project):
        raise FormError(sheet.name, [Fault("", "it cannot be written so that it reads back as one form")])
    return document


def _with_printed(project: Project, found: Project) -> Project:
    """The project with the results that the form prints in place of those that it does not state."""
    stated, printed = project.stated, found.stated
    names = ("execution_rate", "execution_weight", "execution_score", "total", "grade")
    told = {name: getattr(printed, name) for name in names if getattr(stated, name) is None}
    rows = [
        row
        if row.stated.score is not None or i >= len(found.indicators)
        else attrs.evolve(row, stated=found.indicators[i].stated)
        for i, row in enumerate(project.indicators)
    ]
    return attrs.evolve(project, stated=attrs.evolve(stated, **told), indicators=rows)


def extra_rows(missing: list[Entry], width: int) -> tuple[tuple[Slot, ...], ...]:
    """Return the rows below a form that say what it cannot show."""
    first, second = width // 3, width // 3
    rest = width - first - second

    def row(*texts: str) -> tuple[Slot, ...]:
        spans = (first, second, rest)
        return tuple(Slot(text, span, role=Role.EXTRA) for text, span in zip(texts, spans, strict=True))

    return (
        row(*(first_label("extras", name) for name in ("extras", "shown", "meant"))),
        *(row(*entry) for entry in missing),
    )


def _sheet_names(projects: tuple[Project, ...]) -> list[str]:
    """A name for each sheet that Excel takes: short, without its signs, each once."""
    if len(projects) == 1:
        return ["自评表"]
    names: list[str] = []
    for number, project in enumerate(projects, 1):
        name = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", "", project.name).strip()[:24] or "自评表"
        if name.casefold() in {one.casefold() for one in names} or name.casefold() == "history":
            name = f"{name[:20]} {number}"
        names.append(name)
    return names


# The sheet.


def _sheet_of(project: Project, rules: RuleSet, evaluation: Evaluation | None, name: str) -> Sheet:
    """Return the official form of a project."""
    return _Composer(project, rules, evaluation).sheet(name)


class _Composer:
    """The official form while it is laid out."""

    def __init__(self, project: Project, rules: RuleSet, evaluation: Evaluation | None) -> None:
        self.project = project
        self.rules = rules
        self.lines: dict[int, Line] = {}
        self.execution: Line | None = None
        self.evaluation = evaluation
        if evaluation is not None:
            self.execution = evaluation.lines[0]
            self.lines = {id(line.item): line for line in evaluation.lines[1:]}
        states = project.stated.execution_score, project.stated.total, *(row.stated.score for row in project.indicators)
        self.beside = evaluation is not None and any(one is not None for one in states)
        """Whether what is computed stands in a column of its own."""
        self.money = [name for name in _MONEY if name in _PRINTED_MONEY or self._has(name)]
        self.width = _BEFORE + len(self.money) + 3 + self.beside
        self.rows: list[tuple[Slot, ...]] = []

    def _has(self, name: str) -> bool:
        records = [self.project.stated.funding_total, *self.project.funding]
        return any(getattr(record, name) is not None for record in records)

    def sheet(self, name: str) -> Sheet:
        self._head()
        self._funding()
        self._objective()
        self._indicators()
        self._last_rows()
        # The last column holds the reasons, below a score.
        money = [10] * len(self.money)
        widths = (8, 10, 13, 13, *money, 7, 8, *([8] if self.beside else []), 22)
        return Sheet(name, tuple(self.rows), widths, landscape=len(widths) > 11)

    def _add(self, *slots: Slot) -> None:
        self.rows.append(slots)

    def _head(self) -> None:
        project, width = self.project, self.width
        key = "form.title.department" if self.rules.scope == "department" else "form.title.project"
        self._add(Slot(message(key, "zh_CN"), width, role=Role.TITLE))
        self._add(Slot(f"（{project.fiscal_year}年度）", width, role=Role.SUBTITLE))
        self._pair("name", project.name)
        if project.code is not None:
            self._pair("code", project.code)
        half = width // 2
        self._add(
            _label(first_label("head", "supervising_department"), 2),
            _text(project.supervising_department, half - 2),
            _label(first_label("head", "implementing_unit"), 2),
            _text(project.implementing_unit, width - half - 2),
        )

    def _pair(self, name: str, text: str) -> None:
        self._add(_label(first_label("head", name), 2), _text(text, self.width - 2))

    # Money.

    def _funding(self) -> None:
        project = self.project
        heading = f"{first_label('money_block', 'money_block')}\n（{project.amount_unit}）"
        rows = 2 + len(project.funding)
        marks = ("weight", "execution_rate", "score", *(["computed_score"] if self.beside else []))
        names = (*self.money, *marks)
        self._add(
            _label(heading, 1, rows), _label("", 3), *(_label(first_label("money_columns", name)) for name in names)
        )
        self._add(_label(first_label("money_total", "money_total"), 3), *self._total_row())
        for i, line in enumerate(project.funding):
            label = message(f"source.{line.source.value}", "zh_CN")
            label = line.label or (f"{first_label('money_part', 'money_part')}：{label}" if i == 0 else label)
            self._add(_label(label, 3), *self._line_row(line))

    def _amounts(self, record: FundingLine | FundingTotal) -> list[Slot]:
        unit = self.project.amount_unit
        amounts = (getattr(record, name) for name in self.money)
        return [_figure(None if amount is None else to_unit(amount, unit)) for amount in amounts]

    def _total_row(self) -> list[Slot]:
        stated, line = self.project.stated, self.execution
        total = stated.funding_total
        weight, score, rate = stated.execution_weight, stated.execution_score, stated.execution_rate
        if line is not None and not self.beside:
            weight = line.weight if weight is None else weight
            score = line.score if score is None else score
            rate = _computed_rate(line) if rate is None else rate
        slots = [*self._amounts(total), _figure(weight), self._rate(rate, total), _figure(score)]
        if self.beside:
            slots.append(_figure(None if line is None else line.score))
        return slots

    def _rate(self, rate: Decimal | None, total: FundingTotal) -> Slot:
        """The rate with its formula, where the row's own amounts give it."""
        slot = _figure(rate, percent=True)
        budget = total.original_budget if self.rules.execution.basis == "original" else total.adjusted_budget
        spent = total.actual_expenditure
        if rate is None or not budget or spent is None or budget < 0:
            return slot
        exact = CONTEXT.divide(spent, budget)
        if exact.quantize(rate, ROUND_HALF_UP, CONTEXT) != rate:
            return slot
        name = "original_budget" if self.rules.execution.basis == "original" else "adjusted_budget"
        row = len(self.rows) + 1
        budget_cell = f"{letters(_BEFORE + self.money.index(name))}{row}"
        spent_cell = f"{letters(_BEFORE + self.money.index('actual_expenditure'))}{row}"
        return slot._replace(formula=f'=IF({budget_cell}=0,"",{spent_cell}/{budget_cell})')

    def _line_row(self, line: FundingLine) -> list[Slot]:
        stated = line.stated
        marks = [_dashed(stated.weight), _dashed(stated.execution_rate, percent=True), _dashed(stated.score)]
        return [*self._amounts(line), *marks, *([_dashed(None)] if self.beside else [])]

    # Words.

    def _objective(self) -> None:
        left = self.width // 2 + 1
        right = self.width - 1 - left
        self._add(
            _label(first_label("objective", "block"), 1, 2),
            _label(first_label("objective", "objective_expected"), left),
            _label(first_label("objective", "objective_actual"), right),
        )
        self._add(_text(self.project.objective_expected, left), _text(self.project.objective_actual, right))

    # Indicators.

    def _indicators(self) -> None:
        rows = self.project.indicators
        spare = self.width - 4 - 5 - self.beside
        names = ("level1", "level2", "level3", "target", "actual", "weight", "score")
        spans = (1, 1, spare + 1, 1, 1, 1, 1)
        headings = [
            _label(first_label("indicator_columns", name), span) for name, span in zip(names, spans, strict=True)
        ]
        if self.beside:
            headings.append(_label(first_label("indicator_columns", "computed_score")))
        headings.append(_label(first_label("indicator_columns", "reason_and_action")))
        self._add(_label(first_label("indicator_block", "indicator_block"), 1, 1 + len(rows)), *headings)
        levels = [words_of_levels(row.kind) for row in rows]
        self.first_indicator = len(self.rows)
        for i, row in enumerate(rows):
            slots = []
            for depth in (0, 1):
                same = _run(levels, i, depth)
                if same:
                    slots.append(_label(levels[i][depth], 1, same))
            self._add(*slots, *self._indicator(row, spare + 1))
        if not rows:
            self._add(*[_text(None) for _ in range(2)], _text(None, spare + 1), *[_text(None)] * (5 + self.beside))

    def _indicator(self, row: Indicator, span: int) -> list[Slot]:
        line = self.lines.get(id(row))
        computed = None if line is None else line.score
        score = row.stated.score if self.beside or row.stated.score is not None else computed
        slots = [
            _text(row.name, span),
            self._expression(row.target),
            self._expression(row.actual),
            _figure(row.weight),
            _figure(score),
        ]
        if self.beside:
            slots.append(_figure(computed))
        reason = row.deviation_reason or ""
        if row.corrective_action is not None:
            reason = f"{reason}\n{ACTION_MARK}{row.corrective_action}".strip("\n")
        return [*slots, _text(reason)]

    def _expression(self, value: Target | Actual | None) -> Slot:
        """A target or an actual: a bare figure and a plain percentage are numbers, all else is text."""
        if value is None:
            return Slot()
        if isinstance(value, Judgement):
            return Slot(value.words or self._tier_word(value))
        bare = isinstance(value, Quantity) and value.bound == "exact"
        bare = bare or (isinstance(value, Threshold) and value.comparator is Comparator.UNSTATED)
        if (
            bare
            and isinstance(value, Threshold | Quantity)
            and value.unit in {None, "%"}
            and exponent_of(value.value) <= 0
        ):
            if value.unit is None:
                return _figure(value.value)._replace(role=Role.TEXT)
            return _figure(CONTEXT.scaleb(value.value, -2), percent=True)._replace(role=Role.TEXT)
        return Slot(str(value))

    def _tier_word(self, value: Judgement) -> str:
        """The word of a tier as the rule set has it; a share alone is a per cent of the weight."""
        if value.tier is None:
            share = Decimal(0) if value.share is None else value.share
            return f"得分率{plain(CONTEXT.scaleb(share, 2))}%"
        words = self.rules.tier_name(value.tier)
        return message(f"tier.{value.tier}", "zh_CN") if words is None else words.zh_CN

    def _last_rows(self) -> None:
        project, width = self.project, self.width
        stated = project.stated
        total, grade = stated.total, stated.grade
        computed = None
        if self.evaluation is not None:
            computed = self.evaluation.total
            if not self.beside:
                total = computed if total is None else total
                grade = self._grade_word() if grade is None else grade
        weights = [row.weight for row in project.indicators]
        weight = stated.execution_weight
        if weight is None and self.execution is not None and not self.beside:
            weight = self.execution.weight
        known = [one for one in (*weights, weight) if one is not None]
        full = sum_of(known) if known and None not in weights else None
        before = width - 3 - self.beside
        slots = [_label(first_label("total_row", "total_row"), before)]
        slots += [self._sum(full, before), self._sum(total, before + 1)]
        if self.beside:
            slots.append(_figure(computed))
        self._add(*slots, _text(grade))
        if project.execution_deviation_reason is not None:
            self._pair("execution_deviation_reason", project.execution_deviation_reason)
        if project.finished is not None:
            self._pair("finished", first_label("finished", "yes" if project.finished else "no"))

    def _grade_word(self) -> str | None:
        evaluation = self.evaluation
        if evaluation is None or evaluation.grade is None:
            return None
        words = self.rules.grade_name(evaluation.grade)
        return message(f"grade.{evaluation.grade}", "zh_CN") if words is None else words.zh_CN

    def _sum(self, total: Decimal | None, column: int) -> Slot:
        """A total with its formula, where the cells of its column add up to it."""
        slot = _figure(total)
        if total is None:
            return slot
        cells = [
            (row, at, one)
            for row, at, one in placed(tuple(self.rows))
            if one.number is not None and not one.percent and self._counts(row, at, column)
        ]
        if not cells or sum_of([one.number for _, _, one in cells if one.number is not None]) != total:
            return slot
        places = ",".join(f"{letters(at)}{row + 1}" for row, at, _ in cells)
        return slot._replace(formula=f"=SUM({places})") if len(cells) < 200 else slot

    def _counts(self, row: int, at: int, column: int) -> bool:
        """Whether a cell belongs to the sum of a column of points: an indicator's, or the total row of money."""
        if row >= self.first_indicator:
            return at == column
        names = ("weight", "execution_rate", "score")
        # The money block has its weight and its score in columns of its own.
        name = "weight" if column == self.width - 3 - self.beside else "score"
        return row == self._money_row() and at == _BEFORE + len(self.money) + names.index(name)

    def _money_row(self) -> int:
        return 5 + (self.project.code is not None)


def _label(text: str, columns: int = 1, rows: int = 1) -> Slot:
    return Slot(text, columns, rows, Role.LABEL)


def _text(text: str | None, columns: int = 1) -> Slot:
    return Slot(text or "", columns)


def _figure(number: Decimal | None, columns: int = 1, *, percent: bool = False) -> Slot:
    if number is None:
        return Slot("", columns, role=Role.FIGURE)
    shown = plain(CONTEXT.scaleb(number, 2)) + "%" if percent else plain(number)
    return Slot(shown, columns, role=Role.FIGURE, number=number, percent=percent)


def _dashed(number: Decimal | None, *, percent: bool = False) -> Slot:
    return Slot(_DASH, role=Role.FIGURE) if number is None else _figure(number, percent=percent)


def _computed_rate(line: Line) -> Decimal | None:
    """The execution rate in per cent to two places, as forms print it."""
    measure = line.measure
    if not isinstance(measure, Ratio):
        return None
    rate = CONTEXT.divide(Decimal(measure.numerator), Decimal(measure.denominator))
    return rate.quantize(Decimal("0.0001"), ROUND_HALF_UP, CONTEXT)


def words_of_levels(kind: IndicatorKind | None) -> tuple[str, str]:
    """Return the words of the first two levels; a dash where there is none."""
    if kind is None:
        return _DASH, _DASH
    level1 = first_label("levels1", kind.level1.value)
    if kind is IndicatorKind.SATISFACTION or kind is not kind.level1:
        return level1, first_label("levels2", kind.value)
    return level1, _DASH


def _run(levels: list[tuple[str, str]], i: int, depth: int) -> int:
    """How many rows the level of row *i* holds for, 0 if it began before."""
    own = levels[i][: depth + 1]
    if i and levels[i - 1][: depth + 1] == own:
        return 0
    end = i
    while end < len(levels) and levels[end][: depth + 1] == own:
        end += 1
    return end - i
