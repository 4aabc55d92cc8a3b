"""Grades (评价等级): the bands of totals that earn them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

import attrs

from perfeval.amounts import exact, plain
from perfeval.errors import ScoringRuleError
from perfeval.i18n import Words
from perfeval.members import to_member

__all__ = ["Band", "Grade", "band_of", "grade", "to_bands"]

Points = Decimal | int | str


class Grade(StrEnum):
    """The four grades (评价等级); their words are a rule set's data."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


def to_limit(value: Points | None) -> Decimal | None:
    """Return a limit in points, `None` for an open end."""
    return None if value is None else exact(value, "limit")


def to_grade(value: Grade | str) -> Grade:
    """Return the grade that *value* names."""
    return to_member(Grade, value, "grade")


@attrs.frozen
class Band:
    """The totals that earn a grade: from *at_least*, included, to *below*.

    `None` leaves an end open. *words* are the place's name of the grade.
    """

    grade: Grade = attrs.field(converter=to_grade)
    at_least: Decimal | None = attrs.field(default=None, converter=to_limit)
    below: Decimal | None = attrs.field(default=None, converter=to_limit)
    words: Words | None = None


def to_bands(bands: Iterable[Band]) -> tuple[Band, ...]:
    """Return grade bands from the best to the worst, if they leave no hole.

    Raises:
        ScoringRuleError: If two bands overlap, a total has no grade, or the
            grades do not come from the best to the worst.

    >>> len(to_bands([Band("good", at_least=60), Band("poor", below=60)]))
    2
    """
    rows, order = tuple(bands), list(Grade)
    turned = next((pair for pair in pairwise(rows) if order.index(pair[0].grade) > order.index(pair[1].grade)), None)
    got = "" if turned is None else f"got {turned[0].grade} before {turned[1].grade}"
    if not rows or rows[0].below is not None or rows[-1].at_least is not None:
        first = f", the best one first, {got}" if got else ""
        raise ScoringRuleError(f"bands: expected an open end above the best and below the worst grade{first}")
    for best, worst in pairwise(rows):
        if best.at_least is None or worst.below is None:
            raise ScoringRuleError(f"bands: expected limits between {best.grade} and {worst.grade}")
        if best.at_least != worst.below:
            fault = "a hole" if best.at_least > worst.below else "an overlap"
            raise ScoringRuleError(
                f"bands: {fault} between {best.grade} (from {plain(best.at_least)}) "
                f"and {worst.grade} (below {plain(worst.below)})"
            )
    if len({row.grade for row in rows}) != len(rows):
        raise ScoringRuleError("bands: expected each grade once")
    if got:
        raise ScoringRuleError(f"bands: expected the best grade first, {got}")
    limits = [row.at_least for row in rows if row.at_least is not None]
    if limits != sorted(set(limits), reverse=True):
        raise ScoringRuleError("bands: expected the best grade first")
    return rows


def grade(total: Decimal | int, bands: Iterable[Band]) -> Grade:
    """Return the grade of *total* (评价等级).

    Args:
        total: Points.
        bands: Grade bands from the best to the worst, without holes.

    Raises:
        AmountError: If *total* is a float.
        ScoringRuleError: If the bands overlap, leave a hole or come worst first.

    >>> grade(Decimal("89.99"), [Band("excellent", at_least=90), Band("good", below=90)])
    <Grade.GOOD: 'good'>
    """
    return band_of(exact(total, "total"), to_bands(bands)).grade


def band_of(total: Decimal, bands: Iterable[Band]) -> Band:
    """Return the band that holds *total*."""
    for band in bands:
        if band.at_least is None or total >= band.at_least:
            return band
    raise ScoringRuleError(f"bands: no grade for {plain(total)}")
