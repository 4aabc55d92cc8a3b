"""The ratios of a region's budget (财政预算绩效).

References: 财预〔2013〕53号 annex 3, whose 32 entries are here but for two: the
checklist of budget completeness and public satisfaction, which have no formula.
Limitations: no document says which direction is good.
"""

from __future__ import annotations

from decimal import Decimal

from perfeval.amounts import CONTEXT, sum_of
from perfeval.rates.figures import Figure, figure, rate
from perfeval.ratios import READING, Shape

__all__ = [
    "air_quality_change_rate",
    "carry_over_change_rate",
    "carry_over_rate",
    "debt_ratio",
    "energy_intensity_change_rate",
    "expenditure_completion_rate",
    "expenditure_pace_rate",
    "fiscal_expenditure_multiplier",
    "fiscal_revenue_gdp_share",
    "green_area_per_head_change_rate",
    "life_expectancy_change_rate",
    "livelihood_spending_share",
    "livelihood_spending_share_change_rate",
    "net_budget_surplus",
    "non_tax_revenue_share",
    "non_tax_revenue_share_change_rate",
    "operating_funding_adequacy_rate",
    "operating_funding_per_head_change_rate",
    "public_payroll_deviation_rate",
    "registered_unemployment_change_rate",
    "revenue_completion_rate",
    "rural_net_income_change_rate",
    "schooling_years_change_rate",
    "staff_funding_adequacy_rate",
    "suspense_balance_rate",
    "tax_revenue_share",
    "tax_revenue_share_change_rate",
    "three_public_spending_change_rate",
    "urban_disposable_income_change_rate",
]


def staff_funding_adequacy_rate(staff_funds: Figure, staff: Figure, standard: Figure) -> Decimal | None:
    """Return how far staff funds per post-holder reach their standard (人员经费保障率).

    The rate is ``(staff_funds / staff) / standard``.

    Args:
        staff_funds: Staff funds, yuan.
        staff: Staff on the public payroll.
        standard: The standard per post-holder, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *staff* or *standard* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> staff_funding_adequacy_rate(540, 6, 100)
    Decimal('0.9')
    """
    return rate(Shape.STANDARD, staff_funds=staff_funds, staff=staff, standard=standard)


def operating_funding_adequacy_rate(operating_funds: Figure, staff: Figure, standard: Figure) -> Decimal | None:
    """Return how far operating funds per head reach their standard (公用经费保障率).

    The rate is ``(operating_funds / staff) / standard``. Printed without “×100 %”.

    Args:
        operating_funds: Operating funds, yuan.
        staff: Staff on the public payroll.
        standard: The mean of comparable regions, yuan a head.

    Returns:
        A fraction, rounded to 34 digits; `None` if *staff* or *standard* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> operating_funding_adequacy_rate(540, 6, 100)
    Decimal('0.9')
    """
    return rate(Shape.STANDARD, operating_funds=operating_funds, staff=staff, standard=standard)


