"""Reports: what they tell is in the data, all of it is told, and every carrier says the same."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain, product
from pathlib import Path

import attrs
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import perfeval as pe
from perfeval.errors import OutlineNotFoundError
from perfeval.i18n import LOCALES, catalog
from perfeval.monitoring import monitor
from perfeval.pages import FoldOut, Heading, Items, Notice, Table, docx, visible, words_of
from perfeval.reports import Outline, outline, outlines, report
from perfeval.reports.numbering import chinese
from perfeval.review import review_scores
from perfeval.target_review import review_targets, target_review_rules
from strategies import DEPARTMENTS, NAMES, PROJECTS

EXAMPLES = ("laoting-2022", "qinghe-2022", "qingheju-2022", "qingheju-2022-midyear")
OUTLINES = [found.id for found in outlines()]


def example(name):
    subject = pe.load(f"examples/{name}.toml")
    return subject, pe.rule_set(subject.place or "CN", fiscal_year=subject.fiscal_year)


# The carriers, read back.


class Reading(HTMLParser):
    """The words of a document of HTML, and its elements with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.words, self.elements = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        if self.elements and self.elements[-1][0] not in ("style", "title"):
            self.words.append(data)


def words_of_docx(data):
    body = Document(BytesIO(data)).element.body
    return [node.text or "" for node in body.iter(qn("w:t"))]


def words_of_markdown(text):
    text = re.sub(r"<!-- -->|</?(?:details|summary)>|\*\*", "", text)
    text = re.sub(r"(?m)^\| (?:---:? \| ?)+(?:---:? \|)?$|^#+ |^> |^- ", "", text)
    text = re.sub(r"(?<!\\)[|*`]", " ", text)
    return re.sub(r"\\(.)", r"\1", text).replace("&lt;", "<").replace("&amp;", "&").replace("&gt;", ">")


def bare(words):
    return "".join("".join(words).split())


CARRIERS = {
    "html": lambda made: " ".join(Reading(made.to_html()).words),
    "docx": lambda made: " ".join(words_of_docx(docx(made.page))),
    "markdown": lambda made: words_of_markdown(made.to_markdown()),
}


# Every number, from the data alone.

NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


def numbers_in(text):
    """The numbers of a text: 656,300 is one, as English writes it."""
    return {Fraction(found) for found in NUMBER.findall(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text))}


def rounded_percent(share):
    """A share in per cent to two decimals, half up."""
    hundredths = abs(share) * 10_000
    return Fraction(int(hundredths + Fraction(1, 2)), 100)


def project_numbers(one, subject, rules):
    """The numbers of one project: of its form, its lines, its money in its own unit and the document's."""
    known = set()
    project = one.project
    units = [unit_of(subject), unit_of(project)]
    for row in project.indicators:
        known |= numbers_in(f"{row.target} {row.actual}")
    for line in one.lines:
        known |= numbers_in(f"{line.formula} {line.target} {line.score} {line.weight}")
        for ratio in (line.measure, line.share):
            if isinstance(ratio, pe.Ratio):
                known |= {rounded_percent(Fraction(*ratio)), Fraction(*ratio) * 100}
    figures = [one.execution.budget, one.execution.actual_expenditure]
    known |= amounts([*figures, project.stated.amount], units)
    if project.stated.execution_rate is not None:
        known.add(Fraction(project.stated.execution_rate) * 100)
    if None not in figures:
        known |= amounts([Fraction(figures[0]) - Fraction(figures[1])], units)
    for level in {row.kind and row.kind.level1 for row in project.indicators}:
        lines = [line for line in one.lines[1:] if (line.item.kind and line.item.kind.level1) is level]
        known.add(Fraction(sum(Fraction(line.score or 0) for line in lines)))
        known.add(Fraction(sum(Fraction(line.weight or 0) for line in lines)))
    shares = Counter(
        "unscored" if line.score is None else "full" if Fraction(*line.share) >= 1 else "less"
        for line in one.lines[1:]
        if line.weight is not None
    )
    known |= {Fraction(count) for count in shares.values()} | {Fraction(shares.total())}
    reached = [
        Fraction(row.actual.value) / Fraction(row.target.value)
        for row in project.indicators
        if isinstance(row.actual, pe.Quantity) and isinstance(row.target, pe.Threshold) and row.target.value
    ]
    known |= {rounded_percent(share) for share in chain(reached, (1 / share for share in reached if share))}
    known |= numbers_in(f"{one.total} {one.partial_score} {one.execution_rate}")
    points = [Fraction(made.points) for made in one.adjustments]
    known |= set(map(abs, [*points, sum(points)]))
    if project.review is not None:
        known |= numbers_in(json.dumps(review_scores(project, rules).to_dict(), ensure_ascii=False))
        spent, budget = project.review.actual_expenditure, one.execution.budget
        if spent is not None and budget:
            known.add(rounded_percent(Fraction(spent) / Fraction(budget)))
    if one.execution_rate is not None:
        known.add(rounded_percent(Fraction(one.execution_rate)))
    for text in (one.explain("zh_CN"), one.explain("en")):
        known |= numbers_in(text)
    columns = [field.name for field in attrs.fields(pe.FundingTotal)]
    for row in (project.stated.funding_total, *project.funding):
        known |= amounts([getattr(row, name) for name in columns], units)
    for state in project.monitoring:
        for row in (state, *state.funding):
            known |= amounts([row.spent_to_date, row.expected_expenditure], units)
    for row in project.funding:
        if row.adjusted_budget and row.actual_expenditure is not None:
            spent, budget = Fraction(row.actual_expenditure), Fraction(row.adjusted_budget)
            known |= {rounded_percent(spent / budget)} | amounts([budget - spent], units)
    return known


