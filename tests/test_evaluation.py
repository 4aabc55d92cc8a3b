from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from decimal import Decimal

import attrs
import pytest

import perfeval as pe
from perfeval import Reason, wan
from perfeval.evaluation.pages import points_cell
from perfeval.pages import ColumnKind, Table

RULES = pe.rule_set("cn-mof-2020-10")


def project(*indicators, **given):
    return pe.Project("项目", fiscal_year=2022, indicators=indicators, **given)


def line(**given):
    """The line of one indicator."""
    return pe.evaluate(project(pe.Indicator("甲", **({"weight": 10} | given))), RULES).lines[1]


def money(**given):
    """The execution line of a project with this money."""
    return pe.evaluate(project(**given), RULES).lines[0]


class TestTheExampleOfTheReadme:
    PROJECT = pe.Project(
        "排水改造",
        fiscal_year=2022,
        funding=[
            pe.FundingLine(
                "appropriation",
                original_budget=wan(90),
                adjusted_budget=wan("89.974"),
                actual_expenditure=wan("89.974"),
            )
        ],
        indicators=[
            pe.Indicator("改造管网长度", kind="output.quantity", target="≥50公里", actual="48公里", weight=50),
            pe.Indicator(
                "管网运行改善",
                kind="benefit.social",
                target="明显改善",
                actual=pe.Judgement("achieved", share="0.95"),
                weight=30,
            ),
            pe.Indicator("居民满意度", kind="satisfaction", target="≥90%", actual="93%", weight=10),
        ],
    )

    def test_lines_total_and_grade(self):
        result = pe.evaluate(self.PROJECT, RULES)
        assert [(x.label("zh_CN"), str(x.score)) for x in result.lines] == [
            ("预算执行率", "10.00"),
            ("改造管网长度", "48.00"),
            ("管网运行改善", "28.50"),
            ("居民满意度", "10.00"),
        ]
        assert str(result.total) == "96.50"
        assert result.grade == "excellent"
        assert result.execution_rate == 1
        assert result.basis is pe.BudgetBasis.ADJUSTED

    def test_explained_in_chinese(self):
        assert pe.evaluate(self.PROJECT, RULES).explain("zh_CN") == (
            "排水改造（2022年度）绩效自评得分情况\n"
            "依据：财预〔2020〕10号 项目支出绩效自评（cn-mof-2020-10）\n"
            "\n"
            "预算执行率（全年执行数÷全年预算数）100.00%，得分：10 × 89.974 ÷ 89.974 = 10.00〔财预〔2020〕10号第13条；公开的自评表及填表说明〕\n"
            "产出指标·数量指标“改造管网长度”：年度指标值≥50公里，实际完成值48公里，得分：50 × 48 ÷ 50 = 48.00〔财预〔2020〕10号第16条〕\n"
            "效益指标·社会效益指标“管网运行改善”：年度指标值明显改善，实际完成值达成年度指标 95%，得分：30 × 0.95 = 28.50〔财预〔2020〕10号第16条〕\n"
            "满意度指标“居民满意度”：年度指标值≥90%，实际完成值93%，得分：93 ÷ 90 > 1 → 10 × 1 = 10.00〔财预〔2020〕10号第16条〕\n"
            "\n"
            "总分96.50分，评价等级为“优”〔财预〔2020〕10号第18条〕\n"
            "\n"
            "文件未作规定，按以下方式处理：\n"
            "- 附件1未印公式；按公开表格的做法，预算执行率＝全年执行数÷全年预算数。\n"
            "- 办法未规定预算执行率如何计分；按公开表格的做法，得分＝分值×执行率，不超过分值。\n"
            "- 办法未规定小数位数；按四舍五入保留两位小数。"
        )

    @pytest.mark.parametrize(
        ("target", "actual", "formula"),
        [("≥1小时", "50分钟", "10 × 50 ÷ 60 = 8.33"), ("1~2小时", "100分钟", "60 ≤ 100 ≤ 120 → 10 × 1 = 10.00")],
    )
    def test_a_formula_shows_both_figures_in_one_unit(self, target, actual, formula):
        indicator = pe.Indicator("课时", kind="output.quantity", target=target, actual=actual, weight=10)
        assert f"得分：{formula}" in pe.evaluate(project(indicator), RULES).explain("zh_CN")

    def test_each_line_has_its_indicator(self):
        result = pe.evaluate(self.PROJECT, RULES)
        assert [line.indicator for line in result.lines] == [None, *self.PROJECT.indicators]

    def test_figures_stand_to_the_right(self):
        page = pe.evaluate(self.PROJECT, RULES).page("zh_CN")
        [table] = [block for block in page.blocks if isinstance(block, Table) and block.columns[-1].title == "计算过程"]
        right = [column.title for column in table.columns if column.kind is ColumnKind.FIGURE]
        assert right == ["分值", "得分", "填报得分"]

    @pytest.mark.parametrize(
        ("score", "degree"), [("12", 0), ("13", 0), ("11.99", 1), ("9", 25), ("0", 100), ("-1", 100)]
    )
    def test_what_was_lost_is_set_apart_by_how_much(self, score, degree):
        assert points_cell(score, Decimal(score), Decimal(12)).degree == degree

    def test_as_data(self):
        result = pe.evaluate(self.PROJECT, RULES)
        assert result.rows()[1] == {
            "kind": "output.quantity",
            "name": "改造管网长度",
            "target": "≥50公里",
            "actual": "48公里",
            "weight": 50,
            "measure": Decimal("0.96"),
            "share": Decimal("0.96"),
            "score": Decimal("48.00"),
            "stated_score": None,
            "formula": "50 × 48 ÷ 50",
            "reason": None,
            "cites": "cn-mof-2020-10#16",
        }
        table = result.to_dict()
        assert table["total"] == "96.50"
        assert table["lines"][0]["share"] == "1"
        assert table["grade"] == "excellent"

    @pytest.mark.parametrize("language", ["C", "zh_CN.UTF-8", "de_DE.UTF-8"])
    def test_the_environments_language_changes_nothing(self, language):
        code = "import perfeval as pe; print(pe.evaluate(pe.load('examples/qinghe-2022.toml'), pe.rule_set('CN', fiscal_year=2022)).explain())"
        environment = os.environ | {"LANG": language, "LC_ALL": language, "PYTHONUTF8": "1"}
        found = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True
        ).stdout.decode()
        here = pe.evaluate(pe.load("examples/qinghe-2022.toml"), RULES).explain("zh_CN")
        assert found.rstrip("\r\n").replace("\r", "") == here


