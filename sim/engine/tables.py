"""An organisation compiled against a world: who is on duty when, and who is asked about whom.

Done once for each organisation and scenario; replications share it. Nothing here depends on a tape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import CLASSES, GROUPS, WINDOWS
from sim.engine.roster import Roster, all_duties, main_town, make_roster, without_closed
from sim.engine.state import (
    ACUTE_ONLY,
    BLOCKS,
    CONTINUITY,
    FEWEST_HOURS,
    NEAREST,
    REFER,
    RETURN_FIRST,
    SERVE,
    STAND_BY,
    STAY,
)
from sim.engine.work import expected_planned_work
from sim.errors import OrganisationError
from sim.grid import to_grid
from sim.organisation import Area, Between, Choice, Organisation, Pool, Route, Sharing
from sim.text import Text
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

NEIGHBOURS = 2  # areas that help under Sharing.AGREEMENT
CHOICE_CODE = {Choice.NEAREST: NEAREST, Choice.CONTINUITY: CONTINUITY, Choice.FEWEST_HOURS: FEWEST_HOURS}
BETWEEN_CODE = {
    Between.STAND_BY: STAND_BY, Between.STAY: STAY, Between.RETURN_FIRST: RETURN_FIRST, Between.BLOCKS: BLOCKS,
}  # fmt: skip
POLICY_CODE = {"serve": SERVE, "acute only": ACUTE_ONLY, "refer": REFER}
FIRST_BREAK_MIN = 300.0  # at least every five hours: Working Hours Act (1982:673) 15 §


class Team(NamedTuple):
    """A team of a pool that a request may be put to, and the extra minutes before it may."""

    team: int
    extra_min: float


@dataclass(frozen=True)
class Asked:
    """Which teams of one pool are asked about a request: by the patient's vårdcentral or by municipality."""

    by_vardcentral: bool
    teams: tuple[tuple[Team, ...], ...]  # by number of the vårdcentral or municipality; empty: nobody there

    def of(self, municipality: int, vardcentral: int) -> tuple[Team, ...]:
        """The teams, own one first."""
        if not self.by_vardcentral:
            return self.teams[municipality]
        return self.teams[vardcentral] if vardcentral >= 0 else ()


class Turn(NamedTuple):
    """A pool in a route, and minutes until it may take a request."""

    pool: int
    after_min: float


class Door(NamedTuple):
    """Who is not for home visits, and where they go: the threshold and the share of single visits above it, the policy
    at temporary stay of each municipality, and shares of the refused."""

    threshold: float
    single_share: float
    policy: NDArray[np.int64]
    to_vardcentral: float
    to_ed: float


@dataclass(frozen=True)
class Tables:
    """All that the clocks need to know of an organisation. Times in minutes.

    `route_of` (groups, classes, windows, municipalities): the number of the route; `route_steps` per route: (pool,
    minutes until it may take over, hand-over included); `roster` with `team`, `latest` (end plus allowed overtime),
    `between`, breaks (`break_every`, inf: none) and `planned_min` (minutes with room for planned work) of every
    physician-shift; `reserve` (teams,) physicians kept for A1; `named` per vårdcentral: the physicians based there;
    `absence_share` the chance that a physician-shift falls away (`prepare` decides which, by the tape's key).
    `hours_per_week` and those of each pool count duty and the paid rest after it.
    """

    organisation: Organisation
    pool_names: tuple[str, ...]
    pool_titles: tuple[Text, ...]
    pool_hours_per_week: tuple[float, ...]
    hours_per_week: float
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
    call_plan_min: float
    door: Door
    route_of: NDArray[np.int64]
    route_steps: tuple[tuple[Turn, ...], ...]
    route_triage_min: NDArray[np.float64]
    route_hand_over_min: NDArray[np.float64]
    asked: tuple[Asked, ...]
    named: tuple[NDArray[np.int64], ...]


