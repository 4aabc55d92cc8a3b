"""What the records are made of: kinds, sources and the like, and converters from what people type.

A converter takes what is given, text or a value, and returns the value; what
is none is a `ModelError` or an `AmountError`.

>>> to_kind("output.quantity"), to_stated_rate("86.19%")
(<IndicatorKind.OUTPUT_QUANTITY: 'output.quantity'>, Decimal('0.8619'))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from perfeval.amounts import CONTEXT, Amount, exact, exact_amount
from perfeval.errors import ModelError
from perfeval.members import to_member
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
    Tier,
    to_date,
)

__all__ = [
    "ActualMethod",
    "Breakdown",
    "BudgetBasis",
    "EvaluationKind",
    "FundingSource",
    "IndicatorKind",
    "Light",
    "TargetBasis",
    "one_of",
    "short_name",
    "sources_by_word",
    "to_actual",
    "to_actual_method",
    "to_amount",
    "to_breakdown",
    "to_codes",
    "to_day",
    "to_evidence",
    "to_excerpt",
    "to_fiscal_year",
    "to_flag",
    "to_judgement",
    "to_kind",
    "to_light",
    "to_name",
    "to_points",
    "to_source",
    "to_stated_rate",
    "to_target",
    "to_target_basis",
    "to_text",
    "tuple_of",
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


_BASIS_COLUMNS = {
    BudgetBasis.ADJUSTED: "adjusted_budget",
    BudgetBasis.ORIGINAL: "original_budget",
    BudgetBasis.RECEIVED: "funds_received",
}


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
    return to_member(FundingSource, value, "funding source", words=sources_by_word)


def _kinds_by_word() -> Mapping[str, str]:
    from perfeval.labels import kinds_by_word

    return kinds_by_word()


def sources_by_word() -> Mapping[str, str]:
    """Return the funding sources by the words that forms print."""
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


def to_light(value: Light | str | None) -> Light | None:
    """Return the light that *value* names, or `None`."""
    return None if value is None else to_member(Light, value, "light")


def to_codes(value: Iterable[str]) -> tuple[str, ...]:
    """Return codes of findings as a tuple."""
    codes = () if isinstance(value, str) or not isinstance(value, Iterable) else tuple(value)
    if not all(isinstance(code, str) and code.strip() for code in codes) or (not codes and value not in ((), [])):
        raise ModelError(f"expected a list of codes, got {value!r}")
    return codes


def to_judgement(value: Judgement | Tier | str | None) -> Judgement | None:
    """Return a person's judgement; a tier or its word is one without a share."""
    if value is None or isinstance(value, Judgement):
        return value
    return Judgement(value) if isinstance(value, str) else one_of(Judgement, value)


def one_of(kind: type[R], value: R) -> R:
    """Return *value* if it is a record of *kind*."""
    if not isinstance(value, kind):
        raise ModelError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value


def tuple_of(kind: type[R], values: Iterable[R], what: str) -> tuple[R, ...]:
    """Return records of one kind as a tuple, or say which one is not."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ModelError(f"{what}: expected records of {kind.__name__}, got {type(values).__name__}")
    rows = tuple(values)
    for position, row in enumerate(rows):
        if not isinstance(row, kind):
            raise ModelError(f"{what}[{position}]: expected {kind.__name__}, got {type(row).__name__}")
    return rows


def short_name(name: str) -> str:
    """Return a name for a `repr`: on one line, and not long.

    >>> short_name("排水改造" * 20)
    '排水改造排水改造排水改造排水改造排水改造排水改造排水改造排水改造排水改造排水改…'
    """
    name = name if len(name) <= 40 else f"{name[:39]}…"
    return name if name.isprintable() else repr(name)[1:-1]
