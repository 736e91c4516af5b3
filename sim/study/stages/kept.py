"""Results of stages that are kept in this process, so that what has not changed is not computed again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar, cast

import numpy as np

from sim.text import Text

T = TypeVar("T")
MIB: Final = 2**20
SMALLEST: Final = 512  # bytes that a result without arrays counts for


class Room(NamedTuple):
    """How much is kept of a stage: so many bytes of arrays, and however large they are so many of the latest."""

    bytes: int
    at_least: int = 0


# At Halland's size a world takes 1 MiB, a plan of demand 2, a year's tape 6 and laid out 5, a model's tables 1 and
# layout 5, the sums of a run a third of one: there is room for some dozens of scenarios, and for the sums of a whole
# study.
ROOM: Final[Mapping[str, Room]] = {
    "world": Room(32 * MIB, 4),
    "inputs": Room(MIB, 4),
    "demand": Room(48 * MIB, 4),
    "tape": Room(48 * MIB, 1),
    "laid": Room(48 * MIB, 1),
    "proof": Room(MIB),
    "work": Room(MIB),
    "tables": Room(96 * MIB, 16),
    "layout": Room(160 * MIB, 16),
    "sums": Room(192 * MIB),
    "balance": Room(MIB),
}


class Kept:
    """The latest used results of each stage by their key, as many as there is room for. What a stage has no room for is
    computed whenever it is asked for. Safe to use from several threads."""

    def __init__(self, room: Mapping[str, Room] = ROOM) -> None:
        self._room = dict(room)
        self._held: dict[str, OrderedDict[str, tuple[Any, int]]] = {stage: OrderedDict() for stage in room}
        self._making: dict[tuple[str, str], threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, stage: str, key: str, make: Callable[[], T]) -> T:
        """The result kept under `key`, or what `make` makes, once even if several threads ask at the same time."""
        if stage not in self._room:
            return make()
        with self._lock:
            if key in self._held[stage]:
                return cast(T, self._use(stage, key))
            turn = self._making.setdefault((stage, key), threading.Lock())
        with turn:
            with self._lock:
                if key in self._held[stage]:  # made while this thread waited
                    return cast(T, self._use(stage, key))
            try:
                made = make()
                self._keep(stage, key, made)
            finally:
                with self._lock:
                    self._making.pop((stage, key), None)
        return made

    def has(self, stage: str, key: str) -> bool:
        """Whether a result is kept under `key`."""
        with self._lock:
            return key in self._held.get(stage, ())

    def bytes_of(self, stage: str) -> int:
        """How much is kept of a stage."""
        with self._lock:
            return sum(size for _, size in self._held[stage].values())

    def _use(self, stage: str, key: str) -> Any:
        self._held[stage].move_to_end(key)
        return self._held[stage][key][0]

    def _keep(self, stage: str, key: str, made: Any) -> None:
        size = max(array_bytes(made), SMALLEST)
        with self._lock:
            held, room = self._held[stage], self._room[stage]
            held[key] = made, size
            total = sum(size for _, size in held.values())
            while total > room.bytes and len(held) > room.at_least:
                _, (_, gone) = held.popitem(last=False)
                total -= gone


@cache
def of_process() -> Kept:
    """What this process keeps for studies."""
    return Kept()


def array_bytes(thing: Any) -> int:
    """Bytes of the arrays in dataclasses, tuples, lists and dicts, each array counted once."""
    sizes: dict[int, int] = {}
    ahead = [thing]
    while ahead:
        item = ahead.pop()
        if isinstance(item, np.ndarray):
            sizes[id(item)] = item.nbytes
        elif isinstance(item, tuple | list):
            ahead += [part for part in item if type(part) not in _WITHOUT]
        elif isinstance(item, dict):
            ahead += [part for part in item.values() if type(part) not in _WITHOUT]
        elif is_dataclass(item) and not isinstance(item, type):
            ahead += [part for part in vars(item).values() if type(part) not in _WITHOUT]
    return sum(sizes.values())


_WITHOUT: Final = frozenset((int, float, str, bool, bytes, type(None), Text))  # most of what is met
