"""Reading nbgrader's marks without nbgrader."""

import itertools
import subprocess
import sys

import nbformat
import pytest
from nbgrader import utils

from autograder.submission import marks

VALUES = (None, False, True)


def cell_with(**values):
    cell = nbformat.v4.new_code_cell("1")
    cell.metadata["nbgrader"] = nbformat.from_dict({key: value for key, value in values.items() if value is not None})
    return cell


@pytest.mark.parametrize(("solution", "grade", "locked"), list(itertools.product(VALUES, repeat=3)))
def test_marks_mean_what_nbgrader_takes_them_for(solution, grade, locked):
    """Each combination of the three marks, missing ones too, is read as nbgrader reads it."""
    cell = cell_with(solution=solution, grade=grade, locked=locked)

    for name in ("is_solution", "is_grade", "is_locked"):
        assert getattr(marks, name)(cell) == bool(getattr(utils, name)(cell)), name


def test_a_cell_without_marks_has_none():
    """A learner's own cell is no answer, no check, not locked and has no name."""
    cell = nbformat.v4.new_code_cell("1")

    assert [name for name in ("is_solution", "is_grade", "is_locked") if getattr(marks, name)(cell)] == []
    assert marks.grade_id(cell) is None


@pytest.mark.parametrize("name", ["", None, 7, ["a"]])
def test_a_name_is_a_text(name):
    """Whatever else stands there is no name."""
    cell = nbformat.v4.new_code_cell("1")
    cell.metadata["nbgrader"] = {"grade_id": name}

    assert marks.grade_id(cell) is None


@pytest.mark.parametrize("module", ["autograder.judge.server", "autograder.judge.pool", "autograder.sandbox.keeper"])
def test_servers_and_their_starters_do_without_nbgrader(module):
    """Loading it takes a second, which each start of the judge would wait for."""
    code = f"import sys, {module}; print(*(name for name in ('nbgrader', 'sqlalchemy') if sys.modules.get(name)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == []
