"""Submissions side by side: who is tried alone, and that nobody is forgotten when a worker dies."""

from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool

import pytest
from gradebook_cases import grade, submission

from autograder.classroom.workers import Workers


class HeldExecutor(Executor):
    """Keeps what it is given until the test says how it ends."""

    def __init__(self):
        self.dead = False
        self.waiting = []

    def submit(self, _function, handed_in):
        if self.dead:
            raise BrokenProcessPool("a worker died")
        future = Future()
        future.set_running_or_notify_cancel()
        self.waiting.append((future, handed_in))
        return future

    def shutdown(self, **_):
        self.dead = True

    def die(self):
        self.dead = True
        for future, _ in self._taken():
            future.set_exception(BrokenProcessPool("a worker died"))

    def grade_all(self):
        for future, handed_in in self._taken():
            future.set_result(grade(handed_in))

    def _taken(self):
        taken, self.waiting = self.waiting, []
        return taken


@pytest.fixture
def held():
    """Workers for two jobs and the executors that they made, the newest last."""
    made = []

    def new_executor(_jobs):
        made.append(HeldExecutor())
        return made[-1]

    return Workers(grade, jobs=2, new_executor=new_executor), made


def test_nothing_is_added_beside_what_is_tried_alone(held):
    """If a worker dies again then, it is known whose fault it was."""
    workers, made = held
    workers.add(submission("ada"))
    made[-1].die()
    assert workers.finished(0.0) == []  # it waits for its second try

    assert workers.finished(0.0) == []  # it is in work, alone

    assert workers.is_busy
    assert not workers.has_room
    made[-1].grade_all()
    assert [each.submission.learner for each in workers.finished(0.0)] == ["ada"]
    assert workers.has_room


def test_of_several_in_work_only_the_culprit_is_given_up(held):
    """Each is tried alone; the one that kills its worker again is a fault, the other is graded."""
    workers, made = held
    for learner in ("ada", "ben"):
        workers.add(submission(learner))
    made[-1].die()
    finished = workers.finished(0.0)
    for _ in range(10):  # more looks than all tries need
        if workers.is_busy:
            finished += workers.finished(0.0)
            executor = made[-1]
            ada = any(each.learner == "ada" for _, each in executor.waiting)
            executor.die() if ada else executor.grade_all()

    assert not workers.is_busy
    assert {each.submission.learner: bool(each.fault) for each in finished} == {"ada": True, "ben": False}
