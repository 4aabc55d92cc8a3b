from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from perfeval import (
    Adjustment,
    AmountError,
    Band,
    Grade,
    Judgement,
    ModelError,
    Ratio,
    Reason,
    Rounding,
    ScoringRule,
    ScoringRuleError,
    execution_score,
    grade,
    score,
    share,
)
from perfeval.amounts import plain
from perfeval.rounding import exact_percent
from perfeval.scoring import to_bands

PROPORTIONAL = ScoringRule.proportional()
STEPS_101 = ScoringRule.steps([("≥", "0.9", 10), ("≥", "0.8", 8), ("≥", "0.6", 5)], scale=10)
ADJUSTMENT_RATE = ScoringRule.steps([("≤", 0, 3), ("≤", "0.1", 2), ("≤", "0.2", 1), ("≤", "0.3", "0.5")], scale=3)
TIERS = ScoringRule.tiers(
    [("achieved", "0.8", 1, 1), ("partly_achieved", "0.6", "0.8", None), ("not_achieved", 0, "0.6", None)]
)
RULES = [
    PROPORTIONAL,
    ScoringRule.proportional(cap=None),
    ScoringRule.proportional(cap="1.5"),
    ScoringRule.with_pass_mark(pass_mark="0.6"),
    ScoringRule.with_pass_mark(pass_mark="0.6", cap=None),
    STEPS_101,
    ADJUSTMENT_RATE,
    ScoringRule.all_or_nothing(),
    ScoringRule.deduction(above=1, per="0.01", points="0.5", scale=5),
    ScoringRule.deduction(above=0, per="0.01", points="0.8", scale=8, pro_rata=True),
    ScoringRule.deduction(below="0.9", per="0.05", points=1, scale=10),
    ScoringRule.deduction(below=1, per="0.05", points=2, scale=10, pro_rata=True),
    TIERS,
]


def earned(rule: ScoringRule, x: str) -> Fraction:
    return Fraction(*share(rule, Ratio(*Fraction(x).as_integer_ratio())))


class TestProportional:
    """Art. 16: 完成值达到指标值的，记该指标所赋全部分值；未完成的按比例记分."""

    @pytest.mark.parametrize(("x", "expected"), [("-1", 0), ("0", 0), ("0.96", "0.96"), ("1", 1), ("1.2", 1)])
    def test_share(self, x, expected):
        assert earned(PROPORTIONAL, x) == Fraction(expected)

    def test_without_a_cap_it_goes_on(self):
        assert earned(ScoringRule.proportional(cap=None), "1.596") == Fraction("1.596")

    def test_with_another_cap(self):
        assert earned(ScoringRule.proportional(cap="1.5"), "2") == Fraction("1.5")


class TestPassMark:
    """101号: below 60 % nothing; else (completion - 60 %) / (1 - 60 %) of the weight."""

    @pytest.mark.parametrize(
        ("x", "expected"), [("0.5999", 0), ("0.6", 0), ("0.7", "1/4"), ("0.8", "1/2"), ("1", 1), ("1.1", 1)]
    )
    def test_share(self, x, expected):
        assert earned(ScoringRule.with_pass_mark(pass_mark="0.6"), x) == Fraction(expected)

    def test_without_a_cap(self):
        assert earned(ScoringRule.with_pass_mark(pass_mark="0.6", cap=None), "1.2") == Fraction(3, 2)