class TestExecutionRate:
    """Annex 1: 全年执行数 over 全年预算数, by the total row, else by the rows of one breakdown."""

    ROWS = (
        pe.FundingLine("appropriation", adjusted_budget=wan(60), actual_expenditure=wan(45)),
        pe.FundingLine("carry_over", adjusted_budget=wan(20), actual_expenditure=wan(15)),
    )

    def test_the_rows_of_one_breakdown_are_added(self):
        found = money(funding=self.ROWS)
        assert (found.score, found.item.budget_from, found.item.spent_from) == (Decimal("7.50"), "source", "source")

    def test_the_total_row_comes_first(self):
        stated = pe.Stated(funding_total=pe.FundingTotal(adjusted_budget=wan(100), actual_expenditure=wan(60)))
        found = money(funding=self.ROWS, stated=stated)
        assert (found.score, found.item.budget_from) == (Decimal("6.00"), "total")

    def test_新洲_2020_total_row_without_expenditure(self):
        stated = pe.Stated(funding_total=pe.FundingTotal(adjusted_budget=wan(30)))
        found = money(
            funding=[pe.FundingLine("appropriation", adjusted_budget=wan(30), actual_expenditure=wan(30))],
            stated=stated,
        )
        assert (found.score, found.item.budget_from, found.item.spent_from) == (Decimal("10.00"), "total", "source")

    def test_two_breakdowns_are_never_added(self):
        by_level = pe.FundingLine("county", breakdown="level", adjusted_budget=wan(80), actual_expenditure=wan(60))
        assert money(funding=[by_level, *self.ROWS]).score == Decimal("7.50")

    def test_rows_within_a_row_are_not_added(self):
        within = pe.FundingLine("central", part_of="当年财政拨款", adjusted_budget=wan(30), actual_expenditure=wan(5))
        assert money(funding=[*self.ROWS, within]).score == Decimal("7.50")

    def test_a_row_with_a_budget_and_a_blank_expenditure_is_not_zero(self):
        found = money(funding=[*self.ROWS, pe.FundingLine("other", adjusted_budget=wan(20))])
        assert (found.score, found.reason) == (None, Reason.AMOUNT_ABSENT)

    def test_a_blank_row_is_nothing(self):
        assert money(funding=[*self.ROWS, pe.FundingLine("other")]).score == Decimal("7.50")
        assert money(funding=[*self.ROWS, pe.FundingLine("other", adjusted_budget=0)]).score == Decimal("7.50")

    @pytest.mark.parametrize(
        "funding",
        [
            [pe.FundingLine(adjusted_budget=0, actual_expenditure=0)],
            [pe.FundingLine(adjusted_budget=0)],
        ],
    )
    def test_without_a_budget_the_line_leaves_the_total(self, funding):
        result = pe.evaluate(
            project(pe.Indicator("甲", target="≥5个", actual="5个", weight=90), funding=funding), RULES
        )
        assert result.lines[0].reason is Reason.NO_BUDGET
        assert not result.lines[0].applicable
        assert (result.execution_rate, result.total, result.grade) == (None, 90, None)
        assert result.grade_reason is Reason.NO_BUDGET
        assert "没有预算数，无法计算执行率" in result.explain("zh_CN")

    @pytest.mark.parametrize("treatment", ["full", "zero"])
    def test_other_rules_may_give_all_or_nothing(self, treatment):
        rules = attrs.evolve(
            RULES, execution=attrs.evolve(RULES.execution, no_budget=type(RULES.execution.no_budget)(treatment))
        )
        without = project(funding=[pe.FundingLine(adjusted_budget=0)])
        found = pe.evaluate(without, rules).lines[0]
        assert found.score == (10 if treatment == "full" else 0)
        assert found.formula == ("10 × 1" if treatment == "full" else "10 × 0")
        assert pe.evaluate(without, rules).total == found.score

    @pytest.mark.parametrize("treatment", ["full", "zero", "not_applicable", "without_weight"])
    @pytest.mark.parametrize(
        ("funding", "words", "english"),
        [
            ((), "未填报全年预算数、全年执行数", "not told: Adjusted budget, Actual expenditure"),
            (
                [pe.FundingLine(original_budget=5, actual_expenditure=5)],
                "未填报全年预算数",
                "not told: Adjusted budget",
            ),
            ([pe.FundingLine(adjusted_budget=5)], "未填报全年执行数", "not told: Actual expenditure"),
        ],
    )
    def test_money_that_is_not_told_is_no_budget_of_zero_in_any_rule_set(self, treatment, funding, words, english):
        rules = attrs.evolve(
            RULES, execution=attrs.evolve(RULES.execution, no_budget=type(RULES.execution.no_budget)(treatment))
        )
        told = pe.Indicator("甲", target="≥5个", actual="5个", weight=90)
        result = pe.evaluate(project(told, funding=funding), rules)
        assert (result.lines[0].score, result.lines[0].reason) == (None, Reason.AMOUNT_ABSENT)
        assert (result.total, result.total_reason, result.partial_score) == (None, Reason.LINE_UNSCORED, 90)
        assert words in result.explain("zh_CN")
        assert "没有预算" not in result.explain("zh_CN")
        assert english in result.explain("en")

    def test_a_row_is_part_of_another_row(self):
        with pytest.raises(pe.ModelError) as caught:
            pe.FundingLine(label="财政拨款", part_of="财政拨款")
        assert str(caught.value) == "part_of: expected the label of another row, got its own, '财政拨款'"
        head, part = pe.FundingLine(label="财政拨款"), pe.FundingLine(label="中央", part_of="财政资金")
        with pytest.raises(pe.ModelError) as caught:
            project(funding=[head, part])
        message = "funding[1].part_of: expected the label of a row (财政拨款, 中央), got '财政资金'"
        assert str(caught.value) == message
        project(funding=[head, part], excerpt=True)
        project(funding=[head, part], stated=pe.Stated(funding_total=pe.FundingTotal(adjusted_budget=5)))
        ring = [pe.FundingLine(label="甲", part_of="乙"), pe.FundingLine(label="乙", part_of="甲")]
        with pytest.raises(pe.ModelError) as caught:
            project(funding=ring)
        assert str(caught.value) == "funding[0].part_of: '乙' is part of itself"

    def test_overspent_earns_the_weight(self):
        found = money(funding=[pe.FundingLine(adjusted_budget=80, actual_expenditure=100)])
        assert (found.score, found.formula) == (10, "0.0100 ÷ 0.0080 > 1 → 10 × 1")

    def test_a_negative_amount_loads_and_is_unscored(self):
        found = money(funding=[pe.FundingLine(adjusted_budget=80, actual_expenditure=-1)])
        assert (found.score, found.reason) == (None, Reason.AMOUNT_NEGATIVE)
        found = money(
            funding=[
                pe.FundingLine(adjusted_budget=80, actual_expenditure=-1),
                pe.FundingLine(adjusted_budget=80, actual_expenditure=70),
            ]
        )
        assert (found.score, found.reason) == (None, Reason.AMOUNT_NEGATIVE)

    def test_the_forms_own_weight_is_never_used(self):
        stated = pe.Stated(execution_weight=20, execution_rate="100%", execution_score=20)
        assert money(funding=self.ROWS, stated=stated).score == Decimal("7.50")


