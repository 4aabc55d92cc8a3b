"""Parts of a report that a department tells of itself: coverage, its own words, the sentence of the accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from perfeval.amounts import plain, sum_of
from perfeval.i18n import day_text
from perfeval.model import Project
from perfeval.model.departments import Passage
from perfeval.pages import Block, Cell, Column, Notice, Table
from perfeval.rectification import consequences as consequences_of
from perfeval.rectification import ledger as ledger_on
from perfeval.reports.material import Material
from perfeval.reports.sections import Section
from perfeval.rounding import exact_percent

__all__ = [
    "accounts",
    "claims",
    "consequences",
    "coverage",
    "ledger",
    "organisation",
    "overall_objective",
    "rectification",
    "target_quality",
    "use_of_results",
]


def coverage(material: Material, _: Section) -> Iterable[Block]:
    """How many projects were self-evaluated, as stated and as the forms tell."""
    return material.paragraph(_coverage(material))


def _coverage(material: Material) -> Iterator[str]:
    department, covered = material.department, material.result.coverage
    if department is None:
        return
    stated = department.stated
    number, rate, budget = stated.evaluated_projects, stated.coverage_rate, stated.budget
    if stated.projects is not None:
        yield material.count("coverage.of_all", stated.projects)
    if number is not None and rate is not None and budget is not None:
        told = {"rate": exact_percent(rate), "budget": material.amount(budget)}
        yield material.count("coverage.stated", number, **told)
    else:
        if number is not None:
            yield material.count("coverage.number", number)
        if rate is not None:
            yield material.say("coverage.rate", rate=exact_percent(rate))
        if budget is not None:
            yield material.say("coverage.budget", budget=material.amount(budget))
    if covered.evaluated is not None and covered.rate is not None:
        share = material.rate(covered.rate)
        yield material.count("coverage.computed", covered.projects, evaluated=covered.evaluated, rate=share)
        if covered.budget_rate is not None:
            yield material.say("coverage.by_budget", rate=material.rate(covered.budget_rate))
    elif covered.projects and number is None:
        yield material.count("coverage.untold", covered.projects)


def _passage(material: Material, passage: Passage | None) -> Iterable[Block]:
    return () if passage is None else material.paragraph([material.say("passage", text=passage.text)])


def organisation(material: Material, _: Section) -> Iterable[Block]:
    """How the self-evaluation was organised, in the department's words."""
    return _passage(material, material.result.department.organisation)


def overall_objective(material: Material, _: Section) -> Iterable[Block]:
    """The objective of the department, or of the project, in its own words."""
    department = material.department
    if department is not None:
        return _objective(material, department.overall_objective)
    (project,) = material.result.department.projects
    return [block for text in objectives(material, project) for block in material.paragraph([text])]


def _objective(material: Material, passage: Passage | None) -> Iterable[Block]:
    return () if passage is None else material.paragraph([material.say("objective", text=passage.text)])


def objectives(material: Material, project: Project) -> Iterator[str]:
    """Yield a project's objective, as set and as reached."""
    if project.objective_expected is not None:
        yield material.say("objective.expected", text=project.objective_expected)
    if project.objective_actual is not None:
        yield material.say("objective.actual", text=project.objective_actual)


def target_quality(material: Material, _: Section) -> Iterable[Block]:
    """What the department says of the quality of its targets."""
    return _passage(material, material.result.department.target_quality)


def rectification(material: Material, _: Section) -> Iterable[Block]:
    """What the department says it will mend."""
    return _passage(material, material.result.department.rectification)


def use_of_results(material: Material, _: Section) -> Iterable[Block]:
    """How the department says that the results are used."""
    return _passage(material, material.result.department.use_of_results)


def claims(material: Material, _: Section) -> Iterable[Block]:
    """The common indicators that the department claims in words."""
    rows, words = material.result.department.claims, material.words
    if not rows:
        return ()
    columns = (Column(words["report.column.common_indicator"]), Column(words["report.column.claim"]))
    cells = tuple((Cell(claim.indicator), Cell(claim.words)) for claim in rows)
    return (*material.paragraph([material.count("claims", len(rows))]), Table(columns, cells))


