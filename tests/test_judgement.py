"""A person's judgement beside the actual: the date and the words stay, the score is what was judged."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

import perfeval as pe
from perfeval import Reason, forms, frames
from perfeval.evaluation.lines import indicator_line
from perfeval.model.merging import merge_sub_units
from perfeval.pages import text
from perfeval.review import review_scores
from perfeval.rulesets import Unmet
from perfeval.rulesets.undecided import undecided

RULES = pe.rule_set("cn-mof-2020-10")
PARTLY = pe.Judgement("partly_achieved", share="0.7", words="验收推迟一个月")


def row(**given):
    return pe.Indicator(**({"name": "甲", "weight": 10} | given))


def evaluated(*indicators, rules=RULES):
    return pe.evaluate(pe.Project("项目", fiscal_year=2022, indicators=indicators), rules)


def line(rules=RULES, **given):
    return evaluated(row(**given), rules=rules).lines[1]


# What the rules leave unscored for a reason that a person can resolve.
OPEN = [
    ({"target": dt.date(2022, 10, 31), "actual": dt.date(2022, 11, 30)}, Reason.LATE),
    ({"target": "2022年12月15日前", "actual": "2022年12月"}, Reason.BOUND_UNDECIDED),
    ({"target": "≥5个", "actual": "5次"}, Reason.UNITS_DIFFER),
    ({"target": "≥5个", "actual": "大体推进"}, None),
    ({"target": "明显改善", "actual": "有所改善"}, None),
    ({"target": "明显改善", "actual": "5个"}, Reason.NOT_COMPARABLE),
    ({"target": "=5个", "actual": "6个"}, Reason.EQUAL_EXCEEDED),
    ({"target": "≤0起", "actual": "1起"}, Reason.ZERO_TARGET),
    ({"target": "≥-1度", "actual": "-2度"}, Reason.NEGATIVE_TARGET),
    ({"target": pe.Between(1, 2), "actual": "3"}, Reason.OUTSIDE_RANGE),
    ({"target": "≥25项", "actual": ">20项"}, Reason.BOUND_UNDECIDED),
    ({"target": "前10名", "actual": "第25名"}, Reason.RANK_MISSED),
    ({"target": "≥95%", "actual": "0.97"}, Reason.SCALE_IN_DOUBT),
    ({"target": "下降10%", "actual": "12%"}, Reason.DIRECTION_NOT_TOLD),
    ({"target": "合格率≥90%", "actual": "抽检率：95%"}, Reason.LABELS_DIFFER),
    ({"target": "≥5台", "actual": "3台，达成预期指标"}, Reason.CLAIM_CONTRADICTS),
    ({"kind": "output.timeliness", "target": "30分钟", "actual": "40分钟"}, Reason.COMPARATOR_UNSTATED),
    ({"actual": "5个"}, Reason.TARGET_ABSENT),
    ({"target": "明显改善"}, Reason.ACTUAL_ABSENT),
    ({"target": "好", "actual": pe.Judgement("partly_achieved")}, None),
]


class TestTheLine:
    """`Indicator.judgement` stands beside the actual: who judges a late deadline or a qualitative result keeps the
    date and the words."""

    @pytest.mark.parametrize(("given", "reason"), OPEN)
    def test_what_the_rules_leave_open_is_judged(self, given, reason):
        assert line(**given).score is None
        found = line(**given, judgement=PARTLY)
        assert (found.score, found.share, found.formula) == (Decimal("7.00"), pe.Ratio(7, 10), "10 × 0.7")
        assert found.measure is PARTLY
        assert found.reason is reason
        assert found.method is RULES.method_for("judgement", found.item.kind)

    def test_the_date_is_kept(self):
        found = line(target="2022年10月底前", actual="2022年11月30日", judgement=PARTLY)
        assert found.item.actual.date == dt.date(2022, 11, 30)
        assert str(found.item.actual) == "2022年11月30日"

    def test_by_a_share_alone_and_by_the_best_tier_alone(self):
        late = {"target": dt.date(2022, 10, 31), "actual": dt.date(2022, 11, 30)}
        assert line(**late, judgement=pe.Judgement(share="95%")).score == Decimal("9.50")
        assert line(**late, judgement="achieved").score == 10

    def test_a_judgement_that_gives_no_share_leaves_the_line_open_and_says_why(self):
        late = {"target": dt.date(2022, 10, 31), "actual": dt.date(2022, 11, 30)}
        found = line(**late, judgement="partly_achieved")
        assert (found.score, found.reason) == (None, Reason.TIER_WITHOUT_SHARE)
        found = line(**late, judgement=pe.Judgement("achieved", share="0.5"))
        assert (found.score, found.reason) == (None, Reason.SHARE_OUTSIDE_TIER)

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({"weight": None}, Reason.WEIGHT_ABSENT),
            ({"weight": -1}, Reason.WEIGHT_NEGATIVE),
        ],
    )
    def test_a_fault_of_the_form_is_no_matter_of_judgement(self, given, reason):
        found = line(target="好", actual="较好", judgement=PARTLY, **given)
        assert (found.score, found.measure, found.reason) == (None, None, reason)

    def test_nor_is_an_indicator_that_stands_twice(self):
        twice = row(target="好", actual="较好", judgement=PARTLY)
        lines = evaluated(twice, twice).lines[1:]
        assert [(x.score, x.reason) for x in lines] == [(None, Reason.DOUBLED_INDICATOR)] * 2

    @pytest.mark.parametrize(
        ("given", "score"),
        [
            ({"target": "≥5个", "actual": "4个"}, "8.00"),
            ({"target": "≥5个", "actual": "5个"}, "10.00"),
            ({"target": dt.date(2022, 10, 31), "actual": dt.date(2022, 10, 1)}, "10.00"),
            ({"target": "≤0起", "actual": "0起"}, "10.00"),
        ],
    )
    def test_what_the_rules_score_by_a_figure_or_a_date_stands(self, given, score):
        without, found = line(**given), line(**given, judgement=PARTLY)
        assert str(found.score) == score
        assert (found.measure, found.method, found.formula) == (without.measure, without.method, without.formula)

    def test_a_share_that_the_rules_give_stands(self):
        rules = pe.rule_set("cn-generic-platform")
        [unmet] = [row for row in rules.unmet if row.reason is Reason.ZERO_TARGET]
        found = line(rules, target="≤0起", actual="1起", judgement=PARTLY)
        assert (found.measure, found.share) == (None, pe.Ratio.of(unmet.share))

    @pytest.mark.parametrize("actual", ["已完成", "明显改善", "达成预期指标", pe.Judgement("achieved", share="0.9")])
    def test_of_words_and_of_another_judgement_it_is_the_one_that_counts(self, actual):
        """A claim in words is scored by an assumption; who judged it knows more."""
        given = {"target": "明显改善", "actual": actual}
        assert line(**given).score in (9, 10)
        assert line(**given, judgement=PARTLY).score == 7

    def test_without_a_method_for_judgements_the_line_stays_open(self):
        rules = attrs.evolve(RULES, methods=[method for method in RULES.methods if "judgement" not in method.forms])
        found = line(rules, target=dt.date(2022, 10, 31), actual=dt.date(2022, 11, 30), judgement=PARTLY)
        assert (found.score, found.measure, found.reason) == (None, PARTLY, Reason.NO_RULE)


class TestTheRecord:
    @pytest.mark.parametrize(
        ("word", "tier"),
        [
            ("达成", "achieved"),
            ("部分达成", "partly_achieved"),
            ("未达成", "not_achieved"),
            ("达成年度指标", "achieved"),
            ("未达成年度指标且效果较差", "not_achieved"),
        ],
    )
    def test_a_tier_by_the_words_of_the_form(self, word, tier):
        assert pe.Judgement(word) == pe.Judgement(tier)

    def test_a_word_near_a_tier_is_none(self):
        with pytest.raises(pe.ModelError) as caught:
            pe.Judgement("基本达成")
        expected = "expected a tier (achieved, partly_achieved, not_achieved), got '基本达成'; near are 达成"
        assert str(caught.value) == expected

    def test_a_tier_by_its_word(self):
        assert row(judgement="partly_achieved").judgement == pe.Judgement("partly_achieved")
        assert row(judgement=pe.Tier.ACHIEVED).judgement == pe.Judgement("achieved")
        assert row(judgement="部分达成年度指标并具有一定效果").judgement == pe.Judgement("partly_achieved")

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (5, "expected Judgement, got int"),
            ("great", "expected a tier (achieved, partly_achieved, not_achieved), got 'great'"),
        ],
    )
    def test_anything_else_is_refused(self, value, message):
        with pytest.raises(pe.ModelError) as caught:
            row(judgement=value)
        assert str(caught.value) == message


class TestTheExplanation:
    """Nothing silent: every surface shows what was reached, what was judged, and whether it was taken."""

    LATE = row(target=dt.date(2022, 10, 31), actual=dt.date(2022, 11, 30), judgement=PARTLY)

    def test_the_late_date_and_the_judgement(self):
        result = evaluated(self.LATE)
        assert (
            "“甲”：年度指标值2022-10-31，实际完成值2022-11-30（超过规定期限完成，规则未规定如何计分；"
            "评定：部分达成年度指标并具有一定效果 70%，验收推迟一个月），得分：10 × 0.7 = 7.00〔财预〔2020〕10号第16条〕"
        ) in result.explain("zh_CN")
        assert (
            "actual 2022-11-30 (the deadline is missed, which the rules do not score;"
            " judged: partly achieved, with some effect 70%: 验收推迟一个月); score 10 × 0.7 = 7.00"
        ) in result.explain("en")

    def test_words_that_were_judged(self):
        result = evaluated(row(target="明显改善", actual="有所改善", judgement=pe.Judgement(share="0.9")))
        assert "实际完成值有所改善（评定：90%），得分：10 × 0.9 = 9.00" in result.explain("zh_CN")

    def test_a_judgement_that_is_not_taken(self):
        result = evaluated(row(target="≥5个", actual="4个", judgement=PARTLY))
        assert (
            "实际完成值4个（另有评定：部分达成年度指标并具有一定效果 70%，验收推迟一个月；规则已按实际完成值计分，未予采用），"
            "得分：10 × 4 ÷ 5 = 8.00"
        ) in result.explain("zh_CN")
        assert (
            "actual 4个 (judged besides: partly achieved, with some effect 70%: 验收推迟一个月;"
            " not taken, as the rules score the actual); score 10 × 4 ÷ 5 = 8.00"
        ) in result.explain("en")

    def test_a_judgement_of_a_line_that_cannot_be_scored(self):
        result = evaluated(row(target="≥5个", actual="4个", weight=None, judgement=PARTLY))
        assert (
            "4个（另有评定：部分达成年度指标并具有一定效果 70%，验收推迟一个月；未予采用），未计分"
            in result.explain("zh_CN")
        )

    def test_an_actual_that_is_not_told(self):
        result = evaluated(row(target="明显改善", judgement=PARTLY))
        assert "实际完成值未填报（评定：部分达成" in result.explain("zh_CN")

    def test_the_assumption_of_a_tier_without_a_share_is_shown_and_that_of_the_claim_is_not(self):
        result = evaluated(row(target="明显改善", actual="明显改善", judgement="achieved"))
        texts = result.assumptions("zh_CN")
        assert RULES.method_for("judgement", None).without_share.assumption.zh_CN in texts
        assert RULES.repeated_target_grounds.assumption.zh_CN not in texts

    def test_why_a_person_had_to_say_is_among_the_assumptions(self):
        found = evaluated(row(kind="output.timeliness", target="30分钟", actual="40分钟", judgement=PARTLY))
        unstated = RULES.comparator_for(pe.IndicatorKind.OUTPUT_TIMELINESS, pe.Threshold("unstated", 30, "分钟"))
        assert unstated.grounds.assumption.zh_CN in found.assumptions("zh_CN")

    def test_as_data(self):
        rows = evaluated(self.LATE, row(target="≥5个", actual="4个", judgement=PARTLY), row(target="好")).rows()[1:]
        told = {"judgement": "partly_achieved 0.7", "judgement_words": "验收推迟一个月"}
        assert {key: rows[0][key] for key in told} == told
        assert [x["judged"] for x in rows] == [True, False, None]
        assert [x["reason"] for x in rows] == ["late", None, "actual_absent"]


DOCUMENT = """
name = "甲"
fiscal_year = 2022
amount_unit = "万元"

