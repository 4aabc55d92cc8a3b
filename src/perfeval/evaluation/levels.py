"""Transfers: money by level of government (转移支付区域绩效).

A transfer's form prints the budget, what was executed and the rate of each
level of government; most have neither weights nor scores.

>>> from perfeval import FundingLine, Project, wan
>>> transfer = Project("医疗救助补助", fiscal_year=2024, funding=[
...     FundingLine("central", breakdown="level", adjusted_budget=wan(60), actual_expenditure=wan(45)),
...     FundingLine("county", breakdown="level", adjusted_budget=wan(40), actual_expenditure=wan(40))])
>>> [(row.level.value, row.rate) for row in execution_by_level(transfer)]
[('central', Decimal('0.75')), ('county', Decimal('1'))]
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from perfeval.amounts import sum_of
from perfeval.model import Breakdown, BudgetBasis, FundingLine, FundingSource, Project
from perfeval.ratios import ratio, readable

__all__ = ["LevelExecution", "execution_by_level"]


class LevelExecution(NamedTuple):
    """The money of one level of government; `None` where a row does not tell.

    Attributes:
        level: The level of government.
        budget: Yuan.
        actual_expenditure: Yuan.
        rate: Actual expenditure over budget as a fraction, rounded to 34
            digits; `None` without a budget, or where an amount is not told or
            negative.
    """

    level: FundingSource
    budget: Decimal | None
    actual_expenditure: Decimal | None
    rate: Decimal | None


def execution_by_level(project: Project, basis: BudgetBasis | str = BudgetBasis.ADJUSTED) -> tuple[LevelExecution, ...]:
    """Return budget, expenditure and rate of each level of government, in the order of the form.

    The rate is ``actual_expenditure / budget`` (B/A). Rows of the same level
    are added; rows that are parts of others, and other breakdowns, are not
    counted.

    Args:
        project: A form whose money is broken down by level of government.
        basis: Which budget the rate divides by.

    Source: published forms for transfers.
    """
    column = BudgetBasis(basis).column
    levels: dict[FundingSource, list[FundingLine]] = {}
    for row in project.funding:
        if row.breakdown is Breakdown.LEVEL and row.part_of is None:
            levels.setdefault(row.source, []).append(row)
    found = []
    for level, rows in levels.items():
        budget, spent = _sum(rows, column), _sum(rows, "actual_expenditure")
        rate = None
        if budget is not None and spent is not None and budget > 0 and spent >= 0:
            rate = readable(ratio(spent, budget))
        found.append(LevelExecution(level, budget, spent, rate))
    return tuple(found)


def _sum(rows: list[FundingLine], column: str) -> Decimal | None:
    amounts = [getattr(row, column) for row in rows]
    return None if None in amounts else sum_of(amounts)
