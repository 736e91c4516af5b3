"""From staffing to lines of shifts: which days, from where, and what is left of the hours for the one that fills.

Hours are counted over the whole calendar, so holidays are in them. `Filled` and `HomeVisitWindows` share what is
left of the weekly physician-hours, which makes organisations equal in hours by construction.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.bases import base_nodes
from sim.errors import OrganisationError
from sim.language.numbers import said
from sim.organisation import Days, Filled, HomeVisitWindows, Organisation, Post, Shift
from sim.text import Text
from sim.world.world import World

DAY_MIN = 1440
ROUND_TO_MIN = 5  # rosters are made in five-minute steps
SHORTEST_WINDOW_MIN = 150  # a window for home visits shorter than this holds neither a round nor two visits
LONGEST_WINDOW_MIN = 540
OFFICE_OPENS_MIN = 8 * 60
OFFICE_CLOSES_MIN = 17 * 60
MOST_SHIFTS = 1_000_000  # in the whole calendar; Halland has about 15 000 a year, Sweden would have half a million


class Duty(NamedTuple):
    """One line of one post: its base and every shift it is rostered for, in order of start, in minutes from the
    start."""

    pool: int
    base: int
    vardcentral: int  # number, -1
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    stand_by: int = -1  # node, -1: the base


class Duties(NamedTuple):
    """The lines of an organisation, and the pool that takes the hours that are left (-1: none) with its minutes of them
    over the calendar."""

    lines: list[Duty]
    filling_pool: int
    left_min: float


class Filler(NamedTuple):
    """The staffing of an organisation that takes the hours that are left."""

    pool: int
    staffing: Filled | HomeVisitWindows
    owner: str


def days_of(world: World, days: Days) -> NDArray[np.int64]:
    """Day numbers on which a shift with these days starts."""
    calendar = world.calendar
    chosen = np.array([weekday in days.weekdays for weekday in range(7)])[calendar.weekday]
    if days.office is not None:
        chosen &= calendar.office == days.office
    return np.flatnonzero(chosen)


def horizon(world: World) -> int:
    """Minutes from the first to the last day of the calendar."""
    return len(world.calendar.weekday) * DAY_MIN


def post_duties(world: World, pool: int, post: Post, owner: str) -> list[Duty]:
    """Every line of a post with its shifts."""
    if isinstance(post.shifts, str):
        starts, ends = np.array([0]), np.array([horizon(world)])
    else:
        of_each = [days_of(world, shift.days) * DAY_MIN + shift.start_min for shift in post.shifts]
        starts = np.concatenate(of_each)
        ends = np.concatenate([of + shift.length_min for of, shift in zip(of_each, post.shifts, strict=True)])
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
    waits = -1 if post.stand_by is None else base_nodes(world, post.stand_by, owner)[0][0]
    bases = base_nodes(world, post.base, owner)
    check_amount(post.lines * len(bases) * len(starts), owner)
    return [
        Duty(pool, node, vardcentral, starts, ends, waits) for node, vardcentral in bases for _ in range(post.lines)
    ]


def check_amount(shifts: float, owner: str) -> None:
    """Refuse, before it is made, a roster that would take minutes to make and more memory than there is."""
    if shifts > MOST_SHIFTS:
        raise OrganisationError(_TOO_MANY.format(owner=owner, shifts=said(shifts, 0), most=said(MOST_SHIFTS, 0)))


def filled_duties(world: World, pool: int, filled: Filled, minutes: float, owner: str) -> list[Duty]:
    """Lines of one shift that use up `minutes` of duty over the calendar, spread evenly over the bases."""
    bases = [pair for base in filled.bases for pair in base_nodes(world, base, owner)]
    if not bases:
        raise OrganisationError(_NO_BASES.format(owner=owner))
    days = days_of(world, filled.shift.days)
    start, length = filled.shift.start_min, filled.shift.length_min
    if len(days) == 0:  # a short calendar without such days
        return []
    lines = minutes / (length * len(days))
    check_amount(lines * len(days), owner)
    lengths = [length] * int(lines)
    part = ROUND_TO_MIN * round((lines - int(lines)) * length / ROUND_TO_MIN)
    if part:
        lengths.append(part)
    starts = days * DAY_MIN + start
    return [Duty(pool, *bases[i % len(bases)], starts, starts + long) for i, long in enumerate(lengths)]


def beside_posts(
    world: World, pool: int, duties: list[Duty], minutes: float, work: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights (V,) for sharing `minutes` of windows so that the office-hours duty of each municipality, posts of the
    same pool and windows together, follows the expected `work` (V,) there."""
    posts = np.zeros(len(world.municipalities))
    for duty in duties:
        if duty.pool == pool:
            posts[world.node_municipality[duty.base]] += office_minutes(world, duty)
    at = np.array([world.facilities[f].municipality for f in world.vardcentraler])
    of = np.bincount(at, weights=work, minlength=len(posts))
    wanted = np.maximum((minutes + posts.sum()) * of / of.sum() - posts, 0.0)
    weights: NDArray[np.float64] = work / np.where(of > 0, of, 1.0)[at] * wanted[at]
    return weights


