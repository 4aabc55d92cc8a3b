"""Monitoring a project at mid-year (绩效运行监控, 双监控): lights for money and targets.

A project's `Monitoring` state holds what was spent and reached so far, and what
is expected for the year. `monitor` holds it against the budget and the
targets: progress is ``actual / target`` divided by the part of the year that
has gone by, where the rules divide by it. Lights, base and schedule are data of
the rule set. Nothing is projected: what is expected is what the form says.

>>> import perfeval as pe
>>> project = pe.Project("河道清淤", fiscal_year=2022,
...     funding=[pe.FundingLine(original_budget=pe.wan(200))],
...     indicators=[pe.Indicator("清淤河段长度", kind="output.quantity", target="≥10公里", weight=50)],
...     monitoring=[pe.Monitoring(dt.date(2022, 7, 31), spent_to_date=pe.wan(80),
...         indicators=[pe.MonitoredIndicator("清淤河段长度", done="3公里", expected="9公里")])])
>>> result = monitor(project, pe.rule_set("CN-HA", fiscal_year=2022))
>>> result.money.light.value, result.lines[0].light.value, result.lines[0].likelihood.value
('yellow', 'red', 'possible')
>>> result.lines[0].formula
'3 ÷ (10 × 7 ÷ 12)'
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, overload

import attrs

from perfeval.amounts import plain, sum_of
from perfeval.cited import Grounds
from perfeval.errors import ModelError
from perfeval.evaluation.lines import execution_of, indicator_line
from perfeval.evaluation.scored import text_or_none
from perfeval.i18n import known
from perfeval.model import (
    Breakdown,
    Indicator,
    Light,
    Likelihood,
    MonitoredFunding,
    MonitoredIndicator,
    Monitoring,
    Project,
    short_name,
)
from perfeval.model.departments import Department
from perfeval.pages import Page, Shown
from perfeval.ratios import ONE, Ratio, ratio, readable
from perfeval.reasons import Reason
from perfeval.rulesets import MonitoringRules, RuleSet, Schedule, beside, covers, light_of, places_above
from perfeval.targets import (
    Actual,
    Between,
    Bound,
    Comparator,
    Deadline,
    Inverse,
    Judgement,
    Quantity,
    Statement,
    Target,
    Threshold,
    Tier,
    achievement,
)

__all__ = [
    "DepartmentMonitoring",
    "MoneyLine",
    "MoneyRow",
    "MonitoredLine",
    "MonitoringResult",
    "TermsOf",
    "monitor",
    "progress_of",
    "terms_of",
    "worst",
]

_WORST_FIRST = tuple(reversed(Light))
_DOWNWARD = (Comparator.AT_MOST, Comparator.LESS_THAN)
# A limit that is surely exceeded, though no ratio says by how much.
_BEYOND = ("zero_target", "negative_target", "rank_missed", "bound_missed")
_TWELVE = Decimal(12)
_ONE_POINT = Decimal(1)


class MoneyRow(NamedTuple):
    """The money of a source at mid-year, or of the whole project.

    Attributes:
        label: The row's name as printed, `None` for the whole.
        source: The source's name, `None` for the whole.
        budget: The budget of the year, yuan.
        spent: What was spent to date, yuan.
        expected: What is expected to be spent in the year, yuan.
        rate: Spent over budget, exact; `None` where one is not known.
        expected_rate: Expected over budget, exact.
    """

    label: str | None
    source: str | None
    budget: Decimal | None
    spent: Decimal | None
    expected: Decimal | None
    rate: Ratio | None
    expected_rate: Ratio | None


class MoneyLine(NamedTuple):
    """The money of a project at mid-year with its light.

    Attributes:
        total: All of the money.
        sources: The rows of the form.
        progress: The rate divided by the part of the year gone by, exact.
        light: Its light; `None` if *reason*.
        reason: Why there is none.
    """

    total: MoneyRow
    sources: tuple[MoneyRow, ...]
    progress: Ratio | None
    light: Light | None
    reason: Reason | None


class MonitoredLine(NamedTuple):
    """An indicator at mid-year with its light.

    Attributes:
        indicator: The indicator of the form.
        state: What the form says of it at mid-year, `None` if nothing.
        target: The target as the rules read it.
        progress: What was reached of the target, exact: divided by the part
            of the year gone by if *scaled*; `None` where there is no ratio.
        scaled: Whether the target was divided by month.
        light: The light; `None` if *reason*.
        reason: Why there is none.
        likelihood: Whether the target will be reached; `None` where neither
            the form nor an expected figure tells.
        told: Whether the form itself says how likely it is.
        reach: What share of the target is expected, exact, where that has a
            ratio.
        months: The months gone by.
        grounds: What the light rests on.
    """

    indicator: Indicator
    state: MonitoredIndicator | None
    target: Target | None
    progress: Ratio | None
    scaled: bool
    light: Light | None
    reason: Reason | None
    likelihood: Likelihood | None
    told: bool
    reach: Ratio | None
    months: int
    grounds: tuple[Grounds, ...]

    @property
    def due(self) -> bool:
        """Whether the line counts: not before its deadline."""
        return self.reason is not Reason.NOT_DUE

    @property
    def formula(self) -> str | None:
        """The progress with its figures, `None` where it has no ratio."""
        state, target = self.state, self.target
        done = None if state is None else state.done
        if self.progress is None or not isinstance(target, Threshold) or not isinstance(done, Quantity):
            return None
        aim, reached = plain(target.value), plain(done.value)
        if done.unit not in (None, target.unit):
            aim, reached = str(target), str(done)
        if self.scaled:
            return f"{reached} ÷ ({aim} × {self.months} ÷ 12)"
        return f"{reached} ÷ {aim}"


class TermsOf(NamedTuple):
    """The monitoring rules that apply, and whose they are.

    Attributes:
        terms: The rules.
        rules: The rule set that has them.
        schedule: When the place monitors, if that is told.
    """

    terms: MonitoringRules
    rules: RuleSet
    schedule: Schedule | None


@attrs.frozen(repr=False)
class MonitoringResult(Shown):
    """The result of `monitor` for a project, which explains itself.

    Attributes:
        project: The project.
        rules: The rule set that was asked.
        terms: The rules for monitoring that apply.
        state: The project's mid-year state.
        months: The months gone by.
        money: The money with its light.
        lines: The indicators, in the order of the form.
        unmatched: What the state tells of indicators that the form does not
            have.
    """

    project: Project
    rules: RuleSet
    terms: TermsOf
    state: Monitoring
    months: int
    money: MoneyLine
    lines: tuple[MonitoredLine, ...]
    unmatched: tuple[MonitoredIndicator, ...]

    @property
    def lights(self) -> tuple[Light, ...]:
        """Every light that there is, that of the money first."""
        found = (self.money.light, *(line.light for line in self.lines))
        return tuple(light for light in found if light is not None)

    @property
    def unlit(self) -> tuple[MonitoredLine, ...]:
        """The indicators that are due and have no light; each says why."""
        return tuple(line for line in self.lines if line.light is None and line.due)

    @property
    def light(self) -> Light | None:
        """The worst light; `None` where one is missing that could be worse."""
        found = self.partial_light
        complete = not self.unlit and self.money.light is not None
        return found if complete or found is Light.RED else None

    @property
    def partial_light(self) -> Light | None:
        """The worst of the lights that there are."""
        return worst(self.lights)

    @property
    def used(self) -> tuple[Grounds, ...]:
        """What the result rests on, each once."""
        terms = self.terms.terms
        parts = [terms.grounds, terms.money.grounds, *(part for line in self.lines for part in line.grounds)]
        if any(line.likelihood is not None and not line.told for line in self.lines):
            parts.append(terms.likelihood_grounds)
        if self.terms.schedule is not None:
            parts.insert(1, self.terms.schedule.grounds)
        return tuple(dict.fromkeys(parts))

    def page(self, locale: str | None = None) -> Page:
        """Return the monitoring form with its lights as a page, in the rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.monitoring.pages import monitoring_page

        return monitoring_page(self, known(self.rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON can hold it; numbers are exact text, ratios rounded to 34 digits."""
        return {
            "project": self.project.name,
            "fiscal_year": self.project.fiscal_year,
            "rule_set": self.terms.rules.id,
            "through": self.state.through.isoformat(),
            "light": self.light and self.light.value,
            "partial_light": self.partial_light and self.partial_light.value,
            "money": {
                "budget": text_or_none(self.money.total.budget),
                "spent": text_or_none(self.money.total.spent),
                "rate": _ratio_text(self.money.total.rate),
                "expected": text_or_none(self.money.total.expected),
                "expected_rate": _ratio_text(self.money.total.expected_rate),
                "progress": _ratio_text(self.money.progress),
                "light": self.money.light and self.money.light.value,
                "reason": self.money.reason and self.money.reason.value,
            },
            "lines": [
                {
                    "name": line.indicator.name,
                    "progress": _ratio_text(line.progress),
                    "formula": line.formula,
                    "light": line.light and line.light.value,
                    "reason": line.reason and line.reason.value,
                    "likelihood": line.likelihood and line.likelihood.value,
                    "likelihood_told": line.told,
                }
                for line in self.lines
            ],
        }

    def __repr__(self) -> str:
        light = "no light" if self.light is None else self.light.value
        return f"<MonitoringResult {short_name(self.project.name)} {self.state.through.isoformat()}: {light}>"


def _ratio_text(exact: Ratio | None) -> str | None:
    return None if exact is None else plain(readable(exact))


@attrs.frozen(repr=False)
class DepartmentMonitoring(Shown):
    """The result of `monitor` for a department.

    Attributes:
        department: The department.
        rules: The rule set.
        through: The last day that is told of.
        projects: The projects that have a state of that day.
        without: Those that have none.
    """

    department: Department
    rules: RuleSet
    through: dt.date
    projects: tuple[MonitoringResult, ...]
    without: tuple[Project, ...]

    @property
    def light(self) -> Light | None:
        """The worst light of all projects; `None` where one is missing that could be worse."""
        found = self.partial_light
        complete = not self.without and all(one.light is not None for one in self.projects)
        return found if complete or found is Light.RED else None

    @property
    def partial_light(self) -> Light | None:
        """The worst of the lights that there are."""
        return worst(light for one in self.projects if (light := one.partial_light) is not None)

    @property
    def counts(self) -> tuple[tuple[Light, int], ...]:
        """How many projects have each light, the worst first."""
        counted = Counter(one.light for one in self.projects)
        return tuple((light, counted[light]) for light in _WORST_FIRST)

    def page(self, locale: str | None = None) -> Page:
        """Return the department's lights as a page, then each project's form.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.monitoring.pages import department_page

        return department_page(self, known(self.rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON can hold it."""
        return {
            "department": self.department.name,
            "fiscal_year": self.department.fiscal_year,
            "through": self.through.isoformat(),
            "light": self.light and self.light.value,
            "partial_light": self.partial_light and self.partial_light.value,
            "counts": {light.value: count for light, count in self.counts},
            "projects": [one.to_dict() for one in self.projects],
            "without": [project.name for project in self.without],
        }

    def __repr__(self) -> str:
        light = "no light" if self.light is None else self.light.value
        return f"<DepartmentMonitoring {short_name(self.department.name)} {self.through.isoformat()}: {light}>"


def worst(lights: Iterable[Light]) -> Light | None:
    """Return the worst of *lights*, `None` if there is none.

    >>> worst([Light.GREEN, Light.YELLOW, Light.BLUE]).value
    'yellow'
    """
    return min(lights, key=_WORST_FIRST.index, default=None)


@overload
def monitor(subject: Project, rules: RuleSet, *, through: dt.date | None = None) -> MonitoringResult: ...
@overload
def monitor(subject: Department, rules: RuleSet, *, through: dt.date | None = None) -> DepartmentMonitoring: ...
@overload
def monitor(
    subject: Project | Department, rules: RuleSet, *, through: dt.date | None = None
) -> MonitoringResult | DepartmentMonitoring: ...
def monitor(
    subject: Project | Department, rules: RuleSet, *, through: dt.date | None = None
) -> MonitoringResult | DepartmentMonitoring:
    """Return the lights of a project, or of a department's projects, at mid-year.

    Money: ``(spent / budget) / (months / 12)``. A target to reach:
    ``(actual / target) / (months / 12)``, or ``actual / target`` for the kinds
    and units that the rules do not divide by month. A limit or a deadline is
    kept or not; a judgement has the light of its tier.

    Args:
        subject: A project with a `Monitoring` state, or a department.
        rules: The rule set; where it says nothing of monitoring, the
            nation's rules apply, and the result says so.
        through: The last day of the months gone by, which ends a month; by
            default that of the latest state.

    Returns:
        A `MonitoringResult`, or a `DepartmentMonitoring`. What is not told has
        no light, and is never green by accident.

    Raises:
        ModelError: If there is no state of that day, or the day does not end
            a month of the fiscal year.

    Source: what the rule set's monitoring table cites; the forms of
    财预〔2019〕136号 as Henan prints them.
    """
    if isinstance(subject, Project):
        return _monitored(subject, rules, _state_of(subject, through))
    days = [state.through for project in subject.projects for state in project.monitoring]
    if through is None and not days:
        raise ModelError(f"{subject.name}: no project has a mid-year state")
    day = max(days) if through is None else through
    _months(day, subject.fiscal_year)
    found, without = [], []
    for project in subject.projects:
        state = next((state for state in project.monitoring if state.through == day), None)
        if state is None:
            without.append(project)
        else:
            found.append(_monitored(project, rules, state))
    return DepartmentMonitoring(subject, rules, day, tuple(found), tuple(without))


def _state_of(project: Project, through: dt.date | None) -> Monitoring:
    states = {state.through: state for state in project.monitoring}
    if not states:
        raise ModelError(f"{project.name}: it has no mid-year state")
    day = max(states) if through is None else through
    if day not in states:
        known_days = ", ".join(sorted(one.isoformat() for one in states))
        raise ModelError(f"{project.name}: it has no mid-year state of {day}; known are {known_days}")
    return states[day]


def _months(through: dt.date, fiscal_year: int) -> int:
    if through.year != fiscal_year or through.day != monthrange(through.year, through.month)[1]:
        raise ModelError(f"expected the last day of a month of {fiscal_year}, got {through}")
    return through.month


def terms_of(rules: RuleSet, fiscal_year: int, place: str | None = None) -> TermsOf:
    """Return the rules for monitoring of a rule set, else its place's or the nation's.

    Args:
        rules: The rule set.
        fiscal_year: The year.
        place: The place that monitors, whose schedule is taken; by default
            the place that the rule set was asked for.

    Raises:
        ModelError: If neither has any.
    """
    for found in beside(rules, fiscal_year):
        if found.monitoring is not None:
            places = places_above(place or rules.asked_for or rules.place)
            return TermsOf(found.monitoring, found, found.monitoring.schedule_of(places))
    raise ModelError(f"neither {rules.id} nor the nation has rules for monitoring in {fiscal_year}")


def _monitored(project: Project, rules: RuleSet, state: Monitoring) -> MonitoringResult:
    months = _months(state.through, project.fiscal_year)
    terms = terms_of(rules, project.fiscal_year, project.place)
    rows, unmatched = _matched(project.indicators, state.indicators)
    lines = tuple(
        _line(indicator, row, rules, terms.terms, months, state.through)
        for indicator, row in zip(project.indicators, rows, strict=True)
    )
    money = _money(project, state, terms.terms, months)
    return MonitoringResult(project, rules, terms, state, months, money, lines, unmatched)


def _matched(
    indicators: Sequence[Indicator], states: Sequence[MonitoredIndicator]
) -> tuple[list[MonitoredIndicator | None], tuple[MonitoredIndicator, ...]]:
    """The state of each indicator, by name and kind where that is told; and what belongs to none."""
    waiting = list(states)
    found: list[MonitoredIndicator | None] = []
    for indicator in indicators:
        same = [row for row in waiting if row.indicator == indicator.name and row.kind in (None, indicator.kind)]
        found.append(same[0] if same else None)
        if same:
            waiting.remove(same[0])
    return found, tuple(waiting)


# Money.


def _money(project: Project, state: Monitoring, terms: MonitoringRules, months: int) -> MoneyLine:
    execution = execution_of(project, terms.basis)
    total = _row(
        None,
        None,
        execution.budget,
        _whole(state.spent_to_date, [row.spent_to_date for row in _of_one(state.funding)]),
        _whole(state.expected_expenditure, [row.expected_expenditure for row in _of_one(state.funding)]),
    )
    sources = tuple(_source_row(row, project, terms) for row in state.funding)
    if total.rate is None:
        if total.budget is None or total.spent is None:
            reason = Reason.AMOUNT_ABSENT
        else:
            reason = Reason.NO_BUDGET if not total.budget else Reason.AMOUNT_NEGATIVE
        return MoneyLine(total, sources, None, None, reason)
    progress = _scaled(total.rate, months)
    return MoneyLine(total, sources, progress, light_of(terms.money, progress), None)


def _of_one(rows: Sequence[MonitoredFunding]) -> list[MonitoredFunding]:
    """The rows of the first breakdown that there is: two are never added."""
    for breakdown in Breakdown:
        found = [row for row in rows if row.breakdown is breakdown]
        if found:
            return found
    return []


def _whole(printed: Decimal | None, amounts: list[Decimal | None]) -> Decimal | None:
    """The printed total, else the sum of the rows if each tells its own."""
    if printed is not None:
        return printed
    known_amounts = [amount for amount in amounts if amount is not None]
    return sum_of(known_amounts) if amounts and len(known_amounts) == len(amounts) else None


def _source_row(row: MonitoredFunding, project: Project, terms: MonitoringRules) -> MoneyRow:
    same = [
        budget
        for budget in project.funding
        if budget.source is row.source and budget.breakdown is row.breakdown and budget.part_of is None
    ]
    if row.label is not None and any(budget.label == row.label for budget in same):
        same = [budget for budget in same if budget.label == row.label]
    amounts = [getattr(budget, terms.basis.column) for budget in same]
    return _row(row.label, row.source.value, _whole(None, amounts), row.spent_to_date, row.expected_expenditure)


def _row(
    label: str | None, source: str | None, budget: Decimal | None, spent: Decimal | None, expected: Decimal | None
) -> MoneyRow:
    return MoneyRow(label, source, budget, spent, expected, _rate(spent, budget), _rate(expected, budget))


def _rate(part: Decimal | None, whole: Decimal | None) -> Ratio | None:
    if part is None or whole is None or part < 0 or whole <= 0:
        return None
    return ratio(part, whole)


def _scaled(measure: Ratio, months: int) -> Ratio:
    return Ratio(measure.numerator * 12, measure.denominator * months)


# Indicators.


class _Reached(NamedTuple):
    """What an actual is of its target: a ratio, a tier, kept or not, or why none of them."""

    ratio: Ratio | None = None
    tier: Tier | None = None
    kept: bool | None = None
    reason: Reason | None = None


def progress_of(indicator: Indicator, rules: RuleSet) -> tuple[Target | None, _Reached]:
    """Return an indicator's target as *rules* read it, and what its actual is of it."""
    line = indicator_line(attrs.evolve(indicator, weight=_ONE_POINT), rules)
    target, actual = line.target, indicator.actual
    if isinstance(line.measure, Judgement):
        return target, _judged(line.measure, indicator, rules)
    if actual is None or target is None or isinstance(target, Statement) or isinstance(actual, Statement):
        return target, _Reached(reason=line.reason or Reason.NO_RULE)
    measure = achievement(target, actual, inverse=Inverse.RATIO, name=indicator.name)
    if isinstance(target, Threshold) and target.comparator in _DOWNWARD:
        return target, _limit(target, actual, measure)
    if isinstance(measure, Reason):
        late = measure is Reason.LATE
        return target, _Reached(kept=False) if late else _Reached(reason=measure)
    if isinstance(target, Between | Deadline):
        return target, _Reached(kept=True)
    return target, _Reached(ratio=measure)


def _judged(judgement: Judgement, indicator: Indicator, rules: RuleSet) -> _Reached:
    """The tier of a judgement, or that whose range holds its share."""
    if judgement.tier is not None:
        return _Reached(tier=judgement.tier)
    method, share = rules.method_for("judgement", indicator.kind), judgement.share
    if method is None or share is None:
        return _Reached(reason=Reason.NO_RULE)
    for row in method.rule.tier_ranges:
        if row.lower <= share and (share < row.upper or row.upper == share == 1):
            return _Reached(tier=row.tier)
    return _Reached(reason=Reason.NOT_A_SHARE)


def _limit(target: Threshold, actual: Actual, measure: Ratio | Reason) -> _Reached:
    """Whether a limit is kept; by how much is no matter at mid-year."""
    if isinstance(measure, Reason):
        return _Reached(kept=False) if measure.value in _BEYOND else _Reached(reason=measure)
    touching = target.comparator is Comparator.AT_MOST or not isinstance(actual, Quantity) or actual.value <= 0
    exact = isinstance(actual, Quantity) and actual.bound is Bound.EXACT
    return _Reached(kept=measure >= ONE if touching or not exact else measure > ONE)


def _line(
    indicator: Indicator,
    state: MonitoredIndicator | None,
    rules: RuleSet,
    terms: MonitoringRules,
    months: int,
    through: dt.date,
) -> MonitoredLine:
    done = None if state is None else state.done
    target, reached = progress_of(attrs.evolve(indicator, actual=done, judgement=None), rules)
    scaled, grounds = False, terms.forward.grounds
    progress, light, reason = None, None, reached.reason
    if done is None and isinstance(target, Deadline) and through < target.date:
        reason = Reason.NOT_DUE
    elif reached.tier is not None:
        light, grounds = dict(terms.tiers)[reached.tier], terms.tiers_grounds
    elif reached.kept is not None:
        light, grounds = terms.kept[0 if reached.kept else 1], terms.kept_grounds
    elif reached.ratio is not None:
        progress = reached.ratio
        scaled = _is_scaled(indicator, target, done, terms)
        if scaled:
            progress = _scaled(progress, months)
        light = light_of(terms.forward, progress)
    likelihood, told, reach = _likelihood(indicator, state, rules, terms)
    return MonitoredLine(
        indicator,
        state,
        target,
        progress,
        scaled,
        light,
        reason,
        likelihood,
        told,
        reach,
        months,
        () if light is None else (grounds,),
    )


def _is_scaled(indicator: Indicator, target: Target | None, done: Actual | None, terms: MonitoringRules) -> bool:
    """Whether the target is divided by month: a figure above 0, of a kind and unit that are."""
    if not isinstance(target, Threshold) or not isinstance(done, Quantity) or done.bound is not Bound.EXACT:
        return False
    by_kind = bool(terms.unscaled) and covers(terms.unscaled, indicator.kind)
    return target.value > 0 and not by_kind and target.unit not in terms.unscaled_units


def _likelihood(
    indicator: Indicator, state: MonitoredIndicator | None, rules: RuleSet, terms: MonitoringRules
) -> tuple[Likelihood | None, bool, Ratio | None]:
    """Whether the target will be reached: as the form says, else by what is expected."""
    if state is None:
        return None, False, None
    found, reach = None, None
    if state.expected is not None:
        _, reached = progress_of(attrs.evolve(indicator, actual=state.expected, judgement=None), rules)
        reach = reached.ratio
        if reach is not None:
            if reach >= Ratio.of(terms.certain):
                found = Likelihood.CERTAIN
            else:
                found = Likelihood.POSSIBLE if reach >= Ratio.of(terms.possible) else Likelihood.IMPOSSIBLE
        elif reached.tier is not None:
            found = _BY_TIER[reached.tier]
        elif reached.kept is not None:
            found = Likelihood.CERTAIN if reached.kept else Likelihood.IMPOSSIBLE
    if state.likelihood is not None:
        return state.likelihood, True, reach
    return found, False, reach


_BY_TIER = {
    Tier.ACHIEVED: Likelihood.CERTAIN,
    Tier.PARTLY_ACHIEVED: Likelihood.POSSIBLE,
    Tier.NOT_ACHIEVED: Likelihood.IMPOSSIBLE,
}
