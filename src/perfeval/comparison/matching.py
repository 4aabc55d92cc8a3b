"""Which item of one list is which of another: by code, by name, by kind and likeness.

>>> likeness("居民满意度", "沿线居民满意度")
Ratio(numerator=8, denominator=10)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from perfeval.cited import Grounds, share_of, shipped_table
from perfeval.ratios import ZERO, Ratio

__all__ = ["Key", "Match", "Pair", "likeness", "likeness_grounds", "pairs_of"]

LONGEST_LIST = 300
"""Lists that are longer are matched by code and name only."""


class Match(StrEnum):
    """What two items are matched by."""

    CODE = "code"
    NAME = "name"
    LIKENESS = "likeness"


class Key(NamedTuple):
    """What an item is known by.

    Attributes:
        code: Its code, if it has one.
        name: Its name.
        kind: Its kind; only items of one kind are matched by likeness.
    """

    code: str | None
    name: str
    kind: str | None


class Pair(NamedTuple):
    """The positions of an item in both lists, `None` where one has none.

    Attributes:
        before: Position in the first list.
        after: Position in the second list.
        match: What the two are matched by, `None` where one is missing.
        likeness: How alike the names are, for `Match.LIKENESS`.
    """

    before: int | None
    after: int | None
    match: Match | None = None
    likeness: Ratio | None = None


def likeness(one: str, other: str) -> Ratio:
    """Return how alike two names are: twice the shared pairs of characters over all of them.

    It is 1 for the same characters in the same order, 0 where no two
    neighbours are shared, and the same both ways.
    """
    return _alike(_bigrams(one), _bigrams(other))


def _alike(left: Counter[str], right: Counter[str]) -> Ratio:
    every = left.total() + right.total()
    return Ratio(2 * (left & right).total(), every) if every else ZERO


def _bigrams(name: str) -> Counter[str]:
    letters = [letter for letter in name.casefold() if letter.isalnum()]
    return Counter(one + other for one, other in pairwise(letters))


@cache
def _least() -> tuple[Ratio, Grounds]:
    found = dict(shipped_table("comparison.toml"))["likeness"]
    return Ratio.of(found.take("at_least", share_of, Decimal(1))), found.grounds()


def likeness_grounds() -> Grounds:
    """Return what a match by likeness rests on."""
    return _least()[1]


def pairs_of(before: Sequence[Key], after: Sequence[Key]) -> tuple[Pair, ...]:
    """Return which item is which: in the order of *after*, then what only *before* has.

    Items with the same code belong together, of the rest those with the same
    name and kind, then the same name, then the most alike of one kind. Of
    several that are the same, the first belongs to the first.
    """
    found: dict[int, Pair] = {}
    left, right = dict(enumerate(before)), dict(enumerate(after))

    def take(match: Match, of: Callable[[Key], Hashable]) -> None:
        waiting: dict[Hashable, list[int]] = {}
        for position, key in left.items():
            if of(key) is not None:
                waiting.setdefault(of(key), []).append(position)
        for position, key in list(right.items()):
            same = waiting.get(of(key))
            if same:
                first = same.pop(0)
                found[position] = Pair(first, position, match)
                del left[first], right[position]

    take(Match.CODE, lambda key: key.code)
    take(Match.NAME, lambda key: (key.name, key.kind))
    take(Match.NAME, lambda key: key.name)
    if len(left) <= LONGEST_LIST and len(right) <= LONGEST_LIST:
        _take_alike(left, right, found)
    rows = [found.get(position) or Pair(None, position) for position in range(len(after))]
    return (*rows, *(Pair(position, None) for position in left))


def _take_alike(left: dict[int, Key], right: dict[int, Key], found: dict[int, Pair]) -> None:
    least, _ = _least()
    of_left = {i: _bigrams(key.name) for i, key in left.items()}
    of_right = {j: _bigrams(key.name) for j, key in right.items()}
    alike = []
    for i, one in left.items():
        for j, other in right.items():
            if one.kind == other.kind and (degree := _alike(of_left[i], of_right[j])) >= least:
                alike.append((degree, i, j))
    alike.sort(key=lambda row: (row[1] + row[2], row[1]))
    # The most alike first; of those that are equally alike, the first on both lists.
    for degree, i, j in sorted(alike, key=lambda row: row[0], reverse=True):
        if i in left and j in right:
            found[j] = Pair(i, j, Match.LIKENESS, degree)
            del left[i], right[j]
