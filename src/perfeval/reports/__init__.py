"""The self-evaluation report (绩效自评报告): pages in the statutory outlines.

A report is made from the model, its evaluation and the findings, by an outline
that is cited data. It invents nothing: every number in it stands in one of the
three, and what they do not tell is said to be missing, or left out where the
outline says so.

>>> import perfeval as pe
>>> county = pe.load("examples/qingheju-2022.toml")
>>> report(county, pe.rule_set(county.place, fiscal_year=2022), outline="review", locale="en")
<Report review 清和县水务局 2022: en>
"""

from __future__ import annotations

from perfeval.reports.making import Report, report
from perfeval.reports.outlines import Outline, outline, outlines
from perfeval.reports.sections import Section

__all__ = ["Outline", "Report", "Section", "outline", "outlines", "report"]
