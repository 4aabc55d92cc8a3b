"""What a rule file can have wrong, each with the whole message: what, where, what was found, what would be right."""

from __future__ import annotations

import re
import time
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
import tomli_w

import perfeval as pe
from mistakes import PYTHON, WRONG, changed, paths_of

DATA = Path(pe.__file__).parent / "data" / "rulesets"
TEN = (DATA / "cn-mof-2020-10.toml").read_text(encoding="utf-8")
CENTRAL = (DATA / "cn-mof-2021-101.toml").read_text(encoding="utf-8")

# Parts that the two files do not have.
MORE = """
[adjustments.exceeded]
factor = 1.5
points = 1
label = { zh_CN = "甲", en = "a" }
cites = ["published-forms"]

[adjustments.cap]
rates = [{ below = 0.8, total = 89 }, { below = 0.6, total = 69 }]
label = { zh_CN = "甲", en = "a" }
cites = ["published-forms"]

[[department]]
indicator = "staffing_control_rate"
weight = 5
cites = ["published-forms"]
rule = { constructor = "deduction", above = 1, per = 0.01, points = 0.5, scale = 5, pro_rata = true }

[[unmet]]
reason = "late"
share = 0
cites = ["published-forms"]

[reasons.execution_rate]
below = 0.9
cites = ["published-forms"]
"""

CONSTRUCTORS = "proportional, with_pass_mark, steps, all_or_nothing, deduction, tiers"
MARK = 'rule = { constructor = "with_pass_mark", pass_mark = 0.6, cap = 1 }'
STEP = "{ at_least = 0.8, points = 7 }"
TIER = '{ tier = "achieved", lower = 0.8, upper = 1, share = 1 }'
DEDUCTION = 'constructor = "deduction", above = 1, per = 0.01, points = 0.5, scale = 5, pro_rata = true'

