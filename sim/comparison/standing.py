"""Whether a model may be compared at all: the same physician-hours as the reference, and a backlog that does not grow.

One rule for fairness, in one place; who shows a difference asks here first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.comparison.balance import Balance
from sim.comparison.findings import Reason
from sim.language.numbers import number
from sim.text import Text, listed, same

HOURS_TOLERANCE: Final = 0.01  # of the reference's hours


@dataclass(frozen=True)
class Standing:
    """What a comparison must know of a model in a scenario: rostered physician-hours a week (NaN: not known), whether
    it keeps up with its work (None: not known), and how many times the acute requests it is assumed to have."""

    hours_per_week: float = math.nan
    balance: Balance | None = None
    acute_demand: float = 1.0

    @property
    def steady(self) -> bool:
        """Whether nothing says that its backlog grows."""
        return self.balance is None or self.balance.steady


UNKNOWN: Final = Standing()
BARRIERS: Final = (Reason.NOT_IN_BALANCE.value, Reason.UNEQUAL_HOURS.value)


def hours_apart(one: float, other: float) -> float:
    """How much more the larger has than the smaller, as a share; NaN when one is not known, infinite when one has
    none."""
    if math.isnan(one) or math.isnan(other):
        return math.nan
    least, most = sorted((one, other))
    return most / least - 1.0 if least > 0 else (0.0 if most == 0 else math.inf)


def unequal(one: float, other: float) -> bool:
    """Whether two models have so different hours that no difference may be put down to how they are organised."""
    return hours_apart(one, other) > HOURS_TOLERANCE


def spread(standings: Mapping[str, Standing]) -> float:
    """How far the hours of all models are apart, as a share of the least; NaN when none is known."""
    hours = [item.hours_per_week for item in standings.values() if not math.isnan(item.hours_per_week)]
    return hours_apart(min(hours), max(hours)) if hours else math.nan


def needs_differ(standings: Mapping[str, Standing]) -> bool:
    """Whether the models are assumed to have different needs to meet."""
    return len({item.acute_demand for item in standings.values()}) > 1


def barrier(model: Standing, reference: Standing, *, allow_unequal_hours: bool) -> Reason | None:
    """What forbids any verdict between two models; None when nothing does."""
    if not (model.steady and reference.steady):
        return Reason.NOT_IN_BALANCE
    if unequal(model.hours_per_week, reference.hours_per_week) and not allow_unequal_hours:
        return Reason.UNEQUAL_HOURS
    return None


def warnings_of(
    standings: Mapping[str, Standing], models: Sequence[str], titles: Mapping[str, Text], label: str, *, allowed: bool
) -> list[Text]:
    """What must be said before anything else of the models of a scenario (`label`, "" for the only one): each that does
    not keep up, and hours that differ."""
    known = {name: standings[name] for name in models if name in standings}
    before = f"{label}: " if label else ""
    found = [
        _NOT_IN_BALANCE.format(before=before, model=titles.get(name, same(name)), what=_what_grows(item.balance))
        for name, item in known.items()
        if item.balance is not None and not item.steady
    ]
    apart = spread(known)
    if apart > HOURS_TOLERANCE:
        hours = listed([_hours(titles.get(name, same(name)), item.hours_per_week) for name, item in known.items()])
        form = _UNEQUAL_ALLOWED if allowed else _UNEQUAL
        found.append(form.format(before=before, hours=hours, spread=_in_both(100.0 * apart, 0)))
    if needs_differ(known):
        changed = [_needs(titles.get(name, same(name)), item.acute_demand) for name, item in known.items()]
        found.append(_NEEDS_DIFFER.format(before=before, needs=listed([text for text in changed if text is not None])))
    return found


def _needs(title: Text, factor: float) -> Text | None:
    """How much more or less acute demand there is under a model; None where there is neither."""
    if factor == 1.0:
        return None
    return (_MORE if factor > 1.0 else _FEWER).format(model=title, share=_in_both(100.0 * abs(factor - 1.0), 0))


def _what_grows(balance: Balance) -> Text:
    parts = [
        _GROWS.format(kind=kind, waiting=_in_both(item.waiting, 0), week=_in_both(item.per_week, 1),
                      share=_in_both(100.0 * item.share, 1))
        for kind, item in ((_ACUTE, balance.acute), (_PLANNED, balance.planned))
        if not item.steady
    ]  # fmt: skip
    return listed(parts)


def _hours(title: Text, hours: float) -> Text:
    return Text(f"{title.sv} {number(hours, 'sv', 0)}", f"{title.en} {number(hours, 'en', 0)}")


def _in_both(value: float, digits: int) -> Text:
    return Text(number(value, "sv", digits), number(value, "en", digits))


_NEEDS_DIFFER: Final = Text(
    "{before}Modellerna möter inte samma ärenden, enligt antagande: {needs} än annars. Varje skillnad och omdöme nedan "
    "är organisationen och det antagandet tillsammans.",
    "{before}The models do not meet the same requests, by assumption: {needs} than otherwise. Every difference and "
    "verdict below is the organisation and that assumption together.",
)
_MORE: Final = Text("{share} % fler akuta ärenden under {model}", "{share}% more acute requests under {model}")
_FEWER: Final = Text("{share} % färre akuta ärenden under {model}", "{share}% fewer acute requests under {model}")
_NOT_IN_BALANCE: Final = Text(
    "{before}{model} hinner inte med: {what}. Därför anges inga nivåer, kostnader eller omdömen för modellen.",
    "{before}{model} does not keep up: {what}. So no level, cost or verdict is given for it.",
)
_GROWS: Final = Text(
    "{kind} som väntar blir {week} fler i veckan ({share} % av dem som beställs; {waiting} väntar under andra året)",
    "{kind} that wait grow by {week} a week ({share}% of those ordered; {waiting} wait in the second year)",
)
_ACUTE: Final = Text("akuta ärenden", "acute requests")
_PLANNED: Final = Text("planerade besök och ronder", "planned visits and rounds")
_UNEQUAL: Final = Text(
    "{before}Modellerna har olika många läkartimmar i veckan ({hours}; {spread} % isär), så skillnaderna säger inte "
    "vad organisationen gör: inget omdöme ges. Ändra bemanningen, eller be om omdömen ändå med "
    "study.allow_unequal_hours: true.",
    "{before}The models have different physician-hours a week ({hours}; {spread}% apart), so the differences do not "
    "tell what the organisation does: no verdict is given. Change the staffing, or ask for verdicts all the same with "
    "study.allow_unequal_hours: true.",
)
_UNEQUAL_ALLOWED: Final = Text(
    "{before}Modellerna har olika många läkartimmar i veckan ({hours}; {spread} % isär): varje skillnad och omdöme "
    "nedan är organisation och timmar tillsammans.",
    "{before}The models have different physician-hours a week ({hours}; {spread}% apart): every difference and verdict "
    "below is organisation and hours together.",
)
