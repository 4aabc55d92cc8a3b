"""Parts of a report about what was found: findings, what is not known, and what all of it rests on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from perfeval.cited import cites_text
from perfeval.evaluation.explanation import notices_of
from perfeval.evaluation.lines import Execution
from perfeval.evaluation.pages import gap_text
from perfeval.findings import Finding, Severity
from perfeval.pages import Block, Cell, Column, ColumnKind, FoldOut, Heading, Items, Notice, Role, Table
from perfeval.reports.material import Material
from perfeval.reports.sections import Section
from perfeval.review import review_scores

__all__ = [
    "basis",
    "errors",
    "findings",
    "notes",
    "other_findings",
    "overview",
    "reviewed",
    "unknown",
    "unscored",
    "warnings",
]


# In plain words, where the reader meets the figure.


def findings(material: Material, section: Section) -> Iterable[Block]:
    """The findings that belong to the section, in plain words."""
    return _in_words(material, material.placed.get(section, []))


def other_findings(material: Material, _: Section) -> Iterable[Block]:
    """The findings that belong to no section of the outline."""
    return _in_words(material, material.placed.get(None, []))


def _in_words(material: Material, found: list[Finding]) -> Iterable[Block]:
    """Errors as notices, the rest as a list; what several projects have in common stands once."""
    texts: dict[tuple[bool, str], list[str]] = {}
    for one in found:
        text = one.message(material.locale)
        names = texts.setdefault((one.severity is Severity.ERROR, text), [])
        name = material.project_of(one)
        # Some messages name the project themselves.
        if name and name not in names and name not in text:
            names.append(name)
    mark = material.words["enumeration"]
    told = [
        (is_error, material.say("finding", names=mark.join(names), text=text) if names else material.sentence(text))
        for (is_error, text), names in texts.items()
    ]
    blocks: list[Block] = [Notice(material.say("error", text=text)) for is_error, text in told if is_error]
    notes = tuple(text for is_error, text in told if not is_error)
    return [*blocks, *([Items(notes, material.words["report.findings"])] if notes else [])]


# As an auditor's memo has them.


def overview(material: Material, _: Section) -> Iterable[Block]:
    """How many findings of each severity there are, by family."""
    words, found = material.words, material.findings
    counts = {f"{severity.value}s": sum(one.severity is severity for one in found) for severity in Severity}
    number = len(material.projects)
    yield from material.paragraph([material.count("overview", number), material.say("overview.counts", **counts)])
    if not found:
        return
    by_family = Counter((one.code[:2], one.severity) for one in found)
    families = dict.fromkeys(one.code[:2] for one in found)
    rows = tuple(
        (
            Cell(words[f"family.{family}"]),
            *(Cell(str(by_family[family, severity]), Role.FIGURE) for severity in Severity),
        )
        for family in families
    )
    names = (material.sentence(words[f"severity.{severity.value}"]) for severity in Severity)
    heads = (Column(name, ColumnKind.FIGURE) for name in names)
    yield Table((Column(words["report.column.family"]), *heads), rows)


def errors(material: Material, _: Section) -> Iterable[Block]:
    """The findings that cannot be right."""
    return _listed(material, Severity.ERROR)


def warnings(material: Material, _: Section) -> Iterable[Block]:
    """The findings that need a reason."""
    return _listed(material, Severity.WARNING)


def notes(material: Material, _: Section) -> Iterable[Block]:
    """The findings that are worth knowing."""
    return _listed(material, Severity.NOTE)


def _listed(material: Material, severity: Severity) -> Iterable[Block]:
    words, found = material.words, [one for one in material.findings if one.severity is severity]
    if not found:
        return
    rows = []
    for one in found:
        cites = words["enumeration"].join(cite.text(material.locale) for cite in one.cites)
        cells = (Cell(place_text(material, one)), Cell(one.code), Cell(material.sentence(one.message(material.locale))))
        rows.append((*cells, Cell(cites, Role.CITATION)))
    columns = tuple(Column(words[f"check.{key}"]) for key in ("place", "code", "finding", "source"))
    yield Table(columns, tuple(rows))


# A record of a list in a path: indicators[2], also below monitoring[0] or review.
_RECORD = re.compile(r"(\w+)(?:\[(\d{1,9})\])?")
_NAMES = ("name", "indicator", "problem")


def place_text(material: Material, finding: Finding) -> str:
    """Return the place of a finding by the names of its project and of what stands there."""
    subject: object = material.department or material.projects[0].project
    names = [material.result.department.name] if material.project_of(finding) == "" else []
    for key, number in _RECORD.findall(finding.where):
        subject = getattr(subject, key, None)
        if number and isinstance(subject, tuple) and int(number) < len(subject):
            subject = subject[int(number)]
            names += [str(getattr(subject, name)) for name in _NAMES if hasattr(subject, name)]
    return material.words["report.place"].join(names)


def reviewed(material: Material, _: Section) -> Iterable[Block]:
    """What a reviewer found of a project's scores, beside the unit's own."""
    for one in material.projects:
        if one.project.review is not None:
            head, *rest = review_scores(one.project, material.rules).page(material.locale).blocks
            yield FoldOut(head.words if isinstance(head, Heading) else one.project.name, tuple(rest))


def target_reviews(material: Material, _: Section) -> Iterable[Block]:
    """The reviews of the quality of targets."""
    for one in material.target_reviews:
        head, *rest = one.page(material.locale).blocks
        yield FoldOut(head.words if isinstance(head, Heading) else one.project.name, tuple(rest))


# What is not known, and what all of it rests on.


def unknown(material: Material, _: Section) -> Iterable[Block]:
    """What cannot be computed, and which projects do not tell it."""
    gaps = material.result.gaps
    if material.department is None or not gaps:
        return ()
    texts = (gap_text(gap, material.result, material.locale) for gap in gaps)
    return (Items(tuple(map(material.sentence, texts))),)


def unscored(material: Material, _: Section) -> Iterable[Block]:
    """The lines without a score, each with the reason; money of which nothing is told is a gap of the whole."""
    words = material.words
    rows = []
    for one in material.projects:
        for row in material.rows(one):
            line = row.line
            untold = (
                isinstance(line.item, Execution) and line.item.budget is None and line.item.actual_expenditure is None
            )
            if line.score is None and not untold and (line.weight is not None or line.target is not None):
                names = (one.project.name, line.label(material.locale))
                rows.append((*map(Cell, names), Cell(row.calculation, Role.NOTE)))
    if not rows:
        return ()
    keys = ("column.name", "page.indicator", "report.column.reason")
    return (Table(tuple(Column(words[key]) for key in keys), tuple(rows)),)


def basis(material: Material, _: Section) -> Iterable[Block]:
    """The rule set, what it assumes, what of it was not read, and what the outline rests on."""
    words, locale, rules = material.words, material.locale, material.rules
    yield from material.paragraph([material.say("rules", title=rules.title.of(locale))])
    yield from map(Notice, notices_of(rules, locale))
    cites = cites_text((material.grounds,), locale)
    if cites:
        yield from material.paragraph([material.say("outline", cites=cites)])
    assumed = [] if material.grounds.assumption is None else [material.grounds.assumption.of(locale)]
    assumed += material.result.assumptions(locale) if material.projects else ()
    if assumed:
        yield Items(tuple(assumed), words["explain.assumptions"])
    if material.department is not None and material.department.origin is not None:
        yield from material.paragraph([material.say("origin", text=material.department.origin)])
