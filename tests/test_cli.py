from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from terminal import run

EXAMPLE = "examples/qinghe-2022.toml"
PUBLISHED = sorted(map(str, Path("examples/published").glob("*.toml")))


class TestEvaluate:
    def test_prints_what_a_person_expects(self):
        result = run("evaluate", EXAMPLE)
        assert result.exit_code == 0
        assert "总分95.01分，评价等级为“优”〔财预〔2020〕10号第18条〕" in result.stdout
        assert "15 × 48 ÷ 50" in result.stdout

    def test_columns_align_chinese_or_not(self):
        lines = run("evaluate", EXAMPLE).stdout.splitlines()
        rule = next(line for line in lines if line.startswith("─"))
        starts = [i for i in range(1, len(rule)) if rule[i - 1] == " " and rule[i] != " "]
        table = lines[lines.index(rule) - 1 : lines.index("", lines.index(rule))]
        for line in table:
            cells, width = [], 0
            for character in line:
                cells.append((width, character))
                width += cell_len(character)
            at = dict(cells)
            for start in starts:
                # what stands before a column is white, and nothing straddles its edge
                assert at.get(start - 1, " ") == " "
                assert start in at or start >= width

    def test_in_english(self):
        assert "Total 95.01, grade excellent" in run("evaluate", EXAMPLE, "--locale", "en").stdout

    @pytest.mark.parametrize("path", PUBLISHED)
    def test_published_forms(self, path):
        assert run("evaluate", path).exit_code == 0

    def test_several_files_and_json(self):
        results = json.loads(run("evaluate", *PUBLISHED, "--format", "json").stdout)
        assert len(results) == len(PUBLISHED) == 3
        assert {row["rule_set"] for row in results} == {"cn-mof-2020-10", "cn-yn-yongde-2022"}

    def test_markdown(self):
        text = run("evaluate", EXAMPLE, "--format", "markdown").stdout
        assert "| 一级指标 | 二级指标 | 三级指标 |" in text
        assert "**总分95.01分，评价等级为“优”" in text

    def test_rules_by_id(self):
        assert run("evaluate", EXAMPLE, "--rules", "cn-mof-2020-10").exit_code == 0

    def test_a_department(self, tmp_path):
        path = tmp_path / "d.toml"
        path.write_text(
            'name="甲局"\nfiscal_year=2022\namount_unit="元"\n[[projects]]\nname="乙"\n[[projects]]\nname="丙"\n',
            encoding="utf-8",
        )
        text = run("evaluate", str(path)).stdout
        assert "甲局（2022年度）部门绩效自评情况" in text
        assert re.search("^丙 .* —  各项均无法计分$", text, re.MULTILINE)


class TestCompare:
    def test_two_files(self, tmp_path):
        later = tmp_path / "later.toml"
        text = Path(EXAMPLE).read_text(encoding="utf-8").replace("= 2022", "= 2023", 1).replace('"48公里"', '"50公里"')
        later.write_text(text, encoding="utf-8")
        shown = run("compare", EXAMPLE, str(later)).stdout
        assert "总分由95.01（优）到95.61（优），相差+0.60" in shown
        years = run("compare", EXAMPLE, str(later), EXAMPLE, "--format", "json")
        assert years.exit_code == 0
        assert json.loads(years.stdout)[0]["totals"] == ["95.01", "95.01", "95.61"]

    def test_two_rule_sets(self):
        result = run("compare", EXAMPLE, "--against", "cn-generic-platform", "--locale", "en")
        assert "Total from 95.01 (excellent) to 94.99 (excellent): -0.02" in result.stdout
        assert "scoring rules -0.02" in result.stdout

    def test_what_is_not_compared(self, tmp_path):
        result = run("compare", EXAMPLE, "examples/qingheju-2022.toml")
        assert result.exit_code == 2
        assert "expected two results of one kind, got Evaluation and DepartmentEvaluation" in result.stderr
        assert "give two files or more" in run("compare", EXAMPLE).stderr
        assert run("compare", EXAMPLE, str(tmp_path / "none.toml")).exit_code == 2

    def test_needed(self):
        shown = run("needed", "examples/qingheju-2022.toml", "--grade", "excellent").stdout
        assert "水费收缴信息化（2022年度）：评为“优”各指标需达到的完成值" in shown
        assert "80%" in shown


