"""Scoring rules: from a measure to a share of the weight to a score.

A `ScoringRule` turns a measure (an exact `Ratio`) into the share of the weight
that is earned (得分率); the score is ``weight x share``, exact until it is
rounded once. Rules are piecewise linear and are kept as the name of their
constructor, its parameters, and the scale of points that their article is
written on. Nothing here knows a place or a document.

>>> rule = ScoringRule.proportional()
>>> share(rule, Ratio(48, 50))
Ratio(numerator=48, denominator=50)
>>> score(Decimal(50), Ratio(48, 50), rule)
Decimal('48.00')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT, Amount, exact, exact_amount, plain
from perfeval.cited import Grounds, cites_text
from perfeval.errors import AmountError, ModelError, ScoringRuleError
from perfeval.i18n import Words, message
from perfeval.members import to_member
from perfeval.ratios import Ratio, ratio
from perfeval.reasons import Reason
from perfeval.rounding import Rounding
from perfeval.targets import Comparator, Judgement, Tier

__all__ = [
    "Adjustment",
    "Band",
    "Grade",
    "Knot",
    "Measure",
    "Piece",
    "ScoringRule",
    "Step",
    "TierRange",
    "execution_score",
    "grade",
    "score",
    "share",
    "to_bands",
]

Points = Decimal | int | str


class Measure(StrEnum):
    """Which measure a rule looks at."""

    ACHIEVEMENT = "achievement"
    ACTUAL = "actual"
    RATE = "rate"
    DEVIATION = "deviation"
    EXCESS = "excess"
    JUDGED = "judged"


class Grade(StrEnum):
    """The four grades (评价等级); their words are a rule set's data."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Piece(NamedTuple):
    """One linear piece of a rule: ``(slope * x + intercept) / denominator``.

    Attributes:
        limit: The upper end, `None` for the last piece.
        closed: Whether the upper end belongs to this piece.
        slope: Integer, as are the other two.
        intercept: Integer.
        denominator: Positive integer.
        text: The formula, ``{w}`` and ``{m}`` standing for weight and measure.
    """

    limit: Ratio | None
    closed: bool
    slope: int
    intercept: int
    denominator: int
    text: str

    def at(self, x: Ratio) -> Ratio:
        """Return the share at *x*, whether or not *x* lies in the piece."""
        n, d = x
        return Ratio(self.slope * n + self.intercept * d, self.denominator * d)

    def formula(self, weight: str, measure: str) -> str:
        """Return the formula with its numbers put in."""
        return self.text.replace("{w}", weight).replace("{m}", measure)


class Knot(NamedTuple):
    """Where two pieces meet: the share just before, at, and just after *x*."""

    x: Ratio
    before: Ratio
    at: Ratio
    after: Ratio


class Step(NamedTuple):
    """A step: whoever stands on this side of *limit* earns *points*."""

    comparator: Comparator
    limit: Decimal
    points: Decimal


class TierRange(NamedTuple):
    """What a tier earns: from *lower*, included, to *upper*, included only at 1.

    *share* is what the tier earns where nobody states a share, if the rules
    say so.
    """

    tier: Tier
    lower: Decimal
    upper: Decimal
    share: Decimal | None


Parameter = Decimal | bool | None | tuple[Step, ...] | tuple[TierRange, ...]

_SIDES = {
    "at_least": Comparator.AT_LEAST,
    "more_than": Comparator.MORE_THAN,
    "at_most": Comparator.AT_MOST,
    "less_than": Comparator.LESS_THAN,
}
_SIDE_NAMES = {comparator: name for name, comparator in _SIDES.items()}
_FROM_ABOVE = (Comparator.AT_LEAST, Comparator.MORE_THAN)
_MOST_UNITS = 1000


