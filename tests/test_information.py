"""The value of information: against closed forms, its standard error, what nothing reads, and the points of a study."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri
from test_robust import INPUTS, found_of, worlds_of

from sim import Scenario
from sim.decide.information import (
    COLUMNS,
    DRAWS,
    EVERYTHING,
    evpi,
    evppi,
    information,
    information_of,
    points_of,
    smooth,
    subjects,
)
from sim.decide.plausible import DUMMY
from sim.decide.sequence import points
from sim.measures.definitions import HEADLINES
from sim.report.information import information_table
from sim.report.view import View

# One model gains N(mu, sd1**2 + sd2**2), the sum of two independent inputs, over another: closed forms.
MU, SD1, SD2 = 0.3, 0.8, 0.6
EVPI, EVPPI_1, EVPPI_2 = 0.2667612421172099, 0.1913350050976323, 0.11867793444078362
SOURCE = "source.acute_rates"

Floats = NDArray[np.float64]


def gaussian(seed: int, worlds: int) -> tuple[Floats, Floats]:
    """(points, normal scores): two inputs that matter and one that does not."""
    z = np.asarray(ndtri(points(seed, ["one", "two", DUMMY], worlds)))
    return np.column_stack([np.zeros(worlds), MU + SD1 * z[:, 0] + SD2 * z[:, 1]]), z


def test_closed_forms() -> None:
    worth, z = gaussian(1, 8192)
    assert evpi(worth) == pytest.approx(EVPI, abs=0.012)
    for column, exact in ((0, EVPPI_1), (1, EVPPI_2)):
        found = evppi(worth, z[:, [column]])
        assert found.points == pytest.approx(exact, abs=max(3 * found.error, 0.008))
    assert evppi(worth, z[:, :2]).points == pytest.approx(evpi(worth), abs=1e-6)
    assert evppi(worth, z[:, [2]]).points < 0.002


def test_a_standard_error_covers_and_what_nothing_reads_is_worth_nothing() -> None:
    """200 studies of 256 worlds."""
    inside, dummy = 0, []
    for seed in range(200):
        worth, z = gaussian(seed, 256)
        found = evppi(worth, z[:, [0]])
        inside += abs(found.points - EVPPI_1) < 1.96 * found.error
        dummy.append(evppi(worth, z[:, [2]]).points)
    assert 0.92 <= inside / 200 <= 1.0
    assert np.mean(dummy) < 0.004 and np.quantile(dummy, 0.95) < 0.02


def test_what_all_models_share_and_which_stands_first_is_nothing() -> None:
    worth, z = gaussian(3, 512)
    shared = worth + 7.0 + z[:, [1]]
    assert evppi(shared, z[:, [0]]).points == pytest.approx(evppi(worth, z[:, [0]]).points, abs=1e-9)
    assert evppi(worth[:, ::-1], z[:, [0]]).points == pytest.approx(evppi(worth, z[:, [0]]).points, abs=1e-9)
    assert evpi(shared) == pytest.approx(evpi(worth))


def test_a_bend_is_seen_and_noise_is_not() -> None:
    rng = np.random.default_rng(1)
    z = rng.standard_normal((400, 2))
    gain = np.column_stack([z[:, 0] ** 2 - 1 + 0.1 * rng.standard_normal(400)])
    fitted, basis, residual = smooth(gain, z[:, [0]])
    assert basis.shape[1] == 3 and residual.std() < 0.15
    assert np.allclose(fitted + residual, gain)
    assert smooth(rng.standard_normal((400, 1)), z)[1].shape[1] in (1, 3)  # nothing, or by chance a straight line
    assert DRAWS >= 200


# --- points ---------------------------------------------------------------------------------------


def test_points_count_practical_differences_by_the_weights() -> None:
    table = worlds_of([-20.0] * 3, steady=[True, True, False])
    scenario = Scenario()
    found = points_of(table, scenario, "status_quo", scenario.comparison.weights.model_dump())
    assert found.tolist() == [[0.0, 2.0], [0.0, 2.0], [0.0, -20.0]]
    heavier = scenario.with_changes({"comparison.weights.response_min": 3.0, "comparison.weights.not_keeping_up": 5.0})
    found = points_of(table, heavier, "status_quo", heavier.comparison.weights.model_dump())
    assert found.tolist() == [[0.0, 6.0], [0.0, 6.0], [0.0, -5.0]]
    endless = points_of(worlds_of([-math.inf]), scenario, "status_quo", {"response_min": 1.0})
    assert endless.tolist() == [[0.0, 100.0]]


def decided_by_one(worlds: int = 200) -> pd.DataFrame:
    """Worlds in which the second input says which of two models answers sooner."""
    table = worlds_of([0.0] * worlds)
    other = table["model"] == "hybrid"
    table.loc[other, "response_min.acute"] = 60.0 + 60.0 * (table.loc[other, INPUTS[1]] - 0.5)
    return table


def test_the_input_that_decides_stands_first() -> None:
    found = information(decided_by_one(), Scenario(), "halland", "status_quo")
    assert tuple(found.columns) == COLUMNS and set(found["input"]) == {EVERYTHING, DUMMY, SOURCE, *INPUTS}
    by_input = found.set_index("input")
    assert found["input"][0] in (EVERYTHING, INPUTS[1])
    assert by_input.loc[INPUTS[1], "points"] == pytest.approx(by_input.loc[EVERYTHING, "points"], rel=0.1)
    assert by_input.loc[INPUTS[1], "points"] == by_input.loc[INPUTS[1], "response_min"]
    for name in (DUMMY, INPUTS[0], INPUTS[2], INPUTS[3]):
        assert by_input.loc[name, "points"] < 0.1 * by_input.loc[INPUTS[1], "points"]
    values = found[["points", *(measure for measure, _ in HEADLINES)]].to_numpy()
    assert (values >= 0).all() and (values <= by_input.loc[EVERYTHING, ["points", *COLUMNS[4:]]].to_numpy(float)).all()


def test_a_source_is_known_by_all_its_inputs() -> None:
    told = subjects(["demand.G1.acute_per_year", "demand.G2.acute_per_year", "travel.cv", "source.acute_rates", DUMMY])
    assert told["source.acute_rates"] == ["demand.G1.acute_per_year", "demand.G2.acute_per_year"]
    assert set(told) == {
        "demand.G1.acute_per_year",
        "demand.G2.acute_per_year",
        "travel.cv",
        DUMMY,
        "source.acute_rates",
    }


def test_of_few_worlds_nothing_is_said() -> None:
    assert len(information(decided_by_one(40), Scenario(), "halland", "status_quo")) == 0


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_page_ranks_what_to_find_out(lang: str, tmp_path: Path) -> None:
    made = found_of(decided_by_one())
    table = information_of(made.comparison, made.worlds, made.scenarios)
    made = type(made)(**(vars(made) | {"information": table}))
    shown = information_table(View(made, "halland", lang))
    assert shown is not None
    (block,) = shown.blocks
    assert len(block.rows) >= 3 and block.rows[0].cells[0].note.startswith("± ")
    assert information_table(View(found_of(worlds_of([0.0] * 5)), "halland", lang)) is None
    assert shown.caption in made.to_html(lang)
