"""Cited data: tables of TOML in which every part says what it rests on.

Rule sets, checks and frameworks are such files. Each table has ``cites``
(``document#article``) or an ``assumption``; ``data/sources.toml`` holds each
document once. A `Table` is read once and keeps every fault with its path.

>>> shipped_table("checks.toml")[0][1].grounds().cites[0].text("zh_CN")
'财预〔2020〕10号附件1'
"""

from __future__ import annotations

import datetime as dt
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from perfeval.amounts import exact
from perfeval.errors import Fault, ModelError, PerfevalError, RuleSetError
from perfeval.i18n import Words, message
from perfeval.members import to_member

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Citation", "Grounds", "Source", "Table", "cites_text", "read_toml", "shipped_table"]

T = TypeVar("T")

NO_WORDS = Words("", "")


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
    """

    id: str
    title: Words
    status: str
    number: str | None = None
    issuer: Words | None = None
    date: dt.date | None = None
    link: str | None = None


class Citation(NamedTuple):
    """An article of a document, ``cn-mof-2020-10#16`` in a rule file."""

    source: Source
    article: str | None = None

    def text(self, locale: str) -> str:
        """Return the citation in words.

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


# Reading. Nothing below is reached at import.


def data_folder() -> Path:
    from pathlib import Path

    return Path(__file__).parent / "data"


class _Sources(Mapping[str, Source]):
    """The documents of ``data/sources.toml``, each parsed when it is first cited."""

    def __init__(self, text: str) -> None:
        parts = text.split("\n[")[1:]
        self._texts = {part.partition("]")[0]: f"[{part}" for part in parts}
        self._found: dict[str, Source] = {}

    def __getitem__(self, name: str) -> Source:
        if name not in self._found:
            import tomllib

            faults: list[Fault] = []
            table = Table(tomllib.loads(self._texts[name]), "", faults, {})
            self._found |= read_sources(table)
            if faults:
                raise RuleSetError("sources.toml", faults)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@cache
def shipped_sources() -> Mapping[str, Source]:
    """Return every document that shipped data cites, by its name."""
    return _Sources((data_folder() / "sources.toml").read_text(encoding="utf-8"))


def opened(data: Mapping[str, Any]) -> tuple[Table, list[Fault]]:
    """Return the top table of a parsed file, its own ``[sources]`` known, and where its faults are kept."""
    faults: list[Fault] = []
    sources = with_own_sources(data, faults)
    return Table({key: value for key, value in data.items() if key != "sources"}, "", faults, sources), faults


def with_own_sources(data: Mapping[str, Any], faults: list[Fault]) -> Mapping[str, Source]:
    """Return the shipped documents and those of a file's own ``[sources]``."""
    if "sources" not in data:
        return shipped_sources()
    return ChainMap(read_sources(Table(data["sources"], "sources", faults, {})), dict(shipped_sources()))


def shipped_table(name: str) -> list[tuple[str, Table]]:
    """Return the tables of a file of ``data``, by name, whose citations can be read.

    Raises:
        RuleSetError: If the file is faulty.
    """
    faults: list[Fault] = []
    top = read_toml(data_folder() / name)
    return [(key, Table(value, key, faults, shipped_sources())) for key, value in top.items()]


_LARGEST_FILE = 4_000_000


