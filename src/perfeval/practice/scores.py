"""Printed scores: what the rules give for each, by which rounding or by which other practice."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from functools import cache
from typing import NamedTuple

import attrs

from perfeval.amounts import CONTEXT
from perfeval.evaluation.lines import Line
from perfeval.model import EvaluationKind, Indicator, Stated
from perfeval.practice.directions import Direction, direction_of
from perfeval.practice.money import Rate, RateVerdict, TracedRate
from perfeval.practice.roundings import Roundings, explaining
from perfeval.ratios import ONE, ZERO, Ratio
from perfeval.reasons import Reason
from perfeval.rounding import RoundingMode, rounded
from perfeval.rulesets import RuleSet, rule_sets
from perfeval.scoring import Measure, placed
from perfeval.targets import (
    Actual,
    Bound,
    Comparator,
    Inverse,
    Judgement,
    Quantity,
    Threshold,
    Tier,
    achievement,
)

__all__ = [
    "TracedScore",
    "Verdict",
    "as_per_cent",
    "gives",
    "measure_of",
    "missed",
    "times",
    "trace_execution_score",
    "trace_score",
]


class Verdict(Enum):
    """How a printed score compares with what the rules give."""

    EXPLAINED = "explained"
    OTHER_PRACTICE = "other practice"
    ABOVE = "above"
    BELOW = "below"
    WITHHELD = "withheld"
    MISSED_FULL = "missed, full marks"
    OUTSIDE_TIER = "outside its tier"


class TracedScore(NamedTuple):
    """A printed score, traced.

    Attributes:
        verdict: How it comes about; `None` where it cannot be judged.
        points: What the rules give, exact, where that is known.
        roundings: Which roundings explain what is printed.
        practices: The other rule sets that give what is printed.
    """

    verdict: Verdict | None
    points: Ratio | None
    roundings: Roundings
    practices: tuple[RuleSet, ...] = ()


_NOTHING = TracedScore(None, None, Roundings.NONE)
_MISSED = frozenset({Reason.LATE, Reason.OUTSIDE_RANGE, Reason.ZERO_TARGET, Reason.BOUND_MISSED})


def times(weight: Decimal, share: Ratio) -> Ratio:
    """Return ``weight x share``, exact.

    >>> times(Decimal("0.5"), Ratio(2, 3))
    Ratio(numerator=2, denominator=6)
    """
    a, b = weight.as_integer_ratio()
    return Ratio(a * share.numerator, b * share.denominator)


# The execution rate.


def trace_execution_score(stated: Stated, rules: RuleSet, rates: tuple[Rate, ...], traced: TracedRate) -> TracedScore:
    """Return how the printed score of the execution rate comes about.

    Args:
        stated: What the form prints.
        rules: The rule set.
        rates: The ways to compute the rate.
        traced: How the printed rate comes about.
    """
    printed, terms = stated.execution_score, rules.execution
    if printed is None:
        return _NOTHING
    measures = _measures(stated, rates, traced)
    weights = [weight for weight in (stated.execution_weight, terms.weight) if weight is not None]
    methods = [terms.method] if terms.unfinished is None else [terms.method, terms.unfinished]
    first: Ratio | None = None
    for weight in weights:
        for measure in measures:
            for method in methods:
                if method.speaks_of(measure):
                    points = times(weight, placed(method.rule, measure)[1])
                    first = points if first is None else first
                    roundings = explaining(printed, points)
                    if roundings:
                        return TracedScore(Verdict.EXPLAINED, points, roundings)
    for other in _practised():
        # Where the rules tell them apart, what a finished project earns says nothing of its rate.
        method = other.execution.unfinished or other.execution.method
        for measure in measures:
            if method.speaks_of(measure):
                roundings = explaining(printed, times(weights[0], placed(method.rule, measure)[1]))
                if roundings:
                    return TracedScore(Verdict.OTHER_PRACTICE, first, roundings, (other,))
    if first is None or stated.execution_weight is None:
        # Without money or without a printed weight nothing is wrong for sure.
        return _NOTHING
    return TracedScore(Verdict.ABOVE if _above(printed, first) else Verdict.BELOW, first, Roundings.NONE)


@cache
def _practised() -> tuple[RuleSet, ...]:
    """The rule sets of self-evaluations, those of a document that was read in full first."""
    found = [rules for rules in rule_sets() if EvaluationKind.SELF in rules.evaluations]
    return tuple(sorted(found, key=lambda rules: all(cite.source.status != "verified" for cite in rules.grounds.cites)))


def _measures(stated: Stated, rates: tuple[Rate, ...], traced: TracedRate) -> list[Ratio]:
    """The rates that a score may rest on; the one that the form itself divides by comes first."""
    measures = [rate.measure for rate in rates]
    if traced.rate is not None and traced.verdict.explains:
        measures.insert(0, traced.rate.measure)
    printed = stated.execution_rate
    if printed is not None and traced.verdict is not RateVerdict.WRONG:
        shown = CONTEXT.scaleb(printed, -2) if traced.verdict is RateVerdict.NO_SIGN else printed
        measures.append(Ratio.of(shown))
    return measures


def _above(printed: Decimal, points: Ratio) -> bool:
    return Ratio.of(printed) > points


# Indicators.


def trace_score(item: Indicator, line: Line) -> TracedScore:
    """Return how the printed score of an indicator comes about.

    Args:
        item: The indicator with what is printed.
        line: Its line of the evaluation.
    """
    printed, weight = item.stated.score, item.weight
    if printed is None or weight is None or weight <= 0 or printed < 0:
        return _NOTHING
    if printed > weight:
        return _above_weight(line, printed, weight)
    if isinstance(line.measure, Judgement):
        return _of_tier(line, line.measure, printed, weight)
    # The sign that is printed tells the direction, and the evaluation went by it.
    direction = direction_of(item, line.rules) if _is_unstated(item) else Direction.UP
    share = _share_down(item, line) if direction is Direction.DOWN else line.share
    if isinstance(share, Ratio):
        points = times(weight, share)
        roundings = explaining(printed, points)
        if roundings:
            return TracedScore(Verdict.EXPLAINED, points, roundings)
        return _unexplained(item, direction, share, printed, weight)
    if printed == weight and (share or line.reason) in _MISSED:
        return TracedScore(Verdict.MISSED_FULL, None, Roundings.NONE)
    return _NOTHING


def _is_unstated(item: Indicator) -> bool:
    return isinstance(item.target, Threshold) and item.target.comparator is Comparator.UNSTATED


def _share_down(item: Indicator, line: Line) -> Ratio | Reason | None:
    """The share of a figure that is better lower, whatever the rules read a target without a comparator as."""
    target, actual = item.target, item.actual
    if not isinstance(target, Threshold) or actual is None:
        return line.share
    downward = attrs.evolve(target, comparator=Comparator.AT_MOST)
    measure = achievement(downward, actual, inverse=Inverse.RATIO, name=item.name)
    return _capped(measure) if isinstance(measure, Ratio) else measure


def _above_weight(line: Line, printed: Decimal, weight: Decimal) -> TracedScore:
    """More than the weight: some places extrapolate where a target is exceeded."""
    if isinstance(line.measure, Ratio):
        roundings = explaining(printed, times(weight, line.measure))
        if roundings:
            own = None if line.share is None else times(weight, line.share)
            places = tuple(other for other in _practised() if not other.bounded)
            return TracedScore(Verdict.OTHER_PRACTICE, own, roundings, places)
    return _NOTHING


def _of_tier(line: Line, judgement: Judgement, printed: Decimal, weight: Decimal) -> TracedScore:
    """A score whose tier is claimed lies in the tier's range."""
    if judgement.share is None and line.rule is not None:
        for row in line.rule.tier_ranges:
            low, high = CONTEXT.multiply(weight, row.lower), CONTEXT.multiply(weight, row.upper)
            if row.tier is judgement.tier and not low <= printed <= high:
                return TracedScore(Verdict.OUTSIDE_TIER, None, Roundings.NONE)
    return _NOTHING


