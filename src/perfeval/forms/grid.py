"""The grid: what every carrier is turned into before a form is looked for.

A `Grid` is rows and columns of `Cell` values; a merged cell stands at every
place it covers, as the same object. A cell's number is what the spreadsheet
shows: 0.95 shown as 95% reads "95%", a date cell is a date, and a float has
15 significant digits. The adapters fill a grid; nothing here knows a form.

>>> format_of("0.00%")
Format(kind='percent', decimals=2, scale=0)
>>> as_shown(Decimal("0.8308"), format_of("0.00%"))
(Decimal('0.8308'), '83.08%', '')
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

import attrs

from perfeval.amounts import CONTEXT, exponent_of, plain
from perfeval.errors import Fault, FormError

__all__ = [
    "Cell",
    "Format",
    "Grid",
    "Row",
    "as_shown",
    "date_of",
    "format_of",
    "letters",
    "new_grid",
    "number_of_float",
]

MOST_COLUMNS = 256
"""The most columns of a grid that hold anything."""
MOST_PLACES = 400_000
"""The most places of a grid, merged cells expanded."""
MOST_MERGES = 10_000
"""The most merged ranges of a sheet."""


class Cell(NamedTuple):
    """One cell with something in it.

    Attributes:
        row: Its row in the grid, from 0.
        column: Its column in the grid, from 0.
        text: What it says, a figure as the sheet shows it.
        number: The stored figure, exact; `None` for text. A percentage is a
            fraction.
        date: The day, if it is a date cell.
        rows: How many rows it covers.
        columns: How many columns it covers.
        shown: What the sheet shows, where that is not the text.
    """

    row: int
    column: int
    text: str
    number: Decimal | None = None
    date: dt.date | None = None
    rows: int = 1
    columns: int = 1
    shown: str = ""

    @property
    def printed(self) -> str:
        """What the sheet shows, where it shows fewer places than it holds: 0.978 as 98%."""
        return self.shown or self.text


Row = Sequence[Cell | None]


@attrs.frozen
class Grid:
    """A sheet, or the tables and paragraphs of a document.

    Attributes:
        name: The sheet's name; empty for a document.
        rows: The rows, each as long as the widest.
        places: For a document, where each row stands: "table 2 row 5".
        tables: For a document, the number of the table that each row belongs
            to, 0 for a paragraph.
        formats_seen: Whether number formats could be read.
    """

    name: str
    rows: tuple[Row, ...]
    places: tuple[str, ...] = ()
    tables: tuple[int, ...] = ()
    formats_seen: bool = True

    def place(self, cell: Cell) -> str:
        """Return where a cell stands, as people say it.

        >>> grid = new_grid("自评表", {(5, 4): Cell(5, 4, "10")}, [])
        >>> grid.place(grid.rows[5][4])
        '自评表!E6'
        """
        if self.places:
            place = self.places[cell.row]
            return f"{place} column {cell.column + 1}" if self.tables[cell.row] else place
        return f"{self.name}!{letters(cell.column)}{cell.row + 1}"


def new_grid(
    name: str,
    cells: dict[tuple[int, int], Cell],
    merges: Iterable[tuple[int, int, int, int]],
    *,
    formats_seen: bool = True,
) -> Grid:
    """Return a grid of the cells of a sheet and its merged ranges.

    Args:
        name: The sheet's name.
        cells: The cells that hold something, by row and column from 0.
        merges: First row, first column, last row and last column of each
            merged range.
        formats_seen: Whether number formats could be read.

    Raises:
        FormError: If the sheet is larger than a form can be.
    """
    height = 1 + max((row for row, _ in cells), default=-1)
    width = 1 + max((column for _, column in cells), default=-1)
    if width > MOST_COLUMNS:
        raise FormError(name, [Fault("", f"expected at most {MOST_COLUMNS} columns, got text in column {width}")])
    if width * height > MOST_PLACES:
        raise FormError(name, [Fault("", f"expected at most {MOST_PLACES} places, got {height} rows of {width}")])
    rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for (row, column), cell in cells.items():
        rows[row][column] = cell
    covered = 0
    for row, column, bottom, right in merges:
        origin = cells.get((row, column))
        if origin is None:
            continue
        last_row, last_column = min(bottom, height - 1), min(right, width - 1)
        covered += (last_row - row + 1) * (last_column - column + 1)
        if covered > MOST_PLACES:
            raise FormError(name, [Fault("", f"expected at most {MOST_PLACES} places in merged cells")])
        height_of, width_of = last_row - row + 1, last_column - column + 1
        whole = Cell(row, column, origin.text, origin.number, origin.date, height_of, width_of, origin.shown)
        across = [whole] * width_of
        for line in rows[row : last_row + 1]:
            line[column : last_column + 1] = across
    return Grid(name, tuple(rows), formats_seen=formats_seen)


@lru_cache(1024)
def letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA.

    >>> letters(0), letters(26), letters(701), letters(702)
    ('A', 'AA', 'ZZ', 'AAA')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


# Numbers and their formats.


class Format(NamedTuple):
    """What a number format does to a figure.

    Attributes:
        kind: "general", "number", "percent", "date", "month", "time" or "text".
        decimals: The decimal places shown, `None` if as many as there are.
        scale: The power of ten that the figure is shown divided by: 4 for 万.
    """

    kind: str
    decimals: int | None = None
    scale: int = 0


GENERAL = Format("general")

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[(?!h|m|s)[^\]]*\]", re.IGNORECASE)
_LITERAL_POINT = re.compile(r'[#0](?:!\.|\\\.|"\.")(0+)(,*)')
_DIGITS = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.([#0?]*))?(,*)")


@lru_cache(512)
def format_of(code: str) -> Format:
    """Return what a number format does.

    >>> format_of('yyyy"年"m"月"d"日"').kind, format_of('yyyy"年"m"月"').kind, format_of("h:mm").kind
    ('date', 'month', 'time')
    >>> format_of("0!.0000"), format_of("#,##0.00")
    (Format(kind='number', decimals=4, scale=4), Format(kind='number', decimals=2, scale=0))
    """
    if code in {"", "General", "G/通用格式"}:
        return GENERAL
    first = code[:255].split(";", 1)[0]
    literal = _LITERAL_POINT.search(first)
    if literal is not None:
        places = len(literal[1])
        return Format("number", places, places + 3 * len(literal[2]))
    bare = _BRACKETS.sub("", _QUOTED.sub("", first)).replace("General", "").lower()
    if "@" in bare:
        return Format("text")
    if "y" in bare or "d" in bare or (bare.startswith("m") and "h" not in bare and "s" not in bare):
        return Format("date" if "d" in bare else "month")
    if "h" in bare or "s" in bare:
        return Format("time")
    digits = _DIGITS.search(bare)
    decimals = None if digits is None else len(digits[1] or "")
    if "%" in bare:
        return Format("percent", decimals)
    if digits is None:
        return GENERAL
    # A comma behind the digits shows thousands.
    return Format("number", decimals, 3 * len(digits[2]))


def number_of_float(text: str) -> Decimal:
    """Return a spreadsheet's number at 15 significant digits.

    >>> number_of_float("0.94999999999999996"), number_of_float("12.5"), number_of_float("1E-3")
    (Decimal('0.95'), Decimal('12.5'), Decimal('0.001'))

    Raises:
        ValueError: If it is none, or none that a form can hold.
    """
    if len(text) > 40 or _FLOAT.fullmatch(text) is None:
        raise ValueError(f"expected a number, got {text[:40]!r}")
    if len(text) <= 15 and "E" not in text and "e" not in text:
        return Decimal(text)
    number = Decimal(f"{float(text):.15g}")
    if not number.is_finite() or not -20 <= number.adjusted() <= 20:
        raise ValueError(f"expected a number that a form can hold, got {text!r}")
    return Decimal(plain(number))


_FLOAT = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[Ee][+-]?[0-9]{1,3})?", re.ASCII)


_ONE = Decimal(1)
_YEARS_1900_TO_1904 = Decimal(1462)

COMPUTED_DIGITS = 12
"""A figure with as many digits was computed by the spreadsheet, and is read as shown."""


def as_shown(number: Decimal, form: Format) -> tuple[Decimal, str, str]:
    """Return a stored figure as it is meant, and how the sheet shows it.

    What a person typed is kept as it is, however few places the sheet shows;
    what the spreadsheet computed (12 digits and more) is rounded half up to
    the places shown.

    Returns:
        The figure, its text, and what is shown where that is another.

    >>> as_shown(Decimal("0.956666666666667"), format_of("0.0%"))
    (Decimal('0.957'), '95.7%', '')
    >>> as_shown(Decimal("0.978"), format_of("0%"))
    (Decimal('0.978'), '97.8%', '98%')
    >>> as_shown(Decimal("250000"), format_of("0.00"))
    (Decimal('250000.00'), '250000.00', '')
    """
    shift = 2 if form.kind == "percent" else -form.scale
    exact = CONTEXT.scaleb(number, shift) if shift else number
    shown, sign = "", "%" if form.kind == "percent" else ""
    if form.decimals is not None:
        step = CONTEXT.scaleb(_ONE, -form.decimals)
        places = -exponent_of(exact)
        if places > form.decimals:
            rounded = exact.quantize(step, ROUND_HALF_UP, CONTEXT)
            if len(number.as_tuple().digits) >= COMPUTED_DIGITS:
                exact = rounded
            elif rounded != exact:
                shown = plain(rounded) + sign
        elif places < form.decimals:
            exact = CONTEXT.quantize(exact, step)
    meant = CONTEXT.scaleb(exact, -2) if sign else exact
    return meant, plain(exact) + sign, shown


_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # a sheet's dates have no zone
_LAST_DAY = 2_958_465
_SECONDS = 86_400


def date_of(number: Decimal, form: Format, *, from_1904: bool = False) -> tuple[dt.date | None, str] | None:
    """Return the day of a serial number and how it is shown, `None` if it is no date.

    A month without a day is shown as words: it means the month's last day,
    whatever day is stored. A time of day is words, too.

    >>> date_of(Decimal(44926), Format("date")), date_of(Decimal(44896), Format("month"))
    ((datetime.date(2022, 12, 31), '2022-12-31'), (None, '2022年12月'))
    """
    serial = CONTEXT.add(number, _YEARS_1900_TO_1904) if from_1904 else number
    if not 0 <= serial <= _LAST_DAY:
        return None
    seconds = int((CONTEXT.multiply(serial, Decimal(_SECONDS))).to_integral_value(ROUND_HALF_UP, CONTEXT))
    if form.kind == "time":
        minutes, second = divmod(seconds, 60)
        return None, f"{minutes // 60:02}:{minutes % 60:02}" + (f":{second:02}" if second else "")
    # The 1900 calendar of spreadsheets has a 29 February 1900.
    moment = _EPOCH + dt.timedelta(seconds=seconds + (_SECONDS if serial < 60 else 0))
    if form.kind == "month":
        return None, f"{moment.year}年{moment.month}月"
    return moment.date(), moment.date().isoformat()
