"""Every measure, kind by kind: what it means, how it is made and its words stand together in `sim.measures.kinds`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.measures.forms import MeasureDefinition
from sim.measures.kinds import (
    consequences,
    continuity,
    costs,
    endings,
    equity,
    planned,
    response,
    travel,
    use_of_time,
    working_time,
)

# In the order of the table.
MEASURES: Final[tuple[MeasureDefinition, ...]] = (
    *response.MEASURES,
    *endings.MEASURES,
    *planned.MEASURES,
    *continuity.MEASURES,
    *use_of_time.MEASURES,
    *travel.MEASURES,
    *working_time.MEASURES,
    *equity.MEASURES,
    *consequences.MEASURES,
    *costs.MEASURES,
)
_BY_NAME: Final = {item.name: item for item in MEASURES}


def headlines(definitions: Sequence[MeasureDefinition]) -> tuple[tuple[str, str], ...]:
    """Measure and class of those that verdict sentences speak of, in the order they are spoken."""
    spoken = [item for item in definitions if item.headline]
    spoken.sort(key=lambda item: item.spoken.place if item.spoken else len(MEASURES))
    return tuple((item.name, item.headline) for item in spoken)


HEADLINES: Final = headlines(MEASURES)


def definition(name: str, own: Sequence[MeasureDefinition] = ()) -> MeasureDefinition:
    """The definition of a measure by name, among the program's and `own` ones; KeyError when there is none."""
    return next((item for item in own if item.name == name), None) or _BY_NAME[name]
