"""Routes as tables: which one a request takes, and the pools it leads to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, GROUPS, WINDOWS
from sim.errors import OrganisationError
from sim.organisation import Organisation, Route
from sim.world.world import World


class Turn(NamedTuple):
    """A pool in a route, and minutes until it may take a request."""

    pool: int
    after_min: float


def check_names(organisation: Organisation) -> None:
    """Pools have names of their own and routes speak of pools, groups, classes and windows that exist."""
    names = [pool.name for pool in organisation.pools]
    problems = [f"two pools are called {name!r}" for name in sorted({n for n in names if names.count(n) > 1})]
    for i, route in enumerate(organisation.routes):
        if not route.to:
            problems.append(f"route {i + 1} leads to no pool")
        problems += [
            f"route {i + 1} leads to {s.pool!r}, which is no pool here" for s in route.to if s.pool not in names
        ]
        for words, known in ((route.groups, GROUPS), (route.classes, CLASSES), (route.windows, WINDOWS)):
            problems += [
                f"route {i + 1}: {word!r} is not one of {', '.join(known)}" for word in words if word not in known
            ]
    if problems:
        raise OrganisationError("\n".join(f"{organisation.name}: {problem}" for problem in problems))


def match_routes(organisation: Organisation, world: World) -> NDArray[np.int64]:
    """The first matching route of every case; a case without one is an error that names it."""
    names = [municipality.name for municipality in world.municipalities]
    route_of = np.full((len(GROUPS), len(CLASSES), len(WINDOWS), len(names)), -1, dtype=np.int64)
    for i in reversed(range(len(organisation.routes))):
        route = organisation.routes[i]
        unknown = sorted(set(route.municipalities or ()) - set(names))
        if unknown:
            raise OrganisationError(
                f"{organisation.name}: route {i + 1}: no municipality is called {', '.join(unknown)}"
            )
        cells = np.ix_(
            [GROUPS.index(g) for g in route.groups],
            [CLASSES.index(c) for c in route.classes],
            [WINDOWS.index(w) for w in route.windows],
            [m for m, name in enumerate(names) if route.municipalities is None or name in route.municipalities],
        )
        route_of[cells] = i
    holes = np.argwhere(route_of < 0)
    if len(holes):
        cases = [f"{GROUPS[g]}/{CLASSES[c]}/{WINDOWS[w]}/{names[m]}" for g, c, w, m in holes.tolist()]
        more = f" and {len(cases) - 5} more" if len(cases) > 5 else ""
        raise OrganisationError(
            f"{organisation.name}: no route matches group/class/window/municipality {', '.join(cases[:5])}{more}: "
            "add a last route without conditions"
        )
    return route_of


def turns(route: Route, number: dict[str, int], hand_over: float) -> tuple[Turn, ...]:
    """The pools of a route, soonest first; one that takes over from those asked first needs `hand_over` minutes
    more."""
    first = min(step.after_min for step in route.to)
    asked = (Turn(number[step.pool], step.after_min + hand_over * (step.after_min > first)) for step in route.to)
    return tuple(sorted(asked, key=lambda turn: turn.after_min))
