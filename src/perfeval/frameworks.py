"""Frameworks: the common indicators that ministry and places prescribe (共性指标体系框架).

A framework is cited data: each indicator with its name in both languages, what
it looks at, the rate it is computed by (`perfeval.rates`) and from which
figures, or the number of points to check (评价要点). It has no weights; rule
sets give them.

>>> indicator = framework("cn-mof-2013-53-department").indicator("staffing_control_rate")
>>> indicator.name.zh_CN, indicator.rate, indicator.formula
('在职人员控制率', 'staffing_control_rate', ('ratio', 'staff_in_post', 'approved_posts'))
>>> indicator.measure({"staff_in_post": 95, "approved_posts": 100})
Ratio(numerator=95, denominator=100)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import NamedTuple

import attrs

from perfeval.amounts import CONTEXT, exact, plain
from perfeval.cited import (
    NO_WORDS,
    Grounds,
    Shelf,
    Table,
    a_list,
    a_string,
    a_whole_number,
    member_of,
    shown,
    words_of,
)
from perfeval.errors import ModelError, RuleSetNotFoundError
from perfeval.i18n import Words
from perfeval.model import IndicatorKind
from perfeval.ratios import Ratio, Shape, ratio
from perfeval.reasons import Reason
from perfeval.targets import Comparator

__all__ = [
    "Framework",
    "FrameworkIndicator",
    "common_directions",
    "element_share",
    "framework",
    "framework_indicator",
    "frameworks",
]

Figure = Decimal | int


class FrameworkIndicator(NamedTuple):
    """A common indicator.

    Attributes:
        id: Its name among all frameworks.
        name: Its name as printed, and in English.
        group: The level 2 it stands under.
        kind: Its level 1.
        meaning: What it looks at, in our words.
        rate: The function of `perfeval.rates` that computes it, if one does.
        formula: The shape of that rate (`perfeval.ratios.Shape`) and the names
            of its figures.
        elements: The number of points to check (评价要点), if told. Where
            there is no formula the points that are met are the figure, which
            has the indicator's own name then.
        direction: "≤" where less is better, "≥" where more is, `None` where
            neither is told.
        grounds: What it rests on.
    """

    id: str
    name: Words
    group: Words
    kind: IndicatorKind
    meaning: Words
    rate: str | None
    formula: tuple[str, ...]
    elements: int | None
    direction: Comparator | None
    grounds: Grounds

    def measure(self, figures: Mapping[str, Figure | None]) -> Ratio | Reason:
        """Return the indicator's rate, exact, or why there is none.

        Args:
            figures: The figures by name; one that is not told is absent or `None`.

        Returns:
            An exact ratio; for an indicator with points to check the share of
            them that is met. `Reason.NO_RULE` for an indicator with neither
            formula nor points, `Reason.AMOUNT_ABSENT` where a figure is not
            told, `Reason.AMOUNT_NEGATIVE`, or `Reason.ZERO_TARGET` where the
            rate divides by zero.

        Raises:
            AmountError: If a figure is a float or not finite.
            ModelError: If more points are met than there are, or not a whole
                number of them.

        >>> framework("cn-mof-2020-10-annex-2").indicator("annex2_rules").measure({"annex2_rules": 1})
        Ratio(numerator=1, denominator=2)
        """
        if not self.figures:
            return Reason.NO_RULE
        values: list[Decimal] = []
        for name in self.figures:
            value = figures.get(name)
            if value is None:
                return Reason.AMOUNT_ABSENT
            values.append(exact(value, name))
        if any(value < 0 for value in values):
            return Reason.AMOUNT_NEGATIVE
        if self.shape is not None:
            over, under = self.shape.terms(*values)
            return ratio(over, under) if under else Reason.ZERO_TARGET
        met, elements = values[0], self.elements or 0
        if met > elements or met != met.to_integral_value():
            raise ModelError(f"{self.id}: expected a whole number of points met from 0 to {elements}, got {plain(met)}")
        return Ratio(int(met), elements)

    @property
    def shape(self) -> Shape | None:
        """The shape of its rate, if it has one."""
        return Shape(self.formula[0]) if self.formula else None

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of its figures: of its rate, in the order of the formula, or of the points that are met."""
        if self.formula:
            return self.formula[1:]
        return () if self.elements is None else (self.id,)

    def expression(self, *figures: str) -> str:
        """Return its measure with the figures put in.

        >>> framework("cn-mof-2020-10-annex-2").indicator("annex2_rules").expression("1")
        '1 ÷ 2'
        """
        return f"{figures[0]} ÷ {self.elements}" if self.shape is None else self.shape.formula(*figures)

    @property
    def function(self) -> Callable[..., Decimal | None] | None:
        """The function of `perfeval.rates` that computes it for reading."""
        for module in ("projects", "departments", "regions", "bonds"):
            found: Callable[..., Decimal | None] | None = getattr(
                import_module(f"perfeval.rates.{module}"), self.rate or "", None
            )
            if found is not None:
                return found
        return None


@attrs.frozen(kw_only=True)
class Framework:
    """The common indicators of one document, in its order.

    Attributes:
        id: Its name.
        scope: What it is for: "project", "department" or "region".
        title: In both languages.
        grounds: What it rests on.
        direction_grounds: What the directions of its indicators rest on, if
            any has one.
        indicators: The common indicators.
    """

    id: str
    scope: str
    title: Words
    grounds: Grounds
    direction_grounds: Grounds | None
    indicators: tuple[FrameworkIndicator, ...]

    def indicator(self, name: str) -> FrameworkIndicator:
        """Return the indicator of that id.

        Raises:
            RuleSetNotFoundError: If the framework has none.
        """
        for indicator in self.indicators:
            if indicator.id == name:
                return indicator
        raise RuleSetNotFoundError(f"no indicator {name!r} in {self.id}")


