"""The command, run in this process, its two streams apart whatever the version of click."""

from __future__ import annotations

import inspect

from click.testing import CliRunner

from perfeval.cli import main

# Before 8.2 click mixed the streams unless it was told not to.
_APART = {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}


def run(*arguments, **options):
    return CliRunner(**_APART).invoke(main, list(arguments), **options)
