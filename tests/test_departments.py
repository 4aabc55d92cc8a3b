from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
import perfeval as pe
import strategies
from perfeval import wan
from perfeval.evaluation.pages import projects_table
from perfeval.rates import departments as rates
from perfeval.rates import projects as project_rates

RULES = pe.rule_set("cn-mof-2020-10")


def complete_project(name, budget, spent, actual):
    """A project of 90 points for one indicator, and its money."""
    return pe.Project(
        name,
        fiscal_year=2022,
        self_evaluated=True,
        funding=[pe.FundingLine("appropriation", adjusted_budget=budget, actual_expenditure=spent)],
        indicators=[pe.Indicator("甲", kind="output.quantity", target="≥100个", actual=f"{actual}个", weight=90)],
    )


COMPLETE = st.builds(
    complete_project, strategies.NAMES, st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 150)
)
DEPARTMENTS = st.lists(COMPLETE, min_size=1, max_size=5).map(
    lambda projects: pe.Department("部门", fiscal_year=2022, projects=projects)
)


class TestLaoting2022:
    """The county report behind this library: stated 6 projects, 100 %, 79 and 65.63; five listed, of 76."""

    REPORT = pe.load("examples/laoting-2022.toml")
    RESULT = pe.evaluate(REPORT, pe.rule_set(REPORT.place, fiscal_year=REPORT.fiscal_year))

    def test_what_is_stated_stays_as_stated(self):
        stated = self.REPORT.stated
        assert (stated.evaluated_projects, stated.coverage_rate) == (6, 1)
        assert (stated.budget, stated.actual_expenditure) == (wan(79), wan("65.63"))
        assert stated.execution_rate is None

    def test_the_rate_of_two_stated_figures_is_labelled_as_such(self):
        assert self.RESULT.stated_execution_rate == Decimal("0.8307594936708860759493670886075949")
        assert "- 预算执行率（按报告载明的两数计算，报告未列）：83.08%" in self.RESULT.explain("zh_CN")

    def test_the_listed_amounts_are_neither_budget_nor_outturn(self):
        assert [p.stated.amount for p in self.REPORT.projects] == [wan(n) for n in (40, 8, 12, 6, 10)]
        assert self.RESULT.listed_amount == wan(76)
        assert self.RESULT.coverage.projects == 5
        assert all(one.execution.budget is None for one in self.RESULT.projects)

    def test_what_the_report_does_not_say_is_not_known(self):
        result = self.RESULT
        assert (result.coverage.evaluated, result.coverage.rate, result.coverage.budget_rate) == (None, None, None)
        assert (result.money.budget, result.money.actual_expenditure, result.money.rate) == (None, None, None)
        assert (result.mean_score, result.weighted_mean_score, result.partial_mean_score) == (None, None, None)
        assert [gap.what for gap in result.gaps] == ["evaluated", "budget", "actual_expenditure", "total"]
        assert result.ungraded == 5
        assert {one.total_reason for one in result.projects} == {pe.Reason.NOTHING_SCORED}

    def test_a_project_without_money_total_and_grade_has_dashes_and_the_reason(self):
        first, *_ = projects_table(self.RESULT, "zh_CN").rows
        assert [cell.text for cell in first] == ["人代会经费", "40", "—", "—", "—", "—", "各项均无法计分"]

    def test_each_gap_as_data_names_its_projects(self):
        names = [project.name for project in self.REPORT.projects]
        table = self.RESULT.to_dict()
        assert table["mean_score"] is None
        assert table["gaps"][1] == {"what": "budget", "projects": names}
        assert len(table["gaps"]) == len(self.RESULT.gaps)

    def test_the_work_reported_has_figures_and_no_targets(self):
        rows = {row.name: row for project in self.REPORT.projects for row in project.indicators}
        assert all(row.target is None and row.weight is None for row in rows.values())
        assert rows["大会决议"].actual == pe.Quantity(6, "项")
        assert str(rows["大会决议"].actual) == "六项"
        assert rows["整理代表意见、建议"].actual == pe.Quantity(20, "项", "more_than")
        assert rows["参加培训人员"].actual.bound is pe.Bound.MORE_THAN
        assert rows["开始日期"].actual == pe.Completion(dt.date(2022, 4, 21))
        assert rows["每月食宿费用"].actual == pe.Quantity("2.5", "万元")

    def test_the_common_indicators_are_claims_without_weight(self):
        claims = {claim.indicator: claim.words for claim in self.REPORT.claims}
        assert claims["项目质量可控性"] == "项目质量可控"
        assert claims["社会公众满意度"] == "非常高"
        assert all(claim.judgement is None for claim in self.REPORT.claims)

    def test_sections_with_their_source(self):
        report = self.REPORT
        passages = [report.organisation, report.overall_objective, report.target_quality, report.rectification]
        assert [passage.source for passage in [*passages, report.use_of_results]] == ["一", "三", "三", "四", "四"]

    def test_no_python_knows_its_numbers(self):
        from pathlib import Path

        for path in Path("src").rglob("*.py"):
            code = path.read_text(encoding="utf-8")
            assert "乐亭" not in code
            assert "laoting" not in code


