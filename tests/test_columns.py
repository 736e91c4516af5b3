"""Tables declared column by column, and what is made from the declarations."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import pytest

from sim.columns import Column, Floats, Ints, checked, declared, filled, room, rows_of
from sim.engine.journal import Courses, Duties, Journal
from sim.study.dictionary import dictionary
from sim.world.tape import DemandTape, Patients, Requests


class Things(NamedTuple):
    """Two columns."""

    number: Annotated[Ints, Column("how many")]
    weight: Annotated[Floats, Column("kilos each", 1.5)]


def test_a_table_is_made_as_declared() -> None:
    assert [(name, kind) for name, (kind, _) in declared(Things).items()] == [
        ("number", np.int64),
        ("weight", np.float64),
    ]
    some = filled(Things, 3, number=[1, 2, 3])
    assert (some.number.dtype, some.weight.dtype) == (np.int64, np.float64)
    assert some.weight.tolist() == [1.5, 1.5, 1.5]
    assert filled(Things, 2, number=7, weight=None).number.tolist() == [7, 7]
    assert rows_of(some, some.number > 1).number.tolist() == [2, 3]
    assert [len(column) for column in room(Things, 4)] == [4, 4]


def test_what_is_missing_unknown_or_wrong_is_said() -> None:
    with pytest.raises(TypeError, match="Things needs number: how many"):
        filled(Things, 2)
    with pytest.raises(TypeError, match="Things has no column colour, size"):
        filled(Things, 2, number=1, size=2, colour=3)
    with pytest.raises(ValueError, match=r"Things\.number: int64 \(2,\) is needed, here is float64 \(2,\)"):
        checked(Things(np.zeros(2), np.zeros(2)))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"Things\.weight: float64 \(2,\) is needed, here is float64 \(3,\)"):
        checked(Things(np.zeros(2, dtype=np.int64), np.zeros(3)))


def made_tape() -> DemandTape:
    requests = filled(Requests, 3, node=[2, 0, 1], municipality=0, t0_min=[1.0, 2.0, 3.0])
    return DemandTape(1440.0, 0.0, requests, filled(Patients, 2, node=[5, 6], municipality=[1, 2]))


def test_columns_of_several_tables_are_read_by_name() -> None:
    tape = made_tape()
    assert tape.t0_min is tape.requests.t0_min and tape.node is tape.requests.node
    assert tape.patient_node is tape.patients.node and tape.from_min is tape.patients.from_min
    assert tape.patient is tape.requests.patient  # the column, and no table
    journal = Journal(filled(Courses, 3), filled(Duties, 1, physician=0, start=0.0, end=9.0, home=9.0))
    assert journal.km is journal.requests.km and journal.shift_km is journal.shifts.km
    assert journal.shift is journal.requests.shift and journal.driving_min is journal.shifts.driving_min
    with pytest.raises(AttributeError, match="DemandTape has no column 'colour'"):
        _ = tape.colour


def test_a_tape_cannot_be_written_on_and_can_be_sent() -> None:
    tape = made_tape()
    assert not any(column.flags.writeable for _, column in tape.columns())
    for other in (copy.deepcopy(tape), pickle.loads(pickle.dumps(tape))):
        assert other.sha256() == tape.sha256()


def test_no_column_can_change_without_the_hash() -> None:
    tape = made_tape()
    hashes = {tape.sha256()}
    for name, column in tape.columns():
        table, own = name.split(".")
        flat = own if table == "requests" else f"patient_{own}"
        hashes.add(tape.with_columns(**{flat: column + 1}).sha256() if np.isfinite(column).all() else
                   tape.with_columns(**{flat: np.zeros_like(column)}).sha256())  # fmt: skip
    assert len(hashes) == 1 + len(Requests._fields) + len(Patients._fields)


def test_the_page_of_columns_is_made_from_the_declarations() -> None:
    stored = (Path(__file__).parent.parent / "docs" / "tables.md").read_text("utf-8")
    assert stored == dictionary(), "write docs/tables.md anew: python -m tools.restate"
