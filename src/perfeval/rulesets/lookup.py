"""Finding the rule set that comes with the library, by its id or by place and year."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import attrs

from perfeval.cited import Shelf
from perfeval.errors import Fault, ModelError, RuleSetError, RuleSetNotFoundError
from perfeval.members import nearest
from perfeval.model import to_fiscal_year
from perfeval.places import nation, places_above, to_place
from perfeval.rulesets.ruleset import RuleSet, read_rule_set

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Head", "beside", "latest", "rule_set", "rule_set_files", "rule_sets", "shipped_file", "to_rule_set"]

_SHELF = Shelf("rulesets", read_rule_set)


def rule_set(
    name: str,
    *,
    fiscal_year: int | None = None,
    scope: str = "general",
    folder: str | os.PathLike[str] | None = None,
) -> RuleSet:
    """Return a rule set, by its id or by place and year.

    A place without rules of its own in that year gets its parent's, and the
    result's ``asked_for`` says so.

    Args:
        name: An id ("cn-mof-2020-10") or a place ("CN", "CN-HB", "130225", "湖北省").
        fiscal_year: The year that is evaluated; needed for a place.
        scope: Which budgets: "general", "central", …
        folder: A folder of rule files of your own, each ``*.toml``; they come
            before those of the library, of the same id or place and year.

    Raises:
        RuleSetError: If a file of *folder* is faulty, or two have one id.
        OSError: If *folder* cannot be read.
        RuleSetNotFoundError: If there is none: the message lists what is known.
        TypeError: If a place comes without a year.

    >>> rule_set("130225", fiscal_year=2022).asked_for
    '130225'
    """
    if not isinstance(name, str):
        raise ModelError(f"expected the id of a rule set or a place, got {name!r}")
    own = {} if folder is None else _own(folder)
    if name in own:
        return own[name]
    if name in _SHELF.names:
        return _SHELF[name]
    with suppress(ModelError):
        name = to_place(name) or name
    places = places_above(name)
    if not places:
        known = [*own, *_SHELF.names]
        raise RuleSetNotFoundError(f"no rule set {name!r}; known are {', '.join(known)}{nearest(name, known)}")
    if fiscal_year is None:
        raise TypeError(f"a place needs a year: rule_set({name!r}, fiscal_year=…)")
    to_fiscal_year(fiscal_year)
    later: list[str] = []
    for place in places:
        mine = [rules for rules in own.values() if rules.place == place and rules.scope == scope]
        heads = [Head(rules.id, place, scope, rules.first_fiscal_year) for rules in mine]
        here = heads + [head for head in _heads() if head.place == place and head.scope == scope]
        head = latest(here, fiscal_year)
        if head is not None:
            found = own[head.id] if head in heads else _SHELF[head.id]
            return found if place == name else attrs.evolve(found, asked_for=name)
        later += [f"{head.id} (from {head.first_fiscal_year})" for head in here]
    if later:
        raise RuleSetNotFoundError(f"no rule set of {name} is in force for {fiscal_year}; known are {', '.join(later)}")
    raise RuleSetNotFoundError(f"no rule set of {name} for scope {scope!r}; known are {', '.join(_SHELF.names)}")


def _own(folder: str | os.PathLike[str]) -> dict[str, RuleSet]:
    """The rule sets of a folder, by id."""
    from pathlib import Path

    found: dict[str, RuleSet] = {}
    for path in sorted(path for path in Path(folder).iterdir() if path.suffix == ".toml"):
        rules = RuleSet.from_toml(path)
        if rules.id in found:
            raise RuleSetError(path.name, [Fault("id", f"another file of the folder has the id {rules.id!r}")])
        found[rules.id] = rules
    return found


def rule_set_files() -> list[Path]:
    """Return the files of the rule sets that come with the library."""
    return [_SHELF.path(name) for name in _SHELF.names]


def shipped_file(name: str) -> str:
    """Return the text of the file of a rule set that comes with the library.

    Raises:
        RuleSetNotFoundError: If there is none of this id.

    >>> 'id = "cn-mof-2020-10"' in shipped_file("cn-mof-2020-10")
    True
    """
    if name not in _SHELF.names:
        raise RuleSetNotFoundError(
            f"no rule set {name!r}; known are {', '.join(_SHELF.names)}{nearest(name, _SHELF.names)}"
        )
    return _SHELF.path(name).read_text(encoding="utf-8")


def to_rule_set(value: RuleSet | str | None) -> RuleSet:
    """Return a rule set, or say that it is none.

    Raises:
        ModelError: If it is none: an id is no rule set.
    """
    if isinstance(value, RuleSet):
        return value
    found = f"; rule_set({value!r}) finds one" if isinstance(value, str) else ""
    raise ModelError(f"rules: expected a RuleSet, got {type(value).__name__}{found}")


def beside(rules: RuleSet, fiscal_year: int) -> Iterator[RuleSet]:
    """Yield a rule set, then the general ones of the place it was asked for and of the nation.

    What a rule set does not say of the year around the score, the first of
    these that says it is asked for.

    >>> [found.id for found in beside(rule_set("CN-HA", fiscal_year=2022, scope="evaluation"), 2022)]
    ['cn-mof-2020-10-evaluation', 'cn-ha-2020-10', 'cn-mof-2020-10']
    """
    yield rules
    for place in dict.fromkeys((rules.asked_for or rules.place, nation())):
        try:
            yield rule_set(place, fiscal_year=fiscal_year)
        except RuleSetNotFoundError:
            continue


def rule_sets() -> tuple[RuleSet, ...]:
    """Return every rule set that comes with the library, by id.

    >>> [rules.id for rules in rule_sets() if rules.place == "CN" and rules.scope in ("general", "central")]
    ['cn-mof-2020-10', 'cn-mof-2021-101']
    """
    return tuple(_SHELF)


class Head(NamedTuple):
    """What finds a file by place and year."""

    id: str
    place: str
    scope: str
    first_fiscal_year: int


def latest(heads: Iterable[Head], fiscal_year: int) -> Head | None:
    """Return the latest of the versions of a place that is in force, if one is."""
    in_force = [head for head in heads if head.first_fiscal_year <= fiscal_year]
    return max(in_force, key=lambda head: head.first_fiscal_year, default=None)


@cache
def _heads() -> tuple[Head, ...]:
    """The keys above the first table of each file: found without parsing it."""
    heads = []
    for name in _SHELF.names:
        with _SHELF.path(name).open(encoding="utf-8") as file:
            found = dict(_HEAD.findall(file.read(4096)))
        heads.append(Head(found["id"], found["place"], found["scope"], int(found["first_fiscal_year"])))
    return tuple(heads)


_HEAD = re.compile(r'^(id|place|scope|first_fiscal_year) = "?([^"\n]*)"?$', re.MULTILINE)
