"""What the checks of one form share: its evaluation, and how its printed figures come about.

A printed figure is *explained* where some rounding to its own precision (half
up, half even or cut) gives it. Where a form leaves something open, every
reading counts that a careful reader would allow: another budget as the basis,
the rows instead of the total row, "at most" where no comparator is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import NamedTuple

import attrs

from perfeval.amounts import CONTEXT, exponent_of, sum_of
from perfeval.checks.catalogue import setting
from perfeval.cited import Citation
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.evaluation.projects import Evaluation, Line
from perfeval.model import Breakdown, BudgetBasis, FundingLine, FundingTotal, Indicator, IndicatorKind, Project
from perfeval.model.departments import Department
from perfeval.model.projects import MONEY_COLUMNS
from perfeval.ratios import ONE, ZERO, Ratio, ratio
from perfeval.reasons import Reason
from perfeval.rounding import RoundingMode, rounded
from perfeval.rulesets import RuleSet, rule_sets
from perfeval.scoring import Measure, placed
from perfeval.targets import Bound, Comparator, Inverse, Judgement, Quantity, Threshold, Tier, achievement

__all__ = ["Form", "Rate", "Report", "Row", "Spot", "Sum", "Verdict", "explaining", "finest", "off_by_rounding", "spot"]

HALF_UP, HALF_EVEN, CUT = 1, 2, 4
ANY_ROUNDING = HALF_UP | HALF_EVEN | CUT

# What a row adds to a sum; an adjustment only explains a column.
MONEY = tuple(column for column in MONEY_COLUMNS if column != "budget_adjustment")

# Judged by a criterion, without a target and an actual of their own.
BY_CRITERION = frozenset({IndicatorKind.DECISION, IndicatorKind.PROCESS, IndicatorKind.INPUT})


class Spot(NamedTuple):
    """Where a check found something, and the figures of its message."""

    where: str
    params: tuple[tuple[str, object], ...]
    cites: tuple[Citation, ...] = ()


def spot(where: str, cites: tuple[Citation, ...] = (), /, **params: object) -> Spot:
    """Return a spot with its parameters by name."""
    return Spot(where, tuple(params.items()), cites)


class Rate(NamedTuple):
    """One way to compute the execution rate from what the form shows."""

    basis: BudgetBasis
    found: str
    spent: Decimal
    budget: Decimal
    measure: Ratio


class Sum(NamedTuple):
    """A breakdown of the money, one column: its rows beside the total that they belong to.

    Attributes:
        breakdown: The breakdown.
        column: The column of the total.
        rows: The amounts of its rows.
        sum: Their sum.
        total: The printed total.
        stands_in: The column that the rows stand in.
    """

    breakdown: Breakdown
    column: str
    rows: list[Decimal]
    sum: Decimal
    total: Decimal
    stands_in: str


class Verdict(Enum):
    """How a printed score compares with what the rules give."""

    EXPLAINED = "explained"
    OTHER_PRACTICE = "other practice"
    ABOVE = "above"
    BELOW = "below"
    WITHHELD = "withheld"
    MISSED_FULL = "missed, full marks"
    OUTSIDE_TIER = "outside its tier"


class RateVerdict(Enum):
    """How a printed execution rate comes about."""

    EXPLAINED = "explained"
    NO_SIGN = "per cent without the sign"
    WRONG = "wrong"
    UNDECIDED = "undecided"

    @property
    def explains(self) -> bool:
        """Whether a way to compute it was found."""
        return self in (RateVerdict.EXPLAINED, RateVerdict.NO_SIGN)


class Row(NamedTuple):
    """An indicator with its place, its line and the verdict on its printed score.

    Attributes:
        where: Its place on the form.
        item: The indicator.
        line: Its line of the evaluation.
        verdict: `None` where the printed score cannot be judged.
        points: What the rules give, exact, where there is a verdict.
        roundings: Which roundings explain the printed score.
    """

    where: str
    item: Indicator
    line: Line
    verdict: Verdict | None
    points: Ratio | None
    roundings: int


class Report(NamedTuple):
    """A department's report with its evaluation."""

    department: Department
    rules: RuleSet
    evaluation: DepartmentEvaluation


