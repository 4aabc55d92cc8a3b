"""Figures in the cells of a form: amounts in its unit, points, rates, years.

Only what is a figure and nothing else is read; everything else is `None`, and
the cell is listed. Thousands separators, full-width digits, a unit in the cell
("300万元", "9分", "86%") and a sign of currency are understood.

>>> from perfeval.forms.grid import Cell
>>> points_of(Cell(0, 0, "９.5 分")), points_of(Cell(0, 0, "完成"))
(Decimal('9.5'), None)
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from perfeval import labels
from perfeval.amounts import CONTEXT, FINEST_AMOUNT, AmountUnit, exponent_of
from perfeval.errors import TextError
from perfeval.forms.grid import Cell
from perfeval.reasons import Refusal
from perfeval.targets import Actual, Statement, Target
from perfeval.text import parse_actual, parse_target

__all__ = [
    "actual_of",
    "amount_of",
    "as_printed",
    "figure_text",
    "has_own_unit",
    "holds_figure",
    "is_blank",
    "points_of",
    "points_printed_in",
    "rate_of",
    "target_of",
    "unit_in",
    "year_in",
]

_FIGURE = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(.*)")
_UNITS = {"元": 0, "万元": 4, "万": 4, "亿元": 8, "亿": 8}
_UNIT = re.compile(
    r"\((?:金额)?(?:单位)?:?(?:人民币)?(元|万元|亿元|千元|百万元|十万元)[,)、;/]|单位:?(?:人民币)?(元|万元|亿元|千元|百万元)(?![一-龥])"
)
_POINTS = re.compile(r"\((?:满分|分值:?|权重:?)?(\d+(?:\.\d+)?)分(?!钟)")
_YEAR = re.compile(r"((?:19|20)\d{2})\)?年度")
_PLAIN_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年?(?![\d-])")
_CHINESE_YEAR = re.compile(r"([一二][〇○零0九八][〇○零0-9一二三四五六七八九]{2})年度?")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def figure_text(text: str) -> str:
    """Return a cell's text as figures are read: half-width, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_blank(cell: Cell | None) -> bool:
    """Return whether a cell says nothing: empty, or a dash."""
    return cell is None or (cell.number is None and labels.is_blank(cell.text))


def holds_figure(cell: Cell) -> bool:
    """Return whether a cell is a bare figure, or one with a per cent sign."""
    if cell.number is not None:
        return True
    found = _split(cell.text)
    return found is not None and found[1] in {"", "%"}


@lru_cache(4096)
def _split(text: str) -> tuple[Decimal, str] | None:
    match = _FIGURE.fullmatch(figure_text(text).lstrip("¥￥"))
    if match is None or len(match[1]) > 40:
        return None
    return Decimal(match[1].replace(",", "")), match[2]


def amount_of(cell: Cell, unit: AmountUnit | None) -> Decimal | None:
    """Return yuan, `None` if the cell is no amount or nothing tells its unit.

    Args:
        cell: The cell; its own unit comes before that of the form.
        unit: The unit of the form or of the column.
    """
    if cell.number is not None:
        if cell.text.endswith("%") or unit is None:
            return None
        return _fine(CONTEXT.scaleb(cell.number, unit.exponent))
    found = None if cell.date is not None else _split(cell.text)
    if found is None:
        return None
    number, own = found
    own = own.split("(")[0]
    if not own:
        return None if unit is None else _fine(CONTEXT.scaleb(number, unit.exponent))
    exponent = _UNITS.get(own)
    return None if exponent is None else _fine(CONTEXT.scaleb(number, exponent))


def has_own_unit(cell: Cell) -> bool:
    """Return whether an amount carries its own unit."""
    found = None if cell.number is not None else _split(cell.text)
    return found is not None and found[1].split("(")[0] in _UNITS


_FINEST = CONTEXT.scaleb(Decimal(1), FINEST_AMOUNT)


def _fine(amount: Decimal) -> Decimal | None:
    """What a spreadsheet computed (a third of 10 万元) has digits that no amount has."""
    if exponent_of(amount) < FINEST_AMOUNT:
        amount = amount.quantize(_FINEST, ROUND_HALF_UP, CONTEXT)
    return amount if -_LIMIT <= amount <= _LIMIT else None


_LIMIT = Decimal(10**15)
_MOST_DECIMALS = 18


def as_printed(cell: Cell) -> Cell:
    """Return the cell with the figure that it shows: of a result, what is printed counts."""
    if cell.number is None or not cell.shown:
        return cell
    found = _split(cell.shown)
    if found is None:
        return cell
    number = CONTEXT.scaleb(found[0], -2) if found[1] == "%" else found[0]
    return cell._replace(number=number, text=cell.shown, shown="")


