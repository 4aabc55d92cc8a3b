"""Evaluating one form: a project and a rule set give a score with its reasons.

`evaluate_project` composes the public functions of `perfeval.targets` and
`perfeval.scoring`; it adds no arithmetic of its own. Its result holds a line
per item as data, and makes text of it on demand: the formula with its numbers,
the article behind each point, what no text decides.

>>> from perfeval import Indicator, Project, rule_set
>>> project = Project("排水改造", fiscal_year=2022, indicators=[
...     Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="48公里", weight=50)])
>>> line = evaluate_project(project, rule_set("CN", fiscal_year=2022)).lines[1]
>>> line.score, line.formula
(Decimal('48.00'), '50 × 48 ÷ 50')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import reduce
from itertools import groupby
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT, AmountUnit, plain, sum_of, to_unit
from perfeval.cited import Grounds, cites_text
from perfeval.html import Html, tag
from perfeval.i18n import Words, catalog, known
from perfeval.model import Breakdown, BudgetBasis, FundingLine, FundingTotal, Indicator, Project
from perfeval.ratios import ONE, Ratio, ratio, readable
from perfeval.reasons import Reason
from perfeval.rounding import exact_percent, percent, signed
from perfeval.rulesets import Method, NoBudget, RuleSet
from perfeval.scoring import Adjustment, Grade, Measure, Piece, ScoringRule, band_of, placed, share
from perfeval.targets import (
    Actual,
    Between,
    Comparator,
    Deadline,
    Inverse,
    Judgement,
    Quantity,
    Statement,
    Target,
    Threshold,
    Tier,
    achievement,
    deviation,
    excess,
    figure_itself,
    in_unit_of,
)

__all__ = ["Evaluation", "Execution", "Line", "evaluate_project"]


_LEFT_OUT = (NoBudget.NOT_APPLICABLE, NoBudget.WITHOUT_WEIGHT)


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
        target: The target as the rules read it: with a comparator where the
            form prints none.
        method: How it was measured and scored, `None` if no method covers it.
        measure: The measure, exact, or the judgement taken instead.
        piece: The linear piece of the rule that the measure falls in.
        share: The share of the weight that is earned, exact.
        score: Points, rounded as the rule set says; `None` if *reason*.
        reason: Why there is no score, or no measure behind it.
    """

    item: Indicator | Execution
    weight: Decimal | None
    rules: RuleSet
    target: Target | None = None
    method: Method | None = None
    measure: Ratio | Judgement | None = None
    piece: Piece | None = None
    share: Ratio | None = None
    score: Decimal | None = None
    reason: Reason | None = None

    @property
    def rule(self) -> ScoringRule | None:
        """The rule that turns the measure into the share."""
        return None if self.method is None else self.method.rule

    @property
    def applicable(self) -> bool:
        """Whether the line belongs to the total: not without a budget, by some rules."""
        return self.reason is not Reason.NO_BUDGET or self.rules.execution.no_budget not in _LEFT_OUT

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

    def summary(self, locale: str | None = None) -> str:
        """Return the total and the grade in one line, or why there is none."""
        return _summary(self, known(self.rules.default_locale if locale is None else locale))

    def assumptions(self, locale: str | None = None) -> tuple[str, ...]:
        """Return what no text decides, as the rule set decided it here."""
        return _assumptions(self, known(self.rules.default_locale if locale is None else locale))

    def table(self, locale: str | None = None) -> list[list[str]]:
        """Return the lines as cells of text, the headings first."""
        return _table(self, known(self.rules.default_locale if locale is None else locale))

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
            "execution_rate": text_or_none(self.execution_rate),
            "basis": self.basis.value,
            "lines": [
                {key: plain(value) if isinstance(value, Decimal) else value for key, value in row.items()}
                for row in self.rows()
            ],
            "adjustments": [
                dict(zip(("label", "source"), a.texts(self.rules.default_locale), strict=True))
                | {"points": plain(a.points)}
                for a in self.adjustments
            ],
            "total": text_or_none(self.total),
            "total_reason": self.total_reason and self.total_reason.value,
            "partial_score": plain(self.partial_score),
            "grade": self.grade and self.grade.value,
            "grade_reason": self.grade_reason and self.grade_reason.value,
        }

    def _repr_html_(self) -> str:
        return _html_form(self, self.rules.default_locale)


