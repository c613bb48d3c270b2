"""
Building course/NN_name/ into notebooks/, source/ and exercises/content/, byte for byte the same each time.

Decides which files a unit has and whether its parts agree. Never runs a cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring import mistakes
from autograder.authoring.assignment import AssignmentDraft, read_assignment
from autograder.authoring.content import Quiz, check_calls, read_hints, read_quiz
from autograder.authoring.files import write_atomically
from autograder.authoring.notebook import assignment_notebook, lesson_notebook, to_json
from autograder.authoring.percent import ASSIGNMENT_TAGS, LESSON_TAGS, Document, read_document, suggestion
from autograder.authoring.rules import check_cells
from autograder.authoring.units import NOTEBOOK
from autograder.errors import CourseError
from autograder.model import Check, Exercise
from autograder.settings import Settings

UNIT = re.compile(r"\d\d_[a-z0-9_]+")
HEADER = ("title", "question", "minutes")
CONTENT = Path("exercises", "content")


@dataclass(frozen=True, kw_only=True)
class UnitSource:
    """All parts of one unit, read and held against each other."""

    name: str
    header: Mapping[str, Any]  # title, question
    lesson: Document | None
    assignment: AssignmentDraft | None
    hints: Mapping[str, list[str]]
    quiz: Quiz


def build(settings: Settings, names: Iterable[str] | None = None) -> list[Path]:
    """
    Build units.

    Args:
        settings: Where the course lies.
        names: Units to build; all of course/ if None.

    Returns:
        The files that were written.

    Raises:
        CourseError: If an author must act; nothing is written then.
    """
    outputs = _outputs(settings, list(unit_names(settings)) if names is None else list(names))
    for path, text in outputs.items():
        write_atomically(path, text)
    return list(outputs)


def check_built(settings: Settings) -> list[str]:
    """Tell how the built files differ from a rebuild; empty if they agree."""
    outputs = _outputs(settings, list(unit_names(settings)))
    differences = []
    for path, text in outputs.items():
        place = path.relative_to(settings.root)
        if not path.is_file():
            differences.append(f"{place}: is missing; run `course build`")
        elif path.read_bytes() != text.encode():
            differences.append(f"{place}: differs from its rebuild; run `course build`, never edit it by hand")
    orphans = [path.relative_to(settings.root) for path in _built_files(settings) if path not in outputs]
    return differences + [f"{place}: has no source in course/; remove it" for place in orphans]


def unit_names(settings: Settings) -> Sequence[str]:
    """
    List the units of course/ in order.

    Raises:
        CourseError: If course/ and course.toml disagree about them.
    """
    if not settings.course.is_dir():
        raise CourseError(f"{settings.course}: is not there; only an author's copy of the course can be built")
    folders = [path.name for path in sorted(settings.course.iterdir()) if path.is_dir() and path.name[0] not in "._"]
    listed = [unit.name for unit in settings.units]
    for name in folders:
        if not UNIT.fullmatch(name):
            raise CourseError(f"{settings.course / name}: a unit is named NN_name, for example 01_training; rename it")
        if name not in listed:
            raise CourseError(
                f"{settings.course / name}: is not in course.toml; add it to [units], or remove the folder"
            )
    for name in listed:
        if name not in folders:
            raise CourseError(f"course.toml lists {name!r}, but {settings.course} has no such folder; write it")
    return folders


def read_unit(settings: Settings, name: str) -> UnitSource:
    """
    Read all parts of one unit and hold them against each other.

    Raises:
        CourseError: If an author must act.
    """
    folder = settings.course / name
    if not folder.is_dir():
        known = [path.name for path in settings.course.glob("[0-9][0-9]_*")]
        raise CourseError(f"{folder}: is not there; {suggestion(name, known)}")
    lesson_path, assignment_path = folder / "lesson.py", folder / "assignment.py"
    lesson = read_document(lesson_path, LESSON_TAGS) if lesson_path.is_file() else None
    document = read_document(assignment_path, ASSIGNMENT_TAGS) if assignment_path.is_file() else None
    documents = [part for part in (lesson, document) if part]
    if not documents:
        raise CourseError(f"{folder}: has neither lesson.py nor assignment.py; `course new-unit` writes both")
    if lesson:
        check_cells(lesson.cells)
    draft = read_assignment(document) if document else None
    hints = read_hints(folder / "hints.toml", [exercise.name for exercise in draft.exercises] if draft else [])
    quiz = read_quiz(folder / "quiz.toml")
    asked = check_calls(name, [cell for part in documents for cell in part.cells], quiz, hints)
    for question in quiz:
        if question not in asked:
            call = f'quiz("{name.split("_", 1)[0]}.{question}")'
            raise CourseError(f"{folder / 'quiz.toml'}: [{question}] is never asked; add {call} to the lesson")
    _check_answers(folder, draft)
    header = _header(folder, documents)
    return UnitSource(name=name, header=header, lesson=lesson, assignment=draft, hints=hints, quiz=quiz)


def exercises_of(draft: AssignmentDraft) -> tuple[Exercise, ...]:
    """Make the records of an assignment's exercises."""
    return tuple(
        Exercise(
            name=exercise.name,
            title=exercise.title,
            minutes=exercise.statement.options["minutes"],
            answers=tuple(answer.name for answer in exercise.answers),
            checks=tuple(
                Check(
                    name=check.cell.name,
                    exercise=exercise.name,
                    title=check.title,
                    points=check.points,
                    visible=check.visible,
                )
                for check in exercise.checks
            ),
        )
        for exercise in draft.exercises
    )


