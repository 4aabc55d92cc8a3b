"""Chinese numerals (中文数字): 两千零一十, 二〇二二, 贰拾, 百分之九十五.

One pass over the characters; no table of words, no guess: 七八 is no 78.

>>> number("两千零一十"), number("二〇二二"), number("三点五")
(Decimal('2010'), Decimal('2022'), Decimal('3.5'))
"""

from __future__ import annotations

from decimal import Decimal

from perfeval.errors import TextError

__all__ = ["CHARACTERS", "fraction", "is_number", "number", "year"]

_DIGITS = {character: value for value, group in enumerate(
    ("〇零○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for character in group}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_TENS = {"廿": 20, "卅": 30}

CHARACTERS = "".join([*_DIGITS, *_UNITS, *_MYRIADS, *_TENS])
"""Every character that a numeral is made of, but 点."""


def number(text: str) -> Decimal:
    """Return the number that *text* writes.

    Args:
        text: Chinese digits with or without 十, 百, 千, 万, 亿; "三点五" is 3.5.
            Digits one after the other make a number only with a 〇 among them,
            as years have: 七八 is seven or eight.

    Raises:
        TextError: If the characters make no number.

    >>> number("一百二")
    Decimal('120')
    """
    whole, point, decimals = text.partition("点")
    value = _whole(whole)
    if not point:
        return Decimal(value)
    digits = [_DIGITS.get(character) for character in decimals]
    if not digits or None in digits:
        raise _no_number(text)
    return Decimal(f"{value}.{''.join(map(str, digits))}")


def is_number(text: str) -> bool:
    """Whether `number` reads *text*.

    >>> is_number("二十"), is_number("二三十"), is_number("七八")
    (True, False, False)
    """
    try:
        number(text)
    except TextError:
        return False
    return True


def fraction(numerator: Decimal, denominator: Decimal, text: str) -> Decimal:
    """Return a fraction that has a finite decimal: 四分之三 is 0.75.

    Raises:
        TextError: If it has none, as 三分之二.

    >>> fraction(Decimal(3), Decimal(4), "四分之三")
    Decimal('0.75')
    """
    over, under = int(numerator), int(denominator)
    if under <= 0 or over != numerator or under != denominator:
        raise _no_number(text)
    for places in range(13):
        scaled, rest = divmod(over * 10**places, under)
        if not rest:
            return Decimal(f"{scaled}E-{places}")
    raise TextError(f"{text!r} has no finite decimal: write the figure itself")


def year(text: str) -> int:
    """Return the year of four digits, 二〇二二 or 2022.

    Raises:
        TextError: If it is none.

    >>> year("二〇二二")
    2022
    """
    digits = [_DIGITS.get(character) for character in text]
    if text.isascii() and text.isdigit():
        return int(text)
    if len(digits) != 4 or None in digits:
        raise _no_number(text)
    return int("".join(map(str, digits)))


_ZEROS = frozenset("〇零○")


def _whole(text: str) -> int:
    if not text:
        raise _no_number(text)
    if all(character in _DIGITS for character in text):
        if len(text) > 1 and _ZEROS.isdisjoint(text):
            raise _no_number(text)
        # 二〇二二: digits one after the other.
        return int("".join(str(_DIGITS[character]) for character in text))
    return _counted(text)


def _counted(text: str) -> int:
    """A number with 十, 百, 千, 万 or 亿, each smaller than the one before it."""
    total = section = 0
    digit: int | None = None
    # What the last digit counts if nothing follows: 一百二 is 120, 一百零二 is 102.
    smallest = 0
    last_unit, last_myriad = 10**4, 10**12
    for character in text:
        if character in _DIGITS:
            if digit:
                raise _no_number(text)
            digit = _DIGITS[character]
            smallest = smallest if digit else 0
        elif character in _MYRIADS:
            myriad = _MYRIADS[character]
            section += digit or 0
            if myriad >= last_myriad or (not section and not total):
                raise _no_number(text)
            total, section = (total + section) * myriad if myriad == 10**8 else total + section * myriad, 0
            # 十二亿三千万 has a 万 behind 亿; 二万万 is no number.
            digit, smallest, last_unit, last_myriad = None, myriad // 10, 10**4, myriad
        else:
            unit = _TENS.get(character) or _UNITS[character]
            step = 10 if character in _TENS else unit
            if step >= last_unit or (digit == 0 and step != 10):
                raise _no_number(text)
            section += unit if character in _TENS else (digit or 1) * unit
            digit, smallest, last_unit = None, 0 if character in _TENS else unit // 10, step
    if digit and smallest > 1 and text[-1] in _DIGITS:
        return total + section + digit * smallest
    return total + section + (digit or 0)


def _no_number(text: str) -> TextError:
    return TextError(f"expected a number, got {text!r}")
