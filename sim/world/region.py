"""A region is a folder of tables; this reads one, checks them all, and says all that is wrong at once.

The form of the folder is documented in `docs/data.md`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, RegionError
from sim.files import FileFault
from sim.quoting import clean
from sim.scenario.reading import problem_at
from sim.text import Text
from sim.world.csvfile import did_you_mean, sha256_of
from sim.world.outlines import Outline, read_outlines
from sim.world.regiontables import (
    DrivingPairs,
    Places,
    Site,
    read_municipalities,
    read_pairs,
    read_places,
    read_sites,
)
from sim.world.world import Municipality

if TYPE_CHECKING:
    from sim.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INPUTS = ("municipalities.csv", "places.csv", "facilities.csv", "driving_pairs.csv", "outlines.geojson", "profiles.csv",
          "population_by_age.csv")  # fmt: skip
# What is kept for each pair of them must fit in memory: a country such as Sweden has 5 600 places and 1 400
# vårdcentraler by Halland's measure.
MAX_MUNICIPALITIES, MAX_PLACES, MAX_FACILITIES, MAX_LISTINGS = 1_000, 7_000, 20_000, 20_000_000


@dataclass(frozen=True)
class Region:
    """The checked tables of one region folder."""

    name: str
    folder: Path
    municipalities: tuple[Municipality, ...]
    places: Places
    sites: tuple[Site, ...]
    pairs: DrivingPairs
    outlines: tuple[Outline, ...]  # per municipality, rings of (k, 2) lon, lat
    checksums: tuple[tuple[str, str], ...]


def region_folder(scenario: Scenario) -> Path:
    """The folder of `scenario.region`: one that comes with hembesok, or a path relative to the scenario file.

    Raises:
        RegionError: there is no such folder.
    """
    shipped = Path(__file__).resolve().parent.parent / "data"
    region = str(scenario.region)
    if re.fullmatch(r"[\w-]+", region) and (shipped / region).is_dir():
        return shipped / region
    folder = Path(scenario.folder or ".") / region
    if os.path.isdir(folder):
        return folder
    names = sorted(path.name for path in shipped.iterdir() if path.is_dir())
    hint = did_you_mean(region, names)
    hint = hint if hint.en else _ANY_REGION.format(names=", ".join(names))
    message = _NO_FOLDER.format(folder=clean(str(folder), 200), hint=hint)
    raise RegionError([problem_at(scenario, "region", message)])


def read_region(folder: Path) -> Region:
    """Read and check a region folder.

    `driving_pairs.csv` and `outlines.geojson` may be absent; then there is no travel formula, and no map.

    Raises:
        RegionError: with every problem of every table: file, line, column, what is wrong and what to write instead.
    """
    problems: list[Problem] = []
    municipalities = read_municipalities(folder / "municipalities.csv", problems)
    codes = {municipality.code: number for number, municipality in enumerate(municipalities) if municipality.code}
    places = read_places(folder / "places.csv", codes, problems)
    sites = read_sites(folder / "facilities.csv", codes, problems)
    pairs = read_pairs(folder / "driving_pairs.csv", problems)
    outlines = read_outlines(folder / "outlines.geojson", codes, problems)
    if not problems:
        problems += _together(folder, municipalities, places, sites)
    checksums = _checksums(folder, problems)
    if problems:
        raise RegionError(problems)
    return Region(folder.resolve().name, folder, tuple(municipalities), places, sites, pairs, outlines, checksums)


def _checksums(folder: Path, problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    """Of every input there is. One that cannot be read, and is read later than the others, is a problem."""
    found = []
    for name in INPUTS:
        try:
            found.append((name, sha256_of(folder / name)))
        except FileFault as fault:
            if fault.reason != "missing" and not any(problem.file == str(folder / name) for problem in problems):
                problems.append(fault.problem(folder / name))
    return tuple(found)


def _together(
    folder: Path, municipalities: list[Municipality], places: Places, sites: tuple[Site, ...]
) -> list[Problem]:
    """What only shows when the tables are laid side by side."""
    problems: list[Problem] = []

    def fault(file: str, key: str, message: Text) -> None:
        problems.append(Problem(str(folder / file), 0, 0, key, message))

    people = np.bincount(places.municipality, places.population.sum(axis=1), len(municipalities))
    for municipality, here in zip(municipalities, people.tolist(), strict=True):
        if round(here) != municipality.population:
            said = _UNEQUAL.format(name=municipality.name, people=f"{here:.0f}", stated=municipality.population)
            fault("places.csv", "municipality_code", said)
    centres = sum(site.kind == "vardcentral" for site in sites)
    if not centres:
        fault("facilities.csv", "kind", _NO_CENTRE)
    for file, count, most in (
        ("municipalities.csv", len(municipalities), MAX_MUNICIPALITIES),
        ("places.csv", len(places.id), MAX_PLACES),
        ("facilities.csv", len(sites), MAX_FACILITIES),
        ("facilities.csv", len(places.id) * centres, MAX_LISTINGS),
    ):
        if count > most:
            fault(file, "", (_TOO_MANY if most < MAX_LISTINGS else _TOO_MANY_PAIRS).format(count=count, most=most))
    return problems


_NO_FOLDER: Final = Text("mappen {folder} finns inte{hint}", "there is no folder {folder}{hint}")
_ANY_REGION: Final = Text(
    "; skriv något av {names}, eller en mapp med sökväg från scenariofilen",
    "; write one of {names}, or a folder relative to the scenario file",
)
_UNEQUAL: Final = Text(
    "orterna i {name} har {people} människor, municipalities.csv säger {stated}; gör dem lika",
    "the places of {name} hold {people} people, municipalities.csv says {stated}; make them equal",
)
_NO_CENTRE: Final = Text(
    "har ingen vårdcentral; skriv minst en rad av slaget vardcentral",
    "has no vårdcentral; write at least one line of kind vardcentral",
)
_TOO_MANY: Final = Text("har {count} rader; högst {most} ryms", "has {count} lines; there is room for {most}")
_TOO_MANY_PAIRS: Final = Text(
    "orter gånger vårdcentraler är {count}; högst {most} ryms",
    "places times vårdcentraler are {count}; there is room for {most}",
)
