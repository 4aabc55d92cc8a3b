"""Scoring frames: indicators, execution rates, projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from perfeval.errors import FrameError
from perfeval.frames.engines import integer, narwhals_or_raise
from perfeval.frames.expressions import PARTS, Figure, Given, choose, execution_stages, indicator_stages
from perfeval.frames.fixed import SUFFIXES, listed
from perfeval.frames.plans import MOST_CENTS, Plan, plan_of
from perfeval.frames.status import Status
from perfeval.rulesets import NoBudget, RuleSet

__all__ = ["Input", "budget_column", "headings", "score_execution", "score_indicators", "score_projects"]

Frame = TypeVar("Frame")
Columns = Mapping[str, str] | str | None


# Figures with decimals are whole ten-thousandths.
_SCALE = 10 ** SUFFIXES["_e4"]


class Input:
    """A frame with the columns that are asked of it, by our names."""

    def __init__(self, frame: Any, columns: Columns) -> None:
        nw = narwhals_or_raise()
        try:
            self.frame = nw.from_native(frame)
        except TypeError as error:
            raise FrameError(f"expected a dataframe, got {type(frame).__name__}") from error
        self.schema = self.frame.collect_schema()
        names = headings() if columns == "zh_CN" else columns or {}
        if isinstance(names, str):
            raise FrameError(f"columns: expected a mapping or 'zh_CN', got {names!r}")
        # Theirs to ours, where theirs is there.
        self.ours = {ours: theirs for theirs, ours in names.items() if theirs in self.schema}

    def named(self, name: str) -> str | None:
        """The user's name of a column of ours, `None` if there is none."""
        theirs = self.ours.get(name, name)
        return theirs if theirs in self.schema else None

    def needs(self, *names: str) -> None:
        """Raise, before any work, naming the columns that are missing and the near ones that are there."""
        from difflib import get_close_matches

        missing = []
        for name in names:
            if all(self.named(part) is None for part in name.split("|")):
                near = get_close_matches(name.partition("|")[0], list(self.schema), n=2, cutoff=0.6)
                missing.append(name.replace("|", " or ") + (f" (near: {', '.join(near)})" if near else ""))
        if missing:
            raise FrameError(f"missing columns: {'; '.join(missing)}; there are {', '.join(self.schema)}")

    def there(self, name: str) -> str:
        """The user's name of a column of ours; raise if there is none."""
        self.needs(name)
        return self.ours.get(name, name)

    def figure(self, name: str, suffix: str, factor: int, low: int, high: int) -> Figure:
        """A column of ours as integers of the finer unit: ``weight_cents``, else ``weight`` times *factor*."""
        nw = narwhals_or_raise()
        finer = self.named(f"{name}{suffix}")
        given = self._whole(self.there(name) if finer is None else finer)
        per = factor if finer is None else 1
        filled = given.fill_null(0)
        least, most = -(-low // per), high // per
        cut = nw.max_horizontal(nw.min_horizontal(filled, integer(most)), integer(least)).cast(nw.Int64)
        inside = (filled >= least) & (filled <= most)
        return Figure(cut if per == 1 else cut * per, inside, given.is_null())

    def _whole(self, name: str) -> Any:
        """A column of whole numbers."""
        nw = narwhals_or_raise()
        dtype = self.schema[name]
        if dtype == nw.Unknown:
            # One that holds nothing at all has no type of its own.
            return nw.col(name).cast(nw.Int64)
        if dtype.is_integer():
            return nw.col(name)
        if dtype.is_float() and self.frame.implementation.is_pandas():
            # pandas keeps integers with nulls as floats, unless asked otherwise.
            value = nw.col(name)
            odd = self.frame.filter(~value.is_null() & (value != value.floor()))[name].to_list()
            if not odd:
                return value
            raise FrameError(f"{name}: expected integers, got {listed(odd)}; to_fixed makes them of numbers and text")
        raise FrameError(f"{name}: expected integers, got {dtype}; to_fixed makes them of numbers and text")

    def text(self, name: str) -> Any:
        """A column of ours that holds words."""
        nw = narwhals_or_raise()
        theirs = self.there(name)
        dtype = self.schema[theirs]
        if dtype not in (nw.String, nw.Categorical, nw.Enum, nw.Object, nw.Unknown):
            raise FrameError(f"{theirs}: expected text, got {dtype}")
        return nw.col(theirs) if dtype == nw.String else nw.col(theirs).cast(nw.String)


def headings() -> dict[str, str]:
    """Return the Chinese headings of the official form, and the columns that they are.

    >>> headings()["指标值"]
    'target'
    """
    from perfeval.cited import data_folder, read_toml

    return dict(read_toml(data_folder() / "frames.toml")["headings"])


def _staged(frame: Any, stages: Iterable[dict[str, Any]]) -> Any:
    for stage in stages:
        frame = frame.with_columns(**stage)
    return frame


def without_temporaries(frame: Any) -> Any:
    """Return the frame without the columns it was computed from."""
    return frame.drop([name for name in frame.collect_schema() if name.startswith("_pe_")])


def score_indicators(frame: Frame, rules: RuleSet, *, columns: Columns = None, errors: str = "keep") -> Frame:
    """Return the frame with the score of each indicator, in cents, and its status.

    Needs ``project_id``, ``kind``, ``target``, ``actual`` and ``weight``;
    takes ``comparator``, ``unit``, ``tier`` and ``share`` (``share_e4``) where they are.

    Args:
        frame: A frame of pandas, polars (eager or lazy), pyarrow, DuckDB or
            Spark, a row per indicator.
        rules: The rule set.
        columns: The frame's own headings by name, or "zh_CN" for those of the
            official form.
        errors: "keep" leaves rows without a score with their status; "raise"
            names them, on an eager frame.

    Returns:
        The same kind of frame, with ``score_cents`` (cents of a point, rounded
        as the rule set rounds) and ``status`` (see `Status`): a score is null
        exactly where the status is not 0.

    Raises:
        FrameError: Before any work: if a column is missing or holds no
            integers, or if the rule set cannot be computed in columns.
            With ``errors="raise"`` also after it: how many rows have no
            score, by status, and the first ten ids.
        MissingExtraError: If narwhals is not installed.

    Source: the articles that *rules* cites.
    """
    given = Input(frame, columns)
    given.needs("project_id", "kind", "target|target_e4", "actual|actual_e4", "weight|weight_cents")
    scored = without_temporaries(_scored_indicators(given, plan_of(rules)))
    _raise(scored, "status", given.there("project_id"), errors)
    made: Frame = narwhals_or_raise().to_native(scored)
    return made


def _raise(scored: Any, status: str, key: str, errors: str) -> None:
    """Where it is asked for, one error of all rows without a score."""
    nw = narwhals_or_raise()
    if errors == "keep":
        return
    if errors != "raise" or not isinstance(scored, nw.DataFrame):
        asked = "an eager frame for errors='raise'" if errors == "raise" else f"'keep' or 'raise', got {errors!r}"
        raise FrameError(f"errors: expected {asked}")
    rows = scored.filter(nw.col(status) != 0)
    if len(rows):
        counts = {value: rows[status].to_list().count(value) for value in sorted(set(rows[status].to_list()))}
        told = ", ".join(f"{count} {Status(int(value)).name.lower()}" for value, count in counts.items())
        ids = ", ".join(str(value) for value in rows[key].to_list()[:10])
        raise FrameError(f"{len(rows)} rows have no score: {told}; project ids {ids}")


def _scored_indicators(given: Input, plan: Plan) -> Any:
    fine = [given.named(f"{name}_e4") is not None for name in ("target", "actual")]
    if fine[0] is not fine[1]:
        raise FrameError("target_e4 and actual_e4 go together: make both by to_fixed")
    have = {name for name in ("comparator", "unit", "tier") if given.named(name) is not None}
    figures = {
        "weight": given.figure("weight", "_cents", 100, 0, MOST_CENTS),
        "target": given.figure("target", "_e4", 1, -plan.limit, plan.limit),
        "actual": given.figure("actual", "_e4", 1, -plan.limit, plan.limit),
    }
    words = {name: given.text(name) for name in ("kind", *have)}
    if given.named("share") is not None or given.named("share_e4") is not None:
        have.add("share")
        # What is cut to less than nothing or to twice the whole is no share, of any tier.
        share = given.figure("share", "_e4", _SCALE, -_SCALE, 2 * _SCALE)
        figures["share"] = share._replace(value=share.value * (PARTS // _SCALE))
    scale = _SCALE if fine[0] else 1
    return _staged(given.frame, indicator_stages(Given(figures, words), plan, frozenset(have), scale))


def budget_column(plan: Plan) -> str:
    """Return the column of the budget that the rules divide by."""
    return plan.execution.basis.column


def score_execution(frame: Frame, rules: RuleSet, *, columns: Columns = None, errors: str = "keep") -> Frame:
    """Return the frame with the score of each project's execution rate, in cents, and its status.

    Needs ``project_id``, the budget of the rule set's basis
    (``adjusted_budget``, ``original_budget`` or ``funds_received``) and
    ``actual_expenditure``; takes ``finished`` where the rules ask for it.

    Args:
        frame: A frame as for `score_indicators`, a row per project.
        rules: The rule set.
        columns: As there.
        errors: As there: "raise" names the projects without a score.

    Returns:
        The same kind of frame, with ``execution_score_cents`` and
        ``execution_status``; without a budget as the rule set says.

    Raises:
        FrameError: As `score_indicators`.

    Source: the articles that *rules* cites.
    """
    given = Input(frame, columns)
    scored = without_temporaries(_scored_execution(given, plan_of(rules)))
    _raise(scored, "execution_status", given.there("project_id"), errors)
    made: Frame = narwhals_or_raise().to_native(scored)
    return made


def _scored_execution(given: Input, plan: Plan) -> Any:
    nw = narwhals_or_raise()
    needed = budget_column(plan)
    given.needs("project_id", f"{needed}|{needed}_fen", "actual_expenditure|actual_expenditure_fen")
    budget, spent = (given.figure(name, "_fen", 100, 0, plan.limit) for name in (needed, "actual_expenditure"))
    theirs = given.named("finished")
    finished = None if theirs is None or plan.execution.unfinished is None else nw.col(theirs)
    return _staged(given.frame, execution_stages(budget, spent, finished, plan))


def score_projects(
    projects: Frame, indicators: Frame, rules: RuleSet, *, columns: Columns = None, errors: str = "keep"
) -> Frame:
    """Return each project with its execution score, total and grade, or why there is none.

    Args:
        projects: A row per project: see `score_execution`.
        indicators: A row per indicator: see `score_indicators`.
        rules: The rule set.
        columns: As there, for both.
        errors: As there: "raise" names the projects without a total.

    Returns:
        The projects with ``execution_score_cents``, ``execution_status``,
        ``indicator_score_cents`` (the sum of those that have a score),
        ``unscored`` (how many have none), ``total_cents`` and
        ``total_status``, ``grade`` and ``grade_status``. A total is null
        exactly where its status is not 0, likewise a grade. A project id that
        stands twice, and indicators without a project, have their own status.

    Raises:
        FrameError: As `score_indicators`; also if the rule set changes totals
            afterwards (a deduction, a cap), which columns do not.

    Source: the articles that *rules* cites.
    """
    scored = without_temporaries(scored_projects(projects, indicators, rules, columns))
    _raise(scored, "total_status", Input(projects, columns).there("project_id"), errors)
    made: Frame = narwhals_or_raise().to_native(scored)
    return made


def _ids(given: Input, rows: Input) -> tuple[Any, Any]:
    """The ids of projects and of indicators' projects, of one type; raise, before any work, if they cannot be."""
    nw = narwhals_or_raise()
    names = [frame.there("project_id") for frame in (given, rows)]
    left, right = (frame.schema[name] for frame, name in zip((given, rows), names, strict=True))
    ids = nw.col(names[0]), nw.col(names[1])
    # pandas has one type for columns of anything, and makes one of two numbers by itself.
    words = (nw.String, nw.Categorical, nw.Enum, nw.Object)
    if left == right or (given.frame.implementation.is_pandas() and left.is_numeric() and right.is_numeric()):
        return ids
    for is_one, dtype in (
        (left.is_integer() and right.is_integer(), nw.Int64),
        (left in words and right in words, nw.String),
    ):
        if is_one:
            return ids[0].cast(dtype), ids[1].cast(dtype)
    raise FrameError(f"project ids of one type are expected, got {left} ({names[0]}) and {right} ({names[1]})")


def scored_projects(projects: Any, indicators: Any, rules: RuleSet, columns: Columns) -> Any:
    """Return the frame of `score_projects`, what it was computed from still in it."""
    nw = narwhals_or_raise()
    if rules.deduction is not None or rules.cap is not None:
        raise FrameError(f"{rules.id}: totals that are adjusted afterwards are not computed in columns")
    plan = plan_of(rules)
    given, rows = Input(projects, columns), Input(indicators, columns)
    rows.needs("project_id", "kind", "target|target_e4", "actual|actual_e4", "weight|weight_cents")
    scored = _scored_execution(given, plan)
    key, col = given.there("project_id"), nw.col
    own, foreign = _ids(given, rows)
    scored_row = col("status") == int(Status.SCORED)
    lines = _scored_indicators(rows, plan).select(
        foreign.alias("_pe_id"),
        col("score_cents").alias("_pe_sum"),
        (~scored_row).cast(nw.Int64).alias("_pe_bad"),
        nw.when(scored_row).then(col("_pe_w")).alias("_pe_weights"),
        integer(0).alias("_pe_heads"),
    )
    # How often an id stands among the projects is counted on the way: that is cheaper than to look for it twice.
    empty = {name: integer(0) for name in ("_pe_sum", "_pe_bad", "_pe_weights")}
    ids = scored.filter(~col(key).is_null()).select(own.alias("_pe_id"), **empty, _pe_heads=integer(1))
    added = [col(name).sum() for name in ("_pe_sum", "_pe_bad", "_pe_weights", "_pe_heads")]
    sums = nw.concat([lines, ids], how="vertical").group_by("_pe_id").agg(*added)
    # Spark and pandas name the key of a full join in their own ways: both sides keep a key of their own.
    left = scored.with_columns(_pe_key=own)
    joined = left.join(sums, left_on="_pe_key", right_on="_pe_id", how="full", suffix="_right")
    orphan = col(key).is_null()
    summed = {
        "_pe_sum": col("_pe_sum").fill_null(0).cast(nw.Int64),
        "_pe_bad": col("_pe_bad").fill_null(0).cast(nw.Int64),
        "_pe_weights": col("_pe_weights").fill_null(0).cast(nw.Int64),
        "_pe_exec": col("execution_score_cents").fill_null(0).cast(nw.Int64),
        "_pe_how": col("execution_status").fill_null(int(Status.MISSING)).cast(nw.Int64),
        "_pe_orphan": orphan,
        "_pe_twice": col("_pe_heads").fill_null(0) > 1,
        key: nw.when(orphan).then(col("_pe_id")).otherwise(col("_pe_key")),
    }
    return _staged(joined, [summed, *_totals(plan)])


def _totals(plan: Plan) -> list[dict[str, Any]]:
    nw = narwhals_or_raise()
    col = nw.col

    def status(*cases: tuple[Any, Status]) -> Any:
        return choose([(condition, integer(value)) for condition, value in cases], integer(Status.SCORED))

    how = col("_pe_how")
    left_out = how == int(Status.NOT_APPLICABLE)
    nothing = (col("_pe_weights") == 0) & (col("_pe_bad") == 0) & (how != 0)
    first = {
        "_pe_total_status": status(
            (col("_pe_orphan"), Status.NO_PROJECT),
            (col("_pe_twice"), Status.DUPLICATE),
            (nothing, Status.NOTHING_SCORED),
            ((col("_pe_bad") > 0) | ((how != 0) & ~left_out), Status.LINE_UNSCORED),
        ),
        "_pe_total": col("_pe_sum") + col("_pe_exec"),
        "_pe_all": col("_pe_weights") + nw.when(left_out).then(0).otherwise(plan.execution.weight),
    }
    keeps_grade = plan.execution.no_budget is not NoBudget.NOT_APPLICABLE
    without_grade = (nw.lit(value=False) if keeps_grade else left_out, Status.NOT_APPLICABLE)
    total_status = col("_pe_total_status")
    second = {
        "_pe_grade_status": nw.when(total_status != 0)
        .then(total_status)
        .otherwise(status(without_grade, (col("_pe_all") != plan.total, Status.WEIGHTS_DO_NOT_ADD_UP))),
    }
    grade = nw.lit(plan.bands[-1][1])
    for at_least, name in reversed(plan.bands[:-1]):
        grade = nw.when(col("_pe_total") >= at_least).then(nw.lit(name)).otherwise(grade)
    orphan = col("_pe_orphan")
    third = {
        "indicator_score_cents": nw.when(~orphan).then(col("_pe_sum")),
        "unscored": nw.when(~orphan).then(col("_pe_bad")),
        "total_cents": nw.when(total_status == 0).then(col("_pe_total")),
        "total_status": total_status.cast(nw.Int8),
        "grade": nw.when(col("_pe_grade_status") == 0).then(grade),
        "grade_status": col("_pe_grade_status").cast(nw.Int8),
    }
    return [first, second, third]
