"""The parts of a rule set, read from the tables of its file."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfeval.cited import (
    NO_WORDS,
    Grounds,
    Table,
    a_bool,
    a_list,
    a_number,
    a_string,
    a_whole_number,
    member_of,
    members_of,
    points_of,
    share_of,
    shown,
    words_of,
)
from perfeval.errors import ModelError, PerfevalError
from perfeval.members import to_member
from perfeval.model import BudgetBasis, IndicatorKind
from perfeval.reasons import Reason
from perfeval.rounding import MOST_RATIO_DIGITS, Rounding, RoundingMode, to_rounding_step
from perfeval.rulesets.comparators import lists_for_rules
from perfeval.rulesets.records import (
    FORMS,
    Cap,
    CommonMethod,
    Deduction,
    DepartmentMethod,
    ExecutionRules,
    Limit,
    Method,
    NoBudget,
    TierWords,
    Unmet,
    Unstated,
    WeightRule,
    Weights,
)
from perfeval.scoring import Band, Grade, Measure, read_rule, to_bands
from perfeval.targets import Comparator, Inverse, Tier

__all__ = [
    "read_bands",
    "read_cap",
    "read_common",
    "read_deduction",
    "read_department",
    "read_execution",
    "read_limit",
    "read_method",
    "read_rounding",
    "read_tier_words",
    "read_unmet",
    "read_unstated",
    "read_weight_rule",
    "read_weights",
]


def _forms(value: object) -> tuple[str, ...]:
    forms = a_list(value)
    for form in forms or [""]:
        if form not in FORMS:
            found = shown(form) if forms else "none"
            raise ModelError(f"expected forms among {', '.join(FORMS)}, got {found}")
    return tuple(map(str, forms))


_KINDS = members_of(IndicatorKind, "kind of indicator")

# A day has no ratio to another, and a range no one figure to be off from.
_MEASURES = {"deadline": (Measure.ACHIEVEMENT,), "range": (Measure.ACHIEVEMENT, Measure.ACTUAL)}


def read_method(table: Table) -> Method:
    """Return how one form of target is measured and scored."""
    method = Method(
        table.take("name", a_string, ""),
        table.take("forms", _forms, ()),
        table.take("kinds", _KINDS, (), needed=False),
        table.take("measure", member_of(Measure, "measure"), Measure.ACHIEVEMENT),
        table.take("inverse", member_of(Inverse, "inverse form"), None, needed=False),
        read_rule(table.table("rule")),
        table.grounds(),
        Grounds((), table.take("without_share", words_of, None, needed=False)),
    )
    if (method.measure is Measure.JUDGED) is not (method.forms == ("judgement",)):
        table.fault("measure", "the measure judged goes with the form judgement, and with no other")
    for form, measures in _MEASURES.items():
        if form in method.forms and method.measure not in (*measures, Measure.JUDGED):
            known = " or ".join(measures)
            table.fault("measure", f"expected {known} for the form {form}, got {method.measure}")
    if method.measure is Measure.RATE:
        table.fault("measure", "the measure rate is of the execution rate, not of an indicator")
    table.close()
    return method


def _read_rate(execution: Table, name: str) -> Method:
    """How the execution rate scores: a method whose form and measure are given."""
    table = execution.table(name)
    method = Method(
        f"execution_rate.{name}",
        ("rate",),
        (),
        Measure.RATE,
        None,
        read_rule(table.table("rule")),
        table.grounds(),
        at_most=table.take("at_most", a_number, None, needed=False),
        less_than=table.take("less_than", a_number, None, needed=False),
    )
    if method.at_most is not None and method.less_than is not None:
        table.fault("less_than", "expected either at_most or less_than, got both")
    table.close()
    return method


def read_execution(table: Table) -> ExecutionRules:
    """Return how the execution rate is weighted and scored."""
    rate, without = table.table("rate"), table.table("no_budget")
    unfinished = _read_rate(table, "unfinished") if table.has("unfinished") else None
    method = _read_rate(table, "score" if unfinished is None else "finished")
    rules = ExecutionRules(
        weight=table.take("weight", points_of, Decimal(0)),
        weight_grounds=table.grounds(),
        basis=rate.take("basis", member_of(BudgetBasis, "basis"), BudgetBasis.ADJUSTED),
        basis_grounds=rate.grounds(),
        method=method,
        unfinished=unfinished,
        no_budget=without.take("treatment", member_of(NoBudget, "treatment"), NoBudget.NOT_APPLICABLE),
        no_budget_grounds=without.grounds(),
    )
    for part in (rate, without, table):
        part.close()
    return rules


def read_rounding(table: Table) -> Rounding:
    """Return the rounding of a table."""
    step = table.take("step", lambda value: to_rounding_step(a_number(value)), Rounding().step)
    mode = table.take("mode", member_of(RoundingMode, "rounding mode"), Rounding().mode)
    digits = table.take("ratio_digits", a_whole_number(0, MOST_RATIO_DIGITS), None, needed=False)
    return Rounding(step, mode, digits)


def read_unstated(table: Table) -> Unstated:
    """Return what a target without a comparator is read with."""
    person = table.take("needs_person", a_bool, False, needed=False)
    row = Unstated(
        None if person else table.take("comparator", _a_comparator, Comparator.AT_LEAST),
        table.take("kinds", _KINDS, (), needed=False),
        table.grounds(),
        table.take("names", _one_of("names"), None, needed=False),
        table.take("except_names", _one_of("names"), None, needed=False),
        table.take("units", _one_of("units"), None, needed=False),
    )
    table.close()
    return row


def _one_of(kind: str) -> Callable[[object], str]:
    def named(value: object) -> str:
        lists = lists_for_rules(kind)
        if value not in lists:
            raise ModelError(f"expected a list ({', '.join(lists)}), got {shown(value)}")
        return str(value)

    return named


def _a_comparator(value: object) -> Comparator:
    signs = [comparator.value for comparator in Comparator if comparator is not Comparator.UNSTATED]
    if value not in signs:
        raise ModelError(f"expected a comparator ({', '.join(signs)}), got {shown(value)}")
    return Comparator(value)


def read_unmet(table: Table) -> Unmet:
    """Return the share that the rules give where there is no measure."""
    row = Unmet(
        table.take("reason", member_of(Reason, "reason"), Reason.LATE),
        table.take("share", share_of, Decimal(0)),
        table.grounds(),
    )
    table.close()
    return row


def read_limit(table: Table, name: str, key: str) -> Limit | None:
    """Return a limit beyond which a form has to give a reason, if the rules have it."""
    if not table.has(name):
        return None
    row = table.table(name)
    limit = Limit(row.take(key, points_of, Decimal(0)), row.grounds())
    row.close()
    return limit


def read_deduction(table: Table) -> Deduction | None:
    """Return what a target exceeded by far loses, if anything."""
    if not table.has("exceeded"):
        return None
    row = table.table("exceeded")
    deduction = Deduction(
        row.take("factor", points_of, Decimal(1)),
        row.take("points", points_of, Decimal(0)),
        row.take("label", words_of, NO_WORDS),
        row.grounds(),
    )
    row.close()
    return deduction


def read_cap(table: Table) -> Cap | None:
    """Return how a low execution rate caps the total, if it does."""
    if not table.has("cap"):
        return None
    row = table.table("cap")
    cap = Cap(
        _read_cap_rates(row),
        row.take("label", words_of, NO_WORDS),
        row.grounds(),
    )
    row.close()
    return cap


def read_department(table: Table) -> DepartmentMethod:
    """Return what a common indicator of a department earns."""
    row = DepartmentMethod(
        table.take("indicator", a_string, ""),
        table.take("weight", points_of, Decimal(0)),
        read_rule(table.table("rule")),
        table.grounds(),
        table.take("at_most", a_number, None, needed=False),
    )
    table.close()
    return row


def read_common(table: Table) -> CommonMethod:
    """Return how a common indicator scores where the evaluator sets the weights."""
    row = CommonMethod(
        table.take("indicator", a_string, ""),
        read_rule(table.table("rule")) if table.has("rule") else None,
        table.grounds(),
    )
    table.close()
    return row


def read_weight_rule(table: Table) -> WeightRule:
    """Return what the weights of an evaluation have to keep."""
    row = WeightRule(
        table.take("text", words_of, NO_WORDS),
        table.grounds(),
        table.take("each", _each, None, needed=False),
        table.take("kinds", _KINDS, (), needed=False),
        table.take("indicators", _texts, (), needed=False),
        table.take("at_least", points_of, None, needed=False),
        table.take("multiple_of", points_of, None, needed=False),
        table.take("more_than", _KINDS, (), needed=False),
    )
    if sum(map(bool, (row.each, row.kinds, row.indicators))) != 1:
        table.fault("", "expected one of each, kinds and indicators")
    if row.at_least is None and not row.multiple_of and not row.more_than:
        table.fault("", "expected at_least, multiple_of above 0 or more_than")
    table.close()
    return row


def _each(value: object) -> str:
    if value not in ("indicator", "level1"):
        raise ModelError(f"expected indicator or level1, got {shown(value)}")
    return str(value)


def _read_cap_rates(cap: Table) -> tuple[tuple[Decimal, Decimal], ...]:
    rates = []
    for row in cap.tables("rates", needed=True):
        rates.append((row.take("below", points_of, Decimal(0)), row.take("total", points_of, Decimal(0))))
        row.close()
    if rates != sorted(rates, reverse=True) or len({below for below, _ in rates}) < len(rates):
        cap.fault("rates", "expected rates and totals that fall from the first row on")
    return tuple(rates)


def read_tier_words(table: Table) -> TierWords:
    """Return a tier's name, and the words that claim it."""
    row = TierWords(
        table.take("tier", member_of(Tier, "tier"), Tier.ACHIEVED),
        table.take("name", words_of, NO_WORDS),
        table.take("texts", _texts, (), needed=False),
        table.grounds(),
    )
    table.close()
    return row


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(a_string, a_list(value)))


