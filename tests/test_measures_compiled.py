"""The compiled passes: as plain Python gives, exact order, numbers without tables, and many runs as one table."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from measure_factory import SCENARIO, TARGETS, WEEK, make_journal, make_staff, make_tape, make_world, run
from test_measures_slow import long_week

from sim.jit import uncompiled
from sim.measures import Measures, measure
from sim.measures.evaluating import plan_of
from sim.measures.passes import ordering, pricing, rows, whole
from sim.measures.passes.layout import Period
from sim.study.parquet import label_rows, stack_measures
from sim.study.plan import Task

COMPILED = (pricing, rows, whole)


def results(functions: Any, requests: list[dict[str, Any]], shifts: list[dict[str, Any]]) -> list[Any]:
    """Everything that the compiled functions give for one run, array by array."""
    tape, journal, staff = make_tape(requests), make_journal(requests, shifts), make_staff(shifts)
    period = Period(WEEK, 2 * WEEK, make_world().calendar.window, np.array(TARGETS))
    counted = functions.count_run(
        tape.requests, journal.requests, journal.shifts, staff, period, np.array([3000.0, 1000.0]), 10.0, 49
    )
    sums = np.concatenate([counted.requests.ravel(), counted.patients.ravel(), counted.shifts.ravel()])
    price = np.array([1000.0, 2000.0, 1500.0])
    return [
        *flat(counted),
        *functions.fill_rows(plan_of(2, ()).recipe, sums, counted.weeks, 52.0),
        functions.price_shifts(counted.paid, price, price / 100.0, staff.contractor, 2),
        functions.price_nurses(counted.nursed, 0.7, 0.5, 2),
    ]


def flat(thing: Any) -> list[Any]:
    """The arrays and numbers of nested tuples."""
    return [part for item in thing for part in flat(item)] if isinstance(thing, tuple) else [np.asarray(thing)]


def test_compiled_and_plain_give_the_same_to_the_last_bit() -> None:
    script = long_week(11)
    source = uncompiled(*COMPILED)
    assert not hasattr(source.count_run, "py_func")
    compiled = uncompiled(*COMPILED)
    for module in COMPILED:
        vars(compiled).update(vars(module))
    for one, other in zip(results(compiled, *script), results(source, *script), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
        assert one.any()


@given(st.lists(st.one_of(st.sampled_from([0.0, 60.0, math.inf]), st.floats(0.0, allow_nan=False).map(abs))))
def test_order_is_the_stable_order(values: list[float]) -> None:
    array = np.array(values, dtype=float)
    assert ordering.order_of(array).tolist() == np.argsort(array, kind="stable").tolist()


def test_order_of_many() -> None:
    values = np.random.default_rng(5).exponential(50.0, 5000).round(1)
    assert ordering.order_of(values).tolist() == np.argsort(values, kind="stable").tolist()


def test_numbers_travel_without_tables_and_tables_are_made_once() -> None:
    found = run(*long_week())
    sent = pickle.dumps(found)
    assert len(sent) < 60_000
    again: Measures = pickle.loads(sent)
    for part in ("table", "curves", "hours"):
        assert part not in vars(again)
        frame = getattr(again, part)
        pd.testing.assert_frame_equal(frame, getattr(found, part), check_exact=True)
        assert getattr(again, part) is frame


def test_measuring_loads_no_pandas_and_the_dictionary_no_compiler() -> None:
    code = (
        "import sys, sim.measures; print(sorted({'pandas', 'numba', 'scipy'} & set(sys.modules)));"
        "import sim.measures.evaluating, sim.measures.counting, sim.measures.amounts;"
        "import sim.measures.staff;"
        "print('pandas' in sys.modules)"
    )
    top = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=top)
    assert done.stdout.split("\n")[:2] == ["[]", "False"]


def test_many_runs_are_one_table() -> None:
    runs = [run(*long_week(seed)) for seed in (1, 2)]
    requests, shifts = long_week(3)
    three = make_world(names=("Norr", "Söder", "Öst"))
    runs.append(measure(make_tape(requests), three, SCENARIO, make_journal(requests, shifts)))
    tasks = [Task("a", "one", 1), Task("a", "två", 2), Task("b", "one", 1)]
    stacked = stack_measures(tasks, runs)
    for frame, part in zip(stacked, ("table", "curves", "hours"), strict=True):
        one_by_one = [label_rows(getattr(found, part), task) for task, found in zip(tasks, runs, strict=True)]
        pd.testing.assert_frame_equal(frame, pd.concat(one_by_one, ignore_index=True), check_exact=True)


def test_no_runs_are_tables_without_rows() -> None:
    some = stack_measures([Task("a", "one", 1)], [run(*long_week())])
    for empty, frame in zip(stack_measures([], []), some, strict=True):
        assert len(empty) == 0 and list(empty.columns) == list(frame.columns)
