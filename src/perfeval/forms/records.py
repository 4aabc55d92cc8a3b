"""What is read from a form: the records of `perfeval.forms`."""

from __future__ import annotations

import os
from decimal import Decimal
from enum import StrEnum

import attrs

from perfeval.errors import PerfevalError
from perfeval.i18n import message
from perfeval.model import Project
from perfeval.model.departments import Department

__all__ = ["Form", "FormFile", "FormKind", "Listed", "Note", "Placed", "Skipped"]


class FormKind(StrEnum):
    """What a form is the form of, by its title."""

    PROJECT = "project"
    DEPARTMENT = "department"
    TRANSFER = "transfer"


@attrs.frozen
class Placed:
    """Where a value came from.

    Attributes:
        path: The value, as checks name it: "indicators[3].actual".
        place: The cell: "自评表!E6", "table 2 row 5 column 3".
    """

    path: str
    place: str


@attrs.frozen
class Listed:
    """What stands on a form and has no place in the model.

    Attributes:
        place: The cell.
        text: What it says.
        why: The key of the reason.
    """

    place: str
    text: str
    why: str = "not_placed"

    def reason(self, locale: str) -> str:
        """Return why it is listed, in words."""
        return message(f"form.listed.{self.why}", locale)


@attrs.frozen
class Note:
    """What the reader assumed, and where.

    Attributes:
        code: The key of the assumption.
        place: The cell, or the sheet.
        found: What was found there.
        taken: What it was taken for.
    """

    code: str
    place: str
    found: str = ""
    taken: str = ""

    def text(self, locale: str) -> str:
        """Return the assumption in words.

        >>> Note("year_of_file", "自评表!A1", "2022.xlsx", "2022").text("en")
        '自评表!A1: the form does not print its year; the file 2022.xlsx is named for 2022'
        """
        return message(f"form.note.{self.code}", locale, place=self.place, found=self.found, taken=self.taken)


@attrs.frozen
class Skipped:
    """What was not looked at, and why.

    Attributes:
        place: The sheet, the rows or the columns.
        why: The key of the reason: "hidden_sheet", "hidden_row", "list", …
    """

    place: str
    why: str

    def reason(self, locale: str) -> str:
        """Return why it was skipped, in words."""
        return message(f"form.skipped.{self.why}", locale)


@attrs.frozen
class Form:
    """A form as it was read.

    Attributes:
        document: The project, or the department.
        kind: What the form is the form of; a department's form of its whole
            spending has the shape of a project's.
        place: Where the form begins: "自评表!A1".
        placed: Where each value came from.
        listed: What stands on the form and could not be placed.
        notes: What was assumed.
        skipped: What of the file was not looked at.
        full_score: The full score that the total row prints, points.
    """

    document: Project | Department
    kind: FormKind = FormKind.PROJECT
    place: str = ""
    placed: tuple[Placed, ...] = ()
    listed: tuple[Listed, ...] = ()
    notes: tuple[Note, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    full_score: Decimal | None = None

    def place_of(self, path: str) -> str | None:
        """Return the cell of a value, `None` if it is not on the form.

        >>> form = Form(Project("甲", fiscal_year=2022), placed=(Placed("name", "自评表!B3"),))
        >>> form.place_of("name"), form.place_of("stated.total")
        ('自评表!B3', None)
        """
        return next((one.place for one in self.placed if one.path == path), None)

    def cell_of(self, path: str) -> str | None:
        """Return the cell to look at for a path: its own, else the first one below it, else the one above.

        >>> form = Form(Project("甲", fiscal_year=2022), placed=(Placed("indicators[0].name", "自评表!D13"),))
        >>> form.cell_of("indicators[0]"), form.cell_of("indicators[0].weight"), form.cell_of("stated.total")
        ('自评表!D13', '自评表!D13', None)
        """
        while path:
            found = self.place_of(path) or next(
                (one.place for one in self.placed if one.path.startswith((f"{path}.", f"{path}["))), None
            )
            if found is not None or "." not in path:
                return found
            path = path.rpartition(".")[0]
            if path == "stated":
                return None
        return None


@attrs.frozen
class FormFile:
    """A file of a folder: its forms, or why they could not be read.

    Attributes:
        path: The file.
        forms: Its forms; none if it could not be read.
        error: Why it could not be read.
    """

    path: os.PathLike[str]
    forms: tuple[Form, ...] = ()
    error: PerfevalError | OSError | None = None
