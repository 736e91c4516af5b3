"""Worlds, tapes and organisations made by hand for tests of the engine; time in minutes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from small_world import small_calendar

from sim.codes import A1, P, R
from sim.columns import filled
from sim.engine import Journal, Tables, compile_tables
from sim.grid import to_grid
from sim.organisation import ALWAYS, Area, Between, Choice, Organisation, Pool, Post, Principal, Sharing, route
from sim.scenario import Scenario
from sim.text import Text, same
from sim.world.calendar import Calendar
from sim.world.tape import DemandTape, Patients, Requests
from sim.world.world import Facility, Municipality, World

NAMELESS = Text("", "")


def bare_calendar(days: int) -> Calendar:
    """Windows and weekdays for theory over thousands of days; nothing but the length matters there."""
    day = np.arange(days)
    return Calendar(dt.date(2024, 1, 1), day % 7, day % 7 < 5, np.ones(days, dtype=np.int64), np.tile(
        small_calendar(1).window, days))  # fmt: skip


def make_world(
    travel_min: Sequence[Sequence[float]] | NDArray[np.float64],
    days: int = 7,
    municipality: Sequence[int] | None = None,
    vardcentraler: Sequence[int] = (),
    calendar: Calendar | None = None,
) -> World:
    """Places with the given minutes between them (kilometres the same number), each its own municipality unless told;
    `vardcentraler` lists the places that have one. Places are named Ort 0, Ort 1, ..."""
    minutes = np.asarray(travel_min, dtype=np.float64)
    n = len(minutes)
    owner = np.arange(n) if municipality is None else np.asarray(municipality)
    listing = np.zeros((n, len(vardcentraler)))
    if vardcentraler:
        listing[:, 0] = 1.0
    return World(
        region="made",
        municipalities=tuple(Municipality(str(m), f"Kommun {m}", 1000) for m in range(int(owner.max()) + 1)),
        node_name=tuple(f"Ort {i}" for i in range(n)),
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
        travel_min=to_grid(minutes),
        travel_km=to_grid(minutes),
        calendar=calendar or small_calendar(days),
        outlines=((),) * n,
        travel_note=same(""),
        checksums=(),
    )


@dataclasses.dataclass(frozen=True)
class Ask:
    """One request for a scripted tape. A planned one (R, P) states its last promised day."""

    t0: float
    node: int = 0
    klass: int = A1
    on_scene: float = 30.0
    documentation: float = 0.0
    patience: float = np.inf
    factor: float = 1.0
    vardcentral: int = -1
    named: float = 0.0
    due_day: int = -1
    visits: int = 1
    plan: float | None = None  # expected on-scene minutes, if other than the actual
    group: int = 0
    mobility: float = 0.0
    single_visit: float = 1.0
    elsewhere: float = 0.0
    call: float | None = None  # minutes of the call, if it is solved by telephone
    leaves: float = np.inf


def make_tape(world: World, asks: Sequence[Ask], warm_up_min: float = 0.0) -> DemandTape:
    """A tape of the given requests, which must be in order of time; expected durations are the actual ones."""
    order = [ask.t0 for ask in asks]
    assert order == sorted(order)

    def floats(*values: float) -> NDArray[np.float64]:
        return to_grid(np.array(values, dtype=np.float64))

    def ints(*values: int) -> NDArray[np.int64]:
        return np.array(values, dtype=np.int64)

    node = ints(*(a.node for a in asks))
    who = {
        "group": ints(*(a.group for a in asks)),
        "node": node,
        "municipality": world.node_municipality[node],
        "vardcentral": ints(*(a.vardcentral for a in asks)),
        "named": floats(*(a.named for a in asks)),
    }
    requests = filled(
        Requests,
        len(asks),
        **who,
        patient=np.where(ints(*(a.klass for a in asks)) == R, -1, np.arange(len(asks))),
        klass=ints(*(a.klass for a in asks)),
        t0_min=floats(*(a.t0 for a in asks)),
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
    patients = filled(Patients, len(asks), **who)
    return DemandTape(float(len(world.calendar.weekday) * 1440), warm_up_min, requests, patients)


def pool(
    *staffing: Any,
    name: str = "team",
    area: Area = Area.EVERYBODY,
    between: Between = Between.STAND_BY,
    overtime_min: float | None = 60.0,
    **more: Any,
) -> Pool:
    """A pool with the given posts."""
    return Pool(name, NAMELESS, Principal.REGION, staffing, area, between, overtime_min, **more)


def always(base: str = "Ort 0", lines: int = 1) -> Post:
    """Physicians on duty from the first minute to the last."""
    return Post(base, ALWAYS, lines)


def organisation(
    *pools: Pool, routes: Sequence[Any] = (), choice: Choice = Choice.NEAREST, sharing: Sharing = Sharing.SILO
) -> Organisation:
    """An organisation of pools; without routes every request goes to the first pool."""
    return Organisation(
        "made", NAMELESS, NAMELESS, pools, tuple(routes) or (route(pools[0]),), choice=choice, sharing=sharing
    )


def settings(
    hours_per_week: float = 100.0,
    sharing: str | None = None,
    delay: float = 30.0,
    overtime_min: float = 60.0,
    break_min: float = 0.0,
    planned_share: float = 1.0,
    named_weight_min: float = 0.0,
    hand_over_min: float = 0.0,
    threshold: float = 0.5,
    single_visit_share: float = 0.0,
    temporary_stay: str = "serve",
    acute_only_in: tuple[str, ...] = (),
    referred_in: tuple[str, ...] = (),
    call_mean_min: float = 10.0,
    absence_share: float = 0.0,
    closed_bases: tuple[str, ...] = (),
) -> Scenario:
    """The part of a scenario that compiling reads; without breaks, hand-over and the like unless asked for."""
    return cast(
        Scenario,
        SimpleNamespace(
            staffing=SimpleNamespace(
                hours_per_week=hours_per_week,
                overtime_max_min=overtime_min,
                break_min=break_min,
                planned_share=planned_share,
                named_weight_min=named_weight_min,
                absence_share=absence_share,
            ),
            organisation=SimpleNamespace(
                sharing=sharing,
                agreement_delay_min=delay,
                hand_over_min=hand_over_min,
                threshold=threshold,
                single_visit_share=single_visit_share,
                temporary_stay=temporary_stay,
                acute_only_in=acute_only_in,
                referred_in=referred_in,
                closed_bases=closed_bases,
                refused_to_vardcentral=0.6,
                refused_to_ed=0.15,
            ),
            demand=SimpleNamespace(telephone=SimpleNamespace(call_mean_min=call_mean_min)),
        ),
    )


def compiled(made: Organisation, world: World, scenario: Scenario | None = None) -> Tables:
    """Tables of an organisation under plain settings."""
    return compile_tables(made, world, scenario or settings())


def differences(one: Journal, other: Journal) -> list[str]:
    """Names of the journal's fields that differ in any bit."""
    both = zip(one.columns(), other.columns(), strict=True)
    return [name for (name, a), (_, b) in both if a.dtype != b.dtype or not np.array_equal(a, b, equal_nan=True)]
