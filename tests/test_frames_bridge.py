"""Records and columns, both ways: what columns cannot score is scored as one form, and the results stand together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfeval as pe
from engines import EAGER, OF_POLARS, back
from perfeval import frames
from perfeval.frames import Status
from strategies import PROJECTS

RULES = {rules.id: rules for rules in pe.rule_sets() if rules.cap is None and rules.deduction is None}
TEN = RULES["cn-mof-2020-10"]


def form(name, *rows, budget=100, spent=100):
    return pe.Project(
        name,
        fiscal_year=2022,
        stated=pe.Stated(funding_total=pe.FundingTotal(adjusted_budget=budget, actual_expenditure=spent)),
        indicators=[
            pe.Indicator(f"{name}{place}", kind="output.quantity", target=target, actual=actual, weight=weight)
            for place, (target, actual, weight) in enumerate(rows)
        ],
    )


# What columns score, and what they leave.
PROJECTS_OF_ALL_KINDS = [
    form("数", ("≥50公里", "48公里", 50), ("≤40万元", "398000元", 40)),
    form("期", (pe.Deadline(dt.date(2022, 12, 31)), pe.Completion(dt.date(2022, 11, 1)), 90)),
    form("围", ("10~20人", "15人", 90)),
    form("话", ("健全", "已完成", 90)),
    form("词", ("健全", "健全", 90)),
    form("界", ("≥20项", "二十多项", 90)),
    form("评", ("≥90%", pe.Judgement("partly_achieved", share="0.7"), 90)),
    form("细", ("≥3.14159265", "3.14159264", 90)),
    form("无", ("≥3个", None, 90)),
    form("重", ("≥3个", "3个", 45), ("≥3个", "3个", 45)),
    form("零", ("≥3个", "3个", 90), budget=0, spent=0),
]


BESIDE = pe.Judgement("partly_achieved", share="0.7", words="验收推迟")
JUDGED = form(
    "评",
    (pe.Deadline(dt.date(2022, 10, 31)), pe.Completion(dt.date(2022, 11, 30)), 30),
    ("健全", "已完成", 30),
    ("≥5个", "4个", 30),
)
JUDGED = attrs.evolve(JUDGED, indicators=[attrs.evolve(row, judgement=BESIDE) for row in JUDGED.indicators])


def cents(points):
    return None if points is None else int(points * 100)


def results(projects, rules):
    found = [pe.evaluate(project, rules) for project in projects]
    return [(cents(one.total), one.grade and one.grade.value) for one in found]


class TestFromProjects:
    def test_columns_score_what_they_can_and_say_what_they_leave(self):
        heads, lines = frames.from_projects(PROJECTS_OF_ALL_KINDS)
        statuses = [Status(status) for status in frames.score_indicators(lines, TEN)["status"].to_list()]
        scored, missing = Status.SCORED, Status.MISSING
        assert statuses == [
            *[scored, scored, Status.DEADLINE, Status.RANGE, scored, Status.WORDS, Status.BOUND, scored],
            *[Status.ONE_BY_ONE, missing, scored, scored, scored],
        ]
        totals = frames.score_projects(heads, lines, TEN)["total_cents"].to_list()
        for total, (wanted, _) in zip(totals, results(PROJECTS_OF_ALL_KINDS, TEN), strict=True):
            assert total in {None, wanted}

    def test_pyarrow(self):
        heads, lines = frames.from_projects(PROJECTS_OF_ALL_KINDS, engine="pyarrow")
        ours = frames.from_projects(PROJECTS_OF_ALL_KINDS)
        assert (heads.to_pylist(), lines.to_pylist()) == tuple(frame.to_dicts() for frame in ours)

    def test_nothing(self):
        heads, lines = frames.from_projects([])
        assert (len(heads), len(lines)) == (0, 0)
        assert heads.schema["adjusted_budget_fen"] == pl.Int64

    @pytest.mark.parametrize(
        ("projects", "options", "message"),
        [
            ([form("甲", budget="0.001元")], {}, "甲: adjusted_budget: expected at most 2 decimal places, got 0.001"),
            ([form("甲", ("≥1", "1", "12.345"))], {}, "甲: 甲0: weight: expected at most 2 decimal places, got 12.345"),
            (
                [pe.Project("甲", fiscal_year=2022, excerpt=True)],
                {},
                "甲: an excerpt has no total; columns would give it one",
            ),
            ([5], {}, "projects: expected Projects, got int"),
            ([], {"engine": "pandas"}, "engine: expected polars or pyarrow, got 'pandas'"),
        ],
    )
    def test_what_columns_cannot_hold(self, projects, options, message):
        with pytest.raises(pe.FrameError) as caught:
            frames.from_projects(projects, **options)
        assert str(caught.value) == message


class TestToProjects:
    def test_there_and_back(self):
        heads, lines = frames.from_projects(PROJECTS_OF_ALL_KINDS)
        again = frames.to_projects(heads, lines)
        assert [project.name for project in again] == [project.name for project in PROJECTS_OF_ALL_KINDS]
        assert results(again, TEN) == results(PROJECTS_OF_ALL_KINDS, TEN)

    @pytest.mark.parametrize("name", EAGER)
    def test_figures_texts_and_judgements(self, name):
        heads = pl.DataFrame(
            {"project_id": [7, 8], "name": ["甲", None], "adjusted_budget": [100, None], "actual_expenditure": [95, 1]}
        )
        lines = pl.DataFrame(
            {
                "project_id": [7, 7, 8],
                "indicator": ["里程", "满意", "时间"],
                "kind": ["output.quantity", None, "output.timeliness"],
                "target": ["≥50公里", "≥90%", "12月底前"],
                "actual": ["48公里", "—", "11月"],
                "weight_cents": [5000, 1050, None],
                "tier": [None, "achieved", None],
                "share_e4": [None, 9500, None],
            },
            schema_overrides={"share_e4": pl.Int64},
        )
        told = OF_POLARS[name]
        first, second = frames.to_projects(told(heads), told(lines), fiscal_year=2022)
        assert (first.name, first.code, second.name, second.fiscal_year) == ("甲", "7", "8", 2022)
        assert first.stated.funding_total == pe.FundingTotal(adjusted_budget=100, actual_expenditure=95)
        assert first.indicators[0] == pe.Indicator(
            "里程", kind="output.quantity", target="≥50公里", actual="48公里", weight=50
        )
        assert first.indicators[1].actual == pe.Judgement("achieved", share="0.95")
        assert str(first.indicators[1].weight) == "10.50"
        assert second.indicators[0].target == pe.Deadline(dt.date(2022, 12, 31))
        assert second.indicators[0].weight is None

    HEADS = pl.DataFrame({"project_id": [1, 1, 2], "adjusted_budget": [1, 1, 1], "actual_expenditure": [1, 1, 1]})
    LINES = pl.DataFrame({"project_id": [1], "kind": ["luck"], "target": [1], "actual": [1], "weight": [1]})

    @pytest.mark.parametrize(
        ("heads", "lines", "message"),
        [
            (HEADS, LINES, "project_id: expected one id for each project, got 1"),
            (HEADS[2:], LINES, "indicators of projects that are not among the projects: 1"),
            (HEADS.lazy(), LINES.lazy(), "records are made of eager frames; collect them first"),
        ],
    )
    def test_what_makes_no_records(self, heads, lines, message):
        with pytest.raises(pe.FrameError) as caught:
            frames.to_projects(heads, lines, fiscal_year=2022)
        assert str(caught.value) == message

    def test_a_row_that_is_none(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.to_projects(self.HEADS[1:], self.LINES, fiscal_year=2022)
        assert str(caught.value).startswith("projects that records cannot hold: 1: expected a kind of indicator (")

    def test_a_year(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.to_projects(self.HEADS[1:], self.LINES)
        assert str(caught.value).startswith("missing columns: fiscal_year")


class TestRemainder:
    @pytest.mark.parametrize("name", EAGER)
    def test_all_of_them(self, name):
        told = OF_POLARS[name]
        heads, lines = (told(frame) for frame in frames.from_projects(PROJECTS_OF_ALL_KINDS))
        found = back(frames.score_remainder(heads, lines, TEN), "project_id")
        assert [(row["total_cents"], row["grade"]) for row in found] == results(PROJECTS_OF_ALL_KINDS, TEN)
        assert [bool(row["one_by_one"]) for row in found] == [
            *[False, True, True, False, True, True, False, True, False, False, False],
        ]
        assert [row["total_status"] == Status.SCORED for row in found] == [
            row["total_cents"] is not None for row in found
        ]

    @settings(max_examples=40)
    @given(st.lists(PROJECTS, min_size=1, max_size=3), st.sampled_from(sorted(RULES)))
    def test_any_projects(self, projects, known):
        """Whatever a form holds: columns and records agree, or columns refuse it by name."""
        rules = RULES[known]
        # Adjustments are refused, whatever else there is.
        projects = [attrs.evolve(project, adjustments=()) for project in projects]
        try:
            heads, lines = frames.from_projects(projects)
        except pe.FrameError:
            return
        wanted = results(projects, rules)
        alone = frames.score_projects(heads, lines, rules).sort("project_id")
        for total, (right, _) in zip(alone["total_cents"].to_list(), wanted, strict=True):
            assert total in {None, right}
        found = frames.score_remainder(heads, lines, rules).sort("project_id")
        assert list(zip(found["total_cents"].to_list(), found["grade"].to_list(), strict=True)) == wanted

    @pytest.mark.parametrize("name", EAGER)
    def test_a_judgement_beside_the_actual(self, name):
        """10 of the execution rate, 21 and 21 judged, 30 × 4/5 by the figures."""
        told = OF_POLARS[name]
        heads, lines = (told(frame) for frame in frames.from_projects([JUDGED, PROJECTS_OF_ALL_KINDS[0]]))
        statuses = [row["status"] for row in back(frames.score_indicators(lines, TEN), "weight_cents")]
        assert sorted(statuses) == [0, 0, *[Status.ONE_BY_ONE] * 3]
        again = frames.to_projects(heads, lines)[0]
        assert [(row.judgement, row.judgement.words) for row in again.indicators] == [(BESIDE, "验收推迟")] * 3
        assert back(frames.score_remainder(heads, lines, TEN), "project_id")[0]["total_cents"] == 7600

    @pytest.mark.parametrize("name", EAGER)
    def test_rows_without_weight(self, name):
        """They leave the total alone, with points they are a gap, and a blank row is none; both ways."""
        alone = [("≥3个", "3个", None), (None, None, None)]
        project = form("甲", ("≥3个", "3个", 90), *alone)
        printed = attrs.evolve(project.indicators[1], stated=pe.StatedIndicator(score="5.125"))
        gap = attrs.evolve(project, indicators=[project.indicators[0], printed])
        late = form("期", (pe.Deadline(dt.date(2022, 12, 31)), pe.Completion(dt.date(2022, 11, 1)), 90), *alone)
        some = [project, gap, late, form("无", *alone)]
        made = frames.from_projects(some)
        assert frames.to_projects(*made)[1].indicators[1].stated.score == Decimal("5.125")
        heads, lines = (OF_POLARS[name](frame) for frame in made)
        for score, count in ((frames.score_projects, 2), (frames.score_remainder, 1)):
            found = back(score(heads, lines, TEN), "project_id")
            wanted = results(some, TEN)
            wanted[2] = (None, None) if score is frames.score_projects else (10_000, "excellent")
            assert [(row["total_cents"], row["grade"]) for row in found] == wanted
            assert [row["unscored"] for row in found] == [1, 1, count, 1]
        assert results(some, TEN)[:2] == [(10_000, "excellent"), (None, None)]

    def test_a_judged_share_that_columns_cannot_hold(self):
        row = attrs.evolve(JUDGED.indicators[0], judgement=pe.Judgement(share="0.12345"))
        with pytest.raises(pe.FrameError) as caught:
            frames.from_projects([attrs.evolve(JUDGED, indicators=[row])])
        assert str(caught.value) == "评: 评0: judgement.share: expected at most 4 decimal places, got 0.12345"

    def test_a_share_reached_that_columns_cannot_hold(self):
        """It came back as a tier without a share."""
        row = attrs.evolve(
            JUDGED.indicators[0], actual=pe.Judgement("partly_achieved", share="0.71234"), judgement=None
        )
        with pytest.raises(pe.FrameError) as caught:
            frames.from_projects([attrs.evolve(JUDGED, indicators=[row])])
        assert str(caught.value) == "评: 评0: actual.share: expected at most 4 decimal places, got 0.71234"

    def test_words_of_a_judgement_that_is_none(self):
        heads, lines = frames.from_projects([PROJECTS_OF_ALL_KINDS[0]])
        with pytest.raises(pe.FrameError) as caught:
            frames.to_projects(heads, lines.with_columns(judged_words=pl.lit("验收推迟")))
        assert str(caught.value) == (
            "projects that records cannot hold: 1: expected a tier, a share or both, got neither"
        )

    def test_names_tell_the_comparator_of_totals_too(self):
        """投诉件数 is better lower: what score_indicators knows score_projects knows."""
        project = form("甲")
        rows = [pe.Indicator("投诉件数", kind="output.quality", target="10件", actual="5件", weight=90)]
        project = attrs.evolve(project, indicators=rows)
        heads, lines = frames.from_projects([project])
        [total] = frames.score_projects(heads, lines, TEN)["total_cents"].to_list()
        assert [(total, "excellent")] == results([project], TEN) == [(10_000, "excellent")]

    def test_a_column_that_is_made(self):
        heads, lines = frames.from_projects(PROJECTS_OF_ALL_KINDS[:1])
        with pytest.raises(pe.FrameError) as caught:
            frames.score_remainder(heads.with_columns(one_by_one=pl.lit(1)), lines, TEN)
        assert str(caught.value).startswith("one_by_one: the frame has columns of names that are made here")
