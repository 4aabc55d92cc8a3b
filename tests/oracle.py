"""What the articles say, in Fractions: imports nothing of what it judges."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction, step: Fraction = Fraction(1, 100)) -> Fraction:
    """Round to *step*, ties away from zero."""
    sign = -1 if value < 0 else 1
    return sign * (abs(value) / step + Fraction(1, 2)).__floor__() * step


def half_even(value: Fraction, step: Fraction = Fraction(1, 100)) -> Fraction:
    return round(value / step) * step


def down(value: Fraction, step: Fraction = Fraction(1, 100)) -> Fraction:
    return int(value / step) * step


def article_16(weight: Fraction, actual: Fraction, target: Fraction) -> Fraction:
    """财预〔2020〕10号 art. 16: met, the full weight; not met, weight × actual / target."""
    return weight if actual >= target else max(Fraction(0), weight * actual / target)


def fraction(value: Decimal | int) -> Fraction:
    return Fraction(value)
