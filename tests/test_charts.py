"""Charts: what is drawn is in the result, and every label is the data's own text."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree as ET

import attrs
import pandas as pd
import polars as pl
import pytest
from docx import Document
from docx.oxml.ns import qn

import perfeval as pe
from perfeval.charts import (
    credibility_chart,
    execution_chart,
    grades_chart,
    in_words,
    indicators_chart,
    lights_chart,
    lost_points_chart,
    png,
    svg,
    years_chart,
)
from perfeval.charts.drawing import shortened
from perfeval.comparison import trend
from perfeval.i18n import LOCALES, catalog
from perfeval.monitoring import monitor
from perfeval.pages import Picture, docx
from perfeval.reports import report

RULES = pe.rule_set("CN", fiscal_year=2022)
DEPARTMENT = pe.load("examples/qingheju-2022.toml")
PROJECT = pe.load("examples/qinghe-2022.toml")


def of_department(department=None):
    return pe.evaluate(DEPARTMENT if department is None else department, RULES)


class Elements(HTMLParser):
    """The elements of a page, as a browser would find them."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, _):
        self.tags.append(tag)


def renamed(subject, name):
    """The same department or project, each project and indicator of another name."""
    if isinstance(subject, pe.Department):
        return attrs.evolve(subject, name=name, projects=[renamed(one, name) for one in subject.projects])
    rows = [attrs.evolve(row, name=f"{name}{number}") for number, row in enumerate(subject.indicators)]
    states = [
        attrs.evolve(
            state,
            indicators=[attrs.evolve(row, indicator=f"{name}{number}") for number, row in enumerate(state.indicators)],
        )
        for state in subject.monitoring
    ]
    return attrs.evolve(subject, name=name, indicators=rows, monitoring=states)


def of_project():
    return pe.evaluate(PROJECT, RULES)


def at_mid_year():
    return monitor(pe.load("examples/qingheju-2022-midyear.toml"), RULES)


def years():
    before = attrs.evolve(PROJECT, fiscal_year=2021)
    return trend([of_project(), pe.evaluate(before, pe.rule_set("CN", fiscal_year=2021))])


DRAWN = {
    "execution": lambda locale: execution_chart(of_department(), locale),
    "credibility": lambda locale: credibility_chart(of_department(), locale),
    "grades": lambda locale: grades_chart(of_department(), locale),
    "indicators": lambda locale: indicators_chart(of_department(), locale),
    "lost_points": lambda locale: lost_points_chart(of_project(), locale),
    "lights": lambda locale: lights_chart(at_mid_year(), locale),
    "years": lambda locale: years_chart(years(), locale),
}
EVERY = pytest.mark.parametrize("name", DRAWN)


def values(chart):
    """The rows of a chart that have a label."""
    every = [row for rows in chart.to_dict()["datasets"].values() for row in rows if "label" in row]
    return [dict(row) for row in {tuple(sorted(row.items())): row for row in every}.values()]


