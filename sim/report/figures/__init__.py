"""The figures of a study, by name. Each is drawn from a `View` alone; nothing is kept between them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import BrokenExecutor, Executor
from pathlib import Path
from typing import Final, NamedTuple

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.report.figures import atlas, classes, curves, differences, load, time_use, tradeoff
from sim.report.style import drawing, make_sheet, save, svg_text
from sim.report.view import View


class FigureKind(NamedTuple):
    """A figure: `key` finds its title and how to read it in `sim.report.words` ("<key>_title", "<key>_read")."""

    name: str
    key: str
    draw: Callable[[View], Figure]
    takeaway: Callable[[View], str]


FIGURES: Final = (
    FigureKind(
        "response_by_municipality", "curves_municipality", curves.draw_by_municipality, curves.takeaway_by_municipality
    ),
    FigureKind("response_by_class", "curves_class", curves.draw_by_class, curves.takeaway_by_class),
    FigureKind("class_targets", "classes", classes.draw, classes.takeaway),
    FigureKind("paired_differences", "differences", differences.draw, differences.takeaway),
    FigureKind("time_use", "time", time_use.draw, time_use.takeaway),
    FigureKind("load_by_hour", "load", load.draw, load.takeaway),
    FigureKind("map_response", "map", atlas.draw, atlas.takeaway),
    FigureKind("tradeoff", "tradeoff", tradeoff.draw, tradeoff.takeaway),
)


AWAY: Final = ("paired_differences", "load_by_hour", "map_response")  # half of the work, for a helper


def begin(views: Sequence[View], folder: Path, png: bool, helper: Executor | None = None) -> Callable[[], list[Path]]:
    """Draw every figure of every scenario into `folder`, as .svg and, with `png`, .png. The `helper`, if any, is let
    draw its part of them meanwhile; what is returned waits for it and gives the files in order. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    away = AWAY if helper is not None else ()
    sent = [_sent(helper, view, folder, png) for view in views if helper is not None]
    for view in views:
        draw([kind.name for kind in FIGURES if kind.name not in away], view, folder, png)

    def wait() -> list[Path]:
        for ask in sent:
            ask()
        stems = [folder / stem_of(kind, view) for view in views for kind in FIGURES]
        return [stem.with_suffix(ending) for stem in stems for ending in (".svg", ".png")[: 1 + png]]

    return wait


def _sent(helper: Executor, view: View, folder: Path, png: bool) -> Callable[[], None]:
    """Ask the helper for its figures; what is returned waits for them, and draws them here if the helper is lost."""
    ask = functools.partial(draw, AWAY, view.for_figures(), folder, png)
    try:
        asked = helper.submit(ask)
    except BrokenExecutor:
        return functools.cache(ask)

    @functools.cache
    def wait() -> None:
        try:
            asked.result()
        except BrokenExecutor:
            ask()

    return wait


def make_ready() -> None:
    """Load what the first figure would wait for: libraries, fonts, the writer of SVG."""
    with drawing():
        sheet = make_sheet("0", "0", ("0", "0"), [Line2D([], [], label="0")])
        axes = sheet.figure.subplots()
        axes.set_title("0")
        svg_text(sheet.figure, "")


def draw(names: Collection[str], view: View, folder: Path, png: bool) -> None:
    """Draw the figures of these names."""
    with drawing():
        for kind in FIGURES:
            if kind.name in names:
                save(kind.draw(view), folder / stem_of(kind, view), title_of(kind, view), png)


def stem_of(kind: FigureKind, view: View) -> str:
    """The figure's file name without ending: the scenario's name stands before it when there are several."""
    return f"{view.scenario_name}-{kind.name}" if len(view.results.scenarios) > 1 else kind.name


def svg_of(kind: FigureKind, view: View) -> str:
    """One figure as SVG text."""
    with drawing():
        return svg_text(kind.draw(view), title_of(kind, view))


def title_of(kind: FigureKind, view: View) -> str:
    """The figure's title in the view's language."""
    return view.say(f"{kind.key}_title", reference=view.title(view.reference))
