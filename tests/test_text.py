from __future__ import annotations

import contextlib
import time
import tomllib
from datetime import date
from decimal import Decimal, localcontext
from itertools import product
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import readings
from perfeval import (
    Between,
    Bound,
    Comparator,
    Completion,
    Indicator,
    Project,
    Quantity,
    Ratio,
    Reason,
    Statement,
    TextError,
    Threshold,
    achievement,
    evaluate,
    parse_actual,
    parse_amount,
    parse_target,
    rule_set,
    wan,
    yi,
)
from perfeval import text as text_module
from perfeval.text import dates, numerals
from perfeval.text.amounts import amount_at
from perfeval.text.dates import looks_like_one
from perfeval.text.grammar import half_width, is_listed
from perfeval.text.mending import mended
from perfeval.text.pairs import carried_by


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
        ("≤90万元", "≤", "90", "万元"),
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
        ("1.2万亩", "unstated", "1.2", "万亩"),
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
    # 2022.12 is a month as well, and 1.20个 the first of a list: read as words.
    in_doubt = (unit is None and looks_like_one(f"{scaled:f}")) or is_listed(f"{scaled:f}", unit or "")
    if abs(scaled) <= 10**15 and not in_doubt:
        threshold = Threshold(comparator, scaled, unit)
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


class TestAmountsWithinText:
    def test_a_noun_stands_behind_a_listed_measure_word_only(self):
        """10kV线路 is a name, and so is 5km公路; 5公里公路 counts."""
        assert amount_at("5公里公路", 0).unit == "公里公路"
        assert amount_at("5km公路", 0).unit == "km"

    @pytest.mark.parametrize(("text", "start"), [("近百人", 1), ("达到近百人", 3)])
    def test_a_bare_hundred_is_a_figure_behind_nearly(self, text, start):
        assert amount_at(text, start)[:2] == (100, "人")
        assert amount_at("百人", 0) is None


class TestNumerals:
    @pytest.mark.parametrize("text", ["七八", "二三五", "", "一十百", "二万万", "万"])
    def test_what_is_no_number(self, text):
        with pytest.raises(TextError) as caught:
            numerals.number(text)
        assert str(caught.value) == f"expected a number, got {text!r}"

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("二〇二二", 2022),
            ("一百二", 120),
            ("一百零二", 102),
            ("十二亿三千万", 1_230_000_000),
            ("一千零五十", 1050),
            ("三萬", 30000),
            ("二億", 200_000_000),
            ("廿五", 25),
            ("一万二", 12000),
            ("壹仟贰佰", 1200),
        ],
    )
    def test_what_is_one(self, text, value):
        assert numerals.number(text) == value


class TestShares:
    @pytest.mark.parametrize(
        ("text", "value"),
        [("四分之三", 75), ("百分之九十五", 95), ("负百分之三", -3), ("九成", 90), ("负四分之三", -75)],
    )
    def test_a_share_is_per_cent(self, text, value):
        assert parse_actual(text) == Quantity(value, "%")

    def test_whatever_the_callers_context(self):
        with localcontext(prec=3):
            found = parse_actual("负百分之九十八点一二三四五六")
        assert found == Quantity(Decimal("-98.123456"), "%")


class TestWithin:
    """内 is at most behind a time and behind what is measured or counted in times; behind others it may begin a word."""

    @pytest.mark.parametrize(
        ("text", "value", "unit"),
        [("50米内", 50, "米"), ("3公里内", 3, "公里"), ("5元内", 5, "元"), ("3次内", 3, "次")],
    )
    def test_at_most(self, text, value, unit):
        assert parse_target(text) == Threshold("≤", value, unit)

    @pytest.mark.parametrize("text", ["5人内", "5个内"])
    def test_words(self, text):
        assert parse_target(text) == Statement(text)


class TestTwoSides:
    """≥70%，≤85% is a range where the first is below the second."""

    def test_from_low_to_high(self):
        assert parse_target("≥5个，≤6个") == Between(5, 6, "个")

    @pytest.mark.parametrize("text", ["≥5个，≤5个", "≥6个，≤5个", "≥5个，≤6组"])
    def test_anything_else_is_words(self, text):
        assert parse_target(text) == Statement(text)


