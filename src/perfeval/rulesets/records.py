"""The parts that a rule set is made of, as plain records."""

# Annotations are not deferred: a NamedTuple compiles each that is text, whenever perfeval is imported.
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import attrs

from perfeval.amounts import CONTEXT, sum_of
from perfeval.cited import Grounds
from perfeval.i18n import Words
from perfeval.model import BudgetBasis, IndicatorKind
from perfeval.ratios import Ratio
from perfeval.reasons import Reason
from perfeval.rulesets.comparators import is_counted_in, is_named
from perfeval.scoring import Measure, ScoringRule
from perfeval.targets import (
    Actual,
    Comparator,
    Inverse,
    Quantity,
    Target,
    Threshold,
    Tier,
    achievement,
    compared,
    deviation,
    excess,
    figure_itself,
)

__all__ = [
    "FORMS",
    "Cap",
    "CommonMethod",
    "Deduction",
    "DepartmentMethod",
    "ExecutionRules",
    "Limit",
    "Method",
    "NoBudget",
    "TierWords",
    "Unmet",
    "Unstated",
    "WeightRule",
    "Weights",
    "covers",
]


class NoBudget(StrEnum):
    """What the execution rate earns where there is no budget."""

    NOT_APPLICABLE = "not_applicable"
    WITHOUT_WEIGHT = "without_weight"
    FULL = "full"
    ZERO = "zero"


class Method(NamedTuple):
    """How one form of target is measured and scored.

    Attributes:
        name: Its name within the rule set.
        forms: Which targets it is for: comparators, "range", "deadline",
            "judgement".
        kinds: Which kinds of indicator, all if empty; a level 1 kind stands
            for all below it.
        measure: The measure that is taken.
        inverse: The form that a missed "≤" target takes.
        rule: What the measure earns.
        grounds: What it rests on.
        without_share: What a tier rests on that is judged without a share.
        at_most: The largest measure that the article speaks of, `None` if it
            speaks of all.
        less_than: Likewise, the measure itself left out.
    """

    name: str
    forms: tuple[str, ...]
    kinds: tuple[IndicatorKind, ...]
    measure: Measure
    inverse: Inverse | None
    rule: ScoringRule
    grounds: Grounds
    without_share: Grounds = Grounds(())
    at_most: Decimal | None = None
    less_than: Decimal | None = None

    def speaks_of(self, measure: Ratio) -> bool:
        """Whether the article says anything of this measure.

        >>> from perfeval.rulesets import rule_set
        >>> method = rule_set("cn-mof-2020-10").methods[0]
        >>> method._replace(less_than=Decimal(1)).speaks_of(Ratio(1, 1))
        False
        """
        if self.at_most is not None:
            return measure <= Ratio.of(self.at_most)
        return self.less_than is None or measure < Ratio.of(self.less_than)

    def measured(self, target: Target, actual: Actual, *, name: str = "") -> Ratio | Reason:
        """Return the measure of an actual against its target, or why there is none.

        Args:
            target: What was aimed at, with its comparator.
            actual: What was reached.
            name: The indicator's name.

        >>> from perfeval.rulesets import rule_set
        >>> from perfeval.targets import Quantity
        >>> rule_set("cn-mof-2020-10").methods[0].measured(Threshold("≥", 50), Quantity(48))
        Ratio(numerator=48, denominator=50)
        """
        if self.measure is Measure.ACHIEVEMENT:
            return achievement(target, actual, inverse=self.inverse, name=name)
        if self.measure is Measure.ACTUAL:
            if isinstance(target, Threshold) and isinstance(actual, Quantity):
                # The figure counts alone, but it has to be one of the target's kind.
                found = compared(target, actual, name=name)
                if isinstance(found, Reason):
                    return found
            return figure_itself(actual, target.unit if isinstance(target, Threshold) else None)
        return (deviation if self.measure is Measure.DEVIATION else excess)(target, actual, name=name)


class Unstated(NamedTuple):
    """The comparator that a target without one is read with.

    Attributes:
        comparator: The comparator, `None` where a person has to say whether
            more or less is better.
        kinds: Which kinds of indicator, all if empty.
        grounds: What that rests on.
        names: The list of names (`perfeval.rulesets.comparators`) that the
            indicator's has to be on, if any.
        except_names: The list of names that it must not be on, if any.
        units: The list of units that the target's has to be on, if any.
    """

    comparator: Comparator | None
    kinds: tuple[IndicatorKind, ...]
    grounds: Grounds
    names: str | None = None
    except_names: str | None = None
    units: str | None = None

    def concerns(self, kind: IndicatorKind | None, unit: str | None, name: str) -> bool:
        """Whether a target of this kind, unit and name is read so."""
        return (
            covers(self.kinds, kind)
            and (self.names is None or is_named(self.names, name))
            and (self.units is None or is_counted_in(self.units, unit))
            and (self.except_names is None or not is_named(self.except_names, name))
        )


class Unmet(NamedTuple):
    """The share that the rules give where there is no measure."""

    reason: Reason
    share: Decimal
    grounds: Grounds


class TierWords(NamedTuple):
    """A tier's name in this rule set, and the words that claim it besides.

    The words that claim a tier everywhere (已完成, 部分达成) are read by
    `perfeval.text`; *texts* are a place's own.
    """

    tier: Tier
    name: Words
    texts: tuple[str, ...]
    grounds: Grounds


class Limit(NamedTuple):
    """A limit beyond which a form has to give a reason."""

    value: Decimal
    grounds: Grounds


class Deduction(NamedTuple):
    """Points that each target exceeded by a factor loses."""

    factor: Decimal
    points: Decimal
    label: Words
    grounds: Grounds

    def concerns(self, target: Target | None, achieved: Ratio) -> bool:
        """Whether a target to reach was exceeded by the factor."""
        if not isinstance(target, Threshold) or target.comparator not in (Comparator.AT_LEAST, Comparator.MORE_THAN):
            return False
        return achieved >= Ratio.of(self.factor)


