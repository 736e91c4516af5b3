"""Results with what a reader wants to do with them: figures, a page, a report in a folder."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.folder import FIGURES, MANIFEST, PAGE, listed, manifest_of, publish, writing
from sim.study.results import Results
from sim.study.settling import SETTLED
from sim.study.store import COMPARISONS, EXCEL, is_as_written, is_drawn, table_files, write_excel, write_manifest

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd


@dataclass(frozen=True)
class Pictures:
    """Figures for a notebook: shown one under the other; `svg` by name."""

    svg: dict[str, str]

    def _repr_html_(self) -> str:
        return "\n".join(self.svg.values())


@dataclass(frozen=True)
class StudyResult(Results):
    """Results with what a reader wants to do with them."""

    @property
    def frame(self) -> pd.DataFrame:
        """The comparison: one row a measure, municipality, class and model, with its paired difference and verdict."""
        return self.comparison

    @property
    def status(self) -> str:
        """complete, incomplete (some replications failed) or interrupted."""
        return str(self.manifest["status"])

    def plot(self, lang: str = "sv") -> Pictures:
        """The figures of the report."""
        from sim.report import write_figures

        with tempfile.TemporaryDirectory() as folder:
            paths = write_figures(self, Path(folder), lang)
            return Pictures({path.stem: path.read_text(encoding="utf-8") for path in paths if path.suffix == ".svg"})

    def to_html(self, lang: str = "sv", later: Results | None = None) -> str:
        """The report as one self-contained page. `later`: a study of one scenario, shown as lång sikt beside it."""
        from sim.report import write_page

        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / PAGE
            write_page(self, page, lang, later=later)
            return page.read_text(encoding="utf-8")

    def is_drawn(self, folder: Path | str, lang: str = "sv", *, png: bool = False) -> bool:
        """Whether `folder` has the report of these very results already."""
        manifest = manifest_of(Path(folder)) or {}
        same = manifest.get("published") == self.manifest.get("published") != ""
        return same and is_drawn(Path(folder), manifest, lang, png=png)

    def write_report(
        self, folder: Path | str, lang: str = "sv", later: Results | None = None, *, png: bool = False,
        helper: Executor | None = None,
    ) -> list[Path]:  # fmt: skip
        """Write figures/ (with `png` as pictures, too) and report.html in `folder`, whole or not at all, and in the
        same language comparison_excel.csv of the study that it holds; `later` as in `to_html`. A `helper`
        (`sim.report.helper`) draws some of the figures meanwhile.

        Raises ResultsError when `folder` holds files that no study made; OSError.
        """
        from sim.report import write_report

        target = Path(folder)
        with writing(target, [PAGE]) as stage:
            write_report(self, stage / PAGE, stage / FIGURES, lang, later, png=png, helper=helper)
            before = manifest_of(target) or {}
            said = before.get(EXCEL) == lang and is_as_written(target, COMPARISONS[1], before)
            if COMPARISONS[1] in listed(target, before) and not said:
                write_excel(self, stage, lang)
            why = {key: self.manifest[key] for key in (SETTLED,) if key in self.manifest}
            drawn = {"drawn": {"lang": lang, "png": png}, EXCEL: lang}
            manifest = (before or self.manifest) | why | drawn
            write_manifest(stage, manifest, table_files(target, manifest))
            return [path for path in publish(stage, target) if path.name != MANIFEST]
