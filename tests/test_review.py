"""A reviewer's findings beside the unit's own, by the same rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
import strategies
from perfeval.pages import html, markdown, text, words_of
from perfeval.review import review_scores, review_summary

RULES = pe.rule_set("CN", fiscal_year=2022)
DEPARTMENT = pe.load("examples/qingheju-2022-reviewed.toml")


def reviewed(*findings, actual="9公里", **given):
    rows = [
        pe.Indicator("清淤长度", kind="output.quantity", target="≥10公里", actual=actual, weight=50),
        pe.Indicator("满意度", kind="satisfaction", target="≥90%", actual="90%", weight=40),
    ]
    money = pe.FundingLine(adjusted_budget=pe.wan(100), actual_expenditure=pe.wan(90))
    project = pe.Project("河道清淤", fiscal_year=2022, funding=[money], indicators=rows)
    return review_scores(evolve(project, review=pe.Review(indicators=findings, **given)), RULES)


class TestTheExample:
    def test_by_hand(self):
        """50 × 23.5/25 = 47; 10 × 164/200 = 8.2 and 24.6 given; 10 × 70/90 = 7.78."""
        found = review_scores(DEPARTMENT, RULES)
        totals = [(one.comparison.before.total, one.comparison.after.total) for one in found.results]
        assert totals == [
            (Decimal("98.00"), Decimal("97.00")),
            (Decimal("90.50"), Decimal("87.80")),
            (Decimal("88.00"), Decimal("87.78")),
        ]
        assert [one.deviation for one in found.results] == [Decimal("-1.00"), Decimal("-2.70"), Decimal("-0.22")]
        assert [one.grade_changed for one in found.results] == [False, True, False]
        summary = found.summary
        # (1 + 2.7 + 0.22) / 3
        assert summary.mean_deviation == pe.Ratio(392, 300)
        assert (summary.reviewed, summary.lowered, summary.raised, summary.grades_changed) == (3, 3, 0, 1)
        assert (summary.lines_changed, summary.without_reason, summary.largest_deviation) == (4, 1, Decimal("2.70"))
        assert summary.codes == (("CP106", 2), ("AR112", 1))

    def test_on_a_page(self):
        shown = review_scores(DEPARTMENT, RULES).explain("zh_CN")
        assert "扣分未说明原因：用户满意度" in shown
        assert "填报总分90.5，复核后相差-2.70" in shown
        assert "下游两公里未疏浚，行洪断面测量未达设计值；CP106" in shown


class TestFindings:
    def test_an_actual(self):
        result = reviewed(pe.ReviewedIndicator("清淤长度", actual="8公里", reason="实测"))
        assert (result.rows[1].difference.difference, result.deviation) == (-5, -5)
        assert not result.without_reason

    def test_points(self):
        result = reviewed(pe.ReviewedIndicator("清淤长度", score="33.33", reason="扣减"))
        assert result.rows[1].difference.after.score == Decimal("33.33")
        # The unit's own words were not read: the reviewer's points count alone.
        result = reviewed(pe.ReviewedIndicator("清淤长度", score=20, reason="扣减"), actual="清了一些")
        assert (result.rows[1].difference.after.score, result.deviation) == (20, None)

    @given(st.integers(1, 9999), st.integers(0, 9999))
    def test_points_stand_as_they_are_given(self, weight, score):
        row = pe.Indicator("甲", kind="output.quality", target="≥1个", actual="1个", weight=Decimal(weight) / 100)
        finding = pe.ReviewedIndicator("甲", score=Decimal(min(score, weight)) / 100, reason="乙")
        project = pe.Project("丙", fiscal_year=2022, indicators=[row], review=pe.Review(indicators=[finding]))
        assert review_scores(project, RULES).rows[1].difference.after.score == finding.score

    def test_points_above_the_weight_are_no_score(self):
        result = reviewed(pe.ReviewedIndicator("清淤长度", score=51, reason="加分"))
        after = result.rows[1].difference.after
        assert (after.score, after.reason, result.deviation) == (None, "words_not_read", None)

    def test_money(self):
        result = reviewed(actual_expenditure=pe.wan(80), reason="预付款不计")
        assert (result.rows[0].difference.difference, result.rows[0].reason) == (-1, "预付款不计")

    def test_a_deduction_needs_a_reason(self):
        assert [row.difference.line.name for row in reviewed(actual_expenditure=0).without_reason] == ["execution_rate"]
        lowered = pe.ReviewedIndicator("清淤长度", actual="8公里")
        raised = pe.ReviewedIndicator("清淤长度", actual="10公里")
        withdrawn = pe.ReviewedIndicator("清淤长度", actual="不清楚")
        assert [len(reviewed(row).without_reason) for row in (lowered, raised, withdrawn)] == [1, 0, 1]

    def test_what_is_not_named_stands(self):
        result = reviewed()
        assert not result.comparison
        assert result.deviation == 0

    def test_what_the_form_does_not_have(self):
        result = reviewed(pe.ReviewedIndicator("培训", score=3))
        assert [row.indicator for row in result.unmatched] == ["培训"]
        assert "复核所列的这些指标表上没有：培训" in result.explain("zh_CN")

    def test_a_form_without_a_review(self):
        with pytest.raises(pe.ModelError) as caught:
            review_scores(pe.Project("甲", fiscal_year=2022), RULES)
        assert str(caught.value) == "甲: it has no review"
        department = pe.Department("乙", fiscal_year=2022, projects=[pe.Project("甲", fiscal_year=2022)])
        found = review_scores(department, RULES)
        assert [project.name for project in found.without] == ["甲"]
        assert found.summary.mean_deviation is None
        assert "未复核" in found.explain("zh_CN")


class TestLaws:
    @given(strategies.PROJECTS, strategies.REVIEWS, st.sampled_from(["zh_CN", "en"]))
    def test_any_review_of_any_form(self, project, review, locale):
        names = [row.name for row in project.indicators]
        rows = [evolve(row, indicator=name, kind=None) for row, name in zip(review.indicators, names, strict=False)]
        result = review_scores(evolve(project, review=evolve(review, indicators=rows)), RULES)
        assert len(result.rows) == len(project.indicators) + 1
        for line, row in zip(result.comparison.before.lines, result.rows, strict=True):
            assert row.difference.before is line
        if result.deviation is not None:
            adjusted = sum(row.difference for row in result.comparison.adjustments)
            assert sum(row.difference.difference for row in result.rows) + adjusted == result.deviation
        page = result.page(locale)
        assert "{" not in " ".join(words_of(page))
        for carrier in (text, markdown, html):
            assert carrier(page)
        assert result.to_dict()
        assert review_summary([result]).reviewed == 1

    @given(strategies.PROJECTS)
    def test_a_review_without_findings_changes_nothing(self, project):
        result = review_scores(evolve(project, review=pe.Review()), RULES)
        assert not result.comparison
        assert not result.without_reason
