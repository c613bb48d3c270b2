"""
Write and read the learner's progress without ever stopping a cell.

Decides what happens when the file cannot be used: one notice a session, and everything goes on uncounted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from exercises import environment
from exercises.cards import Card, show
from exercises.errors import ProgressError
from exercises.progress import Progress

T = TypeVar("T")

_told: set[str] = set()  # files that a notice was shown for


def note(action: Callable[[Progress], T]) -> T | None:
    """Do *action* on the progress file; None if there is no course's folder or the file cannot be used."""
    path = environment.progress_path()
    if path is None:
        return None
    try:
        return action(Progress(path))
    except ProgressError as error:
        if str(path) not in _told:
            _told.add(str(path))
            show(Card(kind="calm", head="Progress is not recorded", text=str(error), label="Progress"))
        return None
