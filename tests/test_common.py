"""Departmental and finance evaluation: annex 2 of 10号, special bonds, PPP; money by level of government."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.amounts import sum_of
from perfeval.evaluation.common import evaluate_common
from perfeval.evaluation.levels import execution_by_level
from perfeval.frameworks import framework, framework_indicator
from perfeval.pages import text
from perfeval.rulesets import WeightRule
from published_forms import project_of, published

ANNEX_2 = pe.rule_set("CN", fiscal_year=2022, scope="evaluation")
BONDS = pe.rule_set("CN-HA", fiscal_year=2022, scope="special_bonds_evaluation")
PPP = pe.rule_set("CN", fiscal_year=2022, scope="ppp_operation")


def found(rules=ANNEX_2, *, kind="finance_evaluation", indicators=(), **given):
    return evaluate_common(pe.Project("甲", fiscal_year=2022, indicators=indicators), rules, kind=kind, **given)


WEIGHTS = {
    "basis_sufficient": 10,
    "annex2_funding_availability_rate": 10,
    "annex2_execution_rate": 10,
    "annex2_completion_rate": 30,
    "annex2_effects": 40,
}
FIGURES = {"basis_sufficient": 4, "actual_expenditure": 90, "funds_received": 100, "actual_output": 48}
FIGURES |= {"planned_output": 50, "funds_planned": 100}
JUDGED = {
    "annex2_effects": pe.Judgement("achieved", share="0.9"),
    "annex2_funding_availability_rate": pe.Judgement(share=1),
}


class TestAnnex2:
    """10号第14条：产出、效益指标权重不低于60%；附件2：决策、过程、产出、效益共17项指标."""

    def test_all_17_can_be_weighed(self):
        assert [row.indicator for row in ANNEX_2.common] == [
            row.id for row in framework("cn-mof-2020-10-annex-2").indicators
        ]

    def test_scores(self):
        result = found(weights=WEIGHTS, figures=FIGURES, judgements=JUDGED)
        assert [line.score for line in result.lines] == [8, 10, 9, Decimal("28.80"), 36]
        assert (result.total, result.grade, result.kind) == (Decimal("91.80"), "excellent", "finance_evaluation")

    def test_the_projects_own_indicators_score_beside_them(self):
        own = pe.Indicator("管网", kind="output.quantity", target="≥50公里", actual="48公里", weight=60)
        result = found(indicators=[own], weights={"basis_sufficient": 40}, figures={"basis_sufficient": 5})
        assert [(line.name, line.score) for line in result.lines] == [
            ("basis_sufficient", 40),
            ("管网", Decimal("57.60")),
        ]
        assert result.total == Decimal("97.60")

    def test_less_than_60_for_output_and_benefit(self):
        weights = {"basis_sufficient": 41, "annex2_completion_rate": 59}
        result = found(weights=weights, figures=FIGURES)
        assert result.total == Decimal("89.44")
        assert (result.grade, result.grade_reason) == (None, pe.Reason.WEIGHT_RULE_BROKEN)
        assert "分值设置不符合规定：产出、效益（含满意度）指标权重合计不低于60%。" in result.explain("zh_CN")
        assert "不评定等级：分值设置不符合规定" in result.explain("zh_CN")

    def test_what_nobody_has_judged_has_no_score(self):
        result = found(weights=WEIGHTS, figures=FIGURES)
        assert [line.reason for line in result.lines if line.score is None] == [pe.Reason.NOT_JUDGED] * 2
        assert (result.total, result.partial_score) == (None, Decimal("45.80"))

    def test_a_figure_that_is_not_told_is_never_0(self):
        result = found(weights={"annex2_completion_rate": 100}, figures={"actual_output": 5})
        assert (result.lines[0].score, result.lines[0].reason) == (None, pe.Reason.AMOUNT_ABSENT)

    @given(met=st.integers(0, 5), weight=st.integers(0, 100))
    def test_each_point_earns_an_equal_share(self, met, weight):
        line = found(weights={"basis_sufficient": weight}, figures={"basis_sufficient": met}).lines[0]
        exact = Fraction(weight * met, 5)
        assert abs(Fraction(line.score) - exact) <= Fraction(1, 200)

    def test_whose_evaluation_it_is(self):
        assert found(weights={}, kind="departmental_evaluation").kind is pe.EvaluationKind.DEPARTMENTAL
        with pytest.raises(pe.ModelError) as caught:
            found(weights={}, kind="self_evaluation")
        assert str(caught.value) == (
            "cn-mof-2020-10-evaluation is for departmental_evaluation, finance_evaluation, got self_evaluation"
        )
        assert pe.evaluate(pe.Project("甲", fiscal_year=2022), pe.rule_set("cn-mof-2020-10")).kind == "self_evaluation"

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (
                {"weights": {"luck": 1}},
                "cn-mof-2020-13-ppp has no common indicator 'luck'; known are ppp_maintenance, ppp_operation",
            ),
            (
                {"weights": {}, "judgements": {"luck": pe.Judgement(share=1)}},
                "cn-mof-2020-13-ppp has no common indicator 'luck'; known are ppp_maintenance, ppp_operation",
            ),
            ({"weights": {}, "figures": {"luck": 1}}, "cn-mof-2020-13-ppp uses no figure 'luck'; known are none"),
        ],
    )
    def test_a_name_that_is_none(self, given, message):
        with pytest.raises(pe.ModelError) as caught:
            found(PPP, **given)
        assert str(caught.value) == message

    def test_a_float_is_refused(self):
        with pytest.raises(pe.AmountError):
            found(weights={"basis_sufficient": 0.5})

    def test_every_view_is_one_page(self):
        result = found(weights=WEIGHTS, figures=FIGURES, judgements=JUDGED)
        shown = text(result.page("zh_CN"))
        for line in result.explanation("zh_CN").assumptions:
            assert line in shown.replace("\n", "")
        assert result.to_dict("en")["kind"] == "finance_evaluation"


class TestBonds:
    """权重为整数；一级指标以0或5结尾且不低于15；产出＋效果 > 决策＋管理."""

    def broken(self, **weights):
        return [rule.text.en for rule in found(BONDS, weights=weights).broken]

    def test_weights_that_keep_every_rule(self):
        assert self.broken(bonds_basis=15, bonds_payment=15, bonds_assets_formed=50, bonds_revenue_match=20) == []

    def test_each_rule(self):
        parts = "every weight is a whole number"
        assert self.broken(bonds_basis=Decimal("15.5"), bonds_objective_set=Decimal("14.5"), bonds_quality=70) == [
            parts
        ]
        assert self.broken(bonds_basis=16, bonds_quality=84) == ["the weight of each level 1 ends in 0 or 5"]
        assert self.broken(bonds_basis=10, bonds_quality=90) == ["the weight of each level 1 is 15 or more"]
        assert self.broken(bonds_basis=50, bonds_quality=50) == [
            "output and effect weigh more than decision and management"
        ]

    def test_checklists_and_rates(self):
        result = found(
            BONDS,
            weights={"bonds_basis": 15, "bonds_time_saved": 10, "bonds_output_rate": 75},
            figures={"bonds_basis": 3, "actual_output": 8, "planned_output": 10},
            judgements={"bonds_time_saved": pe.Judgement(share=1)},
        )
        assert [line.score for line in result.lines] == [9, 10, 60]
        assert framework_indicator("bonds_operating_cost_saved").measure(
            {"planned_operating_cost": 10, "actual_operating_cost": 9}
        ) == pe.Ratio(1, 10)


class TestZhengzhou:
    """郑州：权重为整数，一级指标以0或5结尾且不低于15，产出＋效果 > 决策＋管理；等级印为整数界限."""

    RULES = pe.rule_set("410100", fiscal_year=2022, scope="evaluation")

    def test_the_rules_about_weights(self):
        broken = found(self.RULES, weights={"basis_sufficient": 35, "annex2_completion_rate": 65}).broken
        assert broken == ()
        broken = found(self.RULES, weights={"basis_sufficient": 42, "annex2_completion_rate": 58}).broken
        assert [rule.grounds.cites[0].source.id for rule in broken] == ["cn-mof-2020-10", "zhengzhou-measures"]

    def test_a_grade_between_whole_numbers(self):
        figures = {"actual_output": 895, "planned_output": 1000}
        result = found(self.RULES, weights={"annex2_completion_rate": 100}, figures=figures)
        assert (result.total, result.grade) == (Decimal("89.50"), "good")
        assert "界限印为整数" in result.explain("zh_CN")


class TestPpp:
    """产出指标权重不低于80%，其中运营和维护不低于60%；原则上80分以上全额付费."""

    def result(self, share, operation=60, maintenance=20):
        judged = pe.Judgement(share=share)
        own = pe.Indicator(
            "满意度", kind="satisfaction", target="≥90%", actual="90%", weight=100 - operation - maintenance
        )
        return found(
            PPP,
            indicators=[own],
            weights={"ppp_operation": operation, "ppp_maintenance": maintenance},
            judgements={"ppp_operation": judged, "ppp_maintenance": judged},
        )

    @pytest.mark.parametrize(("share", "total", "full"), [(1, 100, True), ("0.75", 80, True), ("0.74", "79.20", False)])
    def test_payment(self, share, total, full):
        result = self.result(share)
        assert (result.total, result.full_payment) == (Decimal(total), full)
        notice = "总分达到80分，原则上应全额付费。" if full else "总分未达到80分，不符合全额付费条件。"
        assert notice in result.explain("zh_CN")

    def test_the_weights(self):
        assert self.result(1).broken == ()
        assert [rule.at_least for rule in self.result(1, 40, 19).broken] == [80, 60]

    def test_self_evaluation_knows_no_payment(self):
        assert found(ANNEX_2, weights={"annex2_effects": 100}).full_payment is None


class TestTransfers:
    """转移支付区域绩效：按政府级次列预算数、执行数、B/A."""

    def level(self, source, budget, spent, **more):
        return pe.FundingLine(source, breakdown="level", adjusted_budget=budget, actual_expenditure=spent, **more)

    def rates(self, *rows):
        project = pe.Project("甲", fiscal_year=2022, funding=rows)
        return [(row.level.value, row.rate) for row in execution_by_level(project)]

    def test_each_level_over_its_own_budget(self):
        rows = [self.level("central", 60, 45), self.level("county", 30, 30), self.level("county", 10, 0)]
        assert self.rates(*rows) == [("central", Decimal("0.75")), ("county", Decimal("0.75"))]

    def test_parts_and_other_breakdowns_are_not_added(self):
        source = pe.FundingLine("appropriation", adjusted_budget=60, actual_expenditure=45)
        part = self.level("central", 10, 10, part_of="中央资金")
        assert self.rates(self.level("central", 60, 45), source, part) == [("central", Decimal("0.75"))]

    @pytest.mark.parametrize(("budget", "spent"), [(0, 0), (None, 5), (5, None), (-5, 5), (5, -5)])
    def test_no_rate(self, budget, spent):
        assert self.rates(self.level("central", budget, spent)) == [("central", None)]

    def test_a_published_form(self):
        """大气污染防治资金 (咸宁 2021): nothing was spent; 871 + 0 + 1509.91 = 2380.91."""
        found = execution_by_level(project_of(published()["extra-hubei-2021-xianning-daqi"]))
        assert sum_of([row.budget for row in found]) == pe.wan("2380.91")
        assert {row.rate for row in found if row.budget} == {0}


class TestWeightRules:
    @pytest.mark.parametrize(
        ("table", "fault"),
        [
            ({}, "weight_rules[0]: expected one of each, kinds and indicators"),
            ({"each": "row", "at_least": 1}, "weight_rules[0].each: expected indicator or level1, got 'row'"),
            (
                {"kinds": ["output"], "multiple_of": 0},
                "weight_rules[0]: expected at_least, multiple_of above 0 or more_than",
            ),
        ],
    )
    def test_a_faulty_one(self, tmp_path, table, fault):
        rows = "".join(f"{key} = {value!r}\n" for key, value in table.items())
        source = Path("src/perfeval/data/rulesets/cn-mof-2020-10.toml").read_text(encoding="utf-8")
        words = 'text = { zh_CN = "甲", en = "a" }\nassumption = { zh_CN = "甲", en = "a" }\n'
        path = tmp_path / "x.toml"
        path.write_text(f"{source}\n[[weight_rules]]\n{words}{rows}", encoding="utf-8")
        with pytest.raises(pe.RuleSetError) as caught:
            pe.RuleSet.from_toml(path)
        assert fault in [str(each) for each in caught.value.exceptions]

    def test_a_sum_of_nothing_is_0(self):
        rule = WeightRule(ANNEX_2.title, ANNEX_2.grounds, kinds=(pe.IndicatorKind.OUTPUT,), at_least=Decimal(1))
        assert not rule.keeps([])
