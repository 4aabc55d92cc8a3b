"""Merging the forms of sub-units into one, before it is scored (先汇总后评分).

Where several sub-units carry out one project, their forms are merged first:
absolute figures are summed, ratios weighted by money. The merged form is
evaluated like any other.

Source: the notes on Hubei's form (2020).

>>> from perfeval import FundingLine, Indicator, Project, wan
>>> def form(name, km, rate, money):
...     return Project(name, fiscal_year=2022,
...         funding=[FundingLine("appropriation", adjusted_budget=wan(money), actual_expenditure=wan(money))],
...         indicators=[Indicator("改造长度", kind="output.quantity", target="≥10公里", actual=f"{km}公里", weight=50),
...                     Indicator("合格率", kind="output.quality", target="≥95%", actual=f"{rate}%", weight=40)])
>>> merged = merge_sub_units("改造", [form("甲", 8, 90, 30), form("乙", 11, 98, 10)])
>>> [(str(row.target), str(row.actual)) for row in merged.indicators]
[('≥20公里', '19公里'), ('≥95%', '92%')]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import attrs

from perfeval.amounts import CONTEXT, sum_of
from perfeval.errors import ModelError
from perfeval.model.projects import (
    MONEY_COLUMNS,
    FundingLine,
    FundingTotal,
    Indicator,
    Project,
    Stated,
    StatedFunding,
    StatedIndicator,
)
from perfeval.targets import Bound, Quantity, Threshold

__all__ = ["merge_sub_units"]

# Units in which figures are ratios: weighted, not summed.
_RATIOS = frozenset({"%", "‰"})
_FINEST = Decimal("1E-15")


def merge_sub_units(name: str, projects: Iterable[Project]) -> Project:
    """Return one form of the forms of several sub-units.

    Absolute targets and actuals are summed; those in per cent are weighted by
    the adjusted budget, ``sum(figure x budget) / sum(budget)``, rounded half
    even to 15 decimals where the mean does not end. What a sub-unit prints as
    a result is left out: the merged form is scored anew.

    Args:
        name: The merged project's name.
        projects: The sub-units' forms: the same indicators in the same order.

    Raises:
        ModelError: If there is no form, or an indicator differs in name, kind,
            weight, comparator or unit, or has no figures to add; or if a form
            has adjustments, which are of its own total.

    Source: the notes on Hubei's form (2020).
    """
    forms = tuple(projects)
    if not forms:
        raise ModelError("expected the forms of at least one sub-unit")
    first = forms[0]
    for form in forms[1:]:
        if form.fiscal_year != first.fiscal_year or len(form.indicators) != len(first.indicators):
            raise ModelError(f"{form.name}: expected the year and the indicators of {first.name}")
    for form in forms:
        if form.adjustments:
            raise ModelError(
                f"{form.name}: expected no adjustments of a form to be merged; give them to the merged one"
            )
        if form.execution_judgement is not None:
            raise ModelError(f"{form.name}: its execution rate is judged, and judgements are not added")
    budgets = [_budget(form) for form in forms]
    rows = [[form.indicators[i] for form in forms] for i in range(len(first.indicators))]
    return attrs.evolve(
        first,
        name=name,
        implementing_unit=None,
        funding=_merged_rows(forms),
        indicators=[_merged(row, budgets, forms) for row in rows],
        stated=Stated(funding_total=_merged_total(forms)),
        excerpt=any(form.excerpt for form in forms),
    )


def _budget(form: Project) -> Decimal | None:
    printed = form.stated.funding_total.adjusted_budget
    if printed is not None:
        return printed
    amounts = [row.adjusted_budget for row in form.funding if row.part_of is None]
    known = [amount for amount in amounts if amount is not None]
    return sum_of(known) if known and len({row.breakdown for row in form.funding}) == 1 else None


def _added(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, if every sub-unit that has the row tells it."""
    known = [amount for amount in amounts if amount is not None]
    return sum_of(known) if known and len(known) == len(amounts) else None


