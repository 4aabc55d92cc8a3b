"""Common indicators, the department as a whole, and sub-units merged before they are scored."""

from __future__ import annotations

import inspect
import re
from decimal import Decimal
from fractions import Fraction

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval import frames
from perfeval.cited import shipped_table
from perfeval.evaluation.whole import evaluate_whole
from perfeval.frameworks import common_directions, element_share, framework, framework_indicator, frameworks
from perfeval.model.merging import merge_sub_units
from perfeval.practice import Direction, direction_of
from perfeval.rates import bonds, regions
from perfeval.ratios import readable
from perfeval.rulesets import common_direction
from perfeval.testing import check_rule_set

EVERY = [indicator for found in frameworks() for indicator in found.indicators]
COMPUTED = [indicator for indicator in EVERY if indicator.rate is not None]
FIGURES = st.decimals(min_value=0, max_value=10**9, places=2)


def formula_of(function, values):
    """The value of the formula that the function's documentation states, by Fractions."""
    formula = re.search(r"The rate is\s+``([^`]+)``", function.__doc__)[1]
    names = inspect.signature(function).parameters
    return eval(formula, {}, dict(zip(names, map(Fraction, values), strict=True)))  # noqa: S307  # our own text


class TestFrameworks:
    def test_how_many_indicators_each_has(self):
        assert {found.id: len(found.indicators) for found in frameworks()} == {
            "cn-mof-2013-53-department": 28,
            "cn-mof-2013-53-project": 19,
            "cn-mof-2013-53-region": 32,
            "cn-mof-2020-10-annex-2": 17,
            "cn-mof-2020-13-ppp": 2,
            "henan-bonds": 29,
            "henan-departments": 21,
            "hunan-departments": 8,
        }

    def test_the_points_to_check_of_each_list(self):
        def elements(name):
            return [row.elements for row in framework(name).indicators if row.elements is not None]

        assert elements("cn-mof-2013-53-project") == [3, 4, 4, 2, 4, 2, 2, 5, 2]
        assert elements("cn-mof-2013-53-department") == [3, 4, 3, 3, 5]
        assert elements("cn-mof-2013-53-region") == [4]
        assert elements("cn-mof-2020-10-annex-2") == [5, 3, 4, 3, 4, 2, 4, 2, 4]
        bonds = [5, 2, 3, 3, 5, 2, 4, 3, 2, 1, 2, 1, 2, 3, 2, 1, 1, 1, 1, 1]
        assert sorted(elements("henan-bonds")) == sorted(bonds)
        assert sorted(elements("henan-departments")) == sorted([3, 2, 3, 2, 8, 2, 2, 4, 1])

    def test_rows_have_the_names_that_are_printed(self):
        """53号 names 管理制度健全性 twice in each annex; its 质量达标率 of projects is lost in the copy."""
        for name in ("cn-mof-2013-53-project", "cn-mof-2013-53-department"):
            names = [row.name.zh_CN for row in framework(name).indicators]
            assert names.count("管理制度健全性") == 2
        assert "质量达标率" not in [row.name.zh_CN for row in framework("cn-mof-2013-53-project").indicators]

    def test_ids_stand_once_and_every_name_has_both_languages(self):
        assert len({row.id for row in EVERY}) == len(EVERY) == 156
        for row in EVERY:
            assert row.name.zh_CN
            assert row.name.en.isascii()
            assert row.meaning.zh_CN.endswith("。")
            assert row.grounds.cites

    def test_an_unknown_one(self):
        with pytest.raises(pe.RuleSetNotFoundError) as caught:
            framework("nowhere")
        assert str(caught.value).startswith("no framework 'nowhere'; known are cn-mof-2013-53-department, ")
        with pytest.raises(pe.RuleSetNotFoundError):
            framework_indicator("nothing")
        with pytest.raises(pe.RuleSetNotFoundError):
            framework("hunan-departments").indicator("nothing")

    @pytest.mark.parametrize("row", COMPUTED, ids=lambda row: row.id)
    @given(st.data())
    def test_the_measure_is_the_rate_that_is_named(self, row, data):
        """The formula in the data and the function in `rates` say the same."""
        names = row.formula[1:]
        values = [data.draw(FIGURES) for _ in names]
        measure = row.measure(dict(zip(names, values, strict=True)))
        assert row.function is not None
        assert len(inspect.signature(row.function).parameters) == len(names)
        found = row.function(*values)
        assert (found is None) is (measure is pe.Reason.ZERO_TARGET)
        if found is not None:
            assert readable(measure) == found
            assert Fraction(*measure) == formula_of(row.function, values)

    def test_every_rate_of_annex_3_stands_in_the_framework(self):
        """Two of its rates have figures of their own, and one is an amount."""
        named = {row.rate for row in framework("cn-mof-2013-53-region").indicators}
        alone = {"net_budget_surplus", "fiscal_revenue_gdp_share", "fiscal_expenditure_multiplier"}
        assert set(regions.__all__) - alone <= named
        assert len(bonds.__all__) == 3

    def test_what_cannot_be_measured(self):
        row = framework_indicator("staffing_control_rate")
        assert row.measure({"staff_in_post": 95}) is pe.Reason.AMOUNT_ABSENT
        assert row.measure({"staff_in_post": 95, "approved_posts": -1}) is pe.Reason.AMOUNT_NEGATIVE
        assert row.measure({"staff_in_post": 95, "approved_posts": 0}) is pe.Reason.ZERO_TARGET
        assert framework_indicator("disclosure").measure({}) is pe.Reason.NO_RULE
        with pytest.raises(pe.AmountError):
            row.measure({"staff_in_post": 0.5, "approved_posts": 1})


