"""A rule set as a page: everything it prescribes, with the article behind each part.

Made from the rule set's data alone, for the command, for notebooks and for the
documentation.

>>> from perfeval import rule_set
>>> from perfeval.pages import text
>>> print(text(rule_page(rule_set("cn-hb-2020"), "en")).splitlines()[0])
Hubei's self-evaluation form (2020)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from perfeval.amounts import CONTEXT, exponent_of, plain
from perfeval.cited import Grounds, cites_text
from perfeval.frameworks import framework_indicator
from perfeval.i18n import Words, catalog, known, message
from perfeval.model import IndicatorKind
from perfeval.pages import Block, Cell, Column, ColumnKind, Heading, Items, Notice, Page, Paragraph, Role, Table
from perfeval.places import place_words, scope_words
from perfeval.reasons import Reason
from perfeval.rounding import exact_percent
from perfeval.rulesets.records import Limit, Method, Unstated
from perfeval.rulesets.undecided import undecided
from perfeval.rulesets.year import Lights
from perfeval.scoring import Grade
from perfeval.targets import Tier

if TYPE_CHECKING:
    from perfeval.rulesets.ruleset import RuleSet

__all__ = ["rule_page"]


def rule_page(rules: RuleSet, locale: str) -> Page:
    """Return a rule set in words, as a page.

    Args:
        rules: The rule set.
        locale: ``zh_CN`` or ``en``.

    Raises:
        LocaleNotFoundError: If there is no such locale.
    """
    words = catalog(known(locale))
    parts: list[tuple[Block, ...]] = [
        (Heading(rules.title.of(locale)), *_notices(rules, locale), _head(rules, words, locale)),
        _documents(rules, words, locale),
        _execution(rules, words, locale),
        _methods(rules, words, locale),
        _left(rules, words, locale),
        _readings(rules, words, locale),
        _weights(rules, words, locale),
        _grades(rules, words, locale),
        _reasons(rules, words, locale),
        _department(rules, words, locale),
        _monitoring(rules, words, locale),
        _results(rules, words, locale),
        _common(rules, words, locale),
        _weight_rules(rules, words, locale),
        _assumptions(rules, words, locale),
    ]
    return Page(tuple(block for part in parts for block in part), locale)


def _notices(rules: RuleSet, locale: str) -> tuple[Notice, ...]:
    notice = rules.notice(locale)
    return () if notice is None else (Notice(notice),)


Row = Sequence[Cell | str]


def _table(heads: Iterable[str], rows: Iterable[Row], *, figures: Sequence[int] = ()) -> Table:
    """A table of plain cells; *figures* are the columns of figures."""
    columns = (
        Column(head, ColumnKind.FIGURE if number in figures else ColumnKind.TEXT) for number, head in enumerate(heads)
    )
    cells = (tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows)
    return Table(tuple(columns), tuple(cells))


def _section(
    title: str, heads: Iterable[str], rows: Sequence[Row], *, figures: Sequence[int] = ()
) -> tuple[Block, ...]:
    """A section with a table; nothing if it has no rows."""
    return (Heading(title, level=2), _table(heads, rows, figures=figures)) if rows else ()


def _head(rules: RuleSet, words: Mapping[str, str], locale: str) -> Table:
    rows: list[Row] = [
        (words["page.id"], Cell(rules.id, Role.CODE)),
        (words["page.place"], place_words(rules.place).of(locale)),
        (words["page.scope"], scope_words(rules.scope).of(locale)),
        (
            words["page.evaluations"],
            words["list"].join(words[f"evaluation.{kind.value}"] for kind in rules.evaluations),
        ),
        (words["page.first"], str(rules.first_fiscal_year)),
        (words["page.checked"], rules.checked_on.isoformat()),
        (words["page.rounding"], _rounding(rules, words)),
        (
            words["page.laws"],
            words[f"page.bounded.{rules.bounded}"] + words["enumeration"] + words[f"page.monotone.{rules.monotone}"],
        ),
    ]
    if rules.partial is not None:
        rows.append((words["page.partial"], rules.partial.of(locale)))
    return _table(("", ""), rows)


def _rounding(rules: RuleSet, words: Mapping[str, str]) -> str:
    rounding = rules.rounding
    exponent = exponent_of(rounding.step)
    kept = (
        words["page.decimals"]
        if exponent < 0 and rounding.step == CONTEXT.scaleb(Decimal(1), exponent)
        else words["page.step"]
    )
    kept = words["page.whole"] if rounding.step == 1 else kept.format(digits=-exponent, step=plain(rounding.step))
    text = words[f"page.rounding.{rounding.mode.value}"].format(kept=kept)
    if rounding.ratio_digits is not None:
        text += words["page.ratio_digits"].format(digits=rounding.ratio_digits)
    return text


def _documents(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    sources = dict.fromkeys(cite.source for grounds in rules.every_grounds() for cite in grounds.cites)
    rows: list[Row] = []
    for source in sources:
        name = source.title.of(locale) + (words["page.described"] if source.described else "")
        title = Cell(name, link=source.link or "")
        rows.append((source.number or "", title, words[f"page.status.{source.status}"]))
    return _section(words["page.documents"], [words[f"page.{key}"] for key in ("number", "title", "status")], rows)


def _cites(grounds: Grounds, locale: str) -> Cell:
    """The articles that a part rests on, and whether it is assumed."""
    text = cites_text((grounds,), locale)
    if grounds.assumption is not None:
        text = message("page.partly_assumed", locale, cites=text) if text else message("page.assumed", locale)
    return Cell(text, Role.CITATION)


def _execution(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    terms = rules.execution
    rows: list[Row] = [
        (words["form.weight"], plain(terms.weight), _cites(terms.weight_grounds, locale)),
        (words["form.rate"], words[f"form.rate_of.{terms.basis.value}"], _cites(terms.basis_grounds, locale)),
    ]
    rows += [
        (_execution_name(row, words), _scored(row, locale, words), _cites(row.grounds, locale)) for row in terms.methods
    ]
    no_budget = words[f"page.no_budget.{terms.no_budget.value}"]
    rows.append((words["page.no_budget"], no_budget, _cites(terms.no_budget_grounds, locale)))
    return _section(words["execution_rate"], ("", "", words["check.source"]), rows)


def _execution_name(method: Method, words: Mapping[str, str]) -> str:
    return words[f"page.execution.{method.name.rpartition('.')[2]}"]


def _scored(method: Method, locale: str, words: Mapping[str, str]) -> str:
    text = method.rule.describe(locale, measure=words["execution_rate"])
    if method.at_most is not None:
        text += words["page.at_most"].format(limit=exact_percent(method.at_most))
    if method.less_than is not None:
        text += words["page.less_than"].format(limit=exact_percent(method.less_than))
    return text


def _kinds(kinds: tuple[IndicatorKind, ...], words: Mapping[str, str]) -> str:
    return words["enumeration"].join(words[f"kind.{kind.value}"] for kind in kinds) or words["page.all"]


def _methods(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    rows: list[Row] = []
    tiers = _tier_names(rules, words, locale)
    for method in rules.methods:
        forms = " ".join(words.get(f"page.form.{form}", form) for form in method.forms)
        measure = words[f"measure.{method.measure.value}"]
        if method.inverse is not None:
            measure += words[f"page.inverse.{method.inverse.value}"]
        cells = (
            forms,
            _kinds(method.kinds, words),
            measure,
            method.rule.describe(locale, measure=words[f"measure.{method.measure.value}"], tiers=tiers),
            _cites(method.grounds, locale),
        )
        rows.append(cells)
    heads = [words[f"page.{key}"] for key in ("forms", "kinds", "measure", "earns")]
    return _section(words["page.indicators"], [*heads, words["check.source"]], rows)


def _tier_names(rules: RuleSet, words: Mapping[str, str], locale: str) -> dict[Tier, str]:
    """The tiers by the rule set's own names, as far as it has some."""
    names = {tier: rules.tier_name(tier) for tier in Tier}
    return {tier: words[f"tier.{tier.value}"] if name is None else name.of(locale) for tier, name in names.items()}


