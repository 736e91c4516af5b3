"""Queueing theory with exact answers, built from the public pieces: world, tape, organisation, engine.

Every figure needs |z| < 3.5 over at least 30 replications and a 95 % half-width below 2 % of the answer. The first
10 000 requests of every case are run on the SimPy clock too and must give the same journal to the last bit.
Cases and answers: tests/data/theory_cases.json (closed forms and Markov chains; sources inside).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine_factory import always, bare_calendar, compiled, differences, make_world, organisation, pool
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from sim.codes import ESCALATED
from sim.engine import Journal, run
from sim.grid import to_grid
from sim.organisation import EVERY_DAY, Area, Between, Organisation, Post, Sharing, Shift
from sim.world.demand import arrival_times
from sim.world.tape import DemandTape
from sim.world.world import World

Floats = NDArray[np.float64]
CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "data/theory_cases.json").read_text())}
HOUR = 60.0
REPLICATIONS = 30
SKIP_H = 500.0  # begins empty: dropped

Sampler = Callable[[np.random.Generator, int], Floats]


def exponential(mean_h: float) -> Sampler:
    return lambda rng, n: rng.exponential(mean_h, n)


def lognormal(mean_h: float, cv: float) -> Sampler:
    sigma = np.sqrt(np.log(1 + cv**2))
    return lambda rng, n: rng.lognormal(np.log(mean_h) - sigma**2 / 2, sigma, n)


def poisson_times(rng: np.random.Generator, per_hour: float, hours: float) -> Floats:
    """Arrival times in hours."""
    gaps = rng.exponential(1 / per_hour, int(per_hour * hours + 6 * np.sqrt(per_hour * hours) + 10))
    times = np.cumsum(gaps)
    return times[times < hours]


def queue_tape(
    world: World,
    times_h: Floats,
    service_h: Floats,
    *,
    node: NDArray[np.int64] | None = None,
    klass: NDArray[np.int64] | None = None,
    patience_h: float = np.inf,
) -> DemandTape:
    """A tape of acute requests with these times and on-scene durations, all else zero."""
    n = len(times_h)
    zeros, nobody = np.zeros(n), np.full(n, -1)
    node = np.zeros(n, dtype=np.int64) if node is None else node
    klass = np.zeros(n, dtype=np.int64) if klass is None else klass
    whole = np.zeros(n, dtype=np.int64)
    return DemandTape(
        horizon_min=len(world.calendar.weekday) * 1440.0, warm_up_min=SKIP_H * HOUR,
        patient_group=whole, patient_node=node, patient_municipality=world.node_municipality[node],
        patient_vardcentral=nobody, patient_named=zeros, patient=np.arange(n), group=whole, klass=klass, node=node,
        municipality=world.node_municipality[node], vardcentral=nobody, named=zeros, t0_min=to_grid(times_h * HOUR),
        triage_min=zeros, on_scene_min=to_grid(service_h * HOUR), documentation_min=zeros, on_scene_plan_min=zeros,
        documentation_plan_min=zeros, travel_factor=np.ones(n), patience_min=np.full(n, patience_h * HOUR),
        due_day=nobody, visits=np.ones(n, dtype=np.int64),
    )  # fmt: skip


def replicate(
    name: str,
    world: World,
    made: Organisation,
    draw: Callable[[np.random.Generator], DemandTape],
    measure: Callable[[DemandTape, Journal], dict[str, float]],
    replications: int = REPLICATIONS,
) -> dict[str, Floats]:
    """Each measure over the replications; the first one on both clocks."""
    tables = compiled(made, world)
    found: dict[str, list[float]] = {}
    for i, seed in enumerate(np.random.SeedSequence(sum(name.encode())).spawn(replications)):
        tape = draw(np.random.default_rng(seed))
        journal = run(tape, world, tables, "compiled")
        if i == 0:
            begin = cut(tape, 10_000)
            assert differences(run(begin, world, tables, "compiled"), run(begin, world, tables, "simpy")) == []
        for key, value in measure(tape, journal).items():
            found.setdefault(key, []).append(value)
    return {key: np.array(values) for key, values in found.items()}


def cut(tape: DemandTape, requests: int) -> DemandTape:
    """The first requests of a tape."""
    n = len(tape)
    columns = {f.name: getattr(tape, f.name) for f in dataclasses.fields(tape)}
    return DemandTape(
        **{k: v[:requests] if isinstance(v, np.ndarray) and len(v) == n else v for k, v in columns.items()}
    )


def check(found: dict[str, Floats], expected: dict[str, float], width: float = 0.02) -> None:
    """Every expected figure: |z| < 3.5 and half-width within `width` of it."""
    wrong = []
    for key, answer in expected.items():
        values = found[key]
        se = values.std(ddof=1) / np.sqrt(len(values))
        z = (values.mean() - answer) / se
        half = 2.045 * se / abs(answer)
        if abs(z) >= 3.5 or half >= width:
            wrong.append(f"{key}: expected {answer:.5g}, got {values.mean():.5g}, z {z:+.2f}, half-width {half:.2%}")
    assert not wrong, "\n".join(wrong)


def counted(tape: DemandTape) -> NDArray[np.bool_]:
    """Requests past the empty beginning and before the censored end."""
    return (tape.t0_min >= SKIP_H * HOUR) & (tape.t0_min < tape.horizon_min - 100 * HOUR)


def queue_h(tape: DemandTape, journal: Journal) -> Floats:
    """Waits in hours of the counted requests that were visited."""
    wait = (journal.t3 - journal.t1)[counted(tape)] / HOUR
    return wait[~np.isnan(wait)]


def days_for(requests: float, per_hour: float) -> int:
    return int(requests / per_hour / 24) + 1


# --- one team, no travel --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "requests", "replications"),
    [("mmc_l2_c3", 40_000, 30), ("mmc_l0.8_c1", 40_000, 80), ("mmc_l10.8_c12", 120_000, 120)],
)
def test_mmc(case: str, requests: int, replications: int) -> None:
    params, expected = CASES[case]["params"], CASES[case]["expected"]
    world = make_world([[0.0]], calendar=bare_calendar(days_for(requests, params["lam"])))
    hours = len(world.calendar.weekday) * 24.0

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, params["lam"], hours)
        return queue_tape(world, times, rng.exponential(1 / params["mu"], len(times)))

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        wait = queue_h(tape, journal)
        return {
            "Wq": wait.mean(),
            "P_wait": (wait > 0).mean(),
            "Wq_q90": float(np.quantile(wait, 0.9)),
            "rho": journal.on_scene_min.sum() / (params["c"] * tape.horizon_min),
            **{f"P>{t}": (wait > float(t)).mean() for t in ("0.25", "0.5", "1")},
        }

    found = replicate(case, world, organisation(pool(always(lines=params["c"]))), draw, measure, replications)
    tail = {f"P>{t}": expected["P_Wq_gt"][t] for t in ("0.25", "0.5", "1")}
    check(found, {key: expected[key] for key in ("Wq", "P_wait", "Wq_q90", "rho")} | tail)


def test_pooling_six_silos_against_one_team() -> None:
    params, expected = CASES["pooling_6xMM1_vs_MM6"]["params"], CASES["pooling_6xMM1_vs_MM6"]["expected"]
    world = make_world(np.zeros((6, 6)), calendar=bare_calendar(days_for(180_000, params["lam_total"])))
    hours = len(world.calendar.weekday) * 24.0

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, params["lam_total"], hours)
        return queue_tape(world, times, rng.exponential(1.0, len(times)), node=rng.integers(0, 6, len(times)))

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        return {"Wq": queue_h(tape, journal).mean()}

    posts = [always(f"Ort {i}") for i in range(6)]
    silo = organisation(pool(*posts, area=Area.MUNICIPALITY), sharing=Sharing.SILO)
    network = organisation(pool(*posts, area=Area.MUNICIPALITY), sharing=Sharing.NETWORK)
    check(replicate("silo", world, silo, draw, measure), {"Wq": expected["Wq_split_6_MM1"]})
    check(replicate("network", world, network, draw, measure), {"Wq": expected["Wq_pooled"]})


@pytest.mark.parametrize(
    ("case", "service", "requests"),
    [
        ("mg1_exp", exponential(0.75), 90_000),
        ("mg1_det", lambda rng, n: np.full(n, 0.75), 50_000),
        ("mg1_lognormal", lognormal(0.75, 0.6), 70_000),
    ],
)
def test_mg1(case: str, service: Sampler, requests: int) -> None:
    expected = CASES[case]["expected"]
    world = make_world([[0.0]], calendar=bare_calendar(days_for(requests, 1.0)))

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, 1.0, len(world.calendar.weekday) * 24.0)
        return queue_tape(world, times, service(rng, len(times)))

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        wait = queue_h(tape, journal)
        return {"Wq": wait.mean(), "rho": journal.on_scene_min.sum() / tape.horizon_min}

    found = replicate(case, world, organisation(pool(always())), draw, measure)
    check(found, {"Wq": expected["Wq"], "rho": expected["rho"]})


def test_spatial_mg1_returns_to_base_between_visits() -> None:
    case = CASES["spatial_mg1_six_zones"]
    params, expected = case["params"], case["expected"]
    out = params["travel_min_from_Halmstad"]
    travel = np.full((7, 7), 60.0)
    travel[6, :6] = travel[:6, 6] = out
    world = make_world(travel, calendar=bare_calendar(days_for(60_000, params["lam"])))

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, params["lam"], len(world.calendar.weekday) * 24.0)
        return queue_tape(
            world, times, rng.exponential(0.6, len(times)), node=rng.choice(6, len(times), p=params["shares"])
        )

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        response = (journal.t4 - journal.t1)[counted(tape)] / HOUR
        zone = tape.node[counted(tape)]
        return {
            "Wq": queue_h(tape, journal).mean(),
            "response": float(np.nanmean(response)),
            **{f"zone {z}": float(np.nanmean(response[zone == z])) for z in range(6)},
        }

    team = pool(always("Ort 6"), between=Between.RETURN_FIRST)
    found = replicate("spatial", world, organisation(team), draw, measure)
    zones = {f"zone {z}": value for z, value in enumerate(expected["response_by_zone"])}
    check(found, {"Wq": expected["Wq"], "response": expected["response_mean"]} | zones)


@pytest.mark.parametrize(("case", "requests"), [("cobham_mm1_3class", 100_000), ("cobham_mmc_3class", 160_000)])
def test_cobham_priorities(case: str, requests: int) -> None:
    params, expected = CASES[case]["params"], CASES[case]["expected"]
    lams = np.array(params.get("lams"))
    means = np.array(params.get("means", [1.0, 1.0, 1.0]))
    world = make_world([[0.0]], calendar=bare_calendar(days_for(requests, lams.sum())))

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, lams.sum(), len(world.calendar.weekday) * 24.0)
        klass = rng.choice(3, len(times), p=lams / lams.sum())
        return queue_tape(world, times, rng.exponential(means[klass]), klass=klass)

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        wait = (journal.t3 - journal.t1) / HOUR
        return {f"Wq{k}": float(np.nanmean(wait[counted(tape) & (tape.klass == k)])) for k in range(3)}

    found = replicate(case, world, organisation(pool(always(lines=params.get("c", 1)))), draw, measure)
    check(found, {f"Wq{k}": value for k, value in enumerate(expected["Wq"])})


# --- impatience -----------------------------------------------------------------------------------


@pytest.mark.parametrize("service", [exponential(1.0), lognormal(1.0, 0.6)], ids=["exponential", "lognormal"])
@pytest.mark.parametrize("case", ["loss_c3", "loss_c6"])
def test_loss_is_erlang_b_whatever_the_service(case: str, service: Sampler) -> None:
    params, expected = CASES[case]["params"], CASES[case]["expected"]
    world = make_world([[0.0]], calendar=bare_calendar(days_for(20_000, params["lam"])))

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, params["lam"], len(world.calendar.weekday) * 24.0)
        return queue_tape(world, times, service(rng, len(times)), patience_h=0.0)

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        return {
            "P_loss": float((journal.outcome == ESCALATED)[counted(tape)].mean()),
            "mean_busy": journal.on_scene_min.sum() / tape.horizon_min,
        }

    check(replicate(case, world, organisation(pool(always(lines=params["c"]))), draw, measure), expected)


def test_deadline_is_baccelli_hebuterne() -> None:
    params, expected = CASES["mmc_deadline_D1.0"]["params"], CASES["mmc_deadline_D1.0"]["expected"]
    world = make_world([[0.0]], calendar=bare_calendar(days_for(60_000, params["lam"])))

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, params["lam"], len(world.calendar.weekday) * 24.0)
        return queue_tape(world, times, rng.exponential(1.0, len(times)), patience_h=params["D_h"])

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        gone = journal.outcome == ESCALATED
        wait = np.where(gone, journal.te - journal.t1, journal.t3 - journal.t1)[counted(tape)] / HOUR
        return {
            "P_escalate": float(gone[counted(tape)].mean()),
            "E_W_all": float(np.nanmean(wait)),
            "P_V_gt_0": float((wait > 0).mean()),
            "util": journal.on_scene_min.sum() / (params["c"] * tape.horizon_min),
        }

    check(replicate("deadline", world, organisation(pool(always(lines=params["c"]))), draw, measure), expected)


# --- who goes: the hypercube ----------------------------------------------------------------------

SMALL = 1e-6  # travel so short that the clock does not notice, its order kept


@pytest.mark.parametrize(
    ("case", "requests"),
    [
        ("hypercube_larson_odoni_3", 60_000),
        ("hypercube_2_loss", 60_000),
        ("hypercube_2_queue", 80_000),
        ("hypercube_3_halland", 80_000),
    ],
)
def test_hypercube(case: str, requests: int) -> None:
    params, expected = CASES[case]["params"], CASES[case]["expected"]
    lam, pref = np.array(params["lam_j"]), params["pref"]
    atoms, units = len(lam), expected["N"]
    minutes = np.array(
        params.get("T_min") or [[10.0 * (pref[j].index(n) + 1) for j in range(atoms)] for n in range(units)]
    )
    travel = np.full((atoms + units, atoms + units), 500.0)
    travel[atoms:, :atoms] = minutes
    travel[:atoms, atoms:] = minutes.T
    world = make_world(travel * SMALL, calendar=bare_calendar(days_for(requests, lam.sum())))
    loss = "loss" in case
    first = np.array([order[0] for order in pref])

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, lam.sum(), len(world.calendar.weekday) * 24.0)
        node = rng.choice(atoms, len(times), p=lam / lam.sum())
        service = rng.exponential(1.0, len(times))
        return queue_tape(world, times, service, node=node, patience_h=0.0 if loss else np.inf)

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        wait = (journal.t3 - journal.t1) / HOUR
        went = counted(tape) & (journal.shift >= 0)
        unit, atom = journal.shift[went], tape.node[went]
        share = np.zeros((units, atoms))
        np.add.at(share, (unit, atom), 1.0 / went.sum())
        delayed = (wait > 0)[went]
        lost = (journal.outcome == ESCALATED)[counted(tape)]
        return {
            **{f"workload {n}": journal.on_scene_min[n] / tape.horizon_min for n in range(units)},
            **{f"f {n} {j}": share[n, j] for n in range(units) for j in range(atoms)},
            "frac_interresponse": float((unit != first[atom]).mean()),
            "P_all_busy_arrival": float(lost.mean() if loss else delayed.mean()),
            "Wq": float(np.nanmean(wait[went])),
            "T_mean": float(minutes[unit, atom].mean()),
        }  # fmt: skip

    found = replicate(
        case, world, organisation(pool(*(always(f"Ort {atoms + n}") for n in range(units)))), draw, measure
    )
    total = np.sum(expected["f"])
    answers = {f"workload {n}": value for n, value in enumerate(expected["workloads"])}
    answers |= {key: expected[key] for key in ("P_all_busy_arrival", "Wq", "T_mean") if expected.get(key)}
    answers["frac_interresponse"] = expected["frac_interresponse"]
    check(found, answers)
    rare = {f"f {n} {j}": expected["f"][n][j] / total for n in range(units) for j in range(atoms)}
    check(found, rare, width=0.06)  # a cell of the dispatch matrix is a rare event


# --- time-varying arrivals and staff --------------------------------------------------------------


def test_mtmc_sinusoidal_arrivals() -> None:
    expected = CASES["mtmc_sin"]["expected"]
    world = make_world([[0.0]], calendar=bare_calendar(1_000))
    hours = len(world.calendar.weekday) * 24
    edge = np.arange(0, hours * 10 + 1) / 10.0
    turn = 2 * np.pi / 24
    cumulative = 2.5 * (edge - 0.6 / turn * (np.cos(turn * (edge - 9)) - np.cos(turn * 9)))

    def draw(rng: np.random.Generator) -> DemandTape:
        unit = np.cumsum(rng.exponential(1.0, int(2.5 * hours * 1.05)))
        times = arrival_times(unit, edge * HOUR, cumulative) / HOUR
        times = times[times < hours]
        return queue_tape(world, times, rng.exponential(1.0, len(times)))

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        wait = queue_h(tape, journal)
        at = np.arange(SKIP_H // 24 + 1, hours // 24 - 5) * 24.0
        inside = {
            f"L at {h}": float(np.mean(np.searchsorted(np.sort(journal.t1), (at + h) * HOUR, "right") - np.searchsorted(
                np.sort(journal.t6[~np.isnan(journal.t6)]), (at + h) * HOUR, "right"))) for h in (3, 9, 15, 18)
        }  # fmt: skip
        return {
            "Wq": wait.mean(),
            "P_wait": (wait > 0).mean(),
            "util": journal.on_scene_min.sum() / (4 * tape.horizon_min),
            **inside,
        }

    found = replicate("mtmc", world, organisation(pool(always(lines=4))), draw, measure)
    profile = {round(row["t"]): row["L"] for row in expected["profile"]}
    answers = {"Wq": expected["Wq_customer_avg"], "P_wait": expected["P_wait_customer_avg"], "util": expected["util"]}
    check(found, answers | {f"L at {h}": profile[h] for h in (3, 9, 15, 18)})


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
        totals, staff = np.zeros(3), 0.0
        for lam, c, hours in ((0.5, 1, 8.0), (1.8, 3, 9.0), (0.5, 1, 7.0)):
            if c == 3:
                p, _late = change(p, 1, 1 if one_goes_on else 0)
            elif hours == 7.0:
                p, staff = change(p, 3, 1 if one_goes_on else 0)
            end = solve_ivp(
                lambda t, y, lam=lam, c=c: slope(y, lam, c), (0, hours), np.concatenate([p.ravel(), np.zeros(3)]),
                rtol=1e-9, atol=1e-12,
            ).y[:, -1]  # fmt: skip
            p = end[: most * extra].reshape(most, extra)
            totals += end[-3:]
        arrivals = 0.5 * 15 + 1.8 * 9
        figures = {"P_wait": totals[0] / arrivals, "Wq": totals[1] / arrivals, "regular": totals[2], "staff": staff}
    return figures


def test_shifts_and_overtime() -> None:
    """The equations give the case's own figures; the same equations with everybody relieved are the engine's answer."""
    answer: dict[str, Any] = CASES["shifts_overtime"]["expected"]
    published = shift_chain(one_goes_on=True)
    assert published["P_wait"] == pytest.approx(answer["P_wait"], rel=1e-4)
    assert published["Wq"] == pytest.approx(answer["Wq"], rel=1e-4)
    assert published["regular"] == pytest.approx(answer["regular_work_h_day"], rel=1e-4)
    assert published["staff"] == pytest.approx(answer["E_overtime_staff_at_shift_end"], rel=1e-4)

    exact = shift_chain(one_goes_on=False)
    world = make_world([[0.0]], calendar=bare_calendar(2_000))
    hours = len(world.calendar.weekday) * 24

    def draw(rng: np.random.Generator) -> DemandTape:
        times = poisson_times(rng, 1.8, hours)
        day = (times % 24 >= 8) & (times % 24 < 17)
        times = times[day | (rng.random(len(times)) < 0.5 / 1.8)]
        return queue_tape(world, times, rng.exponential(1.0, len(times)))

    def measure(tape: DemandTape, journal: Journal) -> dict[str, float]:
        wait = queue_h(tape, journal)
        at_five = journal.shift_end % 1440 == 17 * 60
        overtime = journal.overtime_min[at_five].sum() / at_five.sum() * 3 / HOUR
        return {"Wq": wait.mean(), "P_wait": (wait > 0).mean(), "staff": overtime}

    team = pool(
        Post("Ort 0", (Shift(EVERY_DAY, "08:00", "17:00"),), 3),
        Post("Ort 0", (Shift(EVERY_DAY, "17:00", "08:00"),)),
        overtime_min=np.inf,
    )
    # A visit that lasts into overtime lasts another hour on average, so overtime hours equal the staff still at work.
    check(
        replicate("shifts", world, organisation(team), draw, measure), {k: exact[k] for k in ("Wq", "P_wait", "staff")}
    )
