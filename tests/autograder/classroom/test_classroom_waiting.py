"""The queue: what was handed in and not graded, as the disk shows it."""

import functools

import pytest
from classroom_cases import class_settings, digest_of, hand_in, hand_in_later, quick_grade
from gradebook_cases import UNIT

from autograder.classroom import waiting
from autograder.classroom.grade_class import grade_class
from autograder.classroom.workers import one_thread
from autograder.gradebook.class_queries import ClassQueries


@pytest.fixture
def settings(tmp_path):
    return class_settings(tmp_path)


def graded(settings, **changes):
    grader = functools.partial(quick_grade, digest=digest_of(settings))
    return grade_class(settings, UNIT, grade=grader, new_executor=one_thread, **changes)


def queue(settings):
    with ClassQueries(settings) as book:
        rows, page = book.waiting()
        overview = book.overview()
    assert overview.waiting == overview.units[0].waiting == page.total
    return [row.learner for row in rows]


def test_without_a_gradebook_nothing_waits(settings):
    """And looking does not make one."""
    hand_in(settings, "ada")

    assert waiting.look(settings) == 0
    assert not (settings.var / "gradebook.db").exists()


def test_what_was_graded_does_not_wait(settings):
    """A new submission and a second one of a learner do."""
    hand_in(settings, "ada")
    hand_in(settings, "bob")
    graded(settings)
    assert (waiting.look(settings), queue(settings)) == (0, [])
    hand_in_later(settings, "cy")
    hand_in(settings, "ada", "def area(side):\n    return 7")

    assert (waiting.look(settings), sorted(queue(settings))) == (2, ["ada", "cy"])


def test_the_queue_shrinks_with_each_grade(settings):
    """Nobody need look at the disk again for that."""
    hand_in(settings, "ada")
    graded(settings)
    hand_in_later(settings, "bob")
    hand_in(settings, "cy")
    waiting.look(settings)
    graded(settings, learners=["bob"])

    assert queue(settings) == ["cy"]


def test_the_same_bytes_written_again_wait_for_one_run(settings):
    """The run sees that nothing is new, and the queue is empty, at the next look too."""
    hand_in(settings, "ada")
    graded(settings)
    hand_in_later(settings, "ada")
    assert (waiting.look(settings), queue(settings)) == (1, ["ada"])
    report = graded(settings)

    assert (report.unchanged, queue(settings), waiting.look(settings)) == (1, [], 0)


def test_odd_folders_are_passed_over(settings):
    """Links, stray files and names that can be no learner's."""
    hand_in(settings, "ada")
    graded(settings)
    folder = hand_in_later(settings, "bob")
    (settings.submitted / "linked").symlink_to(folder.parent)
    (settings.submitted / "stray.txt").write_text("not a learner")
    (settings.submitted / "a b").mkdir()
    (settings.submitted / "empty" / UNIT).mkdir(parents=True)

    assert (waiting.look(settings), queue(settings)) == (1, ["bob"])
