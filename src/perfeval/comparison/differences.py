"""Comparing two results: where each point went.

Two years, two rule sets or other actuals: the lines of both results are
matched, and the difference of each line is told apart by what it comes from.
The first line is changed into the second one step at a time: another target,
another actual, another weight, another rule set; each step has its points.

>>> import perfeval as pe
>>> rules = pe.rule_set("CN", fiscal_year=2022)
>>> def year(target, actual):
...     return pe.evaluate(pe.Project("排水改造", fiscal_year=2022, indicators=[pe.Indicator("改造管网长度",
...         kind="output.quantity", target=target, actual=actual, weight=50)]), rules)
>>> row = compare(year("≥50公里", "40公里"), year("≥60公里", "54公里")).lines[1]
>>> row.difference, [(part.cause.value, part.points) for part in row.parts]
(Decimal('5.00'), [('target', Decimal('-6.67')), ('actual', Decimal('11.67'))])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar, overload

import attrs

from perfeval.amounts import CONTEXT, plain, sum_of
from perfeval.comparison.matching import Key, Match, Pair, pairs_of
from perfeval.evaluation import Evaluation, Execution, Line
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.evaluation.lines import CommonIndicator, execution_line, execution_of, indicator_line
from perfeval.evaluation.scored import Scored, text_or_none
from perfeval.i18n import known
from perfeval.model import Adjustment, Indicator, Project
from perfeval.model.departments import Department
from perfeval.pages import Page, Shown
from perfeval.ratios import Ratio, readable
from perfeval.rulesets import RuleSet

__all__ = [
    "AdjustmentDifference",
    "Cause",
    "Comparison",
    "DepartmentComparison",
    "LineDifference",
    "Part",
    "ProjectDifference",
    "compare",
    "paired",
    "paired_projects",
]

T = TypeVar("T")

_ZERO = Decimal(0)


class Cause(StrEnum):
    """What points come from, in the order in which the steps are taken."""

    TARGET = "target"
    BUDGET = "budget"
    ACTUAL = "actual"
    FINISHED = "finished"
    WEIGHT = "weight"
    RULES = "rules"
    ADDED = "added"
    REMOVED = "removed"


class Part(NamedTuple):
    """The points of a difference that come from one cause, signed."""

    cause: Cause
    points: Decimal


class LineDifference(NamedTuple):
    """A line of one result beside that of the other.

    Attributes:
        before: The line of the first result, `None` if it has none.
        after: The line of the second result, `None` if it has none.
        match: What the two are matched by; `None` for the execution rate,
            and where one is missing.
        likeness: How alike their names are, where they are matched by that.
        difference: What the line adds to the second total less what it adds
            to the first, points; `None` where one of them is not known.
        parts: Where the difference comes from; they add to it. Empty where it
            is not known, or cannot be told apart.
    """

    before: Line | None
    after: Line | None
    match: Match | None
    likeness: Ratio | None
    difference: Decimal | None
    parts: tuple[Part, ...]

    @property
    def changed(self) -> bool:
        """Whether anything of the line is another: its score, or what it comes from."""
        one, other = self.before, self.after
        if one is None or other is None or self.difference:
            return True
        return _shown(one) != _shown(other)

    @property
    def line(self) -> Line:
        """The second line, or the first one where there is no second."""
        return _one_of(self.after, self.before)


def _one_of(first: T | None, second: T | None) -> T:
    """The first of the two that there is: a pair has one."""
    for found in (first, second):
        if found is not None:
            return found
    raise LookupError("expected a pair with at least one side")


def _shown(line: Line) -> tuple[object, ...]:
    item = line.item
    own = (
        (item.name, item.kind, item.actual, item.judgement)
        if isinstance(item, Indicator)
        else (*item[:3], getattr(item, "judgement", None))
    )
    return (own, line.target, line.weight, line.score, line.reason)


class AdjustmentDifference(NamedTuple):
    """What changes the first total, the second, or both: points are 0 where it does not."""

    adjustment: Adjustment
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """Points."""
        return CONTEXT.subtract(self.after, self.before)


def _rows_of(adjustments: Iterable[AdjustmentDifference]) -> list[dict[str, str]]:
    return [
        {"label": row.adjustment.texts("en")[0], "before": plain(row.before), "after": plain(row.after)}
        for row in adjustments
    ]


@attrs.frozen(repr=False)
class Comparison(Shown):
    """The result of `compare` for two scored results.

    Attributes:
        before: The first result.
        after: The second result.
        lines: Every line of both, in the order of the second.
        adjustments: What changes the totals afterwards.
        difference: The second total less the first, points; `None` where one
            of them has no total. It is the sum of the lines and adjustments.
    """

    before: Scored
    after: Scored
    lines: tuple[LineDifference, ...]
    adjustments: tuple[AdjustmentDifference, ...]
    difference: Decimal | None

    @property
    def changes(self) -> tuple[LineDifference, ...]:
        """The lines of which anything is another."""
        return tuple(row for row in self.lines if row.changed)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changes) or any(row.difference for row in self.adjustments)

    def page(self, locale: str | None = None) -> Page:
        """Return the comparison as a page, in the second rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.comparison.pages import comparison_page

        return comparison_page(self, self._locale(locale))

    def _locale(self, locale: str | None) -> str:
        return known(self.after.rules.default_locale if locale is None else locale)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON can hold it; numbers are exact text."""
        return {
            "before": _head(self.before),
            "after": _head(self.after),
            "lines": [_row(row) for row in self.lines],
            "adjustments": _rows_of(self.adjustments),
            "difference": text_or_none(self.difference),
        }

    def __repr__(self) -> str:
        difference = "no difference of totals" if self.difference is None else plain(self.difference)
        return f"<Comparison: {len(self.changes)} of {len(self.lines)} lines changed, {difference}>"


def _head(result: Scored) -> dict[str, Any]:
    subject = result.subject
    return {
        "name": subject.name,
        "fiscal_year": subject.fiscal_year,
        "rule_set": result.rules.id,
        "total": text_or_none(result.total),
        "grade": result.grade and result.grade.value,
    }


def _row(row: LineDifference) -> dict[str, Any]:
    def score(line: Line | None) -> str | None:
        return None if line is None else text_or_none(line.score)

    return {
        "name": row.line.name,
        "before": score(row.before),
        "after": score(row.after),
        "match": row.match and row.match.value,
        "likeness": None if row.likeness is None else plain(readable(row.likeness)),
        "changed": row.changed,
        "difference": text_or_none(row.difference),
        "parts": {part.cause.value: plain(part.points) for part in row.parts},
    }


class ProjectDifference(NamedTuple):
    """A project of one department's results beside that of the other.

    Attributes:
        before: Its first evaluation, `None` if there is none.
        after: Its second evaluation, `None` if there is none.
        match: What the two are matched by.
        likeness: How alike their names are, where they are matched by that.
        comparison: The two compared, where there are both.
    """

    before: Evaluation | None
    after: Evaluation | None
    match: Match | None
    likeness: Ratio | None
    comparison: Comparison | None

    @property
    def project(self) -> Project:
        """The second project, or the first one where there is no second."""
        return _one_of(self.after, self.before).project


@attrs.frozen(repr=False)
class DepartmentComparison(Shown):
    """The result of `compare` for two departments.

    Attributes:
        before: The first result.
        after: The second result.
        projects: Every project of both, in the order of the second.
        adjustments: What changes the means afterwards.
    """

    before: DepartmentEvaluation
    after: DepartmentEvaluation
    projects: tuple[ProjectDifference, ...]
    adjustments: tuple[AdjustmentDifference, ...]

    @property
    def mean_difference(self) -> Decimal | None:
        """The second mean score less the first, points; `None` where one is not known."""
        return _less(self.after.mean_score, self.before.mean_score)

    @property
    def adjusted_difference(self) -> Decimal | None:
        """Likewise of the means with the adjustments, points."""
        return _less(self.after.adjusted_mean_score, self.before.adjusted_mean_score)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        if any(row.difference for row in self.adjustments):
            return True
        return any(row.comparison is None or bool(row.comparison) for row in self.projects)

    def page(self, locale: str | None = None) -> Page:
        """Return the comparison as a page, in the second rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.comparison.pages import department_comparison_page

        return department_comparison_page(self, known(self.after.rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON can hold it; numbers are exact text."""
        return {
            "before": self.before.department.name,
            "after": self.after.department.name,
            "projects": [
                {
                    "name": row.project.name,
                    "match": row.match and row.match.value,
                    "comparison": row.comparison and row.comparison.to_dict(),
                }
                for row in self.projects
            ],
            "adjustments": _rows_of(self.adjustments),
            "mean_difference": text_or_none(self.mean_difference),
            "adjusted_difference": text_or_none(self.adjusted_difference),
        }

    def __repr__(self) -> str:
        return f"<DepartmentComparison: {len(self.projects)} projects>"


@overload
def compare(before: Scored, after: Scored) -> Comparison: ...
@overload
def compare(before: DepartmentEvaluation, after: DepartmentEvaluation) -> DepartmentComparison: ...
@overload
def compare(
    before: Scored | DepartmentEvaluation, after: Scored | DepartmentEvaluation
) -> Comparison | DepartmentComparison: ...
def compare(
    before: Scored | DepartmentEvaluation, after: Scored | DepartmentEvaluation
) -> Comparison | DepartmentComparison:
    """Return where the points of two results differ, and what each difference comes from.

    Indicators and projects are matched by code, then name, then kind and
    likeness of their names, which the result says. The difference of a line
    is ``second score - first score``; its parts follow from changing the first
    line into the second one step at a time: target, actual, weight, rules.

    Args:
        before: The first result: another year, other rules, other actuals.
        after: The second result, of the same kind.

    Returns:
        A `Comparison`, or a `DepartmentComparison` with one for each project;
        points are signed and exact. Where a score or a total is not known, so
        is the difference.

    Raises:
        TypeError: If a department is compared with what is none.
    """
    if isinstance(before, DepartmentEvaluation) and isinstance(after, DepartmentEvaluation):
        return _compare_departments(before, after)
    if isinstance(before, DepartmentEvaluation) or isinstance(after, DepartmentEvaluation):
        raise TypeError(f"expected two results of one kind, got {type(before).__name__} and {type(after).__name__}")
    subjects = (before.subject, after.subject)
    lines = tuple(_difference(*row, subjects) for row in paired(before.lines, after.lines))
    return Comparison(
        before, after, lines, tuple(_adjusted(before.adjustments, after.adjustments)), _less(after.total, before.total)
    )


def _compare_departments(before: DepartmentEvaluation, after: DepartmentEvaluation) -> DepartmentComparison:
    rows = []
    for one, other, pair in paired_projects(before.projects, after.projects):
        both = None if one is None or other is None else compare(one, other)
        rows.append(ProjectDifference(one, other, pair.match, pair.likeness, both))
    adjustments = tuple(_adjusted(before.adjustments, after.adjustments))
    return DepartmentComparison(before, after, tuple(rows), adjustments)


def paired_projects(
    before: Sequence[Evaluation], after: Sequence[Evaluation]
) -> Iterator[tuple[Evaluation | None, Evaluation | None, Pair]]:
    """Yield which project of the first belongs to which of the second: in the second's order, then what it lacks."""

    def keys(results: Sequence[Evaluation]) -> list[Key]:
        return [Key(one.project.code, one.project.name, None) for one in results]

    for pair in pairs_of(keys(before), keys(after)):
        one = None if pair.before is None else before[pair.before]
        yield one, None if pair.after is None else after[pair.after], pair


def paired(before: Sequence[Line], after: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None, Pair]]:
    """Yield which line of the first belongs to which of the second: in the second's order, then what it lacks."""
    for pair in pairs_of([_key(line) for line in before], [_key(line) for line in after]):
        one = None if pair.before is None else before[pair.before]
        yield one, None if pair.after is None else after[pair.after], pair


def _key(line: Line) -> Key:
    item = line.item
    if isinstance(item, Indicator):
        return Key(item.code, item.name, item.kind)
    # The only one of its kind, and never taken for an indicator of that name.
    return Key(f"\0{line.name}", line.name, type(item).__name__)


Subjects = tuple[Project | Department, Project | Department]


def _difference(before: Line | None, after: Line | None, pair: Pair, subjects: Subjects) -> LineDifference:
    one, other = _counted(before), _counted(after)
    difference = _less(other, one)
    is_indicator = any(line is not None and isinstance(line.item, Indicator) for line in (before, after))
    match = pair.match if is_indicator else None
    parts: tuple[Part, ...] = ()
    if difference is not None:
        parts = tuple(_parts(before, after, difference, subjects))
        # What cannot be told apart is not told in part.
        if sum_of(part.points for part in parts) != difference:
            parts = ()
    return LineDifference(before, after, match, pair.likeness, difference, parts)


def _counted(line: Line | None) -> Decimal | None:
    """What a line adds to its total: nothing where it is absent or does not belong to it."""
    if line is None or (line.score is None and not line.applicable):
        return _ZERO
    return line.score


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else CONTEXT.subtract(one, other)


def _parts(before: Line | None, after: Line | None, difference: Decimal, subjects: Subjects) -> Iterator[Part]:
    if before is None or after is None:
        if difference:
            yield Part(Cause.ADDED if before is None else Cause.REMOVED, difference)
        return
    last = _counted(before)
    for cause, score in _steps(before, after, subjects):
        if score is None or last is None:
            return
        if score != last:
            yield Part(cause, CONTEXT.subtract(score, last))
        last = score


def _steps(before: Line, after: Line, subjects: Subjects) -> Iterator[tuple[Cause, Decimal | None]]:
    """The score of the first line after each step on its way to the second."""
    one, other, rules = before.item, after.item, before.rules
    if isinstance(one, Indicator) and isinstance(other, Indicator):
        step = attrs.evolve(one, name=other.name, kind=other.kind, target=other.target)
        yield Cause.TARGET, indicator_line(step, rules).score
        step = attrs.evolve(step, actual=other.actual, judgement=other.judgement)
        yield Cause.ACTUAL, indicator_line(step, rules).score
        step = attrs.evolve(step, weight=other.weight)
        yield Cause.WEIGHT, indicator_line(step, rules).score
    elif isinstance(one, Execution) and isinstance(other, Execution):
        yield from _execution_steps(one, other, rules, subjects)
    elif isinstance(one, CommonIndicator) and isinstance(other, CommonIndicator):
        if one.figures == other.figures and before.weight != after.weight and rules == after.rules:
            yield Cause.WEIGHT, _counted(after)
        elif before.weight == after.weight and rules == after.rules:
            yield Cause.ACTUAL, _counted(after)
        else:
            return
    yield Cause.RULES, _counted(after)


def _execution_steps(
    one: Execution, other: Execution, rules: RuleSet, subjects: Subjects
) -> Iterator[tuple[Cause, Decimal | None]]:
    before, after = subjects
    if not isinstance(before, Project) or not isinstance(after, Project):
        return
    # By the first rules, which may divide by another budget.
    there = other if other.basis is one.basis else execution_of(after, one.basis)
    step = one._replace(budget=there.budget)
    yield Cause.BUDGET, _counted(execution_line(before, step, rules))
    step = step._replace(actual_expenditure=there.actual_expenditure, judgement=there.judgement)
    yield Cause.ACTUAL, _counted(execution_line(before, step, rules))
    yield Cause.FINISHED, _counted(execution_line(after, step, rules))


def _adjusted(before: Iterable[Adjustment], after: Iterable[Adjustment]) -> Iterator[AdjustmentDifference]:
    """What changes the totals: the same label belongs together, the first to the first."""
    waiting = list(before)
    for adjustment in after:
        same = next((one for one in waiting if one.label == adjustment.label), None)
        if same is not None:
            waiting.remove(same)
        yield AdjustmentDifference(adjustment, _ZERO if same is None else same.points, adjustment.points)
    for one in waiting:
        yield AdjustmentDifference(one, one.points, _ZERO)
