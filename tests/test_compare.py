"""Paired comparison: intervals, families, verdicts, sentences and files, with answers worked out apart."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.comparison import (
    COLUMNS,
    VERDICTS,
    Comparison,
    Finding,
    Reason,
    Verdict,
    compare_measures,
    write_csv,
    write_excel_csv,
)
from sim.comparison.balance import Balance, Growth
from sim.comparison.findings import TITLES as VERDICT_TITLES
from sim.comparison.sentences import differences, paragraphs, sentence
from sim.comparison.standing import Standing
from sim.comparison.trust import trust_records
from sim.comparison.verdicts import judge
from sim.errors import ResultsError
from sim.measures import HEADLINES, MEASURES, definition
from sim.scenario import Scenario
from sim.statistics import paired_difference
from sim.text import Text

SCENARIO = Scenario()
TITLES = {
    "status_quo": Text("Status quo", "Status quo"),
    "central_team": Text("Centralt mobilt team", "Central mobile team"),
    "hybrid": Text("Hybrid", "Hybrid"),
}
Key = tuple[str, str, str]  # measure, municipality, class


def table(values: dict[str, dict[Key, list[float]]], scenario: str = "bas", window: str = "all") -> pd.DataFrame:
    """model -> (measure, municipality, class) -> one value per replication."""
    return pd.DataFrame(
        [
            {
                "scenario": scenario, "model": model, "replication": replication, "municipality": place, "group": "all",
                "class": klass, "window": window, "measure": measure, "value": value,
                "unit": definition(measure).unit, "n": 10,
            }
            for model, rows in values.items()
            for (measure, place, klass), series in rows.items()
            for replication, value in enumerate(series)
        ]
    )  # fmt: skip


def two(measure: str, klass: str, reference: list[float], model: list[float], place: str = "all") -> Comparison:
    key = (measure, place, klass)
    return compare_measures(table({"status_quo": {key: reference}, "central_team": {key: model}}), SCENARIO, TITLES)


X = [62.1, 58.4, 65.0, 60.2, 57.9, 63.3, 61.0, 59.5, 64.2, 60.8]
Y = [59.0, 57.1, 61.2, 58.8, 55.0, 60.1, 59.9, 57.2, 60.6, 58.3]


def test_one_row_is_the_paired_t_interval() -> None:
    row = two("response_min", "acute", Y, X).frame.iloc[0]
    # Mean, half width and p of the known case for these numbers.
    assert row["difference"] == pytest.approx(2.52)
    assert row["upper"] - row["difference"] == pytest.approx(0.6974882685578818)
    assert row["difference"] - row["lower"] == pytest.approx(0.6974882685578818)
    assert row["adjusted_p"] == pytest.approx(1.8647839090448826e-05)
    assert (row["mean"], row["reference_mean"]) == (pytest.approx(np.mean(X)), pytest.approx(np.mean(Y)))
    assert row["n"] == 10
    assert row["verdict"] == "practically equal"  # surely different, and surely less than 10 minutes


def test_columns_and_order() -> None:
    rows: dict[Key, list[float]] = {
        ("utilisation", "all", "all"): [0.5, 0.6],
        ("response_min", "Söder", "A1"): [5.0, 6.0],
        ("response_min", "Norr", "acute"): [5.0, 6.0],
        ("response_min", "all", "A1"): [5.0, 6.0],
        ("response_min", "all", "acute"): [5.0, 6.0],
    }
    frame = compare_measures(table({name: rows for name in ("hybrid", "status_quo", "central_team")}), SCENARIO).frame
    assert tuple(frame.columns) == COLUMNS
    assert frame[["measure", "municipality", "class", "model"]].values.tolist() == [
        [*key, model]
        for key in (
            ("response_min", "all", "acute"),
            ("response_min", "all", "A1"),
            ("response_min", "Söder", "A1"),
            ("response_min", "Norr", "acute"),
            ("utilisation", "all", "all"),
        )
        for model in ("hybrid", "central_team")
    ]
    assert set(frame["reference"]) == {"status_quo"}


@pytest.mark.parametrize(
    ("measure", "klass", "reference", "model", "expected"),
    [
        ("response_min", "acute", [100, 110, 120], [80, 91, 99], "better"),  # lower is better
        ("response_min", "acute", [80, 91, 99], [100, 110, 120], "worse"),
        ("in_target", "acute", [0.60, 0.62, 0.61], [0.70, 0.73, 0.71], "better"),  # higher is better
        ("in_target", "acute", [0.70, 0.73, 0.71], [0.60, 0.62, 0.61], "worse"),
        ("in_target", "acute", [0.60, 0.62, 0.61], [0.61, 0.63, 0.62], "practically equal"),  # 1 point of 5
        ("response_min", "acute", [100, 110, 120], [80, 140, 100], "undecided"),  # anything may be true
        ("response_min", "acute", [100, 110, 120], [93, 101, 112], "undecided"),  # real, but is it 10 minutes?
        ("hours_per_week", "all", [900, 910, 920], [950, 960, 970], "undecided"),  # no direction
        ("hours_per_week", "all", [960, 960, 960], [961, 961, 961], "practically equal"),
        ("gini_response", "acute", [0.2, 0.3, 0.25], [0.1, 0.21, 0.15], "better"),  # no threshold: any sure difference
        ("requests", "all", [5, 6, 7], [5, 6, 7], "practically equal"),  # the same patients
        ("response_min", "acute", [50, 60, 70], [30, 40, 50], "better"),  # the same difference each time
    ],
)
def test_verdicts(measure: str, klass: str, reference: list[float], model: list[float], expected: str) -> None:
    frame = two(measure, klass, reference, model).frame
    assert frame["verdict"].tolist() == [expected]
    assert expected in VERDICTS


def test_one_replication_decides_nothing() -> None:
    found = two("response_min", "acute", [100.0], [50.0])
    row = found.frame.iloc[0]
    assert (row["difference"], row["n"], row["verdict"]) == (-50.0, 1, "undecided")
    assert math.isnan(row["lower"]) and math.isnan(row["upper"]) and math.isnan(row["adjusted_p"])
    assert found.verdicts("en")[1] == (
        "One replication cannot decide whether Central mobile team differs from Status quo in response time to acute "
        "patients (difference −50 minutes; undecided)."
    )
    assert any("single replication" in note.en for note in found.notes)


def test_a_value_that_one_model_lacks_leaves_no_verdict_on_the_rest() -> None:
    found = two("response_min", "acute", [100.0, 104.0, math.nan, 90.0], [70.0, 75.0, 10.0, math.nan])
    row = found.frame.iloc[0]
    assert (row["n"], row["mean"], row["reference_mean"]) == (2, 72.5, 102.0)
    assert (row["verdict"], row["reason"]) == ("undecided", "value in one only")
    assert math.isnan(row["difference"]) and math.isnan(row["lower"]) and math.isnan(row["adjusted_p"])
    assert "only one of them has a value" in found.verdicts("en")[1]


def test_what_neither_has_is_left_out() -> None:
    row = two("response_min", "acute", [100.0, 104.0, math.nan], [70.0, 75.0, math.nan]).frame.iloc[0]
    assert (row["n"], row["difference"]) == (2, -29.5)
    none = two("response_min", "acute", [math.nan] * 2, [math.nan] * 2)
    assert (none.frame.iloc[0]["n"], none.frame.iloc[0]["verdict"]) == (0, "undecided")
    assert math.isnan(none.frame.iloc[0]["mean"])
    assert "kan inte jämföras" in none.verdicts("sv")[1]


@pytest.mark.parametrize(
    ("reference", "model", "difference", "verdict", "reason"),
    [
        # ten of ten ahead by more than 10 minutes: the sign test has p = 2 / 1 024
        ([math.inf] * 8 + [200.0, 210.0], [50.0] * 10, -math.inf, "better", ""),
        ([50.0] * 10, [math.inf] * 8 + [200.0, 210.0], math.inf, "worse", ""),
        ([math.inf] * 10, [math.inf] * 10, math.nan, "undecided", "infinite"),  # two infinities are no tie
        ([math.inf] * 5 + [60.0] * 5, [50.0] * 5 + [59.0] * 5, -math.inf, "undecided", "infinite"),  # ahead in five
        ([math.inf, 60.0], [50.0, 40.0], -math.inf, "undecided", "infinite"),  # n is 2
    ],
)
def test_infinite_values(
    reference: list[float], model: list[float], difference: float, verdict: str, reason: str
) -> None:
    found = two("response_p90_min", "acute", reference, model)
    row = found.frame.iloc[0]
    assert row["difference"] == pytest.approx(difference, nan_ok=True)
    assert math.isnan(row["lower"]) and math.isnan(row["upper"])
    assert (row["n"], row["verdict"], row["reason"]) == (len(model), verdict, reason)


def test_an_infinite_value_is_said() -> None:
    found = two("response_min", "acute", [math.inf] * 8 + [200.0, 210.0], [50.0] * 10)
    assert found.verdicts("en")[1] == (
        "Central mobile team is better than Status quo in response time to acute patients in 10 of 10 replications, "
        "threshold 10 minutes; in 8 a value is unbounded, since too many get no visit."
    )
    mixed = two("response_min", "acute", [math.inf, 60.0], [50.0, 40.0])
    assert "unbounded in 1 of 2 replications" in mixed.verdicts("en")[1]


EVEN, MORE = Standing(1000.0), Standing(1560.0)
GROWING = Standing(1000.0, Balance(planned=Growth(22.4, 0.04, 0.03, 2300.0)))


def compared(central: Standing, reference: Standing = EVEN, **study: bool) -> Comparison:
    key = ("response_min", "all", "acute")
    rows = table({"status_quo": {key: [100.0, 110.0, 120.0]}, "central_team": {key: [80.0, 91.0, 99.0]}})
    asked = SCENARIO.with_changes({f"study.{name}": value for name, value in study.items()})
    return compare_measures(rows, asked, TITLES, {"bas": {"status_quo": reference, "central_team": central}})


def test_unequal_hours_forbid_a_verdict() -> None:
    found = compared(MORE)
    row = found.frame.iloc[0]
    assert (row["verdict"], row["reason"], row["difference"]) == ("undecided", "unequal hours", -20.0)
    assert "56% apart" in found.warnings[0].en and "1 560" in found.warnings[0].sv.replace("\u00a0", " ")
    assert "physician-hours differ" in found.verdicts("en")[1]
    assert compared(Standing(1009.0)).frame["verdict"].tolist() == ["better"]  # within 1 per cent
    assert compared(Standing(1009.0)).warnings == ()


def test_unequal_hours_that_are_asked_for_are_said_all_the_same() -> None:
    found = compared(MORE, allow_unequal_hours=True)
    assert found.frame["verdict"].tolist() == ["better"]
    assert "organisation and hours together" in found.warnings[0].en


@pytest.mark.parametrize("which", ["model", "reference", "both"])
def test_nothing_is_said_of_a_model_that_does_not_keep_up(which: str) -> None:
    central, reference = (GROWING if which != "reference" else EVEN), (GROWING if which != "model" else EVEN)
    found = compared(central, reference, allow_unequal_hours=True)
    row = found.frame.iloc[0]
    assert (row["verdict"], row["reason"], row["steady"]) == ("undecided", "not in balance", False)
    assert math.isnan(row["difference"]) and math.isnan(row["lower"])
    assert (math.isnan(row["mean"]), math.isnan(row["reference_mean"])) == (which != "reference", which != "model")
    assert "grow by 22.4 a week (4.0% of those ordered; 2,300 wait" in found.warnings[0].en
    assert len(found.warnings) == (2 if which == "both" else 1)
    assert row[["replications_needed", "variance_reduction"]].isna().all()


def test_replications_needed_and_variance_reduction_of_a_headline() -> None:
    rng = np.random.default_rng(3)
    shared, x, y = rng.normal(0.0, 8.0, 12), rng.normal(90.0, 3.0, 12), rng.normal(100.0, 3.0, 12)
    headline, other = ("response_min", "all", "acute"), ("response_min", "all", "A1")
    rows = {"status_quo": y + shared, "central_team": x + shared}
    frame = compare_measures(
        table({name: {headline: list(values), other: list(values)} for name, values in rows.items()}), SCENARIO
    ).frame
    assert frame.loc[frame["class"] == "A1", ["replications_needed", "variance_reduction"]].isna().all(axis=None)
    row = frame[frame["class"] == "acute"].iloc[0]
    sd = float(np.std(x - y, ddof=1))
    apart = np.var(x + shared, ddof=1) + np.var(y + shared, ddof=1)
    assert row["variance_reduction"] == pytest.approx(apart / sd**2, rel=1e-9)
    widths = {n: stats.t.ppf(0.975, n - 1) * sd / n**0.5 for n in range(2, 100)}  # a family of one
    assert row["replications_needed"] == next(n for n, width in widths.items() if width <= row["threshold"] / 2)


def test_trust_is_told_by_scenario() -> None:
    def keeps_up(weeks: float) -> Standing:
        return Standing(1000.0, Balance(warm_up_weeks=weeks))

    standings = {
        "status_quo": keeps_up(4.0), "central_team": keeps_up(7.0), "hybrid": keeps_up(math.inf),
        "fifth": Standing(1000.0), "sixth": keeps_up(math.nan), "grows": GROWING,
    }  # fmt: skip
    key = ("response_min", "all", "acute")
    values = {"status_quo": [100.0, 130.0, 100.0], "central_team": [90.0, 70.0, 95.0], "hybrid": [99.0, 129.0, 99.0]}
    frame = compare_measures(table({name: {key: series} for name, series in values.items()}), SCENARIO).frame
    told = trust_records(frame, {"bas": SCENARIO}, {"bas": standings})["bas"]
    assert told["warm_up_weeks_needed"] == {"status_quo": 4, "central_team": 7, "hybrid": "inf"}
    assert told["warm_up_too_short_for"] == ["central_team", "hybrid"]
    assert (told["replications"], told["comparisons"], told["comparisons_with_too_few"]) == (3, 2, 1)
    assert told["replications_needed"] == frame["replications_needed"].max() > 3
    nothing = trust_records(frame.iloc[:0], {"bas": SCENARIO}, {})["bas"]
    assert nothing["replications_needed"] is None and nothing["warm_up_weeks_needed"] == {}


def test_two_thousand_families_at_the_threshold() -> None:
    """Eight headlines of three models, each truly one threshold apart: nobody is called practically equal, or better,
    by mistake in more than one family of twenty. A difference of a threshold is neither within it nor beyond."""
    rng = np.random.default_rng(5)
    wrong, n, at = 0, 20, np.ones(24)
    for _ in range(2000):
        x = at[:, None] + rng.normal(size=(1, n)) + rng.normal(size=(24, n))
        pair = paired_difference(x, np.zeros_like(x))
        judged = judge(pair, x, np.zeros_like(x), np.full(24, ""), 0.05, np.full(24, -1.0), np.ones(24))
        wrong += bool(set(judged.verdict) - {"undecided"})
    assert wrong / 2000 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 2000)


def test_a_replication_that_one_model_lacks() -> None:
    rows = table({"status_quo": {("response_min", "all", "acute"): [10.0, 20.0, 30.0]},
                  "central_team": {("response_min", "all", "acute"): [9.0, 18.0]}})  # fmt: skip
    row = compare_measures(rows, SCENARIO).frame.iloc[0]
    assert (row["n"], row["difference"], row["reference_mean"]) == (2, -1.5, 15.0)


def test_rows_of_a_split_are_passed_over() -> None:
    key = ("response_min", "all", "acute")
    whole = table({"status_quo": {key: [1.0, 2.0]}, "hybrid": {key: [1.0, 2.0]}})
    night = table({"status_quo": {key: [9.0, 9.0]}, "hybrid": {key: [8.0, 8.0]}}, window="natt")
    assert len(compare_measures(pd.concat([night, whole]), SCENARIO).frame) == 1
    with pytest.raises(ResultsError, match="nothing to compare"):
        compare_measures(night, SCENARIO)
    with pytest.raises(ResultsError, match="twice"):
        compare_measures(pd.concat([whole, whole]), SCENARIO)


def test_another_reference_is_said() -> None:
    key = ("response_min", "all", "acute")
    rows = table({"hybrid": {key: [10.0, 20.0]}, "central_team": {key: [9.0, 18.0]}})
    found = compare_measures(rows, SCENARIO, TITLES)
    # The titles give the order of presentation.
    assert found.frame["reference"].tolist() == ["central_team"]
    assert any("status_quo was not run; the comparison is with central_team" in note.en for note in found.notes)
    assert compare_measures(rows, SCENARIO).frame["reference"].tolist() == ["hybrid"]


def test_a_model_alone_has_nothing_to_be_compared_with() -> None:
    key = ("response_min", "all", "acute")
    alone = table({"hybrid": {key: [10.0, 20.0]}}, scenario="alone")
    found = compare_measures(alone, SCENARIO, TITLES)
    assert len(found.frame) == 0 and tuple(found.frame.columns) == COLUMNS
    assert [note.en for note in found.notes] == [
        "only one model was run, hybrid, so there is nothing to compare it with."
    ]
    assert found.verdicts("sv") == found.verdicts("en") == []
    both = table({"status_quo": {key: [10.0, 20.0]}, "hybrid": {key: [9.0, 18.0]}})
    found = compare_measures(pd.concat([alone, both]), SCENARIO, TITLES)
    assert found.frame["scenario"].tolist() == ["bas"]
    assert found.notes[0].sv.startswith("alone: bara en modell är körd, hybrid,")
    assert len(found.notes) == 2


def random_table(seed: int, replications: int = 6) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    keys: list[Key] = [(measure, "all", klass) for measure, klass in HEADLINES]
    keys += [("response_min", place, klass) for place in ("all", "Norr", "Söder") for klass in ("A1", "A2")]
    keys += [("response_min", "Norr", "acute")]
    scale = {"min": 20.0, "share": 0.1, "h/week": 3.0}
    return table(
        {
            model: {
                key: (rng.normal(rng.normal(0, 2), 1.0, replications) * scale[definition(key[0]).unit]).tolist()
                for key in keys
            }
            for model in TITLES
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_families_worked_out_apart(seed: int) -> None:
    """Every interval and adjusted p again, one at a time, with scipy's own t."""
    rows = random_table(seed)
    frame = compare_measures(rows, SCENARIO, TITLES).frame
    lookup = rows.set_index(["model", "measure", "municipality", "class", "replication"])["value"].sort_index()
    family: dict[str, list[tuple[float, int]]] = {}
    differences = []
    for index, row in enumerate(frame.itertuples(index=False)):
        key = (row[1], row[2], row[3])
        difference = (lookup[(row[4], *key)] - lookup[("status_quo", *key)]).to_numpy()
        differences.append(difference)
        headline = row[2] == "all" and (row[1], row[3]) in HEADLINES
        family.setdefault("headline" if headline else str(row[1]), []).append(
            (float(stats.ttest_1samp(difference, 0.0).pvalue), index)
        )
    assert {name: len(rows) for name, rows in family.items()} == {"headline": 16, "response_min": 14}
    for members in family.values():
        level = 0.05 / len(members)
        for p, index in members:
            assert frame["adjusted_p"][index] == pytest.approx(min(p * len(members), 1.0))
            low, high = stats.t.interval(
                1 - level, len(differences[index]) - 1, differences[index].mean(), stats.sem(differences[index])
            )
            assert (frame["lower"][index], frame["upper"][index]) == (pytest.approx(low), pytest.approx(high))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_test_interval_and_verdict_never_disagree(seed: int, replications: int) -> None:
    frame = compare_measures(random_table(seed, replications), SCENARIO, TITLES).frame
    excludes = (frame["lower"] > 0) | (frame["upper"] < 0)
    assert (excludes == (frame["adjusted_p"] < 0.05)).all()
    assert (frame["lower"] <= frame["difference"]).all() and (frame["difference"] <= frame["upper"]).all()
    assert excludes[frame["verdict"].isin(["better", "worse"])].all()
    assert (frame["difference"] - (frame["mean"] - frame["reference_mean"])).abs().max() < 1e-9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_rows_and_of_models_does_not_matter(seed: int) -> None:
    rows = random_table(seed)
    shuffled = rows.sample(frac=1.0, random_state=seed)
    keys = ["measure", "municipality", "class", "model"]
    one = compare_measures(rows, SCENARIO, TITLES).frame
    other = compare_measures(shuffled, SCENARIO, TITLES).frame
    pd.testing.assert_frame_equal(one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True))


