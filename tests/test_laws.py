"""The laws of the result, for any project at all."""

from __future__ import annotations

import decimal
import re
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
import perfeval as pe
import strategies
from perfeval.evaluation.common import evaluate_common
from perfeval.evaluation.whole import evaluate_whole
from perfeval.pages import text

RULES = pe.rule_set("cn-mof-2020-10")
NOTHING_CITED = re.compile(r"[（(〔\[]\s*[；;]?\s*[)）〕\]]")
HOSTILE = [decimal.Context(prec=5, rounding=decimal.ROUND_UP), decimal.Context(prec=1), decimal.Context(prec=28)]


class TestArticle16:
    """完成值达到指标值的，记该指标所赋全部分值；未完成的，按照完成值与指标值的比例记分."""

    @given(
        weight=st.integers(1, 100).map(Decimal) | st.decimals("0.01", 100, places=2),
        target=st.integers(1, 10**9),
        actual=st.integers(0, 10**9),
        context=st.sampled_from(HOSTILE),
    )
    def test_scores_as_the_article_says(self, weight, target, actual, context):
        indicator = pe.Indicator(
            "长度", kind="output.quantity", target=f"≥{target}个", actual=f"{actual}个", weight=weight
        )
        with decimal.localcontext(context):
            found = pe.evaluate(pe.Project("项目", fiscal_year=2022, indicators=[indicator]), RULES).lines[1].score
        assert Fraction(found) == oracle.half_up(
            oracle.article_16(Fraction(weight), Fraction(actual), Fraction(target))
        )

    @given(
        weight=st.integers(1, 100),
        m=st.integers(1, 10**6),
        q=st.integers(0, 10**6),
        off=st.sampled_from([-1, 0, 1]),
        context=st.sampled_from(HOSTILE),
    )
    def test_ties_made_on_purpose(self, weight, m, q, off, context):
        """target = 2·w·m hundredths, actual = (2q + 1)·m, and one beside the tie."""
        target, actual = 200 * weight * m, (2 * q + 1) * m + off
        with decimal.localcontext(context):
            found = pe.score(weight, pe.Ratio(actual, target), pe.ScoringRule.proportional())
        assert Fraction(found) == oracle.half_up(
            oracle.article_16(Fraction(weight), Fraction(actual), Fraction(target))
        )


class TestBounded:
    """No score is below 0 or above its weight."""

    @given(strategies.PROJECTS)
    def test_every_score(self, project):
        assert RULES.bounded
        for line in pe.evaluate(project, RULES).lines:
            assert line.score is None or 0 <= line.score <= max(Decimal(0), line.weight)


class TestMonotone:
    """Who achieves more never scores less."""

    @given(strategies.FIGURES, st.sampled_from(["≥", ">"]), st.lists(strategies.FIGURES, min_size=2, max_size=5))
    def test_more_against_at_least(self, target, comparator, actuals):
        assert RULES.monotone
        scores = [self.score(comparator, target, actual) for actual in sorted(actuals)]
        scores = [score for score in scores if score is not None]
        assert scores == sorted(scores)

    @given(strategies.FIGURES, st.lists(strategies.FIGURES, min_size=2, max_size=5))
    def test_less_against_at_most(self, target, actuals):
        scores = [self.score("≤", target, actual) for actual in sorted(actuals)]
        scores = [score for score in scores if score is not None]
        assert scores == sorted(scores, reverse=True)

    @staticmethod
    def score(comparator, target, actual):
        indicator = pe.Indicator("甲", target=pe.Threshold(comparator, target), actual=pe.Quantity(actual), weight=10)
        return pe.evaluate(pe.Project("乙", fiscal_year=2022, indicators=[indicator]), RULES).lines[1].score


class TestTotal:
    @given(
        strategies.PROJECTS,
        st.lists(st.builds(pe.Adjustment, strategies.NAMES, st.integers(-5, 5), strategies.NAMES), max_size=2),
    )
    def test_is_the_sum_of_its_lines_or_absent(self, project, adjustments):
        result = pe.evaluate(project, RULES, adjustments=adjustments)
        parts = [line.score for line in result.lines if line.score is not None]
        of_lines = sum(map(Fraction, parts))
        summed = of_lines + sum(Fraction(a.points) for a in result.adjustments)
        own = (*project.adjustments, *adjustments)
        assert result.adjustments[: len(own)] == own
        assert Fraction(result.partial_score) == summed
        missing = any(line.score is None and line.applicable for line in result.lines)
        # Of a form without any weight the execution rate alone makes no total.
        unweighed = bool(project.indicators) and all(item.weight is None for item in project.indicators)
        if project.excerpt or missing or unweighed or not parts:
            assert result.total is None
            assert result.total_reason is not None
        else:
            assert Fraction(result.total) == summed
            assert min(0, of_lines) <= Fraction(result.total) <= max(100, of_lines)
        assert (result.grade is None) is (result.grade_reason is not None)
        assert result.unscored == tuple(line for line in result.lines if line.score is None and not line.blank)
        assert all(line.reason is not None for line in result.unscored)

    @given(strategies.PROJECTS, st.randoms(use_true_random=False))
    def test_order_of_lines_changes_nothing(self, project, random):
        shuffled = list(project.indicators)
        random.shuffle(shuffled)
        funding = list(project.funding)
        random.shuffle(funding)
        before = pe.evaluate(project, RULES)
        after = pe.evaluate(attrs.evolve(project, indicators=shuffled, funding=funding), RULES)
        assert (before.total, before.grade, before.execution_rate) == (after.total, after.grade, after.execution_rate)
        assert sorted(map(str, before.rows()[1:])) == sorted(map(str, after.rows()[1:]))

    @given(strategies.PROJECTS, st.sampled_from(pe.AmountUnit))
    def test_unit_of_money_changes_nothing(self, project, unit):
        before, after = (pe.evaluate(p, RULES) for p in (project, attrs.evolve(project, amount_unit=unit)))
        assert [(x.score, x.share, x.reason) for x in before.lines] == [
            (x.score, x.share, x.reason) for x in after.lines
        ]


