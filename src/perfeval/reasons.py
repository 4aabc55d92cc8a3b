"""Why something has no measure, no share, no score, no total or no grade.

What cannot be computed is never 0 by accident: it has a `Reason`, whose words
are in the catalogs.

>>> from perfeval.i18n import message
>>> message(f"reason.{Reason.ACTUAL_ABSENT}", "zh_CN")
'未填报实际完成值'
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason", "Refusal"]


class Reason(StrEnum):
    """Why there is no measure, no share, no score or no grade."""

    # What the form lacks or has wrong.
    ACTUAL_ABSENT = "actual_absent"
    TARGET_ABSENT = "target_absent"
    WEIGHT_ABSENT = "weight_absent"
    WEIGHT_NEGATIVE = "weight_negative"
    DOUBLED_INDICATOR = "doubled_indicator"
    AMOUNT_ABSENT = "amount_absent"
    AMOUNT_NEGATIVE = "amount_negative"
    # What does not go together.
    UNITS_DIFFER = "units_differ"
    NOT_COMPARABLE = "not_comparable"
    LABELS_DIFFER = "labels_differ"
    DIRECTION_NOT_TOLD = "direction_not_told"
    SCALE_IN_DOUBT = "scale_in_doubt"
    CLAIM_CONTRADICTS = "claim_contradicts"
    COMPARATOR_UNSTATED = "comparator_unstated"
    WORDS_NOT_READ = "words_not_read"
    BOUND_UNDECIDED = "bound_undecided"
    # What the rules leave open.
    INVERSE_UNDECIDED = "inverse_undecided"
    ZERO_TARGET = "zero_target"
    NEGATIVE_TARGET = "negative_target"
    EQUAL_EXCEEDED = "equal_exceeded"
    OUTSIDE_RANGE = "outside_range"
    LATE = "late"
    RANK_MISSED = "rank_missed"
    BOUND_MISSED = "bound_missed"
    TIER_WITHOUT_SHARE = "tier_without_share"
    SHARE_OUTSIDE_TIER = "share_outside_tier"
    NOT_A_SHARE = "not_a_share"
    NO_RULE = "no_rule"
    BEYOND_THE_RULES = "beyond_the_rules"
    FINISHED_UNKNOWN = "finished_unknown"
    NO_BUDGET = "no_budget"
    NOT_DUE = "not_due"
    NOT_JUDGED = "not_judged"
    # What follows for a total or a grade.
    EXCERPT = "excerpt"
    NOTHING_SCORED = "nothing_scored"
    LINE_UNSCORED = "line_unscored"
    WEIGHTS_DO_NOT_ADD_UP = "weights_do_not_add_up"
    WEIGHT_RULE_BROKEN = "weight_rule_broken"


class Refusal(StrEnum):
    """Why a text that holds a figure, a date or a claim is read as words only.

    Its words say what the form would have to print. A text that holds none of
    these, or describes what was done without claiming a tier (完成，效果良好), is a
    statement without a refusal.
    """

    NEGATION = "negation"
    PLAN = "plan"
    OTHER_TIME = "other_time"
    COMPARISON = "comparison"
    CONDITION = "condition"
    SCORING_RULE = "scoring_rule"
    APPROXIMATION = "approximation"
    COMPOUND = "compound"
    RANGE = "range"
    PERIOD = "period"
    NO_YEAR = "no_year"
    NAME = "name"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_SIGN = "unknown_sign"
    GARBLED = "garbled"
    CLOCK = "clock"
    NO_DECIMAL = "no_decimal"
    IMPOSSIBLE = "impossible"
    CONTRADICTION = "contradiction"
    HEDGED_CLAIM = "hedged_claim"
    PROSE = "prose"
