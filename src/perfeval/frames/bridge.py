"""From columns to records and back: what columns cannot score is scored as one form.

`from_projects` makes the two frames of projects, `to_projects` the projects of
two frames, and `score_remainder` scores in columns what columns can, and the
other projects one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from perfeval.amounts import CONTEXT, exact, plain
from perfeval.errors import FrameError, PerfevalError
from perfeval.evaluation import Evaluation, evaluate
from perfeval.evaluation.lines import execution_of
from perfeval.frames.engines import narwhals_or_raise, told
from perfeval.frames.inputs import SUFFIXES, Columns, Input, listed
from perfeval.frames.plans import plan_of
from perfeval.frames.scores import EXECUTION_NAMES, TOTAL_NAMES, indicators_of, score_projects
from perfeval.frames.status import Status
from perfeval.frames.texts import read_pair
from perfeval.model import BudgetBasis, FundingTotal, Indicator, Project, Stated, StatedIndicator
from perfeval.reasons import Reason
from perfeval.rulesets import RuleSet
from perfeval.targets import Actual, Deadline, Judgement, Quantity, Target, Threshold
from perfeval.text import parse_actual, parse_target, together

__all__ = ["from_projects", "score_remainder", "to_projects"]

Frame = TypeVar("Frame")

_MONEY = ("original_budget", "adjusted_budget", "funds_received", "actual_expenditure")


@told
def to_projects(
    projects: Any, indicators: Any, *, columns: Columns = None, fiscal_year: int | None = None
) -> tuple[Project, ...]:
    """Return the projects of two frames as records, in the order of their rows.

    Each project takes its id as its code, ``name`` where there is one, and its
    money as the printed total row. Targets and actuals are the figures of the
    columns, and where those are null the texts, read as on a form.

    Args:
        projects: An eager frame as for `score_projects`, with ``fiscal_year``.
        indicators: An eager frame as there.
        columns: The frames' own headings, as there.
        fiscal_year: The year, where the projects have no such column.

    Raises:
        FrameError: If a column is missing, an id is missing or stands twice,
            indicators have no project, or a row is none that a record can
            hold: the first ten are named.
    """
    return _records(Input(projects, columns), indicators_of(indicators, columns), fiscal_year, {})


def _records(given: Input, rows: Input, fiscal_year: int | None, tiers: Mapping[str, str]) -> tuple[Project, ...]:
    """The records of two frames; *tiers* are words of tiers that only a rule set knows."""
    if not given.eager or not rows.eager:
        raise FrameError("records are made of eager frames; collect them first")
    given.needs("project_id", *([] if fiscal_year is not None else ["fiscal_year"]))
    lines: dict[Any, list[dict[str, Any]]] = {}
    for row in _rows(rows, _OF_INDICATORS):
        row["tier"] = tiers.get(row["tier"], row["tier"])
        lines.setdefault(row["project_id"], []).append(row)
    heads = _rows(given, _OF_PROJECTS)
    ids = [head["project_id"] for head in heads]
    twice = [one for one in dict.fromkeys(ids) if ids.count(one) > 1] if len(set(ids)) < len(ids) else []
    if None in ids or twice:
        raise FrameError(f"project_id: expected one id for each project, got {listed(twice) or 'none'}")
    strangers = [one for one in lines if one not in set(ids)]
    if strangers:
        raise FrameError(f"indicators of projects that are not among the projects: {listed(strangers)}")
    made, faults = [], []
    for head in heads:
        try:
            made.append(_project(head, lines.get(head["project_id"], ()), fiscal_year))
        except PerfevalError as error:
            faults.append(f"{head['project_id']}: {error}")
    if faults:
        raise FrameError(f"projects that records cannot hold: {listed(faults)}")
    return tuple(made)


_OF_PROJECTS = ("project_id", "name", "fiscal_year", "finished", "execution_deviation_reason", *_MONEY)
_OF_INDICATORS = (
    "project_id",
    "indicator",
    "kind",
    "comparator",
    "unit",
    "tier",
    "share",
    "target",
    "actual",
    "weight",
    "judged_tier",
    "judged_share",
    "judged_words",
    "stated_score",
)


def _rows(given: Input, names: Sequence[str]) -> list[dict[str, Any]]:
    """The rows by our names, numbers exact: ``weight_cents`` is points again."""
    found: dict[str, list[Any]] = {}
    for name in names:
        finer = {suffix: theirs for suffix in SUFFIXES if (theirs := given.named(f"{name}{suffix}")) is not None}
        values: list[Any] = [None] * len(given.frame)
        theirs = given.named(name)
        if name == "kind" or (name in ("comparator", "unit") and theirs is not None):
            words = given.frame.select(_pe_words=given.words(name))["_pe_words"]
            values = [_text(value) or None for value in words.to_list()]
        elif name == "finished" and theirs is not None and given.chinese:
            values = _finished(given)
        elif theirs is not None:
            values = [_plain(value) for value in given.frame[theirs].to_list()]
        for suffix, column in finer.items():
            exact_values = [_plain(value) for value in given.frame[column].to_list()]
            values = [
                # The text that a figure was read from stays where it is none.
                (value if isinstance(value, str) else None)
                if fine is None
                else CONTEXT.scaleb(exact(fine), -SUFFIXES[suffix])
                for fine, value in zip(exact_values, values, strict=True)
            ]
        found[name] = values
    return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]


def _finished(given: Input) -> list[bool | None]:
    flag = given.flag("finished")
    if flag is None:
        return [None] * len(given.frame)
    told = given.frame.select(_pe_yes=flag.yes, _pe_absent=flag.absent)
    return [
        None if absent else bool(yes)
        for yes, absent in zip(told["_pe_yes"].to_list(), told["_pe_absent"].to_list(), strict=True)
    ]


def _plain(value: Any) -> Any:
    """A cell's value: pandas' gaps are nothing, its whole floats whole numbers."""
    if isinstance(value, str):
        return value
    if value is None or str(value) in {"<NA>", "nan", "NaT"}:
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value.item() if hasattr(value, "item") else value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _project(head: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], fiscal_year: int | None) -> Project:
    year = head["fiscal_year"] if fiscal_year is None else fiscal_year
    return Project(
        _text(head["name"]) or str(head["project_id"]),
        fiscal_year=year,
        code=str(head["project_id"]),
        finished=head["finished"],
        execution_deviation_reason=_text(head["execution_deviation_reason"]) or None,
        stated=Stated(funding_total=FundingTotal(**{name: head[name] for name in _MONEY})),
        indicators=[_indicator(row, place, year) for place, row in enumerate(lines, start=1)],
    )


def _indicator(row: Mapping[str, Any], place: int, year: int) -> Indicator:
    name = _text(row["indicator"])
    target = _target(row, year)
    actual = _actual(row, target, year)
    if name:
        target, actual = together(name, target, actual)
    # Without names two rows alike are two rows, not one that stands twice.
    name = name or str(place)
    judgement = None
    words = _text(row["judged_words"])
    if row["judged_tier"] or row["judged_share"] is not None or words:
        judgement = Judgement(row["judged_tier"] or None, share=row["judged_share"], words=words)
    return Indicator(
        name,
        kind=row["kind"],
        target=target,
        actual=actual,
        weight=row["weight"],
        judgement=judgement,
        stated=StatedIndicator(score=row["stated_score"] if row["stated_score"] != "" else None),
    )


def _target(row: Mapping[str, Any], year: int) -> Target | None:
    value = row["target"]
    sign = None if row["comparator"] in (None, "unstated") else row["comparator"]
    if isinstance(value, str):
        return parse_target(value, operator=sign, unit=row["unit"], year=year)
    if isinstance(value, dt.date):
        return Deadline(value)
    return None if value is None else Threshold(sign or "unstated", value, row["unit"])


def _actual(row: Mapping[str, Any], target: Target | None, year: int) -> Actual | None:
    if row["tier"] or row["share"] is not None:
        return Judgement(row["tier"] or None, share=row["share"])
    value = row["actual"]
    if isinstance(value, str):
        return parse_actual(value, target=target, year=year)
    return None if value is None else Quantity(value, row["unit"])


@told
def from_projects(projects: Iterable[Project], *, engine: str = "polars") -> tuple[Any, Any]:
    """Return projects and their indicators as two frames, to be scored in columns.

    Args:
        projects: The projects; their places from 1 on are ``project_id``.
        engine: "polars" or "pyarrow"; a table of pyarrow becomes one of pandas
            or DuckDB by their own means.

    Returns:
        The projects, their money in fen; and the indicators with ``target`` and
        ``actual`` as they are written and what columns score of them:
        ``comparator``, ``unit``, ``target_e4``, ``actual_e4``, ``tier``,
        ``share_e4``, ``weight_cents`` and ``reading``, the status of what only
        one form can score; ``judged_tier``, ``judged_share_e4`` and
        ``judged_words`` are the judgement beside the actual, ``stated_score``
        the points that the form prints, as text.

    Raises:
        FrameError: If there is no such engine; if a project is an excerpt, has
            adjustments, or has money finer than a fen, weights finer than a
            cent or a judged share finer than a ten-thousandth.

    >>> project = Project("甲", fiscal_year=2022, indicators=[Indicator("乙", target="≥50件", actual="48件", weight=90)])
    >>> heads, lines = from_projects([project])
    >>> lines.select("project_id", "target", "target_e4", "actual_e4", "weight_cents", "reading").rows()
    [(1, '≥50件', 500000, 480000, 9000, 0)]
    """
    if engine not in ("polars", "pyarrow"):
        raise FrameError(f"engine: expected polars or pyarrow, got {engine!r}")
    heads: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for place, project in enumerate(projects, start=1):
        if not isinstance(project, Project):
            raise FrameError(f"projects: expected Projects, got {type(project).__name__}")
        try:
            heads.append(_head(place, project))
            keys = [(row.kind, row.name, row.target) for row in project.indicators]
            lines += [
                _line(place, row, doubled=keys.count(key) > 1)
                for row, key in zip(project.indicators, keys, strict=True)
            ]
        except FrameError as error:
            raise FrameError(f"{project.name}: {error}") from None
    return _frame(heads, _HEAD, engine), _frame(lines, _LINE, engine)


_HEAD = {
    "project_id": int,
    "name": str,
    "code": str,
    "fiscal_year": int,
    "place": str,
    "finished": bool,
    "execution_deviation_reason": str,
    **dict.fromkeys((f"{name}_fen" for name in _MONEY), int),
}
_LINE = {
    "project_id": int,
    "indicator": str,
    "kind": str,
    "comparator": str,
    "unit": str,
    "target": str,
    "actual": str,
    "target_e4": int,
    "actual_e4": int,
    "tier": str,
    "share_e4": int,
    "weight_cents": int,
    "reading": int,
    "judged_tier": str,
    "judged_share_e4": int,
    "judged_words": str,
    "stated_score": str,
}


def _frame(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, type], engine: str) -> Any:
    nw = narwhals_or_raise()
    types = {int: nw.Int64, str: nw.String, bool: nw.Boolean}
    schema = {name: types[kind] for name, kind in kinds.items()}
    data = {name: [row[name] for row in rows] for name in kinds}
    return nw.to_native(nw.from_dict(data, schema=schema, backend=engine))


def _head(place: int, project: Project) -> dict[str, Any]:
    if project.excerpt:
        raise FrameError("an excerpt has no total; columns would give it one")
    if project.execution_judgement is not None:
        raise FrameError("execution_judgement: columns have no judgement of an execution rate")
    if project.adjustments:
        raise FrameError("totals that are adjusted afterwards are not computed in columns")
    found: dict[str, Any] = {
        "project_id": place,
        "name": project.name,
        "code": project.code,
        "fiscal_year": project.fiscal_year,
        "place": project.place,
        "finished": project.finished,
        "execution_deviation_reason": project.execution_deviation_reason,
    }
    spent = set()
    for basis in BudgetBasis:
        figures = execution_of(project, basis)
        found[f"{basis.column}_fen"] = _whole(figures.budget, 2, basis.column)
        if figures.budget is not None:
            spent.add(figures.actual_expenditure)
    if len(spent) > 1:
        raise FrameError("what was spent depends on the budget that it is compared with")
    amount = spent.pop() if spent else execution_of(project, BudgetBasis.ADJUSTED).actual_expenditure
    return found | {"actual_expenditure_fen": _whole(amount, 2, "actual_expenditure")}


def _line(place: int, row: Indicator, *, doubled: bool) -> dict[str, Any]:
    read = read_pair(row.name, row.target, row.actual)
    share = row.actual.share if isinstance(row.actual, Judgement) else None
    reading = read.reading
    lost = isinstance(row.target, Threshold) and read.target_e4 is None and read.tier is None
    lost = lost or (isinstance(row.actual, Quantity) and isinstance(row.target, Threshold) and read.actual_e4 is None)
    if not reading and (lost or doubled):
        # Figures finer than a ten-thousandth, or larger than 64 bits; the same indicator twice.
        reading = Status.ONE_BY_ONE
    return {
        "project_id": place,
        "indicator": row.name,
        "kind": None if row.kind is None else row.kind.value,
        "comparator": read.comparator,
        "unit": read.unit,
        "target": None if row.target is None else str(row.target),
        "actual": None if row.actual is None else str(row.actual),
        "target_e4": read.target_e4,
        "actual_e4": read.actual_e4,
        "tier": read.tier,
        "share_e4": _whole(share, 4, f"{row.name}: actual.share"),
        "weight_cents": _whole(row.weight, 2, f"{row.name}: weight"),
        "reading": int(reading),
        **_judgement(row),
        # As text: the form's own precision is kept.
        "stated_score": None if row.stated.score is None else plain(row.stated.score),
    }


def _judgement(row: Indicator) -> dict[str, Any]:
    tier = share = words = None
    if row.judgement is not None:
        tier = row.judgement.tier and row.judgement.tier.value
        share = _whole(row.judgement.share, 4, f"{row.name}: judgement.share")
        words = row.judgement.words
    return {"judged_tier": tier, "judged_share_e4": share, "judged_words": words}


def _whole(value: Decimal | None, digits: int, what: str) -> int | None:
    if value is None:
        return None
    scaled = CONTEXT.scaleb(value, digits)
    if scaled != int(scaled):
        raise FrameError(f"{what}: expected at most {digits} decimal places, got {value}")
    return int(scaled)


# A total that is null for one of these is looked at again, as one form.
_AGAIN = (Status.LINE_UNSCORED, Status.NOTHING_SCORED)
_WHY = {
    Reason.NO_BUDGET: Status.NOT_APPLICABLE,
    Reason.WEIGHTS_DO_NOT_ADD_UP: Status.WEIGHTS_DO_NOT_ADD_UP,
}


@told
def score_remainder(
    projects: Frame, indicators: Frame, rules: RuleSet, *, columns: Columns = None, fiscal_year: int | None = None
) -> Frame:
    """Return what `score_projects` returns, the projects that columns cannot score scored one by one.

    A deadline, a range, words, a bound or a figure out of range leaves its
    project without a total in columns. Those projects are made records and
    evaluated, and their results stand where the others' do.

    Args:
        projects: An eager frame, as for `to_projects`.
        indicators: An eager frame, as there; `read_texts` makes its columns of texts.
        rules: The rule set.
        columns: As there.
        fiscal_year: As there.

    Returns:
        The same kind of frame as `score_projects`, and ``one_by_one``: whether
        a row was scored so.

    Raises:
        FrameError: As `score_projects` and `to_projects`.
    """
    nw = narwhals_or_raise()
    scored = nw.from_native(score_projects(projects, indicators, rules, columns=columns))
    if not isinstance(scored, nw.DataFrame):
        raise FrameError("records are made of eager frames; collect them first")
    given, rows = Input(projects, columns), indicators_of(indicators, columns)
    given.free(["one_by_one"])
    key, foreign = given.there("project_id"), rows.there("project_id")
    again = scored.filter(nw.col("total_status").is_in([int(status) for status in _AGAIN]))
    ids = again[key].to_list()
    results: dict[Any, Evaluation] = {}
    if ids:
        heads = given.frame.filter(nw.col(key).is_in(ids))
        lines = rows.frame.filter(nw.col(foreign).is_in(ids))
        tiers = {word: name for name, words in plan_of(rules).tier_words for word in words}
        records = Input(nw.to_native(heads), columns), indicators_of(nw.to_native(lines), columns)
        made = _records(*records, fiscal_year, tiers)
        for one, project in zip(heads[key].to_list(), made, strict=True):
            result = evaluate(project, rules)
            if result.total is not None:
                results[one] = result
    names = (*EXECUTION_NAMES, *TOTAL_NAMES)
    found = {name: scored[name].to_list() for name in (key, *names)}
    for place, one in enumerate(found[key]):
        if one in results and found["total_status"][place] in _AGAIN:
            for name, value in _totals_of(results[one]).items():
                found[name][place] = value
    backend = scored.implementation
    new = []
    for name in names:
        values = [_plain(value) for value in found[name]]
        kind = nw.String if name == "grade" else nw.Int8 if name.endswith("status") else nw.Int64
        # pandas keeps whole numbers with gaps as floats.
        kind = nw.Float64 if backend.is_pandas() and kind is nw.Int64 and None in values else kind
        new.append(nw.new_series(name, values, kind, backend=backend))
    new.append(nw.new_series("one_by_one", [one in results for one in found[key]], nw.Boolean, backend=backend))
    made_frame: Frame = nw.to_native(scored.with_columns(*new))
    return made_frame


def _totals_of(result: Evaluation) -> dict[str, Any]:
    """The columns of one form's results."""
    assert result.total is not None  # noqa: S101  # others are left as they are
    execution = result.lines[0]
    left_out = Status.NOT_APPLICABLE if execution.score is None else Status.SCORED
    scores = [line.score for line in result.lines[1:] if line.score is not None]
    unscored = sum(line.score is None and not line.blank for line in result.lines[1:])
    grade = result.grade
    why = _WHY.get(result.grade_reason, Status.UNDEFINED) if result.grade_reason is not None else Status.SCORED
    return {
        "execution_score_cents": None if execution.score is None else int(CONTEXT.scaleb(execution.score, 2)),
        "execution_status": int(left_out),
        "indicator_score_cents": sum(int(CONTEXT.scaleb(score, 2)) for score in scores),
        "unscored": unscored,
        "total_cents": int(CONTEXT.scaleb(result.total, 2)),
        "total_status": int(Status.SCORED),
        "grade": None if grade is None else grade.value,
        "grade_status": int(Status.SCORED if grade is not None else why),
    }
