"""Parts of a report about money: what was budgeted, spent and left, by source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from perfeval.amounts import CONTEXT, AmountUnit, plain, sum_of, to_unit
from perfeval.evaluation.lines import execution_of
from perfeval.evaluation.projects import Evaluation
from perfeval.model import Breakdown, BudgetBasis, FundingSource
from perfeval.pages import Block, Cell, Column, ColumnKind, Role, Table
from perfeval.reports.material import Material
from perfeval.reports.sections import Section
from perfeval.rounding import exact_percent

__all__ = ["money", "project_money"]

_BASES = (BudgetBasis.ORIGINAL, BudgetBasis.ADJUSTED, BudgetBasis.RECEIVED)


def money(material: Material, _: Section) -> Iterable[Block]:
    """What was budgeted and spent: as stated, as the forms add up, and by source."""
    paragraphs = (material.paragraph(part) for part in (_stated(material), _listed(material), _computed(material)))
    blocks = [block for paragraph in paragraphs for block in paragraph]
    table = _table(material)
    return blocks if table is None else [*blocks, table]


def _stated(material: Material) -> Iterator[str]:
    if material.department is None:
        return
    stated, year = material.department.stated, material.department.fiscal_year
    spent, budget, printed = stated.actual_expenditure, stated.budget, stated.execution_rate
    divided = material.result.stated_execution_rate
    if spent is not None and budget is not None and (printed is not None or divided is not None):
        told = {"year": year, "spent": material.amount(spent), "budget": material.amount(budget)}
        if printed is not None:
            yield material.say("money.stated", rate=exact_percent(printed), **told)
        elif divided is not None:
            yield material.say("money.stated_divided", rate=material.rate(divided), **told)
        return
    if spent is not None:
        yield material.say("money.stated_spent", year=year, spent=material.amount(spent))
    if budget is not None:
        yield material.say("money.stated_budget", year=year, budget=material.amount(budget))
    if printed is not None:
        yield material.say("money.stated_rate", year=year, rate=exact_percent(printed))


def _listed(material: Material) -> Iterator[str]:
    """The amounts that stand beside projects without a word of what they are."""
    listed = material.result.listed_amount
    if material.department is not None and listed is not None:
        number = sum(one.project.stated.amount is not None for one in material.projects)
        yield material.count("money.listed", number, amount=material.amount(listed))


def _computed(material: Material) -> Iterator[str]:
    if material.department is None:
        yield from project_money(material, material.projects[0])
        return
    whole = material.result.money
    if material.projects and whole.budget is not None and whole.actual_expenditure is not None:
        yield _execution(material, "money.computed", whole.budget, whole.actual_expenditure, whole.rate, material.unit)
    elif any(one.execution.budget or one.execution.actual_expenditure for one in material.projects):
        yield material.say("money.incomplete")


def _execution(
    material: Material, key: str, budget: Decimal, spent: Decimal, rate: Decimal | None, unit: AmountUnit
) -> str:
    told = {
        "name": material.budget_name(),
        "budget": material.amount(budget, unit),
        "spent": material.amount(spent, unit),
    }
    if rate is None:
        return material.say(f"{key}.no_rate", **told)
    told |= {"rate": material.rate(rate), "basis": material.words[f"form.rate_of.{material.rules.execution.basis}"]}
    left = CONTEXT.subtract(budget, spent)
    if left < 0:
        return material.say(f"{key}.overspent", over=material.amount(CONTEXT.minus(left), unit), **told)
    return material.say(key, left=material.amount(left, unit), **told)


def project_money(material: Material, one: Evaluation) -> Iterator[str]:
    """Yield what a project was budgeted and spent."""
    budget, spent, unit = one.execution.budget, one.execution.actual_expenditure, one.project.amount_unit
    amount = one.project.stated.amount
    if amount is not None:
        yield material.say("project.listed", amount=material.amount(amount, material.unit))
    if budget is not None and spent is not None:
        yield _execution(material, "project.money", budget, spent, one.execution_rate, unit)
    elif budget is not None:
        told = {"name": material.budget_name(), "budget": material.amount(budget, unit)}
        yield material.say("project.no_expenditure", **told)
    elif spent is not None:
        yield material.say("project.no_budget", name=material.budget_name(), spent=material.amount(spent, unit))


def _table(material: Material) -> Table | None:
    """The money by source and as a whole, in the columns that the forms have."""
    words, unit = material.words, material.unit
    wholes = {basis: _whole(material, basis) for basis in _BASES}
    own = material.rules.execution.basis
    shown = [basis for basis in _BASES if basis is own or _told(material, basis)]
    if not any(one.project.funding or one.execution.budget for one in material.projects):
        return None

    def figure(amount: Decimal | None) -> Cell:
        text = words["unknown"] if amount is None else plain(to_unit(amount, unit))
        return Cell(text, Role.FIGURE)

    def row(label: str, budgets: dict[BudgetBasis, Decimal | None], spent: Decimal | None, rate: Decimal | None) -> Row:
        budget = budgets[own]
        left = None if budget is None or spent is None else CONTEXT.subtract(budget, spent)
        cells = [figure(budgets[basis]) for basis in shown]
        told = Cell(words["unknown"] if rate is None else material.rate(rate), Role.FIGURE)
        return (Cell(label), *cells, figure(spent), told, figure(left))

    rows = []
    for part in material.result.sources:
        if part.source is not None:
            budgets = {basis: _of_source(material, basis, part.source) for basis in _BASES} | {own: part.budget}
            rows.append(row(words[f"source.{part.source.value}"], budgets, part.actual_expenditure, part.rate))
    whole = material.result.money
    rows.append(row(words["form.total_row"], wholes, whole.actual_expenditure, whole.rate))
    heads = [*(basis.column for basis in shown), "actual_expenditure"]
    columns = [Column(words[f"form.{head}"], ColumnKind.FIGURE) for head in heads]
    last = [Column(words[key], ColumnKind.FIGURE) for key in ("column.rate", "report.column.balance")]
    first = Column(words["report.column.source"])
    caption = material.say("caption.money", unit=words[f"unit.{unit.name.lower()}"])
    # A column of which nothing is known says nothing.
    every = (first, *columns, *last)
    known = [number for number in range(len(every)) if any(line[number].text != words["unknown"] for line in rows)]
    return Table(tuple(every[n] for n in known), tuple(tuple(line[n] for n in known) for line in rows), caption)


Row = tuple[Cell, ...]


def _told(material: Material, basis: BudgetBasis) -> bool:
    """Whether a form has the column."""
    projects = (one.project for one in material.projects)
    rows = (row for project in projects for row in (project.stated.funding_total, *project.funding))
    return any(getattr(row, basis.column) is not None for row in rows)


def _whole(material: Material, basis: BudgetBasis) -> Decimal | None:
    """A budget of all projects, `None` if one does not tell it."""
    if basis is material.rules.execution.basis:
        return material.result.money.budget
    budgets = [execution_of(one.project, basis).budget for one in material.projects]
    known = [budget for budget in budgets if budget is not None]
    incomplete = material.result.department.excerpt or len(known) < len(budgets)
    return None if incomplete or not known else sum_of(known)


def _of_source(material: Material, basis: BudgetBasis, source: FundingSource) -> Decimal | None:
    """A budget of one source, `None` if a row of it does not tell it."""
    amounts = [
        getattr(row, basis.column)
        for one in material.projects
        for row in one.project.funding
        if row.source is source and row.breakdown is Breakdown.SOURCE and row.part_of is None
    ]
    known = [amount for amount in amounts if amount is not None]
    return None if len(known) < len(amounts) else sum_of(known)
