"""An indicator read as a whole: its name, its target and its actual (三级指标, 指标值, 完成值).

A name can carry what the cells leave out: a sign or a unit at its end
(公猪舍(≥**平方米)), or a change (化肥施用量下降率), which gives bare figures
their direction. The same words around both figures are a label; a deadline
lends its year. What contradicts is refused.

>>> target, actual = together("公猪舍(≥**平方米)", parse_target("22.8"), parse_actual("20"))
>>> target.comparator, target.unit, str(target)
(<Comparator.AT_LEAST: '≥'>, '平方米', '22.8')
>>> target, actual = together("节能效果", parse_target("节电5%"), parse_actual("节电6%"))
>>> target.label, actual.value
('节电', Decimal('6'))
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple, TypeVar

import attrs

from perfeval.errors import TextError
from perfeval.reasons import Refusal
from perfeval.targets import (
    Actual,
    Between,
    Comparator,
    Deadline,
    Judgement,
    Meaning,
    Quantity,
    Statement,
    Target,
    Threshold,
    Tier,
    is_part_of_name,
)
from perfeval.text.amounts import unit_written
from perfeval.text.grammar import Figure, figure_of, half_width
from perfeval.text.parsing import parse_actual, parse_target
from perfeval.text.words import lexicon
from perfeval.units import factor

__all__ = ["Carried", "carried_by", "together", "without_change"]

V = TypeVar("V", Threshold, Quantity, Between)
R = TypeVar("R", Target | None, Actual | None)

_CHANGES = (Meaning.RISE, Meaning.FALL)


class Carried(NamedTuple):
    """What a name carries: a comparator, a unit, a change; `None` each if it does not."""

    comparator: Comparator | None = None
    unit: str | None = None
    meaning: Meaning | None = None


_NOTHING = Carried()
_AT_END = re.compile(r"\(([^()]{1,24})\)[:：]?$")
_SLOT = r"(?:[*Xx_＿…#□]+|\.{2,})?"
_SIGN = r"(>=|<=|=>|=<|==|[≥≧⩾≤≦⩽=═﹦<>≮≯])"
_IN_PARENTHESES = re.compile(rf"(?:{_SIGN} ?)?{_SLOT} ?(.*)")
_BARE_SLOT = re.compile(rf"{_SIGN} ?(?:[*Xx_＿#□]+|\.{{2,}}) ?([^0-9*()]{{0,8}})$")
# 县(市) names places, not a unit.
_PLACES = frozenset("市县区乡镇村期")


@lru_cache(maxsize=4096)
def carried_by(name: str) -> Carried:
    """Return what *name* carries.

    >>> carried_by("新建管网长度（公里）"), carried_by("人口数≥**人").comparator, carried_by("信访量下降率").meaning
    (Carried(comparator=None, unit='公里', meaning=None), <Comparator.AT_LEAST: '≥'>, <Meaning.FALL: 'fall'>)
    """
    half = half_width(name)
    comparator = unit = None
    found = _AT_END.search(half)
    if found is not None:
        sign, rest = _IN_PARENTHESES.fullmatch(found[1].strip()).groups()  # type: ignore[union-attr]  # matches all
        written = unit_written(rest.strip()) if rest.strip() else None
        if written is not None or (sign is not None and not rest.strip()):
            comparator, unit = _comparator(sign), written
            half = half[: found.start()].strip()
    else:
        bare = _BARE_SLOT.search(half)
        if bare is not None:
            written = unit_written(bare[2].strip()) if bare[2].strip() else None
            if written is not None or not bare[2].strip():
                comparator, unit = _comparator(bare[1]), written
                half = half[: bare.start()].strip()
    for meaning, words in lexicon().change_in_name:
        if half.endswith(words):
            return Carried(comparator, unit, meaning)
    return Carried(comparator, unit)


def without_change(name: str) -> str:
    """Return what a name says besides the change that it ends in.

    >>> without_change("信访量增长率"), without_change("满意度")
    ('信访量', '满意度')
    """
    half = _AT_END.sub("", half_width(name)).strip()
    for _, words in lexicon().change_in_name:
        for word in words:
            if half.endswith(word):
                return half.removesuffix(word)
    return half


def _comparator(sign: str | None) -> Comparator | None:
    if sign is None:
        return None
    comparator: Comparator | None = lexicon().signs.words.get(sign)
    return comparator


def together(name: str, target: Target | None, actual: Actual | None) -> tuple[Target | None, Actual | None]:
    """Return target and actual with what name and the other cell lend them.

    Args:
        name: The indicator's name, as printed.
        target: Its target, as read from its own cell.
        actual: Its actual, likewise.

    Returns:
        Both, unchanged where nothing is lent; a `Statement` with its refusal
        where name and cell contradict each other.
    """
    if isinstance(target, Statement) and target.refusal is not None:
        target, actual = _labelled(name, target, actual)
    elif isinstance(actual, Statement) and actual.refusal is not None:
        actual = _year_lent(actual, target)
        actual = _by_name(name, actual, parse_actual) if isinstance(actual, Statement) else actual
    if isinstance(target, Statement) and isinstance(actual, Statement):
        actual = _answered(target, actual)
    if name.isascii():
        return target, actual
    carried = carried_by(name)
    if carried == _NOTHING:
        return target, actual
    if isinstance(target, Threshold | Between):
        target = _with_name(carried, target)
    if isinstance(actual, Quantity):
        # Beside a target with a unit it stays bare: what it is then is looked at where the two are compared.
        bare = isinstance(target, Threshold | Between) and target.unit is not None
        actual = _lent(carried._replace(unit=None) if bare else carried, actual)
    return target, actual


def _answered(target: Statement, actual: Statement) -> Actual:
    """是 and 否 as target and actual: met or not met."""
    answers = (lexicon().yes, lexicon().no)
    if target.text not in answers or actual.text not in answers:
        return actual
    met = target.text == actual.text
    return Judgement(Tier.ACHIEVED if met else Tier.NOT_ACHIEVED, words=actual.text)


def _year_lent(actual: Statement, target: Target | None) -> Actual | None:
    if actual.refusal is Refusal.NO_YEAR and isinstance(target, Deadline):
        # No day of that year stays words: 2月29日.
        with suppress(TextError):
            return parse_actual(actual.text, target=target)
    return actual


def _with_name(carried: Carried, target: Threshold | Between) -> Target:
    """The target with what the name carries, or the contradiction."""
    sign, unit = carried.comparator, carried.unit
    refused = Statement(str(target), refusal=Refusal.CONTRADICTION)
    if isinstance(target, Between):
        return refused if sign is not None else _lent(carried, target)
    if sign is not None and target.comparator not in (sign, Comparator.UNSTATED):
        return refused
    if carried.meaning is not None and target.meaning not in (None, carried.meaning):
        return refused
    if carried.meaning is not None and target.value < 0:
        return refused
    if unit is not None and target.unit is not None and unit not in _PLACES and target.value:
        if factor(target.unit, unit) is None and factor(unit, target.unit) is None:
            return refused
    if sign is not None and target.comparator is Comparator.UNSTATED:
        target = attrs.evolve(target, comparator=sign, words=target.text)
    return _lent(carried, target)


def _lent(carried: Carried, value: V) -> V:
    """The value with the unit and the direction of the name, where it has none of its own."""
    if value.unit is None and carried.unit is not None and getattr(value, "meaning", None) is not Meaning.RANK:
        value = attrs.evolve(value, unit=carried.unit, words=str(value))
    if isinstance(value, Between) or carried.meaning is None or value.meaning is not None or value.value < 0:
        return value
    if lexicon().levels.search(value.text) is not None:
        # 提高到95% under 就业率提高率 is the level that was reached, not the change.
        return value
    return attrs.evolve(value, meaning=carried.meaning, words=str(value))


# Words around a figure that are a label after all.


def _labelled(name: str, target: Statement, actual: Actual | None) -> tuple[Target | None, Actual | None]:
    around = _around(target)
    if isinstance(actual, Statement) and around is not None and around == _around(actual):
        aimed, reached = _without(target, around, parse_target), _without(actual, around, parse_actual)
        if isinstance(aimed, Threshold) and isinstance(reached, Quantity):
            return aimed, reached
    lent = _by_name(name, target, parse_target)
    return lent, (_by_name(name, actual, parse_actual) if isinstance(actual, Statement) else actual)


_FIRST_FIGURE = re.compile(r"[0-9]")


def _around(cell: Statement) -> str | None:
    """The unknown words before the figure of a cell; `None` if anything else is in the way."""
    return _before_figure(half_width(cell.text)) if cell.refusal is Refusal.UNKNOWN_WORD else None


def _before_figure(half: str) -> str | None:
    figure = _FIRST_FIGURE.search(half)
    if figure is None or figure.start() == 0:
        return None
    before = half[: figure.start()].strip()
    return before if before.isalpha() and len(before) <= 20 else None


def _without(cell: Statement, before: str, parse: Callable[[str], R]) -> R | Statement:
    """The figure behind *before*, with it as its label."""
    half = half_width(cell.text)
    rest = half[half.index(before) + len(before) :].strip()
    with suppress(TextError):
        figure = figure_of(rest)
        value = parse(rest) if isinstance(figure, Figure) and figure.label is figure.meaning is None else None
        if isinstance(value, Threshold | Quantity):
            return attrs.evolve(value, label=before, words=cell.text)
    return cell


def _by_name(name: str, cell: Statement, parse: Callable[[str], R]) -> R | Statement:
    """The figure of a cell that begins with words of the name: 培训教师50人 under 培训教师人数, 完成造林50亩 under 造林面积."""
    half = half_width(cell.text)
    whole = _AT_END.sub("", half_width(name)).strip()
    if len(whole) > 1 and half.startswith(whole) and not whole[-1].isdecimal():
        # Whatever figures and words the name holds, the cell repeats them: 预算执行率98%, 0-6岁儿童健康管理率92%.
        return _without(cell, whole, parse)
    words = lexicon()
    before = _before_figure(half)
    start = 0
    while before is not None and (found := words.before.at(before, start)) is not None and found[1][0] in _NO_MORE:
        start += len(found[0])
    before = before[start:] if before is not None else None
    if before is None or len(before) < 2 or not is_part_of_name(before, name):
        return cell
    # 目标90% is none of 目标完成率: what plans or denies has to be the end of the name, and name a measure.
    if cell.refusal is Refusal.UNKNOWN_WORD or (whole.endswith(before) and before.endswith(words.names_end)):
        return _without(cell, before, parse)
    return cell


_NO_MORE = frozenset({"dropped", "done"})
