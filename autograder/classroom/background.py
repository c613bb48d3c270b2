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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import PlatformError
from autograder.gradebook.desk import Desk
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


def start(
    settings: Settings,
    unit: str,
    *,
    actor: str,
    reason: str = "",
    learners: Sequence[str] | None = None,
    force: bool = False,
) -> int:
    """
    Note a run in a gradebook that is there, and start its process.

    Nothing of nbgrader is imported for it: a server that is asked to start a run goes on answering others.

    Returns:
        The run's id.

    Raises:
        LeaseHeldError: If the unit is being graded.
        PlatformError: If there is no gradebook, or no process could be started.
    """
    with Desk(settings) as desk:
        run = desk.plan_run(unit, actor=actor, whole=learners is None, reason=reason)
        chosen = None if learners is None else tuple(learners)
        order = RunOrder(settings=settings, unit=unit, run=run, actor=actor, learners=chosen, force=force)
        try:
            launch(order)
        except OSError as error:
            desk.give_up_run(run, f"no process could be started: {error}")
            raise PlatformError(
                f"run {run}: no process could be started ({error}); free memory and try again"
            ) from error
    return run


def read_order() -> RunOrder:
    """Read the order that `launch` wrote to this process."""
    order = pickle.load(sys.stdin.buffer)
    if not isinstance(order, RunOrder):
        raise TypeError(f"standard input holds {type(order).__name__}; this process is started by the dashboard")
    return order