def operating_funding_per_head_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share operating funds per head changed (人均公用经费变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's operating funds per head, yuan.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> operating_funding_per_head_change_rate(90, 100)
    Decimal('-0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def livelihood_spending_share(livelihood_spending: Figure, public_spending: Figure) -> Decimal | None:
    """Return the share of public spending that goes to livelihood (民生支出占比).

    The rate is ``livelihood_spending / public_spending``.

    Args:
        livelihood_spending: Livelihood spending, in the ministry's scope, yuan.
        public_spending: Public budget spending of the year, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *public_spending* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> livelihood_spending_share(60, 80)
    Decimal('0.75')
    """
    return rate(Shape.RATIO, livelihood_spending=livelihood_spending, public_spending=public_spending)


def livelihood_spending_share_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the share of livelihood spending changed (民生支出占比变动率).

    The rate is ``(this_year - last_year) / last_year``. A relative change, not points.

    Args:
        this_year: This year's share, as a fraction.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> livelihood_spending_share_change_rate(Decimal("0.66"), Decimal("0.6"))
    Decimal('0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def three_public_spending_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share spending on the three public expenses changed (“三公经费”变动率).

    The rate is ``(this_year - last_year) / last_year``. Of amounts spent; annex 2 uses budgets.

    Args:
        this_year: This year's spending, yuan.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> three_public_spending_change_rate(90, 100)
    Decimal('-0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def public_payroll_deviation_rate(staff: Figure, standard_staff: Figure) -> Decimal | None:
    """Return by what share the staff on the payroll differs from the standard (财政供养人员控制率).

    The rate is ``(staff - standard_staff) / standard_staff``. The minus sign is lost in our copy of the annex: unverified.

    Args:
        staff: Staff on the public payroll.
        standard_staff: The standard headcount of the public payroll.

    Returns:
        A fraction, rounded to 34 digits; below 0 for fewer than the standard; `None` if *standard_staff* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> public_payroll_deviation_rate(105, 100)
    Decimal('0.05')
    """
    return rate(Shape.CHANGE, staff=staff, standard_staff=standard_staff)


def debt_ratio(debt: Figure, fiscal_capacity: Figure) -> Decimal | None:
    """Return government debt against the fiscal capacity (债务率).

    The rate is ``debt / fiscal_capacity``.

    Args:
        debt: Government debt outstanding at the end of the year, own level, yuan.
        fiscal_capacity: Comprehensive fiscal capacity: public budget, fund and state-capital spending, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *fiscal_capacity* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> debt_ratio(120, 100)
    Decimal('1.2')
    """
    return rate(Shape.RATIO, debt=debt, fiscal_capacity=fiscal_capacity)


def revenue_completion_rate(revenue: Figure, revenue_budget: Figure) -> Decimal | None:
    """Return the share of the revenue budget that was realised (收入完成率).

    The rate is ``revenue / revenue_budget``.

    Args:
        revenue: Revenue realised, yuan.
        revenue_budget: Revenue budget approved, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *revenue_budget* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> revenue_completion_rate(95, 100)
    Decimal('0.95')
    """
    return rate(Shape.RATIO, revenue=revenue, revenue_budget=revenue_budget)


def expenditure_completion_rate(spending: Figure, spending_budget: Figure) -> Decimal | None:
    """Return the share of the spending budget that was completed (支出完成率).

    The rate is ``spending / spending_budget``.

    Args:
        spending: Spending completed, yuan.
        spending_budget: Spending budget approved, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *spending_budget* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> expenditure_completion_rate(95, 100)
    Decimal('0.95')
    """
    return rate(Shape.RATIO, spending=spending, spending_budget=spending_budget)


def expenditure_pace_rate(spent_so_far: Figure, budget: Figure, standard: Figure) -> Decimal | None:
    """Return how far the pace of spending keeps to its standard (支出均衡率).

    The rate is ``(spent_so_far / budget) / standard``.

    Args:
        spent_so_far: Spent so far, yuan.
        budget: The year's budget, yuan.
        standard: The set progress as a fraction: time-proportional, the mean of three years, or peers'.

    Returns:
        A fraction, rounded to 34 digits; `None` if *budget* or *standard* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> expenditure_pace_rate(45, 100, Decimal("0.5"))
    Decimal('0.9')
    """
    return rate(Shape.STANDARD, spent_so_far=spent_so_far, budget=budget, standard=standard)


def carry_over_rate(carried_over: Figure, spending_budget: Figure) -> Decimal | None:
    """Return the share of the spending budget that was carried over (资金结转率).

    The rate is ``carried_over / spending_budget``.

    Args:
        carried_over: Funds carried over, without surplus, yuan.
        spending_budget: Public spending budget, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *spending_budget* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> carry_over_rate(5, 100)
    Decimal('0.05')
    """
    return rate(Shape.RATIO, carried_over=carried_over, spending_budget=spending_budget)


def carry_over_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the funds carried over changed (资金结转变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's funds carried over, yuan.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> carry_over_change_rate(90, 100)
    Decimal('-0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def suspense_balance_rate(suspense_balance: Figure, spending_budget: Figure) -> Decimal | None:
    """Return the balance of suspense receipts and advances against spending (总预算暂存暂付率).

    The rate is ``suspense_balance / spending_budget``.

    Args:
        suspense_balance: Year-end balance of suspense receipts and advances, yuan.
        spending_budget: Public spending budget, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *spending_budget* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> suspense_balance_rate(3, 100)
    Decimal('0.03')
    """
    return rate(Shape.RATIO, suspense_balance=suspense_balance, spending_budget=spending_budget)


def tax_revenue_share(tax_revenue: Figure, public_revenue: Figure) -> Decimal | None:
    """Return the share of public revenue that is tax (税收收入占比).

    The rate is ``tax_revenue / public_revenue``.

    Args:
        tax_revenue: Tax revenue, yuan.
        public_revenue: Public budget revenue, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *public_revenue* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> tax_revenue_share(75, 100)
    Decimal('0.75')
    """
    return rate(Shape.RATIO, tax_revenue=tax_revenue, public_revenue=public_revenue)


def tax_revenue_share_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the share of tax revenue changed (税收收入占比变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's share, as a fraction.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> tax_revenue_share_change_rate(Decimal("0.66"), Decimal("0.6"))
    Decimal('0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def non_tax_revenue_share(non_tax_revenue: Figure, public_revenue: Figure) -> Decimal | None:
    """Return the share of public revenue that is not tax (非税收入占比).

    The rate is ``non_tax_revenue / public_revenue``.

    Args:
        non_tax_revenue: Non-tax revenue, yuan.
        public_revenue: Public budget revenue, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *public_revenue* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> non_tax_revenue_share(25, 100)
    Decimal('0.25')
    """
    return rate(Shape.RATIO, non_tax_revenue=non_tax_revenue, public_revenue=public_revenue)


def non_tax_revenue_share_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the share of non-tax revenue changed (非税收入占比变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's share, as a fraction.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> non_tax_revenue_share_change_rate(Decimal("0.22"), Decimal("0.2"))
    Decimal('0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def urban_disposable_income_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share urban disposable income per head changed (城镇居民人均可支配收入变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's income over urban residents, yuan a head.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> urban_disposable_income_change_rate(105, 100)
    Decimal('0.05')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def rural_net_income_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share rural net income per head changed (农村居民人均纯收入变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's income over rural residents, yuan a head.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> rural_net_income_change_rate(105, 100)
    Decimal('0.05')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def schooling_years_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the years of schooling per head changed (人均受教育年限变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's total years over population.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> schooling_years_change_rate(Decimal("9.9"), 9)
    Decimal('0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def life_expectancy_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share life expectancy changed (人均期望寿命变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's life expectancy at age 0, years.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> life_expectancy_change_rate(77, 70)
    Decimal('0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def registered_unemployment_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the registered unemployment rate changed (城镇登记失业率变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's rate, registered unemployed over employed and registered unemployed at the end of the year.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> registered_unemployment_change_rate(Decimal("0.036"), Decimal("0.04"))
    Decimal('-0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def air_quality_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share the mean air quality changed (空气质量变动率).

    The rate is ``(this_year - last_year) / last_year``. Which sign is better depends on the measure.

    Args:
        this_year: This year's mean: the year's readings over 12.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> air_quality_change_rate(90, 100)
    Decimal('-0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def green_area_per_head_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share public green area per head changed (人均公共绿地面积变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's area over residents.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> green_area_per_head_change_rate(11, 10)
    Decimal('0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def energy_intensity_change_rate(this_year: Figure, last_year: Figure) -> Decimal | None:
    """Return by what share energy use per 10,000 yuan of GDP changed (万元GDP能耗变动率).

    The rate is ``(this_year - last_year) / last_year``.

    Args:
        this_year: This year's tons of standard coal over GDP in 万元.
        last_year: Last year's.

    Returns:
        A fraction, rounded to 34 digits; below 0 for a fall; `None` if *last_year* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> energy_intensity_change_rate(Decimal("0.45"), Decimal("0.5"))
    Decimal('-0.1')
    """
    return rate(Shape.CHANGE, this_year=this_year, last_year=last_year)


def net_budget_surplus(revenue: Figure, spending: Figure) -> Decimal:
    """Return what the budget has left (预算平衡性).

    The amount is ``revenue - spending``; it must not be below 0.

    Args:
        revenue: Revenue, yuan.
        spending: Spending, yuan.

    Returns:
        Yuan, exact.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> net_budget_surplus(100, 98)
    Decimal('2')
    """
    return CONTEXT.subtract(figure("revenue", revenue), figure("spending", spending))


def fiscal_revenue_gdp_share(
    public_revenue: Figure,
    fund_revenue: Figure,
    state_capital_revenue: Figure,
    social_security_revenue: Figure,
    gdp: Figure,
) -> Decimal | None:
    """Return total fiscal revenue as a share of GDP (财政总收入占GDP的比重).

    The rate is ``(public_revenue + fund_revenue + state_capital_revenue +
    social_security_revenue) / gdp``. Printed without “×100 %”.

    Args:
        public_revenue: Public budget revenue, yuan.
        fund_revenue: Government fund revenue without land use, yuan.
        state_capital_revenue: State-capital budget revenue, yuan.
        social_security_revenue: Social security revenue, yuan.
        gdp: Gross domestic product, yuan.

    Returns:
        A fraction, rounded to 34 digits; `None` if *gdp* is zero.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> fiscal_revenue_gdp_share(12, 4, 1, 3, 100)
    Decimal('0.2')
    """
    parts = {
        "public_revenue": public_revenue,
        "fund_revenue": fund_revenue,
        "state_capital_revenue": state_capital_revenue,
        "social_security_revenue": social_security_revenue,
    }
    total = sum_of(figure(name, part) for name, part in parts.items())
    return rate(Shape.RATIO, revenue=total, gdp=gdp)


def fiscal_expenditure_multiplier(
    gdp: Figure, last_gdp: Figure, public_spending: Figure, last_public_spending: Figure
) -> Decimal | None:
    """Return how much GDP grew for each yuan that public spending grew (财政支出乘数).

    The number is ``(gdp - last_gdp) / (public_spending - last_public_spending)``;
    a number, not a rate.

    Args:
        gdp: Gross domestic product, yuan.
        last_gdp: Last year's.
        public_spending: Public spending, yuan.
        last_public_spending: Last year's.

    Returns:
        A number, rounded to 34 digits; `None` if spending did not change.

    Raises:
        AmountError: If a figure is a float, not finite or negative.

    Source: 财预〔2013〕53号 annex 3.

    >>> fiscal_expenditure_multiplier(115, 100, 30, 20)
    Decimal('1.5')
    """
    grown = CONTEXT.subtract(figure("gdp", gdp), figure("last_gdp", last_gdp))
    more = CONTEXT.subtract(
        figure("public_spending", public_spending), figure("last_public_spending", last_public_spending)
    )
    return READING.divide(grown, more) if more else None
