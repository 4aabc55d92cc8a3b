"""Which roundings give a printed figure, and how far rounded rows may be from their total."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import Flag

from perfeval.amounts import CONTEXT, exponent_of, sum_of
from perfeval.ratios import Ratio
from perfeval.rounding import RoundingMode, rounded

__all__ = ["Roundings", "explaining", "finest", "off_by_cutting", "off_by_rounding"]


class Roundings(Flag):
    """The roundings that explain a printed figure; empty if none does.

    The names are those of `perfeval.RoundingMode`; `DOWN` is a figure that was
    cut.

    >>> Roundings.of(RoundingMode.HALF_UP) in Roundings.ANY
    True
    """

    NONE = 0
    HALF_UP = 1
    HALF_EVEN = 2
    DOWN = 4
    ANY = 7

    @classmethod
    def of(cls, mode: RoundingMode) -> Roundings:
        """Return the flag of one mode."""
        return cls[mode.name]


_MODES = tuple((mode, Roundings.of(mode).value) for mode in RoundingMode)
# A flag is looked up by a Python function; here each stands by its bits.
_BY_BITS = tuple(Roundings(bits) for bits in range(Roundings.ANY.value + 1))


def explaining(printed: Decimal, exact: Ratio) -> Roundings:
    """Return which roundings of *exact* to the precision of *printed* give *printed*.

    >>> explaining(Decimal("86.18"), Ratio(861830, 10000))
    <Roundings.ANY: 7>
    >>> explaining(Decimal("8"), Ratio(862, 100))
    <Roundings.DOWN: 4>
    >>> explaining(Decimal("86.19"), Ratio(861830, 10000))
    <Roundings.NONE: 0>
    """
    # Zeros after a round number are digits (1E+1 is ten), not a wish to round to tens.
    digits = max(0, -exponent_of(printed))
    numerator, denominator = exact
    scaled = numerator * 10**digits
    shown = int(CONTEXT.scaleb(printed, digits))
    if denominator == 1 or not scaled % denominator:
        return Roundings.ANY if scaled == denominator * shown else Roundings.NONE
    bits = 0
    for mode, bit in _MODES:
        if rounded(scaled, denominator, mode) == shown:
            bits |= bit
    return _BY_BITS[bits]


def finest(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return one unit in the last place of the most precise amount; zeros have none.

    A form that prints 12.35 beside 40 did not round 40 to whole figures.

    >>> finest([Decimal("40"), Decimal("12.35"), None])
    Decimal('0.01')
    """
    exponents = [exponent_of(amount) for amount in amounts if amount]
    return Decimal((0, (1,), min(exponents))) if exponents else Decimal(0)


def off_by_rounding(rows: Iterable[Decimal], total: Decimal, unit: Decimal) -> bool:
    """Whether rows and a total, each rounded to *unit*, can differ as these do.

    >>> thirds = [Decimal("0.33"), Decimal("0.33"), Decimal("0.33")]
    >>> off_by_rounding(thirds, Decimal("1.00"), Decimal("0.01"))
    True
    >>> off_by_rounding(thirds, Decimal("1.05"), Decimal("0.01"))
    False
    """
    amounts = list(rows)
    off = CONTEXT.subtract(total, sum_of(amounts))
    rounded_rows = Decimal(sum(1 for amount in amounts if amount))
    cut = CONTEXT.multiply(rounded_rows, unit)
    half = CONTEXT.multiply(CONTEXT.add(cut, unit), Decimal("0.5"))
    return -half <= off <= half or -unit < off < cut


def off_by_cutting(rows: Iterable[Decimal], total: Decimal) -> bool:
    """Whether rows, each cut to the digits that it prints itself, can differ so from a total that is not.

    >>> off_by_cutting([Decimal("3144"), Decimal("570")], Decimal("3715.4"))
    True
    >>> off_by_cutting([Decimal("3144"), Decimal("570")], Decimal("3716.4"))
    False
    """
    amounts = [amount for amount in rows if amount]
    cut = sum_of([Decimal((0, (1,), exponent_of(amount))) for amount in amounts])
    return 0 <= CONTEXT.subtract(total, sum_of(amounts)) < cut
