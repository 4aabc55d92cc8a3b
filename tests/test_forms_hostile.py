"""Hostile files: a clear error within a second, bounded memory, nothing executed and nothing fetched."""

from __future__ import annotations

import io
import time
import tracemalloc
from contextlib import contextmanager, suppress
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfeval as pe
from form_layouts import document, to_docx, to_xlsx
from perfeval.forms import read, read_many
from test_forms import national

FORM = {"xlsx": to_xlsx(national()), "docx": to_docx(national())}
SHEET, STRINGS, TEXT = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "word/document.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


@contextmanager
def within_limits(seconds=1.0, megabytes=150):
    """A second of this process' time, and memory that does not grow with what the file claims."""
    tracemalloc.start()
    began = time.process_time()
    yield
    spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < seconds
    assert peak < megabytes * 1024 * 1024


def changed(kind, part, change):
    """A good form with one part of its package changed."""
    with ZipFile(io.BytesIO(FORM[kind])) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts[part] = change(parts.get(part, b""))
    return packed(parts)


def packed(parts):
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return data.getvalue()


def problem_of(source, **told):
    with within_limits(), pytest.raises(pe.FormError) as caught:
        read(source, **told)
    [fault] = caught.value.exceptions
    return str(fault)


@pytest.mark.parametrize("kind", FORM)
class TestDamage:
    @pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.99])
    def test_cut_off(self, kind, share):
        data = FORM[kind][: int(len(FORM[kind]) * share)]
        assert "damaged or cut off" in problem_of(data) or "expected an Excel workbook" in problem_of(data)

    @settings(deadline=None, max_examples=150)
    @given(data=st.data())
    def test_any_byte_changed(self, kind, data):
        """Whatever a byte is changed to, the form is read or refused; nothing else happens."""
        good = bytearray(FORM[kind])
        for _ in range(data.draw(st.integers(1, 4))):
            good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
        with suppress(pe.FormError):
            read(bytes(good))

    @settings(deadline=None, max_examples=150)
    @given(data=st.data())
    def test_any_xml_changed(self, kind, data):
        part = {"xlsx": data.draw(st.sampled_from([SHEET, STRINGS, "xl/styles.xml", "xl/workbook.xml"])), "docx": TEXT}[
            kind
        ]

        def change(xml):
            start = data.draw(st.integers(0, len(xml) - 1))
            end = data.draw(st.integers(start, min(len(xml), start + 40)))
            return (
                xml[:start]
                + data.draw(st.sampled_from([b"", b"-1", b"99999999999", b"<", b"&", b"\xff", b"1e999", b'"']))
                + xml[end:]
            )

        with suppress(pe.FormError):
            read(changed(kind, part, change))

    def test_not_xml(self, kind):
        part = SHEET if kind == "xlsx" else TEXT
        assert problem_of(changed(kind, part, lambda _: b"<a><b></a>")).startswith(f"{part}: expected XML: ")

    def test_a_part_is_missing(self, kind):
        with ZipFile(io.BytesIO(FORM[kind])) as file:
            parts = {name: file.read(name) for name in file.namelist() if name != "xl/_rels/workbook.xml.rels"}
        if kind == "xlsx":
            assert problem_of(packed(parts)) == "xl/_rels/workbook.xml.rels: missing: the file is damaged"

    def test_entities(self, kind):
        part = SHEET if kind == "xlsx" else TEXT
        laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha"}">' for i in range(12))
        found = problem_of(changed(kind, part, lambda _: f"<!DOCTYPE r [{laughs}]><r>&a11;</r>".encode()))
        assert found == f"{part}: expected no document type declaration and no entities"

    def test_entities_in_another_encoding(self, kind):
        part = SHEET if kind == "xlsx" else TEXT
        xml = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>'
        assert problem_of(changed(kind, part, lambda _: xml.encode("utf-16"))) == f"{part}: expected XML in UTF-8"

    def test_an_external_entity_far_down(self, kind):
        part = SHEET if kind == "xlsx" else TEXT
        xml = b"<!--" + b"x" * 5000 + b'--><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>'
        assert (
            problem_of(changed(kind, part, lambda _: xml))
            == f"{part}: expected no document type declaration and no entities"
        )

    def test_a_bomb_by_ratio(self, kind):
        part = SHEET if kind == "xlsx" else TEXT
        found = problem_of(changed(kind, part, lambda xml: xml + b" " * 60_000_000))
        assert found.startswith(f"{part}: expected at most ")
        assert found.endswith(" bytes unpacked, got " + str(60_000_000 + len(part_of(kind, part))))

    def test_a_bomb_that_lies_about_its_size(self, kind):
        part = SHEET if kind == "xlsx" else TEXT
        data = changed(kind, part, lambda xml: xml + b" " * 30_000_000)
        size = (30_000_000 + len(part_of(kind, part))).to_bytes(4, "little")
        found = problem_of(data.replace(size, (1000).to_bytes(4, "little")))
        assert "expected at most" in found or "damaged or cut off" in found

    def test_deep_nesting(self, kind):
        part = SHEET if kind == "xlsx" else TEXT
        assert "expected XML" in problem_of(changed(kind, part, lambda _: b"<a>" * 100_000 + b"</a>" * 100_000))

    def test_a_wrong_extension(self, kind, tmp_path):
        other = {"xlsx": "docx", "docx": "xlsx"}[kind]
        path = tmp_path / f"form.{other}"
        path.write_bytes(FORM[kind])
        assert problem_of(path) == f"expected a .{other} file, but its content is {kind}: rename it to .{kind}"

    def test_macros_and_links_are_left_alone(self, kind):
        parts = {"xlsx": ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml"], "docx": ["word/vbaProject.bin"]}[
            kind
        ]
        data = FORM[kind]
        for part in parts:
            with ZipFile(io.BytesIO(data)) as file:
                data = packed({name: file.read(name) for name in file.namelist()} | {part: b"<x/>"})
        [form] = read(data)
        assert [one.why for one in form.skipped] == ["macros", "external_links"][: len(parts)]
        assert form.document == read(FORM[kind])[0].document


