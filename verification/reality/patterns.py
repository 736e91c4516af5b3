"""What the default scenario gives, in the words of the published figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.api import Run
from sim.codes import ACUTE, CLASSES, DAG, DONE
from sim.scenario import Scenario
from sim.world.world import World
from verification.rows import Figure, Ratio

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

HOUR, DAY, YEAR_WEEKS = 60.0, 1440.0, 52.0
BANDS = (0.0, 2.5, 5.0, 10.0, 20.0, np.inf)  # kilometres
BAND_NAMES = ("under 2.5 km", "2.5-5 km", "5-10 km", "10-20 km", "20 km or more")
FULL_DAY_H = 7.0
SATURDAY = 5  # the run starts on a Monday


@dataclass(frozen=True)
class Seen:
    """One run, cut to what counts. Requests: visited after the warm-up (`out`: arrived out of hours) and minutes."""

    run: Run
    visited: Bools
    out: Bools
    klass: NDArray[np.str_]
    acute: Bools
    response: Floats  # from the order to the arrival, NaN if nobody came
    weeks: float
    people: float
    out_hours: float


def see(run: Run, world: World) -> Seen:
    """Prepare a run for measuring."""
    tape, journal = run.tape, run.journal
    klass = np.array(CLASSES)[tape.klass]
    counts = tape.t0_min >= tape.warm_up_min
    return Seen(
        run=run,
        visited=counts & (journal.outcome == DONE),
        out=out_of_hours(journal.t4, world),
        klass=klass,
        acute=counts & np.isin(klass, ACUTE),
        response=journal.t4 - journal.t1,
        weeks=(tape.horizon_min - tape.warm_up_min) / (7 * DAY),
        people=float(sum(m.population for m in world.municipalities)),
        out_hours=out_hours_staffed(run, world),
    )


def out_of_hours(minutes: Floats, world: World) -> Bools:
    """Which of the minutes lie outside office hours; what did not happen does not."""
    hour = np.where(np.isnan(minutes), 0.0, minutes // HOUR).astype(np.int64)
    return np.asarray((world.calendar.window[hour] != DAG) & ~np.isnan(minutes))


def out_hours_staffed(run: Run, world: World) -> float:
    """Rostered physician-hours outside office hours after the warm-up."""
    edge = HOUR * np.arange(len(world.calendar.window) + 1)
    passed = np.concatenate([[0.0], np.cumsum(world.calendar.window != DAG)])
    start = np.maximum(run.journal.shift_start, run.tape.warm_up_min)
    end = np.maximum(run.journal.shift_end, start)
    return float((np.interp(end, edge, passed) - np.interp(start, edge, passed)).sum())


def share(hit: Bools, among: Bools) -> Ratio:
    """How many of `among` are hit, over all replications."""
    return Ratio(float((hit & among).sum()), float(among.sum()))


def mean(values: Floats, among: Bools) -> Ratio:
    """Mean of the values of `among`, over all replications."""
    return Ratio(float(values[among].sum()), float(among.sum()))


def patterns(seen: Seen, scenario: Scenario) -> dict[str, Figure]:
    """Every figure of one run, under the keys of `published.PUBLISHED` (and the bands of distance)."""
    journal, tape = seen.run.journal, seen.run.tape
    late = seen.acute & seen.out & seen.visited
    first = late & (seen.klass == "A1")
    quick, within = seen.response <= 15.0, seen.response <= 60.0
    band = np.searchsorted(BANDS, journal.km, "right") - 1
    visits = float((seen.visited & seen.out).sum())
    years = seen.weeks / YEAR_WEEKS
    days, stops = full_days(seen)
    by_day = seen.acute & seen.visited & ~out_at(seen, journal.t1)
    same = np.floor(journal.t4 / DAY) == np.floor(journal.t1 / DAY)
    found: dict[str, Figure] = {
        f"within 15, {name}": share(quick, first & (band == i)) for i, name in enumerate(BAND_NAMES)
    }
    found |= {
        "within 15, near": found[f"within 15, {BAND_NAMES[0]}"],
        "within 15, far": found[f"within 15, {BAND_NAMES[-1]}"],
        "within 15": share(quick, first),
        "A2 within 60": share(within, late & (seen.klass == "A2")),
        "within 60": share(within, late),
        "response": Ratio(float(seen.response[late].sum()), float(late.sum())),
        "visits per hour": Ratio(visits, seen.out_hours),
        "per 1000, Stockholm": visits / years / seen.people * 1000,
        "per 1000, Norway": visits / years / seen.people * 1000,
        "out of hours": visits / years,
        "per day": Ratio(stops, days),
        "on scene": mean(tape.on_scene_min, seen.visited & (tape.visits == 1) & (tape.no_show == 0)),
        "conveyed": share(tape.conveyed == 1, seen.acute & seen.visited),
        "telephone": share(tape.telephone == 1, seen.acute & out_at(seen, journal.t1)),
        "weekend": share(np.floor(journal.t4 / DAY) % 7 >= SATURDAY, late),
        "same day": share(same, by_day),
        "all visits": float(tape.visits[seen.visited].sum()) / years,
    }
    price = contractor_hour(scenario)
    if price is not None:
        found["cost"] = Ratio(price * seen.out_hours, visits)
    return found


def out_at(seen: Seen, minutes: Floats) -> Bools:
    """Requests whose given minute lies in another window than office hours, by the rows for people."""
    return np.asarray((seen.run.visits["window"] != "dag").to_numpy() & ~np.isnan(minutes))


def full_days(seen: Seen) -> tuple[float, float]:
    """Number of 8-hour days, and stops, in day shifts that last 7 hours or more."""
    journal = seen.run.journal
    length = journal.shift_end - journal.shift_start
    begins = journal.shift_start % DAY / HOUR
    which = (journal.shift_start >= seen.run.tape.warm_up_min) & (length >= FULL_DAY_H * HOUR)
    which &= (begins >= 6) & (begins <= 10) & (length <= 10 * HOUR)
    return float(length[which].sum() / HOUR / 8), float(journal.shift_stops[which].sum())


def contractor_hour(scenario: Scenario) -> float | None:
    """The scenario's price of a contractor's physician-hour; None in a scenario without costs."""
    costs: Mapping[str, float] = scenario.model_dump().get("costs", {})
    return costs.get("contractor_hour")
