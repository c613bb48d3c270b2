"""
The learner's working copies under var/work: made once, refreshed only while untouched.

Decides what may be written there. It never changes or removes a file that a learner has saved: a copy is refreshed
only if it is still what was handed out, and a reset keeps a backup.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypedDict

import nbformat

from autograder.authoring.files import write_atomically
from autograder.authoring.units import load_exercises, load_source
from autograder.errors import CourseError, SettingsError, SubmissionError
from autograder.model import Submission
from autograder.settings import Settings
from autograder.submission.intake import read_submission
from exercises.environment import STATE_FOLDER as STATE_FOLDER

LESSON = "lesson.ipynb"
ASSIGNMENT = "assignment.ipynb"
LEDGER = "handed_out.json"  # path below var/work -> what was handed out, and from what


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One notebook of the course and the learner's copy of it."""

    unit: str
    kind: str  # file name of the copy
    path: Path
    origin: Path  # the course's file that the copy is made from

    @property
    def key(self) -> str:
        """The copy's name in the ledger."""
        return f"{self.unit}/{self.kind}"


class Entry(TypedDict):
    """What the ledger knows of one copy."""

    copy: str  # SHA-256 of what was handed out
    origin: str  # SHA-256 of the course's file at that time


Ledger = dict[str, Entry]


def prepare(settings: Settings, names: Sequence[str] | None = None) -> list[Path]:
    """
    Copy lessons and released exercises to var/work, never over a file that the learner has saved.

    Args:
        settings: The course.
        names: Units to copy; all of course.toml if None.

    Returns:
        Paths that were written, in course order; empty if all stood there already.

    Raises:
        CourseError: If a unit of *names* has neither a lesson nor exercises; without names such a unit is left out.
    """
    ledger = _read_ledger(settings)
    before = dict(ledger)
    written = []
    for copy in _copies(settings, names):
        entry = ledger.get(copy.key)
        if copy.path.exists() and (entry is None or not _is_newer(copy, entry)):
            continue
        content = _content(settings, copy)
        if not copy.path.exists() or (_is_untouched(copy, entry) and not _is_same(content, entry)):
            write_atomically(copy.path, content)
            written.append(copy.path)
        elif not _is_same(content, entry):
            continue  # the learner's own file: `notices` tells of the newer version
        ledger[copy.key] = Entry(copy=_digest(content), origin=_digest(_read(copy.origin)))
    if ledger != before:
        _write_ledger(settings, ledger)
    return written


def notices(settings: Settings, names: Sequence[str] | None = None) -> list[str]:
    """Name units that are not built, and changed copies of which the course holds a newer version."""
    ledger = _read_ledger(settings)
    unbuilt = [
        f"{unit.name}: course.toml lists it, but it is not built; run `course build`"
        for unit in settings.units
        if names is None and not is_built(settings, unit.name)
    ]
    return unbuilt + [
        _notice(copy)
        for copy in _copies(settings, names)
        if copy.path.exists() and (entry := ledger.get(copy.key)) and _is_newer(copy, entry)
        if not _is_untouched(copy, entry) and not _is_same(_content(settings, copy), entry)
    ]


def reset(settings: Settings, unit: str, *, now: datetime | None = None) -> Path:
    """
    Put a fresh copy of a unit's exercises in place, after saving the learner's file beside it.

    Args:
        settings: The course.
        unit: Name of the unit, such as 01_training.
        now: Time for the backup's name; the clock's if None.

    Returns:
        The backup; the fresh copy itself if there was nothing to save.

    Raises:
        CourseError: If the unit has no exercises.
    """
    fresh = next((copy for copy in _copies(settings, [unit]) if copy.kind == ASSIGNMENT), None)
    if fresh is None:
        raise CourseError(f"{unit}: has a lesson only, so there are no exercises to reset")
    backup = _save_backup(fresh.path, now or datetime.now()) if fresh.path.exists() else fresh.path
    content = _content(settings, fresh)
    write_atomically(fresh.path, content)
    entry = Entry(copy=_digest(content), origin=_digest(_read(fresh.origin)))
    _write_ledger(settings, _read_ledger(settings) | {fresh.key: entry})
    return backup


def read_copy(settings: Settings, unit: str, now: datetime) -> Submission:
    """
    Read the learner's exercises of a unit as they would be handed in at *now*, aware.

    Raises:
        SubmissionError: If there is no working copy, or it cannot be read.
        CourseError: If there is none because the unit has no exercises.
    """
    path = settings.work / unit / ASSIGNMENT
    afresh = f"`course reset {unit.split('_', 1)[0]}`"
    if not os.path.lexists(path):
        load_exercises(settings, unit)
        raise SubmissionError(f"{path}: there is no working copy yet; `course start` or {afresh} makes one")
    try:
        return read_submission(
            path,
            learner=settings.learner,
            unit=unit,
            submitted_at=now,
            received_at=now,
            max_bytes=settings.grading.max_notebook_bytes,
        )
    except SubmissionError as error:
        told = str(error) if str(error).startswith(str(path)) else f"{path}: {error}"
        raise SubmissionError(f"{told} ({afresh} puts a fresh copy in place and keeps this file beside it)") from error


