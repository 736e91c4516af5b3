"""The figures of a study, by name. Each is drawn from a `View` alone; nothing is kept between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.figure import Figure

from sim.report.figures import atlas, classes, curves, differences, load, time_use, tradeoff
from sim.report.style import drawing, save, svg_text
from sim.report.view import View

if TYPE_CHECKING:
    from sim.study.results import Results


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


def write(results: Results, folder: Path, lang: str, png: bool) -> list[Path]:
    """Draw every figure of every scenario into `folder`, as .svg and, with `png`, .png; returns the files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for scenario in results.scenarios:
        view = View(results, scenario, lang)
        with drawing():
            for kind in FIGURES:
                written += save(kind.draw(view), folder / stem_of(kind, view), title_of(kind, view), png)
    return written


def stem_of(kind: FigureKind, view: View) -> str:
    """The figure's file name without ending: the scenario's name stands before it when there are several."""
    return f"{view.scenario_name}-{kind.name}" if len(view.results.scenarios) > 1 else kind.name


def svg(kind: FigureKind, view: View) -> str:
    """One figure as SVG text."""
    with drawing():
        return svg_text(kind.draw(view), title_of(kind, view))


def title_of(kind: FigureKind, view: View) -> str:
    """The figure's title in the view's language."""
    return view.say(f"{kind.key}_title", reference=view.title(view.reference))
