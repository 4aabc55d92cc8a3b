"""One expression at a time, read into a value: the one reader beneath all.

>>> print(parse_target("≥ ５０个"), parse_actual("二十多项").bound)
≥ ５０个 more_than
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import TypeVar

import attrs

from perfeval.amounts import CONTEXT, exact_amount
from perfeval.errors import AmountError, TextError
from perfeval.reasons import Refusal
from perfeval.targets import (
    Actual,
    Between,
    Bound,
    Comparator,
    Completion,
    Deadline,
    Judgement,
    Meaning,
    Quantity,
    Statement,
    Target,
    Threshold,
)
from perfeval.text.amounts import decimal, simple_units, unit_written
from perfeval.text.claims import claim_of, is_hedged
from perfeval.text.dates import Day, is_period, looks_like_one
from perfeval.text.dates import read as read_day
from perfeval.text.grammar import LONGEST, Figure, Range, figure_of, half_width, is_listed, range_of
from perfeval.text.words import lexicon
from perfeval.units import unit_of

__all__ = ["parse_actual", "parse_amount", "parse_quantity", "parse_target"]

_AT_LEAST, _AT_MOST, _EQUAL, _UNSTATED = (
    Comparator.AT_LEAST,
    Comparator.AT_MOST,
    Comparator.EQUAL,
    Comparator.UNSTATED,
)
_BOUNDS = {
    None: Bound.EXACT,
    _UNSTATED: Bound.EXACT,
    _EQUAL: Bound.EXACT,
    _AT_LEAST: Bound.AT_LEAST,
    Comparator.MORE_THAN: Bound.MORE_THAN,
    _AT_MOST: Bound.AT_MOST,
    Comparator.LESS_THAN: Bound.LESS_THAN,
}


def parse_quantity(text: str) -> Quantity:
    """Return the figure that *text* names, with unit and bound.

    Args:
        text: One expression: "16.3万亩", "二十多项", "百分之九十五", "近百人",
            "已完成100%".

    Returns:
        A `Quantity` as written: 16.3 of 万亩.

    Raises:
        TextError: If it is no figure, or one without a finite decimal.

    >>> print(parse_quantity("二十多项"), parse_quantity("百分之九十五"), parse_quantity("16.3万亩").unit)
    二十多项 百分之九十五 万亩
    """
    half = half_width(text)
    simple = _simple_match(half)
    if simple is not None:
        sign, value, unit = simple
        return Quantity(value, unit, _BOUNDS[sign], words=text.strip())
    found = figure_of(half)
    if isinstance(found, Figure) and not found.aimed:
        return _quantity(found, text)
    whole = _mended(half)
    if whole is not None:
        found = figure_of(whole)
        if isinstance(found, Figure) and not found.aimed:
            return _quantity(found, text)
    if found is Refusal.NO_DECIMAL:
        raise TextError(f"{_shown(text)} has no finite decimal: write the figure itself")
    raise TextError(f"expected a figure, got {_shown(text)}")


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
    found = figure_of(half_width(text))
    if isinstance(found, Figure) and found.unit is not None and found == Figure(found.value, found.unit):
        unit = unit_of(found.unit)
        if unit.base == "元" and not unit.per and found.plain:
            try:
                return exact_amount(CONTEXT.scaleb(found.value, unit.exponent))
            except AmountError as error:
                raise TextError(str(error)) from None
    raise TextError(f"expected an amount with its unit, as in '40万元', got {_shown(text)}")


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
        none of these, with its ``refusal`` if it holds a figure, a date or a
        claim all the same; `None` if the cell is blank ("", "/", "—", "不适用").

    Raises:
        TextError: If it is a figure that cannot be held, a day that does not
            exist, or if *operator* or *unit* contradict the text.

    >>> print(parse_target("735", operator="≧", unit="人次"), parse_target("第三季度", year=2022).date)
    ≧735人次 2022-09-30
    >>> parse_target("90%以上").comparator, parse_target("去年85%").refusal
    (<Comparator.AT_LEAST: '≥'>, <Refusal.OTHER_TIME: 'other_time'>)
    """
    half = half_width(text)
    if operator is None and unit is None:
        return _target(half, text, year)
    sign, own = _operator(operator), _unit_cell(unit)
    dated = own in lexicon().dates["cells"]
    value = _target(half, text, year, with_unit=own is not None and not dated)
    if value is None or isinstance(value, Statement):
        return value
    if dated and not isinstance(value, Deadline):
        raise _contradicts(unit, text)
    if isinstance(value, Deadline):
        if (own is not None and not dated) or sign not in (None, _AT_MOST, _UNSTATED):
            raise _contradicts(operator if own is None or dated else unit, text)
        return value
    if sign is _UNSTATED:
        raise TextError(f"expected a comparator beside {_shown(text)}, got {_shown(operator or '')}")
    printed = _with_cells(text, operator if sign else None, unit)
    if isinstance(value, Between):
        if sign is not None:
            raise _contradicts(operator, text)
        if value.unit is None and own in _OF_PERIODS:
            return Statement(text.strip(), refusal=Refusal.PERIOD)
        return attrs.evolve(_in_cell(value, own, text), words=printed)
    if sign is not None and value.comparator not in (_UNSTATED, sign):
        raise _contradicts(operator, text)
    return attrs.evolve(_in_cell(value, own, text), comparator=sign or value.comparator, words=printed)


