"""From a grid to forms: blocks are found by their labels, never by their position.

A form is read from top to bottom. The heading row of a block (年初预算数 …, or
一级指标 …) opens it and says what its columns are; a row with a label of another
block ends it. What is read is marked; every cell that was not is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from perfeval.amounts import AmountUnit
from perfeval.errors import Fault, PerfevalError, TextError
from perfeval.forms.figures import (
    amount_of,
    as_printed,
    figure_text,
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
from perfeval.labels import first_label, is_hint, label_of, name_of, rank_of
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
from perfeval.rulesets import place_named
from perfeval.targets import Actual, Completion, Deadline, Statement, Target
from perfeval.text import parse_actual, parse_target

__all__ = ["Hints", "looked_for", "read_grid"]


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
_AMOUNTS = frozenset(AMOUNTS)
_LEVELS = ("level1", "level2", "level3")
_INDICATOR_FIGURES = frozenset({"target", "adjusted_target", "actual", "weight", "score"})
# A figure merged over rows counts once; a word merged over rows holds for each.
_COUNTED = frozenset({"weight", "score", "converted_score"})


def looked_for() -> str:
    """Return the headings that open a block, for the message that none was found."""
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
            if draft.is_form():
                yield draft
            draft = _Draft(grid, hints, number)
        draft.read_row(number, cells, own)
    draft.end = len(grid.rows)
    if draft.blocks and draft.is_form():
        yield draft


_ONLY_A_YEAR = re.compile(r"\(?[0-9一二〇○零三四五六七八九]{4}年度?\)?")


def _is_title(own: list[Cell]) -> bool:
    """Whether a row is the title of a form; beside it may stand a year, a unit or a number."""
    rest = all(len(cell.text) <= 15 for cell in own[1:]) and len(own) <= 4
    return rest and (len(own) == 1 or own[0].columns > 2) and name_of("titles", own[0].text) is not None


def _opens_a_form(draft: _Draft, own: list[Cell]) -> bool:
    """Whether a row is the title or the first row of another form."""
    if _is_title(own):
        return True
    first = own[0].text.partition("：")[0].partition(":")[0]
    return draft.has_name and name_of("head", first) == "name" and label_of(first) != "项目"


class _Span(NamedTuple):
    """The columns of the grid below one heading."""

    name: str
    first: int
    last: int
    heading: Cell


class _Told(NamedTuple):
    """A value of the head, and how far its label is from the official form's."""

    cell: Cell
    text: str
    rank: int


class _Money(NamedTuple):
    """A row of the money block while it is read."""

    label: Cell | None
    name: str
    figures: dict[str, Cell]
    head: Cell | None


