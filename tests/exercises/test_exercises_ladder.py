"""Hints rung by rung, and when the reference solution opens."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from exercises import content, hint, solution
from exercises.errors import ContentError
from exercises.ladder import read_solution, why_closed
from exercises.progress import CheckOutcome, Progress

Shown = Callable[[], list[str]]

pytestmark = pytest.mark.usefixtures("small_course")


def _progress() -> Progress:
    return Progress(Path(os.environ["COURSE_PROGRESS"]))


def _record(check: str, outcome: CheckOutcome) -> None:
    _progress().record_attempt(unit="01_training", exercise="prequential", check=check, outcome=outcome)


def test_each_call_climbs_one_rung(shown: Shown):
    """Three calls give three hints, each announces the next, a fourth says that these were all."""
    for _ in range(4):
        hint("prequential")
    heads = [text.splitlines()[0] for text in shown()]

    assert [head[:13] for head in heads] == ["i Hint 1 of 3", "i Hint 2 of 3", "i Hint 3 of 3", "i You have se"]
    assert "Draw the queue." in shown()[0]
    assert "Next: hint 2 of 3" in shown()[0]
    assert "the last one says most" in shown()[1]
    assert 'solution("prequential")' in shown()[2]


def test_hints_are_recorded(shown: Shown):
    """The record knows the highest rung; a repeated hint does not lower it."""
    hint("prequential")
    hint("prequential")
    hint("prequential", rung=1)

    assert _progress().hint_rungs() == {("01_training", "prequential"): 2}
    assert "Draw the queue." in shown()[2]


def test_ladder_goes_on_in_another_session(shown: Shown, monkeypatch: pytest.MonkeyPatch):
    """A new kernel goes on where the last one stopped."""
    hint("prequential")
    monkeypatch.setattr("exercises.ladder._shown", {})
    hint("prequential")

    assert shown()[1].startswith("i Hint 2 of 3")


def test_ladder_climbs_without_a_progress_file(shown: Shown, small_course: Path):
    """With a damaged file the rungs still rise within the session."""
    (small_course / "progress.sqlite").write_bytes(b"damaged" * 500)
    hint("prequential")
    hint("prequential")

    assert [text[:13] for text in shown() if "Hint" in text] == ["i Hint 1 of 3", "i Hint 2 of 3"]


@pytest.mark.parametrize(
    ("name", "rung", "text"),
    [
        ("prequentail", None, "Did you mean 'prequential'"),
        ("prequential", 9, "has hints 1 to 3"),
        ("prequential", 0, "has hints 1 to 3"),
        ("retrain_plan", None, "No hints"),
    ],
)
def test_odd_requests_are_answered_in_words(shown: Shown, name: str, rung: int | None, text: str):
    """Unknown names and rungs get advice, never a traceback."""
    hint(name, rung=rung)

    assert text in shown()[0]


def test_solution_opens_after_three_tries(shown: Shown):
    """The third check that does not hold opens the reference; until then the card counts down."""
    solution("prequential")
    for _ in range(2):
        _record("plain_case", "not yet")
    solution("prequential")
    _record("plain_case", "not yet")
    solution("prequential")

    assert "after three more tries" in shown()[0]
    assert "after one more try." in shown()[1]
    assert "def prequential(rows):\n    return len(rows)" in shown()[2]
    assert "SOLUTION" not in shown()[2]


def test_solution_opens_after_a_pass(shown: Shown):
    """All visible checks passed opens it at once; one of two does not."""
    _record("plain_case", "passed")
    solution("prequential")
    _record("labels_late", "passed")
    solution("prequential")

    assert "not open yet" in shown()[0]
    assert "Reference solution" in shown()[1]


def test_not_started_is_no_try():
    """Running the check of an unwritten answer does not open the solution."""
    for _ in range(5):
        _record("plain_case", "not started")
    state = _progress().exercise_states()["01_training", "prequential"]

    assert "three more tries" in why_closed(content.find_exercise("prequential", content.load()), state)


def test_in_a_class_the_instructor_decides(shown: Shown, small_course: Path):
    """Class mode keeps solutions closed whatever was tried."""
    (small_course / "course.toml").write_text('mode = "class"')
    solution("prequential")

    assert "the instructor decides" in shown()[0]


def test_bundle_without_solutions_says_so(shown: Shown, small_course: Path):
    """Where the source is missing, the card says that it was not handed out."""
    (small_course / "source/01_training/assignment.ipynb").unlink()
    solution("prequential")

    assert "handed out without solutions" in shown()[0]


def test_unreadable_source_says_build(small_course: Path):
    """A source that is no notebook, or lacks the answer, names the file and the command."""
    path = small_course / "source/01_training/assignment.ipynb"
    with pytest.raises(ContentError, match=r"holds no answer of 'other'.*course build"):
        read_solution(path, "other")
    path.write_text("[]")
    with pytest.raises(ContentError, match=r"cannot be read.*course build"):
        read_solution(path, "prequential")


def test_grader_sees_no_hints(shown: Shown, monkeypatch: pytest.MonkeyPatch):
    """Under a grader neither call shows or records anything."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    hint("prequential")
    solution("prequential")

    assert shown() == []
    assert _progress().hint_rungs() == {}
