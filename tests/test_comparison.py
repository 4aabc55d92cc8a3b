"""Comparisons of two results, what a grade would need, and years beside each other."""

from __future__ import annotations

import decimal
from decimal import Context, Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
import strategies
from perfeval.comparison import Match, compare, likeness, needed, trend
from perfeval.pages import docx, html, markdown, text, words_of

RULES = pe.rule_set("CN", fiscal_year=2022)
GENERIC = pe.rule_set("cn-generic-platform")
PROJECT = pe.load("examples/qinghe-2022.toml")
RESULT = pe.evaluate(PROJECT, RULES)


def form(*indicators, **given):
    return pe.Project("排水改造", fiscal_year=2022, indicators=indicators, **given)


def row(name="管网长度", target="≥50公里", actual="40公里", weight=50, kind="output.quantity", **given):
    return pe.Indicator(name, kind=kind, target=target, actual=actual, weight=weight, **given)


def with_row(project, position, **changes):
    rows = list(project.indicators)
    rows[position] = evolve(rows[position], **changes)
    return evolve(project, indicators=rows)


class TestLaws:
    """Comparing with oneself is empty; differences add to the difference of totals."""

    @given(strategies.PROJECTS)
    def test_comparing_with_oneself_is_empty(self, project):
        result = pe.evaluate(project, RULES)
        found = compare(result, pe.evaluate(project, RULES))
        assert not found
        assert found.changes == ()
        assert all(not line.difference for line in found.lines)

    @given(strategies.PROJECTS, strategies.PROJECTS, st.sampled_from([RULES, GENERIC]))
    def test_differences_add_to_the_difference_of_totals(self, one, other, rules):
        before = pe.evaluate(evolve(one, excerpt=False), RULES)
        after = pe.evaluate(evolve(other, excerpt=False), rules)
        found = compare(before, after)
        if before.total is None or after.total is None:
            assert found.difference is None
            return
        lines = [line.difference for line in found.lines]
        assert None not in lines
        adjusted = [change.difference for change in found.adjustments]
        assert found.difference == after.total - before.total
        assert sum(lines) + sum(adjusted) == found.difference

    @given(strategies.PROJECTS, strategies.PROJECTS, st.sampled_from([RULES, GENERIC]))
    def test_the_parts_of_a_line_add_to_its_difference(self, one, other, rules):
        # The same names, so that lines are matched whatever else they are.
        names = [evolve(line, name=f"指标{i}") for i, line in enumerate(one.indicators)]
        others = [evolve(line, name=f"指标{i}") for i, line in enumerate(other.indicators)]
        before = pe.evaluate(evolve(one, indicators=names), RULES)
        after = pe.evaluate(evolve(other, indicators=others), rules)
        for line in compare(before, after).lines:
            if line.parts:
                assert sum(part.points for part in line.parts) == line.difference
                assert all(part.points for part in line.parts)

    @given(strategies.PROJECTS, strategies.PROJECTS)
    def test_every_line_of_both_stands_once(self, one, other):
        before, after = pe.evaluate(one, RULES), pe.evaluate(other, RULES)
        found = compare(before, after)
        assert [line.after for line in found.lines if line.after is not None] == list(after.lines)
        assert sorted(id(line.before) for line in found.lines if line.before is not None) == sorted(
            map(id, before.lines)
        )

    @given(strategies.PROJECTS, strategies.PROJECTS, st.sampled_from(["zh_CN", "en"]))
    def test_every_score_is_on_the_page_on_every_carrier(self, one, other, locale):
        before, after = pe.evaluate(one, RULES), pe.evaluate(other, GENERIC)
        page = compare(before, after).page(locale)
        shown = " ".join(words_of(page))
        assert "{" not in shown
        for line in (*before.lines, *after.lines):
            assert line.score is None or str(line.score) in shown
        for carrier in (text, markdown, html):
            assert carrier(page)

    def test_the_callers_context_changes_nothing(self):
        after = pe.evaluate(with_row(PROJECT, 0, actual="45公里"), GENERIC)
        expected = compare(RESULT, after).to_dict()
        with decimal.localcontext(decimal.Context(prec=2, rounding=decimal.ROUND_UP)):
            assert compare(RESULT, after).to_dict() == expected


