"""Members of enumerations, by the value that names them.

>>> from perfeval.amounts import AmountUnit
>>> to_member(AmountUnit, "万元", "amount unit")
<AmountUnit.WAN: '万元'>
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from perfeval.errors import AmountError, ModelError

__all__ = ["to_member"]

E = TypeVar("E", bound=StrEnum)


def to_member(kind: type[E], value: E | str, what: str, error: type[AmountError | ModelError] = ModelError) -> E:
    """Return the member of *kind* that *value* names; *what* is for the message.

    Raises:
        ModelError: If it names none; another *error* where one is asked for.
    """
    if isinstance(value, kind):
        return value
    try:
        return kind(value)
    except ValueError:
        raise error(f"expected a {what} ({', '.join(kind)}), got {value!r}") from None
