"""The field's ratios as pure functions (比率).

Each function takes the two figures that its framework names and returns their
ratio as a fraction: 0.8308, never 83.08. The result is rounded to 34 digits,
for reading; a score is computed from the exact `Ratio` instead. No function
here knows a rule, a weight or a place, and none says which ratio is good.

>>> from decimal import Decimal
>>> from perfeval import execution_rate, wan
>>> execution_rate(wan("65.63"), wan("79"))
Decimal('0.8307594936708860759493670886075949')

References: 财预〔2013〕53号 annex 1; 财预〔2020〕10号 annexes 1 and 2.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from perfeval.amounts import CONTEXT, exact_figure
from perfeval.errors import AmountError

__all__ = [
    "Ratio",
    "completion_rate",
    "cost_saving_rate",
    "execution_rate",
    "funding_availability_rate",
    "quality_rate",
    "readable",
    "time_saving_rate",
    "timely_funding_rate",
]

Figure = Decimal | int

_READING = Context(prec=34, rounding=ROUND_HALF_EVEN)


class Ratio(NamedTuple):
    """An exact ratio of two integers; the denominator is positive.

    It is not reduced: two ratios are compared by cross-multiplying, and shown
    by `readable`.
    """

    numerator: int
    denominator: int


# A quarter of the time of Ratio(…): for the functions that run once a line.
new_ratio = tuple.__new__


def readable(ratio: Ratio) -> Decimal:
    """Return *ratio* rounded to 34 digits, half even: for reading.

    >>> readable(Ratio(2, 3))
    Decimal('0.6666666666666666666666666666666667')
    """
    return _READING.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))


def execution_rate(actual_expenditure: Figure, budget: Figure) -> Decimal | None:
    """Return the share of *budget* that was spent (预算执行率).

    The rate is ``actual_expenditure / budget``.

    Args:
        actual_expenditure: Amount spent, in the same unit as *budget*.
        budget: The budget to compare with, in the same unit. The Chinese form
            uses the adjusted budget (全年预算数), 10号 annex 2 the funds
            received, the World Bank the original budget.

    Returns:
        A fraction, rounded to 34 digits: 1 is fully spent, more is overspent;
        `None` if *budget* is zero, because there was nothing to execute.

    Raises:
        AmountError: If an amount is a float, not finite or negative.

    Source: 财预〔2020〕10号 annex 1.

    >>> execution_rate(Decimal("65.63"), Decimal("79"))
    Decimal('0.8307594936708860759493670886075949')
    """
    return _rate("actual_expenditure", actual_expenditure, "budget", budget)


def funding_availability_rate(funds_received: Figure, funds_planned: Figure) -> Decimal | None:
    """Return the share of the planned funds that arrived (资金到位率).

    The rate is ``funds_received / funds_planned``.

    Args:
        funds_received: Funds that the project received in the period.
        funds_planned: Funds planned (53号) or budgeted (10号) for the period,
            in the same unit.

    Returns:
        A fraction, rounded to 34 digits; `None` if nothing was planned.

    Raises:
        AmountError: If an amount is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 1; 财预〔2020〕10号 annex 2.

    >>> funding_availability_rate(45, 60)
    Decimal('0.75')
    """
    return _rate("funds_received", funds_received, "funds_planned", funds_planned)


def timely_funding_rate(received_in_time: Figure, due_in_time: Figure) -> Decimal | None:
    """Return the share of the funds due that arrived by then (到位及时率).

    The rate is ``received_in_time / due_in_time``.

    Args:
        received_in_time: Funds received by the due date.
        due_in_time: Funds due by that date, by contract or progress, in the
            same unit.

    Returns:
        A fraction, rounded to 34 digits; `None` if nothing was due.

    Raises:
        AmountError: If an amount is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 1.

    >>> timely_funding_rate(30, 40)
    Decimal('0.75')
    """
    return _rate("received_in_time", received_in_time, "due_in_time", due_in_time)


def completion_rate(actual_output: Figure, planned_output: Figure) -> Decimal | None:
    """Return the share of the planned output that was produced (实际完成率).

    The rate is ``actual_output / planned_output``.

    Args:
        actual_output: Output produced in the period.
        planned_output: Output planned by the objective, in the same unit.

    Returns:
        A fraction, rounded to 34 digits; `None` if nothing was planned.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 1; 财预〔2020〕10号 annex 2.

    >>> completion_rate(48, 50)
    Decimal('0.96')
    """
    return _rate("actual_output", actual_output, "planned_output", planned_output)


def quality_rate(output_up_to_standard: Figure, actual_output: Figure) -> Decimal | None:
    """Return the share of the output that is up to standard (质量达标率).

    The rate is ``output_up_to_standard / actual_output``: of what was
    produced, not of what was planned.

    Args:
        output_up_to_standard: Output up to the standard set with the objective.
        actual_output: Output produced, in the same unit.

    Returns:
        A fraction, rounded to 34 digits; `None` if nothing was produced.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2020〕10号 annex 2.

    >>> quality_rate(47, 50)
    Decimal('0.94')
    """
    return _rate("output_up_to_standard", output_up_to_standard, "actual_output", actual_output)


def time_saving_rate(planned_time: Figure, actual_time: Figure) -> Decimal | None:
    """Return the share of the planned time that was saved (完成及时率).

    The rate is ``(planned_time - actual_time) / planned_time``: 0 on time,
    above 0 early, below 0 late.

    Args:
        planned_time: Time planned for the work, as a duration.
        actual_time: Time it took, in the same unit.

    Returns:
        A fraction, rounded to 34 digits; `None` if no time was planned.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 1.

    >>> time_saving_rate(200, 180)
    Decimal('0.1')
    """
    return _saving_rate("planned_time", planned_time, "actual_time", actual_time)


def cost_saving_rate(planned_cost: Figure, actual_cost: Figure) -> Decimal | None:
    """Return the share of the planned cost that was saved (成本节约率).

    The rate is ``(planned_cost - actual_cost) / planned_cost``: below 0 the
    work cost more than planned.

    Args:
        planned_cost: Planned cost, usually the budget.
        actual_cost: Cost of the work done on time, in quality and quantity, in
            the same unit.

    Returns:
        A fraction, rounded to 34 digits; `None` if no cost was planned.

    Raises:
        AmountError: If an amount is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 1; 财预〔2020〕10号 annex 2.

    >>> cost_saving_rate(20, 18)
    Decimal('0.1')
    """
    return _saving_rate("planned_cost", planned_cost, "actual_cost", actual_cost)


def _figure(name: str, value: Figure) -> Decimal:
    number = exact_figure(value, name)
    if number < 0:
        raise AmountError(f"{name}: expected a figure of 0 or more, got {number}")
    return number


def _rate(top: str, numerator: Figure, bottom: str, denominator: Figure) -> Decimal | None:
    over = _figure(top, numerator)
    under = _figure(bottom, denominator)
    return _READING.divide(over, under) if under else None


def _saving_rate(planned_name: str, planned: Figure, actual_name: str, actual: Figure) -> Decimal | None:
    base = _figure(planned_name, planned)
    saved = CONTEXT.subtract(base, _figure(actual_name, actual))
    return _READING.divide(saved, base) if base else None
