"""The form and the report: projects, and departments with their projects.

Plain frozen records of values and tuples. A record holds what a form says,
odd or not; it computes nothing and judges nothing. What the form prints as a
result (a rate, a score, a total, a grade) stands apart in ``stated`` and is
never overwritten by what is computed. A what-if is `attrs.evolve`.

The records of a department are in `perfeval.model.departments`; those of the
year around the score, in `perfeval.model.year`, are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfeval.model.adjustments import Adjustment
from perfeval.model.projects import (
    FundingLine,
    FundingTotal,
    Indicator,
    IndicatorDefinition,
    Project,
    Stated,
    StatedFunding,
    StatedIndicator,
)
from perfeval.model.values import (
    ActualMethod,
    Breakdown,
    BudgetBasis,
    EvaluationKind,
    FundingSource,
    IndicatorKind,
    Light,
    TargetBasis,
    short_name,
    to_fiscal_year,
    tuple_of,
)

if TYPE_CHECKING:
    from perfeval.model.year import (
        DeviationCause,
        Likelihood,
        MonitoredFunding,
        MonitoredIndicator,
        Monitoring,
        PastFigure,
        Review,
        ReviewedIndicator,
    )


def __getattr__(name: str) -> Any:
    if name in __all__:
        from perfeval.model import year

        return getattr(year, name)
    raise AttributeError(f"module 'perfeval.model' has no attribute {name!r}")


__all__ = [
    "ActualMethod",
    "Adjustment",
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
