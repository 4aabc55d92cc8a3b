"""Evaluating a department: its projects' results together, stated beside computed.

Each figure is computed only where every project tells what it needs; where one
does not, the figure is `None` and a `Gap` names what is missing and where.
What the report states is never mixed with it.

>>> import perfeval as pe
>>> report = pe.Department("甲局", fiscal_year=2022, projects=[pe.Project("乙", fiscal_year=2022)],
...     stated=pe.StatedDepartment(evaluated_projects=1, budget=pe.wan(79), actual_expenditure=pe.wan("65.63")))
>>> result = pe.evaluate(report, pe.rule_set("CN", fiscal_year=2022))
>>> result.stated_execution_rate
Decimal('0.8307594936708860759493670886075949')
>>> result.money.budget is None, [gap.what for gap in result.gaps]
(True, ['evaluated', 'budget', 'actual_expenditure', 'total'])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT, AmountUnit, plain, sum_of, to_unit
from perfeval.evaluation.projects import Evaluation, evaluate_project, grade_word, text_or_none
from perfeval.html import tag
from perfeval.i18n import catalog, known
from perfeval.model import Breakdown, FundingSource, Project
from perfeval.model.departments import Department
from perfeval.rates import execution_rate, self_evaluation_coverage_rate
from perfeval.ratios import Ratio, ratio
from perfeval.rounding import percent
from perfeval.rulesets import RuleSet
from perfeval.scoring import Grade

__all__ = ["Coverage", "DepartmentEvaluation", "Gap", "Money", "evaluate_department"]


class Coverage(NamedTuple):
    """How many of the listed projects were self-evaluated, by number and by budget.

    Attributes:
        projects: Projects listed.
        evaluated: Those that were self-evaluated; `None` if one does not tell.
        rate: Their share of the number, as a fraction.
        budget: The budget of all, yuan; `None` if one does not tell.
        evaluated_budget: The budget of those that were self-evaluated.
        budget_rate: Their share of the budget, as a fraction.
    """

    projects: int
    evaluated: int | None
    rate: Decimal | None
    budget: Decimal | None
    evaluated_budget: Decimal | None
    budget_rate: Decimal | None


class Money(NamedTuple):
    """The money of all projects, or of one source; `None` if one does not tell.

    Attributes:
        source: The source, `None` for all of the money.
        budget: By the rule set's basis, yuan.
        actual_expenditure: Yuan.
        rate: The execution rate as a fraction, rounded to 34 digits.
    """

    source: FundingSource | None
    budget: Decimal | None
    actual_expenditure: Decimal | None
    rate: Decimal | None


class Gap(NamedTuple):
    """What is not known, and which projects do not tell it."""

    what: str
    projects: tuple[str, ...]


@attrs.frozen
class DepartmentEvaluation:
    """The result of `evaluate` for a department.

    Attributes:
        department: The department with its report.
        rules: The rule set.
        projects: The evaluation of each project, as listed.
        coverage: How many projects were self-evaluated.
        money: All of the money.
        sources: The money of each source that a project names.
        mean_score: The mean of the totals, points; `None` if one is missing.
        weighted_mean_score: The mean weighted by budget.
        partial_mean_score: The mean of those totals that there are.
        grades: How many projects have each grade, the best first.
        ungraded: How many have none.
        listed_amount: The sum of the amounts whose meaning the report does
            not tell, yuan; `None` if no project has one.
        gaps: What is not known.
    """

    department: Department
    rules: RuleSet
    projects: tuple[Evaluation, ...]
    coverage: Coverage
    money: Money
    sources: tuple[Money, ...]
    mean_score: Decimal | None
    weighted_mean_score: Decimal | None
    partial_mean_score: Decimal | None
    grades: tuple[tuple[Grade, int], ...]
    ungraded: int
    listed_amount: Decimal | None
    gaps: tuple[Gap, ...]

    @property
    def stated_execution_rate(self) -> Decimal | None:
        """The rate of the two stated figures, outturn over budget: ours, not the report's."""
        return _share(self.department.stated.actual_expenditure, self.department.stated.budget)

    def explain(self, locale: str | None = None) -> str:
        """Return the department's view in words: stated, computed, not known.

        Args:
            locale: ``zh_CN`` or ``en``; the rule set's own if none is given.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        return "\n".join(_text(self, known(self.rules.default_locale if locale is None else locale)))

    def table(self, locale: str | None = None) -> list[list[str]]:
        """Return a row of text for each project, the headings first."""
        return _table(self, known(self.rules.default_locale if locale is None else locale))

    def rows(self) -> list[dict[str, Any]]:
        """Return a row of plain values for each project."""
        return [
            {
                "name": result.project.name,
                "budget": result.execution.budget,
                "actual_expenditure": result.execution.actual_expenditure,
                "execution_rate": result.execution_rate,
                "total": result.total,
                "grade": result.grade and result.grade.value,
                "reason": result.grade_reason and result.grade_reason.value,
            }
            for result in self.projects
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as JSON can hold it; numbers are exact text."""
        return {
            "department": self.department.name,
            "fiscal_year": self.department.fiscal_year,
            "rule_set": self.rules.id,
            "stated": _plain(attrs.asdict(self.department.stated)),
            "stated_execution_rate": text_or_none(self.stated_execution_rate),
            "coverage": _plain(self.coverage._asdict()),
            "money": _plain(self.money._asdict()),
            "sources": [_plain(row._asdict()) for row in self.sources],
            "mean_score": text_or_none(self.mean_score),
            "weighted_mean_score": text_or_none(self.weighted_mean_score),
            "partial_mean_score": text_or_none(self.partial_mean_score),
            "grades": {grade.value: count for grade, count in self.grades},
            "ungraded": self.ungraded,
            "listed_amount": text_or_none(self.listed_amount),
            "gaps": [{"what": gap.what, "projects": list(gap.projects)} for gap in self.gaps],
            "projects": [result.to_dict() for result in self.projects],
        }

    def _repr_html_(self) -> str:
        locale = self.rules.default_locale
        head, *rows = self.table(locale)
        texts = []
        for is_list, lines in groupby(_text(self, locale, table=False), key=lambda line: line.startswith("- ")):
            if is_list:
                texts.append(tag("ul", *(tag("li", line.removeprefix("- ")) for line in lines)))
            else:
                texts += [tag("p", line) for line in lines if line]
        body = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
        table = tag("table", tag("tr", *(tag("th", cell) for cell in head)), *body, class_="perfeval")
        return str(tag("div", *texts, table, lang=locale.replace("_", "-")))


