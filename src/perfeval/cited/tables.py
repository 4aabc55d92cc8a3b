"""Tables of a parsed file that know their place, and what is taken from them.

A converter takes the value of one key and returns what it means, or raises
what was expected there. It speaks of what stands in the file (text, a number,
a list, a table), never of the types that Python reads it as.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from perfeval.amounts import exact, plain
from perfeval.cited.sources import Citation, Grounds, Source
from perfeval.errors import Fault, ModelError, PerfevalError
from perfeval.i18n import Words

__all__ = [
    "NO_WORDS",
    "Table",
    "a_bool",
    "a_date",
    "a_list",
    "a_number",
    "a_string",
    "a_whole_number",
    "member_of",
    "members_of",
    "points_of",
    "share_of",
    "shown",
    "words_of",
]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

NO_WORDS = Words("", "")

_LONGEST = 60


class Table:
    """A table that is read once: each fault is kept with its path."""

    def __init__(self, data: object, path: str, faults: list[Fault], sources: Mapping[str, Source]) -> None:
        self.path: str = path
        self.faults: list[Fault] = faults
        self.sources: Mapping[str, Source] = sources
        self.data: dict[str, Any] = {}
        # The keys that a reader has asked for: what the table may have.
        self._asked: dict[str, None] = {}
        if isinstance(data, dict):
            self.data = dict(data)
        else:
            self.fault("", f"expected a table, got {shown(data)}")
            # That keys are missing in it would only say so again.
            self.faults = []

    def at(self, key: str) -> str:
        """Return the path of *key*; an index is written ``[0]``."""
        return f"{self.path}{key}" if key.startswith("[") else f"{self.path}.{key}".strip(".")

    def fault(self, key: str, problem: str) -> None:
        """Keep a fault at *key*, or at the table itself."""
        self.faults.append(Fault(self.at(key) if key else self.path, problem))

    def has(self, key: str) -> bool:
        """Whether the table has a key that it need not have."""
        self._asked[key] = None
        return key in self.data

    def take(self, key: str, convert: Callable[[object], T], default: T, *, needed: bool = True) -> T:
        """Return the converted value of *key*, or *default*, with a fault where there should be one."""
        if not self.has(key):
            if needed:
                self.fault(key, "missing")
            return default
        value = self.data.pop(key)
        try:
            return convert(value)
        except Fault as fault:
            path = fault.path if fault.path.startswith("[") else f".{fault.path}"
            self.fault(f"{key}{path}".rstrip("."), fault.problem)
        except PerfevalError as error:
            self.fault(key, str(error).removeprefix(f"{key}: "))
        return default

    def table(self, key: str, *, needed: bool = True) -> Table:
        """Return the table at *key*, an empty one where there is none, with a fault if one is needed."""
        absent = Table({}, self.at(key), [], self.sources)
        return self.take(key, lambda value: self._table(value, self.at(key)), absent, needed=needed)

    def tables(self, key: str, *, needed: bool = False) -> list[Table]:
        """Return the tables of the list at *key*."""
        rows: list[object] = self.take(key, a_list, [], needed=needed)
        return [self._table(row, f"{self.at(key)}[{i}]") for i, row in enumerate(rows)]

    def _table(self, data: object, path: str) -> Table:
        return Table(data, path, self.faults, self.sources)

    def grounds(self) -> Grounds:
        """The citations and the assumption of this table, one of them at least."""
        if not self.has("cites") and not self.has("assumption"):
            self.fault("", "expected cites or an assumption")
        self.has("assumption")
        if self.data.get("cites") == []:
            self.fault("cites", "expected at least one citation, got an empty list")
        cites: list[object] = self.take("cites", a_list, [], needed=False)
        assumption = self.take("assumption", words_of, None, needed=False)
        return Grounds(tuple(filter(None, map(self._citation, cites))), assumption)

    def _citation(self, text: object) -> Citation | None:
        name, _, article = text.partition("#") if isinstance(text, str) else ("", "", "")
        source = self.sources.get(name)
        if source is None:
            self.fault("cites", f"{shown(text)} cites no known source")
            return None
        return Citation(source, article or None)

    def close(self) -> None:
        """Report the keys that nobody has asked for."""
        unknown = [key for key in self.data if key not in self._asked]
        # Each is looked for among the known ones: of a few that is cheap.
        keys = list(self._asked) if len(unknown) <= _FEW else []
        for key in unknown:
            self.fault(key, f"unknown key; {_known(key, keys)}" if keys else "unknown key")


_FEW = 20


def _known(key: str, keys: list[str]) -> str:
    """What a misspelt key may have been meant to be, else all that there is."""
    from difflib import get_close_matches

    near = get_close_matches(key, keys, n=1)
    return f"is {near[0]} meant?" if near else f"known are {', '.join(keys) or 'none'}"


def shown(value: object) -> str:
    """Return a value of a file as a message shows it.

    >>> shown("fine"), shown(Decimal("0.5")), shown(True), shown([1, 2]), shown({})
    ("'fine'", '0.5', 'true', 'a list', 'a table')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= _LONGEST else f"{value[: _LONGEST - 3]}...")
        case int():
            return str(value) if value.bit_length() <= 64 else "a number of many digits"
        case Decimal():
            text = str(value)
            return text if len(text) <= _LONGEST else "a number of many digits"
        case dt.date() | dt.time():
            return value.isoformat()
        case list() | tuple():
            return "a list"
        case dict():
            return "a table"
    return "null" if value is None else repr(value)


