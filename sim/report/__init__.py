"""The report: figures and one self-contained page, in Swedish or English. Drawing libraries load on first use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.report.front import Front
    from sim.study.results import Results

__all__ = ["figure_names", "write_figures", "write_front", "write_page"]


def figure_names() -> tuple[str, ...]:
    """The names of the figures, which are also their file names."""
    from sim.report.figures import FIGURES

    return tuple(kind.name for kind in FIGURES)


def write_figures(results: Results, folder: Path | str, lang: str = "sv", png: bool = False) -> list[Path]:
    """Write every figure as .svg, with `png` also as .png, into `folder` (made if missing); returns the paths.
    Raises OSError."""
    from sim.report.figures import write

    return write(results, Path(folder), lang, png)


def write_page(
    results: Results,
    path: Path | str,
    lang: str = "sv",
    figures: Path | str | None = None,
    later: Results | None = None,
) -> None:
    """Write the whole report as one HTML file that needs no network. `figures` is a folder that `write_figures` has
    filled with the same results, to spare drawing them again; `later` is a study of one scenario that stands as lång
    sikt beside this one's kort sikt in the consequences. Raises OSError."""
    from sim.report.page import render

    page = render(results, lang, Path(figures) if figures is not None else None, later)
    Path(path).write_text(page, encoding="utf-8", newline="\n")


def write_front(front: Front, path: Path | str, lang: str = "sv") -> None:
    """Write the front page of a batch as one HTML file that needs no network. Raises OSError."""
    from sim.report.front import render

    Path(path).write_text(render(front, lang), encoding="utf-8", newline="\n")
