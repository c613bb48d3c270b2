"""
Turning the cells of a percent file into a notebook: nbgrader's metadata, ids that never change, no outputs.

Decides what a built cell looks like. Never judges what the author wrote, and reads or writes no file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.authoring.assignment import AssignmentDraft, CheckDraft, ExerciseDraft, grade_id
from autograder.authoring.percent import SourceCell

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
SCHEMA_VERSION = 3  # of nbgrader's cell metadata
KINDS = {"setup": "setup", "locked": "locked", "exercise": "statement", "answer": "answer", "check": "check"}


def lesson_notebook(unit: str, header: Mapping[str, Any], cells: Iterable[SourceCell]) -> NotebookNode:
    """Make the notebook of a lesson."""
    ids = CellIds(unit, "lesson")
    return _notebook(unit, "lesson", header, [_free_cell(ids, cell) for cell in cells])


def assignment_notebook(unit: str, header: Mapping[str, Any], draft: AssignmentDraft) -> NotebookNode:
    """Make the instructor's notebook of an assignment."""
    ids = CellIds(unit, "assignment")
    owners = {cell.name: exercise for exercise in draft.exercises for cell in (exercise.statement, *exercise.answers)}
    built = []
    for entry in draft.cells:
        if isinstance(entry, CheckDraft):
            built.append(_check_cell(ids, entry))
        elif entry.kind:
            built.append(_tagged_cell(ids, entry, owners.get(entry.name)))
        else:
            built.append(_free_cell(ids, entry))
    return _notebook(unit, "assignment", header, built)


def to_json(notebook: NotebookNode) -> str:
    """Write a notebook in the one form that is committed."""
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook, version=nbformat.NO_CONVERT)) + "\n"


class CellIds:
    """Ids from what a cell is, so that an insertion elsewhere changes no other cell."""

    def __init__(self, unit: str, document: str) -> None:
        self._place = f"{unit}/{document}"
        self._seen: Counter[str] = Counter()

    def tagged(self, name: str) -> str:
        """Make the id of a cell with a grade_id."""
        return self._digest("tag", name)

    def free(self, cell_type: str, source: str) -> str:
        """Make the id of a cell without a tag: from its content, and its number among equals."""
        key = f"{cell_type}\n{source}"
        self._seen[key] += 1
        return self._digest("free", f"{self._seen[key]}\n{key}")

    def _digest(self, kind: str, text: str) -> str:
        return hashlib.sha256(f"{self._place}/{kind}/{text}".encode()).hexdigest()[:16]


def _notebook(unit: str, document: str, header: Mapping[str, Any], cells: list[NotebookNode]) -> NotebookNode:
    metadata = {
        "course": {"unit": unit, "document": document, **header},
        "kernelspec": dict(KERNEL),
        "language_info": {"name": "python"},
    }
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


def _free_cell(ids: CellIds, cell: SourceCell) -> NotebookNode:
    metadata = {"tags": list(cell.options["tags"])} if "tags" in cell.options else {}
    return _cell(cell.cell_type, ids.free(cell.cell_type, cell.source), cell.source, metadata)


def _tagged_cell(ids: CellIds, cell: SourceCell, exercise: ExerciseDraft | None) -> NotebookNode:
    course: dict[str, Any] = {"kind": KINDS[cell.kind]}
    if cell.kind in {"exercise", "answer"} and exercise is not None:
        course["exercise"] = exercise.name
    if cell.kind == "exercise" and exercise is not None:
        course |= {"title": exercise.title, "minutes": cell.options["minutes"]}
    name = grade_id(cell)
    solution = cell.kind == "answer"
    metadata = {"course": course, "nbgrader": _nbgrader(name, solution=solution, locked=not solution)}
    return _cell(cell.cell_type, ids.tagged(name), cell.source, metadata)


def _check_cell(ids: CellIds, check: CheckDraft) -> NotebookNode:
    name = check.cell.name
    course = {"kind": "check", "exercise": check.exercise, "title": check.title, "visible": check.visible}
    graded = _nbgrader(name, solution=False, locked=True) | {"grade": True, "points": check.points}
    return _cell("code", ids.tagged(name), check_source(check), {"course": course, "nbgrader": graded})


def check_source(check: CheckDraft) -> str:
    """Write the source of a check: what it asks, its visible part, its hidden region."""
    word = "point" if check.points == 1 else "points"
    lines = [f"# Check {check.cell.name} ({check.points:g} {word}): {check.title}"]
    if not check.visible:
        lines.append("# This check runs when you submit.")
    if check.cell.source:
        lines.append(check.cell.source)
    if check.hidden:
        lines += ["### BEGIN HIDDEN TESTS", check.hidden.source, "### END HIDDEN TESTS"]
    return "\n".join(lines)


def _nbgrader(name: str, *, solution: bool, locked: bool) -> dict[str, Any]:
    return {
        "grade": False,
        "grade_id": name,
        "locked": locked,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }


def _cell(cell_type: str, identity: str, source: str, metadata: Mapping[str, Any]) -> NotebookNode:
    cell: NotebookNode
    if cell_type == "code":
        cell = nbformat.v4.new_code_cell(source, id=identity, metadata=dict(metadata))
    else:
        cell = nbformat.v4.new_markdown_cell(source, id=identity, metadata=dict(metadata))
    return cell
