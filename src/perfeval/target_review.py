"""The review of target quality: how good a project's targets are, before it starts (绩效目标审核).

A person judges each item of a review; the rule, cited data like any other,
turns the judgements into a grade. An ordinary project's items are graded and
counted; a key project's items each earn a share of their points. Nothing is
judged here: `perfeval.checks` points at what a reviewer may look at.

>>> from perfeval import Project
>>> rules = target_review_rules("zhengzhou")
>>> judged = {item.id: "excellent" for item in rules.items} | {"money": "good"}
>>> review_targets(Project("排水改造", fiscal_year=2022), judged, rules).grade
<Grade.EXCELLENT: 'excellent'>
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT, exact, plain, sum_of
from perfeval.cited import (
    NO_WORDS,
    Grounds,
    Shelf,
    Table,
    a_string,
    a_whole_number,
    cites_text,
    member_of,
    members_of,
    points_of,
    read_file,
    words_of,
)
from perfeval.errors import ModelError, RuleSetNotFoundError
from perfeval.i18n import Words, catalog, known
from perfeval.members import to_member
from perfeval.model import Project, short_name
from perfeval.ratios import ratio
from perfeval.rounding import Rounding
from perfeval.rulesets import read_bands, read_rounding
from perfeval.scoring import Band, Grade, band_of

if TYPE_CHECKING:
    from perfeval.pages import Page

__all__ = ["ReviewItem", "ReviewLine", "TargetReview", "TargetReviewRules", "review_targets", "target_review_rules"]


class ReviewItem(NamedTuple):
    """One of the things that a review looks at.

    Attributes:
        id: Its name in judgements.
        part: What it is a part of: complete, relevant, appropriate, feasible.
        name: What it asks.
        points: Its points for a key project.
    """

    id: str
    part: Words
    name: Words
    points: Decimal


class CountRule(NamedTuple):
    """A grade for at least so many items graded *of* these, and none graded so."""

    grade: Grade
    at_least: int
    of: tuple[Grade, ...]
    none: tuple[Grade, ...]


@attrs.frozen(kw_only=True)
class TargetReviewRules:
    """How a place reviews the quality of targets.

    Attributes:
        id: Its name.
        place: Whose rule it is.
        title: In both languages.
        grounds: What it rests on.
        items: What is judged.
        counts: How the grades of an ordinary project are counted, the best first.
        otherwise: The grade where none of these holds.
        counts_grounds: What that rests on.
        bands: The grade of a share of a key project's points, in per cent.
        rounding: How a key project's points are rounded.
        bands_grounds: What that rests on.
        consequences: What follows from a grade.
    """

    id: str
    place: str
    title: Words
    grounds: Grounds
    items: tuple[ReviewItem, ...]
    counts: tuple[CountRule, ...]
    otherwise: Grade
    counts_grounds: Grounds
    bands: tuple[Band, ...]
    rounding: Rounding
    bands_grounds: Grounds
    consequences: tuple[tuple[Grade, Words], ...]

    @classmethod
    def from_toml(cls, path: str | PathLike[str]) -> TargetReviewRules:
        """Read a rule of your own: same loader, same errors as for ours.

        Raises:
            RuleSetError: With every fault of the file and its path.
            OSError: If the file cannot be read.
        """
        return read_file(Path(path), _read)


class ReviewLine(NamedTuple):
    """An item with what was judged of it.

    Attributes:
        item: The item.
        grade: Its grade; `None` if nobody judged it.
        share: The share of its points, where one was judged.
        score: Its points, rounded; `None` for an ordinary project, or without a share.
    """

    item: ReviewItem
    grade: Grade | None
    share: Decimal | None
    score: Decimal | None


@attrs.frozen(repr=False)
class TargetReview:
    """The result of `review_targets`, which explains itself.

    Attributes:
        project: The project.
        rules: The rule.
        key: Whether it is a key project.
        lines: A line per item.
        total: The points of a key project; `None` for an ordinary one, or
            where an item has no share.
        grade: The grade; `None` where an item was not judged.
    """

    project: Project
    rules: TargetReviewRules
    key: bool
    lines: tuple[ReviewLine, ...]
    total: Decimal | None
    grade: Grade | None

    @property
    def missing(self) -> tuple[ReviewItem, ...]:
        """The items that keep the grade open: not judged, or without the share that a key project needs."""
        return tuple(line.item for line in self.lines if (line.score if self.key else line.grade) is None)

    @property
    def consequence(self) -> Words | None:
        """What follows from the grade, if the rule says."""
        return next((text for grade, text in self.rules.consequences if grade is self.grade), None)

    def explain(self, locale: str = "zh_CN") -> str:
        """Return the review in words: each item, the grade and the rule behind it.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.pages import Page, Paragraph, text

        head, items, conclusion = _sentences(self, known(locale))
        return text(Page((Paragraph(head), Paragraph(items), Paragraph(conclusion)), locale))

    def page(self, locale: str = "zh_CN") -> Page:
        """Return the review as a page, for any carrier of `perfeval.pages`.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        return _page(self, known(locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the review as JSON can hold it; numbers are exact text."""
        return {
            "project": self.project.name,
            "rules": self.rules.id,
            "key": self.key,
            "items": [
                {
                    "item": line.item.id,
                    "grade": line.grade and line.grade.value,
                    "share": None if line.share is None else plain(line.share),
                    "score": None if line.score is None else plain(line.score),
                }
                for line in self.lines
            ],
            "total": None if self.total is None else plain(self.total),
            "grade": self.grade and self.grade.value,
            "missing": [item.id for item in self.missing],
        }

    def _repr_html_(self) -> str:
        from perfeval.pages import html

        return html(self.page())

    def __repr__(self) -> str:
        name, year = short_name(self.project.name), self.project.fiscal_year
        total = "" if self.total is None else f"{plain(self.total)}, "
        return f"<TargetReview {name} {year}: {total}{self.grade or 'no grade'}>"


