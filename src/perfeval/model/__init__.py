"""The form and the report: projects, and departments with their projects.

Plain frozen records of values and tuples. A record holds what a form says,
odd or not; it computes nothing and judges nothing. What the form prints as a
result (a rate, a score, a total, a grade) stands apart in ``stated`` and is
never overwritten by what is computed. A what-if is `attrs.evolve`.

The records of a department are in `perfeval.model.departments`.
"""

from __future__ import annotations

from perfeval.model.projects import (
    ActualMethod,
    Breakdown,
    BudgetBasis,
    DeviationCause,
    EvaluationKind,
    FundingLine,
    FundingSource,
    FundingTotal,
    Indicator,
    IndicatorDefinition,
    IndicatorKind,
    Light,
    Likelihood,
    MonitoredFunding,
    MonitoredIndicator,
    Monitoring,
    PastFigure,
    Project,
    Review,
    ReviewedIndicator,
    Stated,
    StatedFunding,
    StatedIndicator,
    TargetBasis,
    short_name,
    to_fiscal_year,
    tuple_of,
)

__all__ = [
    "ActualMethod",
    "Breakdown",
    "BudgetBasis",
    "DeviationCause",
    "EvaluationKind",
    "FundingLine",
    "FundingSource",
    "FundingTotal",
    "Indicator",
    "IndicatorDefinition",
    "IndicatorKind",
    "Light",
    "Likelihood",
    "MonitoredFunding",
    "MonitoredIndicator",
    "Monitoring",
    "PastFigure",
    "Project",
    "Review",
    "ReviewedIndicator",
    "Stated",
    "StatedFunding",
    "StatedIndicator",
    "TargetBasis",
    "short_name",
    "to_fiscal_year",
    "tuple_of",
]
