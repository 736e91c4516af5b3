"""The first run on a machine: two processes make the machine code, each its part, and the cache on disk joins them.

Numba compiles under one lock, so that threads of one process could not share the work. This process makes the engine's
part; `python -m sim.study.compiling` makes that of the draw and of the measures, on a journal in which nothing is done.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.organisation import EVERY_DAY, Hub, Organisation, Pool, Post, Principal, Shift, Text, route

if TYPE_CHECKING:
    from sim.engine import Journal
    from sim.study.stages import Stages
    from sim.world.tape import DemandTape
    from sim.world.world import World

NOTHING: Final = Text("", "")
_DAYTIME: Final = Pool(
    "team", NOTHING, Principal.REGION, (Post(Hub(0, 1), (Shift(EVERY_DAY, "08:00", "16:00"),)),)
)  # fmt: skip
LEAST: Final = Organisation("least", NOTHING, NOTHING, (_DAYTIME,), (route(_DAYTIME),))


def is_cold() -> bool:
    """Whether machine code could be kept on disk and none is there for the engine's loop in these sources."""
    from sim.engine import kernel

    folder = getattr(getattr(kernel.loop, "_cache", None), "_cache_path", None)
    return folder is not None and not any(Path(folder).glob("kernel.loop-*.nbi"))


def compile_in_two() -> None:
    """Make all machine code that a run needs. What the other process could not make is made when it is asked for."""
    top = str(Path(__file__).resolve().parents[2])
    paths = [top, *filter(None, [os.environ.get("PYTHONPATH")])]
    other = subprocess.Popen(
        [sys.executable, "-m", "sim.study.compiling"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        least = least_case()
        least.run_one(LEAST.name, least.draw(1, one_request(least.world)))
        other.wait()
    finally:
        other.kill()


def least_case() -> Stages:
    """A week of the default scenario under one physician in the daytime."""
    from sim.scenario import Scenario
    from sim.study.stages import Kept, make_stages

    scenario = Scenario().with_changes({"calendar.weeks": 1, "calendar.warm_up_weeks": 0})
    return make_stages(scenario, [LEAST], kept=Kept())


def one_request(world: World) -> DemandTape:
    """A tape of one acute request at the first place."""
    from sim.scripted import Ask, scripted_tape

    return scripted_tape(world, [Ask(600.0, on_scene=10.0)])


def nothing_done(requests: int, shifts: int) -> Journal:
    """A journal in which nobody was asked and everybody went home at once."""
    from sim.columns import filled
    from sim.engine import Journal
    from sim.engine.journal import Courses, Duties

    return Journal(filled(Courses, requests), filled(Duties, shifts, physician=0, start=0.0, end=0.0, home=0.0))


def main() -> None:
    """Draw a week and measure it."""
    least = least_case()
    draw, shifts = least.draw(1), len(least.tables(LEAST.name).roster.start)
    least.measures(LEAST.name, draw, nothing_done(len(draw.tape), shifts))


if __name__ == "__main__":
    main()
