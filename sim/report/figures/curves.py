"""Response curves: how large a share has been reached, and how large a share has given up, as minutes pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.codes import ACUTE, CLASS_TITLES
from sim.language.numbers import number, percent
from sim.report.style import BAND, INK, SOFT, make_sheet, model_handle, tick_numbers
from sim.report.view import Curves, View

MARK_EVERY = 6  # grid steps of ten minutes: a marker an hour
CHECK_MIN = 120.0  # where the takeaway reads the curve


def draw_by_municipality(view: View) -> Figure:
    """A panel a municipality, acute requests of all three classes; columns of three."""
    means = view.mean_curves
    panels = [(view.place(m), m, "acute") for m in view.municipalities] or [(view.say("whole_region"), "all", "acute")]
    targets = [(c, _target(view, c)) for c in ACUTE]
    return _draw(view, means, panels, "curves_municipality", lambda _: targets)


def draw_by_class(view: View) -> Figure:
    """A panel for each acute class, the whole region."""
    means = view.mean_curves
    panels = [(CLASS_TITLES[c].get(view.lang), "all", c) for c in ACUTE]
    return _draw(view, means, panels, "curves_class", lambda c: [(view.say("target_word"), _target(view, c))])


def takeaway_by_municipality(view: View) -> str:
    """Which model has reached most acute requests after two hours, and where fewest are reached."""
    means = view.mean_curves
    reached = _reached_by(view, means, "all", "acute", CHECK_MIN)
    if not reached:
        return view.say("no_takeaway")
    best = max(reached, key=lambda model: reached[model])
    sentence = (
        view.say(
            "curves_take",
            minutes=number(CHECK_MIN, view.lang),
            model=view.title(best),
            share=percent(reached[best], view.lang),
            others=", ".join(
                f"{view.title(m)} {percent(reached[m], view.lang)}" for m in view.models if m in reached and m != best
            ),
        )
        if len(reached) > 1
        else view.say(
            "curves_take_one",
            minutes=number(CHECK_MIN, view.lang),
            model=view.title(best),
            share=percent(reached[best], view.lang),
        )
    )
    local = {
        m: shares[best]
        for m in view.municipalities
        if best in (shares := _reached_by(view, means, m, "acute", CHECK_MIN))
    }
    if len(local) > 1:
        low, high = min(local, key=lambda m: local[m]), max(local, key=lambda m: local[m])
        sentence += " " + view.say(
            "curves_take_place",
            model=view.title(best),
            low=view.place(low),
            low_share=percent(local[low], view.lang),
            high=view.place(high),
            high_share=percent(local[high], view.lang),
        )
    return sentence


def takeaway_by_class(view: View) -> str:
    """The best model at each class's target."""
    means = view.mean_curves
    parts = []
    for class_ in ACUTE:
        reached = _reached_by(view, means, "all", class_, _target(view, class_))
        if reached:
            best = max(reached, key=lambda model: reached[model])
            parts.append(
                view.say(
                    "curves_class_take",
                    cls=CLASS_TITLES[class_].get(view.lang),
                    minutes=number(_target(view, class_), view.lang),
                    model=view.title(best),
                    share=percent(reached[best], view.lang),
                )
            )
    return " ".join(parts) or view.say("no_takeaway")


def _curve(means: Curves, municipality: str, class_: str, model: str) -> pd.DataFrame | None:
    return means.get((municipality, class_, model))


def _reached_by(view: View, means: Curves, municipality: str, class_: str, minutes: float) -> dict[str, float]:
    """Share reached within `minutes` by model, where there is a curve that long."""
    reached = {}
    for model in view.models:
        curve = _curve(means, municipality, class_, model)
        if curve is not None and curve.index[-1] >= minutes:
            reached[model] = float(np.interp(minutes, curve.index.to_numpy(float), curve["arrived"].to_numpy(float)))
    return reached


def _target(view: View, class_: str) -> float:
    return float(getattr(view.scenario.classes, class_).target_min)


def _draw(
    view: View,
    means: Curves,
    panels: Sequence[tuple[str, str, str]],
    key: str,
    targets: Callable[[str], Sequence[tuple[str, float]]],
) -> Figure:
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    handles = [model_handle(view.styles[m], view.title(m)) for m in view.models]
    handles.append(Line2D([], [], color=SOFT, linewidth=1.2, label=view.say("curves_escalated")))
    sheet = make_sheet(
        view.say(f"{key}_title"),
        view.say(f"{key}_sub"),
        view.footer,
        handles,
        height_in=max(7.5, 1.6 + 2.95 * rows),
    )
    axes = sheet.figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axis, (title, municipality, class_) in zip(axes.flat, panels, strict=False):
        axis.set_title(title)
        _panel(axis, view, means, municipality, class_, targets(class_))
    for axis in list(axes.flat)[len(panels) :]:
        axis.set_visible(False)
    for column in range(columns):
        lowest = max(i for i in range(len(panels)) if i % columns == column) // columns
        axes[lowest, column].set_xlabel(view.say("curves_x"), fontsize=12)
        axes[lowest, column].tick_params(labelbottom=True)
    for row in range(rows):
        axes[row, 0].set_ylabel(view.say("curves_y"), fontsize=12)
    return sheet.figure


def _panel(
    axis: Axes,
    view: View,
    means: Curves,
    municipality: str,
    class_: str,
    targets: Sequence[tuple[str, float]],
) -> None:
    axis.set_ylim(0, 1.0)
    axis.grid(True, axis="y")
    end = 0.0
    for order, model in enumerate(view.models):
        curve = _curve(means, municipality, class_, model)
        if curve is None:
            continue
        style = view.styles[model]
        minutes = curve.index.to_numpy(float)
        end = max(end, float(minutes[-1]))
        axis.plot(
            minutes,
            curve["arrived"].to_numpy(float),
            color=style.colour,
            linestyle=style.line,
            marker=style.marker,
            markevery=(min(order * 2 + 1, len(minutes) - 1), MARK_EVERY * 2),
            markersize=7,
            linewidth=2.4,
            zorder=3,
        )
        axis.plot(
            minutes,
            1.0 - curve["escalated"].to_numpy(float),
            color=style.colour,
            linestyle=style.line,
            linewidth=1.2,
            zorder=2.5,
            clip_on=False,
        )
    if end == 0.0:
        axis.text(0.5, 0.5, view.say("no_visits"), transform=axis.transAxes, ha="center", color=SOFT)
        end = 480.0
    axis.set_xlim(0, end)
    axis.xaxis.set_major_locator(MultipleLocator(120))
    tick_numbers(axis, view.lang, "x")
    axis.yaxis.set_major_locator(MultipleLocator(0.25))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, view.lang)))
    for name, minute in targets:
        if minute > end:
            continue
        axis.axvline(minute, color=INK, linewidth=1.1, linestyle=(0, (2, 2)), zorder=2)
        label = view.say("target_line", name=name, minutes=number(minute, view.lang))
        axis.annotate(
            label if len(targets) == 1 else name,
            (minute, 0.03),
            xytext=(-5, 0) if minute > 0.6 * end else (5, 0),
            textcoords="offset points",
            ha="right" if minute > 0.6 * end else "left",
            fontsize=11,
            va="bottom",
            bbox={"facecolor": "white", "edgecolor": BAND, "linewidth": 0.6, "boxstyle": "round,pad=0.15"},
            zorder=4,
        )
