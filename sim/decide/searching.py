"""The search itself: optuna proposes values of settings, told after each what came of the one before."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.decide.question import Trial, scores
from sim.errors import HembesokError
from sim.study.stages.hashing import digest
from sim.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    import optuna

    from sim.decide.cases import Floats
    from sim.decide.question import Choice, Question
    from sim.decide.space import Dimension

Missed = Callable[[Trial], list[float]]  # how far each limit is missed, above 0 where it is
_ASKED, _CHOICE, _CASES, _LIMITS, _BROKEN = "asked", "choice", "cases", "constraints", 1e6


class Kept(NamedTuple):
    """A file that keeps the trials of searches, one of each name, and what this one depends on, as text."""

    file: Path
    name: str
    asked: str


def search(
    tried: Callable[[Choice], Trial],
    missed: Missed,
    dimensions: Sequence[Dimension],
    question: Question,
    on_trial: Callable[[], None] = lambda: None,
    kept: Kept | None = None,
) -> tuple[Trial, ...]:
    """So many trials as `question` says, the settings as they are now first; those in `kept` count. HembesokError
    where optuna is not installed, or the file holds another search of that name."""
    library = _optuna()
    library.logging.set_verbosity(library.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what optuna calls experimental is its way to take limits
        record = None if kept is None else _record(library, kept, question)
        trials = [] if record is None else [_again(item, missed) for item in record.trials]
        seeker: optuna.Study | None = None
        told = scores(trials, question)
        while len(trials) < question.trials:
            if seeker is None:
                seeker = _seeker(library, trials, told, missed, dimensions, question)
            proposal = seeker.ask()
            values = {d.key: d.values[_place(proposal, d)] for d in dimensions}
            trial = tried({d.key: values[d.key] for d in dimensions if values[d.key] != d.now})
            trials.append(trial)
            now = scores(trials, question)
            proposal.set_user_attr(_LIMITS, missed(trial))
            proposal.set_user_attr(_CHOICE, trial.choice)
            proposal.set_user_attr(_CASES, {f"{a.measure}:{a.klass}": list(v) for a, v in trial.cases.items()})
            finished = seeker.tell(proposal, _told(now[-1]))
            if record is not None:
                record.add_trial(finished)
            if not np.array_equal(now[:-1], told, equal_nan=True):
                seeker = None  # a regret is against the best so far, which is now another: all are told anew
            told = now
            on_trial()
        return tuple(trials)


def _seeker(
    library: Any,
    trials: Sequence[Trial],
    told: Floats,
    missed: Missed,
    dimensions: Sequence[Dimension],
    question: Question,
) -> optuna.Study:
    """Told of all trials that there are; of what the search begins with it has the rest ahead."""
    sampler = library.samplers.TPESampler(
        seed=question.seed + len(trials), multivariate=True, n_startup_trials=1,
        constraints_func=lambda trial: trial.user_attrs[_LIMITS],
    )  # fmt: skip
    study: optuna.Study = library.create_study(directions=["minimize"] * len(question.aims), sampler=sampler)
    distributions = {d.key: _distribution(library, d) for d in dimensions}
    for trial, values in zip(trials, told, strict=True):
        study.add_trial(
            library.trial.create_trial(
                values=_told(values),
                params={d.key: d.values.index(trial.choice.get(d.key, d.now)) for d in dimensions},
                distributions=distributions,
                user_attrs={_LIMITS: (beyond := missed(trial))},
                system_attrs={_LIMITS: beyond},
            )
        )
    for start in _first(dimensions, question.trials)[len(trials) :]:
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


def _distribution(library: Any, dimension: Dimension) -> Any:
    last = len(dimension.values) - 1
    if dimension.ordered:
        return library.distributions.IntDistribution(0, last)
    return library.distributions.CategoricalDistribution(range(last + 1))


def _told(values: Floats) -> list[float]:
    """What optuna is told: a large number where there is none."""
    return [float(value) if np.isfinite(value) else _BROKEN for value in values]


# --- the file that keeps the trials ---------------------------------------------------------------


def _record(library: Any, kept: Kept, question: Question) -> optuna.Study:
    """The study of that name in the file, of the same search."""
    try:
        storage = library.storages.JournalStorage(library.storages.journal.JournalFileBackend(str(kept.file)))
        study: optuna.Study = library.create_study(
            directions=["minimize"] * len(question.aims), storage=storage, study_name=kept.name, load_if_exists=True
        )
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):  # what optuna says of a file that is not its own
        raise HembesokError(_NO_JOURNAL.format(file=kept.file)) from None
    before = study.user_attrs.get(_ASKED)
    if before is None and not study.trials:
        study.set_user_attr(_ASKED, digest(kept.asked))
    elif before != digest(kept.asked):
        raise HembesokError(_ANOTHER.format(file=kept.file, name=kept.name))
    return study


def _again(kept: optuna.trial.FrozenTrial, missed: Missed) -> Trial:
    """As it was tried, from what optuna has kept of it."""
    from sim.decide.aims import parse_aim

    cases = {parse_aim(name): tuple(map(float, values)) for name, values in kept.user_attrs[_CASES].items()}
    trial = Trial(kept.user_attrs[_CHOICE], cases, True)
    return Trial(trial.choice, cases, bool(cases) and max(missed(trial), default=0.0) <= 0.0)


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
_NO_JOURNAL: Final = Text(
    "{file} är ingen fil med försök av en sökning: ge en annan fil",
    "{file} is no file with trials of a search: give another file",
)
_ANOTHER: Final = Text(
    "{file} håller en annan sökning för {name} (annat scenario, mått, andra gränser, år eller inställningar): ge en "
    "annan fil, eller fråga detsamma",
    "{file} holds another search for {name} (another scenario, measure, other limits, years or settings): give another "
    "file, or ask the same",
)
