"""Words in an explicit locale: ``zh_CN`` and ``en``, both complete.

A locale is always an argument; nothing here looks at the environment. The
catalogs are ``locale/<locale>.po``, with symbolic keys, read when first used.

>>> message("kind.output", "zh_CN"), message("kind.output", "en")
('产出指标', 'Output')
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from perfeval.errors import LocaleNotFoundError

__all__ = [
    "LOCALES",
    "Words",
    "catalog",
    "day_text",
    "known",
    "message",
]

LOCALES = ("zh_CN", "en")


class Words(NamedTuple):
    """The same words in both languages, from data."""

    zh_CN: str  # noqa: N815  # the locale's own name
    en: str

    def of(self, locale: str) -> str:
        """Return the words in *locale*.

        Raises:
            LocaleNotFoundError: If there is no such locale.

        >>> Words("优", "excellent").of("en")
        'excellent'
        """
        known(locale)
        return self.zh_CN if locale == "zh_CN" else self.en

    def naming(self, name: str) -> Words:
        """Return the words followed by a name.

        >>> Words("扣分", "deduction").naming("甲")
        Words(zh_CN='扣分：甲', en='deduction: 甲')
        """
        return Words(f"{self.zh_CN}：{name}", f"{self.en}: {name}")


def known(locale: str) -> str:
    """Return *locale* if there is a catalog for it.

    Raises:
        LocaleNotFoundError: If there is none.
    """
    if locale not in LOCALES:
        raise LocaleNotFoundError(f"expected a locale ({', '.join(LOCALES)}), got {locale!r}")
    return locale


@cache
def catalog(locale: str) -> Mapping[str, str]:
    """Return the messages of *locale* by key.

    Raises:
        LocaleNotFoundError: If there is no such locale.
    """
    from pathlib import Path

    from babel.messages.pofile import read_po

    path = Path(__file__).parent / "locale" / f"{known(locale)}.po"
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, abort_invalid=True) if entry.id}


def message(key: str, locale: str, **values: object) -> str:
    """Return the message *key* in *locale*, its placeholders filled.

    Raises:
        LocaleNotFoundError: If there is no such locale.
        KeyError: If there is no such message: a fault of this library.
    """
    text = catalog(locale)[key]
    return text.format(**values) if values else text


def day_text(day: dt.date, locale: str) -> str:
    """Return a day as it is written in *locale*.

    >>> import datetime as dt
    >>> day_text(dt.date(2022, 7, 31), "zh_CN"), day_text(dt.date(2022, 7, 31), "en")
    ('2022年7月31日', '2022-07-31')
    """
    # Two digits each, where the day is written in digits alone.
    month, number = (str(part) if locale == "zh_CN" else f"{part:02}" for part in (day.month, day.day))
    return message("day", locale, year=day.year, month=month, day=number)
