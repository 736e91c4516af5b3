"""Routes as tables: which one a request takes, and the pools it leads to."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, GROUPS, WINDOWS
from sim.errors import OrganisationError
from sim.organisation import Organisation, Route
from sim.text import Text, joined, same
from sim.world.world import World


class Turn(NamedTuple):
    """A pool in a route, and minutes until it may take a request."""

    pool: int
    after_min: float


def check_names(organisation: Organisation) -> None:
    """Pools have names of their own and routes speak of pools, groups, classes and windows that exist."""
    names = [pool.name for pool in organisation.pools]
    problems = [_TWO_POOLS.format(name=name) for name in sorted({n for n in names if names.count(n) > 1})]
    for i, route in enumerate(organisation.routes, 1):
        if not route.to:
            problems.append(_NO_POOL.format(route=i))
        problems += [_STRANGE_POOL.format(route=i, pool=step.pool) for step in route.to if step.pool not in names]
        for words, known in ((route.groups, GROUPS), (route.classes, CLASSES), (route.windows, WINDOWS)):
            listed = ", ".join(known)
            problems += [_NOT_ONE_OF.format(route=i, word=w, known=listed) for w in words if w not in known]
    if problems:
        raise OrganisationError(joined([joined([f"{organisation.name}: ", problem]) for problem in problems], "\n"))


def match_routes(organisation: Organisation, world: World) -> NDArray[np.int64]:
    """The first matching route of every case; a case without one is an error that names it."""
    names = [municipality.name for municipality in world.municipalities]
    route_of = np.full((len(GROUPS), len(CLASSES), len(WINDOWS), len(names)), -1, dtype=np.int64)
    for i in reversed(range(len(organisation.routes))):
        route = organisation.routes[i]
        unknown = sorted(set(route.municipalities or ()) - set(names))
        if unknown:
            raise OrganisationError(
                _NO_MUNICIPALITY.format(organisation=organisation.name, route=i + 1, names=", ".join(unknown))
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
        more = _MORE.format(n=len(cases) - 5) if len(cases) > 5 else same("")
        raise OrganisationError(_NO_ROUTE.format(organisation=organisation.name, cases=", ".join(cases[:5]), more=more))
    return route_of


def turns(route: Route, number: dict[str, int], hand_over: float) -> tuple[Turn, ...]:
    """The pools of a route, soonest first; one that takes over from those asked first needs `hand_over` minutes
    more."""
    first = min(step.after_min for step in route.to)
    asked = (Turn(number[step.pool], step.after_min + hand_over * (step.after_min > first)) for step in route.to)
    return tuple(sorted(asked, key=lambda turn: turn.after_min))


_TWO_POOLS: Final = Text("två pooler heter {name}", "two pools are called {name!r}")
_NO_POOL: Final = Text("väg {route} leder inte till någon pool", "route {route} leads to no pool")
_STRANGE_POOL: Final = Text(
    "väg {route} leder till {pool}, som inte är någon pool här",
    "route {route} leads to {pool!r}, which is no pool here",
)
_NOT_ONE_OF: Final = Text("väg {route}: {word} är inte en av {known}", "route {route}: {word!r} is not one of {known}")
_NO_MUNICIPALITY: Final = Text(
    "{organisation}: väg {route}: ingen kommun heter {names}",
    "{organisation}: route {route}: no municipality is called {names}",
)
_MORE: Final = Text(" och {n} till", " and {n} more")
_NO_ROUTE: Final = Text(
    "{organisation}: ingen väg passar grupp/klass/fönster/kommun {cases}{more}: lägg till en sista väg utan villkor",
    "{organisation}: no route matches group/class/window/municipality {cases}{more}: add a last route without "
    "conditions",
)
