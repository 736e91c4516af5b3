"""What the measures need to know of an organisation: what its pools cost and where its physicians belong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.measures.cells import Floats, Ints

if TYPE_CHECKING:
    from sim.scenario.schema import Costs


class Staff(NamedTuple):
    """By pool: `hour_cost` SEK an hour, `km_cost` SEK a kilometre, `contractor` and `clinic` (its hours are taken from
    clinic sessions), both 0 or 1. By physician-shift: `vardcentral` where the physician belongs, -1 for none. The
    physicians of vårdcentral v are `named[named_first[v]:named_first[v + 1]]`."""

    hour_cost: Floats
    km_cost: Floats
    contractor: Floats
    clinic: Floats
    vardcentral: Ints
    named_first: Ints
    named: Ints


def staff_of(
    costs: Costs,
    contractor: Sequence[bool],
    cost_per_hour: Sequence[float | None],
    displaces_clinic: Sequence[bool],
    vardcentral: Ints,
    named: Sequence[Ints],
) -> Staff:
    """From each pool: whether it is a contractor's, its cost per hour (None: as `costs` says) and whether its hours are
    taken from clinic sessions; the vårdcentral of every physician-shift (-1: none); the physicians of each vårdcentral.

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
        vardcentral=none,
        named_first=np.zeros(1, dtype=np.int64),
        named=none,
    )
