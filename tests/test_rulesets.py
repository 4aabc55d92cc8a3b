from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

import perfeval as pe
from perfeval.rulesets.lookup import Head, latest

DATA = Path(pe.__file__).parent / "data"
SHIPPED = sorted((DATA / "rulesets").glob("*.toml"))
TEXT = (DATA / "rulesets" / "cn-mof-2020-10.toml").read_text(encoding="utf-8")


@pytest.fixture
def own(tmp_path):
    """Write a rule file and read it."""

    def read(text):
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return pe.RuleSet.from_toml(path)

    return read


class TestLookup:
    def test_by_id(self):
        assert pe.rule_set("cn-mof-2020-10").id == "cn-mof-2020-10"

    def test_by_place_and_year(self):
        rules = pe.rule_set("CN", fiscal_year=2022)
        assert (rules.id, rules.asked_for) == ("cn-mof-2020-10", None)

    @pytest.mark.parametrize(
        ("place", "name"),
        [
            ("CN-XZ", "西藏自治区"),
            ("540102", "西藏自治区拉萨市城关区"),
            ("540100", "西藏自治区拉萨市"),
        ],
    )
    def test_a_place_without_rules_gets_its_parents_and_says_so(self, place, name):
        rules = pe.rule_set(place, fiscal_year=2022)
        assert (rules.place, rules.asked_for) == ("CN", place)
        text = pe.evaluate(pe.Project("甲", fiscal_year=2022), rules).explain("zh_CN")
        assert f"{name}未单独制定办法，适用财政部规定。" in text

    def test_years_have_no_end(self):
        assert pe.rule_set("CN", fiscal_year=2099).id == "cn-mof-2020-10"

    @pytest.mark.parametrize(("year", "first"), [(2020, 2020), (2022, 2020), (2023, 2023), (2030, 2023)])
    def test_the_latest_version_that_is_in_force(self, year, first):
        versions = [Head(str(n), "CN", "general", n) for n in (2023, 2020, 2031)]
        assert latest(versions, year) == Head(str(first), "CN", "general", first)
        assert latest(versions, 2019) is None

    def test_before_the_first_year(self):
        with pytest.raises(pe.RuleSetNotFoundError) as caught:
            pe.rule_set("CN", fiscal_year=2019)
        assert str(caught.value) == "no rule set of CN is in force for 2019; known are cn-mof-2020-10 (from 2020)"

    @pytest.mark.parametrize("name", ["cn-mof-2011-285", "US", "", "999999", "../../etc/passwd", "CN-XX"])
    def test_unknown(self, name):
        with pytest.raises(LookupError) as caught:
            pe.rule_set(name, fiscal_year=2022)
        assert str(caught.value).startswith(f"no rule set {name!r}; known are ")

    def test_unknown_scope(self):
        with pytest.raises(pe.RuleSetNotFoundError) as caught:
            pe.rule_set("CN", fiscal_year=2022, scope="ppp")
        assert str(caught.value).startswith("no rule set of CN for scope 'ppp'; known are ")

    def test_a_place_needs_a_year(self):
        with pytest.raises(TypeError) as caught:
            pe.rule_set("CN")
        assert str(caught.value) == "a place needs a year: rule_set('CN', fiscal_year=…)"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
class TestShipped:
    def test_loads_as_a_users_file_does(self, path):
        assert pe.RuleSet.from_toml(path) == pe.rule_set(path.stem)

    def test_states_its_limits_at_its_head(self, path):
        head = path.read_text(encoding="utf-8").split("\n\n")[0]
        for words in ("References:", "Checked with:", "Limitations:"):
            assert words in head

    def test_every_constructor_is_serialised_the_same(self, path):
        for method in pe.rule_set(path.stem).methods:
            assert pe.ScoringRule.from_dict(method.rule.to_dict()) == method.rule


