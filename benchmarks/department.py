"""A department of 1,000 projects against its projects one by one, in one run.

To be reached: 1.2 ×.

    python benchmarks/department.py
"""

from __future__ import annotations

from evaluate import projects
from timing import compare

import perfeval as pe

PROJECTS = 1_000


def main() -> None:
    rules = pe.rule_set("cn-mof-2020-10")
    forms = projects(2)[:PROJECTS]
    department = pe.Department("部门", fiscal_year=2022, projects=forms)
    one_by_one = lambda: [pe.evaluate(form, rules) for form in forms]  # noqa: E731  # beside the other
    compare({"one by one": one_by_one, "department": lambda: pe.evaluate(department, rules)}, PROJECTS)


if __name__ == "__main__":
    main()
