"""What is read of a form before its records are made: the blocks of a `Draft`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from perfeval.amounts import AmountUnit
from perfeval.forms.figures import amount_of, is_blank, rate_of
from perfeval.forms.grid import Cell, Grid
from perfeval.forms.records import FormKind
from perfeval.forms.supplement import Entry
from perfeval.labels import name_of
from perfeval.model import IndicatorKind

__all__ = [
    "AMOUNTS",
    "Draft",
    "Hints",
    "IndicatorRow",
    "MoneyRow",
    "Span",
    "Told",
    "distinct",
    "is_figure",
    "kind_of_levels",
    "without_head",
]


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
"""The columns of the money block that hold amounts."""


class Span(NamedTuple):
    """The columns of the grid below one heading."""

    name: str
    first: int
    last: int
    heading: Cell


class Told(NamedTuple):
    """A value of the head, and how far its label is from the official form's."""

    cell: Cell
    text: str
    rank: int


class MoneyRow(NamedTuple):
    """A row of the money block while it is read."""

    label: Cell | None
    name: str
    figures: dict[str, Cell]
    head: Cell | None


class IndicatorRow(NamedTuple):
    """An indicator while it is read."""

    number: int
    level1: Cell | None
    level2: Cell | None
    cells: dict[str, Cell]


class Draft:
    """A form while it is read."""

    def __init__(self, grid: Grid, start: int) -> None:
        self.grid = grid
        self.start = start
        self.end = start
        self.blocks = 0
        self.is_monitoring = False
        self.used: set[int] = set()
        # Why a cell is listed that has a place and could not be read.
        self.unread: dict[int, str] = {}
        self.titles: list[Cell] = []
        self.kind = FormKind.PROJECT
        self.head: dict[str, Told] = {}
        self.units: list[tuple[int, str, Cell]] = []
        self.money_spans: list[Span] = []
        self.money: list[MoneyRow] = []
        self.money_headings: list[Cell] = []
        self.objectives: dict[str, list[Cell]] = {"objective_expected": [], "objective_actual": []}
        self.rows: list[IndicatorRow] = []
        self.total: dict[str, Cell] = {}
        self.execution_cells: dict[str, Cell] = {}
        self.grade: Cell | None = None
        self.extras: list[tuple[Cell, Entry, list[Cell]]] = []

    def use(self, *cells: Cell) -> None:
        """Mark cells as read."""
        self.used.update(map(id, cells))

    def is_form(self) -> bool:
        """Whether the blocks are those of a form: money, or indicators of the field below a title or a name."""
        kinds = any(kind_of_levels(row.level1, row.level2) is not None for row in self.rows)
        return bool(self.money_spans) or (bool(self.titles or self.head) and (kinds or not self.rows))


def distinct(row: Iterable[Cell | None]) -> list[Cell]:
    """Return the cells of a row in order, each merged one once."""
    cells: list[Cell] = []
    last = None
    for cell in row:
        if cell is not None and cell is not last:
            cells.append(cell)
            last = cell
    return cells


def kind_of_levels(level1: Cell | None, level2: Cell | None) -> IndicatorKind | None:
    """The first two levels; the second counts where the first does not contradict it."""
    one = None if level1 is None else name_of("levels1", level1.text)
    two = None if level2 is None else name_of("levels2", level2.text)
    if level1 is not None and level2 is None:
        # 产出数量 in one column is both levels.
        both = name_of("levels2", level1.text)
        two = both if both is not None and both.startswith(f"{one}.") else None
    if one in {"decision", "process", "input"}:
        return IndicatorKind(one)
    if one == "cost" and two is not None and not two.startswith("cost."):
        return IndicatorKind.COST
    found = two or one
    return None if found is None else IndicatorKind(found)


def is_figure(cell: Cell) -> bool:
    """Whether a cell of the money block is a figure, or the dash in place of one."""
    return (
        cell.number is not None
        or is_blank(cell)
        or amount_of(cell, AmountUnit.YUAN) is not None
        or rate_of(cell) is not None
    )


def without_head(text: str) -> str:
    """A line's own label, without the head of its part: 按收入性质分：其他资金."""
    head, colon, line = text.replace("：", ":").partition(":")
    return line if colon and line and name_of("money_heads", head) is not None else text
