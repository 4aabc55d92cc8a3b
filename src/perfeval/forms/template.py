"""An empty form for a unit to fill in, with lists to choose from.

The kinds, the comparators, the tiers and the grades are those of the rule set;
what is filled in reads back with `perfeval.forms.read`.

Source: 财预〔2020〕10号 annex 1; the cells for comparator and unit as on Yunnan's
published forms.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from perfeval.amounts import AmountUnit, plain
from perfeval.forms.grid import letters
from perfeval.forms.sheet import Role, Sheet, Slot
from perfeval.forms.writing import CARRIERS, carried, words_of_levels
from perfeval.i18n import message
from perfeval.labels import first_label
from perfeval.model import FundingSource, IndicatorKind
from perfeval.rulesets import RuleSet
from perfeval.targets import Comparator, Tier
from perfeval.writing import replace_file

__all__ = ["write_template"]

_WIDTHS = (8, 11, 17, 20, 9, 11, 10, 11, 8, 8, 20)
_WIDTH = len(_WIDTHS)
_MONEY = ("original_budget", "adjusted_budget", "actual_expenditure")
_SOURCES = (FundingSource.APPROPRIATION, FundingSource.CARRY_OVER, FundingSource.OTHER)
_ROWS = {
    IndicatorKind.COST: ("cost.economic", "cost.social", "cost.ecological"),
    IndicatorKind.OUTPUT: (
        "output.quantity",
        "output.quantity",
        "output.quality",
        "output.quality",
        "output.timeliness",
    ),
    IndicatorKind.BENEFIT: ("benefit.economic", "benefit.social", "benefit.ecological", "benefit.sustainability"),
    IndicatorKind.SATISFACTION: ("satisfaction",),
    IndicatorKind.DECISION: ("decision", "decision"),
    IndicatorKind.PROCESS: ("process", "process"),
    IndicatorKind.INPUT: ("input", "input"),
    IndicatorKind.EFFECT: ("effect", "effect"),
}
_USUAL = (IndicatorKind.OUTPUT, IndicatorKind.BENEFIT, IndicatorKind.SATISFACTION)


def write_template(rules: RuleSet, path: str | os.PathLike[str]) -> None:
    """Write an empty form of a rule set as an Excel workbook (xlsx) or a Word document (docx).

    A failed write leaves the old file.

    Args:
        rules: The rule set: its kinds, tiers, grades, and the weight of the
            execution rate.
        path: The file; its suffix tells the carrier.

    Raises:
        ValueError: If the suffix is unknown.
        MissingExtraError: If a library is missing; the message names it.
        OSError: If the file cannot be written.

    Source: 财预〔2020〕10号 annex 1.
    """
    carrier = Path(path).suffix.lower().lstrip(".")
    if carrier not in CARRIERS:
        raise ValueError(f"expected a file named .xlsx or .docx, got {os.fspath(path)!r}")
    replace_file(path, carried([_template_of(rules)], carrier))


def _template_of(rules: RuleSet) -> Sheet:
    """Return the empty form of a rule set."""
    rows = [*_head(rules), *_money(rules), *_objective()]
    first = len(rows) + 2
    indicators = list(_indicators(rules))
    rows += [_headings(len(indicators)), *indicators]
    rows.append(_total(rules, first, first + len(indicators) - 1, money_row=6))
    return Sheet("自评表", tuple(rows), _WIDTHS, landscape=True)


def _label(text: str, columns: int = 1, rows: int = 1) -> Slot:
    return Slot(text, columns, rows, Role.LABEL)


def _blank(columns: int = 1, *choices: str, strict: bool = False) -> Slot:
    return Slot("", columns, choices=choices, strict=strict)


def _head(rules: RuleSet) -> Iterator[tuple[Slot, ...]]:
    key = "form.title.department" if rules.scope == "department" else "form.title.project"
    yield (Slot(message(key, "zh_CN"), _WIDTH, role=Role.TITLE),)
    yield (_label(first_label("head", "name"), 2), _blank(4), _label(first_label("head", "fiscal_year"), 2), _blank(3))
    names = ("supervising_department", "implementing_unit")
    yield tuple(
        slot
        for name, span in zip(names, (4, 3), strict=True)
        for slot in (_label(first_label("head", name), 2), _blank(span))
    )


def _money(rules: RuleSet) -> Iterator[tuple[Slot, ...]]:
    heading = f"{first_label('money_block', 'money_block')}\n（{AmountUnit.WAN}）"
    marks = ("weight", "execution_rate", "score")
    labels = [_label(first_label("money_columns", name)) for name in (*_MONEY, *marks)]
    yield (
        _label(heading, 1, 2 + len(_SOURCES)),
        _label("", 3),
        *labels,
        _label(first_label("money_columns", "execution_deviation_reason")),
    )
    budget = "E" if rules.execution.basis == "original" else "F"
    row = 5
    rate = Slot("", role=Role.FIGURE, percent=True, formula=f'=IF(N({budget}{row})=0,"",G{row}/{budget}{row})')
    weight = Slot(plain(rules.execution.weight), role=Role.FIGURE, number=rules.execution.weight)
    yield (_label(first_label("money_total", "money_total"), 3), *[_blank()] * 3, weight, rate, _blank(), _blank())
    for source in _SOURCES:
        yield (
            _label(message(f"source.{source.value}", "zh_CN"), 3),
            *[_blank()] * 3,
            *[Slot("—", role=Role.FIGURE)] * 3,
            _blank(),
        )


def _objective() -> Iterator[tuple[Slot, ...]]:
    yield (
        _label(first_label("objective", "block"), 1, 2),
        _label(first_label("objective", "objective_expected"), 5),
        _label(first_label("objective", "objective_actual"), 5),
    )
    yield (_blank(5), _blank(5))


def _headings(rows: int) -> tuple[Slot, ...]:
    names = (
        "level1",
        "level2",
        "level3",
        "comparator",
        "target",
        "unit",
        "actual",
        "weight",
        "score",
        "reason_and_action",
    )
    labels = [_label(first_label("indicator_columns", name)) for name in names]
    return (_label(first_label("indicator_block", "indicator_block"), 1, 1 + rows), *labels)


def _indicators(rules: RuleSet) -> Iterator[tuple[Slot, ...]]:
    points = {IndicatorKind(kind).level1: share for kind, share in rules.weights[0].points} if rules.weights else {}
    kinds = [kind for kind in _ROWS if kind in (points or _USUAL)]
    signs = tuple(sign.value for sign in Comparator if sign is not Comparator.UNSTATED)
    names = [rules.tier_name(tier) for tier in Tier]
    tiers = tuple(words.zh_CN for words in names if words is not None)
    levels1 = tuple(words_of_levels(kind)[0] for kind in kinds)
    levels2 = tuple(dict.fromkeys(words_of_levels(IndicatorKind(one))[1] for kind in kinds for one in _ROWS[kind]))
    for kind in kinds:
        for one in _ROWS[kind]:
            level1, level2 = words_of_levels(IndicatorKind(one))
            yield (
                Slot(level1, role=Role.LABEL, choices=levels1, strict=True),
                Slot(level2, role=Role.LABEL, choices=levels2, strict=True),
                _blank(),
                _blank(1, *signs, strict=True),
                _blank(),
                _blank(),
                _blank(1, *tiers),
                _blank(),
                _blank(),
                _blank(),
            )


def _total(rules: RuleSet, first: int, last: int, money_row: int) -> tuple[Slot, ...]:
    row = money_row - 1
    sums = []
    for column, money in ((8, "H"), (9, "J")):
        cells = f"{letters(column)}{first}:{letters(column)}{last}"
        formula = f'=IF(COUNT({cells})=0,"",SUM({money}{row},{cells}))'
        sums.append(Slot("", role=Role.FIGURE, formula=formula))
    grades = tuple(word for word in (_grade(rules, band.grade) for band in rules.bands) if word)
    return (_label(first_label("total_row", "total_row"), 8), *sums, _blank(1, *grades))


def _grade(rules: RuleSet, grade: str) -> str:
    from perfeval.scoring import Grade

    words = rules.grade_name(Grade(grade))
    return message(f"grade.{Grade(grade).value}", "zh_CN") if words is None else words.zh_CN
