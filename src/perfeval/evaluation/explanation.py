"""The explanation of a scored result: one record, of which every text is made.

`explanation_of` puts a result into words, once; `Explanation.text` gives them
as sentences and `perfeval.evaluation.pages` as a page. No text can leave out a
notice, an adjustment or an assumption that another one has.

>>> import perfeval as pe
>>> project = pe.Project("排水改造", fiscal_year=2022, excerpt=True)
>>> explanation = pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022)).explanation("en")
>>> explanation.head, explanation.total
('排水改造 (fiscal year 2022): self-evaluation scores', 'No total: only part of the form is known; \
the lines that have a score add to 0')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import attrs

from perfeval.amounts import plain, sum_of
from perfeval.cited import Grounds, cites_text
from perfeval.evaluation.lines import CommonIndicator, Execution, Line, Total, partial_score
from perfeval.i18n import Words, catalog
from perfeval.model import Adjustment, Indicator, IndicatorKind, Project
from perfeval.ratios import Ratio
from perfeval.reasons import Reason
from perfeval.rounding import exact_percent, percent, signed
from perfeval.rulesets import RuleSet
from perfeval.scoring import Grade
from perfeval.targets import Actual, Judgement, Quantity, Statement, Threshold, Tier

if TYPE_CHECKING:
    from perfeval.model.departments import Department

__all__ = [
    "AdjustmentRow",
    "Explanation",
    "Row",
    "explanation_of",
    "grade_word",
    "notices_of",
    "or_dash",
    "rules_text",
    "tier_word",
]


class Row(NamedTuple):
    """A line in words.

    Attributes:
        kind: The kind of indicator, or 预算执行率.
        name: The indicator's name; which quotient the execution rate is.
        target: The target as the rules read it.
        actual: What was reached.
        calculation: The formula, or why there is no score.
        score: The points, a dash if there are none.
        cites: The articles that the line rests on.
        stated: The points that the form prints.
        line: The line.
    """

    kind: str
    name: str
    target: str
    actual: str
    calculation: str
    score: str
    cites: str
    stated: Decimal | None
    line: Line


Cells = tuple[str, str, str, str, str, str, str]


class AdjustmentRow(NamedTuple):
    """An adjustment in words.

    Attributes:
        label: What it is for.
        points: The points with their sign.
        source: What it rests on.
        told: What it is for, and why.
    """

    label: str
    points: str
    source: str
    told: str


class Explanation(NamedTuple):
    """A result in words.

    Attributes:
        locale: The locale of the words.
        subject: What is evaluated.
        head: What is evaluated.
        rules: By which rule set.
        notices: What the reader must know of the whole: that a parent's rules
            apply.
        lines: The lines.
        cells: The words of each line: kind, name, target, actual, calculation,
            score and articles, in the order in which its sentence has them.
        adjustments: What changes the total afterwards.
        points: The total, `None` if there is none.
        total: The total and the grade in one sentence, or why there is none.
        assumptions: What no text decides, as the rule set decided it here.
    """

    locale: str
    subject: Project | Department
    head: str
    rules: str
    notices: tuple[str, ...]
    lines: tuple[Line, ...]
    cells: tuple[Cells, ...]
    adjustments: tuple[AdjustmentRow, ...]
    points: Decimal | None
    total: str
    assumptions: tuple[str, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The lines in words."""
        return tuple(
            Row(*cells, _stated(line, self.subject), line) for line, cells in zip(self.lines, self.cells, strict=True)
        )

    def text(self) -> str:
        """Return the sentences, each on its line; what cannot be seen is shown as an escape."""
        words = catalog(self.locale)
        out = [self.head, self.rules, *self.notices, "", *_sentences(self.lines, self.cells, self.locale)]
        out += [
            words["explain.adjustment"].format(told=row.told, points=row.points, source=row.source)
            for row in self.adjustments
        ]
        out += ["", self.total]
        if self.assumptions:
            out += ["", words["explain.assumptions"], *[f"- {text}" for text in self.assumptions]]
        if not "".join(out).isprintable():
            from perfeval.pages import visible

            out = [*map(visible, out)]
        return "\n".join(out)

    def table(self) -> list[list[str]]:
        """Return the lines and adjustments as cells of text, the headings first."""
        words = catalog(self.locale)
        keys = ("level", "level3", "target", "actual", "weight", "score", "stated_score", "formula")
        rows = [[words[f"form.{key}"] for key in keys]]
        for row in self.rows:
            points = (or_dash(row.line.weight), row.score, or_dash(row.stated))
            rows.append([row.kind, row.name, row.target, row.actual, *points, row.calculation])
        changes = (
            [words["form.adjustment"], row.told, *[""] * 3, row.points, "", row.source] for row in self.adjustments
        )
        return [*rows, *changes]