class TestQinghe2022:
    """The invented department: complete, with scores and all sections."""

    REPORT = pe.load("examples/qingheju-2022.toml")
    RESULT = pe.evaluate(REPORT, RULES)

    def test_each_projects_total_is_the_stated_one(self):
        for one in self.RESULT.projects:
            assert one.total == one.project.stated.total
            assert [line.score for line in one.lines[1:]] == [row.stated.score for row in one.project.indicators]

    def test_money(self):
        money = self.RESULT.money
        assert (money.budget, money.actual_expenditure, money.rate) == (wan(600), wan(570), Decimal("0.95"))
        found = {row.source: (row.budget, row.actual_expenditure) for row in self.RESULT.sources}
        assert found == {
            "appropriation": (wan(530), wan(500)),
            "carry_over": (wan(50), wan(50)),
            "other": (wan(20), wan(20)),
        }

    def test_coverage_means_and_grades(self):
        result = self.RESULT
        assert (result.coverage.evaluated, result.coverage.rate, result.coverage.budget_rate) == (3, 1, 1)
        assert result.mean_score == Decimal("92.17")
        # (98 × 300 + 90.5 × 200 + 88 × 100) / 600
        assert result.weighted_mean_score == Decimal("93.83")
        assert [(g.value, n) for g, n in result.grades] == [("excellent", 2), ("good", 1), ("fair", 0), ("poor", 0)]
        assert (result.ungraded, result.gaps) == (0, ())

    def test_the_table_of_projects(self):
        rows = [[cell.text for cell in row] for row in projects_table(self.RESULT, "zh_CN").rows]
        assert rows == [
            ["农村供水管网维修", "300", "300", "100.00%", "98.00", "优"],
            ["河道清淤", "200", "170", "85.00%", "90.50", "优"],
            ["水费收缴信息化", "100", "100", "100.00%", "88.00", "良"],
        ]

    def test_the_ledger(self):
        [item] = self.REPORT.rectification_items
        assert (item.due, item.state) == (dt.date(2023, 3, 31), pe.RectificationState.UNDER_WAY)

    def test_in_english(self):
        text = self.RESULT.explain("en")
        assert "- All funds: budget 6,000,000 yuan, spent 5,700,000 yuan, execution rate 95.00%" in text, text
        assert "- Mean score weighted by budget: 93.83" in text
        assert "- Grades: excellent 2; good 1" in text
        assert "not in the report" not in text

    def test_as_data_and_as_html(self):
        table = json.loads(json.dumps(self.RESULT.to_dict()))
        assert (table["mean_score"], table["coverage"]["evaluated"], len(table["projects"])) == ("92.17", 3, 3)
        assert self.RESULT.rows()[0]["total"] == 98
        assert self.RESULT._repr_html_().count("<tr>") == 4


