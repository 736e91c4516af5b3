"""The search itself: optuna proposes values of settings, told after each what came of the one before."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.errors import HembesokError
from sim.study.stages.hashing import digest
from sim.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    import optuna

    from sim.decide.space import Dimension
    from sim.decide.tuned import Question, Trial

Choice = Mapping[str, Any]
_CHOICE, _BROKEN = "choice", 1e6


def search(
    tried: Callable[[Choice], Trial],
    dimensions: Sequence[Dimension],
    question: Question,
    on_trial: Callable[[], None],
    journal: Path | None,
) -> tuple[Trial, ...]:
    """So many trials as `question` says, the settings as they are now first; those in `journal` count. HembesokError
    where optuna is not installed."""
    optuna = _optuna()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what optuna calls experimental is its way to take limits
        study = _study(optuna, dimensions, question, journal)
        while len(study.trials) < question.trials or _waiting(study):
            trial = study.ask()
            choice = {d.key: d.values[_place(trial, d)] for d in dimensions}
            changed = {d.key: choice[d.key] for d in dimensions if choice[d.key] != d.now}
            result = tried(changed)
            trial.set_user_attr("missed", _missed(result, question))
            trial.set_user_attr(_CHOICE, changed)
            trial.set_user_attr("means", {f"{a.measure}:{a.klass}": value for a, value in result.means.items()})
            aim = question.minimise
            study.tell(trial, aim.sign * result.means[aim] if result.means else _BROKEN)
            on_trial()
        return tuple(_again(trial, question) for trial in study.trials)


def _study(library: Any, dimensions: Sequence[Dimension], question: Question, journal: Path | None) -> optuna.Study:
    """Named by what is asked, so that a file holds the trials of no other question."""
    library.logging.set_verbosity(library.logging.ERROR)
    asked = digest(str(question.minimise), str(question.limits), str(question.years), str(dimensions))
    storage = None
    if journal is not None:
        storage = library.storages.JournalStorage(library.storages.journal.JournalFileBackend(str(journal)))
    sampler = library.samplers.TPESampler(
        seed=question.seed, multivariate=True, n_startup_trials=1,
        constraints_func=lambda trial: trial.user_attrs["missed"],
    )  # fmt: skip
    study: optuna.Study = library.create_study(
        direction="minimize", sampler=sampler, storage=storage, study_name=asked, load_if_exists=True
    )
    if not study.trials:
        for start in _first(dimensions, question.trials):
            study.enqueue_trial(start)
    return study


def _first(dimensions: Sequence[Dimension], trials: int) -> list[dict[str, int]]:
    """Where the search begins: as it is, then one setting moved to a value beside its present one, at most half of all
    trials. What each setting does by itself is what the proposals that follow build on."""
    now = {d.key: d.values.index(d.now) for d in dimensions}
    moved = [now | {d.key: d.values.index(value)} for d in dimensions for value in d.beside]
    return [now, *moved[: max(0, trials // 2)]]


def _place(trial: optuna.Trial, dimension: Dimension) -> int:
    last = len(dimension.values) - 1
    if dimension.ordered:
        return trial.suggest_int(dimension.key, 0, last)
    return int(trial.suggest_categorical(dimension.key, range(last + 1)))


def _waiting(study: optuna.Study) -> bool:
    return any(trial.state.name == "WAITING" for trial in study.trials)


def _missed(result: Trial, question: Question) -> list[float]:
    """How far each limit is missed, above 0 where it is."""
    if not result.means:
        return [_BROKEN] * max(1, len(question.limits))
    return [limit.missed(result.means[limit.aim]) for limit in question.limits] or [0.0]


def _again(kept: optuna.trial.FrozenTrial, question: Question) -> Trial:
    """As it was tried, from what optuna has kept of it."""
    from sim.decide.aims import parse_aim
    from sim.decide.tuned import Trial

    means = {parse_aim(name): float(value) for name, value in kept.user_attrs.get("means", {}).items()}
    feasible = bool(means) and all(limit.holds(means[limit.aim]) for limit in question.limits)
    return Trial(kept.user_attrs.get(_CHOICE, {}), means, feasible)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise HembesokError(_NO_OPTUNA) from None
    return optuna


_NO_OPTUNA: Final = Text(
    "sökningen behöver optuna, som inte finns här: pip install optuna",
    "the search needs optuna, which is not here: pip install optuna",
)
