"""Wrong values in the place of right ones: what a file by hand can hold."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

WRONG = [
    5,
    -1,
    "x",
    "",
    True,
    [],
    {},
    [[1]],
    {"a": 1},
    Decimal("NaN"),
    10**400,
    dt.date(2022, 1, 1),
    "\x1b[31m" + "长" * 500,
]
PYTHON = re.compile(
    r"\b(int|str|dict|tuple|bool|float|Decimal|NoneType|None|True|False|keyword|positional|arguments?|object)\b"
    r"|[{}]|__|\bgot \[|\x1b"
)


def paths_of(value, path=()):
    """The path of every key and of the first row of every list."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield (*path, key)
            yield from paths_of(part, (*path, key))
    elif isinstance(value, list) and value:
        yield (*path, 0)
        yield from paths_of(value[0], (*path, 0))


def changed(table, path, change):
    """The table with the part at *path* changed."""
    if isinstance(table, dict):
        head, *rest = path
        rows = [
            change(key, part)
            if key == head and not rest
            else (key, changed(part, rest, change) if key == head else part)
            for key, part in table.items()
        ]
        return dict(row for row in rows if row is not None)
    head, *rest = path
    rows = list(table)
    rows[head] = changed(rows[head], rest, change) if rest else change(head, rows[head])[1]
    return rows
