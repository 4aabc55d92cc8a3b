"""The arithmetic of columns, the same on every engine.

A score is ``round(weight x N / D)``. No engine divides integers exactly, so it
is guessed in floats, one too low at most, and corrected in integers, where
nothing is lost. What cannot be computed is masked before any arithmetic: no
row overflows, none raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

from perfeval.frames.engines import narwhals_or_raise
from perfeval.frames.plans import FORMS, KINDS, MOST_CENTS, MethodPlan, Plan, RulePlan
from perfeval.frames.status import Status
from perfeval.rulesets import NoBudget
from perfeval.scoring import Measure, RoundingMode
from perfeval.targets import RATIO_UNITS, Inverse, Reason

__all__ = ["execution_stages", "indicator_stages"]

SCORED = int(Status.SCORED)

PARTS = 10**6
"""Shares are computed in millionths."""

_REASONS = {
    Reason.ZERO_TARGET: 1,
    Reason.NEGATIVE_TARGET: 2,
    Reason.EQUAL_EXCEEDED: 3,
    Reason.INVERSE_UNDECIDED: 4,
}
# Of rows that are measured: beyond how far a rule is followed, and no method or no share.
_FAR, _NONE = 5, 9

Expr = Any


def _choose(cases: Sequence[tuple[Expr, Expr]], otherwise: Expr) -> Expr:
    """The value of the first case that holds."""
    nw = narwhals_or_raise()
    found = otherwise
    for condition, value in reversed(cases):
        found = nw.when(condition).then(value).otherwise(found)
    return found


def _any(conditions: Iterable[Expr]) -> Expr:
    return reduce(lambda a, b: a | b, conditions)


def _integer(number: int) -> Expr:
    nw = narwhals_or_raise()
    return nw.lit(int(number), dtype=nw.Int64)


def pieces(rule: RulePlan, n: Expr, d: Expr) -> Expr:
    """The numerator of the share over ``d x rule.denominator``."""
    nw = narwhals_or_raise()
    if rule.rises:
        # Flat, rising, flat, without a jump: each figure is named once, so
        # that engines which write their columns out do not grow.
        first, middle, last = rule.pieces
        rising = _line(middle.slope, middle.intercept, n, d)
        top = nw.min_horizontal(rising, _line(0, last.intercept, n, d))
        return nw.max_horizontal(_line(0, first.intercept, n, d), top)
    cases = []
    for limit, closed, slope, intercept in rule.pieces:
        if limit is not None:
            a, b = limit
            left, right = (n if b == 1 else n * b), (_integer(0) if a == 0 else d if a == 1 else d * a)
            cases.append((left <= right if closed else left < right, _line(slope, intercept, n, d)))
    last = rule.pieces[-1]
    return _choose(cases, _line(last.slope, last.intercept, n, d))


def _line(slope: int, intercept: int, n: Expr, d: Expr) -> Expr:
    if not slope:
        return d * intercept if intercept > 1 else d if intercept else _integer(0)
    rising = n if slope == 1 else n * slope
    return rising + d * intercept if intercept else rising


def _ratio_rounded(digits: int, rules: Sequence[RulePlan], mode: RoundingMode) -> list[dict[str, Expr]]:
    """Stages that make ``_n / _d`` a ratio of *digits* decimals, held within what *rules* tell apart."""
    nw = narwhals_or_raise()
    n, d, m = nw.col("_pe_n"), nw.col("_pe_d"), nw.col("_pe_m")
    low, high = min(0, *(rule.low for rule in rules)), max(rule.high for rule in rules)
    unit = _integer(10**digits)
    held = nw.max_horizontal(nw.min_horizontal(n, d * high), d * low if low else _integer(0))
    return [
        # Rounded as the distance from the lowest: nothing negative is divided.
        {"_pe_n": held + d * -low if low else held},
        {"_pe_m": guessed(unit, n, d, mode)},
        {"_pe_n": corrected(m, unit, n, d, mode) + 10**digits * low},
        {"_pe_d": d * 0 + 10**digits},
    ]


def guessed(w: Expr, n: Expr, d: Expr, mode: RoundingMode) -> Expr:
    """``w x n / d`` as a whole number, or one less."""
    nw = narwhals_or_raise()
    shift = -1e-6 if mode is RoundingMode.DOWN else 0.5 - 1e-6
    exact = w.cast(nw.Float64) * n.cast(nw.Float64) / d.cast(nw.Float64)
    return (exact + shift).floor().cast(nw.Int64)


def corrected(q: Expr, w: Expr, n: Expr, d: Expr, mode: RoundingMode) -> Expr:
    """The guess, exact."""
    nw = narwhals_or_raise()
    rest = w * n - d * q
    if mode is RoundingMode.DOWN:
        return q + (rest >= d).cast(nw.Int64)
    up = q + (rest * 2 + d >= d * 2).cast(nw.Int64)
    if mode is RoundingMode.HALF_UP:
        return up
    # Half a denominator short of the step: nothing larger than w x n is ever named.
    tie = (w * n - d * up) * 2 == -d
    # No remainder on pandas with pyarrow; a score is small enough for a float.
    odd = (up.cast(nw.Float64) * 0.5).floor().cast(nw.Int64) * 2 != up
    return up - (tie & odd).cast(nw.Int64)


def indicator_stages(plan: Plan, have: frozenset[str], scale: int) -> list[dict[str, Expr]]:
    """The columns of indicator scores, stage by stage; each stage sees the one before.

    In: ``_weight`` (cents), ``_target``, ``_actual`` (at *scale*), ``kind``,
    and of *have* ``comparator``, ``unit``, ``tier``, ``_share`` (of `PARTS`).
    Out: ``score_cents`` and ``status``.
    """
    nw = narwhals_or_raise()
    col = nw.col
    kind = col("_pe_kind_raw").cast(nw.String).fill_null("")
    judging = bool({"tier", "share"} & have)
    judged = _any([~col(f"_pe_{name}").is_null() for name in ("tier", "share") if name in have]) if judging else None
    absent = col("_pe_target").is_null() | col("_pe_actual").is_null()
    missing = col("_pe_weight").is_null() | (absent if judged is None else absent & ~judged)

    def inside(name: str, low: int, high: int) -> Expr:
        filled = col(name).fill_null(0)
        return (filled >= low) & (filled <= high)

    ranges = inside("_pe_weight", 0, MOST_CENTS) & inside("_pe_target", -plan.limit, plan.limit)
    ranges &= inside("_pe_actual", -plan.limit, plan.limit)
    known = kind.is_in([*KINDS, ""])
    first = {
        "_pe_kind": kind,
        "_pe_form": _forms(plan, kind, have),
        "_pe_status": _choose(
            [
                (missing, _integer(Status.MISSING)),
                (~known, _integer(Status.UNKNOWN_KIND)),
                (~ranges, _integer(Status.OUT_OF_RANGE)),
            ],
            _integer(Status.SCORED),
        ),
    }

    def held(name: str, otherwise: int) -> Expr:
        filled = col(name).fill_null(otherwise)
        within = (filled >= -plan.limit) & (filled <= plan.limit)
        return nw.when(within).then(filled).otherwise(otherwise).cast(nw.Int64)

    weight = col("_pe_weight").fill_null(0)
    second = {
        "_pe_w": nw.when((weight >= 0) & (weight <= MOST_CENTS)).then(weight).otherwise(0).cast(nw.Int64),
        "_pe_t": held("_pe_target", 1),
        "_pe_a": held("_pe_actual", 0),
        "_pe_method": _choose(
            [(_cases(method, col("_pe_form"), col("_pe_kind")), _integer(i)) for i, method in enumerate(plan.methods)],
            _integer(-1),
        ),
    }
    measured = _measures(plan, have, scale)
    stages = [first, second, *measured]
    w, n, d = col("_pe_w"), col("_pe_n"), col("_pe_d")
    stages.append({"_pe_q": guessed(w, n, d, plan.mode)})
    done = corrected(col("_pe_q"), w, n, d, plan.mode)
    scored = done if plan.step == 1 else done * plan.step
    stages.append(
        {
            # Without an otherwise: no engine has to be told the type of a null.
            "score_cents": nw.when(col("_pe_status") == SCORED).then(scored),
            "status": col("_pe_status").cast(nw.Int8),
        }
    )
    return stages


def _forms(plan: Plan, kind: Expr, have: frozenset[str]) -> Expr:
    """The place of the comparator in FORMS, -1 where none is read."""
    nw = narwhals_or_raise()
    cases = []
    otherwise: Expr = _integer(-1)
    for sign, kinds in plan.comparators:
        if len(kinds) == len(KINDS) + 1:
            otherwise = _integer(FORMS.index(sign))
        else:
            cases.append((_kind_in(kind, kinds), _integer(FORMS.index(sign))))
    unstated = _choose(cases, otherwise)
    if "comparator" not in have:
        return unstated
    sign = nw.col("_pe_comparator").cast(nw.String).fill_null("unstated")
    stated = [(sign == form, _integer(place)) for place, form in enumerate(FORMS)]
    return _choose([*stated, (sign == "unstated", unstated)], _integer(-1))


def _kind_in(kind: Expr, kinds: Iterable[str | None]) -> Expr:
    return kind.is_in(["" if name is None else name for name in kinds])


def _measures(plan: Plan, have: frozenset[str], scale: int) -> list[dict[str, Expr]]:
    """``_n / _d``: the share of the weight, exact; ``_status`` where there is none.

    ``_one`` marks rows that are met without a ratio. A figure is named as
    seldom as can be: some engines write every column out where it is used.
    """
    nw = narwhals_or_raise()
    col = nw.col
    t, a, form = col("_pe_t"), col("_pe_a"), col("_pe_form")
    met = _choose([(form == 0, a >= t), (form == 1, a > t), (form == 2, a == t), (form == 3, a <= t)], a < t)
    parts = [_measure(method, have, scale) for method in plan.methods]

    def of(values: list[Expr], otherwise: Expr | None = None) -> Expr:
        cases = [(col("_pe_method") == place, value) for place, value in enumerate(values)]
        return _choose(cases, otherwise) if otherwise is not None else _choose(cases[:-1], cases[-1][1])

    stages: list[dict[str, Expr]] = [
        {"_pe_met": met},
        {
            "_pe_n": of([part[0] for part in parts]),
            "_pe_d": of([part[1] for part in parts]),
            "_pe_one": of([part[2] for part in parts]),
            "_pe_reason": of([part[3] for part in parts], _integer(_NONE)),
        },
    ]
    n, d = col("_pe_n"), col("_pe_d")
    if any(method.rule.beyond for method in plan.methods):
        far = of([(n > d * m.rule.high) if m.rule.beyond else nw.lit(value=False) for m in plan.methods])
        reason = col("_pe_reason")
        stages.append(
            {"_pe_reason": nw.when(far & (reason == 0) & ~col("_pe_one")).then(_integer(_FAR)).otherwise(reason)}
        )
    if plan.ratio_digits is not None:
        # A row without a ratio keeps none: any whole denominator does.
        stages.append({"_pe_d": nw.when(d > 0).then(d).otherwise(1)})
        stages += _ratio_rounded(plan.ratio_digits, [method.rule for method in plan.methods], plan.mode)
    stages += _shares(plan)
    if {"tier", "share"} & have:
        stages.append(_judgements(plan, have))
    status, reason = col("_pe_status"), col("_pe_reason")
    why = _choose(
        [(status != SCORED, status), (reason == _FAR, _integer(Status.OUT_OF_RANGE))], _integer(Status.UNDEFINED)
    )
    stages.append({"_pe_status": nw.when(reason == 0).then(status).otherwise(why)})
    whole = (status == SCORED) & col("_pe_one")
    stages.append(
        {
            "_pe_n": _choose([(status != SCORED, _integer(0)), (whole, _integer(1))], n),
            "_pe_d": _choose(
                [(status != SCORED, _integer(1)), (whole, _integer(plan.step))], d if plan.step == 1 else d * plan.step
            ),
        }
    )
    return stages


def _cases(method: MethodPlan, form: Expr, kind: Expr) -> Expr:
    parts = []
    for sign, kinds in method.cases:
        here = form == FORMS.index(sign)
        parts.append(here if len(kinds) == len(KINDS) + 1 else here & _kind_in(kind, kinds))
    return _any(parts)


def _measure(method: MethodPlan, have: frozenset[str], scale: int) -> tuple[Expr, Expr, Expr, Expr]:
    """The measure's numerator and denominator, whether it is met without one, and why there is none (a number)."""
    nw = narwhals_or_raise()
    col = nw.col
    t, a, form, met = col("_pe_t"), col("_pe_a"), col("_pe_form"), col("_pe_met")
    nothing, never = _integer(0), nw.lit(value=False)
    signed = _choose([(t < 0, _integer(_REASONS[Reason.NEGATIVE_TARGET]))], _integer(_REASONS[Reason.ZERO_TARGET]))
    if method.measure is Measure.ACTUAL:
        per = _integer(scale)
        if "unit" in have:
            unit = col("_pe_unit").cast(nw.String).fill_null("")
            per = _choose([(unit == name, _integer(scale * 10**power)) for name, power in RATIO_UNITS.items()], per)
        return a, per, never, nothing
    if method.measure in (Measure.DEVIATION, Measure.EXCESS):
        off = a - t
        apart = nw.max_horizontal(off, t - a) if method.measure is Measure.DEVIATION else off
        return apart, t, never, _choose([(t > 0, nothing)], signed)
    down = form >= 3
    signs = {sign for sign, _ in method.cases}
    both = bool(signs & {"≥", ">", "="}) and bool(signs & {"≤", "<"})
    only_down = not signs & {"≥", ">", "="}
    exceeded = [((form == 2) & (t > 0) & (a > t), _integer(_REASONS[Reason.EQUAL_EXCEEDED]))] if "=" in signs else []
    undecided = []
    n, d, one = a, t, (t <= 0) & met
    if both or only_down:
        if method.inverse is Inverse.RATIO:
            n = t if only_down else nw.when(down).then(t).otherwise(a)
            d = a if only_down else nw.when(down).then(a).otherwise(t)
            one |= (a <= 0) & (t > 0) if only_down else down & (a <= 0) & (t > 0)
        elif method.inverse is Inverse.COMPLEMENT:
            n = t * 2 - a if only_down else nw.when(down).then(t * 2 - a).otherwise(a)
        else:
            one |= down & met
            undecided = [(down & (t > 0) & ~met, _integer(_REASONS[Reason.INVERSE_UNDECIDED]))]
    return n, d, one, _choose([*exceeded, *undecided, ((t > 0) | met, nothing)], signed)


