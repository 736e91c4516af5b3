"""Bases as places: what a model's words for them mean in a world."""

from __future__ import annotations

from sim.codes import FACILITY_KINDS
from sim.errors import OrganisationError
from sim.language.nearest import did_you_mean
from sim.organisation import Base, EachFacility, EachMunicipality, EachVardcentral, Hub
from sim.text import Text
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
                raise OrganisationError(_NO_KIND.format(owner=owner, kind=kind, known=", ".join(FACILITY_KINDS)))
            return [(f.node, -1) for f in world.facilities if f.kind == kind]
        case str():
            return [named_base(world, base, owner)]


def hub_node(world: World, number: int, of: int, owner: str) -> int:
    """The town of the number-th of `of` hubs."""
    if not 0 <= number < of:
        raise OrganisationError(_NO_HUB.format(owner=owner, number=number, of=of, last=of - 1))
    towns = len(world.municipalities)
    if of > towns:
        raise OrganisationError(_TOO_MANY_HUBS.format(owner=owner, of=of, towns=towns))
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
    towns = [m.name for m in world.municipalities]
    known = [*towns, *world.node_name, *(f.name for f in world.facilities)]
    hint = did_you_mean(name, known, _TOWNS.format(towns=", ".join(towns)))
    raise OrganisationError(_NO_BASE.format(owner=owner, name=name, hint=hint))


_NO_KIND = Text(
    "{owner}: {kind!r} är inget slags enhet: {known}",
    "{owner}: {kind!r} is no kind of facility: {known}",
)
_NO_HUB = Text(
    "{owner}: bas {number} av {of}: numrera baserna 0 till {last}",
    "{owner}: hub {number} of {of}: number the hubs 0 to {last}",
)
_TOO_MANY_HUBS = Text(
    "{owner}: {of} baser begärda i en region med {towns} kommuner: välj 1 till {towns}",
    "{owner}: {of} hubs asked for in a region of {towns} municipalities: choose 1 to {towns}",
)
_NO_BASE = Text(
    "{owner}: ingen kommun, plats eller enhet heter {name!r}; {hint}",
    "{owner}: no municipality, place or facility is called {name!r}; {hint}",
)
_TOWNS = Text("kommuner: {towns}", "municipalities: {towns}")