class TestACellOfTheUnit:
    """A unit on no list stands as it is written, up to twenty characters, without a figure."""

    def test_a_unit_of_twenty_characters(self):
        assert parse_target("≥5", unit="甲" * 20) == Threshold("≥", 5, "甲" * 20)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("99999999亿元", "expected at most 10^15, got 9.9999999E+15"),
            ("0.0000000000001元", "expected an amount no finer than 10^-9 yuan, got 1E-13"),
        ],
    )
    def test_an_amount_that_cannot_be_held(self, text, message):
        with pytest.raises(TextError) as caught:
            parse_amount(text)
        assert str(caught.value) == message

    @pytest.mark.parametrize("unit", ["甲" * 21, "甲2"])
    def test_what_is_no_unit(self, unit):
        with pytest.raises(TextError):
            parse_target("≥5", unit=unit)


class TestACellOfTheComparator:
    @pytest.mark.parametrize("operator", ["≥", ">=", "不低于", "大于等于"])
    def test_a_sign_or_its_word(self, operator):
        assert parse_target("5个", operator=operator) == Threshold("≥", 5, "个")

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("5个", "≥5个"),
            ("≥5个", "≥5个"),
            ("不少于5个", "不少于5个"),
            ("至少5个", "至少5个"),
            ("已完成5个", "≥已完成5个"),
        ],
    )
    def test_what_is_printed_stands_once(self, text, words):
        target = parse_target(text, operator="≥")
        assert (target, target.words) == (Threshold("≥", 5, "个"), words)


class TestMarksAroundACell:
    @pytest.mark.parametrize("text", ["'≥95%", "(≥95%)", "“≥95%”"])
    def test_a_text_mark_and_marks_around_the_whole_say_nothing(self, text):
        assert parse_target(text) == parse_target("≥95%") == Threshold("≥", 95, "%")

    @pytest.mark.parametrize("text", ["(95)%", "(≥95%", "≥95%)", "(≥95%)(≥90%)", "'"])
    def test_other_marks_are_words(self, text):
        assert parse_target(text) == Statement(text)


class TestDates:
    """The last day that is meant, and the first that it can be."""

    @pytest.mark.parametrize(
        ("text", "last", "first"),
        [
            ("2022年", "2022-12-31", "2022-01-01"), ("2022年底", "2022-12-31", "2022-12-01"),
            ("2022年第三季度", "2022-09-30", "2022-07-01"), ("2022年2季度", "2022-06-30", "2022-04-01"),
            ("2022年第三季度前", "2022-06-30", "2022-01-01"), ("2022年上半年", "2022-06-30", "2022-01-01"),
            ("2022年下半年", "2022-12-31", "2022-07-01"), ("2022年下半年前", "2022-06-30", "2022-01-01"),
            ("2022年上半年前", "2021-12-31", "2021-01-01"), ("2022年7月", "2022-07-31", "2022-07-01"),
            ("2022年七月", "2022-07-31", "2022-07-01"), ("2022年7月前", "2022-06-30", "2022-01-01"),
            ("2022年7月底", "2022-07-31", "2022-07-21"), ("2022年7月底前", "2022-07-31", "2022-01-01"),
            ("2022年7月15日", "2022-07-15", "2022-07-15"), ("2022年7月15日前", "2022-07-15", "2022-01-01"),
            ("≤2022年7月", "2022-07-31", "2022-01-01"), ("不迟于2022年7月", "2022-07-31", "2022-01-01"),
            ("二〇二二年七月十五日", "2022-07-15", "2022-07-15"), ("2022.07", "2022-07-31", "2022-07-01"),
        ],
    )  # fmt: skip
    def test_days(self, text, last, first):
        assert dates.read(text)[:3] == (date.fromisoformat(last), date.fromisoformat(first), False)

    @pytest.mark.parametrize(
        ("text", "last", "first"),
        [
            ("2022年2月上旬", "2022-02-10", "2022-02-01"), ("2022年5月中旬", "2022-05-20", "2022-05-11"),
            ("2022年5月下旬", "2022-05-31", "2022-05-21"), ("2022年2月下旬", "2022-02-28", "2022-02-21"),
            ("2022年中", "2022-06-30", "2022-06-01"),
        ],
    )  # fmt: skip
    def test_a_part_of_the_month_or_year_is_vague(self, text, last, first):
        assert dates.read(text)[:3] == (date.fromisoformat(last), date.fromisoformat(first), True)

    @pytest.mark.parametrize("text", ["≤12月", "中", "5月上旬前", "2020.5", "2020.88", "20221345"])
    def test_what_is_no_date_even_with_a_year(self, text):
        assert dates.read(text, year=2022) is None

    @pytest.mark.parametrize("text", ["7月", "第三季度", "上半年", "年底", "5月下旬"])
    def test_the_year_is_given_or_it_is_no_date(self, text):
        assert dates.read(text) is None
        assert dates.read(text, year=2022) == dates.read(f"2022年{text.removeprefix('年')}")

    @pytest.mark.parametrize("text", ["2022年2月30日", "2022-13-01", "2022年99月"])
    def test_a_day_that_does_not_exist(self, text):
        with pytest.raises(TextError) as caught:
            dates.read(text)
        assert str(caught.value) == f"expected a day that exists, got {text!r}"

    @pytest.mark.parametrize("text", ["二〇二", "二〇二十", "二千零二"])
    def test_a_year_has_four_digits(self, text):
        with pytest.raises(TextError):
            numerals.year(text)

    def test_a_date_of_either_century(self):
        assert parse_actual("1998.12") == Completion(date(1998, 12, 31))
        assert parse_actual("2008.12") == Completion(date(2008, 12, 31))


