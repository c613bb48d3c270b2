"""The made-up class of the demonstration: the same at every run, and graded as it must be."""

import functools
from datetime import timedelta

import pytest
from classroom_cases import class_settings
from gradebook_cases import UNIT

from autograder.authoring.release import release_notebook
from autograder.authoring.units import load_source, load_unit
from autograder.classroom.grade_class import grade_class
from autograder.classroom.made_up_class import HandedIn, Repertoire, hand_in
from autograder.classroom.made_up_course import FIRST_DUE, KINDS, ROUNDS, MadeUpCourse, due_times
from autograder.errors import CourseError
from autograder.gradebook.queries import Queries
from autograder.judge.grading import grade
from autograder.judge.stock import Stock

LATE = FIRST_DUE + timedelta(hours=1)
ALTERNATIVE = "# %% answer:area\ndef area(side):\n    return side**2\n"
MISTAKE = """# /// mistake
# exercise = "area"
# misconception = "{name}"
# title = "{title}"
# next_step = "Draw a square of side 2."
# caught_by = [{caught_by}]
# message = "two"
# ///
def area(side):
    return {expression}
"""
MISTAKES = {
    "doubled": ("The side was doubled", '"area_shares"', "side * 2"),
    "plus_one": ("One was added", '"area_of_two", "area_of_zero", "area_shares"', "side * side + 1"),
}


@pytest.fixture
def settings(tmp_path):
    made = class_settings(tmp_path, due=due_times([UNIT]))
    mistakes = made.course / UNIT / "mistakes"
    mistakes.mkdir(parents=True)
    (made.course / UNIT / "alternative.py").write_text(ALTERNATIVE)
    for name, (title, caught_by, expression) in MISTAKES.items():
        text = MISTAKE.format(name=name, title=title, caught_by=caught_by, expression=expression)
        (mistakes / f"{name}.py").write_text(text)
    return made


def on_disk(settings):
    root = settings.submitted
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def handed_in(settings, seed=2013, size=40):
    course = MadeUpCourse(settings, [UNIT], seed=seed, size=size)
    return course, [course.hand_in(number) for number in range(ROUNDS)]


def test_the_same_seed_makes_the_same_class(settings):
    """A demonstration that changes shows nothing."""
    course, rounds = handed_in(settings)
    files = on_disk(settings)
    again, same = handed_in(settings)

    assert (again.learners, same, on_disk(settings)) == (course.learners, rounds, files)


def test_another_seed_makes_another_class(settings):
    """Other names, other order."""
    assert handed_in(settings, seed=1)[0].learners != handed_in(settings, seed=2)[0].learners


@pytest.mark.parametrize("size", [len(KINDS), 40, 200])
def test_a_class_has_its_size_and_every_kind(settings, size):
    """Each learner has a name of their own, and no kind is left out."""
    course = MadeUpCourse(settings, [UNIT], seed=3, size=size)

    assert len({learner.person.learner for learner in course.learners}) == size
    assert {learner.kind for learner in course.learners} == set(KINDS)


def test_silent_learners_hand_in_nothing(settings):
    """They are on the roster all the same."""
    course, rounds = handed_in(settings)
    silent = {learner.person.learner for learner in course.learners if learner.kind == "silent"}

    assert silent
    assert not silent & {each.learner for found in rounds for each in found}
    assert course.submissions == sum(len(found) for found in rounds)


def test_every_known_mistake_is_made_by_somebody(settings):
    """A mistake that nobody makes shows nothing on the pages."""
    _, rounds = handed_in(settings)
    stories = "; ".join(each.story for found in rounds for each in found)

    assert [title for title, _, _ in MISTAKES.values() if title not in stories] == []


@pytest.mark.parametrize("size", [len(KINDS) - 1, 100_000])
def test_a_class_that_cannot_be_made_is_refused(settings, size):
    """Better than a kind that is left out in silence."""
    with pytest.raises(CourseError, match="a made-up class has 8 to"):
        MadeUpCourse(settings, [UNIT], seed=1, size=size)


def test_a_difference_is_told_in_words():
    """A learner without an attempt is a difference."""
    assert HandedIn(learner="ada", unit=UNIT, story="").difference(None) == "nothing is in the gradebook"


def test_the_judge_finds_in_each_submission_what_was_put_in(settings):
    """One of each kind through kernel and gradebook: points, repairs, lateness and refusal are as expected."""
    repertoire = Repertoire(settings, UNIT)
    drafts = (*repertoire.right, repertoire.late, repertoire.blank, *repertoire.clumsy, *repertoire.hostile[:2])
    drafts += tuple(repertoire.mistaken(first, 1) for first in range(len(MISTAKES)))
    meant = [
        hand_in(settings, repertoire, f"learner{number:02}", draft, at=FIRST_DUE if not draft.late else LATE, note="-")
        for number, draft in enumerate(drafts)
    ]
    unit, source = load_unit(settings, UNIT), load_source(settings, UNIT)
    executor = Stock(cell_seconds=settings.grading.cell_seconds, hidden_seed="")
    one = functools.partial(grade, unit=unit, source=source, released=release_notebook(source), executor=executor)
    report = grade_class(settings, UNIT, grade=one, jobs=2)

    with Queries(settings) as queries:
        found = {each.learner: each.difference(queries.latest_attempt(each.learner, UNIT)) for each in meant}
    assert (found, report.faults, report.refused) == ({each.learner: "" for each in meant}, 0, 1)
