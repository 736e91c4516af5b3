"""A journal as tables for people: one row a request, one row a physician-shift. Each column is declared once, here by
what it shows of tape and journal; `docs/tables.md` is made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.codes import CLASSES, ELSEWHERE, GROUPS, OUTCOMES, WINDOWS
from sim.columns import declared
from sim.engine.journal import Courses, Duties, Journal
from sim.world.tape import DemandTape, Requests

if TYPE_CHECKING:
    from sim.engine.tables import Tables
    from sim.world.world import World


class Happened(NamedTuple):
    """All that a row can tell of."""

    tape: DemandTape
    world: World
    tables: Tables
    journal: Journal


class Shown(NamedTuple):
    """A column for people: how it is made, and what it means."""

    values: Callable[[Happened], NDArray[Any]]
    meaning: str


def asked(name: str) -> Shown:
    """A column of the tape's requests as it is."""
    return Shown(lambda of: getattr(of.tape.requests, name), declared(Requests)[name][1].meaning)


def became(name: str) -> Shown:
    """A column of the journal's requests as it is."""
    return Shown(lambda of: getattr(of.journal.requests, name), declared(Courses)[name][1].meaning)


def worked(name: str) -> Shown:
    """A column of the journal's shifts as it is."""
    return Shown(lambda of: getattr(of.journal.shifts, name), declared(Duties)[name][1].meaning)


def named(codes: Callable[[Happened], NDArray[np.int64]], names: tuple[str, ...], meaning: str) -> Shown:
    """A column of codes in words; the last word for -1, where there is one for it."""
    words = f"{meaning}: {', '.join(f'`{name}`' for name in names if name)}"
    return Shown(lambda of: _words(names, codes(of)), words)


def _words(names: tuple[str, ...], codes: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.asarray(names, dtype=object)[codes]


def _municipalities(of: Happened) -> tuple[str, ...]:
    return tuple(municipality.name for municipality in of.world.municipalities)


def _window(of: Happened) -> NDArray[np.int64]:
    window = of.world.calendar.window
    hour = np.minimum(of.tape.requests.t0_min // 60.0, len(window) - 1).astype(np.int64)
    return np.asarray(window[hour])


def _of_its_shift(of: Happened, column: NDArray[np.int64]) -> NDArray[np.int64]:
    """What a column of the shifts says of each request's shift; -1 without one."""
    return np.append(column, -1)[of.journal.requests.shift]


def _reason(of: Happened) -> NDArray[np.object_]:
    step = of.journal.requests.step
    later = [f"took over as number {number} of the route" for number in range(2, int(step.max(initial=0)) + 2)]
    return _words(("first in the route", *later, ""), step)


VISITS: Final[dict[str, Shown]] = {
    "request": Shown(lambda of: np.arange(len(of.tape)), "number of the request: its row on the tape"),
    "patient": asked("patient"),
    "municipality": Shown(
        lambda of: _words(_municipalities(of), of.tape.requests.municipality), "municipality of the place"
    ),
    "place": Shown(lambda of: _words(of.world.node_name, of.tape.requests.node), "place to which somebody has to come"),
    "group": named(lambda of: of.tape.requests.group, GROUPS, "group of patients"),
    "class": named(lambda of: of.tape.requests.klass, CLASSES, "class of the request"),
    "window": named(_window, WINDOWS, "window in which it was logged"),
    "residents": asked("visits"),
    "due_day": asked("due_day"),
    "t0_min": asked("t0_min"),
    **{f"{name}_min": became(name) for name in ("t1", "t2", "t3", "t4", "t5", "t6", "te")},
    "outcome": named(lambda of: of.journal.requests.outcome, OUTCOMES, "how it ended"),
    "referred_to": named(
        lambda of: of.journal.requests.referred_to, (*ELSEWHERE, ""), "where it went when it was refused, else empty"
    ),
    "not_reached": became("broken"),
    "conveyed": asked("conveyed"),
    "physician": Shown(
        lambda of: _of_its_shift(of, of.journal.shifts.physician), "number of the physician, -1 if nobody set out"
    ),
    "pool": Shown(
        lambda of: _words((*of.tables.pool_names, ""), _of_its_shift(of, of.journal.shifts.pool)),
        "pool of that physician, empty if nobody set out",
    ),
    "reason": Shown(_reason, "why that pool had it: first in its route, or took over; empty if nobody set out"),
    "km": became("km"),
}

PHYSICIANS: Final[dict[str, Shown]] = {
    "physician": worked("physician"),
    "pool": Shown(lambda of: _words(of.tables.pool_names, of.journal.shifts.pool), "pool of the organisation"),
    "municipality": Shown(
        lambda of: _words(_municipalities(of), of.journal.shifts.municipality), "municipality of the base"
    ),
    **{f"{name}_min": worked(name) for name in ("start", "end", "home")},
    **{name: worked(name) for name in Duties._fields[Duties._fields.index("driving_min") :]},
}


def visit_rows(tape: DemandTape, world: World, tables: Tables, journal: Journal) -> pd.DataFrame:
    """One row a request, the row number being its number; columns `VISITS`. Times in minutes from the start (NaN: did
    not happen)."""
    return _rows(VISITS, Happened(tape, world, tables, journal))


def shift_rows(tape: DemandTape, world: World, tables: Tables, journal: Journal) -> pd.DataFrame:
    """One row a physician-shift; columns `PHYSICIANS`, minutes and kilometres as in the journal."""
    return _rows(PHYSICIANS, Happened(tape, world, tables, journal))


def _rows(columns: dict[str, Shown], of: Happened) -> pd.DataFrame:
    return pd.DataFrame({name: shown.values(of) for name, shown in columns.items()})
