"""A form as it is laid out: rows of slots, before a carrier writes it.

A slot covers columns and rows and holds text or a figure; `placed` says where
each one stands. The carriers, Excel and Word, write the same sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import attrs

__all__ = ["Role", "Sheet", "Slot", "placed"]


class Role(StrEnum):
    """What a slot is for, and so how it looks."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    LABEL = "label"
    TEXT = "text"
    FIGURE = "figure"
    EXTRA = "extra"


class Slot(NamedTuple):
    """A cell of the form.

    Attributes:
        text: What it says.
        columns: How many columns it covers.
        rows: How many rows it covers.
        role: What it is for.
        number: The figure, where it is one; a percentage is a fraction.
        percent: Whether the figure is shown as a percentage.
        formula: Its formula in Excel; the text or figure is the cached value.
        choices: What a person may choose from.
        strict: Whether nothing else may be written.
    """

    text: str = ""
    columns: int = 1
    rows: int = 1
    role: Role = Role.TEXT
    number: Decimal | None = None
    percent: bool = False
    formula: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = False


@attrs.frozen
class Sheet:
    """A form as it is laid out.

    Attributes:
        name: The sheet's name.
        rows: The rows of the form.
        widths: The widths of its columns, in characters.
        extras: Rows below the form, outside of what is printed.
        landscape: Whether it is printed across.
        heads: How many first rows stay in view and are printed on every page.
    """

    name: str
    rows: tuple[tuple[Slot, ...], ...]
    widths: tuple[int, ...]
    extras: tuple[tuple[Slot, ...], ...] = ()
    landscape: bool = False
    heads: int = 0


def placed(rows: tuple[tuple[Slot, ...], ...]) -> Iterator[tuple[int, int, Slot]]:
    """Yield each slot with its row and column, from 0: one that reaches down keeps its columns below.

    >>> [(row, column, slot.text) for row, column, slot in placed(((Slot("甲", rows=2), Slot("乙")), (Slot("丙"),)))]
    [(0, 0, '甲'), (0, 1, '乙'), (1, 1, '丙')]
    """
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for slot in row:
            while (number, column) in taken:
                column += 1
            yield number, column, slot
            taken |= {(number + down, column + over) for down in range(slot.rows) for over in range(slot.columns)}
            column += slot.columns
