"""The measures a second way: one request, one shift and one hour at a time, in plain Python from the definitions.

Every measure of the program has its twin here; `slow_value` leads to it by the split of its definition.
Shares no code with `sim.measures`. Requests and shifts are the dicts of `measure_factory`; the period is the second of
two weeks.
"""

from __future__ import annotations

import math
from typing import Any

from measure_factory import DAY, HOUR_COSTS, NAMED, NAN, OUTCOMES, REST_H, SCENARIO, TARGETS, WEEK, window_of

from sim.codes import CLASSES, GROUPS, WINDOWS

Rows = list[dict[str, Any]]
NAMES = ("Norr", "Söder")
BEGIN, END = WEEK, 2 * WEEK
COSTS = SCENARIO.costs
ENDINGS = {"telephone", "cancelled", "referred", "escalated"}
WHERE = ("vardcentral", "ed", "telephone")  # of the referred
# Of requests, but by another function than `slow_request`.
FAMILIAR = ("by_named", "by_own_vardcentral")
CONSEQUENCES = (
    "transports", "ed_visits", "ward_days", "nurse_h_per_year",
    "cost_transports", "cost_ed", "cost_ward", "cost_vardcentral", "cost_municipalities",
)  # fmt: skip


def known(row: dict[str, Any], key: str) -> bool:
    """Whether it happened; the t4 and t5 of a telephone call are not those of a visit."""
    if key in ("t4", "t5") and row.get("telephone", 0):
        return False
    return not math.isnan(row.get(key, NAN))


def outcome(row: dict[str, Any]) -> int:
    return int(row.get("outcome", OUTCOMES["open"]))


def mean(values: list[float]) -> tuple[float, int]:
    return (math.fsum(values) / len(values) if values else NAN), len(values)


def share(part: float, whole: float) -> float:
    return part / whole if whole else NAN


def slow_value(requests: Rows, shifts: Rows, name: str, split: str, *where: str) -> tuple[float, int]:
    """Value and n of any measure in the cell of `where`: class, municipality, group, window."""
    try:
        return slow_twin(requests, shifts, name, split, *where)
    except KeyError as missing:
        if missing.args != (name,):
            raise
        raise AssertionError(f"{name} has no slow twin: write how it is computed plainly in {__file__}") from None


def slow_twin(
    requests: Rows, shifts: Rows, name: str, split: str, klass: str, place: str, group: str, window: str
) -> tuple[float, int]:
    if split == "request":
        return slow_of_cell(name, slow_cell(requests, klass, place, group, window), shifts)
    if split == "patient":
        return slow_continuity(name, requests, shifts, place, group)
    if split == "shift":
        return slow_shift(name, requests, shifts, place)
    if name == "long_weeks":
        return slow_long_weeks(shifts)
    if name.startswith("cost"):
        return slow_cost(name, requests, shifts)
    return slow_county(name, requests, (3000.0, 1000.0))


def slow_of_cell(name: str, cell: Rows, shifts: Rows) -> tuple[float, int]:
    """Value and n of a measure of requests, of those in a cell."""
    if name in FAMILIAR:
        return slow_familiar(name, cell, shifts)
    return (slow_consequence if name in CONSEQUENCES else slow_request)(name, cell)


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
    if name == "stops":
        done = [row for row in rows if outcome(row) == OUTCOMES["done"]]
        return 52.0 * len(done), len(done)
    if name in ENDINGS | {"open"}:
        return mean([float(outcome(row) == OUTCOMES[name]) for row in rows])
    if name.removesuffix("_per_year") in ENDINGS:
        return 52.0 * sum(outcome(row) == OUTCOMES[name.removesuffix("_per_year")] for row in rows), len(rows)
    if name.startswith("referred_to_"):
        refused = [row for row in rows if outcome(row) == OUTCOMES["referred"]]
        there = WHERE.index(name.removeprefix("referred_to_"))
        return 52.0 * sum(row["referred_to"] == there for row in refused), len(refused)
    if name in ("conveyed", "conveyed_per_year"):
        taken = [float(row.get("conveyed", 0)) for row in rows if outcome(row) == OUTCOMES["done"]]
        return mean(taken) if name == "conveyed" else (52.0 * sum(taken), len(taken))
    if name == "not_reached_per_year":
        away = (OUTCOMES["telephone"], OUTCOMES["referred"])
        return 52.0 * sum(row.get("broken", 0) for row in rows if outcome(row) not in away), len(rows)
    if name == "open_age_days":
        return mean([(END - row["t0"]) / DAY for row in rows if outcome(row) == OUTCOMES["open"]])
    if name in ("on_promised_day", "broken_promises"):
        due = [row for row in rows if 0 <= row.get("due_day", -1) < 14 and is_promised(row)]
        kept = [float(is_kept(row)) for row in due]
        return mean(kept) if name == "on_promised_day" else (52.0 * (len(kept) - sum(kept)), len(kept))
    ordered = [row for row in rows if is_ordered(row)]
    if name == "waiting_h_per_year":
        return 52.0 * math.fsum(waited(row) for row in ordered) / 60, len(ordered)
    if name == "in_target":
        hits = []
        for row in ordered:
            target = TARGETS[row.get("klass", 0)]
            if known(row, "t4"):
                hits.append(float(row["t4"] - row["t1"] <= target))
            elif outcome(row) == OUTCOMES["escalated"] or END - row["t1"] >= target:
                hits.append(0.0)
        return mean(hits)
    assert name == "response_p90_min", name
    waits = sorted(row["t4"] - row["t1"] if known(row, "t4") else math.inf for row in ordered)
    return (waits[math.ceil(len(waits) * 9 / 10) - 1] if waits else NAN), len(waits)


