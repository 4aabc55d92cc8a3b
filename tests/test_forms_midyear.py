"""The monitoring form at mid-year: written, read back, refused."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

import perfeval as pe
import strategies
from perfeval import forms
from perfeval.monitoring import monitor

HENAN = pe.rule_set("CN-HA", fiscal_year=2022)
DEPARTMENT = pe.load("examples/qingheju-2022-midyear.toml")
JULY = dt.date(2022, 7, 31)

BY_HAND = [
    ["项目支出绩效目标执行监控表"],
    ["2022年度 截至2022年7月"],
    ["项目名称：", "河道清淤"],
    ["项目资金（万元）", "年初预算数", "1-7月执行数", "1-7月执行率", "全年预计执行数"],
    ["年度资金总额", 200, 80, "40%", 170],
    ["其中：当年财政拨款", 150, 30, "20%", 120],
    ["上年结转资金", 50, 50, "100%", 50],
    ["年度总体目标", "清淤10公里"],
    [
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "1-7月执行情况",
        "全年预计完成情况",
        "偏差原因分析",
        None,
        None,
        "完成目标可能性",
        None,
        None,
        "备注",
    ],
    [None] * 6 + ["经费保障", "硬件条件保障", "原因说明", "确定能", "有可能", "完全不可能", None],
    [
        "产出指标",
        "数量指标",
        "清淤河段长度",
        "≥10公里",
        "3公里",
        "9公里",
        None,
        "√",
        "挖泥船检修",
        None,
        "√",
        None,
        None,
    ],
    ["满意度指标", "满意度指标", "沿河居民满意度", "≥85%", None, None, None, None, None, None, None, None, "年底调查"],
]


def workbook(tmp_path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "form.xlsx"
    book.save(path)
    return path


class TestReading:
    def test_a_form_as_offices_fill_it_in(self, tmp_path):
        [project] = forms.read_monitoring(workbook(tmp_path, BY_HAND))
        assert (project.name, project.fiscal_year) == ("河道清淤", 2022)
        [state] = project.monitoring
        assert (state.through, state.spent_to_date, state.expected_expenditure) == (JULY, pe.wan(80), pe.wan(170))
        assert [(row.source, row.spent_to_date) for row in state.funding] == [
            ("appropriation", pe.wan(30)),
            ("carry_over", pe.wan(50)),
        ]
        first, second = state.indicators
        assert (str(first.done), str(first.expected), first.causes) == ("3公里", "9公里", ("hardware",))
        assert (first.explanation, first.likelihood) == ("挖泥船检修", "possible")
        assert (second.done, second.note) == (None, "年底调查")
        assert [row.kind for row in project.indicators] == ["output.quantity", "satisfaction"]
        result = monitor(project, HENAN)
        assert (result.money.light, result.light) == ("yellow", "red")

    def test_a_cell_that_cannot_be_read_does_not_lose_the_form(self, tmp_path):
        rows = [list(row) for row in BY_HAND]
        rows[10][3:6] = ["2022年2月30日前", "2022年13月完成", "9公里"]
        [project] = forms.read_monitoring(workbook(tmp_path, rows))
        [target, done] = project.indicators[0].target, project.monitoring[0].indicators[0].done
        assert [(cell.text, cell.refusal) for cell in (target, done)] == [
            ("2022年2月30日前", pe.Refusal.IMPOSSIBLE),
            ("2022年13月完成", pe.Refusal.IMPOSSIBLE),
        ]
        assert str(project.monitoring[0].indicators[0].expected) == "9公里"

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                (8, 5, "预计"),
                "expected a form for monitoring, with the headings 年度指标值, 执行情况, 全年预计完成情况",
            ),
            ((1, 0, "2022年度"), "expected the day that the form tells of: 截至2022-07-31, or its year and 1—7月"),
            ((3, 0, "项目资金"), "expected a unit of money, the form prints none"),
            ((2, 1, None), "expected the name of the project, the form prints none"),
        ],
    )
    def test_what_a_form_lacks(self, tmp_path, change, message):
        rows = [list(row) for row in BY_HAND]
        row, column, text = change
        rows[row][column] = text
        if row == 1:
            rows[3][2:4] = ["执行数", "执行率"]
            rows[8][4] = "执行情况"
        with pytest.raises(pe.FormError) as caught:
            forms.read_monitoring(workbook(tmp_path, rows))
        assert caught.value.exceptions[0].problem == message


class TestRoundTrip:
    @pytest.mark.parametrize("carrier", ["xlsx", "docx"])
    @pytest.mark.parametrize("project", DEPARTMENT.projects, ids=lambda project: project.name)
    def test_the_invented_department(self, tmp_path, project, carrier):
        path = tmp_path / f"form.{carrier}"
        forms.write_monitoring(project, path, rules=HENAN)
        assert forms.read_monitoring(path) == (project,)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(project=strategies.PROJECTS, state=strategies.MONITORINGS)
    def test_any_project(self, tmp_path, project, state):
        day = dt.date(project.fiscal_year, 7, 31)
        project = evolve(project, monitoring=[evolve(state, through=day)])
        path = tmp_path / "form.xlsx"
        forms.write_monitoring(project, path, rules=HENAN)
        assert forms.read_monitoring(path) == (project,)

    def test_one_of_several_states(self, tmp_path):
        project = DEPARTMENT.projects[0]
        september = pe.Monitoring(dt.date(2022, 9, 30), spent_to_date=pe.wan(200))
        both = evolve(project, monitoring=[*project.monitoring, september])
        path = tmp_path / "form.xlsx"
        forms.write_monitoring(both, path, rules=HENAN)
        assert forms.read_monitoring(path)[0].monitoring == (september,)
        forms.write_monitoring(both, path, rules=HENAN, through=JULY)
        assert forms.read_monitoring(path) == (project,)

    def test_what_is_refused(self, tmp_path):
        with pytest.raises(pe.FormError) as caught:
            forms.write_monitoring(pe.Project("甲", fiscal_year=2022), tmp_path / "a.xlsx", rules=HENAN)
        assert caught.value.exceptions[0].problem == "expected a state of mid-year, got none"
        with pytest.raises(ValueError, match=r"expected a file named \.xlsx or \.docx"):
            forms.write_monitoring(DEPARTMENT.projects[0], tmp_path / "a.pdf", rules=HENAN)
