from __future__ import annotations

import contextlib
import json
import pickle
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
import strategies
from mistakes import PYTHON, changed, paths_of
from perfeval import documents

EXAMPLES = sorted(Path("examples").rglob("*.toml"))
HEAD = 'name = "甲"\nfiscal_year = 2022\namount_unit = "万元"\n'


def faults(text, **given):
    with pytest.raises(pe.DocumentError) as caught:
        pe.loads(text, **given)
    return [str(fault) for fault in caught.value.exceptions]


class TestRoundTrip:
    @given(strategies.PROJECTS | strategies.DEPARTMENTS, st.sampled_from(["toml", "json"]))
    def test_is_identity_exponents_included(self, document, format):
        again = pe.loads(pe.dumps(document, format=format), format=format)
        assert again == document
        assert repr(again) == repr(document)

    @pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
    def test_examples(self, path, tmp_path):
        document = pe.load(path)
        for name in ("copy.toml", "copy.json"):
            pe.dump(document, tmp_path / name)
            assert repr(pe.load(tmp_path / name)) == repr(document)

    def test_a_small_document_is_small(self):
        project = pe.Project("甲", fiscal_year=2022, indicators=[pe.Indicator("乙", target="≥5个", weight=10)])
        assert pe.dumps(project) == HEAD + 'indicators = [\n    { name = "乙", target = "≥5个", weight = 10 },\n]\n'


class TestUnit:
    def test_a_bare_number_is_in_the_documents_unit(self):
        project = pe.loads(
            HEAD + "[[funding]]\nadjusted_budget = 89.974\nactual_expenditure = '80'\noriginal_budget = '900000元'"
        )
        [line] = project.funding
        assert (line.adjusted_budget, line.actual_expenditure, line.original_budget) == (899740, 800000, 900000)

    def test_a_document_must_declare_one(self):
        assert faults('name = "甲"\nfiscal_year = 2022') == [
            'amount_unit: missing: the document must declare its unit of money ("元", "万元", "亿元")'
        ]

    def test_an_unknown_one(self):
        assert faults('name = "甲"\namount_unit = "斤"') == [
            "amount_unit: expected an amount unit (元, 万元, 亿元), got '斤'",
            "fiscal_year: missing",
        ]

    def test_a_projects_unknown_one_is_told_at_its_place(self):
        text = HEAD + '[[projects]]\nname = "乙"\namount_unit = "斤"\n'
        assert faults(text) == ["projects[0].amount_unit: expected an amount unit (元, 万元, 亿元), got '斤'"]

    def test_a_project_may_have_its_own_within_a_department(self):
        text = (
            HEAD
            + '[[projects]]\nname = "乙"\namount_unit = "元"\n[[projects.funding]]\nadjusted_budget = 5\n[[projects]]\nname = "丙"\n[[projects.funding]]\nadjusted_budget = 5\n'
        )
        department = pe.loads(text)
        assert [p.funding[0].adjusted_budget for p in department.projects] == [5, 50000]
        assert [p.fiscal_year for p in department.projects] == [2022, 2022]


