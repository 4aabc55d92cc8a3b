"""The field's ratios as pure functions (比率).

Each function takes the figures that its framework names and returns their
ratio as a fraction: 0.8308, never 83.08. The result is rounded to 34 digits,
for reading; a score is computed from the exact `Ratio` instead. No function
here knows a rule, a weight or a place, and none says which ratio is good.
The ratios of a region's budget are in `perfeval.rates.regions`, those of special
bonds in `perfeval.rates.bonds`.

>>> from perfeval import execution_rate, wan
>>> execution_rate(wan("65.63"), wan("79"))
Decimal('0.8307594936708860759493670886075949')
"""

from __future__ import annotations

from perfeval.rates.departments import (
    asset_utilisation_rate,
    available_budget_completion_rate,
    budget_adjustment_rate,
    budget_completion_rate,
    budget_control_rate,
    carry_over_and_surplus_change_rate,
    carry_over_and_surplus_rate,
    department_evaluation_coverage_rate,
    department_quality_rate,
    earmarked_allocation_rate,
    monitoring_coverage_rate,
    objective_coverage_rate,
    operating_cost_control_rate,
    payment_progress_rate,
    priority_spending_share,
    priority_task_completion_rate,
    procurement_execution_rate,
    result_use_rate,
    self_evaluation_coverage_rate,
    staffing_control_rate,
    three_public_change_rate,
    three_public_control_rate,
    timely_completion_rate,
)
from perfeval.rates.projects import (
    completion_rate,
    cost_saving_rate,
    execution_rate,
    funding_availability_rate,
    quality_rate,
    time_saving_rate,
    timely_funding_rate,
)

__all__ = [
    "asset_utilisation_rate",
    "available_budget_completion_rate",
    "budget_adjustment_rate",
    "budget_completion_rate",
    "budget_control_rate",
    "carry_over_and_surplus_change_rate",
    "carry_over_and_surplus_rate",
    "completion_rate",
    "cost_saving_rate",
    "department_evaluation_coverage_rate",
    "department_quality_rate",
    "earmarked_allocation_rate",
    "execution_rate",
    "funding_availability_rate",
    "monitoring_coverage_rate",
    "objective_coverage_rate",
    "operating_cost_control_rate",
    "payment_progress_rate",
    "priority_spending_share",
    "priority_task_completion_rate",
    "procurement_execution_rate",
    "quality_rate",
    "result_use_rate",
    "self_evaluation_coverage_rate",
    "staffing_control_rate",
    "three_public_change_rate",
    "three_public_control_rate",
    "time_saving_rate",
    "timely_completion_rate",
    "timely_funding_rate",
]
