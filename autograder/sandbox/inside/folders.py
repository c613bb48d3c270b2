"""
The private folders of jobs that have no file system of their own (modes M2, M3 and M0): measured while a job lives,
removed when it is dead. Whatever a hostile job built there, neither recursion nor a link leads out or to a crash.
"""

# all is relative to an open folder, which pathlib cannot do
# ruff: noqa: PTH106, PTH208

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from itertools import count

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def exceeds(folder: str, *, max_bytes: int, max_inodes: int) -> bool:
    """
    Tell whether a living job's folder holds more than it may; looks at no more entries than that.

    A job that renames its folders meanwhile can hide files; the size of the file system bounds it.
    """
    waiting, total, inodes = [folder], 0, 0
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    inodes += 1
                    if inodes > max_inodes or total > max_bytes:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except FileNotFoundError:
            continue  # the job removed it meanwhile
        except OSError:
            return True  # too deep to be named, or closed: nothing honest looks so
    return total > max_bytes


def remove(folder: str) -> None:
    """Remove a dead job's folder: what lies in a folder is first moved to the top, so that nothing is too deep."""
    moved = (f"{secrets.token_hex(16)}-{number}" for number in count())  # no name that the job could have taken
    top = os.open(folder, FOLDER)
    try:
        while names := os.listdir(top):
            for name in names:
                _remove_one(top, name, moved)
    finally:
        os.close(top)
    os.rmdir(folder)


def _remove_one(top: int, name: str, moved: Iterator[str]) -> None:
    if not _is_folder(top, name):
        os.unlink(name, dir_fd=top)
        return
    os.chmod(name, 0o700, dir_fd=top)  # the job may have closed it
    inner = os.open(name, FOLDER, dir_fd=top)
    try:
        for child in os.listdir(inner):
            if _is_folder(inner, child):
                os.chmod(child, 0o700, dir_fd=inner)
                os.rename(child, next(moved), src_dir_fd=inner, dst_dir_fd=top)
            else:
                os.unlink(child, dir_fd=inner)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=top)


def _is_folder(parent: int, name: str) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
