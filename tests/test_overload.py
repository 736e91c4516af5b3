"""Under overload queues grow long. What finds its way through them quickly decides as a plain look through all that
waits would."""

from __future__ import annotations

from collections.abc import Iterator
from time import thread_time
from typing import Any

import pytest
from engine_factory import Ask, always, compiled, differences, make_tape, make_world, organisation, pool

import models
from sim.codes import A3, P, R
from sim.engine import Journal, Tables, compile_tables, processes, run  # noqa: F401 - its modules are looked into
from sim.engine.kernel import run_compiled
from sim.engine.running import make_run
from sim.engine.state import LOOK_AHEAD, MAX_STOPS, PLANNED_LEVEL
from sim.jit import names_of
from sim.organisation import EVERY_DAY, Post, Shift, route
from sim.scenario import Scenario
from sim.world.build import build_world
from sim.world.demand import draw
from sim.world.tape import DemandTape
from sim.world.world import World

TAKING, PLANNING, RULES = (names_of(f"sim.engine.{name}") for name in ("taking", "planning", "rules"))


# --- the plain twins: everything that waits, looked through from the beginning ------------------------


def waiting(state: Any, team_no: int, level: int) -> list[int]:
    """The steps in which requests of a level wait with a team, in order."""
    there = [
        number
        for number, step in enumerate(state.steps)
        if step.queued == 1 and step.team == team_no and state.requests[step.request].level == level
    ]
    return sorted(there, key=lambda number: state.requests[state.steps[number].request].order)


def plain_acute(state: Any, now: float, shift_no: int) -> int:
    shift = state.shifts[shift_no]
    for level in range(PLANNED_LEVEL):
        if shift.breaks > 0 and level > 0:
            return -1
        for step_no in waiting(state, shift.team, level):
            request = state.requests[state.steps[step_no].request]
            arrive = now + TAKING["minutes_until"](state, now, shift, request)
            if TAKING["spares"](state, shift, level) and TAKING["may_begin"](state, shift, step_no, arrive):
                return step_no
    return -1


def plain_nearest(state: Any, now: float, shift_no: int) -> int:
    shift = state.shifts[shift_no]
    fit = []
    for place, step_no in enumerate(waiting(state, shift.team, PLANNED_LEVEL)):
        request = state.requests[state.steps[step_no].request]
        minutes = TAKING["minutes_until"](state, now, shift, request)
        room = minutes + request.on_scene_plan + request.documentation_plan <= shift.planned_left
        due = request.due_day <= int(now / 1440.0)
        if request.planned_for < 0 and (room or due) and TAKING["may_begin"](state, shift, step_no, now + minutes):
            fit.append((request.due_day, minutes, place, step_no))
    return min(fit)[-1] if fit else -1


def plain_tours(state: Any, now: float, team_no: int, n: int) -> None:
    filled = looked = 0
    for step_no in waiting(state, team_no, PLANNED_LEVEL):
        request = state.requests[state.steps[step_no].request]
        if filled >= n or looked >= LOOK_AHEAD * n:
            return
        if request.planned_for < 0:
            looked += 1
            best = PLANNING["put_into_a_tour"](state, n, step_no, request.due_day <= int(now / 1440.0))
            if best >= 0:
                planner = state.planners[best]
                filled += planner.time < 15.0 or planner.stops == MAX_STOPS


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The SimPy clock runs with the plain twins."""
    monkeypatch.setitem(RULES, "next_acute", plain_acute)
    monkeypatch.setitem(TAKING, "nearest_in_queue", plain_nearest)
    monkeypatch.setitem(TAKING, "nearest_by_place", plain_nearest)
    monkeypatch.setitem(PLANNING, "fill_tours", plain_tours)
    yield


# --- cases ------------------------------------------------------------------------------------------


def overloaded(model: Any, scale: float, weeks: int = 2) -> tuple[DemandTape, World, Tables]:
    scenario = Scenario().with_changes({
        "calendar.weeks": weeks, "calendar.warm_up_weeks": 0, "demand.scale": scale,
        "staffing.hours_per_week": 900.0, "staffing.absence_share": 0.05,
    })  # fmt: skip
    world = build_world(scenario)
    return draw(scenario, world, 1), world, compile_tables(model, world, scenario)


def crowd() -> tuple[DemandTape, World, Tables]:
    """A made-up week in which far more is asked for than three physicians can do: planned work of any length and
    promised day, calls among it, from two pools."""
    travel = [[4.0, 20.0, 35.0, 50.0], [20.0, 4.0, 30.0, 15.0], [35.0, 30.0, 4.0, 25.0], [50.0, 15.0, 25.0, 4.0]]
    world = make_world(travel, days=7)
    asks = [
        Ask(
            t0=10.0 * k, node=k % 4, klass=(P, R, P, A3)[k % 4], on_scene=15.0 + 7.0 * (k % 9),
            documentation=float(k % 3), due_day=(k * 5) % 9 + k // 160, visits=1 + k % 5 * (k % 4 == 1),
            call=5.0 + k % 7 if k % 11 == 0 else None, leaves=10.0 * k + 4000.0 if k % 13 == 0 else float("inf"),
        )
        for k in range(800)
    ]  # fmt: skip
    day = Shift(EVERY_DAY, "07:00", "18:00")
    first = pool(Post("Ort 0", (day,), 2), name="first")
    second = pool(Post("Ort 3", (day,)), always("Ort 1"), name="second")
    made = organisation(first, second, routes=[route(first, second.after(minutes=700))])
    return make_tape(world, asks), world, compiled(made, world)


def simpy(case: tuple[DemandTape, World, Tables]) -> Journal:
    return run(*case, engine="simpy")


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.name)
def test_overloaded_models_decide_as_the_plain_twins(model: Any, plainly: None) -> None:
    case = overloaded(model, 3.0)
    quick = run(*case)
    assert (quick.outcome == 4).mean() > 0.2  # much is open at the end
    assert differences(quick, simpy(case)) == []


def test_a_crowd_is_served_as_by_the_plain_twins(plainly: None) -> None:
    case = crowd()
    assert differences(run(*case), simpy(case)) == []


@pytest.mark.parametrize("short", [0, 10**9], ids=["by place", "in the queue"])
def test_by_place_or_in_the_queue_the_same_is_found(short: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [crowd(), *(overloaded(model, 4.0) for model in models.four())]
    quick = [run(*case) for case in cases]
    monkeypatch.setitem(TAKING, "SHORT", short)
    assert [differences(one, simpy(case)) for one, case in zip(quick, cases, strict=True)] == [[]] * 5


def least_seconds(cases: list[tuple[DemandTape, World, Tables]], rounds: int) -> list[float]:
    """The least time of the processor that the loop takes for each case, taken in turn."""
    found = [float("inf")] * len(cases)
    for _ in range(rounds):
        for number, case in enumerate(cases):
            ready = make_run(*case)
            begin = thread_time()
            run_compiled(ready)
            found[number] = min(found[number], thread_time() - begin)
    return found


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.name)
def test_a_request_at_double_demand_costs_at_most_twice_as_much(model: Any) -> None:
    cases = []
    for scale in (1.0, 2.0):
        scenario = Scenario().with_changes({"demand.scale": scale})
        world = build_world(scenario)
        cases.append((draw(scenario, world, 1), world, compile_tables(model, world, scenario)))
    normal, double = (seconds / len(case[0]) for seconds, case in zip(least_seconds(cases, 7), cases, strict=True))
    assert double <= 2.0 * normal