def is_ordered(row: dict[str, Any]) -> bool:
    """An unplanned visit that was ordered."""
    away = {OUTCOMES[name] for name in ("telephone", "cancelled", "referred")}
    if row.get("telephone", 0) and outcome(row) == OUTCOMES["open"]:
        return False
    return row.get("klass", 0) < 5 and known(row, "t1") and outcome(row) not in away


def is_kept(row: dict[str, Any]) -> bool:
    return known(row, "t4") and bool(row["t4"] // DAY <= row["due_day"])


def is_promised(row: dict[str, Any]) -> bool:
    if row.get("klass", 0) < 5 or outcome(row) in (OUTCOMES["telephone"], OUTCOMES["referred"]):
        return False
    return is_kept(row) or row.get("leaves", math.inf) // DAY > row["due_day"]


def waited(row: dict[str, Any]) -> float:
    return float(min(row[key] if known(row, key) else END for key in ("t4", "te"))) - float(row["t1"])


def slow_consequence(name: str, rows: Rows) -> tuple[float, int]:
    """Value and n of what follows for others than the physicians, from the requests of a cell."""
    amount = 0.0
    for row in rows:
        klass, gone = CLASSES[row.get("klass", 0)], outcome(row) == OUTCOMES["escalated"]
        taken = outcome(row) == OUTCOMES["done"] and row.get("conveyed", 0) == 1
        sent = row.get("referred_to", -1) if outcome(row) == OUTCOMES["referred"] else -1
        if name in ("transports", "cost_transports"):
            amount += (gone and klass == "A1") + taken
        elif name in ("ed_visits", "cost_ed"):
            amount += (gone and klass in ("A1", "A2", "A3")) + (sent == 1)
        elif name in ("ward_days", "cost_ward"):
            amount += (gone and klass == "PAL") * COSTS.ward_days_per_stay
        elif name == "cost_vardcentral":
            amount += sent == 0
        elif GROUPS[row.get("group", 0)] in ("G1", "G2", "G3", "G4", "G5"):
            assert name in ("nurse_h_per_year", "cost_municipalities"), name
            if known(row, "t4"):
                there = (row["t5"] if known(row, "t5") else END) - row["t4"]
                amount += there / 60 * COSTS.nurse_present_share
            if is_ordered(row) and klass in ("A1", "PAL"):
                amount += waited(row) / 60 * COSTS.nurse_waiting_share
    price = {
        "cost_transports": COSTS.ambulance_transport, "cost_ed": COSTS.ed_visit, "cost_ward": COSTS.inpatient_day,
        "cost_vardcentral": COSTS.vardcentral_visit, "cost_municipalities": COSTS.nurse_hour,
    }.get(name, 1.0)  # fmt: skip
    return 52.0 * amount * price, len(rows)


def slow_familiar(name: str, rows: Rows, shifts: Rows) -> tuple[float, int]:
    """Value and n of the shares of stops by somebody the patient knows."""
    hits = []
    for row in rows:
        clinic = row.get("vardcentral", 0)
        if outcome(row) != OUTCOMES["done"] or clinic < 0:
            continue
        shift = shifts[row["shift"]]
        people = NAMED[clinic]
        if name == "by_named":
            hits.append(float(shift.get("physician", 0) == people[math.floor(row.get("named", 0.0) * len(people))]))
        else:
            hits.append(float(shift.get("vardcentral", -1) == clinic))
    return mean(hits)


def slow_continuity(name: str, requests: Rows, shifts: Rows, place: str, group: str) -> tuple[float, int]:
    """Value and n of UPC or COC, of the patients of a place or a group."""
    seen: dict[int, Rows] = {}
    for row in requests:
        patient = row.get("patient", 0)
        if row["t0"] >= BEGIN and outcome(row) == OUTCOMES["done"] and not row.get("no_show", 0) and patient >= 0:
            seen.setdefault(patient, []).append(row)
    found = []
    for rows in seen.values():
        here = place in ("all", NAMES[rows[0].get("municipality", 0)])
        if len(rows) >= 3 and here and group in ("all", GROUPS[rows[0].get("group", 0)]):
            who = [shifts[row["shift"]].get("physician", 0) for row in rows]
            share_of = [who.count(person) / len(who) for person in set(who)]
            again = sum(who[i] == who[j] for i in range(len(who)) for j in range(len(who)) if i != j)
            found.append(max(share_of) if name == "upc" else again / (len(who) * (len(who) - 1)))
    return mean(found)


def slow_shift(name: str, requests: Rows, shifts: Rows, place: str) -> tuple[float, int]:
    """Value and n of a measure of shifts, of those with their base in a place."""
    numbers = [
        number
        for number, row in enumerate(shifts)
        if row["start"] >= BEGIN and row["end"] > row["start"] and place in ("all", NAMES[row.get("municipality", 0)])
    ]
    rows = [shifts[number] for number in numbers]

    def total(key: str) -> float:
        return math.fsum(row.get(key, 0) for row in rows)

    scheduled = math.fsum(row["end"] - row["start"] for row in rows)
    paid = math.fsum(home(row) - row["start"] for row in rows)
    busy, n = total("driving") + total("scene") + total("notes") + total("calls"), len(rows)
    visits, stops = int(total("visits")), int(total("stops"))
    if name == "visits_per_shift_p95":
        counts = sorted(row.get("visits", 0) for row in rows)
        return (counts[math.ceil(n * 95 / 100) - 1] if n else NAN), n
    if name == "nights_disturbed":
        night = [number for number in numbers if at_night(shifts[number]["start"], shifts[number]["end"])]
        disturbed = [
            float(
                any(
                    row.get("shift", -1) == number
                    and known(row, "t3")
                    and at_night(row["t3"], row["t6"] if known(row, "t6") else END)
                    for row in requests
                )
            )
            for number in night
        ]
        return mean(disturbed)
    if name in ("load_spread", "hours_gini"):
        loads, hours = [], []
        for person in {row.get("physician", 0) for row in rows}:
            own = [row for row in rows if row.get("physician", 0) == person]
            work = math.fsum(row.get(key, 0) for row in own for key in ("driving", "scene", "notes", "calls"))
            loads.append(work / math.fsum(row["end"] - row["start"] for row in own))
            hours.append(work)
        middle, people = mean(loads)
        if name == "hours_gini":
            apart = sum(abs(a - b) for a in hours for b in hours)
            return (apart / (2 * people * sum(hours)) if sum(hours) else (0.0 if hours else NAN)), people
        return math.sqrt(mean([(load - middle) ** 2 for load in loads])[0]) if loads else NAN, people
    if name in ("rest_breaches", "long_days", "longest_stretch_h"):
        return slow_rest(name, shifts, numbers), n
    if name == "clinic_h_per_week":
        clinic = [row for row in rows if row.get("pool", 0) == 2]
        return math.fsum(row["end"] - row["start"] for row in clinic) / 60, len(clinic)
    own = [row for row in rows if row.get("pool", 0) != 1]
    outside = [row for row in rows if row.get("pool", 0) == 1]
    hired = math.fsum(home(row) - row["start"] for row in outside) / 60
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
        "telephone_time_share": (share(total("calls"), paid), n),
        "km_per_year": (52 * total("km"), n),
        "co2_kg_per_year": (52 * total("km") * COSTS.co2_g_per_km / 1000, n),
        "contractor_h_per_year": (52 * hired, n),
        "cost_contractor": (52 * hired * HOUR_COSTS[1], n),
        "cost_physicians": (
            52
            * math.fsum(
                ((home(row) - row["start"]) / 60 + REST_H[row.get("pool", 0)]) * HOUR_COSTS[row.get("pool", 0)]
                for row in rows
            ),
            n,
        ),
        "cost_travel": (52 * math.fsum(row.get("km", 0) for row in own) * COSTS.car_km, n),
    }
    return values[name]


