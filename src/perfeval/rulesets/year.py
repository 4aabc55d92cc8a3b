"""What a rule set says of the year around the score: monitoring, and what follows from a grade.

>>> from perfeval.rulesets import rule_set
>>> rules = rule_set("cn-ha-2020-10").monitoring
>>> [(band.light.value, band.at_least) for band in rules.money.bands]
[('green', Decimal('0.8')), ('yellow', Decimal('0.6')), ('red', None)]
"""

# Annotations are not deferred: a NamedTuple compiles each that is text, whenever perfeval is imported.
import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from perfeval.cited import (
    NO_WORDS,
    Grounds,
    Table,
    a_bool,
    a_list,
    a_number,
    a_string,
    a_whole_number,
    member_of,
    members_of,
    share_of,
    shown,
    words_of,
)
from perfeval.errors import ModelError
from perfeval.i18n import Words
from perfeval.model import BudgetBasis, EvaluationKind, IndicatorKind, Light
from perfeval.places import places_above
from perfeval.ratios import Ratio
from perfeval.scoring import Grade
from perfeval.targets import Tier

__all__ = [
    "Action",
    "ConsequenceRule",
    "LightBand",
    "Lights",
    "MonitoringRules",
    "ResultRules",
    "Schedule",
    "light_of",
    "read_monitoring",
    "read_results",
]


class LightBand(NamedTuple):
    """The light of a progress from *at_least* on; `None` for the last."""

    light: Light
    at_least: Decimal | None


class Lights(NamedTuple):
    """The lights of a progress, the largest first, and what they rest on."""

    bands: tuple[LightBand, ...]
    grounds: Grounds


class Schedule(NamedTuple):
    """When a place monitors.

    Attributes:
        place: ISO 3166-2 code, below the province a GB/T 2260 code.
        through: The last day of each period, as month and day.
        report_within: Days after that day in which it is reported, if told.
        grounds: What it rests on.
    """

    place: str
    through: tuple[tuple[int, int], ...]
    report_within: int | None
    grounds: Grounds


class MonitoringRules(NamedTuple):
    """How a project is monitored at mid-year (绩效运行监控).

    Attributes:
        basis: Which budget the money is held against.
        grounds: What that and the form rest on.
        schedules: When the place, and places below it, monitor.
        money: The lights of the money.
        forward: The lights of targets to reach.
        unscaled: The kinds of indicator whose target is not divided by month.
        unscaled_units: The units of targets that are not divided by month.
        kept: The lights of a limit or a deadline that is kept, and one that
            is not.
        kept_grounds: What they rest on.
        tiers: The lights of a judgement.
        tiers_grounds: What they rest on.
        certain: From which share of the target on the expected figure makes
            it certain; reaching it is likely from *possible* on.
        possible: As above; below it the target will not be reached.
        likelihood_grounds: What both rest on.
    """

    basis: BudgetBasis
    grounds: Grounds
    schedules: tuple[Schedule, ...]
    money: Lights
    forward: Lights
    unscaled: tuple[IndicatorKind, ...]
    unscaled_units: tuple[str, ...]
    kept: tuple[Light, Light]
    kept_grounds: Grounds
    tiers: tuple[tuple[Tier, Light], ...]
    tiers_grounds: Grounds
    certain: Decimal
    possible: Decimal
    likelihood_grounds: Grounds

    def schedule_of(self, places: Iterable[str]) -> Schedule | None:
        """Return the schedule of the first of *places* that has one."""
        for place in places:
            for schedule in self.schedules:
                if schedule.place == place:
                    return schedule
        return None


def light_of(lights: Lights, progress: Ratio) -> Light:
    """Return the light of a progress.

    >>> from perfeval.rulesets import rule_set
    >>> light_of(rule_set("cn-ha-2020-10").monitoring.forward, Ratio(6, 5)).value
    'blue'
    """
    for light, at_least in lights.bands:
        if at_least is None or progress >= Ratio.of(at_least):
            return light
    raise ModelError(f"no light for {progress}")


class Action(StrEnum):
    """What follows from a grade (结果应用)."""

    SUPPORT = "support"
    RECTIFY = "rectify"
    CRITICISE = "criticise"
    REDUCE = "reduce"
    WITHHOLD = "withhold"


class ConsequenceRule(NamedTuple):
    """What follows from some grades of some kinds of evaluation.

    Attributes:
        evaluations: The kinds of evaluation that it is written for.
        grades: The grades.
        action: What follows.
        text: The same in words.
        at_least: The least share of the budget that it is reduced by, `None`
            where the article names no share.
        at_most: The most.
        unrectified: Whether it follows only where nothing is put right.
        grounds: What it rests on.
    """

    evaluations: tuple[EvaluationKind, ...]
    grades: tuple[Grade, ...]
    action: Action
    text: Words
    at_least: Decimal | None
    at_most: Decimal | None
    unrectified: bool
    grounds: Grounds

    @property
    def is_money(self) -> bool:
        """Whether it changes an amount of money by a share that is named."""
        return self.at_least is not None