def framework(name: str) -> Framework:
    """Return a framework that comes with the library, by its id.

    Raises:
        RuleSetNotFoundError: If there is none: the message lists what is known.
    """
    if name not in _SHELF.names:
        raise RuleSetNotFoundError(f"no framework {name!r}; known are {', '.join(_SHELF.names)}")
    return _SHELF[name]


def frameworks() -> tuple[Framework, ...]:
    """Return every framework that comes with the library, by id.

    >>> sum(len(framework.indicators) for framework in frameworks())
    156
    """
    return tuple(_SHELF)


@cache
def framework_indicator(name: str) -> FrameworkIndicator:
    """Return a common indicator by its id, from whichever framework has it.

    Raises:
        RuleSetNotFoundError: If no framework has it.
    """
    for found in frameworks():
        for indicator in found.indicators:
            if indicator.id == name:
                return indicator
    raise RuleSetNotFoundError(f"no indicator {name!r} in any framework")


@cache
def common_directions() -> Mapping[str, Comparator]:
    """Return the directions of the common indicators by their names, without quotation marks.

    A name that several indicators have is there if they agree.

    >>> print(common_directions()["三公经费控制率"], common_directions()["预算执行率"])
    ≤ ≥
    >>> "资金使用合规性" in common_directions()
    False
    """
    found: dict[str, set[Comparator | None]] = {}
    for indicator in (row for every in frameworks() for row in every.indicators):
        found.setdefault(indicator.name.zh_CN.translate(_QUOTES), set()).add(indicator.direction)
    return {name: sign for name, (sign, *others) in found.items() if sign is not None and not others}


_QUOTES = str.maketrans("", "", "“”")


def element_share(met: int, elements: int, shares: tuple[Decimal, ...] | None = None) -> Ratio:
    """Return the share of the weight that checked points earn (要点得分).

    Each point that is met earns a fixed share: equal shares, or stated ones.

    Args:
        met: How many points are met; with *shares*, the first so many.
        elements: How many there are.
        shares: The share of each, adding to 1, where they are not equal.

    Returns:
        An exact ratio, from 0 to 1.

    Raises:
        ModelError: If *met* is not from 0 to *elements*, or *shares* do not fit.

    Source: practice; 5 points of 20 %, 4 of 25 %, 2 of 50 %, or 30/30/40 %.

    >>> element_share(3, 4)
    Ratio(numerator=3, denominator=4)
    >>> element_share(2, 3, (Decimal("0.3"), Decimal("0.3"), Decimal("0.4")))
    Ratio(numerator=3, denominator=5)
    """
    if elements < 1 or not 0 <= met <= elements:
        raise ModelError(f"expected from 0 to {elements} points to be met, got {met}")
    if shares is None:
        return Ratio(met, elements)
    added = Decimal(0)
    for share in shares:
        added = CONTEXT.add(added, exact(share, "share"))
    if len(shares) != elements or added != 1:
        raise ModelError(f"expected {elements} shares that add to 1, got {len(shares)} that add to {added}")
    earned = Decimal(0)
    for share in shares[:met]:
        earned = CONTEXT.add(earned, share)
    return Ratio.of(earned)


# Reading.


def _read(top: Table) -> Framework:
    indicators = tuple(_read_indicator(row) for row in top.tables("indicators", needed=True))
    directed = any(row.direction is not None for row in indicators)
    direction = top.table("direction") if directed else None
    found = Framework(
        id=top.take("id", a_string, ""),
        scope=top.take("scope", a_string, ""),
        title=top.take("title", words_of, NO_WORDS),
        grounds=top.grounds(),
        direction_grounds=None if direction is None else direction.grounds(),
        indicators=indicators,
    )
    if direction is not None:
        direction.close()
    return found


def _read_indicator(table: Table) -> FrameworkIndicator:
    row = FrameworkIndicator(
        table.take("id", a_string, ""),
        table.take("name", words_of, NO_WORDS),
        table.take("group", words_of, NO_WORDS),
        table.take("kind", member_of(IndicatorKind, "kind of indicator"), IndicatorKind.PROCESS),
        table.take("meaning", words_of, NO_WORDS),
        table.take("rate", a_string, None, needed=False),
        table.take("formula", _formula, (), needed=False),
        table.take("elements", a_whole_number(1), None, needed=False),
        table.take("direction", _direction, None, needed=False),
        table.grounds(),
    )
    table.close()
    return row


def _direction(value: object) -> Comparator:
    if value not in (Comparator.AT_MOST, Comparator.AT_LEAST):
        raise ModelError(f"expected ≤ where less is better or ≥ where more is, got {shown(value)}")
    return Comparator(str(value))


def _formula(value: object) -> tuple[str, ...]:
    parts = tuple(a_string(part) for part in a_list(value))
    if not parts or parts[0] not in list(Shape) or len(parts) != 1 + Shape(parts[0]).arity:
        raise ModelError(f"expected a shape ({', '.join(Shape)}) and its figures, got {', '.join(parts) or 'none'}")
    return parts


_SHELF = Shelf("frameworks", _read)
