"""Records of what is finished and not yet in a table: `.units/` in the folder of a study or of a batch.

A record is named by the keys of its stages, so it is found again by whoever would compute the same, whatever the
scenario is called; one that nobody asks for disturbs nobody.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.errors import ResultsError
from sim.measures.rows import Own
from sim.study.folder import UNITS
from sim.study.parquet import read_parquet, write_parquet
from sim.study.plan import Task, Unit
from sim.study.record import TEMPORARY, Damaged, Entry, Newer, Record, decode, encode, opened, sealed, write_whole
from sim.study.run import UnitResult
from sim.study.stages.hashing import digest
from sim.text import Text

if TYPE_CHECKING:
    from pandas import DataFrame

_ENDING: Final = ".unit"
_STANDING: Final = ".standing"
_TABLE: Final = ".table"


class Place(NamedTuple):
    """Where the entry of a task is, and what the record says besides its measures."""

    path: Path
    key: str
    seconds: float
    worker: int
    tape_sha256: str
    requests: int


@dataclass
class Loose:
    """The records in a folder, of measures besides which there are `own` ones. `faults`: what is wrong with those that
    could not be read, for people."""

    folder: Path
    own: Own = ()
    faults: list[Text] = field(default_factory=list)
    _by_tape: dict[str, list[Path]] | None = None
    _known: dict[str, Any] = field(default_factory=dict)

    @property
    def units(self) -> Path:
        """Where they lie."""
        return self.folder / UNITS

    def find(self, units: Iterable[Unit]) -> dict[Task, Place]:
        """The tasks of these units whose results are here under the keys they have now. Raises ResultsError for a
        record that a newer version has written."""
        found: dict[Task, Place] = {}
        for unit in units:
            known: dict[str, Place] = {}
            for path in self._of_tape(unit):
                if (record := self._read(path)) is not None:
                    known |= {entry.key: place_of(path, record, entry) for entry in record.entries}
            found |= _by_task(unit, unit.tasks, known)
        return found

    def put(self, unit: Unit, result: UnitResult, before: Mapping[Task, Place]) -> dict[Task, Place]:
        """Write what a unit gave, with what there was `before` of its other models, and say where. Nothing is written
        of what failed. Raises OSError."""
        entries = [
            Entry(one.task.model, key_of(unit, one.task), round(one.seconds, 3), one.measures)
            for one in result.tasks
            if one.measures is not None
        ]
        if not entries:
            return {}
        entries += self.entries(before.values()).values()
        record = Record(
            result.scenario, result.replication, result.tape_sha256, result.requests, result.worker, tuple(entries)
        )
        self.units.mkdir(parents=True, exist_ok=True)
        path = self.units / f"{_tape_name(unit)}-{digest(sorted(entry.key for entry in entries))[:16]}{_ENDING}"
        write_whole(path, encode(record))
        places = {entry.key: place_of(path, record, entry) for entry in entries}
        return _by_task(unit, (*unit.tasks, *before), places)

    def entries(self, places: Iterable[Place]) -> dict[Place, Entry]:
        """The entries at some places, of which those of one record are read together. Raises ResultsError when one is
        not there any more as it was."""
        wanted: dict[Path, list[Place]] = {}
        for place in places:
            wanted.setdefault(place.path, []).append(place)
        found: dict[Place, Entry] = {}
        for path, here in wanted.items():
            record = self._read(path)
            known = {entry.key: entry for entry in record.entries} if record else {}
            if any(place.key not in known for place in here):
                raise ResultsError(_LOST.format(path=path))
            found |= {place: known[place.key] for place in here}
        return found

    def know(self, manifest: Mapping[str, Any] | None) -> None:
        """Standings that a study holds need no record."""
        for known in (manifest or {}).get("standings", {}).values():
            self._known |= {kept["key"]: kept["balance"] for kept in known.values() if kept.get("key")}

    def standing(self, key: str) -> Any:
        """What was kept under the key of a long run; None when there is nothing that can be read."""
        if key in self._known:
            return self._known[key]
        try:
            return json.loads(opened((self.units / f"{key[:40]}{_STANDING}").read_bytes()))
        except (OSError, ValueError, Damaged, Newer):
            return None

    def keep_standing(self, key: str, known: Any) -> None:
        """Keep plain data under the key of a long run. Raises OSError."""
        self.units.mkdir(parents=True, exist_ok=True)
        write_whole(self.units / f"{key[:40]}{_STANDING}", sealed(json.dumps(known).encode()))

    def table(self, key: str) -> DataFrame | None:
        """The table kept under a key; None when there is none that can be read."""
        try:
            data = opened((self.units / f"{key[:40]}{_TABLE}").read_bytes())
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "table.parquet"
                path.write_bytes(data)
                return read_parquet(path)
        except (OSError, Damaged, Newer):
            return None

    def keep_table(self, key: str, table: DataFrame) -> None:
        """Keep a table under a key. Raises OSError."""
        self.units.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.units) as folder:
            path = Path(folder) / "table.parquet"
            write_parquet(table, path)
            write_whole(self.units / f"{key[:40]}{_TABLE}", sealed(path.read_bytes()))

    def clear(self) -> None:
        """Remove all records: what they hold is in tables."""
        self._by_tape = None
        shutil.rmtree(self.units, ignore_errors=True)

    def _of_tape(self, unit: Unit) -> list[Path]:
        if self._by_tape is None:
            self._by_tape = {}
            for path in sorted(self.units.glob(f"*{_ENDING}")) if self.units.is_dir() else ():
                if not path.name.startswith(TEMPORARY):
                    self._by_tape.setdefault(path.name.partition("-")[0], []).append(path)
        return self._by_tape.get(_tape_name(unit), [])

    def _read(self, path: Path) -> Record | None:
        """None for one that is damaged, which is noted once and removed: what it held is computed again."""
        try:
            return decode(path.read_bytes(), self.own)
        except Newer as error:
            raise ResultsError(_NEWER.format(path=path, error=str(error))) from error
        except (OSError, Damaged) as error:
            fault = _DAMAGED.format(path=path, error=str(error))
            if fault not in self.faults:
                self.faults.append(fault)
            path.unlink(missing_ok=True)
            return None


def _by_task(unit: Unit, tasks: Iterable[Task], known: Mapping[str, Place]) -> dict[Task, Place]:
    """The places of tasks whose keys are known. Models that do the same have the same key, and share what is there."""
    keys = ((task, key_of(unit, task)) for task in tasks)
    return {task: known[key] for task, key in keys if key in known}


def key_of(unit: Unit, task: Task) -> str:
    """The key of the measures of one of a unit's tasks."""
    return unit.stages.keys.measures(task.model, task.replication)


def place_of(path: Path, record: Record, entry: Entry) -> Place:
    """Where an entry of a record is."""
    return Place(path, entry.key, entry.seconds, record.worker, record.tape_sha256, record.requests)


def _tape_name(unit: Unit) -> str:
    return unit.stages.keys.tape(unit.replication)[:24]


_DAMAGED: Final = Text(
    "{path}: posten är skadad ({error}); det den höll räknas om",
    "{path}: this record is damaged ({error}); what it held is computed again",
)
_NEWER: Final = Text(
    "{path}: skriven av en nyare version ({error}); fortsätt med den, eller ange en annan mapp med --out",
    "{path}: written by a newer version ({error}); go on with that one, or name another folder with --out",
)
_LOST: Final = Text(
    "{path}: posten är borta eller skadad sedan körningen började; kör samma kommando igen",
    "{path}: this record is gone or damaged since the run began; give the same command again",
)
