"""Files of cited data: reading one, and those that come with the library."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from perfeval.cited.sources import Source
from perfeval.cited.tables import NO_WORDS, Table, a_bool, a_date, a_string, shown, words_of
from perfeval.errors import Fault, ModelError, RuleSetError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Shelf",
    "data_folder",
    "parse_toml",
    "read_file",
    "read_toml",
    "shipped_sources",
    "shipped_table",
    "why_not",
]

T = TypeVar("T")

_LARGEST_FILE = 4_000_000


def data_folder() -> Path:
    """Return the folder of the data that comes with the library."""
    from pathlib import Path

    return Path(__file__).parents[1] / "data"


def read_toml(path: Path) -> dict[str, Any]:
    """Return a parsed file, its numbers exact.

    Raises:
        RuleSetError: If it is too large or not valid TOML.
    """
    with path.open("rb") as file:
        data = file.read(_LARGEST_FILE + 1)
    if len(data) > _LARGEST_FILE:
        raise RuleSetError(path.name, [Fault("", f"expected at most {_LARGEST_FILE} bytes")])
    try:
        # A byte-order mark is no part of the text.
        return parse_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = f"not valid UTF-8: {error.reason} at byte {error.start}"
    except ValueError as error:
        problem = f"not valid TOML: {error}"
    raise RuleSetError(path.name, [Fault("", problem)])


# A key of so many parts is no key of a person's; the parser's time grows with the square of them.
_LONG_KEY = re.compile(r"""(?<![\w."'-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){64}""", re.ASCII)


def parse_toml(text: str) -> dict[str, Any]:
    """Return a TOML text parsed, its numbers exact, in a time that is bounded.

    Raises:
        ValueError: If it is not valid; the message says why.
    """
    import tomllib

    if _LONG_KEY.search(text):
        raise ValueError("a key has more than 64 parts")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise ValueError(why_not(error)) from None


def why_not(error: ValueError | RecursionError | InvalidOperation) -> str:
    """Return what is wrong with a text that a parser of TOML or JSON refuses."""
    if isinstance(error, InvalidOperation):
        return "a number has too large an exponent"
    if isinstance(error, RecursionError):
        return "tables or lists are nested too deep"
    # What int() itself refuses.
    return "a whole number has too many digits" if "integer string conversion" in str(error) else str(error)


def read_file(path: Path, read: Callable[[Table], T]) -> T:
    """Return what *read* makes of the top table of a file.

    A ``[sources]`` table in the file adds documents to cite.

    Raises:
        RuleSetError: With every fault of the file and its path.
        OSError: If the file cannot be read.
    """
    data = read_toml(path)
    faults: list[Fault] = []
    sources = shipped_sources()
    if "sources" in data:
        own = Table(data["sources"], "sources", faults, {})
        for name in own.data:
            if name in sources:
                own.fault(name, "a document of this name comes with the library; name yours otherwise")
        sources = ChainMap(_read_sources(own), dict(sources))
    top = Table({key: value for key, value in data.items() if key != "sources"}, "", faults, sources)
    found = read(top)
    top.has("sources")
    top.close()
    if faults:
        raise RuleSetError(path.name, faults)
    return found


class Shelf(Generic[T]):
    """A folder of the data that comes with the library: a file per name, read when it is first asked for."""

    def __init__(self, folder: str, read: Callable[[Table], T]) -> None:
        self._folder: str = folder
        self._read: Callable[[Table], T] = read
        self._names: tuple[str, ...] | None = None
        self._found: dict[str, T] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its files, in order."""
        if self._names is None:
            self._names = tuple(sorted(path.stem for path in (data_folder() / self._folder).glob("*.toml")))
        return self._names

    def path(self, name: str) -> Path:
        """Return where the file of that name is."""
        return data_folder() / self._folder / f"{name}.toml"

    def __getitem__(self, name: str) -> T:
        """Return what the file of that name says; it is one of `names`."""
        if name not in self._found:
            self._found[name] = read_file(self.path(name), self._read)
        return self._found[name]

    def __iter__(self) -> Iterator[T]:
        return (self[name] for name in self.names)


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
            self._found |= _read_sources(table)
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


def shipped_table(name: str) -> list[tuple[str, Table]]:
    """Return the tables of a file of ``data``, by name, whose citations can be read.

    Raises:
        RuleSetError: If the file is faulty.
    """
    faults: list[Fault] = []
    top = read_toml(data_folder() / name)
    return [(key, Table(value, key, faults, shipped_sources())) for key, value in top.items()]


def _read_sources(table: Table) -> dict[str, Source]:
    found = {}
    for name in list(table.data):
        row = table.table(name)
        found[name] = Source(
            name,
            row.take("title", words_of, NO_WORDS),
            row.take("status", _status, ""),
            row.take("number", a_string, None, needed=False),
            row.take("issuer", words_of, None, needed=False),
            row.take("date", a_date, None, needed=False),
            row.take("link", a_string, None, needed=False),
            row.take("described", a_bool, False, needed=False),
        )
        row.close()
    return found


def _status(value: object) -> str:
    if value not in ("verified", "unverified", "practice"):
        raise ModelError(f"expected verified, unverified or practice, got {shown(value)}")
    return str(value)