# (what stands there, what is written instead, the faults)
CASES = {
    # A key is missing.
    "no id": ('id = "cn-mof-2021-101"\n', "", ["id: missing"]),
    "no total": ('[total]\npoints = 100\ncites = ["cn-mof-2020-10#18"]\n', "", ["total: missing"]),
    "no methods' name": ('name = "at_most"\n', "", ["methods[2].name: missing"]),
    "a method without a rule": (
        f'inverse = "ratio"\n{MARK}',
        'inverse = "ratio"',
        ["methods[2].rule: missing"],
    ),
    "a rule without a constructor": (
        MARK,
        "rule = { pass_mark = 0.6, cap = 1 }",
        [f"methods[1].rule.constructor: missing, expected one of {CONSTRUCTORS}"],
    ),
    "no pass mark": (
        MARK,
        'rule = { constructor = "with_pass_mark" }',
        ["methods[1].rule.pass_mark: missing"],
    ),
    "a deduction of nothing": (
        DEDUCTION,
        'constructor = "deduction"',
        [
            "department[0].rule.per: missing",
            "department[0].rule.points: missing",
            "department[0].rule.scale: missing",
        ],
    ),
    "a step without points": (
        STEP,
        "{ at_least = 0.8 }",
        ["execution.unfinished.rule.steps[0].points: missing"],
    ),
    "a tier without lower": (
        TIER,
        '{ tier = "achieved", upper = 1, share = 1 }',
        ["methods[4].rule.tiers[0].lower: missing"],
    ),
    "a cap without its total": (
        "{ below = 0.8, total = 89 }",
        "{ below = 0.8 }",
        [
            "adjustments.cap.rates[0].total: missing",
        ],
    ),
    "a table that rests on nothing": (
        '[total]\npoints = 100\ncites = ["cn-mof-2020-10#18"]',
        "[total]\npoints = 100",
        ["total: expected cites or an assumption"],
    ),
    # A name is misspelt.
    "a misspelt key": (
        "pass_mark = 0.6",
        "passmark = 0.6",
        ["methods[1].rule.pass_mark: missing", "methods[1].rule.passmark: unknown key; is pass_mark meant?"],
    ),
    "an unknown key": (
        MARK,
        'rule = { constructor = "with_pass_mark", pass_mark = 0.6, colour = "red" }',
        ["methods[1].rule.colour: unknown key; known are constructor, pass_mark, uncapped, cap"],
    ),
    "an unknown key of the file": (
        "monotone = true",
        "monotone = true\nplaces = 1",
        ["places: unknown key; is place meant?"],
    ),
    "a misspelt constructor": (
        MARK,
        'rule = { constructor = "with_passmark", pass_mark = 0.6 }',
        [f"methods[1].rule.constructor: expected one of {CONSTRUCTORS}, got 'with_passmark'"],
    ),
    "a misspelt comparator of a step": (
        STEP,
        "{ atleast = 0.8, points = 7 }",
        [
            "execution.unfinished.rule.steps[0]: expected one of at_least, more_than, at_most, less_than in a step, got atleast"
        ],
    ),
    "two comparators of a step": (
        STEP,
        "{ at_least = 0.8, at_most = 0.9, points = 7 }",
        [
            "execution.unfinished.rule.steps[0]: expected one of at_least, more_than, at_most, less_than in a step, got at_least, at_most"
        ],
    ),
    "no comparator of a step": (
        STEP,
        "{ points = 7 }",
        [
            "execution.unfinished.rule.steps[0]: expected one of at_least, more_than, at_most, less_than in a step, got none"
        ],
    ),
    "a misspelt comparator": (
        'comparator = "≤"',
        'comparator = "<="',
        ["unstated_comparator[0].comparator: expected a comparator (≥, ≤, =, >, <), got '<='"],
    ),
    "no comparator at all": (
        'comparator = "≤"',
        'comparator = "unstated"',
        ["unstated_comparator[0].comparator: expected a comparator (≥, ≤, =, >, <), got 'unstated'"],
    ),
    "a misspelt form": (
        'forms = ["range", "deadline"]',
        'forms = ["range", "dead_line"]',
        ["methods[3].forms: expected forms among ≥, ≤, =, >, <, range, deadline, judgement, got 'dead_line'"],
    ),
    "no form": (
        'forms = ["range", "deadline"]',
        "forms = []",
        ["methods[3].forms: expected forms among ≥, ≤, =, >, <, range, deadline, judgement, got none"],
    ),
    "a misspelt tier": (
        TIER,
        TIER.replace("achieved", "done"),
        ["methods[4].rule.tiers[0].tier: expected a tier (achieved, partly_achieved, not_achieved), got 'done'"],
    ),
    "a misspelt treatment": (
        'treatment = "not_applicable"',
        'treatment = "none"',
        [
            "execution.no_budget.treatment: expected a treatment (not_applicable, without_weight, full, zero), got 'none'"
        ],
    ),
    "a misspelt reason": (
        'reason = "late"',
        'reason = "too_late"',
        [f"unmet[0].reason: expected a reason ({', '.join(pe.Reason)}), got 'too_late'"],
    ),
    "a misspelt kind of weights": (
        "points = { cost = 20,",
        "points = { costs = 20,",
        [
            f"weights[0].points.costs: expected a kind of indicator ({', '.join(pe.IndicatorKind)}), got 'costs'; near are cost, cost.social"
        ],
    ),
    # A value is of the wrong kind.
    "text for a table": ("[rounding]\n", "rounding = 5\n[other]\n", None),
    "text for a rule": (MARK, 'rule = "proportional"', ["methods[1].rule: expected a table, got 'proportional'"]),
    "a list for a rule": (MARK, "rule = [1]", ["methods[1].rule: expected a table, got a list"]),
    "a table for steps": (
        f"steps = [{STEP}, {{ at_least = 0.6, points = 5 }}]",
        f"steps = {STEP}",
        ["execution.unfinished.rule.steps: expected a list, got a table"],
    ),
    "numbers for steps": (
        f"steps = [{STEP}, {{ at_least = 0.6, points = 5 }}]",
        "steps = [0.8, 0.6]",
        [
            "execution.unfinished.rule.steps[0]: expected a table, got 0.8",
            "execution.unfinished.rule.steps[1]: expected a table, got 0.6",
        ],
    ),
    "a list for a number": (
        "pass_mark = 0.6",
        "pass_mark = [0.6]",
        ["methods[1].rule.pass_mark: expected a number, got a list"],
    ),
    "true for a number": (
        "pass_mark = 0.6",
        "pass_mark = true",
        ["methods[1].rule.pass_mark: expected a number, got true"],
    ),
    "words for a number": (
        "pass_mark = 0.6",
        'pass_mark = "low"',
        ["methods[1].rule.pass_mark: expected a plain number, got 'low'"],
    ),
    "no number": (
        "pass_mark = 0.6",
        "pass_mark = nan",
        ["methods[1].rule.pass_mark: expected a finite number, got NaN"],
    ),
    "too large a number": (
        "pass_mark = 0.6",
        "pass_mark = 1e999",
        ["methods[1].rule.pass_mark: expected at most 10^15, got 1E+999"],
    ),
    "a number for true": (
        "pro_rata = true",
        "pro_rata = 1",
        ["department[0].rule.pro_rata: expected true or false, got 1"],
    ),
    "a number for text": ('place = "CN"', "place = 110000", ["place: expected text, got 110000"]),
    "text for a list": (
        'cites = ["cn-mof-2020-10#18"]\n\n[rounding]',
        'cites = "cn-mof-2020-10#18"\n\n[rounding]',
        ["total.cites: expected a list, got 'cn-mof-2020-10#18'"],
    ),
    "a number to cite": (
        'cites = ["cn-mof-2020-10#18"]\n\n[rounding]',
        "cites = [18]\n\n[rounding]",
        ["total.cites: 18 cites no known source"],
    ),
    "words in one language": (
        "without_share = { zh_CN",
        "without_share = { zh",
        ["methods[4].without_share: expected words in zh_CN and en"],
    ),
    "no words in one language": (
        "title = { zh_CN = '财预〔2021〕101号 中央部门项目支出绩效自评'",
        "title = { zh_CN = ''",
        ["title.zh_CN: expected text, got ''"],
    ),
    "a year with decimals": (
        "first_fiscal_year = 2022",
        "first_fiscal_year = 2022.5",
        ["first_fiscal_year: expected a fiscal year, got 2022.5"],
    ),
    "a day and an hour": (
        "checked_on = 2026-11-22",
        "checked_on = 2026-11-22T08:00:00",
        ["checked_on: expected a date, got 2026-11-22T08:00:00"],
    ),
    "a list for a tier's words": (
        '[[words]]\ntier = "achieved"',
        '[[words]]\ntexts = [["已完成"]]\ntier = "achieved"',
        ["words[0].texts: expected text, got a list"],
    ),
    "an unknown locale": (
        'default_locale = "zh_CN"',
        'default_locale = "fr"',
        ["default_locale: expected a locale (zh_CN, en), got 'fr'"],
    ),
    # The values do not go together.
    "steps out of order": (
        f"{STEP}, {{ at_least = 0.6, points = 5 }}",
        f"{{ at_least = 0.6, points = 5 }}, {STEP}",
        [
            "execution.unfinished.rule.steps: expected limits that fall with ≥ or >, or rise with ≤ or <, from the best step to the worst"
        ],
    ),
    "no steps": (
        f"steps = [{STEP}, {{ at_least = 0.6, points = 5 }}]",
        "steps = []",
        ["execution.unfinished.rule.steps: expected at least one step"],
    ),
    "a pass mark of all": (
        "pass_mark = 0.6",
        "pass_mark = 1",
        ["methods[1].rule.pass_mark: expected a share below 1, got 1"],
    ),
    "a scale of nothing": ("scale = 5", "scale = 0", ["department[0].rule.scale: expected a number above 0, got 0"]),
    "above and below": (
        "above = 1, per",
        "above = 1, below = 1, per",
        ["department[0].rule: deduction: expected either above or below, got both or neither"],
    ),
    "a cap and none": (
        MARK,
        'rule = { constructor = "with_pass_mark", pass_mark = 0.6, cap = 1, uncapped = true }',
        ["methods[1].rule.uncapped: expected either cap or uncapped, got both"],
    ),
    "two limits of a rate": (
        "less_than = 1",
        "less_than = 1\nat_most = 2",
        ["execution.unfinished.less_than: expected either at_most or less_than, got both"],
    ),
    "a tier from high to low": (
        TIER,
        '{ tier = "achieved", lower = 1, upper = 0.8 }',
        ["methods[4].rule.tiers: expected 0 ≤ lower < upper ≤ 1 and a share within, got lower 1, upper 0.8"],
    ),
    "a tier that earns more than a better one": (
        TIER,
        '{ tier = "achieved", lower = 0, upper = 0.6 }',
        ["methods[4].rule.tiers: expected the range of partly_achieved (0.6 to 0.8) below that of achieved (0 to 0.6)"],
    ),
    "a tier left out": (
        f"    {TIER},\n",
        "",
        [
            "methods[4].rule.tiers: expected each of achieved, partly_achieved, not_achieved once, got partly_achieved, not_achieved"
        ],
    ),
    "a method with the name of the rate's": (
        'name = "at_most"',
        'name = "execution_rate.finished"',
        ["methods: expected each name once, got 'execution_rate.finished' 2 times"],
    ),
    "only one of finished and unfinished": (
        "[execution.finished]",
        "[execution.score]",
        [
            "execution.finished: missing",
            "execution.score: unknown key; known are rate, no_budget, unfinished, finished, weight, cites, assumption",
        ],
    ),
}