def parse_actual(
    text: str, *, target: Target | None = None, unit: str | None = None, year: int | None = None
) -> Actual | None:
    """Return what *text* says was reached (实际完成值).

    Args:
        text: One expression as a form prints it: "48公里", "≥266米", "已完成100%",
            "达成预期指标", "及时".
        target: The indicator's target: a deadline lends its year.
        unit: The unit, where it stands in a cell of its own.
        year: The year of a date that names none.

    Returns:
        A `Quantity`, with a bound where the text repeats a comparator; a
        `Completion`; the `Judgement` of the tier that words claim; else a
        `Statement`, with its ``refusal`` as for `parse_target`; `None` if the
        cell is blank ("", "/", "—", "无", "不适用").

    Raises:
        TextError: As `parse_target`.

    >>> parse_actual("≥266米").bound, parse_actual("已完成").tier, parse_actual("/") is None
    (<Bound.AT_LEAST: 'at_least'>, <Tier.ACHIEVED: 'achieved'>, True)
    >>> parse_actual("基本完成").refusal
    <Refusal.HEDGED_CLAIM: 'hedged_claim'>
    """
    if year is None and isinstance(target, Deadline):
        year = target.date.year
    half = half_width(text)
    own = _unit_cell(unit)
    dated = own in lexicon().dates["cells"]
    value = _actual(half, text, year, with_unit=own is not None and not dated)
    if own is None or not isinstance(value, Quantity):
        return value
    if dated:
        raise _contradicts(unit, text)
    return _in_cell(value, own, text)


# 3-11 in a column of months is a period.
_OF_PERIODS = frozenset({"年", "月", "日", "季度"})


# The most common form.


@cache
def _simple() -> re.Pattern[str]:
    """The form that most expressions have: sign, number, 万, unit."""
    return re.compile(
        r"(>=|<=|==|[≥≧⩾≤≦⩽=═﹦><])? ?"
        r"(-?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?) ?"
        r"([^0-9\s]{0,8})"
    )


_SIGNS = {sign.value: sign for sign in Comparator} | {
    ">=": _AT_LEAST,
    "≧": _AT_LEAST,
    "⩾": _AT_LEAST,
    "<=": _AT_MOST,
    "≦": _AT_MOST,
    "⩽": _AT_MOST,
    "==": _EQUAL,
    "═": _EQUAL,
    "﹦": _EQUAL,
}


