"""The ledger on a day, and what follows from a grade."""

from __future__ import annotations

import datetime as dt
import decimal
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.evaluation.common import evaluate_common
from perfeval.pages import html, markdown, text, words_of
from perfeval.rectification import LedgerStatus, consequences, ledger

HENAN = pe.rule_set("CN-HA", fiscal_year=2022)
NATION = pe.rule_set("CN", fiscal_year=2022)
NEXT_YEAR = pe.load("examples/qingheju-2023.toml")


def day(text):
    return dt.date.fromisoformat(text)


def statuses(on, *items, rules=HENAN):
    office = pe.Department("水务局", fiscal_year=2022, rectification_items=items)
    return [row.status.value for row in ledger(office, rules, on=day(on)).rows]


class TestOnADay:
    """What is overdue on a day that is given; nothing looks at the clock."""

    ITEM = pe.RectificationItem("甲", opened=day("2023-02-01"), due=day("2023-03-31"), closed=day("2023-04-20"))

    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            ("2023-01-31", "not_opened"),
            ("2023-02-01", "open"),
            ("2023-03-31", "open"),
            ("2023-04-01", "overdue"),
            ("2023-04-19", "overdue"),
            ("2023-04-20", "done_late"),
        ],
    )
    def test_a_row_over_time(self, on, expected):
        assert statuses(on, self.ITEM) == [expected]

    def test_in_time(self):
        assert statuses("2023-05-01", evolve(self.ITEM, closed=day("2023-03-31"))) == ["done"]

    def test_sixty_days_by_henans_rule(self):
        """六十日内."""
        item = pe.RectificationItem("甲", opened=day("2023-02-01"), state="under_way")
        assert statuses("2023-04-02", item) == ["under_way"]
        assert statuses("2023-04-03", item) == ["overdue"]
        # The nation's rules set no term.
        assert statuses("2030-01-01", item, rules=NATION) == ["under_way"]
        office = pe.Department("水务局", fiscal_year=2022, rectification_items=[item])
        found = ledger(office, HENAN, on=day("2023-04-12"))
        assert (found.rows[0].due, found.rows[0].due_by_rule, found.rows[0].days_over) == (day("2023-04-02"), True, 10)
        assert "2023年4月2日（按规定时限）" in found.explain("zh_CN")
        assert "〔河南省预算绩效评价结果应用规定第8条；" in found.explain("zh_CN")

    def test_a_row_that_is_done_without_a_day(self):
        assert statuses("2023-01-01", pe.RectificationItem("甲", state="done")) == ["done"]
        assert statuses("9999-12-31", pe.RectificationItem("甲", opened=day("9999-12-30"))) == ["open"]

    def test_what_it_lacks(self):
        bare = pe.RectificationItem("甲")
        office = pe.Department("水务局", fiscal_year=2022, rectification_items=[bare, evolve(self.ITEM, state="done")])
        rows = ledger(office, HENAN, on=day("2023-05-01")).rows
        assert [row.lacks for row in rows] == [("measure", "owner", "due", "state"), ("measure", "owner", "evidence")]

    def test_the_example(self):
        found = ledger(NEXT_YEAR, HENAN, on=day("2023-04-15"))
        assert [row.status.value for row in found.rows] == ["overdue", "overdue", "not_opened"]
        assert [row.days_over for row in found.rows] == [15, 13, 0]
        shown = found.explain("zh_CN")
        assert "共3项：尚未提出1项、逾期未完成2项" in shown
        # What happened later is not known on that day.
        assert "欠费核实表及缴费凭证" not in shown
        assert "欠费核实表及缴费凭证" in ledger(NEXT_YEAR, HENAN, on=day("2023-05-01")).explain("zh_CN")
        assert found.to_dict()["counts"]["overdue"] == 2

    def test_laoting_has_words_and_no_ledger(self):
        report = pe.load("examples/laoting-2022.toml")
        found = ledger(report, pe.rule_set(report.place, fiscal_year=2022), on=day("2023-06-01"))
        assert found.without_rows
        assert "报告写了整改，但没有台账：缺问题、措施、责任人、完成时限、整改情况和佐证。" in found.explain("zh_CN")
        assert "There is nothing to put right." in ledger(
            pe.Department("甲", fiscal_year=2022), HENAN, on=day("2023-06-01")
        ).explain("en")


