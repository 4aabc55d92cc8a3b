"""The ratios of a department (部门整体支出).

References: 财预〔2013〕53号 annex 2; 豫财效〔2022〕4号 annex 3 (Henan's framework).
Limitations: Henan's own formula of the adjustment rate contradicts its
definition and is left out; two of its rates are named without a formula.
"""

from __future__ import annotations

from decimal import Decimal

from perfeval.rates.figures import Figure, rate
from perfeval.ratios import Shape

__all__ = [
    "asset_utilisation_rate",
    "available_budget_completion_rate",
    "budget_adjustment_rate",
    "budget_completion_rate",
    "budget_control_rate",
    "carry_over_and_surplus_change_rate",
    "carry_over_and_surplus_rate",
    "department_evaluation_coverage_rate",
    "department_quality_rate",
    "earmarked_allocation_rate",
    "monitoring_coverage_rate",
    "objective_coverage_rate",
    "operating_cost_control_rate",
    "payment_progress_rate",
    "priority_spending_share",
    "priority_task_completion_rate",
    "procurement_execution_rate",
    "result_use_rate",
    "self_evaluation_coverage_rate",
    "staffing_control_rate",
    "three_public_change_rate",
    "three_public_control_rate",
    "timely_completion_rate",
]


def staffing_control_rate(staff_in_post: Figure, approved_posts: Figure) -> Decimal | None:
    """Return the share of the approved posts that are filled (在职人员控制率).

    The rate is ``staff_in_post / approved_posts``.

    Args:
        staff_in_post: Staff in post, in the scope of the final accounts.
        approved_posts: Approved posts.

    Returns:
        A fraction, rounded to 34 digits; `None` if *approved_posts* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> staffing_control_rate(95, 100)
    Decimal('0.95')
    """
    return rate(Shape.RATIO, staff_in_post=staff_in_post, approved_posts=approved_posts)


