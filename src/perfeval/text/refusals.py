"""Why a text with a figure in it is not read as one.

Looked for only after a text was refused: the lists here decide nothing but
the reason that is told.

>>> why("差3个"), why("去年85%"), why("5A级")
(<Refusal.NEGATION: 'negation'>, <Refusal.OTHER_TIME: 'other_time'>, <Refusal.NAME: 'name'>)
"""

from __future__ import annotations

import re

from perfeval.reasons import Refusal
from perfeval.text.words import lexicon

__all__ = ["is_clock", "why"]

_SEARCHED = 320
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_GARBLED = re.compile(r"[0-9][OoQlI|S](?![A-Za-z])|(?<![A-Za-z])[OlI|gSB][0-9]|[0-9] +[0-9]|[□■?]|[0-9]\.\.", re.ASCII)
_CODES = re.compile(r"[A-Za-z〔\[《][^%]*[0-9]|[0-9][A-Za-z+]|[0-9][:：][0-9]", re.ASCII)
_FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]+)*", re.ASCII)


def is_clock(half: str) -> bool:
    """Whether *half* is a time of day, which a spreadsheet makes of a ratio.

    >>> is_clock("01:22"), is_clock("1:22:00"), is_clock("1：3")
    (True, True, False)
    """
    return _CLOCK.fullmatch(half) is not None


def why(half: str) -> Refusal:
    """Return the first reason that is found why *half* is not one figure."""
    text = half[:_SEARCHED]
    if is_clock(text):
        return Refusal.CLOCK
    words = lexicon()
    plain = words.plainly(text)
    for refusal, pattern in words.refusals:
        if pattern.search(plain):
            return refusal
    if _GARBLED.search(text):
        return Refusal.GARBLED
    if _CODES.search(text):
        return Refusal.NAME
    return Refusal.COMPOUND if len(_FIGURE.findall(text)) > 1 else Refusal.UNKNOWN_WORD
