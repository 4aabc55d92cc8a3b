"""Sample small faults in the kernel and ask which of them the tests see. Run by hand: see CONTRIBUTING.md.

A mutant is one edit of one place in the source (a comparison, a constant, a
branch …). The tests run once with coverage, to learn which of them execute
which line; then each mutant meets the tests that execute its line, the fastest
first, in a copy of the last commit, until one fails. One line of JSON per mutant
is appended to ``log.jsonl``; a second run goes on where the first one stopped.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import coverage
import pytest

ROOT = Path(__file__).parent.parent
SAMPLED = ("amounts.py", "ratios.py", "rounding.py", "targets.py", "scoring/*.py", "rates/*.py", "text/*.py")
SAMPLED += ("evaluation/*.py", "practice/*.py", "checks/*.py")
# Imported once, before the processes that meet the mutants are forked.
PRELOADED = ("babel.numbers", "cattrs", "click.testing", "docx", "hypothesis", "hypothesis.strategies", "jsonschema")
PRELOADED += ("lxml.etree", "narwhals", "openpyxl", "pandas", "sybil.parsers.rest", "tomli_w", "xlsxwriter")

# Hypothesis is there before pytest is, which pytest would warn of.
QUIET = ("-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")

COMPARED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "is": "is not", "is not": "is"}
COMPARED |= {"in": "not in", "not in": "in"}
CALCULATED = {"+": "-", "-": "+", "*": "//", "/": "*", "//": "*", "%": "*", "**": "*", "|": "&", "&": "|"}
NAMED = {"min": "max", "max": "min", "any": "all", "all": "any"}
TYPES_ONLY = {
    "cast",
    "TypeVar",
    "NewType",
    "TYPE_CHECKING",
    "overload",
    "Protocol",
    "TypedDict",
    "TypeAlias",
    "__all__",
}
OPERATOR = re.compile(rb"\bis\s+not\b|\bnot\s+in\b|\bis\b|\bin\b|\band\b|\bor\b|[<>=!]=|//|\*\*|[-+*/%<>|&]")


class Mutant(NamedTuple):
    """One edit: the bytes from *start* to *end* of a file become *after*."""

    path: str
    line: int
    last_line: int
    start: int
    end: int
    before: str
    after: str


class Edits:
    """The mutants of one file; docstrings, annotations, decorators and f-strings stay as they are."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path, self.source, self.starts = path, source, [0]
        for text in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(text))

    def begin(self, node: ast.AST) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def finish(self, node: ast.AST) -> int:
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def edit(self, node: ast.AST, start: int, end: int, after: str) -> Mutant:
        return Mutant(self.path, node.lineno, node.end_lineno, start, end, self.source[start:end].decode(), after)

    def whole(self, node: ast.AST, after: str) -> Mutant:
        return self.edit(node, self.begin(node), self.finish(node), after)

    def between(self, node: ast.AST, left: ast.AST, right: ast.AST, others: dict[str, str]) -> Iterator[Mutant]:
        found = OPERATOR.search(self.source, self.finish(left), self.begin(right))
        if found and (after := others.get(" ".join(found[0].decode().split()))):
            yield self.edit(node, found.start(), found.end(), after)

    def operators(self, node: ast.AST, *, called: bool) -> Iterator[Mutant]:
        match node:
            case ast.Compare():
                for left, right in zip([node.left, *node.comparators], node.comparators, strict=False):
                    yield from self.between(node, left, right, COMPARED)
            case ast.BoolOp():
                yield from self.between(node, node.values[-2], node.values[-1], {"and": "or", "or": "and"})
            case ast.BinOp() if called:  # elsewhere it may join types
                yield from self.between(node, node.left, node.right, CALCULATED)
            case ast.AugAssign():
                yield from self.between(node, node.target, node.value, CALCULATED)
            case ast.UnaryOp(op=ast.Not() | ast.USub() as op):
                yield self.edit(node, self.begin(node), self.begin(node) + (3 if isinstance(op, ast.Not) else 1), "")
            case ast.Call(func=ast.Name(id=name)) if name in NAMED:
                yield self.whole(node.func, NAMED[name])

    def branches(self, node: ast.AST) -> Iterator[Mutant]:
        match node:
            case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
                yield self.whole(node, "return None")
            case ast.Raise() | ast.AugAssign() | ast.Expr(value=ast.Call()):
                yield self.whole(node, "pass")
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
                yield self.whole(node, "pass")
            case ast.Continue() | ast.Break():
                yield self.whole(node, "break" if isinstance(node, ast.Continue) else "continue")
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                yield self.whole(test, "False")
                if isinstance(test, ast.Name | ast.Attribute | ast.Call):
                    yield self.whole(test, f"not {ast.unparse(test)}")
            case ast.comprehension():
                yield from (self.whole(each, "True") for each in node.ifs)

    def constants(self, node: ast.AST) -> Iterator[Mutant]:
        match node:
            case ast.Constant(value=bool()):
                yield self.whole(node, str(not node.value))
            case ast.Constant(value=int()):
                yield from (self.whole(node, str(node.value + step)) for step in (1, -1))
            case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str() as digits) as word]):
                yield self.whole(word, f'"{digits}1"')
            case (
                ast.Subscript(slice=ast.Constant(value=str()) as word)
                | ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[ast.Constant(value=str()) as word, *_])
            ):
                yield self.whole(word, '""')
            case ast.Dict():
                yield from (self.whole(key, '""') for key in node.keys if isinstance(key, ast.Constant) and key.value)

    def of(self, node: ast.AST, *, called: bool = False) -> Iterator[Mutant]:
        """Yield the mutants of *node* and of all below it; *called*: it runs in a function."""
        heads = [getattr(node, "test", None), getattr(node, "func", None), getattr(node, "annotation", None)]
        heads += [*getattr(node, "bases", ()), *getattr(node, "decorator_list", ()), *getattr(node, "targets", ())]
        types_only = any(getattr(head, "id", getattr(head, "attr", None)) in TYPES_ONLY for head in heads)
        if types_only or isinstance(node, ast.JoinedStr):
            return
        yield from self.operators(node, called=called)
        yield from self.branches(node)
        yield from self.constants(node)
        called = called or isinstance(node, ast.FunctionDef)
        for name, value in ast.iter_fields(node):
            if name not in {"annotation", "returns", "decorator_list"}:
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        yield from self.of(child, called=called)


