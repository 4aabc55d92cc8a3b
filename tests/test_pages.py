"""Pages and their carriers: what is put in can be read back, and nothing else is there."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from perfeval.errors import ModelError
from perfeval.pages import (
    Cell,
    Column,
    ColumnKind,
    FoldOut,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    Notice,
    Page,
    Paragraph,
    Picture,
    Role,
    Table,
    display_width,
    docx,
    html,
    markdown,
    placed,
    text,
    visible,
    words_of,
)

# Signs of every markup, controls, escapes of terminals, marks of direction, line breaks, wide and private characters.
NASTY = st.sampled_from(
    [
        *"\\`*_{}[]()#+-.!|<>~=:&\"'$@;/^,0123456789 aZ甲乙，。（）〕％",
        *("\x1b[31m", "\x1b]8;;http://x\x07", "\x00", "\x7f", "\x9b", "\t", "\n", "\r\n", "\u2028", "\x85"),
        *("\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\ud800", "\ufffe", "\ue000", "\u3000", "\xa0"),
        *("e\u0301", "👍", "한", "</td>", "<script>", "<!--", "-->", "&lt;", "&#60;", "![x](y)", "[x]: y", "```", "~~"),
        *(
            "http://x.cn",
            "www.x.cn",
            "a@b.cn",
            "mailto:a@b.cn",
            "1. ",
            "1) ",
            "- ",
            "# ",
            "> ",
            "---",
            "===",
            "| - |",
            ":-",
        ),
    ]
)
WORDS = st.lists(NASTY, max_size=12).map("".join) | st.text(max_size=30)
CELLS = st.builds(
    Cell, WORDS, st.sampled_from(Role), link=st.sampled_from(["", "https://x.cn/a_b(c)|d>e", "javascript:x"])
)


@st.composite
def tables(draw):
    """A table any of whose cells may span columns and rows."""
    columns, rows = draw(st.integers(1, 5)), draw(st.integers(0, 4))
    taken: set[tuple[int, int]] = set()
    made = []
    for row in range(rows):
        cells = []
        for column in range(columns):
            if (row, column) in taken:
                continue
            wide, high = draw(st.integers(1, 3)), draw(st.integers(1, 3))
            while column + wide > columns or any((row, column + i) in taken for i in range(wide)):
                wide -= 1
            high = min(high, rows - row)
            taken |= {(row + i, column + j) for i in range(high) for j in range(wide)}
            cell = draw(CELLS)
            cells.append(Cell(cell.text, cell.role, wide, high, cell.link))
        made.append(tuple(cells))
    heads = draw(st.lists(st.builds(Column, WORDS, st.sampled_from(ColumnKind)), min_size=columns, max_size=columns))
    return Table(tuple(heads), tuple(made), draw(WORDS))


SIMPLE = st.one_of(
    st.builds(Heading, WORDS, st.integers(1, 6), st.sampled_from(["", "一、", "1.2"])),
    st.builds(Paragraph, st.lists(WORDS, max_size=3).map(tuple), st.sampled_from([Role.TEXT, Role.HEAD])),
    st.builds(Notice, WORDS),
    st.builds(KeyFigures, st.lists(st.builds(KeyFigure, WORDS, WORDS, WORDS), max_size=3).map(tuple)),
    st.builds(Items, st.lists(WORDS, max_size=3).map(tuple), WORDS),
    tables(),
    st.builds(Picture, st.binary(max_size=8), st.just("image/png"), WORDS, WORDS),
)
BLOCKS = SIMPLE | st.builds(FoldOut, WORDS, st.lists(SIMPLE, max_size=3).map(tuple))
PAGES = st.builds(Page, st.lists(BLOCKS, max_size=5).map(tuple), st.sampled_from(["zh_CN", "en"]))


def even(words: str) -> str:
    """Words as they are read: visible, with white space of any sort as one space."""
    return " ".join(visible(words).split())


def letters(words: str) -> Counter[str]:
    return Counter("".join(words.split()))


class Reader(HTMLParser):
    """Reads the words of a fragment back, as a browser does."""

    def __init__(self, fragment):
        super().__init__(convert_charrefs=True)
        self.cells, self.words, self.tags, self.attributes, self._open = [], [], Counter(), [], []
        self.feed(fragment)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag in ("td", "th"):
            self.cells.append("")
        if tag == "img":
            self.words.append(dict(attrs)["alt"])
        if tag not in ("br", "img"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)
        if {"td", "th"} & set(self._open):
            self.cells[-1] += data

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


class TestVisible:
    @pytest.mark.parametrize(
        ("words", "shown"),
        [
            ("甲乙", "甲乙"),
            ("甲\x1b[2J乙", "甲\\x1b[2J乙"),
            ("甲\r\n乙\n丙\u2028丁\t戊", "甲 乙 丙 丁 戊"),
            ("\u202e甲\u2066", "\\u202e甲\\u2066"),
            ("\ud800\x00\x7f\x9b", "\\ud800\\x00\\x7f\\x9b"),
            ("\ue000\u3000", "\ue000\u3000"),
        ],
    )
    def test_what_cannot_be_seen_is_shown(self, words, shown):
        assert visible(words) == shown

    @given(st.text())
    def test_nothing_that_controls_is_left(self, words):
        for character in visible(words):
            assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}

    @given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x9FFF, categories=["L", "N", "P", "Z"])))
    def test_as_wide_as_another_library_says(self, words):
        """Hangul that is joined from its parts aside, whose parts have no width of their own."""
        words = "".join(character for character in words if not 0x1100 <= ord(character) <= 0x11FF)
        assert display_width(words) == cell_len(words)


class TestEveryCarrier:
    @given(PAGES)
    def test_nothing_that_controls_is_left(self, page):
        for shown in (text(page), text(page, 40), markdown(page), html(page)):
            for character in shown:
                assert character == "\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}

    @given(PAGES, st.integers(20, 100))
    def test_the_same_words(self, page, width):
        put_in = sum((letters(visible(words)) for words in words_of(page)), Counter())
        assert put_in == letters("".join(Reader(html(page)).words))
        assert not put_in - letters(text(page))
        assert not put_in - letters(text(page, width))
        assert not put_in - letters("".join(read_markdown(markdown(page))[0]))


class TestHtml:
    TAGS = frozenset(
        [
            "div",
            "h3",
            "h4",
            "h5",
            "h6",
            "p",
            "br",
            "strong",
            "small",
            "em",
            "code",
            "dl",
            "dt",
            "dd",
            "ul",
            "li",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "a",
            "details",
            "summary",
            "figure",
            "img",
            "figcaption",
        ]
    )

    @given(PAGES)
    def test_only_our_own_elements(self, page):
        reader = Reader(html(page))
        assert set(reader.tags) <= self.TAGS
        for _, name, value in reader.attributes:
            assert name in {
                "align",
                "class",
                "lang",
                "style",
                "role",
                "scope",
                "colspan",
                "rowspan",
                "href",
                "rel",
                "alt",
                "src",
            }
            assert name != "href" or value.startswith("https://x.cn/")
            assert name != "src" or value.startswith("data:image/png;base64,")

    @given(tables())
    def test_each_cell_is_read_back(self, table):
        cells = Reader(html(Page((table,), "en"))).cells
        heads = [column.title for column in table.columns] if table.headed else []
        assert cells == [visible(words) for words in [*heads, *(cell.text for row in table.rows for cell in row)]]

    def test_figures_stand_one_below_the_other_where_styles_are_stripped(self):
        table = Table((Column("甲"), Column("乙", ColumnKind.FIGURE)), ((Cell("丙"), Cell("1.00")),))
        shown = re.sub(r' style="[^"]*"', "", html(Page((table,), "zh_CN")))
        assert '<td>丙</td><td align="right">1.00</td>' in shown
        assert '<th scope="col" align="right">乙</th>' in shown

    def test_no_colour_of_its_own_but_shades_half_seen_through(self):
        """On light and dark ground alike: lines and shades are half seen through, and the rest is the reader's."""
        table = Table((Column("a"),), tuple((Cell("x", role),) for role in Role))
        shown = html(Page((Heading("h"), Notice("n"), table), "zh_CN"))
        colours = re.findall(r"#[0-9a-f]{3,6}\b|rgba?\([^)]*\)|(?<=color:)[^;\"]*|background", shown)
        assert set(colours) == {"rgba(128,128,128,.5)"}
        assert 'lang="zh-CN"' in shown
        for element in ("<strong>x", "<em>x", "<small>x", "<code>x", '<th scope="row" style'):
            assert element in shown

    def test_more_lost_points_are_a_deeper_shade_and_bold(self):
        cells = (
            (Cell("9", Role.LOST, degree=10),),
            (Cell("1", Role.LOST, degree=90),),
            (Cell("10", Role.FIGURE, degree=90),),
        )
        shown = html(Page((Table((Column("a"),), cells),), "en"))
        shades = [int(alpha) for alpha in re.findall(r"background:rgba\(198,93,33,\.(\d\d)\)", shown)]
        assert shades == [12, 31]
        assert shown.count("<strong>") == 2

    def test_a_picture_says_what_it_shows(self):
        shown = html(Page((Picture(b"PNG", "image/png", 'a "b"', "c"),), "en"))
        assert '<img alt="a &quot;b&quot;" src="data:image/png;base64,UE5H"' in shown
        assert "<figcaption>c</figcaption>" in shown


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_markdown(shown):
    """The words, the cells and the links of Markdown, by a parser that is not ours."""
    words, cells, links = [], [], []
    in_cell = False
    for token in MARKDOWN.parse(shown):
        assert token.type not in {"fence", "code_block", "hr", "ordered_list_open", "lheading_open"}, token
        if token.type == "html_block":
            words.append(summary(token.content))
        in_cell = token.type in {"th_open", "td_open"} or (in_cell and token.type == "inline")
        if token.type == "inline":
            inner = ""
            for child in token.children:
                assert child.type in {
                    *("text", "hardbreak", "strong_open", "strong_close", "em_open", "em_close", "code_inline"),
                    *("link_open", "link_close", "image", "text_special"),
                }, child
                inner += "".join(part.content for part in child.children or [child])
                if child.type == "link_open":
                    links.append(child.attrs["href"])
            words.append(inner)
            if in_cell:
                cells.append(inner)
    return words, cells, links