def ledger(material: Material, _: Section) -> Iterable[Block]:
    """The ledger of what is mended, by whom and until when; on a day, also what is overdue."""
    department, words = material.result.department, material.words
    rows = department.rectification_items
    if not rows:
        return ()
    if material.on is not None:
        blocks = ledger_on(department, material.rules, on=material.on).page(material.locale).blocks
        # The words of the report stand in a part of their own.
        start = next(position for position, block in enumerate(blocks) if isinstance(block, Table))
        return blocks[start:]
    keys = ("problem", "measure", "owner", "due", "state")
    untold = words["report.untold"]
    cells = []
    for row in rows:
        state = untold if row.state is None else words[f"report.state.{row.state.value}"]
        due = untold if row.due is None else day_text(row.due, material.locale)
        texts = (row.problem, row.measure or untold, row.owner or untold, due, state)
        cells.append(tuple(map(Cell, texts)))
    columns = tuple(Column(words[f"report.column.{key}"]) for key in keys)
    return (*material.paragraph([_mended(material)]), Table(columns, tuple(cells)))


def consequences(material: Material, _: Section) -> Iterable[Block]:
    """What follows from each project's grade, by the rules for this kind of evaluation."""
    notices: dict[Notice, None] = {}
    columns: tuple[Column, ...] = ()
    rows: list[tuple[Cell, ...]] = []
    for one in material.projects:
        if one.grade is not None:
            for block in consequences_of(one, material.rules, kind=material.kind).page(material.locale).blocks:
                if isinstance(block, Notice):
                    notices[block] = None
                elif isinstance(block, Table):
                    columns = block.columns
                    rows += [(Cell(one.project.name), *row) for row in block.rows]
    heads = (Column(material.words["column.name"]), *columns)
    # Where no rule cuts money, the column of what is cut says nothing.
    told = [number for number in range(len(heads)) if any(row[number].text for row in rows)]
    table = Table(tuple(heads[n] for n in told), tuple(tuple(row[n] for n in told) for row in rows))
    return (*notices, *([table] if rows else []))


def _mended(material: Material) -> str:
    """How many problems were found, and how far each of them has come."""
    rows = material.result.department.rectification_items
    counted = Counter("untold" if row.state is None else row.state.value for row in rows)
    states = [
        material.count(f"ledger.{state}", counted[state])
        for state in ("done", "under_way", "open", "untold")
        if counted[state]
    ]
    return material.count("ledger", len(rows), states=material.words["list"].join(states))


def accounts(material: Material, _: Section) -> Iterable[Block]:
    """The paragraph of the accounts: objectives, self-evaluation, grades, problems."""
    return material.paragraph(_accounts(material))


def _accounts(material: Material) -> Iterator[str]:
    department, result = material.result.department, material.result
    year = department.fiscal_year
    with_targets = [
        one
        for one in result.projects
        if one.project.objective_expected is not None or any(row.target is not None for row in one.project.indicators)
    ]
    budgets = [one.execution.budget for one in with_targets if one.execution.budget is not None]
    if with_targets and len(budgets) == len(with_targets):
        total = material.amount(sum_of(budgets))
        yield material.count("accounts.targets", len(with_targets), year=year, budget=total)
    elif with_targets:
        yield material.count("accounts.targets_only", len(with_targets), year=year)
    elif result.projects:
        yield material.count("accounts.no_targets", len(result.projects), year=year)
    tracked = sum(bool(one.project.monitoring) for one in result.projects)
    yield material.count("accounts.tracked", tracked) if tracked else material.say("accounts.tracked_untold")
    evaluated, mean, stated = result.coverage.evaluated, result.mean_score, department.stated
    if evaluated is not None:
        yield material.count("accounts.evaluated", evaluated)
    elif stated.evaluated_projects is not None:
        yield material.count("accounts.evaluated_stated", stated.evaluated_projects)
    else:
        yield material.say("accounts.evaluated_untold")
    if mean is not None:
        yield material.say("accounts.mean", mean=plain(mean))
    elif stated.mean_score is not None:
        yield material.say("accounts.mean_stated", mean=plain(stated.mean_score))
    if result.adjusted_mean_score is not None:
        yield material.say("scores.adjusted_mean", mean=plain(result.adjusted_mean_score))
    grades = [material.count("accounts.grade", n, grade=material.grade(grade)) for grade, n in result.grades if n]
    if grades:
        yield material.say("accounts.grades", grades=material.words["list"].join(grades))
    if department.rectification_items:
        yield _mended(material)
