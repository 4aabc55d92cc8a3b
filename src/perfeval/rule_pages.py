"""A rule set as a page: everything it prescribes, with the article behind each part.

Made from the rule set's data alone, in Markdown, for `perfeval rules show` and
for the documentation.

>>> from perfeval import rule_set
>>> print(rule_page(rule_set("cn-hb-2020"), "en").splitlines()[0])
# Hubei's self-evaluation form (2020)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from perfeval.amounts import plain
from perfeval.cited import Grounds, cites_text
from perfeval.i18n import Words, catalog, known
from perfeval.model import IndicatorKind
from perfeval.rulesets import Limit, Method, RuleSet

__all__ = ["rule_page"]


def rule_page(rules: RuleSet, locale: str) -> str:
    """Return a rule set in words, as Markdown.

    Args:
        rules: The rule set.
        locale: ``zh_CN`` or ``en``.

    Raises:
        LocaleNotFoundError: If there is no such locale.
    """
    words = catalog(known(locale))
    parts = [
        [f"# {rules.title.of(locale)}", "", *_head(rules, words, locale)],
        _documents(rules, words, locale),
        _execution(rules, words, locale),
        _methods(rules, words, locale),
        _readings(rules, words, locale),
        _weights(rules, words, locale),
        _grades(rules, words, locale),
        _reasons(rules, words, locale),
        _department(rules, words, locale),
        _assumptions(rules, words, locale),
    ]
    return "\n".join(line for part in parts if part for line in [*part, ""]).rstrip() + "\n"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    names = list(heads)
    return [_row(*names), _row(*["---"] * len(names)), *(_row(*row) for row in rows)]


def _head(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    rows = [
        (words["page.id"], f"`{rules.id}`"),
        (words["page.place"], rules.place),
        (words["page.scope"], rules.scope),
        (words["page.first"], str(rules.first_fiscal_year)),
        (words["page.checked"], rules.checked_on.isoformat()),
        (words["page.rounding"], _rounding(rules, words)),
        (
            words["page.laws"],
            words[f"page.bounded.{rules.bounded}"] + words["list"] + words[f"page.monotone.{rules.monotone}"],
        ),
    ]
    if rules.partial is not None:
        rows.append((words["page.partial"], rules.partial.of(locale)))
    return _table(("", ""), rows)


def _rounding(rules: RuleSet, words: Mapping[str, str]) -> str:
    rounding = rules.rounding
    text = words[f"page.rounding.{rounding.mode.value}"].format(step=plain(rounding.step))
    if rounding.ratio_digits is not None:
        text += words["page.ratio_digits"].format(digits=rounding.ratio_digits)
    return text


def _documents(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    sources = dict.fromkeys(cite.source for grounds in rules.every_grounds() for cite in grounds.cites)
    rows = []
    for source in sources:
        title = source.title.of(locale)
        title = title if source.link is None else f"[{title}]({source.link})"
        rows.append((source.number or "", title, words[f"page.status.{source.status}"]))
    return [
        f"## {words['page.documents']}",
        "",
        *_table((words["page.number"], words["page.title"], words["page.status"]), rows),
    ]


def _cites(grounds: Grounds, locale: str) -> str:
    return cites_text((grounds,), locale)


def _execution(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    terms = rules.execution
    rows = [
        (words["form.weight"], plain(terms.weight), _cites(terms.weight_grounds, locale)),
        (words["form.rate"], words[f"form.rate_of.{terms.basis.value}"], _cites(terms.basis_grounds, locale)),
    ]
    methods = [terms.method] if terms.unfinished is None else [terms.method, terms.unfinished]
    rows += [(_execution_name(row, words), _scored(row, locale, words), _cites(row.grounds, locale)) for row in methods]
    no_budget = words[f"page.no_budget.{terms.no_budget.value}"]
    rows.append((words["page.no_budget"], no_budget, _cites(terms.no_budget_grounds, locale)))
    return [f"## {words['execution_rate']}", "", *_table(("", "", words["check.source"]), rows)]


def _execution_name(method: Method, words: Mapping[str, str]) -> str:
    return words[f"page.execution.{method.name.rpartition('.')[2]}"]


def _scored(method: Method, locale: str, words: Mapping[str, str]) -> str:
    text = method.rule.describe(locale)
    if method.at_most is not None:
        text += words["page.at_most"].format(limit=plain(method.at_most))
    if method.less_than is not None:
        text += words["page.less_than"].format(limit=plain(method.less_than))
    return text


def _kinds(kinds: tuple[IndicatorKind, ...], words: Mapping[str, str]) -> str:
    return words["list"].join(words[f"kind.{kind.value}"] for kind in kinds) or words["page.all"]


def _methods(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    rows = []
    for method in rules.methods:
        forms = " ".join(words.get(f"page.form.{form}", form) for form in method.forms)
        measure = words[f"measure.{method.measure.value}"]
        if method.inverse is not None:
            measure += words[f"page.inverse.{method.inverse.value}"]
        cells = (
            forms,
            _kinds(method.kinds, words),
            measure,
            method.rule.describe(locale),
            _cites(method.grounds, locale),
        )
        rows.append(cells)
    heads = [words[f"page.{key}"] for key in ("forms", "kinds", "measure", "earns")]
    return [f"## {words['page.indicators']}", "", *_table([*heads, words["check.source"]], rows)]


def _readings(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    rows = [
        (
            words["page.unstated"].format(kinds=_kinds(row.kinds, words)),
            row.comparator.value,
            _cites(row.grounds, locale),
        )
        for row in rules.unstated
    ]
    rows += [
        (words[f"reason.{row.reason.value}"], f"{plain(row.share)}", _cites(row.grounds, locale)) for row in rules.unmet
    ]
    for tier in rules.tier_words:
        names = words["list"].join([tier.name.of(locale), *tier.texts])
        rows.append((words[f"tier.{tier.tier.value}"], names, _cites(tier.grounds, locale)))
    if not rows:
        return []
    return [f"## {words['page.readings']}", "", *_table(("", "", words["check.source"]), rows)]


def _weights(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    rows = []
    for row in rules.weights:
        points = words["list"].join(f"{words['kind.' + kind.value]} {plain(number)}" for kind, number in row.points)
        beside = rules.execution.weight if row.execution is None else row.execution
        rows.append((points, plain(beside), _cites(row.grounds, locale)))
    if not rows:
        return []
    heads = (words["form.weight"], words["execution_rate"], words["check.source"])
    return [f"## {words['page.weights']}", "", *_table(heads, rows)]


def _grades(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    rows = []
    for band in rules.bands:
        name = words[f"grade.{band.grade.value}"] if band.words is None else band.words.of(locale)
        low = "" if band.at_least is None else f"≥ {plain(band.at_least)}"
        high = "" if band.below is None else f"< {plain(band.below)}"
        rows.append((name, " ".join(part for part in (low, high) if part)))
    title = f"{words['page.grades']} ({_cites(rules.grade_grounds, locale)})"
    return [f"## {title}", "", *_table((words["column.grade"], words["column.total"]), rows)]


def _reasons(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    limits: list[tuple[str, Limit | None]] = [
        ("exceeded", rules.exceeded),
        ("low_rate", rules.low_rate),
        ("adjusted", rules.adjusted),
    ]
    rows = [
        (words[f"page.reason.{name}"].format(limit=plain(limit.value)), _cites(limit.grounds, locale))
        for name, limit in limits
        if limit is not None
    ]
    if rules.deduction is not None:
        factor, points, label, grounds = rules.deduction
        text = words["page.deduction"].format(label=label.of(locale), factor=plain(factor), points=plain(points))
        rows.append((text, _cites(grounds, locale)))
    if rules.cap is not None:
        steps = [words["page.cap"].format(below=plain(below), total=plain(total)) for below, total in rules.cap.rates]
        text = f"{rules.cap.label.of(locale)}: {words['list'].join(steps)}"
        rows.append((text, _cites(rules.cap.grounds, locale)))
    if not rows:
        return []
    return [f"## {words['page.reasons']}", "", *_table(("", words["check.source"]), rows)]


def _department(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    rows = [
        (f"`{row.indicator}`", plain(row.weight), row.rule.describe(locale), _cites(row.grounds, locale))
        for row in rules.department
    ]
    if not rows:
        return []
    heads = (words["page.indicator"], words["form.weight"], words["page.earns"], words["check.source"])
    return [f"## {words['page.department']}", "", *_table(heads, rows)]


def _assumptions(rules: RuleSet, words: Mapping[str, str], locale: str) -> list[str]:
    texts: dict[Words, None] = dict.fromkeys(part.assumption for part in rules.every_grounds() if part.assumption)
    if not texts:
        return []
    return [f"## {words['page.assumptions']}", "", *(f"- {text.of(locale)}" for text in texts)]
