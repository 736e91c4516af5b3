"""One run as rows: physician-shifts, requests, steps, teams and queues, with facts and state side by side.

To `rules.py` a row is a thing with named fields. The SimPy clock holds rows as Python objects, the compiled clock as
rows of a structured numpy array; the classes below define both. Times are minutes on the dyadic grid.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

# Status of a physician-shift.
COMING: Final = 0  # not begun
FREE: Final = 1  # on duty, at `place`
RETURNING: Final = 2  # driving to `goal`, the base or the stand-by place; can be turned round
BUSY: Final = 3  # with the request in `patient` until `busy_until`
HOMEBOUND: Final = 4  # driving to base, cannot be reached until `busy_until`
GONE: Final = 5  # off duty; `home` is when
PAUSED: Final = 6  # at a break or office work, cannot be reached until `busy_until`

# Where a physician who is not driving is: `place` says the node.
AT_PATIENT: Final = 0
AT_BASE: Final = 1
AT_STAND_BY: Final = 2

# Stage of a request.
AHEAD: Final = 0  # not ordered yet
WAITING: Final = 1  # in the queues of its steps
TAKEN: Final = 2  # somebody has set out
AWAY: Final = 3  # escalated
LEFT: Final = 4  # cancelled: the patient has left
REFUSED: Final = 5  # referred: not for home visits

# Queue levels within a team: A1; A2 and PAL; A3; ADM; then all planned work together.
LEVELS: Final = 5
PLANNED_LEVEL: Final = 4

# Codes of organisation.Choice and organisation.Between.
NEAREST: Final = 0
CONTINUITY: Final = 1
FEWEST_HOURS: Final = 2
STAND_BY: Final = 0
STAY: Final = 1
RETURN_FIRST: Final = 2
BLOCKS: Final = 3

# Codes of the policy at temporary stay.
SERVE: Final = 0
ACUTE_ONLY: Final = 1
REFER: Final = 2

# Kinds of event in the order in which equal times are settled; within a kind the lower number goes first.
SHIFT_END: Final = 1
SHIFT_START: Final = 2
PLAN: Final = 3  # a team plans its tours
COMPLETION: Final = 4
ORDERED: Final = 5  # a visit is ordered
NEXT_POOL: Final = 6
PATIENCE: Final = 7
BREAK: Final = 8  # a break is due
NUMBERS: Final = 2**40  # room for numbers within a kind

MAX_STOPS: Final = 16  # of a tour
LOOK_AHEAD: Final = 40  # requests that a team considers for each physician when it plans
LEAST_ROOM: Final = 15.0  # minutes below which nothing more is planned for a physician


@dataclass(slots=True, kw_only=True)
class ShiftRow:
    """A physician-shift; rows are sorted by (physician, start), so the number is the tie order."""

    # what choosing reads: the first 64 bytes, one cache line
    free_after: int = -1  # the team's list of those who are free
    status: int = COMING
    place: int = 0
    goal: int = 0
    since: float = 0.0  # start of the leg to `goal`
    leg_end: float = 0.0
    end: float
    latest: float  # end plus allowed overtime
    physician: int
    vardcentral: int  # of the base, -1
    team: int
    between: int

    start: float
    base: int
    stand_by: int  # where to wait for work; -1: at base
    at: int = AT_PATIENT
    goal_at: int = AT_BASE
    patient: int = -1  # the request in hand
    breaks: int = 0  # due and not taken
    break_every: float  # minutes between breaks that fall due; inf: none
    break_min: float
    block_min: float
    open_leg: int = 0  # a pause began on the way to `goal`; that leg is not booked yet
    tour: int = -1  # the step of the next stop of the tour
    planned_left: float  # minutes of planned work that the shift has room for
    leg_km: float = 0.0
    factor: float = 1.0  # road conditions of the last visit
    busy_until: float = 0.0
    home: float = np.nan
    driving: float = 0.0
    on_scene: float = 0.0
    documenting: float = 0.0
    calling: float = 0.0
    km: float = 0.0
    stops: int = 0
    visits: int = 0
    listed: int = 0  # among the free
    free_before: int = -1
    duty_before: int = -1  # the team's list of those on duty, by number
    duty_after: int = -1


@dataclass(slots=True, kw_only=True)
class RequestRow:
    """A request of the tape under this organisation; the number is the tape's."""

    # what queues and choosing read: the first 64 bytes
    ordered: float  # t1
    gives_up: float
    on_scene_plan: float
    documentation_plan: float
    node: int
    level: int
    order: int  # place in the queue discipline within a level
    due_day: int
    first_step: int
    end_step: int  # steps first_step..end_step-1
    stage: int = AHEAD
    vardcentral: int

    named: int  # the named physician, -1
    visits: int
    telephone: int  # 1: solved by telephone
    leaves: int  # 1: at `gives_up` the patient leaves; 0: patience is out
    planned_for: int = -1  # the physician-shift whose tour it is in
    tour_after: int = -1  # the step of the stop after it there
    broken: int = 0  # times a tour did not reach it
    referred_to: int = -1  # code in sim.codes.ELSEWHERE if refused
    shift: int = -1
    step: int = -1
    hand_over: float  # minutes more of documentation when a later pool takes it over
    on_scene: float
    documentation: float
    travel_factor: float
    t3: float = np.nan
    t4: float = np.nan
    t5: float = np.nan
    t6: float = np.nan
    te: float = np.nan
    km: float = np.nan