class TestSteps:
    """101号, satisfaction: from 90 % 10 points, from 80 % 8, from 60 % 5, below 0."""

    @pytest.mark.parametrize(
        ("x", "points"), [("0.95", 10), ("0.9", 10), ("0.8999", 8), ("0.8", 8), ("0.7", 5), ("0.6", 5), ("0.5999", 0)]
    )
    def test_from_above(self, x, points):
        assert earned(STEPS_101, x) == Fraction(points, 10)

    @pytest.mark.parametrize(
        ("x", "points"), [("0", "3"), ("0.0001", "2"), ("0.1", "2"), ("0.1001", "1"), ("0.3", "0.5"), ("0.31", "0")]
    )
    def test_from_below_each_step_closed_above(self, x, points):
        """岳阳, 预算调整率: 0 / ≤10 / ≤20 / ≤30 / >30 % → 3/2/1/0.5/0."""
        assert earned(ADJUSTMENT_RATE, x) == Fraction(points) / 3

    def test_open_steps(self):
        rule = ScoringRule.steps([(">", "0.5", 1)])
        assert [earned(rule, x) for x in ("0.5", "0.51")] == [0, 1]
        rule = ScoringRule.steps([("<", "0.5", 1)])
        assert [earned(rule, x) for x in ("0.49", "0.5")] == [1, 0]

    @pytest.mark.parametrize(
        "steps", [[("≥", "0.8", 8), ("≥", "0.9", 10)], [("≥", "0.9", 10), ("≤", "0.8", 8)], [("≥", 1, 1), ("≥", 1, 2)]]
    )
    def test_out_of_order(self, steps):
        with pytest.raises(ScoringRuleError) as caught:
            ScoringRule.steps(steps)
        expected = "steps: expected limits that fall with ≥ or >, or rise with ≤ or <, from the best step to the worst"
        assert str(caught.value) == expected


class TestDeduction:
    """湖南: staffing above 100 % costs 0.5 points per point, 三公 0.8 of 8; 预算完成率 2 per 5 % short."""

    @pytest.mark.parametrize(
        ("x", "points"),
        [("0.9", "5"), ("1", "5"), ("1.0099", "5"), ("1.01", "4.5"), ("1.029", "4"), ("1.1", "0"), ("2", "0")],
    )
    def test_above_full_units_only(self, x, points):
        assert earned(ScoringRule.deduction(above=1, per="0.01", points="0.5", scale=5), x) == Fraction(points) / 5

    @pytest.mark.parametrize(
        ("x", "points"), [("1", "10"), ("0.9", "10"), ("0.86", "10"), ("0.85", "9"), ("0.5", "2"), ("0.1", "0")]
    )
    def test_below_full_units_only(self, x, points):
        assert earned(ScoringRule.deduction(below="0.9", per="0.05", points=1, scale=10), x) == Fraction(points) / 10

    @pytest.mark.parametrize(("x", "points"), [("-1", "8"), ("0", "8"), ("0.005", "7.6"), ("0.1", "0"), ("0.2", "0")])
    def test_above_pro_rata(self, x, points):
        rule = ScoringRule.deduction(above=0, per="0.01", points="0.8", scale=8, pro_rata=True)
        assert earned(rule, x) == Fraction(points) / 8

    @pytest.mark.parametrize(("x", "points"), [("1.2", "10"), ("1", "10"), ("0.98", "9.2"), ("0.75", "0"), ("0", "0")])
    def test_below_pro_rata(self, x, points):
        rule = ScoringRule.deduction(below=1, per="0.05", points=2, scale=10, pro_rata=True)
        assert earned(rule, x) == Fraction(points) / 10

    @pytest.mark.parametrize(
        ("x", "points"), [("0.9", "10"), ("0.88", "9"), ("0.875", "8.75"), ("0.7", "0"), ("0.1", "0")]
    )
    def test_below_pro_rata_of_a_limit_that_is_not_whole(self, x, points):
        rule = ScoringRule.deduction(below="0.9", per="0.02", points=1, scale=10, pro_rata=True)
        assert earned(rule, x) == Fraction(points) / 10

    @pytest.mark.parametrize(("x", "points"), [("1.1", "10"), ("1.2", "10"), ("1.23", "8.5"), ("1.4", "0"), ("2", "0")])
    def test_above_pro_rata_of_a_limit_that_is_not_whole(self, x, points):
        rule = ScoringRule.deduction(above="1.2", per="0.02", points=1, scale=10, pro_rata=True)
        assert earned(rule, x) == Fraction(points) / 10

    def test_a_slope_of_one_that_does_not_begin_at_nothing(self):
        """The share is the measure less 1 here, and not the measure itself."""
        rule = ScoringRule.deduction(below=2, per=1, points=1, scale=1, pro_rata=True)
        assert [earned(rule, x) for x in ("0.5", "1", "1.5", "2", "3")] == [0, 0, Fraction(1, 2), 1, 1]

    def test_points_that_do_not_divide_the_scale(self):
        rule = ScoringRule.deduction(above=0, per=1, points=3, scale=10)
        assert [earned(rule, str(x)) for x in range(6)] == [1, Fraction(7, 10), Fraction(4, 10), Fraction(1, 10), 0, 0]

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({}, "deduction: expected either above or below, got both or neither"),
            ({"above": 1, "below": 1}, "deduction: expected either above or below, got both or neither"),
            ({"above": 1, "per": 0}, "per: expected a number above 0, got 0"),
            (
                {"above": 1, "points": "0.00001"},
                "deduction: expected at most 1000 units until nothing is left, got 500000",
            ),
        ],
    )
    def test_bad_input(self, given, message):
        with pytest.raises(ScoringRuleError) as caught:
            ScoringRule.deduction(**({"per": "0.01", "points": "0.5", "scale": 5} | given))
        assert str(caught.value) == message


