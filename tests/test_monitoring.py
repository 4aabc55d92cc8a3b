"""Monitoring at mid-year: Henan's form worked out by hand, the lights of the platforms, and their laws."""

from __future__ import annotations

import datetime as dt
import decimal
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
import strategies
from perfeval.monitoring import monitor
from perfeval.pages import docx, html, markdown, text, words_of
from perfeval.rounding import percent

HENAN = pe.rule_set("CN-HA", fiscal_year=2022)
PLATFORM = pe.rule_set("cn-generic-platform")
DEPARTMENT = pe.load("examples/qingheju-2022-midyear.toml")
JULY = dt.date(2022, 7, 31)
BY_HAND = tomllib.loads(Path("tests/data/henan-monitoring.toml").read_text(encoding="utf-8"))
ORDER = ["red", "yellow", "green", "blue"]


def form(target, done, *, kind="output.quantity", through=JULY, expected=None, rules=HENAN, **state):
    """The line of one indicator at mid-year, beside money that is on its way."""
    project = pe.Project(
        "排水改造",
        fiscal_year=2022,
        funding=[pe.FundingLine(original_budget=12, adjusted_budget=12)],
        indicators=[pe.Indicator("甲", kind=kind, target=target, weight=50)],
        monitoring=[
            pe.Monitoring(
                through,
                spent_to_date=7,
                indicators=[pe.MonitoredIndicator("甲", done=done, expected=expected, **state)],
            )
        ],
    )
    return monitor(project, rules)


def light(*args, **given):
    found = form(*args, **given).lines[0]
    return found.light and found.light.value


class TestHenansFormByHand:
    """河南省监控办法附件：初始预算、1—7月执行数、执行率、全年预计；各指标完成值、偏差、可能性."""

    RESULT = monitor(DEPARTMENT, HENAN, through=JULY)

    @pytest.mark.parametrize(("mine", "by_hand"), list(zip(RESULT.projects, BY_HAND["projects"], strict=True)))
    def test_each_project(self, mine, by_hand):
        total = mine.money.total
        assert mine.project.name == by_hand["name"]
        assert [pe.to_unit(x, "万元") for x in (total.budget, total.spent, total.expected)] == [
            by_hand["budget"],
            by_hand["spent"],
            by_hand["expected"],
        ]
        assert [percent(x) for x in (total.rate, total.expected_rate, mine.money.progress)] == [
            by_hand["rate"],
            by_hand["expected_rate"],
            by_hand["progress"],
        ]
        assert (mine.money.light, mine.light) == (by_hand["money"], by_hand["light"])
        lines = [
            {
                key: value
                for key, value in {
                    "name": line.indicator.name,
                    "progress": line.progress and percent(line.progress),
                    "light": line.light,
                    "likelihood": line.likelihood,
                    "reason": line.reason,
                }.items()
                if value is not None
            }
            for line in mine.lines
        ]
        assert lines == by_hand["lines"]

    def test_the_department(self):
        assert self.RESULT.light == BY_HAND["light"]
        assert {one.value: count for one, count in self.RESULT.counts} == {key: BY_HAND[key] for key in ORDER}

    def test_the_national_rules_say_the_same(self):
        nation = monitor(DEPARTMENT, pe.rule_set("CN", fiscal_year=2022))
        assert [one.to_dict()["lines"] for one in nation.projects] == [
            one.to_dict()["lines"] for one in self.RESULT.projects
        ]


