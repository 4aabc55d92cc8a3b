"""A nation's year: the same scores on dataframes, to the last hundredth.

The same `RuleSet` object that scores one form scores a column of a hundred
million: its rules are compiled to small integers (`perfeval.frames.plans`) and
computed exactly on pandas, polars, pyarrow, DuckDB and Spark. What goes in comes
out: the same kind of frame, the user's columns and ids with the new ones
beside them; no row order is promised, and the user's frame is not changed.

Numbers are integers. A column ``weight`` holds whole points, ``adjusted_budget``
whole yuan; `to_fixed` makes ``weight_cents`` and ``adjusted_budget_fen`` of what
is finer. A row that cannot be scored has no score and a `Status` that says why.

Needs the extra ``frames`` (narwhals).
"""

from __future__ import annotations

from perfeval.frames.bridge import from_projects, score_remainder, to_projects
from perfeval.frames.checks import check_projects
from perfeval.frames.fixed import to_decimal, to_fixed
from perfeval.frames.monitoring import monitor_indicators, monitor_projects
from perfeval.frames.scores import headings, score_execution, score_indicators, score_projects
from perfeval.frames.status import Status
from perfeval.frames.summaries import compare, summarise
from perfeval.frames.texts import read_texts

__all__ = [
    "Status",
    "check_projects",
    "compare",
    "from_projects",
    "headings",
    "monitor_indicators",
    "monitor_projects",
    "read_texts",
    "score_execution",
    "score_indicators",
    "score_projects",
    "score_remainder",
    "summarise",
    "to_decimal",
    "to_fixed",
    "to_projects",
]