class TestMatching:
    """By code, then by name, then by kind and likeness, which is said."""

    @staticmethod
    def matches(before, after):
        found = compare(pe.evaluate(form(*before), RULES), pe.evaluate(form(*after), RULES))
        return [
            (line.before and line.before.name, line.after and line.after.name, line.match) for line in found.lines[1:]
        ]

    def test_a_code_goes_before_a_name(self):
        before = [row("甲", code="01"), row("乙", code="02")]
        after = [row("甲", code="02"), row("丙", code="01")]
        assert self.matches(before, after) == [("乙", "甲", Match.CODE), ("甲", "丙", Match.CODE)]

    def test_a_name_and_kind_before_a_name(self):
        before = [row("甲", kind="output.quality"), row("甲")]
        assert self.matches(before, [row("甲"), row("甲", kind="output.cost")]) == [
            ("甲", "甲", Match.NAME),
            ("甲", "甲", Match.NAME),
        ]
        found = compare(pe.evaluate(form(*before), RULES), pe.evaluate(form(row("甲")), RULES))
        assert found.lines[1].before.item.kind == "output.quantity"

    def test_likeness_within_one_kind(self):
        assert self.matches([row("改造管网长度")], [row("新建管网长度")]) == [
            ("改造管网长度", "新建管网长度", Match.LIKENESS)
        ]
        assert self.matches([row("改造管网长度")], [row("新建管网长度", kind="output.cost")]) == [
            (None, "新建管网长度", None),
            ("改造管网长度", None, None),
        ]

    def test_the_most_alike_belong_together(self):
        before = [row("改造雨水管网长度"), row("改造污水管网长度")]
        after = [row("新建污水管网长度"), row("新建雨水管网长度")]
        assert [one for one, _, _ in self.matches(before, after)] == ["改造污水管网长度", "改造雨水管网长度"]

    def test_names_with_nothing_in_common_do_not_match(self):
        assert self.matches([row("培训人次")], [row("管网长度")]) == [
            (None, "管网长度", None),
            ("培训人次", None, None),
        ]

    def test_the_execution_rate_is_no_indicator_of_that_name(self):
        assert self.matches([row("execution_rate")], [row("execution_rate")]) == [
            ("execution_rate", "execution_rate", Match.NAME)
        ]

    @given(strategies.NAMES, strategies.NAMES)
    def test_likeness_is_the_same_both_ways(self, one, other):
        assert likeness(one, other) == likeness(other, one)
        assert pe.Ratio(0, 1) <= likeness(one, other) <= pe.Ratio(1, 1)

    def test_it_is_said_with_what_it_rests_on(self):
        before, after = (pe.evaluate(form(row(name)), RULES) for name in ("改造管网长度", "新建管网长度"))
        shown = compare(before, after).explain("zh_CN")
        # 改造 造管 管网 网长 长度 and 新建 建管 管网 网长 长度: three of five are shared.
        assert "“改造管网长度”对应“新建管网长度”，相似度60.00%" in shown
        assert "相似度（共有的相邻两字占比）不低于一半的，视为同一指标。" in shown


