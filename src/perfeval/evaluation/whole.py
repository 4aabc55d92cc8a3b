"""The department as a whole (部门整体支出): common indicators from raw figures.

A rule set of the scope "department" weighs common indicators of a framework;
each is computed from the department's raw figures, exactly, and scored like
any other line. The department's projects are evaluated beside it.

>>> import perfeval as pe
>>> office = pe.Department("某局", fiscal_year=2022, figures=[
...     pe.DepartmentFigure("staff_in_post", 103), pe.DepartmentFigure("approved_posts", 100)])
>>> line = evaluate_whole(office, pe.rule_set("cn-hn-yuhua-2022")).lines[0]
>>> line.indicator.name.zh_CN, line.score, line.formula
('在职人员控制率', Decimal('3.50'), '1.03 ≤ 103 ÷ 100 < 1.04 → 5 × 3.5 ÷ 5')
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import plain, sum_of
from perfeval.cited import cites_text
from perfeval.errors import ModelError
from perfeval.evaluation.departments import DepartmentEvaluation, evaluate_department
from perfeval.frameworks import FrameworkIndicator, framework_indicator, frameworks
from perfeval.i18n import catalog, known
from perfeval.model.departments import Department
from perfeval.ratios import Ratio, readable
from perfeval.reasons import Reason
from perfeval.rulesets import DepartmentMethod, RuleSet
from perfeval.scoring import Grade, Piece, band_of, placed

__all__ = ["WholeEvaluation", "WholeLine", "evaluate_whole"]


class WholeLine(NamedTuple):
    """A common indicator with its score.

    Attributes:
        indicator: The common indicator.
        method: Its weight and rule.
        figures: The raw figures it is computed from.
        measure: Its rate, exact.
        piece: The linear piece of the rule that the rate falls in.
        share: The share of the weight that is earned, exact.
        score: Points, rounded as the rule set says; `None` if *reason*.
        reason: Why there is no score.
    """

    indicator: FrameworkIndicator
    method: DepartmentMethod
    figures: tuple[tuple[str, Decimal], ...]
    measure: Ratio | None = None
    piece: Piece | None = None
    share: Ratio | None = None
    score: Decimal | None = None
    reason: Reason | None = None

    @property
    def formula(self) -> str | None:
        """The formula with its numbers, which gives the score before rounding."""
        if self.piece is None:
            return None
        measure = self.indicator.expression(*(plain(value) for _, value in self.figures))
        return self.piece.formula(plain(self.method.weight), measure)


@attrs.frozen
class WholeEvaluation:
    """The result of `evaluate_whole`.

    Attributes:
        department: The department.
        rules: The rule set.
        lines: A line per common indicator of the rule set.
        total: The sum of the lines, points; `None` if one has no score.
        grade: The grade of the total; `None` if *grade_reason*.
        grade_reason: Why there is no grade: a line without a score, or a
            table of which not all rows are known.
        projects: The department's projects.
    """

    department: Department
    rules: RuleSet
    lines: tuple[WholeLine, ...]
    total: Decimal | None
    grade: Grade | None
    grade_reason: Reason | None
    projects: DepartmentEvaluation

    @property
    def partial_score(self) -> Decimal:
        """The points of the lines that have a score."""
        return sum_of([line.score for line in self.lines if line.score is not None])

    def explain(self, locale: str | None = None) -> str:
        """Return the lines in words, each with its formula and article.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        return "\n".join(_text(self, known(self.rules.default_locale if locale is None else locale)))

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as JSON can hold it; numbers are exact text."""
        return {
            "department": self.department.name,
            "fiscal_year": self.department.fiscal_year,
            "rule_set": self.rules.id,
            "lines": [
                {
                    "indicator": line.indicator.id,
                    "weight": plain(line.method.weight),
                    "measure": None if line.measure is None else plain(readable(line.measure)),
                    "score": None if line.score is None else plain(line.score),
                    "formula": line.formula,
                    "reason": line.reason and line.reason.value,
                }
                for line in self.lines
            ],
            "total": None if self.total is None else plain(self.total),
            "partial_score": plain(self.partial_score),
            "grade": self.grade and self.grade.value,
            "grade_reason": self.grade_reason and self.grade_reason.value,
            "projects": self.projects.to_dict(),
        }


def evaluate_whole(department: Department, rules: RuleSet) -> WholeEvaluation:
    """Return the scores of a department's common indicators, from its raw figures.

    Each line is ``round(weight x share)`` of the exact rate, rounded once.

    Args:
        department: The department with its ``figures``.
        rules: A rule set that weighs common indicators.

    Returns:
        A `WholeEvaluation`. A figure that is not told leaves its line without
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
    scores = [line.score for line in lines if line.score is not None]
    projects = evaluate_department(department, rules)
    if len(scores) < len(lines):
        return WholeEvaluation(department, rules, lines, None, None, Reason.LINE_UNSCORED, projects)
    total = sum_of(scores)
    if sum_of([method.weight for method in rules.department]) != rules.total:
        return WholeEvaluation(department, rules, lines, total, None, Reason.WEIGHTS_DO_NOT_ADD_UP, projects)
    return WholeEvaluation(department, rules, lines, total, band_of(total, rules.bands).grade, None, projects)


def _line(method: DepartmentMethod, figures: Mapping[str, Decimal], rules: RuleSet) -> WholeLine:
    indicator = framework_indicator(method.indicator)
    told = tuple((name, figures[name]) for name in indicator.figures if name in figures)
    measure = indicator.measure(figures)
    if isinstance(measure, Reason):
        return WholeLine(indicator, method, told, reason=measure)
    if method.at_most is not None and measure > Ratio.of(method.at_most):
        return WholeLine(indicator, method, told, measure, reason=Reason.BEYOND_THE_RULES)
    piece, share = placed(method.rule, rules.rounding.of_measure(measure))
    return WholeLine(indicator, method, told, measure, piece, share, rules.rounding.points(method.weight, share))


def _text(result: WholeEvaluation, locale: str) -> list[str]:
    words, rules = catalog(locale), result.rules
    out = [
        words["whole.head"].format(name=result.department.name, year=result.department.fiscal_year),
        words["explain.rules"].format(title=rules.title.of(locale), id=rules.id),
        *([] if rules.partial is None else [rules.partial.of(locale)]),
        "",
    ]
    for line in result.lines:
        cites = cites_text((line.method.grounds, line.indicator.grounds), locale)
        name = line.indicator.name.of(locale)
        if line.score is None:
            reason = words[f"reason.{line.reason}"]
            missing = [figure for figure in line.indicator.figures if figure not in dict(line.figures)]
            reason += f" ({', '.join(missing)})" if missing else ""
            out.append(words["whole.unscored"].format(name=name, reason=reason, cites=cites))
        else:
            out.append(
                words["whole.scored"].format(name=name, formula=line.formula, score=plain(line.score), cites=cites)
            )
    out.append("")
    if result.total is None:
        reason = words[f"reason.{result.grade_reason}"]
        out.append(words["explain.no_total"].format(reason=reason, partial=plain(result.partial_score)))
    else:
        text = words["explain.total"].format(total=plain(result.total))
        if result.grade_reason is not None:
            text += words["explain.no_grade"].format(reason=words[f"reason.{result.grade_reason}"])
        out.append(text)
    return out
