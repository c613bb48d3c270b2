"""
The learner's own record: attempts, hints and quiz answers, in one local SQLite file.

Decides nothing about points: the gradebook alone does. Nothing leaves the machine. Every call opens the file, does one
short transaction and closes it, so that two notebooks may write at once and a killed kernel leaves nothing half done.
Reading never creates the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from exercises.errors import ProgressError

CheckOutcome = Literal["passed", "not yet", "not started"]

BUSY_SECONDS = 30.0  # how long a writer waits for another notebook's transaction, on a busy disk too
VERSION = 1
TABLES = (
    """CREATE TABLE IF NOT EXISTS attempts (
        id INTEGER PRIMARY KEY, unit TEXT NOT NULL, exercise TEXT NOT NULL, check_name TEXT NOT NULL,
        outcome TEXT NOT NULL, message TEXT NOT NULL, misconception TEXT, at TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS hints (
        id INTEGER PRIMARY KEY, unit TEXT NOT NULL, exercise TEXT NOT NULL, rung INTEGER NOT NULL, at TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS quiz (
        id INTEGER PRIMARY KEY, unit TEXT NOT NULL, question TEXT NOT NULL, choice TEXT NOT NULL,
        is_right INTEGER NOT NULL, at TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS attempts_by_check ON attempts (unit, check_name)",
)


@dataclass(frozen=True, kw_only=True)
class CheckAttempt:
    """One run of a visible check."""

    unit: str
    exercise: str
    check: str
    outcome: CheckOutcome
    message: str
    misconception: str | None
    at: datetime  # aware, UTC


@dataclass(frozen=True, kw_only=True)
class QuizAnswer:
    """One answer to a question."""

    unit: str
    question: str
    choice: str
    right: bool
    at: datetime  # aware, UTC


@dataclass(frozen=True, kw_only=True)
class ExerciseState:
    """What is known of one exercise from its visible checks alone."""

    unit: str
    exercise: str
    attempts: int  # runs of its checks, "not started" left out
    not_yet: int  # of these, how many did not hold
    latest: dict[str, CheckOutcome]  # check -> outcome of its last run
    hints: int  # highest rung shown, 0 if none
    first_at: datetime | None  # aware, UTC
    last_at: datetime | None


def now_utc() -> datetime:
    """Return the time of day that records carry."""
    return datetime.now(UTC)


class Progress:
    """The learner's record in one file; every error is a ProgressError that says what to do."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = now_utc) -> None:
        self.path = path
        self._clock = clock

    def record_attempt(
        self,
        *,
        unit: str,
        exercise: str,
        check: str,
        outcome: CheckOutcome,
        message: str = "",
        misconception: str | None = None,
    ) -> int:
        """Write one run of a check and return its number, counted from 1 for each check."""
        row = (unit, exercise, check, outcome, message, misconception, self._now())
        with self._writing() as db:
            db.execute(
                "INSERT INTO attempts (unit, exercise, check_name, outcome, message, misconception, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            counted = db.execute("SELECT count(*) FROM attempts WHERE unit = ? AND check_name = ?", (unit, check))
            return int(counted.fetchone()[0])

    def record_hint(self, *, unit: str, exercise: str, rung: int) -> None:
        """Write that a hint was shown; *rung* counts from 1."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO hints (unit, exercise, rung, at) VALUES (?, ?, ?, ?)", (unit, exercise, rung, self._now())
            )

    def record_quiz(self, *, unit: str, question: str, choice: str, right: bool) -> int:
        """Write one answer and return its number, counted from 1 for each question."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO quiz (unit, question, choice, is_right, at) VALUES (?, ?, ?, ?, ?)",
                (unit, question, choice, int(right), self._now()),
            )
            counted = db.execute("SELECT count(*) FROM quiz WHERE unit = ? AND question = ?", (unit, question))
            return int(counted.fetchone()[0])

    def attempts(self, unit: str | None = None) -> tuple[CheckAttempt, ...]:
        """Return every run of a check in the order of writing, of one unit or of all."""
        rows = self._read(
            "SELECT unit, exercise, check_name, outcome, message, misconception, at FROM attempts"
            " WHERE ?1 IS NULL OR unit = ?1 ORDER BY id",
            (unit,),
        )
        return tuple(
            CheckAttempt(
                unit=row[0],
                exercise=row[1],
                check=row[2],
                outcome=row[3],
                message=row[4],
                misconception=row[5],
                at=datetime.fromisoformat(row[6]),
            )
            for row in rows
        )

    def attempt_counts(self, unit: str | None = None) -> dict[tuple[str, str], int]:
        """Count the runs of each check that was attempted: (unit, check) -> runs, "not started" left out."""
        rows = self._read(
            "SELECT unit, check_name, count(*) FROM attempts"
            " WHERE (?1 IS NULL OR unit = ?1) AND outcome <> 'not started' GROUP BY unit, check_name",
            (unit,),
        )
        return {(row[0], row[1]): int(row[2]) for row in rows}

    def exercise_states(self, unit: str | None = None) -> dict[tuple[str, str], ExerciseState]:
        """Sum up each exercise that was touched: (unit, exercise) -> its state."""
        grouped: dict[tuple[str, str], list[CheckAttempt]] = {}
        for attempt in self.attempts(unit):
            grouped.setdefault((attempt.unit, attempt.exercise), []).append(attempt)
        rungs = self.hint_rungs(unit)
        return {key: _state(*key, grouped.get(key, ()), rungs.get(key, 0)) for key in sorted(grouped.keys() | rungs)}

    def hint_rungs(self, unit: str | None = None) -> dict[tuple[str, str], int]:
        """Return the highest hint shown: (unit, exercise) -> rung from 1."""
        rows = self._read(
            "SELECT unit, exercise, max(rung) FROM hints WHERE ?1 IS NULL OR unit = ?1 GROUP BY unit, exercise", (unit,)
        )
        return {(row[0], row[1]): int(row[2]) for row in rows}

    def quiz_answers(self, unit: str | None = None) -> tuple[QuizAnswer, ...]:
        """Return every answer in the order of writing."""
        rows = self._read(
            "SELECT unit, question, choice, is_right, at FROM quiz WHERE ?1 IS NULL OR unit = ?1 ORDER BY id", (unit,)
        )
        return tuple(
            QuizAnswer(
                unit=row[0], question=row[1], choice=row[2], right=bool(row[3]), at=datetime.fromisoformat(row[4])
            )
            for row in rows
        )

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as db:
                _prepare(db)
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise ProgressError(self._advice("written", error)) from error

    def _read(self, query: str, values: Sequence[Any]) -> list[Any]:
        if not self.path.exists():
            return []
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as db:
                known = db.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('attempts', 'hints', 'quiz')")
                # another notebook may have made the file and not yet its tables
                return db.execute(query, values).fetchall() if known.fetchone()[0] == 3 else []
        except (OSError, sqlite3.Error) as error:
            raise ProgressError(self._advice("read", error)) from error

    def _advice(self, verb: str, error: Exception) -> str:
        return (
            f"{self.path}: your progress could not be {verb} ({error}). Your work is safe: points come from what you"
            " submit. Check that the folder may be written and the disk is not full; a damaged file may be deleted."
        )


def _prepare(db: sqlite3.Connection) -> None:
    """Make the tables once; a file of a later version is left alone."""
    if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):  # locked: another notebook is just doing the same
                raise
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version == VERSION:
        return
    if version > VERSION:
        raise sqlite3.DatabaseError(f"it was written by a later version of the course, {version}; update the course")
    db.execute("BEGIN IMMEDIATE")
    for table in TABLES:
        db.execute(table)
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def _state(unit: str, exercise: str, attempts: Sequence[CheckAttempt], rung: int) -> ExerciseState:
    counted = [attempt for attempt in attempts if attempt.outcome != "not started"]
    return ExerciseState(
        unit=unit,
        exercise=exercise,
        attempts=len(counted),
        not_yet=sum(attempt.outcome == "not yet" for attempt in counted),
        latest={attempt.check: attempt.outcome for attempt in attempts},
        hints=rung,
        first_at=attempts[0].at if attempts else None,
        last_at=attempts[-1].at if attempts else None,
    )
