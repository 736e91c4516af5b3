"""What happens: a tape under an organisation, on either clock, written into a journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.engine.filling import make_run
from sim.engine.journal import Journal, close_journal
from sim.engine.prepare import Prepared, prepare
from sim.engine.tables import Tables, compile_tables
from sim.world.tape import DemandTape
from sim.world.world import World

if TYPE_CHECKING:
    from sim.engine.observing import Observer

ENGINES: Final = ("compiled", "simpy")


def run(
    tape: DemandTape,
    world: World,
    tables: Tables,
    engine: str = "compiled",
    prepared: Prepared | None = None,
    observers: Sequence[Observer] = (),
) -> Journal:
    """Run one tape under one organisation. Both engines give the same journal to the last bit.

    `prepared` (`prepare(world, tables)`) spares work when many tapes are run. `observers` are SimPy processes that see
    the run (`sim.engine.observing`). ValueError for another engine, and for observers of any but "simpy".
    """
    if observers and engine != "simpy":
        raise ValueError(f'only engine="simpy" can be observed, not {engine!r}')
    ready = make_run(tape, world, tables, prepared)
    if engine == "simpy":
        from sim.engine.processes import run_simpy

        finished = run_simpy(ready, observers)
    elif engine == "compiled":
        from sim.engine.kernel import run_compiled

        finished = run_compiled(ready)
    else:
        raise ValueError(f"no engine is called {engine!r}: choose {' or '.join(ENGINES)}")
    return close_journal(finished, tables, world)


__all__ = ["ENGINES", "Journal", "Prepared", "Tables", "compile_tables", "prepare", "run"]
