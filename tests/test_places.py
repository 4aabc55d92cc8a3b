"""Places and their rules: each as its form or document says, and the laws of all of them."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfeval as pe
import strategies
import terminal
from perfeval.cited import shipped_sources
from perfeval.i18n import Words
from perfeval.pages import markdown, words_of
from perfeval.rounding import exact_percent
from perfeval.rulesets import Cap, nation, place_words, places_above
from perfeval.testing import check_rule_set, projects
from published_forms import project_of, published

EVERY = pytest.mark.parametrize("rules", pe.rule_sets(), ids=lambda rules: rules.id)
DATA = Path("src/perfeval/data")
TEN = (DATA / "rulesets" / "cn-mof-2020-10.toml").read_text(encoding="utf-8")


def line(rules, **indicator):
    indicator = {"weight": 10, "kind": "output.quantity"} | indicator
    project = pe.Project("甲", fiscal_year=2024, indicators=[pe.Indicator("乙", **indicator)])
    return pe.evaluate(project, pe.rule_set(rules)).lines[1]


def execution(rules, spent, budget, **more):
    row = pe.FundingLine(adjusted_budget=pe.wan(budget), actual_expenditure=pe.wan(spent), **more)
    return pe.evaluate(pe.Project("甲", fiscal_year=2024, funding=[row]), pe.rule_set(rules)).lines[0]


class TestHubei2020:
    """20分×执行率；正向 W·B/A，反向 W·A/B；定性 100–80、80–50、50–0；不得超过分值."""

    def test_execution_weighs_20_and_is_capped(self):
        assert execution("cn-hb-2020", 75, 100).score == Decimal("15.00")
        assert execution("cn-hb-2020", 120, 100).score == 20

    def test_both_directions(self):
        assert line("cn-hb-2020", target="≥50件", actual="40件").score == 8
        assert line("cn-hb-2020", target="≤10天", actual="15天").score == Decimal("6.67")

    def test_the_tiers_meet_at_50(self):
        partly = pe.Judgement("partly_achieved", share="0.5")
        assert line("cn-hb-2020", target="改善", actual=partly).score == 5
        assert line("cn-mof-2020-10", target="改善", actual=partly).reason is pe.Reason.SHARE_OUTSIDE_TIER


class TestJiangxi2017:
    """成本控制：±10/15/20%以内 5/3/1分，否则0分；满意度90%满分，每低5个百分点扣1分."""

    @pytest.mark.parametrize(
        ("actual", "score"),
        [("100", 5), ("90", 5), ("110", 5), ("111", 3), ("85", 3), ("120", 1), ("121", 0), ("79", 0)],
    )
    def test_cost_control(self, actual, score):
        found = line("cn-jx-2017", kind="output.cost", weight=5, target="≤100万元", actual=f"{actual}万元")
        assert found.score == score

    @pytest.mark.parametrize(("actual", "score"), [("95", 10), ("90", 10), ("86", 10), ("85", 9), ("80", 8), ("40", 0)])
    def test_satisfaction(self, actual, score):
        assert line("cn-jx-2017", kind="satisfaction", target="≥95%", actual=f"{actual}%").score == score


class TestSichuan2023:
    """执行率低于90%的说明原因；年中调整预算的说明原因."""

    def found(self, **project):
        project = {"fiscal_year": 2023, "stated": pe.Stated()} | project
        return {f.code for f in pe.check(pe.Project("甲", **project), pe.rule_set("CN-SC", fiscal_year=2023))}

    def test_a_low_rate_needs_a_reason(self):
        rows = {rate: [pe.FundingLine(adjusted_budget=100, actual_expenditure=rate)] for rate in (89, 90)}
        assert "CP107" in self.found(funding=rows[89])
        assert "CP107" not in self.found(funding=rows[90])
        assert "CP107" not in self.found(funding=rows[89], execution_deviation_reason="招标节约")

    def test_any_adjustment_needs_a_reason(self):
        total = pe.FundingTotal(original_budget=pe.wan(100), adjusted_budget=pe.wan(99))
        assert "CR106" in self.found(stated=pe.Stated(funding_total=total))
        assert "CR106" not in self.found(stated=pe.Stated(funding_total=total), execution_deviation_reason="压减经费")

    def test_before_its_first_year_the_nations_rules_apply(self):
        rules = pe.rule_set("CN-SC", fiscal_year=2022)
        assert (rules.id, rules.asked_for) == ("cn-mof-2020-10", "CN-SC")


class TestOriginalBudget:
    """海淀 2016、历城 2019：执行率＝全年执行数÷年初预算数."""

    def test_haidian_scores_from_whole_per_cent(self):
        # 154.74 / 310.2 = 49.88 %, taken as 50 %
        row = pe.FundingLine(original_budget=pe.wan("310.2"), actual_expenditure=pe.wan("154.74"))
        found = pe.evaluate(pe.Project("甲", fiscal_year=2016, funding=[row]), pe.rule_set("110108", fiscal_year=2016))
        assert found.lines[0].score == 5
        assert found.basis is pe.BudgetBasis.ORIGINAL

    def test_licheng_judges_by_80_and_50(self):
        partly = pe.Judgement("partly_achieved", share="0.55")
        assert line("cn-sd-licheng-2019", target="健全", actual=partly).score == Decimal("5.50")


class TestShidian2021:
    """表上超额完成的按比例记分，超出分值；保留一位小数."""

    def test_the_published_form_with_the_weights_that_it_implies(self):
        form = published()["yunnan-2021-shidian-nongye-jingyingzhuti"]
        project = project_of(form)
        weighted = [
            attrs.evolve(row, weight=Decimal(weight))
            for row, weight in zip(project.indicators, (20, 20, 20, 10, 10), strict=True)
        ]
        result = pe.evaluate(attrs.evolve(project, indicators=weighted), pe.rule_set("530521", fiscal_year=2021))
        printed = [project.stated.execution_score, *(row.stated.score for row in project.indicators)]
        assert [found.score for found in result.lines] == printed
        assert result.total == project.stated.total == Decimal("71.7")
        assert not result.rules.bounded


class TestPlatforms:
    def test_the_other_inverse_and_four_digits(self):
        """W·(1−(A−T)/T)，2T以上为0；比率保留四位小数，得分保留两位."""
        assert line("cn-generic-platform", target="≤10天", actual="15天").score == 5
        assert line("cn-generic-platform", target="≤10天", actual="20天").score == 0
        assert line("cn-mof-2020-10", target="≤10天", actual="15天").score == Decimal("6.67")
        # 1/3 is 0.3333 there, so that 90 points give 29.997
        third = line("cn-generic-platform", weight=90, target="≥3件", actual="1件")
        assert third.score == Decimal("30.00")
        assert line("cn-generic-platform", weight=1000, target="≥3件", actual="1件").score == Decimal("333.30")

    def test_a_zero_budget_and_a_rate_above_one(self):
        assert execution("cn-generic-platform", 0, 0).score == 0
        assert execution("cn-generic-platform", 101, 100).reason is pe.Reason.BEYOND_THE_RULES
        assert execution("cn-zj-platform-2024", 0, 0).score == 10
        assert execution("cn-zj-platform-2024", 101, 100).score == 10

    @pytest.mark.parametrize(("spent", "score"), [(100, 10), (99, 7), (80, 7), (79, 5), (60, 5), (59, 0), (101, None)])
    def test_jiangxi_scores_the_rate_in_steps(self, spent, score):
        """执行率 =100%、≥80%、≥60%、以下 → 10、7、5、0."""
        found = execution("cn-jx-platform", spent, 100)
        assert found.score == score
        assert score is not None or found.reason is pe.Reason.BEYOND_THE_RULES

    def test_from_when_on_a_target_is_exceeded(self):
        factors = {rules.id: rules.exceeded and rules.exceeded.value for rules in pe.rule_sets()}
        assert (factors["cn-gx-platform"], factors["cn-he-platform"]) == (Decimal("1.3"), Decimal("1.2"))
        assert (factors["cn-tj-platform"], factors["cn-jx-platform"]) == (Decimal("1.2"), None)
        project = pe.Project("甲", fiscal_year=2024, indicators=[pe.Indicator("乙", target="≥100件", actual="125件")])
        assert "TG112" in {f.code for f in pe.check(project, pe.rule_set("cn-he-platform"))}
        assert "TG112" not in {f.code for f in pe.check(project, pe.rule_set("cn-gx-platform"))}


class TestPlatformManual:
    """高出指标值30%以上扣2分；执行率70–80%总分不超过89，60–70%不超过79，低于60%不超过69，低于50%不超过59."""

    def result(self, rate, actual="10件"):
        row = pe.FundingLine(adjusted_budget=pe.wan(1000), actual_expenditure=pe.wan(rate))
        indicator = pe.Indicator("乙", kind="output.quantity", target="≥10件", actual=actual, weight=90)
        return pe.evaluate(
            pe.Project("甲", fiscal_year=2024, funding=[row], indicators=[indicator]), pe.rule_set("cn-platform-manual")
        )

    @pytest.mark.parametrize(
        ("rate", "total"),
        [(1000, 100), (800, 98), (799, 89), (700, 89), (699, 79), (600, 79), (599, 69), (500, 69), (499, 59), (0, 59)],
    )
    def test_the_cap(self, rate, total):
        assert self.result(rate).total == total

    @pytest.mark.parametrize(("actual", "total"), [("12件", 100), ("13件", 98), ("40件", 98)])
    def test_the_deduction(self, actual, total):
        result = self.result(1000, actual)
        assert result.total == total
        assert sum(a.points for a in result.adjustments) == total - 100

    def test_the_total_is_the_sum_of_its_lines_and_says_why(self):
        result = self.result(750, "13件")
        assert [(a.texts("zh_CN"), a.points) for a in result.adjustments] == [
            (("超出指标值30%以上扣分：乙", "某绩效管理系统操作手册"), Decimal(-2)),
            (("按预算执行率限制总分", "某绩效管理系统操作手册"), Decimal("-6.50")),
        ]
        assert "total capped by the execution rate" in result.explain("en")
        assert result.to_dict()["adjustments"][1]["points"] == "-6.50"

    def test_an_unscored_line_is_not_capped(self):
        row = pe.FundingLine(adjusted_budget=100, actual_expenditure=10)
        project = pe.Project("甲", fiscal_year=2024, funding=[row], indicators=[pe.Indicator("乙", weight=90)])
        result = pe.evaluate(project, pe.rule_set("cn-platform-manual"))
        assert (result.total, result.adjustments) == (None, ())


class TestHenanBonds:
    """10分执行率，成本20、产出40、效益20、满意度10；运营期没有财政资金的，执行率0，成本加10分."""

    def result(self, cost, **money):
        kinds = {"cost": cost, "output.quantity": 40, "benefit.social": 20, "satisfaction": 10}
        rows = [pe.Indicator(kind, kind=kind, target="=5件", actual="5件", weight=w) for kind, w in kinds.items()]
        project = pe.Project("甲", fiscal_year=2023, funding=[pe.FundingLine(**money)], indicators=rows)
        return pe.evaluate(project, pe.rule_set("CN-HA", fiscal_year=2023, scope="special_bonds"))

    def test_with_fiscal_money(self):
        result = self.result(20, adjusted_budget=100, actual_expenditure=100)
        assert (result.total, result.grade) == (100, "excellent")

    def test_in_operation_without_it(self):
        without = {"adjusted_budget": 0, "actual_expenditure": 0}
        result = self.result(30, **without)
        assert (result.total, result.grade) == (100, "excellent")
        assert self.result(20, **without).grade_reason is pe.Reason.WEIGHTS_DO_NOT_ADD_UP


class TestOthers:
    def test_chongqing_two_decimals(self):
        assert execution("cn-cq-department-2021", "79.27", 100).score == Decimal("7.93")

    def test_putuo_has_its_own_words(self):
        project = pe.Project("甲", fiscal_year=2024, stated=pe.Stated(total=70, grade="合格"))
        assert not pe.check(project, pe.rule_set("310107", fiscal_year=2024), select=["CF102", "AR105"])
        worse = attrs.evolve(project, stated=pe.Stated(total=59, grade="合格"))
        assert [f.code for f in pe.check(worse, pe.rule_set("310107", fiscal_year=2024), select=["AR105"])] == ["AR105"]

    def test_henan_takes_over_the_nations(self):
        assert pe.rule_set("CN-HA", fiscal_year=2022).id == "cn-ha-2020-10"
        assert line("cn-ha-2020-10", target="≥50件", actual="48件").score == Decimal("9.60")


class TestLaws:
    @EVERY
    def test_every_rule_set_keeps_them(self, rules):
        assert check_rule_set(rules) == ()

    @EVERY
    @settings(max_examples=25)  # for each of the rule sets
    @given(strategies.PROJECTS)
    def test_every_score_is_bounded_where_it_is_declared(self, rules, project):
        for found in pe.evaluate(project, rules).lines:
            assert found.score is None or not rules.bounded or 0 <= found.score <= max(0, found.weight)

    @EVERY
    @settings(max_examples=25)
    @given(st.data())
    def test_more_never_scores_less_where_it_is_declared(self, rules, data):
        project = data.draw(projects(fiscal_year=2024))
        for row in project.indicators:
            sign = -1 if row.target.comparator is pe.Comparator.AT_MOST else 1
            more = attrs.evolve(row, actual=pe.Quantity(max(Decimal(0), row.actual.value + sign)))
            scores = [
                pe.evaluate(pe.Project("甲", fiscal_year=2024, indicators=[item]), rules).lines[1].score
                for item in (row, more)
            ]
            if rules.monotone and None not in scores and row.target.comparator is not pe.Comparator.EQUAL:
                assert scores[0] <= scores[1]

    RULES = pe.rule_set("cn-mof-2020-10")

    def broken(self, position, **changed):
        methods = list(self.RULES.methods)
        methods[position] = methods[position]._replace(**changed)
        return [str(fault) for fault in check_rule_set(attrs.evolve(self.RULES, methods=tuple(methods)))]

    def test_a_score_above_its_weight(self):
        assert self.broken(0, rule=pe.ScoringRule.proportional(cap=None)) == [
            "at_least.rule: bounded, but the share grows without end"
        ]
        assert self.broken(0, rule=pe.ScoringRule.proportional(cap="1.2")) == [
            "at_least.rule: bounded, but a share of 6/5 is earned"
        ]

    def test_more_scores_less(self):
        falling = pe.ScoringRule.steps([("≤", 1, 10), ("≤", 2, 5)], scale=10)
        assert self.broken(0, rule=falling) == [
            "at_least.rule: monotone, but the share falls at a measure of 1/1",
            "at_least.rule: monotone, but the share falls at a measure of 2/1",
        ]
        assert (
            self.broken(0, rule=pe.ScoringRule.deduction(above=1, per="0.1", points=1, scale=10, pro_rata=True)) != []
        )

    def test_met_and_not_full(self):
        assert self.broken(0, rule=pe.ScoringRule.all_or_nothing(at_least="1.1")) == [
            "at_least.rule: a target that is met earns 0/1 of its weight"
        ]

    def test_a_form_without_a_method(self):
        assert self.broken(0, forms=("≥", ">")) == [
            (
                "methods: no method for = of output.quantity, output.quality, output.timeliness, output.cost, "
                "benefit.economic, benefit.social, benefit.ecological, benefit.sustainability, satisfaction, cost.economic, "
                "cost.social, cost.ecological, decision, process, input, effect"
            )
        ]

    def test_a_target_without_a_comparator(self):
        one = attrs.evolve(self.RULES, unstated=self.RULES.unstated[:1])
        [fault] = check_rule_set(one)
        assert str(fault).startswith("unstated_comparator: no comparator for output.quantity, ")

    def test_tiers_that_leave_a_hole(self):
        tiers = pe.ScoringRule.tiers(
            [
                ("achieved", "0.8", 1, None),
                ("partly_achieved", "0.6", "0.7", None),
                ("not_achieved", 0, "0.6", None),
            ]
        )
        assert self.broken(3, rule=tiers) == ["judged.rule: the tiers do not meet from 0 to 1"]

    def test_a_best_grade_nobody_can_reach(self):
        bands = (pe.Band("excellent", at_least=101), pe.Band("good", below=101))
        [fault] = check_rule_set(attrs.evolve(self.RULES, bands=bands))
        assert str(fault) == "grades.bands: the best grade begins above the total of 100"

    def test_totals_without_a_grade(self):
        bands = (pe.Band("excellent", at_least=90), pe.Band("good", at_least=80))
        faults = check_rule_set(attrs.evolve(self.RULES, bands=bands))
        assert [str(fault) for fault in faults] == ["grades.bands: bands: no grade for 0"]


def numbers_without_grounds(table, path, *, grounded):
    """Every number of a parsed file whose tables up to the top have neither cites nor an assumption."""
    grounded = grounded or "cites" in table or "assumption" in table
    for key, value in table.items():
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            if isinstance(row, dict):
                yield from numbers_without_grounds(row, f"{path}.{key}", grounded=grounded)
            elif isinstance(row, int | float) and not isinstance(row, bool) and not grounded:
                yield f"{path}.{key}"


class TestData:
    @pytest.mark.parametrize("path", sorted(DATA.rglob("*.toml")), ids=lambda path: path.stem)
    def test_no_number_without_a_citation_or_an_assumption(self, path):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        # Each table of a rule set stands on its own; what heads the file does not cover it.
        for key, value in table.items():
            for row in value if isinstance(value, list) else [value]:
                if isinstance(row, dict) and path.name not in ("sources.toml", "places.toml") and key != "items":
                    assert list(numbers_without_grounds(row, key, grounded=False)) == []

    @EVERY
    def test_what_was_not_read_is_an_assumption(self, rules):
        """A place's part that cites the nation's text says so; so does a first year."""
        own = {cite.source.id for cite in rules.grounds.cites}
        assert rules.first_year_grounds is not None
        parts = [
            rules.total_grounds,
            rules.grade_grounds,
            *(row.grounds for row in (*rules.weights, *rules.tier_words)),
        ]
        for part in parts if rules.place != nation() else ():
            if not own & {cite.source.id for cite in part.cites}:
                took_over = {"cn-mof-2021-61"} & {cite.source.id for cite in part.cites}
                assert part.assumption is not None or took_over, part

    def test_a_set_that_was_read_in_part_says_so(self):
        read_in_part = {rules.id for rules in pe.rule_sets() if rules.partial is not None}
        platforms = {rules.id for rules in pe.rule_sets() if "platform" in rules.id} - {"cn-generic-platform"}
        assert read_in_part == platforms | {
            "cn-ha-zhengzhou-evaluation",
            "cn-hn-4777",
            "cn-hn-yueyang",
            "cn-hn-yuhua-2022",
            "cn-jx-2017",
            "cn-mof-2020-13-ppp",
            "cn-sh-putuo-2024",
        }

    def test_titles_that_were_not_read_are_descriptions(self):
        sources = shipped_sources().values()
        assert all(source.described or source.number or source.link for source in sources)
        described = {source.id for source in sources if source.described}
        assert {"henan-2020-10", "henan-departments", "cn-mof-2020-13", "haidian-2016-form"} <= described
        assert not described & {"cn-mof-2020-10", "cn-mof-2021-101", "cn-mof-2013-53", "yuhua-2022-table"}
        assert "湖北省项目自评表（2020年）的填表说明（系概括，非原题）" in markdown(
            pe.rule_set("cn-hb-2020").page("zh_CN")
        )

    def test_no_place_stands_in_python(self):
        names = {
            word
            for rules in pe.rule_sets()
            for word in re.findall(r"[\u4e00-\u9fa5]{2,3}(?=[省市县区])", rules.title.zh_CN)
        }
        names |= set(tomllib.loads((DATA / "places.toml").read_text(encoding="utf-8"))["provinces"].values())
        assert {"永德", "CN-HB"} <= {name[-2:] if name.endswith("永德") else name for name in names}
        for path in Path("src/perfeval").rglob("*.py"):
            code = re.sub(r'"""[\s\S]*?"""', "", path.read_text(encoding="utf-8"))
            assert not [name for name in names if name in code], path


def titled(source, locale):
    described = {"zh_CN": "（系概括，非原题）", "en": " (a description, not its title)"}[locale]
    return source.title.of(locale) + (described if source.described else "")


class TestPages:
    @EVERY
    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    def test_every_part_is_in_words(self, rules, locale):
        page = rules.page(locale)
        shown = markdown(page)
        assert shown.startswith(f"# {rules.title.of(locale)}\n")
        assert f"`{rules.id}`" in shown
        words = set(words_of(page))
        for grounds in rules.every_grounds():
            assert grounds.assumption is None or grounds.assumption.of(locale) in words
            assert all(titled(cite.source, locale) in words for cite in grounds.cites)

    @EVERY
    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    def test_lights_are_in_per_cent_and_places_by_their_names(self, rules, locale):
        """What the file has as fractions a reader sees in per cent: 80%, not 0.8."""
        words = list(words_of(rules.page(locale)))
        if rules.monitoring is None:
            return
        for lights in (rules.monitoring.money, rules.monitoring.forward):
            told = [f"≥ {exact_percent(limit)}" for _, limit in lights.bands if limit is not None]
            assert told
            assert any(all(limit in one for limit in told) for one in words)
        for schedule in rules.monitoring.schedules:
            name = place_words(schedule.place).of(locale)
            assert [one for one in words if one.endswith((f"（{name}）", f"({name})"))]

    def test_tiers_have_the_rule_sets_own_names(self):
        """101号 names them 基本达成目标, 部分实现目标, 实现目标程度较低."""
        words = list(words_of(pe.rule_set("cn-mof-2021-101").page("zh_CN")))
        earned = "基本达成目标：分值的80%至100%；部分实现目标：分值的60%至80%；实现目标程度较低：分值的0%至60%"
        assert earned in words
        assert "基本达成目标 绿灯、部分实现目标 黄灯、实现目标程度较低 红灯" in words

    def test_a_parents_rules_say_so(self):
        rules = pe.rule_set("130225", fiscal_year=2022)
        assert (
            "> 乐亭县 (130225), Hebei has no rules of its own; the rules of the Ministry of Finance apply."
            in markdown(rules.page("en")).split("\n")
        )
        assert "未单独制定办法，适用财政部规定。" in rules._repr_html_()

    def test_no_such_locale(self):
        with pytest.raises(pe.LocaleNotFoundError):
            pe.rule_set("cn-hb-2020").page("de")


def run(*arguments):
    return terminal.run("rules", *arguments)


class TestCommand:
    def test_list(self):
        rows = json.loads(run("list", "--format", "json").stdout)
        assert [row["id"] for row in rows] == [rules.id for rules in pe.rule_sets()]
        assert len(rows) >= 12
        assert run("list").stdout.split()[:3] == ["cn-bj-haidian-2016", "110108", "general"]

    def test_show(self):
        assert run("show", "cn-hb-2020").stdout.startswith("# 湖北省项目自评表（2020年）\n")
        done = run("show", "nowhere")
        assert done.exit_code == 2
        assert "no rule set 'nowhere'; known are " in done.stderr

    def test_an_invented_county_by_copying_a_file(self, tmp_path):
        """As the guide says: copy, change the head and what differs, add the document, check, use."""
        text = TEN.replace('id = "cn-mof-2020-10"', 'id = "qinghe-2023"').replace('place = "CN"', 'place = "130199"')
        text = text.replace(
            '[execution]\nweight = 10\ncites = ["cn-mof-2020-10#13"]',
            '[execution]\nweight = 20\ncites = ["qinghe-2023#12"]',
        )
        text = text.replace("output = 50", "output = 40")
        text += (
            '\n[sources.qinghe-2023]\nnumber = "清财〔2023〕1号"\nstatus = "verified"\n'
            'title = { zh_CN = "清和县项目支出绩效自评办法", en = "Qinghe\'s measures for self-evaluation" }\n'
        )
        path = tmp_path / "qinghe.toml"
        path.write_text(text, encoding="utf-8")
        assert run("check", str(path)).stdout == f"{path}: keeps every law\n"
        assert "清财〔2023〕1号第12条" in run("show", str(path)).stdout
        arguments = ["evaluate", "examples/qinghe-2022.toml", "--rules", str(path), "--format", "json"]
        [result] = json.loads(terminal.run(*arguments).stdout)
        assert (result["rule_set"], result["lines"][0]["weight"]) == ("qinghe-2023", "20")

    def test_a_file_that_breaks_a_law_and_one_that_is_broken(self, tmp_path):
        lawless = tmp_path / "lawless.toml"
        lawless.write_text(
            TEN.replace(
                'rule = { constructor = "proportional", cap = 1 }',
                'rule = { constructor = "proportional", uncapped = true }',
            ),
            encoding="utf-8",
        )
        done = run("check", str(lawless))
        assert done.exit_code == 1
        assert f"{lawless}: at_least.rule: bounded, but the share grows without end" in done.stderr
        broken = tmp_path / "broken.toml"
        broken.write_text(
            TEN.replace("below = 90", "below = 89")
            .replace('constructor = "tiers"', 'constructor = "stairs"')
            .replace('cites = ["cn-mof-2020-10#13"]', 'cites = ["nowhere#13"]')
            .replace("weight = 10", 'weight = "ten"')
            .replace("factor = 1.3", "factor = 1.3\nluck = 1"),
            encoding="utf-8",
        )
        done = run("check", str(broken))
        assert done.exit_code == 2
        assert [row.removeprefix(f"{broken}: ") for row in done.stderr.splitlines()] == [
            "execution.weight: expected a plain number, got 'ten'",
            "execution.cites: 'nowhere#13' cites no known source",
            (
                "methods[3].rule.constructor: expected one of proportional, with_pass_mark, steps, all_or_nothing, "
                "deduction, tiers, got 'stairs'"
            ),
            "grades.bands: a hole between excellent (from 90) and good (below 89)",
            "weights[0].cites: 'nowhere#13' cites no known source",
            "reasons.exceeded.luck: unknown key; known are factor, cites, assumption",
        ]

    def test_files_that_are_not_there(self):
        assert run("check", "nowhere.toml").exit_code == 2
        assert run("show", "nowhere.toml").exit_code == 2


class TestAdjustmentData:
    def test_caps_fall(self, tmp_path):
        path = tmp_path / "own.toml"
        cap = '[adjustments.cap]\nlabel = { zh_CN = "甲", en = "a" }\ncites = ["published-forms"]\nrates = [{}]\n'
        rows = "{ below = 0.6, total = 69 }, { below = 0.8, total = 89 }"
        path.write_text(TEN + cap.replace("{}", rows), encoding="utf-8")
        with pytest.raises(pe.RuleSetError) as caught:
            pe.RuleSet.from_toml(path)
        assert [str(fault) for fault in caught.value.exceptions] == [
            "adjustments.cap.rates: expected rates and totals that fall from the first row on"
        ]

    def test_the_lowest_cap_that_holds(self):
        cap = Cap(((Decimal("0.8"), Decimal(89)), (Decimal("0.6"), Decimal(69))), None, None)
        assert [cap.total_at(pe.Ratio(n, 10)) for n in (8, 7, 6, 5)] == [None, 89, 89, 69]


class TestNamesOfPlaces:
    """GB/T 2260, by a few codes that were looked up elsewhere."""

    @pytest.mark.parametrize(
        ("code", "chinese", "english"),
        [
            ("CN", "全国", "China"),
            ("CN-NM", "内蒙古自治区", "Inner Mongolia"),
            ("510000", "四川省", "Sichuan"),
            ("370100", "山东省济南市", "济南市 (370100), Shandong"),
            # below a municipality there is no city
            ("310104", "上海市徐汇区", "徐汇区 (310104), Shanghai"),
            # a county that the province governs itself
            ("469001", "海南省五指山市", "五指山市 (469001), Hainan"),
            ("530523", "云南省保山市龙陵县", "龙陵县 (530523), Yunnan"),
            ("529999", "贵州省529999", "529999, Guizhou"),
            ("nowhere", "nowhere", "nowhere"),
        ],
    )
    def test_in_words(self, code, chinese, english):
        assert place_words(code) == Words(chinese, english)

    def test_each_division_lies_in_a_province_and_stands_once(self):
        lines = [
            line.split(" ")
            for line in (DATA / "divisions.txt").read_text(encoding="utf-8").splitlines()
            if line[0] != "#"
        ]
        codes = [code for code, _ in lines]
        assert len(codes) == len(set(codes)) > 3000
        assert all(len(code) == 6 and "CN" in places_above(code) for code in codes)
        assert all(name.strip() == name != "" for _, name in lines)
