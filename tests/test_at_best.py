"""What is the organisation's and what the roster's: by hand on a bench that is known, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

import models
from sim import load_scenario, run_study
from sim.decide.aims import Aim
from sim.decide.at_best import AIMS, at_best, pairs_of, sentences
from sim.decide.candidates import Bench, Values
from sim.declared import variants
from sim.organisation import Organisation
from sim.scenario.shipped import shipped_file

NOW = models.all()[:2]  # status quo and the central team
BEST = tuple(replace(item, name=f"{item.name}_tuned") for item in NOW)
RESPONSE = Aim("response_min", "acute")
MEANS = {"status_quo": 80.0, "status_quo_tuned": 50.0, "central_team": 40.0, "central_team_tuned": 38.0}


class Known:
    """Each organisation at its mean, with the noise of a year that all share."""

    def values(self, organisation: Organisation, years: Sequence[int]) -> Values:
        noise = np.array([(-1.0) ** year for year in years])
        return {aim: MEANS[organisation.name] * (aim == RESPONSE) + noise for aim in AIMS}


def test_the_lead_is_told_with_both_rosters() -> None:
    pairs = pairs_of(NOW, BEST)
    table = at_best(cast("Bench", Known()), pairs, "status_quo", range(1, 9))
    row = table[(table["measure"] == "response_min") & (table["model"] == "central_team")].iloc[0]
    assert (row["difference"], row["difference_best"], row["gain"]) == (-40.0, -12.0, -2.0)
    assert (row["lower"], row["upper_best"]) == pytest.approx((-40.0, -12.0))  # the shared noise is gone
    said = sentences(table, {item.name: item.title for item in NOW}, "en")
    assert len(said) == 1 and "−40 minutes" in said[0] and "−12 minutes" in said[0] and "best roster" in said[0]


def test_a_model_without_a_best_is_left_out() -> None:
    assert list(pairs_of(NOW, BEST[:1])) == ["status_quo"]
    with pytest.raises(KeyError):
        at_best(cast("Bench", Known()), pairs_of(NOW, BEST[1:]), "status_quo", range(1, 4))


def shipped(name: str) -> Path:
    found = shipped_file(name)
    assert found is not None
    return found


def test_a_model_that_does_not_keep_up_is_laid_beside_nothing() -> None:
    declared = models.declared()
    tuned = tuple(
        item.organisation()
        for item in variants(load_scenario(shipped("each_at_its_best")), declared)
        if item.name.endswith("_tuned")
    )
    busy = load_scenario(shipped("halland")).with_changes({"demand.scale": 1.3, "calendar.weeks": 26})
    made = run_study([busy], models.of(busy), 1, jobs=2, worlds=0, best=tuned)
    late = {name for name in made.models if not made.steady(name)}
    assert late and made.at_best is not None
    assert not late & set(made.at_best["model"]) and "status_quo" in set(made.at_best["model"])
