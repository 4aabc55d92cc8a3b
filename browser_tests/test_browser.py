"""Reports in a browser, in a session of its own: what only a browser can tell of a page.

    python -m pytest browser_tests

Needs Chromium and the extra ``browser``; no part of the README's test command.
The pages are files, opened without a network; screenshots go to the folder that
``--screenshots`` names, if it is given.
"""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import sync_playwright

import perfeval as pe
from perfeval.charts import (
    credibility_chart,
    execution_chart,
    grades_chart,
    indicators_chart,
    lost_points_chart,
    svg,
)
from perfeval.reports import report

WIDTHS = (390, 1200)
SCHEMES = ("light", "dark")
# Each outline in each language.
PAGES = [
    ("laoting-2022", "county", "zh_CN"),
    ("qingheju-2022-midyear", "county", "en"),
    ("qinghe-2022", "department-summary", "zh_CN"),
    ("qingheju-2022", "department-summary", "en"),
    ("qingheju-2022", "evaluation", "zh_CN"),
    ("qinghe-2022", "evaluation", "en"),
    ("qingheju-2022", "accounts-paragraph", "zh_CN"),
    ("laoting-2022", "accounts-paragraph", "en"),
    ("qingheju-2022-reviewed", "review", "zh_CN"),
    ("laoting-2022", "review", "en"),
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Nothing of a browser's own on the network; no sandbox, because a container's root has none.
OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)

# The least contrast of any words with the ground behind them, by WCAG's formula, and the words that have it.
CONTRAST = """() => {
  const light = c => { const s = c / 255; return s <= .03928 ? s / 12.92 : ((s + .055) / 1.055) ** 2.4 };
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => .2126 * light(r) + .7152 * light(g) + .0722 * light(b);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  let least = [99, ''];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.data.trim()) continue;
    const [a, b] = [parts(getComputedStyle(node.parentElement).color), ground(node.parentElement)].map(luminance);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < least[0]) least = [ratio, node.data];
  }
  return least;
}"""
WIDTH = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
# What stands out of a box on the right, other than in a box that scrolls.
CUT = """() => [...document.querySelectorAll('main *')].filter(e => !e.closest('.wide') &&
  e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="session")
def browser():
    assert CHROMIUM, "no Chromium on this machine"
    with sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        yield started
        started.close()


@pytest.fixture(scope="session", params=PAGES, ids="-".join)
def path(request, tmp_path_factory):
    name, outline, locale = request.param
    subject = pe.load(f"examples/{name}.toml")
    rules = pe.rule_set(subject.place or "CN", fiscal_year=subject.fiscal_year)
    where = tmp_path_factory.mktemp("pages") / f"{name}-{outline}-{locale}.html"
    made = report(subject, rules, outline=outline, locale=locale, charts=True)
    where.write_text(made.to_html(), encoding="utf-8")
    return where


@pytest.fixture
def opened(browser, path):
    """A function that opens the page, and what the browser complained of or asked for."""
    contexts, told = [], []

    def open_page(width=1200, scheme="light", **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(("file:", "data:")) or told.append(asked.url))
        page.goto(path.as_uri())
        return page

    yield open_page, told
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_is_cut_off_nothing_is_faint_and_nothing_is_asked_for(opened, path, width, scheme, request):
    open_page, told = opened
    page = open_page(width, scheme)
    scrolled, seen = page.evaluate(WIDTH)
    assert scrolled <= seen
    assert page.evaluate(CUT) == []
    # Every chart is drawn: the policy lets pictures of the page itself through.
    assert page.eval_on_selector_all("img", "all => all.every(one => one.complete && one.naturalWidth > 0)")
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    scrolled, seen = page.evaluate(WIDTH)
    assert scrolled <= seen
    ratio, words = page.evaluate(CONTRAST)
    assert ratio >= 4.5, words
    assert told == []
    folder = request.config.getoption("--screenshots")
    if folder:
        page.screenshot(path=f"{folder}/{path.stem}-{scheme}-{width}.png", full_page=True)


def test_fold_outs_open_by_keyboard(opened):
    page = opened[0]()
    if not page.query_selector("summary"):
        pytest.skip("nothing is folded on this page")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert not page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")


def test_a_wide_table_scrolls_by_keyboard(opened):
    page = opened[0](390)
    wide = "box => box.scrollWidth > box.clientWidth"
    boxes = [box for box in page.query_selector_all(".wide") if box.is_visible()]
    box = next((box for box in boxes if box.evaluate(wide)), None)
    if box is None:
        pytest.skip("no table of this page is wider than a telephone")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=box)


def test_paper_shows_all_of_it(opened):
    """On A4 between its margins: nothing folded, nothing wider than the paper."""
    # 170 mm at 96 to the inch.
    page = opened[0](643)
    page.emulate_media(media="print")
    scrolled, seen = page.evaluate(WIDTH)
    assert scrolled <= seen
    broken = """all => all.filter(one => { const words = document.createRange(); words.selectNodeContents(one);
      return new Set([...words.getClientRects()].map(box => Math.round(box.top / 6))).size > 1 }).map(one => one.innerText)"""
    assert page.eval_on_selector_all("td.figure", broken) == []
    hidden = "all => all.filter(one => one.getBoundingClientRect().height === 0).length"
    assert page.eval_on_selector_all("details > *", hidden) == 0


def test_a_screen_reader_finds_its_way(opened, path):
    page = opened[0]()
    tree = page.locator("main").aria_snapshot()
    # One paragraph is all that the accounts have.
    assert "heading" in tree or "accounts-paragraph" in path.stem
    assert page.locator("main").count() == 1
    assert page.evaluate("document.documentElement.lang") in ("zh-CN", "en")
    for box in page.query_selector_all(".wide"):
        assert box.get_attribute("aria-label")


# Short enough to stand whole on an axis.
HOSTILE = "</script><script>x=top.ran=1//"


def test_a_chart_shows_markup_as_text(browser):
    """Altair's own page of a chart puts its data into a script: what is drawn is text, and nothing of it runs."""
    rules = pe.rule_set("CN", fiscal_year=2022)
    funding = [pe.FundingLine(pe.FundingSource.APPROPRIATION, adjusted_budget=100, actual_expenditure=80)]
    rows = [pe.Indicator(HOSTILE, kind="output.quantity", target="≥10个", actual="8个", weight=90)]
    project = pe.Project(HOSTILE, fiscal_year=2022, funding=funding, indicators=rows)
    result = pe.evaluate(pe.Department(HOSTILE, fiscal_year=2022, projects=[project]), rules)
    charts = [draw(result) for draw in (execution_chart, credibility_chart, grades_chart, indicators_chart)]
    for chart in [*charts, lost_points_chart(result.projects[0])]:
        page = browser.new_page()
        asked = []
        page.on("request", lambda one, asked=asked: asked.append(one.url))
        page.set_content(chart.to_html(inline=True))
        page.wait_for_selector("#vis svg, #vis canvas")
        assert page.evaluate("window.ran") is None
        assert asked == []
        page.close()
        drawn = svg(chart).decode()
        assert "<script" not in drawn
        assert "<img" not in drawn


def test_markup_in_a_name_is_shown_and_not_run(browser, tmp_path):
    name = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    made = report(pe.Department(name, fiscal_year=2022), pe.rule_set("CN", fiscal_year=2022))
    where = tmp_path / "page.html"
    where.write_text(made.to_html(), encoding="utf-8")
    page = browser.new_page()
    page.goto(where.as_uri())
    assert page.title().startswith("<script>")
    assert name in page.inner_text("h1")
    page.close()