def _unexplained(item: Indicator, direction: Direction, share: Ratio, printed: Decimal, weight: Decimal) -> TracedScore:
    """A score that the rules do not give: by another reading, by another practice, or not at all."""
    points, target, actual = times(weight, share), item.target, item.actual
    missed_full = TracedScore(Verdict.MISSED_FULL, points, Roundings.NONE)
    if isinstance(target, Threshold) and isinstance(actual, Quantity) and actual.bound is Bound.EXACT:
        unstated = target.comparator is Comparator.UNSTATED
        if unstated:
            roundings = _by_another_reading(item, target, actual, direction, printed, weight)
            if roundings:
                return TracedScore(None, points, roundings)
        if not unstated or direction is not Direction.EITHER:
            found = _practices(item, target, actual, direction, printed, weight)
            if found is not None:
                return TracedScore(Verdict.OTHER_PRACTICE, points, *found)
        roundings = _from_rounded_rate(share, printed, weight)
        if roundings:
            return TracedScore(None, points, roundings)
        meant = as_per_cent(target, actual)
        if meant is not None:
            upward = attrs.evolve(target, comparator=Comparator.AT_LEAST) if unstated else target
            measure = achievement(upward, meant, name=item.name)
            if isinstance(measure, Ratio) and explaining(printed, times(weight, _capped(measure))):
                return _NOTHING
        if unstated and printed == weight and share < ONE:
            # The sign that is not printed may be the other one.
            return missed_full
    if _above(printed, points):
        return TracedScore(Verdict.ABOVE, points, Roundings.NONE)
    verdict = Verdict.WITHHELD if share >= ONE else Verdict.BELOW
    return TracedScore(verdict, points, Roundings.NONE)


