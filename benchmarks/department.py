"""A department of 1,000 projects against its projects one by one, in one run.

To be reached: 1.2 ×.

    python benchmarks/department.py
"""

from __future__ import annotations

import statistics

from evaluate import projects, seconds

import perfeval as pe

PROJECTS = 1_000
ROUNDS = 9


def main() -> None:
    rules = pe.rule_set("cn-mof-2020-10")
    forms = projects(2)[:PROJECTS]
    department = pe.Department("部门", fiscal_year=2022, projects=forms)
    works = {
        "projects one by one": lambda: [pe.evaluate(form, rules) for form in forms],
        "department": lambda: pe.evaluate(department, rules),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            times[name].append(seconds(work))
    base = statistics.median(times["projects one by one"])
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:20} {median * 1e3:8.1f} ms  {median / base:6.2f} × one by one")


if __name__ == "__main__":
    main()
