"""CR: prices that a report states, against the money of its project."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from perfeval.amounts import CONTEXT, plain
from perfeval.checks.catalogue import setting
from perfeval.checks.coded import Spot, of_form, phrase, spot
from perfeval.checks.form import Form
from perfeval.i18n import Words
from perfeval.model import Indicator
from perfeval.targets import Bound, Completion, Quantity
from perfeval.units import unit_of

_FROM_BELOW = frozenset({Bound.EXACT, Bound.AT_LEAST, Bound.MORE_THAN})


class _Price(NamedTuple):
    """A price, and what it is for: "天", "月", "亩", …"""

    position: int
    item: Indicator
    amount: Decimal
    per: tuple[str, ...]


class _Factor(NamedTuple):
    """What a price is multiplied by, in words too."""

    number: Decimal
    words: Words


@of_form("CR110")
def price_above_amount(form: Form) -> Iterable[Spot]:
    """A price times its time or quantity is more than the project's money."""
    prices = list(_prices(form))
    amount = _most(form) if prices else None
    if amount is None:
        return
    for price in prices:
        factors = [_factor(form, price, per) for per in price.per]
        known = [factor for factor in factors if factor is not None]
        if not known or len(known) < len(factors):
            continue
        implied = price.amount
        for factor in known:
            implied = CONTEXT.multiply(implied, factor.number)
        if implied > amount:
            by = Words(*("，".join(f.words.of(x) for f in known) for x in ("zh_CN", "en")))
            figures = {"implied": form.in_unit(implied).normalize(CONTEXT), "amount": form.in_unit(amount)}
            where = f"indicators[{price.position}].actual"
            params = {"name": price.item.name, "price": str(price.item.actual), "by": by}
            yield spot(where, **params, **figures, unit=form.project.amount_unit)


def _most(form: Form) -> Decimal | None:
    """The most money that the project may have had."""
    amounts = [form.stated.amount, *(figure for rate in form.rates for figure in (rate.budget, rate.spent))]
    known = [amount for amount in amounts if amount is not None]
    return max(known) if known else None


def _prices(form: Form) -> Iterator[_Price]:
    for position, item in enumerate(form.project.indicators):
        actual = item.actual
        if not isinstance(actual, Quantity) or actual.unit is None or actual.bound not in _FROM_BELOW:
            continue
        unit = unit_of(actual.unit)
        if unit.base != "元":
            continue
        yuan = CONTEXT.scaleb(actual.value, unit.exponent)
        if unit.per:
            yield _Price(position, item, yuan, tuple(unit.per.split("·")))
        elif re.search(setting("CR110", "each_month"), item.name):
            yield _Price(position, item, yuan, ("月",))


def _factor(form: Form, price: _Price, per: str) -> _Factor | None:
    """How often a price is due: the time that the project ran, or the only quantity in its unit."""
    if per in setting("CR110", "months") or per in setting("CR110", "days"):
        return _time(form, per in setting("CR110", "months"))
    same: tuple[tuple[str, ...], ...] = setting("CR110", "same_units")
    units = next((row for row in same if per in row), (per,))
    quantities = [
        item
        for item in form.project.indicators
        if item is not price.item
        and isinstance(item.actual, Quantity)
        and unit_of(item.actual.unit or "").base in units
    ]
    if len(quantities) != 1:
        return None
    [item] = quantities
    actual = item.actual
    if not isinstance(actual, Quantity) or actual.bound not in _FROM_BELOW:
        return None
    quantity = CONTEXT.scaleb(actual.value, unit_of(actual.unit or "").exponent)
    return _Factor(quantity, phrase("check.CR110.quantity", name=item.name, quantity=str(actual)))


def _time(form: Form, in_months: bool) -> _Factor | None:
    """The full months or the days from the day that the project began to the day that it ended, or the year did."""
    begin, end = _day(form, setting("CR110", "begins")), _day(form, setting("CR110", "ends"))
    last = dt.date(form.project.fiscal_year, 12, 31) if end is None else end
    if begin is None or begin > last:
        return None
    days = (last - begin).days + 1
    following = last + dt.timedelta(days=1)
    months = (following.year - begin.year) * 12 + following.month - begin.month - (following.day < begin.day)
    shown = {"start": begin, "end": last}
    if in_months:
        return _Factor(Decimal(months), phrase("check.CR110.months", **shown, months=plain(Decimal(months))))
    return _Factor(Decimal(days), phrase("check.CR110.days", **shown, days=plain(Decimal(days))))


def _day(form: Form, words: str) -> dt.date | None:
    for item in form.project.indicators:
        if isinstance(item.actual, Completion) and re.search(words, item.name):
            return item.actual.date
    return None
