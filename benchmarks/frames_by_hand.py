"""The whole pipeline against code written by hand for the same engine, alternated in one process.

    python benchmarks/frames_by_hand.py [projects] [polars] [duckdb] [spark]

Both read the same Parquet files, keep the same statuses, and give the same
totals and grades by 财预〔2020〕10号: this is checked on adversarial rows first.
By hand: integers, and the division of integers that each engine has. To be
reached: polars 1.0 x, DuckDB 1.5 x, Spark 1.4 x.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import duckdb
import polars as pl
from frames import MAKE
from timing import both

import perfeval as pe
from perfeval import frames
from perfeval.frames.plans import plan_of
from test_frames import adversarial, projects

RULES = pe.rule_set("cn-mof-2020-10")
LIMIT = plan_of(RULES).limit
ROUNDS = 5
KINDS = [kind.value for kind in pe.IndicatorKind]
COLUMNS = ["project_id", "kind", "target", "actual", "weight"]
COSTS = ["output.cost", "cost", "cost.economic", "cost.social", "cost.ecological"]


def by_hand_polars(heads: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    c = pl.col
    t, a, w = c("target"), c("actual"), c("weight") * 100
    # Whether less or more is better of a cost without a comparator a person has to say; a target of 0 is met at 0.
    asked = c("kind").is_in(COSTS).fill_null(value=False)
    missing = t.is_null() | a.is_null() | c("weight").is_null()
    outside = ~c("weight").is_between(0, 100) | ~t.is_between(-LIMIT, LIMIT) | ~a.is_between(-LIMIT, LIMIT)
    unknown = ~c("kind").is_in(KINDS)
    met = pl.when(t == 0).then(a == 0).otherwise(a >= t)
    status = pl.when(missing).then(1).when(unknown).then(4).when(outside).then(3).when(asked).then(2)
    status = status.when((t > 0) | met).then(0).otherwise(2)
    share = (2 * w * pl.min_horizontal(pl.max_horizontal(a, 0), t) + t) // (2 * t)
    points = pl.when(met).then(w).otherwise(share)
    lines = rows.with_columns(status=status).with_columns(score=pl.when(c("status") == 0).then(points), w=w)
    sums = lines.group_by("project_id").agg(
        c("score").sum(),
        # A row without a weight leaves the total alone, unless no row has one.
        bad=((c("status") != 0) & ~c("weight").is_null()).sum(),
        left_out=(c("weight").is_null() & ~(c("target").is_null() & c("actual").is_null())).sum(),
        weights=pl.when(c("status") == 0).then(c("w")).sum(),
    )
    budget, spent = c("adjusted_budget") * 100, c("actual_expenditure") * 100
    e_status = pl.when(budget == 0).then(5).when(budget.is_null() | spent.is_null()).then(1)
    e_status = e_status.when(~budget.is_between(0, LIMIT) | ~spent.is_between(0, LIMIT)).then(3).otherwise(0)
    rate = (2000 * pl.min_horizontal(spent, budget) + budget) // (2 * budget)
    heads = heads.with_columns(e_status=e_status, twice=~c("project_id").is_unique()).with_columns(
        e_score=pl.when(c("e_status") == 0).then(rate)
    )
    done = heads.join(sums, on="project_id", how="full", coalesce=True)
    nothing = (c("weights").fill_null(0) == 0) & (c("bad").fill_null(0) == 0) & (c("e_status") != 0)
    t_status = pl.when(c("e_status").is_null()).then(10).when(c("twice")).then(9).when(nothing).then(7)
    alone = (c("left_out") > 0) & (c("weights").fill_null(0) == 0)
    t_status = t_status.when((c("bad") > 0) | ~c("e_status").is_in([0, 5]) | alone).then(6).otherwise(0)
    whole = c("weights").fill_null(0) + 1000 == 10_000
    g_status = pl.when(c("t_status") != 0).then("t_status").when(c("e_status") == 5).then(5)
    g_status = g_status.when(~whole).then(8).otherwise(0)
    total = c("score").fill_null(0) + c("e_score").fill_null(0)
    grade = pl.when(c("total") >= 9000).then(pl.lit("excellent")).when(c("total") >= 8000).then(pl.lit("good"))
    grade = grade.when(c("total") >= 6000).then(pl.lit("fair")).otherwise(pl.lit("poor"))
    done = done.with_columns(t_status=t_status).with_columns(
        total=pl.when(c("t_status") == 0).then(total), g_status=g_status
    )
    return done.with_columns(grade=pl.when(c("g_status") == 0).then(grade))


SQL = """
with lines as (
  select project_id, weight * 100 as w, target as t, actual as a,
    case when target is null or actual is null or weight is null then 1
         when kind not in ({kinds}) then 4
         when weight not between 0 and 100 or target not between -{limit} and {limit}
              or actual not between -{limit} and {limit} then 3
         when kind in ({costs}) then 2
         when target > 0 or (case when target = 0 then actual = 0 else actual >= target end) then 0
         else 2 end as status
  from {rows}),
