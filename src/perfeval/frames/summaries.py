"""What follows from a year's scores: counts and means, two rule sets side by side, what is odd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from perfeval.checks.catalogue import setting
from perfeval.frames.engines import narwhals_or_raise
from perfeval.frames.expressions import corrected, guessed
from perfeval.frames.plans import MOST_CENTS, plan_of
from perfeval.frames.scores import Columns, Input, budget_column, score_projects, scored_projects
from perfeval.frames.status import Status
from perfeval.rounding import RoundingMode
from perfeval.rulesets import RuleSet
from perfeval.scoring import Grade

__all__ = ["check_projects", "compare", "summarise"]

Frame = TypeVar("Frame")

# A total is at most 10,000 cents: 64 bits hold the sum of 10^14 of them, and its double.
_MEAN = RoundingMode.HALF_UP


def summarise(frame: Frame, by: Sequence[str] = ()) -> Frame:
    """Return counts and means of scored projects, by the columns named.

    Args:
        frame: What `score_projects` returned.
        by: Columns to group by; none for one row of all.

    Returns:
        The same kind of frame: ``projects``, ``scored``, a count for each
        grade and ``ungraded``, and ``mean_total_cents``, the mean of the totals
        that there are, half up; null where there is none.

    Raises:
        FrameError: If a column is missing.
    """
    nw = narwhals_or_raise()
    given = Input(frame, None)
    given.needs("total_cents", "grade", *by)
    col = nw.col
    grade = col("grade").cast(nw.String).fill_null("")
    flags = {f"_pe_{name.value}": (grade == name.value).cast(nw.Int64) for name in Grade}
    prepared = given.frame.with_columns(
        _pe_one=nw.lit(1, dtype=nw.Int64),
        _pe_scored=(~col("total_cents").is_null()).cast(nw.Int64),
        _pe_total=col("total_cents").fill_null(0).cast(nw.Int64),
        _pe_ungraded=(grade == "").cast(nw.Int64),
        **flags,
    )
    names = {"projects": "_pe_one", "scored": "_pe_scored", "_pe_sum": "_pe_total", "ungraded": "_pe_ungraded"}
    names |= {grade.value: f"_pe_{grade.value}" for grade in Grade}
    keys = list(by)
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
    order = [*by, "projects", "scored", *(grade.value for grade in Grade), "ungraded", "mean_total_cents"]
    made: Frame = nw.to_native(sums.select(*order))
    return made


def compare(
    projects: Frame, indicators: Frame, rules_a: RuleSet, rules_b: RuleSet, *, columns: Columns = None
) -> Frame:
    """Return what two rule sets make of the same projects, side by side.

    Returns:
        A row per row of `score_projects`: ``total_cents_a``, ``total_cents_b``,
        ``difference_cents`` (b less a), ``grade_a``, ``grade_b``, the statuses
        of the grades, which say why there is none, and ``changes_grade``.

    Raises:
        FrameError: As `score_projects`.
    """
    nw = narwhals_or_raise()
    key = Input(projects, columns).there("project_id")
    col = nw.col
    sides = []
    for side, rules in (("a", rules_a), ("b", rules_b)):
        scored = nw.from_native(score_projects(projects, indicators, rules, columns=columns))
        names = ("total_cents", "grade", "grade_status")
        alias = [col(name).alias(f"{name}_{side}") for name in names]
        sides.append(scored.select(col(key).alias(f"_pe_key_{side}"), *alias))
    # Rows of the same id have the same results (a status: duplicate): one of them stands for all.
    joined = sides[0].join(sides[1].unique("_pe_key_b"), left_on="_pe_key_a", right_on="_pe_key_b", how="left")
    grade_a, grade_b = (col(f"grade_{side}").cast(nw.String).fill_null("") for side in ("a", "b"))
    found = joined.with_columns(
        **{key: col("_pe_key_a")},
        # No id is no project by any rule set, and joins nothing.
        grade_status_b=col("grade_status_b").fill_null(int(Status.NO_PROJECT)).cast(nw.Int8),
        difference_cents=col("total_cents_b") - col("total_cents_a"),
        changes_grade=grade_a != grade_b,
    )
    order = [key, "total_cents_a", "total_cents_b", "difference_cents", "grade_a", "grade_b"]
    order += ["grade_status_a", "grade_status_b", "changes_grade"]
    made: Frame = nw.to_native(found.select(*order))
    return made


def check_projects(projects: Frame, indicators: Frame, rules: RuleSet, *, columns: Columns = None) -> Frame:
    """Return what is odd about projects, a row each: code, project and place.

    The checks that make sense by the million, under the codes that `check`
    finds on one form: AR108 (more spent than budgeted), WT101 (weights do not
    add up), CR101 (results against money), CR102 (unspent). What a project
    prints is not looked at: frames hold no printed results.

    Returns:
        The same kind of frame, with ``code``, ``project_id`` and ``where``.

    Raises:
        FrameError: As `score_projects`.
    """
    nw = narwhals_or_raise()
    plan = plan_of(rules)
    given = Input(projects, columns)
    key = given.there("project_id")
    scored = scored_projects(projects, indicators, rules, columns)
    col = nw.col
    planned, used = (
        given.figure(name, "_fen", 100, 0, plan.limit) for name in (budget_column(plan), "actual_expenditure")
    )
    budget, spent = planned.value, used.value
    money = (budget > 0) & planned.inside & used.inside & ~used.absent
    apart, left = setting("CR101", "apart"), setting("CR102", "share")
    a, b = apart.as_integer_ratio()
    c, d = left.as_integer_ratio()
    weight, earned = col("_pe_weights"), col("_pe_sum")
    # (share - rate) / share > a / b, as whole products; what 64 bits do not
    # hold is not judged: larger budgets, forms of more weight than four whole ones.
    most = plan.limit // (4 * b)
    held = nw.when(money & (budget <= most) & (weight <= 4 * MOST_CENTS)).then(budget).otherwise(0)
    paid = nw.when((held > 0) & (spent <= most)).then(spent).otherwise(0)
    apart_by = earned * (b - a) * held > weight * b * paid
    all_there = (col("_pe_bad") == 0) & ~col("_pe_orphan")
    conditions = {
        ("AR108", "stated.funding_total.actual_expenditure"): money & (spent > budget),
        ("WT101", "indicators"): all_there
        & (weight > 0)
        & (weight + plan.execution.weight != plan.total)
        & (weight != plan.total),
        ("CR101", "stated.total"): all_there & (held > 0) & (earned > 0) & apart_by,
        ("CR102", "stated.funding_total.actual_expenditure"): money & ((budget - spent) * d > budget * c),
    }
    parts = []
    for (code, where), condition in conditions.items():
        flagged = scored.filter(condition.fill_null(value=False))
        parts.append(
            flagged.select(nw.lit(code).alias("code"), col(key).alias("project_id"), nw.lit(where).alias("where"))
        )
    made: Frame = nw.to_native(nw.concat(parts, how="vertical"))
    return made
