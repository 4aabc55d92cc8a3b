"""Write the pages that are made of data; `--check` says whether they are up to date.

python scripts/pages.py [--check]
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from functools import partial
from itertools import groupby
from pathlib import Path

import perfeval as pe
from perfeval import i18n
from perfeval.checks import Check, catalogue
from perfeval.pages import markdown
from perfeval.practice import PrintedFigure

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


MARKS = ("<!-- rule sets: made by scripts/pages.py -->", "<!-- end of rule sets -->")


def readme() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return "\n".join([before + MARKS[0], "", *rule_list("docs/rules/{}.md"), "", MARKS[1] + after])


PAGES = {
    "docs/codes.md": codes,
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