sums as (
  select project_id, sum(cast(status <> 0 and w is not null as int)) as bad,
    sum(cast(w is null and (t is not null or a is not null) as int)) as left_out,
    sum(case when status = 0 then w end) as weights,
    sum(case when status <> 0 then null
             when a >= t then w else (2 * w * greatest(a, 0) + t) {div} (2 * t) end) as score
  from lines group by project_id),
heads as (
  select *, case when adjusted_budget = 0 then 5 when adjusted_budget is null or actual_expenditure is null then 1
    when adjusted_budget not between 0 and {limit} {div} 100 or actual_expenditure not between 0 and {limit} {div} 100
    then 3 else 0 end as e_status, count(*) over (partition by project_id) > 1 as twice
  from {heads}),
scored as (
  select *, case when e_status = 0 then
      (2000 * least(actual_expenditure, adjusted_budget) + adjusted_budget) {div} (2 * adjusted_budget) end as e_score
  from heads),
done as (
  select *, case when e_status is null then 10 when twice then 9
      when coalesce(weights, 0) = 0 and coalesce(bad, 0) = 0 and e_status <> 0 then 7
      when bad > 0 or e_status not in (0, 5) or (left_out > 0 and coalesce(weights, 0) = 0) then 6
      else 0 end as t_status
  from scored full join sums using (project_id)),
told as (
  select *, case when t_status = 0 then coalesce(score, 0) + coalesce(e_score, 0) end as total,
    case when t_status <> 0 then t_status when e_status = 5 then 5
         when coalesce(weights, 0) + 1000 <> 10000 then 8 else 0 end as g_status
  from done)
select *, case when g_status = 0 then case when total >= 9000 then 'excellent' when total >= 8000 then 'good'
    when total >= 6000 then 'fair' else 'poor' end end as grade
from told
"""


def sql(heads: str, rows: str, div: str = "//") -> str:
    """By hand for DuckDB and Spark; *div* is the engine's own division of integers."""
    kinds, costs = (", ".join(f"'{kind}'" for kind in some) for some in (KINDS, COSTS))
    return SQL.format(heads=heads, rows=rows, kinds=kinds, costs=costs, limit=LIMIT, div=div)


def told(frame: pl.DataFrame, total: str, statuses: tuple[str, str]) -> pl.DataFrame:
    names = ["project_id", total, *statuses, "grade"]
    plain = frame.select(names).with_columns(pl.col(total, *statuses).cast(pl.Int64))
    return plain.rename(dict(zip(names, ["id", "total", "status", "grade_status", "grade"], strict=True))).sort(
        pl.all()
    )


def ours(frame: pl.DataFrame) -> pl.DataFrame:
    return told(frame, "total_cents", ("total_status", "grade_status"))


