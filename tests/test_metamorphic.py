"""Two runs whose answers must stand in a known relation: limits of the hybrid, alike municipalities changed about, all
times doubled, borders taken away. Compared to the last bit, on both clocks, unless a test says otherwise."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from engine_factory import Ask, always, compiled, differences, make_tape, make_world, organisation, pool, settings
from numpy.typing import NDArray
from small_world import small_inputs, small_scenario, small_world

import models
from sim.codes import A1, A2, A3, ADM, CANCELLED, DONE, ESCALATED, PAL, REFERRED, TELEPHONE, P, R
from sim.columns import rows_of
from sim.engine import Journal, tables
from sim.engine import run as run_engine
from sim.organisation import (
    DAYS_OFF,
    EVERY_DAY,
    OFFICE_DAYS,
    PLANNED,
    UNPLANNED,
    Area,
    Between,
    EachVardcentral,
    Organisation,
    Pool,
    Post,
    Sharing,
    Shift,
    route,
)
from sim.world.demand import draw
from sim.world.tape import DemandTape
from sim.world.world import World

DAY_AND_NIGHT = (Shift(EVERY_DAY, "08:00", "17:00"), Shift(EVERY_DAY, "17:00", "08:00"))
OFFICE = (Shift(OFFICE_DAYS, "08:00", "17:00"),)


def both(world: World, tape: DemandTape, made: Organisation, **scenario: Any) -> Journal:
    """The journal, the same on both clocks; `scenario` changes plain settings."""
    ready = compiled(made, world, settings(**scenario))
    journal = run_engine(tape, world, ready, "compiled")
    assert differences(journal, run_engine(tape, world, ready, "simpy")) == []
    return journal


def random_asks(
    seed: int, n: int, days: int, places: int, vardcentraler: int = 2, acute_only: bool = False
) -> list[Ask]:
    """Requests of every class, group and way to end, on whole minutes, with road factors in halves."""
    rng = np.random.default_rng(seed)
    classes = [A1, A2, A3, PAL, ADM] if acute_only else [A1, A2, A3, PAL, ADM, R, P, P, P]
    asks = []
    for t0 in np.sort(rng.integers(0, days * 1440, n)):
        klass = int(rng.choice(classes))
        unplanned = klass < R
        asks.append(
            Ask(
                float(t0),
                node=int(rng.integers(places)),
                klass=klass,
                on_scene=float(rng.integers(5, 90)),
                documentation=float(rng.integers(0, 20)),
                patience=float(rng.choice([30.0, 120.0, np.inf])) if unplanned else np.inf,
                factor=float(rng.choice([0.5, 1.0, 1.5])),
                vardcentral=int(rng.integers(vardcentraler)) if vardcentraler else -1,
                named=float(rng.random()),
                due_day=int(t0 // 1440) + int(rng.integers(0, 4)),
                visits=int(rng.integers(1, 6)) if klass == R else 1,
                group=int(rng.integers(0, 8)),
                mobility=float(rng.random()),
                single_visit=float(rng.random()),
                elsewhere=float(rng.random()),
                call=float(rng.integers(3, 15)) if unplanned and rng.random() < 0.2 else None,
                leaves=float(t0 + rng.integers(0, 2000)) if rng.random() < 0.1 else np.inf,
            )
        )
    return asks


# --- limits of the hybrid -------------------------------------------------------------------------
# A pool without posts is nobody: what is left must be what the other pool does alone. `shift_pool` differs by the
# number of the pool, `step` where an empty team is asked first; nothing else may.

NUMBERING = {"shifts.pool", "requests.step"}
TRAVEL = [[5.0, 20.0, 34.0, 51.0], [20.0, 5.0, 30.0, 42.0], [34.0, 30.0, 5.0, 17.0], [51.0, 42.0, 17.0, 5.0]]


def week(seed: int) -> tuple[World, DemandTape]:
    """A week in four places of two municipalities with a vårdcentral each."""
    world = make_world(TRAVEL, days=7, municipality=(0, 0, 1, 1), vardcentraler=(0, 2))
    return world, make_tape(world, random_asks(seed, 250, 7, 4))


def hybrid_like(vardcentral: Pool, team: Pool, sharing: Sharing) -> Organisation:
    """Planned work to the vårdcentral and else the team, the rest the other way round; both asked at once."""
    return organisation(
        vardcentral,
        team,
        routes=[route(vardcentral, team, classes=PLANNED), route(team, vardcentral, classes=UNPLANNED)],
        sharing=sharing,
    )


def check_varied(journal: Journal) -> None:
    """Requests ended in every way."""
    for outcome in (DONE, TELEPHONE, ESCALATED, CANCELLED, REFERRED):
        assert (journal.outcome == outcome).any()


@pytest.mark.parametrize("sharing", Sharing)
@pytest.mark.parametrize("area", Area)
def test_a_hybrid_that_leaves_the_vardcentral_nothing_is_the_team_alone(area: Area, sharing: Sharing) -> None:
    world, tape = week(1)
    team = pool(Post("Ort 0", DAY_AND_NIGHT, 2), Post("Ort 2", OFFICE), name="team")
    nobody = pool(name="vårdcentral", area=area)
    rules = {"break_min": 30.0, "hand_over_min": 10.0, "planned_share": 0.6}
    hybrid = both(world, tape, hybrid_like(nobody, team, sharing), **rules)
    alone = both(world, tape, organisation(team, sharing=sharing), **rules)
    assert set(differences(hybrid, alone)) <= NUMBERING
    check_varied(alone)


@pytest.mark.parametrize("sharing", Sharing)
@pytest.mark.parametrize("area", [Area.LISTED, Area.MUNICIPALITY])
def test_a_hybrid_that_leaves_the_team_nothing_is_the_vardcentraler_alone(area: Area, sharing: Sharing) -> None:
    world, tape = week(2)
    vardcentral = pool(Post(EachVardcentral(), DAY_AND_NIGHT, 2), name="vårdcentral", area=area)
    rules = {"break_min": 30.0, "planned_share": 0.6, "named_weight_min": 15.0}
    hybrid = both(world, tape, hybrid_like(vardcentral, pool(name="team"), sharing), **rules)
    alone = both(world, tape, organisation(vardcentral, sharing=sharing), **rules)
    assert set(differences(hybrid, alone)) <= NUMBERING
    check_varied(alone)


def test_a_pool_that_no_route_leads_to_changes_nothing_and_is_idle() -> None:
    world, tape = week(3)
    team = pool(Post("Ort 0", DAY_AND_NIGHT, 2), name="team")
    unasked = pool(Post(EachVardcentral(), DAY_AND_NIGHT), name="vårdcentral", area=Area.LISTED)
    beside = both(world, tape, organisation(team, unasked))
    alone = both(world, tape, organisation(team))
    mine = len(alone.shift_start)
    assert (beside.shift_pool[:mine] == 0).all() and (beside.shift_pool[mine:] == 1).all()
    cut = dataclasses.replace(beside, shifts=rows_of(beside.shifts, slice(mine)))
    assert differences(cut, alone) == []
    assert (beside.idle_min == beside.shift_home - beside.shift_start)[mine:].all()
    check_varied(alone)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> tuple[World, DemandTape]:
    """Two weeks of drawn demand in a county of four places, with windows of equal size."""
    monkeypatch.setattr(tables, "expected_planned_work", lambda world, scenario: np.ones(2))
    world = small_world(days=14)
    changes = {"calendar.weeks": 2, "demand.scale": 40.0, "classes.A3.telephone_share_day": 0.3}
    return world, draw(small_scenario(changes), world, 1, small_inputs())


def with_pool(made: Organisation, number: int, **changes: Any) -> Organisation:
    """The organisation with one pool changed."""
    pools = list(made.pools)
    pools[number] = dataclasses.replace(pools[number], **changes)
    return dataclasses.replace(made, pools=tuple(pools))


def test_the_hybrid_without_windows_is_its_team(small: tuple[World, DemandTape]) -> None:
    # As the model is, less the time the vårdcentral has for itself: seven days before the team may help.
    world, tape = small
    made = models.hybrid(hubs=2, night_hubs=1)
    vardcentral, team = made.pools[:2]
    routes = (route(vardcentral, team, classes=PLANNED), route(team, vardcentral.after(minutes=60), classes=UNPLANNED))
    emptied = with_pool(dataclasses.replace(made, pools=(vardcentral, team), routes=routes), 0, staffing=())
    alone = dataclasses.replace(made, pools=(team,), routes=(route(team),))
    hybrid, pure = both(world, tape, emptied), both(world, tape, alone)
    assert set(differences(hybrid, pure)) <= NUMBERING
    assert (pure.outcome == DONE).sum() > 300 and (pure.outcome == TELEPHONE).sum() > 10


def test_the_hybrid_without_a_team_is_its_vardcentraler(small: tuple[World, DemandTape]) -> None:
    # Unplanned work comes to the vårdcentral an hour after it would, as the model's route says, team or no team.
    world, tape = small
    made = models.hybrid(hubs=2, night_hubs=1)
    vardcentral, team = made.pools[:2]
    routes = tuple(
        route(*steps, classes=classes)
        for steps, classes in (
            ((vardcentral, team.after(days=7)), PLANNED),
            ((team, vardcentral.after(minutes=60)), UNPLANNED),
        )
    )
    emptied = with_pool(dataclasses.replace(made, pools=(vardcentral, team), routes=routes), 1, staffing=())
    led = dataclasses.replace(
        made,
        pools=(vardcentral,),
        routes=(route(vardcentral, classes=PLANNED), route(vardcentral.after(minutes=60), classes=UNPLANNED)),
    )
    hybrid, pure = both(world, tape, emptied), both(world, tape, led)
    assert set(differences(hybrid, pure)) <= NUMBERING
    assert (pure.outcome == DONE).sum() > 100 and (pure.outcome == ESCALATED).sum() > 10


# --- municipalities that are alike ----------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("area", [Area.MUNICIPALITY, Area.NEAREST_BASE])
def test_alike_municipalities_may_change_places(area: Area, seed: int) -> None:
    # A town and a village in each of three municipalities; silo, so that nobody is chosen across a border by number.
    m = np.repeat(np.arange(3), 2)
    travel = np.where(m[:, None] == m, 15.0, 60.0)
    np.fill_diagonal(travel, 5.0)
    world = make_world(travel, days=7, municipality=m.tolist())
    night = Shift(EVERY_DAY, "17:00", "08:00")
    posts = [
        post
        for town in ("Ort 0", "Ort 2", "Ort 4")
        for post in (Post(town, OFFICE, 2), Post(town, (night, Shift(DAYS_OFF, "08:00", "17:00"))))
    ]
    made = organisation(pool(*posts, area=area, reserve=1))
    rules = {"break_min": 30.0, "planned_share": 0.6, "temporary_stay": "acute only"}
    asks = random_asks(seed, 300, 7, 6, vardcentraler=0)
    one = both(world, make_tape(world, asks), made, **rules)
    each = len(one.shift_start) // 3
    assert (one.outcome == DONE).sum() > 100 and (one.outcome == REFERRED).sum() > 10
    for order in itertools.permutations(range(3)):
        moved = [dataclasses.replace(a, node=2 * order[a.node // 2] + a.node % 2) for a in asks]
        other = both(world, make_tape(world, moved), made, **rules)
        row = np.concatenate([np.arange(each) + each * order[k] for k in range(3)])  # where each row has gone
        for (name, was), (_, now) in zip(one.columns(), other.columns(), strict=True):
            if name == "requests.shift":
                assert now.tolist() == np.where(was >= 0, row[was], -1).tolist()
            elif name.startswith("requests."):
                assert np.array_equal(was, now, equal_nan=True), name
            elif name not in ("shifts.physician", "shifts.municipality"):
                assert was.tolist() == now[row].tolist(), name


# --- all times doubled ----------------------------------------------------------------------------


def doubled(asks: Sequence[Ask]) -> list[Ask]:
    """The same requests in a world of half the pace."""
    times = ("t0", "on_scene", "documentation", "patience", "leaves")
    twice: list[dict[str, Any]] = [{name: 2 * getattr(a, name) for name in times} for a in asks]
    return [
        dataclasses.replace(a, call=None if a.call is None else 2 * a.call, **changes)
        for a, changes in zip(asks, twice, strict=True)
    ]


@pytest.mark.parametrize("between", Between)
@pytest.mark.parametrize("sharing", Sharing)
def test_when_all_times_are_doubled_so_are_all_answers(sharing: Sharing, between: Between) -> None:
    # Round the clock and acute work only: office hours do not stretch. Where a leg is broken off is rounded to the
    # grid, so kilometres agree to a tick for each leg; minutes are exact as long as the roads are as expected.
    def county(pace: float) -> Journal:
        world = make_world(pace * np.array(TRAVEL), days=int(7 * pace), municipality=(0, 0, 1, 1), vardcentraler=(0, 2))
        own: dict[str, Any] = {
            "area": Area.MUNICIPALITY,
            "between": between,
            "block_min": 30 * pace,
            "overtime_min": np.inf,
        }
        local = pool(always("Ort 0", 2), always("Ort 2", 2), name="local", reserve=1, **own)
        elsewhere = Post("Ort 1", "always", stand_by="Ort 3")
        centre = pool(elsewhere, name="centre", overtime_min=np.inf)
        made = organisation(
            local,
            centre,
            routes=[route(local, centre.after(minutes=45 * pace), triage_min=8 * pace)],
            sharing=sharing,
        )
        asks = [dataclasses.replace(a, factor=1.0) for a in random_asks(4, 300, 7, 4, acute_only=True)]
        tape = make_tape(world, asks if pace == 1 else doubled(asks))
        return both(world, tape, made, delay=20 * pace, hand_over_min=10 * pace, call_mean_min=10 * pace)

    one, two = county(1), county(2)
    for (name, was), (_, now) in zip(one.columns(), two.columns(), strict=True):
        if name.endswith(".km"):
            assert np.allclose(2 * was, now, rtol=0, atol=1e-6, equal_nan=True)
        else:
            factor = 2 if was.dtype == np.float64 else 1
            assert np.array_equal(factor * was, now, equal_nan=True), name
    assert (one.outcome == DONE).sum() > 100 and (one.step > 0).any()


# --- borders --------------------------------------------------------------------------------------


def pooled_starts(arrivals: NDArray[np.float64], physicians: int, length: float) -> list[float]:
    """When the n-th visit begins if whoever is free takes whatever waits: at the n-th arrival or when the visit
    `physicians` places before it is over, whichever is later."""
    starts: list[float] = []
    for n, arrival in enumerate(arrivals.tolist()):
        starts.append(max(arrival, starts[n - physicians] + length) if n >= physicians else arrival)
    return starts


@pytest.mark.parametrize("seed", range(20))
def test_without_borders_the_wait_is_never_longer_when_all_visits_are_alike(seed: int) -> None:
    # A theorem when travel takes no time, nobody gives up, and all visits take the same time D. In any schedule with
    # c physicians let s'(n) be the n-th start in order of time. n requests have come by then, so s'(n) >= a(n); and at
    # most c of the first n visits are in hand, so s'(n) >= s'(n - c) + D. Without borders nobody is idle while a
    # request waits, and both hold with equality of the larger: s(n) = max(a(n), s(n - c) + D). So s(n) <= s'(n) for
    # every n, by induction, and the waits, sum of s less sum of a, are never longer in all. Classes change who waits,
    # not how long in all. With unequal lengths it holds on average at best, and silo against agreement is not ordered.
    rng = np.random.default_rng(seed)
    world = make_world(np.zeros((3, 3)), days=40)  # until everybody has been seen
    lines = rng.integers(1, 4, 3)
    load = rng.uniform(0.5, 1.2)  # of the first five days
    n = int(load * 5 * 1440 / 40 * lines.sum() * 0.9)
    asks = [
        Ask(float(t), node=int(rng.choice(3, p=[0.5, 0.3, 0.2])), klass=int(rng.choice([A1, A2, A3])), documentation=10)
        for t in np.sort(rng.uniform(0, 5 * 1440, n))
    ]
    posts = [always(f"Ort {i}", int(k)) for i, k in enumerate(lines)]
    made = organisation(pool(*posts, area=Area.MUNICIPALITY, overtime_min=np.inf))
    tape = make_tape(world, asks)
    starts = {}
    for sharing in ("silo", "agreement", "network"):
        journal = both(world, tape, made, sharing=sharing)
        assert (journal.outcome == DONE).all()
        starts[sharing] = np.sort(journal.t3)
    assert starts["network"].tolist() == pooled_starts(tape.t0_min, int(lines.sum()), 40.0)
    for other in ("silo", "agreement"):
        assert (starts["network"] <= starts[other]).all()
        assert starts["network"].sum() < starts[other].sum()  # never equal in these weeks: borders do cost
