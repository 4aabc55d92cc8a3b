"""Scoring rules: named constructors with parameters, and the tables they are read from.

A rule is kept as the name of its constructor, its parameters, and the scale of
points that its article is written on; its linear pieces are derived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT, plain
from perfeval.cited import Table, a_bool, a_number, member_of, shown
from perfeval.errors import Fault, ModelError, PerfevalError, ScoringRuleError
from perfeval.i18n import message
from perfeval.members import to_member
from perfeval.ratios import Ratio, ratio
from perfeval.rounding import exact_percent
from perfeval.scoring.pieces import SIDE_NAMES, SIDES, Knot, Piece, Step, flat, number_of, slope, stairs, units
from perfeval.targets import Comparator, Tier

__all__ = ["Measure", "ScoringRule", "TierRange", "read_rule"]

Points = Decimal | int | str

_ZERO = Decimal(0)
_ONE = Decimal(1)


class Measure(StrEnum):
    """Which measure a rule looks at."""

    ACHIEVEMENT = "achievement"
    ACTUAL = "actual"
    RATE = "rate"
    DEVIATION = "deviation"
    EXCESS = "excess"
    JUDGED = "judged"


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
        top = None if cap is None else number_of(cap, "cap", above=0)
        pieces = [flat(_ZERO, "{m} < 0", Ratio(0, 1), closed=False)]
        pieces.append(Piece(None if top is None else ratio(top, _ONE), True, 1, 0, 1, "{w} × {m}"))
        if top is not None:
            pieces.append(flat(top, f"{{m}} > {plain(top)}", None))
        return cls._make("proportional", {"cap": top}, pieces)

    @classmethod
    def with_pass_mark(cls, *, pass_mark: Points, cap: Points | None = 1) -> ScoringRule:
        """Nothing below the pass mark, then ``(x - pass_mark) / (1 - pass_mark)``.

        Args:
            pass_mark: The measure from which on points are earned, below 1.
            cap: The largest share, `None` for none.

        Source: 财预〔2021〕101号, scoring by completion with a pass mark.

        >>> from perfeval.scoring import share
        >>> share(ScoringRule.with_pass_mark(pass_mark="0.6"), Ratio(8, 10))
        Ratio(numerator=10, denominator=20)
        """
        low = number_of(pass_mark, "pass_mark", above=0)
        top = None if cap is None else number_of(cap, "cap", above=0)
        if low >= 1:
            raise ScoringRuleError(f"pass_mark: expected a share below 1, got {plain(low)}")
        a, b = low.as_integer_ratio()
        rising = f"{{w}} × ({{m}} − {plain(low)}) ÷ (1 − {plain(low)})"
        end = None
        if top is not None:
            # where (x - low) / (1 - low) reaches the cap
            end = ratio(CONTEXT.add(low, CONTEXT.multiply(top, CONTEXT.subtract(_ONE, low))), _ONE)
        pieces = [
            flat(_ZERO, f"{{m}} < {plain(low)}", Ratio(a, b), closed=False),
            Piece(end, True, b, -a, b - a, rising),
        ]
        if top is not None and end is not None:
            pieces.append(flat(top, f"{{m}} > {_fraction(end)}", None))
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

        >>> from perfeval.scoring import share
        >>> rule = ScoringRule.steps([("≥", "0.9", 10), ("≥", "0.8", 8)], scale=10)
        >>> share(rule, Ratio(89, 100))
        Ratio(numerator=800, denominator=1000)
        """
        full = number_of(scale, "scale", above=0)
        rows = tuple(
            Step(to_member(Comparator, side, "comparator"), number_of(limit, "limit"), number_of(points, "points"))
            for side, limit, points in steps
        )
        last = number_of(otherwise, "otherwise")
        return cls._make("steps", {"steps": rows, "otherwise": last}, stairs(rows, last, full), full)

    @classmethod
    def all_or_nothing(cls, *, at_least: Points = 1) -> ScoringRule:
        """All of the weight from *at_least* on, nothing below.

        Source: 财预〔2021〕101号, direct scoring.
        """
        limit = number_of(at_least, "at_least")
        rows = (Step(Comparator.AT_LEAST, limit, _ONE),)
        return cls._make("all_or_nothing", {"at_least": limit}, stairs(rows, _ZERO, _ONE))

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
        >>> from perfeval.scoring import share
        >>> rule = ScoringRule.deduction(above=1, per="0.01", points="0.5", scale=5)
        >>> readable(share(rule, Ratio(1029, 1000)))  # two full units: 4 of 5 points
        Decimal('0.8')
        """
        unit, cost, full = (number_of(v, n, above=0) for v, n in ((per, "per"), (points, "points"), (scale, "scale")))
        if above is not None and below is None:
            side, limit = "above", number_of(above, "above")
        elif below is not None and above is None:
            side, limit = "below", number_of(below, "below")
        else:
            raise ScoringRuleError("deduction: expected either above or below, got both or neither")
        parameters: dict[str, Parameter] = {side: limit}
        parameters |= {"per": unit, "points": cost, "pro_rata": bool(pro_rata)}
        shape = slope if pro_rata else units
        return cls._make("deduction", parameters, shape(limit, unit, cost, full, side == "above"), full)

    @classmethod
    def tiers(cls, tiers: Iterable[TierRange | tuple[Any, ...]]) -> ScoringRule:
        """A person's share, held to the range of the tier that goes with it.

        Args:
            tiers: For each tier its range of shares, lower end included, and
                the share where nobody states one, or `None`. A better tier
                has the higher range and share.

        Source: 财预〔2020〕10号 art. 16.
        """
        rows = []
        for tier, lower, upper, own in tiers:
            low, high = number_of(lower, "lower"), number_of(upper, "upper")
            stated = None if own is None else number_of(own, "share")
            rows.append(TierRange(to_member(Tier, tier, "tier"), low, high, stated))
            if not 0 <= low < high <= 1 or (stated is not None and not low <= stated <= high):
                given = f"lower {plain(low)}, upper {plain(high)}"
                given += "" if stated is None else f", share {plain(stated)}"
                raise ScoringRuleError(f"tiers: expected 0 ≤ lower < upper ≤ 1 and a share within, got {given}")
        if sorted(row.tier for row in rows) != sorted(Tier):
            given = ", ".join(row.tier for row in rows) or "none"
            raise ScoringRuleError(f"tiers: expected each of {', '.join(Tier)} once, got {given}")
        _in_order(rows)
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
        faults: list[Fault] = []
        rule = read_rule(Table(table, "", faults, {}))
        if faults:
            raise ScoringRuleError("; ".join(map(str, faults)))
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
                table[name] = [{SIDE_NAMES[s.comparator]: s.limit, "points": s.points} for s in _rows(value)]
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

    def describe(
        self,
        locale: str,
        *,
        measure: str | None = None,
        in_percent: bool = True,
        tiers: Mapping[Tier, str] | None = None,
    ) -> str:
        """Return the rule as a line of prose, with its own numbers.

        Args:
            locale: ``zh_CN`` or ``en``.
            measure: What the rule looks at, in words; 完成率 if none is given.
            in_percent: Whether the measure is read in per cent: not where it
                is a count.
            tiers: A rule set's own names of the tiers.

        Raises:
            LocaleNotFoundError: If there is no such locale.

        >>> ScoringRule.with_pass_mark(pass_mark="0.6").describe("en")
        'nothing below 60%, then weight × (achievement − 60%) ÷ (100% − 60%), at most the weight'
        >>> ScoringRule.proportional().describe("zh_CN")
        '得分＝分值×完成率，最高不超过该指标分值'
        """
        limit = exact_percent if in_percent else plain
        given = dict(self.parameters)
        numbers = {name: value for name, value in given.items() if isinstance(value, Decimal)}
        words = {name: (plain if name in ("otherwise", "points") else limit)(value) for name, value in numbers.items()}
        words |= {"scale": plain(self.scale), "measure": measure or message("measure.achievement", locale)}
        key = self.constructor
        if "cap" in given:
            words["cap"] = _cap_text(numbers.get("cap"), locale)
        elif self.constructor == "steps":
            rows = [
                message("rule.step", locale, side=side.value, limit=limit(edge), points=plain(points))
                for side, edge, points in _rows(given["steps"])
            ]
            words["steps"] = message("enumeration", locale).join(rows)
        elif self.constructor == "tiers":
            return message("enumeration", locale).join(
                _tier_text(row, (tiers or {}).get(row.tier), locale) for row in self.tier_ranges
            )
        elif self.constructor == "deduction":
            key = "deduction.above" if "above" in given else "deduction.below"
            if in_percent:
                words["per"] = message("rule.point", locale, points=plain(CONTEXT.scaleb(numbers["per"], 2)))
            elif numbers.get("above") == 0 and not given["pro_rata"]:
                key = "deduction.count"
            units = "pro_rata" if given["pro_rata"] else "full_units"
            words["units"] = message(f"rule.{units}", locale, per=words["per"])
        return message(f"rule.{key}", locale, **words)

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


def _fraction(x: Ratio) -> str:
    """An exact text of a ratio with a finite decimal."""
    return plain(CONTEXT.divide(Decimal(x.numerator), Decimal(x.denominator)))


def _cap_text(cap: Decimal | None, locale: str) -> str:
    if cap is None:
        return ""
    return message("rule.cap.weight", locale) if cap == 1 else message("rule.cap", locale, cap=exact_percent(cap))


def _tier_text(row: TierRange, name: str | None, locale: str) -> str:
    tier = message(f"tier.{row.tier}", locale) if name is None else name
    return message("rule.tier", locale, tier=tier, lower=exact_percent(row.lower), upper=exact_percent(row.upper))


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


# Reading.


def _in_order(rows: Iterable[TierRange]) -> None:
    """Refuse tiers of which a worse one earns more than a better one."""
    order = list(Tier)
    for better, worse in combinations(sorted(rows, key=lambda row: order.index(row.tier)), 2):
        if worse.lower > better.lower or worse.upper > better.upper:
            low, high = (f"({plain(row.lower)} to {plain(row.upper)})" for row in (worse, better))
            raise ScoringRuleError(
                f"tiers: expected the range of {worse.tier} {low} below that of {better.tier} {high}"
            )
        if better.share is not None and worse.share is not None and worse.share > better.share:
            raise ScoringRuleError(
                f"tiers: expected the share of {worse.tier} ({plain(worse.share)}) "
                f"below that of {better.tier} ({plain(better.share)})"
            )


def read_rule(table: Table) -> ScoringRule:
    """Return the rule that *table* describes, as `ScoringRule.to_dict` writes it.

    What is wrong is kept in the table, with its path; the rule is of no use then.
    """
    if not table.has("constructor"):
        table.fault("constructor", f"missing, expected one of {', '.join(_READERS)}")
        return _NO_RULE
    read = _READERS.get(table.take("constructor", _a_constructor, ""))
    if read is None:
        return _NO_RULE
    before = len(table.faults)
    made = read(table)
    table.close()
    if len(table.faults) > before:
        return _NO_RULE
    try:
        return made()
    except PerfevalError as error:
        # What the parameters are together: the message begins with the one that is wrong.
        name, _, problem = str(error).partition(": ")
        table.fault(name, problem) if name in _NAMES else table.fault("", str(error))
    return _NO_RULE


_NO_RULE = ScoringRule.proportional()
# What a message of a constructor begins with.
_NAMES = ("cap", "pass_mark", "steps", "otherwise", "scale", "at_least", "above", "below", "per", "points", "tiers")

_Made = Callable[[], ScoringRule]


def _a_constructor(value: object) -> str:
    if not isinstance(value, str) or value not in _READERS:
        raise ModelError(f"expected one of {', '.join(_READERS)}, got {shown(value)}")
    return value


def _read_cap(table: Table) -> Decimal | None:
    uncapped = table.take("uncapped", a_bool, False, needed=False)
    if uncapped and table.has("cap"):
        table.fault("uncapped", "expected either cap or uncapped, got both")
    cap = table.take("cap", a_number, _ONE, needed=False)
    return None if uncapped else cap


def _read_proportional(table: Table) -> _Made:
    cap = _read_cap(table)
    return lambda: ScoringRule.proportional(cap=cap)


def _read_with_pass_mark(table: Table) -> _Made:
    mark, cap = table.take("pass_mark", a_number, _ZERO), _read_cap(table)
    return lambda: ScoringRule.with_pass_mark(pass_mark=mark, cap=cap)


def _read_steps(table: Table) -> _Made:
    rows = [_read_step(row) for row in table.tables("steps", needed=True)]
    otherwise = table.take("otherwise", a_number, _ZERO, needed=False)
    scale = table.take("scale", a_number, _ONE, needed=False)
    return lambda: ScoringRule.steps(rows, otherwise=otherwise, scale=scale)


def _read_step(table: Table) -> Step:
    sides = [key for key in table.data if key != "points"]
    if len(sides) == 1 and sides[0] in SIDES:
        limit = table.take(sides[0], a_number, _ZERO)
        step = Step(SIDES[sides[0]], limit, table.take("points", a_number, _ZERO))
    else:
        table.fault("", f"expected one of {', '.join(SIDES)} in a step, got {', '.join(sides) or 'none'}")
        step = Step(Comparator.AT_LEAST, _ZERO, _ZERO)
    return step


def _read_all_or_nothing(table: Table) -> _Made:
    limit = table.take("at_least", a_number, _ONE, needed=False)
    return lambda: ScoringRule.all_or_nothing(at_least=limit)


def _read_deduction(table: Table) -> _Made:
    per, points, scale = (table.take(key, a_number, _ZERO) for key in ("per", "points", "scale"))
    above, below = (table.take(key, a_number, None, needed=False) for key in ("above", "below"))
    pro_rata = table.take("pro_rata", a_bool, False, needed=False)
    return lambda: ScoringRule.deduction(
        per=per, points=points, scale=scale, above=above, below=below, pro_rata=pro_rata
    )


def _read_tiers(table: Table) -> _Made:
    rows = [_read_tier(row) for row in table.tables("tiers", needed=True)]
    return lambda: ScoringRule.tiers(rows)


def _read_tier(table: Table) -> TierRange:
    row = TierRange(
        table.take("tier", member_of(Tier, "tier"), Tier.ACHIEVED),
        table.take("lower", a_number, _ZERO),
        table.take("upper", a_number, _ONE),
        table.take("share", a_number, None, needed=False),
    )
    table.close()
    return row


_READERS: Mapping[str, Callable[[Table], _Made]] = {
    "proportional": _read_proportional,
    "with_pass_mark": _read_with_pass_mark,
    "steps": _read_steps,
    "all_or_nothing": _read_all_or_nothing,
    "deduction": _read_deduction,
    "tiers": _read_tiers,
}