class TestWhatCannotBeComputed:
    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({"target": "≥5个"}, Reason.ACTUAL_ABSENT),
            ({"actual": "5个"}, Reason.TARGET_ABSENT),
            ({"target": "≥5个", "actual": "5个", "weight": None}, Reason.WEIGHT_ABSENT),
            ({"target": "≥5个", "actual": "5个", "weight": -1}, Reason.WEIGHT_NEGATIVE),
            ({"target": "≥5个", "actual": "5次"}, Reason.UNITS_DIFFER),
            ({"target": "≥5个", "actual": "大体推进"}, Reason.WORDS_NOT_READ),
            ({"target": "明显改善", "actual": "有所改善"}, Reason.WORDS_NOT_READ),
            ({"target": "明显改善", "actual": "5个"}, Reason.NOT_COMPARABLE),
            ({"target": "=5个", "actual": "6个"}, Reason.EQUAL_EXCEEDED),
            ({"target": "≤0起", "actual": "1起"}, Reason.ZERO_TARGET),
            ({"target": pe.Between(1, 2), "actual": "3"}, Reason.OUTSIDE_RANGE),
            ({"target": dt.date(2022, 6, 30), "actual": dt.date(2022, 7, 1)}, Reason.LATE),
            ({"target": "≥25项", "actual": ">20项"}, Reason.BOUND_UNDECIDED),
            ({"target": "好", "actual": pe.Judgement("partly_achieved")}, Reason.TIER_WITHOUT_SHARE),
            ({"target": "好", "actual": pe.Judgement("achieved", share="0.5")}, Reason.SHARE_OUTSIDE_TIER),
        ],
    )
    def test_has_no_score_and_says_why(self, given, reason):
        found = line(**given)
        assert (found.score, found.share, found.reason) == (None, None, reason)

    def test_a_zero_actual_is_a_score(self):
        assert line(target="≥5个", actual="0个").score == 0

    def test_a_total_with_a_hole_is_none(self):
        result = pe.evaluate(
            project(
                pe.Indicator("甲", target="≥5个", weight=90),
                funding=[pe.FundingLine(adjusted_budget=5, actual_expenditure=5)],
            ),
            RULES,
        )
        assert (result.total, result.grade) == (None, None)
        assert result.total_reason is result.grade_reason is Reason.LINE_UNSCORED
        assert result.partial_score == 10
        assert [x.label("en") for x in result.unscored] == ["甲"]
        assert "No total: a line has no score; the lines that have a score add to 10.00" in result.explain("en")

    def test_doubled_indicators_are_both_unscored(self):
        twice = pe.Indicator("甲", kind="output.quantity", target="≥5个", actual="5个", weight=40)
        other = attrs.evolve(twice, target="≥6个")
        lines = pe.evaluate(project(twice, other, attrs.evolve(twice, weight=50)), RULES).lines
        assert [x.reason for x in lines[1:]] == [Reason.DOUBLED_INDICATOR, None, Reason.DOUBLED_INDICATOR]

    def test_weights_that_do_not_add_up_have_a_total_and_no_grade(self):
        result = pe.evaluate(
            project(
                pe.Indicator("甲", target="≥5个", actual="5个", weight=100),
                funding=[pe.FundingLine(adjusted_budget=5, actual_expenditure=5)],
            ),
            RULES,
        )
        assert (result.total, result.grade, result.grade_reason) == (110, None, Reason.WEIGHTS_DO_NOT_ADD_UP)

    def test_of_an_excerpt_nothing_is_concluded(self):
        result = pe.evaluate(project(pe.Indicator("甲", target="≥5个", actual="5个", weight=90), excerpt=True), RULES)
        assert (result.total, result.grade, result.total_reason) == (None, None, Reason.EXCERPT)
        assert result.partial_score == 90

    def test_the_range_of_a_tier_is_told(self):
        result = pe.evaluate(
            project(pe.Indicator("甲", target="好", actual=pe.Judgement("partly_achieved"), weight=90)), RULES
        )
        assert "只评定了完成档次，未评定得分比例（该档得分比例为60%至80%）" in result.explain("zh_CN")


