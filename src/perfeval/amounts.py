"""Amounts of money (金额) as exact yuan.

An amount is a `decimal.Decimal` in yuan (元), everywhere. This module makes
one from a number and a unit, converts it back without losing a fen, and owns
the one decimal context that the library calculates in: whatever context the
caller has set changes nothing. It reads no prose; that is `perfeval.text`.

The precision that was printed is kept as the exponent: ``wan("65.63")`` is
6563 hundreds of yuan, not 656300 single ones.

>>> from perfeval import AmountUnit, to_unit, wan
>>> wan("65.63") == 656300
True
>>> to_unit(wan("65.63"), AmountUnit.WAN)
Decimal('65.63')
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from enum import StrEnum

from perfeval.errors import AmountError

__all__ = [
    "CONTEXT",
    "FINEST_AMOUNT",
    "Amount",
    "AmountUnit",
    "exact",
    "exact_amount",
    "exact_figure",
    "exponent_of",
    "from_unit",
    "plain",
    "sum_of",
    "to_amount_unit",
    "to_unit",
    "wan",
    "yi",
]

Amount = Decimal | int
"""What is taken for an amount: yuan, as `Decimal` or `int`, never `float`."""

CONTEXT = Context(
    prec=80,
    rounding=ROUND_HALF_EVEN,
    Emin=-999999,
    Emax=999999,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""The library's own decimal context.

A figure has at most 34 digits, so that eighty hold every product of two figures,
and every sum of such products, exactly; nothing is rounded here.
"""

LARGEST_EXPONENT = 15
FINEST_AMOUNT = -9
# A ratio read from a spreadsheet cell has 15 significant digits.
FINEST_FIGURE = -18

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?", re.ASCII)


class AmountUnit(StrEnum):
    """The unit that a form declares for its money (金额单位)."""

    YUAN = "元"
    WAN = "万元"
    YI = "亿元"

    @property
    def exponent(self) -> int:
        """The power of ten that turns a number in this unit into yuan."""
        return _EXPONENTS[self]


_EXPONENTS = {AmountUnit.YUAN: 0, AmountUnit.WAN: 4, AmountUnit.YI: 8}


def to_amount_unit(value: AmountUnit | str) -> AmountUnit:
    """Return the unit that *value* names.

    Args:
        value: A member, or the unit as forms print it: 元, 万元 or 亿元.

    Raises:
        AmountError: If it is none of these.

    >>> to_amount_unit("万元")
    <AmountUnit.WAN: '万元'>
    """
    try:
        return AmountUnit(value)
    except ValueError:
        known = ", ".join(AmountUnit)
        raise AmountError(f"expected an amount unit ({known}), got {value!r}") from None


