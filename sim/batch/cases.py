"""The scenarios of a batch: from files, folders, an index and sweeps, each with a name and a sentence of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sim.batch.sweeps import Changes, Swept
from sim.declared import Declared, describe_changes, organisations, problems_in
from sim.errors import OrganisationError, Problem, ScenarioError
from sim.organisation import Organisation
from sim.scenario import Scenario, resolved
from sim.scenario.index import INDEX_FILE, Index, load_index
from sim.scenario.reading import SWEEP, load_scenario, load_with_sweep
from sim.scenario.shipped import SUFFIXES
from sim.study.names import safe_name
from sim.text import LANGUAGES, Text, as_text, same

NOTHING: Final = same("")


@dataclass(frozen=True)
class Case:
    """One scenario of a batch. `says`: how it differs from what it is told from, in a sentence."""

    name: str
    scenario: Scenario
    organisations: tuple[Organisation, ...]
    says: Text


@dataclass(frozen=True)
class Cases:
    """All of them in order; `default`: the name of the one that every model is also compared with itself in; `common`:
    what options change in all of them, in a sentence, "" for nothing; `index` that they come from, if they do, and by
    its files their names."""

    cases: tuple[Case, ...]
    default: str
    common: Text = NOTHING
    index: Index | None = None
    of_index: Mapping[str, str] = field(default_factory=dict)


Edit = Callable[[Scenario], Scenario]


def collect(
    paths: Sequence[Path],
    declared: Declared,
    measures: Sequence[str],
    base: Scenario,
    *,
    wanted: Sequence[str] | None = None,
    edit: Edit = lambda scenario: scenario,
    default: str | None = None,
) -> Cases:
    """The scenarios of files, of all files in folders, of an index, and of sweeps. `measures`: names of those that
    exist (an index names some); `base`: the default scenario, from which others are told; `wanted`: only these models
    and variants; `edit`: what options change in every scenario. Without `default` it is that of the index, or the file
    of a sweep as it stands, or the default scenario if it takes part, or the first.

    Raises ScenarioError with what is wrong in all of them, OrganisationError.
    """
    problems: list[Problem] = []
    found: list[tuple[str, Scenario, Text]] = []
    edited = edit(base)
    usual: list[str] = []
    index: Index | None = None
    files: dict[str, int] = {}  # of the index, to the place of its scenario
    for path in paths:
        try:
            if (file := _index_in(path)) is None:
                read = _read(path, declared)
            else:
                index = load_index(file, measures)
                files = {name: len(found) + place for place, name in enumerate(index.scenarios)}
                read = _of_index(index, declared)
            for name, scenario, is_usual in read:
                chosen = edit(scenario)
                found.append((name, chosen, describe_changes(chosen, edited, declared)))
                usual += [name] if is_usual else []
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    named = _named(found)
    cases = tuple(
        Case(name, scenario, organisations(scenario, declared, wanted), says)
        for name, (_, scenario, says) in zip(named, found, strict=True)
    )
    known = [case.name for case in cases]
    if default is not None and default not in known:
        raise OrganisationError(_NO_DEFAULT.format(name=default, known=", ".join(known[:20])))
    own = [name for name in (*usual, "halland") if name in known]
    changed, unchanged = (describe_changes(item, base, declared) for item in (edited, base))
    common = NOTHING if changed == unchanged else changed
    of_index = {file: named[place] for file, place in files.items()}
    return Cases(cases, default or (own[0] if own else known[0]), common, index, of_index)


def _index_in(path: Path) -> Path | None:
    """The index that a path is, or that lies in the folder that it is."""
    file = path / INDEX_FILE if path.is_dir() else path
    return file if file.name == INDEX_FILE and (file.is_file() or file == path) else None


def _of_index(index: Index, declared: Declared) -> list[tuple[str, Scenario, bool]]:
    return [
        (
            safe_name(Path(name).stem),
            load_scenario(index.file.parent / name, _checking(declared)),
            name == index.default,
        )
        for name in index.scenarios
    ]


def _read(path: Path, declared: Declared) -> Iterable[tuple[str, Scenario, bool]]:
    """(name, scenario, whether it is what others are told from) of each scenario that a file or folder stands for."""
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
        if not files:
            raise ScenarioError([Problem(str(path), 0, 0, "", _NO_FILES)])
        return _all(files, declared)
    scenario, document = load_with_sweep(path, _checking(declared))
    name = safe_name(path.stem)
    if SWEEP not in document.tree:
        return [(name, scenario, False)]
    return _swept(name, scenario, Swept(document), declared)


def _all(files: Sequence[Path], declared: Declared) -> list[tuple[str, Scenario, bool]]:
    found: list[tuple[str, Scenario, bool]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found += _read(file, declared)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return found


def _checking(declared: Declared) -> Any:
    return lambda tree, places: problems_in(tree, places, declared)


# --- sweeps ---------------------------------------------------------------------------------------


def _swept(name: str, scenario: Scenario, swept: Swept, declared: Declared) -> list[tuple[str, Scenario, bool]]:
    """The file as it stands, and each case that differs from it, titled by what differs."""
    problems: dict[tuple[str, Text], Problem] = {}
    found = [(name, scenario, True)]
    seen = {_content(scenario)}
    for case_name, changes in swept.cases:
        made = _made(scenario, changes, swept, declared, problems)
        if made is None or _content(made) in seen:
            continue
        seen.add(_content(made))
        said = describe_changes(made, scenario, declared)
        title = {f"title.{lang}": _titled(scenario.title.get(lang) or name, said.get(lang)) for lang in LANGUAGES}
        found.append((f"{name}-{case_name}", made.with_changes(title), False))
    if problems:
        raise ScenarioError(list(problems.values()))
    return found


def _made(
    scenario: Scenario, changes: Changes, swept: Swept, declared: Declared, problems: dict[tuple[str, Text], Problem]
) -> Scenario | None:
    """The scenario with the changes; None when it is not valid, which is noted once where the key is stated. What is
    wrong in one change does not hide what is in the others."""
    left = dict(changes)
    while True:
        try:
            made = scenario.with_changes(left)
            organisations(made, declared)
            return made if len(left) == len(changes) else None
        except ScenarioError as error:
            wrong = set()
            for problem in error.problems:
                key = next((name for name in left if _about(problem.key, name)), problem.key)
                message = as_text(problem.message)
                problems.setdefault((key, message), swept.problem(key, message))
                wrong.add(key)
            if not wrong & left.keys():
                return None
            left = {key: value for key, value in left.items() if key not in wrong}


def _about(key: str, name: str) -> bool:
    """Whether a problem with `key` is one with the change of `name`: of it, of a part of it, or of what holds it."""
    return key.startswith(name) or name.startswith(f"{key}.")


def _titled(title: str, said: str) -> str:
    return f"{title}: {said[:1].lower()}{said[1:]}".rstrip(".")[:LONGEST]


def _content(scenario: Scenario) -> str:
    said = resolved(scenario)
    return repr({key: value for key, value in said.items() if key not in ("title", "question")})


def _named(found: Sequence[tuple[str, Scenario, Text]]) -> list[str]:
    """Names fit for folders, no two alike on any file system."""
    taken: set[str] = set()
    names = []
    for wanted, _, _ in found:
        stem, number = safe_name(wanted), 1
        name = stem
        while name.casefold() in taken:
            number += 1
            name = f"{stem[:74]}_{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


LONGEST: Final = 300
_NO_FILES: Final = Text("mappen har inga scenariofiler (.yaml)", "the folder holds no scenario files (.yaml)")
_NO_DEFAULT: Final = Text(
    "--default {name}: inget av scenarierna heter så; de heter {known}",
    "--default {name}: none of the scenarios is called that; they are {known}",
)
