"""Published forms laid out as their publishers lay them out, as workbooks and as documents.

One writer of layouts for the tests: rows of cells, each with a text and how
many columns and rows it covers. It knows nothing of the reader, and it is not
the library's own writer.
"""

from __future__ import annotations

import io
from itertools import accumulate
from typing import NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter


class C(NamedTuple):
    """A cell: its text, and the columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


WIDTH = 10
BEFORE_WEIGHT = {"chongqing": 6, "hubei": 6}
"""The columns before the weights, where these are not seven."""

LAYOUTS = {
    "beijing-2016-xueyuanlu-baojie": "original",
    "shandong-2019-licheng-wenhuaguan": "original",
    "shanxi-2021-jishan-zhaidian-gongwei": "original",
    "anhui-2023-xuancheng-nyncj-dongwu": "transfer",
    "anhui-2024-huoshan-yibao-jiuzhu": "transfer",
    "extra-hubei-2021-xianning-daqi": "transfer",
    "hunan-2020-hengshan-chubeiliang": "transfer",
    "neimenggu-2022-linhe-jiuye": "transfer",
    "ningxia-2022-yuanzhou-malingshu": "transfer",
    "sichuan-2021-luhuo-chuanranbing": "transfer",
    "sichuan-2024-mingshan-lincao": "transfer",
    "sichuan-2023-zitong-renda-daibiaozhijia": "transfer",
    "sichuan-2021-anju-shipinjianguan": "pairs",
    "sichuan-2021-suining-jingkai-liangpinyixie": "pairs",
    "sichuan-nd-puhuijinrong": "pairs",
    "hunan-2016-yueyang-nanhu-youfu": "pairs",
    "hebei-2020-chengan-minzheng-gaoling": "hebei",
    "hubei-2020-huanggang-danganguan": "hubei",
    "hubei-2021-xiangyang-zhongxinyiyuan-dongjin": "hubei",
    "yunnan-2021-shidian-nongye-jingyingzhuti": "hubei",
    "yunnan-2022-changning-gongxiao-changlong": "hubei",
    "yunnan-2022-yongde-minglangzhongxue-yingyang": "signs",
    "extra-yunnan-2020-lijiang-weipian": "signs",
    "sichuan-2023-nanchong-linye-tuigeng": "sichuan",
    "sichuan-nd-daying-gongzi-225": "sichuan",
    "chongqing-2022-liangping-linye": "chongqing",
    "hunan-2022-yuhua-fagai-bumen": "criteria",
    "hunan-nd-yueyang-gonglu-bumen": "criteria",
    "hunan-nd-zhengti-pingfenbiao-4777": "criteria",
}
"""The layout of each published form; the national one where none is named."""


def rows_of(form, layout=None):
    """A published form as rows of cells, in its own layout."""
    layout = layout or LAYOUTS.get(form["id"], "national")
    year = form["source"]["year"]
    title = "部门整体支出绩效自评表" if form["form"] == "department" else "项目支出绩效自评表"
    if form["form"] == "transfer":
        title = "转移支付区域（项目）绩效目标自评表"
    rows = [[C(title, WIDTH)]]
    if year:
        rows.append([C(f"（{year}年度）", WIDTH)])
    names = form["project"] or {}
    if names.get("name"):
        rows.append([C("项目名称", 2), C(names["name"], WIDTH - 2)])
    rows.append(
        [C("主管部门", 2), C(names.get("department") or "", 4), C("实施单位", 1), C(names.get("unit") or "", 3)]
    )
    rows += MONEY[layout](form)
    if layout not in {"hubei", "criteria"}:
        rows.append([C("年度总体目标", 1, 2), C("预期目标", 5), C("实际完成情况", 4)])
        rows.append([C("目标文字", 5), C("完成文字", 4)])
    rows += INDICATORS[layout](form)
    weights = [row["weight"] for row in form["indicators"] or [] if row["weight"]]
    if form["total_as_printed"]:
        total = [
            C("总分", BEFORE_WEIGHT.get(layout, 7)),
            C("100" if weights else "", 1),
            C(form["total_as_printed"], 1),
        ]
        rows.append([*total, C(form["grade_as_printed"] or "", 1)])
    return rows


def block(rows, heading):
    """The rows of the money block beside their merged heading."""
    return [[C(heading, 1, len(rows)), *rows[0]], *rows[1:]]


def unit_of(form):
    return f"（{form['amount_unit']}）" if form["amount_unit"] else ""


def on_total(form, row, key):
    """The weight, rate and score of a row of the money block."""
    names = {"weight": "weight", "rate": "rate_as_printed", "score": "score_as_printed"}
    if row is total_row(form):
        return form["execution"][names[key]] or ""
    return row.get(key) or ""


def total_row(form):
    funding = form["funding"] or []
    return next((row for row in funding if row["label"] == "合计"), funding[0] if funding else None)


def columnar(columns, heading="项目资金", rate="执行率"):
    """The money block with a heading row: names of the columns by what stands below."""

    def rows(form):
        marks = {"weight": "分值", "rate": rate, "score": "得分"}
        head = [
            C("", 2),
            *(C(text) for text in columns.values()),
            *(C(marks[key]) for key in marks if key in shown(form)),
        ]
        lines = []
        for row in form["funding"] or [{"label": "年度资金总额"}]:
            cells = [C(row["label"], 2), *(C(row.get(key) or "") for key in columns)]
            lines.append(
                [
                    *cells,
                    *(C(on_total(form, row, key) if form["funding"] else execution(form, key)) for key in shown(form)),
                ]
            )
        return block([head, *lines], heading + unit_of(form))

    def execution(form, key):
        names = {"weight": "weight", "rate": "rate_as_printed", "score": "score_as_printed"}
        return form["execution"][names[key]] or ""

    def shown(form):
        del form
        return ("rate",) if rate == "预算执行率" else ("weight", "rate", "score")

    return rows


def hubei_money(form):
    weight = form["execution"]["weight"]
    head = [C("", 2), C("预算数（A）"), C("执行数（B）"), C("执行率（B/A）", 2), C(f"得分\n（{weight}分*执行率）", 3)]
    row = form["funding"][0]
    line = [C(row["label"], 2), C(row["adjusted"] or ""), C(row["executed"] or "")]
    line += [C(form["execution"]["rate_as_printed"] or "", 2), C(form["execution"]["score_as_printed"] or "", 3)]
    return block([head, line], f"预算执行情况{unit_of(form)}\n（{weight}分）")


def pair_money(form):
    """Labels beside their figures: 预算数： 2.38 执行数： 2.38."""
    first = form["funding"][0]
    labels = first["label"].split(" / ")
    rows = [
        [C(labels[0] + "："), C(first["adjusted"] or "", 3), C(labels[-1] + "：", 2), C(first["executed"] or "", 3)]
    ]
    rows += [
        [C(row["label"]), C(row["adjusted"] or "", 3), C(row["label"], 2), C(row["executed"] or "", 3)]
        for row in form["funding"][1:]
    ]
    return block(rows, "预算执行情况" + unit_of(form))


def hebei_money(form):
    head = [C("预算安排情况（调整后）", 2), C("资金到位情况", 2), C("资金执行情况", 2), C("预算执行进度", 3)]
    rows = []
    for i, row in enumerate(form["funding"]):
        labels = ["预算数：", "到位数：", "执行数："] if i == 0 else [row["label"]] * 3
        cells = [
            cell
            for label, key in zip(labels, ["adjusted", "received", "executed"], strict=True)
            for cell in (C(label), C(row[key] or ""))
        ]
        rows.append([*cells, C(form["execution"]["rate_as_printed"] if i == 0 else "", 3)])
    return block([head, *rows], "二、预算执行情况" + unit_of(form))


def no_money(form):
    assert not form["funding"]
    return []


NATIONAL = {"initial": "年初预算数", "adjusted": "全年预算数", "executed": "全年执行数"}
MONEY = {
    "national": columnar(NATIONAL),
    "signs": columnar(NATIONAL),
    "original": columnar({"initial": "年初预算数（A）", "executed": "全年执行数（B）"}, rate="执行率（B/A）"),
    "transfer": columnar({"adjusted": "全年预算数（A）", "executed": "全年执行数（B）"}, rate="预算执行率"),
    "sichuan": columnar(
        {"initial": "年初预算", "adjusted": "调整后预算数", "executed": "预算执行数"}, "项目预算执行情况"
    ),
    "chongqing": columnar(
        {"initial": "年初预算数", "adjusted": "全年（调整）预算数", "executed": "全年执行数"}, rate="执行率（%）"
    ),
    "hubei": hubei_money,
    "pairs": pair_money,
    "hebei": hebei_money,
    "criteria": no_money,
}


def levels(indicators):
    """Each indicator's first two levels, merged over the rows they hold for."""
    spans = []
    for i, row in enumerate(indicators):
        one, two = row["level1"] or "", row["level2"] or ""
        if i and indicators[i - 1]["level1"] == row["level1"]:
            spans[-1][0].append(i)
            same = indicators[i - 1]["level2"] == row["level2"]
            spans[-1][1][-1].append(i) if same else spans[-1][1].append([i])
        else:
            spans.append(([i], [[i]]))
        del one, two
    first = {members[0]: len(members) for members, _ in spans}
    second = {group[0]: len(group) for _, groups in spans for group in groups}
    return first, second


