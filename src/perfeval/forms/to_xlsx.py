"""From sheets to an Excel workbook: merged cells, borders, widths, one A4 page wide.

Figures are numbers with their places, formulas carry their values, and text
is always text, whatever it begins with.
"""

from __future__ import annotations

import unicodedata
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perfeval.amounts import exponent_of
from perfeval.errors import Fault, FormError
from perfeval.forms.grid import letters
from perfeval.forms.package import needs
from perfeval.forms.sheet import Role, Sheet, Slot, placed

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["workbook_of"]

LONGEST_TEXT = 32_767
"""The most characters of a cell of Excel."""
_FONT = "宋体"
_LINE = 15
"""The height of a line of text, points."""
_TALLEST = 400
_STYLES: dict[Role, dict[str, Any]] = {
    Role.TITLE: {"font_size": 16, "bold": True, "align": "center", "border": 0},
    Role.SUBTITLE: {"align": "center", "border": 0},
    Role.LABEL: {"align": "center"},
    Role.TEXT: {"align": "left"},
    Role.FIGURE: {"align": "center"},
    Role.EXTRA: {"font_size": 8, "font_color": "#808080", "align": "left", "border": 0},
}


def workbook_of(sheets: list[Sheet]) -> bytes:
    """Return the workbook with a worksheet for each sheet.

    Raises:
        FormError: If a text is longer than a cell holds.
        MissingExtraError: If XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ModuleNotFoundError as error:
        raise needs("XlsxWriter") from error
    data = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(data, options)
    styles = _Styles(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, styles)
    book.close()
    return data.getvalue()


class _Styles:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[Role, str], Format] = {}

    def of(self, slot: Slot) -> Format:
        code = _number_format(slot)
        key = (slot.role, code)
        if key not in self.made:
            style = {"font_name": _FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
            style |= _STYLES[slot.role] | ({"num_format": code} if code else {})
            self.made[key] = self.book.add_format(style)
        return self.made[key]


def _number_format(slot: Slot) -> str:
    if slot.number is None and slot.percent:
        return "0.00%"
    if not _is_number(slot) or slot.number is None:
        return ""
    places = max(-exponent_of(slot.number) - (2 if slot.percent else 0), 0)
    return ("0." + "0" * places if places else "0") + ("%" if slot.percent else "")


def _is_number(slot: Slot) -> bool:
    """Whether a spreadsheet's 15 digits hold the figure."""
    if slot.number is None:
        return False
    digits = len(slot.number.as_tuple().digits)
    return digits <= 15 and -20 <= exponent_of(slot.number) <= 15


def _write(sheet: Worksheet, form: Sheet, styles: _Styles) -> None:
    for column, width in enumerate(form.widths):
        sheet.set_column(column, column, width)
    for row, height in enumerate(_heights(form)):
        sheet.set_row(row, height)
    for row, column, slot in placed(form.rows):
        _write_slot(sheet, row, column, slot, styles)
    first = len(form.rows) + 1
    for row, column, slot in placed(form.extras):
        _write_slot(sheet, first + row, column, slot, styles)
    sheet.set_paper(9)
    if form.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.print_area(0, 0, len(form.rows) - 1, len(form.widths) - 1)
    sheet.hide_gridlines(2)
    if form.heads:
        sheet.freeze_panes(form.heads, 0)
        sheet.repeat_rows(0, form.heads - 1)


def _write_slot(sheet: Worksheet, row: int, column: int, slot: Slot, styles: _Styles) -> None:
    style = styles.of(slot)
    if len(slot.text) > LONGEST_TEXT:
        problem = f"expected at most {LONGEST_TEXT} characters in a cell, got {len(slot.text)}; write a .docx"
        raise FormError(sheet.name, [Fault(f"{letters(column)}{row + 1}", problem)])
    if slot.rows > 1 or slot.columns > 1:
        sheet.merge_range(row, column, row + slot.rows - 1, column + slot.columns - 1, "", style)
    if slot.formula:
        # A space is a text that the formula gave; nothing would be a formula that was never calculated.
        value = float(slot.number) if slot.number is not None else slot.text or " "
        sheet.write_formula(row, column, slot.formula, style, value)
    elif slot.number is not None and _is_number(slot):
        sheet.write_number(row, column, float(slot.number), style)
    elif slot.text:
        sheet.write_string(row, column, slot.text, style)
    else:
        sheet.write_blank(row, column, None, style)
    if slot.choices:
        rule = {
            "validate": "list",
            "source": list(slot.choices),
            "error_type": "stop" if slot.strict else "information",
        }
        sheet.data_validation(row, column, row + slot.rows - 1, column + slot.columns - 1, rule)


def _heights(form: Sheet) -> list[float]:
    """The height of each row, by the lines that its texts take: Excel fits none to merged cells."""
    lines = [1] * len(form.rows)
    for row, column, slot in placed(form.rows):
        width = sum(form.widths[column : column + slot.columns]) - 1
        needed = sum(max(1, -(-_width(line) // max(width, 1))) for line in slot.text.split("\n")) if slot.text else 1
        own = -(-needed // slot.rows)
        for at in range(row, row + slot.rows):
            lines[at] = max(lines[at], own)
    return [
        30.0 if form.rows[i][0].role is Role.TITLE else min(_LINE * one + 6, _TALLEST) for i, one in enumerate(lines)
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in {"W", "F", "A"} else 1 for one in text)
