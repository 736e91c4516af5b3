"""What a study found, compared: of one that has just been run, or that is read again from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.comparison import COLUMNS, Comparison, Finding, compare_measures
from sim.decide.information import information_of
from sim.decide.robust import recorded_worlds, wide_findings, widened
from sim.decide.worlds import split_worlds
from sim.errors import HembesokError, ResultsError
from sim.study import store
from sim.study.folder import MANIFEST, located
from sim.study.manifest import Account, recorded_measure, recorded_model, recorded_scenario, write_down
from sim.study.results import ModelInfo, Results
from sim.study.stages import make_stages
from sim.study.standing import recorded
from sim.study.wide import KEYS, NONE, Wide
from sim.text import Text

if TYPE_CHECKING:
    from sim.comparison.standing import Standing
    from sim.measures.rows import Own
    from sim.scenario import Scenario


def load_results(folder: Path | str, where: str = "") -> Results:
    """Stored results, compared again from their tables; of the measures only the rows for which `where` holds (SQL).
    Raises ResultsError."""
    folder = Path(folder)
    manifest = store.read_manifest(folder)
    frames = store.read_tables(folder, manifest, where)
    try:
        scenarios = {key: recorded_scenario(kept, folder) for key, kept in manifest["scenarios"].items()}
        models = {key: recorded_model(key, kept) for key, kept in manifest["models"].items()}
        standings = {
            key: {model: recorded(kept) for model, kept in known.items()}
            for key, known in manifest.get("standings", {}).items()
        }
        own = tuple(recorded_measure(kept) for kept in manifest.get("measures", ()))
        study = str(manifest["study"])
        first = next(iter(scenarios.values()))
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
        raise ResultsError(_FOREIGN.format(path=located(folder, MANIFEST), error=error)) from error
    try:
        world = make_stages(first, ()).world
    except HembesokError as error:
        raise ResultsError(_NO_REGION.format(folder=folder, error=error.said)) from error
    comparison = _compare(frames["measures"], scenarios, models, standings, own)
    worlds = split_worlds(frames["worlds"]) if "worlds" in frames else {}
    frame = widened(_frame(comparison), worlds, scenarios)
    return Results(
        study, scenarios, models, frames["measures"], frames["curves"], frames["hours"], frame, _findings(comparison),
        manifest, world, _warnings(comparison), standings, own, worlds, wide_findings(frame, worlds, scenarios),
        information_of(frame, worlds, scenarios), frames.get("at_best"),
    )  # fmt: skip


def results_of(account: Account, frames: Mapping[str, pd.DataFrame], worlds: Wide = NONE) -> Results:
    """What was found, compared, and what plausible worlds say beside it."""
    scenarios = {key: stages.scenario for key, stages in account.stages.items()}
    first = next(iter(account.stages.values()))
    comparison = _compare(frames["measures"], scenarios, account.models, account.standings, first.own)
    frame = widened(_frame(comparison), worlds.tables, scenarios)
    wide = wide_findings(frame, worlds.tables, scenarios)
    said = {"worlds": recorded_worlds(worlds.tables, wide), KEYS: dict(worlds.keys)}
    return Results(
        account.name, scenarios, dict(account.models), frames["measures"], frames["curves"], frames["hours"], frame,
        _findings(comparison), write_down(account, comparison) | said, first.world, _warnings(comparison),
        account.standings, first.own, worlds.tables, wide, information_of(frame, worlds.tables, scenarios),
        worlds.at_best,
    )  # fmt: skip


def _compare(
    measures: pd.DataFrame,
    scenarios: Mapping[str, Scenario],
    models: Mapping[str, ModelInfo],
    standings: Mapping[str, Mapping[str, Standing]],
    own: Own,
) -> Comparison | None:
    """None when nothing could be run."""
    if measures.empty:
        return None
    titles = {name: model.title for name, model in models.items()}
    return compare_measures(measures, scenarios, titles, standings, own)


def _frame(comparison: Comparison | None) -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS)) if comparison is None else comparison.frame


def _findings(comparison: Comparison | None) -> tuple[Finding, ...]:
    return () if comparison is None else comparison.findings


def _warnings(comparison: Comparison | None) -> tuple[Text, ...]:
    return () if comparison is None else comparison.warnings


_FOREIGN = Text(
    "{path}: inte som den här versionen skriver den: {error}", "{path}: not as this version writes it: {error}"
)
_NO_REGION = Text(
    "{folder}: regionen som resultaten gjordes från kan inte läsas igen:\n{error}",
    "{folder}: the region that these results were made from cannot be read again:\n{error}",
)
