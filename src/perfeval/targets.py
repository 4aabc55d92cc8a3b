"""What an indicator aims at and what it reached (指标值, 实际完成值).

A target is a `Threshold`, a range (`Between`), a `Deadline` or a `Statement`
in words; an actual is a `Quantity`, a `Completion` date, a person's
`Judgement` or a `Statement`. The functions here turn the two into a *measure*,
one exact `Ratio`, or into the `Reason` why there is none. Which measure is
taken, and what it earns, is a rule's business (`perfeval.scoring`).

>>> target = Threshold(Comparator.AT_LEAST, 50, "公里")
>>> achievement(target, Quantity(48, "公里"))
Ratio(numerator=48, denominator=50)
>>> achievement(target, Quantity(48, "小时"))
<Reason.UNITS_DIFFER: 'units_differ'>
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

import attrs

from perfeval.amounts import CONTEXT, exact, exponent_of, plain
from perfeval.errors import ModelError
from perfeval.members import to_member
from perfeval.ratios import ONE, Ratio, ratio
from perfeval.reasons import Reason

__all__ = [
    "RATIO_UNITS",
    "Actual",
    "Between",
    "Bound",
    "Comparator",
    "Completion",
    "Deadline",
    "Inverse",
    "Judgement",
    "Quantity",
    "Statement",
    "Target",
    "Threshold",
    "Tier",
    "achievement",
    "deviation",
    "excess",
    "figure_itself",
    "in_unit_of",
    "to_date",
    "to_figure",
]

T = TypeVar("T")


class Comparator(StrEnum):
    """How a target is compared with (指标性质), by the sign that forms print."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    EQUAL = "="
    MORE_THAN = ">"
    LESS_THAN = "<"
    UNSTATED = "unstated"


class Bound(StrEnum):
    """What is known of a figure that is not exact: 二十多项 is *more than* 20."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    ABOUT = "about"


class Tier(StrEnum):
    """The three tiers of a qualitative indicator; each place has its words."""

    ACHIEVED = "achieved"
    PARTLY_ACHIEVED = "partly_achieved"
    NOT_ACHIEVED = "not_achieved"


class Inverse(StrEnum):
    """How far a "≤" target is achieved when it is missed: two forms are in use.

    With target 10 and actual 15, `RATIO` gives 10/15 and `COMPLEMENT`
    1 - (15 - 10)/10.
    """

    RATIO = "ratio"
    COMPLEMENT = "complement"


def to_figure(value: Decimal | int | str) -> Decimal:
    """Return *value* as an exact figure of a target or an actual."""
    return exact(value)


def to_share(value: Decimal | int | str | None) -> Decimal | None:
    """Return *value* as an exact share, or `None`."""
    return None if value is None else exact(value, "share")


def to_unit_name(value: str | None) -> str | None:
    """Return a unit's name or other words, `None` if there are none."""
    if value is not None and not isinstance(value, str):
        raise ModelError(f"expected a unit or words, got {value!r}")
    return value or None


def to_comparator(value: Comparator | str) -> Comparator:
    """Return the comparator that *value* is the sign of."""
    return to_member(Comparator, value, "comparator")


def to_bound(value: Bound | str) -> Bound:
    """Return the bound that *value* names."""
    return to_member(Bound, value, "bound")


def to_tier(value: Tier | str | None) -> Tier | None:
    """Return the tier that *value* names, or `None`."""
    return None if value is None else to_member(Tier, value, "tier")


