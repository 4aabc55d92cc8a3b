"""Units as forms write them, and which of them compare (计量单位).

A unit is text: "万元", "个村", "元/人·月". It is kept as it was written, its
multiplier included; this module takes it apart and says by what exact factor
figures in one unit stand in another. The list of units is data, and closed:
``data/units.toml``. It reads no prose; that is `perfeval.text`.

>>> unit_of("万元/户")
Unit(exponent=4, base='元', noun='', per='户')
>>> factor("小时", "分钟"), factor("万元", "元"), factor("亩", "平方米")
((60, 1), (10000, 1), None)
"""

# Annotations are not deferred: a NamedTuple compiles each that is text, whenever perfeval is imported.
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import gcd
from typing import Any, NamedTuple

__all__ = ["Unit", "Vocabulary", "factor", "unit_of", "units"]


class Unit(NamedTuple):
    """A unit, taken apart.

    Attributes:
        exponent: The power of ten of its multiplier: 4 for 万.
        base: What is counted or measured, by its usual name; "" if the unit
            is a multiplier and nothing else.
        noun: The noun behind a measure word: 村 in 个村.
        per: What a rate is counted by: 户 in 元/户, "" if it is none.
    """

    exponent: int
    base: str
    noun: str
    per: str


class Vocabulary:
    """Words of a closed list with their meanings, found at a place in a text.

    >>> Vocabulary({"个": 1, "个月": 2}).at("3个月", 1)
    ('个月', 2)
    """

    __slots__ = ("_lengths", "firsts", "words")

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words: dict[str, Any] = dict(words)
        lengths: dict[str, set[int]] = {}
        for word in self.words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
        self.firsts: frozenset[str] = frozenset(lengths)

    def at(self, text: str, position: int) -> tuple[str, Any] | None:
        """Return the longest word that stands at *position*, with its meaning."""
        for length in self._lengths.get(text[position : position + 1], ()):
            word = text[position : position + length]
            if word in self.words:
                return word, self.words[word]
        return None

    def every(self, text: str, position: int = 0) -> int:
        """Return where a run of words of the list that begins at *position* ends."""
        while (found := self.at(text, position)) is not None:
            position += len(found[0])
        return position


class _Units(NamedTuple):
    """The list, read."""

    multipliers: Vocabulary
    usual: Mapping[str, str]
    """Each unit with its usual name."""
    units: Vocabulary
    nouns: Vocabulary
    per: Vocabulary
    classifiers: frozenset[str]
    """The measure words behind which a noun may stand."""
    labels: frozenset[str]
    """Labels before a figure that name its cell, not another figure."""
    doing: Vocabulary
    """Verbs of doing, each with the first of those that say the same."""
    objects: Vocabulary
    """What may stand between such a verb and the figure."""
    stated: Vocabulary
    """Verbs that say what kind of doing is counted: they have to stand in the name."""
    heads: Vocabulary
    """What may end a thing behind words on no list."""
    no_objects: tuple[str, ...]
    """Words that tell another thing than what was done: 任务, 方案."""
    counted: Vocabulary
    """What names say that they count: the verbs of doing, and what is more than doing."""
    turned: frozenset[str]
    """What turns such a word that it stands before."""
    measured: frozenset[str]
    """Measure words of which there are parts: 公里, 亩."""
    factors: Mapping[str, tuple[str, int]]
    """Dimension and factor of what converts, by its usual name."""

    def thing(self, text: str, position: int, *, begun: bool) -> int:
        """Return where listed things behind a few words on no list end (监控 in 监控探头); *position* if there are none.

        What says more than that something was done is no such word: 培训合格人员. Where a thing has
        *begun* before, the last may follow at once: 安全员.
        """
        for at in range(position + (not begun), min(position + _LONGEST_QUALIFIER, len(text) - 1) + 1):
            told = self.counted.at(text, at - 1) if at > position else None
            if (told is not None and told[1] == "beyond") or (
                at > position and (not text[at - 1].isalpha() or text[at - 1].isascii())
            ):
                return position
            end = self.heads.every(text, at)
            if end > at and not text[end : end + 1].isalpha():
                return position if any(word in text[position:at] for word in self.no_objects) else end
        return position


_LONGEST_QUALIFIER = 8


