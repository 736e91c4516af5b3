"""How one scenario differs from another, with the models' settings and variants in words."""

from __future__ import annotations

from sim.declared.declared import Declared
from sim.declared.model import differing
from sim.declared.variants import Variant, read_entries
from sim.declared.words import LANGUAGES, differences
from sim.scenario import describe_changes as describe_fields
from sim.scenario.changes import settings_as_stated
from sim.scenario.schema import Scenario
from sim.scenario.stated import Stated
from sim.text import Text


def describe_changes(scenario: Scenario, base: Scenario, declared: Declared) -> Text:
    """One sentence in each language that says how `scenario` differs from `base`, made from the values."""
    return describe_fields(scenario, base, lambda new, old: changes_in_models(new, old, declared))


def changes_in_models(models: Stated, base: Stated, declared: Declared) -> list[Text]:
    """What differs in the settings of each model, which variants there are more, and which fewer."""
    if models == base:
        return []
    new, old = read_entries(models, declared), read_entries(base, declared)
    if new is None or old is None:  # faulty, and said to be so elsewhere
        return settings_as_stated(models, base)
    said = []
    for name, variant in new.items():
        before = old.get(name)
        if before is None or before.model.name != variant.model.name:
            said.append(_with(_ADDED, title_of(variant)))
            continue
        found = differing(variant.settings, before.settings)
        said += [_with(_CHANGED, title_of(variant), part) for part in differences(variant.model.settings, found)]
    return said + [_with(_GONE, title_of(variant)) for name, variant in old.items() if name not in new]


def title_of(variant: Variant) -> Text:
    return variant.title or variant.model.title


def _with(words: Text, title: Text, part: Text | None = None) -> Text:
    inside = part or Text("", "")
    return Text(*(words.get(lang).format(title=title.get(lang), part=inside.get(lang)) for lang in LANGUAGES))


_ADDED = Text("även {title}", "also {title}")
_GONE = Text("utan {title}", "without {title}")
_CHANGED = Text("{title}: {part}", "{title}: {part}")
