"""
The one writer of the gradebook: every fact is one transaction over nbgrader's tables and ours, or nothing.

Opening it creates or migrates the tables and puts `autograded/` right after a process that died. It never grades, and
it believes nothing of a submission but what the records say.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbformat import NotebookNode
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from autograder import __version__
from autograder.errors import PlatformError, SubmissionError
from autograder.gradebook import class_tables, repair, runs, schema, standings, stored, tables
from autograder.gradebook.attempts import graded_row, packed, refused_row, result_rows, verdict_of
from autograder.gradebook.audit import AuditNote, audit
from autograder.gradebook.clock import utc_now
from autograder.gradebook.engine import database_file, writing_engine
from autograder.gradebook.files import AutogradedFiles, AutogradedFolder
from autograder.gradebook.nbgrader_rows import NbgraderRows
from autograder.model import Award, CheckResult, Grade, Outcome, Refusal, Submission
from autograder.settings import LEARNER_NAME, Settings
from autograder.submission.intake import UNIT_NAME, read_bytes

Stage = Callable[[int, AutogradedFiles], Path]


def check_names(learner: str, unit: str) -> None:
    """Refuse a name that cannot be part of a path, whoever let it come this far."""
    if not LEARNER_NAME.fullmatch(learner) or learner.startswith("."):
        raise SubmissionError(f"learner {learner!r}: use 1 to 64 letters, digits and . _ - @, no dot in front")
    if not UNIT_NAME.fullmatch(unit):
        raise SubmissionError(f"unit {unit!r}: a unit is named NN_name, for example 01_training")


class Writer:
    """Writes the gradebook. Use it as a context manager; several processes may have one, and they wait in turn."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._files = AutogradedFolder(settings.autograded)
        file = database_file(settings.db_url)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        self.engine = writing_engine(settings.db_url)
        self._rows = NbgraderRows(settings, self.engine)

    def __enter__(self) -> Self:
        with self._files.lock(), self._transaction() as conn:
            self._rows.create_tables(conn)
            schema.migrate(conn)
            repair.repair(conn, self._files)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self.engine.dispose()

    def save_unit(self, unit: str, source: NotebookNode, suite_digest: str) -> bool:
        """
        Let *source* be what submissions of *unit* are graded by, in nbgrader's tables too.

        Returns:
            False if it was so already.
        """
        digest = self._rows.source_digest(source)
        suites = tables.suites
        with self._transaction() as conn:
            current = select(suites).where(suites.c.unit == unit, suites.c.current)
            found = conn.execute(current).one_or_none()
            if found is not None and (found.digest, found.source_digest) == (suite_digest, digest):
                return False
            removed = self._rows.save_unit(conn, unit, source)
            conn.execute(suites.update().where(suites.c.unit == unit).values(current=False))
            key = (suites.c.unit == unit, suites.c.digest == suite_digest)
            values = {"source_digest": digest, "saved_at": self._clock(), "current": True}
            if conn.execute(suites.update().where(*key).values(values)).rowcount == 0:
                conn.execute(suites.insert().values(unit=unit, digest=suite_digest, accepted=True, **values))
            before = {"suite": found.digest if found else "", "removed_cells": removed}
            note = AuditNote(actor="grader", action="save_unit", subject=unit, reason="the source changed")
            audit(conn, note, before, {"suite": suite_digest}, at=self._clock())
            return True

    def record(self, grade: Grade, *, run: int | None = None) -> int:
        """
        Write a grade: nbgrader's rows, the attempt, its checks, the standing and the files, all or nothing.

        Returns:
            The attempt's id.

        Raises:
            PlatformError: If a check ended in a fault of the platform, which is never a grade, or the unit's tests
                are others than those of this grade, or the disk or database cannot be written.
        """
        name = f"{grade.submission.learner}/{grade.submission.unit}"
        faults = [result.check for result in grade.results if result.outcome is Outcome.PLATFORM_FAULT]
        if faults:
            raise PlatformError(f"{name}: {', '.join(faults)} met a platform fault; grade it again")
        with self._files.lock():
            with self._transaction() as conn, self._staging() as stage:
                placing = self._write_grade(conn, stage, grade, run=run, answered_from=None)
            self._place(*placing)
        return placing[0]

    def reuse(self, submission: Submission, suite_digest: str, *, run: int | None = None) -> int | None:
        """
        Answer a submission from the table: same learner, bytes and tests. New time and new rows, nothing runs.

        Returns:
            The new attempt's id; None if these bytes were never graded by these tests.
        """
        with self._files.lock():
            with self._transaction() as conn, self._staging() as stage:
                found = stored.graded_attempt(
                    conn,
                    learner=submission.learner,
                    unit=submission.unit,
                    sha256=submission.sha256,
                    suite_digest=suite_digest,
                )
                if found is None:
                    return None
                grade = stored.grade_again(conn, found, submission)
                placing = self._write_grade(conn, stage, grade, run=run, answered_from=found["id"])
            self._place(*placing)
        return placing[0]

    def refuse(self, refusal: Refusal, *, run: int | None = None) -> int:
        """Write that a submission could not be graded, and why: one row, nbgrader's scores untouched."""
        check_names(refusal.learner, refusal.unit)
        row = refused_row(refusal, grader_version=__version__, graded_at=self._clock())
        with self._files.lock(), self._transaction() as conn:
            self._rows.ensure_student(conn, refusal.learner)
            attempt = self._insert_attempt(conn, row | {"run": run, "answered_from": None})
            self._insert_files(conn, attempt, refusal.notebook, b"")
        return attempt

    def start_run(self, unit: str, *, actor: str, total: int, whole: bool = True, planned: int | None = None) -> int:
        """
        Begin a run and take the unit's lease, or take over the *planned* one.

        Raises:
            LeaseHeldError: If another process grades the unit, or the planned run waits no longer.
        """
        with self._transaction() as conn:
            if planned is None:
                return runs.start(conn, unit, actor=actor, total=total, whole=whole, now=self._clock())
            runs.take_over(conn, planned, total=total, now=self._clock())
            return planned

    def renew_run(self, run: int, *, unchanged: int = 0) -> bool:
        """Hold the lease for longer; True if somebody asked for the run to be cancelled."""
        with self._transaction() as conn:
            return runs.renew(conn, run, self._clock(), unchanged=unchanged)

    def finish_run(self, run: int, state: str, *, unchanged: int = 0, message: str = "") -> None:
        """End a run as "done", "cancelled" or "stopped" and give its lease back."""
        with self._transaction() as conn:
            runs.finish(conn, run, state, self._clock(), unchanged=unchanged, message=message)

    def award(self, award: Award) -> bool:
        """Note that a badge became due; False if that was known."""
        awards = tables.awards
        with self._transaction() as conn:
            same = (
                awards.c.learner == award.learner,
                awards.c.achievement == award.achievement,
                awards.c.version == award.version,
            )
            if conn.execute(select(awards.c.id).where(*same)).first() is not None:
                return False
            values = {"learner": award.learner, "achievement": award.achievement, "version": award.version}
            conn.execute(awards.insert().values(**values, earned_at=award.earned_at, recorded_at=self._clock()))
            return True

    def repair_files(self) -> list[str]:
        """
        Make `autograded/` agree with the database after a process that died or a hand that deleted.

        Returns:
            "learner/unit" of each folder that was written anew.
        """
        with self._files.lock(), self._transaction() as conn:
            return repair.repair(conn, self._files)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self.engine.connect() as conn, conn.begin():
                yield conn
        except OperationalError as error:
            raise PlatformError(f"{self.engine.url!r}: the gradebook cannot be written: {error.orig}") from error

    @contextmanager
    def _staging(self) -> Iterator[Stage]:
        """
        Offer `stage`; forget what it wrote if the block is left by an exception.

        After a commit that failed the files stay for the next start: nobody here can know whether it was done.
        """
        staged: list[Path] = []

        def stage(attempt: int, files: AutogradedFiles) -> Path:
            staged.append(self._files.stage(attempt, files))
            return staged[-1]

        try:
            yield stage
        except BaseException:
            for folder in staged:
                self._files.discard(folder)
            raise

    def _write_grade(
        self, conn: Connection, stage: Stage, grade: Grade, *, run: int | None, answered_from: int | None
    ) -> tuple[int, Path, AutogradedFiles]:
        submission = grade.submission
        files = self._files_of(submission, grade.autograded)
        self._check_suite(conn, grade)
        scores = self._rows.write(conn, verdict_of(grade))
        passed = standings.is_pass(scores.score, scores.max_score, self._settings.pass_share)
        row = graded_row(grade, scores, passed=passed, graded_at=grade.graded_at or self._clock())
        attempt = self._insert_attempt(conn, row | {"run": run, "answered_from": answered_from}, grade.results)
        blobs = (submission.notebook, grade.autograded) if answered_from is None else (b"", b"")
        self._insert_files(conn, attempt, *blobs, secret=files.secret)
        return attempt, stage(attempt, files), files

    def _place(self, attempt: int, staged: Path, files: AutogradedFiles) -> None:
        try:
            self._files.place(staged, files)
        except OSError as error:
            raise PlatformError(
                f"attempt {attempt} is recorded, but {self._files.path(files.learner, files.unit)} cannot be written: "
                f"{error}; free the disk, and the next start writes it from the gradebook"
            ) from error

    def _files_of(self, submission: Submission, autograded: bytes) -> AutogradedFiles:
        check_names(submission.learner, submission.unit)
        return AutogradedFiles(
            learner=submission.learner,
            unit=submission.unit,
            notebook=autograded,
            submitted_at=submission.submitted_at,
            secret=self._secret_of(submission) or secrets.token_hex(64),
        )

    def _secret_of(self, submission: Submission) -> str:
        """Read the secret that nbgrader's exchange gave the submission; empty if there is none."""
        submitted = self._settings.submitted
        path = submitted / submission.learner / submission.unit / "submission_secret.txt"
        try:
            text = read_bytes(path, max_bytes=128, beneath=submitted).decode("ascii", errors="replace").strip()
        except (SubmissionError, OSError):  # none was given, or it is no file: feedback then goes by a new one
            return ""
        return text if text.isalnum() else ""

    def _check_suite(self, conn: Connection, grade: Grade) -> None:
        suites = tables.suites.c
        current = select(suites.digest).where(suites.unit == grade.submission.unit, suites.current)
        digest = conn.execute(current).scalar_one_or_none()
        if digest != grade.suite_digest:
            name = f"{grade.submission.learner}/{grade.submission.unit}"
            raise PlatformError(
                f"{name}: graded by the tests {grade.suite_digest[:12] or 'of no name'}, "
                f"but the gradebook holds {(digest or 'none')[:12]}; release the unit and grade it again"
            )

    def _insert_attempt(self, conn: Connection, row: Mapping[str, Any], results: Sequence[CheckResult] = ()) -> int:
        insert = tables.attempts.insert().values(row).returning(tables.attempts.c.id)
        attempt = int(conn.execute(insert).scalar_one())
        if results:
            conn.execute(tables.check_results.insert(), result_rows(attempt, results))
        standings.update(conn, attempt, row)
        for done in (class_tables.queue, *([class_tables.regrades] if row["state"] != "fault" else [])):
            conn.execute(done.delete().where(done.c.learner == row["learner"], done.c.unit == row["unit"]))
        if row["run"] is not None:
            runs.count(conn, row["run"], row["state"], self._clock())
        return attempt

    def _insert_files(
        self, conn: Connection, attempt: int, notebook: bytes, autograded: bytes, *, secret: str = ""
    ) -> None:
        values = {"notebook": packed(notebook), "autograded": packed(autograded), "secret": secret}
        conn.execute(tables.attempt_files.insert().values(attempt=attempt, **values))
