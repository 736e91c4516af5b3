"""The weekly rounds of care homes and short-term units: which homes have them, and how many residents are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.codes import R
from sim.columns import Ints
from sim.jit import compiled
from sim.world.arrivals import Logged
from sim.world.laws import Shares, binomial_table, shares_of, value_at
from sim.world.points import DAY_MIN, YEAR_MIN
from sim.world.population import home_facilities, residents
from sim.world.streams import HOMES, ORDINALS, PERSONS, RESIDENTS, ROUNDS, uniform_of
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

WEEKS_PER_YEAR: Final = YEAR_MIN / (7 * DAY_MIN)


class Rounds(NamedTuple):
    """The homes that have rounds. `owner` of the draws; `seen`: the law of how many residents are seen."""

    owner: Ints
    group: Ints
    node: Ints
    municipality: Ints
    vardcentral: Ints
    weekday: Ints
    seen: Shares


def weekly_rounds(scenario: Scenario, world: World) -> Rounds:
    """The homes that have a round weekday, with the chances of how many are seen."""
    demand = scenario.demand
    yearly = {"sabo": demand.G2.round_visits_per_year, "korttid": demand.G3.round_visits_per_year}
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
        owner=(HOMES + whole(numbers)) * PERSONS + ROUNDS,
        group=whole([1 if home.kind == "sabo" else 2 for home in homes]),
        node=whole([home.node for home in homes]),
        municipality=whole([home.municipality for home in homes]),
        vardcentral=whole([home.vardcentral for home in homes]),
        weekday=whole([home.round_weekday for home in homes]),
        seen=shares_of(tables),
    )


def seen_probability(round_visits_per_year: float, scale: float) -> float:
    """The chance that one resident is seen on one weekly round: yearly rate x scale / 52.18, at most 1."""
    return min(1.0, round_visits_per_year * scale / WEEKS_PER_YEAR)


@compiled
def log_rounds(release: Ints, residents: np.uint64, rounds: Rounds, logged: Logged, n: int) -> int:
    """The weekly rounds on which somebody is to be seen, from row `n`; gives the next free row. The stream `residents`
    decides how many."""
    for home in range(len(rounds.owner)):
        for week in range(len(release) // 7):
            address = rounds.owner[home] * ORDINALS + week * RESIDENTS
            seen = value_at(uniform_of(residents, address), rounds.seen, home)
            day = release[7 * week + rounds.weekday[home]]
            logged.who[n] = home
            logged.address[n] = address
            logged.klass[n] = R
            logged.t0_min[n] = day * DAY_MIN
            logged.visits[n] = seen
            logged.least_factor[n] = 0.0
            n += 1 if seen > 0 and day < len(release) else 0
    return n
