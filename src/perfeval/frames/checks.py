"""What is odd about a year's projects: the checks of one form that are arithmetic of columns.

What a form prints beside its figures (rates, scores, totals, grades), its
rows of money and its words are no columns: the codes that look at those are
found by `perfeval.check` on records, which `to_projects` makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from perfeval.checks import chosen
from perfeval.checks.catalogue import setting
from perfeval.errors import FrameError
from perfeval.frames.engines import integer, narwhals_or_raise, told
from perfeval.frames.expressions import Figure, choose, kind_in
from perfeval.frames.inputs import SPACES, Columns, Input
from perfeval.frames.plans import INT64, MOST_CENTS, Plan
from perfeval.frames.scores import budget_column, indicators_of, plan_of_totals, project_scores
from perfeval.labels import exact_labels
from perfeval.model import BudgetBasis, IndicatorKind
from perfeval.rulesets import RuleSet

__all__ = ["CODES", "check_projects"]

Frame = TypeVar("Frame")
Expr = Any

_SPENT = "actual_expenditure"
_MONEY = ("original_budget", "adjusted_budget", "funds_received", _SPENT)
_CRITERIA = (IndicatorKind.DECISION, IndicatorKind.PROCESS, IndicatorKind.INPUT)

# Weights that are added up: far more than a form has, and 64 bits hold the sum of a million of them.
_LARGEST_WEIGHT = 10**12
_LARGEST_AMOUNT = 10**17
"""In fen, what a record holds: 10^15 yuan."""

CODES = (
    "AR108",
    "AR123",
    "AR124",
    "CP101",
    "CP107",
    "CR101",
    "CR102",
    "CR106",
    "CR107",
    "WT101",
    "WT103",
    "WT104",
    "WT105",
)
"""The codes that columns know."""


@told
def check_projects(
    projects: Frame,
    indicators: Frame,
    rules: RuleSet,
    *,
    columns: Columns = None,
    select: Iterable[str] | None = None,
) -> Frame:
    """Return what is odd about projects, a row for each code of each project.

    The codes are those of `check`, and a project has the same ones as its
    record: AR108 (more spent than budgeted), AR123 (an amount is negative),
    AR124 (money spent from a budget of 0), WT101 (weights do not add up),
    WT103, WT104 and WT105 (an indicator of more than half of all points, of
    less than none, of none), CP101 (an actual is missing), CP107 (a low rate
    without a reason), CR101 (results against money), CR102 (unspent), CR106
    (budget adjusted widely), CR107 (budget created in the year). What a
    project prints is not looked at: frames hold no printed results, and CR101
    takes the scores that are computed.

    Args:
        projects: As for `score_projects`; takes the other budgets and
            ``execution_deviation_reason`` (text) where they are.
        indicators: As there.
        rules: The rule set.
        columns: As there.
        select: Codes ("AR108") or families ("AR"); all that columns know if
            not given.

    Returns:
        The same kind of frame, with ``code``, ``project_id`` and ``where``:
        where it stands in the record, "indicators[].weight" for one or more
        indicators.

    Raises:
        FrameError: As `score_projects`; also if a code is unknown, or none
            that columns know.

    >>> import polars as pl
    >>> from perfeval import rule_set
    >>> projects = pl.DataFrame({"project_id": [1], "adjusted_budget": [0], "actual_expenditure": [5]})
    >>> lines = pl.DataFrame({"project_id": [1], "kind": ["satisfaction"], "target": [90], "actual": [95], "weight": [90]})
    >>> check_projects(projects, lines, rule_set("CN", fiscal_year=2022)).rows()
    [('AR124', 1, 'stated.funding_total.adjusted_budget'), ('WT103', 1, 'indicators[].weight')]
    """
    nw = narwhals_or_raise()
    codes = _codes(select)
    plan = plan_of_totals(rules)
    given, rows = Input(projects, columns), indicators_of(indicators, columns)
    key, col = given.there("project_id"), nw.col
    given.narrow()
    scored = project_scores(given, rows, [plan], given.schema, orphans=False, more=_counts(rows, plan))
    conditions = {**_of_money(given, rules, plan), **_of_indicators(plan)}
    conditions = {place: condition for place, condition in conditions.items() if place[0] in codes}
    names = [f"_pe_found_{number}" for number in range(len(conditions))]
    flags = {name: _holds(condition) for name, condition in zip(names, conditions.values(), strict=True)}
    found = scored.with_columns(**flags).select(col(key).alias("project_id"), *names)
    found = found.unpivot(names, index="project_id", variable_name="_pe_place", value_name="_pe_found")
    place = col("_pe_place")
    code, where = (
        choose([(place == name, nw.lit(at[part])) for name, at in zip(names, conditions, strict=True)], nw.lit(""))
        for part in (0, 1)
    )
    found = found.filter(col("_pe_found")).select(code.alias("code"), "project_id", where.alias("where"))
    made: Frame = nw.to_native(found)
    return made


def _codes(select: Iterable[str] | None) -> list[str]:
    if select is None:
        return list(CODES)
    try:
        wanted = chosen([select] if isinstance(select, str) else select)
    except (TypeError, ValueError) as error:
        raise FrameError(f"select: {error}") from error
    found = [code for code in CODES if code in wanted]
    if not found:
        raise FrameError(
            f"select: expected codes that columns know ({', '.join(CODES)}), got {', '.join(sorted(wanted))}"
        )
    return found


def _holds(condition: Expr) -> Expr:
    return condition.fill_null(value=False)


def _too_large(figure: Figure) -> Expr:
    return _holds(figure.outside) & ~_holds(figure.negative)


Conditions = Mapping[tuple[str, str], Expr]


def _of_money(given: Input, rules: RuleSet, plan: Plan) -> Conditions:
    """What the money tells, by code and place."""
    nw = narwhals_or_raise()
    own = budget_column(plan)
    adjusted_share = setting("CR106", "share") if rules.adjusted is None else rules.adjusted.value
    shares = [setting("CR102", "share"), adjusted_share, *([] if rules.low_rate is None else [rules.low_rate.value])]
    # Every amount that a record holds, where 64 bits hold its products.
    limit = min(_LARGEST_AMOUNT, INT64 // max(part for share in shares for part in share.as_integer_ratio()))
    there = [name for name in _MONEY if given.named(name) or given.named(f"{name}_fen")]
    figures = {name: given.figure(name, "_fen", 100, 0, limit) for name in there}
    budget, spent = figures[own], figures[_SPENT]
    told = ~spent.absent & ~_holds(spent.outside)
    total = "stated.funding_total"
    found: dict[tuple[str, str], Expr] = {
        ("AR108", f"{total}.{_SPENT}"): (budget.value > 0) & ((spent.value > budget.value) | _too_large(spent)),
        ("AR124", f"{total}.{own}"): budget.zero & ((spent.value > 0) | _too_large(spent)),
    }
    found |= {("AR123", f"{total}.{name}"): figure.negative for name, figure in figures.items()}
    reason = _reason(given)
    if rules.low_rate is not None:
        a, b = rules.low_rate.value.as_integer_ratio()
        low = told & (budget.value > 0) & (spent.value * b < budget.value * a)
        found["CP107", "execution_deviation_reason"] = low & ~reason
    bases = [name for name in (own, *(basis.column for basis in BudgetBasis)) if name in figures]
    found["CR101", "stated.total"] = told & _results_against_money(_first(bases, figures), spent.value, plan)
    c, d = setting("CR102", "share").as_integer_ratio()
    whole = _first([name for name in (BudgetBasis.ADJUSTED.column, *bases) if name in figures], figures)
    found["CR102", f"{total}.{_SPENT}"] = told & (whole > 0) & ((whole - spent.value) * d > whole * c)
    original, adjusted = (figures.get(basis.column) for basis in (BudgetBasis.ORIGINAL, BudgetBasis.ADJUSTED))
    if original is not None and adjusted is not None:
        a, b = adjusted_share.as_integer_ratio()
        change = adjusted.value - original.value
        apart = nw.max_horizontal(change, -change) * b > original.value * a
        wide = (original.value > 0) & (adjusted.value > 0) & apart
        found["CR106", f"{total}.adjusted_budget"] = wide if rules.adjusted is None else wide & ~reason
    if original is not None:
        later = [spent] if adjusted is None else [adjusted, spent]
        some = [figure.value > 0 for figure in later] + [_too_large(figure) for figure in later]
        found["CR107", f"{total}.original_budget"] = (
            original.zero & nw.any_horizontal(*some, ignore_nulls=False) & ~reason
        )
    return found


def _reason(given: Input) -> Expr:
    """Whether a reason is given why the money was not spent as planned."""
    if given.named("execution_deviation_reason") is None:
        return narwhals_or_raise().lit(value=False)
    return given.text("execution_deviation_reason").fill_null("").str.strip_chars(SPACES) != ""


def _first(names: Sequence[str], figures: Mapping[str, Figure]) -> Expr:
    """The first of the budgets that is above 0; 0 where there is none, or one before it is out of range."""
    used = [figures[name] for name in dict.fromkeys(names)]
    cases = [((_too_large(one), integer(0)), (one.value > 0, one.value)) for one in used]
    return choose([case for both in cases for case in both], integer(0))


def _results_against_money(budget: Expr, spent: Expr, plan: Plan) -> Expr:
    """Whether the share of the points is further above the rate than it should be, where all have points."""
    nw = narwhals_or_raise()
    col = nw.col
    a, b = setting("CR101", "apart").as_integer_ratio()
    weight, earned = col("_pe_weights_0"), col("_pe_sum_0")
    # (share - rate) / share > a / b, as whole products; what 64 bits do not
    # hold is not judged: larger budgets, forms of more weight than four whole ones.
    most = plan.limit // (4 * b)
    small = (budget <= most) & (spent <= most) & (weight <= 4 * MOST_CENTS)
    held, paid = (nw.when(small).then(amount).otherwise(integer(0)) for amount in (budget, spent))
    apart = earned * (b - a) * held > weight * b * paid
    # A blank row has no score either.
    whole = (col("_pe_bad_0") == 0) & (col("_pe_without") == 0) & ~col("_pe_orphan")
    return whole & apart


def _counts(rows: Input, plan: Plan) -> dict[str, Expr]:
    """What is counted of each project's indicators."""
    nw = narwhals_or_raise()
    weight = rows.figure("weight", "_cents", 100, -_LARGEST_WEIGHT, _LARGEST_WEIGHT)
    target, actual = (_there(rows, name) for name in ("target", "actual"))
    judged = [~rows.figure(name, "_e4", 10_000, 0, 0).absent for name in ("share",) if _is_there(rows, name)]
    judged += [rows.text("tier").fill_null("") != ""] if rows.named("tier") is not None else []
    for way in judged:
        actual |= way
    points = rows.is_told("stated_score", "_cents")
    points = nw.lit(value=False) if points is None else points
    missing = target & ~actual & ~_void(rows) & ~kind_in(rows.kind(), [kind.value for kind in _CRITERIA])
    a, b = setting("WT103", "share").as_integer_ratio()
    counts = {
        "_pe_weighted": ~weight.absent,
        "_pe_without": weight.absent,
        "_pe_unweighted": weight.absent & (target | actual | points) & ~_void(rows),
        "_pe_dominant": (weight.value * b > plan.total * a) | _too_large(weight),
        "_pe_negative": weight.negative,
        "_pe_zero": weight.zero,
        "_pe_missing": missing & (~weight.absent | _points(rows)),
        "_pe_missing_free": missing & weight.absent,
        "_pe_actuals": actual,
    }
    return {"_pe_points": weight.value} | {name: _holds(condition).cast(nw.Int64) for name, condition in counts.items()}


