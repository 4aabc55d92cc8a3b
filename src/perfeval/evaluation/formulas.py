"""The formula of a line with its numbers, which gives the score before rounding.

Each function takes the fields that it shows. A condition that selects the
formula stands before an arrow.

>>> from perfeval import Ratio, Quantity, Threshold
>>> measure_formula(Quantity(12, "处"), Threshold("=", 12, "处"), Measure.ACHIEVEMENT, None, Ratio(1, 1))
('12 = 12 → ', '1')
"""

from __future__ import annotations

from decimal import Decimal

from perfeval.amounts import CONTEXT, AmountUnit, plain
from perfeval.ratios import Ratio, readable
from perfeval.scoring import Measure
from perfeval.targets import (
    Actual,
    Between,
    Comparator,
    Compared,
    Completion,
    Deadline,
    Inverse,
    Quantity,
    Target,
    Threshold,
    compared,
)

__all__ = ["judged_formula", "measure_formula", "money_formula"]

_ZERO = Decimal(0)
# In Python 3.11 a member is looked up through its class by a Python function.
_ACHIEVEMENT, _ACTUAL = Measure.ACHIEVEMENT, Measure.ACTUAL
_STRICT = (Comparator.MORE_THAN, Comparator.LESS_THAN)
_AT_MOST, _LESS_THAN = Comparator.AT_MOST, Comparator.LESS_THAN
_RATIO = Inverse.RATIO


def judged_formula(weight: Decimal, share: Ratio) -> str:
    """Return the formula of a share that a person states, or that the rules give without a measure.

    >>> judged_formula(Decimal(30), Ratio(19, 20))
    '30 × 0.95'
    """
    return f"{plain(weight)} × {plain(readable(share))}"


def money_formula(actual_expenditure: Decimal | None, budget: Decimal | None, unit: AmountUnit) -> str:
    """Return the quotient of an execution rate, its amounts in *unit*.

    >>> money_formula(Decimal(874000), Decimal(900000), AmountUnit.WAN)
    '87.4000 ÷ 90.0000'
    """
    shift, scale = -unit.exponent, CONTEXT.scaleb
    return f"{plain(scale(actual_expenditure or _ZERO, shift))} ÷ {plain(scale(budget or _ZERO, shift))}"


def measure_formula(
    actual: Actual | None,
    target: Target | None,
    measured: Measure,
    inverse: Inverse | None,
    measure: Ratio,
    *,
    name: str = "",
) -> tuple[str, str]:
    """Return the condition and the expression of an indicator's measure, both figures in one unit."""
    if type(actual) is not Quantity:
        # Only a deadline is measured against anything else.
        return f"{_day(actual)} ≤ {_day(target)} → ", "1"
    if measured is _ACTUAL:
        per = measure.denominator // actual.integers[1]
        return "", actual.digits if per == 1 else f"{actual.digits} ÷ {per}"
    if type(target) is Threshold and actual.unit == target.unit and actual.meaning is target.meaning:
        # As most lines are: both figures as they are written.
        a, t = plain(actual.value), plain(target.value)
    else:
        found = compared(target, actual, name=name) if isinstance(target, (Threshold, Between)) else None
        if not isinstance(found, Compared) or not isinstance(target, (Threshold, Between)):
            return f"{actual} → ", "1"
        a, times = plain(found.reached), found.times
        if isinstance(target, Between):
            return f"{_scaled(target.lower, times)} ≤ {a} ≤ {_scaled(target.upper, times)} → ", "1"
        t = _scaled(target.value, times)
    if measured is not _ACHIEVEMENT:
        return "", f"|{a} − {t}| ÷ {t}" if measured is Measure.DEVIATION else f"({a} − {t}) ÷ {t}"
    comparator = target.comparator
    # 1 without a ratio: a zero target, a bound, a rank. Above or below, an equal figure has a ratio.
    numerator, denominator = measure
    if numerator == 1 == denominator and (comparator not in _STRICT or a != t):
        return f"{a} {comparator.value} {t} → ", "1"
    if comparator is _AT_MOST or comparator is _LESS_THAN:
        return "", f"{t} ÷ {a}" if inverse is _RATIO else f"(1 − ({a} − {t}) ÷ {t})"
    return "", f"{a} ÷ {t}"


def _scaled(value: Decimal, times: int) -> str:
    return plain(value if times == 1 else CONTEXT.multiply(value, times))


def _day(value: Actual | Target | None) -> str:
    return value.date.isoformat() if isinstance(value, Completion | Deadline) else str(value)