@cache
def units() -> _Units:
    """Return the list of units, read once."""
    import tomllib
    from pathlib import Path

    with (Path(__file__).parent / "data" / "units.toml").open("rb") as file:
        data = tomllib.load(file)
    factors = {
        name: (dimension, number)
        for dimension, row in data["dimensions"].items()
        if dimension != "assumption"
        for name, number in row["units"].items()
    }
    names = [*factors, *data["aliases"], *data["plain"]["words"].split()]
    usual = {name: name for name in names}
    for name, others in data["aliases"].items():
        usual |= dict.fromkeys(others.split(), name)
    nouns = [word for group in data["nouns"] for word in group["words"].split()]
    per = data["per"]["words"].split()
    doing = {word: line.split()[0] for line in data["doing"]["words"].splitlines() for word in line.split()}
    no_objects = data["doing_objects"]["not"].split()
    objects = {*nouns, *data["doing_objects"]["words"].split()}.difference(no_objects)
    # Nothing is counted by the per cent: 95/% is garbled.
    counting = [name for name in usual if usual[name] not in factors or factors[usual[name]][0] != "ratio"]
    return _Units(
        Vocabulary(data["multipliers"]["words"]),
        usual,
        Vocabulary(usual),
        _vocabulary(nouns),
        _vocabulary([*counting, *per]),
        frozenset(data["classifiers"]["words"].split()),
        frozenset(word for row in data["labels"] for word in row["words"].split()),
        Vocabulary(doing),
        _vocabulary(objects),
        _vocabulary(data["stated"]["words"].split()),
        _vocabulary([*objects, *data["doing_objects"]["ends"].split()]),
        tuple(word for word in no_objects if len(word) > 1 and word not in data["doing_objects"]["qualifying"].split()),
        Vocabulary(dict.fromkeys(data["beyond"]["words"].split(), "beyond") | doing),
        frozenset(data["beyond"]["turned"].split()),
        frozenset([*factors, *data["classifiers"]["parts"].split()]),
        factors,
    )


def _vocabulary(words: Iterable[str]) -> Vocabulary:
    return Vocabulary(dict.fromkeys(words, True))


@lru_cache(maxsize=4096)
def unit_of(text: str) -> Unit:
    """Return a unit taken apart; what is on no list is a unit of its own.

    >>> unit_of("元/人·天") == unit_of("元/人天")
    True
    >>> unit_of("个村"), unit_of("千瓦"), unit_of("头份")
    (Unit(exponent=0, base='个', noun='村', per=''), Unit(exponent=0, base='千瓦', noun='', per=''), Unit(exponent=0, base='头份', noun='', per=''))
    """
    known = units()
    if text in known.usual:
        return Unit(0, known.usual[text], "", "")
    over, _, per = text.partition("/")
    exponent, base = _multiplied(over, known)
    noun = ""
    if base not in known.usual:
        found = known.units.at(base, 0)
        if found is not None and found[0] in known.classifiers and known.nouns.every(base, len(found[0])) == len(base):
            base, noun = found[0], base[len(found[0]) :]
    parts = per.replace("*", "·").replace("/", "·").replace("、", "·").split("·")
    joined = "·".join(known.usual.get(part, part) for part in parts)
    return Unit(exponent, known.usual.get(base, base), noun, known.usual.get(joined, joined))


def _multiplied(text: str, known: _Units) -> tuple[int, str]:
    if text in known.usual:
        return 0, text
    found = known.multipliers.at(text, 0)
    if found is None:
        return 0, text
    word, exponent = found
    # 千瓦 with a noun is no thousand of 瓦.
    own = known.units.at(text, 0)
    if own is not None and len(own[0]) > len(word):
        return 0, text
    return exponent, text[len(word) :]


def factor(one: str, other: str) -> tuple[int, int] | None:
    """Return by what figures in *one* are multiplied to stand in *other*.

    Args:
        one: A unit as written.
        other: Another; "" is a bare figure, and compares with a multiplier
            alone only.

    Returns:
        Numerator and denominator of the factor; `None` if the two do not
        compare.

    >>> factor("个村", "个"), factor("个村", "个组"), factor("次/月", "次")
    ((1, 1), None, None)
    """
    if one == other:
        return (1, 1)
    a, b = unit_of(one), unit_of(other)
    if a.per != b.per or (a.noun and b.noun and a.noun != b.noun):
        return None
    over, under = 10 ** max(a.exponent - b.exponent, 0), 10 ** max(b.exponent - a.exponent, 0)
    if a.base == b.base or not a.base or not b.base:
        return over, under
    factors = units().factors
    if a.base not in factors or b.base not in factors:
        return None
    (dimension, many), (other_dimension, few) = factors[a.base], factors[b.base]
    if dimension != other_dimension:
        return None
    shared = gcd(over * many, under * few)
    return over * many // shared, under * few // shared