def known_numbers(subject, rules):
    """The numbers that a report may say: of the model, its evaluation, the findings; sums, differences and counts."""
    result, findings = pe.evaluate(subject, rules), pe.check(subject, rules)
    document = json.loads(pe.dumps(subject, format="json"))
    known = numbers_in(json.dumps(document, ensure_ascii=False))
    projects = getattr(result, "projects", (result,))
    for one in projects:
        known |= project_numbers(one, subject, rules)
    known |= amounts(column_sums([one.project for one in projects]), [unit_of(subject)])
    for group in ([one.project for one in projects], *([one.project] for one in projects)):
        known |= source_numbers(group, unit_of(subject))
    known |= target_counts([row for one in projects for row in one.project.indicators])
    with_targets = [
        one
        for one in projects
        if one.project.objective_expected is not None or any(row.target is not None for row in one.project.indicators)
    ]
    budgets = [one.execution.budget for one in with_targets]
    if None not in budgets:
        known |= amounts([sum(map(Fraction, budgets))], [unit_of(subject)]) | {Fraction(len(budgets))}
    known |= watched_numbers(subject, rules)
    if rules.exceeded is not None:
        known.add(Fraction(rules.exceeded.value) * 100)
    if rules.results is not None:
        for one in projects:
            shares = [share for rule in rules.results.rows for share in (rule.at_least, rule.at_most) if share]
            budgets = column_sums([one.project])
            known |= amounts([b * Fraction(share) for b in budgets for share in shares], [unit_of(one.project)])
    if isinstance(result, pe.DepartmentEvaluation):
        known |= department_numbers(result, unit_of(subject))
    for finding in findings:
        for locale in LOCALES:
            known |= numbers_in(finding.message(locale))
            known |= numbers_in(" ".join(cite.text(locale) for cite in finding.cites))
        known |= numbers_in(finding.code)
    for key in ("severity", "code"):
        known |= {Fraction(count) for count in Counter(getattr(one, key) for one in findings).values()}
    known |= {Fraction(n) for n in Counter((one.code[:2], one.severity) for one in findings).values()} | {Fraction(0)}
    # What a place leaves open goes by the nation's rules, with their articles.
    in_force = (rules, pe.rule_set("cn-mof-2020-10"))
    return known | numbers_in(" ".join(f"{one.id} {one.title} {one.every_grounds()}" for one in in_force))


def unit_of(subject):
    return Fraction(10) ** subject.amount_unit.exponent


def amounts(figures, units):
    """Amounts as a report has them: in yuan, and in the units of its tables."""
    found = [abs(Fraction(figure)) for figure in figures if figure is not None]
    return {figure / unit for figure in found for unit in (Fraction(1), *units)}


def watched_numbers(subject, rules):
    """The numbers of the mid-year state, where there is one that the rules speak of."""
    try:
        found = monitor(subject, rules)
    except pe.ModelError:
        return set()
    watched = numbers_in(json.dumps(found.to_dict(), ensure_ascii=False)) | {Fraction(12)}
    if isinstance(subject, pe.Department):
        watched |= {Fraction(count) for _, count in found.counts} | {Fraction(len(found.projects))}
    states = [state for one in getattr(subject, "projects", (subject,)) for state in one.monitoring]
    return watched | set(map(rounded_percent, watched)) | {Fraction(state.through.month) for state in states}


def department_numbers(result, unit):
    stated = attrs.asdict(result.department.stated)
    known = amounts([value for value in stated.values() if value is not None], [unit])
    known |= {Fraction(abs(value)) * 100 for key, value in stated.items() if value is not None and "rate" in key}
    if result.stated_execution_rate is not None:
        known.add(rounded_percent(Fraction(result.stated_execution_rate)))
    for row in (result.money, *result.sources):
        figures = [row.budget, row.actual_expenditure]
        known |= amounts(figures, [unit])
        if None not in figures:
            known |= amounts([Fraction(figures[0]) - Fraction(figures[1])], [unit])
        if row.rate is not None:
            known.add(rounded_percent(Fraction(row.rate)))
    if result.listed_amount is not None:
        known |= amounts([result.listed_amount], [unit])
    known |= {Fraction(len(result.projects)), *(Fraction(count) for _, count in result.grades)}
    means = (result.mean_score, result.weighted_mean_score, result.partial_mean_score)
    known |= numbers_in(f"{result.coverage} {means} {result.ungraded}")
    for rate in (result.coverage.rate, result.coverage.budget_rate):
        if rate is not None:
            known.add(rounded_percent(Fraction(rate)))
    rows = result.department.rectification_items
    known |= {Fraction(count) for count in Counter(row.state for row in rows).values()}
    known |= {Fraction(len(rows)), Fraction(len(result.department.claims))}
    return known


def column_sums(projects):
    """The sums of each column of money: of a project's rows, of its mid-year rows, and of all projects."""
    names = [field.name for field in attrs.fields(pe.FundingTotal)]
    sums = []
    for name in names:
        of_each = [sum(Fraction(getattr(row, name) or 0) for row in project.funding) for project in projects]
        sums += [*of_each, sum(of_each)]
    for project in projects:
        for state in project.monitoring:
            for name in ("spent_to_date", "expected_expenditure"):
                sums.append(sum(Fraction(getattr(row, name) or 0) for row in state.funding))
    return sums


def source_numbers(projects, unit):
    """What the rows of each source and the forms add to, what is left of each budget, and the rates."""
    rows = [row for project in projects for row in project.funding]
    known = set()
    for name in (field.name for field in attrs.fields(pe.FundingTotal)):
        # Of each form the total row, else one of its breakdowns, else the amount below zero that stands in its way.
        told = [
            {getattr(project.stated.funding_total, name)} - {None}
            or {
                sum(Fraction(getattr(row, name) or 0) for row in project.funding if row.breakdown is breakdown)
                for breakdown in pe.Breakdown
            }
            | {getattr(row, name) for row in project.funding if (getattr(row, name) or 0) < 0}
            for project in projects
        ]
        known |= amounts([sum(map(Fraction, chosen)) for chosen in product(*told)], [unit])
    for source in pe.FundingSource:
        of_source = [row for row in rows if row.source is source]
        sums = {
            field.name: sum(Fraction(getattr(row, field.name) or 0) for row in of_source)
            for field in attrs.fields(pe.FundingTotal)
        }
        spent = sums["actual_expenditure"]
        known |= amounts([*sums.values(), *(budget - spent for budget in sums.values())], [unit])
        known |= {rounded_percent(spent / budget) for budget in sums.values() if budget}
    return known


