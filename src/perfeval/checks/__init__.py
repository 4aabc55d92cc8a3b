"""Checks: what does not add up on a form, and what needs a reason.

A linter for performance forms. Each check is one function with one code; its
name, severity, sources and thresholds are data (``data/checks.toml``), its
words stand in the catalogs. When in doubt a form is not accused: a printed
figure is an error only if no rounding to its own precision explains it, and
nothing is concluded from what an excerpt does not show.

>>> import perfeval as pe
>>> project = pe.Project("排水改造", fiscal_year=2022, excerpt=True,
...     funding=[pe.FundingLine(adjusted_budget=pe.wan(90), actual_expenditure=pe.wan(81))],
...     stated=pe.Stated(execution_rate="95%"))
>>> for finding in check(project, pe.rule_set("CN", fiscal_year=2022)):
...     print(finding)
stated.execution_rate: AR101 error: rate printed as 95%, but 81 / 90 is 90.00%
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, TypeVar

from perfeval.checks import (
    arithmetic,
    completeness,
    conformity,
    credibility,
    departments,
    ledger,
    money,
    prices,
    sections,
    targets,
    weights,
    year,
)
from perfeval.checks.catalogue import Check, catalogue
from perfeval.checks.coded import DocumentCheck, FormCheck, ReportCheck, Spot
from perfeval.checks.form import Form, Report
from perfeval.evaluation.departments import evaluate_department
from perfeval.evaluation.projects import evaluate_project
from perfeval.findings import Finding, Findings, Severity
from perfeval.model import Project
from perfeval.model.departments import Department, to_document
from perfeval.rulesets import RuleSet, to_rule_set

__all__ = ["Check", "Finding", "Findings", "Severity", "catalogue", "check", "chosen"]

_MODULES = (
    departments,
    sections,
    ledger,
    arithmetic,
    money,
    weights,
    targets,
    completeness,
    conformity,
    credibility,
    prices,
    year,
)

C = TypeVar("C", FormCheck, ReportCheck, DocumentCheck)


class _Plan(NamedTuple):
    """The checks to run, each with what its findings have in common."""

    form: tuple[tuple[Check, FormCheck], ...]
    report: tuple[tuple[Check, ReportCheck], ...]
    document: tuple[tuple[Check, DocumentCheck], ...]


def check(
    subject: Project | Department,
    rules: RuleSet,
    *,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    on: dt.date | None = None,
) -> Findings:
    """Return what is odd on a form, or on a department's report and all of its forms.

    Args:
        subject: A project, or a department with its projects.
        rules: The rule set that the form is held against.
        select: Codes ("AR101") or families ("AR") to run; all if not given.
        ignore: Codes or families to leave out.
        on: The day by which rectifications are overdue; without it nothing
            is, whatever day it is.

    Returns:
        The findings, a tuple: those of the report, then of each form in
        order, by family and code. What most forms lack, and several projects
        do, is told once, at "projects".

    Raises:
        ValueError: If a code or family is unknown.
        ModelError: If it is given no document or no rule set.

    Source: what each check cites, see `catalogue`.
    """
    to_document(subject)
    to_rule_set(rules)
    plan = _plan(chosen(select, ignore))
    found: list[Finding] = []
    for rule, of_document in plan.document:
        found += [_finding(rule, spot, "") for spot in of_document.find(subject, rules)]
    if isinstance(subject, Project):
        _check_form(Form(subject, rules, evaluate_project(subject, rules)), plan, "", found)
        return Findings(found, rules.default_locale)
    evaluation = evaluate_department(subject, rules)
    report = Report(subject, rules, evaluation, on)
    for rule, of_report in plan.report:
        found += [_finding(rule, spot, "") for spot in of_report.find(report)]
    of_projects: list[Finding] = []
    for position, result in enumerate(evaluation.projects):
        _check_form(Form(result.project, rules, result), plan, f"projects[{position}].", of_projects)
    return Findings([*found, *_once(of_projects)], rules.default_locale)


def _once(found: list[Finding]) -> list[Finding]:
    """The findings of several projects; what most forms lack is told once, of all the projects that lack it."""
    once = {rule.code for rule in catalogue() if rule.settings.get("once")}
    projects: dict[tuple[object, ...], set[str]] = {}
    for finding in found:
        if finding.code in once:
            projects.setdefault((finding.code, finding.params), set()).add(finding.where.partition(".")[0])
    repeated = {key for key, where in projects.items() if len(where) > 1}
    if not repeated:
        return found
    kept: list[Finding] = []
    said: set[tuple[object, ...]] = set()
    for finding in found:
        key = finding.code, finding.params
        if finding.code not in once or key not in repeated:
            kept.append(finding)
        elif key not in said:
            said.add(key)
            kept.append(finding._replace(where="projects"))
    return kept


def _check_form(form: Form, plan: _Plan, prefix: str, found: list[Finding]) -> None:
    for rule, of_form in plan.form:
        for spot in of_form.find(form):
            found.append(_finding(rule, spot, prefix))  # noqa: PERF401  # most checks find nothing


def _finding(rule: Check, spot: Spot, prefix: str) -> Finding:
    where = f"{prefix}{spot.where}".rstrip(".")
    return Finding(rule.code, rule.name, rule.severity, where, spot.params, spot.cites or rule.cites)


def chosen(select: Iterable[str] | None = None, ignore: Iterable[str] = ()) -> frozenset[str]:
    """Return the codes that are selected and not ignored.

    Raises:
        ValueError: If a code or family is unknown.

    >>> sorted(chosen(["DP"], ignore=["DP101"]))[:2]
    ['DP102', 'DP103']
    """
    return (_every() if select is None else _named(select)) - _named(ignore)


def _named(names: Iterable[str]) -> frozenset[str]:
    """The codes that are named, or are of a family that is."""
    codes = _every()
    families = {code[:2] for code in codes}
    wanted: set[str] = set()
    for name in names:
        if name not in codes and name not in families:
            raise ValueError(f"expected a code or a family ({', '.join(sorted(families))}), got {name!r}")
        wanted |= {code for code in codes if code.startswith(name)}
    return frozenset(wanted)


@cache
def _every() -> frozenset[str]:
    return frozenset(rule.code for rule in catalogue())


@cache
def _plan(codes: frozenset[str]) -> _Plan:
    return _Plan(_coded(FormCheck, codes), _coded(ReportCheck, codes), _coded(DocumentCheck, codes))


def _coded(kind: type[C], codes: frozenset[str]) -> tuple[tuple[Check, C], ...]:
    """The checks of one kind that are asked for, by family and code."""
    rules = {rule.code: rule for rule in catalogue()}
    found = [value for module in _MODULES for value in vars(module).values() if isinstance(value, kind)]
    families = list(dict.fromkeys(check.code[:2] for check in found))
    found.sort(key=lambda check: (families.index(check.code[:2]), check.code))
    return tuple((rules[check.code], check) for check in found if check.code in codes)
