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

import perfeval as pe
from engines import back, polars
from perfeval import frames
from test_frames import HEADS, LINES, PROJECTS, ROWS, expected, project_of

RULES = [rules for rules in pe.rule_sets() if rules.cap is None and rules.deduction is None]


@pytest.fixture(scope="session")
def frame_of():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        local = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        local = local.config("spark.sql.shuffle.partitions", "2").config("spark.driver.host", "127.0.0.1")
        session = local.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield lambda rows: session.createDataFrame(polars(rows).to_arrow())
        session.stop()


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
