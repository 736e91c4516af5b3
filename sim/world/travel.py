"""Expected minutes and kilometres between places by a formula fitted to driving pairs.

The formula is kilometres = circuity x great circle, minutes = start + pace x kilometres ** bend. `start` is what every
trip costs (out to the car, parking), and a bend below 1 lets the speed rise with distance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, RegionError
from sim.grid import to_grid
from sim.language.numbers import said
from sim.text import Text
from sim.world.regiontables import DrivingPairs, Places

Floats = NDArray[np.float64]

EARTH_KM = 6371.0088  # mean radius (IUGG)
DISC_MEAN = 128.0 / (45.0 * math.pi)  # mean distance between two random points in a disc, in radii (0.905)
BENDS = np.arange(50, 101) / 100.0  # exponents tried
START_MIN = 1.0  # least time to get into a car and out of it
FEWEST_PAIRS = 5
PAIRS_FILE = "driving_pairs.csv"


@dataclass(frozen=True)
class TravelFit:
    """The fitted formula and its error against the pairs it was fitted to (minutes, kilometres, shares)."""

    circuity: float
    start_min: float
    pace: float
    bend: float
    pairs: int
    mean_error_min: float  # mean absolute error
    root_error_min: float  # root mean square error
    worst_error_min: float
    mean_error_share: float
    worst_error_share: float
    mean_error_km: float
    mean_error_km_share: float

    def kilometres(self, air_km: Floats) -> Floats:
        """Road km from great-circle km."""
        return self.circuity * air_km

    def minutes(self, road_km: Floats) -> Floats:
        """Minutes from road km."""
        return np.asarray(self.start_min + self.pace * road_km**self.bend, dtype=np.float64)

    def note(self) -> Text:
        """One sentence on how travel was obtained and how wrong it is."""
        return _NOTE.format(
            circuity=said(self.circuity, 3),
            start=said(self.start_min, 2),
            pace=said(self.pace, 3),
            bend=said(self.bend, 2),
            pairs=self.pairs,
            mean=said(self.mean_error_min, 1),
            mean_share=said(100 * self.mean_error_share, 0),
            root=said(self.root_error_min, 1),
            worst=said(self.worst_error_min, 0),
            worst_share=said(100 * self.worst_error_share, 0),
        )


_NOTE = Text(
    "Restider ur en formel: km = {circuity} × fågelvägen, minuter = {start} + {pace} × km^{bend}, anpassad till "
    "{pairs} kända körsträckor (medelfel {mean} min eller {mean_share} %, kvadratiskt medelfel {root} min, största "
    "felet {worst} min eller {worst_share} %).",
    "Travel by formula: km = {circuity} × great circle, minutes = {start} + {pace} × km^{bend}, fitted to {pairs} "
    "driving pairs (mean absolute error {mean} min or {mean_share}%, root mean square error {root} min, largest "
    "{worst} min or {worst_share}%).",
)


def great_circle_km(lat: Floats, lon: Floats, other_lat: Floats, other_lon: Floats) -> Floats:
    """Great-circle distance in km between points in degrees (haversine); arrays broadcast."""
    a, b, c, d = (np.radians(value) for value in (lat, lon, other_lat, other_lon))
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))), dtype=np.float64)


def fit_travel(pairs: DrivingPairs, folder: Path = Path()) -> TravelFit:
    """Least squares of the relative errors, so that ten per cent weighs the same on a short trip as on a long one.

    For each bend in BENDS the rest is a linear problem; the best bend wins. The constants are rounded to four decimals,
    so that the last bits of a linear solver cannot reach the results.

    Raises:
        RegionError: fewer than FEWEST_PAIRS pairs with minutes, or none with kilometres; or minutes that do not grow
            with the distance. It names `driving_pairs.csv` in `folder`.
    """
    table = str(folder / PAIRS_FILE)
    by_road, timed = ~np.isnan(pairs.road_km), ~np.isnan(pairs.minutes)
    if timed.sum() < FEWEST_PAIRS or not by_road.any():
        raise RegionError([Problem(table, 0, 0, "", _FEW_PAIRS)])
    ratio = pairs.gc_km[by_road] / pairs.road_km[by_road]
    circuity = round(float(ratio.sum() / (ratio @ ratio)), 4)
    km, observed = circuity * pairs.gc_km[timed], pairs.minutes[timed]
    fits = [_line(km**bend, observed) for bend in BENDS]
    best = int(np.argmin([loss for loss, _, _ in fits]))
    _, start, pace = fits[best]
    start, pace, bend = round(start, 4), round(pace, 4), float(BENDS[best])
    if not pace > 0:
        raise RegionError([Problem(table, 0, 0, "minutes", _NOT_LONGER)])
    error = start + pace * km**bend - observed
    error_km = circuity * pairs.gc_km[by_road] - pairs.road_km[by_road]
    return TravelFit(
        circuity=circuity,
        start_min=start,
        pace=pace,
        bend=bend,
        pairs=int(timed.sum()),
        mean_error_min=float(np.abs(error).mean()),
        root_error_min=float(np.sqrt((error**2).mean())),
        worst_error_min=float(np.abs(error).max()),
        mean_error_share=float(np.abs(error / observed).mean()),
        worst_error_share=float(np.abs(error / observed).max()),
        mean_error_km=float(np.abs(error_km).mean()),
        mean_error_km_share=float(np.abs(error_km / pairs.road_km[by_road]).mean()),
    )


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """(loss, start, pace) of y = start + pace * x with relative errors, start not below START_MIN."""
    basis = np.column_stack([1 / y, x / y])
    start, pace = np.linalg.lstsq(basis, np.ones_like(y), rcond=None)[0]
    if start < START_MIN:
        target = 1 - START_MIN / y
        start, pace = START_MIN, (basis[:, 1] @ target) / (basis[:, 1] @ basis[:, 1])
    loss = float(((basis @ np.array([start, pace]) - 1) ** 2).sum())
    return loss, float(start), float(pace)


def formula_travel(places: Places, fit: TravelFit) -> tuple[Floats, Floats]:
    """(N, N) expected minutes and km, on the grid, the diagonal being local trips."""
    air = great_circle_km(places.lat[:, None], places.lon[:, None], places.lat[None, :], places.lon[None, :])
    np.fill_diagonal(air, DISC_MEAN * places.radius_km)
    km = fit.kilometres(air)
    return to_grid(fit.minutes(km)), to_grid(km)


def with_local_trips(minutes: Floats, km: Floats, places: Places, fit: TravelFit | None) -> tuple[Floats, Floats]:
    """A checked matrix with local trips by the formula on its diagonal, on the grid.

    Without a fit (no driving pairs) a local trip is 4 minutes and 30 km/h over 1.2 times the mean distance in the disc.
    """
    minutes, km = minutes.copy(), km.copy()
    air = DISC_MEAN * places.radius_km
    local_km = fit.kilometres(air) if fit else 1.2 * air
    np.fill_diagonal(km, local_km)
    np.fill_diagonal(minutes, fit.minutes(local_km) if fit else 4.0 + 2.0 * local_km)
    return to_grid(minutes), to_grid(km)


_FEW_PAIRS: Final = Text(
    f"behöver minst {FEWEST_PAIRS} användbara par med minuter och ett med road_km; lägg till par, eller ange en matris "
    "under travel.matrix",
    f"needs at least {FEWEST_PAIRS} usable pairs with minutes and one with road_km; add pairs, or name a matrix under "
    "travel.matrix",
)
_NOT_LONGER: Final = Text(
    "tar inte längre tid ju längre paren är; se efter minuterna och gc_km",
    "do not grow with the distance; check the minutes and gc_km",
)
