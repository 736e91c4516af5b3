"""Inputs that come from one source, and so are wrong together.

An input of a source follows, on the scale of normal scores, the source's own draw with weight sqrt(COMMON) and a draw
of its own with the rest: each keeps its distribution, and two of a source have the correlation `COMMON`. Half is the
project's judgement; nothing has been measured. What stands in no source is drawn by itself.
"""

from __future__ import annotations

import math
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from sim.text import Text

COMMON: Final = 0.5
OF_SOURCE: Final = math.sqrt(COMMON)
OF_OWN: Final = math.sqrt(1.0 - COMMON)


class Source(NamedTuple):
    """`name` is the address of its draw; `patterns` match dotted keys; `title` in sentences."""

    name: str
    patterns: tuple[str, ...]
    title: Text


SOURCES: Final = (
    Source(
        "acute_rates", ("demand.G?.acute_per_*", "demand.G5.crises_per_year"),
        Text("hur mycket akut som efterfrågas", "how much acute care is asked for"),
    ),
    Source(
        "planned_rates", ("demand.G?.planned_per_*", "demand.G?.round_visits_per_year"),
        Text("hur många planerade besök och ronder", "how many planned visits and rounds"),
    ),
    Source("certificates", ("demand.G?.certificates_per_*",), Text("hur många intyg", "how many certificates")),
    Source("palliative", ("demand.G5.share_*",), Text("andelen palliativa", "the share of palliative patients")),
    Source("on_scene", ("classes.*.on_scene_mean_min",), Text("tiden på plats", "the time on scene")),
    Source("documentation", ("classes.*.documentation_mean_min",), Text("tiden för journal", "documentation time")),
    Source("triage", ("classes.*.triage_mean_min",), Text("triagetiden", "triage time")),
    Source("telephone", ("classes.*.telephone_share_*",), Text("andelen per telefon", "the share by telephone")),
    Source("conveyed", ("classes.*.conveyed_share",), Text("andelen som körs in", "the share conveyed")),
    Source("patience", ("classes.*.patience.*_min",), Text("hur länge man väntar", "how long people wait")),
)  # fmt: skip


def source_of(key: str) -> Source | None:
    """The source of an input; None for one drawn by itself."""
    return next((source for source in SOURCES if any(fnmatchcase(key, p) for p in source.patterns)), None)
