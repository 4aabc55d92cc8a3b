"""The laws of what is shown: every view of a result has its lines, adjustments, notices, assumptions and total."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
import strategies
import terminal
from page_readers import html_tables, html_text, markdown_tables, markdown_text, text_tables
from perfeval.amounts import sum_of
from perfeval.cited import Citation, Grounds, Source
from perfeval.evaluation.whole import evaluate_whole
from perfeval.frameworks import framework_indicator
from perfeval.i18n import Words, message
from perfeval.pages import html, markdown, text, visible, words_of
from perfeval.places import place_words
from perfeval.rounding import percent

LOCALES = st.sampled_from(["zh_CN", "en"])


def marked(part, counter=None):
    """A rule set each of whose grounds has an article and an assumption of its own."""
    counter = [0] if counter is None else counter
    if isinstance(part, Grounds):
        counter[0] += 1
        words = Words(f"假定{counter[0]}号。", f"assumption no {counter[0]}.")
        return Grounds(
            (Citation(Source(f"s{counter[0]}", Words(f"文件{counter[0]}号", f"paper {counter[0]}"), "verified")),),
            words,
        )
    if isinstance(part, tuple):
        values = [marked(value, counter) for value in part]
        return type(part)(*values) if hasattr(part, "_fields") else tuple(values)
    if attrs.has(type(part)) and not isinstance(part, pe.ScoringRule):
        fields = [field.name for field in attrs.fields(type(part)) if field.init and not field.name.startswith("_")]
        changes = {name: marked(getattr(part, name), counter) for name in fields}
        return attrs.evolve(part, **changes)
    return part


TEN = pe.rule_set("cn-mof-2020-10")
MANUAL = pe.rule_set("cn-platform-manual")
MARKED = {
    rules.id: attrs.evolve(marked(rules), asked_for="130225", partial=Words("只核对了一部分。", "Read in part only."))
    for rules in (TEN, MANUAL)
}
RULES = st.sampled_from([*MARKED.values(), TEN, MANUAL])
ADJUSTMENTS = st.lists(
    st.builds(pe.Adjustment, strategies.NAMES, st.decimals(-5, 5, places=2), strategies.NAMES), max_size=2
)


def lines_of(result):
    """The lines that are shown: a blank row of a template is none."""
    return [line for line in result.lines if not line.blank]


@st.composite
def results(draw, rules=RULES):
    """An evaluation of any project, and now and then one that is scored in full and capped."""
    project = draw(strategies.PROJECTS | full_projects())
    return pe.evaluate(project, draw(rules), adjustments=draw(ADJUSTMENTS))


@st.composite
def full_projects(draw):
    spent = draw(st.integers(0, 1000))
    rows = [
        pe.Indicator(name, kind=kind, target=f"{sign}{target}个", actual=f"{draw(st.integers(0, 200))}个", weight=30)
        for name, kind, sign, target in draw(
            st.lists(
                st.tuples(strategies.NAMES, strategies.KINDS, st.sampled_from(["≥", "≤", ""]), st.integers(1, 100)),
                min_size=3,
                max_size=3,
            )
        )
    ]
    money = pe.FundingLine(adjusted_budget=1000, actual_expenditure=spent)
    return pe.Project(draw(strategies.NAMES), fiscal_year=2024, funding=[money], indicators=rows)


def squeezed(words):
    return "".join(words.split())


def carriers(result, locale):
    """What each view says, without white space: long words may be broken there."""
    page = result.page(locale)
    return {
        "page": squeezed("".join(words_of(page))),
        "text": squeezed(text(page)),
        "markdown": squeezed(markdown_text(markdown(page))),
        "html": squeezed(html_text(html(page))),
        "explain": squeezed(result.explain(locale)),
        "json": squeezed(json.dumps(result.to_dict(locale), ensure_ascii=False)),
    }


def tables(result, locale):
    """The table of the lines in each carrier that has one: the one with a column of scores."""
    page, head = result.page(locale), {"zh_CN": "得分", "en": "Score"}[locale]
    read = {
        "text": text_tables(text(page)),
        "markdown": markdown_tables(markdown(page)),
        "html": html_tables(html(page)),
    }
    return {name: next(table for table in found if head in table[0]) for name, found in read.items()}, head


class TestTheTotalIsTheSumOfWhatIsShown:
    @given(results(), LOCALES)
    def test_in_every_table(self, result, locale):
        shown, head = tables(result, locale)
        for name, (heads, *rows) in shown.items():
            column = heads.index(head)
            *parts, total = [row[column] for row in rows]
            assert len(parts) == len(lines_of(result)) + len(result.adjustments), name
            expected = [line.score for line in lines_of(result)] + [change.points for change in result.adjustments]
            assert [number(part) for part in parts] == [None if x is None else Fraction(x) for x in expected], name
            assert number(total) == (
                None if result.total is None else sum(n for n in map(number, parts) if n is not None)
            )

    @given(results(), LOCALES)
    def test_in_sentences_and_json(self, result, locale):
        told = result.explain(locale)
        close = {"zh_CN": "〔", "en": r" \["}[locale]
        scores = re.findall(rf" = (\d+(?:\.\d+)?){close}", told)
        points = re.findall(
            {"zh_CN": r"，([+-]\d+(?:\.\d+)?)分〔", "en": r": ([+-]\d+(?:\.\d+)?) points \["}[locale], told
        )
        summed = sum(map(Fraction, scores)) + sum(map(Fraction, points))
        table = result.to_dict(locale)
        parts = [row["score"] for row in table["lines"] if row["score"] is not None]
        assert sum(map(Fraction, parts)) + sum(Fraction(row["points"]) for row in table["adjustments"]) == summed
        if result.total is not None:
            [total] = re.findall(
                {
                    "zh_CN": r"^总分(-?\d+(?:\.\d+)?)分(?:（满分[\d.]+分）)?，",
                    "en": r"^Total (-?\d+(?:\.\d+)?)(?: of [\d.]+)?,",
                }[locale],
                told,
                re.MULTILINE,
            )
            assert Fraction(total) == Fraction(table["total"]) == summed

    @given(results(), LOCALES)
    def test_in_rows_of_a_table(self, result, locale):
        heads, *rows = result.table(locale)
        column = heads.index({"zh_CN": "得分", "en": "Score"}[locale])
        points = [number(row[column]) for row in rows]
        assert sum(n for n in points if n is not None) == Fraction(result.partial_score)
        assert len(rows) == len(lines_of(result)) + len(result.adjustments)

    @given(full_projects(), LOCALES, st.integers(20, 60))
    def test_in_a_narrow_terminal(self, project, locale, width):
        """A table that is written out names each figure: the last of the scores is the total."""
        result = pe.evaluate(project, MANUAL)
        shown = text(result.page(locale), width)
        head = {"zh_CN": "得分", "en": "Score"}[locale]
        *parts, total = re.findall(rf"(?:^|  ){head} (—|[+-]?\d+(?:\.\d+)?)(?=  |$)", shown, re.MULTILINE)
        assert number(total) == (None if result.total is None else Fraction(result.total))
        assert len(parts) == len(lines_of(result)) + len(result.adjustments)
        assert sum(part for part in map(number, parts) if part is not None) == Fraction(result.partial_score)


def number(words):
    return None if words in {"—", ""} else Fraction(words)


class TestNothingIsLeftOut:
    """Every assumption of every line is shown; every notice too; and every article."""

    @given(results(st.sampled_from(list(MARKED.values()))), LOCALES)
    def test_grounds_of_lines_and_adjustments_and_of_the_whole(self, result, locale):
        rules = result.rules
        grounds = [part for line in result.lines for part in line.grounds]
        grounds += [change.source for change in result.adjustments if isinstance(change.source, Grounds)]
        whole = [rules.rounding_grounds, rules.total_grounds, rules.grade_grounds]
        for name, shown in carriers(result, locale).items():
            for part in (*grounds, *whole):
                assert part.assumption is None or squeezed(part.assumption.of(locale)) in shown, name
            for cite in (cite for part in grounds for cite in part.cites):
                # JSON has the citations of lines by their names.
                assert squeezed(cite.text(locale)) in shown or (name == "json" and str(cite) in shown), name
            if result.grade is not None and name != "json":
                assert all(squeezed(cite.text(locale)) in shown for cite in rules.grade_grounds.cites), name

    @given(results(st.sampled_from(list(MARKED.values()))), LOCALES)
    def test_each_line_has_its_own_articles(self, result, locale):
        """Beside its name, not only somewhere on the page."""
        for row, line in zip(result.explanation(locale).rows, lines_of(result), strict=True):
            cites = dict.fromkeys(cite.text(locale) for part in line.grounds for cite in part.cites)
            assert row.cites == {"zh_CN": "；", "en": "; "}[locale].join(cites)

    @given(results(), LOCALES)
    def test_notices_adjustments_reasons_and_formulas(self, result, locale):
        rules = result.rules
        for name, shown in carriers(result, locale).items():
            asked = rules.asked_for and place_words(rules.asked_for).of(locale)
            for place in (asked, rules.partial and rules.partial.of(locale)):
                assert place is None or squeezed(place) in shown, name
            for change in result.adjustments:
                label, source = change.texts(locale)
                assert squeezed(label) in shown, name
                assert squeezed(source) in shown, name
            for line in lines_of(result):
                assert name == "json" or squeezed(line.label(locale)) in shown, name
                assert line.formula is None or squeezed(line.formula) in shown, name
            if name != "json":
                assert squeezed(result.summary(locale)) in shown, name
            else:
                assert all((line.reason is None) or f'"{line.reason.value}"' in shown for line in lines_of(result))

    @given(strategies.PROJECTS, LOCALES)
    def test_what_a_line_rests_on(self, project, locale):
        """Told by the indicator alone, not by the line: an unstated comparator, words that claim a tier."""
        rules = MARKED[TEN.id]
        result = pe.evaluate(project, rules)
        shown = squeezed(result.explain(locale))
        for line, indicator in zip(result.lines[1:], project.indicators, strict=True):
            target = indicator.target
            if isinstance(target, pe.Threshold) and target.comparator is pe.Comparator.UNSTATED and line.formula:
                if line.target is not target:
                    assert squeezed(rules.comparator_for(indicator.kind).grounds.assumption.of(locale)) in shown

    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    @pytest.mark.parametrize(
        ("actual", "grounds"),
        [
            (pe.Judgement("achieved"), lambda rules: rules.method_for("judgement", None).without_share),
            (pe.Statement("达成年度指标"), lambda rules: rules.tier_claimed("达成年度指标").grounds),
            (pe.Statement("甲"), lambda rules: rules.repeated_target_grounds),
        ],
    )
    def test_what_a_judgement_rests_on(self, locale, actual, grounds):
        """A tier without a share, the rule set's own words for a tier, words that repeat the target."""
        rules = MARKED[TEN.id]
        indicator = pe.Indicator("乙", target=pe.Statement("甲"), actual=actual, weight=10)
        result = pe.evaluate(pe.Project("丙", fiscal_year=2022, indicators=[indicator]), rules)
        assert result.lines[1].score == 10
        expected = grounds(rules).assumption.of(locale)
        assert expected.startswith({"zh_CN": "假定", "en": "assumption no"}[locale])
        for name, shown in carriers(result, locale).items():
            assert squeezed(expected) in shown, name


