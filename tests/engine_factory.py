"""Organisations and settings made by hand for tests of the engine, and the scripted worlds and tapes under short names;
time in minutes."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from sim.engine import Journal, Tables, compile_tables
from sim.organisation import ALWAYS, Area, Between, Choice, Organisation, Pool, Post, Principal, Sharing, route
from sim.scenario import Scenario
from sim.scripted import Ask as Ask
from sim.scripted import scripted_tape as make_tape
from sim.scripted import scripted_world as make_world
from sim.text import Text
from sim.world.world import World

__all__ = ["Ask", "make_tape", "make_world"]

NAMELESS = Text("", "")


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