class TestFaults:
    def test_all_at_once_each_with_its_path(self):
        text = (
            HEAD
            + """colour = "red"
[[projects]]
name = "乙"
[[projects]]
fiscal_year = 1
[[projects]]
name = "丙"
excerpt = "yes"
[[projects.funding]]
source = "luck"
adjusted_budget = "forty"
[[projects.indicators]]
name = "丁"
weight = nan
target = { value = "x" }
actual = 0.5
[[projects.indicators]]
name = ""
kind = 5
actual = { tier = "great" }
stated = { score = true, mark = 1 }
target = { statement = "a", deadline = 2022-01-01 }
[projects.stated]
execution_rate = "most"
"""
        )
        kinds = ", ".join(pe.IndicatorKind)
        assert sorted(faults(text)) == sorted(
            [
                "colour: unknown key",
                "projects[1].name: missing",
                "projects[1].fiscal_year: expected a fiscal year, got 1",
                "projects[2].excerpt: expected true or false, got 'yes'",
                f"projects[2].funding[0].source: expected a funding source ({', '.join(pe.FundingSource)}), got 'luck'",
                "projects[2].funding[0].adjusted_budget: expected an amount in 万元, got 'forty'",
                "projects[2].indicators[0].weight: expected a finite number, got NaN",
                "projects[2].indicators[0].target: expected a plain number, got 'x'",
                "projects[2].indicators[1].name: expected a name, got ''",
                f"projects[2].indicators[1].kind: expected a kind of indicator ({kinds}), got 5",
                "projects[2].indicators[1].actual: expected a tier (achieved, partly_achieved, not_achieved), got 'great'",
                "projects[2].indicators[1].stated.score: expected a number, got true",
                "projects[2].indicators[1].stated.mark: unknown key",
                "projects[2].indicators[1].target: expected value, deadline, statement or text, got a table of statement, deadline",
                "projects[2].stated.execution_rate: expected a plain number, got 'most'",
            ]
        )

    def test_the_departments_wrong_year_is_told_once(self):
        assert faults('name = "甲"\nfiscal_year = "x"\namount_unit = "元"\n[[projects]]\nname = "乙"\n') == [
            "fiscal_year: expected a fiscal year, got 'x'"
        ]

    @pytest.mark.parametrize(
        ("text", "format", "fault"),
        [
            ("[", "json", "not valid JSON: Expecting value: line 1 column 2 (char 1)"),
            ("[]", "json", "expected a table, got a list"),
            ('{"name": 1, "name": 2}', "json", "not valid JSON: a key stands twice"),
            ("a = ", "toml", "not valid TOML: Invalid value (at end of document)"),
            ("a = 1e" + "9" * 20, "toml", "not valid TOML: a number has too large an exponent"),
            ('{"a": 1e' + "9" * 20 + "}", "json", "not valid JSON: a number has too large an exponent"),
            ("a = " + "9" * 10_000, "toml", "not valid TOML: a whole number has too many digits"),
            ("a = " + "[" * 10_000, "toml", "not valid TOML: tables or lists are nested too deep"),
            ("a." * 20_000 + "a = 1", "toml", "not valid TOML: a key has more than 64 parts"),
            ("x = { " + '"a" . ' * 20_000 + "a = 1 }", "toml", "not valid TOML: a key has more than 64 parts"),
        ],
    )
    def test_no_document_at_all(self, text, format, fault):
        assert faults(text, format=format) == [fault]

    def test_an_empty_one_lacks_all(self):
        assert faults("") == [
            'amount_unit: missing: the document must declare its unit of money ("元", "万元", "亿元")',
            "name: missing",
            "fiscal_year: missing",
        ]

    def test_a_unit_that_is_missing_hides_no_other_fault(self):
        text = 'naem = "甲"\nfiscal_year = 2022\n[[indicators]]\nname = "乙"\nkind = "output.quantiti"\n[[funding]]\nadjusted_budget = "x"\n'
        told = faults(text)
        assert told[0].startswith("amount_unit: missing")
        assert "naem: unknown key; near are name" in told
        assert any(
            one.endswith("got 'output.quantiti'; near are output.quantity, output.quality, output.timeliness")
            for one in told
        )

    @pytest.mark.parametrize("text", [None, b"name = 1", 5, {"name": 1}])
    def test_no_text(self, text):
        with pytest.raises(pe.ModelError) as caught:
            pe.loads(text)
        assert str(caught.value) == f"expected the text of a document, got {type(text).__name__}"
        with pytest.raises(pe.ModelError) as caught:
            pe.dumps(text)
        assert str(caught.value) == f"expected a Project or a Department, got {type(text).__name__}"

    def test_a_project_or_a_department_for_those_who_know_which(self, tmp_path):
        project, department = tmp_path / "a.toml", tmp_path / "b.json"
        pe.dump(pe.Project("甲", fiscal_year=2022), project)
        pe.dump(pe.Department("乙", fiscal_year=2022), department)
        assert pe.load_project(project).name == "甲"
        assert pe.load_department(department).name == "乙"
        for load, path, fault in (
            (pe.load_project, department, "projects: expected a project, got a department"),
            (pe.load_department, project, "projects: missing: expected a department, got a project"),
        ):
            with pytest.raises(pe.DocumentError) as caught:
                load(path)
            assert [str(one) for one in caught.value.exceptions] == [fault]

    @pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
    def test_deep_nesting_is_a_fault_not_a_crash(self, text):
        assert faults(text, format="json")
        assert faults("a = " + text)

    def test_huge_numbers_are_refused_not_computed(self):
        assert faults(HEAD + "[[indicators]]\nname='乙'\nweight = 1e999999999999\n")
        assert faults(HEAD + "[[funding]]\nadjusted_budget = 1e999999\n") == [
            "funding[0].adjusted_budget: expected an amount in 万元, got 1E+999999"
        ]
        assert faults(HEAD + f"[[indicators]]\nname='乙'\nweight = {'9' * 5000}\n")

    def test_a_float_cannot_come_in(self):
        assert isinstance(
            pe.loads(HEAD + "[[indicators]]\nname='乙'\nactual=0.1\n").indicators[0].actual.value, Decimal
        )

    def test_wrong_shapes(self):
        assert faults(HEAD + "projects = 5")
        assert faults(HEAD + "projects = [5]")
        assert faults(HEAD + "indicators = 'many'")
        assert faults(HEAD + "funding = [[]]")
        assert faults(HEAD + "stated = 5")

    def test_an_unknown_format(self):
        with pytest.raises(ValueError) as caught:
            pe.loads("", format="yaml")
        assert str(caught.value) == "expected a format (toml, json), got 'yaml'"

    def test_faults_pickle(self):
        with pytest.raises(pe.DocumentError) as caught:
            pe.loads("")
        again = pickle.loads(pickle.dumps(caught.value))
        assert str(again) == str(caught.value)
        assert again.exceptions[0].path == "amount_unit"

    def test_a_group_splits_into_groups(self):
        group = pe.DocumentError("a", [pe.Fault("b", "c"), pe.Fault("d", "e")])
        assert isinstance(group.subgroup(lambda error: getattr(error, "path", "") == "b"), pe.DocumentError)

    @given(st.text())
    def test_any_text_is_a_document_or_faults(self, text):
        for format in ("toml", "json"):
            with contextlib.suppress(pe.DocumentError):
                pe.loads(text, format=format)


