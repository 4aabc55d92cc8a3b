"""Charts of results: to be looked at in a notebook, and drawn as SVG in reports.

Each function takes a result and returns an Altair chart. What is written on it
is text that was made from exact figures; only where a mark stands is a float.
Nothing is told by colour alone. Needs the extra ``plot`` (altair, vl-convert).

>>> import perfeval as pe
>>> result = pe.evaluate(pe.load("examples/qingheju-2022.toml"), pe.rule_set("CN", fiscal_year=2022))
>>> chart = execution_chart(result, "en")
>>> svg(chart)[:4]
b'<svg'
"""

from __future__ import annotations

from perfeval.charts.departments import credibility_chart, execution_chart, grades_chart, indicators_chart
from perfeval.charts.drawing import Chart, in_words, png, svg
from perfeval.charts.monitoring import lights_chart
from perfeval.charts.projects import lost_points_chart, years_chart

__all__ = [
    "Chart",
    "credibility_chart",
    "execution_chart",
    "grades_chart",
    "in_words",
    "indicators_chart",
    "lights_chart",
    "lost_points_chart",
    "png",
    "svg",
    "years_chart",
]
