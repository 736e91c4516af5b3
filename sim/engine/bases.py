"""Bases as places: what a model's words for them mean in a world."""

from __future__ import annotations

import difflib

from sim.codes import FACILITY_KINDS
from sim.errors import OrganisationError
from sim.organisation import Base, EachFacility, EachMunicipality, EachVardcentral, Hub
from sim.world.world import World


def base_nodes(world: World, base: Base, owner: str) -> list[tuple[int, int]]:
    """(node, number of the vårdcentral or -1) of every place that `base` means."""
    match base:
        case Hub(number, of):
            return [(hub_node(world, number, of, owner), -1)]
        case EachMunicipality():
            return [(town, -1) for town in world.towns.main]
        case EachVardcentral():
            return [(world.facilities[f].node, v) for v, f in enumerate(world.vardcentraler)]
        case EachFacility(kind):
            if kind not in FACILITY_KINDS:
                raise OrganisationError(f"{owner}: {kind!r} is no kind of facility: {', '.join(FACILITY_KINDS)}")
            return [(f.node, -1) for f in world.facilities if f.kind == kind]
        case str():
            return [named_base(world, base, owner)]


def hub_node(world: World, number: int, of: int, owner: str) -> int:
    """The town of the number-th of `of` hubs."""
    if not 0 <= number < of:
        raise OrganisationError(f"{owner}: hub {number} of {of}: number the hubs 0 to {of - 1}")
    towns = len(world.municipalities)
    if of > towns:
        raise OrganisationError(f"{of} hubs asked for in a region of {towns} municipalities: choose 1 to {towns}")
    return world.towns.hubs(of)[number]


def named_base(world: World, name: str, owner: str) -> tuple[int, int]:
    """The node of a municipality (its main town), a place or a facility, found by name in that order."""
    for municipality, town in zip(world.municipalities, world.towns.main, strict=True):
        if municipality.name == name:
            return town, -1
    if name in world.node_name:
        return world.node_name.index(name), -1
    for f, facility in enumerate(world.facilities):
        if facility.name == name:
            return facility.node, world.vardcentraler.index(f) if f in world.vardcentraler else -1
    known = ", ".join(m.name for m in world.municipalities)
    raise OrganisationError(f"{owner}: no municipality, place or facility is called {name!r}; municipalities: {known}")


def closed_node(world: World, name: str, owner: str) -> int:
    """The node of a base to be closed; the error for an unknown name has the nearest one."""
    try:
        return named_base(world, name, owner)[0]
    except OrganisationError as error:
        known = [m.name for m in world.municipalities] + [*world.node_name] + [f.name for f in world.facilities]
        near = difflib.get_close_matches(name, known, n=1)
        raise OrganisationError(f"{error}; did you mean {near[0]}?" if near else str(error)) from None