def evaluate_project(project: Project, rules: RuleSet, *, adjustments: Iterable[Adjustment] = ()) -> Evaluation:
    """Return the evaluation of a project: see `perfeval.evaluation.evaluate`."""
    indicators = project.indicators
    execution = execution_of(project, rules.execution.basis)
    lines = [_execution_line(project, execution, rules)]
    if len({indicator.name for indicator in indicators}) == len(indicators):
        lines += [_indicator_line(indicator, rules) for indicator in indicators]
    else:
        doubled = _doubled(indicators)
        lines += [_indicator_line(indicator, rules, doubled=i in doubled) for i, indicator in enumerate(indicators)]
    extra = tuple(adjustments)
    if rules.deduction is not None or rules.cap is not None:
        extra += _ruled(lines, extra, rules)
    return Evaluation(project, rules, tuple(lines), extra, *_total(project, lines, extra, rules), execution)


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


def _total(
    project: Project, lines: list[Line], adjustments: tuple[Adjustment, ...], rules: RuleSet
) -> tuple[Decimal | None, Reason | None, Grade | None, Reason | None]:
    """The total or why there is none, the grade or why there is none."""
    if project.excerpt:
        return None, Reason.EXCERPT, None, Reason.EXCERPT
    try:
        # A None makes the context raise: cheaper than to look for one first.
        total = reduce(_add, [line.score for line in lines], _ZERO)
        weights: Decimal | None = reduce(_add, [line.weight for line in lines], _ZERO)
    except TypeError:
        # A line has no score: either none is needed, or there is no total.
        scores = [line.score for line in lines if line.score is not None]
        missing = Reason.LINE_UNSCORED if scores else Reason.NOTHING_SCORED
        if not scores or any(line.score is None and line.applicable for line in lines):
            return None, missing, None, missing
        total, weights = sum_of(scores), None
    if adjustments:
        total = sum_of([total, *(adjustment.points for adjustment in adjustments)])
    if weights is None:
        if rules.execution.no_budget is not NoBudget.WITHOUT_WEIGHT:
            return total, None, None, Reason.NO_BUDGET
        weights = sum_of([line.weight for line in lines if line.weight is not None and line.applicable])
    if weights != rules.total:
        return total, None, None, Reason.WEIGHTS_DO_NOT_ADD_UP
    return total, None, band_of(total, rules.bands).grade, None


# A None makes it raise.
_add: Callable[[Decimal, Any], Decimal] = CONTEXT.add
_ZERO = Decimal(0)


# The execution rate.


def _execution_line(project: Project, execution: Execution, rules: RuleSet) -> Line:
    terms = rules.execution
    spent, budget = execution.actual_expenditure, execution.budget
    if not budget:
        if terms.no_budget in _LEFT_OUT:
            return Line(execution, terms.weight, rules, None, terms.method, reason=Reason.NO_BUDGET)
        earned = ONE if terms.no_budget is NoBudget.FULL else Ratio(0, 1)
        points = rules.rounding.points(terms.weight, earned)
        return Line(
            execution, terms.weight, rules, None, terms.method, share=earned, score=points, reason=Reason.NO_BUDGET
        )
    if spent is None:
        return Line(execution, terms.weight, rules, None, terms.method, reason=Reason.AMOUNT_ABSENT)
    if spent < 0 or budget < 0:
        return Line(execution, terms.weight, rules, None, terms.method, reason=Reason.AMOUNT_NEGATIVE)
    method, measure = terms.method, ratio(spent, budget)
    if terms.unfinished is not None:
        if project.finished is None:
            return Line(execution, terms.weight, rules, None, None, measure, reason=Reason.FINISHED_UNKNOWN)
        if not project.finished:
            method = terms.unfinished
    if not method.speaks_of(measure):
        return Line(execution, terms.weight, rules, None, method, measure, reason=Reason.BEYOND_THE_RULES)
    return _scored(execution, terms.weight, rules, None, method, measure)


