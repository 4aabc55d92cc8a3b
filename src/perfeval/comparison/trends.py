"""Several years of one project beside each other.

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

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfeval.comparison.differences import paired
from perfeval.evaluation import Evaluation, Line
from perfeval.evaluation.scored import text_or_none
from perfeval.i18n import known

if TYPE_CHECKING:
    from perfeval.pages import Page

__all__ = ["Series", "Trend", "trend"]


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
class Trend:
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

    def explain(self, locale: str | None = None) -> str:
        """Return the years in words."""
        from perfeval.pages import text

        return text(self.page(locale))

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

    def _repr_html_(self) -> str:
        from perfeval.pages import html

        return html(self.page())

    def __repr__(self) -> str:
        return f"<Trend: {', '.join(str(result.project.fiscal_year) for result in self.results)}>"


def trend(results: Iterable[Evaluation]) -> Trend:
    """Return several years of one project beside each other.

    The lines of each year are matched with those of the year before, as
    `perfeval.comparison.compare` does.

    Args:
        results: The evaluations, in any order; of one year the given order.

    Raises:
        ValueError: If there is none.
    """
    years = tuple(sorted(results, key=lambda result: result.project.fiscal_year))
    if not years:
        raise ValueError("expected at least one evaluation, got none")
    chains: list[list[Line | None]] = [[line] for line in years[0].lines]
    for count, result in enumerate(years[1:], start=1):
        # Where the year before has no line, the last one before it is matched.
        last = [next(line for line in reversed(chain) if line is not None) for chain in chains]
        found: list[list[Line | None]] = []
        for _, after, pair in paired(last, result.lines):
            before = [None] * count if pair.before is None else chains[pair.before]
            found.append([*before, after])
        chains = found
    return Trend(years, tuple(Series(tuple(chain)) for chain in chains))
