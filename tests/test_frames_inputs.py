"""Nothing lost on the way in or out of a dataframe: ids, types, names, numbers."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import perfeval as pe
from engines import EAGER, ENGINES, OF_POLARS, back, types_of
from perfeval import frames
from perfeval.frames import Status
from perfeval.i18n import message

TEN = pe.rule_set("cn-mof-2020-10")
CENTRAL = pe.rule_set("cn-mof-2021-101")
MANUAL = pe.rule_set("cn-generic-platform")

LARGE = 10**17
HEADS = pl.DataFrame(
    {
        "project_id": [LARGE + 1, LARGE + 2, LARGE + 3],
        "adjusted_budget": [100, 100, 100],
        "actual_expenditure": [100, 50, 95],
    }
)
LINES = pl.DataFrame(
    {
        "project_id": [LARGE + 1, LARGE + 2, LARGE + 3],
        "kind": ["output.quantity"] * 3,
        "target": [10, 10, 10],
        "actual": [10, 6, 5],
        "weight": [90, 90, 90],
    }
)
TOTALS = {LARGE + 1: 10_000, LARGE + 2: 5900, LARGE + 3: 5450}
ORPHAN = LINES[:1].with_columns(project_id=pl.lit(LARGE + 9))


@pytest.fixture(params=OF_POLARS.values(), ids=list(OF_POLARS))
def told(request):
    return request.param


def scored(frame, key="project_id"):
    return {row[key]: row["total_cents"] for row in back(frame, key)}


def refusal(call, *args, **kwargs):
    with pytest.raises(pe.FrameError) as caught:
        call(*args, **kwargs)
    return str(caught.value)


def attempt(call, *args, **kwargs):
    """What it returns, and nothing; or nothing, and what it refuses."""
    try:
        return call(*args, **kwargs), None
    except pe.FrameError as error:
        return None, str(error)


class TestIds:
    """Ids are sacred: 2^53 is no limit, and a type stays what it is."""

    def test_above_two_to_the_53(self, told):
        assert scored(frames.score_projects(told(HEADS), told(LINES), TEN)) == TOTALS

    def test_with_indicators_of_no_project(self, told):
        lines = pl.concat([LINES, ORPHAN])
        found, refused = attempt(frames.score_projects, told(HEADS), told(lines), TEN)
        if told is OF_POLARS["pandas"]:
            # numpy's integers hold no gap.
            assert "(100000000000000009) need rows of their own" in refused
            assert "adjusted_budget (int64)" in refused
        else:
            assert scored(found) == TOTALS | {LARGE + 9: None}

    def test_with_gaps_among_the_indicators(self, told):
        """pandas makes floats of integers with gaps: 18 digits are gone before we see them."""
        lines = LINES.with_columns(project_id=pl.Series([LARGE + 1, None, LARGE + 3], dtype=pl.Int64))
        if told is OF_POLARS["pandas"]:
            assert refusal(frames.score_projects, told(HEADS), told(lines), TEN) == (
                "project_id: expected whole ids below 2^53, got 1e+17, 1e+17: pandas keeps numbers with gaps as floats,"
                " which hold no more digits; read the column as Int64 or as text"
            )
        else:
            found = back(frames.score_projects(told(HEADS), told(lines), TEN), "project_id")
            assert [row["total_status"] for row in found if row["project_id"] is None] == [Status.NO_PROJECT]
            assert {row["project_id"]: row["total_cents"] for row in found if row["project_id"]} == (
                TOTALS | {LARGE + 2: 500}
            )

    def test_small_ones_with_gaps(self, told):
        heads = HEADS.with_columns(project_id=pl.Series([1, 2, None], dtype=pl.Int64))
        lines = LINES.with_columns(project_id=pl.Series([1, 2, 3], dtype=pl.Int64))[:2]
        found = back(frames.score_projects(told(heads), told(lines), TEN), "project_id")
        assert [(row["project_id"], row["total_cents"], row["total_status"]) for row in found] == [
            (1, 10_000, 0),
            (2, 5900, 0),
            (None, None, Status.NO_PROJECT),
        ]

    def test_a_rule_set_beside_itself_changes_no_grade(self, told):
        found = back(frames.compare(told(HEADS), told(LINES), TEN, TEN), "project_id")
        assert [row["changes_grade"] for row in found] == [False] * 3
        assert [row["project_id"] for row in found] == list(TOTALS)

    @pytest.mark.parametrize(
        ("own", "foreign"),
        [
            (pl.Int64, pl.Int64),
            (pl.Int64, pl.Int32),
            (pl.Int32, pl.Int64),
            (pl.Int16, pl.UInt8),
            (pl.UInt8, pl.Int64),
            (pl.UInt64, pl.UInt64),
            (pl.UInt64, pl.Int64),
            (pl.Int64, pl.UInt32),
            (pl.String, pl.String),
            (pl.String, pl.Categorical),
            (pl.Categorical, pl.String),
            (pl.Categorical, pl.Categorical),
            (pl.Enum(["1", "2", "3"]), pl.Enum(["1", "2", "3"])),
            (pl.Enum(["1", "2", "3"]), pl.String),
            (pl.Decimal(18, 0), pl.Decimal(18, 0)),
            (pl.Date, pl.Date),
        ],
        ids=str,
    )
    def test_of_every_type(self, own, foreign, told):
        def ids(dtype):
            if dtype == pl.Date:
                return pl.Series([dt.date(2022, 1, day) for day in (1, 2, 3)])
            return pl.Series([1, 2, 3]).cast(pl.String).cast(dtype)

        heads = told(HEADS.with_columns(project_id=ids(own)))
        lines = told(LINES.with_columns(project_id=ids(foreign)))
        found, refused = attempt(frames.score_projects, heads, lines, TEN)
        if refused is not None:
            # In a query nothing can be refused, so a narrower type cannot take in a wider one.
            assert refused.startswith("project ids of one type are expected, got")
            assert own != foreign
        else:
            assert types_of(found)["project_id"] == types_of(heads)["project_id"]
            rows = back(found, "total_cents")
            assert [row["total_cents"] for row in rows] == sorted(TOTALS.values())

    @pytest.mark.parametrize("name", EAGER)
    def test_widths_meet_on_eager_frames(self, name):
        told = OF_POLARS[name]
        heads = told(HEADS.with_columns(project_id=pl.Series([1, 2, 3], dtype=pl.Int8), finished=pl.lit("甲")))
        lines = told(LINES.with_columns(project_id=pl.Series([1, 2, 3], dtype=pl.Int64)))
        found = frames.score_projects(heads, lines, TEN)
        assert types_of(found)["project_id"] == types_of(heads)["project_id"]
        far = told(LINES.with_columns(project_id=pl.Series([1, 2, 300], dtype=pl.Int64)))
        message = refusal(frames.score_projects, heads, far, TEN)
        assert message.startswith("indicators of projects that are not among the projects (300)")

    def test_of_floats(self, told):
        floats = pl.col("project_id").cast(pl.Float64)
        heads, lines = HEADS.with_columns(floats), LINES.with_columns(floats)
        message = refusal(frames.score_projects, told(heads), told(lines), TEN)
        assert message.startswith(
            ("project_id: expected ids of whole numbers or text, got Float64", "project_id: expected whole ids below")
        )

    def test_uuids(self):
        ids = [uuid.UUID(int=number) for number in (1, 2, 3)]
        here = duckdb.connect()
        heads, lines = (
            here.from_arrow(frame.drop("project_id").with_columns(row=pl.Series([1, 2, 3])).to_arrow()).project(
                "cast('00000000-0000-0000-0000-00000000000' || row as uuid) as project_id, *"
            )
            for frame in (HEADS, LINES)
        )
        found = scored(frames.score_projects(heads, lines, TEN))
        assert found == dict(zip(ids, TOTALS.values(), strict=True))

    def test_words_and_numbers_in_one_column(self):
        heads = HEADS.to_pandas().assign(project_id=pd.Series(["1", 2, 3], dtype=object))
        lines = LINES.to_pandas().assign(project_id=pd.Series([1, 2, 3], dtype=object))
        message = refusal(frames.score_projects, heads, lines, TEN)
        assert message.startswith("project_id: expected ids of text or of numbers, not of both, got")

    def test_two_engines(self):
        message = refusal(frames.score_projects, HEADS, LINES.lazy(), TEN)
        assert message == "projects and indicators of one engine are expected, got DataFrame and LazyFrame"


class TestOtherPeoplesColumns:
    """What is not asked for is carried as it is: every type of every engine, with and without orphans."""

    CARRIED = HEADS.with_columns(
        i8=pl.Series([1, 2, 3], dtype=pl.Int8),
        u64=pl.Series([2**64 - 1, 0, 1], dtype=pl.UInt64),
        large=pl.Series([2**62 + 1, 2**53 + 1, 3]),
        gaps=pl.Series([LARGE + 1, None, 3]),
        yes=pl.Series([True, False, True]),
        perhaps=pl.Series([True, None, False]),
        f32=pl.Series([0.1, 0.2, None], dtype=pl.Float32),
        text=pl.Series(["甲", None, ""]),
        word=pl.Series(["a", "b", "a"], dtype=pl.Categorical),
        money=pl.Series([Decimal("1.23"), None, Decimal("-4.50")]),
        day=pl.Series([dt.date(2022, 1, 2), None, dt.date(1970, 1, 1)]),
        moment=pl.Series([dt.datetime(2022, 1, 2, 3, 4, 5), None, dt.datetime(1999, 1, 1)]),
        span=pl.Series([dt.timedelta(days=1), None, dt.timedelta(microseconds=3)]),
        clock=pl.Series([dt.time(1, 2, 3), None, dt.time(4)]),
        several=pl.Series([[1, 2], None, []], dtype=pl.List(pl.Int64)),
        pair=pl.Series([{"a": 1}, {"a": None}, {"a": 3}]),
        raw=pl.Series([b"\x00", None, b"ab"]),
        none=pl.Series([None, None, None], dtype=pl.Null),
    )

    def values(self, frame, names):
        if isinstance(frame, pl.LazyFrame):
            frame = frame.collect()
        if isinstance(frame, duckdb.DuckDBPyRelation):
            rows = frame.fetchall()
            place = {name: frame.columns.index(name) for name in names}
            found = [[repr(row[place[name]]) for name in names] for row in rows]
        else:
            columns = [frame[name].to_pylist() if isinstance(frame, pa.Table) else list(frame[name]) for name in names]
            found = [[repr(value) for value in row] for row in zip(*columns, strict=True)]
        return sorted(found)

    @pytest.mark.parametrize("lines", [LINES, pl.concat([LINES, ORPHAN])], ids=["all at home", "an orphan"])
    def test_by_projects(self, lines, told):
        heads = told(self.CARRIED)
        types, names = types_of(heads), list(types_of(heads))
        before = self.values(heads, names)
        found, refused = attempt(frames.score_projects, heads, told(lines), TEN)
        if told is OF_POLARS["pandas"] and len(lines) > 3:
            assert "i8 (int8), u64 (uint64), large (int64), yes (bool)" in refused
        elif refused is not None:
            # Before its third version pandas cannot lengthen a dictionary of Arrow's.
            assert "which the engine cannot add: DictionaryArray" in refused
            assert len(lines) > 3
        else:
            assert {name: dtype for name, dtype in types_of(found).items() if name in types} == types
            assert [row for row in self.values(found, names) if row in before] == before
        assert types_of(heads) == types
        assert self.values(heads, names) == before

    def test_views_of_arrow(self):
        """Arrow has text that it neither compares nor takes rows of: carried, and read where it is ours."""
        views = pa.array(["甲", None, "乙"], pa.string_view())
        kinds = pa.array(["output.quantity"] * 3, pa.string_view())
        heads = HEADS.to_arrow().append_column("name", views)
        lines = LINES.drop("kind").to_arrow().append_column("kind", kinds)
        try:
            kinds.cast(pa.string())
        except pa.ArrowNotImplementedError:
            # Older versions of Arrow have no way out of it.
            message = refusal(frames.score_projects, heads, lines, TEN)
            assert message.startswith("the dataframe's engine cannot compute it: ArrowNotImplementedError: Unsupported")
            return
        found = frames.score_projects(heads, lines, TEN)
        assert found.schema.field("name").type == pa.string_view()
        assert found["name"].to_pylist() == ["甲", None, "乙"]
        assert scored(found) == TOTALS

    @pytest.mark.parametrize("score", [frames.score_execution, frames.score_indicators])
    def test_by_one_frame(self, score, told):
        frame = self.CARRIED.with_columns(LINES.drop("project_id"))
        given = told(frame)
        found = score(given, TEN)
        types = types_of(given)
        assert {name: dtype for name, dtype in types_of(found).items() if name in types} == types
        assert self.values(found, list(types)) == self.values(given, list(types))

    def test_order_and_index_of_eager_frames(self):
        heads = HEADS.to_pandas().set_index(pd.Index(["c", "a", "b"], name="code"))
        found = frames.score_projects(heads, LINES.to_pandas()[::-1], TEN)
        assert found.index.equals(heads.index)
        assert found["total_cents"].to_list() == list(TOTALS.values())
        assert frames.score_projects(HEADS, LINES[::-1], TEN)["project_id"].to_list() == list(TOTALS)


class TestNumbers:
    """Narrow integers do not wrap; what 64 bits do not hold is out of range."""

    @pytest.mark.parametrize("dtype", [pl.Int32, pl.UInt32, pl.Int64, pl.UInt64], ids=str)
    def test_fifty_million_yuan(self, dtype, told):
        """Nine tenths of fifty million, in integers of every width."""
        heads = HEADS.with_columns(adjusted_budget=pl.lit(50_000_000), actual_expenditure=pl.lit(45_000_000))
        heads = heads.with_columns(pl.col("adjusted_budget", "actual_expenditure").cast(dtype))
        found = back(frames.score_execution(told(heads), TEN), "project_id")
        assert [row["execution_score_cents"] for row in found] == [900] * 3

    @pytest.mark.parametrize("dtype", [pl.Int8, pl.Int16, pl.UInt8, pl.UInt16], ids=str)
    def test_weights_targets_and_actuals(self, dtype, told):
        lines = LINES.with_columns(pl.col("target", "actual", "weight").cast(dtype))
        found = back(frames.score_indicators(told(lines), TEN), "project_id")
        assert [row["score_cents"] for row in found] == [9000, 5400, 4500]
        fixed = frames.to_fixed(told(lines), points=["weight"], figures=["target", "actual"])
        found = back(frames.score_indicators(fixed, TEN), "project_id")
        assert [row["score_cents"] for row in found] == [9000, 5400, 4500]

    def test_more_than_64_bits_hold(self, told):
        lines = LINES.with_columns(target=pl.Series([2**64 - 1, 10, None], dtype=pl.UInt64))
        if told is OF_POLARS["pandas"]:
            lines = lines.with_columns(target=pl.Series([2**64 - 1, 10, 10], dtype=pl.UInt64))
        found = back(frames.score_indicators(told(lines), TEN), "project_id")
        assert [row["status"] for row in found[:2]] == [Status.OUT_OF_RANGE, 0]

    def test_a_sum_of_duckdb(self):
        """What DuckDB sums has 128 bits."""
        here = duckdb.connect()
        heads = here.sql(
            "select 1 as project_id, sum(x) as adjusted_budget, sum(x) as actual_expenditure from (values (40), (60)) as t(x)"
            " union all select 2, sum(x), sum(x) from (values (9223372036854775807), (1)) as t(x)"
        )
        found = back(frames.score_execution(heads, TEN), "project_id")
        assert [(row["execution_score_cents"], row["execution_status"]) for row in found] == [
            (1000, 0),
            (None, Status.OUT_OF_RANGE),
        ]

    @pytest.mark.parametrize("dtype", [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt32, pl.UInt64], ids=str)
    def test_to_fixed_of_every_width(self, dtype, told):
        frame = told(pl.DataFrame({"a": pl.Series([100, 0, 7], dtype=dtype)}))
        found = frames.to_fixed(frame, money=["a"], unit="亿元")
        assert [row["a_fen"] for row in back(found, "a_fen")] == [0, 7 * 10**10, 10**12]

    @pytest.mark.parametrize("dtype", [pl.Int32, pl.Int64, pl.UInt64], ids=str)
    def test_too_large_for_to_fixed(self, dtype, told):
        """Named on eager frames; out of every range on lazy ones, which cannot refuse a value."""
        frame = told(pl.DataFrame({"a": pl.Series([2**31 - 1, 5], dtype=dtype)}))
        if told in (OF_POLARS["polars lazy"], OF_POLARS["duckdb"]):
            found = [row["a_fen"] for row in back(frames.to_fixed(frame, money=["a"], unit="亿元"), "a_fen")]
            assert found[0] == 5 * 10**10
            assert found[1] > 2**62
        else:
            assert refusal(frames.to_fixed, frame, money=["a"], unit="亿元") == (
                "a: expected at most 922337203, got 2147483647"
            )

    @pytest.mark.parametrize("dtype", [pl.Float32, pl.Float64], ids=str)
    def test_floats_to_fixed(self, dtype, told):
        frame = told(pl.DataFrame({"row": [0, 1, 2, 3], "a": pl.Series([12.5, None, 0.25, -3.0], dtype=dtype)}))
        found = back(frames.to_fixed(frame, points=["a"]), "row")
        assert [row["a_cents"] for row in found] == [1250, None, 25, -300]

    @pytest.mark.parametrize("value", [0.12001, 0.125, 1e-9, 12345678901.0049])
    def test_floats_finer_than_a_fen(self, value, told):
        frame = told(pl.DataFrame({"a": [value, 1.0]}))
        if told in (OF_POLARS["polars lazy"], OF_POLARS["duckdb"]):
            found = [row["a_fen"] for row in back(frames.to_fixed(frame, money=["a"]), "a_fen")]
            assert found == [100, 2**62]
        else:
            assert refusal(frames.to_fixed, frame, money=["a"]) == f"a: expected at most 2 decimal places, got {value}"

    @pytest.mark.parametrize("value", [float("inf"), -float("inf"), 1e300, 1e13])
    def test_floats_that_hold_no_fen(self, value, told):
        frame = told(pl.DataFrame({"a": [value, 1.0]}))
        if told in (OF_POLARS["polars lazy"], OF_POLARS["duckdb"]):
            found = [row["a_fen"] for row in back(frames.to_fixed(frame, money=["a"]), "a_fen")]
            assert found == [100, 2**62]
        else:
            message = refusal(frames.to_fixed, frame, money=["a"])
            assert message == f"a: expected numbers below 10^13, got {value}"

    def test_not_a_number(self, told):
        """pandas takes it for a gap; elsewhere it is a number that is none."""
        frame = told(pl.DataFrame({"a": [float("nan"), 1.0]}))
        if told in (OF_POLARS["polars lazy"], OF_POLARS["duckdb"]):
            found = [row["a_fen"] for row in back(frames.to_fixed(frame, money=["a"]), "a_fen")]
            assert found == [100, 2**62]
            return
        found, refused = attempt(frames.to_fixed, frame, money=["a"])
        if refused is None:
            assert [row["a_fen"] for row in back(found, "a_fen")] == [100, None]
        else:
            assert refused == "a: expected numbers below 10^13, got nan"

    def test_a_float_stands_for_its_fifteen_digits(self, told):
        frame = told(pl.DataFrame({"row": [0, 1, 2], "a": [0.1 + 0.2, 9876543210123.45, 1234567890.12]}))
        found = back(frames.to_fixed(frame, money=["a"]), "row")
        assert [row["a_fen"] for row in found] == [30, 987654321012345, 123456789012]

    @pytest.mark.parametrize("name", EAGER)
    @pytest.mark.parametrize(
        ("text", "fen"),
        [("1,234.5", 123450), ("１２３", 12300), (" 7 ", 700), ("-12,345,678", -1234567800), ("1，234", 123400)],
    )
    def test_texts_of_numbers(self, text, fen, name):
        frame = OF_POLARS[name](pl.DataFrame({"a": [text]}))
        assert back(frames.to_fixed(frame, money=["a"]), "a_fen")[0]["a_fen"] == fen

    @pytest.mark.parametrize("name", EAGER)
    @pytest.mark.parametrize("text", ["1,23", "1,2345", "12,34,567", ",5", "5,", "1 234", "1e3", "", "5元", "∞"])
    def test_texts_that_are_no_numbers(self, text, name):
        """1,23 may be 1.23 or 123: as the reader of texts refuses it."""
        frame = OF_POLARS[name](pl.DataFrame({"a": [text]}))
        assert refusal(frames.to_fixed, frame, money=["a"]) == f"a: expected numbers, got {text}"

    @pytest.mark.parametrize("name", EAGER)
    def test_texts_too_large(self, name):
        frame = OF_POLARS[name](pl.DataFrame({"a": ["1000000000000000", None]}))
        assert refusal(frames.to_fixed, frame, money=["a"], unit="亿元").startswith("a: expected at most ")

    def test_yes_and_no_are_no_numbers(self, told):
        frame = told(pl.DataFrame({"a": [True, False]}))
        assert refusal(frames.to_fixed, frame, money=["a"]).startswith("a: ")

    def test_decimals_out_of_every_engine(self, told):
        frame = told(pl.DataFrame({"row": [0, 1, 2], "score_cents": [4800, None, -5]}))
        found = back(frames.to_decimal(frame, ["score_cents"]), "row")
        assert [row["score"] for row in found] == [Decimal("48.00"), None, Decimal("-0.05")]


class TestNames:
    """A column of the user's is never overwritten."""

    @pytest.mark.parametrize("name", ["status", "score_cents"])
    def test_of_indicators(self, name, told):
        assert refusal(frames.score_indicators, told(LINES.with_columns(pl.lit("甲").alias(name))), TEN) == (
            f"{name}: the frame has columns of names that are made here; rename them first"
        )

    @pytest.mark.parametrize("name", ["grade", "total_cents", "execution_status", "unscored"])
    def test_of_projects(self, name, told):
        heads = HEADS.with_columns(pl.lit("甲").alias(name))
        assert refusal(frames.score_projects, told(heads), told(LINES), TEN).startswith(f"{name}: the frame has")

    def test_what_is_not_carried_may_have_any_name(self, told):
        lines = LINES.with_columns(status=pl.lit("甲"), score_cents=pl.lit(1), grade=pl.lit("乙"))
        heads = HEADS.with_columns(grade=pl.lit("甲"), status=pl.lit("乙"), total_cents=pl.lit(1))
        assert scored(frames.score_projects(told(HEADS), told(lines), TEN)) == TOTALS
        assert len(back(frames.compare(told(heads), told(lines), TEN, MANUAL), "project_id")) == 3
        assert back(frames.check_projects(told(heads), told(lines), TEN), "project_id") == back(
            frames.check_projects(told(HEADS), told(LINES), TEN), "project_id"
        )

    def test_of_the_arithmetic(self, told):
        message = "names that begin with _pe_ are kept for the arithmetic; rename _pe_n"
        odd = told(LINES.with_columns(_pe_n=pl.lit(1)))
        assert refusal(frames.score_indicators, odd, TEN) == message
        assert refusal(frames.score_projects, told(HEADS), odd, TEN) == message

    def test_large_and_small_letters(self, told):
        """One name to SQL, two to the others."""
        lines = told(LINES.with_columns(Status=pl.lit("甲")))
        if told is OF_POLARS["duckdb"]:
            assert refusal(frames.score_indicators, lines, TEN).startswith("Status: the frame has columns of names")
        else:
            assert {row["Status"] for row in back(frames.score_indicators(lines, TEN), "project_id")} == {"甲"}

    def test_of_what_is_made_fixed(self, told):
        frame = told(pl.DataFrame({"weight": [1], "weight_cents": [5]}))
        assert refusal(frames.to_fixed, frame, points=["weight"]).startswith("weight_cents: the frame has columns")
        frame = told(pl.DataFrame({"score": [1], "score_cents": [5]}))
        assert refusal(frames.to_decimal, frame, ["score_cents"]).startswith("score: the frame has columns")

    def test_numbers_for_names(self):
        lines = LINES.to_pandas()
        odd = lines.assign(x=1).rename(columns={"x": 7})
        message = "expected column names of text, got 7; rename them first"
        assert refusal(frames.score_indicators, odd, TEN) == message
        assert refusal(frames.score_projects, HEADS.to_pandas(), odd, TEN) == message
        assert refusal(frames.summarise, odd) == message
        assert refusal(frames.to_fixed, odd, points=["weight"]) == message

    def test_one_name_twice(self):
        lines = LINES.to_pandas()
        odd = pd.concat([lines, lines[["kind"]]], axis=1)
        assert refusal(frames.score_indicators, odd, TEN)

    def test_one_name_for_names(self, told):
        frame = told(pl.DataFrame({"weight": [1]}))
        assert refusal(frames.to_fixed, frame, points="weight") == (
            "points: expected the names of columns, got the text 'weight'; write ['weight']"
        )


