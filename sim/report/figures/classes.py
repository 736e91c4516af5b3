"""Mean and P90 response by unplanned class and model, against each class's target."""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.codes import CLASS_TITLES, UNPLANNED
from sim.language.numbers import number
from sim.report.style import INK, SOFT, make_sheet, tick_numbers
from sim.report.view import View


def draw(view: View) -> Figure:
    """A panel a class; a row a model; a filled mark for the mean and an open one for the P90."""
    handles = [
        Line2D([], [], color=SOFT, marker="o", linestyle="none", markersize=10, label=view.say("classes_mean")),
        Line2D(
            [],
            [],
            color=SOFT,
            marker="o",
            linestyle="none",
            markersize=10,
            markerfacecolor="white",
            markeredgewidth=2,
            label=view.say("classes_p90"),
        ),
        Line2D([], [], color=INK, linestyle=(0, (2, 2)), linewidth=1.4, label=view.say("classes_target")),
    ]
    rows = max(len(view.models), 1)
    sheet = make_sheet(
        view.say("classes_title"),
        view.say("classes_sub"),
        view.footer,
        handles,
        height_in=max(6.4, 2.4 + 0.95 * rows),
    )
    axes = sheet.figure.subplots(1, len(UNPLANNED), sharey=True, squeeze=False)
    for axis, class_ in zip(axes.flat, UNPLANNED, strict=True):
        _panel(axis, view, class_)
    axes[0, 0].set_yticks(
        range(len(view.models)), ["\n".join(textwrap.wrap(view.title(m), 20)) for m in view.models], fontsize=14
    )
    axes[0, 0].set_ylim(rows - 0.5, -0.5)
    return sheet.figure


def takeaway(view: View) -> str:
    """For each class, how many models keep the target for nine in ten."""
    parts = []
    for class_ in UNPLANNED:
        target = float(getattr(view.scenario.classes, class_).target_min)
        found = {m: view.estimate("response_p90_min", m, class_) for m in view.models}
        if not any(e.n or e.missing for e in found.values()):
            continue
        kept = [view.title(m) for m, e in found.items() if e.known and e.mean <= target]
        parts.append(
            view.say(
                "classes_take" if kept else "classes_take_none",
                cls=CLASS_TITLES[class_].get(view.lang),
                minutes=number(target, view.lang),
                models=", ".join(kept),
            )
        )
    return " ".join(parts) or view.say("no_takeaway")


def _panel(axis: Axes, view: View, class_: str) -> None:
    target = float(getattr(view.scenario.classes, class_).target_min)
    axis.set_title("\n".join(textwrap.wrap(CLASS_TITLES[class_].get(view.lang), 18)), fontsize=13)
    axis.grid(True, axis="x")
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    rows = []
    for row, model in enumerate(view.models):
        mean, p90 = view.estimate("response_min", model, class_), view.estimate("response_p90_min", model, class_)
        rows.append((row, model, mean, p90))
    known = [e.mean for _, _, *both in rows for e in both if e.known]
    end = 1.3 * max([target, *known])
    axis.set_xlim(0, end)
    for row, model, mean, p90 in rows:
        style = view.styles[model]
        if not mean.known:
            axis.text(
                0.03,
                row,
                view.say("no_value"),
                transform=axis.get_yaxis_transform(),
                va="center",
                color=SOFT,
                fontsize=12,
            )
            continue
        if p90.known:
            axis.plot([mean.mean, p90.mean], [row, row], color=style.colour, linewidth=2.5, zorder=2)
            axis.plot(
                [p90.mean],
                [row],
                marker=style.marker,
                markersize=11,
                color=style.colour,
                markerfacecolor="white",
                markeredgewidth=2.2,
                zorder=3,
                linestyle="none",
            )
            _value(axis, p90.mean, row, view, above=False)
        else:
            axis.annotate(
                "",
                (end * 0.985, row),
                (mean.mean, row),
                zorder=2,
                arrowprops={"arrowstyle": "->", "color": style.colour, "linewidth": 2.0},
            )
            axis.text(
                end * 0.985,
                row + 0.14,
                view.say("classes_never"),
                ha="right",
                va="top",
                fontsize=10.5,
                color=SOFT,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
            )
        axis.plot(
            [mean.mean], [row], marker=style.marker, markersize=12, color=style.colour, zorder=4, linestyle="none"
        )
        _value(axis, mean.mean, row, view)
    axis.axvline(target, color=INK, linestyle=(0, (2, 2)), linewidth=1.4, zorder=1.5)
    tick_numbers(axis, view.lang, "x")
    axis.xaxis.set_major_locator(MaxNLocator(3))
    axis.set_xlabel(view.say("classes_x"), fontsize=12)


def _value(axis: Axes, value: float, row: int, view: View, above: bool = True) -> None:
    """The number at a mark: means stand above and P90 below, so that they never meet."""
    axis.annotate(
        number(value, view.lang),
        (value, row),
        xytext=(0, 11 if above else -11),
        textcoords="offset points",
        ha="center",
        va="bottom" if above else "top",
        fontsize=12,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
        zorder=5,
    )
