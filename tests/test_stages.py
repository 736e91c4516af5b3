"""Stages: a key for each that changes with what it depends on and with nothing else, and results kept by it.

Every field of the scenario, and of an organisation, is changed in turn: an output that changes while its key does not
would be a stale result that passes for a new one; a key that changes for nothing would be work done twice.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
import re
import threading
import types
import typing
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import study_models

import models
from sim import Scenario, run_study
from sim.comparison import compare_measures
from sim.comparison.standing import Standing
from sim.engine import compile_tables, make_terms
from sim.errors import HembesokError, OrganisationError
from sim.measures import priced, sums_of
from sim.measures.frames import measures_frame
from sim.measures.staff import staff_of
from sim.organisation import Days, Organisation, Pool, Route, Step
from sim.scenario.fields import Leaf, Part, leaves, value_of
from sim.study import study
from sim.study.stages import STAGES, Kept, Keys, Stages, comparison_key, declared, make_stages
from sim.study.stages import stages as steps
from sim.study.stages.declared import READ_BY_NONE, fields_of, matching
from sim.study.stages.hashing import digest, plain, source
from sim.study.stages.kept import Room, array_bytes
from sim.study.standing import FIRST, REPLICATIONS, from_empty, record, recorded, standings_of
from sim.text import Text
from sim.world.build import build_world
from sim.world.demand import plan_demand

# A short run in which everything is used: a wave, absence, a closed base, guests who are refused, help for a delay.
BASE = Scenario().with_changes({
    "calendar.weeks": 2, "calendar.warm_up_weeks": 1, "study.reference": "status_quo",
    "demand.wave_weeks": 1, "demand.wave_first_week": 1, "demand.wave_factor": 1.5, "demand.year": 2035,
    "demand.home_care_growth": 0.1, "demand.sabo_growth": 0.1,
    "staffing.absence_share": 0.2, "organisation.sharing": "agreement", "organisation.temporary_stay": "serve",
    "organisation.acute_only_in": ["Laholm"], "organisation.referred_in": ["Varberg"],
    "organisation.closed_bases": ["Kungsbacka"],
})  # fmt: skip
MODELS = ("status_quo", "hybrid")  # posts of every kind: hubs, windows, a contractor, blocks, take-over
LEAVES = list(leaves(Scenario))

# What stands with other fields and cannot be changed alone, or needs another value than the next one.
OTHERS: dict[str, dict[str, Any]] = {
    "demand.acute_mix.A1": {"demand.acute_mix.A1": 0.2, "demand.acute_mix.A2": 0.25},
    "demand.acute_mix.A2": {"demand.acute_mix.A2": 0.30, "demand.acute_mix.A3": 0.60},
    "demand.acute_mix.A3": {"demand.acute_mix.A3": 0.50, "demand.acute_mix.A1": 0.15},
    "demand.year": {"demand.year": 2040},
    "region": {"region": str(Path(steps.__file__).parents[2] / "data" / "halland")},  # the same, by its path
    "organisation.closed_bases": {"organisation.closed_bases": ["Falkenberg"]},
    "organisation.acute_only_in": {"organisation.acute_only_in": ["Hylte"]},
    "organisation.referred_in": {"organisation.referred_in": ["Halmstad"]},
    "study.models": {"study.models": ["hybrid", "status_quo"]},
    "study.reference": {"study.reference": "hybrid"},
    "models": {"models.hybrid.hubs": 4},
    "plausible": {"plausible.travel.cv": [0.1, 0.2]},
}  # fmt: skip


# --- changing a field -----------------------------------------------------------------------------


def other(leaf: Leaf) -> dict[str, Any]:
    """A change of the field to another valid value."""
    if leaf.key in OTHERS:
        return OTHERS[leaf.key]
    value = value_of(BASE, leaf.key)
    for candidate in candidates(value, leaf.field.annotation):
        try:
            changed = BASE.with_changes({leaf.key: candidate})
        except HembesokError:
            continue
        if value_of(changed, leaf.key) != value:
            return {leaf.key: candidate}
    raise AssertionError(f"no other value found for {leaf.key}: add one to OTHERS")


def candidates(value: Any, annotation: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, Enum):
        yield from (item.value for item in type(value) if item is not value)
    elif isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value):
        hour = int(value[:2])
        yield from (f"{(hour + more) % 24:02}{value[2:]}" for more in (1, 23, 2))
    elif isinstance(value, tuple) and len(value) > 1:
        yield list(value[:-1])
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, float):
        yield from (value * 1.25, value * 0.75, value + 0.25, value + 1.0)
    elif isinstance(value, dt.date):
        yield value + dt.timedelta(days=7)
    yield from literals(annotation)
    yield from (2, 1, 30.0, 0.5, ["Varberg"], ["Varberg", "Laholm"], ["Varberg", "Laholm", "Hylte"])
    yield from ("another", ["another"])


def literals(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) is typing.Literal:
        yield from typing.get_args(annotation)
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType):
        for inner in typing.get_args(annotation):
            yield from literals(inner)


# --- what the stages give -------------------------------------------------------------------------

Outputs = dict[tuple[str, str], Any]  # by stage and model ("" for all)
Named = dict[tuple[str, str], str]


def outputs_of(scenario: Scenario, organisations: tuple[Organisation, ...]) -> tuple[Outputs, Named]:
    """Every output, computed anew, and its key."""
    stages = make_stages(scenario, organisations, kept=Kept())
    draw = stages.draw(1)
    terms = make_terms(stages.world, scenario)  # in two weeks not every one of them turns somebody away
    outputs: Outputs = {
        ("world", ""): stages.world, ("demand", ""): stages.demand, ("tape", ""): draw.tape,
        ("laid", ""): (terms, draw.laid),
    }  # fmt: skip
    for model in stages.organisations:
        journal = stages.run_one(model, draw)
        outputs |= {
            ("tables", model): stages.tables(model),
            ("layout", model): stages.layout(model),
            ("journal", model): journal,
            ("sums", model): stages.sums(model, draw, journal),
            ("measures", model): stages.measures(model, draw, journal),
        }
    return outputs, {place: key_of(stages.keys, *place) for place in outputs}


def key_of(keys: Keys, stage: str, model: str) -> str:
    if stage in ("world", "demand"):
        return str(getattr(keys, stage))
    if stage in ("tape", "laid"):
        return str(getattr(keys, stage)(1))
    if stage in ("tables", "layout"):
        return str(getattr(keys.models[model], stage))
    return str(getattr(keys, stage)(model, 1))


def same(one: Any, two: Any) -> bool:
    """Whether two outputs are equal to the last bit."""
    if type(one) is not type(two):
        return False
    if isinstance(one, np.ndarray):
        if one.dtype != two.dtype or one.shape != two.shape:
            return False
        if one.dtype.names:  # between the columns of a row there is room that nothing fills
            return all(same(one[name], two[name]) for name in one.dtype.names)
        return bool(np.array_equal(one, two, equal_nan=one.dtype.kind == "f"))
    if is_dataclass(one):
        return all(same(getattr(one, field.name), getattr(two, field.name)) for field in fields(one))
    if isinstance(one, tuple | list):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    return bool(one == two) or (one != one and two != two)


@dataclass(frozen=True)
class Base:
    outputs: Outputs
    keys: Named


@pytest.fixture(scope="module")
def chosen() -> tuple[Organisation, ...]:
    return tuple(models.find(name) for name in MODELS)


@pytest.fixture(scope="module")
def base(chosen: tuple[Organisation, ...]) -> Base:
    outputs, keys = outputs_of(BASE, chosen)
    again, same_keys = outputs_of(Scenario().with_changes(BASE.model_dump()), chosen)
    assert keys == same_keys and all(same(outputs[place], again[place]) for place in outputs)
    return Base(outputs, keys)


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Path:
    """A matrix of travel between all places, half a minute more than the formula says."""
    world = base.outputs["world", ""]
    path = tmp_path_factory.mktemp("matrix") / "m.csv"
    rows = [
        f"{one},{two},{world.travel_min[i, j] + 0.5},{world.travel_km[i, j]}"
        for i, one in enumerate(world.node_name)
        for j, two in enumerate(world.node_name)
        if i != j
    ]
    path.write_text("\n".join(["from,to,minutes,km", *rows]) + "\n", encoding="utf-8")
    return path


LISTED = "goes to the fields of the stage that reads it, in sim/study/stages/declared.py"

# --- every field ----------------------------------------------------------------------------------


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.key)
def test_a_field_changes_the_keys_of_what_it_changes(
    leaf: Leaf, base: Base, chosen: tuple[Organisation, ...], matrix: Path
) -> None:
    change = {leaf.key: str(matrix)} if leaf.key == "travel.matrix" else other(leaf)
    outputs, keys = outputs_of(BASE.with_changes(change), chosen)
    changed = {place for place in outputs if not same(outputs[place], base.outputs[place])}
    keyed = {place for place in outputs if keys[place] != base.keys[place]}
    assert changed <= keyed, f"outputs that changed under their old keys: {leaf.key} {LISTED}"
    for stage in STAGES[:-1]:
        reads = fields_of(stage) if stage is not declared.TABLES else (*fields_of(stage), *fields_of(declared.WINDOWS))
        if leaf.key not in reads:
            continue
        if leaf.key == "region":  # what it names is in the key, not the name: tested below
            assert keyed == set()
            continue
        assert any(name == stage.name for name, _ in changed), f"{stage.name} says that it reads this field"
    if leaf.key in matching(READ_BY_NONE) or leaf.key in fields_of(declared.COMPARISON):
        assert keyed == set()


def test_every_field_is_read_by_a_stage_or_said_to_be_read_by_none() -> None:
    read = {key for stage in (*STAGES, declared.WINDOWS) for key in fields_of(stage)}
    none = set(matching(READ_BY_NONE))
    left = {leaf.key for leaf in LEAVES} - read - none
    assert not left, f"{sorted(left)} {LISTED}; what no stage reads, to READ_BY_NONE"
    assert read & none == set()
    for stage in (*STAGES, declared.WINDOWS):
        for pattern in stage.fields:
            assert matching((pattern,)), f"{stage.name}: nothing is called {pattern}"


class Watched:
    """A scenario, or a group of its fields, that notes every field that is read."""

    def __init__(self, part: Part, seen: set[str], prefix: str = "") -> None:
        self._part, self._seen, self._prefix = part, seen, prefix

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._part, name)
        if isinstance(value, Part):
            return Watched(value, self._seen, f"{self._prefix}{name}.")
        if name in type(self._part).model_fields:
            self._seen.add(self._prefix + name)
        return value


def test_a_stage_reads_the_fields_that_it_declares_and_no_others(chosen: tuple[Organisation, ...]) -> None:
    stages = make_stages(BASE, chosen, kept=Kept())
    world, draw = stages.world, stages.draw(1)
    seen: dict[str, set[str]] = {stage.name: set() for stage in STAGES}

    def watched(stage: str, part: Part = BASE, prefix: str = "") -> Any:
        return Watched(part, seen[stage], prefix)

    build_world(watched("world"))
    plan_demand(watched("demand"), world)
    make_terms(world, watched("laid"))
    for organisation in chosen:
        tables = compile_tables(organisation, world, watched("tables"))
        journal, staff = stages.run_one(organisation.name, draw), staff_of(tables)
        sums = sums_of(draw.tape, world, watched("sums", BASE.classes, "classes."), journal, staff)
        priced(sums, watched("measures", BASE.costs, "costs."), staff)
    region = {"region"}  # a folder is looked for by name; what is in it is in the key of the world
    for name, read in seen.items():
        stages_of = [stage for stage in STAGES if stage.name == name]
        said = {key for stage in stages_of + [declared.WINDOWS] * (name == "tables") for key in fields_of(stage)}
        if name not in ("comparison", "tape", "layout", "journal"):  # these are given no scenario
            assert read - region - said == set(), f"{name}: {sorted(read - region - said)} {LISTED}"
            assert said - region - read == set(), f"{name} does not read {sorted(said - region - read)}"


def test_only_organisations_with_windows_read_the_expected_work() -> None:
    seen: set[str] = set()
    without = study_models.CENTRAL
    compile_tables(without, make_stages(BASE, ()).world, typing.cast(Scenario, Watched(BASE, seen)))
    assert not seen & (set(fields_of(declared.WINDOWS)) - set(fields_of(declared.TABLES)))
    more = BASE.with_changes({"demand.G1.planned_per_year": 9.0})
    for organisation, moves in ((without, False), (models.find("hybrid"), True)):
        one, two = (make_stages(asked, [organisation]).keys.models[organisation.name] for asked in (BASE, more))
        assert (one.runs != two.runs) is moves


# --- the comparison -------------------------------------------------------------------------------


def test_thresholds_and_confidence_change_the_comparison_only(chosen: tuple[Organisation, ...]) -> None:
    stages = make_stages(BASE, chosen)
    tasks = [(model, replication) for model in stages.organisations for replication in (1, 2, 3)]
    measured = [stages.measures(model, stages.draw(replication)) for model, replication in tasks]
    front = {"scenario": ["s"] * len(tasks), "model": [m for m, _ in tasks], "replication": [r for _, r in tasks]}
    table = measures_frame(measured, front)
    titles = {item.name: item.title for item in chosen}

    uneven = {"s": {item.name: Standing(1000.0 + 100.0 * n) for n, item in enumerate(chosen)}}

    def compared(scenario: Scenario) -> tuple[str, str]:
        found = compare_measures(table, scenario, titles, uneven)
        keys = make_stages(scenario, chosen).keys
        return digest(found.frame.to_csv(), found.verdicts("en")), comparison_key(scenario, keys, tasks, titles)

    first, key = compared(BASE)
    for name in fields_of(declared.COMPARISON):
        leaf = next(leaf for leaf in LEAVES if leaf.key == name)
        change = {name: 10_000.0} if name.startswith("comparison.practical.") else other(leaf)
        frame, other_key = compared(BASE.with_changes(change))
        assert other_key != key, name
        if name != "study.models":  # an order of presentation, which titles give already
            assert frame != first, name
    assert compared(BASE.with_changes({"title.en": "Another", "study.replications": 7})) == (first, key)


# --- tables and matrices --------------------------------------------------------------------------


@pytest.fixture
def region(tmp_path: Path, root: Path) -> Path:
    folder = tmp_path / "one" / "land"
    folder.mkdir(parents=True)
    for path in (root / "sim" / "data" / "halland").iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


def keys_in(region: Path, changes: Mapping[str, Any] | None = None) -> Keys:
    scenario = BASE.with_changes({"region": region.name, **(changes or {})}).placed_at(region.parent / "s.yaml")
    return make_stages(scenario, [study_models.CENTRAL]).keys


def test_the_content_of_every_table_is_in_the_key_of_the_world_and_its_place_is_not(region: Path) -> None:
    from sim.world.region import INPUTS

    first = keys_in(region)
    moved = region.parent.parent / "two" / "land"
    moved.parent.mkdir()
    region.rename(moved)
    assert keys_in(moved) == first
    for name in INPUTS:
        held = (moved / name).read_bytes()
        (moved / name).write_bytes(held + b"\n")
        found = keys_in(moved)
        assert found.world != first.world and found.draws != first.draws and found.models != first.models, name
        (moved / name).write_bytes(held)
    (moved / "notes.txt").write_text("read by nobody", encoding="utf-8")
    assert keys_in(moved) == first
    (moved / INPUTS[-1]).unlink()
    assert keys_in(moved).world != first.world


def test_the_content_of_a_matrix_is_in_the_key_of_the_world(region: Path) -> None:
    by_matrix = {"travel.matrix": "m.csv"}
    matrix = region.parent / "m.csv"
    matrix.write_text("from,to,minutes,km\n", encoding="utf-8")
    first, plain_roads = keys_in(region, by_matrix), keys_in(region)
    assert first.world != plain_roads.world
    matrix.write_text("from,to,minutes,km\nA,B,1,1\n", encoding="utf-8")
    second = keys_in(region, by_matrix)
    assert second.world != first.world
    (region.parent / "again").mkdir()
    matrix.rename(region.parent / "again" / "m.csv")
    assert keys_in(region, by_matrix | {"travel.matrix": "again/m.csv"}) == second


# --- every field of an organisation ---------------------------------------------------------------


def mutants(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, copy of frozen data with one thing changed), for everything in it."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            where = f"{type(value).__name__}.{field.name}"
            for path_in, changed in mutants(getattr(value, field.name), where):
                with contextlib.suppress(OrganisationError):  # not possible
                    yield path_in, replace(value, **{field.name: changed})
    elif isinstance(value, Text):
        yield path, Text(value.sv + "!", value.en + "!")
    elif isinstance(value, tuple):
        if len(value) > 1:
            yield path, value[:-1]
        for number, item in enumerate(value):
            for path_in, changed in mutants(item, path):
                yield path_in, (*value[:number], changed, *value[number + 1 :])
    elif isinstance(value, bool):
        yield path, not value
    elif isinstance(value, Enum):
        yield from ((path, item) for item in type(value) if item is not value)
    elif isinstance(value, int | float):
        yield path, value + 1
    elif value is None:
        yield from ((path, item) for item in (7.0, True, 60.0))
    elif isinstance(value, str) and ":" in value:
        yield path, "06:15"


def first_of_each(organisation: Organisation, most: int) -> Iterator[tuple[str, Organisation]]:
    """The first mutants of every field of every class."""
    met: dict[str, int] = {}
    for path, changed in mutants(organisation):
        met[path] = met.get(path, 0) + 1
        if met[path] <= most:
            yield path, changed


@pytest.mark.slow
def test_a_field_of_an_organisation_changes_the_keys_of_what_it_changes(
    base: Base, chosen: tuple[Organisation, ...]
) -> None:
    tried: dict[str, set[str]] = {}
    for organisation in chosen:
        for path, changed in first_of_each(organisation, 3):
            name = changed.name
            try:
                outputs, keys = outputs_of(BASE, (changed,))
            except (OrganisationError, ValueError, LookupError, TypeError):
                continue
            before = {place: (place[0], name) if place[1] else place for place in outputs}
            differ = {p[0] for p in outputs if not same(outputs[p], base.outputs[before[p]])}
            keyed = {p[0] for p in outputs if keys[p] != base.keys[before[p]]}
            assert differ <= keyed, f"{path}: {differ - keyed} changed under the old key"
            tried.setdefault(path, set()).update(keyed)
    assert {"Pool.reserve", "Post.lines", "Step.after_min", "Route.triage_min", "Shift.start", "Hub.of"} <= set(tried)
    every = {"tables", "layout"}
    assert tried["Organisation.title"] == tried["Organisation.description"] == tried["Pool.title"] == every
    assert tried["Pool.cost_per_hour"] == every | {"measures"}
    assert tried["Pool.displaces_clinic"] == tried["Pool.principal"] == every | {"sums", "measures"}
    assert tried["Pool.reserve"] == every | {"journal", "sums", "measures"}


@pytest.mark.parametrize("name", models.names())
def test_a_setting_of_a_model_changes_the_keys_of_what_it_changes(name: str) -> None:
    model = models.declared().find(name)
    before, keys_before = outputs_of(BASE, (model(),))
    tried: set[str] = set()
    for leaf in leaves(model.settings):
        value = value_of(model.settings(), leaf.key)
        for candidate in candidates(value, leaf.field.annotation):
            try:
                made = model(**{leaf.key: candidate})
                outputs, keys = outputs_of(BASE, (made,))
            except HembesokError:
                continue
            if made == model():
                continue
            differ = {place for place in outputs if not same(outputs[place], before[place])}
            keyed = {place for place in outputs if keys[place] != keys_before[place]}
            assert differ <= keyed, f"{leaf.key}: {differ - keyed} changed under the old key"
            assert not {("world", ""), ("demand", ""), ("tape", "")} & keyed
            tried.add(leaf.key)
            break
    assert tried == {leaf.key for leaf in leaves(model.settings)}


def test_settings_that_make_the_same_organisation_run_nothing_again() -> None:
    one = models.declared().find("hybrid")()
    stated = replace(one, settings=(*one.settings, ("another", 1)), model="another")
    keys, other_keys = (make_stages(BASE, [item]).keys for item in (one, stated))
    assert keys.measures("hybrid", 1) == other_keys.measures("hybrid", 1)


def test_a_model_that_is_called_something_else_runs_the_same(base: Base, chosen: tuple[Organisation, ...]) -> None:
    again = replace(chosen[0], name="again")
    keys = make_stages(BASE, [again]).keys
    assert keys.sums("again", 1) == base.keys["sums", chosen[0].name]


# --- replications, engines, source ----------------------------------------------------------------


def test_replications_and_engines_have_keys_of_their_own(chosen: tuple[Organisation, ...]) -> None:
    keys = make_stages(BASE, chosen).keys
    found = {getattr(keys, stage)(*model, r) for stage, *model in (("tape",), ("journal", "hybrid"), ("sums", "hybrid"))
             for r in (1, 2, 3)}  # fmt: skip
    assert len(found) == 9
    slow = make_stages(BASE, chosen, "simpy").keys
    # both give the same journal to the last bit: a key of its own, so that comparing them compares two runs
    assert slow.journal("hybrid", 1) != keys.journal("hybrid", 1) and slow.tape(1) == keys.tape(1)


def test_source_is_told_by_content_and_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from sim.study.stages import hashing

    (tmp_path / "engine" / "deep").mkdir(parents=True)
    for name in ("engine/a.py", "engine/deep/b.py", "grid.py", "engine/notes.md"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    monkeypatch.setattr(hashing, "_TOP", tmp_path)

    def now(*names: str) -> str:
        source.cache_clear()
        return source(names)

    first, only_grid = now("grid.py", "engine/"), now("grid.py")
    (tmp_path / "engine" / "notes.md").write_text("2", encoding="utf-8")
    assert now("grid.py", "engine/") == first
    (tmp_path / "engine" / "deep" / "b.py").write_text("2", encoding="utf-8")
    assert now("grid.py", "engine/") != first and now("grid.py") == only_grid
    source.cache_clear()


def test_the_source_of_a_stage_is_all_that_it_imports(root: Path) -> None:
    """Followed from the functions of each stage; what only words and errors are made of does not count."""
    from test_frame import imported, modules

    paths = dict(modules())
    without_effect = (
        "sim.errors",
        "sim.checked",
        "sim.usercode",
        "sim.text",
        "sim.memory",
        "sim.scenario",
        "sim.language",
        "sim.version",
        "sim",
    )
    entry = {
        declared.WORLD: ["sim.world.build"],
        declared.DEMAND: ["sim.world.demand"],
        declared.TABLES: ["sim.engine", "sim.engine.tables", "sim.engine.kernel", "sim.engine.processes"],
        declared.SUMS: ["sim.measures", "sim.measures.staff", "sim.measures.summing", "sim.measures.pricing"],
        declared.COMPARISON: ["sim.comparison"],
    }
    covered: tuple[str, ...] = ()
    for stage in STAGES:
        covered += stage.source
        rooms = tuple("sim." + name.removesuffix(".py").rstrip("/").replace("/", ".") for name in covered)
        ahead, met = list(entry.get(stage, [])), set[str]()
        while ahead:
            module = ahead.pop()
            module = module if module in paths else module.rpartition(".")[0]
            if module in met or not module.startswith("sim") or module.startswith(without_effect[:-1]):
                continue
            met.add(module)
            path = paths[module]
            ahead += [name for _, name in imported(path.read_text("utf-8"), module, path.name == "__init__.py")]
        inside = tuple(f"{name}." for name in rooms)
        loose = {module for module in met if module != "sim" and not (module + ".").startswith(inside)}
        assert loose == set(), f"{stage.name} is computed by source that is not in its key"
    for name in covered:
        assert (root / "sim" / name).exists(), name


def test_what_is_no_plain_data_has_no_key() -> None:
    with pytest.raises(TypeError, match="no plain data"):
        plain(lambda: None)
    assert plain((1, 2.5, None, True, "ord", dt.date(2024, 1, 1))) == [1, 2.5, None, True, "ord", "2024-01-01"]
    assert plain(Days()) != plain(Step("Days")) and digest(1) != digest(1.0) and digest("1") != digest(1)
    assert plain(np.zeros(2)) != plain(np.zeros(2, dtype=np.int64)) != plain(np.zeros((2, 1), dtype=np.int64))


def test_a_world_made_by_hand_is_told_by_its_content() -> None:
    from small_world import small_world

    one, two, third = small_world(), small_world(), small_world(sabo=21)
    first, second, other_world = (make_stages(BASE, [study_models.CENTRAL], world=w) for w in (one, two, third))
    assert first.keys == second.keys and first.keys.world != other_world.keys.world and first.world is one


# --- what is kept ---------------------------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often each stage is computed."""
    counts: dict[str, int] = {}

    def counting(name: str) -> None:
        function = getattr(steps, name)

        def called(*arguments: Any) -> Any:
            counts[name] = counts.get(name, 0) + 1
            return function(*arguments)

        monkeypatch.setattr(steps, name, called)

    for name in ("build_world", "plan_demand", "draw_whole", "compile_tables", "prepare", "run", "sums_of", "priced"):
        counting(name)
    monkeypatch.setattr(study, "standings_of", lambda stages, jobs: {})  # their long runs are counted below
    return counts