def _simple_match(half: str) -> tuple[Comparator | None, Decimal, str | None] | None:
    """The reading of the most common form, `None` for every other."""
    match = _simple().fullmatch(half) if len(half) <= LONGEST else None
    if match is None:
        return None
    sign, digits, unit = match.groups()
    exponent = simple_units().get(unit)
    if exponent is None:
        return None
    if not unit and digits[:2] in ("19", "20") and (digits[4:5] == "." or len(digits) in (_DAYS if sign else _DATED)):
        # 20221231 may be a day, 2022.12 a month, and 2022 a year.
        return None
    if not sign and "." in digits and is_listed(digits, unit):
        return None
    return _SIGNS[sign] if sign else None, decimal(digits, exponent), unit or None


_DATED = frozenset({4, 6, 8})
_DAYS = frozenset({8})


# Targets and actuals.


def _target(half: str, text: str, year: int | None, *, with_unit: bool = False) -> Target | None:
    simple = _simple_match(half)
    if simple is not None:
        sign, value, unit = simple
        return Threshold(sign or _UNSTATED, value, unit, words=text.strip())
    words = lexicon()
    if half in words.absent:
        return None
    if half in (words.yes, words.no) or half in words.hints:
        return Statement(text.strip())
    day = _day(half, year, dated=not with_unit)
    if day is not None:
        return (
            Statement(text.strip(), refusal=day) if isinstance(day, Refusal) else Deadline(day.last, words=text.strip())
        )
    found = range_of(half, counted=with_unit)
    if isinstance(found, Range):
        return Between(found.lower, found.upper, found.unit, words=text.strip())
    if found is not None:
        return Statement(text.strip(), refusal=found)
    figure = figure_of(_without_year(half, year))
    if isinstance(figure, Figure):
        if figure.bound is not Bound.EXACT:
            return Statement(text.strip(), refusal=Refusal.APPROXIMATION)
        return _threshold(figure, text)
    return (
        _two_sided(half, text)
        or _again(half, lambda whole: _target(whole, text, year, with_unit=with_unit), counted=with_unit)
        or Statement(text.strip(), refusal=figure or _claimed(half))
    )


def _mended(half: str, *, counted: bool = False) -> str | None:
    # Reached where a text is refused, so that importing perfeval stays cheap.
    from perfeval.text.mending import mended

    return mended(half, counted=counted) if len(half) <= LONGEST else None


def _again(half: str, parse: Callable[[str], R], *, counted: bool) -> R | None:
    """What a refused text is once slips inside its figure are mended, `None` if that is no figure either."""
    whole = _mended(half, counted=counted)
    found = None if whole is None else parse(whole)
    return None if isinstance(found, Statement) else found


def _threshold(figure: Figure, text: str) -> Target:
    sign = figure.comparator
    if figure.meaning is Meaning.RANK:
        sign = _AT_MOST
    elif sign is None:
        sign = figure.aim or _UNSTATED
    return Threshold(
        sign,
        figure.value,
        figure.unit,
        meaning=figure.meaning,
        base=figure.base,
        label=figure.label,
        words=text.strip(),
    )


_AND = re.compile(" ?(?:[,，、;；]|且|并且) ?")


_NAMED = re.compile("([0-9][^≤]*)≤ ?[A-Za-z] ?≤ ?([0-9][^≤]*)", re.ASCII)


def _two_sided(half: str, text: str) -> Between | None:
    """≥70%，≤85% or 70%≤X≤85%: a range, where the two halves say from what to what."""
    if len(half) > LONGEST:
        return None
    named = _NAMED.fullmatch(half)
    parts = [f"≥{named[1]}", f"≤{named[2]}"] if named else _AND.split(half)
    if len(parts) != 2:
        return None
    low, high = (figure_of(part) for part in parts)
    if not isinstance(low, Figure) or not isinstance(high, Figure):
        return None
    signs = (low.comparator, high.comparator)
    words_only = (low.bound, high.bound, low.meaning, high.meaning, low.label, high.label, low.claim, high.claim)
    if signs != (_AT_LEAST, _AT_MOST) or words_only != (Bound.EXACT, Bound.EXACT, *(None,) * 6):
        return None
    if low.unit not in (None, high.unit) or low.value >= high.value:
        return None
    return Between(low.value, high.value, high.unit, words=text.strip())


