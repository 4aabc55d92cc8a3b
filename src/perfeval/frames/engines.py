"""What drives every engine: narwhals, imported when it is used."""

from __future__ import annotations

from typing import Any

from perfeval.errors import MissingExtraError

__all__ = ["integer", "narwhals_or_raise"]


def narwhals_or_raise() -> Any:
    """Return narwhals, or say what to install.

    Raises:
        MissingExtraError: If it is not there.
    """
    try:
        import narwhals.stable.v2 as nw
    except ImportError as error:
        raise MissingExtraError("dataframes need narwhals: pip install 'perfeval[frames]'") from error
    return nw


def integer(number: int) -> Any:
    """Return a column of one whole number of 64 bits."""
    nw = narwhals_or_raise()
    return nw.lit(int(number), dtype=nw.Int64)