def read_weights(table: Table) -> Weights:
    """Return a distribution of the weight over level 1 kinds."""
    row = Weights(
        table.take("name", a_string, ""),
        _read_points(table.table("points")),
        table.grounds(),
        table.take("execution", points_of, None, needed=False),
    )
    table.close()
    return row


def _read_points(table: Table) -> tuple[tuple[IndicatorKind, Decimal], ...]:
    points = []
    for name in list(table.data):
        try:
            kind = to_member(IndicatorKind, name, "kind of indicator")
        except ModelError as error:
            table.fault(name, str(error))
        else:
            points.append((kind, table.take(name, points_of, Decimal(0))))
    return tuple(points)


def read_bands(grades: Table) -> tuple[Band, ...]:
    """Return the grade bands of a table."""
    bands = []
    for row in grades.tables("bands", needed=True):
        name = row.take("grade", member_of(Grade, "grade"), Grade.POOR)
        at_least = row.take("at_least", a_number, None, needed=False)
        below = row.take("below", a_number, None, needed=False)
        bands.append(Band(name, at_least, below, row.take("words", words_of, None, needed=False)))
        row.close()
    try:
        return to_bands(bands)
    except PerfevalError as error:
        grades.fault("bands", str(error).removeprefix("bands: "))
        return ()