def execution_of(project: Project, basis: BudgetBasis) -> Execution:
    """Return the figures of the execution rate, and where they were found.

    The printed total row comes first; where it is silent the rows of one
    breakdown are added, never of two. A row with money in one column and a
    blank in the other leaves the blank column's sum unknown.
    """
    column = basis.column
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
                    if amount < 0:
                        # Not netted against the other rows: the line says so.
                        return amount, breakdown.value
                    total = amount if total is None else CONTEXT.add(total, amount)
                elif getattr(row, other):
                    return None, breakdown.value
        if total is not None:
            return total, breakdown.value
    return None, "total"


# Indicators.


# In Python 3.11 a member is looked up through its class by a Python function.
_UNSTATED, _AT_MOST, _LESS_THAN = Comparator.UNSTATED, Comparator.AT_MOST, Comparator.LESS_THAN
_ACHIEVEMENT, _ACTUAL = Measure.ACHIEVEMENT, Measure.ACTUAL
_STRICT = (Comparator.MORE_THAN, Comparator.LESS_THAN)
_RATIO = Inverse.RATIO
_CLAIMED = {tier: Judgement(tier) for tier in Tier}


def _indicator_line(indicator: Indicator, rules: RuleSet, *, doubled: bool = False) -> Line:
    weight, target, actual = indicator.weight, indicator.target, indicator.actual
    if weight is None or actual is None or doubled or weight < _ZERO:
        return Line(indicator, weight, rules, target, reason=_fault(indicator, doubled))
    judged: Judgement | None = None
    if type(actual) is Judgement:
        judged = actual
    elif type(actual) is Statement:
        judged = _claimed(actual, target, rules)
    if judged is not None:
        method = rules.method_for("judgement", indicator.kind)
        if method is None:
            return Line(indicator, weight, rules, target, measure=judged, reason=Reason.NO_RULE)
        return _scored(indicator, weight, rules, target, method, judged)
    if target is None:
        return Line(indicator, weight, rules, reason=Reason.TARGET_ABSENT)
    if type(target) is Threshold:
        if target.comparator is _UNSTATED:
            target = rules.resolved(target, indicator.kind)
        form = target.comparator._value_
    elif type(target) is Statement:
        reason = Reason.WORDS_NOT_READ if type(actual) is Statement else Reason.NOT_COMPARABLE
        return Line(indicator, weight, rules, target, reason=reason)
    else:
        form = "deadline" if type(target) is Deadline else "range"
    method = rules.method_for(form, indicator.kind)
    if method is None:
        return Line(indicator, weight, rules, target, reason=Reason.NO_RULE)
    if method.measure is _ACHIEVEMENT:
        measure = achievement(target, actual, inverse=method.inverse)
    else:
        measure = _measured(target, actual, method.measure)
    return _scored(indicator, weight, rules, target, method, measure)


def _fault(indicator: Indicator, doubled: bool) -> Reason:
    if indicator.weight is None:
        return Reason.WEIGHT_ABSENT
    if indicator.weight < 0:
        return Reason.WEIGHT_NEGATIVE
    return Reason.DOUBLED_INDICATOR if doubled else Reason.ACTUAL_ABSENT


def _claimed(actual: Statement, target: Target | None, rules: RuleSet) -> Judgement | None:
    """The tier that words claim, by the rules' own words or by repeating the target."""
    text = actual.text.strip()
    claim = rules.tier_claimed(text)
    if claim is not None:
        return _CLAIMED[claim.tier]
    if rules.repeated_target is not None and isinstance(target, Statement) and target.text.strip() == text:
        return _CLAIMED[rules.repeated_target]
    return None


def _measured(target: Target, actual: Actual, measure: Measure) -> Ratio | Reason:
    if measure is _ACTUAL:
        return figure_itself(actual, target.unit if isinstance(target, Threshold) else None)
    return deviation(target, actual) if measure is Measure.DEVIATION else excess(target, actual)