class Form:
    """A project's form with its evaluation; what several checks need is found once."""

    def __init__(self, project: Project, rules: RuleSet, evaluation: Evaluation) -> None:
        self.project = project
        self.rules = rules
        self.evaluation = evaluation
        self.excerpt = project.excerpt
        self.stated = project.stated
        # Whether it is a form that scores at all: transfer forms print no scores.
        self.scored = any(item.stated.score is not None for item in project.indicators)
        self.weighted = any(item.weight is not None for item in project.indicators)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The indicators as on the form."""
        pairs = zip(self.project.indicators, self.evaluation.lines[1:], strict=True)
        return tuple(
            [Row(f"indicators[{i}]", item, line, *_judged(item, line)) for i, (item, line) in enumerate(pairs)]
        )

    @cached_property
    def money_unit(self) -> Decimal:
        """One unit in the last place that the money block prints."""
        rows: list[FundingLine | FundingTotal] = [self.stated.funding_total, *self.project.funding]
        return finest(getattr(row, column) for row in rows for column in MONEY)

    @cached_property
    def rates(self) -> tuple[Rate, ...]:
        """Every way to compute the execution rate; the rule set's own first."""
        return _rates(self.project, self.rules.execution.basis)

    @cached_property
    def rate_verdict(self) -> tuple[RateVerdict, Rate | None]:
        """How the printed execution rate comes about."""
        return rate_verdict(self.stated.execution_rate, self.rates)

    @cached_property
    def execution_score(self) -> Judged:
        """How the printed score of the execution rate comes about: verdict, points, roundings."""
        return _execution_points(self)

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Every breakdown and column of the money beside its total."""
        return tuple(_sums(self.project))

    def header(self, position: int) -> bool:
        """Whether the row only heads the rows below it, which have the targets."""
        rows = self.project.indicators
        if position + 1 >= len(rows):
            # The rows below it may be what an excerpt leaves out.
            return self.excerpt
        item, following = rows[position], rows[position + 1]
        return following.weight is None and following.target is not None and following.kind is item.kind

    def in_unit(self, amount: Decimal) -> Decimal:
        """An amount as the form shows it."""
        return CONTEXT.scaleb(amount, -self.project.amount_unit.exponent)


# Roundings.


def explaining(printed: Decimal, exact: Ratio) -> int:
    """Return which roundings of *exact* to the precision of *printed* give *printed*.

    >>> explaining(Decimal("86.18"), Ratio(861830, 10000)) == ANY_ROUNDING
    True
    >>> explaining(Decimal("86.19"), Ratio(861830, 10000))
    0
    """
    # Zeros after a round number are digits (1E+1 is ten), not a wish to round to tens.
    digits = max(0, -exponent_of(printed))
    numerator, denominator = exact
    scaled = numerator * 10**digits
    if denominator == 1 or not scaled % denominator:
        return ANY_ROUNDING if scaled == denominator * int(CONTEXT.scaleb(printed, digits)) else 0
    shown = int(CONTEXT.scaleb(printed, digits))
    found = 0
    if rounded(scaled, denominator, RoundingMode.HALF_UP) == shown:
        found |= HALF_UP
    if rounded(scaled, denominator, RoundingMode.HALF_EVEN) == shown:
        found |= HALF_EVEN
    if (scaled // denominator if scaled >= 0 else -(-scaled // denominator)) == shown:
        found |= CUT
    return found


def finest(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return one unit in the last place of the most precise amount; zeros have none.

    A form that prints 12.35 beside 40 did not round 40 to whole figures.

    >>> finest([Decimal("40"), Decimal("12.35"), None])
    Decimal('0.01')
    """
    exponents = [exponent_of(amount) for amount in amounts if amount]
    return Decimal((0, (1,), min(exponents))) if exponents else Decimal(0)


