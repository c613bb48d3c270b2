"""A new unit is complete from its first minute."""

import pytest

from autograder.authoring.build import build, check_built
from autograder.authoring.scaffold import new_unit
from autograder.errors import CourseError
from autograder.settings import load_settings


def test_a_new_unit_builds(course):
    """What the scaffold writes passes every rule of the build."""
    new_unit(course, "08_another")
    settings = load_settings(course.root, {"USER": "author"})
    build(settings)

    assert check_built(settings) == []


def test_a_new_unit_stands_last_in_course_toml(course):
    """The unit is listed, and the comments of the file stay."""
    new_unit(course, "08_another")
    text = (course.root / "course.toml").read_text(encoding="utf-8")

    assert "[units]   # in order" in text
    assert [unit.name for unit in load_settings(course.root, {"USER": "a"}).units] == ["07_made_up", "08_another"]


def test_course_toml_without_units_gets_the_table(tmp_path):
    """The first unit of a course needs no preparation."""
    (tmp_path / "course.toml").write_text('title = "A course"\n', encoding="utf-8")
    new_unit(load_settings(tmp_path, {"USER": "a"}), "01_first")

    assert [unit.name for unit in load_settings(tmp_path, {"USER": "a"}).units] == ["01_first"]


def test_the_question_belongs_to_the_units_number(course):
    """The lesson asks the quiz question under its own number."""
    assert 'quiz("07.which_share")' in (course.course / "07_made_up" / "lesson.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [("made_up", "a unit is named NN_name"), ("07_other", "the number 07 belongs to '07_made_up'")],
)
def test_a_name_that_does_not_fit_is_refused(course, name, message):
    """Nothing is overwritten."""
    with pytest.raises(CourseError, match=message):
        new_unit(course, name)