SMALL = Scenario().with_changes(
    {"calendar.weeks": 1, "calendar.warm_up_weeks": 0, "staffing.hours_per_week": 1080, "demand.scale": 0.3}
)


def again(counts: dict[str, int], changes: Mapping[str, Any], *organisations: Organisation) -> dict[str, int]:
    """What is computed anew for a changed scenario, or for other organisations, over two replications."""
    counts.clear()
    run_study([SMALL.with_changes(changes)], organisations or models.four(), 2, jobs=1)
    return dict(counts)


def test_what_is_run_again_is_what_has_changed(counted: dict[str, int]) -> None:
    runs = {"run": 8, "sums_of": 8, "priced": 8}
    everything = {"build_world": 1, "plan_demand": 1, "draw_whole": 2, "compile_tables": 4, "prepare": 4} | runs
    assert again(counted, {}) == everything
    assert again(counted, {}) == {"priced": 8}
    assert again(counted, {"costs.physician_hour": 1500.0}) == {"priced": 8}  # a price
    assert again(counted, {"comparison.practical.response_min": 1.0}) == {"priced": 8}  # a threshold
    roster = {"compile_tables": 4, "prepare": 4} | runs
    assert again(counted, {"staffing.hours_per_week": 1100}) == roster
    assert again(counted, {"classes.A1.target_min": 30}) == {"run": 8, "sums_of": 8, "priced": 8}
    rate = {"plan_demand": 1, "draw_whole": 2} | runs
    assert again(counted, {"demand.G1.acute_per_year": 1.0}) == rate
    edited = models.find("hybrid")
    pool, *rest = edited.pools
    edited = replace(edited, pools=(replace(pool, reserve=pool.reserve + 1), *rest))
    three = [models.find(name) for name in models.FIRST if name != "hybrid"]
    one = {"compile_tables": 1, "prepare": 1, "run": 2, "sums_of": 2, "priced": 8}
    assert again(counted, {}, *three, edited) == one


