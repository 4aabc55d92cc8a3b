"""The door of the frames: numbers in, whole numbers of the finest unit out, and back.

`to_fixed` makes ``adjusted_budget_fen`` of ``adjusted_budget``, ``weight_cents``
of ``weight``, ``target_e4`` of ``target``; what is finer than that is refused,
never rounded. `to_decimal` makes exact decimals of cents and fen.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from perfeval.amounts import CONTEXT, AmountUnit, exact, to_amount_unit
from perfeval.errors import AmountError, FrameError
from perfeval.frames.engines import narwhals_or_raise

__all__ = ["SUFFIXES", "listed", "to_decimal", "to_fixed"]

Frame = TypeVar("Frame")

# Digits of each suffix: a fen is a hundredth of a yuan, a cent of a point.
SUFFIXES = {"_fen": 2, "_cents": 2, "_e4": 4}
_LARGEST = 2**63 - 1
# What a float of 15 digits can be off by, once it is whole.
_OFF = 1e-3


def to_fixed(
    frame: Frame,
    *,
    money: Iterable[str] = (),
    points: Iterable[str] = (),
    figures: Iterable[str] = (),
    unit: AmountUnit | str = AmountUnit.YUAN,
) -> Frame:
    """Return the frame with whole numbers beside the columns named.

    Args:
        frame: A frame. Text and decimals of more digits are read on eager
            frames only: a lazy one cannot refuse a value.
        money: Columns of money in *unit*; each gets a ``…_fen``.
        points: Columns of points; each gets a ``…_cents``.
        figures: Columns of targets, actuals and shares; each gets an ``…_e4``.
        unit: The unit of the money: 元, 万元 or 亿元.

    Raises:
        FrameError: If a column is missing, or holds a value that is no number,
            is finer than its unit, or too large: the first ten are named.

    >>> import polars as pl
    >>> frame = pl.DataFrame({"adjusted_budget": ["65.63", None], "weight": [12.5, 10.0]})
    >>> fixed = to_fixed(frame, money=["adjusted_budget"], points=["weight"], unit="万元")
    >>> fixed["adjusted_budget_fen"].to_list(), fixed["weight_cents"].to_list()
    ([65630000, None], [1250, 1000])
    """
    nw = narwhals_or_raise()
    data = nw.from_native(frame)
    schema = data.collect_schema()
    shift = to_amount_unit(unit).exponent
    asked = [(name, "_fen", shift) for name in money] + [(name, "_cents", 0) for name in points]
    asked += [(name, "_e4", 0) for name in figures]
    missing = [name for name, _, _ in asked if name not in schema]
    if missing:
        raise FrameError(f"missing columns: {'; '.join(missing)}; there are {', '.join(schema)}")
    for name, suffix, more in asked:
        digits = SUFFIXES[suffix] + more
        data = data.with_columns(**{f"{name}{suffix}": _whole(data, name, schema[name], digits)})
    made: Frame = nw.to_native(data)
    return made


def _whole(data: Any, name: str, dtype: Any, digits: int) -> Any:
    nw = narwhals_or_raise()
    eager = isinstance(data, nw.DataFrame)
    if dtype.is_integer():
        _refuse_large(data, name, digits, eager=eager)
        return nw.col(name) * 10**digits
    if dtype.is_float():
        scaled = nw.col(name) * float(10**digits)
        whole = scaled.round(0)
        if eager:
            off = data.select(nw.col(name), _off=(scaled - whole).abs() > _OFF).filter(nw.col("_off"))
            _refuse(off[name].to_list(), name, digits)
            _refuse_large(data, name, digits, eager=True)
        # The caller of a lazy frame is told by the status: out of range.
        kept = nw.when((scaled - whole).abs() <= _OFF).then(whole).otherwise(float(2**62))
        filled = nw.when(~nw.col(name).is_null()).then(kept)
        return filled if data.implementation.is_pandas() else filled.cast(nw.Int64)
    if not eager:
        raise FrameError(f"{name}: {dtype} is read on an eager frame; collect it first, or cast it to integers")
    return _mapped(data, name, digits)


def _refuse_large(data: Any, name: str, digits: int, *, eager: bool) -> None:
    nw = narwhals_or_raise()
    if eager:
        column = nw.col(name)
        most = _LARGEST // 10**digits
        large = data.filter((column > most) | (column < -most))
        if len(large):
            raise FrameError(f"{name}: expected at most {most}, got {listed(large[name].to_list())}")


def _refuse(values: list[Any], name: str, digits: int) -> None:
    if values:
        raise FrameError(f"{name}: expected at most {digits} decimal places, got {listed(values)}")


def listed(values: list[Any]) -> str:
    """The first ten, and how many more."""
    more = f" and {len(values) - 10} more" if len(values) > 10 else ""
    return ", ".join(str(value) for value in values[:10]) + more


def _mapped(data: Any, name: str, digits: int) -> Any:
    """Text and decimals: each distinct value is read once."""
    nw = narwhals_or_raise()
    distinct = data[name].drop_nulls().unique().to_list()
    found: dict[Any, int] = {}
    no_numbers, fine = [], []
    for value in distinct:
        try:
            number = exact(value.strip().replace(",", "") if isinstance(value, str) else value)
        except AmountError:
            no_numbers.append(value)
            continue
        scaled = CONTEXT.scaleb(number, digits)
        if scaled != int(scaled):
            fine.append(value)
        else:
            found[value] = int(scaled)
    if no_numbers:
        raise FrameError(f"{name}: expected numbers, got {listed(no_numbers)}")
    _refuse(fine, name, digits)
    if not found:
        return nw.lit(0, dtype=nw.Int64) if not len(data) else nw.when(nw.lit(value=False)).then(0)
    keys = list(found)
    filled = nw.col(name).fill_null(keys[0]).replace_strict(keys, list(found.values()), return_dtype=nw.Int64)
    return nw.when(~nw.col(name).is_null()).then(filled)


def to_decimal(frame: Frame, columns: Iterable[str]) -> Frame:
    """Return the frame with exact decimals beside columns of cents or fen.

    ``score_cents`` gets a ``score`` in points, ``adjusted_budget_fen`` an
    ``adjusted_budget`` in yuan, of two decimals.

    Raises:
        FrameError: If a column is missing, or ends in neither ``_cents`` nor ``_fen``.

    >>> import polars as pl
    >>> to_decimal(pl.DataFrame({"score_cents": [4800, None]}), ["score_cents"])["score"].to_list()
    [Decimal('48.00'), None]
    """
    nw = narwhals_or_raise()
    data = nw.from_native(frame)
    schema = data.collect_schema()
    decimals = {}
    for name in columns:
        short = name.removesuffix("_cents").removesuffix("_fen")
        if name not in schema or short == name:
            raise FrameError(f"{name}: expected a column of cents or fen; there are {', '.join(schema)}")
        whole = nw.col(name).cast(nw.Decimal(21, 2))
        decimals[short] = (whole * nw.lit(Decimal("0.01"))).cast(nw.Decimal(21, 2))
    made: Frame = nw.to_native(data.with_columns(**decimals))
    return made
