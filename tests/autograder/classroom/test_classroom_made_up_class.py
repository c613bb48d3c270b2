"""The made-up class of the demonstration: the same at every run, and graded as it must be."""

import functools

import pytest
from classroom_cases import class_settings
from gradebook_cases import UNIT

from autograder.authoring.release import release_notebook
from autograder.authoring.units import load_source, load_unit
from autograder.classroom import made_up_class
from autograder.classroom.grade_class import grade_class
from autograder.classroom.made_up_class import DUE, HandedIn, write_class
from autograder.errors import CourseError
from autograder.gradebook.queries import Queries
from autograder.judge.grading import grade
from autograder.judge.stock import Stock

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
    made = class_settings(tmp_path, due={UNIT: DUE})
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


def test_the_same_seed_makes_the_same_class(settings):
    """A demonstration that changes shows nothing."""
    first, files = write_class(settings, UNIT), on_disk(settings)
    again = write_class(settings, UNIT)

    assert (again, on_disk(settings)) == (first, files)


def test_another_seed_makes_another_class(settings):
    """Other names, other order."""
    assert {each.learner for each in write_class(settings, UNIT, seed=1)} != {
        each.learner for each in write_class(settings, UNIT, seed=2)
    }


def test_a_class_has_its_size_and_every_mistake(settings):
    """Forty learners, each with a name of their own, and no mistake left out."""
    handed_in = write_class(settings, UNIT)

    assert len({each.learner for each in handed_in}) == 40
    assert {title for title, _, _ in MISTAKES.values()} <= {each.story for each in handed_in}
    assert {each.state for each in handed_in} == {"graded", "refused"}


def test_a_class_that_is_too_small_is_refused(settings):
    """Better than a mistake that is left out in silence."""
    with pytest.raises(CourseError, match="1 learners for all mistakes are too few; make the class larger"):
        write_class(settings, UNIT, size=15)


def test_a_difference_is_told_in_words():
    """A learner without an attempt is a difference."""
    assert HandedIn(learner="ada", story="").difference(None) == "nothing is in the gradebook"


def test_the_judge_finds_in_each_submission_what_was_put_in(settings, monkeypatch):
    """One of each kind through kernel and gradebook: points, repairs, lateness and refusal are as expected."""
    whole = made_up_class._ways
    seen = set()

    def one_of_each(*arguments):
        return (draft for draft in whole(*arguments) if not (draft.story in seen or seen.add(draft.story)))

    monkeypatch.setattr(made_up_class, "_ways", one_of_each)
    handed_in = write_class(settings, UNIT, size=13)
    unit, source = load_unit(settings, UNIT), load_source(settings, UNIT)
    executor = Stock(cell_seconds=settings.grading.cell_seconds, hidden_seed="")
    one = functools.partial(grade, unit=unit, source=source, released=release_notebook(source), executor=executor)
    report = grade_class(settings, UNIT, grade=one, jobs=2)

    with Queries(settings) as queries:
        found = {each.learner: each.difference(queries.latest_attempt(each.learner, UNIT)) for each in handed_in}
    assert (found, report.faults, report.refused) == ({each.learner: "" for each in handed_in}, 0, 1)
