"""WT: weights that do not go together, and scores that do not go with their weight."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from perfeval.amounts import CONTEXT, sum_of
from perfeval.checks.catalogue import setting
from perfeval.checks.coded import Spot, of_form, spot
from perfeval.checks.form import BY_CRITERION, LEVEL1, Form
from perfeval.checks.wording import is_void
from perfeval.findings import Term
from perfeval.practice import Verdict
from perfeval.targets import Statement


@of_form("WT101")
def weights_do_not_add_up(form: Form) -> Iterable[Spot]:
    """The weights do not add to the total of the rule set."""
    weights = [item.weight for item in form.project.indicators if item.weight is not None or not is_void(item)]
    present = [weight for weight in weights if weight is not None]
    if form.excerpt or not present or len(present) < len(weights):
        return
    own, rules = sum_of(present), form.rules
    printed = form.stated.execution_weight
    # Where the form prints none the execution rate may or may not be weighted;
    # where it prints only its score it may have what is left.
    possible = [printed] if printed is not None else [rules.execution.weight, Decimal(0)]
    sums = [CONTEXT.add(own, weight) for weight in possible]
    rest = printed is None and form.stated.execution_score is not None and own < rules.total
    if rules.total not in sums and not rest:
        yield spot("indicators", rules.total_grounds.cites, sum=sums[0], indicators=own, total=rules.total)


@of_form("WT102")
def level_weights_differ(form: Form) -> Iterable[Spot]:
    """The weights by level 1 are none of the rule set's distributions."""
    alternatives = [dict(row.points) for row in form.rules.weights]
    weighted = [item for item in form.project.indicators if item.weight is not None]
    kinds = {LEVEL1[item.kind] if item.kind is not None else None for item in weighted}
    if not alternatives or not kinds or not kinds <= set().union(*alternatives) or form.unlike_projects:
        return
    if not form.excerpt and any(item.weight is None and not is_void(item) for item in form.project.indicators):
        return
    sums = form.level_weights
    if form.excerpt:
        # Rows that were not seen can only add to a sum.
        fits = any(all(sums[kind] <= points.get(kind, 0) for kind in sums) for points in alternatives)
    else:
        fits = any(
            all(sums.get(kind, 0) == points.get(kind, 0) for kind in {*sums, *points}) for points in alternatives
        )
    if not fits:
        nearest = max(alternatives, key=lambda points: len(points.keys() & sums.keys()))
        cites = next(row.grounds.cites for row in form.rules.weights if dict(row.points) == nearest)
        kinds_told = [kind for kind in nearest if form.excerpt is False or kind in sums]
        yield spot(
            "indicators",
            cites,
            kinds=tuple(Term(f"kind.{kind.value}") for kind in kinds_told),
            weights=tuple(sums.get(kind, Decimal(0)) for kind in kinds_told),
            expected=tuple(nearest[kind] for kind in kinds_told),
        )


@of_form("WT103")
def dominant_indicator(form: Form) -> Iterable[Spot]:
    """One indicator carries more than half of all points."""
    most = CONTEXT.multiply(form.rules.total, setting("WT103", "share"))
    for i, item in enumerate(form.project.indicators):
        if item.weight is not None and item.weight > most:
            yield spot(f"indicators[{i}].weight", name=item.name, weight=item.weight, total=form.rules.total)


@of_form("WT104")
def weight_negative(form: Form) -> Iterable[Spot]:
    """A weight is negative."""
    for i, item in enumerate(form.project.indicators):
        if item.weight is not None and item.weight < 0:
            yield spot(f"indicators[{i}].weight", name=item.name, weight=item.weight)


@of_form("WT105")
def weight_zero(form: Form) -> Iterable[Spot]:
    """An indicator has the weight 0."""
    for i, item in enumerate(form.project.indicators):
        if item.weight is not None and not item.weight:
            yield spot(f"indicators[{i}].weight", name=item.name)


@of_form("WT106")
def void_indicator_scored(form: Form) -> Iterable[Spot]:
    """An indicator without target and actual carries points."""
    for i, item in enumerate(form.project.indicators):
        points = item.stated.score if item.stated.score is not None else item.weight
        if not points or item.kind in BY_CRITERION:
            continue
        if is_void(item):
            yield spot(f"indicators[{i}]", name=item.name, what=Term("check.WT106.void"), points=points)
        elif item.target is None and item.actual is None and not form.header(i):
            yield spot(f"indicators[{i}]", name=item.name, what=Term("check.WT106.blank"), points=points)


@of_form("WT107")
def score_outside_weight(form: Form) -> Iterable[Spot]:
    """A score is negative or above its weight."""
    if not form.rules.bounded:
        return
    stated = form.stated
    # A place that extrapolates is told by another check.
    extrapolated = {row.where for row in form.rows if row.traced.verdict is Verdict.OTHER_PRACTICE}
    pairs: list[tuple[str, str, Decimal | None, Decimal | None]]
    pairs = [("stated.execution_score", Term("execution_rate"), stated.execution_weight, stated.execution_score)]
    pairs += [
        (f"indicators[{i}].stated.score", item.name, item.weight, item.stated.score)
        for i, item in enumerate(form.project.indicators)
        if item.stated.score is not None and f"indicators[{i}]" not in extrapolated
    ]
    for where, name, weight, score in pairs:
        if score is not None and (score < 0 or (weight is not None and score > weight >= 0)):
            yield spot(where, name=name, score=score, weight=Term("absent") if weight is None else weight)


@of_form("WT108")
def doubled_indicator(form: Form) -> Iterable[Spot]:
    """Two indicators have the same kind, name and target."""
    items = form.project.indicators
    if len({item.name for item in items}) == len(items):
        return
    keys = [(item.kind, item.name, item.target) for item in items]
    counted = Counter(key for key in keys if key[-1] is not None)
    seen = set()
    for i, (item, key) in enumerate(zip(items, keys, strict=True)):
        if counted[key] > 1:
            if key in seen:
                yield spot(f"indicators[{i}]", name=item.name, target=str(item.target))
            seen.add(key)


@of_form("WT109")
def execution_weight_differs(form: Form) -> Iterable[Spot]:
    """The form gives the execution rate another weight than the rule set."""
    printed, terms = form.stated.execution_weight, form.rules.execution
    if printed is not None and printed != terms.weight and not form.of_department:
        yield spot("stated.execution_weight", terms.weight_grounds.cites, stated=printed, expected=terms.weight)


@of_form("WT110")
def criterion_beyond_weight(form: Form) -> Iterable[Spot]:
    """A criterion awards more points than the indicator weighs."""
    for i, item in enumerate(form.project.indicators):
        if isinstance(item.target, Statement) and item.weight is not None and item.weight > 0:
            awards = [Decimal(found) for found in re.findall(setting("WT110", "awards"), item.target.text)]
            if awards and max(awards) > item.weight:
                yield spot(f"indicators[{i}].target", name=item.name, awards=max(awards), weight=item.weight)
