"""Work timed in alternation, in one process, as ratios of the first."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 9


def seconds(work: Callable[[], object]) -> float:
    """Return how long *work* takes once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def both(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long *work* takes once, and the processor time of this process: what a busy machine leaves alone."""
    used = time.process_time()
    taken = seconds(work)
    return taken, time.process_time() - used


def compare(works: Mapping[str, Callable[[], object]], pieces: int) -> None:
    """Print the median of each work for one of *pieces*, and its ratio to the first."""
    for work in works.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            times[name].append(seconds(work))
    base = statistics.median(next(iter(times.values())))
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:20} {median / pieces * 1e6:8.1f} µs a project  {median / base:6.2f} × {next(iter(works))}")
