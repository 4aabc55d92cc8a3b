"""What a project's form shows of the year around the score: all that its records hold, in every carrier."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
import strategies
from page_readers import html_text, markdown_text
from perfeval.amounts import plain, to_unit
from perfeval.i18n import day_text, message
from perfeval.model.pages import amount_text
from perfeval.pages import FoldOut, docx, html, markdown, text, visible, words_of

LOCALES = st.sampled_from(["zh_CN", "en"])
UNIT = pe.AmountUnit.WAN


def parts_of(record, locale):
    """Every word and figure of a record, as a reader looks for it."""
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        if value is None or field.name == "breakdown":
            continue
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, pe.Light | pe.Likelihood | pe.DeviationCause | pe.IndicatorKind | pe.FundingSource):
                name = {"DeviationCause": "cause", "IndicatorKind": "kind", "FundingSource": "source"}
                # A row's own label stands for its source.
                if not isinstance(one, pe.FundingSource) or record.label is None:
                    yield message(f"{name.get(type(one).__name__, type(one).__name__.lower())}.{one.value}", locale)
            elif isinstance(one, Decimal):
                if isinstance(record, pe.Review):
                    yield amount_text(one, UNIT, locale)
                else:
                    yield plain(one if field.name == "score" else to_unit(one, UNIT))
            elif isinstance(one, pe.Judgement):
                yield from (part for part in (one.words,) if part)
            elif attrs.has(type(one)) and type(one).__module__ == "perfeval.model.year":
                yield from parts_of(one, locale)
            else:
                yield day_text(one, locale) if isinstance(one, dt.date) else str(one)


def around(project):
    """The fold-outs of the page's end."""
    return [block for block in project.page("en").blocks if isinstance(block, FoldOut)]


@given(strategies.PROJECTS, LOCALES)
def test_every_part_of_the_records_is_shown(project, locale):
    project = attrs.evolve(project, amount_unit=UNIT)
    shown = "\n".join(words_of(project.page(locale)))
    records = [*project.monitoring, *([] if project.review is None else [project.review])]
    for record in records:
        for part in parts_of(record, locale):
            assert part in shown
    assert len(around(project)) == len(records)


def docx_text(page):
    from docx import Document

    document = Document(io.BytesIO(docx(page)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


CARRIERS = {
    "text": text,
    "markdown": lambda page: markdown_text(markdown(page)),
    "html": lambda page: html_text(html(page)),
    "docx": docx_text,
}


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("name", ["qingheju-2022-midyear", "qingheju-2022-reviewed"])
def test_every_carrier_shows_them(name, locale, carrier):
    for project in pe.load(f"examples/{name}.toml").projects:
        shown = CARRIERS[carrier](project.page(locale))
        records = [*project.monitoring, *([] if project.review is None else [project.review])]
        assert records
        for part in (part for record in records for part in parts_of(record, locale)):
            assert visible(part) in shown


def test_columns_that_no_row_tells_are_left_out():
    state = pe.Monitoring(dt.date(2022, 7, 31), indicators=[pe.MonitoredIndicator("清淤长度", done="3公里")])
    [block] = around(pe.Project("清淤", fiscal_year=2022, monitoring=[state]))
    [table] = block.blocks
    assert (block.summary, [column.title for column in table.columns]) == (
        "State at mid-year, through 2022-07-31",
        ["Indicator", "Reached so far"],
    )


def test_a_project_without_them_shows_nothing_of_them():
    assert around(pe.Project("清淤", fiscal_year=2022)) == []
