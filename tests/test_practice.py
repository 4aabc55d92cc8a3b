"""How a printed figure comes about: by which rounding, which budget, which rule."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval import practice
from perfeval.practice import RateVerdict, Roundings, Verdict, explaining, off_by_rounding

RULES = pe.rule_set("cn-mof-2020-10")


class TestRoundings:
    """A printed figure is an error only if no rounding to its own precision explains it."""

    @pytest.mark.parametrize(
        ("printed", "exact", "expected"),
        [
            ("0.125", Fraction("0.125"), Roundings.ANY),
            ("0.13", Fraction("0.125"), Roundings.HALF_UP),
            ("0.12", Fraction("0.125"), Roundings.HALF_EVEN | Roundings.DOWN),
            ("0.14", Fraction("0.135"), Roundings.HALF_UP | Roundings.HALF_EVEN),
            ("0.13", Fraction("0.135"), Roundings.DOWN),
            ("0.86", Fraction("0.86183"), Roundings.ANY),
            ("0.8619", Fraction("0.86183"), Roundings.NONE),
            ("-0.12", Fraction("-0.125"), Roundings.HALF_EVEN | Roundings.DOWN),
            ("-0.13", Fraction("-0.125"), Roundings.HALF_UP),
            ("8", Fraction("8.62"), Roundings.DOWN),
            ("9", Fraction("8.62"), Roundings.HALF_UP | Roundings.HALF_EVEN),
            ("1E+1", Fraction("10"), Roundings.ANY),
        ],
    )
    def test_ties_both_signs(self, printed, exact, expected):
        assert explaining(Decimal(printed), pe.Ratio(exact.numerator, exact.denominator)) == expected

    @given(
        st.integers(-(10**9), 10**9),
        st.integers(1, 10**6),
        st.integers(0, 4),
        st.sampled_from([Roundings.HALF_UP, Roundings.HALF_EVEN, Roundings.DOWN]),
    )
    def test_what_was_rounded_is_explained(self, numerator, denominator, digits, mode):
        """The oracle rounds by floor alone."""
        scaled = Fraction(abs(numerator), denominator) * 10**digits
        whole = scaled.numerator // scaled.denominator
        rest = scaled - whole
        if mode != Roundings.DOWN and (
            rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (mode == Roundings.HALF_UP or whole % 2))
        ):
            whole += 1
        printed = Decimal((int(numerator < 0), tuple(map(int, str(whole))), -digits))
        assert explaining(printed, pe.Ratio(numerator, denominator)) & mode

    @given(
        st.lists(st.integers(1, 10**7), min_size=1, max_size=6),
        st.sampled_from(["half up", "cut"]),
    )
    def test_rows_and_total_that_were_rounded_are_not_accused(self, thousandths, mode):
        def shown(value):
            hundredths = (value + 5) // 10 if mode == "half up" else value // 10
            return Decimal((0, tuple(map(int, str(hundredths))), -2))

        rows, total = [shown(value) for value in thousandths], shown(sum(thousandths))
        assert off_by_rounding([row for row in rows if row], total, Decimal("0.01")) or not all(rows)


def test_the_words_are_those_of_the_rule_sets():
    assert {flag.name.lower() for flag in Roundings.ANY} == {"half_up", "half_even", "down"}
    assert Roundings.of(RULES.rounding.mode) is Roundings.HALF_UP


class TestRates:
    """The budget may be any that the form shows; the rule set's own comes first."""

    PROJECT = pe.Project(
        "甲",
        fiscal_year=2022,
        funding=[
            pe.FundingLine(original_budget=pe.wan(100), adjusted_budget=pe.wan(60), actual_expenditure=pe.wan(30)),
            pe.FundingLine("other", adjusted_budget=pe.wan(20), actual_expenditure=pe.wan(18)),
        ],
        stated=pe.Stated(funding_total=pe.FundingTotal(adjusted_budget=pe.wan(80), actual_expenditure=pe.wan(50))),
    )

    def test_every_way_to_compute_it(self):
        rates = practice.rates_of(self.PROJECT, pe.BudgetBasis.ADJUSTED)
        ways = [(r.basis.value, r.found, Fraction(r.measure.numerator, r.measure.denominator)) for r in rates]
        assert ways == [
            ("adjusted", "total", Fraction(50, 80)),
            ("adjusted", "source", Fraction(48, 80)),
            # The total row prints no original budget; the rows' is taken for it.
            ("original", "total", Fraction(50, 100)),
            ("original", "source", Fraction(48, 100)),
        ]
        own = practice.rates_of(self.PROJECT, pe.BudgetBasis.ORIGINAL)
        assert [rate.basis.value for rate in own] == ["original", "original", "adjusted", "adjusted"]

    def test_a_row_that_details_another_is_not_counted_again(self):
        rows = [
            pe.FundingLine(label="财政拨款", adjusted_budget=pe.wan(80), actual_expenditure=pe.wan(40)),
            pe.FundingLine(part_of="财政拨款", adjusted_budget=pe.wan(30), actual_expenditure=pe.wan(30)),
        ]
        project = attrs.evolve(self.PROJECT, funding=rows, stated=pe.Stated())
        [rate] = practice.rates_of(project, pe.BudgetBasis.ADJUSTED)
        assert (rate.found, rate.measure) == ("source", pe.Ratio(40, 80))

    def test_what_was_spent_is_taken_from_the_rows_where_the_total_row_does_not_say(self):
        total = pe.FundingTotal(adjusted_budget=pe.wan(80))
        project = attrs.evolve(self.PROJECT, stated=pe.Stated(funding_total=total))
        first, *_ = practice.rates_of(project, pe.BudgetBasis.ADJUSTED)
        assert (first.found, first.spent, first.measure) == ("total", pe.wan(48), pe.Ratio(48, 80))

    @pytest.mark.parametrize(
        ("printed", "verdict", "basis"),
        [
            ("0.625", RateVerdict.EXPLAINED, "adjusted"),
            ("0.62", RateVerdict.EXPLAINED, "adjusted"),
            ("0.48", RateVerdict.EXPLAINED, "original"),
            ("62.5", RateVerdict.NO_SIGN, "adjusted"),
            ("0.64", RateVerdict.WRONG, "adjusted"),
        ],
    )
    def test_how_a_printed_rate_comes_about(self, printed, verdict, basis):
        traced = practice.trace_rate(Decimal(printed), practice.rates_of(self.PROJECT, pe.BudgetBasis.ADJUSTED))
        assert (traced.verdict, traced.rate.basis.value) == (verdict, basis)
        assert traced.verdict.explains is (verdict is not RateVerdict.WRONG)

    def test_without_money_nothing_is_said(self):
        assert practice.trace_rate(Decimal("79.27"), ()) == (RateVerdict.UNDECIDED, None)
        assert practice.trace_rate(None, ()) == (RateVerdict.UNDECIDED, None)
        assert practice.trace_rate(Decimal("79.27"), (), per_cent_above=Decimal(2)) == (RateVerdict.NO_SIGN, None)
        assert practice.trace_rate(Decimal("1.5"), (), per_cent_above=Decimal(2)) == (RateVerdict.UNDECIDED, None)

    def test_a_row_has_its_own(self):
        [rate] = practice.rates_of_row(self.PROJECT.funding[1])
        assert (rate.found, rate.measure) == ("row", pe.Ratio(18, 20))
        assert practice.rates_of_row(pe.FundingLine(adjusted_budget=0, actual_expenditure=0)) == ()


