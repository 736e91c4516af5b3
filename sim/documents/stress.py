"""A model described by the items of STRESS-DES (Monks et al. 2019, Journal of Simulation 13(1):55-67).

The sentences stand in `stress.sv.md` and `stress.en.md`; every number, model, route, stream and checksum in them is
filled in here from what is run.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import Any, Final, NamedTuple

from sim.codes import CLASS_TITLES, CLASSES, GROUP_TITLES, GROUPS, UNPLANNED
from sim.documents.facts import Facts
from sim.documents.organisations import in_words
from sim.engine.state import MAX_STOPS
from sim.language.numbers import between, number, plain, with_sign
from sim.language.tables import markdown
from sim.language.titles import DIRECTIONS, KINDS, QUALITIES
from sim.language.units import unit
from sim.measures import HEADLINES, MEASURES, definition
from sim.scenario import changed_fields
from sim.scenario.assumed import field_inputs, share_of_estimates
from sim.scenario.fields import Leaf, leaves, value_of
from sim.scenario.resources import STAY_POLICIES
from sim.scenario.schema import Scenario
from sim.scenario.spoken import spoken
from sim.text import Text
from sim.world.assumed import region_inputs, table_qualities
from sim.world.streams import Purpose

SHIPPED_REGION: Final = "halland"  # the one whose tables the program's own tools make


class Section(NamedTuple):
    """One item: its number in the paper, its heading, and its Markdown."""

    number: str
    title: str
    text: str


def describe(facts: Facts, lang: str) -> str:
    """The whole description in Markdown; `lang` is sv or en."""
    values = {**plain_values(facts, lang), **tables_of(facts, lang)}
    return Template(prose(lang)).substitute(values)


def sections(description: str) -> list[Section]:
    """The items of a description; one that only has parts (2.5) is not among them."""
    parts = re.split(r"^#+ (\d\.\d(?:\.\d)?) (.+)$", description, flags=re.M)[1:]
    found = [
        Section(number, title, re.split(r"^## \d", text, flags=re.M)[0].strip())
        for number, title, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]
    return [item for item in found if item.text]


def is_description(text: str) -> bool:
    """Whether a text is such a description, in either language."""
    return text.partition("\n")[0] in {prose(lang).partition("\n")[0] for lang in ("sv", "en")}


def prose(lang: str) -> str:
    """The sentences, with names in place of what is filled in."""
    return (Path(__file__).parent / f"stress.{lang}.md").read_text(encoding="utf-8")


# --- what stands in the sentences -------------------------------------------------------------------


def plain_values(facts: Facts, lang: str) -> dict[str, str]:
    """The words and numbers inside sentences, by name."""
    scenario = facts.scenario
    fields, region = field_inputs(scenario), region_inputs(scenario)
    own, its, together = (share_of_estimates(some) for some in (fields, region, [*fields, *region]))
    said = {leaf.key: spoken(leaf, value_of(scenario, leaf.key), lang) for leaf in leaves(Scenario)}
    demand = {tables.organisation.acute_demand for tables in facts.tables}
    return {
        "municipalities": ", ".join(place.name for place in facts.world.municipalities),
        "question": scenario.question.get(lang) or "–",
        "models": ", ".join(f"**{tables.organisation.title.get(lang)}**" for tables in facts.tables),
        "needs": (_SAME_NEEDS if len(demand) == 1 else _OTHER_NEEDS).get(lang),
        "reference": reference_title(facts, lang),
        "measures": str(len(MEASURES)),
        "threshold": plain(scenario.organisation.threshold, lang),
        "single": said["organisation.single_visit_share"],
        "policy": stay_policy(facts, lang),
        "overtime": said["staffing.overtime_max_min"],
        "named": said["staffing.named_weight_min"],
        "share": said["staffing.planned_share"],
        "absence": said["staffing.absence_share"],
        "closed": said["organisation.closed_bases"] or _NO_BASES.get(lang),
        "wave": wave(facts, lang),
        "pause": said["staffing.break_min"],
        "hours": said["staffing.hours_per_week"],
        "stops": str(MAX_STOPS),
        "travel": facts.world.travel_note.get(lang),
        "cv": said["travel.cv"],
        "weather": said["travel.weather_factor"],
        "call": mean_and_cv(facts, "demand.telephone.call", lang),
        "conveyance": said["demand.conveyance_min"],
        "region": scenario.region,
        "preparation": (_SHIPPED if scenario.region == SHIPPED_REGION else _OWN_TABLES).get(lang),
        "start": scenario.calendar.start.isoformat(),
        "warm": str(scenario.calendar.warm_up_weeks),
        "usual_warm": str(type(scenario.calendar).model_fields["warm_up_weeks"].default),
        "window": _DAYS.get(lang).format(days=scenario.classes.P.window_days),
        "weeks": str(scenario.calendar.weeks),
        "replications": said["study.replications"],
        "seed": said["study.seed"],
        "confidence": said["study.confidence"],
        "streams": str(len(Purpose)),
        "field_estimates": str(own.estimates),
        "field_total": str(own.total),
        "region_estimates": str(its.estimates),
        "region_total": str(its.total),
        "all_estimates": str(together.estimates),
        "all_total": str(together.total),
        "percent": str(round(100 * together.share)),
    }


def reference_title(facts: Facts, lang: str) -> str:
    """The title of the model that the others are compared with: the scenario's, or the first where it is left out."""
    titles = {tables.organisation.name: tables.organisation.title.get(lang) for tables in facts.tables}
    return titles.get(facts.scenario.study.reference, next(iter(titles.values())))