class TestHeadings:
    CHINESE = LINES.rename({"target": "指标值", "actual": "实际完成值", "weight": "分值", "kind": "指标类型"})

    def test_fixed_numbers_under_headings_of_the_form(self, told):
        """Either name makes columns that are found again."""
        given = told(self.CHINESE.with_columns(pl.col("分值").cast(pl.Float64)))
        for points, figures in ((["分值"], ["指标值", "实际完成值"]), (["weight"], ["target", "actual"])):
            fixed = frames.to_fixed(given, points=points, figures=figures, columns="zh_CN")
            found = back(frames.score_indicators(fixed, TEN, columns="zh_CN"), "project_id")
            assert [row["score_cents"] for row in found] == [9000, 5400, 4500]
        fixed = frames.to_fixed(given, points=["分值"])
        found = back(frames.score_indicators(fixed, TEN, columns="zh_CN"), "project_id")
        assert [row["score_cents"] for row in found] == [9000, 5400, 4500]

    def test_two_headings_of_one_meaning(self, told):
        given = told(self.CHINESE.with_columns(年度指标值=pl.lit(5)))
        assert refusal(frames.score_indicators, given, TEN, columns="zh_CN") == (
            "columns: 指标值 and 年度指标值 are both target; leave one of them out"
        )

    EXPORT = pl.DataFrame(
        {
            "项目编码": [1, 1, 1, 2, 2],
            "一级指标": ["产出指标", "成本指标", "满意度指标", "产出指标", "决策"],
            "二级指标": ["数量指标", "经济成本指标", "服务对象满意度指标", "成本指标", "立项规范性"],
            "三级指标": ["甲", "乙", "丙", "丁", "戊"],
            "指标性质": ["≥", "小于等于", "正向指标", "/", None],
            "年度指标值（A）": [50, 10, 90, 10, 5],
            "度量单位": ["个", "万元", "%", "元", None],
            "实际完成值": [48, 12, 93, 8, 5],
            "权重": [50, 20, 10, 10, 10],
        }
    )
    OURS = EXPORT.select(
        pl.col("项目编码").alias("project_id"),
        pl.Series("kind", ["output.quantity", "cost.economic", "satisfaction", "output.cost", "decision"]),
        pl.Series("comparator", ["≥", "≤", "≥", "unstated", None]),
        target="年度指标值（A）",
        unit="度量单位",
        actual="实际完成值",
        weight="权重",
    )

    @pytest.mark.parametrize("rules", [TEN, CENTRAL], ids=lambda rules: rules.id)
    def test_an_export_with_its_words(self, rules, told):
        """Headings and values as systems export them, by the words of the forms."""
        found = frames.score_indicators(told(self.EXPORT), rules, columns="zh_CN")
        wanted = back(frames.score_indicators(told(self.OURS), rules), "target")
        got = back(found, "年度指标值（A）")
        assert [(row["score_cents"], row["status"]) for row in got] == [
            (row["score_cents"], row["status"]) for row in wanted
        ]
        assert {row["一级指标"] for row in got} == {"产出指标", "成本指标", "满意度指标", "决策"}

    def test_spaces_around_words(self, told):
        words = ["一级指标", "二级指标", "指标性质", "度量单位"]
        spaced = self.EXPORT.with_columns((pl.lit(" ") + pl.col(word) + pl.lit("\u3000")).alias(word) for word in words)
        found, wanted = (
            back(frames.score_indicators(told(frame), CENTRAL, columns="zh_CN"), "年度指标值（A）")
            for frame in (spaced, self.EXPORT)
        )
        assert [(row["score_cents"], row["status"]) for row in found] == [
            (row["score_cents"], row["status"]) for row in wanted
        ]
        assert {row["一级指标"] for row in found} == {f" {word}\u3000" for word in self.EXPORT["一级指标"]}

    @pytest.mark.parametrize("rules", [TEN, CENTRAL], ids=lambda rules: rules.id)
    def test_tiers_in_the_words_of_the_rule_set(self, rules, told):
        names = {words.tier.value: words.name.zh_CN for words in rules.tier_words}
        lines = LINES.with_columns(actual=pl.lit(None, dtype=pl.Int64), share_e4=pl.lit(None, dtype=pl.Int64))
        lines = lines.with_columns(tier=pl.Series(["achieved", "partly_achieved", None]))
        chinese = lines.with_columns(pl.col("tier").replace(names))
        got, wanted = (back(frames.score_indicators(told(frame), rules), "project_id") for frame in (chinese, lines))
        assert [row["score_cents"] for row in got] == [row["score_cents"] for row in wanted]
        assert got[0]["score_cents"] == 9000

    @pytest.mark.parametrize(
        "rules",
        [rules for rules in pe.rule_sets() if any(method.rule.tier_ranges for method in rules.methods)],
        ids=lambda rules: rules.id,
    )
    def test_every_tier_word_of_every_place(self, rules):
        """Those of the official form and those of the rule set; a word that is none leaves the row to a person."""
        words = [(text, row.tier.value) for row in rules.tier_words for text in (row.name.zh_CN, *row.texts)]
        own = {text for text, _ in words}
        words += [(message(f"tier.{tier.value}", "zh_CN"), tier.value) for tier in pe.Tier]
        words = [(text, tier) for place, (text, tier) in enumerate(words) if place < len(own) or text not in own]
        base = {"project_id": 1, "kind": "output.quantity", "target": None, "actual": None, "weight": 10}
        ours, theirs = (
            pl.DataFrame(
                [base | {"tier": pair[side]} for pair in words],
                schema_overrides={"target": pl.Int64, "actual": pl.Int64},
            )
            for side in (1, 0)
        )
        wanted = frames.score_indicators(ours, rules).select("score_cents", "status").rows()
        theirs = theirs.rename({"tier": "完成档次", "weight": "权重"}).with_columns(kind=pl.lit("数量指标"))
        found = frames.score_indicators(theirs, rules, columns="zh_CN").select("score_cents", "status").rows()
        assert found == wanted
        assert any(status == 0 for _, status in found) or all(
            row.share is None for method in rules.methods for row in method.rule.tier_ranges
        )
        odd = theirs.head(1).with_columns(完成档次=pl.lit("青蛙"))
        assert frames.score_indicators(odd, rules, columns="zh_CN")["status"].to_list() == [Status.UNDEFINED]

    @pytest.mark.parametrize("word", ["％", "百分比", "个百分比", " % "])
    def test_per_cent_in_words(self, word, told):
        """101号 looks at satisfaction itself: 85 per cent, not 8500."""
        line = LINES.head(1).with_columns(kind=pl.lit("satisfaction"), target=pl.lit(95), actual=pl.lit(85))
        ours = line.with_columns(unit=pl.lit("%"))
        theirs = line.rename({"target": "指标值", "actual": "实际完成值"}).with_columns(
            pl.lit(word).alias("度量单位"), kind=pl.lit("满意度")
        )
        [wanted] = back(frames.score_indicators(told(ours), CENTRAL), "project_id")
        [found] = back(frames.score_indicators(told(theirs), CENTRAL, columns="zh_CN"), "project_id")
        assert found["score_cents"] == wanted["score_cents"]
        [plain] = back(frames.score_indicators(told(line.with_columns(unit=pl.lit("个"))), CENTRAL), "project_id")
        assert plain["score_cents"] != wanted["score_cents"]

    def test_finished_in_words(self, told):
        heads = pl.concat([HEADS, HEADS]).with_columns(project_id=pl.Series(range(6)))
        values = [True, False, None, True, False, None]
        words = ["是", "否", None, " 已完成", "未完成", "—"]
        wanted = back(
            frames.score_execution(told(heads.with_columns(finished=pl.Series(values))), CENTRAL), "project_id"
        )
        theirs = told(heads.with_columns(pl.Series("项目是否完成", words)))
        found = back(frames.score_execution(theirs, CENTRAL, columns="zh_CN"), "project_id")
        names = ("execution_score_cents", "execution_status")
        assert [[row[name] for name in names] for row in found] == [[row[name] for name in names] for row in wanted]
        assert len({row["execution_status"] for row in found}) == 2

    def test_finished_in_a_word_that_is_none(self, told):
        given = told(HEADS.with_columns(pl.Series("是否完成", ["是", "青蛙", "否"])))
        if isinstance(given, pl.DataFrame | pd.DataFrame | pa.Table):
            refused = refusal(frames.score_execution, given, CENTRAL, columns="zh_CN")
            assert refused == "是否完成: expected 是 or 否, got 青蛙"
        else:
            found = back(frames.score_execution(given, CENTRAL, columns="zh_CN"), "project_id")
            assert found[1]["execution_status"] == Status.UNDEFINED

    @pytest.mark.parametrize("heading", ["一级指标", "二级指标", "指标类型"])
    def test_one_level_alone(self, heading, told):
        words = ["产出", "满意度指标", None] if heading == "一级指标" else ["质量指标", "满意度指标", None]
        kinds = ["output", "satisfaction", None] if heading == "一级指标" else ["output.quality", "satisfaction", None]
        lines = LINES.rename({"target": "目标值", "actual": "完成值", "weight": "分值", "project_id": "项目代码"})
        chinese = lines.drop("kind").with_columns(pl.Series(heading, words))
        got = back(frames.score_indicators(told(chinese), CENTRAL, columns="zh_CN"), "项目代码")
        wanted = back(frames.score_indicators(told(LINES.with_columns(kind=pl.Series(kinds))), CENTRAL), "project_id")
        assert [row["score_cents"] for row in got] == [row["score_cents"] for row in wanted]

    def test_words_that_no_form_has(self, told):
        """A level that is not known is no reason to take the one above."""
        odd = self.EXPORT.with_columns(pl.lit("青蛙指标").alias("二级指标"))
        got = back(frames.score_indicators(told(odd), TEN, columns="zh_CN"), "三级指标")
        assert [row["status"] for row in got].count(Status.UNKNOWN_KIND) == 4

    @pytest.mark.parametrize("heading", ["实际完成值（上年）", "完成率", "实际完成率", "上年完成值", "年初目标"])
    def test_headings_of_other_figures(self, heading, told):
        chinese = self.EXPORT.rename({"实际完成值": heading})
        message = refusal(frames.score_indicators, told(chinese), TEN, columns="zh_CN")
        assert message.startswith("missing columns: actual or actual_e4")

    def test_money_and_its_unit(self, told):
        heads = HEADS.rename({"project_id": "项目编码", "adjusted_budget": "调整后预算数（万元）"})
        heads = heads.rename({"actual_expenditure": "全年执行数（万元）"})
        message = refusal(frames.score_execution, told(heads), TEN, columns="zh_CN")
        assert message == (
            "调整后预算数（万元）: its heading says 万元, expected whole yuan; make fen of it first:"
            " to_fixed(…, money=['调整后预算数（万元）'], unit='万元')"
        )
        money = ["adjusted_budget", "全年执行数（万元）"]
        fixed = frames.to_fixed(told(heads), money=money, unit="万元", columns="zh_CN")
        found = back(frames.score_execution(fixed, TEN, columns="zh_CN"), "项目编码")
        assert [row["execution_score_cents"] for row in found] == [1000, 500, 950]
        assert refusal(frames.to_fixed, told(heads), money=["全年执行数（万元）"]) == (
            "全年执行数（万元）: its heading says 万元, and unit says 元"
        )

    @pytest.mark.parametrize("columns", [5, ["a"], "zh-CN"])
    def test_no_headings(self, columns):
        message = refusal(frames.score_indicators, LINES, TEN, columns=columns)
        assert message == f"columns: expected a mapping or 'zh_CN', got {columns!r}"


