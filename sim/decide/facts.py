"""What is known of today, and which plausible worlds contradict it (history matching).

A region's `facts.csv` gives ranges of what today's organisation does: wide ones, since nobody has counted in Halland
and the model leaves things out. A world in which the model of today's organisation falls outside any of them is set
aside, and it is told how many were and by which fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np

from sim.codes import ACUTE, CLASSES, DAG, DONE
from sim.errors import Problem, RegionError
from sim.measures.backlog import backlog
from sim.text import Text
from sim.world.csvfile import read_table
from sim.world.regiontables import QUALITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine.journal import Journal
    from sim.scenario.fields import Quality
    from sim.world.tape import DemandTape
    from sim.world.world import World

FILE_NAME: Final = "facts.csv"
COLUMNS: Final = ("fact", "low", "high", "unit", "source", "quality")
DAY_MIN: Final = 1440.0
YEAR_DAYS: Final = 364.0
GROWS: Final = 0.025  # of what a run orders is added to what waits: more is a model that does not keep up
END_WEEKS: Final = 4  # at the beginning and at the end of a run, over which what waits is averaged
_ACUTE: Final = np.array([name in ACUTE for name in CLASSES])
_PROMISED: Final = np.array([name in ("P", "R") for name in CLASSES])


class Fact(NamedTuple):
    """What is known of today: `name` (a key of `SEEN`) lies from `low` to `high`."""

    name: str
    low: float
    high: float
    unit: str
    source: str
    quality: Quality

    @property
    def title(self) -> Text:
        return TITLES[self.name]

    def allows(self, value: float) -> bool:
        """Whether the value agrees; one that cannot be had (nobody asked) contradicts nothing."""
        return bool(np.isnan(value)) or self.low <= value <= self.high


class Seen(NamedTuple):
    """One run of today's organisation, as the facts look at it."""

    tape: DemandTape
    journal: Journal
    world: World

    @property
    def years(self) -> float:
        return (self.tape.horizon_min - self.tape.warm_up_min) / (YEAR_DAYS * DAY_MIN)

    @property
    def visited(self) -> NDArray[np.bool_]:
        """Requests logged after the warm-up that ended in a visit."""
        counted = self.tape.requests.t0_min >= self.tape.warm_up_min
        return np.asarray(counted & (self.journal.requests.outcome == DONE))

    def by_day(self, minutes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which minutes lie in office hours; what did not happen does not."""
        hour = np.where(np.isnan(minutes), 0.0, minutes // 60.0).astype(np.int64)
        return np.asarray((self.world.calendar.window[hour] == DAG) & ~np.isnan(minutes))


def visits_per_year(seen: Seen) -> float:
    """All visits, residents on rounds counted one by one."""
    return float(seen.tape.requests.visits[seen.visited].sum()) / seen.years


def visits_out_of_hours_per_year(seen: Seen) -> float:
    """Visits that arrived outside office hours."""
    return float((seen.visited & ~seen.by_day(seen.journal.requests.t4)).sum()) / seen.years


def same_day_share(seen: Seen) -> float:
    """Of acute visits (A1 to A3) ordered in office hours, those reached the same day."""
    requests = seen.journal.requests
    among = seen.visited & _ACUTE[seen.tape.requests.klass] & seen.by_day(requests.t1)
    same = np.floor(requests.t4 / DAY_MIN) == np.floor(requests.t1 / DAY_MIN)
    return _share(same, among)


def planned_done_share(seen: Seen) -> float:
    """1 less what more of planned visits and rounds waits at the end than at the beginning, over those ordered."""
    return 1.0 - growth_of(seen.tape, seen.journal)[1]


def on_promised_day(seen: Seen) -> float:
    """Of planned visits and rounds that were visited, those not later than promised."""
    among = seen.visited & _PROMISED[seen.tape.requests.klass]
    day = np.floor(np.nan_to_num(seen.journal.requests.t4) / DAY_MIN)
    return _share(day <= seen.tape.requests.due_day, among)


def keeps_up(tape: DemandTape, journal: Journal) -> bool:
    """Whether neither acute nor planned work piles up over the run.

    One year tells less than the two that `sim.comparison.balance` compares; `GROWS` was set so that both say the same
    in 95 of 96 plausible worlds of two models.
    """
    return max(growth_of(tape, journal)) <= GROWS


def growth_of(tape: DemandTape, journal: Journal) -> tuple[float, float]:
    """(acute, planned): how much more waits in the last weeks of a run than in its first, over all that was ordered."""
    waiting, ordered = backlog(tape, journal)
    weeks = min(END_WEEKS, waiting.shape[1])
    more = waiting[:, -weeks:].mean(axis=1) - waiting[:, :weeks].mean(axis=1)
    acute, planned = more / np.maximum(ordered.sum(axis=1), 1.0)
    return float(acute), float(planned)


def _share(hit: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return float((hit & among).sum() / among.sum()) if among.any() else float("nan")


SEEN: Final[Mapping[str, Callable[[Seen], float]]] = {
    item.__name__: item
    for item in (visits_per_year, visits_out_of_hours_per_year, same_day_share, planned_done_share, on_promised_day)
}
TITLES: Final = {
    "visits_per_year": Text("hembesök om året", "home visits a year"),
    "visits_out_of_hours_per_year": Text("hembesök på jourtid om året", "home visits out of hours a year"),
    "same_day_share": Text("akuta från dagtid som nås samma dag", "acute from office hours reached the same day"),
    "planned_done_share": Text("planerat arbete som blir gjort", "planned work that is done"),
    "on_promised_day": Text("planerat senast utlovad dag", "planned by the promised day"),
}


def read_facts(folder: Path) -> tuple[Fact, ...]:
    """The facts of a region folder; none where it has no such table. RegionError carries every problem found."""
    path = folder / FILE_NAME
    if not path.is_file():
        return ()
    problems: list[Problem] = []
    table = read_table(path, COLUMNS, problems)
    found: list[Fact] = []
    for row in table.rows:
        name = table.text(row, "fact", SEEN)
        low, high = (table.number(row, end, 0.0, 1e9, _BOUND) for end in ("low", "high"))
        quality = table.text(row, "quality", QUALITIES)
        if low > high:
            table.fault(row.line, "high", _UPSIDE_DOWN)
        if name in {fact.name for fact in found}:
            table.fault(row.line, "fact", _TWICE, name=name)
        found.append(Fact(name, low, high, row.cells["unit"], row.cells["source"], cast("Quality", quality)))
    if problems:
        raise RegionError(problems)
    return tuple(found)


_BOUND: Final = Text("en gräns för vad som är känt", "a bound of what is known")
_UPSIDE_DOWN: Final = Text("ska vara minst lika stor som low", "must be at least as large as low")
_TWICE: Final = Text("{name} står två gånger; behåll en rad", "{name} stands twice; keep one row")
