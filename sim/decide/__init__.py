"""What an answer rests on: plausible worlds, how far verdicts hold over them, and which inputs decide.

On the stages of a run (`sim.study.stages`), never on an engine.
"""
