"""The released notebook equals what nbgrader itself writes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.authoring.build import build
from autograder.authoring.release import CODE_STUB, release_notebook, release_to
from autograder.authoring.units import load_source
from autograder.errors import CourseError

ROOT = Path(__file__).resolve().parents[3]
NAME = "07_made_up"


def test_the_release_equals_nbgrader_generate_assignment(course):
    """Cell by cell, metadata and checksums included, with the course's own nbgrader_config.py."""
    build(course)
    shutil.copy(ROOT / "nbgrader_config.py", course.root)
    programs = Path(sys.executable).parent
    run = subprocess.run(
        [programs / "nbgrader", "generate_assignment", NAME],
        cwd=course.root,
        env=os.environ | {"PATH": f"{programs}{os.pathsep}{os.defpath}"},  # nbgrader calls alembic by name
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr
    stock = nbformat.read(course.root / "var" / "release" / NAME / "assignment.ipynb", as_version=4)

    ours = release_notebook(load_source(course, NAME))

    assert json.dumps(ours.cells, indent=1, sort_keys=True) == json.dumps(stock.cells, indent=1, sort_keys=True)
    assert ours.metadata == stock.metadata


def test_the_release_holds_no_solution_and_no_hidden_test(course):
    """A learner gets the stub, and of a hidden check its question."""
    build(course)
    text = "\n".join(cell.source for cell in release_notebook(load_source(course, NAME)).cells)

    assert "raise NotImplementedError" in text
    assert not re.search(r"BEGIN|limit_included|len\(delays\) == 0", text)


def test_the_source_stays_untouched(course):
    """Releasing is pure."""
    build(course)
    source = load_source(course, NAME)
    release_notebook(source)

    assert source == load_source(course, NAME)


def test_release_to_writes_below_var(course):
    """The learner's notebook stands where nbgrader looks for it, and nothing else is left."""
    build(course)
    path = release_to(course, NAME)

    assert path == course.release / NAME / "assignment.ipynb"
    assert nbformat.read(path, as_version=4) == release_notebook(load_source(course, NAME))
    assert [other.name for other in path.parent.iterdir()] == ["assignment.ipynb"]


def test_a_notebook_that_nbgrader_refuses_is_the_authors_error():
    """A solution region outside of a solution cell would leak, so nothing is released."""
    notebook = new_notebook(cells=[new_code_cell("### BEGIN SOLUTION\n1\n### END SOLUTION")])

    with pytest.raises(CourseError, match="ClearSolutions refuses the assignment"):
        release_notebook(notebook)


def test_the_stub_is_the_one_of_nbgrader_config():
    """Stock nbgrader and `course release` leave the same words in an empty answer."""
    assert repr(CODE_STUB) in (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
