"""A stored run once more: is every number the same to the last bit?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.declared import Declared, organisations
from sim.errors import HembesokError, ResultsError
from sim.study.folder import MANIFEST
from sim.study.manifest import recorded_scenario
from sim.study.plan import Task
from sim.study.reasons import MORE, reason
from sim.study.stages import Kept, make_stages
from sim.study.stored import Facts, Stored, open_stored
from sim.study.tables import CHUNK
from sim.text import Text

if TYPE_CHECKING:
    from sim.measures import Measures

SHORTEST: Final = 6  # digits of a key


@dataclass(frozen=True)
class Replay:
    """A task that was run again. `differing`: rows whose value or n is not the stored one, of `rows`; `same_tape`:
    whether the same patients were drawn; `why`: what has changed since, None when the key is the same."""

    folder: Path
    task: Task
    key: str
    rows: int
    differing: int
    same_tape: bool
    why: Text | None

    @property
    def is_same(self) -> bool:
        """Whether every number is the same to the last bit."""
        return self.same_tape and self.differing == 0


def replay(folder: Path, wanted: str, declared: Declared) -> Replay:
    """Run the task again whose key in the manifest begins with `wanted`, or that it names as MODEL/REPLICATION, or
    SCENARIO/MODEL/REPLICATION. `folder`: of a study, or of a batch. Measures from outside the program are left out.

    Raises ResultsError when there is no such task, or nothing of it can be run any more; OSError.
    """
    stored, task, facts = _find(folder, wanted)
    assert stored.manifest is not None
    try:
        scenario = recorded_scenario(stored.manifest["scenarios"][task.scenario], stored.folder)
        (model,) = organisations(scenario, declared, [task.model])
        stages = make_stages(scenario, [model], stored.manifest["engine"], kept=Kept())
        draw = stages.draw(task.replication)
        measures, proof = stages.measures(task.model, draw), draw.proof
    except HembesokError as error:
        raise ResultsError(_GONE.format(folder=stored.folder, error=error.said)) from error
    key = stages.keys.measures(task.model, task.replication)
    why = None if key == facts.key else reason(stored.manifest, task.scenario, stages, task.model)
    first = (task.replication - 1) // CHUNK * CHUNK + 1
    numbers = stored.numbers(task.scenario, first)[0][task]
    differing = _differing(measures, numbers.values, numbers.n)
    same = proof.sha256 == facts.tape_sha256
    return Replay(stored.folder, task, facts.key, len(measures.values), differing, same, None if why is MORE else why)


def _differing(measures: Measures, values: np.ndarray, n: np.ndarray) -> int:
    """How many of the program's rows are not bit for bit what is stored."""
    size = min(len(measures.values), len(values))
    ours, theirs = (np.ascontiguousarray(column[:size]).view(np.int64) for column in (measures.values, values))
    missing = np.isnan(measures.values[:size]) & np.isnan(values[:size])
    wrong = ((ours != theirs) & ~missing) | (measures.counts[:size] != n[:size])
    return int(wrong.sum()) + len(measures.values) - size


def _find(folder: Path, wanted: str) -> tuple[Stored, Task, Facts]:
    found = [
        (stored, task, facts)
        for stored in _studies(folder)
        for task, facts in stored.tasks.items()
        if _is_meant(wanted, task, facts)
    ]
    if not found:
        raise ResultsError(_NONE.format(folder=folder, wanted=wanted))
    if len({facts.key for _, _, facts in found}) > 1:
        names = ", ".join(f"{t.scenario}/{t.model}/{t.replication}" for _, t, _ in found[:4])
        raise ResultsError(_SEVERAL.format(wanted=wanted, names=names))
    return found[0]


def _is_meant(wanted: str, task: Task, facts: Facts) -> bool:
    by_key = len(wanted) >= SHORTEST and facts.key.startswith(wanted)
    short = f"{task.model}/{task.replication}"
    return by_key or wanted in (short, f"{task.scenario}/{short}")


def _studies(folder: Path) -> Iterator[Stored]:
    """The study of a folder, or those of a batch. Raises ResultsError for one that is damaged or of another version."""
    folders = [path.parent for path in sorted(folder.glob(f"*/{MANIFEST}"))] or [folder]
    for each in folders:
        stored = open_stored(each)
        if stored.faults:
            raise ResultsError(stored.faults[0])
        yield stored


_NONE: Final = Text(
    "{folder}: ingen färdig körning {wanted}; nycklar står under tasks i manifest.json; eller skriv MODELL/UPPREPNING",
    "{folder}: no finished run {wanted}; the keys stand under tasks in manifest.json, or write MODEL/REPLICATION",
)
_SEVERAL: Final = Text(
    "{wanted} är flera körningar: {names}; skriv mer av nyckeln",
    "{wanted} is several runs: {names}; write more of the key",
)
_GONE: Final = Text(
    "{folder}: körningen kan inte göras om här:\n{error}", "{folder}: this run cannot be made again here:\n{error}"
)