class TestWhatANameCarries:
    """A name that ends in a sign, a unit or both carries them; other parentheses are part of the name."""

    @pytest.mark.parametrize("name", ["完成率(≥预期)", "完成率()", "完成率(一期)"])
    def test_parentheses_of_words_carry_nothing(self, name):
        assert carried_by(name) == (None, None, None)

    @pytest.mark.parametrize("name", ["完成率(≥)", "完成率≥**"])
    def test_a_sign_alone(self, name):
        assert carried_by(name) == (Comparator.AT_LEAST, None, None)


class TestOfferedFromProse:
    @pytest.mark.parametrize("text", ["七八场", "明显改善", "≥90%", "2022年12月"])
    def test_what_is_read_as_a_whole_spans_the_whole(self, text):
        reading = text_module.read_actual(text)
        assert (reading.span, reading.ignored) == ((0, len(text)), ())

    @pytest.mark.parametrize(
        "text", ["实施37个。", "共37个，其中新建5个", "完成37个（含续建）", "实施了37个村。", "新建37个；"]
    )
    def test_a_figure_before_punctuation(self, text):
        reading = text_module.read_quantity(text)
        assert (reading.value.value, reading.value.unit) in ((37, "个"), (37, "个村"))


# What must hold of every expression.

LISTS = [
    tomllib.loads((Path("src/perfeval/data") / name).read_text(encoding="utf-8"))
    for name in ("text.toml", "units.toml")
]


def strings_of(value):
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [
            text for key, part in value.items() if key not in ("why", "assumption") for text in [key, *strings_of(part)]
        ]
    return [text for part in value for text in strings_of(part)] if isinstance(value, list) else []


LISTED = {word for table in LISTS for text in strings_of(table) for word in text.split()}
ON_A_LIST = set("".join(LISTED)) | set(numerals.CHARACTERS) | set("年月日号点分之负正无每半成至到其中")
UNLISTED = [chr(code) for code in range(0x4E00, 0x9FA6) if chr(code) not in ON_A_LIST]
EXPRESSIONS = (
    "≥90%", "50个", "≤8万元", "不少于12种", "30分钟内", "下降10%", "前10名", "1次/月", "每户2万元", "约30人", "二十多项",
    "12场次", "5个，达成预期指标", "达到95%以上", "10~20人", "0起", "-5%", "百分之九十五", "24个村", "合格率：98%",
)  # fmt: skip


