"""A folder of forms, checked: a row a form, and what was found on each.

Each form is held against the rules of its place and year, else against the
rules asked for; a form without either is a fault that is listed, never held
against rules by default. A finding says the cell beside the path.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from perfeval.amounts import AmountUnit, plain
from perfeval.checks import check
from perfeval.errors import PerfevalError, RuleSetNotFoundError
from perfeval.evaluation import evaluate
from perfeval.findings import Finding, Findings, Severity
from perfeval.forms.reading import form_files, read
from perfeval.forms.records import Form, FormKind
from perfeval.forms.sheet import Role, Sheet, Slot
from perfeval.i18n import catalog, message
from perfeval.model import Project
from perfeval.pages import Cell, Column, ColumnKind, Heading, Page, Paragraph, Table
from perfeval.pages import Role as CellRole
from perfeval.rulesets import RuleSet, rule_set

__all__ = [
    "CheckedForm",
    "check_folder",
    "findings_with_cells",
    "overview",
    "overview_csv",
    "overview_xlsx",
    "rules_of_form",
]


@attrs.frozen
class CheckedForm:
    """A form of a folder, and what was found on it.

    Attributes:
        file: The file's name, below the folder.
        place: Where the form begins; empty if the file could not be read.
        unit: The unit that filled it in.
        project: The project's name.
        fiscal_year: The year that is evaluated.
        rules: The id of the rules that it was held against.
        stated_total: The total that the form prints, points.
        total: The total that the rules give, points.
        grade: The grade of that total, in the rules' own word.
        findings: What was found, each with its cell.
        fault: Why the form could not be read, or not be held against rules.
    """

    file: str
    place: str = ""
    unit: str = ""
    project: str = ""
    fiscal_year: int | None = None
    rules: str = ""
    stated_total: Decimal | None = None
    total: Decimal | None = None
    grade: str = ""
    findings: tuple[Finding, ...] = ()
    fault: str = ""

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity there are."""
        return sum(one.severity is severity for one in self.findings)

    def to_dict(self, locale: str) -> dict[str, Any]:
        """Return the row as JSON can hold it; numbers are exact text."""
        table = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}
        shown = {key: plain(value) if isinstance(value, Decimal) else value for key, value in table.items()}
        counts = {f"{severity.value}s": self.count(severity) for severity in Severity}
        return shown | counts | {"findings": [one.to_dict(locale) for one in self.findings]}


def rules_of_form(form: Form) -> RuleSet | None:
    """Return the rules of a form's place, year and kind; `None` if it has none.

    >>> from perfeval.model import Project
    >>> rules_of_form(Form(Project("甲", fiscal_year=2023, place="CN-SC"))).id
    'cn-sc-2023'
    """
    document = form.document
    if document.place is None:
        return None
    for scope in ["department"] * (form.kind is FormKind.DEPARTMENT) + ["general"]:
        try:
            return rule_set(document.place, fiscal_year=document.fiscal_year, scope=scope)
        except RuleSetNotFoundError:
            continue
    return None


def findings_with_cells(findings: Iterable[Finding], form: Form) -> tuple[Finding, ...]:
    """Return findings whose place is the path and the cell: "indicators[3].actual (自评表!E6)"."""
    found = []
    for one in findings:
        cell = form.cell_of(one.where)
        found.append(one if cell is None else one._replace(where=f"{one.where} ({cell})"))
    return tuple(found)


