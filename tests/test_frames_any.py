"""Any frame at all: every type, nothing, no number, huge, negative, doubled, orphaned, oddly named.

On every engine it gets the statuses and scores of the records, or is refused
with one `FrameError`; and the frame itself is what it was.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

import perfeval as pe
from engines import OF_POLARS, back, types_of
from perfeval import frames
from perfeval.frames import Status
from test_frames import KINDS, SIGNS, expected, limit_of, project_of

RULES = {rules.id: rules for rules in pe.rule_sets() if rules.cap is None and rules.deduction is None}
TEN = RULES["cn-mof-2020-10"]
IDS = st.none() | st.integers(0, 3)

INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)
ODD_NAMES = [
    "",
    " ",
    "分值 ",
    "select",
    'a"b',
    "a'b",
    "row.1",
    "%s",
    "a\nb",
    "é",
    "*",
    "^a.*$",
    "列",
    "0",
    "project id",
]
TAKEN = ["status", "score_cents", "_pe_n"]
OTHERS = [
    pl.Series([True, None, False]),
    pl.Series([float("nan"), 1.5, None]),
    pl.Series(["甲", None, ""]),
    pl.Series([Decimal("1.25"), None, Decimal(-3)]),
    pl.Series([dt.date(2022, 1, 1), None, dt.date(1, 1, 1)]),
    pl.Series([[1], None, []], dtype=pl.List(pl.Int64)),
    pl.Series([2**64 - 1, 0, None], dtype=pl.UInt64),
    pl.Series([2**62 + 1, None, -(2**63)]),
    pl.Series([None, None, None], dtype=pl.Null),
]


def holds(dtype, values):
    low, high = dtype.min(), dtype.max()
    least, most = (pl.select(bound).item() for bound in (low, high))
    return all(least <= value <= most for value in values if value is not None)


def numbers(values):
    """A column of whole numbers, of any type that holds them."""
    return values.flatmap(
        lambda drawn: st.sampled_from([dtype for dtype in INTEGERS if holds(dtype, drawn)] or [pl.Int64]).map(
            lambda dtype: pl.Series(drawn, dtype=dtype)
        )
    )


@st.composite
def spoiled(draw, made, names):
    """Now and then a column of whole numbers is of a type that holds none."""
    if draw(st.integers(0, 4)) == 0:
        name = draw(st.sampled_from(names))
        values = made[name].to_list()
        made[name] = draw(
            st.sampled_from(
                [
                    pl.Series([None if value is None else float(value) for value in values], dtype=pl.Float64),
                    pl.Series([float("nan")] * len(values), dtype=pl.Float64),
                    pl.Series(["甲" if value is None else str(value) for value in values]),
                    pl.Series([value == 1 for value in values]),
                    pl.Series([dt.date(2022, 1, 1)] * len(values)),
                ]
            )
        )
    return made


@st.composite
def indicators(draw, ids=IDS, size=6):
    """A frame of indicators, and nothing else is promised."""
    length = draw(st.integers(1, size))

    def column(values):
        return st.lists(values, min_size=length, max_size=length)

    figures = st.none() | st.integers(-5, 120) | st.sampled_from([limit_of(TEN), limit_of(TEN) + 1, 2**63 - 1])
    made = {
        "row": pl.Series(range(length), dtype=pl.Int64),
        "project_id": draw(numbers(column(ids))),
        "kind": draw(
            st.one_of(
                column(st.sampled_from([*KINDS, None, "luck", ""])).map(lambda v: pl.Series(v, dtype=pl.String)),
                column(st.sampled_from([*KINDS, None])).map(lambda v: pl.Series(v, dtype=pl.Categorical)),
                column(st.sampled_from([*KINDS, None])).map(lambda v: pl.Series(v, dtype=pl.Enum(KINDS))),
            )
        ),
        "target": draw(numbers(column(figures))),
        "actual": draw(numbers(column(figures))),
        "weight": draw(numbers(column(st.none() | st.integers(-1, 101)))),
    }
    if draw(st.booleans()):
        made["comparator"] = pl.Series(draw(column(st.sampled_from(SIGNS))), dtype=pl.String)
    if draw(st.booleans()):
        made["unit"] = pl.Series(draw(column(st.sampled_from(["%", "个", None]))), dtype=pl.String)
    if draw(st.integers(0, 3)) == 0:
        tiers = st.none() | st.sampled_from([tier.value for tier in pe.Tier])
        made["tier"] = pl.Series(draw(column(tiers)), dtype=pl.String)
        made["share_e4"] = draw(numbers(column(st.none() | st.integers(-1, 10001))))
    for name in draw(st.lists(st.sampled_from(ODD_NAMES), max_size=2, unique=True)):
        made[name] = draw(st.sampled_from(OTHERS)).sample(length, with_replacement=True, seed=1)
    if draw(st.integers(0, 9)) == 0:
        made[draw(st.sampled_from(TAKEN))] = pl.Series([1] * length)
    made = draw(spoiled(made, ["target", "actual", "weight", "project_id"]))
    names = draw(st.permutations(list(made)))
    return pl.DataFrame({name: made[name] for name in names})


def records(frame, *more):
    """The rows as `expected` takes them, or `None` if a column is of a type that is refused."""
    whole = ("target", "actual", "weight", "share_e4", *more)
    if any(name in frame.columns and not frame.schema[name].is_integer() for name in whole):
        return None
    if any(name in frame.columns for name in TAKEN):
        return None
    absent = dict.fromkeys(("comparator", "unit", "tier", "share_e4"))
    return [absent | row for row in frame.to_dicts()]


def wanted(row, rules):
    """The score and the status of a row."""
    judged = row["tier"] is not None or row["share_e4"] is not None
    missing = row["weight"] is None or (not judged and None in {row["target"], row["actual"]})
    if not missing and row["kind"] not in {*KINDS, None, ""}:
        return None, Status.UNKNOWN_KIND
    return expected(row | {"kind": row["kind"] or None}, rules) if not missing else (None, Status.MISSING)


def snapshot(frame):
    """The types and the values of a frame, as they print."""
    types = {name: str(dtype) for name, dtype in types_of(frame).items()}
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return types, [repr(row) for row in frame.fetchall()]
    if isinstance(frame, pd.DataFrame):
        return types, [repr([frame[name].tolist() for name in frame.columns]), repr(frame.index)]
    columns = frame.to_pydict() if isinstance(frame, pa.Table) else frame.to_dict(as_series=False)
    return types, [repr(columns)]


def unspoken(name, message, frame):
    """Whether it is DuckDB that refuses a column's name: before its second version it reads these as something else."""
    odd = any(column == "*" or {".", '"'} & set(column) for column in frame.columns)
    first = name == "duckdb" and duckdb.__version__.startswith("1.")
    return first and odd and (message or "").startswith("the dataframe's engine cannot compute it: ")


