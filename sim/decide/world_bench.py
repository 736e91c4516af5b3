"""Candidates in plausible worlds: a year is a world that is kept, with inputs and patients of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sim.decide.candidates import Bench
from sim.decide.facts import read_facts
from sim.decide.plausible import plausible_worlds
from sim.decide.worlds import ROOM, TODAY, Design
from sim.errors import HembesokError
from sim.study.stages import Draw, Kept, make_stages
from sim.text import Text
from sim.world.region import region_folder

if TYPE_CHECKING:
    from sim.decide.plausible import PlausibleWorlds
    from sim.organisation import Organisation
    from sim.scenario import Scenario
    from sim.study.stages import Stages

MOST: Final = 4  # worlds drawn for each that is wanted


@dataclass(eq=False)
class WorldBench(Bench):
    """As `Bench`, with the plausible worlds of `scenario` as years: year n is the nth world that contradicts nothing
    known of `today`, the organisation of today (None: no world is set aside), for `wanted` years in all. `models`:
    those that are run, as they are now. The same worlds as in `compare`, in the same order."""

    today: Organisation | None = None
    models: tuple[Organisation, ...] = ()
    wanted: int = 1
    kept: Kept = field(default_factory=lambda: Kept(ROOM))
    _scenarios: dict[int, Scenario] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The first `wanted` worlds that are kept, by number. HembesokError when too many are set aside."""
        most = MOST * self.wanted + 20
        if self.today is None:
            return tuple(range(1, self.wanted + 1))
        base = make_stages(self.scenario, [self.today], kept=self.kept)
        design = Design(self._worlds, {TODAY: self.today}, read_facts(region_folder(self.scenario)), base, Kept(ROOM))
        found: list[int] = []
        with ThreadPoolExecutor(self.jobs) as pool:
            for first in range(1, most + 1, self.jobs):
                outcomes = pool.map(design.run, range(first, min(first + self.jobs, most + 1)))
                found += [item.number for item in outcomes if not item.against and not item.error]
                if len(found) >= self.wanted:
                    return tuple(found[: self.wanted])
        raise HembesokError(_TOO_FEW.format(kept=len(found), drawn=most, wanted=self.wanted))

    @cached_property
    def _worlds(self) -> PlausibleWorlds:
        today = () if self.today is None else (self.today,)
        made = {item.name: item for item in (*today, *self.models)}
        return plausible_worlds(self.scenario, MOST * self.wanted + 20, made.values())

    def number(self, year: int) -> int:
        """The world that a year is, and the replication of its patients."""
        return self.numbers[year - 1]

    def _stages(
        self, organisation: Organisation, years: Sequence[int], changes: Mapping[str, Any] | None
    ) -> Mapping[int, Stages]:
        found = {year: self._in_world(year, organisation, changes) for year in years}
        if years:
            found[years[0]].layout(organisation.name)  # posts and hours are the same in every world
        return found

    def _drawn(self, year: int, organisation: Organisation) -> Draw:
        return self._in_world(year, organisation, None).draw(self.number(year))

    def _in_world(self, year: int, organisation: Organisation, changes: Mapping[str, Any] | None) -> Stages:
        number = self.number(year)
        if number not in self._scenarios:
            self._scenarios[number] = self._worlds.world(number)
        scenario = self._scenarios[number].with_changes(changes) if changes else self._scenarios[number]
        made = self._worlds.organisations(number, [organisation])
        return make_stages(scenario, made, kept=self.kept, moved=self._worlds.moved(number))


_TOO_FEW: Final = Text(
    "{kept} av {drawn} tänkbara världar stämmer med det vi vet, och {wanted} behövs: be om färre, eller se efter "
    "scenariot (docs/decide.md)",
    "{kept} of {drawn} plausible worlds agree with what is known, and {wanted} are needed: ask for fewer, or check the "
    "scenario (docs/decide.md)",
)
