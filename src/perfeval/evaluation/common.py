"""Departmental and finance evaluation: a project by the common indicators of a framework (部门评价、财政评价).

The evaluator sets the weights, within the rules of the document; common
indicators score by their rate, by the points that are met, or by the share
that a person judges, and the project's own indicators as in a self-evaluation.

>>> import perfeval as pe
>>> rules = pe.rule_set("CN", fiscal_year=2022, scope="evaluation")
>>> result = evaluate_common(pe.Project("排水改造", fiscal_year=2022), rules, kind="finance_evaluation",
...     weights={"annex2_rules": 40, "annex2_completion_rate": 60},
...     figures={"annex2_rules": 2, "actual_output": 48, "planned_output": 50})
>>> [(line.label("zh_CN"), line.formula, line.score) for line in result.lines]
[('管理制度健全性', '40 × 2 ÷ 2', Decimal('40.00')), ('实际完成率', '60 × 48 ÷ 50', Decimal('57.60'))]
>>> result.total, result.grade.value, result.kind.value
(Decimal('97.60'), 'excellent', 'finance_evaluation')
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from perfeval.amounts import exact
from perfeval.errors import ModelError
from perfeval.evaluation.explanation import Explanation
from perfeval.evaluation.lines import CommonIndicator, Line, Total, held, indicator_line, scored_line
from perfeval.evaluation.scored import Scored
from perfeval.frameworks import framework_indicator
from perfeval.i18n import catalog
from perfeval.members import to_member
from perfeval.model import EvaluationKind, IndicatorKind, Project
from perfeval.reasons import Reason
from perfeval.rulesets import CommonMethod, Method, RuleSet, WeightRule
from perfeval.scoring import Measure
from perfeval.targets import Judgement

__all__ = ["CommonEvaluation", "evaluate_common"]

Number = Decimal | int


@attrs.frozen(repr=False)
class CommonEvaluation(Scored):
    """The result of `evaluate_common`.

    The attributes of `perfeval.evaluation.scored.Scored`, and:

    Attributes:
        project: The project.
        kind: Whose evaluation it is.
        broken: The rules about weights that the evaluator's weights break;
            there is no grade then.
    """

    project: Project
    kind: EvaluationKind
    broken: tuple[WeightRule, ...]

    @property
    def subject(self) -> Project:
        """The project."""
        return self.project

    @property
    def full_payment(self) -> bool | None:
        """Whether payment is due in full, `None` if the rules do not tie it to the total or there is none."""
        limit = self.rules.full_payment
        return None if limit is None or self.total is None else self.total >= limit.value

    def explanation(self, locale: str | None = None) -> Explanation:
        """Return the result in words, as a record.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        found = super().explanation(locale)
        words = catalog(found.locale)
        kind = words[f"evaluation.{self.kind.value}"]
        head = words["common.head"].format(name=self.project.name, year=self.project.fiscal_year, kind=kind)
        notices = [
            *found.notices,
            *(words["common.broken"].format(rule=rule.text.of(found.locale)) for rule in self.broken),
        ]
        if self.rules.full_payment is not None and self.full_payment is not None:
            key = "common.full_payment" if self.full_payment else "common.part_payment"
            notices.append(words[key].format(points=self.rules.full_payment.value))
        return found._replace(head=head, notices=tuple(notices))

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        """Return the result as JSON can hold it; numbers are exact text."""
        head = {"project": self.project.name, "fiscal_year": self.project.fiscal_year, "kind": self.kind.value}
        return head | super().to_dict(locale) | {"full_payment": self.full_payment}


def evaluate_common(
    project: Project,
    rules: RuleSet,
    *,
    kind: EvaluationKind | str,
    weights: Mapping[str, Number],
    figures: Mapping[str, Number | None] | None = None,
    judgements: Mapping[str, Judgement] | None = None,
) -> CommonEvaluation:
    """Return the evaluation of a project by the common indicators of a framework.

    A line's score is ``round(weight x share)``. The share of a common
    indicator follows from its rate or from the points that are met; where the
    rules have no formula for it a person judges the share. The project's own
    indicators score by the rule set's methods.

    Args:
        project: The project; its indicators are scored beside the common
            ones, and its adjustments change the total.
        rules: A rule set of departmental or finance evaluation.
        kind: Whose evaluation it is.
        weights: The weight of each common indicator that is used, points.
        figures: The figures of the common indicators by name; the number of
            points met has the indicator's own name.
        judgements: What a person judges, by the common indicator.

    Returns:
        A `CommonEvaluation`. What is not told leaves its line without a
        score, never 0; where the weights break a rule there is no grade.

    Raises:
        ModelError: If the rules are not for that kind of evaluation, or a
            weight, figure or judgement is of no common indicator of theirs.
        AmountError: If a number is a float or not finite.

    Source: the documents that *rules* cites; 财预〔2020〕10号 art. 14 and annex 2.
    """
    evaluated_by = to_member(EvaluationKind, kind, "kind of evaluation")
    if evaluated_by not in rules.evaluations:
        raise ModelError(f"{rules.id} is for {', '.join(rules.evaluations)}, got {evaluated_by}")
    told = {name: value for name, value in (figures or {}).items() if value is not None}
    judged = judgements or {}
    methods = {row.indicator: row for row in rules.common}
    used = {name for row in methods for name in framework_indicator(row).figures}
    _known(weights, methods, f"{rules.id} has no common indicator")
    _known(judged, methods, f"{rules.id} has no common indicator")
    _known(told, used, f"{rules.id} uses no figure")
    lines = [
        _line(methods[name], exact(weight, name), told, judged.get(name), rules) for name, weight in weights.items()
    ]
    lines += [indicator_line(indicator, rules) for indicator in project.indicators]
    weighed = [(line.name, _kind_of(line), line.weight) for line in lines if line.weight is not None]
    broken = tuple(rule for rule in rules.weight_rules if not rule.keeps(weighed))
    adjustments, total = held(lines, project.adjustments, rules)
    if broken and total.grade is not None:
        total = Total(total.total, total.total_reason, None, Reason.WEIGHT_RULE_BROKEN)
    return CommonEvaluation(rules, tuple(lines), adjustments, *total, project, evaluated_by, broken)


def _known(given: Mapping[str, object], names: Mapping[str, object] | set[str], problem: str) -> None:
    for name in given:
        if name not in names:
            raise ModelError(f"{problem} {name!r}; known are {', '.join(sorted(names)) or 'none'}")


def _kind_of(line: Line) -> IndicatorKind | None:
    indicator = line.indicator
    return None if indicator is None else indicator.kind


def _line(
    row: CommonMethod, weight: Decimal, figures: Mapping[str, Number], judged: Judgement | None, rules: RuleSet
) -> Line:
    indicator = framework_indicator(row.indicator)
    told = tuple((name, exact(figures[name], name)) for name in indicator.figures if name in figures)
    item = CommonIndicator(indicator, told)
    if weight < 0:
        return Line(item, weight, rules, reason=Reason.WEIGHT_NEGATIVE)
    if row.rule is None or judged is not None:
        by_person = rules.method_for("judgement", indicator.kind)
        if judged is None or by_person is None:
            return Line(item, weight, rules, None, by_person, reason=Reason.NOT_JUDGED)
        return scored_line(item, weight, rules, None, by_person._replace(grounds=row.grounds), judged)
    method = Method(row.indicator, (), (), Measure.RATE, None, row.rule, row.grounds)
    return scored_line(item, weight, rules, None, method, indicator.measure(dict(told)))
