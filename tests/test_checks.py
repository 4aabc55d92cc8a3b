"""The checks: each code by its case file, the report of a county, laws over any form."""

from __future__ import annotations

import datetime as dt
import re
import time
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import perfeval as pe
import strategies
from perfeval import checks, i18n
from perfeval.findings import Term

CASES = Path(__file__).parent / "cases"
RULES = pe.rule_set("cn-mof-2020-10")


def cases():
    for path in sorted(CASES.glob("??[0-9]*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for kind in ("passes", "fails"):
            for row in table[kind]:
                yield pytest.param(path.stem, kind, row, id=f"{path.stem} {kind}: {row['case']}")


def checked(code, row):
    year = row.get("fiscal_year", 2022)
    head = f'name = "{row.get("name", "某项目")}"\nfiscal_year = {year}\namount_unit = "万元"\n'
    document = pe.loads(head + row["document"])
    name = row.get("rules", document.place or "CN")
    rules = pe.RuleSet.from_toml(CASES / name) if name.endswith(".toml") else pe.rule_set(name, fiscal_year=year)
    on = row.get("on")
    return pe.check(document, rules, select=[code], on=on and dt.date.fromisoformat(on))


class TestEveryCode:
    @pytest.mark.parametrize(("code", "kind", "row"), list(cases()))
    def test_passes_and_fails(self, code, kind, row):
        found = checked(code, row)
        assert [finding.where for finding in found] == row.get("finds", [])
        assert {finding.code for finding in found} <= {code}
        if kind == "fails":
            assert found[0].message("zh_CN") == row["zh_CN"]
            assert found[0].message("en") == row["en"]
            # The article of the rule set, where it is the rule set's; else what the code rests on.
            [rule] = [rule for rule in checks.catalogue() if rule.code == code]
            assert [str(cite) for cite in found[0].cites] == row.get("cites", [str(cite) for cite in rule.cites])

    def test_each_has_one_case_file_that_passes_and_fails(self):
        files = {path.stem for path in CASES.glob("??[0-9]*.toml")}
        assert files == {rule.code for rule in checks.catalogue()}

    def test_each_code_and_each_name_stands_once(self):
        for part in ("code", "name"):
            assert len({getattr(rule, part) for rule in checks.catalogue()}) == len(checks.catalogue())

    @pytest.mark.parametrize("rule", checks.catalogue(), ids=lambda rule: rule.code)
    def test_each_rests_on_something(self, rule):
        assert rule.cites
        assert re.fullmatch(r"(AR|WT|TG|CP|CF|DP|CR|YR)1[0-9]{2}", rule.code)
        for locale in i18n.LOCALES:
            assert rule.about(locale)


class TestFinding:
    FOUND = pe.check(
        pe.Project("甲", fiscal_year=2022, indicators=[pe.Indicator("乙", weight=-5)], excerpt=True), RULES
    )

    def test_says_what_where_and_why_in_both_languages(self):
        [finding] = [found for found in self.FOUND if found.code == "WT104"]
        assert str(finding) == "indicators[0].weight: WT104 error: '乙' has the weight -5"
        assert finding.line("zh_CN") == "indicators[0].weight: WT104 错误: “乙”分值为-5，分值不得为负"
        assert finding.to_dict("en") == {
            "code": "WT104",
            "name": "weight-negative",
            "severity": "error",
            "where": "indicators[0].weight",
            "message": "'乙' has the weight -5",
            "params": {"name": "乙", "weight": "-5"},
            "cites": ["cn-mof-2020-10#21"],
        }

    def test_no_such_locale(self):
        with pytest.raises(pe.LocaleNotFoundError):
            self.FOUND[0].message("de")

    def test_params_keep_figures_as_figures(self):
        values = (
            ("a_rate", Decimal("0.95")),
            ("b", pe.Ratio(1, 3)),
            ("c", Term("absent")),
            ("d", (Decimal(1), Decimal(2))),
            ("e", 3),
            ("f", i18n.Words("优", "excellent")),
            ("g", pe.AmountUnit.WAN),
        )
        [finding] = [found for found in self.FOUND if found.code == "WT104"]
        finding = finding._replace(params=(*finding.params, *values))
        params = finding.to_dict("en")["params"]
        assert {key: value for key, value in params.items() if key not in ("name", "weight")} == {
            "a_rate": "0.95",
            "b": "1/3",
            "c": "absent",
            "d": ["1", "2"],
            "e": 3,
            "f": {"zh_CN": "优", "en": "excellent"},
            "g": "万元",
        }


class TestBandsWithoutWords:
    def test_only_the_words_there_are_are_told(self):
        bands = tuple(attrs.evolve(band, words=None) if band.grade == "fair" else band for band in RULES.bands)
        project = pe.Project("甲", fiscal_year=2022, stated=pe.Stated(grade="合格"))
        [finding] = pe.check(project, attrs.evolve(RULES, bands=bands), select=["CF102"])
        assert finding.message("zh_CN") == "评价等级“合格”不在规则的等级（优、良、差）之内"


class TestNotesOfADepartment:
    """What most forms lack is told once."""

    ROW = pe.Indicator("甲", kind="output.quantity", target="≥5件", actual="5件", weight=10)

    def test_a_note_of_several_projects_is_one(self):
        projects = [pe.Project(name, fiscal_year=2022, indicators=[self.ROW]) for name in "甲乙丙"]
        found = pe.check(pe.Department("丁", fiscal_year=2022, projects=projects), RULES, select=["CP104"])
        assert [str(f) for f in found] == ["projects: CP104 note: not told: Objective: expected"]

    def test_a_note_of_one_project_keeps_its_place(self):
        told = pe.Project("乙", fiscal_year=2022, objective_expected="丙", objective_actual="丁", indicators=[self.ROW])
        projects = [told, pe.Project("甲", fiscal_year=2022, indicators=[self.ROW])]
        found = pe.check(pe.Department("丁", fiscal_year=2022, projects=projects), RULES, select=["CP104"])
        assert [f.where for f in found] == ["projects[1].objective_expected"]

    def test_a_warning_is_told_of_each(self):
        missed = attrs.evolve(self.ROW, actual="4件")
        projects = [pe.Project(name, fiscal_year=2022, indicators=[missed]) for name in "甲乙"]
        found = pe.check(pe.Department("丁", fiscal_year=2022, projects=projects), RULES, select=["CP106"])
        assert [f.where for f in found] == [f"projects[{i}].indicators[0].deviation_reason" for i in (0, 1)]


class TestSelecting:
    def test_by_family_and_code(self):
        assert checks.chosen(["AR", "WT101"], ignore=["AR101"]) >= {"AR102", "WT101"}
        assert "AR101" not in checks.chosen(["AR"], ignore=["AR101"])

    def test_an_unknown_code(self):
        with pytest.raises(ValueError) as caught:
            pe.check(pe.Project("甲", fiscal_year=2022), RULES, select=["AR999"])
        assert str(caught.value) == "expected a code or a family (AR, CF, CP, CR, DP, TG, WT, YR), got 'AR999'"

    def test_only_what_is_selected_is_found(self):
        project = pe.load("examples/published/sichuan-zhongjiang-2022.toml")
        every = pe.check(project, RULES)
        assert {"AR104", "WT101"} <= {finding.code for finding in every}
        assert pe.check(project, RULES, select=["WT"]) == tuple(f for f in every if f.code.startswith("WT"))
        assert pe.check(project, RULES, ignore=["WT"]) == tuple(f for f in every if not f.code.startswith("WT"))


class TestLaoting2022:
    """A report of a county: 6 projects stated, 5 listed; the amounts are neither figure."""

    REPORT = pe.load("examples/laoting-2022.toml")
    FOUND = pe.check(REPORT, pe.rule_set(REPORT.place, fiscal_year=2022))

    def test_gives_what_a_careful_reader_would_say(self):
        errors = [finding.line("zh_CN") for finding in self.FOUND if finding.severity is pe.Severity.ERROR]
        assert errors == [
            "stated.evaluated_projects: DP101 错误: 报告载明自评项目6个，所列项目5个，两者不一致",
            "projects: DP103 错误: 所列各项目金额合计76万元，与报告载明的涉及预算金额、支出决算（79、65.63万元）均不一致，依次相差3、10.37万元",
        ]

    def test_and_what_needs_a_reason(self):
        """Written from the report, before the checks had run."""
        rest = [(f.code, f.where) for f in self.FOUND if f.severity is not pe.Severity.ERROR]
        assert sorted(rest) == sorted(
            [
                # its county has no rules of its own here
                ("CF105", "place"),
                # 13.37 unspent of 79, and no word of it
                ("DP111", "stated.actual_expenditure"),
                # how it was done; what the targets are worth; what is wrong, who mends it, by when; what for
                ("DP112", "organisation"),
                ("DP112", "target_quality"),
                ("DP112", "rectification"),
                ("DP112", "use_of_results"),
                # 12 for 代表工作经费, and no work
                ("DP113", "projects[2].indicators"),
                # 经济, 社会, 生态, 可持续 in words; satisfaction "非常高"; indicators that nobody shows
                ("DP114", "claims"),
                ("DP115", "claims[14]"),
                ("DP116", "organisation"),
                # 2.5 a month from 21 April against 10
                ("CR110", "projects[4].indicators[4].actual"),
                # 视察、调研、执法检查 twice; housing by a people's congress
                ("CR111", "projects[2].name"),
                ("CR112", "claims[10]"),
                # work reported, without targets
                *[("CP112", f"projects[{i}].indicators") for i in (0, 1, 3, 4)],
            ]
        )

    def test_in_words(self):
        found = {(f.code, f.where): f.message("zh_CN") for f in self.FOUND}
        assert found["DP112", "rectification"] == "“整改情况”未说明：存在的问题、责任单位或责任人、完成期限"
        assert (
            found["DP111", "stated.actual_expenditure"] == "预算79万元中13.37万元未支出，执行率83.08%，报告未说明原因"
        )
        assert found["CR110", "projects[4].indicators[4].actual"] == (
            "“每月食宿费用”2.5万元，自2022年4月21日至2022年12月31日满8个月，共20万元，超过项目金额10万元"
        )
        assert (
            found["CR111", "projects[2].name"] == "项目“代表工作经费”与“代表视察与监督经费”用途可能交叉，请核对支出范围"
        )

    def test_no_check_knows_its_numbers(self):
        texts = [path.read_text(encoding="utf-8") for path in Path("src/perfeval/checks").glob("*.py")]
        texts.append(Path("src/perfeval/data/checks.toml").read_text(encoding="utf-8"))
        texts += ["".join(i18n.catalog(locale).values()) for locale in i18n.LOCALES]
        for number in ("65.63", "76万", "79万", "乐亭"):
            assert not any(number in text for text in texts)

    def test_a_report_that_lists_all_is_not_accused(self):
        six = attrs.evolve(self.REPORT.projects[0], name="第六项", stated=pe.Stated(amount=pe.wan(3)))
        whole = attrs.evolve(self.REPORT, projects=(*self.REPORT.projects, six))
        codes = {finding.code for finding in pe.check(whole, RULES)}
        assert not codes & {"DP101", "DP103"}

    def test_an_excerpt_is_not_accused(self):
        codes = {finding.code for finding in pe.check(attrs.evolve(self.REPORT, excerpt=True), RULES)}
        assert not codes & {"DP101", "DP103"}


class TestTwoInventedDepartments:
    """The same checks on a department without faults, and on one with other faults."""

    def test_清河局_2022_adds_up(self):
        found = pe.check(pe.load("examples/qingheju-2022.toml"), RULES)
        assert not [str(finding) for finding in found if finding.severity is pe.Severity.ERROR]

    def test_柳岸局_2023_does_not(self):
        report = pe.load("tests/cases/liuanju-2023.toml")
        found = [finding.line("en") for finding in pe.check(report, RULES) if finding.severity is pe.Severity.ERROR]
        assert found == [
            "stated.evaluated_projects: DP101 error: 4 projects stated, 3 listed",
            "stated.coverage_rate: DP102 error: 4 of 5 projects evaluated (80.00%) does not agree with what is stated",
            "stated.budget: DP104 error: a budget of 130 stated, the projects' add to 120.5 (10,000 yuan)",
            "stated.execution_rate: DP106 error: rate stated as 95.2%, but 120 / 130 is 92.31%",
            "stated.mean_score: DP107 error: mean score stated as 96, the projects' totals give 92.33",
            "stated.excellent: DP108 error: 3 projects stated as 'excellent', 2 listed",
            "projects[1].stated.total: AR104 error: total printed as 97, but the scores add to 96",
        ]


def place_in(subject, path):
    """Follow a path as documents have it; a place that is not there raises."""
    for name, position in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        subject = getattr(subject, name)
        if position:
            subject = subject[int(position)]
    return subject


PASSAGES = st.none() | st.sampled_from(
    ["成立小组", "存在问题，由财务科负责，3月底前完成", "均设有产出指标", "预算安排"]
)
REPORTS = st.fixed_dictionaries(
    {
        **dict.fromkeys(("organisation", "target_quality", "rectification", "use_of_results"), PASSAGES),
        "claims": st.lists(
            st.builds(pe.Claim, st.sampled_from(["社会效益", "满意度"]), st.sampled_from(["非常高", "96%", "住房"])),
            max_size=3,
        ),
        "rectification_items": st.lists(
            st.builds(
                pe.RectificationItem,
                strategies.NAMES,
                due=st.none() | strategies.DAYS,
                state=st.none() | st.sampled_from(pe.RectificationState),
                opened=st.none() | strategies.DAYS,
                closed=st.none() | strategies.DAYS,
            ),
            max_size=3,
        ),
    }
)


def shown(exact, digits, mode):
    """A fraction of 0 or more to so many digits, by floor alone."""
    scaled = exact * 10**digits
    whole, rest = scaled.__floor__(), scaled - scaled.__floor__()
    if mode != "down" and (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (mode == "half up" or whole % 2))):
        whole += 1
    return Decimal((0, tuple(map(int, str(whole))), -digits))


class TestLaws:
    @given(st.lists(st.integers(1, 200), min_size=1, max_size=6), st.integers(1, 10**6), st.data())
    def test_a_form_that_prints_what_the_rules_give_has_no_error_of_arithmetic(self, actuals, budget, data):
        """What the article gives is computed here, by fractions; the form's weights and money may then be odd."""
        spent = data.draw(st.integers(0, budget))
        scores = [
            pe.Indicator(
                f"指标{i}",
                kind="output.quantity",
                target=pe.Threshold("≥", 100),
                actual=a,
                weight=10,
                stated=pe.StatedIndicator(score=min(a, 100) / Decimal(10)),
            )
            for i, a in enumerate(actuals)
        ]
        execution = shown(Fraction(10 * spent, budget), 2, "half up")
        total = sum((item.stated.score for item in scores), execution)
        printed = pe.Project(
            "甲",
            fiscal_year=2022,
            funding=[pe.FundingLine(adjusted_budget=budget, actual_expenditure=spent)],
            indicators=scores,
            stated=pe.Stated(
                execution_weight=10,
                execution_score=execution,
                execution_rate=shown(Fraction(spent, budget), 4, "half up"),
                total=total,
            ),
        )
        assert not [str(found) for found in pe.check(printed, RULES, select=["AR"]) if found.severity != "note"]

    @given(
        st.lists(st.tuples(st.integers(1, 150), st.sampled_from("≥≤")), min_size=1, max_size=6),
        st.integers(1, 10**6),
        st.sampled_from(["half up", "half even", "down"]),
        st.integers(0, 3),
        st.booleans(),
        st.data(),
    )
    def test_one_practice_of_rounding_is_never_an_error(self, rows, budget, mode, digits, before_rounding, data):
        """Every score to so many digits by one mode; the total of the printed scores, or of the exact ones."""
        spent = data.draw(st.integers(0, budget))
        shares = [Fraction(min(a, 100), 100) if sign == "≥" else Fraction(100, max(a, 100)) for a, sign in rows]
        exact = [10 * share for share in shares]
        rate = Fraction(spent, budget)
        execution = shown(10 * rate, digits, mode)
        scores = [shown(points, digits, mode) for points in exact]
        total = sum(exact, 10 * rate) if before_rounding else sum(map(Fraction, [*scores, execution]), Fraction(0))
        printed = pe.Project(
            "甲",
            fiscal_year=2022,
            funding=[pe.FundingLine(adjusted_budget=budget, actual_expenditure=spent)],
            indicators=[
                pe.Indicator(
                    f"指标{i}",
                    kind="output.quality",
                    target=pe.Threshold(sign, 100),
                    actual=actual,
                    weight=10,
                    stated=pe.StatedIndicator(score=score),
                )
                for i, ((actual, sign), score) in enumerate(zip(rows, scores, strict=True))
            ],
            stated=pe.Stated(
                execution_weight=10,
                execution_score=execution,
                execution_rate=shown(rate, digits + 2, mode),
                total=shown(total, digits, mode),
            ),
        )
        found = pe.check(printed, RULES, select=["AR"])
        assert [str(finding) for finding in found if finding.severity == "error"] == []

    @given(st.integers(0, 10), st.integers(1, 99))
    def test_the_order_of_the_rows_does_not_matter(self, weight, actual):
        rows = [
            pe.Indicator(f"指标{i}", kind="output.quantity", target="≥100件", actual=f"{actual + i}件", weight=weight)
            for i in range(4)
        ]
        forward = pe.check(pe.Project("甲", fiscal_year=2022, indicators=rows), RULES)
        backward = pe.check(pe.Project("甲", fiscal_year=2022, indicators=rows[::-1]), RULES)
        assert sorted(f.message("en") for f in forward) == sorted(f.message("en") for f in backward)

    @given(strategies.DEPARTMENTS, REPORTS, st.sampled_from(pe.rule_sets()), st.none() | strategies.DAYS)
    def test_every_document_is_checked_and_every_finding_has_a_place_and_words(self, department, report, rules, on):
        department = attrs.evolve(department, **report)
        for subject in (department, *department.projects):
            for finding in pe.check(subject, rules, on=on):
                place_in(subject, finding.where)
                for locale in i18n.LOCALES:
                    assert "{" not in finding.message(locale)
                assert finding.cites

    @given(strategies.PROJECTS, st.integers(0, 5))
    def test_what_an_excerpt_leaves_out_draws_no_finding(self, project, seen):
        # Two indicators of one name are left unscored, one alone is not.
        assume(len({row.name for row in project.indicators}) == len(project.indicators))
        whole = attrs.evolve(project, excerpt=True)
        part = attrs.evolve(whole, indicators=whole.indicators[:seen])
        # What is already too much by the rows that are seen depends on all of their kinds.
        found = [{str(finding) for finding in pe.check(form, RULES, ignore=["WT102"])} for form in (part, whole)]
        assert found[0] <= found[1]

    @pytest.mark.parametrize("piece", ["项目", "一", "9", "未", "设有产出指标", "(", "占", "无此", "1月", "a"])
    def test_long_words_take_no_long_time(self, piece):
        text = piece * (200_000 // len(piece)) + "x"
        row = pe.Indicator(text, kind="output.quantity", target=pe.Statement(text), actual=pe.Statement(text))
        row = attrs.evolve(row, weight=5, deviation_reason=text, stated=pe.StatedIndicator(score=4))
        project = pe.Project(text, fiscal_year=2022, indicators=[row], objective_expected=text)
        report = pe.Department(
            text,
            fiscal_year=2022,
            projects=[project, attrs.evolve(project, indicators=[])],
            organisation=text,
            rectification=text,
            claims=[pe.Claim("满意度", text)],
            rectification_items=[pe.RectificationItem(text)],
        )
        started = time.process_time()
        pe.check(report, RULES)
        assert time.process_time() - started < 2

    def test_an_excerpt_of_nothing_draws_nothing(self):
        assert pe.check(pe.Project("甲", fiscal_year=2022, excerpt=True), RULES) == ()
        assert pe.check(pe.Department("甲", fiscal_year=2022, excerpt=True), RULES) == ()

    def test_a_project_of_a_department_finds_the_same_with_its_place(self):
        project = pe.load("examples/published/yunnan-yongde-2022.toml")
        alone = pe.check(project, RULES, ignore=["CF"])
        within = pe.check(pe.Department("乙", fiscal_year=2022, projects=[project]), RULES, ignore=["CF"])
        assert [(f"projects[0].{f.where}", *f[:1]) for f in alone] == [(f.where, *f[:1]) for f in within]