def test_no_number_of_scenarios_makes_the_work_before_a_run_again(counted: dict[str, int]) -> None:
    hours = [1060.0 + 10.0 * n for n in range(6)]
    scenarios = [SMALL.with_changes({"staffing.hours_per_week": value}) for value in hours]
    run_study(scenarios, models.four(), 3, jobs=1)
    assert counted["build_world"] == 1 and counted["draw_whole"] == 3
    assert counted["compile_tables"] == counted["prepare"] == 6 * 4
    assert counted["run"] == 6 * 4 * 3


def test_whether_a_model_keeps_up_is_asked_once_for_as_long_as_it_does_the_same(counted: dict[str, int]) -> None:
    kept, usual = Kept(), models.find("central_team")

    def runs(changes: dict[str, Any]) -> int:
        counted.clear()
        assert set(standings_of(make_stages(SMALL.with_changes(changes), [usual], kept=kept))) == {"central_team"}
        return counted.get("run", 0)

    assert runs({}) == 2 * FIRST  # with a year before, and from empty
    assert runs({"costs.physician_hour": 1500.0, "study.replications": 7, "calendar.weeks": 2}) == 0
    assert runs({"staffing.hours_per_week": 1100}) == 2 * FIRST
    assert runs({"demand.scale": 1.5}) == 2 * REPLICATIONS  # it drowns: all are asked


