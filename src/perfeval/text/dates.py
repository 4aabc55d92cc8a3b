"""Days, months, quarters and years as people write them: the last day that is meant.

2022年12月底前 and 2021年12月完成 are the last day of that month; 12月31日前
includes the day; 11月前 is before November. A date without its year is one
only if the year is given.

>>> last_day("2022年12月底前"), last_day("11月前", year=2022), last_day("11月前")
(datetime.date(2022, 12, 31), datetime.date(2022, 10, 31), None)
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from functools import cache

from perfeval.errors import TextError
from perfeval.text import numerals

__all__ = ["last_day"]

_CN = "〇零一二三四五六七八九十"
_TEN_DAYS = {"上旬": 10, "中旬": 20}


@cache
def _pattern() -> re.Pattern[str]:
    done = (
        "(?:全部|按期|按时|已|如期)?(?:完成|完工|竣工|建成|交付|到位|发放|拨付|实施|投入使用|验收)?(?:完成|完毕|到位)?"
    )
    return re.compile(
        "(?:完成时间|完成时限|时间|于|在|截至|截止|到|已于)?为?[:：]?"
        f"(?:(?P<year>[0-9]{{4}}|[〇零一二三四五六七八九]{{4}})年度?)?"
        f"(?:(?P<month>[0-9]{{1,2}}|[{_CN}]{{1,3}})月份?(?:(?P<day>[0-9]{{1,2}}|[{_CN}]{{1,3}})[日号])?"
        f"|第?(?P<quarter>[1-4一二三四])季度|(?P<half>[上下])半年|(?P<whole>全年|当年|本年度?|年内|年(?=底|末)|年度内))?"
        "(?P<part>上旬|中旬|下旬)?(?P<end>底|末)?(?P<before>之前|以前|前)?(?:之内|以内|内)?" + done
    )


@cache
def _iso() -> re.Pattern[str]:
    return re.compile("([0-9]{4})([-/.])([0-9]{1,2})\\2([0-9]{1,2})")


def last_day(text: str, *, year: int | None = None) -> dt.date | None:
    """Return the last day that *text* means, `None` if it is no date or lacks its year.

    Args:
        text: Half-width text without spaces around it.
        year: The year of a date that names none.

    Raises:
        TextError: If it is a date that does not exist: 2022年2月30日.
    """
    iso = _iso().fullmatch(text)
    if iso is not None:
        return _day(int(iso[1]), int(iso[3]), int(iso[4]), text)
    match = _pattern().fullmatch(text)
    if match is None or not any(match.group("year", "month", "quarter", "half", "whole")):
        return None
    own = match["year"]
    if own is None and year is None:
        return None
    of = int(own) if own is not None and own.isascii() else int(numerals.number(own)) if own is not None else year
    return None if of is None else _meant(match, of, text)


def _meant(match: re.Match[str], year: int, text: str) -> dt.date:
    before = match["before"] is not None and match["end"] is None and match["part"] is None
    if match["month"] is not None:
        month = _number(match["month"])
        if match["day"] is not None:
            return _day(year, month, _number(match["day"]), text)
        if before:
            return _day(year, month, 1, text) - dt.timedelta(days=1)
        return _end(year, month, text, _TEN_DAYS.get(match["part"] or ""))
    if match["quarter"] is not None:
        quarter = "一二三四".find(match["quarter"]) + 1 or int(match["quarter"])
        if before:
            return _day(year, 3 * quarter - 2, 1, text) - dt.timedelta(days=1)
        return _end(year, 3 * quarter, text)
    if match["half"] is not None:
        return _end(year, 6 if match["half"] == "上" else 12, text)
    if before and match["whole"] is None:
        return dt.date(year - 1, 12, 31)
    return dt.date(year, 12, 31)


def _number(text: str) -> int:
    return int(text) if text.isascii() else int(numerals.number(text))


def _end(year: int, month: int, text: str, day: int | None = None) -> dt.date:
    return _day(year, month, day or (monthrange(year, month)[1] if 1 <= month <= 12 else 0), text)


def _day(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise TextError(f"expected a day that exists, got {text!r}") from None
