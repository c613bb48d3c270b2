"""
Hints that come one rung a call, and the reference solution behind them.

Decides which rung is next and when a solution opens. Hints cost nothing. A solution is read from the course's own
source, never from what learners are given, and stays closed where an instructor decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exercises import content, environment, journal
from exercises.cards import Card, show, show_refusal
from exercises.content import ExerciseInfo
from exercises.errors import ClosedError, ContentError, NotShownError
from exercises.progress import ExerciseState, Progress

TRIES = 3  # checks that did not hold before the solution opens
NUMBERS = {1: "one", 2: "two", 3: "three"}
MARKER = re.compile(r"\s*### (BEGIN|END) SOLUTION\s*")

_shown: dict[tuple[str, str], int] = {}  # rungs of this session, should the progress file be out of order


def hint(exercise: str, *, rung: int | None = None) -> None:
    """
    Show the next hint for an exercise, or repeat one.

    Args:
        exercise: Its name, for example "prequential"; "01.prequential" names the unit too.
        rung: 1, 2 or 3 to read that hint again; None for the next one.
    """
    try:
        climb(exercise, rung=rung)
    except NotShownError as error:
        show_refusal(error)


def climb(exercise: str, *, rung: int | None = None) -> None:
    """
    Show a hint, as `hint` does.

    Raises:
        NotShownError: If there is no such exercise or no such hint.
    """
    if environment.grading():
        return
    found = _find(exercise)
    last = len(found.hints)
    if last == 0:
        show(Card(kind="calm", head="No hints", text=f"`{found.name}` has none.", label=f"Hint for {found.name}"))
        return
    key = (found.unit, found.name)
    seen = max(_shown.get(key, 0), (journal.note(Progress.hint_rungs) or {}).get(key, 0))
    if rung is not None and not 1 <= rung <= last:
        raise NotShownError(f"`{found.name}` has hints 1 to {last}.", head="No such hint", label="Hint")
    if rung is None and seen >= last:
        show(_all_seen(found))
        return
    number = seen + 1 if rung is None else rung
    _shown[key] = max(seen, number)
    journal.note(lambda progress: progress.record_hint(unit=found.unit, exercise=found.name, rung=number))
    show(_hint_card(found, number))


def solution(exercise: str) -> None:
    """
    Show the reference solution of an exercise once it is open: after a pass, or three checks that did not hold.

    Args:
        exercise: Its name, for example "prequential".
    """
    try:
        reveal(exercise)
    except NotShownError as error:
        show_refusal(error)


def reveal(exercise: str) -> None:
    """
    Show the reference solution, as `solution` does.

    Raises:
        ClosedError: If it is not open yet.
        NotShownError: If there is no such exercise, or its solution cannot be read.
    """
    if environment.grading():
        return
    found = _find(exercise)
    label = f"Solution of {found.name}"
    closed = why_closed(found, (journal.note(Progress.exercise_states) or {}).get((found.unit, found.name)))
    if closed:
        raise ClosedError(closed, head="The solution is not open yet", label=label)
    try:
        code = read_solution(_source_path(found.unit), found.name)
    except ContentError as error:
        raise NotShownError(str(error), head="No solution", label=label) from error
    lines = ("One of several ways. Compare it with yours: where do they differ, and does it matter?",)
    show(Card(kind="calm", head=f"Reference solution of {found.title}", lines=lines, code=code, label=label))


def why_closed(exercise: ExerciseInfo, state: ExerciseState | None) -> str:
    """Say why a solution may not be shown now; empty if it may."""
    if not environment.self_study():
        return "in a class the instructor decides when solutions are shown."
    if not _source_path(exercise.unit).is_file():
        return "this copy of the course was handed out without solutions; ask whoever gave it to you."
    visible = [check.name for check in exercise.checks if check.visible]
    latest: Mapping[str, str] = {} if state is None else state.latest
    if visible and all(latest.get(name) == "passed" for name in visible):
        return ""
    missing = TRIES - (0 if state is None else state.not_yet)
    if missing <= 0:
        return ""
    tries = f"{NUMBERS[missing]} more {'try' if missing == 1 else 'tries'}"
    return f"it opens when the visible checks of `{exercise.name}` have passed, or after {tries}. Hints are free."


def read_solution(path: Path, exercise: str) -> str:
    """
    Return the answer cells of an exercise from an instructor's notebook, without the solution markers.

    Raises:
        ContentError: If the notebook cannot be read or holds no such answer.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        answers = [_code(cell["source"]) for cell in cells if _is_answer(cell["metadata"], exercise)]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ContentError(f"{path}: cannot be read ({error!r}); run: course build") from error
    if not answers:
        raise ContentError(f"{path}: holds no answer of {exercise!r}; run: course build")
    return "\n\n".join(answers)


def _is_answer(metadata: Mapping[str, Any], exercise: str) -> bool:
    course = metadata.get("course", {})
    return bool(course.get("kind") == "answer" and course.get("exercise") == exercise)


def _code(source: str | list[str]) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return "\n".join(line for line in text.splitlines() if not MARKER.fullmatch(line)).strip("\n")


def _source_path(unit: str) -> Path:
    return (environment.course_root() or Path.cwd()) / "source" / unit / environment.ASSIGNMENT


def _find(exercise: str) -> ExerciseInfo:
    """Find an exercise or say what there is."""
    try:
        return content.find_exercise(exercise, content.load(), environment.unit_name())
    except (LookupError, ContentError) as error:
        raise NotShownError(str(error.args[0])) from error


def _hint_card(exercise: ExerciseInfo, number: int) -> Card:
    last = len(exercise.hints)
    if number < last:
        after = "the last one says most" if number + 1 == last else "it says more"
        foot = f"Next: hint {number + 1} of {last} ({after}) with {_call('hint', exercise)}"
    else:
        foot = f"This was the last hint. Still stuck: {_call('solution', exercise)}"
    return Card(
        kind="calm",
        head=f"Hint {number} of {last}",
        text=exercise.title,
        lines=(exercise.hints[number - 1],),
        foot=foot,
        label=f"Hint {number} for {exercise.name}",
    )


def _all_seen(exercise: ExerciseInfo) -> Card:
    last = len(exercise.hints)
    return Card(
        kind="calm",
        head=f"You have seen all {last} hints",
        text=exercise.title,
        lines=(
            f"Read one again with {_call('hint', exercise, rung=1)}, up to {last}.",
            f"The reference solution, once it is open: {_call('solution', exercise)}.",
        ),
        label=f"Hints for {exercise.name}",
    )


def _call(verb: str, exercise: ExerciseInfo, *, rung: int | None = None) -> str:
    """Say what to type: a call in a notebook, a command in a terminal."""
    if environment.shell() is None:
        return f"`course {verb} {exercise.name}" + ("`" if rung is None else f" --rung {rung}`")
    return f'`{verb}("{exercise.name}"' + (")`" if rung is None else f", rung={rung})`")
