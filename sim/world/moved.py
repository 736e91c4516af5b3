"""The region's tables elsewhere in their ranges: what is not known for sure of who is enrolled and when people ask.

Rows that say where they come from in the same words are wrong together, so one number moves all rows of a source: 0 to
1, where in its own range each row then lies (0.5: as the table says). A source that gives every part of a profile of
hours, weekdays or months says how pronounced it is, since such weights are relative: those above their mean move up as
the others move down. Tables without low and high are taken as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.scenario.plausible import Plausible
from sim.text import Text
from sim.world.assumed import PEOPLE
from sim.world.population import ENROLLED_COLUMN, ENROLLED_FILE
from sim.world.profiles import FILE_NAME, PARTS, TIME_PARTS, ProfileRow, profiles_of

if TYPE_CHECKING:
    from sim.world.demand import DemandInputs

BEFORE: Final = "region."  # in the name of a source in a region's tables


@dataclass(frozen=True)
class TableSource:
    """Rows of one table that have one source. `name` is the address of its draw; `rows` are those of `Profiles.rows`,
    none for the people enrolled; `shape`: it says how pronounced a profile is."""

    name: str
    rows: tuple[int, ...] = ()
    shape: bool = False


ENROLLED: Final = TableSource(f"{BEFORE}{ENROLLED_FILE.removesuffix('.csv')}.{ENROLLED_COLUMN}")
_PROFILES: Final = f"{BEFORE}{FILE_NAME.removesuffix('.csv')}."
_TITLES: Final = {
    "hour_office": Text("när på dygnet det akuta kommer, vardag", "when in the day acute calls come, office days"),
    "hour_free": Text("när på dygnet det akuta kommer, ledig dag", "when in the day acute calls come, days off"),
    "weekday": Text("vilka veckodagar det akuta kommer", "on which weekdays acute calls come"),
    "month": Text("vilka månader det akuta kommer", "in which months acute calls come"),
    "enrolment": Text("andelen inskrivna", "the share enrolled"),
    "month_houses": Text("gäster i fritidshus", "guests in summer houses"),
    "month_nights": Text("gäster på gästnätter", "guests on guest nights"),
}
_FROM: Final = Text("{title} (från {part})", "{title} (from {part})")


def table_sources(inputs: DemandInputs) -> tuple[TableSource, ...]:
    """What can be moved in the tables of a region: the people enrolled, then the profiles, source by source."""
    groups: dict[tuple[str, str], dict[str, list[int]]] = {}
    for number, row in enumerate(inputs.profiles.rows):
        groups.setdefault((row.klass, row.dimension), {}).setdefault(row.source, []).append(number)
    found = [] if inputs.enrolled_range is None else [ENROLLED]
    for (klass, dimension), sources in groups.items():
        for rows in sources.values():
            if not any(_law(inputs.profiles.rows[row]) for row in rows):
                continue
            every = len(rows) == len(PARTS[dimension])
            first = "" if every else f".{inputs.profiles.rows[rows[0]].part}"
            shape = every and dimension in TIME_PARTS
            found.append(TableSource(f"{_PROFILES}{klass}.{dimension}{first}", tuple(rows), shape))
    return tuple(found)


def title_of(name: str) -> Text:
    """A source in the region's tables in words."""
    if name == ENROLLED.name:
        return PEOPLE[ENROLLED_COLUMN]
    _, dimension, *part = name.removeprefix(_PROFILES).split(".")
    title = _TITLES[dimension]
    return _FROM.format(title=title, part=part[0]) if part else title


def moved_tables(inputs: DemandInputs, at: Mapping[str, float]) -> DemandInputs:
    """The tables with each source that is named in `at` there in its range, 0 < at < 1; the others as they are."""
    enrolled, rows = inputs.enrolled, list(inputs.profiles.rows)
    for source in table_sources(inputs):
        if source.name not in at:
            continue
        where = at[source.name]
        if source is ENROLLED and inputs.enrolled_range is not None:
            ends = zip(enrolled.tolist(), *inputs.enrolled_range.tolist(), strict=True)
            people = [_at(Plausible(n, low, high, share=False), where) for n, low, high in ends]
            enrolled = np.floor(np.array(people) + 0.5).astype(np.int64)
        mean = sum(rows[number].weight for number in source.rows) / max(len(source.rows), 1)
        for number in source.rows:
            law = _law(row := rows[number])
            if law is not None:
                turned = source.shape and row.weight < mean
                rows[number] = row._replace(weight=law.at(1.0 - where if turned else where))
    return replace(inputs, enrolled=enrolled, profiles=profiles_of(rows))


def _law(row: ProfileRow) -> Plausible | None:
    """None of a weight that is certain."""
    share = row.dimension == "enrolment"
    known = 0 < row.low <= row.weight <= row.high and row.low < row.high and not (share and row.high >= 1)
    return Plausible(row.weight, row.low, row.high, share) if known else None


def _at(law: Plausible, where: float) -> float:
    return law.at(where) if 0 < law.low <= law.value <= law.high else law.value
