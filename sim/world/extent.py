"""How large a run would be, known before anything of it is made: its patients, its requests, and the most that one
patient may ask.

What is drawn is kept in memory, some 200 bytes a patient and 500 a request. A run beyond the limits is refused, with
the fields or the table that make it so large.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import G1, G3
from sim.errors import Problem, RegionError, ScenarioError
from sim.scenario.fields import value_of
from sim.scenario.reading import problem_at
from sim.text import Text
from sim.world.laws import gamma_table, gammas_mean_one
from sim.world.points import BLOCK_YEARS, WEEKS_OF_BLOCK
from sim.world.population import ENROLLED_COLUMN, ENROLLED_FILE, HOME_KINDS, residents, stay_rates
from sim.world.streams import BLOCKS, RESIDENTS

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.world.profiles import Profiles
    from sim.world.world import World

MAX_PATIENTS: Final = 5_000_000  # over the whole run, those who follow on others included
MAX_REQUESTS: Final = 5_000_000
SURE: Final = 8.0  # standard deviations: hardly ever is a drawn number so far above its mean
WEEKS_PER_YEAR: Final = 365.25 / 7
NAMED: Final = 3  # of what makes a run large

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Part(NamedTuple):
    """How many come of one field of the scenario, or of one column of a table of the region; `each` is the most that
    may come in a block of time of one patient, or of the visitors of one municipality, and `peak` the highest rate over
    the mean: as many times that many points are drawn."""

    key: str
    number: float
    file: str = ""
    each: float = 0.0
    peak: float = 1.0


def check_extent(scenario: Scenario, world: World, enrolled: Ints, profiles: Profiles, guests: Floats | None) -> None:
    """Raises RegionError or ScenarioError if the run is larger than the program can hold. `world` and `enrolled` (M,)
    are those of the scenario's year; `guests` (2, M) as `sim.world.visitors.read_guests` gives them."""
    for home in world.facilities:
        if residents(home) > RESIDENTS:
            message = _FULL_HOME.format(home=home.name, residents=residents(home), most=RESIDENTS)
            raise ScenarioError([problem_at(scenario, "demand.sabo_growth", message)])
    _check_sum(scenario, patients(scenario, world, enrolled), MAX_PATIENTS, _PATIENTS)
    asked = requests(scenario, world, enrolled, profiles, guests)
    _check_sum(scenario, asked, MAX_REQUESTS, _REQUESTS)
    for part in asked:
        drawn = part.each * part.peak
        if drawn + SURE * math.sqrt(drawn) >= BLOCKS:
            message = _ONE.format(number=_whole(part.each), most=_whole(BLOCKS / part.peak), weeks=WEEKS_OF_BLOCK)
            raise ScenarioError([problem_at(scenario, part.key, message)])


def patients(scenario: Scenario, world: World, enrolled: Ints) -> list[Part]:
    """The patients of a run, by what makes them as many; visitors count as requests."""
    people = _people(scenario, world, enrolled)
    years, leaving = _years(scenario), stay_rates(scenario)
    homes = people["G2"] + people["G3"] + people["G4"]
    return [
        Part(ENROLLED_COLUMN, people["G1"], ENROLLED_FILE),
        Part("size", homes, "facilities.csv"),
        Part("demand.G6.share_65plus", people["G6"]),
        Part("demand.G1.turnover_per_month", people["G1"] * leaving[G1] * years),
        Part("demand.G3.stay_days", people["G3"] * leaving[G3] * years),
    ]


def requests(scenario: Scenario, world: World, enrolled: Ints, profiles: Profiles, guests: Floats | None) -> list[Part]:
    """The requests expected in a run (on rounds the residents seen), by the field that makes them as many."""
    people, demand = _people(scenario, world, enrolled), scenario.demand
    years, wave = _years(scenario), _wave(scenario)
    largest = np.array([1.0 - 2.0**-53])
    gammas_mean_one(largest, gamma_table(demand.heterogeneity_cv))  # need of one over the mean
    highest = _highest(scenario, profiles)
    palliative = {group: people[group] * value_of(demand.G5, f"share_{group}") for group in ("G1", "G2", "G3")}
    many = {**people, "G1": people["G1"] - palliative["G1"], "G5": sum(palliative.values())}
    found = []
    for key, number, factor in (
        *((f"{group}.acute_per_year", people[group], wave) for group in ("G1", "G2", "G3", "G4", "G6")),
        *((f"{group}.certificates_per_year", people[group], 1.0) for group in ("G1", "G2", "G3", "G4")),
        *((f"{group}.planned_per_year", many[group], 1.0) for group in ("G1", "G4", "G5", "G6")),
        ("G5.crises_per_year", many["G5"], 1.0),
    ):
        rate = value_of(demand, key) * demand.scale
        each = float(largest[0]) * rate * BLOCK_YEARS if number else 0.0
        peak = 1.0 if key.endswith("planned_per_year") else highest
        found.append(Part("demand." + key, number * rate * factor * years, each=each, peak=peak))
    for group in ("G2", "G3"):
        seen = min(1.0, value_of(demand, f"{group}.round_visits_per_year") * demand.scale / WEEKS_PER_YEAR)
        found.append(Part(f"demand.{group}.round_visits_per_year", people[group] * seen * years * WEEKS_PER_YEAR))
    for key, here, factor in (*_guests(profiles, guests, wave), *_younger(world, wave)):
        a_year = here * value_of(demand, key) * demand.scale
        most = float(a_year.max(initial=0.0)) * BLOCK_YEARS
        peak = highest * _season(profiles) if key.startswith("G7") else highest
        found.append(Part("demand." + key, float(a_year.sum()) * factor * years, each=most, peak=peak))
    return found


