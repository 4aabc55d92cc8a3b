"""The ledger and what follows from a grade, as pages."""

from __future__ import annotations

from collections.abc import Mapping

from perfeval.amounts import CONTEXT
from perfeval.cited import cites_text
from perfeval.evaluation.explanation import grade_word
from perfeval.i18n import catalog, day_text
from perfeval.model.pages import amount_text
from perfeval.pages import Block, Cell, Column, ColumnKind, Heading, Items, Notice, Page, Paragraph, Role, Table
from perfeval.rectification import Consequence, Consequences, Ledger, LedgerRow, LedgerStatus

__all__ = ["consequences_page", "ledger_page"]

Catalog = Mapping[str, str]

_KEYS = ("problem", "measure", "owner", "opened", "due", "status", "closed", "evidence")


def ledger_page(result: Ledger, locale: str) -> Page:
    """Return a ledger on a day as a page."""
    words, department = catalog(locale), result.department
    head = words["ledger.head"].format(
        name=department.name, year=department.fiscal_year, on=day_text(result.on, locale)
    )
    blocks: list[Block] = [Heading(head)]
    if department.rectification is not None:
        text = department.rectification.text
        blocks.append(Paragraph((words["ledger.told"].format(text=text),)))
    if result.rows:
        columns = tuple(Column(words[f"ledger.{key}"]) for key in _KEYS)
        blocks.append(Table(columns, tuple(_row(row, words, locale) for row in result.rows)))
        blocks.append(Paragraph((_counts(result, words),), Role.HEAD))
    elif result.without_rows:
        blocks.append(Notice(words["ledger.without_rows"]))
    else:
        blocks.append(Paragraph((words["ledger.empty"],)))
    blocks += _lacks(result, words)
    if result.grounds is not None:
        cites = cites_text((result.grounds,), locale)
        blocks.append(Paragraph((words["ledger.term"].format(cites=cites),)))
    return Page(tuple(blocks), locale)


def _row(row: LedgerRow, words: Catalog, locale: str) -> tuple[Cell, ...]:
    item = row.item
    due = words["absent"] if row.due is None else day_text(row.due, locale)
    if row.due_by_rule:
        due = words["ledger.by_rule"].format(due=due)
    status = words[f"ledger.status.{row.status.value}"]
    if row.days_over:
        status = words["ledger.days_over"].format(status=status, days=row.days_over)
    is_done = row.status in (LedgerStatus.DONE, LedgerStatus.DONE_LATE)
    closed = day_text(item.closed, locale) if is_done and item.closed is not None else ""
    late = row.status in (LedgerStatus.OVERDUE, LedgerStatus.DONE_LATE)
    return (
        Cell(item.problem),
        Cell(item.measure or words["absent"]),
        Cell(item.owner or words["absent"]),
        Cell("" if item.opened is None else day_text(item.opened, locale)),
        Cell(due),
        Cell(status, Role.LOST if late else Role.TEXT),
        Cell(closed),
        Cell((item.evidence or "") if is_done else ""),
    )


def _counts(result: Ledger, words: Catalog) -> str:
    told = words["list"].join(
        words["ledger.count"].format(status=words[f"ledger.status.{status.value}"], count=count)
        for status, count in result.counts
        if count
    )
    return words["ledger.counts"].format(rows=len(result.rows), counts=told)


def _lacks(result: Ledger, words: Catalog) -> list[Items]:
    texts = []
    for row in result.rows:
        if row.lacks:
            names = words["list"].join(words[f"ledger.{name}"] for name in row.lacks)
            texts.append(words["department.item"].format(name=row.item.problem, value=names))
    return [Items(tuple(texts), words["ledger.lacks"])] if texts else []


def consequences_page(result: Consequences, locale: str) -> Page:
    """Return what follows from a grade as a page."""
    words, evaluation = catalog(locale), result.evaluation
    kind = words[f"evaluation.{result.kind.value}"]
    subject = evaluation.subject
    head = words["results.head"].format(name=subject.name, year=subject.fiscal_year, kind=kind)
    blocks: list[Block] = [Heading(head), Paragraph((evaluation.summary(locale),))]
    blocks.append(Paragraph((words["explain.rules"].format(title=result.rules.title.of(locale), id=result.rules.id),)))
    if result.rules.id != result.asked.id:
        blocks.append(Notice(words["results.nations_rules"].format(rules=result.asked.title.of(locale))))
    if not result.has_money_rule:
        blocks.append(Notice(words["results.no_money_rule"].format(kind=kind)))
    if result.reason is not None:
        blocks.append(Notice(words["results.no_grade"].format(reason=words[f"reason.{result.reason.value}"])))
        return Page(tuple(blocks), locale)
    if evaluation.grade is None or not result.rows:
        blocks.append(Paragraph((words["results.none"],)))
        return Page(tuple(blocks), locale)
    grade = grade_word(evaluation.grade, evaluation.rules, locale)
    columns = (
        Column(words["results.grade"]),
        Column(words["results.follows"]),
        Column(words["results.amount"], ColumnKind.FIGURE),
        Column(words["check.source"]),
    )
    rows = tuple(_consequence(row, grade, result, locale) for row in result.rows)
    blocks.append(Table(columns, rows))
    terms = result.rules.results
    if terms is not None and terms.grounds.assumption is not None and any(row.rule.is_money for row in result.rows):
        blocks.append(Items((terms.grounds.assumption.of(locale),), words["explain.assumptions"]))
    return Page(tuple(blocks), locale)


def _consequence(row: Consequence, grade: str, result: Consequences, locale: str) -> tuple[Cell, ...]:
    words, rule = catalog(locale), row.rule
    text = rule.text.of(locale)
    if rule.unrectified and result.rectified is None:
        text += words["results.rectified_unknown"]
    subject, amount = result.evaluation.subject, ""
    if rule.is_money:
        amount = words["results.budget_unknown"]
        if row.least is not None and row.most is not None:
            unit = subject.amount_unit
            least, most = (amount_text(x.normalize(CONTEXT), unit, locale) for x in (row.least, row.most))
            amount = words["results.range"].format(least=least, most=most)
    return (
        Cell(grade),
        Cell(text),
        Cell(amount, Role.FIGURE),
        Cell(cites_text((rule.grounds,), locale), Role.CITATION),
    )
