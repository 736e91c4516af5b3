"""An organisation in words: its pools with posts and hours, its routes, how a physician is chosen, borders."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.codes import CLASSES, GROUPS, WINDOWS
from sim.documents.facts import Facts
from sim.engine.bases import base_nodes
from sim.engine.tables import Tables
from sim.language.numbers import number, plain
from sim.language.tables import markdown
from sim.organisation import (
    ALWAYS,
    Area,
    Base,
    Between,
    Choice,
    Days,
    EachFacility,
    EachMunicipality,
    EachVardcentral,
    Filled,
    HomeVisitWindows,
    Hub,
    Pool,
    Post,
    Principal,
    Sharing,
    Shift,
    Staffing,
)
from sim.text import Text

WEEKDAYS: Final = (
    Text("måndagar", "Mondays"),
    Text("tisdagar", "Tuesdays"),
    Text("onsdagar", "Wednesdays"),
    Text("torsdagar", "Thursdays"),
    Text("fredagar", "Fridays"),
    Text("lördagar", "Saturdays"),
    Text("söndagar", "Sundays"),
)
AREAS: Final = {
    Area.EVERYBODY: Text("alla", "everybody"),
    Area.MUNICIPALITY: Text("basens kommun", "the base's municipality"),
    Area.NEAREST_BASE: Text("kommunerna närmast basen", "the municipalities nearest to the base"),
    Area.LISTED: Text("egna listade", "own listed patients"),
}
BETWEEN: Final = {
    Between.STAND_BY: Text("åker till bas, kan vändas på vägen", "drives to base, can be turned round on the way"),
    Between.STAY: Text("väntar där sista besöket slutade", "waits where the last visit ended"),
    Between.RETURN_FIRST: Text("nås inte förrän åter vid bas", "cannot be reached until back at base"),
    Between.BLOCKS: Text("kontorsarbete i block vid bas", "office work in blocks at base"),
}
CHOICES: Final = {
    Choice.NEAREST: Text("närmaste lediga läkare (väntad restid)", "the nearest free physician (expected travel)"),
    Choice.CONTINUITY: Text(
        "fast läkarkontakt, sedan egen vårdcentral, sedan närmast",
        "the named physician, then one of the own vårdcentral, then the nearest",
    ),
    Choice.FEWEST_HOURS: Text("den som arbetat minst under passet", "who has worked least this shift"),
}
SHARINGS: Final = {
    Sharing.SILO: Text("silo: inom egna gränser", "silo: within own borders"),
    Sharing.AGREEMENT: Text(
        "avtal: de två närmaste hjälper efter ett dröjsmål", "agreement: the two nearest help after a delay"
    ),
    Sharing.NETWORK: Text("nätverk: inga gränser inom poolen", "network: no borders inside a pool"),
}
FACILITIES: Final = {
    "vardcentral": Text("vårdcentral", "vårdcentral"),
    "hospital": Text("sjukhus", "hospital"),
    "pkt": Text("palliativ bas", "palliative base"),
    "sabo": Text("SÄBO", "care home (SÄBO)"),
    "korttid": Text("korttidsenhet", "short-term unit"),
    "lss": Text("LSS-boende", "LSS home"),
}
PRINCIPALS: Final = {
    Principal.REGION: Text("Regionen", "the region"),
    Principal.CONTRACTOR: Text("entreprenör", "contractor"),
}


def in_words(tables: Tables, facts: Facts, lang: str) -> str:
    """One organisation: description, pools, routes, choice, sharing."""
    organisation = tables.organisation
    chosen = facts.scenario.organisation.sharing
    sharing = Sharing(chosen) if chosen else organisation.sharing
    delay = (
        f" ({plain(facts.scenario.organisation.agreement_delay_min, lang)} min)" if sharing is Sharing.AGREEMENT else ""
    )
    hours = _WEEKLY.get(lang).format(hours=number(tables.hours_per_week, lang, 1), people=tables.n_physicians)
    return "\n\n".join(
        (
            f"#### {organisation.title.get(lang)} (`{organisation.name}`)",
            f"{organisation.description.get(lang)} {hours}",
            pool_table(tables, facts, lang),
            route_table(tables, lang),
            f"{_CHOICE.get(lang)}: {CHOICES[organisation.choice].get(lang)}. "
            f"{_BORDERS.get(lang)}: {SHARINGS[sharing].get(lang)}{delay}.",
        )
    )


def pool_table(tables: Tables, facts: Facts, lang: str) -> str:
    """A row a pool: who pays, posts, whose patients, hours a week, people, and what differs from the usual."""
    rows = []
    for p, pool in enumerate(tables.organisation.pools):
        people = len(np.unique(tables.roster.physician[tables.roster.pool == p]))
        posts = "; ".join(post_in_words(staffing, facts, lang) for staffing in pool.staffing)
        rows.append(
            (
                pool.title.get(lang),
                PRINCIPALS[pool.principal].get(lang),
                posts,
                AREAS[pool.area].get(lang),
                number(tables.pool_hours_per_week[p], lang, 1),
                str(people),
                special(pool, lang),
            )
        )
    return markdown(_POOL_HEAD[lang], rows, numbers=(4, 5))


def special(pool: Pool, lang: str) -> str:
    """What the pool does between visits, and its own numbers where they differ from the scenario's."""
    words = [BETWEEN[pool.between].get(lang)]
    for text, value in (
        (_OVERTIME, pool.overtime_min),
        (_BREAK, pool.break_min),
        (_PLANNED, None if pool.planned_share is None else 100 * pool.planned_share),
        (_RESERVE, pool.reserve or None),
        (_REST, pool.rest_h or None),
        (_BLOCK, pool.block_min if pool.between is Between.BLOCKS else None),
        (_COST, pool.cost_per_hour),
    ):
        if value is not None:
            words.append(text.get(lang).format(plain(value, lang)))
    if pool.displaces_clinic:
        words.append(_CLINIC.get(lang))
    return "; ".join(words)