def tree(columns, heading="绩效指标", *, sign=False):
    """The indicator block: the levels merged, then the columns named."""

    def rows(form):
        indicators = form["indicators"] or []
        names = list(columns.values())
        head = [C("一级指标"), C("二级指标"), C("三级指标", 2 if not sign else 1), *(C(text) for text in names)]
        first, second = levels(indicators)
        lines = []
        for i, row in enumerate(indicators):
            cells = [C(row["level1"] or "", 1, first[i])] if i in first else []
            cells += [C(row["level2"] or "", 1, second[i])] if i in second else []
            cells.append(C(row["level3"] or "", 2 if not sign else 1))
            lines.append([*cells, *(C(row.get(key) or "") for key in columns)])
        return block([head, *lines], heading) if heading else [head, *lines]

    return rows


def two_header_rows(form):
    """Yunnan's 公开14表: 年度指标值 over 指标性质, 指标值 and 度量单位."""
    indicators = form["indicators"]
    over = [
        C("绩效指标", 3),
        C("年度指标值", 3),
        *(C(text, 1, 2) for text in ("实际完成值", "分值", "得分", "偏差原因分析及改进措施")),
    ]
    head = [C(text) for text in ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位")]
    first, second = levels(indicators)
    lines = []
    for i, row in enumerate(indicators):
        cells = [C(row["level1"] or "", 1, first[i])] if i in first else []
        cells += [C(row["level2"] or "", 1, second[i])] if i in second else []
        keys = (
            "level3",
            "operator_as_printed",
            "target_as_printed",
            "unit_as_printed",
            "actual_as_printed",
            "weight",
            "score_as_printed",
            "deviation_note",
        )
        lines.append([*cells, *(C(row[key] or "") for key in keys)])
    return [over, head, *lines]


def chongqing_indicators(form):
    names = [
        "指标名称",
        "计量单位",
        "指标性质",
        "年初指标值",
        "调整指标值",
        "全年完成值",
        "指标权重",
        "指标得分",
        "是否核心指标",
        "说明",
    ]
    lines = []
    for row in form["indicators"]:
        cells = [
            row["level3"],
            row["unit_as_printed"],
            row["operator_as_printed"],
            row["target_as_printed"],
            "",
            row["actual_as_printed"],
        ]
        lines.append(
            [C(text or "") for text in [*cells, row["weight"], row["score_as_printed"], "", row["deviation_note"]]]
        )
    return [[C(text) for text in names], *lines]


def criteria(form):
    """Hunan's department tables: criteria where others have targets."""
    names = ["一级指标", "二级指标", "三级指标", "评分标准", "分值", "自评得分", "扣分原因"]
    indicators = form["indicators"]
    first, second = levels(indicators)
    lines = []
    for i, row in enumerate(indicators):
        cells = [C(row["level1"], 1, first[i])] if i in first else []
        cells += [C(row["level2"], 1, second[i])] if i in second else []
        keys = ("level3", "target_as_printed", "weight", "score_as_printed", "deviation_note")
        lines.append([*cells, *(C(row[key] or "") for key in keys)])
    return [[C(text) for text in names], *lines]


PLAIN = {
    "target_as_printed": "年度指标值",
    "actual_as_printed": "实际完成值",
    "weight": "分值",
    "score_as_printed": "得分",
    "deviation_note": "偏差原因分析及改进措施",
}
INDICATORS = {
    "national": tree(PLAIN),
    "original": tree(PLAIN),
    "pairs": tree(PLAIN | {"actual_as_printed": "全年完成值", "score_as_printed": "自评得分"}),
    "transfer": tree(PLAIN | {"actual_as_printed": "全年实际完成值", "deviation_note": "未完成原因和改进措施"}),
    "hubei": tree(
        {
            "target_as_printed": "年初目标值（A）",
            "actual_as_printed": "实际完成值（B）",
            "score_as_printed": "得分",
            "deviation_note": "备注",
        },
        "年度绩效目标1\n（80分）",
    ),
    "hebei": tree(
        {
            "operator_as_printed": "指标符号",
            "target_as_printed": "预期指标值",
            "unit_as_printed": "计量单位",
            "actual_as_printed": "实际完成值",
            "weight": "权重占比（%）",
            "score_as_printed": "单项指标得分",
            "converted_score_as_printed": "单项指标折算得分",
        },
        "",
        sign=True,
    ),
    "sichuan": tree(
        {
            "operator_as_printed": "指标性质",
            "target_as_printed": "指标值",
            "unit_as_printed": "度量单位",
            "actual_as_printed": "完成值",
            "weight": "权重",
            "score_as_printed": "得分",
        },
        "绩效指标",
        sign=True,
    ),
    "signs": two_header_rows,
    "chongqing": chongqing_indicators,
    "criteria": criteria,
}


# Carriers.


def placed(rows):
    """Every cell with its row and column: a cell that reaches down keeps its columns below."""
    taken = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            yield number, column, cell
            taken |= {(number + i, column + j) for i in range(cell.rows) for j in range(cell.columns)}
            column += cell.columns


def as_number(text):
    """A text as a spreadsheet would hold it: figures as numbers with their format."""
    if text.endswith("%") and text[:-1].replace(".", "", 1).isdigit():
        places = len(text[:-1].partition(".")[2])
        return float(text[:-1]) / 100, "0." + "0" * places + "%" if places else "0%"
    if text.replace(".", "", 1).isdigit():
        places = len(text.partition(".")[2])
        return float(text), "0." + "0" * places if places else "General"
    return None, None


def to_xlsx(rows, *, sheet="自评表", numbers=True, gaps=None):
    """A workbook whose figures are numbers, percentages by their format."""
    return workbook({sheet: rows}, numbers=numbers, gaps=gaps)


def workbook(sheets, *, numbers=True, gaps=None):
    """A workbook of several sheets; *gaps*, a random source, leaves rows and columns empty here and there."""
    rows_at, columns_at = range(1000), range(100)
    if gaps is not None:
        rows_at, columns_at = (accumulate(1 + (gaps.random() < 0.2) for _ in range(one)) for one in (1000, 100))
        rows_at, columns_at = list(rows_at), list(columns_at)
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for top, left, cell in placed(rows):
            row, column = rows_at[top], columns_at[left]
            bottom, right = rows_at[top + cell.rows - 1], columns_at[left + cell.columns - 1]
            number, code = as_number(cell.text) if numbers else (None, None)
            style = book.add_format({"num_format": code, "border": 1} if code else {"border": 1})
            value = cell.text if number is None else number
            if (row, column) != (bottom, right):
                sheet.merge_range(row, column, bottom, right, "", style)
            if number is None:
                sheet.write_string(row, column, value, style)
            else:
                sheet.write_number(row, column, value, style)
    book.close()
    return data.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(text):
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{lines}</w:r></w:p>"


def table(rows):
    cells = {}
    for row, column, cell in placed(rows):
        for i in range(cell.rows):
            cells[row + i, column] = (cell, i)
    width = 1 + max(column + cell.columns - 1 for (_, column), (cell, _) in cells.items())
    lines = []
    for row in range(len(rows)):
        xml, column = "", 0
        while column < width:
            cell, depth = cells.get((row, column), (C(""), 0))
            merge = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if depth == 0 else "<w:vMerge/>"
            span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
            xml += f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{paragraph(cell.text if depth == 0 else '')}</w:tc>"
            column += cell.columns
        lines.append(f"<w:tr>{xml}</w:tr>")
    return f"<w:tbl>{''.join(lines)}</w:tbl>"


def document(*parts):
    """A document of paragraphs (text) and tables (rows)."""
    body = "".join(paragraph(part) if isinstance(part, str) else table(part) for part in parts)
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(
            "word/document.xml", f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
    return data.getvalue()


def to_docx(rows):
    """A document whose title stands above the table, and so do the titles of the forms that follow."""
    parts = []
    for row in rows:
        if len(row) == 1 and row[0].columns == WIDTH and ("自评表" in row[0].text or "年度）" in row[0].text):
            parts.append(row[0].text)
        elif parts and isinstance(parts[-1], list):
            parts[-1].append(row)
        else:
            parts.append([row])
    return document(*parts)
