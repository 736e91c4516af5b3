"""Requests that do not wait for ever: loss systems and deadlines."""

from __future__ import annotations

import numpy as np

from sim.codes import ESCALATED
from sim.engine import Journal
from sim.world.tape import DemandTape
from verification.cases import Case, expected, params
from verification.draws import Draws
from verification.observe import counted
from verification.queues import Service, exponential, lognormal
from verification.rows import Figures, Row, judged
from verification.setup import HOUR, Effort, always, hours_of, one_place, queue_tape, replicate, team


def loss(name: str, service: Service, kind: str, effort: Effort) -> list[Row]:
    """Nobody waits: whoever finds all physicians busy is escalated at once."""
    given, answer = params(name), expected(name)
    world = one_place(40_000, given["lam"])

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", given["lam"], hours_of(world))
        return queue_tape(world, times, service(draws, len(times)), patience_h=0.0)

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        return {
            f"P_loss, {kind}": float((journal.outcome == ESCALATED)[counted(tape)].mean()),
            f"mean_busy, {kind}": float(journal.on_scene_min.sum() / tape.horizon_min),
        }

    found, clocks = replicate(
        name, world, team(always(lines=given["c"])), draw, measure, effort.replications(30), effort.compared
    )
    return [*judged(name, {f"{key}, {kind}": value for key, value in answer.items()}, found), clocks]


def both_losses(name: str, effort: Effort) -> list[Row]:
    """With exponential and with lognormal visits: the answer is the same."""
    return [*loss(name, exponential(1.0), "exponential", effort), *loss(name, lognormal(1.0, 0.6), "lognormal", effort)]


def deadline(effort: Effort) -> list[Row]:
    """Everybody gives up after the same time."""
    name = "mmc_deadline_D1.0"
    given, answer = params(name), expected(name)
    world = one_place(80_000, given["lam"])

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", given["lam"], hours_of(world))
        return queue_tape(world, times, draws.exponential("service", 1.0, len(times)), patience_h=given["D_h"])

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        gone = journal.outcome == ESCALATED
        wait = np.where(gone, journal.te - journal.t1, journal.t3 - journal.t1)[counted(tape)] / HOUR
        return {
            "P_escalate": float(gone[counted(tape)].mean()),
            "E_W_all": float(np.nanmean(wait)),
            "P_V_gt_0": float((wait > 0).mean()),
            "util": float(journal.on_scene_min.sum() / (given["c"] * tape.horizon_min)),
        }

    found, clocks = replicate(
        name, world, team(always(lines=given["c"])), draw, measure, effort.replications(40), effort.compared
    )
    return [*judged(name, answer, found), clocks]


LOST = "no travel, patience 0: a request that finds all busy is escalated; exponential and lognormal visits of 1 h."
CASES = (
    Case("loss_c3", "Impatience", "Three physicians, " + LOST, "Erlang 1917 (B formula); insensitive: Sevastyanov 1957",
         lambda e: both_losses("loss_c3", e)),
    Case("loss_c6", "Impatience", "Six physicians, " + LOST, "Erlang 1917 (B formula); insensitive: Sevastyanov 1957",
         lambda e: both_losses("loss_c6", e)),
    Case("mmc_deadline_D1.0", "Impatience", "Four physicians, exponential visits of 1 h, 3.3 requests an hour, each "
         "escalated when it has waited 1 h.",
         "Gnedenko & Kovalenko; Baccelli & Hebuterne 1981; Zeltyn & Mandelbaum 2005", deadline),
)  # fmt: skip