class TestLights:
    """Money: rate ÷ (month/12) < 60 % red, < 80 % yellow, else green. Forward: likewise, ≥ 120 % blue."""

    @pytest.mark.parametrize(
        ("spent", "expected"), [(0, "red"), ("34.99", "red"), (35, "yellow"), ("46.66", "yellow"), (47, "green")]
    )
    def test_money(self, spent, expected):
        # 7/12 of 100 is 58.33: 60 % of it is 35, 80 % is 46.67.
        project = pe.Project(
            "甲",
            fiscal_year=2022,
            funding=[pe.FundingLine(original_budget=100)],
            monitoring=[pe.Monitoring(JULY, spent_to_date=Decimal(spent))],
        )
        assert monitor(project, HENAN).money.light == expected

    @pytest.mark.parametrize(
        ("done", "expected"),
        [
            ("34个", "red"),
            ("35个", "yellow"),
            ("46个", "yellow"),
            ("47个", "green"),
            ("69个", "green"),
            ("70个", "blue"),
        ],
    )
    def test_a_target_to_reach_is_divided_by_month(self, done, expected):
        assert light("≥100个", done) == expected

    @pytest.mark.parametrize("kind", ["output.quality", "output.timeliness", "output.cost", "cost.economic"])
    def test_quality_timeliness_and_cost_are_not(self, kind):
        assert light("≥100个", "79个", kind=kind) == "yellow"

    def test_satisfaction_and_per_cent_are_not_by_assumption(self):
        assert light("≥90%", "80%", kind="satisfaction") == "green"
        assert light("≥90%", "53%", kind="benefit.social") == "red"
        # The platform divides both.
        assert light("≥90%", "80%", kind="satisfaction", rules=PLATFORM) == "blue"
        shown = form("≥90%", "80%", kind="satisfaction").explain("zh_CN")
        assert "另约定满意度指标和以百分比计的指标也不折算。" in shown

    @pytest.mark.parametrize(
        ("target", "done", "expected"),
        [
            ("≤4次", "4次", "green"),
            ("≤4次", "5次", "red"),
            ("≤4次", "0次", "green"),
            ("<4次", "4次", "red"),
            ("<4次", "3次", "green"),
            ("<4次", "0次", "green"),
            ("≤0次", "1次", "red"),
            ("≤0次", "0次", "green"),
        ],
    )
    def test_a_limit_is_kept_or_not(self, target, done, expected):
        assert light(target, done) == expected

    @pytest.mark.parametrize(
        ("tier", "expected"), [("achieved", "green"), ("partly_achieved", "yellow"), ("not_achieved", "red")]
    )
    def test_a_judgement_by_its_tier(self, tier, expected):
        assert light("明显改善", pe.Judgement(tier)) == expected

    def test_a_judged_share_by_the_tier_that_holds_it(self):
        shares = ("0.8", "0.79", "0.6", "0.59", "1")
        assert [light("明显改善", pe.Judgement(share=share)) for share in shares] == [
            "green",
            "yellow",
            "yellow",
            "red",
            "green",
        ]

    def test_deadlines(self):
        assert light("2022年6月底前", "2022年6月20日", kind="output.timeliness") == "green"
        assert light("2022年6月底前", "2022年7月20日", kind="output.timeliness") == "red"
        early = form("2022年11月底前", None, kind="output.timeliness")
        assert (early.lines[0].reason, early.lines[0].due, early.light) == ("not_due", False, "green")
        late = form("2022年6月底前", None, kind="output.timeliness")
        assert (late.lines[0].reason, late.light, late.partial_light) == ("actual_absent", None, "green")

    def test_what_is_met_without_a_ratio_is_not_divided_by_month(self):
        assert light("≥0个", "0个") == "green"
        line = form("≥20个", pe.Quantity(20, "个", "more_than")).lines[0]
        assert (line.light, line.scaled) == ("green", False)

    def test_what_cannot_be_told_has_no_light(self):
        for target, done, reason in [
            ("=12处", "13处", "equal_exceeded"),
            ("10~20人", "25人", "outside_range"),
            ("≥50公里", "48小时", "units_differ"),
            ("明显改善", "有一些", "words_not_read"),
        ]:
            line = form(target, done).lines[0]
            assert (line.light, line.reason) == (None, reason)

    @pytest.mark.parametrize(
        ("money", "reason"),
        [
            ({}, "amount_absent"),
            ({"original_budget": 0}, "no_budget"),
            ({"original_budget": -5}, "amount_negative"),
            ({"adjusted_budget": 100}, "amount_absent"),
        ],
    )
    def test_money_that_is_not_told(self, money, reason):
        project = pe.Project(
            "甲", fiscal_year=2022, funding=[pe.FundingLine(**money)], monitoring=[pe.Monitoring(JULY, spent_to_date=5)]
        )
        found = monitor(project, HENAN)
        assert (found.money.light, found.money.reason, found.light) == (None, reason, None)

    def test_a_missing_light_that_could_be_worse_leaves_the_project_open(self):
        project = DEPARTMENT.projects[1]
        rows = list(project.monitoring[0].indicators)
        better = [evolve(rows[0], done="6公里"), rows[1]]
        found = monitor(evolve(project, monitoring=[evolve(project.monitoring[0], indicators=better)]), HENAN)
        assert (found.light, found.partial_light) == (None, "yellow")
        assert "项目预警暂不能评定：沿河居民满意度没有预警；已评定的最差为黄灯" in found.explain("zh_CN")


