"""The findings as tables: plain text for the screen, Markdown for the documents."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from benchmarks.stages import PARTS
from benchmarks.threads import PARTS as THREADED
from benchmarks.tours import EXACT, IMPROVED, INSERTED, VROOM
from sim.language.tables import aligned, markdown

GOALS, STAGES, PEERS = "Goals", "Parts of a run", "Peers on the mechanics that all can express"


class Table(NamedTuple):
    """A title, column heads, rows of cells, and a sentence below."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


class Target(NamedTuple):
    """What issue and design ask for: a ratio, and on which side of the bound it should be."""

    what: str
    bound: float
    at_least: bool
    value: float

    @property
    def reached(self) -> bool:
        """Whether the bound holds."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def number(value: float) -> str:
    """Three significant figures without powers of ten; "-" for what was not measured."""
    if not math.isfinite(value):
        return "-"
    if value == 0 or abs(value) >= 99.95:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def all_tables(found: dict[str, Any]) -> list[Table]:
    """Every table for which there are findings."""
    makers: dict[str, Callable[[Any], Table]] = {
        "stages": stage_table, "models": model_table, "peers": peer_table, "threads": thread_table,
        "sweden": sweden_table, "startup": startup_table, "memory": memory_table, "mmc": mmc_table,
        "tours": tour_table, "planning": year_table,
    }  # fmt: skip
    tables = [make(found[key]) for key, make in makers.items() if found.get(key)]
    wanted = targets(found)
    if wanted:
        tables.insert(0, target_table(wanted))
    return tables


def targets(found: dict[str, Any]) -> list[Target]:
    """The ratios that were set before the work, for which there are findings."""
    wanted: list[Target] = []
    for row in found.get("peers", []):
        if row["size"] != "Halland":
            continue
        over, loop = row["over compiled run"], row["over compiled loop"]
        wanted.append(Target("idiomatic SimPy / compiled run", 100, True, over["SimPy, idiomatic"]))
        fastest = min((who for who in over if who != "SimPy engine"), key=lambda who: row["ms"][who])
        wanted.append(Target(f"fastest peer ({fastest}) / compiled event loop", 5, True, loop[fastest]))
        taught = "cimba, process a visit"
        if taught in loop:
            wanted.append(Target(f"{taught} / compiled event loop", 5, True, loop[taught]))
    for row in found.get("stages", []):
        if row["size"] == "Halland":
            value = row["chain over loop and numbers"]
            wanted.append(Target("draw to measure / (event loop + random numbers)", 2, False, value))
    if found.get("threads"):
        for part in ("chain", "event loop"):
            value = found["threads"]["times faster"][f"{part} on 2 threads"]
            wanted.append(Target(f"one thread / two, {part}", 1.8, True, value))
    if found.get("sweden"):
        ratios = found["sweden"]["cost per request, Sweden over Halland"]
        wanted.append(Target("cost per request, Sweden / Halland, run", 1.5, False, ratios["compiled"]))
        wanted.append(Target("cost per request, Sweden / Halland, draw to measure", 1.5, False, ratios["chain"]))
    if found.get("startup"):
        value = found["startup"]["warm"]["beyond imports"]
        wanted.append(Target("seconds to the first result beyond imports, warm cache", 1, False, value))
    return wanted


def target_table(wanted: Sequence[Target]) -> Table:
    """Goals and figures."""
    rows = [
        (
            target.what,
            f"{'≥' if target.at_least else '≤'} {number(target.bound)}",
            number(target.value),
            "yes" if target.reached else "NO",
        )
        for target in wanted
    ]
    return Table(GOALS, ("ratio", "goal", "measured", "reached"), rows)


def stage_table(rows: list[dict[str, Any]]) -> Table:
    """Milliseconds a simulated year of each part."""
    heads = ("ms a simulated year", *(row["size"] for row in rows))
    shown = [
        (name, *(number(row["ms a year"].get(name, math.nan)) for row in rows))
        for name in (*PARTS, "random numbers", "compiled", "simpy")
    ]
    lines = [
        ("requests a year", *(number(float(row["requests a year"])) for row in rows)),
        ("physicians", *(number(float(row["physicians"])) for row in rows)),
        *shown[: len(PARTS)],
        ("draw to measure", *(number(row["chain ms a year"]) for row in rows)),
        ("as many raw random numbers (numpy)", *shown[len(PARTS)][1:]),
        ("draw to measure / (event loop + random numbers)",
         *(number(row["chain over loop and numbers"]) for row in rows)),
        ("compiled engine, tape to journal", *shown[len(PARTS) + 1][1:]),
        ("SimPy engine, tape to journal", *shown[len(PARTS) + 2][1:]),
        ("SimPy engine / compiled engine", *(number(row["simpy over compiled"]) for row in rows)),
    ]  # fmt: skip
    note = (
        "A team in every municipality and windows at the vårdcentraler, with take-over and planned work; "
        "journals of both engines equal in every bit in every round."
    )
    return Table(STAGES, heads, lines, note)


def model_table(rows: list[dict[str, Any]]) -> Table:
    """The four models at Halland's size."""
    heads = ("ms a simulated year", *(row["size"] for row in rows))
    lines = [(name, *(number(row["ms a year"][name]) for row in rows)) for name in ("prepare", "event loop", "measure")]
    lines.append(("draw to measure", *(number(row["chain ms a year"]) for row in rows)))
    lines.append(("SimPy engine / compiled engine", *(number(row["simpy over compiled"]) for row in rows)))
    return Table("The four models, Halland, default scenario", heads, lines)


