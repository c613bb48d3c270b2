"""
The built hints, questions and names of exercises: one JSON file a unit under exercises/content.

Decides what a readable file is and which unit a name belongs to. It never writes, and holds no solution: what a
learner may read at any time stands here, nothing else.

    {"unit": "01_training",
     "exercises": {"retrain_plan": {"title": "Plan the retraining", "minutes": 10,
                                    "answers": ["retrain_plan"],
                                    "checks": [{"name": "static", "title": "...", "points": 1.5, "visible": true}]}},
     "hints": {"retrain_plan": ["nudge", "more", "almost there"]},
     "quiz": {"predict_july": {"question": "...", "options": [{"key": "a", "text": "...", "feedback": "...",
                                                               "right": false}]}}}
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exercises import environment
from exercises.errors import ContentError


@dataclass(frozen=True, kw_only=True)
class CheckInfo:
    """One check, as far as a learner may know it."""

    name: str
    title: str
    points: float
    visible: bool  # the cell shows asserts; the other checks run when the unit is submitted


@dataclass(frozen=True, kw_only=True)
class ExerciseInfo:
    """One exercise, its checks in ladder order and its three hints."""

    unit: str
    name: str
    title: str
    minutes: int
    answers: tuple[str, ...]  # names of the answer cells: what the learner writes
    checks: tuple[CheckInfo, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer that a question offers, with what to say about it afterwards."""

    key: str
    text: str
    feedback: str
    right: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a lesson's quiz."""

    unit: str
    name: str  # "predict_july"
    text: str
    options: tuple[Option, ...]

    @property
    def id(self) -> str:
        """The name that learners type: "01.predict_july"."""
        return f"{self.unit[:2]}.{self.name}"


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that is built for one unit."""

    unit: str
    exercises: tuple[ExerciseInfo, ...]
    questions: tuple[Question, ...]


def read_content(path: Path) -> Content:
    """
    Read one built file.

    Raises:
        ContentError: If it is missing, not JSON, or lacks a field.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        unit = str(table["unit"])
        hints = table.get("hints", {})
        exercises = tuple(_exercise(unit, name, row, hints) for name, row in table.get("exercises", {}).items())
        questions = tuple(_question(unit, name, row) for name, row in table.get("quiz", {}).items())
    except OSError as error:
        raise ContentError(f"{path}: cannot be read ({error.strerror}); run: course build") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ContentError(f"{path}: not built content ({error!r}); run: course build") from error
    return Content(unit=unit, exercises=exercises, questions=questions)


def load(folder: Path | None = None) -> tuple[Content, ...]:
    """Read every built unit in course order; empty if nothing is built."""
    place = environment.content_folder() if folder is None else folder
    return tuple(read_content(path) for path in sorted(place.glob("*.json")))


def exercise_of_check(check: str, contents: Iterable[Content], unit: str | None = None) -> ExerciseInfo | None:
    """Find the exercise that a check belongs to, first in *unit*, then anywhere."""
    found = [row for row in _exercises(contents) if any(check == known.name for known in row.checks)]
    return next((row for row in found if row.unit == unit), found[0] if found else None)


def find_exercise(name: str, contents: Iterable[Content], unit: str | None = None) -> ExerciseInfo:
    """
    Find an exercise by "prequential" or "01.prequential"; without a number the open unit comes first.

    The name of one of its answers or checks leads there too: both stand before the learner's eyes.

    Raises:
        LookupError: If there is none; the text lists the names and offers the nearest.
    """
    rows = _exercises(contents)
    number, _, bare = name.rpartition(".")
    within = [row for row in rows if row.unit.startswith(number)]
    for names in (_own_name, _answer_names, _check_names):
        found = [row for row in within if bare in names(row)]
        if found:
            return next((row for row in found if row.unit == unit), found[0])
    here = [row.name for row in rows if row.unit == unit] or [f"{row.unit[:2]}.{row.name}" for row in rows]
    raise LookupError(_unknown("exercise", name, here))


def find_question(name: str, contents: Iterable[Content], unit: str | None = None) -> Question:
    """
    Find a question by "01.predict_july" or "predict_july".

    Raises:
        LookupError: If there is none; the text lists the names and offers the nearest.
    """
    rows = [row for content in contents for row in content.questions]
    number, _, bare = name.rpartition(".")
    found = [row for row in rows if row.name == bare and row.unit.startswith(number)]
    if found:
        return next((row for row in found if row.unit == unit), found[0])
    raise LookupError(_unknown("question", name, [row.id for row in rows]))


def _own_name(row: ExerciseInfo) -> tuple[str, ...]:
    return (row.name,)


def _answer_names(row: ExerciseInfo) -> tuple[str, ...]:
    return row.answers


def _check_names(row: ExerciseInfo) -> tuple[str, ...]:
    return tuple(check.name for check in row.checks)


def _exercises(contents: Iterable[Content]) -> list[ExerciseInfo]:
    return [row for content in contents for row in content.exercises]


def _unknown(kind: str, name: str, known: list[str]) -> str:
    if not known:
        return f"There is no {kind} {name!r}: nothing is built yet. Run: course build"
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    advice = f" Did you mean {close[0]!r}?" if close else ""
    return f"There is no {kind} {name!r}.{advice} There are: {', '.join(known)}."


def _exercise(unit: str, name: str, row: Mapping[str, Any], hints: Mapping[str, Any]) -> ExerciseInfo:
    checks = tuple(
        CheckInfo(
            name=str(check["name"]),
            title=str(check.get("title", "")),
            points=float(check.get("points", 0.0)),
            visible=bool(check.get("visible", True)),
        )
        for check in row.get("checks", ())
    )
    return ExerciseInfo(
        unit=unit,
        name=name,
        title=str(row.get("title", name)),
        minutes=int(row.get("minutes", 0)),
        answers=tuple(str(answer) for answer in row.get("answers", ())),
        checks=checks,
        hints=tuple(str(text) for text in hints.get(name, ())),
    )


def _question(unit: str, name: str, row: Mapping[str, Any]) -> Question:
    options = tuple(
        Option(
            key=str(option["key"]),
            text=str(option["text"]),
            feedback=str(option["feedback"]),
            right=bool(option["right"]),
        )
        for option in row["options"]
    )
    return Question(unit=unit, name=name, text=str(row["question"]), options=options)
