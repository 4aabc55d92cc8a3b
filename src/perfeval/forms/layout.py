"""From a grid to forms: blocks are found by their labels, never by their position.

A form is read from top to bottom. The heading row of a block (年初预算数 …, or
一级指标 …) opens it and says what its columns are; a row with a label of another
block ends it. What is read is marked; every cell that was not is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from perfeval.amounts import AmountUnit
from perfeval.errors import Fault, PerfevalError, TextError
from perfeval.forms.figures import (
    amount_of,
    has_own_unit,
    is_blank,
    points_of,
    points_printed_in,
    rate_of,
    unit_in,
    year_in,
)
from perfeval.forms.grid import Cell, Grid
from perfeval.forms.records import Form, FormKind, Listed, Note, Placed
from perfeval.forms.supplement import Entry, read_entry
from perfeval.labels import label_of, name_of
from perfeval.model import (
    Breakdown,
    FundingLine,
    FundingSource,
    FundingTotal,
    Indicator,
    IndicatorKind,
    Project,
    Stated,
    StatedFunding,
    StatedIndicator,
)
from perfeval.targets import Actual, Completion, Deadline, Statement, Target
from perfeval.text import parse_actual, parse_target

__all__ = ["Hints", "looked_for", "read_grid"]


V = TypeVar("V")


class Hints(NamedTuple):
    """What the caller tells for forms that do not print it.

    Attributes:
        unit: The unit of money.
        year: The fiscal year.
        file: The file's name; a year in it is taken last, and noted.
    """

    unit: AmountUnit | None = None
    year: int | None = None
    file: str = ""


AMOUNTS = ("original_budget", "budget_adjustment", "adjusted_budget", "funds_received", "actual_expenditure")
_LEVELS = ("level1", "level2", "level3")
_INDICATOR_FIGURES = frozenset({"target", "adjusted_target", "actual", "weight", "score"})
# A figure merged over rows counts once; a word merged over rows holds for each.
_COUNTED = frozenset({"weight", "score", "converted_score"})


def looked_for() -> str:
    """Return the headings that open a block, for the message that none was found."""
    from perfeval.labels import first_label

    money = ", ".join(first_label("money_columns", name) for name in ("adjusted_budget", "actual_expenditure"))
    rows = ", ".join(first_label("indicator_columns", name) for name in ("level1", "level3", "actual", "score"))
    return f"a block of money ({money} …) or of indicators ({rows} …)"


def read_grid(grid: Grid, hints: Hints) -> tuple[list[Form], list[Fault]]:
    """Return the forms on a grid, and what is wrong with those that are none.

    A grid without any block has neither.
    """
    forms: list[Form] = []
    faults: list[Fault] = []
    for draft in _drafts(grid, hints):
        found = draft.finished()
        if isinstance(found, Form):
            forms.append(found)
        else:
            faults += found
    return forms, faults


def _distinct(row: Any) -> list[Cell]:
    cells: list[Cell] = []
    last = None
    for cell in row:
        if cell is not None and cell is not last:
            cells.append(cell)
            last = cell
    return cells


def _drafts(grid: Grid, hints: Hints) -> Iterator[_Draft]:
    draft = _Draft(grid, hints, 0)
    for number, row in enumerate(grid.rows):
        cells = _distinct(row)
        if not cells:
            continue
        own = [cell for cell in cells if cell.row == number]
        if own and draft.blocks and len(cells) == len(own) and _opens_a_form(draft, own):
            draft.end = number
            yield draft
            draft = _Draft(grid, hints, number)
        draft.read_row(number, cells, own)
    draft.end = len(grid.rows)
    if draft.blocks:
        yield draft


def _opens_a_form(draft: _Draft, own: list[Cell]) -> bool:
    """Whether a row is the title or the first row of another form."""
    if len(own) == 1 and len(own[0].text) <= 80 and name_of("titles", own[0].text) is not None:
        return True
    first = own[0].text.partition("：")[0].partition(":")[0]
    return draft.has_name and name_of("head", first) == "name" and label_of(first) != "项目"


class _Span(NamedTuple):
    """The columns of the grid below one heading."""

    name: str
    first: int
    last: int
    heading: Cell


class _Row(NamedTuple):
    """An indicator while it is read."""

    number: int
    level1: Cell | None
    level2: Cell | None
    cells: dict[str, Cell]


class _Draft:
    """A form while it is read."""

    def __init__(self, grid: Grid, hints: Hints, start: int) -> None:
        self.grid = grid
        self.hints = hints
        self.start = start
        self.end = start
        self.state: Callable[[int, list[Cell], list[Cell]], bool] = self._head_row
        self.blocks = 0
        self.has_name = False
        self.used: set[int] = set()
        self.titles: list[Cell] = []
        self.kind = FormKind.PROJECT
        self.head: dict[str, tuple[Cell, str]] = {}
        self.units: list[tuple[int, str, Cell]] = []
        self.spans: list[_Span] = []
        self.money_spans: list[_Span] = []
        self.header_rows: frozenset[int] = frozenset()
        self.money: list[tuple[Cell | None, str, dict[str, Cell]]] = []
        self.money_headings: list[Cell] = []
        self.objectives: dict[str, list[Cell]] = {"objective_expected": [], "objective_actual": []}
        self.rows: list[_Row] = []
        self.levels: dict[str, Cell | None] = {}
        self.total: dict[str, Cell] = {}
        self.execution_cells: dict[str, Cell] = {}
        self.grade: Cell | None = None
        self.placed: list[Placed] = []
        self.notes: list[Note] = []
        self.faults: list[Fault] = []
        self.extras: list[tuple[Cell, Entry, list[Cell]]] = []
        self.unplaced: dict[int, str] = {}
        self.money_unit: AmountUnit | None = None

    # Reading rows.

    def read_row(self, number: int, cells: list[Cell], own: list[Cell]) -> None:
        """Read one row: a heading row opens its block, else the block that is open takes it."""
        if number in self.header_rows or not own:
            return
        if self.state == self._extra_row or name_of("extras", own[0].text) == "extras":
            self.state = self._extra_row
            self._extra_row(number, cells, own)
            return
        if own and (
            self._money_header(number, own) or self._indicator_header(number, own) or self._objective_header(own)
        ):
            return
        if not self.state(number, cells, own):
            self.state = self._head_row
            self._head_row(number, cells, own)

    def _use(self, *cells: Cell) -> None:
        self.used.update(id(cell) for cell in cells)

    def _money_header(self, number: int, own: list[Cell]) -> bool:
        """Open the money block at a row that names two of its columns of amounts."""
        named = [(cell, name_of("money_columns", cell.text)) for cell in own if not _is_figure(cell)]
        amounts = {name for _, name in named if name in AMOUNTS}
        others = {name for _, name in named if name in {"execution_rate", "score", "weight"}}
        if len(amounts) < 2 and not (len(amounts) == 1 and others and "execution_rate" in others):
            return False
        if any(name_of("indicator_columns", cell.text) in _LEVELS for cell in own):
            return False
        data = [cell for cell in own if _is_figure(cell) and not is_blank(cell)]
        if data and self.state == self._money_row:
            # 预算数： | 6.84 below a heading row of its own.
            return False
        first = next(i for i, (_, name) in enumerate(named) if name in AMOUNTS)
        headings = [cell for cell, _ in named[:first]]
        columns = [(cell, name) for cell, name in named[first:]]
        spans = []
        for i, (cell, name) in enumerate(columns):
            right = columns[i + 1][0].column - 1 if i + 1 < len(columns) else cell.column + cell.columns - 1
            spans.append(_Span(name or "", cell.column, max(right, cell.column + cell.columns - 1), cell))
        if data or (len(columns) > 1 and columns[0][0].column + columns[0][0].columns < columns[1][0].column):
            spans = self._pairs(number, spans)
        self.state = self._money_row
        self.blocks += 1
        self.spans = self.money_spans = spans
        self.money_headings = headings
        self._use(*headings, *(span.heading for span in spans if span.name))
        for cell in [*headings, *(span.heading for span in spans)]:
            self._find_unit(cell, 0)
        if data:
            # 预算数 | 2.38 | 执行数 | 2.38: the heading row is the total row as well.
            figures = self._figures(number)
            self.money.append((spans[0].heading, "total", figures))
        return True

    def _pairs(self, number: int, spans: list[_Span]) -> list[_Span]:
        """The spans of labels that stand beside their figures."""
        width = len(self.grid.rows[number])
        last = [span.last for span in spans]
        last[-1] = max(last[-1], min(width - 1, spans[-1].last + 1))
        return [span._replace(last=right) for span, right in zip(spans, last, strict=True)]

    def _indicator_header(self, number: int, own: list[Cell]) -> bool:
        """Open the indicator block at the rows that name its columns."""
        named = {name for cell in own if cell.number is None and (name := name_of("indicator_columns", cell.text))}
        if len(named) < 2:
            return False
        below = self._header_rows_below(number)
        all_named = named | {
            name for row in below for cell in row if (name := name_of("indicator_columns", cell.text)) is not None
        }
        if not (all_named & set(_LEVELS)) or not (all_named & (_INDICATOR_FIGURES | {"criterion"})):
            return False
        if "level3" not in all_named and "level2" not in all_named and len(all_named & _INDICATOR_FIGURES) < 2:
            return False
        last = number + len(below)
        spans = self._indicator_spans(number, last)
        if not any(span.name in _LEVELS for span in spans):
            return False
        self.spans = spans
        self.header_rows = frozenset(range(number, last + 1))
        self.state = self._indicator_row
        self.blocks += 1
        self.levels = {}
        for row in range(number, last + 1):
            for cell in _distinct(self.grid.rows[row]):
                if name_of("indicator_columns", cell.text) or self._is_block_heading(cell):
                    self._use(cell)
        return True

    def _is_block_heading(self, cell: Cell) -> bool:
        return name_of("objective", cell.text) is not None or name_of("indicator_block", cell.text) is not None

    def _header_rows_below(self, number: int) -> list[list[Cell]]:
        """The next one or two rows, if every new cell of them names a column."""
        rows: list[list[Cell]] = []
        for below in range(number + 1, min(number + 3, len(self.grid.rows))):
            own = [cell for cell in _distinct(self.grid.rows[below]) if cell.row == below]
            names = [name_of("indicator_columns", cell.text) for cell in own if cell.number is None]
            if not own or len(names) < len(own) or None in names:
                break
            rows.append(own)
        return rows

    def _indicator_spans(self, first: int, last: int) -> list[_Span]:
        """The column of each name: the lowest heading counts, else the one above it."""
        columns: list[_Span] = []
        taken: set[str] = set()
        width = len(self.grid.rows[first])
        for column in range(width):
            stack: list[Cell] = []
            for row in range(first, last + 1):
                cell = self.grid.rows[row][column]
                if cell is not None and cell not in stack and cell.row >= first:
                    stack.append(cell)
            if not stack:
                continue
            name, heading = None, stack[-1]
            for cell in reversed(stack):
                name = name_of("indicator_columns", cell.text)
                if name is not None:
                    heading = cell
                    break
            if any(name_of("indicator_columns", cell.text) == "other" for cell in stack):
                name = "other"
            if columns and columns[-1].heading is heading:
                columns[-1] = columns[-1]._replace(last=column)
                continue
            columns.append(_Span(name or "", column, column, heading))
        return self._settled(columns, taken)

    def _settled(self, columns: list[_Span], taken: set[str]) -> list[_Span]:
        """Each name once: a weight that stands between two levels is that of the level before it."""
        block = [i for i, span in enumerate(columns) if name_of("indicator_block", span.heading.text) is not None]
        if any(span.name == "level3" for i, span in enumerate(columns) if i not in block) or not block:
            columns = [span._replace(name="") if i in block else span for i, span in enumerate(columns)]
        else:
            columns = [part for i, span in enumerate(columns) for part in (_levels_of(span) if i in block else [span])]
        deepest = max((i for i, span in enumerate(columns) if span.name in _LEVELS), default=-1)
        settled = []
        for i, span in enumerate(columns):
            name = span.name
            if name in _COUNTED and i < deepest:
                name = "other"
            elif name and name != "other":
                if name in taken:
                    name = "other"
                taken.add(name)
            settled.append(span._replace(name=name))
        return settled

    def _objective_header(self, own: list[Cell]) -> bool:
        """Open the block of the overall objective: 预期目标 beside 实际完成情况."""
        if len(own) > 6:
            return False
        names = [name_of("objective", cell.text) for cell in own]
        if "objective_expected" not in names or "objective_actual" not in names:
            return False
        first = names.index("objective_expected")
        if "objective_actual" not in names[first:] or None in names[first:]:
            return False
        spans: list[_Span] = []
        for i in range(first, len(own)):
            name = names[i] or ""
            if any(span.name == name for span in spans) or name == "block":
                name = ""
            spans.append(_Span(name, own[i].column, own[i].column + own[i].columns - 1, own[i]))
        self.spans = spans
        self.state = self._objective_row
        self._use(*own)
        return True

    # The rows of the head, and those after the blocks.

    def _head_row(self, _number: int, _cells: list[Cell], own: list[Cell]) -> bool:
        for i, cell in enumerate(own):
            if id(cell) in self.used:
                continue
            text = cell.text
            if len(own) == 1 and len(text) <= 80 and (kind := name_of("titles", text)) is not None:
                self.titles.append(cell)
                self.kind = FormKind(kind)
                self._use(cell)
                self._find_unit(cell, 1)
                continue
            if not self.blocks:
                self._find_unit(cell, 1)
            following = own[i + 1] if i + 1 < len(own) else None
            if self._labelled(cell, following) or self._pairs_inside(cell):
                continue
            if len(own) == 1 and not self.blocks and len(text) <= 40 and year_in(text) is not None:
                # （2022年度）
                self.titles.append(cell)
                self._use(cell)
        return True

    def _labelled(self, cell: Cell, following: Cell | None) -> bool:
        """Read a cell that is a label, and the value to its right."""
        if len(cell.text) > 60 or cell.number is not None:
            return False
        name = name_of("head", cell.text)
        objective = None if name is not None else name_of("objective", cell.text)
        other = name is None and objective is None and name_of("head_other", cell.text) is not None
        if name is None and objective is None and not other:
            return False
        beside = following is not None and not self._is_label(following)
        self._use(cell)
        if not beside or following is None:
            return True
        if other:
            self.unplaced[id(following)] = label_of(cell.text)
        elif objective is not None:
            key = "objective_expected" if objective == "block" else objective
            self.objectives[key].append(following)
            self._use(following)
        elif name is not None:
            self._take(name, following, following.text.strip())
        return True

    def _is_label(self, cell: Cell) -> bool:
        return cell.number is None and any(
            name_of(part, cell.text) is not None for part in ("head", "objective", "head_other")
        )

    def _take(self, name: str, cell: Cell, value: str) -> None:
        """Take a value of the head, the first of its name."""
        if is_blank(cell) or not value:
            self._use(cell)
            return
        if name in self.head:
            if self.head[name][1] == value:
                self._use(cell)
            return
        self.head[name] = (cell, value)
        self._use(cell)
        if name == "name":
            self.has_name = True

    def _pairs_inside(self, cell: Cell) -> bool:
        """Read labels and values that stand in one cell: "填报单位：甲局  单位：万元"."""
        found = False
        text = cell.text
        if len(text) > 400 or not ("：" in text or ":" in text):
            return False
        leftover = False
        for piece in re.split(r"\s{2,}|[\t\n　]+|[;；]", text):
            if unit_in(f"({piece.strip()})") or unit_in(piece):
                found = True
                piece = re.sub(r"[（(]?(?:金额)?单位\s*[:：].*", "", piece).strip()  # noqa: PLW2901
                if not piece:
                    continue
            label, colon, value = piece.replace("：", ":").partition(":")
            name = name_of("head", label) if colon and len(label) <= 20 else None
            if name is None:
                leftover = leftover or bool(piece.strip())
                continue
            found = True
            if value.strip() and name not in self.head:
                self.head[name] = (cell, value.strip())
                self.has_name = self.has_name or name == "name"
        if found and not leftover:
            self._use(cell)
        elif found:
            self.unplaced.setdefault(id(cell), "")
        return found

    def _find_unit(self, cell: Cell, rank: int) -> None:
        unit = unit_in(cell.text)
        if unit is not None:
            self.units.append((rank, unit, cell))
            if label_of(cell.text) in {"", "单位", "金额单位"} or label_of(cell.text).startswith(
                ("单位:", "金额单位:")
            ):
                self._use(cell)

    # The block of the overall objective.

    def _objective_row(self, _number: int, _cells: list[Cell], own: list[Cell]) -> bool:
        taken = False
        for cell in own:
            span = next((span for span in self.spans if span.first <= cell.column <= span.last), None)
            if span is None or not span.name:
                if span is None and (self._is_label(cell) or name_of("money_block", cell.text)):
                    return taken
                continue
            if cell is own[0] and self._is_label(cell) and len(own) > 1 and cell.column < self.spans[0].first:
                return taken
            self.objectives[span.name].append(cell)
            self._use(cell)
            taken = True
        return taken

    # The money block.

    def _figures(self, number: int) -> dict[str, Cell]:
        """The cells below each heading of the money block; of a label and a figure, the figure."""
        figures: dict[str, Cell] = {}
        row = self.grid.rows[number]
        for span in self.spans:
            cells = [cell for cell in _distinct(row[span.first : span.last + 1]) if cell.row == number]
            if span.name in AMOUNTS or span.name == "execution_rate":
                cells = [cell for cell in cells if _is_figure(cell)]
            if cells and span.name:
                figures.setdefault(span.name, cells[-1])
        return figures

    def _money_row(self, number: int, cells: list[Cell], own: list[Cell]) -> bool:
        first = self.spans[0].first
        beside = [
            cell
            for cell in cells
            if cell.column < first
            and (cell.row == number or name_of("money_part", cell.text))
            and cell not in self.money_headings
        ]
        inside = False
        if not [cell for cell in beside if cell.row == number]:
            # 其中：财政资金 | 6.84 | 其中：财政资金 | 6.84
            row = self.grid.rows[number]
            labels = [
                cell
                for span in self.spans
                if span.name in AMOUNTS
                for cell in _distinct(row[span.first : span.last + 1])
                if cell.row == number and not _is_figure(cell)
            ]
            if labels and all(self._row_name(cell.text) is not None for cell in labels):
                beside, inside = labels, True
        labels = [cell for cell in beside if cell.row == number]
        text = _without_head("".join(cell.text.strip() for cell in (labels[:1] if inside else beside)))
        label = labels[-1] if labels else None
        figures = self._figures(number)
        told = any(not is_blank(cell) for cell in figures.values())
        name = self._row_name(text)
        if name is None and label is not None:
            stops = any(name_of(part, label.text) is not None for part in ("objective", "head", "head_other"))
            if stops or name_of("indicator_columns", label.text) in _LEVELS or not told:
                return stops and False if stops else self._money_words(own)
        if name is None and label is None:
            if not told:
                return bool(own) and self._money_words(own)
            name = "total" if not self.money else None
            if name is None:
                return True
        if inside:
            self._use(*labels)
            self._paired(number, labels)
            return True
        self._use(*labels)
        self.money.append((label, name or "line", figures))
        return True

    def _money_words(self, own: list[Cell]) -> bool:
        """Whether a row without figures still belongs to the money block: 其中：基本支出：900.47."""
        return any(re.search(r"[:：]\s*[\d,.]+", cell.text) for cell in own) and len(own) <= 4

    def _paired(self, number: int, labels: list[Cell]) -> None:
        """Add the lines of a row whose figures each have their own label."""
        row = self.grid.rows[number]
        lines: dict[str, tuple[Cell, str, dict[str, Cell]]] = {}
        rest: dict[str, Cell] = {}
        for span in self.spans:
            cells = [cell for cell in _distinct(row[span.first : span.last + 1]) if cell.row == number]
            if not cells or not span.name:
                continue
            label = next((cell for cell in cells if cell in labels), None)
            value = cells[-1] if cells[-1] is not label else None
            if label is None:
                if value is not None and span.name not in AMOUNTS:
                    rest[span.name] = value
                continue
            key = label_of(label.text)
            name = self._row_name(label.text) or "line"
            key = "total" if name == "total" else key
            line = lines.setdefault(key, (label, name, {}))
            if value is not None:
                line[2][span.name] = value
        for i, (label, name, figures) in enumerate(lines.values()):
            self.money.append((label, name, figures | (rest if i == 0 else {})))

    def _row_name(self, text: str) -> str | None:
        """What a row of the money block is: "total", "head", or "line"; `None` if no label says."""
        if not text:
            return None
        if "其中" not in text[:6]:
            if name_of("money_heads", text) is not None:
                return "head"
            if name_of("money_total", text) is not None:
                return "total"
            if name_of("money_columns", text) in AMOUNTS:
                return "total"
        if any(name_of(part, text) is not None for part in ("money_levels", "money_sources", "money_nature")):
            return "line"
        return "line" if label_of(text).startswith("其中") else None

    # The indicator block.

    def _indicator_row(self, number: int, _cells: list[Cell], own: list[Cell]) -> bool:
        row = self.grid.rows[number]
        figures: dict[str, Cell] = {}
        for span in self.spans:
            for cell in _distinct(row[span.first : span.last + 1]):
                if cell.column >= span.first and span.name:
                    figures.setdefault(span.name, cell)
        new = {name: cell for name, cell in figures.items() if cell.row == number}
        levels = [figures.get(name) for name in _LEVELS]
        first = own[0]
        if self._ends(first, new):
            return False
        if name_of("total_row", first.text) and self._beside_levels(first):
            self._total_row(first, own, new)
            return True
        if name_of("subtotal_row", first.text):
            self._use(first)
            return True
        if name_of("execution_row", first.text) and first in levels[:2]:
            self._use(*(cell for cell in levels if cell is not None))
            for name, cell in new.items():
                if name not in _LEVELS:
                    self.execution_cells.setdefault(name, cell)
            return True
        for name, found in zip(_LEVELS[:2], levels[:2], strict=True):
            if found is not None:
                if self.levels.get(name) is not found and name == "level1":
                    self.levels["level2"] = None
                self.levels[name] = found
                if name_of("levels1", found.text) or name_of("levels2", found.text) or not label_of(found.text):
                    self._use(found)
        level1, level2 = self.levels.get("level1"), self.levels.get("level2")
        told = {
            name: cell
            for name, cell in new.items()
            if name not in {"level1", "level2", "comparator", "unit", "other", "criterion"} and not is_blank(cell)
        }
        if "level3" in told and _is_hint(told["level3"].text):
            self._use(told.pop("level3"))
        if not told:
            # A blank row of a template; what stands under its own headings is listed.
            return True
        self.rows.append(_Row(number, level1, level2, figures))
        return True

    def _beside_levels(self, cell: Cell) -> bool:
        """Whether a cell stands before the columns of figures."""
        values = [span.first for span in self.spans if span.name in _INDICATOR_FIGURES or span.name in _COUNTED]
        return not values or cell.column < min(values)

    def _ends(self, first: Cell, new: dict[str, Cell]) -> bool:
        """Whether a row belongs to what follows the indicators."""
        if name_of("total_row", first.text):
            return False
        reach = first.column + first.columns
        deepest = max((span.last for span in self.spans if span.name in _LEVELS), default=0)
        if len(first.text) <= 60 and first.number is None and not (new.keys() & {"weight", "score"}):
            labels = ("head_other", "head", "objective")
            if "level3" not in new and any(name_of(part, first.text) is not None for part in labels):
                return True
        # A note over the whole width.
        return reach > deepest + 1 and first.columns > 1 and first.column <= self.spans[0].first and len(new) <= 1

    def _total_row(self, first: Cell, own: list[Cell], new: dict[str, Cell]) -> None:
        self._use(first)
        for name in ("weight", "converted_score", "score"):
            cell = new.get(name)
            if cell is not None and points_of(cell) is not None:
                self.total.setdefault("score" if name == "converted_score" else name, cell)
        for cell in own:
            if cell is not first and name_of("grades", cell.text) is not None and self.grade is None:
                self.grade = cell
        if "score" not in self.total:
            # 总分 | 98.62
            rest = [cell for cell in own[1:] if cell is not self.total.get("weight") and points_of(cell) is not None]
            if len(rest) == 1 and ("weight" in self.total or len(own) <= 3):
                self.total["score"] = rest[0]
        self.state = self._head_row

    # What the writer put below the form.

    def _extra_row(self, _number: int, _cells: list[Cell], own: list[Cell]) -> bool:
        if len(own) == 3:
            if name_of("extras", own[0].text) == "extras":
                self._use(*own)
            else:
                self.extras.append((own[0], Entry(*(cell.text.strip() for cell in own)), own))
        return True

    def _with_extras(self, project: Project) -> Project:
        """The project with what the form cannot show; an entry that the form contradicts is listed."""
        for cell, entry, cells in self.extras:
            changed = read_entry(project, entry)
            if changed is not None:
                project = changed
                self._mark(entry.path, cell)
                self._use(*cells)
        return project

    # Making the records.

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
        full = self.total.get("weight")
        if full is not None:
            self._mark("full_score", full)
        return Form(
            project,
            self.kind,
            self._begin(),
            tuple(self.placed),
            tuple(self._listed()),
            tuple(self.notes),
            (),
            None if full is None else points_of(full),
        )

    def _begin(self) -> str:
        for row in self.grid.rows[self.start : self.end]:
            cell = next((cell for cell in row if cell is not None), None)
            if cell is not None:
                return self.grid.place(cell)
        return self.grid.name

    def _mark(self, path: str, cell: Cell) -> None:
        self.placed.append(Placed(path, self.grid.place(cell)))
        self._use(cell)

    def _listed(self) -> Iterator[Listed]:
        seen: set[int] = set()
        for row in self.grid.rows[self.start : self.end]:
            for cell in _distinct(row):
                if id(cell) not in self.used and id(cell) not in seen:
                    seen.add(id(cell))
                    if not is_blank(cell):
                        yield Listed(self.grid.place(cell), cell.text.strip())

    def _year(self) -> int | None:
        if "fiscal_year" in self.head:
            cell, text = self.head["fiscal_year"]
            year = year_in(text, plain=True)
            if year is not None:
                self._mark("fiscal_year", cell)
                return year
        for plain in (False, True):
            for cell in self.titles:
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
        found = sorted(self.units, key=lambda one: one[0])
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
        department, unit_name = self._head_text("supervising_department"), self._head_text("implementing_unit")
        reason = self._head_text("execution_deviation_reason") or self._text_of("execution_deviation_reason", printed)
        return Project(
            self._head_text("name") or self._name_for_want_of_one(department or unit_name),
            fiscal_year=year,
            code=self._head_text("code"),
            supervising_department=department,
            implementing_unit=unit_name,
            amount_unit=unit or AmountUnit.WAN,
            funding=lines,
            indicators=[self._indicator(i, row, year) for i, row in enumerate(self.rows)],
            objective_expected=self._objective("objective_expected"),
            objective_actual=self._objective("objective_actual"),
            execution_deviation_reason=reason,
            finished=self._finished(),
            stated=stated,
        )

    def _head_text(self, name: str) -> str | None:
        if name not in self.head:
            return None
        cell, text = self.head[name]
        self._mark(name, cell)
        return text

    def _finished(self) -> bool | None:
        found = self.head.get("finished")
        if found is None:
            return None
        cell, text = found
        value = {"是": True, "已完成": True, "完成": True, "否": False, "未完成": False}.get(label_of(text))
        if value is None:
            self.used.discard(id(cell))
        else:
            self._mark("finished", cell)
        return value

    def _text_of(self, name: str, cells: dict[str, Cell]) -> str | None:
        cell = cells.get(name)
        if cell is None or is_blank(cell):
            return None
        self._mark(name, cell)
        return cell.text.strip()

    def _name_for_want_of_one(self, name: str | None) -> str:
        """A department's form has no project: it is named for the department, else for its title."""
        if name is not None and self.kind is not FormKind.PROJECT:
            return name
        found = self.titles[0].text.strip() if self.titles else name or self.grid.name or self.hints.file
        found = found or "—"
        self.notes.append(Note("name_of_title", self._begin(), found, found))
        return found

    def _objective(self, name: str) -> str | None:
        cells = [cell for cell in self.objectives[name] if not is_blank(cell)]
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
        parts = _parts_of([(label, name) for label, name, _ in self.money])
        for (label, name, figures), part in zip(self.money, parts, strict=True):
            if name == "total" and not found_total:
                found_total = True
                total = FundingTotal(**self._amounts(figures, "stated.funding_total"))
                printed = figures
                continue
            path = f"funding[{len(lines)}]"
            text = "" if label is None else label.text.strip()
            if label is not None:
                self._mark(f"{path}.label", label)
            lines.append(
                FundingLine(
                    part.source,
                    breakdown=part.breakdown,
                    part_of=part.part_of,
                    label=text or None,
                    stated=self._stated_funding(figures, path),
                    **self._amounts(figures, path),
                )
            )
        return total, lines, printed

    def _refuse_money_without_unit(self, unit: AmountUnit | None) -> None:
        if unit is not None or self.faults:
            return
        for _, _, figures in self.money:
            for name in AMOUNTS:
                cell = figures.get(name)
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
        span = next((span for span in self.money_spans if span.name == name), None)
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
        heading = next((span.heading for span in self.money_spans if span.name == "execution_rate"), None)
        percent = heading is not None and "%" in heading.text.replace("％", "%").replace("*100%", "").replace(
            "×100%", ""
        )
        rate = rate_of(cell, percent=percent)
        if rate is None:
            return None
        if rate[1]:
            self.notes.append(
                Note("rate_in_percent", self.grid.place(cell), cell.text.strip(), f"{cell.text.strip()}%")
            )
        self._mark(path, cell)
        return rate[0]

    def _points(self, cell: Cell | None, path: str) -> Decimal | None:
        points = None if cell is None or is_blank(cell) else points_of(cell)
        if cell is None or points is None:
            return None
        if cell.text.endswith(("%", "％")):
            self.notes.append(Note("weight_in_percent", self.grid.place(cell), cell.text.strip(), str(points)))
        self._mark(path, cell)
        return points

    def _stated(self, total: FundingTotal, printed: dict[str, Cell]) -> Stated:
        cells = self.execution_cells | {name: cell for name, cell in printed.items() if not is_blank(cell)}
        rate = self._rate(cells.get("execution_rate"), "stated.execution_rate")
        if rate is None and "actual" in self.execution_cells:
            rate = self._rate(self.execution_cells["actual"], "stated.execution_rate")
        weight = self._points(cells.get("weight"), "stated.execution_weight")
        if weight is None:
            weight = self._weight_in_heading()
        score = self._points(cells.get("score"), "stated.execution_score")
        points = self._points(self.total.get("score"), "stated.total")
        grade = None
        if self.grade is not None:
            grade = self.grade.text.strip()
            self._mark("stated.grade", self.grade)
        for name in ("total", "grade"):
            found = self.head.get(name)
            if found is None:
                continue
            cell, text = found
            if name == "total" and points is None:
                alone = text == cell.text.strip()
                points = points_of(cell if alone else cell._replace(text=text, number=None))
                if points is not None:
                    self._mark("stated.total", cell)
                else:
                    self.used.discard(id(cell))
            elif name == "grade" and grade is None:
                grade = text
                self._mark("stated.grade", cell)
            else:
                self.used.discard(id(cell))
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
            *self.money_headings,
            *(span.heading for span in self.money_spans if span.name in {"score", "weight"}),
        ]
        for cell in headings:
            points = points_printed_in(cell.text)
            if points is not None:
                self._mark("stated.execution_weight", cell)
                return points
        return None

    def _indicator(self, i: int, row: _Row, year: int) -> Indicator:
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
        reason, action = self._reasons(cells, path)
        return Indicator(
            name,
            kind=_kind(row.level1, row.level2),
            target=self._target(cells, path, year),
            actual=self._actual(cells, path, year),
            weight=values.get("weight"),
            deviation_reason=reason,
            corrective_action=action,
            stated=StatedIndicator(score=values.get("score")),
        )

    def _indicator_name(self, row: _Row, path: str) -> str:
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
            if cell is not None and not is_blank(cell):
                found[name] = cell.text.strip()
                self._mark(f"{path}.{name}", cell)
        if both is not None and not is_blank(both) and found["deviation_reason"] is None:
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
            if cell is not None and not is_blank(cell) and cell.text.strip() == adjusted.text.strip():
                self._use(cell)
            cell = adjusted
        if cell is None and "criterion" in cells and "target" not in {span.name for span in self.spans}:
            # A department's table has criteria where a project's has targets.
            cell = cells["criterion"]
        if cell is None or is_blank(cell):
            return None
        self._mark(f"{path}.target", cell)
        if cell.date is not None:
            return Deadline(cell.date)
        text = cell.text.strip()
        sign, unit = cells.get("comparator"), cells.get("unit")
        if sign is not None and not is_blank(sign):
            found = name_of("comparators", sign.text)
            if found is not None:
                self._use(sign)
                text = found + text if not text.startswith(found or "\0") else text
                if found and label_of(sign.text) not in {found, *_SIGNS}:
                    self.notes.append(Note("comparator_in_words", self.grid.place(sign), sign.text.strip(), found))
        if unit is not None and not is_blank(unit):
            own = re.sub(r"[（(].*[)）]", "", unit.text.strip()).strip() or unit.text.strip()
            if own == "百分比":
                own = "%"
            self._use(unit)
            if text[-1:].isdigit():
                text += own
            elif not text.endswith((own, "％" if own == "%" else own)):
                self.used.discard(id(unit))
        return _read_or_words(parse_target, text, year)

    def _actual(self, cells: dict[str, Cell], path: str, year: int) -> Actual | None:
        cell = cells.get("actual")
        if cell is None or is_blank(cell):
            return None
        self._mark(f"{path}.actual", cell)
        if cell.date is not None:
            return Completion(cell.date)
        text = cell.text.strip()
        return _read_or_words(parse_actual, text, year)


