"""Working copies: made once, and never at the cost of a learner's work."""

from datetime import datetime

import nbformat
import pytest

from autograder.errors import CourseError, SettingsError
from autograder.learner.workcopy import answers, is_touched, notices, prepare, reset

NOON = datetime(2026, 3, 1, 12, 0, 0)


def update_course(course):
    """Change lesson and exercises, as an update of the course does."""
    for path in (course.notebooks / "07_made_up.ipynb", course.source / "07_made_up" / "assignment.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(nbformat.v4.new_markdown_cell("News.", id="news"))
        nbformat.write(notebook, path)


@pytest.fixture
def own(course):
    """Give the path of exercises that the learner has changed."""
    prepare(course)
    path = course.work / "07_made_up" / "assignment.ipynb"
    path.write_text("my work", encoding="utf-8")
    return path


def test_every_lesson_and_every_released_exercise_is_copied(course):
    """A unit without exercises gets its lesson only."""
    written = prepare(course)

    assert [str(path.relative_to(course.work)) for path in written] == [
        "00_start_here/lesson.ipynb",
        "07_made_up/lesson.ipynb",
        "07_made_up/assignment.ipynb",
    ]


def test_the_exercises_are_the_released_ones(course):
    """No solution and no hidden test reaches the learner's folder."""
    prepare(course)
    text = (course.work / "07_made_up" / "assignment.ipynb").read_text(encoding="utf-8")

    assert ("not written yet" in text, "SOLUTION" in text, "HIDDEN" in text) == (True, False, False)


def test_preparing_again_writes_nothing(course):
    """A second start leaves all files alone."""
    prepare(course)

    assert prepare(course) == []


def test_a_learners_file_is_never_overwritten(course, own):
    """What the learner saved stays, also when the course was updated."""
    update_course(course)
    prepare(course)

    assert own.read_text(encoding="utf-8") == "my work"


def test_an_update_is_announced_where_the_learners_file_was_kept(course, own):
    """The notice says how to get the newer version without losing the old one."""
    update_course(course)
    prepare(course)

    assert [notice for notice in notices(course) if "course reset 07" in notice and "backup" in notice]


def test_no_notice_without_an_update(course, own):
    """A changed file alone is no news."""
    assert notices(course) == []


def test_another_hidden_test_is_no_news(course, own):
    """What learners get is the same, so there is nothing to fetch."""
    path = course.source / "07_made_up" / "assignment.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[6, 5, 4, 3], limit=5", "[7, 5, 4, 3], limit=5"), encoding="utf-8")

    assert ("[7, 5, 4, 3]" in path.read_text(encoding="utf-8"), prepare(course), notices(course)) == (True, [], [])


def test_untouched_copies_follow_an_update(course):
    """Nothing is lost by replacing what nobody has changed."""
    prepare(course)
    update_course(course)
    written = prepare(course)

    assert ([path.parent.name for path in written], notices(course)) == (["07_made_up", "07_made_up"], [])


def test_a_file_without_a_ledger_counts_as_the_learners(course, own):
    """A lost ledger must not cost a learner's work."""
    (course.work / ".course" / "handed_out.json").write_text("{", encoding="utf-8")
    update_course(course)
    prepare(course)

    assert own.read_text(encoding="utf-8") == "my work"


def test_a_reset_saves_the_learners_file_first(course, own):
    """The backup holds the old work and the copy is fresh."""
    backup = reset(course, "07_made_up", now=NOON)

    assert (backup.name, backup.read_text(encoding="utf-8"), is_touched(course, "07_made_up", "assignment.ipynb")) == (
        "assignment.backup-2026-03-01T12-00-00.ipynb",
        "my work",
        False,
    )


def test_two_resets_in_one_second_keep_two_backups(course, own):
    """No backup replaces another."""
    first = reset(course, "07_made_up", now=NOON)
    own.write_text("second try", encoding="utf-8")
    second = reset(course, "07_made_up", now=NOON)

    assert (first.read_text(encoding="utf-8"), second.read_text(encoding="utf-8")) == ("my work", "second try")


def test_a_lesson_has_nothing_to_reset(course):
    """The message says why."""
    with pytest.raises(CourseError, match="lesson only"):
        reset(course, "00_start_here")


def test_an_unknown_unit_is_refused(course):
    """The message lists the known ones."""
    with pytest.raises(SettingsError, match="07_made_up"):
        prepare(course, ["99_nowhere"])


def test_the_answers_are_read_without_their_outputs(course):
    """Two saves of one answer compare equal."""
    prepare(course)
    path = course.work / "07_made_up" / "assignment.ipynb"
    before = answers(path)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="news")]
    nbformat.write(notebook, path)

    assert (list(before), answers(path) == before) == (["late_share"], True)


def test_a_broken_notebook_has_no_answers(course, own):
    """The page does not fall over it."""
    assert answers(own) == {}


def test_a_unit_that_is_not_built_stops_nobody(course):
    """The others are copied, and a notice says what to do."""
    (course.notebooks / "00_start_here.ipynb").unlink()

    assert (len(prepare(course)), [notice.split(":")[0] for notice in notices(course)]) == (2, ["00_start_here"])


def test_a_unit_that_is_asked_for_must_be_built(course):
    """The message says how."""
    (course.notebooks / "00_start_here.ipynb").unlink()

    with pytest.raises(CourseError, match="course build"):
        prepare(course, ["00_start_here"])


def test_saving_marks_a_copy_as_touched(course, own):
    """The page can tell that work has begun."""
    touched = [is_touched(course, "07_made_up", name) for name in ("lesson.ipynb", "assignment.ipynb")]

    assert touched == [False, True]
