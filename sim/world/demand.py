"""Draw a DemandTape: who needs what and when, before any organisation is run.

Every number comes from a named stream at an address of its own (`sim.world.streams`) through an inverse distribution
function, so that a changed mean moves that quantity and nothing else. `docs/demand.md` states every rule.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, ndtri

from sim.codes import A1, A2, A3, P, R
from sim.errors import HembesokError
from sim.grid import to_grid
from sim.world.calendar import Calendar
from sim.world.population import Population, draw_population, home_facilities, read_enrolled, residents
from sim.world.profiles import Profiles, hourly_weights, read_profiles
from sim.world.streams import ORDINALS, Purpose, address, stream_key, uniforms
from sim.world.tape import DemandTape
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

DAY_MIN: Final = 1440.0
WEEK_MIN: Final = 7 * DAY_MIN
YEAR_MIN: Final = 365.25 * DAY_MIN  # the year of every yearly rate
WEEKS_PER_YEAR: Final = YEAR_MIN / WEEK_MIN
RESIDENTS: Final = 1024  # addresses of one round; a home keeps 2**20 / 1024 rounds
LAYER_NUMBERS: Final = 2**18  # uniforms computed at a time; bounds memory, changes no result

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class DemandInputs:
    """What the draw needs from the region's tables beside the World: `enrolled` (M,) people of G1, and profiles."""

    enrolled: Ints
    profiles: Profiles


def read_inputs(scenario: Scenario, world: World) -> DemandInputs:
    """Read the demand tables of the scenario's region; RegionError if they are wrong."""
    from sim.world.region import region_folder

    folder = region_folder(scenario)
    return DemandInputs(read_enrolled(folder, world.municipalities), read_profiles(folder))


def draw(scenario: Scenario, world: World, replication: int, inputs: DemandInputs | None = None) -> DemandTape:
    """The tape of one replication (0, 1, ..): the same for every organisation, engine and number of workers.

    `inputs` spares reading the region's tables again when many replications are drawn, and lets a test give its own.
    """
    if inputs is None:
        inputs = read_inputs(scenario, world)
    weeks = scenario.calendar.warm_up_weeks + scenario.calendar.weeks
    days = 7 * weeks
    if len(world.calendar.weekday) < days:
        raise HembesokError(f"the world's calendar has {len(world.calendar.weekday)} days; the run needs {days}")
    population = draw_population(scenario, world, replication, inputs.enrolled, inputs.profiles.enrolment)
    streams = _Streams(scenario.study.seed, replication)
    release = next_office_day(world.calendar, days)
    parts = (
        _acute(scenario, streams, population, hourly_weights(inputs.profiles, world.calendar, days)),
        _planned(scenario, streams, population, release),
        _rounds(scenario, streams, world, release),
    )
    joined = {field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(_Requests)}
    requests = _ordered(_Requests(**joined), weeks * WEEK_MIN)
    return DemandTape(
        horizon_min=weeks * WEEK_MIN,
        warm_up_min=scenario.calendar.warm_up_weeks * WEEK_MIN,
        patient_group=population.group,
        patient_node=population.node,
        patient_municipality=population.municipality,
        patient_vardcentral=population.vardcentral,
        patient_named=population.named,
        **{field.name: getattr(requests, field.name) for field in fields(_Requests) if field.name != "ordinal"},
    )