_UNIT_AT_END = re.compile(r"\(?(?:金额)?单位\s*:\s*(?:人民币)?(?:元|万元|亿元|千元|百万元)\)?\s*$")


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
        self.head: dict[str, _Told] = {}
        self.units: list[tuple[int, str, Cell]] = []
        self.spans: list[_Span] = []
        self.money_spans: list[_Span] = []
        self.header_rows: frozenset[int] = frozenset()
        self.money: list[_Money] = []
        self.money_head: Cell | None = None
        self.heads_at: dict[int, Cell] = {}
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

    def is_form(self) -> bool:
        """Whether the blocks are those of a form: money, or indicators of the field below a title or a name."""
        kinds = any(_kind(row.level1, row.level2) is not None for row in self.rows)
        return bool(self.money_spans) or (bool(self.titles or self.head) and (kinds or not self.rows))

    # Reading rows.

    def read_row(self, number: int, cells: list[Cell], own: list[Cell]) -> None:
        """Read one row: a heading row opens its block, else the block that is open takes it."""
        if number in self.header_rows or not own:
            return
        if self.state == self._extra_row or name_of("extras", own[0].text) == "extras":
            self.state = self._extra_row
            self._extra_row(number, cells, own)
            return
        parts = 0
        for cell in own:
            if cell.number is None:
                parts |= _parts_named(cell.text)
        if (
            (parts & _MONEY_PART and self._money_header(number, own))
            or (parts & _INDICATOR_PART and self._indicator_header(number, own))
            or (parts & _OBJECTIVE_PART and self._objective_header(own))
        ):
            return
        if not self.state(number, cells, own):
            self.state = self._head_row
            self._head_row(number, cells, own)

    def _use(self, *cells: Cell) -> None:
        self.used.update(id(cell) for cell in cells)

    def _money_header(self, number: int, own: list[Cell]) -> bool:
        """Open the money block at a row that names two of its columns of amounts."""
        told = {name_of("money_columns", cell.text) for cell in own if cell.number is None}
        amounts = told & _AMOUNTS
        if not amounts or (len(amounts) < 2 and "execution_rate" not in told):
            return False
        named = [(cell, name_of("money_columns", cell.text)) for cell in own if not _is_figure(cell)]
        if any(name_of("indicator_columns", cell.text) in _LEVELS for cell in own):
            return False
        data = [cell for cell in own if _is_figure(cell) and not is_blank(cell)]
        if data and self.state == self._money_row:
            # 预算数： | 6.84 below a heading row of its own.
            return False
        if any(name_of("head", cell.text) == "name" and "名称" in cell.text for cell in own):
            # A list of projects, one a row, is no form.
            return False
        first = next(i for i, (_, name) in enumerate(named) if name in AMOUNTS)
        if not data and len(amounts) > 1 and self._heads_labels(number, named[first][0]):
            # 年度预算数（万元） above the labels of the rows.
            first = next(i for i, (_, name) in enumerate(named) if name in AMOUNTS and i > first)
        headings = [cell for cell, _ in named[:first]]
        columns = named[first:]
        spans = []
        for i, (cell, name) in enumerate(columns):
            right = cell.column + cell.columns - 1
            if i + 1 < len(columns):
                right = max(right, columns[i + 1][0].column - 1)
            elif data:
                right += 1
            spans.append(_Span(name or "", cell.column, right, cell))
        self.state = self._money_row
        self.blocks += 1
        self.spans = self.money_spans = spans
        self.money_headings = headings
        self._use(*headings, *(span.heading for span in spans if span.name))
        for cell in [*headings, *(span.heading for span in spans)]:
            self._find_unit(cell, 0)
        if data:
            # 预算数 | 2.38 | 执行数 | 2.38: the heading row is the total row as well.
            self.money.append(_Money(spans[0].heading, "total", self._figures(number), None))
        return True

    def _heads_labels(self, number: int, heading: Cell) -> bool:
        """Whether what stands below a heading are labels of rows, and no figures."""
        if number + heading.rows >= len(self.grid.rows):
            return False
        below = self.grid.rows[number + heading.rows][heading.column : heading.column + heading.columns]
        cells = _distinct(below)
        return bool(cells) and all(not _is_figure(cell) and self._row_name(cell.text) is not None for cell in cells)

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
                if name_of("indicator_columns", cell.text) or self._is_block_heading(cell) or row < last:
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
        cells = own[1:] if own[0].rows > 1 and len(own) > 2 else own
        names = [name_of("objective", cell.text) for cell in cells]
        known = [name for name in names if name is not None]
        expected = "objective_expected" if "objective_expected" in known else "block"
        if expected not in known or "objective_actual" not in known[known.index(expected) :]:
            return False
        first = names.index(expected)
        last = max(i for i, name in enumerate(names) if name is not None)
        if None in names[first:last] or any(len(cell.text) > 12 for cell in cells[last + 1 :]):
            return False
        spans: list[_Span] = []
        for cell, name in zip(cells[first:], names[first:], strict=True):
            meant = "objective_expected" if name == expected else name or ""
            if any(span.name == meant for span in spans) or meant == "block":
                meant = ""
            spans.append(_Span(meant, cell.column, cell.column + cell.columns - 1, cell))
        self.spans = spans
        self.state = self._objective_row
        self._use(
            *own[: len(own) - len(cells)], *(cell for cell, name in zip(cells, names, strict=True) if name is not None)
        )
        return True

    # The rows of the head, and those after the blocks.

    def _head_row(self, _number: int, _cells: list[Cell], own: list[Cell]) -> bool:
        for i, cell in enumerate(own):
            if id(cell) in self.used:
                continue
            text = cell.text
            if cell is own[0] and _is_title(own):
                self.titles.append(cell)
                self.kind = FormKind(name_of("titles", text) or "project")
                self._use(cell)
                self._find_unit(cell, 1)
                continue
            if not self.blocks:
                self._find_unit(cell, 1)
            following = own[i + 1] if i + 1 < len(own) else None
            if self._labelled(cell, following) or self._pairs_inside(cell):
                continue
            if not self.blocks and _ONLY_A_YEAR.fullmatch(figure_text(text)):
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
        if name in {"total", "grade"} and following is None:
            following = self._below(cell)
            beside = following is not None
        if not beside or following is None or is_hint(following.text):
            return True
        if other:
            self.unplaced[id(following)] = label_of(cell.text)
        elif objective is not None:
            key = "objective_expected" if objective == "block" else objective
            self.objectives[key].append(following)
            self._use(following)
        elif name is not None:
            self._take(name, following, following.text.strip(), cell.text)
        return True

    def _below(self, cell: Cell) -> Cell | None:
        """The figure or the grade below a label at the end of a row."""
        row = cell.row + cell.rows
        below = self.grid.rows[row][cell.column] if row < len(self.grid.rows) else None
        if below is None or below.row != row:
            return None
        return below if points_of(below) is not None or name_of("grades", below.text) is not None else None

    def _is_label(self, cell: Cell) -> bool:
        return cell.number is None and any(
            name_of(part, cell.text) is not None for part in ("head", "objective", "head_other")
        )

    def _take(self, name: str, cell: Cell, value: str, label: str) -> None:
        """Take a value of the head: that of the official form's own label before others, then the first."""
        if is_blank(cell) or not value:
            self._use(cell)
            return
        if name == "name":
            self.has_name = True
        rank = rank_of("head", label)
        before = self.head.get(name)
        if before is not None and before.rank <= rank:
            return
        if before is not None:
            self.used.discard(id(before.cell))
        self.head[name] = _Told(cell, value, rank)
        self._use(cell)

    def _pairs_inside(self, cell: Cell) -> bool:
        """Read labels and values that stand in one cell: "填报单位：甲局  单位：万元"."""
        text = cell.text.replace("：", ":")
        if len(text) > 2000 or ":" not in text:
            return False
        label, _, value = text.partition(":")
        objective = name_of("objective", label) if len(label) <= 20 else None
        if objective is not None and value.strip():
            key = "objective_expected" if objective == "block" else objective
            self.objectives[key].append(cell._replace(text=value.strip()))
            self._use(cell)
            return True
        told: list[tuple[str, str, str]] = []
        whole = True
        for piece in re.split(r"\s{2,}|[\t\n　;；]+", text):
            rest = _UNIT_AT_END.sub("", piece) if unit_in(piece) else piece
            label, colon, value = rest.strip().partition(":")
            name = name_of("head", label) if colon and len(label) <= 20 else None
            if name is not None and value.strip():
                told.append((name, value.strip(), label))
            elif rest.strip() and name is None:
                whole = False
        for name, value, label in told:
            self._take(name, cell, value, label)
        if not whole:
            self.used.discard(id(cell))
        elif not told and unit_in(text):
            self._use(cell)
        return bool(told)

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
        spans = [next((span for span in self.spans if span.first == cell.column), None) for cell in own]
        for cell, span in zip(own, spans, strict=True):
            # A text covers what its heading covers, or one column where nothing is merged.
            if span is None or cell.columns not in {1, span.last - span.first + 1}:
                return False
        for cell, span in zip(own, spans, strict=True):
            if span is not None and span.name and not is_hint(cell.text):
                self.objectives[span.name].append(cell)
                self._use(cell)
        return True

    # The money block.

    def _figures(self, number: int) -> dict[str, Cell]:
        """The cells below each heading of the money block; of a label and a figure, the figure.

        A figure that reaches over two columns of amounts belongs to neither.
        """
        figures: dict[str, Cell] = {}
        row = self.grid.rows[number]
        amounts = [span for span in self.spans if span.name in AMOUNTS]
        for span in self.spans:
            cells = [cell for cell in _distinct(row[span.first : span.last + 1]) if cell.row == number]
            cells = [cell for cell in cells if cell.column >= span.first]
            if span.name in AMOUNTS:
                cells = [
                    cell
                    for cell in cells
                    if _is_figure(cell)
                    and sum(one.first < cell.column + cell.columns and cell.column <= one.last for one in amounts) == 1
                ]
            elif span.name == "execution_rate":
                cells = [cell for cell in cells if _is_figure(cell)]
            if cells and span.name:
                figures.setdefault(span.name, cells[-1])
        return figures

    def _money_row(self, number: int, cells: list[Cell], own: list[Cell]) -> bool:
        first = self.spans[0].first
        row = self.grid.rows[number]
        beside = [
            cell
            for cell in cells
            if cell.column < first
            and (cell.row == number or name_of("money_part", cell.text))
            and cell not in self.money_headings
        ]
        labels = [cell for cell in beside if cell.row == number]
        inside = [
            cell
            for span in self.spans
            for cell in _distinct(row[span.first : span.last + 1])
            if cell.row == number
            and cell.column >= span.first
            and not _is_figure(cell)
            and self._row_name(cell.text) is not None
        ]
        if labels and inside and self._row_name(labels[-1].text) is not None:
            self._side_by_side([labels[-1], *inside])
            return True
        if not labels and inside:
            # 其中：财政资金 | 6.84 | 其中：财政资金 | 6.84
            self._paired(number, inside)
            return True
        text = _without_head("".join(cell.text.strip() for cell in beside))
        label = labels[-1] if labels else None
        figures = self._figures(number)
        told = any(
            not is_blank(cell) for name, cell in figures.items() if name not in {"other", "execution_deviation_reason"}
        )
        name = self._row_name(text)
        if name is None and label is not None:
            if any(name_of(part, label.text) is not None for part in ("objective", "head", "head_other")):
                return False
            if name_of("indicator_columns", label.text) in _LEVELS or not told:
                return self._money_words(own)
        if name is None and label is None:
            if not told:
                return self._money_words(own)
            if self.money:
                return True
            name = "total"
        self._use(*labels)
        if name == "head":
            self.money_head = label
            self.heads_at = {}
        elif name == "total":
            self.money_head = None
        self.money.append(_Money(label, name or "line", figures, None if name == "head" else self.money_head))
        return True

    def _side_by_side(self, labels: list[Cell]) -> None:
        """Add the lines of two breakdowns beside each other, whose amounts stand in no column of the block."""
        for label in labels:
            self._use(label)
            name = self._row_name(label.text) or "line"
            if name == "head":
                self.heads_at[label.column] = label
                self.money.append(_Money(label, name, {}, None))
            else:
                self.money.append(_Money(label, name, {}, self.heads_at.get(label.column, self.money_head)))

    def _money_words(self, own: list[Cell]) -> bool:
        """Whether a row without figures still belongs to the money block: 其中：基本支出：900.47."""
        return any(re.search(r"[:：]\s*[\d,.]+", cell.text) for cell in own) and len(own) <= 4

    def _paired(self, number: int, labels: list[Cell]) -> None:
        """Add the lines of a row whose figures each have their own label."""
        self._use(*labels)
        row = self.grid.rows[number]
        lines: dict[str, _Money] = {}
        rest: dict[str, Cell] = {}
        for span in self.spans:
            cells = [cell for cell in _distinct(row[span.first : span.last + 1]) if cell.row == number]
            label = next((cell for cell in cells if cell in labels), None)
            figures = [cell for cell in cells if _is_figure(cell)]
            if label is None:
                if figures and span.name and span.name not in AMOUNTS:
                    rest[span.name] = figures[-1]
                continue
            name = self._row_name(label.text) or "line"
            key = "total" if name == "total" else label_of(label.text)
            line = lines.setdefault(key, _Money(label, name, {}, self.money_head))
            if figures and span.name:
                line.figures[span.name] = figures[-1]
        for i, line in enumerate(lines.values()):
            self.money.append(line._replace(figures=line.figures | rest) if i == 0 else line)

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

    def _indicator_row(self, number: int, cells: list[Cell], own: list[Cell]) -> bool:
        row = self.grid.rows[number]
        figures: dict[str, Cell] = {}
        for name, left, right, _ in self.spans:
            if name:
                for at in range(left, right + 1):
                    cell = row[at]
                    if cell is not None and cell.column >= left:
                        figures.setdefault(name, cell)
                        break
        new = {name: cell for name, cell in figures.items() if cell.row == number}
        levels = [figures.get(name) for name in _LEVELS]
        first = own[0]
        if self._is_no_indicator(first, new):
            # 其他需要说明的事项 may stand above the total row.
            return self._head_row(number, cells, own)
        if name_of("total_row", first.text) and self._beside_levels(first):
            self._total_row(own, new)
            return True
        if name_of("subtotal_row", first.text):
            self._use(first)
            return True
        if name_of("execution_row", first.text) and first is levels[0]:
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

    def _is_no_indicator(self, first: Cell, new: dict[str, Cell]) -> bool:
        """Whether a row among the indicators is a remark."""
        if name_of("total_row", first.text):
            return False
        told = any(not is_blank(new[name]) for name in ("weight", "score") if name in new)
        reach = first.column + first.columns
        deepest = max((span.last for span in self.spans if span.name in _LEVELS), default=0)
        if len(first.text) <= 60 and first.number is None and not told:
            labels = ("head_other", "head", "objective")
            third = new.get("level3")
            wide = third is None or third.column + third.columns - 1 > deepest
            if wide and any(name_of(part, first.text) is not None for part in labels):
                return True
        # A note over the whole width.
        return reach > deepest + 1 and first.columns > 1 and first.column <= self.spans[0].first and len(new) <= 1

    def _total_row(self, own: list[Cell], new: dict[str, Cell]) -> None:
        """Read the total row: by its columns, or by labels of its own (总得分 | 93.00 | 自评等级 | 优)."""
        columns = {id(cell): name for name, cell in new.items()}
        label = ""
        for cell in own:
            name = self._total_name(cell)
            if name is not None:
                label = name
                self._use(cell)
            elif name_of("grades", cell.text) is not None:
                self.grade = self.grade or cell
            elif points_of(cell) is not None:
                column = columns.get(id(cell), "")
                column = "score" if column == "converted_score" else column
                key = label if label in {"full", "score"} else "full" if column == "weight" else column
                self.total.setdefault(key if key in {"full", "score"} else "", cell)
                label = label if label == "total" else ""
        rest = self.total.pop("", None)
        if rest is not None and "score" not in self.total:
            # 总分 | 98.62
            self.total["score"] = rest
        self.state = self._head_row

    def _total_name(self, cell: Cell) -> str | None:
        """What a label of the total row says: "full", "score", "grade", or "total" for 总分, which may be either."""
        if cell.number is not None:
            return None
        if name_of("full_score", cell.text) is not None:
            return "full"
        head = name_of("head", cell.text)
        if head == "grade":
            return "grade"
        if name_of("total_row", cell.text) is not None:
            return "total" if label_of(cell.text) in _EITHER else "score"
        return "score" if head == "total" else None

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
        full = self.total.get("full")
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
        self.used.add(id(cell))

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
            cell, text, _ = self.head["fiscal_year"]
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
        cell, text, _ = self.head[name]
        self._mark(name, cell)
        return text

    def _finished(self) -> bool | None:
        found = self.head.get("finished")
        if found is None:
            return None
        cell, text, _ = found
        value = {"是": True, "已完成": True, "完成": True, "否": False, "未完成": False}.get(label_of(text))
        if value is None:
            self.used.discard(id(cell))
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
            self.head[name] for name in ("implementing_unit", "supervising_department", "name") if name in self.head
        ]
        for cell, text in [*((one.cell, one.text) for one in told), *((cell, cell.text) for cell in self.titles)]:
            place = place_named(text.strip())
            if place is not None:
                self.notes.append(Note("place_of_name", self.grid.place(cell), text.strip(), place))
                return place
        return None

    def _name_a_department(self) -> None:
        """A department's form has no project: it is named for the department."""
        if self.kind is FormKind.DEPARTMENT and "name" not in self.head:
            for name in ("supervising_department", "implementing_unit"):
                if name in self.head:
                    self.head["name"] = self.head.pop(name)
                    return

    def _name_and_code(self) -> tuple[str | None, str | None]:
        """The name and the code, which Sichuan's forms print in one cell: 51130021T000000229367-退耕还林."""
        name, code = self._head_text("name"), self._head_text("code")
        match = None if name is None or code is not None else _CODE_AND_NAME.fullmatch(name)
        if match is None:
            return name, code
        self._mark("code", self.head["name"].cell)
        return match[2], match[1]

    def _name_for_want_of_one(self) -> str:
        found = self.titles[0].text.strip() if self.titles else self.grid.name or self.hints.file or "—"
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
        rows = [row for row in self.money if row.name != "head" or self._says_something(row)]
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

    def _says_something(self, row: _Money) -> bool:
        return any(not is_blank(cell) for name, cell in row.figures.items() if name != "other")

    def _refuse_money_without_unit(self, unit: AmountUnit | None) -> None:
        if unit is not None or self.faults:
            return
        for row in self.money:
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
        rate = rate_of(as_printed(cell), percent=percent)
        if rate is None:
            return None
        if rate[1]:
            self.notes.append(
                Note("rate_in_percent", self.grid.place(cell), cell.text.strip(), f"{cell.text.strip()}%")
            )
        self._mark(path, cell)
        return rate[0]

    def _points(self, cell: Cell | None, path: str) -> Decimal | None:
        result = path.endswith(("score", "total"))
        points = None if cell is None or is_blank(cell) else points_of(as_printed(cell) if result else cell)
        if cell is None or points is None:
            return None
        if cell.text.endswith(("%", "％")):
            self.notes.append(Note("weight_in_percent", self.grid.place(cell), cell.text.strip(), str(points)))
        self._mark(path, cell)
        return points

    def _stated(self, total: FundingTotal, printed: dict[str, Cell]) -> Stated:
        cells = self.execution_cells | {name: cell for name, cell in printed.items() if not is_blank(cell)}
        rate = self._rate(cells.get("execution_rate"), "stated.execution_rate")
        again = self.execution_cells.get("actual")
        read = None if again is None else rate_of(as_printed(again))
        if again is not None and read is not None and rate in {None, read[0]}:
            rate = self._rate(again, "stated.execution_rate")
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
            cell, text, _ = found
            if name == "total" and points is None:
                alone = text == cell.text.strip()
                points = points_of(as_printed(cell) if alone else cell._replace(text=text, number=None))
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
        operator = counted = None
        if sign is not None and not is_blank(sign):
            found = name_of("comparators", sign.text)
            if found is not None:
                self._use(sign)
                in_words = label_of(sign.text) not in {found, *_SIGNS}
                operator = (found if in_words else sign.text) if found else None
                if found and in_words:
                    self.notes.append(Note("comparator_in_words", self.grid.place(sign), sign.text.strip(), found))
        if unit is not None and not is_blank(unit):
            own = re.sub(r"[（(].*[)）]", "", unit.text.strip()).strip() or unit.text.strip()
            if own == "百分比":
                own = "%"
            self._use(unit)
            counted = unit.text
            if not text[-1:].isdigit() and not text.endswith((own, "％" if own == "%" else own)):
                self.used.discard(id(unit))
        target = _target_of(text, operator, counted, year)
        if isinstance(target, Statement):
            # Words have no sign and no unit: what stands beside them is listed.
            for one, taken in ((sign, operator), (unit, counted)):
                if one is not None and taken:
                    self.used.discard(id(one))
        return target

    def _actual(self, cells: dict[str, Cell], path: str, year: int) -> Actual | None:
        cell = cells.get("actual")
        if cell is None or is_blank(cell):
            return None
        self._mark(f"{path}.actual", cell)
        if cell.date is not None:
            return Completion(cell.date)
        text = cell.text.strip()
        return _actual_of(text, year)


