"""
Reading what a learner handed in: one regular file, of bounded size, that is a notebook.

Decides whether the bytes can be graded at all and says in a SubmissionError what to do if not. It never executes
anything, never follows a link, and believes nothing but the bytes.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from datetime import datetime
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.model import Submission
from autograder.settings import ASSIGNMENT_FILE, LEARNER_NAME
from autograder.submission.notebook import read_notebook

UNIT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


def read_submission(
    path: Path,
    *,
    learner: str,
    unit: str,
    submitted_at: datetime,
    received_at: datetime,
    max_bytes: int,
    beneath: Path | None = None,
) -> Submission:
    """
    Read one learner's notebook and make sure that it can be graded.

    Args:
        path: The notebook's file.
        learner: Account name; becomes part of paths and is checked.
        unit: Name of the unit; becomes part of paths and is checked.
        submitted_at: Aware; what counts for lateness.
        received_at: Aware; now.
        max_bytes: A larger file is refused unread.
        beneath: See `read_bytes`.

    Raises:
        SubmissionError: If the file cannot be read safely or is no notebook.
    """
    if not LEARNER_NAME.fullmatch(learner) or learner in {".", ".."}:
        raise SubmissionError(f"learner {learner!r}: use 1 to 64 letters, digits and . _ - @")
    if not UNIT_NAME.fullmatch(unit):
        raise SubmissionError(f"unit {unit!r}: a unit is named NN_name, for example 01_training")
    data = read_bytes(path, max_bytes=max_bytes, beneath=beneath)
    read_notebook(data)
    return Submission(
        learner=learner,
        unit=unit,
        notebook=data,
        sha256=hashlib.sha256(data).hexdigest(),
        submitted_at=submitted_at,
        received_at=received_at,
    )


def find_notebook(folder: Path, name: str = ASSIGNMENT_FILE) -> tuple[Path, str | None]:
    """
    Find the notebook in a folder that was handed in, also when its file was renamed.

    Returns:
        Its path, and a note to the learner if another name than *name* was taken.

    Raises:
        SubmissionError: If there is no notebook, or no way to tell which one is meant.
    """
    try:
        found = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(".ipynb"))
    except OSError as error:
        raise SubmissionError(f"{folder}: the folder cannot be read ({error.strerror}); hand in again") from error
    if name in found:
        return folder / name, None
    if len(found) == 1:
        return folder / found[0], f"The file {_printable(found[0])} was taken for {name}; keep that name next time."
    if not found:
        raise SubmissionError(f"{folder}: there is no {name}; hand in the notebook under that name")
    listed = ", ".join(_printable(each) for each in found[:5])
    raise SubmissionError(f"{folder}: no {name} but {len(found)} others ({listed}); rename the one you mean")


def read_bytes(path: Path, *, max_bytes: int, beneath: Path | None = None) -> bytes:
    """
    Read a regular file with one link and without following a symbolic link.

    Args:
        path: The file.
        max_bytes: A larger file is refused before it is read.
        beneath: A folder that is trusted; below it no part of *path* may be a symbolic link. Without it only the
            last part is checked.

    Raises:
        SubmissionError: If the file is missing, too large, a link, or not a regular file.
    """
    shown = _printable(str(path))
    if "\0" in str(path) or ".." in path.parts:
        raise SubmissionError(f"{shown}: a path with '..' or a NUL character is refused; hand in the notebook itself")
    try:
        descriptor = _open(path, beneath)
    except OSError as error:
        reason = "a link or no file" if error.strerror is None else error.strerror.lower()
        raise SubmissionError(f"{shown}: cannot be opened ({reason}); hand in the notebook itself, no link") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{shown}: not a regular file; hand in the notebook itself")
        if status.st_nlink != 1:
            raise SubmissionError(f"{shown}: the file has {status.st_nlink} links; hand in a copy of its own")
        if status.st_size > max_bytes:
            raise SubmissionError(_too_large(shown, status.st_size, max_bytes))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(max_bytes + 1)
    finally:
        os.close(descriptor)
    if len(data) > max_bytes:  # it grew while we read it
        raise SubmissionError(_too_large(shown, len(data), max_bytes))
    return data


def _open(path: Path, beneath: Path | None) -> int:
    if beneath is None:
        return os.open(path, _OPEN_FLAGS)
    try:
        *folders, name = path.relative_to(beneath).parts
    except ValueError as error:
        raise SubmissionError(f"{_printable(str(path))}: not beneath {beneath}; hand in there") from error
    at = os.open(beneath, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            below = os.open(folder, _FOLDER_FLAGS, dir_fd=at)
            os.close(at)
            at = below
        return os.open(name, _OPEN_FLAGS, dir_fd=at)
    finally:
        os.close(at)


def _too_large(shown: str, size: int, max_bytes: int) -> str:
    return (
        f"{shown}: {size:,} bytes, and at most {max_bytes:,} are read; "
        "clear the outputs (Edit, Clear Outputs of All Cells), save, and hand in again"
    )


def _printable(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else "?" for sign in text)
    return shown if len(shown) <= 200 else "..." + shown[-197:]
