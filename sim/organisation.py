"""The vocabulary of a model: pools, posts, shifts, routes, choice, sharing. Plain data, no behaviour in time.

An organisation says who is on duty where and when, and who is asked, in which order, for which request. It names no
minute of the simulation, draws nothing and sees no future; `sim.engine.tables` compiles it against a World.
Bases are given by name (a municipality, a place or a facility) or by a rule that any region can answer, so a
model runs unchanged on another region.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final

from sim.checked import Checked
from sim.codes import ACUTE, CLASSES, GROUPS, PLANNED, UNPLANNED, WINDOWS
from sim.errors import OrganisationError
from sim.text import Text

# --- who pays -------------------------------------------------------------------------------------


class Principal(Enum):
    """Who employs or pays the physician."""

    REGION = "Regionen"
    CONTRACTOR = "entreprenör"


# --- when: days and shifts ------------------------------------------------------------------------


@dataclass(frozen=True)
class Days(Checked):
    """Days on which a shift starts: some weekdays (0 = Monday), on office days, on days off, or on both."""

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    office: bool | None = None  # True: office days only; False: weekends and holidays only; None: both

    def __post_init__(self) -> None:
        super().__post_init__()
        if not set(self.weekdays) <= set(range(7)):
            raise OrganisationError(_NO_WEEKDAYS.format(owner="Days", last=6, got=self.weekdays))


OFFICE_DAYS: Final = Days(office=True)
DAYS_OFF: Final = Days(office=False)
EVERY_DAY: Final = Days()


@dataclass(frozen=True)
class Shift(Checked):
    """A stretch of duty by the clock, such as Shift(OFFICE_DAYS, "08:00", "17:00"); an end at or before the start is
    the next day (equal: 24 hours)."""

    days: Days
    start: str
    end: str

    def __post_init__(self) -> None:
        super().__post_init__()
        _clock(self.start), _clock(self.end)

    @property
    def start_min(self) -> int:
        """Minutes after midnight."""
        return _clock(self.start)

    @property
    def length_min(self) -> int:
        """Minutes of duty, 1 to 1440."""
        return (_clock(self.end) - _clock(self.start) - 1) % 1440 + 1


@cache
def _clock(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", text)
    if found is None or int(found[1]) * 60 + int(found[2]) > 1440:
        raise OrganisationError(_NO_CLOCK.format(text=repr(text)))
    return int(found[1]) * 60 + int(found[2])


_NO_CLOCK: Final = Text(
    "{text} är inget klockslag som 08:00, högst 24:00", "{text} is not a clock time such as 08:00, at most 24:00"
)
_NO_WEEKDAYS: Final = Text(
    "{owner}: weekdays är några av 0 (måndag) till {last}, fick {got}",
    "{owner}: weekdays are some of 0 (Monday) to {last}, got {got}",
)
ALWAYS: Final = "always"  # on duty from the first minute to the last: for theory and for extremes

# --- where: bases ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hub(Checked):
    """The number-th (0 first) of the `of` towns that together lie nearest to the people aged 80 and over (p-median over
    the municipalities' main towns, exact)."""

    number: int
    of: int


@dataclass(frozen=True)
class EachMunicipality(Checked):
    """One post in the main town of every municipality."""


@dataclass(frozen=True)
class EachVardcentral(Checked):
    """One post at every vårdcentral."""


@dataclass(frozen=True)
class EachFacility(Checked):
    """One post at every facility of a kind, such as "pkt" (palliative teams) or "hospital"; none where none is."""

    kind: str


Base = str | Hub | EachMunicipality | EachVardcentral | EachFacility


# --- how many: posts ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Post(Checked):
    """`lines` physicians on duty at the same time from `base`, on each of the `shifts` (or ALWAYS).

    The people behind a line are found by the compiler: nobody is given a new shift within 11 hours of the last or more
    than 45 hours in seven days. `stand_by`: where they wait for work, if not at the base; the shift begins and ends at
    the base.
    """

    base: Base
    shifts: tuple[Shift, ...] | str
    lines: int = 1
    stand_by: str | Hub | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.at_least(0, "lines")


@dataclass(frozen=True)
class Filled(Checked):
    """Posts that take what is left of the weekly physician-hours when all else in the organisation is staffed, so that
    every organisation has the same hours. Spread evenly over the bases; the last line of a base may have a shorter
    shift."""

    bases: tuple[Base, ...]
    shift: Shift


@dataclass(frozen=True)
class HomeVisitWindows(Checked):
    """Windows for home visits at every vårdcentral on office days, at most one a day, sharing `hours_per_week` (None:
    what is left of the weekly physician-hours) in proportion to the expected work among its listed patients and homes.
    `weekdays` (0 = Monday, to 4): the days on which there may be windows."""

    start: str = "12:30"
    usual_length_min: float = 240
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    hours_per_week: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _clock(self.start)
        self.at_least(1, "usual_length_min")
        self.at_least(0, "hours_per_week")
        if not self.weekdays or not set(self.weekdays) <= set(range(5)):
            raise OrganisationError(_NO_WEEKDAYS.format(owner="HomeVisitWindows", last=4, got=self.weekdays))


Staffing = Post | Filled | HomeVisitWindows

# --- whom: pools ----------------------------------------------------------------------------------


class Area(Enum):
    """Whose requests a physician of the pool sees."""

    EVERYBODY = "everybody"
    MUNICIPALITY = (
        "municipality"  # the base's municipality (and those without a base of the pool that lie nearest to it)
    )
    NEAREST_BASE = "nearest base"  # every municipality belongs to the pool's base nearest to its main town
    LISTED = "listed"  # patients listed at the physician's own vårdcentral


class Between(Enum):
    """What a physician without work does between visits."""

    STAND_BY = "stand by"  # drives back to base and can be turned round on the way
    STAY = "stay"  # waits where the last visit ended
    RETURN_FIRST = "return first"  # cannot be reached until back at base
    BLOCKS = "blocks"  # back at base, office work in blocks that cannot be interrupted


@dataclass(frozen=True)
class Step(Checked):
    """One pool in a route and how many minutes after the visit was ordered it may take the request over."""

    pool: str
    after_min: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.at_least(0, "after_min")


@dataclass(frozen=True)
class Pool(Checked):
    """Physicians that share queue and rules. What is None is as the scenario says.

    `overtime_min` most overtime; `break_min` length of each break, one for every five hours begun after the first five;
    `planned_share` the part of a shift that may be filled with planned work; `reserve` how many free physicians of a
    team are kept for A1; `rest_h` paid hours off after every shift, taken out of the organisation's hours;
    `block_min` length of a block of office work under `Between.BLOCKS`; `cost_per_hour` SEK; `displaces_clinic`: an
    hour here is an hour of clinic less.
    """

    name: str
    title: Text
    principal: Principal
    staffing: tuple[Staffing, ...]
    area: Area = Area.EVERYBODY
    between: Between = Between.STAND_BY
    overtime_min: float | None = None
    break_min: float | None = None
    planned_share: float | None = None
    reserve: int = 0
    rest_h: float = 0.0
    block_min: float = 30.0
    cost_per_hour: float | None = None
    displaces_clinic: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.at_least(0, "overtime_min", "break_min", "planned_share", "reserve", "rest_h", "cost_per_hour")
        self.at_least(1, "block_min")

    def after(self, *, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0) -> Step:
        """This pool as a later step of a route."""
        return Step(self.name, minutes + 60.0 * hours + 1440.0 * days)


# --- which: routes --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route(Checked):
    """Which pools are asked, in order, for the requests that match. The first matching route of an organisation wins.
    `triage_min` is added to the request's own triage time (calls between providers). `hand_over_min` (None: as the
    scenario says): when a pool takes over from another, it comes that much later and documents that much longer."""

    to: tuple[Step, ...]
    groups: tuple[str, ...] = GROUPS
    classes: tuple[str, ...] = CLASSES
    windows: tuple[str, ...] = WINDOWS
    municipalities: tuple[str, ...] | None = None  # None: all
    triage_min: float = 0.0
    hand_over_min: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.at_least(0, "triage_min", "hand_over_min")


def route(
    *to: Pool | Step,
    groups: tuple[str, ...] = GROUPS,
    classes: tuple[str, ...] = CLASSES,
    windows: tuple[str, ...] = WINDOWS,
    municipalities: tuple[str, ...] | None = None,
    triage_min: float = 0.0,
    hand_over_min: float | None = None,
) -> Route:
    """A route over pools (asked at once) and later steps (`pool.after(minutes=60)`)."""
    steps = tuple(Step(item.name) if isinstance(item, Pool) else item for item in to)
    return Route(steps, groups, classes, windows, municipalities, triage_min, hand_over_min)


# --- choice and sharing ---------------------------------------------------------------------------


class Choice(Enum):
    """Which of the free physicians who may take a request does."""

    NEAREST = "nearest"  # least expected travel
    CONTINUITY = "continuity"  # named physician, then own vårdcentral, then nearest
    FEWEST_HOURS = "fewest hours"  # least time driving, with patients, calling and documenting this shift


class Sharing(Enum):
    """How far areas of a pool help each other (the region's three styrlogiker)."""

    SILO = "silo"  # regler och gränser: own area only
    AGREEMENT = "agreement"  # the nearest neighbours too, after a delay
    NETWORK = "network"  # no borders inside a pool


@dataclass(frozen=True)
class Organisation(Checked):
    """A way to organise physician visits in the home, as data. `name` is the file's name.

    What a variant is made of is kept with it: the name of its `model`, and all `settings` as (dotted key, plain value).
    `acute_demand`: how many times the acute requests (A1 to A3) there would be under it. 1 unless somebody assumes that
    needs depend on the organisation.
    """

    name: str
    title: Text
    description: Text
    pools: tuple[Pool, ...]
    routes: tuple[Route, ...]
    choice: Choice = Choice.NEAREST
    sharing: Sharing = Sharing.SILO
    model: str = ""
    settings: tuple[tuple[str, Any], ...] = ()
    acute_demand: float = 1.0


__all__ = [
    "ACUTE",
    "ALWAYS",
    "CLASSES",
    "DAYS_OFF",
    "EVERY_DAY",
    "GROUPS",
    "OFFICE_DAYS",
    "PLANNED",
    "UNPLANNED",
    "WINDOWS",
    "Area",
    "Base",
    "Between",
    "Choice",
    "Days",
    "EachFacility",
    "EachMunicipality",
    "EachVardcentral",
    "Filled",
    "HomeVisitWindows",
    "Hub",
    "Organisation",
    "Pool",
    "Post",
    "Principal",
    "Route",
    "Sharing",
    "Shift",
    "Step",
    "Text",
    "route",
]