def _shares(plan: Plan) -> list[dict[str, Expr]]:
    """From the measure to the share, by the rule of each method."""
    nw = narwhals_or_raise()
    col = nw.col
    n, d, method = col("_pe_n"), col("_pe_d"), col("_pe_method")
    rules: dict[RulePlan, list[int]] = {}
    for place, row in enumerate(plan.methods):
        rules.setdefault(row.rule, []).append(place)

    def of(value: Any) -> Expr:
        values = [(rule, places, value(rule)) for rule, places in rules.items()]
        cases = [(method.is_in(places), found) for _, places, found in values[:-1]]
        return _choose(cases, values[-1][2])

    stages: list[dict[str, Expr]] = []
    denominators = {rule.denominator for rule in rules}
    share = {"_pe_n": of(lambda rule: pieces(rule, n, d))}
    if denominators != {1}:
        share["_pe_d"] = d * denominators.pop() if len(denominators) == 1 else of(lambda rule: d * rule.denominator)
    stages.append(share)
    given = [(code, a, b) for reason, a, b in plan.unmet if (code := _REASONS.get(reason)) is not None]
    if given:
        reason = col("_pe_reason")
        stages.append(
            {
                "_pe_n": _choose([(reason == code, _integer(a)) for code, a, _ in given], n),
                "_pe_d": _choose([(reason == code, _integer(b)) for code, _, b in given], d),
                "_pe_reason": nw.when(reason.is_in([code for code, _, _ in given])).then(_integer(0)).otherwise(reason),
            }
        )
    return stages


