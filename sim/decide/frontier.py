"""Which candidates nobody beats in everything at once: the frontier of response, travel and hours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.decide.aims import Aim

if TYPE_CHECKING:
    import pandas as pd

    from sim.decide.several import Front
    from sim.decide.tuned import Tuned

FRONTIER: Final = (Aim("response_min", "acute"), Aim("travel_min_per_visit", "all"), Aim("hours_per_week", "all"))


def dominated(values: ArrayLike) -> NDArray[np.bool_]:
    """(candidates,) of (candidates, aims), less being better: whether another is nowhere worse and somewhere better.
    A candidate with a missing value is dominated."""
    v = np.asarray(values, dtype=float)
    v = np.where(np.isnan(v), np.inf, v)
    no_worse = np.all(v[None, :, :] <= v[:, None, :], axis=2)
    better = np.any(v[None, :, :] < v[:, None, :], axis=2)
    return np.asarray(np.any(no_worse & better, axis=1) | np.any(np.isinf(v), axis=1))


def trial_table(tuned: Sequence[Tuned | Front]) -> pd.DataFrame:
    """Every trial of every model that could be run: model, trial (0: as it is), its settings in words, whether all
    limits hold, its means over the search's years and cases by `measure:class`, and whether it is dominated within its
    model and among all, by `FRONTIER`."""
    import pandas as pd

    rows = [
        {
            "model": item.name,
            "trial": number,
            "settings": "; ".join(f"{key}: {value}" for key, value in trial.choice.items()),
            "feasible": trial.feasible,
            **{f"{aim.measure}:{aim.klass}": value for aim, value in trial.means.items()},
        }
        for item in tuned
        for number, trial in enumerate(item.trials)
        if trial.means
    ]
    table = pd.DataFrame(rows)
    if not rows:
        return table
    columns = [f"{aim.measure}:{aim.klass}" for aim in FRONTIER]
    table["dominated"] = dominated(table[columns].to_numpy())
    within = np.zeros(len(table), dtype=bool)
    for _, places in table.groupby("model", sort=False).indices.items():
        within[places] = dominated(table[columns].to_numpy()[places])
    table["dominated_in_model"] = within
    return table
