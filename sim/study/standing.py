"""What a comparison must know of each model before it says anything: its hours, whether it keeps up, and how soon its
queues have filled."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from sim.columns import Floats, rows_of
from sim.comparison.balance import YEAR_WEEKS, Balance, Growth, balance, in_balance
from sim.comparison.standing import Standing
from sim.language.numbers import plain_number
from sim.measures.backlog import WEEK_MIN, backlog
from sim.study.stages import Draw, Stages, make_stages

if TYPE_CHECKING:
    from sim.world.tape import DemandTape

FIRST: Final = 4  # replications, and all of them for a model that these do not clear
REPLICATIONS: Final = 8
_WARM_UP: Final = "warm_up_weeks"  # in the record of a balance
LONG_RUN: Final = {"calendar.warm_up_weeks": YEAR_WEEKS, "calendar.weeks": 2 * YEAR_WEEKS}


Weeks = tuple[Floats, Floats, Floats]  # what waits, what was ordered, what waits from empty: (2, weeks) each


class Shelf(Protocol):
    """Where balances are kept between runs of the program, as plain data under the key of their long run."""

    def standing(self, key: str) -> Any: ...

    def keep_standing(self, key: str, known: Any) -> None: ...


def standings_of(stages: Stages, jobs: int = 1, shelf: Shelf | None = None) -> dict[str, Standing]:
    """Hours and balance of every model of a scenario. The balance is that of a long run of its own, so that a short
    study knows it too: a year, then two that are compared, four or eight times with the same patients for every model;
    and once more without the first year, which tells how soon queues fill. What the `shelf` holds is not run again."""
    hours = {model: stages.tables(model).hours_per_week for model in stages.organisations}
    balances = balances_of(stages, jobs, shelf)
    needs = {model: made.acute_demand for model, made in stages.organisations.items()}
    return {model: Standing(hours[model], balances.get(model), needs[model]) for model in hours}


def balances_of(stages: Stages, jobs: int = 1, shelf: Shelf | None = None) -> dict[str, Balance]:
    """The balance of every model; none for a world made by hand, whose calendar has an end, or where the long run would
    be larger than a run may be. Kept by what the long run's journals depend on, so that a price runs nothing again."""
    if stages.given is not None:
        return {}
    try:  # a fault of a run shows in the study's own replications, with its traceback; here it leaves nothing known
        longer = long_run(stages)
        keys = {model: balance_key(longer, model) for model in stages.organisations}
        unkept = [model for model, key in keys.items() if not stages.kept.has("balance", key)]
        shelved = {model: _shelved(keys[model], shelf) for model in unkept}
        found = {model: known for model, known in shelved.items() if known is not None}
        left = [model for model in unkept if model not in found]
        for model, made in (_run(longer, left, jobs) if left else {}).items():
            found[model] = made
            if shelf is not None:
                shelf.keep_standing(keys[model], _record(made))
        return {
            model: stages.kept.get("balance", key, partial(found.__getitem__, model)) for model, key in keys.items()
        }
    except Exception:
        return {}


def long_run(stages: Stages) -> Stages:
    """The stages of the run that says who keeps up."""
    return make_stages(stages.scenario.with_changes(LONG_RUN), stages.organisations.values(), kept=stages.kept)


def balance_key(longer: Stages, model: str) -> str:
    """What the balance of a model is kept under."""
    return longer.keys.journal(model, 1)


def _shelved(key: str, shelf: Shelf | None) -> Balance | None:
    known = None if shelf is None else shelf.standing(key)
    if known is None or _WARM_UP not in known:  # earlier versions did not say it
        return None
    return _plain_balance(known)


def _run(longer: Stages, models: Sequence[str], jobs: int) -> dict[str, Balance]:
    """The balances of some models; most are in balance by so much that the first replications say it."""
    runs = _runs(longer, models, range(1, FIRST + 1), jobs)
    left = [model for model in models if not in_balance(*_parts(runs[model])[:2])]
    more = _runs(longer, left, range(FIRST + 1, REPLICATIONS + 1), jobs) if left else {}
    return {model: balance(*_parts(runs[model] + more.get(model, []))) for model in models}


def _runs(longer: Stages, models: Sequence[str], replications: range, jobs: int) -> dict[str, list[Weeks]]:
    """By model, what each replication says. A tape of three years is large: each is drawn, run under all and let go."""

    def one(replication: int) -> list[Weeks]:
        draw = longer.draw(replication)
        empty: dict[float, Draw] = {}  # by the acute demand that they begin with
        return [_backlog(model, draw, empty) for model in models]

    with ThreadPoolExecutor(max(1, min(jobs, len(replications)))) as pool:
        runs = list(pool.map(one, replications))
    return {model: [run[at] for run in runs] for at, model in enumerate(models)}


def _parts(runs: Sequence[Weeks]) -> tuple[Floats, Floats, Floats]:
    """Each part of some replications as one array, (replications, 2, weeks)."""
    waiting, ordered, anew = (np.array([run[part] for run in runs]) for part in range(3))
    return waiting, ordered, anew


def _backlog(model: str, draw: Draw, empty: dict[float, Draw]) -> Weeks:
    """(waiting, ordered) by counted week of one replication, and what waits on the tape that begins with them, which is
    kept in `empty`."""
    stages = draw.stages
    met = stages.met(model, draw)
    if met.acute_demand not in empty:
        empty[met.acute_demand] = replace(met, given=from_empty(met.tape))
    anew = empty[met.acute_demand]
    waiting, ordered = backlog(met.tape, stages.run_one(model, met))
    return waiting, ordered, backlog(anew.tape, stages.run_one(model, anew))[0]


def from_empty(tape: DemandTape) -> DemandTape:
    """The same patients and requests of the first counted year and a week, without any before them or after."""
    since = tape.requests.t0_min - tape.warm_up_min
    rows = np.flatnonzero((since >= 0) & (since < (YEAR_WEEKS + 1) * WEEK_MIN))
    return replace(tape, requests=rows_of(tape.requests, rows))


def record(standing: Standing) -> dict[str, Any]:
    """As it stands in a manifest."""
    kept = None if standing.balance is None else _record(standing.balance)
    needs = {} if standing.acute_demand == 1.0 else {"acute_demand": standing.acute_demand}
    return {"hours_per_week": standing.hours_per_week, "steady": standing.steady, "balance": kept} | needs


def _record(found: Balance) -> dict[str, Any]:
    kinds = {"acute": _plain(found.acute), "planned": _plain(found.planned)}
    return kinds | {_WARM_UP: plain_number(found.warm_up_weeks)}


def _plain(growth: Growth) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in growth._asdict().items()}


def recorded(kept: Mapping[str, Any]) -> Standing:
    """The standing that `record` has written down. KeyError, TypeError or ValueError when it has not."""
    known = kept["balance"]
    balance = None if known is None else _plain_balance(known)
    return Standing(float(kept["hours_per_week"]), balance, float(kept.get("acute_demand", 1.0)))


def _plain_balance(known: Mapping[str, Any]) -> Balance:
    weeks = known.get(_WARM_UP)
    return Balance(
        _growth(known["acute"]), _growth(known["planned"]), math.nan if weeks is None else float(weeks)
    )  # fmt: skip


def _growth(kept: Mapping[str, Any]) -> Growth:
    return Growth(**{name: math.nan if value is None else float(value) for name, value in kept.items()})
