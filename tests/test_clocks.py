"""The two clocks give the same journal to the last bit: on any organisation, roster, demand and sharing, on the
dyadic grid and on whole minutes where ties are everywhere."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine_factory import Ask, always, compiled, differences, make_tape, make_world, organisation, pool, settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import models
from sim.codes import A1, A2, A3, ADM, CANCELLED, DONE, ESCALATED, GROUPS, PAL, REFERRED, TELEPHONE, P, R
from sim.columns import rows_of
from sim.engine import Journal, compile_tables, kernel, run
from sim.engine.closing import close_journal
from sim.engine.rows import as_objects
from sim.engine.running import make_run
from sim.jit import uncompiled
from sim.organisation import (
    DAYS_OFF,
    EVERY_DAY,
    OFFICE_DAYS,
    Area,
    Between,
    Choice,
    EachMunicipality,
    EachVardcentral,
    Organisation,
    Pool,
    Post,
    Sharing,
    Shift,
    route,
)
from sim.scenario import Scenario
from sim.world.build import build_world
from sim.world.demand import draw
from sim.world.tape import DemandTape
from sim.world.world import World

SHIFTS = (
    (Shift(OFFICE_DAYS, "08:00", "17:00"),),
    (Shift(EVERY_DAY, "17:00", "08:00"), Shift(DAYS_OFF, "08:00", "17:00")),
    (Shift(EVERY_DAY, "00:00", "08:00"), Shift(EVERY_DAY, "08:00", "16:00"), Shift(EVERY_DAY, "16:00", "00:00")),
    (Shift(OFFICE_DAYS, "12:30", "14:00"),),
)
BASES = ("Ort 0", "Ort 1", "Ort 2", EachMunicipality(), EachVardcentral())


@st.composite
def organisations(draw_: st.DrawFn) -> Organisation:
    """One to three pools with any posts; the last one serves everybody round the clock, so that no request is left."""
    made: list[Pool] = []
    for number in range(draw_(st.integers(0, 2))):
        area = draw_(st.sampled_from(list(Area)))
        bases = (
            [EachVardcentral()]
            if area is Area.LISTED
            else draw_(st.lists(st.sampled_from(BASES), min_size=1, max_size=2))
        )
        posts = [Post(base, draw_(st.sampled_from(SHIFTS)), draw_(st.integers(1, 2))) for base in bases]
        overtime = draw_(st.sampled_from([0.0, 30.0, 120.0, np.inf]))
        between = draw_(st.sampled_from(list(Between)))
        more = {"reserve": draw_(st.integers(0, 1)), "rest_h": draw_(st.sampled_from([0.0, 8.0]))}
        made.append(pool(*posts, name=f"pool {number}", area=area, between=between, overtime_min=overtime, **more))
    between = draw_(st.sampled_from(list(Between)))
    waits = draw_(st.sampled_from([None, "Ort 1", "Ort 2"]))
    posts = [Post("Ort 0", SHIFTS[2], stand_by=waits), always("Ort 2", draw_(st.integers(0, 1)))]
    made.append(pool(*posts, name="last", between=between, reserve=draw_(st.integers(0, 1))))
    order = draw_(st.permutations(made[:-1]))
    steps = [p.after(minutes=draw_(st.sampled_from([0, 0, 15, 30, 600]))) for p in order]
    last = made[-1].after(minutes=draw_(st.sampled_from([0, 20, 60])))
    routes = [route(*steps, last, classes=("A1", "A2", "R")), route(last, *steps)]
    return organisation(
        *made, routes=routes, choice=draw_(st.sampled_from(list(Choice))), sharing=draw_(st.sampled_from(list(Sharing)))
    )


@st.composite
def days(draw_: st.DrawFn, whole_minutes: bool) -> tuple[World, DemandTape]:
    """A week of random requests in a random county; on whole minutes nearly everything ties."""
    seed = draw_(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    places = 4
    travel = rng.integers(0, 40, (places, places)) * 1.0 if whole_minutes else rng.uniform(0, 40, (places, places))
    world = make_world(travel, days=7, municipality=(0, 1, 2, 0), vardcentraler=(0, 1, 3))
    n = draw_(st.integers(0, 150))
    times = rng.integers(0, 7 * 24 * 6, n) * 10.0 if whole_minutes else rng.uniform(0, 7 * 1440, n)
    unit = 10.0 if whole_minutes else 1.0
    asks = []
    for t0 in np.sort(times):
        klass = int(rng.choice([A1, A2, A3, PAL, ADM, R, P]))
        asks.append(
            Ask(
                float(t0),
                node=int(rng.integers(places)),
                klass=klass,
                on_scene=unit * float(rng.integers(0, 7) if whole_minutes else rng.exponential(40)),
                documentation=unit * float(rng.integers(0, 3)),
                patience=float(rng.choice([0.0, 30.0, 120.0, np.inf])) if klass < R else np.inf,
                factor=1.0 if whole_minutes else float(rng.lognormal(0, 0.2)),
                vardcentral=int(rng.integers(-1, 3)),
                named=float(rng.random()),
                due_day=int(t0 // 1440) + int(rng.integers(0, 3)),
                visits=int(rng.integers(1, 6)) if klass == R else 1,
                plan=unit * float(rng.integers(0, 7)),
                group=int(rng.integers(0, 8)),
                mobility=float(rng.random()),
                single_visit=float(rng.random()),
                elsewhere=float(rng.random()),
                call=unit * float(rng.integers(0, 3)) if klass < R and rng.random() < 0.2 else None,
                leaves=float(t0 + rng.integers(0, 2000)) if rng.random() < 0.1 else np.inf,
            )
        )
    return world, make_tape(world, asks)


def both(world: World, tape: DemandTape, made: Organisation, scenario: Scenario | None = None) -> Journal:
    """The journal, the same on both clocks."""
    ready = compiled(made, world, scenario)
    journal = run(tape, world, ready, "compiled")
    assert differences(journal, run(tape, world, ready, "simpy")) == []
    return journal


@pytest.mark.parametrize("whole_minutes", [False, True], ids=["grid", "whole minutes"])
@examples(max_examples=300)
@given(data=st.data())
def test_any_organisation_on_any_week(data: st.DataObject, whole_minutes: bool) -> None:
    world, tape = data.draw(days(whole_minutes))
    made = data.draw(organisations())
    hand_over = data.draw(st.sampled_from([0.0, 10.0]))
    scenario = settings(
        delay=data.draw(st.sampled_from([0.0, 30.0])),
        break_min=data.draw(st.sampled_from([0.0, 30.0])),
        planned_share=data.draw(st.sampled_from([0.3, 0.8, 1.0])),
        named_weight_min=data.draw(st.sampled_from([0.0, 20.0])),
        hand_over_min=hand_over,
        single_visit_share=0.2,
        temporary_stay=data.draw(st.sampled_from(["serve", "acute only", "refer"])),
        referred_in=data.draw(st.sampled_from([(), ("Kommun 1",)])),
    )
    journal = both(world, tape, made, scenario)
    check_identities(tape, journal, hand_over)


def check_identities(tape: DemandTape, journal: Journal, hand_over: float) -> None:
    """What must hold in every run, to the last bit where it is said so."""
    # Every request has one outcome, and the times that belong to it.
    visited, called, gone = (journal.outcome == code for code in (DONE, TELEPHONE, ESCALATED))
    refused = journal.outcome == REFERRED
    done = visited | called
    assert ((journal.outcome >= 0) & (journal.outcome <= REFERRED)).all()
    assert (~np.isnan(journal.t6) == done).all() and (~np.isnan(journal.te) == gone).all()
    assert ((journal.shift >= 0) == ~np.isnan(journal.t3)).all()
    assert np.isnan(journal.t3[gone | refused | (journal.outcome == CANCELLED)]).all()
    assert (tape.telephone[called] == 1).all() and (tape.telephone[visited] == 0).all()
    assert (np.isfinite(tape.leaves_min) | (journal.outcome != CANCELLED)).all()
    assert ((journal.referred_to >= 0) == refused).all()
    assert np.isin(tape.group[refused], (GROUPS.index("G6"), GROUPS.index("G7"))).all()
    # queue + travel = response, exactly; times in order; the tape's durations, exactly.
    queue, travel = journal.t3 - journal.t1, journal.t4 - journal.t3
    seen = ~np.isnan(journal.t4)
    assert (queue[seen] + travel[seen] == (journal.t4 - journal.t1)[seen]).all()
    assert (queue[seen] >= 0).all() and (travel[seen] >= 0).all()
    assert (journal.t5[visited] - journal.t4[visited] == tape.on_scene_min[visited]).all()
    assert (journal.t5[called] - journal.t4[called] == tape.call_min[called]).all()
    extra = journal.t6 - journal.t5 - np.where(called, 0.0, tape.documentation_min)
    assert np.isin(extra[done], (0.0, hand_over)).all() and (extra[done][journal.step[done] == 0] == 0.0).all()
    assert (journal.te[gone] - journal.t1[gone] == tape.patience_min[gone]).all()
    # Nobody waits longer than patience allows.
    assert (queue[seen] <= tape.patience_min[seen]).all()
    assert (journal.t3[seen] <= np.maximum(tape.leaves_min, journal.t1)[seen]).all()
    # Every physician's minutes by status sum to the time on duty, exactly, and none is negative.
    on_duty = journal.shift_home - journal.shift_start
    working = (journal.driving_min, journal.on_scene_min, journal.documenting_min, journal.telephone_min)
    parts = (*working, journal.idle_min)
    assert (sum(parts) == on_duty).all() and all((part >= 0).all() for part in parts)
    assert (journal.overtime_min >= 0).all() and (journal.shift_home <= tape.horizon_min).all()
    # Nobody is in two places: visits of one physician-shift do not overlap, and lie inside the shift.
    for u in np.unique(journal.shift[journal.shift >= 0]):
        mine = np.flatnonzero(journal.shift == u)
        mine = mine[np.lexsort((journal.t6[mine], journal.t3[mine]))]
        ends = np.where(np.isnan(journal.t6[mine]), np.inf, journal.t6[mine])
        assert (journal.t3[mine][1:] >= ends[:-1]).all()
        assert (journal.t3[mine] >= journal.shift_start[u]).all() and (journal.t3[mine] < journal.shift_end[u]).all()
    # What the shifts count is what the requests say.
    finished = journal.shift[visited]
    assert np.bincount(finished, minlength=len(on_duty)).tolist() == journal.shift_stops.tolist()
    visits = np.bincount(finished, weights=tape.visits[visited], minlength=len(on_duty))
    assert visits.tolist() == journal.shift_visits.tolist()
    # Minutes on scene and on the telephone: all that is finished plus what was under way at the horizon.
    ends = np.where(np.isnan(journal.t5), tape.horizon_min, journal.t5)
    for some, minutes in ((tape.telephone == 0, journal.on_scene_min), (tape.telephone == 1, journal.telephone_min)):
        total = (ends - journal.t4)[seen & some].sum()
        assert minutes.sum() == pytest.approx(total, abs=1e-6)


@given(data=st.data())
def test_one_more_request_at_the_end_changes_nothing_before(data: st.DataObject) -> None:
    world, tape = data.draw(days(False).filter(lambda pair: len(pair[1]) > 1))
    ready = compiled(data.draw(organisations()), world)
    fewer = dataclasses.replace(tape, requests=rows_of(tape.requests, slice(len(tape) - 1)))
    one, other = run(fewer, world, ready, "compiled"), run(tape, world, ready, "compiled")
    last = tape.t0_min[-1]
    for name in ("t3", "t4", "te"):
        before, after = getattr(one, name), getattr(other, name)[:-1]
        early = before < last
        assert (before[early] == after[early]).all()
        assert not (after[~early] < last).any()


@given(data=st.data())
def test_on_scene_hours_are_equal_across_models_when_nobody_gives_up(data: st.DataObject) -> None:
    world, tape = data.draw(days(False))
    patient = tape.with_columns(
        patience_min=np.full(len(tape), np.inf),
        t0_min=np.floor(tape.t0_min / 40),
        klass=np.minimum(tape.klass, A3),
    )
    hours = set()
    for made in (
        organisation(pool(always(lines=9))),
        organisation(pool(always("Ort 1", lines=3), always("Ort 2", lines=4))),
    ):
        journal = run(patient, world, compiled(made, world), "compiled")
        if (journal.outcome == 0).all():
            hours.add(round(float(journal.on_scene_min.sum()), 9))
    assert len(hours) <= 1


def test_permuted_municipalities_permute_the_answers() -> None:
    rng = np.random.default_rng(5)
    travel = np.array([[5.0, 40.0, 40.0], [40.0, 5.0, 40.0], [40.0, 40.0, 5.0]])
    world = make_world(travel, days=7)
    made = organisation(pool(always("Ort 0"), always("Ort 1"), always("Ort 2"), area=Area.MUNICIPALITY))
    asks = [
        Ask(float(t), node=int(rng.integers(3)), on_scene=float(rng.exponential(30)))
        for t in np.sort(rng.uniform(0, 10080, 300))
    ]
    turned = [dataclasses.replace(ask, node=(ask.node + 1) % 3) for ask in asks]
    one = both(world, make_tape(world, asks), made)
    other = both(world, make_tape(world, turned), made)
    assert np.array_equal(one.t4, other.t4, equal_nan=True)
    assert one.on_scene_min.tolist() == np.roll(other.on_scene_min, -1).tolist()


def test_one_more_physician_never_lengthens_the_mean_wait_in_one_queue() -> None:
    rng = np.random.default_rng(6)
    world = make_world([[0.0]], days=7)
    tape = make_tape(
        world, [Ask(float(t), on_scene=float(rng.exponential(60))) for t in np.sort(rng.uniform(0, 10000, 400))]
    )
    waits = [
        np.nansum(run(tape, world, compiled(organisation(pool(always(lines=n))), world), "compiled").t3 - tape.t0_min)
        for n in (3, 4, 5, 6)
    ]
    assert waits == sorted(waits, reverse=True) and waits[0] > 2 * waits[-1]


# --- the real models ------------------------------------------------------------------------------


SCENARIOS: dict[str, dict[str, Any]] = {
    "default": {},
    "double demand": {"demand.scale": 2.0},
    "agreement": {"organisation.sharing": "agreement"},
    "network": {"organisation.sharing": "network"},
    "winter": {"travel.weather_factor": 1.4},
    "few physicians": {"staffing.hours_per_week": 800},
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_four_models_on_halland(name: str) -> None:
    scenario = Scenario().with_changes({"calendar.weeks": 3, "calendar.warm_up_weeks": 1, **SCENARIOS[name]})
    world = build_world(scenario)
    for replication in (1, 2):
        tape = draw(scenario, world, replication)
        for made in models.all():
            ready = compile_tables(made, world, scenario)
            journal = run(tape, world, ready, "compiled")
            assert differences(journal, run(tape, world, ready, "simpy")) == [], made.name
            check_identities(tape, journal, scenario.organisation.hand_over_min)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_many_seeds_and_sizes_on_halland(name: str) -> None:
    """Four models, eight seeds, a tenth, all and three times Halland's demand: 96 comparisons for each scenario."""
    equal = 0
    for scale in (0.1, 1.0, 3.0):
        changes = {"calendar.weeks": 2, "calendar.warm_up_weeks": 1, "demand.scale": scale, **SCENARIOS[name]}
        scenario = Scenario().with_changes(changes)
        world = build_world(scenario)
        ready = [compile_tables(made, world, scenario) for made in models.all()]
        for replication in range(1, 9):
            tape = draw(scenario, world, replication)
            for item in ready:
                one, other = (run(tape, world, item, engine) for engine in ("compiled", "simpy"))
                equal += differences(one, other) == []
    assert equal == 3 * 8 * 4


