from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval import (
    AmountError,
    Between,
    Bound,
    Comparator,
    Completion,
    Deadline,
    Inverse,
    Judgement,
    ModelError,
    Quantity,
    Ratio,
    Reason,
    Statement,
    Threshold,
    achievement,
)
from perfeval.ratios import readable
from perfeval.targets import deviation, excess, figure_itself

RATIO, COMPLEMENT = Inverse.RATIO, Inverse.COMPLEMENT


def reached(comparator, target, actual, inverse=None):
    found = achievement(Threshold(comparator, target), Quantity(actual), inverse=inverse)
    return found if isinstance(found, Reason) else readable(found)


class TestAchievement:
    """Art. 16: 未完成指标值的，按照完成值与指标值的比例记分."""

    @pytest.mark.parametrize(
        ("comparator", "target", "actual", "expected"),
        [
            ("≥", 50, 48, "0.96"),
            ("≥", 50, 50, "1"),
            ("≥", 50, 60, "1.2"),
            ("≥", 50, 0, "0"),
            ("≥", 50, -5, "-0.1"),
            # Not above the target, but the article's formula gives all of the weight.
            (">", 50, 50, "1"),
            (">", 50, 51, "1.02"),
            ("=", 50, 50, "1"),
            ("=", 50, 40, "0.8"),
        ],
    )
    def test_actual_over_target(self, comparator, target, actual, expected):
        assert reached(comparator, target, actual) == Decimal(expected)

    @pytest.mark.parametrize(
        ("inverse", "comparator", "target", "actual", "expected"),
        [
            (RATIO, "≤", 10, 15, "0.6666666666666666666666666666666667"),
            (COMPLEMENT, "≤", 10, 15, "0.5"),
            (RATIO, "≤", 10, 10, "1"),
            (COMPLEMENT, "≤", 10, 10, "1"),
            (RATIO, "≤", 10, 8, "1.25"),
            (COMPLEMENT, "≤", 10, 8, "1.2"),
            (COMPLEMENT, "≤", 10, 25, "-0.5"),
            (RATIO, "<", 10, 12, "0.8333333333333333333333333333333333"),
            (RATIO, "≤", 10, 0, "1"),
            (RATIO, "≤", 0, 0, "1"),
            (None, "≤", 10, 8, "1"),
        ],
    )
    def test_the_inverse_forms(self, inverse, comparator, target, actual, expected):
        assert reached(comparator, target, actual, inverse) == Decimal(expected)

    @pytest.mark.parametrize(
        ("comparator", "target", "actual", "inverse", "reason"),
        [
            ("≤", 10, 15, None, Reason.INVERSE_UNDECIDED),
            ("<", 10, 10, None, Reason.INVERSE_UNDECIDED),
            ("≤", 0, 3, RATIO, Reason.ZERO_TARGET),
            ("≤", 0, 3, COMPLEMENT, Reason.ZERO_TARGET),
            ("≥", 0, -1, None, Reason.ZERO_TARGET),
            (">", 0, 0, None, Reason.ZERO_TARGET),
            ("=", 0, 1, None, Reason.ZERO_TARGET),
            ("=", 50, 51, None, Reason.EQUAL_EXCEEDED),
            ("≥", -5, -6, None, Reason.NEGATIVE_TARGET),
            ("≤", -5, -4, RATIO, Reason.NEGATIVE_TARGET),
            ("unstated", 50, 50, None, Reason.COMPARATOR_UNSTATED),
        ],
    )
    def test_what_no_text_decides(self, comparator, target, actual, inverse, reason):
        assert reached(comparator, target, actual, inverse) is reason

    @pytest.mark.parametrize(
        ("comparator", "target", "actual"),
        [("≥", 0, 0), ("≥", 0, 5), ("≥", -5, -4), (">", 0, 1), ("=", 0, 0), ("≤", -5, -6)],
    )
    def test_met_without_a_ratio_is_1(self, comparator, target, actual):
        assert reached(comparator, target, actual, RATIO) == 1

    @given(st.decimals(1, 10**6, places=3), st.decimals(0, 10**6, places=3))
    def test_is_exact(self, target, actual):
        from fractions import Fraction

        measure = achievement(Threshold("≥", target), Quantity(actual))
        assert Fraction(*measure) == Fraction(actual) / Fraction(target)

    def test_a_claim_that_the_figure_contradicts(self):
        assert achievement(Threshold("≥", 5, "个"), Quantity(3, "个", claim="achieved")) is Reason.CLAIM_CONTRADICTS
        assert achievement(Threshold("≥", 5, "个"), Quantity(6, "个", claim="achieved")) == Ratio(6, 5)


