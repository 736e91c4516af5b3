"""The rows of the table of measures: measure by measure, class by class, split by split; the same for every run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from sim.codes import GROUPS, WINDOWS
from sim.measures.definitions import MEASURES
from sim.measures.forms import MeasureDefinition
from sim.measures.vocabulary import Split

Own = tuple[MeasureDefinition, ...]  # measures besides those of the program


class Block(NamedTuple):
    """Neighbouring rows: one measure and class, over all its splits."""

    measure: MeasureDefinition
    klass: str
    municipality: tuple[str, ...]
    group: tuple[str, ...]
    window: tuple[str, ...]


def blocks(names: tuple[str, ...], own: Own = ()) -> Iterator[Block]:
    """The rows in order, for municipalities called `names`."""
    groups, windows = len(GROUPS), len(WINDOWS)
    every, split = "all", 1 + len(names)
    by_request = (
        (every, *names, *[every] * (groups + windows)),
        (*[every] * split, *GROUPS, *[every] * windows),
        (*[every] * (split + groups), *WINDOWS),
    )
    by_patient = tuple(words[:-windows] for words in by_request)
    by_place = ((every, *names), (every,) * split, (every,) * split)
    by_region = ((every,),) * 3
    words_of = {
        "request": by_request, "patient": by_patient, "shift": by_place, "municipality": by_place, "region": by_region,
    }  # fmt: skip
    for item in (*MEASURES, *own):
        for klass in item.classes:
            yield Block(item, klass, *words_of[item.split])


def splits_of(split: Split, municipalities: int) -> int:
    """How many rows a measure has for each of its classes."""
    by_patient = 1 + municipalities + len(GROUPS)
    by_place = 1 + municipalities
    sizes: dict[Split, int] = {
        "request": by_patient + len(WINDOWS), "patient": by_patient, "shift": by_place, "municipality": by_place,
        "region": 1,
    }  # fmt: skip
    return sizes[split]


@lru_cache(maxsize=16)
def rows_of(municipalities: int, own: Own = ()) -> Mapping[str, slice]:
    """Where each measure stands among the rows."""
    found, first = {}, 0
    for item in (*MEASURES, *own):
        rows = len(item.classes) * splits_of(item.split, municipalities)
        found[item.name] = slice(first, first + rows)
        first += rows
    return found