class TestLaws:
    """Lights never get worse when the actual improves."""

    @given(
        strategies.FIGURES,
        st.lists(strategies.FIGURES, min_size=2, max_size=5),
        st.sampled_from(["≥", ">"]),
        st.integers(1, 12),
        st.sampled_from(["output.quantity", "output.quality"]),
        st.sampled_from([HENAN, PLATFORM]),
    )
    def test_more_against_a_target_to_reach(self, target, actuals, comparator, month, kind, rules):
        day = dt.date(2022, month, 28) if month == 2 else dt.date(2022, month, 30 if month in (4, 6, 9, 11) else 31)
        lights = [
            light(pe.Threshold(comparator, target), pe.Quantity(actual), kind=kind, through=day, rules=rules)
            for actual in sorted(actuals)
        ]
        places = [ORDER.index(one) for one in lights if one is not None]
        assert places == sorted(places)

    @given(strategies.FIGURES, st.lists(strategies.FIGURES, min_size=2, max_size=5), st.sampled_from(["≤", "<"]))
    def test_less_against_a_limit(self, target, actuals, comparator):
        lights = [
            light(pe.Threshold(comparator, target), pe.Quantity(actual)) for actual in sorted(actuals, reverse=True)
        ]
        places = [ORDER.index(one) for one in lights if one is not None]
        assert places == sorted(places)

    @given(strategies.PROJECTS, st.sampled_from(["zh_CN", "en"]), st.sampled_from([HENAN, PLATFORM]))
    def test_any_form_is_shown_whole(self, project, locale, rules):
        project = evolve(
            project,
            fiscal_year=2022,
            monitoring=[evolve(state, through=JULY) for state in project.monitoring[:1]] or [pe.Monitoring(JULY)],
        )
        found = monitor(project, rules)
        page = found.page(locale)
        shown = " ".join(words_of(page))
        assert "{" not in shown
        for line in found.lines:
            assert (line.light is None) is (line.reason is not None)
            assert line.progress is None or percent(line.progress) in shown
        assert found.to_dict()
        for carrier in (text, markdown, html):
            assert carrier(page)

    @given(strategies.PROJECTS)
    def test_the_callers_context_changes_nothing(self, project):
        project = evolve(project, fiscal_year=2022, monitoring=[pe.Monitoring(JULY, spent_to_date=Decimal("1234.56"))])
        expected = monitor(project, HENAN).to_dict()
        with decimal.localcontext(decimal.Context(prec=2, rounding=decimal.ROUND_UP)):
            assert monitor(project, HENAN).to_dict() == expected


class TestLikelihood:
    def test_what_the_form_says_stands(self):
        line = form("≥10个", "3个", expected="5个", likelihood="certain").lines[0]
        assert (line.likelihood, line.told) == ("certain", True)

    @pytest.mark.parametrize(
        ("target", "expected", "likelihood"),
        [
            ("≥10个", "10个", "certain"),
            ("≥10个", "8个", "possible"),
            ("≥10个", "7个", "impossible"),
            ("≤10个", "11个", "impossible"),
            ("明显改善", pe.Judgement("partly_achieved"), "possible"),
            ("≥10个", None, None),
        ],
    )
    def test_else_the_expected_figure_tells(self, target, expected, likelihood):
        line = form(target, None, expected=expected).lines[0]
        assert (line.likelihood, line.told) == (likelihood, False)


