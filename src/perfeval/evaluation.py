"""Evaluating a form: a project and a rule set give a score with its reasons.

`evaluate` composes the public functions of `perfeval.targets` and
`perfeval.scoring`; it adds no arithmetic of its own. Its result holds a line
per item as data, and makes text of it on demand: the formula with its numbers,
the article behind each point, what no text decides.

>>> from perfeval import Indicator, Project, evaluate, rule_set
>>> project = Project("排水改造", fiscal_year=2022, indicators=[
...     Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="48公里", weight=50)])
>>> line = evaluate(project, rule_set("CN", fiscal_year=2022)).lines[1]
>>> line.score, line.formula
(Decimal('48.00'), '50 × 48 ÷ 50')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT, AmountUnit, plain, sum_of, to_unit
from perfeval.html import Html, tag
from perfeval.i18n import catalog, known
from perfeval.model import Breakdown, BudgetBasis, FundingLine, FundingTotal, Indicator, Project
from perfeval.rates import Ratio, readable
from perfeval.rulesets import Grounds, Method, NoBudget, RuleSet
from perfeval.scoring import (
    Adjustment,
    Grade,
    Measure,
    Rounding,
    RoundingMode,
    ScoringRule,
    band_of,
    piece_of,
    rounded,
    share,
    share_at,
)
from perfeval.targets import (
    ONE,
    Actual,
    Between,
    Comparator,
    Completion,
    Deadline,
    Inverse,
    Judgement,
    Quantity,
    Reason,
    Statement,
    Target,
    Threshold,
    Tier,
    achievement,
    deviation,
    excess,
    figure_itself,
    in_unit_of,
    ratio,
)

__all__ = ["Evaluation", "Execution", "Line", "evaluate"]


class Execution(NamedTuple):
    """The figures of the execution rate, and where on the form they stand.

    Attributes:
        actual_expenditure: Yuan, `None` where the form does not tell.
        budget: The budget by *basis*, yuan.
        basis: Which budget it is.
        spent_from: "total" for the printed total row, else the breakdown
            whose rows were added.
        budget_from: Likewise for the budget.
        unit: The unit that the form shows its money in.
    """

    actual_expenditure: Decimal | None
    budget: Decimal | None
    basis: BudgetBasis
    spent_from: str
    budget_from: str
    unit: AmountUnit


class Line(NamedTuple):
    """One line of an evaluation: an indicator, or the execution rate.

    Attributes:
        item: What is scored.
        weight: The points that the line can earn (分值).
        rules: The rule set.
        method: How it was measured and scored, `None` if no method covers it.
        measure: The measure, exact, or the judgement taken instead.
        share: The share of the weight that is earned, exact.
        score: Points, rounded as the rule set says; `None` if *reason*.
        reason: Why there is no score, or no measure behind it.
    """

    item: Indicator | Execution
    weight: Decimal | None
    rules: RuleSet
    method: Method | None
    measure: Ratio | Judgement | None
    share: Ratio | None
    score: Decimal | None
    reason: Reason | None

    @property
    def rule(self) -> ScoringRule | None:
        """The rule that turns the measure into the share."""
        return None if self.method is None else self.method.rule

    @property
    def applicable(self) -> bool:
        """Whether the line belongs to the total: not without a budget, by some rules."""
        return self.reason is not Reason.NO_BUDGET or self.rules.execution.no_budget is not NoBudget.NOT_APPLICABLE

    @property
    def target(self) -> Target | None:
        """The target as the rules read it: with a comparator where none is printed."""
        return None if isinstance(self.item, Execution) else resolved_target(self.item, self.rules)

    @property
    def formula(self) -> str | None:
        """The formula with its numbers, which gives the score before rounding.

        A condition that selects the formula stands before an arrow.
        """
        return _formula(self)

    @property
    def grounds(self) -> tuple[Grounds, ...]:
        """What the line rests on."""
        return _grounds(self)

    def label(self, locale: str) -> str:
        """Return the name of the line: the indicator's, or 预算执行率.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        known(locale)
        return catalog(locale)["execution_rate"] if isinstance(self.item, Execution) else self.item.name