def off_by_rounding(rows: Iterable[Decimal], total: Decimal, unit: Decimal) -> bool:
    """Whether rows and a total, each rounded to *unit*, can differ as these do.

    >>> thirds = [Decimal("0.33"), Decimal("0.33"), Decimal("0.33")]
    >>> off_by_rounding(thirds, Decimal("1.00"), Decimal("0.01"))
    True
    >>> off_by_rounding(thirds, Decimal("1.05"), Decimal("0.01"))
    False
    """
    amounts = list(rows)
    off = CONTEXT.subtract(total, sum_of(amounts))
    rounded_rows = Decimal(sum(1 for amount in amounts if amount))
    cut = CONTEXT.multiply(rounded_rows, unit)
    half = CONTEXT.multiply(CONTEXT.add(cut, unit), Decimal("0.5"))
    return -half <= off <= half or -unit < off < cut


# The execution rate.


def rows_of(project: Project, breakdown: Breakdown) -> list[tuple[int, FundingLine]]:
    """The rows of one breakdown that detail no other row."""
    return [(i, row) for i, row in enumerate(project.funding) if row.breakdown is breakdown and row.part_of is None]


def _rates(project: Project, own: BudgetBasis) -> tuple[Rate, ...]:
    printed = project.stated.funding_total
    sources: list[tuple[str, Decimal | None, dict[BudgetBasis, Decimal | None]]] = [
        ("total", printed.actual_expenditure, {basis: getattr(printed, basis.column) for basis in BudgetBasis})
    ]
    for breakdown in {row.breakdown: None for row in project.funding}:
        rows = [row for _, row in rows_of(project, breakdown)]
        sums = {basis: _sum_of(rows, basis.column) for basis in BudgetBasis}
        sources.append((breakdown.value, _sum_of(rows, "actual_expenditure"), sums))
    bases = [own, *(basis for basis in BudgetBasis if basis is not own)]
    any_spent = next((spent for _, spent, _ in sources if spent is not None), None)
    found = []
    for basis in bases:
        any_budget = next((budgets[basis] for _, _, budgets in sources if budgets[basis] is not None), None)
        for name, own_spent, budgets in sources:
            if own_spent is None and budgets[basis] is None:
                continue
            spent = any_spent if own_spent is None else own_spent
            budget = any_budget if budgets[basis] is None else budgets[basis]
            if spent is not None and budget is not None and spent >= 0 and budget > 0:
                found.append(Rate(basis, name, spent, budget, ratio(spent, budget)))
    return tuple(found)


def _sum_of(rows: list[FundingLine], column: str) -> Decimal | None:
    amounts = [amount for row in rows if (amount := getattr(row, column)) is not None]
    return sum_of(amounts) if amounts else None


def _sums(project: Project) -> Iterator[Sum]:
    printed = project.stated.funding_total
    totals = {column: amount for column in MONEY if (amount := getattr(printed, column)) is not None}
    for column, total in totals.items():
        parts: dict[Breakdown, list[Decimal]] = {}
        for row in project.funding:
            amount = getattr(row, column)
            if amount is not None and row.part_of is None:
                parts.setdefault(row.breakdown, []).append(amount)
        # A form that prints one figure a row does not tell its column: where a
        # breakdown agrees with the total of another column, that one is meant.
        meant = column
        sums = {breakdown: sum_of(amounts) for breakdown, amounts in parts.items()}
        if sums and total not in sums.values():
            meant = next((other for other in totals if totals[other] in sums.values()), column)
        for breakdown, amounts in parts.items():
            yield Sum(breakdown, meant, amounts, sums[breakdown], totals[meant], column)


_PER_CENT = Decimal("0.01")


def rate_verdict(printed: Decimal | None, rates: tuple[Rate, ...]) -> tuple[RateVerdict, Rate | None]:
    """Return how a printed rate comes about, and the rate behind it.

    That is the one that gives it; where it is wrong, the one that the rules compute.
    """
    if printed is None:
        return RateVerdict.UNDECIDED, None
    # "1" is 100 % and "0" is 0 %: nobody rounds a rate to whole ones.
    fraction = printed if exponent_of(printed) < 0 else CONTEXT.quantize(printed, _PER_CENT)
    for rate in rates:
        if explaining(fraction, rate.measure):
            return RateVerdict.EXPLAINED, rate
    per_cent = CONTEXT.scaleb(printed, -2)
    for rate in rates:
        if explaining(per_cent, rate.measure):
            return RateVerdict.NO_SIGN, rate
    if rates:
        return RateVerdict.WRONG, rates[0]
    return RateVerdict.NO_SIGN if printed > setting("AR112", "above") else RateVerdict.UNDECIDED, None


