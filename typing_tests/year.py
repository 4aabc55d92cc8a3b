"""The year around the score: what each function returns, for a project and for a department."""

from __future__ import annotations

import datetime as dt
from typing import assert_type

import perfeval as pe
from perfeval.comparison import Comparison, DepartmentComparison, DepartmentTrend, Needed, Trend
from perfeval.monitoring import DepartmentMonitoring, MonitoringResult
from perfeval.rectification import Consequences, Ledger
from perfeval.review import DepartmentReview, ReviewResult


def of_a_project(project: pe.Project, rules: pe.RuleSet) -> None:
    result = pe.evaluate(project, rules)
    assert_type(pe.compare(result, result), Comparison)
    assert_type(pe.needed(result, "good"), Needed)
    assert_type(pe.trend([result]), Trend)
    assert_type(pe.monitor(project, rules, through=dt.date(2022, 7, 31)), MonitoringResult)
    assert_type(pe.review_scores(project, rules), ReviewResult)
    assert_type(pe.consequences(result, rules, kind="finance_evaluation"), Consequences)
    assert_type(project.monitoring, tuple[pe.Monitoring, ...])


def of_a_department(department: pe.Department, rules: pe.RuleSet) -> None:
    result = pe.evaluate(department, rules)
    assert_type(pe.compare(result, result), DepartmentComparison)
    assert_type(pe.trend([result]), DepartmentTrend)
    assert_type(pe.monitor(department, rules), DepartmentMonitoring)
    assert_type(pe.review_scores(department, rules), DepartmentReview)
    assert_type(pe.ledger(department, rules, on=dt.date(2023, 6, 1)), Ledger)
