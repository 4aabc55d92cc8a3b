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
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

# Annotations name the records of `perfeval.model.year` by the package, which loads them when asked.
from perfeval import model
from perfeval.amounts import AmountUnit, to_amount_unit
from perfeval.errors import ModelError
from perfeval.model.adjustments import Adjustment, to_adjustments
from perfeval.model.values import (
    ActualMethod,
    Breakdown,
    FundingSource,
    IndicatorKind,
    TargetBasis,
    one_of,
    sources_by_word,
    to_actual,
    to_actual_method,
    to_amount,
    to_breakdown,
    to_day,
    to_evidence,
    to_excerpt,
    to_fiscal_year,
    to_flag,
    to_judgement,
    to_kind,
    to_name,
    to_points,
    to_source,
    to_stated_rate,
    to_target,
    to_target_basis,
    to_text,
    tuple_of,
)
from perfeval.places import to_place
from perfeval.targets import Actual, Judgement, Target

if TYPE_CHECKING:
    from perfeval.pages import Page

__all__ = [
    "MONEY_COLUMNS",
    "FundingLine",
    "FundingTotal",
    "Indicator",
    "IndicatorDefinition",
    "Project",
    "Stated",
    "StatedFunding",
    "StatedIndicator",
    "to_review",
]


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


def to_history(value: Iterable[model.PastFigure]) -> tuple[model.PastFigure, ...]:
    """Return the figures of earlier years as a tuple; each year stands once."""
    if value == ():
        return ()
    rows = tuple_of(model.PastFigure, value, "history")
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
        judgement: What a person makes of the actual, which keeps its date or
            its words. It scores what the rules leave open, and words; what
            they score by a figure or a date stands.
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
    history: tuple[model.PastFigure, ...] = attrs.field(default=(), kw_only=True, converter=to_history)
    target_set: dt.date | None = attrs.field(default=None, kw_only=True, converter=to_day)
    original_target: Target | None = attrs.field(default=None, kw_only=True, converter=to_target)
    judgement: Judgement | None = attrs.field(default=None, kw_only=True, converter=to_judgement)

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


def to_monitoring(value: Iterable[model.Monitoring]) -> tuple[model.Monitoring, ...]:
    """Return the mid-year states as a tuple; each day stands once."""
    if value == ():
        return ()
    rows = tuple_of(model.Monitoring, value, "monitoring")
    days = [row.through.isoformat() for row in rows]
    if len(set(days)) < len(days):
        raise ModelError(f"expected each day once, got {', '.join(days)}")
    return rows


def to_review(value: model.Review | None) -> model.Review | None:
    """Return a review, or `None`."""
    return None if value is None else one_of(model.Review, value)


def to_stated(value: Stated) -> Stated:
    """Return what a project's form states."""
    return one_of(Stated, value)


def to_funding(value: Iterable[FundingLine]) -> tuple[FundingLine, ...]:
    """Return the rows of the money block as a tuple."""
    return tuple_of(FundingLine, value, "funding")


def to_indicators(value: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Return the indicators as a tuple."""
    return tuple_of(Indicator, value, "indicators")


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
        description: 项目概况, what the project is and what its money is for, in
            the words of the report.
        funding: The rows of the money block.
        objective_expected: 年度总体目标, as set.
        objective_actual: 年度总体目标, as reached.
        indicators: The rows of the indicator block.
        execution_deviation_reason: Why the money was not spent as budgeted.
        execution_judgement: What a person makes of an execution rate that the
            rules do not score: overspent, or nobody says whether finished.
        finished: Whether the project is finished, `None` if not told.
        self_evaluated: Whether it was self-evaluated, `None` if not told.
        monitoring: Its states at mid-year.
        review: What a reviewer found.
        adjustments: Points that are taken from its total or added to it.
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
    description: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    funding: tuple[FundingLine, ...] = attrs.field(default=(), kw_only=True, converter=to_funding)
    objective_expected: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    objective_actual: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    indicators: tuple[Indicator, ...] = attrs.field(default=(), kw_only=True, converter=to_indicators)
    execution_deviation_reason: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    execution_judgement: Judgement | None = attrs.field(default=None, kw_only=True, converter=to_judgement)
    finished: bool | None = attrs.field(default=None, kw_only=True, converter=to_flag)
    self_evaluated: bool | None = attrs.field(default=None, kw_only=True, converter=to_flag)
    monitoring: tuple[model.Monitoring, ...] = attrs.field(default=(), kw_only=True, converter=to_monitoring)
    review: model.Review | None = attrs.field(default=None, kw_only=True, converter=to_review)
    adjustments: tuple[Adjustment, ...] = attrs.field(default=(), kw_only=True, converter=to_adjustments)
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
            if name not in heads and sources_by_word().get(name) not in sources:
                labels = ", ".join(heads) or "none"
                raise ModelError(f"funding[{position}].part_of: expected the label of a row ({labels}), got {name!r}")
            name = heads.get(name)
        if name is not None:
            raise ModelError(f"funding[{position}].part_of: {name!r} is part of itself")
