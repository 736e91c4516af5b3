"""The World: a region as arrays, the same for every organisation and replication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.text import Text
from sim.world.calendar import Calendar
from sim.world.towns import Towns, towns_of


@dataclass(frozen=True)
class Municipality:
    code: str
    name: str
    population: int


@dataclass(frozen=True)
class Facility:
    """A place of work or a home for many: its kind is one of `sim.codes.FACILITY_KINDS`."""

    name: str
    kind: str
    operator: str  # public | private
    node: int  # index of the place it lies in
    municipality: int
    size: float  # residents or places for sabo, korttid, lss; listed patients (relative) for vardcentral; 0 else
    vardcentral: int  # position in World.vardcentraler of the one that serves it, its own for a vårdcentral; -1 else
    round_weekday: int  # 0..4, the weekday of its weekly round (sabo, korttid); -1 else
    quality: str  # measured | published | estimate


@dataclass(frozen=True)
class World:
    """A region. N nodes (places), V vårdcentraler, M municipalities.

    `travel_min` and `travel_km` are (N, N), expected minutes (on the dyadic grid) and kilometres (same grid) from
    row to column; the diagonal is a trip between two addresses within the place.
    `listing` is (N, V): the share of the people of a place who are listed at each vårdcentral; rows sum to 1.
    """

    region: str
    municipalities: tuple[Municipality, ...]
    node_name: tuple[str, ...]
    node_kind: tuple[str, ...]  # locality | district | rural
    node_lat: NDArray[np.float64]
    node_lon: NDArray[np.float64]
    node_municipality: NDArray[np.int64]
    population: NDArray[np.float64]  # (N, 4) by sim.codes.AGE_GROUPS
    facilities: tuple[Facility, ...]
    vardcentraler: tuple[int, ...]  # indices into facilities
    listing: NDArray[np.float64]
    travel_min: NDArray[np.float64]
    travel_km: NDArray[np.float64]
    calendar: Calendar
    outlines: tuple[tuple[NDArray[np.float64], ...], ...]  # per municipality, rings of (k, 2) lon, lat; may be empty
    travel_note: Text  # one sentence on how travel was obtained and its error
    checksums: tuple[tuple[str, str], ...]  # (file, sha256) of every input table

    @cached_property
    def towns(self) -> Towns:
        """The main towns of its municipalities, found once a world."""
        return towns_of(self)
