"""Types as users see them; checked by pyright, never run."""

from decimal import Decimal
from typing import Any, assert_type

import perfeval as pe
from perfeval.forms import Form, read, write
from perfeval.pages import Page, text

assert_type(pe.execution_rate(Decimal(1), 2), Decimal | None)
assert_type(pe.wan("65.63"), Decimal)
assert_type(pe.score(10, pe.Ratio(1, 2), pe.ScoringRule.proportional()), Decimal | None)
assert_type(pe.share(pe.ScoringRule.all_or_nothing(), pe.Judgement("achieved")), pe.Ratio | pe.Reason)
assert_type(
    pe.achievement(pe.Threshold("≥", 50, "公里"), pe.Quantity("48")),
    pe.Ratio | pe.Reason,
)

# What people type is accepted, what is stored is the value.
line = pe.FundingLine("appropriation", adjusted_budget=pe.wan(90), actual_expenditure="87.4万元")
assert_type(line.source, pe.FundingSource)
assert_type(line.adjusted_budget, Decimal | None)

indicator = pe.Indicator("长度", kind="output.quantity", target="≥50公里", actual=48, weight="12.5")
assert_type(indicator.kind, pe.IndicatorKind | None)
assert_type(indicator.target, pe.Threshold | pe.Between | pe.Deadline | pe.Statement | None)
assert_type(indicator.weight, Decimal | None)
assert_type(pe.Indicator("长度", judgement="achieved").judgement, pe.Judgement | None)

project = pe.Project("项目", fiscal_year=2022, funding=[line], indicators=[indicator])
assert_type(project.funding, tuple[pe.FundingLine, ...])
assert_type(project.stated, pe.Stated)

result = pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022))
assert_type(result.total, Decimal | None)
assert_type(result.grade, pe.Grade | None)
assert_type(result.lines[0].score, Decimal | None)
assert_type(result.explain("en"), str)
assert_type(pe.load("form.toml"), pe.Project | pe.Department)
assert_type(pe.load_project("form.toml"), pe.Project)
assert_type(pe.load_department("report.toml"), pe.Department)

# A float is no amount, and a project has no mutable parts.
pe.wan(0.5)  # pyright: ignore[reportArgumentType]
pe.execution_rate(1, 2.0)  # pyright: ignore[reportArgumentType]
pe.Indicator("长度", weight=0.5)  # pyright: ignore[reportArgumentType]
project.name = "other"  # pyright: ignore[reportAttributeAccessIssue]

department = pe.Department("部门", fiscal_year=2022, projects=[project], organisation="成立小组")
assert_type(department.organisation, pe.Passage | None)
assert_type(pe.evaluate(department, pe.rule_set("CN", fiscal_year=2022)), pe.DepartmentEvaluation)
assert_type(pe.check(department, pe.rule_set("CN", fiscal_year=2022)), pe.Findings)
assert_type(result.page("en"), Page)
assert_type(text(result.page(), 80), str)
assert_type(result.explanation().rows[0].calculation, str)
assert_type(result.to_dict()["total"], Any)
[*findings] = pe.check(department, pe.rule_set("CN", fiscal_year=2022), select=["AR"])
assert_type(findings, list[pe.Finding])
assert_type(findings[0].severity, pe.Severity)
assert_type(findings[0].message("zh_CN"), str)
assert_type(pe.parse_target("≥5个"), pe.Threshold | pe.Between | pe.Deadline | pe.Statement | None)

# Forms: what is read, and what is told of it.
forms = read("form.xlsx", unit="万元", year=2022)
assert_type(forms, tuple[Form, ...])
assert_type(forms[0].place_of("name"), str | None)
assert_type(forms[0].full_score, Decimal | None)
write(project, "form.docx", rules=result.rules, evaluation=result)
