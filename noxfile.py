"""The steps of .ci/run, one by one: ``nox -s tests-3.12``, ``nox -s oldest``, ``nox -s types``, …"""

import re

import nox

nox.options.default_venv_backend = "venv"

PROJECT = nox.project.load_toml("pyproject.toml")["project"]
PYTHONS = ["3.11", "3.12", "3.13"]


def floors() -> list[str]:
    """The oldest versions that pyproject.toml allows, of all that the tests need."""
    extras = PROJECT["optional-dependencies"]
    needs = [*PROJECT["dependencies"], *extras["test"]]
    for chosen in re.findall(r"[a-z]+", extras["test"][0].partition("[")[2]):
        needs += extras[chosen]
    found = [re.fullmatch(r"([\w.-]+(?:\[\w+\])?)>=([\d.]+)(,<\d+)?", need) for need in needs]
    return sorted({f"{match[1]}=={match[2]}" for match in found if match is not None})


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def hostile(session: nox.Session) -> None:
    """The tests under a decimal context of five digits that rounds up, with branch coverage."""
    session.install("-e", ".[test]")
    session.run("coverage", "run", "-m", "pytest", "--decimal-context=hostile", *session.posargs)
    session.run("coverage", "report")


@nox.session(python=PYTHONS[0])
def oldest(session: nox.Session) -> None:
    """The tests with the oldest versions of everything."""
    session.install("-e", ".[test]", *floors())
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def wheel(session: nox.Session) -> None:
    """The wheel in an environment that holds nothing else."""
    session.install(".")
    session.run("python", "-I", "-c", EXAMPLE)


EXAMPLE = """
import perfeval as pe
project = pe.load("examples/qinghe-2022.toml")
print(pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022)).explain("en"))
"""


@nox.session
def spark(session: nox.Session) -> None:
    """The dataframes on Spark: needs Java."""
    session.install("-e", ".[spark]")
    session.run("python", "-m", "pytest", "spark_tests", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Needs Chromium; pictures of the pages with ``-- --screenshots FOLDER``."""
    session.install("-e", ".[browser]")
    session.run("python", "-m", "pytest", "browser_tests", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    session.install("-e", ".[test,lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-cache")


@nox.session
def types(session: nox.Session) -> None:
    session.install("-e", ".[types]")
    session.run("mypy")
    session.run("pyright")


@nox.session
def docs(session: nox.Session) -> None:
    session.install("-e", ".[docs]")
    session.run("mkdocs", "build", "--strict")


@nox.session
def benchmarks(session: nox.Session) -> None:
    session.install("-e", ".[reports]")
    for script in ("evaluate", "department", "exactness", "importing", "text", "report"):
        session.run("python", f"benchmarks/{script}.py")
