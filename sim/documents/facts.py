"""What a description is made from: the scenario, its world, and every organisation compiled against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sim.declared import Setting
from sim.engine.tables import Tables
from sim.organisation import Organisation
from sim.scenario import Scenario
from sim.study.provenance import git_state, versions
from sim.study.stages import make_stages
from sim.version import __version__
from sim.world.world import World


class Running(NamedTuple):
    """What depends on where and when a description is made: versions, and the state of the source if it is in git."""

    program: str
    versions: dict[str, str]
    git: dict[str, str | bool] | None


@dataclass(frozen=True)
class Facts:
    """`base` is the default scenario, for the differences. `running` is None in a description that is to be the same
    everywhere: one kept with the source."""

    scenario: Scenario
    base: Scenario
    world: World
    tables: tuple[Tables, ...]
    settings: tuple[Setting, ...]  # of all the models
    running: Running | None


def gather(
    scenario: Scenario,
    base: Scenario,
    organisations: Sequence[Organisation],
    settings: Sequence[Setting] = (),
    kept: bool = False,
) -> Facts:
    """Build the world and compile the organisations. `kept`: without anything of this machine or moment.

    Raises RegionError and OrganisationError.
    """
    stages = make_stages(scenario, organisations)
    tables = tuple(stages.tables(name) for name in stages.organisations)
    top = Path(__file__).resolve().parent.parent.parent
    running = None if kept else Running(__version__, versions(), git_state(top))
    return Facts(scenario, base, stages.world, tables, tuple(settings), running)