def part_of(kind, part):
    with ZipFile(io.BytesIO(FORM[kind])) as file:
        return file.read(part)


class TestSheets:
    def test_a_million_empty_cells_in_a_row(self):
        cells = b"".join(b"<c/>" for _ in range(1_000_000))
        found = problem_of(
            changed("xlsx", SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData><row>" + cells + b"</row>"))
        )
        assert "expected at most" in found

    def test_a_million_empty_columns(self):
        columns = b'<cols><col min="1" max="1000000" hidden="0"/></cols><sheetData>'
        [form] = read(changed("xlsx", SHEET, lambda xml: xml.replace(b"<sheetData>", columns)))
        assert form.document == read(FORM["xlsx"])[0].document

    def test_a_million_hidden_columns(self):
        columns = b'<cols><col min="1" max="1000000" hidden="1"/></cols><sheetData>'
        assert problem_of(changed("xlsx", SHEET, lambda xml: xml.replace(b"<sheetData>", columns))).endswith(
            "(skipped: " + ", ".join(f"自评表!{one}:{one}" for one in "ABCDEFGHIJ") + ")"
        )

    def test_a_text_in_a_column_far_right(self):
        cell = b'<row r="60"><c r="XFD60" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
        found = problem_of(changed("xlsx", SHEET, lambda xml: xml.replace(b"</sheetData>", cell)))
        assert found == "自评表: expected at most 256 columns, got text in column 16384"

    def test_a_text_in_a_row_far_down(self):
        cell = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
        found = problem_of(changed("xlsx", SHEET, lambda xml: xml.replace(b"</sheetData>", cell)))
        assert found == "自评表: expected at most 400000 places, got 1048576 rows of 10"

    def test_places_that_no_sheet_has(self):
        for reference in (b"ABCDE1", b"A99999999", b"A0", b"1A", b""):
            cell = b'<row r="99"><c r="' + reference + b'" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
            data = changed("xlsx", SHEET, lambda xml, cell=cell: xml.replace(b"</sheetData>", cell))
            with suppress(pe.FormError):
                [form] = read(data)
                assert form.document == read(FORM["xlsx"])[0].document

    def test_a_hundred_thousand_merges(self):
        merges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (i, i) for i in range(1, 100_001))
        data = changed(
            "xlsx",
            SHEET,
            lambda xml: xml.split(b"<mergeCells")[0] + b"<mergeCells>" + merges + b"</mergeCells></worksheet>",
        )
        found = problem_of(data)
        assert found == "自评表: expected at most 10000 merged ranges, got 100000"

    def test_merges_that_overlap_each_other(self):
        merges = b'<mergeCell ref="A1:XFD1048576"/>' * 9_000
        data = changed(
            "xlsx",
            SHEET,
            lambda xml: xml.split(b"<mergeCells")[0] + b"<mergeCells>" + merges + b"</mergeCells></worksheet>",
        )
        assert problem_of(data) == "自评表: expected at most 400000 places in merged cells"

    @pytest.mark.parametrize("value", [b"1e999", b"nan", b"inf", b"-1e308", b"0x10", b"1" * 400])
    def test_figures_that_are_none(self, value):
        data = changed("xlsx", SHEET, lambda xml: xml.replace(b"<v>81</v>", b"<v>" + value + b"</v>"))
        with within_limits():
            [form] = read(data)
        assert form.document.stated.funding_total.actual_expenditure is None
        assert form.listed

    def test_a_string_that_is_not_there(self):
        data = changed("xlsx", SHEET, lambda xml: xml.replace(b't="s"><v>0</v>', b't="s"><v>-7</v>'))
        assert problem_of(data).startswith("自评表: expected a text for cell A1")


