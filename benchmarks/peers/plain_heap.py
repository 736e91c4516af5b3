"""A program by hand in plain Python: one heap of completions, arrivals in line, no simulation package."""

from __future__ import annotations

import math
from heapq import heappop, heappush

import numpy as np

from benchmarks.common import TICKS, Case, PeerJournal


def simulate(case: Case) -> PeerJournal:
    """From the tape to the journal."""
    tape = case.tape
    n, people = len(tape), len(case.bases)
    travel, bases = case.world.travel_min.tolist(), case.bases.tolist()
    ordered, node, klass, factor = (
        column.tolist() for column in (case.ordered, tape.node, tape.klass, tape.travel_factor)
    )
    on_scene, documentation = tape.on_scene_min.tolist(), tape.documentation_min.tolist()
    gives_up = (case.ordered + tape.patience_min).tolist()
    t3, t4, t5, t6, te = ([math.nan] * n for _ in range(5))
    physician = [-1] * n
    free = [True] * people
    place, since, home_at = list(bases), [0.0] * people, [0.0] * people
    finishing: list[tuple[float, int, int]] = []
    queue: list[tuple[int, int]] = []
    horizon = tape.horizon_min
    arrival = 0
    while True:
        at = ordered[arrival] if arrival < n else math.inf
        if finishing and finishing[0][0] <= at:
            now, who, done = heappop(finishing)
            if now >= horizon:
                break
            place[who], since[who] = node[done], now
            trip = travel[node[done]][bases[who]] * factor[done]
            home_at[who] = now + math.floor(trip * TICKS + 0.5) / TICKS
            while queue and gives_up[queue[0][1]] < now:
                te_of = heappop(queue)[1]
                te[te_of] = gives_up[te_of]
            if not queue:
                free[who] = True
                continue
            r = heappop(queue)[1]
            minutes = travel[place[who]][node[r]]
        else:
            now, r = at, arrival
            if now >= horizon:
                break
            arrival += 1
            who, minutes = -1, math.inf
            for u in range(people):
                if free[u]:
                    needed = minutes_to(now, travel, place[u], bases[u], since[u], home_at[u], node[r])
                    if needed < minutes:
                        who, minutes = u, needed
            if who < 0:
                heappush(queue, (klass[r], r))
                continue
        free[who] = False
        physician[r] = who
        t3[r] = now
        t4[r] = now + math.floor(minutes * factor[r] * TICKS + 0.5) / TICKS
        t5[r] = t4[r] + on_scene[r]
        t6[r] = t5[r] + documentation[r]
        heappush(finishing, (t6[r], who, r))
    for _, r in queue:
        if gives_up[r] < horizon:
            te[r] = gives_up[r]
    return PeerJournal(
        np.array(t3), np.array(t4), np.array(t5), np.array(t6), np.array(te), np.array(physician, dtype=np.int64)
    )


def minutes_to(
    now: float, travel: list[list[float]], place: int, base: int, since: float, home_at: float, node: int
) -> float:
    """Expected minutes for a free physician; one on the way home turns round if that is shorter."""
    if now < home_at:
        homeward = travel[place][base]
        driven = math.floor(homeward * ((now - since) / (home_at - since)) * TICKS + 0.5) / TICKS
        onward = homeward - driven + travel[base][node]
        back = driven + travel[place][node]
        return back if back <= onward else onward
    return travel[base][node]
