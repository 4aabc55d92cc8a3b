"""What the carriers show: number formats, dates, hidden parts, lists of drop-downs, old workbooks, Word's own ways."""

from __future__ import annotations

import datetime as dt
import io
import sys
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from form_layouts import document, placed, to_docx, to_xlsx, workbook
from perfeval.forms import read, write_template
from perfeval.forms.grid import Cell, Format, as_shown, date_of, format_of, letters, new_grid, number_of_float
from test_forms import national, read_one


class TestNumberFormats:
    @pytest.mark.parametrize(
        ("code", "kind", "decimals", "scale"),
        [
            ("General", "general", None, 0),
            ("0", "number", 0, 0),
            ("#,##0.00", "number", 2, 0),
            ("#,##0.00_);[Red](#,##0.00)", "number", 2, 0),
            ('_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', "number", 2, 0),
            ('0.00"万元"', "number", 2, 0),
            ("0%", "percent", 0, 0),
            ("0.00%", "percent", 2, 0),
            ("[=0]0%;0.0%", "percent", 0, 0),
            ("0!.0000", "number", 4, 4),
            ("0!.0,", "number", 1, 4),
            ("0.00,", "number", 2, 3),
            ("yyyy-mm-dd", "date", None, 0),
            ("[$-804]yyyy年m月d日", "date", None, 0),
            ('yyyy"年"m"月"', "month", None, 0),
            ("mmm-yy", "month", None, 0),
            ("h:mm", "time", None, 0),
            ("[h]:mm:ss", "time", None, 0),
            ("@", "text", None, 0),
        ],
    )
    def test_format(self, code, kind, decimals, scale):
        assert format_of(code) == Format(kind, decimals, scale)

    @pytest.mark.parametrize(
        ("stored", "code", "meant", "text", "shown"),
        [
            ("0.95", "0%", "0.95", "95%", ""),
            ("0.95", "0.00%", "0.9500", "95.00%", ""),
            ("0.978", "0%", "0.978", "97.8%", "98%"),
            ("0.830759493670886", "0.00%", "0.8308", "83.08%", ""),
            ("8.974", "0.00", "8.974", "8.974", "8.97"),
            ("8.975", "0.00", "8.975", "8.975", "8.98"),
            ("-8.975", "0.00", "-8.975", "-8.975", "-8.98"),
            ("3876646.2", "0!.0000", "387.66462", "387.66462", "387.6646"),
            ("10", "General", "10", "10", ""),
        ],
    )
    def test_what_is_shown(self, stored, code, meant, text, shown):
        assert as_shown(Decimal(stored), format_of(code)) == (Decimal(meant), text, shown)

    @given(st.integers(1, 10**11), st.integers(0, 4))
    def test_a_typed_figure_is_kept_whatever_is_shown(self, digits, places):
        """Up to 11 digits are what a person typed: no format changes the figure."""
        number = Decimal(f"{digits}e-{places}")
        for code in ("General", "0", "0.0", "#,##0.00", "0%", "0.0%"):
            assert as_shown(number, format_of(code))[0] == number

    @given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
    def test_fifteen_digits(self, value):
        """The figure that Excel shows: a float at 15 significant digits."""
        if value == 0 or abs(value) > 1e-15:
            assert number_of_float(repr(value)) == Decimal(f"{value:.15g}")


class TestDates:
    @pytest.mark.parametrize(
        ("serial", "from_1904", "day"),
        [
            (1, False, dt.date(1900, 1, 1)),
            (59, False, dt.date(1900, 2, 28)),
            (61, False, dt.date(1900, 3, 1)),
            (44926, False, dt.date(2022, 12, 31)),
            (43464, True, dt.date(2022, 12, 31)),
        ],
    )
    def test_serial(self, serial, from_1904, day):
        assert date_of(Decimal(serial), Format("date"), from_1904=from_1904) == (day, day.isoformat())

    def test_no_day_is_beyond_the_calendar(self):
        assert date_of(Decimal(-1), Format("date")) is None
        assert date_of(Decimal(10**9), Format("date")) is None

    def test_a_ratio_that_became_a_time_is_words(self):
        """01:22 in a cell that should hold a ratio: a spreadsheet made a time of it."""
        assert date_of(Decimal("0.0569444444444444"), Format("time")) == (None, "01:22")