class TestLaws:
    @given(DEPARTMENTS, st.randoms(use_true_random=False))
    def test_order_changes_nothing(self, department, pick):
        shuffled = list(department.projects)
        pick.shuffle(shuffled)
        before, after = (pe.evaluate(d, RULES) for d in (department, attrs.evolve(department, projects=shuffled)))
        for name in ("coverage", "money", "sources", "mean_score", "weighted_mean_score", "grades", "ungraded"):
            assert getattr(before, name) == getattr(after, name)

    @given(DEPARTMENTS)
    def test_the_means_lie_between_the_extremes(self, department):
        result = pe.evaluate(department, RULES)
        totals = [one.total for one in result.projects]
        for mean in (result.mean_score, result.weighted_mean_score):
            assert min(totals) <= mean <= max(totals)

    @given(DEPARTMENTS)
    def test_the_means_are_exact_until_they_are_rounded(self, department):
        result = pe.evaluate(department, RULES)
        pairs = [(Fraction(one.total), Fraction(one.execution.budget)) for one in result.projects]
        assert Fraction(result.mean_score) == oracle.half_up(sum(t for t, _ in pairs) / len(pairs))
        weighted = sum(t * b for t, b in pairs) / sum(b for _, b in pairs)
        assert Fraction(result.weighted_mean_score) == oracle.half_up(weighted)

    @given(DEPARTMENTS, DEPARTMENTS)
    def test_merging_adds_coverage_and_money(self, one, other):
        merged = attrs.evolve(one, projects=one.projects + other.projects)
        a, b, both = (pe.evaluate(d, RULES) for d in (one, other, merged))
        assert both.coverage.projects == a.coverage.projects + b.coverage.projects
        assert both.coverage.evaluated == a.coverage.evaluated + b.coverage.evaluated
        assert Fraction(both.money.budget) == Fraction(a.money.budget) + Fraction(b.money.budget)
        spent = Fraction(a.money.actual_expenditure) + Fraction(b.money.actual_expenditure)
        assert Fraction(both.money.actual_expenditure) == spent
        assert [n for _, n in both.grades] == [m + n for (_, m), (_, n) in zip(a.grades, b.grades, strict=True)]

    @given(strategies.DEPARTMENTS, st.sampled_from(["zh_CN", "en"]))
    def test_any_department_is_evaluated_and_explained(self, department, locale):
        result = pe.evaluate(department, RULES)
        assert [one.total for one in result.projects] == [pe.evaluate(p, RULES).total for p in department.projects]
        text = result.explain(locale)
        assert "{" not in text
        assert json.dumps(result.to_dict())
        missing = [one for one in result.projects if one.total is None]
        assert (result.mean_score is None) is bool(missing or department.excerpt or not department.projects)


class TestGaps:
    def test_nothing_spent_is_a_rate_of_nothing(self):
        department = pe.Department("局", fiscal_year=2022, projects=[complete_project("甲", 10, 0, 100)])
        assert pe.evaluate(department, RULES).money == (None, 10, 0, 0)

    def test_one_silent_project_makes_the_sum_unknown_and_is_named(self):
        silent = pe.Project("乙", fiscal_year=2022, self_evaluated=False)
        projects = [complete_project("甲", 10, 9, 100), silent]
        result = pe.evaluate(pe.Department("局", fiscal_year=2022, projects=projects), RULES)
        assert result.gaps == (("budget", ("乙",)), ("actual_expenditure", ("乙",)), ("total", ("乙",)))
        assert (result.coverage.evaluated, result.coverage.rate) == (1, Decimal("0.5"))
        assert (result.money.budget, result.mean_score, result.partial_mean_score) == (None, None, 99)
        assert "- 预算数：1个项目未提供（乙）" in result.explain("zh_CN")
        assert "- 平均得分（已有总分的项目）：99.00" in result.explain("zh_CN")

    def test_of_an_excerpt_nothing_is_added_up(self):
        department = pe.Department("局", fiscal_year=2022, excerpt=True, projects=[complete_project("甲", 10, 9, 100)])
        result = pe.evaluate(department, RULES)
        assert (result.coverage.rate, result.money.budget, result.mean_score) == (None, None, None)
        assert "只取得部分报告，不作汇总" in result.explain("zh_CN")

    def test_negative_stated_figures_load_and_give_no_rate(self):
        stated = pe.StatedDepartment(budget=-5, actual_expenditure=3)
        result = pe.evaluate(pe.Department("局", fiscal_year=2022, stated=stated), RULES)
        assert result.stated_execution_rate is None
        assert "涉及预算金额：-0.0005万元" in result.explain("zh_CN")

    def test_without_projects(self):
        result = pe.evaluate(pe.Department("局", fiscal_year=2022), RULES)
        assert (result.coverage.rate, result.mean_score, result.listed_amount) == (None, None, None)
        assert result.explain("en")

    def test_a_source_whose_row_is_half_blank_is_not_known(self):
        row = pe.FundingLine("other", adjusted_budget=5)
        project = attrs.evolve(complete_project("甲", 10, 9, 100), funding=[row])
        [money] = pe.evaluate(pe.Department("局", fiscal_year=2022, projects=[project]), RULES).sources
        assert (money.budget, money.actual_expenditure, money.rate) == (5, None, None)

    def test_a_form_that_prints_scores_was_self_evaluated(self):
        project = pe.Project("甲", fiscal_year=2022, stated=pe.Stated(total=90))
        result = pe.evaluate(pe.Department("局", fiscal_year=2022, projects=[project]), RULES)
        assert result.coverage.evaluated == 1


