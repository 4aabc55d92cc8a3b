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
    "EQUAL",
    "LESS",
    "MORE",
    "Figure",
    "Flag",
    "Given",
    "choose",
    "execution_stages",
    "forms_of",
    "indicator_stages",
    "kind_in",
    "not_read",
    "score_of",
]

SCORED = int(Status.SCORED)

EQUAL, MORE, LESS = 1, 2, 4
"""What meets a target, compared with it; a comparator is the sum of what does."""
_CODES = {"≥": MORE + EQUAL, ">": MORE, "=": EQUAL, "≤": LESS + EQUAL, "<": LESS}

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
        value: The number, 0 where there is none that is computed.
        outside: Whether it is beyond what is computed; false or null where there is none.
        absent: Whether there is none.
        zero: Whether it is 0; null or false where there is none.
        negative: Whether it is below 0; likewise.
    """

    value: Expr
    outside: Expr
    absent: Expr
    zero: Expr
    negative: Expr


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
    """The value of the first case that holds; a condition that is null holds nowhere."""
    found: Any = narwhals_or_raise()
    for condition, value in cases:
        found = found.when(condition).then(value)
    return found.otherwise(otherwise) if cases else otherwise


def _because(reason: Reason) -> int:
    return _PLACES[reason]


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
    up = q + (rest * 2 >= d).cast(nw.Int64)
    if mode is RoundingMode.HALF_UP:
        return up
    # Half a denominator short of the step: nothing larger than w x n is ever named.
    tie = (w * n - d * up) * 2 == -d
    # No remainder on pandas with pyarrow; a score is small enough for a float.
    odd = (up.cast(nw.Float64) * 0.5).floor().cast(nw.Int64) * 2 != up
    return up - (tie & odd).cast(nw.Int64)


def indicator_stages(given: Given, plan: Plan, have: frozenset[str], scale: int) -> list[dict[str, Expr]]:
    """The columns that `score_of` makes a score of, stage by stage; each stage sees the one before.

    *given* are the figures (weight in cents, target and actual at *scale*, of
    *have* share in `PARTS`) and words (kind, of *have* comparator, unit, tier).
    Out: ``_pe_w`` (cents), ``_pe_n``, ``_pe_d``, ``_pe_q`` and ``_pe_status``.

    What is written costs each time it is written, on every engine: a thing
    that is asked for twice is a column of the stage before.
    """
    col = narwhals_or_raise().col
    weight, target, actual = (given.figures[name] for name in ("weight", "target", "actual"))
    absent = target.absent | actual.absent
    judged = _judged(given, have)
    known = given.words["kind"].is_in(["", *KINDS]) | given.words["kind"].is_null()
    inside = choose([(weight.outside | target.outside | actual.outside, int(Status.OUT_OF_RANGE))], SCORED)
    first = {
        "_pe_w": weight.value,
        "_pe_t": target.value,
        "_pe_a": actual.value,
        "_pe_form": forms_of(plan, given, have),
        "_pe_barred": choose(
            [
                *([] if given.judged is None else [(given.judged & ~weight.absent, int(Status.ONE_BY_ONE))]),
                *not_read(given, weight.absent),
                (weight.absent | (absent if judged is None else absent & ~judged), int(Status.MISSING)),
                (known, inside),
            ],
            int(Status.UNKNOWN_KIND),
        ),
    }
    if judged is not None:
        first |= {"_pe_judged": judged, "_pe_earned": _earned(given, plan, have)}
    signs = _signs(plan, have)
    # Where no method is for these comparators any will do: no row comes to it.
    methods = [method for method in plan.methods if {sign for sign, _ in method.cases} & set(signs)] or plan.methods
    places = [(_cases(method, given.words["kind"], signs), place) for place, method in enumerate(methods)]
    second, none = {"_pe_met": _met(signs)}, col("_pe_method") < 0
    if len(methods) > 1:
        second["_pe_method"] = choose(places, -1)
    else:
        none = ~places[0][0]
    stages = [first, second, *_measures(plan, methods, none, given, have, scale)]
    w, n, d = col("_pe_w"), col("_pe_n"), col("_pe_d")
    stages.append({"_pe_q": guessed(w, n, d, plan.mode)})
    return stages


def score_of(plan: Plan, weight: Expr) -> Expr:
    """The score of the stages, in cents; null where the status says that there is none.

    A row that has no score is computed like any other, within 64 bits, and
    masked last, by adding nothing or a null: DuckDB computes what stands in
    a CASE anew each time it is named, and everything else once.
    """
    nw = narwhals_or_raise()
    done = corrected(nw.col("_pe_q"), weight, nw.col("_pe_n"), nw.col("_pe_d"), plan.mode)
    mask = nw.when(nw.col("_pe_status") == SCORED).then(integer(0))
    return (done if plan.step == 1 else done * plan.step) + mask


def not_read(given: Given, absent: Expr) -> list[tuple[Expr, Expr]]:
    """Return what bars a row whose texts are no figures."""
    if given.reading is None:
        return []
    reading = given.reading.fill_null(SCORED).cast(narwhals_or_raise().Int64)
    return [((reading != SCORED) & ~absent, reading)]


def _met(signs: Sequence[str]) -> Expr:
    """Whether the target is met: by what is equal, more or less."""
    nw = narwhals_or_raise()
    t, a, form = nw.col("_pe_t"), nw.col("_pe_a"), nw.col("_pe_form")
    ways = []
    for holds, part in ((a == t, EQUAL), (a > t, MORE), (a < t, LESS)):
        codes = [_CODES[sign] for sign in signs if _CODES[sign] & part]
        if codes:
            ways.append(holds if len(codes) == len(signs) else holds & _is_one(form, codes))
    return _any(ways)


def _is_one(form: Expr, codes: Sequence[int]) -> Expr:
    return form == codes[0] if len(codes) == 1 else form.is_in(sorted(codes))


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
    """Return how the target is met, of `EQUAL`, `MORE` and `LESS`; 0 where it is not told."""
    unstated: Expr = 0
    for row in reversed(plan.comparators):
        code = _CODES.get(row.sign or "", 0)
        meant = choose([(given.figures["target"].zero, EQUAL)], code) if row.sign == "≥" else code
        conditions = _conditions(row, given, have)
        if conditions is not None:
            unstated = choose([(reduce(lambda a, b: a & b, conditions), meant)], unstated) if conditions else meant
    nw = narwhals_or_raise()
    if "comparator" not in have:
        return nw.lit(unstated) if isinstance(unstated, int) else unstated
    sign = given.words["comparator"]

    def says(part: int) -> Expr:
        return sign.is_in([form for form in FORMS if _CODES[form] & part]).cast(nw.Int64) * part

    return choose([(sign.is_null() | (sign == "unstated"), unstated)], says(EQUAL) + says(MORE) + says(LESS))


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
    plan: Plan, methods: Sequence[MethodPlan], none: Expr, given: Given, have: frozenset[str], scale: int
) -> list[dict[str, Expr]]:
    """``_n / _d``, the share of the weight, exact, and the status; *none* is where no method is for a row."""
    nw = narwhals_or_raise()
    col = nw.col
    parts = [_measure(plan, method, given, have, scale) for method in methods]

    def of(values: Sequence[Expr]) -> Expr:
        return choose([(col("_pe_method") == place, value) for place, value in enumerate(values[:-1])], values[-1])

    n, d, reason = col("_pe_n"), col("_pe_d"), col("_pe_reason")
    n_of, d_of, one_of, reason_of = ([part[place] for part in parts] for place in range(4))
    because = [(none, _because(Reason.NO_RULE))]
    if {"tier", "share"} & have:
        judged = col("_pe_judged")
        because = [(judged & _fits(given, plan, have), _MEASURED), (judged, _because(Reason.NO_RULE)), *because]
    stages: list[dict[str, Expr]] = [
        {
            "_pe_n": of(n_of),
            # A row without a ratio keeps none: any whole denominator does.
            "_pe_d": nw.max_horizontal(of(d_of), integer(1)),
            # What is met without a ratio.
            "_pe_one": of(one_of),
            "_pe_reason": choose(because, of(reason_of)),
        },
    ]
    if any(method.rule.beyond for method in methods):
        far = of([(n > d * m.rule.high) if m.rule.beyond else nw.lit(value=False) for m in methods])
        figures = [col("_pe_one")] + ([col("_pe_judged")] if {"tier", "share"} & have else [])
        most = max(method.rule.high for method in methods)
        stages.append(
            {
                "_pe_reason": choose(
                    [(far & (reason == _MEASURED) & ~_any(figures), _because(Reason.BEYOND_THE_RULES))], reason
                ),
                "_pe_n": nw.min_horizontal(n, d * most),
            }
        )
    if plan.ratio_digits is not None:
        stages += _ratio_rounded(plan.ratio_digits, [method.rule for method in methods], plan.mode)
    return [*stages, _shares(plan, methods, have)]


def _cases(method: MethodPlan, kind: Expr, signs: Sequence[str]) -> Expr:
    form = narwhals_or_raise().col("_pe_form")
    forms: dict[tuple[str | None, ...], list[int]] = {}
    # Of comparators that no row has nothing is asked.
    for sign, kinds in [case for case in method.cases if case[0] in signs] or method.cases:
        forms.setdefault(kinds, []).append(_CODES[sign])
    parts = []
    for kinds, codes in forms.items():
        here = form > 0 if set(codes) == {_CODES[sign] for sign in signs} else _is_one(form, codes)
        parts.append(here if len(kinds) == len(KINDS) + 1 else here & kind_in(kind, kinds))
    return _any(parts)


def _measure(
    plan: Plan, method: MethodPlan, given: Given, have: frozenset[str], scale: int
) -> tuple[Expr, Expr, Expr, Expr]:
    """The measure's numerator and denominator, whether it is met without one, and why there is none (a number)."""
    nw = narwhals_or_raise()
    col = nw.col
    t, a, form, met = col("_pe_t"), col("_pe_a"), col("_pe_form"), col("_pe_met")
    nothing, never = nw.lit(_MEASURED), nw.lit(value=False)
    signed: Expr = _because(Reason.ZERO_TARGET)
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
    down = form >= LESS
    signs = {sign for sign, _ in method.cases} & set(_signs(plan, have))
    both = bool(signs & {"≥", ">", "="}) and bool(signs & {"≤", "<"})
    only_down = not signs & {"≥", ">", "="}
    # What is read as "=" because its target is 0 exceeds no target above.
    equal = "=" in signs and ("comparator" in have or "=" in _read_signs(plan, have))
    exceeded = [((form == EQUAL) & (t > 0) & (a > t), _because(Reason.EQUAL_EXCEEDED))] if equal else []
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