def test_swapping_model_and_reference_turns_the_verdict() -> None:
    rows = random_table(3)
    rows = rows[rows["model"] != "hybrid"]
    back = SCENARIO.with_changes({"study.reference": "central_team"})
    one, other = compare_measures(rows, SCENARIO).frame, compare_measures(rows, back).frame
    turned = {"better": "worse", "worse": "better"}
    assert [turned.get(word, word) for word in one["verdict"]] == other["verdict"].tolist()
    assert one["difference"].to_numpy() == pytest.approx(-other["difference"].to_numpy())
    assert one["lower"].to_numpy() == pytest.approx(-other["upper"].to_numpy())


def test_confidence_and_threshold_come_from_the_scenario() -> None:
    key = ("response_min", "all", "acute")
    rows = table({"status_quo": {key: Y}, "hybrid": {key: X}})
    wide = compare_measures(rows, SCENARIO.with_changes({"study.confidence": 0.99})).frame.iloc[0]
    assert wide["upper"] - wide["difference"] > 0.6974882685578818 * 1.3
    strict = SCENARIO.with_changes({"comparison.practical.response_min": 1.5})
    assert compare_measures(rows, strict).frame["verdict"].tolist() == ["worse"]


# ---- sentences ---------------------------------------------------------------------------------------------------


