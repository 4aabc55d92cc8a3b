"""194 values as people wrote them on published forms, each with its reading by hand."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.text import Confidence, numerals, parse_quantity, read_actual, read_quantity, read_target
from perfeval.units import unit_of
from readings import notation, usual

ROWS = [
    [*line.split("\t"), ""][:3]
    for line in (Path(__file__).parent / "data" / "expressions.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


BOUNDS = {"?": "exact", "=": "exact", "≥": "at_least", ">": "more_than", "≤": "at_most", "<": "less_than", "~": "about"}


def expected_target(code):
    """The table's code in the notation of the reading tables."""
    kind, _, rest = code.partition("|")
    if kind == "S":
        return "words"
    if kind == "-":
        return "absent"
    if kind == "D":
        return f"deadline {rest}"
    value, unit, label = [*rest.split("|"), "", ""][:3]
    comparator = "unstated" if kind == "?" else kind
    return usual(f"threshold {comparator} {value} {unit}".strip() + (f" ; label={label}" if label else ""))


def expected_actual(target, code):
    if not code:
        kind, _, rest = target.partition("|")
        if kind == "D":
            return f"completion {rest}"
        if kind in BOUNDS:
            code = target
    if code == "-":
        return "absent"
    if code.startswith("T|"):
        return f"claim {code[2:]}"
    if code[:1] in BOUNDS:
        kind, _, rest = code.partition("|")
        value, unit, label, claim = [*rest.split("|"), "", "", ""][:4]
        keys = (f" ; label={label}" if label else "") + (f" ; claim={claim}" if claim else "")
        return usual(f"quantity {BOUNDS[kind]} {value} {unit}".strip() + keys)
    return expected_target(code or target)


@pytest.mark.parametrize(("text", "target", "actual"), ROWS, ids=[row[0][:12] for row in ROWS])
def test_reads_as_a_person_does(text, target, actual):
    assert notation(pe.parse_target(text)) == expected_target(target)
    assert notation(pe.parse_actual(text)) == expected_actual(target, actual)


def test_all_of_them_are_here():
    assert len(ROWS) == 194


# More of the same kind, by hand: text, target, actual. Dates without a year are read in 2022.
MORE = """
2.45亿元	?|245000000|元
16.3万亩	?|163000|亩
二十多项	S	>|20|项
十余名	S	>|10|名
50余万元	S	>|500000|元
近百人	S	<|100|人
百余人	S	>|100|人
千方	S
近300人	S	<|300|人
约30	S	~|30|
3%左右	S	~|3|%
四次	?|4|次
两千零一十	?|2010|
百分之九十五	?|95|%
百分之九十五以上	≥|95|%
千分之三	?|3|‰
四分之三	?|75|%
廿	?|20|
〇	?|0|
贰拾	?|20|
一百二十万元	?|1200000|元
三次以上	≥|3|次
90%以上	≥|90|%
15%以内	≤|15|%
5次及以上	≥|5|次
5个,质量较好	S
100%，优	S
400元/人、天	?|400|元/人·天
10天内	≤|10|天
10个工作日内	≤|10|个工作日
大于等于95%	≥|95|%
大于90%	>|90|%
低于3‰	<|3|‰
不高于3‰	≤|3|‰
控制在100万元以内	≤|1000000|元
≥85分以上	≥|85|分
达到95%以上	≥|95|%
合格率100%	S
覆盖率达100%	≥|100|%|覆盖率	?|100|%|覆盖率
重点支出安排率≥90%	≥|90|%|重点支出安排率
已完成100%	?|100|%
100%覆盖	?|100|%|覆盖
1000件 达成预期指标	?|1000|件	?|1000|件||achieved
不少于2次/年	≥|2|次/年
每年不少于4次	≥|4|次/年
12个乡镇	?|12|个乡镇
≥3000m2	≥|3000|m²
＞＝９５％	≥|95|%
1,234,567.89元	?|1234567.89|元
-5%	?|-5|%
2022年12月底前	D|2022-12-31
2021年12月完成	D|2021-12-31
11月前	D|2022-10-31
12月31日前	D|2022-12-31
9月底前完成	D|2022-09-30
第三季度	D|2022-09-30
上半年	D|2022-06-30
全年	S
年底前	D|2022-12-31
2022年6月中旬	D|2022-06-20	S
二〇二二年底	D|2022-12-31
2022-12-31	D|2022-12-31
2024年2月底	D|2024-02-29
已完成	S	T|achieved
按期完成	S	T|achieved
部分达成	S	T|partly_achieved
未完成	S	T|not_achieved
无	S	-
/	-	-
一次性通过验收	S
五项制度齐全	S
7×24小时	S
不低于上年水平	S
""".strip().split("\n")