def target_counts(rows):
    """How many targets were reached, missed and exceeded, by the plain reading of figures."""
    counted = Counter()
    for row in rows:
        target, actual = row.target, row.actual
        if isinstance(target, pe.Threshold) and isinstance(actual, pe.Quantity):
            most = target.comparator is pe.Comparator.AT_MOST
            a, b = (target.value, actual.value) if most else (actual.value, target.value)
            counted["reached" if a >= b else "missed"] += 1
            counted["exceeded"] += a > b
        elif isinstance(actual, pe.Judgement) and actual.tier is pe.Tier.PARTLY_ACHIEVED:
            counted["missed"] += 1
        elif target is not None and (
            (isinstance(actual, pe.Judgement) and actual.tier is pe.Tier.ACHIEVED)
            or (isinstance(actual, pe.Statement) and actual.text == "达成预期指标")
        ):
            counted["reached"] += 1
    return {Fraction(count) for count in counted.values()}


def printed_by_the_outline(of, locale):
    """The numbers that the outline brings, and those that a sentence has in any case."""
    texts = [text for key, text in catalog(locale).items() if key.startswith(("report.", "amount.", "unit.", "form."))]
    return numbers_in(f"{of.grounds} {of.title}") | numbers_in(" ".join(texts)) | {Fraction(1)}


class TestNumbers:
    @pytest.mark.parametrize("name", EXAMPLES)
    @pytest.mark.parametrize("of", OUTLINES)
    @pytest.mark.parametrize("locale", LOCALES)
    def test_every_number_is_in_the_data_in_every_carrier(self, name, of, locale):
        subject, rules = example(name)
        made = report(subject, rules, outline=of, locale=locale)
        known = known_numbers(subject, rules) | printed_by_the_outline(outline(of), locale)
        numbers = {block.number for block in made.page.blocks if isinstance(block, Heading)}
        known |= numbers_in(" ".join(numbers))
        for carrier, read in CARRIERS.items():
            assert numbers_in(read(made)) - known == set(), carrier

    def test_a_number_that_is_not_in_the_data_is_seen(self):
        subject, rules = example("laoting-2022")
        known = known_numbers(subject, rules)
        assert {Fraction(79), Fraction("65.63"), Fraction("83.08"), Fraction(76)} <= known
        assert not {Fraction("83.07"), Fraction("96.20"), Fraction(155)} & known


class TestCarriers:
    @pytest.mark.parametrize("name", EXAMPLES)
    @pytest.mark.parametrize("of", OUTLINES)
    @pytest.mark.parametrize("locale", LOCALES)
    def test_the_same_words_in_all(self, name, of, locale):
        made = report(*example(name), outline=of, locale=locale)
        told = bare(words_of(made.page))
        assert bare(Reading(made.to_html()).words) == told
        assert bare(re.sub("— ", "", words) for words in words_of_docx(docx(made.page))) == bare(told.split("— "))
        assert bare(words_of_markdown(made.to_markdown())) == told

    def test_word_is_written_whole_or_not_at_all(self, tmp_path, monkeypatch):
        made = report(*example("laoting-2022"))
        path = tmp_path / "report.docx"
        made.to_docx(path)
        before = path.read_bytes()
        assert words_of_docx(before)[0] == "乐亭县人大常委会2022年度绩效自评报告"

        def broken(_):
            raise OSError("disk full")

        monkeypatch.setattr("perfeval.reports.making.docx", broken)
        with pytest.raises(OSError, match=r"^disk full$"):
            made.to_docx(path)
        assert path.read_bytes() == before
        monkeypatch.setattr("os.fdopen", lambda *_: (_ for _ in ()).throw(OSError("no space")))
        monkeypatch.setattr("perfeval.reports.making.docx", lambda _: b"new")
        with pytest.raises(OSError, match=r"^no space$"):
            made.to_docx(path)
        assert [found.name for found in tmp_path.iterdir()] == ["report.docx"]
        assert path.read_bytes() == before


STATED = st.builds(
    pe.StatedDepartment,
    projects=st.none() | st.integers(-1, 9),
    evaluated_projects=st.none() | st.integers(-1, 9),
    coverage_rate=st.none() | st.decimals(0, 2, places=4),
    budget=st.none() | st.decimals(-10, 10**9, places=2),
    actual_expenditure=st.none() | st.decimals(-10, 10**9, places=2),
    execution_rate=st.none() | st.decimals(0, 2, places=4),
    mean_score=st.none() | st.decimals(0, 120, places=2),
    excellent=st.none() | st.integers(0, 9),
)
PASSAGES = st.none() | NAMES.map(pe.Passage)
REPORTED = st.builds(
    lambda department, told: attrs.evolve(department, **told),
    DEPARTMENTS,
    st.fixed_dictionaries(
        {
            "stated": STATED,
            **dict.fromkeys(
                ("organisation", "overall_objective", "target_quality", "rectification", "use_of_results"), PASSAGES
            ),
            "claims": st.lists(st.builds(pe.Claim, NAMES, NAMES), max_size=2),
            "rectification_items": st.lists(
                st.builds(
                    pe.RectificationItem,
                    NAMES,
                    measure=st.none() | NAMES,
                    owner=st.none() | NAMES,
                    due=st.none() | st.dates(),
                    state=st.none() | st.sampled_from(pe.RectificationState),
                ),
                max_size=2,
            ),
            "excerpt": st.booleans(),
        }
    ),
)
RULE_SETS = st.sampled_from(["cn-mof-2020-10", "cn-mof-2021-101", "cn-platform-manual", "cn-ha-2020-10"])


# Departments as they are: money and scores that can be computed, a state at mid-year, a ledger.

MONEY = st.decimals(min_value="0.01", max_value=9999, places=2).map(pe.wan)
WORDS = NAMES | st.none()