class TestElements:
    """每个要点得相同的份额：5个各20%，4个各25%，2个各50%；或者30/30/40."""

    @pytest.mark.parametrize(("met", "elements", "share"), [(3, 5, "3/5"), (1, 4, "1/4"), (2, 2, "1"), (0, 3, "0")])
    def test_equal_shares(self, met, elements, share):
        assert Fraction(*element_share(met, elements)) == Fraction(share)

    @pytest.mark.parametrize(("met", "share"), [(0, "0"), (1, "0.3"), (2, "0.6"), (3, "1")])
    def test_stated_shares(self, met, share):
        stated = (Decimal("0.3"), Decimal("0.3"), Decimal("0.4"))
        assert Fraction(*element_share(met, 3, stated)) == Fraction(share)

    @pytest.mark.parametrize(("met", "elements"), [(5, 4), (-1, 4), (0, 0)])
    def test_more_than_there_are(self, met, elements):
        with pytest.raises(pe.ModelError) as caught:
            element_share(met, elements)
        assert str(caught.value) == f"expected from 0 to {elements} points to be met, got {met}"

    def test_shares_that_do_not_add_up(self):
        with pytest.raises(pe.ModelError) as caught:
            element_share(1, 2, (Decimal("0.3"), Decimal("0.3")))
        assert str(caught.value) == "expected 2 shares that add to 1, got 2 that add to 0.6"


YUHUA = pe.rule_set("cn-hn-yuhua-2022")
YUEYANG = pe.rule_set("cn-hn-yueyang")
TABLE_4777 = pe.rule_set("cn-hn-4777")


def office(**figures):
    rows = [pe.DepartmentFigure(name, value) for name, value in figures.items()]
    return pe.Department("某局", fiscal_year=2022, figures=rows)


def scores(rules=YUHUA, **figures):
    return {line.indicator.id: line.score for line in evaluate_whole(office(**figures), rules).lines}


def weights(rules):
    return [(line.indicator.name.zh_CN, line.weight) for line in evaluate_whole(office(), rules).lines]


MONEY = {"carried_over": 10, "original_budget": 80, "added_budget": 10}


