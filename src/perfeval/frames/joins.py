"""Projects and their indicators together: a sum of each project's lines beside its row.

The user's columns take no part in it. Eager frames get the sums in the order of
their rows, and so keep every type, row and index; in lazy ones the engine joins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from perfeval.errors import FrameError
from perfeval.frames.engines import integer, narwhals_or_raise
from perfeval.frames.inputs import Input, listed

__all__ = ["joined"]

# Whole numbers above are not told apart in a float.
_WHOLE = 2**53


def joined(
    given: Input,
    rows: Input,
    scored: Any,
    lines: Any,
    sums: Mapping[str, Any],
    unmet: Mapping[str, tuple[str, int]],
    *,
    orphans: bool,
) -> Any:
    """Return *scored* with the sums of each project's lines.

    Args:
        given: The projects as they came.
        rows: The indicators as they came.
        scored: The projects with their execution scores.
        lines: The indicators.
        sums: What is summed of them, by name.
        unmet: Columns made of those of *scored*, and what they are where there is no project.
        orphans: Whether to add a row for each project that only *lines* know.

    Returns:
        The rows of *scored* with the sums, ``_pe_orphan`` (no project, or
        none with an id) and ``_pe_twice`` (an id that stands more than once).
    """
    nw = narwhals_or_raise()
    col = nw.col
    if given.frame.implementation is not rows.frame.implementation or given.eager is not rows.eager:
        raise FrameError(
            "projects and indicators of one engine are expected, got"
            f" {type(given.frame.to_native()).__name__} and {type(rows.frame.to_native()).__name__}"
        )
    own, foreign = _eager_ids(given, rows) if given.eager else _lazy_ids(given, rows)
    lines = lines.select(foreign.alias("_pe_id"), **sums, _pe_heads=integer(0))
    keyed = scored.with_columns(own.alias("_pe_key"))
    # How often an id stands among the projects is counted on the way: that is cheaper than to look for it twice.
    empty = {name: integer(0) for name in sums}
    heads = keyed.select(col("_pe_key").alias("_pe_id"), **empty, _pe_heads=integer(1))
    heads = heads.filter(~col("_pe_id").is_null())
    names = [*sums, "_pe_heads"]
    found = nw.concat([lines, heads], how="vertical").group_by("_pe_id").agg(*(col(name).sum() for name in names))
    both = (_beside if given.eager else _full)(given, keyed, found, names, orphans=orphans)
    whole = {name: col(name).fill_null(0).cast(nw.Int64) for name in sums}
    whole |= {name: col(theirs).fill_null(value).cast(nw.Int64) for name, (theirs, value) in unmet.items()}
    return both.with_columns(**whole, _pe_twice=(col("_pe_heads") > 1).fill_null(value=False))


def _full(given: Input, keyed: Any, found: Any, names: Sequence[str], *, orphans: bool) -> Any:
    """In the engine."""
    nw = narwhals_or_raise()
    col, key = nw.col, given.there("project_id")
    # Spark names the key of a full join in its own way: both sides keep a key of their own.
    found = found.select("_pe_id", *names)
    both = keyed.join(found, left_on="_pe_key", right_on="_pe_id", how="full" if orphans else "left", suffix="_right")
    orphan = col(key).is_null()
    if not orphans:
        return both.with_columns(_pe_orphan=orphan)
    ids = col("_pe_id")
    ids = ids.cast(given.schema[key]) if given.schema[key] == nw.Decimal else ids
    return both.with_columns(_pe_orphan=orphan).with_columns(**{key: nw.when(orphan).then(ids).otherwise(col(key))})


def _beside(given: Input, keyed: Any, found: Any, names: Sequence[str], *, orphans: bool) -> Any:
    """Beside the rows, in their order; after them those that have no project."""
    nw = narwhals_or_raise()
    col = nw.col
    numbered = keyed.select("_pe_key").with_row_index("_pe_row")
    # pandas joins what is missing with what is missing.
    known = found.filter(~col("_pe_id").is_null())
    beside = numbered.join(known, left_on="_pe_key", right_on="_pe_id", how="left").sort("_pe_row").select(*names)
    both = nw.concat([keyed.with_columns(_pe_orphan=col("_pe_key").is_null()), beside], how="horizontal")
    strangers = found.filter(col("_pe_heads") == 0)
    return _with_orphans(given, both, strangers, names) if orphans and len(strangers) else both


def _with_orphans(given: Input, both: Any, orphans: Any, names: Sequence[str]) -> Any:
    """Rows added for projects that only indicators know; raise where that would change a column of the user's."""
    nw = narwhals_or_raise()
    key = given.there("project_id")
    ids = sorted(orphans["_pe_id"].drop_nulls().to_list())
    ids += ["no id"] if len(ids) < len(orphans) else []
    told = f"indicators of projects that are not among the projects ({listed(ids)})"
    rows = orphans.select(nw.col("_pe_id").alias(key), *names, _pe_orphan=nw.lit(value=True))
    narrow = f"{told}: {given.schema[key]} ({key}) cannot hold them; leave them out first"
    try:
        typed = _as_type(given, rows, key)
    except Exception as error:
        # What an id cannot become is each engine's own error.
        raise FrameError(narrow) from error
    if typed[key].drop_nulls().to_list() != rows[key].drop_nulls().to_list():
        raise FrameError(narrow)
    try:
        made = nw.concat([both, typed], how="diagonal")
    except Exception as error:
        # pandas has columns of Arrow's that it cannot lengthen.
        raise FrameError(f"{told} need rows of their own, which the engine cannot add: {error}") from error
    before, after = _types(given.frame), _types(made)
    changed = [f"{name} ({dtype})" for name, dtype in before.items() if after.get(name, dtype) != dtype]
    if changed:
        raise FrameError(
            f"{told} need rows of their own, and these columns hold no gaps: {listed(changed)};"
            " convert_dtypes() makes them such as do, or leave these indicators out"
        )
    return made