@pytest.mark.parametrize("row", MORE, ids=lambda row: row.partition("\t")[0])
def test_more_of_the_same_kind(row):
    text, target, actual = [*row.split("\t"), ""][:3]
    assert notation(pe.parse_target(text, year=2022)) == expected_target(target)
    assert notation(pe.parse_actual(text, year=2022)) == expected_actual(target, actual)


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("735", {"operator": "≧", "unit": "人次"}, pe.Threshold("≥", 735, "人次")),
        ("100", {"operator": "═", "unit": "%"}, pe.Threshold("=", 100, "%")),
        ("10~20", {"unit": "人"}, pe.Between(10, 20, "人")),
        ("有效", {"operator": "定性", "unit": None}, pe.Statement("有效")),
        ("≥5个", {"operator": "≧", "unit": "个"}, pe.Threshold("≥", 5, "个")),
        ("95", {"operator": "大于等于", "unit": "百分比"}, pe.Threshold("≥", 95, "%")),
        ("90", {"operator": "≤", "unit": "万元"}, pe.Threshold("≤", 90, "万元")),
        ("1.2", {"operator": "≥", "unit": "万人次"}, pe.Threshold("≥", "1.2", "万人次")),
        ("5", {"operator": None, "unit": "所（处）"}, pe.Threshold("unstated", 5, "所")),
        ("≥95", {"operator": None, "unit": "/"}, pe.Threshold("≥", 95)),
        ("—", {"operator": "≥", "unit": "个"}, None),
    ],
)
def test_operator_and_unit_in_cells_of_their_own(text, cells, expected):
    assert pe.parse_target(text, **cells) == expected


def test_a_deadline_lends_its_year():
    assert pe.parse_actual("11月20日", target=pe.Deadline(dt.date(2022, 12, 31))) == pe.Completion(
        dt.date(2022, 11, 20)
    )


def test_a_day_that_does_not_exist():
    with pytest.raises(pe.TextError) as caught:
        pe.parse_target("2022年2月30日前")
    assert str(caught.value) == "expected a day that exists, got '2022年2月30日前'"


def test_a_fraction_without_a_finite_decimal_says_so():
    with pytest.raises(pe.TextError) as caught:
        parse_quantity("三分之二")
    assert str(caught.value) == "'三分之二' has no finite decimal: write the figure itself"


class TestReadings:
    """read_* never raises, says what it ignored, and offers a figure inside prose as such."""

    def test_certain_and_likely(self):
        assert read_quantity("50个").confidence is Confidence.CERTAIN
        reading = read_quantity("已完成100%")
        assert (str(reading.value), reading.ignored, reading.confidence) == (
            "已完成100%",
            ("已完成",),
            Confidence.LIKELY,
        )
        assert "已完成100%"[slice(*reading.span)] == "100%"

    def test_offered_out_of_prose(self):
        text = "本年度已完成352个村卫生室基药补助的实施。"
        reading = read_actual(text)
        assert (str(reading.value), reading.confidence) == ("352个村卫生室", Confidence.OFFERED)
        assert text[slice(*reading.span)].startswith("352个")
        assert read_target(text).value == pe.Threshold("unstated", 352, "个村卫生室")

    def test_nothing_there(self):
        assert read_quantity("明显改善").value is None
        assert read_target("明显改善").value == pe.Statement("明显改善")
        assert read_actual("三分之二").refusal is pe.Refusal.NO_DECIMAL
        assert read_quantity("三分之二").confidence is Confidence.NONE
        assert read_quantity(None).value is None

    def test_equality_ignores_provenance(self):
        assert read_quantity("已完成100%") == read_quantity("100%")

    @given(
        st.text(),
        st.text(
            "〇零一二两三四五六七八九十百千万亿点分之余多约近0123456789.%≥年月日季度前底以上内个项次~- ", max_size=20
        ),
    )
    def test_any_text_is_a_value_or_a_text_error(self, text, near):
        for one in (text, near):
            for read in (read_quantity, read_target, read_actual):
                assert read(one) is not None
            for parse in (parse_quantity, pe.parse_target, pe.parse_actual):
                with contextlib.suppress(pe.TextError):
                    parse(one)