@attrs.frozen
class Evaluation:
    """The result of `evaluate`: lines, total and grade, which explain themselves.

    Attributes:
        project: The form.
        rules: The rule set.
        lines: The execution rate first, then the indicators as on the form.
        adjustments: Points that change the total afterwards.
        total: The sum of the lines and adjustments, points; `None` if
            *total_reason*.
        total_reason: Why there is no total.
        grade: The grade of the total; `None` if *grade_reason*.
        grade_reason: Why there is no grade.
        execution: The figures behind the execution rate.
    """

    project: Project
    rules: RuleSet
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    total: Decimal | None
    total_reason: Reason | None
    grade: Grade | None
    grade_reason: Reason | None
    execution: Execution

    @property
    def execution_rate(self) -> Decimal | None:
        """The execution rate as a fraction, rounded to 34 digits, for reading."""
        measure = self.lines[0].measure
        return readable(measure) if isinstance(measure, Ratio) else None

    @property
    def basis(self) -> BudgetBasis:
        """Which budget the execution rate divides by."""
        return self.rules.execution.basis

    @property
    def unscored(self) -> tuple[Line, ...]:
        """The lines without a score; each says why in ``reason``."""
        return tuple(line for line in self.lines if line.score is None)

    @property
    def partial_score(self) -> Decimal:
        """The points of the lines that have a score, and the adjustments."""
        return sum_of(
            [line.score for line in self.lines if line.score is not None] + [a.points for a in self.adjustments]
        )

    def explain(self, locale: str | None = None) -> str:
        """Return the evaluation in words: each score with formula and article.

        Args:
            locale: ``zh_CN`` or ``en``; the rule set's own if none is given.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        return _explain(self, known(self.rules.default_locale if locale is None else locale))

    def rows(self) -> list[dict[str, Any]]:
        """Return the lines as rows of plain values, for a table.

        Ratios are `Decimal` rounded to 34 digits, for reading; points and
        weights are exact.
        """
        return [_row(line) for line in self.lines]

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as JSON can hold it; numbers are exact text."""
        return {
            "project": self.project.name,
            "fiscal_year": self.project.fiscal_year,
            "rule_set": self.rules.id,
            "asked_for": self.rules.asked_for,
            "execution_rate": _text_or_none(self.execution_rate),
            "basis": self.basis.value,
            "lines": [
                {key: plain(value) if isinstance(value, Decimal) else value for key, value in row.items()}
                for row in self.rows()
            ],
            "adjustments": [
                {"label": a.label, "points": plain(a.points), "source": a.source} for a in self.adjustments
            ],
            "total": _text_or_none(self.total),
            "total_reason": self.total_reason and self.total_reason.value,
            "partial_score": plain(self.partial_score),
            "grade": self.grade and self.grade.value,
            "grade_reason": self.grade_reason and self.grade_reason.value,
        }

    def _repr_html_(self) -> str:
        return _html_form(self, self.rules.default_locale)


def evaluate(project: Project, rules: RuleSet, *, adjustments: Iterable[Adjustment] = ()) -> Evaluation:
    """Return the scores, the total and the grade of *project* by *rules*.

    Each line takes three steps: the measure, the share of the weight that it
    earns, and the score, ``round(weight x share)``, rounded once. What cannot
    be computed has no score and says why; it never counts as 0.

    Args:
        project: The form.
        rules: The rule set.
        adjustments: Points that a person takes or gives afterwards, each with
            its source.

    Returns:
        An `Evaluation`. Its total is the sum of its lines and adjustments.

    Source: the articles that *rules* cites.
    """
    indicators = project.indicators
    doubled: frozenset[int] = frozenset()
    if len({indicator.name for indicator in indicators}) != len(indicators):
        doubled = _doubled(indicators)
    execution = execution_of(project, rules.execution.basis)
    lines = [_execution_line(execution, rules)]
    for position, indicator in enumerate(indicators):
        lines.append(_indicator_line(indicator, rules, position in doubled))
    extra = tuple(adjustments)
    return Evaluation(project, rules, tuple(lines), extra, *_total(project, lines, extra, rules), execution)


def _doubled(indicators: tuple[Indicator, ...]) -> frozenset[int]:
    keys = [(indicator.kind, indicator.name, indicator.target) for indicator in indicators]
    counted = Counter(keys)
    return frozenset(position for position, key in enumerate(keys) if counted[key] > 1)


