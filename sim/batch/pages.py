"""Pages of a batch, drawn side by side in processes of their own, and only where the numbers have changed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, as_completed
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final, Self

from sim.api import load_study
from sim.batch.excel import NO_WINDOW
from sim.study import store
from sim.study.executors import WorkerPool
from sim.study.folder import manifest_of
from sim.text import Text


class Pages:
    """Figures and pages of a batch's studies, asked for as these are written and drawn by workers meanwhile; with one
    worker, here, in `finish`. Leaving the block before that ends the workers; a page is whole or not there."""

    def __init__(self, workers: int, lang: str, *, png: bool) -> None:
        self._workers, self._lang, self._png = workers, lang, png
        self._left: dict[Path, Future[None] | None] = {}  # None: to be drawn here
        self._open = ExitStack()
        self._pool: WorkerPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *how: Any) -> None:
        self._open.__exit__(*how)

    def ask(self, folders: Iterable[Path]) -> None:
        """Draw figures and page of the studies that lack them and have not been asked for."""
        for folder in folders:
            if folder not in self._left and not is_drawn(folder, self._lang, png=self._png):
                self._left[folder] = self._sent(folder)

    def _sent(self, folder: Path) -> Future[None] | None:
        if self._workers < 2:
            return None
        if self._pool is None:
            self._pool = self._open.enter_context(WorkerPool(self._workers, at_once=True))
        try:
            return self._pool.submit(draw, folder, self._lang, self._png)
        except BrokenExecutor:  # a worker was killed: the rest is drawn here
            return None

    def finish(self, note: Callable[[Text], None] = lambda text: None) -> None:
        """Wait for all of them. Raises ResultsError, OSError."""
        sent = {future: folder for folder, future in self._left.items() if future is not None}
        for number, folder in enumerate(self._ended(sent), 1):
            note(_DRAWN.format(name=folder.name, number=number, of=len(self._left)))

    def _ended(self, sent: Mapping[Future[None], Path]) -> Iterator[Path]:
        left = dict.fromkeys(self._left)
        with suppress(BrokenExecutor):
            for future in as_completed(sent):
                future.result()
                left.pop(sent[future])
                yield sent[future]
        self._open.close()  # whoever is left of the workers has ended before anything is drawn here
        for folder in left:
            if not is_drawn(folder, self._lang, png=self._png):
                draw(folder, self._lang, self._png)
            yield folder


def draw(folder: Path, lang: str, png: bool) -> None:
    """Figures and page of one study."""
    load_study(folder, NO_WINDOW).write_report(folder, lang, png=png)
    gc.collect()  # figures are full of circles: the next page begins with none of them


def is_drawn(folder: Path, lang: str, *, png: bool = False) -> bool:
    """Whether the study in a folder has its page, or there is none to draw."""
    manifest = manifest_of(folder)
    return manifest is None or store.is_drawn(folder, manifest, lang, png=png)


_DRAWN: Final = Text("ritat: {name} ({number}/{of})", "drawn: {name} ({number}/{of})")
