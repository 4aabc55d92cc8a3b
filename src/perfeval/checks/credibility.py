"""CR: results that are possible and hard to believe; a person looks again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations, pairwise

from perfeval.amounts import CONTEXT, sum_of
from perfeval.checks.catalogue import setting
from perfeval.checks.coded import Spot, of_form, of_report, spot
from perfeval.checks.form import Form, Report
from perfeval.checks.wording import shown
from perfeval.findings import Term
from perfeval.model import BudgetBasis
from perfeval.practice import measure_of, rows_of
from perfeval.ratios import ONE, Ratio, ratio
from perfeval.rounding import percent
from perfeval.targets import Bound, Judgement, Quantity, Threshold, Tier


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
    difference = _subtracted(share, rate)
    apart = Ratio(difference.numerator * share.denominator, difference.denominator * share.numerator)
    if apart > Ratio.of(setting("CR101", "apart")):
        points = percent(difference).removesuffix("%")
        yield spot("stated.total", indicator_share=share, computed_rate=rate, apart=points)


def _subtracted(a: Ratio, b: Ratio) -> Ratio:
    return Ratio(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator)


@of_form("CR102")
def unspent(form: Form) -> Iterable[Spot]:
    """A large part of the budget was not spent."""
    # What was cut from the budget during the year is not left unspent.
    adjusted = [rate for rate in form.rates if rate.basis is BudgetBasis.ADJUSTED]
    rate = next(iter([*adjusted, *form.rates]), None)
    if rate is None:
        return
    left = Ratio(rate.measure.denominator - rate.measure.numerator, rate.measure.denominator)
    if left > Ratio.of(setting("CR102", "share")):
        yield spot(
            "stated.funding_total.actual_expenditure" if rate.found == "total" else "funding",
            column=Term(f"form.{rate.basis.column}"),
            budget=form.in_unit(rate.budget),
            unspent=_digits(form.in_unit(CONTEXT.subtract(rate.budget, rate.spent))),
            unit=form.project.amount_unit,
            unspent_share=left,
        )


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
    where, original, adjusted = _budgets(form, "original_budget", "adjusted_budget")
    if original is None or adjusted is None or original <= 0 or adjusted <= 0:
        return
    change = CONTEXT.abs(CONTEXT.subtract(adjusted, original))
    if change > CONTEXT.multiply(original, limit):
        where = where and f"{where}.adjusted_budget"
        shown = {"original": form.in_unit(original), "adjusted": form.in_unit(adjusted)}
        params = {**shown, "unit": form.project.amount_unit, "changed_share": ratio(change, original)}
        yield spot(where or "funding", cites, **params)


def _budgets(form: Form, first: str, second: str) -> tuple[str, Decimal | None, Decimal | None]:
    """Two columns of the money, and where they stand: the total row's, or the rows' where it has none or only zeros."""
    printed = form.stated.funding_total
    pair = getattr(printed, first), getattr(printed, second)
    if any(pair):
        return "stated.funding_total", *pair
    for breakdown in {row.breakdown: None for row in form.project.funding}:
        rows = [row for _, row in rows_of(form.project, breakdown)]
        columns = [[amount for row in rows if (amount := getattr(row, name)) is not None] for name in (first, second)]
        if all(columns):
            return "", sum_of(columns[0]), sum_of(columns[1])
    return "stated.funding_total", *pair


@of_form("CR107")
def budget_created_in_year(form: Form) -> Iterable[Spot]:
    """A budget was created during the year, and no reason is given."""
    if form.project.execution_deviation_reason is not None:
        return
    for column in ("adjusted_budget", "actual_expenditure"):
        where, original, later = _budgets(form, "original_budget", column)
        if original is not None and not original and later is not None and later > 0:
            where = where and f"{where}.original_budget"
            told = {"column": Term(f"form.{column}"), "amount": form.in_unit(later)}
            yield spot(where or "funding", **told, unit=form.project.amount_unit)
            return


@of_form("CR108")
def cost_is_the_budget(form: Form) -> Iterable[Spot]:
    """A cost has the whole budget as its actual, which is not what was spent."""
    if all(rate.spent == rate.budget for rate in form.rates):
        return
    spent = {rate.spent for rate in form.rates}
    for i, item in enumerate(form.project.indicators):
        if form.is_cost(item) and isinstance(item.actual, Quantity) and item.actual.bound is Bound.EXACT:
            amounts = form.amounts(item.actual, item.target)
            if any(rate.budget in amounts for rate in form.rates) and not spent & amounts:
                told = {"name": item.name, "actual": shown(item.actual), "spent": form.in_unit(form.rates[0].spent)}
                yield spot(f"indicators[{i}].actual", **told, unit=form.project.amount_unit)


@of_form("CR109")
def reason_contradicts(form: Form) -> Iterable[Spot]:
    """A target is told as met, with a reason why it was not."""
    undone, besides = re.compile(setting("CR109", "undone")), re.compile(setting("CR109", "besides"))
    for i, row in enumerate(form.rows):
        item = row.item
        reason = item.deviation_reason
        if reason is None or not undone.search(reason) or besides.search(reason) or item.target is None:
            continue
        measure = measure_of(item, form.rules)
        judged = item.actual if isinstance(item.actual, Judgement) else row.line.measure
        met = isinstance(measure, Ratio) and measure >= ONE
        if met or (isinstance(judged, Judgement) and judged.tier is Tier.ACHIEVED):
            params = {"name": item.name, "target": str(item.target), "actual": shown(item.actual)}
            yield spot(f"indicators[{i}].deviation_reason", **params, reason=_short(reason))


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


@of_report("CR111")
def purposes_overlap(report: Report) -> Iterable[Spot]:
    """The purposes of two projects may overlap."""
    projects = report.department.projects
    longer = _longer_names([project.name for project in projects])
    seen: dict[tuple[str, ...], int] = {}
    for position, project in enumerate(projects):
        if position in longer:
            yield spot(f"projects[{position}].name", name=project.name, other=projects[longer[position]].name)
            continue
        done = [word for word in setting("CR111", "activities") if word in (project.objective_expected or "")]
        shared = list(combinations(done, setting("CR111", "shared")))
        other = next((seen[words] for words in shared if words in seen), None)
        if other is not None:
            yield spot(f"projects[{position}].objective_expected", name=project.name, other=projects[other].name)
        for words in shared:
            seen.setdefault(words, position)


def _longer_names(names: list[str]) -> dict[int, int]:
    """The names that say nothing besides what another one says, each with that one: 代表工作经费, 代表视察经费."""
    generic, vague = re.compile(setting("CR111", "generic")), re.compile(setting("CR111", "vague"))
    cores = sorted((generic.sub("", name), position) for position, name in enumerate(names))
    found = {}
    for (core, position), (following, other) in pairwise(cores):
        # A number behind a name tells projects apart: 一期 1, 10.
        if (
            len(core) >= 2
            and vague.search(names[position])
            and following.startswith(core)
            and following != core
            and not following[len(core)].isdigit()
        ):
            found[position] = other
    return found


@of_report("CR112")
def foreign_claim(report: Report) -> Iterable[Spot]:
    """A claim fits another kind of body."""
    department = report.department
    for row in setting("CR112", "foreign"):
        if not any(body in department.name for body in row["bodies"]):
            continue
        for position, claim in enumerate(department.claims):
            found = next((word for word in row["words"] if word in claim.words), None)
            if found is not None:
                params = {"body": department.name, "foreign": found, "name": claim.indicator, "words": claim.words}
                yield spot(f"claims[{position}]", **params)


def _digits(amount: Decimal) -> Decimal:
    """An amount without the zeros behind its last digit."""
    return amount.normalize(CONTEXT)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else f"{text[:29]}…"
