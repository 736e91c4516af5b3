"""What the passes read of a tape, of a journal and of the organisation's staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import ACUTE, CLASSES, GROUPS, UNPLANNED, WINDOWS

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.measures.staff import Staff
    from sim.world.tape import DemandTape

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GROUP_COUNT: Final = len(GROUPS)
CLASS_COUNT: Final = len(CLASSES)
WINDOW_COUNT: Final = len(WINDOWS)
ACUTE_COUNT: Final = len(ACUTE)  # the acute classes have the first codes
UNPLANNED_COUNT: Final = len(UNPLANNED)  # and PAL and ADM the next
MINUTES_PER_DAY: Final = 1440.0


class Asked(NamedTuple):
    """The requests of a tape; (R,) each, as in `DemandTape`."""

    patient: Ints
    group: Ints
    klass: Ints
    municipality: Ints
    vardcentral: Ints
    named: Floats
    t0_min: Floats
    due_day: Ints
    visits: Ints
    telephone: Ints
    no_show: Ints
    conveyed: Ints
    leaves_min: Floats


class Became(NamedTuple):
    """What became of them; (R,) each, as in `Journal`."""

    t1: Floats
    t3: Floats
    t4: Floats
    t5: Floats
    t6: Floats
    te: Floats
    outcome: Ints
    shift: Ints
    broken: Ints
    referred_to: Ints


class Duties(NamedTuple):
    """The physician-shifts as they were worked; (S,) each, as in `Journal`."""

    physician: Ints
    pool: Ints
    municipality: Ints
    start: Floats
    end: Floats
    home: Floats
    driving_min: Floats
    on_scene_min: Floats
    documenting_min: Floats
    telephone_min: Floats
    idle_min: Floats
    overtime_min: Floats
    km: Floats
    stops: Ints
    visits: Ints


class People(NamedTuple):
    """By pool: `contractor` and `clinic`, 0 or 1, and `rest_min` of paid rest after a shift. By physician-shift `vardcentral` (-1: none; empty: nothing is known
    of the physicians). The physicians of vårdcentral v are `named[named_first[v]:named_first[v + 1]]`."""

    contractor: Floats
    clinic: Floats
    rest_min: Floats
    vardcentral: Ints
    named_first: Ints
    named: Ints


class Period(NamedTuple):
    """The minutes that are counted, the calendar's window of each hour, and minutes within which each unplanned class
    should be reached."""

    begin: float
    end: float
    window: Ints
    targets: Floats


def asked(tape: DemandTape) -> Asked:
    """What is read of a tape."""
    return Asked(*(getattr(tape, name) for name in Asked._fields))


def became(journal: Journal) -> Became:
    """What is read of a journal's requests."""
    return Became(*(getattr(journal, name) for name in Became._fields))


def duties(journal: Journal) -> Duties:
    """What is read of a journal's physician-shifts."""
    of_shift = ("physician", "pool", "municipality", "start", "end", "home", "km", "stops", "visits")
    return Duties(*(getattr(journal, f"shift_{name}" if name in of_shift else name) for name in Duties._fields))


def people(staff: Staff) -> People:
    """What is read of the staff."""
    return People(staff.contractor, staff.clinic, staff.rest_min, staff.vardcentral, staff.named_first, staff.named)
