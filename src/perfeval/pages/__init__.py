r"""Pages: what a person is shown, built once as blocks and rendered by any carrier.

A `Page` is a tuple of blocks of plain words; a table's cells have a role
besides. The carriers render any page: `text` for a terminal, `markdown`,
`html` for a notebook, `html_document` for a browser and `docx` for Word. They
know nothing of scores, and make everything safe that comes from data: markup
is escaped, control characters and the marks that turn the direction of writing
are shown as visible text, and line breaks become spaces.

>>> page = Page((Heading("得分"), Table((Column("指标"), Column("得分", ColumnKind.FIGURE)), (
...     (Cell("管网 *长度*"), Cell("48.00", Role.FIGURE)), (Cell("满意度"), Cell("9.50", Role.LOST))))), "zh_CN")
>>> print(text(page))
得分
指标          得分
───────────  ─────
管网 *长度*  48.00
满意度        9.50
>>> print(markdown(page))
# 得分
<BLANKLINE>
| 指标 | 得分 |
| --- | ---: |
| 管网 \*长度\* | 48.00 |
| 满意度 | **9.50** |
"""

from __future__ import annotations

from perfeval.pages.as_document import html_document
from perfeval.pages.as_docx import docx
from perfeval.pages.as_html import html
from perfeval.pages.as_markdown import markdown
from perfeval.pages.as_text import text
from perfeval.pages.blocks import (
    Block,
    Cell,
    Column,
    ColumnKind,
    FoldOut,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    Notice,
    Page,
    Paragraph,
    Picture,
    Placed,
    Role,
    Table,
    placed,
    words_of,
)
from perfeval.pages.safe import display_width, visible
from perfeval.pages.shown import Shown

__all__ = [
    "Block",
    "Cell",
    "Column",
    "ColumnKind",
    "FoldOut",
    "Heading",
    "Items",
    "KeyFigure",
    "KeyFigures",
    "Notice",
    "Page",
    "Paragraph",
    "Picture",
    "Placed",
    "Role",
    "Shown",
    "Table",
    "display_width",
    "docx",
    "html",
    "html_document",
    "markdown",
    "placed",
    "text",
    "visible",
    "words_of",
]
