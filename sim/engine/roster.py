"""The roster of an organisation: every physician-shift, by whom and from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.engine.bases import named_base
from sim.engine.people import people
from sim.engine.posts import Duty, horizon
from sim.errors import OrganisationError
from sim.text import Text
from sim.world.world import World


@dataclass(frozen=True)
class Roster:
    """S physician-shifts sorted by (physician, start); the position is the tie order. Times in minutes."""

    pool: NDArray[np.int64]
    base: NDArray[np.int64]
    vardcentral: NDArray[np.int64]
    physician: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    stand_by: NDArray[np.int64]  # node, -1: the base


def make_roster(duties: Sequence[Duty], world: World) -> Roster:
    """Number the people line by line and sort their shifts; what would begin after the calendar's end falls away."""
    nothing = np.empty(0, dtype=np.int64)
    starts = np.concatenate([nothing, *(duty.starts for duty in duties)])
    ends = np.concatenate([nothing, *(duty.ends for duty in duties)])
    line = np.repeat(np.arange(len(duties)), [len(duty.starts) for duty in duties])
    inside = starts < horizon(world)
    starts, ends, line = starts[inside], ends[inside], line[inside]
    who = people(starts, ends, np.searchsorted(line, np.arange(len(duties) + 1)))
    order = np.argsort(who, kind="stable")  # the shifts of a line are in order of start already
    facts = [(duty.pool, duty.base, duty.vardcentral, duty.stand_by) for duty in duties]
    of_shift = np.array(facts, dtype=np.int64).reshape(-1, 4)[line[order]]
    pool, base, vardcentral, stand_by = np.ascontiguousarray(of_shift.T)  # strided columns are another type to Numba
    return Roster(
        pool=pool,
        base=base,
        vardcentral=vardcentral,
        physician=who[order],
        start=starts[order].astype(np.float64),
        end=ends[order].astype(np.float64),
        stand_by=stand_by,
    )


def without_closed(roster: Roster, world: World, closed: Sequence[str], owner: str) -> Roster:
    """The roster with nobody based in a closed place (names as for `named_base`): whoever is based there works from the
    nearest main town of a municipality that is open. Bases at a vårdcentral stay.

    Only the base moves: which team a shift belongs to is settled before, so its patients keep it. OrganisationError for
    a name that does not exist, or if no main town is left open.
    """
    if not closed:
        return roster
    owner = f"{owner}: organisation.closed_bases"
    nodes = {named_base(world, name, owner)[0] for name in closed}
    left = [town for town in world.towns.main if town not in nodes]
    if not left:
        raise OrganisationError(_ALL_CLOSED.format(owner=owner))
    base = roster.base.copy()
    for node in nodes:
        nearest = left[int(np.argmin(world.travel_min[node, left]))]
        base[(roster.base == node) & (roster.vardcentral < 0)] = nearest
    return replace(roster, base=base)


_ALL_CLOSED = Text(
    "{owner}: huvudorten i varje kommun är stängd: låt minst en vara öppen",
    "{owner}: the main town of every municipality is closed: leave at least one open",
)
