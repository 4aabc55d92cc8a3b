"""Evaluating: a project or a department and a rule set give scores with reasons.

>>> import perfeval as pe
>>> project = pe.Project("排水改造", fiscal_year=2022, indicators=[
...     pe.Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="48公里", weight=50)])
>>> line = evaluate(project, pe.rule_set("CN", fiscal_year=2022)).lines[1]
>>> line.score, line.formula
(Decimal('48.00'), '50 × 48 ÷ 50')
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, overload

from perfeval.evaluation.lines import Execution, Line
from perfeval.evaluation.projects import Evaluation, evaluate_project
from perfeval.model import Adjustment, Project, tuple_of
from perfeval.rulesets import RuleSet, to_rule_set

if TYPE_CHECKING:
    from perfeval.evaluation.departments import DepartmentEvaluation
    from perfeval.model.departments import Department

__all__ = ["Evaluation", "Execution", "Line", "evaluate"]


@overload
def evaluate(subject: Project, rules: RuleSet, *, adjustments: Iterable[Adjustment] = ()) -> Evaluation: ...
@overload
def evaluate(
    subject: Department, rules: RuleSet, *, adjustments: Iterable[Adjustment] = ()
) -> DepartmentEvaluation: ...
def evaluate(
    subject: Project | Department, rules: RuleSet, *, adjustments: Iterable[Adjustment] = ()
) -> Evaluation | DepartmentEvaluation:
    """Return the scores, the total and the grade of a form, or of all of a department's.

    Each line takes three steps: the measure, the share of the weight that it
    earns, and the score, ``round(weight x share)``, rounded once. What cannot
    be computed has no score and says why; it never counts as 0.

    Args:
        subject: A project, or a department with its projects.
        rules: The rule set.
        adjustments: Points that a person takes or gives afterwards, each with
            its source, beside those that the subject itself holds: of a
            project to its total, of a department to the mean of its projects'
            totals. What is scored as a whole has a total of its own: see
            `perfeval.evaluation.whole.evaluate_whole`.

    Returns:
        An `Evaluation`, whose total is the sum of its lines and adjustments;
        or a `DepartmentEvaluation`, with one of each project.

    Raises:
        ModelError: If it is given anything else: what, and what is expected.

    Source: the articles that *rules* cites.
    """
    to_rule_set(rules)
    extra = tuple_of(Adjustment, adjustments, "adjustments")
    if isinstance(subject, Project):
        return evaluate_project(subject, rules, adjustments=extra)
    from perfeval.evaluation.departments import evaluate_department
    from perfeval.model.departments import Department, to_document

    document = to_document(subject)
    assert isinstance(document, Department)  # noqa: S101  # a project was one above
    return evaluate_department(document, rules, (*document.adjustments, *extra))