# A rate is written as per cent with no, one or two decimals.
_RATE_DIGITS = (2, 3, 4)


def _from_rounded_rate(share: Ratio, printed: Decimal, weight: Decimal) -> Roundings:
    """The roundings that explain a score which was computed from the rate as it is written, not from the figures."""
    for digits in _RATE_DIGITS:
        unit = 10**digits
        for mode in (RoundingMode.HALF_UP, RoundingMode.DOWN):
            written = Ratio(rounded(share.numerator * unit, share.denominator, mode), unit)
            roundings = explaining(printed, times(weight, written))
            if roundings:
                return roundings
    return Roundings.NONE


def _by_another_reading(
    item: Indicator, target: Threshold, actual: Quantity, direction: Direction, printed: Decimal, weight: Decimal
) -> Roundings:
    """The roundings that explain a score in proportion, the target read the other way.

    Full marks are no evidence of another reading where name and kind tell the
    direction; a part of them is.
    """
    for comparator in Direction.EITHER.comparators:
        for inverse in Inverse if comparator is Comparator.AT_MOST else (None,):
            measure = achievement(attrs.evolve(target, comparator=comparator), actual, inverse=inverse, name=item.name)
            if isinstance(measure, Ratio) and (measure < ONE or comparator in direction.comparators):
                roundings = explaining(printed, times(weight, _capped(measure)))
                if roundings:
                    return roundings
    return Roundings.NONE


def _practices(
    item: Indicator, target: Threshold, actual: Quantity, direction: Direction, printed: Decimal, weight: Decimal
) -> tuple[Roundings, tuple[RuleSet, ...]] | None:
    """The rule sets of other documents and places that give a score, and how it is rounded."""
    if target.comparator is Comparator.UNSTATED:
        target = attrs.evolve(target, comparator=direction.comparators[0])
    found: list[RuleSet] = []
    first = Roundings.NONE
    for other in _practised():
        share = _share_by(other, item, target, actual)
        roundings = Roundings.NONE if share is None else explaining(printed, times(weight, share))
        if roundings:
            first = first or roundings
            found.append(other)
    return (first, tuple(found)) if found else None


