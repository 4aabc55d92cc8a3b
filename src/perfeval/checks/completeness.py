"""CP: what a form owes and does not say; nothing is concluded from what an excerpt leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from perfeval.amounts import sum_of
from perfeval.checks.coded import Spot, of_form, spot
from perfeval.checks.form import BY_CRITERION, LEVEL1, Form, Row
from perfeval.checks.wording import has_figure, is_void, text_of
from perfeval.findings import Term
from perfeval.model import IndicatorKind
from perfeval.practice import MONEY, Verdict, measure_of, missed, rows_of
from perfeval.ratios import Ratio
from perfeval.reasons import Reason
from perfeval.targets import Actual, Between, Deadline, Judgement, Statement, Target, Threshold


@of_form("CP101")
def actual_missing(form: Form) -> Iterable[Spot]:
    """An indicator has a target and no actual."""
    items = form.project.indicators
    told = any(item.actual is not None for item in items)
    for i, item in enumerate(items):
        if item.actual is not None or item.target is None or item.kind in BY_CRITERION or is_void(item):
            continue
        # A score is printed: that the actual is not is no matter of an excerpt.
        weighted = item.weight is not None and not form.excerpt
        if item.stated.score or ((told or weighted) and not form.cut_off(i, "actual")):
            yield spot(f"indicators[{i}].actual", name=item.name, target=str(item.target))


@of_form("CP102")
def score_missing(form: Form) -> Iterable[Spot]:
    """Other lines have a score, this one has none."""
    if not form.scored:
        return
    if form.stated.execution_weight and form.stated.execution_score is None:
        weight = form.stated.execution_weight
        yield spot("stated.execution_score", name=Term("execution_rate"), weight=weight)
    for i, item in enumerate(form.project.indicators):
        if item.weight and item.stated.score is None and not form.cut_off(i, "score"):
            yield spot(f"indicators[{i}].stated.score", name=item.name, weight=item.weight)


@of_form("CP103")
def total_missing(form: Form) -> Iterable[Spot]:
    """Scores are printed, the total is not."""
    if not form.excerpt and form.scored and form.stated.total is None:
        yield spot("stated.total")


@of_form("CP104")
def objective_missing(form: Form) -> Iterable[Spot]:
    """The overall objective, or what was reached of it, is not told."""
    project = form.project
    if form.excerpt or not form.weighted:
        return
    if project.objective_expected is None:
        yield spot("objective_expected", part=Term("form.objective_expected"))
    elif project.objective_actual is None:
        yield spot("objective_actual", part=Term("form.objective_actual"))


@of_form("CP105")
def satisfaction_missing(form: Form) -> Iterable[Spot]:
    """The rule set gives satisfaction a weight, the form has no such indicator."""
    kinds = {LEVEL1[item.kind] if item.kind is not None else None for item in form.project.indicators}
    satisfaction = IndicatorKind.SATISFACTION
    if form.excerpt or not form.weighted or None in kinds or satisfaction in kinds or form.unlike_projects:
        return
    weighing = [row for row in form.rules.weights if dict(row.points).get(satisfaction)]
    if weighing and not any(form.level_weights == dict(row.points) for row in form.rules.weights):
        yield spot("indicators", weighing[0].grounds.cites)


@of_form("CP106")
def reason_missing(form: Form) -> Iterable[Spot]:
    """A target was missed or points were lost, and no reason is given."""
    for i, row in enumerate(form.rows):
        item = row.item
        # Points that are withheld, and full marks that may rest on another sign, are told by other checks.
        what = None if row.traced.verdict in _TOLD else _what_happened(row)
        if what is not None and form.unexplained(i) and not is_void(item):
            told = {"target": _or_absent(item.target), "actual": _or_absent(item.actual)}
            yield spot(f"{row.where}.deviation_reason", name=item.name, **told, what=what)


_TOLD = frozenset({Verdict.WITHHELD, Verdict.BELOW, Verdict.MISSED_FULL})


def _or_absent(value: Target | Actual | None) -> str:
    return Term("absent") if value is None else str(value)


_MISSED, _LATE, _OUTSIDE = Term("check.CP106.figure"), Term("check.CP106.late"), Term("check.CP106.range")
_JUDGED, _POINTS = Term("check.CP106.judged"), Term("check.CP106.points")


def _what_happened(row: Row) -> Term | None:
    """How a row fell short, `None` if it did not, as far as the form tells."""
    if missed(row.item, row.line):
        measure = measure_of(row.item, row.line.rules)
        if measure is None:
            return _JUDGED
        return _LATE if measure is Reason.LATE else _OUTSIDE if measure is Reason.OUTSIDE_RANGE else _MISSED
    return _POINTS if _lost_points(row) else None


def _lost_points(row: Row) -> bool:
    """Points that a judgement took; what a figure loses shows in its measure."""
    printed, weight = row.item.stated.score, row.item.weight
    return printed is not None and weight is not None and printed < weight and isinstance(row.line.measure, Judgement)


@of_form("CP107")
def low_rate_unexplained(form: Form) -> Iterable[Spot]:
    """The execution rate is below the place's threshold, and no reason is given."""
    limit = form.rules.low_rate
    if form.excerpt or limit is None or form.project.execution_deviation_reason is not None:
        return
    rate = next((rate for rate in form.rates if rate.basis is form.rules.execution.basis), None)
    if rate is not None and rate.measure < Ratio.of(limit.value):
        cites = limit.grounds.cites
        yield spot("execution_deviation_reason", cites, computed_rate=rate.measure, least_rate=limit.value)


