"""What follows from a year's scores: counts and means, two rule sets side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from perfeval.errors import FrameError
from perfeval.frames.engines import narwhals_or_raise, told
from perfeval.frames.expressions import corrected, guessed
from perfeval.frames.inputs import Columns, Input, listed
from perfeval.frames.scores import indicators_of, plan_of_totals, project_scores, totals
from perfeval.rounding import RoundingMode
from perfeval.rulesets import RuleSet
from perfeval.scoring import Grade

__all__ = ["compare", "summarise"]

Frame = TypeVar("Frame")

# A total is at most 10,000 cents: 64 bits hold the sum of 10^14 of them, and its double.
_MEAN = RoundingMode.HALF_UP


@told
def summarise(frame: Frame, by: Sequence[str] | str = ()) -> Frame:
    """Return counts and means of scored projects, by the columns named.

    Args:
        frame: What `score_projects` returned.
        by: Columns to group by, or one by its name; none for one row of all.

    Returns:
        The same kind of frame: ``projects``, ``scored``, a count for each
        grade and ``ungraded``, and ``mean_total_cents``, the mean of the totals
        that there are, half up; null where there is none.

    Raises:
        FrameError: If a column is missing, cannot be grouped by, or has the
            name of one that is made here.
    """
    nw = narwhals_or_raise()
    given = Input(frame, None)
    groups = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    given.needs("total_cents", "grade", *groups)
    made_here = ("projects", "scored", *(grade.value for grade in Grade), "ungraded", "mean_total_cents")
    taken = [name for name in groups if name in made_here]
    if taken:
        raise FrameError(f"by: {listed(taken)} is made here; rename the column first")
    odd = [f"{name} ({given.schema[name]})" for name in groups if given.schema[name] in (nw.List, nw.Struct, nw.Array)]
    if odd:
        raise FrameError(f"by: expected columns of single values, got {listed(odd)}")
    col = nw.col
    total, grade = given.whole("total_cents"), given.text("grade").fill_null("")
    flags = {f"_pe_{name.value}": (grade == name.value).cast(nw.Int64) for name in Grade}
    prepared = given.frame.with_columns(
        _pe_one=nw.lit(1, dtype=nw.Int64),
        _pe_scored=(~total.is_null()).cast(nw.Int64),
        _pe_total=total.fill_null(0).cast(nw.Int64),
        _pe_ungraded=(grade == "").cast(nw.Int64),
        **flags,
    )
    names = {"projects": "_pe_one", "scored": "_pe_scored", "_pe_sum": "_pe_total", "ungraded": "_pe_ungraded"}
    names |= {grade.value: f"_pe_{grade.value}" for grade in Grade}
    keys = groups
    if not keys:
        prepared, keys = prepared.with_columns(_pe_all=nw.lit(1)), ["_pe_all"]
    sums = prepared.group_by(*keys).agg(*(col(source).sum().alias(name) for name, source in names.items()))
    sums = sums.with_columns(**{name: col(name).cast(nw.Int64) for name in names})
    some = col("scored") > 0
    count = nw.when(some).then(col("scored")).otherwise(1)
    one = nw.lit(1, dtype=nw.Int64)
    sums = sums.with_columns(_pe_d=count, _pe_q=guessed(one, col("_pe_sum"), count, _MEAN))
    mean = corrected(col("_pe_q"), one, col("_pe_sum"), col("_pe_d"), _MEAN)
    sums = sums.with_columns(mean_total_cents=nw.when(some).then(mean))
    made: Frame = nw.to_native(sums.select(*groups, *made_here))
    return made


@told
def compare(
    projects: Frame, indicators: Frame, rules_a: RuleSet, rules_b: RuleSet, *, columns: Columns = None
) -> Frame:
    """Return what two rule sets make of the same projects, side by side.

    Returns:
        A row per row of `score_projects`: ``total_cents_a``, ``total_cents_b``,
        ``difference_cents`` (b less a), ``grade_a``, ``grade_b``, the statuses
        of the grades, which say why there is none, and ``changes_grade``:
        whether both have a grade, and another.

    Raises:
        FrameError: As `score_projects`.
    """
    nw = narwhals_or_raise()
    given = Input(projects, columns)
    key, col = given.there("project_id"), nw.col
    order = ["total_cents_a", "total_cents_b", "difference_cents", "grade_a", "grade_b"]
    order += ["grade_status_a", "grade_status_b", "changes_grade"]
    if key in order:
        raise FrameError(f"{key} is the name of a column that is made here; rename it first")
    given.narrow()
    plans = [plan_of_totals(rules) for rules in (rules_a, rules_b)]
    found = project_scores(given, indicators_of(indicators, columns), plans, [key])
    for side, plan in enumerate(plans):
        for stage in totals(plan, side, f"_{'ab'[side]}"):
            found = found.with_columns(**stage)
    # A grade that is not there cannot have changed.
    both = ~col("grade_a").is_null() & ~col("grade_b").is_null()
    found = found.with_columns(
        difference_cents=col("total_cents_b") - col("total_cents_a"),
        changes_grade=both & (col("grade_a").fill_null("") != col("grade_b").fill_null("")),
    )
    made: Frame = nw.to_native(found.select(key, *order))
    return made
