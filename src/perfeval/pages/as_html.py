"""A page as HTML: a fragment for a notebook or a page of one's own.

Meaning is in the elements and the words; styles are attributes whose lines and
shades are half seen through, so that the fragment reads the same on light and
dark ground and loses nothing where styles are stripped.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import NamedTuple

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
_CELL = f"{_LINE};padding:.25em .6em;vertical-align:top;min-width:2.2em"
_ALIGN = {
    ColumnKind.TEXT: "text-align:left",
    ColumnKind.FIGURE: "text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums",
}
_ELEMENTS = {Role.LOST: "strong", Role.CITATION: "small", Role.NOTE: "em", Role.CODE: "code"}


def html(page: Page) -> str:
    """Return *page* as a fragment of HTML, in its language."""
    language = escaped(page.locale.replace("_", "-"))
    return f'<div class="perfeval" lang="{language}">{blocks_html(page.blocks, _FRAGMENT)}</div>'


class Setting(NamedTuple):
    """Where blocks stand: in a fragment that brings its styles along, or in a document with a style sheet.

    Attributes:
        above: How many levels of headings stand above the page's own.
        styled: Whether each element has its style in an attribute.
    """

    above: int
    styled: bool

    def style(self, style: str) -> str:
        """Return the attribute of a style, nothing where a style sheet has it."""
        return f' style="{style}"' if self.styled else ""


# A notebook has headings of its own above these.
_FRAGMENT = Setting(2, styled=True)


def blocks_html(blocks: Iterable[Block], setting: Setting) -> str:
    """Return blocks as HTML."""
    return "".join([_block(block, setting) for block in blocks])


def escaped(words: str) -> str:
    """Return words as they stand in an element or an attribute."""
    # Here, because the module brings a table of all entities.
    from html import escape

    return escape(visible(words))


def _block(block: Block, setting: Setting) -> str:
    match block:
        case Heading():
            level = min(block.level + setting.above, 6)
            return f"<h{level}>{escaped(block.words)}</h{level}>"
        case Paragraph():
            lines = "<br>".join(escaped(line) for line in block.lines if line)
            return f"<p><strong>{lines}</strong></p>" if block.role is Role.HEAD else f"<p>{lines}</p>"
        case Notice():
            style = setting.style("border-left:.25em solid currentColor;padding:.1em .8em;margin:.6em 0")
            return f'<p role="note"{style}><strong>{escaped(block.text)}</strong></p>'
        case KeyFigures():
            return _key_figures(block)
        case Items():
            lead = f"<p>{escaped(block.lead)}</p>" if block.lead else ""
            return f"{lead}<ul>{''.join(f'<li>{escaped(item)}</li>' for item in block.items)}</ul>"
        case Table():
            return _table(block, setting)
        case FoldOut():
            inner = blocks_html(block.blocks, setting)
            return f"<details><summary>{escaped(block.summary)}</summary>{inner}</details>"
        case Picture():
            source = f"data:{block.media_type};base64,{b64encode(block.data).decode('ascii')}"
            image = f'<img alt="{escaped(block.alternative)}" src="{source}"{setting.style("max-width:100%")}>'
            caption = f"<figcaption>{escaped(block.caption)}</figcaption>" if block.caption else ""
            return f"<figure>{image}{caption}</figure>"


def _key_figures(block: KeyFigures) -> str:
    parts = []
    for row in block.figures:
        note = f"<dd><small>{escaped(row.note)}</small></dd>" if row.note else ""
        parts.append(f"<dt>{escaped(row.label)}</dt><dd><strong>{escaped(row.figure)}</strong></dd>{note}")
    return f"<dl>{''.join(parts)}</dl>"


def _table(table: Table, setting: Setting) -> str:
    parts = []
    if table.caption:
        parts.append(
            f"<caption{setting.style('text-align:left;white-space:nowrap')}><strong>{escaped(table.caption)}</strong></caption>"
        )
    if table.headed:
        heads = (
            f'<th scope="col"{_look(column.kind, setting)}>{escaped(column.title)}</th>' for column in table.columns
        )
        parts.append(f"<thead><tr>{''.join(heads)}</tr></thead>")
    rows = []
    for row in placed(table):
        cells = "".join([_cell(place.cell, table.columns[place.column].kind, setting) for place in row])
        rows.append(f"<tr>{cells}</tr>")
    parts.append(f"<tbody>{''.join(rows)}</tbody>")
    made = f"<table{setting.style('border-collapse:collapse;margin:.6em 0')}>{''.join(parts)}</table>"
    if setting.styled:
        return made
    # A table that is wider than the screen scrolls in a box of its own, by keyboard as well.
    name = escaped(table.caption or " ".join(column.title for column in table.columns if column.title))
    return f'<div class="wide" role="group" tabindex="0" aria-label="{name}">{made}</div>'


def _look(kind: ColumnKind, setting: Setting, shade: str = "") -> str:
    if setting.styled:
        # The attribute is what is left of a column of figures where styles are stripped.
        aligned = ' align="right"' if kind is ColumnKind.FIGURE else ""
        return f'{aligned} style="{_CELL};{_ALIGN[kind]}{shade and ";"}{shade}"'
    named = ' class="figure"' if kind is ColumnKind.FIGURE else ""
    return f'{named} style="{shade}"' if shade else named


def _shade(cell: Cell) -> str:
    """What was lost as a shade that words keep a contrast of 4.5 on, light or dark: from a tenth to a third."""
    if cell.role is not Role.LOST or not cell.degree:
        return ""
    return f"background:rgba(198,93,33,.{10 + min(cell.degree, 100) * 24 // 100})"


def _cell(cell: Cell, kind: ColumnKind, setting: Setting) -> str:
    name = "th" if cell.role is Role.HEAD else "td"
    spans = ' scope="row"' if cell.role is Role.HEAD else ""
    spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    spans += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    words = escaped(cell.text)
    if cell.link.startswith(("http://", "https://")):
        words = f'<a href="{escaped(cell.link)}" rel="noreferrer">{words}</a>'
    element = _ELEMENTS.get(cell.role)
    if element is not None and words:
        words = f"<{element}>{words}</{element}>"
    look = _look(kind if cell.columns == 1 else ColumnKind.TEXT, setting, _shade(cell))
    return f"<{name}{spans}{look}>{words}</{name}>"
