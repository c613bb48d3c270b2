"""
Grade what a class handed in for one unit: each submission wholly or not at all, and once.

Decides what is new, what is answered from the gradebook and what is done already; one process writes the gradebook,
workers only get bytes and give grades back. It can be killed at any point and started again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from autograder import __version__
from autograder.authoring.units import load_source, load_unit
from autograder.classroom.collect import Collected, collect, roster
from autograder.classroom.workers import Finished, Grader, Workers, local_processes, one_thread
from autograder.errors import LeaseHeldError
from autograder.gradebook.clock import utc_now
from autograder.gradebook.queries import AttemptView, Queries
from autograder.gradebook.writer import Writer
from autograder.model import Refusal, Submission
from autograder.settings import ASSIGNMENT_FILE, Settings

TICK_SECONDS = 1.0  # how often a waiting run renews its lease and looks for a wish to cancel

Progress = Callable[[int, int], None]  # submissions done, in all


@dataclass(frozen=True, kw_only=True)
class ClassReport:
    """What one run over a class did."""

    unit: str
    run: int
    total: int  # submissions found
    graded: int  # ran now
    answered: int  # same bytes and tests as before, with a new time
    unchanged: int  # were in the gradebook already
    refused: int
    faults: int  # quarantined: the platform's matter
    cancelled: bool
    problems: tuple[str, ...]  # one line for everything that could not be graded
    wall_seconds: float
    place: str  # where submissions are looked for

    def summary(self) -> str:
        """Say in one line what was done."""
        if not self.total and not self.problems:
            return f"{self.unit}: nothing was handed in; looked for {self.place}"
        parts = [f"{self.graded} graded"]
        named = {"answered from the gradebook": self.answered, "unchanged": self.unchanged}
        named |= {"refused": self.refused, "quarantined": self.faults}
        parts += [f"{number} {name}" for name, number in named.items() if number]
        ending = "; cancelled" if self.cancelled else ""
        return f"{self.unit}: {', '.join(parts)} of {self.total}, {self.wall_seconds:.1f} s{ending}"


@dataclass
class _Counts:
    graded: int = 0
    answered: int = 0
    unchanged: int = 0
    refused: int = 0
    faults: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.graded + self.answered + self.unchanged + self.refused + self.faults


def grade_class(
    settings: Settings,
    unit: str,
    *,
    grade: Grader,
    learners: Collection[str] | None = None,
    force: bool = False,
    jobs: int | None = None,
    actor: str = "",
    planned: int | None = None,
    progress: Progress | None = None,
    new_executor: Callable[[int], Executor] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> ClassReport:
    """
    Grade the submissions of a unit.

    Args:
        settings: Where submissions and gradebook are.
        unit: Name of the unit.
        grade: Grades one submission; must be picklable, because workers are processes.
        learners: Only these; everybody who handed in if None.
        force: Grade again what was graded by the same tests.
        jobs: Submissions side by side; course.toml's number if None.
        actor: Who started the run; the settings' learner if empty.
        planned: The run that was noted for this grading; a new one if None.
        progress: Called with (done, in all).
        new_executor: Makes the executor for a number of jobs; local processes if None, a thread for one submission.
        clock: Gives the aware time.

    Raises:
        CourseError: If the unit cannot be loaded.
        LeaseHeldError: If another process grades the unit.
        PlatformError: If the gradebook or the disk cannot be written; start again when it can.
    """
    started = time.monotonic()
    found = load_unit(settings, unit)
    source = load_source(settings, unit)
    chosen, problems = _chosen(settings, unit, learners)
    executor = new_executor or (one_thread if len(chosen) == 1 else local_processes)
    with Writer(settings, clock=clock) as writer, Queries(settings) as queries:
        writer.save_unit(unit, source, found.suite_digest)
        run = writer.start_run(
            unit, actor=actor or settings.learner, total=len(chosen), whole=learners is None, planned=planned
        )
        workers = Workers(grade, jobs=jobs or settings.grading.jobs, new_executor=executor)
        grading = _Run(
            settings=settings,
            unit=unit,
            suite_digest=found.suite_digest,
            writer=writer,
            workers=workers,
            run=run,
            force=frozenset(chosen) if force else queries.regrade_marks(unit),
            latest=queries.current_attempts(unit),
            tell=lambda done: progress(done, len(chosen)) if progress else None,
            clock=clock,
        )
        grading.counts.problems.extend(problems)
        grading.all(chosen)
    return _report(settings, unit, run, len(chosen), grading, time.monotonic() - started)


def _report(settings: Settings, unit: str, run: int, total: int, grading: _Run, wall_seconds: float) -> ClassReport:
    counts = grading.counts
    return ClassReport(
        unit=unit,
        run=run,
        total=total,
        graded=counts.graded,
        answered=counts.answered,
        unchanged=counts.unchanged,
        refused=counts.refused,
        faults=counts.faults,
        cancelled=grading.cancelled,
        problems=tuple(counts.problems),
        wall_seconds=wall_seconds,
        place=str(settings.submitted / "LEARNER" / unit / ASSIGNMENT_FILE),
    )


def _chosen(settings: Settings, unit: str, learners: Collection[str] | None) -> tuple[list[str], list[str]]:
    handed_in, problems = roster(settings, unit)
    if learners is None:
        return handed_in, problems
    missing = sorted(set(learners) - set(handed_in))
    nothing = [f"{learner}: nothing was handed in for {unit}; look into {settings.submitted}" for learner in missing]
    return [learner for learner in handed_in if learner in set(learners)], nothing


class _Run:
    """The way of one class through the workers."""

    def __init__(
        self,
        *,
        settings: Settings,
        unit: str,
        suite_digest: str,
        writer: Writer,
        workers: Workers,
        run: int,
        force: Collection[str],
        latest: Mapping[str, AttemptView],
        tell: Callable[[int], None],
        clock: Callable[[], datetime],
    ) -> None:
        self.counts = _Counts()
        self.cancelled = False
        self._settings = settings
        self._unit = unit
        self._suite_digest = suite_digest
        self._writer = writer
        self._workers = workers
        self._run = run
        self._force = force
        self._latest = latest
        self._tell = tell
        self._clock = clock
        self._notes: dict[str, tuple[str, ...]] = {}
        self._renewed = time.monotonic()

    def all(self, learners: Collection[str]) -> None:
        """Grade until nothing is left or somebody cancels, and note how the run ended."""
        try:
            self._until_the_end(learners)
        except BaseException as error:
            with suppress(LeaseHeldError):  # then the other run's state must stay
                self._finish("stopped", str(error) or type(error).__name__)
            raise
        finally:
            self._workers.close()
        self._finish("cancelled" if self.cancelled else "done")

    def _finish(self, state: str, message: str = "") -> None:
        self._writer.finish_run(self._run, state, unchanged=self.counts.unchanged, message=message)

    def _until_the_end(self, learners: Collection[str]) -> None:
        waiting = collect(self._settings, self._unit, learners, now=self._clock())
        more = True
        self._tell(0)
        while more or self._workers.is_busy:
            while more and self._workers.has_room:
                more = self._take_next(waiting)
                self._renew()
            if self.cancelled:
                return
            if self._workers.is_busy:
                for finished in self._workers.finished(TICK_SECONDS):
                    self._write(finished)
                self._renew()

    def _take_next(self, waiting: Iterator[Collected]) -> bool:
        """Take the next submission; False if there is none."""
        collected = next(waiting, None)
        if collected is None or self.cancelled:
            return False
        if collected.refusal is not None:
            self._refuse(collected.refusal)
        elif collected.submission is not None:
            self._begin(collected.submission, collected.notes)
        self._tell(self.counts.done)
        return True

    def _begin(self, submission: Submission, notes: tuple[str, ...]) -> None:
        before = self._latest.get(submission.learner)
        again = submission.learner in self._force
        if not again and before is not None and before.sha256 == submission.sha256:
            if before.state == "refused" and before.grader_version == __version__:
                self._unchanged(before)
                return
            same_tests = before.state == "graded" and before.suite_digest == self._suite_digest
            if same_tests and before.submitted_at == submission.submitted_at:
                self._unchanged(before)
                return
        if not again and self._writer.reuse(submission, self._suite_digest, run=self._run) is not None:
            self.counts.answered += 1
            return
        self._notes[submission.learner] = notes
        self._workers.add(submission)

    def _write(self, finished: Finished) -> None:
        submission = finished.submission
        if finished.grade is not None:
            notes = self._notes.pop(submission.learner, ())
            grade = replace(finished.grade, repairs=(*notes, *finished.grade.repairs))
            self._writer.record(grade, run=self._run)
            self.counts.graded += 1
        else:
            refusal = Refusal(
                learner=submission.learner,
                unit=self._unit,
                reason=finished.refused or finished.fault,
                received_at=submission.received_at,
                sha256=submission.sha256,
                notebook=submission.notebook,
                fault=not finished.refused,
                submitted_at=submission.submitted_at,
            )
            self._refuse(refusal)
        self._tell(self.counts.done)

    def _refuse(self, refusal: Refusal) -> None:
        before = self._latest.get(refusal.learner)
        same = before is not None and (before.state, before.sha256, before.reason) == (
            "refused",
            refusal.sha256,
            refusal.reason,
        )
        if before is not None and same and refusal.learner not in self._force:
            self._unchanged(before)
            return
        self._writer.refuse(refusal, run=self._run)
        if refusal.fault:
            self.counts.faults += 1
            self.counts.problems.append(f"{refusal.learner}: quarantined, no points lost: {refusal.reason}")
        else:
            self.counts.refused += 1
            self.counts.problems.append(f"{refusal.learner}: refused: {refusal.reason}")

    def _unchanged(self, before: AttemptView) -> None:
        self.counts.unchanged += 1
        if before.state == "refused":
            self.counts.problems.append(f"{before.learner}: refused before: {before.reason}")

    def _renew(self) -> None:
        if time.monotonic() - self._renewed >= TICK_SECONDS:
            self._renewed = time.monotonic()
            asked = self._writer.renew_run(self._run, unchanged=self.counts.unchanged)
            self.cancelled = asked or self.cancelled
