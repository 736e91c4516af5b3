"""Before a study: how much work is asked for, and how long the runs will take."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, DAG, PLANNED, WINDOWS

if TYPE_CHECKING:
    from sim.organisation import Organisation
    from sim.scenario import Scenario
    from sim.world.tape import DemandTape
    from sim.world.world import World

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class OfferedLoad:
    """(municipalities, windows) arrays: `requests` a year, and `busy`, the mean number of physicians kept busy in the
    window's hours if every request were met at once. A window that the calendar does not hold has 0."""

    requests: Floats
    busy: Floats


def offered_load(tape: DemandTape, world: World) -> OfferedLoad:
    """The work in one drawn tape, after the warm-up.

    A request's work is its minutes on scene and of documentation plus the mean expected trip between two requests of
    its municipality; of one solved by telephone, the call. It counts in the window when it was logged; planned visits
    and rounds in dag, when they are made. What a scenario refuses is in it.
    """
    shape = (len(world.municipalities), len(WINDOWS))
    counted = tape.t0_min >= tape.warm_up_min
    municipality = tape.municipality[counted]
    hours = world.calendar.window
    logged = hours[np.minimum(tape.t0_min[counted] // 60.0, len(hours) - 1).astype(np.int64)]
    planned = np.isin(tape.klass[counted], [CLASSES.index(name) for name in PLANNED])
    window = np.where(planned, DAG, logged)
    trip = _mean_trip(municipality, tape.node[counted], world)
    visit = tape.on_scene_min[counted] + tape.documentation_min[counted] + trip[municipality]
    minutes = np.where(tape.telephone[counted] == 1, tape.call_min[counted], visit)
    requests, work = np.zeros(shape), np.zeros(shape)
    np.add.at(requests, (municipality, window), 1.0)
    np.add.at(work, (municipality, window), minutes)
    first = int(tape.warm_up_min // 60.0)
    open_hours = np.bincount(hours[first:], minlength=len(WINDOWS)).astype(np.float64)
    years = (tape.horizon_min - tape.warm_up_min) / (52 * 7 * 1440.0)
    busy = np.divide(work / 60.0, open_hours, out=np.zeros(shape), where=open_hours > 0)
    return OfferedLoad(requests / years, busy)


def _mean_trip(municipality: NDArray[np.int64], node: NDArray[np.int64], world: World) -> Floats:
    """Per municipality, the mean expected minutes between two of its requests."""
    weight = np.zeros((len(world.municipalities), len(world.node_name)))
    np.add.at(weight, (municipality, node), 1.0)
    total = np.maximum(weight.sum(axis=1), 1.0)
    trips: Floats = np.einsum("mi,ij,mj->m", weight, world.travel_min, weight) / total**2
    return trips


def seconds_needed(scenario: Scenario, organisations: Sequence[Organisation], engine: str, jobs: int) -> float:
    """Seconds that the runs of a study will take here, measured on two weeks of each model; figures not included.

    Raises RegionError, OrganisationError.
    """
    from sim.study.stages import Kept, make_stages

    trial = scenario.with_changes({"calendar.weeks": 1, "calendar.warm_up_weeks": 1})
    begun = time.perf_counter()
    stages = make_stages(trial, organisations, engine, kept=Kept())  # nothing of it made before
    stages.check()
    ready = time.perf_counter() - begun
    spent = 0.0
    for replication in (1, 2):  # the first loads what is loaded once
        begun = time.perf_counter()
        draw = stages.draw(replication)
        for model in stages.organisations:
            stages.measures(model, draw)
        spent = time.perf_counter() - begun
    weeks = scenario.calendar.weeks + scenario.calendar.warm_up_weeks
    turns = math.ceil(scenario.study.replications / jobs)
    return ready * (1 if jobs == 1 else 2) + turns * weeks * spent / 2.0
