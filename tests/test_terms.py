"""The glossary: the same term everywhere, in the catalogs and in the data."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from pkgutil import resolve_name

import pytest

from perfeval.i18n import LOCALES, catalog

DATA = Path("src/perfeval/data")
TERMS = tomllib.loads((DATA / "terms.toml").read_text(encoding="utf-8"))["terms"]
EVERY = pytest.mark.parametrize("term", TERMS, ids=lambda term: term["en"])


def words_in(value, path):
    """The words in both languages of a parsed file, each with its path."""
    if isinstance(value, dict) and set(value) == set(LOCALES):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from words_in(item, f"{path}.{key}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from words_in(item, f"{path}[{position}]")


SHIPPED = [
    (place, words)
    for path in sorted(DATA.rglob("*.toml"))
    if path.name != "terms.toml"
    for place, words in words_in(tomllib.loads(path.read_text(encoding="utf-8")), path.stem)
]


def uses(word, locale):
    """Where a word stands in the catalog or the shipped words of a locale."""
    word = word.lower()
    found = [key for key, text in catalog(locale).items() if word in text.lower()]
    return found + [place for place, words in SHIPPED if word in words[locale].lower()]


@EVERY
def test_the_catalogs_say_the_term(term):
    for key in term.get("keys", []):
        assert catalog("zh_CN")[key] == term["zh_CN"]
        assert catalog("en")[key].lower() == term["en"]


@EVERY
def test_no_other_word_is_used_for_it(term):
    found = {word: uses(word, "zh_CN") for word in term.get("not_zh", [])}
    found |= {word: uses(word, "en") for word in term.get("not_en", [])}
    assert {word: places for word, places in found.items() if places} == {}


@EVERY
def test_the_name_stands_in_the_library(term):
    assert resolve_name(term["name"]) is not None


CHINESE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”—"


def test_chinese_has_its_own_punctuation_and_no_spaces():
    """No space beside Chinese, and no half-width mark between Chinese characters."""
    texts = [*catalog("zh_CN").items(), *((place, words["zh_CN"]) for place, words in SHIPPED)]
    half_width = re.compile(rf"[{CHINESE}][,;:?!]|[,;:?!][{CHINESE}]")
    spaced = re.compile(rf"(?<=[{CHINESE}]) (?=[{CHINESE}{{]|\d)|(?<=[}}\d]) (?=[{CHINESE}])")
    # Titles and formulas are printed as they are.
    formulas = {"monitor.formula", "monitor.money_light", "report.caption.level1"}
    found = [
        key
        for key, text in texts
        if (half_width.search(text) or spaced.search(text)) and key not in formulas and not key.endswith(".title")
    ]
    assert found == []


def test_every_shipped_word_is_looked_at():
    assert len(SHIPPED) > 800
    assert {"zhengzhou", "cn-hb-2020", "checks"} <= {place.partition(".")[0] for place, _ in SHIPPED}


def test_each_term_stands_once():
    for key in ("zh_CN", "en", "name"):
        values = [term[key] for term in TERMS]
        assert len(values) == len(set(values)), key