def summary(content):
    """The words of a fold-out's summary; it ends in a block of its own, and a comment parts two lists."""
    if content.strip() in {"</details>", "<!-- -->"}:
        return ""
    found = re.fullmatch("<details>\n(<summary>.*</summary>)\n", content)
    return "".join(Reader(found[1].replace("summary", "p")).words)


class TestMarkdown:
    @given(tables())
    def test_each_cell_is_read_back(self, table):
        _, cells, links = read_markdown(markdown(Page((table,), "en")))
        grid = [[""] * len(table.columns) for _ in table.rows]
        for place in (place for row in placed(table) for place in row):
            grid[place.row][place.column] = even(place.cell.text)
        expected = [even(column.title) for column in table.columns] + [words for row in grid for words in row]
        assert [even(cell) for cell in cells] == expected
        linked = [cell for row in table.rows for cell in row if cell.link.startswith("https") and even(cell.text)]
        assert links == ["https://x.cn/a_b%28c%29%7Cd%3Ee"] * len(linked)

    @given(st.lists(WORDS, min_size=1, max_size=4))
    def test_lines_are_read_back(self, lines):
        """Whatever a name begins with, it is no heading, list, quotation or rule."""
        for block in (Paragraph(tuple(lines)), Items(tuple(lines)), Heading(lines[0]), Notice(lines[0])):
            page = Page((block,), "en")
            found, _, links = read_markdown(markdown(page))
            shown = "".join(found)
            assert "".join(shown.split()) == "".join("".join(map(visible, words_of(page))).split())
            assert links == []

    def test_no_address_becomes_a_link_by_itself(self):
        shown = markdown(Page((Paragraph(("http://x.cn www.x.cn HTTPS://y mailto:a@b.cn",)),), "en"))
        assert shown == r"http\://x.cn www\.x.cn HTTPS\://y mailto\:a@b.cn"

    def test_two_lists_stay_two(self):
        page = Page((Items(("a",)), Items(("b",))), "en")
        assert markdown(page) == "- a\n\n<!-- -->\n\n- b"
        assert [token.type for token in MARKDOWN.parse(markdown(page))].count("bullet_list_open") == 2

    def test_a_fold_out(self):
        page = Page((FoldOut("a < b", (Paragraph(("c",)),)),), "en")
        assert markdown(page) == "<details>\n<summary>a &lt; b</summary>\n\nc\n\n</details>"