def test_the_compiled_source_runs_uncompiled_with_the_same_journal() -> None:
    scenario = Scenario().with_changes({"calendar.weeks": 2, "calendar.warm_up_weeks": 0})
    world = build_world(scenario)
    tape = draw(scenario, world, 1)
    ready = compile_tables(models.hybrid(), world, scenario)
    source = uncompiled(kernel)
    held = as_objects(make_run(tape, world, ready))
    source.loop(*held, *kernel.room_for(held.state, held.agenda))
    assert differences(close_journal(held, ready, world), run(tape, world, ready, "compiled")) == []


TRY = """
import hashlib, numpy as np, models
from sim.scenario import Scenario
from sim.world.build import build_world
from sim.world.demand import draw
from sim.engine import compile_tables, run
s = Scenario().with_changes({"calendar.weeks": 1, "calendar.warm_up_weeks": 0})
w = build_world(s)
j = run(draw(s, w, 1), w, compile_tables(models.central_team(), w, s), "compiled")
print(hashlib.sha256(j.t4.tobytes() + j.driving_min.tobytes()).hexdigest())
"""


@pytest.mark.slow
def test_cold_cache_read_only_cache_and_no_compiler_agree(tmp_path: Path, root: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "file").write_text("")
    places = {
        "cold": {"NUMBA_CACHE_DIR": str(tmp_path / "cold")},
        "warm": {"NUMBA_CACHE_DIR": str(tmp_path / "cold")},
        # A file where the folder should be: cannot be written by anybody, root included.
        "read-only": {
            "NUMBA_CACHE_DIR": str(closed / "file"),
            "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator",
        },
        "uncompiled": {"NUMBA_DISABLE_JIT": "1"},
    }
    answers = {}
    for name, extra in places.items():
        environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", **extra}
        ended = subprocess.run(
            [sys.executable, "-c", TRY], env=environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, f"{name}: {ended.stderr}"
        answers[name] = ended.stdout
    assert len(set(answers.values())) == 1, answers