class TestExplanation:
    """The formula that is shown gives the score that is shown."""

    @given(strategies.PROJECTS)
    def test_every_formula_evaluates_to_its_score(self, project):
        for line in pe.evaluate(project, RULES).lines:
            if line.score is None:
                assert line.formula is None
            else:
                assert oracle.half_up(value_of(line.formula)) == Fraction(line.score)

    @given(strategies.PROJECTS, st.sampled_from(["zh_CN", "en"]))
    def test_every_line_and_reason_is_in_the_text(self, project, locale):
        result = pe.evaluate(project, RULES)
        told = result.explain(locale)
        assert "{" not in told
        assert "%(" not in told
        lines = [line for line in result.lines if not line.blank]
        for line in lines:
            assert line.label(locale) in told
            assert line.score is None or f"= {line.score}" in told
        assert len(result.table(locale)) == len(lines) + len(result.adjustments) + 1
        for one in result.adjustments:
            assert one.told(locale) in told
        assert result._repr_html_().count("<tr>") >= len(lines)

    @given(
        strategies.PROJECTS,
        st.sampled_from(pe.rule_sets()),
        st.sampled_from(["zh_CN", "en"]),
        st.lists(st.builds(pe.Adjustment, strategies.NAMES, st.integers(-5, 5), strategies.NAMES), max_size=2),
    )
    def test_no_citation_is_empty(self, project, rules, locale, adjustments):
        """By any rule set: what has a score cites something, and nothing is cited by an empty pair of brackets."""
        result = pe.evaluate(project, rules, adjustments=adjustments)
        explanation = result.explanation(locale)
        for row in explanation.rows:
            assert row.cites.strip() or row.line.score is None, row
        assert all(row.source.strip() for row in explanation.adjustments)
        for shown in (explanation.text(), text(result.page(locale))):
            assert not NOTHING_CITED.search(shown)

    @pytest.mark.parametrize("rules", pe.rule_sets(), ids=lambda rules: rules.id)
    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    def test_no_citation_of_common_indicators_is_empty(self, rules, locale):
        """Likewise of a department as a whole, of a project by common indicators, and on the rule set's own page."""
        figures = [pe.DepartmentFigure("staff_in_post", 103), pe.DepartmentFigure("approved_posts", 100)]
        office, project = (
            pe.Department("某局", fiscal_year=2024, figures=figures),
            pe.Project("某项目", fiscal_year=2024),
        )
        found = [evaluate_whole(office, rules)] if rules.department else []
        if rules.common:
            weights = {row.indicator: 1 for row in rules.common}
            found.append(evaluate_common(project, rules, kind=rules.evaluations[0], weights=weights))
        for result in found:
            assert all(row.cites.strip() for row in result.explanation(locale).rows)
        shown = [text(one.page(locale)) for one in (rules, *found)] + [one.explain(locale) for one in found]
        assert not [one for one in shown if NOTHING_CITED.search(one)]

    @pytest.mark.parametrize("context", HOSTILE)
    @given(project=strategies.PROJECTS)
    def test_the_callers_context_changes_nothing(self, context, project):
        expected = pe.evaluate(project, RULES)
        with decimal.localcontext(context):
            found = pe.evaluate(project, RULES)
            assert found.to_dict() == expected.to_dict()
            assert found.explain("zh_CN") == expected.explain("zh_CN")


def value_of(formula: str) -> Fraction:
    """Evaluate a formula as it is shown; a condition before an arrow must hold."""
    *conditions, expression = formula.split(" → ")
    for condition in conditions:
        assert calculated(condition) is True, condition
    return calculated(expression)


def calculated(text: str) -> Fraction | bool:
    text = re.sub(r"\d{4}-\d\d-\d\d", lambda day: str(int(day[0].replace("-", ""))), text)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = text.translate(str.maketrans("×÷−", "*/-"))
    for sign, code in (("≥", ">="), ("≤", "<="), (" = ", " == ")):
        text = text.replace(sign, code)
    text = re.sub(r"\d+(?:\.\d+)?", lambda number: f"F('{number[0]}')", text)
    return eval(text, {"F": Fraction, "abs": abs, "floor": lambda x: x.__floor__(), "__builtins__": {}})  # noqa: S307  # formulas of our own
