"""Where the results of `compare` go when the user has not said it: no study takes the place of a different one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.wrong import WrongUse
from sim.text import Text

if TYPE_CHECKING:
    from sim.scenario import Scenario

RESULTS = "results"


class Extent(NamedTuple):
    """How much a study runs of a scenario, and `content`: the rest of what the scenario says, by its hash."""

    replications: int
    weeks: int
    seed: int
    models: tuple[str, ...]
    content: str


class Target(NamedTuple):
    """A folder for results, and what to say of the choice; None when there is nothing to say."""

    folder: Path
    note: Text | None


def extent_of(scenario: Scenario, models: Sequence[str]) -> Extent:
    """What a study of this scenario runs."""
    from sim.scenario import resolved

    study = scenario.study
    content = _content(json.loads(json.dumps(resolved(scenario), default=str)))
    return Extent(study.replications, scenario.calendar.weeks, study.seed, tuple(models), content)


def target_of(name: str, written: Extent, run: Extent, out: Path | None, *, replace: bool = False) -> Target:
    """The folder for a study of `run`, where the scenario's file asks for `written`.

    `results/<name>` is for what the file asks for. What the options change goes to a folder of its own, and so does a
    study of something else than the one that is there, such as of the file before it was edited. More replications of
    the same are added to those there are. Raises WrongUse when `out` holds another study, without `replace`.
    """
    if out is not None:
        stored = stored_extent(out)
        if stored is None or _adds_to(stored, run):
            return Target(out, None)
        if stored == run._replace(replications=stored.replications):
            return Target(out, _MORE.format(folder=out, n=stored.replications))
        if not replace:
            raise WrongUse(_OTHER.format(folder=out, extent=_words(stored)))
        return Target(out, _REPLACES.format(folder=out, extent=_words(stored)))
    usual = Path(RESULTS) / name
    if run != written:
        folder = usual.with_name(own_name(name, run, written))
        return Target(folder, _OWN.format(folder=folder, usual=usual))
    stored = stored_extent(usual)
    if stored is None or _adds_to(stored, run):
        return Target(usual, None)
    folder = usual.with_name(own_name(name, run, stored))
    return Target(folder, _KEPT.format(folder=folder, usual=usual, extent=_words(stored)))


def _adds_to(stored: Extent, run: Extent) -> bool:
    """Whether `run` is the stored study, or more replications of it."""
    return stored._replace(replications=run.replications) == run and run.replications >= stored.replications


def own_name(name: str, run: Extent, other: Extent) -> str:
    """The name with what tells `run` from `other`: halland-1x1w, halland-seed7, halland-3fa2c1."""
    parts = [name]
    if run[:2] != other[:2]:
        parts.append(f"{run.replications}x{run.weeks}w")
    if run.seed != other.seed:
        parts.append(f"seed{run.seed}")
    if run.models != other.models:
        parts += run.models
    if run.content != other.content:
        parts.append(run.content[:6])
    return "-".join(parts)


def stored_extent(folder: Path) -> Extent | None:
    """That of the study stored in a folder; None when there is none of one scenario."""
    from sim.study.folder import manifest_of

    manifest: Any = manifest_of(folder)
    if manifest is None:
        return None
    try:
        (record,) = manifest["scenarios"].values()
        said = record["resolved"]
        weeks, seed = said["calendar"]["weeks"], said["study"]["seed"]
        return Extent(manifest["replications"], weeks, seed, tuple(manifest["models"]), _content(said))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _content(said: dict[str, Any]) -> str:
    """Hash of what a scenario says besides words and what an extent has of its own."""
    rest = {key: value for key, value in said.items() if key not in ("title", "question")}
    rest["calendar"] = {key: value for key, value in said["calendar"].items() if key not in ("weeks", "warm_up_weeks")}
    own = ("replications", "seed", "models", "reference")
    rest["study"] = {key: value for key, value in said["study"].items() if key not in own}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


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
_MORE = Text(
    "{folder}: där finns redan {n} upprepningar av detta; alla är med",
    "{folder}: there are {n} replications of this already; all of them take part",
)
_OTHER = Text(
    "{folder}: där finns redan en studie av något annat ({extent}); --replace ersätter den, eller ange en annan mapp",
    "{folder}: there is a study of something else already ({extent}); --replace takes its place, or name another one",
)
_EXTENT = Text(
    "upprepningar {replications}, veckor {weeks}, slumpfrö {seed}; {models}",
    "replications {replications}, weeks {weeks}, seed {seed}; {models}",
)
