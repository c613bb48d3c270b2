"""
Making the learner's notebook out of the instructor's, by nbgrader's own pure preprocessors.

Decides nothing itself: the result is cell by cell what `nbgrader generate_assignment` writes. Never opens a gradebook.
"""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from autograder.authoring.files import write_atomically
from autograder.authoring.units import NOTEBOOK, load_source
from autograder.errors import CourseError
from autograder.settings import Settings

CODE_STUB = '# Your code here\nraise NotImplementedError("not written yet")'  # as in nbgrader_config.py


def release_notebook(source: NotebookNode) -> NotebookNode:
    """
    Make the learner's notebook: solutions, hidden tests and outputs removed, cells locked, checksums set.

    Args:
        source: The instructor's notebook; it stays untouched.

    Raises:
        CourseError: If nbgrader refuses the notebook; the message is nbgrader's.
    """
    notebook = copy.deepcopy(source)
    resources = ResourcesDict()
    # nbgrader's order: checksums once more after the hidden tests have gone
    steps = (
        LockCells(),
        ClearSolutions(code_stub={"python": CODE_STUB}),
        ClearOutput(),
        CheckCellMetadata(),
        ComputeChecksums(),
        ClearHiddenTests(),
        ClearMarkScheme(),
        ComputeChecksums(),
        CheckCellMetadata(),
    )
    for step in steps:
        try:
            notebook, _ = step.preprocess(notebook, resources)
        except (RuntimeError, ValueError, nbformat.ValidationError) as error:
            raise CourseError(f"nbgrader's {type(step).__name__} refuses the assignment: {error}") from error
    return notebook


def release_to(settings: Settings, name: str) -> Path:
    """Write the released notebook of a unit below var/release, wholly or not at all."""
    notebook = release_notebook(load_source(settings, name))
    path = settings.release / name / NOTEBOOK
    write_atomically(path, nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n")
    return path


def clear_solution(source: str) -> str:
    """Put the stub where the solution of one answer cell stands."""
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {"solution": True, "grade": False, "locked": False, "schema_version": 3}
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook, _ = ClearSolutions(code_stub={"python": CODE_STUB}).preprocess(notebook, ResourcesDict())
    return str(notebook.cells[0].source)
