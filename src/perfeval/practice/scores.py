"""Printed scores: what the rules give for each, by which rounding or by which other practice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import attrs

from perfeval.amounts import CONTEXT
from perfeval.evaluation.projects import Line
from perfeval.model import Indicator, IndicatorKind, Stated
from perfeval.practice.money import Rate, RateVerdict, TracedRate
from perfeval.practice.roundings import Roundings, explaining
from perfeval.ratios import ONE, ZERO, Ratio
from perfeval.reasons import Reason
from perfeval.rulesets import RuleSet, rule_sets
from perfeval.scoring import Measure, placed
from perfeval.targets import (
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
    """

    verdict: Verdict | None
    points: Ratio | None
    roundings: Roundings


_NOTHING = TracedScore(None, None, Roundings.NONE)
_MISSED = frozenset({Reason.LATE, Reason.OUTSIDE_RANGE, Reason.ZERO_TARGET})


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
    for other in rule_sets():
        # Where the rules tell them apart, what a finished project earns says nothing of its rate.
        method = other.execution.unfinished or other.execution.method
        for measure in measures:
            if method.speaks_of(measure):
                points = times(weights[0], placed(method.rule, measure)[1])
                roundings = explaining(printed, points)
                if roundings:
                    return TracedScore(Verdict.OTHER_PRACTICE, points, roundings)
    if first is None or stated.execution_weight is None:
        # Without money or without a printed weight nothing is wrong for sure.
        return _NOTHING
    return TracedScore(Verdict.ABOVE if _above(printed, first) else Verdict.BELOW, first, Roundings.NONE)


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
    if line.share is not None:
        points = times(weight, line.share)
        roundings = explaining(printed, points)
        if roundings:
            return TracedScore(Verdict.EXPLAINED, points, roundings)
        return _unexplained(item, line.share, printed, weight)
    if printed == weight and line.reason in _MISSED:
        return TracedScore(Verdict.MISSED_FULL, None, Roundings.NONE)
    return _NOTHING


def _above_weight(line: Line, printed: Decimal, weight: Decimal) -> TracedScore:
    """More than the weight: some places extrapolate where a target is exceeded."""
    if isinstance(line.measure, Ratio):
        points = times(weight, line.measure)
        roundings = explaining(printed, points)
        if roundings:
            return TracedScore(Verdict.OTHER_PRACTICE, points, roundings)
    return _NOTHING


def _of_tier(line: Line, judgement: Judgement, printed: Decimal, weight: Decimal) -> TracedScore:
    """A score whose tier is claimed lies in the tier's range."""
    if judgement.share is None and line.rule is not None:
        for row in line.rule.tier_ranges:
            low, high = CONTEXT.multiply(weight, row.lower), CONTEXT.multiply(weight, row.upper)
            if row.tier is judgement.tier and not low <= printed <= high:
                return TracedScore(Verdict.OUTSIDE_TIER, None, Roundings.NONE)
    return _NOTHING


def _unexplained(item: Indicator, share: Ratio, printed: Decimal, weight: Decimal) -> TracedScore:
    """A score that the rules do not give: by another reading, by another practice, or not at all."""
    points, target, actual = times(weight, share), item.target, item.actual
    unstated = isinstance(target, Threshold) and target.comparator is Comparator.UNSTATED
    if isinstance(target, Threshold) and isinstance(actual, Quantity) and actual.bound is Bound.EXACT:
        for other in _other_readings(target, actual, item.kind):
            roundings = explaining(printed, times(weight, other))
            if roundings and unstated and item.kind in _MORE_IS_BETTER:
                if printed == weight:
                    return TracedScore(Verdict.MISSED_FULL, points, Roundings.NONE)
            elif roundings:
                return TracedScore(None if unstated else Verdict.OTHER_PRACTICE, points, roundings)
        meant = as_per_cent(target, actual)
        if meant is not None:
            upward = attrs.evolve(target, comparator=Comparator.AT_LEAST) if unstated else target
            measure = achievement(upward, meant)
            if isinstance(measure, Ratio) and explaining(printed, times(weight, _capped(measure))):
                return _NOTHING
    if _above(printed, points):
        return TracedScore(Verdict.ABOVE, points, Roundings.NONE)
    verdict = Verdict.WITHHELD if share >= ONE else Verdict.BELOW
    return TracedScore(verdict, points, Roundings.NONE)


# Where "at most" is no likely reading of a target without a comparator.
_MORE_IS_BETTER = frozenset({IndicatorKind.OUTPUT_QUANTITY, IndicatorKind.SATISFACTION})
_DOWN = (Comparator.AT_MOST, Comparator.LESS_THAN)


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


def _other_readings(target: Threshold, actual: Quantity, kind: IndicatorKind | None) -> Iterator[Ratio]:
    """The shares that proportion and the rules of other documents and places give."""
    comparators = [target.comparator]
    if target.comparator is Comparator.UNSTATED:
        comparators = [Comparator.AT_LEAST, Comparator.AT_MOST]
    for comparator in comparators:
        for inverse in Inverse if comparator in _DOWN else (None,):
            measure = achievement(attrs.evolve(target, comparator=comparator), actual, inverse=inverse)
            if isinstance(measure, Ratio):
                yield _capped(measure)
                for other in rule_sets():
                    method = other.method_for(comparator.value, kind)
                    if method is not None and method.measure is Measure.ACHIEVEMENT:
                        yield placed(method.rule, measure)[1]


def missed(item: Indicator, line: Line) -> bool:
    """Whether an indicator's target was missed, as far as the form tells; by no weight."""
    measure = measure_of(item, line.rules)
    if isinstance(measure, Ratio):
        return measure < ONE
    if measure is None:
        judged = line.measure
        return isinstance(judged, Judgement) and judged.tier in (Tier.PARTLY_ACHIEVED, Tier.NOT_ACHIEVED)
    return measure in _MISSED


def measure_of(item: Indicator, rules: RuleSet) -> Ratio | Reason | None:
    """Return how far the target was achieved by the rules' reading of it, whatever the weight."""
    target, actual = item.target, item.actual
    if target is None or actual is None or isinstance(actual, Judgement):
        return None
    if isinstance(target, Threshold) and target.comparator is Comparator.UNSTATED:
        unstated = rules.comparator_for(item.kind)
        if unstated is None:
            return None
        target = attrs.evolve(target, comparator=unstated.comparator)
    return achievement(target, actual, inverse=Inverse.RATIO)