class TestText:
    @given(PAGES, st.integers(20, 120))
    def test_no_line_is_wider(self, page, width):
        for line in text(page, width).split("\n"):
            assert display_width(line) <= width
            assert line == line.rstrip(" ")

    @given(tables())
    def test_each_cell_is_read_back_by_its_columns(self, table):
        table = Table(tuple(Column(f"头{column.title}", column.kind) for column in table.columns), table.rows)
        _, *lines = text(Page((table,), "en")).split("\n")
        assert set(lines[0]) <= {"─", " "}
        edges, at = [], 0
        for rule in lines[0].split("  "):
            edges.append((at, at + len(rule)))
            at += len(rule) + 2
        for row, line in zip(placed(table), lines[1:], strict=True):
            for place in row:
                start, end = edges[place.column][0], edges[place.column + place.cell.columns - 1][1]
                assert cut(line, start, end).strip(" ") == visible(place.cell.text).strip(" ")

    def test_figures_stand_below_each_other(self):
        table = Table(
            (Column("指标"), Column("得分", ColumnKind.FIGURE)),
            ((Cell("甲"), Cell("9.50")), (Cell("乙丙丁"), Cell("10.00"))),
        )
        assert text(Page((table,), "zh_CN")).split("\n") == [
            "指标     得分",
            "──────  ─────",
            "甲       9.50",
            "乙丙丁  10.00",
        ]

    def test_long_words_are_broken_where_one_writes_them_so(self):
        page = Page((Paragraph(("办法未规定预算执行率如何计分；按公开表格的做法，得分＝分值×执行率。",)),), "zh_CN")
        assert text(page, 22).split("\n") == [
            "办法未规定预算执行率如",
            "何计分；按公开表格的做",
            "法，得分＝分值×执行",
            "率。",
        ]
        page = Page((Items(("figures: staff_in_post, approved_posts",)),), "en")
        assert text(page, 20).split("\n") == ["- figures:", "  staff_in_post,", "  approved_posts"]
        page = Page((Paragraph(("three_public_budget_last_year",)),), "en")
        assert text(page, 20).split("\n") == ["three_public_budget_", "last_year"]
        page = Page((Items(("The text does not say how to round", "x" * 30)),), "en")
        assert text(page, 20).split("\n") == [
            "- The text does not",
            "  say how to round",
            f"- {'x' * 18}",
            f"  {'x' * 12}",
        ]

    def test_a_table_that_fits_in_no_way_is_written_out(self):
        columns = tuple(Column(f"列{number}") for number in range(5))
        table = Table(columns, ((Cell("一二三四五"), *[Cell("六七八九十")] * 4), (Cell("全部" * 9, columns=5),)))
        assert text(Page((table,), "zh_CN"), 30).split("\n") == [
            "列0 一二三四五  列1 六七八九十",
            *[f"  列{number} 六七八九十" for number in (2, 3, 4)],
            "全部" * 7,
            "  全部全部",
        ]

    def test_a_heading_has_its_text_and_a_notice_its_paragraph(self):
        blocks = (Heading("总体情况", number="一、"), Paragraph(("甲", "乙")), Notice("丙"), Paragraph(("丁",)))
        assert text(Page(blocks, "zh_CN")) == "一、总体情况\n甲\n乙\n丙\n\n丁"
        assert text(Page((), "zh_CN")) == ""

    def test_too_narrow(self):
        with pytest.raises(ModelError) as caught:
            text(Page((), "en"), 19)
        assert str(caught.value) == "width: expected at least 20 columns, got 19"


