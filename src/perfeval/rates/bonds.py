"""The ratios of projects financed by special bonds (专项债券项目).

References: Henan's measures for special bonds, annex 4. What it has in common
with the project framework is in `perfeval.rates.projects`: `quality_rate`,
`time_saving_rate`, `completion_rate`, and `cost_saving_rate`, which it uses for
construction, for the cost of money with idle balances, and for operation.
"""

from __future__ import annotations

from decimal import Decimal

from perfeval.rates.figures import Figure, rate
from perfeval.ratios import Shape

__all__ = [
    "asset_formation_rate",
    "matching_funds_availability_rate",
    "quota_match_rate",
]


def matching_funds_availability_rate(matching_funds_received: Figure, matching_funds_planned: Figure) -> Decimal | None:
    """Return the share of the planned matching funds that were received (配套资金到位率).

    The rate is ``matching_funds_received / matching_funds_planned``.

    Args:
        matching_funds_received: Matching funds received, yuan.
        matching_funds_planned: Matching funds planned, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *matching_funds_planned* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: Henan's measures for special bonds, annex 4.

    >>> matching_funds_availability_rate(90, 100)
    Decimal('0.9')
    """
    return rate(
        Shape.RATIO, matching_funds_received=matching_funds_received, matching_funds_planned=matching_funds_planned
    )


def quota_match_rate(amount_needed: Figure, amount_applied_for: Figure) -> Decimal | None:
    """Return how far the amount applied for was needed (额度匹配率).

    The rate is ``amount_needed / amount_applied_for``. Below 1 more was applied for than needed.

    Args:
        amount_needed: The amount really needed, yuan.
        amount_applied_for: The amount applied for, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *amount_applied_for* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: Henan's measures for special bonds, annex 4.

    >>> quota_match_rate(90, 100)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, amount_needed=amount_needed, amount_applied_for=amount_applied_for)


def asset_formation_rate(assets_formed: Figure, funds_invested: Figure) -> Decimal | None:
    """Return the share of the money invested that became assets (资产形成率).

    The rate is ``assets_formed / funds_invested``.

    Args:
        assets_formed: Value of the assets formed, yuan.
        funds_invested: Funds invested, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *funds_invested* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: Henan's measures for special bonds, annex 4.

    >>> asset_formation_rate(90, 100)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, assets_formed=assets_formed, funds_invested=funds_invested)
