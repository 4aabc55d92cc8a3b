"""Charts of one project: where points were lost, and its years beside each other."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from perfeval.amounts import CONTEXT, plain, sum_of
from perfeval.charts.drawing import FULL, GREY, INK, LOST, Chart, altair_or_raise, data_of, dressed, place_of, shortened
from perfeval.comparison import Trend
from perfeval.errors import ModelError
from perfeval.evaluation.projects import Evaluation
from perfeval.i18n import catalog, known
from perfeval.ratios import Ratio
from perfeval.rounding import signed

__all__ = ["lost_points_chart", "years_chart"]


class _Bar(NamedTuple):
    """A bar of the waterfall: from where to where, of what kind, and what is written beside it."""

    low: Decimal
    high: Decimal
    kind: str
    label: str


def lost_points_chart(evaluation: Evaluation, locale: str | None = None) -> Chart:
    """Return where a project's points were lost, from all of the weight down to the total.

    Args:
        evaluation: A project's evaluation.
        locale: ``zh_CN`` or ``en``; the rule set's own if none is given.

    Raises:
        ModelError: If the project has no total.
        MissingExtraError: If altair is not installed.
    """
    alt = altair_or_raise()
    words = catalog(known(evaluation.rules.default_locale if locale is None else locale))
    if evaluation.total is None:
        raise ModelError(f"expected an evaluation with a total, got none: {evaluation.total_reason}")
    language = locale or evaluation.rules.default_locale
    weighed = [
        (line.label(language), line.score, line.weight)
        for line in evaluation.lines
        if line.score is not None and line.weight is not None
    ]
    reached = sum_of([weight for _, _, weight in weighed])
    changes = [(name, CONTEXT.subtract(score, weight)) for name, score, weight in weighed if score != weight]
    changes += [(adjustment.texts(language)[0], adjustment.points) for adjustment in evaluation.adjustments]
    names = shortened([words["chart.weight"], *(name for name, _ in changes), words["column.total"]])
    bars = [_Bar(Decimal(0), reached, "whole", plain(reached))]
    at = reached
    for _, change in changes:
        after = CONTEXT.add(at, change)
        bars.append(_Bar(min(at, after), max(at, after), "lost" if change < 0 else "gained", signed(change)))
        at = after
    bars.append(_Bar(Decimal(0), evaluation.total, "whole", plain(evaluation.total)))
    lows = [place_of(Ratio.of(bar.low)) for bar in bars]
    highs = [place_of(Ratio.of(bar.high)) for bar in bars]
    # As much below the last change as was lost is what there is to see; where half was lost, all of the bars.
    least, most = min(lows[1:-1], default=0.0), max(highs)
    start = max(0.0, least - (most - least)) if least > most / 2 else 0.0
    rows = [
        {"name": name, "start": max(low, start), "end": high, "kind": bar.kind, "label": bar.label}
        for name, low, high, bar in zip(names, lows, highs, bars, strict=True)
    ]
    scale = alt.Scale(domain=[start, most], zero=False, nice=False)
    points = alt.X("start:Q", title=words["chart.points"], scale=scale)
    base = alt.Chart(data_of(rows)).encode(y=alt.Y("name:N", sort=None, title=None))
    colours = alt.Scale(domain=["whole", "lost", "gained"], range=[FULL, LOST, GREY])
    colour = alt.Color("kind:N", scale=colours, legend=None)
    marks = base.mark_bar(height={"band": 0.6}).encode(x=points, x2="end:Q", color=colour)
    labels = base.mark_text(align="left", dx=4, color=INK).encode(x=alt.X("end:Q"), text="label:N")
    return dressed(marks + labels, words["chart.lost_points"])


def years_chart(found: Trend, locale: str | None = None) -> Chart:
    """Return what share of its weight each line earned, its years beside each other.

    Args:
        found: Several years of one project.
        locale: ``zh_CN`` or ``en``; the last rule set's own if none is given.

    Raises:
        ModelError: If no line has a score.
        MissingExtraError: If altair is not installed.
    """
    alt = altair_or_raise()
    locale = known(found.results[-1].rules.default_locale if locale is None else locale)
    words = catalog(locale)
    years = [str(result.project.fiscal_year) for result in found.results]
    names = shortened(row.last.label(locale) for row in found.series)
    rows = []
    for name, row in zip(names, found.series, strict=True):
        for year, line in zip(years, row.lines, strict=True):
            if line is not None and line.score is not None and line.weight:
                share = place_of(Ratio.of(line.score)) / place_of(Ratio.of(line.weight))
                label = f"{year}: {plain(line.score)} / {plain(line.weight)}"
                rows.append({"name": name, "year": year, "share": share, "label": label})
    base = alt.Chart(data_of(rows)).encode(
        y=alt.Y("name:N", sort=None, title=None), yOffset=alt.YOffset("year:N", sort=years)
    )
    share = alt.X("share:Q", title=words["chart.share"], axis=alt.Axis(format="%"), scale=alt.Scale(zero=True))
    bars = base.mark_bar(color=FULL).encode(x=share, opacity=alt.Opacity("year:N", legend=None))
    labels = base.mark_text(align="left", dx=4, color=INK).encode(x=share, text="label:N")
    return dressed(bars + labels, words["chart.years"])