def points_of(cell: Cell) -> Decimal | None:
    """Return points, `None` if the cell is no number of points.

    A weight printed as a percentage is a share of 100 points.
    """
    if cell.number is not None:
        number = CONTEXT.scaleb(cell.number, 2) if cell.text.endswith("%") else cell.number
        return number if _holds(number, cell.text) else None
    found = None if cell.date is not None else _split(cell.text)
    if found is None or found[1] not in {"", "分", "%"}:
        return None
    return found[0] if _holds(found[0], cell.text) else None


def _holds(number: Decimal, text: str) -> bool:
    """Whether a figure is one that the model can hold; a short text has no more than 18 decimals."""
    return -_LIMIT <= number <= _LIMIT and (len(text) <= _MOST_DECIMALS or exponent_of(number) >= -_MOST_DECIMALS)


def rate_of(cell: Cell, *, percent: bool = False) -> tuple[Decimal, bool] | None:
    """Return a rate as a fraction, and whether its per cent had to be assumed.

    Args:
        cell: The cell.
        percent: Whether the heading says that its figures are per cent.

    Returns:
        `None` if the cell is no rate. A bare figure above 2 is per cent: no
        budget is spent twice over.
    """
    if cell.number is not None:
        number, sign = cell.number, "%" if cell.text.endswith("%") else ""
        if sign:
            return number, False
    else:
        found = None if cell.date is not None else _split(cell.text)
        if found is None or found[1] not in {"", "%"}:
            return None
        number, sign = found
    if not _holds(number, cell.text):
        return None
    if sign or percent:
        return CONTEXT.scaleb(number, -2), False
    if number > 2:
        return CONTEXT.scaleb(number, -2), True
    return number, False


def unit_in(text: str) -> str | None:
    """Return the unit of money that a heading prints: "项目资金（万元）".

    >>> unit_in("项目资金（万元）"), unit_in("金额单位：元"), unit_in("单位：元坝区财政局"), unit_in("执行情况（万元、%）")
    ('万元', '元', None, '万元')
    """
    if "元" not in text:
        return None
    match = _UNIT.search(figure_text(text))
    return None if match is None else match[1] or match[2]


def points_printed_in(text: str) -> Decimal | None:
    """Return the points that a heading prints: "预算执行情况（20分）"."""
    match = _POINTS.search(figure_text(text)) if "分" in text else None
    return None if match is None else Decimal(match[1])


def year_in(text: str, *, plain: bool = False) -> int | None:
    """Return the fiscal year that a title prints, `None` if it prints none.

    Args:
        text: The title: "（2022年度）".
        plain: Whether a year without 度 counts, too.

    >>> year_in("（２０２２ 年度）"), year_in("(2022)年度"), year_in("二〇二二年度")
    (2022, 2022, 2022)
    >>> year_in("2022年"), year_in("2022年", plain=True)
    (None, 2022)
    """
    bare = figure_text(text)
    match = _YEAR.search(bare)
    if match is None and plain:
        match = _PLAIN_YEAR.search(bare)
    if match is not None:
        return int(match[1])
    chinese = _CHINESE_YEAR.search(bare)
    if chinese is not None and (plain or chinese[0].endswith("度")):
        return int(chinese[1].translate(_DIGITS))
    return None


# The same words stand on form after form: 100%, ≥95%, 达成预期指标.
@lru_cache(4096)
def target_of(text: str, operator: str | None, unit: str | None, year: int) -> Target:
    """Return the target that the cells say; what reads as no value stays words, with the reason.

    >>> print(target_of("50", "≥", "公里", 2022), target_of("≤50", "≥", "公里", 2022).refusal)
    ≥50公里 contradiction
    >>> print(target_of("2022年2月30日前", None, None, 2022).refusal)
    impossible
    """
    try:
        return parse_target(text, operator=operator, unit=unit, year=year) or Statement(text)
    except TextError:
        alone = target_of(text, None, None, year) if operator or unit else None
        told = alone is None or (isinstance(alone, Statement) and alone.refusal is Refusal.IMPOSSIBLE)
        # What reads by itself is contradicted by the sign or the unit beside it.
        return Statement(text, refusal=Refusal.IMPOSSIBLE if told else Refusal.CONTRADICTION)


@lru_cache(4096)
def actual_of(text: str, year: int) -> Actual:
    """Return the actual that a cell says; what reads as no value stays words, with the reason.

    >>> print(actual_of("48公里", 2022), actual_of("2022年13月完成", 2022).refusal)
    48公里 impossible
    """
    try:
        return parse_actual(text, year=year) or Statement(text)
    except TextError:
        return Statement(text, refusal=Refusal.IMPOSSIBLE)
