"""The organisation models. One file each: a function with the file's name that gives an Organisation.

    models.hybrid(hubs=2)       # one model, with some of its settings changed
    models.all()                # every model as it is declared
    models.four()               # those of the investigation, whatever other files there are
    models.of(scenario)         # every model and variant with the settings that the scenario states

A new file is found by itself; see docs/howto-fifth-model.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.declared import Declared, Model, model_files, organisations
from sim.organisation import Organisation

if TYPE_CHECKING:
    from sim.scenario import Scenario

FIRST = ("status_quo", "central_team", "vardcentral_led", "hybrid")  # order of presentation; others follow by name


def declared() -> Declared:
    """The models of this folder: the four of the investigation first, then any other file; and what is wrong with the
    files that are none."""
    files = {file.stem: file for file in model_files(Path(__file__).parent)}
    ordered = [name for name in FIRST if name in files] + [name for name in files if name not in FIRST]
    return Declared.of_files([files[name] for name in ordered], __name__)


def names() -> tuple[str, ...]:
    """The names of all models, in order of presentation."""
    return tuple(declared().models)


def find(name: str) -> Organisation:
    """The model of that name as it is declared. Raises OrganisationError if there is none or its file is
    faulty."""
    return declared().find(name)()


def all() -> tuple[Organisation, ...]:
    """Every model as it is declared, in order of presentation. Files that are no model are left out with a warning."""
    found = declared()
    for fault in found.faults.values():
        warnings.warn(f"left out: {fault}", stacklevel=2)
    return tuple(model() for model in found.models.values())


def four() -> tuple[Organisation, ...]:
    """The models of the investigation as they are declared, in order of presentation."""
    return tuple(find(name) for name in FIRST)


def of(scenario: Scenario, wanted: Sequence[str] | None = None) -> tuple[Organisation, ...]:
    """The models and variants of these names (None: those of the scenario) with the settings that the scenario states.

    Raises ScenarioError with every fault in what it says of models.
    """
    return organisations(scenario, declared(), wanted)


def __getattr__(name: str) -> Model:
    """`models.hybrid` is the model of models/hybrid.py."""
    found = None if name.startswith("_") else declared().models.get(name)
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return found
