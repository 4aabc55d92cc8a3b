"""What each line would need for a grade, the others unchanged.

The search changes one actual at a time, in steps of its own last digit, and
evaluates the whole form again: deductions and caps of the total included.

>>> import perfeval as pe
>>> result = pe.evaluate(pe.Project("排水改造", fiscal_year=2022, indicators=[
...     pe.Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="40公里", weight=60),
...     pe.Indicator("居民满意度", kind="satisfaction", target="≥90%", actual="90%", weight=30)],
...     funding=[pe.FundingLine(adjusted_budget=pe.wan(90), actual_expenditure=pe.wan(90))]),
...     pe.rule_set("CN", fiscal_year=2022))
>>> result.total, result.grade.value
(Decimal('88.00'), 'good')
>>> row = needed(result).rows[1]
>>> str(row.actual), row.score, row.total
('42公里', Decimal('50.40'), Decimal('90.40'))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT, exponent_of, plain
from perfeval.cited import Grounds
from perfeval.errors import ModelError
from perfeval.evaluation import Evaluation, Execution, Line, evaluate
from perfeval.evaluation.scored import text_or_none
from perfeval.i18n import known
from perfeval.members import to_member
from perfeval.model import Adjustment, Indicator, Project
from perfeval.pages import Page, Shown
from perfeval.reasons import Reason
from perfeval.rulesets import RuleSet
from perfeval.scoring import Grade
from perfeval.targets import (
    Actual,
    Between,
    Comparator,
    Completion,
    Deadline,
    Judgement,
    Quantity,
    Threshold,
)

__all__ = ["Needed", "NeededLine", "Open", "needed"]

_DOWNWARD = (Comparator.AT_MOST, Comparator.LESS_THAN)
# Beyond the target by this factor at most: some rules go on above it.
_DOUBLINGS = 7


class Open(StrEnum):
    """Why a line is told no actual to reach."""

    OUT_OF_REACH = "out_of_reach"
    ANOTHER_LINE = "another_line"
    NO_FIGURE = "no_figure"


class NeededLine(NamedTuple):
    """What one line would need for the grade, the others unchanged.

    Attributes:
        line: The line as it is.
        actual: The least that would do: an actual, or yuan for the execution
            rate; `None` if *open* says why.
        step: The step that *actual* was searched in: one step less misses the
            grade.
        score: The points that the line would have then.
        total: The total then.
        open: Why there is no such actual.
    """

    line: Line
    actual: Actual | Decimal | None
    step: Decimal | None
    score: Decimal | None
    total: Decimal | None
    open: Open | None


@attrs.frozen(repr=False)
class Needed(Shown):
    """The result of `needed`.

    Attributes:
        evaluation: The evaluation.
        grade: The grade that is looked for.
        at_least: The total that it begins at, points; `None` for the lowest.
        missing: The points that the total lacks; 0 or less if it has the
            grade, `None` if there is no total.
        rows: What each line would need; none if the grade is reached, or if
            the form cannot have a grade.
        reason: Why the form cannot have a grade, whatever its lines reach.
    """

    evaluation: Evaluation
    grade: Grade
    at_least: Decimal | None
    missing: Decimal | None
    rows: tuple[NeededLine, ...]
    reason: Reason | None

    @property
    def reached(self) -> bool:
        """Whether the evaluation has that grade or a better one."""
        return _at_least(self.evaluation, self.grade)

    def page(self, locale: str | None = None) -> Page:
        """Return the result as a page, in the rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.comparison.pages import needed_page

        return needed_page(self, known(self.evaluation.rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON can hold it; numbers are exact text."""
        return {
            "project": self.evaluation.project.name,
            "grade": self.grade.value,
            "reached": self.reached,
            "missing": text_or_none(self.missing),
            "reason": self.reason and self.reason.value,
            "lines": [
                {
                    "name": row.line.name,
                    "actual": plain(row.actual) if isinstance(row.actual, Decimal) else row.actual and str(row.actual),
                    "score": text_or_none(row.score),
                    "total": text_or_none(row.total),
                    "open": row.open and row.open.value,
                }
                for row in self.rows
            ],
        }

    def __repr__(self) -> str:
        missing = "no total" if self.missing is None else f"{plain(self.missing)} points missing"
        return f"<Needed {self.grade}: {missing}>"


def needed(evaluation: Evaluation, grade: Grade | str | None = None) -> Needed:
    """Return what each line would need for *grade*, the others unchanged.

    Args:
        evaluation: An evaluation of a project.
        grade: The grade; by default the next better one.

    Returns:
        A `Needed`. Each actual is exact: one step of its last digit less (for
        "≤" targets more, for a date a day later) misses the grade. A line
        that cannot bring the grade alone says why.

    Raises:
        ModelError: If there is no such grade in the rule set.
    """
    rules = evaluation.rules
    wanted = _next_grade(evaluation) if grade is None else to_member(Grade, grade, "grade")
    band = next((row for row in rules.bands if row.grade is wanted), None)
    if band is None:
        raise ModelError(
            f"expected a grade of {rules.id} ({', '.join(row.grade for row in rules.bands)}), got {wanted}"
        )
    missing = None
    if evaluation.total is not None:
        missing = CONTEXT.subtract(band.at_least or Decimal(0), evaluation.total)
    reason = _hopeless(evaluation)
    rows: tuple[NeededLine, ...] = ()
    if reason is None and not _at_least(evaluation, wanted):
        lines = enumerate(evaluation.lines)
        rows = tuple(_row(evaluation, position, wanted) for position, line in lines if not line.blank)
    return Needed(evaluation, wanted, band.at_least, missing, rows, reason)


def _rank(evaluation: Evaluation, grade: Grade | None) -> int:
    """The place of a grade among the bands, from the best on; beyond the last for none."""
    grades: list[Grade | None] = [band.grade for band in evaluation.rules.bands]
    return grades.index(grade) if grade in grades else len(grades)


def _at_least(evaluation: Evaluation, grade: Grade) -> bool:
    return evaluation.grade is not None and _rank(evaluation, evaluation.grade) <= _rank(evaluation, grade)


def _next_grade(evaluation: Evaluation) -> Grade:
    bands = evaluation.rules.bands
    return bands[max(0, _rank(evaluation, evaluation.grade) - 1)].grade


_HOPELESS = (Reason.EXCERPT, Reason.WEIGHTS_DO_NOT_ADD_UP, Reason.NO_BUDGET)


def _hopeless(evaluation: Evaluation) -> Reason | None:
    return evaluation.grade_reason if evaluation.grade_reason in _HOPELESS else None


class _Axis(NamedTuple):
    """What a search changes: whole steps in one direction.

    Attributes:
        at: The project with an actual of so many steps, and that actual.
        step: The size of a step.
        start: Where the line stands, or the worst end where it has no actual.
        goals: Where to look for success, the nearest first.
    """

    at: Callable[[int], tuple[Project, Actual | Decimal]]
    step: Decimal
    start: int
    goals: tuple[int, ...]


def _row(evaluation: Evaluation, position: int, grade: Grade) -> NeededLine:
    line = evaluation.lines[position]

    def without(why: Open) -> NeededLine:
        return NeededLine(line, None, None, None, None, why)

    if any(other.score is None and other.applicable for other in evaluation.lines if other is not line):
        return without(Open.ANOTHER_LINE)
    axis = _axis(evaluation, position)
    if axis is None:
        return without(Open.NO_FIGURE)
    given = _given(evaluation)

    def tried(steps: int) -> Evaluation:
        return evaluate(axis.at(steps)[0], evaluation.rules, adjustments=given)

    worse = axis.start
    for goal in axis.goals:
        if _at_least(tried(goal), grade):
            break
        worse = goal
    else:
        return without(Open.OUT_OF_REACH)
    if _at_least(tried(worse), grade):
        # Its bound was what kept the actual from counting.
        goal, worse = worse, worse + (worse - goal or 1)
        while _at_least(tried(worse), grade):
            worse += worse - goal
            if abs(worse - goal) > _FARTHEST:
                return without(Open.NO_FIGURE)
    while abs(goal - worse) > 1:
        middle = (goal + worse) // 2
        if _at_least(tried(middle), grade):
            goal = middle
        else:
            worse = middle
    found = tried(goal)
    return NeededLine(line, axis.at(goal)[1], axis.step, found.lines[position].score, found.total, None)


_FARTHEST = 10**18


def _given(evaluation: Evaluation) -> list[Adjustment]:
    """The adjustments that were given beside the form; all others follow from it anew."""
    rules, given = evaluation.rules, list(evaluation.adjustments[len(evaluation.project.adjustments) :])
    ruled = [part.grounds for part in (rules.deduction, rules.cap) if part is not None]
    # The line that holds a total is the last one, and alone cites no article.
    if given and isinstance(given[-1].source, Grounds) and not given[-1].source.cites:
        given.pop()
    return [one for one in given if not any(one.source is grounds for grounds in ruled)]


def _axis(evaluation: Evaluation, position: int) -> _Axis | None:
    line, project = evaluation.lines[position], evaluation.project
    item = line.item
    if isinstance(item, Execution):
        return _money_axis(project, item)
    if not isinstance(item, Indicator) or line.weight is None:
        return None
    row = position - 1

    def with_actual(actual: Actual) -> tuple[Project, Actual]:
        rows = list(project.indicators)
        if line.judged and isinstance(actual, Judgement):
            rows[row] = attrs.evolve(rows[row], judgement=actual)
        else:
            # What was judged was another actual.
            rows[row] = attrs.evolve(rows[row], actual=actual, judgement=None)
        return attrs.evolve(project, indicators=rows), actual

    target = line.target
    if line.judged or isinstance(item.actual, Judgement) or not isinstance(target, Threshold | Between | Deadline):
        return _judged_axis(item, evaluation.rules, with_actual)
    if isinstance(target, Deadline):
        late = item.actual.date if isinstance(item.actual, Completion) else target.date + dt.timedelta(1)
        return _Axis(
            lambda day: with_actual(Completion(dt.date.fromordinal(day))),
            Decimal(1),
            late.toordinal(),
            (target.date.toordinal(),),
        )
    return _figure_axis(item, target, with_actual)


With = Callable[[Actual], tuple[Project, Actual]]


def _judged_axis(item: Indicator, rules: RuleSet, with_actual: With) -> _Axis | None:
    """A judged share, with the tier whose range holds it."""
    method = rules.method_for("judgement", item.kind)
    if method is None:
        return None
    judged = item.judgement or item.actual
    stated = judged.share if isinstance(judged, Judgement) else None
    exponent = min(-2, -2 if stated is None else max(exponent_of(stated), -4))
    whole = 10**-exponent
    ranges = method.rule.tier_ranges

    def at(steps: int) -> tuple[Project, Actual]:
        share = CONTEXT.scaleb(Decimal(steps), exponent)
        tier = next((row.tier for row in ranges if row.lower <= share and (share < row.upper or row.upper == 1)), None)
        return with_actual(Judgement(tier, share=share))

    start = 0 if stated is None or not 0 <= stated <= 1 else int(CONTEXT.scaleb(stated, -exponent))
    return _Axis(at, Decimal(1).scaleb(exponent, CONTEXT), start, (whole,))


def _figure_axis(item: Indicator, target: Threshold | Between, with_actual: With) -> _Axis:
    """A figure in the unit of its target."""
    actual = item.actual
    # A change or a rank is searched as one, under the target's label.
    meaning, base = (target.meaning, target.base) if isinstance(target, Threshold) else (None, None)
    known = None
    if isinstance(actual, Quantity) and actual.unit in (None, target.unit) and actual.meaning is meaning:
        known = actual.value
    aims = (target.value,) if isinstance(target, Threshold) else (target.lower, target.upper)
    exponent = min(0 if known is None else exponent_of(known), *map(exponent_of, aims))

    def steps_of(figure: Decimal) -> int:
        return int(CONTEXT.scaleb(figure, -exponent))

    def at(steps: int) -> tuple[Project, Actual]:
        figure = CONTEXT.scaleb(Decimal(steps), exponent)
        return with_actual(Quantity(figure, target.unit, meaning=meaning, base=base, label=target.label))

    start = 0 if known is None else steps_of(known)
    if isinstance(target, Between):
        goal = steps_of(target.upper if known is not None and known > target.upper else target.lower)
        goals: tuple[int, ...] = (goal,)
        start = goal - 1 if known is None else start
    else:
        goal = steps_of(target.value)
        goals = (goal,)
        if target.comparator in _DOWNWARD:
            start = max(2 * goal, 1) if known is None else start
            goals = (goal, *(goal >> times for times in range(1, _DOUBLINGS)), 0)
            if target.comparator is Comparator.LESS_THAN:
                goals = (goal - 1, *goals[1:])
        elif target.comparator is not Comparator.EQUAL:
            first = goal + 1 if target.comparator is Comparator.MORE_THAN else goal
            goals = (first, *(goal << times for times in range(1, _DOUBLINGS)))
    return _Axis(at, Decimal(1).scaleb(exponent, CONTEXT), start, tuple(dict.fromkeys(goals)))


def _money_axis(project: Project, execution: Execution) -> _Axis | None:
    """What was spent, in yuan; never more than the budget."""
    spent, budget = execution.actual_expenditure, execution.budget
    if not budget or budget < 0:
        return None
    spent = spent if spent is not None and spent >= 0 else Decimal(0)
    exponent = min(exponent_of(spent), exponent_of(budget), execution.unit.exponent - 2)

    def at(steps: int) -> tuple[Project, Decimal]:
        amount = CONTEXT.scaleb(Decimal(steps), exponent)
        total = attrs.evolve(project.stated.funding_total, actual_expenditure=amount)
        # What was judged was another rate.
        stated = attrs.evolve(project.stated, funding_total=total)
        return attrs.evolve(project, stated=stated, execution_judgement=None), amount

    start, goal = (int(CONTEXT.scaleb(figure, -exponent)) for figure in (spent, budget))
    return _Axis(at, Decimal(1).scaleb(exponent, CONTEXT), start, (goal,))
