"""The command at its edges: encodings, closed pipes, full disks, exit codes, standard input; files that are left alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import perfeval as pe
from perfeval.rulesets import shipped_file
from terminal import run

EXAMPLE = "examples/qinghe-2022.toml"
BROKEN = "amount_unit = '万元'\nnaem = '甲'\nfiscal_year = 2022\n"


def program(*arguments, encoding="utf-8", **options):
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(
        [sys.executable, "-m", "perfeval", *arguments], env=environment, capture_output=True, check=False, **options
    )


class TestEncodings:
    """Output never dies of an encoding."""

    @pytest.mark.parametrize("encoding", ["gbk", "cp1252"])
    @pytest.mark.parametrize("command", [["evaluate"], ["check", "--format", "markdown"]])
    def test_replaced_signs(self, command, encoding):
        done = program(*command, EXAMPLE, encoding=encoding)
        assert done.returncode in {0, 1}
        assert done.stderr == b""
        shown = done.stdout.decode(encoding)
        assert bool(re.search("[\u4e00-\u9fff]", shown)) is (encoding == "gbk")
        assert "?" in shown or encoding == "gbk"

    @pytest.mark.parametrize("encoding", ["gbk", "latin-1", "ascii"])
    def test_json_loses_nothing(self, encoding):
        done = program("evaluate", "--format", "json", EXAMPLE, encoding=encoding)
        assert json.loads(done.stdout.decode(encoding)) == json.loads(
            run("evaluate", "--format", "json", EXAMPLE).stdout
        )

    @pytest.mark.parametrize("encoding", ["latin-1", "gbk"])
    def test_faults(self, encoding, tmp_path):
        (tmp_path / "甲.toml").write_text("kind = '🙂'", encoding="utf-8")
        done = program("evaluate", str(tmp_path / "甲.toml"), encoding=encoding)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr


class TestPipes:
    @pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
    def test_a_reader_that_has_gone(self):
        """No traceback, and not the exit code of findings."""
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as out:
            done = subprocess.run(
                [sys.executable, "-m", "perfeval", "evaluate", EXAMPLE], stdout=out, stderr=subprocess.PIPE, check=False
            )
        assert (done.returncode, done.stderr) == (2, b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
    def test_a_full_disk(self):
        with Path("/dev/full").open("wb") as out:
            done = subprocess.run(
                [sys.executable, "-m", "perfeval", "evaluate", EXAMPLE], stdout=out, stderr=subprocess.PIPE, check=False
            )
        assert (done.returncode, done.stderr) == (2, b"perfeval: cannot write: No space left on device\n")


class TestExitCodes:
    """0 nothing, 1 findings, 2 faults."""

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["evaluate", EXAMPLE], 0),
            (["evaluate", "none.toml"], 2),
            (["evaluate", EXAMPLE, "--rules", "nowhere"], 2),
            (["evaluate"], 2),
            (["nothing"], 2),
            (["check", EXAMPLE, "--fail-on", "note"], 1),
            (["check", EXAMPLE, "--select", "CR102"], 0),
            (["check", EXAMPLE, "--select", ""], 2),
            (["check", EXAMPLE, "--select", " , "], 2),
            (["check", EXAMPLE, "--select", "ZZ"], 2),
            (["check", "none.toml"], 2),
            (["rules", "list"], 0),
            (["rules", "show", "nowhere"], 2),
            (["rules", "copy", "nowhere", "a.toml"], 2),
            (["rules", "check", "none.toml"], 2),
            (["--version"], 0),
            (["--help"], 0),
        ],
    )
    def test_of_every_command(self, arguments, code):
        done = run(*arguments)
        assert done.exit_code == code
        assert bool(done.stderr) is (code == 2)

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["check", EXAMPLE, "--fail-on", "note"], 1),
            (["evaluate", "none.toml"], 2),
            (["nothing"], 2),
            (["--help"], 0),
        ],
    )
    def test_as_a_program(self, arguments, code):
        done = program(*arguments)
        assert (done.returncode, b"Traceback" in done.stderr) == (code, False)

    def test_selecting_nothing_is_said(self):
        result = run("check", EXAMPLE, "--select", "")
        assert result.exit_code == 2
        assert "--select names no code and no family: nothing would be checked" in result.stderr


class TestFaultsAsData:
    """JSON and SARIF of a broken file are not empty and clean."""

    @pytest.fixture
    def broken(self, tmp_path):
        path = tmp_path / "a.toml"
        path.write_text(BROKEN, encoding="utf-8")
        return str(path)

    FAULTS = (
        {"severity": "fault", "where": "name", "message": "missing"},
        {"severity": "fault", "where": "naem", "message": "unknown key; near are name"},
    )

    def test_evaluate(self, broken):
        result = run("evaluate", "--format", "json", broken, EXAMPLE, "none.toml")
        assert result.exit_code == 2
        right, *wrong = json.loads(result.stdout)
        assert (right["file"], right["total"]) == (EXAMPLE, "95.01")
        missing = [{"severity": "fault", "where": "", "message": "No such file or directory"}]
        assert wrong == [{"file": broken, "faults": list(self.FAULTS)}, {"file": "none.toml", "faults": missing}]

    def test_check(self, broken):
        result = run("check", "--format", "json", broken, EXAMPLE)
        assert result.exit_code == 2
        found = json.loads(result.stdout)
        assert found[broken] == list(self.FAULTS)
        assert found[EXAMPLE]

    def test_sarif(self, broken):
        result = run("check", "--format", "sarif", broken)
        assert result.exit_code == 2
        [only] = json.loads(result.stdout)["runs"]
        [invocation] = only["invocations"]
        assert invocation["executionSuccessful"] is False
        told = invocation["toolExecutionNotifications"]
        assert [one["message"]["text"] for one in told] == ["missing", "unknown key; near are name"]
        assert told[0]["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "name"}]
        assert told[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == Path(broken).as_posix()

    def test_sarif_of_a_good_one(self):
        [only] = json.loads(run("check", "--format", "sarif", EXAMPLE).stdout)["runs"]
        assert only["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


class TestStandardInput:
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_toml(self, mark):
        shown = (mark + Path(EXAMPLE).read_text(encoding="utf-8")).encode()
        assert run("evaluate", "-", input=shown).stdout == run("evaluate", EXAMPLE).stdout

    def test_json(self):
        shown = pe.dumps(pe.load(EXAMPLE), format="json")
        assert run("check", "-", input=shown).stdout.replace("-: ", f"{EXAMPLE}: ") == run("check", EXAMPLE).stdout

    @pytest.mark.parametrize(
        ("data", "fault"),
        [
            (b"\xff", "-: not valid UTF-8: invalid start byte at byte 0"),
            (b"{", "-: not valid JSON: "),
            (b"=", "-: not valid TOML: "),
        ],
    )
    def test_nothing_that_can_be_read(self, data, fault):
        result = run("evaluate", "-", input=data)
        assert result.exit_code == 2
        assert result.stderr.startswith(fault)


class TestCopying:
    def test_a_rule_set_of_ones_own(self, tmp_path):
        path = tmp_path / "own.toml"
        assert run("rules", "copy", "cn-mof-2020-10", str(path)).exit_code == 0
        assert path.read_text(encoding="utf-8") == shipped_file("cn-mof-2020-10")
        assert pe.RuleSet.from_toml(path) == pe.rule_set("cn-mof-2020-10")

    def test_nothing_is_overwritten(self, tmp_path):
        path = tmp_path / "own.toml"
        path.write_text("mine", encoding="utf-8")
        result = run("rules", "copy", "cn-mof-2020-10", str(path))
        assert (result.exit_code, result.stderr) == (2, f"{path}: File exists\n")
        assert path.read_text(encoding="utf-8") == "mine"

    def test_one_that_is_not_there(self):
        result = run("rules", "copy", "cn-mof-2020-11", "own.toml")
        assert result.stderr.startswith("cn-mof-2020-11: no rule set 'cn-mof-2020-11'; known are ")
        assert not Path("own.toml").exists()


class TestDump:
    """Links, pipes, devices and read-only files are left alone."""

    PROJECT = pe.Project("甲", fiscal_year=2022)

    def refused(self, path, why):
        with pytest.raises(OSError, match=why) as caught:
            pe.dump(self.PROJECT, path)
        assert caught.value.filename == str(path)
        assert [other for other in path.parent.iterdir() if other.name.startswith(f".{path.name}")] == []

    def test_a_link(self, tmp_path):
        target = tmp_path / "b.toml"
        target.write_text("mine", encoding="utf-8")
        for name, to in (("a.toml", target), ("c.toml", tmp_path / "none.toml")):
            link = tmp_path / name
            link.symlink_to(to)
            self.refused(link, "it is a link, and only a plain file is replaced")
            assert link.is_symlink()
        assert target.read_text(encoding="utf-8") == "mine"

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
    def test_a_pipe(self, tmp_path):
        path = tmp_path / "a.toml"
        os.mkfifo(path)
        self.refused(path, "it is no plain file")
        assert path.is_fifo()

    @pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="a device of POSIX")
    def test_a_device(self):
        with pytest.raises(OSError, match="it is no plain file"):
            pe.dump(self.PROJECT, "/dev/null")
        assert Path("/dev/null").is_char_device()

    def test_a_folder(self, tmp_path):
        self.refused(tmp_path, "it is no plain file")

    def test_a_read_only_file(self, tmp_path):
        path = tmp_path / "a.toml"
        path.write_text("mine", encoding="utf-8")
        path.chmod(0o444)
        self.refused(path, "it is read-only")
        assert path.read_text(encoding="utf-8") == "mine"


class TestForgedLines:
    def test_a_newline_in_a_name_makes_no_line(self, tmp_path):
        path = tmp_path / "a\nfake.toml: error AR101\x1b[31m.toml"
        path.write_text(BROKEN, encoding="utf-8")
        for command in (["evaluate"], ["check"]):
            result = run(*command, str(path))
            assert not any(line.startswith("fake.toml") for line in (result.stdout + result.stderr).splitlines())
            assert "\x1b" not in (result.stdout + result.stderr)