def test_a_balance_on_the_shelf_is_not_run_again_unless_it_lacks_the_warm_up(counted: dict[str, int]) -> None:
    class Plain(dict[str, Any]):
        standing = dict.get

        def keep_standing(self, key: str, known: Any) -> None:
            self[key] = json.loads(json.dumps(known))

    shelf, usual = Plain(), models.find("central_team")

    def known() -> Standing:
        counted.clear()
        return standings_of(make_stages(SMALL, [usual], kept=Kept()), shelf=shelf)["central_team"]

    found = known()
    assert counted["run"] == 2 * FIRST and found.balance is not None and 0 <= found.balance.warm_up_weeks <= 8
    assert known() == found and "run" not in counted
    shelf.update({key: {k: v for k, v in kept.items() if k != "warm_up_weeks"} for key, kept in shelf.items()})
    assert known() == found and counted["run"] == 2 * FIRST
    kept = record(found)
    assert recorded(kept) == found
    del kept["balance"]["warm_up_weeks"]  # as earlier versions wrote it
    old = recorded(kept).balance
    assert old is not None and math.isnan(old.warm_up_weeks) and old.planned == found.balance.planned


def test_an_empty_beginning_meets_the_same_patients() -> None:
    longer = make_stages(SMALL.with_changes({"calendar.warm_up_weeks": 2, "calendar.weeks": 60}), models.all())
    tape = longer.draw(1).tape
    empty, first = from_empty(tape).requests, 2 * 7 * 1440.0
    assert empty.t0_min.min() >= first > tape.requests.t0_min.min()
    assert empty.t0_min.max() < first + 53 * 7 * 1440.0 < tape.requests.t0_min.max()
    assert set(zip(empty.patient, empty.t0_min, strict=True)) <= set(
        zip(tape.requests.patient, tape.requests.t0_min, strict=True)
    )


