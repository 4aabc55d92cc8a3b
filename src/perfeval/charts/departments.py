"""Charts of a department: its projects beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from perfeval.amounts import sum_of
from perfeval.charts.drawing import (
    FULL,
    GREY,
    INK,
    LOST,
    Chart,
    altair_or_raise,
    data_of,
    dressed,
    place_of,
    safe,
    shortened,
)
from perfeval.checks import catalogue
from perfeval.errors import MissingExtraError
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.evaluation.explanation import grade_word
from perfeval.evaluation.lines import Line
from perfeval.evaluation.projects import Evaluation
from perfeval.i18n import catalog, known
from perfeval.model import Indicator, IndicatorKind
from perfeval.ratios import Ratio, ratio
from perfeval.rounding import percent
from perfeval.scoring import Grade

__all__ = ["credibility_chart", "execution_chart", "grades_chart", "indicators_chart"]


def execution_chart(result: DepartmentEvaluation, locale: str | None = None) -> Chart:
    """Return the execution rate of each project, beside the line of 100 %.

    Args:
        result: A department's evaluation.
        locale: ``zh_CN`` or ``en``; the rule set's own if none is given.

    Raises:
        ModelError: If no project has a rate.
        MissingExtraError: If altair is not installed.
    """
    alt, words = altair_or_raise(), _words(result, locale)
    with_rate = [(one, one.lines[0].measure) for one in result.projects if isinstance(one.lines[0].measure, Ratio)]
    names = shortened(one.project.name for one, _ in with_rate)
    rows = [
        {"name": name, "rate": place_of(measure), "label": percent(measure)}
        for name, (_, measure) in zip(names, with_rate, strict=True)
        if isinstance(measure, Ratio)
    ]
    base = alt.Chart(data_of(rows)).encode(y=_by_name(alt))
    rate = alt.X("rate:Q", title=words["execution_rate"], axis=alt.Axis(format="%"), scale=alt.Scale(zero=True))
    bars = base.mark_bar(color=FULL, height={"band": 0.6}).encode(x=rate)
    # In a long bar, so that the line of 100 % crosses no figure.
    inside = "datum.rate >= 0.3"
    labels = base.mark_text(align=alt.expr(f"{inside} ? 'right' : 'left'"), dx=alt.expr(f"{inside} ? -4 : 4")).encode(
        x=rate, text="label:N", color=alt.condition(inside, alt.value("#ffffff"), alt.value(INK))
    )
    whole = alt.Chart(alt.InlineData(values=[{"rate": 1}])).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=rate)
    return dressed(bars + labels + whole, words["chart.execution"])


def credibility_chart(result: DepartmentEvaluation, locale: str | None = None) -> Chart:
    """Return each project's share of points beside its execution rate, with the credibility line.

    Below the line the indicators earned a larger share of their weight than
    the money that was spent, by more than the check CR101 lets pass; such a
    project is a square.

    Raises:
        ModelError: If no project has both figures.
        MissingExtraError: If altair is not installed.

    Source: what the check CR101 cites.
    """
    alt, words = altair_or_raise(), _words(result, locale)
    apart = next(check.settings["apart"] for check in catalogue() if check.code == "CR101")
    least = Ratio.of(1 - apart)
    found = []
    for one in result.projects:
        share, rate = _indicator_share(one), one.lines[0].measure
        if share is not None and isinstance(rate, Ratio):
            # rate < share × (1 − apart), as whole numbers
            is_below = (
                rate.numerator * share.denominator * least.denominator
                < share.numerator * least.numerator * rate.denominator
            )
            found.append((one, share, rate, is_below))
    # From left to right, so that neighbours have their names on two sides.
    found.sort(key=lambda row: (place_of(row[1]), place_of(row[2])))
    names = shortened(one.project.name for one, *_ in found)
    sides = {True: words["chart.below"], False: words["chart.above"]}
    rows = [
        {
            "name": name,
            "share": place_of(share),
            "rate": place_of(rate),
            "side": sides[is_below],
            "label": f"{percent(share)} / {percent(rate)}",
        }
        for name, (_, share, rate, is_below) in zip(names, found, strict=True)
    ]
    data = data_of(rows)
    places = [place_of(measure) for _, share, rate, _ in found for measure in (share, rate)]
    low, high = max(0.0, min(places) - 0.1), max(1.0, *places) + 0.05
    scale = alt.Scale(domain=[low, high], nice=False)
    per_cent = alt.Axis(format="%")
    share = alt.X("share:Q", title=words["chart.indicator_share"], axis=per_cent, scale=scale)
    rate = alt.Y("rate:Q", title=words["execution_rate"], axis=per_cent, scale=scale)
    order = [sides[False], sides[True]]
    side = {
        "shape": alt.Shape("side:N", title=None, scale=alt.Scale(domain=order, range=["circle", "square"])),
        "color": alt.Color("side:N", title=None, scale=alt.Scale(domain=order, range=[FULL, LOST])),
    }
    layers = [alt.Chart(data).mark_point(filled=True, size=90, opacity=1).encode(x=share, y=rate, **side)]
    for first, dy in ((0, -13), (1, 16)):
        beside = alt.Chart(alt.InlineData(values=rows[first::2])) if rows[first::2] else None
        if beside is not None:
            layers.append(beside.mark_text(dy=dy, color=INK).encode(x=share, y=rate, text="name:N"))
    ends = [{"share": low, "rate": low * place_of(least)}, {"share": high, "rate": high * place_of(least)}]
    line = alt.Chart(alt.InlineData(values=ends)).mark_line(color=GREY, strokeDash=[4, 3], clip=True)
    layers = [line.encode(x=share, y=rate), *layers]
    return dressed(alt.layer(*layers).properties(width=380, height=300), words["chart.credibility"])


def grades_chart(result: DepartmentEvaluation | Any, locale: str | None = None, *, by: str | None = None) -> Chart:
    """Return how many projects have each grade.

    Args:
        result: A department's evaluation; or a frame that
            `perfeval.frames.summarise` returned, on any engine.
        locale: ``zh_CN`` or ``en``; the rule set's own, or for a frame
            ``zh_CN``, if none is given.
        by: The column of a frame whose values stand beside each other.

    Raises:
        ModelError: If there is no project.
        MissingExtraError: If altair is not installed, or narwhals for a frame.
    """
    alt = altair_or_raise()
    if isinstance(result, DepartmentEvaluation):
        words = _words(result, locale)
        rows = [
            {"grade": safe(grade_word(grade, result.rules, _locale(result, locale))), "count": number, "group": ""}
            for grade, number in result.grades
        ]
        rows.append({"grade": words["department.ungraded"], "count": result.ungraded, "group": ""})
    else:
        words = catalog(known(locale or "zh_CN"))
        rows = []
        for row in _rows_of(result):
            group = "" if by is None else str(row[by])
            rows += [
                {"grade": words[f"grade.{grade.value}"], "count": row[grade.value], "group": group} for grade in Grade
            ]
            rows.append({"grade": words["department.ungraded"], "count": row["ungraded"], "group": group})
    if not any(row["count"] for row in rows):
        rows = []
    data = data_of({"name": f"{row['group']} {row['grade']}".strip(), "label": str(row["count"])} | row for row in rows)
    order = list(dict.fromkeys(str(row["grade"]) for row in rows))
    grade = alt.X("grade:N", title=words["column.grade"], sort=order, axis=alt.Axis(labelAngle=0))
    # The figure stands on each bar; an axis would only repeat it.
    count = alt.Y("count:Q", axis=None)
    base = alt.Chart(data).encode(x=grade, y=count)
    bars = base.mark_bar(color=FULL, width={"band": 0.6})
    labels = base.mark_text(dy=-7, color=INK).encode(text="label:N")
    layers = (bars + labels).properties(width=48 * len(order), height=150)
    if by is not None:
        layers = layers.facet(facet=alt.Facet("group:N", title=None), columns=3)
    return dressed(layers, words["chart.grades"])


def indicators_chart(result: DepartmentEvaluation, locale: str | None = None) -> Chart:
    """Return what share of its points each project earned of each kind of indicator, as a heat map.

    Each field has its share written in it; a darker field has lost more.

    Raises:
        ModelError: If no line has a score.
        MissingExtraError: If altair is not installed.
    """
    alt, words = altair_or_raise(), _words(result, locale)
    kinds = [None, *IndicatorKind]
    titles = {kind: words["execution_rate" if kind is None else f"kind.{kind.value}"] for kind in kinds}
    names = shortened(one.project.name for one in result.projects)
    rows = []
    for name, one in zip(names, result.projects, strict=True):
        for kind in kinds:
            lines = [line for line in one.lines if _level_of(line) is kind and _belongs(line, kind)]
            earned = _share_of(lines)
            if earned is not None:
                lost = max(0.0, 1 - place_of(earned))
                rows.append({"name": name, "kind": titles[kind], "lost": lost, "label": percent(earned)})
    data = data_of(rows)
    present = {row["kind"] for row in rows}
    order = [titles[kind] for kind in kinds if titles[kind] in present]
    kind = alt.X("kind:N", title=None, sort=order, axis=alt.Axis(labelAngle=0, orient="top"))
    base = alt.Chart(data).encode(x=kind, y=_by_name(alt))
    # Black words keep a contrast of more than 4.5 on the darkest field.
    colour = alt.Color(
        "lost:Q", scale=alt.Scale(domain=[0, 1], range=["#ffffff", "#e8893f"], interpolate="rgb"), legend=None
    )
    fields = base.mark_rect(stroke="#b4b4b4").encode(color=colour)
    labels = base.mark_text(color=INK).encode(text="label:N")
    layers = (fields + labels).properties(width=96 * len(order), height={"step": 26})
    return dressed(layers, words["chart.indicators"])


def _locale(result: DepartmentEvaluation, locale: str | None) -> str:
    return known(result.rules.default_locale if locale is None else locale)


def _words(result: DepartmentEvaluation, locale: str | None) -> Any:
    return catalog(_locale(result, locale))


def _by_name(alt: Any) -> Any:
    """The axis of the projects, in the department's own order; names need no title."""
    return alt.Y("name:N", title=None, sort=None)


