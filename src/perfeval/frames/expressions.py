"""The arithmetic of columns, the same on every engine.

A score is ``round(weight x N / D)``. No engine divides integers exactly, so it
is guessed in floats, one too low at most, and corrected in integers, where
nothing is lost. What cannot be computed is masked before any arithmetic: no
row overflows, none raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

from perfeval.frames.engines import integer, narwhals_or_raise
from perfeval.frames.plans import FORMS, KINDS, MethodPlan, Plan, RulePlan, UnstatedPlan
from perfeval.frames.status import Status
from perfeval.reasons import Reason
from perfeval.rounding import RoundingMode
from perfeval.rulesets import QUOTES_IN_NAMES, NoBudget
from perfeval.scoring import Measure
from perfeval.targets import RATIO_UNITS, Inverse

__all__ = [
    "Figure",
    "Flag",
    "Given",
    "choose",
    "execution_stages",
    "forms_of",
    "indicator_stages",
    "kind_in",
    "not_read",
]

SCORED = int(Status.SCORED)

PARTS = 10**6
"""Shares are computed in millionths."""

# A column of reasons holds their places; where there is none, 0.
_PLACES = {reason: place for place, reason in enumerate(Reason, start=1)}
_MEASURED = 0
# Why a target and an actual of figures have no measure.
_UNMEASURED = (Reason.ZERO_TARGET, Reason.NEGATIVE_TARGET, Reason.EQUAL_EXCEEDED, Reason.INVERSE_UNDECIDED)

Expr = Any


class Figure(NamedTuple):
    """A column of whole numbers.

    Attributes:
        value: The number, cut to the range that is computed; 0 where there is none.
        inside: Whether it was within that range.
        absent: Whether there is none.
    """

    value: Expr
    inside: Expr
    absent: Expr


class Flag(NamedTuple):
    """A column of yes and no.

    Attributes:
        yes: Whether it says yes.
        absent: Whether it says nothing.
    """

    yes: Expr
    absent: Expr


class Given(NamedTuple):
    """The columns that a frame has, by our names."""

    figures: Mapping[str, Figure]
    words: Mapping[str, Expr]
    reading: Expr | None = None
    """The status of the texts that the figures were read from, 0 where they are figures."""
    judged: Expr | None = None
    """Whether a person's judgement stands beside the actual, which only one form weighs against it."""


def choose(cases: Sequence[tuple[Expr, Expr]], otherwise: Expr) -> Expr:
    """The value of the first case that holds."""
    nw = narwhals_or_raise()
    found = otherwise
    for condition, value in reversed(cases):
        found = nw.when(condition).then(value).otherwise(found)
    return found


def _because(reason: Reason) -> Expr:
    return integer(_PLACES[reason])


def _any(conditions: Iterable[Expr]) -> Expr:
    return reduce(lambda a, b: a | b, conditions)


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
            left, right = (n if b == 1 else n * b), (integer(0) if a == 0 else d if a == 1 else d * a)
            cases.append((left <= right if closed else left < right, _line(slope, intercept, n, d)))
    last = rule.pieces[-1]
    return choose(cases, _line(last.slope, last.intercept, n, d))


def _line(slope: int, intercept: int, n: Expr, d: Expr) -> Expr:
    if not slope:
        return d * intercept if intercept > 1 else d if intercept else integer(0)
    rising = n if slope == 1 else n * slope
    return rising + d * intercept if intercept else rising


def _ratio_rounded(digits: int, rules: Sequence[RulePlan], mode: RoundingMode) -> list[dict[str, Expr]]:
    """Stages that make ``_n / _d`` a ratio of *digits* decimals, held within what *rules* tell apart."""
    nw = narwhals_or_raise()
    n, d, m = nw.col("_pe_n"), nw.col("_pe_d"), nw.col("_pe_m")
    low, high = min(0, *(rule.low for rule in rules)), max(rule.high for rule in rules)
    unit = integer(10**digits)
    held = nw.max_horizontal(nw.min_horizontal(n, d * high), d * low if low else integer(0))
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


