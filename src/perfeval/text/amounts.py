"""A number, its multiplier and its unit, each as written: the part of an expression that has a value.

>>> amount_at("1.2万亩", 0).value, amount_at("1.2万亩", 0).unit
(Decimal('1.2'), '万亩')
>>> amount_at("二十多项", 0).more, amount_at("七八场", 0)
(True, <Refusal.APPROXIMATION: 'approximation'>)
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from perfeval.amounts import CONTEXT, exact
from perfeval.errors import AmountError, TextError
from perfeval.reasons import Refusal
from perfeval.text import numerals
from perfeval.units import unit_of, units

__all__ = ["HEADS", "MINUS", "Written", "amount_at", "decimal", "simple_units", "unit_written"]

MINUS = "-−﹣‐‑‒–—"
"""What is a minus sign before a digit."""

_DASHES = str.maketrans(dict.fromkeys(MINUS, "-"))
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,30})(?:\.[0-9]{1,30})?|\.[0-9]{1,30}"
_NUMBER = re.compile(rf"[{MINUS}+]?(?:{_DIGITS})", re.ASCII)
_NUMERAL = re.compile(f"[{numerals.CHARACTERS}]{{1,30}}(?:点[{numerals.CHARACTERS}]{{1,30}})?")
_PART = re.compile(
    f"(?P<of>[百千万]|[{numerals.CHARACTERS}]{{1,9}})分之"
    f"(?P<part>[{numerals.CHARACTERS}]{{1,30}}(?:点[{numerals.CHARACTERS}]{{1,30}})?|[0-9]{{1,3}}(?:\\.[0-9]{{1,9}})?)"
)
_SHARES = {"百": (0, "%"), "千": (0, "‰"), "万": (-2, "%")}
_WHOLE = "百分百"
_CURRENCY = frozenset("¥￥")
_HALVES = frozenset({"小时", "天"})


class Written(NamedTuple):
    """A number as it is written.

    Attributes:
        value: The number before its multiplier.
        unit: Multiplier and unit, "" if there is none.
        more: Whether 余, 多 or 几 says that it is more.
        numeral: The Chinese numeral, "" for digits.
        start: Where it begins.
        end: Where it ends.
    """

    value: Decimal
    unit: str
    more: bool
    numeral: str
    start: int
    end: int


_SURELY_HELD = 15
_PLAIN = frozenset("123456789")


def decimal(digits: str, exponent: int = 0) -> Decimal:
    """Return the number of *digits*, exact, if it can be held with its multiplier.

    Raises:
        TextError: If it is above 10¹⁵ or finer than 10⁻¹⁸.

    >>> decimal("1,234.50")
    Decimal('1234.50')
    """
    short = digits[0] in _PLAIN and len(digits) + exponent <= _SURELY_HELD
    if short and digits.isascii() and digits.replace(".", "", 1).isdecimal():
        return Decimal(digits)
    plain = digits.translate(_DASHES).replace(",", "").removeprefix("+")
    sign = "-" if plain.startswith("-") else ""
    plain = plain.removeprefix("-")
    try:
        value = exact(sign + ("0" + plain if plain.startswith(".") else plain))
        if exponent:
            exact(CONTEXT.scaleb(value, exponent))
    except AmountError as error:
        raise TextError(str(error)) from None
    return value


def amount_at(text: str, start: int) -> Written | Refusal | None:
    """Return the amount that begins at *start*, or why there is none; `None` if nothing there is a number.

    Raises:
        TextError: If it cannot be held.
    """
    position = start
    money = (text[position : position + 1] in _CURRENCY and "元") or ""
    position += len(money)
    negative = text.startswith("负", position)
    position += negative
    match = _NUMBER.match(text, position)
    if match is not None:
        digits = match[0]
        if digits[0] not in _PLAIN and _is_code(digits):
            return Refusal.NAME
        if negative:
            digits = f"-{digits}"
        rest = text[match.end() :]
        exponent = None if money else simple_units().get(rest)
        if exponent is not None and digits[0] in _PLAIN:
            # Most often the unit is all that follows.
            return Written(decimal(digits, exponent), rest, False, "", start, len(text))
        return _counted(text, digits, match.end(), start, money=money)
    part = _PART.match(text, position)
    if part is not None:
        share = _share(part, text)
        if isinstance(share, Refusal):
            return share
        value, unit = share
        return _shared(text, CONTEXT.minus(value) if negative else value, unit, part.end(), start)
    if text.startswith("半", position):
        found = units().units.at(text, position + 1)
        if found is None or found[0] not in _HALVES:
            return None
        return Written(Decimal("0.5"), found[0], False, "", start, position + 1 + len(found[0]))
    if text.startswith(_WHOLE, position):
        return _shared(text, Decimal(-100 if negative else 100), "%", position + len(_WHOLE), start)
    match = _NUMERAL.match(text, position)
    return None if match is None else _numeral(text, match, start, money=money, negative=negative)


@cache
def simple_units() -> dict[str, int]:
    """Return the units that may follow a number at once, with and without 万 and 亿, and the power of ten of these.

    >>> simple_units()["万人次"], simple_units()["%"], "年" in simple_units()
    (4, 0, False)
    """
    # 2022年, 12月 and 4季度 may be dates, 2022届 is a name.
    dates = {"年", "月", "季度", "届", "款"}
    known = units().usual
    plain = [unit for unit, usual in known.items() if usual != "%" and usual not in dates and unit != "日"]
    of_myriads = {f"{times}{unit}": power for times, power in (("万", 4), ("亿", 8)) for unit in ("", *plain)}
    return of_myriads | dict.fromkeys(("", "%", *plain), 0)


def _is_code(digits: str) -> bool:
    """007 and 0755 are no figures."""
    plain = digits.lstrip(f"{MINUS}+")
    return len(plain) > 1 and plain[0] == "0" and plain[1].isdigit()


def _share(part: re.Match[str], text: str) -> tuple[Decimal, str] | Refusal:
    """百分之九十五 in per cent, and so 四分之三, so that it compares with shares."""
    of, figure = part["of"], part["part"]
    try:
        value = Decimal(figure) if figure.isascii() else numerals.number(figure)
        if of in _SHARES:
            shift, unit = _SHARES[of]
            return CONTEXT.scaleb(value, shift), unit
        fraction = numerals.fraction(value, numerals.number(of), text)
    except TextError:
        return Refusal.NO_DECIMAL
    return Decimal(format(CONTEXT.scaleb(fraction, 2), "f")), "%"


def _shared(text: str, value: Decimal, unit: str, end: int, start: int) -> Written:
    more = text[end : end + 1] in _MORE
    return Written(value, unit, more, "", start, end + more)


_MORE = frozenset("余多")
# 十来个, 千把人.
_VAGUE = frozenset("来把")
_SPECIAL = frozenset(" 余多来把")
_BARE_HUNDREDS = frozenset("百佰千仟")
_BARE_MYRIADS = frozenset("万萬亿億")
_TENTH = "成"


def _numeral(text: str, match: re.Match[str], start: int, *, money: str, negative: bool) -> Written | Refusal | None:
    """一百二十万 is 120 of 万; 千余亩 and 近百人 are figures, 千方 and 万元 are not."""
    numeral, end = match[0], match.end()
    if not numeral.strip("○"):
        # A mark, not a figure.
        return None
    multiplier = ""
    # 一亿五千万 is one number: only a 万 or 亿 that stands alone is a multiplier.
    if numeral[-1] in _BARE_MYRIADS and len(numeral) > 1 and _BARE_MYRIADS.isdisjoint(numeral[:-1]):
        multiplier = "万" if numeral[-1] in "万萬" else "亿"
        numeral = numeral[:-1]
    if not numerals.is_number(numeral):
        return Refusal.APPROXIMATION if set(numeral) - _BARE_MYRIADS else None
    value = numerals.number(numeral)
    value = CONTEXT.minus(value) if negative else value
    if text.startswith(_TENTH, end) and not multiplier and len(numeral) == 1 and 0 < value <= 10:
        # 九成 is 90 %.
        return _shared(text, CONTEXT.multiply(value, 10), "%", end + 1, start)
    vague = text.startswith("几", end)
    found = _counted(text, format(value, "f"), end + vague, start, money=money, multiplier=multiplier, numeral=match[0])
    if isinstance(found, Written) and vague:
        found = found._replace(more=True)
    bare = numeral[0] in _BARE_HUNDREDS
    if bare and isinstance(found, Written) and not found.more and text[max(start - 1, 0) : start] != "近":
        return None
    return found


def _counted(
    text: str, digits: str, position: int, start: int, *, money: str, multiplier: str = "", numeral: str = ""
) -> Written | Refusal | None:
    """What stands behind a number: more, multiplier, unit."""
    known = units()
    more = False
    if text[position : position + 1] in _SPECIAL:
        position = _spaces(text, position)
        more = text[position : position + 1] in _MORE
        position = _spaces(text, position + more)
        if text[position : position + 1] in _VAGUE:
            return Refusal.APPROXIMATION
    unit = known.units.at(text, position)
    if not multiplier:
        times = known.multipliers.at(text, position)
        if times is not None and times[1] > 2 and (unit is None or len(unit[0]) <= len(times[0])):
            multiplier, position = times[0], position + len(times[0])
            unit = known.units.at(text, position)
        if multiplier and text[position : position + 1].isdecimal():
            return _added(text, digits, multiplier, position, start, money=money)
    if multiplier and text[position : position + 1] in _SPECIAL:
        position = _spaces(text, position)
        again = text[position : position + 1] in _MORE and not more
        more = more or again
        position = _spaces(text, position + again)
        unit = known.units.at(text, position)
    written, position = _unit_at(text, position, unit)
    if money and written not in ("", money):
        return None
    if digits[0] in _LONG_DASHES and (written in known.classifiers or written in HEADS):
        # —5个 begins with a mark: nothing is counted below zero.
        return Refusal.GARBLED
    if unit is not None and text[position : position + 1].isdecimal() and not multiplier and not more:
        return _longer(text, digits, unit[1], position, start)
    value = decimal(digits, known.multipliers.words[multiplier] if multiplier else 0)
    return Written(value, multiplier + (written or money), more, numeral, start, position)


_LESS = re.compile("[1-9][0-9]{0,7}", re.ASCII)


def _added(text: str, digits: str, multiplier: str, position: int, start: int, *, money: str) -> Written | Refusal:
    """1亿2000万元 is 12000 of 万元; what stands behind the larger multiplier has to be less than one of it."""
    match = _LESS.match(text, position)
    less = None if match is None else _counted(text, match[0], match.end(), start, money=money)
    if not isinstance(less, Written) or not less.unit or not digits.isdecimal():
        return Refusal.COMPOUND
    exponent, rest = unit_of(less.unit).exponent, format(less.value, "f")
    shift = units().multipliers.words[multiplier] - exponent
    # 1万2元 may be 12000元: only all four digits tell.
    if shift < 1 or not (len(rest) <= shift if exponent else len(rest) == shift):
        return Refusal.COMPOUND
    return less._replace(value=decimal(digits + rest.zfill(shift), exponent))


# 分 is a minute between an hour and a second.
_WITHIN = {"天": ("小时",), "小时": ("分钟", "分"), "分钟": ("秒",), "分": ("秒",)}
_MINUTES = "分钟"


def _longer(text: str, digits: str, unit: str, position: int, start: int) -> Written | Refusal | None:
    """1小时30分钟 is 90 of 分钟; the smaller unit has to be less than one of the larger."""
    match = _LESS.match(text, position)
    found = None if match is None else units().units.at(text, match.end())
    if match is None or found is None or found[1] not in _WITHIN.get(unit, ()) or not digits.isdecimal():
        return Refusal.COMPOUND
    factors = units().factors
    larger, smaller = (_MINUTES if name == "分" else name for name in (unit, found[1]))
    times = factors[larger][1] // factors[smaller][1]
    less = decimal(match[0])
    if less >= times:
        return Refusal.COMPOUND
    value = CONTEXT.add(CONTEXT.multiply(decimal(digits), times), less)
    return Written(value, smaller, False, "", start, match.end() + len(found[0]))


def _unit_at(text: str, position: int, unit: tuple[str, str] | None) -> tuple[str, int]:
    """The unit at *position* with its noun and what it is counted by, and where it ends."""
    known = units()
    start = position
    if unit is not None:
        if known.usual[unit[0]] == "%":
            return "%", position + len(unit[0])
        position += len(unit[0])
        if unit[0] in known.classifiers:
            position = known.nouns.every(text, position)
    position = _per_at(text, position)
    return text[start:position], position


_LONG_DASHES = frozenset("‐‑‒–—")
HEADS = frozenset({"人", "人次", "户", "场次", "批次"})
"""What counts one by one, besides the measure words."""
_AND_PER = frozenset("·*、/")


def _per_at(text: str, position: int) -> int:
    """Where a rate behind a unit ends: 元/户, 元/人·月, 元/人、天."""
    known = units()
    if text[position : position + 1] != "/":
        return position
    found = known.per.at(text, position + 1)
    if found is None:
        return position
    position += 1 + len(found[0])
    if text[position : position + 1] in _AND_PER and position < len(text):
        more = known.per.at(text, position + 1)
        if more is not None:
            position += 1 + len(more[0])
    return position


def _spaces(text: str, position: int) -> int:
    while text[position : position + 1] == " ":
        position += 1
    return position


def unit_written(text: str) -> str | None:
    """Return *text* if it is a unit, with its multiplier, its noun and what it is counted by.

    >>> unit_written("万人次"), unit_written("元/人·月"), unit_written("未完成")
    ('万人次', '元/人·月', None)
    """
    known = units()
    times, unit = known.multipliers.at(text, 0), known.units.at(text, 0)
    multiplied = times is not None and (unit is None or len(unit[0]) <= len(times[0]))
    position = len(times[0]) if times is not None and multiplied else 0
    written, end = _unit_at(text, position, known.units.at(text, position))
    if end != len(text) or not text:
        return None
    return text[:position] + written
