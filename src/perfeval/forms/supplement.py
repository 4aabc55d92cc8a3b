"""What a form cannot show: the values that would read back as others.

The official form has no place for a code of the place, for a bound or for a
word that looks like a figure. The writer reads its own form, and puts each
value that came back as another into rows below it, with the value as it was
read: these rows count only while the form still says that. So a person who
changes a cell is never overruled by them.

>>> from perfeval import Project
>>> [entry] = entries(Project("甲", fiscal_year=2022), Project("甲", fiscal_year=2022, place="CN-HB"))
>>> entry
Entry(path='place', shown='null', meant='"CN-HB"')
>>> applied(Project("甲", fiscal_year=2022), entry).place
'CN-HB'
"""

from __future__ import annotations

import datetime as dt
import json
import re
import typing
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import exact, plain
from perfeval.errors import ModelError, PerfevalError
from perfeval.model import Project

__all__ = ["Entry", "applied", "entries", "read_entry"]

LONGEST = 100_000
"""The longest value that is read back, characters."""


class Entry(NamedTuple):
    """A value that the form shows as another.

    Attributes:
        path: The value: "indicators[3].actual".
        shown: What the form reads as, in JSON.
        meant: What it is, in JSON.
    """

    path: str
    shown: str
    meant: str


def entries(read: Project, meant: Project) -> list[Entry]:
    """Return what *read*, the project as the form shows it, lacks of *meant*."""
    return [Entry(path, _dumped(one), _dumped(other)) for path, one, other in _differences(read, meant, "")]


def applied(project: Project, entry: Entry) -> Project | None:
    """Return the project with the value that was meant, `None` if the form says something else by now.

    Raises:
        PerfevalError: If the entry is not one that the writer writes.
    """
    steps = re.findall(r"[a-z_0-9]+|\[\d+\]", entry.path) if len(entry.path) < 200 else []
    if not steps or "".join(f".{step}" if step[0] != "[" else step for step in steps) != f".{entry.path}":
        raise ModelError(f"expected a path, got {entry.path[:40]!r}")
    if len(entry.meant) > LONGEST:
        raise ModelError(f"expected at most {LONGEST} characters")
    current: Any = project
    for step in steps:
        if step[0] == "[":
            index = int(step[1:-1])
            if not isinstance(current, tuple) or index >= len(current):
                return None
            current = current[index]
        else:
            if not attrs.has(type(current)) or step not in attrs.fields_dict(type(current)):
                return None
            current = getattr(current, step)
    if _dumped(current) != entry.shown:
        return None
    changed = _changed(project, steps, _made(json.loads(entry.meant, parse_float=Decimal)))
    return changed if isinstance(changed, Project) else None


def _changed(record: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if step[0] == "[":
        index = int(step[1:-1])
        return (*record[:index], _changed(record[index], rest, value), *record[index + 1 :])
    return attrs.evolve(record, **{step: _changed(getattr(record, step), rest, value)})


def _differences(read: Any, meant: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if type(read) is type(meant) and _is_container(read):
        for field in attrs.fields(type(read)):
            here = f"{path}.{field.name}".strip(".")
            yield from _differences(getattr(read, field.name), getattr(meant, field.name), here)
    elif isinstance(read, tuple) and isinstance(meant, tuple) and len(read) == len(meant):
        for i, pair in enumerate(zip(read, meant, strict=True)):
            yield from _differences(*pair, f"{path}[{i}]")
    elif read != meant:
        yield path, read, meant


def _is_container(record: object) -> bool:
    """Whether a record's fields are shown each in its own cell; a target's are not."""
    return attrs.has(type(record)) and type(record).__module__.startswith("perfeval.model")


def _dumped(value: object) -> str:
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
    # What no file holds as it is, such as a control character, is escaped.
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"figure": plain(value)}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if attrs.has(type(value)):
        fields = [field for field in attrs.fields(type(value)) if field.init]
        told = {field.alias: getattr(value, field.name) for field in fields}
        return {type(value).__name__: {name: _plain(one) for name, one in told.items() if one is not None}}
    return str(value) if isinstance(value, StrEnum) else value


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_made(one) for one in value)
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        raise ModelError("expected one kind of value")
    [(kind, content)] = value.items()
    if kind == "figure":
        return exact(content)
    if kind == "date":
        return dt.date.fromisoformat(content)
    make = _records().get(kind)
    if make is None or not isinstance(content, dict):
        raise ModelError(f"expected a kind of value, got {kind[:40]!r}")
    try:
        return make(**{name: _made(one) for name, one in content.items()})
    except TypeError as error:
        raise ModelError(str(error)) from None


@cache
def _records() -> dict[str, Callable[..., Any]]:
    """Every record that a project can hold, by its name."""
    found: dict[str, Callable[..., Any]] = {}

    def gather(hint: Any) -> None:
        if isinstance(hint, type) and attrs.has(hint) and hint.__name__ not in found:
            found[hint.__name__] = hint
            for part in typing.get_type_hints(hint).values():
                gather(part)
        for part in typing.get_args(hint):
            gather(part)

    gather(Project)
    return found


def read_entry(project: Project, entry: Entry) -> Project | None:
    """Return what `applied` does, `None` for what is no entry, too."""
    try:
        return applied(project, entry)
    except (PerfevalError, TypeError, ValueError, RecursionError):
        return None