class TestDocuments:
    def test_a_cell_over_a_billion_columns(self):
        data = changed(
            "docx", TEXT, lambda xml: xml.replace(b'<w:gridSpan w:val="2"/>', b'<w:gridSpan w:val="99999"/>')
        )
        assert problem_of(data) == "table 1 row 1: expected at most 256 columns"

    def test_tables_inside_tables(self):
        inner = document([[*national()[2]]])
        with ZipFile(io.BytesIO(inner)) as file:
            table = file.read(TEXT).split(b"<w:body>")[1].split(b"</w:body>")[0]
        for _ in range(30):
            table = b"<w:tbl><w:tr><w:tc>" + table + b"<w:p/></w:tc></w:tr></w:tbl>"
        data = changed("docx", TEXT, lambda xml: xml.replace(b"<w:body>", b"<w:body>" + table))
        assert problem_of(data) == "expected at most 12 tables inside each other"

    def test_a_hundred_thousand_paragraphs(self):
        many = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 100_000
        found = problem_of(changed("docx", TEXT, lambda xml: xml.replace(b"<w:body>", b"<w:body>" + many)))
        assert "expected at most" in found


class TestOtherKinds:
    def test_a_password(self):
        data = OLE + "EncryptedPackage".encode("utf-16-le")
        assert problem_of(data) == "it is locked by a password: save it without one, then read that"

    def test_word_97(self):
        data = OLE + "WordDocument".encode("utf-16-le")
        assert problem_of(data) == "a .doc file cannot be read: save it as .docx in Word or WPS, then read that"

    @pytest.mark.parametrize(
        ("suffix", "way_out"),
        [
            ("doc", "save it as .docx in Word or WPS"),
            ("wps", "save it as .docx in WPS"),
            ("et", "save it as .xlsx in WPS"),
            ("rtf", "save it as .docx in Word or WPS"),
        ],
    )
    def test_refused_with_the_way_out(self, suffix, way_out, tmp_path):
        path = tmp_path / f"form.{suffix}"
        path.write_bytes(b"")
        assert problem_of(path) == f"a .{suffix} file cannot be read: {way_out}, then read that"

    def test_a_damaged_xls(self):
        assert problem_of(OLE + "Workbook".encode("utf-16-le") + bytes(2000)).startswith(
            "it is damaged, cut off or locked: "
        )

    def test_an_empty_file_and_a_picture(self):
        assert problem_of(b"") == "expected an Excel workbook (xlsx, xls) or a Word document (docx), got an empty file"
        assert problem_of(b"\x89PNG\r\n\x1a\n").endswith(r"got a file that begins with b'\x89PNG\r\n\x1a\n'")

    def test_a_file_that_is_too_large(self, tmp_path):
        path = tmp_path / "form.xlsx"
        with path.open("wb") as file:
            file.truncate(40 * 1024 * 1024)
        assert problem_of(path) == "expected at most 33554432 bytes"


class TestFolder:
    def test_a_broken_file_is_reported_and_the_rest_is_read(self, tmp_path):
        (tmp_path / "b").mkdir()
        (tmp_path / "a.xlsx").write_bytes(FORM["xlsx"])
        (tmp_path / "b" / "c.docx").write_bytes(FORM["docx"])
        (tmp_path / "d.xlsx").write_bytes(b"PK\x03\x04")
        (tmp_path / "e.doc").write_bytes(b"")
        (tmp_path / "~$a.xlsx").write_bytes(b"")
        (tmp_path / "notes.txt").write_text("")
        seen = []
        files = list(read_many(tmp_path, progress=lambda done, all_files: seen.append((done, all_files))))
        assert [(file.path.name, len(file.forms), type(file.error).__name__) for file in files] == [
            ("a.xlsx", 1, "NoneType"),
            ("c.docx", 1, "NoneType"),
            ("d.xlsx", 0, "FormError"),
            ("e.doc", 0, "FormError"),
        ]
        assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_memory_does_not_grow_with_the_number_of_files(self, tmp_path):
        for i in range(60):
            (tmp_path / f"{i:02}.xlsx").write_bytes(FORM["xlsx"])
        peaks = []
        for share in (10, 60):
            tracemalloc.start()
            for _, file in zip(range(share), read_many(tmp_path), strict=False):
                assert file.forms
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < peaks[0] * 1.2 + 200_000

    def test_a_missing_folder(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            list(read_many(tmp_path / "nothing"))
