"""Projects as forms have them, and some as they should not be."""

from __future__ import annotations

from decimal import Decimal

import attrs
from hypothesis import strategies as st

import perfeval as pe

NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=8)
KINDS = st.sampled_from(list(pe.IndicatorKind)) | st.none()
FIGURES = st.decimals(min_value=-1000, max_value=10**7, places=3) | st.integers(0, 10**6).map(Decimal)
UNITS = st.sampled_from([None, "个", "%", "公里", "元"])
SHARES = st.decimals(min_value=0, max_value=1, places=2)
DAYS = st.dates()
AMOUNTS = st.none() | st.decimals(min_value=-10, max_value=10**9, places=2)
TEXTS = st.none() | NAMES

TARGETS = st.one_of(
    st.none(),
    st.builds(pe.Threshold, st.sampled_from(pe.Comparator), FIGURES, UNITS),
    st.tuples(FIGURES, FIGURES, UNITS).map(lambda t: pe.Between(min(t[:2]), max(t[:2]), t[2])),
    st.builds(pe.Deadline, DAYS),
    st.builds(pe.Statement, NAMES | st.sampled_from(["50件", "≥90%", "40万元"])),
)
ACTUALS = st.one_of(
    st.none(),
    st.builds(pe.Quantity, FIGURES, UNITS, st.sampled_from(pe.Bound)),
    st.builds(pe.Completion, DAYS),
    st.builds(pe.Judgement, st.sampled_from(pe.Tier), share=st.none() | SHARES),
    st.builds(pe.Judgement, share=SHARES),
    st.builds(pe.Judgement, st.sampled_from(pe.Tier), words=NAMES | st.just("已完成")),
    st.builds(pe.Statement, NAMES | st.sampled_from(["达成预期指标", "部分达成预期指标", "50件"])),
)
JUDGEMENTS = st.one_of(
    st.none(),
    st.builds(pe.Judgement, st.sampled_from(pe.Tier), share=st.none() | SHARES, words=TEXTS),
    st.builds(pe.Judgement, share=SHARES, words=TEXTS),
)
WEIGHTS = st.none() | st.decimals(min_value=-1, max_value=50, places=1) | st.integers(0, 50).map(Decimal)

_INDICATORS = st.builds(
    pe.Indicator,
    NAMES,
    kind=KINDS,
    target=TARGETS,
    actual=ACTUALS,
    weight=WEIGHTS,
    deviation_reason=TEXTS,
    corrective_action=TEXTS,
    stated=st.builds(pe.StatedIndicator, score=WEIGHTS),
    code=TEXTS,
    definition=st.just(pe.IndicatorDefinition())
    | st.builds(
        pe.IndicatorDefinition,
        explanation=TEXTS,
        source=TEXTS,
        target_basis=st.sampled_from(list(pe.TargetBasis)) | st.none(),
        target_basis_note=TEXTS,
        actual_method=st.sampled_from(list(pe.ActualMethod)) | st.none(),
        data_source=TEXTS,
        scoring_rule=TEXTS,
        evidence=st.lists(NAMES, max_size=2),
    ),
    history=st.lists(
        st.builds(pe.PastFigure, st.integers(2000, 2030), ACTUALS), max_size=2, unique_by=lambda figure: figure.year
    ),
    target_set=st.none() | DAYS,
    original_target=TARGETS,
    judgement=JUDGEMENTS,
)
# Now and then a row of a template with nothing in it.
INDICATORS = st.integers(0, 9).flatmap(
    lambda drawn: st.builds(pe.Indicator, NAMES, kind=KINDS) if drawn == 0 else _INDICATORS
)
_MONEY = dict.fromkeys(
    ("original_budget", "budget_adjustment", "adjusted_budget", "funds_received", "actual_expenditure"), AMOUNTS
)
FUNDING = st.builds(
    pe.FundingLine,
    st.sampled_from(pe.FundingSource),
    breakdown=st.sampled_from(pe.Breakdown),
    label=TEXTS,
    stated=st.builds(
        pe.StatedFunding, execution_rate=st.none() | st.decimals(0, 2, places=4), weight=WEIGHTS, score=WEIGHTS
    ),
    **_MONEY,
)