def finding(
    measure: str, difference: float, lower: float, upper: float, verdict: str, limit: float = 10.0,
    reason: Reason | None = None,
) -> Finding:  # fmt: skip
    if verdict == "undecided" and reason is None:
        reason = Reason.MAY_BE_SMALL if lower > 0 or upper < 0 else Reason.ZERO_INSIDE
    return Finding(
        scenario="bas", model="central_team", reference="status_quo", measure=measure, class_="acute",
        difference=difference, lower=lower, upper=upper, n=10, ahead=0, behind=0, infinite=0,
        adjusted_p=0.01, verdict=Verdict(verdict), reason=reason,
        threshold=limit, confidence=0.95,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("item", "sv", "en"),
    [
        (
            finding("response_min", -12.2, -14.1, -10.3, "better"),
            "Centralt mobilt team når akuta patienter 12 minuter snabbare än Status quo (95 % intervall 10–14 minuter; "
            "bättre, gräns 10 minuter).",
            "Central mobile team reaches acute patients 12 minutes faster than Status quo (95% interval 10–14 minutes; "
            "better, threshold 10 minutes).",
        ),
        (
            finding("in_target", -0.0712, -0.09, -0.0524, "worse", 0.05),
            "Centralt mobilt team når 7,1 procentenheter färre av de akuta patienterna inom målet än Status quo (95 % "
            "intervall 5,2–9,0 procentenheter; sämre, gräns 5 procentenheter).",
            "Central mobile team reaches 7.1 percentage points fewer of the acute patients within target than Status "
            "quo (95% interval 5.2–9.0 percentage points; worse, threshold 5 percentage points).",
        ),
        (
            finding("utilisation", 0.004, -0.012, 0.02, "practically equal", 0.03),
            "Centralt mobilt team och Status quo är praktiskt lika i fråga om läkarbelastning (skillnad 0,4 "
            "procentenheter, 95 % intervall −1,2 till 2,0 procentenheter; praktiskt lika, gräns 3 procentenheter).",
            "Central mobile team and Status quo are practically equal in physician load (difference 0.4 percentage "
            "points, 95% interval −1.2 to 2.0 percentage points; practically equal, threshold 3 percentage points).",
        ),
        (
            finding("overtime_h_per_week", -1.5, -6.0, 3.0, "undecided", 2.0),
            "Om Centralt mobilt team skiljer sig från Status quo i fråga om övertid går inte att avgöra (skillnad −1,5 "
            "timmar i veckan, 95 % intervall −6,0 till 3,0 timmar i veckan; oavgjort).",
            "Whether Central mobile team differs from Status quo in overtime cannot be decided (difference −1.5 hours "
            "a week, 95% interval −6.0 to 3.0 hours a week; undecided).",
        ),
        (
            finding("response_min", 8.4, 3.5, 13.3, "undecided"),
            "Centralt mobilt team når akuta patienter 8 minuter långsammare än Status quo, men om det är en skillnad "
            "som betyder något (minst 10 minuter) går inte att avgöra (95 % intervall 4–13 minuter; oavgjort).",
            "Central mobile team reaches acute patients 8 minutes slower than Status quo, but whether that is a "
            "difference that matters (at least 10 minutes) cannot be decided (95% interval 4–13 minutes; undecided).",
        ),
    ],
)
def test_sentences(item: Finding, sv: str, en: str) -> None:
    assert sentence(item, TITLES, "sv").replace("\u00a0", " ") == sv
    assert sentence(item, TITLES, "en") == en


