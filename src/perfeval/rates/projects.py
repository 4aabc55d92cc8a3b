"""The ratios of a project (项目).

References: 财预〔2013〕53号 annex 1; 财预〔2020〕10号 annexes 1 and 2.
"""

from __future__ import annotations

from decimal import Decimal

from perfeval.rates.figures import Figure, rate
from perfeval.ratios import Shape

__all__ = [
    "completion_rate",
    "cost_saving_rate",
    "execution_rate",
    "funding_availability_rate",
    "quality_rate",
    "time_saving_rate",
    "timely_funding_rate",
]


def execution_rate(actual_expenditure: Figure, budget: Figure) -> Decimal | None:
    """Return the share of *budget* that was spent (预算执行率).

    The rate is ``actual_expenditure / budget``.

    Args:
        actual_expenditure: Amount spent, in the same unit as *budget*.
        budget: The budget to compare with, in the same unit. Published forms
            and Henan's framework use the adjusted budget (全年预算数), 10号
            annex 2 the funds received, the World Bank the original budget.

    Returns:
        A fraction, rounded to 34 digits: 1 is fully spent, more is overspent;
        `None` if *budget* is zero, because there was nothing to execute.

    Raises:
        AmountError: If an amount is a float, not finite or negative.

    Source: 财预〔2020〕10号 annex 2; 豫财效〔2022〕4号 annex 3; the heading of published forms
    (执行率＝全年执行数/全年预算数). 10号 annex 1, the form, prints no formula.

    >>> execution_rate(Decimal("65.63"), Decimal("79"))
    Decimal('0.8307594936708860759493670886075949')
    """
    return rate(Shape.RATIO, actual_expenditure=actual_expenditure, budget=budget)


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
    return rate(Shape.RATIO, funds_received=funds_received, funds_planned=funds_planned)


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
    return rate(Shape.RATIO, received_in_time=received_in_time, due_in_time=due_in_time)


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
    return rate(Shape.RATIO, actual_output=actual_output, planned_output=planned_output)


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
    return rate(Shape.RATIO, output_up_to_standard=output_up_to_standard, actual_output=actual_output)


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
    return rate(Shape.SAVING, planned_time=planned_time, actual_time=actual_time)


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
    return rate(Shape.SAVING, planned_cost=planned_cost, actual_cost=actual_cost)
