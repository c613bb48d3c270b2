"""Where things are: variables, the open notebook, the course's folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from exercises import environment

pytestmark = pytest.mark.usefixtures("small_course")


def test_hidden_seed_has_a_public_default(monkeypatch: pytest.MonkeyPatch):
    """Without the instructor's secret the public seed is used."""
    assert environment.hidden_seed() == "public"

    monkeypatch.setenv("COURSE_HIDDEN_SEED", "s3")
    assert environment.hidden_seed() == "s3"


def test_unit_comes_from_the_session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The notebook that Jupyter names decides the unit, before the working folder does."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "02_inference" / "assignment.ipynb"))

    assert environment.unit_name() == "02_inference"


def test_unit_comes_from_the_working_folder():
    """Without a session the nearest folder named like a unit decides."""
    assert environment.unit_name() == "01_training"


def test_no_unit_outside_a_unit(monkeypatch: pytest.MonkeyPatch, small_course: Path):
    """A folder that is no unit's names none."""
    monkeypatch.chdir(small_course)

    assert environment.unit_name() is None


def test_a_session_that_is_no_notebook_is_not_believed(monkeypatch: pytest.MonkeyPatch):
    """A console's session name is not a notebook."""
    monkeypatch.setenv("JPY_SESSION_NAME", "console-1")

    assert environment.notebook_path() is None


def test_vs_code_names_its_notebook(bare_shell, tmp_path: Path):
    """VS Code's variable serves where Jupyter's is missing."""
    path = tmp_path / "03_transform" / "assignment.ipynb"
    bare_shell.user_ns["__vsc_ipynb_file__"] = str(path)

    assert environment.notebook_path() == path


def test_root_is_found_above_the_working_folder(monkeypatch: pytest.MonkeyPatch, small_course: Path):
    """course.toml above the working folder marks the root."""
    monkeypatch.delenv("COURSE_ROOT")

    assert environment.course_root() == small_course


@pytest.mark.parametrize(
    ("text", "alone"), [('mode = "self-study"', True), ("", True), ('mode = "class"', False), ("mode = [", False)]
)
def test_mode_decides_self_study(small_course: Path, text: str, alone: bool):
    """Only a readable course.toml without class mode is self-study."""
    (small_course / "course.toml").write_text(text)

    assert environment.self_study() is alone


def test_progress_lies_in_the_work_folder(monkeypatch: pytest.MonkeyPatch, small_course: Path):
    """Without a variable, progress is kept beside the learner's copies."""
    monkeypatch.delenv("COURSE_PROGRESS")

    assert environment.progress_path() == small_course / "var/work/.course/progress.sqlite"


def test_open_assignment_is_the_one_handed_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small_course: Path):
    """An open copy elsewhere wins over the one in the work folder, for its own unit only."""
    path = tmp_path / "01_training" / "assignment.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))

    assert environment.assignment_path("01_training") == path
    assert environment.assignment_path("02_x") == small_course / "var/work/02_x/assignment.ipynb"


def test_commands_get_no_kernel_variables(monkeypatch: pytest.MonkeyPatch):
    """The command of the course is not told of this kernel, and finds the same course."""
    monkeypatch.setenv("JPY_PARENT_PID", "1")

    given = environment.command_environ()

    assert "JPY_PARENT_PID" not in given
    assert given["COURSE_ROOT"] == os.environ["COURSE_ROOT"]


def test_fresh_interpreter_plays_no_learner():
    """A replay hashes by the given seed and neither records nor hands in."""
    given = environment.fresh_environ(7)

    assert given["PYTHONHASHSEED"] == "7"
    assert given["NBGRADER_EXECUTION"]