class TestFiles:
    def test_the_suffix_tells_the_format(self, tmp_path):
        project = pe.Project("甲", fiscal_year=2022)
        pe.dump(project, tmp_path / "a.json")
        assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["name"] == "甲"
        pe.dump(project, tmp_path / "a.txt", format="json")
        assert pe.load(tmp_path / "a.txt", format="json") == project

    def test_a_failed_write_leaves_the_old_file(self, tmp_path, monkeypatch):
        path = tmp_path / "a.toml"
        project = pe.Project("甲", fiscal_year=2022)
        pe.dump(project, path)
        before = path.read_bytes()

        def fail(*_):
            raise OSError("disk full")

        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="disk full"):
            pe.dump(pe.Project("乙", fiscal_year=2022), path)
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]

    def test_permissions_are_kept(self, tmp_path):
        path = tmp_path / "a.toml"
        pe.dump(pe.Project("甲", fiscal_year=2022), path)
        path.chmod(0o640)
        pe.dump(pe.Project("甲", fiscal_year=2022), path)
        assert path.stat().st_mode & 0o777 == 0o640

    def test_no_utf8(self, tmp_path):
        path = tmp_path / "a.toml"
        path.write_bytes(b'name = "\xff"')
        with pytest.raises(pe.DocumentError) as caught:
            pe.load(path)
        assert str(caught.value) == f"{path}\n  not valid UTF-8: invalid start byte at byte 8"

    def test_too_large_a_file(self, tmp_path, monkeypatch):
        monkeypatch.setattr(documents, "LARGEST_DOCUMENT", 10)
        path = tmp_path / "a.toml"
        path.write_text(HEAD, encoding="utf-8")
        with pytest.raises(pe.DocumentError) as caught:
            pe.load(path)
        assert str(caught.value) == f"{path}\n  expected at most 10 bytes"

    def test_a_byte_order_mark(self, tmp_path):
        path = tmp_path / "a.toml"
        path.write_text(HEAD, encoding="utf-8-sig")
        assert pe.load(path).name == "甲"


DOCUMENT = {
    "name": "某局",
    "fiscal_year": 2022,
    "amount_unit": "万元",
    "projects": [
        {
            "name": "甲",
            "excerpt": True,
            "finished": True,
            "funding": [{"source": "other", "adjusted_budget": 5, "stated": {"execution_rate": "50%", "weight": 5}}],
            "stated": {"total": 88, "funding_total": {"adjusted_budget": 5}},
            "indicators": [
                {
                    "name": "数",
                    "kind": "output",
                    "target": "≥5个",
                    "actual": {"tier": "achieved", "share": 1},
                    "weight": 5,
                    "definition": {"target_basis": "plan", "actual_method": "trend", "evidence": ["甲"]},
                },
                {"name": "二", "target": {"comparator": "≥", "value": 5}, "stated": {"score": 3}},
            ],
        }
    ],
    "figures": [{"name": "staff_in_post", "value": 5}],
    "stated": {"projects": 3, "budget": 5},
    "claims": [{"indicator": "甲", "words": "乙", "judgement": {"tier": "achieved"}}],
    "rectification_items": [{"problem": "甲", "due": "2022-01-01", "state": "open"}],
    "organisation": {"text": "甲", "source": "一"},
}


