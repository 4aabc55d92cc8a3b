"""The design's table *What cannot be computed*, row by row, under every rule set.

What each rule set says is read from its file here, not asked of the code that
is judged.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal

import attrs
import pytest

import perfeval as pe
from perfeval import i18n
from perfeval.cited import data_folder

SETS = {rules.id: rules for rules in pe.rule_sets()}
FILES = {
    name: tomllib.loads((data_folder() / "rulesets" / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    for name in SETS
}
EVERY = pytest.mark.parametrize("name", SETS)
WEIGHED = pytest.mark.parametrize("name", [name for name, file in FILES.items() if file["execution"]["weight"]])

SPENT = pe.FundingLine(original_budget=100, adjusted_budget=100, funds_received=100, actual_expenditure=100)
EMPTY = pe.FundingLine(original_budget=0, adjusted_budget=0, funds_received=0, actual_expenditure=0)
MET = {"kind": "output.quantity", "target": "≥5个", "actual": "5个"}


def filled(name):
    """An indicator that is met, with all the weight that the execution rate leaves."""
    file = FILES[name]
    return pe.Indicator("培训", **MET, weight=file["total"]["points"] - file["execution"]["weight"])


def form(*indicators, funding=(SPENT,), **told):
    """A finished project that spent its budget."""
    told = {"finished": True} | told
    return pe.Project("某项目", fiscal_year=2024, funding=funding, indicators=indicators, **told)


def line_of(name, target, actual, kind="output.quantity", **told):
    item = pe.Indicator("某指标", kind=kind, target=target, actual=actual, weight=10, **told)
    return pe.evaluate(form(item), SETS[name]).lines[1]


def method_of(name, target_form, kind):
    """The first method of the file for that form and kind."""
    return next(
        row
        for row in FILES[name]["methods"]
        if target_form in row["forms"] and (not row.get("kinds") or {kind, kind.split(".")[0]} & set(row["kinds"]))
    )


def unmet_share(name, reason):
    """The share that the file gives where there is no measure for that reason, `None` where it is silent."""
    return next((row["share"] for row in FILES[name].get("unmet", []) if row["reason"] == reason), None)


def reason_words(reason, locale="zh_CN"):
    return i18n.message(f"reason.{reason}", locale)


@EVERY
class TestMoneyThatTheFormDoesNotTell:
    """ "score None, reason amount absent (未填报), whatever the rule set says of a zero budget" """

    @pytest.mark.parametrize(
        "funding",
        [
            (),
            (pe.FundingLine(),),
            (pe.FundingLine(actual_expenditure=5),),
            (pe.FundingLine(original_budget=5, adjusted_budget=5, funds_received=5),),
        ],
        ids=["no row", "a blank row", "no budget", "no expenditure"],
    )
    def test_no_score_and_no_budget_of_zero(self, name, funding):
        result = pe.evaluate(form(filled(name), funding=funding), SETS[name])
        line = result.lines[0]
        assert (line.score, line.reason, line.applicable) == (None, pe.Reason.AMOUNT_ABSENT, True)
        assert (result.total, result.total_reason) == (None, pe.Reason.LINE_UNSCORED)
        text = result.explain("zh_CN")
        assert "未填报" in text
        assert "没有预算" not in text


@EVERY
class TestABudgetOfZero:
    """ "no rate; not_applicable (the line leaves the total, no rescaling, no grade), full or zero, as the rule set
    says; money spent from it is a finding" """

    def test_as_the_rule_set_says(self, name):
        file = FILES[name]
        treatment, weight = file["execution"]["no_budget"]["treatment"], file["execution"]["weight"]
        item = filled(name)
        result = pe.evaluate(form(item, funding=[EMPTY]), SETS[name])
        line = result.lines[0]
        assert (line.measure, result.execution_rate, line.reason) == (None, None, pe.Reason.NO_BUDGET)
        if treatment in ("full", "zero"):
            points = weight if treatment == "full" else 0
            assert (line.score, result.total) == (points, item.weight + points)
        else:
            assert (line.score, line.applicable, result.total) == (None, False, item.weight)
            # Without a grade for this reason; where the line loses its weight, because the rest does not add up.
            why = "no_budget" if treatment == "not_applicable" else "weights_do_not_add_up"
            assert (result.grade, result.grade_reason) == (None, why)
        grounds = file["execution"]["no_budget"]
        if "assumption" in grounds:
            assert grounds["assumption"]["zh_CN"] in result.assumptions("zh_CN")

    def test_money_spent_from_it_is_a_finding(self, name):
        for funding, found in ((EMPTY, []), (attrs.evolve(EMPTY, actual_expenditure=5), ["AR124"])):
            project = form(filled(name), funding=[funding])
            codes = [finding.code for finding in pe.check(project, SETS[name])]
            assert [code for code in codes if code == "AR124"] == found


