"""What a notebook or a script uses: simulate one run, compare organisations, run and store a study."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import pandas as pd

from sim.declared import check_heeded
from sim.drawn import Pictures, StudyResult
from sim.errors import OrganisationError
from sim.measures.checking import checked
from sim.study import study
from sim.study.results import Results
from sim.study.rows import shift_rows, visit_rows
from sim.study.stages import Kept, make_stages
from sim.text import Text

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
    if tape is not None and organisation.acute_demand != 1.0:
        raise OrganisationError(_BY_HAND.format(factor=f"{organisation.acute_demand:g}"))
    kept = Kept()  # its arrays are handed out: shared with none
    stages = make_stages(scenario, [organisation], engine, world, kept, checked(measures))
    draw, tables = stages.draw(replication, tape), stages.tables(organisation.name)
    asked = stages.tape(organisation.name, draw)
    journal = stages.run_one(organisation.name, draw, observers)
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


_BY_HAND: Final = Text(
    "bandet är gjort för hand och säger inte vad som efterfrågas när den akuta efterfrågan är {factor} gånger så stor; "
    "sätt acute_demand till 1",
    "the tape was made by hand and does not say what is asked for with {factor} times the acute demand; set "
    "acute_demand to 1",
)
