"""The measures of one run: journal in, three tidy tables out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sim.codes import ACUTE
from sim.engine.journal import Journal
from sim.measures.cells import Floats, ratio, sums
from sim.measures.definitions import CELL_CLASSES, MEASURES
from sim.measures.hours import hours_table
from sim.measures.requests import Requests, request_measures
from sim.measures.shifts import shift_measures
from sim.statistics import gap, weighted_gini
from sim.world.tape import DemandTape
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

CURVE_CLASSES: Final = (*ACUTE, "acute")
CURVE_GRID: Final = tuple(range(0, 490, 10))

MINUTES_PER_WEEK: Final = 7 * 24 * 60


@dataclass(frozen=True)
class Measures:
    """The measures of one run; the data dictionary says what each value means.

    `table`: municipality, group, class, window, measure, value, unit, n ("all" where a dimension is not split).
    `curves`: municipality, class, minutes, arrived, escalated (cumulative shares of ordered visits).
    `hours`: weekday (0 = Monday), hour, on_shift, driving, on_scene, documenting (mean number of physicians).
    Every run of one region has the same rows in the same order; a value that does not exist is NaN with n = 0.
    """

    table: pd.DataFrame
    curves: pd.DataFrame
    hours: pd.DataFrame


def measure(tape: DemandTape, world: World, scenario: Scenario, journal: Journal) -> Measures:
    """All measures of one run. ValueError when journal and tape differ in length or no time is left after warm-up."""
    if len(journal.t1) != len(tape):
        raise ValueError(f"the journal has {len(journal.t1)} requests and the tape {len(tape)}")
    weeks = (tape.horizon_min - tape.warm_up_min) / MINUTES_PER_WEEK
    if weeks <= 0:
        raise ValueError("the warm-up is as long as the run: nothing is left to measure")
    names = tuple(municipality.name for municipality in world.municipalities)
    classes = scenario.classes
    targets = np.array([classes.A1.target_min, classes.A2.target_min, classes.A3.target_min], dtype=float)
    requests = Requests.of(tape, world, journal, targets)
    by_request = request_measures(requests, weeks)
    by_shift = shift_measures(tape, world, journal, weeks)
    population = np.array([municipality.population for municipality in world.municipalities], dtype=float)
    by_county = _equity(by_request, len(names), population)
    return Measures(
        table=_table(names, requests, by_request, by_shift, by_county),
        curves=_curves(names, requests, tape.horizon_min),
        hours=hours_table(tape, world, journal),
    )


Values = dict[str, tuple[Floats, Floats]]


def _equity(by_request: Values, municipalities: int, population: Floats) -> Values:
    acute = CELL_CLASSES.index("acute")
    own = slice(1, 1 + municipalities)
    response, in_target = (by_request[name][0][own, acute] for name in ("response_min", "in_target"))
    response_gap, known = gap(response)
    target_gap, known_target = gap(in_target)
    return {
        "gap_response_min": (np.array([response_gap]), np.array([known])),
        "gap_in_target": (np.array([target_gap]), np.array([known_target])),
        "gini_response": (np.array([weighted_gini(response, population)]), np.array([known])),
    }


def _table(
    names: tuple[str, ...], requests: Requests, by_request: Values, by_shift: Values, by_county: Values
) -> pd.DataFrame:
    splits = requests.cells.labels(names)
    every = len(splits["municipality"])
    labels: dict[str, list[str]] = {key: [] for key in ("municipality", "group", "class", "window", "measure", "unit")}
    values: list[Floats] = []
    counts: list[Floats] = []

    def add(columns: dict[str, list[str]], klass: str, name: str, unit: str, value: Floats, n: Floats) -> None:
        size = len(columns["municipality"])
        for key, words in columns.items():
            labels[key] += words
        labels["class"] += [klass] * size
        labels["measure"] += [name] * size
        labels["unit"] += [unit] * size
        values.append(value)
        counts.append(n)

    county = {"municipality": ["all"], "group": ["all"], "window": ["all"]}
    bases = {"municipality": ["all", *names], "group": ["all"] * (1 + len(names)), "window": ["all"] * (1 + len(names))}
    for item in MEASURES:
        if item.split == "request":
            value, n = by_request[item.name]
            for klass in item.classes:
                k = CELL_CLASSES.index(klass)
                add(splits, klass, item.name, item.unit, value[:every, k], n[:every, k])
        else:
            columns, source = (bases, by_shift) if item.split == "shift" else (county, by_county)
            add(columns, item.classes[0], item.name, item.unit, *source[item.name])
    frame = pd.DataFrame(labels)
    frame.insert(5, "value", np.concatenate(values))
    frame["n"] = np.concatenate(counts).astype(np.int64)
    return frame


def _curves(names: tuple[str, ...], requests: Requests, horizon_min: float) -> pd.DataFrame:
    grid = np.array(CURVE_GRID, dtype=float)
    cells, points, kinds = requests.cells, len(grid), len(ACUTE)  # the acute classes have the first codes
    followed = requests.acute & requests.ordered & (requests.age >= grid[-1])

    def cumulative(minutes: Floats) -> Floats:
        mask = followed & ~np.isnan(minutes)
        first = np.searchsorted(grid, minutes[mask], side="left")  # the first grid point not before it; last: beyond
        code = (cells.municipality[mask] * kinds + cells.klass[mask]) * (points + 1) + first
        count = sums(code, len(names) * kinds * (points + 1)).reshape(len(names), kinds, points + 1)
        return np.cumsum(_with_sums(count)[..., :points], axis=-1)

    code = cells.municipality[followed] * kinds + cells.klass[followed]
    n = _with_sums(sums(code, len(names) * kinds).reshape(len(names), kinds, 1))
    places = ["all", *names]
    return pd.DataFrame(
        {
            "municipality": np.repeat(places, len(CURVE_CLASSES) * points),
            "class": np.tile(np.repeat(CURVE_CLASSES, points), len(places)),
            "minutes": np.tile(np.array(CURVE_GRID, dtype=np.int64), len(places) * len(CURVE_CLASSES)),
            "arrived": ratio(cumulative(requests.response), n).ravel(),
            "escalated": ratio(cumulative(requests.until_escalated), n).ravel(),
        }
    )


def _with_sums(counts: Floats) -> Floats:
    """(M, K, x) to (1 + M, K + 1, x): all municipalities in front, all classes at the end."""
    both = np.concatenate([counts.sum(axis=0, keepdims=True), counts])
    return np.concatenate([both, both.sum(axis=1, keepdims=True)], axis=1)