def _scored(
    item: Indicator | Execution,
    weight: Decimal,
    rules: RuleSet,
    target: Target | None,
    method: Method,
    measure: Ratio | Judgement | Reason,
) -> Line:
    """The line of a measure, or of the reason why there is none."""
    rounding = rules.rounding
    if isinstance(measure, Ratio):
        piece, part = placed(method.rule, measure if rounding.ratio_digits is None else rounding.of_measure(measure))
        score = rounding.points(weight, part)
        # Half the time of Line(…): this is what most lines come to.
        return _new_line(Line, (item, weight, rules, target, method, measure, piece, part, score, None))
    if isinstance(measure, Judgement):
        judged = share(method.rule, measure)
        if isinstance(judged, Reason):
            return Line(item, weight, rules, target, method, measure, reason=judged)
        return Line(item, weight, rules, target, method, measure, None, judged, rounding.points(weight, judged), None)
    for unmet in rules.unmet:
        if unmet.reason is measure:
            given = ratio(unmet.share, Decimal(1))
            return Line(item, weight, rules, target, method, None, None, given, rounding.points(weight, given), measure)
    return Line(item, weight, rules, target, method, reason=measure)


_new_line = tuple.__new__


# Text. Everything below is made on demand.


def text_or_none(value: Decimal | None) -> str | None:
    """Return a number in plain digits, `None` if there is none."""
    return None if value is None else plain(value)


def _formula(line: Line) -> str | None:
    item, weight, rules, target, method, measure, piece, part, _, _ = line
    if part is None or weight is None:
        return None
    if piece is None or method is None or type(measure) is not Ratio:
        # A person's share, or one that the rules give without a measure.
        return f"{plain(weight)} × {plain(readable(part))}"
    if isinstance(item, Execution):
        condition, shown = "", _quotient_of_money(item)
    else:
        condition, shown = _measure_text(item.actual, target, method, measure)
    digits = rules.rounding.ratio_digits
    if digits is not None:
        shown = f"round({shown}, {digits})"
    return condition + piece.formula(plain(weight), shown)


def _quotient_of_money(item: Execution) -> str:
    shift, scale = -item.unit.exponent, CONTEXT.scaleb
    return f"{plain(scale(item.actual_expenditure or _ZERO, shift))} ÷ {plain(scale(item.budget or _ZERO, shift))}"


def _measure_text(actual: Actual | None, target: Target | None, method: Method, measure: Ratio) -> tuple[str, str]:
    """The condition and the expression of a measure, with its numbers."""
    if type(actual) is not Quantity:
        # Only a deadline is measured against anything else.
        return f"{actual} ≤ {target} → ", "1"
    a = actual.digits
    if method.measure is _ACTUAL:
        per = measure.denominator // actual.integers[1]
        return "", a if per == 1 else f"{a} ÷ {per}"
    if type(target) is not Threshold:
        return _range_text(actual, target)
    if actual.unit != target.unit:
        a = _in_unit(actual, target.unit)
    t = target.digits
    if method.measure is not _ACHIEVEMENT:
        return "", f"|{a} − {t}| ÷ {t}" if method.measure is Measure.DEVIATION else f"({a} − {t}) ÷ {t}"
    comparator = target.comparator
    # 1 without a ratio: a zero target, a bound. Above or below, an equal figure has a ratio.
    if tuple(measure) == (1, 1) and (comparator not in _STRICT or in_unit_of(actual, target.unit) != target.value):
        return f"{a} {comparator.value} {t} → ", "1"
    if comparator is _AT_MOST or comparator is _LESS_THAN:
        return "", f"{t} ÷ {a}" if method.inverse is _RATIO else f"(1 − ({a} − {t}) ÷ {t})"
    return "", f"{a} ÷ {t}"


def _range_text(actual: Quantity, target: Target | None) -> tuple[str, str]:
    if not isinstance(target, Between):
        return f"{actual} → ", "1"
    return f"{plain(target.lower)} ≤ {_in_unit(actual, target.unit)} ≤ {plain(target.upper)} → ", "1"


def _in_unit(actual: Quantity, unit: str | None) -> str:
    converted = in_unit_of(actual, unit)
    return str(actual) if isinstance(converted, Reason) else plain(converted)


