"""Forty layouts that the reader had not met when they were drawn: each figure at its place, or refused, never wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

import perfeval as pe
from form_sketches import file_of, sketches
from perfeval.amounts import CONTEXT
from perfeval.forms import read, read_monitoring
from perfeval.text import parse_actual, parse_target

SKETCHES = sketches()
UNITS = {"元": 0, "万元": 4, None: 4}
INDICATOR = ("kind", "name", "target", "actual", "weight", "stated.score", "deviation_reason")


def said(told):
    """What a form says, by its path in the model."""
    facts = {"kind": told.get("kind", "project"), "name": told["name"], "fiscal_year": int(told["year"])}
    if told["unit"] is not None:
        facts["amount_unit"] = told["unit"]
    for key, path in (
        ("department", "supervising_department"),
        ("implementing", "implementing_unit"),
        ("code", "code"),
        ("expected_objective", "objective_expected"),
        ("actual_objective", "objective_actual"),
        ("rate", "stated.execution_rate"),
        ("weight", "stated.execution_weight"),
        ("score", "stated.execution_score"),
        ("full_score", "full_score"),
        ("total", "stated.total"),
        ("grade", "stated.grade"),
    ):
        if key in told:
            facts[path] = told[key]
    for column, amount in zip(told["columns"], told.get("funding_total", []), strict=False):
        facts[f"stated.funding_total.{column}"] = yuan(amount, told)
    if "lines" in told:
        facts["len(funding)"] = len(told["lines"])
    for i, (source, *amounts) in enumerate(told.get("lines", [])):
        facts[f"funding[{i}].source"] = source
        for column, amount in zip(told["columns"], amounts, strict=True):
            facts[f"funding[{i}].{column}"] = yuan(amount, told)
    facts["len(indicators)"] = len(told["indicators"])
    for i, row in enumerate(told["indicators"]):
        facts |= {f"indicators[{i}].{key}": value for key, value in zip(INDICATOR, row, strict=False)}
        # A name can say what its figures mean: 增长率.
        year = facts["fiscal_year"]
        meant = pe.Indicator(row[1], target=parse_target(row[2], year=year), actual=parse_actual(row[3], year=year))
        facts |= {f"indicators[{i}].target": meant.target, f"indicators[{i}].actual": meant.actual}
        facts[f"indicators[{i}].deviation_reason"] = row[6] if len(row) > 6 else None
    for i, action in told.get("actions", {}).items():
        facts[f"indicators[{i}].corrective_action"] = action
    return facts


def yuan(amount, told):
    return None if amount is None else CONTEXT.scaleb(amount, UNITS[told["unit"]])


def value_of(form, path):
    if path == "kind":
        return form.kind
    if path == "full_score":
        return form.full_score
    if path.startswith("len("):
        return len(getattr(form.document, path[4:-1]))
    record = form.document
    for step in path.replace("[", ".[").split("."):
        if step.startswith("["):
            index = int(step[1:-1])
            record = record[index] if index < len(record) else None
        else:
            record = getattr(record, step, None)
    return record


def faults_of(form, told):
    """What the form says otherwise: (path, said, read)."""
    faults = []
    for path, value in said(told).items():
        found = value_of(form, path)
        if isinstance(value, Decimal) and isinstance(found, Decimal):
            if found == value:
                continue
        elif found == value:
            continue
        faults.append((path, value, found))
    listed = {one.text for one in form.listed}
    faults += [("listed", text, None) for text in told.get("listed", []) if not any(text in one for one in listed)]
    return faults


@pytest.mark.parametrize("drawn", SKETCHES, ids=[one.name for one in SKETCHES])
def test_every_value_is_read_where_it_stands(drawn):
    data = file_of(drawn)
    if drawn.forms[0].get("kind") == "monitoring":
        with pytest.raises(pe.FormError):
            read(data)
        assert read_monitoring(data)
        return
    forms = read(data)
    assert len(forms) == len(drawn.forms)
    assert [faults_of(form, told) for form, told in zip(forms, drawn.forms, strict=True)] == [[] for _ in forms]
