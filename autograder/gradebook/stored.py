"""Read attempts back from our tables, on a connection of the caller's. Shared by the writer and the queries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from autograder.gradebook.attempts import result_of, unpacked
from autograder.gradebook.files import AutogradedFiles
from autograder.gradebook.tables import attempt_files, attempts, check_results
from autograder.model import Answer, CheckResult, Grade, Submission


def graded_attempt(conn: Connection, *, learner: str, unit: str, sha256: str, suite_digest: str) -> RowMapping | None:
    """Find the attempt that really graded these bytes by these tests."""
    row = attempts.c
    query = (
        select(attempts)
        .where(row.learner == learner, row.unit == unit, row.sha256 == sha256, row.suite_digest == suite_digest)
        .where(row.state == "graded", row.answered_from.is_(None))
        .order_by(row.id.desc())
        .limit(1)
    )
    return conn.execute(query).mappings().one_or_none()


def results(conn: Connection, attempt: int) -> tuple[CheckResult, ...]:
    """Read the check results of an attempt, in notebook order."""
    query = select(check_results).where(check_results.c.attempt == attempt).order_by(check_results.c.position)
    return tuple(result_of(row._mapping) for row in conn.execute(query))


def notebook(conn: Connection, attempt: int) -> bytes | None:
    """Read what was handed in; None if there is no such attempt."""
    return _file(conn, attempt, attempt_files.c.notebook)


def autograded(conn: Connection, attempt: int) -> bytes | None:
    """Read the notebook that ran, with outputs; empty for an attempt that was not graded."""
    return _file(conn, attempt, attempt_files.c.autograded)


def grade_again(conn: Connection, row: RowMapping, submission: Submission) -> Grade:
    """Make the grade of an attempt anew, about a later submission of the same bytes."""
    return Grade(
        submission=submission,
        results=results(conn, row["id"]),
        answers=tuple(Answer(name=name, source="", attempted=tried) for name, tried in row["answers"].items()),
        repairs=tuple(row["repairs"]),
        autograded=autograded(conn, row["id"]) or b"",
        suite_digest=row["suite_digest"],
        grader_version=row["grader_version"],
        mode=row["mode"],
        wall_seconds=row["wall_seconds"],
        cpu_seconds=row["cpu_seconds"],
        peak_bytes=row["peak_bytes"],
    )


def autograded_files(conn: Connection, attempt: int) -> AutogradedFiles:
    """Read what `autograded/` must hold for an attempt."""
    row = attempts.c
    found = conn.execute(select(row.learner, row.unit, row.submitted_at).where(row.id == attempt)).one()
    secret = conn.execute(select(attempt_files.c.secret).where(attempt_files.c.attempt == attempt)).scalar_one()
    return AutogradedFiles(
        learner=found.learner,
        unit=found.unit,
        notebook=autograded(conn, attempt) or b"",
        submitted_at=found.submitted_at,
        secret=secret,
    )


def _file(conn: Connection, attempt: int, column: Any) -> bytes | None:
    keeper = select(attempts.c.answered_from).where(attempts.c.id == attempt)
    kept_by = conn.execute(keeper).scalar_one_or_none() or attempt
    data = conn.execute(select(column).where(attempt_files.c.attempt == kept_by)).scalar_one_or_none()
    return None if data is None else unpacked(data)
