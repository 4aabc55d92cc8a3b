"""The form: projects, their money and their indicators (项目支出绩效自评表).

Plain frozen records of values and tuples. A record holds what a form says,
odd or not; it computes nothing and judges nothing. What the form prints as a
result (a rate, a score, a total, a grade) stands apart in ``stated`` and is
never overwritten by what is computed. A what-if is `attrs.evolve`.

>>> from perfeval import FundingLine, Indicator, Project, wan
>>> project = Project(
...     "排水改造",
...     fiscal_year=2022,
...     funding=[FundingLine("appropriation", adjusted_budget=wan(90), actual_expenditure=wan(81))],
...     indicators=[Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="48公里", weight=50)],
... )
>>> print(project.indicators[0].target)
≥50公里
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import attrs

from perfeval.amounts import CONTEXT, Amount, AmountUnit, exact, exact_amount, to_amount_unit
from perfeval.errors import ModelError
from perfeval.members import to_member
from perfeval.places import to_place
from perfeval.targets import (
    Actual,
    Between,
    Comparator,
    Completion,
    Deadline,
    Judgement,
    Quantity,
    Statement,
    Target,
    Threshold,
    to_date,
)

if TYPE_CHECKING:
    from perfeval.pages import Page

__all__ = [
    "MONEY_COLUMNS",
    "ActualMethod",
    "Breakdown",
    "BudgetBasis",
    "DeviationCause",
    "EvaluationKind",
    "FundingLine",
    "FundingSource",
    "FundingTotal",
    "Indicator",
    "IndicatorDefinition",
    "IndicatorKind",
    "Light",
    "Likelihood",
    "MonitoredFunding",
    "MonitoredIndicator",
    "Monitoring",
    "PastFigure",
    "Project",
    "Review",
    "ReviewedIndicator",
    "Stated",
    "StatedFunding",
    "StatedIndicator",
    "TargetBasis",
    "to_actual",
    "to_amount",
    "to_causes",
    "to_codes",
    "to_day",
    "to_excerpt",
    "to_fiscal_year",
    "to_flag",
    "to_points",
    "to_review",
    "to_target",
    "to_text",
]

R = TypeVar("R")


class IndicatorKind(StrEnum):
    """The first two levels of the indicator tree (一级指标, 二级指标)."""

    OUTPUT = "output"
    OUTPUT_QUANTITY = "output.quantity"
    OUTPUT_QUALITY = "output.quality"
    OUTPUT_TIMELINESS = "output.timeliness"
    OUTPUT_COST = "output.cost"
    BENEFIT = "benefit"
    BENEFIT_ECONOMIC = "benefit.economic"
    BENEFIT_SOCIAL = "benefit.social"
    BENEFIT_ECOLOGICAL = "benefit.ecological"
    BENEFIT_SUSTAINABILITY = "benefit.sustainability"
    SATISFACTION = "satisfaction"
    COST = "cost"
    COST_ECONOMIC = "cost.economic"
    COST_SOCIAL = "cost.social"
    COST_ECOLOGICAL = "cost.ecological"
    DECISION = "decision"
    PROCESS = "process"
    INPUT = "input"
    EFFECT = "effect"

    @property
    def level1(self) -> IndicatorKind:
        """The first level (一级指标): output, benefit, satisfaction, cost, …"""
        return IndicatorKind(self.value.partition(".")[0])


class FundingSource(StrEnum):
    """Where money comes from (资金来源), or which level of government gives it."""

    APPROPRIATION = "appropriation"
    CARRY_OVER = "carry_over"
    SPECIAL_ACCOUNT = "special_account"
    UNIT = "unit"
    OTHER = "other"
    CENTRAL = "central"
    PROVINCIAL = "provincial"
    PREFECTURAL = "prefectural"
    COUNTY = "county"
    UNSPECIFIED = "unspecified"


class Breakdown(StrEnum):
    """By what a form splits its money; two breakdowns are never added."""

    SOURCE = "source"
    LEVEL = "level"
    NATURE = "nature"


class BudgetBasis(StrEnum):
    """Which budget the execution rate divides by (预算执行率的分母)."""

    ADJUSTED = "adjusted"
    ORIGINAL = "original"
    RECEIVED = "received"

    @property
    def column(self) -> str:
        """The column of a form's money that it stands in: the name of the field.

        >>> BudgetBasis.RECEIVED.column
        'funds_received'
        """
        return _BASIS_COLUMNS[self]


class EvaluationKind(StrEnum):
    """Who evaluates: the unit itself, its department, or finance (评价类型).

    Source: 财预〔2020〕10号 art. 4.
    """

    SELF = "self_evaluation"
    DEPARTMENTAL = "departmental_evaluation"
    FINANCE = "finance_evaluation"


class Light(StrEnum):
    """The light of a mid-year state, from the best to the worst (预警)."""

    BLUE = "blue"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


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


class TargetBasis(StrEnum):
    """What a target was set by (指标值设定依据).

    Source: 财预〔2021〕101号: plan, industry, history, a spending standard,
    which a cost target does not exceed, or another.
    """

    PLAN = "plan"
    INDUSTRY = "industry"
    HISTORY = "history"
    SPENDING_STANDARD = "spending_standard"
    OTHER = "other"


class ActualMethod(StrEnum):
    """How an actual is taken (指标完成值取值方式).

    Source: 财预〔2021〕101号.
    """

    DIRECT_PROOF = "direct_proof"
    STATISTICS = "statistics"
    STATEMENT = "statement"
    QUESTIONNAIRE = "questionnaire"
    TREND = "trend"


_BASIS_COLUMNS = {
    BudgetBasis.ADJUSTED: "adjusted_budget",
    BudgetBasis.ORIGINAL: "original_budget",
    BudgetBasis.RECEIVED: "funds_received",
}


# Converters. Each takes what people type and returns the value.


def to_amount(value: Amount | str | None) -> Decimal | None:
    """Return yuan: an `int` or a `Decimal` is yuan, text carries its unit."""
    if value is None:
        return None
    if isinstance(value, str) and not value.replace(".", "").isdigit():
        from perfeval.text import parse_amount

        return parse_amount(value)
    # A bare number as text is refused there, with a hint.
    return exact_amount(value)


def to_points(value: Decimal | int | str | None) -> Decimal | None:
    """Return points as an exact number, `None` if there are none."""
    return None if value is None else exact(value)


def to_stated_rate(value: Decimal | int | str | None) -> Decimal | None:
    """Return a rate as printed, as a fraction: "86.19%" is 0.8619.

    >>> to_stated_rate("86.19%")
    Decimal('0.8619')
    """
    if isinstance(value, str) and value.endswith("%"):
        return CONTEXT.scaleb(exact(value[:-1]), -2)
    return None if value is None else exact(value)


def to_kind(value: IndicatorKind | str | None) -> IndicatorKind | None:
    """Return the indicator kind that *value* names, or `None`."""
    return None if value is None else to_member(IndicatorKind, value, "kind of indicator", words=_kinds_by_word)


def to_source(value: FundingSource | str) -> FundingSource:
    """Return the funding source that *value* names."""
    return to_member(FundingSource, value, "funding source", words=_sources_by_word)


def _kinds_by_word() -> Mapping[str, str]:
    from perfeval.labels import kinds_by_word

    return kinds_by_word()


def _sources_by_word() -> Mapping[str, str]:
    from perfeval.labels import exact_labels

    return {**exact_labels("money_levels"), **exact_labels("money_sources")}


def to_breakdown(value: Breakdown | str) -> Breakdown:
    """Return the breakdown that *value* names."""
    return to_member(Breakdown, value, "breakdown")


def to_target(value: Target | Decimal | int | str | dt.date | None) -> Target | None:
    """Return a target: text is read, a bare number has no comparator, a date is a deadline."""
    if value is None or isinstance(value, Threshold | Between | Deadline | Statement):
        return value
    if isinstance(value, str):
        from perfeval.text import parse_target

        return parse_target(value)
    return Deadline(value) if isinstance(value, dt.date) else Threshold(Comparator.UNSTATED, value)


def to_actual(value: Actual | Decimal | int | str | dt.date | None) -> Actual | None:
    """Return an actual: text is read, a bare number has no unit, a date is a completion."""
    if value is None or isinstance(value, Quantity | Completion | Judgement | Statement):
        return value
    if isinstance(value, str):
        from perfeval.text import parse_actual

        return parse_actual(value)
    return Completion(value) if isinstance(value, dt.date) else Quantity(value)


def to_name(value: str) -> str:
    """Return a name that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"expected a name, got {value!r}")
    return value


