"""batch: many scenarios, each with all its models on the same patients."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import Settings
from cli.commands import named, option
from cli.compare import option_changes
from cli.folders import RESULTS
from cli.inputs import declared_models, default_scenario, models_asked, near_file, scenario_file
from cli.leaving import failure, leave_by_status
from cli.options import EngineName, png_option, shared_options
from cli.planned import plan_of, render_plan
from cli.progress import Progress
from cli.show import print_json
from cli.values import ClusterAddress, Count, Place
from cli.wrong import WrongUse
from sim.text import Text

if TYPE_CHECKING:
    from sim.batch.batch import Outcome
    from sim.scenario import Scenario
    from sim.study.plan import Task
    from sim.study.stored import Facts

_ABOUT = Text(
    "Kör många scenarier: filer, mappar, ett index (scenarios/index.yaml) och filer med sweep:, som var och en blir "
    "många.\n\nVarje scenario får en egen mapp som den som compare skriver; overview.csv och index.html visar alla "
    "bredvid varandra. Samma kommando igen räknar bara det som fattas eller har ändrats, och säger varför.",
    "Run many scenarios: files, folders, an index (scenarios/index.yaml) and files with sweep:, each of which is many "
    "scenarios.\n\nEvery scenario gets a folder of its own like that of compare; overview.csv and index.html show all "
    "side by side. The same command again runs only what is missing or has changed, and says why.",
)
_HELP = {
    "models": Text(
        "Bara de här modellerna, varianterna eller sökvägarna till modellfiler.",
        "Only these models, variants or paths of model files.",
    ),
    "replications": Text(
        "Antal upprepningar; annars varje scenarios.", "Number of replications; default: each scenario's."
    ),
    "worlds": Text(
        "Antal tänkbara världar som varje scenario också körs i; annars inga.",
        "Number of plausible worlds that each scenario is run in as well; default: none.",
    ),
    "weeks": Text(
        "Antal veckor som räknas; annars varje scenarios.", "Weeks that are counted; default: each scenario's."
    ),
    "seed": Text("Slumpfrö för all slump; annars varje scenarios.", "Seed of all chance; default: each scenario's."),
    "engine": Text(
        "Vilken motor som kör: compiled (annars) eller simpy; resultaten är desamma.",
        "Which engine runs: compiled (default) or simpy; the results are the same.",
    ),
    "jobs": Text("Antal arbetare; annars en per kärna.", "Number of workers; default: one a core."),
    "out": Text("Mapp för resultaten; annars results/batch.", "Folder for the results; default: results/batch."),
    "cluster": Text(
        "Kör på Dask: local, eller adressen till en schemaläggare, tcp://… eller tls://….",
        "Run on Dask: local, or the address of a scheduler, tcp://… or tls://….",
    ),
    "tls": Text(
        "Filer för tls://: utfärdarens certifikat, det egna och dess nyckel.",
        "Files for tls://: the authority's certificate, one's own and its key.",
    ),
    "plan": Text(
        "Visa bara vad som skulle köras, med belastning, tid och plats på skivan.",
        "Only show what would be run, with load, time and disk.",
    ),
    "default": Text(
        "Scenariot som varje modell också jämförs med sig själv i; annars indexets, eller svepets egen fil.",
        "The scenario that every model is also compared with itself in; default: that of the index, or a sweep's own "
        "file.",
    ),
    "pages": Text("Rita inga sidor för scenarierna.", "Draw no pages of the scenarios."),
}


@named("batch", _ABOUT)
@click.argument("paths", metavar="SCENARIO...", nargs=-1, required=True, type=Place())
@option("--models", "names", metavar="A,B", help=_HELP["models"])
@option("--replications", type=Count(1), metavar="N", help=_HELP["replications"])
@option("--worlds", type=Count(0), default=0, metavar="N", help=_HELP["worlds"])
@option("--weeks", type=Count(1), metavar="N", help=_HELP["weeks"])
@option("--seed", type=Count(0), metavar="N", help=_HELP["seed"])
@option("--engine", type=EngineName(), default="compiled", metavar="compiled|simpy", help=_HELP["engine"])
@option("--jobs", type=Count(1), metavar="N", help=_HELP["jobs"])
@option("--out", type=Place("folder"), metavar="DIR", help=_HELP["out"])
@option("--cluster", type=ClusterAddress(), metavar="local|tcp://…|tls://…", help=_HELP["cluster"])
@option("--tls", nargs=3, type=Place("file"), metavar="CA CERT KEY", help=_HELP["tls"])
@option("--plan", "only_plan", is_flag=True, help=_HELP["plan"])
@option("--default", metavar="NAME", help=_HELP["default"])
@option("--no-pages", is_flag=True, help=_HELP["pages"])
@png_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    names: str | None,
    replications: int | None,
    worlds: int,
    weeks: int | None,
    seed: int | None,
    engine: str,
    jobs: int | None,
    out: Path | None,
    cluster: str | None,
    tls: tuple[Path, Path, Path] | None,
    only_plan: bool,
    default: str | None,
    no_pages: bool,
    png: bool,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.batch.batch import Options, run_batch
    from sim.batch.cases import collect
    from sim.measures import MEASURES
    from sim.study.study import Told
    from sim.study.wide import Told as ToldOfWorlds

    settings: Settings = ctx.obj
    progress = Progress(_UNITS.get(lang), quiet or as_json, lang)
    wanted, files = models_asked(names)
    declared = declared_models(settings, wanted, files)

    def edit(scenario: Scenario) -> Scenario:
        changes = option_changes(scenario, weeks=weeks, seed=seed, replications=replications)
        return scenario.with_changes(changes) if changes else scenario

    cases = collect(
        [_found(path) for path in paths], declared, [item.name for item in MEASURES], default_scenario(),
        wanted=wanted, edit=edit, default=default,
    )  # fmt: skip
    folder = out or Path(RESULTS) / "batch"
    options = Options(replications, worlds, jobs, engine, lang=lang, png=png, pages=not no_pages)
    if (tls is not None) != (cluster or "").startswith("tls://"):
        raise WrongUse(_TLS)
    if only_plan:
        planned = plan_of(cases, folder, options, lang)
        if as_json:
            print_json(planned)
        else:
            click.echo(render_plan(planned, lang))
        return
    progress.say(_CASES.get(lang).format(cases=len(cases.cases), out=folder))
    told = Told(
        progress.begin, progress.advance, lambda text: progress.say(text.get(lang)),
        ToldOfWorlds(lambda count: progress.begin(count, _WORLDS.get(lang)), progress.advance),
    )  # fmt: skip
    with contextlib.ExitStack() as stack:
        stack.callback(progress.end)
        if cluster is not None:
            from sim.batch.cluster import Tls, open_cluster
            from sim.study.executors import default_jobs

            executor = stack.enter_context(open_cluster(cluster, jobs or default_jobs(), Tls(*tls) if tls else None))
            options = replace(options, executor=executor)
        outcome = run_batch(cases, folder, options, told)
    if as_json:
        print_json(summary(outcome, folder))
    else:
        click.echo(render(outcome, folder, lang))
    leave_by_status(ctx, outcome.status, failures(outcome.failed), outcome.ran, lang)


def _found(path: Path) -> Path:
    """The file, folder or index that is meant. Raises ScenarioError."""
    from sim.errors import Problem, ScenarioError

    if path.exists():
        return path
    found = scenario_file(path)
    if not found.exists() and path.name == str(path):
        raise ScenarioError([Problem(str(path), 0, 0, "", _NO_FILE.format(hint=near_file(path.name)))])
    return found


def summary(outcome: Outcome, folder: Path) -> dict[str, Any]:
    """The one object of --json."""
    rows = outcome.overview.table.to_dict("records") if outcome.overview else []
    return {
        "status": outcome.status,
        "ran": outcome.ran,
        "failed": failures(outcome.failed),
        "out": folder.as_posix(),
        "overview": rows,
    }


def failures(failed: Mapping[Task, Facts]) -> list[str]:
    """A line each."""
    return [failure(task.scenario, task.model, task.replication, facts.error) for task, facts in failed.items()]


def render(outcome: Outcome, folder: Path, lang: str) -> str:
    """What is printed."""
    lines = [_RAN.get(lang).format(ran=outcome.ran)]
    if outcome.overview is not None:
        lines += counts(outcome.overview.table, lang)
    names = ("index.html", "answers.md", "overview.csv", "overview_excel.csv")
    there = [f"  {folder / name}" for name in names if (folder / name).exists()]
    return "\n".join([*lines, *([_WRITTEN.get(lang)] if there else []), *there])


def counts(table: Any, lang: str) -> Sequence[str]:
    """How often each model was better or worse than the reference in a headline measure, over all scenarios."""
    judged = table[table["verdict_reference"] != ""]
    lines = []
    for model, part in judged.groupby("model", sort=False):
        found = part["verdict_reference"].value_counts()
        better, worse = int(found.get("better", 0)), int(found.get("worse", 0))
        lines.append(_COUNTS.get(lang).format(model=model, better=better, worse=worse, of=len(part)))
    return lines


_TLS = Text(
    "--tls CA CERT KEY hör till --cluster tls://…, och det ena behöver det andra",
    "--tls CA CERT KEY goes with --cluster tls://…, and each needs the other",
)
_UNITS = Text("upprepningar", "replications")
_WORLDS = Text("världar", "worlds")
_CASES = Text("{cases} scenarier, resultaten läggs i {out}", "{cases} scenarios, results go to {out}")
_RAN = Text("körningar som behövde göras: {ran}", "runs that had to be made: {ran}")
_COUNTS = Text(
    "{model}: bättre än jämförelsemodellen {better} gånger av {of}, sämre {worse}",
    "{model}: better than the reference {better} times of {of}, worse {worse}",
)
_WRITTEN = Text("Finns i:", "To be found in:")
_NO_FILE = Text("finns inte; {hint}", "is not there; {hint}")
