"""Reviews as pages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfeval.amounts import plain
from perfeval.comparison.pages import comparison_page
from perfeval.i18n import catalog, day_text
from perfeval.pages import (
    Block,
    Cell,
    Column,
    ColumnKind,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    Notice,
    Page,
    Paragraph,
    Role,
    Table,
)
from perfeval.review import DepartmentReview, ReviewResult, ReviewSummary
from perfeval.rounding import readable_points, signed

__all__ = ["department_review_page", "review_page", "summary_page"]

Catalog = Mapping[str, str]

_SIDES = ("recheck.before", "recheck.before_score", "recheck.after", "recheck.after_score")


def review_page(result: ReviewResult, locale: str) -> Page:
    """Return a review as a page: both scores of each line, the reasons, the deviation."""
    words, project = catalog(locale), result.project
    head = words["recheck.head"].format(name=project.name, year=project.fiscal_year)
    blocks: list[Block] = [Heading(head)]
    told = [
        text for text in (result.review.reviewer, result.review.date and day_text(result.review.date, locale)) if text
    ]
    if told:
        blocks.append(Paragraph((words["recheck.by"].format(reviewer=words["list"].join(told)),)))
    _, *compared = comparison_page(result.comparison, locale, sides=_SIDES).blocks
    blocks += compared
    if result.stated_deviation is not None:
        printed = words["recheck.stated"].format(
            stated=plain(project.stated.total or Decimal(0)), difference=_signed(result.stated_deviation)
        )
        blocks.append(Paragraph((printed,)))
    reasons = tuple(_reasons(result, words, locale))
    if reasons:
        blocks.append(Items(reasons, words["recheck.reasons"]))
    if result.without_reason:
        names = words["list"].join(row.difference.line.label(locale) for row in result.without_reason)
        blocks.append(Notice(words["recheck.without_reason"].format(names=names)))
    if result.unmatched:
        names = words["list"].join(row.indicator for row in result.unmatched)
        blocks.append(Notice(words["recheck.unmatched"].format(names=names)))
    return Page(tuple(blocks), locale)


def _signed(points: Decimal) -> str:
    return signed(points) if points else plain(points)


def _reasons(result: ReviewResult, words: Catalog, locale: str) -> list[str]:
    texts = []
    for row in result.rows:
        evidence = None if row.finding is None else row.finding.evidence
        parts = [part for part in (row.reason, evidence, words["list"].join(row.codes)) if part]
        if parts:
            told = words["enumeration"].join(parts)
            texts.append(words["department.item"].format(name=row.difference.line.label(locale), value=told))
    return texts


def department_review_page(result: DepartmentReview, locale: str) -> Page:
    """Return the reviews of a department as a page: the summary, then each project."""
    words, department = catalog(locale), result.department
    head = words["recheck.head"].format(name=department.name, year=department.fiscal_year)
    keys = ("name", "own_total", "reviewed_total", "deviation", "reasons_missing")
    heads = [words["column.name"], *(words[f"recheck.{key}"] for key in keys[1:])]
    columns = (Column(head, ColumnKind.FIGURE if number else ColumnKind.TEXT) for number, head in enumerate(heads))
    rows = [_project(one) for one in result.results]
    rows += [
        (Cell(project.name), Cell(words["recheck.not_reviewed"], Role.NOTE, columns=4)) for project in result.without
    ]
    blocks: list[Block] = [Heading(head), _summary(result.summary, words), Table(tuple(columns), tuple(rows))]
    for one in result.results:
        blocks += [Heading(one.project.name, 2), *review_page(one, locale).blocks[1:]]
    return Page(tuple(blocks), locale)


def _project(one: ReviewResult) -> tuple[Cell, ...]:
    comparison, deviation = one.comparison, one.deviation
    totals = ("—" if side.total is None else plain(side.total) for side in (comparison.before, comparison.after))
    told = "—" if deviation is None else _signed(deviation)
    role = Role.LOST if deviation is not None and deviation < 0 else Role.FIGURE
    missing = Cell(str(len(one.without_reason)), Role.FIGURE)
    return (Cell(one.project.name), *(Cell(total, Role.FIGURE) for total in totals), Cell(told, role), missing)


def summary_page(summary: ReviewSummary, locale: str) -> Page:
    """Return how a batch of reviews came out as a page."""
    words = catalog(locale)
    return Page((Heading(words["recheck.batch"]), _summary(summary, words)), locale)


def _summary(summary: ReviewSummary, words: Catalog) -> KeyFigures:
    mean = "—" if summary.mean_deviation is None else plain(readable_points(summary.mean_deviation))
    largest = "—" if summary.largest_deviation is None else plain(summary.largest_deviation)
    codes = words["list"].join(words["recheck.code"].format(code=code, count=count) for code, count in summary.codes)
    figures = [
        ("reviewed", str(summary.reviewed), words["recheck.known"].format(count=summary.known)),
        ("lowered", str(summary.lowered), words["recheck.raised"].format(count=summary.raised)),
        ("grades_changed", str(summary.grades_changed), ""),
        ("mean_deviation", mean, words["recheck.largest"].format(points=largest)),
        ("lines_changed", str(summary.lines_changed), codes),
    ]
    return KeyFigures(tuple(KeyFigure(words[f"recheck.{key}"], figure, note) for key, figure, note in figures))