def _total(
    project: Project, lines: list[Line], adjustments: tuple[Adjustment, ...], rules: RuleSet
) -> tuple[Decimal | None, Reason | None, Grade | None, Reason | None]:
    """The total or why there is none, the grade or why there is none."""
    if project.excerpt:
        return None, Reason.EXCERPT, None, Reason.EXCERPT
    total, weights, add = _ZERO, _ZERO, CONTEXT.add
    for line in lines:
        _, weight, _, _, _, _, score, _ = line
        if score is not None:
            total = add(total, score)
            weights = add(weights, weight)  # type: ignore[arg-type]  # a scored line has a weight
        elif line.applicable:
            return None, Reason.LINE_UNSCORED, None, Reason.LINE_UNSCORED
    for adjustment in adjustments:
        total = add(total, adjustment.points)
    if not lines[0].applicable:
        return total, None, None, Reason.NO_BUDGET
    if weights != rules.total:
        return total, None, None, Reason.WEIGHTS_DO_NOT_ADD_UP
    return total, None, band_of(total, rules.bands).grade, None


_ZERO = Decimal(0)


# The execution rate.


_COLUMNS = {
    BudgetBasis.ADJUSTED: "adjusted_budget",
    BudgetBasis.ORIGINAL: "original_budget",
    BudgetBasis.RECEIVED: "funds_received",
}


def _execution_line(execution: Execution, rules: RuleSet) -> Line:
    terms = rules.execution
    method = terms.method
    spent, budget = execution.actual_expenditure, execution.budget
    if not budget:
        if terms.no_budget is NoBudget.NOT_APPLICABLE:
            return Line(execution, terms.weight, rules, method, None, None, None, Reason.NO_BUDGET)
        earned = ONE if terms.no_budget is NoBudget.FULL else Ratio(0, 1)
        return Line(execution, terms.weight, rules, method, None, earned, rules.rounding.points(terms.weight, earned), Reason.NO_BUDGET)
    if spent is None:
        return Line(execution, terms.weight, rules, method, None, None, None, Reason.AMOUNT_ABSENT)
    if spent < 0 or budget < 0:
        return Line(execution, terms.weight, rules, method, None, None, None, Reason.AMOUNT_NEGATIVE)
    return _scored(execution, rules, method, terms.weight, ratio(spent, budget))


def execution_of(project: Project, basis: BudgetBasis) -> Execution:
    """Return the figures of the execution rate, and where they were found.

    The printed total row comes first; where it is silent the rows of one
    breakdown are added, never of two. A row with money in one column and a
    blank in the other leaves the blank column's sum unknown.
    """
    column = _COLUMNS[basis]
    printed = project.stated.funding_total
    spent, spent_from = printed.actual_expenditure, "total"
    budget, budget_from = getattr(printed, column), "total"
    if spent is None:
        spent, spent_from = _sum_of_rows(project, "actual_expenditure", column)
    if budget is None:
        budget, budget_from = _sum_of_rows(project, column, "actual_expenditure")
    return Execution(spent, budget, basis, spent_from, budget_from, project.amount_unit)


_BREAKDOWNS = tuple(Breakdown)


def _sum_of_rows(project: Project, column: str, other: str) -> tuple[Decimal | None, str]:
    for breakdown in _BREAKDOWNS:
        total: Decimal | None = None
        for row in project.funding:
            if row.breakdown is breakdown and row.part_of is None:
                amount = getattr(row, column)
                if amount is not None:
                    total = amount if total is None else CONTEXT.add(total, amount)
                elif getattr(row, other):
                    return None, breakdown.value
        if total is not None:
            return total, breakdown.value
    return None, "total"


# Indicators.


_UNSTATED = Comparator.UNSTATED
_ACHIEVEMENT = Measure.ACHIEVEMENT
_CLAIMED = {tier: Judgement(tier) for tier in Tier}


