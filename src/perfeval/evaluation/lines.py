"""The lines of an evaluation: what is scored, how, and what it rests on.

A `Line` is one item with its score: the execution rate, an indicator, or a
common indicator of the department as a whole. The functions here make lines
from the public functions of `perfeval.targets` and `perfeval.scoring`, and add
no arithmetic of their own.

>>> from perfeval import Indicator, rule_set
>>> line = indicator_line(Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="48公里",
...     weight=50), rule_set("CN", fiscal_year=2022))
>>> line.score, line.formula
(Decimal('48.00'), '50 × 48 ÷ 50')
>>> line
<Line 改造管网长度: 48.00 of 50>
"""

# Annotations are not deferred: a NamedTuple compiles each that is text, whenever perfeval is imported.
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfeval.amounts import CONTEXT, AmountUnit, plain, sum_of
from perfeval.cited import Grounds
from perfeval.evaluation.formulas import judged_formula, measure_formula, money_formula
from perfeval.i18n import LOCALES, Words, catalog, known, message
from perfeval.model import Adjustment, Breakdown, BudgetBasis, Indicator, Project, short_name
from perfeval.ratios import ONE, ZERO, Ratio, ratio
from perfeval.reasons import Reason
from perfeval.rulesets import Method, NoBudget, RuleSet
from perfeval.scoring import Grade, Measure, Piece, ScoringRule, band_of, placed, share
from perfeval.targets import Comparator, Deadline, Judgement, Statement, Target, Threshold, Tier, achievement

if TYPE_CHECKING:
    from perfeval.frameworks import FrameworkIndicator

__all__ = [
    "CommonIndicator",
    "Execution",
    "Line",
    "Total",
    "execution_line",
    "execution_of",
    "held",
    "holding_line",
    "indicator_line",
    "partial_score",
    "scored_line",
    "total_of",
]

_LEFT_OUT = (NoBudget.NOT_APPLICABLE, NoBudget.WITHOUT_WEIGHT)
_ZERO = Decimal(0)
_add = CONTEXT.add


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
        judgement: What a person makes of a rate that the rules do not score.
    """

    actual_expenditure: Decimal | None
    budget: Decimal | None
    basis: BudgetBasis
    spent_from: str
    budget_from: str
    unit: AmountUnit
    judgement: Judgement | None = None


class CommonIndicator(NamedTuple):
    """A common indicator of a framework, and the raw figures that are told of it.

    Attributes:
        indicator: The common indicator.
        figures: Its figures that are told, by name, in the formula's order.
    """

    indicator: "FrameworkIndicator"
    figures: tuple[tuple[str, Decimal], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the figures that are not told."""
        told = dict(self.figures)
        return tuple(name for name in self.indicator.figures if name not in told)

    @property
    def formula(self) -> str:
        """Its measure with the figures put in."""
        return self.indicator.expression(*(plain(value) for _, value in self.figures))


