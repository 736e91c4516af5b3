"""Pages of a batch, drawn side by side in processes of their own, and only where the numbers have changed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, as_completed
from pathlib import Path
from typing import Final

from sim.api import load_study
from sim.batch.excel import NO_WINDOW
from sim.study import store
from sim.study.executors import WorkerPool
from sim.study.folder import manifest_of
from sim.text import Text


def draw_all(
    folders: Sequence[Path], jobs: int, lang: str, *, png: bool, note: Callable[[Text], None] = lambda text: None
) -> None:
    """Draw figures and page of every study that lacks them. Raises ResultsError, OSError."""
    left = [folder for folder in folders if not is_drawn(folder, lang, png=png)]
    workers = min(jobs, len(left))
    drawn = 0

    def told(folder: Path) -> None:
        nonlocal drawn
        drawn += 1
        note(_DRAWN.format(name=folder.name, number=drawn, of=len(left)))

    if workers > 1:
        try:
            with WorkerPool(workers) as pool:
                begun = {pool.submit(draw, folder, lang, png): folder for folder in left}
                for future in as_completed(begun):
                    future.result()
                    told(begun[future])
            return
        except BrokenExecutor:  # a worker was killed: the rest is drawn here
            left = [folder for folder in left if not is_drawn(folder, lang, png=png)]
            drawn = 0
    for folder in left:
        draw(folder, lang, png)
        told(folder)


def draw(folder: Path, lang: str, png: bool) -> None:
    """Figures and page of one study."""
    load_study(folder, NO_WINDOW).write_report(folder, lang, png=png)
    gc.collect()  # figures are full of circles: the next page begins with none of them


def is_drawn(folder: Path, lang: str, *, png: bool = False) -> bool:
    """Whether the study in a folder has its page, or there is none to draw."""
    manifest = manifest_of(folder)
    return manifest is None or store.is_drawn(folder, manifest, lang, png=png)


_DRAWN: Final = Text("ritat: {name} ({number}/{of})", "drawn: {name} ({number}/{of})")
