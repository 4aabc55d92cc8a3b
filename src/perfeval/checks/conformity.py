"""CF: where a form and the rule set that it is held against disagree, or the rule set itself is weak."""

from __future__ import annotations

from collections.abc import Iterable

from perfeval.checks.coded import Spot, of_document, of_form, spot
from perfeval.checks.form import Form
from perfeval.findings import Term
from perfeval.model import Project
from perfeval.model.departments import Department
from perfeval.practice import Verdict
from perfeval.rulesets import RuleSet


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
    verdict, _, _ = form.execution_score
    if verdict is Verdict.OTHER_PRACTICE:
        cites = form.rules.execution.method.grounds.cites
        yield spot("stated.execution_score", cites, name=Term("execution_rate"), stated=form.stated.execution_score)
    for row in form.rows:
        if row.traced.verdict is Verdict.OTHER_PRACTICE:
            cites = row.line.method.grounds.cites if row.line.method is not None else ()
            yield spot(f"{row.where}.stated.score", cites, name=row.item.name, stated=row.item.stated.score)


@of_document("CF103")
def year_not_checked(subject: Project | Department, rules: RuleSet) -> Iterable[Spot]:
    """The form is of a later year than the rule set was last checked in."""
    if subject.fiscal_year > rules.checked_on.year:
        yield spot("fiscal_year", year=subject.fiscal_year, checked_on=rules.checked_on.isoformat(), rules=rules.title)


@of_document("CF104")
def source_unverified(_: Project | Department, rules: RuleSet) -> Iterable[Spot]:
    """A rule rests on a document whose full text nobody has read."""
    unread = {cite.source: None for grounds in rules.every_grounds() for cite in grounds.cites}
    for source in unread:
        if source.status == "unverified":
            yield spot("", (), rules=rules.title, source=source.number or source.title)


@of_document("CF105")
def rules_of_parent(_: Project | Department, rules: RuleSet) -> Iterable[Spot]:
    """The place has no rule set of its own here; these are its parent's."""
    if rules.asked_for is not None:
        yield spot("place", rules.grounds.cites, asked=rules.asked_for, rules=rules.title)


@of_document("CF106")
def year_before_rules(subject: Project | Department, rules: RuleSet) -> Iterable[Spot]:
    """The form is of an earlier year than the rule set's first."""
    if subject.fiscal_year < rules.first_fiscal_year:
        first = rules.first_fiscal_year
        yield spot("fiscal_year", rules.grounds.cites, year=subject.fiscal_year, first=first, rules=rules.title)
