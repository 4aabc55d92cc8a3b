"""YR: the year around the score: monitoring at mid-year, the review, and how targets were set."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeGuard

import attrs

from perfeval.amounts import plain, sum_of
from perfeval.checks.catalogue import catalogue
from perfeval.checks.coded import Spot, of_form, spot
from perfeval.checks.form import Form
from perfeval.errors import ModelError
from perfeval.evaluation import Execution
from perfeval.findings import Term
from perfeval.model import Light, Likelihood, MonitoredIndicator, Monitoring, TargetBasis
from perfeval.monitoring import MonitoredLine, MonitoringResult, monitor, progress_of
from perfeval.ratios import ONE, Ratio, ratio
from perfeval.review import ReviewResult, review_scores
from perfeval.rounding import readable_points
from perfeval.targets import Actual, Bound, Comparator, Quantity, Target, Threshold

__all__: list[str] = []

# Too good for what the words say, and too bad.
_AGAINST = (
    (Likelihood.IMPOSSIBLE, Light.GREEN),
    (Likelihood.IMPOSSIBLE, Light.BLUE),
    (Likelihood.CERTAIN, Light.RED),
)


def _states(form: Form) -> Iterator[tuple[str, Monitoring, MonitoringResult | None]]:
    """The mid-year states with their places; no result for a day that ends no month of the year."""
    for position, state in enumerate(form.project.monitoring):
        try:
            found = monitor(form.project, form.rules, through=state.through)
        except ModelError:
            found = None
        yield f"monitoring[{position}]", state, found


def _lines(form: Form) -> Iterator[tuple[str, MonitoredLine, MonitoredIndicator]]:
    """The indicators that a state tells of, with the place of the state's row."""
    for where, state, found in _states(form):
        rows = {id(row): position for position, row in enumerate(state.indicators)}
        for line in () if found is None else found.lines:
            if line.state is not None:
                yield f"{where}.indicators[{rows[id(line.state)]}]", line, line.state


@of_form("YR101")
def spent_above_the_year(form: Form) -> Iterable[Spot]:
    """More was spent to the day than the budget of the whole year."""
    for where, _, found in _states(form):
        if found is None:
            continue
        total, unit = found.money.total, form.project.amount_unit
        if total.spent is not None and total.budget is not None and total.spent > total.budget >= 0:
            shown = {"spent": form.in_unit(total.spent), "budget": form.in_unit(total.budget)}
            yield spot(f"{where}.spent_to_date", day=found.state.through, **shown, unit=unit)


@of_form("YR102")
def light_against_words(form: Form) -> Iterable[Spot]:
    """A printed light says otherwise than the likelihood beside it."""
    for where, line, state in _lines(form):
        if (state.likelihood, state.light) in _AGAINST:
            yield spot(
                f"{where}.light",
                name=line.indicator.name,
                light=Term(f"light.{state.light}"),
                likelihood=Term(f"likelihood.{state.likelihood}"),
            )


@of_form("YR103")
def light_differs(form: Form) -> Iterable[Spot]:
    """A printed light is not the one that the rules give."""
    for where, line, state in _lines(form):
        if state.light is not None and line.light is not None and state.light is not line.light:
            lights = {"printed": Term(f"light.{state.light.value}"), "computed": Term(f"light.{line.light.value}")}
            yield spot(f"{where}.light", name=line.indicator.name, **lights)
    for where, whole, found in _states(form):
        light = None if found is None else found.light
        if whole.light is not None and light is not None and light is not whole.light:
            lights = {"printed": Term(f"light.{whole.light.value}"), "computed": Term(f"light.{light.value}")}
            yield spot(f"{where}.light", name=form.project.name, **lights)


@of_form("YR104")
def likelihood_against_figures(form: Form) -> Iterable[Spot]:
    """The likelihood says otherwise than the expected figure."""
    for where, line, state in _lines(form):
        if state.likelihood is None or state.expected is None:
            continue
        _, reached = progress_of(attrs.evolve(line.indicator, actual=state.expected, judgement=None), form.rules)
        meets = reached.kept if reached.ratio is None else reached.ratio >= ONE
        wrong = (state.likelihood is Likelihood.CERTAIN and meets is False) or (
            state.likelihood is Likelihood.IMPOSSIBLE and meets is True
        )
        if wrong:
            yield spot(
                f"{where}.likelihood",
                name=line.indicator.name,
                target=str(line.target),
                expected=str(state.expected),
                likelihood=Term(f"likelihood.{state.likelihood.value}"),
            )


