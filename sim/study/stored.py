"""What the study in a folder holds: which tasks, under which keys, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sim.errors import ResultsError
from sim.study.folder import located, manifest_of
from sim.study.parquet import read_parquet
from sim.study.plan import Task
from sim.study.profiles import Model, Profiles, stored
from sim.study.store import FORMAT, TABLES, VISITS, is_as_written
from sim.study.tables import Numbers, Words, numbers_of
from sim.text import Text


@dataclass(frozen=True)
class Facts:
    """What is known of a task besides its measures: `key` of them; `error` when it failed."""

    key: str
    seconds: float
    worker: int
    tape_sha256: str
    requests: int
    error: str = ""


@dataclass(frozen=True)
class Stored:
    """A study in a folder. `manifest` None: none, or one that this version cannot go on with; `faults` say why."""

    folder: Path
    manifest: dict[str, Any] | None = None
    faults: tuple[Text, ...] = field(default=())

    @cached_property
    def tasks(self) -> dict[Task, Facts]:
        """The finished ones."""
        if self.manifest is None:
            return {}
        requests = {t["sha256"]: t["requests"] for t in self.manifest["tapes"]}
        return {
            Task(kept["scenario"], kept["model"], kept["replication"]): Facts(
                kept["key"], kept["seconds"], kept["worker"], kept["tape_sha256"], requests[kept["tape_sha256"]]
            )
            for kept in self.manifest["tasks"]
            if kept["status"] == "done"
        }

    @property
    def is_complete(self) -> bool:
        """Whether it holds all that it was asked for."""
        return self.manifest is not None and self.manifest["status"] == "complete"

    @property
    def has_visits(self) -> bool:
        return self.manifest is not None and VISITS in self.manifest["files"]

    def numbers(self, scenario: str, first: int) -> tuple[Mapping[Task, Numbers], Words]:
        """Those of one chunk of replications, and the words of their rows. Raises OSError."""
        return numbers_of(located(self.folder, "measures.parquet"), scenario, first)

    def profiles(self, models: list[Model]) -> Profiles:
        """The curves and hours of some models. Raises OSError."""
        curves, hours = (read_parquet(located(self.folder, f"{name}.parquet")) for name in ("curves", "hours"))
        return stored(curves, hours, models)


def open_stored(folder: Path) -> Stored:
    """The study in a folder, as far as its files are what its manifest says. Raises ResultsError for one that a newer
    version has made; OSError."""
    manifest = manifest_of(folder)
    if manifest is None:
        return Stored(folder)
    if manifest.get("kind") is not None:
        raise ResultsError(_A_BATCH.format(folder=folder))
    number = manifest["format"]
    if not isinstance(number, int) or number > FORMAT:
        raise ResultsError(_NEWER.format(folder=folder, format=number))
    if number < FORMAT:
        return Stored(folder, None, (_OLDER.format(folder=folder, format=number),))
    damaged = [name for name in (f"{table}.parquet" for table in TABLES) if not is_as_written(folder, name, manifest)]
    if damaged:
        return Stored(folder, None, tuple(_DAMAGED.format(path=folder / name) for name in damaged))
    found = Stored(folder, manifest)
    try:
        _ = found.tasks
    except (KeyError, TypeError, AttributeError):
        return Stored(folder, None, (_DAMAGED.format(path=folder / "manifest.json"),))
    return found


_NEWER: Final = Text(
    "{folder}: gjord av en nyare version (format {format}); fortsätt med den, eller ange en annan mapp med --out",
    "{folder}: made by a newer version (format {format}); go on with that one, or name another folder with --out",
)
_A_BATCH: Final = Text(
    "{folder}: där finns en batch med många scenarier; ange en annan mapp med --out",
    "{folder}: this holds a batch of many scenarios; name another folder with --out",
)
_OLDER: Final = Text(
    "{folder}: studien där är av ett äldre format ({format}) och räknas om",
    "{folder}: the study there is of an older format ({format}) and is computed again",
)
_DAMAGED: Final = Text(
    "{path}: är inte som den skrevs; studien räknas om",
    "{path}: is not as it was written; the study is computed again",
)