def _shares(plan: Plan, methods: Sequence[MethodPlan], have: frozenset[str]) -> dict[str, Expr]:
    """From the measure to the share, by the rule of each method; a judgement's is its own."""
    nw = narwhals_or_raise()
    col = nw.col
    n, d, method, reason = col("_pe_n"), col("_pe_d"), col("_pe_method"), col("_pe_reason")
    rules: dict[RulePlan, list[int]] = {}
    for place, row in enumerate(methods):
        rules.setdefault(row.rule, []).append(place)

    def of(value: Any) -> Expr:
        values = [(places, value(rule)) for rule, places in rules.items()]
        return choose([(method.is_in(places), found) for places, found in values[:-1]], values[-1][1])

    denominators = {rule.denominator for rule in rules}
    whole = of(lambda rule: _times(d, rule.denominator)) if len(denominators) > 1 else _times(d, denominators.pop())
    given = [(reason == _PLACES[why], a, b) for why, a, b in plan.unmet if why in _UNMEASURED]
    shares = [(here, integer(a)) for here, a, _ in given]
    wholes = [(here, integer(b * plan.step)) for here, _, b in given]
    if {"tier", "share"} & have:
        shares = [(col("_pe_judged"), col("_pe_earned")), *shares]
        wholes = [(col("_pe_judged"), integer(PARTS * plan.step)), *wholes]
    barred = col("_pe_barred")
    status = [(barred != SCORED, barred)]
    if any(row.rule.beyond for row in methods):
        status.append((reason == _PLACES[Reason.BEYOND_THE_RULES], int(Status.OUT_OF_RANGE)))
    measured = [_MEASURED, *(_PLACES[why] for why, _, _ in plan.unmet if why in _UNMEASURED)]
    none = (reason != _MEASURED) if len(measured) == 1 else ~reason.is_in(measured)
    return {
        "_pe_n": choose([*shares, (col("_pe_one"), whole)], of(lambda rule: pieces(rule, n, d))),
        "_pe_d": choose(wholes, _times(whole, plan.step)),
        "_pe_status": choose([*status, (none, int(Status.UNDEFINED))], SCORED).cast(nw.Int8),
    }