def post_in_words(staffing: Staffing, facts: Facts, lang: str) -> str:
    """How many, where and when."""
    match staffing:
        case Post(base, shifts, lines, stand_by):
            when = _ALWAYS.get(lang) if isinstance(shifts, str) else ", ".join(shift_in_words(s, lang) for s in shifts)
            assert not isinstance(shifts, str) or shifts == ALWAYS
            waits = "" if stand_by is None else f" ({_WAITS.get(lang)} {base_in_words(stand_by, facts, lang)})"
            return f"{lines} × {base_in_words(base, facts, lang)}{waits}: {when}"
        case Filled(bases, shift):
            where = ", ".join(base_in_words(base, facts, lang) for base in bases)
            return f"{_FILLED.get(lang)} {where}: {shift_in_words(shift, lang)}"
        case HomeVisitWindows(start, usual):
            return _WINDOWS.get(lang).format(start=start, hours=plain(usual / 60, lang))


def base_in_words(base: Base, facts: Facts, lang: str) -> str:
    """Where: the name, or the rule and the places it gives."""
    match base:
        case Hub(number, of):
            ((node, _),) = base_nodes(facts.world, base, "")
            town = facts.world.municipalities[facts.world.node_municipality[node]].name
            return _HUB.get(lang).format(town=town, number=number + 1, of=of)
        case EachMunicipality():
            return _EACH_MUNICIPALITY.get(lang)
        case EachVardcentral():
            return _EACH_VARDCENTRAL.get(lang)
        case EachFacility(kind):
            number = len(base_nodes(facts.world, base, ""))
            return _EACH_FACILITY.get(lang).format(kind=FACILITIES[kind].get(lang), number=number)
        case str():
            return base


def shift_in_words(shift: Shift, lang: str) -> str:
    """Days and hours."""
    return f"{days_in_words(shift.days, lang)} {shift.start}–{shift.end}"


def days_in_words(days: Days, lang: str) -> str:
    """Office days, days off, every day, or some weekdays of those."""
    kind = {True: _OFFICE_DAYS, False: _DAYS_OFF, None: _EVERY_DAY}[days.office].get(lang)
    if days.weekdays == tuple(range(7)):
        return kind
    chosen = ", ".join(WEEKDAYS[day].get(lang) for day in days.weekdays)
    return chosen if days.office is None else f"{chosen} ({kind})"


