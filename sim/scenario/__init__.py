"""What the user wrote: the fields of a scenario, reading them from a file, changing and describing them."""

from __future__ import annotations

from sim.scenario.changes import (
    Assumption,
    assumptions,
    changed_fields,
    describe_changes,
    json_schema,
    resolved,
)
from sim.scenario.reading import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.template import head_of, in_full, manual, template

__all__ = [
    "Assumption",
    "Scenario",
    "assumptions",
    "changed_fields",
    "describe_changes",
    "head_of",
    "in_full",
    "json_schema",
    "load_scenario",
    "manual",
    "resolved",
    "template",
]
