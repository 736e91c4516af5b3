"""Who goes: the hypercube model, with every state, every cell of the dispatch matrix and every mean travel time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import ESCALATED
from sim.engine import Journal
from sim.world.tape import DemandTape
from verification.cases import Case, expected, params
from verification.draws import Draws
from verification.observe import counted, share_of_time, waiting, window
from verification.rows import Figures, Ratio, Row, judged
from verification.setup import HOUR, Effort, always, hours_of, make_world, queue_tape, replicate, team

SMALL = 1e-6  # travel so short that the clock does not notice, its order kept
QUEUED = 1 << 20  # added to the state for each request that waits

Floats = NDArray[np.float64]


def minutes_of(given: dict[str, Any], units: int) -> Floats:
    """(units, atoms) minutes; where the case gives an order of preference only, ten minutes for each place in it."""
    pref = given["pref"]
    if "T_min" in given:
        return np.array(given["T_min"], dtype=np.float64)
    return np.array([[10.0 * (order.index(n) + 1) for order in pref] for n in range(units)])


def hypercube(name: str, requests: int, replications: int, effort: Effort) -> list[Row]:
    """Every figure of a hypercube case."""
    given, answer = params(name), expected(name)
    lam = np.array(given["lam_j"])
    atoms, units = len(lam), answer["N"]
    minutes = minutes_of(given, units)
    travel = np.full((atoms + units, atoms + units), 500.0)
    travel[atoms:, :atoms], travel[:atoms, atoms:] = minutes, minutes.T
    world = make_world(travel * SMALL, int(requests / lam.sum() / 24) + 1)
    loses = "P_lost" in answer
    first = np.array([order[0] for order in given["pref"]])

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", lam.sum(), hours_of(world))
        node = draws.choice("atom", lam, len(times))
        service = draws.exponential("service", 1.0, len(times))
        return queue_tape(world, times, service, node=node, patience_h=0.0 if loses else np.inf)

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        went = counted(tape) & (journal.shift >= 0)
        unit, atom = journal.shift[went], tape.node[went]
        wait = ((journal.t3 - journal.t1) / HOUR)[went]
        late = wait > 0
        far = minutes[unit, atom]
        lost = (journal.outcome == ESCALATED)[counted(tape)]
        matrix = {"f": np.ones(len(unit), dtype=np.bool_), "f_nq": ~late, "f_q": late}
        cells = {
            f"{key} of unit {n + 1}, atom {j + 1}": float(((unit == n) & (atom == j) & which).mean())
            for key, which in matrix.items() for n in range(units) for j in range(atoms)
        }  # fmt: skip
        busy = [float(journal.on_scene_min[n] / tape.horizon_min) for n in range(units)]
        return {
            **state_shares(tape, journal, units, loses),
            **{f"workload of unit {n + 1}": busy[n] for n in range(units)},
            "L_check_busy": float(np.sum(busy)),
            **cells,
            "frac_interresponse": float((unit != first[atom]).mean()),
            "P_all_busy_arrival": float(lost.mean() if loses else late.mean()),
            "P_lost": float(lost.mean()),
            "Lq": waiting(tape, journal),
            "Wq": float(wait.mean()),
            "T_mean": float(far.mean()),
            **{f"T of atom {j + 1}": mean_of(far, atom == j) for j in range(atoms)},
            **{f"T of unit {n + 1}": mean_of(far, unit == n) for n in range(units)},
            "T_mean_nonqueued": mean_of(far, ~late),
            "T_mean_queued": mean_of(far, late),
            "response_mean_min": float(60 * wait.mean() + far.mean()),
        }

    made = team(*(always(atoms + n) for n in range(units)))
    found, clocks = replicate(name, world, made, draw, measure, effort.replications(replications), effort.compared)
    wanted = wanted_of(answer, units, atoms)
    return [*judged(name, wanted, found, rare=("f of", "f_nq of", "f_q of")), clocks]


def mean_of(values: Floats, which: NDArray[np.bool_]) -> Ratio:
    """Mean of some of the values, as a ratio over all replications."""
    return Ratio(float(values[which].sum()), float(which.sum()))


def state_shares(tape: DemandTape, journal: Journal, units: int, loses: bool) -> Figures:
    """Share of time in every state: which units are busy while nobody waits (the first unit written last), and that
    somebody waits."""
    steps = [(journal.t3[journal.shift == n], 1 << n) for n in range(units)]
    steps += [(journal.t6[journal.shift == n], -(1 << n)) for n in range(units)]
    if not loses:
        steps += [(journal.t1, QUEUED), (journal.t3, -QUEUED)]
    held = share_of_time(steps, *window(tape))
    figures: dict[str, float] = {f"P of {s:0{units}b}": held.get(s, 0.0) for s in range(1 << units)}
    return figures | {"P_queue": sum(share for state, share in held.items() if state >= QUEUED)}


def wanted_of(answer: dict[str, Any], units: int, atoms: int) -> dict[str, float]:
    """The answers under the names of `measure`. Dispatches are shares of all that were made; what is 0
    by the rules of a case without a queue is left out."""
    total = float(np.sum(answer["f"]))
    wanted: dict[str, float] = {f"P of {state}": value for state, value in answer["P"].items()}
    wanted |= {f"workload of unit {n + 1}": value for n, value in enumerate(answer["workloads"])}
    for key in ("f", "f_nq", "f_q"):
        wanted |= {
            f"{key} of unit {n + 1}, atom {j + 1}": answer[key][n][j] / total
            for n in range(units) for j in range(atoms) if answer[key][n][j]
        }  # fmt: skip
    wanted |= {f"T of atom {j + 1}": value for j, value in enumerate(answer.get("T_by_atom", []))}
    wanted |= {f"T of unit {n + 1}": value for n, value in enumerate(answer.get("T_by_unit", []))}
    plain = (
        "P_queue", "P_all_busy_arrival", "P_lost", "L_check_busy", "frac_interresponse", "Lq", "Wq", "T_mean",
        "T_mean_nonqueued", "T_mean_queued", "response_mean_min",
    )  # fmt: skip
    return wanted | {key: answer[key] for key in plain if answer.get(key)}


HOW = (
    "Travel is scaled by a millionth with its order kept, so that whom to send is the case's and the clock does not "
    "notice the drive; visits are exponential with mean 1 h wherever they are; "
)
BOOK = "Larson & Odoni, Urban Operations Research (1981), "
CASES = (
    Case("hypercube_larson_odoni_3", "Hypercube", HOW + "three units, five atoms, an order of preference for each.",
         BOOK + "5.4.3–5.4.4, 5.5.3; Larson 1974", lambda e: hypercube("hypercube_larson_odoni_3", 120_000, 60, e)),
    Case("hypercube_2_loss", "Hypercube", HOW + "two units, two atoms, patience 0.",
         BOOK + "5.3; Erlang B for the loss", lambda e: hypercube("hypercube_2_loss", 80_000, 40, e)),
    Case("hypercube_2_queue", "Hypercube", HOW + "two units, two atoms, a queue.", BOOK + "5.3",
         lambda e: hypercube("hypercube_2_queue", 100_000, 40, e)),
    Case("hypercube_3_halland", "Hypercube", HOW + "three bases, six municipalities with a made-up travel table (a "
         "fixture, no data about Halland).", BOOK + "5.4 (Markov chain solved exactly)",
         lambda e: hypercube("hypercube_3_halland", 120_000, 60, e)),
)  # fmt: skip
