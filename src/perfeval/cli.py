"""The command: evaluate forms from the shell.

    perfeval evaluate examples/qinghe-2022.toml --locale en

A broken file or an unknown rule set is one line per fault on standard error
and exit code 2; nothing else is printed of that file.
"""

from __future__ import annotations

import json
import sys

from perfeval.documents import load
from perfeval.errors import DocumentError, MissingExtraError, PerfevalError, RuleSetError
from perfeval.evaluation import Evaluation, evaluate
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.i18n import LOCALES, message
from perfeval.model import Project
from perfeval.model.departments import Department
from perfeval.rulesets import nation, rule_set

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
    results: list[Evaluation | DepartmentEvaluation] = []
    faulty = False
    for name in files:
        try:
            document = load(name)
            results.append(_evaluated(document, rules_id))
        except OSError as error:
            faulty = _complain(name, error.strerror or str(error))
        except (DocumentError, RuleSetError) as group:
            for fault in group.exceptions:
                faulty = _complain(name, str(fault))
        except PerfevalError as error:
            faulty = _complain(name, str(error))
    if form == "json":
        click.echo(json.dumps([result.to_dict() for result in results], ensure_ascii=False, indent=2))
    elif results:
        show = _text if form == "text" else _markdown
        click.echo("\n\n".join(show(result, locale or result.rules.default_locale) for result in results))
    if faulty:
        sys.exit(FAULTY)


def _complain(name: str, problem: str) -> bool:
    click.echo(f"{name}: {problem}", err=True)
    return True


def _evaluated(document: Project | Department, rules_id: str | None) -> Evaluation | DepartmentEvaluation:
    """By the rule set asked for, else that of the document's place (or the nation) and year."""
    rules = rule_set(rules_id or document.place or nation(), fiscal_year=document.fiscal_year)
    return evaluate(document, rules)


def _text(result: Evaluation | DepartmentEvaluation, locale: str) -> str:
    """A table whose columns align, Chinese or not, and what it rests on."""
    if isinstance(result, DepartmentEvaluation):
        return result.explain(locale)
    rows = result.table(locale)
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["─" * width for width in widths])
    table = "\n".join(
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    head, rules, *_ = result.explain(locale).splitlines()
    parts = [head, rules, "", table, "", result.summary(locale)]
    assumptions = [f"- {text}" for text in result.assumptions(locale)]
    return "\n".join([*parts, "", message("explain.assumptions", locale), *assumptions] if assumptions else parts)


def _markdown(result: Evaluation | DepartmentEvaluation, locale: str) -> str:
    rows = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in result.table(locale)]
    rows.insert(1, ["---"] * len(rows[0]))
    table = ["| " + " | ".join(row) + " |" for row in rows]
    head, *text = result.explain(locale).splitlines()
    if isinstance(result, DepartmentEvaluation):
        return "\n".join([f"## {head}", "", *text, "", *table])
    notes = [f"- {note}" for note in result.assumptions(locale)]
    return "\n".join([f"## {head}", "", text[0], "", *table, "", f"**{result.summary(locale)}**", "", *notes]).rstrip()
