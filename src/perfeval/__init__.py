"""perfeval: the calculation kernel of budget performance evaluation (预算绩效评价).

Projects, money and indicators as typed values; execution rates and scores
computed exactly, with the article behind each point; rule sets as cited data.

>>> import perfeval as pe
>>> pe.execution_score(pe.wan("65.63"), pe.wan(79))
Decimal('8.31')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfeval.amounts import AmountUnit, from_unit, to_unit, wan, yi
from perfeval.cited import Citation
from perfeval.errors import (
    AmountError,
    DocumentError,
    Fault,
    FormError,
    FrameError,
    LocaleNotFoundError,
    MissingExtraError,
    ModelError,
    OutlineNotFoundError,
    PerfevalError,
    RuleSetError,
    RuleSetNotFoundError,
    ScoringRuleError,
    TextError,
)
from perfeval.evaluation import Evaluation, Execution, Line, evaluate
from perfeval.model import (
    ActualMethod,
    Adjustment,
    Breakdown,
    BudgetBasis,
    EvaluationKind,
    FundingLine,
    FundingSource,
    FundingTotal,
    Indicator,
    IndicatorDefinition,
    IndicatorKind,
    Light,
    Project,
    Stated,
    StatedFunding,
    StatedIndicator,
    TargetBasis,
)
from perfeval.ratios import Ratio
from perfeval.reasons import Reason, Refusal
from perfeval.rounding import Rounding
from perfeval.rulesets import RuleSet, rule_set, rule_sets
from perfeval.scoring import Band, Grade, ScoringRule, execution_score, grade, score, share
from perfeval.targets import (
    Between,
    Bound,
    Comparator,
    Completion,
    Deadline,
    Inverse,
    Judgement,
    Meaning,
    Quantity,
    Statement,
    Threshold,
    Tier,
    achievement,
)

if TYPE_CHECKING:
    from perfeval.checks import check
    from perfeval.comparison import compare, needed, trend
    from perfeval.documents import dump, dumps, load, load_department, load_project, loads
    from perfeval.evaluation.departments import DepartmentEvaluation
    from perfeval.findings import Finding, Findings, Severity
    from perfeval.model.departments import (
        Claim,
        Department,
        DepartmentFigure,
        Passage,
        RectificationItem,
        RectificationState,
        StatedDepartment,
    )
    from perfeval.model.year import (
        DeviationCause,
        Likelihood,
        MonitoredFunding,
        MonitoredIndicator,
        Monitoring,
        PastFigure,
        Review,
        ReviewedIndicator,
    )
    from perfeval.monitoring import monitor
    from perfeval.rates import (
        completion_rate,
        cost_saving_rate,
        execution_rate,
        funding_availability_rate,
        quality_rate,
        time_saving_rate,
        timely_funding_rate,
    )
    from perfeval.rectification import consequences, ledger
    from perfeval.reports import Report, report
    from perfeval.review import review_scores, review_summary
    from perfeval.text import parse_actual, parse_amount, parse_target

__version__ = "0.1.0"

# Reached when first used, so that importing perfeval stays cheap.
_LAZY = {
    "perfeval.checks": ("check",),
    "perfeval.findings": ("Finding", "Findings", "Severity"),
    "perfeval.documents": ("dump", "dumps", "load", "load_department", "load_project", "loads"),
    "perfeval.evaluation.departments": ("DepartmentEvaluation",),
    "perfeval.model.departments": (
        "Claim",
        "Department",
        "DepartmentFigure",
        "Passage",
        "RectificationItem",
        "RectificationState",
        "StatedDepartment",
    ),
    "perfeval.model.year": (
        "DeviationCause",
        "Likelihood",
        "MonitoredFunding",
        "MonitoredIndicator",
        "Monitoring",
        "PastFigure",
        "Review",
        "ReviewedIndicator",
    ),
    "perfeval.rates": (
        "completion_rate",
        "cost_saving_rate",
        "execution_rate",
        "funding_availability_rate",
        "quality_rate",
        "time_saving_rate",
        "timely_funding_rate",
    ),
    "perfeval.reports": ("Report", "report"),
    "perfeval.text": ("parse_actual", "parse_amount", "parse_target"),
    "perfeval.comparison": ("compare", "needed", "trend"),
    "perfeval.monitoring": ("monitor",),
    "perfeval.rectification": ("consequences", "ledger"),
    "perfeval.review": ("review_scores", "review_summary"),
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    for module, names in _LAZY.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(module), name)
    raise AttributeError(f"module 'perfeval' has no attribute {name!r}")


__all__ = [
    "ActualMethod",
    "Adjustment",
    "AmountError",
    "AmountUnit",
    "Band",
    "Between",
    "Bound",
    "Breakdown",
    "BudgetBasis",
    "Citation",
    "Claim",
    "Comparator",
    "Completion",
    "Deadline",
    "Department",
    "DepartmentEvaluation",
    "DepartmentFigure",
    "DeviationCause",
    "DocumentError",
    "Evaluation",
    "EvaluationKind",
    "Execution",
    "Fault",
    "Finding",
    "Findings",
    "FormError",
    "FrameError",
    "FundingLine",
    "FundingSource",
    "FundingTotal",
    "Grade",
    "Indicator",
    "IndicatorDefinition",
    "IndicatorKind",
    "Inverse",
    "Judgement",
    "Light",
    "Likelihood",
    "Line",
    "LocaleNotFoundError",
    "Meaning",
    "MissingExtraError",
    "ModelError",
    "MonitoredFunding",
    "MonitoredIndicator",
    "Monitoring",
    "OutlineNotFoundError",
    "Passage",
    "PastFigure",
    "PerfevalError",
    "Project",
    "Quantity",
    "Ratio",
    "Reason",
    "RectificationItem",
    "RectificationState",
    "Refusal",
    "Report",
    "Review",
    "ReviewedIndicator",
    "Rounding",
    "RuleSet",
    "RuleSetError",
    "RuleSetNotFoundError",
    "ScoringRule",
    "ScoringRuleError",
    "Severity",
    "Stated",
    "StatedDepartment",
    "StatedFunding",
    "StatedIndicator",
    "Statement",
    "TargetBasis",
    "TextError",
    "Threshold",
    "Tier",
    "achievement",
    "check",
    "compare",
    "completion_rate",
    "consequences",
    "cost_saving_rate",
    "dump",
    "dumps",
    "evaluate",
    "execution_rate",
    "execution_score",
    "from_unit",
    "funding_availability_rate",
    "grade",
    "ledger",
    "load",
    "load_department",
    "load_project",
    "loads",
    "monitor",
    "needed",
    "parse_actual",
    "parse_amount",
    "parse_target",
    "quality_rate",
    "report",
    "review_scores",
    "review_summary",
    "rule_set",
    "rule_sets",
    "score",
    "share",
    "time_saving_rate",
    "timely_funding_rate",
    "to_unit",
    "trend",
    "wan",
    "yi",
]
