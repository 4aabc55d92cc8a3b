"""`Ratio` against `fractions.Fraction`, which knows nothing of it."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perfeval import AmountError
from perfeval.ratios import ONE, ZERO, Ratio, Shape, ratio, readable

# Small numbers, so that equal values of different terms are drawn often.
integers = st.integers(-12, 12) | st.integers(-(10**30), 10**30)
pairs = st.tuples(integers, integers.filter(bool))
finite = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


def two_ratios(test):
    test = given(pairs, pairs)(test)
    for pair in [((1, 2), (2, 4)), ((1, 2), (-1, -2)), ((1, -2), (1, 3)), ((0, -5), (0, 3))]:
        test = example(*pair)(test)
    return test


class TestTwoRatiosCompareByValue:
    @two_ratios
    def test_order(self, a, b):
        left, right, x, y = Ratio(*a), Ratio(*b), Fraction(*a), Fraction(*b)
        assert (left < right, left <= right, left > right, left >= right) == (x < y, x <= y, x > y, x >= y)

    @two_ratios
    def test_equality_and_hash(self, a, b):
        left, right, equal = Ratio(*a), Ratio(*b), Fraction(*a) == Fraction(*b)
        assert (left == right) is equal
        assert (left != right) is not equal
        assert len({left, right}) == (1 if equal else 2)

    @two_ratios
    def test_largest_and_sorted(self, a, b):
        largest = max(Ratio(*a), Ratio(*b))
        assert Fraction(*largest) == max(Fraction(*a), Fraction(*b))


@given(pairs)
def test_the_denominator_is_positive_and_the_value_kept(pair):
    made = Ratio(*pair)
    assert made.denominator > 0
    assert Fraction(*made) == Fraction(*pair)
    assert made.numerator in (pair[0], -pair[0])  # not reduced
    assert tuple(made.reduced()) == Fraction(*pair).as_integer_ratio()


def test_the_constants_are_in_lowest_terms():
    assert [tuple(made) for made in (ZERO, ONE)] == [(0, 1), (1, 1)]


@given(finite, finite.filter(bool))
def test_ratio_of_two_decimals(a, b):
    assert Fraction(*ratio(a, b)) == Fraction(a) / Fraction(b)


@given(finite | st.integers())
def test_ratio_of_one_number(value):
    assert Fraction(*Ratio.of(value)) == Fraction(value)


@given(pairs)
def test_readable_is_the_value_to_34_digits(pair):
    exact = Fraction(*pair)
    assert abs(Fraction(readable(Ratio(*pair))) - exact) <= abs(exact) / 2 / 10**33


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Ratio(3, 0), "expected a denominator other than 0, got 3/0"),
        (lambda: ratio(Decimal(1), Decimal(0)), "expected a denominator other than 0, got 1/0"),
        (lambda: Ratio(0.5, 1), "expected a ratio of two integers, got 0.5 and 1"),
        (lambda: Ratio(1, True), "expected a ratio of two integers, got 1 and True"),
        (lambda: Ratio(1, Decimal(2)), "expected a ratio of two integers, got 1 and Decimal('2')"),
        (lambda: Ratio.of(0.5), "expected a Decimal or an int, got float"),
        (lambda: Ratio.of(True), "expected a Decimal or an int, got bool"),
        (lambda: Ratio.of("0.5"), "expected a Decimal or an int, got str"),
        (lambda: Ratio.of(Decimal("NaN")), "expected a finite number, got NaN"),
        (lambda: Ratio.of(Decimal("-Infinity")), "expected a finite number, got -Infinity"),
        (lambda: Ratio.of(Decimal("1E+999999")), "expected an exponent from -1000 to 1000, got 1E+999999"),
    ],
)
def test_what_is_no_ratio_is_refused(make, message):
    with pytest.raises(AmountError) as caught:
        make()
    assert str(caught.value) == message


def test_a_ratio_is_compared_with_ratios_only():
    assert Ratio(1, 2) != (1, 2)
    assert Ratio(1, 2) != (1, 2)
    assert Ratio(2, 1) != 2
    for other in ((1, 2), 1, Decimal(1), Fraction(1)):
        with pytest.raises(TypeError) as caught:
            Ratio(1, 2) < other  # noqa: B015  # raises
        assert str(caught.value) == f"a Ratio is compared with a Ratio, not with {type(other).__name__}"
    with pytest.raises(TypeError):
        Ratio(1, 2) > (1, 3)  # noqa: B015  # raises


def test_a_ratio_is_copied_and_pickled_as_it_is():
    made = Ratio(2, -4)
    for again in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert type(again) is Ratio
        assert tuple(again) == (-2, 4)
    assert repr(made) == "Ratio(numerator=-2, denominator=4)"
    assert (Ratio(0, 7), Ratio(7, 7)) == (ZERO, ONE)


LONGEST = Decimal("999999999999999.999999999999999999")
figures = st.decimals(min_value=0, max_value=10**15, places=18) | st.just(LONGEST)


@pytest.mark.parametrize(
    ("shape", "formula"),
    [
        ("ratio", lambda a, b: a / b),
        ("change", lambda a, b: (a - b) / b),
        ("saving", lambda a, b: (a - b) / a),
        ("standard", lambda a, b, c: (a / b) / c),
        ("used", lambda a, b, c, d: (a + b + c - d) / (a + b + c)),
        ("figure", lambda a: a),
    ],
)
class TestShapes:
    @given(st.data())
    def test_the_terms_are_exact(self, shape, formula, data):
        values = [data.draw(figures) for _ in range(Shape(shape).arity)]
        over, under = Shape(shape).terms(*values)
        try:
            expected = formula(*map(Fraction, values))
        except ZeroDivisionError:
            assert under == 0
        else:
            assert Fraction(*ratio(over, under)) == expected

    def test_the_formula_shown_has_the_value(self, shape, formula):
        values = (Fraction(7), Fraction(5), Fraction(3), Fraction(4))[: Shape(shape).arity]
        shown = Shape(shape).formula(*(f"Fraction({value})" for value in values))
        value = eval(shown.replace("÷", "/").replace("−", "-"), {"Fraction": Fraction})  # noqa: S307  # our own text
        assert value == formula(*values)


@pytest.mark.parametrize("shape", Shape)
def test_another_number_of_figures_is_refused(shape):
    with pytest.raises(TypeError) as caught:
        shape.terms(*[Decimal(1)] * (shape.arity + 1))
    assert str(caught.value) == f"{shape} takes {shape.arity} figures, got {shape.arity + 1}"