def _millionths(share: Decimal) -> int:
    a, b = share.as_integer_ratio()
    return a * PARTS // b


def _judgements(plan: Plan, have: frozenset[str]) -> dict[str, Expr]:
    """A person's share, or the tier's own, held to the tier's range."""
    nw = narwhals_or_raise()
    col = nw.col
    tier = col("_pe_tier").cast(nw.String).fill_null("") if "tier" in have else nw.lit("")
    shared = ~col("_pe_share").is_null() if "share" in have else nw.lit(value=False)
    share = col("_pe_share").fill_null(0).cast(nw.Int64) if "share" in have else _integer(0)
    judged = (tier != "") | shared
    kind = col("_pe_kind")
    own_cases, good_cases = [], []
    for method in plan.judged:
        here = nw.lit(value=True) if len(method.kinds) == len(KINDS) + 1 else _kind_in(kind, method.kinds)
        good_cases.append((here & (tier == "") & shared & (share >= 0) & (share <= PARTS), nw.lit(value=True)))
        for name, lower, upper, own in method.tiers:
            at = here & (tier == name.value)
            low, high = _millionths(lower), _millionths(upper)
            within = (share >= low) & ((share <= high) if upper == 1 else (share < high))
            good_cases.append((at & shared & within, nw.lit(value=True)))
            if own is not None:
                own_cases.append((at & ~shared, _integer(_millionths(own))))
                good_cases.append((at & ~shared, nw.lit(value=True)))
    earned = _choose(own_cases, share)
    good = _choose(good_cases, nw.lit(value=False))
    return {
        "_pe_n": nw.when(judged).then(earned).otherwise(col("_pe_n")),
        "_pe_d": nw.when(judged).then(_integer(PARTS)).otherwise(col("_pe_d")),
        "_pe_one": col("_pe_one") & ~judged,
        "_pe_reason": nw.when(judged)
        .then(_choose([(good, _integer(0))], _integer(_NONE)))
        .otherwise(col("_pe_reason")),
    }


