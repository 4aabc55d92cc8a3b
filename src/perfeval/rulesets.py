"""Rule sets: what a document prescribes, as cited data (评分规则).

A rule set is one complete TOML file per version in force. It says which
measure and which scoring rule an indicator takes, how the execution rate is
weighted, how scores are rounded and graded; every table cites the article it
rests on, or states as an assumption what no text decides. This module reads
such files and finds the one for a place and a year; it knows no place itself.

>>> rules = rule_set("CN", fiscal_year=2022)
>>> rules.id, rules.execution.weight
('cn-mof-2020-10', Decimal('10'))
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import attrs

from perfeval.amounts import sum_of
from perfeval.cited import (
    NO_WORDS,
    Grounds,
    Table,
    a_bool,
    a_date,
    a_list,
    a_number,
    a_string,
    cites_text,
    data_folder,
    member_of,
    members_of,
    opened,
    points_of,
    read_toml,
    share_of,
    words_of,
)
from perfeval.errors import Fault, ModelError, PerfevalError, RuleSetError, RuleSetNotFoundError
from perfeval.i18n import Words, known
from perfeval.members import to_member
from perfeval.model import BudgetBasis, IndicatorKind, to_fiscal_year
from perfeval.ratios import Ratio
from perfeval.reasons import Reason
from perfeval.rounding import Rounding
from perfeval.scoring import Band, Grade, Measure, ScoringRule, to_bands
from perfeval.targets import Comparator, Inverse, Target, Threshold, Tier

if TYPE_CHECKING:
    from os import PathLike

__all__ = [
    "Cap",
    "Deduction",
    "DepartmentMethod",
    "ExecutionRules",
    "Limit",
    "Method",
    "NoBudget",
    "RuleSet",
    "nation",
    "rule_set",
    "rule_sets",
]

T = TypeVar("T")


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

        >>> method = rule_set("cn-mof-2020-10").methods[0]
        >>> method._replace(less_than=Decimal(1)).speaks_of(Ratio(1, 1))
        False
        """
        if self.at_most is not None:
            return measure <= Ratio.of(self.at_most)
        return self.less_than is None or measure < Ratio.of(self.less_than)


class Unstated(NamedTuple):
    """The comparator that a target without one is read with."""

    comparator: Comparator
    kinds: tuple[IndicatorKind, ...]
    grounds: Grounds


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


def _covers(kinds: tuple[IndicatorKind, ...], kind: IndicatorKind | None) -> bool:
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