def home(row: dict[str, Any]) -> float:
    return float(max(row.get("home", 0.0), row["end"]))


def at_night(start: float, stop: float) -> bool:
    return any(max(start, day * DAY) < min(stop, day * DAY + 300) for day in range(-1, 16))


def slow_rest(name: str, shifts: Rows, numbers: list[int]) -> float:
    """Breaches a year, or hours of the longest stretch, of the shifts with these numbers."""
    stretches, breaches = [], 0
    for number in numbers:
        row = shifts[number]
        key = (row["start"], number)
        before = sorted(
            (other["start"], k)
            for k, other in enumerate(shifts)
            if other.get("physician", 0) == row.get("physician", 0) and (other["start"], k) <= key
        )
        begins = row["start"]
        for place, (start, _) in enumerate(before):
            earlier = [home(shifts[k]) for _, k in before[:place]]
            if not earlier or start - max(earlier) >= 660:
                begins, first = start, place
        stretches.append(max(home(shifts[k]) for _, k in before) - begins)
        breaches += first < len(before) - 1 and stretches[-1] > 780
    if name == "longest_stretch_h":
        return max(stretches) / 60 if stretches else NAN
    if name == "rest_breaches":
        return 52.0 * breaches
    return 52.0 * sum(home(shifts[number]) - float(shifts[number]["start"]) > 780 for number in numbers)


