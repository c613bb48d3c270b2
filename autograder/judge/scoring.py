"""
Deciding what each check earned. Pure: from the records of what ran to verdicts, without a notebook or a kernel.

Points are exactly those of nbgrader, with four differences, each against undeserved marks: an exercise whose answers
are as released earns nothing; a check without evidence earns nothing; a limit that ended a check earns nothing; and a
number of points that is NaN or out of range is its author's error instead of full marks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograder.errors import CourseError
from autograder.judge import messages
from autograder.model import Answer, CellRun, Check, CheckResult, Exercise, Misconception, Outcome, Unit
from exercises.testing import split_misconception

_ABOUT_THE_ANSWER = frozenset({Outcome.WRONG, Outcome.ERROR})
_NO_RUN = CellRun(name="", ran=False)


class _Found(NamedTuple):
    outcome: Outcome
    earned: float
    text: str  # may still name a misconception
    next_step: str = ""  # where the cause is known; else the general one


def score(unit: Unit, answers: Sequence[Answer], cells: Sequence[CellRun]) -> tuple[CheckResult, ...]:
    """
    Give every check of *unit* its verdict, in notebook order.

    Args:
        unit: Exercises, points and known misconceptions.
        answers: From the rebuild; one that is missing counts as not attempted.
        cells: What was observed of each cell, in the order in which they ran.

    Raises:
        CourseError: If a check ended in an impossible number of points.
    """
    attempted = {answer.name for answer in answers if answer.attempted}
    runs = {run.name: run for run in cells}
    known = {misconception.name: misconception for misconception in unit.misconceptions}
    culprit = _culprit(cells)
    results = []
    for exercise in unit.exercises:
        for check in exercise.checks:
            run = runs.get(check.name, _NO_RUN)
            found = _verdict(check, exercise, run, attempted, runs, culprit)
            results.append(_result(check, exercise, run, found, known))
    return tuple(results)


def _culprit(cells: Sequence[CellRun]) -> CellRun | None:
    """Find the cell after which nothing ran any more."""
    before = None
    for run in cells:
        if not run.ran:
            return before
        before = run
    return None


def _verdict(
    check: Check,
    exercise: Exercise,
    run: CellRun,
    attempted: set[str],
    runs: Mapping[str, CellRun],
    culprit: CellRun | None,
) -> _Found:
    """Say what became of one check."""
    if attempted.isdisjoint(exercise.answers):
        return _Found(Outcome.NOT_ATTEMPTED, 0.0, messages.not_attempted(exercise))
    if run.limit is not None:
        return _Found(run.limit, 0.0, messages.limit(run.limit))
    if not run.ran:
        return _Found(Outcome.NOT_RUN, 0.0, messages.not_run(culprit))
    if run.error_name is not None:
        return _error(exercise, run, attempted, runs)
    if run.stderr:
        return _Found(Outcome.ERROR, 0.0, messages.warned(run))
    if run.value is not None:
        return _partial(check, run.value)
    return _Found(Outcome.PASSED, check.points, "")


def _error(exercise: Exercise, run: CellRun, attempted: set[str], runs: Mapping[str, CellRun]) -> _Found:
    if run.error_name == "AssertionError" and run.error_cell is None:
        return _Found(Outcome.WRONG, 0.0, messages.assertion(run.error_message))
    if run.error_name == "NotImplementedError" and not attempted.issuperset(exercise.answers):
        missing = " and ".join(f"`{name}`" for name in exercise.answers if name not in attempted)
        return _Found(Outcome.NOT_ATTEMPTED, 0.0, f"This check also needs {missing}, which is as it was released.")
    stopped = next((runs[name] for name in exercise.answers if name in runs and _stopped(runs[name])), None)
    if run.error_name == "NameError" and stopped is not None:
        return _Found(Outcome.ERROR, 0.0, messages.cell_stopped(stopped), messages.rerun_cell(stopped))
    return _Found(Outcome.ERROR, 0.0, messages.raised(run, exercise))


def _stopped(run: CellRun) -> bool:
    return run.error_name is not None or run.limit is not None


def _partial(check: Check, value: float) -> _Found:
    if math.isnan(value) or not 0.0 <= value <= check.points:
        raise CourseError(
            f"check {check.name!r} ended in {value!r} points, and it has {check.points:g}; "
            f"its last line must be a float from 0 to {check.points:g}"
        )
    if value == check.points:
        return _Found(Outcome.PASSED, check.points, "")
    outcome = Outcome.PARTIAL if value > 0 else Outcome.WRONG
    return _Found(outcome, float(value), messages.partly(value, check.points))


def _result(
    check: Check,
    exercise: Exercise,
    run: CellRun,
    found: _Found,
    known: Mapping[str, Misconception],
) -> CheckResult:
    outcome, earned, text, next_step = found
    message, name = split_misconception(text) if outcome is Outcome.WRONG else (text, None)
    if outcome is Outcome.PASSED:
        next_step = ""
    elif name is not None and name in known:
        next_step = known[name].next_step
    elif not next_step:
        next_step = messages.next_step(outcome, exercise, check, hidden=run.hidden)
    if run.hidden and check.visible and outcome in _ABOUT_THE_ANSWER:
        next_step = messages.from_hidden_part(next_step)
    return CheckResult(
        check=check.name,
        exercise=exercise.name,
        outcome=outcome,
        earned=earned,
        points=check.points,
        message=message,
        masked_message=messages.masked(message),
        misconception=name,
        next_step=next_step,
        wall_seconds=run.wall_seconds,
        cpu_seconds=run.cpu_seconds,
        peak_bytes=run.peak_bytes,
    )