class TestYuhua:
    """投入13：在职人员控制率≤100%计5分，每超过一个百分点扣0.5分；“三公经费”变动率≤0计8分，每超过一个百分点扣0.8分；
    预算执行20（已见10）：预算完成率100%计满分，每低于5%扣2分；预算控制率 0/≤10/≤20/≤30/>30% → 5/4/3/2/0."""

    def test_the_rows_that_were_seen(self):
        assert weights(YUHUA) == [("在职人员控制率", 5), ("“三公经费”变动率", 8), ("预算完成率", 5), ("预算控制率", 5)]

    @pytest.mark.parametrize(("staff", "score"), [(100, 5), (99, 5), (101, "4.5"), (105, "2.5"), (110, 0), (150, 0)])
    def test_staffing(self, staff, score):
        assert scores(staff_in_post=staff, approved_posts=100)["staffing_control_rate"] == Decimal(score)

    @pytest.mark.parametrize(("now", "score"), [(90, 8), (100, 8), (101, "7.2"), (105, 4), (110, 0)])
    def test_three_public_expenses(self, now, score):
        found = scores(three_public_budget=now, three_public_budget_last_year=100)
        assert found["three_public_change_rate"] == Decimal(score)

    @pytest.mark.parametrize(("left", "score"), [(0, 5), (4, 5), (5, 3), (10, 1), (15, 0), (50, 0), (100, 0)])
    def test_budget_completed(self, left, score):
        """（上年结转＋年初预算＋本年追加预算－年末结余）÷（上年结转＋年初预算＋本年追加预算）."""
        assert scores(**MONEY, year_end_balance=left)["available_budget_completion_rate"] == score

    @pytest.mark.parametrize(("added", "score"), [(0, 5), (1, 4), (10, 4), (11, 3), (20, 3), (30, 2), (31, 0)])
    def test_budget_control(self, added, score):
        assert scores(added_budget=added, original_budget=100)["budget_control_rate"] == score


class TestYueyang:
    """投入15：财政供养人员控制率≤100%计5分，每超过一个百分点扣0.5分；“三公经费”变动率≤0计5分；
    重点支出安排率≥90/80/70/60% → 5/4/3/2/0；预算执行15：预算调整率 0/≤10/≤20/≤30/>30% → 3/2/1/0.5/0；支付进度3；
    资金结余 无/不超过上年结转/超过 → 3/2/0；“三公经费”控制率≤100%计6分；预算管理：管理制度健全性3，
    资金使用合规性3，每出现一例扣1分."""

    def test_the_rows_that_were_seen(self):
        assert weights(YUEYANG) == [
            ("财政供养人员控制率", 5),
            ("“三公经费”变动率", 5),
            ("重点支出安排率", 5),
            ("预算调整率", 3),
            ("支付进度", 3),
            ("资金结余", 3),
            ("“三公经费”控制率", 6),
            ("管理制度健全性", 3),
            ("资金使用合规性", 3),
        ]

    def test_the_table_as_printed_has_full_marks_and_no_grade(self):
        figures = {"staff_in_post": 98, "approved_posts": 100, "three_public_budget": 10, "three_public_spent": 9}
        figures |= {"three_public_budget_last_year": 10, "priority_spending": 9, "project_spending": 10}
        figures |= {"budget_adjustments": 0, "budget": 100, "special_funds_released": 2, "surplus": 0}
        figures |= {"carry_over_last_year": 4, "department_rules_three_points": 3, "irregular_uses_of_money": 0}
        result = evaluate_whole(office(**figures), YUEYANG)
        assert [line.score for line in result.lines] == [5, 5, 5, 3, 3, 3, 6, 3, 3]
        assert (result.total, result.grade_reason) == (36, pe.Reason.WEIGHTS_DO_NOT_ADD_UP)
        assert "本表只见到部分：投入15分已见；" in result.explain("zh_CN")

    @pytest.mark.parametrize(("staff", "score"), [(100, 5), (103, "3.5"), (110, 0)])
    def test_staffing(self, staff, score):
        found = scores(YUEYANG, staff_in_post=staff, approved_posts=100)
        assert found["public_payroll_control_rate"] == Decimal(score)

    @pytest.mark.parametrize(("now", "score"), [(99, 5), (100, 5), (101, None)])
    def test_what_a_rise_loses_was_not_seen(self, now, score):
        found = scores(YUEYANG, three_public_budget=now, three_public_budget_last_year=100)
        assert found["three_public_change_rate"] == score
        spent = scores(YUEYANG, three_public_spent=now, three_public_budget=100)
        assert spent["three_public_control_rate"] == (score and 6)

    @pytest.mark.parametrize(("share", "score"), [(90, 5), (89, 4), (80, 4), (70, 3), (60, 2), (59, 0)])
    def test_priority_spending(self, share, score):
        assert scores(YUEYANG, priority_spending=share, project_spending=100)["priority_spending_share"] == score

    @pytest.mark.parametrize(("changed", "score"), [(0, 3), (10, 2), (20, 1), (30, "0.5"), (31, 0)])
    def test_budget_adjusted(self, changed, score):
        found = scores(YUEYANG, budget_adjustments=changed, budget=100)
        assert found["budget_adjustment_rate"] == Decimal(score)

    @pytest.mark.parametrize(("surplus", "score"), [(0, 3), (1, 2), (50, 2), (51, 0)])
    def test_surplus(self, surplus, score):
        assert scores(YUEYANG, surplus=surplus, carry_over_last_year=50)["surplus_against_carry_over"] == score

    @pytest.mark.parametrize(("cases", "score"), [(0, 3), (1, 2), (3, 0), (7, 0)])
    def test_irregular_uses(self, cases, score):
        assert scores(YUEYANG, irregular_uses_of_money=cases)["irregular_uses_of_money"] == score

    @pytest.mark.parametrize(("met", "score"), [(0, 0), (1, 1), (2, 2), (3, 3)])
    def test_rules(self, met, score):
        result = evaluate_whole(office(department_rules_three_points=met), YUEYANG)
        line = result.lines[7]
        assert (line.score, line.formula) == (score, f"3 × {met} ÷ 3")

    @pytest.mark.parametrize("met", [4, Decimal("1.5")])
    def test_more_points_than_there_are(self, met):
        with pytest.raises(pe.ModelError) as caught:
            evaluate_whole(office(department_rules_three_points=met), YUEYANG)
        expected = "department_rules_three_points: expected a whole number of points met from 0 to 3, got"
        assert str(caught.value) == f"{expected} {met}"


