"""Places and what they are parts of, by their codes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from perfeval.cited import data_folder, read_toml
from perfeval.errors import ModelError
from perfeval.i18n import Words
from perfeval.members import folded, nearest

__all__ = ["nation", "place_named", "place_words", "places_above", "scope_words", "to_place"]


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


def to_place(value: str | None) -> str | None:
    """Return the code of a place, given by its code or by its name as it is known.

    Raises:
        ModelError: If there is no such place.

    >>> to_place("130225"), to_place("湖北省"), to_place("湖北"), to_place("Hubei"), to_place(None)
    ('130225', 'CN-HB', 'CN-HB', 'CN-HB', None)
    """
    if value is None or (isinstance(value, str) and places_above(value)):
        return value
    by_name = _codes_by_name()
    if isinstance(value, str) and folded(value) in by_name:
        return by_name[folded(value)]
    near = nearest(folded(value), by_name) if isinstance(value, str) else ""
    raise ModelError(f"expected the code of a place (ISO 3166-2 or GB/T 2260) or its name, got {value!r}{near}")


@cache
def _codes_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, words in _place_table()["names"].items():
        for word in words.values():
            found[folded(word)] = code
        if code in _place_table()["provinces"].values():
            # The name without its last sign is no other place's.
            found[words["zh_CN"].removesuffix("省").removesuffix("市")] = code
    return found


def place_words(name: str) -> Words:
    """Return what a place is called, from the province down; a code that has no name stands for itself.

    >>> place_words("CN-HE").en, place_words("420107")
    ('Hebei', Words(zh_CN='湖北省武汉市青山区', en='青山区 (420107), Hubei'))
    """
    names: dict[str, dict[str, str]] = _place_table()["names"]
    if name in names:
        return Words(**names[name])
    province = next((Words(**names[place]) for place in places_above(name) if place in names), None)
    if province is None or name.endswith("0000"):
        return province or Words(name, name)
    divisions = _divisions()
    own = divisions.get(name)
    if own is None:
        return Words(f"{province.zh_CN}{name}", f"{name}, {province.en}")
    city = "" if name.endswith("00") else divisions.get(f"{name[:4]}00", "")
    return Words(f"{province.zh_CN}{city}{own}", f"{own} ({name}), {province.en}")


@cache
def _divisions() -> dict[str, str]:
    lines = (data_folder() / "divisions.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if not line.startswith("#"))


def scope_words(scope: str) -> Words:
    """Return what rule sets of a scope are for; a scope of your own is its own name.

    >>> scope_words("department").zh_CN, scope_words("of my own").en
    ('部门整体支出', 'of my own')
    """
    row = _place_table()["scopes"].get(scope)
    return Words(scope, scope) if row is None else Words(row["zh_CN"], row["en"])


def place_named(text: str) -> str | None:
    """Return the place that a name begins with, the closest one that is known; `None` if it begins with none.

    >>> place_named("重庆市梁平区林业局"), place_named("临沧市永德县明朗中学"), place_named("清和县水利局")
    ('CN-CQ', '530923', None)
    """
    found = max((name for name in _place_names() if text.startswith(name)), key=len, default=None)
    return None if found is None else _place_names()[found]


@cache
def _place_names() -> dict[str, str]:
    """What names of units begin with, and the place: the whole name, or it without its province."""
    names: dict[str, str] = {}
    for code, words in _place_table()["names"].items():
        parts = _PARTS.findall(words["zh_CN"])
        if code == nation() or "".join(parts) != words["zh_CN"]:
            continue
        names["".join(parts)] = code
        # A county alone may be one of several of its name; a city is not.
        if len(parts) > 1 and (len(parts) > 2 or parts[1].endswith("市")):
            names.setdefault("".join(parts[1:]), code)
    return names


_PARTS = re.compile("[^省市县区州盟旗]+(?:自治区|特别行政区|自治州|自治县|省|市|县|区|州|盟|旗)")


@cache
def _place_table() -> dict[str, Any]:
    return read_toml(data_folder() / "places.toml")
