"""One YAML 1.2 file as plain values, with the place of every key and value.

Only ordinary files of a stated size are read, with a stated depth and number of values. Whatever stands in one, it
gives values, or problems with their places, and nothing that cannot be printed.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import Problem, ScenarioError
from sim.files import FileFault, place_in, read_text_file
from sim.language.nearest import nearest
from sim.quoting import SPACES
from sim.scenario.places import Place
from sim.scenario.words import Location, dotted
from sim.scenario.yamlwords import no_yaml, yaml_words
from sim.text import Text, joined

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node, ScalarNode

MAX_BYTES: Final = 2**18  # the default stated in full is a tenth of that
MAX_VALUES: Final = 20_000  # a scenario has some hundreds; aliases that multiply are stopped here
MAX_DEPTH: Final = 12  # a scenario has five levels
MAX_LENGTH: Final = 2_000  # characters of one value
MAX_DIGITS: Final = 40  # a whole number of more is beyond every bound

_TAG: Final = "tag:yaml.org,2002:"
_ESCAPES: Final = re.compile(r"\\(?:U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4})")
_DEEP: Final = Text(
    f"ligger alldeles för djupt; det finns högst {MAX_DEPTH} nivåer",
    f"is nested far too deeply; there are at most {MAX_DEPTH} levels",
)


@dataclass
class Document:
    """One file as plain values, with the place of every key and value by location."""

    file: Path
    tree: dict[str, Any]
    keys: dict[Location, Place] = field(default_factory=dict)
    values: dict[Location, Place] = field(default_factory=dict)

    def place(self, where: Location, is_key: bool = False) -> Place:
        """The place of a value, or of the key for a whole group; else of what is stated nearest around it."""
        value: Any = self.tree
        for part in where:
            inside = isinstance(value, dict) and part in value
            inside |= isinstance(value, list) and isinstance(part, int) and part < len(value)
            value = value[part] if inside else None
        if not is_key and not isinstance(value, dict) and where in self.values:
            return self.values[where]
        for depth in range(len(where), 0, -1):
            for found in (self.keys, self.values):
                if where[:depth] in found:
                    return found[where[:depth]]
        return Place(self.file, 1, 1)


class _Unreadable(Exception):
    """A file from which nothing can be taken; holds its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_document(path: Path, named: Place | None = None) -> tuple[Document, list[Problem]]:
    """A file as plain values with places, and the problems that leave the rest readable. `extends` is only a key.

    `named` is where another file names this one: a file that is not there is reported there. Raises ScenarioError if
    nothing can be read.
    """
    try:
        text = read_text_file(path, MAX_BYTES)
    except FileFault as fault:
        message = _advice(path, fault)
        if named is not None and not fault.line:
            raise ScenarioError([named.problem("extends", joined([str(path), message], ": "))]) from None
        raise ScenarioError([Problem(str(path), fault.line, fault.column, "", message)]) from None
    try:
        return _parse(text, path)
    except _Unreadable as error:
        raise ScenarioError([error.problem]) from None


def _advice(path: Path, fault: FileFault) -> Text:
    """What is said of a file that cannot be read, with the name of one that can."""
    if fault.reason == "missing":
        near = nearest(path.name, _scenario_files(path.parent))
        return _DID_YOU_MEAN.format(file=path.parent / near) if near else fault.said
    if fault.reason == "folder":
        files = _scenario_files(path)
        return _FOLDER.format(what=_ONE_OF.format(files=", ".join(files[:6])) if files else _ANY_FILE)
    return fault.said


def _scenario_files(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.iterdir() if file.suffix in (".yaml", ".yml"))
    except (OSError, ValueError):
        return []


