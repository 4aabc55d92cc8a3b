"""A nation's year: forms as two Parquet files, scored file to file.

    python benchmarks/frames.py [projects] [polars|duckdb|all] [shuffled]

Ten indicators a project; integer ids, sorted or shuffled. Each engine runs in a fresh
process; beside it stands a copy of the same columns, which is what the disk and
the engine take alone. To be reached for 3,000,000 projects: polars streaming
2 s and 1 GB, DuckDB 3.5 s and 1 GB; with shuffled ids at most twice that.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MAKE = """
import sys, polars as pl, numpy as np
n, folder, shuffled = int(sys.argv[1]), sys.argv[2], sys.argv[3:] == ["shuffled"]
draw = np.random.default_rng(1)
ids = np.arange(n)
budget = draw.integers(10**4, 10**8, n)
pl.DataFrame({"project_id": ids, "adjusted_budget": budget, "actual_expenditure": (budget * draw.uniform(0.5, 1, n)).astype(int)}).write_parquet(folder + "/projects.parquet")
target = draw.integers(10, 10**6, 10 * n)
kinds = pl.Series(["output.quantity", "output.quality", "benefit.social", "satisfaction"])
repeated = np.repeat(ids, 10)
if shuffled:
    draw.shuffle(repeated)
pl.DataFrame({
    "project_id": repeated, "kind": kinds.gather(draw.integers(0, 4, 10 * n)), "target": target,
    "actual": (target * draw.uniform(0.5, 1.2, 10 * n)).astype(int), "weight": np.full(10 * n, 9),
}).write_parquet(folder + "/indicators.parquet")
"""
SCORE = {
    "polars": """
import polars as pl
from perfeval import frames
scored = frames.score_projects(pl.scan_parquet(folder + "/projects.parquet"), pl.scan_parquet(folder + "/indicators.parquet"), rules)
started = time.perf_counter()
scored.sink_parquet(folder + "/out.parquet")
""",
    "polars copy": """
import polars as pl
started = time.perf_counter()
pl.scan_parquet(folder + "/projects.parquet").sink_parquet(folder + "/out.parquet")
pl.scan_parquet(folder + "/indicators.parquet").sink_parquet(folder + "/out2.parquet")
""",
    "duckdb": """
import duckdb
from perfeval import frames
duckdb.sql("set memory_limit='1GB'; set preserve_insertion_order=false; set enable_progress_bar=false")
scored = frames.score_projects(duckdb.read_parquet(folder + "/projects.parquet"), duckdb.read_parquet(folder + "/indicators.parquet"), rules)
started = time.perf_counter()
scored.write_parquet(folder + "/out.parquet")
""",
    "duckdb copy": """
import duckdb
duckdb.sql("set enable_progress_bar=false")
started = time.perf_counter()
duckdb.read_parquet(folder + "/projects.parquet").write_parquet(folder + "/out.parquet")
duckdb.read_parquet(folder + "/indicators.parquet").write_parquet(folder + "/out2.parquet")
""",
}
AROUND = """
import sys, time, resource
import perfeval as pe
folder = sys.argv[1]
rules = pe.rule_set("cn-mof-2020-10")
begun = time.perf_counter()
{code}
done = time.perf_counter()
print(done - started, started - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""
ROUNDS = 3


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    wanted = sys.argv[2] if len(sys.argv) > 2 else "all"
    order = sys.argv[3:]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", MAKE, str(projects), folder, *order], check=True)  # noqa: S603  # this Python
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 2**20
        print(f"{projects:,} projects, {10 * projects:,} indicators, ids {' '.join(order) or 'sorted'}, {size:.0f} MiB")
        for name, code in SCORE.items():
            if wanted not in ("all", name.split()[0]):
                continue
            times = []
            for _ in range(ROUNDS):
                command = [sys.executable, "-c", AROUND.format(code=code), folder]
                done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # likewise
                times.append([float(part) for part in done.stdout.split()])
            run, building, peak = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"{name:12} {run:7.2f} s  (asking for it {building:.2f} s)  {peak:5.2f} GB")


if __name__ == "__main__":
    main()