class TestTable4777:
    """投入10：在职人员控制率5，“三公经费”变动率5（评分标准仍写计8分）；预算完成率5，预算控制率5."""

    def test_the_rows_that_were_seen(self):
        assert weights(TABLE_4777) == [
            ("在职人员控制率", 5),
            ("“三公经费”变动率", 5),
            ("预算完成率", 5),
            ("预算控制率", 5),
        ]

    def test_the_printed_score_of_one_step(self):
        """预算完成率 printed 3 of 5."""
        assert scores(TABLE_4777, budget_completed=94, budget_approved=100)["budget_completion_rate"] == 3

    def test_a_criterion_for_another_weight_gives_no_score_but_full_marks(self):
        def found(now):
            return scores(TABLE_4777, three_public_budget=now, three_public_budget_last_year=100)

        assert found(100)["three_public_change_rate"] == 5
        assert found(101)["three_public_change_rate"] is None

    def test_the_rate_that_is_told(self):
        assert scores(TABLE_4777, told_budget_control_rate=Decimal("0.2"))["told_budget_control_rate"] == 3

    def test_it_is_nobodys_rule_by_place(self):
        with pytest.raises(pe.RuleSetNotFoundError):
            pe.rule_set("CN-HN", fiscal_year=2022, scope="department")


class TestNothingIsBorrowed:
    @pytest.mark.parametrize("rules", [YUHUA, YUEYANG, TABLE_4777], ids=lambda rules: rules.id)
    def test_each_cites_its_own_table_only(self, rules):
        tables = {"yuhua-2022-table", "yueyang-department-table", "hunan-4777-table", "hunan-department-tables"}
        cited = {cite.source.id for part in rules.every_grounds() for cite in part.cites}
        rows = [framework_indicator(row.indicator) for row in rules.department]
        cited |= {cite.source.id for row in rows for cite in row.grounds.cites}
        assert cited & tables == {rules.grounds.cites[0].source.id}
        assert rules.partial is not None


ALL = {
    "staff_in_post": 95,
    "approved_posts": 100,
    "three_public_budget": 105,
    "three_public_budget_last_year": 100,
    "carried_over": 10,
    "original_budget": 80,
    "added_budget": 10,
    "year_end_balance": 5,
}


