"""The smallest differences that matter: every measure with a direction has one, and nothing shown contradicts it."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fixture import make_results
from test_commands import call
from test_compare import SCENARIO, finding, table, two

from sim.comparison import Reason, Verdict, compare_measures
from sim.comparison.pairing import threshold
from sim.comparison.sentences import sentence
from sim.errors import ScenarioError
from sim.language.numbers import digits_apart
from sim.language.units import of_difference, unit
from sim.measures import HEADLINES, MEASURES
from sim.report.htmltable import about, difference_cell, value_cells
from sim.report.view import Difference, Estimate, View
from sim.report.words import shown
from sim.scenario import Scenario
from sim.scenario.fields import leaves
from sim.study.parquet import read_parquet
from sim.text import Text

FIELDS = {
    leaf.key.removeprefix("comparison.practical."): leaf
    for leaf in leaves(Scenario)
    if leaf.key.startswith("comparison.practical.")
}
TITLES = {"central_team": Text("Modell A", "Model A"), "status_quo": Text("Modell B", "Model B")}


def test_every_measure_with_a_direction_has_a_threshold() -> None:
    without = [item.name for item in MEASURES if item.better != "none" and not threshold(SCENARIO, item.name) > 0]
    assert without == [], "say practical= in the definition: a field of sim/scenario/practical.py"


def test_every_threshold_is_in_the_unit_of_the_differences_it_judges() -> None:
    used = set()
    for item in MEASURES:
        if item.practical:
            field = FIELDS[str(item.practical)]
            used.add(str(item.practical))
            assert unit(field.extra["unit"]) == of_difference(item.unit)[1], item.name
            assert threshold(SCENARIO, item.name) * of_difference(item.unit)[0] == pytest.approx(field.extra["value"])
    assert used == set(FIELDS)
    for field in FIELDS.values():
        assert field.extra["kind"] == "preference" and field.extra["source"] and field.extra["quality"]


def test_no_threshold_may_be_nothing() -> None:
    for name in FIELDS:
        with pytest.raises(ScenarioError, match=name):
            Scenario().with_changes({f"comparison.practical.{name}": 0})


@pytest.mark.parametrize(
    ("measure", "klass", "reference", "model", "verdict"),
    [
        ("escalated_per_year", "all", 46.0, 0.2, "better"),
        ("escalated", "acute", 0.0046, 0.0001, "better"),
        ("escalated", "acute", 0.0046, 0.0044, "practically equal"),
        ("gap_response_min", "acute", 21.0, 30.0, "worse"),
        ("gap_response_min", "acute", 21.0, 24.0, "practically equal"),
        ("visits_per_hour", "all", 0.561, 0.564, "practically equal"),
        ("visits_per_hour", "all", 0.56, 0.61, "better"),
        ("upc", "all", 0.71, 0.63, "worse"),
        ("cost_region", "all", 85.0e6, 84.8e6, "practically equal"),
        ("cost_region", "all", 85.0e6, 70.0e6, "better"),
        ("km_per_year", "all", 371_000.0, 812_000.0, "worse"),
        ("longest_stretch_h", "all", 38.0, 12.5, "better"),
        ("rest_breaches", "all", 7.0, 0.0, "better"),
    ],
)
def test_what_matters_is_told_from_what_does_not(
    measure: str, klass: str, reference: float, model: float, verdict: str
) -> None:
    noise = 1 + 1e-4 * np.sin(np.arange(10))
    row = two(measure, klass, list(reference * noise), list(model * noise)).frame.iloc[0]
    assert row["verdict"] == verdict
    assert row["threshold"] == threshold(SCENARIO, measure)


def test_the_reader_may_set_them() -> None:
    rows = table({"status_quo": {("upc", "all", "all"): [0.7, 0.71]}, "hybrid": {("upc", "all", "all"): [0.66, 0.67]}})
    strict = SCENARIO.with_changes({"comparison.practical.continuity": 0.03})
    verdicts = [compare_measures(rows, asked).frame.iloc[0]["verdict"] for asked in (SCENARIO, strict)]
    assert verdicts == ["practically equal", "worse"]


# --- what is shown --------------------------------------------------------------------------------

NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")


def numbers_in(text: str) -> list[float]:
    return [float(found.replace(",", "").replace("−", "-")) for found in NUMBER.findall(text)]


@given(
    measure=st.sampled_from([name for name, _ in HEADLINES]),
    limit=st.floats(1e-4, 20),
    beyond=st.floats(0, 3),
    half=st.floats(0, 30),
    sign=st.sampled_from([-1, 1]),
)
def test_no_sentence_contradicts_its_verdict(measure: str, limit: float, beyond: float, half: float, sign: int) -> None:
    """Better and worse: no 0 is shown, and neither the difference nor a bound on the wrong side of the threshold."""
    factor = of_difference(next(item.unit for item in MEASURES if item.name == measure))[0]
    limit, half = round(limit, 4) / factor, half / factor
    middle = sign * (limit + beyond / factor + half)
    item = finding(measure, middle, middle - half, middle + half, "better" if sign < 0 else "worse", limit)
    change, _, low, high, said = numbers_in(sentence(item, TITLES, "en"))
    assert said > 0 and low <= change <= high
    assert low >= said * (1 - 1e-9) > 0, sentence(item, TITLES, "en")


@given(
    measure=st.sampled_from([name for name, _ in HEADLINES]),
    limit=st.floats(1e-4, 20),
    middle=st.floats(-1, 1),
    half=st.floats(0, 1),
)
def test_no_sentence_calls_equal_what_it_shows_beyond_the_threshold(
    measure: str, limit: float, middle: float, half: float
) -> None:
    factor = of_difference(next(item.unit for item in MEASURES if item.name == measure))[0]
    limit = round(limit, 4) / factor
    difference, half = middle * limit, half * limit * (1 - abs(middle))
    item = finding(measure, difference, difference - half, difference + half, "practically equal", limit)
    _, _, low, high, said = numbers_in(sentence(item, TITLES, "en").replace("difference −", "difference -"))
    assert max(abs(low), abs(high)) <= said * (1 + 1e-9), sentence(item, TITLES, "en")


@given(difference=st.floats(1e-6, 1), wide=st.floats(1, 100))
def test_a_difference_that_may_be_small_is_not_shown_as_nothing(difference: float, wide: float) -> None:
    item = finding("response_min", difference, 1e-9, difference * wide, "undecided", 10.0, Reason.MAY_BE_SMALL)
    assert numbers_in(sentence(item, TITLES, "en"))[0] > 0


@given(
    reference=st.floats(0, 1e4),
    change=st.floats(1e-5, 10),
    name=st.sampled_from(["visits_per_hour", "response_min", "escalated", "upc", "cost_region"]),
)
def test_no_cell_that_is_better_or_worse_is_written_as_that_of_the_reference(
    reference: float, change: float, name: str
) -> None:
    what = shown(name)
    values = {"a": reference, "b": reference + change, "c": reference}
    found = {
        "b": Difference(change, change, change, 10, Verdict.WORSE),
        "c": Difference(0.0, 0.0, 0.0, 10, Verdict.EQUAL),
    }
    view = cast(View, SimpleNamespace(
        models=("a", "b", "c"), others=("b", "c"), reference="a", lang="en", say=lambda key, **_: key,
        estimate=lambda measure, model, class_, place: Estimate(values[model] / what.factor, n=10),
        difference=lambda measure, model, class_, place="all": found[model], better=lambda measure: "lower",
    ))  # fmt: skip
    one, other, third = value_cells(view, what)
    assert one.value != other.value and one.value == third.value
    assert (other.tone, third.tone) == ("worse", "")
    cell = difference_cell(view, what, "b")
    assert any(digit in cell.value for digit in "123456789")


def test_digits_are_added_only_where_they_tell_something() -> None:
    assert digits_apart([(0.561, 0.574)], 2) == 2 and digits_apart([(0.561, 0.5612)], 2) == 4
    assert digits_apart([(1.0, 1.0), (math.nan, 2.0), (math.inf, 3.0)], 1) == 1


def test_the_threshold_stands_beside_the_verdict_on_screen_and_page() -> None:
    row = two("escalated", "acute", [0.0046, 0.0047, 0.0048], [0.0011, 0.0012, 0.0013])
    (_, said) = row.verdicts("sv")
    assert "bättre, gräns 0,1 procentenheter)" in said
    results = make_results(replications=3)
    view = View(results, "halland", "sv")
    assert about(view, shown("escalated", "acute")).endswith("; gräns 0,1 procentenheter")
    assert about(view, shown("cost_region")).endswith("; gräns 0,5 mnkr per år")
    assert "gräns" not in about(view, shown("hours_per_week"))


# --- beyond every number --------------------------------------------------------------------------


def unbounded(counts: dict[str, int]) -> Any:
    """The made-up study, with so many infinite 90th percentiles of A2 in the whole region."""
    table = make_results(replications=4).measures.copy()
    for model, count in counts.items():
        where = (table["measure"] == "response_p90_min") & (table["class"] == "A2") & (table["municipality"] == "all")
        table.loc[table[where & (table["model"] == model)].index[:count], "value"] = math.inf
    return make_results(replications=4, measures=table)


def test_an_unbounded_mean_is_no_mean_of_the_others() -> None:
    view = View(unbounded({"hybrid": 1}), "halland", "sv")
    found = view.estimate("response_p90_min", "hybrid", "A2")
    assert found.mean == math.inf and not found.has_interval and found.exists and not found.known
    assert (found.n, found.missing, found.unbounded) == (4, 0, 1)


def test_page_and_screen_say_the_same_of_what_is_unbounded() -> None:
    from cli.show import key_rows

    results = unbounded({"hybrid": 1, "central_team": 4})
    cells = dict(
        zip(
            View(results, "halland", "sv").models,
            value_cells(View(results, "halland", "sv"), shown("response_p90_min", "A2")),
            strict=True,
        )
    )
    assert [cells[name].value for name in ("central_team", "hybrid")] == ["∞", "∞"]
    assert cells["hybrid"].note == "(∞ i 1 av 4 upprepningar)" and cells["central_team"].note == ""
    table = results.measures[results.measures["class"] == "A2"].assign(**{"class": "acute"})
    (row,) = [row for row in key_rows(table, results.titles, (), "sv") if row[0].startswith("Svarstid, 90")]
    assert row[1:] == [cells[name].value.removesuffix("\u00a0min") for name in results.models]


def test_the_word_of_a_counted_difference_is_its_verdict() -> None:
    """Infinite in some replications of both: no mean difference, and still better in all of them."""
    found = two("response_p90_min", "acute", [math.inf] * 8 + [200.0, 210.0], [50.0] * 10)
    row = found.frame.iloc[0]
    assert math.isinf(row["difference"])
    word = Difference(float(row["difference"]), math.nan, math.nan, 10, Verdict(row["verdict"])).word
    assert word.en == "better"
    assert Difference(math.nan, math.nan, math.nan, 10, Verdict.UNDECIDED).word.en == "cannot be compared"


def test_what_is_unbounded_is_so_in_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a minute: of the acute requests far more than a tenth get no visit."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.StudyResult.write_report", lambda *given, **named: [])
    (tmp_path / "impatient.yaml").write_text(
        "calendar: {weeks: 1, warm_up_weeks: 0}\nstudy: {replications: 2}\nstaffing: {hours_per_week: 1008}\n"
        "demand: {scale: 0.3}\nclasses: {A1: {patience: {deadline_min: 1}}}\n", encoding="utf-8",
    )  # fmt: skip
    told = call("compare", "impatient.yaml", "--jobs", "1", "--lang", "en", "--json")
    assert told.exit_code == 0, told.stderr
    refused = json.JSONDecoder(parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    said = refused.decode(told.stdout)
    rows = [
        row for row in said["comparison"]
        if (row["measure"], row["municipality"], row["class"]) == ("response_p90_min", "all", "A1")
    ]  # fmt: skip
    assert [(row["mean"], row["n"], row["reason"]) for row in rows] == [("inf", 2, "infinite")]
    assert 0 < rows[0]["reference_mean"] < 100  # a physician in each municipality sets out at once
    folder = next(tmp_path.glob("results/*"))
    stored = read_parquet(folder / "measures.parquet")
    mine = stored[(stored["measure"] == "response_p90_min") & (stored["class"] == "A1") & (stored["group"] == "all")]
    whole = mine[(mine["municipality"] == "all") & (mine["window"] == "all")]
    assert whole.groupby("model")["value"].max()["central"] == math.inf and (whole["n"] > 0).all()
    assert not (mine["value"].isna() & (mine["n"] > 0)).any()  # what was asked for has a value, a number or not
    csv = pd.read_csv(folder / "comparison.csv")
    row = csv[(csv["measure"] == "response_p90_min") & (csv["municipality"] == "all") & (csv["class"] == "A1")].iloc[0]
    assert (row["mean"], row["reason"]) == (math.inf, "infinite")
    refused.decode((folder / "manifest.json").read_text(encoding="utf-8"))