def test_every_headline_has_words_for_every_verdict() -> None:
    for (measure, _), lang, verdict in itertools.product(HEADLINES, ("sv", "en"), VERDICTS):
        for sign in (-1, 1):
            bounds = sorted((sign * 9.0, sign * 15.0))
            text = sentence(finding(measure, sign * 12.0, bounds[0], bounds[1], verdict), TITLES, lang)
            assert "{" not in text and "Status quo" in text and text.endswith(".")


def test_every_measure_can_be_spoken_of_in_its_unit() -> None:
    for item, lang, verdict in itertools.product(MEASURES, ("sv", "en"), VERDICTS):
        text = sentence(finding(item.name, -12.0, -15.0, -9.0, verdict), TITLES, lang)
        assert "{" not in text and "Status quo" in text and text.endswith(".")
    for name, amount, sv, en in (
        ("cost_region", -1_260_000.0, "ligger 1,3 mnkr per år lägre i måttet ”Kostnad, regionen” än",
         "is 1.3 MSEK a year lower in the measure “Cost, region” than"),
        ("nurse_h_per_year", 40.0, "40 timmar per år högre i måttet", "40 hours a year higher in the measure"),
        ("upc", 0.25, "0,25 enheter på skalan 0–1 högre", "0.25 units on the scale 0–1 higher"),
        ("referred", 0.25, "25 procentenheter högre", "25 percentage points higher"),
    ):  # fmt: skip
        low, high = sorted((0.5 * amount, 1.5 * amount))
        found = finding(name, amount, low, high, "better")
        assert sv in sentence(found, TITLES, "sv") and en in sentence(found, TITLES, "en"), name