class TestTheDepartmentAsAWhole:
    def test_a_part_of_a_table_has_a_total_and_no_grade(self):
        result = evaluate_whole(office(**ALL), YUHUA)
        assert [line.score for line in result.lines] == [5, 4, 3, 3]
        assert (result.total, result.grade) == (15, None)
        assert result.grade_reason is pe.Reason.WEIGHTS_DO_NOT_ADD_UP

    def test_a_whole_table_has_a_grade(self):
        rows = tuple(row._replace(weight=Decimal(25)) for row in YUHUA.department)
        result = evaluate_whole(office(**ALL), attrs.evolve(YUHUA, department=rows))
        assert (result.total, result.grade) == (Decimal("67.50"), "fair")

    def test_a_figure_that_is_not_told_is_never_0(self):
        figures = {name: value for name, value in ALL.items() if name != "approved_posts"}
        result = evaluate_whole(office(**figures), YUHUA)
        assert (result.lines[0].score, result.total, result.partial_score) == (None, None, 10)
        assert result.grade_reason is pe.Reason.LINE_UNSCORED
        assert "“在职人员控制率”未计分：" in result.explain()
        assert "(approved_posts)" in result.explain("en")

    def test_explains_itself_with_formula_and_article(self):
        text = evaluate_whole(office(**ALL), YUHUA).explain("en")
        assert (
            "Change of the three public expenses: 0.05 ≤ (105 − 100) ÷ 100 < 0.06 → 8 × 4 ÷ 8 = 4.00 [the table for"
            in text
        )
        assert "Total 15" in text
        with pytest.raises(pe.LocaleNotFoundError):
            evaluate_whole(office(**ALL), YUHUA).explain("de")

    def test_as_json_with_its_projects(self):
        table = evaluate_whole(
            attrs.evolve(office(**ALL), projects=[pe.Project("甲", fiscal_year=2022)]), YUHUA
        ).to_dict()
        assert table["lines"][0] == {
            "indicator": "staffing_control_rate",
            "weight": "5",
            "measure": "0.95",
            "score": "5.00",
            "formula": "95 ÷ 100 < 1.01 → 5 × 5 ÷ 5",
            "reason": None,
        }
        assert (table["total"], table["grade_reason"]) == ("15.00", "weights_do_not_add_up")
        assert len(table["projects"]["projects"]) == 1

    def test_figures_stand_in_a_document(self):
        text = (
            'name = "某局"\nfiscal_year = 2022\namount_unit = "万元"\nprojects = []\n'
            '[[figures]]\nname = "staff_in_post"\nvalue = 95\n'
        )
        department = pe.loads(text)
        assert department.figures == (pe.DepartmentFigure("staff_in_post", 95),)
        assert pe.loads(pe.dumps(department)) == department

    def test_a_figure_of_no_framework(self):
        with pytest.raises(pe.ModelError) as caught:
            evaluate_whole(office(luck=1), YUHUA)
        assert str(caught.value) == (
            "no framework has a figure 'luck'; cn-hn-yuhua-2022 uses added_budget, approved_posts, carried_over, "
            "original_budget, staff_in_post, three_public_budget, three_public_budget_last_year, year_end_balance"
        )

    def test_rules_that_weigh_nothing_of_it(self):
        with pytest.raises(pe.ModelError) as caught:
            evaluate_whole(office(), pe.rule_set("cn-hb-2020"))
        assert str(caught.value) == "cn-hb-2020 weighs no common indicators of a department"

    def test_a_figure_twice_and_a_float(self):
        with pytest.raises(pe.ModelError) as caught:
            pe.Department("甲", fiscal_year=2022, figures=[pe.DepartmentFigure("a", 1)] * 2)
        assert str(caught.value) == "expected each figure once, got a, a"
        with pytest.raises(pe.AmountError):
            pe.DepartmentFigure("a", 0.5)


def sub_unit(name, money, *rows, **project):
    funding = [pe.FundingLine("appropriation", adjusted_budget=pe.wan(money), actual_expenditure=pe.wan(money))]
    return pe.Project(name, fiscal_year=2022, funding=funding, indicators=rows, **project)


def row(target, actual, **more):
    return pe.Indicator("乙", target=target, actual=actual, weight=10, **more)


