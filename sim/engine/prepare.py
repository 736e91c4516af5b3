"""One tape under one organisation, as the rows that both clocks read."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, DAG, GROUPS, PLANNED
from sim.engine.state import LEVELS, PLANNED_LEVEL, QueueRow, RequestRow, Run, ShiftRow, StepRow, TeamRow, rows
from sim.engine.tables import Tables, Team
from sim.errors import OrganisationError
from sim.grid import to_grid
from sim.world.tape import DemandTape
from sim.world.world import World

LEVEL_OF_CLASS = np.array([PLANNED_LEVEL if c in PLANNED else CLASSES.index(c) for c in CLASSES], dtype=np.int64)


class Steps(NamedTuple):
    """The teams each request is put to: those of request r are rows first[r] to first[r+1]."""

    first: NDArray[np.int64]
    request: NDArray[np.int64]
    team: NDArray[np.int64]
    after_min: NDArray[np.float64]


def make_run(tape: DemandTape, world: World, tables: Tables) -> Run:
    """Route every request and lay tape, world and tables out as rows of numpy arrays, before the first event."""
    route = route_requests(tape, world, tables)
    t1 = to_grid(tape.t0_min + tape.triage_min + tables.route_triage_min[route])
    number = np.arange(len(tape))
    level = LEVEL_OF_CLASS[tape.klass]
    promised = np.where(level == PLANNED_LEVEL, tape.due_day, 0)
    order = np.empty(len(tape), dtype=np.int64)
    order[np.lexsort((number, t1, promised))] = number
    arrivals = np.lexsort((number, t1))
    steps = request_steps(tape, tables, route)
    roster = tables.roster
    day_end, day_starts = office_hours(world)
    fields: dict[str, Any] = {
        "horizon": tape.horizon_min,
        "n_nodes": len(world.node_name),
        "n_hours": len(day_end),
        "choice": tables.choice,
        "travel_min": np.ascontiguousarray(world.travel_min).ravel(),
        "travel_km": np.ascontiguousarray(world.travel_km).ravel(),
        "day_end": day_end,
        "day_starts": day_starts,
        "starts_order": np.lexsort((np.arange(len(roster.start)), roster.start)),
        "arrivals_order": arrivals[t1[arrivals] < tape.horizon_min],
        "shifts": rows(
            ShiftRow,
            len(roster.start),
            start=roster.start,
            end=roster.end,
            latest=tables.latest,
            team=tables.team,
            physician=roster.physician,
            vardcentral=roster.vardcentral,
            base=roster.base,
            between=tables.between,
        ),
        "requests": rows(
            RequestRow,
            len(tape),
            ordered=t1,
            gives_up=t1 + tape.patience_min,
            node=tape.node,
            level=level,
            order=order,
            due_day=tape.due_day,
            on_scene=tape.on_scene_min,
            documentation=tape.documentation_min,
            on_scene_plan=tape.on_scene_plan_min,
            documentation_plan=tape.documentation_plan_min,
            travel_factor=tape.travel_factor,
            vardcentral=tape.vardcentral,
            named=named_physicians(tape, tables),
            visits=tape.visits,
            first_step=steps.first[:-1],
            end_step=steps.first[1:],
        ),
        "steps": rows(
            StepRow,
            len(steps.request),
            request=steps.request,
            team=steps.team,
            at=t1[steps.request] + steps.after_min,
        ),
        "teams": rows(TeamRow, tables.n_teams),
        "queues": rows(QueueRow, tables.n_teams * LEVELS),
    }
    return Run(**fields)


def route_requests(tape: DemandTape, world: World, tables: Tables) -> NDArray[np.int64]:
    """The route of every request, by group, class, window of the minute it was logged, and municipality."""
    window = world.calendar.window[(tape.t0_min / 60).astype(np.int64)]
    return tables.route_of[tape.group, tape.klass, window, tape.municipality]


def request_steps(tape: DemandTape, tables: Tables, route: NDArray[np.int64]) -> Steps:
    """The teams of every request in the order they are asked. Requests alike in route, municipality and vårdcentral
    share one list, so the lists are made once for each kind."""
    n_vardcentraler = len(tables.named) + 1
    n_municipalities = tables.route_of.shape[3]
    kind = (route * n_municipalities + tape.municipality) * n_vardcentraler + tape.vardcentral + 1
    kinds, of_kind = np.unique(kind, return_inverse=True)
    lists = []
    for code in kinds.tolist():
        i, rest = divmod(code, n_municipalities * n_vardcentraler)
        m, v = divmod(rest, n_vardcentraler)
        lists.append(teams_asked(tables, i, m, v - 1))
    length = np.array([len(teams) for teams in lists], dtype=np.int64)
    if (length == 0).any():
        r = int(np.flatnonzero(length[of_kind] == 0)[0])
        raise OrganisationError(
            f"{tables.organisation.name}: nobody is there for a request of group {GROUPS[tape.group[r]]}, class "
            f"{CLASSES[tape.klass[r]]} in municipality {tape.municipality[r]}, vårdcentral {tape.vardcentral[r]}: "
            "add a pool to its route that serves everybody"
        )
    begin = np.concatenate([[0], np.cumsum(length)])
    first = np.concatenate([[0], np.cumsum(length[of_kind])]).astype(np.int64)
    request = np.repeat(np.arange(len(tape)), length[of_kind])
    row = np.arange(len(request)) - first[request] + begin[of_kind[request]] if len(request) else request
    flat = [team for teams in lists for team in teams]
    team = np.array([t.team for t in flat], dtype=np.int64)
    after = np.array([t.extra_min for t in flat], dtype=np.float64)
    return Steps(first, request, team[row], after[row])


def teams_asked(tables: Tables, route: int, municipality: int, vardcentral: int) -> list[Team]:
    """Each team once, at the earliest minute that any step of the route gives it, soonest first."""
    soonest: dict[int, float] = {}
    for pool, after in tables.route_steps[route]:
        for team, extra in tables.asked[pool].of(municipality, vardcentral):
            soonest[team] = min(soonest.get(team, np.inf), after + extra)
    return sorted((Team(team, after) for team, after in soonest.items()), key=lambda step: step.extra_min)


def named_physicians(tape: DemandTape, tables: Tables) -> NDArray[np.int64]:
    """The fast läkarkontakt of every request: the tape's uniform picks among the physicians based at the vårdcentral
    where the patient is listed; -1 where none is."""
    n_vardcentraler = len(tables.named)
    count = np.array([len(people) for people in tables.named] + [0], dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(count)])[: n_vardcentraler + 1]
    everybody = np.concatenate([*tables.named, np.array([-1])]) if n_vardcentraler else np.array([-1])
    v = np.where(tape.vardcentral < 0, n_vardcentraler, tape.vardcentral)
    pick = np.minimum((tape.named * count[v]).astype(np.int64), np.maximum(count[v] - 1, 0))
    return cast(
        "NDArray[np.int64]", np.where(count[v] > 0, everybody[np.minimum(first[v] + pick, len(everybody) - 1)], -1)
    )


def office_hours(world: World) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per hour the minute at which its office day ends (0 outside office hours), and the minutes at which office
    days begin."""
    office = world.calendar.window == DAG
    day_end = np.zeros(len(office))
    end = 0.0
    for hour in reversed(range(len(office))):
        if office[hour]:
            end = end or (hour + 1) * 60.0
            day_end[hour] = end
        else:
            end = 0.0
    before = np.concatenate([[False], office[:-1]])
    return day_end, 60.0 * np.flatnonzero(office & ~before).astype(np.float64)
