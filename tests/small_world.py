"""A tiny region made by hand, for tests of any room: `small_world`, `small_scenario`, `small_inputs`."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from sim.codes import UNPLANNED
from sim.grid import to_grid
from sim.scenario import Scenario
from sim.scenario.fields import leaves, value_of
from sim.scenario.places import Places
from sim.scripted import START
from sim.scripted import scripted_calendar as small_calendar
from sim.text import same
from sim.world.demand import DemandInputs
from sim.world.profiles import Profiles, flat_profiles
from sim.world.world import Facility, Municipality, World

__all__ = ["small_calendar"]


def small_world(
    municipalities: int = 2,
    places: int = 4,
    vardcentraler: int = 2,
    days: int = 7,
    sabo: int = 20,
    korttid: int = 6,
    lss: int = 5,
    holidays: tuple[int, ...] = (),
) -> World:
    """A world on a line: place i lies 10 i km along it, 1 min a km and 5 min within a place.

    Places and vårdcentraler are dealt out to municipalities in turn. Each municipality has one sabo, one korttid and
    one lss home of the given sizes (0: none), in its first place; rounds on weekday m modulo 5. Place i has
    100 i + 100 people in each age group, listed evenly at the vårdcentraler.
    """
    node = np.arange(places)
    node_municipality = (node % municipalities).astype(np.int64)
    centres = [
        Facility(f"VC {v}", "vardcentral", "public", v % places, v % places % municipalities, 1.0, v, -1, "estimate")
        for v in range(vardcentraler)
    ]
    homes = [
        Facility(
            f"{kind} {m}", kind, "public", m, m, float(size), m % vardcentraler if vardcentraler else -1,
            m % 5 if kind != "lss" else -1, "estimate",
        )
        for kind, size in (("sabo", sabo), ("korttid", korttid), ("lss", lss))
        for m in range(municipalities)
        if size
    ]  # fmt: skip
    km = 10.0 * np.abs(node[:, None] - node[None, :])
    people = 100.0 * (node + 1)
    return World(
        region="small",
        municipalities=tuple(
            Municipality(str(1000 + m), f"Kommun {m}", int(4 * people[node_municipality == m].sum()))
            for m in range(municipalities)
        ),
        node_name=tuple(f"Ort {i}" for i in range(places)),
        node_kind=("locality",) * places,
        node_lat=56.5 + 0.01 * node,
        node_lon=12.5 + 0.1 * node,
        node_municipality=node_municipality,
        population=np.repeat(people[:, None], 4, axis=1),
        facilities=(*centres, *homes),
        vardcentraler=tuple(range(vardcentraler)),
        listing=np.full((places, vardcentraler), 1.0 / vardcentraler if vardcentraler else 0.0),
        travel_min=to_grid(km + 5.0),
        travel_km=to_grid(km + 2.0),
        calendar=small_calendar(days, holidays),
        outlines=((),) * municipalities,
        travel_note=same("made by hand"),
        checksums=(),
    )


def small_inputs(municipalities: int = 2, enrolled: int = 100, profiles: Profiles | None = None) -> DemandInputs:
    """`enrolled` people of G1 in every municipality, and profiles without any pattern unless given."""
    return DemandInputs(np.full(municipalities, enrolled, dtype=np.int64), profiles or flat_profiles())


DEFAULTS: Mapping[str, Any] = {
    "region": "small", "file": None, "folder": None, "places": Places(),
    "calendar.start": START, "calendar.warm_up_weeks": 0, "calendar.weeks": 1,
    "study.seed": 2024,
    "demand.scale": 1.0, "demand.heterogeneity_cv": 0.8,
    "demand.G1.acute_per_year": 0.6, "demand.G1.planned_per_year": 1.4,
    "demand.G2.acute_per_year": 1.0, "demand.G2.round_visits_per_year": 5.0,
    "demand.G3.acute_per_year": 3.0, "demand.G3.round_visits_per_year": 9.0,
    "demand.G4.acute_per_year": 0.2, "demand.G4.planned_per_year": 0.3,
    "demand.wave_factor": 1.0, "demand.wave_first_week": 1, "demand.wave_weeks": 0,
    "demand.year": 2024, "demand.home_care_growth": 0.0, "demand.sabo_growth": 0.0,
    "demand.G1.turnover_per_month": 0.0, "demand.G3.stay_days": np.inf,
    **{f"demand.{g}.certificates_per_year": 0.0 for g in ("G1", "G2", "G3", "G4")},
    **{f"demand.G5.share_{g}": 0.0 for g in ("G1", "G2", "G3")},
    "demand.G5.crises_per_year": 4.0, "demand.G5.planned_per_year": 8.0,
    "demand.G6.share_65plus": 0.0, "demand.G6.acute_per_year": 0.3, "demand.G6.planned_per_year": 0.2,
    "demand.G7.acute_per_year": 0.008, "demand.G7.planned_per_year": 0.003,
    "demand.G8.acute_per_1000": 0.0, "demand.G8.planned_per_1000": 0.0, "demand.G8.certificates_per_1000": 0.0,
    "demand.telephone.call_mean_min": 12.0, "demand.telephone.call_cv": 0.5, "demand.conveyance_min": 20.0,
    **{f"classes.{c}.telephone_share_{w}": 0.0 for c in UNPLANNED for w in ("day", "jourtid")},
    **{f"classes.{c}.conveyed_share": 0.0 for c in UNPLANNED},
    "classes.P.no_show_share": 0.0, "classes.P.no_show_min": 10.0,
    "demand.acute_mix.A1": 0.10, "demand.acute_mix.A2": 0.35, "demand.acute_mix.A3": 0.55,
    "classes.A1.target_min": 60, "classes.A1.triage_mean_min": 5.0, "classes.A1.triage_cv": 0.5,
    "classes.A1.on_scene_mean_min": 50.0, "classes.A1.on_scene_cv": 0.5,
    "classes.A1.documentation_mean_min": 15.0, "classes.A1.documentation_cv": 0.4,
    "classes.A1.patience.deadline_min": 120.0,
    "classes.A2.target_min": 120, "classes.A2.triage_mean_min": 10.0, "classes.A2.triage_cv": 0.5,
    "classes.A2.on_scene_mean_min": 45.0, "classes.A2.on_scene_cv": 0.5,
    "classes.A2.documentation_mean_min": 15.0, "classes.A2.documentation_cv": 0.4,
    "classes.A2.patience.ed_from_min": 240.0, "classes.A2.patience.ed_scale_min": 240.0,
    "classes.A2.patience.ed_shape": 1.5,
    "classes.A3.target_min": 360, "classes.A3.triage_mean_min": 20.0, "classes.A3.triage_cv": 0.5,
    "classes.A3.on_scene_mean_min": 40.0, "classes.A3.on_scene_cv": 0.5,
    "classes.A3.documentation_mean_min": 15.0, "classes.A3.documentation_cv": 0.4,
    "classes.A3.patience.ed_share": 0.15, "classes.A3.patience.ed_from_min": 720.0,
    "classes.A3.patience.ed_scale_min": 720.0, "classes.A3.patience.ed_shape": 1.5,
    "classes.PAL.target_min": 120, "classes.PAL.triage_mean_min": 10.0, "classes.PAL.triage_cv": 0.5,
    "classes.PAL.on_scene_mean_min": 50.0, "classes.PAL.on_scene_cv": 0.5,
    "classes.PAL.documentation_mean_min": 15.0, "classes.PAL.documentation_cv": 0.4,
    "classes.PAL.patience.ward_share": 0.5, "classes.PAL.patience.ward_from_min": 240.0,
    "classes.PAL.patience.ward_scale_min": 360.0, "classes.PAL.patience.ward_shape": 1.5,
    "classes.ADM.target_min": 240, "classes.ADM.triage_mean_min": 10.0, "classes.ADM.triage_cv": 0.5,
    "classes.ADM.on_scene_mean_min": 30.0, "classes.ADM.on_scene_cv": 0.5,
    "classes.ADM.documentation_mean_min": 15.0, "classes.ADM.documentation_cv": 0.4,
    "classes.R.on_scene_mean_min": 20.0, "classes.R.on_scene_cv": 0.5,
    "classes.R.documentation_mean_min": 8.0, "classes.R.documentation_cv": 0.4,
    "classes.P.on_scene_mean_min": 45.0, "classes.P.on_scene_cv": 0.4,
    "classes.P.documentation_mean_min": 15.0, "classes.P.documentation_cv": 0.4, "classes.P.window_days": 14,
    "travel.matrix": None, "travel.weather_factor": 1.0, "travel.cv": 0.15,
    "staffing.hours_per_week": 100.0, "staffing.overtime_max_min": 60.0,
    "organisation.sharing": None, "organisation.agreement_delay_min": 30.0,
}  # fmt: skip


def small_scenario(changes: Mapping[str, Any] | None = None) -> Scenario:
    """The defaults of the contract as plain names, one week without warm-up, changed by dotted key; what came with the
    groups G5 to G8, turnover, certificates, telephone, conveyance and no-show is off until a test asks for it.

    Not checked: a test may state what no scenario file may (an endless patience). An unknown key is a KeyError.
    """
    usual = Scenario()
    values = {leaf.key: value_of(usual, leaf.key) for leaf in leaves(Scenario)} | DEFAULTS
    for key, value in (changes or {}).items():
        if key not in values:
            raise KeyError(key)
        values[key] = value
    top = SimpleNamespace()
    for key, value in values.items():
        *groups, name = key.split(".")
        part = top
        for group in groups:
            if not hasattr(part, group):
                setattr(part, group, SimpleNamespace())
            part = getattr(part, group)
        setattr(part, name, value)
    return cast(Scenario, top)