def to_text(value: str | None) -> str | None:
    """Return what is written in a cell; an empty one says nothing."""
    if value is not None and not isinstance(value, str):
        raise ModelError(f"expected text, got {value!r}")
    return value if value and value.strip() else None


def to_fiscal_year(value: int) -> int:
    """Return a fiscal year (预算年度): a calendar year in China."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1949 < value < 10000:
        raise ModelError(f"expected a fiscal year, got {value!r}")
    return value


def to_day(value: dt.date | None) -> dt.date | None:
    """Return a day, or `None`."""
    return None if value is None else to_date(value)


def to_flag(value: bool | None) -> bool | None:  # a converter takes what is given
    """Return true, false or, where nothing is told, `None`."""
    if value is not None and not isinstance(value, bool):
        raise ModelError(f"expected true or false, got {value!r}")
    return value


def to_excerpt(value: bool) -> bool:  # likewise
    """Return whether only part of a form is known."""
    if not isinstance(value, bool):
        raise ModelError(f"expected true or false, got {value!r}")
    return value


def one_of(kind: type[R], value: R) -> R:
    """Return *value* if it is a record of *kind*."""
    if not isinstance(value, kind):
        raise ModelError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value


def short_name(name: str) -> str:
    """Return a name for a `repr`: on one line, and not long.

    >>> short_name("排水改造" * 20)
    '排水改造排水改造排水改造排水改造排水改造排水改造排水改造排水改造排水改造排水改…'
    """
    name = name if len(name) <= 40 else f"{name[:39]}…"
    return name if name.isprintable() else repr(name)[1:-1]


@attrs.frozen(kw_only=True)
class StatedFunding:
    """What a form prints in a detail row of the money block; the precision is kept.

    The official form prints "—" there: only the total row is scored.
    """

    execution_rate: Decimal | None = attrs.field(default=None, converter=to_stated_rate)
    weight: Decimal | None = attrs.field(default=None, converter=to_points)
    score: Decimal | None = attrs.field(default=None, converter=to_points)


def to_stated_funding(value: StatedFunding) -> StatedFunding:
    """Return what a row of the money block states."""
    return one_of(StatedFunding, value)


@attrs.frozen
class FundingLine:
    """One row of the money block: a source, with up to five amounts.

    Attributes:
        source: Where the money comes from; `FundingSource.UNSPECIFIED` where
            the form does not tell.
        original_budget: 年初预算数, yuan.
        budget_adjustment: 预算调整数, signed yuan, on forms that print it.
        adjusted_budget: 全年预算数, yuan.
        funds_received: 到位资金, yuan.
        actual_expenditure: 全年执行数, yuan.
        breakdown: Which breakdown of the total the row belongs to.
        part_of: The label of the row that this one details ("其中"), if any.
        label: The row's name as printed.
        stated: The rate, weight and score that the row prints, if any.
    """

    source: FundingSource = attrs.field(default=FundingSource.UNSPECIFIED, converter=to_source)
    original_budget: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    budget_adjustment: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    adjusted_budget: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    funds_received: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    actual_expenditure: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_amount)
    breakdown: Breakdown = attrs.field(default=Breakdown.SOURCE, kw_only=True, converter=to_breakdown)
    part_of: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    label: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    stated: StatedFunding = attrs.field(default=StatedFunding(), kw_only=True, converter=to_stated_funding)

    def __attrs_post_init__(self) -> None:
        if self.part_of is not None and self.part_of == self.label:
            raise ModelError(f"part_of: expected the label of another row, got its own, {self.label!r}")


@attrs.frozen(kw_only=True)
class FundingTotal:
    """The printed total row of the money block (年度资金总额); yuan."""

    original_budget: Decimal | None = attrs.field(default=None, converter=to_amount)
    budget_adjustment: Decimal | None = attrs.field(default=None, converter=to_amount)
    adjusted_budget: Decimal | None = attrs.field(default=None, converter=to_amount)
    funds_received: Decimal | None = attrs.field(default=None, converter=to_amount)
    actual_expenditure: Decimal | None = attrs.field(default=None, converter=to_amount)


@attrs.frozen(kw_only=True)
class StatedIndicator:
    """What the form prints as an indicator's result; the precision is kept."""

    score: Decimal | None = attrs.field(default=None, converter=to_points)


