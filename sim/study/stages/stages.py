"""The flow, one way: world, demand, tape, laid, tables, layout, journal, sums, measures. Each is taken here only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.columns import Floats
from sim.engine import Journal, Laid, Prepared, Tables, compile_tables, lay_tape, make_terms, prepare, run
from sim.engine.work import expected_planned_work
from sim.errors import OrganisationError
from sim.measures import Measures, Sums, priced, sums_of
from sim.measures.staff import staff_of
from sim.study.each import each
from sim.study.stages.kept import Kept, of_process
from sim.study.stages.keys import Keys, keys_of
from sim.text import Text
from sim.world.build import build_world
from sim.world.demand import DemandPlan, draw_whole, plan_demand, read_inputs
from sim.world.moved import moved_tables
from sim.world.parts import Whole, part_of
from sim.world.tape import DemandTape
from sim.world.world import World

if TYPE_CHECKING:
    from sim.engine.observing import Observer
    from sim.measures.rows import Own
    from sim.organisation import Organisation
    from sim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Stages:
    """The stages of one scenario under some organisations (by name), each made when it is first asked for, and kept by
    its key in `kept`. `given`: a world made by hand instead of the scenario's region; `own`: measures besides those of
    the program; `moved`: where in their ranges the sources of the region's tables are (`sim.world.moved`).

    The methods raise RegionError and OrganisationError where inputs are wrong.
    """

    scenario: Scenario
    organisations: Mapping[str, Organisation]
    keys: Keys
    engine: str = "compiled"
    given: World | None = None
    own: Own = ()
    moved: tuple[tuple[str, float], ...] = ()
    kept: Kept = field(default_factory=of_process)

    @property
    def world(self) -> World:
        """The region as arrays."""
        if self.given is not None:
            return self.given
        return self.kept.get("world", self.keys.world, lambda: build_world(self.scenario))

    @property
    def demand(self) -> DemandPlan:
        """All that the replications share of the draw."""
        return self.kept.get("demand", self.keys.demand, self._plan)

    def _plan(self) -> DemandPlan:
        world = self.world
        inputs = self.kept.get("inputs", self.keys.world, lambda: read_inputs(self.scenario, world))
        return plan_demand(self.scenario, world, moved_tables(inputs, dict(self.moved)) if self.moved else inputs)

    def draw(self, replication: int, given: DemandTape | None = None) -> Draw:
        """One replication, drawn when it is first looked at; or a tape made by hand."""
        return Draw(self, replication, given)

    def met(self, model: str, draw: Draw) -> Draw:
        """What one model meets of a replication: the same as every other, unless needs are assumed to depend on the
        organisation."""
        return draw.met_with(self.organisations[model].acute_demand)

    def tables(self, model: str) -> Tables:
        """The organisation compiled against the world."""
        made = self.organisations[model]
        key = self.keys.models[model].tables
        return self.kept.get("tables", key, lambda: compile_tables(made, self.world, self.scenario, self._work))

    def _work(self) -> Floats:
        """The expected work that windows are sized by: the same for every organisation."""
        return self.kept.get("work", self.keys.work, lambda: expected_planned_work(self.world, self.scenario))

    def layout(self, model: str) -> Prepared:
        """The tables laid out for a run."""
        key = self.keys.models[model].layout
        return self.kept.get("layout", key, lambda: prepare(self.world, self.tables(model)))

    def run_one(self, model: str, draw: Draw, observers: Sequence[Observer] = ()) -> Journal:
        """What one model does with a replication; `observers` see it (`sim.engine.observing`)."""
        tables, layout = self.tables(model), self.layout(model)
        met = self.met(model, draw)
        return run(met.tape, self.world, tables, self.engine, layout, observers, met.laid)

    def sums(self, model: str, draw: Draw, journal: Journal | None = None) -> Sums:
        """What one model's run of a replication came to, before any price; `journal` if it is at hand."""

        def made() -> Sums:
            found = self.run_one(model, draw) if journal is None else journal
            tape, staff = self.met(model, draw).tape, staff_of(self.tables(model))
            return sums_of(tape, self.world, self.scenario.classes, found, staff, self.own)

        if draw.given is not None:
            return made()
        return self.kept.get("sums", self.keys.sums(model, draw.replication), made)

    def measures(self, model: str, draw: Draw, journal: Journal | None = None) -> Measures:
        """The measures of one model on one replication, at the scenario's prices."""
        return priced(self.sums(model, draw, journal), self.scenario.costs, staff_of(self.tables(model)))

    def check(self) -> None:
        """Make all that no replication changes: what is wrong in the inputs, with any of the models, shows here."""
        _ = self.demand
        each(self.organisations, self.layout)

    def __getstate__(self) -> dict[str, Any]:
        """For another process, which keeps its own results."""
        return {name: value for name, value in self.__dict__.items() if name != "kept"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, kept=of_process())