def execution_stages(plan: Plan, have: frozenset[str]) -> list[dict[str, Expr]]:
    """The columns of the execution rate's score.

    In: ``_budget`` and ``_spent`` (fen), and of *have* ``finished``. Out:
    ``execution_score_cents`` and ``execution_status``.
    """
    nw = narwhals_or_raise()
    col = nw.col
    terms = plan.execution
    budget, spent = col("_pe_budget").fill_null(0), col("_pe_spent").fill_null(0)
    without = budget == 0
    negative = (budget < 0) | (spent < 0)
    large = (budget > plan.limit) | (spent > plan.limit)
    left_out = terms.no_budget in (NoBudget.NOT_APPLICABLE, NoBudget.WITHOUT_WEIGHT)
    rules: list[tuple[Expr, RulePlan, tuple[int, int, bool] | None]]
    unknown = None
    if terms.unfinished is None:
        rules = [(nw.lit(value=True), terms.finished, terms.finished_end)]
    else:
        there = "finished" in have
        unknown = col("_pe_finished").is_null() if there else nw.lit(value=True)
        done = col("_pe_finished").fill_null(value=False) if there else nw.lit(value=False)
        rules = [(done, terms.finished, terms.finished_end), (~done, terms.unfinished, terms.unfinished_end)]
    undefined = [] if unknown is None else [unknown]
    for here, rule, end in rules:
        if end is not None:
            a, b, closed = end
            over, under = (spent if b == 1 else spent * b), (budget if a == 1 else budget * a)
            undefined.append(here & ((over > under) if closed else (over >= under)))
        if rule.beyond:
            undefined.append(here & (spent > budget * rule.high))
    cases = [
        (without, _integer(Status.NOT_APPLICABLE if left_out else Status.SCORED)),
        (col("_pe_spent").is_null(), _integer(Status.MISSING)),
        (negative | large, _integer(Status.OUT_OF_RANGE)),
        *((condition, _integer(Status.UNDEFINED)) for condition in undefined),
    ]
    full = 1 if terms.no_budget is NoBudget.FULL else 0
    stages: list[dict[str, Expr]] = [{"_pe_status": _choose(cases, _integer(Status.SCORED))}]
    n, d, status = col("_pe_n"), col("_pe_d"), col("_pe_status")
    # Without a budget all or nothing is earned, where anything is.
    fine = (status == SCORED) & ~without
    stages.append(
        {
            "_pe_n": nw.when(fine).then(spent).otherwise(full).cast(nw.Int64),
            "_pe_d": nw.when(fine).then(budget).otherwise(1).cast(nw.Int64),
        }
    )
    if plan.ratio_digits is not None:
        stages += _ratio_rounded(plan.ratio_digits, [rule for _, rule, _ in rules], plan.mode)
    *first, last = rules

    def of(value: Any) -> Expr:
        return _choose([(here, value(rule)) for here, rule, _ in first], value(last[1]))

    stages.append(
        {"_pe_n": of(lambda rule: pieces(rule, n, d)), "_pe_d": of(lambda rule: d * (rule.denominator * plan.step))}
    )
    w = _integer(terms.weight)
    stages.append({"_pe_q": guessed(w, n, d, plan.mode)})
    scored = corrected(col("_pe_q"), w, n, d, plan.mode) * plan.step
    stages.append(
        {
            "execution_score_cents": nw.when(status == SCORED).then(scored),
            "execution_status": status.cast(nw.Int8),
        }
    )
    return stages
