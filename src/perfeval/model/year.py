"""The year around the score: states at mid-year, figures of earlier years, reviews.

Plain frozen records, as the form's own are; a `Project` or an `Indicator`
holds them. They are loaded when the first one is made or asked for.

>>> from perfeval import Project, wan
>>> state = Monitoring(dt.date(2022, 7, 31), spent_to_date=wan(40))
>>> Project("排水改造", fiscal_year=2022, monitoring=[state]).monitoring[0].spent_to_date == wan(40)
True
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

import attrs

from perfeval.errors import ModelError
from perfeval.members import to_member
from perfeval.model.values import (
    Breakdown,
    FundingSource,
    IndicatorKind,
    Light,
    to_actual,
    to_amount,
    to_breakdown,
    to_codes,
    to_day,
    to_fiscal_year,
    to_judgement,
    to_kind,
    to_light,
    to_name,
    to_points,
    to_source,
    to_text,
    tuple_of,
)
from perfeval.targets import Actual, Judgement, to_date

__all__ = [
    "DeviationCause",
    "Likelihood",
    "MonitoredFunding",
    "MonitoredIndicator",
    "Monitoring",
    "PastFigure",
    "Review",
    "ReviewedIndicator",
    "to_causes",
]


class Likelihood(StrEnum):
    """Whether the target of the year will be reached (完成目标可能性)."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"


class DeviationCause(StrEnum):
    """The five headings of causes of a deviation (偏差原因分析).

    Source: the annexes of Henan's measures for monitoring.
    """

    MONEY = "money"
    RULES = "rules"
    PEOPLE = "people"
    HARDWARE = "hardware"
    OTHER = "other"


def to_likelihood(value: Likelihood | str | None) -> Likelihood | None:
    """Return the likelihood that *value* names, or `None`."""
    return None if value is None else to_member(Likelihood, value, "likelihood")


