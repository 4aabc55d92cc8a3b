"""A department and what its report says (部门绩效自评报告).

Texts stand as texts, with their place in the report; figures that the report
states stand in ``stated``; common indicators that it claims in words stand in
``claims``, without a weight.

>>> report = Department("甲局", fiscal_year=2022, organisation="成立自评小组")
>>> report.organisation
Passage(text='成立自评小组', source=None)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from perfeval.amounts import AmountUnit, to_amount_unit
from perfeval.errors import ModelError
from perfeval.members import to_member
from perfeval.model.adjustments import Adjustment, to_adjustments
from perfeval.model.projects import Project
from perfeval.model.values import (
    one_of,
    to_amount,
    to_excerpt,
    to_fiscal_year,
    to_judgement,
    to_name,
    to_points,
    to_stated_rate,
    to_text,
    tuple_of,
)
from perfeval.places import to_place
from perfeval.targets import Judgement, to_date, to_figure

if TYPE_CHECKING:
    from perfeval.pages import Page

__all__ = [
    "Claim",
    "Department",
    "DepartmentFigure",
    "Passage",
    "RectificationItem",
    "RectificationState",
    "StatedDepartment",
    "to_document",
    "to_due",
    "to_passage",
]


class RectificationState(StrEnum):
    """How far a rectification has come (整改情况)."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"


def to_state(value: RectificationState | str | None) -> RectificationState | None:
    """Return the state that *value* names, or `None`."""
    return None if value is None else to_member(RectificationState, value, "state of rectification")


def to_count(value: int | None) -> int | None:
    """Return a number of projects, `None` if none is stated."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise ModelError(f"expected a whole number, got {value!r}")
    return value


def to_due(value: dt.date | None) -> dt.date | None:
    """Return a day, or `None`."""
    return None if value is None else to_date(value)


@attrs.frozen
class Passage:
    """A section of a report in words, and where it stands.

    Attributes:
        text: The words.
        source: Where they stand, as a text: "一".
    """

    text: str = attrs.field(converter=to_name)
    source: str | None = attrs.field(default=None, kw_only=True, converter=to_text)


def to_passage(value: Passage | str | None) -> Passage | None:
    """Return a passage; plain text is one without a source."""
    if value is None or isinstance(value, Passage):
        return value
    return Passage(value) if to_text(value) else None


@attrs.frozen
class Claim:
    """A common indicator that a report claims in words, without a weight.

    Attributes:
        indicator: The common indicator's name: 项目质量可控性.
        words: What the report says.
        judgement: What a person makes of it, if anything.
        source: Where it stands in the report.
    """

    indicator: str = attrs.field(converter=to_name)
    words: str = attrs.field(converter=to_name)
    judgement: Judgement | None = attrs.field(default=None, kw_only=True, converter=to_judgement)
    source: str | None = attrs.field(default=None, kw_only=True, converter=to_text)


@attrs.frozen
class RectificationItem:
    """A row of the rectification ledger (整改台账).

    Attributes:
        problem: What was found.
        measure: What is done about it.
        owner: Who is responsible.
        due: By when.
        state: How far it has come, `None` if not told.
        opened: When it was opened.
        closed: When it was done.
        evidence: What shows that it was.
    """

    problem: str = attrs.field(converter=to_name)
    measure: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    owner: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    due: dt.date | None = attrs.field(default=None, kw_only=True, converter=to_due)
    state: RectificationState | None = attrs.field(default=None, kw_only=True, converter=to_state)
    opened: dt.date | None = attrs.field(default=None, kw_only=True, converter=to_due)
    closed: dt.date | None = attrs.field(default=None, kw_only=True, converter=to_due)
    evidence: str | None = attrs.field(default=None, kw_only=True, converter=to_text)


@attrs.frozen
class DepartmentFigure:
    """A raw figure of the department as a whole, by its name in the frameworks.

    Attributes:
        name: "staff_in_post", "approved_posts", …: see `perfeval.frameworks`.
        value: The figure; figures of one indicator are in the same unit.
    """

    name: str = attrs.field(converter=to_name)
    value: Decimal = attrs.field(converter=to_figure)


@attrs.frozen(kw_only=True)
class StatedDepartment:
    """What a department's report prints as results, as it prints them.

    Attributes:
        projects: All projects of the department.
        evaluated_projects: Those that were self-evaluated.
        coverage_rate: The share of the projects that was, as a fraction.
        budget: The budget of the evaluated projects, yuan.
        actual_expenditure: What was spent of it, yuan.
        execution_rate: 执行率 as a fraction, where it is printed.
        mean_score: 平均得分, points.
        excellent: Number of projects of this grade; likewise the next three.
        good: As above.
        fair: As above.
        poor: As above.
    """

    projects: int | None = attrs.field(default=None, converter=to_count)
    evaluated_projects: int | None = attrs.field(default=None, converter=to_count)
    coverage_rate: Decimal | None = attrs.field(default=None, converter=to_stated_rate)
    budget: Decimal | None = attrs.field(default=None, converter=to_amount)
    actual_expenditure: Decimal | None = attrs.field(default=None, converter=to_amount)
    execution_rate: Decimal | None = attrs.field(default=None, converter=to_stated_rate)
    mean_score: Decimal | None = attrs.field(default=None, converter=to_points)
    excellent: int | None = attrs.field(default=None, converter=to_count)
    good: int | None = attrs.field(default=None, converter=to_count)
    fair: int | None = attrs.field(default=None, converter=to_count)
    poor: int | None = attrs.field(default=None, converter=to_count)


def to_stated_department(value: StatedDepartment) -> StatedDepartment:
    """Return what a department's report states."""
    return one_of(StatedDepartment, value)