class TestAssumptions:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("cn-gx-platform", "The system does not tell a first year; taken from fiscal year 2022 on."),
            ("cn-yn-shidian-2021", "The form is of 2021; taken to hold on until another is known."),
        ],
    )
    def test_the_first_year_is_one_where_no_document_read_in_full_tells_it(self, name, text):
        example = TestTheExampleOfTheReadme.PROJECT
        assert text in pe.evaluate(example, pe.rule_set(name)).explain("en")
        assert "taken from fiscal year 2020 on" not in pe.evaluate(example, RULES).explain("en")

    """What the texts leave open is decided by the rule set, and shown."""

    @pytest.mark.parametrize(
        ("kind", "target", "actual", "expected"),
        [
            ("output.quantity", "50件", "40件", "8.00"),
            ("output.cost", "50元", "40元", "10.00"),
            ("cost.economic", "40元", "50元", "8.00"),
            (None, "50件", "60件", "10.00"),
        ],
    )
    def test_a_target_without_a_comparator_is_read_by_its_kind(self, kind, target, actual, expected):
        found = line(kind=kind, target=target, actual=actual)
        assert str(found.score) == expected
        assert found.target.comparator in "≥≤"
        # The form is shown with what it prints, never with a sign that we put there.
        assert str(found.target) == target
        assert found.item.target.comparator is pe.Comparator.UNSTATED

    @pytest.mark.parametrize(
        ("words", "score"), [("达成预期指标", 10), ("达成年度指标", 10), ("部分达成预期指标", None)]
    )
    def test_words_for_a_number_are_the_tier_they_claim(self, words, score):
        assert line(target="≥90%", actual=words).score == score

    def test_words_repeated_claim_that_the_target_is_achieved(self):
        result = pe.evaluate(project(pe.Indicator("甲", target="及时", actual="及时", weight=90)), RULES)
        assert result.lines[1].score == 90
        assert "实际完成值照抄文字指标值的，视为自评“达成年度指标”。" in result.assumptions("zh_CN")

    def test_only_those_that_were_used_are_shown(self):
        result = pe.evaluate(project(pe.Indicator("甲", target="≥5个", actual="5个", weight=90)), RULES)
        assert len(result.assumptions("en")) == 3

    def test_a_rule_set_may_give_a_share_where_there_is_no_measure(self):
        from perfeval.cited import Grounds
        from perfeval.rulesets import Unmet

        rules = attrs.evolve(RULES, unmet=(Unmet(Reason.LATE, Decimal("0.5"), Grounds((), None)),))
        late = pe.Indicator("甲", target=dt.date(2022, 6, 30), actual=dt.date(2022, 7, 1), weight=10)
        found = pe.evaluate(project(late), rules).lines[1]
        assert (found.score, found.formula, found.reason) == (5, "10 × 0.5", Reason.LATE)