def _merged_total(forms: Sequence[Project]) -> FundingTotal:
    totals = [form.stated.funding_total for form in forms]
    return FundingTotal(**{column: _added([getattr(total, column) for total in totals]) for column in MONEY_COLUMNS})


def _merged_rows(forms: Sequence[Project]) -> list[FundingLine]:
    found: dict[tuple[object, ...], list[FundingLine]] = {}
    for form in forms:
        for row in form.funding:
            found.setdefault((row.source, row.breakdown, row.part_of, row.label), []).append(row)
    merged = []
    for rows in found.values():
        sums = {column: _added([getattr(row, column) for row in rows]) for column in MONEY_COLUMNS}
        merged.append(attrs.evolve(rows[0], stated=StatedFunding(), **sums))  # type: ignore[arg-type]  # columns by name
    return merged


def _merged(rows: Sequence[Indicator], budgets: Sequence[Decimal | None], forms: Sequence[Project]) -> Indicator:
    first = rows[0]
    for row, form in zip(rows, forms, strict=True):
        if (row.name, row.kind, row.weight) != (first.name, first.kind, first.weight):
            raise ModelError(f"{form.name}: expected {first.name!r} with its kind and weight, got {row.name!r}")
    alike = {(row.target, row.actual, row.judgement, row.judgement and row.judgement.words) for row in rows}
    if len(alike) == 1 and not _figures(first):
        return attrs.evolve(first, stated=StatedIndicator())
    targets, actuals = [], []
    for row, form in zip(rows, forms, strict=True):
        target, actual = row.target, row.actual
        if row.judgement is not None:
            raise ModelError(f"{form.name}: {row.name!r} has a judgement, and judgements are not added")
        if not isinstance(target, Threshold) or not isinstance(actual, Quantity) or actual.bound is not Bound.EXACT:
            raise ModelError(f"{form.name}: {row.name!r} has no figures to add")
        aim = first.target
        if not isinstance(aim, Threshold) or (target.comparator, target.unit) != (aim.comparator, aim.unit):
            raise ModelError(f"{form.name}: {row.name!r} has another comparator or unit")
        if actual.unit not in (None, target.unit):
            raise ModelError(f"{form.name}: {row.name!r} has an actual in another unit than its target")
        targets.append(target)
        actuals.append(actual)
    of_ratio = targets[0].unit in _RATIOS
    unit = targets[0].unit
    aims, reached = [target.value for target in targets], [actual.value for actual in actuals]
    if of_ratio:
        return attrs.evolve(
            first,
            target=Threshold(targets[0].comparator, _weighted(aims, budgets, first), unit),
            actual=Quantity(_weighted(reached, budgets, first), unit),
            stated=StatedIndicator(),
        )
    return attrs.evolve(
        first,
        target=Threshold(targets[0].comparator, sum_of(aims), unit),
        actual=Quantity(sum_of(reached), unit),
        stated=StatedIndicator(),
    )


def _figures(row: Indicator) -> bool:
    return isinstance(row.target, Threshold) and isinstance(row.actual, Quantity)


def _weighted(figures: Sequence[Decimal], budgets: Sequence[Decimal | None], row: Indicator) -> Decimal:
    if len(set(figures)) == 1:
        return figures[0]
    weights = [budget for budget in budgets if budget is not None]
    whole = sum_of(weights)
    if len(weights) < len(budgets) or whole <= 0 or any(weight < 0 for weight in weights):
        raise ModelError(f"{row.name!r} is weighted by money, and a sub-unit tells no adjusted budget")
    products = sum_of([CONTEXT.multiply(figure, weight) for figure, weight in zip(figures, weights, strict=True)])
    mean = CONTEXT.divide(products, whole)
    # Our context rounds half even; of 60 digits.
    return CONTEXT.quantize(mean, _FINEST).normalize(CONTEXT)
