"""Names and units that tell how a target without a comparator is meant, from ``data/comparators.toml``.

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

__all__ = [
    "NAME_LISTS",
    "QUOTES_IN_NAMES",
    "UNIT_LISTS",
    "is_counted_in",
    "is_named",
    "pattern_of_names",
    "pattern_of_units",
    "pattern_unless",
]

NAME_LISTS = ("less_is_better", "payments")
"""The lists of names that a rule set may refer to."""

UNIT_LISTS = ("money", "time")
"""The lists of units that a rule set may refer to."""


@cache
def _lists(kind: str) -> dict[str, Any]:
    return dict(dict(shipped_table("comparators.toml"))[kind].data)


@cache
def pattern_of_names(which: str) -> str:
    """Return the regular expression of a list of names, for a name without quotation marks.

    What stands in parentheses at the end of a name does not count.

    >>> pattern_of_names("payments").startswith("(?:")
    True
    """
    table = _lists("names")[which]
    words = "|".join(re.escape(word) for word in sorted(table["words"].split(), key=len, reverse=True))
    if table["where"] == "anywhere":
        return f"(?:{words})"
    tails = "|".join(table["tails"].split())
    return rf"(?:{words})(?:{tails})?(?:[（(][^（()）]*[)）])*[:：]?$"


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
