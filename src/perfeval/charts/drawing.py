"""What all charts have in common: fonts, colours, words, and how one is drawn to a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from perfeval.errors import MissingExtraError, ModelError
from perfeval.pages import display_width, visible
from perfeval.ratios import Ratio

if TYPE_CHECKING:
    import altair as alt

    Chart = alt.Chart | alt.LayerChart | alt.FacetChart
else:
    Chart = object  # altair is imported when a chart is made

__all__ = [
    "FULL",
    "GREY",
    "INK",
    "LOST",
    "Chart",
    "altair_or_raise",
    "data_of",
    "dressed",
    "in_words",
    "place_of",
    "png",
    "safe",
    "shortened",
    "svg",
]

# Told apart by lightness as well, for who does not tell red from green.
FULL, LOST, GREY, INK = "#2f5d8a", "#c65d21", "#595959", "#1b1b1b"
FONT = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif"
# Longer names are cut on an axis; the report has them whole.
_LONGEST_NAME = 32


def altair_or_raise() -> Any:
    """Return altair, or say what to install.

    Raises:
        MissingExtraError: If it is not there.
    """
    try:
        import altair as alt
    except ImportError as error:
        raise MissingExtraError("charts need altair and vl-convert: pip install 'perfeval[plot]'") from error
    return alt


# What would open or close an element: a chart's own page writes its data into a script, which "</script>" ends.
_OPENS = re.compile(r"<(?=[/!?A-Za-z])")


def safe(words: str) -> str:
    """Return words as a chart writes them: what cannot be seen made visible, no sign that opens an element.

    >>> safe("</script>"), safe("1 < 2")
    ('＜/script>', '1 < 2')
    """
    return _OPENS.sub("＜", visible(words))  # the wide sign, which only looks like the other


def data_of(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return rows as a chart's data, their words made safe.

    Raises:
        ModelError: If there are none: an empty chart shows nothing.
    """
    values = [{key: safe(v) if isinstance(v, str) else v for key, v in row.items()} for row in rows]
    if not values:
        raise ModelError("expected something to draw, got nothing that has a figure")
    return altair_or_raise().InlineData(values=values)


def place_of(measure: Ratio | Fraction) -> float:
    """Return where a mark stands: a float, for drawing alone."""
    numerator, denominator = measure.as_integer_ratio() if isinstance(measure, Fraction) else measure
    return numerator / denominator


def shortened(names: Iterable[str]) -> list[str]:
    """Return names as an axis has them: cut where they are long, none twice.

    >>> shortened(["甲", "甲"])
    ['甲', '甲 (2)']
    """
    made: list[str] = []
    seen: dict[str, int] = {}
    for name in names:
        short, width = "", 0
        for character in safe(name):
            width += display_width(character)
            if width > _LONGEST_NAME:
                short += "…"
                break
            short += character
        seen[short] = seen.get(short, 0) + 1
        made.append(short if seen[short] == 1 else f"{short} ({seen[short]})")
    return made


def dressed(chart: Any, title: str) -> Chart:
    """Return a chart with its title, fonts and ground: dark on white, also on a dark page."""
    fonts = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": INK}
    made: Chart = chart.properties(title=title).configure(
        font=FONT,
        background="#ffffff",
        axis=fonts | {"labelLimit": 320, "gridColor": "#e4e4e4"},
        legend=fonts,
        header=fonts,
        title={"font": FONT, "color": INK, "anchor": "start", "fontSize": 14},
        view={"stroke": "transparent"},
    )
    return made


def in_words(chart: Chart) -> str:
    """Return what a chart shows as words, for who does not see it: each name with its figure."""
    # Altair keeps the data of all layers together, by a name of its own.
    every = [row for rows in chart.to_dict()["datasets"].values() for row in rows if "label" in row]
    return ", ".join(dict.fromkeys(f"{row['name']} {row['label']}" for row in every))


def svg(chart: Chart) -> bytes:
    """Return a chart as SVG.

    Raises:
        MissingExtraError: If vl-convert is not installed.
    """
    drawn: str = _converter().vegalite_to_svg(chart.to_dict(), allowed_base_urls=[])
    return drawn.encode()


def png(chart: Chart, scale: float = 2) -> bytes:
    """Return a chart as PNG, *scale* times as fine as a screen of 72 dots to the inch.

    Raises:
        MissingExtraError: If vl-convert is not installed.
    """
    return bytes(_converter().vegalite_to_png(chart.to_dict(), scale=scale, allowed_base_urls=[]))


def _converter() -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise MissingExtraError("charts need altair and vl-convert: pip install 'perfeval[plot]'") from error
    return vl_convert