@EVERY
class TestAnActualThatCannotBeReadOrIsAbsent:
    """ "score None; a total with a None in it is None; Evaluation.unscored says which and why; partial_score is
    there, named so" """

    @pytest.mark.parametrize(("actual", "reason"), [(None, "actual_absent"), ("差3个", "words_not_read")])
    def test_no_score_no_total_and_which(self, name, actual, reason):
        item = pe.Indicator("读不出", kind="output.quantity", target="≥5个", actual=actual, weight=10)
        result = pe.evaluate(form(filled(name), item), SETS[name])
        assert [(line.name, line.score, line.reason) for line in result.unscored] == [("读不出", None, reason)]
        assert (result.total, result.total_reason, result.grade) == (None, pe.Reason.LINE_UNSCORED, None)
        assert result.partial_score == FILES[name]["total"]["points"]
        assert reason_words(reason) in result.explain("zh_CN")


@EVERY
class TestWordsForANumber:
    """ "a plain claim (完成, 达成预期指标) earns what the rule set's assumption says, and a finding; a hedged one
    (基本完成, 大部分) has no score, unless it is a tier word of that rule set (101号: 基本达成)" """

    @pytest.mark.parametrize("words", ["完成", "达成预期指标"])
    def test_a_plain_claim(self, name, words):
        line = line_of(name, "≥90%", words, kind="output.quality")
        method = method_of(name, "judgement", "output.quality")
        tier = next(row for row in method["rule"]["tiers"] if row["tier"] == "achieved")
        assert line.score == 10 * tier["share"]
        result = pe.evaluate(form(line.item), SETS[name])
        assert method["without_share"]["zh_CN"] in result.assumptions("zh_CN")
        found = [one for one in pe.check(form(line.item), SETS[name]) if one.where == "indicators[0].actual"]
        assert "CP108" in [one.code for one in found]

    @pytest.mark.parametrize("words", ["基本完成", "大部分完成", "基本达成目标", "部分实现目标"])
    def test_a_hedged_one(self, name, words):
        line = line_of(name, "≥90%", words, kind="output.quality")
        named = [row["tier"] for row in FILES[name]["words"] if words in (row["name"]["zh_CN"], *row.get("texts", []))]
        tiers = method_of(name, "judgement", "output.quality")["rule"]["tiers"]
        share = next((row.get("share") for row in tiers if row["tier"] in named), None)
        assert line.score == (None if share is None else 10 * share)
        if not named:
            assert line.reason in (pe.Reason.WORDS_NOT_READ, pe.Reason.TIER_WITHOUT_SHARE)


@EVERY
class TestABlankRowOfATemplate:
    """ "a blank row of a template: no weight, no score, nothing in it | not a line" """

    def test_is_not_a_line(self, name):
        blank = pe.Indicator("可持续影响指标", kind="benefit.sustainability")
        with_it = pe.evaluate(form(filled(name), blank), SETS[name])
        without = pe.evaluate(form(filled(name)), SETS[name])
        assert (with_it.total, with_it.grade, with_it.unscored) == (without.total, without.grade, ())
        assert with_it.explain("zh_CN") == without.explain("zh_CN")
        assert with_it.rows() == without.rows()
        assert with_it.page("en") == without.page("en")

    def test_a_row_without_weight_and_points_leaves_the_total_alone(self, name):
        row = pe.Indicator("未设权重", **MET)
        result = pe.evaluate(form(filled(name), row), SETS[name])
        assert result.total == FILES[name]["total"]["points"]
        assert [(line.name, line.reason) for line in result.unscored] == [("未设权重", pe.Reason.WEIGHT_ABSENT)]
        assert f"{reason_words('weight_absent')}，不计入总分" in result.explain("zh_CN")
        assert "no weight is stated, so it is no part of the total" in result.explain("en")

    def test_a_row_that_prints_points_without_a_weight_does_not(self, name):
        row = pe.Indicator("未印权重", **MET, stated=pe.StatedIndicator(score=5))
        result = pe.evaluate(form(filled(name), row), SETS[name])
        assert (result.total, result.total_reason) == (None, pe.Reason.LINE_UNSCORED)

    def test_nor_does_a_form_without_any_weight(self, name):
        result = pe.evaluate(form(pe.Indicator("培训", **MET)), SETS[name])
        assert (result.total, result.total_reason) == (None, pe.Reason.LINE_UNSCORED)


