"""What a scenario states about how plausible its numbers of the world are: a range of its own, or that it is known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sim.errors import Problem
from sim.language.nearest import did_you_mean
from sim.scenario.fields import Leaf, leaves, value_of
from sim.scenario.places import Places
from sim.scenario.plausible import is_uncertain
from sim.scenario.schema import Scenario
from sim.scenario.words import Location, shown
from sim.text import Text

KNOWN: Final = "known"
PLAUSIBLE: Final = "plausible"

Range = tuple[float, float]  # a central 90 % interval around the value in use


def stated_ranges(scenario: Scenario) -> dict[str, Range | None]:
    """By dotted key the range that the scenario states, None for what it says is known. Only where `range_problems`
    finds nothing."""
    found: dict[str, Range | None] = {}
    for where, value in _entries(scenario.plausible, ()):
        found[".".join(where)] = None if value == KNOWN else (float(value[0]), float(value[1]))
    return found


def range_problems(scenario: Scenario, places: Places) -> list[Problem]:
    """What is wrong with the ranges stated, each fault at its place."""
    known = {leaf.key: leaf for leaf in leaves(Scenario) if is_uncertain(leaf)}
    problems = []
    for where, value in _entries(scenario.plausible, ()):
        key = ".".join(where)
        leaf = known.get(key)
        message = _unknown(key, known) if leaf is None else _wrong(leaf, value, float(value_of(scenario, key)))
        if message is not None:
            problems.append(places.problem((PLAUSIBLE, *where), message, is_key=leaf is None))
    return problems


def _entries(stated: Mapping[str, Any], above: Location) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(keys from the top, value) of everything stated; groups may be nested or written with dots."""
    for key, value in stated.items():
        where = (*(str(part) for part in above), key)
        if isinstance(value, Mapping):
            yield from _entries(value, where)
        else:
            yield where, value


def _unknown(key: str, known: Mapping[str, Leaf]) -> Text:
    return _NO_NUMBER.format(key=shown(key), what=did_you_mean(key, sorted(known), _LISTED))


def _wrong(leaf: Leaf, value: Any, used: float) -> Text | None:
    if value == KNOWN:
        return None
    most = 1.0 if leaf.extra["unit"] == "share" else math.inf
    pair = isinstance(value, tuple) and len(value) == 2
    if not pair or not all(isinstance(end, int | float) and not isinstance(end, bool) for end in value):
        return _NO_RANGE.format(value=shown(list(value) if isinstance(value, tuple) else value))
    if not 0 < value[0] < used < value[1] < most:
        return (_OUTSIDE if most > 1 else _OUTSIDE_SHARE).format(low=value[0], high=value[1], used=f"{used:g}")
    return None


_NO_NUMBER: Final = Text(
    "{key} är inget tal om världen med ett spann; {what}", "{key} is no number of the world with a range; {what}"
)
_LISTED: Final = Text("kommandot assumptions räknar upp dem", "the command assumptions lists them")
_NO_RANGE: Final = Text(
    "ska vara [låg, hög], ett centralt 90 %-intervall, eller known; fick {value}",
    "must be [low, high], a central 90 % interval, or known; got {value}",
)
_OUTSIDE: Final = Text(
    "värdet i bruk, {used}, ska ligga mellan låg och hög, båda över 0; fick {low} och {high}",
    "the value in use, {used}, must lie between low and high, both above 0; got {low} and {high}",
)
_OUTSIDE_SHARE: Final = Text(
    "värdet i bruk, {used}, ska ligga mellan låg och hög, båda mellan 0 och 1; fick {low} och {high}",
    "the value in use, {used}, must lie between low and high, both between 0 and 1; got {low} and {high}",
)
