"""The region's questions as scenarios: the index, the shipped files, and the levers they pull: absence at short notice,
a wave, and a closed base."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine_factory import Ask, always, compiled, make_tape, make_world, organisation, pool, settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from small_world import small_scenario, small_world
from test_clocks import both, check_identities, days, organisations
from test_commands import call
from test_demand_groups import EVERYTHING, whole_inputs

import models
from sim.codes import A3, ADM, DONE, GROUPS, PAL, P, R
from sim.engine import compile_tables, run
from sim.engine.filling import absent
from sim.engine.posts import window_minutes
from sim.engine.running import make_run
from sim.errors import OrganisationError, ScenarioError
from sim.measures import MEASURES, measure
from sim.measures.staff import staff_of
from sim.organisation import (
    EVERY_DAY,
    OFFICE_DAYS,
    Area,
    EachMunicipality,
    EachVardcentral,
    HomeVisitWindows,
    Post,
    Shift,
)
from sim.scenario import Scenario, load_scenario
from sim.scenario.index import INDEX_FILE, Index, load_index
from sim.scenario.shipped import AT_BEST
from sim.study.load import offered_load
from sim.world.build import build_world
from sim.world.demand import draw, draw_tape, plan_demand
from sim.world.streams import Purpose, address, stream_key, uniforms, wrapping
from sim.world.tape import DemandTape
from sim.world.world import World

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "scenarios"
NAMES = [item.name for item in MEASURES]
HALLAND = "halland.yaml"
FILES = sorted(path.name for path in FOLDER.glob("*.yaml") if path.name not in (INDEX_FILE, f"{AT_BEST}.yaml"))
SHARING = ("sharing_silo.yaml", "sharing_network.yaml")
HOURS_TOLERANCE = 0.01


# --- the index ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def index() -> Index:
    return load_index(FOLDER / INDEX_FILE, NAMES)


def test_every_question_of_the_region_has_files(index: Index) -> None:
    assert [question.id for question in index.questions] == [
        "coherent_organisation", "threshold", "temporary_stay", "more_at_home", "each_party", "robustness",
    ]  # fmt: skip
    assert sorted(name for question in index.questions for name in question.files) == FILES
    assert index.default == HALLAND and set(index.scenarios) == set(FILES)
    for question in index.questions:
        for text in (question.question, question.lever, question.shown):
            assert text.sv and text.en and text.sv != text.en
    assert "läkartimmar 864 timmar i veckan" in index.changes("july.yaml").sv
    assert index.changes("varberg_base_closed.yaml").sv == "Skiljer sig från standard: stängda baser Varberg (inga)."


def test_the_document_of_questions_names_all_that_there_is_and_nothing_else(index: Index) -> None:
    text = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    assert set(re.findall(r"[\w.]+\.yaml", text)) == {*FILES, INDEX_FILE, "NAME.yaml"}
    for question in index.questions:
        assert question.question.en in text, question.id
        section = text.split(question.question.en)[1].split("\n## ")[0]
        assert all(f"`{name}`" in section for name in (*question.files, *question.measures)), question.id


FAULTS = {
    "a file that is not there": (
        "sharing_silo.yaml", "sharing_sillo.yaml",
        r"index\.yaml:\d+:27: questions\[0\]\.files\[1\]: no file 'sharing_sillo\.yaml' here; "
        r"did you mean sharing_silo\.yaml\?",
    ),
    "and the file is in no question": (
        "sharing_silo.yaml, ", "", r"index\.yaml:\d+:\d+: questions: sharing_silo\.yaml is in no question",
    ),
    "a file twice": (
        "[threshold_0.3.yaml", "[threshold_0.3.yaml, threshold_0.3.yaml",
        r":\d+:33: questions\[1\]\.files\[1\]: this file, 'threshold_0\.3\.yaml', stands twice, first on line \d+",
    ),
    "an unknown measure": (
        "measures: [response_min, in_target, escalated, on", "measures: [respons_min, in_target, escalated, on",
        r"questions\[0\]\.compare\.measures\[0\]: 'respons_min' does not exist; did you mean response_min\?",
    ),
    "an unknown comparison": (
        "against: models\n      measures", "against: modles\n      measures",
        r"compare\.against: must be one of models, default, got 'modles'; did you mean m",
    ),
    "an id twice": ("id: threshold", "id: coherent_organisation", r"questions\[1\]\.id: this id, .* stands twice"),
    "an odd id": ("id: threshold", "id: Tröskel 1", r"questions\[1\]\.id: must be small letters"),
    "no Swedish": ("      sv: policyn", "      se: policyn", r"lever\.se: unknown key; the keys here are sv, en"),
    "an empty question": ("files: [threshold_0.3.yaml, threshold_0.7.yaml]", "files: []", r"files: must be a list of"),
    "a key that is none": ("    shown:", "    show:", r"questions\[0\]\.show: unknown key; did you mean shown\?"),
    "no questions": ("questions:", "questions: none #", r"index\.yaml:\d+:\d+: "),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_index_is_named_with_its_place(tmp_path: Path, name: str) -> None:
    old, new, message = FAULTS[name]
    shutil.copytree(FOLDER, tmp_path / "scenarios")
    file = tmp_path / "scenarios" / INDEX_FILE
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError, match=message) as error:
        load_index(file, NAMES)
    assert all(re.match(rf"{re.escape(str(file))}:\d+:\d+: ", str(problem)) for problem in error.value.problems)


FILE_FAULTS = {
    "a wrong value": ("threshold: 0.3", "threshold: high", r"threshold_0\.3\.yaml:\d+:14: organisation\.threshold: m"),
    "an unknown key": ("threshold:", "treshold:", r"threshold_0\.3\.yaml:\d+:3: .*did you mean organisation\.thres"),
    "nothing changed": ("threshold: 0.3", "threshold: 0.5", r"index\.yaml:\d+:\d+: .*threshold_0\.3\.yaml changes n"),
    "the same as another": ("threshold: 0.3", "threshold: 0.7", r"threshold_0\.7\.yaml changes the same as thresh"),
    "no title": ("title:\n  sv: Tröskel 0,3\n", "title:\n", r"threshold_0\.3\.yaml has no title of its own in both"),
    "no question": ("question:\n  sv:", "question:\n  sv: ''\n#", r"threshold_0\.3\.yaml has no question of its own"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILE_FAULTS)
def test_a_fault_in_a_file_is_named_with_its_place(tmp_path: Path, name: str) -> None:
    old, new, message = FILE_FAULTS[name]
    shutil.copytree(FOLDER, tmp_path / "scenarios")
    file = tmp_path / "scenarios" / "threshold_0.3.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        load_index(file.parent / INDEX_FILE, NAMES)


def test_an_index_of_another_shape_is_refused_and_one_that_cannot_be_read_too(tmp_path: Path) -> None:
    file = tmp_path / INDEX_FILE
    for text, message in (("{}\n", "default: must be text"), ("a: [", "is not valid YAML"), ("", "is empty")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError, match=message):
            load_index(file, NAMES)


def test_validate_shows_the_index_or_its_faults(tmp_path: Path) -> None:
    home = str(FOLDER / INDEX_FILE)
    text = call("validate", home, "--lang", "en", package="models").stdout
    assert f"6 questions, {len(FILES)} scenario files, all valid." in text
    assert "  sick_leave_5_percent.yaml: Differs from the default: absence at short notice" in text
    shutil.copytree(FOLDER, tmp_path / "scenarios")
    report = json.loads(call("validate", home, "--json", package="study_models").stdout)["scenarios"][0]
    assert report["valid"] and [q["against"] for q in report["questions"]] == ["models"] + ["default"] * 5
    file = tmp_path / "scenarios" / "varberg_base_closed.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("[Varberg]", "[Varbreg]"), encoding="utf-8")
    wrong = call("validate", str(file.parent / INDEX_FILE), package="models")
    assert wrong.exit_code == 2 and wrong.stdout == ""
    assert "ingen kommun, plats eller enhet heter 'Varbreg'; menade du Varberg?" in wrong.stderr
    assert "varberg_base_closed.yaml" in wrong.stderr
    english = call("validate", str(file.parent / INDEX_FILE), "--lang", "en", package="models").stderr
    assert "no municipality, place or facility is called 'Varbreg'; did you mean Varberg?" in english


# --- the shipped files ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_hours_are_equal_in_every_shipped_scenario(name: str) -> None:
    scenario = load_scenario(FOLDER / name)
    world = build_world(scenario)
    hours = [compile_tables(made, world, scenario).hours_per_week for made in models.four()]
    assert max(hours) / min(hours) - 1 <= HOURS_TOLERANCE, hours
    assert hours[0] == pytest.approx(scenario.staffing.hours_per_week, rel=HOURS_TOLERANCE)


def work_h_per_week(year: int) -> float:
    """Hours a week of the work that is asked for, mean of five replications."""
    scenario = Scenario().with_changes({"demand.year": year})
    world = build_world(scenario)
    plan = plan_demand(scenario, world)
    total = 0.0
    for replication in range(1, 6):
        tape = draw_tape(plan, replication)
        hours = np.bincount(world.calendar.window[int(tape.warm_up_min // 60) :], minlength=4)
        total += float((offered_load(tape, world).busy * hours).sum()) / scenario.calendar.weeks
    return total / 5


def test_staff_set_anew_follows_the_work_of_its_year() -> None:
    today = work_h_per_week(2024)
    usual = Scenario().staffing.hours_per_week
    files = [name for name in FILES if re.match(r"year_\d+_staff", name)]
    assert len(files) == 3
    for name in files:
        scenario = load_scenario(FOLDER / name)
        factor = scenario.staffing.hours_per_week / usual
        assert factor == pytest.approx(work_h_per_week(scenario.demand.year) / today, rel=0.015)
        assert f"_{round(100 * (factor - 1))}_percent_more" in name and str(scenario.demand.year) in name


def test_silo_is_what_the_models_say_themselves_or_has_no_borders_to_keep() -> None:
    usual, silo, network = (load_scenario(FOLDER / name) for name in (HALLAND, *SHARING))
    world = build_world(usual)
    changed = 0
    for made in models.four():
        tables = [compile_tables(made, world, scenario) for scenario in (usual, silo, network)]
        assert np.array_equal(tables[0].team, tables[1].team) and tables[0].asked == tables[1].asked, made.name
        changed += tables[0].asked != tables[2].asked
    assert changed == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_every_shipped_scenario_runs(name: str) -> None:
    """One replication of two weeks under every model: visits are made, and few are left open."""
    asked = load_scenario(FOLDER / name)
    scenario = asked.with_changes({"calendar.weeks": 2, "calendar.warm_up_weeks": 1})
    world = build_world(scenario)
    tape = draw(scenario, world, 1)
    for made in models.four():
        ready = compile_tables(made, world, scenario)
        journal = run(tape, world, ready, "compiled")
        assert (journal.outcome == DONE).mean() > 0.4, made.name
        values = measure(tape, world, scenario, journal, staff_of(ready))
        assert values is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sick_leave_5_percent.yaml", "july.yaml", "varberg_base_closed.yaml"])
def test_a_scenario_runs_from_the_command_line(name: str, tmp_path: Path) -> None:
    arguments = ["--replications", "2", "--weeks", "2", "--jobs", "1", "--json", "--out", str(tmp_path / "out")]
    result = call("compare", str(FOLDER / name), *arguments, package="models")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["study"]["failed"] == []


# --- absence at short notice ----------------------------------------------------------------------


@pytest.mark.parametrize("whole_minutes", [False, True], ids=["grid", "whole minutes"])
@examples(max_examples=100)
@given(data=st.data())
def test_both_clocks_agree_when_physicians_are_away(data: st.DataObject, whole_minutes: bool) -> None:
    world, tape = data.draw(days(whole_minutes))
    tape = dataclasses.replace(tape, absence_key=data.draw(st.integers(0, 2**64 - 1)))
    made = data.draw(organisations())
    scenario = settings(
        absence_share=data.draw(st.sampled_from([0.05, 0.5, 1.0])),
        break_min=data.draw(st.sampled_from([0.0, 30.0])),
        planned_share=data.draw(st.sampled_from([0.3, 1.0])),
        closed_bases=data.draw(st.sampled_from([(), ("Ort 0",), ("Kommun 1", "Ort 2")])),
    )
    journal = both(world, tape, made, scenario)
    check_identities(tape, journal, 0.0)
    ready = compiled(made, world, scenario)
    away = away_of(tape, ready.roster.physician, scenario.staffing.absence_share)
    assert (journal.shift_end[away] == journal.shift_start[away]).all()
    assert (journal.shift_home[away] == journal.shift_start[away]).all()
    for spent in (journal.driving_min, journal.idle_min, journal.shift_stops, journal.overtime_min):
        assert not spent[away].any()
    assert not away[journal.shift[journal.shift >= 0]].any()
    assert (journal.shift_end[~away] == np.minimum(ready.roster.end, tape.horizon_min)[~away]).all()


def away_of(tape: DemandTape, physician: Any, share: float) -> Any:
    with wrapping():
        return absent(np.uint64(tape.absence_key), share, physician)


def two_shifts_a_day(lines: int = 3) -> Any:
    shifts = (Shift(EVERY_DAY, "06:00", "12:00"), Shift(EVERY_DAY, "12:00", "18:00"))
    return organisation(pool(Post("Ort 0", shifts, lines), always("Ort 1")))


def test_who_is_away_is_the_draw_of_the_shift_of_the_physician() -> None:
    """Counted by hand: the n-th shift of physician i is at address (i, n) of the tape's stream."""
    physician = compiled(two_shifts_a_day(), make_world(np.zeros((2, 2)), days=28)).roster.physician
    key = stream_key(7, 3, Purpose.ABSENCE)
    number = [int((physician[:u] == who).sum()) for u, who in enumerate(physician)]
    expected = uniforms(key, address(physician, number)) < 0.2
    with wrapping():
        assert np.array_equal(absent(np.uint64(key), 0.2, physician), expected)
        assert np.array_equal(getattr(absent, "py_func", absent)(np.uint64(key), 0.2, physician), expected)
    assert 0 < expected.sum() < len(expected)


