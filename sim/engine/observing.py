"""A researcher's own SimPy processes beside a run: they see it, wait for what happens in it, and cannot change it.

    def queue_length(view):
        while True:
            yield view.after(60.0)
            print(view.now, view.count(WAITING))

An observer is woken when all that belongs to its minute has happened, so that it sees no half-made decision and comes
between no two events of the run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import simpy

if TYPE_CHECKING:
    from sim.engine.processes import Clock

LAST: Final = math.inf  # priority: after every kind of event of the run


class Row:
    """A row of the run's state that can be read and not written; fields as in `sim.engine.state`."""

    __slots__ = ("_row",)

    def __init__(self, row: Any) -> None:
        object.__setattr__(self, "_row", row)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"an observer cannot change a run: {name} is for reading")


class Rows(Sequence[Row]):
    """Rows of the run's state by number, for reading."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    def __getitem__(self, number: Any) -> Any:
        found = self._rows[number]
        return Rows(found) if isinstance(number, slice) else Row(found)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return map(Row, self._rows)


class View:
    """What an observer sees of a run: `requests` and `shifts` as rows, the minute, and events to wait for.

    `clock` is the SimPy environment, for resources and processes of the observer's own.
    """

    def __init__(self, clock: Clock, state: Any) -> None:
        self.clock: simpy.Environment = clock
        self.requests = Rows(state.requests)
        self.shifts = Rows(state.shifts)
        self._awaited: dict[int, simpy.Event] = {}

    @property
    def now(self) -> float:
        """Minutes from the start."""
        return float(self.clock.now)

    def count(self, stage: int) -> int:
        """Requests at a stage of `sim.engine.state`: WAITING, TAKEN, ..."""
        return sum(request.stage == stage for request in self.requests)

    def on_duty(self, status: int) -> int:
        """Physician-shifts with a status of `sim.engine.state`: FREE, BUSY, ..."""
        return sum(shift.status == status for shift in self.shifts)

    def after(self, minutes: float) -> simpy.Event:
        """To yield: so many minutes (at least 0) from now. ValueError for fewer."""
        return self._last(minutes, None)

    def next(self, kind: int) -> simpy.Event:
        """To yield: the next minute in which something of a kind of `sim.engine.state` happens (ORDERED, COMPLETION,
        SHIFT_START, ...). Gives the list of its numbers in that minute: of requests, shifts, steps or teams."""
        waiting = self._awaited.get(kind)
        if waiting is None or waiting.processed:
            waiting = self._awaited[kind] = simpy.Event(self.clock)
        return waiting

    def heard(self, kind: int, number: int) -> None:
        """Something of a kind happens now."""
        waiting = self._awaited.get(kind)
        if waiting is None or waiting.processed:
            return
        if not waiting.triggered:
            self._awaited[kind] = _settle(waiting, [])
            self.clock.schedule(waiting, LAST, 0.0)  # type: ignore[arg-type]  # any number that sorts will do
        cast("list[int]", waiting.value).append(number)

    def _last(self, minutes: float, value: Any) -> simpy.Event:
        if not minutes >= 0:
            raise ValueError(f"an observer cannot wait for {minutes} minutes")
        event = _settle(simpy.Event(self.clock), value)
        self.clock.schedule(event, LAST, minutes)  # type: ignore[arg-type]
        return event


Observer = Callable[[View], Generator[simpy.Event, Any, Any]]


def _settle(event: simpy.Event, value: Any) -> simpy.Event:
    event._ok, event._value = True, value
    return event


def observe(clock: Clock, state: Any, observers: Iterable[Observer]) -> None:
    """Let each observer begin at minute 0, before anything has happened."""
    views = [(observer, View(clock, state)) for observer in observers]
    clock.listeners = tuple(view.heard for _, view in views)
    for observer, view in views:
        clock.process(observer(view))
