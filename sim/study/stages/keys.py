"""The key of every stage: what it depends on, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.fields import value_of
from sim.study.stages import declared
from sim.study.stages.declared import OF_PRICES, OF_SUMS, WORDS, Stage, fields_of, sizes_windows
from sim.study.stages.hashing import LeftOut, digest, file_sha256, plain, source
from sim.study.stages.identity import identity

if TYPE_CHECKING:
    from sim.measures.rows import Own
    from sim.organisation import Organisation
    from sim.scenario import Scenario
    from sim.world.world import World


@dataclass(frozen=True)
class ModelKeys:
    """Keys of one model in a scenario: of its `tables` and `layout`; `runs`, `sums` and `measures` are what a journal,
    its sums and its measures depend on besides tape, journal and sums. `acute_demand`: which part of a tape it has."""

    tables: str
    layout: str
    runs: str
    sums: str
    measures: str
    acute_demand: float = 1.0


@dataclass(frozen=True)
class Keys:
    """Keys of one scenario's stages: of its `world` and `demand`; `draws` is what a tape depends on besides the number
    of the replication, `terms` what a laid-out tape depends on besides the tape, `work` what
    windows are sized by. Plain text, so that worker processes hold on to the keys of whoever gave them work."""

    world: str
    demand: str
    draws: str
    terms: str
    work: str
    models: Mapping[str, ModelKeys]

    def tape(self, replication: int, acute_demand: float = 1.0) -> str:
        """Of what is drawn in one replication, with so many times the acute demand."""
        return digest(self.draws, replication, *([] if acute_demand == 1.0 else [acute_demand]))

    def laid(self, replication: int, acute_demand: float = 1.0) -> str:
        """Of that laid out for runs."""
        return digest(self.terms, self.tape(replication, acute_demand))

    def journal(self, model: str, replication: int) -> str:
        """Of what one model did with it."""
        of = self.models[model]
        return digest(of.runs, self.tape(replication, of.acute_demand))

    def sums(self, model: str, replication: int) -> str:
        """Of what that came to, before any price."""
        return digest(self.models[model].sums, self.journal(model, replication))

    def measures(self, model: str, replication: int) -> str:
        """Of what it came to at the scenario's prices."""
        return digest(self.models[model].measures, self.sums(model, replication))


def keys_of(
    scenario: Scenario,
    organisations: Sequence[Organisation],
    engine: str,
    world: World | None = None,
    own: Own = (),
    moved: Sequence[tuple[str, float]] = (),
) -> Keys:
    """The keys of all stages under some organisations. `world`: one made by hand; what else is read of the scenario's
    region comes from there all the same. `own`: measures besides those of the program. `moved`: where in their ranges
    the region's tables are, as far as they are not as they stand.

    Raises RegionError when there is no such region, TypeError for an organisation that is not plain data.
    """
    made = stage_key(declared.WORLD, world_inputs(scenario), plain(world))
    elsewhere = [plain(tuple(moved))] if moved else []
    demand = stage_key(declared.DEMAND, made, read(scenario, declared.DEMAND), *elsewhere)
    models = {item.name: _model_keys(scenario, item, engine, made, own) for item in organisations}
    terms = stage_key(declared.LAID, read(scenario, declared.LAID))
    work = stage_key(declared.WINDOWS, made, read(scenario, declared.WINDOWS))
    return Keys(made, demand, stage_key(declared.TAPE, demand), terms, work, models)


def comparison_key(
    scenario: Scenario, keys: Keys, tasks: Sequence[tuple[str, int]], titles: Mapping[str, Sequence[str]]
) -> str:
    """Of the comparison of some models and replications; `titles` of the models stand in its sentences."""
    measured = [keys.measures(model, replication) for model, replication in tasks]
    return stage_key(declared.COMPARISON, measured, read(scenario, declared.COMPARISON), plain(titles))


def stage_key(stage: Stage, *parts: Any) -> str:
    """The key of a stage from the keys before it and what else it depends on."""
    return digest(stage.name, source(stage.source), *parts)


def read(scenario: Scenario, stage: Stage) -> dict[str, Any]:
    """The fields of the scenario that a stage reads, as plain data."""
    return {key: plain(value_of(scenario, key)) for key in fields_of(stage)}


def world_inputs(scenario: Scenario) -> Any:
    """What a world is made of: the calendar, how travel is found, and the content of every table. Where the tables lie
    is no part of it."""
    from sim.world.region import INPUTS, region_folder

    folder = region_folder(scenario)
    tables = [(name, file_sha256(folder / name)) for name in INPUTS if (folder / name).is_file()]
    read_here = read(scenario, declared.WORLD) | {"region": folder.resolve().name}
    matrix = scenario.travel.matrix
    if matrix is not None:
        path = Path(scenario.folder or ".") / matrix
        tables.append((path.name, file_sha256(path) if path.is_file() else ""))
    return read_here | {"travel.matrix": matrix and Path(matrix).name, "tables": tables}


def _model_keys(scenario: Scenario, organisation: Organisation, engine: str, world: str, own: Own) -> ModelKeys:
    fields = read(scenario, declared.TABLES)
    if sizes_windows(organisation):
        fields |= read(scenario, declared.WINDOWS)
    tables = stage_key(declared.TABLES, world, fields, organisation_data(organisation, "tables"))
    runs = stage_key(declared.TABLES, world, fields, organisation_data(organisation, "journal"))
    pools = organisation.pools
    return ModelKeys(
        tables=tables,
        layout=stage_key(declared.LAYOUT, tables),
        runs=stage_key(declared.JOURNAL, runs, engine),
        sums=stage_key(
            declared.SUMS,
            read(scenario, declared.SUMS),
            [[plain(getattr(p, name)) for name in OF_SUMS] for p in pools],
            *(identity(item) for item in own),
        ),
        measures=stage_key(
            declared.MEASURES,
            read(scenario, declared.MEASURES),
            [[plain(getattr(p, name)) for name in OF_PRICES] for p in pools],
        ),
        acute_demand=float(organisation.acute_demand),
    )


@lru_cache(maxsize=256)
def organisation_data(organisation: Organisation, stage: str) -> str:
    """Hash of an organisation: for its tables the whole, for a journal without words and prices."""
    from sim.organisation import Pool

    without: LeftOut = {**WORDS, Pool: (*WORDS[Pool], *OF_SUMS, *OF_PRICES)}
    return digest(plain(organisation, None if stage == "tables" else without))
