"""The outlines of the municipalities, from GeoJSON: for the map alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem
from sim.files import FileFault, read_text_file
from sim.quoting import clean
from sim.text import Text
from sim.world.csvfile import did_you_mean

Outline = tuple[NDArray[np.float64], ...]

GEOJSON_BYTES: Final = 2**24
SHORTEST_RING: Final = 4  # corners, the last being the first again


class _NotGeoJson(Exception):
    """What is wrong with one feature."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def read_outlines(path: Path, codes: Mapping[str, int], problems: list[Problem]) -> tuple[Outline, ...]:
    """For each municipality (`codes`: its number) its rings of (k, 2) lon, lat; none of any if there is no file."""
    rings: list[list[NDArray[np.float64]]] = [[] for _ in range(max(codes.values(), default=-1) + 1)]
    try:
        features = _features(read_text_file(path, GEOJSON_BYTES))
    except FileFault as fault:
        if fault.reason != "missing":
            problems.append(fault.problem(path))
        return tuple(tuple(own) for own in rings)
    for number, feature in enumerate(features):
        try:
            code, own = _outline(feature)
            if codes and code not in codes:
                shown = clean(code, 60)
                raise _NotGeoJson(_UNKNOWN.format(code=shown, hint=did_you_mean(code, codes)))
        except _NotGeoJson as error:
            problems.append(Problem(str(path), 0, 0, f"features[{number}]", error.said))
            continue
        if codes:
            rings[codes[code]] += own
    return tuple(tuple(own) for own in rings)


def _features(text: str) -> list[Any]:
    """The list of features. Raises FileFault if there is none."""
    try:
        tree = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise FileFault(_NO_JSON.format(why=error.msg), line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise FileFault(_DEEP) from None
    except ValueError as error:  # NaN, or a number of thousands of digits
        raise FileFault(_NO_JSON.format(why=clean(str(error), 100))) from None
    features = tree.get("features") if isinstance(tree, dict) else None
    if not isinstance(features, list):
        raise FileFault(_NO_FEATURES)
    return features


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _outline(feature: Any) -> tuple[str, list[NDArray[np.float64]]]:
    """(code, rings) of a feature."""
    properties, geometry = (_inside(feature, name) for name in ("properties", "geometry"))
    code = _inside(properties, "code")
    if isinstance(code, int) and not isinstance(code, bool):
        code = str(code) if abs(code) < 10**9 else ""
    if not isinstance(code, str) or not code:
        raise _NotGeoJson(_NO_CODE)
    kind, coordinates = _inside(geometry, "type"), _inside(geometry, "coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise _NotGeoJson(_NO_POLYGON)
    parts = coordinates if kind == "MultiPolygon" else [coordinates]
    own = [_ring(ring) for part in _listed(parts) for ring in _listed(part)]
    return code, own


def _inside(tree: Any, name: str) -> Any:
    return tree.get(name) if isinstance(tree, dict) else None


def _listed(parts: Any) -> Iterator[Any]:
    if not isinstance(parts, list) or not parts:
        raise _NotGeoJson(_NO_RING)
    return iter(parts)


def _ring(points: Any) -> NDArray[np.float64]:
    """(k, 2) lon, lat; heights are left out."""
    if not isinstance(points, list) or len(points) < SHORTEST_RING:
        raise _NotGeoJson(_NO_RING)
    for point in points:
        if not isinstance(point, list) or len(point) not in (2, 3) or not all(map(_is_degree, point[:2])):
            raise _NotGeoJson(_NO_POINT.format(point=clean(repr(point)[:80], 60)))
    return np.array([point[:2] for point in points], dtype=np.float64)


def _is_degree(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 180  # NaN is not


_NO_JSON: Final = Text("är inte JSON ({why})", "is not JSON ({why})")
_DEEP: Final = Text("ligger alldeles för djupt för GeoJSON", "is nested far too deeply for GeoJSON")
_NO_FEATURES: Final = Text(
    "har ingen lista features; skriv en FeatureCollection med polygoner",
    "has no list of features; write a FeatureCollection of polygons",
)
_NO_CODE: Final = Text(
    "har ingen kommunkod; skriv den under properties, code", "has no municipal code; write it under properties, code"
)
_UNKNOWN: Final = Text("'{code}' finns inte i municipalities.csv{hint}", "'{code}' is not in municipalities.csv{hint}")
_NO_POLYGON: Final = Text(
    "är ingen polygon; skriv geometry med type Polygon eller MultiPolygon",
    "is no polygon; write a geometry of type Polygon or MultiPolygon",
)
_NO_RING: Final = Text(
    f"har en ring utan hörn; varje ring är en lista på minst {SHORTEST_RING} punkter",
    f"has a ring without corners; every ring is a list of at least {SHORTEST_RING} points",
)
_NO_POINT: Final = Text(
    "{point} är ingen punkt; skriv [longitud, latitud] i grader",
    "{point} is no point; write [longitude, latitude] in degrees",
)
