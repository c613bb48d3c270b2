"""Reading a unit back from what was built."""

import shutil

import pytest

from autograder.authoring.build import build
from autograder.authoring.units import load_source, load_unit, suite_digest
from autograder.errors import CourseError
from autograder.model import Check, Misconception

NAME = "07_made_up"


def test_a_unit_has_the_checks_that_its_author_wrote(course):
    """Names, points and visibility come back from the notebook."""
    build(course)
    unit = load_unit(course, NAME)

    assert (unit.title, unit.minutes, unit.points) == ("A new unit", 58, 3)
    assert unit.exercises[0].answers == ("late_share",)
    assert unit.checks[1] == Check(
        name="at_the_limit",
        exercise="late_share",
        title="on which side does the limit lie?",
        points=1.0,
        visible=False,
    )


def test_misconceptions_come_from_the_mistakes(course):
    """The feedback's words are those of mistakes/."""
    build(course)

    assert load_unit(course, NAME).misconceptions[0] == Misconception(
        name="limit_included",
        exercise="late_share",
        title="The limit itself was counted as late",
        next_step="Read 'more than' once more: is 15 more than 15?",
    )


def test_a_bundle_without_course_knows_no_misconceptions(course):
    """Without course/ a unit still loads."""
    build(course)
    shutil.rmtree(course.course)

    assert load_unit(course, NAME).misconceptions == ()


def test_a_lesson_only_unit_loads_without_exercises(course):
    """Unit 00 is a unit like the others, without points."""
    build(course)
    shutil.rmtree(course.source)
    unit = load_unit(course, NAME)

    assert (unit.title, unit.minutes, unit.exercises, unit.points) == ("A new unit", 50, (), 0)


def test_a_unit_that_was_not_built_is_told(course):
    """The remedy is the build."""
    with pytest.raises(CourseError, match="is not there; run `course build`"):
        load_unit(course, NAME)


def test_a_broken_notebook_is_told(course):
    """A damaged file is named."""
    build(course)
    (course.source / NAME / "assignment.ipynb").write_text("{", encoding="utf-8")

    with pytest.raises(CourseError, match=r"assignment.ipynb: cannot be read"):
        load_unit(course, NAME)


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("Four flights", "Five flights", False),
        ("A flight is late if", "It is late if", False),
        ("got is None", "got == None", True),
        ("import because", "import close, because", True),
        ('points=1 title="what is', 'points=1 title="how large is', True),
        ("return None", "return ...", False),
    ],
)
def test_the_suite_digest_covers_what_can_change_a_verdict(course, folder, old, new, changes):
    """Set-up, locked cells and checks count; prose and the reference solution do not."""
    build(course)
    before = suite_digest(load_source(course, NAME))
    for path in (folder / "assignment.py", folder / "lesson.py"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    build(course)

    assert (suite_digest(load_source(course, NAME)) != before) is changes
