"""From the counts of a run to its sums: every measure without a price, and the amounts that prices multiply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.measures import kernel as k
from sim.measures.cells import Floats, Values, in_rows, ratio, with_sum
from sim.measures.counting import Counts, count
from sim.measures.county import equity_measures
from sim.measures.found import Found
from sim.measures.pricing import PRICED, Amounts, consequences, nurse_minutes
from sim.measures.requests import WEEKS_PER_YEAR, by_cell, curve_shares, patient_measures, request_measures
from sim.measures.shifts import shift_measures

if TYPE_CHECKING:
    from sim.engine.journal import Journal
    from sim.measures.staff import Staff
    from sim.scenario.classes import Classes
    from sim.world.tape import DemandTape
    from sim.world.world import World


def sum_up(
    tape: DemandTape, world: World, classes: Classes, journal: Journal, staff: Staff, weeks: float
) -> tuple[Found, Amounts]:
    """What is found without prices (NaN where they have a part), and the amounts; `weeks` are counted."""
    places = world.municipalities
    counts = count(tape, world, classes, journal, staff)
    found = (
        request_measures(counts.requests, len(places), weeks)
        | patient_measures(counts.patients)
        | shift_measures(counts.shifts, counts.rest, weeks)
    )
    people = np.array([place.population for place in places], dtype=float)
    found |= equity_measures(found, people)
    amounts = _amounts(tape, journal, staff, counts, len(places), found, WEEKS_PER_YEAR / weeks)
    values, n = in_rows(found | _consequences(amounts, found) | _unpriced(found))
    shares = curve_shares(counts.requests)
    physicians = ratio(counts.week[:-1], counts.week[-1])
    return Found(tuple(place.name for place in places), values, n, shares, physicians), amounts


def _consequences(amounts: Amounts, found: Values) -> Values:
    """Transports and visits to the emergency department a year, with the number of requests."""
    n = found["requests"][1][:1]
    return {name: (amounts.a_year * getattr(amounts, name)[None], n) for name in ("transports", "ed_visits")}


def _unpriced(found: Values) -> Values:
    """The measures that prices are part of: their n is known before their value."""
    requests, shifts, stops = found["requests"][1][:1], found["hours_per_week"][1], found["stops"][1][:1, 0]
    n = dict.fromkeys(PRICED, requests)
    n |= dict.fromkeys(("co2_kg_per_year", "cost_physicians", "cost_contractor", "cost_travel"), shifts)
    n |= dict.fromkeys(("cost_region", "cost_total", "cost_per_visit"), stops)
    return {name: (np.full_like(of, np.nan), of) for name, of in n.items()}


def _amounts(
    tape: DemandTape, journal: Journal, staff: Staff, counts: Counts, places: int, found: Values, a_year: float
) -> Amounts:
    cube = by_cell(counts.requests, places)
    counted = (journal.shift_start >= tape.warm_up_min) & (journal.shift_end > journal.shift_start)
    pool = journal.shift_pool[counted]
    paid: Floats = journal.shift_home[counted] - journal.shift_start[counted]
    transports, ed_visits, ward_stays, to_vardcentral = consequences(cube)
    with_physician, watching = nurse_minutes(cube)
    return Amounts(
        municipalities=places,
        base=journal.shift_municipality[counted],
        pool=pool,
        hours=(paid + staff.rest_min[pool]) / 60.0,
        km=journal.shift_km[counted],
        driven=with_sum(counts.shifts.bases)[:, k.KM],
        transports=transports,
        ed_visits=ed_visits,
        ward_stays=ward_stays,
        to_vardcentral=to_vardcentral,
        with_physician=with_physician,
        watching=watching,
        visits=float(found["visits"][0][0, 0]),
        a_year=a_year,
    )