class TestTiers:
    """Art. 16: 达成 100-80 % (80 included), 部分达成 80-60 % (60 included), 未达成 60-0 %."""

    @pytest.mark.parametrize(
        ("tier", "stated"),
        [
            ("achieved", "1"),
            ("achieved", "0.8"),
            ("partly_achieved", "0.6"),
            ("partly_achieved", "0.79"),
            ("not_achieved", "0"),
        ],
    )
    def test_a_share_within_its_tier(self, tier, stated):
        assert Fraction(*share(TIERS, Judgement(tier, share=stated))) == Fraction(stated)

    @pytest.mark.parametrize(
        ("tier", "stated"), [("achieved", "0.79"), ("partly_achieved", "0.8"), ("not_achieved", "0.6")]
    )
    def test_a_share_outside_its_tier(self, tier, stated):
        assert share(TIERS, Judgement(tier, share=stated)) is Reason.SHARE_OUTSIDE_TIER

    def test_a_share_without_a_tier(self):
        assert share(TIERS, Judgement(share="0.55")) == Ratio(11, 20)

    @pytest.mark.parametrize(
        ("stated", "hint"),
        [("1.01", '; write "1.01%"'), ("-0.1", ""), ("95", '; write "95%"'), (95, '; write "95%"'), ("101%", "")],
    )
    def test_no_share(self, stated, hint):
        with pytest.raises(ModelError) as caught:
            Judgement(share=stated)
        assert str(caught.value) == f"share: expected a fraction from 0 to 1, got {stated}{hint}"

    def test_a_share_in_per_cent(self):
        assert Judgement(share="95%") == Judgement(share="0.95")
        assert str(Judgement(share="62.50 %").share) == "0.6250"

    def test_a_tier_without_a_share(self):
        assert share(TIERS, Judgement("achieved")) == Ratio(1, 1)
        assert share(TIERS, Judgement("partly_achieved")) is Reason.TIER_WITHOUT_SHARE
        assert score(10, Judgement("not_achieved"), TIERS) is None

    def test_a_judgement_needs_tiers(self):
        with pytest.raises(ScoringRuleError) as caught:
            share(PROPORTIONAL, Judgement("achieved"))
        assert str(caught.value) == "expected a rule of tiers for a judgement, got proportional(cap=1)"

    def test_each_tier_once(self):
        with pytest.raises(ScoringRuleError) as caught:
            ScoringRule.tiers([("achieved", 0, 1, None)])
        assert str(caught.value) == "tiers: expected each of achieved, partly_achieved, not_achieved once, got achieved"

    @pytest.mark.parametrize(
        ("tiers", "fault"),
        [
            # Turned around: what is not achieved would earn most.
            (
                [("achieved", 0, "0.6"), ("partly_achieved", "0.6", "0.8"), ("not_achieved", "0.8", 1)],
                "the range of partly_achieved (0.6 to 0.8) below that of achieved (0 to 0.6)",
            ),
            (
                [("not_achieved", "0.6", "0.8"), ("achieved", "0.8", 1), ("partly_achieved", 0, "0.6")],
                "the range of not_achieved (0.6 to 0.8) below that of partly_achieved (0 to 0.6)",
            ),
            (
                [("achieved", "0.7", "0.8"), ("partly_achieved", "0.6", "0.9"), ("not_achieved", 0, "0.6")],
                "the range of partly_achieved (0.6 to 0.9) below that of achieved (0.7 to 0.8)",
            ),
            (
                [("achieved", "0.8", 1, "0.8"), ("partly_achieved", "0.7", 1, "0.9"), ("not_achieved", 0, "0.6")],
                "the share of partly_achieved (0.9) below that of achieved (0.8)",
            ),
            (
                [("achieved", "0.8", 1, "0.8"), ("partly_achieved", "0.6", "0.8"), ("not_achieved", 0, "0.85", "0.7")],
                "the range of not_achieved (0 to 0.85) below that of partly_achieved (0.6 to 0.8)",
            ),
            (
                [("achieved", "0.5", 1, "0.5"), ("partly_achieved", "0.5", "0.8"), ("not_achieved", 0, "0.8", "0.6")],
                "the share of not_achieved (0.6) below that of achieved (0.5)",
            ),
        ],
    )
    def test_the_better_tier_earns_more(self, tiers, fault):
        with pytest.raises(ScoringRuleError) as caught:
            ScoringRule.tiers([(*row, None)[:4] for row in tiers])
        assert str(caught.value) == f"tiers: expected {fault}"

    def test_ranges_may_overlap_or_leave_a_hole(self):
        """That they meet is a law of a rule set, not of the rule."""
        for low, high in (("0.5", "0.9"), ("0.6", "0.7")):
            rows = [("not_achieved", 0, "0.5", None), ("partly_achieved", low, high, None), ("achieved", "0.8", 1, 1)]
            assert ScoringRule.tiers(rows).tier_ranges[1].upper == Decimal(high)


