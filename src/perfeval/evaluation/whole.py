"""The department as a whole (部门整体支出): common indicators from raw figures.

A rule set of the scope "department" weighs common indicators of a framework;
each is computed from the department's raw figures, exactly, and scored like
any other line. The department's projects are evaluated beside it.

>>> import perfeval as pe
>>> office = pe.Department("某局", fiscal_year=2022, figures=[
...     pe.DepartmentFigure("staff_in_post", 103), pe.DepartmentFigure("approved_posts", 100)])
>>> line = evaluate_whole(office, pe.rule_set("cn-hn-yuhua-2022")).lines[0]
>>> line.label("zh_CN"), line.score, line.formula
('在职人员控制率', Decimal('3.50'), '1.03 ≤ 103 ÷ 100 < 1.04 → 5 × 3.5 ÷ 5')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from perfeval.errors import ModelError
from perfeval.evaluation.departments import DepartmentEvaluation, evaluate_department
from perfeval.evaluation.lines import CommonIndicator, Line, held, scored_line
from perfeval.evaluation.scored import Scored
from perfeval.frameworks import framework_indicator, frameworks
from perfeval.model import Adjustment, tuple_of
from perfeval.model.departments import Department
from perfeval.reasons import Reason
from perfeval.rulesets import DepartmentMethod, Method, RuleSet
from perfeval.scoring import Measure

__all__ = ["WholeEvaluation", "evaluate_whole"]


@attrs.frozen(repr=False)
class WholeEvaluation(Scored):
    """The result of `evaluate_whole`: a line for each common indicator of the rule set.

    The attributes of `perfeval.evaluation.scored.Scored`, and:

    Attributes:
        department: The department.
        projects: The department's projects.
    """

    department: Department
    projects: DepartmentEvaluation

    @property
    def subject(self) -> Department:
        """The department."""
        return self.department

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        """Return the evaluation as JSON can hold it; numbers are exact text.

        Args:
            locale: The locale of labels, notices and assumptions; the rule
                set's own if none is given.
        """
        result = super().to_dict(locale)
        keys = ("weight", "measure", "score", "formula", "reason")
        lines = [{"indicator": row["name"]} | {key: row[key] for key in keys} for row in result["lines"]]
        head = {"department": self.department.name, "fiscal_year": self.department.fiscal_year}
        return head | result | {"lines": lines, "projects": self.projects.to_dict(locale)}


def evaluate_whole(
    department: Department, rules: RuleSet, *, adjustments: Iterable[Adjustment] = ()
) -> WholeEvaluation:
    """Return the scores of a department's common indicators, from its raw figures.

    Each line is ``round(weight x share)`` of the exact rate, rounded once.

    Args:
        department: The department with its ``figures``.
        rules: A rule set that weighs common indicators.
        adjustments: Points that a person takes or gives afterwards, beside
            the department's own.

    Returns:
        A `WholeEvaluation`, whose total is the sum of its lines and
        adjustments. A figure that is not told leaves its line without
        a score, never 0; where the rule set's rows do not add to its total
        there is no grade.

    Raises:
        ModelError: If the rule set weighs no common indicators, or a figure's
            name is in no framework.

    Source: the frameworks and articles that *rules* cites.
    """
    if not rules.department:
        raise ModelError(f"{rules.id} weighs no common indicators of a department")
    figures = {figure.name: figure.value for figure in department.figures}
    names = {name for found in frameworks() for row in found.indicators for name in row.figures}
    for name in figures:
        if name not in names:
            used = sorted({n for row in rules.department for n in framework_indicator(row.indicator).figures})
            raise ModelError(f"no framework has a figure {name!r}; {rules.id} uses {', '.join(used)}")
    lines = tuple(_line(method, figures, rules) for method in rules.department)
    extra, total = held(lines, (*department.adjustments, *tuple_of(Adjustment, adjustments, "adjustments")), rules)
    return WholeEvaluation(rules, lines, extra, *total, department, evaluate_department(department, rules, ()))


def _line(row: DepartmentMethod, figures: Mapping[str, Decimal], rules: RuleSet) -> Line:
    indicator = framework_indicator(row.indicator)
    told = tuple((name, figures[name]) for name in indicator.figures if name in figures)
    item, measure = CommonIndicator(indicator, told), indicator.measure(figures)
    method = Method(row.indicator, (), (), Measure.RATE, None, row.rule, row.grounds, at_most=row.at_most)
    if isinstance(measure, Reason):
        return Line(item, row.weight, rules, None, method, reason=measure)
    if not method.speaks_of(measure):
        return Line(item, row.weight, rules, None, method, measure, reason=Reason.BEYOND_THE_RULES)
    return scored_line(item, row.weight, rules, None, method, measure)
