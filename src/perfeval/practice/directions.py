"""Whether more or less is better, as far as sign, name, kind and unit tell."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from perfeval.cited import shipped_table
from perfeval.model import Indicator
from perfeval.rulesets import RuleSet
from perfeval.targets import Comparator, Threshold

__all__ = ["Direction", "direction_of"]


class Direction(Enum):
    """Which way an indicator is better; `EITHER` where nothing tells."""

    UP = "up"
    DOWN = "down"
    EITHER = "either"

    @property
    def comparators(self) -> tuple[Comparator, ...]:
        """The comparators that a target without one may be read with."""
        return _COMPARATORS[self]


_COMPARATORS = {
    Direction.UP: (Comparator.AT_LEAST,),
    Direction.DOWN: (Comparator.AT_MOST,),
    Direction.EITHER: (Comparator.AT_LEAST, Comparator.AT_MOST),
}
_DOWNWARD = (Comparator.AT_MOST, Comparator.LESS_THAN)


@cache
def _words(table: str, key: str) -> tuple[str, ...]:
    return tuple(dict(shipped_table("practice.toml"))[table].data[key])


@cache
def _unless() -> re.Pattern[str]:
    return re.compile(dict(shipped_table("practice.toml"))["less_is_better"].data["unless"])


def direction_of(item: Indicator, rules: RuleSet) -> Direction:
    """Return which way an indicator is better.

    The printed sign tells; without one the name, where the rules or
    ``data/practice.toml`` list it. What the rules leave to a person, what they
    read as "at most" by its kind alone, and what is counted in time may be
    either; everything else is better higher.

    >>> from perfeval import rule_set
    >>> rules = rule_set("CN", fiscal_year=2022)
    >>> direction_of(Indicator("森林火灾受害率（%）", target="0.9%"), rules)
    <Direction.DOWN: 'down'>
    >>> direction_of(Indicator("验收合格率", kind="output.quality", target="98%"), rules)
    <Direction.UP: 'up'>
    """
    target = item.target
    if not isinstance(target, Threshold):
        return Direction.EITHER
    if target.comparator is not Comparator.UNSTATED:
        return Direction.DOWN if target.comparator in _DOWNWARD else Direction.UP
    reading = rules.comparator_for(item.kind, target, item.name)
    if reading is not None and reading.names is not None and reading.comparator in _DOWNWARD:
        return Direction.DOWN
    name = _BESIDES.sub("", item.name)
    if name.endswith(_words("less_is_better", "names")) and not _unless().search(name):
        return Direction.DOWN
    if name.endswith(_words("either_is_better", "names")) or target.unit in _words("either_is_better", "units"):
        return Direction.EITHER
    if reading is None or reading.comparator is None or reading.comparator in _DOWNWARD:
        return Direction.EITHER
    return Direction.UP


# What stands in brackets, and the quotation marks of “三公经费”控制率.
_BESIDES = re.compile(r"[（(][^（()）]{0,80}[)）]|[“”\"‘’'\s]")
