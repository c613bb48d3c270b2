"""
What learners import: records, losses, hints, quiz, cards and submit().

Importing it loads no data and no pandas: each name is fetched when it is first used. Inside IPython it puts the hook
of the result cards into the running shell; under a grader it does not.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from exercises import environment

if TYPE_CHECKING:
    from exercises.errors import ContentError, DataError, ExerciseError, InvalidRequest, ProgressError
    from exercises.handin import submit
    from exercises.ladder import hint, solution
    from exercises.losses import log_losses
    from exercises.production.files import atomic_write
    from exercises.production.keys import content_hash, feature_hash, stable_hash
    from exercises.production.stability import population_stability
    from exercises.questions import quiz
    from exercises.records import BatchScore, Coverage, Drift, Hit, Mismatch, Miss, Response, TrainSpec

_HOMES = {
    "BatchScore": "records",
    "ContentError": "errors",
    "Coverage": "records",
    "DataError": "errors",
    "Drift": "records",
    "ExerciseError": "errors",
    "Hit": "records",
    "InvalidRequest": "errors",
    "Mismatch": "records",
    "Miss": "records",
    "ProgressError": "errors",
    "Response": "records",
    "TrainSpec": "records",
    "atomic_write": "production.files",
    "content_hash": "production.keys",
    "feature_hash": "production.keys",
    "hint": "ladder",
    "log_losses": "losses",
    "population_stability": "production.stability",
    "quiz": "questions",
    "solution": "ladder",
    "stable_hash": "production.keys",
    "submit": "handin",
}

__all__ = [
    "BatchScore",
    "ContentError",
    "Coverage",
    "DataError",
    "Drift",
    "ExerciseError",
    "Hit",
    "InvalidRequest",
    "Mismatch",
    "Miss",
    "ProgressError",
    "Response",
    "TrainSpec",
    "atomic_write",
    "content_hash",
    "feature_hash",
    "hint",
    "log_losses",
    "population_stability",
    "quiz",
    "solution",
    "stable_hash",
    "submit",
]


def __getattr__(name: str) -> Any:
    """Fetch a public name from its module at its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, for completion."""
    return sorted({*globals(), *_HOMES})


if "IPython" in sys.modules and not environment.grading():
    import_module("exercises.hook").install()