@of_form("YR105")
def less_expected_than_done(form: Form) -> Iterable[Spot]:
    """Less is expected for the year than was spent or reached already."""
    for where, _, found in _states(form):
        total = None if found is None else found.money.total
        if total is not None and total.spent is not None and total.expected is not None:
            if total.spent > total.expected:
                shown = {"done": str(form.in_unit(total.spent)), "expected": str(form.in_unit(total.expected))}
                yield spot(f"{where}.expected_expenditure", name=form.project.name, **shown)
    for where, line, state in _lines(form):
        # What is counted up over the year only: a rate may fall again.
        if line.scaled and _figure(state.expected, state.done):
            shown = {"done": str(state.done), "expected": str(state.expected)}
            yield spot(f"{where}.expected", name=line.indicator.name, **shown)


def _figure(expected: Actual | None, done: Actual | None) -> bool:
    """Whether one figure is less than another in the same unit."""
    return (
        isinstance(expected, Quantity)
        and isinstance(done, Quantity)
        and expected.unit == done.unit
        and expected.value < done.value
    )


@of_form("YR106")
def cause_missing(form: Form) -> Iterable[Spot]:
    """A target lags behind, or will not be reached, and no cause is told."""
    for where, line, state in _lines(form):
        lags = line.light in (Light.RED, Light.YELLOW) or line.likelihood is Likelihood.IMPOSSIBLE
        if lags and not state.causes and state.explanation is None:
            yield spot(f"{where}.causes", name=line.indicator.name)


@of_form("YR107")
def monitored_unknown(form: Form) -> Iterable[Spot]:
    """A mid-year state or a review tells of an indicator that the form does not have."""
    for where, state, found in _states(form):
        for row in () if found is None else found.unmatched:
            yield spot(f"{where}.indicators[{_place(state.indicators, row)}].indicator", name=row.indicator)
    review = _review(form)
    if review is not None:
        for finding in review.unmatched:
            position = _place(review.review.indicators, finding)
            yield spot(f"review.indicators[{position}].indicator", name=finding.indicator)


def _place(rows: Iterable[object], wanted: object) -> int:
    return next(position for position, row in enumerate(rows) if row is wanted)


@of_form("YR108")
def no_end_of_a_month(form: Form) -> Iterable[Spot]:
    """A mid-year state tells of a day that does not end a month of the year."""
    for where, state, found in _states(form):
        if found is None:
            yield spot(f"{where}.through", day=state.through, year=form.project.fiscal_year)


@of_form("YR109")
def reported_late(form: Form) -> Iterable[Spot]:
    """A mid-year state was reported after the day that the rules set."""
    for where, state, found in _states(form):
        schedule = None if found is None else found.terms.schedule
        if state.reported is None or schedule is None or schedule.report_within is None:
            continue
        cites = schedule.grounds.cites
        due = state.through + dt.timedelta(schedule.report_within)
        if state.reported > due:
            yield spot(f"{where}.reported", cites, reported=state.reported, due=due)


@of_form("YR110")
def off_schedule(form: Form) -> Iterable[Spot]:
    """A mid-year state ends at another month than the rules name."""
    for where, state, found in _states(form):
        schedule = None if found is None else found.terms.schedule
        if schedule is not None and (state.through.month, state.through.day) not in schedule.through:
            days = tuple(dt.date(state.through.year, month, day) for month, day in schedule.through)
            yield spot(f"{where}.through", schedule.grounds.cites, day=state.through, days=days)


def _review(form: Form) -> ReviewResult | None:
    return None if form.project.review is None else review_scores(form.project, form.rules)


@of_form("YR111")
def deduction_without_reason(form: Form) -> Iterable[Spot]:
    """A review takes points without a reason."""
    review = _review(form)
    for row in () if review is None else review.without_reason:
        before, after = row.difference.before, row.difference.after
        where = "review.reason"
        if row.finding is not None and review is not None:
            where = f"review.indicators[{_place(review.review.indicators, row.finding)}].reason"
        item = row.difference.line.item
        name = Term("execution_rate") if isinstance(item, Execution) else row.difference.line.name
        scores = (None if line is None else line.score for line in (before, after))
        own, reviewed = (Term("absent") if score is None else score for score in scores)
        yield spot(where, name=name, own=own, reviewed=reviewed)


@of_form("YR112")
def points_beyond_the_weight(form: Form) -> Iterable[Spot]:
    """A review gives points that an indicator cannot have."""
    review = _review(form)
    for row in () if review is None else review.rows:
        finding = row.finding
        if finding is None or finding.score is None or review is None:
            continue
        weight = row.difference.line.weight
        if weight is not None and not 0 <= finding.score <= weight:
            where = f"review.indicators[{_place(review.review.indicators, finding)}].score"
            yield spot(where, name=finding.indicator, score=finding.score, weight=weight)


