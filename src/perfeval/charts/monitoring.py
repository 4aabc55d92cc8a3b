"""The chart of a mid-year state: its lights."""

from __future__ import annotations

from perfeval.charts.drawing import INK, Chart, altair_or_raise, data_of, dressed, shortened
from perfeval.i18n import catalog, known
from perfeval.model import IndicatorKind, Light
from perfeval.monitoring import DepartmentMonitoring, MonitoredLine, MonitoringResult, worst

__all__ = ["lights_chart"]

# Light enough for black words; each field has its light written in it.
_COLOURS = {Light.BLUE: "#9cc8ff", Light.GREEN: "#a8d8a0", Light.YELLOW: "#ffe08a", Light.RED: "#f4a39a"}


def lights_chart(result: DepartmentMonitoring | MonitoringResult, locale: str | None = None) -> Chart:
    """Return the lights at mid-year: of a department's projects by kind of indicator, or of a project's indicators.

    A field shows the worst light of what stands in it, as a word and as a
    colour; what has no light has no field.

    Args:
        result: The monitoring of a department or of a project.
        locale: ``zh_CN`` or ``en``; the rule set's own if none is given.

    Raises:
        ModelError: If there is no light.
        MissingExtraError: If altair is not installed.
    """
    alt = altair_or_raise()
    words = catalog(known(result.rules.default_locale if locale is None else locale))
    if isinstance(result, MonitoringResult):
        money = ("monitor.light", result.money.light)
        found = [(words["monitor.money_of"], [money])]
        found += [(line.indicator.name, [("monitor.light", line.light)]) for line in result.lines]
    else:
        found = [(one.project.name, _by_kind(one)) for one in result.projects]
    rows = [
        {"name": name, "kind": words[column], "light": light.value, "label": words[f"light.{light.value}"]}
        for name, (_, lights) in zip(shortened(name for name, _ in found), found, strict=True)
        for column, light in lights
        if light is not None
    ]
    data = data_of(rows)
    order = list(dict.fromkeys(row["kind"] for row in rows))
    kind = alt.X("kind:N", title=None, sort=order, axis=alt.Axis(labelAngle=0, orient="top"))
    base = alt.Chart(data).encode(x=kind, y=alt.Y("name:N", title=None, sort=None))
    scale = alt.Scale(domain=[light.value for light in _COLOURS], range=list(_COLOURS.values()))
    fields = base.mark_rect(stroke="#b4b4b4").encode(color=alt.Color("light:N", scale=scale, legend=None))
    labels = base.mark_text(color=INK).encode(text="label:N")
    return dressed((fields + labels).properties(width=96 * len(order), height={"step": 26}), words["chart.lights"])


def _by_kind(one: MonitoringResult) -> list[tuple[str, Light | None]]:
    """The light of a project's money, and the worst of each kind of indicator, by the key of its name."""
    found = [("monitor.money_of", one.money.light)]
    for kind in IndicatorKind:
        lights = [line.light for line in one.lines if _level_of(line) is kind and line.light is not None]
        found.append((f"kind.{kind.value}", worst(lights)))
    return found


def _level_of(line: MonitoredLine) -> IndicatorKind | None:
    kind = line.indicator.kind
    return None if kind is None else kind.level1