def refused(call, *args):
    """What it makes, and no message; or nothing, and the message."""
    try:
        return call(*args), None
    except pe.FrameError as error:
        return None, str(error)


@settings(max_examples=25)
@given(indicators(), st.sampled_from(sorted(RULES)))
def test_indicators(frame, known):
    rules = RULES[known]
    rows = records(frame)
    for name, of_polars in OF_POLARS.items():
        mine = of_polars(frame)
        before = snapshot(mine)
        found, message = refused(frames.score_indicators, mine, rules)
        assert snapshot(mine) == before
        if rows is None:
            # Whole numbers in the floats of pandas are taken; then no row is lost.
            assert message is not None or (name.startswith("pandas") and len(found) == len(frame))
            continue
        if unspoken(name, message, frame):
            continue
        assert message is None, (name, message)
        types = types_of(mine)
        assert {column: dtype for column, dtype in types_of(found).items() if column in types} == types
        got = {row["row"]: (row["score_cents"], row["status"]) for row in back(found, "row")}
        assert got == {row["row"]: wanted(row, rules) for row in rows}, name


@st.composite
def projects(draw):
    """A frame of projects, doubled, without an id, with money that is absent, negative or huge."""
    length = draw(st.integers(1, 4))
    money = st.none() | st.integers(-1, 1000) | st.sampled_from([1000, limit_of(TEN)])

    def column(values):
        return st.lists(values, min_size=length, max_size=length)

    made = {
        "row": pl.Series(range(length), dtype=pl.Int64),
        "project_id": draw(numbers(column(st.none() | st.integers(0, 3)))),
        "adjusted_budget": draw(numbers(column(money))),
        "actual_expenditure": draw(numbers(column(money))),
        "finished": pl.Series(draw(column(st.sampled_from([True, False, None]))), dtype=pl.Boolean),
    }
    made = draw(spoiled(made, ["adjusted_budget", "actual_expenditure", "project_id"]))
    made["original_budget"] = made["adjusted_budget"]
    for name in draw(st.lists(st.sampled_from(ODD_NAMES), max_size=1)):
        made[name] = draw(st.sampled_from(OTHERS)).sample(length, with_replacement=True, seed=1)
    return pl.DataFrame(made)