class TestSubUnits:
    """先汇总再评分：绝对数相加，相对数按资金加权."""

    def test_absolute_figures_add_and_ratios_are_weighted_by_money(self):
        forms = [
            sub_unit("一", 30, row("≥10公里", "8公里")),
            sub_unit("二", 10, row("≥10公里", "11公里")),
        ]
        merged = merge_sub_units("合", forms)
        assert [(str(r.target), str(r.actual)) for r in merged.indicators] == [("≥20公里", "19公里")]
        rates = merge_sub_units("合", [sub_unit("一", 30, row("≥95%", "90%")), sub_unit("二", 10, row("≥95%", "98%"))])
        assert str(rates.indicators[0].actual) == "92%"
        assert rates.funding[0].adjusted_budget == pe.wan(40)

    @given(
        st.lists(st.tuples(st.integers(1, 10**6), st.decimals(0, 100, places=2)), min_size=1, max_size=4),
    )
    def test_against_fractions(self, units):
        forms = [sub_unit(str(i), money, row("≥95%", f"{rate}%")) for i, (money, rate) in enumerate(units)]
        found = Fraction(merge_sub_units("合", forms).indicators[0].actual.value)
        exact = sum(Fraction(rate) * money for money, rate in units) / sum(money for money, _ in units)
        assert abs(found - exact) <= Fraction(1, 2 * 10**15)

    def test_then_scored_like_any_other(self):
        forms = [sub_unit("一", 30, row("≥10公里", "8公里")), sub_unit("二", 10, row("≥10公里", "11公里"))]
        result = pe.evaluate(merge_sub_units("合", forms), pe.rule_set("cn-hb-2020"))
        assert [line.score for line in result.lines] == [20, Decimal("9.50")]

    def test_what_is_alike_stays(self):
        words = row("及时", "及时")
        merged = merge_sub_units("合", [sub_unit("一", 1, words), sub_unit("二", 2, words)])
        assert (merged.indicators[0].target, merged.indicators[0].actual) == (words.target, words.actual)

    def test_a_blank_leaves_the_sum_open(self):
        blank = attrs.evolve(sub_unit("二", 1), funding=[pe.FundingLine("appropriation", adjusted_budget=5)])
        merged = merge_sub_units("合", [sub_unit("一", 1), blank])
        assert merged.funding[0].actual_expenditure is None

    @pytest.mark.parametrize(
        ("second", "message"),
        [
            (sub_unit("二", 1), "二: expected the year and the indicators of 一"),
            (sub_unit("二", 1, pe.Indicator("丙", weight=10)), "二: expected '乙' with its kind and weight, got '丙'"),
            (sub_unit("二", 1, row("≥10米", "8米")), "二: '乙' has another comparator or unit"),
            (sub_unit("二", 1, row("≥10公里", "8小时")), "二: '乙' has an actual in another unit than its target"),
            (sub_unit("二", 1, row("改善", "改善")), "二: '乙' has no figures to add"),
        ],
    )
    def test_what_does_not_go_together(self, second, message):
        with pytest.raises(pe.ModelError) as caught:
            merge_sub_units("合", [sub_unit("一", 1, row("≥10公里", "8公里")), second])
        assert str(caught.value) == message

    def test_a_ratio_without_money_to_weigh_it(self):
        poor = attrs.evolve(sub_unit("二", 1, row("≥95%", "98%")), funding=[])
        with pytest.raises(pe.ModelError) as caught:
            merge_sub_units("合", [sub_unit("一", 1, row("≥95%", "90%")), poor])
        assert str(caught.value) == "'乙' is weighted by money, and a sub-unit tells no adjusted budget"

    def test_nothing_to_merge(self):
        with pytest.raises(pe.ModelError):
            merge_sub_units("合", [])


# By what each rate looks at: no document states which way it is better, the tables of Hunan score a few.
LESS_IS_BETTER = [
    "在职人员控制率",
    "“三公经费”变动率",
    "预算调整率",
    "结转结余率",
    "结转结余变动率",
    "公用经费控制率",
    "“三公经费”控制率",
    "财政供养人员控制率",
    "债务率",
    "资金结转率",
    "资金结转变动率",
    "总预算暂存暂付率",
    "非税收入占比",
    "城镇登记失业率变动率",
    "万元GDP能耗变动率",
    "预算控制率",
    "资金结余",
]
MORE_IS_BETTER = [
    "资金到位率",
    "到位及时率",
    "预算执行率",
    "实际完成率",
    "质量达标率",
    "完成及时率",
    "成本节约率",
    "重点支出安排率",
    "预算完成率",
    "支付进度率",
    "政府采购执行率",
    "固定资产利用率",
    "重点工作办结率",
    "专项资金细化率",
    "部门绩效评价完成率",
    "评价结果应用率",
    "人员经费保障率",
    "公用经费保障率",
    "民生支出占比",
    "收入完成率",
    "支出完成率",
    "税收收入占比",
    "城镇居民人均可支配收入变动率",
    "农村居民人均纯收入变动率",
    "人均受教育年限变动率",
    "人均期望寿命变动率",
    "人均公共绿地面积变动率",
    "项目产出率",
    "建设成本节约率",
    "资金成本节约率",
    "运营成本节约率",
]


