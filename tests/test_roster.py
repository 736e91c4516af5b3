"""Rosters: the rules of rest and hours, and the quick way against the plain one, number for number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import roster_slow as slow
from engine_factory import make_world, organisation, pool, settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from numpy.typing import NDArray
from small_world import small_calendar

import models
from sim.engine import compile_tables, prepare
from sim.engine.kinds import kind_number
from sim.engine.people import people
from sim.engine.posts import Duty, all_duties, days_of
from sim.engine.roster import make_roster
from sim.engine.tables import Tables
from sim.errors import OrganisationError
from sim.organisation import (
    ALWAYS,
    DAYS_OFF,
    EVERY_DAY,
    OFFICE_DAYS,
    Area,
    Days,
    EachFacility,
    EachMunicipality,
    EachVardcentral,
    Filled,
    HomeVisitWindows,
    Hub,
    Organisation,
    Post,
    Sharing,
    Shift,
    route,
)
from sim.scenario import Scenario
from sim.world.build import build_world
from sim.world.world import World

HERE = [[5.0]]

# --- who works ------------------------------------------------------------------------------------


def line(*shifts: tuple[float, float]) -> list[int]:
    """Who works shifts given as (first, last) hour from Monday 00."""
    starts, ends = (np.array([60 * pair[i] for pair in shifts], dtype=np.int64) for i in (0, 1))
    who: list[int] = people(starts, ends, np.array([0, len(shifts)])).tolist()
    return who


def test_eleven_hours_of_rest_are_enough_and_ten_are_not() -> None:
    assert line((8, 17), (28, 36)) == [0, 0]
    assert line((8, 18), (28, 36)) == [0, 1]


def test_forty_five_hours_in_seven_days_are_enough_and_a_minute_more_is_not() -> None:
    week = [(24 * day + 8, 24 * day + 17) for day in range(5)]
    assert line(*week) == [0] * 5
    assert line(*week, (24 * 5 + 8, 24 * 5 + 8 + 1 / 60)) == [0] * 5 + [1]
    # Seven days up to the end of the shift: an hour of Monday's shift falls out of them at 17 minus 8 the next Monday.
    assert line(*week, (24 * 7 + 8, 24 * 7 + 17)) == [0] * 6
    assert line(*week, (24 * 7, 24 * 7 + 9)) == [0] * 5 + [1]


def test_the_first_who_can_is_taken_and_every_line_has_its_own_people() -> None:
    nights = [(24 * day + 22, 24 * day + 32) for day in range(6)]
    assert line(*nights) == [0, 0, 0, 0, 1, 1]  # 10 hours each: the fifth would make 50
    starts, ends = np.array([0, 480, 0, 480]), np.array([480, 960, 480, 960])
    assert people(starts, ends, np.array([0, 2, 2, 4])).tolist() == [0, 1, 2, 3]


def test_a_shift_that_nobody_may_have_is_given_to_somebody_new() -> None:
    assert line((0, 46), (57 + 168, 57 + 168 + 46)) == [0, 1]  # and the first never works again


@st.composite
def some_lines(draw: st.DrawFn) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Lines of shifts in order of start; they may overlap, and be of any length."""
    lines = []
    for _ in range(draw(st.integers(0, 3))):
        unit = draw(st.sampled_from([1, 60, 240]))
        apart = draw(st.lists(st.integers(0, 1440 // unit), max_size=60))
        long = draw(st.sampled_from([[480, 540, 600], [1, 5, 11], [60, 2700, 2701], [240, 660, 1440]]))
        starts = np.cumsum(np.array(apart, dtype=np.int64) * unit)
        lines.append((starts, starts + draw(st.lists(st.sampled_from(long), min_size=len(apart), max_size=len(apart)))))
    return lines


@examples(max_examples=300)
@given(lines=some_lines())
def test_anybody_anywhen_as_in_the_plain_way(lines: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> None:
    world = make_world(HERE, days=40)
    duties = [Duty(0, 0, -1, starts.astype(np.int64), ends.astype(np.int64)) for starts, ends in lines]
    assert differences(make_roster(duties, world), slow.make_roster(duties, world)) == []


def differences(one: Any, other: Any) -> list[str]:
    """Names of the fields of two rosters that differ in any bit."""
    return [
        name
        for name, held in vars(one).items()
        if held.dtype != getattr(other, name).dtype or not np.array_equal(held, getattr(other, name))
    ]


# --- all of it, on any organisation ---------------------------------------------------------------

SHIFTS = (
    (Shift(OFFICE_DAYS, "08:00", "17:00"),),
    (Shift(EVERY_DAY, "17:00", "08:00"), Shift(DAYS_OFF, "08:00", "17:00")),
    (Shift(EVERY_DAY, "00:00", "08:00"), Shift(EVERY_DAY, "08:00", "16:00"), Shift(EVERY_DAY, "16:00", "00:00")),
    (Shift(Days((1, 3), office=True), "12:30", "16:30"), Shift(Days((5, 6)), "09:00", "09:00")),
    (Shift(EVERY_DAY, "08:00", "15:00"), Shift(EVERY_DAY, "14:00", "22:00"), Shift(OFFICE_DAYS, "08:00", "08:05")),
    ALWAYS,
)
BASES = ("Ort 2", "Kommun 1", Hub(0, 1), Hub(1, 2), EachMunicipality(), EachVardcentral(), EachFacility("hospital"))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to three municipalities and five places with any travel between them, on a calendar with holidays."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    places = draw(st.integers(3, 5))
    municipality = np.arange(places) % draw(st.integers(2, 3))
    days = draw(st.sampled_from([7, 14, 70]))
    off = rng.choice(days, size=draw(st.integers(0, 3)), replace=False)
    travel = rng.choice([rng.uniform(0, 60, (places, places)), rng.integers(0, 3, (places, places)) * 5.0])
    return make_world(
        travel,
        municipality=municipality.tolist(),
        vardcentraler=draw(st.sampled_from([(0,), (1, 2), (2, 0, 1)])),
        calendar=small_calendar(days, tuple(off.tolist())),
    )


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Up to four pools with any posts, and routes that name some of them twice."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        area = draw(st.sampled_from(list(Area)))
        bases = [EachVardcentral()] if area is Area.LISTED else draw(st.lists(st.sampled_from(BASES), max_size=2))
        posts = [Post(base, draw(st.sampled_from(SHIFTS)), draw(st.integers(0, 2))) for base in bases]
        made.append(pool(*posts, name=f"pool {number}", area=area))
    made.append(pool(Post("Ort 0", SHIFTS[draw(st.integers(0, 5))], stand_by=draw(st.sampled_from([None, "Ort 2"])))
                     , name="last"))  # fmt: skip
    after = st.sampled_from([0, 0, 15, 30, 60])
    routes = [
        route(*(draw(st.sampled_from(made)).after(minutes=draw(after)) for _ in range(draw(st.integers(1, 4)))))
        for _ in range(draw(st.integers(1, 2)))
    ]
    return organisation(*made, routes=routes, sharing=draw(st.sampled_from(list(Sharing))))


@examples(max_examples=200)
@given(world=worlds(), made=organisations(), delay=st.sampled_from([0.0, 30.0]))
def test_any_organisation_as_in_the_plain_way(world: World, made: Organisation, delay: float) -> None:
    check(compile_tables(made, world, settings(delay=delay, hand_over_min=10.0)), world, made.sharing, delay)


@pytest.mark.parametrize("changes", [
    {}, {"staffing.hours_per_week": 800}, {"organisation.sharing": "agreement"}, {"organisation.sharing": "network"},
    {"calendar.start": "2026-06-15"},
])  # fmt: skip
def test_the_four_models_on_halland_as_in_the_plain_way(changes: dict[str, Any]) -> None:
    scenario = Scenario().with_changes({"calendar.weeks": 10, "calendar.warm_up_weeks": 0, **changes})
    world = build_world(scenario)
    rules = scenario.organisation
    for made in models.all():
        sharing = Sharing(rules.sharing) if rules.sharing else made.sharing
        check(compile_tables(made, world, scenario), world, sharing, rules.agreement_delay_min)


def check(tables: Tables, world: World, sharing: Sharing, delay: float) -> None:
    """Everything that is worked out in a quick way, worked out in the plain one."""
    made, roster = tables.organisation, tables.roster
    duties = all_duties(made, world, tables.hours_per_week, lambda: np.ones(1)).lines if not fills(made) else None
    if duties is not None:
        assert differences(roster, slow.make_roster(duties, world)) == []
    teams = slow.all_teams(made, world, sharing, delay, roster)
    assert tables.team.tolist() == teams.of_shift and tables.n_teams == teams.n
    assert [[[tuple(team) for team in some] for some in asked.teams] for asked in tables.asked] == teams.asked
    for v, physicians in enumerate(tables.named):
        assert physicians.tolist() == np.unique(roster.physician[roster.vardcentral == v]).tolist()
    ready = prepare(world, tables)
    assert list(ready.agenda.starts) == sorted(range(len(roster.start)), key=lambda u: (roster.start[u], u))
    assert list(zip(ready.agenda.plan_times, ready.agenda.plan_teams, strict=True)) == slow.planning(tables, world)
    assert len(ready.planners) == slow.most_on_duty(tables)
    ends = np.zeros(len(world.calendar.window))
    for first, last in slow.office_days(world):
        ends[int(first // 60) : int(last // 60)] = last
    assert ready.day_end.tolist() == ends.tolist()
    check_kinds(tables, world)


def fills(made: Organisation) -> bool:
    """Whether some staffing takes the hours that are left."""
    return any(not isinstance(staffing, Post) for one in made.pools for staffing in one.staffing)


def check_kinds(tables: Tables, world: World) -> None:
    """The lists of teams of every kind of request, in order, one after the other."""
    kinds = prepare(world, tables).kinds
    usual = slow.usual_kinds(world, tables)
    numbers = [int(kind_number(tables, i, np.array([m]), np.array([v]))[0]) for i, m, v in usual]
    assert [n for n, held in enumerate(kinds.list_of.tolist()) if held >= 0] == numbers == sorted(numbers)
    assert kinds.list_of[numbers].tolist() == list(range(len(usual)))
    lists = [slow.teams_asked(tables, *kind) for kind in usual]
    assert kinds.first.tolist() == np.cumsum([0, *(len(some) for some in lists)]).tolist()
    flat = [step for some in lists for step in some]
    assert kinds.team.tolist() == [step.team for step in flat]
    assert kinds.after_min.tolist() == [step.after_min for step in flat]
    assert kinds.taken_over.tolist() == [int(step.takes_over) for step in flat]


@given(world=worlds(), weekdays=st.sets(st.integers(0, 6)), office=st.sampled_from([True, False, None]))
def test_days_towns_and_hubs_as_in_the_plain_way(world: World, weekdays: set[int], office: bool | None) -> None:
    days = Days(tuple(sorted(weekdays)), office)
    assert days_of(world, days).tolist() == slow.days_of(world, days)
    towns = range(len(world.municipalities))
    assert world.towns.main == tuple(slow.main_town(world, m) for m in towns)
    assert [world.towns.hubs(n + 1) for n in towns] == [slow.hubs(world, n + 1) for n in towns]


# --- the hours that are left ----------------------------------------------------------------------


def test_the_hours_that_are_left_are_told() -> None:
    world = make_world(HERE, days=7)
    night = pool(Post("Ort 0", (Shift(EVERY_DAY, "22:00", "08:00"),)), name="night", rest_h=2.0)
    day = pool(Filled(("Ort 0",), Shift(EVERY_DAY, "08:00", "16:00")), name="day")
    tables = compile_tables(organisation(night, day, routes=[route(night, day)]), world, settings(hours_per_week=140))
    assert tables.filling_pool == 1 and tables.left_hours_per_week == pytest.approx(140 - 7 * 12)
    fixed = compile_tables(organisation(night), world, settings(hours_per_week=140))
    assert fixed.filling_pool == -1 and fixed.left_hours_per_week == 0.0


def test_windows_without_vardcentraler_and_posts_without_bases_are_errors() -> None:
    world = make_world(HERE)
    with pytest.raises(OrganisationError, match="home-visit windows are at vårdcentraler, and the region has none"):
        compile_tables(organisation(pool(HomeVisitWindows(), area=Area.LISTED)), world, settings())
    nowhere = Filled((EachFacility("pkt"),), Shift(EVERY_DAY, "08:00", "16:00"))
    with pytest.raises(OrganisationError, match="the region has none of the bases of the posts that fill up the hours"):
        compile_tables(organisation(pool(nowhere)), world, settings())


def test_hubs_are_numbered_and_no_more_than_the_municipalities() -> None:
    world = make_world(HERE)
    for hub, message in (
        (Hub(2, 2), "hub 2 of 2: number the hubs 0 to 1"),
        (Hub(0, 2), "2 hubs asked for in a region of 1"),
    ):
        with pytest.raises(OrganisationError, match=message):
            compile_tables(organisation(pool(Post(hub, ALWAYS))), world, settings())


def test_a_shift_from_midnight_written_as_24_is_the_next_day() -> None:
    world = make_world(HERE, days=7, vardcentraler=(0,))
    late = pool(
        Post("Ort 0", (Shift(EVERY_DAY, "24:00", "08:00"),)), Filled(("Ort 0",), Shift(OFFICE_DAYS, "08:00", "17:00"))
    )
    tables = compile_tables(organisation(late), world, settings(hours_per_week=101))
    assert tables.roster.start.min() == 480.0 and 1440.0 in tables.roster.start  # that of Sunday begins too late
