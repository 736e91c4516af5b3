"""`tune` over several scenarios, over plausible worlds, with several aims, and for fewest hours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from test_commands import call

import models
from sim.decide.aims import AimError, parse_aim, parse_limit
from sim.decide.candidates import Bench, Values
from sim.decide.cases import Cases
from sim.decide.frontier import dominated
from sim.decide.least_hours import HOURS
from sim.decide.over import MEAN, Over, parse_over, place_of
from sim.decide.question import REST, Question, Trial, Years, scores
from sim.decide.several import Front, names_of, thinned, tune_several
from sim.decide.space import Dimension, hours_dimension, space_of
from sim.decide.tuned import Tuned, tune
from sim.decide.world_bench import WorldBench
from sim.decide.written import scenario_text
from sim.declared import variants
from sim.errors import HembesokError
from sim.organisation import Organisation
from sim.scenario import Scenario, load_scenario
from sim.text import Text

pytest.importorskip("optuna")
RESPONSE, TRAVEL, PROMISED = (parse_aim(name) for name in ("response_min", "travel_min_per_visit", "on_promised_day"))
WEEK = parse_aim("hours_per_week")
AIMS = (RESPONSE, TRAVEL, PROMISED, REST, WEEK)
HYBRID = next(item for item in variants(Scenario(), models.declared()) if item.name == "hybrid")
ASKED = Question((RESPONSE,), (parse_limit("on_promised_day>=90%"),), (0.5,), 30, Years(3, 12, 6))


class Made:
    """Runs that are arithmetic: of a roster's hubs h and take-over minutes t, in scenario `place` (0 or 1), with luck
    that all rosters of a year share. Few hubs are best in the first scenario and many in the second; minutes cost
    response and save travel; 5 hubs break promises in the second; fewer than 800 hours break them everywhere."""

    def __init__(self, place: int, jobs: int = 1) -> None:
        self.place, self.jobs = place, jobs
        self.ran: list[int] = []

    def values(
        self, organisation: Organisation, years: Sequence[int], changes: Mapping[str, Any] | None = None
    ) -> Values:
        self.ran += years
        settings, hours = dict(organisation.settings), (changes or {}).get(HOURS, 1080.0)
        hubs, minutes = settings["hubs"], settings["take_over_min"]
        luck = np.array([np.random.default_rng([9, self.place, year]).standard_normal() for year in years])
        response = 60.0 + 0.1 * minutes + (4.0 * hubs if self.place == 0 else 6.0 * abs(hubs - 4)) + luck
        broken = (self.place == 1 and hubs >= 5) or hours < 800.0
        constant = np.ones(len(years))
        return {
            RESPONSE: response,
            TRAVEL: 20.0 - 0.05 * minutes + 0.1 * luck,
            PROMISED: (0.5 if broken else 0.95) * constant,
            REST: 0.0 * constant,
            WEEK: hours * constant,
        }

    def key(self, organisation: Organisation, years: Sequence[int]) -> str:
        return f"made {self.place} {list(years)}"

    def number(self, year: int) -> int:
        return 100 + year


def made(*places: int, worlds: bool = False, hold_in: float = 1.0) -> Cases:
    return Cases({f"s{place}": cast("Bench", Made(place)) for place in places}, worlds, hold_in)


def space(*extra: Dimension) -> tuple[Dimension, ...]:
    return (*space_of(HYBRID.model, HYBRID.settings, 1080.0, only=["hubs", "take_over_min"]), *extra)


def tuned(over: Over, *places: int, **changes: Any) -> Tuned:
    return tune(made(*places), HYBRID, space(), replace(ASKED, over=over, **changes))


# --- over -------------------------------------------------------------------------------------------


def test_what_counts_of_the_cases() -> None:
    values = np.array([[1.0, 5.0, 3.0, 9.0], [4.0, 4.0, 4.0, 4.0]])
    assert MEAN.of(values).tolist() == [4.5, 4.0] and Over("worst").of(values).tolist() == [9.0, 4.0]
    assert Over("quantile", 0.75).of(values).tolist() == [5.0, 4.0]  # three of four do no worse
    assert Over("regret").of(values).tolist() == [5.0, 3.0]  # best of the cases: 1, 4, 3, 4
    assert Over("regret").of(values, np.zeros((1, 4))).tolist() == [9.0, 4.0]
    assert [place_of(share, 10) for share in (0.9, 0.91, 1.0, 0.01)] == [8, 9, 9, 0]


@pytest.mark.parametrize("text", ["mean", "worst", "regret", "quantile:0.9", "quantile:.5"])
def test_how_it_is_written(text: str) -> None:
    assert parse_over(str(parse_over(text))) == parse_over(text)
    for wrong in ("quantile", "quantile:1", "quantile:0", "best", "quantile:90%"):
        with pytest.raises(AimError, match=r"quantile:0.9"):
            parse_over(wrong)


def test_a_regret_is_against_the_best_that_holds_the_limits() -> None:
    trials = [Trial({}, {RESPONSE: (10.0, 20.0)}, True), Trial({}, {RESPONSE: (0.0, 22.0)}, True),
              Trial({}, {RESPONSE: (-50.0, 0.0)}, False), Trial({}, {}, False)]  # fmt: skip
    question = replace(ASKED, over=Over("regret"))
    assert scores(trials, question)[:, 0].tolist()[:2] == [10.0, 2.0] and np.isnan(scores(trials, question)[3, 0])
    more = replace(question, aims=(parse_aim("in_target"),))  # of which more is better
    shares = [Trial({}, {more.aim: (0.9, 0.5)}, True), Trial({}, {more.aim: (0.8, 0.7)}, True)]
    assert scores(shares, more)[:, 0] == pytest.approx([0.2, 0.1])


def test_a_limit_has_to_hold_in_every_scenario_or_in_a_share_of_the_worlds() -> None:
    limit = parse_limit("overtime_h_per_week<=10")
    values = np.array([1.0, 2.0, 30.0, 4.0])
    assert made(0, 1).missed(limit, values) == 20.0
    assert made(0, worlds=True, hold_in=0.75).missed(limit, values) == -6.0
    assert made(0, worlds=True, hold_in=0.76).missed(limit, values) == 20.0


# --- several scenarios ------------------------------------------------------------------------------


def test_one_roster_for_several_scenarios_is_best_as_was_asked_for() -> None:
    """Of hubs 1 to 7: the mean is least at 4 hubs (16 + 0), the worst case at 3 (12, 6; not 2: 8, 12), and the largest
    regret too (8, 6; not 4: 12, 0). In each scenario alone it is 1, and 4."""
    found = {name: tuned(parse_over(name), 0, 1).choice.get("hubs", HYBRID.settings.hubs) for name in
             ("mean", "worst", "regret")}  # fmt: skip
    assert found["worst"] in (2, 3) and found["regret"] == 3
    levels = {hubs: 4.0 * hubs + 6.0 * abs(hubs - 4) for hubs in range(1, 5)}
    assert levels[found["mean"]] == min(levels.values())
    assert tuned(MEAN, 0).choice["hubs"] == 1 and tuned(MEAN, 1).choice.get("hubs", HYBRID.settings.hubs) == 4


def test_what_is_reported_is_of_years_and_scenarios_of_their_own() -> None:
    cases = made(0, 1)
    result = tune(cases, HYBRID, space(), replace(ASKED, over=Over("worst")))
    fresh = list(ASKED.years.reported)
    runs = [cast("Made", item) for item in cases.runs.values()]
    assert all(set(item.ran) <= {*range(1, 22)} for item in runs)
    assert result.before[RESPONSE].shape == (2, 6)
    worst = [result.cases.by_case(found[RESPONSE]).max() for found in (result.before, result.after)]
    assert [result.overall.before, result.overall.after] == pytest.approx(worst)
    gain = result.overall.gain
    assert gain.mean == pytest.approx(worst[1] - worst[0]) and gain.lower <= gain.mean <= gain.upper
    again = [item.values(HYBRID.organisation(), fresh)[RESPONSE] for item in runs]
    assert np.array_equal(result.before[RESPONSE], np.array(again))
    assert result.selected is not None and not result.selected.promised


def test_of_a_mean_the_selection_is_promised_and_ocba_is_estimated() -> None:
    sure = tuned(MEAN, 0, 1, years=Years(3, 60, 6)).selected
    assert sure is not None and sure.promised and sure.probability == 0.95
    shared = tuned(MEAN, 0, 1, select="ocba").selected
    assert shared is not None and not shared.promised and 0.0 <= shared.probability <= 1.0


def test_a_limit_that_one_scenario_misses_rules_a_roster_out() -> None:
    result = tuned(MEAN, 1)
    assert all(trial.feasible == (trial.choice.get("hubs", 0) < 5) for trial in result.trials)
    assert {trial.choice.get("hubs") for trial in result.trials if not trial.feasible} & {5, 6, 7}


# --- worlds -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worlds() -> WorldBench:
    short = Scenario().with_changes({"calendar.weeks": 2, "calendar.warm_up_weeks": 0})
    return WorldBench(short, AIMS, 2, wanted=4)


def test_a_year_is_a_world_with_inputs_and_patients_of_its_own(worlds: WorldBench) -> None:
    from sim.decide.plausible import plausible_worlds
    from sim.study.stages import make_stages

    organisation = HYBRID.organisation()
    found = worlds.values(organisation, [2, 4])
    drawn = plausible_worlds(worlds.scenario, 8)
    for place, number in enumerate((2, 4)):
        stages = make_stages(drawn.world(number), [organisation], moved=drawn.moved(number))
        measures = stages.measures("hybrid", stages.draw(number))
        assert [found[aim][place] for aim in AIMS] == [aim.of(measures) for aim in AIMS]
    assert worlds.number(3) == 3 and worlds.key(organisation, [1]) != worlds.key(organisation, [2])


def test_worlds_that_contradict_what_is_known_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.decide import worlds as running
    from sim.decide.worlds import Outcome

    monkeypatch.setattr(
        running.Design, "run", lambda self, number: Outcome(number, {}, ("a fact",) if number % 3 == 0 else (), {})
    )
    today = next(item for item in variants(Scenario(), models.declared()) if item.name == "status_quo").organisation()
    assert WorldBench(Scenario(), AIMS, 2, today=today, wanted=5).numbers == (1, 2, 4, 5, 7)
    monkeypatch.setattr(running.Design, "run", lambda self, number: Outcome(number, {}, ("a fact",), {}))
    with pytest.raises(HembesokError, match=r"0 (of|av)"):
        _ = WorldBench(Scenario(), AIMS, 2, today=today, wanted=5).numbers


def test_a_roster_for_worlds_is_told_with_how_it_does_in_each(worlds: WorldBench) -> None:
    result = tune(
        Cases({"short": worlds}, worlds=True, hold_in=0.5), HYBRID, space(),
        replace(ASKED, limits=(parse_limit("on_promised_day>=1%"),), trials=4, years=Years(1, 2, 1),
                over=Over("quantile", 0.5)),
    )  # fmt: skip
    assert result.before[RESPONSE].shape == (1, 1) and result.cases.names([4]) == ["4"]
    assert all(len(trial.cases[RESPONSE]) == 1 for trial in result.trials)


# --- several aims -----------------------------------------------------------------------------------

TWO = replace(ASKED, aims=(RESPONSE, TRAVEL), indifferences=(0.5, 0.05))


@pytest.fixture(scope="module")
def front() -> Front:
    return tune_several(made(1), HYBRID, space(), replace(TWO, trials=60))


def test_two_aims_give_the_rosters_that_nobody_beats(front: Front) -> None:
    """Minutes buy travel with response; any other number of hubs than 4 is worse and no better."""
    kept = [point for point in front.points if point.feasible and not point.dominated]
    assert len(kept) >= 3 and all(point.choice.get("hubs", HYBRID.settings.hubs) == 4 for point in kept)
    ranked = sorted(kept, key=lambda point: front.mean(point, RESPONSE).mean)
    assert [front.mean(point, TRAVEL).mean for point in ranked] == sorted(
        (front.mean(point, TRAVEL).mean for point in kept), reverse=True
    )
    assert front.points[0].choice == {} and front.points[0].name == "hybrid"
    assert front.points[0].dominated == (HYBRID.settings.hubs != 4)
    reported = [item.found[RESPONSE].shape for item in front.points]
    assert set(reported) == {(1, ASKED.years.report)}


def test_every_roster_of_a_front_is_written_under_a_name_of_its_own(front: Front, tmp_path: Path) -> None:
    names = [point.name for point in front.points]
    assert len(set(names)) == len(names) and all(name.isidentifier() and len(name) <= 80 for name in names)
    path = tmp_path / "front.yaml"
    text = scenario_text("halland.yaml", Text("Bäst", "Best"), ["how"], [(front, Text("Hybrid", "Hybrid"))])
    path.write_text(text, encoding="utf-8")
    read = {item.name: item for item in variants(load_scenario(path), models.declared())}
    kept = [point for point in front.points if point.choice and point.feasible and not point.dominated]
    assert list(read) == ["hybrid", *(point.name for point in kept)]
    for point in kept:
        settings = dict(read[point.name].organisation().settings)
        assert {key: settings[key] for key in point.choice} == dict(point.choice)


def test_names_say_what_differs_in_as_few_settings_as_are_enough() -> None:
    choices: list[Mapping[str, Any]] = [
        {}, {"hubs": 3, "day_start": "08:30"}, {"hubs": 4, "day_start": "08:30"}, {"hubs": 4, "jour.start": "16:30"}
    ]  # fmt: skip
    found = names_of("hybrid", choices)
    assert found[0] == "hybrid" and len(set(found)) == 4 and found[1] == "hybrid_hubs_3_day_start_0830"
    assert names_of("m", [{}, {HOURS: 860.0}]) == ["m", "m_hours_860"]
    assert names_of("m", [{}, {"a": None}]) == ["m", "m_a_none"]
    long = names_of("m", [{}, {"x" * 90: 1}])
    assert long == ["m", "m_1"]


def test_of_many_those_are_kept_that_lie_apart() -> None:
    x = np.array([0.0, 0.01, 0.02, 0.5, 0.51, 1.0])
    assert [round(float(x[n]), 1) for n in thinned(np.array([x, 1.0 - x]).T, 3)] == [0.0, 0.5, 1.0]
    assert thinned(np.zeros((2, 2)), 5) == [0, 1]


def test_a_roster_that_misses_a_limit_on_fresh_years_is_apart() -> None:
    class Later(Made):
        """From the years reported on, more than 60 minutes break promises."""

        def values(self, organisation: Organisation, years: Sequence[int], changes: Any = None) -> Values:
            found = super().values(organisation, years, changes)
            late = min(years) >= ASKED.years.reported.start and dict(organisation.settings)["take_over_min"] > 60
            return {**found, PROMISED: found[PROMISED] * (0.5 if late else 1.0)}

    result = tune_several(Cases({"s": cast("Bench", Later(1))}), HYBRID, space(), replace(TWO, trials=60))
    for point in result.points:
        assert point.feasible == (point.choice.get("take_over_min", 0) <= 60) and not (
            point.dominated and not point.feasible
        )
    assert not all(point.feasible for point in result.points)


def test_over_several_scenarios_each_aim_is_one_number() -> None:
    question = replace(TWO, over=Over("worst"), trials=40)
    result = tune_several(made(0, 1), HYBRID, space(), question)
    for point in result.points:
        worst = {aim: float(point.found[aim].mean(axis=1).max()) for aim in question.aims}
        assert result.over(point) == pytest.approx(worst)
    kept = [list(result.over(point).values()) for point in result.points if point.feasible and not point.dominated]
    assert kept and not dominated(kept).any()


# --- fewest hours -----------------------------------------------------------------------------------


def test_fewest_hours_are_found_with_the_settings_and_said() -> None:
    question = replace(ASKED, aims=(WEEK,), indifferences=(0.5,))
    result = tune(made(1), HYBRID, space(hours_dimension(1080.0)), question)
    assert result.choice[HOURS] == 800.0 and result.hours_now == 800.0
    assert result.before[WEEK].mean() == 1080.0 and result.after[WEEK].mean() == 800.0
    text = scenario_text("halland.yaml", Text("Bäst", "Best"), [], [(result, Text("Hybrid", "Hybrid"))])
    assert "staffing: {hours_per_week: 800.0}" in text


def test_the_hours_that_are_tried_hold_those_of_now() -> None:
    dimension = hours_dimension(1083.0)
    assert dimension.now in dimension.values and dimension.values == tuple(sorted(set(dimension.values)))
    assert dimension.values[0] <= 0.42 * 1083 and dimension.values[-1] >= 1.28 * 1083


# --- the file of trials -----------------------------------------------------------------------------


def test_a_search_of_regret_goes_on_where_it_was_and_a_file_of_another_is_refused(tmp_path: Path) -> None:
    kept, asked = tmp_path / "trials", replace(ASKED, over=Over("regret"), trials=8)
    few = tune(made(0, 1), HYBRID, space(), asked, journal=kept)
    ran: list[int] = []
    more = tune(made(0, 1), HYBRID, space(), replace(asked, trials=11), lambda: ran.append(1), kept)
    assert len(ran) == 3 and [trial.choice for trial in more.trials[:8]] == [trial.choice for trial in few.trials]
    assert [trial.feasible for trial in more.trials[:8]] == [trial.feasible for trial in few.trials]
    for other in (replace(asked, over=MEAN), replace(asked, limits=()), replace(asked, aims=(TRAVEL,))):
        with pytest.raises(HembesokError, match=r"another search|annan sökning"):
            tune(made(0, 1), HYBRID, space(), other, journal=kept)
    with pytest.raises(HembesokError, match=r"another search|annan sökning"):
        tune(made(0), HYBRID, space(), asked, journal=kept)
    (tmp_path / "text").write_text("not: trials\n", encoding="utf-8")
    with pytest.raises(HembesokError, match=r"no file with trials|ingen fil med försök"):
        tune(made(0), HYBRID, space(), asked, journal=tmp_path / "text")


# --- the command ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("--over", "worst"), "several --scenario"),
        (("--over", "best"), "quantile:0.9"),
        (("--hold-in", "80%"), "--worlds"),
        (("--hold-in", "180%", "--worlds", "4"), "90%"),
        (("--worlds", "4", "--years", "1,2,3"), "three numbers"),
        (("--worlds", "0"), "three numbers"),
        (("--worlds", "4", "--scenario", "a.yaml", "--scenario", "b.yaml"), "one scenario"),
        (("--worlds", "4", "--scenario", "a.yaml"), "26 weeks"),
        (("--scenario", "a.yaml", "--scenario", "a.yaml"), "two are called a"),
        (("--scenario", "a.yaml", "--scenario", "c.yaml"), "other settings for hybrid"),
        (("--trials", "0"), "at least 1"),
        (("--minimise", "respons_min"), "response_min"),
        (("--minimise", "response_min", "--minimise", "response_min"), "twice"),
        (("--minimise", "response_min", "--minimise", "travel_min_per_visit", "--select", "kn"), "no best"),
        (("--select", "ocba", "--over", "worst", "--worlds", "4"), "are of means"),
        (("--select", "best"), "kn, ocba"),
        (("--limit", "in_target>=95%", "--limit", "in_target<=0.9"), "no value holds both"),
        (("--minimise", "hours_per_week", "--minimise", "response_min", "--out", "o.yaml"), "one model at a time"),
    ],
)
def test_what_does_not_go_together_is_said(
    line: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        text = "calendar: {weeks: 1, warm_up_weeks: 0}\n" + ("models: {hybrid: {hubs: 5}}\n" if name == "c" else "")
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    result = call("tune", "hybrid", *line, "--lang", "en", package="models")
    assert result.exit_code == 2 and said in result.output, result.output


def test_the_command_over_two_scenarios_and_for_two_aims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, scale in (("a", 0.5), ("b", 0.4)):
        text = f"calendar: {{weeks: 1, warm_up_weeks: 0}}\ndemand: {{scale: {scale}}}\n"
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    line = ("tune", "hybrid", "--scenario", "a.yaml", "--trials", "5", "--years", "1,2,2", "--jobs", "1",
            "--settings", "hubs,take_over_min", "--limit", "on_promised_day>=1%", "--quiet")  # fmt: skip
    both = (*line, "--scenario", "b.yaml", "--over", "regret")
    said = call(*both, "--lang", "en", package="models")
    assert said.exit_code == 0 and "the largest regret" in said.stdout and "of 2 scenarios" in said.stdout
    told = json.loads(call(*both, "--json", package="models").stdout)
    assert told["scenarios"] == ["a", "b"] and [row["case"] for row in told["models"][0]["cases"]] == ["a", "b"]
    two = (*line, "--minimise", "response_min", "--minimise", "travel_min_per_visit")
    said = call(*two, "--out", "front.yaml", package="models")
    assert said.exit_code == 0 and "Restid per besök" in said.stdout, said.output
    assert call("validate", "front.yaml", package="models").exit_code == 0
    points = json.loads(call(*two, "--json", package="models").stdout)["models"][0]["points"]
    assert points[0]["name"] == "hybrid" and {"feasible", "dominated", "measures"} <= points[0].keys()