class Line(NamedTuple):
    """One line of an evaluation: the execution rate, an indicator or a common indicator.

    Attributes:
        item: What is scored.
        weight: The points that the line can earn (分值).
        rules: The rule set.
        target: The target as the rules read it: with a comparator where the
            form prints none.
        method: How it was measured and scored, `None` if no method covers it.
        measure: The measure, exact, or the judgement taken instead: the
            actual itself, what it claims, or the one that stands beside it.
            An execution rate that is judged stays the rate.
        piece: The linear piece of the rule that the measure falls in.
        share: The share of the weight that is earned, exact.
        score: Points, rounded as the rule set says; `None` if *reason*.
        reason: Why there is no score, or no measure behind it: of a line that
            a person judged, what the rules leave open.
    """

    item: Indicator | Execution | CommonIndicator
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
        """Whether the line belongs to the total: not without a budget, by some rules, nor without weight and points."""
        if self.reason is Reason.WEIGHT_ABSENT:
            return isinstance(self.item, Indicator) and self.item.stated.score is not None
        return self.reason is not Reason.NO_BUDGET or self.rules.execution.no_budget not in _LEFT_OUT

    @property
    def blank(self) -> bool:
        """Whether the form has a row of a template there, with nothing in it: no line is shown for it."""
        item = self.item
        return self.weight is None and isinstance(item, Indicator) and item == Indicator(item.name, kind=item.kind)

    @property
    def judged(self) -> bool | None:
        """Whether the judgement beside the actual is taken, `None` if there is none.

        What the rules score by a figure or a date is no matter of judgement,
        nor is a line without a weight or one that stands twice.
        """
        item = self.item
        if isinstance(item, CommonIndicator) or item.judgement is None:
            return None
        if isinstance(item, Execution):
            return self.method is not None and self.method.measure is Measure.JUDGED
        return self.measure is item.judgement

    @property
    def formula(self) -> str | None:
        """The formula with its numbers, which gives the score before rounding.

        A condition that selects the formula stands before an arrow.
        """
        item, weight, rules, target, method, measure, piece, part, _, _ = self
        if part is None or weight is None:
            return None
        if piece is None or method is None or type(measure) is not Ratio:
            return judged_formula(weight, part)
        condition = ""
        if isinstance(item, Indicator):
            condition, shown = measure_formula(
                item.actual, target, method.measure, method.inverse, measure, name=item.name
            )
        elif isinstance(item, Execution):
            shown = money_formula(item.actual_expenditure, item.budget, item.unit)
        else:
            shown = item.formula
        digits = rules.rounding.ratio_digits
        return condition + piece.formula(plain(weight), shown if digits is None else f"round({shown}, {digits})")

    @property
    def grounds(self) -> tuple[Grounds, ...]:
        """What the line rests on."""
        return _grounds(self)

    @property
    def indicator(self) -> "Indicator | FrameworkIndicator | None":
        """The indicator, of the form or of a framework; `None` for the execution rate."""
        item = self.item
        if isinstance(item, CommonIndicator):
            return item.indicator
        return item if isinstance(item, Indicator) else None

    @property
    def name(self) -> str:
        """The indicator's name, "execution_rate", or a common indicator's id."""
        item = self.item
        if isinstance(item, Indicator):
            return item.name
        return "execution_rate" if isinstance(item, Execution) else item.indicator.id

    def label(self, locale: str) -> str:
        """Return the name of the line: the indicator's, or 预算执行率.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        item = self.item
        if isinstance(item, CommonIndicator):
            return item.indicator.name.of(locale)
        known(locale)
        return catalog(locale)["execution_rate"] if isinstance(item, Execution) else item.name

    def __repr__(self) -> str:
        weight = "" if self.weight is None else f" of {plain(self.weight)}"
        score = f"no score, {self.reason}" if self.score is None else f"{plain(self.score)}{weight}"
        return f"<Line {short_name(self.name)}: {score}>"


def _grounds(line: Line) -> tuple[Grounds, ...]:
    rules, item, method, measure = line.rules, line.item, line.method, line.measure
    if isinstance(item, CommonIndicator):
        return (item.indicator.grounds,) if method is None else (method.grounds, item.indicator.grounds)
    if isinstance(item, Execution):
        terms = rules.execution
        if line.reason is Reason.NO_BUDGET:
            return (terms.weight_grounds, terms.no_budget_grounds)
        if line.judged and method is not None and item.judgement is not None:
            own = (method.without_share,) if item.judgement.share is None else ()
            return (terms.weight_grounds, terms.basis_grounds, method.grounds, *own)
        return (terms.weight_grounds, terms.basis_grounds) if method is None else rules.grounds_of(method.name)
    found = [] if method is None else list(rules.grounds_of(method.name))
    if isinstance(measure, Judgement):
        if method is not None and measure.share is None:
            found.append(method.without_share)
        if isinstance(item.actual, Statement) and not line.judged:
            claim = rules.tier_claimed(item.actual.text.strip())
            found.append(claim.grounds if claim else rules.repeated_target_grounds or Grounds(()))
    if (
        isinstance(item.target, Threshold)
        and item.target.comparator is _UNSTATED
        and (line.judged or not isinstance(measure, Judgement))
    ):
        unstated = rules.comparator_for(item.kind, item.target, item.name)
        found += [] if unstated is None else [unstated.grounds]
    found += [unmet.grounds for unmet in rules.unmet if line.share is not None and unmet.reason is line.reason]
    return tuple(found)


# The execution rate.


def execution_line(project: Project, execution: Execution, rules: RuleSet) -> Line:
    """Return the line of the execution rate."""
    terms = rules.execution
    spent, budget = execution.actual_expenditure, execution.budget
    if budget is None or (spent is None and budget):
        # What the form does not tell is no budget of zero, whatever the rules say of one.
        return Line(execution, terms.weight, rules, None, terms.method, reason=Reason.AMOUNT_ABSENT)
    if not budget:
        if terms.no_budget in _LEFT_OUT:
            return Line(execution, terms.weight, rules, None, terms.method, reason=Reason.NO_BUDGET)
        earned = ONE if terms.no_budget is NoBudget.FULL else ZERO
        points = rules.rounding.points(terms.weight, earned)
        return Line(
            execution, terms.weight, rules, None, terms.method, share=earned, score=points, reason=Reason.NO_BUDGET
        )
    if spent is None or spent < 0 or budget < 0:
        return Line(execution, terms.weight, rules, None, terms.method, reason=Reason.AMOUNT_NEGATIVE)
    method, measure = terms.method, ratio(spent, budget)
    if terms.unfinished is not None:
        if project.finished is None:
            return _open_rate(Line(execution, terms.weight, rules, None, None, measure), Reason.FINISHED_UNKNOWN)
        if not project.finished:
            method = terms.unfinished
    if not method.speaks_of(measure):
        return _open_rate(Line(execution, terms.weight, rules, None, method, measure), Reason.BEYOND_THE_RULES)
    return scored_line(execution, terms.weight, rules, None, method, measure)


def _open_rate(line: Line, reason: Reason) -> Line:
    """The line of a rate that the rules leave open: by a person's judgement, where there is one."""
    rules = line.rules
    judgement = line.item.judgement if isinstance(line.item, Execution) else None
    method = rules.method_for("judgement", None)
    if judgement is None or method is None:
        return line._replace(reason=reason)
    judged = share(method.rule, judgement)
    if isinstance(judged, Reason):
        return line._replace(method=method, reason=judged)
    points = rules.rounding.points(rules.execution.weight, judged)
    return line._replace(method=method, share=judged, score=points, reason=reason)


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
    judgement = project.execution_judgement
    return Execution(spent, budget, basis, spent_from, budget_from, project.amount_unit, judgement)


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
_UNSTATED, _ACHIEVEMENT = Comparator.UNSTATED, Measure.ACHIEVEMENT
_CLAIMED = {tier: Judgement(tier) for tier in Tier}


