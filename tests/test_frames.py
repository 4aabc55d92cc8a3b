"""The same scores on dataframes: every engine against the scalar path, to the last hundredth."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import product

import attrs
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfeval as pe
from engines import ENGINES, back
from perfeval import frames
from perfeval.frames import Status

TEN = pe.rule_set("cn-mof-2020-10")
CENTRAL = pe.rule_set("cn-mof-2021-101")
KINDS = [kind.value for kind in pe.IndicatorKind]
SIGNS = ["≥", "≤", "=", ">", "<", None]


@pytest.fixture(params=ENGINES.values(), ids=list(ENGINES))
def frame_of(request):
    return request.param


def adversarial(number, seed=1):
    """Ties by construction (den = 2·w·m, num = (2q + 1)·m and one beside), edges, zeros, negatives, nulls."""
    draw = random.Random(seed)
    rows = []
    for row in range(number):
        weight = (
            draw.choice([1, 2, 5, 10, 15, 30, 50, 100, 0, None, -1]) if draw.random() < 0.2 else draw.randint(1, 50)
        )
        m = draw.randint(1, 300)
        if weight and weight > 0 and draw.random() < 0.5:
            target, actual = 2 * weight * m, (2 * draw.randint(0, weight * 60) + 1) * m + draw.choice([-1, 0, 1])
        else:
            target = draw.choice([0, 1, 3, 7, 10, 100, -5, draw.randint(1, 10**6), draw.randint(1, 10**12), None])
            near = target or 0
            actual = draw.choice(
                [0, near, near + 1, near - 1, -3, 2 * near, 3 * near + 1, draw.randint(0, 10**6), None]
            )
        judged = draw.random() < 0.1
        rows.append(
            {
                "row": row,
                "project_id": row // 8,
                "kind": draw.choice([*KINDS, None]),
                "comparator": draw.choice(SIGNS),
                "unit": draw.choice(["%", None]),
                "tier": draw.choice(["achieved", "partly_achieved", "not_achieved", None]) if judged else None,
                "share_e4": draw.choice([None, 0, 6000, 7999, 8000, 9999, 10000, 10001, -1]) if judged else None,
                "target": target,
                "actual": actual,
                "weight": weight,
            }
        )
    return rows


# How often the products of a rule set hold its largest figure, times ten thousand cents; with a ratio of four decimals.
FACTORS = {
    "cn-generic-platform": (4, 4),
    "cn-jx-2017": (20, 20),
    "cn-mof-2021-101": (20, 20),
    "cn-yn-shidian-2021": (10, 12),
}


def limit_of(rules):
    """The largest figure that a rule set scores in columns, as documented: 64 bits hold every product."""
    plain, rounded = FACTORS.get(rules.id, (2, 4))
    return (2**63 - 1) // 10_000 // (rounded if rules.rounding.ratio_digits == 4 else plain)


def indicator_of(row):
    judged = row["tier"] is not None or row["share_e4"] is not None
    share = None if row["share_e4"] is None else Decimal(row["share_e4"]).scaleb(-4)
    actual = None if row["actual"] is None else pe.Quantity(row["actual"], row["unit"])
    return pe.Indicator(
        str(row["row"]),
        kind=row["kind"],
        target=None
        if row["target"] is None
        else pe.Threshold(row["comparator"] or "unstated", row["target"], row["unit"]),
        actual=pe.Judgement(row["tier"], share=share) if judged else actual,
        weight=row["weight"],
    )


def expected(row, rules):
    """(score in cents, status) by the scalar path; what columns do not follow is out of range."""
    figures = [row[name] for name in ("target", "actual") if row[name] is not None]
    judged = row["tier"] is not None or row["share_e4"] is not None
    if row["weight"] is None or (not judged and len(figures) < 2):
        return None, Status.MISSING
    if not 0 <= row["weight"] <= 100 or any(abs(figure) > limit_of(rules) for figure in figures):
        return None, Status.OUT_OF_RANGE
    if judged and not 0 <= (row["share_e4"] or 0) <= 10_000:
        # No share at all: a record refuses it.
        return None, Status.UNDEFINED
    line = pe.evaluate(pe.Project("甲", fiscal_year=2022, indicators=[indicator_of(row)]), rules).lines[1]
    if line.score is None:
        return None, Status.UNDEFINED
    if isinstance(line.measure, pe.Ratio) and line.method is not None and line.rule.parameters == (("cap", None),):
        if line.measure.numerator > 10 * line.measure.denominator:
            return None, Status.OUT_OF_RANGE
    return int(line.score * 100), Status.SCORED


ROWS = adversarial(600)


class TestIndicators:
    @pytest.mark.parametrize("rules", pe.rule_sets(), ids=lambda rules: rules.id)
    def test_every_rule_of_every_rule_set(self, rules, frame_of):
        found = back(frames.score_indicators(frame_of(ROWS), rules), "row")
        differing = [
            (row, score, got["score_cents"], got["status"])
            for row, got in zip(ROWS, found, strict=True)
            if (got["score_cents"], got["status"]) != (score := expected(row, rules))
        ]
        assert differing == []

    def test_the_users_columns_and_frame_are_kept(self, frame_of):
        frame = frame_of(ROWS[:5])
        found = back(frames.score_indicators(frame, TEN), "row")
        assert list(found[0]) == [*ROWS[0], "score_cents", "status"]
        assert type(frames.score_indicators(frame, TEN)) is type(frame)
        assert list(back(frame, "row")[0]) == list(ROWS[0])

    def test_only_what_is_required(self, frame_of):
        rows = [
            {name: row[name] for name in ("row", "project_id", "kind", "target", "actual", "weight")} for row in ROWS
        ]
        full = [row | {"comparator": None, "unit": None, "tier": None, "share_e4": None} for row in rows]
        found = back(frames.score_indicators(frame_of(rows), CENTRAL), "row")
        assert [(got["score_cents"], got["status"]) for got in found] == [expected(row, CENTRAL) for row in full]

    @settings(max_examples=15)
    @given(
        rows=st.lists(
            st.fixed_dictionaries(
                {
                    "kind": st.sampled_from([*KINDS, None]),
                    "comparator": st.sampled_from(SIGNS),
                    "unit": st.sampled_from(["%", None]),
                    "tier": st.none() | st.sampled_from([tier.value for tier in pe.Tier]),
                    "share_e4": st.none() | st.integers(-2, 10002),
                    "target": st.none() | st.integers(-(10**13), 10**13) | st.integers(-5, 300),
                    "actual": st.none() | st.integers(-(10**13), 10**13) | st.integers(-5, 300),
                    "weight": st.none() | st.integers(-1, 101),
                }
            ),
            min_size=1,
            max_size=30,
        ),
        rules=st.sampled_from(pe.rule_sets()),
    )
    def test_one_strategy_drives_every_engine(self, rows, rules):
        rows = [{"row": i, "project_id": i} | row for i, row in enumerate(rows)]
        wanted = [expected(row, rules) for row in rows]
        for frame_of in ENGINES.values():
            found = back(frames.score_indicators(frame_of(rows), rules), "row")
            assert [(got["score_cents"], got["status"]) for got in found] == wanted


class TestLimits:
    def test_the_largest_figure_and_one_more(self, frame_of):
        limit = limit_of(TEN)
        rows = [
            ROWS[0]
            | {"row": i, "kind": None, "comparator": "≥", "weight": 100, "target": target, "actual": actual}
            | {"tier": None, "share_e4": None, "unit": None}
            for i, (target, actual) in enumerate(
                [(limit, limit - 1), (limit, limit), (limit + 1, 1), (1, limit), (3, limit + 1), (2**63 - 1, -(2**63))]
            )
        ]
        found = back(frames.score_indicators(frame_of(rows), TEN), "row")
        out = Status.OUT_OF_RANGE
        assert [got["status"] for got in found] == [0, 0, out, 0, out, out]
        assert [got["score_cents"] for got in found] == [10_000, 10_000, None, 10_000, None, None]

    @pytest.mark.parametrize("mode", ["half_up", "half_even", "down"])
    @pytest.mark.parametrize("ratio_digits", [None, 4])
    def test_every_rounding_at_the_limit_of_every_rule(self, mode, ratio_digits, frame_of):
        """No product leaves 64 bits: an engine that checks its arithmetic would raise."""
        ways = {
            tuple((m.measure, m.inverse, m.rule, m.forms) for m in rules.methods): rules for rules in pe.rule_sets()
        }
        for rules in ways.values():
            rounding = attrs.evolve(rules.rounding, mode=mode, ratio_digits=ratio_digits)
            varied = attrs.evolve(rules, rounding=rounding)
            most = limit_of(varied)
            figures = [most, most - 1, most // 2 + 1, most // 2, 1, 0, -most]
            calm = {"tier": None, "share_e4": None, "unit": None, "kind": "output.quantity", "weight": 99}
            pairs = list(product(["≥", "≤"], figures, figures))
            rows = [
                ROWS[0] | calm | {"row": i, "comparator": sign, "target": target, "actual": actual}
                for i, (sign, target, actual) in enumerate(pairs)
            ]
            found = back(frames.score_indicators(frame_of(rows), varied), "row")
            assert [(got["score_cents"], got["status"]) for got in found] == [expected(row, varied) for row in rows]

    def test_an_unknown_kind(self, frame_of):
        rows = [ROWS[0] | {"kind": "luck", "weight": 5, "target": 1, "actual": 1}]
        [got] = back(frames.score_indicators(frame_of(rows), TEN), "row")
        assert (got["score_cents"], got["status"]) == (None, Status.UNKNOWN_KIND)

    def test_an_empty_frame(self, frame_of):
        assert back(frames.score_indicators(frame_of([]), TEN), "row") == []

    def test_a_rule_set_finer_than_a_cent(self):
        fine = attrs.evolve(TEN, rounding=pe.Rounding(step="0.001"))
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(pl.DataFrame(ROWS[:1]), fine)
        assert str(caught.value) == "rounding.step: columns are scored in cents, got 0.001"

    def test_a_rule_set_without_a_method_for_figures(self):
        judged = attrs.evolve(TEN, methods=[method for method in TEN.methods if "judgement" in method.forms])
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(pl.DataFrame(ROWS[:1]), judged)
        assert str(caught.value) == ("cn-mof-2020-10: it has no method for figures, and columns are scored by figures")

    def test_a_rule_set_for_targets_that_nobody_states(self, frame_of):
        """Methods for "at most" only, and every target is read as "at least": no score, and no error."""
        lower = [method for method in TEN.methods if "≥" not in method.forms]
        rules = attrs.evolve(TEN, methods=lower)
        rows = [
            {name: row[name] for name in ("row", "project_id", "kind", "target", "actual", "weight")}
            for row in ROWS[:9]
        ]
        calm = [row | {"kind": "output.quantity", "target": 5, "actual": 5, "weight": 5} for row in rows]
        found = back(frames.score_indicators(frame_of(calm), rules), "row")
        assert {(got["score_cents"], got["status"]) for got in found} == {(None, Status.UNDEFINED)}

    @pytest.mark.parametrize("mode", ["half_up", "half_even", "down"])
    def test_every_rounding(self, mode, frame_of):
        rules = attrs.evolve(TEN, rounding=pe.Rounding(mode=mode, step="0.5"))
        found = back(frames.score_indicators(frame_of(ROWS[:400]), rules), "row")
        assert [(got["score_cents"], got["status"]) for got in found] == [expected(row, rules) for row in ROWS[:400]]


def projects(number, seed=2):
    draw = random.Random(seed)
    rows = []
    for row in range(number):
        budget = draw.choice([0, 1, 3, 1000, draw.randint(1, 10**9), draw.randint(1, 10**11), -5, None])
        near = budget or 0
        spent = draw.choice([0, near, near - 1, near // 2, near + 1, draw.randint(0, 10**9), -1, None])
        rows.append(
            {
                "row": row,
                "project_id": row,
                "adjusted_budget": budget,
                "original_budget": budget,
                "actual_expenditure": spent,
                "finished": draw.choice([True, False, None]),
            }
        )
    return rows


PROJECTS = projects(300)


def project_of(row, rules, lines=()):
    column = {"adjusted": "adjusted_budget", "original": "original_budget"}[rules.execution.basis.value]
    total = pe.FundingTotal(**{column: row[column], "actual_expenditure": row["actual_expenditure"]})
    return pe.Project(
        str(row["row"]),
        fiscal_year=2022,
        stated=pe.Stated(funding_total=total),
        finished=row["finished"],
        indicators=[indicator_of(line) for line in lines],
    )


class TestExecution:
    @pytest.mark.parametrize("rules", pe.rule_sets(), ids=lambda rules: rules.id)
    def test_every_rule_of_every_rule_set(self, rules, frame_of):
        found = back(frames.score_execution(frame_of(PROJECTS), rules), "row")
        for row, got in zip(PROJECTS, found, strict=True):
            line = pe.evaluate(project_of(row, rules), rules).lines[0]
            assert got["execution_score_cents"] == (None if line.score is None else int(line.score * 100)), row
            assert (got["execution_status"] == 0) is (line.score is not None)

    def test_why_there_is_none(self, frame_of):
        found = back(frames.score_execution(frame_of(PROJECTS), TEN), "row")
        for row, got in zip(PROJECTS, found, strict=True):
            if row["adjusted_budget"] == 0:
                assert got["execution_status"] == Status.NOT_APPLICABLE
            elif row["adjusted_budget"] is None or row["actual_expenditure"] is None:
                assert got["execution_status"] == Status.MISSING
            elif row["adjusted_budget"] < 0 or row["actual_expenditure"] < 0:
                assert got["execution_status"] == Status.OUT_OF_RANGE
            else:
                assert got["execution_status"] == Status.SCORED


def whole_forms(number, seed=3):
    """Projects with 0 to 6 indicators; most with weights that add to 90."""
    draw = random.Random(seed)
    heads, lines = projects(number, seed), []
    for head in heads:
        if draw.random() < 0.8:
            head |= {"adjusted_budget": 1000, "original_budget": 1000, "actual_expenditure": draw.randint(0, 1100)}
        weights = draw.choice([[90], [50, 40], [30, 30, 20, 10], [50, 30], [], [20] * 6])
        for weight in weights:
            base = adversarial(1, draw.randint(0, 10**9))[0]
            calm = {"target": 100, "actual": draw.randint(0, 130), "comparator": "≥", "unit": None, "tier": None}
            line = base | calm | {"share_e4": None, "weight": weight, "kind": "output.quantity"}
            if draw.random() < 0.03:
                line["actual"] = None
            lines.append(line | {"row": len(lines), "project_id": head["project_id"]})
    return heads, lines


HEADS, LINES = whole_forms(250)


class TestProjects:
    @pytest.mark.parametrize(
        "rules",
        [rules for rules in pe.rule_sets() if rules.cap is None and rules.deduction is None],
        ids=lambda rules: rules.id,
    )
    def test_totals_and_grades(self, rules, frame_of):
        found = back(frames.score_projects(frame_of(HEADS), frame_of(LINES), rules), "row")
        by_project = {}
        for line in LINES:
            by_project.setdefault(line["project_id"], []).append(line)
        for row, got in zip(HEADS, found, strict=True):
            result = pe.evaluate(project_of(row, rules, by_project.get(row["project_id"], ())), rules)
            assert got["total_cents"] == (None if result.total is None else int(result.total * 100)), row
            assert got["grade"] == (result.grade and result.grade.value), row
            assert got["unscored"] == len([line for line in result.unscored if line.weight is not None][0:]) - (
                result.lines[0].score is None
            )
            assert (got["total_status"] == 0) is (result.total is not None)
            assert (got["grade_status"] == 0) is (result.grade is not None)

    @pytest.mark.parametrize("printed", [None, "stated_score", "stated_score_cents"])
    @pytest.mark.parametrize("rules", [TEN, CENTRAL], ids=lambda rules: rules.id)
    def test_rows_without_weight(self, rules, printed, frame_of):
        """A row without weight and points leaves the total alone, unless no row has a weight; a blank row is none."""
        calm = ROWS[0] | {"kind": "output.quantity", "comparator": "≥", "unit": None, "tier": None, "share_e4": None}
        met = calm | {"target": 5, "actual": 5, "weight": 90, "points": None}
        unweighed, blank = met | {"weight": None}, met | dict.fromkeys(("target", "actual", "weight"))
        judged, aimed = blank | {"tier": "achieved"}, blank | {"target": 5}
        forms = [
            [met, unweighed],
            [met, blank],
            [met, blank, unweighed, judged, aimed],
            [unweighed],
            [blank],
            [unweighed, met | {"weight": 0}],
            [met, unweighed | {"points": 5}],
            [met, unweighed | {"points": 0}],
            [met, met | {"actual": None}, unweighed],
        ]
        whole = {"adjusted_budget": 1000, "original_budget": 1000, "actual_expenditure": 1000, "finished": True}
        heads = [whole | {"row": i, "project_id": i} for i in range(len(forms))]
        rows = [(i, line) for i, form in enumerate(forms) for line in form]
        lines = [line | {"row": row, "project_id": i} for row, (i, line) in enumerate(rows)]
        told = [line | ({} if printed is None else {printed: line["points"]}) for line in lines]
        told = [{name: value for name, value in line.items() if name != "points"} for line in told]
        found = back(frames.score_projects(frame_of(heads), frame_of(told), rules), "row")
        for head, got in zip(heads, found, strict=True):
            own = [line for line in lines if line["project_id"] == head["project_id"]]
            made = project_of(head, rules, own)
            scores = [None if printed is None else line["points"] for line in own]
            rows = [
                attrs.evolve(row, stated=pe.StatedIndicator(score=score))
                for row, score in zip(made.indicators, scores, strict=True)
            ]
            result = pe.evaluate(attrs.evolve(made, indicators=rows), rules)
            assert got["total_cents"] == (None if result.total is None else int(result.total * 100)), own
            assert got["grade"] == (result.grade and result.grade.value), own
            assert got["unscored"] == len(result.unscored), own
        totals = [got["total_cents"] for got in found]
        assert totals[:6] == [10_000, 10_000, 10_000, None, 1000, None]
        assert totals[6:] == ([10_000, 10_000, None] if printed is None else [None, None, None])

    def test_a_project_twice_and_indicators_without_one(self, frame_of):
        heads = [
            HEADS[0] | {"row": i, "project_id": i % 2, "adjusted_budget": 5, "actual_expenditure": 5} for i in range(3)
        ]
        heads += [HEADS[0] | {"row": 3, "project_id": 7}]
        lines = [LINES[0] | {"row": 0, "project_id": 99}]
        if frame_of is ENGINES["pandas"]:
            with pytest.raises(pe.FrameError) as caught:
                frames.score_projects(frame_of(heads), frame_of(lines), TEN)
            assert str(caught.value) == (
                "indicators of projects that are not among the projects (99) need rows of their own, and these columns"
                " hold no gaps: row (int64), adjusted_budget (int64), original_budget (int64), actual_expenditure"
                " (int64); convert_dtypes() makes them such as do, or leave these indicators out"
            )
            frame_of = ENGINES["pandas nullable"]
        found = back(frames.score_projects(frame_of(heads), frame_of(lines), TEN), "project_id")
        statuses = [(got["project_id"], got["total_status"]) for got in found]
        assert statuses[:2] == [(0, Status.DUPLICATE)] * 2
        assert statuses[-1] == (99, Status.NO_PROJECT)
        assert found[-1]["total_cents"] is None

    def test_ids_of_two_widths_and_of_two_kinds(self, frame_of):
        heads, lines = ([row | {"project_id": "甲"} for row in rows[:1]] for rows in (HEADS, LINES))
        narrow = frame_of(lines, {"project_id": pl.String})
        [got] = back(frames.score_projects(frame_of(heads, {"project_id": pl.String}), narrow, TEN), "row")
        assert got["project_id"] == "甲"
        with pytest.raises(pe.FrameError) as caught:
            frames.score_projects(frame_of(HEADS), narrow, TEN)
        assert str(caught.value).startswith("project ids of one type are expected, got Int64 (project_id) and String")
        wide = back(frames.score_projects(frame_of(HEADS), frame_of(LINES), TEN), "row")
        narrow = frame_of(LINES, {"project_id": pl.Int32})
        assert back(frames.score_projects(frame_of(HEADS), narrow, TEN), "row") == wide

    def test_totals_that_are_adjusted_are_refused(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.score_projects(pl.DataFrame(HEADS), pl.DataFrame(LINES), pe.rule_set("cn-platform-manual"))
        assert str(caught.value) == (
            "cn-platform-manual: totals that are adjusted afterwards are not computed in columns"
        )


TEXTS = [
    ("≥50公里", "48公里"),
    ("≤40万元", "398000元"),
    ("95%", "0.5‰"),
    ("≥90%", "达成预期指标"),
    ("健全", "已完成"),
    ("2022年12月底前", "2022年11月"),
    ("10~20人", "15人"),
    ("≥3个", "5小时"),
    (None, "5个"),
    ("20余项", "二十多项"),
]


class TestTexts:
    """Each distinct pair is read once; what is read scores as the form does."""

    @pytest.mark.parametrize("engine", ["polars", "pandas", "pandas nullable", "pandas pyarrow", "pyarrow"])
    def test_what_is_read_scores_as_one_form(self, engine):
        rows = [{"row": i, "project_id": i, "kind": "output.quantity", "weight": 10} for i in range(len(TEXTS))]
        table = ENGINES["polars"](rows).with_columns(
            target=pl.Series([a for a, _ in TEXTS]), actual=pl.Series([b for _, b in TEXTS])
        )
        given = {"polars": lambda: table, "pyarrow": table.to_arrow, "pandas": table.to_pandas}.get(
            engine, lambda: table.to_pandas(use_pyarrow_extension_array=True)
        )()
        found = back(frames.score_indicators(frames.read_texts(given), TEN), "row")
        for (target, actual), got in zip(TEXTS, found, strict=True):
            indicator = pe.Indicator("甲", kind="output.quantity", target=target, actual=actual, weight=10)
            line = pe.evaluate(pe.Project("乙", fiscal_year=2022, indicators=[indicator]), TEN).lines[1]
            bounded = isinstance(indicator.actual, pe.Quantity) and indicator.actual.bound is not pe.Bound.EXACT
            if isinstance(indicator.target, pe.Deadline | pe.Between):
                kinds = {pe.Deadline: Status.DEADLINE, pe.Between: Status.RANGE}
                assert got["status"] == kinds[type(indicator.target)]
            elif isinstance(indicator.target, pe.Statement) and not isinstance(indicator.actual, pe.Judgement):
                assert got["status"] == Status.WORDS
            elif bounded:
                assert got["status"] == Status.BOUND
            else:
                assert got["score_cents"] == (None if line.score is None else int(line.score * 100)), target

    def test_a_lazy_frame(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.read_texts(pl.DataFrame({"target": ["5个"], "actual": ["5个"]}).lazy())
        assert str(caught.value) == "texts are read on an eager frame; collect it first"

    def test_numbers(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.read_texts(pl.DataFrame({"target": [5], "actual": ["5个"]}))
        assert str(caught.value) == "target: expected text, got Int64"


class TestSummaries:
    def scored(self, frame_of):
        heads = [row | {"comparator": "甲" if row["row"] % 3 else "乙"} for row in HEADS]
        return frames.score_projects(frame_of(heads), frame_of(LINES), TEN)

    def results(self, rules=TEN):
        by_project = {}
        for line in LINES:
            by_project.setdefault(line["project_id"], []).append(line)
        return {row["row"]: pe.evaluate(project_of(row, rules, by_project.get(row["row"], ())), rules) for row in HEADS}

    def test_counts_grades_and_means(self, frame_of):
        found = back(frames.summarise(self.scored(frame_of), by=["comparator"]), "comparator")
        results = self.results()
        assert sorted(got["comparator"] for got in found) == ["乙", "甲"]
        for got in found:
            mine = [result for row, result in results.items() if ("甲" if row % 3 else "乙") == got["comparator"]]
            totals = [int(result.total * 100) for result in mine if result.total is not None]
            assert (got["projects"], got["scored"]) == (len(mine), len(totals))
            for grade in pe.Grade:
                assert got[grade.value] == sum(result.grade is grade for result in mine)
            assert got["ungraded"] == sum(result.grade is None for result in mine)
            assert got["mean_total_cents"] == (2 * sum(totals) + len(totals)) // (2 * len(totals))

    def test_one_row_of_all(self, frame_of):
        [got] = back(frames.summarise(self.scored(frame_of)), "projects")
        assert got["projects"] == len(HEADS)

    def test_two_rule_sets_side_by_side(self, frame_of):
        other = pe.rule_set("cn-generic-platform")
        found = back(frames.compare(frame_of(HEADS), frame_of(LINES), TEN, other), "project_id")
        ours, theirs = self.results(), self.results(other)
        for got in found:
            a, b = ours[got["project_id"]], theirs[got["project_id"]]
            totals = [None if result.total is None else int(result.total * 100) for result in (a, b)]
            assert [got["total_cents_a"], got["total_cents_b"]] == totals
            assert got["difference_cents"] == (None if None in totals else totals[1] - totals[0])
            # A grade that is not there has not changed.
            assert got["changes_grade"] is (None not in {a.grade, b.grade} and a.grade is not b.grade)

    def test_an_id_twice_and_none(self, frame_of):
        """No row is lost, none becomes more."""
        head = HEADS[0] | {"adjusted_budget": 5, "actual_expenditure": 5}
        heads = [head | {"row": i, "project_id": key} for i, key in enumerate([1, 1, 2, None])]
        lines = [LINES[0] | {"row": 0, "project_id": key, "actual": 1} for key in (1, 2, 9)]
        found = back(
            frames.compare(frame_of(heads), frame_of(lines), TEN, pe.rule_set("cn-generic-platform")), "project_id"
        )
        assert [(got["project_id"], got["grade_status_a"], got["grade_status_b"]) for got in found] == [
            (1, Status.DUPLICATE, Status.DUPLICATE),
            (1, Status.DUPLICATE, Status.DUPLICATE),
            (2, Status.WEIGHTS_DO_NOT_ADD_UP, Status.WEIGHTS_DO_NOT_ADD_UP),
            (9, Status.NO_PROJECT, Status.NO_PROJECT),
            (None, Status.NO_PROJECT, Status.NO_PROJECT),
        ]

    def test_a_form_of_a_hundred_whole_weights_raises_nowhere(self, frame_of):
        most = limit_of(TEN) // 10_000
        head = HEADS[0] | {"row": 0, "project_id": 1, "adjusted_budget": most, "actual_expenditure": most // 2}
        calm = {
            "target": 1,
            "actual": 1,
            "comparator": "≥",
            "tier": None,
            "share_e4": None,
            "unit": None,
            "weight": 100,
        }
        lines = [LINES[0] | calm | {"row": row, "project_id": 1} for row in range(1000)]
        found = back(frames.check_projects(frame_of([head]), frame_of(lines), TEN), "project_id")
        assert sorted(got["code"] for got in found) == ["CR102", "CR106", "WT101", "WT103"]


class TestBadInput:
    def test_missing_columns_are_named_with_those_that_are_near(self, frame_of):
        rows = [{"row": 0, "project_id": 1, "kind": "output", "target": 5, "weight": 5}]
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(frame_of(rows), TEN)
        assert str(caught.value) == (
            "missing columns: actual or actual_e4; there are row, project_id, kind, target, weight"
        )
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(pl.DataFrame({"project": [1], "kinds": ["a"]}), TEN)
        assert "project_id (near: project)" in str(caught.value)
        assert "kind (near: kinds)" in str(caught.value)

    @pytest.mark.parametrize("value", ["50", 0.5, Decimal("0.5")])
    def test_what_is_no_integer_is_refused_by_name(self, value):
        frame = pl.DataFrame([ROWS[0] | {"target": 1, "actual": 1, "weight": 1}]).with_columns(target=pl.lit(value))
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(frame, TEN)
        assert str(caught.value).startswith("target: expected integers, got ")
        assert str(caught.value).endswith("; to_fixed makes them of numbers and text")

    def test_fractions_in_the_floats_of_pandas_are_refused_by_value(self):
        """pandas keeps whole numbers with gaps as floats; what is no whole number is not cut to one."""
        whole = {"project_id": [1, 1], "kind": ["output", "output"], "target": [5, 5], "actual": [5.0, None]}
        found = frames.score_indicators(pd.DataFrame(whole | {"weight": [10, 10]}), TEN)
        assert found["score_cents"].to_list()[0] == 1000
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(pd.DataFrame(whole | {"weight": [12.5, None]}), TEN)
        assert str(caught.value) == "weight: expected integers, got 12.5; to_fixed makes them of numbers and text"

    def test_a_share_in_whole_numbers(self, frame_of):
        calm = ROWS[0] | {"tier": None, "weight": 10, "kind": "output", "target": None, "actual": None}
        rows = [calm | {"row": row, "share_e4": share} for row, share in enumerate([0, 1, 2, -1])]
        named = [{("share" if key == "share_e4" else key): value for key, value in row.items()} for row in rows]
        found = back(frames.score_indicators(frame_of(named), TEN), "row")
        assert [got["score_cents"] for got in found] == [0, 1000, None, None]

    def test_words_where_there_are_none(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(pl.DataFrame([ROWS[0] | {"kind": 5}]), TEN)
        assert str(caught.value) == "kind: expected text, got Int64"

    def test_errors_are_raised_where_they_are_asked_for(self):
        frame = pl.DataFrame(ROWS[:3]).with_columns(
            target=pl.Series([1, None, 1]),
            actual=pl.lit(1),
            weight=pl.Series([5, 5, 101]),
            kind=pl.lit("output"),
            tier=pl.lit(None, dtype=pl.String),
            share_e4=pl.lit(None, dtype=pl.Int64),
            comparator=pl.lit("≥"),
        )
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(frame, TEN, errors="raise")
        assert str(caught.value) == "2 rows have no score: 1 missing, 1 out_of_range; project ids 0, 0"
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(frame.lazy(), TEN, errors="raise")
        assert str(caught.value) == "errors: expected an eager frame for errors='raise'"
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(frame, TEN, errors="ignore")
        assert str(caught.value) == "errors: expected 'keep' or 'raise', got 'ignore'"
        with pytest.raises(pe.FrameError) as caught:
            frames.score_projects(pl.DataFrame(HEADS), pl.DataFrame(LINES), TEN, errors="raise")
        assert " rows have no score: " in str(caught.value)
        money = pl.DataFrame({"project_id": [7, 8], "adjusted_budget": [5, 5], "actual_expenditure": [5, None]})
        with pytest.raises(pe.FrameError) as caught:
            frames.score_execution(money, TEN, errors="raise")
        assert str(caught.value) == "1 rows have no score: 1 missing; project ids 8"

    def test_no_frame(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators([1, 2], TEN)
        assert str(caught.value) == "expected a dataframe, got list"

    def test_a_lazy_frame_whose_file_is_gone(self, tmp_path):
        path = tmp_path / "a.parquet"
        pl.DataFrame(ROWS[:3]).write_parquet(path)
        frame = frames.score_indicators(pl.scan_parquet(path), TEN)
        path.unlink()
        with pytest.raises(FileNotFoundError):
            frame.collect()


class TestFixed:
    """What is finer than a fen is refused, not rounded."""

    @pytest.mark.parametrize(
        "values",
        [["65.63", None, "0.01"], [Decimal("65.63"), None, Decimal("0.01")], [65.63, None, 0.01]],
        ids=["text", "decimals", "floats"],
    )
    def test_numbers_as_people_have_them(self, values):
        fixed = frames.to_fixed(pl.DataFrame({"weight": values}), points=["weight"])
        assert fixed["weight_cents"].to_list() == [6563, None, 1]

    def test_a_declared_unit(self):
        fixed = frames.to_fixed(pl.DataFrame({"adjusted_budget": ["89.974"]}), money=["adjusted_budget"], unit="万元")
        assert fixed["adjusted_budget_fen"].to_list() == [89_974_000]

    @pytest.mark.parametrize("values", [["0.125"], [Decimal("0.125")], [0.125]], ids=["text", "decimal", "float"])
    def test_finer_than_a_fen(self, values):
        with pytest.raises(pe.FrameError) as caught:
            frames.to_fixed(pl.DataFrame({"a": values}), money=["a"])
        assert str(caught.value) == "a: expected at most 2 decimal places, got 0.125"

    def test_no_numbers_and_too_large_ones(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.to_fixed(pl.DataFrame({"a": ["forty", "1"]}), money=["a"])
        assert str(caught.value) == "a: expected numbers, got forty"
        with pytest.raises(pe.FrameError) as caught:
            frames.to_fixed(pl.DataFrame({"a": [10**18]}), money=["a"])
        assert str(caught.value) == "a: expected at most 92233720368547758, got 1000000000000000000"

    def test_a_column_that_is_not_there(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.to_fixed(pl.DataFrame({"a": [1]}), money=["b"])
        assert str(caught.value) == "missing columns: b; there are a"

    def test_text_needs_an_eager_frame(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.to_fixed(pl.DataFrame({"a": ["1"]}).lazy(), money=["a"])
        assert str(caught.value) == "a: String is read on an eager frame; collect it first, or cast it to integers"

    def test_then_scored_alike_on_every_engine(self, frame_of):
        rows = [row | {"weight": 7} for row in ROWS[:200] if row["target"] is not None and abs(row["target"]) < 10**9]
        whole = back(frames.score_indicators(frame_of(rows), TEN), "row")
        fixed = frames.to_fixed(frame_of(rows), points=["weight"], figures=["target", "actual"])
        found = back(frames.score_indicators(fixed, TEN), "row")
        assert [got["score_cents"] for got in found] == [got["score_cents"] for got in whole]

    def test_decimals_out(self):
        scored = frames.score_indicators(pl.DataFrame(ROWS), TEN)
        made = frames.to_decimal(scored, ["score_cents"])
        pairs = zip(made["score"].to_list(), made["score_cents"].to_list(), strict=True)
        assert all((score is None and cents is None) or score * 100 == cents for score, cents in pairs)
        with pytest.raises(pe.FrameError) as caught:
            frames.to_decimal(pl.DataFrame({"a": [1]}), ["a"])
        assert str(caught.value) == "a: expected a column of cents or fen; there are a"

    def test_target_and_actual_go_together(self):
        frame = pl.DataFrame({"project_id": [1], "kind": ["output"], "target_e4": [5], "actual": [5], "weight": [1]})
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(frame, TEN)
        assert str(caught.value) == "target_e4 and actual_e4 go together: make both by to_fixed"


class TestHeadings:
    def test_of_the_official_form(self):
        chinese = pd.DataFrame(
            {"项目编号": [1], "指标类型": ["output.quantity"], "指标值": [50], "实际完成值": [48], "分值": [50]}
        )
        found = frames.score_indicators(chinese, TEN, columns="zh_CN")
        assert list(found.columns) == [*chinese.columns, "score_cents", "status"]
        assert found["score_cents"].tolist() == [4800]

    def test_of_the_users_own(self):
        own = pl.DataFrame({"p": [1], "k": ["output"], "aim": [50], "did": [25], "w": [10]})
        names = {"p": "project_id", "k": "kind", "aim": "target", "did": "actual", "w": "weight"}
        assert frames.score_indicators(own, TEN, columns=names)["score_cents"].to_list() == [500]

    def test_another_word(self):
        with pytest.raises(pe.FrameError) as caught:
            frames.score_indicators(pl.DataFrame(ROWS[:1]), TEN, columns="de")
        assert str(caught.value) == "columns: expected a mapping or 'zh_CN', got 'de'"


class TestStatus:
    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    def test_every_status_has_words(self, locale):
        assert len({status.text(locale) for status in Status}) == len(Status) == 18
