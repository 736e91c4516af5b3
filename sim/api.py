"""What a notebook or a script uses: simulate one run, compare organisations, run and store a study."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd

from sim.declared import check_heeded
from sim.drawn import Pictures, StudyResult
from sim.measures.checking import checked
from sim.study import study
from sim.study.results import Results
from sim.study.rows import shift_rows, visit_rows
from sim.study.stages import Kept, make_stages

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.engine import Journal
    from sim.engine.observing import Observer
    from sim.measures import MeasureDefinition
    from sim.organisation import Organisation
    from sim.scenario import Scenario
    from sim.world.tape import DemandTape
    from sim.world.world import World


@dataclass(frozen=True)
class Run:
    """One organisation on one replication: tables for people, and the tape and journal they are made of."""

    visits: pd.DataFrame
    physicians: pd.DataFrame
    measures: pd.DataFrame
    curves: pd.DataFrame
    hours: pd.DataFrame
    tape: DemandTape
    journal: Journal


def simulate(
    scenario: Scenario,
    organisation: Organisation,
    replication: int = 1,
    engine: str = "compiled",
    *,
    world: World | None = None,
    tape: DemandTape | None = None,
    observers: Sequence[Observer] = (),
    measures: Sequence[MeasureDefinition] = (),
) -> Run:
    """Run one organisation on one replication, in this process.

    Every organisation meets the same patients, unless its `acute_demand` says otherwise. `world` and `tape`: made by
    hand (`sim.scripted`) instead of the scenario's region and draw. `observers`: SimPy processes that see the run, with
    engine "simpy" (`sim.engine.observing`). `measures`: computed besides those of the program (`sim.measures.own`).
    Raises ScenarioError, RegionError, OrganisationError, MeasureError; ValueError for a wrong engine.
    """
    check_heeded(scenario, (organisation,))
    kept = Kept()  # its arrays are handed out: shared with none
    stages = make_stages(scenario, [organisation], engine, world, kept, checked(measures))
    draw, tables = stages.draw(replication, tape), stages.tables(organisation.name)
    journal = stages.run_one(organisation.name, draw, observers)
    asked = stages.met(organisation.name, draw).tape
    found = stages.measures(organisation.name, draw, journal)
    return Run(
        visit_rows(asked, stages.world, tables, journal),
        shift_rows(asked, stages.world, tables, journal),
        found.table,
        found.curves,
        found.hours,
        asked,
        journal,
    )


__all__ = ["Pictures", "Run", "StudyResult", "compare", "load_study", "run_study", "simulate"]

P = ParamSpec("P")


def _with_pages(made: Callable[P, Results]) -> Callable[P, StudyResult]:
    """The same function, with results that can be drawn."""

    @functools.wraps(made)
    def drawn(*arguments: P.args, **options: P.kwargs) -> StudyResult:
        return StudyResult(**vars(made(*arguments, **options)))

    return drawn


run_study = _with_pages(study.run_study)
load_study = _with_pages(study.load_results)


def compare(
    scenario: Scenario,
    organisations: Iterable[Organisation],
    replications: int | None = None,
    executor: Executor | None = None,
    **options: Any,
) -> StudyResult:
    """Compare organisations on one scenario; nothing is written unless `out` is given. See `run_study`."""
    return run_study([scenario], organisations, replications, executor, **options)
