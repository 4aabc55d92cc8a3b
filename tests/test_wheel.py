"""The wheel: all of the package, nothing else, and enough to evaluate an example without any extra."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

import perfeval as pe

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return path


def test_its_contents(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    package = [path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src" / "perfeval").rglob("*")]
    package = [name for name in package if (ROOT / "src" / name).is_file() and "__pycache__" not in name]
    about = f"perfeval-{pe.__version__}.dist-info"
    told = ["METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"]
    assert sorted(names) == sorted([*package, *(f"{about}/{name}" for name in told)])
    kinds = {Path(name).suffix for name in package}
    assert kinds - {".json", ".css", ".js"} == {".po", ".py", ".toml", ".txt", ".typed"}
    for needed in ("py.typed", "data/sources.toml", "data/rulesets/cn-mof-2020-10.toml", "i18n/locale/zh_CN.po"):
        assert f"perfeval/{needed}" in names


def needed(names):
    """The distributions that *names* need without an extra, and so on."""
    found = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            requires = distribution(name).requires or []
            names += [
                re.split(r"[\s<>=!~;\[(]", need)[0] for need in requires if "extra ==" not in need and applies(need)
            ]
    return found


def applies(need):
    """Whether a requirement is one of this Python's: what is needed before it is not."""
    before = re.search(r"python_version\s*<\s*[\"'](\d+)\.(\d+)", need)
    return before is None or sys.version_info[:2] < (int(before[1]), int(before[2]))


def test_an_example_without_extras(wheel, tmp_path):
    """The wheel and what its metadata asks for, and no other distribution, evaluate a project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    zipfile.ZipFile(wheel).extractall(tmp_path)
    for name in needed([re.split("[>=<]", need)[0] for need in project["dependencies"]]):
        for file in distribution(name).files or ():
            top = file.parts[0]
            source = Path(str(distribution(name).locate_file(top)))
            if top != ".." and not top.endswith(".pth") and source.exists() and not (tmp_path / top).exists():
                (tmp_path / top).symlink_to(source)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import perfeval as pe\n"
        f"project = pe.load({str(ROOT / 'examples' / 'qinghe-2022.toml')!r})\n"
        "result = pe.evaluate(project, pe.rule_set('CN', fiscal_year=2022))\n"
        "print(result.total, result.grade.value, pe.__file__)\n"
        "try:\n    import click\nexcept ImportError:\n    print('no click')"
    )
    # -I: no path of the user's; -S: no site-packages.
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [f"95.01 excellent {tmp_path / 'perfeval' / '__init__.py'}", "no click"]
