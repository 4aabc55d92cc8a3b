"""A rule set as small integers: what the columns are computed from.

Nothing about a rule is written twice: the plan is compiled from the same
`RuleSet` object that scores one form. Each plan knows its own limit, the
largest figure at which no product leaves 64 bits.

>>> from perfeval import rule_set
>>> plan_of(rule_set("cn-mof-2020-10")).limit
461168601842738
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from math import gcd, lcm
from typing import NamedTuple

from perfeval.errors import FrameError
from perfeval.i18n import message
from perfeval.model import BudgetBasis, IndicatorKind
from perfeval.reasons import Reason
from perfeval.rounding import Rounding, RoundingMode
from perfeval.rulesets import (
    Method,
    NoBudget,
    RuleSet,
    Unstated,
    covers,
    pattern_of_names,
    pattern_of_units,
    pattern_unless,
)
from perfeval.scoring import Measure, ScoringRule
from perfeval.targets import Inverse, Tier

__all__ = [
    "INT64",
    "MOST_CENTS",
    "ExecutionPlan",
    "JudgedPlan",
    "MethodPlan",
    "PiecePlan",
    "Plan",
    "RulePlan",
    "plan_of",
]

INT64 = 2**63 - 1
MOST_CENTS = 10_000
"""The largest weight that is scored in columns: 100 points, in cents."""

# How far a rule that extrapolates is followed; further is out of range.
MOST_TIMES = 10
LEAST_LIMIT = 10**13

FORMS = ("≥", ">", "=", "≤", "<")
LESS = ("≤", "<")
KINDS = tuple(kind.value for kind in IndicatorKind)


class PiecePlan(NamedTuple):
    """``(slope * n + intercept * d) / (denominator * d)``, up to a limit; the rule's denominator."""

    limit: tuple[int, int] | None
    closed: bool
    slope: int
    intercept: int


class RulePlan(NamedTuple):
    """A scoring rule.

    Attributes:
        pieces: Its pieces, from low to high.
        low: The measure is raised to this first: nothing changes below.
        high: The measure is cut to this first: nothing changes above.
        beyond: Whether a measure above *high* is out of range instead.
        denominator: The denominator of all pieces.
        rises: Whether it is flat, then rises, then is flat, without a jump.
    """

    pieces: tuple[PiecePlan, ...]
    low: int
    high: int
    beyond: bool
    denominator: int
    rises: bool = False


Cases = tuple[tuple[str, tuple[str | None, ...]], ...]
Tiers = tuple[tuple[Tier, Decimal, Decimal, Decimal | None], ...]


class MethodPlan(NamedTuple):
    """How indicators of some forms and kinds are measured and scored."""

    cases: Cases
    measure: Measure
    inverse: Inverse | None
    rule: RulePlan


class JudgedPlan(NamedTuple):
    """What a judgement earns, for some kinds: per tier its range and own share."""

    kinds: tuple[str | None, ...]
    tiers: Tiers


class ExecutionPlan(NamedTuple):
    """How the execution rate is scored."""

    weight: int
    basis: BudgetBasis
    finished: RulePlan
    unfinished: RulePlan | None
    finished_end: tuple[int, int, bool] | None
    unfinished_end: tuple[int, int, bool] | None
    no_budget: NoBudget


class UnstatedPlan(NamedTuple):
    """How a target without a comparator is read.

    Attributes:
        sign: The comparator, `None` where a person has to say.
        kinds: Which kinds, all if empty.
        names: What the indicator's name has to match, if anything.
        unless: What it must not match then, if anything.
        except_names: What it must not match, if anything.
        units: What the unit has to match, if anything.
    """

    sign: str | None
    kinds: tuple[str | None, ...]
    names: str | None
    unless: str | None
    except_names: str | None
    units: str | None


