"""Load by hour and weekday: how busy those on duty are, and how many they are."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from sim.language.numbers import SHORT_WEEKDAYS, WEEKDAYS, percent
from sim.measures.vocabulary import HOUR_STATES
from sim.report.style import INK, SOFT, make_sheet, tick_numbers
from sim.report.view import View

BUSY = [state for state in HOUR_STATES if state != "on_shift"]
NOBODY = 1e-9


def draw(view: View) -> Figure:
    """A heat map a model, with the number on duty beneath; one colour scale for all."""
    handles = [
        Line2D([], [], color=INK, linewidth=2.0, label=view.say("load_weekday")),
        Line2D([], [], color=INK, linewidth=2.0, linestyle=(0, (3, 2)), label=view.say("load_weekend")),
    ]
    grids = {model: _grids(view.hours, model) for model in view.models}
    count = max(len(grids), 1)
    columns = 1 if count == 1 else 2
    rows = -(-count // columns)
    sheet = make_sheet(view.say("load_title"), view.say("load_sub"), view.footer, handles, height_in=1.9 + 3.55 * rows)
    ratios = [3.0, 1.1] * rows
    axes = sheet.figure.subplots(2 * rows, columns, squeeze=False, gridspec_kw={"height_ratios": ratios}, sharex=True)
    for axis in axes.flat:
        axis.set_visible(False)
    colours = matplotlib.colormaps["YlGnBu"]
    most = max([1.0, *(float(duty.max()) for _, duty in grids.values())])
    for i, (model, (share, duty)) in enumerate(grids.items()):
        row, column = divmod(i, columns)
        _heat(axes[2 * row, column], view, model, share, colours)
        _duty(axes[2 * row + 1, column], view, duty, most)
    bar = sheet.figure.colorbar(
        ScalarMappable(Normalize(0, 1), colours), ax=list(axes.flat), fraction=0.03, pad=0.02, aspect=30
    )
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, view.lang)))
    bar.set_label(view.say("load_bar"))
    return sheet.figure


def takeaway(view: View) -> str:
    """The busiest hour of all."""
    best: tuple[float, str, int, int] | None = None
    for model in view.models:
        share, _ = _grids(view.hours, model)
        if share.size and np.isfinite(share).any():
            weekday, hour = divmod(int(np.nanargmax(share)), 24)
            if best is None or share[weekday, hour] > best[0]:
                best = (float(share[weekday, hour]), model, weekday, hour)
    if best is None:
        return view.say("no_takeaway")
    share_, model, weekday, hour = best
    return view.say(
        "load_take",
        model=view.title(model),
        weekday=WEEKDAYS[weekday].get(view.lang),
        hour=f"{hour:02d}–{hour + 1:02d}",
        share=percent(share_, view.lang),
    )


def _grids(hours: pd.DataFrame, model: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(7, 24) share busy (NaN where nobody is on duty) and number on duty; means over replications."""
    mine = hours[hours["model"] == model]
    if mine.empty:
        return np.full((7, 24), np.nan), np.full((7, 24), 0.0)
    mean = mine.groupby(["weekday", "hour"])[["on_shift", *BUSY]].mean()
    full = mean.reindex(pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"]), fill_value=0.0)
    duty = full["on_shift"].to_numpy(float).reshape(7, 24)
    busy = full[BUSY].sum(axis=1).to_numpy(float).reshape(7, 24)
    share = np.full((7, 24), np.nan)
    np.divide(busy, duty, out=share, where=duty > NOBODY)
    return share, duty


def _heat(axis: Axes, view: View, model: str, share: NDArray[np.float64], colours: Colormap) -> None:
    axis.set_visible(True)
    axis.set_title(view.title(model), pad=8)
    axis.patch.set(facecolor="white", hatch="////", edgecolor="#bbbbbb")  # shows where nobody is on duty
    edges = (np.arange(25), np.arange(8))
    axis.pcolormesh(
        *edges, np.ma.masked_invalid(share), cmap=colours, vmin=0, vmax=1, edgecolors="white", linewidth=0.6
    )
    axis.set_ylim(7, 0)
    axis.set_yticks(np.arange(7) + 0.5, [name.get(view.lang) for name in SHORT_WEEKDAYS], fontsize=12)
    axis.tick_params(length=0, labelbottom=False)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)


def _duty(axis: Axes, view: View, duty: NDArray[np.float64], most: float) -> None:
    axis.set_visible(True)
    for days, line in ((slice(0, 5), "-"), (slice(5, 7), (0, (3, 2)))):
        axis.stairs(duty[days].mean(axis=0), np.arange(25), color=INK, linewidth=2.0, linestyle=line, baseline=None)
    axis.set_xlim(0, 24)
    axis.set_ylim(0, most * 1.08)
    axis.set_xticks(range(0, 25, 4), [f"{hour:02d}" for hour in range(0, 25, 4)])
    axis.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    tick_numbers(axis, view.lang, "y")
    axis.grid(True, axis="y")
    axis.set_ylabel(view.say("load_duty"), fontsize=11.5, color=SOFT)
    axis.tick_params(labelbottom=True)
    axis.set_xlabel(view.say("load_x"), fontsize=12)
