"""Numbers in, whole numbers of the finest unit out, and back.

`to_fixed` makes ``adjusted_budget_fen`` of ``adjusted_budget``, ``weight_cents``
of ``weight``, ``target_e4`` of ``target``; what is finer than that is refused,
never rounded. `to_decimal` makes exact decimals of cents and fen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from perfeval.amounts import CONTEXT, AmountUnit, exact, to_amount_unit
from perfeval.errors import AmountError, FrameError
from perfeval.frames.engines import narwhals_or_raise, told
from perfeval.frames.expressions import choose
from perfeval.frames.inputs import SUFFIXES, Columns, Input, listed, unit_of_heading

__all__ = ["to_decimal", "to_fixed"]

Frame = TypeVar("Frame")

_LARGEST = 2**63 - 1
# A float holds 15 significant digits; whole numbers above are not told apart from their neighbours.
_FLOAT_DIGITS = 15
# Thousands are grouped by three or not at all: 1,23 is no number.
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)


@told
def to_fixed(
    frame: Frame,
    *,
    money: Iterable[str] = (),
    points: Iterable[str] = (),
    figures: Iterable[str] = (),
    unit: AmountUnit | str = AmountUnit.YUAN,
    columns: Columns = None,
) -> Frame:
    """Return the frame with whole numbers beside the columns named.

    A float is the number of 15 significant digits that it stands for, as in
    the cell of a spreadsheet.

    Args:
        frame: A frame. Text and decimals are read on eager frames only: a
            lazy one cannot refuse a value.
        money: Columns of money in *unit*; each gets a ``…_fen``.
        points: Columns of points; each gets a ``…_cents``.
        figures: Columns of targets, actuals and shares; each gets an ``…_e4``.
        unit: The unit of the money: 元, 万元 or 亿元.
        columns: The frame's own headings, as for `score_indicators`; the
            columns can then be named by either name.

    Returns:
        The same kind of frame. In a lazy frame a number that is too fine or
        too large becomes one that is out of every range: its row has that status.

    Raises:
        FrameError: If a column is missing, or there already; or, on an eager
            frame, if it holds a value that is no number, is finer than its
            unit, or too large: the first ten are named.

    >>> import polars as pl
    >>> frame = pl.DataFrame({"adjusted_budget": ["65.63", None], "weight": [12.5, 10.0]})
    >>> fixed = to_fixed(frame, money=["adjusted_budget"], points=["weight"], unit="万元")
    >>> fixed["adjusted_budget_fen"].to_list(), fixed["weight_cents"].to_list()
    ([65630000, None], [1250, 1000])
    """
    nw = narwhals_or_raise()
    given = Input(frame, columns)
    shift = to_amount_unit(unit).exponent
    asked = [(name, "_fen", shift) for name in _names(money, "money")]
    asked += [(name, "_cents", 0) for name in _names(points, "points")]
    asked += [(name, "_e4", 0) for name in _names(figures, "figures")]
    missing = [name for name, _, _ in asked if given.named(name) is None]
    if missing:
        raise FrameError(f"missing columns: {'; '.join(missing)}; there are {', '.join(given.schema)}")
    given.free(f"{name}{suffix}" for name, suffix, _ in asked)
    for name, suffix, _ in asked:
        told = unit_of_heading(given.there(name)) if suffix == "_fen" else None
        if told is not None and to_amount_unit(told) is not to_amount_unit(unit):
            raise FrameError(f"{given.there(name)}: its heading says {told}, and unit says {to_amount_unit(unit)}")
    whole = {
        f"{name}{suffix}": _whole(given, given.there(name), SUFFIXES[suffix] + more) for name, suffix, more in asked
    }
    made: Frame = nw.to_native(given.frame.with_columns(**whole))
    return made


def _names(names: Iterable[str], what: str) -> list[str]:
    if isinstance(names, str):
        raise FrameError(f"{what}: expected the names of columns, got the text {names!r}; write [{names!r}]")
    return list(dict.fromkeys(names))


def _whole(given: Input, name: str, digits: int) -> Any:
    nw = narwhals_or_raise()
    dtype = given.schema[name]
    if given.is_empty(name):
        return given.nothing(name)
    if dtype.is_integer():
        return _integers(given, name, dtype, digits)
    if dtype.is_float():
        return _floats(given, name, digits)
    if not given.eager:
        raise FrameError(f"{name}: {dtype} is read on an eager frame; collect it first, or cast it to integers")
    if dtype not in (nw.String, nw.Categorical, nw.Enum, nw.Object, nw.Decimal):
        raise FrameError(f"{name}: expected numbers, got {dtype}")
    return _mapped(given, name, digits)


def _integers(given: Input, name: str, dtype: Any, digits: int) -> Any:
    """Whole numbers times a power of ten, within 64 bits."""
    nw = narwhals_or_raise()
    most = _LARGEST // 10**digits
    column = nw.col(name)
    if dtype in (nw.UInt64, nw.UInt128, nw.Int128):
        # In the column's own type: 64 bits may not hold what it holds.
        top, bottom = nw.lit(most, dtype=dtype), nw.lit(-most if dtype == nw.Int128 else 0, dtype=dtype)
        low, high = column < bottom, column > top
        held = choose([(low, bottom), (high, top)], column).cast(nw.Int64)
    else:
        column = column.cast(nw.Int64)
        low, high = column < -most, column > most
        held = choose([(low, nw.lit(-most, dtype=nw.Int64)), (high, nw.lit(most, dtype=nw.Int64))], column)
    if given.eager:
        large = given.frame.filter((low | high).fill_null(value=False))
        if len(large):
            raise FrameError(f"{name}: expected at most {most}, got {listed(large[name].to_list())}")
        held = column.cast(nw.Int64)
    return held * 10**digits


def _floats(given: Input, name: str, digits: int) -> Any:
    """Floats that stand for whole numbers of the finer unit."""
    nw = narwhals_or_raise()
    column = nw.col(name).cast(nw.Float64)
    size = nw.max_horizontal(column, -column)
    scaled = column * float(10**digits)
    whole = (scaled + 0.5).floor()
    off = nw.max_horizontal(scaled - whole, whole - scaled)
    # Half a step of the fifteenth digit, larger for larger numbers.
    most = float(10 ** (_FLOAT_DIGITS - digits))
    places = range(_FLOAT_DIGITS - digits - 1, -digits - 1, -1)
    near = [(size >= 10.0**place, off <= 0.5 * 10.0 ** (place + 1 + digits - _FLOAT_DIGITS)) for place in places]
    fits = (size < most) & choose(near, off == 0.0)
    fits = fits.fill_null(value=False)
    if given.eager:
        odd = given.frame.filter(~fits & ~nw.col(name).is_null())[name].to_list()
        large = [value for value in odd if not abs(value) < most]
        if large:
            raise FrameError(f"{name}: expected numbers below 10^{_FLOAT_DIGITS - digits}, got {listed(large)}")
        _refuse(odd, name, digits)
    # The caller of a lazy frame is told by the status: out of range.
    kept = nw.when(fits).then(whole).otherwise(float(2**62))
    filled = nw.when(~nw.col(name).is_null()).then(kept)
    return filled if given.gaps_are_floats(name) else filled.cast(nw.Int64)


def _refuse(values: list[Any], name: str, digits: int) -> None:
    if values:
        raise FrameError(f"{name}: expected at most {digits} decimal places, got {listed(values)}")


def _mapped(given: Input, name: str, digits: int) -> Any:
    """Text and decimals: each distinct value is read once."""
    nw = narwhals_or_raise()
    column = nw.col(name)
    if given.schema[name] == nw.Decimal and given.frame.implementation.is_polars():
        # polars looks no decimals up, not before its second version.
        column = column.cast(nw.String)
    present = given.frame.select(column)[name].drop_nulls()
    # pandas keeps whole numbers with gaps as floats, and those are whole up to 2^53.
    most = 2**53 if given.frame.implementation.is_pandas() and len(present) < len(given.frame) else _LARGEST
    found: dict[Any, int] = {}
    no_numbers, fine, large = [], [], []
    for value in present.unique().to_list():
        try:
            number = exact(_written(value) if isinstance(value, str) else value)
        except AmountError:
            no_numbers.append(value)
            continue
        scaled = CONTEXT.scaleb(number, digits)
        if scaled != int(scaled):
            fine.append(value)
        elif not -most <= scaled <= most:
            large.append(value)
        else:
            found[value] = int(scaled)
    if no_numbers:
        raise FrameError(f"{name}: expected numbers, got {listed(no_numbers)}")
    _refuse(fine, name, digits)
    if large:
        raise FrameError(f"{name}: expected at most {most // 10**digits}, got {listed(large)}")
    keys = list(found)
    filled = column.fill_null(keys[0]).replace_strict(keys, list(found.values()), return_dtype=nw.Int64)
    return nw.when(~nw.col(name).is_null()).then(filled)


def _written(text: str) -> str:
    """A number as it is written, without spaces around it and without its groups of thousands."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


