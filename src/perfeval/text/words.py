"""The words that people write around figures, from ``data/text.toml``.

A closed list for each place in an expression: what may stand before a figure,
behind it, in parentheses, and what it does there. Read once, when the first
text is read.

>>> lexicon().before.at("不少于12种", 0)
('不少于', ('comparator', <Comparator.AT_LEAST: '≥'>))
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from perfeval.targets import Bound, Comparator, Meaning, Refusal, Tier
from perfeval.text import numerals
from perfeval.units import Vocabulary, units

__all__ = ["Lexicon", "lexicon"]


class Lexicon(NamedTuple):
    """The lists, read. The words before a figure have a role and a value."""

    before: Vocabulary
    signs: Vocabulary
    behind: Vocabulary
    in_parentheses: frozenset[str]
    suffixes: Vocabulary
    verbs: Vocabulary
    ranks: Vocabulary
    among: Vocabulary
    entering: Vocabulary
    rank_starts: frozenset[str]
    rank_units: frozenset[str]
    copulas: frozenset[str]
    particles: frozenset[str]
    benefited: frozenset[str]
    neutral_labels: frozenset[str]
    aimed_labels: frozenset[str]
    label_refuses: tuple[tuple[Refusal, re.Pattern[str]], ...]
    negation: re.Pattern[str]
    names_end: tuple[str, ...]
    ordinal_units: frozenset[str]
    no_counts: frozenset[str]
    approximate: tuple[str, ...]
    claims: Mapping[str, Tier]
    claim_parts: tuple[Vocabulary, Vocabulary, Vocabulary]
    partly: tuple[str, Vocabulary]
    not_yet: tuple[Vocabulary, Vocabulary]
    hedges: Vocabulary
    hints: frozenset[str]
    yes: str
    no: str
    absent: frozenset[str]
    absent_actual: frozenset[str]
    change_in_name: tuple[tuple[Meaning, tuple[str, ...]], ...]
    levels: re.Pattern[str]
    dates: Mapping[str, tuple[str, ...]]
    refusals: tuple[tuple[Refusal, re.Pattern[str]], ...]
    innocent: re.Pattern[str]
    turning: re.Pattern[str]
    parts: frozenset[str]

    def plainly(self, text: str) -> str:
        """Return *text* without the words in which a character that may turn a meaning turns none: 应 in 供应."""
        return self.innocent.sub("\0", text)

    def turns(self, text: str) -> bool:
        """Whether *text* holds a word that may turn the meaning of what was done."""
        if self.turning.search(self.plainly(text)) is not None:
            return True
        # 以来电脑: 以来 turns, though 来电 does not.
        innocent = [found.span() for found in self.innocent.finditer(text)]
        return any(
            not any(start <= found.start() and found.end() <= end for start, end in innocent)
            for found in self.turning.finditer(text)
        )


_SIGNS = {sign.value: sign for sign in Comparator}


@cache
def lexicon() -> Lexicon:
    """Return the lists, read once."""
    import tomllib
    from pathlib import Path

    with (Path(__file__).parents[1] / "data" / "text.toml").open("rb") as file:
        data = tomllib.load(file)
    claims, ranks, refuses = data["claims"], data["ranks"], data["label_refuses"]
    none = frozenset([*data["absent"]["both"].split(), ""])
    return Lexicon(
        before=_before(data),
        signs=Vocabulary(_by_word(data["signs"], _SIGNS.get)),
        behind=_behind(data),
        in_parentheses=frozenset(_dropped(data, "parentheses")),
        suffixes=Vocabulary(_by_word(data["suffixes"], lambda key: _SIGNS.get(key) or Bound(key))),
        verbs=_set(data["verbs"]["words"]),
        ranks=Vocabulary(_by_word({key: ranks[key] for key in ("within", "at")}, lambda key: key == "within")),
        among=_set(ranks["among"]),
        entering=_set(ranks["entering"]),
        rank_starts=frozenset(word[0] for key in ("within", "at", "among", "entering") for word in ranks[key].split()),
        rank_units=frozenset(ranks["units"].split()),
        copulas=frozenset(data["copulas"]["words"].split()),
        particles=frozenset(data["particles"]["words"].split()),
        benefited=frozenset(data["benefited"]["words"].split()),
        neutral_labels=units().labels,
        aimed_labels=frozenset(data["aims"]["labels"].split()),
        label_refuses=tuple(
            (Refusal(key), _any(refuses[key])) for key in ("plan", "other_time", "comparison", "condition")
        ),
        negation=_any(refuses["negation"]),
        names_end=tuple(refuses["names_end"].split()),
        ordinal_units=frozenset(data["ordinals"]["units"].split()),
        no_counts=frozenset(data["ordinals"]["whole"].split()),
        approximate=tuple(data["approximate"]["words"].split()),
        claims={
            word: tier
            for key, tier in (
                ("achieved", Tier.ACHIEVED),
                ("partly_achieved", Tier.PARTLY_ACHIEVED),
                ("not_achieved", Tier.NOT_ACHIEVED),
            )
            for word in claims[key].split()
        },
        claim_parts=(_set(claims["adverbs"]), _set(claims["verbs"]), _set(claims["objects"])),
        partly=(claims["partly"], _set(claims["partly_tail"])),
        not_yet=(_set(claims["not"]), _set(claims["not_tail"])),
        hedges=_set(claims["hedges"]),
        hints=frozenset(data["hints"]["words"].split()),
        yes=data["answers"]["yes"],
        no=data["answers"]["no"],
        absent=none,
        absent_actual=none | {data["absent"]["actual"]},
        change_in_name=tuple(
            (Meaning(key), tuple(sorted(data["change_in_name"][key].split(), key=len, reverse=True)))
            for key in ("fall", "rise")
        ),
        levels=_any(" ".join(words for key, words in data["reaching"].items() if key != "why")),
        dates={key: tuple(words.split()) for key, words in data["dates"].items()},
        refusals=tuple((Refusal(row["name"]), _any(row["words"])) for row in data["refusals"]),
        innocent=_any(" ".join(row["words"] for row in data["innocent"])),
        turning=_any(" ".join([*_turning(data), *numerals.CHARACTERS])),
        parts=frozenset(data["parts"]["words"].split()),
    )


def _turning(data: Mapping[str, Any]) -> list[str]:
    """Every word that plans, denies, compares or changes, which no word between doing and thing may hold."""
    tables = [
        data["change"],
        data["reaching"],
        data["comparators"],
        data["bases"],
        data["hedges"],
        data["label_refuses"],
    ]
    words = [text for table in tables for key, text in table.items() if key not in ("why", "names_end")]
    return [*words, *(row["words"] for row in data["refusals"]), data["turning"]["words"], data["approximate"]["words"]]


def _set(words: str) -> Vocabulary:
    return Vocabulary(dict.fromkeys(words.split(), True))


def _any(words: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words.split(), key=len, reverse=True))))


def _by_word(table: Mapping[str, str], value: Any) -> dict[str, Any]:
    return {word: value(key) for key, words in table.items() for word in words.split()}


def _dropped(data: Mapping[str, Any], where: str) -> list[str]:
    return [word for row in data["dropped"] if row["where"] == where for word in row["words"].split()]


def _before(data: Mapping[str, Any]) -> Vocabulary:
    """Every word that may stand before a figure, with its role and value."""
    roles: dict[str, tuple[str, Any]] = dict.fromkeys(_dropped(data, "before"), ("dropped", None))
    roles |= dict.fromkeys(_dropped(data, "doing"), ("done", None))
    roles |= dict.fromkeys(units().doing.words, ("doing", None))
    roles |= dict.fromkeys(units().stated.words, ("stated", None))
    roles |= dict.fromkeys(data["copulas"]["words"].split(), ("copula", None))
    roles |= _by_word(data["signs"], lambda sign: ("sign", _SIGNS.get(sign)))
    roles |= dict.fromkeys(data["reach"]["words"].split(), ("reach", None))
    roles |= dict.fromkeys(data["hold"]["words"].split(), ("hold", None))
    roles |= dict.fromkeys(data["keep"]["words"].split(), ("keep", None))
    roles |= dict.fromkeys(data["aims"]["words"].split(), ("aim", None))
    roles |= _by_word(data["comparators"], lambda sign: ("comparator", _SIGNS[sign]))
    roles |= _by_word(data["hedges"], lambda key: ("hedge", Bound(key)))
    roles |= _by_word(data["change"], lambda key: ("change", Meaning(key)))
    reaching = {key: words for key, words in data["reaching"].items() if key != "why"}
    roles |= _by_word(reaching, lambda sign: ("reaching", _SIGNS[sign]))
    roles |= _by_word(data["bases"], lambda base: ("base", base))
    roles |= _by_word(data["averages"], lambda per: ("per", per))
    return Vocabulary(roles)


def _behind(data: Mapping[str, Any]) -> Vocabulary:
    """Every word that may stand behind a figure, with the label that is kept of it, "" for none."""
    kept = [word for row in data["predicates"] for word in row["words"].split()]
    found = {word: word for word in kept} | dict.fromkeys(_dropped(data, "behind"), "")
    for already in data["already"]["words"].split():
        # 19台已采购, 8期已举办.
        found |= {already + verb: verb for verb in units().doing.words}
        found |= dict.fromkeys((already + verb for verb in _dropped(data, "doing")), "")
    return Vocabulary(found)