@EVERY
class TestATotalBeyondItsEnds:
    """ "a total that adjustments take below 0 or above the full score | held there, by a line of its own" """

    @pytest.mark.parametrize("points", [-500, 500])
    def test_is_held(self, name, points):
        extra = [pe.Adjustment("另行调整", points, "评价组决定")]
        result = pe.evaluate(form(filled(name)), SETS[name], adjustments=extra)
        full = FILES[name]["total"]["points"]
        assert result.total == (0 if points < 0 else full)
        assert len(result.adjustments) == 2
        assert sum(line.score for line in result.lines) + sum(one.points for one in result.adjustments) == result.total


@EVERY
class TestATierWithoutAShare:
    """ "achieved → full; partly and not achieved → None with the tier's range; rule-set data may name a share" """

    @pytest.mark.parametrize("tier", ["achieved", "partly_achieved", "not_achieved"])
    def test_by_the_file(self, name, tier):
        item = pe.Indicator("制度", kind="benefit.social", target="健全", actual=pe.Judgement(tier), weight=10)
        result = pe.evaluate(form(item), SETS[name])
        tiers = method_of(name, "judgement", "benefit.social")["rule"]["tiers"]
        row = next(row for row in tiers if row["tier"] == tier)
        line = result.lines[1]
        if "share" in row:
            assert (line.score, line.reason) == (10 * row["share"], None)
        else:
            assert (line.score, line.reason) == (None, pe.Reason.TIER_WITHOUT_SHARE)
            text = result.explain("en")
            assert f"{row['lower'] * 100:.0f}" in text
            assert f"{row['upper'] * 100:.0f} %" in text or f"{row['upper'] * 100:.0f}%" in text
        assert tier != "achieved" or line.score == 10


LATE = (dt.date(2024, 6, 30), dt.date(2024, 7, 15))
LEFT_OPEN = [
    ("deadline", "output.timeliness", *LATE, "late"),
    ("=", "output.quantity", "=50个", "60个", "equal_exceeded"),
    ("=", "output.cost", "=50元", "60元", "equal_exceeded"),
    ("range", "output.quantity", "40~50个", "60个", "outside_range"),
    ("range", "output.quantity", "40~50个", "20个", "outside_range"),
    ("≤", "output.quantity", "≤0起", "3起", "zero_target"),
    ("=", "output.quantity", "=0起", "3起", "zero_target"),
]


def points_of_steps(rule, measure):
    """The share of a rule of steps that are limits from above, by hand."""
    assert rule["constructor"] == "steps"
    met = (row["points"] for row in rule["steps"] if measure <= row["at_most"])
    return Decimal(next(met, rule["otherwise"])) / rule["scale"]