class TestArticlesOf101:
    """财预〔2021〕101号, its examples of scoring."""

    RULES = pe.rule_set("cn-mof-2021-101")

    def line(self, **given):
        indicator = pe.Indicator("甲", **({"weight": 10} | given))
        return pe.evaluate(pe.Project("乙", fiscal_year=2022, indicators=[indicator]), self.RULES).lines[1]

    def money(self, spent, budget, finished):
        funding = [pe.FundingLine(adjusted_budget=budget, actual_expenditure=spent)]
        project = pe.Project("乙", fiscal_year=2022, funding=funding, finished=finished)
        return pe.evaluate(project, self.RULES).lines[0]

    @pytest.mark.parametrize(
        ("spent", "finished", "score"),
        [
            (100, True, 10),
            (30, True, 10),
            (80, False, 7),
            (99, False, 7),
            (79, False, 5),
            (60, False, 5),
            (59, False, 0),
        ],
    )
    def test_execution_by_whether_the_project_is_finished(self, spent, finished, score):
        assert self.money(spent, 100, finished).score == score

    @pytest.mark.parametrize(
        ("spent", "finished", "reason"),
        [
            (101, True, pe.Reason.BEYOND_THE_RULES),
            (100, False, pe.Reason.BEYOND_THE_RULES),
            (120, False, pe.Reason.BEYOND_THE_RULES),
            (50, None, pe.Reason.FINISHED_UNKNOWN),
        ],
    )
    def test_what_it_does_not_cover(self, spent, finished, reason):
        found = self.money(spent, 100, finished)
        assert (found.score, found.reason) == (None, reason)
        assert found.grounds

    @pytest.mark.parametrize(
        ("actual", "score"), [(59, "0.00"), (60, "0.00"), (80, "5.00"), (100, "10.00"), (130, "10.00")]
    )
    def test_pass_mark(self, actual, score):
        assert str(self.line(kind="output.quantity", target="≥100个", actual=f"{actual}个").score) == score

    @pytest.mark.parametrize(("actual", "score"), [("92%", 10), ("89%", 8), ("80%", 8), ("79%", 5), ("59%", 0)])
    def test_satisfaction_on_the_figure_itself_not_on_its_target(self, actual, score):
        assert self.line(kind="satisfaction", target="≥95%", actual=actual).score == score

    def test_its_own_words_for_the_tiers(self):
        found = self.line(target="改善", actual="基本达成目标")
        assert found.score == 10
        project = pe.Project(
            "乙",
            fiscal_year=2022,
            indicators=[
                pe.Indicator("甲", weight=10, target="好", actual=pe.Judgement("partly_achieved", share="0.7"))
            ],
        )
        assert "部分实现目标 70%" in pe.evaluate(project, self.RULES).explain("zh_CN")

    def test_late_is_left_to_a_person(self):
        found = self.line(target=dt.date(2022, 1, 1), actual=dt.date(2022, 1, 2))
        assert (found.score, found.reason) == (None, pe.Reason.LATE)

    def test_weights_with_and_without_cost_and_satisfaction(self):
        alternatives = [tuple(int(points) for _, points in row.points) for row in self.RULES.weights]
        assert alternatives == [(20, 40, 20, 10), (50, 30, 10), (20, 40, 30), (50, 40)]

    def test_found_by_scope(self):
        assert pe.rule_set("CN", fiscal_year=2022, scope="central") is self.RULES
        assert pe.rule_set("CN", fiscal_year=2022).id == "cn-mof-2020-10"


CHANGES = [getattr(rates, name) for name in rates.__all__ if "change" in name]
PLAIN = [
    getattr(rates, name)
    for name in rates.__all__
    if "change" not in name and name not in ("payment_progress_rate", "available_budget_completion_rate")
]