def _people(scenario: Scenario, world: World, enrolled: Ints) -> dict[str, float]:
    """Patients at a time of each group of those who are followed, G5 among those they come from."""
    sizes = dict.fromkeys(HOME_KINDS, 0)
    for home in world.facilities:
        if home.kind in sizes:
            sizes[home.kind] += residents(home)
    borderline = np.floor(scenario.demand.G6.share_65plus * _by_municipality(world, world.population[:, 2:]) + 0.5)
    homes = dict(zip(("G2", "G3", "G4"), map(float, sizes.values()), strict=True))
    return {"G1": float(enrolled.sum()), **homes, "G6": float(borderline.sum())}


def _guests(profiles: Profiles, guests: Floats | None, wave: float) -> list[tuple[str, Floats, float]]:
    if guests is None or profiles.guest_month is None:
        return []
    here = (guests * profiles.guest_month.mean(axis=1)[:, None]).sum(axis=0)
    return [("G7.acute_per_year", here, wave), ("G7.planned_per_year", here, 1.0)]


def _younger(world: World, wave: float) -> list[tuple[str, Floats, float]]:
    here = _by_municipality(world, world.population[:, :2]) / 1000.0
    kinds = (("acute", wave), ("planned", 1.0), ("certificates", 1.0))
    return [(f"G8.{kind}_per_1000", here, factor) for kind, factor in kinds]


def _by_municipality(world: World, people: Floats) -> Floats:
    total = np.bincount(world.node_municipality, people.sum(axis=1), len(world.municipalities))
    return total.astype(np.float64)


def _years(scenario: Scenario) -> float:
    return (scenario.calendar.warm_up_weeks + scenario.calendar.weeks) / WEEKS_PER_YEAR


def _wave(scenario: Scenario) -> float:
    """The mean factor of a wave on acute requests, as far as it falls within the run."""
    demand, weeks = scenario.demand, scenario.calendar.weeks
    inside = max(0, min(demand.wave_weeks, weeks - demand.wave_first_week + 1))
    return 1.0 + (demand.wave_factor - 1.0) * inside / (scenario.calendar.warm_up_weeks + weeks)


def _highest(scenario: Scenario, profiles: Profiles) -> float:
    """The highest rate of acute requests over their mean, at most."""
    by_day = profiles.weekday.max(axis=1) * profiles.month.max(axis=1)
    by_hour = np.maximum(profiles.hour_office.max(axis=1), profiles.hour_free.max(axis=1))
    return float((by_day * by_hour).max()) * max(1.0, scenario.demand.wave_factor)


def _season(profiles: Profiles) -> float:
    """The highest number of guests in a month over the mean."""
    months = profiles.guest_month
    if months is None:
        return 1.0
    return float((months.max(axis=1) / np.maximum(months.mean(axis=1), 1e-9)).max())


def _check_sum(scenario: Scenario, parts: list[Part], most: int, said: Text) -> None:
    total = sum(part.number for part in parts)
    if not total > most:
        return
    largest = sorted(parts, key=lambda part: -part.number)[:NAMED]
    listed = ", ".join(f"{part.key} {_whole(part.number)}" for part in largest if part.number > 0)
    message = said.format(number=_whole(total), most=_whole(most), parts=listed)
    if largest[0].file:
        raise RegionError([Problem(f"{scenario.region}/{largest[0].file}", 0, 0, largest[0].key, message)])
    raise ScenarioError([problem_at(scenario, largest[0].key, message)])


def _whole(number: float) -> str:
    return f"{number:_.0f}".replace("_", " ") if number < 1e15 else f"{number:.0e}"


_FULL_HOME: Final = Text(
    "{home} växer till {residents} platser; högst {most} får finnas i ett hem: minska tillväxten, eller dela hemmet",
    "{home} grows to {residents} places; one home may have {most}: lower the growth, or divide the home",
)
_PATIENTS: Final = Text(
    "körningen får {number} patienter, högst {most} ryms ({parts}); minska dem eller antalet veckor",
    "the run would have {number} patients, there is room for {most} ({parts}); lower these or the number of weeks",
)
_REQUESTS: Final = Text(
    "körningen får omkring {number} ärenden, högst {most} ryms ({parts}); minska dem, demand.scale eller "
    "calendar.weeks",
    "the run would have about {number} requests, there is room for {most} ({parts}); lower these, demand.scale or "
    "calendar.weeks",
)
_ONE: Final = Text(
    "en enda patient (eller besökarna i en kommun) kan få {number} ärenden på {weeks} veckor, högst {most} ryms; "
    "minska fältet, demand.scale eller demand.heterogeneity_cv",
    "a single patient (or the visitors of one municipality) may have {number} requests in {weeks} weeks, there is room "
    "for {most}; lower this, demand.scale or demand.heterogeneity_cv",
)