DAYS = st.none() | st.dates()
ITEMS = st.builds(
    pe.RectificationItem,
    st.just("甲"),
    opened=DAYS,
    due=DAYS,
    closed=DAYS,
    state=st.none() | st.sampled_from(["open", "under_way", "done"]),
    evidence=st.none() | st.just("凭证"),
)


class TestLaws:
    """A ledger's states at a later day never go back."""

    @given(st.lists(ITEMS, max_size=3), st.lists(st.dates(), min_size=2, max_size=6), st.sampled_from([HENAN, NATION]))
    def test_never_back(self, items, days, rules):
        office = pe.Department("水务局", fiscal_year=2022, rectification_items=items)
        ranks = [[row.status.rank for row in ledger(office, rules, on=on).rows] for on in sorted(days)]
        for position in range(len(items)):
            over_time = [row[position] for row in ranks]
            assert over_time == sorted(over_time)

    @given(st.lists(ITEMS, max_size=3), st.dates(), st.sampled_from(["zh_CN", "en"]))
    def test_every_row_is_shown(self, items, on, locale):
        office = pe.Department("水务局", fiscal_year=2022, rectification_items=items)
        found = ledger(office, HENAN, on=on)
        page = found.page(locale)
        assert "{" not in " ".join(words_of(page))
        assert sum(count for _, count in found.counts) == len(items)
        assert found.to_dict()
        for row in found.rows:
            assert (row.days_over > 0) is (row.status in (LedgerStatus.OVERDUE, LedgerStatus.DONE_LATE))
        for carrier in (text, markdown, html):
            assert carrier(page)


def evaluated(score, budget="100", rules=HENAN):
    """A project whose total is *score*, so many of 90 beside a full execution rate."""
    money = pe.FundingLine(adjusted_budget=pe.wan(budget), actual_expenditure=pe.wan(budget))
    row = pe.Indicator("甲", kind="output.quality", target="≥90个", actual=f"{score - 10}个", weight=90)
    return pe.evaluate(pe.Project("乙", fiscal_year=2022, funding=[money], indicators=[row]), rules)


