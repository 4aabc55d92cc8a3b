"""A page as a whole document of HTML: a file that needs nothing else.

It asks for nothing on a network and runs no script, and says so in its policy;
it is read on a telephone, on light and on dark ground, by a screen reader and
on A4 paper. What is set apart by colour is set apart by weight as well.
"""

from __future__ import annotations

from perfeval.pages.as_html import Setting, blocks_html, escaped
from perfeval.pages.blocks import Heading, Page

_DOCUMENT = Setting(0, styled=False)

# Songti for text and Heiti for headings, as offices print; what a system has comes first.
_STYLE = """
:root{color-scheme:light dark;--ground:#fff;--words:#1b1b1b;--quiet:#595959;--line:#b4b4b4;--head:#f2f2f2;
--lost:#a30000;--mark:#0b5394}
@media (prefers-color-scheme:dark){:root{--ground:#15171a;--words:#e8e8e8;--quiet:#b0b0b0;--line:#565656;--head:#23262b;
--lost:#ffb0a8;--mark:#9cc8ff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--words);
font:1rem/1.75 "Songti SC","Noto Serif CJK SC","Source Han Serif SC",SimSun,serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:1.5rem clamp(.9rem,4vw,2.5rem) 4rem}
h1,h2,h3,h4,h5,h6,th,caption,summary,dt,[role=note]{
font-family:"PingFang SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",SimHei,sans-serif}
h1{font-size:1.7rem;line-height:1.4;text-align:center;text-wrap:balance;margin:1rem 0 2rem}
h2{font-size:1.25rem;margin:2.2rem 0 .6rem}
h3{font-size:1.1rem;margin:1.6rem 0 .4rem}
h4,h5,h6{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.5rem 0}
ul{margin:.4rem 0;padding-left:1.6rem}
small{font-size:.85rem;color:var(--quiet)}
a{color:var(--mark)}
code{font-size:.85rem}
[role=note]{border-left:.3rem solid var(--mark);background:var(--head);padding:.4rem .9rem;margin:.7rem 0}
.wide{overflow-x:auto;margin:.8rem 0;max-width:100%}
table{border-collapse:collapse;font-size:.9rem;line-height:1.5;min-width:100%;overflow-wrap:normal}
caption{text-align:left;padding:.2rem 0}
th,td{border:1px solid var(--line);padding:.3rem .55rem;vertical-align:top;text-align:left;min-width:4.5em}
th{background:var(--head)}
.figure{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;min-width:0}
td strong{color:var(--lost)}
td em{color:var(--quiet)}
details{border:1px solid var(--line);border-radius:.3rem;margin:.6rem 0;padding:0 .8rem}
summary{cursor:pointer;padding:.5rem 0;font-weight:600}
:focus-visible{outline:.2rem solid var(--mark);outline-offset:.1rem}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.4rem 1rem}
dt{color:var(--quiet)}
dd{margin:0}
img{max-width:100%;height:auto;background:#fff}
figure{margin:1rem 0;text-align:center}
figcaption{font-size:.9rem}
@page{size:A4;margin:25mm 20mm}
@media print{:root{--ground:#fff;--words:#000;--quiet:#444;--line:#777;--head:#eee;--lost:#000;--mark:#000}
body{font-size:11pt}main{max-width:none;padding:0}.wide{overflow:visible}table{font-size:9pt}
thead{display:table-header-group}tr,figure,[role=note]{break-inside:avoid}h1,h2,h3,h4,summary,p:has(+ul),p:has(+.wide){break-after:avoid}
.wide:not(:has(tr:nth-child(13))){break-inside:avoid}
th,td{min-width:0;padding:.2rem .3rem;overflow-wrap:anywhere}th.figure{white-space:normal}details::details-content{content-visibility:visible;display:block;height:auto}}
""".replace("\n", "")

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def html_document(page: Page, title: str = "") -> str:
    """Return *page* as a document of HTML, complete in itself.

    Args:
        page: The page.
        title: The document's title; by default the page's first heading.
    """
    language = escaped(page.locale.replace("_", "-"))
    first = next((block.words for block in page.blocks if isinstance(block, Heading)), "")
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escaped(title or first) or 'perfeval'}</title><style>{_STYLE}</style>"
    )
    main = f"<main>{blocks_html(page.blocks, _DOCUMENT)}</main>"
    return f'<!DOCTYPE html>\n<html lang="{language}"><head>{head}</head><body>{main}</body></html>\n'
