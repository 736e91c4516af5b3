"""How large a run is, known before it is drawn; what is too large is refused at once, by the field that makes it so."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from mutants import guard
from tiny_region import write_region

from sim.codes import GROUPS
from sim.errors import RegionError, ScenarioError
from sim.scenario import Scenario, load_scenario
from sim.world.build import build_world
from sim.world.demand import draw_tape, plan_demand, read_inputs
from sim.world.extent import MAX_REQUESTS, check_extent, patients, requests
from sim.world.projection import grown


def parts(scenario: Scenario) -> tuple[dict[str, float], float]:
    """Requests expected by field, and patients."""
    world = build_world(scenario)
    inputs = read_inputs(scenario, world)
    later, enrolled = grown(scenario, world, inputs.enrolled, inputs.profiles.enrolment, inputs.projection)
    asked = requests(scenario, later, enrolled, inputs.profiles, inputs.guests)
    people = sum(part.number for part in patients(scenario, later, enrolled))
    return {part.key: part.number for part in asked}, people


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"demand.scale": 3.0, "calendar.warm_up_weeks": 30},
        {"demand.year": 2040, "demand.sabo_growth": 1.0},
        {"demand.wave_factor": 5.0, "demand.wave_first_week": 10, "demand.wave_weeks": 20},
        {"demand.G3.stay_days": 3.0, "demand.G1.turnover_per_month": 0.5, "demand.G6.share_65plus": 0.2},
    ],
)
def test_what_is_expected_is_what_is_drawn(changes: Mapping[str, Any]) -> None:
    scenario = Scenario().with_changes(changes)
    expected, people = parts(scenario)
    tapes = [draw_tape(plan_demand(scenario, build_world(scenario)), replication) for replication in range(3)]
    for group, name in enumerate(GROUPS):
        drawn = sum(float(tape.visits[tape.group == group].sum()) for tape in tapes) / len(tapes)
        if name in ("G1", "G4", "G6", "G8"):  # a part of the others is palliative, or comes in summer alone
            own = sum(number for key, number in expected.items() if key.startswith(f"demand.{name}."))
            palliative = 0.985 if name == "G1" else 1.0
            assert drawn == pytest.approx(own * palliative, rel=0.1), name
    drawn = sum(float(tape.visits.sum()) for tape in tapes) / len(tapes)
    assert drawn == pytest.approx(sum(expected.values()), rel=0.05)
    visitors = [int((tape.patient_group >= GROUPS.index("G7")).sum()) for tape in tapes]
    followed = [len(tape.patient_group) - come for tape, come in zip(tapes, visitors, strict=True)]
    assert sum(followed) / len(tapes) == pytest.approx(people, rel=0.02)


TOO_LARGE: list[tuple[dict[str, Any], str, str]] = [
    ({"demand.G1.acute_per_year": 400, "demand.scale": 20}, "demand.G1.acute_per_year", "the run would have about 4"),
    ({"demand.G8.certificates_per_1000": 1000, "demand.scale": 20}, "demand.G8.certificates_per_1000", "requests"),
    ({"demand.G6.share_65plus": 1, "demand.G6.acute_per_year": 1000}, "demand.G6.acute_per_year", "requests"),
    ({"demand.G3.stay_days": 1, "calendar.weeks": 520, "demand.G1.turnover_per_month": 1 - 1e-12},
     "demand.G1.turnover_per_month", "the run would have 1"),
    ({"demand.G5.crises_per_year": 1000, "demand.scale": 20, "demand.heterogeneity_cv": 5, "demand.G5.share_G1": 0},
     "demand.G5.crises_per_year", "a single patient"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "key", "message"), TOO_LARGE)
def test_a_run_too_large_is_refused_before_it_is_drawn(changes: dict[str, Any], key: str, message: str) -> None:
    scenario = Scenario().with_changes(changes)
    world = build_world(scenario)
    began = time.process_time()
    with pytest.raises(ScenarioError, match=message) as caught:
        plan_demand(scenario, world)
    assert time.process_time() - began < 2
    assert [problem.key for problem in caught.value.problems] == [key]


def test_the_place_of_the_field_is_told_also_through_files_that_extend_another(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("demand:\n  scale: 20\n  G1:\n    acute_per_year: 400\n")
    (tmp_path / "my.yaml").write_text("extends: base.yaml\n")
    scenario = load_scenario(tmp_path / "my.yaml")
    with pytest.raises(ScenarioError, match=r"base.yaml:4:21: demand.G1.acute_per_year: the run would have about"):
        plan_demand(scenario, build_world(scenario))


def test_too_many_patients_are_refused_by_their_table(tmp_path: Path) -> None:
    write_region(tmp_path / "tiny", municipalities={2: "1,Norrby,1000,6000000"})
    profiles = Path(__file__).parent.parent / "sim" / "data" / "halland" / "profiles.csv"
    lines = profiles.read_text(encoding="utf-8").splitlines()
    (tmp_path / "tiny" / "profiles.csv").write_text("\n".join(line for line in lines if "G7" not in line))
    (tmp_path / "my.yaml").write_text("region: tiny\n")
    scenario = load_scenario(tmp_path / "my.yaml")
    message = r"tiny/municipalities.csv: homecare_enrolled_2023_est: the run would have 9 \d{3} \d{3} patients"
    with guard(5), pytest.raises(RegionError, match=message):
        plan_demand(scenario, build_world(scenario))


def test_a_home_that_grows_beyond_its_limit_is_refused() -> None:
    scenario = Scenario().with_changes({"demand.year": 2040, "demand.sabo_growth": 1.0})
    world = build_world(scenario)
    inputs = read_inputs(scenario, world)
    later, enrolled = grown(scenario, world, inputs.enrolled * 1, inputs.profiles.enrolment, inputs.projection)
    check_extent(scenario, later, enrolled, inputs.profiles, inputs.guests)
    homes = tuple(
        home if home.kind != "sabo" else type(home)(**{**vars(home), "size": 700.0}) for home in world.facilities
    )
    with pytest.raises(ScenarioError, match=r"demand.sabo_growth: SÄBO .* grows to \d{4} places; one home may "):
        plan_demand(scenario, type(world)(**{**vars(world), "facilities": homes}), inputs)


def test_ten_times_halland_in_ten_years_is_still_run() -> None:
    scenario = Scenario().with_changes({"demand.scale": 10, "calendar.weeks": 520})
    assert sum(parts(scenario)[0].values()) < MAX_REQUESTS
    plan_demand(scenario, build_world(scenario))
