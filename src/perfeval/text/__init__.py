"""Chinese figures as people write them, read into values.

`parse_amount`, `parse_target` and `parse_actual` read one expression each:
"40万元", "≥50公里", "48公里". A text that is no figure becomes a `Statement`
where words are allowed, and a `TextError` where they are not. Nothing is
guessed: a target without a comparator stays `Comparator.UNSTATED`.

>>> parse_target("≥ ５０个")
Threshold(comparator=<Comparator.AT_LEAST: '≥'>, value=Decimal('50'), unit='个')
>>> parse_amount("65.63 万元") == 656300
True
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from perfeval.amounts import CONTEXT, exact, exact_amount
from perfeval.errors import AmountError, TextError
from perfeval.targets import Actual, Bound, Comparator, Quantity, Statement, Target, Threshold

__all__ = ["parse_actual", "parse_amount", "parse_target"]

# Full-width ASCII to ASCII. NFKC is not used: it turns ㎡ into m2.
_HALF_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0xA0: 0x20}

_SIGNS = {
    "≥": Comparator.AT_LEAST,
    "≧": Comparator.AT_LEAST,
    ">=": Comparator.AT_LEAST,
    "≤": Comparator.AT_MOST,
    "≦": Comparator.AT_MOST,
    "<=": Comparator.AT_MOST,
    "=": Comparator.EQUAL,
    "═": Comparator.EQUAL,
    "﹦": Comparator.EQUAL,
    ">": Comparator.MORE_THAN,
    "<": Comparator.LESS_THAN,
}

_BOUNDS = {
    Comparator.UNSTATED: Bound.EXACT,
    Comparator.EQUAL: Bound.EXACT,
    Comparator.AT_LEAST: Bound.AT_LEAST,
    Comparator.MORE_THAN: Bound.MORE_THAN,
    Comparator.AT_MOST: Bound.AT_MOST,
    Comparator.LESS_THAN: Bound.LESS_THAN,
}

_MULTIPLIERS = {"千": 3, "万": 4, "百万": 6, "亿": 8}


@cache
def _figure() -> re.Pattern[str]:
    # Compiled when first used, so that importing perfeval stays cheap.
    return re.compile(
        r"\s*(?P<sign>>=|<=|[≥≧≤≦=═﹦><])?"
        r"\s*(?P<number>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,30})(?:\.[0-9]{1,30})?)"
        r"\s*(?P<multiplier>百万|[万亿]|千(?=元))?"
        r"(?P<unit>[^\s0-9≥≧≤≦=═﹦><+\-.,，。;；:：、!！?？~～()（）]{0,16})\s*"
    )


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
    figure = _read(text)
    if figure is None:
        raise TextError(f"expected an amount with its unit, as in '40万元', got {_shown(text)}")
    sign, value, unit = figure
    if unit != "元" or sign is not Comparator.UNSTATED:
        raise TextError(f"expected an amount with its unit, as in '40万元', got {_shown(text)}")
    try:
        return exact_amount(value)
    except AmountError as error:
        raise TextError(str(error)) from None


def parse_target(text: str) -> Target:
    """Return the target that *text* states (年度指标值).

    Args:
        text: One expression as a form prints it: "≥50个", "50件", "明显改善".

    Returns:
        A `Threshold`, or a `Statement` if the text is no figure.

    Raises:
        TextError: If there is no text.

    >>> print(parse_target("≤90万元"), parse_target("50件"), parse_target("明显改善"))
    ≤90万元 50件 明显改善
    """
    figure = _read(text)
    if figure is None:
        return _statement(text)
    return Threshold(*figure)


def parse_actual(text: str) -> Actual:
    """Return what *text* says was reached (实际完成值).

    Args:
        text: One expression as a form prints it: "48公里", "≥266米", "及时".

    Returns:
        A `Quantity`, with a bound where the text repeats a comparator, or a
        `Statement` if the text is no figure.

    Raises:
        TextError: If there is no text.

    >>> parse_actual("≥266米").bound
    <Bound.AT_LEAST: 'at_least'>
    """
    figure = _read(text)
    if figure is None:
        return _statement(text)
    sign, value, unit = figure
    return Quantity(value, unit, _BOUNDS[sign])


def _read(text: str) -> tuple[Comparator, Decimal, str | None] | None:
    if not isinstance(text, str):
        raise TextError(f"expected text, got {type(text).__name__}")
    match = _figure().fullmatch(text.translate(_HALF_WIDTH)) if len(text) <= _LONGEST else None
    if match is None:
        return None
    sign, number, multiplier, unit = match.group("sign", "number", "multiplier", "unit")
    if re.match(_DATE, unit) or (unit == "年" and len(number) == 4):
        return None
    try:
        value = exact(number.replace(",", ""))
        if multiplier:
            value = exact(CONTEXT.scaleb(value, _MULTIPLIERS[multiplier]))
    except AmountError as error:
        raise TextError(str(error)) from None
    return (_SIGNS[sign] if sign else Comparator.UNSTATED, value, unit or None)


_LONGEST = 120
# "9月前" is a date without its year, not nine of anything.
_DATE = r"(?:年|月|日|号)(?:份|之|以|前|底|末|初|中|完)|(?:月|日|号)$"


def _statement(text: str) -> Statement:
    if not text.strip():
        raise TextError("expected text, got none")
    return Statement(text.strip())


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
