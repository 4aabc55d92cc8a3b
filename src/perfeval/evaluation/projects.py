"""Evaluating one form: a project and a rule set give a score with its reasons.

`evaluate_project` composes the lines of `perfeval.evaluation.lines` to a total
and a grade; what a rule set takes off or caps afterwards is an adjustment with
its article, so that the total is always the sum of what is shown.

>>> from perfeval import FundingLine, Indicator, Project, rule_set, wan
>>> money = FundingLine(adjusted_budget=wan(90), actual_expenditure=wan(90))
>>> project = Project("排水改造", fiscal_year=2022, funding=[money], indicators=[
...     Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="48公里", weight=50)])
>>> evaluate_project(project, rule_set("CN", fiscal_year=2022))
<Evaluation 排水改造 2022: 58.00>
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from perfeval.amounts import CONTEXT, sum_of
from perfeval.evaluation.lines import (
    Execution,
    Line,
    Total,
    execution_line,
    execution_of,
    held,
    indicator_line,
)
from perfeval.evaluation.scored import Scored, text_or_none
from perfeval.model import Adjustment, BudgetBasis, EvaluationKind, Indicator, Project
from perfeval.ratios import Ratio, readable
from perfeval.reasons import Reason
from perfeval.rulesets import RuleSet

__all__ = ["Evaluation", "evaluate_project"]


@attrs.frozen(repr=False)
class Evaluation(Scored):
    """The result of `evaluate` for a project: lines, total and grade, which explain themselves.

    Its lines are the execution rate first, then the indicators as on the form;
    the attributes of `perfeval.evaluation.scored.Scored`, and:

    Attributes:
        project: The form.
        execution: The figures behind the execution rate.
    """

    project: Project
    execution: Execution

    @property
    def subject(self) -> Project:
        """The project."""
        return self.project

    @property
    def execution_rate(self) -> Decimal | None:
        """The execution rate as a fraction, rounded to 34 digits, for reading."""
        measure = self.lines[0].measure
        return readable(measure) if isinstance(measure, Ratio) else None

    @property
    def kind(self) -> EvaluationKind:
        """Whose evaluation it is: the unit's own, but by rules that are for others only."""
        found = self.rules.evaluations
        return EvaluationKind.SELF if EvaluationKind.SELF in found else found[0]

    @property
    def basis(self) -> BudgetBasis:
        """Which budget the execution rate divides by."""
        return self.rules.execution.basis

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        """Return the evaluation as JSON can hold it; numbers are exact text.

        Args:
            locale: The locale of labels, notices and assumptions; the rule
                set's own if none is given.
        """
        return {
            "project": self.project.name,
            "fiscal_year": self.project.fiscal_year,
            "execution_rate": text_or_none(self.execution_rate),
            "basis": self.basis.value,
        } | super().to_dict(locale)


def evaluate_project(project: Project, rules: RuleSet, *, adjustments: Iterable[Adjustment] = ()) -> Evaluation:
    """Return the evaluation of a project: see `perfeval.evaluation.evaluate`."""
    indicators = project.indicators
    execution = execution_of(project, rules.execution.basis)
    lines = [execution_line(project, execution, rules)]
    if len({indicator.name for indicator in indicators}) == len(indicators):
        lines += [indicator_line(indicator, rules) for indicator in indicators]
    else:
        doubled = _doubled(indicators)
        lines += [indicator_line(indicator, rules, doubled=i in doubled) for i, indicator in enumerate(indicators)]
    extra = tuple(adjustments)
    if project.adjustments:
        extra = (*project.adjustments, *extra)
    if rules.deduction is not None or rules.cap is not None:
        extra += _ruled(lines, extra, rules)
    if project.excerpt:
        total = Total(None, Reason.EXCERPT, None, Reason.EXCERPT)
    else:
        extra, total = held(lines, extra, rules)
    return Evaluation(rules, tuple(lines), extra, *total, project, execution)


def _doubled(indicators: tuple[Indicator, ...]) -> frozenset[int]:
    keys = [(indicator.kind, indicator.name, indicator.target) for indicator in indicators]
    counted = Counter(keys)
    return frozenset(position for position, key in enumerate(keys) if counted[key] > 1)


def _ruled(lines: list[Line], extra: tuple[Adjustment, ...], rules: RuleSet) -> tuple[Adjustment, ...]:
    """The adjustments that the rule set itself makes: deductions, then the cap of the total."""
    found = []
    if rules.deduction is not None:
        _, points, label, grounds = rules.deduction
        for line in lines[1:]:
            item, measure = line.item, line.measure
            if (
                isinstance(item, Indicator)
                and isinstance(measure, Ratio)
                and rules.deduction.concerns(line.target, measure)
            ):
                found.append(Adjustment(label.naming(item.name), CONTEXT.minus(points), grounds))
    rate = lines[0].measure
    scores = [line.score for line in lines]
    if rules.cap is not None and isinstance(rate, Ratio) and None not in scores:
        most = rules.cap.total_at(rate)
        total = sum_of([*(score for score in scores if score is not None), *(a.points for a in (*extra, *found))])
        if most is not None and total > most:
            found.append(Adjustment(rules.cap.label, CONTEXT.subtract(most, total), rules.cap.grounds))
    return tuple(found)