def by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    return told(frame, "total", ("t_status", "g_status"))


def spark_session() -> Any:
    from pyspark.sql import SparkSession

    local = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for name, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "4g",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
    }.items():
        local = local.config(name, value)
    session = local.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def works_on(engine: str, folder: str) -> tuple[Callable[[], None], Callable[[], None]]:
    """What is written by hand, and ours: from the two files to a third."""
    heads, rows, out = (f"{folder}/{name}.parquet" for name in ("projects", "indicators", "out"))
    if engine == "polars":
        scan = pl.scan_parquet
        return (
            lambda: by_hand_polars(scan(heads), scan(rows)).sink_parquet(out),
            lambda: frames.score_projects(scan(heads), scan(rows), RULES).sink_parquet(out),
        )
    if engine == "duckdb":
        read = duckdb.read_parquet
        return (
            lambda: duckdb.sql(sql(f"read_parquet('{heads}')", f"read_parquet('{rows}')")).write_parquet(out),
            lambda: frames.score_projects(read(heads), read(rows), RULES).write_parquet(out),
        )
    spark = spark_session()
    table = spark.read.parquet

    def write(frame: Any) -> None:
        frame.write.mode("overwrite").parquet(out)

    return (
        lambda: write(spark.sql(sql(f"parquet.`{heads}`", f"parquet.`{rows}`", div="div"))),
        lambda: write(frames.score_projects(table(heads), table(rows), RULES)),
    )


def check_alike(engine: str) -> None:
    """What stands by hand gives every row the same total, grade and statuses, or it is no measure."""
    odd, calm = (pl.DataFrame(adversarial(100_000, seed)).select(COLUMNS) for seed in (5, 6))
    calm = calm.with_columns(
        pl.col("project_id") + 12_500, pl.col("target", "actual").fill_null(5).abs() + 1, weight=10
    )
    heads = pl.DataFrame(projects(25_000)).select("project_id", "adjusted_budget", "actual_expenditure")
    with tempfile.TemporaryDirectory() as folder:
        pl.concat([odd, calm], how="vertical_relaxed").write_parquet(f"{folder}/indicators.parquet")
        pl.concat([heads, heads[:50]]).write_parquet(f"{folder}/projects.parquet")
        results = []
        for work, told in zip(works_on(engine, folder), (by_hand, ours), strict=True):
            work()
            out = Path(folder, "out.parquet")
            results.append(told(pl.read_parquet(out / "*.parquet" if out.is_dir() else out)))
            shutil.rmtree(out, ignore_errors=True)
    if not results[0].equals(results[1]):
        sys.exit(f"{engine}: what is written by hand gives other results")
    counts = results[0]["grade_status"].value_counts(sort=True).rows()
    print(f"{engine}: by hand the same for {len(results[0]):,} projects of odd rows; statuses of grades {counts}")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    engines = sys.argv[2:] or ["polars", "duckdb"]
    duckdb.sql("set preserve_insertion_order=false; set enable_progress_bar=false")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", MAKE, str(number), folder], check=True)  # noqa: S603  # this Python
        for engine in engines:
            check_alike(engine)
            pair = works_on(engine, folder)
            times: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
            for lap in range(ROUNDS + 1):
                for work, taken in zip(pair, times, strict=True):
                    time_taken = both(work)
                    # The first lap warms up.
                    if lap:
                        taken.append(time_taken)
            hand, own = (statistics.median(wall for wall, _ in taken) for taken in times)
            print(f"{engine:8} by hand {hand:.2f} s, perfeval {own:.2f} s: {own / hand:.2f} x", end="")
            if engine != "spark":
                # Spark works in a process of its own.
                used, own_used = (min(used for _, used in taken) for taken in times)
                print(f"; processor {used:.2f} s, {own_used:.2f} s: {own_used / used:.2f} x", end="")
            print()


if __name__ == "__main__":
    main()
