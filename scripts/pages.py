"""Write the pages that are made of data; `--check` says whether they are up to date.

python scripts/pages.py [--check]
"""

from __future__ import annotations

import inspect
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import perfeval as pe
from perfeval import i18n
from perfeval.checks import Check, catalogue
from perfeval.documents import RECORDS
from perfeval.model import Project
from perfeval.model.departments import Department
from perfeval.pages import markdown
from perfeval.practice import PrintedFigure
from perfeval.schemas import document_schema, rule_set_schema

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
sys.path.insert(0, str(ROOT / "tests"))

from published_forms import figures, published, rules_of  # noqa: E402  # a helper of the tests


def codes() -> str:
    """The page of all codes, with what passes and what fails, from the case files."""
    out = [
        "# Every code",
        "",
        "Made from the catalogue of checks and their case files. Severities: *error* cannot be right, *warning* needs a",
        "reason, *note* is worth knowing. Each example stands below `name`, `fiscal_year` and `amount_unit`; money is in 万元.",
        "",
    ]
    for family, rules in groupby(catalogue(), key=lambda rule: rule.family):
        title = " · ".join(i18n.message(f"family.{family}", locale) for locale in ("en", "zh_CN"))
        out += [f"## {family}: {title}", ""]
        for rule in rules:
            out += section(rule)
    return "\n".join(out).rstrip() + "\n"


def section(rule: Check) -> list[str]:
    cases = tomllib.loads((CASES / f"{rule.code}.toml").read_text(encoding="utf-8"))
    sources = "; ".join(cite.text("en") for cite in rule.cites)
    out = [
        f"### {rule.code} {rule.name}",
        "",
        f"*{rule.severity.value}* — {rule.about('en')} {rule.about('zh_CN')}",
        "",
    ]
    out += [f"Source: {sources}.", ""]
    if rule.assumption is not None:
        out += [f"Assumption: {rule.assumption.en} {rule.assumption.zh_CN}", ""]
    for kind in ("fails", "passes"):
        for row in cases[kind]:
            extra = [f"fiscal year {row['fiscal_year']}"] if "fiscal_year" in row else []
            extra += [f"rules `{row['rules']}`"] if "rules" in row else []
            told = f" ({', '.join(extra)})" if extra else ""
            out += [f"{kind.capitalize()}: {row['case']}{told}", ""]
            if row["document"]:
                out += ["```toml", row["document"].rstrip(), "```", ""]
            if kind == "fails":
                where = ", ".join(f"`{place}`" for place in row["finds"] if place) or "the document"
                out += [f"> {where}: {row['en']}  ", f"> {row['zh_CN']}", ""]
    return out


def rule_list(link: str) -> list[str]:
    rows = ["| id | place | scope | from | title |", "|---|---|---|---|---|"]
    for rules in pe.rule_sets():
        cells = (f"[`{rules.id}`]({link.format(rules.id)})", rules.place, rules.scope, str(rules.first_fiscal_year))
        rows.append(f"| {' | '.join(cells)} | {rules.title.zh_CN}; {rules.title.en} |")
    return rows


def rule_page(rules: pe.RuleSet, locale: str) -> str:
    return markdown(rules.page(locale)) + "\n"


def rules_index() -> str:
    text = ["# Rule sets", "", "Made from the rule sets themselves; each page also in Chinese (`.zh`).", ""]
    return "\n".join([*text, *rule_list("{}.md"), ""])


def reproduced() -> str:
    """What the published forms print, held against the rules of their places."""
    out = [
        "# Published forms, recomputed",
        "",
        "Every figure that the published forms print and that can be computed from what they show, by the rule set of the form's",
        "place: rates, scores, totals and grades, the total row of the money. How many figures that gives, by which practice, and",
        "why not the others. A form whose place has no rules of its own is held against the nation's. A figure that nothing",
        "on the form gives is not counted: a score whose actual is words, a total of which rows are not seen.",
        "",
        "| form | rule set | figures | reproduced | by | not reproduced |",
        "|---|---|---|---|---|---|",
    ]
    every = reached = 0
    for name, form in published().items():
        rows = list(figures(form))
        ways = Counter(figure.practice for figure, _ in rows if figure.practice is not None)
        missed = [told(figure, why) for figure, why in rows if figure.practice is None]
        every, reached = every + len(rows), reached + len(rows) - len(missed)
        by = ", ".join(f"{way} {number}" for way, number in ways.items())
        cells = (name, f"`{rules_of(form).id}`", str(len(rows)), str(len(rows) - len(missed)), by)
        out.append(f"| {' | '.join(cells)} | {'<br>'.join(missed)} |")
    out.append(f"| {len(published())} forms | | {every} | {reached} | | |")
    return "\n".join(out) + "\n"


def told(figure: PrintedFigure, why: pe.Finding | None) -> str:
    if why is None:
        return f"`{figure.where}`: {figure.printed}"
    return f"{why.code} {why.message('en')}"


def terms() -> str:
    """The glossary: what officials write, what we write, and the name in the library."""
    rows = tomllib.loads((ROOT / "src/perfeval/data/terms.toml").read_text(encoding="utf-8"))["terms"]
    out = [
        "# Terms",
        "",
        "Made from `data/terms.toml`. The same term is used everywhere, in both languages: a test holds every message and every",
        "word of the shipped data against this list.",
        "",
        "| 中文 | English | name | never |",
        "|---|---|---|---|",
    ]
    for row in rows:
        never = ", ".join([*row.get("not_zh", []), *row.get("not_en", [])])
        out.append(f"| {row['zh_CN']} | {row['en']} | `{row['name'].partition(':')[2]}` | {never} |")
    return "\n".join(out) + "\n"


