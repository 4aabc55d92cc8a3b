"""The notation of the reading tables in ``tests/data``, and what a value is in it.

``threshold ≥ 50 个``, ``range 10 20 人``, ``deadline 2022-12-31``, ``quantity
more_than 20 项``, ``completion …``, ``claim achieved``, ``words``, ``absent``,
``error``; behind ``;`` what a number alone does not carry. Figures stand in
their base unit (万 folded), units by their usual name.
"""

from __future__ import annotations

import csv
from decimal import Context, Decimal
from pathlib import Path

import perfeval as pe
from perfeval.targets import Meaning
from perfeval.units import unit_of

DATA = Path(__file__).parent / "data"


# Whatever the caller's context is.
EXACTLY = Context(prec=60)


def shown(value: Decimal) -> str:
    """Plain digits without zeros at the end, and no minus before nothing."""
    return format(EXACTLY.add(EXACTLY.normalize(value), 0), "f")


def rows(name):
    """The rows of a table, as records; a comment column of ours comes last."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [dict(zip(lines[0], [*line, *[""] * (len(lines[0]) - len(line))], strict=True)) for line in lines[1:]]


def unit_text(unit):
    """A unit by its usual name, without its multiplier."""
    if not unit:
        return ""
    parts = unit_of(unit)
    return f"{parts.base}{parts.noun}{f'/{parts.per}' if parts.per else ''}"


def based(value, unit):
    return shown(EXACTLY.scaleb(value, unit_of(unit or "").exponent))


def keys_of(value):
    found = []
    if value.meaning in (Meaning.RISE, Meaning.FALL):
        found.append(f"change={value.meaning}")
    if value.meaning is Meaning.RANK:
        found.append("rank=yes")
    if value.label:
        found.append(f"label={value.label}")
    if isinstance(value, pe.Quantity) and value.claim:
        found.append(f"claim={value.claim}")
    return "".join(f" ; {key}" for key in found)


def notation(value):
    """A value in the tables' notation."""
    if value is None:
        return "absent"
    if isinstance(value, pe.Statement):
        return "words"
    if isinstance(value, pe.Judgement):
        return f"claim {value.tier}"
    if isinstance(value, pe.Deadline):
        return f"deadline {value.date}"
    if isinstance(value, pe.Completion):
        return f"completion {value.date}"
    unit = unit_text(value.unit)
    if isinstance(value, pe.Between):
        return f"range {based(value.lower, value.unit)} {based(value.upper, value.unit)} {unit}".strip()
    head = f"threshold {value.comparator}" if isinstance(value, pe.Threshold) else f"quantity {value.bound}"
    return f"{head} {based(value.value, value.unit)} {unit}".strip() + keys_of(value)


def usual(expected):
    """An expected reading, its figure without trailing zeros and its unit by its usual name."""
    main, *keys = expected.split(" ; ")
    parts = main.split(" ")
    if parts[0] not in ("threshold", "quantity", "range"):
        return expected
    figures = 3
    head = parts[:figures]
    for place in (1, 2) if parts[0] == "range" else (2,):
        head[place] = shown(Decimal(head[place]))
    unit = unit_text(parts[figures]) if len(parts) > figures else ""
    return " ".join([*head, unit]).strip() + "".join(f" ; {key}" for key in keys)


def without_claim(text):
    return " ; ".join(part for part in text.split(" ; ") if not part.startswith("claim="))


def read(row):
    """What the library reads of a row, in the tables' notation."""
    year = int(row["year"]) if row["year"] else None
    try:
        if row["role"] == "target":
            value = pe.parse_target(row["text"], operator=row["operator"] or None, unit=row["unit"] or None, year=year)
        else:
            value = pe.parse_actual(row["text"], unit=row["unit"] or None, year=year)
    except pe.TextError:
        return "error"
    return notation(value)