def indicator_line(indicator: Indicator, rules: RuleSet, *, doubled: bool = False) -> Line:
    """Return the line of an indicator; *doubled* if the same one stands twice on the form."""
    weight, target, actual = indicator.weight, indicator.target, indicator.actual
    if weight is None or actual is None or doubled or weight < _ZERO:
        return _without(indicator, weight, rules, target, doubled)
    judged: Judgement | None = None
    if type(actual) is Judgement:
        judged = indicator.judgement or actual
    elif type(actual) is Statement:
        judged = indicator.judgement or _claimed(actual, target, rules)
    if judged is not None:
        return _judged_line(indicator, weight, rules, target, judged)
    if target is None:
        return _open_line(indicator, weight, rules, target, Reason.TARGET_ABSENT)
    if type(target) is Threshold:
        if target.comparator is _UNSTATED:
            target = rules.resolved(target, indicator.kind, indicator.name)
            if target.comparator is _UNSTATED:
                return _open_line(indicator, weight, rules, target, Reason.COMPARATOR_UNSTATED)
        form = target.comparator._value_
    elif type(target) is Statement:
        reason = Reason.WORDS_NOT_READ if type(actual) is Statement else Reason.NOT_COMPARABLE
        return _open_line(indicator, weight, rules, target, reason)
    else:
        form = "deadline" if type(target) is Deadline else "range"
    method = rules.method_for(form, indicator.kind)
    if method is None:
        return _open_line(indicator, weight, rules, target, Reason.NO_RULE)
    if method.measure is _ACHIEVEMENT:
        measure = achievement(target, actual, inverse=method.inverse, name=indicator.name)
    else:
        measure = method.measured(target, actual, name=indicator.name)
    line = scored_line(indicator, weight, rules, target, method, measure)
    if line.score is None and indicator.judgement is not None and line.reason is not None:
        return _open_line(indicator, weight, rules, target, line.reason)
    return line


