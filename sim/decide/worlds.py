"""Running plausible worlds: one year of each, today's organisation first, so that a world set aside costs one model.

What comes out is a table, one row a world and model (`worlds.parquet`); whatever is said over worlds is made from it.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sim.decide.facts import SEEN as FACTS_SEEN
from sim.decide.facts import Fact, Seen, keeps_up, read_facts
from sim.decide.plausible import SHARED, PlausibleWorlds, plausible_worlds, todays_decisions
from sim.measures.rows import blocks
from sim.scenario.plausible import distributions
from sim.scenario.ranges import MODELS, REGION
from sim.study.stages.kept import MIB, Kept, Room
from sim.study.stages.stages import make_stages
from sim.world.region import region_folder

if TYPE_CHECKING:
    from sim.decide.plausible import Floats
    from sim.engine.journal import Journal
    from sim.organisation import Organisation
    from sim.scenario.schema import Scenario
    from sim.study.stages.stages import Draw, Stages

SHORTEST_WEEKS: Final = 26  # facts are of a year: a run of less than half of one is no world
FEWEST: Final = 20  # worlds of which anything is said
TODAY: Final = "status_quo"  # the model of which facts are known
ROOM: Final = {
    "world": Room(8 * MIB, 2),
    "inputs": Room(MIB, 2),
    "tables": Room(0, 16),
    "layout": Room(0, 16),
}  # tapes and sums pass by


class Row(NamedTuple):
    """A measure and class, of the whole region."""

    measure: str
    klass: str

    @property
    def column(self) -> str:
        return f"{self.measure}.{self.klass}"


@dataclass(frozen=True, eq=False)
class Year:
    """One model in one world: values in the order of `region_rows`, and whether it keeps up."""

    values: Floats
    steady: bool


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one plausible world gave. `facts` by name; `against` are those it contradicts; `years` by model, only
    today's where the world is set aside; `error` is the traceback of a failure."""

    number: int
    facts: Mapping[str, float]
    against: tuple[str, ...]
    years: Mapping[str, Year]
    error: str = ""


def worlds_wanted(scenario: Scenario, replications: int) -> int:
    """How many worlds go with a run: as the scenario says, in proportion where fewer replications are run than it asks
    for; none where they would be fewer than `FEWEST`, or a run shorter than `SHORTEST_WEEKS`."""
    asked = scenario.study
    count = min(asked.worlds, round(asked.worlds * replications / asked.replications))
    return count if count >= FEWEST and scenario.calendar.weeks >= SHORTEST_WEEKS else 0


def run_worlds(
    stages: Stages, count: int, jobs: int = 1, on_outcome: Callable[[Outcome], None] = lambda outcome: None
) -> pd.DataFrame:
    """The table of `count` plausible worlds around a scenario under its organisations, on `jobs` threads.

    The compiled engine runs them, whichever ran the rest: both give the same. `on_outcome` is told of each as it ends.
    Facts are asked of the organisation `TODAY`, where it is one of them. Raises RegionError.
    """
    made = stages.organisations.values()
    worlds = plausible_worlds(stages.scenario, count, made, tables=stages.given is None)
    order = sorted(stages.organisations, key=lambda name: name != TODAY)
    facts = read_facts(region_folder(stages.scenario)) if order[0] == TODAY and stages.given is None else ()
    design = Design(worlds, {name: stages.organisations[name] for name in order}, facts, stages, Kept(ROOM))
    found: dict[int, Outcome] = {}
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        running = [pool.submit(design.run, number) for number in range(1, count + 1)]
        try:
            for future in as_completed(running):
                outcome = future.result()
                found[outcome.number] = outcome
                on_outcome(outcome)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    names = tuple(place.name for place in stages.world.municipalities)
    return table_of(worlds, [found[number] for number in sorted(found)], list(stages.organisations), names)


