"""The command: evaluate and check forms from the shell.

    perfeval evaluate examples/qinghe-2022.toml --locale en
    perfeval check examples/qinghe-2022.toml
    perfeval report examples/qingheju-2022.toml -o report.docx
    perfeval read 自评表.xlsx -o form.toml
    perfeval check forms/ --rules cn-mof-2020-10 --format xlsx -o checked.xlsx

``-`` reads a document from standard input. A broken file or an unknown rule
set is one line per fault on standard error, and in JSON and SARIF as well.

Every command exits with 0, or with 1 where it found something (``check``: as
severe as ``--fail-on``; ``rules check``: a law that is broken), or with 2
where something is wrong with its arguments, a file, or where it writes to.
"""

from __future__ import annotations

import datetime as dt
import errno
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from perfeval.amounts import AmountUnit
from perfeval.checks import check, chosen
from perfeval.checks.sarif import sarif
from perfeval.comparison import Needed, compare, needed, trend
from perfeval.documents import LARGEST_DOCUMENT, dump, dumps, load, loads
from perfeval.errors import (
    DocumentError,
    Fault,
    FormError,
    MissingExtraError,
    ModelError,
    OutlineNotFoundError,
    PerfevalError,
    RuleSetError,
    RuleSetNotFoundError,
)
from perfeval.evaluation import Evaluation, evaluate
from perfeval.evaluation.departments import DepartmentEvaluation
from perfeval.findings import Finding, Findings, Severity
from perfeval.i18n import LOCALES
from perfeval.model import EvaluationKind, Project
from perfeval.model.departments import Department
from perfeval.monitoring import DepartmentMonitoring, MonitoringResult, monitor
from perfeval.pages import Cell, Column, Page, Table, markdown, text, visible
from perfeval.positions import lines_of
from perfeval.rectification import Consequences, Ledger, consequences, ledger
from perfeval.reports import Outline, Report, outline, report
from perfeval.review import DepartmentReview, review_scores, review_summary
from perfeval.rulesets import RuleSet, nation, rule_set, rule_sets, shipped_file
from perfeval.scoring import Grade
from perfeval.testing import check_rule_set
from perfeval.writing import replace_file

if TYPE_CHECKING:
    from perfeval.forms import Form

try:
    import click
except ImportError as _missing:
    raise MissingExtraError("the command needs click: pip install 'perfeval[cli]'") from _missing

__all__ = ["main", "run"]

T = TypeVar("T")

FOUND = 1
FAULTY = 2
INTERRUPTED = 130

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="perfeval")
def main() -> None:
    """Budget performance evaluation (预算绩效评价): exact, cited scores."""
    for stream in (sys.stdout, sys.stderr):
        # A sign that the terminal does not have is shown as another, and ends nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def run() -> int:
    """Run the command and return its exit code, whatever becomes of its output."""
    if "_PERFEVAL_COMPLETE" in os.environ:
        main.main()
    code: object = 0
    try:
        try:
            # As click's own main(), which gives a closed pipe the exit code of findings.
            with main.make_context("perfeval", sys.argv[1:]) as context:
                main.invoke(context)
        except SystemExit as end:
            code = end.code
        except click.exceptions.Exit as end:
            code = end.exit_code
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except OSError as error:
        # What is left in the stream's own store would be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno != errno.EPIPE:
            click.echo(f"perfeval: cannot write: {error.strerror or error}", err=True)
        return FAULTY
    return code if isinstance(code, int) else 0


@main.command(name="evaluate")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option("--scope", default="general", show_default=True, help="Which budgets the rule set is for.")
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def evaluate_command(files: tuple[str, ...], rules_id: str | None, scope: str, locale: str | None, form: str) -> None:
    """Evaluate documents and print the scores, with formula and article."""
    by_name, faulty = _each(files, rules_id, _evaluated, scope)
    results = list(by_name.values())
    if form == "json":
        told = [{"file": name} | result.to_dict(locale) for name, result in by_name.items()]
        _echo_json(told + [{"file": name, "faults": _told(faults)} for name, faults in faulty.items()])
    elif results:
        pages = [result.page(locale) for result in results]
        click.echo("\n\n".join(markdown(page) if form == "markdown" else text(page, _width()) for page in pages))
    if faulty:
        sys.exit(FAULTY)


