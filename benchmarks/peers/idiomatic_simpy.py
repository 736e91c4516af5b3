"""The program most people would write in SimPy: a process for each visit, a dispatcher object, a pandas summary."""

from __future__ import annotations

import heapq
import math
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import simpy
from numpy.typing import NDArray

from benchmarks.common import TICKS, Case, PeerJournal


@dataclass
class Patient:
    """A request with its attributes, and what became of it."""

    number: int
    klass: int
    node: int
    ordered: float
    on_scene: float
    documentation: float
    travel_factor: float
    patience: float
    set_out: float = math.nan
    arrived: float = math.nan
    left: float = math.nan
    documented: float = math.nan
    escalated: float = math.nan
    physician: int = -1


@dataclass
class Physician:
    """Where a physician is, or is driving home from."""

    number: int
    base: int
    place: int
    busy: bool = False
    homeward_since: float = 0.0
    home_at: float = 0.0


@dataclass(order=True)
class Waiting:
    """A place in the queue: by class, then by order."""

    klass: int
    number: int
    patient: Patient = field(compare=False)
    assigned: simpy.Event = field(compare=False)


class Dispatcher:
    """One team: finds the nearest free physician, keeps the queue."""

    def __init__(self, env: simpy.Environment, travel_min: list[list[float]], bases: list[int]) -> None:
        self.env = env
        self.travel_min = travel_min
        self.physicians = [Physician(i, base, base) for i, base in enumerate(bases)]
        self.queue: list[Waiting] = []

    def minutes_to(self, physician: Physician, node: int) -> float:
        """Expected minutes for a free physician; one on the way home turns round if that is shorter."""
        now = self.env.now
        via_base = self.travel_min[physician.base][node]
        if now < physician.home_at:
            homeward = self.travel_min[physician.place][physician.base]
            part = (now - physician.homeward_since) / (physician.home_at - physician.homeward_since)
            driven = math.floor(homeward * part * TICKS + 0.5) / TICKS
            onward = homeward - driven + via_base
            back = driven + self.travel_min[physician.place][node]
            return back if back <= onward else onward
        return via_base

    def nearest(self, node: int) -> Physician | None:
        """The nearest free physician, if any."""
        free = [physician for physician in self.physicians if not physician.busy]
        return min(free, key=lambda physician: self.minutes_to(physician, node), default=None)

    def release(self, physician: Physician, patient: Patient) -> None:
        """A visit is documented: the next in the queue, or home."""
        physician.place = patient.node
        trip = self.travel_min[patient.node][physician.base] * patient.travel_factor
        physician.homeward_since = self.env.now
        physician.home_at = self.env.now + math.floor(trip * TICKS + 0.5) / TICKS
        physician.busy = False
        while self.queue:
            waiting = heapq.heappop(self.queue)
            if math.isnan(waiting.patient.escalated):
                physician.busy = True
                waiting.assigned.succeed(physician)
                break


def visit(env: simpy.Environment, dispatcher: Dispatcher, patient: Patient) -> Generator[simpy.Event, Any, None]:
    """One request from the order to the documented visit, or to the day's end of patience."""
    physician = dispatcher.nearest(patient.node)
    if physician is not None:
        expected = dispatcher.minutes_to(physician, patient.node)
    else:
        assigned = env.event()
        heapq.heappush(dispatcher.queue, Waiting(patient.klass, patient.number, patient, assigned))
        result = yield assigned | env.timeout(patient.patience)
        if assigned not in result:
            patient.escalated = env.now
            return
        physician = result[assigned]
        expected = dispatcher.travel_min[physician.place][patient.node]
    physician.busy = True
    trip = expected * patient.travel_factor
    patient.physician = physician.number
    patient.set_out = env.now
    yield env.timeout(math.floor(trip * TICKS + 0.5) / TICKS)
    patient.arrived = env.now
    yield env.timeout(patient.on_scene)
    patient.left = env.now
    yield env.timeout(patient.documentation)
    patient.documented = env.now
    dispatcher.release(physician, patient)


def source(env: simpy.Environment, dispatcher: Dispatcher, patients: list[Patient]) -> Generator[simpy.Event]:
    """Starts the process of every visit at the minute it is ordered."""
    for patient in patients:
        yield env.timeout(patient.ordered - env.now)
        env.process(visit(env, dispatcher, patient))


def simulate(case: Case) -> list[Patient]:
    """Patients from the tape, through the simulation."""
    tape = case.tape
    columns = (
        tape.klass, tape.node, case.ordered, tape.on_scene_min, tape.documentation_min, tape.travel_factor,
        tape.patience_min,
    )  # fmt: skip
    patients = [
        Patient(number, *values)
        for number, values in enumerate(zip(*(column.tolist() for column in columns), strict=True))
    ]
    env = simpy.Environment()
    dispatcher = Dispatcher(env, case.world.travel_min.tolist(), case.bases.tolist())
    env.process(source(env, dispatcher, patients))
    env.run(until=tape.horizon_min)
    return patients


def summary(patients: list[Patient]) -> pd.DataFrame:
    """Response, travel and escalations by class, as a notebook would."""
    frame = pd.DataFrame([vars(patient) for patient in patients])
    frame["response"] = frame["arrived"] - frame["ordered"]
    frame["travel"] = frame["arrived"] - frame["set_out"]
    frame["gave_up"] = frame["escalated"].notna()
    return frame.groupby("klass").agg(
        requests=("number", "size"),
        response_min=("response", "mean"),
        response_p90_min=("response", lambda minutes: minutes.quantile(0.9)),
        travel_min=("travel", "mean"),
        escalated=("gave_up", "mean"),
    )


def journal(patients: list[Patient]) -> PeerJournal:
    """For the check of equality; not part of what is timed."""

    def times(name: str) -> NDArray[np.float64]:
        return np.array([getattr(patient, name) for patient in patients], dtype=np.float64)

    return PeerJournal(
        t3=times("set_out"),
        t4=times("arrived"),
        t5=times("left"),
        t6=times("documented"),
        te=times("escalated"),
        physician=np.array([patient.physician for patient in patients], dtype=np.int64),
    )