def _types(frame: Any) -> dict[str, Any]:
    """The engine's own types, by name: pandas' int64 and Int64 are one to narwhals."""
    native = frame.to_native()
    types = native.schema.types if frame.implementation.is_pyarrow() else native.dtypes
    return dict(zip(frame.columns, types, strict=True))


def _as_type(given: Input, rows: Any, key: str) -> Any:
    """The rows, their ids of the engine's own type of the projects' ids."""
    nw = narwhals_or_raise()
    native, dtype = rows.to_native(), _types(given.frame)[key]
    if rows.implementation.is_pandas():
        return nw.from_native(native.astype({key: dtype}))
    if rows.implementation.is_pyarrow():
        return nw.from_native(native.set_column(0, key, native[key].cast(dtype)))
    return rows.with_columns(nw.col(key).cast(given.schema[key]))


def _kind_of_ids(given: Input) -> tuple[str, Any]:
    """The user's name of the ids, and their type; raise if ids cannot be of it."""
    nw = narwhals_or_raise()
    name = given.there("project_id")
    dtype = given.schema[name]
    odd = dtype.is_float() and not given.frame.implementation.is_pandas()
    if odd or dtype in (nw.List, nw.Struct, nw.Array, nw.Duration):
        raise FrameError(f"{name}: expected ids of whole numbers or text, got {dtype}")
    return name, dtype


def _lazy_ids(given: Input, rows: Input) -> tuple[Any, Any]:
    """The ids of projects and of indicators' projects, of the projects' type."""
    nw = narwhals_or_raise()
    (ours, own), (theirs, foreign) = _kind_of_ids(given), _kind_of_ids(rows)
    ids = nw.col(ours), nw.col(theirs)
    if own == foreign:
        return _joinable(given, ids, own)
    words = (nw.String, nw.Categorical, nw.Enum)
    fits = own.is_integer() and foreign.is_integer() and _within(foreign, own)
    if fits or (own == nw.String and foreign in words):
        return ids[0], ids[1].cast(own)
    if (own.is_integer() and foreign.is_integer()) or (own in words and foreign in words):
        raise FrameError(
            f"project ids of one type are expected, got {own} ({ours}) and {foreign} ({theirs}), which holds more;"
            " cast the projects' first"
        )
    raise _two_kinds(ours, own, theirs, foreign)