class TestDepartmentRates:
    @pytest.mark.parametrize("rate", PLAIN, ids=lambda rate: rate.__name__)
    def test_one_figure_over_another(self, rate):
        assert rate(3, 4) == Decimal("0.75")
        assert rate(3, 0) is None
        with pytest.raises(pe.AmountError):
            rate(0.5, 1)
        with pytest.raises(pe.AmountError):
            rate(-1, 1)

    @pytest.mark.parametrize("rate", CHANGES, ids=lambda rate: rate.__name__)
    def test_change_against_last_year(self, rate):
        assert (rate(90, 100), rate(110, 100), rate(5, 0)) == (Decimal("-0.1"), Decimal("0.1"), None)

    def test_payment_progress_is_a_ratio_of_two_shares(self):
        assert rates.payment_progress_rate(30, 100, Decimal("0.6")) == Decimal("0.5")
        assert rates.payment_progress_rate(30, 0, 1) is None

    def test_money_at_hand_less_what_is_left(self):
        assert rates.available_budget_completion_rate(1, 2, 1, 1) == Decimal("0.75")
        assert rates.available_budget_completion_rate(0, 0, 0, 0) is None

    def test_every_row_of_the_framework_has_its_function(self):
        # 53号 annex 2 and Henan's framework: 22 rows with a formula and a name; two are project rates as well.
        # Two more stand on Hunan's tables.
        assert len(rates.__all__) == 21 + 2
        assert {"completion_rate", "execution_rate"} <= set(project_rates.__all__)


class TestDocuments:
    HEAD = 'name = "局"\nfiscal_year = 2022\namount_unit = "万元"\nprojects = []\n'

    def test_every_fault_has_its_place(self):
        text = self.HEAD + (
            'organisation = ""\nuse_of_results = { text = "好", colour = 1 }\n'
            'claims = [{ indicator = "", words = "好", judgement = { tier = "great" } }]\n'
            'rectification_items = [{ problem = "慢", due = "soon", state = "never" }]\n'
            '[stated]\nbudget = "much"\nprojects = "six"\ncoverage_rate = "all"\n'
        )
        with pytest.raises(pe.DocumentError) as caught:
            pe.loads(text)
        assert sorted(map(str, caught.value.exceptions)) == [
            "claims[0].indicator: expected a name, got ''",
            "claims[0].judgement: expected a tier (achieved, partly_achieved, not_achieved), got 'great'",
            "rectification_items[0].due: expected a date, got 'soon'",
            "rectification_items[0].state: expected a state of rectification (open, under_way, done), got 'never'",
            "stated.budget: expected an amount in 万元, got 'much'",
            "stated.coverage_rate: expected a plain number, got 'all'",
            "stated.projects: expected a whole number, got 'six'",
            "use_of_results.colour: unknown key; known are text, source",
        ]

    def test_a_passage_may_be_plain_text(self):
        assert pe.loads(self.HEAD + 'organisation = "成立小组"').organisation == pe.Passage("成立小组")

    @given(
        st.builds(
            pe.Department,
            strategies.NAMES,
            fiscal_year=st.just(2022),
            stated=st.builds(
                pe.StatedDepartment,
                projects=st.none() | st.integers(0, 99),
                coverage_rate=st.none() | st.decimals(0, 1, places=3),
                budget=strategies.AMOUNTS,
                actual_expenditure=strategies.AMOUNTS,
                mean_score=strategies.WEIGHTS,
            ),
            organisation=st.none() | st.builds(pe.Passage, strategies.NAMES, source=strategies.TEXTS),
            claims=st.lists(
                st.builds(
                    pe.Claim,
                    strategies.NAMES,
                    strategies.NAMES,
                    judgement=st.none() | st.just(pe.Judgement("achieved", share="0.9")),
                ),
                max_size=2,
            ),
            rectification_items=st.lists(
                st.builds(
                    pe.RectificationItem,
                    strategies.NAMES,
                    due=st.none() | strategies.DAYS,
                    state=st.none() | st.sampled_from(pe.RectificationState),
                    opened=st.none() | strategies.DAYS,
                    closed=st.none() | strategies.DAYS,
                    evidence=st.none() | strategies.NAMES,
                ),
                max_size=2,
            ),
        ),
        st.sampled_from(["toml", "json"]),
    )
    def test_round_trip(self, department, format):
        assert repr(pe.loads(pe.dumps(department, format=format), format=format)) == repr(department)