@cache
def _template(key: str, locale: str) -> str:
    """A message whose places are numbered in order, for ``%``: half the time of `str.format`, once a line."""
    return re.sub(r"\{\d\}", "%s", catalog(locale)[key].replace("%", "%%"))


def _sentences(lines: Iterable[Line], every: Iterable[Cells], locale: str) -> list[str]:
    scored = _template("explain.scored", locale)
    return [
        scored % cells
        if line.score is not None and isinstance(line.item, Indicator)
        else _other_sentence(line, cells, locale)
        for line, cells in zip(lines, every, strict=True)
    ]


def _other_sentence(line: Line, cells: Cells, locale: str) -> str:
    """The sentence of a line without a score, or of no indicator of the form."""
    kind, name, target, actual, calculation, score, cites = cells
    item, words = line.item, catalog(locale)
    if isinstance(item, Indicator):
        # Where no method covers a line, there is nothing to cite.
        cited = words["explain.cited"].format(cites=cites) if cites else ""
        return words["explain.unscored"].format(kind, name, target, actual, calculation) + cited
    if line.score is None:
        key = "explain.execution_unscored" if isinstance(item, Execution) else "whole.unscored"
        return words[key].format(name=name, basis=name, reason=calculation, cites=cites)
    if isinstance(item, Execution):
        return _template("explain.execution", locale) % (name, actual, calculation, score, cites)
    return words["whole.scored"].format(name=name, formula=calculation, score=score, cites=cites)


def _stated(line: Line, subject: Project | Department) -> Decimal | None:
    """The points that the form prints for a line."""
    if isinstance(line.item, Indicator):
        return line.item.stated.score
    return subject.stated.execution_score if isinstance(line.item, Execution) and isinstance(subject, Project) else None


def explanation_of(
    subject: Project | Department,
    rules: RuleSet,
    lines: Sequence[Line],
    adjustments: Sequence[Adjustment],
    total: Total,
    locale: str,
) -> Explanation:
    """Return a result in the words of *locale*.

    Args:
        subject: What is evaluated.
        rules: The rule set.
        lines: What is scored.
        adjustments: Points that change the total afterwards.
        total: The total and the grade.
        locale: ``zh_CN`` or ``en``.
    """
    words = catalog(locale)
    head = words["explain.head" if isinstance(subject, Project) else "whole.head"]
    assumptions: dict[Words, None] = {}
    cells = _cells(lines, rules, words, locale, assumptions)
    changes = []
    for adjustment in adjustments:
        label, source = adjustment.texts(locale)
        cited = source or words["page.assumed"]
        changes.append(AdjustmentRow(label, signed(adjustment.points), cited, adjustment.told(locale)))
        if isinstance(adjustment.source, Grounds):
            _assume(assumptions, (adjustment.source,))
    _assume(assumptions, (rules.rounding_grounds, rules.total_grounds, rules.grade_grounds, _first_year(rules)))
    return Explanation(
        locale,
        subject,
        head.format(name=subject.name, year=subject.fiscal_year),
        rules_text(rules, locale),
        notices_of(rules, locale),
        tuple(lines),
        cells,
        tuple(changes),
        total.total,
        _summary(
            total,
            partial_score(lines, adjustments) if total.total is None else None,
            # With a grade the lines make up the full total.
            _full(lines) if total.grade is None else None,
            rules,
            words,
            locale,
        ),
        tuple([text.of(locale) for text in assumptions]),
    )


_NOTHING = Grounds(())