@attrs.frozen(kw_only=True, repr=False)
class RuleSet:
    """The rules of one document, for one place and scope, from one year on.

    Attributes:
        id: Its name.
        title: Its title in both languages.
        place: ISO 3166-2 code, below the province a GB/T 2260 code.
        scope: "general", or which budgets it is for ("central").
        first_fiscal_year: The first fiscal year that it applies to.
        checked_on: The last day a person compared it with its sources.
        default_locale: The locale of texts where none is asked for.
        bounded: Whether every score lies between 0 and its weight.
        monotone: Whether more achieved never scores less.
        grounds: What the rule set as a whole rests on.
        total: The points of a complete form.
        total_grounds: What that rests on.
        rounding: How scores are rounded.
        rounding_grounds: What that rests on.
        execution: How the execution rate scores.
        methods: How indicators are measured and scored; the first that
            covers an indicator is taken.
        unstated: What a target without a comparator is read as.
        unmet: Shares that the rules give where there is no measure.
        tier_words: The tiers' names, and the words that claim them.
        repeated_target: The tier that an actual claims which repeats the
            words of its target, if any.
        repeated_target_grounds: What that rests on.
        bands: The grade bands, from the best to the worst.
        grade_grounds: What they rest on.
        weights: The distributions of the weight that the document names.
        exceeded: From which actual / target on a reason is due, if told.
        low_rate: Below which execution rate a reason is due, if told.
        adjusted: Above which change of the budget a reason is due, if told.
        deduction: What a target exceeded by far loses, if anything.
        cap: How a low execution rate caps the total, if it does.
        department: What common indicators of a department as a whole earn.
        first_year_grounds: What the first year rests on, where the document
            does not date itself.
        partial: What of the document was not read, where it was read in part.
        asked_for: The place that was asked for, where it has no rules of its
            own and these are its parent's.
    """

    id: str
    title: Words
    place: str
    scope: str
    first_fiscal_year: int
    checked_on: dt.date
    default_locale: str
    bounded: bool
    monotone: bool
    grounds: Grounds
    total: Decimal
    total_grounds: Grounds
    rounding: Rounding
    rounding_grounds: Grounds
    execution: ExecutionRules
    methods: tuple[Method, ...]
    unstated: tuple[Unstated, ...]
    unmet: tuple[Unmet, ...]
    tier_words: tuple[TierWords, ...]
    repeated_target: Tier | None
    repeated_target_grounds: Grounds | None
    bands: tuple[Band, ...]
    grade_grounds: Grounds
    weights: tuple[Weights, ...]
    exceeded: Limit | None = None
    low_rate: Limit | None = None
    adjusted: Limit | None = None
    deduction: Deduction | None = None
    cap: Cap | None = None
    department: tuple[DepartmentMethod, ...] = ()
    first_year_grounds: Grounds | None = None
    partial: Words | None = None
    asked_for: str | None = None
    _by_form: dict[str, tuple[Method, ...]] = attrs.field(init=False, eq=False, repr=False)

    # Its own citations in words, made when first asked for.
    _texts: dict[tuple[str, str], str] = attrs.field(init=False, factory=dict, eq=False, repr=False)

    @_by_form.default
    def _sort_methods(self) -> dict[str, tuple[Method, ...]]:
        return {form: tuple(method for method in self.methods if form in method.forms) for form in FORMS}

    @classmethod
    def from_toml(cls, path: str | PathLike[str]) -> RuleSet:
        """Read a rule set of your own: same loader, same errors as for ours.

        A ``[sources]`` table in the file adds documents to cite.

        Args:
            path: A TOML file.

        Raises:
            RuleSetError: With every fault of the file and its path.
            OSError: If the file cannot be read.
        """
        from pathlib import Path

        return _rule_set_of(read_toml(Path(path)), Path(path).name)

    def __repr__(self) -> str:
        return f"<RuleSet {self.id}>"

    def method_for(self, form: str, kind: IndicatorKind | None) -> Method | None:
        """Return the first method for this form of target and kind of indicator."""
        for method in self._by_form.get(form, ()):
            kinds = method.kinds
            if not kinds or _covers(kinds, kind):
                return method
        return None

    def cited(self, name: str, grounds: Iterable[Grounds], locale: str) -> str:
        """Return the citations of a part of this rule set in words, kept under *name*."""
        key = (name, locale)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = cites_text(grounds, locale)
        return text

    def grade_name(self, grade: Grade) -> Words | None:
        """Return this rule set's own name of a grade, `None` if it has none."""
        return next((band.words for band in self.bands if band.grade is grade), None)

    def tier_name(self, tier: Tier) -> Words | None:
        """Return this rule set's own name of a tier, `None` if it has none."""
        return next((row.name for row in self.tier_words if row.tier is tier), None)

    def every_grounds(self) -> tuple[Grounds, ...]:
        """Return the grounds of each of its parts, in the order of the file."""
        terms = self.execution
        found = [self.grounds, self.total_grounds, self.rounding_grounds]
        found += [] if self.first_year_grounds is None else [self.first_year_grounds]
        found += [terms.weight_grounds, terms.basis_grounds, terms.method.grounds]
        found += [] if terms.unfinished is None else [terms.unfinished.grounds]
        found += [terms.no_budget_grounds]
        for method in self.methods:
            found += [method.grounds, method.without_share]
        for rows in (self.unstated, self.unmet, self.tier_words):
            found += [row.grounds for row in rows]
        found += [] if self.repeated_target_grounds is None else [self.repeated_target_grounds]
        found += [self.grade_grounds, *(row.grounds for row in self.weights)]
        parts = (self.exceeded, self.low_rate, self.adjusted, self.deduction, self.cap)
        found += [part.grounds for part in parts if part is not None]
        return (*found, *(row.grounds for row in self.department))

    def tier_claimed(self, text: str) -> TierWords | None:
        """Return the tier that *text* claims in this rule set's own words."""
        for words in self.tier_words:
            if text == words.name.zh_CN or text in words.texts:
                return words
        return None

    def comparator_for(self, kind: IndicatorKind | None) -> Unstated | None:
        """Return what a target without a comparator is read as."""
        for unstated in self.unstated:
            if _covers(unstated.kinds, kind):
                return unstated
        return None


