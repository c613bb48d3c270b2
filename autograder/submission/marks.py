"""
Reading nbgrader's marks of a cell of the course's own notebooks. Pure.

They are nbgrader's metadata, schema version 3, read as `nbgrader.utils` reads them; but importing that module loads all
of nbgrader, its database and its exporters, which neither a judge nor a page has a use for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode


def grade_id(cell: NotebookNode) -> str | None:
    """Return the cell's name in the course."""
    name = _mark(cell, "grade_id")
    return name if isinstance(name, str) and name else None


def is_solution(cell: NotebookNode) -> bool:
    """Tell whether the learner writes the cell."""
    return bool(_mark(cell, "solution"))


def is_grade(cell: NotebookNode) -> bool:
    """Tell whether the cell earns points: a check."""
    return bool(_mark(cell, "grade"))


def is_locked(cell: NotebookNode) -> bool:
    """Tell whether the cell is the course's own, whatever the learner made of it."""
    return not is_solution(cell) and (is_grade(cell) or bool(_mark(cell, "locked")))


def _mark(cell: NotebookNode, name: str) -> Any:
    return cell.metadata.get("nbgrader", {}).get(name)