def stay_policy(facts: Facts, lang: str) -> str:
    """What the municipalities do about guests."""
    rules = facts.scenario.organisation
    words = [f"{STAY_POLICIES[rules.temporary_stay].get(lang)}"]
    for policy, names in (("acute only", rules.acute_only_in), ("refer", rules.referred_in)):
        if names:
            words.append(f"{', '.join(names)}: {STAY_POLICIES[policy].get(lang)}")
    return "; ".join(words)


def wave(facts: Facts, lang: str) -> str:
    """When there are more acute requests than usual, and how many more."""
    demand = facts.scenario.demand
    if demand.wave_weeks == 0 or demand.wave_factor == 1.0:
        return _NO_WAVE.get(lang)
    last = demand.wave_first_week + demand.wave_weeks - 1
    return _WAVE.get(lang).format(factor=plain(demand.wave_factor, lang), first=demand.wave_first_week, last=last)


def mean_and_cv(facts: Facts, key: str, lang: str) -> str:
    """`12 min (0.5)` of the fields `key`_mean_min and `key`_cv."""
    mean, cv = value_of(facts.scenario, key + "_mean_min"), value_of(facts.scenario, key + "_cv")
    return f"{plain(mean, lang)} min ({plain(cv, lang)})"


# --- tables -----------------------------------------------------------------------------------------


def tables_of(facts: Facts, lang: str) -> dict[str, str]:
    """The blocks that stand by themselves, by name."""
    return {
        "output_table": output_table(facts, lang),
        "differences": differences(facts, lang),
        "models_in_words": "\n\n".join(in_words(tables, facts, lang) for tables in facts.tables),
        "group_table": group_table(facts, lang),
        "class_table": class_table(facts, lang),
        "resource_table": resource_table(facts, lang),
        "source_table": source_table(facts, lang),
        "parameter_table": parameter_table(facts, lang),
        "setting_table": setting_table(facts, lang),
        "own_table": own_table(facts, lang),
        "stream_list": ", ".join(f"`{purpose.value}`" for purpose in Purpose) + ".",
        "versions": versions(facts, lang),
        "system": _KEPT_SYSTEM.get(lang) if facts.running is None else f"{facts.running.versions['platform']}.",
    }


def output_table(facts: Facts, lang: str) -> str:
    """The headline measures."""
    rows = []
    for name, klass in HEADLINES:
        item = definition(name)
        practical = "–"
        if item.practical:
            (leaf,) = (leaf for leaf in leaves(Scenario) if leaf.key == f"comparison.practical.{item.practical}")
            practical = spoken(leaf, value_of(facts.scenario, leaf.key), lang)
        title = f"{item.title.get(lang)} (`{name}`, {klass})"
        rows.append(
            (
                title,
                unit(item.unit).many.get(lang),
                item.formula.get(lang),
                DIRECTIONS[item.better].get(lang),
                practical,
            )
        )
    return markdown(_OUTPUT_HEAD[lang], rows)


