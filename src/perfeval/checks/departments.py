"""DP: what a department's report states against what it lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from perfeval.amounts import CONTEXT, sum_of
from perfeval.checks.catalogue import setting
from perfeval.checks.coded import Spot, of_report, spot
from perfeval.checks.form import Report
from perfeval.findings import Term
from perfeval.practice import explaining, finest, off_by_rounding
from perfeval.ratios import Ratio, ratio
from perfeval.scoring import Grade


def _shown(report: Report, amount: Decimal) -> Decimal:
    return CONTEXT.scaleb(amount, -report.department.amount_unit.exponent)


@of_report("DP101")
def number_of_projects(report: Report) -> Iterable[Spot]:
    """The stated number of projects is not the number listed."""
    department, listed = report.department, len(report.department.projects)
    stated = department.stated
    if department.excerpt or not listed:
        return
    # A report may list all of its projects, or those that were evaluated.
    if listed in (stated.projects, stated.evaluated_projects):
        return
    if stated.evaluated_projects is not None:
        yield spot("stated.evaluated_projects", stated=stated.evaluated_projects, listed=listed)
    elif stated.projects is not None:
        yield spot("stated.projects", stated=stated.projects, listed=listed)


@of_report("DP102")
def coverage_mismatch(report: Report) -> Iterable[Spot]:
    """The stated coverage is not evaluated projects over all projects."""
    stated = report.department.stated
    part, whole, printed = stated.evaluated_projects, stated.projects, stated.coverage_rate
    if part is not None and whole is not None and 0 <= whole < part:
        rate = Ratio(part, whole) if whole else Term("undefined")
        yield spot("stated.evaluated_projects", part=part, whole=whole, computed_rate=rate)
    elif printed is not None and part is not None and whole is not None and whole > 0 <= part:
        if not explaining(printed, Ratio(part, whole)):
            yield spot("stated.coverage_rate", part=part, whole=whole, computed_rate=Ratio(part, whole))


@of_report("DP103")
def listed_amounts_mismatch(report: Report) -> Iterable[Spot]:
    """The amounts listed add to neither the stated budget nor the stated outturn."""
    department, listed = report.department, report.evaluation.listed_amount
    amounts = [project.stated.amount for project in department.projects]
    known = [amount for amount in amounts if amount is not None]
    if department.excerpt or listed is None or len(known) < len(amounts):
        return
    figures = (("budget", department.stated.budget), ("actual_expenditure", department.stated.actual_expenditure))
    stated = [(name, amount) for name, amount in figures if amount is not None]
    unit = finest([*known, *(amount for _, amount in stated)])
    if stated and not any(amount == listed or off_by_rounding(known, amount, unit) for _, amount in stated):
        yield spot(
            "projects",
            listed=_shown(report, listed),
            unit=department.amount_unit,
            names=tuple(Term(f"stated.{name}") for name, _ in stated),
            stated=tuple(_shown(report, amount) for _, amount in stated),
            off=tuple(_shown(report, CONTEXT.abs(CONTEXT.subtract(amount, listed))) for _, amount in stated),
        )


def _sum_mismatch(report: Report, name: str, parts: list[Decimal | None]) -> Iterable[Spot]:
    stated: Decimal | None = getattr(report.department.stated, name)
    known = [amount for amount in parts if amount is not None]
    if report.department.excerpt or stated is None or not known or len(known) < len(parts):
        return
    if sum_of(known) != stated and not off_by_rounding(known, stated, finest([*known, stated])):
        yield spot(
            f"stated.{name}",
            stated=_shown(report, stated),
            listed=_shown(report, sum_of(known)),
            unit=report.department.amount_unit,
        )


@of_report("DP104")
def budget_mismatch(report: Report) -> Iterable[Spot]:
    """The stated budget is not the sum of the projects' budgets."""
    return _sum_mismatch(report, "budget", [result.execution.budget for result in report.evaluation.projects])


@of_report("DP105")
def expenditure_mismatch(report: Report) -> Iterable[Spot]:
    """The stated outturn is not the sum of the projects' expenditure."""
    spent = [result.execution.actual_expenditure for result in report.evaluation.projects]
    return _sum_mismatch(report, "actual_expenditure", spent)


