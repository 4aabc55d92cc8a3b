"""The official form written: it reads back as the same project, whatever the project holds."""

from __future__ import annotations

import io
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perfeval as pe
from perfeval.forms import read, write, write_template
from strategies import NAMES, PROJECTS

RULES = pe.rule_set("cn-mof-2020-10")
EXAMPLE = pe.load(Path(__file__).parents[1] / "examples" / "qinghe-2022.toml")
SUFFIXES = ("xlsx", "docx")

# Words that are labels of the form, look like figures, formulas or markup, or that no file holds as they are.
ODD = st.sampled_from(
    ["合计", "总分", "小计", "项目名称", "实际完成情况", "预期目标", "一级指标", "年初预算数", "补充信息", "预算执行率", "—", "/",
     "指标1：", "……", "=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "<w:tbl>", "]]>", "a\x00b", "a\x0bb", "\ufffe", "_x0041_",
     " 甲 ", "甲\n乙", "甲\r\n乙", "甲\t乙", "\u200b甲", "100", "100%", "9分", "2022年度", "（2021年度）", "项目支出绩效自评表",
     "其中：", "其中：财政拨款", "改进措施：换", "主管部门：乙局", "单位：万元", "（元）", "注：见附件", "𠀀", "甲" * 40]
)  # fmt: skip
TEXTS = NAMES | ODD


@st.composite
def odd_projects(draw):
    """A project whose words are those that a form could be broken with."""
    project = draw(PROJECTS)
    name = draw(TEXTS)
    indicators = [
        attrs.evolve(row, name=draw(TEXTS), deviation_reason=draw(st.none() | TEXTS)) for row in project.indicators
    ]
    funding = [attrs.evolve(row, label=draw(st.none() | TEXTS)) for row in project.funding]
    # A row may be part of the first one, which is part of none.
    head = funding[0].label if funding else None
    funding = [
        attrs.evolve(row, part_of=draw(st.sampled_from([None, head])) if row.label != head else None) for row in funding
    ]
    changes = {
        key: draw(st.none() | TEXTS)
        for key in (
            "code",
            "supervising_department",
            "implementing_unit",
            "objective_expected",
            "objective_actual",
            "execution_deviation_reason",
        )
    }
    return attrs.evolve(project, name=name, indicators=indicators, funding=funding, **changes)