_SIGNS = frozenset({"≥", "≤", "=", ">", "<", "≧", "≦", "═", "﹦", ">=", "<=", "=>", "=<", "=="})
_CODE_AND_NAME = re.compile(r"(\d{6,10}[A-Z]\d{9,15})[-－—]\s*(\S.*)", re.DOTALL)
_EITHER = frozenset({"总分", "合计", "总计"})
ACTION_MARK = "改进措施："
_HINT = re.compile(r"(?:指标\d*)?[:：]?[.…—\-\s]*")


# The same words stand on form after form: 100%, ≥95%, 达成预期指标.
@lru_cache(4096)
def _target_of(text: str, operator: str | None, unit: str | None, year: int) -> Target:
    """The target that the cells say; what reads as no value stays words."""
    try:
        return parse_target(text, operator=operator, unit=unit, year=year) or Statement(text)
    except TextError:
        return Statement(text)


@lru_cache(4096)
def _actual_of(text: str, year: int) -> Actual:
    """The actual that a cell says, likewise."""
    try:
        return parse_actual(text, year=year) or Statement(text)
    except TextError:
        return Statement(text)


_MONEY_PART, _INDICATOR_PART, _OBJECTIVE_PART = 1, 2, 4


@lru_cache(8192)
def _parts_named(text: str) -> int:
    """Which blocks a text may head, as bits: most rows head none, and are asked once."""
    named = (name_of("money_columns", text), name_of("indicator_columns", text), name_of("objective", text))
    return sum(1 << i for i, name in enumerate(named) if name is not None)


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


def _parts_of(rows: list[_Money]) -> list[_Part]:
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
        if label_of(text).startswith("其中") and before is not None:
            parent = before
        elif parent is not None and kind == _level_or_source(parent):
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


def _head_name(row: _Money) -> str:
    """The breakdown that the head above a row opens."""
    return "" if row.head is None else name_of("money_heads", row.head.text) or ""


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
