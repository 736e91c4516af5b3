"""What the measures need to know of an organisation: what its pools cost and where its physicians belong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.measures.cells import Floats, Ints
from sim.organisation import Principal

if TYPE_CHECKING:
    from sim.engine.tables import Tables
    from sim.scenario.prices import Costs


class Staff(NamedTuple):
    """By pool: `hour_cost` SEK an hour, `km_cost` SEK a kilometre, `contractor` and `clinic` (its hours are taken from
    clinic sessions), both 0 or 1, `rest_min` minutes of paid rest after a shift. By physician-shift: `vardcentral`
    where the physician belongs, -1 for none. The physicians of vårdcentral v are
    `named[named_first[v]:named_first[v + 1]]`."""

    hour_cost: Floats
    km_cost: Floats
    contractor: Floats
    clinic: Floats
    rest_min: Floats
    vardcentral: Ints
    named_first: Ints
    named: Ints


def staff_of(tables: Tables, costs: Costs) -> Staff:
    """Of an organisation that is compiled against a world."""
    pools = tables.organisation.pools
    return staff_from(
        costs,
        [pool.principal is Principal.CONTRACTOR for pool in pools],
        [pool.cost_per_hour for pool in pools],
        [pool.displaces_clinic for pool in pools],
        [pool.rest_h for pool in pools],
        tables.roster.vardcentral,
        tables.named,
    )


def staff_from(
    costs: Costs,
    contractor: Sequence[bool],
    cost_per_hour: Sequence[float | None],
    displaces_clinic: Sequence[bool],
    rest_h: Sequence[float],
    vardcentral: Ints,
    named: Sequence[Ints],
) -> Staff:
    """From each pool: whether it is a contractor's, its cost per hour (None: as `costs` says), whether its hours are
    taken from clinic sessions and its hours of paid rest after each shift; the vårdcentral of every physician-shift
    (-1: none); the physicians of each vårdcentral.

    A contractor's hour is paid with car and driver, so its kilometres cost nothing more.
    """
    usual = [costs.contractor_hour if outside else costs.physician_hour for outside in contractor]
    hour_cost = [cost if own is None else own for cost, own in zip(usual, cost_per_hour, strict=True)]
    outside = np.array(contractor, dtype=float)
    return Staff(
        hour_cost=np.array(hour_cost, dtype=float),
        km_cost=costs.car_km * (1.0 - outside),
        contractor=outside,
        clinic=np.array(displaces_clinic, dtype=float),
        rest_min=60.0 * np.array(rest_h, dtype=float),
        vardcentral=np.asarray(vardcentral, dtype=np.int64),
        named_first=np.cumsum(np.array([0, *(len(people) for people in named)], dtype=np.int64)),
        named=np.concatenate([np.empty(0, dtype=np.int64), *named]),
    )


def unknown_staff(costs: Costs, pools: int) -> Staff:
    """For journals whose organisation is not at hand: everybody is employed by the region, and nothing is known of
    vårdcentraler or clinic sessions."""
    none = np.empty(0, dtype=np.int64)
    return Staff(
        hour_cost=np.full(pools, costs.physician_hour),
        km_cost=np.full(pools, costs.car_km),
        contractor=np.zeros(pools),
        clinic=np.full(pools, np.nan),
        rest_min=np.zeros(pools),
        vardcentral=none,
        named_first=np.zeros(1, dtype=np.int64),
        named=none,
    )
