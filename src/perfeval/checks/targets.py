"""TG: targets that cannot be measured, that do not fit their kind, or that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

import attrs

from perfeval.amounts import CONTEXT
from perfeval.checks.catalogue import setting
from perfeval.checks.coded import Spot, of_form, spot
from perfeval.checks.form import BY_CRITERION, Form
from perfeval.checks.wording import has_figure, is_void, shown, text_of
from perfeval.findings import Term
from perfeval.model import Indicator, IndicatorKind
from perfeval.practice import Direction, as_per_cent, direction_of
from perfeval.ratios import Ratio, ratio
from perfeval.reasons import Reason
from perfeval.rounding import RoundingMode, rounded
from perfeval.targets import (
    Between,
    Bound,
    Comparator,
    Deadline,
    Quantity,
    Statement,
    Threshold,
    achievement,
    compared,
)
from perfeval.units import unit_of

_QUANTITY = IndicatorKind.OUTPUT_QUANTITY
_UPWARD = frozenset({Comparator.AT_LEAST, Comparator.MORE_THAN})
_DOWNWARD = frozenset({Comparator.AT_MOST, Comparator.LESS_THAN})


def _at(position: int, part: str = "") -> str:
    return f"indicators[{position}]{part}"


@of_form("TG101")
def quantity_in_words(form: Form) -> Iterable[Spot]:
    """A quantity indicator has words as its target."""
    for i, item in enumerate(form.project.indicators):
        if item.kind is _QUANTITY and isinstance(item.target, Statement) and not is_void(item):
            if not has_figure(item.target.text):
                yield spot(_at(i, ".target"), name=item.name, target=item.target.text)


@of_form("TG102")
def vague_target(form: Form) -> Iterable[Spot]:
    """A target in words cannot be measured."""
    vague: tuple[str, ...] = setting("TG102", "words")
    for i, item in enumerate(form.project.indicators):
        target = item.target
        if item.kind is _QUANTITY or item.kind in BY_CRITERION or not isinstance(target, Statement):
            continue
        if not has_figure(target.text):
            if any(word in target.text for word in vague):
                yield spot(_at(i, ".target"), name=item.name, target=target.text)


@of_form("TG103")
def target_missing(form: Form) -> Iterable[Spot]:
    """An indicator has an actual and no target."""
    items = form.project.indicators
    if not any(item.target is not None for item in items):
        return
    for i, item in enumerate(items):
        if item.target is None and item.actual is not None and item.kind not in BY_CRITERION and not is_void(item):
            if not form.cut_off(i, "target"):
                yield spot(_at(i, ".target"), name=item.name, actual=shown(item.actual))


@of_form("TG104")
def unit_missing(form: Form) -> Iterable[Spot]:
    """Quantities have no unit."""
    unit_in_name: str = setting("TG104", "unit_in_name")
    names = []
    for item in form.project.indicators:
        target, actual = item.target, item.actual
        if item.kind is _QUANTITY and isinstance(target, Threshold | Between) and target.unit is None:
            told = isinstance(actual, Quantity) and actual.unit is not None
            if not told and not re.search(unit_in_name, item.name):
                names.append(f"{item.name} {target}")
    # Of a form without a column for units this is one thing to say, not one a row.
    if names:
        yield spot("indicators", names=tuple(names))


@of_form("TG105")
def units_differ(form: Form) -> Iterable[Spot]:
    """Target and actual have units that do not go together."""
    for i, item in enumerate(form.project.indicators):
        target, actual = item.target, item.actual
        if not isinstance(target, Threshold | Between) or not isinstance(actual, Quantity):
            continue
        if actual.unit is not None and actual.unit != target.unit and target.unit is not None:
            if compared(target, actual, name=item.name) is Reason.UNITS_DIFFER:
                yield spot(_at(i, ".actual"), name=item.name, target=str(target), actual=shown(actual))


@of_form("TG106")
def rate_in_other_unit(form: Form) -> Iterable[Spot]:
    """A rate by its name is counted in another unit."""
    suffixes: tuple[str, ...] = setting("TG106", "suffixes")
    units: tuple[str, ...] = setting("TG106", "units")
    per_number: str = setting("TG106", "per_number")
    for i, item in enumerate(form.project.indicators):
        target = item.target
        if isinstance(target, Threshold) and target.unit is not None and target.unit not in units:
            if _IN_BRACKETS.sub("", item.name).strip().endswith(suffixes) and not re.search(per_number, target.unit):
                yield spot(_at(i), name=item.name, target=str(target), unit=target.unit)


_IN_BRACKETS = re.compile(r"[（(][^（()）]{0,80}[)）]")


@of_form("TG107")
def fraction_for_per_cent(form: Form) -> Iterable[Spot]:
    """A bare actual of 1 or less stands against a target in per cent."""
    for i, item in enumerate(form.project.indicators):
        target, actual = item.target, item.actual
        if isinstance(target, Threshold) and isinstance(actual, Quantity):
            meant = as_per_cent(target, actual)
            if meant is not None:
                figures = {"target": str(target), "actual": str(actual), "meant": str(meant)}
                yield spot(_at(i, ".actual"), name=item.name, **figures)


@of_form("TG108")
def comparator_against_kind(form: Form) -> Iterable[Spot]:
    """Money to keep down has "≥", or satisfaction has "≤"."""
    for i, item in enumerate(form.project.indicators):
        target, kind = item.target, item.kind
        if not isinstance(target, Threshold) or kind is None:
            continue
        against_cost = False
        if target.comparator in _UPWARD and target.unit is not None and unit_of(target.unit).base == "元":
            reading = form.rules.comparator_for(kind, target, item.name)
            against_cost = reading is not None and reading.comparator in _DOWNWARD
        against_satisfaction = kind is IndicatorKind.SATISFACTION and target.comparator in _DOWNWARD
        if against_cost or against_satisfaction:
            yield spot(_at(i, ".target"), name=item.name, target=str(target), kind=Term(f"kind.{kind.value}"))


_SIGN_OF_BOUND = {
    Bound.AT_LEAST: Comparator.AT_LEAST,
    Bound.MORE_THAN: Comparator.MORE_THAN,
    Bound.AT_MOST: Comparator.AT_MOST,
    Bound.LESS_THAN: Comparator.LESS_THAN,
}


@of_form("TG109")
def target_copied(form: Form) -> Iterable[Spot]:
    """The actual repeats the target with its comparator."""
    for i, item in enumerate(form.project.indicators):
        target, actual = item.target, item.actual
        if isinstance(actual, Quantity) and actual.bound is not Bound.EXACT and isinstance(target, Threshold):
            same = actual.value == target.value and actual.unit == target.unit
            if same and _SIGN_OF_BOUND.get(actual.bound) is target.comparator:
                yield spot(_at(i, ".actual"), name=item.name, target=str(target))


@of_form("TG110")
def misplaced_indicator(form: Form) -> Iterable[Spot]:
    """By its name an indicator belongs under another kind."""
    for i, item in enumerate(form.project.indicators):
        for word, belongs in _misplaced(item.kind):
            if item.kind is not None and word in item.name:
                yield spot(_at(i), name=item.name, kind=Term(f"kind.{item.kind.value}"), belongs=belongs)
                break


@cache
def _misplaced(kind: IndicatorKind | None) -> tuple[tuple[str, Term], ...]:
    """Words of a name that do not go with a kind, each with the kind that they go with."""
    rows = [row for row in setting("TG110", "misplaced") if kind is not None and kind.value.startswith(row["under"])]
    return tuple((word, Term(f"kind.{row['belongs']}")) for row in rows for word in row["words"])


@of_form("TG111")
def money_as_quantity(form: Form) -> Iterable[Spot]:
    """A quantity indicator counts the project's own money, as the execution rate does."""
    words: tuple[str, ...] = setting("TG111", "words")
    for i, item in enumerate(form.project.indicators):
        target = item.target
        if item.kind is not _QUANTITY or not isinstance(target, Threshold):
            continue
        of_money = any(word in item.name for word in words)
        known = {amount for rate in form.rates for amount in (rate.budget, rate.spent) if amount}
        unit = unit_of(target.unit or "")
        if unit.base == "元" and not unit.per:
            counted = of_money or CONTEXT.scaleb(target.value, unit.exponent) in known
        else:
            counted = target.unit is None and of_money and bool(form.amounts(target) & known)
        if counted:
            yield spot(_at(i, ".target"), name=item.name, target=str(target))


