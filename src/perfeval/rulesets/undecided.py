"""What a rule set leaves to a person: tried on one target and actual of each kind.

>>> from perfeval.rulesets import rule_set
>>> [row.cases for row in undecided(rule_set("cn-mof-2020-10")) if "deadline" in row.forms]
[('late',)]
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from perfeval.model import IndicatorKind
from perfeval.ratios import Ratio
from perfeval.rulesets.records import FORMS
from perfeval.targets import Actual, Between, Comparator, Completion, Deadline, Meaning, Quantity, Target, Threshold

if TYPE_CHECKING:
    from perfeval.rulesets.records import Method
    from perfeval.rulesets.ruleset import RuleSet

__all__ = ["Undecided", "undecided"]


class Undecided(NamedTuple):
    """Cases that the rules give no score.

    Attributes:
        forms: The forms of target.
        kinds: The kinds of indicator, `None` for one that is not told.
        cases: What is not scored: "late", "outside" a range, an "=" target
            "exceeded", a "≤" target "beyond", a target of "zero", a "negative"
            one or a "rank" (with ".missed" where that is when it is missed),
            the "tiers" that need a share, or all, for there is "no_method".
    """

    forms: tuple[str, ...]
    kinds: tuple[IndicatorKind | None, ...]
    cases: tuple[str, ...]


_KINDS = (None, *IndicatorKind)
_UPWARD, _DOWNWARD = ("≥", ">"), ("≤", "<")
_DAY = dt.date(2022, 6, 30)


def undecided(rules: RuleSet) -> tuple[Undecided, ...]:
    """Return what *rules* leave to a person, by forms of target and kinds of indicator.

    What lies in the entries themselves is not among it: words, bounds, units
    that do not compare.
    """
    found: dict[tuple[tuple[IndicatorKind | None, ...], tuple[str, ...]], list[str]] = {}
    for form in FORMS:
        by_case: dict[str, list[IndicatorKind | None]] = {}
        for kind in _KINDS:
            for case in _cases(rules, rules.method_for(form, kind), form):
                by_case.setdefault(case, []).append(kind)
        by_kinds: dict[tuple[IndicatorKind | None, ...], list[str]] = {}
        for case, kinds in by_case.items():
            by_kinds.setdefault(tuple(kinds), []).append(case)
        for those, cases in by_kinds.items():
            found.setdefault((those, tuple(cases)), []).append(form)
    return tuple(Undecided(tuple(forms), kinds, cases) for (kinds, cases), forms in found.items())


def _cases(rules: RuleSet, method: Method | None, form: str) -> Iterator[str]:
    if method is None:
        yield "no_method"
    elif form == "judgement":
        if any(row.share is None for row in method.rule.tier_ranges):
            yield "tiers"
    else:
        for case, target, met, missed in _tried(form):
            if met is not None and not _is_scored(rules, method, target, met):
                yield case
            elif not _is_scored(rules, method, target, missed):
                yield case if met is None else f"{case}.missed"


def _is_scored(rules: RuleSet, method: Method, target: Target, actual: Actual) -> bool:
    measure = method.measured(target, actual)
    return isinstance(measure, Ratio) or any(unmet.reason is measure for unmet in rules.unmet)


def _tried(form: str) -> Iterator[tuple[str, Target, Actual | None, Actual]]:
    """A case, its target, an actual that meets it, if that is a case too, and one that misses it."""
    if form == "deadline":
        yield "late", Deadline(_DAY), None, Completion(_DAY + dt.timedelta(1))
        return
    if form == "range":
        yield "outside", Between(1, 2), None, Quantity(3)
        return
    sign = Comparator(form)
    if form == "=":
        yield "exceeded", Threshold(sign, 10), None, Quantity(11)
    if form in _DOWNWARD:
        yield "beyond", Threshold(sign, 10), None, Quantity(11)
    step = -1 if form in _UPWARD else 1
    met = -step if form in (">", "<") else 0
    yield "zero", Threshold(sign, 0), Quantity(met), Quantity(step)
    yield "negative", Threshold(sign, -5), Quantity(met - 5), Quantity(step - 5)
    if form in _DOWNWARD:
        yield "rank", Threshold(sign, 10, meaning=Meaning.RANK), Quantity(5), Quantity(25)