def answers(path: Path) -> dict[str, str]:
    """Read the answer cells of a notebook by grade_id; empty if it is not there or cannot be read."""
    try:
        state = path.stat()
    except OSError:
        return {}
    return _answers_at(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=64)  # the course page asks for all of them again and again
def _answers_at(path: Path, _changed: int, _size: int) -> dict[str, str]:
    try:
        cells = nbformat.read(path, as_version=4).cells
        marks = [(cell.source, cell.metadata.get("nbgrader", {})) for cell in cells]
        return {str(mark["grade_id"]): source for source, mark in marks if mark.get("solution")}
    except (OSError, ValueError, KeyError, AttributeError, nbformat.ValidationError):
        return {}  # what is wrong with it is told when it is submitted


def is_built(settings: Settings, unit: str) -> bool:
    """Tell whether a unit has a lesson or exercises to open."""
    return (settings.notebooks / f"{unit}.ipynb").is_file() or (settings.source / unit / ASSIGNMENT).is_file()


def is_touched(settings: Settings, unit: str, kind: str) -> bool:
    """Tell whether the learner has saved a file since it was handed out; False if it is not there."""
    path = settings.work / unit / kind
    if not path.exists():
        return False
    entry = _read_ledger(settings).get(f"{unit}/{kind}")
    return entry is None or entry["copy"] != _digest(_read(path))


def _copies(settings: Settings, names: Sequence[str] | None) -> Iterator[Copy]:
    known = [unit.name for unit in settings.units]
    for name in known if names is None else names:
        if name not in known:
            raise SettingsError(f"no unit {name!r}; course.toml lists {', '.join(known) or 'none'}")
        found = list(_unit_copies(settings, name))
        if not found and names is not None:
            raise CourseError(f"{name}: found neither notebooks/{name}.ipynb nor its source; run `course build` first")
        yield from found


def _unit_copies(settings: Settings, name: str) -> Iterator[Copy]:
    folder = settings.work / name
    lesson, assignment = settings.notebooks / f"{name}.ipynb", settings.source / name / ASSIGNMENT
    if lesson.is_file():
        yield Copy(unit=name, kind=LESSON, path=folder / LESSON, origin=lesson)
    if assignment.is_file():
        yield Copy(unit=name, kind=ASSIGNMENT, path=folder / ASSIGNMENT, origin=assignment)


def _content(settings: Settings, copy: Copy) -> str:
    """Make what the course hands out now; a release takes time, so it is made only when needed."""
    if copy.kind == LESSON:
        return _read(copy.origin)
    from autograder.authoring.release import release_notebook  # nbgrader loads with it: seconds, for a first copy only

    released = release_notebook(load_source(settings, copy.unit))
    return str(nbformat.writes(released, version=nbformat.NO_CONVERT)) + "\n"


def _is_untouched(copy: Copy, entry: Entry | None) -> bool:
    return entry is not None and copy.path.exists() and entry["copy"] == _digest(_read(copy.path))


def _is_newer(copy: Copy, entry: Entry) -> bool:
    return entry["origin"] != _digest(_read(copy.origin))


def _is_same(content: str, entry: Entry | None) -> bool:
    return entry is not None and entry["copy"] == _digest(content)


def _notice(copy: Copy) -> str:
    if copy.kind == ASSIGNMENT:
        advice = f"`course reset {copy.unit.split('_', 1)[0]}` fetches it and keeps yours as a backup"
    else:
        advice = "rename your file and start the course again to fetch it"
    return f"{copy.key}: the course has a newer version. Your file is left as it is; {advice}."


def _save_backup(path: Path, now: datetime) -> Path:
    content = path.read_bytes()
    stem = f"{path.stem}.backup-{now:%Y-%m-%dT%H-%M-%S}"  # no colons: Windows shares cannot hold them
    for attempt in range(1000):
        backup = path.with_name(f"{stem}{f'-{attempt}' if attempt else ''}.ipynb")
        try:
            with backup.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        return backup
    raise CourseError(f"{path.parent}: holds a thousand backups of this second; remove some and try again")


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")  # a damaged file differs from ours, and that is all we ask


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _ledger_path(settings: Settings) -> Path:
    return settings.work / STATE_FOLDER / LEDGER


def _read_ledger(settings: Settings) -> Ledger:
    try:
        table = json.loads(_ledger_path(settings).read_text(encoding="utf-8"))
        return {str(key): Entry(copy=str(row["copy"]), origin=str(row["origin"])) for key, row in table.items()}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return {}  # without a ledger every file counts as the learner's own


def _write_ledger(settings: Settings, ledger: Ledger) -> None:
    write_atomically(_ledger_path(settings), json.dumps(ledger, indent=1, sort_keys=True) + "\n")