def cut(line, start, end):
    """The characters of *line* from one column of the terminal to another."""
    at, found = 0, ""
    for character in line:
        if start <= at < end or (at == end and found and display_width(character) == 0):
            found += character
        at += display_width(character)
    return found


class TestBlocks:
    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ([[Cell("a")]], "rows[0]: expected cells for 2 columns, got 1"),
            ([[Cell("a", columns=3)]], "rows[0]: expected cells for 2 columns, got 3"),
            ([[Cell("a", rows=2), Cell("b")], [Cell("c"), Cell("d")]], "rows[1]: expected cells for 1 columns, got 2"),
            ([[Cell("a", rows=2), Cell("b")]], "rows[0]: 'a' spans 2 rows, beyond the last"),
        ],
    )
    def test_cells_fill_a_table(self, rows, message):
        with pytest.raises(ModelError) as caught:
            Table((Column("x"), Column("y")), tuple(map(tuple, rows)))
        assert str(caught.value) == message

    def test_a_span_does_not_go_through_another(self):
        rows = ((Cell("a"), Cell("b", rows=2), Cell("c")), (Cell("d", columns=2),))
        with pytest.raises(ModelError) as caught:
            Table((Column(),) * 3, rows)
        assert str(caught.value) == "rows[1]: 'd' cannot span 2 columns there"

    def test_levels_and_pictures(self):
        with pytest.raises(ModelError) as caught:
            Heading("a", level=7)
        assert str(caught.value) == "level: expected a level of heading from 1 to 6, got 7"
        with pytest.raises(ModelError) as caught:
            Picture(b"", "text/html", "a")
        assert str(caught.value) == ("media_type: expected image/png or image/jpeg or image/svg+xml, got 'text/html'")


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "dccc59e70000000049454e44ae426082"
)
DRAWN = st.builds(Picture, st.just(PIXEL), st.just("image/png"), WORDS, WORDS)
PRINTED = st.builds(
    Page,
    st.lists(BLOCKS.filter(lambda block: not holds_a_picture(block)) | DRAWN, max_size=5).map(tuple),
    st.just("zh_CN"),
)


