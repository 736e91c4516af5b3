"""What `validate` says of hours and work before a run: rows for JSON, tables and sentences for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.codes import WINDOW_TITLES, WINDOWS
from sim.language.numbers import MISSING, number, percent
from sim.language.tables import aligned
from sim.language.titles import WHOLE_REGION
from sim.text import Text

if TYPE_CHECKING:
    from sim.engine import Tables
    from sim.study.load import OfferedLoad, PoolLoad
    from sim.world.world import World

Row = dict[str, Any]
LEAST = 0.005  # physicians: what would be written as 0.00 is left out


# --- rows -----------------------------------------------------------------------------------------


def load_rows(load: OfferedLoad, world: World) -> list[Row]:
    """Requests a year and busy physicians, a row for each municipality and window."""
    return [
        {
            "municipality": place.name,
            "window": window,
            "requests_per_year": float(load.requests[m, w]),
            "busy_physicians": float(load.busy[m, w]),
        }
        for m, place in enumerate(world.municipalities)
        for w, window in enumerate(WINDOWS)
    ]


def model_row(tables: Tables, lang: str) -> Row:
    """A model's hours a week, and those left for the pool that takes the rest (null: none does)."""
    filling = tables.filling_pool
    return {
        "model": tables.organisation.name,
        "title": tables.organisation.title.get(lang),
        "hours_per_week": tables.hours_per_week,
        "left_hours_per_week": tables.left_hours_per_week if filling >= 0 else None,
        "filling_pool": tables.pool_names[filling] if filling >= 0 else None,
    }


def pool_rows(tables: Tables, load: PoolLoad, lang: str) -> list[Row]:
    """A row for each pool and window: rostered hours a week, physicians on duty on average, and what the requests that
    are put to the pool first come to."""
    return [
        {
            "model": tables.organisation.name,
            "pool": name,
            "title": tables.pool_titles[p].get(lang),
            "window": window,
            "hours_per_week": float(load.hours_per_week[p, w]),
            "rest_hours_per_week": float(load.rest_hours_per_week[p]),
            "on_duty": float(load.on_duty[p, w]),
            "requests_per_year": float(load.requests[p, :, w].sum()),
            "busy_physicians": float(load.busy[p, :, w].sum()),
            "utilisation": float(load.utilisation[p, w]),
        }
        for p, name in enumerate(tables.pool_names)
        for w, window in enumerate(WINDOWS)
    ]


def pool_municipality_rows(tables: Tables, load: PoolLoad, world: World) -> list[Row]:
    """The same requests by municipality, where there are any."""
    return [
        {
            "model": tables.organisation.name,
            "pool": name,
            "municipality": place.name,
            "window": window,
            "requests_per_year": float(load.requests[p, m, w]),
            "busy_physicians": float(load.busy[p, m, w]),
        }
        for p, name in enumerate(tables.pool_names)
        for m, place in enumerate(world.municipalities)
        for w, window in enumerate(WINDOWS)
        if load.requests[p, m, w] > 0
    ]


# --- tables ---------------------------------------------------------------------------------------


def region_table(rows: Sequence[Row], lang: str) -> str:
    """Requests a year and busy physicians by municipality and window."""
    places = list(dict.fromkeys(row["municipality"] for row in rows))
    parts = [(place, [row for row in rows if row["municipality"] == place]) for place in places]
    lines = [["", *window_heads(lang)]]
    for title, mine in (*parts, (WHOLE_REGION.get(lang), list(rows))):
        cells = []
        for window in WINDOWS:
            requests, busy = (
                sum(row[key] for row in mine if row["window"] == window)
                for key in ("requests_per_year", "busy_physicians")
            )
            cells.append(f"{number(requests, lang)} / {number(busy, lang, 2)}")
        lines.append([title, *cells])
    return f"{_LOAD.get(lang)}\n{aligned(lines)}"


def hours_table(models: Sequence[Row], pools: Sequence[Row], lang: str) -> str:
    """Hours a week of every pool by window, its paid rest, and all together."""

    def cells(windows: Mapping[str, Row]) -> list[str]:
        parts = [row["hours_per_week"] for row in windows.values()]
        rest = next(iter(windows.values()))["rest_hours_per_week"]
        return [number(hours, lang, 1) if hours else MISSING for hours in (*parts, rest, sum(parts) + rest)]

    head = ["", *window_heads(lang), _REST.get(lang), _SUM.get(lang)]
    return f"{_HOURS.get(lang)}\n{aligned([head, *by_pool(models, pools, cells)])}"


def duty_table(models: Sequence[Row], pools: Sequence[Row], lang: str) -> str:
    """Busy physicians and those on duty of every pool by window."""

    def cell(row: Row) -> str:
        if row["busy_physicians"] < LEAST and row["on_duty"] < LEAST:
            return MISSING
        return f"{number(row['busy_physicians'], lang, 2)} / {number(row['on_duty'], lang, 2)}"

    lines = by_pool(models, pools, lambda windows: [cell(row) for row in windows.values()])
    return f"{_DUTY.get(lang)}\n{aligned([['', *window_heads(lang)], *lines])}"