def sampled(tree: Path, count: int, seed: int) -> list[Mutant]:
    """Return *count* mutants that compile, drawn evenly from all."""
    files = sorted(path for pattern in SAMPLED for path in (tree / "src/perfeval").glob(pattern))
    sources = {str(path.relative_to(tree)): path.read_bytes() for path in files}
    found = [mutant for path, source in sources.items() for mutant in Edits(path, source).of(ast.parse(source))]
    random.Random(seed).shuffle(found)
    kept: list[Mutant] = []
    for mutant in found:
        try:
            ast.parse(mutated(sources[mutant.path], mutant))
        except SyntaxError:
            continue
        kept.append(mutant)
        if len(kept) == count:
            break
    return kept


def mutated(source: bytes, mutant: Mutant) -> bytes:
    return source[: mutant.start] + mutant.after.encode() + source[mutant.end :]


def unit(nodeid: str) -> str:
    """A test, or a whole file of examples: these build on each other."""
    return nodeid if nodeid.startswith("tests/") else nodeid.split("::", maxsplit=1)[0]


class Mapped:
    """Learns which tests execute which line, and how long they take."""

    def __init__(self, tree: Path, kept: Path) -> None:
        self.tree, self.kept = tree, kept
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.measured = coverage.Coverage(data_file=None, config_file=False, include=[f"{tree}/src/perfeval/*"])

    def pytest_sessionstart(self) -> None:
        self.measured.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item):  # noqa: ANN201
        name = unit(item.nodeid)
        self.measured.switch_context(name)
        begun = time.process_time()
        answer = yield
        self.seconds[name] = self.seconds.get(name, 0) + time.process_time() - begun
        self.measured.switch_context("")
        return answer

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.failed.add(unit(report.nodeid))

    def pytest_sessionfinish(self) -> None:
        self.measured.stop()
        data = self.measured.get_data()
        names = {name: number for number, name in enumerate(self.seconds)}
        lines = {
            str(Path(path).relative_to(self.tree)): {
                line: [names[name] for name in found if name] for line, found in data.contexts_by_lineno(path).items()
            }
            for path in data.measured_files()
        }
        self.kept.write_text(json.dumps({"seconds": self.seconds, "failed": sorted(self.failed), "lines": lines}))


class Chosen:
    """Runs the chosen tests only, the fastest first; ends a test that never ends."""

    def __init__(self, seconds: dict[str, float], killer: Path) -> None:
        self.seconds, self.killer = seconds, killer

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (i for i in items if unit(i.nodeid) in self.seconds), key=lambda i: self.seconds[unit(i.nodeid)]
        )

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        def end(*_: object) -> None:
            self.killer.write_text(f"timeout {item.nodeid}")
            os._exit(9)

        signal.signal(signal.SIGPROF, end)
        signal.setitimer(signal.ITIMER_PROF, 20 + 10 * self.seconds[unit(item.nodeid)])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.killer.write_text(report.nodeid)