def holds_a_picture(block):
    return isinstance(block, Picture) or (isinstance(block, FoldOut) and any(map(holds_a_picture, block.blocks)))


def read_docx(data):
    """The body of a document, by a reader that is not ours."""
    return Document(BytesIO(data)).element.body


def words_printed(body):
    pictures = [drawn.get("descr") for drawn in body.iter(qn("wp:docPr"))]
    return [piece.text or "" for piece in body.iter(qn("w:t"))] + pictures


class TestDocx:
    @given(PRINTED)
    @settings(max_examples=40)
    def test_the_same_words(self, page):
        put_in = sum((letters(visible(words)) for words in words_of(page)), Counter())
        printed = letters("".join(words_printed(read_docx(docx(page)))))
        assert not put_in - printed
        # Only the mark of a list's item is added.
        assert set(printed - put_in) <= {"\u2014"}

    @given(tables())
    @settings(max_examples=40)
    def test_every_row_fills_the_grid(self, table):
        body = read_docx(docx(Page((table,), "zh_CN")))
        grid = [int(column.get(qn("w:w"))) for column in body.iter(qn("w:gridCol"))]
        for row in body.iter(qn("w:tr")):
            widths = [int(width.get(qn("w:w"))) for width in row.iter(qn("w:tcW"))]
            assert sum(widths) == sum(grid)
            spans = [int(span.get(qn("w:val"))) for span in row.iter(qn("w:gridSpan"))]
            assert sum(spans) + len(widths) - len(spans) == len(grid)

    def test_the_head_is_repeated_and_rows_stay_whole(self):
        page = Page(
            (Table((Column("指标"), Column("得分", ColumnKind.FIGURE)), ((Cell("甲"), Cell("9.50")),)),), "zh_CN"
        )
        head, row = read_docx(docx(page)).iter(qn("w:tr"))
        assert len(list(head.iter(qn("w:tblHeader")))) == 1
        assert len(list(row.iter(qn("w:tblHeader")))) == 0
        assert all(len(list(one.iter(qn("w:cantSplit")))) == 1 for one in (head, row))

    @pytest.mark.parametrize("many", [0, 3])
    def test_a_figure_stands_on_one_line_beside_long_words(self, many):
        columns = (Column("项目"), Column("得分", ColumnKind.FIGURE), *[Column("说明")] * (1 + many))
        row = (Cell("甲" * 40), Cell("1234567.89"), *[Cell("乙" * 200)] * (1 + many))
        body = read_docx(docx(Page((Table(columns, (row,)),), "zh_CN")))
        widths = [int(column.get(qn("w:w"))) for column in body.iter(qn("w:gridCol"))]
        # Ten digits of half the height of 五号 (10.5 points), in twentieths of a point, and the margins of the cell.
        assert widths[1] >= 10 * 105 + 120
        assert sum(widths) == 11906 - 1587 - 1474

    def test_headings_of_latin_letters_are_bold_and_no_word_of_a_head_is_broken(self):
        table = Table(
            (Column("Actual expenditure", ColumnKind.FIGURE), Column("Words")), ((Cell("1"), Cell("x" * 400)),)
        )
        body = read_docx(docx(Page((Heading("Money", 2, "1."), table), "en")))
        assert next(body.iter(qn("w:b"))) is not None
        widths = [int(column.get(qn("w:w"))) for column in body.iter(qn("w:gridCol"))]
        assert widths[0] >= len("expenditure") * 105 + 120

    def test_a_code_stands_on_one_line_and_what_is_long_has_the_room(self):
        columns = tuple(map(Column, ("位置", "代码", "问题", "依据")))
        row = tuple(map(Cell, ("县人大常委会", "DP112", "问" * 60, "财预〔2020〕10号第11条；财预〔2020〕10号第21条")))
        body = read_docx(docx(Page((Table(columns, (row,)),), "zh_CN")))
        place, code, finding, source = [int(column.get(qn("w:w"))) for column in body.iter(qn("w:gridCol"))]
        # Five signs, capitals three quarters as wide as 五号 is high, and the margins of the cell.
        assert code >= 2 * 158 + 3 * 105 + 120
        assert place >= 12 * 105 + 120
        assert finding > source > code

    def test_a_long_title_breaks_between_its_words(self):
        def lines(title):
            head = next(read_docx(docx(Page((Heading(title),), "zh_CN"))).iter(qn("w:p")))
            return [node.text for node in head.iter(qn("w:t"))]

        assert lines("甲局2022年度绩效自评报告") == ["甲局2022年度绩效自评报告"]
        assert lines("乐亭县人大常委会2022年度绩效自评核对意见") == ["乐亭县人大常委会2022年度", "绩效自评核对意见"]
        assert lines("住房和城乡建设局2022年度项目支出绩效自评总结报告") == [
            "住房和城乡建设局2022年度",
            "项目支出绩效自评总结报告",
        ]
        # Where no break makes two lines, Word breaks it.
        assert lines("甲" * 30) == ["甲" * 30]

    def test_the_name_of_a_picture_stands_on_its_page_and_holds_nothing_else(self):
        dot = bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8cfc0f01f0005"
            "0001ff56c7d3c70000000049454e44ae426082"
        )
        picture = Picture(dot, "image/png", "点", "图")
        shown, name, after, *_ = read_docx(docx(Page((picture, Paragraph(("乙",))), "zh_CN"))).iter(qn("w:p"))
        kept = [len(list(one.iter(qn("w:keepNext")))) for one in (shown, name, after)]
        assert kept == [1, 0, 0]

    def test_what_leads_into_a_table_stands_on_its_page(self):
        table = Table((Column("a"),), ((Cell("x"),),))
        first, second, *_ = read_docx(docx(Page((Paragraph(("甲",)), Paragraph(("乙",)), table), "zh_CN"))).iter(
            qn("w:p")
        )
        assert len(list(first.iter(qn("w:keepNext")))) == 0
        assert len(list(second.iter(qn("w:keepNext")))) == 1

    def test_a_cell_over_two_rows(self):
        table = Table((Column(), Column()), ((Cell("甲", rows=2), Cell("1")), (Cell("2"),)))
        merges = [merge.get(qn("w:val")) for merge in read_docx(docx(Page((table,), "zh_CN"))).iter(qn("w:vMerge"))]
        assert merges == ["restart", None]

    def test_fonts_of_official_documents(self):
        page = Page(
            (Heading("报告"), Heading("情况", 2, "一、"), Heading("甲", 3, "（一）"), Paragraph(("乙",))), "zh_CN"
        )
        fonts = [font.get(qn("w:eastAsia")) for font in read_docx(docx(page)).iter(qn("w:rFonts"))]
        assert fonts == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
        sizes = [int(size.get(qn("w:val"))) / 2 for size in read_docx(docx(page)).iter(qn("w:sz"))]
        assert sizes == [22, 16, 16, 16]
