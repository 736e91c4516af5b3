"""From one model to another, one step at a time: what each setting does, and what the organisation does.

A model's settings have no counterpart in another model, so the way goes over the models at their best: the settings of
the first are moved to its best roster, then the organisation changes while both are at their best, then the settings of
the other are moved back to where they are. The steps add up to the whole difference. What a setting does *alone*, from
where its model is, is told too: where that is another figure the settings work together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.decide.candidates import with_settings
from sim.declared.model import differing
from sim.statistics import mean_interval

if TYPE_CHECKING:
    from sim.decide.aims import Aim
    from sim.decide.candidates import Bench, Values
    from sim.declared import Variant
    from sim.organisation import Organisation
    from sim.statistics import Interval

ORGANISATION: Final = ""  # the key of the step in which the organisation changes


@dataclass(frozen=True)
class Step:
    """One step: in `model` the setting `key` goes from `old` to `new` (for ORGANISATION: from one model, at its best,
    to the other), after which the measure is `level`; `change` is what the step did, `alone` what it does by itself."""

    model: str
    key: str
    old: Any
    new: Any
    level: float
    change: Interval
    alone: Interval | None


@dataclass(frozen=True)
class Waterfall:
    """`first` and `last` are the means of the models as they are, `whole` their difference, `steps` between them."""

    first: float
    last: float
    whole: Interval
    steps: tuple[Step, ...]


def waterfall(
    bench: Bench, one: Variant, one_best: Variant, other: Variant, other_best: Variant, aim: Aim, years: Sequence[int]
) -> Waterfall:
    """Of `aim` over `years`, from `one` to `other`. The best are variants of the same models.

    Raises OrganisationError when a roster on the way cannot be run.
    """

    def values(made: Organisation) -> Values:
        return bench.values(made, years)

    there, back = moves(one, one_best), moves(other, other_best)
    at = begun = values(one.organisation())[aim]
    steps = []
    for number, (key, old, new) in enumerate(there, 1):
        after = values(with_settings(one, {k: v for k, _, v in there[:number]}))[aim]
        alone = values(with_settings(one, {key: new}))[aim] - begun
        steps.append(
            Step(one.name, key, old, new, float(after.mean()), mean_interval(after - at), mean_interval(alone))
        )
        at = after
    best = values(with_settings(other, {k: v for k, _, v in back}))[aim]
    steps.append(
        Step(other.name, ORGANISATION, one.name, other.name, float(best.mean()), mean_interval(best - at), None)
    )
    at, end = best, values(other.organisation())[aim]
    for number, (key, old, new) in reversed(list(enumerate(back))):
        after = values(with_settings(other, {k: v for k, _, v in back[:number]}))[aim]
        alone = end - values(with_settings(other, {key: new}))[aim]
        steps.append(
            Step(other.name, key, new, old, float(after.mean()), mean_interval(after - at), mean_interval(alone))
        )
        at = after
    return Waterfall(float(begun.mean()), float(end.mean()), mean_interval(end - begun), tuple(steps))


def moves(variant: Variant, best: Variant) -> list[tuple[str, Any, Any]]:
    """(dotted key, its value, its best value) of the settings that differ, in order of declaration."""
    return [(key, old, new) for key, new, old in differing(best.settings, variant.settings)]