@main.command(name="check")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option("--scope", default="general", show_default=True, help="Which budgets the rule set is for.")
@click.option("--select", metavar="CODES", help="Codes or families to run, with commas: AR,WT101.")
@click.option("--ignore", metavar="CODES", help="Codes or families to leave out.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="The day by which rectifications are overdue."
)
@click.option(
    "--fail-on", type=click.Choice([severity.value for severity in Severity]), default="error", show_default=True
)
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "sarif", "csv", "xlsx"]),
    default="text",
    show_default=True,
    help="csv and xlsx are for a folder.",
)
@click.option("--output", "-o", type=click.Path(), metavar="FILE", help="Of a folder: write to a file.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Of a folder: work side by side.")
def check_command(
    files: tuple[str, ...],
    rules_id: str | None,
    scope: str,
    select: str | None,
    ignore: str | None,
    on: dt.datetime | None,
    fail_on: str,
    locale: str | None,
    form: str,
    output: str | None,
    jobs: int,
) -> None:
    """Check documents and forms, or a folder of forms: what does not add up, and what needs a reason."""
    if select is not None and not _codes(select):
        raise click.BadParameter("--select names no code and no family: nothing would be checked")
    try:
        wanted = chosen(None if select is None else _codes(select), _codes(ignore or ""))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None

    def checked(document: Project | Department, rules: RuleSet) -> Findings:
        return Findings(
            check(document, rules, select=wanted, on=None if on is None else on.date()), locale or rules.default_locale
        )

    def with_cells(findings: Findings, form: Form) -> Findings:
        from perfeval.forms import findings_with_cells

        return Findings(findings_with_cells(findings, form), findings.locale)

    if any(Path(name).is_dir() for name in files):
        _check_folder(files, rules_id, wanted, locale, form, fail_on, output, jobs)
        return
    if form in {"csv", "xlsx"} or output is not None:
        raise click.UsageError("csv, xlsx and --output are for a folder: name one")
    found, faulty = _each(files, rules_id, checked, scope, with_cells)
    if form == "json":
        told = {name: [one.to_dict(findings.locale) for one in findings] for name, findings in found.items()}
        _echo_json(told | {name: _told(faults) for name, faults in faulty.items()})
    elif form == "sarif":
        words = next((findings.locale for findings in found.values()), "en")
        _echo_json(sarif(found, words, faulty, {name: _lines(name) for name in (*found, *faulty)}))
    elif form == "markdown" and found:
        click.echo("\n\n".join(markdown(findings.page(title=name)) for name, findings in found.items()))
    else:
        for name, findings in found.items():
            for line in (*(one.line(findings.locale) for one in findings), findings.summary()):
                click.echo(visible(f"{name}: {line}"))
    if faulty:
        sys.exit(FAULTY)
    limit = Severity(fail_on).rank
    if any(finding.severity.rank >= limit for findings in found.values() for finding in findings):
        sys.exit(FOUND)


@main.command(name="report")
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option(
    "-o", "--output", type=click.Path(), metavar="FILE.html|.docx|.md", help="Where to; by default Markdown is printed."
)
@click.option("--outline", "of", default="county", show_default=True, metavar="ID|FILE", help="What stands in it.")
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="The day by which rectifications are overdue."
)
@click.option("--charts", is_flag=True, help="Draw the outline's charts.")
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
def report_command(
    file: str,
    output: str | None,
    of: str,
    rules_id: str | None,
    on: dt.datetime | None,
    charts: bool,
    locale: str | None,
) -> None:
    """Write the self-evaluation report of a document."""
    kind = "md" if output is None else output.rpartition(".")[2].lower()
    if kind not in ("html", "docx", "md"):
        raise click.BadParameter(f"expected a file that ends in .html, .docx or .md, got {output!r}")

    chosen_outline = _outline_of(of)

    def made(document: Project | Department, rules: RuleSet) -> Report:
        day = None if on is None else on.date()
        return report(document, rules, outline=chosen_outline, locale=locale, on=day, charts=charts)

    found, faulty = _each((file,), rules_id, made)
    if faulty:
        sys.exit(FAULTY)
    one = found[file]
    try:
        if output is None:
            click.echo(one.to_markdown())
        elif kind == "docx":
            one.to_docx(output)
        else:
            shown = one.to_html() if kind == "html" else f"{one.to_markdown()}\n"
            replace_file(output, shown.encode())
    except (OSError, MissingExtraError) as error:
        _complain(output or file, getattr(error, "strerror", None) or str(error))
        sys.exit(FAULTY)


