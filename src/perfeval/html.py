"""HTML tags and escaping; no rules, no words.

>>> tag("td", "a < b", colspan=2)
'<td colspan="2">a &lt; b</td>'
"""

from __future__ import annotations

__all__ = ["Html", "tag"]


class Html(str):
    """Text that is HTML already; any other text is escaped by `tag`."""

    __slots__ = ()


def tag(name: str, *children: object, **attributes: object) -> Html:
    """Return an element; children are escaped unless they are `Html`.

    An attribute that is `None` is left out; a trailing underscore in its name
    is dropped (``class_``).
    """
    # Here, because the module brings a table of all entities.
    from html import escape

    written = "".join(
        f' {key.rstrip("_")}="{escape(str(value))}"' for key, value in attributes.items() if value is not None
    )
    inner = "".join(child if isinstance(child, Html) else escape(str(child)) for child in children)
    return Html(f"<{name}{written}>{inner}</{name}>")
