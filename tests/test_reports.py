"""Reports: what they tell is in the data, all of it is told, and every carrier says the same."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain

import attrs
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perfeval as pe
from perfeval.errors import OutlineNotFoundError
from perfeval.i18n import LOCALES, catalog
from perfeval.monitoring import monitor
from perfeval.pages import FoldOut, Heading, Items, Notice, docx, visible, words_of
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

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def numbers_in(text):
    return {Fraction(found) for found in NUMBER.findall(text)}


def rounded_percent(share):
    """A share in per cent to two decimals, half up."""
    hundredths = abs(share) * 10_000
    return Fraction(int(hundredths + Fraction(1, 2)), 100)


def known_numbers(subject, rules):
    """The numbers that a report may say: of the model, its evaluation, the findings; sums, differences and counts."""
    result, findings = pe.evaluate(subject, rules), pe.check(subject, rules)
    document = json.loads(pe.dumps(subject, format="json"))
    known = numbers_in(json.dumps(document, ensure_ascii=False))
    projects = getattr(result, "projects", (result,))
    unit = Fraction(10) ** subject.amount_unit.exponent
    for one in projects:
        project = one.project
        for row in project.indicators:
            known |= numbers_in(f"{row.target} {row.actual}")
        for line in one.lines:
            known |= numbers_in(f"{line.formula} {line.target} {line.score} {line.weight}")
            for ratio in (line.measure, line.share):
                if isinstance(ratio, pe.Ratio):
                    known |= {rounded_percent(Fraction(*ratio)), Fraction(*ratio) * 100}
        figures = [one.execution.budget, one.execution.actual_expenditure]
        known |= {abs(Fraction(figure)) / unit for figure in figures if figure is not None}
        if None not in figures:
            known.add(abs(Fraction(figures[0]) - Fraction(figures[1])) / unit)
        for level in {row.kind.level1 for row in project.indicators if row.kind}:
            lines = [line for line in one.lines[1:] if line.item.kind and line.item.kind.level1 is level]
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
        if one.execution_rate is not None:
            known.add(rounded_percent(Fraction(one.execution_rate)))
        for text in (one.explain("zh_CN"), one.explain("en")):
            known |= numbers_in(text)
        for row in project.funding:
            if row.adjusted_budget and row.actual_expenditure is not None:
                spent, budget = Fraction(row.actual_expenditure), Fraction(row.adjusted_budget)
                known |= {rounded_percent(spent / budget), abs(budget - spent) / unit}
    known |= {amount / unit for amount in column_sums([one.project for one in projects])}
    known |= target_counts([row for one in projects for row in one.project.indicators])
    if any(one.project.monitoring for one in projects):
        watched = numbers_in(json.dumps(monitor(subject, rules).to_dict(), ensure_ascii=False))
        watched |= {Fraction(count) for _, count in monitor(subject, rules).counts} | {Fraction(7), Fraction(12)}
        known |= watched | set(map(rounded_percent, watched))
    if rules.exceeded is not None:
        known.add(Fraction(rules.exceeded.value) * 100)
    if isinstance(result, pe.DepartmentEvaluation):
        known |= department_numbers(result, unit)
    for finding in findings:
        for locale in LOCALES:
            known |= numbers_in(finding.message(locale))
            known |= numbers_in(" ".join(cite.text(locale) for cite in finding.cites))
        known |= numbers_in(finding.code)
    for key in ("severity", "code"):
        known |= {Fraction(count) for count in Counter(getattr(one, key) for one in findings).values()}
    known |= {Fraction(n) for n in Counter((one.code[:2], one.severity) for one in findings).values()} | {Fraction(0)}
    return known | numbers_in(f"{rules.id} {rules.title} {rules.every_grounds()}")


def department_numbers(result, unit):
    stated = attrs.asdict(result.department.stated)
    known = {Fraction(abs(value)) for value in stated.values() if value is not None}
    known |= {Fraction(abs(value)) / unit for key, value in stated.items() if value is not None}
    known |= {Fraction(abs(value)) * 100 for key, value in stated.items() if value is not None and "rate" in key}
    if result.stated_execution_rate is not None:
        known.add(rounded_percent(Fraction(result.stated_execution_rate)))
    for row in (result.money, *result.sources):
        amounts = [row.budget, row.actual_expenditure]
        known |= {abs(Fraction(amount)) / unit for amount in amounts if amount is not None}
        if None not in amounts:
            known.add(abs(Fraction(amounts[0]) - Fraction(amounts[1])) / unit)
        if row.rate is not None:
            known.add(rounded_percent(Fraction(row.rate)))
    if result.listed_amount is not None:
        known.add(Fraction(result.listed_amount) / unit)
    known |= {Fraction(len(result.projects)), *(Fraction(count) for _, count in result.grades)}
    known |= numbers_in(f"{result.coverage} {result.mean_score} {result.weighted_mean_score} {result.ungraded}")
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


class TestEveryDepartment:
    @given(REPORTED | PROJECTS, RULE_SETS, st.sampled_from(OUTLINES), st.sampled_from(LOCALES))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_has_its_report_in_all_carriers(self, subject, rules, of, locale):
        made = report(subject, pe.rule_set(rules), outline=of, locale=locale)
        told = bare(map(visible, words_of(made.page)))
        assert bare(Reading(made.to_html()).words) == told
        assert bare(words_of_docx(docx(made.page))).replace("—", "") == told.replace("—", "")
        assert "None" not in told
        assert not re.search(r"\{\w*\}", told)


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
        for figure in ("6", "100%", "79", "65.63", "40", "8", "12", "10", "76"):
            assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", text), figure

    @pytest.mark.parametrize("locale", LOCALES)
    def test_the_discrepancies_stand_where_the_figure_does(self, locale):
        subject, rules = example("laoting-2022")
        found = {one.code: one.message(locale) for one in pe.check(subject, rules)}
        made = self.made(locale).to_markdown()
        first, second, third, *_ = re.split(r"(?m)^## ", made)[1:]
        page = words_of_markdown
        assert found["DP101"] in page(first)
        assert found["DP103"] in page(second)
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
        assert "完成率达到130%的指标1项：" in made

    def test_one_is_not_many(self):
        text = "\n".join(words_of(self.made("en", name="qingheju-2022").page))
        assert "The report speaks of one common indicator in words, without a weight:" in text
        assert "The ledger holds 1 problem: 1 being rectified." in text
        assert "One indicator reached 130% of its target:" in text


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
        assert "单位自评：没有按等级增减预算比例的规定。" in text
        assert "| 水费收缴信息化 | 良 | 督促整改。 |  | 豫财效〔2020〕10号第29条 |" in text

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
        assert head.lines == ("清和县水务局（2022年度）绩效运行监控，截至2022-07-31",)
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
