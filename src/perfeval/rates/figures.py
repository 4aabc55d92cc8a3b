"""How every rate is computed from its figures."""

from __future__ import annotations

from decimal import Decimal

from perfeval.amounts import exact_figure
from perfeval.errors import AmountError
from perfeval.ratios import READING, Shape

Figure = Decimal | int


def figure(name: str, value: Figure) -> Decimal:
    """Return a figure of 0 or more, or say which one is not."""
    number = exact_figure(value, name)
    if number < 0:
        raise AmountError(f"{name}: expected a figure of 0 or more, got {number}")
    return number


def rate(shape: Shape, **figures: Figure) -> Decimal | None:
    """Return the rate of that shape of *figures*, which are given in its order; `None` over zero."""
    over, under = shape.terms(*(figure(name, value) for name, value in figures.items()))
    return READING.divide(over, under) if under else None
