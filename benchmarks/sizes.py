"""The sizes that are measured, from a tenth of Halland to a made-up Sweden, all under one way to organise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.regions import HALLAND_MUNICIPALITIES, HALLAND_PEOPLE, SWEDEN, municipalities_of, write_region
from sim.engine import Journal, Laid, Prepared, Tables, lay_tape, prepare, run
from sim.engine.running import make_run
from sim.engine.state import Run
from sim.engine.tables import compile_tables
from sim.measures import Measures, measure
from sim.measures.staff import staff_of
from sim.organisation import (
    EVERY_DAY,
    PLANNED,
    UNPLANNED,
    Area,
    EachMunicipality,
    HomeVisitWindows,
    Organisation,
    Pool,
    Post,
    Principal,
    Sharing,
    Shift,
    Text,
    route,
)
from sim.world.build import build_world
from sim.world.demand import DemandPlan, draw_tape, plan_demand
from sim.world.tape import DemandTape
from sim.world.world import World

if TYPE_CHECKING:
    from sim.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
HOURS_PER_MUNICIPALITY = 260.0  # a week: one line round the clock (168) and home-visit windows

SIZES: dict[str, tuple[int, ...] | None] = {  # people of the regions; None: Halland itself
    "a tenth of Halland": (HALLAND_PEOPLE // 10,),
    "Halland": None,
    "ten times Halland": (10 * HALLAND_PEOPLE,),
    "synthetic Sweden": SWEDEN,
}


@dataclass(frozen=True)
class Size:
    """A scenario and an organisation made ready, as a worker has them before its first replication."""

    name: str
    scenario: Scenario
    world: World
    tables: Tables
    demand: DemandPlan
    prepared: Prepared

    def draw(self, replication: int) -> DemandTape:
        """The tape of a replication."""
        return draw_tape(self.demand, replication)

    def measure(self, tape: DemandTape, journal: Journal) -> Measures:
        """Journal to measures."""
        return measure(tape, self.world, self.scenario, journal, staff_of(self.tables))

    def lay(self, tape: DemandTape) -> Laid:
        """The tape as all organisations meet it."""
        return lay_tape(tape, self.world, self.tables.terms)

    def make_run(self, tape: DemandTape, laid: Laid | None = None) -> Run:
        """A run before its first event."""
        return make_run(tape, self.world, self.tables, self.prepared, laid)

    def run(self, tape: DemandTape, engine: str = "compiled") -> Journal:
        """Tape to journal."""
        return run(tape, self.world, self.tables, engine, self.prepared)


def ready(name: str, scenario: Scenario, world: World, organisation: Organisation) -> Size:
    """What no replication changes, laid out once."""
    tables = compile_tables(organisation, world, scenario)
    return Size(name, scenario, world, tables, plan_demand(scenario, world), prepare(world, tables))


def halland(weeks: int, changes: dict[str, Any] | None = None) -> Scenario:
    """The default scenario, `weeks` long after its warm-up of four weeks."""
    from sim.scenario import load_scenario

    scenario = load_scenario(ROOT / "scenarios" / "halland.yaml")
    return scenario.with_changes({"calendar.weeks": weeks, **(changes or {})})


def make_size(name: str, weeks: int, folder: Path) -> Size:
    """World and tables of a size; tables of made-up regions are written below `folder`."""
    scenario = halland(weeks)
    people = SIZES[name]
    municipalities = HALLAND_MUNICIPALITIES
    if people is not None:
        region = write_region(folder / name.replace(" ", "_"), scenario, people)
        scenario = scenario.with_changes({"region": str(region)})
        municipalities = sum(map(municipalities_of, people))
    scenario = scenario.with_changes({"staffing.hours_per_week": HOURS_PER_MUNICIPALITY * municipalities})
    return ready(name, scenario, build_world(scenario), municipal_teams())


def municipal_teams() -> Organisation:
    """A team round the clock in every municipality, and windows at the vårdcentraler for planned work, each with
    take-over by the other. Nothing in it grows faster than the region, as a choice of hubs for the whole would."""
    around_the_clock = tuple(
        Shift(EVERY_DAY, start, end) for start, end in (("00:00", "08:00"), ("08:00", "16:00"), ("16:00", "00:00"))
    )
    team = Pool(
        "team", Text("Kommunens team", "The municipality's team"), Principal.REGION,
        (Post(EachMunicipality(), around_the_clock),), Area.MUNICIPALITY,
    )  # fmt: skip
    windows = Pool(
        "vårdcentral", Text("Vårdcentral", "Vårdcentral"), Principal.REGION, (HomeVisitWindows(),), Area.LISTED
    )
    return Organisation(
        name="municipal_teams",
        title=Text("Kommunala team", "Municipal teams"),
        description=Text("", ""),
        pools=(team, windows),
        routes=(
            route(windows, team.after(days=5), classes=PLANNED),
            route(team, windows.after(minutes=60), classes=UNPLANNED),
        ),
        sharing=Sharing.SILO,
    )
