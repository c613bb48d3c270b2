"""
One submission before the judge: the learner's cells run in the learner's process, the test cells here.

Decides the order, what a lost process costs (its cell, never the rest: a fresh process replays the earlier cells), and
what is written down about each cell. It decides no points: `scoring` does. Runs in a process forked for one submission.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from autograder.judge.cells import Cell
from autograder.judge.evidence import in_hidden_part, observe
from autograder.model import CellRun, Outcome
from autograder.protocol import stand_ins
from autograder.protocol.cells import CellReport
from autograder.protocol.errors import SessionLost
from autograder.protocol.limits import EXCEPTION_CHARS, Limits
from autograder.protocol.records import Registry
from autograder.protocol.session import Session
from autograder.sandbox.inside import linux
from autograder.sandbox.inside.shell import Shell, cell_file

STARTS = 2  # of a process in which the earlier cells must run again
LIMITS_BY_ERROR = {"MemoryError": Outcome.MEMORY, "TooMuchOutput": Outcome.OUTPUT}
SHOWN_CHARS = 4 << 20  # of one submission's cells that go on to be sanitised; an honest shell sends less
OVER_TIME = "the time limit of a check was crossed"


class CheckTimeout(BaseException):
    """A test cell took longer than it may; no `except Exception` in it swallows this."""


@dataclass(frozen=True, kw_only=True)
class Witnessed:
    """What was observed of one cell, and what it showed."""

    run: CellRun
    outputs: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Process:
    """A learner's process as the grader got it: the line to it and how to learn of its end."""

    end: socket.socket
    pid: int
    ended: Callable[[bool], Outcome]  # buries it and says which limit ended it; True if it has hung up by itself

    def cpu_seconds(self) -> float:
        """Return what all its threads have used so far; 0 once it is dead."""
        try:
            return time.clock_gettime(linux.cpu_clock(self.pid))
        except OSError:
            return 0.0


