"""The learner's own record: counts, two writers at once, broken files."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.errors import ProgressError
from exercises.progress import CheckOutcome, Progress

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    moments = iter(range(1000))
    return Progress(tmp_path / "state" / "p.sqlite", clock=lambda: START + timedelta(minutes=next(moments)))


def _run(progress: Progress, check: str, outcome: CheckOutcome) -> int:
    return progress.record_attempt(unit="01_x", exercise="plan", check=check, outcome=outcome, message="m")


def test_attempts_are_numbered_per_check(progress: Progress):
    """Each check counts its own runs from 1."""
    assert [_run(progress, "a", "not yet"), _run(progress, "b", "passed"), _run(progress, "a", "passed")] == [1, 1, 2]


def test_attempts_come_back_as_written(progress: Progress):
    """Every field of a run survives, the time in UTC."""
    progress.record_attempt(
        unit="01_x", exercise="plan", check="a", outcome="not yet", message="é", misconception="leak"
    )
    (attempt,) = progress.attempts("01_x")

    assert (attempt.check, attempt.message, attempt.misconception, attempt.at) == ("a", "é", "leak", START)


def test_reading_makes_no_file(tmp_path: Path):
    """A course page that looks before anything was done leaves nothing behind."""
    progress = Progress(tmp_path / "p.sqlite")

    assert (progress.attempts(), progress.exercise_states(), progress.quiz_answers()) == ((), {}, ())
    assert not (tmp_path / "p.sqlite").exists()


def test_a_file_without_tables_is_empty(tmp_path: Path):
    """A file that another notebook has just created reads as empty."""
    (tmp_path / "p.sqlite").touch()

    assert Progress(tmp_path / "p.sqlite").attempt_counts() == {}


def test_state_sums_up_an_exercise(progress: Progress):
    """Runs, unsuccessful runs, latest outcomes, hints and times of an exercise; "not started" is no try."""
    for check, outcome in (("a", "not started"), ("a", "not yet"), ("b", "not yet"), ("a", "passed")):
        _run(progress, check, outcome)
    progress.record_hint(unit="01_x", exercise="plan", rung=2)
    progress.record_hint(unit="01_x", exercise="plan", rung=1)
    state = progress.exercise_states()["01_x", "plan"]

    assert (state.attempts, state.not_yet, state.hints) == (3, 2, 2)
    assert state.latest == {"a": "passed", "b": "not yet"}
    assert (state.first_at, state.last_at) == (START, START + timedelta(minutes=3))


def test_a_hint_alone_makes_a_state(progress: Progress):
    """An exercise of which only a hint was read is known, without attempts."""
    progress.record_hint(unit="01_x", exercise="plan", rung=1)
    state = progress.exercise_states("01_x")["01_x", "plan"]

    assert (state.attempts, state.hints, state.first_at) == (0, 1, None)


def test_units_are_told_apart(progress: Progress):
    """Asking for one unit leaves the others out."""
    _run(progress, "a", "passed")

    assert progress.attempt_counts("01_x") == {("01_x", "a"): 1}
    assert progress.attempt_counts("02_y") == {}


def test_quiz_answers_keep_their_order(progress: Progress):
    """The first guess stays on record beside later ones."""
    numbers = [progress.record_quiz(unit="01_x", question="q", choice=key, right=key == "b") for key in ("a", "b", "a")]

    assert numbers == [1, 2, 3]
    assert [(row.choice, row.right) for row in progress.quiz_answers()] == [("a", False), ("b", True), ("a", False)]


@settings(max_examples=25)
@given(outcomes=st.lists(st.sampled_from(["passed", "not yet", "not started"]), max_size=12))
def test_counts_agree_with_the_attempts(tmp_path_factory: pytest.TempPathFactory, outcomes: list[CheckOutcome]):
    """Whatever was run, the counts are those of the list of runs."""
    progress = Progress(tmp_path_factory.mktemp("p") / "p.sqlite")
    for outcome in outcomes:
        _run(progress, "a", outcome)
    tried = [outcome for outcome in outcomes if outcome != "not started"]

    assert progress.attempt_counts().get(("01_x", "a"), 0) == len(tried)
    assert [row.outcome for row in progress.attempts()] == outcomes


def test_two_processes_write_at_once(tmp_path: Path):
    """Two kernels that create and fill one new file lose no row and break nothing."""
    path = tmp_path / "p.sqlite"
    code = (
        "import sys; from pathlib import Path; from exercises.progress import Progress\n"
        "progress = Progress(Path(sys.argv[1])); sys.stdin.readline()\n"
        "for _ in range(40): progress.record_attempt(unit='u', exercise='e', check=sys.argv[2], outcome='passed')\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], stdin=subprocess.PIPE, text=True)
        for name in ("a", "b")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    codes = []
    for writer in writers:
        writer.communicate(timeout=300)
        codes.append(writer.returncode)

    assert codes == [0, 0]
    assert Progress(path).attempt_counts() == {("u", "a"): 40, ("u", "b"): 40}


def test_file_is_in_wal_mode(progress: Progress):
    """Readers do not wait for a writer."""
    _run(progress, "a", "passed")
    with closing(sqlite3.connect(progress.path)) as db:
        mode = db.execute("PRAGMA journal_mode").fetchone()[0]

    assert mode == "wal"


def test_broken_file_says_what_to_do(tmp_path: Path):
    """A file that is no database is named, with the advice, on writing and on reading."""
    path = tmp_path / "p.sqlite"
    path.write_bytes(b"not a database, but long enough to be read as one" * 30)
    progress = Progress(path)

    with pytest.raises(ProgressError, match=r"p\.sqlite.*may be deleted"):
        _run(progress, "a", "passed")
    with pytest.raises(ProgressError, match="could not be read"):
        progress.attempts()


def test_folder_that_cannot_be_made_is_reported(tmp_path: Path):
    """A file where the folder should be ends in a message, not in an OSError."""
    (tmp_path / "state").write_text("")

    with pytest.raises(ProgressError, match="could not be written"):
        _run(Progress(tmp_path / "state" / "p.sqlite"), "a", "passed")


def test_file_of_a_later_version_is_left_alone(progress: Progress):
    """A newer course's file is not written by an older one."""
    _run(progress, "a", "passed")
    with closing(sqlite3.connect(progress.path)) as db:
        db.execute("PRAGMA user_version = 99")

    with pytest.raises(ProgressError, match="later version of the course, 99"):
        _run(progress, "a", "passed")