@dataclass(slots=True, kw_only=True)
class StepRow:
    """A team that a request is put to, and from when."""

    request: int
    team: int
    at: float
    taken_over: int  # 1: by another pool than the first
    queued: int = 0
    before: int = -1  # neighbours in the team's queue
    after: int = -1


@dataclass(slots=True, kw_only=True)
class TeamRow:
    """A team: the first of its physician-shifts on duty, and of those among them who are free (in any order)."""

    on_duty: int = -1
    free: int = -1
    n_free: int = 0
    reserve: int  # how many free physicians are kept for A1


@dataclass(slots=True)
class QueueRow:
    """The queue of one team and level (number team * LEVELS + level), linked through steps."""

    head: int = -1
    tail: int = -1


@dataclass(slots=True)
class PlannerRow:
    """A physician on duty while the team plans."""

    shift: int = -1
    stops: int = 0
    origin: int = 0  # node from which the tour starts
    left: float = 0.0  # minutes of planned work for which there is still room within the planned share
    time: float = 0.0  # the same up to the end of the shift or the office day: for what is due today


class Run(NamedTuple):
    """All of one run. N nodes, H hours. Declared as the SimPy clock holds it."""

    horizon: float
    n_nodes: int
    n_hours: int
    choice: int
    travel_min: list[float]  # N*N, expected
    travel_km: list[float]  # N*N
    named_weight: float  # minutes of driving that the named physician is worth to a planner
    day_end: list[float]  # H: end of the office day that the hour lies in, 0 outside office hours
    n_breaks: int  # of all shifts
    plan_times: list[float]  # when teams plan, in order of (time, team)
    plan_teams: list[int]
    starts_order: list[int]  # physician-shifts by (start, number)
    arrivals_order: list[int]  # requests by (t1, number), those before the horizon
    shifts: list[ShiftRow]
    requests: list[RequestRow]
    steps: list[StepRow]
    teams: list[TeamRow]
    queues: list[QueueRow]
    tour: list[int]  # room for the tours of one team while it plans: nodes of the stops, MAX_STOPS for each physician
    item: list[int]  # steps of the stops
    planners: list[PlannerRow]


def row_type(kind: type[Any]) -> np.dtype[Any]:
    """The numpy type of a row class. Whole numbers take 4 bytes: small rows keep more of a run in the processor's
    cache."""
    return np.dtype([(f.name, np.int32 if f.type == "int" else np.float64) for f in fields(kind)], align=True)


def rows(kind: type[Any], length: int, **columns: Any) -> NDArray[Any]:
    """A structured array of `length` rows of a row class: `columns` by name, defaults for the rest."""
    table = np.zeros(length, dtype=row_type(kind))
    for field in fields(kind):
        table[field.name] = columns.pop(field.name) if field.name in columns else field.default
    if columns:
        raise TypeError(f"{kind.__name__} has no fields {sorted(columns)}")
    return table


ROW_CLASSES: Final = {
    "shifts": ShiftRow,
    "requests": RequestRow,
    "steps": StepRow,
    "teams": TeamRow,
    "queues": QueueRow,
    "planners": PlannerRow,
}


def as_objects(run: Run) -> Run:
    """The same run with rows as objects and arrays as lists, which plain Python handles several times faster."""
    held: dict[str, Any] = {}
    for name, value in zip(run._fields, cast("tuple[Any, ...]", run), strict=True):
        if name in ROW_CLASSES:
            kind = ROW_CLASSES[name]
            held[name] = [kind(**dict(zip(value.dtype.names, row, strict=True))) for row in value.tolist()]
        else:
            held[name] = value.tolist() if isinstance(value, np.ndarray) else value
    return Run(**held)


def as_arrays(table: Any, kind: type[Any]) -> NDArray[Any]:
    """Rows of a table as a structured array, whichever way they are held."""
    if isinstance(table, np.ndarray):
        return table
    names = [field.name for field in fields(kind)]
    return np.array([tuple(getattr(row, name) for name in names) for row in table], dtype=row_type(kind))