[[indicators]]
name = "完成时间"
target = "2022年10月底前"
actual = "2022年11月30日"
weight = 10
judgement = {judgement}
"""


class TestInDocuments:
    def read(self, judgement):
        return pe.loads(DOCUMENT.format(judgement=judgement)).indicators[0]

    @pytest.mark.parametrize(
        ("text", "meant", "words"),
        [
            ('{ tier = "partly_achieved", share = "70%", words = "验收推迟" }', ("partly_achieved", "0.7"), "验收推迟"),
            ('{ tier = "达成年度指标", share = 0.9 }', ("achieved", "0.9"), None),
            ("{ share = 0.9 }", (None, "0.9"), None),
            ('"achieved"', ("achieved", None), None),
        ],
    )
    def test_read_and_written(self, text, meant, words):
        found = self.read(text)
        assert found.judgement == pe.Judgement(meant[0], share=meant[1])
        assert (found.judgement.words, str(found.actual)) == (words, "2022年11月30日")
        project = pe.loads(DOCUMENT.format(judgement=text))
        for format in ("toml", "json"):
            again = pe.loads(pe.dumps(project, format=format), format=format)
            assert (again, repr(again)) == (project, repr(project))

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('{ tier = "great" }', "expected a tier (achieved, partly_achieved, not_achieved), got 'great'"),
            ("{ share = 80 }", 'share: expected a fraction from 0 to 1, got 80; write "80%"'),
            ('{ words = "好" }', "expected a tier, a share or both, got neither"),
            ("5", "expected a tier (achieved, partly_achieved, not_achieved), got 5"),
        ],
    )
    def test_faults_name_their_path(self, text, message):
        with pytest.raises(pe.DocumentError) as caught:
            self.read(text)
        assert [str(fault) for fault in caught.value.exceptions] == [f"indicators[0].judgement: {message}"]

    def test_an_unknown_key_is_named(self):
        with pytest.raises(pe.DocumentError) as caught:
            self.read('{ share = 0.9, grade = "好" }')
        told = "indicators[0].judgement.grade: unknown key; known are tier, share, words"
        assert [str(fault) for fault in caught.value.exceptions] == [told]


class TestElsewhere:
    LATE = row(name="完成时间", target=dt.date(2022, 10, 31), actual=dt.date(2022, 11, 30), judgement=PARTLY)
    MONEY = (pe.FundingLine(adjusted_budget=pe.wan(100), actual_expenditure=pe.wan(100)),)

    def project(self, *indicators, **given):
        return pe.Project("项目", fiscal_year=2022, funding=self.MONEY, indicators=indicators, **given)

    def test_the_form_as_a_page(self):
        told = "2022-11-30（评定：部分达成年度指标并具有一定效果 70%，验收推迟一个月）"
        assert told in "".join(text(self.project(self.LATE).page("zh_CN"), width=400))

    def test_a_reviewers_judgement_keeps_the_date(self):
        finding = pe.ReviewedIndicator("完成时间", judgement=pe.Judgement(share="0.6"), reason="验收推迟一个月")
        result = review_scores(self.project(self.LATE, review=pe.Review(indicators=[finding])), RULES)
        after = result.rows[1].difference.after
        assert (after.item.actual, after.score) == (self.LATE.actual, 6)

    @pytest.mark.parametrize(
        ("finding", "score"),
        [({"actual": "2022年10月30日"}, 10), ({"actual": "2022年12月30日"}, None), ({"score": 5}, 5), ({}, 7)],
    )
    def test_what_was_judged_of_another_actual_is_not_a_reviewers(self, finding, score):
        finding = pe.ReviewedIndicator("完成时间", reason="实测", **finding)
        result = review_scores(self.project(self.LATE, review=pe.Review(indicators=[finding])), RULES)
        assert result.rows[1].difference.after.score == score

    def test_another_judgement_is_a_difference(self):
        one = pe.evaluate(self.project(self.LATE), RULES)
        other = pe.evaluate(
            self.project(attrs.evolve(self.LATE, judgement=pe.Judgement("partly_achieved", share="0.6"))), RULES
        )
        [change] = pe.compare(one, other).changes
        assert (change.difference, [part.cause.value for part in change.parts]) == (-1, ["actual"])

    def test_what_a_grade_needs_of_a_judged_line_is_a_share(self):
        rest = row(name="乙", target="≥5个", actual="4个", weight=80)
        late = attrs.evolve(self.LATE, judgement=pe.Judgement("not_achieved", share="0.3"))
        result = pe.needed(pe.evaluate(self.project(rest, late), RULES), "good")
        assert result.rows[2].actual == pe.Judgement("partly_achieved", share="0.6")

    def test_at_mid_year_it_says_nothing(self):
        state = pe.Monitoring(dt.date(2022, 7, 31), indicators=[pe.MonitoredIndicator("乙", done="有所改善")])
        item = row(name="乙", target="明显改善", actual="有所改善", judgement=PARTLY)
        [line] = pe.monitor(self.project(item, monitoring=[state]), RULES).lines
        assert (line.light, line.reason) == (None, Reason.WORDS_NOT_READ)

    def test_judgements_of_sub_units_are_not_added(self):
        one = self.project(row(target="≥5个", actual="4个", judgement=PARTLY))
        with pytest.raises(pe.ModelError) as caught:
            merge_sub_units("合", [one, one])
        assert str(caught.value) == "项目: '甲' has a judgement, and judgements are not added"
        late = self.project(self.LATE)
        other = self.project(attrs.evolve(self.LATE, judgement=pe.Judgement(share="0.9")))
        with pytest.raises(pe.ModelError):
            merge_sub_units("合", [late, other])
        assert merge_sub_units("合", [late, late]).indicators[0].judgement is PARTLY

    @pytest.mark.parametrize("carrier", ["xlsx", "docx"])
    def test_the_official_form_keeps_it_below_its_rows(self, tmp_path, carrier):
        project = self.project(self.LATE)
        path = tmp_path / f"form.{carrier}"
        forms.write(project, path, rules=RULES)
        found = forms.read(path)[0].document.indicators[0]
        assert (found, found.judgement.words) == (self.LATE, "验收推迟一个月")


# A target, an actual, and the case that it is; each form of target with what may be left open.
TRIED = [
    ("late", "deadline", pe.Deadline(dt.date(2022, 10, 31)), pe.Completion(dt.date(2022, 11, 30))),
    ("outside", "range", pe.Between(10, 20, "人"), pe.Quantity(9, "人")),
    ("exceeded", "=", pe.Threshold("=", 50, "件"), pe.Quantity(60, "件")),
    ("beyond", "≤", pe.Threshold("≤", 50, "件"), pe.Quantity(70, "件")),
    ("beyond", "<", pe.Threshold("<", 50, "件"), pe.Quantity(50, "件")),
    ("zero.missed", "≤", pe.Threshold("≤", 0, "起"), pe.Quantity(3, "起")),
    ("zero.missed", "=", pe.Threshold("=", 0, "起"), pe.Quantity(3, "起")),
    ("zero.missed", ">", pe.Threshold(">", 0, "起"), pe.Quantity(0, "起")),
    ("negative.missed", "≥", pe.Threshold("≥", -2, "度"), pe.Quantity(-3, "度")),
    ("negative.missed", "<", pe.Threshold("<", -2, "度"), pe.Quantity(1, "度")),
    ("rank.missed", "≤", pe.Threshold("≤", 10, meaning="rank"), pe.Quantity(25)),
    ("zero", "=", pe.Threshold("=", 0, "起"), pe.Quantity(0, "起")),
    ("zero", "≥", pe.Threshold("≥", 0, "起"), pe.Quantity(0, "起")),
    ("negative", "≤", pe.Threshold("≤", -2, "度"), pe.Quantity(-4, "度")),
    ("rank", "≤", pe.Threshold("≤", 10, meaning="rank"), pe.Quantity(3)),
    ("", "≥", pe.Threshold("≥", 50, "件"), pe.Quantity(40, "件")),
    ("", "<", pe.Threshold("<", 50, "件"), pe.Quantity(40, "件")),
    ("", "=", pe.Threshold("=", 50, "件"), pe.Quantity(40, "件")),
    ("", "range", pe.Between(10, 20, "人"), pe.Quantity(15, "人")),
    ("", "deadline", pe.Deadline(dt.date(2022, 10, 31)), pe.Completion(dt.date(2022, 10, 1))),
]


def left(rows, form, kind):
    """The cases that the rules leave to a person; what is never scored is not scored when it is missed, too."""
    found = {case for row in rows if form in row.forms and kind in row.kinds for case in row.cases}
    return found | {f"{case}.missed" for case in found}


class TestWhatIsLeftToAPerson:
    """What a rule set's page lists as scored is scored, or the page says what is left to a person."""

    def test_of_the_nations_rules(self):
        below = ("zero.missed", "negative.missed")
        assert [(row.forms, row.cases) for row in undecided(RULES)] == [
            (("≥", ">"), below),
            (("≤", "<"), (*below, "rank.missed")),
            (("=",), ("exceeded", *below)),
            (("range",), ("outside",)),
            (("deadline",), ("late",)),
            (("judgement",), ("tiers",)),
        ]

    @pytest.mark.parametrize("known", [rules.id for rules in pe.rule_sets()])
    def test_it_is_what_evaluate_leaves(self, known):
        rules = pe.rule_set(known)
        rows = undecided(rules)
        for kind in (None, *pe.IndicatorKind):
            for case, form, target, actual in TRIED:
                found = indicator_line(row(kind=kind, target=target, actual=actual), rules)
                cases = left(rows, form, kind)
                assert (found.score is None) is (case in cases or "no_method" in cases), (kind, case, form)

    def test_without_a_method_or_an_inverse_form(self):
        methods = [
            method._replace(inverse=None) if method.inverse else method
            for method in RULES.methods
            if "range" not in method.forms
        ]
        rules = attrs.evolve(RULES, methods=methods)
        assert "beyond" in left(undecided(rules), "≤", None)
        assert left(undecided(rules), "deadline", None) >= {"no_method"}

    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    def test_the_page_says_so(self, locale):
        words = {
            "en": ("late", "outside the range", "all but Satisfaction", "a target of 0 or below that is missed"),
            "zh_CN": ("逾期完成", "超出区间", "除满意度指标外", "指标值为0或负数而未达到"),
        }[locale]
        told = text(pe.rule_set("cn-mof-2021-101").page(locale), width=300)
        head = {"en": "What is left to a person", "zh_CN": "须由评价人评定的情形"}[locale]
        section = told.partition(head)[2].partition({"en": "How entries are read", "zh_CN": "填报内容的认定"}[locale])[
            0
        ]
        assert [word for word in words if word not in section] == []

    def test_what_a_rule_set_decides_itself_is_not_left(self):
        late = Unmet(Reason.LATE, Decimal("0.5"), RULES.grounds)
        rules = attrs.evolve(RULES, unmet=(late,))
        assert left(undecided(rules), "deadline", None) == set()
        cells = text(rules.page("en"), width=300).splitlines()
        assert [line.split()[:2] for line in cells if line.startswith("late")] == [["late", "0.5"]]


