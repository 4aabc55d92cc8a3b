"""The rule set, and how it is read from its file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from perfeval.amounts import plain, sum_of
from perfeval.cited import (
    NO_WORDS,
    Grounds,
    Table,
    a_bool,
    a_date,
    a_string,
    cites_text,
    grounds_in,
    member_of,
    members_of,
    points_of,
    read_file,
    shown,
    words_of,
)
from perfeval.errors import ModelError
from perfeval.i18n import LOCALES, Words, message
from perfeval.model import EvaluationKind, IndicatorKind, to_fiscal_year
from perfeval.places import nation, place_words, places_above
from perfeval.rounding import Rounding
from perfeval.rulesets.reading import (
    read_bands,
    read_cap,
    read_common,
    read_deduction,
    read_department,
    read_execution,
    read_limit,
    read_method,
    read_rounding,
    read_tier_words,
    read_unmet,
    read_unstated,
    read_weight_rule,
    read_weights,
)
from perfeval.rulesets.records import (
    FORMS,
    Cap,
    CommonMethod,
    Deduction,
    DepartmentMethod,
    ExecutionRules,
    Limit,
    Method,
    TierWords,
    Unmet,
    Unstated,
    WeightRule,
    Weights,
    covers,
)
from perfeval.rulesets.year import MonitoringRules, ResultRules, read_monitoring, read_results
from perfeval.scoring import Band, Grade
from perfeval.targets import Comparator, Meaning, Threshold, Tier, verb_of
from perfeval.units import units

if TYPE_CHECKING:
    from os import PathLike

    from perfeval.pages import Page

__all__ = ["RuleSet", "read_rule_set"]


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
        first_year_grounds: What the first year rests on, where the document
            does not date itself.
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
        monitoring: How projects are monitored at mid-year, if the rules say.
        results: What follows from a grade, if the rules say.
        evaluations: Whose evaluation the rules are for: the unit's own, its
            department's, finance's.
        common: How common indicators of a project score where the evaluator
            sets their weights.
        weight_rules: What those weights have to keep.
        full_payment: From which total on payment is due in full, if the
            rules tie payment to it.
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
    first_year_grounds: Grounds | None = None
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
    monitoring: MonitoringRules | None = None
    results: ResultRules | None = None
    evaluations: tuple[EvaluationKind, ...] = (EvaluationKind.SELF,)
    common: tuple[CommonMethod, ...] = ()
    weight_rules: tuple[WeightRule, ...] = ()
    full_payment: Limit | None = None
    partial: Words | None = None
    asked_for: str | None = None
    _by_form: dict[str, tuple[Method, ...]] = attrs.field(init=False, eq=False, repr=False)
    _grounds: dict[str, tuple[Grounds, ...]] = attrs.field(init=False, eq=False, repr=False)
    # Its own citations in words, made when first asked for: of a method, or of the grades (`None`).
    _texts: dict[tuple[str | None, str], str] = attrs.field(init=False, factory=dict, eq=False, repr=False)

    @_by_form.default
    def _sort_methods(self) -> dict[str, tuple[Method, ...]]:
        return {form: tuple(method for method in self.methods if form in method.forms) for form in FORMS}

    @_grounds.default
    def _name_grounds(self) -> dict[str, tuple[Grounds, ...]]:
        """What each method rests on, by its name: no two have the same."""
        terms = self.execution
        found: dict[str, tuple[Grounds, ...]] = {
            rate.name: (terms.weight_grounds, terms.basis_grounds, rate.grounds) for rate in terms.methods
        }
        for method in self.methods:
            if method.name in found:
                raise ModelError(f"methods: expected each name once, got {method.name!r} twice")
            found[method.name] = (method.grounds,)
        return found

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

        return read_file(Path(path), read_rule_set)

    def __repr__(self) -> str:
        return f"<RuleSet {self.id}>"

    def page(self, locale: str | None = None) -> Page:
        """Return everything that it prescribes as a page, in its own locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.rulesets.pages import rule_page

        return rule_page(self, self.default_locale if locale is None else locale)

    def _repr_html_(self) -> str:
        from perfeval.pages import html

        return html(self.page())

    def method_for(self, form: str, kind: IndicatorKind | None) -> Method | None:
        """Return the first method for this form of target and kind of indicator."""
        for method in self._by_form.get(form, ()):
            kinds = method.kinds
            if not kinds or covers(kinds, kind):
                return method
        return None

    def grounds_of(self, method: str) -> tuple[Grounds, ...]:
        """Return what a score by the method of that name rests on.

        Raises:
            KeyError: If no method of these rules has the name.
        """
        return self._grounds[method]

    def cited(self, method: str, locale: str) -> str:
        """Return in words what a score by the method of that name rests on.

        Raises:
            KeyError: If no method of these rules has the name.
        """
        text = self._texts.get((method, locale))
        if text is None:
            text = self._texts[method, locale] = cites_text(self.grounds_of(method), locale)
        return text

    def grades_cited(self, locale: str) -> str:
        """Return in words what the grades rest on."""
        text = self._texts.get((None, locale))
        if text is None:
            text = self._texts[None, locale] = cites_text((self.grade_grounds,), locale)
        return text

    def notice(self, locale: str) -> str | None:
        """Return that a place has no rules of its own and whose rules these are, `None` if they are its own.

        >>> from perfeval import rule_set
        >>> rule_set("540100", fiscal_year=2022).notice("zh_CN")
        '西藏自治区拉萨市未单独制定办法，适用财政部规定。'
        """
        if self.asked_for is None:
            return None
        issuer = next((cite.source.issuer for cite in self.grounds.cites if cite.source.issuer is not None), None)
        if issuer is None and self.place == nation():
            maker = message("explain.titled", locale, title=self.title.of(locale))
        else:
            maker = (issuer or place_words(self.place)).of(locale)
        return message("explain.asked_for", locale, asked=place_words(self.asked_for).of(locale), place=maker)

    def grade_name(self, grade: Grade) -> Words | None:
        """Return this rule set's own name of a grade, `None` if it has none."""
        for band in self.bands:
            if band.grade is grade:
                return band.words
        return None

    def tier_name(self, tier: Tier) -> Words | None:
        """Return this rule set's own name of a tier, `None` if it has none."""
        return next((row.name for row in self.tier_words if row.tier is tier), None)

    def every_grounds(self) -> tuple[Grounds, ...]:
        """Return the grounds of each of its parts, in the order of their fields."""
        return tuple(grounds_in(self))

    def tier_claimed(self, text: str) -> TierWords | None:
        """Return the tier that *text* claims in this rule set's own words."""
        for words in self.tier_words:
            if text == words.name.zh_CN or text in words.texts:
                return words
        return None

    def comparator_for(
        self, kind: IndicatorKind | None, target: Threshold | None = None, name: str = ""
    ) -> Unstated | None:
        """Return what a target without a comparator is read as, `None` if these rules do not say.

        Args:
            kind: The kind of the indicator.
            target: The target: its unit can tell, and of a fall more is better.
            name: The indicator's name; a label before the figure tells first.
        """
        unit, falls = None, False
        if target is not None:
            unit, falls = target.unit, target.meaning is Meaning.FALL
            if target.label and target.label not in units().labels:
                # A verb of doing says less than the name does.
                name = target.label + name if verb_of(target.label)[0] else target.label
            if target.meaning is Meaning.RISE:
                from perfeval.text import without_change

                # More of what is better lower is worse: 信访量增长率.
                name = without_change(name)
        for unstated in self.unstated:
            if falls and unstated.comparator is not Comparator.AT_LEAST:
                continue
            if unstated.concerns(kind, unit, name):
                return unstated
        return None

    def resolved(self, target: Threshold, kind: IndicatorKind | None, name: str = "") -> Threshold:
        """Return *target* with the comparator that these rules read it with; its words stay the form's.

        A target that prints its comparator, or that the rules read with none,
        is returned as it is. A target of 0 of which more would be better is
        met at 0 and by nothing else.

        >>> from perfeval import rule_set
        >>> rules = rule_set("cn-mof-2020-10")
        >>> target = rules.resolved(Threshold("unstated", 50, "件"), IndicatorKind.OUTPUT_QUANTITY)
        >>> print(target.comparator, target)
        ≥ 50件
        >>> rules.resolved(Threshold("unstated", 5, "件"), IndicatorKind.BENEFIT_SOCIAL, "群众投诉件数").comparator
        <Comparator.AT_MOST: '≤'>
        """
        if target.comparator is not Comparator.UNSTATED:
            return target
        unstated = self.comparator_for(kind, target, name)
        if unstated is None or unstated.comparator is None:
            return target
        sign = unstated.comparator
        if sign is Comparator.AT_LEAST and not target.value:
            sign = Comparator.EQUAL
        return attrs.evolve(target, comparator=sign, words=target.text)


