"""Write the pages that are made of data; `--check` says whether they are up to date.

python scripts/pages.py [--check]
"""

from __future__ import annotations

import sys
import tomllib
from itertools import groupby
from pathlib import Path

from perfeval import i18n
from perfeval.checks import Check, catalogue

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"


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


PAGES = {"codes.md": codes}


def main() -> None:
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / "docs" / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8", newline="\n")
    if stale and "--check" in sys.argv:
        sys.exit(f"not up to date, run python scripts/pages.py: {', '.join(stale)}")


if __name__ == "__main__":
    main()