def test_a_larger_share_adds_absences_and_the_share_is_met() -> None:
    physician = np.repeat(np.arange(300), 100)
    with wrapping():
        few, many, every, nobody = (absent(np.uint64(2**63 + 5), share, physician) for share in (0.05, 0.1, 1.0, 0.0))
    assert not (few & ~many).any() and every.all() and not nobody.any()
    for away, share in ((few, 0.05), (many, 0.1)):
        assert abs(away.mean() - share) < 4 * np.sqrt(share * (1 - share) / len(away))


def test_without_absence_the_key_says_nothing() -> None:
    world = make_world(np.full((2, 2), 10.0), days=7)
    ready = compiled(two_shifts_a_day(), world)
    tape = make_tape(world, [Ask(float(t)) for t in range(0, 10000, 100)])
    other = dataclasses.replace(tape, absence_key=99)
    assert np.array_equal(run(tape, world, ready).t4, run(other, world, ready).t4)
    assert make_run(tape, world, ready).agenda.starts is not None


def test_when_all_are_away_nobody_comes_and_no_hours_are_scheduled() -> None:
    world = make_world(np.zeros((2, 2)), days=7)
    tape = make_tape(world, [Ask(100.0, patience=60.0), Ask(200.0)])
    ready = compiled(two_shifts_a_day(), world, settings(absence_share=1.0))
    journal = run(tape, world, ready)
    assert journal.te[0] == 160.0 and np.isnan(journal.t3).all()
    assert (journal.shift_end - journal.shift_start).sum() == 0.0
    assert ready.hours_per_week > 0  # rostered hours are what models are made equal in