def differences(facts: Facts, lang: str) -> str:
    """What the scenario changes in the default one."""
    changed = changed_fields(facts.scenario, facts.base)
    if not changed:
        return _SAME.get(lang)
    by_key = {leaf.key: leaf for leaf in leaves(Scenario)}
    own = {f"models.{item.model}.{item.key}": item for item in facts.settings}
    rows = []
    for key, old, new in changed:
        if key in by_key:
            title, before, after = (by_key[key].title, *(spoken(by_key[key], value, lang) for value in (old, new)))
        elif key in own:
            title, before, after = own[key].title, own[key].said_default.get(lang), own[key].said.get(lang)
        else:  # of a variant's title or of a model that takes no part
            title, before, after = Text("", ""), _AS_DECLARED.get(lang), str(new)
        rows.append((f"`{key}` {title.get(lang)}".rstrip(), before, after))
    return f"{_DIFFERS.get(lang)}\n\n{markdown(_DIFFERENCE_HEAD[lang], rows)}"


def group_table(facts: Facts, lang: str) -> str:
    """Each group of patients with its own numbers."""
    rows = []
    for group in GROUPS:
        mine = [leaf for leaf in leaves(Scenario) if leaf.key.startswith(f"demand.{group}.")]
        said = [f"{words_of(leaf, lang)} {bare(leaf, value_of(facts.scenario, leaf.key), lang)}" for leaf in mine]
        rows.append((group, GROUP_TITLES[group].get(lang), "; ".join(said)))
    return markdown(_GROUP_HEAD[lang], rows)


def class_table(facts: Facts, lang: str) -> str:
    """Each class of request: target, what it takes, what happens if nobody comes."""
    rows = []
    for name in CLASSES:
        key = f"classes.{name}"
        part: Any = value_of(facts.scenario, key)
        unplanned = name in UNPLANNED
        rows.append(
            (
                name,
                CLASS_TITLES[name].get(lang),
                target(name, part, lang),
                mean_and_cv(facts, f"{key}.triage", lang) if unplanned else "–",
                mean_and_cv(facts, f"{key}.on_scene", lang) + (f" {_EACH.get(lang)}" if name == "R" else ""),
                mean_and_cv(facts, f"{key}.documentation", lang) + (f" {_EACH.get(lang)}" if name == "R" else ""),
                f"{percent(part.telephone_share_day, lang)} / {percent(part.telephone_share_jourtid, lang)}"
                if unplanned
                else "–",
                percent(part.conveyed_share, lang) if unplanned else "–",
                otherwise(name, part, lang),
            )
        )
    return markdown(_CLASS_HEAD[lang], rows)


def target(name: str, part: Any, lang: str) -> str:
    """Within what time a visit of a class is promised."""
    if name == "R":
        return _ROUND_DAY.get(lang)
    if name == "P":
        return _WITHIN.get(lang).format(days=part.window_days)
    return f"{plain(part.target_min, lang)} min"


def otherwise(name: str, part: Any, lang: str) -> str:
    """What happens to a request of a class that nobody comes to."""
    if name not in _PATIENCE:
        extra = ""
        if name == "P":
            extra = "; " + _NO_SHOW.get(lang).format(
                share=percent(part.no_show_share, lang), minutes=f"{plain(part.no_show_min, lang)} min"
            )
        return _WAITS.get(lang) + extra
    values = {}
    for field, value in part.patience:
        unit = " min" if field.endswith("_min") else ""
        values[field] = percent(value, lang) if field.endswith("_share") else plain(value, lang) + unit
    return _PATIENCE[name].get(lang).format_map(values)


def percent(value: float, lang: str) -> str:
    return with_sign(plain(100 * value, lang), lang)


def resource_table(facts: Facts, lang: str) -> str:
    """Hours, people, pools and teams of each model."""
    rows = [
        (
            tables.organisation.title.get(lang),
            number(tables.hours_per_week, lang, 1),
            str(tables.n_physicians),
            str(len(tables.pool_names)),
            str(tables.n_teams),
        )
        for tables in facts.tables
    ]
    return markdown(_RESOURCE_HEAD[lang], rows, numbers=(1, 2, 3, 4))


def source_table(facts: Facts, lang: str) -> str:
    """Every input table with its checksum; rows by quality where each row has one."""
    counted = {item.file: item for item in table_qualities(facts.scenario)}
    rows = []
    for file, checksum in facts.world.checksums:
        item = counted.get(file)
        numbers = ["–"] * 4
        if item is not None:
            numbers = [str(n) for n in (item.rows, item.measured, item.published, item.estimate)]
        rows.append((f"`{file}`", f"`{checksum}`", *numbers))
    return markdown(_SOURCE_HEAD[lang], rows, numbers=(2, 3, 4, 5))


