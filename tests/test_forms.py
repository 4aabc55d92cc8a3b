"""Forms in Excel and Word: every published form, in its own layout, comes back with every printed figure."""

from __future__ import annotations

import itertools
import random
import tomllib
from decimal import Decimal
from importlib.resources import files

import pytest

import perfeval as pe
from form_layouts import WIDTH, C, document, rows_of, to_docx, to_xlsx
from perfeval import i18n, labels
from perfeval.forms import FormKind, Listed, Note, Skipped, read
from published_forms import project_of, published

CARRIERS = {"xlsx": to_xlsx, "docx": to_docx}


def read_one(data, **told):
    [form] = read(data, **told)
    return form


# Where the tests' reading of a published form and the form itself part: what is printed without a place of
# its own, and what two careful readers may name differently.
NOT_PRINTED = {"sichuan-nd-daying-gongzi-225": "name"}
OTHER_READINGS = {
    # A department's own form is named for the department, which has no department above it here.
    "extra-hunan-2021-lingling-linye-zhengti": {"supervising_department"},
    "extra-hunan-2023-guantang-zhengti": {"supervising_department"},
    # The code that Sichuan prints before the name is the code.
    "sichuan-2023-nanchong-linye-tuigeng": {"name", "code"},
    # 中央、省补助 is of two levels of government.
    "hunan-2020-hengshan-chubeiliang": {"funding[0].source", "indicators[10].actual"},
    "sichuan-2023-zitong-renda-daibiaozhijia": {"funding[0].source"},
    "sichuan-2021-anju-shipinjianguan": {"funding[1].source", "stated.execution_score"},
    # 计划安排资金 is the original budget; what the facts call adjusted is 实际到位资金, which the layout leaves out.
    "hunan-2016-yueyang-nanhu-youfu": {"stated.funding_total", "funding[0].adjusted_budget"},
    # A bare 20, 79.27 or 100.00 is a rate in per cent.
    "yunnan-2022-changning-gongxiao-changlong": {"stated.execution_rate"},
    "chongqing-2022-liangping-linye": {"stated.execution_rate"},
    "hebei-2020-chengan-minzheng-gaoling": {"stated.execution_rate"},
    "sichuan-2021-suining-jingkai-liangpinyixie": {"stated.execution_rate"},
}


def differences(found, expected, path=""):
    """The paths at which two records differ."""
    import attrs

    if type(found) is type(expected) and attrs.has(type(found)) and path.count(".") < 2:
        for field in attrs.fields(type(found)):
            here = f"{path}.{field.name}".strip(".")
            yield from differences(getattr(found, field.name), getattr(expected, field.name), here)
    elif isinstance(found, tuple) and isinstance(expected, tuple) and len(found) == len(expected):
        for i, pair in enumerate(zip(found, expected, strict=True)):
            yield from differences(*pair, f"{path}[{i}]")
    elif found != expected:
        yield path


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("name", published())
def test_published_form_comes_back(name, carrier):
    form = published()[name]
    expected = project_of(form)
    found = read_one(CARRIERS[carrier](rows_of(form)), unit=expected.amount_unit, year=expected.fiscal_year)
    left_out = {"excerpt", "origin", "place", "objective_expected", "objective_actual", NOT_PRINTED.get(name)}
    other = set(differences(found.document, expected)) - left_out
    assert {path for path in other if not path.startswith(tuple(OTHER_READINGS.get(name, {"-"})))} == set()


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("name", published())
def test_every_printed_cell_is_placed_or_listed(name, carrier):
    """No figure is dropped: each is in the model, at its place, or in the list."""
    form = published()[name]
    rows = rows_of(form)
    found = read_one(CARRIERS[carrier](rows), unit=form["amount_unit"] or "万元", year=form["source"]["year"] or 2021)
    told = [found.place_of(one.path) for one in found.placed] + [one.place for one in found.listed]
    printed = [cell.text for row in rows for cell in row if any(mark.isdigit() for mark in cell.text)]
    printed = [text for text in printed if labels.name_of("levels1", text) is None]
    assert len(set(told)) >= len([text for text in printed if text.replace(".", "").isdigit()]) - 1
    assert all(place is not None for place in told)


@pytest.mark.parametrize("name", published())
def test_blocks_are_found_by_their_labels_never_by_their_position(name):
    """Empty rows and columns anywhere, and the form elsewhere on the sheet: the same project."""
    form = published()[name]
    told = {"unit": form["amount_unit"] or "万元", "year": form["source"]["year"] or 2021}
    expected = read_one(to_xlsx(rows_of(form)), **told).document
    for seed in range(3):
        assert read_one(to_xlsx(rows_of(form), gaps=random.Random(seed)), **told).document == expected


