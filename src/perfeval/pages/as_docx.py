"""A page as a Word document, set as offices publish: A4, fonts and sizes of 公文, tables that repeat their head.

Margins, fonts and sizes follow GB/T 9704 (党政机关公文格式): the title in 小标宋
二号, headings in 黑体 and 楷体, text in 仿宋 三号. For each font the document names
one to take where it is not installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

from perfeval.errors import MissingExtraError
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
    Role,
    Table,
    placed,
)
from perfeval.pages.safe import display_width, visible

if TYPE_CHECKING:
    from docx.document import Document

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


class _Font(NamedTuple):
    """A font, the one to take where it is not installed, and its size in half points."""

    name: str
    instead: str
    size: int


# 二号 is 22 points, 三号 16, 五号 10.5, 小五 9.
_TITLE = _Font("方正小标宋简体", "SimSun", 44)
_FIRST = _Font("黑体", "SimHei", 32)
_SECOND = _Font("楷体_GB2312", "KaiTi", 32)
_BODY = _Font("仿宋_GB2312", "FangSong", 32)
_CELL = _Font("宋体", "SimSun", 21)
_SMALL = _Font("宋体", "SimSun", 18)
_FOOT = _Font("宋体", "SimSun", 28)
_HEADING_FONTS = {1: _TITLE, 2: _FIRST, 3: _SECOND}

# Twentieths of a point: A4 with the margins of GB/T 9704, lines of 28 points.
_WIDTH, _HEIGHT = 11906, 16838
_TOP, _BOTTOM, _LEFT, _RIGHT = 2098, 1985, 1587, 1474
_TEXT_WIDTH, _TEXT_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_LINE = 560
# No column counts as wider or narrower than this when a table's width is shared out, in columns of text.
_WIDEST, _NARROWEST = 90, 5
# English Metric Units, in which a picture is measured, in a twentieth of a point.
_EMU = 635


def docx(page: Page) -> bytes:
    """Return *page* as a Word document.

    What cannot be folded in Word stands open. A picture in SVG is drawn as PNG
    where vl-convert is installed; else the words that say what it shows stand
    in its place.

    Raises:
        MissingExtraError: If python-docx is not installed.
    """
    try:
        from docx import Document
        from docx.oxml import parse_xml
    except ImportError as error:
        raise MissingExtraError("a Word document needs python-docx: pip install 'perfeval[reports]'") from error
    document = Document()
    _set_up(document)
    blocks = "".join(_blocks(page.blocks, document, latin=page.locale != "zh_CN"))
    # Parsed where it stays: to move a long table into another tree takes a time that grows with its square.
    section = document.element.body.sectPr.xml
    whole = f"<w:document {_NAMESPACES}><w:body>{blocks}{section}</w:body></w:document>"
    document.part._element = parse_xml(whole)  # noqa: SLF001  # python-docx has no public way to give a part its XML
    first = next((block.words for block in page.blocks if isinstance(block, Heading)), "")
    document.core_properties.title = visible(first)[:255]
    document.core_properties.language = page.locale.replace("_", "-")
    document.core_properties.author = ""
    document.core_properties.comments = ""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _blocks(blocks: tuple[Block, ...], document: Document, *, latin: bool) -> Iterator[str]:
    for block, following in zip(blocks, (*blocks[1:], None), strict=False):
        # What leads into a table stands on its page.
        leads = isinstance(following, Table)
        match block:
            case Heading():
                yield _heading(block, latin=latin)
            case Paragraph():
                yield from (
                    _paragraph(line, _BODY, indented=True, keeps=leads, above_table=leads) for line in block.lines
                )
            case Notice():
                yield _paragraph(block.text, _FIRST, indented=True)
            case Items():
                if block.lead:
                    yield _paragraph(block.lead, _BODY, indented=True, keeps=True)
                yield from (_paragraph(f"— {item}", _BODY, indented=True) for item in block.items)
            case KeyFigures():
                rows = tuple((Cell(row.label, Role.HEAD), Cell(row.figure), Cell(row.note)) for row in block.figures)
                yield _table(Table((Column(), Column(kind=ColumnKind.FIGURE), Column()), rows))
            case Table():
                yield _table(block)
            case FoldOut():
                yield _paragraph(block.summary, _SECOND, indented=True, keeps=True)
                yield from _blocks(block.blocks, document, latin=latin)
            case Picture():
                yield _picture(block, document)


def _escaped(words: str) -> str:
    from xml.sax.saxutils import escape

    return escape(visible(words))


def _run(words: str, font: _Font, *, bold: bool = False, italic: bool = False) -> str:
    face = f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font.name}"/>'
    weight = "<w:b/>" * bold + "<w:i/>" * italic
    size = f'<w:sz w:val="{font.size}"/><w:szCs w:val="{font.size}"/>'
    return f'<w:r><w:rPr>{face}{weight}{size}</w:rPr><w:t xml:space="preserve">{_escaped(words)}</w:t></w:r>'


def _paragraph(
    words: str, font: _Font, *, indented: bool = False, keeps: bool = False, above_table: bool = False
) -> str:
    # The first line is indented by two characters, whatever their size.
    indent = '<w:ind w:firstLineChars="200" w:firstLine="640"/>' if indented else ""
    kept = "<w:keepNext/>" * keeps
    layout = f'{kept}<w:spacing w:before="0" w:after="{80 * above_table}" w:line="{_LINE}" w:lineRule="exact"/>{indent}'
    return f"<w:p><w:pPr>{layout}</w:pPr>{_run(words, font)}</w:p>"


def _heading(block: Heading, *, latin: bool) -> str:
    font = _HEADING_FONTS.get(block.level, _BODY)
    title = block.level == 1
    style = f'<w:pStyle w:val="Heading{block.level}"/><w:keepNext/>'
    # Two lines of 28 points hold the title, larger than the text.
    space = (
        f'<w:spacing w:before="{_LINE if title else 0}" w:after="{_LINE if title else 0}" w:line="{_LINE + 40 * title}"'
    )
    indent = "" if title else '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    layout = f'{style}{space} w:lineRule="exact"/>{indent}<w:jc w:val="{"center" if title else "both"}"/>'
    lines = _balanced(block.words) if title and not latin else (block.words,)
    runs = "<w:r><w:br/></w:r>".join(_run(line, font, bold=latin or block.level > 3) for line in lines)
    return f"<w:p><w:pPr>{layout}</w:pPr>{runs}</w:p>"


# Nineteen signs of 二号 fill a line, with the space that Word sets beside a year.
_TITLE_WIDTH = 38
# A title is broken between its words: beside a year, behind whose it is.
_BREAKS = re.compile(r"(?<=[^\d（(])(?=\d{4}年)|(?<=年度)")


def _balanced(title: str) -> tuple[str, ...]:
    """A title of more than one line in two lines that are as even as its words allow."""
    if not _TITLE_WIDTH < display_width(visible(title)) <= 2 * _TITLE_WIDTH:
        return (title,)
    parts = [(title[: found.start()], title[found.start() :]) for found in _BREAKS.finditer(title)]
    fitting = [part for part in parts if max(map(display_width, part)) <= _TITLE_WIDTH and all(part)]
    # Of two that are equally even the one whose first line is longer.
    return min(reversed(fitting), key=lambda part: max(map(display_width, part)), default=(title,))


# Tables.


def _table(table: Table) -> str:
    if not table.columns:
        return ""
    font = _CELL if len(table.columns) <= 6 else _SMALL
    widths = _widths(table, font)
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for edge in edges)
    sides = {"top": 30, "left": 60, "bottom": 30, "right": 60}
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides.items())
    parts = [_caption(table.caption, keeps=True)] if table.caption else []
    parts.append(
        f'<w:tbl><w:tblPr><w:tblW w:w="{_TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}'
        f'</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        + "</w:tblGrid>"
    )
    if table.headed:
        heads = "".join(
            _cell(Cell(column.title, Role.HEAD), column.kind, width, font)
            for column, width in zip(table.columns, widths, strict=True)
        )
        parts.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>")
    parts += _rows(table, widths, font)
    # Word joins two tables that stand next to each other.
    return "".join(parts) + '</w:tbl><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="280"/></w:pPr></w:p>'


def _caption(words: str, *, keeps: bool) -> str:
    """The name of a table, which stands above it and on its page, or of a picture, which stands below."""
    kept = "<w:keepNext/>" * keeps
    layout = f'{kept}<w:spacing w:before="120" w:after="60"/><w:jc w:val="center"/>'
    return f"<w:p><w:pPr>{layout}</w:pPr>{_run(words, _CELL, bold=True)}</w:p>"


def _rows(table: Table, widths: list[int], font: _Font) -> Iterator[str]:
    # The cells that go on from the row above: by column, how many rows are left and how many columns they span.
    going_on: dict[int, tuple[int, int]] = {}
    for row in placed(table):
        found: dict[int, str] = {}
        left = {}
        for column, (rows, columns) in going_on.items():
            width = sum(widths[column : column + columns])
            kept = _cell(Cell("", columns=columns), ColumnKind.TEXT, width, font, merge="<w:vMerge/>")
            found[column] = kept
            if rows > 1:
                left[column] = (rows - 1, columns)
        for cell, _, column in row:
            width = sum(widths[column : column + cell.columns])
            kind = table.columns[column].kind if cell.columns == 1 else ColumnKind.TEXT
            merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
            found[column] = _cell(cell, kind, width, font, merge=merge)
            if cell.rows > 1:
                left[column] = (cell.rows - 1, cell.columns)
        going_on = left
        yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(found[column] for column in sorted(found))}</w:tr>"


def _cell(cell: Cell, kind: ColumnKind, width: int, font: _Font, *, merge: str = "") -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/>'
    side = "center" if cell.role is Role.HEAD else "right" if kind is ColumnKind.FIGURE else "left"
    layout = f'<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:jc w:val="{side}"/>'
    words = _run(cell.text, font, bold=cell.role in (Role.HEAD, Role.LOST), italic=cell.role is Role.NOTE)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr>{layout}</w:pPr>{words if cell.text else ''}</w:p></w:tc>"


def _widths(table: Table, font: _Font) -> list[int]:
    """The width of each column: figures and short words stand on one line, what is left or missing is the long words'."""
    # A column of the terminal is half as wide as the font is high; each cell has a margin on both sides.
    per, margin = font.size * 5, 140
    figures = [column.kind is ColumnKind.FIGURE for column in table.columns]
    wide = [max(_NARROWEST, _least(visible(column.title))) for column in table.columns]
    for row in placed(table):
        for cell, _, column in row:
            if cell.columns == 1:
                words = visible(cell.text)
                # A capital is wider than half of its height.
                capitals = sum(map(str.isupper, words)) + 1 if words.isascii() else 0
                wide[column] = max(wide[column], min(_WIDEST, display_width(words) + capitals // 2))
    natural = [width * per + margin for width in wide]
    if sum(natural) > _TEXT_WIDTH:
        widths = _narrowed(natural, figures)
    else:
        widths = [width * _TEXT_WIDTH // sum(natural) for width in natural]
    widths[widths.index(max(widths))] += _TEXT_WIDTH - sum(widths)
    return widths


def _least(title: str) -> int:
    """How wide a heading is that may stand on two lines, its words whole."""
    words = max(map(len, title.split()), default=0) + 1 if title.isascii() else 0
    return max(words, display_width(title) // 2 + 1)


def _narrowed(natural: list[int], figures: list[bool]) -> list[int]:
    """Widths that fit: figures and what is short keep theirs, the others share what is left by the root of theirs."""
    fixed = {number: natural[number] for number, figure in enumerate(figures) if figure}
    if _TEXT_WIDTH - sum(fixed.values()) < figures.count(False) * 4 * _CELL.size * 5:
        fixed = {}
    while len(fixed) < len(natural):
        room, free = _TEXT_WIDTH - sum(fixed.values()), [n for n in range(len(natural)) if n not in fixed]
        whole = sum(isqrt(natural[n]) for n in free)
        shares = {n: isqrt(natural[n]) * room // whole for n in free}
        fixed |= {n: natural[n] for n in free if natural[n] <= shares[n]} or shares
    return [fixed[number] for number in range(len(natural))]


# Pictures.


def _picture(block: Picture, document: Document) -> str:
    data = _drawn(block)
    if data is None:
        return _paragraph(f"[{block.alternative}]", _SECOND) + (
            _caption(block.caption, keeps=False) if block.caption else ""
        )
    name, image = document.part.get_or_add_image(BytesIO(data))
    wide, high = int(image.width), int(image.height)
    # As large as it is, and no larger than a page and its caption have room for.
    most = min(Fraction(1), Fraction(_TEXT_WIDTH * _EMU, wide), Fraction((_TEXT_HEIGHT - 2 * _LINE) * _EMU, high))
    across, down = int(wide * most), int(high * most)
    words = _escaped(block.alternative).replace('"', "&quot;")
    drawn = (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{across}" cy="{down}"/>'
        f'<wp:docPr id="{len(document.part.rels)}" name="{name}" descr="{words}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="0" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{name}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{across}" cy="{down}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    centred = '<w:pPr><w:keepNext/><w:jc w:val="center"/></w:pPr>'
    return f"<w:p>{centred}{drawn}</w:p>" + (_caption(block.caption, keeps=False) if block.caption else "")


def _drawn(block: Picture) -> bytes | None:
    """The picture in a format that Word shows everywhere, `None` where it cannot be made."""
    if block.media_type != "image/svg+xml":
        return block.data
    try:
        import vl_convert
    except ImportError:
        return None
    return bytes(vl_convert.svg_to_png(block.data.decode("utf-8"), ppi=192))


# The document around it.


def _set_up(document: Document) -> None:
    """Paper, margins, the number of the page, the form of punctuation, fonts to fall back on."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn
    from docx.shared import Twips

    section = document.sections[0]
    section.page_width, section.page_height = Twips(_WIDTH), Twips(_HEIGHT)
    section.top_margin, section.bottom_margin = Twips(_TOP), Twips(_BOTTOM)
    section.left_margin, section.right_margin = Twips(_LEFT), Twips(_RIGHT)
    for spoken in document.styles.element.iter(qn("w:lang")):
        # Where a font has several forms of a sign, the one of mainland China is meant.
        spoken.set(qn("w:eastAsia"), "zh-CN")
    for level in range(1, 7):
        # The template's headings are blue; here the runs say all.
        properties = document.styles[f"Heading {level}"].element.rPr
        if properties is not None:
            properties.clear()
    number = '<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    foot = (
        f'<w:p {_NAMESPACES}><w:pPr><w:jc w:val="center"/></w:pPr>{_run("— ", _FOOT)}{number}{_run(" —", _FOOT)}</w:p>'
    )
    footer = section.footer
    footer.is_linked_to_previous = False
    old = footer.paragraphs[0]._p  # noqa: SLF001  # python-docx has no public way to put a field into a paragraph
    old.getparent().replace(old, parse_xml(foot))
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    named = "".join(
        f'<w:font w:name="{font.name}"><w:altName w:val="{font.instead}"/><w:charset w:val="86"/></w:font>'
        for font in (_TITLE, _FIRST, _SECOND, _BODY, _CELL)
    )
    fonts = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {_NAMESPACES}>{named}</w:fonts>'.encode()
    table._blob = fonts  # noqa: SLF001  # likewise
