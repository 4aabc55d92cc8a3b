"""What drives every engine: narwhals, imported when it is used; and what an engine says, in our words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from perfeval.errors import FrameError, MissingExtraError, PerfevalError

__all__ = ["integer", "narwhals_or_raise", "told"]

P = ParamSpec("P")
T = TypeVar("T")


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


def told(function: Callable[P, T]) -> Callable[P, T]:
    """Return *function*, raising one kind of error whatever the engine raises.

    What a frame may not be is refused by name before any work; this is for
    what only the engine can tell: a file that is gone, a column that it does
    not compare.
    """

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except PerfevalError:
            raise
        # Engines raise their own classes and built-in ones alike; the cause is kept.
        except Exception as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:
                # The call itself does not fit the function: no frame was looked at.
                raise
            said = (str(error).strip().splitlines() or [""])[0]
            raise FrameError(f"the dataframe's engine cannot compute it: {type(error).__name__}: {said}") from error

    return checked
