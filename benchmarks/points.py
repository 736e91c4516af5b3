"""Points of a design: four models on one replication of a year, and which stages a change makes run again.

All times are CPU time of this process. Everything goes through `sim.study.stages`, as in a study.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import models
from benchmarks.sizes import halland
from sim.engine import compile_tables, lay_tape, make_terms, prepare
from sim.measures import priced, sums_of
from sim.measures.staff import staff_of
from sim.study.stages import Draw, Kept, Keys, Stages, make_stages
from sim.world.build import build_world
from sim.world.demand import draw_tape, plan_demand

if TYPE_CHECKING:
    from sim.organisation import Organisation
    from sim.scenario import Scenario

STAGES: Final = ("world", "demand", "tape", "laid", "tables", "layout", "journal", "sums", "measures")
OF_ALL: Final = STAGES[:4]  # those that all models share

# Kinds of points: what is new in the n-th.
NEW: Final[dict[str, Callable[[int], dict[str, Any]]]] = {
    "new inputs": lambda n: {"demand.G1.acute_per_year": 0.6 + 0.001 * n, "study.seed": n},
    "new rosters": lambda n: {"staffing.hours_per_week": 1081.0 + n},
    "new prices": lambda n: {"costs.physician_hour": 1051.0 + n},
}
EVERYTHING: Final = "everything new"
AT_ONCE: Final = (1, 2, 4, 5, 6, 8)  # scenarios of a study
HARDER: Final = {"organisation.hand_over_min": 12.0}  # a scenario of its own


def measure_points(weeks: int, rounds: int, points: int, folder: Path) -> dict[str, Any]:
    """All figures; `points` of each kind in each of `rounds`."""
    scenario = halland(weeks)
    return {
        "again": what_runs_again(scenario, folder),
        "ms": milliseconds(scenario, rounds),
        "points a second": points_a_second(scenario, rounds, points),
        "ms a unit": units_of_several(scenario, rounds),
        "weeks": weeks,
    }


# --- what a change makes run again ----------------------------------------------------------------


def what_runs_again(scenario: Scenario, folder: Path) -> dict[str, dict[str, int]]:
    """By kind of change and stage, for how many of the models (of 1 where all share it) the key is another one."""
    first = make_stages(scenario, models.all()).keys
    edited = tuple(with_more_reserve(item) if item.name == "hybrid" else item for item in models.all())
    matrix = folder / "matrix.csv"
    matrix.write_text("from,to,minutes,km\n", encoding="utf-8")
    changed: dict[str, tuple[Mapping[str, Any], tuple[Organisation, ...]]] = {
        "a price": ({"costs.physician_hour": 1500.0}, models.all()),
        "a threshold of the comparison": ({"comparison.practical.response_min": 5.0}, models.all()),
        "a target time": ({"classes.A1.target_min": 45.0}, models.all()),
        "hours of the rosters": ({"staffing.hours_per_week": 1100.0}, models.all()),
        "one model": ({}, edited),
        "a rate of demand": ({"demand.G1.acute_per_year": 0.7}, models.all()),
        "the seed": ({"study.seed": 1}, models.all()),
        "a travel matrix": ({"travel.matrix": str(matrix)}, models.all()),
    }
    return {
        name: compared(first, make_stages(scenario.with_changes(change), organisations).keys)
        for name, (change, organisations) in changed.items()
    }


def with_more_reserve(organisation: Organisation) -> Organisation:
    """A model edited in one digit."""
    pool, *rest = organisation.pools
    return replace(organisation, pools=(replace(pool, reserve=pool.reserve + 1), *rest))


def compared(first: Keys, second: Keys) -> dict[str, int]:
    """For how many models each stage has another key."""
    found = {
        "world": int(first.world != second.world),
        "demand": int(first.demand != second.demand),
        "tape": int(first.tape(1) != second.tape(1)),
        "laid": int(first.laid(1) != second.laid(1)),
    }
    for stage in STAGES[len(OF_ALL) :]:
        pairs = ((of_model(first, stage, name), of_model(second, stage, name)) for name in first.models)
        found[stage] = sum(one != other for one, other in pairs)
    return found


def of_model(keys: Keys, stage: str, model: str) -> str:
    """The key of a stage of one model, on replication 1."""
    if stage in ("tables", "layout"):
        return str(getattr(keys.models[model], stage))
    return str(getattr(keys, stage)(model, 1))


# --- how long -------------------------------------------------------------------------------------


def milliseconds(scenario: Scenario, rounds: int) -> dict[str, dict[str, float]]:
    """By model ("" for what all share) and stage, the least of `rounds`; "keys" are those of all stages."""
    organisations = models.all()
    stages = make_stages(scenario, organisations, kept=Kept())
    draw, world = stages.draw(1), stages.world
    terms = make_terms(world, scenario)
    found = {
        "": {
            "keys": least(lambda: make_stages(scenario, organisations), rounds),
            "world": least(lambda: build_world(scenario), rounds),
            "demand": least(lambda: plan_demand(scenario, world), rounds),
            "tape": least(lambda: draw_tape(stages.demand, 1), rounds),
            "laid": least(lambda: lay_tape(draw.tape, world, terms), rounds),
        }
    }
    for name in stages.organisations:
        found[name] = of_one_model(stages, name, draw, rounds)
    return found


def of_one_model(stages: Stages, name: str, draw: Draw, rounds: int) -> dict[str, float]:
    """The stages of one model."""
    scenario, world, tables = stages.scenario, stages.world, stages.tables(name)
    stages.layout(name)
    journal, staff = stages.run_one(name, draw), staff_of(tables)
    sums = sums_of(draw.tape, world, scenario.classes, journal, staff)
    return {
        "tables": least(lambda: compile_tables(stages.organisations[name], world, scenario), rounds),
        "layout": least(lambda: prepare(world, tables), rounds),
        "journal": least(lambda: stages.run_one(name, draw), rounds),
        "sums": least(lambda: sums_of(draw.tape, world, scenario.classes, journal, staff), rounds),
        "measures": least(lambda: priced(sums, scenario.costs, staff), rounds),
    }


def points_a_second(scenario: Scenario, rounds: int, points: int) -> dict[str, float]:
    """By kind of point; kinds in turn, the best of `rounds`."""
    numbers = iter(range(10**9))
    kept, organisations = Kept(), models.all()
    spent: dict[str, float] = {}
    run_point(scenario, organisations, kept)

    def once(kind: str) -> None:
        change = NEW["new inputs" if kind == EVERYTHING else kind](next(numbers))
        run_point(scenario.with_changes(change), organisations, Kept() if kind == EVERYTHING else kept)

    for _ in range(rounds):
        for kind in (EVERYTHING, *NEW):
            begun = time.process_time()
            for _ in range(points):
                once(kind)
            spent[kind] = min(spent.get(kind, float("inf")), (time.process_time() - begun) / points)
            run_point(scenario, organisations, kept)  # what the next kind shares with the scenario is kept
    return {kind: 1.0 / seconds for kind, seconds in spent.items()}


def run_point(scenario: Scenario, organisations: Sequence[Organisation], kept: Kept) -> None:
    """All models on the first replication."""
    stages = make_stages(scenario, organisations, kept=kept)
    draw = stages.draw(1)
    for name in stages.organisations:
        stages.measures(name, draw)


def units_of_several(scenario: Scenario, rounds: int) -> dict[int, float]:
    """Milliseconds of a unit (one replication of one scenario under all models) in a study of so many scenarios, when
    all of them have been met once."""
    found = {}
    for number in AT_ONCE:
        kept = Kept()
        several = [
            make_stages(
                scenario.with_changes(HARDER | {"staffing.hours_per_week": 1080.0 + n}), models.all(), kept=kept
            )
            for n in range(number)
        ]
        found[number] = min(pace(several, range(1, rounds + 2)))
    return found


def pace(several: list[Stages], replications: range) -> Iterator[float]:
    """Milliseconds a unit in each replication after the first."""
    for replication in replications:
        begun = time.process_time()
        for stages in several:
            draw = stages.draw(replication)
            for name in stages.organisations:
                stages.measures(name, draw)
        spent = 1e3 * (time.process_time() - begun) / len(several)
        if replication > replications[0]:
            yield spent


def least(what: Callable[[], object], rounds: int) -> float:
    """Milliseconds of CPU time."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        what()
        best = min(best, time.process_time() - begun)
    return 1e3 * best
