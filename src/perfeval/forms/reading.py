"""Reading files: from a path or bytes to forms."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from perfeval.amounts import AmountUnit, to_amount_unit
from perfeval.errors import Fault, FormError, PerfevalError
from perfeval.forms.blocks import Hints
from perfeval.forms.grid import Grid
from perfeval.forms.layout import looked_for, read_grid
from perfeval.forms.package import READABLE, contents_of, kind_of, needs
from perfeval.forms.records import Form, FormFile, Listed, Note, Skipped

__all__ = ["form_files", "grids_of", "is_form_file", "read", "read_many"]


def read(
    source: str | os.PathLike[str] | bytes, *, unit: AmountUnit | str | None = None, year: int | None = None
) -> tuple[Form, ...]:
    """Read the forms in an Excel workbook (xlsx, xls) or a Word document (docx).

    Args:
        source: The file, or its bytes.
        unit: The unit of money of forms that print none.
        year: The fiscal year of forms that print none.

    Returns:
        At least one form, in the order of the file.

    Raises:
        FormError: If the file is damaged, hostile or locked, if it holds no
            form, or if a form prints neither its year nor its unit and the
            caller tells neither.
        MissingExtraError: If a library is missing; the message names it.
        OSError: If the file cannot be read.
    """
    data, name = contents_of(source)
    where = name or "form"
    hints = Hints(None if unit is None else to_amount_unit(unit), year, Path(name).name if name else "")
    grids, skipped, listed = _grids(data, kind_of(data, name), where)
    forms: list[Form] = []
    faults: list[Fault] = []
    empty: list[Grid] = []
    for grid in grids:
        found, wrong, monitored = read_grid(grid, hints)
        forms += found
        faults += wrong
        skipped += monitored
        if not found and not wrong and not monitored:
            empty.append(grid)
    if faults:
        raise FormError(where, faults)
    if not forms and any(one.why == "monitoring" for one in skipped):
        raise FormError(
            where, [Fault("", "expected a form of self-evaluation, got one for monitoring: read_monitoring() reads it")]
        )
    if not forms:
        raise FormError(where, [Fault("", f"expected {looked_for()}, found {_found(grids, skipped)}")])
    skipped += [Skipped(grid.name, "no_block") for grid in empty]
    return tuple(_with_file(form, grids, tuple(skipped), listed) for form in forms)


def _with_file(form: Form, grids: list[Grid], skipped: tuple[Skipped, ...], listed: list[Listed]) -> Form:
    sheet = form.place.rpartition("!")[0]
    own = [one for one in listed if one.place.rpartition("!")[0] == sheet]
    notes = form.notes
    if any(grid.name == sheet and not grid.formats_seen for grid in grids):
        notes = (*notes, Note("formats_not_seen", form.place))
    return attrs.evolve(form, skipped=skipped, listed=(*form.listed, *own), notes=notes)


def _found(grids: list[Grid], skipped: list[Skipped]) -> str:
    if not grids:
        hidden = ", ".join(one.place or one.why for one in skipped)
        return f"nothing to read (skipped: {hidden})" if hidden else "nothing"
    texts = [cell.text.strip() for grid in grids for row in grid.rows for cell in row if cell is not None]
    quoted = ", ".join(repr(text if len(text) <= 20 else f"{text[:17]}...") for text in list(dict.fromkeys(texts))[:8])
    return quoted or "nothing"


def grids_of(data: bytes, kind: str, where: str) -> list[Grid]:
    """Return the sheets or the tables of a file of that kind.

    Raises:
        FormError: If the file is damaged, hostile or locked.
        MissingExtraError: If a library is missing; the message names it.
    """
    return _grids(data, kind, where)[0]


def _grids(data: bytes, kind: str, where: str) -> tuple[list[Grid], list[Skipped], list[Listed]]:
    try:
        if kind == "xlsx":
            from perfeval.forms.xlsx import read_xlsx

            return read_xlsx(data, where)
        if kind == "docx":
            from perfeval.forms.docx import read_docx

            grids, skipped = read_docx(data, where)
            return grids, skipped, []
        from perfeval.forms.xls import read_xls

        return read_xls(data, where)
    except ModuleNotFoundError as error:
        raise needs("lxml" if (error.name or "").startswith("lxml") else error.name or "a library") from error


def read_many(
    folder: str | os.PathLike[str],
    *,
    unit: AmountUnit | str | None = None,
    year: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[FormFile]:
    """Read every workbook and document of a folder, in order of name; a broken file is reported, not raised.

    Args:
        folder: The folder; folders in it are read, too.
        unit: As for `read`.
        year: As for `read`.
        progress: Called after each file with the number of files done and
            the number of all files.

    Yields:
        A file with its forms, or with the error why there are none. Files
        are opened one after another: memory does not grow with their number.

    Raises:
        OSError: If the folder cannot be read.
    """
    paths = form_files(folder)
    for number, path in enumerate(paths, 1):
        try:
            found = FormFile(path, read(path, unit=unit, year=year))
        except (PerfevalError, OSError) as error:
            found = FormFile(path, error=error)
        yield found
        if progress is not None:
            progress(number, len(paths))


def form_files(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the files of a folder that may hold forms, in order of name.

    Raises:
        OSError: If the folder cannot be read.
    """
    # rglob() finds nothing in a folder that is not there.
    os.scandir(folder).close()
    return sorted(path for path in Path(folder).rglob("*") if is_form_file(path) and path.is_file())


_OTHER_KINDS = frozenset({"doc", "wps", "et"})


def is_form_file(path: str | os.PathLike[str]) -> bool:
    """Return whether a file may hold forms, by its name.

    >>> is_form_file("自评表.xlsx"), is_form_file("自评表.toml"), is_form_file("~$自评表.xlsx")
    (True, False, False)
    """
    # "~$甲.xlsx" is the lock of a file that is open in Excel.
    name = Path(path).name
    suffix = Path(path).suffix.lower().lstrip(".")
    return not name.startswith(("~$", ".")) and suffix in READABLE | _OTHER_KINDS
