"""The time to import perfeval and touch its main names, against attrs alone.

Both over bare Python, in fresh processes, alternated; to be reached: 2 ×.

    python benchmarks/importing.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 25
CODES = {
    "bare": "pass",
    "attrs": "import attrs",
    "perfeval": "import perfeval as pe; pe.Project, pe.evaluate, pe.rule_set",
}


def milliseconds(code: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", code], check=True)  # noqa: S603  # this Python, code from above
    return (time.perf_counter() - started) * 1000


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in CODES}
    for _ in range(ROUNDS):
        for name, code in CODES.items():
            times[name].append(milliseconds(code))
    median = {name: statistics.median(measured) for name, measured in times.items()}
    base = median["attrs"] - median["bare"]
    for name in CODES:
        over = median[name] - median["bare"]
        print(f"{name:10} {median[name]:6.1f} ms  {over:6.1f} over bare  {over / base:5.2f} × attrs")


if __name__ == "__main__":
    main()
