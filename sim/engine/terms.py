"""What a scenario says of requests whoever takes them: who is refused, where they go, how long a call is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.columns import Ints
from sim.engine.state import ACUTE_ONLY, REFER, SERVE
from sim.errors import OrganisationError
from sim.grid import to_grid
from sim.text import Text
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

POLICY_CODE: Final = {"serve": SERVE, "acute only": ACUTE_ONLY, "refer": REFER}


class Terms(NamedTuple):
    """The threshold for home visits and the share of single visits above it, the policy at temporary stay of each
    municipality, the shares of the refused that go to the vårdcentral and to the emergency department, and the minutes
    that a planner expects of a call."""

    threshold: float
    single_share: float
    policy: Ints
    to_vardcentral: float
    to_ed: float
    call_plan_min: float


def make_terms(world: World, scenario: Scenario) -> Terms:
    """The scenario's terms; OrganisationError for a municipality that does not exist."""
    rules = scenario.organisation
    names = [municipality.name for municipality in world.municipalities]
    unknown = sorted((set(rules.acute_only_in) | set(rules.referred_in)) - set(names))
    if unknown:
        raise OrganisationError(_NO_MUNICIPALITY.format(unknown=", ".join(unknown), known=", ".join(names)))
    policy = [
        "refer" if n in rules.referred_in else "acute only" if n in rules.acute_only_in else rules.temporary_stay
        for n in names
    ]
    return Terms(
        threshold=float(rules.threshold),
        single_share=float(rules.single_visit_share),
        policy=np.array([POLICY_CODE[word] for word in policy], dtype=np.int64),
        to_vardcentral=float(rules.refused_to_vardcentral),
        to_ed=float(rules.refused_to_ed),
        call_plan_min=float(to_grid(np.array([scenario.demand.telephone.call_mean_min]))[0]),
    )


_NO_MUNICIPALITY = Text(
    "organisation.acute_only_in eller referred_in: ingen kommun heter {unknown}; kommuner: {known}",
    "organisation.acute_only_in or referred_in: no municipality is called {unknown}; municipalities: {known}",
)