def evaluate_department(department: Department, rules: RuleSet) -> DepartmentEvaluation:
    """Return the evaluation of a department: see `perfeval.evaluation.evaluate`."""
    results = tuple([evaluate_project(project, rules) for project in department.projects])
    gaps: list[Gap] = []
    flags = _known([_self_evaluated(result.project) for result in results], "evaluated", results, gaps)
    budgets = _known([result.execution.budget for result in results], "budget", results, gaps)
    spent = _known([result.execution.actual_expenditure for result in results], "actual_expenditure", results, gaps)
    every = _known([result.total for result in results], "total", results, gaps)
    if department.excerpt:
        flags, budgets, spent, every = None, None, None, None
        gaps.insert(0, Gap("excerpt", ()))
    totals = [result.total for result in results if result.total is not None]
    alike = [Decimal(1)] * len(totals)
    counted = Counter(result.grade for result in results)
    amounts = [p.stated.amount for p in department.projects if p.stated.amount is not None]
    return DepartmentEvaluation(
        department,
        rules,
        results,
        _coverage(flags, budgets, len(results)),
        _money(None, budgets, spent),
        _by_source(department.projects, rules),
        None if every is None else _mean(every, alike, rules),
        None if every is None or budgets is None else _mean(every, budgets, rules),
        _mean(totals, alike, rules),
        tuple((band.grade, counted[band.grade]) for band in rules.bands),
        counted[None],
        sum_of(amounts) if amounts else None,
        tuple(gaps),
    )


def _known(values: list[Any], what: str, results: tuple[Evaluation, ...], gaps: list[Gap]) -> list[Any] | None:
    """The values if every project tells its own, else `None` and a gap."""
    missing = tuple(result.project.name for result, value in zip(results, values, strict=True) if value is None)
    if missing:
        gaps.append(Gap(what, missing))
        return None
    return values


def _self_evaluated(project: Project) -> bool | None:
    """Whether a project was self-evaluated; one whose form prints scores was."""
    if project.self_evaluated is not None:
        return project.self_evaluated
    printed = project.stated.total is not None or any(row.stated.score is not None for row in project.indicators)
    return True if printed else None


def _coverage(flags: list[bool] | None, budgets: list[Decimal] | None, listed: int) -> Coverage:
    evaluated = None if flags is None else sum(flags)
    budget = None if budgets is None else sum_of(budgets)
    covered = None
    if flags is not None and budgets is not None:
        covered = sum_of(amount for amount, flag in zip(budgets, flags, strict=True) if flag)
    return Coverage(
        listed,
        evaluated,
        None if evaluated is None else self_evaluation_coverage_rate(evaluated, listed),
        budget,
        covered,
        _share(covered, budget),
    )


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """One amount over another; `None` where one is not known or negative, which is data, not an error."""
    if part is None or whole is None or part < 0 or whole < 0:
        return None
    return execution_rate(part, whole)