@main.command(name="compare")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of each document's place and year."
)
@click.option("--against", metavar="ID|FILE", help="Rule set of the second: of one file, two rule sets.")
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def compare_command(
    files: tuple[str, ...], rules_id: str | None, against: str | None, locale: str | None, form: str
) -> None:
    """Compare two documents, or one by two rule sets: where each point went; of more, show the years."""
    if len(files) == 1 and against is None:
        raise click.UsageError("one file is compared with --against another rule set; give two files or more")
    if len(files) > 2 and against is not None:
        raise click.UsageError("--against goes with one file or two")
    by_name, faulty = _each(files[:1], rules_id, _evaluated)
    others, also = _each(files[1:] or files, rules_id if against is None else against, _evaluated)
    if faulty or also:
        sys.exit(FAULTY)
    [first], (second, *more) = by_name.values(), others.values()
    if more:
        projects = [one for one in (first, second, *more) if isinstance(one, Evaluation)]
        departments = [one for one in (first, second, *more) if isinstance(one, DepartmentEvaluation)]
        if projects and departments:
            raise click.UsageError("expected projects or departments, got both")
        _show([trend(projects) if projects else trend(departments)], locale, form)
        return
    try:
        found = compare(first, second)
    except TypeError as error:
        raise click.UsageError(str(error)) from None
    _show([found], locale, form)


@main.command(name="needed")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--grade", type=click.Choice([grade.value for grade in Grade]), help="The grade; by default the next better one."
)
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def needed_command(
    files: tuple[str, ...], grade: str | None, rules_id: str | None, locale: str | None, form: str
) -> None:
    """Print what each line of a form would need for a grade, the others unchanged."""

    def wanted(document: Project | Department, rules: RuleSet) -> list[Needed]:
        projects = (document,) if isinstance(document, Project) else document.projects
        return [needed(evaluate(project, rules), grade) for project in projects]

    found, faulty = _each(files, rules_id, wanted)
    _show([one for each in found.values() for one in each], locale, form)
    if faulty:
        sys.exit(FAULTY)


@main.command(name="monitor")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option("--through", type=_DAY, metavar="DAY", help="The last day told of (2022-07-31); by default the latest.")
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def monitor_command(
    files: tuple[str, ...], through: dt.datetime | None, rules_id: str | None, locale: str | None, form: str
) -> None:
    """Print the lights of projects at mid-year: money and targets."""
    day = None if through is None else through.date()

    def monitored(document: Project | Department, rules: RuleSet) -> MonitoringResult | DepartmentMonitoring:
        return monitor(document, rules, through=day)

    found, faulty = _each(files, rules_id, monitored)
    _show(list(found.values()), locale, form)
    if faulty:
        sys.exit(FAULTY)