def in_child(tree: Path, arguments: list[str], plugin: object, output: Path) -> int:
    """Run pytest in a forked process, which imports perfeval from *tree*; return its exit code."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            resource.setrlimit(resource.RLIMIT_DATA, (8 << 30, 8 << 30))
            os.chdir(tree)
            sys.path[:1] = [str(tree / "src"), str(tree / "tests")]
            os.environ["PYTHONPATH"] = f"{tree / 'src'}:{tree / 'tests'}"
            with output.open("w") as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            code = int(pytest.main([*QUIET, *arguments], plugins=[plugin]))
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def learn(tree: Path, work: Path) -> dict:
    """Run the whole suite with coverage, once; the answer is kept in ``map.json``."""
    kept = work / "map.json"
    if not kept.exists():
        in_child(tree, [], Mapped(tree, kept), work / "map.log")
    return json.loads(kept.read_text())


def batches(mutant: Mutant, known: dict, *, rest: bool) -> Iterator[dict[str, float]]:
    """Yield the tests to run: of each file that is most about this line, of the others; then, if asked, all the rest."""
    seconds = {name: spent for name, spent in known["seconds"].items() if name not in known["failed"]}
    names, lines = list(known["seconds"]), known["lines"].get(mutant.path, {})
    numbers = {number for line in range(mutant.line, mutant.last_line + 1) for number in lines.get(str(line), ())}
    # A line that only runs while the module is imported is seen by each test of the module.
    numbers = numbers or {number for found in lines.values() for number in found}
    seeing = {names[number] for number in numbers} & set(seconds)
    files = {name: name.split("::")[0] for name in seconds}
    among, of_all = Counter(files[name] for name in seeing), Counter(files.values())
    first = sorted(among, key=lambda file: -among[file] / of_all[file])[:4]
    yield from ({name: seconds[name] for name in seeing if files[name] == file} for file in first)
    yield {name: seconds[name] for name in seeing if files[name] not in first}
    if rest:
        yield {name: seconds[name] for name in seconds if name not in seeing}


def tried(mutant: Mutant, tree: Path, work: Path, known: dict, *, rest: bool) -> dict:
    """Run the tests on a mutant; return what became of it, and by which test."""
    path, killer, begun = tree / mutant.path, work / "killer", time.monotonic()
    source, times = path.read_bytes(), path.stat()
    outcome = "survived"
    try:
        path.write_bytes(mutated(source, mutant))
        for chosen in batches(mutant, known, rest=rest):
            killer.write_text("")
            files = sorted({name.split("::")[0] for name in chosen})
            code = in_child(tree, ["-x", *files], Chosen(chosen, killer), work / "last.log") if chosen else 0
            if code not in {0, int(pytest.ExitCode.NO_TESTS_COLLECTED)}:
                outcome = "killed"
                break
    finally:
        path.write_bytes(source)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    by = killer.read_text() or f"exit {code}"
    return {
        **mutant._asdict(),
        "outcome": outcome,
        "by": by if outcome == "killed" else "",
        "rest": rest,
        "seconds": round(time.monotonic() - begun, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path, help="a folder for the copy of the tree, the map and the log")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--rest", action="store_true", help="run the rest of the suite, too, on those that survived")
    asked = parser.parse_args()
    work, tree, log = asked.work.resolve(), asked.work.resolve() / "tree", asked.work.resolve() / "log.jsonl"
    if not tree.exists():
        subprocess.run(["git", "clone", "-q", str(ROOT), str(tree)], check=True)
    subprocess.run(["git", "-C", str(tree), "checkout", "-q", "."], check=True)
    for name in PRELOADED:
        importlib.import_module(name)
    known = learn(tree, work)
    done = {}
    for line in log.read_text().splitlines() if log.exists() else ():
        entry = json.loads(line)
        done[Mutant(*(entry[field] for field in Mutant._fields))] = entry
    for mutant in sampled(tree, asked.count, asked.seed):
        before = done.get(mutant)
        if before is None or (asked.rest and before["outcome"] == "survived" and not before["rest"]):
            done[mutant] = tried(mutant, tree, work, known, rest=asked.rest)
            with log.open("a") as out:
                out.write(json.dumps(done[mutant], ensure_ascii=False) + "\n")
    for entry in done.values():
        if entry["outcome"] == "survived":
            print("{path}:{line}: {before!r} → {after!r}".format(**entry))
    killed = sum(entry["outcome"] == "killed" for entry in done.values())
    print(f"{killed} of {len(done)} killed")


if __name__ == "__main__":
    main()