def _first_year(rules: RuleSet) -> Grounds:
    """What the first year rests on, where no document that was read in full tells it."""
    grounds = rules.first_year_grounds
    if grounds is None or any(cite.source.status == "verified" for cite in grounds.cites):
        return _NOTHING
    return grounds


def rules_text(rules: RuleSet, locale: str) -> str:
    """Return by which rule set a result comes about."""
    return catalog(locale)["explain.rules"].format(title=rules.title.of(locale), id=rules.id)


def notices_of(rules: RuleSet, locale: str) -> tuple[str, ...]:
    """Return what the reader must know of a result as a whole.

    That a parent's rules apply, or what of the rules' document was not read.
    """
    found = []
    notice = rules.notice(locale)
    if notice is not None:
        found.append(notice)
    if rules.partial is not None:
        found.append(rules.partial.of(locale))
    return tuple(found)


def _cells(
    lines: Iterable[Line], rules: RuleSet, words: Mapping[str, str], locale: str, assumptions: dict[Words, None]
) -> tuple[Cells, ...]:
    """The words of the lines; what they assume is kept in *assumptions*, each once and in order."""
    absent, kinds = words["absent"], _kinds(locale)
    seen: dict[str, str] = {}
    found: list[Cells] = []
    for line in lines:
        item, _, _, aim, method, measure, _, _, score, reason = line
        # Whether the line rests on more than its method: else all of one method rest on the same.
        peculiar = method is None or reason is not None
        if isinstance(item, Indicator):
            kind, name, reached = item.kind, item.name, item.actual
            peculiar = peculiar or item.target is not aim or type(reached) is not Quantity
            named = words["kind.none"] if kind is None else kinds[kind._value_]
            target = absent if aim is None else (type(aim) is Threshold and aim.words) or str(aim)
            actual = (type(reached) is Quantity and reached.words) or _actual_text(reached, words, rules, locale)
            if item.judgement is not None:
                actual = _judged_text(line, item.judgement, actual, words, locale)
        else:
            target, actual = "", percent(measure) if isinstance(measure, Ratio) else absent
            if isinstance(item, Execution):
                named, name = words["execution_rate"], words["form.rate_of." + item.basis.value]
            else:
                peculiar, named, name = True, kinds[item.indicator.kind.value], item.indicator.name.of(locale)
        if method is None or peculiar:
            cites = cites_text(line.grounds, locale)
            _assume(assumptions, line.grounds)
        elif method.name in seen:
            cites = seen[method.name]
        else:
            cites = seen[method.name] = rules.cited(method.name, locale)
            _assume(assumptions, line.grounds)
        calculation = line.formula or _reason_text(line, words)
        if isinstance(item, Execution) and item.judgement is not None:
            told = _judged_text(line, item.judgement, calculation if score is None else actual, words, locale)
            actual, calculation = (actual, told) if score is None else (told, calculation)
        found.append((named, name, target, actual, calculation, "—" if score is None else plain(score), cites))
    return tuple(found)


@cache
def _kinds(locale: str) -> Mapping[str, str]:
    """The word of each kind of indicator, by its value."""
    words = catalog(locale)
    return {kind.value: words[f"kind.{kind.value}"] for kind in IndicatorKind}


def _assume(used: dict[Words, None], grounds: Iterable[Grounds]) -> None:
    """Keep the assumptions of *grounds*, each once, in order."""
    for _, assumption in grounds:
        if assumption is not None:
            used[assumption] = None


def _actual_text(actual: Actual | None, words: Mapping[str, str], rules: RuleSet, locale: str) -> str:
    if actual is None:
        return words["absent"]
    if not isinstance(actual, Judgement):
        return str(actual)
    tier = "" if actual.tier is None else tier_word(actual.tier, rules, locale)
    if actual.words is not None:
        tier = words["claimed"].format(words=actual.words, tier=tier)
    return tier if actual.share is None else f"{tier} {exact_percent(actual.share)}".strip()


