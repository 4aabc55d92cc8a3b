"""The rows below a form: what they say is taken only from a form that was left as it was written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from form_layouts import C, to_xlsx
from perfeval.forms.supplement import Entry, applied, entries, read_entry
from strategies import PROJECTS
from test_forms import national, read_one

PROJECT = pe.Project("甲", fiscal_year=2022, indicators=[pe.Indicator("乙", target="≥5个", actual="6个", weight=10)])


@given(PROJECTS, PROJECTS)
def test_any_project_is_made_of_another_by_its_entries(read, meant):
    """Every difference is told, and telling all of them leaves none."""
    for entry in entries(read, meant):
        read = applied(read, entry)
    assert read == meant


def test_an_entry_counts_only_while_the_form_says_what_it_said():
    entry = Entry("indicators[0].weight", '{"figure": "10"}', '{"figure": "12"}')
    assert applied(PROJECT, entry).indicators[0].weight == 12
    assert applied(PROJECT, entry._replace(shown='{"figure": "11"}')) is None


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("__class__", '"x"'),
        ("name.__class__", '"x"'),
        ("indicators[9].weight", '{"figure": "1"}'),
        ("name[0]", '"x"'),
        ("indicators[0]", '{"Project": {"name": "x", "fiscal_year": 2022}}'),
        ("name", "null"),
        ("name", '{"os": {}}'),
        ("name", '{"Project": {"no_such": 1}}'),
        ("name", '{"figure": "NaN"}'),
        ("name", '{"figure": [1]}'),
        ("name", '{"date": "2022-02-30"}'),
        ("name", '{"a": 1, "b": 2}'),
        ("name", "[" * 100_000),
        ("name", "not json"),
        ("fiscal_year", "12"),
        ("fiscal year", "2022"),
        ("name" * 100, '"x"'),
        ("", '"x"'),
        ("name", json.dumps("甲" * 200_000)),
    ],
)
def test_what_is_no_entry_changes_nothing(path, meant):
    shown = {"name": '"甲"', "fiscal_year": "2022"}.get(path, "null")
    assert read_entry(PROJECT, Entry(path, shown, meant)) is None


@given(st.text(max_size=30), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_survived(path, shown, meant):
    read_entry(PROJECT, Entry(path, shown, meant))


def test_a_false_entry_on_a_form_is_listed():
    rows = [
        *national(),
        [C("补充信息", 3), C("表上读作", 3), C("实际为", 4)],
        [C("place", 3), C("null", 3), C('"XX"  [', 4)],
    ]
    form = read_one(to_xlsx(rows))
    assert form.document.place is None
    assert [one.text for one in form.listed] == ["place", "null", '"XX"  [']