def indicator_stages(given: Given, plan: Plan, have: frozenset[str], scale: int) -> list[dict[str, Expr]]:
    """The columns of indicator scores, stage by stage; each stage sees the one before.

    *given* are the figures (weight in cents, target and actual at *scale*, of
    *have* share in `PARTS`) and words (kind, of *have* comparator, unit, tier).
    Out: ``_pe_score`` (cents) and ``_pe_status``.
    """
    nw = narwhals_or_raise()
    col = nw.col
    weight, target, actual = (given.figures[name] for name in ("weight", "target", "actual"))
    kind = given.words["kind"]
    absent = target.absent | actual.absent
    judged = [~given.figures["share"].absent] if "share" in have else []
    judged += [given.words["tier"].fill_null("") != ""] if "tier" in have else []
    missing = weight.absent | (absent & ~_any(judged) if judged else absent)
    unknown = ~(kind_in(kind, (None, *KINDS)))
    outside = ~(weight.inside & target.inside & actual.inside)
    first = {
        "_pe_w": weight.value,
        "_pe_t": target.value,
        "_pe_a": actual.value,
        "_pe_form": forms_of(plan, given, have),
        "_pe_barred": choose(
            [
                *([] if given.judged is None else [(given.judged & ~weight.absent, integer(Status.ONE_BY_ONE))]),
                *not_read(given, weight.absent),
                (missing, integer(Status.MISSING)),
                (unknown, integer(Status.UNKNOWN_KIND)),
                (outside, integer(Status.OUT_OF_RANGE)),
            ],
            integer(SCORED),
        ),
    }
    if judged:
        first["_pe_judged"] = _any(judged)
    signs = _signs(plan, have)
    form, t, a = col("_pe_form"), col("_pe_t"), col("_pe_a")
    met = {"≥": a >= t, ">": a > t, "=": a == t, "≤": a <= t, "<": a < t}
    *some, last = signs
    # Where no method is for these comparators any will do: no row comes to it.
    methods = [method for method in plan.methods if {sign for sign, _ in method.cases} & set(signs)] or plan.methods
    second = {
        "_pe_met": choose([(form == FORMS.index(sign), met[sign]) for sign in some], met[last]),
        "_pe_method": choose(
            [(_cases(method, form, kind, signs), integer(place)) for place, method in enumerate(methods)],
            integer(-1),
        ),
    }
    stages = [first, second, *_measures(plan, methods, given, have, scale)]
    # A row that has no score is computed like any other, within 64 bits, and
    # masked last, by adding nothing or a null: DuckDB computes what stands in
    # a CASE anew each time it is named, and everything else once.
    w, n, d, status = col("_pe_w"), col("_pe_n"), col("_pe_d"), col("_pe_status")
    stages.append({"_pe_q": guessed(w, n, d, plan.mode), "_pe_status": _status()})
    done = corrected(col("_pe_q"), w, n, d, plan.mode)
    mask = nw.when(status == SCORED).then(integer(0))
    stages.append({"_pe_score": (done if plan.step == 1 else done * plan.step) + mask})
    return stages


def not_read(given: Given, absent: Expr) -> list[tuple[Expr, Expr]]:
    """Return what bars a row whose texts are no figures."""
    if given.reading is None:
        return []
    reading = given.reading.fill_null(SCORED).cast(narwhals_or_raise().Int64)
    return [((reading != SCORED) & ~absent, reading)]


def _status() -> Expr:
    nw = narwhals_or_raise()
    barred, reason = nw.col("_pe_barred"), nw.col("_pe_reason")
    none = [
        (reason == _PLACES[Reason.BEYOND_THE_RULES], integer(Status.OUT_OF_RANGE)),
        (reason != _MEASURED, integer(Status.UNDEFINED)),
    ]
    return choose([(barred != SCORED, barred), *none], integer(SCORED)).cast(nw.Int8)


def _signs(plan: Plan, have: frozenset[str]) -> list[str]:
    """The comparators that can be."""
    if "comparator" in have:
        return list(FORMS)
    read = _read_signs(plan, have)
    # A target of 0 of which more would be better is met at 0 only.
    read |= {"="} if "≥" in read else set()
    return [sign for sign in FORMS if sign in read] or [FORMS[0]]


def _read_signs(plan: Plan, have: frozenset[str]) -> set[str | None]:
    """The comparators that a target without one is read with, of a frame with these columns."""
    return {
        row.sign
        for row in plan.comparators
        if (row.units is None or "unit" in have) and (row.names is None or "indicator" in have)
    }