def to_date(value: dt.date) -> dt.date:
    """Return *value* if it is a plain date."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ModelError(f"expected a date, got {value!r}")
    return value


def to_words(value: str) -> str:
    """Return *value* if it says something."""
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"expected words, got {value!r}")
    return value


class _HasValue(Protocol):
    @property
    def value(self) -> Decimal: ...


def _integers_of(figure: _HasValue) -> tuple[int, int]:
    return figure.value.as_integer_ratio()


def _digits_of(figure: _HasValue) -> str:
    return plain(figure.value)


def _derived(make: Callable[[_HasValue], T]) -> T:
    """A field that follows from the others: no part of equality or of the repr."""
    made: T = attrs.field(init=False, eq=False, repr=False, default=attrs.Factory(make, takes_self=True))
    return made


@attrs.frozen
class Threshold:
    """A figure to reach, not to exceed, or to meet: "≥50公里".

    Attributes:
        comparator: How it is compared with; `Comparator.UNSTATED` where the
            form prints none: a rule set resolves that, never the reader.
        value: The figure, exact.
        unit: Its unit, `None` if none is printed. 95% is 95 with unit "%".
        integers: The figure as numerator and denominator, derived.
        digits: The figure in plain digits, derived.
        text: Comparator, figure and unit as written, derived.
    """

    comparator: Comparator = attrs.field(converter=to_comparator)
    value: Decimal = attrs.field(converter=to_figure)
    unit: str | None = attrs.field(default=None, converter=to_unit_name)
    # Derived once here, because every evaluation and its text need them.
    integers: tuple[int, int] = _derived(_integers_of)
    digits: str = _derived(_digits_of)
    text: str = attrs.field(init=False, eq=False, repr=False)

    @text.default
    def _make_text(self) -> str:
        sign = "" if self.comparator is Comparator.UNSTATED else self.comparator.value
        return sign + figure_text(self.value, self.unit)

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Between:
    """A range to stay in, both ends included: "10~20人"."""

    lower: Decimal = attrs.field(converter=to_figure)
    upper: Decimal = attrs.field(converter=to_figure)
    unit: str | None = attrs.field(default=None, converter=to_unit_name)

    def __attrs_post_init__(self) -> None:
        if self.lower > self.upper:
            raise ModelError(f"expected a range from low to high, got {self}")

    def __str__(self) -> str:
        return f"{figure_text(self.lower, None)}~{figure_text(self.upper, self.unit)}"


@attrs.frozen
class Deadline:
    """The last day that is in time."""

    date: dt.date = attrs.field(converter=to_date)

    def __str__(self) -> str:
        return self.date.isoformat()


@attrs.frozen
class Statement:
    """Words that are no figure, date or tier: "明显改善"."""

    text: str = attrs.field(converter=to_words)

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Quantity:
    """A figure that was reached: "48公里"; *bound* where it is not exact.

    ``integers``, ``digits`` and ``text`` are derived, as for `Threshold`.
    """

    value: Decimal = attrs.field(converter=to_figure)
    unit: str | None = attrs.field(default=None, converter=to_unit_name)
    bound: Bound = attrs.field(default=Bound.EXACT, converter=to_bound)
    integers: tuple[int, int] = _derived(_integers_of)
    digits: str = _derived(_digits_of)
    text: str = attrs.field(init=False, eq=False, repr=False)

    @text.default
    def _make_text(self) -> str:
        return _BOUND_SIGNS[self.bound] + figure_text(self.value, self.unit)

    def __str__(self) -> str:
        return self.text


_BOUND_SIGNS = {
    Bound.EXACT: "",
    Bound.AT_LEAST: "≥",
    Bound.MORE_THAN: ">",
    Bound.AT_MOST: "≤",
    Bound.LESS_THAN: "<",
    Bound.ABOUT: "约",
}


@attrs.frozen
class Completion:
    """The day on which the work was done."""

    date: dt.date = attrs.field(converter=to_date)

    def __str__(self) -> str:
        return self.date.isoformat()


@attrs.frozen
class Judgement:
    """What a person judged: a tier, the share of the weight earned, or both.

    Attributes:
        tier: The tier.
        share: The share as a fraction: 0.95 earns 95 % of the weight.
        words: The form's own words where these claim the tier (已完成); two
            judgements that differ in words only are equal.
    """

    tier: Tier | None = attrs.field(default=None, converter=to_tier)
    share: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_share)
    words: str | None = attrs.field(default=None, kw_only=True, eq=False, converter=to_unit_name)

    def __attrs_post_init__(self) -> None:
        if self.tier is None and self.share is None:
            raise ModelError("expected a tier, a share or both, got neither")

    def __str__(self) -> str:
        tier = self.words or ("" if self.tier is None else self.tier.value)
        share = "" if self.share is None else plain(self.share)
        return f"{tier} {share}".strip()


Target = Threshold | Between | Deadline | Statement
Actual = Quantity | Completion | Judgement | Statement

_ZERO = Decimal(0)

RATIO_UNITS = {"%": 2, "‰": 3}
"""The units that are shares of one, with their power of ten."""

# In Python 3.11 a member is looked up through its class by a Python function:
# what achievement() compares with once a line is looked up once.
_EXACT = Bound.EXACT
_AT_LEAST, _MORE_THAN, _UNSTATED = Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.UNSTATED
_EQUAL, _AT_MOST, _COMPLEMENT, _RATIO = Comparator.EQUAL, Comparator.AT_MOST, Inverse.COMPLEMENT, Inverse.RATIO
_FORWARD = frozenset({Comparator.AT_LEAST, Comparator.MORE_THAN})
_FROM_BELOW = frozenset({Bound.AT_LEAST, Bound.MORE_THAN})
_FROM_ABOVE = frozenset({Bound.AT_MOST, Bound.LESS_THAN})


def figure_text(value: Decimal, unit: str | None) -> str:
    """Return a figure with its unit in plain digits, as it was written.

    A figure with a positive exponent was written with 万 or 亿, and is shown
    so: reading it again gives the same figure with the same precision.

    >>> figure_text(Decimal("23.15E+4"), "元"), figure_text(Decimal("231500"), "元")
    ('23.15万元', '231500元')
    """
    text = str(value)
    if "E+" in text:
        shift, word = (4, "万") if exponent_of(value) <= 4 else (8, "亿")
        text = plain(CONTEXT.scaleb(value, -shift)) + word
    elif "E" in text:
        text = plain(value)
    return text + unit if unit else text


def achievement(target: Target, actual: Actual, *, inverse: Inverse | None = None) -> Ratio | Reason:
    """Return how far *actual* achieves *target* (完成率).

    For "≥", ">" and "=" the measure is ``actual / target``. For "≤" and "<" it
    is ``target / actual`` (`Inverse.RATIO`) or ``1 - (actual - target) /
    target`` (`Inverse.COMPLEMENT`). For a range and a deadline it is 1 where
    they are kept. Where the target is met but no such ratio exists (a target
    of 0, an actual of 0 against "≤", a bound that is enough) it is 1.

    Args:
        target: What was aimed at.
        actual: What was reached. A figure without a unit takes the target's.
        inverse: Which of the two forms a missed "≤" target takes.

    Returns:
        An exact ratio, not capped, or the `Reason` why there is none: what no
        text decides (an "=" target exceeded, a late date, a missed zero
        target, a missed "≤" without *inverse*) is not decided here either.

    Source: 财预〔2020〕10号 art. 16 for ``actual / target``; the inverse forms
    are practice.

    >>> at_most = Threshold("≤", 10)
    >>> achievement(at_most, Quantity(15), inverse=Inverse.RATIO)
    Ratio(numerator=10, denominator=15)
    >>> achievement(at_most, Quantity(15), inverse=Inverse.COMPLEMENT)
    Ratio(numerator=5, denominator=10)
    >>> achievement(at_most, Quantity(15))
    <Reason.INVERSE_UNDECIDED: 'inverse_undecided'>
    """
    if type(target) is not Threshold or type(actual) is not Quantity:
        return _kept(target, actual)
    unit = actual.unit
    if unit is None or unit == target.unit:
        reached = actual.value
    else:
        converted = in_unit_of(actual, target.unit)
        if isinstance(converted, Reason):
            return converted
        reached = converted
    comparator = target.comparator
    aim = target.value
    if actual.bound is not _EXACT:
        if comparator is _UNSTATED:
            return Reason.COMPARATOR_UNSTATED
        return ONE if _bound_meets(comparator, aim, reached, actual.bound) else Reason.BOUND_UNDECIDED
    if comparator is _AT_LEAST or comparator is _MORE_THAN:
        c, d = target.integers
        if c > 0:
            a, b = actual.integers if reached is actual.value else reached.as_integer_ratio()
            return Ratio(a * d, b * c)
        met = reached >= aim if comparator is _AT_LEAST else reached > aim
    elif comparator is _UNSTATED:
        return Reason.COMPARATOR_UNSTATED
    elif comparator is _EQUAL:
        met = reached == aim
        if not met and aim > _ZERO:
            return ratio(reached, aim) if reached < aim else Reason.EQUAL_EXCEEDED
    else:
        met = reached <= aim if comparator is _AT_MOST else reached < aim
        if aim > _ZERO and inverse is _COMPLEMENT:
            return ratio(CONTEXT.subtract(CONTEXT.add(aim, aim), reached), aim)
        if aim > _ZERO and reached > _ZERO and inverse is _RATIO:
            return ratio(aim, reached)
        if not met and aim > _ZERO:
            return Reason.INVERSE_UNDECIDED
    if met:
        return ONE
    return Reason.NEGATIVE_TARGET if aim < _ZERO else Reason.ZERO_TARGET


def _kept(target: Target, actual: Actual) -> Ratio | Reason:
    """1 where a range or a deadline is kept."""
    if isinstance(target, Deadline) and isinstance(actual, Completion):
        return ONE if actual.date <= target.date else Reason.LATE
    if not isinstance(target, Between) or not isinstance(actual, Quantity):
        return _incomparable(actual)
    reached = in_unit_of(actual, target.unit)
    if isinstance(reached, Reason):
        return reached
    if actual.bound is not Bound.EXACT:
        return Reason.BOUND_UNDECIDED
    return ONE if target.lower <= reached <= target.upper else Reason.OUTSIDE_RANGE


def figure_itself(actual: Actual, unit: str | None = None) -> Ratio | Reason:
    """Return the figure that was reached, whatever its target.

    Args:
        actual: What was reached; a figure without a unit takes *unit*.
        unit: The target's unit.

    Returns:
        The figure as an exact ratio (89% is 89/100), or the `Reason` why
        there is none.

    Source: 财预〔2021〕101号: the satisfaction steps look at the figure itself.

    >>> figure_itself(Quantity(89, "%"))
    Ratio(numerator=89, denominator=100)
    """
    if not isinstance(actual, Quantity):
        return _incomparable(actual)
    if actual.bound is not Bound.EXACT:
        return Reason.BOUND_UNDECIDED
    a, b = actual.value.as_integer_ratio()
    return Ratio(a, b * 10 ** RATIO_UNITS.get(actual.unit or unit or "", 0))


def deviation(target: Target, actual: Actual) -> Ratio | Reason:
    """Return how far *actual* is from *target*, either way (偏差率).

    The measure is ``|actual - target| / target``.

    Returns:
        An exact ratio of 0 or more, or the `Reason` why there is none.

    >>> deviation(Threshold("=", 50), Quantity(40))
    Ratio(numerator=10, denominator=50)
    """
    over = excess(target, actual)
    return over if isinstance(over, Reason) else Ratio(abs(over.numerator), over.denominator)


def excess(target: Target, actual: Actual) -> Ratio | Reason:
    """Return by what share *actual* is above *target* (超额率).

    The measure is ``actual / target - 1``, below 0 for less than the target.

    Returns:
        An exact ratio, or the `Reason` why there is none.

    >>> excess(Threshold("≥", 50), Quantity(65))
    Ratio(numerator=15, denominator=50)
    """
    if not isinstance(target, Threshold) or not isinstance(actual, Quantity):
        return _incomparable(actual)
    reached = in_unit_of(actual, target.unit)
    if isinstance(reached, Reason):
        return reached
    if actual.bound is not Bound.EXACT:
        return Reason.BOUND_UNDECIDED
    if target.value <= 0:
        return Reason.NEGATIVE_TARGET if target.value < 0 else Reason.ZERO_TARGET
    return ratio(CONTEXT.subtract(reached, target.value), target.value)


def in_unit_of(actual: Quantity, unit: str | None) -> Decimal | Reason:
    """Return the figure of *actual* in *unit*; without a unit it takes *unit*.

    >>> in_unit_of(Quantity(5, "‰"), "%")
    Decimal('0.5')
    """
    own = actual.unit
    if own is None or own == unit:
        return actual.value
    if own in RATIO_UNITS and unit in RATIO_UNITS:
        return CONTEXT.scaleb(actual.value, RATIO_UNITS[unit] - RATIO_UNITS[own])
    # A target printed without any unit is counted in the actual's, but not in
    # shares: 96% against "0.95" is not 96 against 0.95.
    if unit is None and own not in RATIO_UNITS:
        return actual.value
    return Reason.UNITS_DIFFER


def _incomparable(actual: Actual) -> Reason:
    return Reason.WORDS_NOT_READ if isinstance(actual, Statement) else Reason.NOT_COMPARABLE


def _bound_meets(comparator: Comparator, aim: Decimal, known: Decimal, bound: Bound) -> bool:
    """Whether a figure of which only a bound is known surely meets the target."""
    if comparator in _FORWARD:
        touching = comparator is Comparator.AT_LEAST or bound is Bound.MORE_THAN
        return bound in _FROM_BELOW and (known >= aim if touching else known > aim)
    touching = comparator is Comparator.AT_MOST or bound is Bound.LESS_THAN
    return comparator is not Comparator.EQUAL and bound in _FROM_ABOVE and (known <= aim if touching else known < aim)
