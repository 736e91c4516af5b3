"""The state of one run as rows: physician-shifts, requests, steps, teams and queues, with facts and state side by side.

To the rules a row is a thing with named fields. The SimPy clock holds rows as Python objects, the compiled clock as
rows of a structured numpy array (`rows.py`); the classes below define both. Times are minutes on the dyadic grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from sim.codes import OPEN

# Numbers of rows. A step is a request put to a team.
ShiftNo: TypeAlias = int
RequestNo: TypeAlias = int
StepNo: TypeAlias = int
TeamNo: TypeAlias = int

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

# Levels within a team: A1; A2 and PAL; A3; ADM; then all planned work together. An acute level has one queue,
# planned work one for each promised day.
ACUTE_LEVELS: Final = 4
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
    free_after: ShiftNo = -1  # the team's list of those who are free
    status: int = COMING
    place: int = 0
    goal: int = 0
    since: float = 0.0  # start of the drive: to `goal`, or to the patient in hand
    leg_end: float = 0.0  # its end; of the visit in hand the arrival, of a call its beginning
    leg_plan: float = 0.0  # its minutes as expected
    latest: float  # end plus allowed overtime
    physician: int
    vardcentral: int  # of the base, -1
    team: TeamNo
    between: int

    start: float
    end: float
    base: int
    stand_by: int  # where to wait for work; -1: at base
    at: int = AT_PATIENT
    goal_at: int = AT_BASE
    patient: RequestNo = -1  # the request in hand
    step: StepNo = -1  # by which it was taken
    breaks: int = 0  # due and not taken
    break_every: float  # minutes between breaks that fall due; inf: none
    break_min: float
    block_min: float
    open_leg: int = 0  # a pause began on the way to `goal`; that leg is not booked yet
    tour: StepNo = -1  # the next stop of the tour
    planned_left: float  # minutes of planned work that the shift has room for
    leg_km: float = 0.0
    factor: float = 1.0  # road conditions of the last visit
    scene_end: float = 0.0  # when the patient in hand is left
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
    free_before: ShiftNo = -1
    duty_before: ShiftNo = -1  # the team's list of those on duty, by number
    duty_after: ShiftNo = -1


@dataclass(slots=True, kw_only=True)
class RequestRow:
    """A request of the tape under this organisation; the number is the tape's. Two cache lines."""

    # what queues and choosing read
    on_scene_plan: float
    documentation_plan: float
    hand_over: float  # minutes more of documentation when a later pool takes it over
    node: int
    level: int
    telephone: int  # 1: solved by telephone
    named: int  # the named physician, -1
    vardcentral: int
    order: int  # place in the queue discipline within a level
    due_day: int
    planned_for: ShiftNo = -1  # whose tour it is in
    first_step: StepNo
    end_step: StepNo  # steps first_step..end_step-1

    ordered: float  # t1
    gives_up: float
    on_scene: float
    documentation: float
    travel_factor: float
    stage: int = AHEAD
    leaves: int  # 1: at `gives_up` the patient leaves; 0: patience is out
    visits: int
    referred_to: int = -1  # code in sim.codes.ELSEWHERE, if it was refused
    tour_after: StepNo = -1  # the next stop of the tour it is in
    place: int  # what it is listed with if it is planned, see `places.py`


@dataclass(slots=True)
class CourseRow:
    """What became of a request; see `journal.Courses`. Written when it comes to an end. One cache line."""

    t3: float = np.nan
    t4: float = np.nan
    t5: float = np.nan
    t6: float = np.nan
    te: float = np.nan
    km: float = np.nan
    outcome: int = OPEN
    shift: ShiftNo = -1
    step: int = -1
    broken: int = 0


@dataclass(slots=True, kw_only=True)
class StepRow:
    """A team that a request is put to, and from when."""

    at: float
    request: RequestNo
    team: TeamNo
    taken_over: int  # 1: by another pool than the first
    queued: int = 0
    before: StepNo = -1  # neighbours in the team's queue
    after: StepNo = -1


@dataclass(slots=True, kw_only=True)
class TeamRow:
    """A team: the first of its physician-shifts on duty, and of those among them who are free (in any order)."""

    on_duty: ShiftNo = -1
    free: ShiftNo = -1
    n_free: int = 0
    reserve: int  # how many free physicians are kept for A1
    planned: int = 0  # how much planned work waits,
    first_day: int = 0  # promised by a day from this
    last_day: int = 0  # to this


@dataclass(slots=True)
class QueueRow:
    """The ends of a queue, linked through steps."""

    head: int = -1
    tail: int = -1


@dataclass(slots=True)
class PlaceRow:
    """A place of a team, see `places.py`: entries first..end-1 of `placed` are not settled yet. -1: not listed yet.

    None of them is due before `due_day` or put to the team before `soonest`.
    """

    first: int = -1
    end: int = -1
    due_day: int = -1
    soonest: float = 0.0


@dataclass(slots=True)
class PlacedRow:
    """A step of a place."""

    step: StepNo = -1
    by_order: RequestNo = -1  # the planned request that has the entry's number for its order
    soonest: float = 0.0  # when the first of this one and those that follow in the place is put to the team


@dataclass(slots=True)
class PlannerRow:
    """A physician on duty while the team plans."""

    shift: ShiftNo = -1
    stops: int = 0
    origin: int = 0  # node from which the tour starts
    left: float = 0.0  # minutes of planned work for which there is still room within the planned share
    time: float = 0.0  # the same up to the end of the shift or the office day: for what is due today


class Least(NamedTuple):
    """The least minutes that any planned visit (or call) and any round of the run is expected to take on scene, and
    with documentation; inf if there is none."""

    visit_on_scene: float
    visit: float
    round_on_scene: float
    round: float


class State(NamedTuple):
    """All that the rules read and change. N nodes, D days. Declared as the SimPy clock holds it."""

    horizon: float
    n_nodes: int
    n_days: int
    choice: int
    named_weight: float  # minutes of driving that the named physician is worth to a planner
    least: Least
    travel_min: list[float]  # N*N, expected
    travel_km: list[float]  # N*N
    day_end: list[float]  # by hour: end of the office day that the hour lies in, 0 outside office hours
    shifts: list[ShiftRow]
    requests: list[RequestRow]
    courses: list[CourseRow]
    steps: list[StepRow]
    teams: list[TeamRow]
    queues: list[QueueRow]  # of each team ACUTE_LEVELS and D
    places: list[PlaceRow]  # of each team 2*N + 1
    placed: list[PlacedRow]  # room for all steps
    tour: list[int]  # room for the tours of one team while it plans: nodes of the stops, MAX_STOPS for each physician
    item: list[StepNo]  # steps of the stops
    planners: list[PlannerRow]


class Agenda(NamedTuple):
    """What is known to come before the first event, in order."""

    starts: list[ShiftNo]  # physician-shifts by (start, number)
    plan_times: list[float]  # when teams plan, by (time, team)
    plan_teams: list[TeamNo]
    ordered: list[float]  # t1 of every request
    arrivals: list[RequestNo]  # requests by (t1, number) that somebody is asked about before the horizon
    n_breaks: int  # of all shifts


class Run(NamedTuple):
    """One tape under one organisation: what the rules read and change, and what is known to come."""

    state: State
    agenda: Agenda