class TestMonitor:
    MIDYEAR = "examples/qingheju-2022-midyear.toml"

    def test_prints_the_lights(self):
        shown = run("monitor", self.MIDYEAR, "--rules", "cn-ha-2020-10", "--through", "2022-07-31").stdout
        assert "部门预警：红灯（3个项目：红灯1个、黄灯1个、绿灯1个）" in shown
        assert "3 ÷ (10 × 7 ÷ 12) ＝ 51.43%" in shown
        [found] = json.loads(run("monitor", self.MIDYEAR, "--format", "json").stdout)
        assert found["counts"] == {"red": 1, "yellow": 1, "green": 1, "blue": 0}

    def test_a_document_without_a_state(self):
        result = run("monitor", EXAMPLE)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"{EXAMPLE}: 城区排水管网改造: it has no mid-year state\n"


class TestLedgerAndReview:
    def test_the_ledger_on_a_day(self):
        shown = run("ledger", "examples/qingheju-2023.toml", "--on", "2023-04-15", "--rules", "cn-ha-2020-10").stdout
        assert "共3项：尚未提出1项、逾期未完成2项" in shown
        assert "报告写了整改，但没有台账" in run("ledger", "examples/laoting-2022.toml", "--on", "2023-06-01").stdout

    def test_a_day_is_needed_and_a_project_has_none(self):
        assert "Missing option '--on'" in run("ledger", "examples/qingheju-2023.toml").stderr
        result = run("ledger", EXAMPLE, "--on", "2023-04-15")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"{EXAMPLE}: 城区排水管网改造: only a department has a ledger\n"

    FAIR = """
name = "乙"
fiscal_year = 2022
amount_unit = "万元"
funding = [{ adjusted_budget = 100, actual_expenditure = 100 }]
indicators = [{ name = "甲", kind = "output.quality", target = "≥90个", actual = "60个", weight = 90 }]
"""

    def test_what_follows_from_a_grade(self, tmp_path):
        """Henan: after a finance evaluation graded 中 the next budget is cut by 10 to 30 % of the evaluated year's."""
        path = tmp_path / "fair.toml"
        path.write_text(self.FAIR, encoding="utf-8")
        asked = ("consequences", str(path), "--rules", "cn-ha-2020-10")
        own = run(*asked)
        assert (own.exit_code, own.stderr) == (0, "")
        assert "乙（2022年度）单位自评结果应用" in own.stdout
        assert "办法未规定按单位自评等级增减预算。" in own.stdout
        finance = (*asked, "--kind", "finance_evaluation")
        assert "10万元至30万元" in run(*finance).stdout
        assert "| fair |" in run(*finance, "--format", "markdown", "--locale", "en").stdout
        [found] = json.loads(run(*finance, "--format", "json").stdout)
        assert (found["grade"], found["budget"], found["has_money_rule"]) == ("fair", "1000000", True)
        told = [(row["action"], row["least"], row["most"]) for row in found["rows"]]
        assert told == [("reduce", "100000", "300000"), ("withhold", None, None)]
        [found] = json.loads(run(*finance, "--rectified", "--format", "json").stdout)
        assert [row["action"] for row in found["rows"]] == ["reduce"]

    def test_what_follows_for_each_project_of_a_department(self):
        found = json.loads(run("consequences", "examples/qingheju-2022.toml", "--format", "json").stdout)
        assert [one["name"] for one in found] == ["农村供水管网维修", "河道清淤", "水费收缴信息化"]
        result = run("consequences", "none.toml")
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", "none.toml: No such file or directory\n")

    def test_a_review(self):
        shown = run("review", "examples/qingheju-2022-reviewed.toml").stdout
        assert "扣分未说明原因：用户满意度" in shown
        [found] = json.loads(run("review", "examples/qingheju-2022-reviewed.toml", "--format", "json").stdout)
        assert found["summary"]["codes"] == {"CP106": 2, "AR112": 1}
        assert run("review", EXAMPLE).stderr == f"{EXAMPLE}: 城区排水管网改造: it has no review\n"

    def test_several_reviews_together(self, tmp_path):
        one = "examples/qingheju-2022-reviewed.toml"
        other = tmp_path / "other.toml"
        other.write_text(Path(one).read_text(encoding="utf-8"), encoding="utf-8")
        *_, summary = json.loads(run("review", one, str(other), "--format", "json").stdout)
        assert (summary["reviewed"], summary["codes"], summary["largest_deviation"]) == (
            6,
            {"CP106": 4, "AR112": 2},
            "2.70",
        )
        assert "复核汇总" in run("review", one, str(other)).stdout


