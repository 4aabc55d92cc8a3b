"""Days, months, quarters and years as people write them: the last day that is meant.

2022年12月底前 and 2021年12月完成 are the last day of that month; 12月31日前
includes the day; 11月前 is before November. A date without its year is one
only if the year is given. What is a period (3-11月) or a date with anything
else around it is no date.

>>> read("2022年12月底前").last, read("11月前", year=2022).last, read("11月前")
(datetime.date(2022, 12, 31), datetime.date(2022, 10, 31), None)
>>> read("2022年12月").first
datetime.date(2022, 12, 1)
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from functools import cache
from typing import NamedTuple

from perfeval.errors import TextError
from perfeval.text import numerals
from perfeval.text.words import lexicon

__all__ = ["Day", "is_period", "looks_like_one", "read"]


class Day(NamedTuple):
    """A day as the text tells it.

    Attributes:
        last: The last day that is meant.
        first: The first day that it can be, the same where a day is told.
        vague: Whether it is told by thirds of a month (中旬).
        aimed: Whether the words say when it is due or counted, not when it
            was done (截至, 应于).
    """

    last: dt.date
    first: dt.date
    vague: bool = False
    aimed: bool = False


_CN = "〇零○一二三四五六七八九十"
_TEN_DAYS = {"上旬": 10, "中旬": 20, "下旬": None}
_OF_DATES = frozenset("年月日季")
# No form of this kind is older or plans further.
_YEARS = "(?:19[89][0-9]|20[0-9]{2})"


def looks_like_one(text: str) -> bool:
    """Whether *text* is worth a closer look: a cheap question.

    >>> looks_like_one("12月"), looks_like_one("2022.12"), looks_like_one("12个")
    (True, True, False)
    """
    if not _OF_DATES.isdisjoint(text):
        return True
    # 2022.12, 2022/6/30, 20221231, with or without words around it.
    return ("20" in text or "19" in text) and _digits().search(text) is not None


@cache
def _digits() -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9.]){_YEARS}(?:[-/.][0-9]|[01][0-9][0-3][0-9](?![0-9])|(?:[01][0-9])?$)")


@cache
def _pattern() -> re.Pattern[str]:
    words = lexicon().dates
    before, until, aimed, done = (
        "|".join(re.escape(word) for word in sorted(words[key], key=len, reverse=True))
        for key in ("before", "until", "aimed", "done")
    )
    numeric = (
        rf"(?P<y>{_YEARS})(?:(?P<mark>[-/.])(?P<m>[0-9]{{1,2}})(?:(?P=mark)(?P<d>[0-9]{{1,2}}))?"
        r"|(?P<mm>[01][0-9])(?P<dd>[0-3][0-9]))(?: ?00:00:00)?"
    )
    words_of = (
        "(?:(?P<year>[0-9]{4}|[〇零○一二三四五六七八九]{4})年度?|(?:当年|本年度?|今年)(?=[0-9]{1,2}月))?"
        f"(?:(?P<month>[0-9]{{1,2}}|[{_CN}]{{1,3}})月份?(?:(?P<day>[0-9]{{1,2}}|[{_CN}]{{1,3}})[日号])?"
        "|第?(?P<quarter>[1-4一二三四])季度|(?P<half>[上下])半年|(?P<middle>年?中)"
        "|(?P<whole>当年|本年度?|年内|年(?=底|末)|年度内))?(?: ?00:00:00)?"
    )
    return re.compile(
        f"(?:{before}|(?P<until>{until})|(?P<aimed>{aimed})){{0,2}}[:：]?(?P<sign>≤|<=)?(?:{numeric}|{words_of})"
        f"(?P<part>上旬|中旬|下旬)?(?P<end>底|末)?(?P<before>之前|以前|前)?(?:之内|以内|内)?(?:{done}){{0,3}}[。.;；,，、]?"
    )


def read(text: str, *, year: int | None = None) -> Day | None:
    """Return the day that *text* means, `None` if it is no date or lacks its year.

    Args:
        text: Half-width text; spaces do not count.
        year: The year of a date that names none.

    Raises:
        TextError: If it is a date that does not exist: 2022年2月30日.
    """
    match = _pattern().fullmatch(text)
    if match is None:
        return None
    if match["sign"] and not any(match.group("y", "year", "day")):
        # ≤12月 may be a length of time.
        return None
    day = _told(match, text, year)
    if day is not None and (match["until"] or match["sign"]):
        day = _until(day.last)
    return day._replace(aimed=True) if day is not None and match["aimed"] else day


def _told(match: re.Match[str], text: str, year: int | None) -> Day | None:
    if match["y"] is not None:
        month, day = match["m"] or match["mm"], match["d"] or match["dd"]
        if match["part"] or (match["end"] and day):
            return None
        # 2020.88 is a figure, and so is 2020.5.
        if match["mark"] == "." and day is None and not (len(month) == 2 and 1 <= int(month) <= 12):
            return None
        try:
            return _month(int(match["y"]), int(month), int(day) if day else None, match, text)
        except TextError:
            if match["mm"]:
                # Eight digits that are no day are a figure.
                return None
            raise
    if not any(match.group("year", "month", "quarter", "half", "middle", "whole")):
        return None
    own = match["year"]
    if own is None and (year is None or match["middle"] == "中"):
        return None
    return _meant(match, numerals.year(own) if own is not None else year or 0, text)


_FIRST = ("1", "一")


def _meant(match: re.Match[str], year: int, text: str) -> Day | None:
    _day(year, 1, 1, text)
    before = match["before"] is not None and match["end"] is None and match["part"] is None
    if match["month"] is not None:
        day = match["day"]
        return _month(year, _number(match["month"]), None if day is None else _number(day), match, text)
    if match["part"]:
        return None
    if before and match["year"] is None and (match["quarter"] in _FIRST or match["half"] == "上"):
        # 一季度前 on the form of a year: nothing of that year is before its first quarter.
        return None
    if match["quarter"] is not None:
        quarter = "一二三四".find(match["quarter"]) + 1 or int(match["quarter"])
        first = _day(year, 3 * quarter - 2, 1, text)
        if before:
            return _until(_before(first, text))
        return Day(_end(year, 3 * quarter, text), first)
    if match["half"] is not None:
        month = 6 if match["half"] == "上" else 12
        if before:
            return _until(_before(dt.date(year, month - 5, 1), text))
        return Day(_end(year, month, text), dt.date(year, month - 5, 1))
    if match["middle"] is not None:
        return Day(dt.date(year, 6, 30), dt.date(year, 6, 1), True)
    if before and match["whole"] is None:
        return _until(_day(year - 1, 12, 31, text))
    return Day(dt.date(year, 12, 31), dt.date(year, 12 if match["end"] else 1, 1))


def _month(year: int, month: int, day: int | None, match: re.Match[str], text: str) -> Day | None:
    before = match["before"] is not None
    if day is not None:
        last = _day(year, month, day, text)
        return _until(last) if before else Day(last, last)
    first = _day(year, month, 1, text)
    if match["part"] is not None:
        if before:
            # 5月上旬前: before it, or by its end.
            return None
        ends = _TEN_DAYS[match["part"]]
        last = _end(year, month, text) if ends is None else dt.date(year, month, ends)
        return Day(last, last.replace(day=(ends or 30) - 9), True)
    if before and match["end"] is None:
        return None if month == 1 and match["year"] is None else _until(_before(first, text))
    last = _end(year, month, text)
    if before:
        return _until(last)
    return Day(last, last.replace(day=21) if match["end"] else first)


def _before(day: dt.date, text: str) -> dt.date:
    try:
        return day - dt.timedelta(days=1)
    except OverflowError:
        raise _no_day(text) from None


def _until(last: dt.date) -> Day:
    """Some day up to *last*."""
    return Day(last, dt.date(last.year, 1, 1))


def _number(text: str) -> int:
    return int(text) if text.isascii() else int(numerals.number(text))


def _end(year: int, month: int, text: str) -> dt.date:
    return _day(year, month, monthrange(year, month)[1] if 1 <= month <= 12 else 0, text)


def _day(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        return dt.date(year, month, day)
    except (ValueError, OverflowError):
        raise _no_day(text) from None


def _no_day(text: str) -> TextError:
    return TextError(f"expected a day that exists, got {text!r}")


_TO = r"(?:至|到|-|—|–|~|～|--)"


@cache
def _periods() -> re.Pattern[str]:
    month = r"[0-9]{1,2}月?(?:[0-9]{1,2}日)?"
    dated = rf"(?:{_YEARS}(?:年|[-/.]))?(?:[0-9]{{1,2}}(?:月|[-/.])?)(?:[0-9]{{1,2}}日?)?"
    return re.compile(
        rf"全年度?|(?:{_YEARS}年)?{month}{_TO}{month.replace('月?', '月')}份?|{dated}{_TO}{dated}"
        rf"|{_YEARS}年?{_TO}{_YEARS}(?:年度?|学年)|第?[1-4一二三四]{_TO}[1-4一二三四]季度|前[1-4一二三四]季度"
    )


def is_period(text: str) -> bool:
    """Whether *text* is a stretch of time from one date to another.

    >>> is_period("3-11月"), is_period("2021.09-2022.06"), is_period("3-11个")
    (True, True, False)
    """
    return _periods().fullmatch(text) is not None