@st.composite
def plausible_indicators(draw):
    count = draw(st.integers(1, 4))
    weights = draw(st.sampled_from([[90], [50, 40], [50, 30, 10], [20, 30, 30, 10]]).filter(lambda w: len(w) == count))
    kinds = ("output.quantity", "output.quality", "benefit.social", "satisfaction", "cost.economic", None)
    rows = []
    for number, weight in enumerate(weights):
        unit = draw(st.sampled_from(["个", "%", "公里", "万元"]))
        sign = draw(st.sampled_from(["≥", "≤", "=", ""]))
        target = draw(st.decimals(min_value="0.5", max_value=200, places=1))
        reached = draw(st.decimals(min_value=0, max_value=250, places=1))
        rows.append(
            pe.Indicator(
                f"{draw(NAMES)}{chr(0x7532 + number)}",
                kind=draw(st.sampled_from(kinds)),
                target=f"{sign}{target}{unit}",
                actual=draw(st.sampled_from([f"{reached}{unit}", f"{target}{unit}", "达成预期指标", None])),
                weight=weight,
                deviation_reason=draw(WORDS),
                corrective_action=draw(WORDS),
                stated=pe.StatedIndicator(score=draw(st.none() | st.integers(0, weight))),
            )
        )
    return rows


@st.composite
def plausible_projects(draw, number=0):
    budget, original = draw(MONEY), draw(st.none() | MONEY)
    indicators = draw(plausible_indicators())
    spent = draw(MONEY | st.just(budget))
    lines = [pe.FundingLine(pe.FundingSource.APPROPRIATION, original_budget=original, adjusted_budget=budget,
                            actual_expenditure=spent)]  # fmt: skip
    if draw(st.booleans()):
        lines.append(
            pe.FundingLine(pe.FundingSource.OTHER, adjusted_budget=draw(MONEY), actual_expenditure=draw(MONEY))
        )
    states = []
    if draw(st.booleans()):
        done = [
            pe.MonitoredIndicator(row.name, kind=row.kind, done=row.actual, expected=row.actual) for row in indicators
        ]
        states.append(pe.Monitoring(dt.date(2022, 7, 31), spent_to_date=draw(MONEY), indicators=done))
    return pe.Project(
        f"{draw(NAMES)}{number}",
        fiscal_year=2022,
        description=draw(WORDS),
        objective_expected=draw(WORDS),
        objective_actual=draw(WORDS),
        funding=lines if draw(st.integers(0, 5)) else [],
        indicators=indicators,
        finished=True,
        self_evaluated=draw(st.sampled_from([True, None])),
        monitoring=states,
        stated=pe.Stated(
            execution_rate=draw(st.none() | st.decimals(0, 1, places=4)),
            total=draw(st.none() | st.integers(0, 100)),
            grade=draw(st.sampled_from([None, "优", "良"])),
            amount=draw(st.none() | MONEY),
        ),
    )


@st.composite
def plausible_departments(draw):
    projects = [draw(plausible_projects(number)) for number in range(draw(st.integers(1, 4)))]
    told = st.none() | st.integers(0, 5)
    return pe.Department(
        draw(NAMES),
        fiscal_year=2022,
        projects=projects,
        stated=pe.StatedDepartment(
            projects=draw(told),
            evaluated_projects=draw(told),
            coverage_rate=draw(st.none() | st.decimals(0, 1, places=4)),
            budget=draw(st.none() | MONEY),
            actual_expenditure=draw(st.none() | MONEY),
            execution_rate=draw(st.none() | st.decimals(0, 1, places=4)),
            mean_score=draw(st.none() | st.decimals(0, 100, places=2)),
            excellent=draw(told),
        ),
        claims=draw(st.lists(st.builds(pe.Claim, NAMES, NAMES), max_size=2)),
        rectification_items=[
            pe.RectificationItem(draw(NAMES), measure=draw(WORDS), due=dt.date(2023, 3, 31), state=draw(STATES))
            for _ in range(draw(st.integers(0, 2)))
        ],
        **{name: draw(PASSAGES) for name in ("organisation", "target_quality", "rectification", "use_of_results")},
    )


STATES = st.none() | st.sampled_from(pe.RectificationState)
PLAUSIBLE = plausible_departments() | plausible_projects()