class Plan(NamedTuple):
    """A rule set, compiled.

    Attributes:
        methods: For figures.
        judged: For judgements.
        tier_words: The words of the tiers, as the official form and the rule set have them.
        comparators: How targets without a comparator are read: the first that
            concerns a row is taken.
        unmet: The shares that the rules give without a measure.
        execution: The execution rate.
        step: Cents of a rounding step.
        mode: What happens between two steps.
        ratio_digits: Decimals that a measure is rounded to first.
        bands: (at least, grade) in cents, from the best grade on.
        total: Cents of a complete form.
        limit: The largest figure that is scored.
    """

    methods: tuple[MethodPlan, ...]
    judged: tuple[JudgedPlan, ...]
    tier_words: tuple[tuple[str, tuple[str, ...]], ...]
    comparators: tuple[UnstatedPlan, ...]
    unmet: tuple[tuple[Reason, int, int], ...]
    execution: ExecutionPlan
    step: int
    mode: RoundingMode
    ratio_digits: int | None
    bands: tuple[tuple[int | None, str], ...]
    total: int
    limit: int


def _cents(points: Decimal, what: str) -> int:
    numerator, denominator = points.as_integer_ratio()
    if 100 * numerator % denominator:
        raise FrameError(f"{what}: columns are scored in cents, got {points}")
    return 100 * numerator // denominator


