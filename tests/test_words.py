"""What people write for a member, a place or a rule set; and what they are told where it is none."""

from __future__ import annotations

import pytest

import perfeval as pe
from perfeval.rulesets import shipped_file

TEN = pe.rule_set("cn-mof-2020-10")
PROJECT = pe.Project("甲", fiscal_year=2022)


def refusal(call, *args, **kwargs):
    with pytest.raises(pe.ModelError) as caught:
        call(*args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("数量指标", "output.quantity"),
        ("产出数量", "output.quantity"),
        ("产出指标·成本指标", "output.cost"),
        ("成本指标", "cost"),
        ("经济成本指标", "cost.economic"),
        ("服务对象满意度指标", "satisfaction"),
        ("社会效益", "benefit.social"),
        ("Output.Quantity", "output.quantity"),
        (" ＣＯＳＴ ", "cost"),
        ("决策", "decision"),
    ],
)
def test_kinds(word, kind):
    assert pe.Indicator("乙", kind=word).kind is pe.IndicatorKind(kind)


@pytest.mark.parametrize(
    ("word", "source"), [("当年财政拨款", "appropriation"), ("上年结转资金", "carry_over"), ("Other", "other")]
)
def test_sources(word, source):
    assert pe.FundingLine(word).source is pe.FundingSource(source)


@pytest.mark.parametrize(
    ("word", "tier"),
    [("达成年度指标", "achieved"), ("部分达成年度指标并具有一定效果", "partly_achieved"), ("Achieved", "achieved")],
)
def test_tiers(word, tier):
    assert pe.Judgement(word).tier is pe.Tier(tier)


@pytest.mark.parametrize(
    ("word", "near"), [("qantity", ""), ("output.quantiti", "output.quantity"), ("数量指标数", "数量指标")]
)
def test_a_misspelt_kind_is_answered_with_near_ones(word, near):
    message = refusal(pe.Indicator, "乙", kind=word)
    assert message.startswith("expected a kind of indicator (output, output.quantity, ")
    assert f"got '{word}'" in message
    assert near in message.partition("; near are ")[2]


@pytest.mark.parametrize("word", [5, None, "x" * 10**6, "", ["output"]])
def test_what_is_no_word(word):
    message = refusal(pe.FundingLine, word)
    assert message.startswith("expected a funding source (")
    assert "near" not in message


@pytest.mark.parametrize(
    ("name", "code"),
    [("湖北省", "CN-HB"), ("湖北", "CN-HB"), ("hubei", "CN-HB"), ("130225", "130225"), ("北京市", "CN-BJ")],
)
def test_places(name, code):
    assert pe.Project("甲", fiscal_year=2022, place=name).place == code
    assert pe.Department("甲", fiscal_year=2022, place=name).place == code
    assert pe.rule_set(name, fiscal_year=2022).asked_for in {None, code}


@pytest.mark.parametrize(("name", "near"), [("Atlantis", ""), ("湖北湖", "湖北"), ("990000", ""), ("CN-XX", "")])
def test_no_place(name, near):
    message = refusal(pe.Project, "甲", fiscal_year=2022, place=name)
    assert message.startswith(f"expected the code of a place (ISO 3166-2 or GB/T 2260) or its name, got '{name}'")
    assert near in message


def test_a_misspelt_rule_set_is_answered_with_near_ones():
    with pytest.raises(pe.RuleSetNotFoundError) as caught:
        pe.rule_set("cn-mof-2020-11")
    assert "; near are cn-mof-2020-10" in str(caught.value)


class TestFunctions:
    """A function says what it got."""

    @pytest.mark.parametrize("function", [pe.evaluate, pe.check])
    def test_evaluate_and_check(self, function):
        assert refusal(function, PROJECT, "cn-mof-2020-10") == (
            "rules: expected a RuleSet, got str; rule_set('cn-mof-2020-10') finds one"
        )
        assert refusal(function, PROJECT, None) == "rules: expected a RuleSet, got NoneType"
        assert refusal(function, None, TEN) == "expected a Project or a Department, got NoneType"
        assert refusal(function, [PROJECT], TEN) == "expected a Project or a Department, got list"

    def test_adjustments(self):
        assert refusal(pe.evaluate, PROJECT, TEN, adjustments=[(-1, "x")]) == (
            "adjustments[0]: expected Adjustment, got tuple"
        )

    def test_rule_set(self):
        assert refusal(pe.rule_set, None) == "expected the id of a rule set or a place, got None"

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ([("乙", 5)], "indicators[0]: expected Indicator, got tuple"),
            ("乙", "indicators: expected records of Indicator, got str"),
            (pe.Indicator("乙"), "indicators: expected records of Indicator, got Indicator"),
            (5, "indicators: expected records of Indicator, got int"),
        ],
    )
    def test_records_where_records_belong(self, rows, message):
        assert refusal(pe.Project, "甲", fiscal_year=2022, indicators=rows) == message


class TestFolder:
    """Rule sets of one's own, without a registry: a folder that is named where it is used."""

    @pytest.fixture
    def folder(self, tmp_path):
        text = shipped_file("cn-mof-2020-10")
        mine = text.replace('id = "cn-mof-2020-10"', 'id = "mine"')
        (tmp_path / "a.toml").write_text(
            mine.replace('place = "CN"', 'place = "130225"').replace(
                "first_fiscal_year = 2020", "first_fiscal_year = 2023"
            ),
            encoding="utf-8",
        )
        (tmp_path / "notes.txt").write_text("no rules", encoding="utf-8")
        return tmp_path

    def test_by_id_and_by_place_and_year(self, folder):
        assert pe.rule_set("mine", folder=folder).place == "130225"
        assert pe.rule_set("130225", fiscal_year=2023, folder=folder).id == "mine"
        assert pe.rule_set("130225", fiscal_year=2022, folder=folder) == pe.rule_set("130225", fiscal_year=2022)
        assert pe.rule_set("130226", fiscal_year=2023, folder=folder) == pe.rule_set("130226", fiscal_year=2023)
        assert pe.rule_set("cn-mof-2020-10", folder=folder) is pe.rule_set("cn-mof-2020-10")

    def test_nothing_is_kept(self, folder):
        pe.rule_set("mine", folder=folder)
        with pytest.raises(pe.RuleSetNotFoundError):
            pe.rule_set("mine")
        with pytest.raises(pe.RuleSetNotFoundError) as caught:
            pe.rule_set("mien", folder=folder)
        assert "known are mine, " in str(caught.value)
        assert str(caught.value).endswith("; near are mine")

    def test_faulty_ones(self, folder):
        (folder / "b.toml").write_text((folder / "a.toml").read_text(encoding="utf-8"), encoding="utf-8")
        with pytest.raises(pe.RuleSetError) as caught:
            pe.rule_set("mine", folder=folder)
        assert str(caught.value) == "b.toml\n  id: another file of the folder has the id 'mine'"
        with pytest.raises(FileNotFoundError):
            pe.rule_set("mine", folder=folder / "none")