class TestRules:
    @pytest.mark.parametrize("rule", RULES, ids=str)
    def test_there_and_back(self, rule):
        again = ScoringRule.from_dict(rule.to_dict())
        assert again == rule
        assert hash(again) == hash(rule)
        assert pickle.loads(pickle.dumps(rule)) == rule
        assert again.pieces == rule.pieces

    @pytest.mark.parametrize("rule", RULES, ids=str)
    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    def test_print_as_a_line_of_prose_with_their_numbers(self, rule, locale):
        prose = rule.describe(locale)
        assert "{" not in prose
        assert "\n" not in prose
        for _, value in rule.parameters:
            if isinstance(value, Decimal) and value != 1:
                assert plain(value) in prose or exact_percent(value).removesuffix("%") in prose

    def test_prose_in_chinese(self):
        satisfaction = STEPS_101.describe("zh_CN", measure="满意度")
        assert satisfaction == "满意度≥90%得10分；≥80%得8分；≥60%得5分；其余得0分（满分10分）"
        assert PROPORTIONAL.describe("zh_CN") == "得分＝分值×完成率，最高不超过该指标分值"
        staffing = ScoringRule.deduction(above=1, per="0.01", points="0.5", scale=5, pro_rata=False)
        assert staffing.describe("zh_CN", measure="在职人员控制率") == (
            "在职人员控制率超过100%的，每超过1个百分点扣0.5分，不足1个百分点的不扣，扣完为止（满分5分）"
        )
        cases = ScoringRule.deduction(above=0, per=1, points=1, scale=3, pro_rata=False)
        assert cases.describe("zh_CN", measure="不合规情形", in_percent=False) == (
            "不合规情形每有1例扣1分，扣完为止（满分3分）"
        )

    def test_are_data(self):
        assert str(STEPS_101) == "steps(steps=[≥ 0.9 10, ≥ 0.8 8, ≥ 0.6 5], otherwise=0, scale=10)"
        assert STEPS_101 != ADJUSTMENT_RATE

    @pytest.mark.parametrize("rule", RULES, ids=str)
    def test_pieces_go_up_to_the_end(self, rule):
        limits = [Fraction(*piece.limit) for piece in rule.pieces[:-1]]
        assert limits == sorted(set(limits))
        assert rule.pieces[-1].limit is None

    @pytest.mark.parametrize("rule", [rule for rule in RULES if rule is not TIERS], ids=str)
    def test_knots_agree_with_the_shares_around_them(self, rule):
        tiny = Fraction(1, 10**12)
        for knot in rule.knots:
            x = Fraction(*knot.x)
            assert Fraction(*knot.at) == earned(rule, str(x))
            for side, near in ((knot.before, x - tiny), (knot.after, x + tiny)):
                assert abs(Fraction(*side) - earned(rule, str(near))) <= 200 * tiny

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            (
                {},
                "constructor: missing, expected one of proportional, with_pass_mark, steps, all_or_nothing, deduction, tiers",
            ),
            (
                {"constructor": "eval"},
                "constructor: expected one of proportional, with_pass_mark, steps, all_or_nothing, deduction, tiers, got 'eval'",
            ),
            (
                {"constructor": "proportional", "floor": 1},
                "floor: unknown key; known are constructor, uncapped, cap",
            ),
            ({"constructor": "proportional", "cap": "x"}, "cap: expected a plain number, got 'x'"),
            ({"constructor": "with_pass_mark", "pass_mark": 1}, "pass_mark: expected a share below 1, got 1"),
            (
                {"constructor": "steps", "steps": [{"points": 1}]},
                "steps[0]: expected one of at_least, more_than, at_most, less_than in a step, got none",
            ),
            ({"constructor": "steps", "steps": []}, "steps: expected at least one step"),
            (
                {"constructor": "tiers", "tiers": [{"tier": "achieved"}]},
                "tiers[0].lower: missing; tiers[0].upper: missing",
            ),
        ],
    )
    def test_bad_tables(self, table, message):
        with pytest.raises(ScoringRuleError) as caught:
            ScoringRule.from_dict(table)
        assert str(caught.value) == message


