"""
Sorting a rebuilt notebook's cells by who runs them, and finding the names that an answer defines. Pure.

Set-up cells ran in both warm servers before anything was submitted; answers and the learner's own cells run in the
learner's process; test cells in the judge alone; later locked cells in both.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from autograder.submission.marks import grade_id, is_grade, is_locked, is_solution

if TYPE_CHECKING:  # a judge knows cells, not notebooks
    from nbformat import NotebookNode

Kind = Literal["setup", "locked", "answer", "own", "test"]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One code cell and who runs it."""

    name: str  # grade_id, or the id of a learner's own cell
    kind: Kind
    source: str
    defines: tuple[str, ...] = ()  # of an answer: the names that the reference defines


def sort_cells(notebook: NotebookNode, source: NotebookNode) -> tuple[Cell, ...]:
    """
    Sort the code cells of a rebuilt notebook.

    Args:
        notebook: From the rebuild.
        source: The course's own notebook; its answers say which names a test may use.
    """
    reference = {grade_id(cell): cell.source for cell in source.cells if cell.cell_type == "code"}
    cells: list[Cell] = []
    answered = False
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        name = grade_id(cell) or str(cell.id)
        kind = _kind(cell, answered)
        answered = answered or kind == "answer"
        defines = defined_names(reference.get(name, "")) if kind == "answer" else ()
        cells.append(Cell(name=name, kind=kind, source=cell.source, defines=defines))
    return tuple(cells)


def _kind(cell: NotebookNode, answered: bool) -> Kind:
    if is_solution(cell):
        return "answer"
    if is_grade(cell):
        return "test"
    if is_locked(cell):
        return "locked" if answered else "setup"
    return "own"


def setup_cells(source: NotebookNode) -> tuple[tuple[str, str], ...]:
    """Return (name, source) of the released, locked, ungraded code cells above the first answer."""
    return tuple((cell.name, cell.source) for cell in sort_cells(source, source) if cell.kind == "setup")


@functools.lru_cache(maxsize=1024)  # a class's submissions are all read with the same references
def defined_names(source: str) -> tuple[str, ...]:
    """
    Find the public names that a cell defines at its top level: functions, classes, assignments, imports.

    Returns:
        In order, each once; empty if the source is not Python.
    """
    try:
        body = ast.parse(_without_magics(source)).body
    except SyntaxError:
        return ()
    return tuple(dict.fromkeys(name for node in body for name in _bound(node) if not name.startswith("_")))


def imported_modules(sources: Iterable[str]) -> tuple[str, ...]:
    """Name the modules that cells import, wherever in them, each once; a cell that is not Python imports none."""
    found: dict[str, None] = {}
    for source in sources:
        with suppress(SyntaxError):
            for node in ast.walk(ast.parse(_without_magics(source))):
                if isinstance(node, ast.Import):
                    found |= {alias.name: None for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found[node.module] = None
    return tuple(found)


def _without_magics(source: str) -> str:
    """Take out IPython's own lines, which alone keep an answer from being Python."""
    try:
        ast.parse(source)
    except SyntaxError:
        return "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())
    return source


def _bound(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))
