"""hembesok: physician visits in the home, the same patients under different organisations.

    from sim import load_scenario, simulate, compare, run_study
    import models

    scenario = load_scenario("scenarios/halland.yaml").with_changes({"demand.scale": 1.1})
    result = compare(scenario, models.all(), replications=50)

Names are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.version import __version__

if TYPE_CHECKING:
    from sim.api import Run, StudyResult, compare, load_study, run_study, simulate
    from sim.errors import HembesokError, MeasureError, OrganisationError, RegionError, ResultsError, ScenarioError
    from sim.measures import MeasureDefinition, Observed
    from sim.organisation import Organisation
    from sim.scenario import Scenario, load_scenario
    from sim.text import Text

__all__ = [
    "HembesokError",
    "MeasureDefinition",
    "MeasureError",
    "Observed",
    "Organisation",
    "OrganisationError",
    "RegionError",
    "ResultsError",
    "Run",
    "Scenario",
    "ScenarioError",
    "StudyResult",
    "Text",
    "__version__",
    "compare",
    "load_scenario",
    "load_study",
    "run_study",
    "simulate",
]

_ERRORS = ("HembesokError", "MeasureError", "OrganisationError", "RegionError", "ResultsError", "ScenarioError")
_HOME = {
    **dict.fromkeys(_ERRORS, "sim.errors"),
    **dict.fromkeys(("Run", "StudyResult", "compare", "load_study", "run_study", "simulate"), "sim.api"),
    **dict.fromkeys(("Scenario", "load_scenario"), "sim.scenario"),
    "Organisation": "sim.organisation",
    "MeasureDefinition": "sim.measures",
    "Observed": "sim.measures",
    "Text": "sim.text",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
