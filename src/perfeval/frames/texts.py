"""Targets and actuals as people write them, read into columns: each distinct pair once."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from perfeval.amounts import CONTEXT
from perfeval.errors import FrameError, TextError
from perfeval.frames.engines import narwhals_or_raise
from perfeval.frames.inputs import SUFFIXES, Columns, Input
from perfeval.reasons import Reason
from perfeval.targets import Bound, Comparator, Judgement, Quantity, Threshold, in_unit_of
from perfeval.text import parse_actual, parse_target

__all__ = ["read_texts"]

Frame = TypeVar("Frame")


class _Read(NamedTuple):
    comparator: str | None = None
    unit: str | None = None
    target_e4: int | None = None
    actual_e4: int | None = None
    tier: str | None = None


def read_texts(frame: Frame, *, columns: Columns = None) -> Frame:
    """Return the frame with what its texts of ``target`` and ``actual`` say, in columns.

    Each distinct pair is read once, by `perfeval.text`. An actual in another
    unit is converted to its target's. What is no figure against a figure, and
    no claim of a tier (a date, a range, “more than 20”, other words), stays null: such a row
    is *missing* to `score_indicators`, and can be scored one by one.

    Args:
        frame: An eager frame with text columns ``target`` and ``actual``.
        columns: Its own headings, as for `score_indicators`.

    Returns:
        The same kind of frame, with ``comparator``, ``unit``, ``target_e4``,
        ``actual_e4`` and ``tier``.

    Raises:
        FrameError: If a column is missing or holds no text, or the frame is lazy.

    >>> import polars as pl
    >>> read = read_texts(pl.DataFrame({"target": ["≥50公里", "健全"], "actual": ["48公里", "已完成"]}))
    >>> read.select("comparator", "unit", "target_e4", "actual_e4", "tier").rows()
    [('≥', '公里', 500000, 480000, None), (None, None, None, None, 'achieved')]
    """
    nw = narwhals_or_raise()
    given = Input(frame, columns)
    given.needs("target", "actual")
    if not isinstance(given.frame, nw.DataFrame):
        raise FrameError("texts are read on an eager frame; collect it first")
    given.text("target")
    given.text("actual")
    names = [given.there(name) for name in ("target", "actual")]
    pairs = list(zip(*(given.frame[name].to_list() for name in names), strict=True))
    read = {pair: _read(*pair) for pair in set(pairs)}
    backend = given.frame.implementation
    types = {
        "comparator": nw.String,
        "unit": nw.String,
        "target_e4": nw.Int64,
        "actual_e4": nw.Int64,
        "tier": nw.String,
    }
    read_columns = {}
    for place, (name, dtype) in enumerate(types.items()):
        values = [read[pair][place] for pair in pairs]
        # pandas keeps whole numbers with gaps as floats.
        kind = nw.Float64 if backend.is_pandas() and dtype is nw.Int64 and None in values else dtype
        read_columns[name] = nw.new_series(name, values, kind, backend=backend)
    made: Frame = nw.to_native(given.frame.with_columns(*read_columns.values()))
    return made


def _read(target_text: Any, actual_text: Any) -> _Read:
    target = _or_none(parse_target, target_text)
    actual = _or_none(parse_actual, actual_text)
    if isinstance(actual, Judgement):
        return _Read(tier=None if actual.tier is None else actual.tier.value)
    if not isinstance(target, Threshold):
        return _Read()
    sign = None if target.comparator is Comparator.UNSTATED else target.comparator.value
    reached = None
    if isinstance(actual, Quantity) and actual.bound is Bound.EXACT:
        converted = in_unit_of(actual, target.unit)
        reached = None if isinstance(converted, Reason) else _e4(converted)
    return _Read(sign, target.unit, _e4(target.value), reached)


def _or_none(parse: Any, text: Any) -> Any:
    if not isinstance(text, str):
        return None
    try:
        return parse(text)
    except TextError:
        return None


def _e4(value: Any) -> int | None:
    scaled = CONTEXT.scaleb(value, SUFFIXES["_e4"])
    return int(scaled) if scaled == int(scaled) and abs(int(scaled)) < 2**63 else None