class TestLabels:
    def test_aliases_of_one_column(self):
        for text in ("全年预算数", "调整后预算数", "预算数（A）", " 全年（调整）预算数", "全年\n预算数"):
            assert labels.name_of("money_columns", text) == "adjusted_budget"
        for text in ("年初预算数", "年初预算数(A)", "年初批复数"):
            assert labels.name_of("money_columns", text) == "original_budget"

    def test_a_long_text_is_no_label(self):
        assert labels.name_of("head", "项目名称" * 100) is None

    def test_what_is_named_in_a_part_could_be_named_in_several(self):
        """The question that is asked first drops no label."""
        headings = ("money_columns", "indicator_columns", "objective")
        for part in headings:
            words = tomllib.loads(files("perfeval.data").joinpath("labels.toml").read_text("utf-8"))[part]["words"]
            for alias in itertools.chain.from_iterable(words.values()):
                for text in (alias.replace("*", "甲"), alias.replace("*", "") + "A", "其中：" + alias.replace("*", "")):
                    assert labels.name_of(part, text) is None or labels.could_name(headings, text), (part, text)

    def test_every_word_of_the_file_reads_as_its_own_name(self):
        """An alias that an earlier name takes would never be reached."""
        for part in labels.parts():
            for name in labels.names(part):
                assert labels.name_of(part, labels.first_label(part, name)) == name, (part, name)


def national(**changes):
    """A small form in the national layout, as rows of cells."""
    rows = {
        "title": [C("项目支出绩效自评表", WIDTH)],
        "year": [C("（2022年度）", WIDTH)],
        "name": [C("项目名称", 2), C("排水改造", 8)],
        "units": [C("主管部门", 2), C("甲局", 4), C("实施单位"), C("乙所", 3)],
        "money": [
            C("项目资金（万元）", 1, 3),
            C("", 3),
            *map(C, ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]),
        ],
        "total": [C("年度资金总额", 3), *map(C, ["100", "90", "81", "10", "90.00%", "9"])],
        "line": [C("其中：当年财政拨款", 3), *map(C, ["100", "90", "81", "—", "", "—"])],
        "objective": [C("年度总体目标", 1, 2), C("预期目标", 5), C("实际完成情况", 4)],
        "texts": [C("改造50公里", 5), C("改造48公里", 4)],
        "heading": [
            C("绩效指标", 1, 3),
            *map(C, ["一级指标", "二级指标", "三级指标"]),
            C("年度指标值", 2),
            *map(C, ["实际完成值", "分值", "得分", "偏差原因分析及改进措施"]),
        ],
        "first": [
            C("产出指标（50分）"),
            C("数量指标"),
            C("改造长度"),
            C("≥50公里", 2),
            *map(C, ["48公里", "50", "48", "雨季长"]),
        ],
        "second": [
            C("满意度指标"),
            C("服务对象满意度"),
            C("居民满意度"),
            C("≥90%", 2),
            *map(C, ["95%", "10", "10", ""]),
        ],
        "sum": [C("总分", 7), *map(C, ["100", "87", ""])],
    }
    return [row for row in (rows | changes).values() if row is not None]