def route_table(tables: Tables, lang: str) -> str:
    """A row a route, in order; the first that matches a request is its own."""
    titles = dict(zip(tables.pool_names, (title.get(lang) for title in tables.pool_titles), strict=True))
    rows = []
    for i, route in enumerate(tables.organisation.routes):
        hand_over = float(tables.route_hand_over_min[i])
        first = min(step.after_min for step in route.to)
        asked = [
            f"{titles[step.pool]} {_after(step.after_min, hand_over if step.after_min > first else 0.0, lang)}"
            for step in route.to
        ]
        rows.append(
            (
                str(i + 1),
                _some(route.groups, GROUPS, lang),
                _some(route.classes, CLASSES, lang),
                _some(route.windows, WINDOWS, lang),
                _ALL.get(lang) if route.municipalities is None else ", ".join(route.municipalities),
                "; ".join(asked),
                f"{plain(route.triage_min, lang)} min" if route.triage_min else "–",
            )
        )
    return markdown(_ROUTE_HEAD[lang], rows)


def _some(words: tuple[str, ...], every: tuple[str, ...], lang: str) -> str:
    return _ALL.get(lang) if set(words) == set(every) else ", ".join(words)


def _after(minutes: float, hand_over: float, lang: str) -> str:
    if minutes == 0:
        return _AT_ONCE.get(lang)
    days, rest = divmod(minutes, 1440)
    when = f"{plain(days, lang)} {_DAYS.get(lang)}" if rest == 0 else f"{plain(minutes, lang)} min"
    return _AFTER.get(lang).format(when=when) + (f" + {plain(hand_over, lang)} min" if hand_over else "")


_WEEKLY = Text("{hours} läkartimmar i veckan, {people} läkare.", "{hours} physician-hours a week, {people} physicians.")
_CHOICE = Text("Vem som åker", "Who goes")
_BORDERS = Text("Gränser", "Borders")
_POOL_HEAD = {
    "sv": ("pool", "betalas av", "bemanning", "ser", "h i veckan", "läkare", "mellan besök, och eget"),
    "en": ("pool", "paid by", "posts", "sees", "h a week", "physicians", "between visits, and its own"),
}
_ROUTE_HEAD = {
    "sv": ("väg", "grupper", "klasser", "tidsfönster", "kommuner", "tillfrågas", "extra bedömning"),
    "en": ("route", "groups", "classes", "windows", "municipalities", "asked", "extra triage"),
}
_OVERTIME = Text("högst {} min övertid", "at most {} min of overtime")
_BREAK = Text("rast {} min", "breaks of {} min")
_PLANNED = Text("högst {} % planerat", "at most {}% planned")
_RESERVE = Text("{} lediga sparas för A1", "{} free kept for A1")
_REST = Text("{} h betald vila efter passet", "{} h of paid rest after a shift")
_BLOCK = Text("block om {} min", "blocks of {} min")
_COST = Text("{} kr per timme", "SEK {} an hour")
_CLINIC = Text("timmarna tas från mottagningen", "hours are taken from clinic sessions")
_ALWAYS = Text("alltid", "always")
_WAITS = Text("väntar i", "waits at")
_FILLED = Text("det som är kvar av timmarna, fördelat på", "the hours that are left, spread over")
_WINDOWS = Text(
    "hembesökstider vid varje vårdcentral: det som är kvar av timmarna efter väntat planerat arbete; från {start}, "
    "vanligen {hours} h",
    "windows at every vårdcentral: the hours that are left by expected planned work; from {start}, usually {hours} h",
)
_HUB = Text("{town} (bas {number} av {of})", "{town} (hub {number} of {of})")
_EACH_MUNICIPALITY = Text("varje kommuns huvudort", "the main town of each municipality")
_EACH_VARDCENTRAL = Text("varje vårdcentral", "each vårdcentral")
_EACH_FACILITY = Text("varje {kind} ({number})", "each {kind} ({number})")
_OFFICE_DAYS = Text("vardagar", "office days")
_DAYS_OFF = Text("helger och helgdagar", "weekends and holidays")
_EVERY_DAY = Text("alla dagar", "every day")
_ALL = Text("alla", "all")
_AT_ONCE = Text("genast", "at once")
_AFTER = Text("efter {when}", "after {when}")
_DAYS = Text("dygn", "days")