@st.composite
def money_blocks(draw):
    """Rows of money, some of which are parts (其中) of a row above."""
    rows = []
    for row in draw(st.lists(FUNDING, max_size=4)):
        labels = [one.label for one in rows if one.label is not None]
        # Were a label to stand twice, a row could be part of itself.
        heads = labels if row.label not in labels else []
        rows.append(attrs.evolve(row, part_of=draw(st.sampled_from([None, *heads]))))
    return rows


STATED = st.builds(
    pe.Stated,
    funding_total=st.builds(pe.FundingTotal, **_MONEY),
    execution_rate=st.none() | st.decimals(0, 2, places=4),
    execution_weight=WEIGHTS,
    execution_score=WEIGHTS,
    total=WEIGHTS,
    grade=TEXTS,
)
MONITORED = st.builds(
    pe.MonitoredIndicator,
    NAMES,
    kind=KINDS,
    done=ACTUALS,
    expected=ACTUALS,
    causes=st.lists(st.sampled_from(pe.DeviationCause), max_size=2),
    explanation=TEXTS,
    likelihood=st.none() | st.sampled_from(pe.Likelihood),
    measure=TEXTS,
    light=st.none() | st.sampled_from(pe.Light),
    note=TEXTS,
)
_TO_DATE = {"spent_to_date": AMOUNTS, "expected_expenditure": AMOUNTS}
MONITORINGS = st.builds(
    pe.Monitoring,
    DAYS,
    funding=st.lists(st.builds(pe.MonitoredFunding, st.sampled_from(pe.FundingSource), **_TO_DATE), max_size=2),
    indicators=st.lists(MONITORED, max_size=3),
    light=st.none() | st.sampled_from(pe.Light),
    reported=st.none() | DAYS,
    **_TO_DATE,
)
ADJUSTMENTS = st.lists(
    st.builds(pe.Adjustment, NAMES, st.integers(-20, 5) | st.decimals(-20, 5, places=2), NAMES, reason=NAMES),
    max_size=2,
)
_CODES = st.lists(st.sampled_from(["AR101", "CP106"]), max_size=2)
REVIEWS = st.builds(
    pe.Review,
    reviewer=TEXTS,
    date=st.none() | DAYS,
    indicators=st.lists(
        st.builds(
            pe.ReviewedIndicator,
            NAMES,
            kind=KINDS,
            actual=ACTUALS,
            score=WEIGHTS,
            reason=TEXTS,
            evidence=TEXTS,
            codes=_CODES,
            judgement=JUDGEMENTS,
        ),
        max_size=3,
    ),
    actual_expenditure=AMOUNTS,
    reason=TEXTS,
    codes=_CODES,
)
PROJECTS = st.builds(
    pe.Project,
    NAMES,
    fiscal_year=st.integers(2020, 2030),
    amount_unit=st.sampled_from(pe.AmountUnit),
    place=st.sampled_from([None, "CN", "CN-HB", "130225"]),
    code=TEXTS,
    supervising_department=TEXTS,
    implementing_unit=TEXTS,
    description=TEXTS,
    funding=money_blocks(),
    objective_expected=TEXTS,
    objective_actual=TEXTS,
    indicators=st.lists(INDICATORS, max_size=5),
    execution_deviation_reason=TEXTS,
    execution_judgement=st.sampled_from([None, None, None, pe.Judgement("partly_achieved", share="0.7", words="超支")]),
    finished=st.sampled_from([None, True, False]),
    monitoring=st.lists(MONITORINGS, max_size=2, unique_by=lambda row: row.through),
    review=st.none() | REVIEWS,
    adjustments=ADJUSTMENTS,
    stated=STATED,
    excerpt=st.booleans(),
    origin=TEXTS,
)
DEPARTMENTS = st.builds(
    pe.Department,
    NAMES,
    fiscal_year=st.integers(2020, 2030),
    amount_unit=st.sampled_from(pe.AmountUnit),
    place=st.sampled_from([None, "CN"]),
    projects=st.lists(PROJECTS, max_size=3),
    adjustments=ADJUSTMENTS,
)
