"""The default scenario beside published figures: `python -m verification reality`. See docs/reality.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.special import stdtrit

import models
import sim
from sim.language.tables import aligned, markdown
from sim.study.provenance import versions
from sim.study.stages import make_stages
from verification.printing import COUNTED
from verification.reality.patterns import BAND_NAMES, patterns, see
from verification.reality.published import NOT_COMPARABLE, PUBLISHED, Published
from verification.rows import Figure, Ratio, values_of

REPLICATIONS: Final = 5
SCENARIO: Final = Path(__file__).resolve().parents[2] / "scenarios" / "halland.yaml"
FALL: Final = "within 15, fall"


@dataclass(frozen=True)
class Simulated:
    """A figure of one model: mean over replications and the half-width of its 95 % interval (NaN with one
    replication)."""

    value: float
    half_width: float


@dataclass(frozen=True)
class Laid:
    """All simulated figures by model and key, with the titles of the models."""

    titles: dict[str, str]
    found: dict[str, dict[str, Simulated]]
    seed: int


def compare_with_published(replications: int = REPLICATIONS, scenario: sim.Scenario | None = None) -> Laid:
    """Run the default scenario under every model of the investigation."""
    asked = sim.load_scenario(SCENARIO) if scenario is None else scenario
    world = make_stages(asked, ()).world
    titles, found = {}, {}
    for name in models.FIRST:
        made = models.find(name)
        runs = [patterns(see(sim.simulate(asked, made, i), world), asked) for i in range(1, replications + 1)]
        titles[name] = made.title.en
        found[name] = {key: summed([run[key] for run in runs]) for key in runs[0]}
        near, far = found[name]["within 15, near"], found[name]["within 15, far"]
        found[name][FALL] = Simulated(near.value - far.value, float(np.hypot(near.half_width, far.half_width)))
    return Laid(titles, found, asked.study.seed)


def summed(figures: Sequence[Figure]) -> Simulated:
    """Mean and half-width; NaN where nothing was counted."""
    first = figures[0]
    if isinstance(first, Ratio) and sum(f.bottom for f in figures if isinstance(f, Ratio)) == 0:
        return Simulated(np.nan, np.nan)
    values = values_of(figures)
    n = len(values)
    half = float(stdtrit(n - 1, 0.975) * values.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan
    return Simulated(float(values.mean()), half)


# --- effect sizes ---------------------------------------------------------------------------------


def effect(published: Published, value: float) -> str:
    """How far from the published figure: percentage points for a share, a ratio else; and whether inside its range."""
    if np.isnan(value):
        return "nobody"
    size = f"{100 * (value - published.value):+.0f} pp" if published.share else f"× {value / published.value:.2f}"
    if published.low == published.high:
        return size
    place = "below" if value < published.low else "above" if value > published.high else "inside"
    return f"{size}, {place}"


def shown(value: float, unit: str) -> str:
    """A figure as it is read."""
    if np.isnan(value):
        return "–"
    if unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 1000 else f"{value:.3g}"


def published_words(published: Published) -> str:
    """The published figure with its range."""
    value = shown(published.value, published.unit)
    if published.low == published.high:
        return value
    return f"{value} ({shown(published.low, published.unit)} to {shown(published.high, published.unit)})"


# --- tables ---------------------------------------------------------------------------------------


def lines(laid: Laid) -> list[list[str]]:
    """One line a published figure: what, published, kind, then each model's figure and effect."""
    table = []
    for published in PUBLISHED:
        line = [f"{published.what} ({published.unit})", published_words(published), published.kind]
        for found in laid.found.values():
            got = found.get(published.key)
            if got is None:
                line.append("not simulated")
            else:
                line.append(f"{shown(got.value, published.unit)} ({effect(published, got.value)})")
        table.append(line)
    return table


def bands(laid: Laid) -> list[list[str]]:
    """Share of A1 out of hours reached within 15 minutes by band of distance."""
    dutch = {BAND_NAMES[0]: "86.5 %", BAND_NAMES[-1]: "16.7 %"}
    return [
        [name, dutch.get(name, "–"), *(shown(f[f"within 15, {name}"].value, "share") for f in laid.found.values())]
        for name in BAND_NAMES
    ]


def text_table(laid: Laid) -> str:
    """The table on the screen."""
    heads = ["pattern", "published", "kind", *laid.titles.values()]
    rows = lines(laid)
    return aligned([heads, *rows], numbers_from=len(heads))


def as_page(laid: Laid, replications: int) -> str:
    """All that goes between the marks of docs/reality.md."""
    have = versions()
    titles = list(laid.titles.values())
    notes = [[p.what, p.source, p.caution] for p in PUBLISHED]
    parts = [
        f"Default scenario, {replications} replications, seed {laid.seed}; "
        + ", ".join(f"{name} {have[name]}" for name in COUNTED if name in have) + ".",
        "### Beside each other",
        markdown(["pattern", "published", "kind", *titles], lines(laid)),
        "### By distance",
        "Share of A1 out of hours reached within 15 minutes of the order, by the kilometres of the drive. Published: "
        "by distance from the cooperative (Giesen et al. 2007).",
        markdown(["drive", "published", *titles], bands(laid)),
        "### Sources, and why the two are not quite the same",
        markdown(["pattern", "source", "caution"], notes),
        "### Not comparable",
        markdown(["published", "source", "because"], [list(row) for row in NOT_COMPARABLE]),
    ]  # fmt: skip
    return "\n\n".join(parts)
