"""What a comparison must know of each model before it says anything: its hours, and whether it keeps up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, Protocol

import numpy as np

from sim.columns import Floats
from sim.comparison.balance import YEAR_WEEKS, Balance, Growth, balance
from sim.comparison.standing import Standing
from sim.measures.backlog import backlog
from sim.study.stages import Draw, Stages, make_stages

REPLICATIONS: Final = 8
LONG_RUN: Final = {"calendar.warm_up_weeks": YEAR_WEEKS, "calendar.weeks": 2 * YEAR_WEEKS}


class Shelf(Protocol):
    """Where balances are kept between runs of the program, as plain data under the key of their long run."""

    def standing(self, key: str) -> Any: ...

    def keep_standing(self, key: str, known: Any) -> None: ...


def standings_of(stages: Stages, jobs: int = 1, shelf: Shelf | None = None) -> dict[str, Standing]:
    """Hours and balance of every model of a scenario. The balance is that of a long run of its own, so that a short
    study knows it too: a year, then two that are compared, eight times with the same patients for every model. What the
    `shelf` holds is not run again."""
    hours = {model: stages.tables(model).hours_per_week for model in stages.organisations}
    balances = balances_of(stages, jobs, shelf)
    return {model: Standing(hours[model], balances.get(model)) for model in hours}


def balances_of(stages: Stages, jobs: int = 1, shelf: Shelf | None = None) -> dict[str, Balance]:
    """The balance of every model; none for a world made by hand, whose calendar has an end, or where the long run would
    be larger than a run may be. Kept by what the long run's journals depend on, so that a price runs nothing again."""
    if stages.given is not None:
        return {}
    try:  # a fault of a run shows in the study's own replications, with its traceback; here it leaves nothing known
        longer = long_run(stages)
        draws = [longer.draw(replication) for replication in range(1, REPLICATIONS + 1)]
        with ThreadPoolExecutor(max(1, min(jobs, REPLICATIONS))) as pool:
            return {
                model: stages.kept.get(
                    "balance", balance_key(longer, model), partial(_shelved, longer, model, draws, pool, shelf)
                )
                for model in stages.organisations
            }
    except Exception:
        return {}


def long_run(stages: Stages) -> Stages:
    """The stages of the run that says who keeps up."""
    return make_stages(stages.scenario.with_changes(LONG_RUN), stages.organisations.values(), kept=stages.kept)


def balance_key(longer: Stages, model: str) -> str:
    """What the balance of a model is kept under."""
    return longer.keys.journal(model, 1)


def _shelved(
    longer: Stages, model: str, draws: Sequence[Draw], pool: ThreadPoolExecutor, shelf: Shelf | None
) -> Balance:
    """From the shelf, or run and put there."""
    key = balance_key(longer, model)
    known = shelf.standing(key) if shelf else None
    if known is not None:
        return _plain_balance(known)
    found = _balance(model, draws, pool)
    if shelf:
        shelf.keep_standing(key, _record(found))
    return found


def _balance(model: str, draws: Sequence[Draw], pool: ThreadPoolExecutor) -> Balance:
    """Of one model, over the long run's replications."""
    found = list(pool.map(lambda draw: _backlog(model, draw), draws))
    return balance(np.array([waiting for waiting, _ in found]), np.array([ordered for _, ordered in found]))


def _backlog(model: str, draw: Draw) -> tuple[Floats, Floats]:
    """(waiting, ordered) by week of one replication."""
    return backlog(draw.tape, draw.stages.run_one(model, draw.tape))


def record(standing: Standing) -> dict[str, Any]:
    """As it stands in a manifest."""
    kept = None if standing.balance is None else _record(standing.balance)
    return {"hours_per_week": standing.hours_per_week, "steady": standing.steady, "balance": kept}


def _record(found: Balance) -> dict[str, Any]:
    return {"acute": _plain(found.acute), "planned": _plain(found.planned)}


def _plain(growth: Growth) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in growth._asdict().items()}


def recorded(kept: Mapping[str, Any]) -> Standing:
    """The standing that `record` has written down. KeyError, TypeError or ValueError when it has not."""
    known = kept["balance"]
    return Standing(float(kept["hours_per_week"]), None if known is None else _plain_balance(known))


def _plain_balance(known: Mapping[str, Any]) -> Balance:
    return Balance(_growth(known["acute"]), _growth(known["planned"]))


def _growth(kept: Mapping[str, Any]) -> Growth:
    return Growth(**{name: math.nan if value is None else float(value) for name, value in kept.items()})