def peer_table(rows: list[dict[str, Any]]) -> Table:
    """Microseconds a request of every program, and its ratio to the compiled engine."""
    names = list(dict.fromkeys(name for row in rows for name in row["ms"]))
    heads = ("µs a request (times the compiled run)", *(row["size"] for row in rows))
    lines: list[tuple[str, ...]] = [
        ("requests", *(number(float(row["requests"])) for row in rows)),
        ("physicians", *(str(row["physicians"]) for row in rows)),
        ("waited, gave up", *(f"{100 * row['waited']:.0f} %, {100 * row['gave up']:.1f} %" for row in rows)),
    ]
    for name in names:
        cells = []
        for row in rows:
            ratio = row["over compiled run"].get(name, math.nan)
            shown = number(row["us a request"].get(name, math.nan))
            cells.append(f"{shown} ({number(ratio)} x)" if math.isfinite(ratio) else shown)
        lines.append((name, *cells))
    lines.append(
        ("(idiomatic + pandas) / (run + measure)",
         *(number(row["with summary over run and measure"]) for row in rows))
    )  # fmt: skip
    checked = sum(row["equal journals"] for row in rows)
    note = (
        "One team always on duty at the municipalities' main towns, acute visits only: nearest free physician, turned "
        "round on the way home if that is shorter; queue by class, then order; patience; no take-over, planned work "
        f"or shifts. Same tape; {checked} journals compared, all equal in every bit."
    )
    return Table(PEERS, heads, lines, note)


def thread_table(found: dict[str, Any]) -> Table:
    """Threads over replications."""
    seconds, faster = found["s"], found["times faster"]
    lines = [
        (part, *(number(seconds[f"{part} {n}"]) for n in (1, 2)), number(faster[f"{part} on 2 threads"]))
        for part in THREADED
    ]
    return Table(
        f"Threads over {found['replications']} replications, {found['size']}",
        ("", "1 thread, s", "2 threads, s", "times faster"),
        lines,
        "chain: draw, run, measure. sines: arithmetic that touches nothing; what the machine gave to two threads.",
    )


def sweden_table(found: dict[str, Any]) -> Table:
    """Microseconds a request at both ends, part by part."""
    us, ratios = found["us a request"], found["cost per request, Sweden over Halland"]
    lines: list[tuple[str, ...]] = [
        (name, number(us["small"][name]), number(us["large"][name]), number(ratios[name]))
        for name in (*PARTS, "compiled")
    ]
    lines.append(
        ("draw to measure", *(number(sum(us[key][part] for part in PARTS)) for key in ("small", "large")),
         number(ratios["chain"]))
    )  # fmt: skip
    times = found["times Halland"]
    note = (
        f"A SYNTHETIC Sweden of copies of Halland's municipalities: {number(float(found['people']))} people, "
        f"{found['municipalities']} municipalities, {number(float(found['places']))} places, "
        f"{number(float(found['physicians']))} physicians in {number(float(found['teams']))} teams; "
        f"{number(times['places'])} times Halland's places, {number(times['requests'])} times its requests. "
        f"{found['weeks']} weeks after warm-up, {number(float(found['requests']['large']))} requests; "
        f"building its world takes {number(found['world s']['large'])} s; peak memory {number(found['peak MB'])} MB."
    )
    return Table(
        "Cost as the work grows, µs a request", ("", "Halland", "synthetic Sweden", "ratio"), lines, note
    )  # fmt: skip