def parameter_table(facts: Facts, lang: str) -> str:
    """Every number of the scenario that has a range."""
    changed = {key for key, _, _ in changed_fields(facts.scenario, facts.base)}
    rows = []
    for leaf in leaves(Scenario):
        extra = leaf.extra
        if "quality" in extra:
            value = plain(float(value_of(facts.scenario, leaf.key)), lang)
            rows.append(
                (
                    f"`{leaf.key}`",
                    leaf.title.get(lang),
                    KINDS[extra["kind"]].get(lang),
                    f"**{value}**" if leaf.key in changed else value,
                    between(plain(extra["low"], lang), plain(extra["high"], lang), lang),
                    unit(str(extra["unit"])).many.get(lang),
                    QUALITIES[extra["quality"]].get(lang),
                    str(extra["source"]),
                )
            )
    return markdown(_PARAMETER_HEAD[lang], rows, numbers=(3, 4))


def setting_table(facts: Facts, lang: str) -> str:
    """The user's own choices, titles and question aside."""
    changed = {key for key, _, _ in changed_fields(facts.scenario, facts.base)}
    rows = []
    for leaf in leaves(Scenario):
        if "quality" not in leaf.extra and not leaf.key.startswith(("title.", "question.")):
            value = spoken(leaf, value_of(facts.scenario, leaf.key), lang) or "–"
            value = f"**{value}**" if leaf.key in changed else value
            rows.append((f"`{leaf.key}`", leaf.title.get(lang), value))
    return markdown(_SETTING_HEAD[lang], rows)


def own_table(facts: Facts, lang: str) -> str:
    """Every setting of every model."""
    if not facts.settings:
        return "–"
    rows = []
    for item in facts.settings:
        value = item.said.get(lang)
        known = "–"
        if item.quality is not None and item.low is not None and item.high is not None:
            range_of = f"{plain(item.low, lang)}–{plain(item.high, lang)}"
            known = f"{QUALITIES[item.quality].get(lang)}, {range_of}: {item.source}"
        rows.append(
            (
                f"`{item.model}`",
                f"`{item.key}`",
                item.title.get(lang),
                f"**{value}**" if item.changed else value,
                known,
            )
        )
    return markdown(_OWN_HEAD[lang], rows)


def versions(facts: Facts, lang: str) -> str:
    """The versions at hand, or where those of a run are found."""
    if facts.running is None:
        return _KEPT_VERSIONS.get(lang)
    found = [f"hembesok {facts.running.program}", *(f"{name} {word}" for name, word in facts.running.versions.items())]
    if facts.running.git is not None:
        changed = f" ({_CHANGED.get(lang)})" if facts.running.git["dirty"] else ""
        found.append(f"git {facts.running.git['commit']}{changed}")
    return "\n".join([_HERE.get(lang), "", *(f"* {line}" for line in found)])


def bare(leaf: Leaf, value: float, lang: str) -> str:
    """A value without the unit that its title names already."""
    return percent(value, lang) if leaf.extra["unit"] == "share" else plain(value, lang)


def words_of(leaf: Leaf, lang: str) -> str:
    """The title of a field without the label of its group."""
    return leaf.title.get(lang).removeprefix(leaf.label + " ")


# --- words of the tables ----------------------------------------------------------------------------

