"""Two small organisations for tests of studies and commands, with the functions that the package `models` has."""

from __future__ import annotations

import os

from sim.declared import Declared
from sim.organisation import (
    ALWAYS,
    Choice,
    EachMunicipality,
    Hub,
    Organisation,
    Pool,
    Post,
    Principal,
    Sharing,
    Text,
    route,
)


def _one_pool(name: str, sv: str, en: str, post: Post, sharing: Sharing) -> Organisation:
    pool = Pool("team", Text("team", "team"), Principal.REGION, (post,))
    about = Text(f"{sv}: åtta läkare.", f"{en}: eight physicians.")
    return Organisation(name, Text(sv, en), about, (pool,), (route(pool),), Choice.NEAREST, sharing)


STATUS_QUO = _one_pool("status_quo", "Nuläge", "Status quo", Post(EachMunicipality(), ALWAYS), Sharing.SILO)
CENTRAL = _one_pool("central", "Central", "Central", Post(Hub(0, 1), ALWAYS, 6), Sharing.NETWORK)


def all() -> tuple[Organisation, ...]:
    return (STATUS_QUO, CENTRAL)


def declared() -> Declared:
    return Declared.of(all())


def names() -> tuple[str, ...]:
    return tuple(item.name for item in all())


def find(name: str) -> Organisation:
    return {item.name: item for item in all()}[name]


def find_or_die(name: str) -> Organisation:
    """As `find`, but a worker process that asks for the central team is killed."""
    if name == "central" and os.environ.get("HEMBESOK_TEST_PARENT") != str(os.getpid()):
        os._exit(9)
    return find(name)
