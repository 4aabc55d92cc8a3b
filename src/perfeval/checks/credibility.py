"""CR: results that are possible and hard to believe; a person looks again."""

from __future__ import annotations

from collections.abc import Iterable

from perfeval.amounts import CONTEXT, sum_of
from perfeval.checks.catalogue import setting
from perfeval.checks.coded import Spot, of_form, of_report, spot
from perfeval.checks.form import Form, Report
from perfeval.practice import measure_of
from perfeval.ratios import ONE, Ratio, ratio
from perfeval.targets import Bound, Quantity, Threshold


@of_form("CR101")
def results_against_money(form: Form) -> Iterable[Spot]:
    """The indicators earned a larger share of their weight than the money that was spent."""
    items = form.project.indicators
    weights = [item.weight for item in items if item.weight is not None]
    scores = [item.stated.score for item in items if item.stated.score is not None]
    if form.excerpt or not form.rates or not scores or not len(items) == len(weights) == len(scores):
        return
    weight, earned = sum_of(weights), sum_of(scores)
    rate = form.rates[0].measure
    if weight <= 0 or earned <= 0:
        return
    share = ratio(earned, weight)
    # (share - rate) / share, as one exact ratio
    apart = Ratio(
        share.numerator * rate.denominator - rate.numerator * share.denominator, share.numerator * rate.denominator
    )
    if apart > Ratio.of(setting("CR101", "apart")):
        yield spot("stated.total", indicator_share=share, computed_rate=rate, apart_share=apart)


@of_form("CR102")
def unspent(form: Form) -> Iterable[Spot]:
    """A large part of the budget was not spent."""
    if not form.rates:
        return
    rate = form.rates[0]
    left = Ratio(rate.measure.denominator - rate.measure.numerator, rate.measure.denominator)
    if left > Ratio.of(setting("CR102", "share")):
        where = "stated.funding_total.actual_expenditure" if rate.found == "total" else "funding"
        rest = form.in_unit(CONTEXT.subtract(rate.budget, rate.spent))
        yield spot(where, unspent=rest, unit=form.project.amount_unit, unspent_share=left)


@of_form("CR105")
def every_target_met_exactly(form: Form) -> Iterable[Spot]:
    """Every figure is exactly its target."""
    figures = 0
    if form.excerpt:
        return
    for item in form.project.indicators:
        target, actual = item.target, item.actual
        if isinstance(target, Threshold):
            if not isinstance(actual, Quantity) or actual.bound is not Bound.EXACT:
                return
            if target.value and (actual.value, actual.unit or target.unit) != (target.value, target.unit):
                measure = measure_of(item, form.rules)
                if not isinstance(measure, Ratio) or measure != ONE:
                    return
            figures += 1
    if figures >= setting("CR105", "figures"):
        yield spot("indicators", figures=figures)


@of_form("CR106")
def budget_adjusted_widely(form: Form) -> Iterable[Spot]:
    """The budget was changed by much during the year, so that the rate says little."""
    own = form.rules.adjusted
    if own is not None and form.project.execution_deviation_reason is not None:
        return
    limit, cites = (setting("CR106", "share"), ()) if own is None else (own.value, own.grounds.cites)
    printed = form.stated.funding_total
    original, adjusted = printed.original_budget, printed.adjusted_budget
    if original is None or adjusted is None or original <= 0 or adjusted <= 0:
        return
    change = CONTEXT.abs(CONTEXT.subtract(adjusted, original))
    if change > CONTEXT.multiply(original, limit):
        where = "stated.funding_total.adjusted_budget"
        shown = {"original": form.in_unit(original), "adjusted": form.in_unit(adjusted)}
        yield spot(where, cites, **shown, unit=form.project.amount_unit, changed_share=ratio(change, original))


@of_report("CR103")
def every_project_excellent(report: Report) -> Iterable[Spot]:
    """Every project has the best grade."""
    best = report.rules.bands[0]
    results = report.evaluation.projects
    words = best.words or ()
    grades = [r.project.stated.grade in words if r.project.stated.grade else r.grade is best.grade for r in results]
    if len(grades) >= setting("CR103", "projects") and all(grades):
        yield spot("projects", projects=len(grades), grade=best.words)


_TEXTS = ("objective_expected", "objective_actual")


@of_report("CR104")
def identical_texts(report: Report) -> Iterable[Spot]:
    """Two projects tell the same in the same words."""
    least = setting("CR104", "characters")
    seen: dict[str, tuple[int, str]] = {}
    for position, project in enumerate(report.department.projects):
        texts = [(name, getattr(project, name)) for name in _TEXTS]
        texts += [(f"indicators[{i}].deviation_reason", x.deviation_reason) for i, x in enumerate(project.indicators)]
        for name, text in texts:
            if text is None or len(text.strip()) < least:
                continue
            first, other = seen.setdefault(text.strip(), (position, project.name))
            if first != position:
                yield spot(f"projects[{position}].{name}", other=other, text=_short(text))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else f"{text[:29]}…"