def office_minutes(world: World, duty: Duty) -> int:
    """Minutes of the shifts that begin within office hours."""
    day, clock = np.divmod(duty.starts, DAY_MIN)
    office = (clock >= OFFICE_OPENS_MIN) & (clock < OFFICE_CLOSES_MIN)
    office &= world.calendar.office[np.minimum(day, len(world.calendar.office) - 1)]  # "24:00" is the day after
    return int((duty.ends - duty.starts)[office].sum())


def window_minutes(work: NDArray[np.float64], minutes: float, most: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share `minutes` in proportion to `work`, nobody below the shortest window in all or above `most`. If there is too
    little for such windows everywhere all are alike and have less: equal hours between organisations go first."""
    share = minutes * work / work.sum()
    least = min(SHORTEST_WINDOW_MIN, minutes / len(work))
    for _ in range(50):
        share = np.clip(share, np.minimum(least, most), most)
        free = (share > least) & (share < most)
        left = minutes - share.sum()
        if abs(left) < 1.0 or not free.any():
            break
        share[free] += left * work[free] / work[free].sum()
    return np.asarray(share, dtype=np.float64)


def window_duties(
    world: World, pool: int, windows: HomeVisitWindows, minutes: float, work: NDArray[np.float64]
) -> list[Duty]:
    """Home-visit windows at every vårdcentral that use up `minutes` of duty over the calendar in proportion to
    `work`. One that has too little for the shortest window every week has it every second week, or third."""
    if minutes <= 0:
        return []
    weeks, allowed = len(world.calendar.weekday) / 7, windows.weekdays
    apart = 2 if len(allowed) % 2 else 1  # every second day, where that comes round to all of them
    homes = [0] * len(world.vardcentraler)
    for facility in world.facilities:
        if facility.round_weekday >= 0 and facility.vardcentral >= 0:
            homes[facility.vardcentral] += 1
    most = np.full(len(work), float(len(allowed)) * LONGEST_WINDOW_MIN)
    weekly = window_minutes(work, minutes / weeks, most)
    first = Shift(Days(), windows.start, windows.start).start_min
    duties = []
    for v, f in enumerate(world.vardcentraler):
        wanted = max(round(weekly[v] / windows.usual_length_min), min(homes[v], int(weekly[v] / SHORTEST_WINDOW_MIN)))
        count = min(max(wanted, 1), len(allowed))
        weekdays = tuple(allowed[(v + apart * j) % len(allowed)] for j in range(count))
        days = days_of(world, Days(weekdays, office=True))
        if len(days) == 0:  # a short calendar with holidays on all of them
            continue
        if weekly[v] < SHORTEST_WINDOW_MIN - ROUND_TO_MIN:
            every = min(ceil(SHORTEST_WINDOW_MIN / weekly[v]), len(days))
            days = days[v % every :: every]
        length = ROUND_TO_MIN * round(weekly[v] * weeks / len(days) / ROUND_TO_MIN)
        length = min(max(length, ROUND_TO_MIN), LONGEST_WINDOW_MIN)
        starts = days * DAY_MIN + min(first, OFFICE_CLOSES_MIN - length)
        duties.append(Duty(pool, world.facilities[f].node, v, starts, starts + length))
    return duties


def all_duties(
    organisation: Organisation, world: World, hours_per_week: float, work: Callable[[], NDArray[np.float64]]
) -> Duties:
    """Every line of an organisation: posts, then windows with hours of their own, then the staffing that fills, which
    takes what the rest leaves of `hours_per_week`. `work` gives (V,) the expected planned work of each vårdcentral, and
    is called only if there are windows to size.

    Raises OrganisationError when the fixed posts alone need more than the hours, or two parts want to fill.
    """
    duties: list[Duty] = []
    sized: list[tuple[Filler, float]] = []
    fillers: list[Filler] = []
    for p, pool in enumerate(organisation.pools):
        owner = f"{organisation.name}: pool {pool.name!r}"
        for staffing in pool.staffing:
            if isinstance(staffing, Post):
                duties += post_duties(world, p, staffing, owner)
                check_amount(sum(len(duty.starts) for duty in duties), organisation.name)
            elif isinstance(staffing, HomeVisitWindows) and staffing.hours_per_week is not None:
                sized.append((Filler(p, staffing, owner), staffing.hours_per_week))
            else:
                fillers.append(Filler(p, staffing, owner))
    for windows, hours in sized:
        duties += filling_duties(world, windows, minutes_of(hours, world), duties, work)
    filler = only_filler(organisation, fillers)
    if filler is None:
        return Duties(duties, -1, 0.0)
    fixed = sum(paid_minutes(duty, organisation) for duty in duties)
    left = minutes_of(hours_per_week, world) - fixed
    if left <= 0:
        fixed_h = fixed / 60 / (horizon(world) / (7 * DAY_MIN))
        raise OrganisationError(
            _NOTHING_LEFT.format(
                owner=filler.owner, name=organisation.name, fixed=f"{fixed_h:.0f}", hours=f"{hours_per_week:g}"
            )
        )
    return Duties(duties + filling_duties(world, filler, left, duties, work), filler.pool, left)


def minutes_of(hours_per_week: float, world: World) -> float:
    """Minutes over the whole calendar."""
    return hours_per_week * 60 * horizon(world) / (7 * DAY_MIN)


def only_filler(organisation: Organisation, fillers: list[Filler]) -> Filler | None:
    """The one staffing that fills, if there is any; OrganisationError if there are two, or its pool has paid rest."""
    for filler in fillers:
        if organisation.pools[filler.pool].rest_h:
            raise OrganisationError(_REST_OF_FILLER.format(owner=filler.owner))
    if len(fillers) > 1:
        raise OrganisationError(_TWO_FILLERS.format(name=organisation.name))
    return fillers[0] if fillers else None


def filling_duties(
    world: World, filler: Filler, left: float, duties: list[Duty], work: Callable[[], NDArray[np.float64]]
) -> list[Duty]:
    """The lines that take the `left` minutes."""
    pool, staffing, owner = filler
    if isinstance(staffing, Filled):
        return filled_duties(world, pool, staffing, left, owner)
    if not world.vardcentraler:
        raise OrganisationError(_NO_VARDCENTRALER.format(owner=owner))
    expected = work()
    if not expected.any():  # nothing to share by: all alike
        expected = np.ones(len(expected))
    return window_duties(world, pool, staffing, left, beside_posts(world, pool, duties, left, expected))


def paid_minutes(duty: Duty, organisation: Organisation) -> float:
    """Minutes on duty and of the rest that follows every shift."""
    rest = 60.0 * organisation.pools[duty.pool].rest_h * len(duty.starts)
    return float((duty.ends - duty.starts).sum()) + rest


_TOO_MANY = Text(
    "{owner}: {shifts} pass i kalendern är fler än de {most} som kan bemannas; dra ner på linjerna",
    "{owner}: {shifts} shifts in the calendar are more than the {most} that can be staffed; cut the lines",
)
_NO_BASES = Text(
    "{owner}: regionen har ingen av baserna för de pass som tar resten av timmarna",
    "{owner}: the region has none of the bases of the posts that fill up the hours",
)
_NO_VARDCENTRALER = Text(
    "{owner}: hembesökstider finns vid vårdcentraler, och regionen har ingen",
    "{owner}: home-visit windows are at vårdcentraler, and the region has none",
)
_NOTHING_LEFT = Text(
    "{owner}: de fasta passen i {name} tar {fixed} läkartimmar i veckan och staffing.hours_per_week är {hours}: höj "
    "det eller dra ner på passen",
    "{owner}: the fixed posts of {name} take {fixed} physician-hours a week and staffing.hours_per_week is {hours}: "
    "raise it or cut the posts",
)
_REST_OF_FILLER = Text(
    "{owner}: betald vila efter pass är för fasta pass; den bemanning som tar resten av timmarna kan inte ha den",
    "{owner}: paid rest after shifts is for posts; staffing that fills up the hours cannot have it",
)
_TWO_FILLERS = Text(
    "{name}: bara en del av en organisation kan ta de timmar som blir över",
    "{name}: only one part of an organisation can take the hours that are left",
)
