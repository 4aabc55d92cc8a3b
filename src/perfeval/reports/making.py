"""Making a report: an outline filled from the model, its evaluation and the findings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from os import PathLike

import attrs

from perfeval.checks import check
from perfeval.evaluation import Evaluation, evaluate
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.findings import Finding
from perfeval.i18n import known
from perfeval.model import Adjustment, Project, short_name
from perfeval.model.departments import Department
from perfeval.pages import Block, Heading, Page, docx, html, html_document, markdown
from perfeval.reports.material import Material
from perfeval.reports.numbering import Told, numbered
from perfeval.reports.outlines import Outline, outline
from perfeval.reports.parts import PARTS
from perfeval.reports.sections import Section
from perfeval.rulesets import RuleSet
from perfeval.target_review import TargetReview
from perfeval.writing import replace_file

__all__ = ["Report", "report"]

_outline = outline


@attrs.frozen(repr=False)
class Report:
    """A report as a page, and its carriers.

    Attributes:
        subject: The department or the project.
        rules: The rule set.
        outline: The outline.
        page: What the report says.
    """

    subject: Department | Project
    rules: RuleSet
    outline: Outline
    page: Page

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        return markdown(self.page)

    def to_html(self) -> str:
        """Return the report as one page of HTML that needs nothing else.

        It asks for nothing on a network and runs no script.
        """
        # A paragraph without a heading is known by its outline.
        title = "" if self.outline.heading else self.outline.title.of(self.page.locale)
        return html_document(self.page, title)

    def to_docx(self, path: str | PathLike[str]) -> None:
        """Write the report as a Word document; a failed write leaves the old file.

        Raises:
            MissingExtraError: If python-docx is not installed.
            OSError: If the file cannot be written.
        """
        replace_file(path, docx(self.page))

    def _repr_html_(self) -> str:
        return html(self.page)

    def __repr__(self) -> str:
        return (
            f"<Report {self.outline.id} {short_name(self.subject.name)} {self.subject.fiscal_year}: {self.page.locale}>"
        )


def report(
    subject: Department | Project,
    rules: RuleSet,
    *,
    outline: str | Outline = "county",
    locale: str | None = None,
    adjustments: Iterable[Adjustment] = (),
    target_reviews: Iterable[TargetReview] = (),
    on: dt.date | None = None,
    charts: bool = False,
) -> Report:
    """Return the report on a department or a project, by an outline.

    Every number in it comes from the model, its evaluation or the findings.
    What the data do not tell is said to be missing, or left out where the
    outline says so.

    Args:
        subject: The department with its projects, or one project.
        rules: The rule set.
        outline: An `Outline`, or the id of one that comes with the library.
        locale: ``zh_CN`` or ``en``; the rule set's own if none is given.
        adjustments: Points that a person takes or gives afterwards, as
            `perfeval.evaluate` takes them.
        target_reviews: Reviews of the quality of targets, for the section on
            it.
        on: The day by which rectifications are overdue; without it nothing
            is, whatever day it is.
        charts: Whether the charts of the outline are drawn; needs the extra
            ``plot``.

    Raises:
        OutlineNotFoundError: If there is no such outline.
        LocaleNotFoundError: If there is no such locale.
        MissingExtraError: If charts are asked for and a library is missing.

    Source: what the outline cites.

    >>> import perfeval as pe
    >>> county = pe.load("examples/qingheju-2022.toml")
    >>> made = report(county, pe.rule_set(county.place, fiscal_year=2022), locale="zh_CN")
    >>> print(made.to_markdown().splitlines()[4].partition("。")[0])
    部门项目共3个
    """
    of = _outline(outline) if isinstance(outline, str) else outline
    words_in = known(rules.default_locale if locale is None else locale)
    department = subject if isinstance(subject, Department) else None
    findings = check(subject, rules, on=on)
    material = Material(
        department=department,
        result=_result(subject, rules, tuple(adjustments)),
        findings=findings,
        placed=_placed(findings, of),
        grounds=of.grounds,
        locale=words_in,
        kind=of.evaluation_kind,
        on=on,
        charts=charts,
        target_reviews=tuple(target_reviews),
    )
    title = of.headed(subject.name, subject.fiscal_year, words_in)
    blocks: list[Block] = [Heading(title)] if title else []
    blocks += numbered(_told(of.sections, material), words_in)
    return Report(subject, rules, of, Page(tuple(blocks), words_in))


def _result(subject: Department | Project, rules: RuleSet, adjustments: tuple[Adjustment, ...]) -> DepartmentEvaluation:
    """The evaluation of a department; of a project, that of the project alone, its adjustments counted."""
    if isinstance(subject, Department):
        return evaluate(subject, rules, adjustments=adjustments)
    alone = Department(
        subject.name,
        fiscal_year=subject.fiscal_year,
        amount_unit=subject.amount_unit,
        place=subject.place,
        projects=(subject,),
        excerpt=subject.excerpt,
    )
    adjusted: Evaluation = evaluate(subject, rules, adjustments=adjustments)
    return attrs.evolve(evaluate(alone, rules), projects=(adjusted,))


def _placed(findings: Iterable[Finding], of: Outline) -> dict[Section | None, list[Finding]]:
    """The findings of each section: by the part of the document, else by code; under `None` those of none."""
    sections = [section for section in _every(of.sections) if "findings" in section.parts]
    found: dict[Section | None, list[Finding]] = {}
    for one in findings:
        part = re.split(r"[.\[]", one.where, maxsplit=1)[0]
        by_place = (section for section in sections if part in section.places)
        by_code = (section for section in sections if one.code in section.findings)
        found.setdefault(next(chain(by_place, by_code), None), []).append(one)
    return found


def _every(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _every(section.sections)


def _told(sections: Iterable[Section], material: Material) -> Iterator[Told]:
    """The sections that tell something, or say that nothing is known."""
    for section in sections:
        blocks = tuple(block for name in section.parts for block in PARTS[name](material, section))
        below = tuple(_told(section.sections, material))
        if not blocks and not below:
            if not section.required:
                continue
            blocks = material.paragraph([material.say("nothing")])
        heading = None if section.heading is None else section.heading.of(material.locale)
        yield Told(heading, section.annex, blocks, below)
