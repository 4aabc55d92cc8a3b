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
from perfeval.reasons import Reason
from perfeval.scoring import Measure
from perfeval.targets import Actual, Between, Comparator, Inverse, Quantity, Target, Threshold, in_unit_of

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
    actual: Actual | None, target: Target | None, measured: Measure, inverse: Inverse | None, measure: Ratio
) -> tuple[str, str]:
    """Return the condition and the expression of an indicator's measure."""
    if type(actual) is not Quantity:
        # Only a deadline is measured against anything else.
        return f"{actual} ≤ {target} → ", "1"
    a = actual.digits
    if measured is _ACTUAL:
        per = measure.denominator // actual.integers[1]
        return "", a if per == 1 else f"{a} ÷ {per}"
    if type(target) is not Threshold:
        return _range_formula(actual, target)
    if actual.unit != target.unit:
        a = _in_unit(actual, target.unit)
    t = target.digits
    if measured is not _ACHIEVEMENT:
        return "", f"|{a} − {t}| ÷ {t}" if measured is Measure.DEVIATION else f"({a} − {t}) ÷ {t}"
    comparator = target.comparator
    # 1 without a ratio: a zero target, a bound. Above or below, an equal figure has a ratio.
    numerator, denominator = measure
    if numerator == 1 == denominator and (comparator not in _STRICT or in_unit_of(actual, target.unit) != target.value):
        return f"{a} {comparator.value} {t} → ", "1"
    if comparator is _AT_MOST or comparator is _LESS_THAN:
        return "", f"{t} ÷ {a}" if inverse is _RATIO else f"(1 − ({a} − {t}) ÷ {t})"
    return "", f"{a} ÷ {t}"


def _range_formula(actual: Quantity, target: Target | None) -> tuple[str, str]:
    if not isinstance(target, Between):
        return f"{actual} → ", "1"
    return f"{plain(target.lower)} ≤ {_in_unit(actual, target.unit)} ≤ {plain(target.upper)} → ", "1"


def _in_unit(actual: Quantity, unit: str | None) -> str:
    converted = in_unit_of(actual, unit)
    return str(actual) if isinstance(converted, Reason) else plain(converted)
