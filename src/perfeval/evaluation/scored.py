"""What every scored result has: lines, adjustments, a total and a grade, which explain themselves.

A project's evaluation and that of the department as a whole are such results;
their text, tables and JSON are made of one `Explanation`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from perfeval.amounts import plain
from perfeval.evaluation.lines import CommonIndicator, Execution, Line, Total, partial_score
from perfeval.i18n import catalog, known
from perfeval.model import Adjustment, Indicator, Project, short_name
from perfeval.ratios import Ratio, readable
from perfeval.reasons import Reason
from perfeval.rulesets import RuleSet
from perfeval.scoring import Grade

if TYPE_CHECKING:
    from perfeval.evaluation.explanation import Explanation
    from perfeval.model.departments import Department
    from perfeval.pages import Page

__all__ = ["Scored", "adjustment_row", "text_or_none"]


@attrs.frozen(repr=False)
class Scored:
    """Lines with their total and grade.

    Attributes:
        rules: The rule set.
        lines: What is scored, each item with its reasons.
        adjustments: Points that change the total afterwards.
        total: The sum of the lines and adjustments, points; `None` if
            *total_reason*.
        total_reason: Why there is no total.
        grade: The grade of the total; `None` if *grade_reason*.
        grade_reason: Why there is no grade.
    """

    rules: RuleSet
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    total: Decimal | None
    total_reason: Reason | None
    grade: Grade | None
    grade_reason: Reason | None

    @property
    def subject(self) -> Project | Department:
        """What is evaluated."""
        # Each kind of result has its own; an abstract base would make every isinstance() of a result slower.
        raise NotImplementedError

    @property
    def unscored(self) -> tuple[Line, ...]:
        """The lines without a score; each says why in ``reason``."""
        return tuple(line for line in self.lines if line.score is None and not line.blank)

    @property
    def partial_score(self) -> Decimal:
        """The points of the lines that have a score, and the adjustments."""
        return partial_score(self.lines, self.adjustments)

    def explanation(self, locale: str | None = None) -> Explanation:
        """Return the result in words, as a record.

        Args:
            locale: ``zh_CN`` or ``en``; the rule set's own if none is given.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        locale = known(self.rules.default_locale if locale is None else locale)
        total = Total(self.total, self.total_reason, self.grade, self.grade_reason)
        from perfeval.evaluation.explanation import explanation_of

        # Most lines have a weight, and are no blank row.
        lines = tuple([line for line in self.lines if line.weight is not None or not line.blank])
        return explanation_of(self.subject, self.rules, lines, self.adjustments, total, locale)

    def explain(self, locale: str | None = None) -> str:
        """Return the result in sentences: each score with formula and article."""
        return self.explanation(locale).text()

    def summary(self, locale: str | None = None) -> str:
        """Return the total and the grade in one line, or why there is none."""
        return self.explanation(locale).total

    def assumptions(self, locale: str | None = None) -> tuple[str, ...]:
        """Return what no text decides, as the rule set decided it here."""
        return self.explanation(locale).assumptions

    def table(self, locale: str | None = None) -> list[list[str]]:
        """Return the lines and adjustments as cells of text, the headings first."""
        return self.explanation(locale).table()

    def page(self, locale: str | None = None) -> Page:
        """Return the result as a page, for any carrier of `perfeval.pages`."""
        from perfeval.evaluation.pages import page_of

        return page_of(self.explanation(locale))

    def rows(self) -> list[dict[str, Any]]:
        """Return the lines as rows of plain values, for a table.

        Ratios are `Decimal` rounded to 34 digits, for reading; points and
        weights are exact. Where any indicator has a judgement beside its
        actual, each row tells that, its words and whether it is taken.
        """
        lines = [line for line in self.lines if not line.blank]
        rows = [_row(line) for line in lines]
        if any(line.judged is not None for line in lines):
            return [row | _judgement(line) for row, line in zip(rows, lines, strict=True)]
        return rows

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        """Return the result as JSON can hold it; numbers are exact text.

        Args:
            locale: The locale of labels, notices and assumptions; the rule
                set's own if none is given.
        """
        explanation = self.explanation(locale)
        return {
            "rule_set": self.rules.id,
            "asked_for": self.rules.asked_for,
            "notices": list(explanation.notices),
            "lines": [
                {key: plain(value) if isinstance(value, Decimal) else value for key, value in row.items()}
                for row in self.rows()
            ],
            "adjustments": [adjustment_row(adjustment, explanation.locale) for adjustment in self.adjustments],
            "total": text_or_none(self.total),
            "total_reason": self.total_reason and self.total_reason.value,
            "partial_score": plain(self.partial_score),
            "grade": self.grade and self.grade.value,
            "grade_reason": self.grade_reason and self.grade_reason.value,
            "assumptions": list(explanation.assumptions),
        }

    def _repr_html_(self) -> str:
        from perfeval.pages import html

        return html(self.page())

    def __repr__(self) -> str:
        subject = f"{short_name(self.subject.name)} {self.subject.fiscal_year}"
        total = f"no total, {self.total_reason}" if self.total is None else plain(self.total)
        grade = "" if self.grade is None else f", {self.grade}"
        return f"<{type(self).__name__} {subject}: {total}{grade}>"


def adjustment_row(adjustment: Adjustment, locale: str) -> dict[str, str]:
    """Return an adjustment as JSON can hold it; what cites nothing is told to be assumed."""
    label, source = adjustment.texts(locale)
    row = {"label": label, "source": source or catalog(locale)["page.assumed"], "points": plain(adjustment.points)}
    return row if adjustment.reason is None else row | {"reason": adjustment.reason}


def text_or_none(value: Decimal | None) -> str | None:
    """Return a number in plain digits, `None` if there is none."""
    return None if value is None else plain(value)


def _row(line: Line) -> dict[str, Any]:
    item = line.item
    indicator = item if isinstance(item, Indicator) else None
    kind = item.indicator.kind if isinstance(item, CommonIndicator) else indicator and indicator.kind
    return {
        "kind": "execution_rate" if isinstance(item, Execution) else kind and kind.value,
        "name": None if isinstance(item, Execution) else line.name,
        "target": None if line.target is None else str(line.target),
        "actual": None if indicator is None or indicator.actual is None else str(indicator.actual),
        "weight": line.weight,
        "measure": readable(line.measure) if isinstance(line.measure, Ratio) else None,
        "share": None if line.share is None else readable(line.share),
        "score": line.score,
        "stated_score": indicator and indicator.stated.score,
        "formula": line.formula,
        "reason": line.reason and line.reason.value,
        "cites": ", ".join(dict.fromkeys(str(cite) for part in line.grounds for cite in part.cites)),
    }


def _judgement(line: Line) -> dict[str, Any]:
    judgement = None if isinstance(line.item, CommonIndicator) else line.item.judgement
    return {
        "judgement": None if judgement is None else str(attrs.evolve(judgement, words=None)),
        "judgement_words": judgement and judgement.words,
        "judged": line.judged,
    }
