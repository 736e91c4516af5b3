"""`sweep:` in a scenario file: many scenarios from one, as the changes that each makes.

```yaml
sweep: {demand.scale: [0.9, 1.0, 1.1], models.hybrid.hubs: [2, 3, 4]}   # every combination
sweep:
  grid: {demand.scale: [0.9, 1.1]}                                       # the same; parts are combined
  zip: {staffing.hours_per_week: [960, 1200], demand.scale: [1.0, 1.25]} # the first of each, the second of each
  cases: {winter: {travel.weather_factor: 1.25}}                         # named
  latin_hypercube: {points: 20, seed: 1, fields: {demand.scale: [0.8, 1.2]}}
  sobol: {points: 16, seed: 1, fields: {demand.scale: [0.8, 1.2]}}
```
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sim.errors import Problem, ScenarioError
from sim.language.nearest import did_you_mean
from sim.scenario.document import Document
from sim.scenario.reading import SWEEP
from sim.scenario.words import Location, dotted, shown
from sim.text import Text

MOST: Final = 10_000  # cases of one file
_SAMPLED: Final = ("latin_hypercube", "sobol")
_PARTS: Final = ("grid", "zip", "cases", *_SAMPLED)

Changes = dict[str, Any]  # by dotted key


class Swept:
    """The cases of a file by name, their own or made of what they change, with the place that states each key.

    Raises ScenarioError with everything that is wrong with the form; whether the values are right shows when they are
    used.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._problems: list[Problem] = []
        self.places: dict[str, Location] = {}
        self.cases = self._read(document.tree.get(SWEEP))
        if self._problems:
            raise ScenarioError(self._problems)

    def problem(self, key: str, message: Text) -> Problem:
        """What is wrong with the values of a key, at the place that states them."""
        at = self.places.get(key, (SWEEP,))
        return self._document.place(at, is_key=True).problem(dotted(at), message)

    def _fault(self, at: Location, message: Text) -> None:
        self._problems.append(self._document.place(at, is_key=True).problem(dotted(at), message))

    def _read(self, stated: Any) -> list[tuple[str, Changes]]:
        at: Location = (SWEEP,)
        if not isinstance(stated, dict) or not stated:
            self._fault(at, _EMPTY)
            return []
        if not any(_is_part(name, inner) for name, inner in stated.items()):
            return self._product([self._grid(stated, at)])
        parts = []
        for name, inner in stated.items():
            if name not in _PARTS:
                self._fault((*at, name), _NO_PART.format(what=did_you_mean(name, _PARTS, _ONE_OF)))
            elif not isinstance(inner, dict) or not inner:
                self._fault((*at, name), _EMPTY)
            else:
                read = {"grid": self._grid, "zip": self._zip, "cases": self._named}.get(name, self._sampled)
                parts.append(read(inner, (*at, name)))
        return self._product(parts)

    def _product(self, parts: list[list[tuple[str, Changes]]]) -> list[tuple[str, Changes]]:
        size = 1
        for part in parts:
            size *= len(part)
        if size > MOST:
            self._fault((SWEEP,), _MANY.format(size=size, most=MOST))
            return []
        return [
            (
                "-".join(name or _tag(changes) for name, changes in chosen),
                {k: v for _, changes in chosen for k, v in changes.items()},
            )
            for chosen in itertools.product(*parts)
        ]

    def _lists(self, stated: Mapping[str, Any], at: Location) -> Iterator[tuple[str, list[Any]]]:
        for key, values in stated.items():
            if self._is_new(key, (*at, key)):
                if isinstance(values, list) and values:
                    yield key, values
                else:
                    self._fault((*at, key), _LIST.format(value=shown(values)))

    def _is_new(self, key: str, at: Location) -> bool:
        if key in self.places:
            self._fault(at, _TWICE)
            return False
        self.places[key] = at
        return True

    def _grid(self, stated: Mapping[str, Any], at: Location) -> list[tuple[str, Changes]]:
        lists = dict(self._lists(stated, at))
        size = 1
        for values in lists.values():
            size *= len(values)
        if size > MOST:
            self._fault(at, _MANY.format(size=size, most=MOST))
            return []
        return [("", dict(zip(lists, values, strict=True))) for values in itertools.product(*lists.values())]

    def _zip(self, stated: Mapping[str, Any], at: Location) -> list[tuple[str, Changes]]:
        lists = dict(self._lists(stated, at))
        if len({len(values) for values in lists.values()}) > 1:
            self._fault(at, _UNEQUAL)
            return []
        return [("", dict(zip(lists, values, strict=True))) for values in zip(*lists.values(), strict=True)]

    def _named(self, stated: Mapping[str, Any], at: Location) -> list[tuple[str, Changes]]:
        cases = []
        for name, changes in stated.items():
            if not isinstance(changes, dict):
                self._fault((*at, name), _CHANGES.format(value=shown(changes)))
                continue
            for key in changes:
                self.places.setdefault(key, (*at, name, key))
            cases.append((name, dict(changes)))
        return cases

    def _sampled(self, stated: Mapping[str, Any], at: Location) -> list[tuple[str, Changes]]:
        wrong = set(stated) - {"points", "seed", "fields"}
        points, seed, fields = stated.get("points"), stated.get("seed", 1), stated.get("fields")
        numbers = all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in (points, seed))
        if wrong or not numbers or not isinstance(fields, dict) or not fields:
            self._fault(at, _SAMPLE)
            return []
        ranges = {}
        for key, bounds in fields.items():
            if self._is_new(key, (*at, "fields", key)):
                if _is_range(bounds):
                    ranges[key] = bounds
                else:
                    self._fault((*at, "fields", key), _RANGE.format(value=shown(bounds)))
        assert isinstance(points, int) and isinstance(seed, int)
        if points > MOST:
            self._fault(at, _MANY.format(size=points, most=MOST))
            return []
        return [("", changes) for changes in _samples(str(at[-1]), points, seed, ranges)]