def to_claims(value: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims as a tuple."""
    return tuple_of(Claim, value, "claims")


def to_ledger(value: Iterable[RectificationItem]) -> tuple[RectificationItem, ...]:
    """Return the rectification ledger as a tuple."""
    return tuple_of(RectificationItem, value, "rectification_items")


def to_figures(value: Iterable[DepartmentFigure]) -> tuple[DepartmentFigure, ...]:
    """Return raw figures as a tuple; none stands twice."""
    rows = tuple_of(DepartmentFigure, value, "figures")
    names = [row.name for row in rows]
    if len(set(names)) < len(names):
        raise ModelError(f"expected each figure once, got {', '.join(names)}")
    return rows


def to_projects(value: Iterable[Project]) -> tuple[Project, ...]:
    """Return the projects as a tuple."""
    return tuple_of(Project, value, "projects")


@attrs.frozen
class Department:
    """A department with its projects and its report (部门绩效自评报告).

    Attributes:
        name: The department's name.
        fiscal_year: The year that is evaluated.
        amount_unit: The unit that its money is shown in.
        place: ISO 3166-2 code, below the province a GB/T 2260 code.
        code: 部门代码.
        projects: Its projects, each with its own form.
        figures: Raw figures of the department as a whole (部门整体支出).
        adjustments: Points that are taken from the department's own result or
            added to it.
        stated: What the report prints as results.
        organisation: How the self-evaluation was organised.
        overall_objective: The department's objective of the year (部门整体绩效目标).
        target_quality: What the report says of the quality of its targets.
        rectification: What it says it will mend.
        use_of_results: How it says the results are used.
        claims: Common indicators that it claims in words.
        rectification_items: The rectification ledger.
        excerpt: Only part of the report is known.
        origin: Where the report was published.
    """

    name: str = attrs.field(converter=to_name)
    fiscal_year: int = attrs.field(kw_only=True, converter=to_fiscal_year)
    amount_unit: AmountUnit = attrs.field(default=AmountUnit.WAN, kw_only=True, converter=to_amount_unit)
    place: str | None = attrs.field(default=None, kw_only=True, converter=to_place)
    code: str | None = attrs.field(default=None, kw_only=True, converter=to_text)
    projects: tuple[Project, ...] = attrs.field(default=(), kw_only=True, converter=to_projects)
    figures: tuple[DepartmentFigure, ...] = attrs.field(default=(), kw_only=True, converter=to_figures)
    adjustments: tuple[Adjustment, ...] = attrs.field(default=(), kw_only=True, converter=to_adjustments)
    stated: StatedDepartment = attrs.field(default=StatedDepartment(), kw_only=True, converter=to_stated_department)
    organisation: Passage | None = attrs.field(default=None, kw_only=True, converter=to_passage)
    overall_objective: Passage | None = attrs.field(default=None, kw_only=True, converter=to_passage)
    target_quality: Passage | None = attrs.field(default=None, kw_only=True, converter=to_passage)
    rectification: Passage | None = attrs.field(default=None, kw_only=True, converter=to_passage)
    use_of_results: Passage | None = attrs.field(default=None, kw_only=True, converter=to_passage)
    claims: tuple[Claim, ...] = attrs.field(default=(), kw_only=True, converter=to_claims)
    rectification_items: tuple[RectificationItem, ...] = attrs.field(default=(), kw_only=True, converter=to_ledger)
    excerpt: bool = attrs.field(default=False, kw_only=True, converter=to_excerpt)
    origin: str | None = attrs.field(default=None, kw_only=True, converter=to_text)

    def page(self, locale: str = "zh_CN") -> Page:
        """Return what the report states as a page.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.model.pages import department_page

        return department_page(self, locale)

    def _repr_html_(self) -> str:
        from perfeval.pages import html

        return html(self.page())


def to_document(value: Project | Department) -> Project | Department:
    """Return a project or a department, or say that it is neither."""
    if not isinstance(value, Project | Department):
        raise ModelError(f"expected a Project or a Department, got {type(value).__name__}")
    return value
