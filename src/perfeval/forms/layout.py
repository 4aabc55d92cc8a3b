"""From a grid to forms: blocks are found by their labels, never by their position.

A form is read from top to bottom. The heading row of a block (年初预算数 …, or
一级指标 …) opens it and says what its columns are; a row with a label of another
block ends it. What is read is marked; every cell that was not is listed.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from perfeval.errors import Fault
from perfeval.forms.blocks import Draft, Hints, distinct
from perfeval.forms.composing import composed
from perfeval.forms.figures import is_blank
from perfeval.forms.grid import Grid
from perfeval.forms.records import Form, Listed, Skipped
from perfeval.forms.rows import RowReader
from perfeval.labels import first_label

__all__ = ["looked_for", "read_grid"]


def looked_for() -> str:
    """Return the headings that open a block, for the message that none was found."""
    money = ", ".join(first_label("money_columns", name) for name in ("adjusted_budget", "actual_expenditure"))
    rows = ", ".join(first_label("indicator_columns", name) for name in ("level1", "level3", "actual", "score"))
    return f"a block of money ({money} …) or of indicators ({rows} …)"


def read_grid(grid: Grid, hints: Hints) -> tuple[list[Form], list[Fault], list[Skipped]]:
    """Return the forms on a grid, what is wrong with those that are none, and those for monitoring at mid-year.

    A grid without any block has nothing of it.
    """
    forms: list[Form] = []
    faults: list[Fault] = []
    skipped: list[Skipped] = []
    nobody: list[Listed] = []
    for draft in _drafts(grid):
        if draft.is_monitoring:
            skipped.append(Skipped(grid.name, "monitoring"))
            continue
        if not (draft.blocks and draft.is_form()):
            nobody += _cells_of(draft)
            continue
        found = composed(draft, hints)
        if isinstance(found, Form):
            forms.append(found)
        else:
            faults += found
    if forms and nobody:
        # What stands under the title of another form that has no block is listed with the last one that is read.
        forms[-1] = attrs.evolve(forms[-1], listed=(*forms[-1].listed, *nobody))
    return forms, faults, skipped


def _cells_of(draft: Draft) -> Iterator[Listed]:
    for number in range(draft.start, draft.end):
        for cell in distinct(draft.grid.rows[number]):
            if cell.row == number and not is_blank(cell):
                yield Listed(draft.grid.place(cell), cell.text.strip())


def _drafts(grid: Grid) -> Iterator[Draft]:
    reader = RowReader(grid, 0)
    for number, row in enumerate(grid.rows):
        cells = distinct(row)
        own = [cell for cell in cells if cell.row == number]
        if not own:
            continue
        if len(cells) == len(own) and reader.opens_another(own):
            reader.draft.end = number
            yield reader.draft
            reader = RowReader(grid, number)
        reader.read_row(number, cells, own)
    reader.draft.end = len(grid.rows)
    yield reader.draft