def _joinable(given: Input, ids: tuple[Any, Any], dtype: Any) -> tuple[Any, Any]:
    """The ids, as text where polars joins no decimals: not before its second version."""
    nw = narwhals_or_raise()
    if dtype == nw.Decimal and given.frame.implementation.is_polars():
        return ids[0].cast(nw.String), ids[1].cast(nw.String)
    return ids


def _two_kinds(ours: str, own: Any, theirs: str, foreign: Any) -> FrameError:
    return FrameError(f"project ids of one type are expected, got {own} ({ours}) and {foreign} ({theirs})")


def _within(inner: Any, outer: Any) -> bool:
    """Whether a type of whole numbers holds every number of another."""
    bits, others = (int(str(dtype).lstrip("UInt")) for dtype in (inner, outer))
    if inner.is_unsigned_integer():
        return bits <= others if outer.is_unsigned_integer() else bits < others
    return outer.is_signed_integer() and bits <= others


def _eager_ids(given: Input, rows: Input) -> tuple[Any, Any]:
    """The ids of projects and of indicators' projects, of one type that holds both."""
    nw = narwhals_or_raise()
    (ours, own), (theirs, foreign) = _kind_of_ids(given), _kind_of_ids(rows)
    ids = given.frame[ours], rows.frame[theirs]
    if own.is_float() or foreign.is_float():
        return _whole_ids(given, ours), _whole_ids(rows, theirs)
    words = (nw.String, nw.Categorical, nw.Enum, nw.Object)
    if own in words and foreign in words:
        text = [_holds_text(series, name) for series, name in zip(ids, (ours, theirs), strict=True)]
        if text[0] is text[1]:
            return (_text_ids(ids[0]), _text_ids(ids[1])) if text[0] else ids
    if own == foreign:
        return _joinable(given, ids, own)
    if own.is_integer() and foreign.is_integer():
        wide = (nw.UInt64, nw.UInt128, nw.Int128)
        if own not in wide and foreign not in wide:
            return ids[0].cast(nw.Int64), ids[1].cast(nw.Int64)
    raise _two_kinds(ours, own, theirs, foreign)


def _whole_ids(given: Input, name: str) -> Any:
    """Ids of pandas as integers with gaps: a float beyond 2^53 has lost digits already."""
    nw = narwhals_or_raise()
    column = nw.col(name)
    if not given.schema[name].is_numeric():
        raise FrameError(f"{name}: expected ids of numbers, as on the other side, got {given.schema[name]}")
    if given.schema[name].is_float():
        odd = given.frame.filter(
            ~column.is_null() & ((column != column.floor()) | (column >= _WHOLE) | (column <= -_WHOLE))
        )
        if len(odd):
            raise FrameError(
                f"{name}: expected whole ids below 2^53, got {listed(odd[name].to_list())}: pandas keeps numbers with"
                " gaps as floats, which hold no more digits; read the column as Int64 or as text"
            )
    return nw.from_native(given.frame.to_native()[name].astype("Int64"), series_only=True)


def _holds_text(series: Any, name: str) -> bool:
    """Whether ids are text; pandas' columns of anything are looked into."""
    nw = narwhals_or_raise()
    if series.dtype != nw.Object:
        return True
    text = [isinstance(value, str) for value in series.drop_nulls().to_list()]
    if any(text) and not all(text):
        odd = [value for value in series.drop_nulls().to_list() if not isinstance(value, str)]
        raise FrameError(f"{name}: expected ids of text or of numbers, not of both, got {listed(odd)}")
    return all(text)


def _text_ids(series: Any) -> Any:
    nw = narwhals_or_raise()
    if series.implementation.is_pyarrow():
        # Arrow has texts of two widths, which it does not put together.
        return nw.from_native(series.to_native().cast("large_string"), series_only=True)
    return series if series.dtype == nw.String else series.cast(nw.String)