class TestFinished:
    """Whether a project is finished is yes, no or not told; anything else is refused by name."""

    HEADS = HEADS.with_columns(original_budget=pl.lit(100), actual_expenditure=pl.lit(50))

    @pytest.mark.parametrize(
        "values",
        [[True, False, None], [True, False, True], [None, None, None]],
        ids=["gaps", "whole", "nothing"],
    )
    def test_yes_no_and_nothing(self, values, told):
        heads = self.HEADS.with_columns(finished=pl.Series(values, dtype=pl.Boolean))
        found = back(frames.score_execution(told(heads), CENTRAL), "project_id")
        for row, value in zip(found, values, strict=True):
            project = pe.Project(
                "甲",
                fiscal_year=2022,
                finished=value,
                stated=pe.Stated(funding_total=pe.FundingTotal(adjusted_budget=100, actual_expenditure=50)),
            )
            line = pe.evaluate(project, CENTRAL).lines[0]
            assert row["execution_score_cents"] == (None if line.score is None else int(line.score * 100))
            assert (row["execution_status"] == Status.SCORED) is (line.score is not None)

    @pytest.mark.parametrize(
        "values",
        [[1, 0, 1], [1.0, 0.0, None], ["是", "否", None], [dt.date(2022, 1, 1)] * 3, [[True], [False], []]],
        ids=["integers", "floats", "words", "days", "lists"],
    )
    def test_anything_else(self, values, told):
        heads = self.HEADS.with_columns(finished=pl.Series(values))
        assert refusal(frames.score_execution, told(heads), CENTRAL).startswith("finished: expected true or false, got")

    def test_objects_of_pandas(self):
        heads = self.HEADS.to_pandas()
        mixed = heads.assign(finished=pd.Series([True, 1, "yes"], dtype=object))
        assert refusal(frames.score_execution, mixed, CENTRAL) == "finished: expected true or false, got 1, yes"
        missing = heads.assign(finished=pd.Series([True, pd.NA, None], dtype=object))
        found = frames.score_execution(missing, CENTRAL)
        assert found["execution_status"].to_list() == [0, Status.UNDEFINED, Status.UNDEFINED]

    def test_where_no_rule_asks(self, told):
        heads = self.HEADS.with_columns(finished=pl.lit("谁知道"))
        found = back(frames.score_execution(told(heads), TEN), "project_id")
        assert [row["finished"] for row in found] == ["谁知道"] * 3


