"""A report on a department of 100 projects with 10 indicators each, in each carrier.

To be reached: HTML within 1 s, Word within 5 s, the page counted in each.

    python benchmarks/report.py
"""

from __future__ import annotations

from statistics import median

from evaluate import projects
from timing import seconds

import perfeval as pe
from perfeval.pages import docx
from perfeval.reports import outlines

PROJECTS = 100
ROUNDS = 3


def main() -> None:
    rules = pe.rule_set("cn-mof-2020-10")
    department = pe.Department("部门", fiscal_year=2022, projects=projects(2)[:PROJECTS])
    for of in outlines():
        page = lambda: pe.report(department, rules, outline=of).page  # noqa: B023, E731  # used at once
        works = {"html": lambda: pe.report(department, rules, outline=of).to_html(), "docx": lambda: docx(page())}  # noqa: B023
        for name, work in works.items():
            print(f"{of.id:20} {name}  {median(seconds(work) for _ in range(ROUNDS)):6.2f} s")


if __name__ == "__main__":
    main()
