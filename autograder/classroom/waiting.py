"""
See on the disk what was handed in and not graded yet: the queue of a class.

Looks at the time at which the disk got a notebook, which nobody can set back, and reads no notebook. Never grades.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from autograder.gradebook.desk import Desk
from autograder.gradebook.engine import database_file
from autograder.settings import ASSIGNMENT_FILE, LEARNER_NAME, Settings


def look(settings: Settings) -> int:
    """
    Note in the gradebook what waits.

    Returns:
        How many submissions wait; 0 if there is no gradebook yet.
    """
    file = database_file(settings.db_url)
    if file is not None and not file.is_file():
        return 0
    units = [unit.name for unit in settings.units]
    handed_in = {(learner, unit): moment for learner, unit, moment in _handed_in(settings.submitted, units)}
    with Desk(settings) as desk:
        return desk.note_queue(handed_in)


def _handed_in(submitted: Path, units: list[str]) -> Iterator[tuple[str, str, datetime]]:
    if not submitted.is_dir():
        return
    known = set(units)
    for entry in os.scandir(submitted):
        if not LEARNER_NAME.fullmatch(entry.name) or not entry.is_dir(follow_symlinks=False):
            continue
        with suppress(OSError):  # the folder vanished, or is not for us to read
            names = os.listdir(entry.path)  # noqa: PTH208 - a path for each name costs a second
            for unit in sorted(known.intersection(names)):
                latest = _arrived(f"{entry.path}/{unit}")
                if latest is not None:
                    yield entry.name, unit, datetime.fromtimestamp(latest, UTC)


def _arrived(folder: str) -> float | None:
    """Say when the notebook of a folder got its bytes or its name, the newest of several; None if there is none."""
    try:
        return os.stat(f"{folder}/{ASSIGNMENT_FILE}", follow_symlinks=False).st_ctime  # noqa: PTH116 - as above
    except OSError:  # it is named otherwise, or there is none
        times = []
    with suppress(OSError):
        found = [entry for entry in os.scandir(folder) if entry.name.endswith(".ipynb")]
        times = [entry.stat(follow_symlinks=False).st_ctime for entry in found]
    return max(times, default=None)
