"""Draw a DemandTape: who needs what and when, before any organisation is run.

Every number comes from a named stream at an address of its own (`sim.world.streams`) through an inverse distribution
function, so that a changed mean moves that quantity and nothing else. `docs/demand.md` states every rule.

What no replication changes is laid out once (`plan_demand`); a replication is then drawn by compiled loops
(`arrivals.py`: when; `contents.py`: what each request carries).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.codes import CLASSES, GROUPS
from sim.columns import Floats, Ints, joined, room, rows_of
from sim.errors import HembesokError
from sim.memory import keep_freed_memory
from sim.scenario.demand import acute_shares
from sim.world.arrivals import (
    ACUTE,
    KINDS,
    Logged,
    Needs,
    assign,
    log_planned,
    log_unplanned,
    tape_order,
)
from sim.world.calendar import Calendar
from sim.world.contents import Laws, fill
from sim.world.extent import check_extent
from sim.world.laws import log_spread, on_grid
from sim.world.parts import Whole, part_of
from sim.world.points import (
    DAY_MIN,
    MARGIN,
    MOST_BLOCKS,
    WEEKS_OF_BLOCK,
    Processes,
    Weights,
    blocks_of,
    points_below,
    weights,
)
from sim.world.population import (
    Population,
    PopulationPlan,
    Visitors,
    draw_population,
    plan_population,
    rates_of,
    read_enrolled,
    read_enrolled_range,
)
from sim.world.profiles import Profiles, hourly_weights, read_profiles
from sim.world.projection import Projection, grown, read_projection
from sim.world.rounds import Rounds, log_rounds, weekly_rounds
from sim.world.streams import NEEDS, ORDINALS, Keys, stream_keys, uniforms_of, wrapping
from sim.world.tape import DemandTape, Patients
from sim.world.visitors import Sources, draw_visitors, plan_sources, read_guests
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = [
    "DemandInputs",
    "DemandPlan",
    "draw",
    "draw_tape",
    "draw_whole",
    "next_office_day",
    "plan_demand",
    "read_inputs",
]

WEEK_MIN: Final = 7 * DAY_MIN


@dataclass(frozen=True)
class DemandInputs:
    """What the draw needs from the region's tables beside the World: `enrolled` (M,) people of G1, profiles, `guests`
    (2, M) by `sim.world.visitors.read_guests`, the population of other years, and `enrolled_range` (2, M), low and high
    of the people enrolled."""

    enrolled: Ints
    profiles: Profiles
    guests: Floats | None = None
    projection: Projection | None = None
    enrolled_range: Floats | None = None


@dataclass(frozen=True)
class DemandPlan:
    """All that the replications of a scenario share.

    `rates` (kinds of need, groups) a year, `demand.scale` included, of the group a patient comes from (acute,
    certificate) or belongs to (crisis, planned); `weights` of the kinds by hour. Process kind * slots + s, need `kind`
    of slot s, has its draws from `first` on and the weights in row `profile`. `class_share` (2, hours): the shares of
    A1, and of A1 and A2, among acute requests. `release` (days,) the office day on which a need of each day is
    released; `window` (hours,) of the calendar.
    """

    seed: int
    horizon_min: float
    warm_up_min: float
    population: PopulationPlan
    rates: Floats
    weights: Weights
    first: Ints
    profile: Ints
    class_share: Floats
    sources: Sources
    window: Ints
    release: Ints
    rounds: Rounds
    laws: Laws


def read_inputs(scenario: Scenario, world: World) -> DemandInputs:
    """Read the demand tables of the scenario's region; RegionError if they are wrong."""
    from sim.world.region import region_folder

    folder = region_folder(scenario)
    profiles = read_profiles(folder)
    return DemandInputs(
        read_enrolled(folder, world.municipalities),
        profiles,
        read_guests(folder, world.municipalities, profiles),
        read_projection(folder, world.municipalities),
        read_enrolled_range(folder, world.municipalities),
    )


