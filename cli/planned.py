"""What a batch would run: its scenarios, what is missing of each, the load on their pools, time and disk."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import loads
from sim.language.numbers import number
from sim.language.tables import aligned
from sim.text import Text

if TYPE_CHECKING:
    from sim.batch.batch import Options
    from sim.batch.cases import Cases
    from sim.study.work import Work


def plan_of(cases: Cases, out: Path, options: Options, lang: str) -> dict[str, Any]:
    """Everything, as plain data. Every scenario is made ready and one replication of it drawn, so that what is wrong in
    it shows. Raises RegionError, OrganisationError, ResultsError."""
    from sim.batch.batch import check_all, prepare, reasons
    from sim.study.executors import default_jobs
    from sim.study.folder import manifest_of
    from sim.study.load import offered_load, pool_load

    jobs = options.jobs or default_jobs()
    works = prepare(cases, out, options)
    check_all(works)
    found = []
    for case in cases.cases:
        work = works[case.name]
        stages = work.asked.stages[case.name]
        draw, world = stages.draw(1), stages.world
        models, pools, parts = [], [], []
        for name in stages.organisations:
            tables = stages.tables(name)
            load = pool_load(stages.met(name, draw).tape, world, tables, stages.layout(name))
            models.append(loads.model_row(tables, lang))
            pools += loads.pool_rows(tables, load, lang)
            parts += loads.pool_municipality_rows(tables, load, world)
        missing = sum(len(unit.models) for unit in work.missing())
        found.append({
            "scenario": case.name, "changes": case.says.get(lang), "replications": work.asked.replications,
            "tasks": len(work.asked.tasks), "missing": missing,
            "load": loads.load_rows(offered_load(draw.tape, world), world), "hours": models, "pools": pools,
            "pool_load": parts, "overload": loads.overload_sentences(models, pools, lang),
        })  # fmt: skip
    seconds, size = probe(works, jobs)
    return {
        "out": out.as_posix(),
        "begun": manifest_of(out) is not None,
        "options": cases.common.get(lang),
        "scenarios": found,
        "why": [text.get(lang) for text in reasons(works)],
        "tasks": sum(row["tasks"] for row in found),
        "missing": sum(row["missing"] for row in found),
        "jobs": jobs,
        "seconds": seconds,
        "megabytes": size / 1e6,
    }


def probe(works: dict[str, Work], jobs: int) -> tuple[float, float]:
    """Seconds on `jobs` workers and bytes on disk that what is missing will take, from the first scenario that misses
    something; pages and figures not included."""
    from sim.study.estimate import seconds_needed
    from sim.study.plan import make_units
    from sim.study.tables import Numbers, chunk_frame, words_of, write_measures

    work = next((work for work in works.values() if work.missing()), None)
    if work is None:
        return 0.0, 0.0
    (name, stages), weeks = next(iter(work.asked.stages.items())), 0.0
    weeks_of = {key: each.asked.stages[key].scenario.calendar.weeks for key, each in works.items()}
    weeks = sum(len(unit.models) * weeks_of[key] for key, each in works.items() for unit in each.missing())
    tasks = [task for task in work.asked.tasks if task.replication <= 2]
    units = make_units(tasks, {name: stages})
    spent = seconds_needed(units, jobs, jobs)  # of one replication
    of_probe = len(stages.organisations) * weeks_of[name]
    measured = [stages.measures(model, stages.draw(1)) for model in stages.organisations]
    first = [task for task in work.asked.tasks if task.replication == 1]
    numbers = [Numbers(one.values, one.counts) for one in measured]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probe.parquet"
        write_measures([chunk_frame(first, numbers, words_of(measured[0]))], path, Path(folder))
        each_bytes = path.stat().st_size / len(first)
    missing = sum(len(unit.models) for each in works.values() for unit in each.missing())
    return spent * weeks / of_probe / jobs, each_bytes * missing


def render_plan(planned: dict[str, Any], lang: str) -> str:
    """What is printed of a plan."""
    parts = [f"{_COMMON.get(lang)} {planned['options']}"] if planned["options"] else []
    scenarios = planned["scenarios"]
    parts.append("\n".join(f"{row['scenario']}: {row['changes']}" for row in scenarios))
    if len(scenarios) == 1:
        only = scenarios[0]
        parts += [
            loads.region_table(only["load"], lang),
            loads.hours_table(only["hours"], only["pools"], lang),
            loads.duty_table(only["hours"], only["pools"], lang),
        ]
    else:
        known = {row["scenario"]: (row["load"], row["hours"], row["pools"]) for row in scenarios}
        parts.append(loads.tightest_table(known, lang))
    parts.append("\n".join(f"{row['scenario']}: {line}" for row in scenarios for line in row["overload"]))
    rows = [[row["scenario"], str(row["replications"]), str(row["tasks"]), str(row["missing"])] for row in scenarios]
    heads = [text.get(lang) for text in _COLUMNS]
    parts.append(aligned([heads, *rows], numbers_from=1))
    parts += ["\n".join(planned["why"])] if planned["why"] else []
    seconds = planned["seconds"]
    time = _MINUTES.get(lang).format(n=number(seconds / 60, lang, 0)) if seconds >= 120 else f"{math.ceil(seconds)} s"
    values = {"time": time, "size": number(planned["megabytes"], lang, 1)}
    parts.append(_SUM.get(lang).format_map(planned | values))
    return "\n\n".join(filter(None, parts))


_COMMON = Text("Gäller alla:", "All of them:")
_COLUMNS = (
    Text("scenario", "scenario"), Text("upprepningar", "replications"), Text("körningar", "runs"),
    Text("fattas", "missing"),
)  # fmt: skip
_MINUTES = Text("{n} min", "{n} min")
_SUM = Text(
    "Att köra: {missing} av {tasks} körningar på {jobs} arbetare, ungefär {time}, och {size} MB på skivan i {out}; "
    "långa körningar som säger vilka modeller som hinner med, figurer och sidor kommer till.",
    "To run: {missing} of {tasks} runs on {jobs} workers, about {time}, and {size} MB on disk in {out}; the long runs "
    "that say which models keep up, figures and pages come on top.",
)
