"""Places and what they are parts of, by their codes."""

from __future__ import annotations

from functools import cache
from typing import Any

from perfeval.cited import data_folder, read_toml

__all__ = ["nation", "places_above"]


def places_above(name: str) -> tuple[str, ...]:
    """Return the place itself and its parents, the nearest first; nothing if it is no place.

    >>> places_above("130225")
    ('130225', '130200', '130000', 'CN-HE', 'CN')
    """
    table = _place_table()
    provinces: dict[str, str] = table["provinces"]
    if len(name) == 6 and name.isascii() and name.isdigit() and name[:2] in provinces:
        above = [name[:4] + "00", name[:2] + "0000"]
        return tuple(dict.fromkeys([name, *above, provinces[name[:2]], nation()]))
    if name in provinces.values():
        return (name, nation())
    return (name,) if name == nation() else ()


def nation() -> str:
    """Return the place whose rules apply where a place has none.

    >>> nation()
    'CN'
    """
    return str(_place_table()["nation"])


@cache
def _place_table() -> dict[str, Any]:
    return read_toml(data_folder() / "places.toml")
