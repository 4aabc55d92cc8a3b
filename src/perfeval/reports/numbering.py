"""Numbered headings: 一、（一）1. as GB/T 9704 has them, 1. 1.1 1.1.1 in English.

>>> chinese(15), chinese(104), chinese(2010)
('十五', '一百零四', '二千零一十')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import NamedTuple

from perfeval.i18n import message
from perfeval.pages import Block, Heading

__all__ = ["Told", "chinese", "numbered"]

_DIGITS = "零一二三四五六七八九"
_UNITS = ("千", "百", "十", "")


class Told(NamedTuple):
    """A section with what it tells; its blocks may have headings of their own."""

    heading: str | None
    annex: bool
    blocks: tuple[Block, ...]
    below: tuple[Told, ...]


def chinese(number: int) -> str:
    """Return a number from 1 to 9999 in Chinese."""
    text, skipped = "", False
    for digit, unit in zip(f"{number:04d}", _UNITS, strict=True):
        if digit == "0":
            skipped = True
            continue
        text += "零" * (skipped and bool(text)) + _DIGITS[int(digit)] + unit
        skipped = False
    # 10 to 19 are written without the one.
    return text.removeprefix("一") if 10 <= number < 20 else text


def numbered(sections: Iterable[Told], locale: str) -> Iterator[Block]:
    """Yield the blocks of *sections*, their headings numbered by level; annexes are counted apart."""
    told = tuple(sections)
    yield from _content((), [one for one in told if not one.annex], (), locale)
    for number, one in enumerate((one for one in told if one.annex), 1):
        if one.heading is not None:
            yield Heading(one.heading, 2, message("report.annex", locale, number=number))
        yield from _content(one.blocks, one.below, (number,), locale)


def _content(blocks: Iterable[Block], below: Iterable[Told], at: tuple[int, ...], locale: str) -> Iterator[Block]:
    """The blocks of a section, then the sections below it; the headings of both are counted on."""
    counted = count(1)
    for block in blocks:
        yield _heading(block.text, (*at, next(counted)), locale) if isinstance(block, Heading) else block
    for one in below:
        here = at
        if one.heading is not None:
            here = (*at, next(counted))
            yield _heading(one.heading, here, locale)
        yield from _content(one.blocks, one.below, here, locale)


def _heading(text: str, at: tuple[int, ...], locale: str) -> Heading:
    number, level = at[-1], len(at)
    if locale != "zh_CN":
        written = ".".join(map(str, at)) + "." * (level == 1)
    elif level == 1:
        written = f"{chinese(number)}、"
    elif level == 2:
        written = f"（{chinese(number)}）"
    else:
        written = f"{number}." if level == 3 else f"（{number}）"
    return Heading(text, min(level + 1, 6), written)
