"""Where in its files a scenario states what it states, for messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sim.errors import Problem
from sim.scenario.words import Location, dotted
from sim.text import Text

SOURCE_OF_CHANGE: Final = "change"  # stands in a Problem where a file name would, for what was set in Python


@dataclass(frozen=True)
class Place:
    """Where something stands; lines and columns start at 1."""

    file: Path
    line: int
    column: int

    def problem(self, key: str, message: Text | str) -> Problem:
        return Problem(str(self.file), self.line, self.column, key, message)


@dataclass(frozen=True)
class Places:
    """The place of keys and of values, by location; empty for a scenario made in Python."""

    keys: Mapping[Location, Place] = field(default_factory=dict)
    values: Mapping[Location, Place] = field(default_factory=dict)

    def problem(self, where: Location, message: Text | str, is_key: bool = False) -> Problem:
        """A problem at the value (or the key) of `where`, or at the nearest group around it that has a place."""
        place = None if is_key else self.values.get(where)
        for depth in range(len(where), 0, -1):
            place = place or self.keys.get(where[:depth])
        if place is None:
            return Problem(SOURCE_OF_CHANGE, 0, 0, dotted(where), message)
        return place.problem(dotted(where), message)

    def without(self, changed: Collection[Location]) -> Places:
        """None of what was set anew: what lies inside one of the `changed` locations, or around it."""

        def kept(where: Location) -> bool:
            return not any(where[: len(new)] == new or new[: len(where)] == where for new in changed)

        return Places(
            {where: place for where, place in self.keys.items() if kept(where)},
            {where: place for where, place in self.values.items() if kept(where)},
        )