class TestBadInput:
    """One clear line per fault on standard error, exit code 2, no traceback."""

    def test_a_missing_file(self):
        result = run("evaluate", "none.toml")
        assert (result.exit_code, result.stderr) == (2, "none.toml: No such file or directory\n")

    def test_a_directory(self):
        result = run("evaluate", "examples")
        assert (result.exit_code, result.stderr) == (2, "examples: Is a directory\n")

    def test_a_broken_document(self, tmp_path):
        path = tmp_path / "a.toml"
        path.write_text('amount_unit = "元"\ncolour = 1\n', encoding="utf-8")
        result = run("evaluate", str(path))
        assert result.exit_code == 2
        assert sorted(result.stderr.splitlines()) == [
            f"{path}: colour: unknown key",
            f"{path}: fiscal_year: missing",
            f"{path}: name: missing",
        ]

    def test_an_unknown_rule_set(self):
        result = run("evaluate", EXAMPLE, "--rules", "heard-of")
        assert result.exit_code == 2
        assert result.stderr.startswith(f"{EXAMPLE}: no rule set 'heard-of'; known are ")

    def test_a_year_before_the_first_rule_set(self, tmp_path):
        path = tmp_path / "a.toml"
        path.write_text('name = "甲"\nfiscal_year = 2015\namount_unit = "元"\n', encoding="utf-8")
        result = run("evaluate", str(path))
        assert (result.exit_code, result.stderr) == (
            2,
            f"{path}: no rule set of CN is in force for 2015; known are cn-mof-2020-10 (from 2020)\n",
        )

    def test_one_bad_file_does_not_hide_the_good_one(self):
        result = run("evaluate", "none.toml", EXAMPLE)
        assert result.exit_code == 2
        assert "总分95.01分" in result.stdout


class TestAsAProgram:
    def test_python_m(self):
        done = subprocess.run([sys.executable, "-m", "perfeval", "--version"], capture_output=True, check=True)
        assert b"0.1.0" in done.stdout

    def test_without_its_libraries_it_says_what_to_install(self):
        code = "import sys; sys.modules['click'] = None; from perfeval.__main__ import main; main()"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert done.returncode == 2
        assert done.stderr.decode() == "perfeval: the command needs click: pip install 'perfeval[cli]'\n"


class TestCheck:
    def test_laoting(self):
        done = run("check", "examples/laoting-2022.toml", "--select", "DP101,DP103", "--locale", "en")
        assert done.exit_code == 1
        assert done.output.splitlines() == [
            "examples/laoting-2022.toml: stated.evaluated_projects: DP101 error: 6 projects stated, 5 listed",
            (
                "examples/laoting-2022.toml: projects: DP103 error: the amounts listed add to 76, "
                "which is none of those stated (Budget, Outturn: 79, 65.63; off by 3, 10.37; 10,000 yuan)"
            ),
            "examples/laoting-2022.toml: errors: 2, warnings: 0, notes: 0",
        ]

    def test_on_a_day(self, tmp_path):
        path = tmp_path / "report.toml"
        path.write_text(
            'name = "某局"\nfiscal_year = 2022\namount_unit = "万元"\nplace = "CN"\nprojects = []\n'
            'rectification_items = [{ problem = "慢", measure = "快", owner = "甲", due = 2023-03-31 }]\n',
            encoding="utf-8",
        )
        done = run("check", str(path), "--select", "DP119", "--on", "2023-06-30")
        assert "整改事项“慢”应于2023年3月31日前完成，至2023年6月30日未完成" in done.output
        assert "未发现问题" in run("check", str(path), "--select", "DP119").output

    def test_fail_on(self):
        # 清和 is without errors; its notes count only if they are asked to.
        assert run("check", "examples/qinghe-2022.toml").exit_code == 0
        assert run("check", "examples/qinghe-2022.toml", "--fail-on", "note").exit_code == 1

    def test_nothing_found(self):
        done = run("check", "examples/qinghe-2022.toml", "--select", "AR")
        assert done.output == "examples/qinghe-2022.toml: 未发现问题\n"
        done = run("check", "examples/qinghe-2022.toml", "--select", "AR", "--format", "markdown")
        assert done.output == "## examples/qinghe-2022.toml\n\n未发现问题\n"

    def test_markdown(self):
        done = run("check", "examples/laoting-2022.toml", "--select", "DP101", "--format", "markdown")
        assert done.output.splitlines()[2:5] == [
            "| 位置 | 代码 | 程度 | 问题 | 依据 |",
            "| --- | --- | --- | --- | --- |",
            (
                "| `stated.evaluated_projects` | DP101 | 错误 | 报告载明自评项目6个，所列项目5个，两者不一致 "
                "| 财预〔2020〕10号第21条 |"
            ),
        ]

    def test_json_and_sarif(self):
        name = "examples/laoting-2022.toml"
        table = json.loads(run("check", name, "--select", "DP101", "--format", "json").output)
        assert [finding["code"] for finding in table[name]] == ["DP101"]
        log = json.loads(run("check", name, "--select", "DP101", "--format", "sarif", "--locale", "en").output)
        [result] = log["runs"][0]["results"]
        assert log["version"] == "2.1.0"
        assert (result["ruleId"], result["level"], result["message"]["text"]) == (
            "DP101",
            "error",
            "6 projects stated, 5 listed",
        )
        rule = log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert (rule["id"], rule["defaultConfiguration"]) == ("DP101", {"level": "error"})
        place = result["locations"][0]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == name
        assert place["logicalLocations"] == [{"fullyQualifiedName": "stated.evaluated_projects"}]

    def test_an_unknown_code_and_a_broken_file(self, tmp_path):
        done = run("check", "examples/laoting-2022.toml", "--select", "ZZ9")
        assert done.exit_code == 2
        assert "expected a code or a family (AR, CF, CP, CR, DP, TG, WT, YR), got 'ZZ9'" in done.stderr
        broken = tmp_path / "a.toml"
        broken.write_text("name = 5", encoding="utf-8")
        assert run("check", str(broken)).exit_code == 2


