"""
The learner's working copies under var/work: made once, refreshed only while untouched.

Decides what may be written there. It never changes or removes a file that a learner has saved: a copy is refreshed
only if it is still what was handed out, and a reset keeps a backup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat

from autograder.authoring.files import write_atomically
from autograder.authoring.release import release_notebook
from autograder.authoring.units import load_source
from autograder.errors import CourseError, SettingsError
from autograder.settings import Settings

LESSON = "lesson.ipynb"
ASSIGNMENT = "assignment.ipynb"
STATE_FOLDER = ".course"  # below var/work; hidden in JupyterLab's file list
LEDGER = "handed_out.json"  # path below var/work -> SHA-256 of the bytes handed out


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One notebook of the course and the learner's copy of it."""

    unit: str
    kind: str  # file name of the copy
    path: Path
    content: str  # what the course hands out now

    @property
    def key(self) -> str:
        """The copy's name in the ledger."""
        return f"{self.unit}/{self.kind}"


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
    written = []
    for copy in _copies(settings, names):
        if not copy.path.exists() or _is_untouched(copy, ledger):
            if copy.path.exists() and _read(copy.path) == copy.content:
                continue
            write_atomically(copy.path, copy.content)
            ledger[copy.key] = _digest(copy.content)
            written.append(copy.path)
    if written:
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
        if copy.path.exists() and copy.key in ledger and ledger[copy.key] != _digest(copy.content)
        if not _is_untouched(copy, ledger)
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
    write_atomically(fresh.path, fresh.content)
    _write_ledger(settings, _read_ledger(settings) | {fresh.key: _digest(fresh.content)})
    return backup


def answers(path: Path) -> dict[str, str]:
    """Read the answer cells of a notebook by grade_id; empty if it is not there or cannot be read."""
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
    return path.exists() and _read_ledger(settings).get(f"{unit}/{kind}") != _digest(_read(path))


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
    lesson = settings.notebooks / f"{name}.ipynb"
    if lesson.is_file():
        yield Copy(unit=name, kind=LESSON, path=settings.work / name / LESSON, content=_read(lesson))
    if (settings.source / name / ASSIGNMENT).is_file():
        content = nbformat.writes(release_notebook(load_source(settings, name)), version=nbformat.NO_CONVERT) + "\n"
        yield Copy(unit=name, kind=ASSIGNMENT, path=settings.work / name / ASSIGNMENT, content=content)


def _is_untouched(copy: Copy, ledger: dict[str, str]) -> bool:
    return copy.path.exists() and ledger.get(copy.key) == _digest(_read(copy.path))


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


def _read_ledger(settings: Settings) -> dict[str, str]:
    try:
        table = json.loads(_ledger_path(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # without a ledger every file counts as the learner's own
    return {str(key): str(value) for key, value in table.items()} if isinstance(table, dict) else {}


def _write_ledger(settings: Settings, ledger: dict[str, str]) -> None:
    write_atomically(_ledger_path(settings), json.dumps(ledger, indent=1, sort_keys=True) + "\n")
