"""The numbers in the tables of a region, with what is known of them; with those of the scenario, all inputs.

Time profiles and what the municipalities' table says of people are listed one by one. Tables of places, facilities and
drives have a quality in every row, and so many rows that they are counted instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from sim.errors import RegionError
from sim.scenario.assumed import EstimateShare, Input, field_inputs, share_of_estimates
from sim.text import Text
from sim.world.csvfile import Row, Table, read_table
from sim.world.population import ENROLLED_COLUMN, ENROLLED_FILE, ENROLLED_RANGE
from sim.world.profiles import FILE_NAME as PROFILES
from sim.world.profiles import read_profiles
from sim.world.region import region_folder
from sim.world.regiontables import QUALITIES
from sim.world.visitors import GUEST_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from sim.errors import Problem
    from sim.scenario import Scenario
    from sim.scenario.fields import Quality

COUNTED: Final = ("places.csv", "facilities.csv", "driving_pairs.csv")  # quality in every row
_ESTIMATED: Final = "_est"  # how the name of a column of estimates ends
PEOPLE: Final = {
    ENROLLED_COLUMN: Text("inskrivna i hemsjukvård", "enrolled in home care"),
    GUEST_COLUMNS[0]: Text("gäster i fritidshus en dag i juli", "guests in summer houses on a day in July"),
    GUEST_COLUMNS[1]: Text("gäster på gästnätter, juni–augusti", "guests on guest nights, June to August"),
}
_RANGES: Final = {ENROLLED_COLUMN: ENROLLED_RANGE}
_DIMENSIONS: Final = {
    "hour_office": Text("timme, vardag", "hour, office day"),
    "hour_free": Text("timme, ledig dag", "hour, day off"),
    "weekday": Text("veckodag", "weekday"),
    "month": Text("månad", "month"),
    "enrolment": Text("andel inskrivna, ålder", "share enrolled, age"),
    "month_houses": Text("gäster i fritidshus, månad", "guests in summer houses, month"),
    "month_nights": Text("gästnätter, månad", "guest nights, month"),
}


class TableQuality(NamedTuple):
    """A table of a region: how many rows it has of each quality."""

    file: str
    measured: int
    published: int
    estimate: int

    @property
    def rows(self) -> int:
        return self.measured + self.published + self.estimate


def region_inputs(scenario: Scenario) -> list[Input]:
    """The numbers of a region's `profiles.csv` and the columns of `municipalities.csv` that size groups of people.

    Raises RegionError.
    """
    folder = region_folder(scenario)
    profiles = [
        Input(
            f"{PROFILES}:{row.klass}.{row.dimension}.{row.part}",
            Text(*(f"{row.klass}, {text} {row.part}" for text in _DIMENSIONS[row.dimension])),
            row.weight, row.low, row.high, "weight", row.source, cast("Quality", row.quality),
        )
        for row in read_profiles(folder).rows
    ]  # fmt: skip
    return [*_people(folder), *profiles]


def all_inputs(scenario: Scenario) -> list[Input]:
    """The numbers of the scenario, then those of its region. Raises RegionError."""
    return [*field_inputs(scenario), *region_inputs(scenario)]


def estimate_share(scenario: Scenario) -> EstimateShare:
    """How many of the numbers that a scenario and its region take as given are estimates, each counted alike: what a
    page says beside "Illustrativa indata". `.share` is 0 to 1. Raises RegionError."""
    return share_of_estimates(all_inputs(scenario))


def table_qualities(scenario: Scenario) -> list[TableQuality]:
    """Rows by quality of the region's tables that are too long to be listed. Raises RegionError."""
    folder = region_folder(scenario)
    found = []
    for file in COUNTED:
        if (folder / file).is_file():
            words = [row.cells["quality"] for row in _read(folder / file, ("quality",)).rows]
            found.append(TableQuality(file, *(words.count(word) for word in QUALITIES)))
    return found


def _people(folder: Path) -> list[Input]:
    """Of every municipality the people enrolled and the guests, as far as the table has them."""
    table = _read(folder / ENROLLED_FILE, ("name", ENROLLED_COLUMN))
    found = []
    for column, title in PEOPLE.items():
        quality: Quality = "estimate" if column.endswith(_ESTIMATED) else "published"
        for row in table.rows if column in table.header else []:
            value, low, high = (_number(table, row, name) for name in (column, *_RANGES.get(column, ("", ""))))
            place = row.cells["name"]
            key, words = f"{ENROLLED_FILE}:{place}.{column}", Text(f"{place}, {title.sv}", f"{place}, {title.en}")
            found.append(Input(key, words, value or 0.0, low, high, "persons", "SOURCES.md", quality))
    if table.problems:
        raise RegionError(table.problems)
    return found


def _number(table: Table, row: Row, column: str) -> float | None:
    """What stands there; None for an empty cell or a column that is not there."""
    if not row.cells.get(column):
        return None
    return table.number(row, column, 0, 1e7, _PEOPLE_HERE)


def _read(path: Path, columns: tuple[str, ...]) -> Table:
    problems: list[Problem] = []
    table = read_table(path, columns, problems)
    if problems:
        raise RegionError(problems)
    return table


_PEOPLE_HERE: Final = Text("ett antal människor", "a number of people")
