"""What the checks look at: a form or a report with its evaluation."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from perfeval.amounts import CONTEXT
from perfeval.checks.catalogue import setting
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.evaluation.lines import Line
from perfeval.evaluation.projects import Evaluation
from perfeval.model import Indicator, IndicatorKind, Project
from perfeval.model.departments import Department
from perfeval.practice import (
    Rate,
    Sum,
    TracedRate,
    TracedScore,
    Verdict,
    gives,
    money_step,
    rates_of,
    sums_of,
    trace_execution_score,
    trace_rate,
    trace_score,
)
from perfeval.rulesets import RuleSet

__all__ = ["BY_CRITERION", "Form", "Report", "Row"]

BY_CRITERION = frozenset({IndicatorKind.DECISION, IndicatorKind.PROCESS, IndicatorKind.INPUT})
"""Kinds that are judged by a criterion, without a target and an actual of their own."""


class Row(NamedTuple):
    """An indicator with its place, its line, and how its printed score comes about."""

    where: str
    item: Indicator
    line: Line
    traced: TracedScore


class Report(NamedTuple):
    """A department's report with its evaluation."""

    department: Department
    rules: RuleSet
    evaluation: DepartmentEvaluation


class Form:
    """A project's form with its evaluation; what several checks need is found once."""

    def __init__(self, project: Project, rules: RuleSet, evaluation: Evaluation) -> None:
        self.project = project
        self.rules = rules
        self.evaluation = evaluation
        self.excerpt = project.excerpt
        self.stated = project.stated
        # Whether it is a form that scores at all: transfer forms print no scores.
        self.scored = any(item.stated.score is not None for item in project.indicators)
        self.weighted = any(item.weight is not None for item in project.indicators)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The indicators as on the form."""
        pairs = zip(self.project.indicators, self.evaluation.lines[1:], strict=True)
        return tuple(
            [Row(f"indicators[{i}]", item, line, trace_score(item, line)) for i, (item, line) in enumerate(pairs)]
        )

    @cached_property
    def money_step(self) -> Decimal:
        """One unit in the last place that the money block prints."""
        return money_step(self.project)

    @cached_property
    def rates(self) -> tuple[Rate, ...]:
        """Every way to compute the execution rate; the rule set's own first."""
        return rates_of(self.project, self.rules.execution.basis)

    @cached_property
    def traced_rate(self) -> TracedRate:
        """How the printed execution rate comes about."""
        return self.trace(self.stated.execution_rate, self.rates)

    @cached_property
    def execution_score(self) -> TracedScore:
        """How the printed score of the execution rate comes about."""
        return trace_execution_score(self.stated, self.rules, self.rates, self.traced_rate)

    @cached_property
    def _by_other_practices(self) -> tuple[tuple[RuleSet, ...], tuple[Row, ...]]:
        """The rule sets that give every score which these rules do not, and the rows that no one rule set gives."""
        odd = [row for row in self.rows if row.traced.verdict is Verdict.OTHER_PRACTICE]
        if not odd:
            return (), ()
        common = [rules for rules in odd[0].traced.practices if all(rules in row.traced.practices for row in odd)]
        if not common:
            return (), tuple(odd)
        parts = [row for row in self.rows if row.traced.verdict is Verdict.EXPLAINED and row.traced.points is not None]
        against = {id(rules): [row for row in parts if not gives(rules, row.item, row.line)] for rules in common}
        agreeing = tuple(rules for rules in common if not against[id(rules)])
        if agreeing:
            return agreeing, ()
        rows = [*odd, *against[id(common[0])]]
        return (), tuple(row for row in self.rows if row in rows)

    @property
    def common_practices(self) -> tuple[RuleSet, ...]:
        """The rule sets that explain every score which these rules do not, and contradict no other."""
        return self._by_other_practices[0]

    @property
    def contradicting(self) -> tuple[Row, ...]:
        """The rows whose scores no one rule set gives."""
        return self._by_other_practices[1]

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Every breakdown and column of the money beside its total."""
        return tuple(sums_of(self.project))

    @staticmethod
    def trace(printed: Decimal | None, rates: tuple[Rate, ...]) -> TracedRate:
        """Return how a printed rate comes about."""
        return trace_rate(printed, rates, per_cent_above=setting("AR112", "above"))

    def header(self, position: int) -> bool:
        """Whether the row only heads the rows below it, which have the targets."""
        rows = self.project.indicators
        if position + 1 >= len(rows):
            # The rows below it may be what an excerpt leaves out.
            return self.excerpt
        item, following = rows[position], rows[position + 1]
        return following.weight is None and following.target is not None and following.kind is item.kind

    def in_unit(self, amount: Decimal) -> Decimal:
        """An amount as the form shows it."""
        return CONTEXT.scaleb(amount, -self.project.amount_unit.exponent)