@dataclass(frozen=True, eq=False)
class Draw:
    """One replication of a scenario, with so many times the `acute_demand`. Its tape is held as long as this is,
    however many models run on it. `given`: a tape made by hand, of which nothing is kept; `of`: what it is part of."""

    stages: Stages
    replication: int
    given: DemandTape | None = None
    acute_demand: float = 1.0
    of: Draw | None = None
    parts: dict[float, Draw] = field(default_factory=dict, repr=False)

    def met_with(self, acute_demand: float) -> Draw:
        """The same replication with another acute demand. OrganisationError for a tape made by hand, which does not say
        what more or less there would be."""
        if acute_demand == self.acute_demand:
            return self
        if self.given is not None:
            raise OrganisationError(_BY_HAND.format(factor=f"{acute_demand:g}"))
        return self.parts.setdefault(acute_demand, Draw(self.stages, self.replication, None, acute_demand, self))

    @cached_property
    def tape(self) -> DemandTape:
        """Who needs what and when: the same for every model that has this acute demand."""
        if self.given is not None:
            return self.given
        source, asked = self.of or self, self.acute_demand
        key = self.stages.keys.tape(self.replication, asked)
        return self.stages.kept.get("tape", key, lambda: part_of(source.whole(asked), asked))

    def whole(self, acute_demand: float) -> Whole:
        """The replication with at least so many times the acute demand."""
        if acute_demand <= self._largest.factor:
            return self._largest
        return draw_whole(self.stages.demand, self.replication, acute_demand)

    @cached_property
    def _largest(self) -> Whole:
        most = max((item.acute_demand for item in self.stages.organisations.values()), default=1.0)
        return draw_whole(self.stages.demand, self.replication, max(most, 1.0))

    @cached_property
    def laid(self) -> Laid:
        """The tape as rows."""
        stages, tape = self.stages, self.tape

        def made() -> Laid:
            return lay_tape(tape, stages.world, make_terms(stages.world, stages.scenario))

        if self.given is not None:
            return made()
        return stages.kept.get("laid", stages.keys.laid(self.replication, self.acute_demand), made)

    @property
    def proof(self) -> Proof:
        """What tells this tape from any other."""
        if self.given is not None:
            return Proof(self.given.sha256(), len(self.given))
        key = self.stages.keys.tape(self.replication, self.acute_demand)
        return self.stages.kept.get("proof", key, lambda: Proof(self.tape.sha256(), len(self.tape)))


class Proof(NamedTuple):
    """Hash of a tape's content and its number of requests."""

    sha256: str
    requests: int


def make_stages(
    scenario: Scenario,
    organisations: Iterable[Organisation],
    engine: str = "compiled",
    world: World | None = None,
    kept: Kept | None = None,
    own: Own = (),
    moved: Sequence[tuple[str, float]] = (),
) -> Stages:
    """Stages with their keys. Raises RegionError when there is no such region."""
    chosen = {item.name: item for item in organisations}
    keys = keys_of(scenario, tuple(chosen.values()), engine, world, own, moved)
    return Stages(scenario, chosen, keys, engine, world, own, tuple(moved), of_process() if kept is None else kept)


_BY_HAND: Final = Text(
    "bandet är gjort för hand och säger inte vad som efterfrågas när den akuta efterfrågan är {factor} gånger så stor; "
    "sätt acute_demand till 1",
    "the tape was made by hand and does not say what is asked for with {factor} times the acute demand; set "
    "acute_demand to 1",
)