class TestWhereThePointsWent:
    """The steps: target, actual, weight, rules; worked out by hand."""

    def test_target_actual_and_weight(self):
        before = pe.evaluate(form(row(target="≥50公里", actual="40公里", weight=50)), RULES)
        after = pe.evaluate(form(row(target="≥60公里", actual="54公里", weight=30)), RULES)
        # 50×40/50 = 40; 50×40/60 = 33.33; 50×54/60 = 45; 30×54/60 = 27
        found = compare(before, after).lines[1]
        assert [(part.cause.value, part.points) for part in found.parts] == [
            ("target", Decimal("-6.67")),
            ("actual", Decimal("11.67")),
            ("weight", Decimal("-18.00")),
        ]
        assert found.difference == Decimal("-13.00")

    def test_rules(self):
        line = row("成本", target="≤10万元", actual="15万元", weight=10, kind="output.cost")
        found = compare(pe.evaluate(form(line), RULES), pe.evaluate(form(line), GENERIC)).lines[1]
        # 10 × 10/15 = 6.67 by the forms, 10 × (1 − 5/10) = 5.00 by the platform.
        assert [(part.cause.value, part.points) for part in found.parts] == [("rules", Decimal("-1.67"))]

    def test_money(self):
        def spent(budget, amount):
            money = pe.FundingLine(adjusted_budget=pe.wan(budget), actual_expenditure=pe.wan(amount))
            return pe.evaluate(form(funding=[money]), RULES)

        # 10×80/100 = 8; 10×80/160 = 5; 10×120/160 = 7.5
        found = compare(spent(100, 80), spent(160, 120)).lines[0]
        assert [(part.cause.value, part.points) for part in found.parts] == [
            ("budget", Decimal("-3.00")),
            ("actual", Decimal("2.50")),
        ]

    def test_a_budget_of_another_basis_is_the_rules(self):
        money = pe.FundingLine(original_budget=pe.wan(100), adjusted_budget=pe.wan(80), actual_expenditure=pe.wan(80))
        one = pe.evaluate(form(funding=[money]), RULES)
        other = pe.evaluate(form(funding=[money]), pe.rule_set("cn-bj-haidian-2016"))
        found = compare(one, other).lines[0]
        assert [(part.cause.value, part.points) for part in found.parts] == [("rules", found.difference)]
        assert found.difference < 0

    def test_a_line_that_leaves_the_total_adds_nothing_to_it(self):
        money = pe.FundingLine(adjusted_budget=pe.wan(100), actual_expenditure=pe.wan(100))
        nothing = pe.FundingLine(adjusted_budget=0, actual_expenditure=0)
        without, having = (pe.evaluate(form(row(), funding=[one]), RULES) for one in (nothing, money))
        assert (without.lines[0].score, without.total) == (None, 40)
        found = compare(without, having)
        assert (found.lines[0].difference, found.difference) == (10, 10)
        assert compare(having, without).difference == -10

    def test_new_and_dropped(self):
        found = compare(pe.evaluate(form(row("甲")), RULES), pe.evaluate(form(row("乙")), RULES))
        assert [(line.parts[0].cause.value, line.difference) for line in found.lines[1:]] == [
            ("added", Decimal("40.00")),
            ("removed", Decimal("-40.00")),
        ]

    def test_a_score_that_is_not_known_leaves_the_difference_open(self):
        found = compare(pe.evaluate(form(row(actual=None)), RULES), pe.evaluate(form(row()), RULES))
        assert (found.lines[1].difference, found.lines[1].parts, found.difference) == (None, (), None)
        assert "未填报实际完成值" in found.explain("zh_CN")
        assert "有一方无法计算总分，总分不作比较" in found.explain("zh_CN")

    def test_adjustments(self):
        taken = pe.evaluate(PROJECT, RULES, adjustments=[pe.Adjustment("指标值偏低", -2, "评审意见")])
        found = compare(RESULT, taken)
        assert [(change.before, change.after) for change in found.adjustments] == [(0, -2)]
        assert found.difference == -2
        assert not found.changes
        assert found
        assert "指标值偏低" in found.explain("zh_CN")
        assert compare(taken, RESULT).difference == 2
        assert not compare(taken, taken)