def _share_by(rules: RuleSet, item: Indicator, target: Threshold, actual: Quantity) -> Ratio | None:
    """The share that a rule set gives by the degree of achievement, `None` where it looks at something else."""
    method = rules.method_for(target.comparator.value, item.kind)
    if method is None or method.measure is not Measure.ACHIEVEMENT:
        return None
    measure = achievement(target, actual, inverse=method.inverse, name=item.name)
    return placed(method.rule, rules.rounding.of_measure(measure))[1] if isinstance(measure, Ratio) else None


def gives(rules: RuleSet, item: Indicator, line: Line) -> bool:
    """Whether a rule set gives the printed score of a figure, or says nothing of it.

    Args:
        rules: The rule set.
        item: The indicator with what is printed.
        line: Its line of an evaluation, by whatever rules.
    """
    printed, weight, actual = item.stated.score, item.weight, item.actual
    if printed is None or weight is None or not isinstance(line.target, Threshold) or not isinstance(actual, Quantity):
        return True
    share = _share_by(rules, item, line.target, actual)
    return share is None or bool(explaining(printed, times(weight, share)))


def as_per_cent(target: Threshold, actual: Quantity) -> Quantity | None:
    """Return the actual in per cent where a bare figure of 1 or less can be meant so.

    >>> as_per_cent(Threshold("≥", 95, "%"), Quantity("0.97")).value
    Decimal('97')
    """
    if target.unit != "%" or target.value <= 1 or actual.unit is not None or not 0 < actual.value <= 1:
        return None
    return Quantity(CONTEXT.scaleb(actual.value, 2), "%")


def _capped(measure: Ratio) -> Ratio:
    """The share that proportion gives: the measure, at most 1, at least 0."""
    return min(max(measure, ZERO), ONE)


def missed(item: Indicator, line: Line) -> bool:
    """Whether an indicator's target was missed, as far as the form tells; by no weight."""
    taken = line.measure
    if isinstance(taken, Judgement):
        return taken.tier in (Tier.PARTLY_ACHIEVED, Tier.NOT_ACHIEVED)
    if isinstance(taken, Ratio) and line.method is not None and line.method.measure is Measure.ACHIEVEMENT:
        read = line.target.comparator if isinstance(line.target, Threshold) else None
        if not _is_unstated(item) or direction_of(item, line.rules).comparators == (read,):
            # What the evaluation measured, by whichever inverse.
            return taken.numerator < taken.denominator
    measure = measure_of(item, line.rules)
    if isinstance(measure, Ratio):
        return measure < ONE
    return measure in _MISSED


def measure_of(item: Indicator, rules: RuleSet) -> Ratio | Reason | None:
    """Return how far the target was achieved by the rules' reading of it, whatever the weight."""
    target, actual = item.target, item.actual
    if target is None or actual is None or isinstance(actual, Judgement):
        return None
    if isinstance(target, Threshold) and target.comparator is Comparator.UNSTATED:
        return _unstated_measure(item, target, actual, rules)
    return achievement(target, actual, inverse=Inverse.RATIO, name=item.name)


def _unstated_measure(item: Indicator, target: Threshold, actual: Actual, rules: RuleSet) -> Ratio | Reason | None:
    """The measure by the sign that name, kind and rules tell; by the better one where nothing does."""
    reading = rules.comparator_for(item.kind, target, item.name)
    direction = direction_of(item, rules)
    if direction is not Direction.EITHER:
        comparators = direction.comparators
    elif reading is None or reading.comparator is None:
        return None
    else:
        comparators = (reading.comparator,) if reading.comparator is Comparator.AT_MOST else direction.comparators
    found = [
        achievement(attrs.evolve(target, comparator=sign), actual, inverse=Inverse.RATIO, name=item.name)
        for sign in comparators
    ]
    measures = [measure for measure in found if isinstance(measure, Ratio)]
    return max(measures) if measures else found[0]
