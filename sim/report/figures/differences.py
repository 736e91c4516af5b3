"""Paired differences to the reference, with intervals and the band inside which a difference does not matter."""

from __future__ import annotations

import math
from collections import Counter

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.comparison.findings import NOT_COMPARED, Verdict
from sim.decide.sentences import brief
from sim.quoting import cut
from sim.report.style import BAND, INK, SOFT, make_sheet, model_handle, tick_numbers
from sim.report.view import View
from sim.report.words import HEADLINE, Shown

COLUMNS = 4
ROOM = 24  # signs of a title over its interval; the legend has all of it


def draw(view: View) -> Figure:
    """A panel a headline measure, a row a model."""
    handles: list[Line2D | Patch] = [model_handle(view.styles[m], view.title(m), marker_only=True) for m in view.others]
    handles.append(Patch(facecolor=BAND, label=view.say("differences_band")))
    rows = -(-len(HEADLINE) // COLUMNS)
    sheet = make_sheet(
        view.say("differences_title", reference=view.title(view.reference)),
        _subtitle(view) if view.others else view.say("one_model"),
        view.footer,
        handles,
        height_in=max(7.5, 2.2 + rows * (1.1 + 0.55 * len(view.others))),
    )
    axes = sheet.figure.subplots(rows, COLUMNS, squeeze=False)
    for axis, shown in zip(axes.flat, HEADLINE, strict=False):
        _panel(axis, view, shown)
    for axis in list(axes.flat)[len(HEADLINE) :]:
        axis.set_visible(False)
    return sheet.figure


def _subtitle(view: View) -> str:
    patients = view.say("differences_same_patients" if view.same_needs else "differences_same_draw")
    said = view.say("differences_sub", patients=patients)
    return f"{said} {view.say('differences_worlds')}" if view.results.wide else said


def takeaway(view: View) -> str:
    """How many of the comparisons came out which way."""
    counts = Counter(
        found.verdict
        for model in view.others
        for shown in HEADLINE
        if (found := view.difference(shown.measure, model, shown.class_)) is not None
    )
    if not counts:
        return view.say("one_model") if not view.others else view.say("no_takeaway")
    return view.say(
        "differences_take",
        total=sum(counts.values()),
        reference=view.title(view.reference),
        better=counts[Verdict.BETTER],
        worse=counts[Verdict.WORSE],
        equal=counts[Verdict.EQUAL],
        undecided=counts[Verdict.UNDECIDED],
    )


def _panel(axis: Axes, view: View, shown: Shown) -> None:
    factor = shown.factor
    axis.set_title(shown.title.get(view.lang), fontsize=13)
    axis.set_xlabel(
        f"{shown.difference_unit.get(view.lang)}\n{view.say(f'better_{view.better(shown.measure)}')}", fontsize=12
    )
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    axis.set_ylim(len(view.others) - 0.35, -0.75)
    band = view.practical(shown.measure) * factor
    reach = 1.4 * band if math.isfinite(band) else 0.0
    for row, model in enumerate(view.others):
        found = view.difference(shown.measure, model, shown.class_)
        wide = view.wide(shown.measure, model, shown.class_)
        word = brief(wide) if wide else found.word if found else NOT_COMPARED
        text = f"{cut(view.title(model), ROOM)}: {word.get(view.lang)}"
        axis.text(
            0.0,
            row - 0.3,
            text,
            transform=axis.get_yaxis_transform(),
            fontsize=11.5,
            va="center",
            zorder=5,
            clip_on=False,
        ).set_in_layout(False)  # a long one must not make the panel narrow
        if found is None or not math.isfinite(found.difference):
            continue
        style = view.styles[model]
        ends = [value * factor for value in (found.lower, found.upper) if math.isfinite(value)]
        centre = found.difference * factor
        if len(ends) == 2:
            axis.plot(ends, [row + 0.08] * 2, color=style.colour, linewidth=3, solid_capstyle="butt", zorder=3)
            for end in ends:
                axis.plot([end, end], [row - 0.02, row + 0.18], color=style.colour, linewidth=2, zorder=3)
        axis.plot(
            [centre],
            [row + 0.08],
            color=style.colour,
            marker=style.marker,
            markersize=10,
            zorder=4,
            markeredgecolor="white",
            markeredgewidth=0.8,
        )
        if wide is not None:
            worlds = [value * factor for value in (wide.low5, wide.high95) if math.isfinite(value)]
            axis.plot(worlds, [row + 0.08] * len(worlds), color=style.colour, linewidth=1.2, zorder=2)
            ends += worlds
        reach = max(reach, 1.12 * max(abs(value) for value in (centre, *ends)))
    if reach == 0.0:
        reach = 1.0
        axis.text(
            0.5, 0.1, view.say("nothing_to_compare"), transform=axis.transAxes, ha="center", color=SOFT, fontsize=11
        )
    axis.set_xlim(-reach, reach)
    if math.isfinite(band) and band > 0:
        axis.axvspan(-band, band, color=BAND, zorder=0, linewidth=0)
    for row in range(len(view.others)):  # not through the words
        axis.plot([0, 0], [row - 0.14, row + 0.36], color=INK, linewidth=1.2, zorder=1)
    axis.xaxis.set_major_locator(MaxNLocator(5, symmetric=True))
    tick_numbers(axis, view.lang, "x")
