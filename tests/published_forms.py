"""From a published form, as facts in JSON, to a `Project`: what stands there and nothing else.

Every form, a department's whole spending included, has the shape of a
project's form. Amounts are read in the form's unit; a cell that repeats the
unit ("5.8万") says the same. A form whose unit is not visible is read in 万元.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from pathlib import Path

import perfeval as pe
from perfeval.checks.catalogue import setting
from perfeval.practice import figures_of

FORMS = Path(__file__).parent / "published" / "forms"

LEVEL1 = {
    "产出": "output",
    "完成": "output",
    "效益": "benefit",
    "效果": "benefit",
    "满意": "satisfaction",
    "成本": "cost",
    "决策": "decision",
    "管理": "process",
    "过程": "process",
    "投入": "input",
}
LEVEL2 = {
    "数量": "output.quantity",
    "质量": "output.quality",
    "时效": "output.timeliness",
    "成本": "output.cost",
    "经济": "benefit.economic",
    "社会": "benefit.social",
    "生态": "benefit.ecological",
    "可持续": "benefit.sustainability",
    "满意": "satisfaction",
}
LEVELS = {"中央": "central", "自治区": "provincial", "省": "provincial", "市": "prefectural", "盟": "prefectural"}
LEVELS |= {"县": "county", "旗": "county", "区级": "county", "本级": "county", "地方": "unspecified"}
SOURCES = {"其他": "other", "其它": "other", "结转": "carry_over", "专户": "special_account", "单位资金": "unit"}
SOURCES |= {"拨款": "appropriation", "财政资金": "appropriation", "一般公共预算": "appropriation"}
MONEY = {
    "initial": "original_budget",
    "adjusted": "adjusted_budget",
    "received": "funds_received",
    "executed": "actual_expenditure",
}


def first(words, text, default=None):
    return next((value for word, value in words.items() if word in (text or "")), default)


def number(text):
    """A number without thousands marks, unit and per cent sign; `None` where there is none."""
    found = re.search(r"-?\d[\d,]*(?:\.\d+)?", unicodedata.normalize("NFKC", text or ""))
    return found and found.group().replace(",", "")


def amount(text, unit):
    return number(text) and pe.from_unit(number(text), unit)


def rate(text):
    text = unicodedata.normalize("NFKC", text or "").replace(" ", "")
    return number(text) and number(text) + ("%" if "%" in text else "")


def is_total(label):
    return (
        any(word in label for word in ("总额", "总金额", "年度金额", "合计", "总计", "预算数", "计划安排"))
        or label == "总额"
    )


def money_of(row, unit):
    return {name: amount(row.get(column), unit) for column, name in MONEY.items()}


def kind_of(row):
    """Level 2 where it tells, below the level 1 that does not contradict it; else level 1."""
    one, two = first(LEVEL1, row["level1"]), first(LEVEL2, row["level2"])
    if one in ("decision", "process", "input"):
        return one
    return two or one


def breakdown_of(label, rows):
    if "支出性质" in label or "基本支出" in label or "项目支出" in label:
        return "nature"
    return "level" if any(first(LEVELS, row["label"]) for row in rows) else "source"


def funding_of(form, unit):
    """The total row, and the rows of each breakdown; a row that heads others is their sum."""
    total, rows, head = None, [], None
    block = [row | {"label": row["label"] or "（未印）"} for row in form["funding"] or []]
    heads = [i for i, row in enumerate(block) if is_total(row["label"])]
    # A first row that names no source and no level is the total row by its place.
    if not heads and block and first(LEVELS | SOURCES, block[0]["label"]) is None and "其中" not in block[0]["label"]:
        heads = [0]
    parts = [row for i, row in enumerate(block) if i not in heads]
    for i, row in enumerate(block):
        label = row["label"]
        if i in heads:
            total = total or row
            continue
        if label in ("按收入性质分", "按支出性质分"):
            head = label
        own = head if head is not None and label != head else None
        by = "nature" if head == "按支出性质分" else breakdown_of(label, [] if "性质" in label or head else parts)
        words = LEVELS | SOURCES if by == "level" else SOURCES
        rows.append(
            pe.FundingLine(
                first({"其他": "other"} | words, label, "unspecified"),
                **money_of(row, unit),
                breakdown=by,
                part_of=own,
                label=label,
                stated=pe.StatedFunding(
                    execution_rate=rate(row.get("rate")),
                    weight=number(row.get("weight")),
                    score=number(row.get("score")),
                ),
            )
        )
    return pe.FundingTotal(**money_of(total or {}, unit)), rows


def expression(row, key, year):
    """A target or an actual with the operator and the unit that stand in cells of their own."""
    text = row[f"{key}_as_printed"]
    if text is None or text.strip() in ("", "—", "-"):
        return None
    if key == "actual":
        return pe.parse_actual(text, year=year)
    return pe.parse_target(text, operator=row["operator_as_printed"], unit=row["unit_as_printed"], year=year)


def indicator_of(row, year):
    # Where a form converts its scores, the converted one is what counts in the total.
    score = row.get("converted_score_as_printed") or row["score_as_printed"]
    return pe.Indicator(
        row["level3"] or row["level2"] or "（未印）",
        kind=kind_of(row),
        target=expression(row, "target", year),
        actual=expression(row, "actual", year),
        weight=number(row["weight"]),
        deviation_reason=row["deviation_note"],
        stated=pe.StatedIndicator(score=number(score)),
    )


def project_of(form):
    unit = form["amount_unit"] or "万元"
    # A form without a year is held against the rules of 10号's first full year.
    year = form["source"]["year"] or 2021
    total, rows = funding_of(form, unit)
    execution = form["execution"] or dict.fromkeys(("rate_as_printed", "weight", "score_as_printed"))
    names = form["project"] or {"name": None, "department": None, "unit": None}
    return pe.Project(
        names["name"] or names["unit"] or form["source"]["title"],
        fiscal_year=year,
        amount_unit=unit,
        supervising_department=names["department"],
        implementing_unit=names["unit"],
        funding=rows,
        indicators=[indicator_of(row, year) for row in form["indicators"] or []],
        stated=pe.Stated(
            funding_total=total,
            execution_rate=rate(execution["rate_as_printed"]),
            execution_weight=number(execution["weight"]),
            execution_score=number(execution["score_as_printed"]),
            total=number(form["total_as_printed"]),
            grade=form["grade_as_printed"],
        ),
        excerpt=not form["complete"],
        origin=form["source"]["url"],
    )


def published():
    """Every published form by its id."""
    forms = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(FORMS.glob("*.json")))
    return {form["id"]: form for form in forms}


PLACES = tomllib.loads((FORMS.parent / "places.toml").read_text(encoding="utf-8"))


def rules_of(form):
    """The rule set of the form's place, year and scope; 10号 where the form is older than all of them."""
    project = project_of(form)
    place, year = PLACES[form["id"]], project.fiscal_year
    for scope in ["department"] * (form["form"] == "department") + ["general"]:
        try:
            return pe.rule_set(place, fiscal_year=year, scope=scope)
        except pe.RuleSetNotFoundError:
            continue
    return pe.rule_set("cn-mof-2020-10")


def figures(form):
    """Every printed figure that can be computed, each with the finding that says why it is not reproduced."""
    rules = rules_of(form)
    project = project_of(form)
    found = {f.where: f for f in pe.check(project, rules, select=["AR"])}
    for figure in figures_of(pe.evaluate(project, rules), per_cent_above=setting("AR112", "above")):
        yield figure, found.get(figure.where) if figure.practice is None else None