def startup_table(found: dict[str, Any]) -> Table:
    """Seconds from the start of a process."""
    lines = [(name, number(found["cold"][name]), number(found["warm"][name])) for name in found["cold"]]
    return Table(
        "Start-up: seconds to one measured run of the hybrid model",
        ("", "empty cache of machine code", f"filled cache (median of {found['warm runs']})"),
        lines,
    )


def memory_table(rows: list[dict[str, Any]]) -> Table:
    """Peak memory by size."""
    lines = [tuple(number(row[key]) for row in rows) for key in ("imported MB", "world MB", "run MB")]
    names = ("after imports", "with the world and an organisation", "after one replication, draw to measure")
    heads = ("peak MB", *(row["size"] for row in rows))
    return Table("Memory", heads, [(name, *line) for name, line in zip(names, lines, strict=True)])


def mmc_table(found: dict[str, Any]) -> Table:
    """Every package on the same queue."""
    lines = [
        (name, number(float(found["customers"][name])), number(us), number(found["over compiled"][name]))
        for name, us in found["us a customer"].items()
    ]
    lines += [(name, "not installed", "-", "-") for name in found["skipped"]]
    note = f"{found['servers']} servers, load {found['load']}; all give the same mean wait on the same customers."
    return Table("Plain M/M/c", ("", "customers", "µs a customer", "times compiled"), lines, note)


def tour_table(rows: list[dict[str, Any]]) -> Table:
    """Gaps and times, a row for each area and number of stops."""
    names = [name for name in (INSERTED, IMPROVED, VROOM, EXACT) if name in rows[0]["us a tour"]]
    heads = ("stops", "shortest, min", *(f"{name}: gap (P95), %" for name in names if name != EXACT),
             *(f"{name}, µs" for name in names))  # fmt: skip
    lines = [
        (
            f"{row['stops']}, {row['area']}",
            number(row["mean minutes"]),
            *(
                f"{100 * row['mean gap'][name]:.2f} ({100 * row['P95 gap'][name]:.1f})"
                for name in names
                if name != EXACT
            ),
            *(number(row["us a tour"][name]) for name in names),
        )
        for row in rows
    ]
    tours_of = rows[0]["tours"]
    note = (
        f"{number(float(tours_of[IMPROVED]))} tours a row from a vårdcentral and back, stops by where people of 80 and "
        "more live. Gap: minutes above the shortest tour (Held-Karp), mean and 95th percentile. "
    )
    if VROOM in tours_of:
        note += f"VROOM on {tours_of[VROOM]} of them, through its Python interface, on one thread."
    else:
        note += "VROOM (pyvroom) is not installed."
    return Table("Planned tours", heads, lines, note)


def year_table(found: dict[str, Any]) -> Table:
    """A year of planning."""
    lines = [(name, number(float(value))) for name, value in found.items()]
    return Table("A year of planning for one team in the whole region", ("", ""), lines)


def as_text(table: Table) -> str:
    """For the screen: columns aligned."""
    lines = [table.title, aligned([table.heads, *table.rows])]
    return "\n".join([*lines, *([table.note] if table.note else []), ""])


def as_markdown(table: Table) -> str:
    """For README and docs."""
    grid = markdown(table.heads, table.rows, numbers=range(1, len(table.heads)))
    return "\n".join([f"**{table.title}**", "", grid, "", *([table.note, ""] if table.note else [])])


def summary(found: dict[str, Any]) -> str:
    """Three lines for the README: on what machine, which goals were reached, and which were not."""
    wanted = targets(found)
    said = {True: "Reached", False: "Not reached"}
    goals = [f"{said[kept]}: {_in_line([t for t in wanted if t.reached is kept])}" for kept in said]
    return "\n".join(f"- {line}" for line in (facts_line(found["machine"]), *goals)) + "\n"


def _in_line(wanted: Sequence[Target]) -> str:
    shown = (f"{t.what} {number(t.value)} ({'≥' if t.at_least else '≤'} {number(t.bound)})" for t in wanted)
    return "; ".join(shown) or "none"


def facts_line(facts: dict[str, str]) -> str:
    """One sentence on the machine."""
    machine = ("date", "processor", "cores", "load before", "system")
    packages = ", ".join(f"{name} {version}" for name, version in facts.items() if name not in machine)
    return (
        f"{facts['date']}, {facts['processor']}, {facts['cores']} cores, load {facts['load before']} before, "
        f"{facts['system']}; {packages}."
    )