@pytest.mark.parametrize("suffix", SUFFIXES)
class TestReadingBack:
    """Reading back gives the same project, in both carriers."""

    @settings(
        deadline=None,
        max_examples=30,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(project=PROJECTS)
    def test_any_project(self, project, suffix, tmp_path):
        path = tmp_path / f"form.{suffix}"
        write(project, path, rules=RULES)
        [form] = read(path)
        assert form.document == project

    @settings(
        deadline=None,
        max_examples=50,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(project=odd_projects())
    def test_any_words(self, project, suffix, tmp_path):
        path = tmp_path / f"form.{suffix}"
        write(project, path, rules=RULES)
        [form] = read(path)
        assert form.document == project


def written(project, suffix, tmp_path, **more):
    path = tmp_path / f"form.{suffix}"
    write(project, path, **({"rules": RULES} | more))
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
class TestForm:
    def test_the_example(self, suffix, tmp_path):
        [form] = read(written(EXAMPLE, suffix, tmp_path))
        assert form.document == EXAMPLE
        assert (form.listed, form.notes, form.full_score) == ((), (), 100)

    def test_what_is_not_stated_is_computed_when_an_evaluation_is_given(self, suffix, tmp_path):
        bare = attrs.evolve(
            EXAMPLE,
            stated=attrs.evolve(EXAMPLE.stated, execution_rate=None, execution_weight=None, execution_score=None, total=None, grade=None),
            indicators=[attrs.evolve(row, stated=pe.StatedIndicator()) for row in EXAMPLE.indicators],
        )  # fmt: skip
        evaluation = pe.evaluate(bare, RULES)
        [form] = read(written(bare, suffix, tmp_path, evaluation=evaluation))
        stated = form.document.stated
        assert (stated.execution_weight, stated.execution_score) == (10, evaluation.lines[0].score)
        assert stated.total == evaluation.total
        assert [row.stated.score for row in form.document.indicators] == [line.score for line in evaluation.lines[1:]]

    def test_stated_and_computed_stand_side_by_side(self, suffix, tmp_path):
        wrong = attrs.evolve(EXAMPLE, stated=attrs.evolve(EXAMPLE.stated, total=1, execution_score=2))
        [form] = read(written(wrong, suffix, tmp_path, evaluation=pe.evaluate(wrong, RULES)))
        assert (form.document.stated.total, form.document.stated.execution_score) == (1, 2)
        assert form.document.indicators == wrong.indicators

    def test_a_department_is_written_as_a_form_of_each_project(self, suffix, tmp_path):
        other = attrs.evolve(EXAMPLE, name="路灯:改造?")
        department = pe.Department("甲局", fiscal_year=2022, projects=[EXAMPLE, other, other])
        forms = read(written(department, suffix, tmp_path))
        assert tuple(form.document for form in forms) == department.projects

    def test_a_cell_that_a_person_changed_is_never_overruled(self, suffix, tmp_path):
        """The rows below the form count only while the form still says what it said."""
        project = attrs.evolve(
            EXAMPLE, place="CN-HB", indicators=[attrs.evolve(EXAMPLE.indicators[0], name=" 改造长度")]
        )
        path = written(project, suffix, tmp_path)
        assert read(path)[0].document == project
        replaced_in(path, " 改造长度", "管网长度")
        [form] = read(path)
        assert [row.name for row in form.document.indicators] == ["管网长度"]
        assert form.document.place == "CN-HB"
        assert [one.text for one in form.listed] == ["indicators[0].name", '"改造长度"', '" 改造长度"']

    def test_a_failed_write_leaves_the_old_file(self, suffix, tmp_path):
        path = tmp_path / f"form.{suffix}"
        path.write_bytes(b"old")
        huge = attrs.evolve(EXAMPLE, objective_expected="甲" * 40_000)
        if suffix == "xlsx":
            with pytest.raises(pe.FormError) as caught:
                write(huge, path, rules=RULES)
            assert (
                str(caught.value)
                == "自评表\n  B10: expected at most 32767 characters in a cell, got 40000; write a .docx"
            )
            assert path.read_bytes() == b"old"
        with pytest.raises(OSError, match="it is no plain file"):
            write_to_folder(tmp_path, suffix)
        assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def write_to_folder(tmp_path, suffix):
    folder = tmp_path / f"folder.{suffix}"
    folder.mkdir()
    write(EXAMPLE, folder, rules=RULES)


def replaced_in(path, old, new):
    """Replace a text in a file's XML, as a person who types over a cell."""
    from zipfile import ZipFile

    with ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with ZipFile(path, "w") as file:
        for name, data in parts.items():
            # The rows below the form hold JSON, where the text stands in quotes.
            file.writestr(name, data.replace(f">{old}<".encode(), f">{new}<".encode()))


def test_unknown_layout_and_suffix(tmp_path):
    with pytest.raises(ValueError, match=r"^expected a layout \(national\), got 'mine'$"):
        write(EXAMPLE, tmp_path / "form.xlsx", rules=RULES, layout="mine")
    with pytest.raises(ValueError, match=r"^expected a file named .xlsx or .docx, got 'form.pdf'$"):
        write(EXAMPLE, "form.pdf", rules=RULES)


class TestWorkbook:
    @staticmethod
    def sheets(path, **how):
        import openpyxl

        return openpyxl.load_workbook(path, **how).active

    def test_figures_are_numbers_and_formulas_carry_their_values(self, tmp_path):
        path = written(EXAMPLE, "xlsx", tmp_path)
        formulas, values = self.sheets(path), self.sheets(path, data_only=True)
        found = {cell.coordinate: cell.value for row in formulas for cell in row if str(cell.value).startswith("=")}
        assert found
        computed = {place: values[place].value for place, text in found.items() if "/" in text or "SUM" in text}
        assert len(computed) == 3
        assert all(isinstance(value, float | int) for value in computed.values())
        kinds = {type(values.cell(6, column).value) for column in range(5, 11)}
        assert kinds <= {int, float}

    def test_a_formula_in_a_name_is_text(self, tmp_path):
        path = written(attrs.evolve(EXAMPLE, name="=cmd|' /C calc'!A0"), "xlsx", tmp_path)
        cell = next(cell for row in self.sheets(path) for cell in row if str(cell.value).startswith("=cmd"))
        assert cell.data_type == "s"

    def test_one_a4_page_wide(self, tmp_path):
        sheet = self.sheets(written(EXAMPLE, "xlsx", tmp_path))
        assert (
            sheet.page_setup.paperSize,
            sheet.page_setup.fitToHeight,
            sheet.sheet_properties.pageSetUpPr.fitToPage,
        ) == (9, 0, True)
        assert sheet.print_area

    def test_rows_below_the_form_are_not_printed(self, tmp_path):
        sheet = self.sheets(written(attrs.evolve(EXAMPLE, place="CN-HB"), "xlsx", tmp_path))
        last = int(sheet.print_area.rpartition("$")[2])
        assert sheet.max_row > last + 1


def test_a_document_opens_in_python_docx(tmp_path):
    import docx

    document = docx.Document(str(written(EXAMPLE, "docx", tmp_path)))
    table = document.tables[0]
    assert [paragraph.text for paragraph in document.paragraphs][:2] == ["项目支出绩效自评表", "（2022年度）"]
    assert table.cell(0, 2).text == EXAMPLE.name


def test_two_files_of_one_form_are_the_same(tmp_path):
    first = written(EXAMPLE, "docx", tmp_path).read_bytes()
    assert written(EXAMPLE, "docx", tmp_path).read_bytes() == first
    assert io.BytesIO(first).read(2) == b"PK"


@pytest.mark.parametrize("rules", pe.rule_sets(), ids=lambda rules: rules.id)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_template_reads_back_as_an_empty_form(rules, suffix, tmp_path):
    path = tmp_path / f"form.{suffix}"
    write_template(rules, path)
    [form] = read(path, year=2022)
    project = form.document
    assert (project.indicators, project.stated.funding_total, project.stated.total) == ((), pe.FundingTotal(), None)
    assert project.stated.execution_weight == rules.execution.weight
    assert [line.source for line in project.funding] == ["appropriation", "carry_over", "other"]
    assert form.listed == ()


class TestTemplate:
    def test_what_a_unit_fills_in_is_read(self, tmp_path):
        import openpyxl

        path = tmp_path / "form.xlsx"
        write_template(RULES, path)
        book = openpyxl.load_workbook(path)
        sheet = book.active
        cells = {(cell.value or "").strip(): cell for row in sheet for cell in row if isinstance(cell.value, str)}
        sheet.cell(2, 3).value, sheet.cell(2, 9).value = "排水改造", 2023
        for column, amount in zip("EFG", (100, 90, 81), strict=True):
            sheet[f"{column}5"] = amount
        row = cells["一级指标"].row + 1
        for column, value in zip("DEFGHIJ", ("改造长度", "≥", 50, "公里", 48, 50, 48), strict=True):
            sheet[f"{column}{row}"] = value
        book.save(path)
        [form] = read(path)
        project = form.document
        assert (project.name, project.fiscal_year) == ("排水改造", 2023)
        assert project.stated.funding_total.actual_expenditure == pe.wan(81)
        assert project.indicators == (
            pe.Indicator("改造长度", kind="output.quantity", target="≥50公里", actual="48", weight=50, stated=pe.StatedIndicator(score=48)),
        )  # fmt: skip
        # openpyxl calculates nothing: what a formula would say is listed, not taken for nothing.
        assert {one.why for one in form.listed} == {"formula_without_value"}

    def test_lists_to_choose_from(self, tmp_path):
        import openpyxl

        path = tmp_path / "form.xlsx"
        write_template(RULES, path)
        lists = {rule.formula1 for rule in openpyxl.load_workbook(path).active.data_validations.dataValidation}
        assert '"≥,≤,=,>,<"' in lists
        assert '"产出指标,效益指标,满意度指标"' in lists
        assert '"优,良,中,差"' in lists

    def test_fields_to_choose_from_in_a_document(self, tmp_path):
        from zipfile import ZipFile

        path = tmp_path / "form.docx"
        write_template(RULES, path)
        text = ZipFile(path).read("word/document.xml").decode()
        assert '<w:listItem w:displayText="≥" w:value="≥"/>' in text
        assert "<w:comboBox>" in text