def keys() -> str:
    """The page of all keys of documents and rule files, from their schemas and the records' own words."""
    out = [
        "# Every key",
        "",
        "Made from the JSON Schemas, which `perfeval schema document` and `perfeval schema rules` print for an editor; they stand",
        "beside this page, too: [documents](schema/document.json), [rule files](schema/rules.json). A date of TOML is a text of JSON.",
        "",
        "## Documents",
        "",
    ]
    schema = document_schema()
    for record in (Project, Department, *RECORDS):
        table, about = schema["$defs"][record.__name__], _attributes(record)
        out += [
            f"### {record.__name__}",
            "",
            _first_line(record),
            "",
            "| key | holds | needed | |",
            "|---|---|---|---|",
        ]
        for key, holds in table["properties"].items():
            needed = "yes" if key in table["required"] or key == "amount_unit" else ""
            out.append(f"| `{key}` | {_holds(holds)} | {needed} | {about.get(key, '')} |")
        out.append("")
    out += ["## Rule files", "", "| key | holds | needed |", "|---|---|---|"]
    out += _rule_keys(rule_set_schema(), "")
    return "\n".join(out) + "\n"


def _first_line(record: type) -> str:
    return (inspect.getdoc(record) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _attributes(record: type) -> dict[str, str]:
    """What a record's docstring says of each attribute."""
    _, _, text = (inspect.getdoc(record) or "").partition("Attributes:\n")
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        head, colon, rest = line.strip().partition(":")
        if line.startswith("    ") and not line.startswith("     ") and colon:
            name, found[head] = head, rest.strip()
        elif line.startswith("     ") and name:
            found[name] += f" {line.strip()}"
        elif line.strip():
            break
    return {name: text.replace("|", "\\|") for name, text in found.items()}


def _holds(schema: dict[str, Any]) -> str:
    """The kind of a value in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"a table, [{name}](#{name.lower()})"
    if "anyOf" in schema:
        enums = [part["enum"] for part in schema["anyOf"] if "enum" in part]
        if enums:
            return ", ".join(f"`{value}`" for value in enums[0])
        refs = [part["$ref"].rpartition("/")[2] for part in schema["anyOf"] if "$ref" in part]
        return f"text, or a table ({', '.join(refs)})"
    if schema.get("type") == "array":
        return f"a list: {_holds(schema['items'])}" if schema.get("items") else "a list"
    if schema.get("type") == "object":
        return "a table, [Project](#project)" if "fiscal_year" in schema.get("properties", {}) else "a table"
    words = {"string": "text", "integer": "a whole number", "boolean": "true or false"}
    if schema.get("format") == "date":
        return "a date"
    kind = schema.get("type")
    return "a number" if isinstance(kind, list) else words.get(str(kind), "as the constructor asks")


def _rule_keys(schema: dict[str, Any], path: str) -> list[str]:
    rows = []
    for key, part in schema["properties"].items():
        name = f"{path}.{key}".strip(".")
        inner = part.get("items", {}) if part.get("type") == "array" else part
        deeper = "properties" in inner and set(inner["properties"]) != {"zh_CN", "en"}
        words = "properties" in inner and not deeper
        holds = (
            "words in zh_CN and en"
            if words
            else _holds(part)
            if not deeper
            else "tables"
            if inner is not part
            else "a table"
        )
        rows.append(f"| `{name}` | {holds} | {'yes' if key in schema['required'] else ''} |")
        if deeper:
            rows += _rule_keys(inner, f"{name}[]" if inner is not part else name)
    return rows


def schema_of(make: Callable[[], dict[str, Any]]) -> str:
    return json.dumps(make(), ensure_ascii=False, indent=2) + "\n"


MARKS = ("<!-- rule sets: made by scripts/pages.py -->", "<!-- end of rule sets -->")


def readme() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return "\n".join([before + MARKS[0], "", *rule_list("docs/rules/{}.md"), "", MARKS[1] + after])


PAGES = {
    "docs/codes.md": codes,
    "docs/keys.md": keys,
    "docs/schema/document.json": partial(schema_of, document_schema),
    "docs/schema/rules.json": partial(schema_of, rule_set_schema),
    "docs/published.md": reproduced,
    "docs/rules/index.md": rules_index,
    "docs/terms.md": terms,
    "README.md": readme,
}
PAGES |= {f"docs/rules/{rules.id}.md": partial(rule_page, rules, "en") for rules in pe.rule_sets()}
PAGES |= {f"docs/rules/{rules.id}.zh.md": partial(rule_page, rules, "zh_CN") for rules in pe.rule_sets()}


def main() -> None:
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    folder = ROOT / "docs" / "rules"
    for path in folder.glob("*.md"):
        if f"docs/rules/{path.name}" not in PAGES:
            stale.append(path.name)
            if "--check" not in sys.argv:
                path.unlink()
    if stale and "--check" in sys.argv:
        sys.exit(f"not up to date, run python scripts/pages.py: {', '.join(stale)}")


if __name__ == "__main__":
    main()
