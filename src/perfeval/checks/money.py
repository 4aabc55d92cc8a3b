"""AR: the money block, whose rows, totals and changes must go together."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from perfeval.amounts import CONTEXT, plain, sum_of
from perfeval.checks.coded import Spot, of_form, spot
from perfeval.checks.form import Form
from perfeval.evaluation.lines import execution_of
from perfeval.findings import Term
from perfeval.model import FundingLine, FundingSource, FundingTotal
from perfeval.practice import MONEY, Sum, off_by_cutting, off_by_rounding, rows_of


def _column(name: str) -> Term:
    return Term(f"form.{name}")


def _by_rounding(form: Form, off: Sum) -> bool:
    """Whether rows and total can differ so: each rounded as finely as the form prints, or cut to its own digits."""
    return off_by_rounding(off.rows, off.total, form.money_step) or off_by_cutting(off.rows, off.total)


def _off_spot(form: Form, off: Sum) -> Spot:
    return spot(
        f"stated.funding_total.{off.column}",
        column=_column(off.column),
        breakdown=Term(f"breakdown.{off.breakdown.value}"),
        sum=form.in_unit(off.sum),
        total=form.in_unit(off.total),
        unit=form.project.amount_unit,
    )


def _unclear(form: Form, off: Sum) -> bool:
    """Whether rows may be missing, blank where they have money, or details of one another."""
    return _cut_off(form, off) or (off.sum < off.total and _blank(form, off)) or _details(off.rows, off.total)


def _blank(form: Form, off: Sum) -> bool:
    rows = [row for _, row in rows_of(form.project, off.breakdown)]
    return any(getattr(row, off.stands_in) is None and any(getattr(row, column) for column in MONEY) for row in rows)


# A money block has four rows, sometimes eight; every run of rows is tried.
_MOST_ROWS = 20


def _details(rows: list[Decimal], total: Decimal) -> bool:
    """Whether some rows repeat others: 财政资金 100, of which 60 and 40, beside a total of 100."""
    if len(rows) > _MOST_ROWS:
        return False
    for start in range(len(rows)):
        for end in range(start + 1, len(rows) + 1):
            rest = sum_of([*rows[:start], *rows[end:]])
            repeats = start and sum_of(rows[start:end]) == rows[start - 1] != 0
            if rest == total and (repeats or sum_of(rows[start:end]) == total):
                return True
    return False


def _cut_off(form: Form, off: Sum) -> bool:
    """Whether rows may be missing: an excerpt whose block shows neither its last row, 其他资金, nor its own sum."""
    if not form.excerpt or off.sum >= off.total:
        return False
    rows = [row for _, row in rows_of(form.project, off.breakdown)]
    heads = {row.part_of for row in form.project.funding if row.part_of is not None}
    last = any(row.source is FundingSource.OTHER or row.label in heads for row in rows)
    return not last


@of_form("AR106")
def funding_rows_mismatch(form: Form) -> Iterable[Spot]:
    """The rows of the money block do not add to the total row."""
    for off in form.sums:
        if off.sum == off.total or not off.total or _by_rounding(form, off):
            continue
        if not _unclear(form, off):
            yield _off_spot(form, off)
    parts: dict[str, list[FundingLine]] = {}
    for row in form.project.funding:
        if row.part_of is not None:
            parts.setdefault(row.part_of, []).append(row)
    for i, row in enumerate(form.project.funding) if parts else ():
        # A row whose label stands twice is no head that could be told.
        details = parts.pop(row.label or "", [])
        for column in MONEY if details else ():
            whole = getattr(row, column)
            amounts = [amount for part in details if (amount := getattr(part, column)) is not None]
            # The rows of "其中" need not be all; but they are no more than the row.
            if (
                whole is not None
                and amounts
                and sum_of(amounts) > whole
                and not off_by_rounding(amounts, whole, form.money_step)
            ):
                yield _off_spot(form, Sum(row.breakdown, column, amounts, sum_of(amounts), whole, column))._replace(
                    where=f"funding[{i}].{column}"
                )


@of_form("AR107")
def zero_total(form: Form) -> Iterable[Spot]:
    """The total row prints zero above rows that have money."""
    return [_off_spot(form, off) for off in form.sums if not off.total and off.sum]


@of_form("AR116")
def funding_rows_off_by_rounding(form: Form) -> Iterable[Spot]:
    """The rows differ from the total row by no more than rounding can explain."""
    for off in form.sums:
        if off.total and off.sum != off.total and _by_rounding(form, off) and not _unclear(form, off):
            yield _off_spot(form, off)


@of_form("AR108")
def rate_above_one(form: Form) -> Iterable[Spot]:
    """More was spent than budgeted."""
    own = [rate for rate in form.rates if rate.basis is form.rules.execution.basis][:1]
    for rate in own:
        if rate.spent > rate.budget:
            where = "stated.funding_total.actual_expenditure" if rate.found == "total" else "funding"
            unit = form.project.amount_unit
            spent, budget = form.in_unit(rate.spent), form.in_unit(rate.budget)
            yield spot(where, spent=spent, budget=budget, unit=unit, computed_rate=rate.measure)


@of_form("AR109")
def funding_row_scored(form: Form) -> Iterable[Spot]:
    """A detail row of the money block repeats weight or score."""
    for i, row in enumerate(form.project.funding):
        stated = row.stated
        if stated.weight is not None or stated.score is not None:
            label = row.label or Term(f"source.{row.source.value}")
            figures = [plain(figure) for figure in (stated.weight, stated.score) if figure is not None]
            yield spot(f"funding[{i}].stated", label=label, figures=tuple(figures))


@of_form("AR110")
def adjustment_mismatch(form: Form) -> Iterable[Spot]:
    """The adjusted budget is not the original budget and its adjustment."""
    rows: list[tuple[str, FundingLine | FundingTotal]] = [("stated.funding_total", form.stated.funding_total)]
    rows += [(f"funding[{i}]", row) for i, row in enumerate(form.project.funding)]
    for where, row in rows:
        original, change, adjusted = row.original_budget, row.budget_adjustment, row.adjusted_budget
        if original is None or change is None or adjusted is None:
            continue
        if CONTEXT.add(original, change) != adjusted and not off_by_rounding(
            [original, change], adjusted, form.money_step
        ):
            yield spot(
                f"{where}.adjusted_budget",
                original=form.in_unit(original),
                adjustment=form.in_unit(change),
                adjusted=form.in_unit(adjusted),
                computed=form.in_unit(CONTEXT.add(original, change)),
                unit=form.project.amount_unit,
            )


@of_form("AR123")
def amount_negative(form: Form) -> Iterable[Spot]:
    """An amount is negative."""
    rows: list[tuple[str, FundingLine | FundingTotal]] = [("stated.funding_total", form.stated.funding_total)]
    rows += [(f"funding[{i}]", row) for i, row in enumerate(form.project.funding)]
    for where, row in rows:
        for column in MONEY:
            amount = getattr(row, column)
            if amount is not None and amount < 0:
                shown = form.in_unit(amount)
                yield spot(f"{where}.{column}", column=_column(column), amount=shown, unit=form.project.amount_unit)


@of_form("AR124")
def spent_without_budget(form: Form) -> Iterable[Spot]:
    """Money was spent from a budget of 0."""
    execution = execution_of(form.project, form.rules.execution.basis)
    spent, column = execution.actual_expenditure, execution.basis.column
    if execution.budget is not None and not execution.budget and spent is not None and spent > 0:
        where = f"stated.funding_total.{column}" if execution.budget_from == "total" else "funding"
        shown = {"column": _column(column), "spent": form.in_unit(spent)}
        yield spot(where, **shown, unit=form.project.amount_unit)
