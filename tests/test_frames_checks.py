"""The checks of columns: the same codes as `check` finds on the records of the same rows."""

from __future__ import annotations

import random
import re
from pathlib import Path

import attrs
import polars as pl
import pytest

import perfeval as pe
from engines import OF_POLARS, back
from perfeval import frames
from perfeval.checks import catalogue
from perfeval.frames.checks import CODES

TEN = pe.rule_set("cn-mof-2020-10")
KINDS = [kind.value for kind in pe.IndicatorKind]
MONEY = ["original_budget", "adjusted_budget", "funds_received", "actual_expenditure"]


def year(number, seed):
    """Projects of odd money and odd weights, and calm ones."""
    draw = random.Random(seed)
    heads, lines = [], []
    for place in range(number):
        amounts = [0, 1, -1, 80, 100, 120, 121, None, 10**12, 10**15]
        calm = {"original_budget": 100, "adjusted_budget": 100, "funds_received": 100}
        head = {"project_id": place, "fiscal_year": 2022, **calm, "actual_expenditure": draw.randint(0, 101)}
        for name in MONEY:
            if draw.random() < 0.2:
                head[name] = draw.choice(amounts)
        heads.append(head | {"execution_deviation_reason": draw.choice([None, None, "", "验收推迟"])})
        weights = draw.choice([[90], [50, 40], [45, 45, 10], [30, 30, 30], [100], [51, 39], []])
        for each in weights:
            target = draw.choice([100, 100, 100, None])
            line = {"project_id": place, "kind": draw.choice(KINDS), "comparator": "≥", "target": target}
            line |= {"actual": draw.choice([100, 100, 99, 90, None]), "tier": None, "share_e4": None}
            if draw.random() < 0.1:
                line |= {"tier": "achieved"}
            weight = draw.choice([None, 0, -10, 150, 50]) if draw.random() < 0.15 else each
            if draw.random() < 0.1:
                line |= {"target": None, "actual": None, "tier": None, "kind": None}
            lines.append(line | {"weight": weight})
    whole = dict.fromkeys([*MONEY, "project_id", "target", "actual", "weight", "share_e4"], pl.Int64)
    return (
        pl.DataFrame(heads, schema_overrides=whole | {"execution_deviation_reason": pl.String}),
        pl.DataFrame(lines, schema_overrides=whole | {"tier": pl.String, "kind": pl.String}),
    )


def of_records(heads, lines, rules, **options):
    """What `check` finds on the records; the scores that are printed are those that are computed."""
    found = set()
    for plain in frames.to_projects(heads, lines, **options):
        project = plain
        scores = [line.score for line in pe.evaluate(project, rules).lines[1:]]
        if None not in scores:
            rows = zip(project.indicators, scores, strict=True)
            indicators = [attrs.evolve(row, stated=pe.StatedIndicator(score=score)) for row, score in rows]
            project = attrs.evolve(project, indicators=indicators)
        for finding in pe.check(project, rules, select=CODES):
            found.add((finding.code, int(project.code), re.sub(r"\[\d+\]", "[]", finding.where)))
    return found


def in_columns(heads, lines, rules, **options):
    rows = back(frames.check_projects(heads, lines, rules, **options), "project_id")
    found = [(row["code"], row["project_id"], row["where"]) for row in rows]
    assert len(found) == len(set(found))
    return set(found)


HEADS, LINES = year(400, 15)
# As documented: results are not held against money of more than some 10^10 yuan, nor of weights that are out of range.
BEYOND = {row["project_id"] for row in HEADS.to_dicts() if any((row[name] or 0) >= 10**12 for name in MONEY)}
BEYOND |= {row["project_id"] for row in LINES.to_dicts() if (row["weight"] or 0) > 100}


def within(found):
    return {row for row in found if row[0] != "CR101" or row[1] not in BEYOND}


