"""Scripted days with answers worked out by hand, minute by minute, on both clocks.

First each mechanic alone, then the four models on one small county. Travel is 5 minutes within a place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from engine_factory import Ask, always, compiled, differences, make_tape, make_world, organisation, pool, settings

import models
from sim.codes import A1, A2, A3, DONE, ESCALATED, G4, OPEN, P, R
from sim.engine import Journal, Tables, run, tables
from sim.organisation import (
    EVERY_DAY,
    OFFICE_DAYS,
    PLANNED,
    UNPLANNED,
    Area,
    Between,
    Choice,
    Days,
    EachVardcentral,
    Organisation,
    Post,
    Sharing,
    Shift,
    route,
)
from sim.world.world import World

LINE = [[5.0, 20.0, 50.0], [20.0, 5.0, 30.0], [50.0, 30.0, 5.0]]  # A - 20 - B - 30 - C
DAY = 1440.0


def at(clock: str, day: int = 0) -> float:
    """Minutes of a clock time on a day; day 0 is a Monday."""
    hours, minutes = clock.split(":")
    return day * DAY + int(hours) * 60 + int(minutes)


def play(world: World, made: Organisation | Tables, asks: Sequence[Ask]) -> Journal:
    """Run a scripted tape on both clocks, which must agree to the last bit."""
    ready = compiled(made, world) if isinstance(made, Organisation) else made
    tape = make_tape(world, asks)
    journal = run(tape, world, ready, "compiled")
    assert differences(journal, run(tape, world, ready, "simpy")) == []
    return journal


# --- one request, one physician -------------------------------------------------------------------


def test_a_visit_takes_every_minute_it_should() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(at("09:00"), node=1, on_scene=30, documentation=15, factor=1.5)]
    journal = play(world, organisation(pool(always())), asks)
    assert journal.t1[0] == journal.t2[0] == journal.t3[0] == 540
    assert (journal.t4[0], journal.t5[0], journal.t6[0]) == (570, 600, 615)  # 20 min x 1.5
    assert journal.outcome[0] == DONE
    assert journal.km[0] == 20
    # Home again takes 30 min; the day has 1440.
    shift = (journal.driving_min[0], journal.on_scene_min[0], journal.documenting_min[0], journal.idle_min[0])
    assert shift == (60, 30, 15, 1335)
    assert journal.shift_km[0] == 40
    assert (journal.shift_stops[0], journal.shift_visits[0]) == (1, 1)


def test_queue_goes_by_class_then_by_order() -> None:
    world = make_world([[0.0]], days=1)
    asks = [Ask(600, klass=A1, on_scene=60), Ask(601, klass=A3), Ask(602, klass=A3), Ask(603, klass=A2), Ask(604)]
    journal = play(world, organisation(pool(always())), asks)
    assert journal.t3.tolist() == [600, 720, 750, 690, 660]


def test_the_nearest_free_physician_goes_and_equals_go_by_number() -> None:
    world = make_world(LINE, days=1)
    team = organisation(pool(always("Ort 0"), always("Ort 2"), always("Ort 2")))
    journal = play(world, team, [Ask(600, node=1), Ask(601, node=1), Ask(602, node=1), Ask(603, node=0)])
    assert journal.shift.tolist() == [0, 1, 2, 0]  # A is nearer to B; then C's two; A's is first to be free again
    assert journal.t4.tolist() == [620, 631, 632, 670]  # A's leaves B at 650, 20 min home


def test_equals_of_two_pools_go_by_number_whichever_pool_is_named_first() -> None:
    world = make_world([[0.0]], days=1)
    low, high = pool(always(), name="low"), pool(always(), name="high")
    made = organisation(low, high, routes=[route(high, low)])
    journal = play(world, made, [Ask(600), Ask(601), Ask(602)])
    assert journal.shift.tolist() == [0, 1, 0]
    assert journal.step.tolist() == [1, 0, 1]  # the step by which the one who goes was asked


def test_those_who_remain_on_duty_are_still_found_when_another_leaves() -> None:
    world = make_world([[0.0]], days=2)
    day = Post("Ort 0", (Shift(EVERY_DAY, "08:00", "17:00"),))
    journal = play(
        world, organisation(pool(always(), day, always())), [Ask(at("18:00", d), on_scene=600) for d in (0, 0)]
    )
    assert journal.shift.tolist() == [0, 3]


def test_fewest_hours_counts_driving_on_scene_and_documenting() -> None:
    world = make_world([[0.0]], days=1)
    team = organisation(pool(always(), always()), choice=Choice.FEWEST_HOURS)
    # 0 works 30 + 20 min, 1 works 40: the third goes to 1.
    asks = [Ask(600, on_scene=30, documentation=20), Ask(601, on_scene=40), Ask(700, on_scene=5), Ask(800)]
    journal = play(world, team, asks)
    assert journal.shift.tolist() == [0, 1, 1, 1]


def test_fewest_hours_takes_the_one_who_has_worked_least() -> None:
    world = make_world(LINE, days=1)
    team = organisation(pool(always("Ort 0"), always("Ort 2")), choice=Choice.FEWEST_HOURS)
    journal = play(world, team, [Ask(600, node=0), Ask(700, node=0), Ask(800, node=0)])
    assert journal.shift.tolist() == [0, 1, 0]  # 30+5+5 min so far against 50+30 and the leg home


def test_a_physician_on_the_way_home_is_turned_round_or_goes_on_by_the_base() -> None:
    world = make_world(LINE, days=1)
    visit = Ask(600, node=1, on_scene=30)  # leaves B at 650, would be home at 670
    back = play(world, organisation(pool(always())), [visit, Ask(655, node=1)])
    assert back.t4[1] == 665  # turned round after 5 min: 5 back and 5 within B
    assert back.km[1] == 10
    onward = play(world, organisation(pool(always())), [visit, Ask(665, node=0)])
    assert onward.t4[1] == 675  # 5 min left to the base, 5 within A
    assert onward.km[1] == 10
    # 20 out, 15 of the leg home, 10 to the second, 5 home; kilometres equal minutes here.
    assert onward.driving_min[0] == onward.shift_km[0] == 50


def test_a_physician_who_must_return_first_cannot_be_turned_round() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(600, node=1, on_scene=30), Ask(655, node=1)]
    journal = play(world, organisation(pool(always(), between=Between.RETURN_FIRST)), asks)
    assert journal.t3.tolist() == [600, 670] and journal.t4[1] == 690


def test_a_physician_who_stays_waits_where_the_last_visit_was() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(600, node=1, on_scene=30), Ask(900, node=2)]
    journal = play(world, organisation(pool(always(), between=Between.STAY)), asks)
    assert journal.t4[1] == 930


# --- patience -------------------------------------------------------------------------------------


def test_patience_counts_until_somebody_sets_out() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(600, node=0, on_scene=60), Ask(610, node=2, patience=55), Ask(611, node=2, patience=54.5)]
    journal = play(world, organisation(pool(always(), always("Ort 2", lines=0))), asks)
    # Free at 665: number 1 is taken in the very minute its patience ends (completion before patience); then
    # it is on the road for 50 min.
    assert journal.t3[1] == 665 and journal.t4[1] == 715 and np.isnan(journal.te[1])
    assert journal.outcome[2] == ESCALATED and journal.te[2] == 665.5 and np.isnan(journal.t3[2])


def test_no_patience_and_nobody_free_escalates_at_once() -> None:
    world = make_world([[0.0]], days=1)
    journal = play(world, organisation(pool(always())), [Ask(600), Ask(600, patience=0), Ask(630, patience=0)])
    assert journal.outcome.tolist() == [DONE, ESCALATED, DONE]  # at 630 the first is just done: completion before order


# --- shifts ---------------------------------------------------------------------------------------

OFFICE = (Shift(OFFICE_DAYS, "08:00", "17:00"),)


def test_a_visit_in_hand_is_finished_as_overtime_and_the_way_home_counts() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(at("16:10"), node=1, on_scene=60, documentation=10, plan=20)]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    assert (journal.t4[0], journal.t5[0], journal.t6[0]) == (990, 1050, 1060)
    assert journal.shift_end[0] == 1020 and journal.shift_home[0] == 1080 and journal.overtime_min[0] == 60


def test_no_visit_is_begun_that_cannot_end_inside_shift_and_overtime() -> None:
    world = make_world(LINE, days=2)
    office = organisation(pool(Post("Ort 0", OFFICE), overtime_min=30))
    # 20 min there and 60 with the patient: begun at 16:10 it ends 17:30, at 16:11 it does not.
    asks = [Ask(at("16:10"), node=1, on_scene=60), Ask(at("16:11", 1), node=1, on_scene=60, klass=A3)]
    journal = play(world, office, asks)
    assert journal.t3[0] == at("16:10") and journal.outcome[0] == DONE
    assert journal.outcome[1] == OPEN
    # What does not fit is left for what does: number 1 waits for tomorrow, number 2 is begun.
    asks = [Ask(at("16:11"), node=1, on_scene=60), Ask(at("16:12"), node=1, on_scene=30)]
    journal = play(world, office, asks)
    assert journal.t3.tolist() == [at("08:00", 1), at("16:12")]


def test_documentation_must_fit_too() -> None:
    world = make_world([[0.0]], days=2)
    office = organisation(pool(Post("Ort 0", OFFICE), overtime_min=30))
    journal = play(world, office, [Ask(at("16:31"), on_scene=30, documentation=30), Ask(at("17:00", 1), on_scene=1)])
    assert journal.t3[0] == at("08:00", 1) and journal.outcome[1] == OPEN


def test_what_is_under_way_at_the_horizon_is_booked_up_to_it_and_open() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(at("22:00"), node=1, on_scene=60, documentation=120), Ask(at("23:00"), node=1, on_scene=60), Ask(1430)]
    journal = play(world, organisation(pool(always(lines=3), overtime_min=np.inf)), asks)
    assert journal.outcome.tolist() == [OPEN, OPEN, OPEN]
    assert journal.documenting_min.tolist() == [40, 0, 0] and journal.on_scene_min.tolist() == [60, 40, 5]
    assert journal.driving_min.tolist() == [20, 20, 5]
    assert np.isnan(journal.t5[1]) and journal.t4[1] == at("23:20")


def test_what_would_end_at_the_horizon_itself_is_open() -> None:
    world = make_world([[0.0]], days=1)
    journal = play(world, organisation(pool(always())), [Ask(1410, on_scene=30)])
    assert journal.outcome[0] == OPEN and journal.shift_stops[0] == 0 and journal.on_scene_min[0] == 30


def test_shift_end_comes_before_order_and_a_new_shift_takes_the_queue() -> None:
    world = make_world([[0.0]], days=1)
    two = pool(
        Post("Ort 0", (Shift(EVERY_DAY, "08:00", "17:00"),)), Post("Ort 0", (Shift(EVERY_DAY, "18:00", "22:00"),))
    )
    journal = play(world, organisation(two), [Ask(at("17:00"))])
    assert journal.t3[0] == at("18:00")


def test_nobody_is_given_two_shifts_within_eleven_hours_or_more_than_45_hours_a_week() -> None:
    world = make_world([[0.0]], days=28)
    round_the_clock = tuple(
        Shift(EVERY_DAY, a, b) for a, b in (("00:00", "08:00"), ("08:00", "16:00"), ("16:00", "00:00"))
    )
    roster = compiled(organisation(pool(Post("Ort 0", round_the_clock))), world).roster
    for person in range(int(roster.physician.max()) + 1):
        start, end = roster.start[roster.physician == person], roster.end[roster.physician == person]
        assert (start[1:] - end[:-1] >= 11 * 60).all()
        for last in end:
            inside = np.minimum(end, last) - np.maximum(start, last - 7 * DAY)
            assert inside[inside > 0].sum() <= 45 * 60
    # 168 hours a week at 45 each need four; first come first served takes up to six
    assert 4 <= roster.physician.max() + 1 <= 6


# --- planned work ---------------------------------------------------------------------------------


def test_planned_visits_are_put_into_a_tour_by_due_day() -> None:
    world = make_world(LINE, days=3)
    asks = [
        Ask(0, node=2, klass=P, due_day=2, on_scene=30),
        Ask(0, node=0, klass=P, due_day=2, on_scene=30),
        Ask(0, node=1, klass=P, due_day=1, on_scene=30),
    ]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    # B first, due first: A-B-A. C adds 60 min before or after B: after. A adds 20 + 5 - 20 = 5 min before B,
    # 20 + 50 - 30 = 40 between, 50 + 5 - 50 = 5 last: last. 105 min; no other order is shorter.
    # 08:00 to B (20); at 08:50 on to C (30); at 09:50 to A (50).
    assert journal.t3.tolist() == [530, 590, 480]
    assert journal.t4.tolist() == [560, 640, 500]
    assert journal.driving_min[0] == 105


def test_a_planned_visit_too_long_for_today_keeps_its_place_in_the_queue() -> None:
    world = make_world([[0.0]], days=3)
    shifts = (Shift(Days((0,)), "08:00", "10:00"), Shift(Days((1,)), "08:00", "17:00"))
    asks = [
        Ask(0, klass=P, due_day=2, on_scene=60),
        Ask(0, klass=P, due_day=1, on_scene=300),  # due first, but does not fit on Monday
        Ask(0, klass=P, due_day=2, on_scene=60),
        Ask(0, klass=P, due_day=2, on_scene=60),
    ]
    journal = play(world, organisation(pool(Post("Ort 0", shifts))), asks)
    assert journal.t3.tolist() == [at("08:00"), at("08:00", 1), at("09:00"), at("13:00", 1)]


def test_acute_goes_before_planned_and_in_between_stops() -> None:
    world = make_world([[0.0]], days=1)
    asks = [
        Ask(0, klass=P, due_day=0, on_scene=60),
        Ask(0, klass=P, due_day=0, on_scene=60),
        Ask(at("08:10"), klass=A3),
    ]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    assert journal.t3.tolist() == [480, 570, 540]


def test_planned_work_keeps_office_hours_and_never_begins_into_overtime() -> None:
    world = make_world([[0.0]], days=8)
    asks = [Ask(at("00:00"), klass=P, due_day=9, on_scene=30), Ask(at("16:31", 1), klass=P, due_day=9, on_scene=30)]
    journal = play(world, organisation(pool(always())), asks)
    assert journal.t3.tolist() == [at("08:00"), at("08:00", 2)]
    just = play(world, organisation(pool(always())), [Ask(at("16:30"), klass=P, due_day=9, on_scene=30)])
    assert just.t3[0] == at("16:30")
    friday = play(world, organisation(pool(always())), [Ask(at("16:31", 4), klass=P, due_day=9, on_scene=30)])
    assert friday.t3[0] == at("08:00", 7)  # not on the weekend
    short = (Shift(OFFICE_DAYS, "12:00", "14:00"),)
    asks = [Ask(at("13:31"), klass=P, due_day=9, on_scene=30), Ask(at("13:31"), klass=A3, on_scene=0)]
    journal = play(world, organisation(pool(Post("Ort 0", short), overtime_min=60)), asks)
    assert journal.t3.tolist() == [at("12:00", 1), at("13:31")]


def test_a_round_is_one_stop_with_many_visits() -> None:
    world = make_world(LINE, days=1)
    asks = [Ask(0, node=1, klass=R, due_day=0, on_scene=100, documentation=40, visits=5)]
    journal = play(world, organisation(pool(Post("Ort 0", OFFICE))), asks)
    assert (journal.t3[0], journal.t4[0], journal.t5[0], journal.t6[0]) == (480, 500, 600, 640)
    assert (journal.shift_stops.sum(), journal.shift_visits.sum()) == (1, 5)


# --- routes, areas, sharing -----------------------------------------------------------------------


def test_a_later_pool_takes_over_after_its_minutes_and_not_before() -> None:
    world = make_world(LINE, days=1)
    first, second = pool(always("Ort 0"), name="first"), pool(always("Ort 0"), name="second")
    made = organisation(first, second, routes=[route(first, second.after(minutes=30))])
    asks = [Ask(600, on_scene=100), Ask(601), Ask(602)]
    journal = play(world, made, asks)
    assert journal.t3.tolist() == [600, 631, 666]  # the second pool is free again at 666
    assert journal.step.tolist() == [0, 1, 1]


def test_the_first_matching_route_wins_by_class_window_and_municipality() -> None:
    world = make_world(LINE, days=1)
    a, b = pool(always("Ort 0"), name="a"), pool(always("Ort 0"), name="b")
    made = organisation(
        a,
        b,
        routes=[
            route(b, classes=("A2",), windows=("natt",)),
            route(b, classes=("A1",), municipalities=("Kommun 2",)),
            route(a),
        ],
    )
    asks = [Ask(60, klass=A2), Ask(600, klass=A2), Ask(720, klass=A1, node=2), Ask(960, klass=A1)]
    journal = play(world, made, asks)
    assert journal.shift.tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize(("sharing", "begins"), [("silo", 660), ("agreement", 631), ("network", 601)])
def test_sharing_between_municipalities(sharing: str, begins: float) -> None:
    world = make_world([[0.0, 0.0], [0.0, 0.0]], days=1)
    made = organisation(pool(always("Ort 0"), always("Ort 1"), area=Area.MUNICIPALITY), sharing=Sharing.SILO)
    ready = compiled(made, world, settings(sharing=sharing, delay=30))
    journal = play(world, ready, [Ask(600, node=0, on_scene=60), Ask(601, node=0)])
    assert journal.t3[1] == begins


def test_a_base_that_is_nearest_to_nobody_lends_its_physician_to_no_other_pool() -> None:
    # One municipality, whose main town is B: the post in C is nobody's nearest base and must stay idle.
    world = make_world(LINE, days=1, municipality=(0, 0, 0))
    main = pool(always("Ort 1"), always("Ort 2"), name="main", area=Area.NEAREST_BASE)
    other = pool(always("Ort 1"), name="other")
    made = organisation(main, other, routes=[route(other, classes=("A1",)), route(main)])
    journal = play(
        world, made, [Ask(600, node=2, klass=A1), Ask(601, node=2, klass=A1, on_scene=10), Ask(602, node=1, klass=A2)]
    )
    assert journal.shift.tolist() == [2, 2, 0]


def test_listed_patients_are_seen_by_their_own_vardcentral() -> None:
    world = make_world(LINE, days=1, vardcentraler=(0, 1))
    made = organisation(pool(Post(EachVardcentral(), OFFICE), area=Area.LISTED))
    journal = play(world, made, [Ask(600, node=0, vardcentral=1), Ask(601, node=0, vardcentral=0)])
    assert journal.t4.tolist() == [620, 606]


def test_continuity_prefers_named_physician_then_own_vardcentral_then_nearest() -> None:
    world = make_world(LINE, days=1, municipality=(0, 0, 0), vardcentraler=(0, 1))
    team = pool(Post(EachVardcentral(), OFFICE, 2), always("Ort 2"), area=Area.EVERYBODY)
    made = organisation(team, choice=Choice.CONTINUITY)
    # Shifts: 0, 1 at VC 0; 2, 3 at VC 1; 4 always at C. The named one of the upper half at VC 0 is physician 1.
    asks = [Ask(600 + i, node=2, vardcentral=0, named=0.9, on_scene=300) for i in range(3)]
    journal = play(world, made, asks)
    assert journal.shift.tolist() == [1, 0, 4]


# --- the four models on one small county -----------------------------------------------------------
# Three municipalities A, B, C with a vårdcentral each, two weeks, equal expected work. Hubs: two of two lie in A and C,
# the best single one in B.


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(tables, "expected_planned_work", lambda world, scenario: np.ones(3))
    return make_world(LINE, days=14, vardcentraler=(0, 1, 2))


def play_model(county: World, made: Organisation, hours_per_week: float, asks: Sequence[Ask]) -> Journal:
    ready = compiled(made, county, settings(hours_per_week))
    assert ready.hours_per_week == pytest.approx(hours_per_week)
    return play(county, ready, asks)


def pools(made: Organisation, journal: Journal) -> list[str]:
    """The pool that took each request."""
    return [made.pools[journal.shift_pool[u]].name for u in journal.shift]


def test_status_quo_by_hand(county: World) -> None:
    # Läkarmedverkan 3 x 40 h, jour 2 x (5 x 15 + 2 x 24) h, psychiatry 2 x 4 h (the county has no palliative team), and
    # windows 12:30-16:30 three times a week at each of the three.
    made = models.status_quo()
    asks = [
        Ask(at("00:00"), node=1, klass=R, vardcentral=1, due_day=0, on_scene=80, documentation=20, visits=4),
        Ask(at("00:00"), node=1, klass=P, vardcentral=1, due_day=14, group=G4),  # psychiatry: Tuesdays from A
        Ask(at("09:00"), node=0, klass=A1, vardcentral=0),  # no window yet: läkarmedverkan may come after 30 min
        Ask(at("13:00"), node=0, klass=A2, vardcentral=0),  # in the window of VC 0
        Ask(at("20:00"), node=1, klass=A3, vardcentral=1),  # jour from A (20 min) rather than C (30)
        Ask(at("20:55"), node=0, klass=A2, vardcentral=0),  # that one is on the way home since 20:50
        Ask(at("00:00", 1), node=2, klass=P, vardcentral=2, due_day=14),  # VC 2 has windows on Tue, Wed and Fri
        Ask(at("07:50", 1), node=0, klass=A3, vardcentral=0, on_scene=5),  # jour still there: 5 + 5 min
        Ask(at("00:00", 3), node=0, klass=P, vardcentral=0, due_day=16),  # VC 0 has Mon, Wed, Fri: Friday
    ]
    journal = play_model(county, made, 120 + 246 + 8 + 36, asks)
    assert journal.t4.tolist() == [
        at("12:35"), at("12:50", 1), at("09:35"), at("13:05"), at("20:20"), at("21:15"), at("12:35", 1),
        at("07:55", 1), at("12:35", 4),
    ]  # fmt: skip
    assert pools(made, journal) == [
        "vårdcentral", "psykiatri", "läkarmedverkan", "vårdcentral", "beredskapsjour", "beredskapsjour", "vårdcentral",
        "beredskapsjour", "vårdcentral",
    ]  # fmt: skip


def test_central_team_by_hand(county: World) -> None:
    # Round the clock 2 x 168 h, afternoons 2 x 56 h, and two office-day lines of 45 h, one in A and one in C.
    asks = [
        Ask(at("00:00"), node=1, klass=P, due_day=13),  # at 08:00 A's first looks first: B is 20 min away, C 50
        Ask(at("00:00"), node=2, klass=P, due_day=13),  # then C's first: 5 min
        Ask(at("03:00"), node=1, klass=A2),  # by night one in A and one in C: A is nearer
        Ask(at("09:00"), node=2, klass=A1),  # two in C: 5 min
        Ask(at("23:00", 5), node=1, klass=A3),  # Saturday night all the same
    ]
    journal = play_model(county, models.central_team(hubs=2), 336 + 112 + 90, asks)
    assert journal.t4.tolist() == [at("08:20"), at("08:05"), at("03:20"), at("09:05"), at("23:20", 5)]


def test_vardcentral_led_by_hand(county: World) -> None:
    # Day and evening lines 3 x (45 + 25) h, rota 2 x (70 + 28) h and 4 h of rest after each of its 2 x 9 shifts,
    # psychiatry 8 h, and windows as in status quo.
    made = models.vardcentral_led(clusters=2)
    asks = [
        Ask(at("09:00"), node=2, klass=A1, vardcentral=2),  # C's own day line
        Ask(
            at("13:00"), node=0, klass=A2, vardcentral=0
        ),  # day line and window both in A: the named one, in the window
        Ask(at("13:01"), node=0, klass=A2, vardcentral=0, on_scene=90),  # then the day line
        Ask(at("13:02"), node=0, klass=A3, vardcentral=0),  # silo: waits for the window's physician, free at 13:35
        Ask(at("23:00"), node=1, klass=A1, vardcentral=1),  # B belongs to A's rota: 20 min
        Ask(at("12:00", 6), node=2, klass=A2, vardcentral=2),  # Sunday: C's rota
    ]
    journal = play_model(county, made, 210 + 196 + 72 + 8 + 36, asks)
    assert journal.t4.tolist() == [at("09:05"), at("13:05"), at("13:06"), at("13:40"), at("23:20"), at("12:05", 6)]
    window = journal.shift_end[journal.shift[1]] - journal.shift_start[journal.shift[1]]
    assert window == 240 and journal.shift[3] == journal.shift[1]
    assert pools(made, journal)[4:] == ["jourlinje", "jourlinje"]


def test_hybrid_by_hand(county: World) -> None:
    # Team by day and evening 2 x 98 h in A and C, there 2 x 35 h more 09-16 on office days, by night 70 h in B,
    # psychiatry 2 x 4 h, and windows as in status quo.
    made = models.hybrid(hubs=2, night_hubs=1)
    asks = [
        Ask(at("00:00"), node=1, klass=R, vardcentral=1, due_day=0, on_scene=40, documentation=10, visits=2),
        Ask(at("13:18"), node=0, klass=A2, vardcentral=0, on_scene=120),  # one of the team's two in A
        Ask(at("13:19"), node=2, klass=A2, vardcentral=2, on_scene=120),  # one of the two in C
        Ask(
            at("13:20"), node=1, klass=A2, vardcentral=1, on_scene=120
        ),  # the team's other in A, though VC 1 has a window in B
        Ask(at("13:21"), node=2, klass=A2, vardcentral=2, on_scene=120),  # the other in C
        Ask(at("13:22"), node=1, klass=A3, vardcentral=1),  # all four away: VC 1 may take over at 14:22
        Ask(at("23:00"), node=0, klass=A1, vardcentral=0),  # by night from B
    ]
    journal = play_model(county, made, 196 + 70 + 70 + 8 + 36, asks)
    assert journal.t4.tolist() == [
        at("12:35"), at("13:23"), at("13:24"), at("13:40"), at("13:26"), at("14:27"), at("23:20"),
    ]  # fmt: skip
    assert pools(made, journal) == ["vårdcentral", *["mobilt team"] * 4, "vårdcentral", "mobilt team"]
    assert journal.step.tolist() == [0, 0, 0, 0, 0, 1, 0]


def test_routes_of_the_models_cover_every_case() -> None:
    for made in models.all():
        assert {c for r in made.routes for c in r.classes} == {*UNPLANNED, *PLANNED}
