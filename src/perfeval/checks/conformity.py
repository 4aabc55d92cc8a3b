"""CF: where a form and the rule set that it is held against disagree, or the rule set itself is weak."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

import attrs

from perfeval.checks.coded import Spot, of_document, of_form, phrase, spot
from perfeval.checks.form import Form
from perfeval.checks.wording import shown
from perfeval.cited import Citation
from perfeval.findings import Term
from perfeval.i18n import Words
from perfeval.model import Project
from perfeval.model.departments import Department
from perfeval.practice import TracedScore, Verdict
from perfeval.ratios import Ratio
from perfeval.rounding import percent, readable_points
from perfeval.rulesets import RuleSet, place_words, places_above, rule_sets


@of_form("CF101")
def basis_differs(form: Form) -> Iterable[Spot]:
    """The printed rate divides by another budget than the rule set's."""
    how, rate = form.traced_rate
    terms = form.rules.execution
    if how.explains and rate is not None and rate.basis is not terms.basis:
        printed, expected = (Term(f"form.rate_of.{basis.value}") for basis in (rate.basis, terms.basis))
        yield spot("stated.execution_rate", terms.basis_grounds.cites, printed=printed, expected=expected)


@of_form("CF102")
def grade_word_unknown(form: Form) -> Iterable[Spot]:
    """The printed grade is no word of the rule set."""
    printed, bands = form.stated.grade, form.rules.bands
    if printed is not None and not any(band.words is not None and printed in band.words for band in bands):
        words = tuple(band.words for band in bands if band.words is not None)
        yield spot("stated.grade", form.rules.grade_grounds.cites, stated=printed, words=words)


@of_form("CF107")
def other_practice(form: Form) -> Iterable[Spot]:
    """A score comes about by another practice than the rule set's."""
    traced = form.execution_score
    if traced.verdict is Verdict.OTHER_PRACTICE:
        cites = form.rules.execution.method.grounds.cites
        practice, name = traced.practices[0], Term("execution_rate")
        yield _by_practice("stated.execution_score", cites, name, form.stated.execution_score, practice, traced)
    for row in form.rows if form.common_practices else ():
        if row.traced.verdict is Verdict.OTHER_PRACTICE:
            cites = row.line.method.grounds.cites if row.line.method is not None else ()
            practice, where = form.common_practices[0], f"{row.where}.stated.score"
            yield _by_practice(where, cites, row.item.name, row.item.stated.score, practice, row.traced)


@of_form("CF108")
def judgement_not_taken(form: Form) -> Iterable[Spot]:
    """A person judges what the rules score by a figure or a date."""
    rate = form.evaluation.lines[0]
    judgement = form.project.execution_judgement
    if judgement is not None and rate.score is not None and not rate.judged and isinstance(rate.measure, Ratio):
        told = {"name": Term("execution_rate"), "actual": percent(rate.measure), "score": rate.score}
        cites = form.rules.execution.method.grounds.cites
        yield spot("execution_judgement", cites, **told, judgement=shown(attrs.evolve(judgement, words=None)))
    for row in form.rows:
        item, judgement = row.item, row.item.judgement
        if judgement is not None and row.line.score is not None and not row.line.judged:
            cites = row.line.method.grounds.cites if row.line.method is not None else ()
            told = {"name": item.name, "actual": shown(item.actual), "score": row.line.score}
            judged = shown(attrs.evolve(judgement, words=None))
            yield spot(f"{row.where}.judgement", cites, **told, judgement=judged)


def _by_practice(
    where: str,
    cites: tuple[Citation, ...],
    name: str,
    stated: Decimal | None,
    practice: RuleSet,
    traced: TracedScore,
) -> Spot:
    computed = Term("absent") if traced.points is None else readable_points(traced.points)
    return spot(where, cites, name=name, stated=stated, practice=practice.title, computed=computed)


@of_document("CF103")
def year_not_checked(subject: Project | Department, rules: RuleSet) -> Iterable[Spot]:
    """The form is of a later year than the rule set was last checked in."""
    if subject.fiscal_year > rules.checked_on.year:
        yield spot("fiscal_year", year=subject.fiscal_year, checked_on=rules.checked_on, rules=rules.title)


@of_document("CF104")
def source_unverified(_: Project | Department, rules: RuleSet) -> Iterable[Spot]:
    """A rule rests on a document whose full text nobody has read."""
    # Of the rules, not of the form: told once.
    sources = _unread(_Same(rules))
    if sources:
        yield spot("", (), rules=rules.title, sources=sources)


class _Same:
    """A rule set as a key: the same one, not an equal one, which takes long to tell."""

    __slots__ = ("rules",)

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.rules is self.rules


@lru_cache(maxsize=64)
def _unread(key: _Same) -> tuple[str | Words, ...]:
    """The documents behind a rule set's scores whose full text nobody has read."""
    # How projects are monitored during the year changes no score.
    scoring = attrs.evolve(key.rules, monitoring=None)
    sources = {cite.source: None for grounds in scoring.every_grounds() for cite in grounds.cites}
    return tuple([source.number or source.title for source in sources if source.status == "unverified"])


@of_document("CF105")
def rules_of_parent(subject: Project | Department, rules: RuleSet) -> Iterable[Spot]:
    """The place has no rule set of its own here; these are its parent's."""
    if rules.asked_for is not None:
        own = phrase("check.CF105.none")
        places = set(places_above(rules.asked_for)) - set(places_above(rules.place))
        later = [
            r.first_fiscal_year for r in rule_sets() if r.place in places and r.first_fiscal_year > subject.fiscal_year
        ]
        if later:
            own = phrase("check.CF105.later", first=min(later), year=subject.fiscal_year)
        yield spot("place", rules.grounds.cites, asked=place_words(rules.asked_for), own=own, rules=rules.title)


@of_document("CF106")
def year_before_rules(subject: Project | Department, rules: RuleSet) -> Iterable[Spot]:
    """The form is of an earlier year than the rule set's first."""
    if subject.fiscal_year < rules.first_fiscal_year:
        first = rules.first_fiscal_year
        yield spot("fiscal_year", rules.grounds.cites, year=subject.fiscal_year, first=first, rules=rules.title)