def bare(dtype):
    """Without the width of a dictionary's places, which pandas changes before its third version."""
    return str(dtype).replace("indices=int32", "indices=int64")


class TestGroups:
    def scored(self, told, by):
        heads = HEADS.with_columns(by=by)
        return frames.score_projects(told(heads), told(LINES), TEN)

    @pytest.mark.parametrize(
        "by",
        [
            pl.Series([1, 1, None], dtype=pl.Int64),
            pl.Series(["甲", "甲", None]),
            pl.Series(["a", "a", "b"], dtype=pl.Categorical),
            pl.Series([True, True, False]),
            pl.Series([dt.date(2022, 1, 1), dt.date(2022, 1, 1), None]),
            pl.Series([Decimal("1.5"), Decimal("1.5"), Decimal(2)]),
            pl.Series([2**62 + 1, 2**62 + 1, 2**62 + 2]),
        ],
        ids=["gaps", "text", "words", "truth", "days", "decimals", "large"],
    )
    def test_of_every_type(self, by, told):
        scored = self.scored(told, by)
        found = frames.summarise(scored, by="by")
        assert sorted(row["projects"] for row in back(found, "projects")) == [1, 2]
        assert bare(types_of(found)["by"]) == bare(types_of(scored)["by"])

    def test_lists(self, told):
        scored = self.scored(told, pl.Series([[1], [1], [2]]))
        assert refusal(frames.summarise, scored, by=["by"])

    @pytest.mark.parametrize("name", ["scored", "excellent", "projects"])
    def test_a_name_that_is_made(self, name, told):
        scored = frames.score_projects(told(HEADS.with_columns(pl.lit(1).alias(name))), told(LINES), TEN)
        assert refusal(frames.summarise, scored, by=[name]) == f"by: {name} is made here; rename the column first"

    def test_by_the_grade(self, told):
        scored = frames.score_projects(told(HEADS), told(LINES), TEN)
        found = back(frames.summarise(scored, by=["grade", "grade"]), "projects")
        assert {(row["grade"], row["projects"]) for row in found} == {("excellent", 1), ("poor", 2)}

    def test_a_column_that_is_not_there(self, told):
        scored = frames.score_projects(told(HEADS), told(LINES), TEN)
        assert refusal(frames.summarise, scored, by="place").startswith("missing columns: place")