def _actual(half: str, text: str, year: int | None, *, with_unit: bool = False) -> Actual | None:
    simple = _simple_match(half)
    if simple is not None:
        sign, value, unit = simple
        return Quantity(value, unit, _BOUNDS[sign], words=text.strip())
    words = lexicon()
    if half in words.absent_actual:
        return None
    if half in words.hints:
        return Statement(text.strip())
    tier = claim_of(half) if len(half) <= LONGEST else None
    if tier is not None:
        return Judgement(tier, words=text.strip())
    day = _day(half, year, dated=not with_unit)
    if day is not None:
        if isinstance(day, Refusal):
            return Statement(text.strip(), refusal=day)
        if day.vague or day.aimed:
            refusal = Refusal.APPROXIMATION if day.vague else Refusal.PLAN
            return Statement(text.strip(), refusal=refusal)
        return Completion(day.last, earliest=None if day.first == day.last else day.first, words=text.strip())
    found = range_of(half)
    if found is not None:
        refusal = found if isinstance(found, Refusal) else Refusal.RANGE
        return Statement(text.strip(), refusal=refusal)
    figure = figure_of(_without_year(half, year))
    if isinstance(figure, Figure):
        if figure.aimed:
            return Statement(text.strip(), refusal=Refusal.PLAN)
        return _quantity(figure, text)
    again = _again(half, lambda whole: _actual(whole, text, year, with_unit=with_unit), counted=with_unit)
    return again or Statement(text.strip(), refusal=figure or _claimed(half))


def _without_year(half: str, year: int | None) -> str:
    """What stands behind the form's own year, 2022年完成28场, or its end, 截至2022年底完成28场; not 2022年28, which may be a date cut short."""
    mark = None if year is None else _of_the_year().match(half)
    if mark is None or int(mark[2]) != year or (mark[1] is None) != (mark[3] is None):
        return half
    rest = half[mark.end() :]
    words = lexicon()
    told = words.before.at(rest, 0)
    if told is None or (mark[1] is not None and told[0] not in words.dates["by_the_end"]):
        return half
    return rest if told[1][0] in _OF_THE_YEAR else half


@cache
def _of_the_year() -> re.Pattern[str]:
    """2022年, and 截至2022年底."""
    words = lexicon().dates
    to, ends = ("|".join(sorted(words[key], key=len, reverse=True)) for key in ("counted_to", "year_ends"))
    return re.compile(f"({to})?([0-9]{{4}})年(?:({ends})[,，]?|度)? ?", re.ASCII)


_OF_THE_YEAR = frozenset({"dropped", "done", "doing", "stated", "comparator", "sign", "reach"})


def _quantity(figure: Figure, text: str) -> Quantity:
    bound = figure.bound if figure.bound is not Bound.EXACT else _BOUNDS[figure.comparator]
    return Quantity(
        figure.value,
        figure.unit,
        bound,
        meaning=figure.meaning,
        base=figure.base,
        label=figure.label,
        claim=figure.claim,
        words=text.strip(),
    )


def _claimed(half: str) -> Refusal | None:
    """Why words that hold no figure are no claim."""
    return Refusal.HEDGED_CLAIM if is_hedged(half) else None


_ANY_LEAP_YEAR = 2000
_ASCII_SIGNS = "≥≧⩾≤≦⩽=═﹦><"
# 2022 alone may be a count or a year, and 202212 a month.
_BARE_YEAR = re.compile(r"20[123][0-9](?:0[1-9]|1[0-9])?(?:[0-3][0-9])?", re.ASCII)