def forms_of(plan: Plan, given: Given, have: frozenset[str]) -> Expr:
    """Return the place of the comparator in FORMS, -1 where none is read."""
    unstated = integer(-1)
    for row in reversed(plan.comparators):
        place = integer(-1 if row.sign is None else FORMS.index(row.sign))
        if row.sign == "≥":
            place = choose([(given.figures["target"].value == 0, integer(FORMS.index("=")))], place)
        conditions = _conditions(row, given, have)
        if conditions is not None:
            unstated = choose([(reduce(lambda a, b: a & b, conditions), place)], unstated) if conditions else place
    if "comparator" not in have:
        return unstated
    sign = given.words["comparator"].fill_null("unstated")
    stated = [(sign == form, integer(place)) for place, form in enumerate(FORMS)]
    return choose([*stated, (sign == "unstated", unstated)], integer(-1))


def _conditions(row: UnstatedPlan, given: Given, have: frozenset[str]) -> list[Expr] | None:
    """When a row is read so; `None` if it never is, because the frame does not tell."""
    found = [kind_in(given.words["kind"], row.kinds)] if row.kinds else []
    if row.units is not None:
        if "unit" not in have:
            return None
        found.append(given.words["unit"].fill_null("").str.contains(row.units))
    if row.names is None and row.except_names is None:
        return found
    if "indicator" not in have:
        return None if row.names is not None else found
    name = given.words["indicator"].fill_null("").str.replace_all(QUOTES_IN_NAMES, "")
    found += [] if row.names is None else [name.str.contains(row.names)]
    found += [] if row.unless is None else [~name.str.contains(row.unless)]
    return found if row.except_names is None else [*found, ~name.str.contains(row.except_names)]


def kind_in(kind: Expr, kinds: Iterable[str | None]) -> Expr:
    """Return whether a kind is one of these; `None` is no kind."""
    names = ["" if name is None else name for name in kinds]
    found = kind.is_in(names).fill_null(value=False)
    return found | kind.is_null() if "" in names else found


def _measures(
    plan: Plan, methods: Sequence[MethodPlan], given: Given, have: frozenset[str], scale: int
) -> list[dict[str, Expr]]:
    """``_n / _d``, the share of the weight, exact; ``_reason`` where there is none (a number)."""
    nw = narwhals_or_raise()
    col = nw.col
    parts = [_measure(plan, method, given, have, scale) for method in methods]

    def of(values: Sequence[Expr], otherwise: Expr | None = None) -> Expr:
        cases = [(col("_pe_method") == place, value) for place, value in enumerate(values)]
        return choose(cases, otherwise) if otherwise is not None else choose(cases[:-1], cases[-1][1])

    n, d, one, reason = col("_pe_n"), col("_pe_d"), col("_pe_one"), col("_pe_reason")
    stages: list[dict[str, Expr]] = [
        {
            "_pe_n": of([part[0] for part in parts]),
            # A row without a ratio keeps none: any whole denominator does.
            "_pe_d": nw.max_horizontal(of([part[1] for part in parts]), integer(1)),
            # What is met without a ratio.
            "_pe_one": of([part[2] for part in parts]),
            "_pe_reason": of([part[3] for part in parts], _because(Reason.NO_RULE)),
        },
    ]
    if any(method.rule.beyond for method in methods):
        far = of([(n > d * m.rule.high) if m.rule.beyond else nw.lit(value=False) for m in methods])
        most = max(method.rule.high for method in methods)
        stages.append(
            {
                "_pe_reason": nw.when(far & (reason == _MEASURED) & ~one)
                .then(_because(Reason.BEYOND_THE_RULES))
                .otherwise(reason),
                "_pe_n": nw.min_horizontal(n, d * most),
            }
        )
    if plan.ratio_digits is not None:
        stages += _ratio_rounded(plan.ratio_digits, [method.rule for method in methods], plan.mode)
    stages += _shares(plan, methods)
    if {"tier", "share"} & have:
        stages.append(_judgements(plan, given, have))
    whole: dict[str, Expr] = {"_pe_n": nw.when(one).then(d).otherwise(n)}
    if plan.step != 1:
        whole["_pe_d"] = d * plan.step
    return [*stages, whole]


def _cases(method: MethodPlan, form: Expr, kind: Expr, signs: Sequence[str]) -> Expr:
    parts = []
    # Of comparators that no row has nothing is asked.
    for sign, kinds in [case for case in method.cases if case[0] in signs] or method.cases:
        here = form == FORMS.index(sign)
        parts.append(here if len(kinds) == len(KINDS) + 1 else here & kind_in(kind, kinds))
    return _any(parts)