@attrs.frozen(init=False)
class ScoringRule:
    """A rule that gives the share of the weight a measure earns.

    Made by one of its named constructors only. Two rules are equal if their
    constructor, parameters and scale are.

    Attributes:
        constructor: The name of the constructor.
        parameters: Its parameters, as pairs of name and value.
        scale: The points that the article is written on; the share is the
            points divided by the scale.
        pieces: The linear pieces, derived, from low to high.
        table: The same, flat, for the loop that looks a measure up.
    """

    constructor: str
    parameters: tuple[tuple[str, Parameter], ...]
    scale: Decimal
    pieces: tuple[Piece, ...] = attrs.field(eq=False, repr=False)
    # The pieces as integers; the last one ends at 1/0, above every ratio.
    table: tuple[tuple[Piece, int, int, bool, int, int, int], ...] = attrs.field(eq=False, repr=False)

    @classmethod
    def _make(
        cls, constructor: str, parameters: Mapping[str, Parameter], pieces: Iterable[Piece], scale: Decimal = Decimal(1)
    ) -> ScoringRule:
        rule = cls.__new__(cls)
        rows = tuple(pieces)
        table = tuple((piece, *(piece.limit or (1, 0)), *piece[1:5]) for piece in rows)
        rule.__attrs_init__(constructor, tuple(parameters.items()), scale, rows, table)
        return rule

    @classmethod
    def proportional(cls, *, cap: Points | None = 1) -> ScoringRule:
        """The share is the measure, from 0 up to *cap*; `None` sets no upper end.

        >>> print(ScoringRule.proportional())
        proportional(cap=1)
        """
        top = None if cap is None else _number(cap, "cap", above=0)
        pieces = [_flat(_ZERO, "{m} < 0", Ratio(0, 1), closed=False)]
        pieces.append(Piece(None if top is None else ratio(top, _ONE), True, 1, 0, 1, "{w} × {m}"))
        if top is not None:
            pieces.append(_flat(top, f"{{m}} > {plain(top)}", None))
        return cls._make("proportional", {"cap": top}, pieces)

    @classmethod
    def with_pass_mark(cls, *, pass_mark: Points, cap: Points | None = 1) -> ScoringRule:
        """Nothing below the pass mark, then ``(x - pass_mark) / (1 - pass_mark)``.

        Args:
            pass_mark: The measure from which on points are earned, below 1.
            cap: The largest share, `None` for none.

        Source: 财预〔2021〕101号, scoring by completion with a pass mark.

        >>> share(ScoringRule.with_pass_mark(pass_mark="0.6"), Ratio(8, 10))
        Ratio(numerator=10, denominator=20)
        """
        low = _number(pass_mark, "pass_mark", above=0)
        top = None if cap is None else _number(cap, "cap", above=0)
        if low >= 1:
            raise ScoringRuleError(f"pass_mark: expected a share below 1, got {plain(low)}")
        a, b = low.as_integer_ratio()
        rising = f"{{w}} × ({{m}} − {plain(low)}) ÷ (1 − {plain(low)})"
        end = None
        if top is not None:
            # where (x - low) / (1 - low) reaches the cap
            end = ratio(CONTEXT.add(low, CONTEXT.multiply(top, CONTEXT.subtract(_ONE, low))), _ONE)
        pieces = [
            _flat(_ZERO, f"{{m}} < {plain(low)}", Ratio(a, b), closed=False),
            Piece(end, True, b, -a, b - a, rising),
        ]
        if top is not None and end is not None:
            pieces.append(_flat(top, f"{{m}} > {_fraction(end)}", None))
        return cls._make("with_pass_mark", {"pass_mark": low, "cap": top}, pieces)

    @classmethod
    def steps(
        cls, steps: Iterable[Step | tuple[str, Points, Points]], *, otherwise: Points = 0, scale: Points = 1
    ) -> ScoringRule:
        """Fixed points by steps of the measure, from the best step to the worst.

        Args:
            steps: Each a comparator, a limit and points of *scale*. All look
                up ("≥", ">", falling limits) or all look down ("≤", "<",
                rising limits).
            otherwise: The points beyond the last step.
            scale: The points that the article is written on.

        >>> rule = ScoringRule.steps([("≥", "0.9", 10), ("≥", "0.8", 8)], scale=10)
        >>> share(rule, Ratio(89, 100))
        Ratio(numerator=800, denominator=1000)
        """
        full = _number(scale, "scale", above=0)
        rows = tuple(
            Step(to_member(Comparator, side, "comparator"), _number(limit, "limit"), _number(points, "points"))
            for side, limit, points in steps
        )
        last = _number(otherwise, "otherwise")
        return cls._make("steps", {"steps": rows, "otherwise": last}, _stairs(rows, last, full), full)

    @classmethod
    def all_or_nothing(cls, *, at_least: Points = 1) -> ScoringRule:
        """All of the weight from *at_least* on, nothing below.

        Source: 财预〔2021〕101号, direct scoring.
        """
        limit = _number(at_least, "at_least")
        rows = (Step(Comparator.AT_LEAST, limit, _ONE),)
        return cls._make("all_or_nothing", {"at_least": limit}, _stairs(rows, _ZERO, _ONE))

    @classmethod
    def deduction(
        cls,
        *,
        per: Points,
        points: Points,
        scale: Points,
        above: Points | None = None,
        below: Points | None = None,
        pro_rata: bool = False,
    ) -> ScoringRule:
        """Full points up to a limit, then *points* less for each *per* beyond.

        Args:
            per: The unit of the measure that costs points.
            points: What each unit costs, in points of *scale*.
            scale: The points of the full weight; no more than these are lost.
            above: Points are lost above this limit, or
            below: below this one. Exactly one of the two is given.
            pro_rata: Whether a part of a unit costs its part of the points;
                else only full units count.

        >>> from perfeval.ratios import readable
        >>> rule = ScoringRule.deduction(above=1, per="0.01", points="0.5", scale=5)
        >>> readable(share(rule, Ratio(1029, 1000)))  # two full units: 4 of 5 points
        Decimal('0.8')
        """
        unit, cost, full = (_number(v, n, above=0) for v, n in ((per, "per"), (points, "points"), (scale, "scale")))
        if (above is None) == (below is None):
            raise ScoringRuleError("deduction: expected either above or below, got both or neither")
        upward = above is not None
        limit = _number(above if upward else below, "above" if upward else "below")  # type: ignore[arg-type]  # one is given
        parameters: dict[str, Parameter] = {("above" if upward else "below"): limit}
        parameters |= {"per": unit, "points": cost, "pro_rata": bool(pro_rata)}
        shape = _slope if pro_rata else _units
        return cls._make("deduction", parameters, shape(limit, unit, cost, full, upward), full)

    @classmethod
    def tiers(cls, tiers: Iterable[TierRange | tuple[Any, ...]]) -> ScoringRule:
        """A person's share, held to the range of the tier that goes with it.

        Args:
            tiers: For each tier its range of shares, lower end included, and
                the share where nobody states one, or `None`.

        Source: 财预〔2020〕10号 art. 16.
        """
        rows = []
        for tier, lower, upper, own in tiers:
            low, high = _number(lower, "lower"), _number(upper, "upper")
            stated = None if own is None else _number(own, "share")
            rows.append(TierRange(to_member(Tier, tier, "tier"), low, high, stated))
            if not 0 <= low < high <= 1 or (stated is not None and not low <= stated <= high):
                raise ScoringRuleError(f"tiers: expected shares from low to high in 0 to 1, got {rows[-1][1:]}")
        if sorted(row.tier for row in rows) != sorted(Tier):
            raise ScoringRuleError(f"tiers: expected each of {', '.join(Tier)} once")
        return cls._make("tiers", {"tiers": tuple(rows)}, [Piece(None, True, 1, 0, 1, "{w} × {m}")])

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> ScoringRule:
        """Return the rule that *table* describes, as `to_dict` writes it.

        Raises:
            ScoringRuleError: If the constructor or a parameter is unknown,
                missing or of no use.

        >>> ScoringRule.from_dict({"constructor": "proportional", "cap": 1})
        ScoringRule(constructor='proportional', parameters=(('cap', Decimal('1')),), scale=Decimal('1'))
        """
        given = dict(table)
        name = given.pop("constructor", None)
        known = _PARAMETERS.get(name) if isinstance(name, str) else None
        if known is None:
            raise ScoringRuleError(f"constructor: expected one of {', '.join(_PARAMETERS)}, got {name!r}")
        unknown = sorted(set(given) - known)
        if unknown:
            raise ScoringRuleError(f"{unknown[0]}: {name} has no such parameter, it has {', '.join(sorted(known))}")
        if given.pop("uncapped", False):
            given["cap"] = None
        try:
            if "steps" in given:
                given["steps"] = [_step(row) for row in given["steps"]]
            if "tiers" in given:
                given["tiers"] = [(r["tier"], r["lower"], r["upper"], r.get("share")) for r in given["tiers"]]
            rule: ScoringRule = getattr(cls, name)(**given)
        except (TypeError, KeyError) as error:
            raise ScoringRuleError(f"{name}: {error}") from None
        except (AmountError, ModelError) as error:
            raise ScoringRuleError(str(error)) from None
        return rule

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain tables, as a rule file has it."""
        table: dict[str, Any] = {"constructor": self.constructor}
        if self.scale != 1:
            table["scale"] = self.scale
        for name, value in self.parameters:
            if name == "cap" and value is None:
                table["uncapped"] = True
            elif name == "steps":
                table[name] = [{_SIDE_NAMES[s.comparator]: s.limit, "points": s.points} for s in _rows(value)]
            elif name == "tiers":
                table[name] = [
                    {key: part for key, part in zip(TierRange._fields, row, strict=True) if part is not None}
                    for row in _rows(value)
                ]
            else:
                table[name] = value
        return table

    def parameter(self, name: str) -> Parameter:
        """Return the value of the parameter *name*."""
        return dict(self.parameters)[name]

    def describe(self, locale: str) -> str:
        """Return the rule as a line of prose, with its own numbers.

        Raises:
            LocaleNotFoundError: If there is no such locale.

        >>> ScoringRule.with_pass_mark(pass_mark="0.6").describe("en")
        'nothing below 0.6, then weight × (measure − 0.6) ÷ (1 − 0.6), at most weight × 1'
        """
        values = {name: plain(value) for name, value in self.parameters if isinstance(value, Decimal)}
        given = dict(self.parameters)
        words = {"scale": plain(self.scale), **values}
        mark = message("enumeration", locale)
        if self.constructor in ("proportional", "with_pass_mark"):
            cap = "" if given["cap"] is None else message("rule.cap", locale, cap=words["cap"])
            return message(f"rule.{self.constructor}", locale, **(words | {"cap": cap}))
        if self.constructor == "steps":
            steps = [
                message(
                    "rule.step", locale, side=step.comparator.value, limit=plain(step.limit), points=plain(step.points)
                )
                for step in _rows(given["steps"])
            ]
            return message("rule.steps", locale, steps=mark.join(steps), **words)
        if self.constructor == "tiers":
            tiers = [
                message(
                    "rule.tier",
                    locale,
                    tier=message(f"tier.{row.tier}", locale),
                    lower=plain(row.lower),
                    upper=plain(row.upper),
                )
                for row in self.tier_ranges
            ]
            return mark.join(tiers)
        if self.constructor == "deduction":
            side = "above" if "above" in given else "below"
            kind = "pro_rata" if given["pro_rata"] else "full_units"
            return message(f"rule.deduction.{side}", locale, units=message(f"rule.{kind}", locale), **words)
        return message("rule.all_or_nothing", locale, **words)

    @property
    def tier_ranges(self) -> tuple[TierRange, ...]:
        """What each tier earns; nothing for a rule without tiers."""
        return tuple(row for _, value in self.parameters for row in _rows(value) if isinstance(row, TierRange))

    @property
    def knots(self) -> tuple[Knot, ...]:
        """Where the pieces meet, from low to high.

        >>> ScoringRule.all_or_nothing().knots[0].after
        Ratio(numerator=1, denominator=1)
        """
        meeting = []
        for low, high in pairwise(self.pieces):
            if low.limit is not None:
                before, after = low.at(low.limit), high.at(low.limit)
                meeting.append(Knot(low.limit, before, before if low.closed else after, after))
        return tuple(meeting)

    def __str__(self) -> str:
        parts = [f"{name}={_shown(value)}" for name, value in self.parameters]
        if self.scale != 1:
            parts.append(f"scale={plain(self.scale)}")
        return f"{self.constructor}({', '.join(parts)})"


_ZERO = Decimal(0)
_ONE = Decimal(1)

_PARAMETERS = {
    "proportional": {"cap", "uncapped"},
    "with_pass_mark": {"pass_mark", "cap", "uncapped"},
    "steps": {"steps", "otherwise", "scale"},
    "all_or_nothing": {"at_least"},
    "deduction": {"above", "below", "per", "points", "scale", "pro_rata"},
    "tiers": {"tiers"},
}


def _number(value: Points, what: str, *, above: int | None = None) -> Decimal:
    number = exact(value, what)
    if above is not None and number <= above:
        raise ScoringRuleError(f"{what}: expected a number above {above}, got {plain(number)}")
    return number


def _rows(value: Parameter) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()


def _shown(value: Parameter) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(" ".join(_shown_part(part) for part in row) for row in value) + "]"
    return str(value)


def _shown_part(part: object) -> str:
    return plain(part) if isinstance(part, Decimal) else str(part)


def _step(row: Mapping[str, Any]) -> tuple[Comparator, Any, Any]:
    sides = [name for name in row if name != "points"]
    if len(sides) != 1 or sides[0] not in _SIDES:
        raise ScoringRuleError(
            f"steps: expected one of {', '.join(_SIDES)} in a step, got {', '.join(sides) or 'none'}"
        )
    return _SIDES[sides[0]], row[sides[0]], row["points"]


def _fraction(x: Ratio) -> str:
    """An exact text of a ratio with a finite decimal."""
    return plain(CONTEXT.divide(Decimal(x.numerator), Decimal(x.denominator)))


def _flat(earned: Decimal, condition: str, limit: Ratio | None, *, closed: bool = True, scale: Decimal = _ONE) -> Piece:
    """A piece that earns the same throughout; the condition says where it is."""
    a, b = ratio(earned, scale)
    text = f"{condition} → {{w}} × {plain(earned)}"
    return Piece(limit, closed, 0, a, b, text if scale == 1 else f"{text} ÷ {plain(scale)}")


def _stairs(rows: tuple[Step, ...], otherwise: Decimal, scale: Decimal) -> list[Piece]:
    """The pieces of steps, from low to high."""
    if not rows:
        raise ScoringRuleError("steps: expected at least one step")
    limits = [row.limit for row in rows]
    looks_up = rows[0].comparator in _FROM_ABOVE
    if any(
        row.comparator not in _SIDE_NAMES or (row.comparator in _FROM_ABOVE) is not looks_up for row in rows
    ) or limits != sorted(set(limits), reverse=looks_up):
        raise ScoringRuleError(
            "steps: expected limits that fall with ≥ or >, or rise with ≤ or <, from the best step to the worst"
        )
    # From low to high: what is earned between one limit and the next, and
    # whether the limit itself belongs to what is below it.
    closed_below = {row.limit: row.comparator in (Comparator.MORE_THAN, Comparator.AT_MOST) for row in rows}
    rising = sorted(limits)
    earned = [row.points for row in rows]
    points = [otherwise, *reversed(earned)] if looks_up else [*earned, otherwise]
    pieces = []
    for position, value in enumerate(points):
        low = rising[position - 1] if position else None
        high = rising[position] if position < len(rising) else None
        left = "" if low is None else f"{plain(low)} {'<' if closed_below[low] else '≤'} "
        right = "" if high is None else f" {'≤' if closed_below[high] else '<'} {plain(high)}"
        pieces.append(
            _flat(
                value,
                f"{left}{{m}}{right}",
                None if high is None else ratio(high, _ONE),
                closed=high is not None and closed_below[high],
                scale=scale,
            )
        )
    return pieces


def _slope(limit: Decimal, per: Decimal, points: Decimal, scale: Decimal, upward: bool) -> list[Piece]:
    """The pieces of a deduction that counts parts of a unit."""
    # share = 1 - (x - limit) / per * points / scale, until it reaches 0
    a, b = ratio(points, CONTEXT.multiply(per, scale))
    c, d = limit.as_integer_ratio()
    at = ratio(limit, _ONE)
    distance = ratio(CONTEXT.multiply(scale, per), points)
    sign = 1 if upward else -1
    zero = Ratio(c * distance.denominator + sign * distance.numerator * d, d * distance.denominator)
    gap = f"({{m}} − {plain(limit)})" if upward else f"({plain(limit)} − {{m}})"
    loss = f"{{w}} × (1 − {gap} ÷ {plain(per)} × {plain(points)} ÷ {plain(scale)})"
    falling = Piece(zero if upward else at, not upward, -sign * a * d, b * d + sign * a * c, b * d, loss)
    edge = f"{plain(limit)} {'+' if upward else '−'} {plain(scale)} × {plain(per)} ÷ {plain(points)}"
    if upward:
        return [
            _flat(_ONE, f"{{m}} ≤ {plain(limit)}", at),
            falling,
            _flat(_ZERO, f"{{m}} ≥ {edge}", None),
        ]
    return [
        _flat(_ZERO, f"{{m}} ≤ {edge}", zero),
        falling._replace(closed=False),
        _flat(_ONE, f"{{m}} ≥ {plain(limit)}", None),
    ]


def _units(limit: Decimal, per: Decimal, points: Decimal, scale: Decimal, upward: bool) -> list[Piece]:
    """The pieces of a deduction that counts full units only."""
    all_points = ratio(scale, points)
    units = -(-all_points.numerator // all_points.denominator)
    if units > _MOST_UNITS:
        raise ScoringRuleError(f"deduction: expected at most {_MOST_UNITS} units until nothing is left, got {units}")
    rows = []
    for lost in range(units):
        # After k full units k * points are gone; unit k + 1 is full at its far end.
        distance = CONTEXT.multiply(Decimal(lost + 1), per)
        left = CONTEXT.subtract(scale, CONTEXT.multiply(Decimal(lost), points)).normalize(CONTEXT)
        edge = CONTEXT.add(limit, distance) if upward else CONTEXT.subtract(limit, distance)
        rows.append(Step(Comparator.LESS_THAN if upward else Comparator.MORE_THAN, edge, left))
    return _stairs(tuple(rows), _ZERO, scale)


def share(rule: ScoringRule, measure: Ratio | Judgement) -> Ratio | Reason:
    """Return the share of the weight that *measure* earns (得分率).

    Args:
        rule: The rule.
        measure: A ratio, or a person's judgement for a rule of tiers.

    Returns:
        An exact ratio, 1 for the full weight; or the `Reason` why there is
        none: a tier whose share nobody states, a share outside its tier.

    Raises:
        ScoringRuleError: If a judgement meets a rule that has no tiers.

    >>> share(ScoringRule.with_pass_mark(pass_mark="0.6"), Ratio(1, 2))
    Ratio(numerator=0, denominator=2)
    """
    if isinstance(measure, Judgement):
        judged = judged_share(rule, measure)
        if isinstance(judged, Reason):
            return judged
        measure = judged
    return placed(rule, measure)[1]


def placed(rule: ScoringRule, measure: Ratio) -> tuple[Piece, Ratio]:
    """Return the piece of *rule* that *measure* falls in, and the share there."""
    n, d = measure
    for piece, a, b, closed, slope, intercept, denominator in rule.table:  # noqa: B007  # used after the loop
        left, right = n * b, a * d
        if left < right or (closed and left == right):
            break
    return piece, Ratio(slope * n + intercept * d, denominator * d)


def judged_share(rule: ScoringRule, judgement: Judgement) -> Ratio | Reason:
    """Return the share that a person's judgement states, or its tier gives."""
    if rule.constructor != "tiers":
        raise ScoringRuleError(f"expected a rule of tiers for a judgement, got {rule}")
    stated = judgement.share
    if stated is not None and not 0 <= stated <= 1:
        return Reason.NOT_A_SHARE
    for tier, lower, upper, own in rule.tier_ranges:
        if tier is judgement.tier:
            if stated is None:
                return Reason.TIER_WITHOUT_SHARE if own is None else ratio(own, _ONE)
            if not lower <= stated <= upper or (stated == upper and upper != 1):
                return Reason.SHARE_OUTSIDE_TIER
    return Reason.TIER_WITHOUT_SHARE if stated is None else ratio(stated, _ONE)


