from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval import (
    Bound,
    Comparator,
    Quantity,
    Statement,
    TextError,
    Threshold,
    parse_actual,
    parse_amount,
    parse_target,
    wan,
    yi,
)
from perfeval import text as text_room


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("40万元", wan(40)),
        ("65.63 万元", wan("65.63")),
        ("400000元", Decimal(400000)),
        ("215,457.6元", Decimal("215457.6")),
        ("2.45亿元", yi("2.45")),
        ("６５．６３万元", wan("65.63")),
        ("3百万元", wan(300)),
        ("5千元", Decimal(5000)),
        ("-1.5万元", wan("-1.5")),
    ],
)
def test_amounts(text, yuan):
    assert parse_amount(text) == yuan


@pytest.mark.parametrize("text", ["40", "40万", "40公里", "", "万元", "≥40万元", "40万元整整", "NaN元", "1e5元"])
def test_no_amount(text):
    with pytest.raises(TextError) as caught:
        parse_amount(text)
    assert str(caught.value) == f"expected an amount with its unit, as in '40万元', got {text!r}"


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("≥50个", "≥", "50", "个"),
        ("≥95%", "≥", "95", "%"),
        ("≤90万元", "≤", "900000", "元"),
        ("=4次", "=", "4", "次"),
        ("50件", "unstated", "50", "件"),
        ("≧ 735人次", "≥", "735", "人次"),
        ("＞＝９５％", "≥", "95", "%"),
        ("<=5", "≤", "5", None),
        ("═100%", "=", "100", "%"),
        (">7人", ">", "7", "人"),
        ("<0.4%", "<", "0.4", "%"),
        ("≥1,290.3平方米", "≥", "1290.3", "平方米"),
        ("300㎡", "unstated", "300", "㎡"),
        ("5830元/户", "unstated", "5830", "元/户"),
        ("1.2万亩", "unstated", "12000", "亩"),
    ],
)
def test_targets(text, comparator, value, unit):
    assert parse_target(text) == Threshold(comparator, value, unit)


@pytest.mark.parametrize(
    "text", ["明显改善", "及时", "9月前", "11月底完成 / 100%", "≥", "千方百计", "万元", "一次性通过", "五项要求"]
)
def test_words_are_a_statement_never_a_guess(text):
    assert parse_target(text) == parse_actual(text) == Statement(text)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("48公里", "exact"),
        ("=48公里", "exact"),
        ("≥48公里", "at_least"),
        (">48公里", "more_than"),
        ("≤48公里", "at_most"),
        ("<48公里", "less_than"),
    ],
)
def test_an_actual_that_repeats_a_comparator_is_a_bound(text, bound):
    assert parse_actual(text) == Quantity(48, "公里", Bound(bound))


@given(
    st.text(alphabet=st.characters(codec=None, exclude_categories=()))
    | st.text("0123456789.,≥≤=<>万亿元%个 ", max_size=30)
)
def test_any_text_gives_a_value_or_a_text_error(text):
    for parse in (parse_target, parse_actual, parse_amount):
        with contextlib.suppress(TextError):
            parse(text)


FIGURES = st.decimals(min_value=-(10**9), max_value=10**9, places=3) | st.integers(0, 10**9).map(Decimal)
UNITS = st.sampled_from([None, "个", "公里", "%", "‰", "元", "人次", "元/人·月", "㎡"])


@given(st.sampled_from(Comparator), FIGURES, st.integers(0, 8), UNITS)
def test_written_and_read_again_is_the_same(comparator, value, exponent, unit):
    scaled = Decimal((value.is_signed(), value.as_tuple().digits, value.as_tuple().exponent + exponent))
    threshold = Threshold(comparator, scaled, unit)
    if abs(threshold.value) <= 10**15:
        assert repr(parse_target(str(threshold))) == repr(threshold)


@pytest.mark.parametrize("text", ["", "  ", "/", "—", "－", "-"])
def test_a_blank_cell_is_absent(text):
    assert parse_target(text) is None
    assert parse_actual(text) is None


def test_none_is_absent_as_an_actual_and_words_as_a_target():
    assert parse_actual("无") is None
    assert parse_target("无") == Statement("无")


@pytest.mark.parametrize("parse", [parse_target, parse_actual])
def test_no_text(parse):
    with pytest.raises(TextError) as caught:
        parse(5)
    assert str(caught.value) == "expected text, got int"


def test_too_large_a_figure():
    with pytest.raises(TextError) as caught:
        parse_target("≥99999999亿个")
    assert str(caught.value) == "expected at most 10^15, got 9.9999999E+15"


def test_long_text_is_read_in_no_time():
    assert isinstance(parse_target("1" * 10_000_000), Statement)


class TestOfferedFromProse:
    @pytest.mark.parametrize(
        "text", ["实施37个。", "共37个，其中新建5个", "完成37个（含续建）", "实施了37个村。", "新建37个；"]
    )
    def test_a_figure_before_punctuation(self, text):
        reading = text_room.read_quantity(text)
        assert (reading.value.value, reading.value.unit) == (37, "个")