def _grounds(line: Line) -> tuple[Grounds, ...]:
    rules, item, method, measure = line.rules, line.item, line.method, line.measure
    if isinstance(item, Execution):
        terms = rules.execution
        if line.reason is Reason.NO_BUDGET:
            return (terms.weight_grounds, terms.no_budget_grounds)
        return (terms.weight_grounds, terms.basis_grounds) if method is None else rules.grounds_of(method.name)
    found = [] if method is None else list(rules.grounds_of(method.name))
    if isinstance(measure, Judgement):
        if method is not None and measure.share is None:
            found.append(method.without_share)
        if isinstance(item.actual, Statement):
            claim = rules.tier_claimed(item.actual.text.strip())
            found.append(claim.grounds if claim else rules.repeated_target_grounds or Grounds(()))
    elif isinstance(item.target, Threshold) and item.target.comparator is _UNSTATED:
        unstated = rules.comparator_for(item.kind)
        found += [] if unstated is None else [unstated.grounds]
    found += [unmet.grounds for unmet in rules.unmet if line.share is not None and unmet.reason is line.reason]
    return tuple(found)


def _kind_text(item: Indicator, words: Mapping[str, str]) -> str:
    return words["kind.none" if item.kind is None else "kind." + item.kind._value_]


def _actual_text(actual: Actual | None, words: Mapping[str, str], rules: RuleSet, locale: str) -> str:
    if type(actual) is Quantity:
        return actual.text
    if actual is None:
        return words["absent"]
    if not isinstance(actual, Judgement):
        return str(actual)
    tier = "" if actual.tier is None else tier_word(actual.tier, rules, locale)
    if actual.words is not None:
        tier = words["claimed"].format(words=actual.words, tier=tier)
    return tier if actual.share is None else f"{tier} {exact_percent(actual.share)}".strip()


def _reason_text(line: Line, words: Mapping[str, str]) -> str:
    if line.reason is None:
        return ""
    text = words["reason." + line.reason.value]
    if isinstance(line.measure, Judgement) and line.rule is not None:
        for row in line.rule.tier_ranges:
            if row.tier is line.measure.tier:
                text += words["tier_range"].format(low=exact_percent(row.lower), high=exact_percent(row.upper))
    return text


def _execution_text(line: Line, words: Mapping[str, str], cites: str) -> str:
    basis = words["form.rate_of." + line.rules.execution.basis.value]
    if line.score is None:
        return words["explain.execution_unscored"].format(basis=basis, reason=_reason_text(line, words), cites=cites)
    rate = percent(line.measure) if isinstance(line.measure, Ratio) else words["absent"]
    text = words["explain.execution"]
    return text.format(basis=basis, rate=rate, formula=line.formula, score=plain(line.score), cites=cites)


def _explain(evaluation: Evaluation, locale: str) -> str:
    words = catalog(locale)
    rules, project = evaluation.rules, evaluation.project
    out = [
        words["explain.head"].format(name=project.name, year=project.fiscal_year),
        words["explain.rules"].format(title=rules.title.of(locale), id=rules.id),
    ]
    if rules.asked_for is not None:
        out.append(words["explain.asked_for"].format(asked=rules.asked_for, place=rules.place))
    out.append("")
    scored, unscored, absent = words["explain.scored"], words["explain.unscored"], words["absent"]
    assumptions: dict[Words, None] = {}
    seen: dict[str, str] = {}
    for line in evaluation.lines:
        item, _, _, target, method, _, _, _, score, _ = line
        # Lines of one method and with no peculiarity rest on the same grounds.
        if method is None or _peculiar(line):
            cites = cites_text(line.grounds, locale)
            _assume(assumptions, line.grounds)
        elif method.name in seen:
            cites = seen[method.name]
        else:
            grounds = line.grounds
            cites = seen[method.name] = rules.cited(method.name, locale)
            _assume(assumptions, grounds)
        if isinstance(item, Execution):
            out.append(_execution_text(line, words, cites))
            continue
        kind = _kind_text(item, words)
        aim = absent if target is None else str(target)
        reached = _actual_text(item.actual, words, rules, locale)
        if score is None:
            out.append(unscored.format(kind, item.name, aim, reached, _reason_text(line, words), cites))
        else:
            out.append(scored.format(kind, item.name, aim, reached, _formula(line), str(score), cites))
    for adjustment in evaluation.adjustments:
        label, source = adjustment.texts(locale)
        points = signed(adjustment.points)
        out.append(words["explain.adjustment"].format(label=label, points=points, source=source))
    out += ["", _summary(evaluation, locale)]
    _assume(assumptions, (rules.rounding_grounds, rules.total_grounds, rules.grade_grounds))
    if assumptions:
        out += ["", words["explain.assumptions"], *["- " + text.of(locale) for text in assumptions]]
    return "\n".join(out)