def unit_arrivals(key: int, rate: Floats, end: float) -> tuple[Ints, Ints, Floats]:
    """Arrivals of independent Poisson processes, one for each rate, on [0, end], by gaps of a unit-rate process.

    Process i has its k-th arrival (k = 1, 2, ..) at S_k / rate[i] where S_k = sum over j <= k of -log u(address(i, j)).
    Returns process, k and time, ordered by round of computation (sort before use). A rate of 0 gives none. Another
    rate stretches the times and keeps every gap's number. HembesokError beyond 2**20 - 1 arrivals of one process.
    """
    who = np.flatnonzero(rate > 0)
    sums = np.zeros(len(who))
    made: list[tuple[Ints, Ints, Floats]] = []
    ordinal = 1
    while len(who):
        expected = max(1.0, float(np.mean(rate[who] * end - sums)))
        width = int(min(expected + 1, max(1, LAYER_NUMBERS // len(who)), ORDINALS - ordinal))
        if width < 1:
            raise HembesokError(f"more than {ORDINALS - 1} requests from one patient; lower demand.scale or the rates")
        layers = np.arange(ordinal, ordinal + width)
        gaps = -np.log(uniforms(key, address(who[:, None], layers)))
        # the running sum goes through one addition after another: the same bits whatever the width
        running = np.cumsum(np.concatenate([sums[:, None], gaps], axis=1), axis=1)[:, 1:]
        time = running / rate[who, None]
        row, layer = np.nonzero(time <= end)
        made.append((who[row], layers[layer], time[row, layer]))
        alive = time[:, -1] <= end
        who, sums = who[alive], running[alive, -1]
        ordinal += width
    if not made:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    process, k, times = (np.concatenate(column) for column in zip(*made, strict=True))
    return process, k, times


def arrival_times(unit_times: ArrayLike, cumulative_min: Floats, cumulative: Floats) -> Floats:
    """Times at which a process with a given cumulative intensity reaches `unit_times`: exact inversion, no thinning.

    The cumulative intensity is piecewise linear through the points (`cumulative_min`, `cumulative`), minutes rising,
    values not falling and starting at 0. Unit times beyond its last value give infinity; the shape is that of
    `unit_times`. No arrival falls strictly inside a stretch of zero intensity.
    """
    goal = np.asarray(unit_times, dtype=np.float64)
    upper = np.searchsorted(cumulative, goal, side="left")  # cumulative[upper - 1] < goal <= cumulative[upper]
    beyond = upper >= len(cumulative)
    upper = np.clip(upper, 1, len(cumulative) - 1)
    base, rise = cumulative[upper - 1], cumulative[upper] - cumulative[upper - 1]
    share = np.where(rise > 0, (goal - base) / np.where(rise > 0, rise, 1.0), 0.0)
    start = cumulative_min[upper - 1]
    times: Floats = np.where(beyond, np.inf, start + np.clip(share, 0, 1) * (cumulative_min[upper] - start))
    return times


def lognormal(u: ArrayLike, mean: ArrayLike, cv: ArrayLike) -> Floats:
    """Lognormal values with the given mean and coefficient of variation at the probabilities `u`; `cv` 0: the mean."""
    variance = np.log1p(np.square(np.asarray(cv, dtype=np.float64)))
    values: Floats = np.asarray(mean) * np.exp(np.sqrt(variance) * ndtri(np.asarray(u)) - variance / 2)
    return values


def weibull(u: ArrayLike, scale: ArrayLike, shape: ArrayLike) -> Floats:
    """Weibull values with the given scale and shape at the probabilities `u`."""
    values: Floats = np.asarray(scale) * np.power(-np.log1p(-np.asarray(u)), 1 / np.asarray(shape))
    return values


def binomial(u: Floats, n: int, p: float) -> Ints:
    """Binomial(n, p) counts at the probabilities `u`: the least k with P(X <= k) >= u."""
    cdf = bdtr(np.arange(n + 1, dtype=np.float64), n, p)
    return np.minimum(np.searchsorted(cdf, u, side="left"), n).astype(np.int64)


def next_office_day(calendar: Calendar, days: int) -> Ints:
    """For each of the first `days` days the first office day that is not before it; `days` where none is left."""
    day = np.where(calendar.office[:days], np.arange(days), days)
    return np.minimum.accumulate(day[::-1])[::-1]


def seen_probability(round_visits_per_year: float, scale: float) -> float:
    """The chance that one resident is seen on one weekly round: yearly rate x scale / 52.18, at most 1."""
    return min(1.0, round_visits_per_year * scale / WEEKS_PER_YEAR)


@dataclass(frozen=True)
class _Streams:
    seed: int
    replication: int

    def key(self, purpose: Purpose) -> int:
        return stream_key(self.seed, self.replication, purpose)

    def at(self, purpose: Purpose, index: NDArray[np.uint64]) -> Floats:
        return uniforms(self.key(purpose), index)


@dataclass(frozen=True)
class _Requests:
    """The request columns of DemandTape, and `ordinal`, which orders the requests of a patient or home."""

    ordinal: Ints
    patient: Ints
    group: Ints
    klass: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    named: Floats
    t0_min: Floats
    triage_min: Floats
    on_scene_min: Floats
    documentation_min: Floats
    on_scene_plan_min: Floats
    documentation_plan_min: Floats
    travel_factor: Floats
    patience_min: Floats
    due_day: Ints
    visits: Ints


def _ordered(requests: _Requests, horizon_min: float) -> _Requests:
    """Drop what is logged at or after the horizon; sort by t0, patient, class, ordinal."""
    order = np.lexsort((requests.ordinal, requests.klass, requests.patient, requests.t0_min))
    order = order[requests.t0_min[order] < horizon_min]
    return _Requests(**{field.name: getattr(requests, field.name)[order] for field in fields(_Requests)})


def _acute(scenario: Scenario, streams: _Streams, population: Population, weights: Floats) -> _Requests:
    """Acute requests; `weights` (3, hours) is the relative intensity of A1, A2, A3 in each hour of the run."""
    demand, classes = scenario.demand, scenario.classes
    mix = np.array([demand.acute_mix.A1, demand.acute_mix.A2, demand.acute_mix.A3])
    stacked = np.cumsum(mix[:, None] * weights, axis=0)
    total = stacked[-1]
    hours = np.arange(0.0, 60.0 * len(total) + 1, 60.0)
    years = np.concatenate([[0.0], np.cumsum(total * 60.0 / YEAR_MIN)])  # cumulative intensity in mean years

    yearly = np.array([demand.G1.acute_per_year, demand.G2.acute_per_year, demand.G3.acute_per_year,
                       demand.G4.acute_per_year])  # fmt: skip
    rate = demand.scale * yearly[population.group] * population.multiplier
    patient, ordinal, unit = unit_arrivals(streams.key(Purpose.ACUTE_GAP), rate, float(years[-1]))
    t0 = arrival_times(unit, hours, years)
    index = address(patient, ordinal)

    hour = np.maximum(np.searchsorted(years, unit, side="left") - 1, 0)  # not of t0: rounding may put it on a border
    share = stacked[:-1, hour] / total[hour]
    klass: Ints = (streams.at(Purpose.ACUTE_CLASS, index) > share).sum(axis=0)

    acute = (classes.A1, classes.A2, classes.A3)

    def of_class(values: list[float]) -> Floats:
        return np.array(values)[klass]

    triage = lognormal(
        streams.at(Purpose.ACUTE_TRIAGE, index),
        of_class([c.triage_mean_min for c in acute]),
        of_class([c.triage_cv for c in acute]),
    )
    on_scene_mean = of_class([c.on_scene_mean_min for c in acute])
    documentation_mean = of_class([c.documentation_mean_min for c in acute])
    on_scene = lognormal(
        streams.at(Purpose.ACUTE_ON_SCENE, index), on_scene_mean, of_class([c.on_scene_cv for c in acute])
    )
    documentation = lognormal(
        streams.at(Purpose.ACUTE_DOCUMENTATION, index),
        documentation_mean,
        of_class([c.documentation_cv for c in acute]),
    )
    patience = _patience(
        scenario,
        klass,
        streams.at(Purpose.ACUTE_PATIENCE, index),
        streams.at(Purpose.ACUTE_TO_HOSPITAL, index),
    )
    return _Requests(
        ordinal=ordinal,
        patient=patient,
        group=population.group[patient],
        klass=klass,
        node=population.node[patient],
        municipality=population.municipality[patient],
        vardcentral=population.vardcentral[patient],
        named=population.named[patient],
        t0_min=to_grid(t0),
        triage_min=to_grid(triage),
        on_scene_min=to_grid(on_scene),
        documentation_min=to_grid(documentation),
        on_scene_plan_min=to_grid(on_scene_mean),
        documentation_plan_min=to_grid(documentation_mean),
        travel_factor=_travel_factor(scenario, streams.at(Purpose.ACUTE_TRAVEL, index)),
        patience_min=to_grid(patience),
        due_day=np.full(len(patient), -1, dtype=np.int64),
        visits=np.ones(len(patient), dtype=np.int64),
    )


def _patience(scenario: Scenario, klass: Ints, u: Floats, u_to_hospital: Floats) -> Floats:
    """A1 a fixed deadline; A2 ed_from + Weibull; A3 the same for a share, the others wait for ever."""
    a1, a2, a3 = scenario.classes.A1.patience, scenario.classes.A2.patience, scenario.classes.A3.patience
    waits_2 = a2.ed_from_min + weibull(u, a2.ed_scale_min, a2.ed_shape)
    waits_3 = a3.ed_from_min + weibull(u, a3.ed_scale_min, a3.ed_shape)
    waits_3 = np.where(u_to_hospital < a3.ed_share, waits_3, np.inf)
    return np.select([klass == A1, klass == A2, klass == A3], [np.full(len(u), a1.deadline_min), waits_2, waits_3])


def _planned(scenario: Scenario, streams: _Streams, population: Population, release: Ints) -> _Requests:
    """Planned visits; `release` (days,) is the office day on which a need of each day is released."""
    demand, planned = scenario.demand, scenario.classes.P
    yearly = np.array([demand.G1.planned_per_year, 0.0, 0.0, demand.G4.planned_per_year])
    rate = demand.scale * yearly[population.group] * population.multiplier
    years = len(release) * DAY_MIN / YEAR_MIN
    patient, ordinal, time = unit_arrivals(streams.key(Purpose.PLANNED_GAP), rate, years)
    index = address(patient, ordinal)
    day = release[np.minimum((time * (YEAR_MIN / DAY_MIN)).astype(np.int64), len(release) - 1)]
    n = len(patient)
    on_scene = lognormal(streams.at(Purpose.PLANNED_ON_SCENE, index), planned.on_scene_mean_min, planned.on_scene_cv)
    documentation = lognormal(
        streams.at(Purpose.PLANNED_DOCUMENTATION, index), planned.documentation_mean_min, planned.documentation_cv
    )
    return _Requests(
        ordinal=ordinal,
        patient=patient,
        group=population.group[patient],
        klass=np.full(n, P, dtype=np.int64),
        node=population.node[patient],
        municipality=population.municipality[patient],
        vardcentral=population.vardcentral[patient],
        named=population.named[patient],
        t0_min=day.astype(np.float64) * DAY_MIN,
        triage_min=np.zeros(n),
        on_scene_min=to_grid(on_scene),
        documentation_min=to_grid(documentation),
        on_scene_plan_min=to_grid(np.full(n, float(planned.on_scene_mean_min))),
        documentation_plan_min=to_grid(np.full(n, float(planned.documentation_mean_min))),
        travel_factor=_travel_factor(scenario, streams.at(Purpose.PLANNED_TRAVEL, index)),
        patience_min=np.full(n, np.inf),
        due_day=day + planned.window_days - 1,
        visits=np.ones(n, dtype=np.int64),
    )


def _rounds(scenario: Scenario, streams: _Streams, world: World, release: Ints) -> _Requests:
    """Weekly rounds of the homes that have a round weekday; a round on which nobody is to be seen is not made."""
    demand, rounds = scenario.demand, scenario.classes.R
    yearly = {"sabo": demand.G2.round_visits_per_year, "korttid": demand.G3.round_visits_per_year}
    homes = [
        index
        for index in home_facilities(world)
        if world.facilities[index].kind in yearly and 0 <= world.facilities[index].round_weekday < 7
    ]
    weeks = np.arange(len(release) // 7)
    if len(weeks) * RESIDENTS > ORDINALS:
        raise HembesokError(f"a run has at most {ORDINALS // RESIDENTS} weeks; this one has {len(weeks)}")
    home_of: list[Ints] = []
    week_of: list[Ints] = []
    seen_of: list[Ints] = []
    key = streams.key(Purpose.ROUND_RESIDENTS)
    for index in homes:
        facility = world.facilities[index]
        n = residents(facility)
        if n > RESIDENTS:
            raise HembesokError(f"{facility.name} has {n} residents; at most {RESIDENTS} are possible in one home")
        p = seen_probability(yearly[facility.kind], demand.scale)
        seen = binomial(uniforms(key, address(index, weeks)), n, p)
        made = np.flatnonzero(seen)
        home_of.append(np.full(len(made), index, dtype=np.int64))
        week_of.append(made.astype(np.int64))
        seen_of.append(seen[made])
    none = np.empty(0, dtype=np.int64)
    home, week, seen = (np.concatenate([none, *column]) for column in (home_of, week_of, seen_of))

    def of_homes(values: list[int]) -> Ints:
        chosen: Ints = np.array(values, dtype=np.int64)[home]
        return chosen

    day = release[7 * week + of_homes([facility.round_weekday for facility in world.facilities])]

    round_of = np.repeat(np.arange(len(home)), seen)  # one entry a resident seen
    nth = np.arange(len(round_of)) - np.repeat(np.cumsum(seen) - seen, seen)
    resident = address(home[round_of], RESIDENTS * week[round_of] + nth)

    def summed(purpose: Purpose, mean: float, cv: float) -> Floats:
        each = to_grid(lognormal(streams.at(purpose, resident), mean, cv))  # on the grid, so the sum is exact
        return np.bincount(round_of, weights=each, minlength=len(home)).astype(np.float64)

    n = len(home)
    return _Requests(
        ordinal=address(home, week).astype(np.int64),
        patient=np.full(n, -1, dtype=np.int64),
        group=of_homes([1 if facility.kind == "sabo" else 2 for facility in world.facilities]),
        klass=np.full(n, R, dtype=np.int64),
        node=of_homes([facility.node for facility in world.facilities]),
        municipality=of_homes([facility.municipality for facility in world.facilities]),
        vardcentral=of_homes([facility.vardcentral for facility in world.facilities]),
        named=streams.at(Purpose.ROUND_NAMED_PHYSICIAN, address(home, 0)),
        t0_min=day.astype(np.float64) * DAY_MIN,
        triage_min=np.zeros(n),
        on_scene_min=summed(Purpose.ROUND_ON_SCENE, rounds.on_scene_mean_min, rounds.on_scene_cv),
        documentation_min=summed(Purpose.ROUND_DOCUMENTATION, rounds.documentation_mean_min, rounds.documentation_cv),
        on_scene_plan_min=to_grid(seen.astype(np.float64) * rounds.on_scene_mean_min),
        documentation_plan_min=to_grid(seen.astype(np.float64) * rounds.documentation_mean_min),
        travel_factor=_travel_factor(scenario, streams.at(Purpose.ROUND_TRAVEL, address(home, week))),
        patience_min=np.full(n, np.inf),
        due_day=day,
        visits=seen,
    )


def _travel_factor(scenario: Scenario, u: Floats) -> Floats:
    return lognormal(u, scenario.travel.weather_factor, scenario.travel.cv)