class TestAgainstRecords:
    @pytest.mark.parametrize("told", OF_POLARS.values(), ids=list(OF_POLARS))
    def test_every_engine(self, told):
        wanted = of_records(HEADS, LINES, TEN)
        assert {code for code, _, _ in wanted} == {*CODES} - {"CP107"}
        assert within(in_columns(told(HEADS), told(LINES), TEN)) == within(wanted)

    @pytest.mark.parametrize(
        "rules",
        [rules for rules in pe.rule_sets() if rules.cap is None and rules.deduction is None],
        ids=lambda rules: rules.id,
    )
    def test_every_rule_set(self, rules):
        assert within(in_columns(HEADS, LINES, rules)) == within(of_records(HEADS, LINES, rules))

    def test_a_low_rate_and_a_budget_that_was_adjusted_where_the_rules_ask_for_a_reason(self):
        rules = [rules for rules in pe.rule_sets() if rules.low_rate is not None or rules.adjusted is not None]
        codes = {code for one in rules for code, _, _ in in_columns(HEADS, LINES, one)}
        assert "CP107" in codes

    def test_texts(self):
        """What has no figure may have a target all the same; what says that there is nothing has none."""
        texts = [
            ("≥50公里", "48公里"),
            ("≥50公里", None),
            ("2022年6月前", None),
            ("不涉及", None),
            ("—", "-"),
            ("≥5个", "无"),
        ]
        heads = HEADS.head(len(texts)).with_columns(project_id=pl.Series(range(len(texts))))
        lines = pl.DataFrame(
            [
                {"project_id": place, "indicator": f"甲{place}", "kind": "output.quantity", "target": a, "actual": b}
                | {"weight": weight}
                for place, (a, b) in enumerate(texts)
                for weight in (60, None)
            ]
        )
        found = in_columns(heads, frames.read_texts(lines), TEN)
        assert {row for row in found if row[0] == "CP101"} == {
            ("CP101", row, "indicators[].actual") for row in (1, 2, 5)
        }
        assert found == of_records(heads, frames.read_texts(lines), TEN)

    @pytest.mark.parametrize("name", ["stated_score", "stated_score_cents"])
    @pytest.mark.parametrize("told", OF_POLARS.values(), ids=list(OF_POLARS))
    def test_printed_points(self, told, name):
        """A row without a weight that has points is no void row, and one whose actual is missing is told of."""
        rows = [
            # Of the second weights are missing, so nothing is said of their sum; the third has no actual at all.
            (0, 100, 100, 60, None),
            (1, 100, 100, 60, None),
            (1, None, None, None, 5),
            (2, 100, None, None, 5),
            (3, 100, None, None, 0),
            (4, 100, None, None, None),
        ]
        names = ["project_id", "target", "actual", "weight", name]
        lines = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")
        lines = lines.with_columns(kind=pl.lit("output.quantity"), comparator=pl.lit("≥"))
        heads = pl.DataFrame(
            {"project_id": range(5), "fiscal_year": 2022, "adjusted_budget": 100, "actual_expenditure": 90}
        )
        wanted = {row for row in of_records(heads, lines, TEN) if row[0] in ("CP101", "WT101")}
        assert wanted == {("WT101", 0, "indicators"), ("CP101", 2, "indicators[].actual")}
        assert in_columns(told(heads), told(lines), TEN, select=["CP101", "WT101"]) == wanted

    def test_headings_of_forms(self):
        heads = HEADS.rename(
            {"project_id": "项目编码", "adjusted_budget": "全年预算数", "actual_expenditure": "全年执行数"}
        )
        lines = LINES.rename({"project_id": "项目编码", "weight": "权重"})
        assert in_columns(heads, lines, TEN, columns="zh_CN") == in_columns(HEADS, LINES, TEN)


def codes_in(text):
    """Codes, families and "AR101 to AR105" of a documentation."""
    every = [check.code for check in catalogue()]
    found = set()
    for first, last in re.findall(r"\b([A-Z]{2}\d{3})(?: to ([A-Z]{2}\d{3}))?", text):
        found |= {code for code in every if first <= code <= (last or first)}
    return found | {code for code in every if code.startswith(tuple(re.findall(r"\b([A-Z]{2})\b(?!\d)", text)))}


def test_the_documentation_names_every_code():
    page = (Path(__file__).parent.parent / "docs" / "frames.md").read_text(encoding="utf-8")
    section = page.partition("## What is odd")[2].partition("\n## ")[0]
    unknown = codes_in(section.partition("Not known")[2])
    known = codes_in("\n".join(line for line in section.splitlines() if line.startswith("|")))
    assert known == {*CODES}
    assert known | unknown == {check.code for check in catalogue()}
    assert not known & unknown


class TestSelect:
    def test_codes_and_families(self):
        found = in_columns(HEADS, LINES, TEN)
        assert in_columns(HEADS, LINES, TEN, select=["WT", "AR124"]) == {
            row for row in found if row[0] == "AR124" or row[0].startswith("WT")
        }
        assert in_columns(HEADS, LINES, TEN, select="CR102") == {row for row in found if row[0] == "CR102"}

    @pytest.mark.parametrize(
        ("select", "message"),
        [
            (
                ["AR101"],
                (
                    "select: expected codes that columns know (AR108, AR123, AR124, CP101, CP107, CR101, CR102, CR106,"
                    " CR107, WT101, WT103, WT104, WT105), got AR101"
                ),
            ),
            (
                ["XX"],
                "select: expected a code or a family (AR, CF, CP, CR, DP, TG, WT, YR), got 'XX'",
            ),
        ],
    )
    def test_what_columns_do_not_know(self, select, message):
        with pytest.raises(pe.FrameError) as caught:
            frames.check_projects(HEADS, LINES, TEN, select=select)
        assert str(caught.value) == message
