"""Where one form at a time is as good as columns: a hundred projects on every engine, as indicators scored one by one.

python benchmarks/frames_small.py
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from timing import ROUNDS, both, seconds

import perfeval as pe
from engines import ENGINES, back
from perfeval import frames
from test_frames import project_of, whole_forms

RULES = pe.rule_set("cn-mof-2020-10")


def main() -> None:
    heads, lines = whole_forms(100)
    of = {head["project_id"]: [line for line in lines if line["project_id"] == head["project_id"]] for head in heads}
    projects = [project_of(head, RULES, of[head["project_id"]]) for head in heads]

    def one_by_one() -> None:
        for project in projects:
            pe.evaluate(project, RULES)

    alone = statistics.median(seconds(one_by_one) for _ in range(ROUNDS)) / len(lines)
    print(f"one by one: {alone * 1e6:.0f} µs an indicator")
    for name, frame_of in ENGINES.items():
        made = frame_of(heads), frame_of(lines)

        def in_columns(made: tuple[object, object] = made) -> None:
            back(frames.score_projects(*made, RULES), "row")

        laps = [both(in_columns) for _ in range(ROUNDS)]
        taken, used = statistics.median(wall for wall, _ in laps), min(used for _, used in laps)
        print(
            f"{name:16} {taken * 1000:4.0f} ms, as {taken / alone:6,.0f} indicators one by one;"
            f" processor {used * 1000:4.0f} ms"
        )


if __name__ == "__main__":
    main()