def test_kept_results_are_bounded_by_bytes_the_latest_used_stay() -> None:
    kept = Kept({"tape": Room(3 * 800), "world": Room(0, at_least=1), "sums": Room(0)})
    made: list[str] = []

    def get(stage: str, key: str) -> Any:
        def make() -> np.ndarray[Any, Any]:
            made.append(key)
            return np.zeros(100)  # 800 bytes

        return kept.get(stage, key, make)

    for key in "abc":
        get("tape", key)
    get("tape", "a")
    get("tape", "d")  # b is the one not used for longest
    made.clear()
    for key in "acdb":
        get("tape", key)
    assert made == ["b"] and kept.bytes_of("tape") == 2400
    made.clear()
    for stage, key in zip(("world",) * 4 + ("sums",) * 2 + ("no",) * 2, "xxyxssnn", strict=True):
        get(stage, key)
    assert made == ["x", "y", "x", "s", "s", "n", "n"]


def test_threads_that_ask_at_once_wait_for_the_first_and_a_failure_is_not_kept() -> None:
    kept, barrier, calls = Kept(), threading.Barrier(4), iter(range(10))

    def make() -> int:
        threading.Event().wait(0.1)
        return next(calls)

    def ask(_: int) -> int:
        barrier.wait(30)
        return kept.get("world", "k", make)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {0}

    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept.get("world", "other", fail)
    assert kept.get("world", "other", lambda: 7) == 7


def test_bytes_of_arrays_are_counted_once() -> None:
    column = np.zeros(10)
    assert array_bytes((column, column, {"a": [column[:5]]}, Route((Step("p"),)), "text")) == 80 + 40
    assert array_bytes(Pool) == 0


def test_one_run_is_handed_out_for_good(counted: dict[str, int]) -> None:
    """Its arrays may be written on: nothing that other runs use."""
    from sim import simulate

    first = simulate(SMALL, study_models.CENTRAL)
    first.journal.shift_pool[:] = 99
    assert (simulate(SMALL, study_models.CENTRAL).journal.shift_pool == 0).all()


def test_a_tape_is_drawn_once_for_all_models_however_little_room_there_is(counted: dict[str, int]) -> None:
    stages = make_stages(SMALL, models.all(), kept=Kept({}))
    draw = stages.draw(1)
    for model in stages.organisations:
        Stages.measures(stages, model, draw)
    assert counted["draw_whole"] == 1
