"""
Start a grading run in a process of its own, so that a server goes on answering while a class is graded.

The process survives the server that started it. It takes over a run that the gradebook holds already, so that a page
shows it at once. Decides nothing about grading.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from autograder.settings import Settings

MODULE = "autograder.grading_run"
LOGS = "runs"  # below var: what each process printed


@dataclass(frozen=True, kw_only=True)
class RunOrder:
    """All that the process must know."""

    settings: Settings
    unit: str
    run: int
    actor: str
    learners: tuple[str, ...] | None  # None: everybody
    force: bool


def log_path(settings: Settings, run: int) -> Path:
    """Name the file that holds what a run's process printed."""
    return settings.var / LOGS / f"run-{run}.log"


def launch(order: RunOrder) -> int:
    """
    Start the process and hand it the order.

    Returns:
        Its process id.
    """
    log = log_path(order.settings, order.run)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            cwd=order.settings.root,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if process.stdin is None:  # it was asked for above
        raise AssertionError
    with process.stdin:
        pickle.dump(order, process.stdin)  # from one process of ours to another
    threading.Thread(target=process.wait, daemon=True, name=f"run-{order.run}").start()  # or it stays a zombie
    return process.pid


def read_order() -> RunOrder:
    """Read the order that `launch` wrote to this process."""
    order = pickle.load(sys.stdin.buffer)
    if not isinstance(order, RunOrder):
        raise TypeError(f"standard input holds {type(order).__name__}; this process is started by the dashboard")
    return order