def _measure(
    plan: Plan, method: MethodPlan, given: Given, have: frozenset[str], scale: int
) -> tuple[Expr, Expr, Expr, Expr]:
    """The measure's numerator and denominator, whether it is met without one, and why there is none (a number)."""
    nw = narwhals_or_raise()
    col = nw.col
    t, a, form, met = col("_pe_t"), col("_pe_a"), col("_pe_form"), col("_pe_met")
    nothing, never = integer(_MEASURED), nw.lit(value=False)
    signed = _because(Reason.ZERO_TARGET)
    if plan.unmet:
        signed = choose([(t < 0, _because(Reason.NEGATIVE_TARGET))], signed)
    if method.measure is Measure.ACTUAL:
        per = integer(scale)
        if "unit" in have:
            unit = given.words["unit"].fill_null("")
            per = choose([(unit == name, integer(scale * 10**power)) for name, power in RATIO_UNITS.items()], per)
        return a, per, never, nothing
    if method.measure in (Measure.DEVIATION, Measure.EXCESS):
        off = a - t
        apart = nw.max_horizontal(off, t - a) if method.measure is Measure.DEVIATION else off
        return apart, t, never, choose([(t > 0, nothing)], signed)
    down = form >= FORMS.index("≤")
    signs = {sign for sign, _ in method.cases} & set(_signs(plan, have))
    both = bool(signs & {"≥", ">", "="}) and bool(signs & {"≤", "<"})
    only_down = not signs & {"≥", ">", "="}
    # What is read as "=" because its target is 0 exceeds no target above.
    equal = "=" in signs and ("comparator" in have or "=" in _read_signs(plan, have))
    exceeded = [((form == FORMS.index("=")) & (t > 0) & (a > t), _because(Reason.EQUAL_EXCEEDED))] if equal else []
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
            undecided = [(down & (t > 0) & ~met, _because(Reason.INVERSE_UNDECIDED))]
    return n, d, one, choose([*exceeded, *undecided, ((t > 0) | met, nothing)], signed)


def _shares(plan: Plan, methods: Sequence[MethodPlan]) -> list[dict[str, Expr]]:
    """From the measure to the share, by the rule of each method."""
    nw = narwhals_or_raise()
    col = nw.col
    n, d, method = col("_pe_n"), col("_pe_d"), col("_pe_method")
    rules: dict[RulePlan, list[int]] = {}
    for place, row in enumerate(methods):
        rules.setdefault(row.rule, []).append(place)

    def of(value: Any) -> Expr:
        values = [(rule, places, value(rule)) for rule, places in rules.items()]
        cases = [(method.is_in(places), found) for _, places, found in values[:-1]]
        return choose(cases, values[-1][2])

    stages: list[dict[str, Expr]] = []
    denominators = {rule.denominator for rule in rules}
    share = {"_pe_n": of(lambda rule: pieces(rule, n, d))}
    if denominators != {1}:
        share["_pe_d"] = d * denominators.pop() if len(denominators) == 1 else of(lambda rule: d * rule.denominator)
    stages.append(share)
    given = [(_PLACES[reason], a, b) for reason, a, b in plan.unmet if reason in _UNMEASURED]
    if given:
        reason = col("_pe_reason")
        stages.append(
            {
                "_pe_n": choose([(reason == code, integer(a)) for code, a, _ in given], n),
                "_pe_d": choose([(reason == code, integer(b)) for code, _, b in given], d),
                "_pe_reason": nw.when(reason.is_in([code for code, _, _ in given]))
                .then(integer(_MEASURED))
                .otherwise(reason),
            }
        )
    return stages


def _millionths(share: Decimal) -> int:
    a, b = share.as_integer_ratio()
    return a * PARTS // b