class Cap(NamedTuple):
    """The most that a total can be at a low execution rate: (below, total) from the highest rate on."""

    rates: tuple[tuple[Decimal, Decimal], ...]
    label: Words
    grounds: Grounds

    def total_at(self, rate: Ratio) -> Decimal | None:
        """Return the most that the total can be, `None` if it is not capped."""
        capped = None
        for below, total in self.rates:
            if rate < Ratio.of(below):
                capped = total
        return capped


class WeightRule(NamedTuple):
    """What the weights of an evaluation have to keep, points.

    Attributes:
        text: The rule in words.
        grounds: What it rests on.
        each: "indicator" for each weight by itself, "level1" for the sum of
            each level 1 kind; `None` for one sum, of *kinds* or *indicators*.
        kinds: The level 1 kinds whose weights are added.
        indicators: The common indicators whose weights are added.
        at_least: What is not to be fallen below.
        multiple_of: What the points have to be a multiple of.
        more_than: The level 1 kinds whose sum has to be smaller.
    """

    text: Words
    grounds: Grounds
    each: str | None = None
    kinds: tuple[IndicatorKind, ...] = ()
    indicators: tuple[str, ...] = ()
    at_least: Decimal | None = None
    multiple_of: Decimal | None = None
    more_than: tuple[IndicatorKind, ...] = ()

    def keeps(self, weights: Iterable[tuple[str, IndicatorKind | None, Decimal]]) -> bool:
        """Whether *weights*, each with its indicator and kind, keep the rule.

        >>> from perfeval.rulesets import rule_set
        >>> [rule] = [rule for rule in rule_set("cn-mof-2020-10-evaluation").weight_rules if rule.at_least == 60]
        >>> rule.keeps([("甲", IndicatorKind.OUTPUT, Decimal(40)), ("乙", IndicatorKind.DECISION, Decimal(60))])
        False
        """
        rows = tuple(weights)
        if self.each == "indicator":
            sums = [weight for _, _, weight in rows]
        elif self.each == "level1":
            levels = dict.fromkeys(kind.level1 for _, kind, _ in rows if kind is not None)
            sums = [_sum_of_kinds(rows, (level,)) for level in levels]
        elif self.indicators:
            sums = [sum_of([weight for name, _, weight in rows if name in self.indicators])]
        else:
            sums = [_sum_of_kinds(rows, self.kinds)]
        smaller = _sum_of_kinds(rows, self.more_than)
        return not any(
            (self.at_least is not None and points < self.at_least)
            or (self.multiple_of is not None and CONTEXT.remainder(points, self.multiple_of))
            or (self.more_than and points <= smaller)
            for points in sums
        )


def _sum_of_kinds(
    rows: Iterable[tuple[str, IndicatorKind | None, Decimal]], kinds: tuple[IndicatorKind, ...]
) -> Decimal:
    return sum_of([weight for _, kind, weight in rows if kind is not None and kind.level1 in kinds])


class DepartmentMethod(NamedTuple):
    """What a common indicator of the department as a whole earns of its weight.

    Attributes:
        indicator: Its name in the frameworks: "staffing_control_rate".
        weight: Points.
        rule: What its rate earns.
        grounds: What that rests on.
        at_most: The largest rate that the table speaks of, `None` if it
            speaks of all.
    """

    indicator: str
    weight: Decimal
    rule: ScoringRule
    grounds: Grounds
    at_most: Decimal | None = None


class CommonMethod(NamedTuple):
    """How a common indicator of a project scores where the evaluator sets the weights.

    Attributes:
        indicator: Its name in the frameworks: "annex2_completion_rate".
        rule: What its rate, or the share of its points that are met, earns;
            `None` where a person judges.
        grounds: What that rests on.
    """

    indicator: str
    rule: ScoringRule | None
    grounds: Grounds


class Weights(NamedTuple):
    """One of the distributions of the weight over level 1 kinds.

    Attributes:
        name: Its name within the rule set.
        points: The points of each kind.
        grounds: What it rests on.
        execution: The weight of the execution rate beside these, where it is
            not the rule set's own.
    """

    name: str
    points: tuple[tuple[IndicatorKind, Decimal], ...]
    grounds: Grounds
    execution: Decimal | None = None


FORMS = ("≥", "≤", "=", ">", "<", "range", "deadline", "judgement")


def covers(kinds: tuple[IndicatorKind, ...], kind: IndicatorKind | None) -> bool:
    """Whether *kinds* are all kinds, or *kind* or its level 1 is one of them."""
    return not kinds or (kind is not None and (kind in kinds or kind.level1 in kinds))


@attrs.frozen(kw_only=True)
class ExecutionRules:
    """How the execution rate is weighted and scored.

    Attributes:
        weight: Its weight, points.
        weight_grounds: What the weight rests on.
        basis: Which budget the rate divides by.
        basis_grounds: What the basis rests on.
        method: What the rate earns.
        unfinished: What it earns where the project is not finished, if the
            rules tell these apart; *method* is for a finished one then.
        no_budget: What it earns where there is no budget.
        no_budget_grounds: What that rests on.
    """

    weight: Decimal
    weight_grounds: Grounds
    basis: BudgetBasis
    basis_grounds: Grounds
    method: Method
    unfinished: Method | None
    no_budget: NoBudget
    no_budget_grounds: Grounds

    @property
    def methods(self) -> tuple[Method, ...]:
        """What the rate earns, for a finished and for an unfinished project where the rules tell these apart."""
        return (self.method,) if self.unfinished is None else (self.method, self.unfinished)
