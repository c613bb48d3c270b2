"""The ceilings of one job: one table, each with its unit and what it covers. Enforced by kernel, worker and judge."""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass

from autograder.sandbox.inside import linux

FEW_TASKS = 16  # of one user: looked for first
MOST_TASKS = 1 << 16  # of one user; more is not looked for
SHARES_AT_ONCE = 16  # where jobs share one count of tasks: together they have at most so many times what one may have


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
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - pathlib costs a job 50 us here
        return int(file.read().split()[0]) * resource.getpagesize()


def tasks_of_user() -> int:
    """
    Find how many tasks the kernel counts for this user here, besides this process.

    No file says so: the count reaches over containers. The kernel is asked: it is the least limit that stops a thread.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = MOST_TASKS if hard == resource.RLIM_INFINITY else min(MOST_TASKS, hard)
    low, high = 0, min(FEW_TASKS, most)
    try:
        while high < most and not _starts_under(high, hard):
            low, high = high + 1, min(2 * high, most)
        while low < high:
            middle = (low + high) // 2
            if _starts_under(middle, hard):
                high = middle
            else:
                low = middle + 1
    finally:
        resource.setrlimit(resource.RLIMIT_NPROC, (soft, hard))
    return max(0, low - 2)  # without that task and this process


def most_tasks_of_others(limits: Limits) -> int:
    """
    Say how many tasks a job may find besides its own, where jobs share one count. Asked once, before the first job.

    A job is given its threads over what it finds, so that a neighbour cannot take them. Without a bound each of a
    chain of greedy jobs, every one forked while the one before it lives, would be given more than the one before.
    """
    return tasks_of_user() + (SHARES_AT_ONCE - 1) * limits.threads


def _starts_under(limit: int, hard: int) -> bool:
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, hard))
    return linux.a_task_starts()


def apply(limits: Limits, *, tasks: int) -> None:
    """
    Put the kernel's share of *limits* in force, hard and soft alike: a signal handler cannot win time.

    Args:
        limits: The ceilings.
        tasks: What the kernel counts for this user besides this job.
    """
    _set(resource.RLIMIT_AS, address_space_bytes() + limits.memory_bytes)
    _set(resource.RLIMIT_NPROC, tasks + limits.threads)
    _set(resource.RLIMIT_MEMLOCK, 0)
    _set(resource.RLIMIT_MSGQUEUE, 0)
    _apply_everywhere(limits)


def apply_without_jail(limits: Limits) -> None:
    """Put those of *limits* in force that every system has, for one's own work."""
    if sys.platform == "linux":
        _set(resource.RLIMIT_AS, address_space_bytes() + limits.memory_bytes)
    _apply_everywhere(limits)


def _apply_everywhere(limits: Limits) -> None:
    _set(resource.RLIMIT_CPU, limits.cpu_seconds)
    _set(resource.RLIMIT_FSIZE, limits.file_bytes)
    _set(resource.RLIMIT_NOFILE, limits.open_files)
    _set(resource.RLIMIT_CORE, 0)


def _set(kind: int, value: int) -> None:
    """Lower a limit; a host that allows less already keeps its own."""
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
