"""The case that every peer can express, and the check that all of them did the same.

Mechanics: one team on duty from the first minute to the last, at several bases; acute visits only, ordered at their
times of the tape; the nearest free physician sets out at once (equal travel: the lower number), one driving home may be
turned round; those who wait are taken by class and then by order; who waits too long gives up; a free physician
without work drives home. Left out, because not every peer can say it: take-over between pools, planned visits and
rounds, shifts and overtime, kilometres.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.columns import filled
from sim.engine import Journal, Prepared, Tables, prepare
from sim.engine.tables import compile_tables
from sim.grid import to_grid
from sim.organisation import ALWAYS, EachMunicipality, Hub, Organisation, Pool, Post, Principal, Text, route
from sim.world.tape import DemandTape, Requests
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOBODY: Final = Text("", "")
NO_LIMIT_MIN: Final = 1e7  # overtime that nothing reaches: a visit may begin whenever somebody is free
LAST_ACUTE: Final = 2  # code of A3
TICKS: Final = 2.0**26  # of the dyadic grid, a minute


class PeerJournal(NamedTuple):
    """What every program must agree on, for each request: minutes (NaN: did not happen) and who went (-1: nobody)."""

    t3: Floats
    t4: Floats
    t5: Floats
    t6: Floats
    te: Floats
    physician: Ints


@dataclass(frozen=True)
class Case:
    """One tape and one team, as plain arrays beside the program's own objects."""

    name: str
    world: World
    tape: DemandTape
    tables: Tables
    prepared: Prepared
    ordered: Floats  # t1, rising
    bases: Ints  # node of each physician

    @property
    def visits(self) -> int:
        """Requests on the tape."""
        return len(self.tape)


def make_case(name: str, scenario: Scenario, world: World, tape: DemandTape, lines: int) -> Case:
    """The acute part of a tape under a team of `lines` physicians in every municipality; 0: one physician in all."""
    acute = acute_only(tape)
    post = Post(EachMunicipality(), ALWAYS, lines) if lines else Post(Hub(0, 1), ALWAYS, 1)
    team = Pool("team", NOBODY, Principal.REGION, (post,), overtime_min=NO_LIMIT_MIN)
    tables = compile_tables(Organisation("one_team", NOBODY, NOBODY, (team,), (route(team),)), world, scenario)
    return Case(
        name, world, acute, tables, prepare(world, tables), to_grid(acute.t0_min + acute.triage_min), tables.roster.base
    )


def acute_only(tape: DemandTape) -> DemandTape:
    """The acute requests of a tape (A1 to A3) in the order in which they are ordered; all are visited in the home."""
    t1 = to_grid(tape.t0_min + tape.triage_min)
    chosen = np.flatnonzero(tape.klass <= LAST_ACUTE)
    chosen = chosen[np.argsort(t1[chosen], kind="stable")]
    kept = ("patient", "klass", "node", "municipality", "vardcentral", "named", "t0_min", "triage_min", "on_scene_min",
            "documentation_min", "on_scene_plan_min", "documentation_plan_min", "travel_factor", "patience_min",
            "due_day", "visits")  # fmt: skip
    stated = {name: getattr(tape.requests, name)[chosen] for name in kept}  # nobody calls, leaves, is refused
    return dataclasses.replace(tape, requests=filled(Requests, len(chosen), **stated))


def of_journal(journal: Journal) -> PeerJournal:
    """The program's journal, cut to what the peers write. Visits set out to late may end after the horizon: NaN."""
    shift = journal.shift
    people = np.concatenate([journal.shift_physician, [-1]])
    return PeerJournal(journal.t3, journal.t4, journal.t5, journal.t6, journal.te, people[shift])


def cut(journal: PeerJournal, horizon: float) -> PeerJournal:
    """A peer's journal with nothing later than the horizon, as the program writes its own."""
    return journal._replace(
        t4=np.where(journal.t4 <= horizon, journal.t4, np.nan),
        t5=np.where(journal.t5 <= horizon, journal.t5, np.nan),
        t6=np.where(journal.t6 <= horizon, journal.t6, np.nan),
    )


def must_equal(who: str, one: PeerJournal, other: PeerJournal) -> None:
    """RuntimeError that names the first column in which two journals differ in any bit."""
    for name, a, b in zip(one._fields, one, other, strict=True):
        if not np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
            differ = int((~((a == b) | ((a != a) & (b != b)))).sum())
            raise RuntimeError(f"{who}: {name} differs in {differ} of {len(a)} requests")
