"""A page as text for a terminal, in columns that align, Chinese or not.

Where a width is given, long words are broken and every line keeps within it: a
table's columns of words are narrowed, its figures never; a table that is too
wide even so is written out row by row, each cell behind its heading.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from perfeval.errors import ModelError
from perfeval.pages.blocks import (
    Block,
    Cell,
    Column,
    ColumnKind,
    FoldOut,
    Heading,
    Items,
    KeyFigures,
    Notice,
    Page,
    Paragraph,
    Picture,
    Placed,
    Table,
    placed,
)
from perfeval.pages.safe import display_width, visible

_GAP = 2
_LEAST_WIDTH = 20
# A column of words is not made narrower than five Chinese characters.
_LEAST_COLUMN = 10
# A line does not begin with what closes, nor end with what opens.
_CLOSING, _OPENING = frozenset("，。；：、！？）〕】》”’％·"), frozenset("（〔【《“‘")


def text(page: Page, width: int | None = None) -> str:
    """Return *page* as text, without a line break at its end.

    Args:
        page: The page.
        width: Columns of the terminal, at least 20; `None` for lines as long
            as they are.

    Raises:
        ModelError: If *width* is below 20.
    """
    if width is not None and width < _LEAST_WIDTH:
        raise ModelError(f"width: expected at least {_LEAST_WIDTH} columns, got {width}")
    return "\n".join(_blocks(page.blocks, width))


def _blocks(blocks: tuple[Block, ...], width: int | None) -> list[str]:
    out: list[str] = []
    after_heading = False
    for block in blocks:
        lines = _block(block, width)
        if out and lines and not after_heading and not isinstance(block, Notice):
            out.append("")
        out += lines
        after_heading = isinstance(block, Heading)
    return out


def _block(block: Block, width: int | None) -> list[str]:
    match block:
        case Heading():
            return _wrapped(block.words, width)
        case Paragraph():
            return [line for words in block.lines for line in _wrapped(words, width)]
        case Notice():
            return _wrapped(block.text, width)
        case Items():
            items = (line for item in block.items for line in _hanging("- ", item, width))
            return [*_wrapped(block.lead, width), *items]
        case KeyFigures():
            rows = ((Cell(row.label), Cell(row.figure), Cell(row.note)) for row in block.figures)
            return _table(Table((Column(), Column(), Column()), tuple(rows)), width)
        case Table():
            return [*_wrapped(block.caption, width), *_table(block, width)]
        case FoldOut():
            return [*_wrapped(block.summary, width), *_blocks(block.blocks, width)]
        case Picture():
            return _wrapped(f"{block.caption}{' ' if block.caption else ''}[{block.alternative}]", width)


# Lines.


def _wrapped(words: str, width: int | None) -> list[str]:
    """The lines of *words*, none if there are none."""
    words = visible(words).rstrip(" ")
    if width is None or display_width(words) <= width:
        return [words] if words else []
    lines, line, used = [], "", 0
    for piece in _pieces(words, width):
        taken = display_width(piece.rstrip(" "))
        if used + taken > width:
            lines.append(line.rstrip(" "))
            line, used = "", 0
        line += piece
        used += display_width(piece)
    return [*lines, line.rstrip(" ")]


def _hanging(mark: str, words: str, width: int | None) -> list[str]:
    indent = display_width(mark)
    lines = _wrapped(words, None if width is None else width - indent) or [""]
    return [f"{' ' * indent if position else mark}{line}".rstrip(" ") for position, line in enumerate(lines)]


def _pieces(words: str, width: int) -> Iterable[str]:
    """*words* in pieces that are not broken, none wider than *width*."""
    piece, used, before = "", 0, ""
    for character in words:
        wide = display_width(character)
        if piece and _parts(before, character):
            yield piece
            piece, used = "", 0
        elif piece and used + wide > width:
            # What is too long for a line is broken in an identifier's middle rather than anywhere.
            cut = max(piece.rfind("_"), piece.rfind("/")) + 1 or len(piece)
            yield piece[:cut]
            piece = piece[cut:]
            used = display_width(piece)
        piece += character
        used += wide
        before = character
    yield piece


def _parts(before: str, after: str) -> bool:
    """Whether a line may be broken between two characters."""
    if before == " ":
        return after != " "
    if after in _CLOSING or before in _OPENING or after == " ":
        return False
    return 2 in (display_width(before), display_width(after)) and display_width(after) > 0


# Tables.


def _table(table: Table, width: int | None) -> list[str]:
    rows = placed(table)
    widths = _widths(table, rows, width)
    if widths is None:
        return _written_out(table, rows, width or 0)
    starts = [sum(widths[:column]) + _GAP * column for column in range(len(widths))]

    def room(place: Placed) -> int:
        last = place.column + place.cell.columns - 1
        return starts[last] + widths[last] - starts[place.column]

    # Each row is as high as its highest cell; one that spans rows may use them all.
    wrapped = {place: _wrapped(place.cell.text, room(place)) for row in rows for place in row}
    heights = [max([1, *(len(wrapped[place]) for place in row if place.cell.rows == 1)]) for row in rows]
    for place, lines in wrapped.items():
        last = place.row + place.cell.rows
        heights[last - 1] += max(0, len(lines) - sum(heights[place.row : last]))
    tops = [0, *accumulate(heights)]
    pieces: list[list[tuple[int, str]]] = [[] for _ in range(tops[-1])]
    for place, lines in wrapped.items():
        right = table.columns[place.column].kind is ColumnKind.FIGURE and place.cell.columns == 1
        start = starts[place.column]
        for offset, line in enumerate(lines):
            pieces[tops[place.row] + offset].append((start + (room(place) - display_width(line) if right else 0), line))
    return _head(table, widths, starts) + [_joined(line) for line in pieces]


def _joined(pieces: list[tuple[int, str]]) -> str:
    line, used = "", 0
    for start, words in sorted(pieces):
        line += " " * (start - used) + words
        used = start + display_width(words)
    return line.rstrip(" ")


def _head(table: Table, widths: list[int], starts: list[int]) -> list[str]:
    if not table.headed:
        return []
    titles = [_wrapped(column.title, width) for column, width in zip(table.columns, widths, strict=True)]
    lines = []
    for number in range(max(map(len, titles))):
        pieces = []
        for column, title in enumerate(titles):
            if number < len(title):
                gap = widths[column] - display_width(title[number])
                is_figure = table.columns[column].kind is ColumnKind.FIGURE
                pieces.append((starts[column] + (gap if is_figure else 0), title[number]))
        lines.append(_joined(pieces))
    return [*lines, (" " * _GAP).join("─" * width for width in widths).rstrip()]


def _widths(table: Table, rows: tuple[tuple[Placed, ...], ...], width: int | None) -> list[int] | None:
    """How wide each column is; `None` where they do not fit."""
    titles = [visible(column.title) for column in table.columns]
    natural = [*map(display_width, titles)]
    least = [max(map(display_width, _pieces(title, _LEAST_WIDTH)), default=0) for title in titles]
    spanning = []
    for row in rows:
        for cell, _, column in row:
            if cell.columns > 1:
                spanning.append((cell, column))
            else:
                wide = display_width(visible(cell.text))
                natural[column] = max(natural[column], wide)
                least[column] = max(least[column], wide)
    for cell, column in spanning:
        columns = range(column, column + cell.columns)
        missing = display_width(visible(cell.text)) - sum(natural[at] for at in columns) - _GAP * (cell.columns - 1)
        natural[max(columns, key=lambda at: (table.columns[at].kind is ColumnKind.TEXT, at))] += max(0, missing)
    if width is None:
        return natural
    for at, kind in enumerate(column.kind for column in table.columns):
        if kind is ColumnKind.TEXT:
            least[at] = min(natural[at], _LEAST_COLUMN)
    free = width - _GAP * (len(natural) - 1)
    if sum(least) > free:
        return None
    # The widest columns are narrowed to one width, until all fit.
    level = min(max(natural, default=0), free)
    while sum(narrowed := [max(low, min(high, level)) for low, high in zip(least, natural, strict=True)]) > free:
        level -= 1
    for at, high in enumerate(natural):
        if sum(narrowed) < free and narrowed[at] < high:
            narrowed[at] += 1
    return narrowed


def _written_out(table: Table, rows: tuple[tuple[Placed, ...], ...], width: int) -> list[str]:
    """The rows of a table one below the other, each cell behind its heading."""
    lines: list[str] = []
    told = {""}
    for row in rows:
        parts = []
        for cell, _, column in row:
            title = visible(table.columns[column].title) if cell.columns == 1 and cell.text else ""
            told.add(title)
            parts.append(" ".join(words for words in (title, cell.text) if words))
        lines += _filled([part for part in parts if part], width)
    untold = [title for column in table.columns if (title := visible(column.title)) not in told]
    return [*_filled(untold, width), *lines]


def _filled(parts: list[str], width: int) -> list[str]:
    """Parts side by side as far as they go, what follows the first line indented."""
    indent = " " * _GAP
    lines: list[str] = []
    for part in parts:
        beside = f"{lines[-1]}{indent}{visible(part)}" if lines else visible(part)
        if lines and display_width(beside) <= width:
            lines[-1] = beside
        else:
            first, *rest = _wrapped(part, width - _GAP) or [""]
            lines += [f"{indent if lines else ''}{first}", *(indent + line for line in rest)]
    return [line.rstrip(" ") for line in lines]
