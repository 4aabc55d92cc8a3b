"""From an Excel workbook (xlsx) to grids.

The sheet's own XML is read, because number formats, hidden rows and lists of
drop-downs stand nowhere else. Formulas are not calculated: the value that was
saved with the cell counts. Macros and external links are neither executed nor
fetched.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from perfeval.amounts import plain
from perfeval.errors import Fault, FormError
from perfeval.forms.grid import (
    GENERAL,
    MOST_MERGES,
    Cell,
    Format,
    Grid,
    as_shown,
    date_of,
    format_of,
    letters,
    new_grid,
    number_of_float,
)
from perfeval.forms.package import Package, parsed_xml
from perfeval.forms.records import Listed, Skipped

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["read_xlsx"]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_REFERENCE = re.compile(r"([A-Z]{1,4})([0-9]{1,8})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
MOST_CELLS = 200_000
"""The most cells of a sheet that hold anything."""

# Number formats that a workbook names by number only; 27-36 and 50-58 are the
# Chinese dates. Source: ECMA-376 part 1, 18.8.30.
_BUILT_IN = {
    "0": "General",
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    "11": "0.00E+00",
    "12": "# ?/?",
    "13": "# ??/??",
    "14": "yyyy/m/d",
    "15": "d-mmm-yy",
    "16": "d-mmm",
    "17": "mmm-yy",
    "18": "h:mm AM/PM",
    "19": "h:mm:ss AM/PM",
    "20": "h:mm",
    "21": "h:mm:ss",
    "22": "yyyy/m/d h:mm",
    "27": 'yyyy"年"m"月"',
    "28": 'm"月"d"日"',
    "29": 'm"月"d"日"',
    "30": "m-d-yy",
    "31": 'yyyy"年"m"月"d"日"',
    "32": 'h"时"mm"分"',
    "33": 'h"时"mm"分"ss"秒"',
    "34": 'h"时"mm"分"',
    "35": 'h"时"mm"分"ss"秒"',
    "36": 'yyyy"年"m"月"',
    "37": "#,##0",
    "38": "#,##0",
    "39": "#,##0.00",
    "40": "#,##0.00",
    "41": "#,##0",
    "42": "#,##0",
    "43": "#,##0.00",
    "44": "#,##0.00",
    "45": "mm:ss",
    "46": "[h]:mm:ss",
    "47": "mm:ss.0",
    "48": "##0.0E+0",
    "49": "@",
    "50": 'yyyy"年"m"月"',
    "51": 'm"月"d"日"',
    "52": 'yyyy"年"m"月"',
    "53": 'm"月"d"日"',
    "54": 'm"月"d"日"',
    "55": 'h"时"mm"分"',
    "56": 'h"时"mm"分"ss"秒"',
    "57": 'yyyy"年"m"月"',
    "58": 'm"月"d"日"',
}


def read_xlsx(data: bytes, where: str) -> tuple[list[Grid], list[Skipped], list[Listed]]:
    """Return the grids of a workbook, what was skipped, and what could not be read.

    Raises:
        FormError: If the file is damaged, hostile, or larger than a form can be.
    """
    package = Package(data, where)
    home = "xl/workbook.xml"
    book = package.tree(home)
    main = _MAIN if book.tag.startswith(_MAIN) else _STRICT
    targets = _relations(package, home)
    styles = targets.get("styles", "")
    formats = _formats(package.read(styles), main, package) if styles in package else (GENERAL,)
    strings = _strings(package, targets.get("sharedStrings"), main)
    properties = book.find(f"{main}workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in {"1", "true"}

    skipped: list[Skipped] = []
    if any(name.endswith("vbaproject.bin") for name in package.names()):
        skipped.append(Skipped("", "macros"))
    if any(name.startswith("xl/externallinks/") for name in package.names()):
        skipped.append(Skipped("", "external_links"))

    sheets: list[_Sheet] = []
    for sheet in book.iter(f"{main}sheet"):
        name = sheet.get("name", "")
        part = targets.get(next((sheet.get(key) for key in _RELATION_IDS if sheet.get(key)), "") or "")
        if sheet.get("state") in {"hidden", "veryHidden"}:
            skipped.append(Skipped(name, "hidden_sheet"))
        elif part is not None and part in package and "worksheets" in part.lower():
            sheets.append(_Sheet(name, package.tree(part), main, where))
    lists = _list_ranges(sheets, book, main)
    grids = [one.grid(strings, formats, from_1904, lists.get(one.name, [])) for one in sheets]
    for one, grid in zip(sheets, grids, strict=True):
        skipped += one.skipped
        if grid is None and not one.skipped:
            skipped.append(Skipped(one.name, "empty_sheet"))
    listed = [place for one in sheets for place in one.listed]
    return [grid for grid in grids if grid is not None], skipped, listed


def _relations(package: Package, home: str) -> dict[str, str]:
    """The parts that the workbook names, by id and by the last word of their type."""
    part = join(dirname(home), "_rels", "workbook.xml.rels")
    found: dict[str, str] = {}
    for relation in package.tree(part):
        if relation.get("TargetMode") == "External":
            continue
        target = relation.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(home), target))
        found[relation.get("Id", "")] = path
        found.setdefault(relation.get("Type", "").rpartition("/")[2], path)
    return found


def _strings(package: Package, part: str | None, main: str) -> list[str]:
    if part is None or part not in package:
        return []
    # One child with words of its own is the text; runs have theirs a level below.
    return [
        text
        if len(item) == 1 and (text := item[0].text) and "_x" not in text and not text.isspace()
        else _rich_text(item, main)
        for item in package.tree(part)
    ]


def _rich_text(item: _Element, main: str) -> str:
    text_tag = f"{main}t"
    if len(item) == 1 and item[0].tag == text_tag:
        text = item[0].text or ""
    else:
        # Runs; the pronunciation beside them is no text of the cell.
        runs = [item, *item.iterfind(f"{main}r")]
        text = "".join(part.text or "" for run in runs for part in run.iterfind(text_tag))
    return _unescaped(text) if "_x" in text else text


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


_KEPT_STYLES = 100_000


def _formats(styles: bytes, main: str, package: Package) -> tuple[Format, ...]:
    try:
        # Systems and offices save thousands of forms with the same styles.
        return _kept_formats(styles, main) if len(styles) <= _KEPT_STYLES else _read_formats(styles, main)
    except ValueError as error:
        raise package.fault("styles", str(error)) from None


def _read_formats(styles: bytes, main: str) -> tuple[Format, ...]:
    root = parsed_xml(styles)
    own = {code.get("numFmtId"): code.get("formatCode", "") for code in root.iter(f"{main}numFmt")}
    cells = root.find(f"{main}cellXfs")
    if cells is None:
        return (GENERAL,)
    ids = [cell.get("numFmtId", "0") for cell in cells]
    return tuple(format_of(own.get(number) or _BUILT_IN.get(number, "")) for number in ids)


_kept_formats = lru_cache(16)(_read_formats)


class _Sheet:
    """A worksheet while it is read."""

    def __init__(self, name: str, root: _Element, main: str, where: str) -> None:
        self.name = name
        self.root = root
        self.main = main
        self.where = where
        self.value_tag, self.formula_tag, self.inline_tag = f"{main}v", f"{main}f", f"{main}is"
        self.skipped: list[Skipped] = []
        self.listed: list[Listed] = []

    def fault(self, problem: str) -> FormError:
        return FormError(self.where, [Fault(self.name, problem)])

    def merges(self) -> list[tuple[int, int, int, int]]:
        ranges = self.root.find(f"{self.main}mergeCells")
        if ranges is None:
            return []
        if len(ranges) > MOST_MERGES:
            raise self.fault(f"expected at most {MOST_MERGES} merged ranges, got {len(ranges)}")
        found = (_range(one.get("ref", "")) for one in ranges)
        return [one for one in found if one is not None]

    def hidden_columns(self) -> frozenset[int]:
        hidden: set[int] = set()
        for column in self.root.iterfind(f"{self.main}cols/{self.main}col"):
            if column.get("hidden") in _TRUE:
                first, last = _position(column.get("min")), _position(column.get("max"))
                hidden.update(range(first, min(last, _LAST_COLUMN) + 1))
        return frozenset(hidden)

    def lists(self) -> list[str]:
        """The ranges and names that drop-downs take their words from."""
        found = []
        cells = f"{self.main}sheetData"
        for part in self.root:
            for check in part.iter(f"{self.main}dataValidation", f"{_X14}dataValidation") if part.tag != cells else ():
                if check.get("type") == "list":
                    texts = [part.text for part in check.iter() if part.text and not part.text.startswith('"')]
                    found += [text.strip().lstrip("=") for text in texts[:4]]
        return found

    def grid(
        self, strings: list[str], formats: tuple[Format, ...], from_1904: bool, lists: list[_Range]
    ) -> Grid | None:
        """Return what the sheet shows, `None` if that is nothing."""
        data = self.root.find(f"{self.main}sheetData")
        if data is None:
            return None
        merges = self.merges()
        hidden = self.hidden_columns()
        lower = {_position(line.get("r")) for line in data if line.get("hidden") in _TRUE}
        reaches = {(row, column): (last, right) for row, column, last, right in merges} if hidden or lower else {}
        cells: dict[tuple[int, int], Cell] = {}
        in_lists: list[Cell] = []
        hidden_rows: set[int] = set()
        hidden_cells: set[int] = set()
        plain_cells = not (hidden or lower or lists)
        row = -1
        for line in data:
            number = line.get("r")
            row = row + 1 if number is None else _position(number)
            if row > _LAST_ROW:
                raise self.fault(f"expected at most {_LAST_ROW + 1} rows, got {row + 1}")
            column = -1
            for item in line:
                reference = item.get("r")
                column = column + 1 if reference is None else _column(reference)
                if not len(item):
                    continue
                kind = item.get("t")
                text = self._text(item, kind, strings, row, column)
                if text is None:
                    continue
                if plain_cells:
                    cells[row, column] = self._cell(item, kind, row, column, text, formats, from_1904)
                    continue
                # A merged cell that begins in a hidden row or column is seen where it ends.
                bottom, right = reaches.get((row, column), (row, column))
                if line.get("hidden") in _TRUE and bottom in lower:
                    hidden_rows.add(row)
                elif column in hidden and right in hidden:
                    hidden_cells.add(column)
                else:
                    cell = self._cell(item, kind, row, column, text, formats, from_1904)
                    if lists and any(_inside(cell, one) for one in lists):
                        in_lists.append(cell)
                    else:
                        cells[row, column] = cell
            if len(cells) > MOST_CELLS:
                raise self.fault(f"expected at most {MOST_CELLS} cells with something in them")
        self._skip(in_lists, hidden_rows, hidden_cells, whole=not cells)
        try:
            return new_grid(self.name, cells, merges) if cells else None
        except FormError as error:
            faults = [Fault(self.name, one.problem) for one in error.exceptions if isinstance(one, Fault)]
            raise FormError(self.where, faults) from None

    def _skip(self, in_lists: list[Cell], hidden_rows: set[int], hidden_cells: set[int], *, whole: bool) -> None:
        """List what of the sheet was not looked at."""
        if in_lists:
            place = self.name if whole else f"{self.name}!{_spread(in_lists)}"
            self.skipped.append(Skipped(place, "list"))
        self.skipped += [Skipped(f"{self.name}!{one + 1}:{one + 1}", "hidden_row") for one in sorted(hidden_rows)]
        self.skipped += [
            Skipped(f"{self.name}!{letters(one)}:{letters(one)}", "hidden_column") for one in sorted(hidden_cells)
        ]

    def _text(self, item: _Element, kind: str | None, strings: list[str], row: int, column: int) -> str | None:
        """What a cell says, `None` if nothing."""
        if column > _LAST_COLUMN:
            raise self.fault(f"expected at most {_LAST_COLUMN + 1} columns, got {item.get('r')!r}")
        text, formula = None, False
        if kind == "s" and len(item) == 1:
            text = item[0].text
        else:
            for part in item:
                tag = part.tag
                if tag == self.value_tag:
                    text = part.text
                elif tag == self.formula_tag:
                    formula = True
                elif tag == self.inline_tag:
                    text = _rich_text(part, self.main)
        if kind == "s":
            try:
                text = strings[_position(text, first=0)]
            except IndexError:
                raise self.fault(f"expected a text for cell {letters(column)}{row + 1}, got {text!r}") from None
        elif kind == "str" and text is not None and "_x" in text:
            text = _unescaped(text)
        if text is not None and text.strip():
            return text
        if formula and kind != "str":
            self.listed.append(Listed(f"{self.name}!{letters(column)}{row + 1}", "", "formula_without_value"))
        return None

    def _cell(
        self,
        item: _Element,
        kind: str | None,
        row: int,
        column: int,
        text: str,
        formats: tuple[Format, ...],
        from_1904: bool,
    ) -> Cell:
        if kind == "s":
            return Cell(row, column, text)
        if kind == "b":
            return Cell(row, column, "是" if text.strip() == "1" else "否")
        if kind is not None and kind != "n":
            return Cell(row, column, text)
        style = item.get("s")
        form = formats[at] if style is not None and (at := _position(style, 0)) < len(formats) else GENERAL
        says, number, date, shown = _number(text, form, from_1904)
        return Cell(row, column, says, number, date, 1, 1, shown)


@lru_cache(4096)
def _number(text: str, form: Format, from_1904: bool) -> tuple[str, Decimal | None, dt.date | None, str]:
    """The text, the figure, the day and what is shown of a number; a number that is none is text."""
    try:
        number = number_of_float(text)
    except ValueError:
        return text, None, None, ""
    if form.kind in _DATES:
        day = date_of(number, form, from_1904=from_1904)
        if day is not None:
            return day[1], None, day[0], ""
    if form is GENERAL:
        return plain(number), number, None, ""
    meant, exact, shown = as_shown(number, form)
    return exact, meant, None, shown


_TRUE = frozenset({"1", "true"})
_DATES = frozenset({"date", "month", "time"})
_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_Range = tuple[int, int, int, int]


@lru_cache(8192)
def _position(text: str | None, first: int = 1) -> int:
    """A number of a row, a column or a string, counted from 0; past the end if it is none."""
    return (
        int(text) - first if text is not None and text.isascii() and text.isdigit() and len(text) < 9 else _LAST_ROW + 1
    )


@lru_cache(4096)
def _column(reference: str) -> int:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return _LAST_COLUMN + 1
    number = 0
    for letter in match[1]:
        number = 26 * number + ord(letter) - 64
    return number - 1


@lru_cache(4096)
def _range(text: str) -> _Range | None:
    """A range such as A1:C3, from 0, `None` if it is none."""
    first, _, last = text.replace("$", "").partition(":")
    one, two = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if one is None or two is None:
        return None
    rows = sorted((int(one[2]) - 1, int(two[2]) - 1))
    columns = sorted((_column(one[0]), _column(two[0])))
    return rows[0], columns[0], rows[1], columns[1]


def _inside(cell: Cell, area: _Range) -> bool:
    return area[0] <= cell.row <= area[2] and area[1] <= cell.column <= area[3]


def _spread(cells: list[Cell]) -> str:
    rows, columns = [cell.row for cell in cells], [cell.column for cell in cells]
    return f"{letters(min(columns))}{min(rows) + 1}:{letters(max(columns))}{max(rows) + 1}"


def _list_ranges(sheets: list[_Sheet], book: _Element, main: str) -> dict[str, list[_Range]]:
    """Where the words of drop-downs stand, by sheet."""
    names = {one.get("name", ""): (one.text or "").strip() for one in book.iter(f"{main}definedName")}
    found: dict[str, list[_Range]] = {}
    for sheet in sheets:
        for text in sheet.lists():
            reference = names.get(text, text)
            name, mark, cells = reference.rpartition("!")
            area = _range(cells)
            if area is not None:
                found.setdefault(name.strip("'").replace("''", "'") if mark else sheet.name, []).append(area)
    return found