class TestUnits:
    def test_a_bare_actual_takes_the_targets_unit(self):
        assert achievement(Threshold("≥", 95, "%"), Quantity(95)) == Ratio(95, 95)

    def test_per_cent_and_per_mille_convert(self):
        assert readable(achievement(Threshold("≥", 1, "%"), Quantity(8, "‰"))) == Decimal("0.8")

    def test_a_rank_compares_with_a_rank_and_a_bare_figure(self):
        target = Threshold("≤", 10, "名", meaning="rank")
        assert achievement(target, Quantity(8, meaning="rank")) == Ratio(1, 1)
        assert achievement(target, Quantity(8)) == Ratio(1, 1)
        assert achievement(target, Quantity(8, "名")) is Reason.NOT_COMPARABLE
        assert achievement(target, Quantity(8, "名", meaning="rise")) is Reason.NOT_COMPARABLE

    def test_changes_from_different_bases_do_not_compare(self):
        target = Threshold("≥", 10, "%", meaning="rise", base="上年")
        assert achievement(target, Quantity(12, "%", meaning="rise", base="年初")) is Reason.NOT_COMPARABLE
        assert achievement(target, Quantity(12, "%", meaning="rise")) == Ratio(12, 10)

    def test_a_bare_figure_off_by_twenty_is_in_doubt_where_another_reading_is_near(self):
        """5 against 100% may be 500%, within a factor of 10; 6 is not off by twenty, and is 6%."""
        assert achievement(Threshold("≥", 100, "%"), Quantity(5)) is Reason.SCALE_IN_DOUBT
        assert achievement(Threshold("≥", 100, "%"), Quantity(6)) == Ratio(6, 100)
        assert achievement(Threshold("≥", 5, "%"), Quantity(100)) == Ratio(100, 5)
        assert achievement(Threshold("≥", 10, "万元"), Quantity(200)) == Ratio(200, 10)
        assert achievement(Threshold("≥", 10, "万元"), Quantity(20000)) is Reason.SCALE_IN_DOUBT
        assert achievement(Threshold("≥", 1, "亿元"), Quantity(100000)) is Reason.SCALE_IN_DOUBT
        assert achievement(Threshold("≥", 1, "亿元"), Quantity(100001)) == Ratio(100001, 1)

    @pytest.mark.parametrize(
        ("target", "actual", "measure"),
        [((10, "斤"), (5, "公斤"), (10, 10)), ((5, "公斤"), (12, "斤"), (6, 5)), ((1, "小时"), (50, "分钟"), (50, 60))],
    )
    def test_units_of_one_dimension_convert(self, target, actual, measure):
        assert achievement(Threshold("≥", *target), Quantity(*actual)) == Ratio(*measure)

    def test_other_units_do_not_compare(self):
        assert achievement(Threshold("≥", 5, "公里"), Quantity(5, "小时")) is Reason.UNITS_DIFFER

    def test_a_bare_target_is_counted_in_the_actuals_unit(self):
        assert achievement(Threshold("≥", 50), Quantity(48, "件")) == Ratio(48, 50)

    def test_but_not_in_shares(self):
        assert achievement(Threshold("≥", Decimal("0.95")), Quantity(96, "%")) is Reason.SCALE_IN_DOUBT


class TestBounds:
    """二十多项 against ≥25 does not decide; 二十多项 against ≥20 does."""

    @pytest.mark.parametrize(
        ("comparator", "target", "known", "bound", "meets"),
        [
            ("≥", 20, 20, Bound.MORE_THAN, True),
            ("≥", 25, 20, Bound.MORE_THAN, False),
            ("≥", 266, 266, Bound.AT_LEAST, True),
            (">", 266, 266, Bound.AT_LEAST, False),
            (">", 266, 266, Bound.MORE_THAN, True),
            ("≥", 20, 30, Bound.AT_MOST, False),
            ("≤", 20, 20, Bound.AT_MOST, True),
            ("<", 20, 20, Bound.AT_MOST, False),
            ("<", 20, 20, Bound.LESS_THAN, True),
            ("≤", 20, 25, Bound.LESS_THAN, False),
            ("≤", 20, 10, Bound.MORE_THAN, False),
            ("=", 20, 20, Bound.AT_LEAST, False),
            ("≥", 20, 30, Bound.ABOUT, False),
        ],
    )
    def test_decide_or_not(self, comparator, target, known, bound, meets):
        found = achievement(Threshold(comparator, target), Quantity(known, bound=bound), inverse=RATIO)
        assert found == (Ratio(1, 1) if meets else Reason.BOUND_UNDECIDED)

    def test_other_measures_need_a_figure(self):
        about = Quantity(20, bound=Bound.ABOUT)
        assert figure_itself(about) is Reason.BOUND_UNDECIDED
        assert excess(Threshold("≥", 20), about) is Reason.BOUND_UNDECIDED
        assert achievement(Between(1, 50), about) is Reason.BOUND_UNDECIDED
        assert achievement(Threshold("unstated", 20), about) is Reason.COMPARATOR_UNSTATED


