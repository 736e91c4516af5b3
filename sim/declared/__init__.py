"""The models that are declared, and a scenario's settings and variants of them, as organisations."""

from __future__ import annotations

from sim.declared.changes import describe_changes
from sim.declared.declared import Declared
from sim.declared.files import load_model, model_files
from sim.declared.heeded import check_heeded
from sim.declared.manual import json_schema, manual, template
from sim.declared.model import Model
from sim.declared.variants import Variant, organisations, problems_in, variants
from sim.declared.words import Setting, settings_of

__all__ = [
    "Declared",
    "Model",
    "Setting",
    "Variant",
    "check_heeded",
    "describe_changes",
    "json_schema",
    "load_model",
    "manual",
    "model_files",
    "organisations",
    "problems_in",
    "settings_of",
    "template",
    "variants",
]