class TestNothingIsDropped:
    """A word may be dropped only if dropping it cannot change the meaning: that list is closed and short."""

    @given(st.sampled_from(EXPRESSIONS), st.text(UNLISTED, min_size=1, max_size=4), st.booleans(), st.booleans())
    def test_a_word_on_no_list_never_leaves_the_same_figure(self, text, word, before, spaced):
        gap = " " if spaced else ""
        changed = f"{word}{gap}{text}" if before else f"{text}{gap}{word}"
        for parse in (parse_target, parse_actual):
            read = parse(changed)
            assert isinstance(read, Statement) or (read != parse(text) and word in read.label)

    @given(st.sampled_from(EXPRESSIONS), st.text(UNLISTED, min_size=1, max_size=2), st.integers(1, 12))
    def test_nor_within_it(self, text, word, place):
        changed = text[:place] + word + text[place:]
        for parse in (parse_target, parse_actual):
            read = parse(changed)
            assert isinstance(read, Statement) or (read != parse(text) and word in read.label)

    @pytest.mark.parametrize(
        "table",
        ["kinds-a.tsv", "kinds-b.tsv", "kinds-c.tsv", "kinds-d.tsv", "kinds-f.tsv", "kinds-g.tsv", "kinds-h.tsv"],
    )
    def test_what_is_read_is_made_of_listed_words(self, table):
        """Every character of a text that was read is a digit, a sign, a listed word or the label that is kept."""
        for row in readings.rows(table):
            parse = parse_target if row["role"] == "target" else parse_actual
            with contextlib.suppress(TextError):
                read = parse(row["text"], year=int(row["year"]) if row["year"] else None)
                if isinstance(read, Threshold | Quantity):
                    assert left_over(row["text"], read.label) == "", row["text"]


def left_over(text, label):
    """What of *text* is on no list, neither digits nor punctuation, and not the label."""
    text = (mended(half_width(text)) or half_width(text)).replace(" ", "")
    text = text.replace(label.replace(" ", ""), "", 1) if label else text
    at, left = 0, ""
    while at < len(text):
        length = next((n for n in range(12, 0, -1) if text[at : at + n] in LISTED and at + n <= len(text)), 0)
        if not length and (text[at] in numerals.CHARACTERS or not text[at].isalnum() or text[at].isdigit()):
            length = 1
        if not length and text[at] in "每半成点分之负百千":
            length = 1
        left += "" if length else text[at]
        at += length or 1
    return left


TABLE = LISTS[0]
TURNING = sorted(
    (
        {word for row in TABLE["refusals"] for word in row["words"].split()}
        | {word for key, words in TABLE["label_refuses"].items() if key != "names_end" for word in words.split()}
    )
    # 共计分发 is 共计 and 分发.
    - {"计分"}
)


class TestVerbsOfDoing:
    """They say that a thing was done, never that it is planned, denied, changed or of another time."""

    @pytest.mark.parametrize("verb", ["培训", "举办", "采购", "新建", "完成", "发放"])
    def test_a_word_that_turns_the_meaning_leaves_no_figure(self, verb):
        for first, thing, word, place in product(["", "共"], ["", "电脑"], TURNING, range(5)):
            parts = [first, verb, thing, "386份"]
            text = "".join([*parts[:place], word, *parts[place:]])
            for parse in (parse_target, parse_actual):
                with contextlib.suppress(TextError):
                    read = parse(text)
                    compared = isinstance(read, Threshold) and read.comparator is not Comparator.UNSTATED
                    bounded = isinstance(read, Quantity) and read.bound is not Bound.EXACT
                    # 386份标准 counts standards.
                    kept = isinstance(read, Threshold | Quantity) and (word in read.unit or read.value < 0)
                    assert isinstance(read, Statement) or compared or bounded or kept, text

    @given(
        st.sampled_from(["安装", "新增", "完成", "发放"]),
        st.text(UNLISTED, max_size=3),
        st.sampled_from(["", *TURNING, *TABLE["turning"]["words"].split()]),
        st.text(UNLISTED, max_size=3),
        st.sampled_from(["探头", "津贴", "人员"]),
    )
    def test_words_between_verb_and_thing_are_all_kept_and_turn_nothing(self, verb, first, turning, rest, thing):
        between = f"{first}{turning}{rest}"
        read = parse_actual(f"{verb}{between}{thing}35个")
        if turning:
            assert isinstance(read, Statement)
        elif between:
            assert isinstance(read, Quantity)
            assert read.label == f"{'' if verb == '完成' else verb}{between}{thing}"

    @pytest.mark.parametrize("text", ["安装探头甲乙35个", "安装甲35个", "甲安装探头35个", "安装探头35个甲"])
    def test_nor_are_words_elsewhere_taken(self, text):
        assert isinstance(parse_actual(text), Statement)

    @pytest.mark.parametrize("row", TABLE["innocent"], ids=lambda row: row["why"][:9])
    def test_an_innocent_word_beside_a_turning_one_saves_nothing(self, row):
        for word in row["words"].split():
            for turning in ("未", "计划", "减少"):
                for text in (
                    f"{turning}安装{word}探头35个",
                    f"安装{word}{turning}探头35个",
                    f"安装{turning}{word}探头35个",
                ):
                    assert isinstance(parse_actual(text), Statement), text

    @pytest.mark.parametrize("word", ["新增", "开工", "启动", "受理", "申报", "签订", "安排", "立项"])
    def test_what_falls_short_of_done_or_adds_to_it_is_words(self, word):
        assert parse_actual(f"{word}5个") == Statement(f"{word}5个")


