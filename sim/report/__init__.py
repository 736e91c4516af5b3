"""The report: figures and one self-contained page, in Swedish or English. Drawing libraries load on first use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.report.front import Front
    from sim.report.view import View
    from sim.study.results import Results

__all__ = ["figure_names", "write_figures", "write_front", "write_page", "write_report"]


def figure_names() -> tuple[str, ...]:
    """The names of the figures, which are also their file names."""
    from sim.report.figures import FIGURES

    return tuple(kind.name for kind in FIGURES)


def write_report(
    results: Results,
    page: Path,
    figures: Path,
    lang: str,
    later: Results | None = None,
    *,
    png: bool = False,
    helper: Executor | None = None,
) -> None:
    """Write the figures into their folder and the page with them; what both read is worked out once. `later` as in
    `write_page`; the `helper` draws some of the figures meanwhile. Raises OSError."""
    from sim.report.figures import FigureKind, begin, stem_of
    from sim.report.page import render

    views = views_of(results, lang)
    wait = begin(views, figures, png, helper)

    def picture(kind: FigureKind, view: View) -> str:
        wait()
        return (figures / f"{stem_of(kind, view)}.svg").read_text(encoding="utf-8")

    _write_text(page, render(views, later, picture))


def write_figures(results: Results, folder: Path | str, lang: str = "sv", png: bool = False) -> list[Path]:
    """Write every figure as .svg, with `png` also as .png, into `folder` (made if missing); returns the paths.
    Raises OSError."""
    from sim.report.figures import begin

    return begin(views_of(results, lang), Path(folder), png)()


def write_page(results: Results, path: Path | str, lang: str = "sv", later: Results | None = None) -> None:
    """Write the whole report as one HTML file that needs no network. `later` is a study of one scenario that stands as
    lång sikt beside this one's kort sikt in the consequences. Raises OSError."""
    from sim.report.page import render

    _write_text(Path(path), render(views_of(results, lang), later))


def write_front(front: Front, path: Path | str, lang: str = "sv") -> None:
    """Write the front page of a batch as one HTML file that needs no network. Raises OSError."""
    from sim.report.front import render

    _write_text(Path(path), render(front, lang))


def views_of(results: Results, lang: str) -> Sequence[View]:
    """One of each scenario."""
    from sim.report.view import View

    return [View(results, name, lang) for name in results.scenarios]


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