def _check_folder(
    names: tuple[str, ...],
    rules_id: str | None,
    wanted: frozenset[str] | None,
    locale: str | None,
    form: str,
    fail_on: str,
    output: str | None,
    jobs: int,
) -> None:
    """Check each form of a folder: a row a form, and the findings below."""
    from perfeval.forms import check_folder, overview, overview_csv, overview_xlsx

    if len(names) > 1:
        raise click.UsageError("a folder is checked alone: name one folder, or files")
    if form == "xlsx" and output is None:
        raise click.UsageError("--format xlsx writes to a file: name it by --output")
    words = locale or "zh_CN"
    try:
        rules = (
            None
            if rules_id is None
            else RuleSet.from_toml(rules_id)
            if rules_id.endswith(".toml")
            else rule_set(rules_id)
        )
        with _bar() as progress:
            rows = list(check_folder(names[0], rules=rules, select=wanted, locale=words, jobs=jobs, progress=progress))
    except (OSError, PerfevalError, TypeError) as error:
        _complain(names[0], getattr(error, "strerror", None) or str(error))
        sys.exit(FAULTY)
    if form == "xlsx":
        data = overview_xlsx(rows, words)
    elif form == "csv":
        # With the mark by which Excel knows UTF-8.
        data = overview_csv(rows, words).encode("utf-8-sig")
    elif form == "json":
        data = _json_text([row.to_dict(words) for row in rows]).encode()
    elif form == "sarif":
        by_file: dict[str, list[Finding]] = {}
        for row in rows:
            by_file.setdefault(row.file, []).extend(row.findings)
        data = _json_text(sarif(by_file, words)).encode()
    else:
        page = overview(rows, words)
        data = (markdown(page) if form == "markdown" else text(page, _width() if output is None else None)).encode()
    if output is None:
        click.echo(data.decode().removesuffix("\n"))
    else:
        try:
            replace_file(output, data)
        except OSError as error:
            _complain(output, error.strerror or str(error))
            sys.exit(FAULTY)
    if any(row.fault for row in rows):
        sys.exit(FAULTY)
    limit = Severity(fail_on).rank
    if any(one.severity.rank >= limit for row in rows for one in row.findings):
        sys.exit(FOUND)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal."""
    shown: Any = None

    def progress(done: int, all_files: int) -> None:
        nonlocal shown
        if shown is None:
            shown = click.progressbar(length=all_files, file=sys.stderr, label="forms")
        shown.update(1)
        if done == all_files:
            shown.render_finish()

    yield progress if sys.stderr.isatty() else lambda _done, _all: None


@main.command(name="read")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option("--output", "-o", type=click.Path(), metavar="FILE|FOLDER", help="A .toml or .json file, or a folder.")
@click.option("--unit", type=click.Choice([unit.value for unit in AmountUnit]), help="Of forms that print no unit.")
@click.option("--year", type=int, help="Of forms that print no fiscal year.")
@click.option("--locale", type=click.Choice(LOCALES), default="en", show_default=True, help="Language of the notes.")
def read_command(files: tuple[str, ...], output: str | None, unit: str | None, year: int | None, locale: str) -> None:
    """Read forms from workbooks and Word documents, and write them as documents.

    What was assumed, and what could not be placed, is told on standard error.
    """
    from perfeval.forms import read

    found: list[tuple[str, Form]] = []
    faulty = False
    for name in files:
        try:
            forms = read(name, unit=unit, year=year)
        except OSError as error:
            faulty = _complain(name, error.strerror or str(error))
        except FormError as group:
            for fault in group.exceptions:
                faulty = _complain(name, str(fault))
        except PerfevalError as error:
            faulty = _complain(name, str(error))
        else:
            found += [(name, form) for form in forms]
            for form in forms:
                _tell(name, form, locale)
    _write_documents(found, output)
    if faulty:
        sys.exit(FAULTY)


def _tell(name: str, form: Form, locale: str) -> None:
    """Say what was assumed, and what has no place in the document."""
    for note in form.notes:
        _complain(name, note.text(locale))
    for listed in form.listed:
        _complain(name, f"{listed.place}: {listed.reason(locale)}: {listed.text}")
    for skipped in form.skipped:
        _complain(name, f"{skipped.place}: {skipped.reason(locale)}".removeprefix(": "))


def _write_documents(found: list[tuple[str, Form]], output: str | None) -> None:
    if output is None:
        click.echo("\n".join(f"# {name} {form.place}\n{dumps(form.document)}" for name, form in found), nl=False)
        return
    if len(found) == 1 and not Path(output).is_dir():
        targets = [Path(output)]
    elif Path(output).is_dir():
        counts: dict[str, int] = {}
        targets = []
        for name, _ in found:
            counts[name] = counts.get(name, 0) + 1
            number = f"-{counts[name]}" if counts[name] > 1 else ""
            targets.append(Path(output) / f"{Path(name).stem}{number}.toml")
    else:
        raise click.UsageError(f"{len(found)} forms go into a folder: name one that is there by --output")
    for target, (_, form) in zip(targets, found, strict=True):
        try:
            dump(form.document, target)
        except OSError as error:
            _complain(str(target), error.strerror or str(error))
            sys.exit(FAULTY)


@main.command(name="form")
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option("--output", "-o", required=True, type=click.Path(), metavar="FILE", help="A .xlsx or .docx file.")
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option("--stated-only", is_flag=True, help="Print what the document states, nothing computed.")
def form_command(file: str, output: str, rules_id: str | None, stated_only: bool) -> None:
    """Write the official form of a document, with its scores, as Excel or Word."""
    from perfeval.forms import write

    def written(document: Project | Department, rules: RuleSet) -> None:
        write(document, output, rules=rules, evaluation=None if stated_only else evaluate(document, rules))

    try:
        _, faulty = _each((file,), rules_id, written)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    if faulty:
        sys.exit(FAULTY)


@main.command(name="template")
@click.option("--rules", "rules_id", required=True, metavar="ID|FILE", help="Rule set.")
@click.option("--output", "-o", required=True, type=click.Path(), metavar="FILE", help="A .xlsx or .docx file.")
def template_command(rules_id: str, output: str) -> None:
    """Write an empty form of a rule set, to fill in."""
    from perfeval.forms import write_template

    try:
        write_template(RuleSet.from_toml(rules_id) if rules_id.endswith(".toml") else rule_set(rules_id), output)
    except (OSError, TypeError, RuleSetNotFoundError) as error:
        _complain(output if isinstance(error, OSError) else rules_id, getattr(error, "strerror", None) or str(error))
        sys.exit(FAULTY)
    except RuleSetError as group:
        for fault in group.exceptions:
            _complain(rules_id, str(fault))
        sys.exit(FAULTY)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@main.command(name="ledger")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option("--on", required=True, type=_DAY, metavar="DAY", help="The day that is looked at: 2023-06-30.")
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def ledger_command(
    files: tuple[str, ...], on: dt.datetime, rules_id: str | None, locale: str | None, form: str
) -> None:
    """Print the rectification ledger of departments on a day: what is open, overdue, done."""

    def kept(document: Project | Department, rules: RuleSet) -> Ledger:
        if isinstance(document, Project):
            raise ModelError(f"{document.name}: only a department has a ledger")
        return ledger(document, rules, on=on.date())

    found, faulty = _each(files, rules_id, kept)
    _show(list(found.values()), locale, form)
    if faulty:
        sys.exit(FAULTY)


@main.command(name="consequences")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in EvaluationKind]),
    help="Whose evaluation it is; by default the rule set's.",
)
@click.option(
    "--rectified/--not-rectified", default=None, help="Whether what was found has been put right; by default not told."
)
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option("--scope", default="general", show_default=True, help="Which budgets the rule set is for.")
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def consequences_command(
    files: tuple[str, ...],
    kind: str | None,
    rectified: bool | None,
    rules_id: str | None,
    scope: str,
    locale: str | None,
    form: str,
) -> None:
    """Print what follows from the grade of each project: the use of results, with its articles and amounts."""

    def followed(document: Project | Department, rules: RuleSet) -> list[Consequences]:
        projects = (document,) if isinstance(document, Project) else document.projects
        return [consequences(evaluate(project, rules), rules, kind=kind, rectified=rectified) for project in projects]

    found, faulty = _each(files, rules_id, followed, scope)
    _show([one for each in found.values() for one in each], locale, form)
    if faulty:
        sys.exit(FAULTY)


@main.command(name="review")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--rules", "rules_id", metavar="ID|FILE", help="Rule set; by default that of the document's place and year."
)
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def review_command(files: tuple[str, ...], rules_id: str | None, locale: str | None, form: str) -> None:
    """Print a reviewer's findings beside the unit's own scores; of several files, how they came out together, too."""
    found, faulty = _each(files, rules_id, review_scores)
    shown: list[_Shown] = list(found.values())
    if len(found) > 1:
        results = [
            one for each in found.values() for one in (each.results if isinstance(each, DepartmentReview) else (each,))
        ]
        shown.append(review_summary(results))
    _show(shown, locale, form)
    if faulty:
        sys.exit(FAULTY)


@main.command(name="schema")
@click.argument("of", type=click.Choice(["document", "rules"]))
def schema_command(of: str) -> None:
    """Print the JSON Schema of documents or of rule files, for an editor."""
    from perfeval.schemas import document_schema, rule_set_schema

    _echo_json(document_schema() if of == "document" else rule_set_schema())


@main.group(name="rules")
def rules_group() -> None:
    """Rule sets: list them, show one, check your own."""


@rules_group.command(name="list")
@click.option("--locale", type=click.Choice(LOCALES), default="en", show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_command(locale: str, form: str) -> None:
    """List the rule sets that come with the library."""
    rows = [
        {
            "id": rules.id,
            "place": rules.place,
            "scope": rules.scope,
            "first_fiscal_year": str(rules.first_fiscal_year),
            "title": rules.title.of(locale),
        }
        for rules in rule_sets()
    ]
    if form == "json":
        _echo_json(rows)
    else:
        click.echo(_aligned([list(row.values()) for row in rows]))


@rules_group.command(name="show")
@click.argument("name", metavar="ID")
@click.option("--locale", type=click.Choice(LOCALES), help="Language; by default the rule set's.")
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="markdown", show_default=True)
def show_command(name: str, locale: str | None, form: str) -> None:
    """Show a rule set, by its id or a file of your own, with the article behind each part."""
    try:
        rules = RuleSet.from_toml(name) if name.endswith(".toml") else rule_set(name)
    except (OSError, TypeError, RuleSetNotFoundError) as error:
        _complain(name, str(error))
        sys.exit(FAULTY)
    except RuleSetError as group:
        for fault in group.exceptions:
            _complain(name, str(fault))
        sys.exit(FAULTY)
    page = rules.page(locale)
    click.echo(text(page, _width()) if form == "text" else markdown(page))


@rules_group.command(name="copy")
@click.argument("rules_id", metavar="ID")
@click.argument("file", type=click.Path(), metavar="FILE")
def copy_command(rules_id: str, file: str) -> None:
    """Copy the file of a rule set that comes with the library, to change it into one of your own."""
    try:
        text_of = shipped_file(rules_id)
        with Path(file).open("x", encoding="utf-8", newline="\n") as copy:
            copy.write(text_of)
    except RuleSetNotFoundError as error:
        _complain(rules_id, str(error))
        sys.exit(FAULTY)
    except OSError as error:
        _complain(file, error.strerror or str(error))
        sys.exit(FAULTY)


@rules_group.command(name="check")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
def check_rules_command(files: tuple[str, ...]) -> None:
    """Check rule sets of your own: every fault of a file, then the laws."""
    worst = 0
    for name in files:
        try:
            faults: tuple[Exception, ...] = check_rule_set(RuleSet.from_toml(name))
        except OSError as error:
            faults, worst = (OSError(error.strerror or str(error)),), FAULTY
        except RuleSetError as group:
            faults, worst = group.exceptions, FAULTY
        for fault in faults:
            _complain(name, str(fault))
        if not faults:
            click.echo(f"{name}: keeps every law")
        worst = max(worst, FOUND if faults else 0)
    sys.exit(worst)


class _Shown(Protocol):
    """A result that is shown as a page, or as JSON."""

    def page(self, locale: str | None = None) -> Page: ...

    def to_dict(self) -> dict[str, Any]: ...


def _show(results: Sequence[_Shown], locale: str | None, form: str) -> None:
    """Print results in the form that is asked for."""
    if form == "json":
        _echo_json([result.to_dict() for result in results])
    elif results:
        pages = [result.page(locale) for result in results]
        click.echo("\n\n".join(markdown(page) if form == "markdown" else text(page, _width()) for page in pages))


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def _each(
    files: tuple[str, ...],
    rules_id: str | None,
    work: Callable[[Project | Department, RuleSet], T],
    scope: str = "general",
    with_cells: Callable[[T, Form], T] | None = None,
) -> tuple[dict[str, T], dict[str, tuple[Fault, ...]]]:
    """What *work* makes of each document, by file; and the faults of those that are faulty."""
    found: dict[str, T] = {}
    faults: dict[str, tuple[Fault, ...]] = {}
    for name in files:
        try:
            for key, document, form in _documents(name):
                rules = _rules_of(document, rules_id, scope) if form is None else _rules_of_form(form, rules_id, scope)
                made = work(document, rules)
                found[key] = made if form is None or with_cells is None else with_cells(made, form)
        except OSError as error:
            faults[name] = (Fault("", error.strerror or str(error)),)
        except RuleSetError as group:
            # Of the rules, not of the document: their place is told first.
            own = [one for one in group.exceptions if isinstance(one, Fault)]
            faults[name] = tuple(Fault(f"{group.message} {one.path}".strip(), one.problem) for one in own)
        except (DocumentError, FormError) as group:
            faults[name] = tuple(one for one in group.exceptions if isinstance(one, Fault))
        except PerfevalError as error:
            faults[name] = (Fault("", str(error)),)
        for fault in faults.get(name, ()):
            _complain(name, str(fault))
    return found, faults


def _lines(name: str) -> dict[str, int]:
    """The line of each part of a document that is a text; nothing of any other file."""
    try:
        with Path(name).open("rb") as file:
            return lines_of(file.read(LARGEST_DOCUMENT).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return {}


def _told(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """The faults of a file, as JSON tells them beside findings."""
    return [{"severity": "fault", "where": fault.path, "message": fault.problem} for fault in faults]


def _outline_of(name: str) -> Outline:
    """The outline of that id or file; what is wrong with it ends the command."""
    try:
        return Outline.from_toml(name) if name.endswith(".toml") else outline(name)
    except OSError as error:
        _complain(name, error.strerror or str(error))
    except RuleSetError as group:
        for fault in group.exceptions:
            _complain(name, str(fault))
    except OutlineNotFoundError as error:
        _complain(name, str(error))
    sys.exit(FAULTY)


def _documents(name: str) -> Iterator[tuple[str, Project | Department, Form | None]]:
    """The documents of a file: one of TOML or JSON, or those of the forms in a workbook or a Word document."""
    from perfeval.forms import is_form_file, read

    if name == "-":
        yield name, _standard_input(), None
        return
    if not is_form_file(name):
        yield name, load(name), None
        return
    forms = read(name)
    for form in forms:
        for note in form.notes:
            _complain(name, note.text("en"))
        yield (name if len(forms) == 1 else f"{name} [{form.place}]"), form.document, form


def _standard_input() -> Project | Department:
    """The document on standard input, JSON where it begins like it."""
    data = sys.stdin.buffer.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        raise DocumentError("-", [Fault("", f"expected at most {LARGEST_DOCUMENT} bytes")])
    try:
        shown = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("-", [Fault("", f"not valid UTF-8: {error.reason} at byte {error.start}")]) from None
    return loads(shown, format="json" if shown.lstrip().startswith("{") else "toml")


def _rules_of_form(form: Form, rules_id: str | None, scope: str) -> RuleSet:
    """The rule set asked for, else that of the form's place, year and kind; never one by default."""
    from perfeval.forms import rules_of_form

    if rules_id is not None:
        return _rules_of(form.document, rules_id, scope)
    rules = rules_of_form(form)
    if rules is None:
        raise RuleSetNotFoundError("the form tells no place with rules for its year; name the rules by --rules")
    return rules


