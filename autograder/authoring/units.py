"""
Reading a unit back from its built notebooks.

Decides what a grade depends on: `suite_digest` covers every trusted code cell. Never reads solutions for a learner
and never builds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.authoring.mistakes import read_misconceptions
from autograder.errors import CourseError
from autograder.model import Check, Exercise, Unit
from autograder.settings import Settings

NOTEBOOK = "assignment.ipynb"
TRUSTED = frozenset({"setup", "locked", "check"})  # prose is left out: it cannot change a verdict


def load_source(settings: Settings, name: str) -> NotebookNode:
    """
    Read the instructor's notebook of a unit.

    Raises:
        CourseError: If the unit has none, or it cannot be read.
    """
    return _read(settings.source / name / NOTEBOOK)


def load_unit(settings: Settings, name: str) -> Unit:
    """
    Read what the grader must know of a unit, from source/ and notebooks/; misconceptions come from course/ if there.

    Raises:
        CourseError: If neither notebook is there, or one of them cannot be read.
    """
    lesson_path = settings.notebooks / f"{name}.ipynb"
    lesson = _course(_read(lesson_path), lesson_path) if lesson_path.is_file() else {}
    if lesson and not (settings.source / name / NOTEBOOK).is_file():
        return Unit(name=name, title=lesson["title"], question=lesson["question"], minutes=lesson["minutes"])
    source = load_source(settings, name)
    header = _course(source, settings.source / name / NOTEBOOK)
    return Unit(
        name=name,
        title=header["title"],
        question=header["question"],
        minutes=header["minutes"] + lesson.get("minutes", 0),
        exercises=_exercises(source),
        misconceptions=read_misconceptions(settings, name),
        suite_digest=suite_digest(source),
    )


def load_exercises(settings: Settings, name: str) -> Unit:
    """
    Read a unit that has exercises; as `load_unit`.

    Raises:
        CourseError: If it has a lesson only, too.
    """
    unit = load_unit(settings, name)
    if not unit.exercises:
        raise CourseError(f"{name}: has a lesson only, so there is nothing to check, submit or grade")
    return unit


def gradable(settings: Settings) -> list[str]:
    """Name the units of course.toml that have exercises."""
    return [unit.name for unit in settings.units if load_unit(settings, unit.name).exercises]


def suite_digest(source: NotebookNode) -> str:
    """Hash name, points and code of every trusted code cell, in order: SHA-256, hex."""
    digest = hashlib.sha256()
    for cell in source.cells:
        if kind(cell) in TRUSTED:
            data = cell.metadata.nbgrader
            for part in (data["grade_id"], str(data.get("points", "")), cell.source):
                encoded = part.encode()
                digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def kind(cell: NotebookNode) -> str:
    """Say which kind of cell the build made: setup, locked, statement, answer, check, or "" for a free one."""
    return str(cell.metadata.get("course", {}).get("kind", ""))


def _read(path: Path) -> NotebookNode:
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise CourseError(f"{path}: is not there; run `course build`, or check the unit's name") from error
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise CourseError(f"{path}: cannot be read ({error}); run `course build` again") from error
    return notebook


def _course(notebook: NotebookNode, path: Path) -> Mapping[str, Any]:
    header = notebook.metadata.get("course", {})
    if not {"title", "question", "minutes"} <= set(header):
        raise CourseError(f"{path}: says no title, question or minutes; run `course build` again")
    return dict(header)


def _exercises(source: NotebookNode) -> tuple[Exercise, ...]:
    cells: dict[str, list[NotebookNode]] = {}
    for cell in source.cells:
        if kind(cell) in {"statement", "answer", "check"}:
            cells.setdefault(cell.metadata.course["exercise"], []).append(cell)
    return tuple(_exercise(name, own) for name, own in cells.items())


def _exercise(name: str, cells: list[NotebookNode]) -> Exercise:
    statement = next(cell.metadata.course for cell in cells if kind(cell) == "statement")
    return Exercise(
        name=name,
        title=statement["title"],
        minutes=statement["minutes"],
        answers=tuple(cell.metadata.nbgrader["grade_id"] for cell in cells if kind(cell) == "answer"),
        checks=tuple(
            Check(
                name=cell.metadata.nbgrader["grade_id"],
                exercise=name,
                title=cell.metadata.course["title"],
                points=float(cell.metadata.nbgrader["points"]),
                visible=bool(cell.metadata.course["visible"]),
            )
            for cell in cells
            if kind(cell) == "check"
        ),
    )
