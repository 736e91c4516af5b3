"""Valid scenarios changed in their structure, seeded: keys, types, values at their bounds, words, files, encodings."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mutants import HUGE, ODD_KINDS, ODD_TEXT, odd_bytes, odd_file

from sim.scenario import Scenario, resolved
from sim.scenario.fields import leaves

Tree = dict[str, Any]

ODD_YAML = (
    '"\\U99999999"', '"\\U00110000"', '"\\uD800"', '"\\ud83d\\ude00"', '"\\0"', '"a\\nb"', '"\\e[31m"', '"\\x9b"',
    '"\\L"', '"\\q"', "|\n  a\n  b", ">-\n  a\n  b", "!!int x", "!!float [1]", "!!binary aGVq", "!!set {a}",
    "!!bool maybe", "!!timestamp 2024-99-99", "!!null x", "! x", "!foo bar", "!<tag:x> y",
    "!!python/object:os.system {}", "&a [*a]", "*nope", "&a x", "? x", "[" * 5000, "[" * 150 + "]" * 150,
    "{a: " * 200 + "1" + "}" * 200, "{" * 3000,
    "[1, [2, {a: b}]]", "{a: 1, a: 2}", "{1: 2}", "{[a]: b}", "{? {a: b} : c}", "[,]", "{,}", "[a, b",
    "2024-01-01T00:00:00Z", "<<", "=",
    "0o777", "0b11", "1e999", "-1e999", "+.inf", "- - - - a", "a: b: c", "`x`", "%TAG", "[" + "x, " * 30_000 + "]",
    "[" + ", ".join(f"m{n % 7}" for n in range(15_000)) + "]", "{" + ", ".join(f"k{n}: 1" for n in range(3000)) + "}",
    "{" + f"{HUGE}: 1" + "}", f'"{HUGE}"',
)  # fmt: skip
BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
)
HEADS = (
    "%YAML 1.1\n---\n",
    "%YAML 9.9\n---\n",
    "%TAG ! tag:x:\n---\n",
    "---\n",
    "--- |\n",
    "...\n",
    BOMB + "\n",
    "%FOO bar\n---\n",
)
PATHS = (
    "my.yaml", "base.yaml", "base.yaml/x", ".", "..", "/", "", "loop.yaml", "pipe.yaml", "folder.yaml", "/dev/zero",
    "/dev/null", "x" * 300, "x/" * 3000, "a\0b", "\ud800", "a\nb", "~", "halland", "m.csv", "my.yaml/", "//",
    "pipe.csv", "\x1b[2J", "nope.parquet", "base.yaml#x",
)  # fmt: skip


def written(tree: Tree, depth: int = 0) -> str:
    """The tree as YAML: groups in blocks, a text as it is, so that it may be anything."""
    lines = []
    for key, value in tree.items():
        text = written(value, depth + 1) if isinstance(value, dict) and value else f" {_leaf(value)}\n"
        lines.append("  " * depth + f"{key}:" + ("\n" + text if isinstance(value, dict) and value else text))
    return "".join(lines)


def _leaf(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value) if value != "" else '""'


def whole() -> Tree:
    """The default stated in full."""
    return resolved(Scenario())


def small() -> Tree:
    """A few fields."""
    return {
        "title": {"sv": "Prov", "en": "Trial"},
        "calendar": {"start": "2024-01-01", "weeks": 2, "warm_up_weeks": 0},
        "study": {"seed": 7, "models": ["hybrid", "status_quo"]},
        "demand": {"scale": 1.1, "G1": {"acute_per_year": 0.7}, "acute_mix": {"A1": 0.2, "A2": 0.3, "A3": 0.5}},
        "travel": {"cv": 0.2},
        "plausible": {"travel.cv": [0.1, 0.3], "demand": {"G1": {"acute_per_year": "known"}}},
        "models": {"hybrid": {"hubs": 4}, "late": {"from": "hybrid", "day_start": '"07:00"', "title": {"sv": "Sen"}}},
        "organisation": {"referred_in": ["Laholm"]},
    }


def places(tree: Tree, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every key."""
    for key, value in tree.items():
        yield (*before, key)
        if isinstance(value, dict):
            yield from places(value, (*before, key))


def group_of(tree: Tree, path: tuple[str, ...]) -> Tree:
    """The group in which the last key of a path stands."""
    for key in path[:-1]:
        tree = tree[key]
    return tree


def _other_value(tree: Tree, chance: random.Random) -> None:
    path = chance.choice(list(places(tree)))
    group_of(tree, path)[path[-1]] = chance.choice(chance.choice([ODD_TEXT, ODD_YAML]))