class TestTheFirstRuleSet:
    """财预〔2020〕10号 arts 13, 16, 18."""

    RULES = pe.rule_set("cn-mof-2020-10")

    def test_art_13_weights(self):
        assert self.RULES.execution.weight == 10
        [weights] = self.RULES.weights
        assert dict(weights.points) == {"output": 50, "benefit": 30, "satisfaction": 10}

    def test_art_18_bands(self):
        assert [(b.grade.value, b.at_least, b.words.zh_CN) for b in self.RULES.bands] == [
            ("excellent", 90, "优"),
            ("good", 80, "良"),
            ("fair", 60, "中"),
            ("poor", None, "差"),
        ]

    def test_what_the_text_does_not_say_is_an_assumption(self):
        execution = self.RULES.execution
        for grounds in (
            execution.method.grounds,
            execution.basis_grounds,
            execution.no_budget_grounds,
            self.RULES.rounding_grounds,
        ):
            assert grounds.assumption is not None
            assert all(grounds.assumption)

    def test_cites_in_words(self):
        cite = self.RULES.methods[0].grounds.cites[0]
        assert (cite.text("zh_CN"), cite.text("en"), str(cite)) == (
            "财预〔2020〕10号第16条",
            "财预〔2020〕10号 art. 16",
            "cn-mof-2020-10#16",
        )


