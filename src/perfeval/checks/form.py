"""What the checks look at: a form or a report with its evaluation."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from perfeval.amounts import CONTEXT, sum_of
from perfeval.checks.catalogue import setting
from perfeval.checks.wording import is_void
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.evaluation.lines import Line
from perfeval.evaluation.projects import Evaluation
from perfeval.model import Indicator, IndicatorKind, Project, Stated
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
from perfeval.targets import Quantity, Target, Threshold
from perfeval.units import unit_of

__all__ = ["BY_CRITERION", "LEVEL1", "Form", "Report", "Row"]

BY_CRITERION = frozenset({IndicatorKind.DECISION, IndicatorKind.PROCESS, IndicatorKind.INPUT})
"""Kinds that are judged by a criterion, without a target and an actual of their own."""


LEVEL1 = {kind: kind.level1 for kind in IndicatorKind}
"""The first level of each kind."""

_COSTS = frozenset(
    kind for kind, level1 in LEVEL1.items() if level1 is IndicatorKind.COST or kind is IndicatorKind.OUTPUT_COST
)


class Row(NamedTuple):
    """An indicator with its place, its line, and how its printed score comes about."""

    where: str
    item: Indicator
    line: Line
    traced: TracedScore


class Report(NamedTuple):
    """A department's report with its evaluation, and the day that it is looked at on, if any."""

    department: Department
    rules: RuleSet
    evaluation: DepartmentEvaluation
    on: dt.date | None


class Form:
    """A project's form with its evaluation; what several checks need is found once."""

    def __init__(self, project: Project, rules: RuleSet, evaluation: Evaluation) -> None:
        self.project = project
        self.rules = rules
        self.evaluation = evaluation
        self.excerpt: bool = project.excerpt
        self.stated: Stated = project.stated
        # Whether it is a form that scores at all: transfer forms print no scores.
        self.scored: bool = any(item.stated.score is not None for item in project.indicators)
        self.weighted: bool = any(item.weight is not None for item in project.indicators)

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
    def of_department(self) -> bool:
        """Whether the form is of a department's whole spending, and held against the rules for projects."""
        return (
            self.rules.scope != "department"
            and re.search(setting("WT102", "of_department"), self.project.name) is not None
        )

    @cached_property
    def unlike_projects(self) -> bool:
        """Whether the weights are not to be held against those for projects.

        A department's table and a table of criteria have weights of their
        own; where a level does not apply, its weight goes elsewhere.
        """
        if self.of_department:
            return True
        items = self.project.indicators
        if any(item.kind is not None and LEVEL1[item.kind] in BY_CRITERION for item in items):
            return True
        void = {LEVEL1[item.kind] for item in items if item.kind is not None and item.weight is None and is_void(item)}
        return bool(void - self.level_weights.keys())

    @cached_property
    def level_weights(self) -> dict[IndicatorKind, Decimal]:
        """The weights by the first level of the indicator tree."""
        sums: dict[IndicatorKind, Decimal] = {}
        for item in self.project.indicators:
            if item.kind is not None and item.weight is not None:
                level1 = LEVEL1[item.kind]
                sums[level1] = CONTEXT.add(sums.get(level1, Decimal(0)), item.weight)
        return sums

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
    def sum_of_scores(self) -> Decimal | None:
        """The sum of the printed scores, `None` where one is blank or may not be seen."""
        if self.excerpt or not self.scored:
            return None
        items = self.project.indicators
        scores = [item.stated.score for item in items if item.weight is not None or item.stated.score]
        present = [score for score in scores if score is not None]
        if len(present) < len(scores):
            return None
        execution = self.stated.execution_score
        return sum_of(present if execution is None else [*present, execution])

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Every breakdown and column of the money beside its total."""
        return tuple(sums_of(self.project))

    @staticmethod
    def trace(printed: Decimal | None, rates: tuple[Rate, ...]) -> TracedRate:
        """Return how a printed rate comes about."""
        return trace_rate(printed, rates, per_cent_above=setting("AR112", "above"))

    @staticmethod
    def is_cost(item: Indicator) -> bool:
        """Whether an indicator is one of cost, by its place in the tree."""
        return item.kind in _COSTS

    def amounts(self, figure: Threshold | Quantity, target: Target | None = None) -> frozenset[Decimal]:
        """The amounts of money that a figure may be, in yuan; none where it is counted in something else.

        A figure without a unit may be in the form's unit; an actual without
        one is in its target's.
        """
        lent = target.unit if figure.unit is None and isinstance(target, Threshold) else None
        unit = unit_of(figure.unit or lent or "")
        if unit.base not in ("元", "") or unit.per:
            return frozenset()
        shifts = {unit.exponent} if figure.unit else {0, unit.exponent, self.project.amount_unit.exponent}
        return frozenset(CONTEXT.scaleb(figure.value, shift) for shift in shifts)

    def header(self, position: int) -> bool:
        """Whether the row only heads the rows below it, which have the targets."""
        rows = self.project.indicators
        if position + 1 >= len(rows):
            # The rows below it may be what an excerpt leaves out.
            return self.excerpt
        item, following = rows[position], rows[position + 1]
        return following.weight is None and following.target is not None and following.kind is item.kind

    def cut_off(self, position: int, field: str) -> bool:
        """Whether a blank cell may be what an excerpt cut off: the last row's, filled in the row above.

        Every other row that is seen is seen whole.
        """
        rows = self.project.indicators
        if not self.excerpt or position + 1 < len(rows) or not position:
            return False
        above = rows[position - 1]
        return (above.stated.score if field == "score" else getattr(above, field)) is not None

    def unexplained(self, position: int) -> bool:
        """Whether a row has no reason and no measure, as far as it is seen."""
        item = self.project.indicators[position]
        if item.deviation_reason is not None or item.corrective_action is not None:
            return False
        return not self.cut_off(position, "deviation_reason")

    def in_unit(self, amount: Decimal) -> Decimal:
        """An amount as the form shows it."""
        return CONTEXT.scaleb(amount, -self.project.amount_unit.exponent)
