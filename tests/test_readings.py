"""Expressions by kind, each with its reading by someone who has not seen the code."""

from __future__ import annotations

from collections import Counter

import pytest

import perfeval as pe
from perfeval.targets import verb_of
from perfeval.text import together
from readings import notation, read, rows, usual, without_claim

TABLES = ("kinds-a.tsv", "kinds-b.tsv", "kinds-c.tsv", "kinds-d.tsv", "kinds-f.tsv", "kinds-g.tsv", "kinds-h.tsv")
KINDS = sorted({(table, row["kind"]) for table in TABLES for row in rows(table)})


def judged(row):
    """right, refused or wrong: a refusal is right where words or an error are expected."""
    found, expected = read(row), usual(row["expected"])
    if found == expected or ("claim=" not in expected and without_claim(found) == expected):
        return "right"
    figure, _, label = found.partition(" ; label=")
    if "label=" not in expected and figure == expected and verb_of(label)[0]:
        # 培训386人: the verb is kept beside the figure.
        return "right"
    refused = found in ("words", "error")
    if refused:
        return "right" if expected in ("words", "error") else "refused"
    return "wrong"


@pytest.mark.parametrize(("table", "kind"), KINDS, ids=[f"{table[6]}-{kind}" for table, kind in KINDS])
def test_every_expression_is_right_or_refused(table, kind):
    for row in rows(table):
        if row["kind"] == kind and not row["disputed"]:
            verdict = judged(row)
            assert verdict == "right" or (verdict == "refused" and row["must"] == "may"), (row, read(row))


def test_a_disputed_row_says_why():
    disputed = [row for table in TABLES for row in rows(table) if row["disputed"]]
    assert all(judged(row) == "wrong" for row in disputed)
    assert len(disputed) <= 10


def test_they_are_as_many_as_asked_for():
    counted = Counter(row["kind"] for table in TABLES for row in rows(table))
    assert len(KINDS) >= 40
    assert sum(counted.values()) >= 40 * 15


def readings_of(row):
    year = int(row["year"]) if row["year"] else None
    target = pe.parse_target(row["target"], operator=row["operator"] or None, unit=row["unit"] or None, year=year)
    actual = pe.parse_actual(row["actual"], target=target, year=year)
    return together(row["name"] or "—", target, actual)


PUBLISHED = rows("published-readings.tsv")


@pytest.mark.parametrize("row", PUBLISHED, ids=[f"{row['form']}-{row['row']}" for row in PUBLISHED])
def test_published_forms_are_read_as_a_person_does(row):
    target, actual = readings_of(row)
    assert notation(target) == usual(row["target_expected"])
    expected = usual(row["actual_expected"])
    if isinstance(actual, pe.Quantity) and actual.unit is None and expected.startswith("quantity"):
        # The unit is lent where the two are compared, as it is written there.
        lent = getattr(target, "unit", None)
        actual = pe.Quantity(actual.value, lent, actual.bound, meaning=actual.meaning)
    if row["disputed"]:
        assert notation(actual) != expected
    else:
        assert notation(actual) == expected


RULES = pe.rule_set("CN", fiscal_year=2022)
MISSED = {
    pe.Reason.EQUAL_EXCEEDED,
    pe.Reason.LATE,
    pe.Reason.OUTSIDE_RANGE,
    pe.Reason.ZERO_TARGET,
    pe.Reason.NEGATIVE_TARGET,
    pe.Reason.BOUND_MISSED,
}
PAIRS = [
    row for table in ("pairs-a.tsv", "pairs-c.tsv", "pairs-d.tsv", "pairs-f.tsv", "pairs-h.tsv") for row in rows(table)
]


def outcome_of(row):
    """What a pair comes to: ratio, met, missed, claim, absent or refused; and its line."""
    year = int(row["year"]) if row["year"] else None
    target = pe.parse_target(row["target"], year=year)
    actual = pe.parse_actual(row["actual"], year=year)
    item = pe.Indicator(row["name"], kind=row["indicator_kind"] or None, target=target, actual=actual, weight=10)
    line = pe.evaluate(pe.Project("甲", fiscal_year=2022, indicators=[item]), RULES).lines[1]
    if item.actual is None:
        return {"absent"}, line
    if isinstance(line.measure, pe.Judgement):
        tier = line.measure.tier
        return {f"claim {tier}", "met" if tier == "achieved" else "missed"}, line
    if isinstance(line.measure, pe.Ratio):
        small = line.measure.reduced()
        return {
            f"ratio {small.numerator}/{small.denominator}",
            "met" if line.measure >= pe.Ratio(1, 1) else "missed",
        }, line
    # Without a score both: that the target is missed is known, what it earns is not.
    return {"missed", "refused"} if line.reason in MISSED else {"refused"}, line


@pytest.mark.parametrize("row", PAIRS, ids=[f"{row['kind']} {row['name']} {n}" for n, row in enumerate(PAIRS)])
def test_a_pair_comes_to_what_was_meant(row):
    outcome, line = outcome_of(row)
    if row["disputed"]:
        assert row["expected"] not in outcome
        assert "refused" in outcome
    else:
        assert row["expected"] in outcome, (line.reason, line.measure, line.target, line.item.actual)
