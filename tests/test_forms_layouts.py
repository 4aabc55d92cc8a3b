"""Layouts that the reader had not met when they were drawn: each figure at its place, or refused, never wrong."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import perfeval as pe
from form_sketches import as_xlsx, file_of, merged, sketches
from perfeval.amounts import CONTEXT
from perfeval.forms import read, read_monitoring
from perfeval.forms.grid import letters
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
    if "lines" in told:
        parts = told.get("parts", {})
        facts |= {f"funding[{i}].part_of": parts.get(str(i)) for i in range(len(told["lines"]))}
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


FIGURE = re.compile(r"'?-?[\d０-９][\d０-９,，.．]*(?:%|％|%%)?")


def changed(rows, data):
    """A drawn form with something of it changed, as people and programs do."""
    rows = [list(row) for row in rows]
    for _ in range(data.draw(st.integers(1, 4), "changes")):
        change = data.draw(st.sampled_from(["figure", "label", "column", "row", "swap", "beside"]), "change")
        at = data.draw(st.integers(0, len(rows) - 1), "row")
        row = rows[at]
        if change == "figure":
            free = [i for i, text in enumerate(row) if text == ""]
            if free:
                row[data.draw(st.sampled_from(free), "place")] = data.draw(figures, "figure")
        elif change == "label":
            words = [i for i, text in enumerate(row) if text not in {"", "<", "^"} and not FIGURE.fullmatch(text)]
            if words:
                row[data.draw(st.sampled_from(words), "place")] = ""
        elif change == "beside":
            row.append(data.draw(figures, "figure"))
        elif change == "row":
            rows.insert(at + 1, [data.draw(figures, "figure") if text == "" else text for text in row])
            rows[at + 1] = ["" if text == "^" else text for text in rows[at + 1]]
        else:
            wide = max(map(len, rows))
            rows = [one + [""] * (wide - len(one)) for one in rows]
            one, two = (data.draw(st.integers(0, wide - 1), "column") for _ in range(2))
            for line in rows:
                if "<" not in line:
                    line[one], line[two] = (line[two], line[one]) if change == "swap" else (line[one], "")
    return rows


figures = st.one_of(
    st.integers(0, 10**6).map(str),
    st.decimals(0, 1000, places=2).map(str),
    st.integers(0, 100).map("{}%".format),
    st.integers(0, 100).map("{}%%".format),
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.sampled_from(SKETCHES), data=st.data())
def test_a_figure_that_could_not_be_placed_is_listed_never_dropped(drawn, data):
    rows = changed([[line] if isinstance(line, str) else line for line in drawn.lines], data)
    cells = list(merged(rows))
    assume(sum(cell.rows * cell.columns for cell in cells) == len(set(covered(cells))))
    try:
        forms = read(as_xlsx(rows), unit="万元", year=2022)
    except pe.FormError:
        return
    told = {one.place for form in forms for one in (*form.placed, *form.listed)}
    skipped = {one.why for form in forms for one in form.skipped}
    dropped = [
        (place, cell.text)
        for cell in cells
        if FIGURE.fullmatch(cell.text) and (place := f"自评表!{letters(cell.column)}{cell.row + 1}") not in told
    ]
    assert dropped == [] or skipped


def covered(cells):
    """The places that the cells cover."""
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rows):
            yield from ((row, column) for column in range(cell.column, cell.column + cell.columns))


def test_what_stands_under_a_title_of_no_form_is_listed_with_the_form_beside_it():
    [drawn] = [one for one in SKETCHES if one.name.startswith("12_")]
    rows = [[line] if isinstance(line, str) else line for line in drawn.lines]
    # The second form's headings are gone: its figures are nobody's.
    heads = {"项目资金", "一级指标"}
    broken = [line if i < 12 or line[0] not in heads else ["甲"] * len(line) for i, line in enumerate(rows)]
    [form] = read(as_xlsx(broken))
    assert form.document.name == "图书购置"
    assert {("自评表!C18", "35"), ("自评表!E20", "4200㎡"), ("自评表!G23", "99")} <= {
        (one.place, one.text) for one in form.listed
    }
    # The first form's: the same, before the form that is one.
    broken = [line if i > 11 or line[0] not in heads else ["甲"] * len(line) for i, line in enumerate(rows)]
    [form] = read(as_xlsx(broken))
    assert form.document.name == "操场维修"
    assert ("自评表!C6", "12") in {(one.place, one.text) for one in form.listed}