def _complain(name: str, problem: str) -> bool:
    click.echo(visible(f"{name}: {problem}"), err=True)
    return True


def _evaluated(document: Project | Department, rules: RuleSet) -> Evaluation | DepartmentEvaluation:
    return evaluate(document, rules)


def _rules_of(document: Project | Department, rules_id: str | None, scope: str) -> RuleSet:
    """The rule set asked for, else that of the document's place (or the nation) and year."""
    if rules_id is not None and rules_id.endswith(".toml"):
        return RuleSet.from_toml(rules_id)
    return rule_set(rules_id or document.place or nation(), fiscal_year=document.fiscal_year, scope=scope)


def _aligned(rows: list[list[str]]) -> str:
    """Columns that align, Chinese or not."""
    columns = tuple(Column() for _ in rows[0])
    return text(Page((Table(columns, tuple(tuple(map(Cell, row)) for row in rows)),), "en"))


def _width() -> int | None:
    """The columns of the terminal; `None` where the output goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    return max(shutil.get_terminal_size().columns, 20)


def _echo_json(value: object) -> None:
    shown = _json_text(value)
    try:
        shown.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        # JSON has escapes of its own for what the terminal does not have.
        shown = json.dumps(value, indent=2)
    click.echo(shown)


def _json_text(value: object) -> str:
    """JSON with Chinese as it is; what cannot be seen is written as JSON's own escape."""
    shown = json.dumps(value, ensure_ascii=False, indent=2)
    return re.sub(r"[^\n -~]", lambda one: one[0] if one[0].isprintable() else json.dumps(one[0])[1:-1], shown)