def rule_set(name: str, *, fiscal_year: int | None = None, scope: str = "general") -> RuleSet:
    """Return a rule set, by its id or by place and year.

    A place without rules of its own in that year gets its parent's, and the
    result's ``asked_for`` says so.

    Args:
        name: An id ("cn-mof-2020-10") or a place ("CN", "CN-HB", "130225").
        fiscal_year: The year that is evaluated; needed for a place.
        scope: Which budgets: "general", "central", …

    Raises:
        RuleSetNotFoundError: If there is none: the message lists what is known.
        TypeError: If a place comes without a year.

    >>> rule_set("130225", fiscal_year=2022).asked_for
    '130225'
    """
    if name in _files():
        return _shipped(name)
    places = _places(name)
    if not places:
        raise RuleSetNotFoundError(f"no rule set {name!r}; known are {', '.join(_files())}")
    if fiscal_year is None:
        raise TypeError(f"a place needs a year: rule_set({name!r}, fiscal_year=…)")
    to_fiscal_year(fiscal_year)
    later = []
    for place in places:
        here = [head for head in _heads() if head["place"] == place and head["scope"] == scope]
        in_force = [head for head in here if head["first_fiscal_year"] <= fiscal_year]
        if in_force:
            found = _shipped(max(in_force, key=lambda head: int(head["first_fiscal_year"]))["id"])
            return found if place == name else attrs.evolve(found, asked_for=name)
        later += [f"{head['id']} (from {head['first_fiscal_year']})" for head in here]
    if later:
        raise RuleSetNotFoundError(f"no rule set of {name} is in force for {fiscal_year}; known are {', '.join(later)}")
    raise RuleSetNotFoundError(f"no rule set of {name} for scope {scope!r}; known are {', '.join(_files())}")


def rule_sets() -> tuple[RuleSet, ...]:
    """Return every rule set that comes with the library, by id.

    >>> [rules.id for rules in rule_sets() if rules.place == "CN" and rules.scope in ("general", "central")]
    ['cn-mof-2020-10', 'cn-mof-2021-101']
    """
    return tuple(_shipped(name) for name in _files())


# Reading. Nothing below is reached at import.


@cache
def _files() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (data_folder() / "rulesets").iterdir()))


@cache
def _heads() -> tuple[dict[str, Any], ...]:
    """What finds a file by place and year, without parsing each: the keys above its first table."""
    heads = []
    for name in _files():
        with (data_folder() / "rulesets" / f"{name}.toml").open(encoding="utf-8") as file:
            found = dict(_HEAD.findall(file.read(4096)))
        heads.append(found | {"first_fiscal_year": int(found["first_fiscal_year"])})
    return tuple(heads)


_HEAD = re.compile(r'^(id|place|scope|first_fiscal_year) = "?([^"\n]*)"?$', re.MULTILINE)


@cache
def _shipped(name: str) -> RuleSet:
    return _rule_set_of(read_toml(data_folder() / "rulesets" / f"{name}.toml"), f"{name}.toml")


def _places(name: str) -> tuple[str, ...]:
    """The place itself and its parents, the nearest first; none if it is no place."""
    table = _place_table()
    provinces: dict[str, str] = table["provinces"]
    if len(name) == 6 and name.isascii() and name.isdigit() and name[:2] in provinces:
        above = [name[:4] + "00", name[:2] + "0000"]
        return tuple(dict.fromkeys([name, *above, provinces[name[:2]], nation()]))
    if name in provinces.values():
        return (name, nation())
    return (name,) if name == nation() else ()


def nation() -> str:
    """Return the place whose rules apply where a place has none.

    >>> rule_set(nation(), fiscal_year=2022).id
    'cn-mof-2020-10'
    """
    return str(_place_table()["nation"])


@cache
def _place_table() -> dict[str, Any]:
    return read_toml(data_folder() / "places.toml")


def _rule(value: Any) -> ScoringRule | None:
    if not isinstance(value, dict):
        raise ModelError(f"expected a table with a constructor, got {type(value).__name__}")
    return ScoringRule.from_dict(value)


def _forms(value: Any) -> tuple[str, ...]:
    for form in a_list(value):
        if form not in FORMS:
            raise ModelError(f"expected forms among {', '.join(FORMS)}, got {form!r}")
    return tuple(value)


_NO_GROUNDS = Grounds(())
_ANY_RULE = ScoringRule.proportional()


