"""Map of the municipalities: the level under the reference, and the change under each other model."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import Final, NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from sim.comparison.findings import Verdict
from sim.language.numbers import number
from sim.report.figures.labels import Box, box, settle
from sim.report.style import INK, SOFT, make_sheet, settle_layout
from sim.report.view import View

MEASURE, CLASS = "response_min", "acute"
_AROUND = ((-1.0, 0.0), (1.0, 0.0), (-1.0, 0.5), (1.0, 0.5), (-1.0, -0.5), (1.0, -0.5))
_SPOTS = tuple((r * dx, r * dy) for r in (30.0, 45.0, 60.0, 80.0) for dx, dy in _AROUND)


class Area(NamedTuple):
    """A municipality on paper: its outline in kilometres, and a point in its middle."""

    key: str
    outline: Outline
    spot: tuple[float, float]


def draw(view: View) -> Figure:
    """The first map shows minutes, the others the change in minutes; every value is printed."""
    areas = _areas(view)
    sheet = make_sheet(
        view.say("map_title"), view.say("map_sub", reference=view.title(view.reference)), view.footer, height_in=7.0
    )
    models = view.models
    columns = max(1, min(4, len(models)))
    rows = -(-max(len(models), 1) // columns)
    if rows > 1:
        sheet.figure.set_figheight(1.9 + 5.4 * rows)
    axes = sheet.figure.subplots(rows, columns, squeeze=False)
    flat = list(axes.flat)
    for axis in flat:
        axis.set_axis_off()
        axis.set_aspect("equal")
    levels = {a.key: view.estimate(MEASURE, view.reference, CLASS, a.key).mean for a in areas}
    changes = {m: {a.key: _change(view, m, a.key) for a in areas} for m in view.others}
    low, high = _range(levels)
    level_scale, level_colours = Normalize(low, high), matplotlib.colormaps["YlGnBu"]
    reach = _reach(view, changes)
    change_scale, change_colours = Normalize(-reach, reach), _diverging()
    for axis, model in zip(flat, models, strict=False):
        first = model == view.reference
        axis.set_title("\n".join(textwrap.wrap(view.title(model), 24)), loc="center", fontsize=15)
        values = levels if first else changes[model]
        _paint(axis, areas, values, level_scale if first else change_scale, level_colours if first else change_colours)
    if models:
        _bar(sheet.figure, view, flat[0], level_scale, level_colours, view.say("map_level"), sign=False)
    if len(models) > 1:
        _bar(sheet.figure, view, flat[1 : len(models)], change_scale, change_colours, view.say("map_change"), sign=True)
    settle_layout(sheet.figure)
    for axis, model in zip(flat, models, strict=False):
        values = levels if model == view.reference else changes[model]
        _label(axis, areas, {a.key: _words(view, model, a.key, values[a.key]) for a in areas})
    return sheet.figure


def takeaway(view: View) -> str:
    """For each model, where response falls and rises most."""
    parts = []
    for model in view.others:
        known = {m: value for m in view.municipalities if math.isfinite(value := _change(view, model, m))}
        if not known:
            continue
        low, high = min(known, key=lambda m: known[m]), max(known, key=lambda m: known[m])
        low_change, high_change = (number(known[place], view.lang, 0, sign=True) for place in (low, high))
        parts.append(
            view.say(
                "map_take_same" if low_change == high_change else "map_take",
                model=view.title(model),
                low=view.place(low),
                low_change=low_change,
                high=view.place(high),
                high_change=high_change,
            )
        )
    return " ".join(parts) or (view.say("one_model") if not view.others else view.say("no_takeaway"))


def _change(view: View, model: str, municipality: str) -> float:
    found = view.difference(MEASURE, model, CLASS, municipality)
    if found is not None and math.isfinite(found.difference):
        return found.difference
    mine = view.estimate(MEASURE, model, CLASS, municipality).mean
    return mine - view.estimate(MEASURE, view.reference, CLASS, municipality).mean


def _words(view: View, model: str, municipality: str, value: float) -> str:
    first = model == view.reference
    text = number(value, view.lang, 0, sign=not first)
    if not first and math.isfinite(value):
        found = view.difference(MEASURE, model, CLASS, municipality)
        if found is not None and found.verdict is Verdict.UNDECIDED:
            text = f"({text})"
    return f"{view.place(municipality)}\n{text}"


# --- shapes ----------------------------------------------------------------------------------------


def _areas(view: View) -> list[Area]:
    """Outlines in kilometres; a circle at the middle of its places for a municipality without an outline."""
    world = view.results.world
    middle = math.radians(float(np.mean(world.node_lat))) if len(world.node_lat) else 0.0
    per_degree = np.array([111.32 * math.cos(middle), 110.57])
    found = []
    known = {key: i for i, m in enumerate(world.municipalities) for key in (m.name, m.code)}
    for key in view.municipalities:
        index = known.get(key)
        if index is None:
            continue
        rings = world.outlines[index] if index < len(world.outlines) else ()
        rings_km = [np.asarray(ring, float) * per_degree for ring in rings if len(ring) >= 3]
        if not rings_km:
            inside = world.node_municipality == index
            if not inside.any():
                continue
            centre = np.array([world.node_lon[inside].mean(), world.node_lat[inside].mean()]) * per_degree
            angle = np.linspace(0, 2 * math.pi, 41)
            rings_km = [centre + 9.0 * np.column_stack([np.cos(angle), np.sin(angle)])]
        outline = Outline.make_compound_path(*(Outline(_closed(ring), closed=True) for ring in rings_km))
        middle_km = max(rings_km, key=_area).mean(axis=0)
        found.append(Area(key, outline, (float(middle_km[0]), float(middle_km[1]))))
    return found


def _closed(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    return ring if np.array_equal(ring[0], ring[-1]) else np.vstack([ring, ring[:1]])


def _area(ring: NDArray[np.float64]) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return 0.5 * abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))))


# --- colours ---------------------------------------------------------------------------------------


def _diverging() -> Colormap:
    """Blue for less time, white for no change, brown for more: told apart in every common colour blindness."""
    return LinearSegmentedColormap.from_list("change", ["#0b4a8f", "#7fb2dd", "#ffffff", "#dda15e", "#8a4500"])


def _range(levels: Mapping[str, float]) -> tuple[float, float]:
    known = [value for value in levels.values() if math.isfinite(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def _reach(view: View, changes: Mapping[str, Mapping[str, float]]) -> float:
    """Half the width of the change scale: at least the practical difference, so that small changes stay pale."""
    known = [abs(value) for row in changes.values() for value in row.values() if math.isfinite(value)]
    practical = view.practical(MEASURE)
    return max([*known, practical if math.isfinite(practical) else 0.0, 1.0])


def _face(value: float, scale: Normalize, colours: Colormap) -> tuple[float, float, float, float]:
    if not math.isfinite(value):
        return (1.0, 1.0, 1.0, 1.0)
    red, green, blue, alpha = colours(float(scale(value)))
    return float(red), float(green), float(blue), float(alpha)


# --- drawing ---------------------------------------------------------------------------------------


def _paint(axis: Axes, areas: list[Area], values: Mapping[str, float], scale: Normalize, colours: Colormap) -> None:
    for area in areas:
        known = math.isfinite(values[area.key])
        axis.add_patch(
            PathPatch(
                area.outline,
                facecolor=_face(values[area.key], scale, colours),
                edgecolor=SOFT,
                linewidth=1.0,
                hatch=None if known else "///",
            )
        )
    if areas:
        corners = np.vstack([_points(area.outline) for area in areas])
        low, high = corners.min(axis=0), corners.max(axis=0)
        pad = 0.06 * (high - low)
        axis.set_xlim(low[0] - pad[0], high[0] + pad[0])
        axis.set_ylim(low[1] - pad[1], high[1] + pad[1])


def _bar(
    figure: Figure, view: View, axes: Axes | list[Axes], scale: Normalize, colours: Colormap, label: str, sign: bool
) -> None:
    several = isinstance(axes, list) and len(axes) > 1
    bar = figure.colorbar(
        ScalarMappable(scale, colours),
        ax=axes,
        orientation="horizontal",
        fraction=0.05,
        pad=0.02,
        aspect=50 if several else 18,
        shrink=0.6 if several else 0.9,
    )
    bar.ax.xaxis.set_major_locator(MaxNLocator(5))
    bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, view.lang, 0, sign=sign)))
    bar.set_label(label)


def _label(axis: Axes, areas: list[Area], words: Mapping[str, str]) -> None:
    """Name and value where most of the label lies inside its own municipality; aside with a leader line if it must."""
    figure = axis.figure
    frame = box(figure.bbox)
    taken: list[Box] = []
    to_data = axis.transData.inverted()
    for area in sorted(areas, key=lambda a: _area(_points(a.outline))):
        label = axis.annotate(
            words[area.key],
            area.spot,
            xytext=(0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=12,
            color=INK,
            linespacing=1.1,
            path_effects=[withStroke(linewidth=3.5, foreground="white")],
            arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0},
            zorder=6,
        )
        assert label.arrow_patch is not None
        size = box(label.get_window_extent())
        width, height = size.x1 - size.x0, size.y1 - size.y0
        outline = area.outline.transformed(axis.transData)
        middle = axis.transData.transform(area.spot)
        best, place = -math.inf, None
        for x, y in _candidates(outline):
            tried = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if tried.outside(frame) > 0.5 or any(tried.overlap(other) for other in taken):
                continue
            inside = float(outline.contains_points(_dots(tried)).mean())
            aside = math.hypot(x - middle[0], y - middle[1]) / width  # of two equally good places, the middle one
            if inside - 0.1 * aside > best:
                best, place = inside - 0.1 * aside, tried
        if place is None:
            taken.append(settle(label, _SPOTS, taken, frame, near=24))
            continue
        label.xy = tuple(to_data.transform(((place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2)))
        label.arrow_patch.set_visible(False)
        taken.append(place)


def _points(outline: Outline) -> NDArray[np.float64]:
    return np.asarray(outline.vertices, dtype=np.float64)


def _candidates(outline: Outline) -> NDArray[np.float64]:
    """(k, 2) points of a grid inside an outline, in its own coordinates."""
    corners = _points(outline)
    low, high = corners.min(axis=0), corners.max(axis=0)
    grid = _grid(low, high, 24)
    found: NDArray[np.float64] = grid[outline.contains_points(grid)]
    return found


def _dots(place: Box) -> NDArray[np.float64]:
    low, high = np.array([place.x0, place.y0]), np.array([place.x1, place.y1])
    dots: NDArray[np.float64] = low + _UNIT * (high - low)
    return dots


def _grid(low: NDArray[np.float64], high: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    columns = np.meshgrid(np.linspace(low[0], high[0], n), np.linspace(low[1], high[1], n))
    return np.stack(columns, axis=-1).reshape(-1, 2)


_UNIT: Final = _grid(np.zeros(2), np.ones(2), 9)  # where a label is looked at, as shares of its width and height