class TestRounding:
    """Both signs and both sides of the half."""

    TABLE = (
        ("0.0049", "0.00", "0.00", "0.00"),
        ("0.005", "0.01", "0.00", "0.00"),
        ("0.0051", "0.01", "0.01", "0.00"),
        ("0.015", "0.02", "0.02", "0.01"),
        ("0.0151", "0.02", "0.02", "0.01"),
        ("0.025", "0.03", "0.02", "0.02"),
        ("9.995", "10.00", "10.00", "9.99"),
        ("-0.0049", "0.00", "0.00", "0.00"),
        ("-0.005", "-0.01", "0.00", "0.00"),
        ("-0.015", "-0.02", "-0.02", "-0.01"),
        ("-0.0151", "-0.02", "-0.02", "-0.01"),
    )

    @pytest.mark.parametrize(("value", "half_up", "half_even", "down"), TABLE)
    def test_table(self, value, half_up, half_even, down):
        ratio = Ratio(*Fraction(value).as_integer_ratio())
        for mode, expected in (("half_up", half_up), ("half_even", half_even), ("down", down)):
            assert Rounding(mode=mode).points(Decimal(1), ratio) == Decimal(expected)
            assert Fraction(expected) == getattr(oracle, mode)(Fraction(value))

    @given(
        st.fractions(-100, 100, max_denominator=4000),
        st.sampled_from(["half_up", "half_even", "down"]),
        st.sampled_from(["0.01", "0.1", "1", "0.5", "0.25"]),
    )
    def test_against_the_oracle(self, value, mode, step):
        found = Rounding(step, mode).points(Decimal(1), Ratio(*value.as_integer_ratio()))
        assert Fraction(found) == getattr(oracle, mode)(value, Fraction(step))

    def test_the_exponent_is_the_steps(self):
        assert repr(Rounding("0.1").points(Decimal(10), Ratio(1, 1))) == "Decimal('10.0')"

    def test_the_ratio_rounded_first_where_a_place_does(self):
        assert score(10, Ratio(2, 3), PROPORTIONAL, Rounding(ratio_digits=2)) == Decimal("6.70")

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"step": 0}, "step: expected a number above 0, got 0"),
            ({"ratio_digits": 40}, "ratio_digits: expected a whole number from 0 to 18, got 40"),
            ({"ratio_digits": -1}, "ratio_digits: expected a whole number from 0 to 18, got -1"),
        ],
    )
    def test_bad_input(self, given, message):
        with pytest.raises(ScoringRuleError) as caught:
            Rounding(**given)
        assert str(caught.value) == message


