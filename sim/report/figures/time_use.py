"""Where the hours on duty go: driving, on scene, documenting, on the telephone, unoccupied."""

from __future__ import annotations

import math
import textwrap

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation, Transform

from sim.language.numbers import number, percent
from sim.report.style import INK, ink_on, make_sheet, tick_numbers
from sim.report.view import View

# Not the models' colours: dark to light, each with its own hatch, so that grey print still tells them apart.
PARTS = (
    ("driving_share", "#23314a", ""),
    ("on_scene_share", "#6f7f92", "//"),
    ("documenting_share", "#b9a77c", ".."),
    ("telephone_time_share", "#7b3f61", ""),
    ("idle_share", "#f1ede2", ""),
)


def draw(view: View) -> Figure:
    """A bar a model, in hours a week, with each part's share of the time on duty."""
    handles = [
        Patch(facecolor=c, hatch=h, edgecolor="white" if h else INK, label=view.say(part)) for part, c, h in PARTS
    ]
    rows = max(len(view.models), 1)
    sheet = make_sheet(
        view.say("time_title"),
        view.say("time_sub"),
        view.footer,
        handles,
        height_in=max(5.6, min(7.5, 2.6 + 1.15 * rows)) if rows <= 5 else 2.6 + 1.0 * rows,
    )
    axis = sheet.figure.subplots()
    widest = 1.0
    for row, model in enumerate(view.models):
        total = _hours_on_duty(view, model)
        shares = [view.estimate(part, model).mean for part, _, _ in PARTS]
        if not math.isfinite(total) or not all(math.isfinite(share) for share in shares):
            axis.text(0.01, row, view.say("no_value"), va="center", transform=axis.get_yaxis_transform())
            continue
        left = 0.0
        for (_, colour, hatch), share in zip(PARTS, shares, strict=True):
            hours = share * total
            axis.barh(row, hours, left=left, height=0.66, color=colour, hatch=hatch, edgecolor="white", linewidth=1.0)
            if share >= 0.055:
                ink = ink_on(to_rgb(colour))
                axis.text(
                    left + hours / 2,
                    row,
                    f"{percent(share, view.lang)}\n{number(hours, view.lang)}\u00a0h",
                    ha="center",
                    va="center",
                    color=ink,
                    fontsize=12.5,
                    linespacing=1.2,
                    bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.5},
                )
            left += hours
        axis.barh(row, left, height=0.66, facecolor="none", edgecolor=INK, linewidth=0.8)
        overtime = view.estimate("overtime_h_per_week", model).mean
        calls = view.estimate("telephone_time_share", model).mean * total
        axis.text(
            left,
            row,
            "  "
            + view.say(
                "time_total",
                total=number(left, view.lang),
                overtime=number(overtime, view.lang, 1),
                calls=number(calls, view.lang, 1),
            ),
            va="center",
            fontsize=12.5,
            linespacing=1.3,
        )
        widest = max(widest, left)
    axis.set_xlim(0, widest * 1.2)
    axis.set_ylim(rows - 0.5, -0.5)
    axis.set_yticks(range(len(view.models)), [textwrap.fill(view.title(m), 30) for m in view.models], fontsize=14)
    axis.tick_params(axis="y", length=0, pad=26)
    for row, model in enumerate(view.models):
        style = view.styles[model]
        axis.plot(
            [0],
            [row],
            marker=style.marker,
            color=style.colour,
            markersize=12,
            clip_on=False,
            linestyle="none",
            transform=axis.get_yaxis_transform() + _shift(sheet.figure, -16),
        )
    axis.spines["left"].set_visible(False)
    axis.set_xlabel(view.say("time_x"))
    tick_numbers(axis, view.lang, "x")
    return sheet.figure


def takeaway(view: View) -> str:
    """The models that drive least and most."""
    shares = {m: e.mean for m in view.models if (e := view.estimate("driving_share", m)).known}
    if not shares:
        return view.say("no_takeaway")
    low, high = min(shares, key=lambda m: shares[m]), max(shares, key=lambda m: shares[m])
    if low == high:
        return view.say("time_take_one", model=view.title(low), share=percent(shares[low], view.lang))
    return view.say(
        "time_take",
        low=view.title(low),
        low_share=percent(shares[low], view.lang),
        high=view.title(high),
        high_share=percent(shares[high], view.lang),
    )


def _hours_on_duty(view: View, model: str) -> float:
    """Scheduled hours a week and overtime: what the shares are shares of."""
    scheduled = view.estimate("hours_per_week", model).mean
    overtime = view.estimate("overtime_h_per_week", model).mean
    return scheduled + (overtime if math.isfinite(overtime) else 0.0)


def _shift(figure: Figure, points: float) -> Transform:
    return ScaledTranslation(points / 72, 0, figure.dpi_scale_trans)