def _times(column: Expr, factor: int) -> Expr:
    return column if factor == 1 else column * factor


def _millionths(share: Decimal) -> int:
    a, b = share.as_integer_ratio()
    return a * PARTS // b


def _judged(given: Given, have: frozenset[str]) -> Expr | None:
    """Whether a person judged a row; `None` where nobody can have."""
    ways = [~given.figures["share"].absent] if "share" in have else []
    ways += [given.words["tier"].fill_null("") != ""] if "tier" in have else []
    return _any(ways) if ways else None


def _tiers(plan: Plan, given: Given) -> list[tuple[Expr, Decimal, Decimal, Decimal | None]]:
    """When a tier is of a rule's, its range and its own share."""
    texts = {name: [name, *words] for name, words in plan.tier_words}
    found = []
    for method in plan.judged:
        for tier, lower, upper, own in method.tiers:
            here = given.words["tier"].is_in(texts[tier.value])
            found.append((_of_kinds(here, method.kinds, given), lower, upper, own))
    return found


def _of_kinds(condition: Expr, kinds: tuple[str | None, ...], given: Given) -> Expr:
    return condition if len(kinds) == len(KINDS) + 1 else condition & kind_in(given.words["kind"], kinds)


def _earned(given: Given, plan: Plan, have: frozenset[str]) -> Expr:
    """A person's share, or the tier's own; below 0 where there is none."""
    tiers = _tiers(plan, given) if "tier" in have else []
    own = [(here, integer(_millionths(share))) for here, _, _, share in tiers if share is not None]
    if "share" not in have:
        return choose(own, integer(-1))
    share = given.figures["share"]
    return choose([(~share.absent, share.value), *own], integer(-1))