def _points(rows: Input) -> Expr:
    """Whether a row prints points other than none."""
    nw = narwhals_or_raise()
    told = rows.is_told("stated_score", "_cents")
    if told is None:
        return nw.lit(value=False)
    theirs = rows.named("stated_score_cents") or rows.there("stated_score")
    column = nw.col(theirs)
    if not rows.schema[theirs].is_numeric():
        return told & ~column.cast(nw.String).fill_null("").str.contains(r"^[+-]?0*\.?0*$")
    return told & (column != 0)


def _is_there(rows: Input, name: str) -> bool:
    return any(rows.named(f"{name}{suffix}") is not None for suffix in ("", "_e4"))


def _there(rows: Input, name: str) -> Expr:
    """Whether a target or an actual is given, as a figure or in words."""
    nw = narwhals_or_raise()
    found = nw.lit(value=False)
    if (fine := rows.named(f"{name}_e4")) is not None:
        found |= ~nw.col(fine).is_null()
    if (plain := rows.named(name)) is not None:
        text = _words(rows, name)
        found |= ~nw.col(plain).is_null() if text is None else ~text.is_in(_blanks(name))
    return found


def _blanks(name: str) -> list[str]:
    # As the reader has it: an actual of "无" is none.
    return ["", *exact_labels("blanks"), *(["无"] if name == "actual" else [])]


