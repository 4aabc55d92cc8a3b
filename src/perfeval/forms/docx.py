"""From a Word document (docx) to a grid.

The document's own XML is read. Paragraphs and table rows become rows of one
grid, in their order: a form's title stands above its table, and a form goes on
in the next table after a page break. Deleted and hidden text is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.errors import Fault, FormError
from perfeval.forms.grid import MOST_COLUMNS, MOST_PLACES, Cell, Grid
from perfeval.forms.package import Package
from perfeval.forms.records import Skipped

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["read_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_TEXTS = frozenset({f"{_W}t", f"{_MATH}t"})
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Wrappers whose content stands where they stand.
_WRAPPERS = frozenset(
    {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}smartTag", f"{_W}customXml", f"{_W}hyperlink"}
)
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK, f"{_W}pPr", f"{_W}rPr", f"{_W}sdtPr", f"{_W}instrText"})
# The signs that Word inserts from the font Symbol.
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F03D": "=", "F03E": ">", "F03C": "<", "F0B1": "±", "F0B4": "×", "F025": "%"}
MOST_ROWS = 20_000
"""The most rows and paragraphs of a document."""
DEEPEST = 12
"""The deepest nesting of tables."""


def read_docx(data: bytes, where: str) -> tuple[list[Grid], list[Skipped]]:
    """Return the grid of a document, and what was skipped.

    Raises:
        FormError: If the file is damaged, hostile, or larger than a form can be.
    """
    package = Package(data, where)
    text = package.read("word/document.xml")
    if _STRICT in text[:4096]:
        raise package.fault("", "expected a document in the usual format; save it as .docx, not as Strict Open XML")
    root = package.parsed(text, "word/document.xml")
    skipped = [Skipped("", "macros")] if any(name.endswith("vbaproject.bin") for name in package.names()) else []
    body = root.find(f"{_W}body")
    reader = _Reader(where)
    if body is not None:
        reader.read(body, 0)
    return reader.grids(), skipped


class _Reader:
    """A document while it is read."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.rows: list[list[Cell | None]] = []
        self.places: list[str] = []
        self.tables: list[int] = []
        self.table = 0
        self.paragraph = 0

    def grids(self) -> list[Grid]:
        if not self.rows:
            return []
        width = max(len(row) for row in self.rows)
        if width * len(self.rows) > MOST_PLACES:
            raise self.fault(f"expected at most {MOST_PLACES} places, got {len(self.rows)} rows of {width}")
        rows = tuple(row + [None] * (width - len(row)) if len(row) < width else row for row in self.rows)
        return [Grid("", rows, tuple(self.places), tuple(self.tables))]

    def fault(self, problem: str) -> FormError:
        return FormError(self.where, [Fault("", problem)])

    def read(self, parent: _Element, depth: int) -> None:
        if depth > DEEPEST:
            raise self.fault(f"expected at most {DEEPEST} tables inside each other")
        for item in parent:
            if item.tag == _PARAGRAPH:
                self.paragraph += 1
                text = _text_of(item).strip()
                if text:
                    self._add([Cell(len(self.rows), 0, text)], f"paragraph {self.paragraph}", 0)
            elif item.tag == _TABLE:
                self._read_table(item, depth)
            elif item.tag in _WRAPPERS:
                self.read(item, depth + 1)

    def _add(self, row: list[Cell | None], place: str, table: int) -> None:
        if len(self.rows) >= MOST_ROWS:
            raise self.fault(f"expected at most {MOST_ROWS} rows and paragraphs")
        self.rows.append(row)
        self.places.append(place)
        self.tables.append(table)

    def _read_table(self, table: _Element, depth: int) -> None:
        self.table += 1
        own = self.table
        first = len(self.rows)
        nested: list[_Element] = []
        # Cells that go on below: by column, the cell's first row and the places it covers.
        above: dict[int, Cell] = {}
        for number, line in enumerate(_inside(table, _ROW), 1):
            row = len(self.rows)
            cells: list[Cell | None] = []
            kept: dict[int, Cell] = {}
            before = _number_of(line.find(f"{_W}trPr/{_W}gridBefore"))
            cells += [None] * min(before, MOST_COLUMNS)
            for item in _inside(line, _CELL):
                properties = item.find(f"{_W}tcPr")
                columns, merge = 1, None
                if properties is not None:
                    columns = min(max(_number_of(properties.find(f"{_W}gridSpan")), 1), MOST_COLUMNS)
                    merge = properties.find(f"{_W}vMerge")
                column = len(cells)
                if column + columns > MOST_COLUMNS:
                    raise self.fault(f"table {own} row {number}: expected at most {MOST_COLUMNS} columns")
                goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
                cell: Cell | None
                if goes_on and column in above:
                    # A merged cell is one object at every place: its height is told at the end.
                    cell = above[column]
                else:
                    text = _cell_text(item, nested)
                    cell = Cell(row, column, text, columns=columns) if text else None
                if cell is not None and merge is not None:
                    kept[column] = cell
                cells += [cell] * columns
            above = kept
            self._add(cells, f"table {own} row {number}", own)
        self._measure(first)
        for inner in nested:
            if depth >= DEEPEST:
                raise self.fault(f"expected at most {DEEPEST} tables inside each other")
            self._read_table(inner, depth + 1)

    def _measure(self, first: int) -> None:
        """Give each vertically merged cell its height, the same object at every place."""
        heights: dict[int, list[Cell]] = {}
        for cells in self.rows[first:]:
            for cell in {id(cell): cell for cell in cells if cell is not None}.values():
                heights.setdefault(id(cell), []).append(cell)
        tall = {key: seen[0]._replace(rows=len(seen)) for key, seen in heights.items() if len(seen) > 1}
        if tall:
            for cells in self.rows[first:]:
                cells[:] = [tall.get(id(cell), cell) for cell in cells]


def _inside(parent: _Element, tag: str) -> list[_Element]:
    """The children with a tag, through the wrappers around them."""
    found: list[_Element] = []
    for item in parent:
        if item.tag == tag:
            found.append(item)
        elif item.tag in _WRAPPERS:
            found += _inside(item, tag)
    return found


def _number_of(item: _Element | None) -> int:
    text = "" if item is None else item.get(f"{_W}val", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _cell_text(cell: _Element, nested: list[_Element]) -> str:
    lines = []
    for item in cell:
        if item.tag == _PARAGRAPH:
            lines.append(_text_of(item))
        elif item.tag == _TABLE:
            nested.append(item)
        elif item.tag in _WRAPPERS:
            if item.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:
                lines.append(_cell_text(item, nested))
    return "\n".join(lines).strip()


def _text_of(paragraph: _Element) -> str:
    parts: list[str] = []
    _collect(paragraph, parts)
    return "".join(parts)


def _is_hidden(item: _Element) -> bool:
    """Whether an element shows nothing: a hidden run, or the hint of an empty field."""
    if item.tag == f"{_W}r":
        return item.find(f"{_W}rPr/{_W}vanish") is not None
    return item.tag == f"{_W}sdt" and item.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None


def _collect(item: _Element, parts: list[str]) -> None:
    for child in item:
        tag = child.tag
        if tag in _TEXTS:
            parts.append(child.text or "")
        elif tag in _BREAKS:
            parts.append(_BREAKS[tag])
        elif tag in _LEFT_OUT or _is_hidden(child):
            continue
        elif tag == f"{_W}sym":
            parts.append(_SYMBOLS.get((child.get(f"{_W}char") or "").upper(), ""))
        elif len(child):
            _collect(child, parts)