class TestRangesAndDates:
    def test_a_range_includes_its_ends(self):
        target = Between(10, 20, "人")
        assert [achievement(target, Quantity(n)) for n in (10, 15, 20)] == [Ratio(1, 1)] * 3
        assert achievement(target, Quantity(21)) is Reason.OUTSIDE_RANGE
        assert achievement(target, Quantity(15, "次")) is Reason.UNITS_DIFFER

    def test_a_deadline_includes_its_day(self):
        target = Deadline(dt.date(2022, 12, 31))
        assert achievement(target, Completion(dt.date(2022, 12, 31))) == Ratio(1, 1)
        assert achievement(target, Completion(dt.date(2023, 1, 1))) is Reason.LATE

    @pytest.mark.parametrize(
        ("target", "actual", "reason"),
        [
            (Deadline(dt.date(2022, 1, 1)), Quantity(1), Reason.NOT_COMPARABLE),
            (Threshold("≥", 1), Completion(dt.date(2022, 1, 1)), Reason.NOT_COMPARABLE),
            (Threshold("≥", 1), Statement("达成"), Reason.WORDS_NOT_READ),
            (Threshold("≥", 1), Judgement("achieved"), Reason.NOT_COMPARABLE),
            (Statement("明显改善"), Quantity(1), Reason.NOT_COMPARABLE),
            (Statement("明显改善"), Statement("改善"), Reason.WORDS_NOT_READ),
        ],
    )
    def test_what_is_not_of_the_same_sort(self, target, actual, reason):
        assert achievement(target, actual) is reason


class TestOtherMeasures:
    def test_the_figure_itself(self):
        assert figure_itself(Quantity(89, "%")) == Ratio(89, 100)
        assert figure_itself(Quantity("0.89")) == Ratio(89, 100)
        assert figure_itself(Quantity(89), "%") == Ratio(89, 100)
        assert figure_itself(Quantity(5, "‰")) == Ratio(5, 1000)
        assert figure_itself(Statement("高")) is Reason.WORDS_NOT_READ

    def test_deviation_is_either_way(self):
        assert (
            deviation(Threshold("=", 50), Quantity(60)) == deviation(Threshold("=", 50), Quantity(40)) == Ratio(10, 50)
        )

    def test_excess_is_signed(self):
        assert excess(Threshold("≥", 50), Quantity(40)) == Ratio(-10, 50)

    @pytest.mark.parametrize("measure", [deviation, excess])
    def test_no_target_to_divide_by(self, measure):
        assert measure(Threshold("≥", 0), Quantity(1)) is Reason.ZERO_TARGET
        assert measure(Threshold("≥", -1), Quantity(1)) is Reason.NEGATIVE_TARGET
        assert measure(Threshold("≥", 1, "人"), Quantity(1, "次")) is Reason.UNITS_DIFFER
        assert measure(Statement("好"), Quantity(1)) is Reason.NOT_COMPARABLE


class TestRecords:
    def test_words_are_no_part_of_equality(self):
        assert Judgement("achieved", words="已完成") == Judgement("achieved", words="达成") == Judgement("achieved")
        assert Threshold("≥", 5, "个", words="不少于5个") == Threshold("≥", 5, "个")
        assert Quantity(5, "个", words="共5个") == Quantity(5, "个")

    @pytest.mark.parametrize(
        ("make", "error", "message"),
        [
            (lambda: Threshold("~", 1), ModelError, "expected a comparator (≥, ≤, =, >, <, unstated), got '~'"),
            (
                lambda: Threshold("≥", 0.5),
                AmountError,
                "expected an exact number, got the float 0.5; a float is not exact, write Decimal('0.5')",
            ),
            (lambda: Between(2, 1), ModelError, "expected a range from low to high, got 2~1"),
            (
                lambda: Deadline(dt.datetime(2022, 1, 1)),
                ModelError,
                "expected a date, got datetime.datetime(2022, 1, 1, 0, 0)",
            ),
            (Judgement, ModelError, "expected a tier, a share or both, got neither"),
            (
                lambda: Judgement("great"),
                ModelError,
                "expected a tier (achieved, partly_achieved, not_achieved), got 'great'",
            ),
            (lambda: Statement(" "), ModelError, "expected words, got ' '"),
            (lambda: Quantity(1, 5), ModelError, "expected a unit or words, got 5"),
        ],
    )
    def test_refuse_what_they_cannot_hold(self, make, error, message):
        with pytest.raises(error) as caught:
            make()
        assert str(caught.value) == message

    @pytest.mark.parametrize(
        "value", [Threshold("≥", "1.50", "%"), Quantity(3), Between(1, 2), Judgement("achieved", share="0.9")]
    )
    def test_pickle_and_compare_by_value(self, value):
        assert pickle.loads(pickle.dumps(value)) == value
        assert hash(pickle.loads(pickle.dumps(value))) == hash(value)

    def test_text(self):
        assert str(Threshold(Comparator.AT_LEAST, 50, "公里")) == "≥50公里"
        assert str(Between(10, 20, "人")) == "10~20人"
        assert str(Quantity(20, "项", Bound.MORE_THAN)) == ">20项"
        assert str(Judgement("achieved", share="0.95")) == "achieved 0.95"
        assert str(Completion(dt.date(2022, 1, 2))) == str(Deadline(dt.date(2022, 1, 2))) == "2022-01-02"
