"""Laws and strategies for rule sets of your own.

`check_rule_set` holds a rule set to the laws that every shipped one keeps; the
rules are piecewise linear, so each law is decided exactly, piece by piece, not
by samples. `projects` is a Hypothesis strategy of forms that a rule set can be
tried on (extra ``testing``).

>>> from perfeval import rule_set
>>> check_rule_set(rule_set("cn-mof-2020-10"))
()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from perfeval.amounts import plain
from perfeval.errors import Fault, MissingExtraError, ScoringRuleError
from perfeval.frameworks import framework_indicator
from perfeval.model import Indicator, IndicatorKind, Project
from perfeval.ratios import ONE, ZERO, Ratio
from perfeval.rulesets import FORMS, Method, RuleSet
from perfeval.scoring import Measure, Piece, ScoringRule, band_of, placed
from perfeval.targets import Comparator, Quantity, Threshold

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["LAWS", "check_rule_set", "projects"]


def check_rule_set(rules: RuleSet) -> tuple[Fault, ...]:
    """Return what of the laws a rule set breaks, each with its path; nothing if it keeps them all.

    Args:
        rules: A rule set, of `RuleSet.from_toml` or shipped.
    """
    return tuple({str(fault): fault for law in LAWS for fault in law(rules)}.values())


def _rules_of(rules: RuleSet) -> Iterator[tuple[str, ScoringRule, Measure]]:
    for method in _every_method(rules):
        yield method.name, method.rule, method.measure
    for row in rules.department:
        yield f"department.{row.indicator}", row.rule, Measure.RATE


def _every_method(rules: RuleSet) -> Iterator[Method]:
    yield from rules.execution.methods
    yield from rules.methods


def bounded(rules: RuleSet) -> Iterable[Fault]:
    """A bounded rule set never gives less than nothing, or more than the weight."""
    for name, rule, measure in _rules_of(rules) if rules.bounded else ():
        for piece, start in _pieces(rule):
            ends = [piece.at(end) for end in (start, piece.limit) if end is not None]
            # A person's share lies between 0 and 1: anything else is refused when it is judged.
            runs_off = (start is None or piece.limit is None) and piece.slope and measure is not Measure.JUDGED
            for share in ends:
                if not ZERO <= share <= ONE:
                    yield Fault(f"{name}.rule", f"bounded, but a share of {_text(share)} is earned")
            if runs_off:
                yield Fault(f"{name}.rule", "bounded, but the share grows without end")


def _pieces(rule: ScoringRule) -> Iterator[tuple[Piece, Ratio | None]]:
    """Each piece with where it begins; the first begins at nothing achieved, or below."""
    start: Ratio | None = None
    for piece in rule.pieces:
        yield piece, start
        start = piece.limit


def _text(share: Ratio) -> str:
    numerator, denominator = share.reduced()
    return f"{numerator}/{denominator}"


# Where a larger measure is a worse result.
_DOWNWARD = (Measure.DEVIATION, Measure.EXCESS)


def monotone(rules: RuleSet) -> Iterable[Fault]:
    """In a monotone rule set more achieved never earns less."""
    for method in _every_method(rules) if rules.monotone else ():
        for problem in _worse(method.rule, -1 if method.measure in _DOWNWARD else 1):
            yield Fault(f"{method.name}.rule", f"monotone, but {problem}")


def _worse(rule: ScoringRule, sign: int) -> Iterator[str]:
    """Where the share falls as the measure grows; with a sign of -1, where it rises."""
    moves = "falls" if sign > 0 else "rises"
    for piece in rule.pieces:
        if piece.slope * sign < 0:
            end = "without end" if piece.limit is None else f"up to a measure of {_text(piece.limit)}"
            yield f"the share {moves} {end}"
    for low, high in pairwise(rule.pieces):
        if low.limit is not None:
            before, after = low.at(low.limit), high.at(low.limit)
            if after < before if sign > 0 else before < after:
                yield f"the share {moves} at a measure of {_text(low.limit)}"


def common_indicators_are_directed(rules: RuleSet) -> Iterable[Fault]:
    """More of a common indicator never earns less where more is better, nor more where less is."""
    rows = [(f"department.{row.indicator}", row.indicator, row.rule) for row in rules.department]
    rows += [(f"common.{row.indicator}", row.indicator, row.rule) for row in rules.common if row.rule is not None]
    for name, indicator, rule in rows:
        direction = framework_indicator(indicator).direction
        if direction is not None:
            less = direction is Comparator.AT_MOST
            for problem in _worse(rule, -1 if less else 1):
                yield Fault(f"{name}.rule", f"{'less' if less else 'more'} is better, but {problem}")


def met_is_full(rules: RuleSet) -> Iterable[Fault]:
    """A target that is just met earns its full weight."""
    for method in rules.methods:
        if method.measure is Measure.ACHIEVEMENT:
            share = placed(method.rule, ONE)[1]
            if share != ONE:
                yield Fault(f"{method.name}.rule", f"a target that is met earns {_text(share)} of its weight")


_LEAVES = tuple(
    kind for kind in IndicatorKind if not any(other.value.startswith(f"{kind.value}.") for other in IndicatorKind)
)


def every_form_has_a_method(rules: RuleSet) -> Iterable[Fault]:
    """Every form of target has a method, for every kind of indicator."""
    for form in FORMS:
        without = [kind.value for kind in _LEAVES if rules.method_for(form, kind) is None]
        if without:
            yield Fault("methods", f"no method for {form} of {', '.join(without)}")


def every_target_has_a_comparator(rules: RuleSet) -> Iterable[Fault]:
    """A target without a comparator is read, for every kind of indicator."""
    without = [kind.value for kind in _LEAVES if rules.comparator_for(kind) is None]
    if without:
        yield Fault("unstated_comparator", f"no comparator for {', '.join(without)}")


def tiers_meet(rules: RuleSet) -> Iterable[Fault]:
    """The ranges of the tiers leave no hole between 0 and 1."""
    for method in rules.methods:
        ranges = method.rule.tier_ranges
        edges = sorted((row.lower, row.upper) for row in ranges)
        if ranges and (edges[0][0] != 0 or edges[-1][1] != 1 or any(a[1] != b[0] for a, b in pairwise(edges))):
            yield Fault(f"{method.name}.rule", "the tiers do not meet from 0 to 1")


def every_total_has_a_grade(rules: RuleSet) -> Iterable[Fault]:
    """Nothing, everything and every limit between have a grade, and the best is the best."""
    totals = [Decimal(0), rules.total, *(band.at_least for band in rules.bands if band.at_least is not None)]
    for total in totals:
        try:
            band_of(total, rules.bands)
        except ScoringRuleError as error:
            yield Fault("grades.bands", str(error))
    if rules.bands[0].at_least is not None and rules.bands[0].at_least > rules.total:
        yield Fault("grades.bands", f"the best grade begins above the total of {plain(rules.total)}")


def rules_read_back(rules: RuleSet) -> Iterable[Fault]:
    """A rule written as a table is read back as the same rule."""
    for name, rule, _ in _rules_of(rules):
        if ScoringRule.from_dict(rule.to_dict()) != rule:
            yield Fault(f"{name}.rule", "reads back as another rule")


LAWS: tuple[Callable[[RuleSet], Iterable[Fault]], ...] = (
    bounded,
    monotone,
    common_indicators_are_directed,
    met_is_full,
    every_form_has_a_method,
    every_target_has_a_comparator,
    tiers_meet,
    every_total_has_a_grade,
    rules_read_back,
)


def projects(*, fiscal_year: int) -> SearchStrategy[Project]:
    """Return a Hypothesis strategy of projects with figures against "≥" and "≤" targets.

    Args:
        fiscal_year: The year of the forms.

    Raises:
        MissingExtraError: If hypothesis is not installed.
    """
    try:
        from hypothesis import strategies as st
    except ImportError as error:
        raise MissingExtraError("strategies need hypothesis: pip install 'perfeval[testing]'") from error
    figures = st.integers(0, 10**6).map(Decimal)
    targets = st.builds(Threshold, st.sampled_from(["≥", "≤", "="]), figures)
    weights = st.integers(0, 50).map(Decimal)
    kinds = st.sampled_from(_LEAVES)
    rows = st.tuples(targets, figures, weights, kinds)

    def project(drawn: list[tuple[Threshold, Decimal, Decimal, IndicatorKind]]) -> Project:
        indicators = [
            Indicator(f"指标{i}", kind=kind, target=target, actual=Quantity(actual), weight=weight)
            for i, (target, actual, weight, kind) in enumerate(drawn)
        ]
        return Project("项目", fiscal_year=fiscal_year, indicators=indicators)

    return st.lists(rows, min_size=1, max_size=8).map(project)
