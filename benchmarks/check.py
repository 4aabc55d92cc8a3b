"""Checking a department of 1,000 projects of 10 indicators against evaluating it.

    python benchmarks/check.py

The forms print what the rules give, a tenth of them with one score too many:
checks that find nothing must be cheap, checks that find something may cost.
To be reached: 10 ×.
"""

from __future__ import annotations

import attrs
from timing import compare

import perfeval as pe
from perfeval.checks import check

RULES = pe.rule_set("CN", fiscal_year=2022)
FIGURES = pe.load("examples/qinghe-2022.toml")


PROJECTS = 1_000


def form(position: int) -> pe.Project:
    indicators = [
        attrs.evolve(row, name=f"{row.name}{i}", stated=pe.StatedIndicator(score=row.stated.score))
        for i, row in enumerate((*FIGURES.indicators, *FIGURES.indicators))
    ][:10]
    if position % 10 == 0:
        indicators[0] = attrs.evolve(indicators[0], stated=pe.StatedIndicator(score=indicators[0].weight))
    return attrs.evolve(FIGURES, name=f"{FIGURES.name}{position}", indicators=indicators, excerpt=False)


def main() -> None:
    department = pe.Department("某局", fiscal_year=2022, projects=[form(i) for i in range(PROJECTS)])
    found = check(department, RULES)
    print(f"{len(found)} findings in {PROJECTS} forms")
    compare(
        {"evaluating": lambda: pe.evaluate(department, RULES), "checking": lambda: check(department, RULES)}, PROJECTS
    )


if __name__ == "__main__":
    main()