class TestWrongValues:
    @pytest.mark.parametrize(
        "path", sorted({tuple(path) for path in paths_of(DOCUMENT)}, key=str), ids=lambda path: ".".join(map(str, path))
    )
    def test_no_python_leaks_out_of_any(self, path):
        wrong = [5, -1, "", True, None, [], {}, [[1]], {"a": 1}, {"value": 1, "a": 1}, {"lower": 1}, "2022-99-99", 0.5]
        for value in wrong:
            text = json.dumps(changed(DOCUMENT, path, lambda key, _, value=value: (key, value)))
            try:
                pe.loads(text, format="json")
            except pe.DocumentError as error:
                for fault in error.exceptions:
                    assert not PYTHON.search(str(fault)), fault

    @pytest.mark.parametrize(
        ("value", "fault"),
        [
            (
                {"value": 5, "unti": "个"},
                "indicators[0].target.unti: unknown key; known are comparator, value, unit, meaning, base, label, words",
            ),
            ({"lower": 5}, "indicators[0].target.upper: missing"),
            ({"deadline": "soon"}, "indicators[0].target: expected a date, got 'soon'"),
            ([5], "indicators[0].target: expected a number, got a list"),
        ],
    )
    def test_expressions(self, value, fault):
        table = {
            "name": "甲",
            "fiscal_year": 2022,
            "amount_unit": "元",
            "indicators": [{"name": "甲", "target": value}],
        }
        with pytest.raises(pe.DocumentError) as caught:
            pe.loads(json.dumps(table), format="json")
        assert [str(each) for each in caught.value.exceptions] == [fault]

    @pytest.mark.parametrize(
        ("key", "value", "fault"),
        [
            ("indicators", {"name": "甲"}, "indicators: expected a list, got a table"),
            ("indicators", ["甲"], "indicators[0]: expected a table, got '甲'"),
            ("stated", 5, "stated: expected a table, got 5"),
            ("finished", "yes", "finished: expected true or false, got 'yes'"),
            ("fiscal_year", 2022.5, "fiscal_year: expected a fiscal year, got 2022.5"),
        ],
    )
    def test_fields(self, key, value, fault):
        table = {"name": "甲", "fiscal_year": 2022, "amount_unit": "元", key: value}
        with pytest.raises(pe.DocumentError) as caught:
            pe.loads(json.dumps(table), format="json")
        assert [str(each) for each in caught.value.exceptions] == [fault]

    def test_a_count_is_no_year(self):
        table = {"name": "甲", "fiscal_year": 2022, "amount_unit": "元", "projects": [], "stated": {"projects": 2.5}}
        with pytest.raises(pe.DocumentError) as caught:
            pe.loads(json.dumps(table), format="json")
        assert [str(each) for each in caught.value.exceptions] == ["stated.projects: expected a whole number, got 2.5"]


class TestDefinition:
    """101号：指标解释、来源、指标值设定依据、取值方式、数据来源、评分规则、佐证资料."""

    HEAD = 'name = "甲"\nfiscal_year = 2022\namount_unit = "万元"\n[[indicators]]\nname = "乙"\n'

    def test_every_attribute_is_kept(self):
        text = self.HEAD + (
            "[indicators.definition]\n"
            'explanation = "一"\nsource = "二"\ntarget_basis = "history"\ntarget_basis_note = "近三年平均值"\n'
            'actual_method = "questionnaire"\ndata_source = "三"\nscoring_rule = "四"\nevidence = ["五", "六"]\n'
        )
        project = pe.loads(text)
        assert project.indicators[0].definition == pe.IndicatorDefinition(
            explanation="一",
            source="二",
            target_basis=pe.TargetBasis.HISTORY,
            target_basis_note="近三年平均值",
            actual_method=pe.ActualMethod.QUESTIONNAIRE,
            data_source="三",
            scoring_rule="四",
            evidence=["五", "六"],
        )
        for format in ("toml", "json"):
            assert pe.loads(pe.dumps(project, format=format), format=format) == project

    def test_its_faults_have_their_place(self):
        bases = "plan, industry, history, spending_standard, other"
        assert faults(self.HEAD + 'definition = { target_basis = "luck", evidence = "五", method = "x" }\n') == [
            f"indicators[0].definition.target_basis: expected a basis of a target ({bases}), got 'luck'",
            "indicators[0].definition.evidence: expected a list of texts, got '五'",
            "indicators[0].definition.method: unknown key; near are actual_method",
        ]

    def test_evidence_is_a_list(self):
        with pytest.raises(pe.ModelError) as caught:
            pe.IndicatorDefinition(evidence="验收报告")
        assert str(caught.value) == "expected a list of texts, got '验收报告'"