class TestEveryNumberHasItsOrigin:
    """Every number on the page is in the model or the result."""

    @given(results(), LOCALES)
    def test_on_the_page(self, result, locale):
        known = set()

        def know(value):
            if isinstance(value, Decimal):
                for unit in pe.AmountUnit:
                    known.update(numbers(f"{pe.to_unit(value, unit):f}") if abs(value) < 10**15 else [])
                known.update(numbers(f"{value:f}"))
                known.update(numbers(f"{value.scaleb(2):f}"))
            elif isinstance(value, tuple):
                for part in value:
                    know(part)
            elif attrs.has(type(value)):
                for field in attrs.fields(type(value)):
                    know(getattr(value, field.name))
                known.update(numbers(str(value)))
            elif value is not None:
                known.update(numbers(str(value)))

        know(result.project)
        rules = result.rules
        know(
            (
                rules.title.of(locale),
                rules.id,
                rules.place,
                (rules.asked_for and place_words(rules.asked_for).of(locale)) or "",
                *(result.explanation(locale).notices),
            )
        )
        for part in rules.every_grounds():
            know(tuple(cite.text(locale) for cite in part.cites))
            know(part.assumption and part.assumption.of(locale))
        # What could be earned, where it is not the rules' total.
        know(sum_of([line.weight for line in lines_of(result) if line.weight is not None]))
        for line in lines_of(result):
            know((line.weight, line.score, line.formula))
            known.update(numbers(percent(line.measure)) if isinstance(line.measure, pe.Ratio) else [])
            for row in line.rule.tier_ranges if line.rule is not None else ():
                know((row.lower, row.upper))
        for change in result.adjustments:
            know((change.points, *change.texts(locale)))
        know((message("form.level1", locale), message("form.level2", locale)))
        know((result.total, result.partial_score, message(f"unit.{result.project.amount_unit.name.lower()}", locale)))
        for words in words_of(result.page(locale)):
            assert set(numbers(words)) <= known, words