@pytest.mark.parametrize("carrier", CARRIERS.values())
class TestNational:
    def test_every_value_and_its_cell(self, carrier):
        form = read_one(carrier(national()))
        project = form.document
        assert (project.name, project.fiscal_year, project.amount_unit) == ("排水改造", 2022, "万元")
        assert (project.supervising_department, project.implementing_unit) == ("甲局", "乙所")
        assert project.stated.funding_total == pe.FundingTotal(
            original_budget=pe.wan(100), adjusted_budget=pe.wan(90), actual_expenditure=pe.wan(81)
        )
        assert project.stated.execution_rate == Decimal("0.9")
        assert (project.stated.execution_weight, project.stated.execution_score, project.stated.total) == (10, 9, 87)
        [line] = project.funding
        assert (line.source, line.label, line.stated) == ("appropriation", "其中：当年财政拨款", pe.StatedFunding())
        assert (project.objective_expected, project.objective_actual) == ("改造50公里", "改造48公里")
        assert project.indicators == (
            pe.Indicator("改造长度", kind="output.quantity", target="≥50公里", actual="48公里", weight=50, deviation_reason="雨季长", stated=pe.StatedIndicator(score=48)),
            pe.Indicator("居民满意度", kind="satisfaction", target="≥90%", actual="95%", weight=10, stated=pe.StatedIndicator(score=10)),
        )  # fmt: skip
        assert (form.kind, form.full_score, form.listed, form.notes, form.skipped) == (
            FormKind.PROJECT,
            100,
            (),
            (),
            (),
        )

    def test_a_merged_score_counts_once(self, carrier):
        first = [C("产出指标"), C("数量指标"), C("甲"), C("≥50个", 2), C("50个"), C("20", 1, 2), C("18", 1, 2), C("")]
        second = [C("产出指标"), C("质量指标"), C("乙"), C("≥90%", 2), C("95%"), C("")]
        form = read_one(carrier(national(first=first, second=second)))
        assert [(row.weight, row.stated.score) for row in form.document.indicators] == [(20, 18), (None, None)]
        assert [(note.code, note.found, note.taken) for note in form.notes] == [
            ("merged_figure", "20", "乙"),
            ("merged_figure", "18", "乙"),
        ]

    def test_what_has_no_place_is_listed(self, carrier):
        form = read_one(
            carrier(
                [
                    *national(),
                    [C("填报人"), C("赵某", 3), C("联系电话"), C("0310-1234567", 5)],
                    [C("注：一式三份", WIDTH)],
                ]
            )
        )
        assert [one.text for one in form.listed] == ["赵某", "0310-1234567", "注：一式三份"]

    def test_a_figure_in_words_is_listed(self, carrier):
        form = read_one(
            carrier(national(total=[C("年度资金总额", 3), *map(C, ["壹佰万", "90", "81", "10", "90%", "优"])]))
        )
        assert form.document.stated.funding_total.original_budget is None
        assert [(one.text, one.why) for one in form.listed] == [("壹佰万", "no_amount"), ("优", "no_points")]
        assert [one.reason("zh_CN") for one in form.listed] == ["未能按金额读入", "未能按分数读入"]

    def test_why_a_cell_was_not_read_is_kept(self, carrier):
        """A sign or a unit beside the target that contradicts it, and a day that does not exist: words, with the reason."""
        wide = ["一级指标", "二级指标", "三级指标", "符号", "年度指标值", "计量单位"]
        heading = [C("绩效指标", 1, 5), *map(C, [*wide, "实际完成值", "分值", "得分"])]

        def row(name, *cells):
            return [C("产出指标"), C("数量指标"), *map(C, [name, *cells])]

        rows = national(
            heading=heading,
            sum=None,
            first=row("改造长度", "≥", "≤50公里", "公里", "48公里", "50", "48"),
            second=row("验收日期", "≤", "2022年2月30日前", "", "2022年13月完成", "20", "20"),
            third=row("培训", "≥", "50人", "场", "50人", "10", "10"),
            fourth=row("制度", "≥", "健全", "项", "健全", "10", "10"),
        )
        form = read_one(carrier(rows))
        cells = [(row.target.text, row.target.refusal) for row in form.document.indicators]
        assert cells == [
            ("≤50公里", pe.Refusal.CONTRADICTION),
            ("2022年2月30日前", pe.Refusal.IMPOSSIBLE),
            ("50人", pe.Refusal.CONTRADICTION),
            ("健全", None),
        ]
        assert form.document.indicators[1].actual.refusal is pe.Refusal.IMPOSSIBLE
        beside = [(one.text, one.why) for one in form.listed if one.why == "beside_words"]
        assert beside == [(text, "beside_words") for text in ("≥", "公里", "≤", "≥", "场", "≥", "项")]
        # A person sees it: in the explanation, as a finding, and when the form has been a document in between.
        for project in (form.document, pe.loads(pe.dumps(form.document))):
            found = [one for one in pe.check(project, pe.rule_set("cn-mof-2020-10")) if one.code == "TG119"]
            assert [one.where for one in found] == [
                "indicators[0].target",
                "indicators[1].target",
                "indicators[1].actual",
                "indicators[2].target",
            ]
            text = pe.evaluate(project, pe.rule_set("cn-mof-2020-10")).explain("zh_CN")
            assert "日期不存在或数值过大，须核对后填报" in text
            assert "所填的符号、单位或增减方向相互矛盾，须只保留一种" in text

    def test_units_in_cells_full_width_digits_and_separators(self, carrier):
        form = read_one(
            carrier(
                national(
                    total=[
                        C("年度资金总额", 3),
                        *map(C, ["１，２００万", "300 万元", "810000元", "10分", "９０％", "9 分"]),
                    ]
                )
            )
        )
        total = form.document.stated.funding_total
        assert (total.original_budget, total.adjusted_budget, total.actual_expenditure) == (12000000, 3000000, 810000)
        assert form.document.stated.execution_rate == Decimal("0.9")
        assert (form.document.stated.execution_weight, form.document.stated.execution_score) == (10, 9)

    def test_a_repeated_heading_after_a_page_break(self, carrier):
        rows = national()
        first = [[C("绩效指标", 1, 2), *rows[9][1:]], rows[10]]
        second = [[C("绩效指标", 1, 2), *rows[9][1:]], rows[11]]
        form = read_one(carrier([*rows[:9], *first, *second, rows[12]]))
        assert [row.name for row in form.document.indicators] == ["改造长度", "居民满意度"]

    def test_several_forms_on_one_sheet(self, carrier):
        forms = read(carrier([*national(), *national(name=[C("项目名称", 2), C("路灯", 8)])]))
        assert [form.document.name for form in forms] == ["排水改造", "路灯"]
        assert [len(form.document.indicators) for form in forms] == [2, 2]

    def test_nested_details(self, carrier):
        rows = national()
        money = [C("项目资金（万元）", 1, 6), *rows[4][1:]]
        lines = [
            [C(label, 3), *map(C, [amount, amount, amount, "—", "", "—"])]
            for label, amount in [
                ("当年财政拨款", "90"),
                ("其中：中央资金", "50"),
                ("省级资金", "40"),
                ("其他资金", "10"),
            ]
        ]
        form = read_one(carrier([*rows[:4], money, rows[5], *lines, *rows[7:]]))
        assert [(line.source, line.breakdown, line.part_of) for line in form.document.funding] == [
            ("appropriation", "source", None),
            ("central", "level", "当年财政拨款"),
            ("provincial", "level", "当年财政拨款"),
            ("other", "source", None),
        ]

    def test_a_blank_row_of_a_template_is_no_indicator(self, carrier):
        form = read_one(
            carrier(
                national(second=[C("效益指标"), C("社会效益指标"), C("指标1："), C("", 2), *map(C, ["", "", "", ""])])
            )
        )
        assert [row.name for row in form.document.indicators] == ["改造长度"]
        assert form.listed == ()

    def test_a_total_row_with_a_grade(self, carrier):
        form = read_one(carrier(national(sum=[C("总分", 7), *map(C, ["100", "96", "优"])])))
        assert (form.document.stated.total, form.document.stated.grade) == (96, "优")

    def test_no_unit_is_refused(self, carrier):
        rows = national()
        rows[4] = [C("项目资金", 1, 3), *rows[4][1:]]
        with pytest.raises(pe.FormError) as caught:
            read(carrier(rows))
        [fault] = caught.value.exceptions
        assert fault.problem == "expected a unit of money in a heading (万元), got none for '100'; pass unit="
        assert read_one(carrier(rows), unit="元").document.stated.funding_total.original_budget == 100

    def test_no_year_is_refused(self, carrier):
        with pytest.raises(pe.FormError) as caught:
            read(carrier(national(year=None)))
        [fault] = caught.value.exceptions
        assert fault.problem == "expected a fiscal year in the title (2022年度), got none; pass year="
        assert read_one(carrier(national(year=None)), year=2021).document.fiscal_year == 2021

    def test_no_block_is_an_error_that_says_what_was_looked_for(self, carrier):
        with pytest.raises(pe.FormError) as caught:
            read(carrier([[C("姓名"), C("年龄")], [C("甲"), C("30")]]))
        assert str(caught.value) == (
            "form\n  expected a block of money (全年预算数, 全年执行数 …) or of indicators "
            "(一级指标, 三级指标, 实际完成值, 得分 …), found '姓名', '年龄', '甲', '30'"
        )


