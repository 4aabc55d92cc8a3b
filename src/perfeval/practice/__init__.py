"""How a printed figure comes about: which rounding, which budget and which rule give it.

A form prints rates and scores. This package asks of each whether the form's
own figures give it, and how. A printed figure is *explained* where some
rounding to its own precision (half up, half even or cut) gives it. Where a
form leaves something open, every reading counts that a careful reader would
allow: another budget as the basis, the rows instead of the total row, "at
most" where no comparator is printed. The checks and the table of published
forms rest on it; it accuses nobody itself.

>>> from decimal import Decimal
>>> import perfeval as pe
>>> project = pe.Project("排水改造", fiscal_year=2022,
...     funding=[pe.FundingLine(adjusted_budget=pe.wan(90), actual_expenditure=pe.wan("80.45"))])
>>> rates = rates_of(project, pe.BudgetBasis.ADJUSTED)
>>> trace_rate(Decimal("0.893"), rates).verdict
<RateVerdict.EXPLAINED: 'explained'>
>>> trace_rate(Decimal("0.895"), rates).verdict
<RateVerdict.WRONG: 'wrong'>
"""

from __future__ import annotations

from perfeval.practice.directions import Direction, direction_of
from perfeval.practice.figures import PrintedFigure, figures_of
from perfeval.practice.money import (
    MONEY,
    Rate,
    RateVerdict,
    Sum,
    TracedRate,
    money_step,
    rates_of,
    rates_of_row,
    rows_of,
    sums_of,
    trace_rate,
)
from perfeval.practice.roundings import Roundings, explaining, finest, off_by_cutting, off_by_rounding
from perfeval.practice.scores import (
    TracedScore,
    Verdict,
    as_per_cent,
    gives,
    measure_of,
    missed,
    times,
    trace_execution_score,
    trace_score,
)

__all__ = [
    "MONEY",
    "Direction",
    "PrintedFigure",
    "Rate",
    "RateVerdict",
    "Roundings",
    "Sum",
    "TracedRate",
    "TracedScore",
    "Verdict",
    "as_per_cent",
    "direction_of",
    "explaining",
    "figures_of",
    "finest",
    "gives",
    "measure_of",
    "missed",
    "money_step",
    "off_by_cutting",
    "off_by_rounding",
    "rates_of",
    "rates_of_row",
    "rows_of",
    "sums_of",
    "times",
    "trace_execution_score",
    "trace_rate",
    "trace_score",
]
