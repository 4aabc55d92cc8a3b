"""Rule sets: what a document prescribes, as cited data (评分规则).

A rule set is one complete TOML file per version in force. It says which
measure and which scoring rule an indicator takes, how the execution rate is
weighted, how scores are rounded and graded; every table cites the article it
rests on, or states as an assumption what no text decides. This package reads
such files and finds the one for a place and a year; it knows no place itself.

>>> rules = rule_set("CN", fiscal_year=2022)
>>> rules.id, rules.execution.weight
('cn-mof-2020-10', Decimal('10'))
"""

from __future__ import annotations

from perfeval.places import nation, place_named, place_words, places_above
from perfeval.rulesets.comparators import (
    QUOTES_IN_NAMES,
    common_direction,
    is_counted_in,
    is_named,
    lists_for_rules,
    pattern_of_names,
    pattern_of_units,
    pattern_unless,
)
from perfeval.rulesets.lookup import beside, rule_set, rule_set_files, rule_sets, shipped_file, to_rule_set
from perfeval.rulesets.reading import read_bands, read_rounding
from perfeval.rulesets.records import (
    FORMS,
    Cap,
    CommonMethod,
    Deduction,
    DepartmentMethod,
    ExecutionRules,
    Limit,
    Method,
    NoBudget,
    TierWords,
    Unmet,
    Unstated,
    WeightRule,
    Weights,
    covers,
)
from perfeval.rulesets.ruleset import RuleSet, read_rule_set
from perfeval.rulesets.year import (
    Action,
    ConsequenceRule,
    LightBand,
    Lights,
    MonitoringRules,
    ResultRules,
    Schedule,
    light_of,
)

__all__ = [
    "FORMS",
    "QUOTES_IN_NAMES",
    "Action",
    "Cap",
    "CommonMethod",
    "ConsequenceRule",
    "Deduction",
    "DepartmentMethod",
    "ExecutionRules",
    "LightBand",
    "Lights",
    "Limit",
    "Method",
    "MonitoringRules",
    "NoBudget",
    "ResultRules",
    "RuleSet",
    "Schedule",
    "TierWords",
    "Unmet",
    "Unstated",
    "WeightRule",
    "Weights",
    "beside",
    "common_direction",
    "covers",
    "is_counted_in",
    "is_named",
    "light_of",
    "lists_for_rules",
    "nation",
    "pattern_of_names",
    "pattern_of_units",
    "pattern_unless",
    "place_named",
    "place_words",
    "places_above",
    "read_bands",
    "read_rounding",
    "read_rule_set",
    "rule_set",
    "rule_set_files",
    "rule_sets",
    "shipped_file",
    "to_rule_set",
]
