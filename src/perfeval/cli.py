"""The command: evaluate forms from the shell.

    perfeval evaluate examples/paishui-2022.toml --locale en

A broken file or an unknown rule set is one line per fault on standard error
and exit code 2; nothing else is printed of that file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from perfeval.documents import load
from perfeval.errors import DocumentError, MissingExtraError, PerfevalError, RuleSetError
from perfeval.evaluation import Evaluation, evaluate
from perfeval.i18n import LOCALES, message
from perfeval.model import Department, Project
from perfeval.rulesets import RuleSet, rule_set
from perfeval.amounts import plain

try:
    import click
    from rich.cells import cell_len
except ImportError as error:
    raise MissingExtraError("the command needs click and rich: pip install 'perfeval[cli]'") from error

FAULTY = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="perfeval")
def main() -> None:
    """Budget performance evaluation (预算绩效评价): exact, cited scores."""


@main.command(name="evaluate")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option("--rules", "rules_id", metavar="ID", help="Rule set; by default that of the document's place and year.")
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def evaluate_command(files: tuple[str, ...], rules_id: str | None, locale: str | None, form: str) -> None:
    """Evaluate documents and print the scores, with formula and article."""
    results: list[Evaluation] = []
    faulty = False
    for name in files:
        try:
            document = load(name)
            projects = document.projects if isinstance(document, Department) else (document,)
            results += [evaluate(project, _rules_for(project, rules_id, document)) for project in projects]
        except OSError as error:
            faulty = _complain(name, error.strerror or str(error))
        except (DocumentError, RuleSetError) as group:
            for fault in group.exceptions:
                faulty = _complain(name, str(fault))
        except PerfevalError as error:
            faulty = _complain(name, str(error))
    if form == "json":
        click.echo(json.dumps([result.to_dict() for result in results], ensure_ascii=False, indent=2))
    else:
        show = _text if form == "text" else _markdown
        click.echo("\n\n".join(show(result, locale or result.rules.default_locale) for result in results))
    if faulty:
        sys.exit(FAULTY)