_SIGNS = frozenset({"≥", "≤", "=", ">", "<", "≧", "≦", "═", "﹦", ">=", "<=", "=>", "=<", "=="})
ACTION_MARK = "改进措施："
_HINT = re.compile(r"(?:指标\d*)?[:：]?[.…—\-\s]*")


def _read_or_words(parse: Callable[..., V | None], text: str, year: int) -> V | Statement | None:
    """What a cell says; what reads as no value stays words."""
    try:
        return parse(text, year=year)
    except TextError:
        return Statement(text)


def _is_figure(cell: Cell) -> bool:
    """Whether a cell of the money block is a figure, or the dash in place of one."""
    return (
        cell.number is not None
        or is_blank(cell)
        or amount_of(cell, AmountUnit.YUAN) is not None
        or rate_of(cell) is not None
    )


def _is_hint(text: str) -> bool:
    """Whether a name is a blank of a template: 指标1："""
    return _HINT.fullmatch(text.strip()) is not None


def _levels_of(span: _Span) -> list[_Span]:
    """The levels below one heading 绩效指标 that covers up to three columns."""
    width = span.last - span.first + 1
    if width == 1:
        return [span._replace(name="level3")]
    names = ["level1", "level3"] if width == 2 else list(_LEVELS)
    return [
        _Span(name, span.first + i, span.first + i if i + 1 < len(names) else span.last, span.heading)
        for i, name in enumerate(names)
    ]