def a_list(value: object) -> list[object]:
    """Return *value* if it is a list."""
    if not isinstance(value, list):
        raise ModelError(f"expected a list, got {shown(value)}")
    return value


def a_string(value: object) -> str:
    """Return *value* if it is text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"expected text, got {shown(value)}")
    return value


def a_bool(value: object) -> bool:
    """Return *value* if it is true or false."""
    if not isinstance(value, bool):
        raise ModelError(f"expected true or false, got {shown(value)}")
    return value


def a_date(value: object) -> dt.date:
    """Return *value* if it is a plain date."""
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ModelError(f"expected a date, got {shown(value)}")
    return value


def words_of(value: object) -> Words:
    """Return words in both languages."""
    if not isinstance(value, dict) or set(value) != {"zh_CN", "en"}:
        raise ModelError("expected words in zh_CN and en")
    for locale in ("zh_CN", "en"):
        text = value[locale]
        if not isinstance(text, str) or not text.strip():
            raise Fault(locale, f"expected text, got {shown(text)}")
    return Words(value["zh_CN"], value["en"])


def a_number(value: object) -> Decimal:
    """Return a number exactly; a plain number may stand as text."""
    match value:
        case bool():
            pass
        case int() | Decimal() | str():
            return exact(value)
        case float():
            # Of a table made in Python: a file has none.
            raise ModelError(f"expected an exact number, got the float {value!r}, write Decimal({str(value)!r})")
    raise ModelError(f"expected a number, got {shown(value)}")


def points_of(value: object) -> Decimal:
    """Return points of 0 or more."""
    number = a_number(value)
    if number < 0:
        raise ModelError(f"expected points of 0 or more, got {plain(number)}")
    return number


def share_of(value: object) -> Decimal:
    """Return a share from 0 to 1."""
    number = a_number(value)
    if not 0 <= number <= 1:
        raise ModelError(f"expected a share from 0 to 1, got {plain(number)}")
    return number


def a_whole_number(low: int, high: int | None = None) -> Callable[[object], int]:
    """Return the converter of a whole number from *low* to *high*, or from *low* on."""
    expected = f"above {low - 1}" if high is None else f"from {low} to {high}"

    def convert(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < low or (high is not None and value > high):
            raise ModelError(f"expected a whole number {expected}, got {shown(value)}")
        return value

    return convert


def member_of(kind: type[E], what: str) -> Callable[[object], E]:
    """Return the converter of the name of one of *kind*; *what* is for the message."""

    def convert(value: object) -> E:
        if not isinstance(value, str) or value not in list(kind):
            raise ModelError(f"expected a {what} ({', '.join(kind)}), got {shown(value)}")
        return kind(value)

    return convert


def members_of(kind: type[E], what: str) -> Callable[[object], tuple[E, ...]]:
    """Return the converter of a list of such names."""
    convert = member_of(kind, what)
    return lambda value: tuple(convert(item) for item in a_list(value))
