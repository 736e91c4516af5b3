"""Why something is computed: what differs from what a folder holds already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.study.stages import STAGES, Stages
from sim.study.stages.hashing import digest, source
from sim.study.stages.keys import organisation_data, world_inputs
from sim.text import Text


def origins(stages: Stages) -> dict[str, Any]:
    """What the keys of a scenario are made from, as far as is needed to say why they differ: the program, the files of
    the region, and each organisation."""
    return {
        "program": program(),
        "region": digest(world_inputs(stages.scenario)["tables"]),
        "models": {name: organisation_data(item, "tables") for name, item in stages.organisations.items()},
    }


def program() -> str:
    """Of all source files and libraries that results depend on."""
    return digest([source(stage.source) for stage in STAGES])


def reason(manifest: Mapping[str, Any] | None, scenario: str, stages: Stages, model: str) -> Text:
    """Why what a study holds of a model does not do, or that it holds nothing."""
    try:
        keys, before = (manifest or {})["keys"][scenario], (manifest or {})["origins"][scenario]
        old = keys["models"][model]
    except (KeyError, TypeError):
        return NEW
    now = origins(stages)
    if before["program"] != now["program"]:
        return PROGRAM
    if before["region"] != now["region"]:
        return REGION
    if keys["draws"] != stages.keys.draws:
        return SCENARIO
    if old == vars(stages.keys.models[model]):
        return MORE
    return MODEL if before["models"][model] != now["models"][model] else SCENARIO


NEW: Final = Text("ny", "new")
MORE: Final = Text("fler upprepningar, eller sådana som fattas", "more replications, or ones that are missing")
MODEL: Final = Text("modellen är ändrad", "the model has changed")
SCENARIO: Final = Text("scenariot är ändrat", "the scenario has changed")
REGION: Final = Text("regionens filer är ändrade", "the region's files have changed")
PROGRAM: Final = Text("programmet är ändrat", "the program has changed")
