"""Two small organisations for tests of studies and commands, with the functions that the package `models` has."""

from __future__ import annotations

import os
from collections.abc import Callable

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


class Deadly(Organisation):
    """A worker process that is sent it is killed."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return die_in_a_worker, ()


def die_in_a_worker() -> None:
    if os.environ.get("HEMBESOK_TEST_PARENT") != str(os.getpid()):
        os._exit(9)
