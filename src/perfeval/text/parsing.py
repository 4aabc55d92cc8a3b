"""One expression at a time, read into a value: the one reader beneath all.

>>> print(parse_target("≥ ５０个"), parse_actual("二十多项"))
≥50个 >20项
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import attrs

from perfeval.amounts import CONTEXT, exact, exact_amount
from perfeval.errors import AmountError, ModelError, TextError
from perfeval.targets import (
    Actual,
    Between,
    Bound,
    Comparator,
    Completion,
    Deadline,
    Judgement,
    Quantity,
    Statement,
    Target,
    Threshold,
)
from perfeval.text import lexicon, numerals

__all__ = ["parse_actual", "parse_amount", "parse_quantity", "parse_target"]

# Full-width ASCII to ASCII. NFKC is not used: it turns ㎡ into m2.
_HALF_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0xA0: 0x20}
# An expression is short; what is longer is prose and is not searched for one.
_LONGEST = 60


class Figure(NamedTuple):
    """A figure with what stands around it."""

    comparator: Comparator
    value: Decimal
    unit: str | None
    bound: Bound
    ignored: tuple[str, ...]
    start: int
    end: int


@cache
def _simple() -> re.Pattern[str]:
    """The form that most expressions have: sign, number, 万, unit."""
    return re.compile(
        r"(>=|<=|==|[≥≧⩾≤≦⩽=═﹦><])? ?"
        r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,30})(?:\.[0-9]{1,30})?) ?"
        r"(百万|千万|[万亿])?([^0-9\s万亿]{0,8})"
    )


@cache
def _full() -> re.Pattern[str]:
    """Words before, comparator, hedge, number in digits or Chinese, and the rest."""
    signs = "|".join(sorted(map(re.escape, lexicon.SIGNS), key=len, reverse=True))
    words = "|".join(sorted(lexicon.WORDS, key=len, reverse=True))
    hedges = "|".join(sorted(lexicon.HEDGES, key=len, reverse=True))
    multipliers = "|".join(sorted(lexicon.MULTIPLIERS, key=len, reverse=True)).replace("千|", "千(?=元)|")
    numeral = f"[{numerals.CHARACTERS}]{{1,30}}"
    punctuation = r"0-9,，。;；:：!！?？、()（）\s"
    return re.compile(
        rf"(?P<before>[^{punctuation}]{{0,20}}?)"
        rf"(?P<comparator>{signs}|{words})?\s?"
        rf"(?P<filler>(?:全年|年度|累计|总计|合计|共计|共|实际|已|完成|实现|达到|达|为|各)*)"
        rf"(?P<hedge>{hedges})?\s?"
        rf"(?P<number>[+-]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,30}})(?:\.[0-9]{{1,30}})?"
        rf"|(?P<of>[百千]|{numeral})分之(?P<part>{numeral}(?:点{numeral})?)"
        rf"|(?P<numeral>{numeral}(?:点{numeral})?))"
        rf"(?P<more>余|多|几)?\s?(?P<multiplier>{multipliers})?(?P<more_later>余|多)?\s?"
        r"(?P<rest>[^0-9]{0,40})"
    )


@cache
def _range() -> re.Pattern[str]:
    number = r"([0-9]{1,30}(?:\.[0-9]{1,30})?)"
    return re.compile(
        rf"{number}\s?(百万|千万|[万亿])?([^0-9\s~～\-—–至到万亿]{{0,8}}?)\s?(?:[~～\-—–至到]|--)\s?{number}\s?(百万|千万|[万亿])?([^0-9\s]{{0,8}})"
    )


def parse_quantity(text: str) -> Quantity:
    """Return the figure that *text* names, with unit and bound.

    Args:
        text: One expression: "16.3万亩", "二十多项", "百分之九十五", "近百人",
            "已完成100%".

    Returns:
        A `Quantity`; 万 and 亿 are folded into the figure.

    Raises:
        TextError: If it is no figure, or one without a finite decimal.

    >>> print(parse_quantity("二十多项"), parse_quantity("百分之九十五"), parse_quantity("16.3万亩"))
    >20项 95% 16.3万亩
    """
    figure = figure_of(text)
    if figure is None:
        raise TextError(f"expected a figure, got {_shown(text)}")
    return quantity_of(figure)


def parse_amount(text: str) -> Decimal:
    """Return the yuan that *text* names.

    Args:
        text: A number with its unit: "40万元", "65.63 万元", "400000元".

    Returns:
        Yuan, exact; the precision as printed is kept as the exponent.

    Raises:
        TextError: If it is no number with a unit of money.

    >>> parse_amount("215,457.6元")
    Decimal('215457.6')
    """
    figure = figure_of(text)
    if figure is None or figure.unit != "元" or figure.ignored or _bound(figure) is not Bound.EXACT:
        raise TextError(f"expected an amount with its unit, as in '40万元', got {_shown(text)}")
    try:
        return exact_amount(figure.value)
    except AmountError as error:
        raise TextError(str(error)) from None


def parse_target(
    text: str, *, operator: str | None = None, unit: str | None = None, year: int | None = None
) -> Target | None:
    """Return the target that *text* states (年度指标值).

    Args:
        text: One expression as a form prints it: "≥50个", "50件", "不少于12种",
            "10~20人", "2022年12月底前", "明显改善".
        operator: The comparator, where it stands in a cell of its own.
        unit: The unit, where it stands in a cell of its own.
        year: The year of a date that names none ("11月前").

    Returns:
        A `Threshold`, `Between` or `Deadline`; a `Statement` if the text is
        none of these; `None` if the cell is blank ("", "/", "—").

    Raises:
        TextError: If it is a figure that cannot be held, or a day that does
            not exist.

    >>> print(parse_target("735", operator="≧", unit="人次"), parse_target("90%以上"), parse_target("第三季度", year=2022))
    ≥735人次 ≥90% 2022-09-30
    """
    value = _target(text, year)
    if operator is None and unit is None:
        return value
    if not isinstance(value, Threshold | Between):
        return value
    own = "" if unit is None else _half_width(unit)
    if value.unit is None and own not in lexicon.ABSENT_ACTUAL:
        # Read together, so that 90 in a column of 万元 is 90万元.
        together = _target(f"{text.strip()}{own}", year)
        value = together if isinstance(together, type(value)) else attrs.evolve(value, unit=own)
    sign = _operator(operator)
    if isinstance(value, Threshold) and value.comparator is Comparator.UNSTATED and sign is not None:
        return Threshold(sign, value.value, value.unit)
    return value


def parse_actual(text: str, *, target: Target | None = None, year: int | None = None) -> Actual | None:
    """Return what *text* says was reached (实际完成值).

    Args:
        text: One expression as a form prints it: "48公里", "≥266米", "已完成100%",
            "达成预期指标", "及时".
        target: The indicator's target: a deadline lends its year.
        year: The year of a date that names none.

    Returns:
        A `Quantity`, with a bound where the text repeats a comparator; a
        `Completion`; the `Judgement` of the tier that words claim; else a
        `Statement`; `None` if the cell is blank ("", "/", "—", "无").

    Raises:
        TextError: As `parse_target`.

    >>> parse_actual("≥266米").bound, parse_actual("基本达到").tier, parse_actual("/") is None
    (<Bound.AT_LEAST: 'at_least'>, <Tier.ACHIEVED: 'achieved'>, True)
    """
    if year is None and isinstance(target, Deadline):
        year = target.date.year
    half = _half_width(text)
    simple = _simple_match(half)
    if simple is not None:
        sign, value, unit = simple
        return Quantity(value, unit, lexicon.BOUNDS[sign])
    if half in lexicon.ABSENT_ACTUAL:
        return None
    tier = lexicon.CLAIMS.get(half)
    if tier is not None:
        return Judgement(tier, words=half)
    day = _date(half, year)
    if day is not None:
        return Completion(day) if isinstance(day, dt.date) else day
    figure = _figure(half)
    return Statement(text.strip()) if figure is None else quantity_of(figure)


# One reader beneath all.


_WIDE = frozenset(map(chr, _HALF_WIDTH))


def _half_width(text: str) -> str:
    if not isinstance(text, str):
        raise TextError(f"expected text, got {type(text).__name__}")
    if len(text) > 4 * _LONGEST:
        # Prose: not worth a translation, and no expression.
        return text
    half = (text if _WIDE.isdisjoint(text) else text.translate(_HALF_WIDTH)).strip()
    if "/" in half and "、" in half:
        # 400元/人、天: per person and day.
        half = re.sub("(/[^/、。]{1,4})、([^/、。]{1,3})$", r"\1·\2", half)
    # The one unit that is written with a digit.
    return (
        re.sub("(?<=[0-9km ])m([23])(?![0-9])", lambda power: "m²" if power[1] == "2" else "m³", half)
        if "m" in half
        else half
    )


def _simple_match(half: str) -> tuple[Comparator, Decimal, str | None] | None:
    """The reading of the most common form, `None` for every other."""
    match = _simple().fullmatch(half) if len(half) <= _LONGEST else None
    if match is None:
        return None
    sign, digits, multiplier, unit = match.groups()
    if unit and unit not in lexicon.UNITS:
        return None
    if unit == "年" and len(digits) == 4:
        return None
    value = _decimal(digits, lexicon.MULTIPLIERS[multiplier] if multiplier else 0)
    return (lexicon.SIGNS[sign] if sign else Comparator.UNSTATED, value, unit or None)


# Digits that no limit can refuse.
_SURELY_HELD = 15


def _decimal(digits: str, exponent: int) -> Decimal:
    if not exponent and len(digits) <= _SURELY_HELD and "," not in digits:
        return Decimal(digits)
    try:
        value = exact(digits.replace(",", ""))
        return exact(CONTEXT.scaleb(value, exponent)) if exponent else value
    except AmountError as error:
        raise TextError(str(error)) from None


def _target(text: str, year: int | None) -> Target | None:
    half = _half_width(text)
    simple = _simple_match(half)
    if simple is not None:
        return Threshold(*simple)
    if half in lexicon.ABSENT:
        return None
    day = _date(half, year)
    if day is not None:
        return Deadline(day) if isinstance(day, dt.date) else day
    between = None if len(half) > _LONGEST or _TO.isdisjoint(half) else _between(half)
    if between is not None:
        return between
    figure = _figure(half)
    if figure is None:
        return Statement(text.strip())
    return Threshold(figure.comparator, figure.value, figure.unit)


def _date(half: str, year: int | None) -> dt.date | Statement | None:
    """The day that is meant; the words themselves where a date lacks its year."""
    if len(half) > _LONGEST or not _looks_like_a_date(half):
        return None
    # Only now: most texts are no date.
    from perfeval.text import dates

    text = half.replace(" ", "")
    day = dates.last_day(text, year=year)
    if day is None and year is None and dates.last_day(text, year=_ANY_LEAP_YEAR) is not None:
        return Statement(half)
    return day


_ANY_LEAP_YEAR = 2000
_OF_DATES = frozenset("年月日季")


def _looks_like_a_date(half: str) -> bool:
    """A cheap question before the pattern."""
    return not _OF_DATES.isdisjoint(half) or any(half.count(mark) == 2 for mark in ("-", "/", "."))


_TO = frozenset("~～-\u2014\u2013至到")


def _between(half: str) -> Between | None:
    match = _range().fullmatch(half)
    if match is None:
        return None
    low, low_myriad, low_unit, high, high_myriad, high_unit = match.groups()
    low_unit, high_unit = low_unit or "", _unit_of(high_unit or "")[0] or ""
    if (low_unit and low_unit != high_unit) or high_unit in ("年", "月", "日"):
        return None
    lower = _decimal(low, lexicon.MULTIPLIERS.get(low_myriad or high_myriad or "", 0))
    upper = _decimal(high, lexicon.MULTIPLIERS.get(high_myriad or "", 0))
    return Between(lower, upper, high_unit or None) if lower <= upper else None


def figure_of(text: str) -> Figure | None:
    """Return the one figure that *text* is, with the words around it; `None` if it is none."""
    return _figure(_half_width(text))


# What a figure is written with: a text without any is none.
_OF_FIGURES = frozenset("0123456789" + numerals.CHARACTERS)


def _figure(half: str) -> Figure | None:
    if len(half) > _LONGEST or _OF_FIGURES.isdisjoint(half):
        return None
    match = _full().fullmatch(half)
    if match is None:
        return None
    word, hedge, rest = match["comparator"], match["hedge"], match["rest"]
    comparator = Comparator.UNSTATED if word is None else lexicon.SIGNS.get(word) or lexicon.WORDS[word]
    suffix, unit_text, tail = _split_rest(rest)
    if isinstance(suffix, Comparator):
        if comparator not in (Comparator.UNSTATED, suffix) and word != "控制在":
            return None
        comparator = suffix
    named, noun = _unit_of(unit_text)
    around = match["before"] + match["filler"]
    ignored = tuple(filter(None, (around, noun, tail))) if around or noun or tail else ()
    if not _is_expression(match, half, noun, tail):
        return None
    number = _number(match, half)
    if number is None or (number[1] is not None and named is not None):
        return None
    value, unit = number
    bound = Bound.EXACT if hedge is None else lexicon.HEDGES[hedge]
    if match["more"] or match["more_later"]:
        bound = Bound.MORE_THAN
    elif isinstance(suffix, Bound):
        bound = suffix
    start = half.find(match["comparator"] or match["hedge"] or match["number"]) if ignored else 0
    end = len(half) - len(tail) - len(noun)
    return Figure(comparator, value, named or unit, bound, ignored, max(start, 0), end)


def _number(match: re.Match[str], half: str) -> tuple[Decimal, str | None] | None:
    """The figure, and the unit that a fraction brings with it; `None` for 千方."""
    exponent = lexicon.MULTIPLIERS[match["multiplier"]] if match["multiplier"] else 0
    if match["part"] is not None:
        part = numerals.number(match["part"])
        if match["of"] in _PARTS:
            return part, _PARTS[match["of"]]
        # In per cent, so that it compares with shares: bare, 0.75 would take the target's unit.
        return CONTEXT.scaleb(numerals.fraction(part, numerals.number(match["of"]), half), 2), "%"
    numeral = match["numeral"]
    if numeral is not None:
        # 近百人 and 千余亩 are figures; 千方 and 万元 are not.
        bare = numeral[0] in "百佰千仟" and not (match["hedge"] or match["more"])
        if bare or numeral[0] in "万萬亿億" or not numerals.is_number(numeral):
            return None
        return _decimal(str(numerals.number(numeral)), exponent), None
    return _decimal(match["number"], exponent), None


_PARTS = {"百": "%", "千": "‰"}
# 10天内 has 内 behind a unit of time; 室内 and 国内 are words.
_OF_SUFFIXES = frozenset("上下内右")
_SUFFIX = r"(?:及其?|或)?(以上|以下|以内|之内|左右|上下)|(?<=[天日时年月周])(内)$"
_PARENTHESES = r"\((?:百分比|%|含|含税|个|元|万元)\)"


def _split_rest(rest: str) -> tuple[Comparator | Bound | None, str, str]:
    """What follows the number: what 以上 or 左右 says, the unit, and the words behind."""
    if "(" in rest:
        rest = re.sub(_PARENTHESES, "", rest)
    unit, _, tail = rest.strip().partition(" ")
    match = None if _OF_SUFFIXES.isdisjoint(unit) else re.search(_SUFFIX, unit)
    if match is None:
        return None, unit, tail.strip()
    return lexicon.SUFFIXES[match[1] or match[2]], unit[: match.start()], (unit[match.end() :] + tail).strip()


def _unit_of(text: str) -> tuple[str | None, str]:
    """The unit that *text* begins with, and the noun behind it: 37个基层医疗机构."""
    if text in lexicon.UNIT_ALIASES:
        return lexicon.UNIT_ALIASES[text], ""
    if not text or text in lexicon.UNITS:
        return text or None, ""
    if "/" in text or "·" in text or "*" in text:
        return text.replace("*", "·"), ""
    for length in (5, 4, 3, 2, 1):
        if text[:length] in lexicon.UNITS:
            return text[:length], text[length:]
    return text, ""


def _is_expression(match: re.Match[str], half: str, noun: str, tail: str) -> bool:
    """Whether figure and words around it are one expression, not a sentence with a number in it."""
    if not _OF_SENTENCES.isdisjoint(half) or ("," in half and re.search(r",(?![0-9]{3}(?![0-9]))", half)):
        return False
    if tail and lexicon.CLAIMS.get(tail) is None:
        return False
    before = match["before"]
    if match["number"][0] in numerals.CHARACTERS or match["part"] is not None:
        # 一次性通过, 五项要求, 三公经费: a Chinese numeral counts only where
        # nothing but a unit follows, and nothing but a comparator precedes.
        known = noun == "" and _unit_text_known(match)
        return known and not before
    # 15日前 is a day of some month.
    return not noun or (len(noun) <= 10 and _OF_CLAUSES.isdisjoint(noun))


_OF_SENTENCES = frozenset("。;；!！?？、，①②③")
_OF_CLAUSES = frozenset("的了是和与前")


def _unit_text_known(match: re.Match[str]) -> bool:
    _, unit, _ = _split_rest(match["rest"])
    named, _ = _unit_of(unit)
    return named is None or named in lexicon.UNITS or "/" in named or match["part"] is not None


def _operator(operator: str | None) -> Comparator | None:
    """The comparator of a cell of its own; a word that is none (定性) says nothing."""
    if operator is None:
        return None
    half = _half_width(operator)
    return lexicon.SIGNS.get(half) or lexicon.WORDS.get(half)


def _bound(figure: Figure) -> Bound:
    return figure.bound if figure.bound is not Bound.EXACT else lexicon.BOUNDS[figure.comparator]


def quantity_of(figure: Figure) -> Quantity:
    """Return the figure as a quantity, with its bound."""
    try:
        return Quantity(figure.value, figure.unit, _bound(figure))
    except (AmountError, ModelError) as error:
        raise TextError(str(error)) from None


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
