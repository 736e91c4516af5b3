"""What a scenario states about how plausible its numbers of the world are: a range of its own, or that it is known.

Besides fields two more kinds of number may be named, by the first part of their key: `models.NAME.acute_demand_factor`,
which is drawn only if it is named (`drawn`: in the range of the register), and `region.…`, a source in the region's
tables, which may be `known`. Which models and sources there are is checked by whoever knows them.
"""

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
DRAWN: Final = "drawn"
MODELS: Final = "models"
REGION: Final = "region"
FACTOR: Final = "acute_demand_factor"
PLAUSIBLE: Final = "plausible"

Range = tuple[float, float]  # a central 90 % interval around the value in use


def stated_ranges(scenario: Scenario) -> dict[str, Range | None]:
    """By dotted key the range that the scenario states, None for what it says is known. Only where `range_problems`
    finds nothing."""
    return {
        ".".join(where): None if value == KNOWN else (float(value[0]), float(value[1]))
        for where, value in _entries(scenario.plausible)
        if _parts(where)[0] not in (MODELS, REGION)
    }


def stated_needs(stated: Mapping[str, Any]) -> dict[str, tuple[Location, Range | None]]:
    """By model whose `acute_demand_factor` is drawn: where that stands, and its range, None for that of the register.
    Faulty entries, which `range_problems` names, are left out."""
    return {
        _parts(where)[1]: ((PLAUSIBLE, *where), None if value == DRAWN else (float(value[0]), float(value[1])))
        for where, value in _entries(stated)
        if _parts(where)[0] == MODELS and _wrong_need(_parts(where), value) is None
    }


def known_sources(scenario: Scenario) -> dict[str, Location]:
    """The sources of the region's tables that are said to be known, and where that stands."""
    entries = _entries(scenario.plausible)
    return {".".join(where): (PLAUSIBLE, *where) for where, _ in entries if _parts(where)[0] == REGION}


def range_problems(scenario: Scenario, places: Places) -> list[Problem]:
    """What is wrong with the ranges stated, each fault at its place."""
    known = {leaf.key: leaf for leaf in leaves(Scenario) if is_uncertain(leaf)}
    problems = []
    for where, value in _entries(scenario.plausible):
        key = ".".join(where)
        kind, *_ = parts = _parts(where)
        if kind in (MODELS, REGION):
            message = _wrong_need(parts, value) if kind == MODELS else _wrong_source(value)
            if message is not None:
                problems.append(places.problem((PLAUSIBLE, *where), message))
            continue
        leaf = known.get(key)
        message = _unknown(key, known) if leaf is None else _wrong(leaf, value, float(value_of(scenario, key)))
        if message is not None:
            problems.append(places.problem((PLAUSIBLE, *where), message, is_key=leaf is None))
    return problems


def _entries(stated: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(keys from the top, value) of everything stated; groups may be nested or written with dots."""
    for key, value in stated.items():
        where = (*above, key)
        if isinstance(value, Mapping):
            yield from _entries(value, where)
        else:
            yield where, tuple(value) if isinstance(value, list) else value


def _parts(where: tuple[str, ...]) -> list[str]:
    """The parts of a key, however it is written."""
    return ".".join(where).split(".")


def _wrong_need(parts: list[str], value: Any) -> Text | None:
    if len(parts) != 3 or parts[-1] != FACTOR:
        return _NO_SETTING.format(key=shown(".".join(parts)), factor=FACTOR)
    if value == DRAWN:
        return None
    return None if _is_pair(value) and 0 < value[0] < value[1] else _NO_FACTOR.format(value=_said(value))


def _wrong_source(value: Any) -> Text | None:
    return None if value == KNOWN else _NO_SOURCE.format(value=_said(value))


def _is_pair(value: Any) -> bool:
    pair = isinstance(value, tuple) and len(value) == 2
    return pair and all(isinstance(end, int | float) and not isinstance(end, bool) for end in value)


def _said(value: Any) -> Text | str:
    return shown(list(value) if isinstance(value, tuple) else value)


def _unknown(key: str, known: Mapping[str, Leaf]) -> Text:
    return _NO_NUMBER.format(key=shown(key), what=did_you_mean(key, sorted(known), _LISTED))


def _wrong(leaf: Leaf, value: Any, used: float) -> Text | None:
    if value == KNOWN:
        return None
    most = 1.0 if leaf.extra["unit"] == "share" else math.inf
    if not _is_pair(value):
        return _NO_RANGE.format(value=_said(value))
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
_NO_SETTING: Final = Text(
    "{key} dras inte; av modellernas inställningar kan bara models.MODELL.{factor} dras",
    "{key} is not drawn; of the models' settings only models.MODEL.{factor} can be",
)
_NO_FACTOR: Final = Text(
    "ska vara drawn (dras i registrets spann) eller [låg, hög], båda över 0; fick {value}",
    "must be drawn (in the range of the register) or [low, high], both above 0; got {value}",
)
_NO_SOURCE: Final = Text(
    "ska vara known: spannet står i regionens tabell; fick {value}",
    "must be known: the range stands in the region's table; got {value}",
)
_OUTSIDE: Final = Text(
    "värdet i bruk, {used}, ska ligga mellan låg och hög, båda över 0; fick {low} och {high}",
    "the value in use, {used}, must lie between low and high, both above 0; got {low} and {high}",
)
_OUTSIDE_SHARE: Final = Text(
    "värdet i bruk, {used}, ska ligga mellan låg och hög, båda mellan 0 och 1; fick {low} och {high}",
    "the value in use, {used}, must lie between low and high, both between 0 and 1; got {low} and {high}",
)
