"""Monitoring in columns: the lights of money and targets at mid-year.

The same lights as `perfeval.monitoring.monitor` gives one form: progress is
compared with the limits of the rule set by multiplying, never by dividing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from perfeval.errors import FrameError
from perfeval.frames.engines import integer, narwhals_or_raise, told
from perfeval.frames.expressions import EQUAL, LESS, MORE, Figure, Given, choose, forms_of, kind_in, not_read
from perfeval.frames.inputs import Columns, Input, translated
from perfeval.frames.joins import joined
from perfeval.frames.plans import KINDS, Plan, plan_of
from perfeval.frames.status import Status
from perfeval.model import IndicatorKind, Light
from perfeval.monitoring import terms_of
from perfeval.rulesets import Lights, MonitoringRules, RuleSet
from perfeval.targets import Tier

__all__ = ["monitor_indicators", "monitor_projects"]

Frame = TypeVar("Frame")
Expr = Any

LINE_NAMES = ("light", "light_status")
PROJECT_NAMES = ("money_light", "money_status", "unlit", "light", "partial_light")

_BEST_FIRST = tuple(Light)
_SCORED = int(Status.SCORED)
_NONE = -1


@told
def monitor_indicators(frame: Frame, rules: RuleSet, *, months: int, columns: Columns = None) -> Frame:
    """Return the frame with the light of each indicator at mid-year, and its status.

    Needs ``project_id``, ``kind``, ``target`` and ``actual`` (what was reached
    so far); takes ``comparator``, ``unit``, ``tier``, ``indicator`` and
    ``reading`` as `score_indicators` does. A share without a tier has no light.

    Args:
        frame: A frame as for `score_indicators`, a row per indicator.
        rules: The rule set; where it says nothing of monitoring, the nation's
            rules apply.
        months: The months gone by, 1 to 12.
        columns: As for `score_indicators`.

    Returns:
        The same kind of frame, with ``light`` ("blue", "green", "yellow",
        "red") and ``light_status``: a light is null exactly where the status
        is not 0.

    Raises:
        FrameError: Before any work: if a column is missing or holds no
            integers, or if *months* is none.

    Source: the articles that the monitoring rules cite.

    >>> import polars as pl
    >>> from perfeval import rule_set
    >>> frame = pl.DataFrame({"project_id": [1, 1], "kind": ["output.quantity", "output.quality"],
    ...     "comparator": ["≥", "≥"], "target": [100, 100], "actual": [40, 79]})
    >>> monitor_indicators(frame, rule_set("CN-HA", fiscal_year=2022), months=7)["light"].to_list()
    ['yellow', 'yellow']
    """
    given = Input(frame, columns)
    given.free(LINE_NAMES)
    lit = _lit_indicators(given, rules, _months(months))
    nw = narwhals_or_raise()
    lit = lit.with_columns(light=_names(nw.col("_pe_light")), light_status=nw.col("_pe_status").cast(nw.Int8))
    made: Frame = nw.to_native(_without_temporaries(lit))
    return made


@told
def monitor_projects(
    projects: Frame, indicators: Frame, rules: RuleSet, *, months: int, columns: Columns = None
) -> Frame:
    """Return each project with the light of its money and its worst light at mid-year.

    Args:
        projects: A row per project, with ``project_id``, the budget that the
            monitoring rules name (``original_budget``) and
            ``actual_expenditure``, what was spent so far.
        indicators: A row per indicator: see `monitor_indicators`.
        rules: As there.
        months: As there.
        columns: As there, for both.

    Returns:
        The projects with ``money_light`` and ``money_status``, ``unlit`` (the
        indicators without a light), ``light`` and ``partial_light``: the
        worst light of all, null where one is missing that could be worse, and
        the worst of those that there are. A project id that stands twice has
        neither.

    Raises:
        FrameError: As `monitor_indicators`.

    Source: the articles that the monitoring rules cite.
    """
    nw = narwhals_or_raise()
    col, gone = nw.col, _months(months)
    given, rows = Input(projects, columns), Input(indicators, columns)
    given.free(PROJECT_NAMES)
    kept = list(given.schema)
    rows.narrow()
    terms = terms_of(rules, max(rules.first_fiscal_year, rules.checked_on.year)).terms
    counts = {f"_pe_n{place}": (col("_pe_light") == place).cast(nw.Int64) for place in range(len(_BEST_FIRST))}
    counts["_pe_unlit"] = (col("_pe_status") != _SCORED).cast(nw.Int64)
    lines = _lit_indicators(rows, rules, gone)
    heads = _lit_money(given, terms, gone)
    heads = heads.drop([name for name in heads.collect_schema() if name not in {*kept, "_pe_money", "_pe_how"}])
    unmet = {"_pe_money": ("_pe_money", _NONE), "_pe_how": ("_pe_how", int(Status.NO_PROJECT))}
    both = joined(given, rows, heads, lines, counts, unmet, orphans=True)
    money, twice = col("_pe_money"), col("_pe_twice") | col("_pe_orphan")
    worst = choose(
        [
            ((col(f"_pe_n{place}") > 0) | (money == place), integer(place))
            for place in reversed(range(len(_BEST_FIRST)))
        ],
        integer(_NONE),
    )
    red = _BEST_FIRST.index(Light.RED)
    both = both.with_columns(_pe_worst=nw.when(twice).then(integer(_NONE)).otherwise(worst))
    complete = ((col("_pe_unlit") == 0) & (money != _NONE)) | (col("_pe_worst") == red)
    both = both.with_columns(
        money_light=_names(money),
        money_status=col("_pe_how").cast(nw.Int8),
        unlit=col("_pe_unlit"),
        light=_names(nw.when(complete).then(col("_pe_worst")).otherwise(integer(_NONE))),
        partial_light=_names(col("_pe_worst")),
    )
    made: Frame = nw.to_native(_without_temporaries(both))
    return made


def _months(months: int) -> int:
    if isinstance(months, bool) or not isinstance(months, int) or not 1 <= months <= 12:
        raise FrameError(f"months: expected a whole number from 1 to 12, got {months!r}")
    return months


def _without_temporaries(frame: Any) -> Any:
    return frame.drop([name for name in frame.collect_schema() if name.startswith("_pe_")])


def _names(places: Expr) -> Expr:
    """The lights by their places; null for none."""
    nw = narwhals_or_raise()
    found = nw.lit(None, dtype=nw.String)
    for place, light in enumerate(_BEST_FIRST):
        found = nw.when(places == place).then(nw.lit(light.value)).otherwise(found)
    return found


def _largest(lights: Sequence[Lights]) -> int:
    """The largest figure of which every product that is compared stays within 64 bits."""
    factors = [12]
    for some in lights:
        for _, at_least in some.bands:
            if at_least is not None:
                numerator, denominator = at_least.as_integer_ratio()
                factors += [12 * abs(numerator), 12 * denominator]
    return int((2**63 - 1) // max(factors))


def _lit(lights: Lights, part: Expr, whole: Expr, months: Expr) -> Expr:
    """The place of the light of ``part / whole x 12 / months``; *whole* is above 0."""
    cases, last = [], lights.bands[-1].light
    for light, at_least in lights.bands:
        if at_least is not None:
            numerator, denominator = at_least.as_integer_ratio()
            reached = part * (12 * denominator) >= whole * numerator * months
            cases.append((reached, integer(_BEST_FIRST.index(light))))
    return choose(cases, integer(_BEST_FIRST.index(last)))


def _lit_money(given: Input, terms: MonitoringRules, months: int) -> Any:
    """The projects with ``_pe_money``, the place of a light, and ``_pe_how``, why there is none."""
    nw = narwhals_or_raise()
    col = nw.col
    name, limit = terms.basis.column, _largest([terms.money])
    given.needs("project_id", f"{name}|{name}_fen", "actual_expenditure|actual_expenditure_fen")
    budget, spent = (given.figure(one, "_fen", 100, 0, limit) for one in (name, "actual_expenditure"))
    status = choose(
        [
            (budget.absent | spent.absent, integer(Status.MISSING)),
            (budget.outside | spent.outside, integer(Status.OUT_OF_RANGE)),
            (budget.zero, integer(Status.NOT_APPLICABLE)),
        ],
        integer(_SCORED),
    )
    frame = given.frame.with_columns(_pe_b=budget.value, _pe_s=spent.value, _pe_how=status)
    light = _lit(terms.money, col("_pe_s"), nw.max_horizontal(col("_pe_b"), integer(1)), integer(months))
    return frame.with_columns(_pe_money=nw.when(col("_pe_how") == _SCORED).then(light).otherwise(integer(_NONE)))


def _lit_indicators(given: Input, rules: RuleSet, months: int) -> Any:
    """The indicators with ``_pe_light``, the place of a light, and ``_pe_status``, why there is none."""
    nw = narwhals_or_raise()
    col, plan = nw.col, plan_of(rules)
    terms = terms_of(rules, max(rules.first_fiscal_year, rules.checked_on.year)).terms
    kind = "kind|level2|level1" if given.chinese else "kind"
    given.needs("project_id", kind, "target|target_e4", "actual|actual_e4")
    have = frozenset(name for name in ("comparator", "unit", "tier", "indicator") if given.holds(name))
    fine = [given.named(f"{name}_e4") is not None for name in ("target", "actual")]
    if fine[0] is not fine[1]:
        raise FrameError("target_e4 and actual_e4 go together: make both by to_fixed")
    limit = _largest([terms.forward])
    target, actual = (given.figure(name, "_e4", 1, -limit, limit) for name in ("target", "actual"))
    words = _words(given, have, plan)
    read = Given({"weight": target, "target": target, "actual": actual}, words, given.reading())
    frame = given.frame.with_columns(
        _pe_t=target.value,
        _pe_a=actual.value,
        _pe_form=forms_of(plan, read, have),
        _pe_unscaled=_unscaled(terms, words, have),
        _pe_tier=_tiers(terms, words, have),
        _pe_barred=_barred(read, target, actual, words["kind"]),
    )
    frame = frame.with_columns(
        _pe_barred=nw.when(col("_pe_tier") != _NONE).then(_unknown(words)).otherwise(col("_pe_barred"))
    )
    within, beyond = (integer(_BEST_FIRST.index(light)) for light in terms.kept)
    t, a, form = col("_pe_t"), col("_pe_a"), col("_pe_form")
    whole = nw.max_horizontal(t, integer(1))
    gone = nw.when(col("_pe_unscaled") | (t <= 0)).then(integer(12)).otherwise(integer(months))
    # Without a ratio what is met counts as the whole of its target.
    part = nw.when(t > 0).then(a).otherwise(integer(1))
    forward = _lit(terms.forward, part, whole, gone)
    none = integer(_NONE)
    met_at_nothing = choose([(form == MORE + EQUAL, a >= t), (form == MORE, a > t)], a == t)
    forward = nw.when((t > 0) | met_at_nothing).then(forward).otherwise(none)
    light = choose(
        [
            (form == LESS + EQUAL, nw.when(a <= t).then(within).otherwise(beyond)),
            (form == LESS, nw.when(a < t).then(within).otherwise(beyond)),
            ((form == EQUAL) & (t > 0) & (a > t), none),
            (form > 0, forward),
        ],
        none,
    )
    light = nw.when(col("_pe_tier") != _NONE).then(col("_pe_tier")).otherwise(light)
    frame = frame.with_columns(_pe_light=nw.when(col("_pe_barred") == _SCORED).then(light).otherwise(none))
    lit = col("_pe_light") != _NONE
    undefined = choose(
        [(col("_pe_barred") != _SCORED, col("_pe_barred")), (lit, integer(_SCORED))], integer(Status.UNDEFINED)
    )
    return frame.with_columns(_pe_status=undefined)


def _words(given: Input, have: frozenset[str], plan: Plan) -> dict[str, Expr]:
    words = {name: given.words(name) for name in (*have, "kind")}
    if "tier" in have:
        words["tier"] = translated(words["tier"], {word: name for name, some in plan.tier_words for word in some})
    return words


def _unknown(words: dict[str, Expr]) -> Expr:
    """The status of a kind that there is not."""
    nw = narwhals_or_raise()
    known = kind_in(words["kind"], (None, *KINDS))
    return nw.when(known).then(integer(_SCORED)).otherwise(integer(Status.UNKNOWN_KIND))


def _barred(given: Given, target: Figure, actual: Figure, kind: Expr) -> Expr:
    return choose(
        [
            *not_read(given, narwhals_or_raise().lit(value=False)),
            (target.absent | actual.absent, integer(Status.MISSING)),
            (~kind_in(kind, (None, *KINDS)), integer(Status.UNKNOWN_KIND)),
            (target.outside | actual.outside, integer(Status.OUT_OF_RANGE)),
        ],
        integer(_SCORED),
    )


def _unscaled(terms: MonitoringRules, words: dict[str, Expr], have: frozenset[str]) -> Expr:
    """Whether a target is not divided by month, by its kind or its unit."""
    nw = narwhals_or_raise()
    kinds = [kind.value for kind in IndicatorKind if kind in terms.unscaled or kind.level1 in terms.unscaled]
    found = kind_in(words["kind"], kinds) if kinds else nw.lit(value=False)
    if terms.unscaled_units and "unit" in have:
        found |= words["unit"].is_in(list(terms.unscaled_units)).fill_null(value=False)
    return found


def _tiers(terms: MonitoringRules, words: dict[str, Expr], have: frozenset[str]) -> Expr:
    """The place of the light of a judged tier, or none."""
    if "tier" not in have:
        return integer(_NONE)
    tier, lights = words["tier"].fill_null(""), dict(terms.tiers)
    return choose([(tier == one.value, integer(_BEST_FIRST.index(lights[one]))) for one in Tier], integer(_NONE))