@pytest.fixture
def own(tmp_path):
    """Write a rule file and read it."""

    def read(text):
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return pe.RuleSet.from_toml(path)

    return read


def faults_of(own, text):
    with pytest.raises(pe.RuleSetError) as caught:
        own(text)
    assert str(caught.value).startswith("own.toml\n  ")
    return [str(fault) for fault in caught.value.exceptions]


FULL = CENTRAL + MORE


class TestMessages:
    def test_the_file_itself_is_right(self, own):
        assert own(FULL).id == "cn-mof-2021-101"

    @pytest.mark.parametrize("case", [case for case, row in CASES.items() if row[2] is not None])
    def test_says_what_is_wrong_where_and_what_would_be_right(self, own, case):
        old, new, faults = CASES[case]
        assert old in FULL
        assert faults_of(own, FULL.replace(old, new, 1)) == faults

    def test_what_is_no_table_at_all(self, own):
        text = 'rounding = 5\ntotal = "x"\nexecution = []\ngrades = true\nsources = 3\nmethods = { a = 1 }\n'
        assert faults_of(own, text) == [
            "sources: expected a table, got 3",
            "total: expected a table, got 'x'",
            "rounding: expected a table, got 5",
            "grades: expected a table, got true",
            "execution: expected a table, got a list",
            "methods: expected a list, got a table",
            *(f"{key}: missing" for key in ("id", "title", "place", "scope", "first_fiscal_year", "checked_on")),
            *(f"{key}: missing" for key in ("default_locale", "bounded", "monotone")),
            "expected cites or an assumption",
        ]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("= broken", "not valid TOML: Invalid statement (at line 1, column 1)"),
            ("a = " + "9" * 10_000, "not valid TOML: a whole number has too many digits"),
            ("a = 1e" + "9" * 20, "not valid TOML: a number has too large an exponent"),
            ("a = " + "[" * 100_000, "not valid TOML: tables or lists are nested too deep"),
            ("a." * 20_000 + "a = 1", "not valid TOML: a key has more than 64 parts"),
        ],
    )
    def test_what_is_not_toml(self, own, text, message):
        [fault] = faults_of(own, text)
        assert fault.startswith(message)

    def test_a_byte_order_mark(self, own):
        assert own("\ufeff" + FULL).id == "cn-mof-2021-101"

    def test_what_is_not_utf_8(self, tmp_path):
        path = tmp_path / "own.toml"
        path.write_bytes("# 规则".encode("gbk"))
        with pytest.raises(pe.RuleSetError) as caught:
            pe.RuleSet.from_toml(path)
        assert [str(fault) for fault in caught.value.exceptions] == ["not valid UTF-8: invalid start byte at byte 2"]

    def test_no_citation(self, own):
        faults = faults_of(own, re.sub(r"cites = \[[^\]]+\]", "cites = []", FULL))
        assert len(faults) > 5
        assert {fault.partition("cites: ")[2] for fault in faults} == {
            "expected at least one citation, got an empty list"
        }

    def test_a_document_of_the_librarys_is_not_renamed(self, own):
        mine = '[sources.cn-mof-2020-10]\nstatus = "verified"\ntitle = { zh_CN = "假", en = "fake" }\n'
        assert faults_of(own, f"{FULL}\n{mine}") == [
            "sources.cn-mof-2020-10: a document of this name comes with the library; name yours otherwise"
        ]

    def test_many_unknown_keys_take_no_time(self, own):
        start = time.perf_counter()
        assert len(faults_of(own, "\n".join(f"k{number} = 1" for number in range(20_000)))) > 20_000
        assert time.perf_counter() - start < 5


WHOLE = tomllib.loads(FULL, parse_float=Decimal)
EVERY_PATH = sorted({tuple(path) for path in paths_of(WHOLE)}, key=str)


@pytest.mark.parametrize("path", EVERY_PATH, ids=lambda path: ".".join(map(str, path)))
def test_no_python_leaks_out_of_any_wrong_value(own, path):
    """Each value replaced by each kind of wrong one, each key left out and renamed."""
    changes = [lambda key, _, wrong=wrong: (key, wrong) for wrong in WRONG]
    if isinstance(path[-1], str):
        changes += [lambda _key, _: None, lambda key, part: (f"{key}s", part)]
    for change in changes:
        text = tomli_w.dumps(changed(WHOLE, path, change))
        try:
            own(text)
        except pe.RuleSetError as error:
            for fault in error.exceptions:
                assert not PYTHON.search(str(fault)), fault
                assert len(str(fault)) < 1000
