"""How a job ended, told from what the kernel says about the dead process and from nothing that the job said."""

from __future__ import annotations

import os
import resource
import signal
from typing import Any, Literal

from autograder.sandbox.inside.limits import Limits

# asked: the keeper wanted it; exit: by itself; cpu, memory, files: over that limit; call: one that nothing honest makes
Cause = Literal["asked", "exit", "cpu", "memory", "files", "call", "signal"]

# Of the limit of processor time. It counts by ticks; a whole one is charged to whoever runs when it strikes. Beside
# programs that wake up often a job is killed when its account says two thirds of the limit, or less.
SOME_TIME = 0.25  # nobody but the kernel killed it: for time, unless it had hardly begun
NEARLY_ALL_TIME = 0.75  # its server wanted it too
NEARLY_ALL_MEMORY = 0.75  # of the limit: a library that gets no more memory aborts before it has used all
OUT_OF_MEMORY = {signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGKILL}  # SIGKILL by a kernel that has none


def inherited_bytes() -> int:
    """Return how much memory a fork of this process begins with: what is mapped from files it must first touch."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            resident, shared = map(int, file.read().split()[1:3])
    except OSError:
        return 0
    return (resident - shared) * resource.getpagesize()


def ending(
    status: int, usage: resource.struct_rusage, limits: Limits, *, base_bytes: int, cause: Cause | None
) -> dict[str, Any]:
    """
    Describe an ending.

    Args:
        status: The process's wait status.
        usage: What it used, by the kernel's account.
        limits: Its ceilings.
        base_bytes: Resident memory that it inherited from its server.
        cause: Why the server ended it, if it did.
    """
    signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    cpu_seconds = usage.ru_utime + usage.ru_stime
    peak_bytes = max(0, usage.ru_maxrss * 1024 - base_bytes)
    return {
        "signal": signalled,
        "status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        "cause": _cause(signalled, cpu_seconds, peak_bytes, limits, cause),
        "cpu_seconds": cpu_seconds,
        "peak_bytes": peak_bytes,
    }


def _cause(signalled: int, cpu_seconds: float, peak_bytes: int, limits: Limits, cause: Cause | None) -> Cause:
    if signalled == 0:
        return "exit"
    if signalled == signal.SIGKILL:
        if cause == "files":
            return cause
        if cpu_seconds >= (NEARLY_ALL_TIME if cause else SOME_TIME) * limits.cpu_seconds:
            return "cpu"
        if cause is not None:
            return cause
    if signalled == signal.SIGSYS:
        return "call"
    if signalled in OUT_OF_MEMORY and peak_bytes >= NEARLY_ALL_MEMORY * limits.memory_bytes:
        return "memory"
    return "signal"
