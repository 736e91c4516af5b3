"""Requests and staff that change with the hour: sinusoidal arrivals, and changes of shift with overtime."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from sim.engine import Journal
from sim.organisation import EVERY_DAY, Post, Shift
from sim.world.tape import DemandTape
from sim.world.world import World
from verification.cases import Case, expected, params
from verification.draws import Draws
from verification.observe import numbers_at, waits_h
from verification.rows import FORMULA, Figures, Row, exact, judged
from verification.setup import (
    DAY,
    HOUR,
    SKIP_H,
    Effort,
    always,
    hours_of,
    make_world,
    queue_tape,
    replicate,
    team,
)

Floats = NDArray[np.float64]
PHASE_H = 9.0
FEW_WAIT = 0.4  # a mean queue shorter than this, or a probability below SELDOM, is wide
SELDOM = 0.2
AGREE = 1e-4  # relative: the case's own numerical error


def sinusoidal(draws: Draws, world: World, mean: float, swing: float) -> Floats:
    """Arrivals in hours at the rate mean (1 + swing sin(2 pi (t - 9) / 24)) an hour, by exact inversion."""
    hours = hours_of(world)
    edge = np.arange(0, int(hours) * 20 + 1) / 20.0
    turn = 2 * np.pi / 24
    cumulative = mean * (edge - swing / turn * (np.cos(turn * (edge - PHASE_H)) - np.cos(turn * PHASE_H)))
    unit = draws.arrivals("gaps", 1.0, float(cumulative[-1]))
    times = np.interp(unit, cumulative, edge)
    return np.asarray(times[times < hours])


def days_counted(world: World) -> Floats:
    """Midnights, in minutes, of the days that are counted."""
    return np.arange(SKIP_H // 24 + 1, len(world.calendar.weekday) - 5) * DAY


def periodic_queue(effort: Effort) -> list[Row]:
    """Four physicians, and every hour of the day."""
    name = "mtmc_sin"
    servers, answer = params(name)["c"], expected(name)
    world = make_world([[0.0]], 1_500)
    midnights = days_counted(world)

    def draw(draws: Draws) -> DemandTape:
        times = sinusoidal(draws, world, 2.5, 0.6)
        return queue_tape(world, times, draws.exponential("service", 1.0, len(times)))

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        wait = waits_h(tape, journal)
        found = {
            "Wq": float(wait.mean()),
            "P_wait": float((wait > 0).mean()),
            "util": float(journal.on_scene_min.sum() / (servers * tape.horizon_min)),
            "arrivals a day": len(tape) / (tape.horizon_min / DAY),
        }
        when = midnights[:, None] + HOUR * np.arange(24)
        queues = numbers_at(when, journal.t1, journal.t3)
        visited = numbers_at(when, journal.t3, journal.t6)
        for h in range(24):
            queue, busy = queues[:, h], visited[:, h]
            found |= {
                f"L at {h:02d}": float((queue + busy).mean()),
                f"Lq at {h:02d}": float(queue.mean()),
                f"P_all_busy at {h:02d}": float((busy == servers).mean()),
                f"util at {h:02d}": float(busy.mean() / servers),
            }
        return found

    found, clocks = replicate(
        name, world, team(always(lines=servers)), draw, measure, effort.replications(100), effort.compared
    )
    wanted = {
        "Wq": answer["Wq_customer_avg"],
        "P_wait": answer["P_wait_customer_avg"],
        "util": answer["util"],
        "arrivals a day": answer["arrivals_per_period"],
    }
    for row in answer["profile"]:
        wanted |= {f"{key} at {round(row['t']):02d}": row[key] for key in ("L", "Lq", "P_all_busy", "util")}
    seldom = tuple(
        key for key, value in wanted.items()
        if (key.startswith("Lq at") and value < FEW_WAIT) or (key.startswith("P_all") and value < SELDOM)
    )  # fmt: skip
    return [*judged(name, wanted, found, rare=seldom), clocks]


def periodic_load(effort: Effort) -> list[Row]:
    """As many physicians as are needed: the mean number present by the hour."""
    name = "mt_ginf_sin"
    given, answer = params(name), expected(name)
    world = make_world([[0.0]], 1_000)
    midnights = days_counted(world)

    def draw(draws: Draws) -> DemandTape:
        times = sinusoidal(draws, world, given["lbar"], given["beta"])
        return queue_tape(world, times, draws.exponential("service", given["ES"], len(times)))

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        return {
            f"m({h})": float(numbers_at(midnights + h * HOUR, journal.t1, journal.t6).mean()) for h in range(0, 24, 3)
        }

    found, clocks = replicate(
        name, world, team(always(lines=40)), draw, measure, effort.replications(30), effort.compared
    )
    return [*judged(name, answer, found), clocks]


# --- shifts ---------------------------------------------------------------------------------------


def shift_chain(one_goes_on: bool, most: int = 60, extra: int = 5, cycles: int = 8) -> dict[str, float]:
    """Exact Kolmogorov equations for Poisson arrivals (1.8/h 08-17, 0.5/h else), mean visit 1 h, 3 physicians 08-17
    and 1 else, a visit in hand at the end of a shift finished as overtime while the queue carries over.

    Two meanings of a change of shift. `one_goes_on` (the case): one of those at work at 17 is the physician of the
    night and still busy; at 08 that one stays. Else (this engine): everybody is relieved on time; whoever is with a
    patient finishes as overtime, and the new shift takes the queue at once. State: k requests with the regular staff
    (queue included), o physicians in overtime.
    """
    k, o = np.arange(most)[:, None], np.arange(extra)[None, :]

    def slope(y: Floats, lam: float, c: int) -> Floats:
        p = y[: most * extra].reshape(most, extra)
        d = np.zeros_like(p)
        d[1:] += lam * p[:-1]
        d[:-1] -= lam * p[:-1]
        done, late = np.minimum(k, c) * p, o * p
        d -= done + late
        d[:-1] += done[1:]
        d[:, :-1] += late[:, 1:]
        return np.concatenate([d.ravel(), [lam * p[c:].sum(), (np.maximum(k - c, 0) * p).sum(), done.sum()]])

    def change(p: Floats, before: int, goes_on: int) -> tuple[Floats, float]:
        after, staff = np.zeros_like(p), 0.0
        for i, j in np.ndindex(*p.shape):
            leaving = max(min(i, before) - goes_on, 0)
            after[i - leaving, min(j + leaving, extra - 1)] += p[i, j]
            staff += leaving * p[i, j]
        return after, staff

    p = np.zeros((most, extra))
    p[0, 0] = 1.0
    figures: dict[str, float] = {}
    for _ in range(cycles):
        totals, staff, morning = np.zeros(3), 0.0, 0.0
        for lam, c, hours in ((0.5, 1, 8.0), (1.8, 3, 9.0), (0.5, 1, 7.0)):
            if c == 3:
                p, morning = change(p, 1, 1 if one_goes_on else 0)
            elif hours == 7.0:
                p, staff = change(p, 3, 1 if one_goes_on else 0)
            end = solve_ivp(
                lambda t, y, lam, c: slope(y, lam, c), (0, hours), np.concatenate([p.ravel(), np.zeros(3)]),
                rtol=1e-9, atol=1e-12, args=(lam, c),
            ).y[:, -1]  # fmt: skip
            p = end[: most * extra].reshape(most, extra)
            totals += end[-3:]
        arrivals = 0.5 * 15 + 1.8 * 9
        figures = {
            "arrivals_day": arrivals, "P_wait": totals[0] / arrivals, "Wq": totals[1] / arrivals,
            "regular_work_h_day": totals[2], "E_overtime_staff_at_shift_end": staff,
            "overtime_h_day": arrivals - totals[2], "overtime after 17": staff, "overtime after 08": morning,
        }  # fmt: skip
    return figures


def shifts(effort: Effort) -> list[Row]:
    """The equations give the case's own figures; the same equations with everybody relieved are the engine's answer."""
    name = "shifts_overtime"
    answer = expected(name)
    published, wanted = shift_chain(one_goes_on=True), shift_chain(one_goes_on=False)
    keys = ("arrivals_day", "P_wait", "Wq", "regular_work_h_day", "E_overtime_staff_at_shift_end", "overtime_h_day")
    rows = [
        exact(name, f"{key}, one goes on", answer[key], published[key], tolerance=tolerance_of(key), engine=FORMULA)
        for key in keys
    ]
    world = make_world([[0.0]], 2_500)

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", 1.8, hours_of(world))
        busy = (times % 24 >= 8) & (times % 24 < 17)
        times = times[busy | (draws.uniform("kept", len(times)) < 0.5 / 1.8)]
        return queue_tape(world, times, draws.exponential("service", 1.0, len(times)))

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        wait = waits_h(tape, journal)
        at_five = journal.shift_end % DAY == 17 * HOUR
        days = at_five.sum() / 3
        late = journal.overtime_min / HOUR
        return {
            "arrivals_day": len(tape) / (tape.horizon_min / DAY),
            "Wq": float(wait.mean()),
            "P_wait": float((wait > 0).mean()),
            "regular_work_h_day": float((journal.on_scene_min.sum() / HOUR - late.sum()) / days),
            "overtime after 17": float(late[at_five].sum() / days),
            "overtime after 08": float(late[~at_five].sum() / days),
            "overtime_h_day": float(late.sum() / days),
        }

    # A visit that lasts into overtime lasts another hour on average: overtime hours equal the staff still at work.
    day = Post("Ort 0", (Shift(EVERY_DAY, "08:00", "17:00"),), 3)
    night = Post("Ort 0", (Shift(EVERY_DAY, "17:00", "08:00"),))
    made = team(day, night)
    found, clocks = replicate(name, world, made, draw, measure, effort.replications(60), effort.compared)
    return [*rows, *judged(name, {key: wanted[key] for key in found}, found), clocks]


def tolerance_of(key: str) -> float:
    """The case's overtime hours are 24-hour arrivals less regular work and carry the error of both."""
    return 3e-3 if key == "overtime_h_day" else AGREE


CASES = (
    Case("mtmc_sin", "Hours of the day", "Four physicians, no travel, exponential visits of 1 h; requests at a rate "
         "that swings over the day (2.5 an hour, ± 60 %); the state at every full hour of 1 474 days.",
         "Kolmogorov forward equations; Green & Kolesar 1991", periodic_queue),
    Case("mt_ginf_sin", "Hours of the day", "Forty physicians, more than are needed; the same swinging rate; the "
         "number being visited at every third hour.", "Eick, Massey & Whitt 1993", periodic_load),
    Case("shifts_overtime", "Hours of the day", "Three physicians 08–17 and one 17–08, visits in hand finished as "
         "overtime, the queue carried over. Two readings of a change of shift: in the case one physician goes on into "
         "the night (equations only); in this program everybody is relieved on time (equations and engine).",
         "Kolmogorov forward equations", shifts),
)  # fmt: skip