def _without(
    indicator: Indicator, weight: Decimal | None, rules: RuleSet, target: Target | None, doubled: bool
) -> Line:
    """The line of an indicator that lacks something, or stands twice."""
    if weight is None:
        reason = Reason.WEIGHT_ABSENT
    elif weight < _ZERO:
        reason = Reason.WEIGHT_NEGATIVE
    elif doubled:
        reason = Reason.DOUBLED_INDICATOR
    else:
        return _open_line(indicator, weight, rules, target, Reason.ACTUAL_ABSENT)
    return Line(indicator, weight, rules, target, reason=reason)


def _open_line(indicator: Indicator, weight: Decimal, rules: RuleSet, target: Target | None, reason: Reason) -> Line:
    """The line of what the rules leave open: by a person's judgement, where there is one."""
    if indicator.judgement is None:
        return Line(indicator, weight, rules, target, reason=reason)
    line = _judged_line(indicator, weight, rules, target, indicator.judgement)
    return line._replace(reason=reason) if line.reason is None else line


def _judged_line(
    indicator: Indicator, weight: Decimal, rules: RuleSet, target: Target | None, judged: Judgement
) -> Line:
    method = rules.method_for("judgement", indicator.kind)
    if method is None:
        return Line(indicator, weight, rules, target, measure=judged, reason=Reason.NO_RULE)
    return scored_line(indicator, weight, rules, target, method, judged)


def _claimed(actual: Statement, target: Target | None, rules: RuleSet) -> Judgement | None:
    """The tier that words claim, by the rules' own words or by repeating the target."""
    text = actual.text.strip()
    claim = rules.tier_claimed(text)
    if claim is not None:
        return _CLAIMED[claim.tier]
    if rules.repeated_target is not None and isinstance(target, Statement) and target.text.strip() == text:
        if target.refusal is not None and any(character.isdigit() for character in text):
            # A figure that was not read claims nothing by being repeated.
            return None
        return _CLAIMED[rules.repeated_target]
    return None


def scored_line(
    item: Indicator | Execution | CommonIndicator,
    weight: Decimal,
    rules: RuleSet,
    target: Target | None,
    method: Method,
    measure: Ratio | Judgement | Reason,
) -> Line:
    """Return the line of a measure, or of the reason why there is none."""
    rounding = rules.rounding
    if isinstance(measure, Ratio):
        piece, part = placed(method.rule, measure if rounding.ratio_digits is None else rounding.of_measure(measure))
        return Line(item, weight, rules, target, method, measure, piece, part, rounding.points(weight, part))
    if isinstance(measure, Judgement):
        judged = share(method.rule, measure)
        if isinstance(judged, Reason):
            return Line(item, weight, rules, target, method, measure, reason=judged)
        return Line(item, weight, rules, target, method, measure, None, judged, rounding.points(weight, judged))
    for unmet in rules.unmet:
        if unmet.reason is measure:
            given = Ratio.of(unmet.share)
            return Line(item, weight, rules, target, method, None, None, given, rounding.points(weight, given), measure)
    return Line(item, weight, rules, target, method, reason=measure)


