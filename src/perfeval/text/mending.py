"""Slips of scanning and typing inside a figure, mended where nothing else is possible.

Looked at only after a text was refused. A space between groups of three digits
(12 000元), a letter for a digit (1OO%, l0台, 2O22年), a space before a decimal
point: where another figure, or two, could be meant, nothing is mended.

>>> mended("12 000元"), mended("1OO%"), mended("1 2场"), mended("87o%")
('12000元', '100%', None, None)
"""

from __future__ import annotations

import re
from decimal import Decimal

from perfeval.units import units

__all__ = ["mended"]

# Digits with letters that look like them; a letter of a word or a chemical formula is none.
_LETTERS = re.compile("(?<![A-Za-z0-9.])[0-9OolI][0-9OolI.,]*(?![A-Za-z])", re.ASCII)
_DIGITS = str.maketrans("OolI", "0011")
_GROUPS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?: [0-9]{3})+(?![0-9])(?! [0-9])", re.ASCII)
# 1 00% and ≥9 0%: no figure begins with 00; but 1 0起 may be the first of a list, and nothing.
_ZEROS = re.compile(
    r"(?:(?<![0-9.,])[1-9][0-9]? 00|(?:(?<=[≥≤><=])|(?<=[≥≤><=] ))[1-9] 0)(?![0-9.,])(?! [0-9])", re.ASCII
)
_BEFORE_POINT = re.compile(r"(?<![0-9.,])[1-9][0-9]? \.[0-9]{1,2}(?![0-9.])", re.ASCII)
# Behind so large a number the point is no mark of a list.
_BEHIND_POINT = re.compile(
    r"(?<![0-9.,])[3-9][0-9]\. ?[0-9]{1,2}(?![0-9.])|(?<![0-9.,])[3-9][0-9]。[0-9]{1,2}(?=%)", re.ASCII
)
_SPACED_SIGN = re.compile("([<>]) =")
_FIGURE = re.compile("[0-9]+(?:(?:[.,。] ?| [.]?)[0-9]+)*", re.ASCII)
_OF_DATES = "年月日"
_CLUES = frozenset(" OolI。")


def mended(half: str, *, counted: bool = False) -> str | None:
    """Return *half* with the slips inside its one figure mended, `None` if there are none or they leave a choice.

    Args:
        half: A short text in half width.
        counted: Whether the unit stands in a cell of its own.
    """
    if _CLUES.isdisjoint(half):
        return None
    text = _SPACED_SIGN.sub(r"\1=", half)
    lettered = _LETTERS.sub(_digits_of, text)
    dated = not set(_OF_DATES).isdisjoint(lettered)
    if lettered != text and dated:
        return lettered
    joined = lettered
    if len(_FIGURE.findall(lettered)) == 1:
        for slip in (_GROUPS, _ZEROS, _BEFORE_POINT, _BEHIND_POINT):
            joined = slip.sub(_joined, joined)
    if joined == half:
        return None
    return joined if counted or joined == text or _is_counted(joined) else None


def _digits_of(match: re.Match[str]) -> str:
    """The digits that letters stand for; O3 and 87o% leave a choice."""
    written = match[0]
    digits = written.translate(_DIGITS)
    if digits == written or not any(character.isdigit() for character in written):
        return written
    if written[-1] in "olI" or (digits[0] == "0" and digits[1:2] != "."):
        return written
    return digits


def _joined(match: re.Match[str]) -> str:
    return match[0].replace(" ", "").replace("。", ".")


def _is_counted(text: str) -> bool:
    """Whether a unit follows the figure: a bare number with a slip in it may be anything; nor is a share above one likely."""
    found = _FIGURE.search(text)
    if found is None:
        return False
    rest = text[found.end() :].lstrip()
    known = units()
    times, unit = known.multipliers.at(rest, 0), known.units.at(rest, 0)
    if unit is not None and known.usual[unit[0]] == "%":
        return Decimal(found[0].replace(",", "")) <= 100
    return unit is not None or times is not None