def test_hours_worked_fall_by_the_share_and_the_tape_but_for_that_is_the_same() -> None:
    changes = {"calendar.weeks": 8, "calendar.warm_up_weeks": 0}
    usual, sick = (Scenario().with_changes({**changes, "staffing.absence_share": share}) for share in (0.0, 0.05))
    world = build_world(usual)
    tape = draw(usual, world, 1)
    assert tape.sha256() == draw(sick, world, 1).sha256()
    made = models.status_quo()
    ready = [compile_tables(made, world, scenario) for scenario in (usual, sick)]
    assert ready[0].hours_per_week == ready[1].hours_per_week
    journals = [run(tape, world, item) for item in ready]
    hours = [float((journal.shift_end - journal.shift_start).sum()) for journal in journals]
    shifts = len(ready[0].roster.start)
    assert abs(hours[1] / hours[0] - 0.95) < 4 * np.sqrt(0.05 * 0.95 / shifts) * 2  # shifts are of unlike length


def test_the_key_of_absence_is_on_the_tape_and_in_its_hash() -> None:
    scenario = small_scenario()
    world = small_world()
    tapes = [draw(scenario, world, replication, whole_inputs()) for replication in (1, 2)]
    assert [tape.absence_key for tape in tapes] == [stream_key(2024, r, Purpose.ABSENCE) for r in (1, 2)]
    assert dataclasses.replace(tapes[0], absence_key=0).sha256() != tapes[0].sha256()
    large = dataclasses.replace(tapes[0], absence_key=2**64 - 1)  # beyond int64
    assert large.sha256() != tapes[0].sha256()


