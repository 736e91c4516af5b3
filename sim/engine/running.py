"""One run: made of a tape and an organisation, driven by one of the clocks, read back as a journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from sim.columns import Ints
from sim.engine.closing import close_journal
from sim.engine.filling import absent, fill_run, kinds_of_tape
from sim.engine.journal import Journal
from sim.engine.laying import Laid, lay_tape
from sim.engine.prepare import Prepared, days_of, planning, prepare
from sim.engine.rows import copy_rows, room_for_rows
from sim.engine.state import MAX_STOPS, Agenda, CourseRow, PlacedRow, PlaceRow, RequestRow, Run, State, StepRow
from sim.engine.tables import Tables
from sim.world.streams import wrapping
from sim.world.tape import DemandTape
from sim.world.world import World

if TYPE_CHECKING:
    from sim.engine.observing import Observer

ENGINES: Final = ("compiled", "simpy")


def run(
    tape: DemandTape,
    world: World,
    tables: Tables,
    engine: str = "compiled",
    prepared: Prepared | None = None,
    observers: Sequence[Observer] = (),
    laid: Laid | None = None,
) -> Journal:
    """Run one tape under one organisation. Both engines give the same journal to the last bit.

    `prepared` (`prepare(world, tables)`) spares work when many tapes are run, `laid` (`lay_tape(tape, world,
    tables.terms)`) when many organisations meet one. `observers` are SimPy processes that see the run
    (`sim.engine.observing`). OrganisationError if nobody is there for a request; ValueError for another engine, and for
    observers of any but "simpy".
    """
    if engine not in ENGINES:
        raise ValueError(f"no engine is called {engine!r}: choose {' or '.join(ENGINES)}")
    if observers and engine != "simpy":
        raise ValueError(f'only engine="simpy" can be observed, not {engine!r}')
    ready = make_run(tape, world, tables, prepared, laid)
    if engine == "simpy":
        from sim.engine.processes import run_simpy

        return close_journal(run_simpy(ready, observers), tables, world)
    from sim.engine.kernel import run_compiled

    return close_journal(run_compiled(ready), tables, world)


def make_run(
    tape: DemandTape, world: World, tables: Tables, prepared: Prepared | None = None, laid: Laid | None = None
) -> Run:
    """Lay tape, world and tables out as rows of numpy arrays, before the first event.

    `prepared` (of the same world and tables) spares work when many tapes are run, `laid` (of the same tape and the
    tables' terms) when many organisations meet it. OrganisationError if nobody is there for a request.
    """
    ready = prepare(world, tables) if prepared is None else prepared
    laid = lay_tape(tape, world, tables.terms) if laid is None else laid
    if tables.route_triage_min.any():
        laid = lay_tape(tape, world, tables.terms, tables.route_triage_min[ready.lookup.route[laid.case]])
    requests, courses, steps = filled_rows(ready, tape, laid)
    shifts, agenda = on_duty(ready, tape)
    places = room_for_rows(PlaceRow, tables.n_teams * (2 * len(world.node_name) + 1))
    places[:1] = ready.blank_place  # the others are written when they are listed
    held: dict[str, Any] = {
        "horizon": tape.horizon_min,
        "n_nodes": len(world.node_name),
        "n_days": days_of(ready.day_end),
        "choice": tables.choice,
        "named_weight": tables.named_weight_min,
        "least": laid.least,
        "travel_min": ready.travel_min,
        "travel_km": ready.travel_km,
        "day_end": ready.day_end,
        "shifts": shifts,
        "requests": requests,
        "courses": courses,
        "steps": steps,
        "teams": ready.teams.copy(),
        "queues": copy_rows(ready.queues),
        "places": places,
        "placed": room_for_rows(PlacedRow, len(steps)),
        "tour": np.zeros(MAX_STOPS * len(ready.planners), dtype=np.int64),
        "item": np.zeros(MAX_STOPS * len(ready.planners), dtype=np.int64),
        "planners": ready.planners.copy(),
    }
    return Run(State(**held), agenda._replace(ordered=cast(Any, laid.ordered), arrivals=cast(Any, laid.arrivals)))


def filled_rows(ready: Prepared, tape: DemandTape, laid: Laid) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Requests, courses and steps of one run."""
    named, kinds = tape.requests.named, ready.kinds
    requests, courses = room_for_rows(RequestRow, len(tape)), room_for_rows(CourseRow, len(tape))
    steps = room_for_rows(StepRow, kinds.longest * len(tape))  # no memory is used beyond those that are written
    n = fill_run(ready.lookup, kinds, laid, named, ready.blank_step, requests, courses, steps)
    if n < 0:
        kinds = kinds_of_tape(ready, tape.requests, laid)
        steps = room_for_rows(StepRow, kinds.longest * len(tape))
        n = fill_run(ready.lookup, kinds, laid, named, ready.blank_step, requests, courses, steps)
    return requests, courses, steps[:n]


def on_duty(ready: Prepared, tape: DemandTape) -> tuple[NDArray[Any], Agenda]:
    """The rows of the physician-shifts for one run, and the agenda of those that begin. A shift that falls away ends
    where it starts, never begins, and makes nobody plan."""
    shifts, agenda, tables = copy_rows(ready.shifts), ready.agenda, ready.tables
    if tables.absence_share == 0.0:
        return shifts, agenda
    with wrapping():
        away = absent(np.uint64(tape.absence_key), tables.absence_share, tables.roster.physician)
    shifts["end"][away] = shifts["start"][away]
    shifts["latest"][away] = shifts["start"][away]
    here, starts = ~away, cast(Ints, agenda.starts)
    times: Any
    times, teams = planning(
        tables, tables.roster.start[here], tables.roster.end[here], tables.team[here], ready.day_end, ready.day_starts
    )
    return shifts, agenda._replace(
        starts=cast(Any, starts[here[starts]]), plan_times=times, plan_teams=cast(Any, teams)
    )
