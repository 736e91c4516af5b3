"""One team, no travel: M/M/c, M/G/1, priorities, pooling, vacations, and requests that never wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import P
from sim.engine import Journal
from sim.organisation import Area, Between, Sharing
from sim.world.tape import DemandTape
from verification.cases import Case, expected, params
from verification.draws import Draws
from verification.observe import counted, in_system, share_of_time, waiting, waits_h, window
from verification.rows import Figures, Ratio, Row, Spread, estimated, judged
from verification.setup import (
    HOUR,
    Effort,
    always,
    hours_of,
    make_world,
    one_place,
    queue_tape,
    replicate,
    team,
)

Floats = NDArray[np.float64]
Service = Callable[[Draws, int], Floats]

PK = "Pollaczek 1930, Khinchine 1932; Gross & Harris, Fundamentals of Queueing Theory"
ERLANG = "Erlang 1917; Gross & Harris, Fundamentals of Queueing Theory"
SELDOM = 0.06  # a probability below this is rare
TAILS = ("0.25", "0.5", "1", "2")


def exponential(mean_h: float) -> Service:
    """Exponential durations."""
    return lambda draws, n: draws.exponential("service", mean_h, n)


def lognormal(mean_h: float, cv: float) -> Service:
    """Lognormal durations."""
    return lambda draws, n: draws.lognormal("service", mean_h, cv, n)


def constant(mean_h: float) -> Service:
    """The same duration every time."""
    return lambda draws, n: np.full(n, mean_h)


def queue_figures(tape: DemandTape, journal: Journal, servers: int) -> dict[str, Any]:
    """What is measured of any queue: waits, their spread, numbers present and how busy the servers are."""
    wait = waits_h(tape, journal)
    stay = (journal.t6 - journal.t1)[counted(tape)] / HOUR
    return {
        "Wq": float(wait.mean()),
        "W": float(np.nanmean(stay)),
        "Wq_sd": Spread(float(wait.mean()), float((wait**2).mean()), root=True),
        "P_wait": float((wait > 0).mean()),
        "Lq": waiting(tape, journal),
        "L": in_system(tape, journal),
        "rho": float(journal.on_scene_min.sum() / (servers * tape.horizon_min)),
    }


# --- M/M/c ----------------------------------------------------------------------------------------


def mmc(name: str, requests: int, replications: int, effort: Effort) -> list[Row]:
    """Every figure of an M/M/c queue."""
    given, answer = params(name), expected(name)
    world = one_place(requests, given["lam"])

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", given["lam"], hours_of(world))
        return queue_tape(world, times, draws.exponential("service", 1 / given["mu"], len(times)))

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        wait = waits_h(tape, journal)
        return queue_figures(tape, journal, given["c"]) | {
            **{f"P(wait > {t} h)": float((wait > float(t)).mean()) for t in TAILS},
            "Wq_q90": float(np.quantile(wait, 0.9)),
            "Wq_q95": float(np.quantile(wait, 0.95)),
        }

    made = team(always(lines=given["c"]))
    found, clocks = replicate(name, world, made, draw, measure, effort.replications(replications), effort.compared)
    keys = ("Wq", "W", "Lq", "L", "P_wait", "rho", "Wq_q90", "Wq_q95")
    tails = {f"P(wait > {t} h)": answer["P_Wq_gt"][t] for t in TAILS}
    seldom = tuple(key for key, value in tails.items() if value < SELDOM)
    return [*judged(name, {key: answer[key] for key in keys} | tails, found, rare=seldom), clocks]


# --- M/G/1 ----------------------------------------------------------------------------------------


def mg1(name: str, service: Service, requests: int, replications: int, effort: Effort) -> list[Row]:
    """Every figure of an M/G/1 queue with one request an hour."""
    answer = expected(name)
    lam = params(name)["lam"]
    world = one_place(requests, lam)

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", lam, hours_of(world))
        return queue_tape(world, times, service(draws, len(times)))

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        return queue_figures(tape, journal, 1)

    found, clocks = replicate(
        name, world, team(always()), draw, measure, effort.replications(replications), effort.compared
    )
    return [*judged(name, answer, found), clocks]


# --- priorities -----------------------------------------------------------------------------------


def cobham(name: str, requests: int, replications: int, effort: Effort) -> list[Row]:
    """Mean waits by class, the chance of waiting and the conservation law."""
    given, answer = params(name), expected(name)
    lams, servers = np.array(given["lams"]), given.get("c", 1)
    means = np.array(given.get("means", [1 / given.get("mu", 1)] * len(lams)))
    world = one_place(requests, lams.sum())
    load = lams * means

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", lams.sum(), hours_of(world))
        klass = draws.choice("class", lams, len(times))
        return queue_tape(world, times, draws.exponential("service", 1.0, len(times)) * means[klass], klass=klass)

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        wait = (journal.t3 - journal.t1) / HOUR
        by_class = [float(np.nanmean(wait[counted(tape) & (tape.klass == k)])) for k in range(len(lams))]
        return queue_figures(tape, journal, servers) | {
            **{f"Wq, class {k + 1}": value for k, value in enumerate(by_class)},
            "sum of rho × Wq": float(load @ by_class),
        }

    found, clocks = replicate(
        name, world, team(always(lines=servers)), draw, measure, effort.replications(replications), effort.compared
    )
    wanted = {f"Wq, class {k + 1}": value for k, value in enumerate(answer["Wq"])}
    wanted |= {key: answer[key] for key in ("rho", "P_wait") if key in answer}
    if "conservation_rhs" in answer:
        wanted["sum of rho × Wq"] = answer["conservation_rhs"]
    return [*judged(name, wanted, found), clocks]


# --- pooling --------------------------------------------------------------------------------------


def pooling(effort: Effort) -> list[Row]:
    """Six teams of one that see their own municipality only, and the same six as one team, on the same tapes."""
    name = "pooling_6xMM1_vs_MM6"
    given, answer = params(name), expected(name)
    servers = given["c"]
    world = make_world(np.zeros((servers, servers)), int(180_000 / given["lam_total"] / 24) + 1)

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", given["lam_total"], hours_of(world))
        node = draws.choice("place", np.ones(servers), len(times))
        return queue_tape(world, times, draws.exponential("service", 1.0, len(times)), node=node)

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        return {"Wq": float(waits_h(tape, journal).mean())}

    posts = [always(i) for i in range(servers)]
    n = effort.replications(30)
    rows, waits = [], {}
    for key, sharing in (("Wq_split_6_MM1", Sharing.SILO), ("Wq_pooled", Sharing.NETWORK)):
        made = team(*posts, area=Area.MUNICIPALITY, sharing=sharing)
        found, clocks = replicate(name, world, made, draw, measure, n, effort.compared)
        waits[key] = [float(w) for w in found["Wq"] if isinstance(w, float)]
        rows += [estimated(name, key, answer[key], found["Wq"]), clocks]
    pairs = [Ratio(a, b) for a, b in zip(waits["Wq_split_6_MM1"], waits["Wq_pooled"], strict=True)]
    return [*rows, estimated(name, "ratio", answer["ratio"], pairs)]


# --- vacations ------------------------------------------------------------------------------------


def vacations(effort: Effort) -> list[Row]:
    """Half-hour pieces of other work when idle, one after the other, that nothing interrupts: as planned visits, and as
    blocks of office work (`Between.BLOCKS`)."""
    name = "mg1_vacation_det"
    given, answer = params(name), expected(name)
    lam, block = given["lam"], given["vacation_h"]
    world = one_place(60_000, lam, office=True)
    blocks = int(hours_of(world) / block) + 1

    def acute(draws: Draws) -> tuple[Floats, Floats]:
        times = draws.arrivals("gaps", lam, hours_of(world))
        return times, draws.exponential("service", 0.75, len(times))

    def without(draws: Draws) -> DemandTape:
        return queue_tape(world, *acute(draws))

    def with_blocks(draws: Draws) -> DemandTape:
        times, service = acute(draws)
        nothing = np.zeros(blocks)
        return queue_tape(
            world,
            np.concatenate([nothing, times]),
            np.concatenate([nothing + block, service]),
            klass=np.concatenate([np.full(blocks, P), np.zeros(len(times), dtype=np.int64)]),
            due_day=np.concatenate([np.arange(blocks), np.full(len(times), -1)]),
        )

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        return {"Wq": float(waits_h(tape, journal).mean())}

    rows = []
    for key, what, draw, between in (
        ("Wq", "Wq, planned work when idle", with_blocks, Between.STAND_BY),
        ("Wq", "Wq, office work in blocks", without, Between.BLOCKS),
        ("Wq_no_vac", "Wq_no_vac", without, Between.STAND_BY),
    ):
        made = team(always(), between=between)
        found, clocks = replicate(name, world, made, draw, measure, effort.replications(40), effort.compared)
        rows += [estimated(name, what, answer[key], found["Wq"]), clocks]
    return rows


# --- nobody waits ---------------------------------------------------------------------------------


def unlimited(service: Service, kind: str, effort: Effort) -> list[Row]:
    """M/G/∞: the number present is Poisson, whatever the durations."""
    name = "mginf"
    given, answer = params(name), expected(name)
    world = one_place(220_000, given["lam"])

    def draw(draws: Draws) -> DemandTape:
        times = draws.arrivals("gaps", given["lam"], hours_of(world))
        return queue_tape(world, times, service(draws, len(times)))

    def measure(tape: DemandTape, journal: Journal) -> Figures:
        held = share_of_time([(journal.t1, 1), (journal.t6, -1)], *window(tape))
        number, share = np.array(list(held)), np.array(list(held.values()))
        mean = float(number @ share)
        return {
            f"mean, {kind}": mean,
            f"var, {kind}": Spread(mean, float(number**2 @ share)),
            f"P0, {kind}": held.get(0, 0.0),
            f"P_gt_10, {kind}": float(share[number > 10].sum()),
        }

    found, clocks = replicate(
        name, world, team(always(lines=30)), draw, measure, effort.replications(40), effort.compared
    )
    wanted = {f"{key}, {kind}": value for key, value in answer.items()}
    return [*judged(name, wanted, found, rare=("P0",)), clocks]


def both_unlimited(effort: Effort) -> list[Row]:
    """With exponential and with lognormal durations."""
    mean = params("mginf")["ES"]
    return [*unlimited(exponential(mean), "exponential", effort), *unlimited(lognormal(mean, 0.6), "lognormal", effort)]


ONE = "One place, no travel, physicians on duty all hours, first come first served; "
CASES = (
    Case("mmc_l2_c3", "Queues", ONE + "three physicians, exponential visits of 1 h, 2 requests an hour.", ERLANG,
         lambda e: mmc("mmc_l2_c3", 100_000, 60, e)),
    Case("mmc_l0.8_c1", "Queues", ONE + "one physician, exponential visits of 1 h, 0.8 requests an hour.", ERLANG,
         lambda e: mmc("mmc_l0.8_c1", 60_000, 150, e)),
    Case("mmc_l10.8_c12", "Queues", ONE + "twelve physicians, exponential visits of 1 h, 10.8 requests an hour.",
         ERLANG, lambda e: mmc("mmc_l10.8_c12", 200_000, 120, e)),
    Case("pooling_6xMM1_vs_MM6", "Queues", "Six municipalities without distances and one physician in each: each sees "
         "its own (silo), then all see all (network), on the same requests.", ERLANG, pooling),
    Case("mg1_exp", "Queues", ONE + "one physician, exponential visits of 0.75 h.", PK,
         lambda e: mg1("mg1_exp", exponential(0.75), 90_000, 60, e)),
    Case("mg1_det", "Queues", ONE + "one physician, every visit 0.75 h.", PK,
         lambda e: mg1("mg1_det", constant(0.75), 60_000, 40, e)),
    Case("mg1_lognormal", "Queues", ONE + "one physician, lognormal visits of 0.75 h (coefficient of variation 0.6).",
         PK, lambda e: mg1("mg1_lognormal", lognormal(0.75, 0.6), 80_000, 60, e)),
    Case("mg1_vacation_det", "Queues", "One physician in one place. An idle one takes up other work in pieces of half "
         "an hour and finishes each while acute requests wait: as planned work without end, and as office blocks.",
         "Fuhrmann & Cooper 1985 (decomposition)", vacations),
    Case("cobham_mm1_3class", "Queues", "One physician, no travel; three acute classes, none interrupts another.",
         "Cobham 1954; Kleinrock's conservation law", lambda e: cobham("cobham_mm1_3class", 120_000, 40, e)),
    Case("cobham_mmc_3class", "Queues", "Four physicians, no travel; three acute classes, none interrupts another.",
         "Cobham 1954 (several servers)", lambda e: cobham("cobham_mmc_3class", 160_000, 40, e)),
    Case("mginf", "Queues", "Thirty physicians in one place, more than there are requests; the number being visited, "
         "over time, with exponential and with lognormal visits.", "Poisson whatever the durations (Mirasol 1963)",
         both_unlimited),
)  # fmt: skip