def _check_answers(folder: Path, draft: AssignmentDraft | None) -> None:
    if draft is None:
        return
    exercises = exercises_of(draft)
    if (folder / "alternative.py").is_file():  # calibration demands it; a build may come before it is written
        mistakes.read_alternative(folder, exercises)
    for mistake in mistakes.read_mistakes(folder):
        mistakes.check_mistake(mistake, exercises)


def _header(folder: Path, documents: list[Document]) -> dict[str, Any]:
    header: dict[str, Any] = {}
    for key in ("title", "question"):
        values = {document.header[key] for document in documents if key in document.header}
        if not values:
            raise CourseError(f"{documents[0].path}: {key} is missing in the header below jupyter: course:")
        if len(values) > 1:
            raise CourseError(f"{folder}: lesson.py and assignment.py say a different {key}; make them agree")
        header[key] = values.pop()
    return header


def _outputs(settings: Settings, names: list[str]) -> dict[Path, str]:
    outputs: dict[Path, str] = {}
    for name in names:
        unit = read_unit(settings, name)
        if unit.lesson:
            outputs[settings.notebooks / f"{name}.ipynb"] = to_json(_lesson(unit, unit.lesson))
        if unit.assignment:
            outputs[settings.source / name / NOTEBOOK] = to_json(_assignment(unit, unit.assignment))
        content = json.dumps(_content(unit), ensure_ascii=False, indent=1) + "\n"
        outputs[settings.root / CONTENT / f"{name}.json"] = content
    return outputs


def _lesson(unit: UnitSource, lesson: Document) -> Any:
    if "minutes" not in lesson.header:
        raise CourseError(f"{lesson.path}: minutes is missing in the header below jupyter: course:")
    return lesson_notebook(unit.name, {**unit.header, "minutes": lesson.header["minutes"]}, lesson.cells)


def _assignment(unit: UnitSource, draft: AssignmentDraft) -> Any:
    header = {**unit.header, "minutes": sum(exercise.minutes for exercise in exercises_of(draft))}
    given = draft.document.header
    header |= {key: given[key] for key in ("minutes", "cpu_seconds") if key in given}
    return assignment_notebook(unit.name, header, draft)


def _content(unit: UnitSource) -> dict[str, Any]:
    exercises = exercises_of(unit.assignment) if unit.assignment else ()
    return {
        "unit": unit.name,
        "title": unit.header["title"],
        "hints": unit.hints,
        "quiz": unit.quiz,
        "exercises": {
            exercise.name: {
                "title": exercise.title,
                "minutes": exercise.minutes,
                "points": exercise.points,
                "answers": list(exercise.answers),
                "checks": [
                    {"name": check.name, "title": check.title, "points": check.points, "visible": check.visible}
                    for check in exercise.checks
                ],
            }
            for exercise in exercises
        },
    }


def _built_files(settings: Settings) -> list[Path]:
    return sorted(
        [
            *settings.notebooks.glob("*.ipynb"),
            *settings.source.glob("*/*.ipynb"),
            *(settings.root / CONTENT).glob("*.json"),
        ]
    )
