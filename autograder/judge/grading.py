"""
Grading one submission: rebuild, run, score, sanitise.

Decides only what belongs together. It opens no gradebook and writes no file; what it returns is all that is known.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from datetime import UTC, datetime

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.errors import CourseError
from autograder.judge.executor import Executor, Observed
from autograder.judge.sanitise import sanitise
from autograder.judge.scoring import score
from autograder.model import Grade, Submission, Unit
from autograder.submission.rebuild import Rebuilt, rebuild

DISTRIBUTION = "production-ml-course"


def _utc_now() -> datetime:
    return datetime.now(UTC)


def grade(
    submission: Submission,
    *,
    unit: Unit,
    source: NotebookNode,
    released: NotebookNode,
    executor: Executor,
    clock: Callable[[], datetime] = _utc_now,
) -> Grade:
    """
    Grade one submission.

    Args:
        submission: What was handed in, unread.
        unit: The unit that it answers.
        source: The course's own notebook of the unit.
        released: The same as learners get it.
        executor: Runs the notebook.
        clock: Gives the aware time of grading.

    Raises:
        SubmissionError: If the submission is no readable notebook.
        CourseError: If the course's own cells are at fault.
        PlatformError: If the executor could not run; no points are lost.
    """
    rebuilt = rebuild(submission, source, released)
    ran = executor.run(rebuilt.notebook)
    _check_our_own_cells(unit, rebuilt, ran)
    results = score(unit, rebuilt.answers, ran.cells)
    kept = sanitise(ran.notebook, results)
    return Grade(
        submission=submission,
        results=results,
        answers=rebuilt.answers,
        repairs=rebuilt.repairs,
        autograded=(nbformat.writes(kept, version=nbformat.NO_CONVERT) + "\n").encode(),
        suite_digest=unit.suite_digest,
        grader_version=importlib.metadata.version(DISTRIBUTION),
        mode=executor.mode,
        graded_at=clock(),
        wall_seconds=ran.wall_seconds,
        cpu_seconds=ran.cpu_seconds,
        peak_bytes=ran.peak_bytes,
    )


def _check_our_own_cells(unit: Unit, rebuilt: Rebuilt, ran: Observed) -> None:
    """Blame the author if a set-up cell stops before any cell of the learner has run."""
    ours = {cell.metadata.nbgrader.grade_id for cell in rebuilt.notebook.cells if "nbgrader" in cell.metadata}
    answers = {answer.name for answer in rebuilt.answers}
    for run in ran.cells:
        if run.name in answers or run.name not in ours:
            return
        if run.error_name is not None or run.limit is not None:
            what = f"{run.error_name}: {run.error_message}" if run.error_name else str(run.limit)
            raise CourseError(f"{unit.name}: the set-up cell {run.name} stops with {what}; mend it and build again")
