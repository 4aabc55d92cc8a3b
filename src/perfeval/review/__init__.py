"""Reviewing a self-evaluation (复核): the reviewer's findings beside the unit's own.

The unit's form and the same form with the reviewer's actuals are evaluated by
the same rules and compared line by line. Points that a reviewer gives without
an actual stand as a judged share of the weight. A deduction needs a reason.

>>> import perfeval as pe
>>> project = pe.Project("河道清淤", fiscal_year=2022,
...     indicators=[pe.Indicator("清淤河段长度", kind="output.quantity", target="≥10公里", actual="9公里", weight=50)],
...     review=pe.Review(indicators=[pe.ReviewedIndicator("清淤河段长度", actual="8公里", reason="现场丈量8公里")]))
>>> result = review_scores(project, pe.rule_set("CN", fiscal_year=2022))
>>> row = result.rows[1]
>>> row.difference.before.score, row.difference.after.score, row.difference.difference, row.lacks_reason
(Decimal('45.00'), Decimal('40.00'), Decimal('-5.00'), False)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, overload

import attrs

from perfeval.amounts import CONTEXT, plain, sum_of
from perfeval.comparison import Comparison, LineDifference, compare
from perfeval.errors import ModelError
from perfeval.evaluation import Evaluation, evaluate
from perfeval.evaluation.scored import text_or_none
from perfeval.i18n import known
from perfeval.model import Indicator, Project, Review, ReviewedIndicator, short_name
from perfeval.model.departments import Department
from perfeval.pages import Page, Shown
from perfeval.ratios import Ratio, ratio, readable
from perfeval.rounding import RoundingMode, rounded
from perfeval.rulesets import RuleSet
from perfeval.targets import Actual, Judgement, Statement

__all__ = [
    "DepartmentReview",
    "ReviewResult",
    "ReviewRow",
    "ReviewSummary",
    "review_scores",
    "review_summary",
]


# As many as a share can have: times its weight and rounded it gives the points again.
_SHARE_DIGITS = 18


class ReviewRow(NamedTuple):
    """A line of the form with what the reviewer found.

    Attributes:
        difference: The unit's line beside the reviewed one.
        finding: What the reviewer says of it, `None` if nothing.
        reason: Why, if that is told.
        codes: The codes of findings that led to it.
    """

    difference: LineDifference
    finding: ReviewedIndicator | None
    reason: str | None
    codes: tuple[str, ...]

    @property
    def lacks_reason(self) -> bool:
        """Whether points are taken, or a score is withdrawn, without a reason."""
        row = self.difference
        before, after = row.before, row.after
        withdrawn = before is not None and before.score is not None and after is not None and after.score is None
        lowered = row.difference is not None and row.difference < 0
        return (lowered or withdrawn) and self.reason is None


@attrs.frozen(repr=False)
class ReviewResult(Shown):
    """The result of `review_scores` for a project, which explains itself.

    Attributes:
        project: The unit's form with its review.
        review: The review.
        comparison: The unit's own evaluation beside the reviewed one.
        rows: Every line with what was found.
        unmatched: What the review says of indicators that the form does not
            have.
    """

    project: Project
    review: Review
    comparison: Comparison
    rows: tuple[ReviewRow, ...]
    unmatched: tuple[ReviewedIndicator, ...]

    @property
    def rules(self) -> RuleSet:
        """The rules that both are evaluated by."""
        return self.comparison.after.rules

    @property
    def deviation(self) -> Decimal | None:
        """The reviewed total less the unit's own, points; `None` where one is not known."""
        return self.comparison.difference

    @property
    def stated_deviation(self) -> Decimal | None:
        """The reviewed total less the printed one, points; `None` where one is not known."""
        printed, reviewed = self.project.stated.total, self.comparison.after.total
        return None if printed is None or reviewed is None else CONTEXT.subtract(reviewed, printed)

    @property
    def grade_changed(self) -> bool | None:
        """Whether the grade is another; `None` where one is not known."""
        before, after = self.comparison.before.grade, self.comparison.after.grade
        return None if before is None or after is None else before is not after

    @property
    def without_reason(self) -> tuple[ReviewRow, ...]:
        """The lines whose deduction has no reason."""
        return tuple(row for row in self.rows if row.lacks_reason)

    def page(self, locale: str | None = None) -> Page:
        """Return the review as a page, in the rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.review.pages import review_page

        return review_page(self, known(self.rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the review as JSON can hold it; numbers are exact text."""
        compared = self.comparison.to_dict()
        return {
            "project": self.project.name,
            "fiscal_year": self.project.fiscal_year,
            "rule_set": self.rules.id,
            "reviewer": self.review.reviewer,
            "lines": [
                line | {"reason": row.reason, "lacks_reason": row.lacks_reason, "codes": list(row.codes)}
                for line, row in zip(compared["lines"], self.rows, strict=True)
            ],
            "adjustments": compared["adjustments"],
            "own_total": text_or_none(self.comparison.before.total),
            "reviewed_total": text_or_none(self.comparison.after.total),
            "deviation": text_or_none(self.deviation),
            "stated_deviation": text_or_none(self.stated_deviation),
            "grade_changed": self.grade_changed,
        }

    def __repr__(self) -> str:
        deviation = "no deviation of totals" if self.deviation is None else plain(self.deviation)
        return f"<ReviewResult {short_name(self.project.name)} {self.project.fiscal_year}: {deviation}>"


