"""The week as it looks: mean number of physicians in each state, by weekday and hour."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.engine.journal import Journal
from sim.measures.cells import Floats, Ints, ratio, sums
from sim.world.tape import DemandTape
from sim.world.world import World


def hours_table(tape: DemandTape, world: World, journal: Journal) -> pd.DataFrame:
    """168 rows: weekday, hour and the mean number of physicians on_shift, driving, on_scene, documenting.

    Whatever happens after the warm-up counts, whenever its shift began. NaN for an hour that the period does not hold.
    """
    begin, end = tape.warm_up_min, tape.horizon_min
    hours = int(np.ceil(end / 60.0))
    went = np.flatnonzero(~np.isnan(journal.t3))
    t3 = journal.t3[went]
    t4, t5, t6 = (np.where(np.isnan(t[went]), end, t[went]) for t in (journal.t4, journal.t5, journal.t6))

    def minutes(start: Floats, stop: Floats, weight: Floats | None = None) -> Floats:
        return occupancy(np.clip(start, begin, end), np.clip(stop, begin, end), hours, weight)

    free_from, free_to, share = _legs_home(journal, went, t6)
    states = {
        "on_shift": minutes(journal.shift_start, journal.shift_home),
        "driving": minutes(t3, t4) + minutes(free_from, free_to, share),
        "on_scene": minutes(t4, t5),
        "documenting": minutes(t5, t6),
    }
    number = np.arange(hours)
    weekday = world.calendar.weekday[np.minimum(number // 24, len(world.calendar.weekday) - 1)]
    cell = weekday * 24 + number % 24
    exposure = np.clip(np.minimum((number + 1) * 60.0, end) - np.maximum(number * 60.0, begin), 0.0, 60.0)
    time = sums(cell, 168, exposure)
    table = {name: ratio(sums(cell, 168, values), time) for name, values in states.items()}
    return pd.DataFrame({"weekday": np.repeat(np.arange(7), 24), "hour": np.tile(np.arange(24), 7), **table})


def occupancy(start: Floats, stop: Floats, hours: int, weight: Floats | None = None) -> Floats:
    """Minutes spent in each hour by intervals [start, stop), split exactly at the hour edges; (hours,).

    Counted by running sums: a start adds the rest of its hour and every later hour, a stop takes away the same.
    """
    w = np.ones(len(start)) if weight is None else weight
    time, sign = np.concatenate([start, stop]), np.concatenate([w, -w])
    hour = np.floor(time / 60.0).astype(np.int64)
    inside = sign * (60.0 * (hour + 1) - time)
    part, later = sums(hour, hours + 1, inside), np.cumsum(sums(hour + 1, hours + 2, 60.0 * sign))
    return part[:hours] + later[:hours]


def _legs_home(journal: Journal, went: Ints, t6: Floats) -> tuple[Floats, Floats, Floats]:
    """The time between stops, as intervals, and the share of it that was legs home.

    The journal tells how long each shift drove, but not when it drove home. What is left when the legs to patients are
    taken away is spread evenly over the shift's time from each stop to the next setting out, where it must have been.
    """
    shift, t3 = journal.shift[went], journal.t3[went]
    order = np.lexsort((t3, shift))
    shift, leave, free_from = shift[order], t3[order], t6[order]
    number = len(journal.shift_start)
    same = np.append(shift[1:] == shift[:-1], False) if len(shift) else np.zeros(0, dtype=bool)
    following = np.append(leave[1:], np.inf) if len(leave) else leave
    free_to = np.maximum(np.where(same, following, journal.shift_home[shift]), free_from)
    arrive = np.where(np.isnan(journal.t4[went][order]), journal.shift_home[shift], journal.t4[went][order])
    outward = sums(shift, number, np.maximum(arrive - leave, 0.0))
    free = sums(shift, number, free_to - free_from)
    rate = np.clip(ratio(journal.driving_min - outward, free), 0.0, 1.0)
    return free_from, free_to, np.nan_to_num(rate)[shift]