MONEY_COLUMNS = tuple(field.name for field in attrs.fields(FundingTotal))
"""The money of a row, by column."""


def to_stated_indicator(value: StatedIndicator) -> StatedIndicator:
    """Return what an indicator's row states."""
    return one_of(StatedIndicator, value)


def to_funding_total(value: FundingTotal) -> FundingTotal:
    """Return the printed total row."""
    return one_of(FundingTotal, value)


def to_target_basis(value: TargetBasis | str | None) -> TargetBasis | None:
    """Return the basis of a target that *value* names, or `None`."""
    return None if value is None else to_member(TargetBasis, value, "basis of a target")


def to_actual_method(value: ActualMethod | str | None) -> ActualMethod | None:
    """Return the method that *value* names, or `None`."""
    return None if value is None else to_member(ActualMethod, value, "method of taking an actual")


def to_evidence(value: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return the papers that prove an actual, as a tuple."""
    texts = tuple(value) if isinstance(value, list | tuple) else ("",)
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ModelError(f"expected a list of texts, got {value!r}")
    return texts


@attrs.frozen(kw_only=True)
class IndicatorDefinition:
    """How an indicator was set and how its actual is taken (指标设置及取值).

    Attributes:
        explanation: 指标解释.
        source: 指标来源: the plan, document or duty it comes from.
        target_basis: 指标值设定依据.
        target_basis_note: That basis in words: which plan, the mean of which
            years, which standard.
        actual_method: 指标完成值取值方式.
        data_source: 指标完成值数据来源.
        scoring_rule: 评分规则, in words; a rule set's rules are computed.
        evidence: 佐证资料要求: the papers that prove the actual.

    Source: 财预〔2021〕101号.

    >>> definition = IndicatorDefinition(target_basis="history", target_basis_note="近三年平均值")
    >>> Indicator("培训人次", target="≥300人次", definition=definition).definition.target_basis
    <TargetBasis.HISTORY: 'history'>
    """

    explanation: str | None = attrs.field(default=None, converter=to_text)
    source: str | None = attrs.field(default=None, converter=to_text)
    target_basis: TargetBasis | None = attrs.field(default=None, converter=to_target_basis)
    target_basis_note: str | None = attrs.field(default=None, converter=to_text)
    actual_method: ActualMethod | None = attrs.field(default=None, converter=to_actual_method)
    data_source: str | None = attrs.field(default=None, converter=to_text)
    scoring_rule: str | None = attrs.field(default=None, converter=to_text)
    evidence: tuple[str, ...] = attrs.field(default=(), converter=to_evidence)


def to_definition(value: IndicatorDefinition) -> IndicatorDefinition:
    """Return how an indicator was set."""
    return one_of(IndicatorDefinition, value)


@attrs.frozen
class PastFigure:
    """What an indicator reached in an earlier year: the baseline of its target.

    Attributes:
        year: The year.
        actual: What was reached; text is read as an actual is.
    """

    year: int = attrs.field(converter=to_fiscal_year)
    actual: Actual | None = attrs.field(default=None, converter=to_actual)


def to_history(value: Iterable[PastFigure]) -> tuple[PastFigure, ...]:
    """Return the figures of earlier years as a tuple; each year stands once."""
    rows = tuple_of(PastFigure, value, "history")
    years = [str(row.year) for row in rows]
    if len(set(years)) < len(years):
        raise ModelError(f"expected each year once, got {', '.join(years)}")
    return rows


@attrs.frozen
class Indicator:
    """One row of the indicator block (绩效指标).

    Attributes:
        name: The third level (三级指标), as printed.
        kind: The first two levels, `None` where the form does not tell.
        target: 年度指标值; text is read ("≥50公里"), a bare number has no
            comparator, a date is a deadline.
        actual: 实际完成值; text is read ("48公里"), a date is a completion.
        weight: 分值, points; `None` where none is printed.
        deviation_reason: 偏差原因.
        corrective_action: 改进措施.
        stated: What the form prints as the result.
        code: 指标编码, which tells the same indicator in another year.
        definition: How the indicator was set and how its actual is taken.
        history: What was reached in earlier years (历史值).
        target_set: When the target was set.
        original_target: The target as first set (年初指标值), where it was
            adjusted during the year; *target* is the adjusted one.
    """

    name: str = attrs.field(converter=to_name)
    kind: IndicatorKind | None = attrs.field(default=None, kw_only=True, converter=to_kind)
    target: Target | None = attrs.field(default=None, kw_only=True, converter=to_target)
    actual: Actual | None = attrs.field(default=None, kw_only=True, converter=to_actual)
    weight: Decimal | None = attrs.field(default=None, kw_only=True, converter=to_points)
    deviation_reason: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    corrective_action: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    stated: StatedIndicator = attrs.field(default=StatedIndicator(), kw_only=True, converter=to_stated_indicator)
    code: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    definition: IndicatorDefinition = attrs.field(default=IndicatorDefinition(), kw_only=True, converter=to_definition)
    history: tuple[PastFigure, ...] = attrs.field(default=(), kw_only=True, converter=to_history)
    target_set: dt.date | None = attrs.field(default=None, kw_only=True, converter=to_day)
    original_target: Target | None = attrs.field(default=None, kw_only=True, converter=to_target)

    def __attrs_post_init__(self) -> None:
        from perfeval.text import together

        target, actual = together(self.name, self.target, self.actual)
        if target is not self.target:
            object.__setattr__(self, "target", target)
        if actual is not self.actual:
            object.__setattr__(self, "actual", actual)


@attrs.frozen(kw_only=True)
class Stated:
    """What a project's form prints as results (表上所填), as it prints them.

    Attributes:
        funding_total: The printed total row, yuan.
        execution_rate: 执行率 as a fraction; its exponent is the precision.
        execution_weight: 分值 of the execution row, points.
        execution_score: 得分 of the execution row, points.
        total: 总分, points.
        grade: The grade's word, as printed.
        amount: An amount whose meaning the report does not tell, yuan.
    """

    funding_total: FundingTotal = attrs.field(default=FundingTotal(), converter=to_funding_total)
    execution_rate: Decimal | None = attrs.field(default=None, converter=to_stated_rate)
    execution_weight: Decimal | None = attrs.field(default=None, converter=to_points)
    execution_score: Decimal | None = attrs.field(default=None, converter=to_points)
    total: Decimal | None = attrs.field(default=None, converter=to_points)
    grade: str | None = attrs.field(default=None, converter=to_text)
    amount: Decimal | None = attrs.field(default=None, converter=to_amount)


def to_light(value: Light | str | None) -> Light | None:
    """Return the light that *value* names, or `None`."""
    return None if value is None else to_member(Light, value, "light")


def to_likelihood(value: Likelihood | str | None) -> Likelihood | None:
    """Return the likelihood that *value* names, or `None`."""
    return None if value is None else to_member(Likelihood, value, "likelihood")


def to_causes(value: Iterable[DeviationCause | str]) -> tuple[DeviationCause, ...]:
    """Return causes of a deviation as a tuple."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ModelError(f"expected a list of causes, got {value!r}")
    return tuple(to_member(DeviationCause, cause, "cause") for cause in value)


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


def to_monitoring(value: Iterable[Monitoring]) -> tuple[Monitoring, ...]:
    """Return the mid-year states as a tuple; each day stands once."""
    rows = tuple_of(Monitoring, value, "monitoring")
    days = [row.through.isoformat() for row in rows]
    if len(set(days)) < len(days):
        raise ModelError(f"expected each day once, got {', '.join(days)}")
    return rows


def to_codes(value: Iterable[str]) -> tuple[str, ...]:
    """Return codes of findings as a tuple."""
    codes = () if isinstance(value, str) or not isinstance(value, Iterable) else tuple(value)
    if not all(isinstance(code, str) and code.strip() for code in codes) or (not codes and value not in ((), [])):
        raise ModelError(f"expected a list of codes, got {value!r}")
    return codes


@attrs.frozen
class ReviewedIndicator:
    """What a reviewer found of an indicator (复核).

    Attributes:
        indicator: The indicator's name.
        kind: Its kind, where the form has the name twice.
        actual: What was reached by the reviewer's finding, or the reviewer's
            judgement; `None` where it stands as it is.
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


def to_review(value: Review | None) -> Review | None:
    """Return a review, or `None`."""
    return None if value is None else one_of(Review, value)


def to_stated(value: Stated) -> Stated:
    """Return what a project's form states."""
    return one_of(Stated, value)


def to_funding(value: Iterable[FundingLine]) -> tuple[FundingLine, ...]:
    """Return the rows of the money block as a tuple."""
    return tuple_of(FundingLine, value, "funding")


def to_indicators(value: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Return the indicators as a tuple."""
    return tuple_of(Indicator, value, "indicators")


def tuple_of(kind: type[R], values: Iterable[R], what: str) -> tuple[R, ...]:
    """Return records of one kind as a tuple, or say which one is not."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ModelError(f"{what}: expected records of {kind.__name__}, got {type(values).__name__}")
    rows = tuple(values)
    for position, row in enumerate(rows):
        if not isinstance(row, kind):
            raise ModelError(f"{what}[{position}]: expected {kind.__name__}, got {type(row).__name__}")
    return rows


@attrs.frozen
class Project:
    """One project's self-evaluation form (项目支出绩效自评表).

    Attributes:
        name: 项目名称.
        fiscal_year: The year that is evaluated (预算年度).
        place: ISO 3166-2 code, below the province a GB/T 2260 code.
        code: 项目代码.
        supervising_department: 主管部门.
        implementing_unit: 实施单位.
        funding: The rows of the money block.
        objective_expected: 年度总体目标, as set.
        objective_actual: 年度总体目标, as reached.
        indicators: The rows of the indicator block.
        execution_deviation_reason: Why the money was not spent as budgeted.
        finished: Whether the project is finished, `None` if not told.
        self_evaluated: Whether it was self-evaluated, `None` if not told.
        monitoring: Its states at mid-year.
        review: What a reviewer found.
        stated: What the form prints as results.
        amount_unit: The unit that the form shows its money in; the amounts
            themselves are yuan.
        excerpt: Only part of the form is known, so nothing is concluded from
            what is absent.
        origin: Where the form was published, as a text or an address.
    """

    name: str = attrs.field(converter=to_name)
    fiscal_year: int = attrs.field(kw_only=True, converter=to_fiscal_year)
    amount_unit: AmountUnit = attrs.field(default=AmountUnit.WAN, kw_only=True, converter=to_amount_unit)
    place: str | None = attrs.field(default=None, kw_only=True, converter=to_place)
    code: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    supervising_department: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    implementing_unit: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    funding: tuple[FundingLine, ...] = attrs.field(default=(), kw_only=True, converter=to_funding)
    objective_expected: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    objective_actual: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    indicators: tuple[Indicator, ...] = attrs.field(default=(), kw_only=True, converter=to_indicators)
    execution_deviation_reason: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    finished: bool | None = attrs.field(default=None, kw_only=True, converter=to_flag)
    self_evaluated: bool | None = attrs.field(default=None, kw_only=True, converter=to_flag)
    monitoring: tuple[Monitoring, ...] = attrs.field(default=(), kw_only=True, converter=to_monitoring)
    review: Review | None = attrs.field(default=None, kw_only=True, converter=to_review)
    stated: Stated = attrs.field(default=Stated(), kw_only=True, converter=to_stated)
    excerpt: bool = attrs.field(default=False, kw_only=True, converter=to_excerpt)
    origin: str | None = attrs.field(default=None, kw_only=True, converter=to_text)

    def __attrs_post_init__(self) -> None:
        if any(row.part_of is not None for row in self.funding) and not self.excerpt:
            _heads_known(self)

    def page(self, locale: str = "zh_CN") -> Page:
        """Return what the form prints as a page.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.model.pages import project_page

        return project_page(self, locale)

    def _repr_html_(self) -> str:
        from perfeval.pages import html

        return html(self.page())


def _heads_known(project: Project) -> None:
    """Refuse a row that is part of none: its money would be in no sum.

    A row is named by its label or by the words of its source; the total row's
    label is not kept, so that with one printed any name may be its.
    """
    if project.stated.funding_total != FundingTotal():
        return
    sources = {row.source for row in project.funding}
    heads = {row.label: row.part_of for row in project.funding if row.label is not None}
    for position, row in enumerate(project.funding):
        seen: set[str] = set()
        name = row.part_of
        while name is not None and name not in seen:
            seen.add(name)
            if name not in heads and _sources_by_word().get(name) not in sources:
                labels = ", ".join(heads) or "none"
                raise ModelError(f"funding[{position}].part_of: expected the label of a row ({labels}), got {name!r}")
            name = heads.get(name)
        if name is not None:
            raise ModelError(f"funding[{position}].part_of: {name!r} is part of itself")
