"""Worlds and tapes written by hand, for tests, verification, benchmarks and teaching: towns, minutes between them, and
requests one by one. Nothing is drawn. Minutes count from Monday 00:00, the first day of the calendar.

    world = scripted_world([[5, 20], [20, 5]], towns=("Norrby", "Söderby"))
    tape = scripted_tape(world, [Ask(600.0, "Söderby", A2, on_scene=40.0)])
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.codes import A1, DAG, HELG, KVALL, NATT, P, R
from sim.columns import filled
from sim.grid import to_grid
from sim.text import same
from sim.world.calendar import DAY_FROM, DAY_TO, EVENING_TO, Calendar
from sim.world.tape import DemandTape, Patients, Requests
from sim.world.world import Facility, Municipality, World

START: Final = dt.date(2024, 1, 1)  # a Monday
DAY_MIN: Final = 1440.0


def scripted_calendar(days: int, holidays: Collection[int] = (), always_office: bool = False) -> Calendar:
    """`days` days from Monday 2024-01-01, with no days off but the numbers in `holidays` (0: the first day) and the
    weekends. With `always_office` every hour is an office hour: no evenings, nights or weekends."""
    day = np.arange(days)
    weekday = (day % 7).astype(np.int64)
    office = np.ones(days, dtype=np.bool_) if always_office else (weekday < 5) & ~np.isin(day, list(holidays))
    hour = np.tile(np.arange(24), days)
    night = (hour >= EVENING_TO) | (hour < DAY_FROM)
    window = np.where(night, NATT, np.where(~np.repeat(office, 24), HELG, np.where(hour < DAY_TO, DAG, KVALL)))
    months = (np.datetime64(START, "D") + day).astype("datetime64[M]").astype(np.int64)
    return Calendar(
        start=START,
        weekday=weekday,
        office=office,
        month=months % 12 + 1,
        window=np.full(24 * days, DAG) if always_office else window.astype(np.int64),
    )


def scripted_world(
    minutes: Sequence[Sequence[float]] | NDArray[np.float64],
    days: int = 7,
    municipality: Sequence[int] | None = None,
    vardcentraler: Sequence[int] = (),
    calendar: Calendar | None = None,
    towns: Sequence[str] | None = None,
) -> World:
    """Places with these minutes of driving from row to column; the kilometres are the same numbers. The diagonal is a
    trip between two addresses in the place.

    `days` whole days, or a `calendar`. `towns` names the places (else Ort 0, Ort 1, ...). `municipality` gives the
    number of each place's municipality (else each is its own). `vardcentraler` are the numbers of the places that have
    one; everybody is listed at the first. All places have as many people of each age. ValueError where lengths differ.
    """
    driving = to_grid(np.asarray(minutes, dtype=np.float64))
    n = len(driving)
    names = tuple(f"Ort {i}" for i in range(n)) if towns is None else tuple(towns)
    owner = np.arange(n) if municipality is None else np.asarray(municipality, dtype=np.int64)
    if driving.shape != (n, n) or len(names) != n or len(owner) != n:
        raise ValueError(f"minutes {driving.shape}, {len(names)} towns and {len(owner)} municipalities do not fit")
    count = int(owner.max()) + 1
    titles = [f"Kommun {m}" if towns is None else names[owner.tolist().index(m)] for m in range(count)]
    listing = np.zeros((n, len(vardcentraler)))
    listing[:, :1] = 1.0
    return World(
        region="scripted",
        municipalities=tuple(Municipality(str(m), title, 1000) for m, title in enumerate(titles)),
        node_name=names,
        node_kind=("locality",) * n,
        node_lat=np.zeros(n),
        node_lon=np.zeros(n),
        node_municipality=owner.astype(np.int64),
        population=np.ones((n, 4)),
        facilities=tuple(
            Facility(f"VC {v}", "vardcentral", "public", place, int(owner[place]), 1.0, v, -1, "estimate")
            for v, place in enumerate(vardcentraler)
        ),
        vardcentraler=tuple(range(len(vardcentraler))),
        listing=listing,
        travel_min=driving,
        travel_km=driving,
        calendar=calendar or scripted_calendar(days),
        outlines=((),) * count,
        travel_note=same("made by hand"),
        checksums=(),
    )


@dataclasses.dataclass(frozen=True)
class Ask:
    """One request: logged at minute `t0` and ordered at once, at a place by number or name. Durations in minutes."""

    t0: float
    node: int | str = 0
    klass: int = A1  # code of sim.codes
    on_scene: float = 30.0
    documentation: float = 0.0
    patience: float = np.inf  # minutes from ordered until it escalates
    factor: float = 1.0  # actual driving over expected driving
    vardcentral: int = -1
    named: float = 0.0
    due_day: int = -1  # last promised day of a planned one (R, P), 0: the first
    visits: int = 1
    plan: float | None = None  # expected on-scene minutes, if other than the actual
    group: int = 0
    mobility: float = 0.0
    single_visit: float = 1.0
    elsewhere: float = 0.0
    call: float | None = None  # minutes of the call, if it is solved by telephone
    leaves: float = np.inf  # minute when the patient leaves


def scripted_tape(world: World, asks: Sequence[Ask], warm_up_min: float = 0.0) -> DemandTape:
    """A tape of these requests over the whole calendar of the world, each of a patient of its own (a round of nobody);
    expected durations are the actual ones unless stated. ValueError where they are not in order of time."""
    times = [ask.t0 for ask in asks]
    if times != sorted(times):
        raise ValueError("requests must stand in the order in which they are logged (t0)")

    def floats(*values: float) -> NDArray[np.float64]:
        return to_grid(np.array(values, dtype=np.float64))

    def ints(*values: int) -> NDArray[np.int64]:
        return np.array(values, dtype=np.int64)

    klass = ints(*(a.klass for a in asks))
    return tape_of_columns(
        world,
        warm_up_min,
        group=ints(*(a.group for a in asks)),
        node=ints(*(_number(world, a.node) for a in asks)),
        vardcentral=ints(*(a.vardcentral for a in asks)),
        named=floats(*(a.named for a in asks)),
        patient=np.where(klass == R, -1, np.arange(len(asks))),
        klass=klass,
        t0_min=floats(*times),
        on_scene_min=floats(*(a.on_scene for a in asks)),
        documentation_min=floats(*(a.documentation for a in asks)),
        on_scene_plan_min=floats(*(a.on_scene if a.plan is None else a.plan for a in asks)),
        documentation_plan_min=floats(*(a.documentation for a in asks)),
        travel_factor=[a.factor for a in asks],
        patience_min=floats(*(a.patience for a in asks)),
        due_day=ints(*(a.due_day if a.klass in (R, P) else -1 for a in asks)),
        visits=ints(*(a.visits for a in asks)),
        mobility=[a.mobility for a in asks],
        single_visit=[a.single_visit for a in asks],
        elsewhere=[a.elsewhere for a in asks],
        telephone=ints(*(a.call is not None for a in asks)),
        call_min=floats(*(0.0 if a.call is None else a.call for a in asks)),
        leaves_min=floats(*(a.leaves for a in asks)),
    )


def tape_of_columns(world: World, warm_up_min: float = 0.0, **stated: Any) -> DemandTape:
    """A tape over the whole calendar of the world from columns of `Requests`, in order of `t0_min` (which must be
    stated, on the grid); what is not stated is neutral, the place the first, and each request of a patient of its
    own."""
    n = len(stated["t0_min"])
    node = np.broadcast_to(np.asarray(stated.pop("node", 0), dtype=np.int64), n)
    where = {"node": node, "municipality": world.node_municipality[node]}
    who = where | {name: stated[name] for name in ("group", "vardcentral", "named") if name in stated}
    requests = filled(Requests, n, **{"patient": np.arange(n), **stated, **where})
    return DemandTape(horizon_of(world), warm_up_min, requests, filled(Patients, n, **who))


def _number(world: World, place: int | str) -> int:
    if isinstance(place, int):
        return place
    if place not in world.node_name:
        raise ValueError(f"no town is called {place!r}: {', '.join(world.node_name)}")
    return world.node_name.index(place)


def horizon_of(world: World) -> float:
    """Minutes of the whole calendar."""
    return len(world.calendar.weekday) * DAY_MIN