@of_form("TG114")
def execution_counted_again(form: Form) -> Iterable[Spot]:
    """The execution rate, or the project's money, stands again among the indicators."""
    names: tuple[str, ...] = setting("TG114", "names")
    budgets = {rate.budget for rate in form.rates}
    for i, item in enumerate(form.project.indicators):
        target = item.target
        if item.kind in BY_CRITERION or not isinstance(target, Threshold):
            continue
        if _IN_BRACKETS.sub("", item.name).strip().endswith(names):
            what = Term("check.TG114.rate")
        elif form.is_cost(item) and form.amounts(target) & budgets:
            what = Term("check.TG114.money")
        else:
            continue
        yield spot(_at(i, ".target"), name=item.name, what=what, target=str(target))


@of_form("TG112")
def far_exceeded(form: Form) -> Iterable[Spot]:
    """A target was exceeded by far, and no reason is given."""
    limit = form.rules.exceeded
    if limit is None:
        return
    factor = Ratio.of(limit.value)
    for i, item in enumerate(form.project.indicators):
        if form.unexplained(i):
            measure = _exceeding(form, item)
            if measure is not None and measure >= factor and _scale(measure) is None:
                params = {"name": item.name, "target": str(item.target), "actual": shown(item.actual)}
                yield spot(_at(i), limit.grounds.cites, **params, factor=_times(measure), limit=limit.value)