def _read_method(
    table: Table, *, name: str | None = None, forms: Iterable[str] = (), measure: Measure | None = None
) -> Method:
    given = tuple(forms)
    method = Method(
        table.take("name", a_string, "") if name is None else name,
        given or table.take("forms", _forms, ()),
        () if given else table.take("kinds", members_of(IndicatorKind, "kind of indicator"), (), needed=False),
        table.take("measure", member_of(Measure, "measure"), Measure.ACHIEVEMENT) if measure is None else measure,
        None if given else table.take("inverse", member_of(Inverse, "inverse form"), None, needed=False),
        table.take("rule", _rule, None) or _ANY_RULE,
        table.grounds(),
        Grounds((), table.take("without_share", words_of, None, needed=False)),
        table.take("at_most", a_number, None, needed=False) if given else None,
        table.take("less_than", a_number, None, needed=False) if given else None,
    )
    if (method.measure is Measure.JUDGED) is not (method.forms == ("judgement",)):
        table.fault("measure", "the measure judged goes with the form judgement, and with no other")
    table.close()
    return method


def _read_rate_method(table: Table, name: str) -> Method:
    return _read_method(table.table(name), name=f"execution_rate.{name}", forms=("rate",), measure=Measure.RATE)


def _read_execution(table: Table) -> ExecutionRules:
    rate, without = table.table("rate"), table.table("no_budget")
    unfinished: Method | None = None
    if "unfinished" in table.data:
        unfinished = _read_rate_method(table, "unfinished")
        method = _read_rate_method(table, "finished")
    else:
        method = _read_rate_method(table, "score")
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


def _rule_set_of(data: dict[str, Any], name: str) -> RuleSet:
    """Build a rule set of a parsed file, or raise all of its faults."""
    top, faults = opened(data)
    total, rounding, grades = top.table("total"), top.table("rounding"), top.table("grades")
    execution = _read_execution(top.table("execution"))
    repeated = top.table("repeated_target", needed=False)
    reasons = top.table("reasons", needed=False)
    adjustments = top.table("adjustments", needed=False)
    has_repeated = bool(repeated.data)
    first_year = top.table("first_year", needed=False)
    is_dated_here = bool(first_year.data)
    rules = RuleSet(
        id=top.take("id", a_string, ""),
        title=top.take("title", words_of, None) or NO_WORDS,
        place=top.take("place", _place, ""),
        scope=top.take("scope", a_string, ""),
        first_fiscal_year=top.take("first_fiscal_year", to_fiscal_year, 2020),
        checked_on=top.take("checked_on", a_date, dt.date.min),
        default_locale=top.take("default_locale", known, "zh_CN"),
        bounded=top.take("bounded", a_bool, True),
        monotone=top.take("monotone", a_bool, True),
        grounds=top.grounds(),
        total=total.take("points", points_of, Decimal(100)),
        total_grounds=total.grounds(),
        rounding=read_rounding(rounding),
        rounding_grounds=rounding.grounds(),
        execution=execution,
        methods=tuple(_read_method(row) for row in top.tables("methods", needed=True)),
        unstated=tuple(_read_unstated(row) for row in top.tables("unstated_comparator")),
        unmet=tuple(_read_unmet(row) for row in top.tables("unmet")),
        tier_words=tuple(_read_tier_words(row) for row in top.tables("words")),
        repeated_target=repeated.take("tier", member_of(Tier, "tier"), None) if has_repeated else None,
        repeated_target_grounds=repeated.grounds() if has_repeated else None,
        bands=read_bands(grades),
        grade_grounds=grades.grounds(),
        weights=tuple(_read_weights(row) for row in top.tables("weights")),
        exceeded=_read_limit(reasons, "exceeded", "factor"),
        low_rate=_read_limit(reasons, "execution_rate", "below"),
        adjusted=_read_limit(reasons, "budget_adjustment", "above"),
        deduction=_read_deduction(adjustments),
        cap=_read_cap(adjustments),
        department=tuple(_read_department(row) for row in top.tables("department")),
        first_year_grounds=first_year.grounds() if is_dated_here else None,
        partial=top.take("partial", words_of, None, needed=False),
    )
    for table in (total, rounding, grades, repeated, first_year, reasons, adjustments, top):
        table.close()
    # Texts of a rule set are kept by the names of its methods.
    for name_, count in Counter(method.name for method in rules.methods).items():
        if count > 1:
            faults.append(Fault("methods", f"expected each name once, got {name_!r} {count} times"))
    # With another fault the sums would only say it again.
    for weights in () if faults else rules.weights:
        beside = rules.execution.weight if weights.execution is None else weights.execution
        added = sum_of([beside, *(points for _, points in weights.points)])
        if added != rules.total:
            expected = f"expected points that add to {rules.total} with the execution rate"
            faults.append(Fault(f"weights.{weights.name}", f"{expected}, got {added}"))
    if faults:
        raise RuleSetError(name, faults)
    return rules


