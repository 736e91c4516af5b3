"""Expected work of the vårdcentraler, to size home-visit windows. Expectations only: nothing drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.world.population import read_enrolled, residents
from sim.world.profiles import read_profiles
from sim.world.region import region_folder
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

KIND_GROUP = {"sabo": "G2", "korttid": "G3", "lss": "G4"}


def expected_enrolled(world: World, scenario: Scenario) -> NDArray[np.float64]:
    """(N,) expected people enrolled in home care at each place: the municipality's number, spread over its places by
    age."""
    folder = region_folder(scenario)
    weight = world.population @ np.array(read_profiles(folder).enrolment)
    enrolled = np.array(read_enrolled(folder, world.municipalities), dtype=np.float64)
    total = np.bincount(world.node_municipality, weights=weight, minlength=len(enrolled))
    share: NDArray[np.float64] = weight / np.where(total > 0, total, 1.0)[world.node_municipality]
    return share * enrolled[world.node_municipality]


def expected_planned_work(world: World, scenario: Scenario) -> NDArray[np.float64]:
    """(V,) physician-minutes a year of planned visits and rounds among those listed at each vårdcentral: on scene and
    documenting, and for a planned visit or a round one trip out and back from the vårdcentral."""
    demand, classes = scenario.demand, scenario.classes
    per_visit = classes.P.on_scene_mean_min + classes.P.documentation_mean_min
    per_resident = classes.R.on_scene_mean_min + classes.R.documentation_mean_min
    bases = np.array([world.facilities[f].node for f in world.vardcentraler], dtype=np.int64)
    trip = 2 * world.travel_min[:, bases]  # (N, V)
    enrolled = expected_enrolled(world, scenario)
    work: NDArray[np.float64] = (
        enrolled[:, None] * world.listing * demand.G1.planned_per_year * (per_visit + trip)
    ).sum(axis=0)
    for facility in world.facilities:
        group = KIND_GROUP.get(facility.kind)
        if group is None or facility.vardcentral < 0:
            continue
        v = facility.vardcentral
        people = residents(facility)
        if group == "G4":
            work[v] += people * demand.G4.planned_per_year * (per_visit + trip[facility.node, v])
        else:
            rate = demand.G2.round_visits_per_year if group == "G2" else demand.G3.round_visits_per_year
            work[v] += people * rate * per_resident + 52 * trip[facility.node, v]
    return work