def _peculiar(line: Line) -> bool:
    """Whether a line rests on more than its method."""
    item = line.item
    if isinstance(item, Execution):
        return line.reason is not None
    return line.reason is not None or type(item.actual) is not Quantity or item.target is not line.target


def _summary(evaluation: Evaluation, locale: str) -> str:
    words, rules = catalog(locale), evaluation.rules
    if evaluation.total is None:
        reason = words[f"reason.{evaluation.total_reason}"]
        if evaluation.total_reason is Reason.NOTHING_SCORED:
            return words["explain.nothing_scored"].format(reason=reason)
        return words["explain.no_total"].format(reason=reason, partial=plain(evaluation.partial_score))
    total = words["explain.total"].format(total=plain(evaluation.total))
    if evaluation.grade is None:
        return total + words["explain.no_grade"].format(reason=words[f"reason.{evaluation.grade_reason}"])
    grade = grade_word(evaluation.grade, rules, locale)
    return total + words["explain.grade"].format(grade=grade, cites=rules.grades_cited(locale))


def _assumptions(evaluation: Evaluation, locale: str) -> tuple[str, ...]:
    rules = evaluation.rules
    used: dict[Words, None] = {}
    for line in evaluation.lines:
        _assume(used, line.grounds)
    _assume(used, (rules.rounding_grounds, rules.total_grounds, rules.grade_grounds))
    return tuple(text.of(locale) for text in used)


def _assume(used: dict[Words, None], grounds: Iterable[Grounds]) -> None:
    """Keep the assumptions of *grounds*, each once, in order."""
    for _, assumption in grounds:
        if assumption is not None:
            used[assumption] = None


def grade_word(grade: Grade, rules: RuleSet, locale: str) -> str:
    """Return the rule set's own word for *grade*.

    >>> from perfeval import rule_set
    >>> grade_word(Grade.EXCELLENT, rule_set("cn-mof-2020-10"), "zh_CN")
    '优'
    """
    words = rules.grade_name(grade)
    return catalog(locale)[f"grade.{grade}"] if words is None else words.of(locale)


def tier_word(tier: Tier, rules: RuleSet, locale: str) -> str:
    """Return the rule set's own word for *tier*.

    >>> from perfeval import rule_set
    >>> tier_word(Tier.ACHIEVED, rule_set("cn-mof-2020-10"), "zh_CN")
    '达成年度指标'
    """
    words = rules.tier_name(tier)
    return catalog(locale)[f"tier.{tier}"] if words is None else words.of(locale)


def _row(line: Line) -> dict[str, Any]:
    item = line.item
    indicator = None if isinstance(item, Execution) else item
    return {
        "kind": "execution_rate" if indicator is None else indicator.kind and indicator.kind.value,
        "name": indicator and indicator.name,
        "target": None if line.target is None else str(line.target),
        "actual": None if indicator is None or indicator.actual is None else str(indicator.actual),
        "weight": line.weight,
        "measure": readable(line.measure) if isinstance(line.measure, Ratio) else None,
        "share": None if line.share is None else readable(line.share),
        "score": line.score,
        "stated_score": indicator and indicator.stated.score,
        "formula": line.formula,
        "reason": line.reason and line.reason.value,
        "cites": ", ".join(dict.fromkeys(str(cite) for part in line.grounds for cite in part.cites)),
    }


def _table(evaluation: Evaluation, locale: str) -> list[list[str]]:
    words, rules = catalog(locale), evaluation.rules
    stated = evaluation.project.stated
    keys = ("level", "level3", "target", "actual", "weight", "score", "stated_score", "formula")
    rows = [[words[f"form.{key}"] for key in keys]]
    for line in evaluation.lines:
        item = line.item
        why = line.formula or _reason_text(line, words)
        if isinstance(item, Execution):
            rate = percent(line.measure) if isinstance(line.measure, Ratio) else words["absent"]
            what = [words["execution_rate"], words["form.rate_of." + item.basis.value], "", rate]
            printed = stated.execution_score
        else:
            what = [
                _kind_text(item, words),
                item.name,
                words["absent"] if line.target is None else str(line.target),
                _actual_text(item.actual, words, rules, locale),
            ]
            printed = item.stated.score
        rows.append([*what, _or_dash(line.weight), _or_dash(line.score), _or_dash(printed), why])
    return rows