class TestBadFiles:
    """Every fault at once, each with its place."""

    CASES = (
        ("step = 0.01", "step = 0", "rounding.step: expected a number above 0, got 0"),
        (
            "[execution]\nweight = 10",
            "[execution]\nweight = -10",
            "execution.weight: expected points of 0 or more, got -10",
        ),
        (
            "[grades]",
            '[[unmet]]\nreason = "late"\nshare = 50\ncites = ["cn-mof-2020-10#16"]\n\n[grades]',
            "unmet[0].share: expected a share from 0 to 1, got 50",
        ),
        (
            'mode = "half_up"',
            'mode = "half_up"\nratio_digits = 40',
            "rounding.ratio_digits: expected a whole number from 0 to 18, got 40",
        ),
        ('id = "cn-mof-2020-10"\n', "", "id: missing"),
        (
            "first_fiscal_year = 2020",
            'first_fiscal_year = "2020"',
            "first_fiscal_year: expected a fiscal year, got '2020'",
        ),
        ('place = "CN"', 'place = "XX"', "place: expected an ISO 3166-2 or GB/T 2260 code, got 'XX'"),
        ("bounded = true", "bounded = 1", "bounded: expected true or false, got 1"),
        ("checked_on = 2026-11-22", 'checked_on = "now"', "checked_on: expected a date, got 'now'"),
        (
            '[total]\npoints = 100\ncites = ["cn-mof-2020-10#18"]',
            "[total]\npoints = 100",
            "total: expected cites or an assumption",
        ),
        (
            'cites = ["cn-mof-2020-10#18"]\n\n[rounding]',
            'cites = ["unheard-of#1"]\n\n[rounding]',
            "total.cites: 'unheard-of#1' cites no known source",
        ),
        ("step = 0.01", 'step = "fine"', "rounding.step: expected a plain number, got 'fine'"),
        (
            'mode = "half_up"',
            'mode = "up"',
            "rounding.mode: expected a rounding mode (half_up, half_even, down), got 'up'",
        ),
        (
            'basis = "adjusted"',
            'basis = "none"',
            "execution.rate.basis: expected a basis (adjusted, original, received), got 'none'",
        ),
        (
            'rule = { constructor = "proportional", cap = 1 }\ncites = ["published-forms"]',
            'rule = { constructor = "linear" }\ncites = ["published-forms"]',
            "execution.score.rule.constructor: expected one of proportional, with_pass_mark, steps, all_or_nothing, deduction, tiers, got 'linear'",
        ),
        (
            'forms = ["≤", "<"]',
            'forms = ["~"]',
            "methods[1].forms: expected forms among ≥, ≤, =, >, <, range, deadline, judgement, got '~'",
        ),
        (
            'measure = "judged"',
            'measure = "actual"',
            "methods[3].measure: the measure judged goes with the form judgement, and with no other",
        ),
        (
            'forms = ["range", "deadline"]\nmeasure = "achievement"',
            'forms = ["deadline"]\nmeasure = "deviation"',
            "methods[2].measure: expected achievement for the form deadline, got deviation",
        ),
        (
            'forms = ["range", "deadline"]\nmeasure = "achievement"',
            'forms = ["deadline"]\nmeasure = "actual"',
            "methods[2].measure: expected achievement for the form deadline, got actual",
        ),
        (
            'forms = ["range", "deadline"]\nmeasure = "achievement"',
            'forms = ["range"]\nmeasure = "excess"',
            "methods[2].measure: expected achievement or actual for the form range, got excess",
        ),
        (
            'forms = ["≤", "<"]\nmeasure = "achievement"',
            'forms = ["≤", "<"]\nmeasure = "rate"',
            "methods[1].measure: the measure rate is of the execution rate, not of an indicator",
        ),
        ("below = 90", "below = 89", "grades.bands: a hole between excellent (from 90) and good (below 89)"),
        ("below = 90", "below = 91", "grades.bands: an overlap between excellent (from 90) and good (below 91)"),
        (
            "benefit = 30",
            "benefit = 40",
            "weights.ordinary: expected points that add to 100 with the execution rate, got 110",
        ),
        (
            'tier = "achieved"\nname',
            'tier = "great"\nname',
            "words[0].tier: expected a tier (achieved, partly_achieved, not_achieved), got 'great'",
        ),
        (
            "assumption = { zh_CN = '成本",
            "assumption = { cn = '成本",
            "unstated_comparator[1].assumption: expected words in zh_CN and en",
        ),
        ("[grades]", "[grades]\nassumption = 5", "grades.assumption: expected words in zh_CN and en"),
    )

    @pytest.mark.parametrize(
        ("old", "new", "fault"), CASES, ids=[case[2].split(":")[0] + f" {n}" for n, case in enumerate(CASES)]
    )
    def test_one_fault(self, own, old, new, fault):
        assert old in TEXT
        with pytest.raises(pe.RuleSetError) as caught:
            own(TEXT.replace(old, new, 1))
        assert str(caught.value) == f"own.toml\n  {fault}"

    def test_a_method_named_twice(self, own):
        with pytest.raises(pe.RuleSetError) as caught:
            own(TEXT.replace('name = "kept"', 'name = "at_most"'))
        assert str(caught.value) == "own.toml\n  methods: expected each name once, got 'at_most' 2 times"

    def test_all_faults_together(self, own):
        text = TEXT
        for old, new, _ in self.CASES[5:9]:
            text = text.replace(old, new, 1)
        with pytest.raises(pe.RuleSetError) as caught:
            own(text)
        assert [str(fault) for fault in caught.value.exceptions] == [
            fault for _, _, fault in (self.CASES[6], self.CASES[5], self.CASES[8], self.CASES[7])
        ]

    @pytest.mark.parametrize(
        "text",
        ["", "= broken", "[methods]\n", "methods = 5", "total = 5\nexecution = []\ngrades=1\nsources = 3", "\x00"],
    )
    def test_any_text_is_one_error_group(self, own, text):
        with pytest.raises(pe.RuleSetError) as caught:
            own(text)
        assert caught.value.exceptions

    def test_a_source_of_ones_own(self, own):
        source = '\n[sources.own]\nnumber = "清财〔2022〕1号"\ntitle = { zh_CN = "办法", en = "Measures" }\nstatus = "verified"\n'
        rules = own(TEXT.replace('cites = ["cn-mof-2020-10#18"]', 'cites = ["own#annex-2"]') + source)
        assert rules.total_grounds.cites[0].text("zh_CN") == "清财〔2022〕1号附件2"
        with pytest.raises(pe.RuleSetError) as caught:
            own(TEXT + source.replace("verified", "heard"))
        assert (
            str(caught.value)
            == "own.toml\n  sources.own.status: expected verified, unverified or practice, got 'heard'"
        )

    def test_words_of_ones_own_claim_a_tier(self, own):
        rules = own(TEXT.replace('[[words]]\ntier = "achieved"', '[[words]]\ntexts = ["圆满"]\ntier = "achieved"'))
        indicator = pe.Indicator("甲", target="≥5个", actual="圆满", weight=10)
        project = pe.Project("乙", fiscal_year=2022, indicators=[indicator])
        line = pe.evaluate(project, rules).lines[1]
        assert line.score == 10
        assert rules.tier_words[0].grounds in line.grounds
        assert pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022)).lines[1].reason is pe.Reason.WORDS_NOT_READ

    def test_no_such_file(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            pe.RuleSet.from_toml(tmp_path / "none.toml")


class TestRecords:
    RULES = pe.rule_set("cn-mof-2020-10")

    def test_a_method_is_cited_by_its_own_articles_only(self):
        """Methods of one name cannot stand side by side, however the rule set is made."""
        first, second, *rest = self.RULES.methods
        with pytest.raises(pe.ModelError) as caught:
            attrs.evolve(self.RULES, methods=(first, second._replace(name=first.name), *rest))
        assert str(caught.value) == "methods: expected each name once, got 'at_least' twice"
        with pytest.raises(pe.ModelError):
            attrs.evolve(self.RULES, methods=(first._replace(name=self.RULES.execution.method.name),))
        assert self.RULES.cited("at_least", "zh_CN") == "财预〔2020〕10号第16条"
        other = attrs.evolve(self.RULES, methods=(first._replace(grounds=self.RULES.total_grounds),))
        assert other.cited("at_least", "zh_CN") == "财预〔2020〕10号第18条"
        with pytest.raises(KeyError):
            other.cited("at_most", "zh_CN")

    def test_every_part_that_rests_on_something_is_counted(self):
        """Each table of the file with ``cites`` or an assumption, and no other."""

        def resting(value):
            if isinstance(value, dict):
                yield from [value] if {"cites", "assumption"} & set(value) else []
                yield from [value] if "without_share" in value else []
            for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
                yield from resting(part)

        for path in SHIPPED:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            table.pop("sources", None)
            assert len(pe.rule_set(path.stem).every_grounds()) == len(list(resting(table))), path.stem

    @pytest.mark.parametrize(
        ("target", "kind", "read"),
        [
            ("50件", "output.quantity", "≥"),
            ("5万元", "output.cost", "≤"),
            ("≤50件", "output.quantity", "≤"),
            ("=5万元", "output.cost", "="),
            ("50件", None, "≥"),
            ("0起", None, "="),
            ("5%", "output.cost", "unstated"),
            ("30分钟", "output.timeliness", "unstated"),
        ],
    )
    def test_a_target_without_a_comparator_is_read_with_the_rules_own(self, target, kind, read):
        kind = kind and pe.IndicatorKind(kind)
        resolved = self.RULES.resolved(pe.parse_target(target), kind)
        assert (str(resolved), resolved.comparator) == (target, read)
        silent = attrs.evolve(self.RULES, unstated=())
        assert silent.resolved(pe.parse_target(target), kind) == pe.parse_target(target)


class TestData:
    def test_numbers_of_the_file_are_exact(self):
        assert pe.rule_set("cn-mof-2020-10").rounding.step == Decimal("0.01")

    def test_every_source_has_a_status_by_the_marks(self):
        sources = tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))
        assert {row["status"] for row in sources.values()} <= {"verified", "unverified", "practice"}

    def test_no_place_stands_in_python(self):
        places = tomllib.loads((DATA / "places.toml").read_text(encoding="utf-8"))
        names = "|".join([f'"{places["nation"]}"', *places["provinces"].values()])
        for path in Path(pe.__file__).parent.rglob("*.py"):
            code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            code = re.sub(r"#.*", "", code)
            assert not re.search(names + "|北京|湖北|河南|四川|云南", code), path