class TestScore:
    def test_a_tie_is_a_tie(self):
        """15 × 1/3000 = 0.005: rounding the rate first would lose the tie."""
        assert score(15, Ratio(1, 3000), PROPORTIONAL) == Decimal("0.01")

    def test_execution(self):
        assert execution_score(Decimal("65.63"), 79) == Decimal("8.31")
        assert execution_score(80, 79) == Decimal("10.00")
        assert execution_score(94, 650, weight=20, rounding=Rounding("0.1")) == Decimal("2.9")
        assert execution_score(5, 0) is None
        assert execution_score(0, 5) == 0

    def test_bad_input(self):
        with pytest.raises(AmountError) as caught:
            score(0.5, Ratio(1, 1), PROPORTIONAL)
        assert (
            str(caught.value)
            == "weight: expected an exact number, got the float 0.5; a float is not exact, write Decimal('0.5')"
        )
        with pytest.raises(AmountError) as caught:
            execution_score(-1, 5)
        assert str(caught.value) == "expected amounts of 0 or more, got -1 of 5"

    def test_an_adjustment_is_exact(self):
        assert Adjustment("超额完成", "-2", "评审意见").points == -2
        with pytest.raises(AmountError):
            Adjustment("超额完成", -2.5, "评审意见")


class TestGrades:
    """Art. 18: 90 (included)-100 优, 80 (included)-90 良, 60 (included)-80 中, below 60 差."""

    BANDS = to_bands([Band("excellent", 90), Band("good", 80, 90), Band("fair", 60, 80), Band("poor", None, 60)])

    @pytest.mark.parametrize(
        ("total", "expected"),
        [
            ("100", "excellent"),
            ("90", "excellent"),
            ("89.99", "good"),
            ("89.5", "good"),
            ("80", "good"),
            ("79.99", "fair"),
            ("60", "fair"),
            ("59.99", "poor"),
            ("0", "poor"),
            ("-3", "poor"),
        ],
    )
    def test_every_total_has_one(self, total, expected):
        assert grade(Decimal(total), self.BANDS) is Grade(expected)

    def test_bands_that_come_worst_first_grade_nothing(self):
        with pytest.raises(ScoringRuleError) as caught:
            grade(95, tuple(reversed(self.BANDS)))
        assert str(caught.value) == (
            "bands: expected an open end above the best and below the worst grade, the best one first, got poor before fair"
        )

    @pytest.mark.parametrize(
        ("bands", "message"),
        [
            ([Band("good", 80), Band("poor", None, 79)], "bands: a hole between good (from 80) and poor (below 79)"),
            (
                [Band("good", 80), Band("poor", None, 81)],
                "bands: an overlap between good (from 80) and poor (below 81)",
            ),
            (
                [Band("good", 80, 90), Band("poor", None, 80)],
                "bands: expected an open end above the best and below the worst grade",
            ),
            ([Band("good"), Band("poor")], "bands: expected limits between good and poor"),
            ([Band("good", 80), Band("good", None, 80)], "bands: expected each grade once"),
            (
                [Band("good", 60), Band("fair", 80, 60), Band("poor", None, 80)],
                "bands: expected the best grade first",
            ),
            # The limits fall and the grades do not: 95 would be poor.
            ([Band("poor", 60), Band("good", None, 60)], "bands: expected the best grade first, got poor before good"),
            (
                [Band("excellent", 90), Band("fair", 80, 90), Band("good", None, 80)],
                "bands: expected the best grade first, got fair before good",
            ),
            ([], "bands: expected an open end above the best and below the worst grade"),
        ],
    )
    def test_bad_bands(self, bands, message):
        with pytest.raises(ScoringRuleError) as caught:
            to_bands(bands)
        assert str(caught.value) == message

    def test_a_total_without_a_band(self):
        with pytest.raises(ScoringRuleError) as caught:
            grade(5, [Band("good", 80)])
        assert str(caught.value) == "bands: expected an open end above the best and below the worst grade"