@told
def to_decimal(frame: Frame, columns: Iterable[str]) -> Frame:
    """Return the frame with exact decimals beside columns of cents or fen.

    ``score_cents`` gets a ``score`` in points, ``adjusted_budget_fen`` an
    ``adjusted_budget`` in yuan, of two decimals.

    Raises:
        FrameError: If a column is missing, ends in neither ``_cents`` nor
            ``_fen``, or holds no whole numbers; or if what is made is there already.

    >>> import polars as pl
    >>> to_decimal(pl.DataFrame({"score_cents": [4800, None]}), ["score_cents"])["score"].to_list()
    [Decimal('48.00'), None]
    """
    nw = narwhals_or_raise()
    given = Input(frame, None)
    decimals = {}
    for name in _names(columns, "columns"):
        short = name.removesuffix("_cents").removesuffix("_fen")
        if name not in given.schema or short == name:
            raise FrameError(f"{name}: expected a column of cents or fen; there are {', '.join(given.schema)}")
        whole = given.whole(name).cast(nw.Decimal(21, 2))
        decimals[short] = (whole * nw.lit(Decimal("0.01"))).cast(nw.Decimal(21, 2))
    given.free(decimals)
    made: Frame = nw.to_native(given.frame.with_columns(**decimals))
    return made