def _judged_text(line: Line, judgement: Judgement, actual: str, words: Mapping[str, str], locale: str) -> str:
    """What was reached, with the judgement that stands beside it and what became of that."""
    text = _actual_text(attrs.evolve(judgement, words=None), words, line.rules, locale)
    text = words["judged.words"].format(judgement=text, words=judgement.words) if judgement.words else text
    if not line.judged:
        key = "judged.unused" if line.score is None else "judged.unneeded"
    elif line.score is None or line.reason in (None, Reason.ACTUAL_ABSENT):
        key = "judged"
    else:
        key = "judged.open"
    reason = "" if line.reason is None else words["reason." + line.reason.value]
    return words[key].format(actual=actual, judgement=text, reason=reason)


def _reason_text(line: Line, words: Mapping[str, str]) -> str:
    if line.reason is None:
        return ""
    text = words["reason." + line.reason.value]
    if line.reason is Reason.WEIGHT_ABSENT and not line.applicable:
        return words["explain.left_out"].format(reason=text)
    if isinstance(line.item, Execution) and line.reason is Reason.AMOUNT_ABSENT:
        absent = (
            (line.item.budget, line.item.basis.column),
            (line.item.actual_expenditure, "actual_expenditure"),
        )
        names = words["list"].join(words[f"form.{column}"] for amount, column in absent if amount is None)
        return words["explain.amount_absent"].format(names=names)
    if isinstance(line.item, CommonIndicator) and line.item.missing:
        return f"{text} ({', '.join(line.item.missing)})"
    if isinstance(line.item, Indicator):
        # What a cell would have to print for its figure to be read.
        cells = (line.item.target, line.item.actual)
        refusals = dict.fromkeys(cell.refusal for cell in cells if isinstance(cell, Statement))
        text += "".join(words["because"].format(reason=words[f"refusal.{refusal}"]) for refusal in refusals if refusal)
    if isinstance(line.measure, Judgement) and line.rule is not None:
        for row in line.rule.tier_ranges:
            if row.tier is line.measure.tier:
                text += words["tier_range"].format(low=exact_percent(row.lower), high=exact_percent(row.upper))
    return text


def _full(lines: Sequence[Line]) -> Decimal | None:
    """The points of the lines that are in the total, where one has left it."""
    if all(line.score is not None for line in lines):
        return None
    return sum_of([line.weight for line in lines if line.score is not None and line.weight is not None])


def _summary(
    total: Total, partial: Decimal | None, full: Decimal | None, rules: RuleSet, words: Mapping[str, str], locale: str
) -> str:
    if total.total is None:
        reason = words[f"reason.{total.total_reason}"]
        if partial is None or total.total_reason is Reason.NOTHING_SCORED:
            return words["explain.nothing_scored"].format(reason=reason)
        return words["explain.no_total"].format(reason=reason, partial=plain(partial))
    text = words["explain.total"].format(total=plain(total.total))
    # A line has left the total, and its weight with it.
    if full is not None and full != rules.total:
        text = words["explain.total_of"].format(total=plain(total.total), full=plain(full))
    if total.grade is None:
        return text + words["explain.no_grade"].format(reason=words[f"reason.{total.grade_reason}"])
    grade = grade_word(total.grade, rules, locale)
    return text + words["explain.grade"].format(grade=grade, cites=rules.grades_cited(locale))


def or_dash(number: Decimal | None) -> str:
    """Return a number in plain digits, a dash if there is none."""
    return "—" if number is None else plain(number)


def grade_word(grade: Grade, rules: RuleSet, locale: str) -> str:
    """Return the rule set's own word for *grade*.

    >>> from perfeval import rule_set
    >>> grade_word(Grade.EXCELLENT, rule_set("cn-mof-2020-10"), "zh_CN")
    '优'
    """
    words = rules.grade_name(grade)
    return catalog(locale)[f"grade.{grade}"] if words is None else words.of(locale)


def tier_word(tier: Tier, rules: RuleSet, locale: str) -> str:
    """Return the rule set's own word for *tier*.

    >>> from perfeval import rule_set
    >>> tier_word(Tier.ACHIEVED, rule_set("cn-mof-2020-10"), "zh_CN")
    '达成年度指标'
    """
    words = rules.tier_name(tier)
    return catalog(locale)[f"tier.{tier}"] if words is None else words.of(locale)
