"""
Running many candidates of one unit side by side, in a few worker processes that have imported everything already.

Decides how the work is shared and what a lost worker means. What a cell run is worth is decided by the grader's own
scoring rule, which the caller brings.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from autograder.authoring.program import Cell, Program
from autograder.errors import CourseError, PlatformError
from autograder.model import CellRun, Outcome

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|[-+]?inf|nan")  # as the grader reads one
WARNING = re.compile(r"\b([A-Za-z_]*(?:Warning|Error)): ([^\n]*)")
CANDIDATE_SECONDS = 120.0  # real time of all cells of one candidate; endless ones end sooner by their processor time
ENDING_SECONDS = 10.0  # real time in which a worker can end by itself
ENVIRONMENT = {
    # a clean one: what a shell happens to export must not change a verdict; the grader's kernel has the same
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
    "TZ": "UTC",
    "LANG": "C.UTF-8",
    "NBGRADER_EXECUTION": "autograde",
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    # threads do not survive a fork
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JOBLIB_MULTIPROCESSING": "0",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Cells to run after the set-up, in a process of their own."""

    cells: Sequence[Cell]
    seconds: float = CANDIDATE_SECONDS  # real time
    cpu_seconds: int | None = None  # whole seconds of CPU
    until: frozenset[str] = field(default_factory=frozenset)  # an error in one of these cells ends the run


class Runner:
    """Workers that have run a unit's set-up; a context manager."""

    def __init__(self, program: Program, *, jobs: int, hidden_seed: str = "") -> None:
        self._program = program
        self._jobs = jobs
        self._environment = ENVIRONMENT | ({"COURSE_HIDDEN_SEED": hidden_seed} if hidden_seed else {})
        self._stack = contextlib.ExitStack()
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()

    def __enter__(self) -> Runner:
        """Start the workers; they run the set-up at the same time."""
        with self._stack:
            workers = [self._stack.enter_context(_Worker(self._environment)) for _ in range(self._jobs)]
            for worker in workers:
                worker.send({"setup": list(self._program.setup)})
            for worker in workers:
                _refuse_unfit(worker.receive(), self._program)
                self._idle.put(worker)
            self._pool = self._stack.enter_context(ThreadPoolExecutor(self._jobs))
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        self._stack.close()

    def run(self, candidates: Iterable[Candidate]) -> Iterator[tuple[CellRun, ...]]:
        """
        Run candidates, several at a time; results come in the order of the candidates.

        Raises:
            PlatformError: If a worker process is lost.
        """
        yield from self._pool.map(self._run, candidates)

    def _run(self, candidate: Candidate) -> tuple[CellRun, ...]:
        worker = self._idle.get()
        try:
            worker.send(
                {
                    "cells": list(candidate.cells),
                    "seconds": candidate.seconds,
                    "cpu_seconds": candidate.cpu_seconds,
                    "until": sorted(candidate.until),
                }
            )
            return _cell_runs(worker.receive(), self._program)
        finally:
            self._idle.put(worker)


class _Worker:
    """One worker process, its two streams and the one folder that it writes in."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="course-calibrate-", ignore_cleanup_errors=True)
        home = self._home.name
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.authoring.worker", home],
            env=environment | {"HOME": home, "TMPDIR": home},
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()  # it ends its candidate, and what that has started
        try:
            self._process.wait(timeout=ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._home.cleanup()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                _open(stream).close()

    def send(self, message: dict[str, Any]) -> None:
        try:
            _open(self._process.stdin).write(json.dumps(message) + "\n")
            _open(self._process.stdin).flush()
        except OSError as error:
            raise self._lost() from error

    def receive(self) -> dict[str, Any]:
        line = _open(self._process.stdout).readline()
        if not line:
            raise self._lost()
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _lost(self) -> PlatformError:
        return PlatformError(
            f"a calibration worker (process {self._process.pid}) ended; run `course calibrate` again, "
            "with fewer --jobs if memory is short"
        )


def _open(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise PlatformError("a calibration worker has no stream; run `course calibrate` again")
    return stream


def _cell_runs(reply: dict[str, Any], program: Program) -> tuple[CellRun, ...]:
    return tuple(_cell_run(fields, program) for fields in reply["cells"])


def _cell_run(fields: dict[str, Any], program: Program) -> CellRun:
    """Read one reply as the grader reads a notebook's outputs."""
    error = fields.get("error_name")
    frames = fields.pop("frames", ())
    if error == "AssertionError":
        frames = frames[-1:]  # it is the learner's only if the innermost cell is
    own = [(cell, line) for cell, line in frames if cell in program.reference]
    cell, line = own[-1] if own else (None, None)
    stderr, limit, result = (fields.pop(key, None) for key in ("stderr", "limit", "result"))
    warnings = WARNING.findall(stderr or "")
    if warnings and error is None:
        fields["error_message"] = ": ".join(warnings[-1])
    return CellRun(
        value=_points(fields["name"], result) if result is not None and fields["name"] in program.checks else None,
        error_cell=cell,
        error_line=line,
        stderr=bool(stderr),
        limit=Outcome(limit) if limit else None,
        **fields,
    )


def _points(check: str, text: str) -> float:
    if not NUMBER.fullmatch(text):
        raise CourseError(
            f"check {check!r} ends in {text[:60]!r}, which is no plain number of points; "
            "end it in an assert, or in float(points) for partial credit"
        )
    return float(text)


def _refuse_unfit(reply: dict[str, Any], program: Program) -> None:
    """Refuse a set-up after which nothing can run."""
    for run in _cell_runs(reply, program):
        if run.error_name:
            raise CourseError(
                f"set-up cell {run.name!r} raises {run.error_name}: {run.error_message}; nothing runs without it"
            )
    if reply["threads"] > 1:
        raise CourseError(
            f"the set-up cells leave {reply['threads']} threads running; start none there, a forked process loses them"
        )
