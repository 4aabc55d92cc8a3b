"""Scoring frames: indicators, execution rates, projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, TypeVar

from perfeval.errors import FrameError
from perfeval.frames.engines import integer, narwhals_or_raise, told
from perfeval.frames.expressions import PARTS, Given, choose, execution_stages, indicator_stages, score_of
from perfeval.frames.inputs import SUFFIXES, TEMPORARY, Columns, Input, headings
from perfeval.frames.joins import joined
from perfeval.frames.plans import MOST_CENTS, Plan, plan_of
from perfeval.frames.status import Status
from perfeval.rulesets import NoBudget, RuleSet

__all__ = [
    "Input",
    "budget_column",
    "headings",
    "indicators_of",
    "plan_of_totals",
    "project_scores",
    "score_execution",
    "score_indicators",
    "score_projects",
    "totals",
]

Frame = TypeVar("Frame")

# Figures with decimals are whole ten-thousandths.
_SCALE = 10 ** SUFFIXES["_e4"]

INDICATOR_NAMES = ("score_cents", "status")
EXECUTION_NAMES = ("execution_score_cents", "execution_status")
TOTAL_NAMES = ("indicator_score_cents", "unscored", "total_cents", "total_status", "grade", "grade_status")


def _staged(frame: Any, stages: Iterable[dict[str, Any]]) -> Any:
    for stage in stages:
        frame = frame.with_columns(**stage)
    return frame


def _named(frame: Any, score: Any, names: Sequence[str]) -> Any:
    made = dict(zip(names, (score, narwhals_or_raise().col("_pe_status")), strict=True))
    return without_temporaries(frame.with_columns(**made))


def without_temporaries(frame: Any) -> Any:
    """Return the frame without the columns it was computed from."""
    return frame.drop([name for name in frame.collect_schema() if name.startswith(TEMPORARY)])


@told
def score_indicators(frame: Frame, rules: RuleSet, *, columns: Columns = None, errors: str = "keep") -> Frame:
    """Return the frame with the score of each indicator, in cents, and its status.

    Needs ``project_id``, ``kind``, ``target``, ``actual`` and ``weight``;
    takes ``comparator``, ``unit``, ``tier``, ``share`` (``share_e4``) and ``indicator`` (the
    name, which can tell that less is better) where they are, and ``reading``, as `read_texts` makes it.
    A row with a judgement beside its actual (``judged_tier``, ``judged_share_e4``) is left to `score_remainder`.

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
    given = indicators_of(frame, columns)
    given.free(INDICATOR_NAMES)
    scored = _named(*_scored_indicators(given, given.frame, plan_of(rules)), INDICATOR_NAMES)
    _raise(scored, "status", given.there("project_id"), errors)
    made: Frame = narwhals_or_raise().to_native(scored)
    return made


def indicators_of(frame: Any, columns: Columns) -> Input:
    """Return a frame of indicators, with the columns that are needed."""
    given = Input(frame, columns)
    kind = "kind|level2|level1" if given.chinese else "kind"
    given.needs("project_id", kind, "target|target_e4", "actual|actual_e4", "weight|weight_cents")
    return given


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