class TestScores:
    """财预〔2020〕10号 art. 16: weight x actual / target; the full weight where the target is met."""

    @pytest.mark.parametrize(
        ("target", "actual", "printed", "verdict", "roundings"),
        [
            ("≥30件", "20件", "6.67", Verdict.EXPLAINED, Roundings.HALF_UP | Roundings.HALF_EVEN),
            ("≥30件", "20件", "6.66", Verdict.EXPLAINED, Roundings.DOWN),
            ("≥30件", "15件", "5", Verdict.EXPLAINED, Roundings.ANY),
            ("≥30件", "20件", "8", Verdict.ABOVE, Roundings.NONE),
            ("≥30件", "20件", "5", Verdict.BELOW, Roundings.NONE),
            ("≥30件", "30件", "9", Verdict.WITHHELD, Roundings.NONE),
            # 1 − (A − T)/T, which this rule set does not use: 10 × (1 − 5/10)
            ("≤10天", "15天", "5", Verdict.OTHER_PRACTICE, Roundings.ANY),
            ("≥10件", "15件", "15", Verdict.OTHER_PRACTICE, Roundings.ANY),
            ("3月底前", "达成预期指标", "10", None, Roundings.NONE),
        ],
    )
    def test_how_a_printed_score_comes_about(self, target, actual, printed, verdict, roundings):
        item = pe.Indicator(
            "甲",
            kind="output.quality",
            target=target,
            actual=actual,
            weight=10,
            stated=pe.StatedIndicator(score=Decimal(printed)),
        )
        [_, line] = pe.evaluate(pe.Project("乙", fiscal_year=2022, indicators=[item]), RULES).lines
        traced = practice.trace_score(item, line)
        assert (traced.verdict, traced.roundings) == (verdict, roundings)

    @pytest.mark.parametrize(
        ("printed", "weight", "verdict"),
        [
            ("6.25", 10, Verdict.EXPLAINED),
            ("12.5", 20, Verdict.EXPLAINED),
            ("10", 10, Verdict.ABOVE),
            ("1", 10, Verdict.BELOW),
            ("10", None, None),
            # 101号, unfinished and from 60 % on: 5
            ("5", 10, Verdict.OTHER_PRACTICE),
        ],
    )
    def test_the_execution_rate(self, printed, weight, verdict):
        stated = pe.Stated(execution_weight=weight, execution_score=Decimal(printed))
        funding = [pe.FundingLine(adjusted_budget=pe.wan(80), actual_expenditure=pe.wan(50))]
        rates = practice.rates_of(pe.Project("甲", fiscal_year=2022, funding=funding), RULES.execution.basis)
        traced = practice.trace_rate(None, rates)
        assert practice.trace_execution_score(stated, RULES, rates, traced).verdict is verdict
