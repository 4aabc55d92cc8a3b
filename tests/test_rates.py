from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval import rates

PLAIN = {
    rates.execution_rate: ("actual_expenditure", "budget"),
    rates.funding_availability_rate: ("funds_received", "funds_planned"),
    rates.timely_funding_rate: ("received_in_time", "due_in_time"),
    rates.completion_rate: ("actual_output", "planned_output"),
    rates.quality_rate: ("output_up_to_standard", "actual_output"),
}
SAVING = {
    rates.time_saving_rate: ("planned_time", "actual_time"),
    rates.cost_saving_rate: ("planned_cost", "actual_cost"),
}
FIGURES = st.decimals(min_value=0, max_value=10**12, places=4)


def close(found: Decimal, expected: Fraction) -> bool:
    """Rounded to 34 digits."""
    return abs(Fraction(found) - expected) <= abs(expected) * Fraction(1, 10**33)


@pytest.mark.parametrize("rate", PLAIN, ids=lambda rate: rate.__name__)
class TestOneFigureOverAnother:
    @given(over=FIGURES, under=FIGURES.filter(bool))
    def test_is_the_exact_ratio_to_34_digits(self, rate, over, under):
        assert close(rate(over, under), Fraction(over) / Fraction(under))

    def test_over_nothing_there_is_no_rate(self, rate):
        assert rate(5, 0) is None

    def test_nothing_is_zero(self, rate):
        assert rate(0, 5) == 0


@pytest.mark.parametrize("rate", SAVING, ids=lambda rate: rate.__name__)
class TestWhatIsSaved:
    @given(planned=FIGURES.filter(bool), actual=FIGURES)
    def test_is_the_planned_less_the_actual_over_the_planned(self, rate, planned, actual):
        assert close(rate(planned, actual), 1 - Fraction(actual) / Fraction(planned)) or planned == actual

    def test_more_than_planned_is_below_zero(self, rate):
        assert rate(10, 12) == Decimal("-0.2")

    def test_nothing_planned(self, rate):
        assert rate(0, 5) is None


@pytest.mark.parametrize(("rate", "names"), (PLAIN | SAVING).items(), ids=lambda item: getattr(item, "__name__", ""))
class TestBadInput:
    def test_a_float_is_refused_by_name(self, rate, names):
        with pytest.raises(pe.AmountError) as caught:
            rate(0.5, 1)
        expected = "expected an exact number, got the float 0.5; a float is not exact, write Decimal('0.5')"
        assert str(caught.value) == f"{names[0]}: {expected}"

    def test_a_negative_figure(self, rate, names):
        with pytest.raises(pe.AmountError) as caught:
            rate(1, -1)
        assert str(caught.value) == f"{names[1]}: expected a figure of 0 or more, got -1"

    def test_text_and_nan(self, rate, names):
        with pytest.raises(pe.AmountError) as caught:
            rate("1", 1)
        assert str(caught.value) == f"{names[0]}: expected a Decimal or an int, got str"
        with pytest.raises(pe.AmountError) as caught:
            rate(1, Decimal("NaN"))
        assert str(caught.value) == f"{names[1]}: expected a finite number, got NaN"


def test_laoting_2022_execution_rate():
    assert pe.execution_rate(pe.wan("65.63"), pe.wan("79")) == Decimal("0.8307594936708860759493670886075949")