def _indicator_line(indicator: Indicator, rules: RuleSet, doubled: bool) -> Line:
    weight, target, actual = indicator.weight, indicator.target, indicator.actual
    if weight is None or actual is None or doubled or weight < 0:
        return Line(indicator, weight, rules, None, None, None, None, _fault(indicator, doubled))
    judged: Judgement | None = None
    if type(actual) is Judgement:
        judged = actual
    elif type(actual) is Statement:
        judged = _claimed(actual, target, rules)
    if judged is not None:
        method = rules.method_for("judgement", indicator.kind)
        if method is None:
            return Line(indicator, weight, rules, None, judged, None, None, Reason.NO_RULE)
        return _scored(indicator, rules, method, weight, judged)
    if target is None:
        return Line(indicator, weight, rules, None, None, None, None, Reason.TARGET_ABSENT)
    if type(target) is Threshold:
        if target.comparator is _UNSTATED:
            target = resolved_target(indicator, rules) or target
        form = target.comparator._value_
    else:
        form = "deadline" if type(target) is Deadline else "range"
    method = rules.method_for(form, indicator.kind)
    if type(target) is Statement or method is None:
        words = type(actual) is Statement
        reason = Reason.WORDS_NOT_READ if words else Reason.NO_RULE if method is None else Reason.NOT_COMPARABLE
        return Line(indicator, weight, rules, None, None, None, None, reason)
    return _scored(indicator, rules, method, weight, _measured(target, actual, method))


def _fault(indicator: Indicator, doubled: bool) -> Reason:
    if indicator.weight is None:
        return Reason.WEIGHT_ABSENT
    if indicator.weight < 0:
        return Reason.WEIGHT_NEGATIVE
    return Reason.DOUBLED_INDICATOR if doubled else Reason.ACTUAL_ABSENT


def _claimed(actual: Statement, target: Target | None, rules: RuleSet) -> Judgement | None:
    """The tier that words claim, by the rules' own words or by repeating the target."""
    text = actual.text.strip()
    for claim in rules.claims:
        if text in claim.texts:
            return _CLAIMED[claim.tier]
    if rules.repeated_target is not None and isinstance(target, Statement) and target.text.strip() == text:
        return _CLAIMED[rules.repeated_target]
    return None


def resolved_target(indicator: Indicator, rules: RuleSet) -> Target | None:
    """Return the target with the comparator that the rules read it with."""
    target = indicator.target
    if isinstance(target, Threshold) and target.comparator is _UNSTATED:
        unstated = rules.comparator_for(indicator.kind)
        if unstated is not None:
            return attrs.evolve(target, comparator=unstated.comparator)
    return target


def _measured(target: Target, actual: Actual, method: Method) -> Ratio | Reason:
    measure = method.measure
    if measure is _ACHIEVEMENT:
        return achievement(target, actual, inverse=method.inverse)
    if measure is Measure.ACTUAL:
        return figure_itself(actual, target.unit if isinstance(target, Threshold) else None)
    return deviation(target, actual) if measure is Measure.DEVIATION else excess(target, actual)


def _scored(
    item: Indicator | Execution, rules: RuleSet, method: Method, weight: Decimal, measure: Ratio | Judgement | Reason
) -> Line:
    """The line of a measure, or of the reason why there is none."""
    if type(measure) is Reason:
        for unmet in rules.unmet:
            if unmet.reason is measure:
                earned = ratio(unmet.share, Decimal(1))
                return Line(item, weight, rules, method, None, earned, rules.rounding.points(weight, earned), measure)
        return Line(item, weight, rules, method, None, None, None, measure)
    rounding = rules.rounding
    if type(measure) is Ratio:
        part = share_at(method.rule, measure if rounding.ratio_digits is None else rounding.of_measure(measure))
        return _new_line(Line, (item, weight, rules, method, measure, part, rounding.points(weight, part), None))
    part = share(method.rule, measure)
    if isinstance(part, Reason):
        return Line(item, weight, rules, method, measure, None, None, part)
    return Line(item, weight, rules, method, measure, part, rounding.points(weight, part), None)


_new_line = tuple.__new__


# Text. Everything below is made on demand.