class Trial:
    """
    The hearing of one submission.

    Args:
        shell: The judge's own, in which the set-up cells have run.
        open_process: Gives a fresh process of the learner's, for a hash seed or the usual one.
        cell_seconds: Real time of one cell.
        limits: Ceilings of the protocol.
    """

    def __init__(
        self,
        shell: Shell,
        open_process: Callable[[int | None], Process],
        *,
        cell_seconds: float,
        limits: Limits,
        registry: Registry,
    ) -> None:
        self._shell = shell
        self._open_process = open_process
        self._cell_seconds = cell_seconds
        self._limits = limits
        self._registry = registry
        self._process: Process | None = None
        self._session: Session | None = None
        self._done: list[Cell] = []  # the learner's and locked cells that ran to their end, for a replay
        self._names: list[str] = []  # that tests may use
        self._ends_at = time.monotonic() + limits.total_seconds
        self._output_left = limits.output_bytes  # of prints; more ends in a verdict
        self._shown_left = SHOWN_CHARS  # of prints, pictures and errors; more is only not kept
        self._over: Outcome | None = None  # why nothing more can be run

    def hear(self, cells: Sequence[Cell]) -> tuple[Witnessed, ...]:
        """Run all cells but the set-up ones; what could not run any more says so."""
        witnessed = []
        with stand_ins.installed(self._open_session, self._open_fresh):
            for cell in cells:
                if cell.kind == "setup":
                    continue
                if not cell.source.strip():
                    witnessed.append(Witnessed(run=CellRun(name=cell.name)))
                else:
                    witnessed.append(self._timed(cell))
        self._bury()
        return tuple(witnessed)

    def _timed(self, cell: Cell) -> Witnessed:
        if not self._is_ready():
            return Witnessed(run=CellRun(name=cell.name, limit=self._over))
        wall, cpu = time.monotonic(), self._cpu_seconds()
        found = self._test(cell) if cell.kind == "test" else self._learners(cell)
        run = replace(found.run, wall_seconds=time.monotonic() - wall, cpu_seconds=max(0.0, self._cpu_seconds() - cpu))
        return replace(found, run=run)

    def _is_ready(self) -> bool:
        """Make sure that there is time and a living process in which the earlier cells ran; else say why not."""
        if self._over is None and time.monotonic() > self._ends_at:
            self._over = Outcome.TIME
        for _ in range(STARTS):
            if self._over is not None:
                return False
            try:
                self._need_session()
                return True
            except SessionLost as lost:  # an earlier cell did not run to its end again
                limit = self._limit_of(lost)
        self._over = limit
        return False

    def _cpu_seconds(self) -> float:
        theirs = self._process.cpu_seconds() if self._process is not None else 0.0
        return time.process_time() + theirs

    # The learner's cells

    def _learners(self, cell: Cell) -> Witnessed:
        session = self._need_session()
        try:
            report = session.execute(cell.name, cell.source)
        except SessionLost as lost:
            return Witnessed(run=CellRun(name=cell.name, limit=self._limit_of(lost)))
        report = self._bounded(report)
        self._done.append(cell)
        self._names += [name for name in cell.defines if name not in self._names]
        if cell.kind == "locked":
            self._shell.run(cell.name, cell.source)
        self._bind()
        return Witnessed(run=_reported(cell, report), outputs=tuple(self._shown(report)))

    def _bounded(self, report: CellReport) -> CellReport:
        """Count what a report holds here too: a process that lies about its outputs is over the limit, no more."""
        size = len(report.output) + len(report.errors)
        if size <= max(0, self._output_left):
            self._output_left -= size
            return replace(report, error_text=report.error_text[:EXCEPTION_CHARS])
        return replace(report, output=b"", errors=b"", error_text=report.error_text[:EXCEPTION_CHARS], cut=True)

    def _bind(self) -> None:
        """Give the tests what the learner's process means by the names that they may use."""
        space = self._shell.namespace
        for name in self._names:
            space.pop(name, None)
        try:
            space.update(self._need_session().bind(self._names))
        except SessionLost as lost:
            self._limit_of(lost)

    def _shown(self, report: CellReport) -> Iterator[dict[str, Any]]:
        """Turn a cell's report into outputs for display; hostile text, sanitised before it is stored."""
        for name, data in (("stdout", report.output), ("stderr", report.errors)):
            if data and (text := self._fitting(data.decode(errors="replace"))):
                yield {"output_type": "stream", "name": name, "text": text}
        for mime, text in report.shown:
            if len(text) + len(mime) <= self._shown_left:  # half a picture is none
                self._shown_left -= len(text) + len(mime)
                yield {"output_type": "display_data", "data": {mime: text}, "metadata": {}}
        if report.error_name is not None:
            name, text = self._fitting(report.error_name), self._fitting(report.error_text)
            yield {"output_type": "error", "ename": name, "evalue": text, "traceback": []}

    def _fitting(self, text: str) -> str:
        """Cut a text to what may still be shown of this submission."""
        text = text[: self._shown_left]
        self._shown_left -= len(text)
        return text

    # The test cells

    def _test(self, cell: Cell) -> Witnessed:
        session = self._need_session()
        before = dict(self._shell.namespace)
        with self._alarm(), session.limited(self._cell_seconds):
            ran = self._shell.run_plain(cell.name, cell.source)
        self._forget(before)
        error = ran.error
        if session.lost is not None:
            limit = Outcome.TIME if isinstance(error, CheckTimeout) else self._limit_of(session.lost)
            self._drop()
            return Witnessed(run=CellRun(name=cell.name, limit=limit))
        if isinstance(error, CheckTimeout):
            return Witnessed(run=CellRun(name=cell.name, limit=Outcome.TIME))
        if isinstance(error, SessionLost):  # a fresh process; the usual one lives on
            return Witnessed(run=CellRun(name=cell.name, limit=_without_account(error)))
        outputs = list(ran.outputs)
        if error is not None:
            outputs.append(
                {"output_type": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": []}
            )
        seen = observe(cell.name, outputs, graded=True, learners_cells={})
        if error is not None:
            seen = replace(seen, hidden=in_hidden_part(cell.source, _first_line(error, cell_file(cell.name))))
        return Witnessed(run=self._with_place(seen, error), outputs=tuple(outputs))

    def _forget(self, before: dict[str, Any]) -> None:
        """Take back the names that a test cell made or changed: no other one may use them."""
        space = self._shell.namespace
        for name in space.keys() - before.keys():
            del space[name]
        space.update(before)

    def _with_place(self, run: CellRun, error: BaseException | None) -> CellRun:
        """Name the learner's own cell and line, if the error came from there."""
        trace = getattr(error, "remote", None)
        if trace is not None:
            limit = LIMITS_BY_ERROR.get(run.error_name if run.error_name == "MemoryError" else trace.name)
            text = run.error_message
            if type(error) is RuntimeError and trace.name != "RuntimeError":  # what ends a program comes as text
                text = text.removeprefix(f"{trace.name}:").strip()
            run = replace(run, error_name=trace.name, error_message=text, limit=limit)
        elif not isinstance(error, AssertionError):  # one of the test's own objects raised it: the answer used it so
            trace = getattr(error, "passed", None)
        if trace is None:
            return run
        cells = {cell_file(cell.name): cell.name for cell in self._done if cell.kind != "locked"}
        places = trace.places[-1:] if run.error_name == "AssertionError" else trace.places
        cell, line = next(((cells[file], line) for file, line in reversed(places) if file in cells), (None, None))
        return replace(run, error_cell=cell, error_line=line)

    @contextmanager
    def _alarm(self) -> Iterator[None]:
        """Interrupt a test cell that takes too long, whether it waits for the learner or not."""

        def ring(*_: Any) -> None:
            raise CheckTimeout(OVER_TIME)

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, self._cell_seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    # Processes

    def _need_session(self) -> Session:
        """Return the line to a living process, after a loss to a fresh one in which the earlier cells ran again."""
        if self._session is None or self._session.lost is not None:
            self._drop()
            self._process = self._open(None)
            left = max(1.0, self._ends_at - time.monotonic())
            limits = replace(self._limits, total_seconds=left)
            self._session = Session(self._process.end, self._registry, limits)
            self._replay(self._session)
            if self._names:
                self._shell.namespace.update(self._session.bind(self._names))
        return self._session

    def _open_session(self) -> Session:
        """Return the line to the process of the running test, alive or not: within a test nothing is replaced."""
        if self._session is None:
            raise SessionLost("dead", "the process of the answers is gone")
        return self._session

    def _replay(self, session: Session) -> None:
        for cell in self._done:
            session.execute(cell.name, cell.source)

    def _open_fresh(self, hash_seed: int) -> Session:
        session = Session(self._open(hash_seed).end, self._registry, self._limits)
        self._replay(session)
        return session

    def _open(self, hash_seed: int | None) -> Process:
        """Get a process; how long the grader takes for it is nobody's time, and no alarm cuts its answer in two."""
        begun = time.monotonic()
        with _alarm_put_off():
            process = self._open_process(hash_seed)
        waited = time.monotonic() - begun
        self._ends_at += waited
        if self._session is not None:
            self._session.put_off(waited)
        return process

    def _limit_of(self, lost: SessionLost) -> Outcome:
        """Say which limit ended the process: the kernel knows of processor time, we know of waiting and lies."""
        told = self._bury(hung_up=lost.reason == "dead")
        return Outcome.TIME if lost.reason == "late" else told

    def _bury(self, *, hung_up: bool = False) -> Outcome:
        process, self._process = self._process, None
        self._drop()
        return Outcome.KILLED if process is None else process.ended(hung_up)

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


@contextmanager
def _alarm_put_off() -> Iterator[None]:
    left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        yield
    finally:
        if left > 0:  # else none was set
            signal.setitimer(signal.ITIMER_REAL, left)


def _without_account(lost: SessionLost) -> Outcome:
    """Say which limit ended a process that the kernel was not asked about."""
    return Outcome.TIME if lost.reason == "late" else Outcome.KILLED


def _first_line(error: BaseException, file: str) -> int | None:
    """Find the line of the test cell's own top level that led to an error."""
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            return step.tb_lineno
        step = step.tb_next
    return None


def _reported(cell: Cell, report: CellReport) -> CellRun:
    """Say how a cell ended; the name is ours, because a report could bear that of a check."""
    return CellRun(
        name=cell.name,
        error_name=report.error_name,
        error_message=report.error_text,
        error_line=report.error_line,
        limit=Outcome.OUTPUT if report.cut else LIMITS_BY_ERROR.get(report.error_name or ""),
    )
