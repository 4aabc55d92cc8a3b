"""The schemas against the loaders: what they read is valid, what is wrong in its keys or kinds is refused by both."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
import tomli_w
from jsonschema import Draft202012Validator

import perfeval as pe
from perfeval.rulesets import rule_set_files
from perfeval.schemas import document_schema, rule_set_schema
from terminal import run

DOCUMENT = Draft202012Validator(document_schema())
RULES = Draft202012Validator(rule_set_schema())
DOCUMENTS = sorted([*Path("examples").glob("*.toml"), *Path("examples/published").glob("*.toml")])


def plain(value):
    """As JSON holds it: a date is a text."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def tables(value):
    """Every table of a parsed file, from the top down."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from tables(part)


def wrong(parsed, number):
    """The file with one unknown key, or one value of another kind."""
    draw = random.Random(number)
    changed = copy.deepcopy(parsed)
    table = draw.choice(list(tables(changed)))
    if number % 2 or not table:
        table["frog"] = 1
    else:
        table[draw.choice(sorted(table))] = [[{"frog": 1}]]
    return changed


def test_they_are_schemas():
    Draft202012Validator.check_schema(document_schema())
    Draft202012Validator.check_schema(rule_set_schema())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_document(path):
    assert list(DOCUMENT.iter_errors(plain(tomllib.loads(path.read_text(encoding="utf-8"))))) == []
    as_json = json.loads(pe.dumps(pe.load(path), format="json"))
    assert list(DOCUMENT.iter_errors(as_json)) == []


@pytest.mark.parametrize("path", sorted(Path("tests/cases").glob("??[0-9]*.toml")), ids=lambda path: path.stem)
def test_every_case_file(path):
    for row in (row for kind in ("passes", "fails") for row in tomllib.loads(path.read_text(encoding="utf-8"))[kind]):
        head = f'name = "甲"\nfiscal_year = {row.get("fiscal_year", 2022)}\namount_unit = "万元"\n'
        assert list(DOCUMENT.iter_errors(plain(tomllib.loads(head + row["document"])))) == [], row["case"]


@pytest.mark.parametrize("path", DOCUMENTS[::3], ids=lambda path: path.stem)
def test_what_the_loader_refuses_by_its_key_or_kind_is_not_valid(path):
    parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    for number in range(12):
        changed = wrong(parsed, number)
        with pytest.raises(pe.DocumentError):
            pe.loads(tomli_w.dumps(changed))
        assert not DOCUMENT.is_valid(plain(changed)), changed


@pytest.mark.parametrize("name", ["name", "fiscal_year", "amount_unit"])
def test_what_every_document_needs(name):
    parsed = tomllib.loads(Path("examples/qinghe-2022.toml").read_text(encoding="utf-8"))
    del parsed[name]
    assert not DOCUMENT.is_valid(plain(parsed))


@pytest.mark.parametrize("path", rule_set_files(), ids=lambda path: path.stem)
def test_every_rule_file(path, tmp_path):
    parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    assert list(RULES.iter_errors(plain(parsed))) == []
    for name in ("execution", "methods", "title", "grades"):
        less = {key: value for key, value in parsed.items() if key != name}
        (tmp_path / "own.toml").write_text(tomli_w.dumps(less), encoding="utf-8")
        with pytest.raises(pe.RuleSetError):
            pe.RuleSet.from_toml(tmp_path / "own.toml")
        assert not RULES.is_valid(plain(less))
    more = copy.deepcopy(parsed)
    more["execution"]["frog"] = 1
    assert not RULES.is_valid(plain(more))


@pytest.mark.parametrize("of", ["document", "rules"])
def test_the_command_prints_them(of):
    made = document_schema() if of == "document" else rule_set_schema()
    assert json.loads(run("schema", of).stdout) == json.loads(json.dumps(made))