def review_targets(
    project: Project,
    judgements: Mapping[str, Grade | Decimal | int | str],
    rules: TargetReviewRules,
    *,
    key: bool = False,
) -> TargetReview:
    """Return the grade of a project's targets from a reviewer's judgements.

    An ordinary project's items are graded, and the grades counted. A key
    project's items each earn ``points x share``, rounded once; the total is
    their sum.

    Args:
        project: The project whose targets are reviewed.
        judgements: For each item its grade, or the share of its points as a
            fraction (``Decimal("0.92")``), which has the grade of its band.
        rules: The rule.
        key: Whether it is a key project, which needs shares.

    Returns:
        A `TargetReview`; its grade is `None`, never the worst, where an item
        was not judged, and ``missing`` names it.

    Raises:
        ModelError: If an item is unknown, or a share lies outside 0 to 1.
        AmountError: If a share is a float.

    Source: what *rules* cites.
    """
    names = {item.id for item in rules.items}
    for name in judgements:
        if name not in names:
            raise ModelError(f"expected an item ({', '.join(item.id for item in rules.items)}), got {name!r}")
    lines = tuple(_line(item, judgements.get(item.id), rules, key=key) for item in rules.items)
    if key:
        scores = [line.score for line in lines if line.score is not None]
        if len(scores) < len(lines):
            return TargetReview(project, rules, key, lines, None, None)
        total = sum_of(scores)
        return TargetReview(project, rules, key, lines, total, band_of(total, rules.bands).grade)
    grades = [line.grade for line in lines if line.grade is not None]
    counted = _counted(grades, rules) if len(grades) == len(lines) else None
    return TargetReview(project, rules, key, lines, None, counted)


def _counted(grades: list[Grade], rules: TargetReviewRules) -> Grade:
    for rule in rules.counts:
        if sum(grade in rule.of for grade in grades) >= rule.at_least and not set(grades) & set(rule.none):
            return rule.grade
    return rules.otherwise


def _line(
    item: ReviewItem, judged: Grade | Decimal | int | str | None, rules: TargetReviewRules, *, key: bool
) -> ReviewLine:
    if judged is None:
        return ReviewLine(item, None, None, None)
    if isinstance(judged, str):
        return ReviewLine(item, to_member(Grade, judged, "grade"), None, None)
    share = exact(judged, item.id)
    if not 0 <= share <= 1:
        raise ModelError(f"{item.id}: expected a grade or a share from 0 to 1, got {plain(share)}")
    grade = band_of(CONTEXT.scaleb(share, 2), rules.bands).grade
    score = rules.rounding.points(item.points, ratio(share, Decimal(1))) if key else None
    return ReviewLine(item, grade, share, score)


# Text. Made on demand.