class TestOtherMeasures:
    """101号's satisfaction looks at the figure itself; others at the deviation."""

    @pytest.mark.parametrize(
        ("measure", "rule", "target", "actual", "score", "formula"),
        [
            (
                "actual",
                pe.ScoringRule.steps([("≥", "0.9", 10), ("≥", "0.8", 8)], scale=10),
                "≥95%",
                "89%",
                "8.00",
                "0.8 ≤ 89 ÷ 100 < 0.9 → 10 × 8 ÷ 10",
            ),
            (
                "deviation",
                pe.ScoringRule.deduction(above=0, per="0.1", points=1, scale=10, pro_rata=True),
                "≥50个",
                "40个",
                "8.00",
                "10 × (1 − (|40 − 50| ÷ 50 − 0) ÷ 0.1 × 1 ÷ 10)",
            ),
            (
                "excess",
                pe.ScoringRule.steps([("≤", "0.3", 1)]),
                "≥50个",
                "70个",
                "0.00",
                "0.3 < (70 − 50) ÷ 50 → 10 × 0",
            ),
            (
                "achievement",
                pe.ScoringRule.with_pass_mark(pass_mark="0.6"),
                "≥100个",
                "80个",
                "5.00",
                "10 × (80 ÷ 100 − 0.6) ÷ (1 − 0.6)",
            ),
        ],
    )
    def test_measure_and_formula(self, measure, rule, target, actual, score, formula):
        from test_laws import value_of

        method = RULES.methods[0]._replace(measure=type(RULES.methods[0].measure)(measure), rule=rule)
        indicator = pe.Indicator("甲", target=target, actual=actual, weight=10)
        found = pe.evaluate(project(indicator), attrs.evolve(RULES, methods=(method,))).lines[1]
        assert (str(found.score), found.formula) == (score, formula)
        assert value_of(formula) == found.score

    def test_the_complement_form(self):
        method = RULES.methods[1]._replace(inverse=pe.Inverse.COMPLEMENT)
        indicator = pe.Indicator("甲", target="≤10个", actual="15个", weight=10)
        found = pe.evaluate(project(indicator), attrs.evolve(RULES, methods=(method,))).lines[1]
        assert (str(found.score), found.formula) == ("5.00", "10 × (1 − (15 − 10) ÷ 10)")

    def test_a_rounded_ratio_is_shown_rounded(self):
        rules = attrs.evolve(RULES, rounding=pe.Rounding(ratio_digits=2))
        indicator = pe.Indicator("甲", target="≥3个", actual="2个", weight=10)
        found = pe.evaluate(project(indicator), rules).lines[1]
        assert (str(found.score), found.formula) == ("6.70", "10 × round(2 ÷ 3, 2)")


