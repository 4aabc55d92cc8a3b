"""DP: what a department's report says in words, section by section and claim by claim."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from perfeval.checks.catalogue import setting
from perfeval.checks.coded import Spot, of_report, spot
from perfeval.checks.form import LEVEL1, Report
from perfeval.checks.wording import has_figure
from perfeval.cited import Citation, shipped_table
from perfeval.findings import Term
from perfeval.i18n import Words
from perfeval.model import IndicatorKind
from perfeval.model.departments import Department

_EFFECTS = frozenset({IndicatorKind.BENEFIT, IndicatorKind.EFFECT, IndicatorKind.SATISFACTION})


class _Element(NamedTuple):
    """What a section must say, and the words that say it."""

    id: str
    name: Words
    says: re.Pattern[str]


class _Section(NamedTuple):
    name: str
    elements: tuple[_Element, ...]
    cites: tuple[Citation, ...]


@cache
def _sections() -> tuple[_Section, ...]:
    found = []
    for name, table in shipped_table("report_sections.toml"):
        rows = table.data["elements"]
        elements = tuple(_Element(row["id"], Words(**row["name"]), re.compile(row["says"])) for row in rows)
        found.append(_Section(name, elements, table.grounds().cites))
    return tuple(found)


def _text(department: Department, section: str) -> str:
    passage = getattr(department, section)
    return "" if passage is None else passage.text[:_LONGEST]


# No section of a report is longer; what follows is not searched.
_LONGEST = 20_000


@of_report("DP112")
def section_says_too_little(report: Report) -> Iterable[Spot]:
    """A section of the report does not say what it must."""
    department = report.department
    # A document of figures alone is no report in words.
    if department.excerpt or not any(_text(department, section.name) for section in _sections()):
        return
    ledger = department.rectification_items
    listed = {"problem"} if ledger else set()
    listed |= {part for part in ("measure", "owner", "due") if ledger and all(getattr(row, part) for row in ledger)}
    for section in _sections():
        text = _text(department, section.name)
        told = listed if section.name == "rectification" else set()
        missing = [e.name for e in section.elements if e.id not in told and not e.says.search(text)]
        if missing:
            title = Term(f"department.{section.name}")
            yield spot(section.name, section.cites, section=title, missing=tuple(missing))


@of_report("DP113")
def no_work_reported(report: Report) -> Iterable[Spot]:
    """A project reports no results."""
    projects = report.department.projects
    silent = [not project.indicators and project.objective_actual is None for project in projects]
    if report.department.excerpt or all(silent):
        return
    for position, project in enumerate(projects):
        if silent[position] and not project.excerpt:
            yield spot(f"projects[{position}].indicators", name=project.name)


@of_report("DP114")
def effects_in_words(report: Report) -> Iterable[Spot]:
    """Effects are claimed in words alone."""
    department = report.department
    rows = [item for project in department.projects for item in project.indicators]
    if department.excerpt or any(item.kind is not None and LEVEL1[item.kind] in _EFFECTS for item in rows):
        return
    effect: str = setting("DP114", "effect")
    claimed = [claim for claim in department.claims if re.search(effect, claim.indicator) and claim.judgement is None]
    names = [claim.indicator for claim in claimed if not has_figure(claim.words)]
    if names:
        yield spot("claims", names=tuple(dict.fromkeys(names)))


@of_report("DP115")
def satisfaction_without_survey(report: Report) -> Iterable[Spot]:
    """Satisfaction is claimed without a survey."""
    survey: str = setting("DP115", "survey")
    for position, claim in enumerate(report.department.claims):
        if "满意" in claim.indicator and claim.judgement is None:
            if not has_figure(claim.words) and not re.search(survey, claim.words):
                yield spot(f"claims[{position}]", name=claim.indicator, words=claim.words)


@of_report("DP116")
def indicators_not_shown(report: Report) -> Iterable[Spot]:
    """The report says that there are indicators, and shows none."""
    department = report.department
    rows = [item for project in department.projects for item in project.indicators]
    if department.excerpt or not rows or any(item.target is not None for item in rows):
        return
    for section in _sections():
        found = re.search(setting("DP116", "says"), _text(department, section.name))
        if found is not None:
            yield spot(section.name, words=found.group())
            return
