"""Targets and actuals as people write them, read into columns: each distinct pair once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from perfeval.amounts import CONTEXT
from perfeval.errors import FrameError, TextError
from perfeval.frames.engines import narwhals_or_raise, told
from perfeval.frames.inputs import SUFFIXES, Columns, Input
from perfeval.frames.status import Status
from perfeval.reasons import Reason
from perfeval.targets import (
    Actual,
    Between,
    Bound,
    Comparator,
    Deadline,
    Judgement,
    Meaning,
    Quantity,
    Statement,
    Target,
    Threshold,
    compared,
)
from perfeval.text import parse_actual, parse_target, together

__all__ = ["read_pair", "read_texts"]

Frame = TypeVar("Frame")


class _Read(NamedTuple):
    comparator: str | None = None
    unit: str | None = None
    target_e4: int | None = None
    actual_e4: int | None = None
    tier: str | None = None
    reading: int = 0
    refusal: str | None = None


@told
def read_texts(frame: Frame, *, columns: Columns = None) -> Frame:
    """Return the frame with what its texts of ``target`` and ``actual`` say, in columns.

    Each distinct pair is read once, as `perfeval.text` reads it for one
    indicator: with the cells ``comparator``, ``unit`` and ``indicator`` (the
    name), where the frame has them; the first two are replaced by what was
    read. An actual in another unit is converted to its target's. What is no figure against a
    figure, and no claim of a tier (a date, a range, “more than 20”, other
    words), stays null: ``reading`` says what it is, `score_indicators` gives
    it as the status, and such a row can be scored one by one.

    Args:
        frame: An eager frame with text columns ``target`` and ``actual``.
        columns: Its own headings, as for `score_indicators`.

    Returns:
        The same kind of frame, with ``comparator``, ``unit``, ``target_e4``,
        ``actual_e4``, ``tier``, ``reading`` (a `Status`, 0 for figures and
        claims) and ``refusal`` (a `Refusal`: why a text is no figure).

    Raises:
        FrameError: If a column is missing or holds no text, or the frame is lazy.

    >>> import polars as pl
    >>> read = read_texts(pl.DataFrame({"target": ["≥50公里", "健全"], "actual": ["48公里", "差3个"]}))
    >>> read.select("comparator", "unit", "target_e4", "actual_e4", "reading", "refusal").rows()
    [('≥', '公里', 500000, 480000, 0, None), (None, None, None, None, 14, 'negation')]
    """
    nw = narwhals_or_raise()
    given = Input(frame, columns)
    given.needs("target", "actual")
    if not isinstance(given.frame, nw.DataFrame):
        raise FrameError("texts are read on an eager frame; collect it first")
    given.free(name for name in _Read._fields if name not in _CELLS)
    cells = list(zip(*(_cells(given, name) for name in ("target", "actual", *_CELLS)), strict=True))
    read = {row: _read(*row) for row in set(cells)}
    backend = given.frame.implementation
    types = {
        "comparator": nw.String,
        "unit": nw.String,
        "target_e4": nw.Int64,
        "actual_e4": nw.Int64,
        "tier": nw.String,
        "reading": nw.Int64,
        "refusal": nw.String,
    }
    read_columns = {}
    for place, (name, dtype) in enumerate(types.items()):
        values = [read[row][place] for row in cells]
        # pandas keeps whole numbers with gaps as floats.
        kind = nw.Float64 if backend.is_pandas() and dtype is nw.Int64 and None in values else dtype
        read_columns[name] = nw.new_series(name, values, kind, backend=backend)
    made: Frame = nw.to_native(given.frame.with_columns(*read_columns.values()))
    return made


# Cells beside target and actual, read with them where the frame has them.
_CELLS = ("comparator", "unit", "indicator")


def _cells(given: Input, name: str) -> list[Any]:
    """A column of texts; one of the cells may be missing."""
    if name in _CELLS and given.named(name) is None:
        return [None] * len(given.frame)
    given.text(name)
    if name == "comparator" and given.chinese:
        # In the words of forms: 正向指标, 大于等于.
        words = given.frame.select(given.comparator().alias(name))[name].to_list()
        return [value if isinstance(value, str) and value != "unstated" else None for value in words]
    return [value if isinstance(value, str) else None for value in given.frame[given.there(name)].to_list()]


def _read(
    target_text: str | None, actual_text: str | None, operator: str | None, unit: str | None, name: str | None
) -> _Read:
    try:
        target = None if target_text is None else parse_target(target_text, operator=operator, unit=unit)
        actual = None if actual_text is None else parse_actual(actual_text, target=target)
    except TextError:
        return _Read(reading=Status.NOT_READ)
    return read_pair(name, *together(name if name and name.strip() else "-", target, actual))


def read_pair(name: str | None, target: Target | None, actual: Actual | None) -> _Read:
    """Return what columns hold of a target and its actual."""
    refusals = [cell.refusal for cell in (target, actual) if isinstance(cell, Statement) and cell.refusal]
    refusal = refusals[0].value if refusals else None
    if isinstance(actual, Judgement):
        return _Read(tier=None if actual.tier is None else actual.tier.value, refusal=refusal)
    other = _other(target, actual)
    if other is not None or not isinstance(target, Threshold):
        return _Read(reading=int(other or 0), refusal=refusal)
    sign = None if target.comparator is Comparator.UNSTATED else target.comparator.value
    if not isinstance(actual, Quantity):
        return _Read(sign, target.unit, _e4(target.value), refusal=refusal)
    found = compared(target, actual, name=name or "")
    if isinstance(found, Reason):
        return _Read(sign, target.unit, _e4(target.value), reading=Status.NOT_COMPARABLE, refusal=refusal)
    aim = CONTEXT.multiply(target.value, found.times)
    # What stands in the smaller of two units has no unit that both columns share.
    unit = target.unit if found.times == 1 else actual.unit
    return _Read(sign, unit, _e4(aim), _e4(found.reached), refusal=refusal)


def _other(target: Target | None, actual: Actual | None) -> Status | None:
    """What a pair is that columns do not score; `None` for figures and blanks."""
    if isinstance(target, Deadline):
        return Status.DEADLINE
    if isinstance(target, Between):
        return Status.RANGE
    if isinstance(target, Statement) or isinstance(actual, Statement):
        return Status.WORDS
    if isinstance(target, Threshold) and isinstance(actual, Quantity):
        change = target.meaning is not None and target.comparator is Comparator.UNSTATED
        if actual.bound is not Bound.EXACT:
            return Status.BOUND
        if change or target.meaning is Meaning.RANK or actual.claim is not None:
            return Status.ONE_BY_ONE
        return None
    return None if target is None or actual is None else Status.NOT_COMPARABLE


def _e4(value: Decimal) -> int | None:
    scaled = CONTEXT.scaleb(value, SUFFIXES["_e4"])
    return int(scaled) if scaled == int(scaled) and abs(int(scaled)) < 2**63 else None
