"""The linear pieces of a scoring rule, and how its parameters give them.

Rules are piecewise linear. Each constructor's pieces are made here, from low
to high, each with the formula that is shown for it.
"""

# Annotations are not deferred: a NamedTuple compiles each that is text, whenever perfeval is imported.
from decimal import Decimal
from typing import NamedTuple

from perfeval.amounts import CONTEXT, exact, plain
from perfeval.errors import ScoringRuleError
from perfeval.ratios import Ratio, ratio
from perfeval.targets import Comparator

__all__ = ["SIDES", "SIDE_NAMES", "Knot", "Piece", "Step", "flat", "number_of", "slope", "stairs", "units"]

Points = Decimal | int | str

SIDES = {
    "at_least": Comparator.AT_LEAST,
    "more_than": Comparator.MORE_THAN,
    "at_most": Comparator.AT_MOST,
    "less_than": Comparator.LESS_THAN,
}
"""The comparators of a step, by their names in rule files."""

SIDE_NAMES = {comparator: name for name, comparator in SIDES.items()}

_FROM_ABOVE = (Comparator.AT_LEAST, Comparator.MORE_THAN)
_MOST_UNITS = 1000
_ZERO = Decimal(0)
_ONE = Decimal(1)


class Piece(NamedTuple):
    """One linear piece of a rule: ``(slope * x + intercept) / denominator``.

    Attributes:
        limit: The upper end, `None` for the last piece.
        closed: Whether the upper end belongs to this piece.
        slope: Integer, as are the other two.
        intercept: Integer.
        denominator: Positive integer.
        text: The formula, ``{w}`` and ``{m}`` standing for weight and measure.
    """

    limit: Ratio | None
    closed: bool
    slope: int
    intercept: int
    denominator: int
    text: str

    def at(self, x: Ratio) -> Ratio:
        """Return the share at *x*, whether or not *x* lies in the piece."""
        n, d = x
        return Ratio(self.slope * n + self.intercept * d, self.denominator * d)

    def formula(self, weight: str, measure: str) -> str:
        """Return the formula with its numbers put in."""
        return self.text.replace("{w}", weight).replace("{m}", measure)


class Knot(NamedTuple):
    """Where two pieces meet: the share just before, at, and just after *x*."""

    x: Ratio
    before: Ratio
    at: Ratio
    after: Ratio


class Step(NamedTuple):
    """A step: whoever stands on this side of *limit* earns *points*."""

    comparator: Comparator
    limit: Decimal
    points: Decimal


def number_of(value: Points, what: str, *, above: int | None = None) -> Decimal:
    """Return a parameter as an exact number; *what* is its name, *above* what it must exceed."""
    number = exact(value, what)
    if above is not None and number <= above:
        raise ScoringRuleError(f"{what}: expected a number above {above}, got {plain(number)}")
    return number


def flat(earned: Decimal, condition: str, limit: Ratio | None, *, closed: bool = True, scale: Decimal = _ONE) -> Piece:
    """A piece that earns the same throughout; the condition says where it is."""
    a, b = ratio(earned, scale)
    text = f"{condition} → {{w}} × {plain(earned)}"
    return Piece(limit, closed, 0, a, b, text if scale == 1 else f"{text} ÷ {plain(scale)}")


def stairs(rows: tuple[Step, ...], otherwise: Decimal, scale: Decimal) -> list[Piece]:
    """The pieces of steps, from low to high."""
    if not rows:
        raise ScoringRuleError("steps: expected at least one step")
    limits = [row.limit for row in rows]
    looks_up = rows[0].comparator in _FROM_ABOVE
    if any(
        row.comparator not in SIDE_NAMES or (row.comparator in _FROM_ABOVE) is not looks_up for row in rows
    ) or limits != sorted(set(limits), reverse=looks_up):
        raise ScoringRuleError(
            "steps: expected limits that fall with ≥ or >, or rise with ≤ or <, from the best step to the worst"
        )
    # From low to high: what is earned between one limit and the next, and
    # whether the limit itself belongs to what is below it.
    closed_below = {row.limit: row.comparator in (Comparator.MORE_THAN, Comparator.AT_MOST) for row in rows}
    rising = sorted(limits)
    earned = [row.points for row in rows]
    points = [otherwise, *reversed(earned)] if looks_up else [*earned, otherwise]
    pieces = []
    for position, value in enumerate(points):
        low = rising[position - 1] if position else None
        high = rising[position] if position < len(rising) else None
        left = "" if low is None else f"{plain(low)} {'<' if closed_below[low] else '≤'} "
        right = "" if high is None else f" {'≤' if closed_below[high] else '<'} {plain(high)}"
        pieces.append(
            flat(
                value,
                f"{left}{{m}}{right}",
                None if high is None else ratio(high, _ONE),
                closed=high is not None and closed_below[high],
                scale=scale,
            )
        )
    return pieces


def slope(limit: Decimal, per: Decimal, points: Decimal, scale: Decimal, upward: bool) -> list[Piece]:
    """The pieces of a deduction that counts parts of a unit."""
    # share = 1 - (x - limit) / per * points / scale, until it reaches 0
    a, b = ratio(points, CONTEXT.multiply(per, scale))
    c, d = limit.as_integer_ratio()
    at = ratio(limit, _ONE)
    distance = ratio(CONTEXT.multiply(scale, per), points)
    sign = 1 if upward else -1
    zero = Ratio(c * distance.denominator + sign * distance.numerator * d, d * distance.denominator)
    gap = f"({{m}} − {plain(limit)})" if upward else f"({plain(limit)} − {{m}})"
    loss = f"{{w}} × (1 − {gap} ÷ {plain(per)} × {plain(points)} ÷ {plain(scale)})"
    falling = Piece(zero if upward else at, not upward, -sign * a * d, b * d + sign * a * c, b * d, loss)
    edge = f"{plain(limit)} {'+' if upward else '−'} {plain(scale)} × {plain(per)} ÷ {plain(points)}"
    if upward:
        return [
            flat(_ONE, f"{{m}} ≤ {plain(limit)}", at),
            falling,
            flat(_ZERO, f"{{m}} ≥ {edge}", None),
        ]
    return [
        flat(_ZERO, f"{{m}} ≤ {edge}", zero),
        falling._replace(closed=False),
        flat(_ONE, f"{{m}} ≥ {plain(limit)}", None),
    ]


def units(limit: Decimal, per: Decimal, points: Decimal, scale: Decimal, upward: bool) -> list[Piece]:
    """The pieces of a deduction that counts full units only."""
    all_points = ratio(scale, points)
    units = -(-all_points.numerator // all_points.denominator)
    if units > _MOST_UNITS:
        raise ScoringRuleError(f"deduction: expected at most {_MOST_UNITS} units until nothing is left, got {units}")
    rows = []
    for lost in range(units):
        # After k full units k * points are gone; unit k + 1 is full at its far end.
        distance = CONTEXT.multiply(Decimal(lost + 1), per)
        left = CONTEXT.subtract(scale, CONTEXT.multiply(Decimal(lost), points)).normalize(CONTEXT)
        edge = CONTEXT.add(limit, distance) if upward else CONTEXT.subtract(limit, distance)
        rows.append(Step(Comparator.LESS_THAN if upward else Comparator.MORE_THAN, edge, left))
    return stairs(tuple(rows), _ZERO, scale)
