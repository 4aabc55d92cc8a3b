"""A check is a function with its code; what it finds is a spot of what it looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple

from perfeval.checks.form import Form, Report
from perfeval.cited import Citation
from perfeval.i18n import Words, day_text, message
from perfeval.model import Project
from perfeval.model.departments import Department
from perfeval.rulesets import RuleSet

__all__ = [
    "DocumentCheck",
    "FormCheck",
    "ReportCheck",
    "Spot",
    "of_document",
    "of_form",
    "of_report",
    "phrase",
    "spot",
]


class Spot(NamedTuple):
    """Where a check found something, and the figures of its message."""

    where: str
    params: tuple[tuple[str, object], ...]
    cites: tuple[Citation, ...] = ()


def spot(where: str, cites: tuple[Citation, ...] = (), /, **params: object) -> Spot:
    """Return a spot with its parameters by name."""
    return Spot(where, tuple(params.items()), cites)


# What a check reads tells how often it runs: for every form, for a department's
# report, or once for the document.


def phrase(key: str, /, **params: object) -> Words:
    """Return a phrase of the catalogs with its figures put in, for a message that holds it."""

    def of(locale: str) -> str:
        return message(key, locale).format(**{name: _said(value, locale) for name, value in params.items()})

    return Words(of("zh_CN"), of("en"))


def _said(value: object, locale: str) -> object:
    if isinstance(value, dt.date):
        return day_text(value, locale)
    return value.of(locale) if isinstance(value, Words) else value


class FormCheck(NamedTuple):
    """A check of one form."""

    code: str
    find: Callable[[Form], Iterable[Spot]]


class ReportCheck(NamedTuple):
    """A check of a department's report."""

    code: str
    find: Callable[[Report], Iterable[Spot]]


class DocumentCheck(NamedTuple):
    """A check of the document as a whole: told once, not for each project of a department."""

    code: str
    find: Callable[[Project | Department, RuleSet], Iterable[Spot]]


def of_form(code: str) -> Callable[[Callable[[Form], Iterable[Spot]]], FormCheck]:
    """Make a function the check of a form with this code."""
    return lambda find: FormCheck(code, find)


def of_report(code: str) -> Callable[[Callable[[Report], Iterable[Spot]]], ReportCheck]:
    """Make a function the check of a report with this code."""
    return lambda find: ReportCheck(code, find)


def of_document(
    code: str,
) -> Callable[[Callable[[Project | Department, RuleSet], Iterable[Spot]]], DocumentCheck]:
    """Make a function the check of a document with this code."""
    return lambda find: DocumentCheck(code, find)
