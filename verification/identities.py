"""Identities that hold in every run, on made-up regions with shifts, driving, documentation and impatience."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import DONE, OPEN
from sim.engine import Journal
from sim.grid import to_grid
from sim.organisation import (
    ALWAYS,
    EVERY_DAY,
    Area,
    Between,
    Organisation,
    Post,
    Sharing,
    Shift,
)
from sim.world.tape import DemandTape
from sim.world.world import World
from verification.cases import Case
from verification.draws import Draws
from verification.observe import share_of_time
from verification.rows import ROUNDING, Row, exact
from verification.setup import (
    HOUR,
    Effort,
    always,
    clocks_row,
    go,
    make_world,
    one_place,
    queue_tape,
    team,
)
from verification.space import between_all, euclid, scattered

Floats = NDArray[np.float64]

NAME = "invariants"
PLACES = 8
DAYS = 60
LAST_H = 50 * 24.0  # nothing is logged after it where all must be done before the end
CLASSES = 3


def coarse(values: Floats) -> Floats:
    """Multiples of 2**-10: minutes times road factor then lie on the time grid, and doubling rounds nothing."""
    return np.asarray(np.round(values * 1024.0) / 1024.0)


def made_region(factor: float = 1.0, order: NDArray[np.int64] | None = None) -> World:
    """Eight places in a square of 60 minutes, each its own municipality; `order` numbers them otherwise."""
    points = scattered(Draws(NAME, 1), PLACES, 60.0, 60.0)
    minutes = coarse(5.0 + between_all(points, euclid)) * factor
    if order is not None:
        minutes = minutes[np.ix_(order, order)]
    return make_world(minutes, int(DAYS * factor))


def made_tape(world: World, factor: float = 1.0, patience_h: float = 2.0, per_hour: float = 1.2) -> DemandTape:
    """Requests of three classes at all places, with triage, documentation and roads that differ."""
    draws = Draws(NAME, 2)
    times = draws.arrivals("gaps", per_hour, LAST_H)
    n = len(times)
    tape = queue_tape(
        world, to_grid(times * HOUR) / HOUR, draws.lognormal("service", 0.6, 0.5, n),
        node=draws.choice("place", np.arange(1.0, PLACES + 1), n),
        klass=draws.choice("class", np.array([1.0, 2.0, 3.0]), n), patience_h=patience_h, warm_up_h=0.0,
    )  # fmt: skip
    return tape.with_columns(
        t0_min=tape.t0_min * factor,
        on_scene_min=tape.on_scene_min * factor,
        triage_min=to_grid(draws.exponential("triage", 5.0, n)) * factor,
        documentation_min=to_grid(draws.lognormal("documentation", 10.0, 0.4, n)) * factor,
        travel_factor=coarse(draws.lognormal("roads", 1.0, 0.15, n)),
        patience_min=tape.patience_min * factor,
    )


def in_shifts(bases: tuple[int, ...] = (0, 3, 6)) -> Organisation:
    """A round-the-clock physician at each base in shifts of 12 hours, teams by nearest base."""
    both = (Shift(EVERY_DAY, "07:00", "19:00"), Shift(EVERY_DAY, "19:00", "07:00"))
    posts = (Post(f"Ort {base}", both) for base in bases)
    return team(*posts, area=Area.NEAREST_BASE, sharing=Sharing.AGREEMENT)


def round_the_clock(bases: tuple[int, ...] = (0, 3, 6)) -> Organisation:
    """A physician always on duty at each base, one team."""
    return team(*(Post(f"Ort {b}", ALWAYS) for b in bases))


def worst(one: Floats, other: Floats) -> float:
    """Largest absolute difference; infinite if something happened in one and not in the other."""
    if (np.isnan(one) != np.isnan(other)).any():
        return np.inf
    return float(np.max(np.abs(one - other), initial=0.0, where=~np.isnan(one)))


def time_identities(effort: Effort) -> list[Row]:
    """Every request ends in one way; times and minutes add up; Little by class and zone."""
    world = made_region()
    tape = made_tape(world)
    journal = go(tape, world, in_shifts())
    end = tape.horizon_min
    queue, travel = journal.t3 - journal.t1, journal.t4 - journal.t3
    taken = journal.shift >= 0
    minutes = visit_minutes(tape, journal, end)[taken]
    spent = np.bincount(journal.shift[taken], minutes, len(journal.shift_start)).astype(np.float64)
    parts = journal.driving_min + journal.on_scene_min + journal.documenting_min + journal.idle_min
    ends = (~np.isnan(journal.t6)).sum() + (~np.isnan(journal.te)).sum() + (journal.outcome == OPEN).sum()
    return [
        exact(NAME, "requests = done + escalated + open", len(tape), float(ends)),
        exact(NAME, "response = triage + queue + travel, worst difference (min)", 0,
              worst(journal.t4 - tape.t0_min, tape.triage_min + queue + travel)),
        exact(NAME, "minutes of a shift = driving + on scene + documenting + idle, worst difference", 0,
              worst(parts, journal.shift_home - journal.shift_start)),
        exact(NAME, "on-scene minutes of a shift = those of its visits, worst difference", 0,
              worst(spent, journal.on_scene_min)),
        exact(NAME, "Little by class and zone, worst relative difference", 0, little(tape, journal),
              tolerance=ROUNDING),
        clocks_row(NAME, tape, world, in_shifts()),
    ]  # fmt: skip


def visit_minutes(tape: DemandTape, journal: Journal, end: float) -> Floats:
    """On-scene minutes of every visit before the end of the run."""
    arrived = np.where(np.isnan(journal.t4), end, journal.t4)
    return np.asarray(np.minimum(arrived + tape.on_scene_min, end) - arrived)


def little(tape: DemandTape, journal: Journal) -> float:
    """L = arrivals × W over the whole run: the number present by its steps in time against the sum of stays."""
    end = tape.horizon_min
    left = np.where(np.isnan(journal.t3), journal.te, journal.t6)
    stay = np.where(np.isnan(left), end, left) - journal.t1
    differences = []
    for mark, values in ((tape.klass, range(CLASSES)), (tape.node, range(PLACES))):
        for value in values:
            which = mark == value
            held = share_of_time([(journal.t1[which], 1), (left[which], -1)], 0.0, end)
            present = sum(number * share for number, share in held.items())
            mean = float(np.nansum(stay[which]) / end)
            differences.append(abs(present - mean) / mean)
    return max(differences)


def conservation(effort: Effort) -> list[Row]:
    """With equal visits the order of service cannot change the sum of waits: classes against one class, to the bit."""
    world = one_place(5_000, 1.0)
    draws = Draws(NAME, 3)
    times = draws.arrivals("gaps", 1.0, len(world.calendar.weekday) * 24.0 - 200)
    klass = draws.choice("class", np.array([1.0, 2.0, 2.0]), len(times))
    service = np.full(len(times), 0.75)
    sums = []
    for classes in (klass, np.zeros_like(klass)):
        journal = go(queue_tape(world, times, service, klass=classes), world, team(always()))
        sums.append(float((journal.t3 - journal.t1).sum()))
    return [exact(NAME, "Kleinrock: sum of waits with and without classes (min)", sums[1], sums[0])]


def same_work(effort: Effort) -> list[Row]:
    """Nobody gives up and all is done: every organisation has the same hours with patients."""
    world = made_region()
    tape = made_tape(world, patience_h=np.inf)
    journals = [go(tape, world, made) for made in (in_shifts(), round_the_clock(), round_the_clock((1, 2, 4, 5)))]
    total = float(tape.on_scene_min.sum())
    rows = [exact(NAME, "requests done, three organisations", 3 * len(tape),
                  float(sum((j.outcome == DONE).sum() for j in journals)))]  # fmt: skip
    for number, journal in enumerate(journals, 1):
        rows.append(exact(NAME, f"on-scene minutes, organisation {number}", total, float(journal.on_scene_min.sum())))
    return rows


def scaling(effort: Effort) -> list[Row]:
    """All times doubled: all that happens doubled, to the bit. Nobody drives home: the drive of somebody called
    on the way is rounded to the grid."""
    made = team(*(always(base) for base in (0, 3, 6)), between=Between.STAY)
    one, two = made_region(), made_region(2.0)
    short, long = go(made_tape(one), one, made), go(made_tape(two, 2.0), two, made)
    return [
        exact(NAME, f"times doubled, worst difference in {name} (min)", 0,
              worst(2 * getattr(short, name), getattr(long, name)))
        for name in ("t1", "t3", "t4", "t6", "te", "driving_min", "idle_min")
    ]  # fmt: skip


def symmetry(effort: Effort) -> list[Row]:
    """Places numbered otherwise: the same happens."""
    order = np.array([5, 2, 7, 0, 6, 1, 4, 3])
    number = np.argsort(order)  # what was place i is now place number[i]
    plain, moved = made_region(), made_region(order=order)
    tape = made_tape(plain)
    node = number[tape.node]
    other = tape.with_columns(node=node, municipality=node, patient_node=node, patient_municipality=node)
    bases = (0, 3, 6)
    first = go(tape, plain, round_the_clock(bases))
    second = go(other, moved, round_the_clock(tuple(int(number[b]) for b in bases)))
    return [
        exact(NAME, f"places renumbered, worst difference in {name} (min)", 0,
              worst(getattr(first, name), getattr(second, name)))
        for name in ("t3", "t4", "t6", "te", "driving_min", "on_scene_min")
    ]  # fmt: skip


def monotone(effort: Effort) -> list[Row]:
    """One physician more, no travel, first come first served: nobody waits longer."""
    world = one_place(20_000, 2.7)
    draws = Draws(NAME, 4)
    times = draws.arrivals("gaps", 2.7, len(world.calendar.weekday) * 24.0 - 200)
    tape = queue_tape(world, times, draws.lognormal("service", 1.0, 1.0, len(times)))
    three, four = (go(tape, world, team(always(lines=n))) for n in (3, 4))
    return [exact(NAME, "requests that wait longer with one physician more", 0, float((four.t3 > three.t3).sum()))]


def identities(effort: Effort) -> list[Row]:
    """All of them."""
    parts = (time_identities, conservation, same_work, scaling, symmetry, monotone)
    return [row for part in parts for row in part(effort)]


CASES = (
    Case(NAME, "Identities", "Eight made-up places, three bases, three classes, shifts, roads that differ, "
         "documentation, patience: what must hold in every run, to the last bit (Little's law up to rounding).",
         "Little 1961; Kleinrock 1965; Kiefer & Wolfowitz 1955 (monotone)", identities),
)  # fmt: skip
