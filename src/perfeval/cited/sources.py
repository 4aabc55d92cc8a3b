"""What a part of cited data rests on: documents, citations, assumptions."""

# Annotations are not deferred: a NamedTuple compiles each that is text, whenever perfeval is imported.
import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import attrs

from perfeval.i18n import Words, message

__all__ = ["Citation", "Grounds", "Source", "cites_text", "grounds_in"]


class Source(NamedTuple):
    """A document that rules cite.

    Attributes:
        id: Its name in citations.
        title: Its title in both languages.
        status: "verified", "unverified" or "practice".
        number: Its official number (文号), if it has one.
        issuer: Who issued it.
        date: When.
        link: Where it can be read.
        described: Whether the title is a description, because its own was
            not read.
    """

    id: str
    title: Words
    status: str
    number: str | None = None
    issuer: Words | None = None
    date: dt.date | None = None
    link: str | None = None
    described: bool = False


class Citation(NamedTuple):
    """An article of a document, ``cn-mof-2020-10#16`` in a rule file."""

    source: Source
    article: str | None = None

    def text(self, locale: str) -> str:
        """Return the citation in words.

        >>> from perfeval.cited import shipped_sources
        >>> Citation(shipped_sources()["cn-mof-2020-10"], "18").text("zh_CN")
        '财预〔2020〕10号第18条'
        """
        return _cite_text(self.source.number or self.source.title.of(locale), self.article, locale)

    def __str__(self) -> str:
        return self.source.id if self.article is None else f"{self.source.id}#{self.article}"


@cache
def _cite_text(name: str, article: str | None, locale: str) -> str:
    if article is None:
        return name
    kind, _, number = article.rpartition("-")
    return message("annex" if kind == "annex" else "article", locale, document=name, number=number)


class Grounds(NamedTuple):
    """What a part of a rule set rests on: citations, an assumption, or both."""

    cites: tuple[Citation, ...]
    assumption: Words | None = None


def cites_text(grounds: Iterable[Grounds], locale: str) -> str:
    """Return the citations of *grounds* in words, each once."""
    mark = message("enumeration", locale)
    return mark.join(dict.fromkeys(cite.text(locale) for part in grounds for cite in part.cites))


def grounds_in(record: object) -> Iterator[Grounds]:
    """Yield the grounds of a record and of all its parts that rest on anything, in the order of their fields.

    >>> from perfeval.i18n import Words
    >>> assumed = Grounds((), Words("按惯例", "by practice"))
    >>> list(grounds_in((1, Grounds(()), (assumed, "a part")))) == [assumed]
    True
    """
    if isinstance(record, Grounds):
        if record.cites or record.assumption is not None:
            yield record
    elif isinstance(record, tuple):
        for part in record:
            yield from grounds_in(part)
    elif attrs.has(kind := type(record)):
        for field in attrs.fields(kind):
            # What is derived holds nothing of its own.
            if field.init:
                yield from grounds_in(getattr(record, field.name))
