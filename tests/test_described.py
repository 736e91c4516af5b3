"""The engine beside its description, docs/model.md: scripted days where the two once said different things. Answers
were worked out by hand, minute by minute; both clocks. Travel is 5 minutes within a place.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from engine_factory import Ask, always, compiled, differences, make_tape, make_world, organisation, pool, settings

from sim.codes import A1, A2, A3, HELG, NATT, OPEN, P
from sim.engine import Journal, run
from sim.engine.filling import absent
from sim.grid import TICKS_PER_MINUTE, to_grid
from sim.organisation import (
    EVERY_DAY,
    OFFICE_DAYS,
    Area,
    Between,
    Choice,
    EachVardcentral,
    Organisation,
    Post,
    Sharing,
    Shift,
    route,
)
from sim.world.calendar import make_calendar
from sim.world.world import World

LINE = [[5.0, 20.0, 50.0], [20.0, 5.0, 30.0], [50.0, 30.0, 5.0]]  # A - 20 - B - 30 - C
HERE = [[0.0]]  # one place, no travel


def at(clock: str, day: int = 0) -> float:
    """Minutes of a clock time on a day; day 0 is a Monday."""
    hours, minutes = clock.split(":")
    return day * 1440.0 + int(hours) * 60 + int(minutes)


def play(world: World, made: Organisation, asks: Sequence[Ask], absence_key: int = 0, **scenario: Any) -> Journal:
    """Run a scripted tape on both clocks, which must agree to the last bit; `scenario` changes plain settings."""
    ready = compiled(made, world, settings(**scenario))
    tape = dataclasses.replace(make_tape(world, asks), absence_key=absence_key)
    journal = run(tape, world, ready, "compiled")
    assert differences(journal, run(tape, world, ready, "simpy")) == []
    return journal


def office(start: str = "08:00", end: str = "17:00", base: str = "Ort 0", **more: Any) -> Post:
    """One physician on office days."""
    return Post(base, (Shift(OFFICE_DAYS, start, end),), **more)


# --- plans know what has happened, and expect the rest ----------------------------------------------


@pytest.mark.parametrize(("lasts", "begins"), [(125, "11:05"), (150, "11:30"), (300, "14:00")])
def test_a_plan_expects_the_visit_in_hand_to_take_what_such_visits_take(lasts: float, begins: str) -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(at("09:00"), klass=A1, on_scene=lasts, plan=150)]
    asks += [Ask(at("09:30"), klass=P, due_day=9, on_scene=100) for _ in range(8)]
    journal = play(world, organisation(pool(office(), office("10:00"))), asks)
    # 10:00: 0 is expected to be free at 11:30, with room for three of 100 min; 1 has room for four. However long it is.
    assert journal.shift[4:8].tolist() == [1, 1, 1, 1]
    assert journal.t3[4:8].tolist() == [at("10:00"), at("11:40"), at("13:20"), at("15:00")]
    first = at(begins)
    fits = [first + 100 * k for k in range(3) if first + 100 * (k + 1) <= at("17:00")]
    assert journal.t3[1 : 1 + len(fits)].tolist() == fits and (journal.shift[1 : 1 + len(fits)] == 0).all()
    assert journal.broken.tolist() == [0, *[0] * len(fits), *[1] * (3 - len(fits)), 0, 0, 0, 0, 0]


def test_a_visit_that_should_be_over_is_expected_to_end_now() -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(at("09:00"), klass=A1, on_scene=180, plan=50)]
    asks += [Ask(at("09:30"), klass=P, due_day=9, on_scene=100) for _ in range(8)]
    journal = play(world, organisation(pool(office(), office("10:00"))), asks)
    # 10:00: seven hours for each, four of 100 min. 0 is free at 12:00 and makes three.
    assert journal.shift[1:].tolist() == [0, 0, 0, -1, 1, 1, 1, 1]
    assert journal.broken.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]


def test_a_plan_does_not_know_how_slow_the_road_is() -> None:
    world = make_world([[0.0, 50.0], [50.0, 0.0]], days=1)
    asks = [Ask(at("09:30"), node=1, klass=A1, on_scene=30, factor=3.0)]
    asks += [Ask(at("09:40"), node=1, klass=P, due_day=9, on_scene=100) for _ in range(4)]
    made = organisation(pool(office(), office("10:00", base="Ort 1")))
    journal = play(world, made, asks)
    # 10:00: on the road since 09:30, expected there 10:20 and free 10:50. 370 min hold three of 100, which are on the
    # way home for 0, and cost 1 nothing either: the lower number. In fact 0 is there at 12:00 and free at 12:30.
    assert journal.shift[1:4].tolist() == [0, 0, -1] and journal.shift[4] == 1
    assert journal.t4[1:3].tolist() == [at("12:30"), at("14:10")]


def test_who_drives_to_base_is_planned_from_there_and_then() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(office("06:00"), office(base="Ort 1")))
    asks = [Ask(0, node=0, klass=P, due_day=9, on_scene=250) for _ in range(2)]
    asks += [Ask(at("06:30"), node=2, klass=A1, on_scene=20)]  # in C 07:20-07:40, at base 08:30
    journal = play(world, made, asks)
    # 08:00: 0 has 510 min from base. 5 + 250 + 5 leave 250, and another needs 5 + 250: it is 1's, 20 min away.
    assert journal.shift.tolist() == [0, 1, 0]
    assert journal.t4.tolist() == [at("08:35"), at("08:20"), at("07:20")]


# --- tours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "of_first"), [(5, 12), (3, 16)])
def test_a_full_tour_leaves_the_rest_to_colleagues_with_room(minutes: float, of_first: int) -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(0, klass=P, due_day=3, on_scene=minutes) for _ in range(20)]
    journal = play(world, organisation(pool(office("15:00", "16:00"), office("15:00", "16:00"))), asks)
    # An hour holds 12 of five minutes, and a tour 16 stops.
    assert journal.shift.tolist() == [0] * of_first + [1] * (20 - of_first)
    begun = [*range(of_first), *range(20 - of_first)]
    assert journal.t3.tolist() == [at("15:00") + minutes * k for k in begun]


def test_stops_left_when_the_shift_ends_are_not_reached_whoever_plans_that_minute() -> None:
    world = make_world(HERE, days=1)
    made = organisation(pool(office("08:00", "12:00"), office("12:00", "17:00")))
    asks = [Ask(0, klass=P, due_day=3) for _ in range(2)] + [Ask(at("08:05"), klass=A1, on_scene=240, plan=30)]
    journal = play(world, made, asks)
    # The acute one 08:30-12:30. 12:00: the second stop is left, and goes into the tour of the one who comes on duty.
    assert journal.t3.tolist() == [at("08:00"), at("12:00"), at("08:30")]
    assert journal.broken.tolist() == [0, 1, 0]


def test_stops_left_when_the_shift_ends_in_office_work_are_not_reached() -> None:
    world = make_world(HERE, days=1)
    lonely = pool(office("08:00", "12:00"), office("12:00", "17:00"), between=Between.BLOCKS, reserve=1)
    journal = play(world, organisation(lonely), [Ask(0, klass=P, due_day=3)])
    # The reserve keeps both from it: blocks until 12:00 and until 17:00, and a stop left each time.
    assert journal.outcome[0] == OPEN and journal.broken[0] == 2


def test_a_shift_that_falls_away_makes_nobody_plan() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(office(), office("12:00", "12:20")))
    asks = [
        Ask(0, node=0, klass=P, due_day=3, on_scene=250),
        Ask(0, node=2, klass=P, due_day=3),
        Ask(at("09:00"), node=1, klass=P, due_day=2),
    ]
    key = next(k for k in range(100) if absent(np.uint64(k), 0.5, np.array([0, 1])).tolist() == [False, True])
    # In A 08:05-12:15. Planned anew at 12:00 B, due first, comes before C: B 12:35-13:05, C 13:35.
    assert play(world, made, asks).t4.tolist() == [at("08:05"), at("13:35"), at("12:35")]
    # Without: on with the tour to C, 13:05-13:35, then B at 14:05.
    away = play(world, made, asks, absence_key=key, absence_share=0.5)
    assert away.t4.tolist() == [at("08:05"), at("13:05"), at("14:05")]


@pytest.mark.parametrize(
    ("due_day", "minutes", "begins"), [(0, 60, at("13:00")), (1, 60, at("08:00", 1)), (1, 20, at("13:00"))]
)
def test_what_is_ordered_while_somebody_is_free_keeps_within_the_share_unless_due(
    due_day: int, minutes: float, begins: float
) -> None:
    world = make_world(HERE, days=2)
    asks = [Ask(0, klass=P, due_day=0, on_scene=250), Ask(at("13:00"), klass=P, due_day=due_day, on_scene=minutes)]
    # 250 of 270 min are used; 0 is free since 12:10.
    journal = play(world, organisation(pool(office())), asks, planned_share=0.5)
    assert journal.t3[1] == begins
    # A pool that is asked later keeps within its share too.
    first, later = pool(office("20:00", "21:00"), name="first"), pool(office(), name="later")
    made = organisation(first, later, routes=[route(first, later.after(minutes=30))])
    asks = [asks[0], dataclasses.replace(asks[1], t0=at("12:30"))]
    assert play(world, made, asks, planned_share=0.5).t3[1] == begins


def test_the_hand_over_takes_of_the_planned_share() -> None:
    world = make_world(HERE, days=2)
    first, second = pool(office("20:00", "21:00"), name="first"), pool(office(), name="second")
    made = organisation(first, second, routes=[route(first, second.after(minutes=1))])
    asks = [Ask(0, klass=P, due_day=9, on_scene=60) for _ in range(2)]
    # 135 min: two of 60, but not two of 60 and 10.
    journal = play(world, made, asks, planned_share=0.25, hand_over_min=10)
    assert journal.t3.tolist() == [at("08:00"), at("08:00", 1)] and (journal.t6 - journal.t5).tolist() == [10, 10]
    assert play(world, made, asks, planned_share=0.25).t3.tolist() == [at("08:00"), at("09:00")]


# --- who goes ---------------------------------------------------------------------------------------


def test_fewest_hours_counts_the_way_back_as_far_as_it_is_driven() -> None:
    world = make_world([[5.0, 60.0], [60.0, 5.0]], days=1)
    team = organisation(pool(always(), always()), choice=Choice.FEWEST_HOURS)
    asks = [Ask(600, node=0, on_scene=90), Ask(640, node=1, on_scene=10)]
    # 0: 5 + 90 + 5, home at 700. 1: 60 + 10 until 710, home at 770 with 130.
    assert play(world, team, [*asks, Ask(800)]).shift[2] == 0
    # 735: 1 has driven 25 min of the way back, 95 in all. 745: 105.
    assert play(world, team, [*asks, Ask(735)]).shift[2] == 1
    assert play(world, team, [*asks, Ask(745)]).shift[2] == 0


def test_fewest_hours_counts_calls() -> None:
    world = make_world(HERE, days=1)
    team = organisation(pool(always(), always()), choice=Choice.FEWEST_HOURS)
    asks = [Ask(600, call=40), Ask(601, on_scene=30), Ask(700)]
    assert play(world, team, asks).shift.tolist() == [0, 1, 1]


def test_who_calls_is_who_would_have_gone() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(always("Ort 0"), always("Ort 2")))
    both_stand = play(world, made, [Ask(600, node=2, call=10), Ask(605, node=2, call=10)])
    assert both_stand.shift.tolist() == [1, 0]  # C's is 5 min away, A's 50
    # 0 is on the way home from B 650-670, and nearer to A than C's: calls when home.
    one_drives = play(world, made, [Ask(600, node=1, on_scene=30), Ask(655, node=0, call=10)])
    assert one_drives.shift.tolist() == [0, 0] and one_drives.t4[1] == 670


# --- driving ----------------------------------------------------------------------------------------


def test_the_way_home_from_the_road_to_stand_by_has_the_factor_of_the_last_visit() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(office("08:00", "10:00", stand_by="Ort 1")))
    journal = play(world, made, [Ask(at("08:20"), node=2, on_scene=15, factor=1.5)])
    # In B at 08:20. C 45 min later, 09:05-09:20; B would be 10:05. At 10:00 five minutes are left, then 20 x 1.5.
    assert journal.shift_home[0] == at("10:35") and journal.driving_min[0] == 20 + 45 + 45 + 30
    assert journal.shift_km[0] == 20 + 30 + 30 + 20


def test_a_drive_has_the_factor_of_its_own_request_and_no_other() -> None:
    world = make_world(LINE, days=1)
    visit = Ask(600, node=1, on_scene=30, factor=1.5)  # in B 630-660, home at 690
    back = play(world, organisation(pool(always())), [visit, Ask(669, node=1, factor=2.0)])
    # 9 of 30 min are 6 of the 20 expected: 6 back and 5 within B, times 2.
    assert (back.t4[1], back.km[1]) == (669 + 22, 11)
    onward = play(world, organisation(pool(always())), [visit, Ask(681, node=0, factor=2.0)])
    # 9 of 30 min are left, 6 of the 20 expected, and 5 within A.
    assert (onward.t4[1], onward.km[1]) == (681 + 22, 11)


@pytest.mark.parametrize("closed", [(), ("Ort 1",)], ids=["named", "base moved"])
def test_who_waits_at_the_base_drives_nowhere(closed: tuple[str, ...]) -> None:
    world = make_world([[8.0, 20.0], [20.0, 8.0]], days=1)
    base = "Ort 1" if closed else "Ort 0"
    made = organisation(pool(office(base=base, stand_by="Ort 0")))
    empty = play(world, made, [], closed_bases=closed)
    assert (empty.driving_min[0], empty.shift_km[0], empty.overtime_min[0]) == (0, 0, 0)
    one = play(world, made, [Ask(at("09:00"), node=1)], closed_bases=closed)
    assert (one.driving_min[0], one.shift_home[0]) == (40, at("17:00"))


def test_who_must_return_first_goes_to_stand_by_from_base_and_stays_there_after_a_call() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(office(stand_by="Ort 1"), between=Between.RETURN_FIRST))
    asks = [
        Ask(at("09:00"), node=2),  # from B: in C 09:30-10:00, back in A 10:50
        Ask(at("10:10"), node=1, on_scene=10),  # from A: 11:10-11:20, in A 11:40, in B 12:00
        Ask(at("12:30"), node=0, call=10),  # in B
        Ask(at("12:40"), node=1),  # still in B
    ]
    journal = play(world, made, asks)
    assert journal.t4.tolist() == [at("09:30"), at("11:10"), at("12:30"), at("12:45")]


# --- the clock --------------------------------------------------------------------------------------


@pytest.mark.parametrize("evening", [dt.date(2024, 3, 30), dt.date(2024, 10, 26)])
def test_the_clock_goes_neither_forward_nor_back(evening: dt.date) -> None:
    start = dt.date(2024, 1, 1)
    world = make_world(HERE, calendar=make_calendar(start, 308))
    night = organisation(pool(Post("Ort 0", (Shift(EVERY_DAY, "20:00", "08:00"),))))
    day = (evening - start).days
    journal = play(world, night, [Ask(at("01:30", day + 1), on_scene=120)])
    # In fact the night has eleven hours and thirteen. Here twelve, and 01:30 and two hours are 03:30.
    shift = journal.shift[0]
    assert (journal.shift_start[shift], journal.shift_end[shift]) == (at("20:00", day), at("08:00", day + 1))
    assert journal.t5[0] == at("03:30", day + 1)
    assert (world.calendar.window[24 * day + 22 : 24 * day + 32] == NATT).all()
    assert world.calendar.window[[24 * day + 21, 24 * day + 32]].tolist() == [HELG, HELG]


# --- routes -----------------------------------------------------------------------------------------


def test_where_the_first_pool_has_nobody_the_next_takes_nothing_over() -> None:
    world = make_world(HERE, days=1, vardcentraler=(0,))
    own = pool(Post(EachVardcentral(), (Shift(OFFICE_DAYS, "08:00", "17:00"),)), name="own", area=Area.LISTED)
    team = pool(always(), name="team")
    made = organisation(own, team, routes=[route(own, team.after(minutes=30))])
    asks = [Ask(600, vardcentral=0, on_scene=100), Ask(601, vardcentral=0), Ask(700, vardcentral=-1)]
    journal = play(world, made, asks, hand_over_min=10)
    assert (journal.t3[1], journal.t6[1] - journal.t5[1]) == (641, 10)
    assert (journal.t3[2], journal.t6[2] - journal.t5[2]) == (730, 0)


def test_a_pool_that_was_asked_at_once_takes_nothing_over_through_its_neighbours() -> None:
    world = make_world([[0.0, 0.0], [0.0, 0.0]], days=1)
    one, two = (
        pool(always("Ort 0"), name="one"),
        pool(always("Ort 0"), always("Ort 1"), name="two", area=Area.MUNICIPALITY),
    )
    made = organisation(one, two, routes=[route(one, two)], sharing=Sharing.AGREEMENT)
    journal = play(world, made, [Ask(600, on_scene=100), Ask(601, on_scene=100), Ask(602)], hand_over_min=10, delay=30)
    assert (journal.shift[2], journal.t3[2], journal.t6[2] - journal.t5[2]) == (2, 632, 0)


def test_all_minutes_of_a_model_and_a_scenario_lie_on_the_grid() -> None:
    world = make_world(LINE, days=2, vardcentraler=(0,))
    first = pool(office(), name="first", between=Between.BLOCKS, block_min=29.7, break_min=30.3, overtime_min=31.1)
    there = pool(always("Ort 0"), always("Ort 1"), name="there", area=Area.MUNICIPALITY)
    made = organisation(
        first, there, routes=[route(first.after(minutes=0.1), there.after(minutes=30.1), triage_min=7.3)],
        sharing=Sharing.AGREEMENT,
    )  # fmt: skip
    asks = [Ask(600 + 0.7 * i, node=i % 3, klass=(A1, A2, A3, P)[i % 4], due_day=1, on_scene=20.3) for i in range(40)]
    journal = play(
        world, made, asks, hand_over_min=3.7, delay=11.9, call_mean_min=9.9, planned_share=0.333, named_weight_min=3.3
    )
    for name, column in journal.columns():
        if column.dtype == np.float64 and "km" not in name:
            ticks = column[np.isfinite(column)] * TICKS_PER_MINUTE
            assert (ticks == np.floor(ticks)).all(), name
    one = organisation(there, routes=[route(there.after(minutes=30.1))])
    assert play(world, one, [Ask(600)]).t3[0] == 600 + to_grid(np.array([30.1]))[0]
