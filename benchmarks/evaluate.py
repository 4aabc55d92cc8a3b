"""evaluate() and explain() against the bare arithmetic, in one run.

The bare arithmetic is what a user would write by hand: ``w * a / t``, quantized
in the default context, with the total. Each run takes distinct projects, and
every line of the result is read. The ratios that are to be reached: 8 for
evaluate, 15 with the text of explain.

    python benchmarks/evaluate.py
"""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal

from timing import compare

import perfeval as pe

PROJECTS = 2_000
INDICATORS = 10
KINDS = ("output.quantity", "output.quality", "output.timeliness", "benefit.social", "satisfaction")


def projects(seed: int) -> list[pe.Project]:
    """Distinct projects of ten indicators, as forms have them."""
    pick = random.Random(seed)
    made = []
    for number in range(PROJECTS):
        budget = pick.randrange(10_000, 9_000_000)
        rows = [
            pe.Indicator(
                f"指标{number}-{position}",
                kind=pick.choice(KINDS),
                target=f"≥{(target := pick.randrange(1, 2000))}个",
                actual=f"{pick.randrange(target // 2, target + 20)}个",
                weight=9,
            )
            for position in range(INDICATORS)
        ]
        line = pe.FundingLine(
            "appropriation",
            adjusted_budget=pe.wan(Decimal(budget).scaleb(-4)),
            actual_expenditure=pe.wan(Decimal(pick.randrange(budget // 2, budget)).scaleb(-4)),
        )
        made.append(pe.Project(f"项目{number}", fiscal_year=2022, funding=[line], indicators=rows))
    return made


CENT = Decimal("0.01")


def bare(rows: list[tuple[Decimal, Decimal, Decimal]]) -> Decimal:
    """The total of one project by hand."""
    total = Decimal(0)
    for weight, actual, target in rows:
        total += (weight * actual / target).quantize(CENT, ROUND_HALF_UP)
    return total


def numbers(project: pe.Project) -> list[tuple[Decimal, Decimal, Decimal]]:
    """The figures of a project, taken out of it beforehand."""
    line = project.funding[0]
    rows = [(Decimal(10), line.actual_expenditure, line.adjusted_budget)]
    return rows + [(i.weight, i.actual.value, i.target.value) for i in project.indicators]


def main() -> None:
    rules = pe.rule_set("cn-mof-2020-10")
    forms = projects(1)
    figures = [numbers(form) for form in forms]

    def by_hand() -> None:
        for rows in figures:
            bare(rows)

    def evaluated() -> None:
        for form in forms:
            for line in pe.evaluate(form, rules).lines:
                line.score, line.share, line.measure, line.weight, line.reason  # noqa: B018  # every line is read

    def explained() -> None:
        for form in forms:
            evaluation = pe.evaluate(form, rules)
            for line in evaluation.lines:
                line.score, line.share, line.measure, line.weight, line.reason  # noqa: B018  # every line is read
            evaluation.explain("zh_CN")

    compare({"bare": by_hand, "evaluate": evaluated, "evaluate + explain": explained}, PROJECTS)


if __name__ == "__main__":
    main()
