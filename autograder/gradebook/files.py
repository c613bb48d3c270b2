"""
The folder `autograded/` in nbgrader's layout, kept equal to the database, which is the truth.

The order is: write `.tmp-ID`, commit, rename. A process that dies in between leaves `.tmp-ID` or `.old-ID` behind, and
whoever opens the gradebook next puts things right from the attempt's row. Never decides what a file holds.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.settings import ASSIGNMENT_FILE, TIMESTAMP_FILE

FILE_MODE = 0o444  # nbgrader's: an autograded notebook is not for editing
STAGED = ".tmp-"
REPLACED = ".old-"


@dataclass(frozen=True, kw_only=True)
class AutogradedFiles:
    """What stands in one learner's folder of one unit."""

    learner: str
    unit: str
    notebook: bytes
    submitted_at: datetime  # aware
    secret: str

    @property
    def contents(self) -> Mapping[str, bytes]:
        """File name -> bytes, as nbgrader names them."""
        return {
            ASSIGNMENT_FILE: self.notebook,
            TIMESTAMP_FILE: timestamp_text(self.submitted_at).encode(),
            "submission_secret.txt": self.secret.encode(),
        }


def timestamp_text(moment: datetime) -> str:
    """Write a moment as nbgrader's timestamp.txt does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


class AutogradedFolder:
    """The door to `autograded/`. One process at a time, by a file lock that dies with its holder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder (and with it the gradebook) for one submission."""
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def stage(self, attempt: int, files: AutogradedFiles) -> Path:
        """Write the files, down to the disk, where nobody looks for them."""
        staged = self.root / f"{STAGED}{attempt}"
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir()
        for name, data in files.contents.items():
            descriptor = os.open(staged / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(descriptor, FILE_MODE)
                os.fsync(descriptor)
        _sync_folder(staged)
        _sync_folder(self.root)
        return staged

    def place(self, staged: Path, files: AutogradedFiles) -> None:
        """Put staged files where nbgrader looks for them, in place of older ones."""
        target = self.path(files.learner, files.unit)
        target.parent.mkdir(exist_ok=True)
        replaced = self.root / (REPLACED + staged.name.removeprefix(STAGED))
        if target.exists():
            target.rename(replaced)
        staged.rename(target)
        _sync_folder(target.parent)
        shutil.rmtree(replaced, ignore_errors=True)

    def discard(self, staged: Path) -> None:
        """Forget staged files whose transaction was rolled back."""
        shutil.rmtree(staged, ignore_errors=True)

    def path(self, learner: str, unit: str) -> Path:
        """Name the folder of one learner's unit."""
        return self.root / learner / unit

    def leftovers(self) -> dict[Path, int]:
        """List what dead processes left: folder -> attempt that it was made for."""
        found: dict[Path, int] = {}
        if not self.root.is_dir():
            return found
        for entry in os.scandir(self.root):
            for prefix in (STAGED, REPLACED):
                number = entry.name.removeprefix(prefix)
                if entry.name.startswith(prefix) and number.isdecimal():
                    found[Path(entry.path)] = int(number)
        return found

    def units_present(self, learner: str) -> set[str]:
        """List the units whose notebook stands in a learner's folder."""
        folder = self.root / learner
        if not folder.is_dir():
            return set()
        return {entry.name for entry in os.scandir(folder) if (folder / entry.name / ASSIGNMENT_FILE).is_file()}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
