"""A page as Markdown: CommonMark with the tables that GitHub and MkDocs know.

Every sign of a name that Markdown would read as its own is escaped, so that a
page shows the words and nothing else.
"""

from __future__ import annotations

import re
from base64 import b64encode

from perfeval.pages.blocks import (
    Block,
    Cell,
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
from perfeval.pages.safe import visible

# What opens or closes markup anywhere in a line.
_SIGNS = re.compile(r"[\\`*_\[\]{}|~#$]")
_ENTITIES = {"&": "&amp;", "<": "&lt;"}
_OPENS_HTML = re.compile(r"&|<(?=[A-Za-z/!?])")
# What GitHub makes a link of without being asked to.
_LINKS = re.compile(r"(?i):(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):")
# What opens a block at the beginning of a line: a quotation, a list, the rule below a heading or in a table.
_OPENS = re.compile(r"^(?:([-+=>:])|(\d+)([.)]))")
_EMPHASIS = {Role.LOST: "**", Role.HEAD: "**", Role.NOTE: "*"}
# An identifier that needs no escape; backticks would show one.
_PLAIN_CODE = re.compile(r"[\w.#\[\] -]+")


def markdown(page: Page) -> str:
    """Return *page* as Markdown, without a line break at its end."""
    return _blocks(page.blocks)


def _blocks(blocks: tuple[Block, ...]) -> str:
    parts: list[str] = []
    was_list = False
    for block in blocks:
        is_list = isinstance(block, Items)
        if is_list and was_list and not (isinstance(block, Items) and block.lead):
            # Two lists in a row would become one.
            parts.append("<!-- -->")
        parts.append(_block(block))
        was_list = is_list
    return "\n\n".join(part for part in parts if part)


def _inline(words: str) -> str:
    """Words within a line."""
    text = _OPENS_HTML.sub(lambda found: _ENTITIES[found[0]], visible(words).strip())
    text = _SIGNS.sub(r"\\\g<0>", text)
    return _LINKS.sub(lambda found: f"\\{found[0]}", text)


def _line(words: str) -> str:
    """Words that begin a line."""
    text = _inline(words)
    return _OPENS.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {_inline(block.words)}".rstrip()
        case Paragraph():
            mark = "**" if block.role is Role.HEAD else ""
            return "  \n".join(_emphasised(line, mark) for line in map(_line, block.lines) if line)
        case Notice():
            return f"> {_line(block.text)}"
        case KeyFigures():
            return _key_figures(block)
        case Items():
            rows = "\n".join(f"- {_line(item)}".rstrip() for item in block.items)
            return f"{_line(block.lead)}\n\n{rows}" if block.lead else rows
        case Table():
            return _table(block)
        case FoldOut():
            from html import escape

            summary = f"<details>\n<summary>{escape(visible(block.summary))}</summary>"
            return "\n\n".join([summary, _blocks(block.blocks), "</details>"])
        case Picture():
            source = f"data:{block.media_type};base64,{b64encode(block.data).decode('ascii')}"
            image = f"![{_inline(block.alternative)}]({source})"
            return f"{image}\n\n{_line(block.caption)}" if block.caption else image


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _key_figures(block: KeyFigures) -> str:
    if not block.figures:
        return ""
    rows = [
        [_inline(row.label) for row in block.figures],
        ["---"] * len(block.figures),
        [_emphasised(_inline(row.figure), "**") for row in block.figures],
    ]
    if any(row.note for row in block.figures):
        rows.append([_inline(row.note) for row in block.figures])
    return "\n".join(map(_row, rows))


def _table(table: Table) -> str:
    count = len(table.columns)
    rows = [
        [_inline(column.title) for column in table.columns],
        ["---:" if column.kind is ColumnKind.FIGURE else "---" for column in table.columns],
    ]
    for row in placed(table):
        # A table of Markdown has no spans: what a cell covers stays empty.
        cells = [""] * count
        for place in row:
            cells[place.column] = _cell(place.cell)
        rows.append(cells)
    text = "\n".join(map(_row, rows))
    return f"{_emphasised(_line(table.caption), '**')}\n\n{text}" if table.caption else text


def _cell(cell: Cell) -> str:
    words = _inline(cell.text)
    if cell.role is Role.CODE and _PLAIN_CODE.fullmatch(cell.text):
        words = f"`{cell.text.strip()}`"
    if cell.link.startswith(("http://", "https://")):
        # What would close the address is written as the web writes it.
        address = re.sub(r"[^\w:/?#@!$&'*+,;=%.~-]", lambda sign: _percent(sign[0]), visible(cell.link))
        return f"[{words}]({address})" if words else ""
    return _emphasised(words, _EMPHASIS.get(cell.role, ""))


def _percent(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "replace"))


def _emphasised(words: str, mark: str) -> str:
    return f"{mark}{words}{mark}" if words else ""
