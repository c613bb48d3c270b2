"""A small course with one made-up unit, written by the scaffold itself."""

import pytest

from autograder.authoring.scaffold import new_unit
from autograder.settings import load_settings

NAME = "07_made_up"
COURSE_TOML = """title = "A course"

[units]   # in order

[due]
"""


@pytest.fixture
def course(tmp_path):
    """Give the settings of a course with the unit 07_made_up."""
    (tmp_path / "course.toml").write_text(COURSE_TOML, encoding="utf-8")
    new_unit(load_settings(tmp_path, {"USER": "author"}), NAME)
    return load_settings(tmp_path, {"USER": "author"})


@pytest.fixture
def folder(course):
    """Give the folder of the made-up unit's sources."""
    return course.course / NAME
