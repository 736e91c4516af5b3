"""One look for every figure: a colour, marker and line a model, a heading and a footer a sheet, repeatable files.

The first four colours are Okabe-Ito blue, vermillion, green and purple; the next four are black, olive, indigo and
grey. Each holds at least 3:1 against white, and no two share marker or line, so that print and colour blindness
lose nothing. Models beyond the eighth take the colours again with another marker.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from sim.language.numbers import plain

Line = Literal["-", "--", "-.", ":"] | tuple[float, tuple[int, ...]]

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#7A5C00", "#4B0092", "#5A5A5A")
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">", "p", "h")
LINES: Final[tuple[Line, ...]] = (
    "-",
    "--",
    "-.",
    ":",
    (0, (7, 2, 1, 2, 1, 2)),
    (0, (9, 3)),
    (0, (3, 1, 1, 1)),
    (0, (1, 3)),
)
INK: Final = "#1a1a1a"
SOFT: Final = "#555555"
BAND: Final = "#dcdcdc"
GRID: Final = "#e3e3e3"
WIDTH_IN: Final = 13.333
HEIGHT_IN: Final = 7.5
MARGIN_IN: Final = 0.3

_RC: Final[dict[str, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 13,
    "axes.titlesize": 14,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 13,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,  # a "$" in a user's title is a dollar sign
    "axes.unicode_minus": True,
    "svg.fonttype": "path",  # looks the same where the font is missing
    "svg.hashsalt": "hembesok",  # the same figure gives the same bytes
    "path.simplify": False,
    "hatch.linewidth": 0.8,
}


@dataclass(frozen=True)
class ModelStyle:
    """How one model is drawn, everywhere."""

    colour: str
    marker: str
    line: Line


def model_styles(names: Sequence[str]) -> dict[str, ModelStyle]:
    """Styles by presentation order, so a model looks the same in every figure of a study."""
    return {
        name: ModelStyle(COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)], LINES[i % len(LINES)])
        for i, name in enumerate(names)
    }


@contextmanager
def drawing() -> Iterator[None]:
    """Matplotlib's settings for a sheet, put back afterwards."""
    with matplotlib.rc_context(cast(Any, _RC)):
        yield


@dataclass(frozen=True)
class Sheet:
    """A figure with heading, legend and footer in place; axes go into `figure`, which lays them out between."""

    figure: Figure
    width_in: float
    height_in: float

    def y(self, inches_from_top: float) -> float:
        return 1.0 - inches_from_top / self.height_in


TITLE_PT: Final = 42.0  # the band of a sheet that holds nothing but its title


def make_sheet(
    title: str,
    subtitle: str,
    footer: tuple[str, str],
    handles: Sequence[Artist] = (),
    height_in: float = HEIGHT_IN,
) -> Sheet:
    """An empty sheet. `footer` is the left (provenance) and right (input data) text; `handles` make the legend."""
    figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    sheet = Sheet(figure, WIDTH_IN, height_in)
    left = MARGIN_IN / WIDTH_IN
    top = 0.22
    figure.text(left, sheet.y(top), title, fontsize=20, fontweight="bold", va="top")
    top += 0.45
    lines = textwrap.wrap(subtitle, 126)
    if lines:
        figure.text(left, sheet.y(top), "\n".join(lines), fontsize=13, color=SOFT, va="top", linespacing=1.25)
        top += 0.25 * len(lines) + 0.08
    for row in _legend_rows(handles, figure):
        legend = figure.legend(
            handles=row,
            loc="upper left",
            bbox_to_anchor=(left, sheet.y(top)),
            ncols=len(row),
            frameon=False,
            borderaxespad=0.0,
            borderpad=0.1,
            handlelength=2.8,
            columnspacing=1.8,
            fontsize=13,
        )
        legend.set_in_layout(False)
        top += 0.34
    bottom = 0.48
    figure.text(left, 0.13 / height_in, footer[0], fontsize=10.5, color=SOFT, va="bottom")
    figure.text(1 - left, 0.13 / height_in, footer[1], fontsize=12, fontweight="bold", va="bottom", ha="right")
    engine = figure.get_layout_engine()
    assert engine is not None
    # the rectangle leaves room for what stands above and below
    engine.set(  # type: ignore[call-arg]
        rect=(left, bottom / height_in, 1 - 2 * left, 1 - (top + 0.1 + bottom) / height_in),
        w_pad=0.06,
        h_pad=0.06,
        wspace=0.06,
        hspace=0.05,
    )
    return sheet


def _legend_rows(handles: Sequence[Artist], figure: Figure) -> list[list[Artist]]:
    """Split legend entries over rows by their real width."""
    renderer = cast(RendererAgg, FigureCanvasAgg(figure).get_renderer())  # type: ignore[no-untyped-call]
    font = FontProperties(size=13)
    rows: list[list[Artist]] = []
    room = WIDTH_IN - 2 * MARGIN_IN
    used = room
    for handle in handles:
        text = str(handle.get_label())
        words, _, _ = renderer.get_text_width_height_descent(text, font, False)  # type: ignore[no-untyped-call]
        width = words / figure.dpi + (2.8 + 0.8 + 1.8) * 13 / 72  # line, gap and space between entries, in letters
        if used + width > room:
            rows.append([])
            used = 0.0
        rows[-1].append(handle)
        used += width
    return rows


def model_handle(style: ModelStyle, title: str, marker_only: bool = False) -> Line2D:
    """A legend entry of a model."""
    return Line2D(
        [],
        [],
        color=style.colour,
        marker=style.marker,
        linestyle="none" if marker_only else style.line,
        linewidth=2.4,
        markersize=9,
        label=title,
    )


def tick_numbers(axes: Axes, lang: str, which: str = "both") -> None:
    """Write the axis numbers in the language's own way."""
    formatter = FuncFormatter(lambda value, _: plain(float(value), lang))
    if which in ("x", "both"):
        axes.xaxis.set_major_formatter(formatter)
    if which in ("y", "both"):
        axes.yaxis.set_major_formatter(formatter)


def ink_on(colour: tuple[float, float, float]) -> str:
    """Black or white, whichever reads better on `colour` (RGB 0..1)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if luminance < 0.18 else INK


def settle_layout(figure: Figure) -> None:
    """Lay the axes out once and for all: labels can then be placed by pixel, and drawing need not solve it again."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


def save(figure: Figure, stem: Path, title: str, png: bool) -> None:
    """Write `stem`.svg, with `png` also `stem`.png; the same figure always gives the same bytes."""
    settle_layout(figure)
    figure.savefig(stem.with_suffix(".svg"), metadata=_svg_facts(title))
    if png:
        figure.savefig(stem.with_suffix(".png"), dpi=120, metadata={"Title": title, "Software": "hembesok"})


def svg_text(figure: Figure, title: str) -> str:
    """The figure as SVG text."""
    settle_layout(figure)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata=_svg_facts(title))
    return out.getvalue()


def _svg_facts(title: str) -> dict[str, Any]:
    return {"Title": title, "Date": None, "Creator": "hembesok"}
