"""A page as HTML: a fragment for a notebook or a page of one's own.

Meaning is in the elements and the words; styles are attributes without any
colour of their own, so that the fragment reads the same on light and dark
ground and loses nothing where styles are stripped.
"""

from __future__ import annotations

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

_LINE = "border:1px solid rgba(128,128,128,.5)"
_CELL = f"{_LINE};padding:.25em .6em;vertical-align:top"
_ALIGN = {ColumnKind.TEXT: "text-align:left", ColumnKind.FIGURE: "text-align:right;font-variant-numeric:tabular-nums"}
_ELEMENTS = {Role.LOST: "strong", Role.CITATION: "small", Role.NOTE: "em", Role.CODE: "code"}


def html(page: Page) -> str:
    """Return *page* as a fragment of HTML, in its language."""
    return f'<div class="perfeval" lang="{_escaped(page.locale.replace("_", "-"))}">{_blocks(page.blocks)}</div>'


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "".join(map(_block, blocks))


def _escaped(words: str) -> str:
    # Here, because the module brings a table of all entities.
    from html import escape

    return escape(visible(words))


def _block(block: Block) -> str:
    match block:
        case Heading():
            # A notebook has headings of its own above these.
            level = min(block.level + 2, 6)
            return f"<h{level}>{_escaped(block.words)}</h{level}>"
        case Paragraph():
            lines = "<br>".join(_escaped(line) for line in block.lines if line)
            return f"<p><strong>{lines}</strong></p>" if block.role is Role.HEAD else f"<p>{lines}</p>"
        case Notice():
            style = "border-left:.25em solid currentColor;padding:.1em .8em;margin:.6em 0"
            return f'<p role="note" style="{style}"><strong>{_escaped(block.text)}</strong></p>'
        case KeyFigures():
            return _key_figures(block)
        case Items():
            lead = f"<p>{_escaped(block.lead)}</p>" if block.lead else ""
            return f"{lead}<ul>{''.join(f'<li>{_escaped(item)}</li>' for item in block.items)}</ul>"
        case Table():
            return _table(block)
        case FoldOut():
            return f"<details><summary>{_escaped(block.summary)}</summary>{_blocks(block.blocks)}</details>"
        case Picture():
            source = f"data:{block.media_type};base64,{b64encode(block.data).decode('ascii')}"
            image = f'<img alt="{_escaped(block.alternative)}" src="{source}" style="max-width:100%">'
            caption = f"<figcaption>{_escaped(block.caption)}</figcaption>" if block.caption else ""
            return f"<figure>{image}{caption}</figure>"


def _key_figures(block: KeyFigures) -> str:
    parts = []
    for row in block.figures:
        note = f"<dd><small>{_escaped(row.note)}</small></dd>" if row.note else ""
        parts.append(f"<dt>{_escaped(row.label)}</dt><dd><strong>{_escaped(row.figure)}</strong></dd>{note}")
    return f"<dl>{''.join(parts)}</dl>"


def _table(table: Table) -> str:
    parts = []
    if table.caption:
        parts.append(f'<caption style="text-align:left"><strong>{_escaped(table.caption)}</strong></caption>')
    if table.headed:
        heads = (
            f'<th scope="col" style="{_CELL};{_ALIGN[column.kind]}">{_escaped(column.title)}</th>'
            for column in table.columns
        )
        parts.append(f"<thead><tr>{''.join(heads)}</tr></thead>")
    rows = []
    for row in placed(table):
        cells = "".join(_cell(place.cell, table.columns[place.column].kind) for place in row)
        rows.append(f"<tr>{cells}</tr>")
    parts.append(f"<tbody>{''.join(rows)}</tbody>")
    return f'<table style="border-collapse:collapse;margin:.6em 0">{"".join(parts)}</table>'


def _cell(cell: Cell, kind: ColumnKind) -> str:
    name = "th" if cell.role is Role.HEAD else "td"
    spans = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    spans += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    words = _escaped(cell.text)
    if cell.link.startswith(("http://", "https://")):
        words = f'<a href="{_escaped(cell.link)}" rel="noreferrer">{words}</a>'
    element = _ELEMENTS.get(cell.role)
    if element is not None and words:
        words = f"<{element}>{words}</{element}>"
    align = _ALIGN[kind if cell.columns == 1 else ColumnKind.TEXT]
    return f'<{name}{spans} style="{_CELL};{align}">{words}</{name}>'
