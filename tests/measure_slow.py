"""The measures a second way: one request, one shift and one hour at a time, in plain Python from the definitions.

Shares no code with `sim.measures`. Requests and shifts are the dicts of `measure_factory`; the period is the second of
two weeks.
"""

from __future__ import annotations

import math
from typing import Any

from measure_factory import DAY, NAN, OUTCOMES, TARGETS, WEEK, window_of

from sim.codes import CLASSES, GROUPS, NATT, WINDOWS

Rows = list[dict[str, Any]]
NAMES = ("Norr", "Söder")
BEGIN, END = WEEK, 2 * WEEK


def known(row: dict[str, Any], key: str) -> bool:
    return not math.isnan(row.get(key, NAN))


def outcome(row: dict[str, Any]) -> int:
    return int(row.get("outcome", OUTCOMES["open"]))


def mean(values: list[float]) -> tuple[float, int]:
    return (math.fsum(values) / len(values) if values else NAN), len(values)


def share(part: float, whole: float) -> float:
    return part / whole if whole else NAN


def slow_cell(requests: Rows, klass: str, place: str, group: str, window: str) -> Rows:
    """The counted requests of one cell."""
    names = {"all": CLASSES, "acute": CLASSES[:3], "planned": CLASSES[5:]}.get(klass, (klass,))
    return [
        row
        for row in requests
        if row["t0"] >= BEGIN
        and CLASSES[row.get("klass", 0)] in names
        and place in ("all", NAMES[row.get("municipality", 0)])
        and group in ("all", GROUPS[row.get("group", 0)])
        and window in ("all", WINDOWS[window_of(min(int(row.get("t1", END) // 60), 335))])
    ]


def slow_request(name: str, rows: Rows) -> tuple[float, int]:
    """Value and n of a measure of requests, of the requests of a cell."""
    ends = {"response_min": ("t1", "t4"), "response_logged_min": ("t0", "t4"), "queue_min": ("t1", "t3"),
            "travel_min": ("t3", "t4")}  # fmt: skip
    if name in ends:
        start, stop = ends[name]
        return mean([row[stop] - row[start] for row in rows if known(row, "t4")])
    if name == "days_to_visit":
        return mean([(row["t4"] - row["t0"]) / DAY for row in rows if known(row, "t4")])
    if name == "requests":
        return 52.0 * len(rows), len(rows)
    if name == "visits":
        done = [row.get("visits", 1) for row in rows if outcome(row) == OUTCOMES["done"]]
        return 52.0 * sum(done), len(done)
    if name in ("escalated", "open"):
        return mean([float(outcome(row) == OUTCOMES[name]) for row in rows])
    if name == "open_age_days":
        return mean([(END - row["t0"]) / DAY for row in rows if outcome(row) == OUTCOMES["open"]])
    if name == "on_promised_day":
        due = [row for row in rows if 0 <= row.get("due_day", -1) < 14]
        return mean([float(known(row, "t4") and row["t4"] // DAY <= row["due_day"]) for row in due])
    ordered = [row for row in rows if is_ordered(row)]
    if name == "in_target":
        hits = []
        for row in ordered:
            target = TARGETS[row.get("klass", 0)]
            if known(row, "t4"):
                hits.append(float(row["t4"] - row["t1"] <= target))
            elif outcome(row) == OUTCOMES["escalated"] or END - row["t1"] >= target:
                hits.append(0.0)
        return mean(hits)
    assert name == "response_p90_min"
    waits = sorted(row["t4"] - row["t1"] if known(row, "t4") else math.inf for row in ordered)
    found = waits[math.ceil(len(waits) * 9 / 10) - 1] if waits else NAN
    return (NAN if found == math.inf else found), len(waits)


def is_ordered(row: dict[str, Any]) -> bool:
    return known(row, "t1") and outcome(row) not in (OUTCOMES["telephone"], OUTCOMES["cancelled"])


def slow_shift(name: str, requests: Rows, shifts: Rows, place: str) -> tuple[float, int]:
    """Value and n of a measure of shifts, of those with their base in a place."""
    numbers = [
        number
        for number, row in enumerate(shifts)
        if row["start"] >= BEGIN and place in ("all", NAMES[row.get("municipality", 0)])
    ]
    rows = [shifts[number] for number in numbers]

    def total(key: str) -> float:
        return math.fsum(row.get(key, 0) for row in rows)

    scheduled = math.fsum(row["end"] - row["start"] for row in rows)
    paid = math.fsum(home(row) - row["start"] for row in rows)
    busy, n = total("driving") + total("scene") + total("notes"), len(rows)
    visits, stops = int(total("visits")), int(total("stops"))
    if name == "visits_per_shift_p95":
        counts = sorted(row.get("visits", 0) for row in rows)
        return (counts[math.ceil(n * 95 / 100) - 1] if n else NAN), n
    if name == "nights_disturbed":
        night = [number for number in numbers if covers_night(shifts[number])]
        disturbed = [
            float(any(row.get("shift", -1) == number and known(row, "t3") and at_night(row["t3"]) for row in requests))
            for number in night
        ]
        return mean(disturbed)
    if name == "load_spread":
        loads = []
        for person in {row.get("physician", 0) for row in rows}:
            own = [row for row in rows if row.get("physician", 0) == person]
            work = math.fsum(row.get(key, 0) for row in own for key in ("driving", "scene", "notes"))
            loads.append(work / math.fsum(row["end"] - row["start"] for row in own))
        middle, people = mean(loads)
        return math.sqrt(mean([(load - middle) ** 2 for load in loads])[0]) if loads else NAN, people
    values = {
        "hours_per_week": (scheduled / 60, n),
        "visits_per_hour": (share(visits, scheduled / 60), n),
        "stops_per_hour": (share(stops, scheduled / 60), n),
        "utilisation": (share(busy, scheduled), n),
        "driving_share": (share(total("driving"), paid), n),
        "on_scene_share": (share(total("scene"), paid), n),
        "documenting_share": (share(total("notes"), paid), n),
        "idle_share": (share(paid - busy, paid), n),
        "travel_min_per_visit": (share(total("driving"), visits), visits),
        "km_per_visit": (share(total("km"), visits), visits),
        "km_per_stop": (share(total("km"), stops), stops),
        "overtime_h_per_week": (math.fsum(home(row) - row["end"] for row in rows) / 60, n),
        "visits_per_shift": (share(visits, n), n),
    }
    return values[name]


def home(row: dict[str, Any]) -> float:
    return float(max(row.get("home", 0.0), row["end"]))


def at_night(minute: float) -> bool:
    return window_of(int(minute // 60)) == NATT


def covers_night(row: dict[str, Any]) -> bool:
    return any(window_of(hour) == NATT for hour in range(int(row["start"] // 60), math.ceil(row["end"] / 60)))


def slow_county(name: str, requests: Rows, people: tuple[float, ...]) -> tuple[float, int]:
    """Value and n of a measure of equity."""
    source = "in_target" if name == "gap_in_target" else "response_min"
    found = [slow_request(source, slow_cell(requests, "acute", place, "all", "all"))[0] for place in NAMES]
    pairs = [(value, weight) for value, weight in zip(found, people, strict=True) if not math.isnan(value)]
    if not pairs:
        return NAN, 0
    if name.startswith("gap"):
        return max(value for value, _ in pairs) - min(value for value, _ in pairs), len(pairs)
    everybody = sum(weight for _, weight in pairs)
    middle = sum(value * weight for value, weight in pairs) / everybody
    between = sum(abs(a - b) * v * w for a, v in pairs for b, w in pairs) / everybody**2
    return between / (2 * middle), len(pairs)


def slow_curve(requests: Rows, place: str, klass: str, minutes: int) -> tuple[float, float]:
    """Shares arrived and escalated by `minutes` after the order, of those that could be followed for 480 minutes."""
    rows = [row for row in slow_cell(requests, klass, place, "all", "all") if is_ordered(row)]
    followed = [row for row in rows if END - row["t1"] >= 480]
    arrived = [known(row, "t4") and row["t4"] - row["t1"] <= minutes for row in followed]
    escalated = [known(row, "te") and row["te"] - row["t1"] <= minutes for row in followed]
    return share(sum(arrived), len(followed)), share(sum(escalated), len(followed))


def slow_hours(requests: Rows, shifts: Rows) -> dict[str, list[float]]:
    """Mean number of physicians by state in each of the 168 hours of the week that is counted."""
    intervals: dict[str, list[tuple[float, float, float]]] = {
        key: [] for key in ("on_shift", "driving", "on_scene", "documenting")
    }
    for number, shift in enumerate(shifts):
        intervals["on_shift"].append((shift["start"], home(shift), 1.0))
        stops = [row for row in requests if row.get("shift", -1) == number and known(row, "t3")]
        stops.sort(key=lambda row: row["t3"])
        times = [[row["t3"]] + [row[k] if known(row, k) else END for k in ("t4", "t5", "t6")] for row in stops]
        for start, arrived, left, documented in times:
            intervals["driving"].append((start, arrived, 1.0))
            intervals["on_scene"].append((arrived, left, 1.0))
            intervals["documenting"].append((left, documented, 1.0))
        leaves = [t[0] for t in times[1:]] + [home(shift)]
        gaps = [(t[3], max(leave, t[3])) for t, leave in zip(times, leaves, strict=False)]
        outward = math.fsum(max((row["t4"] if known(row, "t4") else home(shift)) - row["t3"], 0.0) for row in stops)
        free = math.fsum(stop - start for start, stop in gaps)
        rate = min(max(share(shift.get("driving", 0) - outward, free), 0.0), 1.0) if free else 0.0
        intervals["driving"] += [(start, stop, rate) for start, stop in gaps]
    return {
        key: [
            math.fsum(w * max(0.0, min(b, edge + 60) - max(a, edge)) for a, b, w in listed) / 60
            for edge in (BEGIN + 60.0 * hour for hour in range(168))
        ]
        for key, listed in intervals.items()
    }
