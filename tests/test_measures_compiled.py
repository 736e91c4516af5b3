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
from sim.measures import Measures, continuity, hourly, kernel, measure, ordering, rest
from sim.measures.counting import by_physician, request_columns, shift_columns
from sim.study.parquet import label_rows, stack_measures
from sim.study.plan import Task


def passes(functions: Any, requests: list[dict[str, Any]], shifts: list[dict[str, Any]]) -> list[Any]:
    """Everything that the compiled functions give for one run, array by array."""
    tape, journal, world = make_tape(requests), make_journal(requests, shifts), make_world()
    period = kernel.Period(WEEK, 2 * WEEK, world.calendar.window)
    staff = make_staff(shifts)
    columns, duties = request_columns(tape, journal), shift_columns(journal, staff)
    first, stops = functions.stops_by_shift(columns, len(shifts))
    called = functions.night_calls(columns, period.end, len(shifts))
    marks = functions.familiar(
        columns, duties.physician, staff.vardcentral, staff.named_first, staff.named, period.begin
    )
    counts = functions.count_requests(columns, marks, period, np.array(TARGETS), 2, 10.0, 49)
    rests = functions.count_rest(
        by_physician(duties), duties.physician, duties.municipality, duties.start, duties.home, WEEK, 2 * WEEK, 2
    )
    rank = np.full((15, 6), 3, dtype=np.int64)
    return [
        marks,
        *counts,
        functions.count_patients(columns, duties.physician, period.begin, 2),
        first,
        stops,
        called,
        functions.percentiles(counts.waited, counts.cell, rank, 3, 11),
        *functions.count_shifts(duties, called, period, 2),
        rests.bases,
        np.array(rests[1:]),
        functions.count_hours(columns, duties, first, stops, period),
    ]


def test_compiled_and_plain_give_the_same_to_the_last_bit() -> None:
    script = long_week(11)
    source = uncompiled(kernel, ordering, hourly, continuity, rest)
    assert not hasattr(source.count_hours, "py_func")
    compiled = uncompiled(kernel, ordering, hourly, continuity, rest)
    for module in (kernel, ordering, hourly, continuity, rest):
        vars(compiled).update(vars(module))
    for one, other in zip(passes(compiled, *script), passes(source, *script), strict=True):
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
        "import sim.measures.summing;"
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
