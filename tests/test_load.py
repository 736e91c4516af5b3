"""Hours and offered load before a run: by hand, and against a count of one request and one minute at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from engine_factory import Ask, compiled, make_tape, make_world, organisation, pool, settings
from roster_slow import teams_asked

import models
from cli.loads import overload_sentences, pool_rows
from sim.codes import A1, DAG, G7, HELG, KVALL, NATT, REFERRED, R
from sim.engine import Tables, compile_tables, run
from sim.organisation import (
    ALWAYS,
    EVERY_DAY,
    OFFICE_DAYS,
    Area,
    EachMunicipality,
    Organisation,
    Post,
    Shift,
    route,
)
from sim.scenario import Scenario
from sim.study.load import hours_by_window, minutes_by_window, offered_load, pool_load
from sim.world.build import build_world
from sim.world.demand import draw
from sim.world.tape import DemandTape
from sim.world.world import World

PLACES = [[10.0, 30.0], [30.0, 10.0]]
WEEK_H = 7 * 24.0


def day_and_night() -> Organisation:
    """A day pool in each municipality on office days; a night pool for all, with four hours of paid rest."""
    day = pool(Post(EachMunicipality(), (Shift(OFFICE_DAYS, "08:00", "16:00"),)), name="day", area=Area.MUNICIPALITY)
    night = pool(Post("Ort 0", (Shift(EVERY_DAY, "17:00", "08:00"),)), name="night", rest_h=4.0)
    routes = [route(day, night.after(minutes=60), windows=("dag",)), route(night)]
    return organisation(day, night, routes=routes)


# --- hours ----------------------------------------------------------------------------------------


def test_hours_by_window_by_hand() -> None:
    world = make_world(PLACES, days=7)  # Monday to Sunday, no holidays
    tables = compiled(day_and_night(), world)
    hours, rest = hours_by_window(world, tables)
    assert hours[0].tolist() == [2 * 5 * 8, 0, 0, 0]
    # 17-22 on five office days is kväll, on Saturday and Sunday helg; 22-08 is natt. Sunday's goes on after the end.
    assert hours[1].tolist() == [0, 5 * 5, 7 * 10, 2 * 5]
    assert rest.tolist() == [0, 7 * 4]
    assert (hours.sum(axis=1) + rest).tolist() == list(tables.pool_hours_per_week)
    load = pool_load(make_tape(world, [Ask(600.0)]), world, tables)
    assert load.on_duty[0].tolist() == [80 / 45, 0, 0, 0] and load.on_duty[1].tolist() == [0, 1, 1, 10 / 28]


def test_minutes_of_a_stretch_are_those_of_its_windows_minute_by_minute() -> None:
    world = make_world(PLACES, days=14)
    rng = np.random.default_rng(3)
    start = rng.integers(0, 14 * 1440, 200).astype(float)
    end = start + rng.integers(0, 2000, 200)
    window = np.repeat(np.tile(world.calendar.window, 2), 60)  # after the end comes the beginning
    expected = [[(window[int(a) : int(b)] == w).sum() for w in range(4)] for a, b in zip(start, end, strict=True)]
    assert minutes_by_window(world, start, end).tolist() == expected


@pytest.mark.parametrize("weeks", [1, 5])
def test_the_hours_of_the_four_models_add_up(weeks: int) -> None:
    scenario = Scenario().with_changes({"calendar.weeks": weeks, "calendar.warm_up_weeks": 0})
    world = build_world(scenario)
    for made in models.all():
        tables = compile_tables(made, world, scenario)
        hours, rest = hours_by_window(world, tables)
        assert hours.sum(axis=1) + rest == pytest.approx(tables.pool_hours_per_week)


# --- load -----------------------------------------------------------------------------------------


def test_load_by_hand() -> None:
    world = make_world(PLACES, days=7)
    tables = compiled(day_and_night(), world, settings(referred_in=("Kommun 1",)))
    asks = [
        Ask(600.0, node=0, klass=A1, on_scene=50.0, documentation=20.0),  # Monday 10: day, 50 + 20 + a trip of 10
        Ask(700.0, node=0, klass=A1, call=8.0),  # a call of 8 minutes and nothing else
        Ask(710.0, node=1, klass=A1, group=G7),  # the municipality refers guests: no work for a pool
        Ask(1100.0, node=1, klass=A1, on_scene=80.0),  # Monday 18: night, 80 + 10
        Ask(1200.0, node=0, klass=R, on_scene=20.0, due_day=2),  # a round counts by day, by the route of the evening
    ]
    load = pool_load(make_tape(world, asks), world, tables)
    a_year = 52.0
    assert load.requests[0, :, DAG].tolist() == [2 * a_year, 0] and load.requests[1, 1, KVALL] == a_year
    assert load.requests.sum() == 4 * a_year
    assert load.busy[0, 0, DAG] == pytest.approx((50 + 20 + 10 + 8) / 60 / 45)
    assert load.busy[1, 1, KVALL] == pytest.approx(90 / 60 / 25)
    assert load.busy[1, 0, DAG] == pytest.approx(30 / 60 / 45)  # asked for in the evening, done by day
    assert load.utilisation[0, DAG] == pytest.approx(load.busy[0, 0, DAG] / (80 / 45))
    assert load.utilisation[1, DAG] == np.inf and np.isnan(load.utilisation[0, [KVALL, NATT, HELG]]).all()
    whole = offered_load(make_tape(world, asks), world)
    assert whole.requests.sum() == 5 * a_year  # the one that is refused is asked for all the same


def asked_first(tape: DemandTape, world: World, tables: Tables) -> list[int]:
    """The pool that each request is put to first, one request at a time."""
    asks, found = tape.requests, []
    for r in range(len(tape)):
        window = world.calendar.window[int(asks.t0_min[r] // 60)]
        way = int(tables.route_of[asks.group[r], asks.klass[r], window, asks.municipality[r]])
        found.append(teams_asked(tables, way, int(asks.municipality[r]), int(asks.vardcentral[r]))[0].pool)
    return found


@pytest.mark.parametrize("sharing", [None, "agreement"])
def test_the_load_of_the_four_models_is_that_of_their_routes(sharing: str | None) -> None:
    changes = {"calendar.weeks": 3, "calendar.warm_up_weeks": 1, "organisation.temporary_stay": "refer"}
    scenario = Scenario().with_changes(changes | ({"organisation.sharing": sharing} if sharing else {}))
    world = build_world(scenario)
    tape = draw(scenario, world, 1)
    counted = tape.requests.t0_min >= tape.warm_up_min
    whole = offered_load(tape, world)
    for made in models.all():
        tables = compile_tables(made, world, scenario)
        load = pool_load(tape, world, tables)
        refused = run(tape, world, tables).outcome == REFERRED
        assert refused.any()
        pools = np.array(asked_first(tape, world, tables))[counted & ~refused]
        by_pool = load.requests.sum(axis=(1, 2)) * 3 / 52
        assert by_pool == pytest.approx(np.bincount(pools, minlength=len(tables.pool_names)).astype(float))
        assert (load.busy.sum(axis=0) <= whole.busy + 1e-12).all() and load.busy.sum() < whole.busy.sum()


# --- in words -------------------------------------------------------------------------------------


def rows_of(made: Organisation, asks: list[Ask], **rules: Any) -> list[dict[str, Any]]:
    world = make_world(PLACES, days=7)
    tables = compiled(made, world, settings(**rules))
    return pool_rows(tables, pool_load(make_tape(world, asks), world, tables), "en")


def test_what_is_more_than_is_on_duty_is_said_in_words() -> None:
    titles = [{"model": "made", "title": "Made"}]
    short = organisation(pool(Post("Ort 0", (Shift(OFFICE_DAYS, "08:00", "10:00"),)), name="short"))
    one_a_minute = [Ask(600.0 + i, on_scene=35.0) for i in range(13)]  # 13 x 45 = 585 of the 600 minutes on duty
    assert overload_sentences(titles, rows_of(short, one_a_minute), "en") == []
    (said,) = overload_sentences(titles, rows_of(short, [*one_a_minute, Ask(700.0, on_scene=35.0)]), "en")
    assert "in the day (office days 08–17) and has 0.22 on duty" in said and "the work of 0.23 physicians" in said
    nobody = overload_sentences(titles, rows_of(short, [Ask(1200.0)]), "sv")
    assert len(nobody) == 1 and "kväll (17–22) och har 0,00 i tjänst" in nobody[0]
    round_the_clock = organisation(pool(Post("Ort 0", ALWAYS, 9)))
    assert overload_sentences(titles, rows_of(round_the_clock, one_a_minute), "en") == []