class TestAdjustments:
    """Art. 16: a clearly exceeded target may be marked down, by a person, with a reason."""

    def test_signed_points_with_their_source(self):
        full = pe.Indicator("甲", target="≥5个", actual="50个", weight=90)
        spent = pe.FundingLine(adjusted_budget=5, actual_expenditure=5)
        result = pe.evaluate(
            project(full, funding=[spent]), RULES, adjustments=[pe.Adjustment("指标值明显偏低", "-2", "评审组意见")]
        )
        assert (result.total, result.grade) == (98, "excellent")
        assert "总分调整：指标值明显偏低，-2分〔评审组意见〕" in result.explain("zh_CN")
        assert result.to_dict()["adjustments"] == [{"label": "指标值明显偏低", "points": "-2", "source": "评审组意见"}]

    @pytest.mark.parametrize(
        ("points", "total", "held"),
        [(5, 100, "-5"), ("0.01", 100, "-0.01"), (-100, 0, None), (-101, 0, "1"), (-200, 0, "100"), (-3, 97, None)],
    )
    def test_a_total_never_leaves_0_to_100(self, points, total, held):
        full = pe.Indicator("甲", target="≥5个", actual="50个", weight=90)
        spent = pe.FundingLine(adjusted_budget=5, actual_expenditure=5)
        given = pe.Adjustment("评审", points, "评审组意见")
        result = pe.evaluate(project(full, funding=[spent]), RULES, adjustments=[given])
        assert result.total == total
        assert [a.points for a in result.adjustments[1:]] == ([] if held is None else [Decimal(held)])
        assert sum(line.score for line in result.lines) + sum(a.points for a in result.adjustments) == total

    def test_the_line_that_holds_it_says_so(self):
        full = pe.Indicator("甲", target="≥5个", actual="50个", weight=90)
        spent = pe.FundingLine(adjusted_budget=5, actual_expenditure=5)
        result = pe.evaluate(
            project(full, funding=[spent]), RULES, adjustments=[pe.Adjustment("评审", 5, "评审组意见")]
        )
        text = result.explain("zh_CN")
        assert "总分调整：总分以100分为限，-5.00分〔文件未作规定〕" in text
        assert "- 文件未规定加分后总分的上限，以满分100分为限。" in text

    def test_what_the_weights_exceed_is_not_held(self):
        much = pe.Indicator("甲", target="≥5个", actual="50个", weight=100)
        spent = pe.FundingLine(adjusted_budget=5, actual_expenditure=5)
        result = pe.evaluate(project(much, funding=[spent]), RULES, adjustments=[pe.Adjustment("评审", -2, "意见")])
        assert (result.total, len(result.adjustments)) == (108, 1)

    def test_what_a_line_that_left_takes_with_it(self):
        full = pe.Indicator("甲", target="≥5个", actual="50个", weight=90)
        without = project(full, funding=[pe.FundingLine(adjusted_budget=0)])
        assert "总分90.00分（满分90分），不评定等级：没有预算数" in pe.evaluate(without, RULES).explain("zh_CN")


