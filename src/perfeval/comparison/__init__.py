"""Comparing results: where each point went, what a grade would need, how the years went.

>>> import perfeval as pe
>>> rules = pe.rule_set("CN", fiscal_year=2022)
>>> result = pe.evaluate(pe.load("examples/qinghe-2022.toml"), rules)
>>> bool(compare(result, result))
False
"""

from __future__ import annotations

from perfeval.comparison.differences import (
    AdjustmentDifference,
    Cause,
    Comparison,
    DepartmentComparison,
    LineDifference,
    Part,
    ProjectDifference,
    compare,
)
from perfeval.comparison.matching import Key, Match, Pair, likeness, pairs_of
from perfeval.comparison.needing import Needed, NeededLine, Open, needed
from perfeval.comparison.trends import DepartmentTrend, ProjectSeries, Series, Trend, trend

__all__ = [
    "AdjustmentDifference",
    "Cause",
    "Comparison",
    "DepartmentComparison",
    "DepartmentTrend",
    "Key",
    "LineDifference",
    "Match",
    "Needed",
    "NeededLine",
    "Open",
    "Pair",
    "Part",
    "ProjectDifference",
    "ProjectSeries",
    "Series",
    "Trend",
    "compare",
    "likeness",
    "needed",
    "pairs_of",
    "trend",
]
