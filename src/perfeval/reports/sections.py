"""A section of a report's outline: what its parts are given."""

from __future__ import annotations

import attrs

from perfeval.i18n import Words
from perfeval.model import IndicatorKind

__all__ = ["Section"]


@attrs.frozen(kw_only=True, eq=False)
class Section:
    """A section of an outline.

    Attributes:
        heading: Its heading, `None` for text without one.
        parts: What it tells, by name, in order.
        kinds: The kinds of indicators that its parts look at; all if empty.
        findings: The codes of the findings that belong here.
        places: The parts of a document (``organisation``, ``claims``) whose
            findings belong here, whatever their codes.
        required: Whether it stands, and says so, where the data tell nothing.
        annex: Whether it is an annex, which is numbered apart.
        sections: The sections below it.
    """

    heading: Words | None
    parts: tuple[str, ...]
    kinds: tuple[IndicatorKind, ...]
    findings: frozenset[str]
    places: tuple[str, ...]
    required: bool
    annex: bool
    sections: tuple[Section, ...]
