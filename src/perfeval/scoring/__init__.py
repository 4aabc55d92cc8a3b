"""Scoring rules: from a measure to a share of the weight to a score.

A `ScoringRule` turns a measure (an exact `Ratio`) into the share of the weight
that is earned (得分率); the score is ``weight x share``, exact until it is
rounded once. Rules are piecewise linear and are kept as the name of their
constructor, its parameters, and the scale of points that their article is
written on. Nothing here knows a place or a document.

>>> from decimal import Decimal
>>> from perfeval.ratios import Ratio
>>> rule = ScoringRule.proportional()
>>> share(rule, Ratio(48, 50))
Ratio(numerator=48, denominator=50)
>>> score(Decimal(50), Ratio(48, 50), rule)
Decimal('48.00')
"""

from __future__ import annotations

from perfeval.model import Adjustment
from perfeval.scoring.grades import Band, Grade, band_of, grade, to_bands
from perfeval.scoring.pieces import Knot, Piece, Step
from perfeval.scoring.rules import Measure, ScoringRule, TierRange, read_rule
from perfeval.scoring.scores import execution_score, placed, score, share

__all__ = [
    "Adjustment",
    "Band",
    "Grade",
    "Knot",
    "Measure",
    "Piece",
    "ScoringRule",
    "Step",
    "TierRange",
    "band_of",
    "execution_score",
    "grade",
    "placed",
    "read_rule",
    "score",
    "share",
    "to_bands",
]
