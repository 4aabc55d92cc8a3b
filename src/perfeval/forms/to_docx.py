"""From sheets to a Word document: one table a form, each on a page of its own."""

from __future__ import annotations

import re
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from perfeval.forms.sheet import Role, Sheet, Slot, placed

__all__ = ["document_of"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_A4 = (11906, 16838)
_MARGIN = 850
_ROW_HEIGHT = 380
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIZES = {Role.TITLE: 32, Role.SUBTITLE: 21, Role.EXTRA: 12}
_CHOOSE = "请选择"
_CENTRED = frozenset({Role.TITLE, Role.SUBTITLE, Role.LABEL, Role.FIGURE})

_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
)
_ROOT_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/relationships/styles" Target="styles.xml"/></Relationships>'
)
_STYLES = (
    f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" '
    'w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/><w:sz w:val="18"/><w:szCs w:val="18"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
    '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def document_of(sheets: list[Sheet]) -> bytes:
    """Return the document with a table for each sheet."""
    landscape = any(sheet.landscape for sheet in sheets)
    width, height = (_A4[1], _A4[0]) if landscape else _A4
    body = "".join(_form(sheet, width - 2 * _MARGIN, first=i == 0) for i, sheet in enumerate(sheets))
    across = ' w:orient="landscape"' if landscape else ""
    section = (
        f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"{across}/><w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" '
        f'w:bottom="{_MARGIN}" w:left="{_MARGIN}" w:header="500" w:footer="500" w:gutter="0"/></w:sectPr>'
    )
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as file:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT_RELATIONS),
            ("word/_rels/document.xml.rels", _RELATIONS),
            ("word/styles.xml", _STYLES),
            ("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}{section}</w:body></w:document>'),
        ):
            # A date of its own would make two files of the same form differ.
            file.writestr(ZipInfo(name), (_HEAD + text).encode(), ZIP_DEFLATED)
    return data.getvalue()


def _form(sheet: Sheet, width: int, *, first: bool) -> str:
    """The title above the table, the table, and the rows below the form."""
    titles = [row[0] for row in sheet.rows if row and row[0].role in {Role.TITLE, Role.SUBTITLE}]
    rows = sheet.rows[len(titles) :]
    shares = [width * one // sum(sheet.widths) for one in sheet.widths]
    parts = [_paragraph(slot, new_page=not first and i == 0) for i, slot in enumerate(titles)]
    parts.append(_table(rows, shares, borders=True))
    if sheet.extras:
        parts += ["<w:p/>", _table(sheet.extras, shares, borders=False)]
    # Two tables without a paragraph between them would be one.
    return "".join([*parts, "<w:p/>"])


def _table(rows: tuple[tuple[Slot, ...], ...], widths: list[int], *, borders: bool) -> str:
    cells: dict[tuple[int, int], tuple[Slot, int]] = {}
    for row, column, slot in placed(rows):
        for down in range(slot.rows):
            cells[row + down, column] = (slot, down)
    lines = []
    height = f'<w:trHeight w:val="{_ROW_HEIGHT}" w:hRule="atLeast"/>' if borders else ""
    for row in range(len(rows)):
        parts, column = [], 0
        while column < len(widths):
            slot, down = cells.get((row, column), (Slot(), 0))
            span = sum(widths[column : column + slot.columns])
            parts.append(_cell(slot, down, span))
            column += slot.columns
        lines.append(f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{''.join(parts)}</w:tr>")
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides)
    border = f"<w:tblBorders>{edges}</w:tblBorders>" if borders else ""
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{border}'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _cell(slot: Slot, down: int, width: int) -> str:
    span = f'<w:gridSpan w:val="{slot.columns}"/>' if slot.columns > 1 else ""
    merge = "" if slot.rows == 1 else '<w:vMerge w:val="restart"/>' if down == 0 else "<w:vMerge/>"
    content = _paragraph(slot) if down == 0 else "<w:p/>"
    if slot.choices and down == 0:
        content = _choice(slot)
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _choice(slot: Slot) -> str:
    """A field to choose from; others than the strict ones take any words."""
    kind = "dropDownList" if slot.strict else "comboBox"
    items = "".join(f"<w:listItem w:displayText={quoteattr(one)} w:value={quoteattr(one)}/>" for one in slot.choices)
    hint = "" if slot.text else "<w:showingPlcHdr/>"
    content = _paragraph(slot) if slot.text else _paragraph(slot._replace(text=_CHOOSE), grey=True)
    return f"<w:sdt><w:sdtPr>{hint}<w:{kind}>{items}</w:{kind}></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def _paragraph(slot: Slot, *, new_page: bool = False, grey: bool = False) -> str:
    size = _SIZES.get(slot.role)
    look = '<w:rFonts w:eastAsia="黑体"/><w:b/>' if slot.role is Role.TITLE else ""
    look += '<w:color w:val="808080"/>' if grey or slot.role is Role.EXTRA else ""
    look += f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size is not None else ""
    before = "<w:pageBreakBefore/>" if new_page else ""
    align = f'<w:jc w:val="{"center" if slot.role in _CENTRED else "left"}"/>'
    run = f"<w:r><w:rPr>{look}</w:rPr>{_run(slot.text)}</w:r>" if slot.text else ""
    return f"<w:p><w:pPr>{before}{align}</w:pPr>{run}</w:p>"


def _run(text: str) -> str:
    parts = []
    for piece in re.split("([\t\n])", _UNWRITABLE.sub("\ufffd", text)):
        if piece == "\t":
            parts.append("<w:tab/>")
        elif piece == "\n":
            parts.append("<w:br/>")
        elif piece:
            parts.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return "".join(parts)