def _parse(text: str, file: Path) -> tuple[Document, list[Problem]]:
    """The text as a Document, with the problems that leave the rest readable (duplicate keys, odd keys)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.nodes import MappingNode, SequenceNode
    from ruamel.yaml.reader import ReaderError

    def unreadable(message: Text, line: int = 1, column: int = 1) -> _Unreadable:
        return _Unreadable(Problem(str(file), line, column, "", message))

    builder = _Builder(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a reused anchor is legal YAML
            root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise unreadable(yaml_words(error.problem or "", text, line), line, column) from None
    except ReaderError as error:
        message = _INVISIBLE.format(code=f"{ord(text[error.position]):04X}")
        raise unreadable(message, *place_in(text[: error.position])) from None
    except RecursionError:
        raise unreadable(_DEEP, *_too_deep(text)) from None
    except YAMLError as error:
        raise unreadable(no_yaml(str(error))) from None
    except (ValueError, OverflowError):  # the parser makes a letter of every escape
        wrong = next((m for m in _ESCAPES.finditer(text) if int(m[0][2:], 16) > 0x10FFFF), None)
        message = _NO_LETTER.format(escape=wrong[0] if wrong else "\\U")
        raise unreadable(message, *place_in(text[: wrong.start() if wrong else 0])) from None
    if root is None:
        raise unreadable(_EMPTY)
    if not isinstance(root, MappingNode):
        kind = _LIST if isinstance(root, SequenceNode) else _PLAIN
        raise _Unreadable(builder.place(root).problem("", _NO_GROUP.format(kind=kind)))
    builder.document.tree = builder.mapping(root, (), ())
    return builder.document, builder.problems


class _Builder:
    """Makes plain values of the parser's nodes, and keeps their places and what is wrong with them."""

    def __init__(self, file: Path) -> None:
        self.document = Document(file, {})
        self.problems: list[Problem] = []
        self.count = 0

    def place(self, node: Node) -> Place:
        return Place(self.document.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def convert(self, node: Node, where: Location, above: tuple[int, ...]) -> Any:
        from ruamel.yaml.nodes import ScalarNode, SequenceNode

        self.count += 1
        if self.count > MAX_VALUES or id(node) in above:
            raise _Unreadable(self.place(node).problem(dotted(where), _ROUND))
        if len(where) > MAX_DEPTH:
            raise _Unreadable(self.place(node).problem(dotted(where), _DEEP))
        # an empty value has no place of its own: the parser puts it where the next thing begins
        document, empty = self.document, isinstance(node, ScalarNode) and not node.value and where in self.document.keys
        document.values[where] = document.keys[where] if empty else self.place(node)
        if isinstance(node, ScalarNode):
            return self.scalar(node, where)
        if str(node.tag) not in (_TAG + "map", _TAG + "seq"):
            self.unused_tag(node, where)
        if isinstance(node, SequenceNode):
            return [self.convert(item, (*where, i), (*above, id(node))) for i, item in enumerate(node.value)]
        return self.mapping(node, where, above)

    def mapping(self, node: Node, where: Location, above: tuple[int, ...]) -> dict[str, Any]:
        from ruamel.yaml.nodes import ScalarNode

        result: dict[str, Any] = {}
        keys = self.document.keys
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.problems.append(self.place(key_node).problem(dotted(where), _NO_WORD))
                continue
            key = self.clean(str(key_node.value), key_node, where)
            at = (*where, key)
            if key in result:
                self.problems.append(self.place(key_node).problem(dotted(at), _TWICE.format(line=keys[at].line)))
                continue
            keys[at] = self.place(key_node)
            result[key] = self.convert(value_node, at, (*above, id(node)))
        return result

    def scalar(self, node: ScalarNode, where: Location) -> Any:
        known, value = _scalar(str(node.tag), str(node.value))
        if not known:
            self.unused_tag(node, where)
        return self.clean(value, node, where) if isinstance(value, str) else value

    def unused_tag(self, node: Node, where: Location) -> None:
        self.problems.append(self.place(node).problem(dotted(where), _TAG_UNUSED.format(tag=str(node.tag)[:60])))

    def clean(self, text: str, node: Node, where: Location) -> str:
        """The text on one line: runs of line breaks and tabs are a space. What cannot be seen is a problem."""
        if text.isprintable() and len(text) <= MAX_LENGTH:
            return text
        if len(text) > MAX_LENGTH:
            self.problems.append(self.place(node).problem(dotted(where), _TOO_LONG.format(length=len(text))))
            text = text[:MAX_LENGTH]
        text = re.sub(r"[\t\n\r\x85\u2028\u2029]\s*", " ", text).strip()
        hidden = next((letter for letter in text if not letter.isprintable() and letter not in SPACES), None)
        if hidden is None:
            return text
        self.problems.append(self.place(node).problem(dotted(where), _INVISIBLE.format(code=f"{ord(hidden):04X}")))
        return "".join(letter for letter in text if letter.isprintable() or letter in SPACES)


def _too_deep(text: str) -> tuple[int, int]:
    """Line and column at which the text is nested too deeply."""
    from ruamel.yaml import YAML
    from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            return event.start_mark.line + 1, event.start_mark.column + 1
    return 1, 1


def _scalar(tag: str, text: str) -> tuple[bool, Any]:
    """(is the tag one of YAML's own, the value). A text that its tag cannot hold stays text."""
    kind = tag.removeprefix(_TAG)
    try:
        if kind in ("str", "merge", "value"):
            return True, text
        if kind == "null":
            return True, None
        if kind == "bool":
            return True, text.lower() in ("true", "yes", "on", "y")
        if kind == "int":
            if len(text) > MAX_DIGITS:
                return True, float("-inf" if text.startswith("-") else "inf")
            base = {"0x": 16, "0o": 8, "0b": 2}.get(text.lstrip("+-")[:2].lower(), 10)
            return True, int(text, base)
        if kind == "float":
            return True, float(re.sub(r"\.(inf|nan)$", r"\1", text.lower()))
        if kind == "timestamp":
            return True, dt.date.fromisoformat(text) if len(text) == 10 else text
    except ValueError:
        return True, text
    return False, text


_DID_YOU_MEAN: Final = Text("filen finns inte; menade du {file}?", "no such file; did you mean {file}?")
_FOLDER: Final = Text("är en mapp, inte en scenariofil; {what}", "is a folder, not a scenario file; {what}")
_ONE_OF: Final = Text("skriv en fil i den: {files}", "name a file in it: {files}")
_ANY_FILE: Final = Text("skriv en .yaml-fil", "name a .yaml file")
_INVISIBLE: Final = Text(
    "det osynliga tecknet U+{code} får inte finnas; ta bort det",
    "the invisible character U+{code} is not allowed; take it away",
)
_NO_LETTER: Final = Text(
    "det finns inget tecken {escape}; skriv tecknet självt",
    "there is no character {escape}; write the character itself",
)
_EMPTY: Final = Text(
    "är tom; skriv åtminstone en titel, eller börja från filen som kommandot new gör",
    "is empty; write at least a title, or start from the file that the command new makes",
)
_NO_GROUP: Final = Text(
    "ska ha nycklar och värden, som demand:, men har {kind}",
    "must hold keys and values, such as demand:, but holds {kind}",
)
_LIST: Final = Text("en lista", "a list")
_PLAIN: Final = Text("text utan nycklar", "text without keys")
_ROUND: Final = Text(
    "pekar på sig självt eller är alldeles för stort; skriv ut det",
    "refers to itself or is far too large; write it out",
)
_NO_WORD: Final = Text("en nyckel ska vara ett ord; skriv nyckel: värde", "a key must be a word; write key: value")
_TWICE: Final = Text("står två gånger, först på rad {line}; behåll en", "stands twice, first on line {line}; keep one")
_TAG_UNUSED: Final = Text("taggen {tag} används inte; ta bort den", "the tag {tag} is not used; take it away")
_TOO_LONG: Final = Text(
    f"är {{length}} tecken långt; skriv högst {MAX_LENGTH}",
    f"is {{length}} characters long; write at most {MAX_LENGTH}",
)