class TestDirections:
    """The common indicators carry their direction as data, and what is one by its name is read by it."""

    def test_which_indicators_have_which(self):
        by_name = {name: str(sign) for name, sign in common_directions().items()}
        quotes = str.maketrans("", "", "“”")
        expected = {name.translate(quotes): "≤" for name in LESS_IS_BETTER}
        expected |= {name.translate(quotes): "≥" for name in MORE_IS_BETTER}
        assert by_name == expected

    def test_each_direction_rests_on_something(self):
        for found in frameworks():
            directed = any(row.direction is not None for row in found.indicators)
            assert directed is (found.direction_grounds is not None), found.id

    def test_a_name_that_some_indicators_share_has_their_direction_only_if_they_agree(self):
        """Yueyang counts cases under 资金使用合规性; the checklists of that name count points met."""
        assert framework_indicator("irregular_uses_of_money").direction is pe.Comparator.AT_MOST
        assert common_direction("资金使用合规性") is None

    @pytest.mark.parametrize("name", LESS_IS_BETTER)
    @pytest.mark.parametrize("rules", pe.rule_sets(), ids=lambda rules: rules.id)
    def test_a_row_of_that_name_is_read_as_at_most(self, rules, name):
        """DESIGN: "by the indicator's name where the rules list names of which less is better"."""
        item = pe.Indicator(name, kind="output.quality", target="3%")
        names = [row.names for row in rules.unstated]
        expected = "≤" if "less_is_better" in names else "≥"
        assert str(rules.resolved(item.target, item.kind, item.name).comparator) == expected
        assert direction_of(item, rules) is Direction.DOWN

    @pytest.mark.parametrize("name", MORE_IS_BETTER)
    def test_a_row_of_that_name_is_better_higher(self, name):
        rules = pe.rule_set("cn-mof-2020-10")
        for written in (name, f"{name}（%）"):
            item = pe.Indicator(written, kind="output.quality", target="95%")
            assert str(rules.resolved(item.target, item.kind, item.name).comparator) == "≥"
            assert direction_of(item, rules) is Direction.UP

    def test_columns_read_them_so_too(self):
        rules, names = pe.rule_set("cn-mof-2020-10"), [*LESS_IS_BETTER, *MORE_IS_BETTER]
        rows = {"project_id": 1, "kind": "output.quality", "target": 4, "actual": 5, "weight": 10, "unit": "%"}
        scored = frames.score_indicators(pl.DataFrame([rows | {"indicator": name} for name in names]), rules)
        items = [pe.Indicator(name, kind="output.quality", target="4%", actual="5%", weight=10) for name in names]
        lines = pe.evaluate(pe.Project("甲", fiscal_year=2022, indicators=items), rules).lines[1:]
        assert scored["score_cents"].to_list() == [int(line.score * 100) for line in lines]
        assert {int(line.score) for line in lines} == {8, 10}

    def test_the_lists_do_not_repeat_the_frameworks(self):
        """One list: a common indicator's name stands in the frameworks only."""
        words = dict(shipped_table("comparators.toml"))["names"].data["less_is_better"]["words"].split()
        assert not set(words) & set(common_directions())

    def test_every_rule_set_scores_common_indicators_by_their_direction(self):
        for rules in pe.rule_sets():
            assert check_rule_set(rules) == (), rules.id

    def test_a_rule_against_the_direction_breaks_the_law(self):
        rules = pe.rule_set("cn-hn-yuhua-2022")
        row = next(row for row in rules.department if row.indicator == "staffing_control_rate")
        wrong = attrs.evolve(rules, department=(row._replace(rule=pe.ScoringRule.proportional()),))
        assert [str(fault) for fault in check_rule_set(wrong)] == [
            "department.staffing_control_rate.rule: less is better, but the share rises up to a measure of 1/1"
        ]
