"""The plausible worlds of a study, run only where neither its folder nor a record holds them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from sim.decide.worlds import Outcome, run_worlds, split_worlds
from sim.study.folder import located
from sim.study.parquet import read_parquet
from sim.study.stages import Stages
from sim.study.stages.hashing import digest, file_sha256, source
from sim.study.store import WORLDS, is_as_written
from sim.world.region import region_folder

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.study.loose import Loose
    from sim.study.stored import Stored
    from sim.study.work import Asked

_NO_MATTER: Final = ("title", "question")
_SOURCE: Final = ("decide/", "scenario/")


def worlds_key(stages: Stages, count: int) -> str:
    """Of all that so many plausible worlds of a scenario depend on."""
    from sim.scenario import resolved

    said = {key: value for key, value in resolved(stages.scenario).items() if key not in _NO_MATTER}
    said["study"] = {key: value for key, value in said["study"].items() if key not in ("replications", "worlds")}
    facts = region_folder(stages.scenario) / "facts.csv"
    text = json.dumps(said, sort_keys=True, default=str)
    return digest(asdict(stages.keys), text, count, file_sha256(facts) if facts.is_file() else "", source(_SOURCE))


def worlds_of(
    asked: Asked,
    jobs: int,
    on_worlds: Callable[[int], None],
    on_world: Callable[[Outcome], None],
    stored: Stored | None = None,
    loose: Loose | None = None,
) -> tuple[dict[str, DataFrame], bool]:
    """The table of plausible worlds of every scenario, and whether the user interrupted: then there is none. Raises
    OSError."""
    found = _held(asked, stored)
    for name, key in asked.worlds_keys.items():
        if loose is not None and name not in found and (kept := loose.table(key)) is not None:
            found[name] = kept
    left = [name for name in asked.worlds_keys if name not in found]
    if left:
        on_worlds(asked.worlds * len(left))
    try:
        for name in left:
            found[name] = run_worlds(asked.stages[name], asked.worlds, jobs, on_world)
            if loose is not None:
                loose.keep_table(asked.worlds_keys[name], found[name])
    except KeyboardInterrupt:
        return {}, True
    return {name: found[name] for name in asked.worlds_keys}, False


def _held(asked: Asked, stored: Stored | None) -> dict[str, DataFrame]:
    """Those that the folder's study holds under the keys they have now."""
    if stored is None or stored.manifest is None or not is_as_written(stored.folder, WORLDS, stored.manifest):
        return {}
    before: Mapping[str, str] = stored.manifest.get("worlds_keys", {})
    same = [name for name, key in asked.worlds_keys.items() if before.get(name) == key]
    if not same:
        return {}
    tables = split_worlds(read_parquet(located(stored.folder, WORLDS)))
    return {name: tables[name] for name in same if name in tables}