def test_words_follow_the_sign() -> None:
    for measure, klass in HEADLINES:
        better = definition(measure).better
        less = sentence(finding(measure, -0.2, -0.3, -0.1, "better" if better == "lower" else "worse"), TITLES, "en")
        more = sentence(finding(measure, 0.2, 0.1, 0.3, "better" if better == "higher" else "worse"), TITLES, "en")
        low = ("faster", "fewer", "less", "lower")
        high = ("slower", "more", "higher")
        assert any(f" {word} " in less for word in low) and not any(f" {word} " in less for word in high), (
            measure,
            klass,
        )
        assert any(f" {word} " in more for word in high) and not any(f" {word} " in more for word in low), (
            measure,
            klass,
        )


def test_verdicts_in_order_with_an_opening_each() -> None:
    found = compare_measures(random_table(1), SCENARIO, TITLES)
    for lang in ("sv", "en"):
        said = found.verdicts(lang)
        assert len(said) == 2 * (1 + len(HEADLINES))
        assert said[0].startswith(TITLES["central_team"].get(lang))
        assert said[9].startswith(TITLES["hybrid"].get(lang))
    headline = found.frame[(found.frame["model"] == "hybrid") & (found.frame["municipality"] == "all")]
    headline = headline[[pair in HEADLINES for pair in zip(headline["measure"], headline["class"], strict=True)]]
    assert set(VERDICT_TITLES) == set(Verdict)
    for verdict, word in VERDICT_TITLES.items():
        count = int((headline["verdict"] == verdict.value).sum())
        assert (f"{word.sv} i {count}" in found.verdicts("sv")[9]) == (count > 0)