class TestTheExecutionRate:
    """`finished` unknown under 101号; unfinished at ≥ 100 %; finished but overspent: `None`, needs a judgement."""

    CENTRAL = pe.rule_set("cn-mof-2021-101")

    def project(self, spent, **given):
        money = [pe.FundingLine(adjusted_budget=100, actual_expenditure=spent)]
        return pe.Project("项目", fiscal_year=2022, funding=money, **({"execution_judgement": PARTLY} | given))

    def result(self, spent, rules=CENTRAL, **given):
        return pe.evaluate(self.project(spent, **given), rules)

    @pytest.mark.parametrize(
        ("spent", "finished", "reason"),
        [
            (80, None, Reason.FINISHED_UNKNOWN),
            (110, True, Reason.BEYOND_THE_RULES),
            (100, False, Reason.BEYOND_THE_RULES),
        ],
    )
    def test_what_the_rules_leave_open_is_judged(self, spent, finished, reason):
        open_line = self.result(spent, finished=finished, execution_judgement=None).lines[0]
        assert (open_line.score, open_line.reason) == (None, reason)
        result = self.result(spent, finished=finished)
        found = result.lines[0]
        assert (found.score, found.formula, found.reason, found.judged) == (7, "10 × 0.7", reason, True)
        assert found.measure == open_line.measure == pe.Ratio(spent, 100)
        assert result.execution_rate == Decimal(spent) / 100

    def test_what_the_rules_score_stands(self):
        found = self.result(90, finished=True).lines[0]
        assert (found.score, found.judged) == (10, False)
        [finding] = pe.check(self.project(90, finished=True), self.CENTRAL, select=["CF108"])
        assert finding.where == "execution_judgement"
        assert finding.message("zh_CN") == (
            "“预算执行率”另有评定“部分达成年度指标并具有一定效果 70%”，规则已按实际完成值“90.00%”计10.00分，评定未予采用"
        )

    def test_money_that_is_not_told_is_not_judged(self):
        result = self.result(None, finished=True)
        found = result.lines[0]
        assert (found.score, found.reason, found.judged) == (None, Reason.AMOUNT_ABSENT, False)
        assert "未填报全年执行数（另有评定：部分" in result.explain("zh_CN")

    def test_a_tier_without_a_share(self):
        found = self.result(110, finished=True, execution_judgement="partly_achieved").lines[0]
        assert (found.score, found.reason, found.judged) == (None, Reason.TIER_WITHOUT_SHARE, True)
        found = self.result(110, finished=True, execution_judgement="achieved")
        assert found.lines[0].score == 10
        assert self.CENTRAL.method_for("judgement", None).without_share.assumption.zh_CN in found.assumptions("zh_CN")

    def test_explained(self):
        told = self.result(110, finished=True).explain("zh_CN")
        assert (
            "110.00%（规则未规定该比率如何计分；评定：部分实现目标 70%，验收推迟一个月），得分：10 × 0.7 = 7.00"
        ) in told
        rows = self.result(110, finished=True).rows()
        assert (rows[0]["judgement"], rows[0]["judged"]) == ("partly_achieved 0.7", True)

    def test_in_a_document(self):
        project = self.project(110, finished=True)
        again = pe.loads(pe.dumps(project))
        assert (again, repr(again)) == (project, repr(project))
        with pytest.raises(pe.DocumentError) as caught:
            pe.loads('name = "甲"\nfiscal_year = 2022\namount_unit = "元"\nexecution_judgement = { tier = "great" }')
        told = "execution_judgement: expected a tier (achieved, partly_achieved, not_achieved), got 'great'"
        assert [str(fault) for fault in caught.value.exceptions] == [told]

    def test_on_the_form_as_a_page(self):
        shown = text(self.project(110, finished=True).page("zh_CN"), width=300)
        assert "部分达成年度指标并具有一定效果 70%，验收推迟一个月" in shown

    def test_another_judgement_is_a_difference(self):
        one = self.result(110, finished=True)
        other = self.result(110, finished=True, execution_judgement=pe.Judgement(share="0.6"))
        [change] = pe.compare(one, other).changes
        assert (change.difference, [part.cause.value for part in change.parts]) == (-1, ["actual"])

    def test_a_reviewers_expenditure_is_another_rate(self):
        project = self.project(110, finished=True, review=pe.Review(actual_expenditure=120, reason="补记"))
        assert review_scores(project, self.CENTRAL).rows[0].difference.after.score is None

    def test_it_is_merged_and_put_in_columns_by_nobody(self):
        project = self.project(110, finished=True)
        with pytest.raises(pe.ModelError) as caught:
            merge_sub_units("合", [project, project])
        assert str(caught.value) == "项目: its execution rate is judged, and judgements are not added"
        with pytest.raises(pe.FrameError) as caught:
            frames.from_projects([project])
        assert str(caught.value) == "项目: execution_judgement: columns have no judgement of an execution rate"

    @pytest.mark.parametrize("carrier", ["xlsx", "docx"])
    def test_the_official_form_keeps_it_below_its_rows(self, tmp_path, carrier):
        project = self.project(110, finished=True)
        path = tmp_path / f"form.{carrier}"
        forms.write(project, path, rules=self.CENTRAL)
        assert forms.read(path)[0].document.execution_judgement.words == "验收推迟一个月"
