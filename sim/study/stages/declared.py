"""The stages of a run, in order, and what each is made of besides the stages before it.

A stage reads some fields of the scenario and is computed by some source files; both are declared here once. Its key is
made of these, so a field that is missing here would let a stale result pass for a new one: `tests/test_stages.py`
changes every field there is, and watches every read.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import Final, NamedTuple

from sim.organisation import HomeVisitWindows, Organisation, Pool
from sim.scenario.fields import leaves
from sim.scenario.schema import Scenario


class Stage(NamedTuple):
    """`fields`: dotted keys of the scenario, * for any part of one. `source`: files and rooms of the package `sim` that
    compute it and no earlier stage's work; those of the stages before it count too, through their keys."""

    name: str
    fields: tuple[str, ...]
    source: tuple[str, ...]


WORLD: Final = Stage(
    "world",
    ("region", "calendar.*", "travel.matrix"),
    ("files.py", "quoting.py", "grid.py", "codes.py", "columns.py", "jit.py", "world/", "study/stages/stages.py"),
)
DEMAND: Final = Stage(
    "demand",
    (
        "calendar.weeks", "calendar.warm_up_weeks", "study.seed", "demand.*",
        "travel.weather_factor", "travel.cv", "classes.*.triage_*",
        "classes.*.on_scene_*", "classes.*.documentation_*", "classes.*.patience.*", "classes.*.telephone_share_*",
        "classes.*.conveyed_share", "classes.P.window_days", "classes.P.no_show_*",
    ),
    (),
)  # fmt: skip
TAPE: Final = Stage("tape", (), ())
LAID: Final = Stage(
    "laid",
    (
        "organisation.threshold", "organisation.single_visit_share", "organisation.temporary_stay",
        "organisation.acute_only_in", "organisation.referred_in", "organisation.refused_to_*",
        "demand.telephone.call_mean_min",
    ),
    ("checked.py", "organisation.py", "engine/"),
)  # fmt: skip
TABLES: Final = Stage(
    "tables",
    ("staffing.*", "organisation.*", "demand.telephone.call_mean_min"),
    ("checked.py", "organisation.py", "engine/"),
)
WINDOWS: Final = Stage(  # read by the tables of organisations that size windows by expected work
    "windows",
    (
        "demand.G[14].planned_per_year", "demand.G[23].round_visits_per_year", "classes.[RP].on_scene_mean_min",
        "classes.[RP].documentation_mean_min",
    ),
    ("engine/work.py",),
)  # fmt: skip
LAYOUT: Final = Stage("layout", (), ())
JOURNAL: Final = Stage("journal", (), ())
SUMS: Final = Stage("sums", ("classes.*.target_min",), ("statistics.py", "measures/"))
MEASURES: Final = Stage("measures", ("costs.*",), ())
COMPARISON: Final = Stage(
    "comparison",
    ("study.models", "study.reference", "study.confidence", "study.allow_unequal_hours", "comparison.practical.*"),
    ("comparison/",),
)
STAGES: Final = (WORLD, DEMAND, TAPE, LAID, TABLES, LAYOUT, JOURNAL, SUMS, MEASURES, COMPARISON)

# No stage reads what a scenario is called and how often it is run; settings of models are in the organisations.
READ_BY_NONE: Final = (
    "title.*",
    "question.*",
    "study.replications",
    "study.worlds",
    "comparison.weights.*",
    "models",
    "plausible",
)

OF_TAPE: Final = "acute_demand"  # of an organisation: read by the part of a tape that it is run on, by nothing else
# What of an organisation has no part in what happens: words, and what only sums or prices read.
WORDS: Final[dict[type, tuple[str, ...]]] = {
    Organisation: ("name", "title", "description", "model", "settings", OF_TAPE),
    Pool: ("title",),
}
OF_SUMS: Final = ("principal", "displaces_clinic")  # of a pool
OF_PRICES: Final = ("cost_per_hour",)  # of a pool


@cache
def fields_of(stage: Stage) -> tuple[str, ...]:
    """The dotted keys that a stage reads."""
    return matching(stage.fields)


def matching(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The scenario's dotted keys that fit any of the patterns, in the order of the schema."""
    keys = (leaf.key for leaf in leaves(Scenario))
    return tuple(key for key in keys if any(fnmatchcase(key, pattern) for pattern in patterns))


def sizes_windows(organisation: Organisation) -> bool:
    """Whether its tables read the expected work of the vårdcentraler."""
    return any(isinstance(staffing, HomeVisitWindows) for pool in organisation.pools for staffing in pool.staffing)