def words_in(data):
    """The texts of an SVG."""
    return [node.text for node in ET.fromstring(data).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314  # our own


class TestFigures:
    def test_execution_by_project(self):
        rows = {row["name"]: (row["rate"], row["label"]) for row in values(execution_chart(of_department()))}
        assert rows == {
            "农村供水管网维修": (1.0, "100.00%"),
            "河道清淤": (0.85, "85.00%"),
            "水费收缴信息化": (1.0, "100.00%"),
        }

    def test_credibility_by_the_check_s_own_threshold(self):
        """80 of 90 points with 85 % of the money: 0.8888 × 0.95 = 0.8444 lets 85 % pass; 82 of 90 does not."""
        rows = {row["name"]: row for row in values(credibility_chart(of_department(), "en"))}
        assert rows["河道清淤"]["label"] == "91.11% / 85.00%"
        sides = {name: row["side"] for name, row in rows.items()}
        words = catalog("en")
        assert sides["河道清淤"] == words["chart.below"]
        assert set(sides.values()) == {words["chart.below"], words["chart.above"]}
        found = {one.where for one in pe.check(DEPARTMENT, RULES) if one.code == "CR101"}
        below = [i for i, one in enumerate(DEPARTMENT.projects) if sides[one.name] == words["chart.below"]]
        assert found == {f"projects[{i}].stated.total" for i in below}

    def test_counts_of_grades(self):
        rows = {row["name"]: row["label"] for row in values(grades_chart(of_department(), "zh_CN"))}
        assert rows == {"优": "2", "良": "1", "中": "0", "差": "0", catalog("zh_CN")["department.ungraded"]: "0"}

    def test_shares_of_each_kind(self):
        rows = {(row["name"], row["kind"]): row["label"] for row in values(indicators_chart(of_department(), "zh_CN"))}
        assert rows["水费收缴信息化", "产出指标"] == "80.00%"
        assert rows["河道清淤", "预算执行率"] == "85.00%"
        assert len(rows) == 12

    def test_what_was_lost_adds_to_the_total(self):
        rows = values(lost_points_chart(of_project(), "zh_CN"))
        changes = [Decimal(row["label"]) for row in rows if row["kind"] in ("lost", "gained")]
        assert 100 + sum(changes) == Decimal("95.01") == of_project().total
        assert {row["name"]: row["label"] for row in rows}["雨污分流对河道水质的改善"] == "-2.10"

    def test_an_adjustment_is_a_step(self):
        cut = pe.Adjustment("未按期报送", Decimal(-2), "县财政局通知")
        rows = values(lost_points_chart(pe.evaluate(PROJECT, RULES, adjustments=[cut]), "zh_CN"))
        assert {row["name"]: row["label"] for row in rows}["未按期报送"] == "-2"
        assert {row["name"]: row["label"] for row in rows}["总分"] == "93.01"

    def test_years(self):
        rows = values(years_chart(years(), "zh_CN"))
        labels = {row["label"] for row in rows if row["name"] == "改造排水管网长度"}
        assert labels == {"2021: 14.40 / 15", "2022: 14.40 / 15"}

    def test_lights_of_a_department_are_the_worst_of_each_kind(self):
        rows = {(row["name"], row["kind"]): row["label"] for row in values(lights_chart(at_mid_year(), "zh_CN"))}
        assert rows["河道清淤", "资金"] == "黄灯"
        assert rows["河道清淤", "产出指标"] == "红灯"
        # Its satisfaction is not told: no field, and no green one by accident.
        assert ("河道清淤", "满意度指标") not in rows

    def test_lights_of_a_project(self):
        rows = {row["name"]: row["label"] for row in values(lights_chart(at_mid_year().projects[2], "en"))}
        assert rows == {"Money": "green", "水费收缴率": "yellow", "系统故障次数": "green", "用户满意度": "yellow"}

    @pytest.mark.parametrize("made", [pl.DataFrame, pd.DataFrame, lambda rows: pl.DataFrame(rows).lazy()])
    def test_grades_of_a_frame(self, made):
        rows = [
            {"place": "甲县", "excellent": 3, "good": 2, "fair": 1, "poor": 0, "ungraded": 4},
            {"place": "乙县", "excellent": 1, "good": 0, "fair": 0, "poor": 5, "ungraded": 0},
        ]
        found = {row["name"]: row["label"] for row in values(grades_chart(made(rows), "zh_CN", by="place"))}
        assert (found["甲县 优"], found[f"甲县 {catalog('zh_CN')['department.ungraded']}"], found["乙县 差"]) == (
            "3",
            "4",
            "5",
        )


class TestDrawing:
    @EVERY
    @pytest.mark.parametrize("locale", LOCALES)
    def test_every_label_is_drawn(self, name, locale):
        chart = DRAWN[name](locale)
        drawn = words_in(svg(chart))
        assert catalog(locale)[f"chart.{name}"] in drawn
        for row in values(chart):
            assert row["name"] in drawn or name == "grades"
            assert row["label"] in drawn or name == "credibility"

    @EVERY
    def test_in_words(self, name):
        chart = DRAWN[name]("zh_CN")
        for row in values(chart):
            assert f"{row['name']} {row['label']}" in in_words(chart)

    def test_png(self):
        assert png(DRAWN["grades"]("zh_CN"))[:8] == b"\x89PNG\r\n\x1a\n"

    def test_markup_in_a_name_stays_text(self):
        name = "</text><script>alert(1)</script>&\"'\x1b[31m"
        department = attrs.evolve(
            DEPARTMENT, projects=[attrs.evolve(DEPARTMENT.projects[0], name=name), *DEPARTMENT.projects[1:]]
        )
        data = svg(execution_chart(pe.evaluate(department, RULES)))
        assert b"<script" not in data
        (shown,) = [text for text in words_in(data) if text and text.startswith("＜/text>")]
        assert shown == shortened([name])[0]
        assert "\x1b" not in shown

    @EVERY
    @pytest.mark.parametrize("name_of_it", ["</script><script>x()", "<!--<script>", "<img src=x onerror=y>"])
    def test_no_page_of_altair_s_own_is_left_by_a_name(self, name, name_of_it, monkeypatch):
        """Its page writes the data into a script, which a name must not end."""
        plain_page = Elements(DRAWN[name]("zh_CN").to_html()).tags
        for subject in ("DEPARTMENT", "PROJECT"):
            monkeypatch.setitem(globals(), subject, renamed(globals()[subject], name_of_it))
        midyear = renamed(pe.load("examples/qingheju-2022-midyear.toml"), name_of_it)
        monkeypatch.setitem(globals(), "at_mid_year", lambda: monitor(midyear, RULES))
        chart = DRAWN[name]("zh_CN")
        text = json.dumps(chart.to_dict(), ensure_ascii=False)
        assert name == "grades" or "＜" in text
        assert not re.search(r"<[/!?A-Za-z]", text)
        assert Elements(chart.to_html()).tags == plain_page

    def test_long_names_are_cut_and_never_two_alike(self):
        assert shortened(["甲" * 20, "甲" * 30, "乙"]) == ["甲" * 16 + "…", "甲" * 16 + "… (2)", "乙"]

    def test_nothing_to_draw(self):
        empty = of_department(pe.Department("甲局", fiscal_year=2022))
        for chart in (execution_chart, credibility_chart, grades_chart, indicators_chart):
            with pytest.raises(pe.ModelError) as caught:
                chart(empty)
            assert str(caught.value) == "expected something to draw, got nothing that has a figure"
        unscored = pe.evaluate(pe.Project("甲", fiscal_year=2022), RULES)
        with pytest.raises(pe.ModelError) as caught:
            lost_points_chart(unscored)
        assert str(caught.value) == "expected an evaluation with a total, got none: nothing_scored"

    @pytest.mark.parametrize("missing", ["altair", "vl_convert"])
    def test_a_missing_library_is_named_with_its_extra(self, monkeypatch, missing):
        chart = DRAWN["grades"]("zh_CN")
        monkeypatch.setitem(__import__("sys").modules, missing, None)
        with pytest.raises(pe.MissingExtraError) as caught:
            svg(chart) if missing == "vl_convert" else DRAWN["grades"]("zh_CN")
        assert str(caught.value) == "charts need altair and vl-convert: pip install 'perfeval[plot]'"


class TestInReports:
    def test_pictures_have_a_caption_and_words(self):
        made = report(DEPARTMENT, RULES, locale="zh_CN", charts=True)
        pictures = [block for block in made.page.blocks if isinstance(block, Picture)]
        assert [picture.caption for picture in pictures] == [
            "各项目预算执行率",
            "等级分布",
            "各项目各类指标得分率",
            "指标得分率与预算执行率",
        ]
        assert "河道清淤 85.00%" in pictures[0].alternative
        text = made.to_html()
        assert len(re.findall(r'<img alt="[^"]+" src="data:image/svg\+xml;base64,', text)) == 4
        body = Document(BytesIO(docx(made.page))).element.body
        described = [node.get("descr") for node in body.iter(qn("wp:docPr"))]
        assert described == [picture.alternative for picture in pictures]

    def test_none_unless_asked_for(self):
        made = report(DEPARTMENT, RULES, locale="zh_CN")
        assert not [block for block in made.page.blocks if isinstance(block, Picture)]

    def test_a_project_shows_where_points_were_lost(self):
        made = report(PROJECT, RULES, locale="en", charts=True)
        captions = [block.caption for block in made.page.blocks if isinstance(block, Picture)]
        assert "Where points were lost" in captions

    def test_a_picture_is_no_larger_than_its_page(self):
        """A chart of a hundred projects is narrowed to what A4 has room for, in EMU."""
        many = [attrs.evolve(DEPARTMENT.projects[0], name=f"项目{i}") for i in range(100)]
        made = report(attrs.evolve(DEPARTMENT, projects=many), RULES, charts=True, locale="zh_CN")
        body = Document(BytesIO(docx(made.page))).element.body
        for size in body.iter(qn("wp:extent")):
            assert int(size.get("cx")) <= (11906 - 1587 - 1474) * 635
            assert int(size.get("cy")) <= (16838 - 2098 - 1985) * 635