# The total.


class Total(NamedTuple):
    """The total of lines and adjustments and its grade, or why there is none.

    Attributes:
        total: Points; `None` if *total_reason*.
        total_reason: Why there is no total.
        grade: The grade of the total; `None` if *grade_reason*.
        grade_reason: Why there is no grade.
    """

    total: Decimal | None
    total_reason: Reason | None
    grade: Grade | None
    grade_reason: Reason | None


def total_of(lines: Sequence[Line], adjustments: Sequence[Adjustment], rules: RuleSet) -> Total:
    """Return the total of *lines* and *adjustments* with its grade by *rules*, or why there is none."""
    total = weights = _ZERO
    unscored = []
    for line in lines:
        score, weight = line.score, line.weight
        if score is None or weight is None:
            unscored.append(line)
        else:
            total, weights = _add(total, score), _add(weights, weight)
    if unscored:
        missing = Reason.NOTHING_SCORED if len(unscored) == len(lines) else Reason.LINE_UNSCORED
        if missing is Reason.NOTHING_SCORED or any(line.applicable for line in unscored) or _none_weighed(lines):
            return Total(None, missing, None, missing)
    if adjustments:
        total = sum_of([total, *(adjustment.points for adjustment in adjustments)])
    if rules.execution.no_budget is not NoBudget.WITHOUT_WEIGHT and any(
        line.reason is Reason.NO_BUDGET for line in unscored
    ):
        return Total(total, None, None, Reason.NO_BUDGET)
    if weights != rules.total:
        return Total(total, None, None, Reason.WEIGHTS_DO_NOT_ADD_UP)
    return Total(total, None, band_of(total, rules.bands).grade, None)


def _none_weighed(lines: Sequence[Line]) -> bool:
    """Whether a form has indicators without a weight, and none with one."""
    indicators = [line for line in lines if not isinstance(line.item, Execution) and not line.blank]
    return any(line.weight is None for line in indicators) and not any(line.weight for line in indicators)


def partial_score(lines: Sequence[Line], adjustments: Sequence[Adjustment]) -> Decimal:
    """Return the points of the lines that have a score, and of the adjustments."""
    scores = [line.score for line in lines if line.score is not None]
    return sum_of([*scores, *(adjustment.points for adjustment in adjustments)])


def held(
    lines: Sequence[Line], adjustments: tuple[Adjustment, ...], rules: RuleSet
) -> tuple[tuple[Adjustment, ...], Total]:
    """Return the adjustments and the total with them, which a line of its own keeps from 0 to the full score."""
    total = total_of(lines, adjustments, rules)
    if not adjustments or total.total is None:
        return adjustments, total
    points = sum_of([adjustment.points for adjustment in adjustments])
    holding = holding_line(CONTEXT.subtract(total.total, points), total.total, rules)
    if holding is None:
        return adjustments, total
    adjustments = (*adjustments, holding)
    return adjustments, total_of(lines, adjustments, rules)


def holding_line(before: Decimal, total: Decimal, rules: RuleSet) -> Adjustment | None:
    """Return the line that holds a total which adjustments take below 0 or above the full score.

    Args:
        before: The points before the adjustments.
        total: The points with them.
        rules: The rule set, which says what the full score is.
    """
    # Lines whose weights do not add up are told as such, and are not held.
    least, most = min(_ZERO, before), max(rules.total, before)
    if least <= total <= most:
        return None
    side, end = ("least", least) if total < least else ("most", most)
    grounds = Grounds((), _in_both(f"held.{side}.why", points=plain(end)))
    return Adjustment(_in_both(f"held.{side}", points=plain(end)), CONTEXT.subtract(end, total), grounds)


def _in_both(key: str, **values: object) -> Words:
    return Words(*(message(key, locale, **values) for locale in LOCALES))