class TestChanges:
    """下降10 % is a fall of 10, and compares only with a change; a rise is a fall below zero."""

    @given(
        st.sampled_from([("下降", "增长"), ("增长", "下降"), ("减少", "增加"), ("提高", "降低"), ("降幅", "涨幅")]),
        st.integers(1, 1000),
        st.integers(0, 1000),
        st.sampled_from(["%", "个百分点", "个", "万元"]),
        st.sampled_from(["", "≥", "不低于", "同比"]),
    )
    def test_the_other_direction_never_earns_anything(self, words, aim, reached, unit, sign):
        aimed, other = words
        target = parse_target(f"同比{aimed}{aim}{unit}" if sign == "同比" else f"{aimed}{sign}{aim}{unit}")
        actual = parse_actual(f"{other}{reached}{unit}")
        item = Indicator("甲", target=target, actual=actual, weight=10)
        line = evaluate(Project("乙", fiscal_year=2022, indicators=[item]), rule_set("CN", fiscal_year=2022)).lines[1]
        assert line.score == 0

    @given(st.integers(1, 100), st.integers(1, 100))
    def test_a_bare_figure_tells_no_direction(self, aim, reached):
        target = parse_target(f"下降{aim}%")
        assert achievement(target, parse_actual(f"{reached}%")) is Reason.DIRECTION_NOT_TOLD
        with_sign = achievement(evolve(target, comparator="≥"), parse_actual(f"-{reached}%"))
        assert with_sign == Ratio(reached, aim)


WORDS_TO_WRITE = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["个", "%", "万元", "次/月", "元/人·月", "个村", "公里"]),
        "meaning": st.sampled_from([None, "rise", "fall"]),
        "base": st.sampled_from([None, "上年"]),
        "label": st.sampled_from([None, "合格率", "不合格率", "群众满意度"]),
    }
)


class TestFormat:
    @given(st.sampled_from(Comparator), st.integers(0, 10**6), WORDS_TO_WRITE)
    def test_a_target_is_written_as_it_is_read(self, comparator, value, rest):
        rest = rest | {"base": rest["base"] if rest["meaning"] else None}
        threshold = Threshold(comparator, value, **rest)
        assert parse_target(str(threshold)) == threshold

    @given(st.sampled_from([b for b in Bound if b is not Bound.ABOUT]), st.integers(0, 10**6), WORDS_TO_WRITE)
    def test_and_an_actual(self, bound, value, rest):
        rest = rest | {"base": rest["base"] if rest["meaning"] else None}
        quantity = Quantity(value, bound=bound, **rest)
        assert parse_actual(str(quantity)) == quantity

    @pytest.mark.parametrize(
        "table",
        ["kinds-a.tsv", "kinds-b.tsv", "kinds-c.tsv", "kinds-d.tsv", "kinds-f.tsv", "kinds-g.tsv", "kinds-h.tsv"],
    )
    def test_a_value_and_its_words_agree(self, table):
        for row in readings.rows(table):
            cells = {"unit": row["unit"] or None, "year": int(row["year"]) if row["year"] else None}
            parse = parse_actual
            if row["role"] == "target":
                parse, cells = parse_target, cells | {"operator": row["operator"] or None}
            with contextlib.suppress(TextError):
                read = parse(row["text"], **cells)
                if read is not None:
                    assert parse(str(read), **cells) == read, row["text"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("没有达到80%", "negation"), ("差3个", "negation"), ("拟完成5个", "plan"), ("去年85%", "other_time"),
        ("不高于市场价的95%", "comparison"), ("100%，且无事故", "condition"), ("高于80%扣2分", "scoring_rule"),
        ("十来个", "approximation"), ("七八场", "approximation"), ("5个村20户", "compound"), ("5A级景区", "name"),
        ("≠0", "unknown_sign"), ("9o%", "garbled"), ("01:22", "clock"), ("三分之二", "no_decimal"), ("5-6次", "range"),
        ("3-11月", "period"), ("11月前", "no_year"), ("不低于90%以下", "contradiction"), ("基本完成", "hedged_claim"), ("未按时完成", "hedged_claim"), ("未全部完成", "hedged_claim"),
        ("延期完成", "hedged_claim"), ("已完成，尚未验收", "hedged_claim"), ("完成，效果良好", None),
        ("应急甲乙5个", "unknown_word"), ("应安装5个", "plan"), ("未成年人未参加5人", "negation"), ("目标值≥95%", "plan"),
        ("甲乙90%", "unknown_word"), ("完成" * 50 + "5个", "prose"), ("明显改善", None),
        ("不超过降至5%", "compound"), ("同比降至-5%", "compound"), ("2月29日前", "no_year"), ("5个以上人", "unknown_word"),
        ("5人内", "unknown_word"), ("四分之一点五", "no_decimal"), ("0个，达成预期指标", "contradiction"),
    ],
)  # fmt: skip
def test_each_refusal_has_its_reason(text, refusal):
    assert parse_actual(text) == Statement(text)
    assert parse_actual(text).refusal == refusal


