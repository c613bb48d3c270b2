"""
The shape of an assignment: set-up, then exercises of statement, answers and checks, in this order.

Decides whether the cells of assignment.py form one, and groups them; each author's error names cell and remedy.
Never writes a notebook.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.authoring import rules
from autograder.authoring.percent import Document, SourceCell, suggestion
from autograder.authoring.release import clear_solution
from autograder.errors import CourseError

POINTS_IN_HEADING = re.compile(r"\s*\((\d+(?:\.\d+)?) points?\)\s*$")
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"


@dataclass(kw_only=True)
class CheckDraft:
    """A check cell and the hidden cell that may follow it."""

    cell: SourceCell
    exercise: str
    hidden: SourceCell | None = None

    @property
    def points(self) -> float:
        """Points that the check earns."""
        return float(self.cell.options["points"])

    @property
    def title(self) -> str:
        """The question that the check asks."""
        return str(self.cell.options["title"]).strip()

    @property
    def visible(self) -> bool:
        """Tell whether the released cell tests anything itself."""
        return bool(rules.parse(self.cell).body)


@dataclass(kw_only=True)
class ExerciseDraft:
    """An exercise while it is being read."""

    statement: SourceCell
    title: str
    stated_points: float
    answers: list[SourceCell] = field(default_factory=list)
    checks: list[CheckDraft] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name behind the tag."""
        return self.statement.name


@dataclass(kw_only=True)
class AssignmentDraft:
    """All cells of an assignment in order, a hidden cell joined to its check."""

    document: Document
    cells: list[SourceCell | CheckDraft] = field(default_factory=list)
    exercises: list[ExerciseDraft] = field(default_factory=list)


def read_assignment(document: Document) -> AssignmentDraft:
    """
    Group the cells of assignment.py.

    Raises:
        CourseError: If a rule is broken; the message names the cell and what to do.
    """
    rules.check_cells(document.cells)
    draft = AssignmentDraft(document=document)
    for position, cell in enumerate(document.cells):
        previous = document.cells[position - 1] if position else None
        _add(draft, cell, previous)
    if not draft.exercises:
        raise CourseError(f"{document.path}: no exercise; open one with a cell '# %% exercise:some_name [markdown]'")
    for exercise in draft.exercises:
        _check_exercise(exercise)
    _check_names(draft)
    _check_locked(draft)
    return draft


def _add(draft: AssignmentDraft, cell: SourceCell, previous: SourceCell | None) -> None:
    if cell.kind == "hidden":
        _add_hidden(draft, cell, previous)
        return
    entry: SourceCell | CheckDraft = cell
    if cell.kind in {"setup", "locked"}:
        _check_place(draft, cell)
    elif cell.kind == "exercise":
        draft.exercises.append(_open_exercise(cell))
    elif cell.kind == "answer":
        _check_solution(cell)
        _current(draft, cell).answers.append(cell)
    elif cell.kind == "check":
        exercise = _current(draft, cell)
        if not exercise.answers:
            raise CourseError(f"{cell.where}: a check before any answer of {exercise.name!r}; move it below one")
        entry = CheckDraft(cell=cell, exercise=exercise.name)
        exercise.checks.append(entry)
    elif BEGIN in cell.source:
        raise CourseError(f"{cell.where}: a solution outside of an answer; tag the cell answer:some_name")
    draft.cells.append(entry)


def _add_hidden(draft: AssignmentDraft, cell: SourceCell, previous: SourceCell | None) -> None:
    check = draft.cells[-1] if draft.cells else None
    if not isinstance(check, CheckDraft) or previous is not check.cell:
        raise CourseError(f"{cell.where}: a hidden cell without a check; put it right below its '# %% check:...' cell")
    check.hidden = cell


def _check_place(draft: AssignmentDraft, cell: SourceCell) -> None:
    answered = any(exercise.answers for exercise in draft.exercises)
    if cell.kind == "setup" and answered:
        raise CourseError(f"{cell.where}: set-up below an answer; move it above the first one, or tag it locked:...")
    if cell.kind == "locked" and not answered:
        raise CourseError(f"{cell.where}: a locked cell above the first answer is set-up; tag it setup:{cell.name}")


def _open_exercise(cell: SourceCell) -> ExerciseDraft:
    level, text = next(rules.headings(cell), (0, ""))
    if level != 2 or not cell.source.startswith("## "):
        raise CourseError(f"{cell.where}: must begin with its heading; write '## Title (4 points)' in its first line")
    points = POINTS_IN_HEADING.search(text)
    if points is None:
        raise CourseError(f"{cell.where}: the heading does not say the points; end it with '(4 points)'")
    return ExerciseDraft(statement=cell, title=text[: points.start()], stated_points=float(points[1]))


