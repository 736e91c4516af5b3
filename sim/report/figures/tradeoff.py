"""The trade-off: quick response against little travel, with how busy the physicians are beside each point."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.language.numbers import number, percent
from sim.report.figures.labels import Box, box, settle
from sim.report.style import SOFT, make_sheet, model_handle, settle_layout, tick_numbers
from sim.report.view import Estimate, View

# Where a label may stand beside its point, in points: tried in this order.
_SPOTS = ((16, 14), (16, -14), (-16, 14), (-16, -14), (16, 48), (16, -48), (-16, 48), (-16, -48), (0, 80), (0, -80))


def draw(view: View) -> Figure:
    """Response (x) against travel a visit (y), a point a model with confidence limits."""
    handles = [model_handle(view.styles[m], view.title(m), marker_only=True) for m in view.models]
    sheet = make_sheet(view.say("tradeoff_title"), view.say("tradeoff_sub"), view.footer, handles)
    axis = sheet.figure.subplots()
    axis.grid(True)
    points = _points(view)
    for model, (x, y) in points.items():
        style = view.styles[model]
        axis.errorbar(
            [x.mean],
            [y.mean],
            xerr=[[_half(x)], [_half(x)]],
            yerr=[[_half(y)], [_half(y)]],
            fmt=style.marker,
            color=style.colour,
            markersize=15,
            markeredgecolor="white",
            elinewidth=2,
            capsize=5,
            zorder=3,
        )
    if points:
        _limits(axis, list(points.values()))
    else:
        axis.text(0.5, 0.5, view.say("no_value"), transform=axis.transAxes, ha="center", color=SOFT)
        axis.set(xlim=(0, 1), ylim=(0, 1))
    axis.set_xlabel(view.say("tradeoff_x"))
    axis.set_ylabel(view.say("tradeoff_y"))
    tick_numbers(axis, view.lang)
    _better(axis, view)
    settle_layout(sheet.figure)
    _labels(axis, view, points)
    return sheet.figure


def takeaway(view: View) -> str:
    """Which model is quickest and which travels least."""
    points = _points(view)
    if not points:
        return view.say("no_takeaway")
    quick = min(points, key=lambda m: points[m][0].mean)
    near = min(points, key=lambda m: points[m][1].mean)
    key = "tradeoff_take_same" if quick == near else "tradeoff_take"
    return view.say(
        key,
        quick=view.title(quick),
        minutes=number(points[quick][0].mean, view.lang),
        near=view.title(near),
        travel=number(points[near][1].mean, view.lang),
    )


def _points(view: View) -> dict[str, tuple[Estimate, Estimate]]:
    both = {
        m: (view.estimate("response_min", m, "acute"), view.estimate("travel_min_per_visit", m)) for m in view.models
    }
    return {m: pair for m, pair in both.items() if pair[0].known and pair[1].known}


def _half(value: Estimate) -> float:
    return value.upper - value.mean if value.has_interval else 0.0


def _limits(axis: Axes, points: Sequence[tuple[Estimate, Estimate]]) -> None:
    axis.set_xlim(_range([x for x, _ in points]))
    axis.set_ylim(_range([y for _, y in points]))


def _range(values: Sequence[Estimate]) -> tuple[float, float]:
    low, high = min(v.mean - _half(v) for v in values), max(v.mean + _half(v) for v in values)
    room = 0.3 * max(high - low, 0.15 * abs(high), 1.0)
    return max(0.0, low - room), high + room


def _better(axis: Axes, view: View) -> None:
    axis.annotate(
        view.say("better_corner"),
        xy=(0.012, 0.02),
        xytext=(0.07, 0.11),
        xycoords="axes fraction",
        textcoords="axes fraction",
        fontsize=14,
        fontweight="bold",
        color=SOFT,
        va="center",
        arrowprops={"arrowstyle": "-|>,head_width=0.5,head_length=0.9", "color": SOFT, "linewidth": 2.5},
    )


def _labels(axis: Axes, view: View, points: dict[str, tuple[Estimate, Estimate]]) -> None:
    """Put each label where it meets no point, no error bar and no other label."""
    frame = box(axis.get_window_extent())
    low, high = axis.transAxes.transform((0, 0)), axis.transAxes.transform((0.17, 0.16))
    taken = [Box(low[0], low[1], high[0], high[1])]  # the arrow to "better"
    for x, y in points.values():
        centre = axis.transData.transform((x.mean, y.mean))
        right = axis.transData.transform((x.mean + _half(x), y.mean))[0] - centre[0]
        up = axis.transData.transform((x.mean, y.mean + _half(y)))[1] - centre[1]
        for wide, tall in ((max(right, 12), 12), (12, max(up, 12))):
            taken.append(Box(centre[0] - wide, centre[1] - tall, centre[0] + wide, centre[1] + tall))
    for model, (x, y) in points.items():
        label = axis.annotate(
            _words(view, model),
            (x.mean, y.mean),
            xytext=(0, 0),
            textcoords="offset points",
            fontsize=13,
            linespacing=1.25,
            zorder=5,
            arrowprops={"arrowstyle": "-", "color": SOFT, "linewidth": 0.8},
        )
        taken.append(settle(label, _SPOTS, taken, frame, near=20))


def _words(view: View, model: str) -> str:
    return view.say(
        "tradeoff_label",
        model=view.title(model),
        load=percent(view.estimate("utilisation", model).mean, view.lang),
        overtime=number(view.estimate("overtime_h_per_week", model).mean, view.lang, 1),
    )