def plan_demand(scenario: Scenario, world: World, inputs: DemandInputs | None = None) -> DemandPlan:
    """Lay out what no replication changes. `inputs` are read from the region's tables unless given.

    RegionError if a table is wrong; that or ScenarioError if the run is too large (`sim.world.extent`); HembesokError
    if it is longer than the calendar.
    """
    keep_freed_memory()
    if inputs is None:
        inputs = read_inputs(scenario, world)
    weeks = scenario.calendar.warm_up_weeks + scenario.calendar.weeks
    days = 7 * weeks
    if len(world.calendar.weekday) < days:
        raise HembesokError(f"the world's calendar has {len(world.calendar.weekday)} days; the run needs {days}")
    if weeks > MOST_BLOCKS * WEEKS_OF_BLOCK:
        raise HembesokError(f"a run has at most {MOST_BLOCKS * WEEKS_OF_BLOCK} weeks; this one has {weeks}")
    profiles = inputs.profiles
    world, enrolled = grown(scenario, world, inputs.enrolled, profiles.enrolment, inputs.projection)
    check_extent(scenario, world, enrolled, profiles, inputs.guests)
    wave = wave_by_hour(scenario, days)
    calm, class_share = acute_weights(scenario, hourly_weights(profiles, world.calendar, days))
    weight = np.array([calm * wave, calm, calm, np.ones(24 * days)])  # in the order of the kinds of need
    population = plan_population(scenario, world, enrolled, profiles.enrolment, 24 * days)
    return DemandPlan(
        seed=scenario.study.seed,
        horizon_min=weeks * WEEK_MIN,
        warm_up_min=scenario.calendar.warm_up_weeks * WEEK_MIN,
        population=population,
        rates=rates_a_year(scenario),
        weights=weights(weight),
        first=(population.owner * ORDINALS + NEEDS * np.arange(KINDS)[:, None]).ravel(),
        profile=np.repeat(np.arange(KINDS), len(population.owner)),
        class_share=class_share,
        sources=plan_sources(scenario, world, profiles, inputs.guests, calm, wave),
        window=np.ascontiguousarray(world.calendar.window[: 24 * days]),
        release=next_office_day(world.calendar, days),
        rounds=weekly_rounds(scenario, world),
        laws=laws_of(scenario),
    )


def rates_a_year(scenario: Scenario) -> Floats:
    """(kinds, groups) needs a year of a patient of each group. Those of visitors are not asked for."""
    demand = scenario.demand
    names = ("acute_per_year", "crises_per_year", "certificates_per_year", "planned_per_year")
    needs = [[getattr(getattr(demand, group), name, 0.0) for group in GROUPS] for name in names]
    rates: Floats = demand.scale * np.array(needs, dtype=np.float64)
    return rates


def draw(scenario: Scenario, world: World, replication: int, inputs: DemandInputs | None = None) -> DemandTape:
    """The tape of one replication (0, 1, ..): the same for every organisation, engine and number of workers.

    For many replications make the plan once (`plan_demand`) and call `draw_tape`.
    """
    return draw_tape(plan_demand(scenario, world, inputs), replication)


def draw_tape(plan: DemandPlan, replication: int, factor: float = 1.0) -> DemandTape:
    """The tape of one replication of a plan, with `factor` times the acute demand."""
    return part_of(draw_whole(plan, replication, factor), factor)


def draw_whole(plan: DemandPlan, replication: int, factor: float = 1.0) -> Whole:
    """One replication with so many times the acute demand, of which every smaller factor takes a part."""
    keys = stream_keys(plan.seed, replication)
    visitors = draw_visitors(plan.sources, keys, factor)
    people, first = draw_population(plan.population, keys, visitors)
    needs = draw_needs(plan, keys, people, first, visitors, factor)
    with wrapping():
        logged, unplanned = log_requests(plan, keys, people, needs)
        order = tape_order(logged.t0_min, uniforms_of(keys.request_order, logged.address), unplanned, plan.horizon_min)
        in_order = rows_of(logged, order)
        requests = fill(plan.laws, keys, plan.window, people, plan.rounds, in_order)
    patients = Patients(*(getattr(people, name) for name in Patients._fields))
    tape = DemandTape(plan.horizon_min, plan.warm_up_min, requests, patients, int(keys.absence))
    of_patients = np.concatenate([np.zeros(first[-1]), visitors.least_factor])
    return Whole(tape, factor, in_order.least_factor, of_patients)


def draw_needs(
    plan: DemandPlan, keys: Keys, people: Population, first: Ints, visitors: Visitors, factor: float = 1.0
) -> Needs:
    """What the patients of the slots need, and then the visitors, with `factor` times the acute demand."""
    rate, highest = rates_of(plan.rates, people, first, blocks_of(plan.horizon_min))
    widest = highest * np.where(plan.profile == ACUTE, factor * MARGIN, 1.0)
    processes = Processes(plan.first, widest, plan.profile)
    points = points_below(keys.need_gap, keys.need_minute, processes, plan.weights)
    needs = room(Needs, len(points.mark) + 1)
    n = assign(points, plan.profile, first, people.to_min, rate, plan.weights.by_hour, factor, needs)
    who = first[-1] + np.arange(len(visitors.kind))
    visits = Needs(visitors.kind, who, visitors.address, visitors.minute, visitors.least_factor)
    return joined(rows_of(needs, slice(n)), visits)


