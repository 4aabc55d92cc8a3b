"""The parts that an outline may name: each makes blocks of what a report is made from.

A part that has nothing to tell makes none; the section then says so, or is
left out, as the outline says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from perfeval.pages import Block
from perfeval.reports import money, pictures, results, reviewing, telling
from perfeval.reports.material import Material
from perfeval.reports.sections import Section

__all__ = ["PARTS"]

PARTS: Mapping[str, Callable[[Material, Section], Iterable[Block]]] = MappingProxyType(
    {
        "accounts": telling.accounts,
        "basis": reviewing.basis,
        "claims": telling.claims,
        "compared": results.compared,
        "consequences": telling.consequences,
        "coverage": telling.coverage,
        "credibility_chart": pictures.credibility,
        "errors": reviewing.errors,
        "exceeded": results.exceeded_targets,
        "execution_chart": pictures.execution,
        "findings": reviewing.findings,
        "forms": results.forms,
        "grades_chart": pictures.grades,
        "indicators": results.indicators,
        "indicators_chart": pictures.indicators,
        "ledger": telling.ledger,
        "lights_chart": pictures.lights,
        "lost_points_chart": pictures.lost_points,
        "missed": results.missed_targets,
        "money": money.money,
        "monitoring": results.monitoring,
        "notes": reviewing.notes,
        "organisation": telling.organisation,
        "other_findings": reviewing.other_findings,
        "overall_objective": telling.overall_objective,
        "overview": reviewing.overview,
        "projects": results.projects,
        "projects_table": results.projects_table,
        "rectification": telling.rectification,
        "reviewed": reviewing.reviewed,
        "scores": results.scores,
        "target_quality": telling.target_quality,
        "target_reviews": reviewing.target_reviews,
        "unknown": reviewing.unknown,
        "unscored": reviewing.unscored,
        "use_of_results": telling.use_of_results,
        "warnings": reviewing.warnings,
    }
)
"""What a section can tell, by name."""