def test_opening_sentence() -> None:
    found = two("response_min", "acute", [100, 110, 120], [80, 91, 99])
    assert found.verdicts("sv")[0] == "Centralt mobilt team jämfört med Status quo, 1 huvudmått: bättre i 1."
    assert found.verdicts("en")[0] == "Central mobile team compared with Status quo, 1 headline measure: better on 1."


def test_what_keeps_a_finding_undecided_is_said_in_a_form_of_its_own() -> None:
    nan = math.nan
    cases = {
        Reason.NO_VALUE: (nan, nan, nan, "no value"),
        Reason.ONE_SIDED: (nan, nan, nan, "only one of them has a value"),
        Reason.ONE_REPLICATION: (-12.0, nan, nan, "One replication cannot decide"),
        Reason.INFINITE: (-math.inf, nan, nan, "unbounded in 0 of 10"),
        Reason.ZERO_INSIDE: (-12.0, -30.0, 6.0, "cannot be decided (difference −12 minutes"),
        Reason.MAY_BE_SMALL: (-12.0, -17.0, -7.0, "12 minutes faster than Status quo, but whether"),
        Reason.NO_DIRECTION: (-12.0, -17.0, -7.0, "neither way is better"),
        Reason.UNEQUAL_HOURS: (-12.0, -17.0, -7.0, "physician-hours differ"),
        Reason.NOT_IN_BALANCE: (nan, nan, nan, "does not keep up"),
    }
    assert set(cases) == set(Reason)
    for reason, (*numbers, words) in cases.items():
        said = sentence(finding("response_min", *numbers, "undecided", reason=reason), TITLES, "en")
        assert words in said and "undecided" in said and "{" not in said
        assert "{" not in sentence(finding("response_min", *numbers, "undecided", reason=reason), TITLES, "sv")


