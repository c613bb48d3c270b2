"""What is committed below notebooks/, source/ and exercises/content/ is what course/ says."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.build import check_built
from autograder.authoring.release import release_notebook
from autograder.authoring.units import load_source, load_unit
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load_settings(ROOT, {"USER": "author"})
WITH_EXERCISES = sorted(path.parent.name for path in SETTINGS.course.glob("*/assignment.py"))
POINTS = 18  # of every unit but the capstone


def test_committed_files_equal_their_rebuild():
    """Nobody edits a built file, and nobody forgets to build."""
    assert check_built(SETTINGS) == []


@pytest.mark.parametrize("name", [unit.name for unit in SETTINGS.units])
def test_every_unit_has_a_lesson(name):
    """Exercises without a lesson would be an exam."""
    assert (SETTINGS.notebooks / f"{name}.ipynb").is_file()


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_every_unit_has_four_exercises_of_eighteen_points(name):
    """Units weigh the same."""
    unit = load_unit(SETTINGS, name)

    assert (len(unit.exercises), unit.points) == (4, POINTS)


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_the_release_equals_that_of_stock_nbgrader(name, tmp_path):
    """An instructor may use `nbgrader generate_assignment` just as well."""
    for file in ("nbgrader_config.py", "course.toml"):
        shutil.copy(ROOT / file, tmp_path)
    shutil.copytree(SETTINGS.source / name, tmp_path / "source" / name)
    programs = Path(sys.executable).parent
    run = subprocess.run(
        [programs / "nbgrader", "generate_assignment", name],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{programs}{os.pathsep}{os.defpath}"},  # nbgrader calls alembic by name
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr
    stock = nbformat.read(tmp_path / "var" / "release" / name / "assignment.ipynb", as_version=4)
    ours = release_notebook(load_source(SETTINGS, name))

    assert json.dumps(ours.cells, indent=1, sort_keys=True) == json.dumps(stock.cells, indent=1, sort_keys=True)
