"""What a report is made from: the model, its evaluation and the findings; and how its figures are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from perfeval.amounts import AmountUnit
from perfeval.cited import Grounds
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.evaluation.explanation import Row, grade_word
from perfeval.evaluation.projects import Evaluation
from perfeval.findings import Finding, Findings
from perfeval.i18n import catalog
from perfeval.model import EvaluationKind
from perfeval.model.departments import Department
from perfeval.model.pages import amount_text, rate_text
from perfeval.pages import Block, Paragraph
from perfeval.reports.sections import Section
from perfeval.rulesets import RuleSet
from perfeval.scoring import Grade
from perfeval.target_review import TargetReview

__all__ = ["Material"]


@attrs.frozen(kw_only=True)
class Material:
    """What a report is made from.

    Attributes:
        department: The department, `None` where the report is on a project.
        result: The evaluation of the department; of a project, that of the
            project alone.
        findings: What is odd, each with its place in the document.
        placed: The findings of each section, and under `None` those that
            belong to none.
        grounds: What prescribes the outline.
        locale: The language.
        kind: Whose evaluation it is, for what follows from a grade.
        on: The day by which rectifications are overdue, if one is given.
        charts: Whether charts are drawn.
        target_reviews: Reviews of the quality of targets.
    """

    department: Department | None
    result: DepartmentEvaluation
    findings: Findings
    placed: Mapping[Section | None, list[Finding]]
    grounds: Grounds
    locale: str
    kind: EvaluationKind = EvaluationKind.SELF
    on: dt.date | None = None
    charts: bool = False
    target_reviews: tuple[TargetReview, ...] = ()

    _rows: dict[int, tuple[Row, ...]] = attrs.field(init=False, factory=dict, eq=False, repr=False)

    def rows(self, one: Evaluation) -> tuple[Row, ...]:
        """Return the lines of a project in words, made once for all parts."""
        if id(one) not in self._rows:
            self._rows[id(one)] = one.explanation(self.locale).rows
        return self._rows[id(one)]

    @property
    def words(self) -> Mapping[str, str]:
        """The messages of the locale."""
        return catalog(self.locale)

    @property
    def rules(self) -> RuleSet:
        """The rule set."""
        return self.result.rules

    @property
    def projects(self) -> tuple[Evaluation, ...]:
        """The evaluation of each project."""
        return self.result.projects

    @property
    def unit(self) -> AmountUnit:
        """The unit of the money of all projects together: the department's own."""
        return self.result.department.amount_unit

    def say(self, key: str, **values: object) -> str:
        """Return the sentence *key*, its places filled."""
        return self.words[f"report.{key}"].format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the sentence *key* for *number* of something, in its singular form for one."""
        return self.say(f"{key}.one" if number == 1 else key, number=number, **values)

    def amount(self, amount: Decimal, unit: AmountUnit | None = None) -> str:
        """Return an amount with its unit."""
        return amount_text(amount, unit or self.unit, self.locale)

    def rate(self, rate: Decimal) -> str:
        """Return a rate in per cent."""
        return rate_text(rate, self.locale)

    def grade(self, grade: Grade) -> str:
        """Return the rule set's word for a grade."""
        return grade_word(grade, self.rules, self.locale)

    def budget_name(self) -> str:
        """Return what the rule set's budget is called."""
        return self.words[f"form.{self.rules.execution.basis.column}"]

    def paragraph(self, sentences: Iterable[str]) -> tuple[Block, ...]:
        """Return whole sentences as one paragraph, nothing if there are none."""
        text = ("" if self.locale == "zh_CN" else " ").join(sentences)
        return (Paragraph((text,)),) if text else ()

    def sentence(self, text: str) -> str:
        """Return a message as a sentence of its own begins."""
        return text[:1].upper() + text[1:]

    def item(self, name: str, value: str) -> str:
        """Return a name with what belongs to it."""
        return self.words["department.item"].format(name=name, value=value)

    def project_of(self, finding: Finding) -> str:
        """Return the name of the project that a finding is about, empty for none."""
        if self.department is None:
            return ""
        head, _, rest = finding.where.partition("]")
        if not head.startswith("projects[") or not rest:
            return ""
        return self.department.projects[int(head.removeprefix("projects["))].name
