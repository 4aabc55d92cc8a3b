"""JSON Schema of documents and rule files, for editors and for other programs.

Both are made of what reads them: that of documents of the records, that of
rule files of what the reader asks of the files that come with the library.
A schema knows keys and kinds of values; what a value means is known by
`perfeval.load` and `RuleSet.from_toml` only.

>>> document_schema()["$defs"]["Project"]["properties"]["fiscal_year"]
{'type': 'integer'}
>>> rule_set_schema()["properties"]["execution"]["properties"]["weight"]
{'type': ['number', 'string']}
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import attrs

from perfeval.cited import Grounds, Table, read_toml, shipped_sources
from perfeval.documents import RECORDS
from perfeval.errors import Fault
from perfeval.i18n import Words
from perfeval.model import Adjustment, Project
from perfeval.model.departments import Department
from perfeval.rulesets import read_rule_set, rule_set_files
from perfeval.targets import Between, Completion, Deadline, Judgement, Quantity, Statement, Threshold

__all__ = ["document_schema", "rule_set_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = {"type": ["number", "string"]}
_DAY = {"type": "string", "format": "date"}

T = TypeVar("T")


def document_schema() -> dict[str, Any]:
    """Return the JSON Schema of documents, a project or a department each.

    A date of TOML is a text of JSON ("2022-12-31").
    """
    defs = {record.__name__: _of_record(record) for record in (*RECORDS, *_EXPRESSIONS, Project, Department)}
    # Within a department a project has its unit and its year.
    within = defs["Project"] | {"required": ["name"]}
    defs["Department"]["properties"]["projects"] = {"type": "array", "items": within}
    return {
        "$schema": _DRAFT,
        "title": "perfeval: a project or a department",
        "type": "object",
        "required": ["name", "fiscal_year", "amount_unit"],
        "if": {"required": ["projects"]},
        "then": {"$ref": "#/$defs/Department"},
        "else": {"$ref": "#/$defs/Project"},
        "$defs": defs,
    }


# The tables of targets and actuals; those of one date have it under a key of their own.
_EXPRESSIONS = (Threshold, Between, Deadline, Quantity, Completion, Judgement, Statement)
_KEYS: dict[Any, dict[str, str]] = {
    Deadline: {"date": "deadline"},
    Completion: {"date": "completion"},
    Statement: {"text": "statement"},
}
_FREE: dict[Any, set[str]] = {Threshold: {"comparator"}}


def _of_record(record: type[attrs.AttrsInstance]) -> dict[str, Any]:
    """The table of a record: its keys, and which of them it needs."""
    hints, names = get_type_hints(record), _KEYS.get(record, {})
    fields = [field for field in attrs.fields(record) if field.init]
    needed = [field.name for field in fields if field.default is attrs.NOTHING]
    # A form's adjustment has its reason.
    needed += ["reason"] if record is Adjustment else []
    return {
        "type": "object",
        "properties": {names.get(field.name, field.name): _of_hint(hints[field.name]) for field in fields},
        "required": [names.get(name, name) for name in needed if name not in _FREE.get(record, ())],
        "additionalProperties": False,
    }


def _of_hint(hint: Any) -> dict[str, Any]:
    """What a field of that type may hold in a document."""
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _of_hint(get_args(hint)[0])}
    if get_origin(hint) is UnionType:
        # What a rule set says in both languages stands in no document.
        kinds = [kind for kind in get_args(hint) if kind not in (type(None), Words, Grounds)]
        if len(kinds) == 1:
            return _of_hint(kinds[0])
        # A target or an actual: as people write it, or a table.
        return {"anyOf": [_NUMBER, *({"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds)]}
    if hint is Judgement or hint.__name__ == "Passage":
        return {"anyOf": [{"type": "string"}, {"$ref": f"#/$defs/{hint.__name__}"}]}
    if attrs.has(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if issubclass(hint, StrEnum):
        # The words of the form are taken, too.
        return {"anyOf": [{"enum": [member.value for member in hint]}, {"type": "string"}]}
    return dict(_PLAIN[hint])


_PLAIN: dict[Any, dict[str, Any]] = {
    Decimal: _NUMBER,
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    dt.date: _DAY,
}


@cache
def rule_set_schema() -> dict[str, Any]:
    """Return the JSON Schema of rule files: what their reader asks for, and of which kind."""
    asked: dict[str, _Asked] = {}
    for path in rule_set_files():
        data = {key: value for key, value in read_toml(path).items() if key != "sources"}
        read_rule_set(_Traced(data, "", [], shipped_sources(), asked))
    found = _of_path("", asked)
    found["properties"]["sources"] = {"type": "object"}
    return {"$schema": _DRAFT, "title": "perfeval: a rule set", **found}


class _Asked:
    """What is asked of the tables of a path: the kinds of each key, and how many of the tables need it."""

    def __init__(self) -> None:
        self.tables = 0
        self.kinds: dict[str, set[str]] = {}
        self.needed: Counter[str] = Counter()
        self.closed = False


class _Traced(Table):
    """A table that keeps what is asked of it, by its path without positions."""

    def __init__(
        self,
        data: object,
        path: str,
        faults: list[Fault],
        sources: Mapping[str, Any],
        asked: dict[str, _Asked],
    ) -> None:
        super().__init__(data, path, faults, sources)
        self._all = asked
        self._here = asked.setdefault(re.sub(r"\[\d+\]", "[]", path), _Asked())
        self._here.tables += 1

    def has(self, key: str) -> bool:
        self._here.kinds.setdefault(key, set())
        return super().has(key)

    def take(self, key: str, convert: Callable[[object], T], default: T, *, needed: bool = True) -> T:
        self._here.kinds.setdefault(key, set()).add(getattr(convert, "__name__", ""))
        self._here.needed[key] += needed
        return super().take(key, convert, default, needed=needed)

    def table(self, key: str, *, needed: bool = True) -> Table:
        self._here.kinds.setdefault(key, set()).add("table")
        self._here.needed[key] += needed
        return self._table(self.data.pop(key, {}) if self.has(key) else {}, self.at(key))

    def tables(self, key: str, *, needed: bool = False) -> list[Table]:
        found = super().tables(key, needed=needed)
        self._here.kinds[key].add("tables")
        return found

    def _table(self, data: object, path: str) -> Table:
        return _Traced(data, path, self.faults, self.sources, self._all)

    def close(self) -> None:
        self._here.closed = True
        super().close()


_KINDS: dict[str, dict[str, Any]] = {
    "a_string": {"type": "string"},
    "a_bool": {"type": "boolean"},
    "a_date": _DAY,
    "a_number": _NUMBER,
    "points_of": _NUMBER,
    "share_of": _NUMBER,
    "a_whole_number": {"type": "integer"},
    "a_list": {"type": "array"},
    "words_of": {
        "type": "object",
        "properties": {"zh_CN": {"type": "string"}, "en": {"type": "string"}},
        "additionalProperties": False,
    },
}


def _of_path(path: str, asked: Mapping[str, _Asked]) -> dict[str, Any]:
    here = asked[path]
    properties = {}
    for key, kinds in here.kinds.items():
        inner = f"{path}.{key}".strip(".")
        if "tables" in kinds:
            items = _of_path(f"{inner}[]", asked) if f"{inner}[]" in asked else {}
            properties[key] = {"type": "array", "items": items}
        elif "table" in kinds and inner in asked:
            properties[key] = _of_path(inner, asked)
        else:
            properties[key] = _of_kinds(kinds)
    found: dict[str, Any] = {"type": "object", "properties": properties}
    found["required"] = [key for key, needed in here.needed.items() if needed == here.tables]
    if here.closed:
        found["additionalProperties"] = False
    return found


def _of_kinds(kinds: Iterable[str]) -> dict[str, Any]:
    """One of the known kinds; anything where the reader looks closer itself."""
    known = [_KINDS[kind] for kind in kinds if kind in _KINDS]
    return dict(known[0]) if len(known) == 1 and len(set(kinds)) == 1 else {}