class TestDepartments:
    def test_projects_are_matched_and_compared(self):
        department = pe.load("examples/qingheju-2022.toml")
        later = evolve(
            department,
            projects=[with_row(department.projects[0], 0, actual="20公里"), department.projects[2]],
        )
        found = compare(pe.evaluate(department, RULES), pe.evaluate(later, RULES))
        assert [(p.project.name, p.match, p.comparison is None) for p in found.projects] == [
            ("农村供水管网维修", Match.NAME, False),
            ("水费收缴信息化", Match.NAME, False),
            ("河道清淤", None, True),
        ]
        assert found.projects[0].comparison.difference == Decimal("-8.00")
        assert found
        shown = found.explain("zh_CN")
        assert "河道清淤" in shown
        assert "-8.00" in shown
        assert docx(found.page("en"))

    @given(strategies.DEPARTMENTS)
    def test_with_oneself_nothing_differs(self, department):
        result = pe.evaluate(department, RULES)
        assert not compare(result, result)

    def test_a_department_is_not_compared_with_a_project(self):
        with pytest.raises(TypeError) as caught:
            compare(RESULT, pe.evaluate(pe.load("examples/qingheju-2022.toml"), RULES))
        assert str(caught.value) == "expected two results of one kind, got Evaluation and DepartmentEvaluation"


def one_step(project, position, needed_line, sign):
    """The form with one step more or less than what is needed."""
    line, actual, step = needed_line.line, needed_line.actual, needed_line.step
    exactly = Context(prec=60)
    if isinstance(line.item, pe.Execution):
        spent = exactly.add(actual, exactly.multiply(step, sign))
        total = evolve(project.stated.funding_total, actual_expenditure=spent)
        return evolve(project, stated=evolve(project.stated, funding_total=total))
    if isinstance(actual, pe.Judgement):
        actual = pe.Judgement(share=exactly.add(actual.share, exactly.multiply(step, sign)))
    elif isinstance(actual, pe.Completion):
        actual = pe.Completion(type(actual.date).fromordinal(actual.date.toordinal() - sign))
    else:
        down = isinstance(line.target, pe.Threshold) and line.target.comparator.value in "≤<"
        change = exactly.multiply(step, -sign if down else sign)
        actual = evolve(actual, value=exactly.add(actual.value, change))
    return with_row(project, position - 1, actual=actual)


FIGURES = st.integers(0, 200).map(Decimal) | st.decimals(0, 200, places=1)
COMPLETE = st.builds(
    lambda figures, shares, money: form(
        row("甲", f"≥{figures[0] + 1}个", f"{figures[1]}个", 30),
        row("乙", f"≤{figures[2] + 1}个", f"{figures[3]}个", 20, kind="output.cost"),
        row("丙", "明显改善", pe.Judgement(share=shares[0]), 20, kind="benefit.social"),
        row("丁", f">{figures[4]}%", f"{figures[5]}%", 20, kind="satisfaction"),
        funding=[pe.FundingLine(adjusted_budget=money[0] + 1, actual_expenditure=min(money))],
    ),
    st.lists(FIGURES, min_size=6, max_size=6),
    st.lists(strategies.SHARES, min_size=1, max_size=1),
    st.lists(st.integers(0, 10**7), min_size=2, max_size=2),
)