class TestNumerals:
    @given(st.integers(0, 10**12 - 1))
    def test_written_and_read_again(self, value):
        assert numerals.number(written(value)) == value

    @given(st.integers(11, 10**12 - 1), st.sampled_from(["元", "人次", "亩"]))
    def test_before_a_unit_too(self, value, unit):
        """Whatever 万 and 亿 it ends in: as written, it is the same figure."""
        read = parse_quantity(written(value) + unit)
        parts = unit_of(read.unit)
        assert (Fraction(read.value) * 10**parts.exponent, parts.base) == (value, unit)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("一百二", 120),
            ("一百零二", 102),
            ("两万三", 23000),
            ("十", 10),
            ("十二亿", 1200000000),
            ("二〇二二", 2022),
            ("三点一四", Decimal("3.14")),
            ("卅一", 31),
        ],
    )
    def test_as_people_say_it(self, text, value):
        assert numerals.number(text) == value

    @pytest.mark.parametrize("text", ["", "点", "二三十", "三点", "三点十"])
    def test_no_number(self, text):
        assert not numerals.is_number(text)


def written(value):
    """A number in Chinese, as the grammar of the numerals says."""
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]

    def section(n):
        out, gap = "", False
        for power in (3, 2, 1, 0):
            digit = n // 10**power % 10
            if digit:
                out += ("零" if gap and out else "") + digits[digit] + units[power]
                gap = False
            else:
                gap = True
        return out

    if value == 0:
        return "零"
    parts = []
    for power, word in ((8, "亿"), (4, "万"), (0, "")):
        part = value // 10**power % 10**4
        if part:
            parts.append(("零" if parts and part < 1000 else "") + section(part) + word)
        elif parts:
            parts.append("")
    return "".join(parts)


def test_scores_in_the_forms_own_words():
    indicator = pe.Indicator("课程", kind="output.quantity", target="不少于十二种", actual="14种", weight=10)
    project = pe.Project("项目", fiscal_year=2022, indicators=[indicator])
    line = pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022)).lines[1]
    assert (line.score, line.formula) == (10, "14 ÷ 12 > 1 → 10 × 1")


def test_documents_pass_the_year():
    text = 'name = "甲"\nfiscal_year = 2022\namount_unit = "元"\nindicators = [{ name = "乙", target = "11月前", actual = "10月20日" }]\n'
    [row] = pe.loads(text).indicators
    assert (row.target, row.actual) == (pe.Deadline(dt.date(2022, 10, 31)), pe.Completion(dt.date(2022, 10, 20)))
    same = pe.Indicator("乙", target="11月前")
    assert same.target == pe.Statement("11月前")
    again = pe.loads(pe.dumps(pe.Project("甲", fiscal_year=2022, indicators=[same])))
    assert again.indicators[0].target == pe.Statement("11月前")


def test_the_words_of_a_claim_are_kept_and_shown():
    indicator = pe.Indicator("验收", target="≥90%", actual="达到预期指标", weight=10)
    assert (indicator.actual.tier, indicator.actual.words) == ("achieved", "达到预期指标")
    project = pe.Project("甲", fiscal_year=2022, indicators=[indicator])
    result = pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022))
    assert "实际完成值达到预期指标（按“达成年度指标”评定）" in result.explain()
    assert 'actual = "达到预期指标"' in pe.dumps(project)
    assert repr(pe.loads(pe.dumps(project))) == repr(project)


@pytest.mark.parametrize(
    ("target", "actual", "score"),
    [("≥70%", "四分之三", 10), ("≥10‰", "1%", 10), ("≤1%", "5‰", 10), ("≥1万人次", "8000人次", 8), ("≥95%", "95", 10)],
)
def test_shares_and_myriads_convert(target, actual, score):
    indicator = pe.Indicator("甲", target=target, actual=actual, weight=10)
    project = pe.Project("乙", fiscal_year=2022, indicators=[indicator])
    assert pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022)).lines[1].score == score


def test_other_units_do_not_compare_and_the_result_says_so():
    indicator = pe.Indicator("甲", target="≥5公里", actual="5小时", weight=10)
    project = pe.Project("乙", fiscal_year=2022, indicators=[indicator])
    text = pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022)).explain("zh_CN")
    assert "实际完成值与年度指标值计量单位不同，无法比较" in text
