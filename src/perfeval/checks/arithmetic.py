"""AR: printed figures that are not what the form's own figures give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from perfeval.amounts import CONTEXT, exponent_of, plain, sum_of
from perfeval.checks.coded import Spot, of_form, spot
from perfeval.checks.form import Form, Row
from perfeval.findings import Term
from perfeval.model import BudgetBasis, FundingLine, FundingSource, FundingTotal
from perfeval.practice import (
    MONEY,
    Rate,
    RateVerdict,
    Roundings,
    Sum,
    Verdict,
    explaining,
    off_by_cutting,
    off_by_rounding,
    rates_of_row,
    rows_of,
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
        "actual": str(item.actual),
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
    stated = form.stated
    if form.excerpt or stated.total is None or not form.scored:
        return
    scores = [row.item.stated.score for row in form.rows if row.item.weight is not None or row.item.stated.score]
    present = [score for score in scores if score is not None]
    if len(present) < len(scores):
        return
    low = high = sum_of([*present, *([] if stated.execution_score is None else [stated.execution_score])])
    if stated.execution_score is None and stated.execution_weight is not None:
        high = CONTEXT.add(low, stated.execution_weight)
    if low <= stated.total <= high or explaining(stated.total, Ratio.of(low)):
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
    stated = form.stated
    if form.excerpt or stated.total is None or not form.scored:
        return
    scores = [row.item.stated.score for row in form.rows if row.item.weight is not None or row.item.stated.score]
    present = [score for score in [*scores, stated.execution_score] if score is not None]
    if len(present) < len(scores) or (stated.execution_score is None and stated.execution_weight is not None):
        return
    low = sum_of(present)
    if stated.total == low or explaining(stated.total, Ratio.of(low)):
        return
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


def _by_rounding(form: Form, off: Sum) -> bool:
    """Whether rows and total can differ so: each rounded as finely as the form prints, or cut to its own digits."""
    return off_by_rounding(off.rows, off.total, form.money_step) or off_by_cutting(off.rows, off.total)


def _off_spot(form: Form, off: Sum) -> Spot:
    return spot(
        f"stated.funding_total.{off.column}",
        column=_column(off.column),
        breakdown=Term(f"breakdown.{off.breakdown.value}"),
        sum=form.in_unit(off.sum),
        total=form.in_unit(off.total),
        unit=form.project.amount_unit,
    )


def _unclear(form: Form, off: Sum) -> bool:
    """Whether rows may be missing, blank where they have money, or details of one another."""
    return _cut_off(form, off) or (off.sum < off.total and _blank(form, off)) or _details(off.rows, off.total)


def _blank(form: Form, off: Sum) -> bool:
    rows = [row for _, row in rows_of(form.project, off.breakdown)]
    return any(getattr(row, off.stands_in) is None and any(getattr(row, column) for column in MONEY) for row in rows)


# A money block has four rows, sometimes eight; every run of rows is tried.
_MOST_ROWS = 20


def _details(rows: list[Decimal], total: Decimal) -> bool:
    """Whether some rows repeat others: 财政资金 100, of which 60 and 40, beside a total of 100."""
    if len(rows) > _MOST_ROWS:
        return False
    for start in range(len(rows)):
        for end in range(start + 1, len(rows) + 1):
            rest = sum_of([*rows[:start], *rows[end:]])
            repeats = start and sum_of(rows[start:end]) == rows[start - 1] != 0
            if rest == total and (repeats or sum_of(rows[start:end]) == total):
                return True
    return False


def _cut_off(form: Form, off: Sum) -> bool:
    """Whether rows may be missing: an excerpt whose block shows neither its last row, 其他资金, nor its own sum."""
    if not form.excerpt or off.sum >= off.total:
        return False
    rows = [row for _, row in rows_of(form.project, off.breakdown)]
    heads = {row.part_of for row in form.project.funding if row.part_of is not None}
    last = any(row.source is FundingSource.OTHER or row.label in heads for row in rows)
    return not last


@of_form("AR106")
def funding_rows_mismatch(form: Form) -> Iterable[Spot]:
    """The rows of the money block do not add to the total row."""
    for off in form.sums:
        if off.sum == off.total or not off.total or _by_rounding(form, off):
            continue
        if not _unclear(form, off):
            yield _off_spot(form, off)
    parts: dict[str, list[FundingLine]] = {}
    for row in form.project.funding:
        if row.part_of is not None:
            parts.setdefault(row.part_of, []).append(row)
    for i, row in enumerate(form.project.funding) if parts else ():
        # A row whose label stands twice is no head that could be told.
        details = parts.pop(row.label or "", [])
        for column in MONEY if details else ():
            whole = getattr(row, column)
            amounts = [amount for part in details if (amount := getattr(part, column)) is not None]
            # The rows of "其中" need not be all; but they are no more than the row.
            if (
                whole is not None
                and amounts
                and sum_of(amounts) > whole
                and not off_by_rounding(amounts, whole, form.money_step)
            ):
                yield _off_spot(form, Sum(row.breakdown, column, amounts, sum_of(amounts), whole, column))._replace(
                    where=f"funding[{i}].{column}"
                )


@of_form("AR107")
def zero_total(form: Form) -> Iterable[Spot]:
    """The total row prints zero above rows that have money."""
    return [_off_spot(form, off) for off in form.sums if not off.total and off.sum]


@of_form("AR116")
def funding_rows_off_by_rounding(form: Form) -> Iterable[Spot]:
    """The rows differ from the total row by no more than rounding can explain."""
    for off in form.sums:
        if off.total and off.sum != off.total and _by_rounding(form, off) and not _unclear(form, off):
            yield _off_spot(form, off)


@of_form("AR108")
def rate_above_one(form: Form) -> Iterable[Spot]:
    """More was spent than budgeted."""
    own = [rate for rate in form.rates if rate.basis is form.rules.execution.basis][:1]
    for rate in own:
        if rate.spent > rate.budget:
            where = "stated.funding_total.actual_expenditure" if rate.found == "total" else "funding"
            unit = form.project.amount_unit
            spent, budget = form.in_unit(rate.spent), form.in_unit(rate.budget)
            yield spot(where, spent=spent, budget=budget, unit=unit, computed_rate=rate.measure)


@of_form("AR109")
def funding_row_scored(form: Form) -> Iterable[Spot]:
    """A detail row of the money block repeats weight or score."""
    for i, row in enumerate(form.project.funding):
        stated = row.stated
        if stated.weight is not None or stated.score is not None:
            label = row.label or Term(f"source.{row.source.value}")
            figures = [plain(figure) for figure in (stated.weight, stated.score) if figure is not None]
            yield spot(f"funding[{i}].stated", label=label, figures=tuple(figures))


@of_form("AR110")
def adjustment_mismatch(form: Form) -> Iterable[Spot]:
    """The adjusted budget is not the original budget and its adjustment."""
    rows: list[tuple[str, FundingLine | FundingTotal]] = [("stated.funding_total", form.stated.funding_total)]
    rows += [(f"funding[{i}]", row) for i, row in enumerate(form.project.funding)]
    for where, row in rows:
        original, change, adjusted = row.original_budget, row.budget_adjustment, row.adjusted_budget
        if original is None or change is None or adjusted is None:
            continue
        if CONTEXT.add(original, change) != adjusted and not off_by_rounding(
            [original, change], adjusted, form.money_step
        ):
            yield spot(
                f"{where}.adjusted_budget",
                original=form.in_unit(original),
                adjustment=form.in_unit(change),
                adjusted=form.in_unit(adjusted),
                computed=form.in_unit(CONTEXT.add(original, change)),
                unit=form.project.amount_unit,
            )


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
            right = rounding.points(Decimal(1), points)
            if printed != right and _coarser(printed, rounding.step):
                params = {"name": item.name, "target": str(item.target), "actual": str(item.actual)}
                yield spot(f"{row.where}.stated.score", **_coarse(params, printed, item.weight, right))


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
        yield spot("indicators")


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
                actual=str(item.actual),
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
                    actual=str(row.item.actual),
                    stated=row.item.stated.score,
                    low=readable_points(low),
                    high=readable_points(high),
                    tier=form.rules.tier_name(tier.tier) or Term(f"tier.{tier.tier.value}"),
                )


@of_form("AR123")
def amount_negative(form: Form) -> Iterable[Spot]:
    """An amount is negative."""
    rows: list[tuple[str, FundingLine | FundingTotal]] = [("stated.funding_total", form.stated.funding_total)]
    rows += [(f"funding[{i}]", row) for i, row in enumerate(form.project.funding)]
    for where, row in rows:
        for column in MONEY:
            amount = getattr(row, column)
            if amount is not None and amount < 0:
                shown = form.in_unit(amount)
                yield spot(f"{where}.{column}", column=_column(column), amount=shown, unit=form.project.amount_unit)