def _times(measure: Ratio) -> Decimal:
    """A factor to two decimals, for reading."""
    hundredths = rounded(measure.numerator * 100, measure.denominator, RoundingMode.HALF_UP)
    return CONTEXT.scaleb(Decimal(hundredths), -2).normalize(CONTEXT)


def _scale(measure: Ratio) -> int | None:
    """The scale, a thousand or ten thousand, that a measure is off by, within a factor of two; `None` if by none."""
    for scale in setting("TG117", "scales"):
        low, high = Ratio(scale, 2), Ratio(2 * scale, 1)
        if low <= measure <= high or Ratio(1, high.numerator) <= measure <= Ratio(2, scale):
            return int(scale)
    return None


def _exceeding(form: Form, item: Indicator) -> Ratio | None:
    """Actual over target where more is aimed at, and both are figures above zero."""
    target, actual = item.target, item.actual
    if type(target) is not Threshold or type(actual) is not Quantity:
        return None
    if actual.value <= target.value and actual.unit in (None, target.unit):
        return None
    if direction_of(item, form.rules) is not Direction.UP or target.value <= 0 or actual.bound is not Bound.EXACT:
        return None
    comparator = Comparator.AT_LEAST if target.comparator is Comparator.UNSTATED else target.comparator
    if comparator not in _UPWARD:
        return None
    measure = achievement(attrs.evolve(target, comparator=comparator), actual, name=item.name)
    return measure if isinstance(measure, Ratio) else None


