"""Why something has no measure, no share, no score, no total or no grade.

What cannot be computed is never 0 by accident: it has a `Reason`, whose words
are in the catalogs.

>>> from perfeval.i18n import message
>>> message(f"reason.{Reason.ACTUAL_ABSENT}", "zh_CN")
'没有填实际完成值'
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason"]


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
    TIER_WITHOUT_SHARE = "tier_without_share"
    SHARE_OUTSIDE_TIER = "share_outside_tier"
    NOT_A_SHARE = "not_a_share"
    NO_RULE = "no_rule"
    BEYOND_THE_RULES = "beyond_the_rules"
    FINISHED_UNKNOWN = "finished_unknown"
    NO_BUDGET = "no_budget"
    NOT_DUE = "not_due"
    # What follows for a total or a grade.
    EXCERPT = "excerpt"
    NOTHING_SCORED = "nothing_scored"
    LINE_UNSCORED = "line_unscored"
    WEIGHTS_DO_NOT_ADD_UP = "weights_do_not_add_up"
