"""The review of target quality, by the rule of Zhengzhou."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from page_readers import html_tables
from perfeval.pages import text
from perfeval.target_review import TargetReviewRules, review_targets, target_review_rules

RULES = target_review_rules("zhengzhou")
PROJECT = pe.Project("排水改造", fiscal_year=2022)
ITEMS = ("form", "clarity", "goal", "indicators", "reasonable", "money", "attainable", "conditions")
WORDS = {"优": "excellent", "良": "good", "中": "fair", "差": "poor"}


def judged(grades):
    return dict(zip(ITEMS, (WORDS[grade] for grade in grades), strict=True))


class TestOrdinaryProjects:
    """Eight items graded; 优: six or more 优 and no 中 or 差; 良: six or more 优 or 良 and no 差;
    中: six or more of 中 or better; else 差."""

    @pytest.mark.parametrize(
        ("grades", "expected"),
        [
            ("优优优优优优优优", "优"),
            ("优优优优优优良良", "优"),
            ("优优优优优良良良", "良"),
            ("优优优优优优优中", "良"),
            ("良良良良良良中中", "良"),
            ("良良良良良中中中", "中"),
            ("优优优优优优优差", "中"),
            ("中中中中中中差差", "中"),
            ("优优优优优差差差", "差"),
            ("差差差差差差差差", "差"),
        ],
    )
    def test_as_the_rule_counts(self, grades, expected):
        review = review_targets(PROJECT, judged(grades), RULES)
        assert review.grade == WORDS[expected]
        assert review.total is None

    @given(st.lists(st.sampled_from("优良中差"), min_size=8, max_size=8))
    def test_against_the_rule_written_out(self, grades):
        top, good, fair, poor = (grades.count(grade) for grade in "优良中差")
        if top >= 6 and fair == poor == 0:
            expected = "优"
        elif top + good >= 6 and poor == 0:
            expected = "良"
        elif top + good + fair >= 6:
            expected = "中"
        else:
            expected = "差"
        assert review_targets(PROJECT, judged(grades), RULES).grade == WORDS[expected]

    def test_an_item_nobody_judged_leaves_the_grade_open(self):
        half = {"form": "excellent", "clarity": "excellent"}
        review = review_targets(PROJECT, half, RULES)
        assert review.grade is None
        assert [item.id for item in review.missing] == list(ITEMS[2:])

    def test_shares_are_graded_by_their_bands(self):
        shares = dict.fromkeys(ITEMS, Decimal("0.895"))
        review = review_targets(PROJECT, shares, RULES)
        assert {line.grade.value for line in review.lines} == {"good"}
        assert review.grade == "good"


class TestKeyProjects:
    """Each item 90–100, 80–89, 60–79 or up to 59 % of its points, one decimal; 100 points in all."""

    def test_the_points_of_the_items(self):
        points = {item.id: int(item.points) for item in RULES.items}
        assert list(points.values()) == [10, 10, 15, 15, 15, 15, 10, 10]
        assert tuple(points) == ITEMS

    def test_points_times_share_to_one_decimal(self):
        shares = dict.fromkeys(ITEMS, Decimal("0.9")) | {"goal": Decimal("0.87"), "money": Decimal("0.83")}
        review = review_targets(PROJECT, shares, RULES, key=True)
        scores = {line.item.id: line.score for line in review.lines}
        # 15 x 0.87 = 13.05 and 15 x 0.83 = 12.45: ties, half up
        assert (scores["goal"], scores["money"]) == (Decimal("13.1"), Decimal("12.5"))
        assert (review.total, review.grade) == (Decimal("88.6"), "good")

    @pytest.mark.parametrize(("share", "grade"), [("0.9", "excellent"), ("0.8", "good"), ("0.6", "fair"), (0, "poor")])
    def test_the_edges(self, share, grade):
        review = review_targets(PROJECT, dict.fromkeys(ITEMS, Decimal(share)), RULES, key=True)
        assert review.grade == grade

    def test_a_grade_without_a_share_leaves_the_total_open(self):
        shares = dict.fromkeys(ITEMS, Decimal("0.9")) | {"goal": "excellent"}
        review = review_targets(PROJECT, shares, RULES, key=True)
        assert (review.total, review.grade) == (None, None)
        assert [item.id for item in review.missing] == ["goal"]


class TestExplains:
    def test_an_ordinary_project_in_chinese(self):
        text = review_targets(PROJECT, judged("优优优优中中中中"), RULES).explain()
        assert text.splitlines()[:4] == [
            "排水改造（2022年度）一般项目绩效目标审核",
            "依据：郑州市绩效目标审核（zhengzhou）",
            "",
            "完整性·规范完整性：优",
        ]
        assert "审核等级：中〔郑州市绩效目标管理办法中的目标审核规则〕" in text
        assert text.endswith("三个工作日内修改后重新报送。")

    def test_a_key_project_in_english(self):
        shares = dict.fromkeys(ITEMS, Decimal("0.9"))
        text = review_targets(PROJECT, shares, RULES, key=True).explain("en")
        assert "complete, in the prescribed form: excellent, 10 × 0.9 = 9.0" in text
        assert "Total 90.0" in text
        assert "one decimal is rounded half up." in text

    def test_what_is_open(self):
        text = review_targets(PROJECT, {}, RULES).explain("en")
        assert "not judged: in the prescribed form, clear, " in text
        with pytest.raises(pe.LocaleNotFoundError):
            review_targets(PROJECT, {}, RULES).explain("de")

    def test_as_json(self):
        review = review_targets(PROJECT, dict.fromkeys(ITEMS, Decimal("0.9")), RULES, key=True)
        table = review.to_dict()
        assert table["items"][0] == {"item": "form", "grade": "excellent", "share": "0.9", "score": "9.0"}
        assert (table["total"], table["grade"], table["missing"]) == ("90.0", "excellent", [])


class TestBadInput:
    @pytest.mark.parametrize(
        ("judgements", "message"),
        [
            ({"luck": "good"}, f"expected an item ({', '.join(ITEMS)}), got 'luck'"),
            ({"form": "great"}, "expected a grade (excellent, good, fair, poor), got 'great'"),
            ({"form": Decimal("1.2")}, "form: expected a grade or a share from 0 to 1, got 1.2"),
            (
                {"form": 0.9},
                "form: expected an exact number, got the float 0.9; a float is not exact, write Decimal('0.9')",
            ),
        ],
    )
    def test_judgements(self, judgements, message):
        with pytest.raises(pe.PerfevalError) as caught:
            review_targets(PROJECT, judgements, RULES)
        assert str(caught.value) == message

    def test_an_unknown_rule(self):
        with pytest.raises(pe.RuleSetNotFoundError) as caught:
            target_review_rules("luoyang")
        assert str(caught.value) == "no rule for reviewing targets 'luoyang'; known are zhengzhou"

    def test_every_fault_of_a_file_with_its_path(self, tmp_path):
        shipped = Path("src/perfeval/data/target_reviews/zhengzhou.toml").read_text(encoding="utf-8")
        broken = shipped.replace("points = 15", "points = -1", 1).replace("at_least = 6, of", "at_least = 6.5, of", 1)
        path = tmp_path / "own.toml"
        path.write_text(broken.replace('grade = "poor"\ntext', 'grade = "bad"\ntext'), encoding="utf-8")
        with pytest.raises(pe.RuleSetError) as caught:
            TargetReviewRules.from_toml(path)
        assert [str(fault) for fault in caught.value.exceptions] == [
            "items[2].points: expected points of 0 or more, got -1",
            "ordinary.rules[0].at_least: expected a whole number above 0, got 6.5",
            "consequences[1].grade: expected a grade (excellent, good, fair, poor), got 'bad'",
        ]

    def test_points_that_do_not_add_up(self, tmp_path):
        shipped = Path("src/perfeval/data/target_reviews/zhengzhou.toml").read_text(encoding="utf-8")
        path = tmp_path / "own.toml"
        path.write_text(shipped.replace("points = 15", "points = 14", 1), encoding="utf-8")
        with pytest.raises(pe.RuleSetError) as caught:
            TargetReviewRules.from_toml(path)
        assert [str(fault) for fault in caught.value.exceptions] == ["items: expected points that add to 100, got 99"]


class TestShows:
    """Every item, the total and the conclusion, in a table."""

    def test_a_key_project(self):
        shares = dict.fromkeys(ITEMS, Decimal("0.9")) | {"form": Decimal(1)}
        review = review_targets(PROJECT, shares, RULES, key=True)
        heads, *rows = html_tables(review._repr_html_())[0]
        assert heads == ["审核内容", "审核要点", "评定", "分值", "得分", "计算"]
        *parts, total = [Decimal(row[4]) for row in rows]
        assert total == review.total == sum(parts)
        assert [row[1] for row in rows[:-1]] == [item.name.zh_CN for item in RULES.items]
        assert f"总分{review.total}分" in text(review.page("zh_CN"))
        assert repr(review) == f"<TargetReview 排水改造 2022: {review.total}, excellent>"

    def test_an_ordinary_project_that_is_open(self):
        review = review_targets(PROJECT, {}, RULES)
        shown = text(review.page("en"))
        assert review.explain("en").splitlines()[-1] in shown
        assert all(item.name.en in shown for item in RULES.items)
        assert repr(review) == "<TargetReview 排水改造 2022: no grade>"