_EVALUATIONS = members_of(EvaluationKind, "kind of evaluation")


def read_rule_set(top: Table) -> RuleSet:
    """Return the rule set of a file's top table; its faults are kept there."""
    total, rounding, grades = top.table("total"), top.table("rounding"), top.table("grades")
    execution = read_execution(top.table("execution"))
    has_repeated = top.has("repeated_target")
    repeated = top.table("repeated_target", needed=False)
    is_dated_here = top.has("first_year")
    first_year = top.table("first_year", needed=False)
    reasons = top.table("reasons", needed=False)
    adjustments = top.table("adjustments", needed=False)
    payment = top.table("payment", needed=False)
    methods = _each_name_once(top, execution, [read_method(row) for row in top.tables("methods", needed=True)])
    rules = RuleSet(
        id=top.take("id", a_string, ""),
        title=top.take("title", words_of, NO_WORDS),
        place=top.take("place", _a_place, ""),
        scope=top.take("scope", a_string, ""),
        first_fiscal_year=top.take("first_fiscal_year", _a_fiscal_year, 2020),
        checked_on=top.take("checked_on", a_date, dt.date.min),
        default_locale=top.take("default_locale", _a_locale, "zh_CN"),
        bounded=top.take("bounded", a_bool, True),
        monotone=top.take("monotone", a_bool, True),
        grounds=top.grounds(),
        total=total.take("points", points_of, Decimal(100)),
        total_grounds=total.grounds(),
        rounding=read_rounding(rounding),
        rounding_grounds=rounding.grounds(),
        first_year_grounds=first_year.grounds() if is_dated_here else None,
        execution=execution,
        methods=methods,
        unstated=tuple(read_unstated(row) for row in top.tables("unstated_comparator")),
        unmet=tuple(read_unmet(row) for row in top.tables("unmet")),
        tier_words=tuple(read_tier_words(row) for row in top.tables("words")),
        repeated_target=repeated.take("tier", member_of(Tier, "tier"), None) if has_repeated else None,
        repeated_target_grounds=repeated.grounds() if has_repeated else None,
        bands=read_bands(grades),
        grade_grounds=grades.grounds(),
        weights=tuple(read_weights(row) for row in top.tables("weights")),
        exceeded=read_limit(reasons, "exceeded", "factor"),
        low_rate=read_limit(reasons, "execution_rate", "below"),
        adjusted=read_limit(reasons, "budget_adjustment", "above"),
        deduction=read_deduction(adjustments),
        cap=read_cap(adjustments),
        department=tuple(read_department(row) for row in top.tables("department")),
        monitoring=read_monitoring(top),
        results=read_results(top),
        evaluations=top.take("evaluations", _EVALUATIONS, (EvaluationKind.SELF,), needed=False),
        common=tuple(read_common(row) for row in top.tables("common")),
        weight_rules=tuple(read_weight_rule(row) for row in top.tables("weight_rules")),
        full_payment=read_limit(payment, "full", "at_least"),
        partial=top.take("partial", words_of, None, needed=False),
    )
    for table in (total, rounding, grades, repeated, first_year, reasons, adjustments, payment):
        table.close()
    # With another fault the sums would only say it again.
    for weights in () if top.faults else rules.weights:
        beside = rules.execution.weight if weights.execution is None else weights.execution
        added = sum_of([beside, *(points for _, points in weights.points)])
        if added != rules.total:
            expected = f"expected points that add to {plain(rules.total)} with the execution rate"
            top.fault(f"weights.{weights.name}", f"{expected}, got {plain(added)}")
    return rules


def _each_name_once(top: Table, execution: ExecutionRules, methods: list[Method]) -> tuple[Method, ...]:
    """The methods, the first of each name, with a fault for a name that stands more than once."""
    counted = Counter(method.name for method in (*execution.methods, *methods))
    for name, count in counted.items():
        if count > 1:
            top.fault("methods", f"expected each name once, got {name!r} {count} times")
    first = {method.name: method for method in reversed(methods)}
    taken = {method.name for method in execution.methods}
    return tuple(method for method in methods if first[method.name] is method and method.name not in taken)


def _a_place(value: object) -> str:
    if not places_above(a_string(value)):
        raise ModelError(f"expected an ISO 3166-2 or GB/T 2260 code, got {shown(value)}")
    return str(value)


def _a_fiscal_year(value: object) -> int:
    if isinstance(value, int):
        with suppress(ModelError):
            return to_fiscal_year(value)
    raise ModelError(f"expected a fiscal year, got {shown(value)}")


def _a_locale(value: object) -> str:
    if value not in LOCALES:
        raise ModelError(f"expected a locale ({', '.join(LOCALES)}), got {shown(value)}")
    return str(value)
