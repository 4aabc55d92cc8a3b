"""Monitoring as pages: the form of 财预〔2019〕136号 with its lights."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfeval.amounts import AmountUnit, plain, to_unit
from perfeval.cited import Grounds, cites_text
from perfeval.evaluation.explanation import notices_of, tier_word
from perfeval.i18n import catalog, day_text
from perfeval.model import Light
from perfeval.model.pages import grouped
from perfeval.monitoring import DepartmentMonitoring, MoneyRow, MonitoredLine, MonitoringResult
from perfeval.pages import Block, Cell, Column, ColumnKind, Heading, Items, Notice, Page, Paragraph, Role, Table
from perfeval.ratios import Ratio
from perfeval.rounding import exact_percent, percent
from perfeval.rulesets import RuleSet
from perfeval.targets import Actual, Judgement

__all__ = ["department_page", "monitoring_page"]

Catalog = Mapping[str, str]

_MONEY = ("spent", "rate", "expected_amount", "expected_rate")
_BAD = (Light.RED, Light.YELLOW)


def monitoring_page(result: MonitoringResult, locale: str) -> Page:
    """Return a project's monitoring form with its lights as a page."""
    words, project = catalog(locale), result.project
    head = words["monitor.head"].format(
        name=project.name, year=project.fiscal_year, through=day_text(result.state.through, locale)
    )
    blocks: list[Block] = [Heading(head), *_rules(result, words, locale)]
    blocks += [_money(result, words), Paragraph((_money_light(result, words, locale),))]
    blocks += [_lines(result, words, locale), Paragraph((_light(result, words),), Role.HEAD)]
    if result.unmatched:
        names = words["list"].join(row.indicator for row in result.unmatched)
        blocks.append(Notice(words["monitor.unmatched"].format(names=names)))
    blocks += _causes(result, words)
    return Page((*blocks, *_assumptions(result.used, words, locale)), locale)


def _rules(result: MonitoringResult, words: Catalog, locale: str) -> list[Block]:
    terms = result.terms
    cites = cites_text((terms.terms.grounds,), locale)
    found: list[Block] = [Paragraph((words["monitor.rules"].format(rules=terms.rules.title.of(locale), cites=cites),))]
    if terms.rules.id != result.rules.id:
        found.append(Notice(words["monitor.nations_rules"].format(rules=result.rules.title.of(locale))))
    found += map(Notice, notices_of(result.rules, locale))
    return found


def _money(result: MonitoringResult, words: Catalog) -> Table:
    unit, basis = result.project.amount_unit, result.terms.terms.basis
    heads = [words["form.funding"].format(unit=words[f"unit.{unit.name.lower()}"]), words[f"form.{basis.column}"]]
    heads += [words[f"monitor.{key}"].format(months=result.months) for key in _MONEY]
    columns = (Column(head, ColumnKind.FIGURE if number else ColumnKind.TEXT) for number, head in enumerate(heads))
    rows = [_money_cells(words["form.total_row"], result.money.total, unit)]
    rows += [_money_cells(row.label or words[f"source.{row.source}"], row, unit) for row in result.money.sources]
    return Table(tuple(columns), tuple(rows))


def _money_cells(label: str, row: MoneyRow, unit: AmountUnit) -> tuple[Cell, ...]:
    spent, expected = _amount(row.spent, unit), _amount(row.expected, unit)
    figures = (_amount(row.budget, unit), spent, _percent(row.rate), expected, _percent(row.expected_rate))
    return (Cell(label), *(Cell(figure, Role.FIGURE) for figure in figures))


def _amount(amount: Decimal | None, unit: AmountUnit) -> str:
    return "—" if amount is None else plain(to_unit(amount, unit))


def _percent(rate: Ratio | None) -> str:
    return "—" if rate is None else percent(rate)


def _money_light(result: MonitoringResult, words: Catalog, locale: str) -> str:
    money = result.money
    if money.light is None or money.progress is None or money.total.rate is None:
        return words["monitor.money_unlit"].format(reason=words[f"reason.{money.reason}"])
    return words["monitor.money_light"].format(
        rate=percent(money.total.rate),
        months=result.months,
        progress=percent(money.progress),
        light=words[f"light.{money.light.value}"],
        cites=cites_text((result.terms.terms.money.grounds,), locale),
    )


def _lines(result: MonitoringResult, words: Catalog, locale: str) -> Table:
    keys = ("level1", "level2", "level3", "target", "done", "progress", "light", "expected", "likelihood", "source")
    heads = [words[f"form.{key}"] for key in keys[:4]]
    heads += [words[f"monitor.{key}"].format(months=result.months) for key in keys[4:9]]
    columns = (Column(head) for head in (*heads, words["check.source"]))
    starts = grouped([line.indicator for line in result.lines], words)
    rows = []
    for line, (start, indicator) in zip(result.lines, starts, strict=True):
        state = line.state
        rows.append(
            (
                *start,
                Cell(indicator.name),
                Cell(words["absent"] if line.target is None else str(line.target)),
                Cell(_actual(None if state is None else state.done, result.rules, words, locale)),
                Cell(_progress(line, words)),
                _light_cell(line, words),
                Cell(_actual(None if state is None else state.expected, result.rules, words, locale)),
                Cell(_likelihood(line, words)),
                Cell(cites_text(line.grounds, locale), Role.CITATION),
            )
        )
    return Table(tuple(columns), tuple(rows))


