"""The money block: every way to compute its execution rate, and its breakdowns beside their totals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from perfeval.amounts import CONTEXT, exponent_of, sum_of
from perfeval.model import Breakdown, BudgetBasis, FundingLine, FundingTotal, Project
from perfeval.model.projects import MONEY_COLUMNS
from perfeval.practice.roundings import explaining, finest
from perfeval.ratios import Ratio, ratio

__all__ = [
    "MONEY",
    "Rate",
    "RateVerdict",
    "Sum",
    "TracedRate",
    "money_step",
    "rates_of",
    "rates_of_row",
    "rows_of",
    "sums_of",
    "trace_rate",
]

MONEY = tuple(column for column in MONEY_COLUMNS if column != "budget_adjustment")
"""The columns in which a row adds to a sum; an adjustment only explains one."""


class Rate(NamedTuple):
    """One way to compute an execution rate from what the form shows.

    Attributes:
        basis: The budget that it divides by.
        found: "total" for the total row, "row" for a row's own figures, else
            the breakdown whose rows were added.
        spent: Yuan.
        budget: Yuan, above 0.
        measure: The rate, exact.
    """

    basis: BudgetBasis
    found: str
    spent: Decimal
    budget: Decimal
    measure: Ratio


class RateVerdict(Enum):
    """How a printed execution rate comes about."""

    EXPLAINED = "explained"
    NO_SIGN = "per cent without the sign"
    WRONG = "wrong"
    UNDECIDED = "undecided"

    @property
    def explains(self) -> bool:
        """Whether a way to compute it was found."""
        return self in (RateVerdict.EXPLAINED, RateVerdict.NO_SIGN)


class TracedRate(NamedTuple):
    """A printed execution rate, traced.

    Attributes:
        verdict: How it comes about.
        rate: The way that gives it; where it is wrong, the one that the rules
            compute; `None` where there is none.
    """

    verdict: RateVerdict
    rate: Rate | None


class Sum(NamedTuple):
    """A breakdown of the money, one column: its rows beside the total that they belong to.

    Attributes:
        breakdown: The breakdown.
        column: The column of the total.
        rows: The amounts of its rows.
        sum: Their sum.
        total: The printed total.
        stands_in: The column that the rows stand in.
    """

    breakdown: Breakdown
    column: str
    rows: list[Decimal]
    sum: Decimal
    total: Decimal
    stands_in: str


def rows_of(project: Project, breakdown: Breakdown) -> list[tuple[int, FundingLine]]:
    """Return the rows of one breakdown that detail no other row, each with its position."""
    return [(i, row) for i, row in enumerate(project.funding) if row.breakdown is breakdown and row.part_of is None]


def money_step(project: Project) -> Decimal:
    """Return one unit in the last place that the money block prints."""
    rows: list[FundingLine | FundingTotal] = [project.stated.funding_total, *project.funding]
    return finest(getattr(row, column) for row in rows for column in MONEY)


def rates_of(project: Project, own: BudgetBasis) -> tuple[Rate, ...]:
    """Return every way to compute the execution rate, the rule set's *own* basis first.

    A figure that the total row or a breakdown does not tell is taken from
    where it is told.
    """
    printed = project.stated.funding_total
    sources: list[tuple[str, Decimal | None, dict[BudgetBasis, Decimal | None]]] = [
        ("total", printed.actual_expenditure, {basis: getattr(printed, basis.column) for basis in BudgetBasis})
    ]
    for breakdown in {row.breakdown: None for row in project.funding}:
        rows = [row for _, row in rows_of(project, breakdown)]
        sums = {basis: _sum_of(rows, basis.column) for basis in BudgetBasis}
        sources.append((breakdown.value, _sum_of(rows, "actual_expenditure"), sums))
    bases = [own, *(basis for basis in BudgetBasis if basis is not own)]
    any_spent = next((spent for _, spent, _ in sources if spent is not None), None)
    found = []
    for basis in bases:
        any_budget = next((budgets[basis] for _, _, budgets in sources if budgets[basis] is not None), None)
        for name, own_spent, budgets in sources:
            if own_spent is None and budgets[basis] is None:
                continue
            spent = any_spent if own_spent is None else own_spent
            budget = any_budget if budgets[basis] is None else budgets[basis]
            found += _rate(basis, name, spent, budget)
    return tuple(found)


def rates_of_row(row: FundingLine) -> tuple[Rate, ...]:
    """Return every way to compute the execution rate of one row."""
    spent, found = row.actual_expenditure, []
    for basis in BudgetBasis:
        found += _rate(basis, "row", spent, getattr(row, basis.column))
    return tuple(found)


def _rate(basis: BudgetBasis, found: str, spent: Decimal | None, budget: Decimal | None) -> list[Rate]:
    if spent is None or budget is None or spent < 0 or budget <= 0:
        return []
    return [Rate(basis, found, spent, budget, ratio(spent, budget))]


def _sum_of(rows: list[FundingLine], column: str) -> Decimal | None:
    amounts = [amount for row in rows if (amount := getattr(row, column)) is not None]
    return sum_of(amounts) if amounts else None


def sums_of(project: Project) -> Iterator[Sum]:
    """Yield every breakdown and column of the money beside its total."""
    printed = project.stated.funding_total
    totals = {column: amount for column in MONEY if (amount := getattr(printed, column)) is not None}
    told = {column for row in project.funding for column in MONEY if getattr(row, column) is not None}
    for column, total in totals.items():
        parts: dict[Breakdown, list[Decimal]] = {}
        for row in project.funding:
            amount = getattr(row, column)
            if amount is not None and row.part_of is None:
                parts.setdefault(row.breakdown, []).append(amount)
        # A form that prints one figure a row does not tell its column: where a
        # breakdown agrees with the total of another column, that one is meant.
        meant = column
        sums = {breakdown: sum_of(amounts) for breakdown, amounts in parts.items()}
        if told <= {column} and total not in sums.values():
            meant = next((other for other in totals if totals[other] in sums.values()), column)
        for breakdown, amounts in parts.items():
            yield Sum(breakdown, meant, amounts, sums[breakdown], totals[meant], column)


_PER_CENT = Decimal("0.01")


def trace_rate(
    printed: Decimal | None, rates: tuple[Rate, ...], *, per_cent_above: Decimal | None = None
) -> TracedRate:
    """Return how a printed execution rate comes about.

    Args:
        printed: The rate as printed, a fraction; its exponent is its precision.
        rates: The ways to compute it.
        per_cent_above: Where there is none, a rate above this is taken as per
            cent without the sign; not taken so if not given.

    >>> trace_rate(Decimal("79.27"), (), per_cent_above=Decimal(2)).verdict
    <RateVerdict.NO_SIGN: 'per cent without the sign'>
    """
    if printed is None:
        return TracedRate(RateVerdict.UNDECIDED, None)
    # "1" is 100 % and "0" is 0 %: nobody rounds a rate to whole ones.
    fraction = printed if exponent_of(printed) < 0 else CONTEXT.quantize(printed, _PER_CENT)
    for rate in rates:
        if explaining(fraction, rate.measure):
            return TracedRate(RateVerdict.EXPLAINED, rate)
    per_cent = CONTEXT.scaleb(printed, -2)
    for rate in rates:
        if explaining(per_cent, rate.measure):
            return TracedRate(RateVerdict.NO_SIGN, rate)
    if rates:
        return TracedRate(RateVerdict.WRONG, rates[0])
    unsigned = per_cent_above is not None and printed > per_cent_above
    return TracedRate(RateVerdict.NO_SIGN if unsigned else RateVerdict.UNDECIDED, None)