class TestNeeded:
    """One step less misses the grade."""

    @given(COMPLETE, st.sampled_from(["excellent", "good", "fair"]), st.sampled_from(["CN", "CN-HB", "generic"]))
    def test_is_exact(self, project, grade, place):
        rules = GENERIC if place == "generic" else pe.rule_set(place, fiscal_year=2022)
        if place == "CN-HB":
            project = with_row(project, 0, weight=20)
        result = pe.evaluate(project, rules)
        found = needed(result, grade)
        grades = [band.grade for band in rules.bands]
        good = set(grades[: grades.index(grade) + 1])
        assert found.reached is (result.grade in good)
        for position, line in enumerate(found.rows):
            if line.open is None:
                there = pe.evaluate(one_step(project, position, line, 0), rules)
                assert (there.grade in good, there.total) == (True, line.total)
                assert there.lines[position].score == line.score
                assert pe.evaluate(one_step(project, position, line, -1), rules).grade not in good

    def test_by_hand(self):
        result = pe.evaluate(pe.load("examples/qingheju-2022.toml").projects[2], RULES)
        found = needed(result)
        # 88.00; 50 × x/95 must give 42.00 or more: 79 gives 41.58, 80 gives 42.11.
        assert [(line.actual and str(line.actual), line.total) for line in found.rows] == [
            (None, None),
            ("80%", Decimal("90.11")),
            (None, None),
            ("90%", Decimal("90.00")),
        ]
        assert {line.open for line in found.rows if line.open} == {"out_of_reach"}
        assert found.missing == 2

    def test_a_late_date_an_equal_target_and_a_range(self):
        rows = [
            row("甲", "2022年11月底前", "2022年12月3日", 30, kind="output.timeliness"),
            row("乙", "=12处", "12处", 30),
            row("丙", "10~20人", "15人", 30),
        ]
        money = pe.FundingLine(adjusted_budget=1, actual_expenditure=1)
        found = needed(pe.evaluate(form(*rows, funding=[money]), RULES), "excellent")
        assert [line.actual and str(line.actual) for line in found.rows] == [None, "2022-11-30", None, None]
        assert {line.open for line in found.rows if line.actual is None} == {"another_line"}
        rows[0] = row("甲", "≥2个", "2个", 30)
        # 30 × 8/12 = 20 is enough from below; from above nothing scores before 12.
        for bad, enough in (("14处", "12处"), (None, "8处")):
            wrong = row("乙", "=12处", bad, 30)
            found = needed(pe.evaluate(form(rows[0], wrong, rows[2], funding=[money]), RULES), "excellent")
            assert str(found.rows[2].actual) == enough
        for bad in ("8人", "25人", None):
            found = needed(
                pe.evaluate(form(*rows[:2], row("丙", "10~20人", bad, 30), funding=[money]), RULES), "excellent"
            )
            assert str(found.rows[3].actual) == ("20人" if bad == "25人" else "10人")

    def test_a_change_is_searched_as_a_change(self):
        money = pe.FundingLine(adjusted_budget=1, actual_expenditure=1)
        rows = [row("能耗", "下降10%", "下降4%", 50), row("乙", "≥10个", "10个", 40)]
        found = needed(pe.evaluate(form(*rows, funding=[money]), RULES), "good")
        # 50 × 6/10 = 30 brings 80.
        assert (str(found.rows[1].actual), found.rows[1].total) == ("下降6%", Decimal("80.00"))

    def test_a_row_that_was_blank(self):
        """It is no line: what the row earns now, it earns anew."""
        blank, filled = pe.Indicator("甲"), row("甲", "≥10个", "8个", 50)
        found = compare(*(pe.evaluate(form(one, row("乙", "≥10个", "9个", 40)), RULES) for one in (blank, filled)))
        assert found.lines[1].difference == 40
        line = next(line for line in text(found.page("en"), width=200).splitlines() if line.startswith("甲"))
        assert line.split()[1] == "none"

    def test_a_blank_row_needs_nothing(self):
        blank = pe.Indicator("可持续影响指标", kind="benefit.sustainability")
        rows = [row("甲", "≥10个", "8个", 50), row("乙", "≥10个", "9个", 40)]
        money = pe.FundingLine(adjusted_budget=100, actual_expenditure=100)
        without = needed(pe.evaluate(form(*rows, funding=[money]), RULES), "excellent")
        found = needed(pe.evaluate(form(blank, *rows, funding=[money]), RULES), "excellent")
        assert [str(one.actual) for one in found.rows] == [str(one.actual) for one in without.rows]
        assert found.page("zh_CN") == without.page("zh_CN")

    def test_a_persons_adjustments_stay(self):
        rules = pe.rule_set("cn-platform-manual")
        rows = [row("甲", "≥10个", "8个", 50), row("乙", "≥10个", "20个", 40)]
        money = pe.FundingLine(adjusted_budget=100, actual_expenditure=100)
        taken = pe.Adjustment("扣分", -1, "评审意见")
        result = pe.evaluate(form(*rows, funding=[money]), rules, adjustments=[taken])
        # 40 + 40 + 10 − 1 − 2 for the target exceeded twice over: 87.
        assert result.total == 87
        line = needed(result, "excellent").rows[1]
        # 50 × 8.6/10 = 43 would do; in whole numbers 9.
        assert (str(line.actual), line.total) == ("9个", Decimal("92.00"))

    def test_what_cannot_have_a_grade(self):
        nothing = pe.Stated(funding_total=pe.FundingTotal(adjusted_budget=0))
        found = needed(pe.evaluate(form(row(), stated=nothing), RULES), "good")
        assert (found.rows, found.reason) == ((), "no_budget")
        excerpt = needed(pe.evaluate(form(row(), excerpt=True), RULES), "good")
        assert (excerpt.rows, excerpt.reason) == ((), "excerpt")
        assert "No grade, whatever the lines reach: only part of the form is known" in excerpt.explain("en")

    def test_reached(self):
        assert needed(RESULT).reached
        assert "已达到“优”。" in needed(RESULT).explain("zh_CN")

    def test_a_grade_that_the_rules_do_not_have(self):
        with pytest.raises(pe.ModelError) as caught:
            needed(RESULT, "great")
        assert str(caught.value) == "expected a grade (excellent, good, fair, poor), got 'great'"

    def test_on_a_page(self):
        result = pe.evaluate(pe.load("examples/qingheju-2022.toml").projects[2], RULES)
        shown = needed(result).explain("zh_CN")
        assert "“优”不低于90分〔财预〔2020〕10号第18条〕，尚差2.00分；下列各行均以其他各行不变为前提。" in shown
        assert "仅此一项全部完成仍达不到" in shown
        assert needed(result).to_dict()["lines"][1]["actual"] == "80%"
        assert "<table" in needed(result)._repr_html_()