def _tag(changes: Changes) -> str:
    """The last word of every key with its value: scale0.9-hubs2."""
    return "-".join(f"{key.rpartition('.')[2]}{_short(value)}" for key, value in changes.items())


def _short(value: Any) -> str:
    return (
        f"{value:.4g}"
        if isinstance(value, float)
        else "_".join(map(str, value))
        if isinstance(value, list)
        else str(value)
    )


def _is_part(name: str, inner: Any) -> bool:
    """Whether it is a part of a sweep, or one whose name is misspelt: a group, which no field is given."""
    return name in _PARTS or ("." not in name and isinstance(inner, dict))


def _is_range(bounds: Any) -> bool:
    if not isinstance(bounds, list) or len(bounds) != 2:
        return False
    return all(isinstance(n, int | float) and not isinstance(n, bool) for n in bounds) and bounds[0] < bounds[1]


def _samples(method: str, points: int, seed: int, ranges: Mapping[str, list[float]]) -> Iterator[Changes]:
    """Points spread evenly over the ranges; whole numbers where both ends are."""
    from scipy.stats import qmc

    if not ranges:
        return
    if method == "sobol":  # a net is even in powers of two
        unit = qmc.Sobol(len(ranges), rng=seed).random_base2((points - 1).bit_length())[:points]
    else:
        unit = qmc.LatinHypercube(len(ranges), rng=seed).random(points)
    for row in unit:
        changes: Changes = {}
        for share, (key, (low, high)) in zip(row.tolist(), ranges.items(), strict=True):
            whole = isinstance(low, int) and isinstance(high, int)
            value = low + int(share * (high - low + 1)) if whole else float(f"{low + share * (high - low):.6g}")
            changes[key] = value
        yield changes


_ONE_OF: Final = Text(f"skriv {', '.join(_PARTS)}", f"write {', '.join(_PARTS)}")
_EMPTY: Final = Text(
    "ska ha fält med listor av värden, som demand.scale: [0.9, 1.1]",
    "must hold fields with lists of values, such as demand.scale: [0.9, 1.1]",
)
_NO_PART: Final = Text(
    "är ingen del av ett svep; {what}; fält läggs i grid, zip eller cases",
    "is no part of a sweep; {what}; fields go in grid, zip or cases",
)
_LIST: Final = Text("ska vara en lista av värden, är {value}", "must be a list of values, got {value}")
_TWICE: Final = Text("varieras två gånger; behåll en", "is varied twice; keep one")
_UNEQUAL: Final = Text("listorna ska vara lika långa", "the lists must be equally long")
_CHANGES: Final = Text("ska ha fält och värden, är {value}", "must hold fields and values, got {value}")
_SAMPLE: Final = Text(
    "ska ha points: (antal), fields: {fält: [lägst, högst]} och kanske seed: (heltal)",
    "must hold points: (a number), fields: {field: [lowest, highest]} and perhaps seed: (a whole number)",
)
_RANGE: Final = Text("ska vara [lägst, högst], är {value}", "must be [lowest, highest], got {value}")
_MANY: Final = Text("ger {size} scenarier; högst {most}", "makes {size} scenarios; at most {most}")