def _execution_points(form: Form) -> Judged:
    """Return how the printed score of the execution rate comes about."""
    stated, terms = form.stated, form.rules.execution
    printed = stated.execution_score
    if printed is None:
        return _NOTHING
    how, by = form.rate_verdict
    measures = [rate.measure for rate in form.rates]
    if by is not None and how.explains:
        # The rate that the form itself divides by comes first.
        measures.insert(0, by.measure)
    if stated.execution_rate is not None and how is not RateVerdict.WRONG:
        shown = CONTEXT.scaleb(stated.execution_rate, -2) if how is RateVerdict.NO_SIGN else stated.execution_rate
        measures.append(Ratio.of(shown))
    weights = [weight for weight in (stated.execution_weight, terms.weight) if weight is not None]
    methods = [terms.method] if terms.unfinished is None else [terms.method, terms.unfinished]
    first: Ratio | None = None
    for weight in weights:
        for measure in measures:
            for method in methods:
                if method.speaks_of(measure):
                    points = times(weight, placed(method.rule, measure)[1])
                    first = points if first is None else first
                    roundings = explaining(printed, points)
                    if roundings:
                        return Verdict.EXPLAINED, points, roundings
    for other in rule_sets():
        # Where the rules tell them apart, what a finished project earns says nothing of its rate.
        method = other.execution.unfinished or other.execution.method
        for measure in measures:
            if method.speaks_of(measure):
                points = times(weights[0], placed(method.rule, measure)[1])
                roundings = explaining(printed, points)
                if roundings:
                    return Verdict.OTHER_PRACTICE, points, roundings
    if first is None or stated.execution_weight is None:
        # Without money or without a printed weight nothing is wrong for sure.
        return _NOTHING
    return Verdict.ABOVE if points_above(printed, first) else Verdict.BELOW, first, 0


# Indicators.


def capped(measure: Ratio) -> Ratio:
    """The share that proportion gives: the measure, at most 1, at least 0."""
    return min(max(measure, ZERO), ONE)


def times(weight: Decimal, share: Ratio) -> Ratio:
    """``weight x share``, exact."""
    a, b = weight.as_integer_ratio()
    return Ratio(a * share.numerator, b * share.denominator)


def points_above(printed: Decimal, points: Ratio) -> bool:
    """Whether a printed score is more than *points*."""
    return Ratio.of(printed) > points


# A verdict, the points that the rules give, and the roundings that explain what is printed.
Judged = tuple[Verdict | None, Ratio | None, int]

_NOTHING: Judged = (None, None, 0)
_MISSED = frozenset({Reason.LATE, Reason.OUTSIDE_RANGE, Reason.ZERO_TARGET})


def _judged(item: Indicator, line: Line) -> Judged:
    printed, weight = item.stated.score, item.weight
    if printed is None or weight is None or weight <= 0 or printed < 0:
        return _NOTHING
    if printed > weight:
        return _above_weight(line, printed, weight)
    if isinstance(line.measure, Judgement):
        return _of_tier(line, line.measure, printed, weight)
    if line.share is not None:
        points = times(weight, line.share)
        roundings = explaining(printed, points)
        if roundings:
            return Verdict.EXPLAINED, points, roundings
        return _unexplained(item, line.share, printed, weight)
    return (Verdict.MISSED_FULL, None, 0) if printed == weight and line.reason in _MISSED else _NOTHING


def _above_weight(line: Line, printed: Decimal, weight: Decimal) -> Judged:
    """More than the weight: some places extrapolate where a target is exceeded."""
    if isinstance(line.measure, Ratio):
        points = times(weight, line.measure)
        roundings = explaining(printed, points)
        if roundings:
            return Verdict.OTHER_PRACTICE, points, roundings
    return _NOTHING