class TestTrend:
    def test_years_in_order_and_lines_matched_through(self):
        years = [
            pe.evaluate(evolve(form(row(name, actual=actual)), fiscal_year=year), RULES)
            for year, name, actual in ((2024, "新建管网长度", "48公里"), (2022, "管网长度", "30公里"))
        ]
        gap = pe.evaluate(evolve(form(row("培训人次", actual="20公里")), fiscal_year=2023), RULES)
        found = trend([*years, gap])
        assert [one.project.fiscal_year for one in found.results] == [2022, 2023, 2024]
        scores = {one.last.name: [line and line.score for line in one.lines] for one in found.series}
        assert scores["新建管网长度"] == [Decimal("30.00"), None, Decimal("48.00")]
        assert scores["培训人次"] == [None, Decimal("20.00"), None]
        assert "排水改造：2022—2024年度得分" in found.explain("zh_CN")
        assert found.to_dict()["years"] == [2022, 2023, 2024]

    def test_a_department(self):
        first, second = (pe.load(f"examples/qingheju-{year}.toml") for year in (2022, 2023))
        found = trend([pe.evaluate(second, RULES), pe.evaluate(first, RULES)])
        totals = {row.last.project.name: [one and one.total for one in row.results] for row in found.series}
        assert list(totals) == ["农村供水管网维修", "水费收缴信息化建设", "河长制信息平台", "河道清淤"]
        assert totals["水费收缴信息化建设"] == [Decimal("88.00"), Decimal("97.30")]
        assert (totals["河长制信息平台"][0], totals["河道清淤"][1]) == (None, None)
        assert "清和县水务局：2022—2023年度得分" in found.explain("zh_CN")
        assert found.to_dict()["years"] == [2022, 2023]
        with pytest.raises(TypeError) as caught:
            trend([RESULT, pe.evaluate(first, RULES)])
        assert str(caught.value) == "expected projects or departments, got both"

    def test_none(self):
        with pytest.raises(ValueError, match="expected at least one evaluation, got none"):
            trend([])