def compile_tables(organisation: Organisation, world: World, scenario: Scenario) -> Tables:
    """Compile, or raise OrganisationError that names the pool, base or case that is wrong."""
    check_names(organisation)
    duties = all_duties(
        organisation, world, scenario.staffing.hours_per_week, lambda: expected_planned_work(world, scenario)
    )
    roster = make_roster(duties, world)
    if len(roster.start) == 0:
        raise OrganisationError(f"{organisation.name}: nobody is ever on duty: give a pool a post with shifts")
    sharing = Sharing(scenario.organisation.sharing) if scenario.organisation.sharing else organisation.sharing
    delay = scenario.organisation.agreement_delay_min
    team = np.zeros(len(roster.start), dtype=np.int64)
    asked = []
    n_teams = 0
    for p, pool in enumerate(organisation.pools):
        mine = np.flatnonzero(roster.pool == p)
        key, reach = areas(world, pool, sharing, delay, roster, mine, organisation.name)
        team[mine] = n_teams + key
        asked.append(
            Asked(
                pool.area is Area.LISTED and sharing is not Sharing.NETWORK,
                tuple(tuple(Team(n_teams + t, extra) for t, extra in teams) for teams in reach),
            )
        )
        asked_teams = max((t for teams in reach for t, _ in teams), default=-1)
        n_teams += max(asked_teams, int(key.max(initial=-1))) + 1  # a base may be nearest to nobody
    roster = without_closed(roster, world, scenario.organisation.closed_bases, organisation.name)
    pools, staffing = organisation.pools, scenario.staffing
    overtime = [staffing.overtime_max_min if pool.overtime_min is None else pool.overtime_min for pool in pools]
    breaks = [staffing.break_min if pool.break_min is None else pool.break_min for pool in pools]
    shares = [staffing.planned_share if pool.planned_share is None else pool.planned_share for pool in pools]
    hand_over = scenario.organisation.hand_over_min
    reserve = np.zeros(n_teams, dtype=np.int64)
    reserve[team] = np.array([pool.reserve for pool in pools])[roster.pool]
    number = {pool.name: p for p, pool in enumerate(pools)}
    weeks = len(world.calendar.weekday) / 7
    length = roster.end - roster.start
    hours = (length / 60 + np.array([pool.rest_h for pool in pools])[roster.pool]) / weeks
    route_hand_over = [hand_over if r.hand_over_min is None else r.hand_over_min for r in organisation.routes]
    return Tables(
        organisation=organisation,
        pool_names=tuple(pool.name for pool in organisation.pools),
        pool_titles=tuple(pool.title for pool in organisation.pools),
        pool_hours_per_week=tuple(float(hours[roster.pool == p].sum()) for p in range(len(organisation.pools))),
        hours_per_week=float(hours.sum()),
        n_physicians=int(roster.physician.max()) + 1,
        n_teams=n_teams,
        choice=CHOICE_CODE[organisation.choice],
        roster=roster,
        team=team,
        latest=roster.end + np.array(overtime)[roster.pool],
        between=np.array([BETWEEN_CODE[pool.between] for pool in pools], dtype=np.int64)[roster.pool],
        break_every=break_spacing(length, np.array(breaks)[roster.pool]),
        break_min=to_grid(np.array(breaks, dtype=np.float64))[roster.pool],
        block_min=to_grid(np.array([pool.block_min for pool in pools], dtype=np.float64))[roster.pool],
        planned_min=length * np.array(shares, dtype=np.float64)[roster.pool],
        reserve=reserve,
        absence_share=float(staffing.absence_share),
        named_weight_min=float(to_grid(np.array([staffing.named_weight_min]))[0]),
        call_plan_min=float(to_grid(np.array([scenario.demand.telephone.call_mean_min]))[0]),
        door=make_door(world, scenario, organisation.name),
        route_of=match_routes(organisation, world),
        route_steps=tuple(
            turns(item, number, extra) for item, extra in zip(organisation.routes, route_hand_over, strict=True)
        ),
        route_hand_over_min=to_grid(np.array(route_hand_over, dtype=np.float64)),
        route_triage_min=np.array([route.triage_min for route in organisation.routes]),
        asked=tuple(asked),
        named=tuple(np.unique(roster.physician[roster.vardcentral == v]) for v in range(len(world.vardcentraler))),
    )


def check_names(organisation: Organisation) -> None:
    """Pools have names of their own and routes speak of pools, groups, classes and windows that exist."""
    names = [pool.name for pool in organisation.pools]
    problems = [f"two pools are called {name!r}" for name in sorted({n for n in names if names.count(n) > 1})]
    for i, route in enumerate(organisation.routes):
        if not route.to:
            problems.append(f"route {i + 1} leads to no pool")
        problems += [
            f"route {i + 1} leads to {s.pool!r}, which is no pool here" for s in route.to if s.pool not in names
        ]
        for words, known in ((route.groups, GROUPS), (route.classes, CLASSES), (route.windows, WINDOWS)):
            problems += [
                f"route {i + 1}: {word!r} is not one of {', '.join(known)}" for word in words if word not in known
            ]
    if problems:
        raise OrganisationError("\n".join(f"{organisation.name}: {problem}" for problem in problems))


