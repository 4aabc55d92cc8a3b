"""Forms drawn as text, and the workbooks and documents that they are drawn of.

A sketch is what a form looks like, a line a row: ``| 项目名称 | < | 图书购置 |``. ``<`` is a cell merged with the one to
its left, ``^`` with the one above, ``\\n`` a line break; ``95.4%%`` is a figure that is shown as a percentage, ``'20`` a
figure that was typed as text. A line without bars is a text of its own. Below ``=====`` stands what the form says, in
JSON, written from the sketch before any reader saw it. A sketch knows nothing of the reader.
"""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import docx
import xlsxwriter

FOLDER = Path(__file__).parent / "fixtures" / "layouts"
_NUMBER = re.compile(r"-?\d{1,12}(?:\.(\d+))?(%%)?")


class Sketch(NamedTuple):
    """A form as drawn, the kind of file that it is drawn of, and what it says."""

    name: str
    carrier: str
    lines: list[list[str] | str]
    forms: list[dict]


class Merged(NamedTuple):
    """A cell with its reach."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def sketches():
    return [sketch(path) for path in sorted(FOLDER.glob("*.form"))]


def sketch(path):
    drawn, _, told = path.read_text(encoding="utf-8").partition("\n=====\n")
    lines = drawn.split("\n")
    carrier = "xlsx"
    if lines[0].startswith("carrier: "):
        carrier = lines.pop(0).removeprefix("carrier: ")
    forms = json.loads(told, parse_float=Decimal, parse_int=Decimal)
    return Sketch(path.stem, carrier, [row_of(line) for line in lines], forms if isinstance(forms, list) else [forms])


def row_of(line):
    if not line.startswith("|"):
        return line.strip()
    return [cell.strip().replace("\\n", "\n") for cell in line.strip().strip("|").split("|")]


def merged(rows):
    """The cells of rows of a table, each with how far it reaches."""
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text in {"<", "^"}:
                continue
            right = column + 1
            while right < len(cells) and cells[right] == "<":
                right += 1
            below = row + 1
            while below < len(rows) and column < len(rows[below]) and rows[below][column] == "^":
                below += 1
            yield Merged(row, column, below - row, right - column, text)


def file_of(drawn):
    """The bytes of the file that a sketch is drawn of."""
    return as_docx(drawn.lines) if drawn.carrier == "docx" else as_xlsx(drawn.lines)


def as_xlsx(lines):
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet = book.add_worksheet("自评表")
    rows = [[line] if isinstance(line, str) else line for line in lines]
    for cell in merged(rows):
        number = _NUMBER.fullmatch(cell.text)
        style = None
        value = cell.text.removeprefix("'")
        if number is not None:
            places = len(number[1] or "")
            code = "0" + ("." + "0" * places if places else "")
            value = float(value.removesuffix("%%"))
            if number[2]:
                value = float(Decimal(cell.text.removesuffix("%%")).scaleb(-2))
                code += "%"
            style = book.add_format({"num_format": code})
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_range(
                cell.row, cell.column, cell.row + cell.rows - 1, cell.column + cell.columns - 1, "", style
            )
        if value != "":
            write = sheet.write_string if isinstance(value, str) else sheet.write_number
            write(cell.row, cell.column, value, style)
    book.close()
    return data.getvalue()


def as_docx(lines):
    document = docx.Document()
    table = []
    for line in [*lines, ""]:
        if isinstance(line, list):
            table.append(line)
            continue
        if table:
            _add_table(document, table)
            table = []
        if line:
            document.add_paragraph(line)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _add_table(document, rows):
    table = document.add_table(len(rows), max(map(len, rows)))
    for cell in merged(rows):
        first = table.cell(cell.row, cell.column)
        if cell.rows > 1 or cell.columns > 1:
            first = first.merge(table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1))
        first.text = cell.text.removeprefix("'").replace("%%", "%")
