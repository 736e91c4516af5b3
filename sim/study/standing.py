"""What a comparison must know of each model before it says anything: its hours, and whether it keeps up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from sim.comparison.balance import YEAR_WEEKS, Balance, Growth, balance
from sim.comparison.standing import Standing
from sim.measures.backlog import backlog
from sim.study.stages import Stages, make_stages

REPLICATIONS: Final = 8
LONG_RUN: Final = {"calendar.warm_up_weeks": YEAR_WEEKS, "calendar.weeks": 2 * YEAR_WEEKS}


def standings_of(stages: Stages, jobs: int = 1) -> dict[str, Standing]:
    """Hours and balance of every model of a scenario. The balance is that of a long run of its own, so that a short
    study knows it too: a year, then two that are compared, eight times with the same patients for every model."""
    hours = {model: stages.tables(model).hours_per_week for model in stages.organisations}
    balances = balances_of(stages, jobs)
    return {model: Standing(hours[model], balances.get(model)) for model in hours}


def balances_of(stages: Stages, jobs: int = 1) -> dict[str, Balance]:
    """The balance of every model; none for a world made by hand, whose calendar has an end, or where the long run would
    be larger than a run may be."""
    if stages.given is not None:
        return {}
    longer = stages.scenario.with_changes(LONG_RUN)
    try:  # a fault of a run shows in the study's own replications, with its traceback; here it leaves nothing known
        asked = make_stages(longer, stages.organisations.values())
        asked.check()
        with ThreadPoolExecutor(max(1, min(jobs, REPLICATIONS))) as pool:
            found = list(pool.map(lambda replication: _backlogs(asked, replication), range(1, REPLICATIONS + 1)))
    except Exception:
        return {}
    return {
        model: balance(np.array([run[model][0] for run in found]), np.array([run[model][1] for run in found]))
        for model in stages.organisations
    }


def _backlogs(stages: Stages, replication: int) -> dict[str, Any]:
    """(waiting, ordered) by week of every model on one replication."""
    tape = stages.draw(replication).tape
    return {model: backlog(tape, stages.run_one(model, tape)) for model in stages.organisations}


def record(standing: Standing) -> dict[str, Any]:
    """As it stands in a manifest."""
    found = standing.balance
    kept = None if found is None else {"acute": _plain(found.acute), "planned": _plain(found.planned)}
    return {"hours_per_week": standing.hours_per_week, "steady": standing.steady, "balance": kept}


def _plain(growth: Growth) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in growth._asdict().items()}


def recorded(kept: Mapping[str, Any]) -> Standing:
    """The standing that `record` has written down. KeyError, TypeError or ValueError when it has not."""
    known = kept["balance"]
    found = None if known is None else Balance(_growth(known["acute"]), _growth(known["planned"]))
    return Standing(float(kept["hours_per_week"]), found)


def _growth(kept: Mapping[str, Any]) -> Growth:
    return Growth(**{name: math.nan if value is None else float(value) for name, value in kept.items()})
