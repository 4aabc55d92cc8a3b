"""The steps of .ci/run, one by one: ``nox -s tests``, ``nox -s types``, …"""

import nox

nox.options.default_venv_backend = "venv"


@nox.session
@nox.parametrize("context", ["default", "hostile"])
def tests(session: nox.Session, context: str) -> None:
    session.install("-e", ".[test]")
    session.run("coverage", "run", "-m", "pytest", f"--decimal-context={context}", *session.posargs)
    session.run("coverage", "report")


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
    session.install("-e", ".")
    for script in ("evaluate", "department", "exactness", "importing", "text"):
        session.run("python", f"benchmarks/{script}.py")