def numbers(words):
    return re.findall(r"\d+(?:\.\d+)?", words)


class TestDepartments:
    @given(strategies.DEPARTMENTS, LOCALES)
    def test_what_the_projects_rest_on_and_each_of_them(self, department, locale):
        result = pe.evaluate(department, MARKED[TEN.id])
        for name, shown in carriers(result, locale).items():
            assert squeezed(place_words("130225").of(locale)) in shown, name
            for one in result.projects:
                assert one.project.name in shown
                assert one.total is None or f"{one.total:f}" in shown, name
                assert all(squeezed(words) in shown for words in one.assumptions(locale)), name
                reason = one.grade_reason
                if reason is not None and name not in {"json", "explain"}:
                    assert squeezed(message(f"reason.{reason}", locale)) in shown, name

    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    @pytest.mark.parametrize("told", [0, 3, 20])
    def test_the_department_as_a_whole(self, locale, told):
        rules = pe.rule_set("cn-hn-yuhua-2022")
        marked_rules = attrs.evolve(marked(rules), asked_for="430199")
        names = [name for row in rules.department for name in framework_indicator(row.indicator).figures]
        figures = [pe.DepartmentFigure(name, 100) for name in dict.fromkeys(names)][:told]
        result = evaluate_whole(pe.Department("某局", fiscal_year=2022, figures=figures), marked_rules)
        for name, shown in carriers(result, locale).items():
            assert squeezed(place_words("430199").of(locale)) in shown, name
            for line in result.lines:
                assert name == "json" or squeezed(line.label(locale)) in shown, name
                for part in line.grounds:
                    assert part.assumption is None or squeezed(part.assumption.of(locale)) in shown, name
        for shown, head in [(table, tables(result, locale)[1]) for table in tables(result, locale)[0].values()]:
            *parts, total = [number(row[shown[0].index(head)]) for row in shown[1:]]
            assert [part for part in parts if part is not None] == [
                Fraction(line.score) for line in result.lines if line.score is not None
            ]
            assert total == (None if result.total is None else sum(parts))


