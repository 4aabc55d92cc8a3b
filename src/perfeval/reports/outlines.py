"""Outlines: which sections a report has, in which order, and what stands in each.

An outline is cited data, like a rule set: ``data/outlines/*.toml``, or a file
of one's own. A section has a heading, parts (what it tells, by name) and
sections below it. Where the data tell nothing for a section, the section says
so, or is left out, as the outline says.

>>> outline("county").sections[0].heading.zh_CN
'绩效自评工作组织开展情况'
"""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path
from typing import Any

import attrs

from perfeval.checks import chosen
from perfeval.cited import (
    NO_WORDS,
    Grounds,
    Shelf,
    Table,
    a_bool,
    a_list,
    a_string,
    member_of,
    members_of,
    read_file,
    shown,
    words_of,
)
from perfeval.errors import Fault, ModelError, OutlineNotFoundError
from perfeval.i18n import Words
from perfeval.model import EvaluationKind, IndicatorKind
from perfeval.model.departments import Department
from perfeval.reports.parts import PARTS
from perfeval.reports.sections import Section

__all__ = ["Outline", "outline", "outlines"]

_an_evaluation = member_of(EvaluationKind, "kind of evaluation")
# The levels of headings below a report's title.
_LEVELS = 3
_MOST_SECTIONS = 50
_DOCUMENT = tuple(field.name for field in attrs.fields(Department))
_PLACES = re.compile(r"\{(name|year)\}")


@attrs.frozen(kw_only=True, repr=False)
class Outline:
    """The sections of a report, and what prescribes them.

    Attributes:
        id: Its name.
        title: What it is called.
        heading: The title of a report, with ``{name}`` and ``{year}`` in it;
            `None` for text without a title.
        grounds: What prescribes it.
        evaluation_kind: Whose evaluation it is for; what follows from a grade
            depends on it.
        sections: Its sections, in order.
    """

    id: str
    title: Words
    heading: Words | None
    grounds: Grounds
    evaluation_kind: EvaluationKind
    sections: tuple[Section, ...]

    def headed(self, name: str, year: int, locale: str) -> str:
        """Return the title of a report of *name* and *year*, empty for none."""
        told = {"name": name, "year": str(year)}
        return "" if self.heading is None else _PLACES.sub(lambda place: told[place[1]], self.heading.of(locale))

    @classmethod
    def from_toml(cls, path: str | PathLike[str]) -> Outline:
        """Read an outline of your own: same loader, same errors as for ours.

        A ``[sources]`` table in the file adds documents to cite.

        Args:
            path: A TOML file.

        Raises:
            RuleSetError: With every fault of the file and its path.
            OSError: If the file cannot be read.
        """
        return read_file(Path(path), _read)

    def __repr__(self) -> str:
        return f"<Outline {self.id}>"


def outline(name: str) -> Outline:
    """Return an outline that comes with the library, by its id.

    Raises:
        OutlineNotFoundError: If there is none: the message lists what is known.
    """
    known = _SHELF.names
    if name not in known:
        raise OutlineNotFoundError(f"no outline {name!r}; known are {', '.join(known)}")
    return _SHELF[name]


def outlines() -> tuple[Outline, ...]:
    """Return every outline that comes with the library.

    >>> [found.id for found in outlines()]
    ['accounts-paragraph', 'county', 'department-summary', 'evaluation', 'review']
    """
    return tuple(_SHELF)


def _read(top: Table) -> Outline:
    return Outline(
        id=top.take("id", a_string, ""),
        title=top.take("title", words_of, NO_WORDS),
        heading=top.take("heading", _a_heading, None, needed=False),
        grounds=top.grounds(),
        evaluation_kind=top.take("evaluation_kind", _an_evaluation, EvaluationKind.SELF, needed=False),
        sections=_sections(top, 1),
    )


def _sections(table: Table, level: int) -> tuple[Section, ...]:
    """The sections at a level, the first level being needed."""
    rows = table.tables("sections", needed=level == 1)
    if rows and level > _LEVELS:
        table.fault("sections", f"expected at most {_LEVELS} levels of sections")
        return ()
    if len(rows) > _MOST_SECTIONS:
        table.fault("sections", f"expected at most {_MOST_SECTIONS} sections, got {len(rows)}")
        return ()
    return tuple(_section(row, level) for row in rows)


def _section(table: Table, level: int) -> Section:
    if not table.has("parts") and not table.has("sections"):
        table.fault("", "expected parts or sections")
    section = Section(
        heading=table.take("heading", words_of, None, needed=False),
        parts=table.take("parts", _parts, (), needed=False),
        kinds=table.take("kinds", members_of(IndicatorKind, "kind of indicator"), (), needed=False),
        findings=table.take("findings", _findings, frozenset(), needed=False),
        places=table.take("places", _places, (), needed=False),
        required=table.take("required", a_bool, True, needed=False),
        annex=table.take("annex", a_bool, False, needed=False),
        sections=_sections(table, level + 1),
    )
    if section.annex and level > 1:
        table.fault("annex", "expected an annex among the first sections")
    table.close()
    return section


def _a_heading(value: Any) -> Words:
    """Words with nothing to fill in but the name and the year."""
    words = words_of(value)
    for locale, text in words._asdict().items():
        if set("{}") & set(_PLACES.sub("", text)):
            raise Fault(locale, f"expected text with {{name}} and {{year}} to fill in, got {shown(text)}")
    return words


def _parts(value: Any) -> tuple[str, ...]:
    for position, name in enumerate(a_list(value)):
        if not isinstance(name, str) or name not in PARTS:
            raise Fault(f"[{position}]", f"expected a part ({', '.join(PARTS)}), got {shown(name)}")
        if name in value[:position]:
            raise Fault(f"[{position}]", f"expected each part once, got {name} twice")
    return tuple(value)


def _findings(value: Any) -> frozenset[str]:
    names: list[Any] = a_list(value)
    for position, name in enumerate(names):
        if not isinstance(name, str):
            raise Fault(f"[{position}]", f"expected a code or a family, got {shown(name)}")
    try:
        return chosen(names)
    except ValueError as error:
        raise ModelError(str(error)) from None


def _places(value: Any) -> tuple[str, ...]:
    for position, name in enumerate(a_list(value)):
        if name not in _DOCUMENT:
            raise Fault(f"[{position}]", f"expected a part of a document ({', '.join(_DOCUMENT)}), got {shown(name)}")
    return tuple(value)


_SHELF = Shelf("outlines", _read)