# --- a wave ---------------------------------------------------------------------------------------

WEEK = 7 * 1440.0
WAVE = {"demand.wave_factor": 2.0, "demand.wave_first_week": 3, "demand.wave_weeks": 4}
LONG = {**EVERYTHING, "calendar.weeks": 12, "calendar.warm_up_weeks": 2, "demand.scale": 20.0}


def wave_tape(changes: dict[str, Any]) -> DemandTape:
    return draw(small_scenario({**LONG, **changes}), small_world(days=98), 1, whole_inputs())


@pytest.fixture(scope="module")
def calm() -> DemandTape:
    return wave_tape({})


@pytest.fixture(scope="module")
def wavy() -> DemandTape:
    return wave_tape(WAVE)


def test_a_wave_multiplies_acute_requests_in_its_weeks_only(calm: DemandTape, wavy: DemandTape) -> None:
    begin, end = 4 * WEEK, 8 * WEEK  # two weeks of warm-up, then the third to the sixth counted week
    for groups in (range(8), (GROUPS.index("G7"),), (GROUPS.index("G8"),)):
        counts = []
        for tape in (calm, wavy):
            mine = (tape.klass <= A3) & np.isin(tape.group, list(groups))
            inside = mine & (tape.t0_min >= begin) & (tape.t0_min < end)
            counts.append((inside.sum(), (mine & ~inside).sum()))
        (usual, outside), (more, still) = counts
        assert usual > 30
        assert abs(more - 2 * usual) < 4 * np.sqrt(more + 4 * usual)
        assert abs(still - outside) < 4 * np.sqrt(still + outside)


