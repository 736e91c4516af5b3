"""The models that are declared, and a scenario's settings and variants of them, as organisations."""

from __future__ import annotations

from sim.catalogue.catalogue import Catalogue
from sim.catalogue.changes import describe_changes
from sim.catalogue.files import load_model, model_files
from sim.catalogue.model import Model
from sim.catalogue.variants import Variant, organisations, problems_in, variants
from sim.catalogue.words import Setting, settings_of

__all__ = [
    "Catalogue",
    "Model",
    "Setting",
    "Variant",
    "describe_changes",
    "load_model",
    "model_files",
    "organisations",
    "problems_in",
    "settings_of",
    "variants",
]