def _text_or_none(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _formula(line: Line) -> str | None:
    if line.share is None or line.weight is None:
        return None
    weight = plain(line.weight)
    measure = line.measure
    if measure is None or line.method is None:
        return f"{weight} × {plain(readable(line.share))}"
    if isinstance(measure, Judgement):
        return f"{weight} × {plain(readable(line.share))}"
    condition, shown = _measure_text(line.item, line.target, line.method, measure)
    digits = line.rules.rounding.ratio_digits
    if digits is not None:
        shown = f"round({shown}, {digits})"
    piece = piece_of(line.method.rule, line.rules.rounding.of_measure(measure))
    return condition + piece.text.format(w=weight, m=shown)


def _measure_text(
    item: Indicator | Execution, target: Target | None, method: Method, measure: Ratio
) -> tuple[str, str]:
    """The condition and the expression of a measure, with its numbers."""
    if isinstance(item, Execution):
        spent, budget = item.actual_expenditure, item.budget
        return "", f"{plain(to_unit(spent or 0, item.unit))} ÷ {plain(to_unit(budget or 0, item.unit))}"
    actual = item.actual
    if isinstance(target, Deadline) and isinstance(actual, Completion):
        return f"{actual.date.isoformat()} ≤ {target.date.isoformat()} → ", "1"
    if not isinstance(actual, Quantity) or not isinstance(target, Threshold | Between):
        return "", plain(readable(measure))
    if method.measure is Measure.ACTUAL:
        per = measure.denominator // actual.value.as_integer_ratio()[1]
        return "", plain(actual.value) if per == 1 else f"{plain(actual.value)} ÷ {per}"
    reached = in_unit_of(actual, target.unit)
    a = "" if isinstance(reached, Reason) else plain(reached)
    if isinstance(target, Between):
        return f"{plain(target.lower)} ≤ {a} ≤ {plain(target.upper)} → ", "1"
    t = plain(target.value)
    if method.measure is Measure.DEVIATION:
        return "", f"|{a} − {t}| ÷ {t}"
    if method.measure is Measure.EXCESS:
        return "", f"({a} − {t}) ÷ {t}"
    if measure is ONE:
        return f"{a} {target.comparator._value_} {t} → ", "1"
    if target.comparator in (Comparator.AT_MOST, Comparator.LESS_THAN):
        return "", f"{t} ÷ {a}" if method.inverse is Inverse.RATIO else f"(1 − ({a} − {t}) ÷ {t})"
    return "", f"{a} ÷ {t}"


def _grounds(line: Line) -> tuple[Grounds, ...]:
    rules, item, method = line.rules, line.item, line.method
    if isinstance(item, Execution):
        terms = rules.execution
        if line.reason is Reason.NO_BUDGET:
            return (terms.weight_grounds, terms.no_budget_grounds)
        return (terms.weight_grounds, terms.basis_grounds, terms.method.grounds)
    found = [] if method is None else [method.grounds]
    if method is not None and isinstance(line.measure, Judgement) and line.measure.share is None:
        found += [method.without_share]
    target = item.target
    if isinstance(target, Threshold):
        if target.comparator is Comparator.UNSTATED and not isinstance(line.measure, Judgement):
            unstated = rules.comparator_for(item.kind)
            found += [] if unstated is None else [unstated.grounds]
    if isinstance(item.actual, Statement) and isinstance(line.measure, Judgement):
        text = item.actual.text.strip()
        claims = [claim.grounds for claim in rules.claims if text in claim.texts][:1]
        found += claims or [rules.repeated_target_grounds or Grounds(())]
    found += [unmet.grounds for unmet in rules.unmet if line.share is not None and unmet.reason is line.reason][:1]
    return tuple(found)


def percent(ratio_: Ratio) -> str:
    """Return *ratio_* in per cent, rounded half up to two decimals, for reading.

    >>> percent(Ratio(6563, 7900))
    '83.08%'
    """
    hundredths = rounded(ratio_.numerator * 10_000, ratio_.denominator, RoundingMode.HALF_UP)
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest:02d}%"


def _kind_text(item: Indicator, words: Mapping[str, str]) -> str:
    kind = item.kind
    return "" if kind is None else words["kind." + kind._value_]


def _actual_text(item: Indicator, words: Mapping[str, str], locale: str) -> str:
    actual = item.actual
    if actual is None:
        return words["absent"]
    if not isinstance(actual, Judgement):
        return str(actual)
    parts = [] if actual.tier is None else [words["tier." + actual.tier._value_]]
    if actual.share is not None:
        parts.append(f"{plain(CONTEXT.scaleb(actual.share, 2))}%")
    return " ".join(parts)


def _reason_text(line: Line, words: Mapping[str, str]) -> str:
    reason = line.reason
    if reason is None:
        return ""
    text = words["reason." + reason._value_]
    judged = line.measure
    if isinstance(judged, Judgement) and line.rule is not None:
        for row in line.rule.tier_ranges:
            if row.tier is judged.tier:
                low, high = (f"{plain(CONTEXT.scaleb(end, 2))}%" for end in (row.lower, row.upper))
                text += words["tier_range"].format(low=low, high=high)
    return text


