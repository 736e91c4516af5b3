"""The World of a scenario: the region's tables turned into arrays, the same for every organisation and replication."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.reading import MATRIX_BYTES
from sim.text import Text
from sim.world.calendar import make_calendar
from sim.world.csvfile import sha256_of
from sim.world.matrix import read_matrix
from sim.world.region import Region, read_region, region_folder
from sim.world.regiontables import HOMES, Places, Site
from sim.world.travel import fit_travel, formula_travel, great_circle_km, with_local_trips
from sim.world.world import Facility, World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LISTING_DECAY_MIN = 8.0  # A: people list where it is near; the pull falls to 1/e in so many minutes
LISTING_REACH_MIN = 25.0  # A: how far outside the municipality people list
SHARING_MIN = 8.0  # A: minutes of travel that a full share of homes weighs when the next home is assigned
WORKDAYS = 5
AT_A_TIME = 1_000  # facilities laid beside all places: what that takes is kept small


def build_world(scenario: Any) -> World:
    """The World of `scenario` (its region, folder, calendar and travel); deterministic, nothing is drawn.

    Raises:
        RegionError: the region folder or the travel matrix is wrong; every problem at once.
    """
    region = read_region(region_folder(scenario))
    minutes, km, note, matrix_sums = _travel(scenario, region)
    nodes = snap(region.sites, region.places)
    vardcentraler = tuple(i for i, site in enumerate(region.sites) if site.kind == "vardcentral")
    listing = _listing(region, nodes, vardcentraler, minutes)
    weeks = scenario.calendar.warm_up_weeks + scenario.calendar.weeks
    return World(
        region=region.name,
        municipalities=region.municipalities,
        node_name=region.places.name,
        node_kind=region.places.kind,
        node_lat=region.places.lat,
        node_lon=region.places.lon,
        node_municipality=region.places.municipality,
        population=region.places.population,
        facilities=_facilities(region, nodes, vardcentraler, listing, minutes),
        vardcentraler=vardcentraler,
        listing=listing,
        travel_min=minutes,
        travel_km=km,
        calendar=make_calendar(scenario.calendar.start, 7 * weeks),
        outlines=region.outlines,
        travel_note=note,
        checksums=region.checksums + matrix_sums,
    )


def _travel(scenario: Any, region: Region) -> tuple[Floats, Floats, Text, tuple[tuple[str, str], ...]]:
    """Minutes, km, the sentence on them, and the checksum of a matrix file."""
    if scenario.travel.matrix is None:
        fit = fit_travel(region.pairs, region.folder)
        return *formula_travel(region.places, fit), fit.note(), ()
    path = Path(scenario.folder or ".") / str(scenario.travel.matrix)
    minutes, km = read_matrix(path, region.places)
    fits = fit_travel(region.pairs, region.folder) if len(region.pairs.minutes) else None
    minutes, km = with_local_trips(minutes, km, region.places, fits)
    note = _MATRIX.format(file=path.name, local=_FITTED if fits else _RULE_OF_THUMB)
    return minutes, km, note, ((path.name, sha256_of(path, MATRIX_BYTES)),)


def snap(sites: tuple[Site, ...], places: Places) -> Ints:
    """For each facility the nearest place of its own municipality (ties to the first)."""
    nearest = np.empty(len(sites), dtype=np.int64)
    for first in range(0, len(sites), AT_A_TIME):
        some = sites[first : first + AT_A_TIME]
        lat, lon = (np.array([getattr(site, key) for site in some]) for key in ("lat", "lon"))
        away = great_circle_km(lat[:, None], lon[:, None], places.lat[None, :], places.lon[None, :])
        own = np.array([site.municipality for site in some])[:, None] == places.municipality[None, :]
        nearest[first : first + AT_A_TIME] = np.where(own, away, np.inf).argmin(axis=1)
    return nearest


def capacities(region: Region, vardcentraler: tuple[int, ...]) -> Floats:
    """(V,) the pull of each vårdcentral: its known list, or an equal part of the people no known list accounts for.

    The equal part is never below a fifth of an even share of the municipality's people, as old lists may exceed it.
    """
    known = np.array([region.sites[i].listed_people for i in vardcentraler])
    municipality = np.array([region.sites[i].municipality for i in vardcentraler])
    capacity = known.copy()
    for number, one in enumerate(region.municipalities):
        here = municipality == number
        blank = here & np.isnan(known)
        if blank.any():
            left = one.population - float(np.nansum(known[here]))
            capacity[blank] = max(left / blank.sum(), 0.2 * one.population / here.sum())
    return capacity


def _listing(region: Region, nodes: Ints, vardcentraler: tuple[int, ...], minutes: Floats) -> Floats:
    """(N, V) shares: capacity x exp(-travel / 8 min), within the municipality or 25 minutes; rows sum to 1."""
    travel = minutes[:, nodes[list(vardcentraler)]]
    municipality = np.array([region.sites[i].municipality for i in vardcentraler])
    allowed = (region.places.municipality[:, None] == municipality[None, :]) | (travel <= LISTING_REACH_MIN)
    allowed |= ~allowed.any(axis=1, keepdims=True) & (travel == travel.min(axis=1, keepdims=True))
    nearest = np.where(allowed, travel, np.inf).min(axis=1, keepdims=True)
    pull = np.where(allowed, capacities(region, vardcentraler) * np.exp((nearest - travel) / LISTING_DECAY_MIN), 0.0)
    return np.asarray(pull / pull.sum(axis=1, keepdims=True), dtype=np.float64)


def assign_homes(travel: Floats, size: Floats, capacity: Floats) -> Ints:
    """For each home (H, V travel; H sizes) a vårdcentral: near, but no vårdcentral gets far more than its part.

    Home by home, largest first: the least of travel minutes plus SHARING_MIN times the load the vårdcentral would then
    have, relative to its part of all residents by capacity (V).
    """
    part = size.sum() * capacity / capacity.sum()
    load = np.zeros(len(capacity))
    chosen = np.zeros(len(size), dtype=np.int64)
    for home in np.argsort(-size, kind="stable"):
        best = int(np.argmin(travel[home] + SHARING_MIN * (load + size[home]) / np.maximum(part, 1e-9)))
        chosen[home] = best
        load[best] += size[home]
    return chosen


def _facilities(
    region: Region, nodes: Ints, vardcentraler: tuple[int, ...], listing: Floats, minutes: Floats
) -> tuple[Facility, ...]:
    listed = listing.T @ region.places.population.sum(axis=1)
    municipality = np.array([region.sites[i].municipality for i in vardcentraler])
    served = np.full(len(region.sites), -1, dtype=np.int64)
    served[list(vardcentraler)] = np.arange(len(vardcentraler))
    for number in range(len(region.municipalities)):
        here = np.flatnonzero(municipality == number)
        own = here if len(here) else np.arange(len(vardcentraler))  # a municipality without one turns to the others
        for kind in HOMES:
            homes = [i for i, site in enumerate(region.sites) if site.kind == kind and site.municipality == number]
            if homes:
                travel = minutes[np.ix_(nodes[homes], nodes[[vardcentraler[k] for k in own]])]
                sizes = np.array([region.sites[i].size for i in homes])
                served[homes] = own[assign_homes(travel, sizes, listed[own])]

    rounds = [0] * len(vardcentraler)
    facilities = []
    for i, site in enumerate(region.sites):
        k, weekday = int(served[i]), -1
        if site.kind in ("sabo", "korttid"):
            weekday = (k + 2 * rounds[k]) % WORKDAYS  # spreads a vårdcentral's rounds over its week
            rounds[k] += 1
        size = float(listed[k]) if site.kind == "vardcentral" else 0.0 if math.isnan(site.size) else site.size
        place = int(nodes[i])
        facilities.append(
            Facility(site.name, site.kind, site.operator, place, site.municipality, size, k, weekday, site.quality)
        )
    return tuple(facilities)


_MATRIX = Text(
    "Restider ur matrisen {file}; resor inom en ort ur {local}.",
    "Travel from the matrix {file}; trips within a place by {local}.",
)
_FITTED = Text("den anpassade formeln", "the fitted formula")
_RULE_OF_THUMB = Text("en tumregel", "a rule of thumb")
