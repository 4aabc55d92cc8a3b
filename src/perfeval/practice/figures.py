"""Every figure that a form prints and that its other figures and the rules give, each with how it comes about."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from perfeval.amounts import sum_of
from perfeval.evaluation import Evaluation
from perfeval.practice.money import money_step, rates_of, rates_of_row, sums_of, trace_rate
from perfeval.practice.roundings import Roundings, explaining, off_by_rounding
from perfeval.practice.scores import Verdict, times, trace_execution_score, trace_score
from perfeval.ratios import Ratio
from perfeval.scoring import band_of
from perfeval.targets import Judgement

__all__ = ["PrintedFigure", "figures_of"]


class PrintedFigure(NamedTuple):
    """A printed figure that can be computed.

    Attributes:
        where: Its place on the form.
        printed: The figure, or the grade's word.
        practice: How it comes about: the budget that a rate divides by, the
            rounding of a score, "sum", "another practice", "another reading";
            `None` where nothing gives it.
    """

    where: str
    printed: Decimal | str
    practice: str | None


def figures_of(evaluation: Evaluation, *, per_cent_above: Decimal | None = None) -> Iterator[PrintedFigure]:
    """Yield every printed figure that can be computed, in the order of the form.

    Not those that nothing on the form tells: a score whose actual is words, a
    total of which rows are not seen.

    Args:
        evaluation: The form with its lines.
        per_cent_above: As in `trace_rate`.
    """
    project, rules = evaluation.project, evaluation.rules
    stated = project.stated
    step = money_step(project)
    for off in sums_of(project):
        if off.sum == off.total:
            yield PrintedFigure(f"stated.funding_total.{off.column}", off.total, "sum")
        elif off_by_rounding(off.rows, off.total, step):
            yield PrintedFigure(f"stated.funding_total.{off.column}", off.total, "sum, rounded")
        elif not project.excerpt or off.sum > off.total:
            # Rows that an excerpt leaves out can only make a sum too small.
            yield PrintedFigure(f"stated.funding_total.{off.column}", off.total, None)
    rates = rates_of(project, rules.execution.basis)
    traced_rate = trace_rate(stated.execution_rate, rates, per_cent_above=per_cent_above)
    if stated.execution_rate is not None and rates:
        basis = traced_rate.rate.basis.value if traced_rate.rate is not None and traced_rate.verdict.explains else None
        yield PrintedFigure("stated.execution_rate", stated.execution_rate, basis)
    for i, row in enumerate(project.funding):
        own = rates_of_row(row)
        if row.stated.execution_rate is not None and own:
            traced = trace_rate(row.stated.execution_rate, own)
            basis = traced.rate.basis.value if traced.rate is not None and traced.verdict.explains else None
            yield PrintedFigure(f"funding[{i}].stated.execution_rate", row.stated.execution_rate, basis)
    score = trace_execution_score(stated, rules, rates, traced_rate)
    if stated.execution_score is not None and score.verdict is not None:
        how = _how(score.verdict, score.roundings)
        yield PrintedFigure("stated.execution_score", stated.execution_score, how)
    yield from _scores(evaluation)
    yield from _results(evaluation)


def _scores(evaluation: Evaluation) -> Iterator[PrintedFigure]:
    pairs = zip(evaluation.project.indicators, evaluation.lines[1:], strict=True)
    for i, (item, line) in enumerate(pairs):
        printed, weight = item.stated.score, item.weight
        if printed is None or weight is None or line.share is None:
            continue
        traced = trace_score(item, line)
        verdict, roundings = traced.verdict, traced.roundings
        if verdict is None and not roundings:
            roundings = explaining(printed, times(weight, line.share))
            verdict = Verdict.EXPLAINED if roundings else None
            # A tier without a share has a range, and no figure that it must be.
            if not roundings and isinstance(line.measure, Judgement) and line.measure.share is None:
                continue
        yield PrintedFigure(f"indicators[{i}].stated.score", printed, _how(verdict, roundings))


def _how(verdict: Verdict | None, roundings: Roundings) -> str | None:
    if verdict is Verdict.EXPLAINED:
        first = next(mode for mode in Roundings.ANY if mode in roundings)
        return "exact" if roundings is Roundings.ANY else str(first.name).lower().replace("_", " ")
    if verdict is Verdict.OTHER_PRACTICE:
        return "another practice"
    return "another reading" if verdict is None and roundings else None


def _results(evaluation: Evaluation) -> Iterator[PrintedFigure]:
    """The total and the grade."""
    project, rules = evaluation.project, evaluation.rules
    stated = project.stated
    if stated.total is None:
        return
    rows = [row.stated.score for row in project.indicators if row.weight is not None or row.stated.score is not None]
    scores = [score for score in [*rows, stated.execution_score] if score is not None]
    blank = len(scores) < len(rows) + (stated.execution_weight is not None or stated.execution_score is not None)
    if scores and not project.excerpt and not blank:
        points = [adjustment.points for adjustment in project.adjustments]
        after = max(min(sum_of([*scores, *points]), rules.total), Decimal(0)) if points else sum_of(scores)
        summed = any(explaining(stated.total, Ratio.of(one)) for one in (sum_of(scores), after))
        yield PrintedFigure("stated.total", stated.total, "sum" if summed else None)
    if stated.grade is not None:
        words = band_of(stated.total, rules.bands).words
        yield PrintedFigure(
            "stated.grade", stated.grade, "grade" if words is not None and stated.grade in words else None
        )