def _quoted_value(tree: Tree, chance: random.Random) -> None:
    path = chance.choice(list(places(tree)))
    group_of(tree, path)[path[-1]] = '"' + chance.choice(ODD_TEXT).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _at_its_bound(tree: Tree, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 6)):
        leaf = chance.choice([leaf for leaf in leaves(Scenario) if leaf.field.annotation in (int, float)])
        limits = [
            getattr(item, name)
            for item in leaf.field.metadata
            for name in ("ge", "gt", "le", "lt")
            if hasattr(item, name)
        ]
        *groups, last = leaf.key.split(".")
        group = tree
        for name in groups:
            if not isinstance(group.get(name), dict):
                group[name] = {}
            group = group[name]
        near = chance.choice(limits) if limits else 0
        group[last] = near + chance.choice([*[0] * 12, 1, -1, 1e-9, -1e-9])


def _other_type(tree: Tree, chance: random.Random) -> None:
    path = chance.choice(list(places(tree)))
    group_of(tree, path)[path[-1]] = chance.choice([{}, {"a": 1}, [], ["a"], None, True, -1, 0, 1.5, small(), [1] * 50])


def _other_key(tree: Tree, chance: random.Random) -> None:
    path = chance.choice(list(places(tree)))
    group = group_of(tree, path)
    kept = group.pop(path[-1])
    typed = list(path[-1])
    chance.shuffle(typed)
    group[chance.choice([path[-1].upper(), "".join(typed), "extends", "<<", "region", *ODD_TEXT, *ODD_YAML])] = kept


def _no_key(tree: Tree, chance: random.Random) -> None:
    path = chance.choice(list(places(tree)))
    del group_of(tree, path)[path[-1]]


def _key_twice(tree: Tree, chance: random.Random) -> None:
    path = chance.choice(list(places(tree)))
    group = group_of(tree, path)
    group[path[-1] + chance.choice([" ", "  ", "\t"])] = group[path[-1]]


def _moved(tree: Tree, chance: random.Random) -> None:
    path, other = (chance.choice(list(places(tree))) for _ in range(2))
    value = group_of(tree, path).pop(path[-1])
    try:
        target = group_of(tree, other)
    except KeyError:
        return
    target[path[-1]] = value


def _path_named(tree: Tree, chance: random.Random) -> None:
    name = chance.choice(PATHS)
    if chance.random() < 0.7:
        name = (
            '"'
            + name.replace("\\", "\\\\")
            .replace("\0", "\\0")
            .replace("\n", "\\n")
            .replace("\x1b", "\\e")
            .replace("\ud800", "\\ud800")
            + '"'
        )
    where = chance.randrange(3)
    if where == 0:
        tree["extends"] = name
    elif where == 1:
        tree["region"] = name
    else:
        tree["travel"] = {"matrix": name}


def _many(tree: Tree, chance: random.Random) -> None:
    group = group_of(tree, chance.choice(list(places(tree))))
    group.update({f"key{chance.random()}": 1 for _ in range(chance.choice([10, 3000]))})


MUTATIONS: tuple[Callable[[Tree, random.Random], None], ...] = (
    _other_value, _other_value, _quoted_value, _at_its_bound, _at_its_bound, _other_type, _other_key, _no_key,
    _key_twice, _moved, _path_named, _path_named, _many,
)  # fmt: skip


def scenario_mutant(folder: Path, seed: int) -> Path:
    """Write mutant number `seed` and what it may name into an empty folder; gives the path to load."""
    chance = random.Random(f"scenario {seed}")
    tree = whole() if chance.random() < 0.3 else small()
    mutations = (_at_its_bound,) if chance.random() < 0.3 else MUTATIONS
    for _ in range(chance.choice([1, 1, 2, 3])):
        if any(places(tree)):
            chance.choice(mutations)(tree, chance)
    text = written(tree)
    if chance.random() < 0.1:
        text = chance.choice(HEADS) + text
    data = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.25:
        data = odd_bytes(data, chance)
    if chance.random() < 0.05:
        data = bytes(chance.choice(b"[]{}:-?&*!|>'\"%@`,# \nab1") for _ in range(chance.randrange(1, 400)))
    path = folder / "my.yaml"
    path.write_bytes(data)
    (folder / "base.yaml").write_text("demand: {scale: 1.2}\n")
    (folder / "m.csv").write_text("from,to,minutes,km\n")
    for name, kind in (("loop.yaml", "loop"), ("pipe.yaml", "pipe"), ("pipe.csv", "pipe"), ("folder.yaml", "folder")):
        odd_file(folder / name, kind, chance)
    return odd_file(path, chance.choice(ODD_KINDS), chance) if chance.random() < 0.06 else path