def _place(value: Any) -> str:
    if not _places(a_string(value)):
        raise ModelError(f"expected an ISO 3166-2 or GB/T 2260 code, got {value!r}")
    return str(value)


def read_rounding(table: Table) -> Rounding:
    """Return the rounding of a table."""
    step = table.take("step", lambda value: Rounding(step=value).step, Rounding().step)
    mode = table.take("mode", lambda value: Rounding(mode=value).mode, Rounding().mode)
    digits = table.take("ratio_digits", lambda value: Rounding(ratio_digits=value).ratio_digits, None, needed=False)
    return Rounding(step, mode, digits)


def _read_unstated(table: Table) -> Unstated:
    row = Unstated(
        table.take("comparator", member_of(Comparator, "comparator"), Comparator.AT_LEAST),
        table.take("kinds", members_of(IndicatorKind, "kind of indicator"), (), needed=False),
        table.grounds(),
    )
    table.close()
    return row


def _read_unmet(table: Table) -> Unmet:
    row = Unmet(
        table.take("reason", member_of(Reason, "reason"), Reason.LATE),
        table.take("share", share_of, Decimal(0)),
        table.grounds(),
    )
    table.close()
    return row


def _read_limit(table: Table, name: str, key: str) -> Limit | None:
    if name not in table.data:
        return None
    row = table.table(name)
    limit = Limit(row.take(key, points_of, Decimal(0)), row.grounds())
    row.close()
    return limit


def _read_deduction(table: Table) -> Deduction | None:
    if "exceeded" not in table.data:
        return None
    row = table.table("exceeded")
    deduction = Deduction(
        row.take("factor", points_of, Decimal(1)),
        row.take("points", points_of, Decimal(0)),
        row.take("label", words_of, None) or NO_WORDS,
        row.grounds(),
    )
    row.close()
    return deduction


def _read_cap(table: Table) -> Cap | None:
    if "cap" not in table.data:
        return None
    row = table.table("cap")
    cap = Cap(
        row.take("rates", _cap_rates, ()),
        row.take("label", words_of, None) or NO_WORDS,
        row.grounds(),
    )
    row.close()
    return cap


def _read_department(table: Table) -> DepartmentMethod:
    row = DepartmentMethod(
        table.take("indicator", a_string, ""),
        table.take("weight", points_of, Decimal(0)),
        table.take("rule", _rule, None) or _ANY_RULE,
        table.grounds(),
        table.take("at_most", a_number, None, needed=False),
    )
    table.close()
    return row


def _cap_rates(value: Any) -> tuple[tuple[Decimal, Decimal], ...]:
    rates = tuple((points_of(row["below"]), points_of(row["total"])) for row in a_list(value))
    if list(rates) != sorted(rates, reverse=True) or len({below for below, _ in rates}) < len(rates):
        raise ModelError("expected rates and totals that fall from the first row on")
    return rates


def _read_tier_words(table: Table) -> TierWords:
    row = TierWords(
        table.take("tier", member_of(Tier, "tier"), Tier.ACHIEVED),
        table.take("name", words_of, None) or NO_WORDS,
        table.take("texts", lambda value: tuple(a_string(text) for text in a_list(value)), (), needed=False),
        table.grounds(),
    )
    table.close()
    return row


def _read_weights(table: Table) -> Weights:
    row = Weights(
        table.take("name", a_string, ""),
        table.take("points", _points_by_kind, ()),
        table.grounds(),
        table.take("execution", points_of, None, needed=False),
    )
    table.close()
    return row


def _points_by_kind(value: Any) -> tuple[tuple[IndicatorKind, Decimal], ...]:
    return tuple(
        (to_member(IndicatorKind, kind, "kind of indicator"), points_of(points)) for kind, points in value.items()
    )


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
