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
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT, plain, sum_of
from perfeval.cited import Grounds
from perfeval.evaluation.explanation import notices_of
from perfeval.evaluation.lines import holding_line
from perfeval.evaluation.projects import Evaluation, evaluate_project
from perfeval.evaluation.scored import adjustment_row, text_or_none
from perfeval.i18n import known
from perfeval.model import Adjustment, Breakdown, FundingSource, Project, short_name
from perfeval.model.departments import Department
from perfeval.rates import execution_rate, self_evaluation_coverage_rate
from perfeval.ratios import ratio
from perfeval.rulesets import RuleSet
from perfeval.scoring import Grade

if TYPE_CHECKING:
    from perfeval.pages import Page

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


@attrs.frozen(repr=False)
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
        adjustments: Points that change the mean afterwards: the department's
            own and those that were given.
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
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def adjusted_mean_score(self) -> Decimal | None:
        """The mean of the totals with the adjustments, points; `None` without a mean."""
        if self.mean_score is None:
            return None
        return sum_of([self.mean_score, *(adjustment.points for adjustment in self.adjustments)])

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
        from perfeval.evaluation.pages import department_sentences
        from perfeval.pages import text

        return text(department_sentences(self, self._locale(locale)))

    def page(self, locale: str | None = None) -> Page:
        """Return the department's view as a page, for any carrier of `perfeval.pages`."""
        from perfeval.evaluation.pages import department_page_of

        return department_page_of(self, self._locale(locale))

    def table(self, locale: str | None = None) -> list[list[str]]:
        """Return a row of text for each project, the headings first."""
        from perfeval.evaluation.pages import projects_table

        table = projects_table(self, self._locale(locale))
        return [[column.title for column in table.columns], *([cell.text for cell in row] for row in table.rows)]

    def notices(self, locale: str | None = None) -> tuple[str, ...]:
        """Return what the reader must know of the whole: that a parent's rules apply."""
        return notices_of(self.rules, self._locale(locale))

    def assumptions(self, locale: str | None = None) -> tuple[str, ...]:
        """Return what no text decides, as the rule set decided it for the projects, each once."""
        language = self._locale(locale)
        every = [text for result in self.projects for text in result.assumptions(language)]
        sources = [adjustment.source for adjustment in self.adjustments]
        every += [
            source.assumption.of(language) for source in sources if isinstance(source, Grounds) and source.assumption
        ]
        return tuple(dict.fromkeys(every))

    def _locale(self, locale: str | None) -> str:
        return known(self.rules.default_locale if locale is None else locale)

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

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        """Return the evaluation as JSON can hold it; numbers are exact text.

        Args:
            locale: The locale of labels, notices and assumptions; the rule
                set's own if none is given.
        """
        return {
            "department": self.department.name,
            "fiscal_year": self.department.fiscal_year,
            "rule_set": self.rules.id,
            "asked_for": self.rules.asked_for,
            "notices": list(self.notices(locale)),
            "stated": _plain(attrs.asdict(self.department.stated)),
            "stated_execution_rate": text_or_none(self.stated_execution_rate),
            "coverage": _plain(self.coverage._asdict()),
            "money": _plain(self.money._asdict()),
            "sources": [_plain(row._asdict()) for row in self.sources],
            "mean_score": text_or_none(self.mean_score),
            "weighted_mean_score": text_or_none(self.weighted_mean_score),
            "partial_mean_score": text_or_none(self.partial_mean_score),
            "adjustments": [adjustment_row(one, self._locale(locale)) for one in self.adjustments],
            "adjusted_mean_score": text_or_none(self.adjusted_mean_score),
            "grades": {grade.value: count for grade, count in self.grades},
            "ungraded": self.ungraded,
            "listed_amount": text_or_none(self.listed_amount),
            "gaps": [{"what": gap.what, "projects": list(gap.projects)} for gap in self.gaps],
            "projects": [result.to_dict(locale) for result in self.projects],
            "assumptions": list(self.assumptions(locale)),
        }

    def _repr_html_(self) -> str:
        from perfeval.pages import html

        return html(self.page())

    def __repr__(self) -> str:
        name, year, count = short_name(self.department.name), self.department.fiscal_year, len(self.projects)
        return f"<DepartmentEvaluation {name} {year}: {count} projects>"


def evaluate_department(
    department: Department, rules: RuleSet, adjustments: tuple[Adjustment, ...] | None = None
) -> DepartmentEvaluation:
    """Return the evaluation of a department: see `perfeval.evaluation.evaluate`.

    Its mean is changed by *adjustments*, its own if none are given.
    """
    adjustments = department.adjustments if adjustments is None else adjustments
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
    mean = None if every is None else _mean(every, alike, rules)
    if adjustments:
        adjustments = _held(mean, adjustments, rules, gaps)
    counted = Counter(result.grade for result in results)
    amounts = [p.stated.amount for p in department.projects if p.stated.amount is not None]
    return DepartmentEvaluation(
        department,
        rules,
        results,
        _coverage(flags, budgets, len(results)),
        _money(None, budgets, spent),
        _by_source(department.projects, rules),
        mean,
        None if every is None or budgets is None else _mean(every, budgets, rules),
        _mean(totals, alike, rules),
        tuple((band.grade, counted[band.grade]) for band in rules.bands),
        counted[None],
        sum_of(amounts) if amounts else None,
        tuple(gaps),
        adjustments,
    )


def _held(
    mean: Decimal | None, adjustments: tuple[Adjustment, ...], rules: RuleSet, gaps: list[Gap]
) -> tuple[Adjustment, ...]:
    """The adjustments of the mean, which a line of its own keeps from 0 to the full score."""
    if mean is None:
        gaps.append(Gap("adjustments", ()))
        return adjustments
    total = sum_of([mean, *(adjustment.points for adjustment in adjustments)])
    holding = holding_line(mean, total, rules)
    return adjustments if holding is None else (*adjustments, holding)


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


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: plain(value) if isinstance(value, Decimal) else value for key, value in row.items()}