def _cited(grounds: Iterable[Grounds], locale: str) -> str:
    return words_between(locale).join(dict.fromkeys(cite.text(locale) for part in grounds for cite in part.cites))


def words_between(locale: str) -> str:
    """The mark between the parts of an enumeration."""
    return "；" if locale == "zh_CN" else "; "


def _explain(evaluation: Evaluation, locale: str) -> str:
    words = catalog(locale)
    rules, project = evaluation.rules, evaluation.project
    out = [words["explain.head"].format(name=project.name, year=project.fiscal_year)]
    out.append(words["explain.rules"].format(title=rules.title.of(locale), id=rules.id))
    if rules.asked_for is not None:
        out.append(words["explain.asked_for"].format(asked=rules.asked_for, place=rules.place))
    out.append("")
    cited: dict[tuple[int, ...], str] = {}
    used: list[Grounds] = []
    for line in evaluation.lines:
        grounds = line.grounds
        # The grounds of a rule set live as long as it does: their ids are
        # keys enough for one call.
        key = tuple(map(id, grounds))
        if key not in cited:
            cited[key] = _cited(grounds, locale)
            used += grounds
        out.append(_line_text(line, words, locale, cited[key]))
    for adjustment in evaluation.adjustments:
        out.append(
            words["explain.adjustment"].format(
                label=adjustment.label, points=signed(adjustment.points), source=adjustment.source
            )
        )
    out.append("")
    out.append(_total_text(evaluation, words, locale))
    used += [rules.rounding_grounds, rules.total_grounds, rules.grade_grounds]
    assumptions = dict.fromkeys(part.assumption.of(locale) for part in used if part.assumption is not None)
    if assumptions:
        out += ["", words["explain.assumptions"]]
        out += [f"- {text}" for text in assumptions]
    return "\n".join(out)


def signed(points: Decimal) -> str:
    """Return points with their sign: "+2", "-2"."""
    return plain(points) if points < 0 else f"+{plain(points)}"


def _line_text(line: Line, words: Mapping[str, str], locale: str, cites: str) -> str:
    item = line.item
    formula = line.formula
    score = line.score
    if isinstance(item, Execution):
        measure = line.measure
        rate = percent(measure) if isinstance(measure, Ratio) else words["absent"]
        head = words["explain.execution." + item.basis._value_].format(rate=rate)
    else:
        target = "" if item.target is None else str(line.target)
        head = words["explain.indicator"].format(
            kind=_kind_text(item, words),
            name=item.name,
            target=target or words["absent"],
            actual=_actual_text(item, words, locale),
        )
    if score is None:
        return words["explain.unscored"].format(head=head, reason=_reason_text(line, words), cites=cites)
    return words["explain.scored"].format(head=head, formula=formula, score=score, cites=cites)


def _total_text(evaluation: Evaluation, words: Mapping[str, str], locale: str) -> str:
    if evaluation.total is None:
        return words["explain.no_total"].format(
            reason=words[f"reason.{evaluation.total_reason}"], partial=plain(evaluation.partial_score)
        )
    total = words["explain.total"].format(total=plain(evaluation.total))
    if evaluation.grade is None:
        return total + words["explain.no_grade"].format(reason=words[f"reason.{evaluation.grade_reason}"])
    grade = grade_words(evaluation.grade, evaluation.rules, locale)
    return total + words["explain.grade"].format(grade=grade, cites=_cited([evaluation.rules.grade_grounds], locale))


def grade_words(grade: Grade, rules: RuleSet, locale: str) -> str:
    """Return the rule set's own word for *grade*."""
    for band in rules.bands:
        if band.grade is grade and band.words is not None:
            return band.words.of(locale)
    return catalog(locale)[f"grade.{grade}"]


def _row(line: Line) -> dict[str, Any]:
    item = line.item
    common = {
        "weight": line.weight,
        "measure": readable(line.measure) if isinstance(line.measure, Ratio) else None,
        "share": None if line.share is None else readable(line.share),
        "score": line.score,
        "formula": line.formula,
        "reason": line.reason and line.reason.value,
        "cites": ", ".join(dict.fromkeys(str(cite) for part in line.grounds for cite in part.cites)),
    }
    if isinstance(item, Execution):
        row = {"kind": "execution_rate", "name": None, "target": None, "actual": None, "stated_score": None}
    else:
        row = {
            "kind": None if item.kind is None else item.kind.value,
            "name": item.name,
            "target": None if item.target is None else str(line.target),
            "actual": None if item.actual is None else str(item.actual),
            "stated_score": item.stated.score,
        }
    return row | common