def _rule(rule: ScoringRule, name: str) -> RulePlan:
    common = lcm(*(piece.denominator for piece in rule.pieces))
    pieces = tuple(
        PiecePlan(
            None if piece.limit is None else _reduced(*piece.limit),
            piece.closed,
            piece.slope * (common // piece.denominator),
            piece.intercept * (common // piece.denominator),
        )
        for piece in rule.pieces
    )
    limits = [limit for piece in pieces if (limit := piece.limit) is not None]
    low = min((a // b for a, b in limits), default=0) - 1
    high = max((-(-a // b) for a, b in limits), default=0) + 1
    beyond = pieces[-1].slope != 0
    if pieces[0].slope or pieces[-1].slope < 0:
        raise FrameError(f"{name}: a share that falls without end is not scored in columns")
    whole = [_reduced(*a.at(a.limit)) == _reduced(*b.at(a.limit)) for a, b in pairwise(rule.pieces) if a.limit]
    rises = len(pieces) == 3 and [bool(piece.slope) for piece in pieces] == [False, True, False] and all(whole)
    return RulePlan(pieces, low, MOST_TIMES if beyond else high, beyond, common, rises)


def _reduced(numerator: int, denominator: int) -> tuple[int, int]:
    common = gcd(numerator, denominator)
    return numerator // common, denominator // common


def _grouped(rules: RuleSet) -> Iterable[tuple[Method, Cases]]:
    """Each method with the forms and kinds that it is taken for."""
    found: dict[str, tuple[Method, dict[str, list[str | None]]]] = {}
    for form in FORMS:
        for kind in (None, *IndicatorKind):
            method = rules.method_for(form, kind)
            if method is not None:
                _, cases = found.setdefault(method.name, (method, {}))
                cases.setdefault(form, []).append(None if kind is None else kind.value)
    for method, cases in found.values():
        yield method, tuple((form, tuple(kinds)) for form, kinds in cases.items())


def _methods(rules: RuleSet) -> tuple[MethodPlan, ...]:
    """The methods, those that compute alike as one: what columns do is said once."""
    found: list[MethodPlan] = []
    for method, cases in _grouped(rules):
        new = MethodPlan(cases, method.measure, method.inverse, _rule(method.rule, method.name))
        for place, old in enumerate(found):
            # How a missed "≤" counts is asked only where there is one.
            inverses = {one.inverse for one in (old, new) if any(form in LESS for form, _ in one.cases)}
            if (old.measure, old.rule) == (new.measure, new.rule) and len(inverses) < 2:
                inverse = inverses.pop() if inverses else None
                found[place] = old._replace(cases=_together(old.cases, new.cases), inverse=inverse)
                break
        else:
            found.append(new)
    return tuple(found)


def _together(some: Cases, more: Cases) -> Cases:
    kinds = {form: tuple(kind for given in (some, more) for kind in dict(given).get(form, ())) for form in FORMS}
    return tuple((form, of) for form, of in kinds.items() if of)


def _judged(rules: RuleSet) -> tuple[JudgedPlan, ...]:
    found: dict[Tiers, list[str | None]] = {}
    for kind in (None, *IndicatorKind):
        method = rules.method_for("judgement", kind)
        if method is not None:
            tiers = tuple((r.tier, r.lower, r.upper, r.share) for r in method.rule.tier_ranges)
            found.setdefault(tiers, []).append(None if kind is None else kind.value)
    return tuple(JudgedPlan(tuple(kinds), tiers) for tiers, kinds in found.items())


def _tier_words(rules: RuleSet) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The words of each tier: those of the official form, as records take them, and the rule set's own."""
    found = {message(f"tier.{tier.value}", "zh_CN"): tier.value for tier in Tier}
    found |= {text: words.tier.value for words in rules.tier_words for text in (words.name.zh_CN, *words.texts)}
    return tuple((tier.value, tuple(word for word, name in found.items() if name == tier.value)) for tier in Tier)


def _end(method: Method) -> tuple[int, int, bool] | None:
    """The largest rate that an article speaks of, and whether it belongs to it."""
    if method.at_most is not None:
        return (*method.at_most.as_integer_ratio(), True)
    return None if method.less_than is None else (*method.less_than.as_integer_ratio(), False)


def _unstated(row: Unstated) -> UnstatedPlan:
    every = (None, *IndicatorKind)
    kinds = tuple(None if kind is None else kind.value for kind in every if covers(row.kinds, kind))
    return UnstatedPlan(
        None if row.comparator is None else row.comparator.value,
        kinds if row.kinds else (),
        row.names and pattern_of_names(row.names),
        row.names and pattern_unless(row.names),
        row.except_names and pattern_of_names(row.except_names),
        row.units and pattern_of_units(row.units),
    )


def plan_of(rules: RuleSet) -> Plan:
    """Return the plan of a rule set.

    Raises:
        FrameError: If it cannot be computed in 64-bit columns: a rounding
            finer than a cent, a share that falls without end, no method for
            figures.
    """
    if not isinstance(rules, RuleSet):
        raise FrameError(f"rules: expected a RuleSet, got {type(rules).__name__}")
    rounding: Rounding = rules.rounding
    step = _cents(rounding.step, "rounding.step")
    methods = _methods(rules)
    if not methods:
        raise FrameError(f"{rules.id}: it has no method for figures, and columns are scored by figures")
    terms = rules.execution
    execution = ExecutionPlan(
        _cents(terms.weight, "execution.weight"),
        terms.basis,
        _rule(terms.method.rule, "execution"),
        None if terms.unfinished is None else _rule(terms.unfinished.rule, "execution"),
        _end(terms.method),
        None if terms.unfinished is None else _end(terms.unfinished),
        terms.no_budget,
    )
    every = [method.rule for method in methods] + [execution.finished]
    every += [] if execution.unfinished is None else [execution.unfinished]
    times = max(max(abs(rule.low), rule.high) for rule in every)
    # weight x numerator, and four denominators of a step (twice the rest, and two more), stay within 64 bits.
    factor = max(rule.denominator for rule in every) * max(times, 4 * step // MOST_CENTS + 1)
    if rounding.ratio_digits is not None:
        spread = max(rule.high for rule in every) - min(0, *(rule.low for rule in every))
        factor = max(factor, 10**rounding.ratio_digits * spread // MOST_CENTS + 1)
    # Where pieces are told apart a measure is multiplied by their limits; no
    # branch that is not taken may leave 64 bits either.
    parts = [
        abs(part)
        for rule in every
        for piece in rule.pieces
        for part in (*(piece.limit or ()), piece.slope, piece.intercept)
    ]
    factor = max(factor, 4 * max(parts) // MOST_CENTS + 1)
    limit = INT64 // MOST_CENTS // factor
    if limit < LEAST_LIMIT:
        raise FrameError(f"{rules.id}: its figures could not exceed {limit} in columns")
    return Plan(
        methods,
        _judged(rules),
        _tier_words(rules),
        tuple(_unstated(row) for row in rules.unstated),
        tuple((unmet.reason, *unmet.share.as_integer_ratio()) for unmet in rules.unmet),
        execution,
        step,
        rounding.mode,
        rounding.ratio_digits,
        tuple((None if b.at_least is None else _cents(b.at_least, "grades"), b.grade.value) for b in rules.bands),
        _cents(rules.total, "total"),
        limit,
    )
