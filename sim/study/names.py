"""Names that are plain file names on every system."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.scenario import Scenario

_RESERVED: Final = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def is_safe_name(name: str) -> bool:
    """True for a name that is a plain file name on every system: letters, digits, - _ and inner dots."""
    shape = re.fullmatch(r"[^\W_](?:[\w.-]{0,78}[\w-])?", name)
    return shape is not None and _RESERVED.match(name) is None


def safe_name(text: str) -> str:
    """A file name like `text`: every other run of characters becomes one `_`; never empty."""
    name = re.sub(r"[^\w.-]+", "_", text).strip("._-")[:80].rstrip("._-")
    return f"study_{name}" if _RESERVED.match(name) else name or "study"


def name_scenarios(scenarios: Mapping[str, Scenario] | Sequence[Scenario]) -> dict[str, Scenario]:
    """Scenarios by a name fit for a file: the given one, else the file's or the title; the second of a name has 2 after
    it, and so on."""
    if isinstance(scenarios, Mapping):
        return dict(scenarios)
    named: dict[str, Scenario] = {}
    for scenario in scenarios:
        stem = safe_name(scenario.file.stem if scenario.file else scenario.title.en or scenario.title.sv)
        number = 1
        while (name := stem if number == 1 else f"{stem}_{number}") in named:
            number += 1
        named[name] = scenario
    return named
