"""Forms in every layout, made and described by someone who had not seen the reader: each figure at its right place.

Each ``tests/fixtures/forms/NAME.toml`` says what the file beside it prints, and in which cell. What it means:
strings are as a person sees them; ``cells`` has the cell of each; ``unplaced`` is what no field holds; ``extra`` and
``amount`` are printed things that the model has no place for, which the reader lists.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

import perfeval as pe
from perfeval.amounts import CONTEXT
from perfeval.forms import read

FOLDER = Path(__file__).parent / "fixtures" / "forms"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
UNITS = {"元": 0, "万元": 4, "万": 4}
OWN_ROW = {
    "weight": "stated.execution_weight",
    "execution_rate": "stated.execution_rate",
    "score": "stated.execution_score",
}
OWN_ROW["deviation_reason"] = "execution_deviation_reason"

# What the reader does not hold, or reads otherwise, and why.
NOT_HELD = re.compile(r"extra\.|\.(amount|balance|pooled|budget_after_pooling|received_rate|converted_score)$")
OTHERWISE = {
    # The converted score counts in the total of Hebei's form, so it is the score.
    "hebei_sections": r"indicators\[\d\]\.score",
    "hebei_sections_docx": r"indicators\[\d\]\.score",
    # A score in a column whose heading stands above another block.
    "sichuan_goal_scored": r"funding\[0\]\.score",
}


def described(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def file_of(name):
    return next(path for suffix in ("xlsx", "docx") if (path := FOLDER / f"{name}.{suffix}").exists())


def forms_of(name):
    told = described(name)
    return [] if told.get("kind") == "none" else told.get("forms", [told])


def value_at(record, path):
    for step in re.findall(r"[A-Za-z_0-9]+|\[\d+\]", path):
        if step[0] == "[":
            record = record[int(step[1:-1])]
        else:
            record = record.get(step) if isinstance(record, dict) else getattr(record, step)
    return record


def our_path(key, told):
    """Our path of a value that a description names; `None` where it has none of its own."""
    row = re.fullmatch(r"funding\[(\d+)\]\.(\w+)", key)
    if row is not None:
        rows = told["funding"]
        total = next((i for i, one in enumerate(rows) if one.get("total")), None)
        if int(row[1]) == total:
            return None if row[2] == "label" else OWN_ROW.get(row[2], f"stated.funding_total.{row[2]}")
        own = int(row[1]) - (total is not None and total < int(row[1]))
        stated = "stated." if row[2] in {"weight", "execution_rate", "score"} else ""
        return f"funding[{own}].{stated}{row[2]}"
    if key.startswith("execution."):
        return OWN_ROW.get(key.removeprefix("execution."))
    if key == "amount_unit" or re.search(r"\.(operator|unit|level1|level2)$", key):
        return None
    special = {"total_weight": "full_score", "total": "stated.total", "grade": "stated.grade"}
    return special.get(key, re.sub(r"(indicators\[\d+\])\.score", r"\1.stated.score", key))


def squeezed(text):
    return "".join(str(text).split())


def figure(text):
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").lstrip("¥")
    match = re.match(r"(-?\d+(?:\.\d+)?)(.*)", plain)
    return (None, plain) if match is None else (Decimal(match[1]), match[2].split("(")[0])


def agrees(found, printed, path, unit):
    """Whether a value that was read is the one that is printed."""
    if isinstance(found, Decimal):
        number, sign = figure(str(printed))
        if path.endswith("execution_rate"):
            return found in {CONTEXT.scaleb(number, -2), number if sign != "%" else CONTEXT.scaleb(number, -2)}
        if "funding" in path and "stated.execution" not in path and ".stated." not in path.removeprefix("stated."):
            return found == CONTEXT.scaleb(number, UNITS[sign or unit])
        return found == number
    if isinstance(found, str):
        return squeezed(found) == squeezed(printed)
    if isinstance(found, int):
        return found == printed
    return found is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_at_its_place(name):
    expected = forms_of(name)
    try:
        forms = read(file_of(name), unit="万元", year=2021)
    except pe.FormError:
        forms = ()
    assert len(forms) == len(expected)
    for form, told in zip(forms, expected, strict=True):
        places = {}
        for one in form.placed:
            places.setdefault(one.place, set()).add(one.path)
        listed = {one.place: one.text for one in form.listed}
        faults = []
        for key, place in told["cells"].items():
            if NOT_HELD.search(key):
                if place not in listed and place not in places:
                    faults.append(f"{key} at {place}: neither placed nor listed")
                continue
            path = our_path(key, told)
            if path is None or re.fullmatch(OTHERWISE.get(name, "-"), key):
                continue
            if path not in places.get(place, ()):
                faults.append(f"{key} at {place}: not placed as {path}")
                continue
            found = form.full_score if path == "full_score" else value_at(form.document, path)
            printed = value_at(told, key)
            if not agrees(found, printed, path, told.get("amount_unit", "万元")):
                faults.append(f"{key} at {place}: {found!r} for {printed!r}")
        assert faults == []
        assert len(form.document.indicators) == len(told.get("indicators", []))
        # What stands on the form and is in no field is listed: labels without a value beside them apart.
        texts = [squeezed(text) for text in listed.values()]
        words = [
            squeezed(text)
            for text in told.get("unplaced", [])
            if not re.fullmatch(r"[^:：]*[:：](\s*[^:：\s]*[:：])*", text.strip())
        ]
        assert [text for text in words if not any(text in one for one in texts)] == []


@pytest.mark.parametrize("name", [name for name in NAMES if described(name).get("skipped")])
def test_what_is_no_form_is_listed_as_skipped(name):
    if not forms_of(name):
        return
    form = read(file_of(name), unit="万元", year=2021)[0]
    skipped = [re.sub(r"[^\w]", "", one.place.rpartition("!")[2] or one.place) for one in form.skipped]
    assert len(skipped) >= len(described(name)["skipped"]), skipped