def with_sheet(build, rows=None):
    """A workbook of the national form on whose sheets something is done besides."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet = book.add_worksheet("自评表")
    for row, column, cell in placed(rows or national()):
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_range(row, column, row + cell.rows - 1, column + cell.columns - 1, "")
        sheet.write_string(row, column, cell.text)
    build(book, sheet)
    book.close()
    return data.getvalue()


class TestHidden:
    def test_a_column(self):
        def hide(_, sheet):
            sheet.write_string(5, 12, "内部核对：不公开")
            sheet.set_column(12, 12, None, None, {"hidden": True})

        form = read_one(with_sheet(hide))
        assert [(one.place, one.why) for one in form.skipped] == [("自评表!M:M", "hidden_column")]
        assert form.listed == ()

    def test_a_row_and_a_sheet(self):
        def hide(book, sheet):
            sheet.write_string(20, 0, "核对行")
            sheet.set_row(20, None, None, {"hidden": True})
            other = book.add_worksheet("底稿")
            other.write_string(0, 0, "项目支出绩效自评表")
            other.hide()

        form = read_one(with_sheet(hide))
        assert {(one.place, one.why) for one in form.skipped} == {
            ("底稿", "hidden_sheet"),
            ("自评表!21:21", "hidden_row"),
        }

    def test_a_merged_heading_that_begins_in_a_hidden_row_is_seen(self):
        rows = national()

        def hide(_, sheet):
            sheet.set_row(4, None, None, {"hidden": True})

        assert read_one(with_sheet(lambda *_: None)).document.stated.execution_weight == 10
        # The money heading's own row hidden: its columns have no headings any more, and the figures are listed.
        form = read(with_sheet(hide, rows), unit="万元")[0]
        assert "81" in [one.text for one in form.listed]


class TestLists:
    def test_on_a_sheet_of_their_own(self):
        def choose(book, sheet):
            lists = book.add_worksheet("下拉")
            for i, word in enumerate(["一级指标", "三级指标", "分值", "得分"]):
                lists.write_string(i, 0, word)
            sheet.data_validation("C11", {"validate": "list", "source": "='下拉'!$A$1:$A$4"})

        form = read_one(with_sheet(choose))
        assert [(one.place, one.why) for one in form.skipped] == [("下拉", "list")]

    def test_beside_the_form_and_by_name(self):
        def choose(book, sheet):
            for i, word in enumerate(["≥", "≤", "="]):
                sheet.write_string(i, 14, word)
            book.define_name("比较", "=自评表!$O$1:$O$3")
            sheet.data_validation("E11", {"validate": "list", "source": "=比较"})

        form = read_one(with_sheet(choose))
        assert [(one.place, one.why) for one in form.skipped] == [("自评表!O1:O3", "list")]
        assert form.listed == ()


class TestOldWorkbooks:
    @staticmethod
    def workbook(rows):
        import xlwt

        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet("自评表")
        for row, column, cell in placed(rows):
            text = float(cell.text) if cell.text.replace(".", "", 1).isdigit() else cell.text
            if cell.rows > 1 or cell.columns > 1:
                sheet.write_merge(row, row + cell.rows - 1, column, column + cell.columns - 1, text)
            else:
                sheet.write(row, column, text)
        book.add_sheet("底稿").visibility = 1
        data = io.BytesIO()
        book.save(data)
        return data.getvalue()

    def test_the_form_and_that_formats_were_not_seen(self):
        form = read_one(self.workbook(national()))
        assert form.document == read_one(to_xlsx(national())).document
        assert form.place_of("stated.total") == "自评表!I13"
        assert [note.code for note in form.notes] == ["formats_not_seen"]
        assert [(one.place, one.why) for one in form.skipped] == [("底稿", "hidden_sheet")]

    def test_a_wrong_extension(self, tmp_path):
        path = tmp_path / "form.xls"
        path.write_bytes(to_xlsx(national()))
        with pytest.raises(pe.FormError) as caught:
            read(path)
        [fault] = caught.value.exceptions
        assert str(fault) == "expected a .xls file, but its content is xlsx: rename it to .xlsx"


class TestWords:
    def test_a_sign_inserted_from_the_font_symbol(self):
        data = to_docx(national())
        sign = b'</w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t>'
        from zipfile import ZipFile

        with ZipFile(io.BytesIO(data)) as file:
            text = file.read("word/document.xml")
        changed = text.replace("≥50公里".encode(), sign + "50公里".encode())
        out = io.BytesIO()
        with ZipFile(out, "w") as file:
            file.writestr("word/document.xml", changed)
        assert read_one(out.getvalue()).document == read_one(data).document

    def test_a_form_inside_a_cell_of_another_table(self):
        outer = document("项目支出绩效自评表", "（2022年度）", national()[2:])
        from zipfile import ZipFile

        with ZipFile(io.BytesIO(outer)) as file:
            text = file.read("word/document.xml").decode()
        table = text[text.index("<w:tbl>") : text.index("</w:tbl>") + 8]
        out = io.BytesIO()
        with ZipFile(out, "w") as file:
            nested = f"<w:tbl><w:tr><w:tc><w:tcPr/>{table}<w:p/></w:tc></w:tr></w:tbl>"
            file.writestr("word/document.xml", text.replace(table, nested))
        assert read_one(out.getvalue()).document == read_one(outer).document


class TestUnits:
    def test_a_unit_that_the_model_does_not_hold_is_refused(self):
        rows = national()
        rows[4] = [rows[4][0]._replace(text="项目资金（千元）"), *rows[4][1:]]
        with pytest.raises(pe.FormError) as caught:
            read(to_xlsx(rows))
        [fault] = caught.value.exceptions
        assert str(fault) == "自评表!A5: expected a unit of money (元, 万元, 亿元), got '千元'"

    def test_the_money_headings_unit_counts_before_that_of_the_head(self):
        rows = national(units=[*national()[3][:3], national()[3][3]._replace(text="乙所　单位：元")])
        form = read_one(to_xlsx(rows))
        assert form.document.amount_unit == "万元"

    def test_an_argument_never_overrules_the_form(self):
        assert read_one(to_xlsx(national()), unit="元", year=2019).document == read_one(to_xlsx(national())).document


def test_several_sheets_each_with_its_form():
    forms = read(
        workbook(
            {"甲": national(), "说明": [[national()[0][0]._replace(text="填表说明", columns=1)]], "乙": national()}
        )
    )
    assert [form.place for form in forms] == ["甲!A1", "乙!A1"]
    assert [(one.place, one.why) for one in forms[0].skipped] == [("说明", "no_block")]


def test_the_year_of_a_sheets_name_and_of_a_files_name_are_noted(tmp_path):
    [form] = read(workbook({"2021年": national(year=None)}))
    assert (form.document.fiscal_year, [note.code for note in form.notes]) == (2021, ["year_of_sheet"])
    path = tmp_path / "2020年自评表.xlsx"
    path.write_bytes(to_xlsx(national(year=None)))
    [form] = read(path)
    assert (form.document.fiscal_year, [note.code for note in form.notes]) == (2020, ["year_of_file"])


def test_a_grid_knows_its_places():
    assert [letters(i) for i in (0, 25, 26, 16383)] == ["A", "Z", "AA", "XFD"]
    grid = new_grid("表", {(0, 0): Cell(0, 0, "甲")}, [(0, 0, 9, 9)])
    assert grid.rows[0][0].rows == 1


@pytest.mark.parametrize(
    ("module", "library", "act"),
    [
        ("lxml", "lxml", lambda _: read(to_xlsx(national()))),
        ("lxml", "lxml", lambda _: read(to_docx(national()))),
        ("python_calamine", "python-calamine", lambda _: read(TestOldWorkbooks.workbook(national()))),
        ("xlsxwriter", "XlsxWriter", lambda path: write_template(pe.rule_set("cn-mof-2020-10"), path / "a.xlsx")),
    ],
)
def test_a_missing_library_is_named(module, library, act, monkeypatch, tmp_path):
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(pe.MissingExtraError) as caught:
        act(tmp_path)
    assert str(caught.value) == f"reading and writing forms needs {library}: pip install 'perfeval[forms]'"
