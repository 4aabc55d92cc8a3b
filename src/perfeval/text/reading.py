"""Reading without raising: what a text was read as, where, and how surely.

>>> reading = read_quantity("本年度已完成352个村卫生室基药补助的实施。")
>>> print(reading.value, reading.confidence)
352个 offered
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

import attrs

from perfeval.errors import TextError
from perfeval.targets import Actual, Comparator, Quantity, Statement, Target, Threshold
from perfeval.text.parsing import figure_of, parse_actual, parse_quantity, parse_target, quantity_of

__all__ = ["Confidence", "Reading", "read_actual", "read_quantity", "read_target"]


class Confidence(StrEnum):
    """How a value was read."""

    CERTAIN = "certain"
    """The text is this expression and nothing else."""
    LIKELY = "likely"
    """The text is this expression with words around it."""
    OFFERED = "offered"
    """The figure was found inside prose."""
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
    """

    value: Target | Actual | None
    span: tuple[int, int] = attrs.field(default=(0, 0), eq=False)
    ignored: tuple[str, ...] = attrs.field(default=(), eq=False)
    confidence: Confidence = attrs.field(default=Confidence.NONE, eq=False)


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
        lambda found: Threshold(Comparator.UNSTATED, found.value, found.unit),
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
        figure = figure_of(text)
        if figure is not None and figure.ignored:
            return Reading(value, (figure.start, figure.end), figure.ignored, Confidence.LIKELY)
    if value is not None and not isinstance(value, Statement):
        return Reading(value, (0, len(text)), (), Confidence.CERTAIN)
    found = re.search(
        r"[0-9]{1,15}(?:\.[0-9]{1,9})?\s?(?:百万|[万亿])?[^0-9\s，。；、：！？,.;:!?（）()]{0,4}", text[:_SEARCHED]
    )
    if found is not None:
        figure = figure_of(found[0])
        if figure is not None:
            ignored = (text[: found.start()], text[found.end() :])
            return Reading(offer(quantity_of(figure)), found.span(), ignored, Confidence.OFFERED)
    return Reading(value, (0, len(text)), (), Confidence.NONE if value is None else Confidence.CERTAIN)


# How far into prose a figure is looked for.
_SEARCHED = 2000
