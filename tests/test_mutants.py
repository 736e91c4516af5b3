"""Thousands of changed scenarios and regions: each works, or is refused in words that can be printed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from mutants import judged, printable
from region_mutants import region_mutant
from scenario_mutants import scenario_mutant

import models
from sim.declared import problems_in
from sim.errors import Problem
from sim.scenario import Scenario, describe_changes, load_scenario
from sim.scenario.places import Places
from sim.world.build import build_world
from sim.world.demand import draw_tape, plan_demand

QUICK, ALL = 150, 2000
DECLARED = models.declared()
SHORT = {"calendar.weeks": 1, "calendar.warm_up_weeks": 0}


def use(scenario: Scenario) -> None:
    """Say what it changes, plan the whole run, and draw its first week."""
    for text in describe_changes(scenario, Scenario()) + tuple(scenario.title.model_dump().values()):
        assert printable(text), "words of the file are printed as they are"
    world = build_world(scenario)
    plan_demand(scenario, world)
    draw_tape(plan_demand(scenario.with_changes(SHORT), world), 0)


def of_scenario(folder: Path, seed: int) -> str:
    """What came of a mutant scenario."""
    path = scenario_mutant(folder, seed)
    return judged(lambda: use(load_scenario(path, check_models)))


def check_models(tree: Mapping[str, Any], places: Places) -> list[Problem]:
    """What is wrong with the models that a scenario names, and with their settings: as every command asks."""
    return problems_in(tree, places, DECLARED)


def of_region(folder: Path, seed: int) -> str:
    """What came of a mutant region, under a scenario that names it."""
    stated = region_mutant(folder, seed)
    path = folder / "my.yaml"
    path.write_text(json.dumps(stated), encoding="utf-8")
    return judged(lambda: use(load_scenario(path)))


KINDS = {"scenario": of_scenario, "region": of_region}


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Machine code is made before any mutant is timed."""
    use(Scenario())


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Any]:
    """Fresh empty folders, one after the other."""

    def made() -> Iterator[Path]:
        for number in count():
            folder = tmp_path / str(number)
            folder.mkdir()
            yield folder

    yield made()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "seeds", [range(QUICK), pytest.param(range(QUICK, ALL), marks=pytest.mark.slow)], ids=["quick", "all"]
)
def test_a_mutant_works_or_is_refused_in_words(kind: str, seeds: range, folders: Iterator[Path]) -> None:
    ends = {seed: KINDS[kind](next(folders), seed) for seed in seeds}
    faults = {seed: end for seed, end in ends.items() if end not in ("works", "refused")}
    assert faults == {}
    seen = Counter(ends.values())
    assert min(seen["works"], seen["refused"]) > len(seeds) / 20  # the mutants try both
