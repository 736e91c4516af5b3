"""Organisations made in Python beside a scenario that states settings of them: they must not say different things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sim.errors import ScenarioError
from sim.organisation import Organisation
from sim.scenario.schema import Scenario
from sim.scenario.stated import stated_leaves
from sim.text import Text


def check_heeded(scenario: Scenario, organisations: Iterable[Organisation]) -> None:
    """Refuse an organisation made without a setting that the scenario states for it, which would be run otherwise than
    the stored scenario says. Raises ScenarioError with every such setting."""
    problems = []
    for made in organisations:
        stated = scenario.models.get(made.name)
        own = dict(made.settings)
        for key, value in stated_leaves(stated if isinstance(stated, Mapping) else {}):
            if key.split(".")[0] not in ("from", "title") and not (key in own and _alike(value, own[key])):
                said = _OTHER.format(name=made.name, value=own.get(key, "–"))
                problems.append(scenario.places.problem(("models", made.name, *key.split(".")), said))
    if problems:
        raise ScenarioError(problems)


def _alike(stated: Any, used: Any) -> bool:
    """Whether a value as it is written means the one in use: 8:00 is 08:00, 24:00 is 00:00, and order in a list of
    weekdays says nothing."""
    if isinstance(stated, tuple) and isinstance(used, tuple):
        return sorted(str(item).lower() for item in stated) == sorted(str(item).lower() for item in used)
    clocks = [re.fullmatch(r"(\d{1,2}):(\d\d)", str(value)) for value in (stated, used)]
    if clocks[0] and clocks[1]:
        return (int(clocks[0][1]) % 24, clocks[0][2]) == (int(clocks[1][1]) % 24, clocks[1][2])
    return bool(stated == used)


_OTHER = Text(
    "organisationen {name} är gjord utan den (med {value}); gör den med models.of(scenario)",
    "the organisation {name} was made without it (with {value}); make it by models.of(scenario)",
)