class ResultRules(NamedTuple):
    """How results are used.

    Attributes:
        basis: Which budget a share is taken of.
        measures_within: Days in which measures are due, if told.
        rows: What follows.
        grounds: What all of it rests on.
    """

    basis: BudgetBasis
    measures_within: int | None
    rows: tuple[ConsequenceRule, ...]
    grounds: Grounds


_LIGHT = member_of(Light, "light")


def read_monitoring(top: Table) -> MonitoringRules | None:
    """Return how projects are monitored, `None` if the rule set does not say."""
    if not top.has("monitoring"):
        return None
    table = top.table("monitoring")
    forward, kept, judged = table.table("forward"), table.table("kept"), table.table("judged")
    likelihood = table.table("likelihood")
    certain = likelihood.take("certain", share_of, Decimal(1))
    possible = likelihood.take("possible", share_of, Decimal(0))
    if possible > certain:
        likelihood.fault("possible", "expected at most what makes it certain")
    rules = MonitoringRules(
        table.take("basis", member_of(BudgetBasis, "basis"), BudgetBasis.ORIGINAL),
        table.grounds(),
        tuple(_read_schedule(row) for row in table.tables("schedules")),
        _read_lights(table.table("money"), close=True),
        _read_lights(forward),
        forward.take("unscaled", members_of(IndicatorKind, "kind of indicator"), ()),
        forward.take("unscaled_units", _texts, (), needed=False),
        (kept.take("within", _LIGHT, Light.GREEN), kept.take("beyond", _LIGHT, Light.RED)),
        kept.grounds(),
        tuple((tier, judged.take(tier.value, _LIGHT, Light.RED)) for tier in Tier),
        judged.grounds(),
        certain,
        possible,
        likelihood.grounds(),
    )
    for part in (forward, kept, judged, likelihood, table):
        part.close()
    return rules


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(a_string, a_list(value)))


_BEST_FIRST = tuple(Light)


def _read_lights(table: Table, *, close: bool = False) -> Lights:
    bands = []
    for row in table.tables("bands", needed=True):
        bands.append(
            LightBand(row.take("light", _LIGHT, Light.RED), row.take("at_least", a_number, None, needed=False))
        )
        row.close()
    limits = [band.at_least for band in bands]
    known = [limit for limit in limits[:-1] if limit is not None]
    falling = len(known) == len(limits) - 1 and all(one > other for one, other in pairwise(known))
    ordered = all(_BEST_FIRST.index(a.light) < _BEST_FIRST.index(b.light) for a, b in pairwise(bands))
    if bands and (limits[-1] is not None or not falling or not ordered):
        table.fault("bands", "expected limits that fall and lights that get worse, the last without a limit")
    lights = Lights(tuple(bands), table.grounds())
    if close:
        table.close()
    return lights


def _read_schedule(table: Table) -> Schedule:
    schedule = Schedule(
        table.take("place", _a_place, ""),
        table.take("through", _days, ()),
        table.take("report_within", a_whole_number(1, 366), None, needed=False),
        table.grounds(),
    )
    table.close()
    return schedule


def _a_place(value: object) -> str:
    if not places_above(a_string(value)):
        raise ModelError(f"expected an ISO 3166-2 or GB/T 2260 code, got {shown(value)}")
    return str(value)


_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)


def _days(value: object) -> tuple[tuple[int, int], ...]:
    return tuple(_a_day(row) for row in a_list(value))


def _a_day(value: object) -> tuple[int, int]:
    """The last day of a month, "07-31"."""
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found is not None:
        month, day = int(found[1]), int(found[2])
        from calendar import monthrange

        if 1 <= month <= 12 and day == monthrange(dt.MINYEAR, month)[1]:
            return month, day
    raise ModelError(f"expected the last day of a month, like '07-31', got {shown(value)}")


def read_results(top: Table) -> ResultRules | None:
    """Return how results are used, `None` if the rule set does not say."""
    if not top.has("results"):
        return None
    table = top.table("results")
    rules = ResultRules(
        table.take("basis", member_of(BudgetBasis, "basis"), BudgetBasis.ADJUSTED),
        table.take("measures_within", a_whole_number(1, 366), None, needed=False),
        tuple(_read_consequence(row) for row in table.tables("rows", needed=True)),
        table.grounds(),
    )
    table.close()
    return rules


def _read_consequence(table: Table) -> ConsequenceRule:
    row = ConsequenceRule(
        table.take("evaluations", members_of(EvaluationKind, "kind of evaluation"), ()),
        table.take("grades", members_of(Grade, "grade"), ()),
        table.take("action", member_of(Action, "action"), Action.RECTIFY),
        table.take("text", words_of, NO_WORDS),
        table.take("at_least", share_of, None, needed=False),
        table.take("at_most", share_of, None, needed=False),
        table.take("unrectified", a_bool, False, needed=False),
        table.grounds(),
    )
    if (row.at_least is None) is not (row.at_most is None):
        table.fault("at_most" if row.at_most is None else "at_least", "expected both at_least and at_most, or neither")
    elif row.at_least is not None and row.at_most is not None and row.at_least > row.at_most:
        table.fault("at_least", "expected at_least up to at_most")
    table.close()
    return row