class TestACappedFormInACountyWithoutRulesOfItsOwn:
    """One form, four views: the same lines, the same notice, the same total."""

    DOCUMENT = """
name = "排水改造"
fiscal_year = 2024
place = "130225"
amount_unit = "万元"
[[funding]]
source = "appropriation"
adjusted_budget = 100
actual_expenditure = 75
[[indicators]]
name = "管网长度"
kind = "output.quantity"
target = "≥50公里"
actual = "50公里"
weight = 90
"""
    NOTICE = "河北省唐山市乐亭县未单独制定办法，适用“某绩效管理系统操作手册的计分方法”规定。"
    SUMMARY = "总分89.00分，评价等级为“良”"
    ASSUMPTION = "各档执行率的界限归属未载，按左闭右开区间理解；扣分与限制总分的先后未载，先扣分、后限制。"

    def command(self, tmp_path, form):
        path = tmp_path / "form.toml"
        path.write_text(self.DOCUMENT, encoding="utf-8")
        arguments = ["evaluate", str(path), "--scope", "platform_manual", "--format", form]
        done = terminal.run(*arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    def notebook(self):
        rules = pe.rule_set("130225", fiscal_year=2024, scope="platform_manual")
        return pe.evaluate(pe.loads(self.DOCUMENT), rules)._repr_html_()

    def test_show_the_same(self, tmp_path):
        shown, written, notebook = self.command(tmp_path, "text"), self.command(tmp_path, "markdown"), self.notebook()
        for heads, *rows in (text_tables(shown)[-1], markdown_tables(written)[-1], html_tables(notebook)[-1]):
            found = [[row[heads.index(head)] for head in ("分值", "得分", "计算过程")] for row in rows]
            assert found == [
                ["10", "7.50", "10 × 75 ÷ 100"],
                ["90", "90.00", "90 × 50 ÷ 50"],
                ["", "-8.50", "某绩效管理系统操作手册"],
                ["", "89.00", ""],
            ]
        for words in (shown, markdown_text(written), html_text(notebook)):
            names = (
                "预算执行率",
                "全年执行数÷全年预算数",
                "管网长度",
                "按预算执行率限制总分",
                "某绩效管理系统操作手册的计分方法",
            )
            for part in (self.NOTICE, self.SUMMARY, self.ASSUMPTION, *names):
                assert part in words
        [table] = json.loads(self.command(tmp_path, "json"))
        assert [row["score"] for row in table["lines"]] == ["7.50", "90.00"]
        assert [(row["label"], row["points"]) for row in table["adjustments"]] == [("按预算执行率限制总分", "-8.50")]
        assert (table["total"], table["grade"], table["notices"]) == (
            "89.00",
            "good",
            [self.NOTICE, "该手册只见到开头部分，其余按财预〔2020〕10号。"],
        )
        assert self.ASSUMPTION in table["assumptions"]
        assert table["asked_for"] == "130225"


class TestNamesThatWouldControl:
    """A name from a file cannot move the cursor, open a link or turn the direction of what is read."""

    EVIL = "甲\x1b[2J\x1b]8;;http://x\x07乙\u202e丙\n# 丁 <b>*戊*</b>"

    @pytest.mark.parametrize("locale", ["zh_CN", "en"])
    def test_in_every_view(self, locale):
        indicator = pe.Indicator(self.EVIL, target=self.EVIL, actual=self.EVIL, weight=1, deviation_reason=self.EVIL)
        project = pe.Project(self.EVIL, fiscal_year=2022, indicators=[indicator], implementing_unit=self.EVIL)
        result = pe.evaluate(project, TEN, adjustments=[pe.Adjustment(self.EVIL, 1, self.EVIL)])
        page = result.page(locale)
        shown = [
            result.explain(locale),
            text(page),
            text(page, 60),
            markdown(page),
            html(page),
            repr(result),
            project._repr_html_(),
        ]
        shown += [repr(line) for line in lines_of(result)]
        for words in shown:
            assert all(character == "\n" or visible(character) == character for character in words)
        harmless = attrs.evolve(
            project, name="甲", indicators=[pe.Indicator("乙", target="8丙丁", actual="8丙丁", weight=1)]
        )
        lines = pe.evaluate(harmless, TEN, adjustments=[pe.Adjustment("丁", 1, "戊")]).explain(locale).split("\n")
        assert len(result.explain(locale).split("\n")) == len(lines)
        assert "<b>" not in html(page)

    def test_in_the_command(self, tmp_path):
        path = tmp_path / "a.toml"
        name = json.dumps(self.EVIL)
        path.write_text(
            f'name = {name}\nfiscal_year = 2022\namount_unit = "元"\n[[indicators]]\nname = {name}\nweight = -1\n'
        )
        for arguments in (["evaluate"], ["check"]):
            for form in ("text", "json", "markdown"):
                done = terminal.run(*arguments, str(path), "--format", form)
                assert "甲" in done.stdout
                assert all(character == "\n" or visible(character) == character for character in done.output)
