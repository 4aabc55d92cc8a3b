"""What every test run shares: examples in prose run, and the decimal context.

``--decimal-context=hostile`` runs everything under a context of five digits
that rounds up, as a caller's own context might be.
"""

from __future__ import annotations

import decimal
from doctest import ELLIPSIS

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

settings.register_profile("perfeval", deadline=None, derandomize=True)
settings.load_profile("perfeval")

pytest_collect_file = (
    Sybil(
        [DocTestParser(optionflags=ELLIPSIS)],
        patterns=["*.py"],
        excludes=["tests/*", "benchmarks/*", "scripts/*", "conftest.py"],
    )
    + Sybil([PythonCodeBlockParser(doctest_optionflags=ELLIPSIS), SkipParser()], patterns=["*.md"])
).pytest()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--decimal-context", choices=["default", "hostile"], default="default")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--decimal-context") == "hostile":
        decimal.setcontext(decimal.Context(prec=5, rounding=decimal.ROUND_UP))


@pytest.fixture(autouse=True)
def _same_context():
    """No test changes the context for the next one."""
    before = decimal.getcontext().copy()
    yield
    decimal.setcontext(before)
