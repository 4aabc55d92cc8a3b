"""Roundings of scores, and figures for reading.

A score is exact until it is rounded once, as its rule set says: that is
`Rounding`. A ratio or a number of points that is only shown is rounded by
`percent` and `readable_points`; nothing is computed from those.

>>> Rounding().points(Decimal(15), Ratio(1, 3000))
Decimal('0.01')
>>> percent(Ratio(6563, 7900))
'83.08%'
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import attrs

from perfeval.amounts import CONTEXT, exact, plain
from perfeval.errors import ScoringRuleError
from perfeval.members import to_member
from perfeval.ratios import Ratio

__all__ = [
    "MOST_RATIO_DIGITS",
    "Rounding",
    "RoundingMode",
    "exact_percent",
    "percent",
    "readable_points",
    "rounded",
    "signed",
    "to_rounding_step",
]


class RoundingMode(StrEnum):
    """How a score is rounded; ties of `HALF_UP` go away from zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


MOST_RATIO_DIGITS = 18
"""The most decimals that a measure can be rounded to."""

_HALF_UP = RoundingMode.HALF_UP
_multiply = CONTEXT.multiply


def to_rounding_step(value: Decimal | int | str) -> Decimal:
    """Return the step of a rounding: a power of ten or another number above 0."""
    step = exact(value, "step")
    if step <= 0:
        raise ScoringRuleError(f"step: expected a number above 0, got {plain(step)}")
    return step


def to_rounding_mode(value: RoundingMode | str) -> RoundingMode:
    """Return the rounding mode that *value* names."""
    return to_member(RoundingMode, value, "rounding mode")


@attrs.frozen
class Rounding:
    """How a score is rounded, once: to *step*, ties by *mode*.

    Attributes:
        step: The step, in points: 0.01 for two decimals.
        mode: What happens between two steps.
        ratio_digits: Decimals that the measure is rounded to before it is
            used, `None` where it is not rounded.
    """

    step: Decimal = attrs.field(default=Decimal("0.01"), converter=to_rounding_step)
    mode: RoundingMode = attrs.field(default=RoundingMode.HALF_UP, converter=to_rounding_mode)
    ratio_digits: int | None = None
    _per_step: tuple[int, int] = attrs.field(init=False, eq=False, repr=False)

    @_per_step.default
    def _invert(self) -> tuple[int, int]:
        numerator, denominator = self.step.as_integer_ratio()
        return denominator, numerator

    def __attrs_post_init__(self) -> None:
        digits = self.ratio_digits
        whole = digits is None or (isinstance(digits, int) and not isinstance(digits, bool))
        if not whole or (digits is not None and not 0 <= digits <= MOST_RATIO_DIGITS):
            raise ScoringRuleError(
                f"ratio_digits: expected a whole number from 0 to {MOST_RATIO_DIGITS}, got {digits!r}"
            )

    def points(self, weight: Decimal, earned: Ratio) -> Decimal:
        """Return ``weight x earned`` in points, rounded.

        >>> Rounding().points(Decimal(1), Ratio(1, 200)), Rounding(mode="half_even").points(Decimal(1), Ratio(1, 200))
        (Decimal('0.01'), Decimal('0.00'))
        """
        a, b = weight.as_integer_ratio()
        c, d = earned
        per, step = self._per_step
        numerator, denominator = a * c * per, b * d * step
        if self.mode is _HALF_UP and numerator >= 0:
            steps = (2 * numerator + denominator) // (2 * denominator)
        else:
            steps = rounded(numerator, denominator, self.mode)
        return _multiply(steps, self.step)

    def of_measure(self, measure: Ratio) -> Ratio:
        """Return *measure*, rounded if the rules round it."""
        if self.ratio_digits is None:
            return measure
        unit = 10**self.ratio_digits
        return Ratio(rounded(measure.numerator * unit, measure.denominator, self.mode), unit)


def rounded(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """Return ``numerator / denominator`` as a whole number; *denominator* is above 0."""
    if numerator < 0:
        return -rounded(-numerator, denominator, mode)
    if mode is _HALF_UP:
        return (2 * numerator + denominator) // (2 * denominator)
    whole, rest = divmod(numerator, denominator)
    if mode is RoundingMode.HALF_EVEN and (2 * rest > denominator or (2 * rest == denominator and whole % 2)):
        whole += 1
    return whole


def percent(measure: Ratio) -> str:
    """Return *measure* in per cent, rounded half up to two decimals, for reading.

    >>> percent(Ratio(6563, 7900))
    '83.08%'
    """
    hundredths = rounded(measure.numerator * 10_000, measure.denominator, RoundingMode.HALF_UP)
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02d}%"


def exact_percent(part: Decimal) -> str:
    """Return a fraction in per cent, with all its digits.

    >>> exact_percent(Decimal("0.95"))
    '95%'
    """
    return f"{plain(CONTEXT.scaleb(part, 2))}%"


def signed(points: Decimal) -> str:
    """Return points with their sign.

    >>> signed(Decimal(2)), signed(Decimal(-2))
    ('+2', '-2')
    """
    return plain(points) if points < 0 else f"+{plain(points)}"


def readable_points(exact: Ratio) -> Decimal:
    """Return points rounded half up to four decimals, without trailing zeros, for reading.

    >>> readable_points(Ratio(25, 3))
    Decimal('8.3333')
    """
    steps = rounded(exact.numerator * 10_000, exact.denominator, RoundingMode.HALF_UP)
    return CONTEXT.scaleb(Decimal(steps), -4).normalize(CONTEXT)