def _judgements(plan: Plan, given: Given, have: frozenset[str]) -> dict[str, Expr]:
    """A person's share, or the tier's own, held to the tier's range."""
    nw = narwhals_or_raise()
    col = nw.col
    tier = given.words["tier"].fill_null("") if "tier" in have else nw.lit("")
    shared = ~given.figures["share"].absent if "share" in have else nw.lit(value=False)
    share = given.figures["share"].value if "share" in have else integer(0)
    judged, kind = col("_pe_judged"), given.words["kind"]
    own_cases, good_cases = [], []
    for method in plan.judged:
        here = nw.lit(value=True) if len(method.kinds) == len(KINDS) + 1 else kind_in(kind, method.kinds)
        good_cases.append((here & (tier == "") & shared & (share >= 0) & (share <= PARTS), nw.lit(value=True)))
        for name, lower, upper, own in method.tiers:
            at = here & (tier == name.value)
            low, high = _millionths(lower), _millionths(upper)
            within = (share >= low) & ((share <= high) if upper == 1 else (share < high))
            good_cases.append((at & shared & within, nw.lit(value=True)))
            if own is not None:
                own_cases.append((at & ~shared, integer(_millionths(own))))
                good_cases.append((at & ~shared, nw.lit(value=True)))
    earned = choose(own_cases, share)
    good = choose(good_cases, nw.lit(value=False))
    return {
        "_pe_n": nw.when(judged).then(earned).otherwise(col("_pe_n")),
        "_pe_d": nw.when(judged).then(integer(PARTS)).otherwise(col("_pe_d")),
        "_pe_one": col("_pe_one") & ~judged,
        "_pe_reason": nw.when(judged)
        .then(choose([(good, integer(_MEASURED))], _because(Reason.NO_RULE)))
        .otherwise(col("_pe_reason")),
    }


def execution_stages(budget: Figure, spent: Figure, finished: Flag | None, plan: Plan) -> list[dict[str, Expr]]:
    """The columns of the execution rate's score, of figures in fen.

    Out: ``_pe_score`` (cents) and ``_pe_status``.
    """
    nw = narwhals_or_raise()
    col = nw.col
    terms = plan.execution
    rules: list[tuple[Expr, RulePlan, tuple[int, int, bool] | None]]
    b, s, d = budget.value, spent.value, col("_pe_d")
    without = (b == 0) & budget.inside & ~budget.absent
    left_out = terms.no_budget in (NoBudget.NOT_APPLICABLE, NoBudget.WITHOUT_WEIGHT)
    cases = [
        (without, integer(Status.NOT_APPLICABLE if left_out else Status.SCORED)),
        (budget.absent | spent.absent, integer(Status.MISSING)),
        (~(budget.inside & spent.inside), integer(Status.OUT_OF_RANGE)),
    ]
    if terms.unfinished is None:
        rules = [(nw.lit(value=True), terms.finished, terms.finished_end)]
    else:
        unknown = nw.lit(value=True) if finished is None else finished.absent
        done = nw.lit(value=False) if finished is None else finished.yes
        rules = [(done, terms.finished, terms.finished_end), (~done, terms.unfinished, terms.unfinished_end)]
        cases.append((unknown, integer(Status.UNDEFINED)))
    for here, rule, end in rules:
        if end is not None:
            most, per, closed = end
            over, under = (s if per == 1 else s * per), (b if most == 1 else b * most)
            cases.append((here & ((over > under) if closed else (over >= under)), integer(Status.UNDEFINED)))
        if rule.beyond:
            cases.append((here & (s > b * rule.high), integer(Status.UNDEFINED)))
    most = max(rule.high for _, rule, _ in rules)
    stages: list[dict[str, Expr]] = [
        {
            "_pe_status": choose(cases, integer(SCORED)).cast(nw.Int8),
            "_pe_d": nw.max_horizontal(b, integer(1)),
            # Without a budget all or nothing is earned, where anything is.
            "_pe_n": nw.when(without).then(integer(terms.no_budget is NoBudget.FULL)).otherwise(s),
        },
        {"_pe_n": nw.min_horizontal(col("_pe_n"), d * most)},
    ]
    if plan.ratio_digits is not None:
        stages += _ratio_rounded(plan.ratio_digits, [rule for _, rule, _ in rules], plan.mode)
    *first, last = rules
    n = col("_pe_n")

    def of(value: Any) -> Expr:
        return choose([(here, value(rule)) for here, rule, _ in first], value(last[1]))

    stages.append(
        {"_pe_n": of(lambda rule: pieces(rule, n, d)), "_pe_d": of(lambda rule: d * (rule.denominator * plan.step))}
    )
    w = integer(terms.weight)
    stages.append({"_pe_q": guessed(w, n, d, plan.mode)})
    status = col("_pe_status")
    scored = corrected(col("_pe_q"), w, n, d, plan.mode) * plan.step + nw.when(status == SCORED).then(integer(0))
    stages.append({"_pe_score": scored})
    return stages