def _sentences(review: TargetReview, locale: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What is reviewed, each item, and the conclusion."""
    words, rules = catalog(locale), review.rules
    kind = words["review.key" if review.key else "review.ordinary"]
    head = words["review.head"].format(name=review.project.name, year=review.project.fiscal_year, kind=kind)
    items = []
    for line in review.lines:
        judged = words["absent"] if line.grade is None else words[f"grade.{line.grade.value}"]
        if line.score is not None:
            judged = words["review.scored"].format(grade=judged, formula=f"{_formula(line)} = {plain(line.score)}")
        part, name = line.item.part.of(locale), line.item.name.of(locale)
        items.append(words["review.item"].format(part=part, name=name, judged=judged))
    grounds = (rules.bands_grounds if review.key else rules.counts_grounds,)
    out = []
    if review.grade is None:
        missing = words["list"].join(item.name.of(locale) for item in review.missing)
        out.append(words["review.open"].format(missing=missing))
    else:
        grade = words[f"grade.{review.grade.value}"]
        if review.total is not None:
            out.append(words["explain.total"].format(total=plain(review.total)))
        out.append(words["review.grade"].format(grade=grade, cites=cites_text(grounds, locale)))
        if review.consequence is not None:
            out.append(review.consequence.of(locale))
    out += [part.assumption.of(locale) for part in grounds if part.assumption is not None]
    return (head, words["explain.rules"].format(title=rules.title.of(locale), id=rules.id)), tuple(items), tuple(out)


def _formula(line: ReviewLine) -> str:
    return "" if line.share is None else f"{plain(line.item.points)} × {plain(line.share)}"


def _page(review: TargetReview, locale: str) -> Page:
    """The review with its items as a table; a key project's with their points and their sum."""
    from perfeval.pages import Cell, Column, ColumnKind, Heading, Page, Paragraph, Role, Table

    words = catalog(locale)
    (head, rules), _, conclusion = _sentences(review, locale)
    keys = ("part", "item", "grade", *(("points", "score", "formula") if review.key else ()))
    kinds = (ColumnKind.FIGURE if key in ("points", "score") else ColumnKind.TEXT for key in keys)
    rows: list[tuple[Cell, ...]] = []
    for line in review.lines:
        grade = words["absent"] if line.grade is None else words[f"grade.{line.grade.value}"]
        cells = [Cell(line.item.part.of(locale)), Cell(line.item.name.of(locale)), Cell(grade)]
        if review.key:
            lost = line.score is not None and line.score < line.item.points
            score = Cell("—" if line.score is None else plain(line.score), Role.LOST if lost else Role.FIGURE)
            cells += [Cell(plain(line.item.points), Role.FIGURE), score, Cell(_formula(line))]
        rows.append(tuple(cells))
    if review.key:
        total = Cell("—" if review.total is None else plain(review.total), Role.FIGURE)
        rows.append((Cell(words["column.total"], Role.HEAD, columns=4), total, Cell("")))
    table = Table(
        tuple(Column(words[f"review.column.{key}"], kind) for key, kind in zip(keys, kinds, strict=True)), tuple(rows)
    )
    return Page((Heading(head), Paragraph((rules,)), table, Paragraph(conclusion)), locale)


# Reading.


def target_review_rules(name: str) -> TargetReviewRules:
    """Return a rule that comes with the library, by its id.

    Raises:
        RuleSetNotFoundError: If there is none: the message lists what is known.

    >>> target_review_rules("zhengzhou").place
    '410100'
    """
    known_names = _SHELF.names
    if name not in known_names:
        raise RuleSetNotFoundError(f"no rule for reviewing targets {name!r}; known are {', '.join(known_names)}")
    return _SHELF[name]


def _read(top: Table) -> TargetReviewRules:
    ordinary, key = top.table("ordinary"), top.table("key")
    total = top.take("total", points_of, Decimal(100))
    rules = TargetReviewRules(
        id=top.take("id", a_string, ""),
        place=top.take("place", a_string, ""),
        title=top.take("title", words_of, NO_WORDS),
        grounds=top.grounds(),
        items=tuple(_read_item(row) for row in top.tables("items", needed=True)),
        counts=tuple(_read_count(row) for row in ordinary.tables("rules", needed=True)),
        otherwise=ordinary.take("otherwise", member_of(Grade, "grade"), Grade.POOR),
        counts_grounds=ordinary.grounds(),
        bands=read_bands(key),
        rounding=read_rounding(key),
        bands_grounds=key.grounds(),
        consequences=tuple(_read_consequence(row) for row in top.tables("consequences")),
    )
    for table in (ordinary, key):
        table.close()
    added = sum_of([item.points for item in rules.items])
    if not top.faults and (added != total or total != _PER_CENT):
        top.fault("items", f"expected points that add to 100, got {plain(added)}")
    return rules


# The bands are shares in per cent and points alike.
_PER_CENT = Decimal(100)


def _read_item(table: Table) -> ReviewItem:
    row = ReviewItem(
        table.take("id", a_string, ""),
        table.take("part", words_of, NO_WORDS),
        table.take("name", words_of, NO_WORDS),
        table.take("points", points_of, Decimal(0)),
    )
    table.close()
    return row


def _read_count(table: Table) -> CountRule:
    grades = members_of(Grade, "grade")
    row = CountRule(
        table.take("grade", member_of(Grade, "grade"), Grade.POOR),
        table.take("at_least", a_whole_number(1), 0),
        table.take("of", grades, ()),
        table.take("none", grades, ()),
    )
    table.close()
    return row


def _read_consequence(table: Table) -> tuple[Grade, Words]:
    row = (table.take("grade", member_of(Grade, "grade"), Grade.POOR), table.take("text", words_of, NO_WORDS))
    table.close()
    return row


_SHELF = Shelf("target_reviews", _read)
