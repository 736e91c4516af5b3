"""The consequence table: the right rows for each party, the comparison's own numbers, estimates marked."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.comparison import compare_measures
from sim.errors import ResultsError
from sim.language.units import UNITS
from sim.measures import MEASURES, definition
from sim.report.ledger import (
    COLUMNS,
    ENTRIES,
    LONG_TERM,
    MUNICIPALITIES,
    PATIENTS,
    REGION,
    SHORT_TERM,
    Horizon,
    _millions,
    ledger,
    ledger_lines,
    ledger_text,
)
from sim.scenario import Scenario
from sim.text import Text

TITLES = {"status_quo": Text("Nuläge", "Status quo"), "hybrid": Text("Hybrid", "Hybrid")}
MODELS = ("status_quo", "hybrid", "central_team")


def frame(name: str, shift: float = 0.0, places: tuple[str, ...] = ("all", "Hylte")) -> pd.DataFrame:
    """A comparison of three models over four replications, every measure in every class it is made for."""
    rows = [
        {
            "scenario": name, "model": model, "replication": replication, "municipality": place, "group": "all",
            "class": klass, "window": "all", "measure": item.name, "unit": item.unit, "n": 9,
            "value": 1000.0 * (number + 1) + (100.0 + shift) * MODELS.index(model) + replication * (model == "hybrid"),
        }
        for number, item in enumerate(MEASURES)
        for place in (places if item.split != "region" else places[:1])
        for klass, model, replication in itertools.product(item.classes, MODELS, range(4))
    ]  # fmt: skip
    return compare_measures(pd.DataFrame(rows), Scenario(), TITLES).frame


@pytest.fixture(scope="module")
def short() -> pd.DataFrame:
    return frame("i dag")


@pytest.fixture(scope="module")
def both(short: pd.DataFrame) -> pd.DataFrame:
    return ledger([Horizon(SHORT_TERM, short), Horizon(LONG_TERM, frame("2035", 50.0))])


def test_every_entry_once_for_each_model_and_horizon(both: pd.DataFrame) -> None:
    assert list(both.columns) == list(COLUMNS)
    assert both[["model", "measure", "horizon"]].values.tolist() == [
        [model, entry.measure, horizon]
        for model in ("hybrid", "central_team")
        for entry in ENTRIES
        for horizon in ("kort sikt", "lång sikt")
    ]
    assert set(both["reference"]) == {"status_quo"}
    assert dict(zip(both["measure"], both["unit"], strict=True)) == {
        entry.measure: definition(entry.measure).unit for entry in ENTRIES
    }


def test_numbers_are_those_of_the_comparison(short: pd.DataFrame, both: pd.DataFrame) -> None:
    now = both[both["horizon"] == "kort sikt"]
    for row in now.itertuples(index=False):
        klass = "planned" if row.measure == "broken_promises" else "all"
        same = short[
            (short["measure"] == row.measure)
            & (short["municipality"] == "all")
            & (short["class"] == klass)
            & (short["model"] == row.model)
        ]
        assert len(same) == 1
        for column in ("mean", "reference_mean", "difference", "lower", "upper", "n", "verdict"):
            np.testing.assert_equal(getattr(row, column), same[column].iloc[0])
    later = both[both["horizon"] == "lång sikt"]
    apart = later["difference"].to_numpy() - now["difference"].to_numpy()
    assert apart == pytest.approx(np.where(later["model"] == "hybrid", 50.0, 100.0))


def test_parties_bear_what_is_theirs() -> None:
    of = {party.sv: {e.measure for e in ENTRIES if e.party == party} for party in (REGION, MUNICIPALITIES, PATIENTS)}
    assert of["Kommunerna"] == {"nurse_h_per_year", "cost_municipalities"}
    assert {"hours_per_week", "transports", "ed_visits", "ward_days", "cost_region"} <= of["Regionen"]
    assert sum(len(measures) for measures in of.values()) == len(ENTRIES) == len(set().union(*of.values()))


def test_estimates_are_marked_and_published_figures_are_not() -> None:
    marked = {entry.measure: entry.estimated for entry in ENTRIES}
    assert marked["cost_municipalities"] and marked["cost_ed"] and marked["cost_physicians"] and marked["ward_days"]
    assert marked["cost_contractor"]  # a published price, moved to the money of 2024
    assert not marked["cost_vardcentral"]  # a published price
    assert not marked["transports"] and not marked["hours_per_week"]  # counted by the simulation


def test_one_municipality_has_what_is_known_of_it(short: pd.DataFrame) -> None:
    rows = ledger([Horizon(SHORT_TERM, short)], "Hylte")
    assert set(rows["municipality"]) == {"Hylte"}
    assert set(rows["measure"]) == {e.measure for e in ENTRIES if definition(e.measure).split != "region"}
    text = ledger_text(rows, "sv", TITLES)
    assert "Hybrid jämfört med Nuläge, Hylte" in text and "läkare med bas i kommunen" in text


def test_text_in_both_languages(both: pd.DataFrame) -> None:
    sv, en = (ledger_text(both, lang, TITLES, (SHORT_TERM, LONG_TERM)) for lang in ("sv", "en"))
    assert sv.startswith("Hybrid jämfört med Nuläge\n") and en.startswith("Hybrid compared with Status quo\n")
    assert "central_team jämfört med Nuläge" in sv  # a model without title keeps its name
    for text, heads in (
        (sv, ("kort sikt", "lång sikt", "Regionen", "Kommunerna", "Patienterna")),
        (en, ("short term", "long term", "The region", "The municipalities", "The patients")),
    ):
        lines = text.split("\n")
        assert lines[2].split("   ")[-1].strip() == heads[1] and heads[0] in lines[2]
        for party in heads[2:]:
            assert lines.count(party) == 2  # once a model
    hybrid = next(line for line in sv.split("\n") if line.startswith("  Sjukskötersketimmar* (timmar per år)"))
    number = [item.name for item in MEASURES].index("nurse_h_per_year") + 1
    assert f"{number}\u00a0102; +102 (" in hybrid  # 1000 a measure, 100 for the model, 1.5 for the replications
    assert f"{number}\u00a0152; +152 (" in hybrid
    assert "  Ambulanstransporter (per år)" in sv  # not marked
    widths = {len(line) for line in sv.split("\n\n")[1].split("\n") if "(" in line}
    assert len(widths) == 1


def test_what_has_no_value_is_left_out(short: pd.DataFrame) -> None:
    holes = short.assign(mean=short["mean"].where(short["measure"] != "clinic_h_per_week"))
    assert "clinic_h_per_week" not in set(ledger([Horizon(SHORT_TERM, holes)])["measure"])
    side = ledger([Horizon(SHORT_TERM, holes), Horizon(LONG_TERM, short)])
    text = ledger_text(side, "en", TITLES)
    line = next(line for line in text.split("\n") if line.startswith("  Clinic hours displaced"))
    assert line.split(")")[1].split()[0] == "–"  # no value in the first column
    assert len(ledger([])) == 0


def test_one_replication_has_no_interval() -> None:
    table = pd.DataFrame([
        {"scenario": "x", "model": model, "replication": 0, "municipality": "all", "group": "all", "class": "all",
         "window": "all", "measure": "transports", "unit": "per year", "n": 9, "value": value}
        for model, value in (("status_quo", 30.0), ("hybrid", 12.0))
    ])  # fmt: skip
    text = ledger_text(ledger([Horizon(SHORT_TERM, compare_measures(table, Scenario(), TITLES).frame)]), "en", TITLES)
    line = next(line for line in text.split("\n") if "Ambulance" in line)
    assert line.endswith("12.0; −18.0")


def test_a_line_for_each_model_says_what_the_payers_pay(short: pd.DataFrame) -> None:
    rows = short.copy()
    costs = {"cost_region": (-12_740_000.0, -13_060_000.0, -12_430_000.0), "cost_municipalities": (34e4, 28e4, 40e4)}
    for measure, numbers in costs.items():
        where = (rows["measure"] == measure) & (rows["model"] == "hybrid")
        rows.loc[where, ["difference", "lower", "upper"]] = numbers
    lines = ledger_lines(ledger([Horizon(SHORT_TERM, rows)]), "sv", TITLES)
    assert len(lines) == 2  # a model
    assert lines[0] == (
        "Hybrid jämfört med Nuläge, kort sikt, per år: Regionen −12,7 (−13,1 till −12,4) mnkr, "
        "Kommunerna +0,34 (0,28–0,40) mnkr (uppskattade priser)."
    )
    english = ledger_lines(ledger([Horizon(SHORT_TERM, rows)]), "en", TITLES, [SHORT_TERM])[0]
    assert english.startswith("Hybrid compared with Status quo, short term, a year: The region −12.7 (−13.")
    wide = rows.assign(low5=-31_200_000.0, high95=-4_100_000.0)
    (line, _) = ledger_lines(ledger([Horizon(SHORT_TERM, wide)]), "en", TITLES, [SHORT_TERM])
    assert "The region −31.2 to −4.1 MSEK in nine of ten plausible worlds, −12.7 (−13.1 to −12.4) MSEK given" in line
    without = rows[rows["measure"] != "cost_region"]
    assert ledger_lines(ledger([Horizon(SHORT_TERM, without)]), "sv", TITLES) == []


def test_mixed_scenarios_and_equal_titles_are_refused(short: pd.DataFrame) -> None:
    mixed = pd.concat([short, short.assign(scenario="another")])
    with pytest.raises(ResultsError, match="short term holds 2 scenarios"):
        ledger([Horizon(SHORT_TERM, mixed)])
    with pytest.raises(ResultsError, match="same title: kort sikt, kort sikt"):
        ledger([Horizon(SHORT_TERM, short), Horizon(SHORT_TERM, short)])


def test_every_unit_has_words() -> None:
    assert {item.unit for item in MEASURES} <= set(UNITS)


def test_an_interval_whose_ends_would_be_written_alike_gets_a_decimal_more() -> None:
    narrow = SimpleNamespace(difference=-8.913e6, lower=-8.931e6, upper=-8.899e6)
    wide = SimpleNamespace(difference=-8.913e6, lower=-9.2e6, upper=-8.6e6)
    assert _millions(narrow, "en") == "−8.91 (−8.93 to −8.90) MSEK"
    assert _millions(wide, "en") == "−8.9 (−9.2 to −8.6) MSEK"
