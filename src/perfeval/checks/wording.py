"""What words on a form say, as far as checks need to know; the words are data."""

from __future__ import annotations

import re
from functools import cache

from perfeval.checks.catalogue import setting
from perfeval.i18n import LOCALES, Words, message
from perfeval.model import Indicator
from perfeval.rounding import exact_percent
from perfeval.targets import Actual, Judgement, Statement, Target

__all__ = ["has_figure", "is_void", "shown", "text_of"]


@cache
def _pattern(code: str, key: str) -> re.Pattern[str]:
    return re.compile(setting(code, key))


def has_figure(text: str) -> bool:
    """Whether words hold a figure: digits, or a Chinese number with its measure word.

    >>> has_figure("主干河道上的五座"), has_figure("统一安排")
    (True, False)
    """
    return _pattern("TG101", "figure").search(text) is not None


def text_of(value: Target | Actual | None) -> str | None:
    """Return what a target or an actual says in words, `None` where it is a figure or a date."""
    if isinstance(value, Statement):
        return value.text
    return value.words if isinstance(value, Judgement) else None


def shown(value: Target | Actual | None) -> str | Words:
    """Return a target or an actual as a message shows it: its own words, a bare tier in the words of each locale.

    >>> shown(Judgement("achieved", share="0.9"))
    Words(zh_CN='达成年度指标 90%', en='achieved 90%')
    """
    if not isinstance(value, Judgement) or value.words is not None:
        return str(value)
    if value.tier is None:
        return "" if value.share is None else exact_percent(value.share)
    share = "" if value.share is None else f" {exact_percent(value.share)}"
    return Words(*(message(f"tier.{value.tier.value}", locale) + share for locale in LOCALES))


def is_void(item: Indicator) -> bool:
    """Whether there is nothing to an indicator: it says so (无此项效益, 不涉及), or all its cells are blank."""
    if item.target is None and item.actual is None and item.weight is None and item.stated.score is None:
        return True
    for value in (item.target, item.actual):
        text = text_of(value)
        if text is not None and _pattern("WT106", "void").fullmatch(text.strip()):
            return True
    return False