def _fits(given: Given, plan: Plan, have: frozenset[str]) -> Expr:
    """Whether what is earned is within the tier's range."""
    nw = narwhals_or_raise()
    earned = nw.col("_pe_earned")
    blank = given.words["tier"].fill_null("") == "" if "tier" in have else nw.lit(value=True)
    ways = [_of_kinds(blank, method.kinds, given) for method in plan.judged]
    for here, lower, upper, _ in _tiers(plan, given) if "tier" in have else ():
        within = here & (earned >= _millionths(lower)) if lower else here
        # The upper end belongs to the highest tier only.
        ways.append(within if upper == 1 else within & (earned < _millionths(upper)))
    return (earned >= 0) & _any(ways) if ways else nw.lit(value=False)


def execution_stages(budget: Figure, spent: Figure, finished: Flag | None, plan: Plan) -> list[dict[str, Expr]]:
    """The columns that `score_of` makes the score of the execution rate of, of figures in fen.

    Out: as of `indicator_stages`, without a weight.
    """
    nw = narwhals_or_raise()
    col, terms = nw.col, plan.execution
    rules: list[tuple[Expr, RulePlan, tuple[int, int, bool] | None]]
    s, d, n = spent.value, col("_pe_d"), col("_pe_n")
    left_out = terms.no_budget in (NoBudget.NOT_APPLICABLE, NoBudget.WITHOUT_WEIGHT)
    cases = [
        (budget.zero, int(Status.NOT_APPLICABLE if left_out else Status.SCORED)),
        (budget.absent | spent.absent, int(Status.MISSING)),
        (budget.outside | spent.outside, int(Status.OUT_OF_RANGE)),
    ]
    if terms.unfinished is None:
        rules = [(nw.lit(value=True), terms.finished, terms.finished_end)]
    else:
        unknown = nw.lit(value=True) if finished is None else finished.absent
        done = nw.lit(value=False) if finished is None else finished.yes
        rules = [(done, terms.finished, terms.finished_end), (~done, terms.unfinished, terms.unfinished_end)]
        cases.append((unknown, int(Status.UNDEFINED)))
    b = budget.value
    for here, rule, end in rules:
        if end is not None:
            most, per, closed = end
            over, under = _times(s, per), _times(b, most)
            cases.append((here & ((over > under) if closed else (over >= under)), int(Status.UNDEFINED)))
        if rule.beyond:
            cases.append((here & (s > b * rule.high), int(Status.UNDEFINED)))
    stages: list[dict[str, Expr]] = [
        {
            "_pe_status": choose(cases, SCORED).cast(nw.Int8),
            "_pe_d": nw.max_horizontal(b, integer(1)),
            # Without a budget all or nothing is earned, where anything is.
            "_pe_n": s if left_out else choose([(budget.zero, integer(terms.no_budget is NoBudget.FULL))], s),
        }
    ]
    if not all(rule.rises for _, rule, _ in rules):
        stages.append({"_pe_n": nw.min_horizontal(n, d * max(rule.high for _, rule, _ in rules))})
    if plan.ratio_digits is not None:
        stages += _ratio_rounded(plan.ratio_digits, [rule for _, rule, _ in rules], plan.mode)
    *first, last = rules

    def of(value: Any) -> Expr:
        return choose([(here, value(rule)) for here, rule, _ in first], value(last[1]))

    stages.append({"_pe_n": of(lambda rule: pieces(rule, n, d))})
    if factor := {rule.denominator * plan.step for _, rule, _ in rules} - {1}:
        every = len({rule.denominator for _, rule, _ in rules}) == 1
        stages[-1]["_pe_d"] = d * factor.pop() if every else of(lambda rule: d * (rule.denominator * plan.step))
    stages.append({"_pe_q": guessed(integer(terms.weight), n, d, plan.mode)})
    return stages