class TestStates:
    def test_the_latest_state_by_default(self):
        project = evolve(
            DEPARTMENT.projects[0],
            monitoring=[pe.Monitoring(dt.date(2022, 9, 30)), pe.Monitoring(dt.date(2022, 6, 30))],
        )
        assert monitor(project, HENAN).months == 9
        assert monitor(project, HENAN, through=dt.date(2022, 6, 30)).months == 6

    def test_zhengzhou_has_its_own_schedule(self):
        rules = pe.rule_set("410105", fiscal_year=2022)
        found = monitor(evolve(DEPARTMENT.projects[0], place=None), rules)
        assert found.terms.schedule.through == ((6, 30), (9, 30))
        assert monitor(DEPARTMENT.projects[0], HENAN).terms.schedule.report_within == 15

    def test_a_place_without_rules_takes_the_nations(self):
        found = monitor(DEPARTMENT.projects[0], pe.rule_set("CN-SC", fiscal_year=2023))
        assert found.terms.rules.id == "cn-mof-2020-10"
        assert "未载监控规定，按全国的办理。" in found.explain("zh_CN")

    def test_what_belongs_to_no_indicator_is_told(self):
        project = DEPARTMENT.projects[0]
        state = evolve(project.monitoring[0], indicators=[pe.MonitoredIndicator("培训", done="3次")])
        found = monitor(evolve(project, monitoring=[state]), HENAN)
        assert [row.indicator for row in found.unmatched] == ["培训"]
        assert "监控表上的这些指标在绩效目标中没有：培训" in found.explain("zh_CN")

    def test_a_department_with_a_project_that_is_not_monitored(self):
        first, second, _ = DEPARTMENT.projects
        found = monitor(evolve(DEPARTMENT, projects=[first, evolve(second, monitoring=[])]), HENAN)
        assert [project.name for project in found.without] == ["河道清淤"]
        assert (found.light, found.partial_light) == (None, "green")
        assert "没有监控情况" in found.explain("zh_CN")
        assert docx(found.page("en"))

    @pytest.mark.parametrize(
        ("through", "message"),
        [
            (dt.date(2022, 6, 30), "农村供水管网维修: it has no mid-year state of 2022-06-30; known are 2022-07-31"),
        ],
    )
    def test_a_state_that_is_not_there(self, through, message):
        with pytest.raises(pe.ModelError) as caught:
            monitor(DEPARTMENT.projects[0], HENAN, through=through)
        assert str(caught.value) == message

    def test_a_day_that_ends_no_month(self):
        for day in (dt.date(2022, 7, 30), dt.date(2021, 7, 31)):
            project = evolve(DEPARTMENT.projects[0], monitoring=[pe.Monitoring(day)])
            with pytest.raises(pe.ModelError) as caught:
                monitor(project, HENAN)
            assert str(caught.value) == f"expected the last day of a month of 2022, got {day}"
        with pytest.raises(pe.ModelError) as caught:
            monitor(pe.Project("甲", fiscal_year=2022), HENAN)
        assert str(caught.value) == "甲: it has no mid-year state"

    def test_each_day_once(self):
        with pytest.raises(pe.ModelError) as caught:
            pe.Project("甲", fiscal_year=2022, monitoring=[pe.Monitoring(JULY), pe.Monitoring(JULY)])
        assert str(caught.value) == "expected each day once, got 2022-07-31, 2022-07-31"


class TestRuleFiles:
    """Every fault of the monitoring table, with its path."""

    def test_each_fault(self, tmp_path):
        shipped = Path("src/perfeval/data/rulesets/cn-ha-2020-10.toml").read_text(encoding="utf-8")
        broken = shipped.replace('through = ["07-31"]', 'through = ["07-30"]')
        broken = broken.replace(
            '{ light = "yellow", at_least = 0.6 }, { light = "red" }]', '{ light = "red" }, { light = "yellow" }]'
        )
        broken = broken.replace('within = "green"', 'within = "white"').replace("possible = 0.8", "possible = 1.5")
        broken = broken.replace('not_achieved = "red"\n', "", 1)
        broken = broken.replace('place = "410100"', 'place = "Zhengzhou"')
        path = tmp_path / "own.toml"
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(pe.RuleSetError) as caught:
            pe.RuleSet.from_toml(path)
        assert sorted(str(fault) for fault in caught.value.exceptions) == [
            "monitoring.judged.not_achieved: missing",
            "monitoring.kept.within: expected a light (blue, green, yellow, red), got 'white'",
            "monitoring.likelihood.possible: expected a share from 0 to 1, got 1.5",
            "monitoring.money.bands: expected limits that fall and lights that get worse, the last without a limit",
            "monitoring.schedules[0].through: expected the last day of a month, like '07-31', got '07-30'",
            "monitoring.schedules[1].place: expected an ISO 3166-2 or GB/T 2260 code, got 'Zhengzhou'",
        ]