def test_before_a_wave_all_is_the_same_to_the_bit(calm: DemandTape, wavy: DemandTape) -> None:
    before = [tape.t0_min < 4 * WEEK for tape in (calm, wavy)]
    assert before[0].sum() > 100
    for name in ("t0_min", "klass", "node", "on_scene_min", "patience_min", "travel_factor"):
        assert np.array_equal(getattr(calm, name)[before[0]], getattr(wavy, name)[before[1]]), name


def test_a_wave_leaves_crises_certificates_and_planned_work_alone(calm: DemandTape, wavy: DemandTape) -> None:
    for klass in (PAL, ADM, R, P):
        mine = [tape.klass == klass for tape in (calm, wavy)]
        assert mine[0].sum() > 10
        assert np.array_equal(calm.t0_min[mine[0]], wavy.t0_min[mine[1]])
        assert np.array_equal(calm.on_scene_min[mine[0]], wavy.on_scene_min[mine[1]])


@pytest.mark.parametrize(("key", "value"), [("weeks", 0), ("factor", 1.0), ("first_week", 13), ("first_week", 500)])
def test_no_wave_is_no_change(calm: DemandTape, key: str, value: float) -> None:
    assert wave_tape({**WAVE, f"demand.wave_{key}": value}).sha256() == calm.sha256()


