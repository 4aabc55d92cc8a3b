"""The whole pipeline against code written by hand for the same engine, alternated in one process.

    python benchmarks/frames_by_hand.py [projects]

Both read the same Parquet files, keep a status per row, and give totals and
grades of 财预〔2020〕10号. By hand: integers and `//` where the engine divides
exactly. To be reached: polars 1.0 x, DuckDB 1.5 x.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

import duckdb
import polars as pl
from frames import MAKE

import perfeval as pe
from perfeval import frames

RULES = pe.rule_set("cn-mof-2020-10")
ROUNDS = 5
KINDS = [kind.value for kind in pe.IndicatorKind]


def by_hand_polars(folder: str) -> pl.LazyFrame:
    c = pl.col
    rows = pl.scan_parquet(f"{folder}/indicators.parquet")
    missing = c("target").is_null() | c("actual").is_null() | c("weight").is_null()
    outside = (c("weight") < 0) | (c("weight") > 100) | (c("target").abs() > 10**13) | (c("actual").abs() > 10**13)
    unknown = ~c("kind").is_in(KINDS)
    status = (
        pl.when(missing).then(1).when(unknown).then(4).when(outside).then(3).when(c("target") <= 0).then(2).otherwise(0)
    )
    w = c("weight") * 100
    met = pl.min_horizontal(pl.max_horizontal(c("actual"), 0), c("target"))
    score = pl.when(c("status") == 0).then((2 * w * met + c("target")) // (2 * c("target")))
    lines = rows.with_columns(status=status).with_columns(score=score, w=w)
    sums = lines.group_by("project_id").agg(
        c("score").sum(), bad=(c("status") != 0).sum(), weights=pl.when(c("status") == 0).then(c("w")).sum()
    )
    heads = pl.scan_parquet(f"{folder}/projects.parquet")
    budget, spent = c("adjusted_budget"), c("actual_expenditure")
    e_status = pl.when(budget.fill_null(0) == 0).then(5).when(spent.is_null()).then(1)
    e_status = e_status.when((budget < 0) | (spent < 0) | (budget > 10**13) | (spent > 10**13)).then(3).otherwise(0)
    rate = (2000 * pl.min_horizontal(spent, budget) + budget) // (2 * budget)
    heads = heads.with_columns(e_status=e_status, twice=~c("project_id").is_unique()).with_columns(
        e_score=pl.when(c("e_status") == 0).then(rate)
    )
    done = heads.join(sums, on="project_id", how="full", coalesce=True)
    ok = ~c("twice") & (c("bad").fill_null(0) == 0) & c("e_status").is_in([0, 5])
    done = done.with_columns(total=pl.when(ok).then(c("score").fill_null(0) + c("e_score").fill_null(0)))
    graded = (c("e_status") == 0) & (c("weights") + 1000 == 10_000)
    grade = pl.when(c("total") >= 9000).then(pl.lit("excellent")).when(c("total") >= 8000).then(pl.lit("good"))
    grade = grade.when(c("total") >= 6000).then(pl.lit("fair")).otherwise(pl.lit("poor"))
    return done.with_columns(grade=pl.when(graded & c("total").is_not_null()).then(grade))


SQL = """
with lines as (
  select project_id, weight * 100 as w, target, actual,
    case when target is null or actual is null or weight is null then 1
         when kind not in ({kinds}) then 4 when weight < 0 or weight > 100 or abs(target) > 10000000000000 or abs(actual) > 10000000000000 then 3
         when target <= 0 then 2 else 0 end as status
  from read_parquet('{folder}/indicators.parquet')),
sums as (
  select project_id, sum(case when status = 0 then (2 * w * least(greatest(actual, 0), target) + target) // (2 * target) end) as score,
    sum((status <> 0)::int) as bad, sum(case when status = 0 then w end) as weights
  from lines group by project_id),
heads as (
  select *, case when coalesce(adjusted_budget, 0) = 0 then 5 when actual_expenditure is null then 1
    when adjusted_budget < 0 or actual_expenditure < 0 or adjusted_budget > 10000000000000 or actual_expenditure > 10000000000000
    then 3 else 0 end as e_status, count(*) over (partition by project_id) > 1 as twice
  from read_parquet('{folder}/projects.parquet')),
scored as (
  select *, case when e_status = 0 then (2000 * least(actual_expenditure, adjusted_budget) + adjusted_budget) // (2 * adjusted_budget) end as e_score
  from heads),
done as (
  select *, case when not twice and coalesce(bad, 0) = 0 and e_status in (0, 5) then coalesce(score, 0) + coalesce(e_score, 0) end as total
  from scored full join sums using (project_id))
select *, case when total is not null and e_status = 0 and weights + 1000 = 10000 then
  case when total >= 9000 then 'excellent' when total >= 8000 then 'good' when total >= 6000 then 'fair' else 'poor' end end as grade
from done
"""


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    duckdb.sql("set preserve_insertion_order=false; set enable_progress_bar=false")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", MAKE, str(projects), folder], check=True)  # noqa: S603  # this Python
        out = f"{folder}/out.parquet"

        def ours_polars() -> None:
            heads, rows = (pl.scan_parquet(f"{folder}/{name}.parquet") for name in ("projects", "indicators"))
            frames.score_projects(heads, rows, RULES).sink_parquet(out)

        def ours_duckdb() -> None:
            heads, rows = (duckdb.read_parquet(f"{folder}/{name}.parquet") for name in ("projects", "indicators"))
            frames.score_projects(heads, rows, RULES).write_parquet(out)

        works = {
            "polars by hand": lambda: by_hand_polars(folder).sink_parquet(out),
            "polars": ours_polars,
            "duckdb by hand": lambda: duckdb.sql(
                SQL.format(folder=folder, kinds=", ".join(f"'{kind}'" for kind in KINDS))
            ).write_parquet(out),
            "duckdb": ours_duckdb,
        }
        sums = {}
        for name, work in works.items():
            work()
            total = "total" if "hand" in name else "total_cents"
            sums[name] = (
                pl.read_parquet(out).select(pl.col(total).cast(pl.Int64).sum(), pl.col("grade").n_unique()).row(0)
            )
        if len(set(sums.values())) > 1:
            sys.exit(f"the results differ: {sums}")
        times: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, work in works.items():
                started = time.perf_counter()
                work()
                times[name].append(time.perf_counter() - started)
        for engine in ("polars", "duckdb"):
            hand, own = (statistics.median(times[name]) for name in (f"{engine} by hand", engine))
            print(f"{engine:8} by hand {hand:.2f} s, perfeval {own:.2f} s: {own / hand:.2f} x")


if __name__ == "__main__":
    main()