def slow_long_weeks(shifts: Rows) -> tuple[float, int]:
    """Physician-weeks past 48 hours in the one week that is counted."""
    worked = {
        person: math.fsum(
            max(0.0, min(home(row), END) - max(row["start"], BEGIN))
            for row in shifts
            if row.get("physician", 0) == person
        )
        for person in {row.get("physician", 0) for row in shifts}
    }
    return 52.0 * sum(time > 2880 for time in worked.values()), sum(time > 0 for time in worked.values())


def slow_cost(name: str, requests: Rows, shifts: Rows) -> tuple[float, int]:
    """Value and n of the costs of the region and of both."""
    rows = slow_cell(requests, "all", "all", "all", "all")
    parts = [slow_shift(part, requests, shifts, "all")[0] for part in ("cost_physicians", "cost_travel")]
    others = ("cost_transports", "cost_ed", "cost_ward", "cost_vardcentral", "cost_municipalities")
    parts += [slow_consequence(part, rows)[0] for part in others]
    visits, stops = slow_request("visits", rows)
    if name == "cost_region":
        return sum(parts[:-1]), stops
    return (sum(parts) if name == "cost_total" else share(sum(parts), visits)), stops


def slow_county(name: str, requests: Rows, people: tuple[float, ...]) -> tuple[float, int]:
    """Value and n of a measure of equity."""
    source = "in_target" if name in ("gap_in_target", "gini_in_target") else "response_min"
    found = [slow_request(source, slow_cell(requests, "acute", place, "all", "all"))[0] for place in NAMES]
    pairs = [(value, weight) for value, weight in zip(found, people, strict=True) if not math.isnan(value)]
    if not pairs:
        return NAN, 0
    if name.startswith("gap"):
        return max(value for value, _ in pairs) - min(value for value, _ in pairs), len(pairs)
    everybody = sum(weight for _, weight in pairs)
    middle = sum(value * weight for value, weight in pairs) / everybody
    between = sum(abs(a - b) * v * w for a, v in pairs for b, w in pairs) / everybody**2
    return (between / (2 * middle) if middle else 0.0), len(pairs)


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
        key: [] for key in ("on_shift", "driving", "on_scene", "documenting", "telephone")
    }
    for number, shift in enumerate(shifts):
        intervals["on_shift"].append((shift["start"], home(shift), 1.0))
        stops = [row for row in requests if row.get("shift", -1) == number and known(row, "t3")]
        stops.sort(key=lambda row: row["t3"])
        times = [[row["t3"]] + [END if math.isnan(row[k]) else row[k] for k in ("t4", "t5", "t6")] for row in stops]
        for row, (start, arrived, left, documented) in zip(stops, times, strict=True):
            intervals["driving"].append((start, arrived, 1.0))
            intervals["telephone" if row.get("telephone", 0) else "on_scene"].append((arrived, left, 1.0))
            intervals["documenting"].append((left, documented, 1.0))
        leaves = [t[0] for t in times[1:]] + [home(shift)]
        gaps = [(t[3], max(leave, t[3])) for t, leave in zip(times, leaves, strict=False)]
        outward = math.fsum(
            max((home(shift) if math.isnan(row["t4"]) else row["t4"]) - row["t3"], 0.0) for row in stops
        )
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