def _money(source: FundingSource | None, budgets: list[Decimal] | None, spent: list[Decimal] | None) -> Money:
    budget = None if budgets is None else sum_of(budgets)
    expenditure = None if spent is None else sum_of(spent)
    return Money(source, budget, expenditure, _share(expenditure, budget))


def _by_source(projects: Iterable[Project], rules: RuleSet) -> tuple[Money, ...]:
    """The money of each source, by the rows of the breakdown by source alone."""
    column = rules.execution.basis.column
    found: dict[FundingSource, tuple[list[Decimal | None], list[Decimal | None]]] = {}
    for project in projects:
        for row in project.funding:
            if row.breakdown is Breakdown.SOURCE and row.part_of is None:
                budget, spent = getattr(row, column), row.actual_expenditure
                if budget is not None or spent is not None:
                    budgets, expenditures = found.setdefault(row.source, ([], []))
                    # A blank beside a zero is nothing; beside money it is not known.
                    budgets.append(Decimal(0) if budget is None and not spent else budget)
                    expenditures.append(Decimal(0) if spent is None and not budget else spent)
    return tuple(_money(source, *map(_all_or_none, found[source])) for source in FundingSource if source in found)


def _all_or_none(amounts: list[Decimal | None]) -> list[Decimal] | None:
    present = [amount for amount in amounts if amount is not None]
    return present if len(present) == len(amounts) else None


def _mean(totals: list[Decimal], weights: list[Decimal], rules: RuleSet) -> Decimal | None:
    """The mean of *totals*, rounded as the rule set rounds scores."""
    whole = sum_of(weights)
    if whole <= 0 or min(weights) < 0:
        return None
    weighted = sum_of(CONTEXT.multiply(total, weight) for total, weight in zip(totals, weights, strict=True))
    return rules.rounding.points(Decimal(1), ratio(weighted, whole))


# Text. Everything below is made on demand.


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: plain(value) if isinstance(value, Decimal) else value for key, value in row.items()}


def _text(result: DepartmentEvaluation, locale: str, *, table: bool = True) -> list[str]:
    words, rules, department = catalog(locale), result.rules, result.department
    out = [
        words["department.head"].format(name=department.name, year=department.fiscal_year),
        words["explain.rules"].format(title=rules.title.of(locale), id=rules.id),
    ]
    if rules.asked_for is not None:
        out.append(words["explain.asked_for"].format(asked=rules.asked_for, place=rules.place))
    stated = _stated_texts(result, locale)
    if stated:
        out += ["", words["department.stated"], *(f"- {line}" for line in stated)]
    out += ["", words["department.computed"], *(f"- {line}" for line in _computed_texts(result, locale))]
    if table:
        out += ["", words["department.projects"], *(f"- {line}" for line in _project_texts(result, locale))]
    reported = _reported_texts(result, locale)
    if reported:
        out += ["", words["department.reported"], *(f"- {line}" for line in reported)]
    claims = department.claims
    if claims:
        names = (words["department.item"].format(name=claim.indicator, value=claim.words) for claim in claims)
        out += ["", words["department.claims"], *(f"- {line}" for line in names)]
    passages = [(key, getattr(department, key)) for key in _PASSAGES]
    told = [(words[f"department.{key}"], passage.text) for key, passage in passages if passage is not None]
    if told:
        out += ["", words["department.told"]]
        out += [f"- {words['department.item'].format(name=name, value=text)}" for name, text in told]
    gaps = [_gap_text(gap, result, locale) for gap in result.gaps]
    if gaps:
        out += ["", words["department.not_known"], *(f"- {line}" for line in gaps)]
    return out


_PASSAGES = ("organisation", "overall_objective", "target_quality", "rectification", "use_of_results")


def _reported_texts(result: DepartmentEvaluation, locale: str) -> list[str]:
    """The figures that are reported without a target, by project."""
    words = catalog(locale)
    texts = []
    for one in result.projects:
        rows = [row for row in one.project.indicators if row.target is None and row.actual is not None]
        if rows:
            figures = words["enumeration"].join(f"{row.name} {row.actual}" for row in rows)
            texts.append(words["department.item"].format(name=one.project.name, value=figures))
    return texts


def _amount(amount: Decimal | None, unit: AmountUnit, locale: str) -> str:
    words = catalog(locale)
    if amount is None:
        return words["unknown"]
    return words["amount." + unit.name.lower()].format(amount=plain(to_unit(amount, unit)))


