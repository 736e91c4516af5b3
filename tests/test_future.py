"""Nobody sees the future: whatever lies after a minute, nothing before it is done otherwise, on either clock.

A tape is given another future after minute t: other requests, other actual minutes of what is not over at t, other
give-ups and leavings of those who wait. Cut at t, the journals of the two tapes must be equal to the last bit. What is
planned before t shows in who goes where until then, so several minutes are tried on each day.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from engine_factory import compiled, differences, make_world, settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from test_clocks import organisations
from test_scripted import LINE, at

import models
from sim.codes import A1, A2, A3, ADM, PAL, P, R
from sim.engine import Journal, Tables, run, tables
from sim.grid import to_grid
from sim.organisation import Organisation
from sim.scripted import tape_of_columns
from sim.world.tape import DemandTape
from sim.world.world import World

ACUTE = np.array([A1, A2, A3, PAL, ADM])
ON_SCENE, DOCUMENTED = 45.0, 15.0  # minutes that a planner expects
WHEN = [("08:41", 0), ("10:07", 0), ("12:33", 0), ("16:20", 0), ("08:02", 1), ("13:10", 1), ("15:15", 2), ("02:00", 3)]


def drawn_tape(world: World, rng: np.random.Generator, acute: int, planned: int) -> DemandTape:
    """So many requests over the world's days, anywhere; planned ones in office hours of any day and before the first,
    due within three days."""
    days = len(world.calendar.weekday)
    early = rng.random(planned) < 0.5
    logged = np.where(early, 0.0, rng.integers(0, days, planned) * 1440.0 + rng.uniform(480, 1020, planned))
    t0 = np.concatenate([rng.uniform(0, days * 1440.0, acute), logged])
    klass = np.concatenate([rng.choice(ACUTE, acute), rng.choice([P, P, P, R], planned)])
    order = np.argsort(t0, kind="stable")
    t0, klass, n = to_grid(t0[order]), klass[order], acute + planned
    soon = np.where(np.isin(klass, ACUTE) & (rng.random(n) < 0.3), rng.uniform(30, 400, n), np.inf)
    return tape_of_columns(
        world,
        t0_min=t0,
        klass=klass,
        node=rng.integers(len(world.node_name), size=n),
        vardcentral=rng.integers(len(world.vardcentraler), size=n),
        named=rng.random(n),
        triage_min=to_grid(rng.uniform(0, 20, n)),
        on_scene_min=to_grid(ON_SCENE * rng.lognormal(0, 0.6, n)),
        documentation_min=to_grid(DOCUMENTED * rng.lognormal(0, 0.6, n)),
        on_scene_plan_min=np.full(n, ON_SCENE),
        documentation_plan_min=np.full(n, DOCUMENTED),
        travel_factor=rng.lognormal(0, 0.4, n),
        patience_min=to_grid(soon),
        due_day=np.where(np.isin(klass, ACUTE), -1, (t0 // 1440).astype(np.int64) + rng.integers(0, 4, n)),
        telephone=(np.isin(klass, ACUTE) & (rng.random(n) < 0.2)).astype(np.int64),
        call_min=to_grid(rng.exponential(12.0, n)),
        leaves_min=to_grid(np.where(rng.random(n) < 0.1, t0 + rng.uniform(0, 3000, n), np.inf)),
    )


def another_future(tape: DemandTape, journal: Journal, t: float, rng: np.random.Generator) -> DemandTape:
    """The same tape up to minute t, as `journal` (of a run to the end) has it, and other chance from there on."""
    old, n = tape.requests, len(tape)
    new: dict[str, Any] = {name: column.copy() for name, column in old._asdict().items()}

    def later(since: Any, most: float) -> Any:
        """Minutes from `since` to some time after t, on the grid."""
        return to_grid(np.maximum(t - since, 0.0) + rng.uniform(0.01, most, n))

    logged = old.t0_min < t
    ordered = journal.t1 < t
    set_out, there, left, done = (when < t for when in (journal.t3, journal.t4, journal.t5, journal.t6))
    settled = (journal.te < t) | ((old.leaves_min < t) & ~set_out)
    # Requests that are yet to come: each the need of another, at another time.
    ahead = np.flatnonzero(~logged)
    mixed = rng.permutation(ahead)
    for name in set(new) - {"t0_min"}:
        new[name][ahead] = new[name][mixed]
    new["t0_min"][ahead] = np.sort(to_grid(rng.uniform(t, tape.horizon_min, len(ahead))))
    new["due_day"][ahead] = np.where(new["due_day"][ahead] < 0, -1, new["t0_min"][ahead] // 1440 + rng.integers(0, 4))
    # Those in triage, those who wait, those somebody is on the way to, with or documenting.
    new["triage_min"] = np.where(logged & ~ordered, later(old.t0_min, 30.0), new["triage_min"])
    waits = ordered & ~set_out & ~settled
    gives_up = waits & np.isfinite(old.patience_min)
    new["patience_min"] = np.where(gives_up, later(np.nan_to_num(journal.t1), 300.0), new["patience_min"])
    stays = logged & np.isfinite(old.leaves_min) & ~(old.leaves_min < t)
    new["leaves_min"] = np.where(stays, later(0.0, 2000.0), new["leaves_min"])
    driven = np.nan_to_num(journal.t4 - journal.t3)
    on_road = set_out & ~there & (old.telephone == 0) & (driven > 0)
    factor = new["travel_factor"] * later(np.nan_to_num(journal.t3), 60.0) / np.where(driven > 0, driven, 1.0)
    new["travel_factor"] = np.where(
        on_road, factor, np.where(~logged | set_out, new["travel_factor"], rng.lognormal(0, 0.4, n))
    )
    with_patient = later(np.nan_to_num(journal.t4), 200.0)
    for name in ("on_scene_min", "call_min"):
        new[name] = np.where(left, new[name], np.where(there, with_patient, to_grid(rng.exponential(60.0, n))))
    documents = later(np.nan_to_num(journal.t5), 60.0)
    new["documentation_min"] = np.where(done, new["documentation_min"], documents)
    return dataclasses.replace(tape, requests=type(old)(**new))


def hides_the_future(world: World, ready: Tables, tape: DemandTape, t: float, rng: np.random.Generator) -> bool:
    """Whether something after t was changed; fails if anything before t is done otherwise."""
    whole = run(tape, world, ready)
    changed = another_future(tape, whole, t, rng)
    for engine in ("compiled", "simpy"):
        journals = [run(dataclasses.replace(one, horizon_min=t), world, ready, engine) for one in (tape, changed)]
        assert differences(*journals) == [], f"{engine}, minute {t}"
    return differences(whole, run(changed, world, ready)) != []


@pytest.mark.parametrize("name", ["status_quo", "central_team", "vardcentral_led", "hybrid"])
def test_the_four_models_see_no_future(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "expected_planned_work", lambda world, scenario: np.ones(3))
    world = make_world(LINE, days=7, vardcentraler=(0, 1, 2))
    made: Organisation = getattr(models, name)()
    plain = settings(600.0, hand_over_min=0.0, break_min=30.0, planned_share=0.6, named_weight_min=10.0)
    ready = compiled(made, world, plain)
    rng = np.random.default_rng(7)
    for clock, day in WHEN:
        t = at(clock, day)
        assert hides_the_future(world, ready, drawn_tape(world, rng, acute=250, planned=250), t, rng)


@examples(max_examples=60)
@given(made=organisations(), seed=st.integers(0, 2**32 - 1), minute=st.integers(1, 4 * 1440))
def test_no_organisation_sees_the_future(made: Organisation, seed: int, minute: int) -> None:
    rng = np.random.default_rng(seed)
    minutes = to_grid(rng.uniform(0, 40, (4, 4)))
    world = make_world(minutes, days=7, municipality=(0, 1, 2, 0), vardcentraler=(0, 1, 3))
    ready = compiled(made, world, settings(break_min=30.0, planned_share=0.8))
    hides_the_future(world, ready, drawn_tape(world, rng, acute=60, planned=60), float(minute), rng)
