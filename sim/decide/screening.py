"""What inputs do together to the difference between models: a screening by Morris, the variance by Sobol.

Every row is a plausible world of the same years, so that patients are alike in all of them and a number that nothing
reads does exactly nothing. No world is set aside: inputs would no longer be independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from sim.decide.indices import (
    Effect,
    Share,
    largest,
    morris_design,
    morris_effects,
    power_of_two,
    sobol_design,
    sobol_shares,
)
from sim.decide.plausible import DUMMY

if TYPE_CHECKING:
    from sim.decide.differences import ModelDifferences

Method = Literal["morris", "sobol"]
PATHS: Final = 10
POINTS: Final = 128
TOP: Final = 8


class Step(NamedTuple):
    """A design to run: of so many `inputs` with the dummy, and so many paths (Morris) or points (Sobol)."""

    method: Method
    inputs: int
    points: int

    @property
    def rows(self) -> int:
        """How many worlds that is."""
        if self.method == "morris":
            return self.points * (self.inputs + 1)
        return power_of_two(self.points) * (self.inputs + 2)


@dataclass(frozen=True)
class Screening:
    """The answers of the last step: `effects` or `shares` by model, the largest first; `spread` is the standard
    deviation of the difference over its rows, `left_out` how many of its blocks have a row without a value. After a
    screening for Sobol both `effects` and `shares` are there."""

    steps: tuple[Step, ...]
    effects: Mapping[str, tuple[Effect, ...]] = field(default_factory=dict)
    shares: Mapping[str, tuple[Share, ...]] = field(default_factory=dict)
    spread: Mapping[str, float] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)


def steps_of(method: Method, inputs: int, named: bool, points: int | None = None, top: int | None = None) -> list[Step]:
    """What has to be run for `inputs` inputs. Sobol of inputs that were not `named` asks of the `top` largest of a
    screening, since each costs another row a point."""
    if method == "morris":
        return [Step("morris", inputs + 1, points or PATHS)]
    if named:
        return [Step("sobol", inputs + 1, points or POINTS)]
    return [Step("morris", inputs + 1, PATHS), Step("sobol", min(top or TOP, inputs) + 1, points or POINTS)]


def screen(
    differences: ModelDifferences,
    steps: Sequence[Step],
    inputs: Sequence[str],
    jobs: int = 1,
    on_row: Callable[[], None] = lambda: None,
) -> Screening:
    """Take the steps, the first with `inputs`. HembesokError where SALib is not installed."""
    found = Screening(tuple(steps))
    keys = (*inputs, DUMMY)
    for step in steps:
        if found.effects:
            keys = (*largest(found.effects.values(), step.inputs - 1, DUMMY), DUMMY)
        found = _taken(found, differences, step, keys, jobs, on_row)
    return found


def _taken(
    before: Screening,
    differences: ModelDifferences,
    step: Step,
    keys: Sequence[str],
    jobs: int,
    on_row: Callable[[], None],
) -> Screening:
    make = morris_design if step.method == "morris" else sobol_design
    design = make(keys, step.points, differences.scenario.study.seed % 2**32)
    columns = differences.of(design, jobs, on_row).T
    answers = {
        name: column
        for name, column in zip(differences.organisations, columns, strict=True)
        if name != differences.reference
    }
    whole = {name: design.answered(column) for name, column in answers.items()}
    spread = {name: float(column[np.repeat(whole[name], design.block)].std()) for name, column in answers.items()}
    left_out = {name: int((~blocks).sum()) for name, blocks in whole.items()}
    effects, shares = before.effects, before.shares
    if step.method == "morris":
        effects = {name: morris_effects(design, column) for name, column in answers.items()}
    else:
        shares = {name: sobol_shares(design, column) for name, column in answers.items()}
    return Screening(before.steps, effects, shares, spread, left_out)