def _day(half: str, year: int | None, *, dated: bool) -> Day | Refusal | None:
    """The day that is meant, or why it is none; `None` where the text looks like no date."""
    if len(half) > LONGEST or not looks_like_one(half):
        return None
    text = half.replace(" 00:00:00", "").replace(" ", "")
    if year is not None and text.startswith(f"{year % 100:02}年") and "月" in text:
        # 22年12月 on a form of 2022.
        text = f"{year}{text[2:]}"
    bare = text.lstrip(_ASCII_SIGNS)
    if not dated and bare.replace(".", "").isdigit():
        return None
    day = read_day(text, year=year)
    if day is not None:
        return day
    if _BARE_YEAR.fullmatch(text) or (bare != text and bare.replace(".", "").isdigit() and read_day(bare) is not None):
        return Refusal.NAME
    if year is None and read_day(text, year=_ANY_LEAP_YEAR) is not None:
        return Refusal.NO_YEAR
    return Refusal.PERIOD if is_period(text) else None


# Cells of their own.


def _operator(operator: str | None) -> Comparator | None:
    """The comparator of a cell of its own; `Comparator.UNSTATED` for a word that is none (定性)."""
    half = "" if operator is None else half_width(operator).replace(" ", "")
    words = lexicon()
    if half in words.absent_actual:
        return None
    sign = words.signs.words.get(half)
    if sign is not None:
        comparator: Comparator = sign
        return comparator
    known = words.before.words.get(half)
    if known is not None and known[0] == "comparator":
        named: Comparator = known[1]
        return named
    return _UNSTATED


def _unit_cell(unit: str | None) -> str | None:
    """The unit of a cell of its own, `None` if there is none."""
    half = "" if unit is None else half_width(unit)
    return None if half in lexicon().absent_actual else half


_IN_PARENTHESES = re.compile(r" ?\(([^()]{0,12})\)$")


def _unit_named(own: str) -> str:
    """The unit that a cell names; what is on no list stands as it is, but holds no figure."""
    written = unit_written(own)
    if written is not None:
        return written
    outer = _IN_PARENTHESES.sub("", own)
    written = unit_written(outer)
    if written is not None and outer != own:
        return written
    if any(character.isdigit() for character in own) or len(own) > 20:
        raise TextError(f"expected a unit, got {_shown(own)}")
    return own


R = TypeVar("R", Target | None, Actual | None)
V = TypeVar("V", Threshold, Between, Quantity)


def _in_cell(value: V, own: str | None, text: str) -> V:
    """The value with the unit of a cell of its own."""
    if own is None:
        return value
    named = _unit_named(own)
    if value.unit is None:
        return attrs.evolve(value, unit=named)
    mine, cell = unit_of(value.unit), unit_of(named)
    if mine == cell:
        return value
    if not mine.base and not mine.per and cell.exponent in (0, mine.exponent):
        # 5万 in a column of 人次 is 5万人次, and in one of 万元 5万元.
        return attrs.evolve(value, unit=named if cell.exponent else value.unit + named)
    if mine._replace(noun="") == cell._replace(noun="") and not (mine.noun and cell.noun):
        return value
    if mine._replace(per="") == cell:
        # 每月2次 in a column of 次.
        return value
    raise _contradicts(own, text)


def _contradicts(cell: str | None, text: str) -> TextError:
    return TextError(f"{_shown(text)} contradicts {_shown(cell or '')} in the cell beside it")


def _with_cells(text: str, operator: str | None, unit: str | None) -> str:
    """Text, operator and unit together, as the form prints them."""
    own = text.strip()
    half = half_width(text)
    sign = "" if operator is None or _starts_with_sign(half) else operator.strip()
    named = _unit_cell(unit)
    behind = "" if unit is None or named is None or _ends_with(half, named) else unit.strip()
    return f"{sign}{own}{behind}"


def _starts_with_sign(half: str) -> bool:
    words = lexicon()
    known = words.before.at(half, 0)
    return words.signs.at(half, 0) is not None or (known is not None and known[1][0] == "comparator")


def _ends_with(half: str, unit: str) -> bool:
    figure = figure_of(half)
    if not isinstance(figure, Figure) or figure.unit is None:
        return False
    own, named = unit_of(figure.unit), unit_of(_unit_named(unit))
    return named in (own, own._replace(per=""))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
