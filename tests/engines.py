"""Every dataframe engine, by a constructor each: rows in, rows out."""

from __future__ import annotations

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

SCHEMA = {
    "row": pl.Int64,
    "project_id": pl.Int64,
    "kind": pl.String,
    "comparator": pl.String,
    "unit": pl.String,
    "tier": pl.String,
    "share": pl.Int64,
    "share_e4": pl.Int64,
    "target": pl.Int64,
    "actual": pl.Int64,
    "weight": pl.Int64,
    "stated_score": pl.Int64,
    "stated_score_cents": pl.Int64,
    "adjusted_budget": pl.Int64,
    "original_budget": pl.Int64,
    "actual_expenditure": pl.Int64,
    "finished": pl.Boolean,
}


def polars(rows, other=()):
    """The rows; *other* types than ours where they are asked for."""
    names = list(rows[0]) if rows else list(SCHEMA)
    return pl.DataFrame(rows, schema={name: SCHEMA[name] for name in names} | dict(other))


def nullable(frame):
    """The masked types of pandas, where it has some; else those that it takes over."""
    masked = {pl.String: "string", pl.Boolean: "boolean"}
    masked |= {
        dtype: str(dtype)
        for dtype in (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)
    }
    masked |= {pl.Float32: "Float32", pl.Float64: "Float64"}
    kinds = {name: masked[dtype] for name, dtype in frame.schema.items() if dtype in masked}
    return frame.to_pandas(use_pyarrow_extension_array=True).astype(kinds)


def duck(frame):
    given = frame.to_arrow()  # noqa: F841  # DuckDB finds it by its name
    return duckdb.sql("select * from given")


OF_POLARS = {
    "polars": lambda frame: frame,
    "polars lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pandas nullable": nullable,
    "pandas pyarrow": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": duck,
}
"""How each engine is told a frame of polars."""


def _constructor(of_polars):
    return lambda rows, other=(): of_polars(polars(rows, other))


ENGINES = {name: _constructor(of_polars) for name, of_polars in OF_POLARS.items()}
EAGER = ("polars", "pandas", "pandas nullable", "pandas pyarrow", "pyarrow")


def types_of(frame):
    """The engine's own types, by column."""
    if isinstance(frame, pa.Table):
        return dict(zip(frame.column_names, frame.schema.types, strict=True))
    if isinstance(frame, pl.LazyFrame):
        return dict(frame.collect_schema())
    kinds = frame.types if isinstance(frame, duckdb.DuckDBPyRelation) else frame.dtypes
    return dict(zip(frame.columns, kinds, strict=True))


def back(frame, key):
    """The rows of a frame, by their key; a missing number is `None` on every engine."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pl.DataFrame):
        rows = frame.to_dicts()
    elif isinstance(frame, pd.DataFrame):
        rows = pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
    elif isinstance(frame, duckdb.DuckDBPyRelation):
        names = frame.columns
        rows = [dict(zip(names, values, strict=True)) for values in frame.fetchall()]
    elif isinstance(frame, pa.Table):
        rows = frame.to_pylist()
    else:
        rows = [row.asDict() for row in frame.collect()]
    plain = [{name: whole(value) for name, value in row.items()} for row in rows]
    return sorted(plain, key=lambda row: (row[key] is None, row[key] or 0))


def whole(value):
    """pandas keeps whole numbers with gaps as floats."""
    if isinstance(value, float):
        if value in (float("inf"), -float("inf")):
            return value
        return None if value != value else int(value)  # noqa: PLR0124  # not a number
    return value
