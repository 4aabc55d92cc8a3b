"""AR: printed rates, scores, totals and grades that are not what the form's own figures give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from perfeval.amounts import CONTEXT, exponent_of, sum_of
from perfeval.checks.coded import Spot, of_form, spot
from perfeval.checks.form import Form, Row
from perfeval.checks.wording import shown
from perfeval.findings import Term
from perfeval.model import BudgetBasis
from perfeval.practice import (
    Rate,
    RateVerdict,
    Roundings,
    Verdict,
    explaining,
    rates_of_row,
    times,
)
from perfeval.ratios import ZERO, Ratio
from perfeval.rounding import readable_points
from perfeval.scoring import band_of


def _column(name: str) -> Term:
    return Term(f"form.{name}")


def _row_rates(form: Form) -> Iterator[tuple[str, Decimal, tuple[Rate, ...]]]:
    """The rates that detail rows print, with the ways to compute each."""
    for i, row in enumerate(form.project.funding):
        printed = row.stated.execution_rate
        if printed is not None:
            yield f"funding[{i}].stated.execution_rate", printed, rates_of_row(row)


@of_form("AR101")
def execution_rate_mismatch(form: Form) -> Iterable[Spot]:
    """The printed execution rate is not expenditure over budget."""
    how, rate = form.traced_rate
    if how is RateVerdict.WRONG and rate is not None and form.stated.execution_rate is not None:
        yield _wrong_rate(form, "stated.execution_rate", form.stated.execution_rate, rate)
    for where, printed, rates in _row_rates(form):
        how, rate = form.trace(printed, rates)
        if how is RateVerdict.WRONG and rate is not None:
            yield _wrong_rate(form, where, printed, rate)


def _wrong_rate(form: Form, where: str, printed: Decimal, rate: Rate) -> Spot:
    return spot(
        where,
        stated_rate=printed,
        spent=form.in_unit(rate.spent),
        budget=form.in_unit(rate.budget),
        computed_rate=rate.measure,
    )


@of_form("AR102")
def execution_score_mismatch(form: Form) -> Iterable[Spot]:
    """The printed score of the execution rate is not its rate times its weight."""
    verdict, points, *_ = form.execution_score
    stated = form.stated
    if verdict in (Verdict.ABOVE, Verdict.BELOW) and points is not None and form.rates:
        yield spot(
            "stated.execution_score",
            stated=stated.execution_score,
            computed=readable_points(points),
            computed_rate=form.rates[0].measure,
            weight=stated.execution_weight,
        )


def _by_verdict(form: Form, *verdicts: Verdict) -> Iterator[Row]:
    for row in form.rows:
        if row.traced.verdict in verdicts:
            yield row


def _of_row(row: Row) -> Spot:
    item = row.item
    params: dict[str, object] = {
        "name": item.name,
        "target": str(item.target),
        "actual": shown(item.actual),
        "weight": item.weight,
        "stated": item.stated.score,
    }
    if row.traced.points is not None:
        params["computed"] = readable_points(row.traced.points)
    return spot(f"{row.where}.stated.score", (), **params)


@of_form("AR103")
def score_above_rule(form: Form) -> Iterable[Spot]:
    """A missed target is printed with more points than the rules give."""
    return [_of_row(row) for row in _by_verdict(form, Verdict.ABOVE)]


@of_form("AR104")
def total_mismatch(form: Form) -> Iterable[Spot]:
    """The printed total is not the sum of the printed scores."""
    stated, low = form.stated, form.sum_of_scores
    if stated.total is None or low is None:
        return
    high = low
    if stated.execution_score is None and stated.execution_weight is not None:
        high = CONTEXT.add(low, stated.execution_weight)
    if low <= stated.total <= high or explaining(stated.total, Ratio.of(low)):
        return
    if form.project.adjustments:
        points = [adjustment.points for adjustment in form.project.adjustments]
        least, most = (max(min(sum_of([one, *points]), form.rules.total), Decimal(0)) for one in (low, high))
        # Whether the printed total is that before or after what is adjusted is not told.
        if least <= stated.total <= most or explaining(stated.total, Ratio.of(least)):
            return
    if not explaining(stated.total, _before_rounding(form)):
        yield spot("stated.total", stated=stated.total, computed=low)


def _before_rounding(form: Form) -> Ratio:
    """The sum of the scores as the rules give them, exact, where a rounding of that is printed."""
    total = ZERO
    printed = [(row.traced, row.item.stated.score) for row in form.rows]
    for traced, score in [*printed, (form.execution_score, form.stated.execution_score)]:
        if score is not None:
            exact = traced.points if traced.verdict is Verdict.EXPLAINED else None
            total = _added(total, Ratio.of(score) if exact is None else exact)
    return total


def _added(a: Ratio, b: Ratio) -> Ratio:
    return Ratio(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator).reduced()


@of_form("AR122")
def total_off_by_rounding(form: Form) -> Iterable[Spot]:
    """The total is the sum of the scores before they were rounded."""
    stated, low = form.stated, form.sum_of_scores
    if stated.total is None or low is None or stated.total == low:
        return
    if stated.execution_score is None and stated.execution_weight is not None:
        return
    if not explaining(stated.total, Ratio.of(low)):
        exact = _before_rounding(form)
        if explaining(stated.total, exact):
            yield spot("stated.total", stated=stated.total, computed=low, exact=readable_points(exact))


@of_form("AR105")
def grade_mismatch(form: Form) -> Iterable[Spot]:
    """The printed grade is not the grade of the printed total."""
    stated, bands = form.stated, form.rules.bands
    if stated.grade is None or stated.total is None:
        return
    right = band_of(stated.total, bands)
    names = [band.words for band in bands if band.words is not None and stated.grade in band.words]
    if names and right.words is not None and names[0] != right.words:
        cites = form.rules.grade_grounds.cites
        yield spot("stated.grade", cites, stated=stated.grade, total=stated.total, computed=right.words)


@of_form("AR111")
def rate_without_budget(form: Form) -> Iterable[Spot]:
    """A rate is printed where there was no budget to execute."""
    execution = form.evaluation.execution
    printed = form.stated.execution_rate
    if printed and execution.budget is not None and not execution.budget and not form.rates:
        yield spot("stated.execution_rate", stated_rate=printed)
    for i, row in enumerate(form.project.funding):
        printed = row.stated.execution_rate
        known = [budget for basis in BudgetBasis if (budget := getattr(row, basis.column)) is not None]
        if printed and known and not any(known):
            yield spot(f"funding[{i}].stated.execution_rate", stated_rate=printed)


@of_form("AR112")
def rate_without_per_cent_sign(form: Form) -> Iterable[Spot]:
    """The execution rate is per cent, but is printed without the sign."""
    if form.traced_rate[0] is RateVerdict.NO_SIGN and form.stated.execution_rate is not None:
        yield spot("stated.execution_rate", stated=form.stated.execution_rate)
    for where, printed, rates in _row_rates(form):
        if rates and form.trace(printed, rates)[0] is RateVerdict.NO_SIGN:
            yield spot(where, stated=printed)


@of_form("AR113")
def score_coarser_than_rules(form: Form) -> Iterable[Spot]:
    """A score is rounded more coarsely than the rules round."""
    rounding = form.rules.rounding
    verdict, points, *_ = form.execution_score
    printed = form.stated.execution_score
    if verdict is Verdict.EXPLAINED and printed is not None and points is not None:
        right = rounding.points(Decimal(1), points)
        if printed != right and _coarser(printed, rounding.step):
            weight = (
                form.rules.execution.weight if form.stated.execution_weight is None else form.stated.execution_weight
            )
            rate = next((rate.measure for rate in form.rates), Term("absent"))
            params = {"name": Term("execution_rate"), "target": "100%", "actual": rate, "weight": weight}
            yield spot("stated.execution_score", **_coarse(params, printed, weight, right))
    for row in _by_verdict(form, Verdict.EXPLAINED):
        item, points, printed = row.item, row.traced.points, row.item.stated.score
        if points is not None and printed is not None and item.weight is not None:
            if not _coarser(printed, rounding.step):
                continue
            right = rounding.points(Decimal(1), points)
            if printed != right:
                told = {"name": item.name, "target": str(item.target), "actual": shown(item.actual)}
                yield spot(f"{row.where}.stated.score", **_coarse(told, printed, item.weight, right))


def _coarse(params: Mapping[str, object], printed: Decimal, weight: Decimal, right: Decimal) -> dict[str, object]:
    """The figures of a score that is rounded too coarsely, and whether it became the full weight."""
    how = Term("check.AR113.full") if printed == weight else Term("check.AR113.coarse")
    return {**params, "weight": weight, "stated": printed, "computed": right, "how": how}


def _coarser(printed: Decimal, step: Decimal) -> bool:
    return exponent_of(printed) > exponent_of(step)


@of_form("AR114")
def no_single_rounding(form: Form) -> Iterable[Spot]:
    """Each score is explained by a rounding, but not all by the same one."""
    left, traced = Roundings.ANY, [form.execution_score, *(row.traced for row in form.rows)]
    for one in traced:
        # Most figures are exact, and leave what is left.
        if one.roundings is not Roundings.ANY and one.roundings is not Roundings.NONE:
            left &= one.roundings
    if not left:
        yield spot("indicators", how=Term("check.AR114.modes"))
    elif _filled_by_rounding(form):
        yield spot("indicators", how=Term("check.AR114.steps"))


def _filled_by_rounding(form: Form) -> bool:
    """Whether a missed target is rounded to full marks on a form that prints other scores finer: 10 for 9.6."""
    scores = [(form.execution_score, form.stated.execution_score, form.stated.execution_weight)]
    scores += [(row.traced, row.item.stated.score, row.item.weight) for row in form.rows]
    told = [
        (printed, traced.points, weight)
        for traced, printed, weight in scores
        if traced.verdict is Verdict.EXPLAINED and traced.points is not None and printed is not None
    ]
    finest = min((exponent_of(printed) for printed, _, _ in told), default=0)
    step = max(CONTEXT.scaleb(Decimal(1), finest), form.rules.rounding.step)
    return any(
        printed == weight and not explaining(CONTEXT.quantize(printed, step), points)
        for printed, points, weight in told
        if _coarser(printed, step)
    )


@of_form("AR120")
def no_single_practice(form: Form) -> Iterable[Spot]:
    """Scores are explained by other practices, but not all by the same one."""
    if form.contradicting:
        yield spot("indicators", names=tuple(row.item.name for row in form.contradicting))


@of_form("AR115")
def points_withheld(form: Form) -> Iterable[Spot]:
    """Less than the rules give is printed, and no reason."""
    for i, row in enumerate(form.rows):
        if row.traced.verdict in (Verdict.WITHHELD, Verdict.BELOW) and form.unexplained(i):
            yield _of_row(row)


@of_form("AR121")
def withheld_beyond_reason(form: Form) -> Iterable[Spot]:
    """A score is below what proportion gives by more than its reason explains."""
    for row in _by_verdict(form, Verdict.BELOW):
        item, points, printed = row.item, row.traced.points, row.item.stated.score
        told = item.deviation_reason is not None or item.corrective_action is not None
        if told and points is not None and printed is not None:
            right = form.rules.rounding.points(Decimal(1), points)
            yield spot(
                f"{row.where}.stated.score",
                name=item.name,
                target=str(item.target),
                actual=shown(item.actual),
                computed=right.normalize(CONTEXT),
                stated=printed,
                rest=CONTEXT.subtract(right, printed).normalize(CONTEXT),
            )


@of_form("AR117")
def missed_with_full_marks(form: Form) -> Iterable[Spot]:
    """A missed target is printed with full marks."""
    return [_of_row(row) for row in _by_verdict(form, Verdict.MISSED_FULL)]


@of_form("AR118")
def total_out_of_reach(form: Form) -> Iterable[Spot]:
    """The printed total is more than the rows that are seen leave room for."""
    stated = form.stated
    if not form.excerpt or stated.total is None:
        return
    pairs = [(row.item.weight, row.item.stated.score) for row in form.rows]
    pairs.append((stated.execution_weight, stated.execution_score))
    weights, scores = [], []
    for weight, score in pairs:
        if weight is None and score is None:
            continue
        if weight is None or score is None or not 0 <= score <= weight:
            return
        weights.append(weight)
        scores.append(score)
    seen, earned = sum_of(weights), sum_of(scores)
    rest = CONTEXT.subtract(form.rules.total, seen)
    most = CONTEXT.add(earned, rest)
    if scores and rest >= 0 and stated.total > most:
        yield spot("stated.total", stated=stated.total, most=most, earned=earned, seen=seen)


@of_form("AR119")
def score_outside_tier(form: Form) -> Iterable[Spot]:
    """The score lies outside the range of the tier that the form claims."""
    for row in _by_verdict(form, Verdict.OUTSIDE_TIER):
        measure, rule = row.line.measure, row.line.rule
        for tier in () if rule is None else rule.tier_ranges:
            if tier.tier is getattr(measure, "tier", None) and row.item.weight is not None:
                low = times(row.item.weight, Ratio.of(tier.lower))
                high = times(row.item.weight, Ratio.of(tier.upper))
                yield spot(
                    f"{row.where}.stated.score",
                    name=row.item.name,
                    actual=shown(row.item.actual),
                    stated=row.item.stated.score,
                    low=readable_points(low),
                    high=readable_points(high),
                    tier=form.rules.tier_name(tier.tier) or Term(f"tier.{tier.tier.value}"),
                )
