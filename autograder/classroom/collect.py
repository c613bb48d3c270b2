"""
Read what a class handed in, in nbgrader's layout: submitted/LEARNER/UNIT/assignment.ipynb beside timestamp.txt.

Decides what is a submission, what must be refused and why. It never follows a link, never executes anything, and one
bad folder never hides another. A time stamp that is missing or unreadable is replaced by the notebook's own time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.errors import PlatformError, SubmissionError
from autograder.model import Refusal, Submission
from autograder.settings import ASSIGNMENT_FILE, LEARNER_NAME, TIMESTAMP_FILE, Settings
from autograder.submission.intake import find_notebook, read_bytes, read_submission

TIMESTAMP_BYTES = 200  # a moment is written in fewer than fifty


@dataclass(frozen=True, kw_only=True)
class Collected:
    """One learner's folder: a submission that can be graded, or a refusal."""

    learner: str
    submission: Submission | None = None
    refusal: Refusal | None = None
    notes: tuple[str, ...] = ()  # told to the learner with the repairs


def roster(settings: Settings, unit: str) -> tuple[list[str], list[str]]:
    """
    List who handed in a unit.

    Returns:
        The learners, sorted; and a problem for each folder whose name can be no learner's.

    Raises:
        PlatformError: If the folder of submissions cannot be read.
    """
    learners, problems = [], []
    try:
        names = sorted(entry.name for entry in os.scandir(settings.submitted))
    except FileNotFoundError:
        return [], []
    except OSError as error:
        raise PlatformError(f"{settings.submitted}: cannot be read ({error.strerror})") from error
    for name in names:
        folder = settings.submitted / name
        if name.startswith(".") or not os.path.lexists(folder / unit):
            continue
        if folder.is_symlink() or not LEARNER_NAME.fullmatch(name):
            problems.append(
                f"{folder!s}: skipped; a learner's folder is no link and has a name of letters, digits, . _ - @"
            )
        else:
            learners.append(name)
    return learners, problems


def collect(settings: Settings, unit: str, learners: Collection[str], *, now: datetime) -> Iterator[Collected]:
    """Read the submissions of *learners* one after the other, so that only one is in memory at a time."""
    for learner in learners:
        yield _collect_one(settings, unit, learner, now)


def _collect_one(settings: Settings, unit: str, learner: str, now: datetime) -> Collected:
    folder = settings.submitted / learner / unit
    try:
        if folder.is_symlink():
            raise SubmissionError(f"{folder}: a link; hand in the folder itself")
        path, renamed = find_notebook(folder)
        submitted_at, note = _submitted_at(settings, path, now)
        submission = read_submission(
            path,
            learner=learner,
            unit=unit,
            submitted_at=submitted_at,
            received_at=now,
            max_bytes=settings.grading.max_notebook_bytes,
            beneath=settings.submitted,
        )
    except SubmissionError as error:
        return Collected(learner=learner, refusal=_refusal(settings, unit, learner, str(error), now))
    notes = tuple(text for text in (renamed, note) if text)
    return Collected(learner=learner, submission=submission, notes=notes)


def _submitted_at(settings: Settings, notebook: Path, now: datetime) -> tuple[datetime, str | None]:
    """Read timestamp.txt as nbgrader does; say so if the notebook's own time is taken instead."""
    path = notebook.parent / TIMESTAMP_FILE
    own_time = _modified(notebook, now)
    counts = f"the notebook's own time counts: {own_time:%Y-%m-%d %H:%M} UTC."
    if not os.path.lexists(path):
        return own_time, f"There was no {TIMESTAMP_FILE}, so {counts}"
    stamp = _stamp(settings, notebook.parent)
    if stamp is not None:
        return stamp, None
    return own_time, f"{TIMESTAMP_FILE} could not be read, so {counts}"


def _stamp(settings: Settings, folder: Path) -> datetime | None:
    """Read the moment of a timestamp.txt; None if there is none."""
    try:
        text = read_bytes(folder / TIMESTAMP_FILE, max_bytes=TIMESTAMP_BYTES, beneath=settings.submitted)
        moment = parse_utc(text.decode("utf-8").strip()) if text.strip() else None
    except (SubmissionError, ValueError, OverflowError, TypeError):
        return None  # whatever stands there, it is no moment
    return None if moment is None else moment.replace(tzinfo=UTC)


def _modified(notebook: Path, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(notebook.stat(follow_symlinks=False).st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return now


def _refusal(settings: Settings, unit: str, learner: str, reason: str, now: datetime) -> Refusal:
    """Keep the bytes of a notebook that cannot be graded, if they can be read at all."""
    path = settings.submitted / learner / unit / ASSIGNMENT_FILE
    stamp = _stamp(settings, path.parent)
    try:
        data = read_bytes(path, max_bytes=settings.grading.max_notebook_bytes, beneath=settings.submitted)
    except SubmissionError:
        data = b""
    return Refusal(
        learner=learner,
        unit=unit,
        reason=reason,
        received_at=now,
        sha256=hashlib.sha256(data).hexdigest() if data else "",
        notebook=data,
        submitted_at=stamp,
    )
