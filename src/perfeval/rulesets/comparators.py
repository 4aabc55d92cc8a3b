"""Names and units that tell how a target without a comparator is meant.

The lists are in ``data/comparators.toml``; the names of the common indicators
of which less is better come from the frameworks.

>>> is_named("less_is_better", "重大食品安全事故发生数"), is_named("less_is_better", "食品安全投诉处置率")
(True, False)
>>> is_counted_in("money", "万元/公里"), is_counted_in("money", "%")
(True, False)
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from perfeval.cited import shipped_table
from perfeval.targets import Comparator

__all__ = [
    "QUOTES_IN_NAMES",
    "common_direction",
    "is_counted_in",
    "is_named",
    "lists_for_rules",
    "pattern_of_names",
    "pattern_of_units",
    "pattern_unless",
]


@cache
def _lists(kind: str) -> dict[str, Any]:
    return dict(dict(shipped_table("comparators.toml"))[kind].data)


def lists_for_rules(kind: str) -> tuple[str, ...]:
    """Return the lists of "names" or "units" that a rule set may refer to.

    >>> lists_for_rules("names"), lists_for_rules("units")
    (('less_is_better', 'payments'), ('money', 'time'))
    """
    return tuple(name for name, table in _lists(kind).items() if table["used"] == "score")


@cache
def pattern_of_names(which: str) -> str:
    """Return the regular expression of a list of names, for a name without quotation marks.

    What stands in parentheses at the end of a name does not count.

    >>> pattern_of_names("payments").startswith("(?:")
    True
    """
    table = _lists("names")[which]
    listed = {*table["words"].split(), *(_common_names() if table.get("common_indicators") else ())}
    words = "|".join(re.escape(word) for word in sorted(listed, key=lambda word: (-len(word), word)))
    if table["where"] == "anywhere":
        return f"(?:{words})"
    tails = "|".join(table["tails"].split()) if "tails" in table else ""
    return rf"(?:{words})(?:{tails})?(?:[（(][^（()）]*[)）])*[:：]?$"


def _common_names() -> list[str]:
    """The names of the common indicators of which less is better."""
    from perfeval.frameworks import common_directions

    return [name for name, sign in common_directions().items() if sign is Comparator.AT_MOST]


def common_direction(name: str) -> Comparator | None:
    """Return the direction of the common indicator of that name, "≤" where less is better, `None` if there is none.

    >>> print(common_direction("政府采购执行率（%）"), common_direction("“三公经费”控制率"), common_direction("培训人次"))
    ≥ ≤ None
    """
    from perfeval.frameworks import common_directions

    return common_directions().get(_compiled(_BESIDES).sub("", name.translate(_QUOTES)))


@cache
def pattern_unless(which: str) -> str | None:
    """Return the regular expression of what a name of a list must not hold, `None` if it may hold anything.

    >>> is_named("less_is_better", "群众投诉件数"), is_named("less_is_better", "受理群众投诉件数")
    (True, False)
    """
    words = _lists("names")[which].get("unless")
    return None if words is None else f"(?:{'|'.join(map(re.escape, words.split()))})"


@cache
def pattern_of_units(which: str) -> str:
    """Return the regular expression of a list of units."""
    return str(_lists("units")[which]["pattern"])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# What stands in parentheses at the end, and a colon behind it.
_BESIDES = "(?:[（(][^（()）]*[)）])*[:：]?$"
_QUOTES = str.maketrans("", "", "“”\"'‘’ 　")
QUOTES_IN_NAMES = "[“”\"'‘’ 　]"
"""What does not count in a name, as a regular expression."""


@lru_cache(maxsize=4096)
def is_named(which: str, name: str) -> bool:
    """Whether *name* is on a list of names."""
    bare = name.translate(_QUOTES)
    unless = pattern_unless(which)
    if unless is not None and _compiled(unless).search(bare):
        return False
    return _compiled(pattern_of_names(which)).search(bare) is not None


def is_counted_in(which: str, unit: str | None) -> bool:
    """Whether *unit* is on a list of units."""
    return unit is not None and _compiled(pattern_of_units(which)).search(unit) is not None
