"""What the parser of YAML says, in plain words."""

from __future__ import annotations

from typing import Final

from sim.text import Text


def yaml_words(problem: str, text: str, line: int) -> Text:
    """What to say of a problem that the parser of YAML found on a line of a text, both as the parser says it."""
    lines = text.splitlines()
    here = lines[line - 1] if line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())] or "'\\t'" in problem:
        return _TAB
    return next((hint for words, hint in _YAML_HINTS.items() if words in problem), no_yaml(problem))


def no_yaml(why: str) -> Text:
    """What to say of anything else."""
    return _NO_YAML.format(why=why)


_YAML_HINTS: Final = {
    "mapping values are not allowed here": Text(
        "ett ':' väntas inte här; se efter att raden är indragen som raderna intill, eller sätt text med ': ' inom "
        "citattecken",
        "a ':' is not expected here; check that the line is indented like its neighbours, or put text that holds ': ' "
        "in quotes",
    ),
    "could not find expected ':'": Text(
        "en nyckel ska följas av ': ' och ett värde", "a key must be followed by ': ' and a value"
    ),
    "found another document": Text(
        "ett scenario är ett enda dokument; ta bort raden ---", "a scenario is one document; take away the line ---"
    ),
    "found unexpected end of stream": Text(
        "filen slutar inne i en text; sätt ut citattecknet", "the file ends inside quotes; close them"
    ),
    "expected ',' or ']'": Text("en lista är inte stängd; sätt ut , eller ]", "a list is not closed; write , or ]"),
    "expected ',' or '}'": Text("en grupp är inte stängd; sätt ut , eller }", "a group is not closed; write , or }"),
    "expected <block end>": Text(
        "raden är inte indragen som raderna intill; flytta den", "the line is not indented like its neighbours; move it"
    ),
    "cannot start any token": Text(
        "ett värde kan inte börja med det tecknet; sätt det inom citattecken",
        "a value cannot begin with that character; put it in quotes",
    ),
    "undefined alias": Text(
        "*namn nämns utan ett &namn före; skriv ut värdet", "*name has no &name before it; write the value"
    ),
}
_NO_YAML: Final = Text("är inte giltig YAML: {why}", "is not valid YAML: {why}")
_TAB: Final = Text("raden är indragen med tabb; använd mellanslag", "a tab is used for indentation; use spaces")