def _indicator_share(one: Evaluation) -> Ratio | None:
    """The share of their weight that the indicators earned; `None` if one has no score."""
    return _share_of([line for line in one.lines if isinstance(line.item, Indicator)])


def _share_of(lines: Sequence[Line]) -> Ratio | None:
    weighed = [line for line in lines if line.weight is not None and line.applicable]
    scores = [line.score for line in weighed if line.score is not None]
    weight = sum_of([line.weight for line in weighed if line.weight is not None])
    return None if len(scores) < len(weighed) or weight <= 0 else ratio(sum_of(scores), weight)


def _level_of(line: Line) -> IndicatorKind | None:
    item = line.item
    return item.kind.level1 if isinstance(item, Indicator) and item.kind is not None else None


def _belongs(line: Line, kind: IndicatorKind | None) -> bool:
    """An indicator whose kind is not told stands with no kind, and not with the execution rate."""
    return kind is not None or not isinstance(line.item, Indicator)


def _rows_of(frame: Any) -> Iterable[dict[str, Any]]:
    try:
        import narwhals.stable.v2 as nw
    except ImportError as error:
        raise MissingExtraError("dataframes need narwhals: pip install 'perfeval[frames]'") from error
    native = nw.from_native(frame)
    eager = native.collect() if isinstance(native, nw.LazyFrame) else native
    found: Iterable[dict[str, Any]] = eager.rows(named=True)
    return found