def check_folder(
    folder: str | os.PathLike[str],
    *,
    rules: RuleSet | None = None,
    unit: AmountUnit | str | None = None,
    year: int | None = None,
    select: Iterable[str] | None = None,
    locale: str = "zh_CN",
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[CheckedForm]:
    """Check every form of a folder, in order of the files' names.

    Args:
        folder: The folder; folders in it are read, too.
        rules: The rules for forms whose place and year have none.
        unit: The unit of money of forms that print none.
        year: The fiscal year of forms that print none.
        select: Codes or families of checks to run; all if not given.
        locale: The language of the grades' words.
        jobs: How many processes work side by side.
        progress: Called after each file with the number of files done and
            the number of all files.

    Yields:
        A row for each form; one with a fault for a file that could not be
        read, or a form that no rules are told for.

    Raises:
        OSError: If the folder cannot be read.
    """
    paths = form_files(folder)
    work = _Work(Path(folder), rules, unit, year, None if select is None else tuple(select), locale)
    for number, rows in enumerate(_each(work, paths, jobs), 1):
        yield from rows
        if progress is not None:
            progress(number, len(paths))


@attrs.frozen
class _Work:
    """What is done with each file; it goes to other processes whole."""

    folder: Path
    rules: RuleSet | None
    unit: AmountUnit | str | None
    year: int | None
    select: tuple[str, ...] | None
    locale: str

    def __call__(self, path: Path) -> list[CheckedForm]:
        name = path.relative_to(self.folder).as_posix()
        try:
            forms = read(path, unit=self.unit, year=self.year)
        except ExceptionGroup as group:
            return [CheckedForm(name, fault="; ".join(str(one) for one in group.exceptions))]
        except (PerfevalError, OSError) as error:
            return [CheckedForm(name, fault=str(error))]
        return [self._checked(name, form) for form in forms]

    def _checked(self, name: str, form: Form) -> CheckedForm:
        project = form.document
        row = CheckedForm(name, form.place, "", project.name, project.fiscal_year)
        if isinstance(project, Project):
            whole = project.name if form.kind is FormKind.DEPARTMENT else ""
            unit = project.implementing_unit or project.supervising_department or whole
            row = attrs.evolve(row, unit=unit, stated_total=project.stated.total)
        rules = rules_of_form(form) or self.rules
        if rules is None or not isinstance(project, Project):
            return attrs.evolve(row, fault=message("folder.no_rules", self.locale))
        try:
            result = evaluate(project, rules)
            found = check(project, rules, select=self.select)
        except PerfevalError as error:
            return attrs.evolve(row, rules=rules.id, fault=str(error))
        grade = "" if result.grade is None else _grade_word(result.grade.value, rules, self.locale)
        return attrs.evolve(
            row, rules=rules.id, total=result.total, grade=grade, findings=findings_with_cells(found, form)
        )


def _grade_word(grade: str, rules: RuleSet, locale: str) -> str:
    words = next((band.words for band in rules.bands if band.grade == grade), None)
    return message(f"grade.{grade}", locale) if words is None else words.of(locale)


_AHEAD = 8
"""How many pieces of work each process has waiting: memory does not grow with the folder."""
_TOGETHER = 16
"""How many files a process takes at once."""


def _each(work: _Work, paths: list[Path], jobs: int) -> Iterator[list[CheckedForm]]:
    """What *work* makes of each file, in order."""
    if jobs < 2 or len(paths) <= _TOGETHER:
        yield from map(work, paths)
        return
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor

    pieces = [paths[i : i + _TOGETHER] for i in range(0, len(paths), _TOGETHER)]
    with ProcessPoolExecutor(jobs) as pool:
        waiting: deque[Future[list[list[CheckedForm]]]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(_worked, work, piece))
            if len(waiting) >= _AHEAD * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _worked(work: _Work, paths: list[Path]) -> list[list[CheckedForm]]:
    return [work(path) for path in paths]


# Showing.

_COLUMNS = ("file", "unit", "project", "fiscal_year", "rules", "stated_total", "total", "grade", "errors", "warnings")
_FIGURES = frozenset({"fiscal_year", "stated_total", "total", "errors", "warnings"})


def _row(row: CheckedForm, locale: str) -> list[str]:
    name = f"{row.file} [{row.place}]" if row.place else row.file
    if row.fault and not row.rules:
        counts = [message("folder.fault", locale), ""]
    else:
        counts = [str(row.count(Severity.ERROR)), str(row.count(Severity.WARNING))]
    points = ["" if one is None else plain(one) for one in (row.stated_total, row.total)]
    year = "" if row.fiscal_year is None else str(row.fiscal_year)
    return [name, row.unit, row.project, year, row.rules, *points, row.grade, *counts]


def _details(rows: Iterable[CheckedForm], locale: str) -> Iterator[list[str]]:
    """The findings of all forms: file, place, code, severity, words."""
    words = catalog(locale)
    for row in rows:
        if row.fault:
            yield [row.file, row.place, "", message("folder.fault", locale), row.fault]
        for one in row.findings:
            yield [row.file, one.where, one.code, words[f"severity.{one.severity.value}"], one.message(locale)]


def overview(rows: list[CheckedForm], locale: str) -> Page:
    """Return the page of a folder: a row a form, and the findings below.

    Args:
        rows: What `check_folder` yields.
        locale: ``zh_CN`` or ``en``.
    """
    words = catalog(locale)
    columns = tuple(Column(words[f"folder.{key}"], _kind(key)) for key in _COLUMNS)
    table = Table(
        columns,
        tuple(tuple(_cell(key, text) for key, text in zip(_COLUMNS, _row(row, locale), strict=True)) for row in rows),
    )
    heads = tuple(Column(words[f"folder.{key}"]) for key in ("file", "place", "code", "severity", "finding"))
    roles = (CellRole.TEXT, CellRole.CODE, CellRole.CODE, CellRole.TEXT, CellRole.TEXT)
    details = tuple(
        tuple(Cell(text, role) for text, role in zip(one, roles, strict=True)) for one in _details(rows, locale)
    )
    counted = Findings((one for row in rows for one in row.findings), locale)
    faults = sum(bool(row.fault) for row in rows)
    summary = message("folder.summary", locale, forms=len(rows), faults=faults, found=counted.summary())
    below = (Heading(words["folder.findings"], level=2), Table(heads, details)) if details else ()
    return Page((Heading(words["folder.title"], level=2), table, Paragraph((summary,)), *below), locale)


def _kind(key: str) -> ColumnKind:
    return ColumnKind.FIGURE if key in _FIGURES else ColumnKind.TEXT


def _cell(key: str, text: str) -> Cell:
    return Cell(text, CellRole.FIGURE if key in _FIGURES else CellRole.TEXT)


def overview_csv(rows: list[CheckedForm], locale: str) -> str:
    """Return the two tables of a folder as comma-separated values, an empty line between them.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    words = catalog(locale)
    data = io.StringIO()
    out = csv.writer(data, lineterminator="\n")
    out.writerow([words[f"folder.{key}"] for key in _COLUMNS])
    for row in rows:
        out.writerow([_harmless(text) for text in _row(row, locale)])
    out.writerow([])
    out.writerow([words[f"folder.{key}"] for key in ("file", "place", "code", "severity", "finding")])
    for one in _details(rows, locale):
        out.writerow([_harmless(text) for text in one])
    return data.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def overview_xlsx(rows: list[CheckedForm], locale: str) -> bytes:
    """Return the two tables of a folder as an Excel workbook of two sheets.

    Raises:
        MissingExtraError: If XlsxWriter is not installed.
    """
    from perfeval.forms.to_xlsx import LONGEST_TEXT, workbook_of

    words = catalog(locale)

    def slots(texts: Iterable[str], figures: Iterable[bool]) -> tuple[Slot, ...]:
        return tuple(_slot(text[:LONGEST_TEXT], figure) for text, figure in zip(texts, figures, strict=True))

    def labels(keys: Iterable[str]) -> tuple[Slot, ...]:
        return tuple(Slot(words[f"folder.{key}"], role=Role.LABEL) for key in keys)

    centred = [key in _FIGURES or key == "grade" for key in _COLUMNS]
    first = [labels(_COLUMNS), *(slots(_row(row, locale), centred) for row in rows)]
    heads = ("file", "place", "code", "severity", "finding")
    second = [labels(heads), *(slots(one, [False] * len(heads)) for one in _details(rows, locale))]
    sheets = [
        Sheet(words["folder.title"], tuple(first), (30, 24, 30, 8, 18, 9, 9, 8, 7, 7), landscape=True, heads=1),
        Sheet(words["folder.findings"], tuple(second), (30, 34, 9, 8, 70), landscape=True, heads=1),
    ]
    return workbook_of(sheets)


def _slot(text: str, figure: bool) -> Slot:
    if figure and text and text.lstrip("-").replace(".", "", 1).isdigit():
        return Slot(text, role=Role.FIGURE, number=Decimal(text))
    return Slot(text, role=Role.FIGURE if figure else Role.TEXT)
