r"""Words made safe to show, and how wide they are.

>>> visible("甲\x1b[31m乙\n丙")
'甲\\x1b[31m乙 丙'
>>> display_width("甲a")
3
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BREAKS = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")


def visible(words: str) -> str:
    """Return *words* with nothing in them that cannot be seen.

    A line break or a tab becomes a space. Another control character, a mark
    that turns the direction of writing or has no width, and what is no
    character at all are written as an escape; private characters stay, because
    rare characters of names are printed with them.
    """
    if words.isprintable():
        return words
    return "".join(map(_seen, _BREAKS.sub(" ", words)))


def _seen(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) in ("Zs", "Co"):
        return character
    return character.encode("unicode_escape").decode("ascii")


def display_width(words: str) -> int:
    """Return how many columns of a terminal *words* take: two for a wide character."""
    return len(words) if words.isascii() else sum(map(_width, words))


@lru_cache(maxsize=8192)
def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