def areas(
    world: World,
    pool: Pool,
    sharing: Sharing,
    delay: float,
    roster: Roster,
    mine: NDArray[np.int64],
    organisation: str,
) -> tuple[NDArray[np.int64], list[list[tuple[int, float]]]]:
    """Cut a pool into teams: the team (from 0) of each of its physician-shifts, and for each municipality or
    vårdcentral the teams that are asked with their extra minutes."""
    municipalities = len(world.municipalities)
    if pool.area is Area.EVERYBODY or sharing is Sharing.NETWORK:
        return np.zeros(len(mine), dtype=np.int64), [[(0, 0.0)]] * municipalities
    if pool.area is Area.LISTED:
        v = roster.vardcentral[mine]
        if (v < 0).any():
            raise OrganisationError(
                f"{organisation}: pool {pool.name!r} serves listed patients but has a post that is not at a vårdcentral"
            )
        present, team = np.unique(v, return_inverse=True)
        keys = [world.facilities[f].node for f in world.vardcentraler]
        nodes = [keys[i] for i in present]
        own = [list(present).index(i) if i in present else -1 for i in range(len(keys))]
    else:
        keys = [main_town(world, m) for m in range(municipalities)]
        if pool.area is Area.MUNICIPALITY:
            present, team = np.unique(world.node_municipality[roster.base[mine]], return_inverse=True)
            nodes = [keys[m] for m in present]
        else:
            present, team = np.unique(roster.base[mine], return_inverse=True)
            nodes = present.tolist()
        own = [int(np.argmin(world.travel_min[nodes, key])) if nodes else -1 for key in keys]
        if pool.area is Area.MUNICIPALITY:
            own = [list(present).index(m) if m in present else nearest for m, nearest in enumerate(own)]
    return team.astype(np.int64), [
        reach(world, key, own[i], nodes, delay if sharing is Sharing.AGREEMENT else None) for i, key in enumerate(keys)
    ]


def reach(world: World, key: int, own: int, nodes: list[int], delay: float | None) -> list[tuple[int, float]]:
    """The teams asked from place `key`: the own one, then after `delay` the nearest others."""
    teams = [(own, 0.0)] if own >= 0 else []
    if delay is not None:
        others = [t for t in np.argsort(world.travel_min[nodes, key], kind="stable").tolist() if t != own]
        teams += [(t, delay) for t in others[:NEIGHBOURS]]
    return teams


def match_routes(organisation: Organisation, world: World) -> NDArray[np.int64]:
    """The first matching route of every case; a case without one is an error that names it."""
    names = [municipality.name for municipality in world.municipalities]
    route_of = np.full((len(GROUPS), len(CLASSES), len(WINDOWS), len(names)), -1, dtype=np.int64)
    for i in reversed(range(len(organisation.routes))):
        route = organisation.routes[i]
        unknown = sorted(set(route.municipalities or ()) - set(names))
        if unknown:
            raise OrganisationError(
                f"{organisation.name}: route {i + 1}: no municipality is called {', '.join(unknown)}"
            )
        cells = np.ix_(
            [GROUPS.index(g) for g in route.groups],
            [CLASSES.index(c) for c in route.classes],
            [WINDOWS.index(w) for w in route.windows],
            [m for m, name in enumerate(names) if route.municipalities is None or name in route.municipalities],
        )
        route_of[cells] = i
    holes = np.argwhere(route_of < 0)
    if len(holes):
        cases = [f"{GROUPS[g]}/{CLASSES[c]}/{WINDOWS[w]}/{names[m]}" for g, c, w, m in holes.tolist()]
        more = f" and {len(cases) - 5} more" if len(cases) > 5 else ""
        raise OrganisationError(
            f"{organisation.name}: no route matches group/class/window/municipality {', '.join(cases[:5])}{more}: "
            "add a last route without conditions"
        )
    return route_of


def turns(route: Route, number: dict[str, int], hand_over: float) -> tuple[Turn, ...]:
    """The pools of a route, soonest first; one that takes over from those asked first needs `hand_over` minutes
    more."""
    first = min(step.after_min for step in route.to)
    asked = (Turn(number[step.pool], step.after_min + hand_over * (step.after_min > first)) for step in route.to)
    return tuple(sorted(asked, key=lambda turn: turn.after_min))


def break_spacing(length: NDArray[np.float64], break_min: NDArray[np.float64]) -> NDArray[np.float64]:
    """Minutes between the moments at which breaks fall due: evenly over the shift, at most five hours apart; infinite
    where there are none. Shifts of more than a day (for theory) have none."""
    n = np.ceil(length / FIRST_BREAK_MIN) - 1
    some = (n > 0) & (break_min > 0) & (length <= 1440)
    return np.where(some, to_grid(length / np.where(some, n + 1, 1)), np.inf)


def make_door(world: World, scenario: Scenario, owner: str) -> Door:
    """The scenario's rules for who is refused; OrganisationError for a municipality that does not exist."""
    rules = scenario.organisation
    names = [municipality.name for municipality in world.municipalities]
    unknown = sorted((set(rules.acute_only_in) | set(rules.referred_in)) - set(names))
    if unknown:
        raise OrganisationError(
            f"{owner}: organisation.acute_only_in or referred_in: no municipality is called {', '.join(unknown)}; "
            f"municipalities: {', '.join(names)}"
        )
    policy = [
        "refer" if n in rules.referred_in else "acute only" if n in rules.acute_only_in else rules.temporary_stay
        for n in names
    ]
    return Door(
        threshold=float(rules.threshold),
        single_share=float(rules.single_visit_share),
        policy=np.array([POLICY_CODE[word] for word in policy], dtype=np.int64),
        to_vardcentral=float(rules.refused_to_vardcentral),
        to_ed=float(rules.refused_to_ed),
    )
