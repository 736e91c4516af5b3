"""The stages of a run: each with a key made of what it depends on, computed once for as long as its key is the same."""

from sim.study.stages.declared import STAGES
from sim.study.stages.kept import Kept
from sim.study.stages.keys import Keys, ModelKeys, comparison_key, keys_of
from sim.study.stages.stages import Draw, Stages, make_stages

__all__ = ["STAGES", "Draw", "Kept", "Keys", "ModelKeys", "Stages", "comparison_key", "keys_of", "make_stages"]
