"""From the blocks of a form to the records of the model, each value with its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from perfeval.amounts import AmountUnit
from perfeval.errors import Fault, PerfevalError
from perfeval.forms.blocks import AMOUNTS, Draft, Hints, IndicatorRow, MoneyRow, distinct, kind_of_levels, without_head
from perfeval.forms.figures import (
    actual_of,
    amount_of,
    as_printed,
    has_own_unit,
    holds_figure,
    is_blank,
    points_of,
    points_printed_in,
    rate_of,
    target_of,
    unit_in,
    year_in,
)
from perfeval.forms.grid import Cell
from perfeval.forms.records import Form, FormKind, Listed, Note, Placed
from perfeval.forms.supplement import read_entry
from perfeval.labels import first_label, is_hint, label_of, name_of
from perfeval.model import (
    Breakdown,
    FundingLine,
    FundingSource,
    FundingTotal,
    Indicator,
    Project,
    Stated,
    StatedFunding,
    StatedIndicator,
)
from perfeval.rulesets import place_named
from perfeval.targets import Actual, Completion, Deadline, Quantity, Statement, Target

__all__ = ["ACTION_MARK", "composed"]

ACTION_MARK = f"{first_label('indicator_columns', 'corrective_action')}："
"""What stands before the measures where one column holds reasons and measures."""
_SIGNS = frozenset({"≥", "≤", "=", ">", "<", "≧", "≦", "═", "﹦", ">=", "<=", "=>", "=<", "=="})
_CODE_AND_NAME = re.compile(r"(\d{6,10}[A-Z]\d{9,15})[-－—]\s*(\S.*)", re.DOTALL)


def composed(draft: Draft, hints: Hints) -> Form | list[Fault]:
    """Return the form that a draft holds, or what keeps it from being one."""
    return _Composer(draft, hints).finished()


class _Composer:
    """A form while its records are made."""

    def __init__(self, draft: Draft, hints: Hints) -> None:
        self.draft = draft
        self.hints = hints
        self.grid = draft.grid
        self.placed: list[Placed] = []
        self.placed_at: set[tuple[int, int]] = set()
        self.notes: list[Note] = []
        self.faults: list[Fault] = []
        self.money_unit: AmountUnit | None = None

    def finished(self) -> Form | list[Fault]:
        """Return the form, or what keeps it from being one."""
        year, unit = self._year(), self._unit()
        project: Project | None = None
        if year is not None and not self.faults:
            try:
                project = self._with_extras(self._project(year, unit))
            except PerfevalError as error:
                self.faults.append(Fault(self._begin(), str(error)))
        if project is None or self.faults:
            return self.faults
        full = self.draft.total.get("full")
        if full is not None:
            self._mark("full_score", full)
        return Form(
            project,
            self.draft.kind,
            self._begin(),
            tuple(self.placed),
            tuple(self._listed()),
            tuple(self.notes),
            (),
            None if full is None else points_of(full),
        )

    def _with_extras(self, project: Project) -> Project:
        """The project with what the form cannot show; an entry that the form contradicts is listed."""
        for cell, entry, cells in self.draft.extras:
            changed = read_entry(project, entry)
            if changed is not None:
                project = changed
                self._mark(entry.path, cell)
                self.draft.use(*cells)
        return project

    def _begin(self) -> str:
        for row in self.grid.rows[self.draft.start : self.draft.end]:
            cell = next((cell for cell in row if cell is not None), None)
            if cell is not None:
                return self.grid.place(cell)
        return self.grid.name

    def _mark(self, path: str, cell: Cell) -> None:
        self.placed.append(Placed(path, self.grid.place(cell)))
        self.placed_at.add((cell.row, cell.column))
        self.draft.used.add(id(cell))

    def _listed(self) -> Iterator[Listed]:
        """What was not read; a figure that was taken for a label is listed, too."""
        for number, row in enumerate(self.grid.rows[self.draft.start : self.draft.end], self.draft.start):
            for cell in distinct(row):
                if cell.row == number and (cell.row, cell.column) not in self.placed_at and not is_blank(cell):
                    if id(cell) not in self.draft.used or holds_figure(cell):
                        yield Listed(
                            self.grid.place(cell), cell.text.strip(), self.draft.unread.get(id(cell), "not_placed")
                        )

    def _year(self) -> int | None:
        if "fiscal_year" in self.draft.head:
            cell, text, _ = self.draft.head["fiscal_year"]
            year = year_in(text, plain=True)
            if year is not None:
                self._mark("fiscal_year", cell)
                return year
        for plain in (False, True):
            for cell in self.draft.titles:
                year = year_in(cell.text, plain=plain)
                if year is not None:
                    self._mark("fiscal_year", cell)
                    return year
        name = self.grid.name
        year = year_in(name, plain=True)
        if year is not None:
            self.notes.append(Note("year_of_sheet", name, name, str(year)))
            return year
        if self.hints.year is not None:
            return self.hints.year
        year = year_in(self.hints.file, plain=True)
        if year is not None:
            self.notes.append(Note("year_of_file", self._begin(), self.hints.file, str(year)))
            return year
        self.faults.append(Fault(self._begin(), "expected a fiscal year in the title (2022年度), got none; pass year="))
        return None

    def _unit(self) -> AmountUnit | None:
        found = sorted(self.draft.units, key=lambda one: one[0])
        if not found:
            return self.hints.unit
        _, text, cell = found[0]
        try:
            unit = AmountUnit(text)
        except ValueError:
            known = ", ".join(AmountUnit)
            self.faults.append(Fault(self.grid.place(cell), f"expected a unit of money ({known}), got {text!r}"))
            return None
        for _, other, place in found:
            if other != text:
                self.notes.append(Note("units_differ", self.grid.place(place), other, text))
        return unit

    def _project(self, year: int, unit: AmountUnit | None) -> Project:
        total, lines, printed = self._money(unit)
        stated = self._stated(total, printed)
        self._name_a_department()
        department, unit_name = self._head_text("supervising_department"), self._head_text("implementing_unit")
        name, code = self._name_and_code()
        reason = self._head_text("execution_deviation_reason") or self._text_of("execution_deviation_reason", printed)
        return Project(
            name or self._name_for_want_of_one(),
            fiscal_year=year,
            place=self._place(),
            code=code,
            supervising_department=department,
            implementing_unit=unit_name,
            amount_unit=unit or AmountUnit.WAN,
            funding=lines,
            indicators=[self._indicator(i, row, year) for i, row in enumerate(self.draft.rows)],
            objective_expected=self._objective("objective_expected"),
            objective_actual=self._objective("objective_actual"),
            execution_deviation_reason=reason,
            finished=self._finished(),
            stated=stated,
        )

    def _head_text(self, name: str) -> str | None:
        if name not in self.draft.head:
            return None
        cell, text, _ = self.draft.head[name]
        self._mark(name, cell)
        return text

    def _finished(self) -> bool | None:
        found = self.draft.head.get("finished")
        if found is None:
            return None
        cell, text, _ = found
        value = {"yes": True, "no": False}.get(name_of("finished", text) or "")
        if value is None:
            self.draft.used.discard(id(cell))
            self.draft.unread[id(cell)] = "no_yes_or_no"
        else:
            self._mark("finished", cell)
        return value

    def _text_of(self, name: str, cells: dict[str, Cell]) -> str | None:
        cell = cells.get(name)
        if cell is None or is_blank(cell) or is_hint(cell.text):
            return None
        self._mark(name, cell)
        return cell.text.strip()

    def _place(self) -> str | None:
        """The place that the unit's, the department's or the form's own name begins with."""
        told = [
            self.draft.head[name]
            for name in ("implementing_unit", "supervising_department", "name")
            if name in self.draft.head
        ]
        for cell, text in [*((one.cell, one.text) for one in told), *((cell, cell.text) for cell in self.draft.titles)]:
            place = place_named(text.strip())
            if place is not None:
                self.notes.append(Note("place_of_name", self.grid.place(cell), text.strip(), place))
                return place
        return None

    def _name_a_department(self) -> None:
        """A department's form has no project: it is named for the department."""
        if self.draft.kind is FormKind.DEPARTMENT and "name" not in self.draft.head:
            for name in ("supervising_department", "implementing_unit"):
                if name in self.draft.head:
                    self.draft.head["name"] = self.draft.head.pop(name)
                    return

    def _name_and_code(self) -> tuple[str | None, str | None]:
        """The name and the code, which Sichuan's forms print in one cell: 51130021T000000229367-退耕还林."""
        name, code = self._head_text("name"), self._head_text("code")
        match = None if name is None or code is not None else _CODE_AND_NAME.fullmatch(name)
        if match is None:
            return name, code
        self._mark("code", self.draft.head["name"].cell)
        return match[2], match[1]

    def _name_for_want_of_one(self) -> str:
        found = self.draft.titles[0].text.strip() if self.draft.titles else self.grid.name or self.hints.file or "—"
        self.notes.append(Note("name_of_title", self._begin(), found, found))
        return found

    def _objective(self, name: str) -> str | None:
        cells = [cell for cell in self.draft.objectives[name] if not is_blank(cell)]
        for cell in cells:
            self._mark(name, cell)
        return "\n".join(cell.text.strip() for cell in cells) or None

    def _money(self, unit: AmountUnit | None) -> tuple[FundingTotal, list[FundingLine], dict[str, Cell]]:
        """The total row, the lines, and the cells of the row that the execution rate stands in."""
        self.money_unit = unit
        self._refuse_money_without_unit(unit)
        total, printed = FundingTotal(), dict[str, Cell]()
        lines: list[FundingLine] = []
        found_total = False
        rows = [row for row in self.draft.money if row.name != "head" or self._says_something(row)]
        if all(row.name != "total" for row in rows):
            # Without a total row, the only line that is scored bears the rate and the score of the whole.
            scored = rows if len(rows) == 1 else [row for row in rows if self._is_scored(row)]
            for row in scored if len(scored) == 1 else []:
                printed = {name: cell for name, cell in row.figures.items() if name not in AMOUNTS}
                amounts = {name: cell for name, cell in row.figures.items() if name in AMOUNTS}
                rows[rows.index(row)] = row._replace(figures=amounts)
        for row, part in zip(rows, _parts_of(rows), strict=True):
            if row.name == "total" and not found_total:
                found_total = True
                total = FundingTotal(**self._amounts(row.figures, "stated.funding_total"))
                printed = row.figures
                continue
            path = f"funding[{len(lines)}]"
            if row.label is not None:
                self._mark(f"{path}.label", row.label)
            lines.append(
                FundingLine(
                    part.source,
                    breakdown=part.breakdown,
                    part_of=part.part_of,
                    label=None if row.label is None else row.label.text.strip(),
                    stated=self._stated_funding(row.figures, path),
                    **self._amounts(row.figures, path),
                )
            )
        return total, lines, printed

    def _is_scored(self, row: MoneyRow) -> bool:
        return any(name in row.figures and not is_blank(row.figures[name]) for name in ("weight", "score"))

    def _says_something(self, row: MoneyRow) -> bool:
        return any(not is_blank(cell) for name, cell in row.figures.items() if name != "other")

    def _refuse_money_without_unit(self, unit: AmountUnit | None) -> None:
        if unit is not None or self.faults:
            return
        for row in self.draft.money:
            for name in AMOUNTS:
                cell = row.figures.get(name)
                if cell is None or has_own_unit(cell) or amount_of(cell, AmountUnit.YUAN) is None:
                    continue
                if self._column_unit(name) is not None:
                    continue
                problem = (
                    f"expected a unit of money in a heading (万元), got none for {cell.text.strip()!r}; pass unit="
                )
                self.faults.append(Fault(self.grid.place(cell), problem))
                return

    def _column_unit(self, name: str) -> AmountUnit | None:
        span = next((span for span in self.draft.money_spans if span.name == name), None)
        text = None if span is None else unit_in(span.heading.text)
        return AmountUnit(text) if text in set(AmountUnit) else None

    def _amounts(self, figures: dict[str, Cell], path: str) -> dict[str, Decimal]:
        amounts = {}
        for name in AMOUNTS:
            cell = figures.get(name)
            amount = None if cell is None else amount_of(cell, self.money_unit)
            if cell is not None and amount is not None:
                amounts[name] = amount
                self._mark(f"{path}.{name}", cell)
            elif cell is not None:
                self.draft.unread[id(cell)] = "no_amount"
        return amounts

    def _stated_funding(self, figures: dict[str, Cell], path: str) -> StatedFunding:
        return StatedFunding(
            execution_rate=self._rate(figures.get("execution_rate"), f"{path}.stated.execution_rate"),
            weight=self._points(figures.get("weight"), f"{path}.stated.weight"),
            score=self._points(figures.get("score"), f"{path}.stated.score"),
        )

    def _rate(self, cell: Cell | None, path: str) -> Decimal | None:
        if cell is None or is_blank(cell):
            return None
        heading = next((span.heading for span in self.draft.money_spans if span.name == "execution_rate"), None)
        percent = heading is not None and "%" in heading.text.replace("％", "%").replace("*100%", "").replace(
            "×100%", ""
        )
        rate = rate_of(as_printed(cell), percent=percent)
        if rate is None:
            self.draft.unread[id(cell)] = "no_rate"
            return None
        if rate[1]:
            self.notes.append(
                Note("rate_in_percent", self.grid.place(cell), cell.text.strip(), f"{cell.text.strip()}%")
            )
        self._mark(path, cell)
        return rate[0]

    def _points(self, cell: Cell | None, path: str) -> Decimal | None:
        result = path.endswith(("score", "total"))
        if cell is None or is_blank(cell):
            return None
        points = points_of(as_printed(cell) if result else cell)
        if points is None:
            self.draft.unread[id(cell)] = "no_points"
            return None
        if cell.text.endswith(("%", "％")):
            self.notes.append(Note("weight_in_percent", self.grid.place(cell), cell.text.strip(), str(points)))
        self._mark(path, cell)
        return points

    def _stated(self, total: FundingTotal, printed: dict[str, Cell]) -> Stated:
        cells = self.draft.execution_cells | {name: cell for name, cell in printed.items() if not is_blank(cell)}
        rate = self._rate(cells.get("execution_rate"), "stated.execution_rate")
        again = self.draft.execution_cells.get("actual")
        read = None if again is None else rate_of(as_printed(again))
        if again is not None and read is not None and rate in {None, read[0]}:
            rate = self._rate(again, "stated.execution_rate")
        weight = self._points(cells.get("weight"), "stated.execution_weight")
        if weight is None:
            weight = self._weight_in_heading()
        score = self._points(cells.get("score"), "stated.execution_score")
        if score is None and "execution_score" in self.draft.head:
            score = self._points(self.draft.head["execution_score"].cell, "stated.execution_score")
        points = self._points(self.draft.total.get("score"), "stated.total")
        grade = None
        if self.draft.grade is not None:
            grade = self.draft.grade.text.strip()
            self._mark("stated.grade", self.draft.grade)
        for name in ("total", "grade"):
            found = self.draft.head.get(name)
            if found is None:
                continue
            cell, text, _ = found
            if name == "total" and points is None:
                alone = text == cell.text.strip()
                points = points_of(as_printed(cell) if alone else cell._replace(text=text, number=None))
                if points is not None:
                    self._mark("stated.total", cell)
                else:
                    self.draft.used.discard(id(cell))
                    self.draft.unread[id(cell)] = "no_points"
            elif name == "grade" and grade is None:
                grade = text
                self._mark("stated.grade", cell)
            else:
                self.draft.used.discard(id(cell))
        return Stated(
            funding_total=total,
            execution_rate=rate,
            execution_weight=weight,
            execution_score=score,
            total=points,
            grade=grade,
        )

    def _weight_in_heading(self) -> Decimal | None:
        """A weight that only a heading prints: 预算执行情况（20分）."""
        headings = [
            *self.draft.money_headings,
            *(span.heading for span in self.draft.money_spans if span.name in {"score", "weight"}),
        ]
        for cell in headings:
            points = points_printed_in(cell.text)
            if points is not None:
                self._mark("stated.execution_weight", cell)
                return points
        return None

    def _indicator(self, i: int, row: IndicatorRow, year: int) -> Indicator:
        path = f"indicators[{i}]"
        cells = row.cells
        name = self._indicator_name(row, path)
        values: dict[str, Any] = {}
        for key in ("weight", "score"):
            cell = cells.get(key)
            if key == "score" and "converted_score" in cells and points_of(cells["converted_score"]) is not None:
                cell = cells["converted_score"]
            if cell is not None and cell.row < row.number:
                if not is_blank(cell):
                    self.notes.append(Note("merged_figure", self.grid.place(cell), cell.text.strip(), name))
                continue
            target = "stated.score" if key == "score" else key
            values[key] = self._points(cell, f"{path}.{target}")
        if "weight" not in cells and "level3" in cells:
            # 养护里程（20分）, where no column is the weight's.
            values["weight"] = points_printed_in(name)
            if values["weight"] is not None:
                self._mark(f"{path}.weight", cells["level3"])
        reason, action = self._reasons(cells, path)
        return Indicator(
            name,
            kind=kind_of_levels(row.level1, row.level2),
            target=self._target(cells, path, year),
            actual=self._actual(cells, path, year),
            weight=values.get("weight"),
            deviation_reason=reason,
            corrective_action=action,
            stated=StatedIndicator(score=values.get("score")),
        )

    def _indicator_name(self, row: IndicatorRow, path: str) -> str:
        cell = row.cells.get("level3")
        if cell is None or is_blank(cell):
            cell = row.level2 or row.level1
        if cell is None:
            return "—"
        self._mark(f"{path}.name", cell)
        return cell.text.strip()

    def _reasons(self, cells: dict[str, Cell], path: str) -> tuple[str | None, str | None]:
        found: dict[str, str | None] = {"deviation_reason": None, "corrective_action": None}
        both = cells.get("reason_and_action")
        for name in found:
            cell = cells.get(name)
            if cell is not None and not is_blank(cell) and not is_hint(cell.text):
                found[name] = cell.text.strip()
                self._mark(f"{path}.{name}", cell)
        if both is not None and not is_blank(both) and not is_hint(both.text) and found["deviation_reason"] is None:
            reason, mark, action = both.text.strip().partition(ACTION_MARK)
            found["deviation_reason"] = reason.strip() or None
            self._mark(f"{path}.deviation_reason", both)
            if mark:
                found["corrective_action"] = action.strip() or None
        return found["deviation_reason"], found["corrective_action"]

    def _target(self, cells: dict[str, Cell], path: str, year: int) -> Target | None:
        cell = cells.get("target")
        adjusted = cells.get("adjusted_target")
        if adjusted is not None and not is_blank(adjusted):
            cell = adjusted
        if cell is None or is_blank(cell):
            return None
        self._mark(f"{path}.target", cell)
        if cell.date is not None:
            return Deadline(cell.date)
        text = cell.text.strip()
        sign, unit = cells.get("comparator"), cells.get("unit")
        operator = counted = None
        if sign is not None and not is_blank(sign):
            found = name_of("comparators", sign.text)
            if found is not None:
                self.draft.use(sign)
                in_words = label_of(sign.text) not in {found, *_SIGNS}
                operator = (found if in_words else sign.text) if found else None
                if found and in_words:
                    self.notes.append(Note("comparator_in_words", self.grid.place(sign), sign.text.strip(), found))
        if unit is not None and not is_blank(unit):
            own = re.sub(r"[（(].*[)）]", "", unit.text.strip()).strip() or unit.text.strip()
            if own == "百分比":
                own = "%"
            self.draft.use(unit)
            counted = unit.text
            if not text[-1:].isdigit() and not text.endswith((own, "％" if own == "%" else own)):
                self.draft.used.discard(id(unit))
        target = target_of(text, operator, counted, year)
        if isinstance(target, Statement):
            # Words have no sign and no unit: what stands beside them is listed.
            for one, taken in ((sign, operator), (unit, counted)):
                if one is not None and taken:
                    self.draft.used.discard(id(one))
                    self.draft.unread[id(one)] = "beside_words"
        return target

    def _actual(self, cells: dict[str, Cell], path: str, year: int) -> Actual | None:
        cell = cells.get("actual")
        if cell is None or is_blank(cell):
            return None
        self._mark(f"{path}.actual", cell)
        if cell.date is not None:
            return Completion(cell.date)
        text, unit = cell.text.strip(), cells.get("actual_unit")
        if unit is not None and not is_blank(unit) and text[-1:].isdigit():
            # 15 | 个
            actual = actual_of(text + unit.text.strip(), year)
            if isinstance(actual, Quantity):
                self.draft.use(unit)
                return actual
        return actual_of(text, year)