def exact(value: Decimal | int | str, what: str = "") -> Decimal:
    """Return *value* as an exact, finite `Decimal`; a float is refused.

    Args:
        value: A `Decimal`, an `int`, or a plain number as text ("48.5").
        what: What the figure is, to begin the message with.

    Returns:
        The number, its exponent kept; minus zero becomes zero.

    Raises:
        AmountError: If it is a float, a bool, not finite, no plain number,
            above 10¹⁵ or finer than 10⁻¹⁸.

    >>> exact("48.50")
    Decimal('48.50')
    """
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, str):
        if _NUMBER.fullmatch(value) is None:
            raise AmountError(f"{_of(what)}expected a plain number, got {_short(value)!r}")
        number = Decimal(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        if value.bit_length() > 64:
            raise AmountError(f"{_of(what)}expected at most 10^15, got a larger number")
        number = Decimal(value)
    else:
        raise AmountError(_not_a_number(value, what))
    if not number.is_finite():
        raise AmountError(f"{_of(what)}expected a finite number, got {number}")
    # Most figures are whole or have one or two decimals: as_tuple() is slow.
    usual = number.same_quantum(_WHOLE) or number.same_quantum(_TENTH) or number.same_quantum(_HUNDREDTH)
    exponent = 0 if usual else number.as_tuple()[2]
    if not isinstance(exponent, int) or exponent < FINEST_FIGURE:
        raise AmountError(f"{_of(what)}expected at most {-FINEST_FIGURE} decimal places, got {_short(number)}")
    if exponent > LARGEST_EXPONENT or not -_LIMIT <= number <= _LIMIT:
        raise AmountError(f"{_of(what)}expected at most 10^15, got {_short(number)}")
    return number or number.copy_abs()


_LIMIT = Decimal(10**LARGEST_EXPONENT)
_WHOLE, _TENTH, _HUNDREDTH = Decimal(1), Decimal("0.1"), Decimal("0.01")


def _of(what: str) -> str:
    return f"{what}: " if what else ""


def _short(number: Decimal | str) -> str:
    text = str(number)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _not_a_number(value: object, what: str) -> str:
    if isinstance(value, float):
        return (
            f"{_of(what)}expected an exact number, got the float {value!r}; "
            f"a float is not exact, write Decimal({str(value)!r})"
        )
    return f"{_of(what)}expected a Decimal or an int, got {type(value).__name__}"


def exact_figure(value: Decimal | int | str, what: str = "") -> Decimal:
    """Return *value* as `exact` does, but refuse text.

    Raises:
        AmountError: As `exact`, and if *value* is text.
    """
    if isinstance(value, str):
        raise AmountError(f"{_of(what)}expected a Decimal or an int, got str")
    return exact(value, what)


def exact_amount(value: Amount | str, what: str = "") -> Decimal:
    """Return *value* as exact yuan.

    Args:
        value: Yuan, as `Decimal` or `int`. Text has a unit and is read by
            `perfeval.text.parse_amount`.
        what: What the amount is, to begin the message with.

    Raises:
        AmountError: If it is text, a float, not finite, above 10¹⁵ yuan or
            finer than 10⁻⁹ yuan.

    >>> exact_amount(400000)
    Decimal('400000')
    """
    if isinstance(value, str):
        raise AmountError(f"{_of(what)}{value!r} has no unit; write wan({value!r}) or '{value}元'")
    number = exact(value, what)
    if exponent_of(number) < FINEST_AMOUNT:
        raise AmountError(f"{_of(what)}expected an amount no finer than 10^{FINEST_AMOUNT} yuan, got {_short(number)}")
    return number


def exponent_of(number: Decimal) -> int:
    """Return the power of ten of the last digit of a finite number.

    >>> exponent_of(Decimal("65.63"))
    -2
    """
    return int(number.as_tuple().exponent)


def from_unit(value: Decimal | int | str, unit: AmountUnit | str, what: str = "") -> Decimal:
    """Return yuan for a number in *unit*.

    Args:
        value: A plain number in *unit*.
        unit: The unit that *value* is in.
        what: What the amount is, to begin the message with.

    Returns:
        Yuan, exact: the exponent is shifted, nothing is multiplied.

    Raises:
        AmountError: As `exact_amount`.

    >>> from_unit("250000.00", "元")
    Decimal('250000.00')
    """
    exponent = to_amount_unit(unit).exponent
    return exact_amount(CONTEXT.scaleb(exact(value, what), exponent), what)


def to_unit(amount: Amount, unit: AmountUnit | str) -> Decimal:
    """Return *amount* as a number in *unit*.

    Args:
        amount: Yuan.
        unit: The unit to express it in.

    Returns:
        The number, exact: ``from_unit(to_unit(x, unit), unit)`` is ``x``,
        its exponent included.

    Raises:
        AmountError: As `exact_amount`.

    >>> to_unit(Decimal("215457.6"), "万元")
    Decimal('21.54576')
    """
    return CONTEXT.scaleb(exact_amount(amount), -to_amount_unit(unit).exponent)


def wan(value: Decimal | int | str) -> Decimal:
    """Return yuan for a number of 万元.

    Raises:
        AmountError: If *value* is a float or no plain number.

    >>> wan("0.01") == 100
    True
    """
    return from_unit(value, AmountUnit.WAN)


def yi(value: Decimal | int | str) -> Decimal:
    """Return yuan for a number of 亿元.

    Raises:
        AmountError: If *value* is a float or no plain number.

    >>> yi("0.5") == wan(5000)
    True
    """
    return from_unit(value, AmountUnit.YI)


def plain(number: Decimal) -> str:
    """Return *number* in plain digits: no exponent, no rounding, no locale.

    >>> plain(wan(40))
    '400000'
    """
    text = str(number)
    # str() neither rounds nor follows the context, but may print an exponent.
    return format(number, "f") if "E" in text else text


def sum_of(numbers: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of *numbers*; ``sum()`` follows the caller's context.

    >>> sum_of([Decimal("0.10"), Decimal("0.2")])
    Decimal('0.30')
    """
    total: Decimal | None = None
    for number in numbers:
        # Not from 0 on: that would take the exponent of what was written in 万元.
        total = number if total is None else CONTEXT.add(total, number)
    return Decimal(0) if total is None else total