class TestEngines:
    def test_a_file_that_is_gone(self, tmp_path):
        """One kind of error, whatever the engine raises."""
        path = tmp_path / "a.parquet"
        LINES.write_parquet(path)
        here = duckdb.connect()
        scan, read = pl.scan_parquet(path), here.read_parquet(str(path))
        path.unlink()
        for frame in (scan, read):
            message = refusal(frames.score_indicators, frame, TEN)
            assert message.startswith("the dataframe's engine cannot compute it: ")
            assert "a.parquet" in message or "No such file" in message

    def test_a_call_that_does_not_fit_is_the_callers(self):
        with pytest.raises(TypeError, match=r"^from_projects\(\) takes 1 positional argument but 2 were given$"):
            frames.from_projects([], pl.DataFrame)

    @pytest.mark.parametrize("rules", ["cn-mof-2020-10", None, 5])
    def test_no_rule_set(self, rules):
        expected = f"rules: expected a RuleSet, got {type(rules).__name__}"
        assert refusal(frames.score_indicators, LINES, rules) == expected
        assert refusal(frames.score_projects, HEADS, LINES, rules) == expected
        assert refusal(frames.score_execution, HEADS, rules) == expected
        assert refusal(frames.compare, HEADS, LINES, TEN, rules) == expected
        assert refusal(frames.check_projects, HEADS, LINES, rules) == expected

    @pytest.mark.parametrize("frame", [None, 5, [1], "a.csv", pd.Series([1]), {"project_id": [1]}], ids=str)
    def test_no_frame(self, frame):
        assert refusal(frames.score_indicators, frame, TEN) == f"expected a dataframe, got {type(frame).__name__}"

    def test_one_scan_for_two_rule_sets(self, tmp_path):
        LINES.write_parquet(tmp_path / "lines.parquet")
        HEADS.write_parquet(tmp_path / "heads.parquet")
        heads, lines = (pl.scan_parquet(tmp_path / f"{name}.parquet") for name in ("heads", "lines"))
        plan = frames.compare(heads, lines, TEN, MANUAL).explain()
        assert plan.count("lines.parquet") == 1
        here = duckdb.connect()
        heads, lines = (here.read_parquet(str(tmp_path / f"{name}.parquet")) for name in ("heads", "lines"))
        one = frames.score_projects(heads, lines, TEN).explain().count("PARQUET")
        assert frames.compare(heads, lines, TEN, MANUAL).explain().count("PARQUET") == one


def test_the_engines_are_those_of_the_documentation():
    assert list(ENGINES) == list(OF_POLARS)
