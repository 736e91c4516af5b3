"""What a comparison must know of each model before it says anything: its hours, and whether it keeps up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import numpy as np

from sim.columns import Floats
from sim.comparison.balance import YEAR_WEEKS, Balance, Growth, balance
from sim.comparison.standing import Standing
from sim.measures.backlog import backlog
from sim.study.stages import Draw, Stages, make_stages

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
    be larger than a run may be. Kept by what the long run's journals depend on, so that a price runs nothing again."""
    if stages.given is not None:
        return {}
    try:  # a fault of a run shows in the study's own replications, with its traceback; here it leaves nothing known
        longer = make_stages(stages.scenario.with_changes(LONG_RUN), stages.organisations.values(), kept=stages.kept)
        draws = [longer.draw(replication) for replication in range(1, REPLICATIONS + 1)]
        with ThreadPoolExecutor(max(1, min(jobs, REPLICATIONS))) as pool:
            return {
                model: stages.kept.get("balance", longer.keys.journal(model, 1), partial(_balance, model, draws, pool))
                for model in stages.organisations
            }
    except Exception:
        return {}


def _balance(model: str, draws: Sequence[Draw], pool: ThreadPoolExecutor) -> Balance:
    """Of one model, over the long run's replications."""
    found = list(pool.map(lambda draw: _backlog(model, draw), draws))
    return balance(np.array([waiting for waiting, _ in found]), np.array([ordered for _, ordered in found]))


def _backlog(model: str, draw: Draw) -> tuple[Floats, Floats]:
    """(waiting, ordered) by week of one replication."""
    return backlog(draw.tape, draw.stages.run_one(model, draw.tape))


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
