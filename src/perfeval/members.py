"""Members of enumerations, by the value that names them.

>>> from perfeval.amounts import AmountUnit
>>> to_member(AmountUnit, "万元", "amount unit")
<AmountUnit.WAN: '万元'>
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from perfeval.errors import AmountError, ModelError

__all__ = ["folded", "nearest", "to_member"]

E = TypeVar("E", bound=StrEnum)

_LONGEST_WORD = 60


def to_member(
    kind: type[E],
    value: E | str,
    what: str,
    error: type[AmountError | ModelError] = ModelError,
    words: Callable[[], Mapping[str, str]] | None = None,
) -> E:
    """Return the member of *kind* that *value* names, full width, case and spaces around it aside.

    Args:
        kind: The enumeration.
        value: A member, its value, or one of the other *words*.
        what: What it is, for the message.
        error: What to raise.
        words: Other words, folded, and the values that they stand for.

    Raises:
        ModelError: If it names none, with those that are near; another *error*
            where one is asked for.
    """
    if isinstance(value, kind):
        return value
    try:
        return kind(value)
    except ValueError:
        pass
    known = {member.value.casefold(): member for member in kind}
    if isinstance(value, str) and len(value) <= _LONGEST_WORD:
        word = folded(value)
        if word in known:
            return known[word]
        others = words() if words is not None else {}
        if word in others:
            return kind(others[word])
        near = nearest(word, [*known, *others])
    else:
        near = ""
    raise error(f"expected a {what} ({', '.join(kind)}), got {value!r}{near}")


def folded(word: str) -> str:
    """Return a word as words are compared: half-width, lower case, without spaces around it.

    >>> folded(" Ｏutput ")
    'output'
    """
    return unicodedata.normalize("NFKC", word).strip().casefold()


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a message that names what is near, at most three; nothing if nothing is.

    >>> nearest("output.quantiti", ["output.quantity", "output.quality", "cost"])
    '; near are output.quantity, output.quality'
    """
    from difflib import get_close_matches

    near = get_close_matches(word[:_LONGEST_WORD], list(known), n=3, cutoff=0.6)
    return f"; near are {', '.join(near)}" if near else ""
