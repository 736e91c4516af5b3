"""Scripted days for telephone, refusal, cancelling, reserve, breaks, hand-over, stand-by places, office work, paid rest
and tours: answers worked out by hand, minute by minute, on both clocks. Travel is 5 minutes within a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from engine_factory import Ask, always, compiled, differences, make_tape, make_world, organisation, pool, settings

from sim.codes import (
    A1,
    A2,
    A3,
    CANCELLED,
    DONE,
    ESCALATED,
    G6,
    G7,
    OPEN,
    REFERRED,
    TELEPHONE,
    TO_ED,
    TO_TELEPHONE,
    TO_VARDCENTRAL,
    P,
)
from sim.engine import Journal, tables
from sim.engine import run as run_engine
from sim.errors import OrganisationError
from sim.organisation import (
    EVERY_DAY,
    OFFICE_DAYS,
    Area,
    Between,
    Choice,
    EachVardcentral,
    Filled,
    HomeVisitWindows,
    Organisation,
    Post,
    Sharing,
    Shift,
    route,
)
from sim.world.world import World

LINE = [[5.0, 20.0, 50.0], [20.0, 5.0, 30.0], [50.0, 30.0, 5.0]]  # A - 20 - B - 30 - C
HERE = [[0.0]]  # one place, no travel
DAY = 1440.0
OFFICE = (Shift(OFFICE_DAYS, "08:00", "17:00"),)


def at(clock: str, day: int = 0) -> float:
    """Minutes of a clock time on a day; day 0 is a Monday."""
    hours, minutes = clock.split(":")
    return day * DAY + int(hours) * 60 + int(minutes)


def play(world: World, made: Organisation, asks: Sequence[Ask], **scenario: Any) -> Journal:
    """Run a scripted tape on both clocks, which must agree to the last bit; `scenario` changes plain settings."""
    ready = compiled(made, world, settings(**scenario))
    tape = make_tape(world, asks)
    journal = run_engine(tape, world, ready, "compiled")
    assert differences(journal, run_engine(tape, world, ready, "simpy")) == []
    return journal


def on(start: str, end: str, **more: Any) -> Organisation:
    """One physician in A on one shift every day."""
    return organisation(pool(Post("Ort 0", (Shift(EVERY_DAY, start, end),)), **more))


def times(journal: Journal, r: int) -> tuple[float, float, float, float]:
    """When request `r` was set out to, arrived at, left and documented."""
    return journal.t3[r], journal.t4[r], journal.t5[r], journal.t6[r]


# --- telephone ------------------------------------------------------------------------------------


def test_a_call_begins_at_once_and_moves_nobody() -> None:
    world = make_world(LINE, days=1)
    journal = play(world, organisation(pool(always())), [Ask(600, node=2, call=10, documentation=7, factor=3.0)])
    # No drive and no documentation apart: 600 to 610.
    assert times(journal, 0) == (600, 600, 610, 610)
    assert (journal.outcome[0], journal.km[0], journal.shift[0]) == (TELEPHONE, 0, 0)
    assert (journal.telephone_min[0], journal.idle_min[0]) == (10, 1430)
    assert journal.driving_min[0] == journal.on_scene_min[0] == journal.documenting_min[0] == journal.shift_km[0] == 0
    assert (journal.shift_stops[0], journal.shift_visits[0]) == (0, 0)


def test_a_call_is_made_where_the_physician_waits() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(600, node=1, on_scene=30), Ask(700, node=0, call=10), Ask(720, node=2)]
    journal = play(world, organisation(pool(always(), between=Between.STAY)), asks)
    assert times(journal, 1) == (700, 700, 710, 710)
    assert journal.t4[2] == 750  # still in B: 30 min to C, not 50 from A
    assert journal.km.tolist() == [20, 0, 30]


def test_a_call_to_one_who_drives_home_begins_when_the_drive_is_over() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(600, node=1, on_scene=30), Ask(655, node=2, call=10, factor=2.0), Ask(700, node=0, on_scene=10)]
    journal = play(world, organisation(pool(always())), asks)
    # Leaves B at 650, in A at 670. Called at 655, 5 of 20 km driven: the other 15 belong to the call.
    assert times(journal, 1) == (655, 670, 680, 680)
    assert journal.km.tolist() == [20, 15, 5]
    # At base from 670: to a patient in A in 5 min. 20 out, 20 back, 5 out, 5 back; kilometres equal minutes here.
    assert journal.t4[2] == 705
    assert journal.driving_min[0] == journal.shift_km[0] == 50
    assert (journal.telephone_min[0], journal.shift_stops[0], journal.shift_visits[0]) == (10, 2, 2)


def test_on_a_slow_road_home_the_call_waits_for_the_actual_drive() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(600, node=1, on_scene=30, factor=1.5), Ask(675, node=1, call=10)]
    journal = play(world, organisation(pool(always())), asks)
    # In B at 630, leaves at 660, home at 690. At 675 half of the 20 km is driven.
    assert times(journal, 1) == (675, 690, 700, 700)
    assert (journal.km[1], journal.driving_min[0], journal.shift_km[0]) == (10, 60, 40)


def test_a_call_queues_behind_a_visit_and_is_made_before_the_way_home() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(600, node=1, on_scene=60, documentation=5), Ask(610, node=0, call=10), Ask(686, node=1, on_scene=10)]
    journal = play(world, organisation(pool(always())), asks)
    assert times(journal, 1) == (685, 685, 695, 695)
    assert times(journal, 2) == (695, 700, 710, 710)  # still in B
    assert (journal.driving_min[0], journal.telephone_min[0], journal.on_scene_min[0]) == (20 + 5 + 20, 10, 70)


def test_calls_and_visits_wait_in_one_queue_by_class() -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(600, on_scene=60), Ask(601, klass=A3, call=10), Ask(602, klass=A2), Ask(603, klass=A1, call=5)]
    journal = play(world, organisation(pool(always())), asks)
    assert journal.t3.tolist() == [600, 695, 665, 660]
    assert journal.outcome.tolist() == [DONE, TELEPHONE, DONE, TELEPHONE]


def test_one_who_must_return_first_calls_from_base() -> None:
    world = make_world(LINE, days=1)
    asks = [
        Ask(600, node=1, on_scene=30),
        Ask(640, node=2, call=10),
        Ask(655, node=2, call=10),
        Ask(800, node=2, call=10),
        Ask(805, node=1, on_scene=10),
    ]
    journal = play(world, organisation(pool(always(), between=Between.RETURN_FIRST)), asks)
    # Leaves B at 650 and cannot be reached until 670. After a call at base there is no way home: reachable at once.
    assert journal.t4[:4].tolist() == [620, 670, 680, 800]
    assert times(journal, 4) == (810, 830, 840, 840)
    assert journal.driving_min[0] == 80


def test_no_call_is_begun_that_is_not_expected_to_end_in_time() -> None:
    world = make_world(HERE, days=2)
    office = organisation(pool(Post("Ort 0", OFFICE), overtime_min=0))
    journal = play(world, office, [Ask(at("16:50"), call=30)], call_mean_min=10)
    assert journal.t4[0] == at("16:50") and journal.overtime_min[0] == 20  # 10 expected, 30 in fact
    journal = play(world, office, [Ask(at("16:51"), call=1)], call_mean_min=10)
    assert journal.t4[0] == at("08:00", 1)


def test_a_call_under_way_at_the_horizon_is_open_and_booked_up_to_it() -> None:
    world = make_world(HERE, days=1)
    journal = play(world, organisation(pool(always(), overtime_min=np.inf)), [Ask(1435, call=10)])
    assert journal.outcome[0] == OPEN and np.isnan(journal.t6[0])
    assert (journal.telephone_min[0], journal.idle_min[0]) == (5, 1435)


# --- who is refused -------------------------------------------------------------------------------


def test_the_threshold_refuses_those_at_it_and_above() -> None:
    world = make_world(HERE, days=1)
    scores = (0.0, 0.49, 0.5, 0.51, 1.0)
    asks = [Ask(600 + 60 * i, group=G6, klass=A2, mobility=m) for i, m in enumerate(scores)]
    journal = play(world, organisation(pool(always())), asks, threshold=0.5)
    assert journal.outcome.tolist() == [DONE, DONE, REFERRED, REFERRED, REFERRED]
    # The score of anybody else means nothing.
    others = [Ask(600 + 60 * g, group=g, klass=A2, mobility=1.0) for g in range(8) if g != G6]
    assert (play(world, organisation(pool(always())), others).outcome == DONE).all()


def test_a_single_visit_may_be_granted_above_the_threshold() -> None:
    world = make_world(HERE, days=1)
    draws = (0.0, 0.19, 0.2, 0.9)  # granted to draws below the share
    asks = [Ask(600 + 60 * i, group=G6, mobility=0.9, single_visit=s) for i, s in enumerate(draws)]
    journal = play(world, organisation(pool(always())), asks, single_visit_share=0.2)
    assert journal.outcome.tolist() == [DONE, DONE, REFERRED, REFERRED]
    assert (play(world, organisation(pool(always())), asks).outcome == REFERRED).all()  # a share of 0 grants none


@pytest.mark.parametrize(
    ("temporary_stay", "outcomes"),
    [("serve", [DONE, DONE]), ("acute only", [DONE, REFERRED]), ("refer", [REFERRED, REFERRED])],
)
def test_guests_are_served_as_the_policy_says(temporary_stay: str, outcomes: list[int]) -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(600, group=G7, klass=A3), Ask(700, group=G7, klass=P, due_day=0)]
    journal = play(world, organisation(pool(always())), asks, temporary_stay=temporary_stay)
    assert journal.outcome.tolist() == outcomes
    residents = [Ask(600, group=0, klass=A3), Ask(700, group=0, klass=P, due_day=0)]
    journal = play(world, organisation(pool(always())), residents, temporary_stay=temporary_stay)
    assert journal.outcome.tolist() == [DONE, DONE]


def test_a_municipality_may_have_a_policy_of_its_own() -> None:
    world = make_world(np.zeros((3, 3)), days=1)
    asks = [
        Ask(600 + 40 * i, group=G7, klass=klass, node=i // 2, due_day=0)
        for i, klass in enumerate((A2, P, A2, P, A2, P))
    ]
    made = organisation(pool(always()))
    own = {"acute_only_in": ("Kommun 1",), "referred_in": ("Kommun 2",)}
    journal = play(world, made, asks, **own)
    assert journal.outcome.tolist() == [DONE, DONE, DONE, REFERRED, REFERRED, REFERRED]
    journal = play(world, made, asks, temporary_stay="refer", **own)  # Kommun 1 is milder than the rest
    assert journal.outcome.tolist() == [REFERRED, REFERRED, DONE, REFERRED, REFERRED, REFERRED]
    twice = play(world, made, asks, acute_only_in=("Kommun 1",), referred_in=("Kommun 1",))
    assert twice.outcome.tolist() == [DONE, DONE, REFERRED, REFERRED, DONE, DONE]


@pytest.mark.parametrize("where", ["acute_only_in", "referred_in"])
def test_an_unknown_municipality_is_an_error_that_names_it(where: str) -> None:
    world = make_world(HERE, days=1)
    with pytest.raises(OrganisationError, match=r"no municipality is called Atlantis.*Kommun 0"):
        play(world, organisation(pool(always())), [], **{where: ("Kommun 0", "Atlantis")})


def test_where_the_refused_go() -> None:
    # 60 % to the vårdcentral, the next 15 % to the emergency department, the rest by telephone; A1 always to the ED.
    world = make_world(HERE, days=1)
    draws = (0.0, 0.59, 0.6, 0.74, 0.76, 0.99)
    asks = [Ask(600 + i, group=G7, klass=A2, elsewhere=e) for i, e in enumerate(draws)]
    asks += [Ask(700 + i, group=G7, klass=A1, elsewhere=e) for i, e in enumerate((0.0, 0.99))]
    asks += [Ask(800, group=G6, klass=P, due_day=0, mobility=1.0, elsewhere=0.8)]
    asks += [Ask(900, group=0, elsewhere=0.7)]
    journal = play(world, organisation(pool(always())), asks, temporary_stay="refer")
    assert journal.referred_to.tolist() == [
        TO_VARDCENTRAL, TO_VARDCENTRAL, TO_ED, TO_ED, TO_TELEPHONE, TO_TELEPHONE, TO_ED, TO_ED, TO_TELEPHONE, -1,
    ]  # fmt: skip


def test_the_refused_load_nobody_and_are_counted_when_triaged() -> None:
    world = make_world(LINE, days=1)
    team = pool(always())
    made = organisation(team, routes=[route(team, triage_min=7)])
    asks = [
        Ask(600, node=1, group=G6, mobility=0.8, patience=0),
        Ask(601, node=0, on_scene=30),
        Ask(700, node=1, group=G6, mobility=0.8, call=10),
        Ask(1434, node=1, group=G6, mobility=0.8),  # triaged at 24:01
    ]
    journal = play(world, made, asks)
    assert journal.outcome.tolist() == [REFERRED, DONE, REFERRED, OPEN]
    assert journal.t1[:3].tolist() == [607, 608, 707] and np.isnan(journal.t1[3])
    assert times(journal, 1) == (608, 613, 643, 643)  # the one before took nobody
    for column in (journal.t3, journal.t4, journal.t5, journal.t6, journal.te, journal.km):
        assert np.isnan(column[[0, 2, 3]]).all()
    assert journal.shift.tolist() == [-1, 0, -1, -1] and journal.referred_to[3] == -1
    assert (journal.driving_min[0], journal.on_scene_min[0], journal.telephone_min[0]) == (10, 30, 0)
    assert journal.shift_stops[0] == 1


# --- cancelled ------------------------------------------------------------------------------------


def test_a_patient_who_leaves_before_anybody_sets_out_is_cancelled() -> None:
    world = make_world(LINE, days=1)
    asks = [
        Ask(600, node=0, on_scene=60),  # free at 665
        Ask(610, node=0, leaves=664.5),
        Ask(611, node=0, leaves=665, klass=A2),  # taken in that very minute: completion before leaving
        Ask(612, node=0, klass=A3),
    ]
    journal = play(world, organisation(pool(always())), asks)
    assert journal.outcome.tolist() == [DONE, CANCELLED, DONE, DONE]
    assert journal.t3[2:].tolist() == [665, 700]
    assert np.isnan(journal.t3[1]) and np.isnan(journal.te[1]) and journal.shift[1] == -1
    assert journal.shift_stops[0] == 3


def test_when_a_physician_is_on_the_way_it_is_too_late_to_cancel() -> None:
    world = make_world(LINE, days=1)
    journal = play(world, organisation(pool(always())), [Ask(600, node=1, leaves=610)])
    assert journal.outcome[0] == DONE and journal.t4[0] == 620


def test_a_patient_who_has_left_before_the_visit_is_ordered_waits_for_nobody() -> None:
    world = make_world(HERE, days=1)
    team = pool(always())
    made = organisation(team, routes=[route(team, triage_min=20)])
    journal = play(world, made, [Ask(600, on_scene=60), Ask(610, leaves=620), Ask(611)])
    assert journal.outcome.tolist() == [DONE, CANCELLED, DONE]
    assert journal.t1.tolist() == [620, 630, 631] and journal.t3[2] == 680


def test_patience_or_leaving_whichever_is_first() -> None:
    world = make_world(HERE, days=1)
    asks = [
        Ask(600, on_scene=300),
        Ask(610, patience=20, leaves=640),
        Ask(611, patience=20, leaves=630),
        Ask(612, patience=20, leaves=632),  # both at once: patience
    ]
    journal = play(world, organisation(pool(always())), asks)
    assert journal.outcome.tolist() == [DONE, ESCALATED, CANCELLED, ESCALATED]
    assert journal.te[[1, 3]].tolist() == [630, 632] and np.isnan(journal.te[2])


def test_a_stop_of_a_tour_whose_patient_has_left_is_passed_over() -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(0, klass=P, due_day=3, on_scene=60, leaves=left) for left in (np.inf, at("08:59"), np.inf)]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    assert journal.outcome.tolist() == [DONE, CANCELLED, DONE]
    assert journal.t3[[0, 2]].tolist() == [480, 540]
    assert journal.broken.tolist() == [0, 0, 0]


# --- reserve --------------------------------------------------------------------------------------


def test_the_last_free_physician_is_kept_for_a1() -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(600, klass=A2, on_scene=60), Ask(601, klass=A2, on_scene=30), Ask(602, klass=A1, on_scene=30)]
    journal = play(world, organisation(pool(always(lines=2), reserve=1)), asks)
    # 600: two are free, 0 goes. 601: 1 is the last, so the second A2 waits. 602: A1 takes 1. At 632 1 is free, alone:
    # does not go. At 660 0 is free and 1 is left: 0 goes.
    assert journal.t3.tolist() == [600, 660, 602]
    assert journal.shift.tolist() == [0, 0, 1]
    without = play(world, organisation(pool(always(lines=2))), asks)
    assert without.t3.tolist() == [600, 601, 631]


def test_one_who_becomes_free_alone_does_not_take_a_queued_a2_or_a_call() -> None:
    world = make_world(HERE, days=1)
    asks = [
        Ask(600, klass=A1, on_scene=60),
        Ask(601, klass=A1, on_scene=100),
        Ask(602, klass=A2),
        Ask(603, klass=A3, call=10),
        Ask(670, klass=A1, on_scene=10),
    ]
    journal = play(world, organisation(pool(always(lines=2), reserve=1)), asks)
    # 660: 0 is free, nobody else: stays. 670: A1 takes 0. 680: 0 alone again. 701: 1 is free, 0 too: 1 takes the A2.
    # 731: 1 is free again beside 0: the call.
    assert journal.t3.tolist() == [600, 601, 701, 731, 670]
    assert journal.shift.tolist() == [0, 1, 1, 1, 0]


def test_each_team_keeps_its_own_reserve() -> None:
    world = make_world(np.zeros((2, 2)), days=1)
    asks = [Ask(600, klass=A2), Ask(601, klass=A2), Ask(602, klass=A2, node=1)]
    posts = (always("Ort 0", 2), always("Ort 1", 2))
    apart = play(world, organisation(pool(*posts, area=Area.MUNICIPALITY, reserve=1)), asks)
    assert apart.t3.tolist() == [600, 630, 602]  # two are free in the other municipality, which is another team
    together = play(world, organisation(pool(*posts, reserve=1)), asks)
    assert together.t3.tolist() == [600, 601, 602]  # four: one is left
    plain = pool(always("Ort 0", 2), name="other")
    reserved = pool(always("Ort 0", 1), name="reserved", reserve=1)
    made = organisation(reserved, plain, routes=[route(reserved, plain)])
    assert play(world, made, asks).shift.tolist() == [1, 2, 1]  # a reserve of 1 among 1 goes to A1 only


# --- breaks ---------------------------------------------------------------------------------------


def test_eight_hours_have_one_break_in_the_middle() -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(at("11:20"), on_scene=39), Ask(at("12:05"), on_scene=10), Ask(at("12:29")), Ask(at("14:00"))]
    journal = play(world, on("08:00", "16:00"), asks, break_min=30)
    # Break 12:00-12:30; not even A1 reaches it.
    assert journal.t3.tolist() == [at("11:20"), at("12:30"), at("12:40"), at("14:00")]
    assert journal.idle_min[0] == 480 - 39 - 10 - 30 - 30
    longer = play(world, on("08:00", "16:00", break_min=45), asks, break_min=30)  # the pool says
    assert longer.t3[1] == at("12:45")


def test_fifteen_hours_have_two_breaks_and_five_have_none() -> None:
    world = make_world(HERE, days=1)
    clocks = ("10:59", "11:10", "13:30", "16:10", "18:30")
    journal = play(world, on("06:00", "21:00"), [Ask(at(c), on_scene=1) for c in clocks], break_min=30)
    assert journal.t3.tolist() == [at("10:59"), at("11:30"), at("13:30"), at("16:30"), at("18:30")]
    every = [Ask(at("08:00") + 2 * i, on_scene=0) for i in range(150)]
    five = play(world, on("08:00", "13:00"), every, break_min=30)
    assert (five.t3 == five.t1).all()
    # One minute more and there is one in the middle, at 10:30 and a half.
    more = play(world, on("08:00", "13:01"), every, break_min=30)
    assert np.flatnonzero(more.t3 > more.t1)[0] == 76 and more.t3[76] == at("11:00") + 0.5


def test_a_break_waits_for_the_visit_in_hand_and_for_a1_but_goes_before_the_rest() -> None:
    world = make_world(HERE, days=1)
    visit = Ask(at("11:50"), on_scene=40)
    late = play(world, on("08:00", "16:00"), [visit, Ask(at("12:20"), klass=A2)], break_min=30)
    assert late.t3[1] == at("13:00")
    asks = [visit, Ask(at("12:20"), klass=A2), Ask(at("12:25"), klass=A1, on_scene=15)]
    urgent = play(world, on("08:00", "16:00"), asks, break_min=30)
    assert urgent.t3.tolist() == [at("11:50"), at("13:15"), at("12:30")]  # A1 to 12:45, break to 13:15


def test_a_break_goes_before_the_next_stop_of_a_tour() -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(0, klass=P, due_day=0, on_scene=150) for _ in range(3)]
    journal = play(world, on("08:00", "17:00"), asks, break_min=30)
    # Due at 12:30; visits end 10:30 and 13:00, so 13:00-13:30, and the third takes until 16:00.
    assert journal.t3.tolist() == [at("08:00"), at("10:30"), at("13:30")]


def test_a_break_is_not_taken_if_it_would_pass_the_end_of_the_shift() -> None:
    world = make_world(HERE, days=2)
    for minutes, begins in ((220, at("08:00", 1)), (221, at("15:31"))):
        # The visit ends at 15:30: the break just fits and takes the rest of the day. At 15:31: none, work goes on.
        asks = [Ask(at("11:50"), on_scene=minutes, plan=60), Ask(at("15:00"), klass=A3, on_scene=10)]
        journal = play(world, on("08:00", "16:00", overtime_min=60), asks, break_min=30)
        assert journal.t3[1] == begins and journal.overtime_min[0] == 0


def test_a_break_begun_on_the_way_home_counts_from_the_arrival() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(at("11:00"), node=2, on_scene=5), Ask(at("12:10"), node=0, on_scene=10)]
    journal = play(world, on("08:00", "16:00"), asks, break_min=30)
    # In C 11:50-11:55, home 12:45; the break falls due at 12:00 on the road: 12:45-13:15.
    assert journal.t3[1] == at("13:15") and journal.t4[1] == at("13:20")
    assert journal.driving_min[0] == journal.shift_km[0] == 50 + 50 + 5 + 5


def test_a_break_after_a_visit_is_taken_there() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(at("11:30"), node=1, on_scene=30), Ask(at("12:25"), node=2, on_scene=10)]
    journal = play(world, on("08:00", "16:00"), asks, break_min=30)
    # In B 11:50-12:20, break there to 12:50, then 30 min to C and 50 home.
    assert journal.t3[1] == at("12:50") and journal.t4[1] == at("13:20")
    assert journal.driving_min[0] == 20 + 30 + 50


def test_those_who_are_always_on_duty_have_no_breaks() -> None:
    world = make_world(HERE, days=2)
    asks = [Ask(10.0 * i, on_scene=1) for i in range(280)]
    journal = play(world, organisation(pool(always())), asks, break_min=30)
    assert (journal.t3 == journal.t1).all()


# --- hand-over ------------------------------------------------------------------------------------


def handed_over(own: float | None, general: float, first_after: float = 0.0) -> Journal:
    """Three requests to one pool and, 30 min after it was asked, another; the second request finds the first pool
    busy."""
    world = make_world(LINE, days=1)
    first, second = pool(always("Ort 0"), name="first"), pool(always("Ort 0"), name="second")
    steps = (first.after(minutes=first_after), second.after(minutes=30))
    made = organisation(first, second, routes=[route(*steps, hand_over_min=own)])
    asks = [Ask(600, on_scene=100), Ask(601, documentation=5), Ask(695, documentation=5)]
    return play(world, made, asks, hand_over_min=general)


def test_a_pool_that_takes_over_comes_later_and_documents_longer() -> None:
    journal = handed_over(None, 10)
    # The second pool at 601 + 30 + 10; 5 + 30 min, then 5 + 10 of documentation.
    assert times(journal, 1) == (641, 646, 676, 691)
    # The first is free at 705, before 695 + 40: nothing is added.
    assert times(journal, 2) == (705, 710, 740, 745)
    assert times(journal, 0) == (600, 605, 705, 705)
    assert journal.step.tolist() == [0, 1, 0]
    assert journal.documenting_min.tolist() == [5, 15]


def test_the_hand_over_of_the_route_beats_that_of_the_scenario() -> None:
    none = handed_over(0, 10)
    assert times(none, 1) == (631, 636, 666, 671)
    longer = handed_over(20, 10)
    assert times(longer, 1) == (651, 656, 686, 711)


def test_the_pool_that_is_asked_first_needs_no_hand_over_even_if_not_at_once() -> None:
    journal = handed_over(None, 10, first_after=5)
    assert times(journal, 0) == (605, 610, 710, 710)
    assert times(journal, 1) == (641, 646, 676, 691)


def test_pools_that_are_asked_at_once_take_nothing_over() -> None:
    world = make_world(LINE, days=1)
    first, second = pool(always("Ort 0"), name="first"), pool(always("Ort 0"), name="second")
    made = organisation(first, second, routes=[route(first, second)])
    journal = play(world, made, [Ask(600, on_scene=100), Ask(601)], hand_over_min=10)
    assert times(journal, 1) == (601, 606, 636, 636) and journal.shift[1] == 1


# --- a stand-by place elsewhere -------------------------------------------------------------------


def test_a_day_from_a_stand_by_place() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(Post("Ort 0", OFFICE, stand_by="Ort 1")))
    asks = [Ask(at("09:00"), node=2, on_scene=30), Ask(at("10:10"), node=2, on_scene=30)]
    journal = play(world, made, asks)
    # A to B 08:00-08:20. From B to C 30 min; 10:00 back towards B; turned round at 10:10: 10 back and 5 within C.
    # 10:55 to B, there 11:25. At 17:00 home to A, 17:20.
    assert journal.t4.tolist() == [at("09:30"), at("10:25")]
    assert journal.km.tolist() == [30, 15]
    assert (journal.shift_home[0], journal.overtime_min[0]) == (at("17:20"), 20)
    assert journal.driving_min[0] == journal.shift_km[0] == 20 + 30 + 10 + 15 + 30 + 20


def test_the_stand_by_place_decides_who_is_nearest() -> None:
    world = make_world(LINE, days=1)
    waiting = organisation(pool(always("Ort 0"), Post("Ort 2", (Shift(EVERY_DAY, "00:00", "00:00"),), 1, "Ort 1")))
    journal = play(world, waiting, [Ask(10, node=1), Ask(600, node=1)])
    # At 00:10 C's is 10 min on the way to B, which is 20 min on (and 5 within B): 25; A's needs 20 and goes.
    assert journal.shift.tolist() == [0, 1] and journal.t4.tolist() == [30, 605]
    at_base = organisation(pool(always("Ort 0"), always("Ort 2")))
    assert play(world, at_base, [Ask(600, node=1)]).shift.tolist() == [0]


def test_at_the_end_of_the_shift_the_shorter_way_home_from_the_road_to_stand_by() -> None:
    world = make_world(LINE, days=1)
    short = (Shift(EVERY_DAY, "08:00", "08:20"),)
    back = play(world, organisation(pool(Post("Ort 0", short, stand_by="Ort 2"))), [])
    # 20 of 50 min towards C: back to A is 20 + 5, on by C 30 + 50.
    assert (back.shift_home[0], back.driving_min[0], back.shift_km[0]) == (at("08:45"), 45, 45)
    onward = organisation(pool(Post("Ort 0", (Shift(EVERY_DAY, "08:00", "10:00"),), stand_by="Ort 1")))
    journal = play(world, onward, [Ask(at("08:20"), node=2, on_scene=45)])
    # In B at 08:20, which goes before the call: 30 min to C, there 08:50-09:35; 25 of 30 min towards B at 10:00.
    # Back is 25 + 50, on by B 5 + 20: home 10:25.
    assert journal.t4[0] == at("08:50")
    assert (journal.shift_home[0], journal.driving_min[0]) == (at("10:25"), 20 + 30 + 30 + 20)
    assert journal.shift_km[0] == 100


# --- office work in blocks ------------------------------------------------------------------------


def test_a_block_of_office_work_cannot_be_interrupted_and_blocks_follow_each_other() -> None:
    world = make_world(HERE, days=1)
    asks = [
        Ask(at("08:10"), on_scene=20),  # A1 waits for the end of the block all the same: 08:30-08:50
        Ask(at("09:10"), on_scene=0),  # block 08:50-09:20
        Ask(at("09:20"), on_scene=15),  # the next block begins before it is ordered: 09:50
        Ask(at("11:00"), call=5),  # blocks from 10:05; 10:35-11:05
    ]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE), between=Between.BLOCKS)), asks)
    assert journal.t3.tolist() == [at("08:30"), at("09:20"), at("09:50"), at("11:05")]
    hours = organisation(pool(Post("Ort 0", OFFICE), between=Between.BLOCKS, block_min=60))
    assert play(world, hours, asks[:2]).t3.tolist() == [at("09:00"), at("09:20")]


def test_a_block_begins_when_back_at_base_and_queued_work_goes_before_it() -> None:
    world = make_world(LINE, days=1)
    asks = [
        Ask(at("08:10"), node=1, on_scene=30),  # 08:30 out, 08:50-09:20
        Ask(at("08:40"), node=1, on_scene=10),  # at 09:20 from B: 09:25-09:35
        Ask(at("09:40"), node=1, on_scene=10),  # home 09:55, block to 10:25
    ]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE), between=Between.BLOCKS)), asks)
    assert journal.t3.tolist() == [at("08:30"), at("09:20"), at("10:25")]
    assert journal.driving_min[0] == 20 + 5 + 20 + 20 + 20


def test_office_work_ends_with_the_shift() -> None:
    world = make_world(HERE, days=2)
    office = organisation(pool(Post("Ort 0", OFFICE), between=Between.BLOCKS, overtime_min=60))
    journal = play(world, office, [Ask(at("16:40"))])
    # The last block ends at 17:00, and so does the day. In the morning what is queued goes before a block.
    assert journal.t3[0] == at("08:00", 1)
    assert journal.shift_home[0] == at("17:00") and journal.idle_min[0] == 540


# --- paid rest ------------------------------------------------------------------------------------

NIGHTS = (Shift(EVERY_DAY, "22:00", "08:00"),)


def test_paid_rest_takes_hours_from_the_staffing_that_fills() -> None:
    world = make_world(HERE, days=7)
    asks = [Ask(0)]
    for rest, lines in ((0.0, 230 / 56), (8.0, 174 / 56)):
        # Seven nights of 10 h, each with its rest; the days take what is left of 300, in lines of 7 x 8 h.
        night = pool(Post("Ort 0", NIGHTS), name="night", rest_h=rest)
        day = pool(Filled(("Ort 0",), Shift(EVERY_DAY, "08:00", "16:00")), name="day")
        made = organisation(night, day, routes=[route(night, day)])
        ready = compiled(made, world, settings(hours_per_week=300))
        # The last line is shorter, to the nearest five minutes a day.
        short = 5 * round((lines % 1) * 480 / 5)
        minutes = 7 * (int(lines) * 480 + short)
        assert ready.pool_hours_per_week == pytest.approx((7 * (10 + rest), minutes / 60))
        assert ready.hours_per_week == pytest.approx(300, abs=7 * 2.5 / 60)
        length = ready.roster.end - ready.roster.start
        assert length[ready.roster.pool == 1].sum() == minutes
        assert length[ready.roster.pool == 0].sum() == 4200  # rest is paid, not worked
        assert play(world, made, asks, hours_per_week=300).t3[0] == at("08:00")


def test_paid_rest_takes_hours_from_home_visit_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "expected_planned_work", lambda world, scenario: np.ones(2))
    world = make_world(LINE, days=7, vardcentraler=(0, 1))
    for rest, left in ((0.0, 40.0), (3.0, 19.0)):
        # 110 h less 7 x (10 + rest), shared by two vårdcentraler.
        night = pool(Post("Ort 0", NIGHTS), name="night", rest_h=rest)
        local = pool(HomeVisitWindows(), name="local", area=Area.LISTED)
        made = organisation(night, local, routes=[route(night, local)])
        ready = compiled(made, world, settings(hours_per_week=110))
        length = ready.roster.end - ready.roster.start
        assert length[ready.roster.pool == 1].sum() / 60 == pytest.approx(left, abs=0.5)
        assert ready.hours_per_week == pytest.approx(110, abs=0.5)
        assert ready.pool_hours_per_week[0] == pytest.approx(7 * (10 + rest))


def test_too_much_paid_rest_is_an_error() -> None:
    world = make_world(HERE, days=7)
    night = pool(Post("Ort 0", NIGHTS), name="night", rest_h=8.0)
    day = pool(Filled(("Ort 0",), Shift(EVERY_DAY, "08:00", "16:00")), name="day")
    made = organisation(night, day, routes=[route(night, day)])
    with pytest.raises(OrganisationError, match="take 126 physician-hours a week"):
        compiled(made, world, settings(hours_per_week=126))


# --- tours ----------------------------------------------------------------------------------------


def test_two_physicians_and_four_patients() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(Post("Ort 0", OFFICE), Post("Ort 2", OFFICE)))
    asks = [Ask(0, node=node, klass=P, due_day=3) for node in (1, 0, 2, 1)]
    journal = play(world, made, asks)
    # 0 from A, 1 from C. B adds 20 + 20 to 0, 30 + 30 to 1: 0 has [B].
    # A adds 5 to 0, before or after B, and 50 + 50 to 1: 0 has [B, A], the latest of equals.
    # C adds to 0 60 at best, to 1 5 + 5: 1 has [C].
    # B adds 5 to 0 (before or after B; 35 at the end), 30 + 30 - 5 to 1: 0 has [B, B, A].
    assert journal.shift.tolist() == [0, 0, 1, 0]
    # 0: 20, 30, 5, 30, 20, 30, home 5. 1: 5, 30, 5.
    assert journal.t4.tolist() == [500, 585, 485, 535]
    assert journal.driving_min.tolist() == [50, 10]


def test_crossed_tour_is_turned_round() -> None:
    # Streets at right angles, minutes = metres: base (0, 0), (0, 20), (5, -5), (-20, -5), (-20, 20).
    spots = [(0, 0), (0, 20), (5, -5), (-20, -5), (-20, 20)]
    travel = [[float(abs(a - c) + abs(b - d)) for c, d in spots] for a, b in spots]
    world = make_world(travel, days=1)
    asks = [Ask(0, node=node, klass=P, due_day=3, on_scene=30) for node in (1, 2, 3, 4)]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    # Insertion: [1], 40 min; 2 adds 20 before or after: [1, 2]; 3 adds 40 in the middle or last: [1, 2, 3];
    # 4 adds 40 first, second or last: [1, 2, 3, 4] = 20 + 30 + 25 + 25 + 40 = 140 min, which crosses itself.
    # 2, 3, 4 turned round: [1, 4, 3, 2] = 20 + 20 + 25 + 25 + 10 = 100 min.
    assert journal.t4.tolist() == [500, 500 + 30 + 20 + 30 + 25 + 30 + 25, 605, 550]
    assert journal.driving_min[0] == 100


def test_a_tour_fills_the_planned_share_and_what_is_due_today_goes_beyond_it() -> None:
    world = make_world(HERE, days=4)
    office = organisation(pool(Post("Ort 0", OFFICE)))
    later = play(world, office, [Ask(0, klass=P, due_day=9, on_scene=60) for _ in range(6)], planned_share=0.5)
    # Half of 540 min: four of 60 on Monday, the others on Tuesday.
    monday, tuesday = [480, 540, 600, 660], [at("08:00", 1), at("09:00", 1)]
    assert later.t3.tolist() == [*monday, *tuesday]
    today = play(world, office, [Ask(0, klass=P, due_day=0, on_scene=60) for _ in range(6)], planned_share=0.5)
    assert today.t3.tolist() == [480, 540, 600, 660, 720, 780]
    # Five due today have used the share up: the one that can wait does, although the day has room.
    mixed = [Ask(0, klass=P, due_day=9 if i == 0 else 0, on_scene=60) for i in range(6)]
    journal = play(world, office, mixed, planned_share=0.5)
    assert journal.t3.tolist() == [at("08:00", 1), 480, 540, 600, 660, 720]
    own = organisation(pool(Post("Ort 0", OFFICE), planned_share=0.25))  # 135 min
    journal = play(world, own, [Ask(0, klass=P, due_day=9, on_scene=60) for _ in range(3)], planned_share=0.5)
    assert journal.t3.tolist() == [480, 540, at("08:00", 1)]


def test_not_more_is_due_than_the_day_has_room_for() -> None:
    world = make_world(HERE, days=4)
    asks = [Ask(0, klass=P, due_day=0, on_scene=200) for _ in range(3)]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks, planned_share=0.5)
    assert journal.t3.tolist() == [480, 680, at("08:00", 1)] and journal.broken.tolist() == [0, 0, 0]


def test_what_is_due_today_has_a_place_in_the_tour_beyond_the_share() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(0, node=2, klass=P, due_day=0), Ask(0, node=1, klass=P, due_day=0)]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks, planned_share=0.1)
    # C, then B, which is on the way both out and home (0 min more): last of equals. One by one it would be B first.
    assert journal.t4.tolist() == [530, 590]


def test_what_is_ordered_during_the_day_keeps_within_the_share_unless_due() -> None:
    world = make_world(HERE, days=2)
    for due_day, begins in ((0, 730), (1, at("08:00", 1))):
        # 250 of 270 min are used when the second one is looked at, at 12:10.
        asks = [Ask(0, klass=P, due_day=0, on_scene=250), Ask(540, klass=P, due_day=due_day, on_scene=60)]
        journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks, planned_share=0.5)
        assert journal.t3.tolist() == [480, begins]


def test_a_tour_planned_anew_begins_where_the_physician_is() -> None:
    world = make_world(LINE, days=1)
    short = (Shift(OFFICE_DAYS, "12:00", "12:20"),)  # makes the team plan, and has no room itself
    made = organisation(pool(Post("Ort 0", OFFICE), Post("Ort 0", short)))
    asks = [
        Ask(0, node=2, klass=P, due_day=0, on_scene=195),
        Ask(540, node=1, klass=P, due_day=0),
        Ask(541, node=2, klass=P, due_day=0),
    ]
    journal = play(world, made, asks)
    # In C 08:50-12:05. From C to A by B is no detour; C adds 5 min before B, 60 after: [C, B]. C 12:10-12:40, B 13:10.
    assert journal.t4.tolist() == [530, at("13:10"), at("12:10")]
    assert journal.shift.tolist() == [0, 0, 0]


@pytest.mark.parametrize(("weight", "shift"), [(0.0, 0), (19.0, 0), (20.0, 0), (21.0, 1)])
def test_the_named_physician_is_preferred_up_to_the_weight(weight: float, shift: int) -> None:
    world = make_world(LINE, days=1, vardcentraler=(0, 2))
    made = organisation(pool(Post(EachVardcentral(), OFFICE)))
    journal = play(world, made, [Ask(0, node=1, klass=P, due_day=3, vardcentral=1)], named_weight_min=weight)
    # B is 20 + 20 min from A, 30 + 30 from the named one in C: worth it from more than 20 min on.
    assert journal.shift[0] == shift


def test_the_weight_buys_no_room() -> None:
    world = make_world(LINE, days=2, vardcentraler=(0, 2))
    made = organisation(pool(Post(EachVardcentral(), OFFICE)))
    # 460 + 40 min are within 540; for the named one it would be 490 + 60.
    asks = [Ask(0, node=1, klass=P, due_day=3, vardcentral=1, on_scene=490)]
    journal = play(world, made, asks, named_weight_min=500.0)
    assert journal.shift_pool[journal.shift[0]] == 0 and journal.shift_municipality[journal.shift[0]] == 0


def test_acute_requests_go_in_between_stops_and_the_tour_goes_on_from_there() -> None:
    world = make_world(LINE, days=1)
    asks = [
        Ask(0, node=1, klass=P, due_day=3),
        Ask(0, node=0, klass=P, due_day=3),
        Ask(510, node=2, klass=A2),
    ]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    # Tour [B, A] as above. B 500-530; then the acute one in C 560-590, then 50 min to A.
    assert journal.t4.tolist() == [500, 640, 560]
    assert journal.broken.tolist() == [0, 0, 0]


def test_a_stop_that_no_longer_fits_goes_back_and_is_made_the_next_day() -> None:
    world = make_world(HERE, days=3)
    asks = [
        Ask(0, klass=P, due_day=5, on_scene=240, plan=60),
        Ask(0, klass=P, due_day=5, on_scene=360),
        Ask(0, klass=P, due_day=5, on_scene=90),
    ]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    # Planned 60 + 360 + 90 = 510 of 540. The first takes until 12:00; 360 would end at 18:00, 90 does fit.
    assert journal.t3.tolist() == [480, at("08:00", 1), 720]
    assert journal.broken.tolist() == [0, 1, 0]


def test_a_tour_that_is_not_reached_before_the_end_of_the_shift_goes_back() -> None:
    world = make_world(HERE, days=3)
    asks = [
        Ask(0, klass=P, due_day=5, on_scene=30),
        Ask(0, klass=P, due_day=5, on_scene=30),
        Ask(485, klass=A1, on_scene=520, plan=30),
    ]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    # The acute one 08:30-17:10: home at once; the second planned one on Tuesday.
    assert journal.t3.tolist() == [480, at("08:00", 1), 510]
    assert journal.broken.tolist() == [0, 1, 0] and journal.overtime_min[0] == 10


def test_tours_are_planned_anew_when_a_second_shift_comes_on() -> None:
    world = make_world(LINE, days=1)
    noon = (Shift(OFFICE_DAYS, "12:00", "17:00"),)
    made = organisation(pool(Post("Ort 0", OFFICE), Post("Ort 2", noon)))
    asks = [Ask(0, node=0, klass=P, due_day=3, on_scene=250), Ask(0, node=2, klass=P, due_day=3)]
    journal = play(world, made, asks)
    # At 08:00 both are 0's: A 08:05-12:15, then C. At 12:00 C's physician needs 10 min for it, 0 needs 100.
    assert journal.t4.tolist() == [485, at("12:05")]
    assert journal.shift.tolist() == [0, 1] and journal.broken.tolist() == [0, 0]
    alone = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    assert alone.t4.tolist() == [485, at("13:05")]


def test_what_is_in_a_tour_is_not_taken_by_a_later_pool() -> None:
    world = make_world(HERE, days=1)
    first, second = pool(Post("Ort 0", OFFICE), name="first"), pool(Post("Ort 0", OFFICE), name="second")
    made = organisation(first, second, routes=[route(first, second.after(minutes=90))])
    asks = [Ask(at("07:00"), klass=P, due_day=3, on_scene=120) for _ in range(2)]
    journal = play(world, made, asks)
    # The second pool is asked at 08:30 and idle all day.
    assert journal.t3.tolist() == [480, 600] and journal.shift.tolist() == [0, 0]
    # What found no room in the first pool's tours, it takes: 120 + 450 > 540.
    asks = [Ask(at("07:00"), klass=P, due_day=3, on_scene=minutes) for minutes in (120, 450)]
    journal = play(world, made, asks)
    assert journal.t3.tolist() == [480, at("08:30")] and journal.shift.tolist() == [0, 1]


def test_two_pools_asked_at_once_plan_one_after_the_other() -> None:
    world = make_world(HERE, days=1)
    first, second = pool(Post("Ort 0", OFFICE), name="first"), pool(Post("Ort 0", OFFICE), name="second")
    made = organisation(first, second, routes=[route(second, first)])
    asks = [Ask(0, klass=P, due_day=3, on_scene=200) for _ in range(3)]
    journal = play(world, made, asks)
    # The first team plans first and has room for two of 200; the third is in nobody's tour and the second team's.
    assert journal.shift.tolist() == [0, 0, 1] and journal.t3.tolist() == [480, 680, 480]


def test_of_equal_costs_the_lower_number_has_the_stop() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(Post("Ort 0", OFFICE, 3)))
    asks = [Ask(0, node=1, klass=P, due_day=3, on_scene=440), Ask(0, node=2, klass=P, due_day=3)]
    journal = play(world, made, asks)
    # 440 + 40 leave 0 with 60 min; C would add 60 + 30 there. 1 and 2 are alike.
    assert journal.shift.tolist() == [0, 1] and journal.t3.tolist() == [480, 480]


def test_a_reserve_holds_for_planned_work() -> None:
    world = make_world(HERE, days=1)
    made = organisation(pool(Post("Ort 0", OFFICE), reserve=1))
    asks = [Ask(0, klass=P, due_day=0), Ask(at("09:00"), klass=A1)]
    journal = play(world, made, asks)
    assert journal.outcome.tolist() == [OPEN, DONE]


def test_neighbours_who_help_take_planned_work_too() -> None:
    world = make_world(np.zeros((2, 2)), days=1)
    made = organisation(
        pool(Post("Ort 0", OFFICE), Post("Ort 1", OFFICE), area=Area.MUNICIPALITY),
        choice=Choice.NEAREST,
        sharing=Sharing.AGREEMENT,
    )
    asks = [Ask(at("07:00"), klass=P, due_day=0, on_scene=400), Ask(at("07:00"), klass=P, due_day=0, on_scene=400)]
    # The second does not fit the own tour (800 of 540); the neighbour may take it from 08:30 on.
    journal = play(world, made, asks, delay=90)
    assert journal.t3.tolist() == [480, 510] and journal.shift.tolist() == [0, 1]


# --- what a reserve, a stand-by place or the road must not spoil ----------------------------------------


def test_who_was_kept_by_the_reserve_goes_when_a_colleague_is_free() -> None:
    world = make_world(LINE, days=1)
    two = organisation(pool(Post("Ort 0", OFFICE), Post("Ort 2", OFFICE), reserve=1))
    asks = [Ask(0, node=0, klass=P, due_day=0, on_scene=60), Ask(0, node=2, klass=P, due_day=0, on_scene=60)]
    # 08:00: 0 drives 5 min to A, 1 is kept. 09:05: 0 is free, 1 may go.
    assert play(world, two, asks).t3.tolist() == [at("08:00"), at("09:05")]


def test_who_was_kept_takes_what_a_free_colleague_may_not_begin() -> None:
    world = make_world(HERE, days=1)
    shifts = [Post("Ort 0", (Shift(OFFICE_DAYS, "08:00", end),)) for end in ("12:00", "17:00")]
    asks = [Ask(at("11:00"), klass=A1, on_scene=30), Ask(at("11:01"), klass=A2, on_scene=60)]
    journal = play(world, organisation(pool(*shifts, reserve=1, overtime_min=0)), asks)
    # 11:30: the first is free again, but would not be done by 12:00; the second goes.
    assert journal.t3.tolist() == [at("11:00"), at("11:30")] and journal.shift.tolist() == [0, 1]


def test_a_colleague_who_comes_on_duty_frees_those_kept_by_the_reserve() -> None:
    world = make_world(HERE, days=1)
    shifts = [Post("Ort 0", (Shift(OFFICE_DAYS, begin, "17:00"),)) for begin in ("08:00", "10:00")]
    journal = play(world, organisation(pool(*shifts, reserve=1)), [Ask(at("09:00"), klass=A3)])
    assert journal.t3.tolist() == [at("10:00")] and journal.shift.tolist() == [1]  # the newcomer looks first


def test_a_patient_who_left_during_triage_is_not_visited_though_somebody_is_free() -> None:
    made = organisation(pool(always()))
    made = organisation(*made.pools, routes=[route(made.pools[0], triage_min=20)])
    journal = play(make_world(HERE, days=2), made, [Ask(600, leaves=610), Ask(700, leaves=721)])
    assert journal.outcome.tolist() == [CANCELLED, DONE]
    assert np.isnan(journal.t3[0]) and journal.t3[1] == 720


def test_office_work_is_cut_at_the_end_of_the_shift_and_waits_for_the_plan() -> None:
    world = make_world(HERE, days=1)
    office = organisation(pool(Post("Ort 0", OFFICE), between=Between.BLOCKS))
    late = play(world, office, [Ask(at("08:10"), on_scene=20)])
    # Block 08:00-08:30, visit to 08:50, blocks to 16:50; the last is cut at 17:00.
    assert late.shift_home[0] == at("17:00") and late.overtime_min[0] == 0
    assert play(world, office, [Ask(0, klass=P, due_day=0, on_scene=20)]).t3[0] == at("08:00")


def test_no_break_is_begun_on_the_road_that_would_pass_the_end_of_the_shift() -> None:
    world = make_world([[0.0, 170.0], [170.0, 0.0]], days=1)
    journal = play(world, on("08:00", "14:00"), [Ask(at("08:05"), node=1, on_scene=1)], break_min=30)
    # There 10:55, free 10:56, home 13:46; the break due at 11:00 would be 13:46-14:16.
    assert journal.shift_home[0] == at("14:00") and journal.overtime_min[0] == 0


def test_neighbours_of_the_same_pool_take_nothing_over() -> None:
    world = make_world(LINE, days=2)
    team = pool(always("Ort 0"), always("Ort 1"), area=Area.MUNICIPALITY)
    made = organisation(team, sharing=Sharing.AGREEMENT)
    asks = [Ask(600, node=0, on_scene=300), Ask(601, node=0, on_scene=10)]
    journal = play(world, made, asks, delay=30, hand_over_min=10)
    # 631: the neighbour may; 20 minutes from B, and 10 with the patient.
    assert (journal.t3[1], journal.t6[1]) == (631, 661)


def test_the_hand_over_counts_when_asking_whether_a_visit_ends_in_time() -> None:
    world = make_world(HERE, days=1)
    first = pool(Post("Ort 0", (Shift(EVERY_DAY, "20:00", "21:00"),)), name="first")
    then = pool(Post("Ort 0", (Shift(EVERY_DAY, "08:00", "10:00"),)), name="then", overtime_min=0)
    last = pool(Post("Ort 0", (Shift(EVERY_DAY, "08:00", "22:00"),)), name="last")
    routes = [route(first, then.after(minutes=10), last.after(minutes=10))]
    made = organisation(first, then, last, routes=routes)
    one = play(world, made, [Ask(at("09:10"), on_scene=20)], hand_over_min=10)
    assert one.t3[0] == at("09:30") and one.shift[0] == 1  # 09:30-09:50, documented to 10:00
    other = play(world, made, [Ask(at("09:11"), on_scene=20)], hand_over_min=10)
    assert other.t3[0] == at("09:31") and other.shift[0] == 2


def test_who_waits_elsewhere_is_planned_from_the_base_in_the_morning() -> None:
    world = make_world(LINE, days=1)
    made = organisation(pool(Post("Ort 0", OFFICE, stand_by="Ort 2")))
    asks = [Ask(0, node=2, klass=P, due_day=0), Ask(0, node=0, klass=P, due_day=0)]
    journal = play(world, made, asks)
    # From A: A 5, C 50, home 50 = 105 either way round; what was put in first comes first: C (50), then A (50).
    assert journal.t3.tolist() == [at("08:00"), at("09:20")]
    assert journal.km.tolist() == [50, 50]


def test_a_tape_of_another_world_is_refused() -> None:
    tape = make_tape(make_world(HERE, vardcentraler=(0,)), [Ask(600, vardcentral=0)])
    world = make_world(HERE)
    with pytest.raises(ValueError, match="vårdcentral 0; there are 0"):
        run_engine(tape, world, compiled(organisation(pool(always())), world))


def test_a_visit_that_is_over_in_the_minute_the_shift_begins_does_not_stop_the_tour() -> None:
    world = make_world(HERE, days=1)
    asks = [Ask(0, klass=P, due_day=0, on_scene=30), Ask(at("07:00"), on_scene=0)]
    # 08:00: the queued A1 takes no time at all; the tour is planned in the same minute and begins then.
    assert play(world, organisation(pool(Post("Ort 0", OFFICE))), asks).t3.tolist() == [at("08:00"), at("08:00")]