def read_toml(path: Path) -> dict[str, Any]:
    """Return a parsed file, its numbers exact.

    Raises:
        RuleSetError: If it is too large or no TOML.
    """
    import tomllib

    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
        if len(data) > _LARGEST_FILE:
            raise RuleSetError(path.name, [Fault("", f"expected at most {_LARGEST_FILE} bytes")])
        return tomllib.loads(data.decode(), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RuleSetError(path.name, [Fault("", f"no TOML: {error}")]) from None


class Table:
    """A table that is read once: each fault is kept with its path."""

    def __init__(self, data: object, path: str, faults: list[Fault], sources: Mapping[str, Source]) -> None:
        self.path = path
        self.faults = faults
        self.sources = sources
        self.data: dict[str, Any] = {}
        if isinstance(data, dict):
            self.data = dict(data)
        else:
            self.fault("", f"expected a table, got {type(data).__name__}")

    def at(self, key: str) -> str:
        """Return the path of *key*."""
        return f"{self.path}.{key}".strip(".")

    def fault(self, key: str, problem: str) -> None:
        """Keep a fault at *key*, or at the table itself."""
        self.faults.append(Fault(self.at(key) if key else self.path, problem))

    def take(self, key: str, convert: Callable[[Any], T], default: T, *, needed: bool = True) -> T:
        """Return the converted value of *key*, or *default* and a fault."""
        if key not in self.data:
            if needed:
                self.fault(key, "missing")
            return default
        value = self.data.pop(key)
        try:
            return convert(value)
        except PerfevalError as error:
            self.fault(key, str(error).removeprefix(f"{key}: "))
        except (TypeError, ValueError, KeyError, AttributeError):
            self.fault(key, f"expected something else, got {value!r}")
        return default

    def table(self, key: str, *, needed: bool = True) -> Table:
        """Return the table at *key*, an empty one and a fault if there is none."""
        if key not in self.data and not needed:
            return Table({}, self.at(key), self.faults, self.sources)
        return self.take(
            key,
            lambda value: Table(value, self.at(key), self.faults, self.sources),
            Table({}, self.at(key), [], self.sources),
        )

    def tables(self, key: str, *, needed: bool = False) -> list[Table]:
        """Return the tables of the list at *key*."""
        rows: list[Any] = self.take(key, a_list, [], needed=needed)
        return [Table(row, f"{self.at(key)}[{i}]", self.faults, self.sources) for i, row in enumerate(rows)]

    def grounds(self) -> Grounds:
        """The citations and the assumption of this table, one of them at least."""
        if "cites" not in self.data and "assumption" not in self.data:
            self.fault("", "expected cites or an assumption")
        cites: list[Any] = self.take("cites", a_list, [], needed=False)
        assumption = self.take("assumption", words_of, None, needed=False)
        return Grounds(tuple(filter(None, map(self._citation, cites))), assumption)

    def _citation(self, text: object) -> Citation | None:
        name, _, article = str(text).partition("#")
        source = self.sources.get(name)
        if source is None:
            self.fault("cites", f"{text!r} cites no known source")
            return None
        return Citation(source, article or None)

    def close(self) -> None:
        """Report the keys that nobody has taken."""
        for key in self.data:
            self.fault(key, "unknown key")


def a_count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ModelError(f"expected a whole number above 0, got {value!r}")
    return value


def a_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ModelError(f"expected a list, got {type(value).__name__}")
    return value


def a_string(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"expected text, got {value!r}")
    return value


def a_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ModelError(f"expected true or false, got {value!r}")
    return value


def a_date(value: Any) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ModelError(f"expected a date, got {value!r}")
    return value


def words_of(value: Any) -> Words | None:
    if not isinstance(value, dict) or set(value) != {"zh_CN", "en"}:
        raise ModelError("expected words in zh_CN and en")
    return Words(a_string(value["zh_CN"]), a_string(value["en"]))


def a_number(value: Any) -> Decimal:
    return exact(value)


def points_of(value: Any) -> Decimal:
    number = exact(value)
    if number < 0:
        raise ModelError(f"expected points of 0 or more, got {number}")
    return number


def share_of(value: Any) -> Decimal:
    number = exact(value)
    if not 0 <= number <= 1:
        raise ModelError(f"expected a share from 0 to 1, got {number}")
    return number


def member_of(kind: type[Any], what: str) -> Callable[[Any], Any]:
    return lambda value: to_member(kind, value, what)


def members_of(kind: type[Any], what: str) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(to_member(kind, item, what) for item in a_list(value))


def read_sources(table: Table) -> dict[str, Source]:
    found = {}
    for name in list(table.data):
        row = table.table(name)
        found[name] = Source(
            name,
            row.take("title", words_of, None) or NO_WORDS,
            row.take("status", _status, ""),
            row.take("number", a_string, None, needed=False),
            row.take("issuer", words_of, None, needed=False),
            row.take("date", a_date, None, needed=False),
            row.take("link", a_string, None, needed=False),
        )
        row.close()
    return found


def _status(value: Any) -> str:
    if value not in ("verified", "unverified", "practice"):
        raise ModelError(f"expected verified, unverified or practice, got {value!r}")
    return str(value)