@dataclass(frozen=True, eq=False)
class Design:
    """What all worlds share: `organisations` with today's first, the `facts`, and what is `kept` between worlds."""

    worlds: PlausibleWorlds
    organisations: Mapping[str, Organisation]
    facts: Sequence[Fact]
    base: Stages
    kept: Kept

    def run(self, number: int) -> Outcome:
        """World `number` (from 1). Never raises: a fault is in what it gives."""
        try:
            return self._run(number)
        except Exception:
            return Outcome(number, {}, (), {}, traceback.format_exc())

    def _run(self, number: int) -> Outcome:
        made = self.worlds.organisations(number, self.organisations.values())
        stages = self._stages(self.worlds.world(number), made, number)
        draw = stages.draw(number)
        years: dict[str, Year] = {}
        known: dict[str, float] = {}
        for name in self.organisations:
            journal = stages.run_one(name, draw)
            years[name] = year_of(stages, name, draw, journal)
            if self.facts and not known:
                known = self._look(stages, draw, journal)
                against = tuple(fact.name for fact in self.facts if not fact.allows(known[fact.name]))
                if against:
                    return Outcome(number, known, against, years)
        return Outcome(number, known, (), years)

    def _look(self, stages: Stages, draw: Draw, journal: Journal) -> dict[str, float]:
        """The facts as today's organisation gives them, under today's decisions."""
        changed = todays_decisions(stages.scenario)
        if changed:
            decided = stages.scenario.with_changes(changed)
            stages = self._stages(decided, [stages.organisations[TODAY]], draw.replication)
            draw = stages.draw(draw.replication)
            journal = stages.run_one(TODAY, draw)
        seen = Seen(stages.met(TODAY, draw).tape, journal, stages.world)
        return {fact.name: FACTS_SEEN[fact.name](seen) for fact in self.facts}

    def _stages(self, scenario: Scenario, organisations: Sequence[Organisation], number: int) -> Stages:
        moved = self.worlds.moved(number)
        return make_stages(scenario, organisations, "compiled", self.base.given, self.kept, moved=moved)


def year_of(stages: Stages, model: str, draw: Draw, journal: Journal) -> Year:
    """The measures of the whole region of one run."""
    measured = stages.measures(model, draw, journal)
    steady = keeps_up(stages.met(model, draw).tape, journal)
    return Year(measured.values[region_rows(measured.names)[1]], steady)


@lru_cache(maxsize=8)
def region_rows(names: tuple[str, ...]) -> tuple[tuple[Row, ...], np.ndarray[Any, np.dtype[np.int64]]]:
    """The measures of the whole region, all groups and windows together, and where they stand among all rows."""
    rows, places, first = [], [], 0
    for block in blocks(names):
        rows.append(Row(block.measure.name, block.klass))
        places.append(first)  # the row without a split is the first of its block
        first += len(block.municipality)
    return tuple(rows), np.array(places, dtype=np.int64)


# --- the table ------------------------------------------------------------------------------------

FRONT: Final = ("world", "model", "kept", "set_aside_by", "steady")
FACT: Final = "fact."  # before a fact in the name of its column
BESIDE: Final = (f"{MODELS}.", f"{REGION}.")  # before inputs that are no fields of the scenario
SOURCE: Final = "source."  # before a source of inputs: its own draw, 0 to 1


def table_of(
    worlds: PlausibleWorlds, found: Sequence[Outcome], models: Sequence[str], names: tuple[str, ...]
) -> pd.DataFrame:
    """One row a world and model, as `worlds.parquet` holds it: `FRONT`, the inputs drawn by dotted key, the draws of
    the sources and the dummy, the facts, and every measure of the whole region as measure.class.

    `set_aside_by`: the facts contradicted, joined by spaces, or "failed"; then `kept` is false and a model that was not
    run has no values.
    """
    rows, _ = region_rows(names)
    nothing = np.full(len(rows), np.nan)
    records = []
    for outcome in found:
        shared = worlds.drawn(outcome.number) | {FACT + name: value for name, value in outcome.facts.items()}
        reason = "failed" if outcome.error else " ".join(outcome.against)
        for model in models:
            year = outcome.years.get(model)
            values = nothing if year is None else year.values
            front = (outcome.number, model, not reason, reason, year is not None and year.steady)
            measured = zip((row.column for row in rows), values.tolist(), strict=True)
            records.append(dict(zip(FRONT, front, strict=True)) | shared | dict(measured))
    return pd.DataFrame.from_records(records)


def kept_of(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of worlds that contradict nothing."""
    return table[table["kept"]]


def inputs_of(table: pd.DataFrame) -> list[str]:
    """The columns that were drawn: inputs, sources and the dummy."""
    drawn = {*distributions(), *SHARED}
    return [
        str(column)
        for column in table
        if (column in drawn or str(column).startswith(BESIDE)) and table[column].notna().any()
    ]


def joined_worlds(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables of several scenarios as one, with the scenario in front; a column that a scenario lacks is empty."""
    return pd.concat([part.assign(scenario=name) for name, part in tables.items()], ignore_index=True)[
        list(dict.fromkeys(["scenario", *(column for part in tables.values() for column in part)]))
    ]


def split_worlds(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What `joined_worlds` has joined."""
    return {
        str(name): part.drop(columns="scenario").reset_index(drop=True)
        for name, part in table.groupby("scenario", sort=False)
    }