@of_report("DP106")
def department_rate_mismatch(report: Report) -> Iterable[Spot]:
    """The stated execution rate is not stated outturn over stated budget."""
    stated, money = report.department.stated, report.evaluation.money
    pairs = [(stated.actual_expenditure, stated.budget), (money.actual_expenditure, money.budget)]
    known = [
        (spent, budget) for spent, budget in pairs if spent is not None and budget is not None and budget > 0 <= spent
    ]
    printed = stated.execution_rate
    if printed is not None and known and not any(explaining(printed, ratio(*pair)) for pair in known):
        spent, budget = known[0]
        yield spot(
            "stated.execution_rate",
            stated_rate=printed,
            spent=_shown(report, spent),
            budget=_shown(report, budget),
            computed_rate=ratio(spent, budget),
        )


@of_report("DP107")
def mean_score_mismatch(report: Report) -> Iterable[Spot]:
    """The stated mean is not the mean of the projects' totals."""
    printed, results = report.department.stated.mean_score, report.evaluation.projects
    if printed is None or report.department.excerpt or not results:
        return
    means = []
    for totals in ([r.project.stated.total for r in results], [r.total for r in results]):
        known = [total for total in totals if total is not None]
        if len(known) == len(totals):
            means.append(ratio(sum_of(known), Decimal(len(known))))
            budgets = [r.execution.budget for r in results]
            weights = [budget for budget in budgets if budget is not None and budget >= 0]
            if len(weights) == len(known) and any(weights):
                products = (CONTEXT.multiply(a, b) for a, b in zip(known, weights, strict=True))
                means.append(ratio(sum_of(products), sum_of(weights)))
    adjusted = report.evaluation.adjusted_mean_score
    if report.department.adjustments and adjusted is not None and explaining(printed, Ratio.of(adjusted)):
        return
    if means and not any(explaining(printed, mean) for mean in means):
        computed = report.rules.rounding.points(Decimal(1), means[0])
        yield spot("stated.mean_score", stated=printed, computed=computed)


@of_report("DP108")
def grade_count_mismatch(report: Report) -> Iterable[Spot]:
    """The stated number of a grade is not the number of projects that have it."""
    department, evaluation = report.department, report.evaluation
    words = {word: band.grade for band in report.rules.bands if band.words is not None for word in band.words}
    printed = [words.get(project.stated.grade or "") for project in department.projects]
    grades = printed if None not in printed else [result.grade for result in evaluation.projects]
    if department.excerpt or not grades or None in grades:
        return
    for grade in Grade:
        stated: int | None = getattr(department.stated, grade.value)
        if stated is not None and stated != grades.count(grade):
            name = report.rules.grade_name(grade) or Term(f"grade.{grade.value}")
            yield spot(f"stated.{grade.value}", stated=stated, listed=grades.count(grade), grade=name)


@of_report("DP109")
def grades_do_not_add_up(report: Report) -> Iterable[Spot]:
    """The stated numbers of grades do not add to the number of projects evaluated."""
    stated = report.department.stated
    counts = [getattr(stated, grade.value) for grade in Grade]
    known = [count for count in counts if count is not None]
    whole = stated.evaluated_projects
    if whole is None or not known:
        return
    # A grade that is not named has no project, or is not told: more than all is wrong for sure.
    if sum(known) > whole or (len(known) == len(counts) and sum(known) != whole):
        yield spot("stated.evaluated_projects", sum=sum(known), stated=whole)


@of_report("DP110")
def spent_above_budget(report: Report) -> Iterable[Spot]:
    """The stated outturn is above the stated budget."""
    stated = report.department.stated
    spent, budget = stated.actual_expenditure, stated.budget
    if spent is not None and budget is not None and spent > budget >= 0:
        unit = report.department.amount_unit
        shown = {"spent": _shown(report, spent), "budget": _shown(report, budget)}
        yield spot("stated.actual_expenditure", **shown, unit=unit)


@of_report("DP111")
def unspent(report: Report) -> Iterable[Spot]:
    """A part of the department's budget was not spent, and the report does not say why."""
    department, money = report.department, report.evaluation.money
    stated = department.stated
    where, spent, budget = "stated.actual_expenditure", stated.actual_expenditure, stated.budget
    if spent is None or budget is None:
        where, spent, budget = "projects", money.actual_expenditure, money.budget
    if department.excerpt or spent is None or budget is None or not 0 <= spent < budget:
        return
    rest = CONTEXT.subtract(budget, spent)
    passages = (department.organisation, department.target_quality, department.rectification, department.use_of_results)
    told = any(passage is not None and re.search(setting("DP111", "reason"), passage.text) for passage in passages)
    told = told or any(project.execution_deviation_reason is not None for project in department.projects)
    if not told and ratio(rest, budget) > Ratio.of(setting("DP111", "share")):
        yield spot(
            where,
            budget=_shown(report, budget),
            unspent=_shown(report, rest),
            unit=department.amount_unit,
            computed_rate=ratio(spent, budget),
        )
