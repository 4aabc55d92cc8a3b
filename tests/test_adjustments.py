"""Adjustments as data: of a project's total, and of a department's own result."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given

import perfeval as pe
import strategies
from perfeval import frames
from perfeval.checks import check
from perfeval.comparison import compare, needed, trend
from perfeval.evaluation.common import evaluate_common
from perfeval.evaluation.whole import evaluate_whole
from perfeval.forms.supplement import applied, entries
from perfeval.frameworks import framework_indicator
from perfeval.model.merging import merge_sub_units
from perfeval.pages import text
from perfeval.practice import figures_of
from perfeval.reports import report
from perfeval.schemas import document_schema

RULES = pe.rule_set("CN", fiscal_year=2022)
YUHUA = pe.rule_set("cn-hn-yuhua-2022")
LATE = pe.Adjustment("未按期报送", -2, "县财政局通知", reason="逾期10天")
VETO = pe.Adjustment("一票否决", -100, "审计报告", reason="虚报工程量")
PRAISED = pe.Adjustment("典型经验", "+3", "市政府通报", reason="全市推广")
SPENT = pe.FundingLine(adjusted_budget=10, actual_expenditure=10)


def project(*adjustments, actual="48公里", **fields):
    row = pe.Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual=actual, weight=90)
    fields = {"funding": [SPENT], "indicators": [row]} | fields
    return pe.Project("排水改造", fiscal_year=2022, adjustments=adjustments, **fields)


def office(*adjustments, projects=(), **fields):
    return pe.Department("某局", fiscal_year=2022, projects=projects, adjustments=adjustments, **fields)


class TestOfAProject:
    """Art. 16: points are taken off by a person, with a reason."""

    def test_stand_beside_those_that_are_given(self):
        result = pe.evaluate(project(LATE), RULES, adjustments=[PRAISED])
        assert [one.points for one in result.adjustments] == [-2, 3]
        assert (result.total, result.grade) == (Decimal("97.40"), "excellent")

    def test_every_view_has_them(self):
        result = pe.evaluate(project(LATE), RULES)
        assert "总分调整：未按期报送（逾期10天），-2分〔县财政局通知〕" in result.explain("zh_CN")
        assert "Adjustment 未按期报送 (逾期10天): -2 points [县财政局通知]" in result.explain("en")
        assert result.table("en")[-1] == ["Adjustment", "未按期报送 (逾期10天)", "", "", "", "-2", "", "县财政局通知"]
        assert result.to_dict()["adjustments"] == [
            {"label": "未按期报送", "source": "县财政局通知", "points": "-2", "reason": "逾期10天"}
        ]
        for page in (result.page("zh_CN"), project(LATE).page("zh_CN"), report(project(LATE), RULES).page):
            told = text(page, width=200)
            assert "未按期报送（逾期10天）" in told
            assert "县财政局通知" in told

    def test_one_veto_is_held_at_0(self):
        result = pe.evaluate(project(VETO, LATE), RULES)
        assert (result.total, [one.points for one in result.adjustments]) == (0, [-100, -2, Decimal("5.60")])

    def test_count_where_a_department_sums_up(self):
        result = pe.evaluate(office(projects=[project(LATE), project()]), RULES)
        assert (result.mean_score, result.adjusted_mean_score) == (Decimal("95.40"), Decimal("95.40"))

    def test_count_in_the_evaluation_of_a_department_or_of_finance(self):
        """By whatever rules the project is evaluated, its own adjustments are never left out."""
        rules = pe.rule_set("CN", fiscal_year=2022, scope="evaluation")
        for given_, total in (((LATE,), "55.60"), ((VETO,), "0")):
            result = evaluate_common(
                project(*given_, indicators=[]),
                rules,
                kind="finance_evaluation",
                weights={"annex2_completion_rate": 60},
                figures={"actual_output": 48, "planned_output": 50},
            )
            assert result.total == Decimal(total)
            assert sum(line.score for line in result.lines) + sum(a.points for a in result.adjustments) == result.total

    def test_an_excerpt_has_no_total_to_change(self):
        result = pe.evaluate(project(LATE, excerpt=True), RULES)
        assert (result.total, result.adjustments) == (None, (LATE,))

    def test_the_way_from_one_to_another(self):
        found = compare(pe.evaluate(project(), RULES), pe.evaluate(project(LATE), RULES))
        assert [(one.before, one.after) for one in found.adjustments] == [(0, -2)]
        assert found.difference == -2
        assert "未按期报送（逾期10天）" in text(found.page("zh_CN"), width=200)

    def test_what_a_grade_needs_counts_them_once(self):
        """With 10 lost, good (80) needs 45公里, 81 of 90 points; what holds a total is found anew for each try."""
        lost = attrs.evolve(LATE, points=-10)
        for result in (
            pe.evaluate(project(lost, actual="30公里"), RULES),
            pe.evaluate(project(actual="30公里"), RULES, adjustments=[lost]),
        ):
            line = needed(result, "good").rows[1]
            assert (str(line.actual), line.total) == ("45公里", Decimal("81.00"))
        held = pe.evaluate(project(lost, actual="1公里", funding=[attrs.evolve(SPENT, actual_expenditure=0)]), RULES)
        assert (held.total, len(held.adjustments)) == (0, 2)
        line = needed(held, "fair").rows[1]
        # 90 × 39/50 = 70.20, less 10.
        assert (str(line.actual), line.total) == ("39公里", Decimal("60.20"))

    def test_a_printed_total_may_stand_before_or_after_them(self):
        def found(total, *adjustments):
            row = attrs.evolve(project().indicators[0], stated=pe.StatedIndicator(score="86.4"))
            stated = pe.Stated(total=total, execution_score=10, execution_weight=10)
            form = project(*adjustments, indicators=[row], stated=stated)
            return [one.code for one in check(form, RULES) if one.code == "AR104"]

        assert (found("96.4"), found("94.4"), found("96.4", LATE), found("94.4", LATE)) == ([], ["AR104"], [], [])
        assert (found("95.4", LATE), found("0", VETO)) == (["AR104"], [])

    @pytest.mark.parametrize(("total", "practice"), [("96.4", "sum"), ("94.4", "sum"), ("95.4", None)])
    def test_how_a_printed_total_comes_about(self, total, practice):
        row = attrs.evolve(project().indicators[0], stated=pe.StatedIndicator(score="86.4"))
        stated = pe.Stated(total=total, execution_score=10, execution_weight=10)
        form = project(LATE, indicators=[row], stated=stated)
        [found] = [one for one in figures_of(pe.evaluate(form, RULES)) if one.where == "stated.total"]
        assert found.practice == practice

    def test_a_report_names_them_by_project(self):
        made = report(office(projects=[project(LATE), project()]), RULES, outline="department-summary", locale="zh_CN")
        told = text(made.page, width=200)
        assert told.count("排水改造：总分调整：未按期报送（逾期10天），-2分〔县财政局通知〕") == 1

    def test_rules_in_both_languages_are_lines_of_a_result_only(self):
        held = pe.evaluate(project(VETO), RULES).adjustments[-1]
        with pytest.raises(pe.ModelError) as caught:
            project(held)
        assert str(caught.value).startswith("adjustments[0].label: expected text, got Words(")

    @pytest.mark.parametrize(
        ("adjustment", "problem"),
        [
            (pe.Adjustment("扣分", -1, "意见"), "adjustments[0].reason: expected text, got None"),
            ("扣分", "adjustments: expected records of Adjustment, got str"),
        ],
    )
    def test_each_has_its_reason(self, adjustment, problem):
        with pytest.raises(pe.ModelError) as caught:
            pe.Project("甲", fiscal_year=2022, adjustments=adjustment if isinstance(adjustment, str) else [adjustment])
        assert str(caught.value) == problem

    @pytest.mark.parametrize(
        ("given_", "problem"),
        [
            ((" ", -1, "意见"), "expected what the points are for, got ' '"),
            (("扣分", -1, ""), "expected what the points rest on, got ''"),
            (("扣分", -1.5, "意见"), None),
        ],
    )
    def test_what_is_none(self, given_, problem):
        with pytest.raises(pe.PerfevalError) as caught:
            pe.Adjustment(*given_)
        assert problem is None or str(caught.value) == problem

    def test_sub_units_are_merged_without(self):
        with pytest.raises(pe.ModelError) as caught:
            merge_sub_units("改造", [project(), project(LATE)])
        assert str(caught.value) == (
            "排水改造: expected no adjustments of a form to be merged; give them to the merged one"
        )

    def test_columns_refuse_them_by_name(self):
        with pytest.raises(pe.PerfevalError) as caught:
            frames.from_projects([project(LATE)])
        assert str(caught.value) == "排水改造: totals that are adjusted afterwards are not computed in columns"

    def test_a_form_keeps_them_below(self):
        [entry] = entries(project(), project(LATE, PRAISED))
        assert applied(project(), entry) == project(LATE, PRAISED)


class TestOfADepartment:
    def test_the_mean_of_its_projects(self):
        result = pe.evaluate(office(LATE, projects=[project(), project()]), RULES, adjustments=[PRAISED])
        assert (result.mean_score, result.adjusted_mean_score) == (Decimal("96.40"), Decimal("97.40"))
        assert [one.points for one in result.adjustments] == [-2, 3]
        assert result.to_dict()["adjusted_mean_score"] == "97.40"
        assert [row["points"] for row in result.to_dict()["adjustments"]] == ["-2", "3"]

    def test_every_view_has_them(self):
        report_of = office(LATE, projects=[project()])
        result = pe.evaluate(report_of, RULES)
        views = [text(one, width=200) for one in (result.page("zh_CN"), report(report_of, RULES, locale="zh_CN").page)]
        for told in (result.explain("zh_CN"), *views):
            assert "平均得分调整：未按期报送（逾期10天），-2分〔县财政局通知〕" in told
            assert "94.40" in told
        assert "未按期报送（逾期10天）" in text(report_of.page("zh_CN"), width=200)

    @pytest.mark.parametrize(
        ("given_", "points"),
        [(VETO, [-100, Decimal("3.60")]), (attrs.evolve(PRAISED, points=5), [5, Decimal("-1.40")])],
    )
    def test_the_mean_is_held_like_a_total(self, given_, points):
        result = pe.evaluate(office(given_, projects=[project()]), RULES)
        assert [one.points for one in result.adjustments] == points
        assert result.adjusted_mean_score == (0 if points[0] < 0 else 100)
        assert any("限" in assumption for assumption in result.assumptions("zh_CN"))

    @pytest.mark.parametrize(
        "fields", [{}, {"projects": [project(funding=[])]}, {"projects": [project()], "excerpt": True}]
    )
    def test_without_a_mean_it_is_said(self, fields):
        result = pe.evaluate(office(LATE, **fields), RULES)
        assert (result.adjusted_mean_score, result.adjustments) == (None, (LATE,))
        assert result.gaps[-1].what == "adjustments"
        told = result.explain("zh_CN")
        assert "项目没有平均得分，部门的调整没有可以调整的得分" in told
        assert "未按期报送（逾期10天）" in told

    def test_given_ones_are_refused_as_those_of_a_project_are(self):
        with pytest.raises(pe.ModelError) as caught:
            pe.evaluate(office(), RULES, adjustments=[(-2, "扣分")])
        assert str(caught.value) == "adjustments[0]: expected Adjustment, got tuple"

    def test_the_department_as_a_whole(self):
        names = {name for method in YUHUA.department for name in framework_indicator(method.indicator).figures}
        whole = office(LATE, projects=[project()], figures=[pe.DepartmentFigure(name, 1) for name in sorted(names)])
        without = evaluate_whole(attrs.evolve(whole, adjustments=()), YUHUA)
        result = evaluate_whole(whole, YUHUA, adjustments=[PRAISED])
        assert [one.points for one in result.adjustments[:2]] == [-2, 3]
        assert sum(line.score for line in result.lines) + sum(a.points for a in result.adjustments) == result.total
        assert without.total is not None
        # The mean of its projects is another figure, which they do not change as well.
        assert result.projects.adjustments == ()
        assert "未按期报送（逾期10天）" in result.explain("zh_CN")
        assert evaluate_whole(attrs.evolve(whole, adjustments=[VETO]), YUHUA).total == 0

    def test_two_departments_and_years_beside_each_other(self):
        before, after = (pe.evaluate(office(*some, projects=[project()]), RULES) for some in ((), (LATE,)))
        found = compare(before, after)
        assert (found.mean_difference, found.adjusted_difference, bool(found)) == (0, -2, True)
        assert found.to_dict()["adjustments"] == [{"label": "未按期报送", "before": "0", "after": "-2"}]
        assert "未按期报送（逾期10天）" in text(found.page("zh_CN"), width=200)
        later = pe.evaluate(attrs.evolve(office(LATE, projects=[project()]), fiscal_year=2023), RULES)
        years = trend([before, later])
        assert years.to_dict()["adjusted_mean_scores"] == ["96.40", "94.40"]
        assert "调整后平均得分" in text(years.page("zh_CN"), width=200)

    def test_a_stated_mean_may_be_that_with_them(self):
        def found(mean, *adjustments):
            stated = pe.StatedDepartment(mean_score=mean)
            checked = check(office(*adjustments, projects=[project()], stated=stated), RULES)
            return [one.code for one in checked if one.code == "DP107"]

        assert (found("96.4"), found("94.4"), found("94.4", LATE), found("96.4", LATE)) == ([], ["DP107"], [], [])

    @given(strategies.DEPARTMENTS, strategies.ADJUSTMENTS)
    def test_the_mean_and_the_adjustments_add_up(self, department, given_):
        result = pe.evaluate(department, RULES, adjustments=given_)
        own = (*department.adjustments, *given_)
        assert result.adjustments[: len(own)] == own
        if result.mean_score is None:
            assert result.adjusted_mean_score is None
            assert ("adjustments" in [gap.what for gap in result.gaps]) is bool(own)
        else:
            points = sum(Fraction(one.points) for one in result.adjustments)
            assert Fraction(result.adjusted_mean_score) == Fraction(result.mean_score) + points
            if own:
                assert 0 <= result.adjusted_mean_score <= max(100, result.mean_score)


HEAD = 'name = "甲"\nfiscal_year = 2022\namount_unit = "万元"\n'
ROW = 'label = "未按期报送"\npoints = -2\nreason = "逾期10天"\nsource = "县财政局通知"\n'


class TestDocuments:
    def test_where_they_stand(self):
        of_project = pe.loads(f"{HEAD}[[adjustments]]\n{ROW}")
        assert of_project.adjustments == (LATE,)
        text_ = f'{HEAD}[[projects]]\nname = "乙"\n[[projects.adjustments]]\n{ROW}[[adjustments]]\n{ROW.replace("-2", chr(34) + "+3" + chr(34))}'
        department = pe.loads(text_)
        assert department.projects[0].adjustments == (LATE,)
        assert department.adjustments == (attrs.evolve(LATE, points=3),)

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("-2", "2", 'points: expected points with their sign ("+2" to add, -2 to take), got 2'),
            ("-2", "+2", 'points: expected points with their sign ("+2" to add, -2 to take), got 2'),
            ("-2", '"2"', "points: expected points with their sign (\"+2\" to add, -2 to take), got '2'"),
            ("-2", '"两分"', "points: expected a plain number, got '两分'"),
            ("points = -2\n", "", "points: missing"),
            ('reason = "逾期10天"\n', "", "reason: missing: expected why the points change"),
            ("逾期10天", " ", "reason: missing: expected why the points change"),
            ('"逾期10天"', "10", "reason: expected text, got 10"),
            ('source = "县财政局通知"\n', "", "source: missing"),
            ("县财政局通知", "", "source: expected what the points rest on, got ''"),
            ("未按期报送", "", "label: expected what the points are for, got ''"),
            ("label", "lable", "lable: unknown key; near are label"),
        ],
    )
    def test_every_fault_has_its_path(self, old, new, fault):
        with pytest.raises(pe.DocumentError) as caught:
            pe.loads(f"{HEAD}[[adjustments]]\n{ROW}[[adjustments]]\n{ROW.replace(old, new)}")
        assert f"adjustments[1].{fault}" in [str(one) for one in caught.value.exceptions]

    def test_all_faults_at_once(self):
        with pytest.raises(pe.DocumentError) as caught:
            pe.loads(f'{HEAD}[[projects]]\nname = "乙"\n[[projects.adjustments]]\npoints = 2\n')
        assert sorted(map(str, caught.value.exceptions)) == [
            "projects[0].adjustments[0].label: missing",
            'projects[0].adjustments[0].points: expected points with their sign ("+2" to add, -2 to take), got 2',
            "projects[0].adjustments[0].reason: missing: expected why the points change",
            "projects[0].adjustments[0].source: missing",
        ]

    @pytest.mark.parametrize("format", ["toml", "json"])
    @pytest.mark.parametrize("points", ["-2", "-2.50", "3", "0", "0.5", "1E+1"])
    def test_written_and_read_again(self, format, points):
        form = project(attrs.evolve(LATE, points=Decimal(points)))
        again = pe.loads(pe.dumps(form, format=format), format=format)
        assert again == form
        if points != "1E+1":
            assert repr(again.adjustments) == repr(form.adjustments)

    def test_the_schema_knows_them(self):
        schema = document_schema()["$defs"]["Adjustment"]
        assert sorted(schema["required"]) == ["label", "points", "reason", "source"]
        assert schema["properties"]["label"] == {"type": "string"}
