"""What stands beside a study's comparison, run or found in its folder: plausible worlds, and models at their best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.comparison import write_csv
from sim.decide.at_best import AIMS, at_best, pairs_of
from sim.decide.candidates import Bench
from sim.decide.facts import FILE_NAME
from sim.decide.plausible import plausible_worlds
from sim.decide.question import Years
from sim.decide.worlds import Outcome, joined_worlds, run_worlds, split_worlds
from sim.errors import OrganisationError, ResultsError
from sim.study import store
from sim.study.parquet import write_parquet
from sim.study.stages import make_stages
from sim.study.stages.hashing import digest, file_sha256, source
from sim.study.standing import standings_of
from sim.world.region import region_folder

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.study.loose import Loose
    from sim.study.results import Results
    from sim.study.stages import Stages
    from sim.study.stored import Stored
    from sim.study.work import Asked

SOURCE: Final = ("decide/", "scenario/")  # what draws worlds: laws from the fields' ranges, facts, and what is measured
KEYS: Final = "wide_keys"  # in the manifest
AT_BEST: Final = "at_best"


class Wide(NamedTuple):
    """Tables of worlds by scenario, and of models `at_best` (see `sim.decide.at_best`) beside those of the first
    scenario; each with the `keys` of what it depends on, by scenario and `AT_BEST`."""

    tables: Mapping[str, DataFrame]
    keys: Mapping[str, str]
    at_best: DataFrame | None = None


NONE: Final = Wide({}, {})


class Told(NamedTuple):
    """Whom to tell how many worlds there are, and of each as it ends."""

    begin: Callable[[int], None] = lambda worlds: None
    world: Callable[[Outcome], None] = lambda outcome: None


def wide_of(
    asked: Asked, stored: Stored | None, jobs: int, told: Told, loose: Loose | None = None
) -> tuple[Wide, bool]:
    """The worlds of every scenario and the models at their best, those that the folder's study or a record has from
    there, and whether the user interrupted: then there are none. Raises OSError."""
    kept = _kept(stored)
    try:
        found, keys = _worlds(asked, kept, jobs, told, loose)
        best, key = _at_best(asked, kept, jobs)
    except KeyboardInterrupt:
        return NONE, True
    return Wide(found, keys | key, best), False


def _worlds(
    asked: Asked, kept: Kept, jobs: int, told: Told, loose: Loose | None
) -> tuple[dict[str, DataFrame], dict[str, str]]:
    if asked.worlds == 0:
        return {}, {}
    keys = {name: world_key(stages, asked.worlds) for name, stages in asked.stages.items()}
    found = {name: table for name, table in kept.worlds.items() if kept.keys.get(name) == keys.get(name)}
    for name, key in keys.items():
        if loose is not None and name not in found and (table := loose.table(key)) is not None:
            found[name] = table
    missing = {name: stages for name, stages in asked.stages.items() if name not in found}
    if missing:
        told.begin(asked.worlds * len(missing))
    for name, stages in missing.items():
        found[name] = run_worlds(stages, asked.worlds, jobs, told.world)
        if loose is not None:
            loose.keep_table(keys[name], found[name])
    return {name: found[name] for name in asked.stages}, keys


def _at_best(asked: Asked, kept: Kept, jobs: int) -> tuple[DataFrame | None, dict[str, str]]:
    """None where the reference has no best, or a best cannot be run under these hours. A model that does not keep up,
    as it is or at its best, is left out: its levels say how long the run was."""
    stages = next(iter(asked.stages.values()))
    pairs = pairs_of(tuple(stages.organisations.values()), asked.best)
    if stages.scenario.study.reference not in pairs or len(pairs) < 2:
        return None, {}
    both = make_stages(stages.scenario, [item for pair in pairs.values() for item in pair])
    key = digest([both.keys.measures(name, 1) for name in both.organisations], source(SOURCE))
    if kept.at_best is not None and kept.keys.get(AT_BEST) == key:
        return kept.at_best, {AT_BEST: key}
    steady = {name for name, known in standings_of(both, jobs).items() if known.steady}
    pairs = {name: pair for name, pair in pairs.items() if {item.name for item in pair} <= steady}
    if stages.scenario.study.reference not in pairs or len(pairs) < 2:
        return None, {}
    try:
        found = at_best(Bench(stages.scenario, AIMS, jobs), pairs, stages.scenario.study.reference, Years().reported)
    except OrganisationError:
        return None, {}
    return found, {AT_BEST: key}


def world_key(stages: Stages, count: int) -> str:
    """Of all that `count` worlds around a scenario depend on."""
    facts = region_folder(stages.scenario) / FILE_NAME
    models = [stages.keys.measures(name, 1) for name in stages.organisations]
    worlds = plausible_worlds(stages.scenario, count, stages.organisations.values(), tables=stages.given is None)
    laws = {key: list(law) for key, law in (*worlds.laws.items(), *worlds.needs.items())}  # which are in no stage
    return digest(count, laws, worlds.tables, models, source(SOURCE), file_sha256(facts) if facts.is_file() else "")


def write_wide(results: Results, stage: Path) -> None:
    """worlds.parquet, at_best.parquet, and information.csv where there were worlds enough. Raises OSError."""
    if results.worlds:
        write_parquet(joined_worlds(results.worlds), stage / store.WORLDS)
    if results.at_best is not None:
        write_parquet(results.at_best, stage / store.AT_BEST)
    if results.information is not None and len(results.information):
        write_csv(results.information, stage / store.INFORMATION)


class Kept(NamedTuple):
    """What the folder's study holds of it, with its keys."""

    worlds: Mapping[str, DataFrame]
    at_best: DataFrame | None
    keys: Mapping[str, str]


def _kept(stored: Stored | None) -> Kept:
    if stored is None or stored.manifest is None or not stored.manifest.get(KEYS):
        return Kept({}, None, {})
    try:
        frames = store.read_tables(stored.folder, stored.manifest, "false")
    except ResultsError:
        return Kept({}, None, {})
    worlds = split_worlds(frames["worlds"]) if "worlds" in frames else {}
    return Kept(worlds, frames.get(AT_BEST), stored.manifest[KEYS])