def _actual(actual: Actual | None, rules: RuleSet, words: Catalog, locale: str) -> str:
    if actual is None:
        return words["absent"]
    if not isinstance(actual, Judgement):
        return str(actual)
    tier = "" if actual.tier is None else tier_word(actual.tier, rules, locale)
    if actual.words is not None:
        tier = words["claimed"].format(words=actual.words, tier=tier)
    return tier if actual.share is None else f"{tier} {exact_percent(actual.share)}".strip()


def _progress(line: MonitoredLine, words: Catalog) -> str:
    if line.progress is None:
        return ""
    text = percent(line.progress)
    return text if line.formula is None else words["monitor.formula"].format(formula=line.formula, progress=text)


def _light_cell(line: MonitoredLine, words: Catalog) -> Cell:
    if line.light is None:
        return Cell(words[f"reason.{line.reason}"], Role.NOTE)
    return Cell(words[f"light.{line.light.value}"], Role.LOST if line.light in _BAD else Role.TEXT)


def _likelihood(line: MonitoredLine, words: Catalog) -> str:
    if line.likelihood is None:
        return words["absent"]
    text = words[f"likelihood.{line.likelihood.value}"]
    return text if line.told else words["monitor.inferred"].format(likelihood=text)


def _light(result: MonitoringResult, words: Catalog) -> str:
    if result.light is not None:
        text = words["monitor.light_of_project"].format(light=words[f"light.{result.light.value}"])
        if not result.unlit:
            return text
        names = words["list"].join(line.indicator.name for line in result.unlit)
        return text + words["monitor.also_unlit"].format(names=names)
    names = words["list"].join(
        [
            *([] if result.money.light else [words["monitor.money_name"]]),
            *(line.indicator.name for line in result.unlit),
        ]
    )
    partial = result.partial_light
    shown = words["monitor.none"] if partial is None else words[f"light.{partial.value}"]
    return words["monitor.no_light"].format(names=names, light=shown)


def _causes(result: MonitoringResult, words: Catalog) -> list[Items]:
    texts = []
    for line in result.lines:
        state = line.state
        if state is None:
            continue
        parts = []
        if state.causes:
            headings = words["list"].join(words[f"cause.{cause.value}"] for cause in state.causes)
            parts.append(words["monitor.headings"].format(headings=headings))
        parts += [part for part in (state.explanation, state.measure, state.note) if part is not None]
        if parts:
            told = words["enumeration"].join(parts)
            texts.append(words["department.item"].format(name=line.indicator.name, value=told))
    return [Items(tuple(texts), words["monitor.causes"])] if texts else []


def _assumptions(used: tuple[Grounds, ...], words: Catalog, locale: str) -> list[Items]:
    texts = dict.fromkeys(part.assumption.of(locale) for part in used if part.assumption is not None)
    return [Items(tuple(texts), words["explain.assumptions"])] if texts else []


def department_page(result: DepartmentMonitoring, locale: str) -> Page:
    """Return a department's lights as a page, then each project's form."""
    words, department = catalog(locale), result.department
    head = words["monitor.head"].format(
        name=department.name, year=department.fiscal_year, through=day_text(result.through, locale)
    )
    figures = ("rate", "progress")
    keys = ("name", "rate", "progress", "money", "light")
    heads = [
        words["column.name"],
        *(words[f"monitor.{key}"] for key in ("rate", "money_progress", "money_of", "light")),
    ]
    columns = tuple(
        Column(head, ColumnKind.FIGURE if key in figures else ColumnKind.TEXT)
        for key, head in zip(keys, heads, strict=True)
    )
    rows = [_project_row(one, words) for one in result.projects]
    rows += [
        (Cell(project.name), *[Cell("—", Role.FIGURE)] * 2, Cell(""), Cell(words["monitor.without"], Role.NOTE))
        for project in result.without
    ]
    blocks: list[Block] = [
        Heading(head),
        Table(columns, tuple(rows)),
        Paragraph((_of_department(result, words),), Role.HEAD),
    ]
    for one in result.projects:
        blocks += [Heading(one.project.name, 2), *monitoring_page(one, locale).blocks[1:]]
    return Page(tuple(blocks), locale)


def _project_row(one: MonitoringResult, words: Catalog) -> tuple[Cell, ...]:
    money = one.money
    money_light = words["monitor.none"] if money.light is None else words[f"light.{money.light.value}"]
    if one.light is not None:
        light = Cell(words[f"light.{one.light.value}"], Role.LOST if one.light in _BAD else Role.TEXT)
    else:
        light = Cell(words["monitor.incomplete"], Role.NOTE)
    rates = (Cell(_percent(rate), Role.FIGURE) for rate in (money.total.rate, money.progress))
    return (Cell(one.project.name), *rates, Cell(money_light), light)


def _of_department(result: DepartmentMonitoring, words: Catalog) -> str:
    counts = words["list"].join(
        words["monitor.count"].format(light=words[f"light.{light.value}"], count=count)
        for light, count in result.counts
        if count
    )
    partial = result.partial_light
    shown = words["monitor.none"] if partial is None else words[f"light.{partial.value}"]
    key = "monitor.of_department" if result.light is not None else "monitor.of_department_partial"
    return words[key].format(light=shown, counts=counts or words["monitor.none"], projects=len(result.projects))
