"""The exact ratio of two integers, and the shapes that a rate can have.

Every measure and every share is a `Ratio`. It is exact, compares and equals by
value, and does not depend on any decimal context. It is kept as it was made,
not reduced, so that a formula can still be shown with its own figures; for
reading, `readable` rounds it to 34 digits.

>>> Ratio(2, 4) == Ratio(1, 2), Ratio(1, 2) < Ratio(1, 3)
(True, False)
>>> readable(Ratio(2, 3))
Decimal('0.6666666666666666666666666666666667')
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from math import gcd
from typing import NamedTuple, Self

from perfeval.amounts import CONTEXT
from perfeval.errors import AmountError

__all__ = ["ONE", "READING", "ZERO", "Ratio", "Shape", "ratio", "readable"]

READING = Context(prec=34, rounding=ROUND_HALF_EVEN)
"""The context of figures for reading: 34 digits, half even."""

# Above any figure of the model, and far below what fills the memory.
_LARGEST_EXPONENT = 1000


class _Pair(NamedTuple):
    numerator: int
    denominator: int


class Ratio(_Pair):
    """An exact ratio of two integers; the denominator is positive.

    Two ratios are equal if their values are: 2/4 equals 1/2 and has the same
    hash. A ratio is compared with ratios only, not with numbers or tuples.

    Args:
        numerator: An integer.
        denominator: An integer other than 0; a negative one gives its sign to
            the numerator.

    Raises:
        AmountError: If *denominator* is 0, or one of the two is no integer.

    >>> Ratio(1, -2)
    Ratio(numerator=-1, denominator=2)
    """

    __slots__ = ()

    def __new__(cls, numerator: int, denominator: int) -> Self:
        """Return the ratio of two integers, its denominator positive."""
        if type(numerator) is not int or type(denominator) is not int:
            raise AmountError(f"expected a ratio of two integers, got {numerator!r} and {denominator!r}")
        if denominator > 0:
            return tuple.__new__(cls, (numerator, denominator))
        if not denominator:
            raise AmountError(f"expected a denominator other than 0, got {numerator}/0")
        return tuple.__new__(cls, (-numerator, -denominator))

    @classmethod
    def of(cls, value: Decimal | int) -> Ratio:
        """Return the ratio whose value is *value*.

        Raises:
            AmountError: If *value* is a float, a bool, not finite, or has an
                exponent beyond ±1000.

        >>> Ratio.of(Decimal("0.95"))
        Ratio(numerator=19, denominator=20)
        """
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            if not isinstance(exponent, int):
                raise AmountError(f"expected a finite number, got {value}")
            if abs(exponent) > _LARGEST_EXPONENT:
                raise AmountError(f"expected an exponent from -{_LARGEST_EXPONENT} to {_LARGEST_EXPONENT}, got {value}")
            return cls(*value.as_integer_ratio())
        if type(value) is not int:
            raise AmountError(f"expected a Decimal or an int, got {type(value).__name__}")
        return cls(value, 1)

    def reduced(self) -> Ratio:
        """Return the same ratio in lowest terms.

        >>> Ratio(4, 6).reduced()
        Ratio(numerator=2, denominator=3)
        """
        common = gcd(*self)
        return Ratio(self.numerator // common, self.denominator // common)

    def _across(self, other: object) -> tuple[int, int]:
        """Both numerators over the product of the denominators."""
        if not isinstance(other, Ratio):
            # NotImplemented would let tuple compare the two part by part.
            raise TypeError(f"a Ratio is compared with a Ratio, not with {type(other).__name__}")
        return self.numerator * other.denominator, other.numerator * self.denominator

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ratio):
            return False
        left, right = self._across(other)
        return left == right

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        common = gcd(*self)
        return hash((self.numerator // common, self.denominator // common))

    def __lt__(self, other: object) -> bool:
        left, right = self._across(other)
        return left < right

    def __le__(self, other: object) -> bool:
        left, right = self._across(other)
        return left <= right

    def __gt__(self, other: object) -> bool:
        left, right = self._across(other)
        return left > right

    def __ge__(self, other: object) -> bool:
        left, right = self._across(other)
        return left >= right


ONE = Ratio(1, 1)
ZERO = Ratio(0, 1)


def ratio(numerator: Decimal, denominator: Decimal) -> Ratio:
    """Return ``numerator / denominator`` exactly.

    Args:
        numerator: A finite number.
        denominator: A finite number other than 0.

    Raises:
        AmountError: If *denominator* is 0.

    >>> ratio(Decimal("0.5"), Decimal("0.25"))
    Ratio(numerator=4, denominator=2)
    """
    a, b = numerator.as_integer_ratio()
    c, d = denominator.as_integer_ratio()
    return Ratio(a * d, b * c)


def readable(exact: Ratio) -> Decimal:
    """Return *exact* rounded to 34 digits, half even: for reading.

    >>> readable(Ratio(5, 4))
    Decimal('1.25')
    """
    return READING.divide(Decimal(exact.numerator), Decimal(exact.denominator))


class Shape(StrEnum):
    """How a rate follows from its figures: the few shapes that frameworks use.

    `RATIO` is ``a / b``, `CHANGE` ``(a - b) / b``, `SAVING` ``(a - b) / a``,
    `STANDARD` ``(a / b) / c``, `USED` ``(a + b + c - d) / (a + b + c)``, and
    `FIGURE` the figure itself.
    """

    RATIO = "ratio"
    CHANGE = "change"
    SAVING = "saving"
    STANDARD = "standard"
    USED = "used"
    FIGURE = "figure"

    @property
    def arity(self) -> int:
        """The number of its figures."""
        return _ARITIES.get(self, 2)

    def terms(self, *figures: Decimal) -> tuple[Decimal, Decimal]:
        """Return the rate's numerator and denominator, which may be 0.

        Args:
            figures: As many as `arity` says, in the order of the formula.

        Raises:
            TypeError: If there are more or fewer.

        >>> Shape.SAVING.terms(Decimal(20), Decimal(18))
        (Decimal('2'), Decimal('20'))
        """
        if len(figures) != self.arity:
            raise TypeError(f"{self.value} takes {self.arity} figures, got {len(figures)}")
        first, *rest = figures
        match self:
            case Shape.RATIO:
                return first, rest[0]
            case Shape.CHANGE:
                return CONTEXT.subtract(first, rest[0]), rest[0]
            case Shape.SAVING:
                return CONTEXT.subtract(first, rest[0]), first
            case Shape.STANDARD:
                return first, CONTEXT.multiply(rest[0], rest[1])
            case Shape.USED:
                available = CONTEXT.add(CONTEXT.add(first, rest[0]), rest[1])
                return CONTEXT.subtract(available, rest[2]), available
            case Shape.FIGURE:
                return first, _ONE

    def formula(self, *figures: str) -> str:
        """Return the formula with its figures put in.

        >>> Shape.CHANGE.formula("12", "10")
        '(12 − 10) ÷ 10'
        """
        return _FORMULAS[self].format(*figures)


_ONE = Decimal(1)
_ARITIES = {Shape.STANDARD: 3, Shape.USED: 4, Shape.FIGURE: 1}
_FORMULAS = {
    Shape.RATIO: "{0} ÷ {1}",
    Shape.CHANGE: "({0} − {1}) ÷ {1}",
    Shape.SAVING: "({0} − {1}) ÷ {0}",
    Shape.STANDARD: "{0} ÷ {1} ÷ {2}",
    Shape.USED: "({0} + {1} + {2} − {3}) ÷ ({0} + {1} + {2})",
    Shape.FIGURE: "{0}",
}