_MONEY_COLUMNS = ("original_budget", "adjusted_budget", "actual_expenditure")
_COLUMNS_OF_FORM = 9


def _cells(name: str, *contents: object, **spans: int) -> Html:
    """A table row; *spans* gives the first cell's width."""
    first, *rest = contents
    return tag("tr", tag(name, first, **spans), *(tag(name, content) for content in rest))


def _html_form(evaluation: Evaluation, locale: str) -> str:
    """The self-evaluation form as people know it."""
    words = catalog(locale)
    project, wide = evaluation.project, _COLUMNS_OF_FORM

    def wide_row(key: str) -> Html:
        label = tag("th", words[f"form.{key}"], colspan=3)
        return tag("tr", label, tag("td", getattr(project, key) or "", colspan=wide - 3))

    rows = [_cells("th", words["form.title"].format(year=project.fiscal_year), colspan=wide)]
    rows += [wide_row(key) for key in ("name", "supervising_department", "implementing_unit")]
    rows += _html_money(evaluation, words)
    rows += [wide_row(key) for key in ("objective_expected", "objective_actual")]
    rows += _html_indicators(evaluation, words, locale)
    for adjustment in evaluation.adjustments:
        label, source = adjustment.texts(locale)
        rows.append(_cells("td", label, signed(adjustment.points), source, "", colspan=wide - 3))
    rows.append(tag("tr", tag("td", _summary(evaluation, locale), colspan=wide)))
    return str(tag("table", *rows, class_="perfeval", lang=locale.replace("_", "-")))


def _html_money(evaluation: Evaluation, words: Mapping[str, str]) -> list[Html]:
    project, line = evaluation.project, evaluation.lines[0]
    unit = project.amount_unit
    head = words["form.funding"].format(unit=words["unit." + unit.name.lower()])
    columns = [words["form." + column] for column in _MONEY_COLUMNS]
    rate = percent(line.measure) if isinstance(line.measure, Ratio) else _or_dash(None)
    results = (_or_dash(line.weight), rate, _or_dash(line.score))
    total = _amounts(project.stated.funding_total, unit)
    rows = [
        _cells("th", head, *columns, words["form.weight"], words["form.rate"], words["form.score"], colspan=3),
        _cells("td", words["form.total_row"], *total, *results, colspan=3),
    ]
    for row in project.funding:
        label = row.label or words["source." + row.source.value]
        rows.append(_cells("td", label, *_amounts(row, unit), *[_or_dash(None)] * 3, colspan=3))
    return rows


def _amounts(row: FundingLine | FundingTotal, unit: AmountUnit) -> list[str]:
    amounts = [getattr(row, column) for column in _MONEY_COLUMNS]
    return ["" if amount is None else plain(to_unit(amount, unit)) for amount in amounts]


def _or_dash(points: Decimal | None) -> str:
    return "—" if points is None else plain(points)


def _html_indicators(evaluation: Evaluation, words: Mapping[str, str], locale: str) -> list[Html]:
    rules = evaluation.rules
    keys = ("level1", "level2", "level3", "target", "actual", "weight", "score", "formula", "deviation")
    rows = [_cells("th", *(words[f"form.{key}"] for key in keys))]
    lines = [(line, line.item) for line in evaluation.lines if not isinstance(line.item, Execution)]
    for level1, group in groupby(lines, key=lambda pair: pair[1].kind and pair[1].kind.level1):
        together = list(group)
        for place, (line, item) in enumerate(together):
            kind = item.kind
            cells = [words["level2." + kind.value] if kind is not None and kind is not level1 else "", item.name]
            cells += ["" if line.target is None else str(line.target), _actual_text(item.actual, words, rules, locale)]
            cells += [_or_dash(line.weight), _or_dash(line.score), line.formula or ""]
            notes = [item.deviation_reason, item.corrective_action, _reason_text(line, words)]
            cells.append(words["enumeration"].join(note for note in notes if note))
            first = tag("td", words["kind." + level1.value] if level1 else "", rowspan=len(together))
            rows.append(tag("tr", *([] if place else [first]), *(tag("td", cell) for cell in cells)))
    return rows
