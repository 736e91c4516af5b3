"""An organisation compiled against a world: who is on duty when, and who is asked about whom.

Done once for each organisation and scenario; replications share it. Nothing here depends on a tape.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.columns import Floats
from sim.engine.posts import all_duties
from sim.engine.roster import Roster, make_roster, without_closed
from sim.engine.routes import Turn, check_names, match_routes, turns
from sim.engine.state import (
    BLOCKS,
    CONTINUITY,
    FEWEST_HOURS,
    NEAREST,
    RETURN_FIRST,
    STAND_BY,
    STAY,
)
from sim.engine.teams import Asked, make_teams
from sim.engine.terms import Terms, make_terms
from sim.engine.work import expected_planned_work
from sim.errors import OrganisationError
from sim.grid import to_grid
from sim.organisation import Between, Choice, Organisation, Sharing
from sim.text import Text
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

CHOICE_CODE = {Choice.NEAREST: NEAREST, Choice.CONTINUITY: CONTINUITY, Choice.FEWEST_HOURS: FEWEST_HOURS}
BETWEEN_CODE = {
    Between.STAND_BY: STAND_BY, Between.STAY: STAY, Between.RETURN_FIRST: RETURN_FIRST, Between.BLOCKS: BLOCKS,
}  # fmt: skip
FIRST_BREAK_MIN = 300.0  # at least every five hours: Working Hours Act (1982:673) 15 §


@dataclass(frozen=True)
class Tables:
    """All that the clocks need to know of an organisation. Times in minutes.

    `route_of` (groups, classes, windows, municipalities): the number of the route; `route_steps` per route: (pool,
    minutes until it is asked, to which a hand-over is added where another is asked before); `roster` with `team`,
    `latest` (end plus allowed overtime), `between`, breaks (`break_every`, inf: none) and `planned_min` (minutes with
    room for planned work) of every physician-shift; `reserve` (teams,) physicians kept for A1; `named` per vårdcentral:
    the physicians based there; `absence_share` the chance that a physician-shift falls away (`run` decides which, by
    the tape's key).
    `hours_per_week` and those of each pool count duty and the paid rest after it; `left_hours_per_week` of the asked
    ones are left for the posts of `filling_pool` (-1: none) that take the rest.
    """

    organisation: Organisation
    pool_names: tuple[str, ...]
    pool_titles: tuple[Text, ...]
    pool_hours_per_week: tuple[float, ...]
    hours_per_week: float
    filling_pool: int
    left_hours_per_week: float
    n_physicians: int
    n_teams: int
    choice: int
    roster: Roster
    team: NDArray[np.int64]
    latest: NDArray[np.float64]
    between: NDArray[np.int64]
    break_every: NDArray[np.float64]
    break_min: NDArray[np.float64]
    block_min: NDArray[np.float64]
    planned_min: NDArray[np.float64]
    reserve: NDArray[np.int64]
    named_weight_min: float
    absence_share: float
    terms: Terms
    route_of: NDArray[np.int64]
    route_steps: tuple[tuple[Turn, ...], ...]
    route_triage_min: NDArray[np.float64]
    route_hand_over_min: NDArray[np.float64]
    asked: tuple[Asked, ...]
    named: tuple[NDArray[np.int64], ...]


def compile_tables(
    organisation: Organisation, world: World, scenario: Scenario, work: Callable[[], Floats] | None = None
) -> Tables:
    """Compile, or raise OrganisationError that names the pool, base or case that is wrong. `work` gives
    `expected_planned_work` where it is at hand; it is asked only if windows are sized by it."""
    check_names(organisation)
    expected = work or (lambda: expected_planned_work(world, scenario))
    duties = all_duties(organisation, world, scenario.staffing.hours_per_week, expected)
    roster = make_roster(duties.lines, world)
    if len(roster.start) == 0:
        raise OrganisationError(_NOBODY.format(name=organisation.name))
    sharing = Sharing(scenario.organisation.sharing) if scenario.organisation.sharing else organisation.sharing
    delay = float(to_grid(np.array(scenario.organisation.agreement_delay_min)))
    teams = make_teams(organisation, world, roster, sharing, delay)
    roster = without_closed(roster, world, scenario.organisation.closed_bases, organisation.name)
    pools, staffing = organisation.pools, scenario.staffing
    overtime = [staffing.overtime_max_min if pool.overtime_min is None else pool.overtime_min for pool in pools]
    breaks = [staffing.break_min if pool.break_min is None else pool.break_min for pool in pools]
    shares = [staffing.planned_share if pool.planned_share is None else pool.planned_share for pool in pools]
    hand_over = scenario.organisation.hand_over_min
    reserve = np.zeros(teams.n, dtype=np.int64)
    reserve[teams.of_shift] = np.array([pool.reserve for pool in pools])[roster.pool]
    number = {pool.name: p for p, pool in enumerate(pools)}
    weeks = len(world.calendar.weekday) / 7
    length = roster.end - roster.start
    hours = (length / 60 + np.array([pool.rest_h for pool in pools])[roster.pool]) / weeks
    route_hand_over = [hand_over if r.hand_over_min is None else r.hand_over_min for r in organisation.routes]
    return Tables(
        organisation=organisation,
        pool_names=tuple(pool.name for pool in pools),
        pool_titles=tuple(pool.title for pool in pools),
        pool_hours_per_week=tuple(float(hours[roster.pool == p].sum()) for p in range(len(pools))),
        hours_per_week=float(hours.sum()),
        filling_pool=duties.filling_pool,
        left_hours_per_week=duties.left_min / 60 / weeks,
        n_physicians=int(roster.physician.max()) + 1,
        n_teams=teams.n,
        choice=CHOICE_CODE[organisation.choice],
        roster=roster,
        team=teams.of_shift,
        latest=roster.end + to_grid(np.array(overtime, dtype=np.float64))[roster.pool],
        between=np.array([BETWEEN_CODE[pool.between] for pool in pools], dtype=np.int64)[roster.pool],
        break_every=break_spacing(length, np.array(breaks)[roster.pool]),
        break_min=to_grid(np.array(breaks, dtype=np.float64))[roster.pool],
        block_min=to_grid(np.array([pool.block_min for pool in pools], dtype=np.float64))[roster.pool],
        planned_min=to_grid(length * np.array(shares, dtype=np.float64)[roster.pool]),
        reserve=reserve,
        absence_share=float(staffing.absence_share),
        named_weight_min=float(to_grid(np.array([staffing.named_weight_min]))[0]),
        terms=make_terms(world, scenario),
        route_of=match_routes(organisation, world),
        route_steps=tuple(turns(item, number) for item in organisation.routes),
        route_hand_over_min=to_grid(np.array(route_hand_over, dtype=np.float64)),
        route_triage_min=to_grid(np.array([route.triage_min for route in organisation.routes], dtype=np.float64)),
        asked=teams.asked,
        named=based_at(roster, len(world.vardcentraler)),
    )


def based_at(roster: Roster, vardcentraler: int) -> tuple[NDArray[np.int64], ...]:
    """Of each vårdcentral the physicians based there; nobody is based at two."""
    of_each = np.flatnonzero(np.diff(roster.physician, prepend=-1))  # their first shifts
    home = roster.vardcentral[of_each]
    order = np.argsort(home, kind="stable")
    bounds = np.searchsorted(home[order], np.arange(vardcentraler + 1)).tolist()
    physicians = roster.physician[of_each][order]
    return tuple(physicians[first:end] for first, end in itertools.pairwise(bounds))


def break_spacing(length: NDArray[np.float64], break_min: NDArray[np.float64]) -> NDArray[np.float64]:
    """Minutes between the moments at which breaks fall due: evenly over the shift, at most five hours apart; infinite
    where there are none. Shifts of more than a day (for theory) have none."""
    n = np.ceil(length / FIRST_BREAK_MIN) - 1
    some = (n > 0) & (break_min > 0) & (length <= 1440)
    return np.where(some, to_grid(length / np.where(some, n + 1, 1)), np.inf)


_NOBODY = Text(
    "{name}: ingen är någonsin i tjänst: ge en pool ett pass med arbetstid",
    "{name}: nobody is ever on duty: give a pool a post with shifts",
)
