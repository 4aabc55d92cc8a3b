"""200,000 adversarial rows: every engine against the scalar path, for every rule of every rule set.

    python benchmarks/frames_exact.py [rows] [spark]

With "spark", Spark alone, in local mode.
Rule sets whose compiled rules are the same are counted together.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import perfeval as pe
from engines import ENGINES, back
from perfeval import frames
from perfeval.frames.plans import plan_of
from test_frames import adversarial, expected, project_of, whole_forms


def engines(asked: list[str]) -> dict[str, Any]:
    if asked != ["spark"]:
        return ENGINES
    from frames_by_hand import spark_session

    session = spark_session()
    return {"spark": lambda rows: session.createDataFrame(ENGINES["pyarrow"](rows))}


def totals(wanted_engines: dict[str, Any]) -> int:
    """Totals and grades of 20,000 projects on every engine."""
    rules, differing = pe.rule_set("cn-mof-2020-10"), 0
    heads, lines = whole_forms(20_000, seed=12)
    by_project: dict[int, list[dict[str, object]]] = {}
    for line in lines:
        by_project.setdefault(line["project_id"], []).append(line)
    results = [pe.evaluate(project_of(row, rules, by_project.get(row["row"], ())), rules) for row in heads]
    wanted = [(None if r.total is None else int(r.total * 100), r.grade and r.grade.value) for r in results]
    print(f"totals and grades of 20,000 projects: {sum(total is not None for total, _ in wanted):,} totals", flush=True)
    for name, frame_of in wanted_engines.items():
        found = back(frames.score_projects(frame_of(heads), frame_of(lines), rules), "row")
        wrong = sum((got["total_cents"], got["grade"]) != want for got, want in zip(found, wanted, strict=True))
        differing += wrong
        print(f"    {name:16} {wrong} differ", flush=True)
    return differing


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    rows = adversarial(number, seed=11)
    alike: dict[object, list[pe.RuleSet]] = {}
    for rules in pe.rule_sets():
        plan = plan_of(rules)
        alike.setdefault((plan.methods, plan.judged, plan.unmet, plan.step, plan.ratio_digits, plan.limit), []).append(
            rules
        )
    wanted_engines = engines(sys.argv[2:])
    differing = totals(wanted_engines)
    for group in alike.values():
        wanted = [expected(row, group[0]) for row in rows]
        scored = sum(score is not None for score, _ in wanted)
        print(f"{group[0].id} (and {len(group) - 1} alike): {scored:,} of {number:,} scored", flush=True)
        for name, frame_of in wanted_engines.items():
            started = time.perf_counter()
            found = back(frames.score_indicators(frame_of(rows), group[0]), "row")
            wrong = sum((got["score_cents"], got["status"]) != want for got, want in zip(found, wanted, strict=True))
            differing += wrong
            print(f"    {name:16} {wrong} differ  ({time.perf_counter() - started:.1f} s there and back)", flush=True)
    print(f"{differing} differ in all")


if __name__ == "__main__":
    main()
