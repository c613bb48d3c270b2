"""Causes of death, from the kernel's account alone."""

import signal
from types import SimpleNamespace

import pytest

from autograder.sandbox.inside.endings import ending
from autograder.sandbox.inside.limits import Limits

LIMITS = Limits(cpu_seconds=10, memory_bytes=100 << 20)


def cause(status: int, *, cpu: float = 1.0, peak: int = 0, asked: str | None = None) -> str:
    usage = SimpleNamespace(ru_utime=cpu, ru_stime=0.0, ru_maxrss=(50 << 10) + (peak >> 10))
    return ending(status, usage, LIMITS, base_bytes=50 << 20, cause=asked)["cause"]


@pytest.mark.parametrize(
    ("status", "facts", "wanted"),
    [
        (0, {}, "exit"),
        (70 << 8, {}, "exit"),
        (0, {"asked": "asked"}, "exit"),
        (signal.SIGKILL, {"asked": "asked"}, "asked"),
        (signal.SIGKILL, {"asked": "files"}, "files"),
        (signal.SIGKILL, {"cpu": 9.9}, "cpu"),
        (signal.SIGKILL, {"cpu": 9.9, "asked": "asked"}, "cpu"),
        (signal.SIGKILL, {"cpu": 5.0}, "cpu"),  # beside others that wake up often the kernel's ticks run ahead
        (signal.SIGKILL, {"cpu": 5.0, "asked": "asked"}, "asked"),
        (signal.SIGKILL, {"peak": 90 << 20}, "memory"),
        (signal.SIGKILL, {"peak": 10 << 20}, "signal"),  # not for what it took: somebody outside killed it
        (signal.SIGABRT, {"peak": 90 << 20}, "memory"),
        (signal.SIGSEGV, {"peak": 90 << 20}, "memory"),
        (signal.SIGABRT, {"peak": 10 << 20}, "signal"),
        (signal.SIGSEGV, {}, "signal"),
        (signal.SIGSYS, {}, "call"),
    ],
)
def test_a_cause_follows_from_the_account(status, facts, wanted):
    """Signal, processor time and memory say it; a job's own words count nothing."""
    assert cause(status, **facts) == wanted


def test_memory_counts_over_what_the_server_had():
    """What was inherited is not the job's."""
    usage = SimpleNamespace(ru_utime=0.5, ru_stime=0.25, ru_maxrss=60 << 10)
    told = ending(0, usage, LIMITS, base_bytes=50 << 20, cause=None)

    assert (told["peak_bytes"], told["cpu_seconds"], told["signal"], told["status"]) == (10 << 20, 0.75, 0, 0)
