"""Documents made from what is run: the description by STRESS-DES, and the register of inputs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Template

import pytest
from click.testing import CliRunner

import models
from cli import COMMANDS, Settings, make_group
from sim.codes import CLASSES, GROUPS
from sim.declared import settings_of, variants
from sim.documents import Facts, describe, gather, sections
from sim.documents.stress import prose
from sim.organisation import (
    ALWAYS,
    DAYS_OFF,
    Between,
    Days,
    EachFacility,
    EachVardcentral,
    Hub,
    Organisation,
    Pool,
    Post,
    Principal,
    Sharing,
    Shift,
    Text,
    route,
)
from sim.scenario import Scenario, assumptions, load_scenario
from sim.scenario.assumed import Input, field_inputs, share_of_estimates
from sim.scenario.fields import leaves
from sim.world.assumed import all_inputs, estimate_share, region_inputs, table_qualities
from sim.world.region import region_folder
from sim.world.streams import Purpose

ROOT = Path(__file__).resolve().parent.parent
ITEMS = [
    *(f"1.{n}" for n in range(1, 4)),
    *(f"2.{n}" for n in range(1, 5)),
    *(f"2.5.{n}" for n in range(1, 6)),
    *(f"3.{n}" for n in range(1, 5)),
    *(f"4.{n}" for n in range(1, 4)),
    *(f"5.{n}" for n in range(1, 5)),
    "6.1",
]
LANGUAGES = ("sv", "en")


def default() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "halland.yaml")


@pytest.fixture(scope="module")
def kept() -> Facts:
    """The default scenario with all models, without anything of this machine."""
    chosen = variants(default(), models.declared())
    settings = [item for variant in chosen for item in settings_of(variant.name, variant.settings)]
    return gather(default(), default(), models.all(), settings, kept=True)


# --- the description ------------------------------------------------------------------------------


def test_the_description_in_the_documents_is_what_the_program_says(kept: Facts) -> None:
    stored = (ROOT / "docs" / "stress-des.md").read_text(encoding="utf-8")
    assert stored == describe(kept, "en"), (
        "write docs/stress-des.md anew: python run_sim.py describe --lang en --kept --out docs/stress-des.md"
    )


def test_the_stored_description_knows_no_machine(kept: Facts) -> None:
    from sim.study.provenance import versions
    from sim.version import __version__

    text = describe(kept, "en")
    assert "git " not in text and __version__ not in text
    found = versions()
    assert found["platform"] not in text and f"numpy {found['numpy']}" not in text
    now = describe(gather(kept.scenario, kept.base, models.all()[:1]), "en")
    assert f"* hembesok {__version__}" in now
    assert all(f"* {name} {word}" in now for name, word in found.items())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_item_of_the_paper_is_there_once_and_says_something(kept: Facts, lang: str) -> None:
    found = sections(describe(kept, lang))
    assert [item.number for item in found] == ITEMS
    assert all(item.title and len(item.text) > 40 for item in found)
    # the paper counts the components (2.5) as one: 20 items
    assert len({".".join(number.split(".")[:2]) for number in ITEMS}) == 20


def test_both_languages_are_filled_in_with_the_same() -> None:
    named = {lang: re.findall(r"\$\{(\w+)\}", prose(lang)) for lang in LANGUAGES}
    assert sorted(named["sv"]) == sorted(named["en"])
    marks = [[line.split()[1] for line in prose(lang).splitlines() if re.match(r"#+ \d", line)] for lang in LANGUAGES]
    assert marks[0] == marks[1]
    assert all(Template(prose(lang)).is_valid() for lang in LANGUAGES)


def test_the_description_holds_all_that_the_configuration_holds(kept: Facts) -> None:
    by_number = {item.number: item.text for item in sections(describe(kept, "en"))}
    for tables in kept.tables:
        organisation = tables.organisation
        assert f"`{organisation.name}`" in by_number["2.3"] and organisation.description.en in by_number["2.3"]
        assert all(pool.title.en in by_number["2.3"] for pool in organisation.pools)
        assert f"{tables.hours_per_week:,.1f}" in by_number["2.5.3"]
    assert all(f"| {name} |" in by_number["2.5.1"] for name in GROUPS)
    assert all(f"| {name} |" in by_number["2.5.2"] for name in CLASSES)
    assert all(
        f"`{leaf.key}`" in by_number["3.3"] for leaf in leaves(Scenario) if not leaf.key.startswith(("title", "quest"))
    )
    assert all(row.source in by_number["3.3"] for row in assumptions(kept.scenario) if "|" not in row.source)
    assert all(f"`{checksum}`" in by_number["3.1"] for _, checksum in kept.world.checksums)
    assert all(f"`{purpose.value}`" in by_number["5.2"] for purpose in Purpose)
    assert str(kept.scenario.study.seed) in by_number["5.2"]
    for item in kept.settings:
        assert f"| `{item.model}` | `{item.key}` | {item.title.en} | {item.said.en} |" in by_number["3.3"]
        assert (
            item.quality is None or f"{item.quality}, {item.low:g}–{item.high:g}: {item.source} |" in by_number["3.3"]
        )
    assert ("vardcentral_led", "rest_h", "4 hours") in {(i.model, i.key, i.said.en) for i in kept.settings}


def test_the_hours_of_the_pools_add_up_to_the_model(kept: Facts) -> None:
    text = next(item.text for item in sections(describe(kept, "en")) if item.number == "2.3")
    for tables in kept.tables:
        part = text.split(f"(`{tables.organisation.name}`)")[1].split("####")[0]
        rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| ")]
        hours = [float(row[4].replace(",", "")) for row in rows if len(row) == 7 and row[4][0].isdigit()]
        people = [int(row[5]) for row in rows if len(row) == 7 and row[5].isdigit()]
        assert len(hours) == len(tables.pool_names)
        assert sum(hours) == pytest.approx(tables.hours_per_week, abs=0.06 * len(hours))
        assert sum(people) == tables.n_physicians


def test_a_changed_scenario_says_what_differs_in_both_languages() -> None:
    changed = default().with_changes(
        {
            "demand.G1.acute_per_year": 0.9,
            "organisation.sharing": "network",
            "organisation.acute_only_in": ["Laholm"],
            "demand.wave_weeks": 8,
            "demand.wave_factor": 1.5,
            "study.reference": "nobody",
        }
    )
    facts = gather(changed, default(), models.all()[:1], kept=True)
    english = {item.number: item.text for item in sections(describe(facts, "en"))}
    swedish = {item.number: item.text for item in sections(describe(facts, "sv"))}
    assert "| `demand.G1.acute_per_year` G1 acute visits per enrolled person | 0.6 " in english["2.3"]
    assert "**0.9**" in english["3.3"] and "**0,9**" in swedish["3.3"]
    assert "network: no borders inside a pool" in english["2.3"] and "nätverk" in swedish["2.3"]
    assert "served as residents; Laholm: served only when acute" in english["2.2"]
    assert "× 1.5 in weeks 1–8" in english["2.4"] and "× 1,5 vecka 1–8" in swedish["2.4"]
    assert "The base model is **Status quo**" in english["2.2"]  # the reference takes no part: the first model
    assert "no difference" not in english["2.3"]


def test_settings_that_a_scenario_states_are_said_in_its_description() -> None:
    changed = default().with_changes(
        {"models.hybrid.hubs": 4, "models.late": {"from": "hybrid", "evening_end": "23:00"}}
    )
    chosen = variants(changed, models.declared(), ["hybrid", "late"])
    settings = [item for variant in chosen for item in settings_of(variant.name, variant.settings)]
    made = [variant.organisation() for variant in chosen]
    english = describe(gather(changed, default(), made, settings, kept=True), "en")
    swedish = describe(gather(changed, default(), made, settings, kept=True), "sv")
    assert "| `models.hybrid.hubs` bases | 3 | 4 |" in english and "| `models.hybrid.hubs` baser | 3 | 4 |" in swedish
    assert "| `models.late.from` | as declared | hybrid |" in english
    assert "| `late` | `evening_end` | kvällspasset slutar | **23:00** | – |" in swedish
    assert "#### Hybrid (kvällspasset slutar 23:00) (`late`)" in swedish and "från fyra baser" in swedish


def test_every_word_of_the_vocabulary_can_be_said() -> None:
    rounds = Shift(Days((0, 2)), "09:00", "12:00")
    team = Pool(
        "team", Text("Team", "Team"), Principal.CONTRACTOR,
        (Post(Hub(0, 2), ALWAYS, 2), Post(EachVardcentral(), (rounds,)), Post(EachFacility("hospital"), (rounds,)),
         Post("Laholm", (Shift(DAYS_OFF, "10:00", "16:00"),), stand_by="Falkenberg")),
        between=Between.BLOCKS, overtime_min=15, break_min=20, planned_share=0.5, reserve=1, rest_h=2, block_min=45,
        cost_per_hour=1234.5,
    )  # fmt: skip
    organisation = Organisation(
        "all_words", Text("Alla ord", "All words"), Text("Prov.", "Trial."), (team,),
        (route(team, groups=("G1", "G2"), windows=("natt",), municipalities=("Laholm",), triage_min=3), route(team)),
        sharing=Sharing.AGREEMENT,
    )  # fmt: skip
    facts = gather(default(), default(), [organisation], kept=True)
    english = next(item.text for item in sections(describe(facts, "en")) if item.number == "2.3")
    for words in (
        "| contractor |", "2 × Halmstad (hub 1 of 2): always", "1 × each vårdcentral: Mondays, Wednesdays 09:00–12:00",
        "1 × Laholm (waits at Falkenberg): weekends and holidays 10:00–16:00", "1 × each hospital (",
        "office work in blocks at base; at most 15 min of overtime; breaks of 20 min; at most 50% planned; "
        "1 free kept for A1; 2 h of paid rest after a shift; blocks of 45 min; SEK 1,234.5 an hour",
        "| 1 | G1, G2 | all | natt | Laholm | Team at once | 3 min |",
        "agreement: the two nearest help after a delay (30 min).",
    ):  # fmt: skip
        assert words in english, words
    swedish = next(item.text for item in sections(describe(facts, "sv")) if item.number == "2.3")
    assert "1\u00a0234,5 kr per timme" in swedish and "varje sjukhus (" in swedish and "måndagar, onsdagar" in swedish


def call(*arguments: str) -> str:
    """What the command prints; it must succeed."""
    done = CliRunner().invoke(make_group(Settings("models")), arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_prints_writes_and_gives_json(tmp_path: Path, kept: Facts) -> None:
    assert "describe" in COMMANDS
    file = tmp_path / "d.md"
    assert call("describe", "--kept", "--lang", "en", "--out", str(file)).strip() == str(file)
    assert file.read_text(encoding="utf-8") == describe(kept, "en")
    (tmp_path / "s.yaml").write_text("study: {models: [hybrid], reference: hybrid}\n", encoding="utf-8")
    told = json.loads(call("describe", str(tmp_path / "s.yaml"), "--json"))
    assert [item["number"] for item in told["items"]] == ITEMS and told["file"] is None
    assert "status_quo" not in told["items"][ITEMS.index("2.5.3")]["text"]
    assert call("describe", str(tmp_path / "s.yaml")).startswith("# Beskrivning enligt STRESS-DES")


# --- the register of inputs -----------------------------------------------------------------------


def test_the_register_has_every_assumption_of_the_scenario_and_every_profile() -> None:
    scenario = default().with_changes({"demand.scale": 1.3})
    inputs = all_inputs(scenario)
    by_key = {item.key: item for item in inputs}
    assert len(by_key) == len(inputs)
    assert {row.key for row in assumptions(scenario)} <= set(by_key) and by_key["demand.scale"].value == 1.3
    lines = (region_folder(scenario) / "profiles.csv").read_text(encoding="utf-8").splitlines()
    assert sum(key.startswith("profiles.csv:") for key in by_key) == len(lines) - 1
    people = by_key["municipalities.csv:Laholm.homecare_enrolled_2023_est"]
    assert people.quality == "estimate" and people.low is not None and people.high is not None
    assert people.low <= people.value <= people.high
    guests = by_key["municipalities.csv:Laholm.commercial_guests_per_day_jun_aug_2025"]
    assert guests.quality == "published" and guests.low is None


def test_the_share_of_estimates_counts_the_register() -> None:
    scenario = default()
    inputs = all_inputs(scenario)
    world = [item for item in inputs if item.kind == "world"]
    counted = sum(item.quality == "estimate" for item in world)
    share = estimate_share(scenario)
    assert (share.estimates, share.total) == (counted, len(world)) and share.share == counted / len(world)
    one = Input("k", Text("", ""), 1.0, None, None, "", "", "measured")
    assert share_of_estimates([one, one._replace(quality="estimate")]).share == 0.5
    assert share_of_estimates([one, one._replace(quality="estimate", kind="decision")]).total == 1
    assert share_of_estimates([]).share == 0.0
    assert len(field_inputs(scenario)) + len(region_inputs(scenario)) == len(inputs)


def test_long_tables_are_counted_by_quality() -> None:
    folder = region_folder(default())
    for item in table_qualities(default()):
        lines = (folder / item.file).read_text(encoding="utf-8").splitlines()
        assert item.rows == len(lines) - 1 > 50


def test_a_region_without_guests_and_ranges_has_fewer_inputs(tmp_path: Path) -> None:
    folder = region_folder(default())
    for name in ("places.csv", "profiles.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "municipalities.csv").write_text("code,name,homecare_enrolled_2023_est\n1,Alby,10\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text("region: .\n", encoding="utf-8")
    scenario = load_scenario(tmp_path / "s.yaml")
    people = [item for item in region_inputs(scenario) if item.key.startswith("municipalities")]
    assert [(item.key.split(":")[1], item.value, item.low) for item in people] == [
        ("Alby.homecare_enrolled_2023_est", 10.0, None)
    ]
    assert [item.file for item in table_qualities(scenario)] == ["places.csv"]
