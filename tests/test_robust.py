"""What is said over plausible worlds: words at their edges, what they are wrong about, what decides, both languages."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from report_fixture import make_results

import models
import sim.study.wide
from cli.wide import wide_rows
from sim import Scenario, StudyResult, load_study, run_study
from sim.comparison.findings import Verdict
from sim.decide.plausible import DUMMY
from sim.decide.robust import (
    COLUMNS,
    Robust,
    deciders,
    gains_of,
    noise_bar,
    quantiles,
    recorded_worlds,
    shares_of,
    square_fit,
    tally,
    wide_findings,
    widened,
    word,
)
from sim.decide.sentences import brief, input_title, of_hundred, short, span, wide_paragraphs, worlds_sentence
from sim.decide.worlds import joined_worlds, split_worlds, worlds_wanted
from sim.measures.definitions import HEADLINES
from sim.report import write_page
from sim.report.view import View
from sim.report.wide import wide_table
from sim.study.parquet import read_parquet
from sim.study.stages import make_stages
from sim.study.wide import world_key

RESPONSE = ("response_min", "acute")  # practical difference 10 min, lower is better
INPUTS = ("demand.G1.acute_per_year", "travel.weather_factor", "classes.P.no_show_min", "costs.car_km")


def worlds_of(
    differences: Sequence[float], steady: Sequence[bool] | None = None, aside: Sequence[str] | None = None
) -> pd.DataFrame:
    """A table of worlds in which hybrid differs so from status quo in response; inputs at random."""
    rng = np.random.default_rng(5)
    rows = []
    for number, difference in enumerate(differences, 1):
        drawn = dict(zip((*INPUTS, DUMMY), rng.random(len(INPUTS) + 1), strict=True))
        reason = aside[number - 1] if aside else ""
        for model, value in (("status_quo", 60.0), ("hybrid", 60.0 + difference)):
            keeps = model == "status_quo" or steady is None or steady[number - 1]
            front = {"world": number, "model": model, "kept": not reason, "set_aside_by": reason, "steady": keeps}
            measured = {f"{measure}.{klass}": 1.0 for measure, klass in HEADLINES}
            rows.append(front | drawn | measured | {"response_min.acute": value})
    return pd.DataFrame(rows)


def shares(table: pd.DataFrame) -> tuple[float, float, float]:
    found = shares_of(gains_of(table, Scenario(), "hybrid", "status_quo", [RESPONSE]))
    return float(found.better[0]), float(found.equal[0]), float(found.worse[0])


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, Robust.HOLDS),
        (0.95, Robust.HOLDS),
        (190 / 200, Robust.HOLDS),
        (189 / 200, Robust.USUALLY),
        (0.8, Robust.USUALLY),
        (160 / 200, Robust.USUALLY),
        (159 / 200, Robust.OPEN),
        (0.34, Robust.OPEN),
    ],
)
def test_words_at_their_edges(share: float, said: Robust) -> None:
    assert word(share) is said


def test_a_practical_difference_decides_in_each_world_and_its_edge_counts() -> None:
    assert shares(worlds_of([-10.0, -9.999, 0.0, 9.999, 10.0])) == (0.2, 0.6, 0.2)
    assert shares(worlds_of([-math.inf, math.inf])) == (0.5, 0.0, 0.5)


def test_where_a_model_does_not_keep_up_it_is_none_of_the_three() -> None:
    found = worlds_of([-40.0] * 20, steady=[True] * 18 + [False] * 2)
    assert shares(found) == (0.9, 0.0, 0.0)
    assert word(max(shares(found))) is Robust.USUALLY


def test_worlds_that_are_set_aside_are_not_counted() -> None:
    table = worlds_of([-40.0] * 4, aside=["", "", "on_promised_day visits_per_year", "failed"])
    assert shares(table) == (1.0, 0.0, 0.0)
    assert tally(table) == (4, 2, {"on_promised_day": 1, "visits_per_year": 1}, 1)


def test_a_measure_without_direction_has_no_shares() -> None:
    found = shares_of(gains_of(worlds_of([1.0]).assign(**{"requests.all": 1.0}), Scenario(), "hybrid", "status_quo",
                               [("requests", "all")]))  # fmt: skip
    assert np.isnan(found).all()


def test_quantiles_are_of_what_is_known_and_an_infinite_one_is_far_out() -> None:
    low, high = quantiles(np.array([[*range(1, 101)], [*[math.nan] * 99, 7.0], [*range(98), math.inf, math.nan]]))
    assert (low[0], high[0]) == (5.0, 95.0)
    assert (low[1], high[1]) == (7.0, 7.0)
    assert np.isfinite(high[2]) and math.isnan(quantiles(np.array([[math.nan]]))[0][0])


def test_how_often_the_words_are_wrong_over_synthetic_worlds() -> None:
    """210 kept worlds of an infinity: what is said when the true share is well inside, or well outside, a word."""
    rng = np.random.default_rng(1)
    said = {
        true: [word(share) for share in rng.binomial(210, true, 2000) / 210] for true in (0.70, 0.75, 0.88, 0.91, 0.99)
    }
    assert np.mean([found is Robust.HOLDS for found in said[0.91]]) < 0.03
    assert np.mean([found is Robust.HOLDS for found in said[0.88]]) < 0.002
    assert np.mean([found is Robust.HOLDS for found in said[0.99]]) > 0.999
    assert np.mean([found is Robust.OPEN for found in said[0.75]]) > 0.95
    assert np.mean([found is Robust.OPEN for found in said[0.70]]) > 0.998
    assert np.mean([found is Robust.USUALLY for found in said[0.88]]) > 0.99


# --- what it depends on ---------------------------------------------------------------------------


def test_the_inputs_that_decide_are_named_in_order() -> None:
    table = worlds_of([0.0] * 210)
    drawn = table.drop_duplicates("world")
    rng = np.random.default_rng(2)
    gain = 3 * drawn[INPUTS[1]].to_numpy() - 2 * drawn[INPUTS[3]].to_numpy() + 0.5 * rng.standard_normal(210)
    assert [item.name for item in deciders(table, gain)] == [INPUTS[1], INPUTS[3]]
    bent = (drawn[INPUTS[0]].to_numpy() - 0.5) ** 2 + 0.05 * rng.standard_normal(210)  # no rank correlation sees it
    assert [item.name for item in deciders(table, bent)] == [INPUTS[0]]


def test_what_cannot_be_compared_lies_below_all() -> None:
    table = worlds_of([0.0] * 210)
    drawn = table.drop_duplicates("world")[INPUTS[2]].to_numpy()
    assert deciders(table, np.where(drawn > 0.8, np.nan, 0.0))[0].name == INPUTS[2]


def test_inputs_without_effect_are_named_in_one_case_of_twenty_at_most() -> None:
    rng = np.random.default_rng(3)
    worlds, inputs, rounds = 210, 120, 400
    bar = noise_bar(worlds, inputs)
    alarms = 0
    for _ in range(rounds):
        alarms += bool((square_fit(rng.standard_normal((worlds, inputs)), rng.random(worlds)) > bar).any())
    assert 0.02 < alarms / rounds < 0.085
    assert noise_bar(4, inputs) == 1.0


def test_inputs_of_one_source_stand_for_each_other_and_the_source_is_named() -> None:
    table = worlds_of([0.0] * 210)
    gain = table.drop_duplicates("world")[INPUTS[0]].to_numpy()
    assert [item.name for item in deciders(table, gain)] == [INPUTS[0]]
    both = table.assign(**{"demand.G2.acute_per_year": table[INPUTS[0]] + 0.01 * table[DUMMY]})
    (named,) = deciders(both, gain)
    assert named.name == "source.acute_rates" and input_title(named.name, {}).en == "how much acute care is asked for"


# --- sentences ------------------------------------------------------------------------------------


def found_of(table: pd.DataFrame) -> StudyResult:
    """A study of two models whose worlds are in `table`."""
    made = make_results(models=("status_quo", "hybrid"))
    frame = widened(made.comparison, {"halland": table}, made.scenarios)
    wide = wide_findings(frame, {"halland": table}, made.scenarios)
    return StudyResult(**(vars(made) | {"comparison": frame, "worlds": {"halland": table}, "wide": wide}))


def test_what_is_said_in_words() -> None:
    made = found_of(worlds_of([-20.0] * 19 + [-5.0]))
    first = made.wide[0]
    assert (first.robust, first.outcome, first.worlds) == (Robust.HOLDS, Verdict.BETTER, 20)
    (said,) = wide_paragraphs(made.wide, made.titles, "en")
    assert said.opening.startswith("Hybrid compared with Status quo in 20 plausible worlds, ")
    assert said.sentences[0] == (
        "Response time to acute patients: better in 95 of 100 worlds (holds), practically equal in 5. Nine of ten "
        "differences lie between \u221220 and \u221220 minutes."
    )
    assert short(first).sv == "bättre i 95 av 100: håller" and brief(first).en == "95/100 better"


def test_what_is_open_says_what_it_depends_on() -> None:
    table = worlds_of([0.0] * 100)
    aside = table["model"] == "hybrid"
    table.loc[aside, "response_min.acute"] = 60.0 - 40.0 * table.loc[aside, INPUTS[1]]
    made = found_of(table)
    first = made.wide[0]
    assert first.robust is Robust.OPEN and [item.name for item in first.deciders] == [INPUTS[1]]
    (said,) = wide_paragraphs(made.wide, made.titles, "sv")
    assert said.sentences[0].startswith("Svarstid till akuta patienter: bättre i 75 av 100 världar (öppet), ")
    assert said.sentences[0].endswith(f"Det beror på {input_title(INPUTS[1], {}).sv}.")
    assert json.loads(json.dumps(first.record()))["deciders"][0]["name"] == INPUTS[1]


def test_the_table_of_worlds_says_no_outcome_where_it_is_open() -> None:
    """On page and screen: the word first asked for is coloured only where it holds or is usual."""
    table = worlds_of([0.0] * 100)
    aside = table["model"] == "hybrid"
    table.loc[aside, "response_min.acute"] = 60.0 - 40.0 * table.loc[aside, INPUTS[1]]
    for worlds, said, tone in ((table, "open", ""), (worlds_of([-20.0] * 19 + [-5.0]), "holds: better", "better")):
        made = found_of(worlds)
        shown = wide_table(View(made, "halland", "en"))
        assert (
            shown is not None and shown.heads == ["Measure", "Hybrid"] and len(shown.blocks[0].rows) == len(HEADLINES)
        )
        cell = shown.blocks[0].rows[0].cells[0]
        assert (cell.word, cell.tone) == (said, tone) and cell.value == span(made.wide[0]).en
    (rows,) = wide_rows(made, "sv")
    assert rows[1] == ["Svarstid, akuta (min)", "bättre i 95 av 100: håller; −20 till −20"]
    assert wide_table(View(make_results(models=("status_quo", "hybrid")), "halland", "sv")) is None


def test_94_9_of_100_are_not_95() -> None:
    assert (of_hundred(0.949), of_hundred(0.95), of_hundred(1.0), of_hundred(0.29)) == (94, 95, 100, 29)


def test_how_many_worlds_and_why_others_were_set_aside() -> None:
    table = worlds_of([0.0] * 5, aside=["", "", "on_promised_day", "on_promised_day same_day_share", "failed"])
    said = worlds_sentence(table, {})
    assert said.en.startswith(
        "5 plausible worlds were drawn, a year of each; 2 are kept. In 2 today's organisation contradicts what is "
        "known, and they are set aside: planned by the promised day in 2 and acute from office hours reached the same "
        "day in 1. 1 could not be run."
    )
    assert "åt sidan" not in worlds_sentence(worlds_of([0.0]), {}).sv


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_page_says_both_the_wide_one_first(lang: str, tmp_path: Path) -> None:
    made = found_of(worlds_of([-20.0] * 19 + [-5.0]))
    write_page(made, tmp_path / "page.html", lang)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    (wide,) = wide_paragraphs(made.wide, made.titles, lang)
    assert 0 < text.index(wide.opening) < text.index(made.verdicts["en" if lang == "en" else "sv"][0])
    assert short(made.wide[0]).get(lang) in text and worlds_sentence(made.worlds["halland"], {}).get(lang) in text


# --- in a study -----------------------------------------------------------------------------------

YEAR = {"calendar.weeks": 26, "calendar.warm_up_weeks": 1}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyResult, Path]:
    folder = tmp_path_factory.mktemp("study") / "out"
    chosen = [models.status_quo(), models.hybrid()]
    made = run_study({"halv": Scenario().with_changes(YEAR)}, chosen, 2, out=folder, jobs=2, worlds=8)
    return made, folder


def test_a_study_stores_its_worlds_and_says_the_same_when_read_again(stored: tuple[StudyResult, Path]) -> None:
    made, folder = stored
    table = read_parquet(folder / "worlds.parquet")
    assert len(table) == 16 and list(table.columns[:3]) == ["scenario", "world", "model"]
    again = load_study(folder)
    assert again.wide == made.wide and len(made.wide) == len(HEADLINES)
    assert made.manifest["worlds"] == recorded_worlds(made.worlds, made.wide)
    pd.testing.assert_frame_equal(again.comparison, made.comparison)
    written = pd.read_csv(folder / "comparison.csv")
    assert list(written.columns[-len(COLUMNS) :]) == list(COLUMNS)
    told = written[written["worlds"] > 0]
    assert set(told["municipality"]) == {"all"} and len(told) > 100
    assert set(told["robust"].dropna()) <= {item.value for item in Robust}


def test_nothing_is_said_over_worlds_of_models_with_unequal_hours() -> None:
    made = found_of(worlds_of([-20.0] * 20))
    unequal = made.comparison.drop(columns=list(COLUMNS)).assign(reason="unequal hours")
    assert wide_findings(widened(unequal, made.worlds, made.scenarios), made.worlds, made.scenarios) == ()


def test_worlds_follow_the_replications_and_short_runs_have_none() -> None:
    scenario = Scenario()
    asked = scenario.study
    assert worlds_wanted(scenario, asked.replications) == asked.worlds == worlds_wanted(scenario, 10_000)
    assert worlds_wanted(scenario, asked.replications // 2) == asked.worlds // 2
    assert worlds_wanted(scenario, 1) == 0
    assert worlds_wanted(scenario.with_changes({"calendar.weeks": 25}), asked.replications) == 0


def test_an_interruption_among_the_worlds_keeps_the_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sim.study.wide, "run_worlds", stopped)
    made = run_study([Scenario().with_changes(YEAR)], [models.status_quo()], 1, jobs=1, worlds=5)
    assert made.status == "interrupted" and len(made.measures) and not made.worlds


def test_worlds_that_a_folder_holds_are_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen, scenario = [models.status_quo(), models.hybrid()], {"halv": Scenario().with_changes(YEAR)}
    ran: list[int] = []
    inner = sim.study.wide.run_worlds
    monkeypatch.setattr(sim.study.wide, "run_worlds", lambda *given: ran.append(given[1]) or inner(*given))

    def made(replications: int, **changes: float) -> StudyResult:
        asked = {name: item.with_changes(changes) for name, item in scenario.items()}
        return run_study(asked, chosen, replications, out=tmp_path / "out", jobs=2, worlds=6)

    first = made(1)
    assert ran == [6]
    more = made(2)  # another replication leaves the worlds as they are
    assert ran == [6]
    pd.testing.assert_frame_equal(first.worlds["halv"], more.worlds["halv"])
    made(2, **{"costs.physician_hour": 1100.0})
    assert ran == [6, 6]


def test_worlds_of_several_scenarios_are_joined_and_parted() -> None:
    tables = {"a": worlds_of([1.0, 2.0]), "b": worlds_of([3.0])}
    parted = split_worlds(joined_worlds(tables))
    for name, table in tables.items():
        pd.testing.assert_frame_equal(parted[name], table)


def test_worlds_are_run_again_when_what_they_are_drawn_from_is_another() -> None:
    chosen = [models.status_quo()]
    key = world_key(make_stages(Scenario(), chosen), 20)
    assert world_key(make_stages(Scenario(), chosen), 20) == key
    for change in (
        {"plausible.travel.cv": [0.1, 0.2]}, {"plausible.travel.cv": "known"}, {"travel.cv": 0.2}, {"study.seed": 1},
    ):  # fmt: skip
        assert world_key(make_stages(Scenario().with_changes(change), chosen), 20) != key
    assert world_key(make_stages(Scenario(), chosen), 21) != key