def _current(draft: AssignmentDraft, cell: SourceCell) -> ExerciseDraft:
    if not draft.exercises:
        raise CourseError(f"{cell.where}: stands before the first exercise; open one with '# %% exercise:some_name'")
    return draft.exercises[-1]


def _check_solution(cell: SourceCell) -> None:
    marks = re.findall(f"{BEGIN}|{END}", cell.source)
    if not marks or marks != [BEGIN, END] * (len(marks) // 2):
        raise CourseError(
            f"{cell.where}: the solution must stand between '### {BEGIN}' and '### {END}', each begun and ended once"
        )
    stub = SourceCell(
        cell_type="code", kind="answer", name=cell.name, source=clear_solution(cell.source), where=f"{cell.where} stub"
    )
    rules.parse(stub)


def _check_exercise(exercise: ExerciseDraft) -> None:
    where, name = exercise.statement.where, exercise.name
    if not exercise.answers:
        raise CourseError(f"{where}: has no answer; add a cell '# %% answer:{name}'")
    first = exercise.answers[0]
    if first.name != name:
        raise CourseError(f"{first.where}: the first answer has its exercise's name; tag it answer:{name}")
    if not exercise.checks:
        raise CourseError(f"{where}: has no check; add a cell '# %% check:some_name points=1 title=\"...\"'")
    total = sum(check.points for check in exercise.checks)
    if abs(total - exercise.stated_points) > 1e-9:
        raise CourseError(
            f"{where}: the heading says {exercise.stated_points:g} points, its checks sum to {total:g}; make them agree"
        )
    for check in exercise.checks:
        _check_evidence(check)


def _check_evidence(check: CheckDraft) -> None:
    """Demand that a check can fail: an assert, a raise, or a last expression that gives the points earned."""
    cells = [check.cell] + ([check.hidden] if check.hidden else [])
    trees = [rules.parse(cell) for cell in cells]
    body = [statement for tree in trees for statement in tree.body]
    speaks = any(isinstance(node, ast.Assert | ast.Raise) for tree in trees for node in ast.walk(tree))
    if not speaks and not (body and isinstance(body[-1], ast.Expr)):
        raise CourseError(f"{check.cell.where}: tests nothing; add asserts, or a hidden cell right below it")
    for cell, tree in zip(cells, trees, strict=True):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                raise CourseError(f"{cell.where}: a check never opens a file; use exercises.testing.workspace()")


def grade_id(cell: SourceCell) -> str:
    """Name a tagged cell for nbgrader; empty for a free cell."""
    if cell.kind in {"answer", "check"}:
        return cell.name
    if cell.kind == "exercise":
        return f"{cell.name}-statement"
    return f"{cell.kind}-{cell.name}" if cell.kind else ""


def source_cells(draft: AssignmentDraft) -> Iterator[SourceCell]:
    """Yield the cells in order, hidden ones left out."""
    for entry in draft.cells:
        yield entry.cell if isinstance(entry, CheckDraft) else entry


def _check_names(draft: AssignmentDraft) -> None:
    seen: dict[str, str] = {}
    for cell in source_cells(draft):
        name = grade_id(cell)
        if name and name in seen:
            raise CourseError(f"{cell.where}: {name!r} stands at {seen[name]} already; rename one of them")
        seen[name] = cell.where


def _check_locked(draft: AssignmentDraft) -> None:
    """Refuse a locked cell that uses what only a learner's answer defines: it runs where answers do not."""
    learners = {name for exercise in draft.exercises for answer in exercise.answers for name in _bound(answer)}
    for cell in source_cells(draft):
        if cell.kind == "locked":
            used = {node.id for node in ast.walk(rules.parse(cell)) if isinstance(node, ast.Name)} & learners
            if used:
                names = ", ".join(sorted(used))
                raise CourseError(f"{cell.where}: uses {names} of an answer; a locked cell must stand on its own")


def _bound(cell: SourceCell) -> set[str]:
    names: set[str] = set()
    for node in rules.parse(cell).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.With):
            stores = (name for name in ast.walk(node) if isinstance(name, ast.Name))
            names |= {name.id for name in stores if isinstance(name.ctx, ast.Store)}
    return names


def require_exercise(name: str, draft: AssignmentDraft, where: str) -> ExerciseDraft:
    """Find an exercise by name, or say which was perhaps meant."""
    for exercise in draft.exercises:
        if exercise.name == name:
            return exercise
    names = [exercise.name for exercise in draft.exercises]
    raise CourseError(f"{where}: unknown exercise {name!r}; {suggestion(name, names)}")
