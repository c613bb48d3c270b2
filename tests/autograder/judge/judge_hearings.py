"""Hearings before a judge in this process: real learners' processes with a plain shell, and a plain shell here."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from autograder.judge.cells import Cell
from autograder.judge.trial import Process, Trial, Witnessed
from autograder.model import Outcome
from autograder.protocol.cells import CellReport
from autograder.protocol.limits import Limits
from autograder.protocol.records import Registry
from autograder.protocol.worker import serve
from autograder.sandbox.inside.shell import Ran, cell_file

REGISTRY = Registry.of()
LIMITS = Limits(call_seconds=120.0, cell_seconds=120.0, total_seconds=600.0)


class PlainShell:
    """Runs cells with exec, on either side."""

    def __init__(self, **names: Any) -> None:
        self.namespace: dict[str, Any] = {"__name__": "__main__", **names}

    def run(self, name: str, source: str) -> Ran:
        try:
            exec(compile(source, cell_file(name), "exec"), self.namespace)
        except BaseException as error:  # noqa: BLE001 - how the cell ended
            return Ran(error=error, outputs=(), too_much=False)
        return Ran(error=None, outputs=(), too_much=False)

    run_plain = run

    def execute(self, name: str, source: str) -> CellReport:
        error = self.run(name, source).error
        return CellReport(
            name=name, error_name=type(error).__name__ if error else None, error_text=str(error) if error else ""
        )


class Learners:
    """Forks a learner's process whenever a trial asks for one; PROCESS is its number there, from 1."""

    def __init__(self) -> None:
        self.pids: list[int] = []
        self.hash_seeds: list[int | None] = []
        self.said_to_have_hung_up: list[bool] = []

    def open(self, hash_seed: int | None) -> Process:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            try:
                signal.setitimer(signal.ITIMER_REAL, 0)
                ours.close()
                serve(theirs, PlainShell(PROCESS=len(self.pids) + 1), REGISTRY)
            finally:
                os._exit(0)
        theirs.close()
        self.pids.append(pid)
        self.hash_seeds.append(hash_seed)
        return Process(end=ours, pid=pid, ended=self._bury(pid))

    def _bury(self, pid: int) -> Callable[[bool], Outcome]:
        def ended(hung_up: bool) -> Outcome:
            self.said_to_have_hung_up.append(hung_up)
            self.end(pid)
            return Outcome.KILLED

        return ended

    def end(self, pid: int) -> None:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def close(self) -> None:
        for pid in self.pids:
            self.end(pid)


def hear(
    learners: Learners, cells: Sequence[Cell], *, cell_seconds: float = 120.0, limits: Limits = LIMITS
) -> dict[str, Witnessed]:
    """Hear cells; return what was witnessed of each, by name."""
    trial = Trial(PlainShell(), learners.open, cell_seconds=cell_seconds, limits=limits, registry=REGISTRY)
    return {one.run.name: one for one in trial.hear(cells)}


def answer(name: str, source: str, *defines: str) -> Cell:
    return Cell(name=name, kind="answer", source=source, defines=defines)


def check(name: str, source: str) -> Cell:
    return Cell(name=name, kind="test", source=source)


def locked(name: str, source: str) -> Cell:
    return Cell(name=name, kind="locked", source=source)
