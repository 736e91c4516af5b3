"""A price changes nothing that happened: the sums of a run know none, and new prices need only the sums."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from measure_factory import SCENARIO, make_journal, make_staff, make_tape, make_world, run
from test_measures_slow import long_week

from sim.measures import MEASURES, Sums, priced, sums_of
from sim.measures.forms import Priced
from sim.measures.measuring import rounded
from sim.scenario import Scenario

PRICED = {item.name for item in MEASURES if isinstance(item.made, Priced)}
FIELDS = tuple(type(SCENARIO.costs).model_fields)
SHIFTS_SEEN = long_week()[1]


def sums(scenario: Scenario) -> Sums:
    requests, shifts = long_week()
    return sums_of(
        make_tape(requests), make_world(), scenario.classes, make_journal(requests, shifts), make_staff(shifts)
    )


def changed(field: str, scale: float = 0.5) -> Scenario:
    return SCENARIO.with_changes({f"costs.{field}": scale * getattr(SCENARIO.costs, field)})


def arrays(thing: Any) -> list[Any]:
    """Every number in dataclasses and tuples, in order."""
    if dataclasses.is_dataclass(thing):
        return [item for field in dataclasses.fields(thing) for item in arrays(getattr(thing, field.name))]
    return [item for part in thing for item in arrays(part)] if isinstance(thing, tuple) else [thing]


@pytest.mark.parametrize("field", FIELDS)
def test_a_new_price_needs_only_the_sums(field: str) -> None:
    """Every field of the costs moves some measure, and what is priced from old sums is what a new run would give."""
    scenario = changed(field)
    old, staff = sums(SCENARIO), make_staff(SHIFTS_SEEN)
    for one, other in zip(arrays(old), arrays(sums(scenario)), strict=True):
        np.testing.assert_array_equal(one, other)
    before, after = priced(old, SCENARIO.costs, staff), priced(old, scenario.costs, staff)
    moved = ~((before.values == after.values) | np.isnan(before.values))
    names = set(before.table["measure"][moved])
    assert names and names <= PRICED
    np.testing.assert_array_equal(before.counts, after.counts)


def test_sums_hold_every_measure_but_the_priced() -> None:
    found, whole = sums(SCENARIO).found, run(*long_week(), staff=make_staff(SHIFTS_SEEN))
    names = whole.table["measure"]
    dear = names.isin(list(PRICED)).to_numpy()
    assert len(PRICED) > 10
    assert np.isnan(found.values[dear]).all()
    np.testing.assert_array_equal(rounded(found.values[~dear]), whole.values[~dear])
    np.testing.assert_array_equal(found.counts, whole.counts)


def test_pricing_leaves_the_sums_alone() -> None:
    held, staff = sums(SCENARIO), make_staff(SHIFTS_SEEN)
    before = [np.copy(item) for item in arrays(held)]
    priced(held, changed("physician_hour").costs, staff)
    for one, other in zip(before, arrays(held), strict=True):
        np.testing.assert_array_equal(one, other)