def test_a_wave_may_empty_weeks_and_may_outlast_the_run(calm: DemandTape) -> None:
    tape = wave_tape({"demand.wave_factor": 0.0, "demand.wave_first_week": 11, "demand.wave_weeks": 10})
    acute = tape.klass <= A3
    assert tape.t0_min[acute].max() < 12 * WEEK < calm.t0_min[calm.klass <= A3].max()


# --- a closed base --------------------------------------------------------------------------------

OFFICE = (Shift(OFFICE_DAYS, "08:00", "17:00"),)


def three_towns() -> World:
    """Towns on a line, 10, 20 minutes apart: Ort 1 is nearer to Ort 0 than to Ort 2. A vårdcentral in Ort 1."""
    travel = [[0.0, 10.0, 30.0], [10.0, 0.0, 20.0], [30.0, 20.0, 0.0]]
    return make_world(travel, days=7, vardcentraler=(1,))


def test_physicians_of_a_closed_base_start_from_the_nearest_open_town_and_keep_their_patients() -> None:
    world = three_towns()
    made = organisation(pool(Post(EachMunicipality(), OFFICE), area=Area.MUNICIPALITY))
    usual, closed = (compiled(made, world, settings(closed_bases=names)) for names in ((), ("Kommun 1",)))
    assert usual.roster.base.tolist() == [0] * 5 + [1] * 5 + [2] * 5
    assert closed.roster.base.tolist() == [0] * 5 + [0] * 5 + [2] * 5
    assert np.array_equal(closed.team, usual.team) and closed.asked == usual.asked
    assert closed.hours_per_week == usual.hours_per_week
    tape = make_tape(world, [Ask(600.0, node=1), Ask(620.0, node=0)])
    journal = both(world, tape, made, settings(closed_bases=("Kommun 1",)))
    assert journal.t4.tolist() == [610.0, 620.0]  # ten minutes from Ort 0; the other physician there is another team's
    assert journal.shift_physician[journal.shift].tolist() == [1, 0]
    # 10 out and 10 home again: the physician ends where the shift began.
    assert journal.driving_min[journal.shift[0]] == 20.0


def test_a_place_a_facility_and_a_municipality_may_be_closed() -> None:
    world = three_towns()
    made = organisation(pool(Post("Ort 1", OFFICE), always("Ort 2")))
    for names in (("Kommun 1",), ("Ort 1",), ("VC 0",)):
        assert set(compiled(made, world, settings(closed_bases=names)).roster.base.tolist()) == {0, 2}
    two = compiled(made, world, settings(closed_bases=("Ort 1", "Ort 0")))
    assert set(two.roster.base.tolist()) == {2}  # the nearest that is open, not the nearest


