"""
A warm pair of servers for one unit: the sandbox's forks learners' processes, the judges' forks judges.

Decides how a submission is brought before a judge, and what became of a learner's process that ended. A fault of ours
is a PlatformError and never a verdict.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograder.errors import CourseError, PlatformError
from autograder.judge.cells import Cell, setup_cells, sort_cells
from autograder.judge.executor import Observed
from autograder.judge.judges import Judges
from autograder.judge.wire import Wire
from autograder.model import CellRun, Outcome
from autograder.protocol.limits import Limits as ProtocolLimits
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.keeper import Ended, Job, Keeper

WORKER = "autograder.sandbox.inside.worker"
LAST_BREATH_SECONDS = 2.0  # in which a process that has hung up may end by itself, so that its own end is told
GRACE_SECONDS = 15.0  # over the time of a submission, before its judge is given up


@dataclass
class _Spent:
    living: dict[int, Job] = field(default_factory=dict)
    jobs: int = 0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


class Pair:
    """
    The two servers of one unit; several threads may bring submissions at once.

    Args:
        source: The unit's own notebook, with hidden tests; only its set-up cells reach the sandbox.
        judges: The judges' server of this unit, ready or not; it ends with the pair.
        mode: Sandbox mode.
        limits: Ceilings of the learner's process.
    """

    def __init__(self, source: NotebookNode, judges: Judges, *, mode: str, limits: Limits, cell_seconds: float) -> None:
        self.mode = mode
        self._source = source
        self._limits = limits
        self._cell_seconds = cell_seconds
        self._judges = judges
        self._lock = threading.Lock()
        self._keepers: dict[int, Keeper] = {}
        self._closed = False
        try:
            self._setup = setup_cells(source)
            self._keeper(0)  # while the judges' server makes itself ready
            judges.wait()
        except BaseException:
            self.close()
            raise

    def run(self, notebook: NotebookNode) -> Observed:
        """
        Bring a rebuilt notebook before a judge; its outputs are written into it.

        Raises:
            CourseError: If a test cell is at fault.
            PlatformError: If a server or the judge is; nothing is lost, and it may be tried again.
        """
        cells = sort_cells(notebook, self._source)
        begun = time.monotonic()
        spent = _Spent()
        line = self._judges.summon()
        try:
            line.send(
                {
                    "cells": [asdict(cell) for cell in cells],
                    "cell_seconds": self._cell_seconds,
                    "limits": asdict(self._protocol_limits()),
                }
            )
            told = self._attend(line, spent)
        except (EOFError, OSError) as error:
            raise PlatformError(f"the judge of {self.mode} ended before its verdict ({error!r})") from error
        finally:
            line.close()
            for job in spent.living.values():
                _bury(job, spent)
        return _hearing(notebook, cells, told, spent, time.monotonic() - begun)

    @property
    def gone(self) -> bool:
        """Whether one of the servers has ended; then a new pair is needed."""
        return self._judges.gone or any(keeper.gone for keeper in list(self._keepers.values()))

    def close(self) -> None:
        """End both servers and everything that they forked."""
        with self._lock:
            self._closed = True
            keepers = list(self._keepers.values())
        for keeper in keepers:
            keeper.close()
        self._judges.close()

    def _attend(self, line: Wire, spent: _Spent) -> dict[str, Any]:
        """Give the judge what it asks for until it tells what it saw."""
        deadline = time.monotonic() + self._limits.wall_seconds + GRACE_SECONDS
        while True:
            told, _ = line.receive(timeout=max(0.001, deadline - time.monotonic()))
            if told.get("need") == "process":
                asked = time.monotonic()
                job = self._keeper(told["hash_seed"] or 0).job()
                deadline += time.monotonic() - asked  # a server may have had to start, which is nobody's time
                spent.jobs += 1
                spent.living[spent.jobs] = job
                line.send({"process": spent.jobs, "pid": job.pid}, [job.channel.fileno()])
                job.channel.close()
            elif told.get("need") == "end":
                wait_seconds = LAST_BREATH_SECONDS if told["hung_up"] else 0.0
                ended = _bury(spent.living.pop(told["process"]), spent, wait_seconds=wait_seconds)
                line.send({"limit": _limit(ended)})
            elif "course_error" in told:
                raise CourseError(told["course_error"])
            elif "fault" in told:
                raise PlatformError(f"the judge stopped: {told['fault'][-2000:]}")
            else:
                return told

    def _keeper(self, hash_seed: int) -> Keeper:
        with self._lock:
            if self._closed:  # while a submission of another thread is in work
                raise PlatformError(f"the servers of {self.mode} were closed")
            if hash_seed not in self._keepers:
                self._keepers[hash_seed] = Keeper(
                    mode=self.mode,
                    worker=WORKER,
                    unit={"cells": self._setup},
                    limits=self._limits,
                    hash_seed=hash_seed,
                )
            return self._keepers[hash_seed]

    def _protocol_limits(self) -> ProtocolLimits:
        return ProtocolLimits(
            output_bytes=self._limits.output_bytes,
            call_seconds=self._limits.call_seconds,
            cell_seconds=self._cell_seconds,
            total_seconds=self._limits.wall_seconds,
        )


def _bury(job: Job, spent: _Spent, *, wait_seconds: float = 0.0) -> Ended | None:
    """End a learner's process and add up what it used; None if its server is gone with it."""
    with suppress(PlatformError):
        ended = job.end(wait_seconds=wait_seconds)
        spent.cpu_seconds += ended.cpu_seconds
        spent.peak_bytes = max(spent.peak_bytes, ended.peak_bytes)
        return ended
    return None


def _limit(ended: Ended | None) -> str:
    """Say which limit ended a process, from what the kernel told."""
    if ended is None:
        return Outcome.PLATFORM_FAULT.value
    return {"cpu": Outcome.TIME, "memory": Outcome.MEMORY}.get(ended.cause, Outcome.KILLED).value


def _hearing(
    notebook: NotebookNode, cells: Sequence[Cell], told: dict[str, Any], spent: _Spent, wall_seconds: float
) -> Observed:
    """Write the outputs into the notebook, cell by cell."""
    witnessed = {one["run"]["name"]: one for one in told["witnessed"]}
    runs = [_run(one["run"]) for one in told["witnessed"]]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, (node, cell) in enumerate(zip(code, cells, strict=True), start=1):
        outputs = witnessed.get(cell.name, {"outputs": []})["outputs"]
        node.outputs = [NotebookNode(output) for output in outputs]
        node.execution_count = number
    return Observed(
        notebook=notebook,
        cells=tuple(runs),
        wall_seconds=wall_seconds,
        cpu_seconds=told["cpu_seconds"] + spent.cpu_seconds,
        peak_bytes=spent.peak_bytes,
    )


def _run(plain: dict[str, Any]) -> CellRun:
    limit = plain.pop("limit")
    return CellRun(**plain, limit=Outcome(limit) if limit else None)
