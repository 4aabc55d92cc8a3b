"""What is odd on a form, where, and why we say so.

A `Finding` is a value: a stable code, a severity, the place on the form, the
figures behind it and the articles it rests on. Its text is made on demand, in
an explicit locale. Findings are made by `perfeval.checks.check` alone, and
never raised.

>>> finding = Finding("WT104", "weight-negative", Severity.ERROR, "indicators[0].weight",
...     (("name", "管网长度"), ("weight", Decimal(-5))), ())
>>> print(finding)
indicators[0].weight: WT104 error: '管网长度' has the weight -5
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from perfeval.amounts import AmountUnit, plain
from perfeval.cited import Citation
from perfeval.i18n import Words, catalog, day_text, known, message
from perfeval.ratios import Ratio
from perfeval.rounding import exact_percent, percent

if TYPE_CHECKING:
    from perfeval.pages import Page

__all__ = ["Finding", "Findings", "Severity", "Term"]


class Severity(StrEnum):
    """How sure and how grave: cannot be right, needs a reason, worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """3 for an error, 1 for a note.

        >>> Severity.WARNING.rank
        2
        """
        return {"error": 3, "warning": 2, "note": 1}[self.value]


class Term(str):
    """The key of a word in the catalogs, shown in the locale asked for."""

    __slots__ = ()


class Finding(NamedTuple):
    """One thing that is odd.

    Attributes:
        code: Its stable code, which never changes its meaning: "AR101".
        name: The code's name: "execution-rate-mismatch".
        severity: Error (cannot be right), warning (needs a reason) or note.
        where: The place, as a path of the document:
            ``projects[2].indicators[0].stated.score``; empty for the whole.
        params: The figures and names of the message, as (name, value) pairs.
            Money is in the form's unit; a ``*_rate`` or ``*_share`` is a
            fraction; a `Term` is a word of the catalogs.
        cites: What the check rests on.
    """

    code: str
    name: str
    severity: Severity
    where: str
    params: tuple[tuple[str, object], ...]
    cites: tuple[Citation, ...]

    def message(self, locale: str) -> str:
        """Return what is odd, in one sentence.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        words = catalog(locale)
        return words[f"check.{self.code}"].format(**{key: _shown(key, v, words, locale) for key, v in self.params})

    def line(self, locale: str) -> str:
        """Return place, code, severity and message, as a linter prints them."""
        severity = catalog(locale)[f"severity.{self.severity.value}"]
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.code} {severity}: {self.message(locale)}"

    def to_dict(self, locale: str) -> dict[str, Any]:
        """Return the finding as JSON can hold it; numbers are exact text."""
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity.value,
            "where": self.where,
            "message": self.message(locale),
            "params": {key: _plain(value) for key, value in self.params},
            "cites": [str(cite) for cite in self.cites],
        }

    def page(self, locale: str) -> Page:
        """Return the finding as a page."""
        return Findings((self,)).page(locale)

    def _repr_html_(self) -> str:
        return Findings((self,))._repr_html_()

    def __str__(self) -> str:
        return self.line("en")


class Findings(tuple[Finding, ...]):  # noqa: SLOT001  # a tuple's subclass has its locale in a dict or nowhere
    """What `perfeval.checks.check` found: a tuple that shows itself.

    Attributes:
        locale: The locale that it shows itself in, if none is asked for.

    >>> Findings()
    <Findings: errors: 0, warnings: 0, notes: 0>
    """

    locale: str

    def __new__(cls, findings: Iterable[Finding] = (), locale: str = "zh_CN") -> Self:
        """Return findings that show themselves in *locale*."""
        made = super().__new__(cls, findings)
        made.locale = known(locale)
        return made

    def summary(self, locale: str | None = None) -> str:
        """Return how many there are of each severity."""
        locale = self.locale if locale is None else locale
        return message("check.summary", locale, **self._counts()) if self else message("check.none", locale)

    def page(self, locale: str | None = None, *, title: str = "") -> Page:
        """Return the findings as a page, below *title*, each with its place, code, severity, words and articles.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.pages import Cell, Column, Heading, Page, Paragraph, Role, Table

        locale = self.locale if locale is None else locale
        words = catalog(locale)
        columns = tuple(Column(words[f"check.{key}"]) for key in ("place", "code", "severity", "finding", "source"))
        rows = []
        for one in self:
            cites = words["enumeration"].join(cite.text(locale) for cite in one.cites)
            severity, found = words[f"severity.{one.severity.value}"], one.message(locale)
            cells = (
                Cell(one.where, Role.CODE),
                Cell(one.code),
                Cell(severity),
                Cell(found),
                Cell(cites, Role.CITATION),
            )
            rows.append(cells)
        head = (Heading(title, level=2),) if title else ()
        table = (Table(columns, tuple(rows)),) if rows else ()
        return Page((*head, *table, Paragraph((self.summary(locale),))), locale)

    def _counts(self) -> dict[str, int]:
        return {f"{severity}s": sum(one.severity is severity for one in self) for severity in Severity}

    def _repr_html_(self) -> str:
        from perfeval.pages import html

        return html(self.page())

    def __repr__(self) -> str:
        return f"<Findings: {message('check.summary', 'en', **self._counts())}>"


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Ratio):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Words):
        return value._asdict()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, str) else value


def _shown(key: str, value: object, words: Mapping[str, str], locale: str) -> str:
    """A parameter as the reader of *locale* expects it."""
    if isinstance(value, Term):
        return words[value]
    if isinstance(value, AmountUnit):
        return words[f"unit.{value.name.lower()}"]
    if isinstance(value, Decimal):
        return exact_percent(value) if key.endswith(("_rate", "_share")) else plain(value)
    if isinstance(value, Ratio):
        return percent(value)
    if isinstance(value, Words):
        return value.of(locale)
    if isinstance(value, dt.date):
        return day_text(value, locale)
    if isinstance(value, tuple):
        return words["list"].join(_shown(key, part, words, locale) for part in value)
    return str(value)
