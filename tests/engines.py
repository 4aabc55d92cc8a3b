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
    "adjusted_budget": pl.Int64,
    "original_budget": pl.Int64,
    "actual_expenditure": pl.Int64,
    "finished": pl.Boolean,
}


def polars(rows, other=()):
    """The rows; *other* types than ours where they are asked for."""
    names = list(rows[0]) if rows else list(SCHEMA)
    return pl.DataFrame(rows, schema={name: SCHEMA[name] for name in names} | dict(other))


def lazy(rows, other=()):
    return polars(rows, other).lazy()


def pandas(rows, other=()):
    return polars(rows, other).to_pandas()


def nullable(rows, other=()):
    return (
        polars(rows, other).to_pandas(use_pyarrow_extension_array=True).convert_dtypes(dtype_backend="numpy_nullable")
    )


def pandas_arrow(rows, other=()):
    return polars(rows, other).to_pandas(use_pyarrow_extension_array=True)


def pyarrow(rows, other=()):
    return polars(rows, other).to_arrow()


def duck(rows, other=()):
    given = polars(rows, other).to_arrow()  # noqa: F841  # DuckDB finds it by its name
    return duckdb.sql("select * from given")


ENGINES = {
    "polars": polars,
    "polars lazy": lazy,
    "pandas": pandas,
    "pandas nullable": nullable,
    "pandas pyarrow": pandas_arrow,
    "pyarrow": pyarrow,
    "duckdb": duck,
}


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
        return None if value != value else int(value)  # noqa: PLR0124  # not a number
    return value