def _left(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    """What the rules leave to a person."""
    without = {row.tier for method in rules.methods for row in method.rule.tier_ranges if row.share is None}
    names = _tier_names(rules, words, locale)
    tiers = words["enumeration"].join(name for tier, name in names.items() if tier in without)
    rows: list[Row] = [
        (
            " ".join(words.get(f"page.form.{form}", form) for form in row.forms),
            _kinds_or_others(row.kinds, words),
            words["enumeration"].join(words[f"page.left.{case}"].format(tiers=tiers) for case in _joined(row.cases)),
        )
        for row in undecided(rules)
    ]
    rows.append((words["page.left.any"], words["page.all"], words["page.left.entries"]))
    heads = [words[f"page.{key}"] for key in ("forms", "kinds", "left.when")]
    return (Heading(words["page.left"], level=2), Paragraph((words["page.left.how"],)), _table(heads, rows))


_TOGETHER = {("zero", "negative"): "not_above", ("zero.missed", "negative.missed"): "not_above.missed"}


def _joined(cases: Sequence[str]) -> Sequence[str]:
    """The cases, targets of 0 and below as one where they go together."""
    for (zero, negative), both in _TOGETHER.items():
        if zero in cases and negative in cases:
            cases = [both if case == zero else case for case in cases if case != negative]
    return cases


def _kinds_or_others(kinds: Iterable[IndicatorKind | None], words: Mapping[str, str]) -> str:
    """Kinds in words; where that of none is among them, which are not."""
    some = set(kinds)
    if None not in some:
        return _kinds(_together(some), words)
    others = _together(kind for kind in IndicatorKind if kind not in some)
    return words["page.left.but"].format(kinds=_kinds(others, words)) if others else words["page.all"]


def _together(kinds: Iterable[IndicatorKind | None]) -> tuple[IndicatorKind, ...]:
    """The kinds, a level 1 for all below it where all are among them."""
    some = {kind for kind in kinds if kind is not None}
    whole = {kind.level1 for kind in IndicatorKind if kind in some}
    whole -= {kind.level1 for kind in IndicatorKind if kind not in some}
    return tuple(kind for kind in IndicatorKind if kind in (some if kind.level1 not in whole else whole))


def _readings(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    rows: list[Row] = [
        (
            words["page.unstated"].format(kinds=_conditions(row, words)),
            words["page.person"] if row.comparator is None else row.comparator.value,
            _cites(row.grounds, locale),
        )
        for row in rules.unstated
    ]
    rows += [
        (words[_UNMET.get(row.reason, f"reason.{row.reason}")], f"{plain(row.share)}", _cites(row.grounds, locale))
        for row in rules.unmet
    ]
    for tier in rules.tier_words:
        names = words["list"].join([tier.name.of(locale), *tier.texts])
        rows.append((words[f"tier.{tier.tier.value}"], names, _cites(tier.grounds, locale)))
    return _section(words["page.readings"], ("", "", words["check.source"]), rows)


# The words of a reason say that the rules are silent, which these are not.
_UNMET = {
    Reason.LATE: "page.left.late",
    Reason.OUTSIDE_RANGE: "page.left.outside",
    Reason.EQUAL_EXCEEDED: "page.left.exceeded_equal",
    Reason.INVERSE_UNDECIDED: "page.left.missed_most",
    Reason.ZERO_TARGET: "page.left.zero.missed",
    Reason.NEGATIVE_TARGET: "page.left.negative.missed",
    Reason.RANK_MISSED: "page.left.rank.missed",
}


def _conditions(row: Unstated, words: Mapping[str, str]) -> str:
    """Which targets a row is for: kinds, units, names."""
    parts = [_kinds(row.kinds, words)] if row.kinds or not row.names else []
    parts += [words[f"page.names.{row.names}"]] if row.names else []
    parts += [words[f"page.units.{row.units}"]] if row.units else []
    parts += [words[f"page.except.{row.except_names}"]] if row.except_names else []
    return words["page.also"].join(parts)


def _weights(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    rows: list[Row] = []
    for row in rules.weights:
        points = words["list"].join(f"{words['kind.' + kind.value]} {plain(number)}" for kind, number in row.points)
        beside = rules.execution.weight if row.execution is None else row.execution
        rows.append((points, plain(beside), _cites(row.grounds, locale)))
    heads = (words["form.weight"], words["execution_rate"], words["check.source"])
    return _section(words["page.weights"], heads, rows, figures=(1,))


def _grades(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    rows: list[Row] = []
    for band in rules.bands:
        name = words[f"grade.{band.grade.value}"] if band.words is None else band.words.of(locale)
        low = "" if band.at_least is None else plain(band.at_least)
        high = "" if band.below is None else plain(band.below)
        side = "between" if low and high else "from" if low else "below"
        rows.append((name, words[f"page.band.{side}"].format(low=low, high=high)))
    title = words["page.titled"].format(title=words["page.grades"], cites=_cites(rules.grade_grounds, locale).text)
    return _section(title, (words["column.grade"], words["column.total"]), rows)


def _reasons(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    limits: list[tuple[str, Limit | None, Callable[[Decimal], str]]] = [
        ("exceeded", rules.exceeded, plain),
        ("low_rate", rules.low_rate, exact_percent),
        ("adjusted", rules.adjusted, exact_percent),
    ]
    rows: list[Row] = [
        (words[f"page.reason.{name}"].format(limit=shown(limit.value)), _cites(limit.grounds, locale))
        for name, limit, shown in limits
        if limit is not None
    ]
    if rules.deduction is not None:
        factor, points, label, grounds = rules.deduction
        text = words["page.deduction"].format(label=label.of(locale), factor=plain(factor), points=plain(points))
        rows.append((text, _cites(grounds, locale)))
    if rules.cap is not None:
        steps = [
            words["page.cap"].format(below=exact_percent(below), total=plain(total)) for below, total in rules.cap.rates
        ]
        text = words["page.labelled"].format(label=rules.cap.label.of(locale), text=words["enumeration"].join(steps))
        rows.append((text, _cites(rules.cap.grounds, locale)))
    if rules.full_payment is not None:
        text = words["page.full_payment"].format(points=plain(rules.full_payment.value))
        rows.append((text, _cites(rules.full_payment.grounds, locale)))
    return _section(words["page.reasons"], ("", words["check.source"]), rows)


def _department(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    rows: list[Row] = []
    for row in rules.department:
        indicator = framework_indicator(row.indicator)
        name = indicator.name.of(locale)
        # What loses points for each whole unit is a count.
        in_percent = row.rule.constructor != "deduction" or row.rule.parameter("per") != 1
        measure = name if indicator.formula else words["page.points_met"]
        earns = row.rule.describe(locale, measure=measure, in_percent=in_percent)
        if row.at_most is not None:
            earns += words["page.at_most"].format(limit=exact_percent(row.at_most))
        rows.append((name, Cell(row.indicator, Role.CODE), plain(row.weight), earns, _cites(row.grounds, locale)))
    keys = ("page.indicator", "page.id", "form.weight", "page.earns", "check.source")
    return _section(words["page.department"], [words[key] for key in keys], rows, figures=(2,))


def _common(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    rows: list[Row] = []
    for row in rules.common:
        indicator = framework_indicator(row.indicator)
        name = indicator.name.of(locale)
        measure = words["measure.rate" if indicator.formula else "page.points_met"]
        earns = words["page.judged_by_person"] if row.rule is None else row.rule.describe(locale, measure=measure)
        rows.append((name, Cell(row.indicator, Role.CODE), earns, _cites(row.grounds, locale)))
    keys = ("page.indicator", "page.id", "page.earns", "check.source")
    return _section(words["page.common"], [words[key] for key in keys], rows)


def _weight_rules(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    rows: list[Row] = [(row.text.of(locale), _cites(row.grounds, locale)) for row in rules.weight_rules]
    return _section(words["page.weight_rules"], ("", words["check.source"]), rows)


def _monitoring(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    terms = rules.monitoring
    if terms is None:
        return ()
    rows: list[Row] = [(words["page.basis"], words[f"form.{terms.basis.column}"], _cites(terms.grounds, locale))]
    for schedule in terms.schedules:
        days = words["list"].join(f"{month:02}-{day:02}" for month, day in schedule.through)
        if schedule.report_within is not None:
            days += words["page.report_within"].format(days=schedule.report_within)
        name = words["page.schedule"].format(place=place_words(schedule.place).of(locale))
        rows.append((name, days, _cites(schedule.grounds, locale)))
    rows += [
        (words[f"page.{name}"], _bands(lights, words), _cites(lights.grounds, locale))
        for name, lights in (("money_lights", terms.money), ("target_lights", terms.forward))
    ]
    unscaled = words["list"].join([*(words[f"kind.{kind.value}"] for kind in terms.unscaled), *terms.unscaled_units])
    rows.append((words["page.unscaled"], unscaled, _cites(terms.forward.grounds, locale)))
    within, beyond = (words[f"light.{light.value}"] for light in terms.kept)
    kept = words["page.kept"].format(within=within, beyond=beyond)
    rows.append((words["page.kept_lights"], kept, _cites(terms.kept_grounds, locale)))
    names = _tier_names(rules, words, locale)
    tiers = (f"{names[tier]} {words[f'light.{light.value}']}" for tier, light in terms.tiers)
    rows.append((words["page.tier_lights"], words["list"].join(tiers), _cites(terms.tiers_grounds, locale)))
    likely = words["page.likely"].format(certain=exact_percent(terms.certain), possible=exact_percent(terms.possible))
    rows.append((words["monitor.likelihood"], likely, _cites(terms.likelihood_grounds, locale)))
    return _section(words["page.monitoring"], ("", "", words["check.source"]), rows)


def _results(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    terms = rules.results
    if terms is None:
        return ()
    rows: list[Row] = []
    if terms.measures_within is not None:
        days = words["page.within_days"].format(days=terms.measures_within)
        rows.append((words["page.measures"], "", days, _cites(terms.grounds, locale)))
    for row in terms.rows:
        kinds = words["list"].join(words[f"evaluation.{kind.value}"] for kind in row.evaluations)
        grades = words["list"].join(_grade(grade, rules, words, locale) for grade in row.grades)
        text = words["page.unrectified"].format(text=row.text.of(locale)) if row.unrectified else row.text.of(locale)
        rows.append((kinds, grades, text, _cites(row.grounds, locale)))
    heads = (words["page.evaluations"], words["column.grade"], words["results.follows"], words["check.source"])
    return _section(words["page.results"], heads, rows)


def _grade(grade: Grade, rules: RuleSet, words: Mapping[str, str], locale: str) -> str:
    name = rules.grade_name(grade)
    return words[f"grade.{grade.value}"] if name is None else name.of(locale)


def _bands(lights: Lights, words: Mapping[str, str]) -> str:
    texts = []
    for light, at_least in lights.bands:
        limit = words["page.below"] if at_least is None else f"≥ {exact_percent(at_least)}"
        texts.append(f"{words[f'light.{light.value}']} {limit}")
    return words["list"].join(texts)


def _assumptions(rules: RuleSet, words: Mapping[str, str], locale: str) -> tuple[Block, ...]:
    texts: dict[Words, None] = dict.fromkeys(part.assumption for part in rules.every_grounds() if part.assumption)
    if not texts:
        return ()
    return (Heading(words["page.assumptions"], level=2), Items(tuple(text.of(locale) for text in texts)))