def score(
    weight: Decimal | int, measure: Ratio | Judgement, rule: ScoringRule, rounding: Rounding = Rounding()
) -> Decimal | None:
    """Return the points that *measure* earns of *weight* (得分).

    The score is ``round(weight x share)``: exact until it is rounded once.

    Args:
        weight: The weight (分值), points.
        measure: What was achieved, as the rule's measure.
        rule: The rule that turns it into a share.
        rounding: How the score is rounded; half up to 0.01 by default.

    Returns:
        Points, rounded; `None` where `share` gives a reason instead.

    Raises:
        AmountError: If *weight* is a float or not finite.

    >>> score(15, Ratio(1, 3000), ScoringRule.proportional())
    Decimal('0.01')
    """
    if not isinstance(measure, Judgement):
        measure = rounding.of_measure(measure)
    earned = share(rule, measure)
    if isinstance(earned, Reason):
        return None
    return rounding.points(exact(weight, "weight"), earned)


def execution_score(
    actual_expenditure: Amount,
    budget: Amount,
    *,
    weight: Decimal | int = 10,
    rule: ScoringRule | None = None,
    rounding: Rounding = Rounding(),
) -> Decimal | None:
    """Return the points of the execution rate (预算执行率得分).

    The score is ``round(weight x share)`` of the exact rate
    ``actual_expenditure / budget``.

    Args:
        actual_expenditure: Amount spent, in the same unit as *budget*.
        budget: The budget that the rules divide by.
        weight: The weight of the execution rate, points.
        rule: By default in proportion to the rate, at most the weight.
        rounding: How the score is rounded.

    Returns:
        Points, rounded; `None` if *budget* is zero.

    Raises:
        AmountError: If an amount is a float, not finite or negative.

    Source: the weight of 10 is 财预〔2020〕10号 art. 13, the proportion is
    practice on published forms.

    >>> execution_score(Decimal("65.63"), 79)
    Decimal('8.31')
    """
    spent = exact_amount(actual_expenditure, "actual_expenditure")
    base = exact_amount(budget, "budget")
    if spent < 0 or base < 0:
        raise AmountError(f"expected amounts of 0 or more, got {plain(spent)} of {plain(base)}")
    if not base:
        return None
    return score(weight, ratio(spent, base), ScoringRule.proportional() if rule is None else rule, rounding)


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
        ScoringRuleError: If two bands overlap, or a total has no grade.

    >>> len(to_bands([Band("good", at_least=60), Band("poor", below=60)]))
    2
    """
    rows = tuple(bands)
    if not rows or rows[0].below is not None or rows[-1].at_least is not None:
        raise ScoringRuleError("bands: expected an open end above the best and below the worst grade")
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
    limits = [row.at_least for row in rows if row.at_least is not None]
    if limits != sorted(set(limits), reverse=True):
        raise ScoringRuleError("bands: expected the best grade first")
    return rows


def grade(total: Decimal | int, bands: Iterable[Band]) -> Grade:
    """Return the grade of *total* (评价等级).

    Args:
        total: Points.
        bands: Grade bands from the best to the worst, as `to_bands` checks.

    Raises:
        AmountError: If *total* is a float.
        ScoringRuleError: If no band holds *total*.

    >>> grade(Decimal("89.99"), [Band("excellent", at_least=90), Band("good", below=90)])
    <Grade.GOOD: 'good'>
    """
    return band_of(exact(total, "total"), bands).grade


def band_of(total: Decimal, bands: Iterable[Band]) -> Band:
    """Return the band that holds *total*."""
    for band in bands:
        if band.at_least is None or total >= band.at_least:
            return band
    raise ScoringRuleError(f"bands: no grade for {plain(total)}")


def to_signed_points(value: Points) -> Decimal:
    """Return points, signed."""
    return exact(value, "points")


@attrs.frozen
class Adjustment:
    """Points that change a total afterwards, with who or what says so.

    Attributes:
        label: What it is for; in both languages where a rule set says so.
        points: Signed points: a deduction is negative.
        source: The decision or the articles it rests on.
    """

    label: str | Words
    points: Decimal = attrs.field(converter=to_signed_points)
    source: str | Grounds

    def texts(self, locale: str) -> tuple[str, str]:
        """Return the label and the source in *locale*.

        >>> Adjustment("指标值明显偏低", -2, "评审组意见").texts("zh_CN")
        ('指标值明显偏低', '评审组意见')
        """
        label = self.label if isinstance(self.label, str) else self.label.of(locale)
        return label, self.source if isinstance(self.source, str) else cites_text((self.source,), locale)
