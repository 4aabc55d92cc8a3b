from __future__ import annotations

from decimal import ROUND_UP, Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval import AmountError, AmountUnit, from_unit, to_unit, wan, yi
from perfeval.amounts import exact, exact_amount, plain, sum_of, to_amount_unit

FIGURES = st.decimals(
    min_value=-(10**6), max_value=10**6, allow_nan=False, allow_infinity=False, places=5
) | st.integers(-(10**7), 10**7).map(Decimal)


class TestUnits:
    def test_wan_and_yi(self):
        assert wan("40") == 400_000
        assert wan(Decimal("65.63")) == 656_300
        assert yi("0.5") == 50_000_000
        assert wan(0) == 0

    def test_printed_precision_is_the_exponent(self):
        assert wan("65.63").as_tuple().exponent == 2
        assert wan("65.630").as_tuple().exponent == 1

    @given(FIGURES, st.sampled_from(AmountUnit))
    def test_there_and_back_is_identity(self, figure, unit):
        yuan = from_unit(figure, unit)
        assert repr(to_unit(yuan, unit)) == repr(exact(figure))
        assert repr(from_unit(to_unit(yuan, unit), unit)) == repr(yuan)

    def test_no_fen_is_lost(self):
        assert to_unit(Decimal("123456789012.34"), "亿元") == Decimal("1234.5678901234")

    def test_unknown_unit(self):
        with pytest.raises(AmountError) as caught:
            to_amount_unit("千元")
        assert str(caught.value) == "expected an amount unit (元, 万元, 亿元), got '千元'"


class TestWhatIsNoAmount:
    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (0.1, "expected an exact number, got the float 0.1; a float is not exact, write Decimal('0.1')"),
            (True, "expected a Decimal or an int, got bool"),
            (None, "expected a Decimal or an int, got NoneType"),
            ("forty", "expected a plain number, got 'forty'"),
            ("1e3", "expected a plain number, got '1e3'"),
            ("1_000", "expected a plain number, got '1_000'"),
            ("", "expected a plain number, got ''"),
            (Decimal("NaN"), "expected a finite number, got NaN"),
            (Decimal("sNaN"), "expected a finite number, got sNaN"),
            (Decimal("-Infinity"), "expected a finite number, got -Infinity"),
            (Decimal("1E+999999"), "expected at most 10^15, got 1E+999999"),
            (Decimal("0E+999999"), "expected at most 10^15, got 0E+999999"),
            (Decimal(10**15 + 1), "expected at most 10^15, got 1000000000000001"),
            pytest.param(10**5000, "expected at most 10^15, got a larger number", id="huge int"),
            (Decimal("1E-19"), "expected at most 18 decimal places, got 1E-19"),
            (Decimal("1E-999999"), "expected at most 18 decimal places, got 1E-999999"),
        ],
    )
    def test_refused(self, value, message):
        with pytest.raises(AmountError) as caught:
            exact(value)
        assert str(caught.value) == message

    def test_the_limits_themselves(self):
        assert exact(10**15) == exact(Decimal("1E+15")) == 10**15
        assert exact(-(10**15)) == -(10**15)

    def test_yuan_finer_than_a_thousandth_of_a_millionth(self):
        assert exact_amount(Decimal("1E-9"))
        with pytest.raises(AmountError) as caught:
            exact_amount(Decimal("1E-10"), "budget")
        assert str(caught.value) == "budget: expected an amount no finer than 10^-9 yuan, got 1E-10"

    def test_text_without_a_unit(self):
        with pytest.raises(AmountError) as caught:
            exact_amount("40")
        assert str(caught.value) == "'40' has no unit; write wan('40') or '40元'"

    def test_minus_zero_is_zero(self):
        assert repr(exact(Decimal("-0.00"))) == "Decimal('0.00')"


class TestPlain:
    @given(FIGURES)
    def test_digits_only_and_exact(self, figure):
        text = plain(figure)
        assert "E" not in text
        assert Decimal(text) == figure

    def test_tiny_and_huge(self):
        assert plain(Decimal("1E-9")) == "0.000000001"
        assert plain(Decimal("4E+5")) == "400000"


@given(st.lists(FIGURES, max_size=8))
def test_sum_is_exact(figures):
    from fractions import Fraction

    assert Fraction(sum_of(figures)) == sum(map(Fraction, figures), Fraction(0))


@pytest.mark.parametrize("precision", [1, 5])
def test_the_callers_context_changes_nothing(precision):
    amount = Decimal("123456789.12")
    with localcontext(Context(prec=precision, rounding=ROUND_UP)):
        assert to_unit(amount, "万元") == Decimal("12345.678912")
        assert from_unit("12345.678912", "万元") == amount
        assert sum_of([amount, amount]) == Decimal("246913578.24")
        assert plain(amount) == "123456789.12"
        assert exact(amount) == amount
