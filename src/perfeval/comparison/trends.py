"""Several years of one project, or of one department, beside each other.

>>> import perfeval as pe
>>> rules = pe.rule_set("CN", fiscal_year=2022)
>>> def year(number, actual):
...     return pe.evaluate(pe.Project("排水改造", fiscal_year=number, indicators=[pe.Indicator("改造管网长度",
...         kind="output.quantity", target="≥50公里", actual=actual, weight=50)]), rules)
>>> found = trend([year(2023, "48公里"), year(2021, "30公里"), year(2022, "40公里")])
>>> [result.project.fiscal_year for result in found.results]
[2021, 2022, 2023]
>>> [line.score for line in found.series[1].lines]
[Decimal('30.00'), Decimal('40.00'), Decimal('48.00')]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar, overload

import attrs

from perfeval.comparison.differences import paired, paired_projects
from perfeval.comparison.matching import Pair
from perfeval.evaluation import Evaluation, Line
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.evaluation.scored import text_or_none
from perfeval.i18n import known
from perfeval.pages import Page, Shown

__all__ = ["DepartmentTrend", "ProjectSeries", "Series", "Trend", "trend"]


class Series(NamedTuple):
    """One line over the years; `None` for a year that has none.

    Attributes:
        lines: The line of each year, the first year first.
    """

    lines: tuple[Line | None, ...]

    @property
    def last(self) -> Line:
        """The latest line that there is."""
        return next(line for line in reversed(self.lines) if line is not None)


@attrs.frozen(repr=False)
class Trend(Shown):
    """The result of `trend`: several years of one project.

    Attributes:
        results: The evaluations, the first year first.
        series: Each line over the years, in the order of the last year.
    """

    results: tuple[Evaluation, ...]
    series: tuple[Series, ...]

    def page(self, locale: str | None = None) -> Page:
        """Return the years as a page, in the last rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.comparison.pages import trend_page

        return trend_page(self, known(self.results[-1].rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the years as JSON can hold them; numbers are exact text."""
        return {
            "years": [result.project.fiscal_year for result in self.results],
            "totals": [text_or_none(result.total) for result in self.results],
            "grades": [result.grade and result.grade.value for result in self.results],
            "lines": [
                {
                    "name": row.last.name,
                    "scores": [None if line is None else text_or_none(line.score) for line in row.lines],
                }
                for row in self.series
            ],
        }

    def __repr__(self) -> str:
        return f"<Trend: {', '.join(str(result.project.fiscal_year) for result in self.results)}>"


class ProjectSeries(NamedTuple):
    """One project over the years; `None` for a year that has none.

    Attributes:
        results: The evaluation of each year, the first year first.
    """

    results: tuple[Evaluation | None, ...]

    @property
    def last(self) -> Evaluation:
        """The latest evaluation that there is."""
        return next(result for result in reversed(self.results) if result is not None)


@attrs.frozen(repr=False)
class DepartmentTrend(Shown):
    """The result of `trend` for a department.

    Attributes:
        results: The evaluations, the first year first.
        series: Each project over the years, in the order of the last year.
    """

    results: tuple[DepartmentEvaluation, ...]
    series: tuple[ProjectSeries, ...]

    def page(self, locale: str | None = None) -> Page:
        """Return the years as a page, in the last rule set's locale if none is asked for.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        from perfeval.comparison.pages import department_trend_page

        return department_trend_page(self, known(self.results[-1].rules.default_locale if locale is None else locale))

    def to_dict(self) -> dict[str, Any]:
        """Return the years as JSON can hold them; numbers are exact text."""
        return {
            "years": [result.department.fiscal_year for result in self.results],
            "mean_scores": [text_or_none(result.mean_score) for result in self.results],
            "adjusted_mean_scores": [text_or_none(result.adjusted_mean_score) for result in self.results],
            "projects": [
                {
                    "name": row.last.project.name,
                    "totals": [None if one is None else text_or_none(one.total) for one in row.results],
                }
                for row in self.series
            ],
        }

    def __repr__(self) -> str:
        return f"<DepartmentTrend: {', '.join(str(result.department.fiscal_year) for result in self.results)}>"


@overload
def trend(results: Iterable[Evaluation]) -> Trend: ...
@overload
def trend(results: Iterable[DepartmentEvaluation]) -> DepartmentTrend: ...
@overload
def trend(results: Iterable[Evaluation] | Iterable[DepartmentEvaluation]) -> Trend | DepartmentTrend: ...
def trend(results: Iterable[Evaluation] | Iterable[DepartmentEvaluation]) -> Trend | DepartmentTrend:
    """Return several years of one project, or of one department, beside each other.

    The lines or projects of each year are matched with those of the years
    before, as `perfeval.comparison.compare` does.

    Args:
        results: The evaluations, in any order; of one year the given order.

    Returns:
        A `Trend`, or a `DepartmentTrend`.

    Raises:
        ValueError: If there is none.
        TypeError: If projects and departments are mixed.
    """
    every: tuple[Evaluation | DepartmentEvaluation, ...] = tuple(results)
    projects = tuple(one for one in every if isinstance(one, Evaluation))
    departments = tuple(one for one in every if isinstance(one, DepartmentEvaluation))
    if not every:
        raise ValueError("expected at least one evaluation, got none")
    if len(projects) == len(every):
        years = tuple(sorted(projects, key=lambda result: result.project.fiscal_year))
        return Trend(years, tuple(Series(chain) for chain in _chains([result.lines for result in years], paired)))
    if len(departments) == len(every):
        ordered = tuple(sorted(departments, key=lambda result: result.department.fiscal_year))
        chains = _chains([result.projects for result in ordered], paired_projects)
        return DepartmentTrend(ordered, tuple(ProjectSeries(chain) for chain in chains))
    raise TypeError("expected projects or departments, got both")


T = TypeVar("T")
Paired = Callable[[Sequence[T], Sequence[T]], Iterable[tuple[T | None, T | None, Pair]]]


def _chains(years: Sequence[Sequence[T]], pairing: Paired[T]) -> list[tuple[T | None, ...]]:
    """What belongs together, year by year; where a year has none, the last one before it is matched."""
    chains: list[list[T | None]] = [[one] for one in years[0]]
    for count, after in enumerate(years[1:], start=1):
        last = [next(one for one in reversed(chain) if one is not None) for chain in chains]
        found: list[list[T | None]] = []
        for _, one, pair in pairing(last, after):
            before = [None] * count if pair.before is None else chains[pair.before]
            found.append([*before, one])
        chains = found
    return [tuple(chain) for chain in chains]
