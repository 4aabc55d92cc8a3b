"""The blocks of a page: frozen records of plain words.

Words stand in the order in which they are read. A block says what a part of
the page is, never how it looks: that is the carrier's.

>>> table = Table((Column("a"), Column("b")), ((Cell("both", columns=2),), (Cell("1"), Cell("2"))))
>>> [(place.row, place.column, place.cell.text) for row in placed(table) for place in row]
[(0, 0, 'both'), (1, 0, '1'), (1, 1, '2')]
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import attrs

from perfeval.errors import ModelError


class Role(StrEnum):
    """What a cell's words are.

    A carrier may set them apart, but never by colour alone: `LOST` is a figure
    below what could be earned, `HEAD` names a row or a column, `CODE` is an
    identifier.
    """

    TEXT = "text"
    FIGURE = "figure"
    LOST = "lost_points"
    CITATION = "citation"
    NOTE = "note"
    HEAD = "head"
    CODE = "code"


class ColumnKind(StrEnum):
    """What a column holds: words, or figures that are read one below the other."""

    TEXT = "text"
    FIGURE = "figure"


@attrs.frozen
class Cell:
    """A cell of a table.

    Attributes:
        text: Its words.
        role: What they are.
        columns: How many columns it spans.
        rows: How many rows it spans.
        link: An address that the words link to, empty for none. Carriers follow
            ``http`` and ``https`` only.
        degree: Of lost points, which part was lost, in per cent: a carrier may
            shade it.
    """

    text: str
    role: Role = Role.TEXT
    columns: int = 1
    rows: int = 1
    link: str = ""
    degree: int = 0


@attrs.frozen
class Column:
    """A column of a table: its heading and what it holds."""

    title: str = ""
    kind: ColumnKind = ColumnKind.TEXT


@attrs.frozen
class Heading:
    """A heading; *number* stands before it as it is written ("一、", "1.2")."""

    text: str
    level: int = 1
    number: str = ""

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.level <= 6:
            raise ModelError(f"level: expected a level of heading from 1 to 6, got {self.level}")

    @property
    def words(self) -> str:
        """The number and the text."""
        return self.number + (" " if self.number[-1:].isascii() and self.number else "") + self.text


@attrs.frozen
class Paragraph:
    """A paragraph: one or more sentences, each on a line of its own; as `Role.HEAD` it is set apart."""

    lines: tuple[str, ...]
    role: Role = Role.TEXT


@attrs.frozen
class Notice:
    """A sentence that the reader must not miss."""

    text: str


@attrs.frozen
class KeyFigure:
    """A figure that sums up a page, with what it is and a remark."""

    label: str
    figure: str
    note: str = ""


@attrs.frozen
class KeyFigures:
    """The figures that sum up a page."""

    figures: tuple[KeyFigure, ...]


@attrs.frozen
class Items:
    """A list, and the sentence that leads into it."""

    items: tuple[str, ...]
    lead: str = ""


@attrs.frozen
class Table:
    """A table. Its cells fill the columns of each row, spans included.

    Attributes:
        columns: Its columns; a table whose columns have no titles has no head.
        rows: The cells that begin in each row, from left to right.
        caption: Its name.

    Raises:
        ModelError: If a row's cells do not fill its columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""

    def __attrs_post_init__(self) -> None:
        placed(self)

    @property
    def headed(self) -> bool:
        """Whether a column has a title."""
        return any(column.title for column in self.columns)


@attrs.frozen
class FoldOut:
    """Blocks that a reader may open, where the carrier can fold."""

    summary: str
    blocks: tuple[Block, ...]


@attrs.frozen
class Picture:
    """A picture, with the words that say what it shows.

    Attributes:
        data: The file.
        media_type: "image/png", "image/jpeg" or "image/svg+xml".
        alternative: What it shows, for who does not see it.
        caption: Its name.
    """

    data: bytes = attrs.field(repr=False)
    media_type: str
    alternative: str
    caption: str = ""

    def __attrs_post_init__(self) -> None:
        if self.media_type not in MEDIA_TYPES:
            raise ModelError(f"media_type: expected {' or '.join(MEDIA_TYPES)}, got {self.media_type!r}")


MEDIA_TYPES = ("image/png", "image/jpeg", "image/svg+xml")

Block = Heading | Paragraph | Notice | KeyFigures | Items | Table | FoldOut | Picture


@attrs.frozen
class Page:
    """What a person is shown: blocks, and the locale that their words are in."""

    blocks: tuple[Block, ...]
    locale: str


class Placed(NamedTuple):
    """A cell with the row and the column that it begins in, from 0."""

    cell: Cell
    row: int
    column: int


def placed(table: Table) -> tuple[tuple[Placed, ...], ...]:
    """Return where the cells of each row of *table* stand.

    Raises:
        ModelError: If a row's cells do not fill its columns, or a span leaves
            the table.
    """
    count = len(table.columns)
    # For how many rows more a cell from above covers each column.
    covered = [0] * count
    found = []
    for number, row in enumerate(table.rows):
        free = [column for column in range(count) if not covered[column]]
        covered = [max(0, rows - 1) for rows in covered]
        wanted = sum(cell.columns for cell in row)
        if wanted != len(free):
            raise ModelError(f"rows[{number}]: expected cells for {len(free)} columns, got {wanted}")
        places, at = [], 0
        for cell in row:
            span = free[at : at + cell.columns]
            if cell.columns < 1 or cell.rows < 1 or span[-1] - span[0] >= cell.columns:
                raise ModelError(f"rows[{number}]: {cell.text!r} cannot span {cell.columns} columns there")
            if number + cell.rows > len(table.rows):
                raise ModelError(f"rows[{number}]: {cell.text!r} spans {cell.rows} rows, beyond the last")
            places.append(Placed(cell, number, span[0]))
            for column in span:
                covered[column] = cell.rows - 1
            at += cell.columns
        found.append(tuple(places))
    return tuple(found)


def words_of(page: Page) -> Iterator[str]:
    """Return every piece of words on *page*, in the order in which it is read."""
    for block in page.blocks:
        yield from _words(block)


def _words(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.words
        case Paragraph():
            yield from block.lines
        case Notice():
            yield block.text
        case KeyFigures():
            for figure in block.figures:
                yield from (figure.label, figure.figure, figure.note)
        case Items():
            yield from (block.lead, *block.items)
        case Table():
            yield block.caption
            yield from (column.title for column in block.columns)
            yield from (cell.text for row in block.rows for cell in row)
        case FoldOut():
            yield block.summary
            for inner in block.blocks:
                yield from _words(inner)
        case Picture():
            yield from (block.caption, block.alternative)