def to_causes(value: Iterable[DeviationCause | str]) -> tuple[DeviationCause, ...]:
    """Return causes of a deviation as a tuple."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ModelError(f"expected a list of causes, got {value!r}")
    return tuple(to_member(DeviationCause, cause, "cause") for cause in value)


@attrs.frozen
class PastFigure:
    """What an indicator reached in an earlier year: the baseline of its target.

    Attributes:
        year: The year.
        actual: What was reached; text is read as an actual is.
    """

    year: int = attrs.field(converter=to_fiscal_year)
    actual: Actual | None = attrs.field(default=None, converter=to_actual)


@attrs.frozen
class MonitoredFunding:
    """The money of one source at mid-year.

    Attributes:
        source: As in the row of the budget that it belongs to.
        spent_to_date: What was spent, yuan.
        expected_expenditure: What is expected to be spent in the year, yuan.
        breakdown: Which breakdown of the total the row belongs to.
        label: The row's name as printed.
    """

    source: FundingSource = attrs.field(default=FundingSource.UNSPECIFIED, converter=to_source)
    spent_to_date: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    expected_expenditure: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    breakdown: Breakdown = attrs.field(default=Breakdown.SOURCE, kw_only=True, converter=to_breakdown)
    label: str | None = attrs.field(default=None, kw_only=True, converter=to_text)


@attrs.frozen
class MonitoredIndicator:
    """An indicator at mid-year.

    Attributes:
        indicator: The indicator's name.
        kind: Its kind, where the form has the name twice.
        done: What was reached so far; text is read as an actual is.
        expected: What is expected for the year.
        causes: Under which headings the cause of a deviation falls.
        explanation: The cause in words.
        likelihood: Whether the target will be reached, as the form says.
        measure: What is done about it.
        light: The light that the form prints.
        note: 备注.
    """

    indicator: str = attrs.field(converter=to_name)
    kind: IndicatorKind | None = attrs.field(default=None, kw_only=True, converter=to_kind)
    done: Actual | None = attrs.field(default=None, kw_only=True, converter=to_actual)
    expected: Actual | None = attrs.field(default=None, kw_only=True, converter=to_actual)
    causes: tuple[DeviationCause, ...] = attrs.field(default=(), kw_only=True, converter=to_causes)
    explanation: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    likelihood: Likelihood | None = attrs.field(default=None, kw_only=True, converter=to_likelihood)
    measure: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    light: Light | None = attrs.field(default=None, kw_only=True, converter=to_light)
    note: str | None = attrs.field(default=None, kw_only=True, converter=to_text)


def to_monitored_funding(value: Iterable[MonitoredFunding]) -> tuple[MonitoredFunding, ...]:
    """Return the money at mid-year as a tuple."""
    return tuple_of(MonitoredFunding, value, "funding")


def to_monitored(value: Iterable[MonitoredIndicator]) -> tuple[MonitoredIndicator, ...]:
    """Return the indicators at mid-year as a tuple."""
    return tuple_of(MonitoredIndicator, value, "indicators")


@attrs.frozen
class Monitoring:
    """A project's state at mid-year (绩效运行监控表), beside the final one.

    Attributes:
        through: The last day that it tells of.
        funding: The money by source.
        spent_to_date: The printed total of what was spent, yuan.
        expected_expenditure: The printed total of what is expected, yuan.
        indicators: The indicators.
        light: The light of the project that the form prints.
        reported: When it was reported.
    """

    through: dt.date = attrs.field(converter=to_date)
    funding: tuple[MonitoredFunding, ...] = attrs.field(default=(), kw_only=True, converter=to_monitored_funding)
    spent_to_date: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    expected_expenditure: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    indicators: tuple[MonitoredIndicator, ...] = attrs.field(default=(), kw_only=True, converter=to_monitored)
    light: Light | None = attrs.field(default=None, kw_only=True, converter=to_light)
    reported: dt.date | None = attrs.field(default=None, kw_only=True, converter=to_day)


@attrs.frozen
class ReviewedIndicator:
    """What a reviewer found of an indicator (复核).

    Attributes:
        indicator: The indicator's name.
        kind: Its kind, where the form has the name twice.
        actual: What was reached by the reviewer's finding, or the reviewer's
            judgement; `None` where it stands as it is.
        judgement: The reviewer's judgement beside the actual, in place of
            the form's own.
        score: The points that the reviewer gives, where these do not follow
            from an actual.
        reason: Why: a deduction needs one.
        evidence: What it rests on.
        codes: The codes of findings that led to it: "AR102".
    """

    indicator: str = attrs.field(converter=to_name)
    kind: IndicatorKind | None = attrs.field(default=None, kw_only=True, converter=to_kind)
    actual: Actual | None = attrs.field(default=None, kw_only=True, converter=to_actual)
    score: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_points)
    reason: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    evidence: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    codes: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=to_codes)
    judgement: Judgement | None = attrs.field(default=None, kw_only=True, converter=to_judgement)


def to_reviewed(value: Iterable[ReviewedIndicator]) -> tuple[ReviewedIndicator, ...]:
    """Return what a reviewer found as a tuple."""
    return tuple_of(ReviewedIndicator, value, "indicators")


@attrs.frozen(kw_only=True)
class Review:
    """A review of a project's self-evaluation (复核), beside the unit's own form.

    Attributes:
        reviewer: Who reviewed.
        date: When.
        indicators: What was found of the indicators; one that is not named
            stands as it is.
        actual_expenditure: What was spent by the reviewer's finding, yuan;
            `None` where it stands as it is.
        reason: Why the money is another.
        codes: The codes of findings about the money.
    """

    reviewer: str | None = attrs.field(default=None, converter=to_text)
    date: dt.date | None = attrs.field(default=None, converter=to_day)
    indicators: tuple[ReviewedIndicator, ...] = attrs.field(default=(), converter=to_reviewed)
    actual_expenditure: Decimal | None = attrs.field(default=None, converter=to_amount)
    reason: str | None = attrs.field(default=None, converter=to_text)
    codes: tuple[str, ...] = attrs.field(default=(), converter=to_codes)
