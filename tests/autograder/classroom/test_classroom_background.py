"""A grading run in a process of its own, with the real judge: started, cancelled, killed, gone on with."""

import os
import shutil
import signal
import threading
from dataclasses import replace

import pytest
from classroom_cases import class_settings, hand_in
from gradebook_cases import UNIT

from autograder import grading_run, workflows
from autograder.classroom.background import RunOrder, log_path
from autograder.errors import CourseError, LeaseHeldError
from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.desk import Desk
from autograder.settings import GradingLimits

LEARNERS = [f"learner{number:02}" for number in range(8)]
SLOW = "import time\n\ndef area(side):\n    time.sleep(0.2)\n    return side * side"
OVER = {"done", "cancelled", "stopped", "interrupted", "abandoned"}


@pytest.fixture
def settings(tmp_path):
    return class_settings(tmp_path, mode="class", grading=GradingLimits(jobs=1))


@pytest.fixture
def book(settings):
    with ClassQueries(settings) as opened:
        yield opened


def process_of(run):
    """Find the thread that waits for a run's process."""
    return next((each for each in threading.enumerate() if each.name == f"run-{run}"), None)


def wait_until(book, run, holds):
    """Look again and again until a run's state fits, or its process is gone."""
    while True:
        process = process_of(run)
        state = book.run_state(run)
        if process is None or holds(state):
            return book.run_state(run)
        process.join(timeout=0.05)


def end_of(book, run):
    process = process_of(run)
    if process is not None:
        process.join()
    return book.run_state(run)


def attempts(book):
    return {learner: len(book.attempts(learner, UNIT)) for learner in LEARNERS}


def test_a_run_grades_a_class_while_its_starter_does_something_else(settings, book):
    """It returns at once; the gradebook tells how far it is; a second run finds nothing new."""
    for learner in LEARNERS[:3]:
        hand_in(settings, learner)
    first = workflows.start_run(settings, UNIT, actor="eve", reason="the deadline")
    with pytest.raises(LeaseHeldError, match="of eve"):
        workflows.start_run(settings, UNIT, actor="mel")
    state = end_of(book, first)
    again = end_of(book, workflows.start_run(settings, UNIT, actor="eve"))

    assert (state.phase, state.run.done, state.run.total, state.run.actor) == ("done", 3, 3, "eve")
    assert (again.phase, again.run.unchanged, again.looked_at) == ("done", 3, 3)
    assert [row.reason for row in book.audit_log(search="run 1").rows] == ["the deadline"]
    assert "3 graded of 3" in log_path(settings, first).read_text()


def test_a_killed_run_is_interrupted_and_gone_on_with(settings, book):
    """Nothing is lost and nothing is graded twice."""
    for learner in LEARNERS:
        hand_in(settings, learner, SLOW)
    first = workflows.start_run(settings, UNIT, actor="eve")
    state = wait_until(book, first, lambda state: state.looked_at >= 2)
    os.kill(int(state.run.holder.split(":")[1]), signal.SIGKILL)
    killed = end_of(book, first)
    kept = sum(attempts(book).values())
    finished = end_of(book, workflows.start_run(settings, UNIT, actor="eve"))

    assert (killed.phase, killed.going_on, killed.seconds_left) == ("interrupted", False, None)
    assert 2 <= kept < len(LEARNERS)
    assert (finished.phase, finished.run.done, finished.run.unchanged) == ("done", len(LEARNERS) - kept, kept)
    assert set(attempts(book).values()) == {1}
    assert book.run_state(first).phase == "abandoned"


def test_a_run_is_cancelled_between_two_submissions(settings, book):
    """What was graded stays; the next run does the rest."""
    for learner in LEARNERS:
        hand_in(settings, learner, SLOW)
    first = workflows.start_run(settings, UNIT, actor="eve")
    wait_until(book, first, lambda state: state.looked_at >= 1)
    with Desk(settings) as desk:
        desk.cancel_run(first, actor="eve", reason="wrong tests")
    state = end_of(book, first)
    kept = sum(attempts(book).values())
    finished = end_of(book, workflows.start_run(settings, UNIT, actor="eve"))

    assert (state.phase, state.run.done) == ("cancelled", kept)
    assert 1 <= kept < len(LEARNERS)
    assert (finished.phase, set(attempts(book).values())) == ("done", {1})


def test_some_learners_can_be_graded_again(settings, book):
    """What stands in the table is no reason to leave them out."""
    for learner in LEARNERS[:3]:
        hand_in(settings, learner)
    end_of(book, workflows.start_run(settings, UNIT, actor="eve"))
    state = end_of(book, workflows.start_run(settings, UNIT, actor="eve", learners=LEARNERS[:1], force=True))

    assert (state.run.whole, state.run.total, state.run.done) == (False, 1, 1)
    assert attempts(book) == dict.fromkeys(LEARNERS, 0) | dict(zip(LEARNERS, (2, 1, 1), strict=False))


def test_a_run_that_cannot_begin_says_why(settings, book):
    """Its page does not wait for a process that is gone."""
    hand_in(settings, "ada")
    workflows.enrol(settings, [], actor="eve")
    with Desk(settings) as desk:
        run = desk.plan_run(UNIT, actor="eve")
    shutil.rmtree(settings.source)
    order = RunOrder(settings=settings, unit=UNIT, run=run, actor="eve", learners=None, force=False)

    assert grading_run.run(order) == 2
    assert (book.run_state(run).phase, "run `course build`" in book.run_state(run).run.message) == ("stopped", True)


def test_a_unit_that_cannot_be_graded_starts_no_run(settings, book):
    """The instructor is told at once."""
    with pytest.raises(CourseError, match="is not there"):
        workflows.start_run(replace(settings, root=settings.root / "elsewhere"), UNIT, actor="eve")

    assert book.run_list().runs == ()
