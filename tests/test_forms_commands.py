"""Forms on the command line, and a folder of forms checked: a row a form, the findings below."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

import perfeval as pe
import terminal
from form_layouts import to_docx, to_xlsx
from perfeval.forms import check_folder, overview, overview_csv, overview_xlsx, read, rules_of_form, write
from perfeval.i18n import LOCALES
from perfeval.pages import markdown
from test_forms import national

FIXTURES = Path(__file__).parent / "fixtures" / "forms"
EXAMPLE = Path(__file__).parents[1] / "examples" / "qinghe-2022.toml"
RULES = pe.rule_set("cn-mof-2020-10")


def run(*arguments, code=0):
    result = terminal.run(*(str(one) for one in arguments))
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def folder(tmp_path):
    """A form of Chongqing, one of no known place, one with a wrong total, a damaged one."""
    forms = tmp_path / "forms"
    (forms / "b").mkdir(parents=True)
    shutil.copy(FIXTURES / "chongqing_department.xlsx", forms / "a.xlsx")
    (forms / "b" / "no-place.docx").write_bytes(to_docx(national()))
    (forms / "broken.xlsx").write_bytes(b"PK\x03\x04 xl/workbook.xml")
    return forms


class TestFolder:
    def test_a_row_a_form_by_the_rules_of_its_place_else_those_asked_for(self, folder):
        rows = list(check_folder(folder, rules=RULES))
        assert [(row.file, row.rules, row.project) for row in rows] == [
            ("a.xlsx", "cn-cq-department-2021", "重庆市梁平区林业局"),
            ("b/no-place.docx", "cn-mof-2020-10", "排水改造"),
            ("broken.xlsx", "", ""),
        ]
        assert rows[1].unit == "乙所"
        assert rows[1].stated_total == 87
        assert rows[2].fault == "it is damaged or cut off: File is not a zip file"

    def test_never_by_default(self, folder):
        """Neither a place with rules nor rules asked for: a fault that is listed."""
        row = next(row for row in check_folder(folder, locale="en") if row.project == "排水改造")
        assert (row.rules, row.total, row.findings) == ("", None, ())
        assert row.fault == "the form tells no place with rules for its year; name the rules by --rules"

    def test_findings_carry_the_cell(self, folder):
        row = next(row for row in check_folder(folder, rules=RULES) if row.project == "排水改造")
        assert {one.where for one in row.findings if one.code == "AR104"} == {"stated.total (table 1 row 11 column 9)"}

    def test_the_same_on_two_cores(self, tmp_path):
        for i in range(40):
            (tmp_path / f"{i:02}.xlsx").write_bytes(to_xlsx(national(sum=None)) if i % 7 else b"")
        seen = []
        assert list(check_folder(tmp_path, rules=RULES, jobs=2)) == list(
            check_folder(tmp_path, rules=RULES, progress=lambda done, all_files: seen.append((done, all_files)))
        )
        assert seen[-1] == (40, 40)

    def test_all_layouts_give_one_right_table(self):
        """A folder of forms in all layouts: each form a row, its stated total the one that it prints."""
        rows = list(check_folder(FIXTURES, rules=RULES, year=2021, unit="万元"))
        assert len(rows) > 100
        faults = {row.file for row in rows if row.fault}
        assert all(name.startswith("none_") for name in faults)
        totals = {row.file: row.stated_total for row in rows}
        assert totals["yunnan_14_labels.xlsx"] == 93
        assert totals["national_total_and_grade.xlsx"] == pe.parse_target("98.62").value
        assert totals["sichuan_goal_scored.xlsx"] == 100

    @pytest.mark.parametrize("locale", LOCALES)
    def test_the_page_and_the_tables_say_the_same(self, folder, locale):
        rows = list(check_folder(folder, rules=RULES, locale=locale))
        page = markdown(overview(rows, locale))
        lines = list(csv.reader(io.StringIO(overview_csv(rows, locale))))
        blank = lines.index([])
        assert blank == 1 + len(rows)
        assert len(lines) - blank - 2 == sum(len(row.findings) + bool(row.fault) for row in rows)
        for row in rows:
            assert row.file in page
            for one in row.findings:
                assert one.code in page

    def test_a_formula_is_text_in_every_table(self, tmp_path):
        from openpyxl import load_workbook

        write(pe.Project("=cmd|' /C calc'!A0", fiscal_year=2022, place="CN"), tmp_path / "a.xlsx", rules=RULES)
        rows = list(check_folder(tmp_path))
        assert "'=cmd" in overview_csv(rows, "en")
        sheet = load_workbook(io.BytesIO(overview_xlsx(rows, "en"))).worksheets[0]
        assert next(cell.data_type for row in sheet for cell in row if "=cmd" in str(cell.value)) == "s"


def test_rules_of_a_departments_form():
    [form] = read(FIXTURES / "hunan_department_criteria.xlsx")
    assert rules_of_form(form).id == "cn-hn-yuhua-2022"


class TestCommands:
    def test_read(self, tmp_path):
        source = tmp_path / "a.xlsx"
        source.write_bytes(to_xlsx(national()))
        run("read", source, "-o", tmp_path / "a.toml")
        assert pe.load(tmp_path / "a.toml") == read(source)[0].document
        assert pe.loads(run("read", source).stdout) == read(source)[0].document

    def test_read_several_into_a_folder(self, tmp_path):
        source = tmp_path / "a.xlsx"
        source.write_bytes(to_xlsx([*national(), *national()]))
        assert "2 forms go into a folder" in run("read", source, "-o", tmp_path / "a.toml", code=2).stderr
        (tmp_path / "out").mkdir()
        run("read", source, "-o", tmp_path / "out")
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a-2.toml", "a.toml"]

    def test_read_tells_what_has_no_place(self):
        told = run("read", FIXTURES / "sichuan_0013zp.xlsx").stderr
        assert "510000_0013zp!C23: it stands on the form and has no place in the model: 资金支付进度偏慢。" in told

    def test_read_needs_a_unit_or_a_year_that_is_not_printed(self, tmp_path):
        source = tmp_path / "a.xlsx"
        source.write_bytes(to_xlsx(national(year=None)))
        assert "expected a fiscal year" in run("read", source, code=2).stderr
        assert "fiscal_year = 2020" in run("read", source, "--year", "2020").stdout

    @pytest.mark.parametrize("suffix", ["xlsx", "docx"])
    def test_form(self, suffix, tmp_path):
        run("form", EXAMPLE, "-o", tmp_path / f"a.{suffix}", "--stated-only")
        assert read(tmp_path / f"a.{suffix}")[0].document == pe.load(EXAMPLE)
        run("form", EXAMPLE, "-o", tmp_path / f"a.{suffix}")
        assert "expected a file named .xlsx or .docx" in run("form", EXAMPLE, "-o", tmp_path / "a.pdf", code=2).stderr

    def test_template(self, tmp_path):
        run("template", "--rules", "cn-sc-2023", "-o", tmp_path / "a.xlsx")
        assert read(tmp_path / "a.xlsx", year=2023)[0].document.indicators == ()
        assert (
            "no rule set 'nothing'" in run("template", "--rules", "nothing", "-o", tmp_path / "b.xlsx", code=2).stderr
        )

    def test_evaluate_and_check_take_forms(self, tmp_path):
        source = tmp_path / "a.docx"
        source.write_bytes(to_docx(national()))
        assert "name the rules by --rules" in run("evaluate", source, code=2).stderr
        [result] = json.loads(run("evaluate", source, "--rules", "cn-mof-2020-10", "--format", "json").stdout)
        assert result["project"] == "排水改造"
        found = run("check", source, "--rules", "cn-mof-2020-10", code=1).stdout
        assert "stated.total (table 1 row 11 column 9): AR104" in found

    def test_several_forms_of_a_file_are_told_apart(self, tmp_path):
        source = tmp_path / "a.xlsx"
        source.write_bytes(to_xlsx([*national(), *national()]))
        found = json.loads(run("check", source, "--rules", "cn-mof-2020-10", "--format", "json", code=1).stdout)
        assert list(found) == [f"{source} [自评表!A1]", f"{source} [自评表!A14]"]

    def test_check_a_folder(self, folder, tmp_path):
        assert "自评表总览" in run("check", folder, code=2).stdout
        page = run(
            "check", folder, "--rules", "cn-mof-2020-10", "--locale", "en", "--format", "markdown", code=2
        ).stdout
        assert "| b/no-place.docx \\[paragraph 1\\] | 乙所 | 排水改造 | 2022 |" in page
        rows = json.loads(run("check", folder, "--rules", "cn-mof-2020-10", "--format", "json", code=2).stdout)
        assert [row["errors"] for row in rows][2] == 0
        log = json.loads(run("check", folder, "--rules", "cn-mof-2020-10", "--format", "sarif", code=2).stdout)
        assert {
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in log["runs"][0]["results"]
        } >= {"b/no-place.docx"}
        run("check", folder, "--rules", "cn-mof-2020-10", "--format", "xlsx", "-o", tmp_path / "out.xlsx", code=2)
        assert (tmp_path / "out.xlsx").read_bytes()[:2] == b"PK"
        run("check", folder, "--format", "csv", "-o", tmp_path / "out.csv", code=2)
        assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")

    def test_what_a_folder_needs(self, folder):
        assert "name it by --output" in run("check", folder, "--format", "xlsx", code=2).stderr
        assert "are for a folder: name one" in run("check", EXAMPLE, "--format", "csv", code=2).stderr
        assert "a folder is checked alone" in run("check", folder, EXAMPLE, code=2).stderr
        assert "no rule set 'nothing'" in run("check", folder, "--rules", "nothing", code=2).stderr