def test_posts_and_windows_at_a_vardcentral_stay() -> None:
    world = three_towns()
    made = organisation(
        pool(Post(EachVardcentral(), OFFICE), area=Area.LISTED, name="vc"), pool(always("Ort 1"), name="team")
    )
    tables = compiled(made, world, settings(closed_bases=("Ort 1",)))
    assert tables.roster.base[tables.roster.vardcentral == 0].tolist() == [1] * 5
    assert tables.roster.base[tables.roster.vardcentral < 0].tolist() == [0]
    halland = build_world(Scenario())
    usual, closed = (
        compile_tables(models.status_quo(), halland, Scenario().with_changes({"organisation.closed_bases": names}))
        for names in ((), ("Varberg",))
    )
    windows = [isinstance(part, HomeVisitWindows) for p in usual.organisation.pools for part in p.staffing[:1]]
    mine = np.array(windows)[usual.roster.pool]
    varberg = [m.name for m in halland.municipalities].index("Varberg")
    assert np.array_equal(usual.roster.base[mine], closed.roster.base[mine])
    town = halland.towns.main[varberg]
    assert (usual.roster.base[~mine] == town).any() and not (closed.roster.base[~mine] == town).any()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("Kommun 7",), "made: organisation.closed_bases: no municipality, place or facility is called 'Kommun 7'"),
        (("Kommun 7",), r"did you mean Kommun \d\?"),
        (
            ("Ort 0", "Ort 1", "Ort 2"),
            "closed_bases: the main town of every municipality is closed: leave at least one",
        ),
    ],
)
def test_wrong_names_and_closing_all_are_errors(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(OrganisationError, match=message):
        compiled(organisation(pool(always())), three_towns(), settings(closed_bases=names))


def test_the_four_models_with_all_three_levers_on_both_clocks() -> None:
    changes = {
        "calendar.weeks": 2, "calendar.warm_up_weeks": 1, "staffing.absence_share": 0.1,
        "organisation.closed_bases": ("Varberg", "Falkenberg"),
        "demand.wave_factor": 2.0, "demand.wave_weeks": 1,
    }  # fmt: skip
    scenario = Scenario().with_changes(changes)
    world = build_world(scenario)
    tape = draw(scenario, world, 1)
    for made in models.four():
        journal = both(world, tape, made, scenario)
        check_identities(tape, journal, scenario.organisation.hand_over_min)
        away = journal.shift_end == journal.shift_start
        assert 0.03 < away.mean() < 0.2, made.name


# --- equal hours when there is little -------------------------------------------------------------


def test_windows_share_what_there_is_even_if_that_is_little() -> None:
    work, most = np.array([1.0, 2.0, 6.0]), np.full(3, 2700.0)
    assert window_minutes(work, 300.0, most).tolist() == [100.0] * 3  # too little for 150 minutes everywhere
    enough = window_minutes(work, 900.0, most)
    assert enough.sum() == pytest.approx(900.0) and enough.min() == 150.0 and enough[2] > enough[1]


def test_a_vardcentral_with_little_has_its_window_less_often() -> None:
    """864 hours leave vårdcentral-led under two hours a week for each vårdcentral: a window every second week."""
    scenario = load_scenario(FOLDER / "physicians_20_percent_fewer.yaml")
    ready = compile_tables(models.vardcentral_led(), build_world(scenario), scenario)
    windows = ready.roster.vardcentral >= 0
    length = (ready.roster.end - ready.roster.start)[windows]
    assert length.min() >= 150.0
    weeks = scenario.calendar.weeks + scenario.calendar.warm_up_weeks
    of_each = np.bincount(ready.roster.vardcentral[windows])
    assert len(of_each) == 46 and of_each.min() >= weeks // 2 - 3 and of_each.max() <= weeks // 2 + 1
    monday = (ready.roster.start[windows] // WEEK).astype(int)
    assert np.bincount(monday % 2).min() > 0.4 * windows.sum()  # half of them in either week
