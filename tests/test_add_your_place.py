"""docs/add-your-place.md, followed to the letter: its commands and its tables on a copied file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from terminal import run

GUIDE = Path("docs/add-your-place.md").read_text(encoding="utf-8")
TABLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
COMMANDS = re.findall(r"^    perfeval (.*)$", GUIDE, re.MULTILINE)


def arguments(command, folder):
    """A command of the guide; its files in a folder, and an example for its form."""
    files = {"qinghe.toml": str(folder / "qinghe.toml"), "form.toml": "examples/qinghe-2022.toml"}
    return [files.get(word, word) for word in command.split()]


@pytest.fixture
def own(tmp_path):
    """Steps 1 to 4."""
    assert run(*arguments(COMMANDS[0], tmp_path)).exit_code == 0
    path = tmp_path / "qinghe.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('id = "cn-mof-2020-10"', 'id = "qinghe-2023"').replace('place = "CN"', 'place = "130225"')
    sources, *changed = TABLES
    for table in changed:
        head = table.splitlines()[0]
        start = text.index(f"\n{head}\n") + 1
        end = text.index("\n\n", start) + 1
        text = text[:start] + table + text[end:]
    path.write_text(f"{text}\n{sources}", encoding="utf-8")
    return tmp_path


def test_the_guide_has_what_is_tried():
    assert [command.split()[0] for command in COMMANDS] == ["rules", "rules", "rules", "evaluate", "check"]
    assert [table.splitlines()[0] for table in TABLES] == ["[sources.qinghe-2023]", "[execution]", "[[weights]]"]


def test_every_command(own):
    told = {command: run(*arguments(command, own)) for command in COMMANDS[1:]}
    assert {command: result.stderr for command, result in told.items()} == dict.fromkeys(told, "")
    assert told["rules check qinghe.toml"].stdout.endswith("keeps every law\n")
    assert "清财〔2023〕1号" in told["rules show qinghe.toml --locale zh_CN"].stdout
    assert "清财〔2023〕1号第12条" in told["evaluate form.toml --rules qinghe.toml"].stdout
    assert told["evaluate form.toml --rules qinghe.toml"].exit_code == 0
    assert told["check form.toml --rules qinghe.toml"].exit_code in {0, 1}


def test_weights_that_no_longer_add_up_are_told(own):
    path = own / "qinghe.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("output = 40", "output = 50"), encoding="utf-8")
    result = run("rules", "check", str(path))
    fault = "weights.ordinary: expected points that add to 100 with the execution rate, got 110"
    assert (result.exit_code, result.stderr) == (2, f"{path}: {fault}\n")
    result = run("evaluate", "examples/qinghe-2022.toml", "--rules", str(path))
    assert (result.exit_code, result.stderr) == (2, f"examples/qinghe-2022.toml: qinghe.toml {fault}\n")
