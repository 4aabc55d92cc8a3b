"""What the documentation builds besides its pages: the examples' reports in both languages, and charts."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import perfeval as pe
from perfeval.charts import execution_chart, lost_points_chart, svg
from perfeval.i18n import LOCALES
from perfeval.pages import docx

EXAMPLES = Path(__file__).parent.parent / "examples"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the reports to the site."""
    for path in sorted(EXAMPLES.glob("*.toml")):
        subject = pe.load(path)
        rules = pe.rule_set(subject.place or "CN", fiscal_year=subject.fiscal_year)
        for locale in LOCALES:
            made = pe.report(subject, rules, locale=locale, charts=True)
            carriers = {"html": made.to_html(), "md.txt": made.to_markdown(), "docx": docx(made.page)}
            for suffix, content in carriers.items():
                files.append(File.generated(config, f"reports/{path.stem}.{locale}.{suffix}", content=content))
        result = pe.evaluate(subject, rules)
        if path.stem == "qingheju-2022":
            files.append(File.generated(config, "reports/execution.svg", content=svg(execution_chart(result, "en"))))
        if path.stem == "qinghe-2022":
            files.append(
                File.generated(config, "reports/lost-points.svg", content=svg(lost_points_chart(result, "en")))
            )
    return files