@EVERY
class TestWhatTheRuleSetDecides:
    """ "late against a deadline, "=" missed upwards, outside a range, target 0 | by the rule set; where it is silent
    None, needs a judgement" """

    @pytest.mark.parametrize(("target_form", "kind", "target", "actual", "reason"), LEFT_OPEN)
    def test_by_the_file(self, name, target_form, kind, target, actual, reason):
        line = line_of(name, target, actual, kind=kind)
        method = method_of(name, target_form, kind)
        if method["measure"] == "deviation":
            # Jiangxi (2017) scores a cost by its deviation: 60 against 50 is a fifth.
            assert (line.score, line.reason) == (10 * points_of_steps(method["rule"], Decimal("0.2")), None)
            return
        share = unmet_share(name, reason)
        assert (line.score, line.reason) == (None if share is None else 10 * share, reason)
        if share is None:
            judged = pe.Judgement("partly_achieved", share="0.7")
            assert line_of(name, target, actual, kind=kind, judgement=judged).score == 7

    @pytest.mark.parametrize(
        ("kind", "target", "actual"),
        [
            ("output.timeliness", LATE[0], LATE[0]),
            ("output.quantity", "=50个", "50个"),
            ("output.quantity", "40~50个", "45个"),
            ("output.quantity", "≤0起", "0起"),
            ("output.quantity", "0起", "0起"),
        ],
    )
    def test_what_is_met_is_met(self, name, kind, target, actual):
        """ "A target of 0 without a comparator earns full marks at 0" """
        assert line_of(name, target, actual, kind=kind).score == 10

    def test_a_target_of_0_without_a_comparator_and_another_actual(self, name):
        """ "anything else goes by the rule set, and has no score where that is silent" """
        line = line_of(name, "0台", "3台")
        share = unmet_share(name, "zero_target")
        assert (line.score, line.reason) == (None if share is None else 10 * share, "zero_target")


@WEIGHED
class TestFinishedOrNot:
    """ "finished unknown under 101号; unfinished at ≥ 100 %; finished but overspent | None, needs a judgement" """

    MORE = pe.FundingLine(original_budget=100, adjusted_budget=100, funds_received=100, actual_expenditure=120)

    @pytest.mark.parametrize(
        ("finished", "funding", "reason"),
        [
            (None, SPENT, "finished_unknown"),
            (False, SPENT, "beyond_the_rules"),
            (False, MORE, "beyond_the_rules"),
            (True, MORE, "beyond_the_rules"),
        ],
    )
    def test_where_the_rule_set_tells_them_apart(self, name, finished, funding, reason):
        terms = FILES[name]["execution"]
        line = pe.evaluate(form(filled(name), funding=[funding], finished=finished), SETS[name]).lines[0]
        if "unfinished" in terms:
            assert terms["finished"]["at_most"] == 1
            assert terms["unfinished"]["less_than"] == 1
            assert (line.score, line.reason) == (None, reason)
        else:
            assert line.reason != "finished_unknown"


@EVERY
class TestABoundThatDoesNotDecide:
    """ "a bound that does not decide ("more than 20" against "≥ 25") | None" """

    @pytest.mark.parametrize(("target", "actual"), [("≥25个", "二十多个"), ("≥25个", ">20个"), ("≤25个", "二十多个")])
    def test_no_score(self, name, target, actual):
        line = line_of(name, target, actual)
        assert (line.score, line.reason) == (None, pe.Reason.BOUND_UNDECIDED)

    def test_one_that_decides(self, name):
        assert line_of(name, "≥20个", "二十多个").score == 10


@EVERY
class TestWeightsThatDoNotAddUp:
    """ "weights do not add to the rule set's total | total as it is, grade None with the reason" """

    def test_total_without_a_grade(self, name):
        file = FILES[name]
        item = pe.Indicator("培训", **MET, weight=10)
        result = pe.evaluate(form(item), SETS[name])
        assert result.total == file["execution"]["weight"] + 10
        assert (result.grade, result.grade_reason) == (None, pe.Reason.WEIGHTS_DO_NOT_ADD_UP)
        assert reason_words("weights_do_not_add_up") in result.explain("zh_CN")
        whole = pe.evaluate(form(filled(name)), SETS[name])
        assert (whole.total, whole.grade) == (file["total"]["points"], pe.Grade(file["grades"]["bands"][0]["grade"]))


@WEIGHED
class TestAnotherWeightOnTheForm:
    """ "the form prints another weight for the execution rate | stated, compared, never used" """

    def test_never_used_and_found(self, name):
        other = FILES[name]["execution"]["weight"] + 5
        project = form(filled(name), stated=pe.Stated(execution_weight=other))
        result = pe.evaluate(project, SETS[name])
        assert (result.lines[0].weight, result.total) == (other - 5, FILES[name]["total"]["points"])
        found = [one for one in pe.check(project, SETS[name]) if one.where == "stated.execution_weight"]
        assert "WT109" in [one.code for one in found]
