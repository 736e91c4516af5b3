"""Routes as tables: which one a request takes, and the pools it leads to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, GROUPS, WINDOWS
from sim.errors import OrganisationError
from sim.grid import to_grid
from sim.organisation import Organisation, Route
from sim.text import Text, joined
from sim.world.world import World


class Turn(NamedTuple):
    """A pool in a route, and minutes until it may take a request; a hand-over is not in them."""

    pool: int
    after_min: float


def check_names(organisation: Organisation) -> None:
    """Pools have names of their own and routes speak of pools, groups, classes and windows that exist."""
    names = [pool.name for pool in organisation.pools]
    problems = [_TWO_POOLS.format(name=name) for name in sorted({n for n in names if names.count(n) > 1})]
    for i, route in enumerate(organisation.routes, start=1):
        if not route.to:
            problems.append(_TO_NOBODY.format(i=i))
        problems += [_TO_NO_POOL.format(i=i, pool=step.pool) for step in route.to if step.pool not in names]
        for words, known in ((route.groups, GROUPS), (route.classes, CLASSES), (route.windows, WINDOWS)):
            problems += [_NO_WORD.format(i=i, word=word, known=", ".join(known)) for word in words if word not in known]
    if problems:
        raise OrganisationError(joined((_OWN.format(name=organisation.name, problem=p) for p in problems), "\n"))


def match_routes(organisation: Organisation, world: World) -> NDArray[np.int64]:
    """The first matching route of every case; a case without one is an error that names it."""
    names = [municipality.name for municipality in world.municipalities]
    route_of = np.full((len(GROUPS), len(CLASSES), len(WINDOWS), len(names)), -1, dtype=np.int64)
    for i in reversed(range(len(organisation.routes))):
        route = organisation.routes[i]
        unknown = sorted(set(route.municipalities or ()) - set(names))
        if unknown:
            raise OrganisationError(
                _NO_MUNICIPALITY.format(name=organisation.name, i=i + 1, unknown=", ".join(unknown))
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
        more = _MORE.format(n=len(cases) - 5) if len(cases) > 5 else ""
        raise OrganisationError(_HOLE.format(name=organisation.name, cases=", ".join(cases[:5]), more=more))
    return route_of


def turns(route: Route, number: dict[str, int]) -> tuple[Turn, ...]:
    """The pools of a route, soonest first."""
    asked = (Turn(number[step.pool], float(to_grid(np.array(step.after_min)))) for step in route.to)
    return tuple(sorted(asked, key=lambda turn: turn.after_min))


_OWN = Text("{name}: {problem}", "{name}: {problem}")
_TWO_POOLS = Text("två pooler heter {name!r}", "two pools are called {name!r}")
_TO_NOBODY = Text("väg {i} leder inte till någon pool", "route {i} leads to no pool")
_TO_NO_POOL = Text(
    "väg {i} leder till {pool!r}, som inte är en pool här", "route {i} leads to {pool!r}, which is no pool here"
)
_NO_WORD = Text("route {i}: {word!r} är inte ett av {known}", "route {i}: {word!r} is not one of {known}")
_NO_MUNICIPALITY = Text(
    "{name}: väg {i}: ingen kommun heter {unknown}", "{name}: route {i}: no municipality is called {unknown}"
)
_MORE = Text(" och {n} till", " and {n} more")
_HOLE = Text(
    "{name}: ingen väg passar grupp/klass/fönster/kommun {cases}{more}: lägg till en sista väg utan villkor",
    "{name}: no route matches group/class/window/municipality {cases}{more}: add a last route without conditions",
)
