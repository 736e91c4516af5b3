"""One scenario of a study, ready to draw: estimates over replications, paired differences, names in one language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np
import pandas as pd

from sim.comparison.findings import NOT_COMPARED, TITLES, Verdict
from sim.comparison.pairing import threshold
from sim.comparison.standing import needs_differ
from sim.language.numbers import percent
from sim.measures.definitions import definition
from sim.report import words
from sim.report.style import ModelStyle, model_styles
from sim.scenario.assumed import EstimateShare, Input, share_of_estimates
from sim.statistics import t_quantile
from sim.text import Text
from sim.world.assumed import all_inputs

if TYPE_CHECKING:
    from sim.decide.robust import WideFinding
    from sim.scenario import Scenario
    from sim.study.results import Results

NAN: Final = math.nan
Curves = Mapping[tuple[str, str, str], pd.DataFrame]  # by municipality, class and model


class Estimate(NamedTuple):
    """A mean over replications with its confidence limits (NaN where unknown).

    `n` counts the replications with a value, `missing` those without and `unbounded` those whose value is infinite:
    with one such the mean is infinite, and has no limits.
    """

    mean: float = NAN
    lower: float = NAN
    upper: float = NAN
    n: int = 0
    missing: int = 0
    unbounded: int = 0

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return math.isfinite(self.mean)

    @property
    def exists(self) -> bool:
        """Whether there is a number, or it is known that none is large enough."""
        return not math.isnan(self.mean)

    @property
    def has_interval(self) -> bool:
        return math.isfinite(self.lower) and math.isfinite(self.upper)

    def scaled(self, factor: float) -> Estimate:
        return self._replace(mean=self.mean * factor, lower=self.lower * factor, upper=self.upper * factor)


class Difference(NamedTuple):
    """A paired difference to the reference, as in comparison.csv."""

    difference: float
    lower: float
    upper: float
    n: int
    verdict: Verdict
    low5: float = NAN
    high95: float = NAN

    @property
    def word(self) -> Text:
        """The verdict in a word; another where there is no difference to judge."""
        judged = math.isfinite(self.difference) or self.verdict.is_difference
        return TITLES[self.verdict] if judged else NOT_COMPARED


@dataclass(frozen=True)
class View:
    """What the figures and the page read. `scenario_name` is a key of `results.scenarios`; `lang` is sv or en."""

    results: Results
    scenario_name: str
    lang: str

    @cached_property
    def scenario(self) -> Scenario:
        return self.results.scenarios[self.scenario_name]

    @cached_property
    def reference(self) -> str:
        """The model that the others are compared with: as asked, else the first one."""
        wanted = self.scenario.study.reference
        return wanted if wanted in self.results.models else next(iter(self.results.models), "")

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Model names with the reference first."""
        names = tuple(self.results.models)
        return tuple(sorted(names, key=lambda name: name != self.reference))

    @cached_property
    def others(self) -> tuple[str, ...]:
        return tuple(name for name in self.models if name != self.reference)

    @cached_property
    def styles(self) -> dict[str, ModelStyle]:
        return model_styles(tuple(self.results.models))

    def for_figures(self) -> View:
        """The same view with no more than figures read, to be sent to another process."""
        world = self.results.world
        nothing = np.zeros((0, 0))
        lean = replace(
            self.results,
            measures=self._totals,
            worlds={},
            information=None,
            at_best=None,
            world=replace(world, travel_min=nothing, travel_km=nothing, listing=nothing),
        )
        return replace(self, results=lean)

    def title(self, model: str) -> str:
        return self.results.models[model].title.get(self.lang)

    @property
    def same_needs(self) -> bool:
        """Whether all models meet the same requests; not where needs are assumed to depend on the organisation."""
        return not needs_differ(self.results.standings.get(self.scenario_name, {}))

    def say(self, key: str, **values: object) -> str:
        """The words of `key` in this view's language, with `values` filled in."""
        return words.say(key, self.lang, **values)

    # --- where and how many ------------------------------------------------------------------------

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """Municipalities as named in the tables, from north to south."""
        world = self.results.world
        seen = set(self.measures["municipality"].unique()) - {"all"}
        order = []
        for i, municipality in enumerate(world.municipalities):
            inside = world.node_municipality == i
            latitude = float(np.mean(world.node_lat[inside])) if inside.any() else NAN
            order.append((-latitude, municipality.name, municipality.code))
        order.sort(key=lambda row: (math.isnan(row[0]), row[0]))
        known = [name if name in seen else code for _, name, code in order if {name, code} & seen]
        return (*known, *sorted(seen - set(known)))

    def place(self, municipality: str) -> str:
        """The name of a municipality, whether the tables hold its name or its code."""
        return self._names.get(municipality, municipality)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {m.code: m.name for m in self.results.world.municipalities}

    @cached_property
    def measures(self) -> pd.DataFrame:
        return self._of_steady(self.results.measures)

    def _of_steady(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of this scenario, but none of a model that does not keep up: its levels say how long the run was."""
        known = self.results.standings.get(self.scenario_name, {})
        left_out = [model for model, standing in known.items() if not standing.steady]
        return table[(table["scenario"] == self.scenario_name) & ~table["model"].isin(left_out)]

    @cached_property
    def curves(self) -> pd.DataFrame:
        return self._of_steady(self.results.curves)

    @cached_property
    def mean_curves(self) -> Curves:
        """Mean curves over replications by municipality, class and model; each indexed by minutes, without gaps."""
        keys = ["municipality", "class", "model", "minutes"]
        mean = self.curves.groupby(keys, sort=True)[["arrived", "escalated"]].mean().dropna().reset_index("minutes")
        curves: dict[tuple[str, str, str], pd.DataFrame] = {}
        for key, part in mean.groupby(level=[0, 1, 2], sort=False):
            municipality, class_, model = cast(tuple[str, str, str], key)
            curves[municipality, class_, model] = part.set_index("minutes")
        return curves

    @cached_property
    def hours(self) -> pd.DataFrame:
        return self._of_steady(self.results.hours)

    @cached_property
    def replications(self) -> int:
        return int(self.measures["replication"].nunique())

    # --- numbers -----------------------------------------------------------------------------------

    @cached_property
    def _totals(self) -> pd.DataFrame:
        """Measures of all patients at all times of the week."""
        table = self.measures
        return table[(table["window"] == "all") & (table["group"] == "all")]

    @cached_property
    def _estimates(self) -> Mapping[tuple[str, str, str, str], Estimate]:
        table = self._totals
        keys = ["measure", "class", "municipality", "model"]
        values = table["value"].astype(float)
        endless = np.isinf(values)
        parts = pd.DataFrame({"value": values, "finite": values.where(~endless), "endless": endless})
        grouped = parts.groupby([table[key] for key in keys], sort=False, observed=True)
        rows = pd.DataFrame(
            {
                "mean": grouped["value"].mean(),
                "sd": grouped["finite"].std(),
                "n": grouped["value"].count(),
                "size": grouped.size(),
                "inf": grouped["endless"].sum(),
            }
        )
        confidence = self.scenario.study.confidence
        estimates = {}
        for key, mean, sd, n, size, unbounded in rows.itertuples(name=None):
            half = NAN
            if n > 1 and not unbounded:
                half = float(t_quantile(1.0 - confidence, n - 1)) * float(sd) / math.sqrt(n)
            most = 1.0 if definition(key[0], self.results.own).unit == "share" else math.inf
            lower, upper = max(0.0, mean - half), mean + half
            if mean <= most:  # a load with overtime may be more than all of the rostered time
                upper = min(most, upper)
            estimates[key] = Estimate(float(mean), float(lower), float(upper), int(n), int(size - n), int(unbounded))
        return estimates

    def estimate(self, measure: str, model: str, class_: str = "all", municipality: str = "all") -> Estimate:
        """Mean over replications; an `Estimate` of NaN where there is no such cell."""
        return self._estimates.get((measure, class_, municipality, model), Estimate())

    @cached_property
    def _differences(self) -> Mapping[tuple[str, str, str, str], Difference]:
        table = self.results.comparison
        table = table[table["scenario"] == self.scenario_name]
        rows = {}
        for row in table.to_dict("records"):
            key = (str(row["measure"]), str(row["class"]), str(row["municipality"]), str(row["model"]))
            rows[key] = Difference(
                float(row["difference"]),
                float(row["lower"]),
                float(row["upper"]),
                int(row["n"]),
                Verdict(row["verdict"]),
                float(row.get("low5", NAN)),
                float(row.get("high95", NAN)),
            )
        return rows

    def difference(self, measure: str, model: str, class_: str = "all", municipality: str = "all") -> Difference | None:
        """The paired difference to the reference, or None where it was not compared."""
        return self._differences.get((measure, class_, municipality, model))

    def wide(self, measure: str, model: str, class_: str = "all") -> WideFinding | None:
        """What plausible worlds say of a headline measure, or None where none were run."""
        return self._wide.get((measure, class_, model))

    @cached_property
    def _wide(self) -> Mapping[tuple[str, str, str], WideFinding]:
        mine = [item for item in self.results.wide if item.scenario == self.scenario_name]
        return {(item.measure, item.class_, item.model): item for item in mine}

    def better(self, measure: str) -> str:
        """lower | higher | none."""
        return definition(measure, self.results.own).better

    def practical(self, measure: str) -> float:
        """The difference that matters in practice, in the unit of the table; 0 if none is set."""
        return threshold(self.scenario, measure, self.results.own)

    def count_of(self, share: str, model: str) -> float:
        """How many of the year's needs a share is, mean over replications; NaN where there is no such share."""
        table = self._region
        mine = table[(table["model"] == model) & table["measure"].isin([share, "requests"])]
        wide = mine.pivot(index="replication", columns="measure", values="value")
        return float((wide[share] * wide["requests"]).mean()) if {share, "requests"} <= set(wide.columns) else NAN

    @cached_property
    def _region(self) -> pd.DataFrame:
        table = self.measures
        every = (table["group"] == "all") & (table["window"] == "all") & (table["municipality"] == "all")
        return table[every & (table["class"] == "all")]

    def of_group(self, measure: str, model: str, class_: str, group: str) -> float:
        """Mean over replications of a measure among the patients of a group, whole region; NaN where there is none."""
        return self._of_groups.get((measure, class_, group, model), NAN)

    @cached_property
    def _of_groups(self) -> Mapping[tuple[str, str, str, str], float]:
        table = self.measures
        table = table[(table["group"] != "all") & (table["window"] == "all") & (table["municipality"] == "all")]
        means = table.groupby(["measure", "class", "group", "model"], sort=False)["value"].mean()
        found = means.reset_index().itertuples(index=False, name=None)
        return {(measure, class_, group, model): value for measure, class_, group, model, value in found}

    # --- provenance --------------------------------------------------------------------------------

    @cached_property
    def version(self) -> str:
        return str(self.results.manifest.get("hembesok", "–"))

    @cached_property
    def inputs(self) -> list[Input]:
        """The register of all inputs, the same that the command assumptions lists."""
        return all_inputs(self.scenario)

    @cached_property
    def estimated(self) -> EstimateShare:
        """How many of the numbers of the world are estimates."""
        return share_of_estimates(self.inputs)

    @cached_property
    def level(self) -> str:
        """The confidence level of the intervals in words, such as "95 %"."""
        confidence = self.scenario.study.confidence
        return percent(confidence, self.lang, 0 if round(confidence * 100, 6) % 1 == 0 else 1)

    @cached_property
    def footer(self) -> tuple[str, str]:
        """The line under every figure: where it comes from, and what the input data are."""
        name = self.results.name
        if len(self.results.scenarios) > 1:
            name = f"{name} / {self.scenario_name}"
        key = "footer_one" if self.replications == 1 else "footer"
        left = self.say(key, study=name, version=self.version, seed=self.scenario.study.seed, n=self.replications)
        return left, self.say("illustrative") if self.illustrative else ""

    @cached_property
    def illustrative(self) -> bool:
        """Whether any assumption is an estimate: then every figure and page must say so."""
        return self.estimated.estimates > 0
