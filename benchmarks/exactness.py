"""200,000 indicator scores against Fraction, ties made on purpose, hostile contexts.

A third of the rows is a tie or one beside it: with weight w, target 2·w·m
hundredths and actual (2q + 1)·m ± 1 the score is half a hundredth away from
two hundredths. Prints the number of differing scores; must be 0.

    python benchmarks/exactness.py
"""

from __future__ import annotations

import decimal
import random
import sys
from decimal import Decimal
from fractions import Fraction

import perfeval as pe

ROWS = 200_000
CONTEXTS = [
    decimal.Context(prec=5, rounding=decimal.ROUND_UP),
    decimal.Context(prec=28, rounding=decimal.ROUND_DOWN),
    decimal.Context(prec=1),
]


def expected(weight: int, actual: int, target: int) -> Fraction:
    """Art. 16 of 财预〔2020〕10号, then half up to hundredths."""
    exact = Fraction(weight) if actual >= target else Fraction(weight) * actual / target
    return Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100)


def row(pick: random.Random) -> tuple[int, int, int]:
    """Return weight, actual and target."""
    weight = pick.randrange(1, 101)
    if pick.random() < 1 / 3:
        m = pick.randrange(1, 10**6)
        target = 200 * weight * m
        return weight, (2 * pick.randrange(100 * weight) + 1) * m + pick.choice((-1, 0, 1)), target
    target = pick.choice((pick.randrange(1, 1000), pick.randrange(1, 10**9)))
    return weight, pick.randrange(2 * target), target


def main() -> int:
    pick = random.Random(16)
    rules = pe.rule_set("cn-mof-2020-10")
    differing = 0
    for number in range(ROWS // 10):
        rows = [row(pick) for _ in range(10)]
        indicators = [
            pe.Indicator(str(i), target=pe.Threshold("≥", t), actual=pe.Quantity(a), weight=w)
            for i, (w, a, t) in enumerate(rows)
        ]
        project = pe.Project("项目", fiscal_year=2022, indicators=indicators)
        with decimal.localcontext(CONTEXTS[number % len(CONTEXTS)]):
            lines = pe.evaluate(project, rules).lines[1:]
            alone = [pe.score(Decimal(w), pe.Ratio(a, t), rules.methods[0].rule) for w, a, t in rows]
        for line, other, (w, a, t) in zip(lines, alone, rows, strict=True):
            right = expected(w, a, t)
            differing += Fraction(line.score) != right or Fraction(other) != right
    print(f"{ROWS} scores, {differing} differ from Fraction")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
