"""Draw a DemandTape: who needs what and when, before any organisation is run.

Every number comes from a named stream at an address of its own (`sim.world.streams`) through an inverse distribution
function, so that a changed mean moves that quantity and nothing else. `docs/demand.md` states every rule.

What no replication changes is laid out once (`plan_demand`); a replication is then drawn by compiled loops
(`arrivals.py`: when; `contents.py`: what each request carries).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.codes import ADM, CLASSES, GROUPS, PAL
from sim.columns import room
from sim.errors import HembesokError
from sim.memory import keep_freed_memory
from sim.scenario.demand import acute_shares
from sim.world.arrivals import (
    CERTIFICATE,
    CRISIS,
    DAY_MIN,
    YEAR_MIN,
    AcuteTimes,
    Logged,
    Presence,
    Rounds,
    arrival_times,
    log_acute,
    log_other,
    log_planned,
    log_rounds,
    reached,
    tape_order,
    unit_arrivals,
)
from sim.world.calendar import Calendar
from sim.world.contents import RESIDENTS, Laws, fill
from sim.world.extent import check_extent
from sim.world.laws import binomial_table, guide_table, log_spread, on_grid
from sim.world.population import (
    Population,
    PopulationPlan,
    draw_population,
    home_facilities,
    plan_population,
    read_enrolled,
    residents,
)
from sim.world.profiles import Profiles, hourly_weights, read_profiles
from sim.world.projection import Projection, grown, read_projection
from sim.world.streams import ORDINALS, Keys, stream_keys, wrapping
from sim.world.tape import DemandTape, Patients, Requests
from sim.world.visitors import (
    ACUTE_NEED,
    PLANNED_NEED,
    Arrivals,
    Source,
    draw_visitors,
    plan_sources,
    read_guests,
    years_of,
)
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = [
    "DemandInputs",
    "DemandPlan",
    "arrival_times",
    "draw",
    "draw_tape",
    "next_office_day",
    "plan_demand",
    "read_inputs",
    "seen_probability",
    "unit_arrivals",
]

WEEK_MIN: Final = 7 * DAY_MIN
WEEKS_PER_YEAR: Final = YEAR_MIN / WEEK_MIN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class DemandInputs:
    """What the draw needs from the region's tables beside the World: `enrolled` (M,) people of G1, profiles, `guests`
    (2, M) by `sim.world.visitors.read_guests`, and the population of other years."""

    enrolled: Ints
    profiles: Profiles
    guests: Floats | None = None
    projection: Projection | None = None


@dataclass(frozen=True)
class DemandPlan:
    """All that the replications of a scenario share. Rates (groups,) a year, `demand.scale` included: `acute_rate` and
    `certificate_rate` by the group a patient comes from, `crisis_rate` and `planned_rate` by the group.
    `acute_times`: when acute requests come, a wave included; `calm_times`: the same without it, for crises and
    certificates. `release` (days,) the office day on which a need of each day is released; `window` (hours,) of the
    calendar."""

    seed: int
    horizon_min: float
    warm_up_min: float
    population: PopulationPlan
    acute_rate: Floats
    acute_times: AcuteTimes
    calm_times: AcuteTimes
    crisis_rate: Floats
    certificate_rate: Floats
    planned_rate: Floats
    sources: tuple[Source, ...]
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
    )


def plan_demand(scenario: Scenario, world: World, inputs: DemandInputs | None = None) -> DemandPlan:
    """Lay out what no replication changes. `inputs` are read from the region's tables unless given.

    RegionError if a table is wrong; that or ScenarioError if the run is too large (`sim.world.extent`); HembesokError
    if it is longer than the calendar.
    """
    keep_freed_memory()
    if inputs is None:
        inputs = read_inputs(scenario, world)
    demand = scenario.demand
    weeks = scenario.calendar.warm_up_weeks + scenario.calendar.weeks
    days = 7 * weeks
    if len(world.calendar.weekday) < days:
        raise HembesokError(f"the world's calendar has {len(world.calendar.weekday)} days; the run needs {days}")
    profiles = inputs.profiles
    world, enrolled = grown(scenario, world, inputs.enrolled, profiles.enrolment, inputs.projection)
    check_extent(scenario, world, enrolled, profiles, inputs.guests)
    g1, g2, g3, g4, g5, g6 = demand.G1, demand.G2, demand.G3, demand.G4, demand.G5, demand.G6
    wave = wave_by_hour(scenario, days)
    calm = acute_times(scenario, hourly_weights(profiles, world.calendar, days))

    def rates(**by_group: float) -> Floats:
        return demand.scale * np.array([by_group.get(name, 0.0) for name in GROUPS])

    return DemandPlan(
        seed=scenario.study.seed,
        horizon_min=weeks * WEEK_MIN,
        warm_up_min=scenario.calendar.warm_up_weeks * WEEK_MIN,
        population=plan_population(scenario, world, enrolled, profiles.enrolment, days * DAY_MIN / YEAR_MIN),
        acute_rate=rates(
            G1=g1.acute_per_year, G2=g2.acute_per_year, G3=g3.acute_per_year, G4=g4.acute_per_year, G6=g6.acute_per_year
        ),
        acute_times=in_wave(calm, wave),
        calm_times=calm,
        crisis_rate=rates(G5=g5.crises_per_year),
        certificate_rate=rates(
            G1=g1.certificates_per_year,
            G2=g2.certificates_per_year,
            G3=g3.certificates_per_year,
            G4=g4.certificates_per_year,
        ),
        planned_rate=rates(
            G1=g1.planned_per_year, G4=g4.planned_per_year, G5=g5.planned_per_year, G6=g6.planned_per_year
        ),
        sources=tuple(
            replace(source, times=in_wave(source.times, wave)) if source.kind == ACUTE_NEED else source
            for source in plan_sources(scenario, world, profiles, inputs.guests, days, calm)
        ),
        window=np.ascontiguousarray(world.calendar.window[: 24 * days]),
        release=next_office_day(world.calendar, days),
        rounds=weekly_rounds(scenario, world, weeks),
        laws=laws_of(scenario),
    )


def draw(scenario: Scenario, world: World, replication: int, inputs: DemandInputs | None = None) -> DemandTape:
    """The tape of one replication (0, 1, ..): the same for every organisation, engine and number of workers.

    For many replications make the plan once (`plan_demand`) and call `draw_tape`.
    """
    return draw_tape(plan_demand(scenario, world, inputs), replication)


def draw_tape(plan: DemandPlan, replication: int) -> DemandTape:
    """The tape of one replication of a plan."""
    keys = stream_keys(plan.seed, replication)
    visitors, visits = draw_visitors(plan.sources, keys)
    people = draw_population(plan.population, keys, visitors)
    logged, unplanned, n = log_requests(plan, keys, people, visits, len(visitors.group))
    requests = room(Requests, n)
    with wrapping():
        order = tape_order(logged, unplanned, n, plan.horizon_min)
        fill(plan.laws, keys, plan.window, people, plan.rounds, logged, order, requests)
    patients = Patients(*(getattr(people, name) for name in Patients._fields))
    return DemandTape(plan.horizon_min, plan.warm_up_min, requests, patients, int(keys.absence))


def log_requests(
    plan: DemandPlan, keys: Keys, people: Population, visits: list[Arrivals], n_visitors: int
) -> tuple[Logged, int, int]:
    """All requests in the order of making; how many of them are unplanned, which come first; and how many in all."""
    here = Presence(people.owner, people.from_min, people.to_min)
    own = slice(0, len(people.group) - n_visitors)  # visitors have no rate of their own
    origin, group, factor, owner = people.origin[own], people.group[own], people.multiplier[own], people.owner[own]
    times, calm, horizon = plan.acute_times, plan.calm_times, plan.horizon_min
    first, last = here.from_min[own], np.minimum(here.to_min[own], horizon)
    begin, end = (reached(minutes, times.minutes, times.cumulative) for minutes in (first, last))
    acute = unit_arrivals(int(keys.acute_gap), plan.acute_rate[origin] * factor, end, begin, owner)
    begin, end = (reached(minutes, calm.minutes, calm.cumulative) for minutes in (first, last))
    crises = unit_arrivals(int(keys.crisis_gap), plan.crisis_rate[group] * factor, end, begin, owner)
    deaths = unit_arrivals(int(keys.certificate_gap), plan.certificate_rate[origin], end, begin, owner)
    begin, end = first / YEAR_MIN, last / YEAR_MIN
    planned = unit_arrivals(int(keys.planned_gap), plan.planned_rate[group] * factor, end, begin, owner)
    room = sum(len(part[0]) for part in (acute, crises, deaths, planned)) + n_visitors
    room += len(plan.rounds.home) * (len(plan.release) // 7)
    logged = Logged(*(np.empty(room, dtype=kind) for kind in (np.int64, np.int64, np.int64, float, float, np.int64)))
    with wrapping():
        n = log_acute(times, keys, horizon, here, *acute, logged, 0)
        n = log_other(PAL, CRISIS, calm, keys, horizon, here, *crises, logged, n)
        n = log_other(ADM, CERTIFICATE, calm, keys, horizon, here, *deaths, logged, n)
        for some in visits:
            who = own.stop + some.visitor
            if some.source.kind == ACUTE_NEED:
                n = log_acute(some.source.times, keys, horizon, here, who, some.number, some.unit, logged, n)
            elif some.source.kind != PLANNED_NEED:
                when = some.source.times
                n = log_other(ADM, CERTIFICATE, when, keys, horizon, here, who, some.number, some.unit, logged, n)
        unplanned = n
        n = log_planned(plan.release, keys, here, *planned, logged, n)
        for some in visits:
            if some.source.kind == PLANNED_NEED:
                who = own.stop + some.visitor
                n = log_planned(plan.release, keys, here, who, some.number, years_of(some), logged, n)
        n = log_rounds(plan.release, keys, plan.rounds, logged, n)
    return logged, unplanned, n


def next_office_day(calendar: Calendar, days: int) -> Ints:
    """For each of the first `days` days the first office day that is not before it; `days` where none is left."""
    day = np.where(calendar.office[:days], np.arange(days), days)
    return np.ascontiguousarray(np.minimum.accumulate(day[::-1])[::-1])


def seen_probability(round_visits_per_year: float, scale: float) -> float:
    """The chance that one resident is seen on one weekly round: yearly rate x scale / 52.18, at most 1."""
    return min(1.0, round_visits_per_year * scale / WEEKS_PER_YEAR)


def acute_times(scenario: Scenario, weights: Floats) -> AcuteTimes:
    """`weights` (3, hours) is the relative intensity of A1, A2, A3 in each hour of the run."""
    stacked = np.cumsum(np.array(acute_shares(scenario.demand.acute_mix))[:, None] * weights, axis=0)
    total = stacked[-1]
    cumulative = np.concatenate([[0.0], np.cumsum(total * 60.0 / YEAR_MIN)])
    guide, per_cell = guide_table(cumulative)
    return AcuteTimes(
        minutes=60.0 * np.arange(len(cumulative), dtype=np.float64),
        cumulative=cumulative,
        guide=guide,
        per_cell=per_cell,
        class_share=stacked[:-1] / np.where(total > 0, total, 1.0),
    )


def wave_by_hour(scenario: Scenario, days: int) -> Floats | None:
    """(hours,) the factor on acute intensity in each hour of the run; None if there is no wave."""
    demand, calendar = scenario.demand, scenario.calendar
    if demand.wave_weeks == 0 or demand.wave_factor == 1.0:
        return None
    factor = np.ones(24 * days)
    first = calendar.warm_up_weeks + demand.wave_first_week - 1
    factor[first * 7 * 24 : (first + demand.wave_weeks) * 7 * 24] = demand.wave_factor
    return factor


def in_wave(times: AcuteTimes, wave: Floats | None) -> AcuteTimes:
    """The same times with the intensity of every hour multiplied; the mix of classes stays."""
    if wave is None:
        return times
    cumulative = np.concatenate([[0.0], np.cumsum(np.diff(times.cumulative) * wave)])
    return AcuteTimes(times.minutes, cumulative, *guide_table(cumulative), times.class_share)


def weekly_rounds(scenario: Scenario, world: World, weeks: int) -> Rounds:
    """The homes that have a round weekday, with the chances of how many are seen. HembesokError if the run has more
    weeks than a home has rounds."""
    demand = scenario.demand
    yearly = {"sabo": demand.G2.round_visits_per_year, "korttid": demand.G3.round_visits_per_year}
    if weeks * RESIDENTS > ORDINALS:
        raise HembesokError(f"a run has at most {ORDINALS // RESIDENTS} weeks; this one has {weeks}")
    numbers = [
        index
        for index in home_facilities(world)
        if world.facilities[index].kind in yearly and 0 <= world.facilities[index].round_weekday < 7
    ]
    homes = [world.facilities[index] for index in numbers]
    tables = [binomial_table(residents(home), seen_probability(yearly[home.kind], demand.scale)) for home in homes]

    def whole(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    return Rounds(
        home=whole(numbers),
        group=whole([1 if home.kind == "sabo" else 2 for home in homes]),
        node=whole([home.node for home in homes]),
        municipality=whole([home.municipality for home in homes]),
        vardcentral=whole([home.vardcentral for home in homes]),
        weekday=whole([home.round_weekday for home in homes]),
        seen_first=np.cumsum(whole([0, *(len(table) for table in tables)])),
        seen_share=np.concatenate([np.empty(0), *tables]),
    )


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