@pytest.mark.parametrize(("difference", "said"), [(-0.004, "0.0040 minutes"), (-0.56, "0.56 minutes")])
def test_a_difference_that_is_there_is_never_written_as_nothing(difference: float, said: str) -> None:
    item = finding("response_min", difference, 1.2 * difference, 0.8 * difference, "better", 0.0)
    assert said in sentence(item, TITLES, "en")


def test_readers_choose_by_the_verdict_and_not_by_its_words() -> None:
    """Titles that end like a verdict mislead nobody."""
    titles = {"central_team": Text("X; bättre).", "X; better)."), "status_quo": Text("Y; oavgjort).", "Y; undecided).")}
    items = [
        finding("response_min", -22.0, -25.0, -19.0, "better"),
        finding("in_target", 0.01, -0.01, 0.03, "practically equal", 0.05),
        finding("utilisation", 0.01, -0.2, 0.3, "undecided", 0.03),
        finding("overtime_h_per_week", 5.0, 4.0, 6.0, "worse", 2.0),
    ]
    for lang in ("sv", "en"):
        (part,) = paragraphs(items, titles, lang)
        assert part.differences == [sentence(items[0], titles, lang), sentence(items[3], titles, lang)]
        assert part.others == [sentence(items[1], titles, lang), sentence(items[2], titles, lang)]
        assert differences(items, titles, lang) == [part.opening, *part.differences]


