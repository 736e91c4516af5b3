"""What may be moved in a model: a few steps for each of its settings, around what it is set to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

from sim.decide.aims import AimError
from sim.decide.least_hours import HOURS
from sim.language.nearest import did_you_mean
from sim.organisation import Area, Sharing
from sim.scenario.fields import leaves, value_of
from sim.text import Text

if TYPE_CHECKING:
    from sim.declared import Model
    from sim.scenario.fields import Leaf
    from sim.settings import Settings

MORE_BASES: Final = 3  # bases beyond those that there are now
MORE_LINES: Final = 2
MINUTES: Final = (0, 10, 20, 30, 45, 60, 90, 120, 180)
DAYS: Final = (0, 1, 2, 3, 5, 7, 10, 14)
SHARES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
CLOCK_STEPS: Final = (-120, -60, -30, 0, 30, 60, 120)
OF_HOURS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)  # shares of all physician-hours
HABITS: Final = ("windows.usual_length_min", "limits.planned_share", "limits.overtime_min")  # how things are, and rules
STEP_H: Final = 20.0
_BORDERS: Final = (Area, Sharing)  # whose patients: what a model is, not its roster


class Dimension(NamedTuple):
    """A setting by its dotted key, and the values that are tried; the value in use is one of them. `ordered`: from less
    to more."""

    key: str
    title: Text
    values: tuple[Any, ...]
    now: Any
    ordered: bool = True

    @property
    def beside(self) -> tuple[Any, ...]:
        """The values next to the present one; all others where there is no order."""
        place = self.values.index(self.now)
        near = range(place - 1, place + 2) if self.ordered else range(len(self.values))
        return tuple(self.values[i] for i in near if 0 <= i < len(self.values) and i != place)


def space_of(
    model: Model, settings: Settings, hours: float, only: Sequence[str] = (), keep: Sequence[str] = ()
) -> tuple[Dimension, ...]:
    """The dimensions of a model around `settings`: bases, lines, clock times, take-over times, windows, choice, reserve
    and limits; borders and sharing, which make another organisation, only when named in `only`. `keep` are left as they
    are; both name settings or groups of them. `hours` a week there are in all.

    AimError for a name that the model does not have."""
    known = list(leaves(model.settings))
    check_names(model.name, [leaf.key for leaf in known], [*only, *keep])
    found = []
    for leaf in known:
        now = value_of(settings, leaf.key)
        if (only and not named(leaf.key, only)) or named(leaf.key, keep):
            continue
        if not only and (isinstance(now, _BORDERS) or leaf.key in HABITS):
            continue
        values = steps(leaf, now, hours)
        if len(values) > 1:
            found.append(Dimension(leaf.key, leaf.title, values, plain(now), not isinstance(now, Enum)))
    return tuple(found)


def hours_dimension(now: float) -> Dimension:
    """Physician-hours a week as something to move, where fewest hours are sought: 40 to 130 % of `now`."""
    steps = {float(STEP_H * place) for place in range(round(0.4 * now / STEP_H), round(1.3 * now / STEP_H) + 1)}
    return Dimension(HOURS, _HOURS, tuple(sorted(steps | {now})), now)


def check_names(model: str, keys: Sequence[str], asked: Iterable[str]) -> None:
    """AimError for a name that is neither a setting nor a group of settings."""
    groups = {key.rpartition(".")[0] for key in keys} - {""}
    for name in asked:
        if name not in keys and name not in groups:
            raise AimError(_NO_SETTING.format(model=model, name=name, hint=did_you_mean(name, keys)))


def named(key: str, names: Sequence[str]) -> bool:
    """Whether a setting is named, or a group that it is in."""
    return any(key == name or key.startswith(f"{name}.") for name in names)


def steps(leaf: Leaf, now: Any, hours: float) -> tuple[Any, ...]:
    """The values tried for one setting, those that its bounds allow, in order; only the present one where it cannot be
    moved by steps (lists of places and days)."""
    kinds = _kinds(leaf.field.annotation)
    if isinstance(now, Enum):
        return tuple(item.value for item in type(now))
    if isinstance(now, bool):
        return (False, True)
    if isinstance(now, tuple) or (now is None and tuple in kinds):
        return (plain(now),)
    found: Iterable[Any]
    if str in kinds and int not in kinds:
        found = _clocks(now)
    elif tuple in kinds:
        found = range(1, now + MORE_BASES + 1)
    elif int in kinds:
        found = range((now or 0) + MORE_LINES + 1)
    elif leaf.extra["unit"] == "h per week":
        found = (round(part * hours) for part in OF_HOURS)
    elif leaf.extra["unit"] == "min":
        found = MINUTES
    elif leaf.key.endswith("days"):
        found = DAYS
    elif leaf.extra.get("unit") == "share" or leaf.key.endswith("share"):
        found = SHARES
    else:
        return (plain(now),)
    listed = sorted({*(item for item in found if _allowed(leaf, item)), *([] if now is None else [now])})
    return (None, *listed) if type(None) in kinds else tuple(listed)


def plain(value: Any) -> Any:
    """As it is written in a scenario."""
    value = value.value if isinstance(value, Enum) else value
    return list(value) if isinstance(value, tuple) else value


def _kinds(annotation: Any) -> set[type]:
    """The plain types that a field takes."""
    inner = get_args(annotation)
    if getattr(annotation, "__metadata__", None):
        return _kinds(annotation.__origin__)
    if getattr(annotation, "__origin__", None) is tuple:
        return {tuple}
    if inner:
        return set().union(*map(_kinds, inner))
    return {annotation} if isinstance(annotation, type) else set()


def _clocks(now: str) -> list[str]:
    hour, minute = map(int, now.split(":"))
    ends = ((hour * 60 + minute + step) % 1440 for step in CLOCK_STEPS)
    return [f"{end // 60:02}:{end % 60:02}" for end in ends]


def _allowed(leaf: Leaf, value: Any) -> bool:
    """Whether the bounds of a number allow it."""
    if not isinstance(value, int | float):
        return True
    bounds = {name: getattr(rule, name) for rule in leaf.field.metadata for name in ("ge", "le") if hasattr(rule, name)}
    return bool(bounds.get("ge", value) <= value <= bounds.get("le", value))


_NO_SETTING: Final = Text("{model} har ingen inställning {name}; {hint}", "{model} has no setting {name}; {hint}")
_HOURS: Final = Text("läkartimmar i veckan", "physician-hours a week")