class TestReport:
    LAOTING = "examples/laoting-2022.toml"

    def test_is_printed_as_markdown(self):
        result = run("report", self.LAOTING, "--locale", "en")
        assert result.exit_code == 0
        assert result.stdout.startswith("# 乐亭县人大常委会: self-evaluation report for fiscal year 2022\n")

    @pytest.mark.parametrize(("name", "start"), [("a.html", b"<!DOCTYPE html>"), ("a.DOCX", b"PK"), ("a.md", b"# ")])
    def test_is_written(self, tmp_path, name, start):
        path = tmp_path / name
        result = run("report", self.LAOTING, "-o", str(path), "--outline", "review")
        assert (result.exit_code, result.stdout) == (0, "")
        assert path.read_bytes().startswith(start)

    def test_by_an_outline_of_your_own(self, tmp_path):
        path = tmp_path / "mine.toml"
        path.write_text(
            'id = "mine"\ntitle = { zh_CN = "我的", en = "mine" }\ncites = ["cn-mof-2020-10"]\n'
            '[[sections]]\nparts = ["money"]',
            encoding="utf-8",
        )
        result = run("report", self.LAOTING, "--outline", str(path), "--locale", "en")
        assert result.stdout.startswith("In 2022 the projects spent 656,300 yuan")
        path.write_text("[[sections]]\nparts = []", encoding="utf-8")
        result = run("report", self.LAOTING, "--outline", str(path))
        assert result.exit_code == 2
        assert result.stderr.splitlines()[0] == f"{path}: id: missing"

    def test_what_is_wrong_is_told(self, tmp_path):
        result = run("report", self.LAOTING, "-o", "report.pdf")
        assert result.exit_code == 2
        assert "expected a file that ends in .html, .docx or .md, got 'report.pdf'" in result.stderr
        result = run("report", self.LAOTING, "-o", str(tmp_path / "nowhere" / "a.md"))
        assert result.exit_code == 2
        assert result.stderr == f"{tmp_path}/nowhere/a.md: No such file or directory\n"
        result = run("report", self.LAOTING, "--outline", "country")
        assert result.exit_code == 2
        assert result.stderr.startswith("country: no outline 'country'; known are accounts-paragraph, county,")
        result = run("report", self.LAOTING, "--outline", "nowhere.toml")
        assert (result.exit_code, result.stderr) == (2, "nowhere.toml: No such file or directory\n")
        result = run("report", "nowhere.toml")
        assert result.exit_code == 2