class ReviewSummary(NamedTuple):
    """How a batch of reviews came out.

    Attributes:
        reviewed: Projects reviewed.
        known: Those of which both totals are known; the next are of these.
        lowered: Those whose total was lowered.
        raised: Those whose total was raised.
        grades_changed: Those whose grade is another.
        mean_deviation: The mean size of the deviation, points, exact; `None`
            without a known one.
        largest_deviation: The largest size, points.
        lines_changed: Lines whose score is another.
        without_reason: Lines whose deduction has no reason.
        codes: How often each code was named, the most frequent first.
    """

    reviewed: int
    known: int
    lowered: int
    raised: int
    grades_changed: int
    mean_deviation: Ratio | None
    largest_deviation: Decimal | None
    lines_changed: int
    without_reason: int
    codes: tuple[tuple[str, int], ...]

    def page(self, locale: str | None = None) -> Page:
        """Return the summary as a page, in Chinese if no locale is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.review.pages import summary_page

        return summary_page(self, known("zh_CN" if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as JSON can hold it; numbers are exact text."""
        mean = None if self.mean_deviation is None else plain(readable(self.mean_deviation))
        largest = text_or_none(self.largest_deviation)
        return self._asdict() | {"mean_deviation": mean, "largest_deviation": largest, "codes": dict(self.codes)}


@attrs.frozen(repr=False)
class DepartmentReview(Shown):
    """The result of `review_scores` for a department.

    Attributes:
        department: The department.
        rules: The rule set.
        results: The reviews of its projects.
        without: The projects that were not reviewed.
        summary: How they came out together.
    """

    department: Department
    rules: RuleSet
    results: tuple[ReviewResult, ...]
    without: tuple[Project, ...]
    summary: ReviewSummary

    def page(self, locale: str | None = None) -> Page:
        """Return the reviews as a page: the summary, then each project.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.review.pages import department_review_page

        return department_review_page(self, known(self.rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the reviews as JSON can hold them; numbers are exact text."""
        return {
            "department": self.department.name,
            "fiscal_year": self.department.fiscal_year,
            "results": [result.to_dict() for result in self.results],
            "without": [project.name for project in self.without],
            "summary": self.summary.to_dict(),
        }

    def __repr__(self) -> str:
        return (
            f"<DepartmentReview {short_name(self.department.name)} {self.department.fiscal_year}: {len(self.results)}>"
        )


@overload
def review_scores(subject: Project, rules: RuleSet) -> ReviewResult: ...
@overload
def review_scores(subject: Department, rules: RuleSet) -> DepartmentReview: ...
@overload
def review_scores(subject: Project | Department, rules: RuleSet) -> ReviewResult | DepartmentReview: ...
def review_scores(subject: Project | Department, rules: RuleSet) -> ReviewResult | DepartmentReview:
    """Return a reviewer's findings beside the unit's own scores, by the same rules.

    The reviewed form has the reviewer's actuals and expenditure; points that
    the reviewer gives are the share ``score / weight`` of the line.

    Args:
        subject: A project with its ``review``, or a department.
        rules: The rule set that both are evaluated by.

    Returns:
        A `ReviewResult`, or a `DepartmentReview` with one for each project
        that was reviewed. Where a score is not known, so is the deviation.

    Raises:
        ModelError: If a project has no review.

    Source: 财预〔2020〕10号 art. 21: the unit answers for truth and accuracy.
    """
    if isinstance(subject, Project):
        return _reviewed(subject, rules)
    results = tuple(_reviewed(project, rules) for project in subject.projects if project.review is not None)
    without = tuple(project for project in subject.projects if project.review is None)
    return DepartmentReview(subject, rules, results, without, review_summary(results))