def three_public_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the budget of the three public expenses changed (三公经费变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's budget for travel abroad, vehicles and receptions.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> three_public_change_rate(90, 100)
    Decimal('-0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def priority_spending_share(priority_spending: Figure, project_spending: Figure) -> Decimal | None:
    """Return the share of the project spending that goes to priorities (重点支出安排率).

    The rate is ``priority_spending / project_spending``.

    Args:
        priority_spending: Budgeted spending on priority projects.
        project_spending: All budgeted project spending.

    Returns:
        A fraction, rounded to 34 digits; `None` if *project_spending* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> priority_spending_share(60, 80)
    Decimal('0.75')
    """
    return rate(Shape.RATIO, priority_spending=priority_spending, project_spending=project_spending)


def budget_completion_rate(budget_completed: Figure, budget_approved: Figure) -> Decimal | None:
    """Return the share of the approved budget that was completed (预算完成率).

    The rate is ``budget_completed / budget_approved``.

    Args:
        budget_completed: Budget completed in the year.
        budget_approved: Budget approved by finance for the year.

    Returns:
        A fraction, rounded to 34 digits; `None` if *budget_approved* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> budget_completion_rate(95, 100)
    Decimal('0.95')
    """
    return rate(Shape.RATIO, budget_completed=budget_completed, budget_approved=budget_approved)


def available_budget_completion_rate(
    carried_over: Figure, original_budget: Figure, added_budget: Figure, year_end_balance: Figure
) -> Decimal | None:
    """Return the share of the money at hand in the year that was used (预算完成率).

    The rate is
    ``(carried_over + original_budget + added_budget - year_end_balance) / (carried_over + original_budget + added_budget)``.

    Args:
        carried_over: Carried over from the year before.
        original_budget: Budget at the start of the year.
        added_budget: Budget added during the year.
        year_end_balance: What is left at the end of the year.

    Returns:
        A fraction, rounded to 34 digits; `None` if there was no money.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: a table for departments in Hunan (2022).

    >>> available_budget_completion_rate(10, 80, 10, 5)
    Decimal('0.95')
    """
    return rate(
        Shape.USED,
        carried_over=carried_over,
        original_budget=original_budget,
        added_budget=added_budget,
        year_end_balance=year_end_balance,
    )


def budget_adjustment_rate(adjustments: Figure, budget: Figure) -> Decimal | None:
    """Return the share of the budget that was adjusted (预算调整率).

    The rate is ``adjustments / budget``.

    Args:
        adjustments: Sum of additions, cuts and restructurings, but for national policy, force majeure and tasks from above.
        budget: The budget.

    Returns:
        A fraction, rounded to 34 digits; `None` if *budget* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> budget_adjustment_rate(10, 100)
    Decimal('0.1')
    """
    return rate(Shape.RATIO, adjustments=adjustments, budget=budget)


def budget_control_rate(added_budget: Figure, original_budget: Figure) -> Decimal | None:
    """Return the share of the original budget that was added during the year (预算控制率).

    The rate is ``added_budget / original_budget``.

    Args:
        added_budget: Budget added during the year.
        original_budget: Budget at the start of the year.

    Returns:
        A fraction, rounded to 34 digits; `None` if *original_budget* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: tables for departments in Hunan.

    >>> budget_control_rate(8, 100)
    Decimal('0.08')
    """
    return rate(Shape.RATIO, added_budget=added_budget, original_budget=original_budget)


def payment_progress_rate(spent_so_far: Figure, spending_budget: Figure, set_progress: Figure) -> Decimal | None:
    """Return how far spending has come against the progress that was set (支付进度率).

    The rate is ``(spent_so_far / spending_budget) / set_progress``.

    Args:
        spent_so_far: Spent in the year so far.
        spending_budget: The year's spending budget.
        set_progress: The share that should be spent by now, as a fraction: by
            time, by the mean of three years, or by peers.

    Returns:
        A fraction, rounded to 34 digits: 1 is on schedule; `None` if the
        budget or the set progress is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> payment_progress_rate(45, 100, Decimal("0.5"))
    Decimal('0.9')
    """
    return rate(Shape.STANDARD, spent_so_far=spent_so_far, spending_budget=spending_budget, set_progress=set_progress)


def carry_over_and_surplus_rate(carry_over_and_surplus: Figure, budget: Figure) -> Decimal | None:
    """Return the share of the budget that was carried over or left (结转结余率).

    The rate is ``carry_over_and_surplus / budget``.

    Args:
        carry_over_and_surplus: Carried over and surplus, by the final accounts.
        budget: The spending budget (53号) or the adjusted budget (Henan).

    Returns:
        A fraction, rounded to 34 digits; `None` if *budget* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2; 豫财效〔2022〕4号 annex 3.

    >>> carry_over_and_surplus_rate(5, 100)
    Decimal('0.05')
    """
    return rate(Shape.RATIO, carry_over_and_surplus=carry_over_and_surplus, budget=budget)


def carry_over_and_surplus_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the stock of funds carried over and left changed (结转结余变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: The cumulative stock this year.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> carry_over_and_surplus_change_rate(8, 10)
    Decimal('-0.2')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def operating_cost_control_rate(operating_funds_spent: Figure, operating_funds_budgeted: Figure) -> Decimal | None:
    """Return the share of the operating budget that was spent (公用经费控制率).

    The rate is ``operating_funds_spent / operating_funds_budgeted``.

    Args:
        operating_funds_spent: Operating funds spent.
        operating_funds_budgeted: Operating funds budgeted.

    Returns:
        A fraction, rounded to 34 digits; `None` if *operating_funds_budgeted* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> operating_cost_control_rate(9, 10)
    Decimal('0.9')
    """
    return rate(
        Shape.RATIO, operating_funds_spent=operating_funds_spent, operating_funds_budgeted=operating_funds_budgeted
    )


def three_public_control_rate(spent: Figure, budgeted: Figure) -> Decimal | None:
    """Return the share of the budget of the three public expenses that was spent (三公经费控制率).

    The rate is ``spent / budgeted``.

    Args:
        spent: Spent on travel abroad, vehicles and receptions.
        budgeted: Budgeted for them.

    Returns:
        A fraction, rounded to 34 digits; `None` if *budgeted* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2; 豫财效〔2022〕4号 annex 3.

    >>> three_public_control_rate(8, 10)
    Decimal('0.8')
    """
    return rate(Shape.RATIO, spent=spent, budgeted=budgeted)


def procurement_execution_rate(actual_procurement: Figure, procurement_budget: Figure) -> Decimal | None:
    """Return the share of the procurement budget that was procured (政府采购执行率).

    The rate is ``actual_procurement / procurement_budget``.

    Args:
        actual_procurement: Actual procurement.
        procurement_budget: The procurement budget at the start of the year.

    Returns:
        A fraction, rounded to 34 digits; `None` if *procurement_budget* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2; 豫财效〔2022〕4号 annex 3.

    >>> procurement_execution_rate(9, 10)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, actual_procurement=actual_procurement, procurement_budget=procurement_budget)


def asset_utilisation_rate(assets_in_use: Figure, all_assets: Figure) -> Decimal | None:
    """Return the share of the fixed assets that are in use (固定资产利用率).

    The rate is ``assets_in_use / all_assets``.

    Args:
        assets_in_use: Value of the fixed assets in use.
        all_assets: Value of all fixed assets.

    Returns:
        A fraction, rounded to 34 digits; `None` if *all_assets* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> asset_utilisation_rate(90, 100)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, assets_in_use=assets_in_use, all_assets=all_assets)


def timely_completion_rate(tasks_done_in_time: Figure, tasks_planned: Figure) -> Decimal | None:
    """Return the share of the planned tasks that were done in time (完成及时率).

    The rate is ``tasks_done_in_time / tasks_planned``.

    Args:
        tasks_done_in_time: Tasks done in time.
        tasks_planned: Tasks planned.

    Returns:
        A fraction, rounded to 34 digits; `None` if *tasks_planned* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> timely_completion_rate(9, 10)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, tasks_done_in_time=tasks_done_in_time, tasks_planned=tasks_planned)


def department_quality_rate(tasks_up_to_standard: Figure, tasks_planned: Figure) -> Decimal | None:
    """Return the share of the planned tasks that are up to standard (质量达标率).

    The rate is ``tasks_up_to_standard / tasks_planned``.

    Args:
        tasks_up_to_standard: Tasks done up to standard.
        tasks_planned: Tasks planned: not those done, as for a project.

    Returns:
        A fraction, rounded to 34 digits; `None` if *tasks_planned* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> department_quality_rate(9, 10)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, tasks_up_to_standard=tasks_up_to_standard, tasks_planned=tasks_planned)


def priority_task_completion_rate(priority_tasks_done: Figure, priority_tasks_assigned: Figure) -> Decimal | None:
    """Return the share of the priority tasks that were done (重点工作办结率).

    The rate is ``priority_tasks_done / priority_tasks_assigned``.

    Args:
        priority_tasks_done: Priority tasks done.
        priority_tasks_assigned: Priority tasks assigned by party, government, congress and offices above.

    Returns:
        A fraction, rounded to 34 digits; `None` if *priority_tasks_assigned* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 2.

    >>> priority_task_completion_rate(9, 10)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, priority_tasks_done=priority_tasks_done, priority_tasks_assigned=priority_tasks_assigned)


def earmarked_allocation_rate(assigned_by_name: Figure, earmarked_funds: Figure) -> Decimal | None:
    """Return the share of the earmarked funds that are assigned by name (专项资金细化率).

    The rate is ``assigned_by_name / earmarked_funds``.

    Args:
        assigned_by_name: Earmarked funds assigned to named counties or units.
        earmarked_funds: Earmarked funds that the department takes part in allocating.

    Returns:
        A fraction, rounded to 34 digits; `None` if *earmarked_funds* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 豫财效〔2022〕4号 annex 3.

    >>> earmarked_allocation_rate(9, 10)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, assigned_by_name=assigned_by_name, earmarked_funds=earmarked_funds)