def log_requests(plan: DemandPlan, keys: Keys, people: Population, needs: Needs) -> tuple[Logged, int]:
    """All requests in the order of making, and how many of them are unplanned, which come first."""
    logged = room(Logged, len(needs.kind) + len(plan.rounds.owner) * (len(plan.release) // 7) + 1)
    unplanned = log_unplanned(plan.class_share, keys.request_class, needs, logged)
    n = log_planned(plan.release, people.from_min, people.to_min, needs, logged, unplanned)
    n = log_rounds(plan.release, keys.round_residents, plan.rounds, logged, n)
    return rows_of(logged, slice(n)), unplanned


def next_office_day(calendar: Calendar, days: int) -> Ints:
    """For each of the first `days` days the first office day that is not before it; `days` where none is left."""
    day = np.where(calendar.office[:days], np.arange(days), days)
    return np.ascontiguousarray(np.minimum.accumulate(day[::-1])[::-1])


def acute_weights(scenario: Scenario, weights: Floats) -> tuple[Floats, Floats]:
    """(hours,) the relative intensity of acute requests, and (2, hours) the shares of A1, and of A1 and A2, in each
    hour; `weights` (3, hours) is that of A1, A2, A3."""
    stacked = np.cumsum(np.array(acute_shares(scenario.demand.acute_mix))[:, None] * weights, axis=0)
    total = stacked[-1]
    return total, stacked[:-1] / np.where(total > 0, total, 1.0)


def wave_by_hour(scenario: Scenario, days: int) -> Floats:
    """(hours,) the factor on acute intensity in each hour of the run."""
    demand, calendar = scenario.demand, scenario.calendar
    factor = np.ones(24 * days)
    first = calendar.warm_up_weeks + demand.wave_first_week - 1
    factor[first * 7 * 24 : (first + demand.wave_weeks) * 7 * 24] = demand.wave_factor
    return factor


def laws_of(scenario: Scenario) -> Laws:
    """Means, spreads, patience and shares by class, from the scenario."""
    classes, demand = scenario.classes, scenario.demand
    a1, a2, a3, pal, adm, rounds, planned = (getattr(classes, name) for name in CLASSES)
    unplanned, every = (a1, a2, a3, pal, adm), (a1, a2, a3, pal, adm, rounds, planned)
    to_ward = pal.patience
    to_hospital = (a2.patience, a3.patience)
    return Laws(
        triage_mean=np.array([float(c.triage_mean_min) for c in unplanned] + [0.0, 0.0]),
        triage_spread=np.array([log_spread(float(c.triage_cv)) for c in unplanned] + [0.0, 0.0]),
        on_scene_mean=np.array([float(c.on_scene_mean_min) for c in every]),
        on_scene_spread=np.array([log_spread(float(c.on_scene_cv)) for c in every]),
        documentation_mean=np.array([float(c.documentation_mean_min) for c in every]),
        documentation_spread=np.array([log_spread(float(c.documentation_cv)) for c in every]),
        deadline=float(a1.patience.deadline_min),
        ed_share=np.array([0.0, 1.0, float(a3.patience.ed_share), float(to_ward.ward_share), 0.0]),
        ed_from=np.array([0.0, *(float(p.ed_from_min) for p in to_hospital), float(to_ward.ward_from_min), 0.0]),
        ed_scale=np.array([0.0, *(float(p.ed_scale_min) for p in to_hospital), float(to_ward.ward_scale_min), 0.0]),
        ed_shape=np.array([1.0, *(float(p.ed_shape) for p in to_hospital), float(to_ward.ward_shape), 1.0]),
        window_days=int(planned.window_days),
        travel_mean=np.full(len(every), float(scenario.travel.weather_factor)),
        travel_spread=np.full(len(every), log_spread(float(scenario.travel.cv))),
        telephone_share=np.array(
            [[c.telephone_share_day for c in unplanned], [c.telephone_share_jourtid for c in unplanned]], dtype=float
        ),
        call_mean=float(demand.telephone.call_mean_min),
        call_spread=float(log_spread(float(demand.telephone.call_cv))),
        conveyed_share=np.array([float(c.conveyed_share) for c in unplanned]),
        conveyance=on_grid(float(demand.conveyance_min)),
        no_show_share=float(planned.no_show_share),
        no_show=on_grid(float(planned.no_show_min)),
    )
