"""The ceilings of one job: one table, each with its unit and what it covers. Enforced by kernel, worker and judge."""

from __future__ import annotations

import resource
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Ceilings for one submission; crossing one ends the cell or the job and is told apart from a wrong answer."""

    wall_seconds: float = 60.0  # real time of the whole submission, sleeping included
    cpu_seconds: int = 30  # processor time of the job, all threads
    call_seconds: float = 10.0  # real time of one call from a test
    memory_bytes: int = 1 << 30  # address space over what the warm server has
    output_bytes: int = 1 << 20  # printed and displayed, whole submission
    file_bytes: int = 16 << 20  # all files of the private folders; also one file's size
    inodes: int = 2000  # files and folders of the private folders
    open_files: int = 64  # descriptors at once
    threads: int = 64  # at once; there are no processes but the job itself


def address_space_bytes() -> int:
    """Return the size of this process's address space now."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - before pathlib's caches matter
        return int(file.read().split()[0]) * resource.getpagesize()


def apply(limits: Limits) -> None:
    """Put the kernel's share of *limits* in force, hard and soft alike: a signal handler cannot win time."""
    for kind, value in (
        (resource.RLIMIT_AS, address_space_bytes() + limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.threads),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(kind, (value, value))