def _scored_indicators(given: Input, frame: Any, plan: Plan) -> tuple[Any, Any]:
    """The frame with the columns that scores are made of, and what makes them."""
    nw = narwhals_or_raise()
    fine = [given.named(f"{name}_e4") is not None for name in ("target", "actual")]
    if fine[0] is not fine[1]:
        raise FrameError("target_e4 and actual_e4 go together: make both by to_fixed")
    # An empty column costs what a full one does.
    have = {name for name in ("comparator", "unit", "tier", "indicator") if given.holds(name)}
    figures = {
        "weight": given.figure("weight", "_cents", 100, 0, MOST_CENTS),
        "target": given.figure("target", "_e4", 1, -plan.limit, plan.limit),
        "actual": given.figure("actual", "_e4", 1, -plan.limit, plan.limit),
    }
    words = {name: given.words(name) for name in (*have, "kind")}
    if given.chinese:
        # Words in our names are columns first: each is asked for more than once.
        said = {f"_pe_{name}": words[name] for name in ("kind", "comparator", "unit") if name in words}
        frame, words = frame.with_columns(**said), words | {name[4:]: nw.col(name) for name in said}
    if given.holds("share") or given.holds("share_e4"):
        have.add("share")
        # What is no share is none of any tier.
        share = given.figure("share", "_e4", _SCALE, 0, _SCALE, otherwise=-1)
        figures["share"] = share._replace(value=share.value * (PARTS // _SCALE))
    scale = _SCALE if fine[0] else 1
    told = Given(figures, words, given.reading(), _judged(given))
    stages = indicator_stages(told, plan, frozenset(have), scale)
    return _staged(frame, stages), score_of(plan, nw.col("_pe_w"))


def _judged(given: Input) -> Any:
    """Whether a row has a judgement beside its actual; `None` where the frame has no such column."""
    tier = share = None
    if given.holds("judged_tier"):
        tier = given.text("judged_tier").fill_null("") != ""
    if given.holds("judged_share") or given.holds("judged_share_e4"):
        share = ~given.figure("judged_share", "_e4", _SCALE, 0, _SCALE).absent
    return tier if share is None else share if tier is None else tier | share


def budget_column(plan: Plan) -> str:
    """Return the column of the budget that the rules divide by."""
    return plan.execution.basis.column


@told
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
    given.free(EXECUTION_NAMES)
    scored = _named(*_scored_execution(given, given.frame, plan_of(rules)), EXECUTION_NAMES)
    _raise(scored, "execution_status", given.there("project_id"), errors)
    made: Frame = narwhals_or_raise().to_native(scored)
    return made


def _scored_execution(given: Input, frame: Any, plan: Plan) -> tuple[Any, Any]:
    """As `_scored_indicators`, of the projects."""
    needed = budget_column(plan)
    given.needs("project_id", f"{needed}|{needed}_fen", "actual_expenditure|actual_expenditure_fen")
    budget, spent = (given.figure(name, "_fen", 100, 0, plan.limit) for name in (needed, "actual_expenditure"))
    asked = plan.execution.unfinished is not None and given.named("finished") is not None
    finished = given.flag("finished") if asked else None
    stages = execution_stages(budget, spent, finished, plan)
    return _staged(frame, stages), score_of(plan, integer(plan.execution.weight))


@told
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
        A row without a weight leaves the total alone, unless ``stated_score``
        has points there or no row of the project has a weight; one with nothing
        in it is not counted as ``unscored``, either.

    Raises:
        FrameError: As `score_indicators`; also if the rule set changes totals
            afterwards (a deduction, a cap), which columns do not.

    Source: the articles that *rules* cites.
    """
    given = Input(projects, columns)
    given.free((*EXECUTION_NAMES, *TOTAL_NAMES))
    plan = plan_of_totals(rules)
    rows = indicators_of(indicators, columns)
    scored = project_scores(given, rows, [plan], given.schema, execution=EXECUTION_NAMES)
    scored = without_temporaries(_staged(scored, totals(plan)))
    _raise(scored, "total_status", given.there("project_id"), errors)
    made: Frame = narwhals_or_raise().to_native(scored)
    return made


def plan_of_totals(rules: RuleSet) -> Plan:
    """Return the plan of a rule set whose totals are the sums of their lines; raise for another."""
    plan = plan_of(rules)
    if rules.deduction is not None or rules.cap is not None:
        raise FrameError(f"{rules.id}: totals that are adjusted afterwards are not computed in columns")
    return plan


def project_scores(
    given: Input,
    rows: Input,
    plans: Sequence[Plan],
    kept: Iterable[str],
    *,
    execution: Sequence[str] = (),
    orphans: bool = True,
    more: Mapping[str, Any] = {},
) -> Any:
    """Return the projects with what each rule set makes of their lines, all in one pass.

    Args:
        given: The projects.
        rows: The indicators.
        plans: Those of the rule sets. Their places tell the columns apart: ``_pe_sum_0``, ``_pe_bad_0``,
            ``_pe_weights_0``, ``_pe_exec_0``, ``_pe_how_0``, ``_pe_sum_1``, …; ``_pe_left``
            is how many rows are no part of the total, by whatever rules.
        kept: The columns of the projects that are kept.
        execution: The names under which the first's execution score and status are kept.
        orphans: Whether to add a row for each project that only the indicators know.
        more: What else is summed of the indicators, by name.
    """
    nw = narwhals_or_raise()
    col = nw.col
    # Of the indicators no other column comes into it, whatever its name.
    rows.narrow()
    without, left = _left_out(rows)
    heads, lines = given.frame, rows.frame
    sums: dict[str, Any] = {"_pe_left": left, **more}
    unmet: dict[str, tuple[str, int]] = {}
    for side, plan in enumerate(plans):
        heads, score = _scored_execution(given, heads, plan)
        names = execution if execution and side == 0 else (f"_pe_money_{side}", f"_pe_money_status_{side}")
        heads = heads.with_columns(**dict(zip(names, (score, col("_pe_status")), strict=True)))
        unmet |= {f"_pe_exec_{side}": (names[0], 0), f"_pe_how_{side}": (names[1], int(Status.MISSING))}
        if side:
            # The columns of one rule set make room for those of the next.
            lines, sums = lines.with_columns(**sums), {name: col(name) for name in sums}
        lines, score = _scored_indicators(rows, lines, plan)
        has = col("_pe_status") == int(Status.SCORED)
        sums |= {
            f"_pe_sum_{side}": score,
            f"_pe_bad_{side}": (~(has | without)).cast(nw.Int64),
            f"_pe_weights_{side}": nw.when(has).then(col("_pe_w")),
        }
    # By what is left out: "*" and "^a$" are names of users' columns, and more than one column to polars.
    wanted = {*kept, *(name for name, _ in unmet.values())}
    heads = heads.drop([name for name in heads.collect_schema() if name not in wanted])
    return joined(given, rows, heads, lines, sums, unmet, orphans=orphans)


def _left_out(rows: Input) -> tuple[Any, Any]:
    """Whether a row has neither weight nor points; and 1 where one has anything else, so that it is no blank row."""
    nw = narwhals_or_raise()
    weight, points = rows.is_told("weight", "_cents"), rows.is_told("stated_score", "_cents")
    without = ~weight if points is None else ~(weight | points)
    # Beside figures that were read stand the texts.
    names = (
        "target_e4",
        "target",
        "actual_e4",
        "actual",
        "tier",
        "share_e4",
        "share",
        "judged_tier",
        "judged_share_e4",
    )
    cells = [rows.is_told(name) for name in (*names, "judged_share")]
    said = reduce(lambda a, b: a | b, [cell for cell in cells if cell is not None])
    reading = rows.reading()
    said = said if reading is None else said | (reading != int(Status.SCORED)).fill_null(value=False)
    return without, (without & said).cast(nw.Int64)


def totals(plan: Plan, side: int = 0, suffix: str = "") -> list[dict[str, Any]]:
    """The columns of `TOTAL_NAMES`, each with *suffix*, of one of the rule sets of `project_scores`."""
    nw = narwhals_or_raise()
    col = nw.col

    def of(name: str) -> Any:
        return col(f"_pe_{name}_{side}")

    def status(*cases: tuple[Any, Status]) -> Any:
        return choose([(condition, int(value)) for condition, value in cases], int(Status.SCORED))

    how, left = of("how"), col("_pe_left")
    fine = [int(Status.SCORED), int(Status.NOT_APPLICABLE)]
    first = {
        "_pe_total_status": status(
            (col("_pe_orphan"), Status.NO_PROJECT),
            (col("_pe_twice"), Status.DUPLICATE),
            ((of("weights") == 0) & (of("bad") == 0) & (how != 0), Status.NOTHING_SCORED),
            # Rows without weight and points leave the total alone, unless no row has a weight.
            ((of("bad") > 0) | ~how.is_in(fine) | ((left > 0) & (of("weights") == 0)), Status.LINE_UNSCORED),
        ),
        "_pe_total": of("sum") + of("exec"),
    }
    total_status = col("_pe_total_status")
    left_out = how == int(Status.NOT_APPLICABLE)
    cases = [(total_status != 0, total_status)]
    whole = plan.total - plan.execution.weight
    if plan.execution.no_budget is NoBudget.NOT_APPLICABLE:
        cases.append((left_out, int(Status.NOT_APPLICABLE)))
    elif plan.execution.no_budget is NoBudget.WITHOUT_WEIGHT:
        whole = nw.when(left_out).then(plan.total).otherwise(whole)
    cases.append((of("weights") != whole, int(Status.WEIGHTS_DO_NOT_ADD_UP)))
    second = {"_pe_grade_status": choose(cases, int(Status.SCORED))}
    orphan, grade_status = col("_pe_orphan"), col("_pe_grade_status")
    *bands, (_, last) = plan.bands
    grades = [(grade_status != 0, nw.lit(None, dtype=nw.String))]
    grades += [(col("_pe_total") >= at_least, nw.lit(name)) for at_least, name in bands]
    third = {
        f"indicator_score_cents{suffix}": nw.when(~orphan).then(of("sum")),
        f"unscored{suffix}": nw.when(~orphan).then(of("bad") + left),
        f"total_cents{suffix}": nw.when(total_status == 0).then(col("_pe_total")),
        f"total_status{suffix}": total_status.cast(nw.Int8),
        f"grade{suffix}": choose(grades, nw.lit(last)),
        f"grade_status{suffix}": grade_status.cast(nw.Int8),
    }
    return [first, second, third]
