"""Spark, in a session of its own: the same tests through the same functions, in local mode.

    python -m pytest spark_tests

Needs Java and the extra ``spark``; no part of the README's test command.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import polars as pl

import perfeval as pe
from engines import back, polars
from perfeval import frames
from test_frames import HEADS, LINES, PROJECTS, ROWS, expected, project_of
from test_frames_inputs import LARGE, ORPHAN, TEN
from test_frames_inputs import LINES as ALL
from test_frames_inputs import TestOtherPeoplesColumns as Other

RULES = [rules for rules in pe.rule_sets() if rules.cap is None and rules.deduction is None]


@pytest.fixture(scope="session")
def session():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        local = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        local = local.config("spark.sql.shuffle.partitions", "2").config("spark.driver.host", "127.0.0.1")
        session = local.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


@pytest.fixture
def frame_of(session):
    return lambda rows: session.createDataFrame(polars(rows).to_arrow())


@pytest.fixture
def told(session):
    return lambda frame: session.createDataFrame(frame.to_arrow())


pytestmark = pytest.mark.filterwarnings("ignore")  # Spark's own, of pandas 3


@pytest.mark.parametrize("rules", pe.rule_sets(), ids=lambda rules: rules.id)
def test_every_rule_of_every_rule_set(rules, frame_of):
    found = back(frames.score_indicators(frame_of(ROWS), rules), "row")
    assert [(got["score_cents"], got["status"]) for got in found] == [expected(row, rules) for row in ROWS]


@pytest.mark.parametrize("rules", pe.rule_sets(), ids=lambda rules: rules.id)
def test_every_execution_rate(rules, frame_of):
    found = back(frames.score_execution(frame_of(PROJECTS), rules), "row")
    lines = [pe.evaluate(project_of(row, rules), rules).lines[0] for row in PROJECTS]
    scores = [None if line.score is None else int(line.score * 100) for line in lines]
    assert [got["execution_score_cents"] for got in found] == scores


@pytest.mark.parametrize("rules", RULES[::4], ids=lambda rules: rules.id)
def test_totals_and_grades(rules, frame_of):
    by_project = {}
    for line in LINES:
        by_project.setdefault(line["project_id"], []).append(line)
    found = back(frames.score_projects(frame_of(HEADS), frame_of(LINES), rules), "row")
    for row, got in zip(HEADS, found, strict=True):
        result = pe.evaluate(project_of(row, rules, by_project.get(row["project_id"], ())), rules)
        assert got["total_cents"] == (None if result.total is None else int(result.total * 100))
        assert got["grade"] == (result.grade and result.grade.value)


def test_summaries(frame_of):
    scored = frames.score_projects(frame_of(HEADS), frame_of(LINES), RULES[0])
    [got] = back(frames.summarise(scored), "projects")
    assert got["projects"] == len(HEADS)


def test_two_rule_sets_side_by_side(frame_of):
    found = back(frames.compare(frame_of(HEADS), frame_of(LINES), RULES[0], RULES[1]), "project_id")
    here = back(frames.compare(polars(HEADS), polars(LINES), RULES[0], RULES[1]), "project_id")
    assert found == here


def test_checks(frame_of):
    def told(make):
        rows = back(frames.check_projects(make(HEADS), make(LINES), RULES[0]), "project_id")
        return sorted((row["code"], row["project_id"]) for row in rows)

    assert told(frame_of) == told(polars)


def test_ids_and_columns_of_every_type_are_kept(told):
    """With indicators of no project, too."""
    heads, lines = (
        told(Other.CARRIED.drop("u64", "span", "clock", "none")),
        told(pl.concat([ALL, ORPHAN])),
    )
    found = frames.score_projects(heads, lines, TEN)
    types = dict(heads.dtypes)
    assert {name: dtype for name, dtype in found.dtypes if name in types} == types
    totals = {row["project_id"]: row["total_cents"] for row in found.select("project_id", "total_cents").collect()}
    assert set(totals) == {LARGE + 1, LARGE + 2, LARGE + 3, LARGE + 9}
    compared = frames.compare(heads, lines, TEN, TEN).select("changes_grade").collect()
    assert [row["changes_grade"] for row in compared] == [False] * 4


@pytest.mark.parametrize("dtype", [pl.Int8, pl.Int16, pl.Int32], ids=str)
def test_narrow_integers_do_not_wrap(dtype, told):
    heads = told(pl.DataFrame({"project_id": [1], "adjusted_budget": [100], "actual_expenditure": [90]}).cast(dtype))
    [row] = frames.score_execution(heads, TEN).collect()
    assert row["execution_score_cents"] == 900


def test_names_of_sql_are_the_same_in_large_and_small_letters(told):
    with pytest.raises(pe.FrameError) as caught:
        frames.score_indicators(told(ALL.with_columns(Status=pl.lit("甲"))), TEN)
    assert str(caught.value).startswith("Status: the frame has columns of names that are made here")


def test_finished_of_another_type(told):
    heads = pl.DataFrame({"project_id": [1], "adjusted_budget": [1], "actual_expenditure": [1], "finished": ["是"]})
    with pytest.raises(pe.FrameError) as caught:
        frames.score_execution(told(heads), pe.rule_set("cn-mof-2021-101"))
    assert str(caught.value) == "finished: expected true or false, got String"