_MONEY_COLUMNS = ("original_budget", "adjusted_budget", "actual_expenditure")
_COLUMNS_OF_FORM = 9


def _cells(name: str, *contents: object, **spans: int) -> Html:
    """A table row; *spans* gives the first cell's width or height."""
    first, *rest = contents
    return tag("tr", tag(name, first, **spans), *(tag(name, content) for content in rest))


def _html_form(evaluation: Evaluation, locale: str) -> str:
    """The self-evaluation form as people know it."""
    words = catalog(locale)
    project, wide = evaluation.project, _COLUMNS_OF_FORM
    rows = [_cells("th", words["form.title"].format(year=project.fiscal_year), colspan=wide)]
    for key in ("name", "supervising_department", "implementing_unit"):
        label = tag("th", words[f"form.{key}"], colspan=3)
        rows.append(tag("tr", label, tag("td", getattr(project, key) or "", colspan=wide - 3)))
    rows += _html_money(evaluation, words)
    for key in ("objective_expected", "objective_actual"):
        label = tag("th", words[f"form.{key}"], colspan=3)
        rows.append(tag("tr", label, tag("td", getattr(project, key) or "", colspan=wide - 3)))
    rows += _html_indicators(evaluation, words, locale)
    for adjustment in evaluation.adjustments:
        texts = (signed(adjustment.points), adjustment.source, "")
        rows.append(_cells("td", adjustment.label, *texts, colspan=wide - 3))
    rows.append(tag("tr", tag("td", _total_text(evaluation, words, locale), colspan=wide)))
    return str(tag("table", *rows, class_="perfeval", lang=locale.replace("_", "-")))


def _html_money(evaluation: Evaluation, words: Mapping[str, str]) -> list[Html]:
    project, line = evaluation.project, evaluation.lines[0]
    unit = project.amount_unit
    head = words["form.funding"].format(unit=words["unit." + unit.name.lower()])
    columns = [words["form." + column] for column in _MONEY_COLUMNS]
    rows = [_cells("th", head, *columns, words["form.weight"], words["form.rate"], words["form.score"], colspan=3)]
    rate = percent(line.measure) if isinstance(line.measure, Ratio) else "—"
    results = (_or_dash(line.weight), rate, _or_dash(line.score))
    rows.append(_cells("td", words["form.total_row"], *_amounts(project.stated.funding_total, unit), *results, colspan=3))
    for row in project.funding:
        label = row.label or words["source." + row.source.value]
        rows.append(_cells("td", label, *_amounts(row, unit), "—", "—", "—", colspan=3))
    return rows


def _amounts(row: FundingLine | FundingTotal, unit: AmountUnit) -> list[str]:
    amounts = [getattr(row, column) for column in _MONEY_COLUMNS]
    return ["" if amount is None else plain(to_unit(amount, unit)) for amount in amounts]


def _or_dash(points: Decimal | None) -> str:
    return "—" if points is None else plain(points)


def _html_indicators(evaluation: Evaluation, words: Mapping[str, str], locale: str) -> list[Html]:
    keys = ("level1", "level2", "level3", "target", "actual", "weight", "score", "formula", "deviation")
    rows = [_cells("th", *(words[f"form.{key}"] for key in keys))]
    for line in evaluation.lines[1:]:
        item = line.item
        if isinstance(item, Indicator):
            kind = item.kind
            level1 = "" if kind is None else words["kind." + kind.level1.value]
            level2 = "" if kind is None or kind is kind.level1 else words["level2." + kind.value]
            target = "" if item.target is None else str(line.target)
            notes = [item.deviation_reason, item.corrective_action, _reason_text(line, words)]
            texts = (level2, item.name, target, _actual_text(item, words, locale), _or_dash(line.weight))
            why = (line.formula or "", words_between(locale).join(note for note in notes if note))
            rows.append(_cells("td", level1, *texts, _or_dash(line.score), *why))
    return rows
