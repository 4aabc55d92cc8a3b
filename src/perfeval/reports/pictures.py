"""Parts of a report that are drawn: charts as pictures, each with its figures in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from perfeval.charts import (
    Chart,
    credibility_chart,
    execution_chart,
    grades_chart,
    in_words,
    indicators_chart,
    lights_chart,
    lost_points_chart,
    svg,
)
from perfeval.errors import ModelError
from perfeval.monitoring import monitor
from perfeval.pages import Block, Picture
from perfeval.reports.material import Material
from perfeval.reports.sections import Section

__all__ = ["credibility", "execution", "grades", "indicators", "lights", "lost_points"]


def execution(material: Material, _: Section) -> Iterable[Block]:
    """The execution rate of each project."""
    return _picture(material, "execution", lambda: execution_chart(material.result, material.locale))


def credibility(material: Material, _: Section) -> Iterable[Block]:
    """The share of points beside the execution rate of each project."""
    return _picture(material, "credibility", lambda: credibility_chart(material.result, material.locale))


def grades(material: Material, _: Section) -> Iterable[Block]:
    """How many projects have each grade, where one has any."""
    if not any(number for _, number in material.result.grades):
        return ()
    return _picture(material, "grades", lambda: grades_chart(material.result, material.locale))


def indicators(material: Material, _: Section) -> Iterable[Block]:
    """What share of its points each project earned of each kind of indicator."""
    return _picture(material, "indicators", lambda: indicators_chart(material.result, material.locale))


def lights(material: Material, _: Section) -> Iterable[Block]:
    """The lights at mid-year."""
    subject = material.department or material.projects[0].project
    return _picture(material, "lights", lambda: lights_chart(monitor(subject, material.rules), material.locale))


def lost_points(material: Material, _: Section) -> Iterable[Block]:
    """Where the points of a project were lost; of a department's projects the tables tell."""
    if material.department is not None:
        return ()
    return _picture(material, "lost_points", lambda: lost_points_chart(material.projects[0], material.locale))


def _picture(material: Material, name: str, draw: Callable[[], Chart]) -> Iterable[Block]:
    """A chart, if pictures are asked for and there is something to draw."""
    if not material.charts:
        return ()
    try:
        chart = draw()
    except ModelError:
        return ()
    title = material.words[f"chart.{name}"]
    # The title stands below, where it can be read and searched.
    drawn = svg(chart.properties(title=""))
    return (Picture(drawn, "image/svg+xml", material.item(title, in_words(chart)), title),)
