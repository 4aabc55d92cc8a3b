"""Rectification and use of results (整改与结果应用).

`ledger` tells how far each rectification has come on a day that is given: what
is open, overdue or done, and what the ledger does not tell. `consequences`
tells what follows from a grade, with the article and, where the article names
one, the range of money: only for the kind of evaluation that it is written
for. Neither looks at the clock.

>>> import perfeval as pe
>>> office = pe.Department("水务局", fiscal_year=2022, rectification_items=[
...     pe.RectificationItem("水费收缴率未达标", opened=dt.date(2023, 2, 1), closed=dt.date(2023, 4, 20))])
>>> rules = pe.rule_set("CN-HA", fiscal_year=2022)
>>> for day in ("2023-03-01", "2023-04-10", "2023-05-01"):
...     row = ledger(office, rules, on=dt.date.fromisoformat(day)).rows[0]
...     print(row.due, row.status.value, row.days_over)
2023-04-02 open 0
2023-04-02 overdue 8
2023-04-02 done_late 18
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT
from perfeval.cited import Grounds
from perfeval.evaluation.lines import execution_of
from perfeval.evaluation.scored import Scored, text_or_none
from perfeval.i18n import known
from perfeval.members import to_member
from perfeval.model import EvaluationKind, Project, short_name
from perfeval.model.departments import Department, RectificationItem, RectificationState
from perfeval.pages import Page, Shown
from perfeval.reasons import Reason
from perfeval.rulesets import ConsequenceRule, ResultRules, RuleSet, beside
from perfeval.scoring import Grade

__all__ = [
    "Consequence",
    "Consequences",
    "Ledger",
    "LedgerRow",
    "LedgerStatus",
    "consequences",
    "ledger",
]

_PARTS = ("measure", "owner", "due", "state", "evidence")


class LedgerStatus(StrEnum):
    """How far a rectification has come on a day, in the order in which it goes."""

    NOT_OPENED = "not_opened"
    OPEN = "open"
    UNDER_WAY = "under_way"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_LATE = "done_late"

    @property
    def rank(self) -> int:
        """The stage: at a later day it is never lower.

        >>> LedgerStatus.OVERDUE.rank < LedgerStatus.DONE.rank
        True
        """
        return _RANKS[self]


_RANKS = {
    LedgerStatus.NOT_OPENED: 0,
    LedgerStatus.OPEN: 1,
    LedgerStatus.UNDER_WAY: 1,
    LedgerStatus.OVERDUE: 2,
    LedgerStatus.DONE: 3,
    LedgerStatus.DONE_LATE: 3,
}


class LedgerRow(NamedTuple):
    """A rectification on a day.

    Attributes:
        item: The row of the ledger.
        due: By when: as the row says, else by the rules from its opening on;
            `None` where neither tells.
        due_by_rule: Whether the rules tell it, not the row.
        status: How far it has come on that day.
        days_over: Days after *due*, until the day or until it was done.
        lacks: What the row does not tell: measure, owner, due, state,
            evidence (of a row that is done).
    """

    item: RectificationItem
    due: dt.date | None
    due_by_rule: bool
    status: LedgerStatus
    days_over: int
    lacks: tuple[str, ...]


@attrs.frozen(repr=False)
class Ledger(Shown):
    """The result of `ledger`.

    Attributes:
        department: The department.
        rules: The rule set.
        on: The day.
        rows: The rows, in the order of the ledger.
        grounds: What a term that the rules set rests on, where one is used.
    """

    department: Department
    rules: RuleSet
    on: dt.date
    rows: tuple[LedgerRow, ...]
    grounds: Grounds | None

    @property
    def overdue(self) -> tuple[LedgerRow, ...]:
        """The rows that are overdue on that day."""
        return tuple(row for row in self.rows if row.status is LedgerStatus.OVERDUE)

    @property
    def counts(self) -> tuple[tuple[LedgerStatus, int], ...]:
        """How many rows have each status."""
        counted = Counter(row.status for row in self.rows)
        return tuple((status, counted[status]) for status in LedgerStatus)

    @property
    def without_rows(self) -> bool:
        """Whether the report tells of rectification in words only, without a row."""
        return not self.rows and self.department.rectification is not None

    def page(self, locale: str | None = None) -> Page:
        """Return the ledger as a page, in the rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.rectification.pages import ledger_page

        return ledger_page(self, known(self.rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the ledger as JSON can hold it."""
        return {
            "department": self.department.name,
            "fiscal_year": self.department.fiscal_year,
            "on": self.on.isoformat(),
            "counts": {status.value: count for status, count in self.counts},
            "rows": [
                {
                    "problem": row.item.problem,
                    "measure": row.item.measure,
                    "owner": row.item.owner,
                    "due": row.due and row.due.isoformat(),
                    "due_by_rule": row.due_by_rule,
                    "status": row.status.value,
                    "days_over": row.days_over,
                    "evidence": row.item.evidence,
                    "lacks": list(row.lacks),
                }
                for row in self.rows
            ],
            "without_rows": self.without_rows,
        }

    def __repr__(self) -> str:
        return (
            f"<Ledger {short_name(self.department.name)} {self.on}: {len(self.rows)} rows, {len(self.overdue)} overdue>"
        )


def ledger(department: Department, rules: RuleSet, *, on: dt.date) -> Ledger:
    """Return how far a department's rectifications have come on a day.

    A row is done from the day on that it was closed; until then it is overdue
    after its due date. A row that says it is done without a day is done on
    any day.

    Args:
        department: The department with its ``rectification_items``.
        rules: The rule set, which may set a term for rows without a due date.
        on: The day.

    Returns:
        A `Ledger`. At a later day no row's status goes back.

    Source: 60 days by Henan's measures on the use of results.
    """
    terms, _ = _results_of(rules, department.fiscal_year)
    within = None if terms is None else terms.measures_within
    rows = tuple(_row(item, on, within) for item in department.rectification_items)
    used = any(row.due_by_rule for row in rows)
    return Ledger(department, rules, on, rows, terms.grounds if used and terms is not None else None)


def _row(item: RectificationItem, on: dt.date, within: int | None) -> LedgerRow:
    due, by_rule = item.due, False
    if due is None and item.opened is not None and within is not None:
        term = min(within, (dt.date.max - item.opened).days)
        due, by_rule = item.opened + dt.timedelta(term), True
    status = _status(item, due, on)
    end = item.closed if status in (LedgerStatus.DONE, LedgerStatus.DONE_LATE) else on
    late = due is not None and end is not None and status in (LedgerStatus.OVERDUE, LedgerStatus.DONE_LATE)
    over = (end - due).days if late and due is not None and end is not None else 0
    lacks = tuple(
        name
        for name in _PARTS
        if getattr(item, name) is None
        and (name != "evidence" or item.closed is not None or item.state is RectificationState.DONE)
        and (name != "state" or item.closed is None)
        and (name != "due" or not by_rule)
    )
    return LedgerRow(item, due, by_rule, status, over, lacks)


def _status(item: RectificationItem, due: dt.date | None, on: dt.date) -> LedgerStatus:
    if item.opened is not None and on < item.opened:
        return LedgerStatus.NOT_OPENED
    if item.closed is not None:
        if on >= item.closed:
            return LedgerStatus.DONE_LATE if due is not None and item.closed > due else LedgerStatus.DONE
    elif item.state is RectificationState.DONE:
        return LedgerStatus.DONE
    if due is not None and on > due:
        return LedgerStatus.OVERDUE
    return LedgerStatus.OPEN if item.state is not RectificationState.UNDER_WAY else LedgerStatus.UNDER_WAY


class Consequence(NamedTuple):
    """What follows from a grade.

    Attributes:
        rule: The rule, with its words and articles.
        least: The least that the budget is reduced by, yuan; `None` where the
            article names no share, or the budget is not known.
        most: The most that it is reduced by, yuan.
    """

    rule: ConsequenceRule
    least: Decimal | None
    most: Decimal | None


@attrs.frozen(repr=False)
class Consequences(Shown):
    """The result of `consequences`.

    Attributes:
        evaluation: The evaluation.
        rules: The rule set that says what follows; the nation's where the one
            that was asked says nothing.
        asked: The rule set that was asked.
        kind: Whose evaluation it is.
        rectified: Whether what was found has been put right, `None` if not told.
        budget: The budget of the evaluated year that shares are taken of,
            yuan; `None` where it is not known.
        rows: What follows.
        reason: Why nothing can be told: there is no grade.
    """

    evaluation: Scored
    rules: RuleSet
    asked: RuleSet
    kind: EvaluationKind
    rectified: bool | None
    budget: Decimal | None
    rows: tuple[Consequence, ...]
    reason: Reason | None

    @property
    def has_money_rule(self) -> bool:
        """Whether a rule about money is written for this kind of evaluation, whatever the grade."""
        return self.rules.results is not None and any(
            self.kind in rule.evaluations and rule.is_money for rule in self.rules.results.rows
        )

    def page(self, locale: str | None = None) -> Page:
        """Return what follows as a page, in the rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.rectification.pages import consequences_page

        return consequences_page(self, known(self.asked.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return what follows as JSON can hold it; numbers are exact text, money in yuan."""
        return {
            "name": self.evaluation.subject.name,
            "rule_set": self.rules.id,
            "kind": self.kind.value,
            "grade": self.evaluation.grade and self.evaluation.grade.value,
            "reason": self.reason and self.reason.value,
            "has_money_rule": self.has_money_rule,
            "budget": text_or_none(self.budget),
            "rows": [
                {
                    "action": row.rule.action.value,
                    "text": row.rule.text.zh_CN,
                    "least": text_or_none(row.least),
                    "most": text_or_none(row.most),
                    "cites": [str(cite) for cite in row.rule.grounds.cites],
                }
                for row in self.rows
            ],
        }

    def __repr__(self) -> str:
        grade = self.evaluation.grade or "no grade"
        return f"<Consequences {short_name(self.evaluation.subject.name)}: {grade}, {len(self.rows)} rules>"


def consequences(
    evaluation: Scored, rules: RuleSet, *, kind: EvaluationKind | str | None = None, rectified: bool | None = None
) -> Consequences:
    """Return what follows from the grade of an evaluation (结果应用).

    A reduction is ``budget of the evaluated year x share``, exact, as a range.

    Args:
        evaluation: An evaluation of a project or a department.
        rules: The rule set that says what follows; where it says nothing, the
            nation's rules apply.
        kind: Whose evaluation it is; by default the evaluation's own kind. No
            rule is taken that is written for another kind.
        rectified: Whether what was found has been put right; what follows
            where it has not is left out if it has, and said if it is not told.

    Returns:
        A `Consequences`; without a grade nothing follows, and it says why.

    Raises:
        ModelError: If the kind of evaluation is unknown.

    Source: 财预〔2020〕10号 arts 25-27; what the rule set cites.
    """
    found_kind = to_member(EvaluationKind, _kind_of(evaluation) if kind is None else kind, "kind of evaluation")
    terms, found = _results_of(rules, evaluation.subject.fiscal_year)
    subject = evaluation.subject
    budget = None
    if terms is not None and isinstance(subject, Project):
        budget = execution_of(subject, terms.basis).budget
        budget = None if budget is None or budget < 0 else budget
    grade = evaluation.grade
    rows: tuple[Consequence, ...] = ()
    if terms is not None and grade is not None:
        rows = tuple(
            _consequence(rule, budget) for rule in terms.rows if _applies(rule, found_kind, grade, rectified=rectified)
        )
    reason = evaluation.grade_reason if grade is None else None
    return Consequences(evaluation, found, rules, found_kind, rectified, budget, rows, reason)


def _kind_of(evaluation: Scored) -> EvaluationKind:
    kind: EvaluationKind = getattr(evaluation, "kind", EvaluationKind.SELF)
    return kind


def _applies(rule: ConsequenceRule, kind: EvaluationKind, grade: Grade, *, rectified: bool | None) -> bool:
    if rule.unrectified and rectified:
        return False
    return kind in rule.evaluations and grade in rule.grades


def _consequence(rule: ConsequenceRule, budget: Decimal | None) -> Consequence:
    if budget is None or rule.at_least is None or rule.at_most is None:
        return Consequence(rule, None, None)
    return Consequence(rule, CONTEXT.multiply(budget, rule.at_least), CONTEXT.multiply(budget, rule.at_most))


def _results_of(rules: RuleSet, fiscal_year: int) -> tuple[ResultRules | None, RuleSet]:
    """What the rule set says of the use of results, else what its place's or the nation's says."""
    for found in beside(rules, fiscal_year):
        if found.results is not None:
            return found.results, found
    return None, rules