def test_findings_are_the_headline_rows_of_the_frame() -> None:
    found = compare_measures(random_table(4), SCENARIO, TITLES)
    rows = found.frame.set_index(["model", "measure", "municipality", "class"])
    assert [(item.model, item.measure, item.class_) for item in found.findings] == [
        (model, *headline) for model in ("central_team", "hybrid") for headline in HEADLINES
    ]
    for item in found.findings:
        row = rows.loc[(item.model, item.measure, "all", item.class_)]
        for name in ("scenario", "reference", "difference", "lower", "upper", "n", "adjusted_p", "verdict"):
            assert getattr(item, name) == row[name]
        assert (item.reason is None) == (item.verdict is not Verdict.UNDECIDED)
        assert item.confidence == SCENARIO.study.confidence and item.threshold > 0
    assert {item.verdict for item in found.findings} > {Verdict.BETTER, Verdict.WORSE}
    one = two("response_min", "acute", [100.0], [50.0]).findings[0].record()
    assert (one["class"], one["verdict"], one["reason"]) == ("acute", "undecided", "one replication")
    assert one["lower"] is None and one["adjusted_p"] is None and one["difference"] == -50.0


def test_several_scenarios_are_named_and_kept_apart() -> None:
    key = ("response_min", "all", "acute")
    bas = table({"status_quo": {key: [100.0, 110.0, 120.0]}, "hybrid": {key: [80.0, 91.0, 99.0]}}, "bas")
    snow = table({"status_quo": {key: [80.0, 91.0, 99.0]}, "hybrid": {key: [100.0, 110.0, 120.0]}}, "snö")
    other = SCENARIO.with_changes({"study.reference": "hybrid"})
    found = compare_measures(pd.concat([bas, snow]), {"bas": SCENARIO, "snö": other}, TITLES)
    assert found.frame[["scenario", "model", "verdict"]].values.tolist() == [
        ["bas", "hybrid", "better"],
        ["snö", "status_quo", "better"],
    ]
    assert [text.split(":")[0] for text in found.verdicts("sv")] == ["bas", "bas", "snö", "snö"]


# ---- files -------------------------------------------------------------------------------------------------------


def test_csv_bytes(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"municipality": ["Söder", "all"], "difference": [-1234.56789, -0.0], "lower": [math.nan, 1 / 3], "n": [10, 2]}
    )
    write_csv(frame, tmp_path / "a.csv")
    write_excel_csv(frame, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (
        "municipality,difference,lower,n\nSöder,-1234.57,,10\nall,0,0.333333,2\n".encode()
    )
    assert (tmp_path / "b.csv").read_bytes() == b"\xef\xbb\xbf" + (
        "municipality;difference;lower;n\nSöder;-1234,57;;10\nall;0;0,333333;2\n".encode()
    )


def test_csv_of_a_comparison_is_read_back(tmp_path: Path) -> None:
    frame = compare_measures(random_table(2), SCENARIO, TITLES).frame
    write_csv(frame, tmp_path / "comparison.csv")
    one = pd.read_csv(tmp_path / "comparison.csv")
    assert tuple(one.columns) == COLUMNS
    assert one["difference"].to_numpy() == pytest.approx(frame["difference"].to_numpy(), rel=1e-5)


def test_a_large_study_is_compared_whole() -> None:
    rng = np.random.default_rng(5)
    names, places = [item.name for item in MEASURES], ["all", *(f"K{i}" for i in range(6))]
    keys = list(itertools.product(names, places, ("all", "acute", "planned", "A1", "A2", "A3", "R")))
    models = ("status_quo", "central_team", "vardcentral_led", "hybrid")
    size = len(models) * 10 * len(keys)
    rows = pd.DataFrame({
        "scenario": "bas", "model": np.repeat(models, 10 * len(keys)),
        "replication": np.tile(np.repeat(np.arange(10), len(keys)), 4), "group": "all", "window": "all",
        "measure": [key[0] for key in keys] * 40, "municipality": [key[1] for key in keys] * 40,
        "class": [key[2] for key in keys] * 40, "value": rng.normal(size=size), "unit": "min", "n": 1,
    })  # fmt: skip
    assert len(keys) > 1500
    frame = compare_measures(rows, SCENARIO).frame
    assert len(frame) == 3 * len(keys)