class TestConsequences:
    """河南：中，按被评价年度预算的10%至30%压减；差，30%以上，直至取消."""

    @pytest.mark.parametrize("kind", ["departmental_evaluation", "finance_evaluation"])
    @pytest.mark.parametrize(
        ("score", "actions", "least", "most"),
        [
            (95, ["support"], None, None),
            (85, ["rectify"], None, None),
            (70, ["reduce", "withhold"], 100_000, 300_000),
            (50, ["reduce", "withhold"], 300_000, 1_000_000),
        ],
    )
    def test_henan(self, kind, score, actions, least, most):
        found = consequences(evaluated(score), HENAN, kind=kind)
        assert [row.rule.action.value for row in found.rows] == actions
        assert (found.rows[0].least, found.rows[0].most) == (least, most)
        assert found.has_money_rule
        assert "henan-use-of-results" in found.to_dict()["rows"][0]["cites"][0]

    @pytest.mark.parametrize("score", [95, 85, 70, 50])
    @pytest.mark.parametrize("rules", [HENAN, NATION])
    def test_no_money_rule_for_a_self_evaluation(self, score, rules):
        found = consequences(evaluated(score, rules=rules), rules)
        assert found.kind.value == "self_evaluation"
        assert not found.has_money_rule
        assert all((row.least, row.most) == (None, None) and not row.rule.is_money for row in found.rows)
        assert "办法未规定按单位自评等级增减预算。" in found.explain("zh_CN")

    def test_the_nations_article_27(self):
        found = consequences(evaluated(70, rules=NATION), NATION, kind="finance_evaluation")
        assert [row.rule.action.value for row in found.rows] == ["rectify", "withhold"]
        assert "财预〔2020〕10号第27条" in found.explain("zh_CN")
        assert "（整改情况未说明）" in found.explain("zh_CN")

    def test_what_is_put_right(self):
        for rectified, count in ((True, 1), (False, 2), (None, 2)):
            assert len(consequences(evaluated(70), HENAN, kind="finance_evaluation", rectified=rectified).rows) == count

    def test_an_evaluation_by_finance_in_henan(self):
        """The evaluation is scored by the nation's rules, and what follows is Henan's."""
        rules = pe.rule_set("CN-HA", fiscal_year=2022, scope="evaluation")
        project = pe.Project("甲", fiscal_year=2022, funding=[pe.FundingLine(adjusted_budget=pe.wan(50))])
        result = evaluate_common(
            project,
            rules,
            kind="finance_evaluation",
            weights={"annex2_rules": 40, "annex2_completion_rate": 60},
            figures={"annex2_rules": 1, "actual_output": 48, "planned_output": 50},
        )
        # 40 × 1/2 + 60 × 48/50 = 77.60
        assert (result.total, result.grade) == (Decimal("77.60"), "fair")
        found = consequences(result, rules)
        assert (found.kind, found.rules.id) == ("finance_evaluation", "cn-ha-2020-10")
        assert (found.rows[0].least, found.rows[0].most) == (50_000, 150_000)

    def test_a_place_without_rules_takes_the_nations(self):
        rules = pe.rule_set("CN-SC", fiscal_year=2023)
        found = consequences(evaluated(70, rules=rules), rules, kind="finance_evaluation")
        assert found.rules.id == "cn-mof-2020-10"
        assert "未载结果应用规定，按全国的办理。" in found.explain("zh_CN")

    def test_on_a_page_with_the_range_in_the_forms_unit(self):
        shown = consequences(evaluated(70), HENAN, kind="finance_evaluation").explain("zh_CN")
        assert "10万元至30万元" in shown.replace(" ", "")
        assert "未写明是年初预算还是全年预算，按全年预算数。" in shown

    def test_amounts_are_exact_in_any_context(self):
        with decimal.localcontext(decimal.Context(prec=2, rounding=decimal.ROUND_UP)):
            found = consequences(evaluated(70, "123.456789"), HENAN, kind="finance_evaluation")
        assert (found.rows[0].least, found.rows[0].most) == (Decimal("123456.789"), Decimal("370370.367"))

    def test_without_a_grade_nothing_follows(self):
        result = pe.evaluate(pe.Project("乙", fiscal_year=2022), HENAN)
        found = consequences(result, HENAN, kind="finance_evaluation")
        assert (found.rows, found.reason) == ((), result.grade_reason)
        assert "没有等级，无从应用" in found.explain("zh_CN")

    def test_a_budget_that_is_not_known(self):
        """A total of a form without money has no grade; a department's evaluation by common indicators can have one."""
        row = pe.Indicator("甲", kind="output.quality", target="良好", actual=pe.Judgement(share="0.7"), weight=90)
        result = pe.evaluate(pe.Project("乙", fiscal_year=2022, indicators=[row]), pe.rule_set("cn-generic-platform"))
        found = consequences(
            evolve(result, total=Decimal(63), grade="fair", grade_reason=None), HENAN, kind="finance_evaluation"
        )
        assert (found.rows[0].least, found.budget) == (None, None)
        assert "预算数未知" in found.explain("zh_CN")

    def test_an_unknown_kind(self):
        with pytest.raises(pe.ModelError) as caught:
            consequences(evaluated(70), HENAN, kind="audit")
        assert str(caught.value) == (
            "expected a kind of evaluation (self_evaluation, departmental_evaluation, finance_evaluation), got 'audit'"
        )


class TestRuleFiles:
    def test_each_fault(self, tmp_path):
        shipped = Path("src/perfeval/data/rulesets/cn-ha-2020-10.toml").read_text(encoding="utf-8")
        broken = shipped.replace("at_least = 0.1\nat_most = 0.3\n", "at_least = 0.4\nat_most = 0.3\n")
        broken = broken.replace("at_least = 0.3\nat_most = 1\n", "at_least = 0.3\n").replace(
            "within = 60", "within = 0"
        )
        broken = broken.replace('action = "withhold"', 'action = "forget"')
        path = tmp_path / "own.toml"
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(pe.RuleSetError) as caught:
            pe.RuleSet.from_toml(path)
        assert sorted(str(fault) for fault in caught.value.exceptions) == [
            "results.measures_within: expected a whole number from 1 to 366, got 0",
            "results.rows[2].at_least: expected at_least up to at_most",
            "results.rows[3].at_most: expected both at_least and at_most, or neither",
            "results.rows[4].action: expected a action (support, rectify, criticise, reduce, withhold), got 'forget'",
        ]
