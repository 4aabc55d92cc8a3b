"""How fast short expressions are read, and that time is linear in length.

Distinct expressions, nothing cached; to be reached: 100,000 a second on one
core. The baseline of the same run is the reading of as many bare numbers by
`Decimal` alone. Then 10 MB of one character, through every reader.

    python benchmarks/text.py
"""

from __future__ import annotations

import contextlib
import time
from decimal import Decimal
from pathlib import Path

from perfeval import TextError
from perfeval.text import parse_actual, parse_quantity, parse_target, read_actual, read_quantity, read_target

COUNT = 100_000
SHAPES = ("≥{}个", "{}%", "≤{}.5万元", "{}人次", "={}")
HARDER = ("不少于{}种", "已完成{}%", "{}多项", "{}个基层机构", "达到{}%以上")


def per_second(texts: list[str], parse: object) -> float:
    started = time.perf_counter()
    for text in texts:
        parse(text)  # type: ignore[operator]
    return len(texts) / (time.perf_counter() - started)


def expressions(shapes: tuple[str, ...]) -> list[str]:
    return [shapes[number % len(shapes)].format(number) for number in range(COUNT)]


def main() -> None:
    base = per_second([str(number) for number in range(COUNT)], Decimal)
    print(f"{'Decimal alone':28} {base:12,.0f} a second")
    for name, shapes in (("common forms", SHAPES), ("with words around them", HARDER)):
        for parse in (parse_target, parse_actual):
            rate = per_second(expressions(shapes), parse)
            print(f"{parse.__name__ + ', ' + name:28} {rate:12,.0f} a second  {base / rate:6.1f} × Decimal")
    published = (Path(__file__).parents[1] / "tests" / "data" / "expressions.tsv").read_text(encoding="utf-8")
    texts = [line.partition("\t")[0] for line in published.splitlines() if not line.startswith("#")] * 500
    for parse in (parse_target, parse_actual):
        rate = per_second(texts, parse)
        print(f"{parse.__name__ + ', published':28} {rate:12,.0f} a second  {base / rate:6.1f} × Decimal")
    for character in ("一", "9", "≥", "、", "年"):
        started = time.perf_counter()
        long = character * 10_000_000
        for read in (parse_quantity, parse_target, parse_actual, read_quantity, read_target, read_actual):
            with contextlib.suppress(TextError):
                read(long)
        print(f"10 million of {character}, six readers: {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
