"""From an old Excel workbook (xls) to grids, through python-calamine.

The library tells values, dates and merged ranges, but no number formats and
no hidden rows: a form says that formats were not seen.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from perfeval.amounts import plain
from perfeval.errors import Fault, FormError
from perfeval.forms.grid import MOST_MERGES, Cell, Grid, new_grid, number_of_float
from perfeval.forms.package import needs
from perfeval.forms.records import Listed, Skipped

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

__all__ = ["read_xls"]


def read_xls(data: bytes, where: str) -> tuple[list[Grid], list[Skipped], list[Listed]]:
    """Return the grids of a workbook and what was skipped.

    Raises:
        FormError: If the file is damaged, or larger than a form can be.
        MissingExtraError: If python-calamine is not installed.
    """
    try:
        from python_calamine import CalamineWorkbook, SheetVisibleEnum
    except ModuleNotFoundError as error:
        raise needs("python-calamine") from error
    skipped: list[Skipped] = []
    grids: list[Grid] = []
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for sheet in book.sheets_metadata:
            if sheet.visible is not SheetVisibleEnum.Visible:
                skipped.append(Skipped(sheet.name, "hidden_sheet"))
                continue
            grid = _grid(book, sheet.name, where)
            if grid is not None:
                grids.append(grid)
    except FormError:
        raise
    except BaseException as error:
        # A panic of the Rust library is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise FormError(where, [Fault("", f"it is damaged, cut off or locked: {error}")]) from None
    return grids, skipped, []


def _grid(book: CalamineWorkbook, name: str, where: str) -> Grid | None:
    sheet = book.get_sheet_by_name(name)
    cells: dict[tuple[int, int], Cell] = {}
    top, left = sheet.start or (0, 0)
    for row, line in enumerate(sheet.to_python(skip_empty_area=True), top):
        for column, value in enumerate(line, left):
            cell = _cell(row, column, value)
            if cell is not None:
                cells[row, column] = cell
    merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    if len(merges) > MOST_MERGES:
        raise FormError(where, [Fault(name, f"expected at most {MOST_MERGES} merged ranges, got {len(merges)}")])
    return new_grid(name, cells, merges, formats_seen=False) if cells else None


def _cell(row: int, column: int, value: object) -> Cell | None:
    if isinstance(value, bool):
        return Cell(row, column, "是" if value else "否")
    if isinstance(value, float | int):
        number = number_of_float(repr(value))
        if number == number.to_integral_value():
            number = number.quantize(Decimal(1))
        return Cell(row, column, plain(number), number)
    if isinstance(value, dt.datetime):
        return Cell(row, column, value.date().isoformat(), date=value.date())
    if isinstance(value, dt.date):
        return Cell(row, column, value.isoformat(), date=value)
    text = str(value)
    return Cell(row, column, text) if text.strip() else None