def _words(rows: Input, name: str) -> Expr | None:
    """A target's or an actual's column of texts, `None` if it holds none."""
    nw = narwhals_or_raise()
    theirs = rows.named(name)
    if theirs is None or rows.schema[theirs] not in (nw.String, nw.Categorical, nw.Enum, nw.Object):
        return None
    return rows.text(name).fill_null("").str.strip_chars(SPACES)


def _void(rows: Input) -> Expr:
    """Whether an indicator says that there is nothing to it (不涉及)."""
    found: Expr = narwhals_or_raise().lit(value=False)
    pattern = f"^(?:{setting('WT106', 'void')})$"
    for name in ("target", "actual"):
        text = _words(rows, name)
        if text is not None:
            found |= text.str.contains(pattern) & ~text.is_in(_blanks(name))
    return found


def _of_indicators(plan: Plan) -> Conditions:
    """What the indicators of each project tell, by code and place."""
    col = narwhals_or_raise().col
    points, whole = col("_pe_points"), plan.total
    # Whether the execution rate is weighted on the form is not told.
    odd = (points != whole) & (points + plan.execution.weight != whole)
    missing = (col("_pe_missing") > 0) | ((col("_pe_missing_free") > 0) & (col("_pe_actuals") > 0))
    return {
        ("CP101", "indicators[].actual"): missing,
        ("WT101", "indicators"): (col("_pe_weighted") > 0) & (col("_pe_unweighted") == 0) & odd,
        ("WT103", "indicators[].weight"): col("_pe_dominant") > 0,
        ("WT104", "indicators[].weight"): col("_pe_negative") > 0,
        ("WT105", "indicators[].weight"): col("_pe_zero") > 0,
    }