class TestEveryDepartment:
    """Whatever its data: every carrier has the words of the page, and no number but those of the data."""

    @pytest.mark.parametrize("of", OUTLINES)
    @pytest.mark.parametrize("locale", LOCALES)
    @given(subject=PLAUSIBLE | REPORTED | PROJECTS, rules=RULE_SETS)
    # Not shrunk: that renders thousands of reports.
    @settings(
        max_examples=6,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    def test_has_its_report_in_all_carriers(self, subject, rules, of, locale):
        in_force = pe.rule_set(rules)
        made = report(subject, in_force, outline=of, locale=locale)
        told = bare(map(visible, words_of(made.page)))
        found = {name: read(made) for name, read in CARRIERS.items()}
        assert bare(found["html"]) == told
        assert bare(found["docx"]).replace("—", "") == told.replace("—", "")
        assert bare(found["markdown"]) == told
        assert "None" not in told
        assert not re.search(r"\{\w*\}", told)
        known = known_numbers(subject, in_force) | printed_by_the_outline(outline(of), locale)
        known |= numbers_in(" ".join(block.number for block in made.page.blocks if isinstance(block, Heading)))
        # Which targets are reached is the rules' reading of them; no count is larger than what is there.
        projects = getattr(subject, "projects", (subject,))
        known |= set(map(Fraction, range(1 + sum(len(one.indicators) for one in projects))))
        for name, text in found.items():
            assert numbers_in(text) - known == set(), name


# The facts of the published report that stand as figures in a sentence, as the English report has them.
ENGLISH_FACTS = {
    "项目6个，占部门项目总数的100%，涉及预算金额79万元。": "6 projects, 100% of the department's, with a budget of 790,000 yuan.",
    "项目支出决算为65.63万元": "spent 656,300 yuan",
    "40万元": "400,000 yuan",
    "8万元": "80,000 yuan",
    "12万元": "120,000 yuan",
    "6万元": "60,000 yuan",
    "10万元": "100,000 yuan",
}


class TestCounty:
    """The published report's four sections, its figures and nothing that it does not say."""

    @staticmethod
    def made(locale="zh_CN", name="laoting-2022"):
        return report(*example(name), locale=locale)

    def test_its_four_sections(self):
        headings = [block.words for block in self.made().page.blocks if isinstance(block, Heading) and block.level == 2]
        assert headings[:4] == [
            "一、绩效自评工作组织开展情况",
            "二、绩效目标实现情况",
            "三、绩效目标设定质量情况",
            "四、整改措施及结果应用",
        ]
        assert all(heading.startswith("附件") for heading in headings[4:])

    @pytest.mark.parametrize("carrier", CARRIERS)
    @pytest.mark.parametrize("locale", LOCALES)
    def test_every_fact_of_the_published_report_is_told_in_its_section(self, locale, carrier):
        """Copied from the published report sentence by sentence; figures in 万元 are in yuan in English."""
        made = self.made(locale)
        heads = [block.words for block in made.page.blocks if isinstance(block, Heading) and block.level == 2]
        text = bare(CARRIERS[carrier](made))
        sections = {}
        for head, following in zip(heads, [*heads[1:], None], strict=True):
            start = text.index(bare(head))
            sections[head] = text[start : len(text) if following is None else text.index(bare(following), start)]
        published = tomllib.loads(Path("tests/fixtures/laoting_2022_facts.toml").read_text(encoding="utf-8"))
        for number, section in enumerate(published["sections"]):
            assert locale == "en" or heads[number].endswith(section["heading"])
            told = sections[heads[number]]
            places = [(section["facts"], told)]
            for project in section.get("projects", ()):
                after = told.split(bare(project["name"]))[-1]
                places.append((project["facts"], after))
            for facts, place in places:
                for fact in facts:
                    said = ENGLISH_FACTS.get(fact, fact) if locale == "en" else fact
                    assert bare(said) in place

    @pytest.mark.parametrize("locale", LOCALES)
    def test_every_fact_of_the_document_is_told(self, locale):
        subject, rules = example("laoting-2022")
        text = "\n".join(words_of(self.made(locale).page))
        for project in subject.projects:
            assert project.name in text
            assert pe.evaluate(project, rules).project.stated.amount is not None
            for row in project.indicators:
                assert f"{row.name}{'：' if locale == 'zh_CN' else ': '}{row.actual}" in text
        for claim in subject.claims:
            assert claim.indicator in text
            assert claim.words in text
        for passage in (subject.organisation, subject.overall_objective, subject.target_quality):
            assert passage.text in text
        for passage in (subject.rectification, subject.use_of_results):
            assert passage.text in text
        thousands = {"zh_CN": "{}万元", "en": "{}0,000 yuan"}[locale]
        money = [thousands.format(wan) for wan in ("79", "40", "8", "12", "6", "10", "76")]
        for figure in ("100%", "65.63万元" if locale == "zh_CN" else "656,300 yuan", *money):
            assert re.search(rf"(?<![\d.,]){re.escape(figure)}", text), figure

    @pytest.mark.parametrize("locale", LOCALES)
    def test_the_discrepancies_stand_where_the_figure_does(self, locale):
        subject, rules = example("laoting-2022")
        found = {one.code: one.message(locale) for one in pe.check(subject, rules)}
        made = self.made(locale).to_markdown()
        first, second, third, *_ = re.split(r"(?m)^## ", made)[1:]
        page = words_of_markdown
        assert found["DP101"] in page(first)
        # A sentence of its own begins with a capital.
        assert (found["DP103"][:1].upper() + found["DP103"][1:]) in page(second)
        assert found["DP101"] not in page(second + third)

    def test_a_finding_names_its_project_once(self):
        subject, rules = example("laoting-2022")
        items = {text for block in self.made().page.blocks if isinstance(block, Items) for text in block.items}
        found = {one.code: one for one in pe.check(subject, rules)}
        assert found["DP113"].message("zh_CN") in items
        name = subject.projects[4].name
        assert f"{name}：{found['CR110'].message('zh_CN')}" in items

    def test_an_error_is_a_sentence_that_is_not_missed(self):
        notices = [block.text for block in self.made().page.blocks if isinstance(block, Notice)]
        found = {one.code: one.message("zh_CN") for one in pe.check(*example("laoting-2022"))}
        assert notices[:2] == [f"{found['DP101']}。", f"{found['DP103']}。"]

    def test_a_rate_that_the_report_does_not_state_is_said_to_be_ours(self):
        text = "".join(words_of(self.made().page))
        assert "两数相除，预算执行率为83.08%，报告未载明。" in text
        assert "报告载明的预算执行率为" not in text
        text = "".join(words_of(self.made(name="qingheju-2022").page))
        assert "报告载明的预算执行率为95.00%。" in text
        assert "两数相除" not in text

    def test_no_sentence_without_data(self):
        empty = pe.Department("甲局", fiscal_year=2022)
        made = report(empty, pe.rule_set("CN", fiscal_year=2022), locale="zh_CN")
        assert [words for words in words_of(made.page) if words][:9] == [
            "甲局2022年度绩效自评报告",
            "一、绩效自评工作组织开展情况",
            "所据材料未载明此项内容。",
            "二、绩效目标实现情况",
            "所据材料未载明此项内容。",
            "三、绩效目标设定质量情况",
            "所据材料未载明此项内容。",
            "四、整改措施及结果应用",
            "所据材料未载明此项内容。",
        ]

    def test_missed_targets_have_their_causes(self):
        made = self.made(name="qingheju-2022").to_markdown()
        assert "未完成指标值的指标4项：" in made
        row = "| 水费收缴信息化 | 用户满意度 | ≥90% | 72% | 停水通知不及时 | 未说明 |"
        assert row in made
        assert "完成率达到130%及以上的指标1项：" in made

    def test_a_column_that_tells_nothing_is_left_out(self):
        heads = {
            name: [
                tuple(column.title for column in block.columns)
                for block in report(*example(name), outline=of, locale="zh_CN").page.blocks
                if isinstance(block, Table)
            ]
            for name, of in (("qingheju-2022", "department-summary"), ("qingheju-2022-midyear", "county"))
        }
        assert ("项目", "预算数", "执行数", "执行率", "总分", "等级") in heads["qingheju-2022"]
        assert ("项目", "等级", "结果应用", "依据") in heads["qingheju-2022"]
        assert heads["qingheju-2022-midyear"][0] == ("资金来源", "年初预算数")

    def test_how_many_indicators_earned_their_points(self):
        def said(actuals, locale):
            rows = [
                pe.Indicator(f"甲{n}", kind="output.quantity", target="≥10个", actual=actual, weight=30)
                for n, actual in enumerate(actuals)
            ]
            project = pe.Project("乙", fiscal_year=2022, indicators=rows)
            made = report(project, pe.rule_set("CN", fiscal_year=2022), locale=locale)
            return "\n".join(words_of(made.page))

        assert "绩效指标3项，其中得满分1项、未得满分1项、不能计分1项。" in said(["10个", "9个", None], "zh_CN")
        assert "绩效指标2项，均得满分。" in said(["10个", "11个"], "zh_CN")
        assert "绩效指标1项，未得满分。" in said(["1个"], "zh_CN")
        assert "Of 3 indicators, 1 earned full points, 1 earned fewer points, 1 cannot be scored." in said(
            ["10个", "9个", None], "en"
        )
        assert "All 2 indicators earned full points." in said(["10个", "11个"], "en")

    def test_a_person_s_judgement_stands_beside_what_was_reached(self):
        judged = pe.Judgement(share="0.9", words="走访核实")
        late = pe.Indicator(
            "完工时间",
            kind="output.timeliness",
            target="2022年10月底前",
            actual="2022年11月30日",
            weight=90,
            judgement=pe.Judgement(share="0.8", words="延期一个月，影响较小"),
        )
        rows = [late, pe.Indicator("群众反映", actual="较好", judgement=judged)]
        project = pe.Project("甲", fiscal_year=2022, indicators=rows)
        made = report(project, pe.rule_set("CN", fiscal_year=2022), outline="department-summary", locale="zh_CN")
        text = made.to_markdown()
        assert "2022年11月30日（超过规定期限完成，规则未规定如何计分；评定：80%，延期一个月，影响较小）" in text
        (items,) = [
            block.items for block in made.page.blocks if isinstance(block, Items) and "未设指标值" in block.lead
        ]
        assert items == ("群众反映：较好（另有评定：90%，走访核实；未予采用）",)

    def test_the_accounts_tell_a_mean_that_was_adjusted(self):
        department, rules = example("qingheju-2022")
        cut = pe.Adjustment("自评材料缺失", -2, "县财政局抽查", reason="缺佐证")
        made = report(attrs.evolve(department, adjustments=[cut]), rules, outline="accounts-paragraph", locale="zh_CN")
        (text,) = words_of(made.page)
        assert "平均得分92.17分。" in text
        assert "90.17分" in text

    def test_one_is_not_many(self):
        text = "\n".join(words_of(self.made("en", name="qingheju-2022").page))
        assert "The report claims one common indicator in words, without a weight:" in text
        assert "The rectification ledger lists 1 problem: 1 being rectified." in text
        assert "One indicator achieved 130% of its target or more:" in text


class TestOutlines:
    def test_what_comes_with_the_library(self):
        assert OUTLINES == ["accounts-paragraph", "county", "department-summary", "evaluation", "review"]
        for found in outlines():
            assert found.grounds.cites or found.grounds.assumption

    def test_an_unknown_one(self):
        with pytest.raises(OutlineNotFoundError) as caught:
            outline("country")
        known = "accounts-paragraph, county, department-summary, evaluation, review"
        assert str(caught.value) == f"no outline 'country'; known are {known}"
        assert isinstance(caught.value, LookupError)

    def test_a_finding_stands_where_its_part_of_the_document_does(self):
        """Of one code: what the organisation lacks in section one, what the measures lack in section four."""
        subject, rules = example("laoting-2022")
        made = report(subject, rules, locale="zh_CN").to_markdown()
        sections = [words_of_markdown(part) for part in re.split(r"(?m)^## ", made)[1:]]
        told = {one.where: one.message("zh_CN") for one in pe.check(subject, rules) if one.code == "DP112"}
        for where, section in (("organisation", 0), ("target_quality", 2), ("rectification", 3), ("use_of_results", 3)):
            assert [number for number, text in enumerate(sections) if told[where] in text] == [section]

    @pytest.mark.parametrize("of", ["county", "department-summary", "evaluation", "review"])
    def test_no_finding_is_lost(self, of):
        """What an outline gives no section of its own stands among the others."""
        subject, rules = example("laoting-2022")
        text = bare(words_of(report(subject, rules, outline=of, locale="zh_CN").page))
        for finding in pe.check(subject, rules):
            assert bare(finding.message("zh_CN")) in text

    def test_one_of_your_own(self, tmp_path):
        path = tmp_path / "short.toml"
        path.write_text(
            """
id = "short"
title = { zh_CN = "简报", en = "Short" }
heading = { zh_CN = "{name}简报（{year}）", en = "{name}, {year}" }
cites = ["our-rule#3"]

[sources.our-rule]
title = { zh_CN = "本单位办法", en = "our measures" }
status = "verified"

[[sections]]
heading = { zh_CN = "资金", en = "Money" }
parts = ["money"]

[[sections]]
required = false
parts = ["ledger"]

[[sections]]
parts = ["basis"]
""",
            encoding="utf-8",
        )
        subject, rules = example("laoting-2022")
        made = report(subject, rules, outline=Outline.from_toml(path), locale="en")
        assert made.page.blocks[0] == Heading("乐亭县人大常委会, 2022")
        assert made.page.blocks[1] == Heading("Money", 2, "1.")
        assert "The outline follows our measures art. 3." in list(words_of(made.page))
        assert repr(made) == "<Report short 乐亭县人大常委会 2022: en>"

    @pytest.mark.parametrize(
        ("text", "faults"),
        [
            ("", ["id: missing", "title: missing", "expected cites or an assumption", "sections: missing"]),
            (
                'heading = { zh_CN = "{name}{place}", en = "x" }',
                ["heading.zh_CN: expected text with {name} and {year} to fill in, got '{name}{place}'"],
            ),
            (
                'heading = { zh_CN = "x", en = "{name" }',
                ["heading.en: expected text with {name} and {year} to fill in, got '{name'"],
            ),
            ('cites = ["nobody#1"]', ["cites: 'nobody#1' cites no known source"]),
            ("[[sections]]", ["sections[0]: expected parts or sections"]),
            (
                '[[sections]]\nparts = ["notes", "notes"]',
                ["sections[0].parts[1]: expected each part once, got notes twice"],
            ),
            ("[[sections]]\nparts = []\n" * 51, ["sections: expected at most 50 sections, got 51"]),
            (
                "[[sections]]\n" + "[[sections.sections]]\nparts = []\n" * 51,
                ["sections[0].sections: expected at most 50 sections, got 51"],
            ),
            ("[[sections]]\nparts = 3", ["sections[0].parts: expected a list, got 3"]),
            ('[[sections]]\nparts = []\nfindings = ["XY"]', "sections[0].findings: expected a code or a family ("),
            (
                "[[sections]]\nparts = []\nfindings = [3]",
                ["sections[0].findings[0]: expected a code or a family, got 3"],
            ),
            (
                '[[sections]]\nparts = []\nplaces = ["organization"]',
                "sections[0].places[0]: expected a part of a document (",
            ),
            ('[[sections]]\nparts = []\nheadin = "x"', ["sections[0].headin: unknown key; is heading meant?"]),
            (
                "[[sections]]\n[[sections.sections]]\nparts = []\nannex = true",
                ["sections[0].sections[0].annex: expected an annex among the first sections"],
            ),
            (
                "[[sections]]\n[[sections.sections]]\n[[sections.sections.sections]]\n[[sections.sections.sections.sections]]\nparts = []",
                ["sections[0].sections[0].sections[0].sections: expected at most 3 levels of sections"],
            ),
        ],
    )
    def test_faults(self, tmp_path, text, faults):
        start = 'id = "x"\ntitle = { zh_CN = "x", en = "x" }\n'
        whole = text if not text else start + ("" if "cites" in text else 'cites = ["cn-mof-2020-10"]\n') + text
        path = tmp_path / "mine.toml"
        path.write_text(whole if "sections" in whole or not text else f"{whole}\nsections = []", encoding="utf-8")
        with pytest.raises(pe.RuleSetError) as caught:
            Outline.from_toml(path)
        told = [str(fault) for fault in caught.value.exceptions]
        if isinstance(faults, str):
            assert [one[: len(faults)] for one in told] == [faults]
        else:
            assert told == faults

    def test_an_unknown_part_is_told_with_those_that_there_are(self, tmp_path):
        path = tmp_path / "mine.toml"
        path.write_text(
            'id = "x"\ntitle = { zh_CN = "x", en = "x" }\ncites = ["cn-mof-2020-10"]\n[[sections]]\nparts = ["mony"]',
            encoding="utf-8",
        )
        with pytest.raises(pe.RuleSetError) as caught:
            Outline.from_toml(path)
        (fault,) = caught.value.exceptions
        assert str(fault).startswith("sections[0].parts[0]: expected a part (accounts, basis, claims,")
        assert str(fault).endswith("), got 'mony'")


class TestUseOfResults:
    """What follows from a grade is told with its article, and by the kind of evaluation that the rule is written for."""

    @staticmethod
    def text(of, **options):
        subject, _ = example("qingheju-2022")
        rules = pe.rule_set("cn-ha-2020-10")
        return report(subject, rules, outline=of, locale="zh_CN", **options).to_markdown()

    def test_a_self_evaluation_has_no_rule_about_money(self):
        """豫财效〔2020〕10号 art. 29: 优 praised and secured first, 良 rectify."""
        text = self.text("department-summary")
        assert "办法未规定按单位自评等级增减预算。" in text
        assert "| 水费收缴信息化 | 良 | 督促整改。 | 豫财效〔2020〕10号第29条 |" in text
        assert "压减金额" not in text

    def test_an_evaluation_by_the_department_has(self):
        text = self.text("evaluation")
        assert "单位自评" not in text
        assert "| 水费收缴信息化 | 良 |" in text

    def test_nothing_follows_without_a_grade(self):
        assert "结果应用 |" not in report(*example("laoting-2022"), locale="zh_CN").to_markdown()

    def test_on_a_day_the_ledger_tells_what_is_overdue(self):
        assert "逾期" not in self.text("county")
        # Due on 31 March: 62 days before 1 June.
        assert "逾期62天" in self.text("county", on=dt.date(2023, 6, 1))

    def test_a_kind_of_evaluation_that_there_is_not(self, tmp_path):
        path = tmp_path / "mine.toml"
        path.write_text(
            'id = "x"\ntitle = { zh_CN = "x", en = "x" }\ncites = ["cn-mof-2020-10"]\nevaluation_kind = "own"\n'
            "[[sections]]\nparts = []",
            encoding="utf-8",
        )
        with pytest.raises(pe.RuleSetError) as caught:
            Outline.from_toml(path)
        (fault,) = caught.value.exceptions
        kinds = "self_evaluation, departmental_evaluation, finance_evaluation"
        assert str(fault) == f"evaluation_kind: expected a kind of evaluation ({kinds}), got 'own'"


class TestPlaces:
    def test_a_reviewed_indicator_that_the_form_does_not_have_is_named(self):
        """The reviewer's list of indicators is not the form's."""
        project = pe.Project("甲", fiscal_year=2022, review=pe.Review(indicators=[pe.ReviewedIndicator("乙")]))
        department = pe.Department("丙", fiscal_year=2022, projects=[project])
        for subject in (project, department):
            found = pe.check(subject, pe.rule_set("CN", fiscal_year=2022))
            assert any("review.indicators[0]" in one.where for one in found)
            text = "\n".join(words_of(report(subject, pe.rule_set("CN", fiscal_year=2022), outline="review").page))
            assert "甲·乙" in text.replace(" ", "")


class TestReviewed:
    def test_the_reviewer_s_scores_stand_beside_the_unit_s_own(self):
        subject, rules = example("qingheju-2022-reviewed")
        made = report(subject, rules, outline="review", locale="zh_CN")
        folded = [block for block in made.page.blocks if isinstance(block, FoldOut)]
        reviewed = [project for project in subject.projects if project.review is not None]
        assert len(folded) == len(reviewed) > 0
        for block, project in zip(folded, reviewed, strict=True):
            assert project.name in block.summary
            assert block.blocks == review_scores(project, rules).page("zh_CN").blocks[1:]


class TestTargetReviews:
    def test_a_review_stands_in_the_section_on_the_quality_of_targets(self):
        project, rules = example("qinghe-2022")
        of = target_review_rules("zhengzhou")
        found = review_targets(project, {item.id: "excellent" for item in of.items}, of)
        made = report(project, rules, locale="zh_CN", target_reviews=[found])
        blocks = list(made.page.blocks)
        start = next(i for i, block in enumerate(blocks) if getattr(block, "text", "") == "绩效目标设定质量情况")
        (folded,) = [block for block in blocks[start : start + 6] if isinstance(block, FoldOut)]
        assert folded.blocks == found.page("zh_CN").blocks[1:]


class TestMidYear:
    def test_the_lights_and_how_each_came_about(self):
        made = report(*example("qingheju-2022-midyear"), locale="zh_CN")
        blocks = list(made.page.blocks)
        start = next(i for i, block in enumerate(blocks) if getattr(block, "text", "") == "年中绩效运行监控情况")
        head, table, light, *folded = blocks[start + 1 : start + 7]
        assert head.lines == ("清和县水务局（2022年度）绩效运行监控，截至2022年7月31日",)
        assert [row[0].text for row in table.rows] == ["农村供水管网维修", "河道清淤", "水费收缴信息化"]
        assert light.lines[0].startswith("部门预警：红灯")
        assert all(isinstance(block, FoldOut) for block in folded)

    def test_nothing_of_a_year_without_one(self):
        text = "".join(words_of(report(*example("qingheju-2022"), locale="zh_CN").page))
        assert "年中" not in text

    def test_the_accounts_tell_it(self):
        text = "".join(words_of(report(*example("qingheju-2022-midyear"), outline="accounts-paragraph").page))
        assert "开展绩效跟踪的项目3个。" in text
        text = "".join(words_of(report(*example("qingheju-2022"), outline="accounts-paragraph").page))
        assert "未载明绩效跟踪情况。" in text


class TestReport:
    def test_of_a_project(self):
        project, rules = example("qinghe-2022")
        made = report(project, rules, outline="evaluation", locale="zh_CN")
        text = "\n".join(words_of(made.page))
        assert "自评总分95.01分，等级为优。" in text
        assert "（四）项目效益情况" in text

    def test_adjustments_count(self):
        project, rules = example("qinghe-2022")
        cut = pe.Adjustment("未按期报送", Decimal(-2), "县财政局通知")
        text = "\n".join(words_of(report(project, rules, adjustments=[cut], locale="zh_CN").page))
        assert "自评总分93.01分" in text
        assert "未按期报送" in text
        department, rules = example("qingheju-2022")
        text = "\n".join(words_of(report(department, rules, adjustments=[cut], locale="zh_CN").page))
        assert "调整后平均得分90.17分。" in text
        assert "未按期报送" in text

    def test_the_locale_is_the_rule_set_s_where_none_is_asked_for(self):
        project, rules = example("qinghe-2022")
        assert report(project, rules).page.locale == rules.default_locale == "zh_CN"
        with pytest.raises(pe.LocaleNotFoundError):
            report(project, rules, locale="de")

    def test_numbers_in_chinese(self):
        numbers = (1, 10, 11, 20, 21, 100, 101, 110, 119, 1000, 1001, 1010, 9999)
        assert [chinese(number) for number in numbers] == [
            *("一", "十", "十一", "二十", "二十一", "一百", "一百零一", "一百一十", "一百一十九"),
            *("一千", "一千零一", "一千零一十", "九千九百九十九"),
        ]


class TestDocument:
    """The full page of HTML: complete in itself, and safe."""

    def test_it_asks_for_nothing_and_runs_nothing(self):
        text = report(*example("qingheju-2022"), locale="en").to_html()
        read = Reading(text)
        tags = {tag for tag, _ in read.elements}
        assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
        for tag, attributes in read.elements:
            assert not any(name.startswith("on") for name in attributes)
            assert "src" not in attributes or attributes["src"].startswith("data:"), tag
        assert "url(" not in text
        assert "@import" not in text
        policy = next(a["content"] for t, a in read.elements if a.get("http-equiv") == "Content-Security-Policy")
        assert policy.startswith("default-src 'none'; ")
        assert "script-src" not in policy

    def test_a_paragraph_is_known_by_its_outline(self):
        text = report(*example("laoting-2022"), outline="accounts-paragraph", locale="zh_CN").to_html()
        assert "<title>决算公开中的预算绩效情况</title>" in text
        assert "<title>乐亭县人大常委会2022年度绩效自评报告</title>" in report(*example("laoting-2022")).to_html()

    def test_its_language_title_and_landmark(self):
        read = Reading(report(*example("laoting-2022"), locale="zh_CN").to_html())
        assert ("html", {"lang": "zh-CN"}) in read.elements
        assert [tag for tag, _ in read.elements].count("main") == 1
        assert [tag for tag, _ in read.elements].count("h1") == 1

    def test_headings_descend_one_at_a_time(self):
        for name in EXAMPLES:
            for of in OUTLINES:
                read = Reading(report(*example(name), outline=of).to_html())
                levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
                assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False))

    def test_every_heading_of_a_table_has_its_scope_and_every_table_scrolls_in_a_named_box(self):
        read = Reading(report(*example("qingheju-2022")).to_html())
        heads = [attributes for tag, attributes in read.elements if tag == "th"]
        assert heads
        assert all(attributes["scope"] in ("row", "col") for attributes in heads)
        boxes = [attributes for tag, attributes in read.elements if attributes.get("class") == "wide"]
        assert len(boxes) == [tag for tag, _ in read.elements].count("table")

    def test_markup_in_a_name_stays_text(self):
        name = "<script>alert(1)</script>\"'<img src=x onerror=y>"
        project = pe.Project(name, fiscal_year=2022, indicators=[pe.Indicator(name, target="≥1", actual="1", weight=5)])
        department = pe.Department(name, fiscal_year=2022, projects=[project], organisation=name)
        made = report(department, pe.rule_set("CN", fiscal_year=2022))
        read = Reading(made.to_html())
        assert not {tag for tag, _ in read.elements} & {"script", "img"}
        assert name in "".join(read.words)
        assert name in "".join(words_of_docx(docx(made.page)))
        assert "<script" not in made.to_markdown()