def _of_tier(line: Line, judgement: Judgement, printed: Decimal, weight: Decimal) -> Judged:
    """A score whose tier is claimed lies in the tier's range."""
    if judgement.share is None and line.rule is not None:
        for row in line.rule.tier_ranges:
            low, high = CONTEXT.multiply(weight, row.lower), CONTEXT.multiply(weight, row.upper)
            if row.tier is judgement.tier and not low <= printed <= high:
                return Verdict.OUTSIDE_TIER, None, 0
    return _NOTHING


def _unexplained(item: Indicator, share: Ratio, printed: Decimal, weight: Decimal) -> Judged:
    """A score that the rules do not give: by another reading, by another practice, or not at all."""
    points, target, actual = times(weight, share), item.target, item.actual
    unstated = isinstance(target, Threshold) and target.comparator is Comparator.UNSTATED
    if isinstance(target, Threshold) and isinstance(actual, Quantity) and actual.bound is Bound.EXACT:
        for other in _other_readings(target, actual, item.kind):
            roundings = explaining(printed, times(weight, other))
            if roundings and unstated and item.kind in _MORE_IS_BETTER:
                if printed == weight:
                    return Verdict.MISSED_FULL, points, 0
            elif roundings:
                return (None if unstated else Verdict.OTHER_PRACTICE), points, roundings
        meant = as_per_cent(target, actual)
        if meant is not None:
            upward = attrs.evolve(target, comparator=Comparator.AT_LEAST) if unstated else target
            measure = achievement(upward, meant)
            if isinstance(measure, Ratio) and explaining(printed, times(weight, capped(measure))):
                return _NOTHING
    if points_above(printed, points):
        return Verdict.ABOVE, points, 0
    return (Verdict.WITHHELD if share >= ONE else Verdict.BELOW), points, 0


# Where "at most" is no likely reading of a target without a comparator.
_MORE_IS_BETTER = frozenset({IndicatorKind.OUTPUT_QUANTITY, IndicatorKind.SATISFACTION})
_DOWN = (Comparator.AT_MOST, Comparator.LESS_THAN)


def as_per_cent(target: Threshold, actual: Quantity) -> Quantity | None:
    """The actual in per cent where a bare figure of 1 or less can be meant so: 0.95 against 95 %."""
    if target.unit != "%" or target.value <= 1 or actual.unit is not None or not 0 < actual.value <= 1:
        return None
    return Quantity(CONTEXT.scaleb(actual.value, 2), "%")


def _other_readings(target: Threshold, actual: Quantity, kind: IndicatorKind | None) -> Iterator[Ratio]:
    """The shares that proportion and the rules of other documents and places give."""
    comparators = [target.comparator]
    if target.comparator is Comparator.UNSTATED:
        comparators = [Comparator.AT_LEAST, Comparator.AT_MOST]
    for comparator in comparators:
        for inverse in Inverse if comparator in _DOWN else (None,):
            measure = achievement(attrs.evolve(target, comparator=comparator), actual, inverse=inverse)
            if isinstance(measure, Ratio):
                yield capped(measure)
                for other in rule_sets():
                    method = other.method_for(comparator.value, kind)
                    if method is not None and method.measure is Measure.ACHIEVEMENT:
                        yield placed(method.rule, measure)[1]


def missed(row: Row, rules: RuleSet) -> bool:
    """Whether an indicator's target was missed, as far as the form tells; by no weight."""
    measure = measure_of(row.item, rules)
    if isinstance(measure, Ratio):
        return measure < ONE
    if measure is None:
        judged = row.line.measure
        return isinstance(judged, Judgement) and judged.tier in (Tier.PARTLY_ACHIEVED, Tier.NOT_ACHIEVED)
    return measure in _MISSED


def measure_of(item: Indicator, rules: RuleSet) -> Ratio | Reason | None:
    """How far the target was achieved by the rules' reading of it, whatever the weight."""
    target, actual = item.target, item.actual
    if target is None or actual is None or isinstance(actual, Judgement):
        return None
    if isinstance(target, Threshold) and target.comparator is Comparator.UNSTATED:
        unstated = rules.comparator_for(item.kind)
        if unstated is None:
            return None
        target = attrs.evolve(target, comparator=unstated.comparator)
    return achievement(target, actual, inverse=Inverse.RATIO)
