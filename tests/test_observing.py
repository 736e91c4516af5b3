"""Observers see a run and cannot change it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
import simpy
from engine_factory import Ask, always, differences, make_tape, make_world, organisation, pool

from sim import simulate
from sim.codes import A2
from sim.engine.observing import View
from sim.engine.state import BUSY, COMPLETION, ORDERED, SHIFT_START, WAITING
from sim.scenario import Scenario

WORLD = make_world([[5.0, 20.0], [20.0, 5.0]], days=1)
# Two are ordered in the same minute, while the only physician is busy until 10 + 5 + 30 = 45.
TAPE = make_tape(WORLD, [Ask(10.0), Ask(20.0, 1, A2), Ask(20.0, klass=A2), Ask(600.0, 1)])
ONE = organisation(pool(always(), break_min=0.0))


def run(*observers: Any, engine: str = "simpy") -> Any:
    return simulate(Scenario(), ONE, engine=engine, world=WORLD, tape=TAPE, observers=observers).journal


def test_a_journal_with_observers_is_the_same_to_the_last_bit() -> None:
    def meddling(view: View) -> Generator[simpy.Event]:
        bed = simpy.Resource(view.clock)
        while True:
            with bed.request() as asked:
                yield asked
                yield view.clock.timeout(0.3)
            yield view.after(1 / 3)  # off the grid
            yield view.next(COMPLETION)

    assert differences(run(), run(meddling, meddling)) == []
    assert differences(run(engine="compiled"), run(meddling)) == []


def test_an_observer_sees_the_minute_when_all_in_it_has_happened() -> None:
    seen: list[Any] = []

    def watch(view: View) -> Generator[simpy.Event, Any, None]:
        seen.append(("begins", view.now, view.count(WAITING)))
        while True:
            numbers = yield view.next(ORDERED)
            seen.append((view.now, numbers, view.count(WAITING), view.on_duty(BUSY)))

    run(watch)
    assert seen == [
        ("begins", 0.0, 0),
        (10.0, [0], 0, 1),  # set out at once
        (20.0, [1, 2], 2, 1),  # both wait
        (600.0, [3], 0, 1),
    ]


def test_every_observer_hears() -> None:
    heard: list[tuple[str, float]] = []

    def named(name: str) -> Any:
        def watch(view: View) -> Generator[simpy.Event]:
            yield view.next(SHIFT_START)
            heard.append((name, view.now))

        return watch

    run(named("one"), named("other"))
    assert heard == [("one", 0.0), ("other", 0.0)]


def test_an_observer_cannot_write() -> None:
    def writes(view: View) -> Generator[simpy.Event]:
        yield view.after(30.0)
        assert [shift.status for shift in view.shifts] == [BUSY] and len(view.requests[:2]) == 2
        view.requests[1].node = 0

    with pytest.raises(AttributeError, match="an observer cannot change a run: node"):
        run(writes)


def test_wrong_use_is_refused() -> None:
    def backwards(view: View) -> Generator[simpy.Event]:
        yield view.after(-1.0)

    with pytest.raises(ValueError, match="cannot wait for -1"):
        run(backwards)
    with pytest.raises(ValueError, match='only engine="simpy" can be observed'):
        run(backwards, engine="compiled")
