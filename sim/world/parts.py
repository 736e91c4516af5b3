"""Parts of a tape: what is asked for where acute demand is so many times as large.

That needs do not depend on the organisation is an assumption. Whoever wants to see what it is worth gives a model a
factor on acute demand (A1 to A3). A tape is then drawn once, for the largest factor, and every model is run on the part
of it that its own factor takes: draws are nested (`sim.world.points`), so a smaller factor takes fewer of the same
requests, and the part of a factor is the same to the last bit whatever the largest was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sim.columns import Floats, rows_of
from sim.world.tape import DemandTape


class Whole(NamedTuple):
    """A tape with `factor` times the acute demand. `requests` and `patients`, by row: the factor above which each is
    there; 0 for all but acute requests, and for all patients but visitors, who come for one request each."""

    tape: DemandTape
    factor: float
    requests: Floats
    patients: Floats


def part_of(whole: Whole, factor: float) -> DemandTape:
    """The requests and patients that are there with `factor` times the acute demand; ValueError for more than there
    are on the tape."""
    if factor > whole.factor:
        raise ValueError(f"the tape was drawn for {whole.factor:g} times the acute demand; {factor:g} was asked for")
    if factor == whole.factor:
        return whole.tape
    asked, there = whole.requests < factor, whole.patients < factor
    row = np.append(np.cumsum(there) - 1, -1)  # of each patient in the part; a round has none
    requests = rows_of(whole.tape.requests, asked)
    return replace(
        whole.tape,
        requests=requests._replace(patient=row[requests.patient]),
        patients=rows_of(whole.tape.patients, there),
    )
