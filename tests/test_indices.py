"""What inputs do together: indices that are known, and that patients alike in every row keep luck out of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from test_commands import call

import models
from cli.indices import beforehand
from sim import Scenario
from sim.decide.aims import parse_aim
from sim.decide.differences import ModelDifferences
from sim.decide.indices import Effect, Share, largest, morris_design, sobol_design
from sim.decide.plausible import DUMMY, REST, SHARED, changes_at, laws_of, plausible_worlds
from sim.decide.screening import Screening, Step, screen, steps_of
from sim.decide.sequence import points
from sim.errors import HembesokError

pytest.importorskip("SALib")
RESPONSE = parse_aim("response_min")
SHORT = Scenario().with_changes({"calendar.weeks": 2, "calendar.warm_up_weeks": 1})
CHOSEN = {"status_quo": models.status_quo(), "hybrid": models.hybrid()}

# --- made-up answers ------------------------------------------------------------------------------

INPUTS = ("x1", "x2", "x3")
CASES = {
    case["id"]: case for case in json.loads((Path(__file__).parent / "data" / "stat_cases.json").read_text("utf-8"))
}
KNOWN = CASES["ishigami"]["expected"]  # of Ishigami's function
NOISY = sorted(name for name in CASES if name.startswith("sobol_noise_bias"))


def ishigami(x: Mapping[str, float]) -> float:
    a, b = (CASES["ishigami"]["params"][name] for name in "ab")
    one, two, three = (np.pi * (2.0 * x[name] - 1.0) for name in INPUTS)
    return float(np.sin(one) + a * np.sin(two) ** 2 + b * three**4 * np.sin(one))


@dataclass(frozen=True, eq=False)
class MadeUp(ModelDifferences):
    """A formula in place of the simulation."""

    formula: Callable[[Mapping[str, float]], float] = field(default=ishigami)

    def at(self, uniforms: Mapping[str, float]) -> np.ndarray:  # type: ignore[type-arg]
        return np.array([0.0, self.formula(uniforms)])


def asked(formula: Callable[[Mapping[str, float]], float], step: Step, inputs: tuple[str, ...] = INPUTS) -> Screening:
    return screen(MadeUp(SHORT, CHOSEN, "status_quo", RESPONSE, (1,), formula=formula), [step], inputs)


def shares(formula: Callable[[Mapping[str, float]], float], points: int = 2048) -> dict[str, Share]:
    return {row.key: row for row in asked(formula, Step("sobol", 4, points)).shares["hybrid"]}


def test_the_indices_of_a_known_function() -> None:
    found = asked(ishigami, Step("sobol", 4, 4096))
    assert found.spread["hybrid"] ** 2 == pytest.approx(KNOWN["V"], rel=0.02)
    rows = {row.key: row for row in found.shares["hybrid"]}
    for name, alone, total in zip(INPUTS, KNOWN["S1"], KNOWN["ST"], strict=True):
        assert rows[name].alone == pytest.approx(alone, abs=0.02)
        assert rows[name].total == pytest.approx(total, abs=0.02)
        assert 0.0 < rows[name].total_error < 0.05
    assert rows[DUMMY] == Share(DUMMY, 0.0, 0.0, 0.0, 0.0)
    assert [row.key for row in found.shares["hybrid"]] == ["x1", "x2", "x3", DUMMY]


@pytest.mark.parametrize("name", NOISY)
def test_luck_of_each_rows_own_takes_from_every_index_and_gives_to_the_total_of_a_dummy(name: str) -> None:
    ratio, biased = CASES[name]["params"]["noise_var_over_signal"], CASES[name]["expected"]
    chance = np.random.default_rng(5)
    noise = np.sqrt(ratio * KNOWN["V"])
    found = shares(lambda x: ishigami(x) + noise * chance.standard_normal(), 4096)
    for key, alone, total in zip(INPUTS, biased["S1_hat"], biased["ST_hat_independent_noise"], strict=True):
        assert found[key].alone == pytest.approx(alone, abs=0.05)
        assert found[key].total == pytest.approx(total, abs=0.05)
    assert found[DUMMY].total == pytest.approx(ratio / (1.0 + ratio), abs=0.05)


def test_luck_that_all_rows_share_changes_nothing() -> None:
    luck = np.sqrt(KNOWN["V"]) * float(np.random.default_rng(6).standard_normal())
    clean, lucky = shares(ishigami, 512), shares(lambda x: ishigami(x) + luck, 512)
    for name in INPUTS:
        assert lucky[name].alone == pytest.approx(clean[name].alone, abs=1e-9)
        assert lucky[name].total == pytest.approx(clean[name].total, abs=1e-9)
    assert lucky[DUMMY].total == lucky[DUMMY].alone == 0.0


def test_paths_give_signs_from_low_to_high_and_see_what_acts_together() -> None:
    found = asked(lambda x: 3.0 * x["x1"] - 2.0 * x["x2"], Step("morris", 4, 6)).effects["hybrid"]
    assert [row.key for row in found[:2]] == ["x1", "x2"]
    assert found[0][1:] == pytest.approx((2.7, 2.7, 0.0, 0.0), abs=1e-9)  # 0.9 of the way from 0 to 1
    assert found[1][1:] == pytest.approx((-1.8, 1.8, 0.0, 0.0), abs=1e-9)
    assert found[2].size == found[3].size == 0.0
    product = asked(lambda x: x["x1"] * x["x2"], Step("morris", 4, 12)).effects["hybrid"]
    assert {row.key for row in product if row.spread > 0.05} == {"x1", "x2"}


def test_an_answer_that_never_moves_has_no_shares_and_one_that_is_missing_leaves_its_point_out() -> None:
    assert {row[1:] for row in shares(lambda x: 4.0, 8).values()} == {(0.0, 0.0, 0.0, 0.0)}
    holed = asked(lambda x: np.nan if x["x1"] > 0.9 else ishigami(x), Step("sobol", 4, 64))
    assert 0 < holed.left_out["hybrid"] < 64
    rows = {row.key: row for row in holed.shares["hybrid"]}
    assert 0.1 < rows["x2"].alone < 0.7 and all(0.1 < rows[name].total < 0.8 for name in INPUTS)
    for step in (Step("morris", 4, 5), Step("sobol", 4, 8)):
        with pytest.raises(HembesokError, match="no value"):
            asked(lambda x: np.nan, step)


def test_sobol_is_asked_of_the_largest_of_a_screening() -> None:
    names = tuple(f"x{n}" for n in range(1, 31))
    steps = steps_of("sobol", len(names), named=False, points=16, top=2)
    made = MadeUp(SHORT, CHOSEN, "status_quo", RESPONSE, (1,), formula=lambda x: 5 * x["x7"] - 9 * x["x21"])
    told: list[None] = []
    found = screen(made, steps, names, 2, lambda: told.append(None))
    assert [row.key for row in found.shares["hybrid"]] == ["x21", "x7", DUMMY]
    assert len(told) == sum(step.rows for step in steps) == 10 * 32 + 16 * 5
    assert "400" in beforehand(steps, made, 0.5, "en") and "4 minutes" in beforehand(steps, made, 0.5, "en")


def test_the_rows_that_are_promised_are_those_that_are_made() -> None:
    for count in (1, 5, 12):
        names = [str(place) for place in range(count)]
        assert len(morris_design(names, 3, 1).rows) == Step("morris", count, 3).rows
        assert len(sobol_design(names, 20, 1).rows) == Step("sobol", count, 20).rows == 32 * (count + 2)
    again, other = (sobol_design(["a", "b"], 8, seed).rows for seed in (7, 8))
    assert (sobol_design(["a", "b"], 8, 7).rows == again).all() and (again != other).any()
    assert (morris_design(["a", "b"], 8, 7).rows == morris_design(["a", "b"], 8, 7).rows).all()
    for rows in (again, morris_design(["a", "b"], 8, 7).rows):
        assert (rows > 0).all() and (rows < 1).all()


def test_the_largest_in_any_model_but_the_dummy() -> None:
    one = (Effect("a", 0, 3, 0, 0), Effect(DUMMY, 0, 2, 0, 0), Effect("b", 0, 1, 0, 0))
    other = (Effect("c", 0, 9, 0, 0), Effect("b", 0, 5, 0, 0), Effect("a", 0, 0, 0, 0))
    assert largest((one, other), 2, DUMMY) == ("c", "b")
    assert largest((one, other), 9, DUMMY) == ("c", "b", "a")


# --- rows are plausible worlds --------------------------------------------------------------------


def test_a_row_of_all_factors_is_the_plausible_world_with_these_draws() -> None:
    scenario = SHORT.with_changes({"demand.acute_mix.A3": 1 - SHORT.demand.acute_mix.A1 - SHORT.demand.acute_mix.A2})
    worlds = plausible_worlds(scenario, 3)
    own = points(scenario.study.seed, worlds.keys, 3)
    for number in (1, 2, 3):
        drawn = dict(zip(worlds.keys, own[number - 1], strict=True))
        drawn |= dict(zip(SHARED, worlds.shared[number - 1], strict=True))
        changes, expected = changes_at(scenario, laws_of(scenario), drawn), worlds.changes(number)
        assert changes.pop(REST) is expected.pop(REST) is None
        assert changes == pytest.approx(expected, rel=1e-12)


def test_what_is_not_named_stays_and_a_source_moves_all_its_inputs() -> None:
    laws = laws_of(SHORT)
    still = {key: law.value for key, law in laws.items()}
    assert changes_at(SHORT, laws, {DUMMY: 0.9}) == still
    key = "travel.weather_factor"
    assert changes_at(SHORT, laws, {key: 0.95}) == pytest.approx(still | {key: laws[key].high})
    moved = changes_at(SHORT, laws, {"source.on_scene": 0.99})
    assert {name for name in laws if moved[name] > still[name]} == {
        name for name in laws if name.startswith("classes.") and name.endswith(".on_scene_mean_min")
    }
    assert {name for name in laws if moved[name] < still[name]} == set()
    alone = changes_at(SHORT, laws, {"classes.A1.on_scene_mean_min": 0.95})
    assert alone["classes.A1.on_scene_mean_min"] == pytest.approx(laws["classes.A1.on_scene_mean_min"].high)


def test_the_same_patients_meet_every_row() -> None:
    differences = ModelDifferences(SHORT, CHOSEN, "status_quo", RESPONSE, (1, 2))
    assert differences.factors[-1] == DUMMY and "source.on_scene" in differences.factors
    nothing = differences.at({})
    assert (nothing == differences.by_year({}).mean(axis=0)).all() and nothing[0] == 0.0 != nothing[1]
    assert (differences.at({DUMMY: 0.99, "costs.car_km": 0.01}) == nothing).all()
    inputs = ("travel.weather_factor", "costs.car_km")
    for step in (Step("morris", 3, 3), Step("sobol", 3, 2)):
        found = screen(differences, [step], inputs, 2)
        rows = (found.effects or found.shares)["hybrid"]
        assert rows[0].key == "travel.weather_factor" and rows[0][2] > 0
        assert {row[1:] for row in rows[1:]} == {(0.0, 0.0, 0.0, 0.0)}  # what the measure does not read, and the dummy


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "quick.yaml"
    path.write_text("extends: halland.yaml\ncalendar: {weeks: 2, warm_up_weeks: 1}\n", encoding="utf-8")
    return str(path)


LINE = (
    "--models",
    "status_quo,hybrid",
    "--replications",
    "2",
    "--jobs",
    "1",
    "--inputs",
    "travel.weather_factor,dummy",
)


def test_the_command_says_how_many_runs_and_then_what_came_of_them(file: str) -> None:
    morris = call("sensitivity", file, "--method", "morris", "--points", "3", *LINE, "--lang", "en", package="models")
    assert morris.exit_code == 0, morris.output
    assert "9 worlds × 2 years × 2 models = 36 runs, about" in morris.stderr
    assert "travel time in the weather" in morris.stdout and "a number that nothing reads" in morris.stdout
    sobol = call("sensitivity", file, "--method", "sobol", "--points", "3", *LINE, "--quiet", package="models")
    assert sobol.exit_code == 0 and sobol.stderr == ""
    assert "ensam" in sobol.stdout and "ett tal som ingen läser" in sobol.stdout
    told = json.loads(
        call("sensitivity", file, "--method", "sobol", "--points", "3", *LINE, "--json", package="models").stdout
    )
    assert told["method"] == "sobol" and told["steps"] == [{"method": "sobol", "inputs": 2, "points": 3, "rows": 16}]
    assert [row["input"] for row in told["shares"]] == ["travel.weather_factor", DUMMY]
    assert told["shares"][1]["total"] == 0.0 and told["left_out"] == {"hybrid": 0}
    assert told["base"]["hybrid"]["lower"] <= told["base"]["hybrid"]["change"] and told["effects"] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("--top", "3"), "go with --method morris or sobol"),
        (("--method", "morris", "--top", "3"), "--top goes with --method sobol"),
        (("--method", "sobol", "--top", "3", "--inputs", "travel.weather_factor"), "either the largest or those named"),
        (("--method", "sobol", "--inputs", "travel.weather_factr"), "did you mean travel.weather_factor"),
        (("--method", "morris", "--inputs", "staffing.hours_per_week"), "is no uncertain input here"),
        (("--method", "morris", "--inputs", "dummy"), "name at least one input"),
        (("--method", "fast"), "must be one of: tornado, morris, sobol"),
    ],
)
def test_what_does_not_go_together_is_told(line: tuple[str, ...], said: str, file: str) -> None:
    told = call("sensitivity", file, *line, "--lang", "en", package="models")
    assert told.exit_code == 2 and said in " ".join(told.stderr.split()), told.stderr


def test_without_salib_it_says_what_to_install(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SALib", "SALib.analyze", "SALib.sample"):
        monkeypatch.setitem(sys.modules, name, None)
    told = call("sensitivity", file, "--method", "morris", *LINE, "--quiet", "--lang", "en", package="models")
    assert told.exit_code == 2 and "pip install SALib" in told.stderr and "Traceback" not in told.stderr