def test_the_place_is_that_of_the_units_name():
    """A name that begins with a known place is there; the note says so, and what is not known stays so."""
    rows = national(units=[C("主管部门", 2), C("四川省某厅", 4), C("实施单位"), C("某县水利局", 3)])
    form = read_one(to_xlsx(rows))
    assert form.document.place == "CN-SC"
    assert [note.text("en") for note in form.notes] == [
        "自评表!C4: the form does not print its place; 四川省某厅 is taken to be in CN-SC"
    ]
    assert read_one(to_xlsx(national())).document.place is None


def test_places_in_a_workbook_and_in_a_document():
    assert read_one(to_xlsx(national())).place_of("indicators[0].actual") == "自评表!G11"
    assert read_one(to_docx(national())).place_of("indicators[0].actual") == "table 1 row 9 column 7"
    assert read_one(to_docx(national())).place_of("fiscal_year") == "paragraph 2"


def test_a_form_goes_on_in_the_next_table_of_a_document():
    rows = national()
    form = read_one(document("项目支出绩效自评表", "（2022年度）", rows[2:11], [[C(""), *rows[11]], *rows[12:]]))
    assert [row.name for row in form.document.indicators] == ["改造长度", "居民满意度"]


def test_notes_listed_and_skipped_speak_both_languages():
    for locale in i18n.LOCALES:
        keys = [key.split(".") for key in i18n.catalog(locale) if key.startswith("form.")]
        codes = [(key[1], key[2]) for key in keys if key[1] in {"note", "listed", "skipped"}]
        notes = [Note(code, "甲!A1", "20", "20%").text(locale) for kind, code in codes if kind == "note"]
        notes += [Listed("甲!A1", "x", code).reason(locale) for kind, code in codes if kind == "listed"]
        notes += [Skipped("甲", code).reason(locale) for kind, code in codes if kind == "skipped"]
        assert len(notes) == len(codes) > 15
        assert all(notes)
