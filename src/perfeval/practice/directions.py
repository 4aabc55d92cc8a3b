"""Whether more or less is better, as far as sign, name, kind and unit tell."""

from __future__ import annotations

from enum import Enum

from perfeval.model import Indicator
from perfeval.rulesets import RuleSet, common_direction, is_counted_in, is_named
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


def direction_of(item: Indicator, rules: RuleSet) -> Direction:
    """Return which way an indicator is better.

    The printed sign tells; without one the name, where the rules list it, a
    framework has a common indicator of that name, or ``data/comparators.toml``
    lists it for reading. What the rules leave to a person, what they read as
    "at most" by its kind alone, and what is counted in time may be either;
    everything else is better higher.

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
    if is_named("control_rates", item.name):
        return Direction.DOWN
    if common_direction(item.name) is Comparator.AT_LEAST:
        return Direction.UP
    if is_named("either_is_better", item.name) or is_counted_in("either_is_better", target.unit):
        return Direction.EITHER
    if reading is None or reading.comparator is None or reading.comparator in _DOWNWARD:
        return Direction.EITHER
    return Direction.UP