@of_form("CP108")
def words_for_a_number(form: Form) -> Iterable[Spot]:
    """The target is a figure, the actual is words."""
    for i, item in enumerate(form.project.indicators):
        actual = item.actual
        if isinstance(item.target, Threshold | Between):
            claimed = isinstance(actual, Judgement) and actual.words is not None
            if claimed or isinstance(actual, Statement):
                params = {"name": item.name, "target": str(item.target), "actual": str(actual)}
                yield spot(f"indicators[{i}].actual", **params)


@of_form("CP109")
def execution_not_scored(form: Form) -> Iterable[Spot]:
    """The form shows money and scores, but gives the execution rate none."""
    stated = form.stated
    if form.excerpt or not form.scored or not form.rates or form.unlike_projects:
        return
    if stated.execution_score is None and stated.execution_weight is None:
        cites = form.rules.execution.weight_grounds.cites
        yield spot("stated.execution_score", cites, computed_rate=form.rates[0].measure)


@of_form("CP110")
def amount_missing(form: Form) -> Iterable[Spot]:
    """An amount is blank that the total row, or its only row, prints."""
    printed = form.stated.funding_total
    sums: dict[str, Decimal] = {}
    heads = {row.part_of for row in form.project.funding if row.part_of is not None}
    for breakdown in {row.breakdown: None for row in form.project.funding}:
        rows = [(i, row) for i, row in rows_of(form.project, breakdown) if row.label not in heads]
        with_money = [(i, row) for i, row in rows if any(getattr(row, column) for column in MONEY)]
        for column in MONEY:
            whole = getattr(printed, column)
            amounts = [amount for _, row in with_money if (amount := getattr(row, column))]
            if whole and len(with_money) == 1 and all(getattr(row, column) is None for _, row in rows):
                position, row = with_money[0]
                label = row.label or Term(f"source.{row.source.value}")
                yield _blank(form, f"funding[{position}].{column}", label, column, Term("check.CP110.total"), whole)
            elif whole is None and amounts:
                sums.setdefault(column, sum_of(amounts))
    # A form without a total row has its sum in the rows.
    if any(getattr(printed, column) is not None for column in MONEY):
        label, other = Term("form.total_row"), Term("check.CP110.rows")
        for column in MONEY:
            if column in sums:
                yield _blank(form, f"stated.funding_total.{column}", label, column, other, sums[column])


def _blank(form: Form, where: str, row: str, column: str, other: Term, amount: Decimal) -> Spot:
    unit = form.project.amount_unit
    return spot(where, row=row, column=Term(f"form.{column}"), other=other, amount=form.in_unit(amount), unit=unit)


@of_form("CP111")
def empty_indicator(form: Form) -> Iterable[Spot]:
    """An indicator has neither target nor actual, weight nor score."""
    for i, item in enumerate(form.project.indicators):
        if item.target is None and item.actual is None and item.weight is None and item.stated.score is None:
            yield spot(f"indicators[{i}]", name=item.name)


@of_form("CP112")
def no_targets(form: Form) -> Iterable[Spot]:
    """Work is reported without any target."""
    items = form.project.indicators
    if not form.excerpt and items and not any(item.target is not None for item in items):
        if any(item.actual is not None and item.kind not in BY_CRITERION for item in items):
            yield spot("indicators", number=sum(item.actual is not None for item in items))


@of_form("CP113")
def not_scored(form: Form) -> Iterable[Spot]:
    """A form has weights, and neither scores nor a total."""
    stated, items = form.stated, form.project.indicators
    if form.excerpt or form.scored or not form.weighted or stated.total is not None:
        return
    # Before the year is over a form has targets alone.
    if stated.execution_score is None and any(item.actual is not None for item in items):
        yield spot("indicators", number=sum(item.weight is not None for item in items))


@of_form("CP114")
def rate_missing(form: Form) -> Iterable[Spot]:
    """The execution rate has a score, but is not printed."""
    stated = form.stated
    if stated.execution_score is not None and stated.execution_rate is None:
        computed = form.rates[0].measure if form.rates else Term("undefined")
        yield spot("stated.execution_rate", stated=stated.execution_score, computed=computed)


@of_form("CP115")
def words_for_a_date(form: Form) -> Iterable[Spot]:
    """The target is a date, the actual is words."""
    for i, item in enumerate(form.project.indicators):
        text = text_of(item.actual)
        if isinstance(item.target, Deadline) and text is not None and not has_figure(text):
            params = {"name": item.name, "target": str(item.target), "actual": text}
            yield spot(f"indicators[{i}].actual", **params)


@of_form("CP116")
def weight_missing(form: Form) -> Iterable[Spot]:
    """Other indicators have a weight, this one has none."""
    heading: IndicatorKind | None = None
    for i, item in enumerate(form.project.indicators if form.weighted else ()):
        if item.weight is not None:
            # The rows below a heading detail it: its weight is theirs.
            heading = item.kind if item.target is None and form.header(i) else None
        elif item.target is not None and not is_void(item) and not form.cut_off(i, "weight"):
            if heading is None or heading is not item.kind:
                yield spot(f"indicators[{i}].weight", name=item.name)
