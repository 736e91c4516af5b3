"""A tape under an organisation as rows: the same with and without what was laid out before, compiled or not."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine_factory import always, compiled, organisation, pool
from small_world import small_inputs, small_scenario, small_world

from sim.engine.kernel import run_compiled
from sim.engine.kinds import no_kinds
from sim.engine.laying import lay_tape
from sim.engine.prepare import prepare
from sim.engine.running import make_run
from sim.engine.state import PLANNED_LEVEL, Run
from sim.engine.tables import Tables
from sim.errors import OrganisationError
from sim.organisation import ALWAYS, Area, EachVardcentral, Post, Sharing, route
from sim.world.demand import draw
from sim.world.tape import DemandTape
from sim.world.world import World

ROOT = Path(__file__).resolve().parent.parent


def small_case() -> tuple[DemandTape, World, Tables]:
    world = small_world(days=7)
    local = pool(Post(EachVardcentral(), ALWAYS), name="local", area=Area.LISTED)
    centre = pool(always(), name="centre")
    made = organisation(local, centre, routes=[route(local, centre.after(minutes=60))], sharing=Sharing.AGREEMENT)
    deaths = {f"demand.{group}.certificates_per_year": 1.0 for group in ("G1", "G2", "G3", "G4")}
    tape = draw(small_scenario({"demand.scale": 20.0, **deaths}), world, 0, small_inputs())
    return tape, world, compiled(made, world)


def fingerprint(run: Run) -> str:
    digest = hashlib.sha256()
    state = run.state._replace(places=[], placed=[])  # not written yet
    for value in (*state, *run.agenda):
        held = np.asarray(value)
        for column in [held] if held.dtype.names is None else [held[name] for name in held.dtype.names]:
            digest.update(np.ascontiguousarray(column).tobytes())  # field by field: what fills a row up says nothing
    return digest.hexdigest()


def test_a_prepared_run_equals_an_unprepared_one_and_leaves_what_was_prepared_alone() -> None:
    tape, world, tables = small_case()
    ready = prepare(world, tables)
    first = make_run(tape, world, tables, ready)
    expected = fingerprint(first)
    first.state.shifts["status"][:] = 3
    first.state.queues["head"][:] = 7
    assert fingerprint(make_run(tape, world, tables, ready)) == expected
    assert fingerprint(make_run(tape, world, tables)) == expected
    unusual = replace(ready, kinds=no_kinds(tables))  # every kind is met for the first time
    later = make_run(tape, world, tables, unusual)
    assert fingerprint(later) == expected


def test_organisations_share_a_laid_out_tape_and_leave_it_alone() -> None:
    tape, world, tables = small_case()
    laid = lay_tape(tape, world, tables.terms)
    slower = replace(tables, route_triage_min=np.full_like(tables.route_triage_min, 45.0))
    for each in (tables, slower, tables):
        run = make_run(tape, world, each, laid=laid)
        assert fingerprint(run) == fingerprint(make_run(tape, world, each))
        run_compiled(run)
    later: Any = make_run(tape, world, slower, laid=laid).state.requests
    assert np.array_equal(later["ordered"], laid.ordered + 45.0)


def test_the_tape_of_another_world_is_refused() -> None:
    tape, world, tables = small_case()
    beyond = np.full(len(tape), len(world.vardcentraler))
    with pytest.raises(ValueError, match="the tape speaks of vårdcentral"):
        lay_tape(tape.with_columns(vardcentral=beyond), world, tables.terms)


def test_queues_are_in_the_order_promised() -> None:
    tape, world, tables = small_case()
    run = make_run(tape, world, tables)
    rows: Any = run.state.requests
    assert len(rows) == len(tape) > 100
    for level in range(PLANNED_LEVEL + 1):
        mine = np.flatnonzero(rows["level"] == level)
        due = tape.due_day[mine] if level == PLANNED_LEVEL else np.zeros(len(mine))
        assert len(mine) > 5
        assert np.array_equal(np.argsort(rows["order"][mine]), np.lexsort((mine, rows["ordered"][mine], due)))
    ordered = rows["ordered"]
    arrivals = np.lexsort((np.arange(len(ordered)), ordered))
    assert np.array_equal(run.agenda.arrivals, arrivals[ordered[arrivals] < run.state.horizon])


def test_every_request_has_the_steps_of_its_route() -> None:
    tape, world, tables = small_case()
    run = make_run(tape, world, tables)
    rows: Any = run.state.requests
    steps: Any = run.state.steps
    assert rows["first_step"][0] == 0 and rows["end_step"][-1] == len(steps)
    assert (
        np.array_equal(rows["first_step"][1:], rows["end_step"][:-1]) and (rows["end_step"] > rows["first_step"]).all()
    )
    owner = np.repeat(np.arange(len(rows)), rows["end_step"] - rows["first_step"])
    assert np.array_equal(steps["request"], owner)
    assert (steps["at"] >= rows["ordered"][owner]).all() and (steps["team"] < tables.n_teams).all()


def test_nobody_there_is_an_error_that_names_the_request() -> None:
    tape, world, tables = small_case()
    nobody = replace(tables, asked=tuple(replace(a, teams=((),) * len(a.teams)) for a in tables.asked))
    with pytest.raises(OrganisationError, match="made: nobody is there for a request of group G"):
        make_run(tape, world, nobody)


PROGRAM = """
import sys; sys.path[:0] = sys.argv[1:3]
from test_prepare import fingerprint, small_case
from sim.engine.running import make_run
print(fingerprint(make_run(*small_case())))
"""


def test_compiled_or_not_the_rows_are_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(ROOT), str(ROOT / "tests")],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == fingerprint(make_run(*small_case())), done.stderr
