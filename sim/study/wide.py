"""The plausible worlds of a study: run, or found in its folder, and what they say beside its comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.comparison import write_csv
from sim.decide.facts import FILE_NAME
from sim.decide.worlds import Outcome, joined_worlds, run_worlds, split_worlds
from sim.errors import ResultsError
from sim.study import store
from sim.study.parquet import write_parquet
from sim.study.stages.hashing import digest, file_sha256, source
from sim.world.region import region_folder

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.study.loose import Loose
    from sim.study.results import Results
    from sim.study.stages import Stages
    from sim.study.stored import Stored
    from sim.study.work import Asked

SOURCE: Final = ("decide/", "scenario/")  # what draws worlds: laws from the fields' ranges, facts, and what is measured
KEYS: Final = "world_keys"  # in the manifest


class Wide(NamedTuple):
    """Tables of worlds by scenario, each with the `keys` of what it depends on."""

    tables: Mapping[str, DataFrame]
    keys: Mapping[str, str]


NONE: Final = Wide({}, {})


class Told(NamedTuple):
    """Whom to tell how many worlds there are, and of each as it ends."""

    begin: Callable[[int], None] = lambda worlds: None
    world: Callable[[Outcome], None] = lambda outcome: None


def wide_of(
    asked: Asked, stored: Stored | None, jobs: int, told: Told, loose: Loose | None = None
) -> tuple[Wide, bool]:
    """The worlds of every scenario, those that the folder's study or a record has from there, and whether the user
    interrupted: then there are none. Raises OSError."""
    if asked.worlds == 0:
        return NONE, False
    keys = {name: world_key(stages, asked.worlds) for name, stages in asked.stages.items()}
    found = {name: table for name, table in _kept(stored).items() if _key_of(stored, name) == keys.get(name)}
    for name, key in keys.items():
        if loose is not None and name not in found and (table := loose.table(key)) is not None:
            found[name] = table
    missing = {name: stages for name, stages in asked.stages.items() if name not in found}
    if missing:
        told.begin(asked.worlds * len(missing))
    try:
        for name, stages in missing.items():
            found[name] = run_worlds(stages, asked.worlds, jobs, told.world)
            if loose is not None:
                loose.keep_table(keys[name], found[name])
    except KeyboardInterrupt:
        return NONE, True
    return Wide({name: found[name] for name in asked.stages}, keys), False


def world_key(stages: Stages, count: int) -> str:
    """Of all that `count` worlds around a scenario depend on."""
    facts = region_folder(stages.scenario) / FILE_NAME
    models = [stages.keys.measures(name, 1) for name in stages.organisations]
    return digest(count, models, source(SOURCE), file_sha256(facts) if facts.is_file() else "")


def write_wide(results: Results, stage: Path) -> None:
    """worlds.parquet, and information.csv where there were worlds enough. Raises OSError."""
    if results.worlds:
        write_parquet(joined_worlds(results.worlds), stage / store.WORLDS)
    if results.information is not None and len(results.information):
        write_csv(results.information, stage / store.INFORMATION)


def _kept(stored: Stored | None) -> dict[str, DataFrame]:
    if stored is None or stored.manifest is None or not stored.manifest.get(KEYS):
        return {}
    try:
        frames = store.read_tables(stored.folder, stored.manifest, "false")
    except ResultsError:
        return {}
    return dict(split_worlds(frames["worlds"])) if "worlds" in frames else {}


def _key_of(stored: Stored | None, name: str) -> str | None:
    manifest = stored.manifest if stored is not None else None
    return manifest[KEYS].get(name) if manifest is not None else None
