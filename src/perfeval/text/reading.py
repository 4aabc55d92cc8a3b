"""Reading without raising: what a text was read as, where, and how surely.

>>> reading = read_quantity("本年度已完成352个村卫生室基药补助的实施。")
>>> print(reading.value, reading.confidence)
352个村卫生室 offered
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

import attrs

from perfeval.errors import TextError
from perfeval.reasons import Refusal
from perfeval.targets import Actual, Comparator, Quantity, Statement, Target, Threshold
from perfeval.text.grammar import Figure, figure_of, half_width
from perfeval.text.parsing import parse_actual, parse_quantity, parse_target

__all__ = ["Confidence", "Reading", "read_actual", "read_quantity", "read_target"]


class Confidence(StrEnum):
    """How a value was read."""

    CERTAIN = "certain"
    """The text is this expression and nothing else."""
    LIKELY = "likely"
    """The text is this expression, with words around it that change nothing."""
    OFFERED = "offered"
    """The figure was found inside other words."""
    NONE = "none"
    """There is none."""


@attrs.frozen
class Reading:
    """What a text was read as; two are equal if their values are.

    Attributes:
        value: The value, `None` if there is none.
        span: Where in the text the expression stands.
        ignored: The words around it.
        confidence: How it was read.
        refusal: Why the text as a whole is no figure, where one is offered or
            none was found.
    """

    value: Target | Actual | None
    span: tuple[int, int] = attrs.field(default=(0, 0), eq=False)
    ignored: tuple[str, ...] = attrs.field(default=(), eq=False)
    confidence: Confidence = attrs.field(default=Confidence.NONE, eq=False)
    refusal: Refusal | None = attrs.field(default=None, eq=False)


def read_quantity(text: str) -> Reading:
    """Return the figure in *text*, if need be one found inside prose; never raises.

    >>> read_quantity("实施37个。").value == parse_quantity("37个")
    True
    """
    return _reading(text, parse_quantity, lambda found: found)


def read_target(text: str, *, year: int | None = None) -> Reading:
    """Return the target in *text*, as `parse_target`; never raises.

    A figure inside prose is offered as a target without a comparator.
    """
    return _reading(
        text,
        lambda one: parse_target(one, year=year),
        lambda found: Threshold(Comparator.UNSTATED, found.value, found.unit, words=found.words),
    )


def read_actual(text: str, *, year: int | None = None) -> Reading:
    """Return the actual in *text*, as `parse_actual`; never raises."""
    return _reading(text, lambda one: parse_actual(one, year=year), lambda found: found)


def _reading(
    text: object, parse: Callable[[str], Target | Actual | None], offer: Callable[[Quantity], Target | Actual]
) -> Reading:
    if not isinstance(text, str):
        return Reading(None)
    try:
        value = parse(text)
    except TextError:
        value = None
    if isinstance(value, Threshold | Quantity):
        half = half_width(text)
        figure = figure_of(half)
        if isinstance(figure, Figure) and not figure.plain and len(half) == len(text):
            # Where the figure itself stands: the words around it are ignored.
            found = _figure_in(text)
            if found is not None:
                start, end = found.span()
                around = tuple(filter(None, (text[:start], text[end:])))
                return Reading(value, (start, end), around, Confidence.LIKELY)
        return Reading(value, (0, len(text)), (), Confidence.CERTAIN)
    refusal = value.refusal if isinstance(value, Statement) else None
    if value is not None and (not isinstance(value, Statement) or refusal is None):
        return Reading(value, (0, len(text)), (), Confidence.CERTAIN)
    found = _figure_in(text[:_SEARCHED])
    if found is not None:
        try:
            quantity = parse_quantity(found[0])
        except TextError:
            quantity = None
        if quantity is not None:
            ignored = (text[: found.start()], text[found.end() :])
            return Reading(offer(quantity), found.span(), ignored, Confidence.OFFERED, refusal)
    return Reading(value, (0, len(text)), (), Confidence.NONE if value is None else Confidence.CERTAIN, refusal)


_FOUND = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?\s?(?:百万|[万亿])?[^0-9\s，。；、：！？,.;:!?（）()]{0,6}")


def _figure_in(text: str) -> re.Match[str] | None:
    """The first figure with its unit, cut behind the unit."""
    found = _FOUND.search(text)
    if found is None:
        return None
    for end in range(found.end(), found.start(), -1):
        try:
            figure = figure_of(text[found.start() : end])
        except TextError:
            return None
        if isinstance(figure, Figure) and figure.plain and figure.label is None:
            return re.compile(re.escape(text[found.start() : end])).search(text, found.start())
    return None


# How far into prose a figure is looked for.
_SEARCHED = 2000
