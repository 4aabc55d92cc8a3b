"""How every rate is computed from its figures."""

from __future__ import annotations

from decimal import Decimal

from perfeval.amounts import CONTEXT, exact_figure
from perfeval.errors import AmountError
from perfeval.ratios import READING

Figure = Decimal | int


def figure(name: str, value: Figure) -> Decimal:
    """Return a figure of 0 or more, or say which one is not."""
    number = exact_figure(value, name)
    if number < 0:
        raise AmountError(f"{name}: expected a figure of 0 or more, got {number}")
    return number


def rate(top: str, numerator: Figure, bottom: str, denominator: Figure) -> Decimal | None:
    """Return one figure over another, `None` over zero."""
    over = figure(top, numerator)
    under = figure(bottom, denominator)
    return READING.divide(over, under) if under else None


def change_rate(now_name: str, now: Figure, before_name: str, before: Figure) -> Decimal | None:
    """Return ``(now - before) / before``, `None` over zero."""
    base = figure(before_name, before)
    change = CONTEXT.subtract(figure(now_name, now), base)
    return READING.divide(change, base) if base else None


def saving_rate(planned_name: str, planned: Figure, actual_name: str, actual: Figure) -> Decimal | None:
    """Return ``(planned - actual) / planned``, `None` over zero."""
    base = figure(planned_name, planned)
    saved = CONTEXT.subtract(base, figure(actual_name, actual))
    return READING.divide(saved, base) if base else None


def ratio_to_standard(
    top: str, numerator: Figure, bottom: str, denominator: Figure, standard_name: str, standard: Figure
) -> Decimal | None:
    """Return ``(numerator / denominator) / standard``, `None` over zero."""
    under = CONTEXT.multiply(figure(bottom, denominator), figure(standard_name, standard))
    over = figure(top, numerator)
    return READING.divide(over, under) if under else None