_OUTPUT_HEAD: Final = {
    "sv": ("mått", "enhet", "beräkning", "bättre", "praktisk skillnad"),
    "en": ("measure", "unit", "formula", "better", "practical difference"),
}
_DIFFERENCE_HEAD: Final = {"sv": ("fält", "standard", "här"), "en": ("field", "default", "here")}
_GROUP_HEAD: Final = {"sv": ("grupp", "vilka", "takter och andelar"), "en": ("group", "who", "rates and shares")}
_CLASS_HEAD: Final = {
    "sv": ("klass", "vad", "mål", "bedömning", "på plats", "dokumentation", "telefon", "transport", "om ingen kommer"),
    "en": (
        "class",
        "what",
        "target",
        "triage",
        "on scene",
        "documentation",
        "telephone",
        "conveyed",
        "if nobody comes",
    ),
}
_RESOURCE_HEAD: Final = {
    "sv": ("modell", "läkartimmar i veckan", "läkare", "pooler", "team"),
    "en": ("model", "physician-hours a week", "physicians", "pools", "teams"),
}
_SOURCE_HEAD: Final = {
    "sv": ("tabell", "SHA-256", "rader", "uppmätt", "publicerat", "uppskattat"),
    "en": ("table", "SHA-256", "rows", "measured", "published", "estimate"),
}
_PARAMETER_HEAD: Final = {
    "sv": ("fält", "vad", "art", "värde", "intervall", "enhet", "kvalitet", "källa"),
    "en": ("field", "what", "kind", "value", "range", "unit", "quality", "source"),
}
_SETTING_HEAD: Final = {"sv": ("fält", "vad", "värde"), "en": ("field", "what", "value")}
_OWN_HEAD: Final = {
    "sv": ("modell", "inställning", "vad", "värde", "om den säger något om i dag"),
    "en": ("model", "setting", "what", "value", "where it says how things are today"),
}
_AS_DECLARED: Final = Text("som angivet i modellen", "as declared")
_PATIENCE: Final = {
    "A1": Text("ambulans efter {deadline_min}", "ambulance after {deadline_min}"),
    "A2": Text(
        "akutmottagning efter {ed_from_min} + Weibull (skala {ed_scale_min}, form {ed_shape})",
        "emergency department after {ed_from_min} + Weibull (scale {ed_scale_min}, shape {ed_shape})",
    ),
    "A3": Text(
        "{ed_share} till akutmottagning efter {ed_from_min} + Weibull (skala {ed_scale_min}, form {ed_shape}); övriga "
        "väntar",
        "{ed_share} to the emergency department after {ed_from_min} + Weibull (scale {ed_scale_min}, shape "
        "{ed_shape}); others wait",
    ),
    "PAL": Text(
        "{ward_share} till palliativ avdelning efter {ward_from_min} + Weibull (skala {ward_scale_min}, form "
        "{ward_shape}); övriga väntar",
        "{ward_share} to a palliative ward after {ward_from_min} + Weibull (scale {ward_scale_min}, shape "
        "{ward_shape}); others wait",
    ),
}
_WAITS: Final = Text("väntar", "waits")
_ROUND_DAY: Final = Text("sin veckodag", "its weekday")
_WITHIN: Final = Text("inom {days} dagar", "within {days} days")
_EACH: Final = Text("per boende", "per resident")
_NO_SHOW: Final = Text("ingen hemma {share}: {minutes}", "nobody at home {share}: {minutes}")
_DAYS: Final = Text("{days} dagar", "{days} days")
_SAME: Final = Text(
    "Scenariot är standardscenariot: ingen skillnad.", "The scenario is the default one: no difference."
)
_DIFFERS: Final = Text("Skiljer sig från standardscenariot:", "Differs from the default scenario:")
_SHIPPED: Final = Text(
    "Tabellerna gjordes av `tools/build_halland.py` (orter av tätorter och landsbygdspunkter; hemmen är påhittade "
    "efter kommunernas antal); reglerna står i `docs/data.md`.",
    "The tables were made by `tools/build_halland.py` (places from localities and rural points; homes are invented "
    "from municipal totals); the rules stand in `docs/data.md`.",
)
_OWN_TABLES: Final = Text(
    "Tabellerna är regionens egna; formen står i `docs/data.md`.",
    "The tables are the region's own; their form stands in `docs/data.md`.",
)
_NO_BASES: Final = Text("inga", "none")
_NO_WAVE: Final = Text("ingen våg", "no wave")
_WAVE: Final = Text("× {factor} vecka {first}–{last}", "× {factor} in weeks {first}–{last}")
_KEPT_VERSIONS: Final = Text(
    "Versionerna för en körning är de som står i dess manifest (`manifest.json`).",
    "The versions of a run are those of its manifest (`manifest.json`).",
)
_KEPT_SYSTEM: Final = Text(
    "Systemet för en körning står i dess manifest.", "The system of a run is named in its manifest."
)
_HERE: Final = Text("Här och nu:", "Here and now:")
_CHANGED: Final = Text("med ändringar", "with changes")
_SAME_NEEDS: Final = Text(
    "samma patienter, med samma behov vid samma minuter", "the same patients, with the same needs at the same minutes"
)
_OTHER_NEEDS: Final = Text(
    "patienter ur samma dragning, med akuta behov som enligt antagande beror på organisationen",
    "patients of the same draw, with acute needs that by assumption depend on the organisation",
)
