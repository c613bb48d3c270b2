"""A built course with one lesson-only unit and one made-up unit with exercises."""

import pytest

from autograder.authoring.build import build
from autograder.authoring.scaffold import new_unit
from autograder.settings import load_settings

LESSON = """# ---
# jupyter:
#   course:
#     title: Start here
#     question: What is there besides the model?
#     minutes: 20
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Start here
"""


@pytest.fixture
def course(tmp_path):
    """Give the settings of a built course of two units."""
    environ = {"COURSE_LEARNER": "ada", "USER": "ada"}
    (tmp_path / "course.toml").write_text('[units]\n"00_start_here" = { required = false }\n', encoding="utf-8")
    folder = tmp_path / "course" / "00_start_here"
    folder.mkdir(parents=True)
    (folder / "lesson.py").write_text(LESSON, encoding="utf-8")
    new_unit(load_settings(tmp_path, environ), "07_made_up")
    settings = load_settings(tmp_path, environ)
    build(settings)
    return settings
