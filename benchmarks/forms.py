"""How fast forms are read: ``python benchmarks/forms.py [FOLDER]``.

Without a folder, a form of ten indicators is written as xlsx and docx, and read over and over on one core; then a
folder of copies is checked by one process and by two.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import perfeval as pe
from perfeval.forms import check_folder, read, write

RULES = pe.rule_set("CN", fiscal_year=2022)
KINDS = ["output.quantity", "output.quality", "output.timeliness", "output.cost", "benefit.social"]


def project() -> pe.Project:
    rows = [
        pe.Indicator(
            f"指标{i}", kind=KINDS[i // 2], target="≥95%", actual="97.2%", weight=9, stated=pe.StatedIndicator(score=9)
        )
        for i in range(10)
    ]
    money = {"original_budget": pe.wan(100), "adjusted_budget": pe.wan(90), "actual_expenditure": pe.wan("87.4")}
    line = pe.FundingLine("appropriation", label="其中：当年财政拨款", **money)
    stated = pe.Stated(
        funding_total=pe.FundingTotal(**money),
        execution_rate="97.11%",
        execution_weight=10,
        execution_score="9.71",
        total="99.71",
    )
    return pe.Project(
        "排水改造",
        fiscal_year=2022,
        funding=[line],
        indicators=rows,
        stated=stated,
        supervising_department="甲局",
        implementing_unit="乙所",
        objective_expected="改造管网50公里。",
        objective_actual="改造管网48公里。",
    )


def best(work: Callable[[], object], rounds: int = 7, clock: Callable[[], float] = time.perf_counter) -> float:
    times = []
    for _ in range(rounds):
        began = clock()
        work()
        times.append(clock() - began)
    return min(times)


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for suffix in ("xlsx", "docx"):
            path = folder / f"form.{suffix}"
            write(project(), path, rules=RULES)
            data = path.read_bytes()
            seconds = best(lambda data=data: [read(data) for _ in range(200)], clock=time.process_time) / 200
            print(f"{suffix}: {1 / seconds:.0f} forms a second of one core")
        many = folder / "many"
        many.mkdir()
        data = (folder / "form.xlsx").read_bytes()
        for i in range(2000):
            (many / f"{i:05}.xlsx").write_bytes(data)
        one = best(lambda: list(check_folder(many, rules=RULES)), 2)
        two = best(lambda: list(check_folder(many, rules=RULES, jobs=2)), 2)
        print(f"a folder of 2000 checked: {one:.1f} s by one process, {two:.1f} s by two ({one / two:.2f} times)")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(f"{best(lambda: list(check_folder(sys.argv[1], rules=RULES)), 1):.1f} s")
    else:
        main()