def tightest_table(scenarios: Mapping[str, tuple[Sequence[Row], Sequence[Row], Sequence[Row]]], lang: str) -> str:
    """A line for each scenario, of its load, models and pools: requests a year, physicians kept busy in the daytime,
    and for each model the utilisation of the pool and window that have least to spare."""
    titles = {row["model"]: row["title"] for _, models, _ in scenarios.values() for row in models}
    lines = [["", _REQUESTS.get(lang), _BUSY.get(lang), *titles.values()]]
    for name, (load, _, pools) in scenarios.items():
        staffed = [row for row in pools if row["on_duty"] >= LEAST]
        busy = [max((row["utilisation"] for row in staffed if row["model"] == model), default=None) for model in titles]
        requests = sum(row["requests_per_year"] for row in load)
        by_day = sum(row["busy_physicians"] for row in load if row["window"] == WINDOWS[0])
        shares = [MISSING if share is None else percent(share, lang) for share in busy]
        lines.append([name, number(requests, lang), number(by_day, lang, 2), *shares])
    return f"{_TIGHTEST.get(lang)}\n{aligned(lines)}"


def by_pool(
    models: Sequence[Row], pools: Sequence[Row], cells: Callable[[Mapping[str, Row]], list[str]]
) -> Iterator[list[str]]:
    """A line for each model with its title, and below it one for each pool with the cells that its rows, by window,
    come to."""
    for model in models:
        yield [model["title"]]
        mine = [row for row in pools if row["model"] == model["model"]]
        for pool in dict.fromkeys(row["pool"] for row in mine):
            windows = {row["window"]: row for row in mine if row["pool"] == pool}
            yield ["  " + next(iter(windows.values()))["title"], *cells(windows)]


def window_heads(lang: str) -> list[str]:
    """The windows in a word each; their hours are in the titles."""
    return [WINDOW_TITLES[window].get(lang).split(" (")[0] for window in WINDOWS]


# --- sentences ------------------------------------------------------------------------------------


def left_sentences(models: Sequence[Row], pools: Sequence[Row], asked: float, lang: str) -> list[str]:
    """Of each model what its fixed posts leave of the hours, and who takes it."""
    titles = {(row["model"], row["pool"]): row["title"] for row in pools}
    said = []
    for model in models:
        text = _NONE_LEFT if model["filling_pool"] is None else _LEFT
        said.append(
            text.get(lang).format(
                model=model["title"],
                asked=number(asked, lang),
                has=number(model["hours_per_week"], lang),
                left=number(model["left_hours_per_week"], lang),
                pool=titles.get((model["model"], model["filling_pool"]), ""),
            )
        )
    return said


def overload_sentences(models: Sequence[Row], pools: Sequence[Row], lang: str) -> list[str]:
    """Where the requests put to a pool first would keep more physicians busy than are on duty."""
    titles = {model["model"]: model["title"] for model in models}
    return [
        _OVER.get(lang).format(
            model=titles[row["model"]],
            pool=row["title"],
            window=WINDOW_TITLES[row["window"]].get(lang),
            busy=number(row["busy_physicians"], lang, 2),
            on_duty=number(row["on_duty"], lang, 2),
        )
        for row in pools
        if row["busy_physicians"] > max(row["on_duty"], LEAST)
    ]


_REST = Text("vila", "rest")
_SUM = Text("summa", "sum")
_LOAD = Text(
    "Ärenden per år / så många läkare de i snitt sysselsätter under fönstrets timmar (besök, dokumentation och\n"
    "lokal resa; planerade besök och ronder räknas på dagen; en dragning):",
    "Requests a year / physicians they keep busy on average during the window's hours (visit, documentation and\n"
    "local travel; planned visits and rounds count in the daytime; one draw):",
)
_HOURS = Text(
    "Läkartimmar i veckan efter pool och fönster, och den betalda vilan efter pass:",
    "Physician-hours a week by pool and window, and the paid rest after shifts:",
)
_DUTY = Text(
    "Läkare som ärendena sysselsätter hos den pool som frågas först / läkare i tjänst, i snitt under fönstrets timmar:",
    "Physicians kept busy by what a pool is asked about first / physicians on duty, on average in the window's hours:",
)
_REQUESTS = Text("ärenden per år", "requests a year")
_BUSY = Text("läkare på dagen", "physicians by day")
_TIGHTEST = Text(
    "Ärenden per år, läkare som de i snitt sysselsätter på dagen, och hur stor del av läkarna i tjänst som har arbete\n"
    "i den pool och det fönster av varje modell som har minst ledigt; en dragning. Alla pooler, kommuner och fönster\n"
    "visas för ett scenario i taget, eller med --json.",
    "Requests a year, physicians they keep busy on average in the daytime, and which part of the physicians on duty\n"
    "is busy in that pool and window of each model that has least to spare; one draw. All pools, municipalities and\n"
    "windows are shown for one scenario at a time, or with --json.",
)
_LEFT = Text(
    "{model}: av {asked} timmar i veckan blir {left} över när övriga pass är bemannade; de går till {pool}.",
    "{model}: of {asked} hours a week {left} are left when all other posts are staffed; they go to {pool}.",
)
_NONE_LEFT = Text(
    "{model}: passen tar {has} timmar i veckan ({asked} begärda); inga pass tar det som blir över.",
    "{model}: the posts take {has} hours a week ({asked} asked for); none take what is left.",
)
_OVER = Text(
    "{model}: {pool} får arbete för {busy} läkare på {window} och har {on_duty} i tjänst; resten väntar, eller tas av "
    "nästa pool.",
    "{model}: {pool} is asked for the work of {busy} physicians in the {window} and has {on_duty} on duty; the rest "
    "waits, or is for the next pool.",
)
