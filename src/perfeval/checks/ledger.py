"""DP: the rectification ledger (整改台账), row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfeval.checks.coded import Spot, of_report, phrase, spot
from perfeval.checks.form import Report
from perfeval.findings import Term
from perfeval.model.departments import RectificationItem, RectificationState

_DONE = RectificationState.DONE


def _rows(report: Report) -> Iterator[tuple[str, RectificationItem]]:
    for position, row in enumerate(report.department.rectification_items):
        yield f"rectification_items[{position}]", row


@of_report("DP117")
def ledger_row_incomplete(report: Report) -> Iterable[Spot]:
    """A row of the rectification ledger lacks its measure, owner or day."""
    for where, row in _rows(report):
        parts = {"check.DP117.measure": row.measure, "check.DP117.owner": row.owner, "check.DP117.due": row.due}
        missing = tuple(Term(key) for key, value in parts.items() if value is None)
        if missing:
            yield spot(where, problem=row.problem, missing=missing)


@of_report("DP118")
def ledger_row_contradicts(report: Report) -> Iterable[Spot]:
    """A row of the rectification ledger contradicts itself."""
    for where, row in _rows(report):
        for what in _contradictions(row):
            yield spot(where, problem=row.problem, what=what)


def _contradictions(row: RectificationItem) -> Iterator[Term]:
    if row.state is _DONE and row.closed is None and row.evidence is None:
        yield Term("check.DP118.unproved")
    if row.closed is not None and row.state is not None and row.state is not _DONE:
        yield Term("check.DP118.not_done")
    if row.opened is not None:
        if row.closed is not None and row.closed < row.opened:
            yield Term("check.DP118.closed_early")
        if row.due is not None and row.due < row.opened:
            yield Term("check.DP118.due_early")


@of_report("DP119")
def overdue(report: Report) -> Iterable[Spot]:
    """A rectification is overdue, or was done late."""
    for where, row in _rows(report):
        if report.on is None or row.due is None:
            continue
        state = None
        if row.closed is not None:
            if row.closed > row.due:
                state = phrase("check.DP119.late", day=row.closed)
        elif row.state is not _DONE and report.on > row.due:
            state = phrase("check.DP119.open", day=report.on)
        if state is not None:
            yield spot(where, problem=row.problem, due=row.due, state=state)