def _rate(rate: Decimal | None, locale: str) -> str:
    return catalog(locale)["unknown"] if rate is None else percent(Ratio.of(rate))


def _stated_texts(result: DepartmentEvaluation, locale: str) -> list[str]:
    """What the report states, each figure with its name; a rate of two is said to be ours."""
    words, stated, unit = catalog(locale), result.department.stated, result.department.amount_unit
    texts = []
    for field in attrs.fields(type(stated)):
        value = getattr(stated, field.name)
        if value is not None:
            if field.name in ("budget", "actual_expenditure"):
                value = _amount(value, unit, locale)
            elif field.name.endswith("_rate"):
                value = _rate(value, locale)
            texts.append(words["department.item"].format(name=words[f"stated.{field.name}"], value=value))
    if result.stated_execution_rate is not None and stated.execution_rate is None:
        rate = _rate(result.stated_execution_rate, locale)
        texts.append(words["department.item"].format(name=words["department.rate_of_stated"], value=rate))
    return texts


def _computed_texts(result: DepartmentEvaluation, locale: str) -> list[str]:
    words, unit, coverage = catalog(locale), result.department.amount_unit, result.coverage
    unknown = words["unknown"]

    def item(key: str, value: object) -> str:
        return words["department.item"].format(
            name=words[f"department.{key}"], value=unknown if value is None else value
        )

    def money(row: Money) -> str:
        return words["department.money"].format(
            budget=_amount(row.budget, unit, locale),
            spent=_amount(row.actual_expenditure, unit, locale),
            rate=_rate(row.rate, locale),
        )

    texts = [item("listed", coverage.projects)]
    if result.listed_amount is not None:
        texts.append(item("listed_amount", _amount(result.listed_amount, unit, locale)))
    covered = None
    if coverage.evaluated is not None:
        covered = f"{coverage.evaluated} / {coverage.projects}, {_rate(coverage.rate, locale)}"
    texts += [
        item("coverage", covered),
        item("coverage_by_budget", None if coverage.budget_rate is None else _rate(coverage.budget_rate, locale)),
        item("total_money", money(result.money)),
    ]
    for row in result.sources:
        name = words[f"source.{row.source}"]
        texts.append(words["department.item"].format(name=name, value=money(row)))
    texts += [item("mean", result.mean_score), item("weighted_mean", result.weighted_mean_score)]
    if result.mean_score is None and result.partial_mean_score is not None:
        texts.append(item("partial_mean", result.partial_mean_score))
    counts = [f"{grade_word(grade, result.rules, locale)} {count}" for grade, count in result.grades if count]
    counts += [f"{words['department.ungraded']} {result.ungraded}"] if result.ungraded else []
    texts.append(item("grades", words["enumeration"].join(counts) or None))
    return texts


def _table(result: DepartmentEvaluation, locale: str) -> list[list[str]]:
    words, unit = catalog(locale), result.department.amount_unit
    keys = ("name", "stated_amount", "budget", "actual_expenditure", "rate", "total", "grade")
    rows = [[words[f"column.{key}"] for key in keys]]
    for one in result.projects:
        amounts = (one.project.stated.amount, one.execution.budget, one.execution.actual_expenditure)
        rows.append(
            [
                one.project.name,
                *("—" if amount is None else plain(to_unit(amount, unit)) for amount in amounts),
                "—" if one.execution_rate is None else _rate(one.execution_rate, locale),
                "—" if one.total is None else plain(one.total),
                "—" if one.grade is None else grade_word(one.grade, result.rules, locale),
            ]
        )
    return rows


def _project_texts(result: DepartmentEvaluation, locale: str) -> list[str]:
    words, unit = catalog(locale), result.department.amount_unit
    texts = []
    for one in result.projects:
        text = words["department.item"].format(name=one.project.name, value=one.summary(locale))
        if one.project.stated.amount is not None:
            amount = _amount(one.project.stated.amount, unit, locale)
            text += words["department.stated_amount"].format(amount=amount)
        texts.append(text)
    return texts


def _gap_text(gap: Gap, result: DepartmentEvaluation, locale: str) -> str:
    words = catalog(locale)
    if gap.what == "excerpt":
        return words["gap.excerpt"]
    if len(gap.projects) == len(result.projects):
        return words["department.gap_of_all"].format(what=words[f"gap.{gap.what}"])
    names = words["enumeration"].join(gap.projects)
    return words["department.gap"].format(what=words[f"gap.{gap.what}"], count=len(gap.projects), names=names)