@pytest.mark.parametrize(
    "text", ["0000年底", "0001年1月前", "百分之" + "九" * 40, "9" * 400, "１" * 70 + "年", "2022年99月"]
)
def test_nothing_but_a_text_error(text):
    for parse in (parse_target, parse_actual):
        with contextlib.suppress(TextError):
            parse(text, year=2022)
    for read in (text_module.read_target, text_module.read_actual, text_module.read_quantity):
        assert read(text) is not None


PARTS = [*sorted(LISTED), *"0123456789.,%()（）-~—≥≤=><+±/、，。;:： 年月日十百千万亿一二三两半每第前"]


class TestAnyMixtureOfWords:
    @given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join))
    def test_is_a_value_or_a_text_error_and_is_read_from_its_words_again(self, text):
        read = []
        for parse in (parse_target, parse_actual):
            with contextlib.suppress(TextError):
                read.append(parse(text))
                if read[-1] is not None:
                    assert parse(str(read[-1])) == read[-1]
        if len(read) == 2 and text.strip():
            text_module.together(text, *read)

    @pytest.mark.parametrize(
        "part", ["达到", "不少于", "合格率", "年", "12月", "≥", "5个，", "(1)", "每", "第", "一", "1,", "约"]
    )
    def test_the_longest_expression_is_read_at_once(self, part):
        text = (part * 80)[:80]
        started = time.perf_counter()
        for parse in (parse_target, parse_actual):
            with contextlib.suppress(TextError):
                parse(text)
        assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        # What a careful reader would call another figure, found by trying.
        ("降为5%", "quantity exact 5 %"), ("○", "words"), ("2022", "words"), ("202212", "words"), ("20221301", "words"),
        ("2022年度", "completion 2022-12-31"), ("2022.88", "quantity exact 2022.88"), ("一期工程", "words"), ("百万", "words"),
        ("—5个", "words"), ("1.", "words"), ("每月15日", "words"), ("每年6月", "words"), ("一季度5个", "words"),
        ("近两年", "words"), ("5个点", "words"), ("一日三餐", "words"), ("增减5%以内", "words"),
        ("8个5A级景区", "words"), ("第一期", "words"), ("前50%", "words"), ("二级", "words"), ("5点", "words"), ("8折", "words"),
        ("5G", "words"), ("9.5成", "words"), ("同比-10%", "quantity exact -10 %"), ("0个，已全部完成", "words"),
        ("100%（未达到）", "words"), ("成本不超过5万元", "quantity at_most 50000 元 ; label=成本"),
        ("差旅费≤5万元", "quantity at_most 50000 元 ; label=差旅费"), ("差旅费：5万元", "quantity exact 50000 元 ; label=差旅费"),
        ("5日内办结率：98%", "quantity exact 98 % ; label=5日内办结率"), ("万分之五", "quantity exact 0.05 %"),
        ("一年两次", "quantity exact 2 次/年"), ("大于≥5个", "words"), ("达到：≥5个", "words"), ("一亿五千万元", "quantity exact 150000000 元"), ("每个村2万元", "quantity exact 20000 元/村"),
    ],
)  # fmt: skip
def test_what_trying_found(text, reading):
    assert readings.notation(parse_actual(text)) == reading
