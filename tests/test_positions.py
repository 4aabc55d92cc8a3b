"""Lines of paths: what the parser reads at a path stands on its line."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.positions import line_of, lines_of
from terminal import run

FILES = sorted([*Path("examples").glob("*.toml"), *Path("examples/published").glob("*.toml")])

TEXT = """\
# a remark = 1
name = "a # b = '[x]'"
amount_unit = '元'   # another
text = \"\"\"
fake = 1
[[indicators]]
\"\"\"
funding = [
  { source = "other", adjusted_budget = 5 },  # one

  { source = "unit",
    actual_expenditure = 3 },
]
stated.funding_total.adjusted_budget = 8
[[projects]]
name = "甲"
[[projects.indicators]]
name = "乙"
"quoted key" = 1
[[projects.indicators]]
target = "≥5"
[[projects]]
[[projects.indicators]]
weight = 1
[overall]
a.b = [1, [2,
 3]]
"""


def test_every_kind_of_part():
    found = lines_of(TEXT)
    expected = {
        "name": 2,
        "amount_unit": 3,
        "text": 4,
        "funding": 8,
        "funding[0]": 9,
        "funding[0].adjusted_budget": 9,
        "funding[1]": 11,
        "funding[1].actual_expenditure": 12,
        "stated.funding_total.adjusted_budget": 14,
        "projects[0]": 15,
        "projects[0].name": 16,
        "projects[0].indicators[0]": 17,
        "projects[0].indicators[0].quoted key": 19,
        "projects[0].indicators[1].target": 21,
        "projects[1]": 22,
        "projects[1].indicators[0].weight": 24,
        "overall": 25,
        "overall.a.b[1]": 26,
        "overall.a.b[1][1]": 27,
    }
    assert {path: found.get(path) for path in expected} == expected
    assert "fake" not in found


def paths(value, path=""):
    """Every path of a parsed document."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from paths(part, f"{path}.{key}".strip("."))
    if isinstance(value, list):
        for place, part in enumerate(value):
            yield from paths(part, f"{path}[{place}]")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_part_of_every_example(path):
    """Each path has a line, and on the line of a key stands the key."""
    text = path.read_text(encoding="utf-8")
    found, lines = lines_of(text), text.splitlines()
    for part in paths(tomllib.loads(text)):
        line = line_of(part, found)
        assert line is not None
        if part in found and not part.endswith("]"):
            assert part.rpartition(".")[2] in lines[line - 1]
    shown = pe.dumps(pe.load(path), format="json")
    found = lines_of(shown)
    for part in paths(json.loads(shown)):
        assert part in found
        if not part.endswith("]"):
            assert f'"{part.rpartition(".")[2]}"' in shown.splitlines()[found[part] - 1]


@given(st.text() | st.text("[]{}=.\"'#\n,:a "))
def test_any_text_ends(text):
    assert all(1 <= line <= text.count("\n") + 1 for line in lines_of(text).values())


def test_findings_carry_their_line():
    name = "examples/qinghe-2022.toml"
    [only] = json.loads(run("check", name, "--format", "sarif").stdout)["runs"]
    lines = Path(name).read_text(encoding="utf-8").splitlines()
    assert only["results"]
    for result in only["results"]:
        [place] = result["locations"]
        where = place["logicalLocations"][0]["fullyQualifiedName"]
        line = place["physicalLocation"]["region"]["startLine"]
        if where.startswith("indicators["):
            heads = [number for number, text in enumerate(lines, start=1) if text == "[[indicators]]"]
            assert line >= heads[int(where[len("indicators[") : where.index("]")])]


def test_a_fault_carries_its_line(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(
        "amount_unit = '万元'\nname = '甲'\nfiscal_year = 2022\n\n[[indicators]]\nnaem = '乙'\n", encoding="utf-8"
    )
    [only] = json.loads(run("check", str(path), "--format", "sarif").stdout)["runs"]
    told = only["invocations"][0]["toolExecutionNotifications"]
    assert {
        (one["message"]["text"], one["locations"][0]["physicalLocation"]["region"]["startLine"]) for one in told
    } == {("missing", 5), ("unknown key; near are name", 6)}