class TestHtml:
    def test_what_the_form_says_is_escaped(self):
        evil = "<script>alert(1)</script>"
        indicator = pe.Indicator(evil, target=evil, actual=evil, weight=1, deviation_reason=evil)
        html = pe.evaluate(
            pe.Project(evil, fiscal_year=2022, indicators=[indicator], implementing_unit=evil), RULES
        )._repr_html_()
        assert "<script" not in html
        assert html.count("&lt;script&gt;") >= 5

    def test_the_points_that_the_form_prints_stand_beside_the_computed(self):
        page = pe.evaluate(pe.load("examples/qinghe-2022.toml"), RULES).page("zh_CN")
        [table] = [block for block in page.blocks if isinstance(block, Table) and block.columns[-1].title == "计算过程"]
        beside = [(row[-3].text, row[-2].text) for row in table.rows]
        assert beside[:3] == [("9.66", "9.66"), ("14.40", "14.4"), ("5.00", "5")]
        assert [cell.text for cell in table.rows[-1]] == ["总分", "95.01", "95.01", ""]

    def test_the_form_as_people_know_it(self):
        html = pe.evaluate(pe.load("examples/qinghe-2022.toml"), RULES)._repr_html_()
        for words in (
            "项目支出绩效自评表（2022年度）",
            "项目资金（万元）",
            "年度资金总额",
            "三级指标",
            "1111.245",
            "95.01",
        ):
            assert words in html


def test_an_unknown_locale():
    with pytest.raises(pe.LocaleNotFoundError) as caught:
        pe.evaluate(project(), RULES).explain("fr")
    assert str(caught.value) == "expected a locale (zh_CN, en), got 'fr'"


class TestCitations:
    @pytest.mark.parametrize(("locale", "empty"), [("zh_CN", "〔〕"), ("en", "[]")])
    def test_none_is_empty(self, locale, empty):
        """A line that no method covers has nothing to cite."""
        project = pe.Project("甲", fiscal_year=2022, indicators=[pe.Indicator("乙", target="≥5个", weight=10)])
        assert empty not in pe.evaluate(project, pe.rule_set("cn-mof-2020-10")).explain(locale)
