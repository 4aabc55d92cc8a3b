"""From a measure to a share of the weight, and from the share to a score."""

from __future__ import annotations

from decimal import Decimal

from perfeval.amounts import Amount, exact, exact_amount, plain
from perfeval.errors import AmountError, ScoringRuleError
from perfeval.ratios import Ratio, ratio
from perfeval.reasons import Reason
from perfeval.rounding import Rounding
from perfeval.scoring.pieces import Piece
from perfeval.scoring.rules import ScoringRule
from perfeval.targets import Judgement

__all__ = ["execution_score", "judged_share", "placed", "score", "share"]


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
    for piece, a, b, closed, slope, intercept, denominator in rule.table:
        left, right = n * b, a * d
        if left < right or (closed and left == right):
            if slope == denominator == 1 and not intercept:
                return piece, measure
            return piece, Ratio(slope * n + intercept * d, denominator * d)
    raise ScoringRuleError(f"{rule}: no piece holds {measure}")


def judged_share(rule: ScoringRule, judgement: Judgement) -> Ratio | Reason:
    """Return the share that a person's judgement states, or its tier gives."""
    if rule.constructor != "tiers":
        raise ScoringRuleError(f"expected a rule of tiers for a judgement, got {rule}")
    stated = judgement.share
    for tier, lower, upper, own in rule.tier_ranges:
        if tier is judgement.tier:
            if stated is None:
                stated = own
            elif not lower <= stated <= upper or (stated == upper and upper != 1):
                return Reason.SHARE_OUTSIDE_TIER
    return Reason.TIER_WITHOUT_SHARE if stated is None else Ratio.of(stated)


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