CALM = pl.DataFrame(
    {
        "row": range(4),
        "project_id": [0, 1, 2, 3],
        "kind": ["output.quantity"] * 4,
        "comparator": ["≥"] * 4,
        "target": [10, 10, 10, 10],
        "actual": [10, 9, 7, 1],
        "weight": [90, 90, 90, 90],
    }
)
# What an engine cannot hold, or cannot refuse later, it says at once.
PERMITTED = (
    "project ids of one type are expected, got",
    "project_id: expected whole ids below 2^53",
    "indicators of projects that are not among the projects",
)


def told(line):
    """A line as a record holds it; without a weight it leaves the total alone, whatever else it says."""
    if line["weight"] is None:
        said = any(line[name] is not None for name in ("target", "actual", "tier", "share_e4"))
        return line | {"kind": None, "tier": None, "share_e4": None, "target": 1 if said else None, "actual": None}
    return line | {"kind": line["kind"] or None}


def of_project(head, lines, rules):
    """The total and the grade of a project, `None` where there is none."""
    results = [wanted(line, rules) for line in lines if line["weight"] is not None]
    money = [head[name] for name in ("adjusted_budget", "actual_expenditure") if head[name] is not None]
    if any(score is None for score, _ in results) or (
        head["adjusted_budget"] and any(abs(amount) * 100 > limit_of(rules) for amount in money)
    ):
        return None, None
    result = pe.evaluate(project_of(head, rules, [told(line) for line in lines]), rules)
    total = None if result.total is None else int(result.total * 100)
    return total, result.grade and result.grade.value


@settings(max_examples=20)
@given(
    projects(), st.just(CALM) | indicators(ids=st.none() | st.integers(0, 4), size=4), st.sampled_from(sorted(RULES))
)
def test_projects(heads, lines, known):
    rules = RULES[known]
    taken = [name for name in TAKEN if name in lines.columns]
    rows = records(lines.drop(*(name for name in taken if not name.startswith("_pe_"))), "project_id")
    whole = [heads.schema[name].is_integer() for name in ("project_id", "adjusted_budget", "actual_expenditure")]
    good = rows is not None and all(whole)
    for name, of_polars in OF_POLARS.items():
        mine, theirs = of_polars(heads), of_polars(lines)
        before = snapshot(mine), snapshot(theirs)
        found, message = refused(frames.score_projects, mine, theirs, rules)
        assert (snapshot(mine), snapshot(theirs)) == before
        if not good:
            # Whole numbers in the floats of pandas are taken, and ids of days or truth join.
            assert (
                message is not None
                or name.startswith("pandas")
                or heads.schema["project_id"] == lines.schema["project_id"]
            )
            continue
        if unspoken(name, message, heads):
            continue
        if message is not None:
            assert message.startswith(PERMITTED), (name, message)
            assert name in {"pandas", "polars lazy", "duckdb"} or "UInt64" in message or "cannot hold them" in message
            continue
        types = types_of(mine)
        assert {column: dtype for column, dtype in types_of(found).items() if column in types} == types, name
        made = back(found, "row")
        ids = [head["project_id"] for head in heads.to_dicts()]
        strangers = {row["project_id"] for row in rows} - set(ids) | ({None} & {row["project_id"] for row in rows})
        assert sorted(map(str, (row["project_id"] for row in made if row["row"] is None))) == sorted(
            map(str, strangers)
        ), name
        mine_of = {row["row"]: row for row in made if row["row"] is not None}
        for head in heads.to_dicts():
            got = mine_of[head["row"]]
            if head["project_id"] is None or ids.count(head["project_id"]) > 1:
                status = Status.NO_PROJECT if head["project_id"] is None else Status.DUPLICATE
                assert (got["total_cents"], got["total_status"], got["grade"]) == (None, status, None), name
                continue
            of_it = [row for row in rows if row["project_id"] == head["project_id"]]
            assert (got["total_cents"], got["grade"]) == of_project(head, of_it, rules), (name, head)
            assert (got["total_status"] == Status.SCORED) is (got["total_cents"] is not None)