@of_form("YR113")
def unknown_code(form: Form) -> Iterable[Spot]:
    """A review names a code that no check has."""
    review = form.project.review
    if review is None:
        return
    known = {rule.code for rule in catalogue()}
    places = [("review.codes", review.codes)]
    places += [(f"review.indicators[{i}].codes", row.codes) for i, row in enumerate(review.indicators)]
    for where, codes in places:
        for code in codes:
            if code not in known:
                yield spot(where, code=code)


# How targets were set.


@of_form("YR114")
def no_stretch(form: Form) -> Iterable[Spot]:
    """A target asks less than was reached in the years before, on average."""
    for position, row in enumerate(form.project.indicators):
        past = sorted((one for one in row.history if one.year < form.project.fiscal_year), key=lambda one: one.year)[
            -3:
        ]
        figures = [one.actual.value for one in past if _is_like(one.actual, row.target)]
        if not isinstance(row.target, Threshold) or not past or len(figures) < len(past):
            continue
        comparator = form.rules.resolved(row.target, row.kind, row.name).comparator
        mean = ratio(sum_of(figures), Decimal(len(figures)))
        aim = Ratio.of(row.target.value)
        if mean > aim if comparator in _UPWARD else comparator in _DOWNWARD and mean < aim:
            shown = plain(readable_points(mean)) + (row.target.unit or "")
            years = tuple(str(one.year) for one in past)
            yield spot(f"indicators[{position}].target", name=row.name, target=str(row.target), years=years, mean=shown)


_UPWARD = (Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.EQUAL)
_DOWNWARD = (Comparator.AT_MOST, Comparator.LESS_THAN)


def _is_like(actual: Actual | None, target: Target | None) -> TypeGuard[Quantity]:
    """Whether an actual is an exact figure of the kind and unit of its target."""
    return (
        isinstance(target, Threshold)
        and isinstance(actual, Quantity)
        and actual.bound is Bound.EXACT
        and actual.meaning is target.meaning
        and actual.unit in (None, target.unit)
    )


@of_form("YR115")
def set_late(form: Form) -> Iterable[Spot]:
    """A target was set after the year began, and no earlier one is told."""
    first = dt.date(form.project.fiscal_year, 1, 1)
    for position, row in enumerate(form.project.indicators):
        if row.target_set is not None and row.target_set > first and row.original_target is None:
            yield spot(f"indicators[{position}].target_set", name=row.name, day=row.target_set)


@of_form("YR116")
def eased(form: Form) -> Iterable[Spot]:
    """A target was made easier during the year, and no reason is told."""
    for position, row in enumerate(form.project.indicators):
        first, last = row.original_target, row.target
        if not isinstance(first, Threshold) or not isinstance(last, Threshold) or not form.unexplained(position):
            continue
        if (first.unit, first.meaning, first.comparator) != (last.unit, last.meaning, last.comparator):
            continue
        comparator = form.rules.resolved(first, row.kind, row.name).comparator
        easier = last.value < first.value if comparator in _UPWARD else last.value > first.value
        if easier:
            yield spot(f"indicators[{position}].original_target", name=row.name, original=str(first), target=str(last))


@of_form("YR117")
def objective_differs(form: Form) -> Iterable[Spot]:
    """The objective names a figure that no target of its unit has."""
    text = form.project.objective_expected
    if text is None or form.excerpt:
        return
    targets: dict[str, list[Threshold]] = {}
    for row in form.project.indicators:
        if isinstance(row.target, Threshold) and row.target.unit is not None and row.target.meaning is None:
            targets.setdefault(row.target.unit, []).append(row.target)
    for unit, rows in targets.items():
        for figure in dict.fromkeys(re.findall(rf"(?<![\d.])(\d{{1,15}}(?:\.\d{{1,6}})?){re.escape(unit)}", text)):
            if all(row.value != Decimal(figure) for row in rows):
                printed = tuple(str(row) for row in rows)
                yield spot("objective_expected", figure=f"{figure}{unit}", targets=printed)


_STANDARDS = (TargetBasis.PLAN, TargetBasis.INDUSTRY, TargetBasis.SPENDING_STANDARD)


@of_form("YR118")
def standard_without_source(form: Form) -> Iterable[Spot]:
    """A target is said to rest on a plan or a standard, and which one is not told."""
    for position, row in enumerate(form.project.indicators):
        told = row.definition
        if told.target_basis in _STANDARDS and told.source is None and told.target_basis_note is None:
            basis = Term(f"target_basis.{told.target_basis.value}")
            yield spot(f"indicators[{position}].definition.target_basis", name=row.name, basis=basis)
