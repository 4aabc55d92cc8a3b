"""Published forms, named after place and year: what is stated beside what is computed."""

from __future__ import annotations

from decimal import Decimal

import perfeval as pe


def evaluated(name):
    project = pe.load(f"examples/published/{name}.toml")
    return project, pe.evaluate(project, pe.rule_set(project.place, fiscal_year=project.fiscal_year))


def test_shanghai_putuo_2022():
    project, result = evaluated("shanghai-putuo-2022")
    # 215457.6 / 250000 is 86.183 %: the form prints 86.19 %, but scores 8.62 all the same
    assert result.execution_rate == Decimal("0.8618304")
    assert project.stated.execution_rate == Decimal("0.8619")
    assert [line.score for line in result.lines] == [Decimal("8.62"), 10, 20, 20, 30, 10]
    assert result.total == project.stated.total == Decimal("98.62")


def test_yunnan_yongde_2022():
    project, result = evaluated("yunnan-yongde-2022")
    stated = [project.stated.execution_score, *(indicator.stated.score for indicator in project.indicators)]
    differing = [
        (line.label("zh_CN"), printed, line.score)
        for line, printed in zip(result.lines, stated, strict=True)
        if line.score != printed
    ]
    # a met target that lost three points without a reason, and 98 % of 10 points printed as 9
    assert differing == [("资金到位及时率", 7, 10), ("政策知晓率", 9, Decimal("9.80"))]
    assert (result.total, project.stated.total, project.stated.grade) == (Decimal("99.80"), 96, "优")
    assert result.grade is pe.Grade.EXCELLENT


def test_sichuan_zhongjiang_2022():
    project, result = evaluated("sichuan-zhongjiang-2022")
    # weights and scores add to 110, the form prints 100; the targets are copied as actuals, "≥266米"
    assert result.total == 110
    assert project.stated.total == 100
    assert (result.grade, result.grade_reason) == (None, pe.Reason.WEIGHTS_DO_NOT_ADD_UP)
    assert result.lines[1].item.actual.bound is pe.Bound.AT_LEAST


def test_清和_2022_the_invented_project_agrees_with_itself():
    project = pe.load("examples/qinghe-2022.toml")
    result = pe.evaluate(project, pe.rule_set(project.place, fiscal_year=2022))
    stated = [project.stated.execution_score, *(indicator.stated.score for indicator in project.indicators)]
    assert [line.score for line in result.lines] == stated
    assert result.total == project.stated.total == Decimal("95.01")
    kinds = {indicator.kind.level1 for indicator in project.indicators}
    assert kinds == {"output", "benefit", "satisfaction"}
