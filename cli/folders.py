"""Where the results of `compare` go when the user has not said it: no study takes the place of a different one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.text import Text

if TYPE_CHECKING:
    from sim.scenario import Scenario

RESULTS = "results"


class Extent(NamedTuple):
    """How much a study runs of a scenario."""

    replications: int
    weeks: int
    seed: int
    models: tuple[str, ...]


class Target(NamedTuple):
    """A folder for results, and what to say of the choice; None when there is nothing to say."""

    folder: Path
    note: Text | None


def extent_of(scenario: Scenario, models: Sequence[str]) -> Extent:
    """What a study of this scenario runs."""
    study = scenario.study
    return Extent(study.replications, scenario.calendar.weeks, study.seed, tuple(models))


def target_of(name: str, written: Extent, run: Extent, out: Path | None) -> Target:
    """The folder for a study of `run`, where the scenario's file asks for `written`.

    `results/<name>` is for what the file asks for. What the options change goes to a folder of its own, and so does a
    study that would take the place of one of another extent, such as of the file before it was edited.
    """
    if out is not None:
        stored = stored_extent(out)
        if stored is None or stored == run:
            return Target(out, None)
        return Target(out, _REPLACES.format(folder=out, extent=_words(stored)))
    usual = Path(RESULTS) / name
    if run != written:
        folder = usual.with_name(own_name(name, run, written))
        return Target(folder, _OWN.format(folder=folder, usual=usual))
    stored = stored_extent(usual)
    if stored is None or stored == run:
        return Target(usual, None)
    folder = usual.with_name(own_name(name, run, stored))
    return Target(folder, _KEPT.format(folder=folder, usual=usual, extent=_words(stored)))


def own_name(name: str, run: Extent, other: Extent) -> str:
    """The name with what tells `run` from `other`: halland-1x1w, halland-seed7."""
    parts = [name]
    if run[:2] != other[:2]:
        parts.append(f"{run.replications}x{run.weeks}w")
    if run.seed != other.seed:
        parts.append(f"seed{run.seed}")
    if run.models != other.models:
        parts += run.models
    return "-".join(parts)


def stored_extent(folder: Path) -> Extent | None:
    """That of the study stored in a folder; None when there is none of one scenario."""
    from sim.study.folder import manifest_of

    manifest: Any = manifest_of(folder)
    if manifest is None:
        return None
    try:
        (record,) = manifest["scenarios"].values()
        weeks, seed = record["resolved"]["calendar"]["weeks"], record["resolved"]["study"]["seed"]
        return Extent(manifest["replications"], weeks, seed, tuple(manifest["models"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _words(extent: Extent) -> Text:
    return _EXTENT.format(**extent._asdict() | {"models": ", ".join(extent.models)})


_OWN = Text(
    "resultaten läggs i {folder}; {usual} är för det som scenariot självt anger",
    "results go to {folder}; {usual} is for what the scenario itself says",
)
_KEPT = Text(
    "resultaten läggs i {folder}; studien i {usual} får vara kvar ({extent})",
    "results go to {folder}; the study in {usual} stays ({extent})",
)
_REPLACES = Text(
    "{folder}: ersätter den studie som finns där ({extent})",
    "{folder}: takes the place of the study that is there ({extent})",
)
_EXTENT = Text(
    "upprepningar {replications}, veckor {weeks}, slumpfrö {seed}; {models}",
    "replications {replications}, weeks {weeks}, seed {seed}; {models}",
)
