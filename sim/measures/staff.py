"""What the measures need to know of an organisation: of what kind its pools are and where its physicians belong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.columns import Floats, Ints
from sim.organisation import Principal

if TYPE_CHECKING:
    from sim.engine.tables import Tables


class Staff(NamedTuple):
    """By pool: `own_hour_cost` SEK an hour (NaN: as the scenario says), `contractor` and `clinic` (its hours are taken
    from clinic sessions), both 0 or 1, `rest_min` minutes of paid rest after a shift. By physician-shift: `vardcentral`
    where the physician belongs, -1 for none. The physicians of vårdcentral v are
    `named[named_first[v]:named_first[v + 1]]`."""

    own_hour_cost: Floats
    contractor: Floats
    clinic: Floats
    rest_min: Floats
    vardcentral: Ints
    named_first: Ints
    named: Ints


def staff_of(tables: Tables) -> Staff:
    """Of an organisation that is compiled against a world."""
    pools = tables.organisation.pools
    return staff_from(
        [pool.principal is Principal.CONTRACTOR for pool in pools],
        [pool.cost_per_hour for pool in pools],
        [pool.displaces_clinic for pool in pools],
        [pool.rest_h for pool in pools],
        tables.roster.vardcentral,
        tables.named,
    )


def staff_from(
    contractor: Sequence[bool],
    cost_per_hour: Sequence[float | None],
    displaces_clinic: Sequence[bool],
    rest_h: Sequence[float],
    vardcentral: Ints,
    named: Sequence[Ints],
) -> Staff:
    """From each pool: whether it is a contractor's, its cost per hour (None: as the scenario says), whether its hours
    are taken from clinic sessions and its hours of paid rest after each shift; the vårdcentral of every physician-shift
    (-1: none); the physicians of each vårdcentral."""
    return Staff(
        own_hour_cost=np.array([np.nan if cost is None else cost for cost in cost_per_hour], dtype=float),
        contractor=np.array(contractor, dtype=float),
        clinic=np.array(displaces_clinic, dtype=float),
        rest_min=60.0 * np.array(rest_h, dtype=float),
        vardcentral=np.asarray(vardcentral, dtype=np.int64),
        named_first=np.cumsum(np.array([0, *(len(people) for people in named)], dtype=np.int64)),
        named=np.concatenate([np.empty(0, dtype=np.int64), *named]),
    )


def unknown_staff(pools: int) -> Staff:
    """For journals whose organisation is not at hand: everybody is employed by the region, and nothing is known of
    vårdcentraler or clinic sessions."""
    none = np.empty(0, dtype=np.int64)
    return Staff(
        own_hour_cost=np.full(pools, np.nan),
        contractor=np.zeros(pools),
        clinic=np.full(pools, np.nan),
        rest_min=np.zeros(pools),
        vardcentral=none,
        named_first=np.zeros(1, dtype=np.int64),
        named=none,
    )
