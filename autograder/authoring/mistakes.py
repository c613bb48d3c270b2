"""
Reading alternative.py and mistakes/*.py: known right and wrong answers, written by the unit's author.

Decides whether they fit the unit's exercises, answers and checks. Never runs them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring import rules
from autograder.authoring.percent import ANSWER_TAGS, NAME, SourceCell, read_document, read_text, suggestion
from autograder.errors import CourseError
from autograder.model import Exercise, Misconception
from autograder.settings import Settings

BLOCK = re.compile(r"\A# /// mistake\n(?P<toml>(?:#(?: .*)?\n)+?)# ///\n", re.MULTILINE)
BLOCK_END = "# ///\n"
TEXTS = ("exercise", "misconception", "title", "next_step", "message")
KEYS = frozenset({*TEXTS, "caught_by"})


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One wrong answer that a good engineer could write."""

    path: Path
    exercise: str
    misconception: str
    title: str
    next_step: str
    caught_by: tuple[str, ...]  # exactly the checks that must not pass
    message: str  # part of what the learner must read
    answers: Mapping[str, str]  # grade_id -> source

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.stem


def read_mistake(path: Path) -> Mistake:
    """
    Read one file of mistakes/.

    Raises:
        CourseError: If its head is missing, not TOML, or has unknown, missing or mistyped keys.
    """
    text = path.read_text(encoding="utf-8")
    head = _head(path, text)
    start = text.index(BLOCK_END) + len(BLOCK_END)
    # blank lines keep the line numbers of messages right
    body = "\n" * text[:start].count("\n") + text[start:]
    return Mistake(
        path=path,
        answers=_sections(path, body, head["exercise"]),
        caught_by=tuple(head["caught_by"]),
        **{key: head[key].strip() for key in TEXTS},
    )


def read_mistakes(folder: Path) -> tuple[Mistake, ...]:
    """Read all files of a unit's mistakes/, in the order of their names; no misconception stands twice."""
    found: dict[str, Mistake] = {}
    for path in _files(folder):
        mistake = read_mistake(path)
        if mistake.misconception in found:
            other = found[mistake.misconception].path.name
            raise CourseError(f"{path}: misconception {mistake.misconception!r} stands in {other} too; rename one")
        found[mistake.misconception] = mistake
    return tuple(found.values())


def read_misconceptions(settings: Settings, name: str) -> tuple[Misconception, ...]:
    """Name the known wrong ideas of a unit, from the heads alone; none in a bundle without course/."""
    heads = [_head(path, path.read_text(encoding="utf-8")) for path in _files(settings.course / name)]
    return tuple(
        Misconception(
            name=head["misconception"],
            exercise=head["exercise"],
            title=head["title"].strip(),
            next_step=head["next_step"].strip(),
        )
        for head in heads
    )


def _files(folder: Path) -> list[Path]:
    return sorted((folder / "mistakes").glob("*.py"))


def _head(path: Path, text: str) -> Mapping[str, Any]:
    match = BLOCK.match(text)
    if match is None:
        raise CourseError(f"{path}: must begin with '# /// mistake', lines of TOML behind '# ', and '# ///'")
    toml = "".join(line[2:] if line.startswith("# ") else line[1:] for line in match["toml"].splitlines(keepends=True))
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: the head is not valid TOML: {error}") from error
    _check_keys(path, table)
    return table


def read_alternative(folder: Path, exercises: tuple[Exercise, ...]) -> Mapping[str, str]:
    """
    Read the second correct solution: grade_id -> source, one for every answer.

    Raises:
        CourseError: If the file is missing, or an answer is unknown, missing or given twice.
    """
    path = folder / "alternative.py"
    if not path.is_file():
        raise CourseError(f"{path}: is missing; write a second correct solution for every answer")
    answers = _named_sections(path, read_document(path, ANSWER_TAGS).cells)
    known = [answer for exercise in exercises for answer in exercise.answers]
    for answer in answers:
        if answer not in known:
            raise CourseError(f"{path}: unknown answer {answer!r}; {suggestion(answer, known)}")
    for answer in known:
        if answer not in answers:
            raise CourseError(f"{path}: no '# %% answer:{answer}'; every answer needs a second solution")
    return answers


def check_mistake(mistake: Mistake, exercises: tuple[Exercise, ...]) -> None:
    """
    Hold a mistake against the unit's exercises.

    Raises:
        CourseError: If it names an exercise, an answer or a check that the unit does not have.
    """
    names = [exercise.name for exercise in exercises]
    if mistake.exercise not in names:
        raise CourseError(
            f"{mistake.path}: unknown exercise {mistake.exercise!r}; {suggestion(mistake.exercise, names)}"
        )
    exercise = exercises[names.index(mistake.exercise)]
    for answer in mistake.answers:
        if answer not in exercise.answers:
            raise CourseError(f"{mistake.path}: unknown answer {answer!r}; {suggestion(answer, exercise.answers)}")
    # another exercise may build on this one, so its checks may be named too
    checks = [check.name for exercise in exercises for check in exercise.checks]
    for check in mistake.caught_by:
        if check not in checks:
            raise CourseError(f"{mistake.path}: unknown check {check!r}; {suggestion(check, checks)}")


def _check_keys(path: Path, table: Mapping[str, Any]) -> None:
    for key in table:
        if key not in KEYS:
            raise CourseError(f"{path}: unknown key {key!r} in the head; {suggestion(key, KEYS)}")
    for key in sorted(KEYS):
        if key not in table:
            raise CourseError(f"{path}: {key} is missing in the head")
    for key in TEXTS:
        if not isinstance(table[key], str) or not table[key].strip():
            raise CourseError(f"{path}: {key} must be a text; it is {table[key]!r}")
    if not NAME.fullmatch(table["misconception"]):
        raise CourseError(f"{path}: misconception {table['misconception']!r} must be of a-z, 0-9 and _")
    checks = table["caught_by"]
    if not isinstance(checks, list) or not checks or not all(isinstance(check, str) for check in checks):
        raise CourseError(f"{path}: caught_by must be a list of at least one check's name; it is {checks!r}")


def _sections(path: Path, body: str, exercise: str) -> Mapping[str, str]:
    if not re.search(r"^# ?%%", body, re.MULTILINE):
        if not body.strip():
            raise CourseError(f"{path}: holds no code below its head; write the wrong answer there")
        cell = SourceCell(cell_type="code", kind="answer", name=exercise, source=body.strip("\n"), where=str(path))
        rules.parse(cell)
        return {exercise: cell.source}
    return _named_sections(path, read_text(body, path, ANSWER_TAGS).cells)


def _named_sections(path: Path, cells: tuple[SourceCell, ...]) -> Mapping[str, str]:
    answers: dict[str, str] = {}
    for cell in cells:
        if cell.kind != "answer":
            raise CourseError(f"{cell.where}: only cells '# %% answer:some_name' may stand in {path.name}")
        if cell.name in answers:
            raise CourseError(f"{cell.where}: the answer {cell.name!r} is given twice; keep one")
        rules.parse(cell)
        answers[cell.name] = cell.source
    return answers