@of_form("TG113")
def template_hint(form: Form) -> Iterable[Spot]:
    """A hint of the form's template was left in."""
    hint = _hints()
    project = form.project
    texts = [
        ("objective_expected", project.objective_expected),
        ("objective_actual", project.objective_actual),
        ("execution_deviation_reason", project.execution_deviation_reason),
    ]
    for where, text in texts:
        found = None if text is None else hint.search(text)
        if found is not None:
            yield spot(where, hint=found.group())
    for i, item in enumerate(project.indicators):
        target = item.target.text if isinstance(item.target, Statement) else None
        actual = item.actual.text if isinstance(item.actual, Statement) else None
        cells = (
            ("name", item.name),
            ("target", target),
            ("actual", actual),
            ("deviation_reason", item.deviation_reason),
        )
        for cell, text in cells:
            found = None if text is None else hint.search(text)
            if found is not None:
                yield spot(_at(i, f".{cell}"), hint=found.group())


@cache
def _hints() -> re.Pattern[str]:
    """A hint anywhere in a text, or a text that says nothing as a whole."""
    words = "|".join(re.escape(hint) for hint in setting("TG113", "hints"))
    return re.compile(rf"{words}|\A(?:{setting('TG113', 'nothing_written')})\Z")


@of_form("TG115")
def figure_for_words(form: Form) -> Iterable[Spot]:
    """The target is words, the actual is a figure."""
    for i, item in enumerate(form.project.indicators):
        target, actual = item.target, item.actual
        if isinstance(target, Statement) and isinstance(actual, Quantity) and item.kind not in BY_CRITERION:
            if not has_figure(target.text) and not is_void(item):
                yield spot(_at(i, ".actual"), name=item.name, target=target.text, actual=shown(actual))


@of_form("TG116")
def satisfaction_without_figure(form: Form) -> Iterable[Spot]:
    """A satisfaction indicator has no figure."""
    for i, item in enumerate(form.project.indicators):
        target, actual = item.target, item.actual
        if item.kind is not IndicatorKind.SATISFACTION or not isinstance(target, Statement) or is_void(item):
            continue
        told = text_of(actual)
        if actual is not None and told is not None and not has_figure(target.text) and not has_figure(told):
            yield spot(_at(i, ".target"), name=item.name, target=target.text, actual=told)


@of_form("TG117")
def scale_differs(form: Form) -> Iterable[Spot]:
    """Target and actual differ by a scale: a thousand, ten thousand."""
    for i, item in enumerate(form.project.indicators):
        target, actual = item.target, item.actual
        if not isinstance(target, Threshold) or not isinstance(actual, Quantity) or target.value <= 0:
            continue
        found = compared(target, actual, name=item.name)
        if isinstance(found, Reason):
            # In the target's unit as written a bare figure may be far off, and so have no reading.
            reached = actual.value if found is Reason.SCALE_IN_DOUBT else None
        else:
            reached = found.reached if found.times == 1 else None
        # Figures of about the same size are what most are.
        if isinstance(reached, Decimal) and reached > 0 and abs(reached.adjusted() - target.value.adjusted()) > 1:
            scale = _scale(ratio(reached, target.value))
            if scale is not None:
                yield spot(_at(i, ".actual"), name=item.name, target=str(target), actual=shown(actual), factor=scale)


@of_form("TG118")
def deadline_of_another_year(form: Form) -> Iterable[Spot]:
    """A deadline is of another year than the one that is evaluated."""
    year = form.project.fiscal_year
    for i, item in enumerate(form.project.indicators):
        if isinstance(item.target, Deadline) and item.target.date.year != year:
            yield spot(_at(i, ".target"), name=item.name, target=str(item.target), year=year)


@of_form("TG119")
def figure_not_read(form: Form) -> Iterable[Spot]:
    """A cell holds a figure, a date or a claim, but with words that leave its meaning open."""
    for i, item in enumerate(form.project.indicators):
        # Where a criterion stands, no figure is due.
        for part, cell in () if item.kind in BY_CRITERION else (("target", item.target), ("actual", item.actual)):
            if isinstance(cell, Statement) and cell.refusal is not None:
                reason = Term(f"refusal.{cell.refusal.value}")
                yield spot(_at(i, f".{part}"), name=item.name, text=cell.text, reason=reason)