def _reviewed(project: Project, rules: RuleSet) -> ReviewResult:
    review = project.review
    if review is None:
        raise ModelError(f"{project.name}: it has no review")
    findings, unmatched = _matched(project.indicators, review.indicators)
    rows = [
        row if finding is None else _found(row, finding)
        for row, finding in zip(project.indicators, findings, strict=True)
    ]
    there = attrs.evolve(project, indicators=rows)
    if review.actual_expenditure is not None:
        total = attrs.evolve(project.stated.funding_total, actual_expenditure=review.actual_expenditure)
        stated = attrs.evolve(there.stated, funding_total=total)
        there = attrs.evolve(there, stated=stated, execution_judgement=None)
    before, after = evaluate(project, rules), evaluate(there, rules)
    comparison = _in_order(compare(before, after), before, after)
    money = ReviewRow(comparison.lines[0], None, review.reason, review.codes)
    lines = [
        ReviewRow(
            difference,
            finding,
            None if finding is None else finding.reason,
            () if finding is None else finding.codes,
        )
        for difference, finding in zip(comparison.lines[1:], findings, strict=True)
    ]
    return ReviewResult(project, review, comparison, (money, *lines), unmatched)


def _in_order(comparison: Comparison, before: Evaluation, after: Evaluation) -> Comparison:
    """The comparison line by line: a reviewed form has the lines of the form, doubled names included."""
    by_lines = {(id(row.before), id(row.after)): row for row in comparison.lines}
    rows = tuple(by_lines[id(one), id(other)] for one, other in zip(before.lines, after.lines, strict=True))
    return attrs.evolve(comparison, lines=rows)


def _found(indicator: Indicator, finding: ReviewedIndicator) -> Indicator:
    """The indicator as the reviewer found it; what the form judges is not judged of another actual."""
    actual = _actual_found(indicator, finding)
    if finding.score is None and finding.actual is None and finding.judgement is None:
        return indicator
    return attrs.evolve(indicator, actual=actual, judgement=finding.judgement if finding.score is None else None)


def _actual_found(indicator: Indicator, finding: ReviewedIndicator) -> Actual | None:
    """What the reviewer found: points as a share of the weight, else the actual."""
    weight = indicator.weight
    score = finding.score
    if score is not None and weight is not None and not 0 <= score <= weight:
        # No points of this line: words, which have no score.
        return Statement(f"{plain(score)}分")
    if score is not None and weight:
        share = ratio(score, weight)
        steps = rounded(share.numerator * 10**_SHARE_DIGITS, share.denominator, RoundingMode.HALF_UP)
        return Judgement(share=CONTEXT.scaleb(Decimal(steps), -_SHARE_DIGITS))
    return indicator.actual if finding.actual is None else finding.actual


def _matched(
    indicators: Sequence[Indicator], findings: Sequence[ReviewedIndicator]
) -> tuple[list[ReviewedIndicator | None], tuple[ReviewedIndicator, ...]]:
    """The finding of each indicator, by name and kind where that is told; and what belongs to none."""
    waiting = list(findings)
    found: list[ReviewedIndicator | None] = []
    for indicator in indicators:
        same = [row for row in waiting if row.indicator == indicator.name and row.kind in (None, indicator.kind)]
        found.append(same[0] if same else None)
        if same:
            waiting.remove(same[0])
    return found, tuple(waiting)


def review_summary(results: Iterable[ReviewResult]) -> ReviewSummary:
    """Return how a batch of reviews came out: how often, how far, which codes.

    Args:
        results: The reviews, of any number of departments.

    Returns:
        A `ReviewSummary`; deviations are of the reviewed totals from the
        unit's own, by the same rules.
    """
    every = tuple(results)
    deviations = [result.deviation for result in every if result.deviation is not None]
    sizes = [CONTEXT.abs(deviation) for deviation in deviations]
    codes = Counter(code for result in every for row in result.rows for code in row.codes)
    return ReviewSummary(
        len(every),
        len(deviations),
        sum(deviation < 0 for deviation in deviations),
        sum(deviation > 0 for deviation in deviations),
        sum(result.grade_changed is True for result in every),
        ratio(sum_of(sizes), Decimal(len(sizes))) if sizes else None,
        max(sizes, default=None),
        sum(bool(row.difference.difference) for result in every for row in result.rows),
        sum(len(result.without_reason) for result in every),
        tuple(sorted(codes.items(), key=lambda row: (-row[1], row[0]))),
    )