def objective_coverage_rate(projects_with_objectives: Figure, projects: Figure) -> Decimal | None:
    """Return the share of the department's projects that have objectives (绩效目标编制完成率).

    The rate is ``projects_with_objectives / projects``.

    Args:
        projects_with_objectives: Projects with objectives.
        projects: All projects of the department.

    Returns:
        A fraction, rounded to 34 digits; `None` if *projects* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 豫财效〔2022〕4号 annex 3.

    >>> objective_coverage_rate(9, 10)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, projects_with_objectives=projects_with_objectives, projects=projects)


def monitoring_coverage_rate(projects_monitored: Figure, projects: Figure) -> Decimal | None:
    """Return the share of the department's projects that were monitored (绩效监控完成率).

    The rate is ``projects_monitored / projects``.

    Args:
        projects_monitored: Projects monitored.
        projects: All projects (the formula), or those that should be (the definition).

    Returns:
        A fraction, rounded to 34 digits; `None` if *projects* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 豫财效〔2022〕4号 annex 3.

    >>> monitoring_coverage_rate(9, 10)
    Decimal('0.9')
    """
    return rate(Shape.RATIO, projects_monitored=projects_monitored, projects=projects)


def self_evaluation_coverage_rate(projects_self_evaluated: Figure, projects: Figure) -> Decimal | None:
    """Return the share of the department's projects that were self-evaluated (绩效自评完成率).

    The rate is ``projects_self_evaluated / projects``.

    Args:
        projects_self_evaluated: Projects self-evaluated.
        projects: All projects (the formula), or those that should be (the definition).

    Returns:
        A fraction, rounded to 34 digits; `None` if *projects* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 豫财效〔2022〕4号 annex 3.

    >>> self_evaluation_coverage_rate(6, 6)
    Decimal('1')
    """
    return rate(Shape.RATIO, projects_self_evaluated=projects_self_evaluated, projects=projects)


def department_evaluation_coverage_rate(evaluations_done: Figure, evaluations_due: Figure) -> Decimal | None:
    """Return the share of the evaluations due that were done (部门绩效评价完成率).

    The rate is ``evaluations_done / evaluations_due``.

    Args:
        evaluations_done: Evaluations done.
        evaluations_due: Key projects due for evaluation.

    Returns:
        A fraction, rounded to 34 digits; `None` if *evaluations_due* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 豫财效〔2022〕4号 annex 3.

    >>> department_evaluation_coverage_rate(2, 4)
    Decimal('0.5')
    """
    return rate(Shape.RATIO, evaluations_done=evaluations_done, evaluations_due=evaluations_due)


def result_use_rate(recommendations_adopted: Figure, recommendations_made: Figure) -> Decimal | None:
    """Return the share of the recommendations that were adopted (评价结果应用率).

    The rate is ``recommendations_adopted / recommendations_made``.

    Args:
        recommendations_adopted: Recommendations adopted.
        recommendations_made: Recommendations made.

    Returns:
        A fraction, rounded to 34 digits; `None` if *recommendations_made* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 豫财效〔2022〕4号 annex 3.

    >>> result_use_rate(3, 4)
    Decimal('0.75')
    """
    return rate(Shape.RATIO, recommendations_adopted=recommendations_adopted, recommendations_made=recommendations_made)
