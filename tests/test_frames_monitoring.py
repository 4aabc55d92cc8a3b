"""The lights of columns: every engine against the records, row by row."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

import perfeval as pe
from engines import ENGINES, back
from perfeval import frames
from perfeval.frames import Status
from perfeval.monitoring import monitor
from test_frames import adversarial

HENAN = pe.rule_set("cn-ha-2020-10")
PLATFORM = pe.rule_set("cn-generic-platform")
LAST = {1: 31, 6: 30, 7: 31, 12: 31}


@pytest.fixture(params=ENGINES.values(), ids=list(ENGINES))
def frame_of(request):
    return request.param


def without_shares(rows):
    return [{name: value for name, value in row.items() if name not in ("share_e4", "weight")} for row in rows]


ROWS = without_shares(adversarial(500, seed=7))


def expected(row, rules, months):
    """The light by the scalar path; what columns do not follow is told by their own status."""
    if row["tier"] is None and None in (row["target"], row["actual"]):
        return None, Status.MISSING
    target = row["target"]
    actual = None if row["actual"] is None else pe.Quantity(row["actual"], row["unit"])
    project = pe.Project(
        "甲",
        fiscal_year=2022,
        indicators=[
            pe.Indicator(
                "乙",
                kind=row["kind"],
                target=None if target is None else pe.Threshold(row["comparator"] or "unstated", target, row["unit"]),
                weight=10,
            )
        ],
        monitoring=[
            pe.Monitoring(
                dt.date(2022, months, LAST[months]),
                indicators=[pe.MonitoredIndicator("乙", done=pe.Judgement(row["tier"]) if row["tier"] else actual)],
            )
        ],
    )
    light = monitor(project, rules).lines[0].light
    return (None, Status.UNDEFINED) if light is None else (light.value, Status.SCORED)


class TestIndicators:
    @pytest.mark.parametrize("months", [1, 7, 12])
    @pytest.mark.parametrize("rules", [HENAN, PLATFORM], ids=lambda rules: rules.id)
    def test_the_same_lights(self, rules, months, frame_of):
        found = back(frames.monitor_indicators(frame_of(ROWS), rules, months=months), "row")
        differing = [
            (row, want, got["light"], got["light_status"])
            for row, got in zip(ROWS, found, strict=True)
            if (got["light"], got["light_status"]) != (want := expected(row, rules, months))
        ]
        assert differing == []
        assert {row["light"] for row in found} == {"red", "yellow", "green", "blue", None}

    def test_at_the_edges_of_what_is_compared(self, frame_of):
        """9 × 10^16 × 72 is within 64 bits, and the tie is one."""
        large = 9 * 10**16
        rows = [
            {
                "row": row,
                "project_id": 1,
                "kind": "output.quality",
                "comparator": "≥",
                "target": large,
                "actual": actual,
            }
            for row, actual in enumerate([large // 10 * 6 - 1, large // 10 * 6, large // 10 * 8, large // 10 * 12])
        ]
        found = back(frames.monitor_indicators(frame_of(rows), HENAN, months=7), "row")
        assert [row["light"] for row in found] == ["red", "yellow", "green", "blue"]
        beyond = [rows[0] | {"target": 2 * 10**17}]
        [got] = back(frames.monitor_indicators(frame_of(beyond), HENAN, months=7), "row")
        assert (got["light"], got["light_status"]) == (None, Status.OUT_OF_RANGE)

    def test_a_kind_that_there_is_not(self, frame_of):
        row = {"row": 0, "project_id": 1, "kind": "luck", "comparator": "≥", "target": 10, "actual": 5}
        [got] = back(frames.monitor_indicators(frame_of([row]), HENAN, months=7), "row")
        assert (got["light"], got["light_status"]) == (None, Status.UNKNOWN_KIND)

    @pytest.mark.parametrize("months", [0, 13, 7.0, True])
    def test_months_that_are_none(self, months):
        with pytest.raises(pe.FrameError) as caught:
            frames.monitor_indicators(pl.DataFrame({"a": [1]}), HENAN, months=months)
        assert str(caught.value) == f"months: expected a whole number from 1 to 12, got {months!r}"

    def test_a_column_that_is_missing(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.monitor_indicators(pl.DataFrame({"project_id": [1], "kind": ["cost"]}), HENAN, months=7)
        assert str(caught.value) == (
            "missing columns: target or target_e4; actual or actual_e4; there are project_id, kind"
        )


class TestProjects:
    DEPARTMENT = pe.load("examples/qingheju-2022-midyear.toml")

    def frames_of(self, frame_of):
        heads, lines = [], []
        for number, project in enumerate(self.DEPARTMENT.projects):
            state = project.monitoring[0]
            found = monitor(project, HENAN)
            money = found.money.total
            heads.append(
                {
                    "project_id": number,
                    "original_budget": int(money.budget),
                    "actual_expenditure": int(money.spent),
                }
            )
            done = {row.indicator: row.done for row in state.indicators}
            for indicator in project.indicators:
                target, actual = indicator.target, done.get(indicator.name)
                figure = isinstance(target, pe.Threshold) and isinstance(actual, pe.Quantity)
                lines.append(
                    {
                        "row": len(lines),
                        "project_id": number,
                        "kind": indicator.kind.value,
                        "comparator": target.comparator.value if isinstance(target, pe.Threshold) else None,
                        "unit": target.unit if isinstance(target, pe.Threshold) else None,
                        "tier": actual.tier.value if isinstance(actual, pe.Judgement) else None,
                        "target": int(target.value * 10) if figure else None,
                        "actual": int(actual.value * 10) if figure else None,
                    }
                )
        return frame_of(heads), frame_of(lines)

    def test_the_invented_department(self, frame_of):
        found = back(frames.monitor_projects(*self.frames_of(frame_of), HENAN, months=7), "project_id")
        want = monitor(self.DEPARTMENT, HENAN).projects
        assert [(row["money_light"], row["light"], row["unlit"]) for row in found] == [
            (one.money.light.value, one.light.value, len(one.unlit)) for one in want
        ]

    def test_a_missing_light_that_could_be_worse(self, frame_of):
        heads = frame_of(
            [
                {"project_id": 1, "original_budget": 100, "actual_expenditure": 58},
                {"project_id": 2, "original_budget": 100, "actual_expenditure": 1},
                {"project_id": 3, "original_budget": None, "actual_expenditure": 1},
                {"project_id": 3, "original_budget": 5, "actual_expenditure": 1},
                {"project_id": 4, "original_budget": 0, "actual_expenditure": 1},
            ]
        )
        line = {"kind": "output.quantity", "comparator": "≥", "target": 10, "actual": None}
        lines = frame_of([{"row": number, "project_id": number} | line for number in (1, 2)])
        found = back(frames.monitor_projects(heads, lines, HENAN, months=7), "project_id")
        assert [(row["light"], row["partial_light"], row["unlit"]) for row in found] == [
            (None, "green", 1),
            ("red", "red", 1),
            (None, None, 0),
            (None, None, 0),
            (None, None, 0),
        ]
        assert found[4]["money_status"] == Status.NOT_APPLICABLE