class _Part(NamedTuple):
    """How a row of the money block belongs to the others."""

    source: FundingSource
    breakdown: Breakdown
    part_of: str | None


def _parts_of(rows: list[MoneyRow]) -> list[_Part]:
    """How each row of the money block belongs to the others: by 其中 and by what it names."""
    texts = ["" if row.label is None else row.label.text.strip() for row in rows]
    heads = {id(row.label) for row in rows if row.name == "head"}
    owners: list[str | None] = []
    parent: str | None = None
    before: str | None = None
    for text, row in zip(texts, rows, strict=True):
        if row.name != "line":
            owners.append(None)
            parent = before = None
            continue
        kind = _level_or_source(text)
        detail = name_of("money_nature_parts", text) is not None
        below = before is not None and detail and name_of("money_nature_parts", before) is None
        if label_of(text).startswith("其中") and before is not None:
            # One 其中 after another of its kind is its sibling.
            again = label_of(before).startswith("其中") and kind == _level_or_source(before) and not below
            parent = parent if again else before
        elif below and parent is None and before is not None:
            # 公用经费 below 基本支出.
            parent = before if name_of("money_nature", before) is not None else None
        elif parent is not None and not detail and kind == _level_or_source(parent):
            parent = None
        # A head without amounts of its own is no row of the model.
        head = row.head.text.strip() if row.head is not None and id(row.head) in heads else None
        owners.append(parent if parent is not None else head)
        before = text
    groups: dict[tuple[str | None, str], list[str]] = {}
    for text, row, owner in zip(texts, rows, owners, strict=True):
        if row.name == "line":
            groups.setdefault((owner, _head_name(row)), []).append(text)
    levels = {key for key, members in groups.items() if any(_level_or_source(text) == "level" for text in members)}
    parts = []
    for text, row, owner in zip(texts, rows, owners, strict=True):
        head = _head_name(row) or name_of("money_heads", text.replace("：", ":").partition(":")[0]) or ""
        if head == "nature" or name_of("money_nature", text) is not None:
            breakdown = Breakdown.NATURE
        else:
            level = row.name == "line" and (owner, _head_name(row)) in levels
            breakdown = Breakdown.LEVEL if level else Breakdown.SOURCE
        parts.append(_Part(_source_of(text, breakdown), breakdown, owner))
    return parts


def _head_name(row: MoneyRow) -> str:
    """The breakdown that the head above a row opens."""
    return "" if row.head is None else name_of("money_heads", row.head.text) or ""


def _level_or_source(text: str) -> str:
    return "level" if name_of("money_levels", text) is not None else "source"


def _source_of(text: str, breakdown: Breakdown) -> FundingSource:
    found = None
    text = without_head(text)
    if breakdown is Breakdown.LEVEL:
        found = name_of("money_levels", text)
        if found is None and name_of("money_sources", text) == "other":
            found = "other"
    elif breakdown is Breakdown.SOURCE:
        found = name_of("money_sources", text)
    return FundingSource(found or "unspecified")