def _kind(level1: Cell | None, level2: Cell | None) -> IndicatorKind | None:
    """The first two levels; the second counts where the first does not contradict it."""
    one = None if level1 is None else name_of("levels1", level1.text)
    two = None if level2 is None else name_of("levels2", level2.text)
    if one in {"decision", "process", "input"}:
        return IndicatorKind(one)
    if one == "cost" and two == "output.cost":
        return IndicatorKind.COST
    found = two or one
    return None if found is None else IndicatorKind(found)


class _Part(NamedTuple):
    """How a row of the money block belongs to the others."""

    source: FundingSource
    breakdown: Breakdown
    part_of: str | None


def _parts_of(rows: list[tuple[Cell | None, str]]) -> list[_Part]:
    """How each row of the money block belongs to the others: by 其中 and by what it names."""
    texts = ["" if label is None else label.text.strip() for label, _ in rows]
    parents: list[str | None] = []
    head: tuple[str, str] | None = None
    parent: tuple[str, str] | None = None
    before: tuple[str, str] | None = None
    for text, (_, name) in zip(texts, rows, strict=True):
        kind = _level_or_source(text)
        if name == "total":
            parents.append(None)
            head, parent, before = None, None, None
            continue
        if name == "head":
            head, parent = (text, name_of("money_heads", text) or ""), None
            parents.append(None)
            before = None
            continue
        if label_of(text).startswith("其中") and before is not None:
            parent = before
        elif parent is not None and kind == parent[1]:
            parent = None
        own = parent[0] if parent is not None else head[0] if head is not None else None
        parents.append(own)
        before = (text, kind)
    groups: dict[str | None, list[int]] = {}
    for i, ((_, name), own) in enumerate(zip(rows, parents, strict=True)):
        if name == "line":
            groups.setdefault(own, []).append(i)
    levels = {own for own, members in groups.items() if any(_level_or_source(texts[i]) == "level" for i in members)}
    nature = {
        text
        for text, (_, name) in zip(texts, rows, strict=True)
        if name == "head" and name_of("money_heads", text) == "nature"
    }
    parts = []
    for text, (_, name), own in zip(texts, rows, parents, strict=True):
        if text in nature or own in nature or name_of("money_nature", text) is not None:
            breakdown = Breakdown.NATURE
        else:
            breakdown = Breakdown.LEVEL if name == "line" and own in levels else Breakdown.SOURCE
        parts.append(_Part(_source_of(text, breakdown), breakdown, own))
    return parts


def _without_head(text: str) -> str:
    """A line's own label, without the head of its part: 按收入性质分：其他资金."""
    head, colon, line = text.replace("：", ":").partition(":")
    return line if colon and line and name_of("money_heads", head) is not None else text


def _level_or_source(text: str) -> str:
    return "level" if name_of("money_levels", text) is not None else "source"


def _source_of(text: str, breakdown: Breakdown) -> FundingSource:
    found = None
    text = _without_head(text)
    if breakdown is Breakdown.LEVEL:
        found = name_of("money_levels", text)
        if found is None and name_of("money_sources", text) == "other":
            found = "other"
    elif breakdown is Breakdown.SOURCE:
        found = name_of("money_sources", text)
    return FundingSource(found or "unspecified")
