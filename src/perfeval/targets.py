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
from math import gcd
from typing import NamedTuple, Protocol, TypeVar

import attrs

from perfeval.amounts import CONTEXT, exact, plain
from perfeval.errors import ModelError
from perfeval.members import to_member
from perfeval.ratios import ONE, Ratio, ratio
from perfeval.reasons import Reason, Refusal
from perfeval.units import factor, unit_of, units

__all__ = [
    "RATIO_UNITS",
    "Actual",
    "Between",
    "Bound",
    "Comparator",
    "Compared",
    "Completion",
    "Deadline",
    "Inverse",
    "Judgement",
    "Meaning",
    "Quantity",
    "Refusal",
    "Statement",
    "Target",
    "Threshold",
    "Tier",
    "achievement",
    "compared",
    "deviation",
    "excess",
    "figure_itself",
    "is_part_of_name",
    "to_date",
    "to_figure",
    "verb_of",
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


class Meaning(StrEnum):
    """What a figure is besides a plain one: a change with its direction, or a rank."""

    RISE = "rise"
    FALL = "fall"
    RANK = "rank"


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
    """Return *value* as an exact figure of a target or an actual, no exponent above 0."""
    figure = exact(value)
    return figure if figure.same_quantum(_WHOLE) or "E+" not in str(figure) else Decimal(int(figure))


_WHOLE = Decimal(1)


def _tiers_by_word() -> dict[str, str]:
    """The words of the official form, and the short ones."""
    from perfeval.i18n import message

    words = {message(f"tier.{tier.value}", "zh_CN"): tier.value for tier in Tier}
    return words | {message(f"tier_short.{tier.value}", "zh_CN"): tier.value for tier in Tier}


def to_share(value: Decimal | int | str | None) -> Decimal | None:
    """Return *value* as an exact share from 0 to 1, or `None`; "95%" is 0.95."""
    if value is None:
        return None
    percent = isinstance(value, str) and value.strip().endswith(("%", "％"))
    number = exact(value.strip()[:-1].strip() if percent and isinstance(value, str) else value, "share")
    share = CONTEXT.scaleb(number, -2) if percent else number
    if not 0 <= share <= 1:
        hint = f'; write "{plain(number)}%"' if not percent and 1 < number <= 100 else ""
        raise ModelError(f"share: expected a fraction from 0 to 1, got {value}{hint}")
    return share


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


def to_meaning(value: Meaning | str | None) -> Meaning | None:
    """Return the meaning that *value* names, or `None`."""
    return None if value is None else to_member(Meaning, value, "meaning")


def to_refusal(value: Refusal | str | None) -> Refusal | None:
    """Return the refusal that *value* names, or `None`."""
    return None if value is None else to_member(Refusal, value, "refusal")


def to_tier(value: Tier | str | None) -> Tier | None:
    """Return the tier that *value* names, or `None`."""
    return None if value is None else to_member(Tier, value, "tier", words=_tiers_by_word)


def to_date(value: dt.date) -> dt.date:
    """Return *value* if it is a plain date."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ModelError(f"expected a date, got {value!r}")
    return value


def to_day(value: dt.date | None) -> dt.date | None:
    """Return *value* if it is a plain date, or `None`."""
    return None if value is None else to_date(value)


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
        value: The figure as written: 8 of "≥8万元".
        unit: Its unit as written, multiplier and period included: "万元",
            "次/月"; `None` if none is printed. 95% is 95 with unit "%".
        meaning: A rise or a fall, or a rank; `None` for a plain figure.
        base: What a change is counted from (上年), or a rank among (全省),
            where that is told.
        label: The label before the figure (不合格率), if any.
        words: The words that the target was read from; no part of equality.
        integers: The figure as numerator and denominator, derived.
    """

    comparator: Comparator = attrs.field(converter=to_comparator)
    value: Decimal = attrs.field(converter=to_figure)
    unit: str | None = attrs.field(default=None, converter=to_unit_name)
    meaning: Meaning | None = attrs.field(default=None, kw_only=True, converter=to_meaning)
    base: str | None = attrs.field(default=None, kw_only=True, converter=to_unit_name)
    label: str | None = attrs.field(default=None, kw_only=True, converter=to_unit_name)
    words: str | None = attrs.field(default=None, kw_only=True, eq=False, repr=False, converter=to_unit_name)
    # Derived once here, because every evaluation needs it.
    integers: tuple[int, int] = _derived(_integers_of)

    @property
    def digits(self) -> str:
        """The figure in plain digits."""
        return plain(self.value)

    @property
    def text(self) -> str:
        """The words, or what would be written."""
        return self.words or _written(self, "" if self.comparator is _UNSTATED else self.comparator._value_)

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Between:
    """A range to stay in, both ends included: "10~20人"; ``words`` as for `Threshold`."""

    lower: Decimal = attrs.field(converter=to_figure)
    upper: Decimal = attrs.field(converter=to_figure)
    unit: str | None = attrs.field(default=None, converter=to_unit_name)
    label: str | None = attrs.field(default=None, kw_only=True, converter=to_unit_name)
    words: str | None = attrs.field(default=None, kw_only=True, eq=False, repr=False, converter=to_unit_name)

    def __attrs_post_init__(self) -> None:
        if self.lower > self.upper:
            raise ModelError(f"expected a range from low to high, got {self}")

    def __str__(self) -> str:
        label = f"{self.label}：" if self.label else ""
        return self.words or f"{label}{plain(self.lower)}~{figure_text(self.upper, self.unit)}"


@attrs.frozen
class Deadline:
    """The last day that is in time; ``words`` as for `Threshold`."""

    date: dt.date = attrs.field(converter=to_date)
    words: str | None = attrs.field(default=None, kw_only=True, eq=False, repr=False, converter=to_unit_name)

    def __str__(self) -> str:
        return self.words or self.date.isoformat()


@attrs.frozen
class Statement:
    """Words that are no figure, date or tier: "明显改善".

    Attributes:
        text: The words.
        refusal: Why a text that holds a figure, a date or a claim was not
            read as one; no part of equality.
    """

    text: str = attrs.field(converter=to_words)
    refusal: Refusal | None = attrs.field(default=None, kw_only=True, eq=False, repr=False, converter=to_refusal)

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Quantity:
    """A figure that was reached: "48公里"; *bound* where it is not exact.

    ``value``, ``unit``, ``meaning``, ``base``, ``label`` and ``words`` are as
    for `Threshold`, and ``integers`` is derived. *claim* is the tier that words beside the figure claim ("5个，达成预期指标").
    """

    value: Decimal = attrs.field(converter=to_figure)
    unit: str | None = attrs.field(default=None, converter=to_unit_name)
    bound: Bound = attrs.field(default=Bound.EXACT, converter=to_bound)
    meaning: Meaning | None = attrs.field(default=None, kw_only=True, converter=to_meaning)
    base: str | None = attrs.field(default=None, kw_only=True, converter=to_unit_name)
    label: str | None = attrs.field(default=None, kw_only=True, converter=to_unit_name)
    claim: Tier | None = attrs.field(default=None, kw_only=True, converter=to_tier)
    words: str | None = attrs.field(default=None, kw_only=True, eq=False, repr=False, converter=to_unit_name)
    integers: tuple[int, int] = _derived(_integers_of)

    @property
    def digits(self) -> str:
        """The figure in plain digits."""
        return plain(self.value)

    @property
    def text(self) -> str:
        """The words, or what would be written."""
        return self.words or _written(self, _BOUND_SIGNS[self.bound])

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
    """The day on which the work was done.

    Attributes:
        date: The day, the last one where the form tells a month or a year.
        earliest: The first day that it can have been, where that is another.
        words: As for `Threshold`.
    """

    date: dt.date = attrs.field(converter=to_date)
    earliest: dt.date | None = attrs.field(default=None, kw_only=True, eq=False, repr=False, converter=to_day)
    words: str | None = attrs.field(default=None, kw_only=True, eq=False, repr=False, converter=to_unit_name)

    def __str__(self) -> str:
        return self.words or self.date.isoformat()


@attrs.frozen
class Judgement:
    """What a person judged: a tier, the share of the weight earned, or both.

    Attributes:
        tier: The tier.
        share: The share as a fraction: 0.95 earns 95 % of the weight.
        words: What goes with it: the form's own words where these claim the
            tier (已完成), or a person's reason; two judgements that differ in
            words only are equal.
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
_CHANGES = frozenset({Meaning.RISE, Meaning.FALL})
_TURNED = {
    Bound.AT_LEAST: Bound.AT_MOST,
    Bound.AT_MOST: Bound.AT_LEAST,
    Bound.MORE_THAN: Bound.LESS_THAN,
    Bound.LESS_THAN: Bound.MORE_THAN,
}


def figure_text(value: Decimal, unit: str | None) -> str:
    """Return a figure with its unit in plain digits.

    >>> figure_text(Decimal("23.15"), "万元")
    '23.15万元'
    """
    text = plain(value)
    return text + unit if unit else text


def _written(figure: Threshold | Quantity, sign: str) -> str:
    """What a form would print: label, direction, sign, figure, unit."""
    text = figure_text(figure.value, figure.unit)
    if figure.meaning is Meaning.RANK:
        within = sign in ("≤", "<")
        text = f"{figure.base or ''}{'前' if within else '第'}{text}"
    else:
        text = f"{f'较{figure.base}' if figure.base else ''}{_DIRECTIONS[figure.meaning]}{sign}{text}"
    return f"{figure.label}：{text}" if figure.label else text


_DIRECTIONS = {None: "", Meaning.RISE: "增长", Meaning.FALL: "下降"}


class Compared(NamedTuple):
    """Target and actual brought to one unit and one direction.

    Attributes:
        reached: The actual.
        times: By what the target's figure is multiplied to stand in the same
            unit: 60 where minutes are held against hours; else 1.
        bound: What is known of the actual.
    """

    reached: Decimal
    times: int
    bound: Bound


def compared(target: Threshold | Between, actual: Quantity, *, name: str = "") -> Compared | Reason:
    """Return target and actual in one unit, or why they do not compare.

    A bare figure takes the other's unit as written, unless that is off by a
    factor of 20 or more while another reading is within a factor of 10. A
    change compares with a change only, a rise being a fall below zero. Labels
    have to be the same on both sides, or part of *name*.

    Args:
        target: What was aimed at.
        actual: What was reached.
        name: The indicator's name.

    >>> compared(Threshold("≥", 2, "小时"), Quantity(50, "分钟")).times
    60
    >>> compared(Threshold("≥", 95, "%"), Quantity("0.97"))
    <Reason.SCALE_IN_DOUBT: 'scale_in_doubt'>
    >>> compared(Threshold("≥", 10, "%", meaning="fall"), Quantity(5, "%", meaning="rise")).reached
    Decimal('-5')
    """
    if target.label or actual.label:
        shares = target.unit in RATIO_UNITS or actual.unit in RATIO_UNITS
        if not _labels_agree(target.label, actual.label, name, shares=shares):
            return Reason.LABELS_DIFFER
    reached, bound = actual.value, actual.bound
    own = target.meaning if isinstance(target, Threshold) else None
    if actual.meaning is not own and reached:
        turned = _in_direction(own, actual)
        if isinstance(turned, Reason):
            return turned
        if turned is not reached:
            reached, bound = turned, _TURNED.get(bound, bound)
    if isinstance(target, Threshold) and target.base and actual.base and target.base != actual.base:
        return Reason.NOT_COMPARABLE
    aim = target.value if isinstance(target, Threshold) else (target.upper or target.lower)
    unit, given = target.unit or "", actual.unit or ""
    if unit == given or not reached or not aim:
        return Compared(reached, 1, bound)
    if not unit or not given:
        in_doubt = _in_doubt(aim, reached, unit or given, bare_actual=not given)
        return Reason.SCALE_IN_DOUBT if in_doubt else Compared(reached, 1, bound)
    by = factor(given, unit)
    if by is None:
        return Reason.UNITS_DIFFER
    over, under = by
    scaled = _plainly(CONTEXT.multiply(reached, over)) if over != 1 else reached
    if under == 1:
        return Compared(scaled, 1, bound)
    if _is_finite(scaled, under):
        return Compared(_plainly(CONTEXT.divide(scaled, under)), 1, bound)
    return Compared(scaled, under, bound)


def _plainly(value: Decimal) -> Decimal:
    """The same figure without zeros that the conversion made: 12000, not 12000.0."""
    whole = value.to_integral_value(context=CONTEXT)
    return whole if whole == value else value


def _is_finite(numerator: Decimal, denominator: int) -> bool:
    """Whether a quotient has a finite decimal: 50 minutes are no finite number of hours."""
    over, under = numerator.as_integer_ratio()
    under *= denominator
    under //= gcd(over, under)
    for prime in (2, 5):
        while under % prime == 0:
            under //= prime
    return under == 1


def _labels_agree(one: str | None, other: str | None, name: str, *, shares: bool) -> bool:
    """Whether labels are the same, or parts of *name*; a verb of doing need not be, unless it says what a share is of."""
    if one == other:
        return True
    verbs: set[str] = set()
    for label in (one, other):
        if label is None or label in units().labels:
            continue
        verb, things = verb_of(label)
        if things and _ends_in(label, name):
            # 带动就业 under 带动就业人数, but not 采购设备 under 采购设备验收台数.
            continue
        if verb is None or shares:
            things = label
        if verb is not None:
            verbs.add(verb)
        if things and not _stands_in(things, name):
            return False
    if verbs:
        verbs.update(_counted(name))
    return len(verbs) <= 1


def _ends_in(label: str, name: str) -> bool:
    """Whether a label is part of a name that counts nothing else behind it."""
    return is_part_of_name(label, name) and not _counted(_bare(name).rpartition(_bare(label))[2])


def _stands_in(label: str, name: str) -> bool:
    """Whether a label is part of a name, or verb and thing of 减免学费 are (学费减免金额)."""
    if is_part_of_name(label, name):
        return True
    found = units().stated.at(label, 0)
    return found is not None and all(is_part_of_name(part, name) for part in (found[0], label[len(found[0]) :]))


def verb_of(label: str) -> tuple[str | None, str]:
    """Return what a label that begins with a verb of doing says was done, and with what.

    >>> verb_of("采购电脑"), verb_of("购置"), verb_of("发放率")
    (('采购', '电脑'), ('采购', ''), (None, '发放率'))
    """
    known = units()
    found = known.doing.at(label, 0)
    if found is None:
        return None, label
    position = start = len(found[0])
    while (more := known.objects.at(label, position) or known.doing.at(label, position)) is not None:
        position += len(more[0])
    if position < len(label):
        position = known.thing(label, position, begun=position > start)
    return (found[1], label[start:]) if position == len(label) else (None, label)


def _counted(name: str) -> tuple[str, ...]:
    """What a name says last that it counts: 验收 in 采购设备验收数量; nothing if it names no such thing."""
    known = units()
    for position in range(len(name) - 1, -1, -1):
        found = known.counted.at(name, position)
        if found is not None:
            # 未培训人数 counts the others.
            turned = position > 0 and name[position - 1] in known.turned
            return (f"not {found[1]}" if turned else found[1],)
    return ()


def is_part_of_name(label: str, name: str) -> bool:
    """Whether *label* is part of *name*, and not of its opposite.

    >>> is_part_of_name("合格率", "验收合格率"), is_part_of_name("合格率", "产品不合格率")
    (True, False)
    """
    name, label = _bare(name), _bare(label)
    at = name.find(label)
    while at >= 0:
        if at == 0 or name[at - 1] not in _NEGATIONS:
            return True
        at = name.find(label, at + 1)
    return False


_NEGATIONS = frozenset("不未非无没")
_QUOTES = str.maketrans("", "", "“”\"'‘’《》「」 ")


def _bare(text: str) -> str:
    return text.translate(_QUOTES)


def _in_direction(aimed: Meaning | None, actual: Quantity) -> Decimal | Reason:
    """The actual's figure in the direction that the target counts."""
    own, value = actual.meaning, actual.value
    if aimed in _CHANGES:
        if own in _CHANGES or (own is None and value < _ZERO):
            return CONTEXT.minus(value) if own in _CHANGES or aimed is Meaning.FALL else value
        return Reason.DIRECTION_NOT_TOLD if own is None else Reason.NOT_COMPARABLE
    if aimed is Meaning.RANK:
        return value if own is None and actual.unit is None else Reason.NOT_COMPARABLE
    return Reason.DIRECTION_NOT_TOLD if own in _CHANGES else Reason.NOT_COMPARABLE


_MYRIAD = 4


def _in_doubt(aim: Decimal, reached: Decimal, unit: str, *, bare_actual: bool) -> bool:
    """Whether a lent unit is far off, while another reading is near."""
    off = ratio(abs_of(reached), abs_of(aim))
    over, under = off.numerator, off.denominator
    if over < 20 * under and under < 20 * over:
        return False
    others = []
    exponent = unit_of(unit).exponent
    if exponent:
        others.append((1, 10**exponent))
    if exponent > _MYRIAD:
        # 7500 against 0.75亿元: forms count in 万元.
        others.append((1, 10 ** (exponent - _MYRIAD)))
    if unit in RATIO_UNITS:
        others.append((10 ** RATIO_UNITS[unit], 1))
    for more, less in others:
        a, b = (more, less) if bare_actual else (less, more)
        if over * a <= 10 * under * b and under * b <= 10 * over * a:
            return True
    return False


def abs_of(value: Decimal) -> Decimal:
    """Return the size of *value*, exact; ``abs()`` follows the caller's context.

    >>> abs_of(Decimal("-1.50"))
    Decimal('1.50')
    """
    return value.copy_abs()


def achievement(target: Target, actual: Actual, *, inverse: Inverse | None = None, name: str = "") -> Ratio | Reason:
    """Return how far *actual* achieves *target* (完成率).

    For "≥", ">" and "=" the measure is ``actual / target``. For "≤" and "<" it
    is ``target / actual`` (`Inverse.RATIO`) or ``1 - (actual - target) /
    target`` (`Inverse.COMPLEMENT`). For a range and a deadline it is 1 where
    they are kept. Where the target is met but no such ratio exists (a target
    of 0, an actual of 0 against "≤", a rank, a bound that is enough) it is 1.

    Args:
        target: What was aimed at.
        actual: What was reached. A figure without a unit takes the target's,
            as written.
        inverse: Which of the two forms a missed "≤" target takes.
        name: The indicator's name, which a label before a figure may be part of.

    Returns:
        An exact ratio, not capped, or the `Reason` why there is none: what no
        text decides (an "=" target exceeded, a late date, a missed zero
        target, a missed rank, a bound that misses, a missed "≤" without
        *inverse*) is not decided here either.

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
        return _kept(target, actual, name)
    aim = target.value
    if (
        actual.unit == target.unit
        and actual.meaning is target.meaning is actual.label is target.label is actual.claim is None
        and actual.base is target.base
    ):
        reached, bound = actual.value, actual.bound
    else:
        found = compared(target, actual, name=name)
        if isinstance(found, Reason):
            return found
        reached, times, bound = found
        if times != 1:
            aim = CONTEXT.multiply(aim, times)
        if target.meaning is Meaning.RANK:
            return _rank_kept(aim, reached, bound)
        if actual.claim is not None and _contradicts(target.comparator, aim, reached, bound, actual.claim):
            return Reason.CLAIM_CONTRADICTS
    comparator = target.comparator
    if bound is not _EXACT:
        if comparator is _UNSTATED:
            return Reason.COMPARATOR_UNSTATED
        if _bound_meets(comparator, aim, reached, bound):
            return ONE
        if not _bound_misses(comparator, aim, reached, bound):
            return Reason.BOUND_UNDECIDED
        if aim <= _ZERO:
            return Reason.NEGATIVE_TARGET if aim < _ZERO else Reason.ZERO_TARGET
        exceeded = comparator is _EQUAL and bound in _FROM_BELOW
        return Reason.EQUAL_EXCEEDED if exceeded else Reason.BOUND_MISSED
    if comparator is _AT_LEAST or comparator is _MORE_THAN:
        if aim > _ZERO:
            a, b = actual.integers if reached is actual.value else reached.as_integer_ratio()
            c, d = target.integers if aim is target.value else aim.as_integer_ratio()
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


def _rank_kept(aim: Decimal, reached: Decimal, bound: Bound) -> Ratio | Reason:
    """1 where a rank is reached; a missed one has no ratio."""
    if reached <= aim and (bound is _EXACT or bound in _FROM_ABOVE):
        return ONE
    return Reason.RANK_MISSED if bound is _EXACT else Reason.BOUND_UNDECIDED


def _contradicts(comparator: Comparator, aim: Decimal, reached: Decimal, bound: Bound, claim: Tier) -> bool:
    """Whether a claim beside a figure says otherwise than the figure."""
    if comparator is _UNSTATED or bound is not _EXACT:
        return False
    if comparator is _EQUAL:
        met = reached == aim
    elif comparator in _FORWARD:
        met = reached >= aim if comparator is _AT_LEAST else reached > aim
    else:
        met = reached <= aim if comparator is _AT_MOST else reached < aim
    return met is not (claim is Tier.ACHIEVED)


def _kept(target: Target, actual: Actual, name: str) -> Ratio | Reason:
    """1 where a range or a deadline is kept."""
    if isinstance(target, Deadline) and isinstance(actual, Completion):
        if actual.date <= target.date:
            return ONE
        # 2022年12月 may be before 15 December, or after it.
        undecided = actual.earliest is not None and actual.earliest <= target.date
        return Reason.BOUND_UNDECIDED if undecided else Reason.LATE
    if not isinstance(target, Between) or not isinstance(actual, Quantity):
        return _incomparable(actual)
    found = compared(target, actual, name=name)
    if isinstance(found, Reason):
        return found
    reached, times, bound = found
    lower, upper = CONTEXT.multiply(target.lower, times), CONTEXT.multiply(target.upper, times)
    if bound is not Bound.EXACT:
        outside = _bound_misses(_AT_LEAST, lower, reached, bound) or _bound_misses(_AT_MOST, upper, reached, bound)
        return Reason.OUTSIDE_RANGE if outside else Reason.BOUND_UNDECIDED
    return ONE if lower <= reached <= upper else Reason.OUTSIDE_RANGE


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
    if actual.meaning is not None:
        return Reason.NOT_COMPARABLE
    a, b = actual.value.as_integer_ratio()
    return Ratio(a, b * 10 ** RATIO_UNITS.get(actual.unit or unit or "", 0))


def deviation(target: Target, actual: Actual, *, name: str = "") -> Ratio | Reason:
    """Return how far *actual* is from *target*, either way (偏差率).

    The measure is ``|actual - target| / target``.

    Returns:
        An exact ratio of 0 or more, or the `Reason` why there is none.

    >>> deviation(Threshold("=", 50), Quantity(40))
    Ratio(numerator=10, denominator=50)
    """
    over = excess(target, actual, name=name)
    return over if isinstance(over, Reason) else Ratio(abs(over.numerator), over.denominator)


def excess(target: Target, actual: Actual, *, name: str = "") -> Ratio | Reason:
    """Return by what share *actual* is above *target* (超额率).

    The measure is ``actual / target - 1``, below 0 for less than the target.

    Returns:
        An exact ratio, or the `Reason` why there is none.

    >>> excess(Threshold("≥", 50), Quantity(65))
    Ratio(numerator=15, denominator=50)
    """
    if not isinstance(target, Threshold) or not isinstance(actual, Quantity):
        return _incomparable(actual)
    found = compared(target, actual, name=name)
    if isinstance(found, Reason):
        return found
    reached, times, bound = found
    if target.meaning is Meaning.RANK:
        return Reason.NOT_COMPARABLE
    if bound is not Bound.EXACT:
        return Reason.BOUND_UNDECIDED
    if target.value <= 0:
        return Reason.NEGATIVE_TARGET if target.value < 0 else Reason.ZERO_TARGET
    aim = CONTEXT.multiply(target.value, times)
    return ratio(CONTEXT.subtract(reached, aim), aim)


def _bound_misses(comparator: Comparator, aim: Decimal, known: Decimal, bound: Bound) -> bool:
    """Whether a figure of which only a bound is known surely misses the target."""
    if comparator is not _AT_MOST and comparator is not Comparator.LESS_THAN and bound in _FROM_ABOVE:
        touching = comparator is not _MORE_THAN and bound is Bound.AT_MOST
        return known < aim if touching else known <= aim
    if comparator not in _FORWARD and bound in _FROM_BELOW:
        touching = comparator is not Comparator.LESS_THAN and bound is Bound.AT_LEAST
        return known > aim if touching else known >= aim
    return False


def _incomparable(actual: Actual) -> Reason:
    return Reason.WORDS_NOT_READ if isinstance(actual, Statement) else Reason.NOT_COMPARABLE


def _bound_meets(comparator: Comparator, aim: Decimal, known: Decimal, bound: Bound) -> bool:
    """Whether a figure of which only a bound is known surely meets the target."""
    if comparator in _FORWARD:
        touching = comparator is Comparator.AT_LEAST or bound is Bound.MORE_THAN
        return bound in _FROM_BELOW and (known >= aim if touching else known > aim)
    touching = comparator is Comparator.AT_MOST or bound is Bound.LESS_THAN
    return comparator is not Comparator.EQUAL and bound in _FROM_ABOVE and (known <= aim if touching else known < aim)
