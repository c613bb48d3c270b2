"""
Grade many submissions side by side on an executor, and survive whatever a grading does.

Decides when a grading is tried again: once, alone, after anything that is not the learner's matter. When a worker
dies, all that was in work is graded again one at a time, so that only the culprit is blamed. Never sees the gradebook.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass

from autograder.errors import SubmissionError
from autograder.model import Grade, Outcome, Submission

TRIES = 2  # a platform fault is tried once more, then quarantined
AHEAD = 2  # submissions in memory for each worker: one in work, one waiting

Grader = Callable[[Submission], Grade]


@dataclass(frozen=True, kw_only=True)
class Finished:
    """One submission that left the workers, with exactly one of: a grade, a reason to refuse it, a fault of ours."""

    submission: Submission
    grade: Grade | None = None
    refused: str = ""
    fault: str = ""


@dataclass(kw_only=True)
class _Job:
    submission: Submission
    tries: int = 0
    alone: bool = False  # nothing may be in work beside it


def local_processes(jobs: int) -> Executor:
    """Make worker processes on this machine, which end with this process even if it is killed."""
    context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks and the database's connection
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent)


def one_thread(_jobs: int) -> Executor:
    """Make a single thread: enough for one submission, and there at once."""
    return ThreadPoolExecutor(1, thread_name_prefix="grading")


class Workers:
    """A window of submissions in work. Not thread-safe: one caller feeds it and takes what is finished."""

    def __init__(self, grade: Grader, *, jobs: int, new_executor: Callable[[int], Executor]) -> None:
        self._grade = grade
        self._jobs = jobs
        self._new_executor = new_executor
        self._executor: Executor | None = None
        self._in_work: dict[Future[Grade], _Job] = {}
        self._alone: deque[_Job] = deque()  # to be tried one at a time

    @property
    def has_room(self) -> bool:
        """Whether another submission may be added now; never beside one that is tried alone."""
        if self._alone or any(job.alone for job in self._in_work.values()):
            return False
        return len(self._in_work) < AHEAD * self._jobs

    @property
    def is_busy(self) -> bool:
        """Whether anything is in work or waiting."""
        return bool(self._in_work or self._alone)

    def add(self, submission: Submission) -> None:
        """Start grading a submission."""
        self._start(_Job(submission=submission))

    def finished(self, timeout_seconds: float) -> list[Finished]:
        """Wait for something to finish, at most so long, and take all that did."""
        if self._alone and not self._in_work:
            self._start(self._alone.popleft())
        done, _ = wait(self._in_work, timeout=timeout_seconds, return_when=FIRST_COMPLETED)
        if any(isinstance(future.exception(), BrokenExecutor) for future in done):
            kept = {future for future in done if not isinstance(future.exception(), BrokenExecutor)}
            found = [self._finish(future) for future in kept]
            return [each for each in (*found, self._recover()) if each is not None]
        return [each for each in map(self._finish, done) if each is not None]

    def close(self) -> None:
        """Stop: what is in work is finished and forgotten, what waits is not begun."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _start(self, job: _Job) -> None:
        if self._executor is None:
            self._executor = self._new_executor(self._jobs)
        try:
            self._in_work[self._executor.submit(self._grade, job.submission)] = job
        except BrokenExecutor:  # a worker died between two submissions
            self._put_alone(job)
            self._recover()

    def _finish(self, future: Future[Grade]) -> Finished | None:
        job = self._in_work.pop(future)
        error = future.exception()
        if isinstance(error, SubmissionError):
            return Finished(submission=job.submission, refused=str(error))
        if error is not None:
            return self._try_again(job, f"{type(error).__name__}: {error}")
        grade = future.result()
        faults = [result.check for result in grade.results if result.outcome is Outcome.PLATFORM_FAULT]
        if faults:
            return self._try_again(job, f"platform fault in {', '.join(faults)}")
        return Finished(submission=job.submission, grade=grade)

    def _try_again(self, job: _Job, fault: str) -> Finished | None:
        job.tries += 1
        if job.tries >= TRIES:
            return Finished(submission=job.submission, fault=fault)
        self._put_alone(job)
        return None

    def _put_alone(self, job: _Job) -> None:
        job.alone = True
        self._alone.append(job)

    def _recover(self) -> Finished | None:
        """Go on with new workers after one died; with several in work nobody knows whose fault it was."""
        lost = list(self._in_work.values())
        self._in_work.clear()
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None
        if len(lost) == 1:
            return self._try_again(lost[0], "the worker process died; was it out of memory?")
        for job in lost:
            self._put_alone(job)
        return None


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_after, args=(parent.join,), daemon=True, name="end-with-parent").start()


def _exit_after(end_of_parent: Callable[[], None]) -> None:
    end_of_parent()
    os._exit(1)  # nobody is left to hand a grade to
